"""A gain medium: what its dots are, and the drive that a gain takes.

Electrical: g = sigma_e j/e with sigma_e = sigma_g/(f_a N_ML), so that every injected pair recombines in one dot of the
column; N_ML = 1 is the formula of the papers. Light: g = I sigma_abs/(h nu), or <N> = w sigma_abs/(h nu) after a pulse
that is short against all decay. I and w are those *at the dots*: what the stack absorbs or reflects before is not in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import isfinite, pi, sqrt
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from qdphotonics.errors import MediumError
from qdphotonics.gain.checks import not_negative, positive, refuse
from qdphotonics.gain.occupancy import Occupancy, pulse_excitons_per_dot, pulse_occupancy, steady_occupancy, steady_rate_per_ns
from qdphotonics.units import ELEMENTARY_CHARGE_C, NM2_PER_CM2, NM_PER_CM, NS_PER_S, energy_J, wavelength_nm

PS_PER_NS = 1e3


@dataclass(frozen=True)
class Threshold:
    """The drives at which a medium reaches one gain.

    Parameters
    ----------
    gain_fraction : float
        G/G0.
    gain_per_cm : float
        G [cm^-1].
    excitons_per_dot : float
        Mean <N> under the steady drives (current and cw light); 1 at transparency.
    current_density_A_per_cm2 : float
        Steady current density for ``monolayers`` layers of dots.
    intensity_W_per_cm2 : float
        Steady pump intensity at the dots.
    fluence_J_per_cm2 : float
        Fluence at the dots of one short pump pulse.
    pulse_excitons_per_dot : float
        Mean <N> just after that pulse; 1.1462 at transparency.
    monolayers : float
        N_ML of the current density.

    All drives are 0 for G/G0 <= -1 and infinite for G/G0 >= 1.
    """

    gain_fraction: float
    gain_per_cm: float
    excitons_per_dot: float
    current_density_A_per_cm2: float
    intensity_W_per_cm2: float
    fluence_J_per_cm2: float
    pulse_excitons_per_dot: float
    monolayers: float


@dataclass(frozen=True)
class Thresholds:
    """Thresholds of a medium: G = 0 and G = G0/2, which the papers take for the lasing threshold."""

    medium: Medium
    transparency: Threshold
    half_gain: Threshold


@dataclass(frozen=True)
class Medium:
    """Quantum dots as a gain medium.

    Parameters
    ----------
    name : str
    source : str
        Who described it.
    material_gain_per_cm : float
        Saturated gain G0 of a thick close-packed film [cm^-1]; the dark film absorbs as much.
    gain_energy_eV : float
        Photon energy of the gain peak.
    exciton_lifetime_ns, biexciton_lifetime_ns : float
        tau_X, tau_XX, radiative and Auger decay together.
    geometric_cross_section_cm2 : float
        sigma_g = pi R^2, R the radius with the shell.
    areal_fill : float
        f_a, fraction of a monolayer's area that is semiconductor.
    monolayer_thickness_nm : float
        What one monolayer adds to a film's thickness.
    pump_energy_eV : float
        Photon energy of the pump light ...
    absorption_cross_section_cm2 : float
        ... and a dot's absorption cross-section for it.
    auger_ps_per_nm3 : float or None
        chi, where the biexciton lifetime is that of volume scaling, tau_XX = chi V; such a medium can be resized.
    assumed : mapping of str to (float, float)
        Field -> plausible range, for each value that no source gives.
    sources : mapping of str to str
        Field -> where its value comes from.
    note : str
    file : Path or None

    Raises
    ------
    MediumError
        A number that is not positive and finite.
    """

    name: str
    source: str
    material_gain_per_cm: float
    gain_energy_eV: float
    exciton_lifetime_ns: float
    biexciton_lifetime_ns: float
    geometric_cross_section_cm2: float
    areal_fill: float
    monolayer_thickness_nm: float
    pump_energy_eV: float
    absorption_cross_section_cm2: float
    auger_ps_per_nm3: float | None = None
    assumed: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    note: str = ""
    file: Path | None = None

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, (int, float)) and not (isfinite(value) and value > 0):
                raise MediumError(f'medium "{self.name}": {item.name} must be > 0 and finite, got {value}', file=self.file)

    @property
    def gain_wavelength_nm(self) -> float:
        """Vacuum wavelength of the gain peak."""
        return wavelength_nm(self.gain_energy_eV)

    @property
    def radius_nm(self) -> float:
        """Radius with the shell, from sigma_g = pi R^2."""
        return sqrt(self.geometric_cross_section_cm2 / pi) * NM_PER_CM

    @property
    def biexciton_yield(self) -> float:
        """Emission quantum yield of the biexciton, tau_XX/tau_r,XX with tau_r,XX = tau_X/4 (excitons decay by light alone)."""
        return 4 * self.biexciton_lifetime_ns / self.exciton_lifetime_ns

    def monolayers(self, film_thickness_nm: float) -> float:
        """N_ML of a film [nm]: thickness over that of one monolayer, a whole number only by chance, at least 1."""
        return max(1.0, positive("film_thickness_nm", film_thickness_nm) / self.monolayer_thickness_nm)

    def resized(self, radius_nm: float) -> Medium:
        """The same dots with another radius.

        tau_XX = chi V; absorption cross-section ~ V and G0 ~ 1/V at equal packing (Chem. Rev. 2023, 123, 8251, sections 4.2
        and 6.3.1); sigma_g = pi R^2; a monolayer's thickness ~ R. The photon energies stay: how confinement shifts them is
        not in this model.

        Raises
        ------
        MediumError
            The medium's biexciton lifetime does not follow the volume (a shell or a graded interface decides).
        ArgumentError
            A radius that is not positive.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> round(load_medium("CdSe").resized(3.0).biexciton_lifetime_ns, 4)
        0.1131
        """
        if self.auger_ps_per_nm3 is None:
            raise MediumError(f'medium "{self.name}" has no auger_ps_per_nm3: its biexciton lifetime is not known for another radius')
        ratio = positive("radius_nm", radius_nm) / self.radius_nm
        return replace(
            self,
            material_gain_per_cm=self.material_gain_per_cm / ratio**3,
            biexciton_lifetime_ns=volume_scaled_lifetime_ns(radius_nm, self.auger_ps_per_nm3),
            geometric_cross_section_cm2=geometric_cross_section_cm2(radius_nm),
            monolayer_thickness_nm=self.monolayer_thickness_nm * ratio,
            absorption_cross_section_cm2=self.absorption_cross_section_cm2 * ratio**3,
        )

    # Unit drives: what brings each dot one excitation per ns, or one excitation.

    def _current_density_of_rate(self, monolayers: float) -> float:
        if positive("monolayers", monolayers) < 1:
            refuse("monolayers", "be >= 1", monolayers)
        return NS_PER_S * ELEMENTARY_CHARGE_C * self.areal_fill * monolayers / self.geometric_cross_section_cm2

    @property
    def _fluence_of_exciton(self) -> float:
        return energy_J(self.pump_energy_eV) / self.absorption_cross_section_cm2

    # Occupation and gain of a drive.

    def occupancy(self, current_density_A_per_cm2: ArrayLike, monolayers: float = 1.0) -> Occupancy:
        """Occupation of the dots under a steady current density [...], A/cm^2."""
        current = not_negative("current_density_A_per_cm2", current_density_A_per_cm2)
        return self._steady(current / self._current_density_of_rate(monolayers))

    def occupancy_at_intensity(self, intensity_W_per_cm2: ArrayLike) -> Occupancy:
        """Occupation of the dots under a steady pump intensity [...] at the dots, W/cm^2."""
        intensity = not_negative("intensity_W_per_cm2", intensity_W_per_cm2)
        return self._steady(intensity / (NS_PER_S * self._fluence_of_exciton))

    def occupancy_at_fluence(self, fluence_J_per_cm2: ArrayLike) -> Occupancy:
        """Occupation of the dots just after one short pulse of a fluence [...] at the dots, J/cm^2."""
        return pulse_occupancy(not_negative("fluence_J_per_cm2", fluence_J_per_cm2) / self._fluence_of_exciton)

    def gain_per_cm(self, current_density_A_per_cm2: ArrayLike, monolayers: float = 1.0) -> Any:
        """Material gain G [...] under a steady current density.

        Parameters
        ----------
        current_density_A_per_cm2 : array_like [...]
            j >= 0.
        monolayers : float, optional
            N_ML >= 1, see :meth:`monolayers`.

        Returns
        -------
        array of float [...], cm^-1
            From -G0 (absorption) to G0.

        Raises
        ------
        ArgumentError
            A negative current density, fewer than one monolayer.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> load_medium("cg-QD").gain_per_cm([0.0, float("inf")]).tolist()
        [-200.0, 200.0]
        """
        return self.material_gain_per_cm * self.occupancy(current_density_A_per_cm2, monolayers).gain_fraction

    def gain_per_cm_at_intensity(self, intensity_W_per_cm2: ArrayLike) -> Any:
        """Material gain [...], cm^-1, under a steady pump intensity [...] at the dots, W/cm^2."""
        return self.material_gain_per_cm * self.occupancy_at_intensity(intensity_W_per_cm2).gain_fraction

    def gain_per_cm_at_fluence(self, fluence_J_per_cm2: ArrayLike) -> Any:
        """Material gain [...], cm^-1, just after one short pulse of a fluence [...] at the dots, J/cm^2."""
        return self.material_gain_per_cm * self.occupancy_at_fluence(fluence_J_per_cm2).gain_fraction

    # The drive of a gain: inverses of the above.

    def current_density_A_per_cm2(self, gain_fraction: ArrayLike, monolayers: float = 1.0) -> Any:
        """Smallest steady current density [...], A/cm^2, at which G/G0 reaches ``gain_fraction`` [...]; infinite for >= 1."""
        return self._rate_per_ns(gain_fraction) * self._current_density_of_rate(monolayers)

    def intensity_W_per_cm2(self, gain_fraction: ArrayLike) -> Any:
        """Smallest steady pump intensity [...] at the dots, W/cm^2, at which G/G0 reaches ``gain_fraction`` [...]."""
        return self._rate_per_ns(gain_fraction) * (NS_PER_S * self._fluence_of_exciton)

    def fluence_J_per_cm2(self, gain_fraction: ArrayLike) -> Any:
        """Smallest fluence [...] at the dots of one short pulse, J/cm^2, at which G/G0 reaches ``gain_fraction`` [...]."""
        return pulse_excitons_per_dot(gain_fraction) * self._fluence_of_exciton

    def threshold(self, gain_fraction: float, monolayers: float = 1.0) -> Threshold:
        """All drives at which G/G0 reaches ``gain_fraction``.

        Parameters
        ----------
        gain_fraction : float
            G/G0; a gain over ``material_gain_per_cm``.
        monolayers : float, optional
            N_ML >= 1 of the current density.

        Returns
        -------
        Threshold

        Raises
        ------
        ArgumentError
            nan, fewer than one monolayer.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> round(load_medium("cg-QD").threshold(0.0).current_density_A_per_cm2, 2)
        6.76
        """
        pulse = pulse_excitons_per_dot(gain_fraction)
        return Threshold(
            gain_fraction=float(gain_fraction),
            gain_per_cm=float(gain_fraction * self.material_gain_per_cm),
            excitons_per_dot=float(self._steady(self._rate_per_ns(gain_fraction)).excitons_per_dot),
            current_density_A_per_cm2=float(self.current_density_A_per_cm2(gain_fraction, monolayers)),
            intensity_W_per_cm2=float(self.intensity_W_per_cm2(gain_fraction)),
            fluence_J_per_cm2=float(pulse * self._fluence_of_exciton),
            pulse_excitons_per_dot=float(pulse),
            monolayers=float(monolayers),
        )

    def thresholds(self, monolayers: float = 1.0) -> Thresholds:
        """Drives of transparency (G = 0) and of half gain (G = G0/2)."""
        return Thresholds(self, self.threshold(0.0, monolayers), self.threshold(0.5, monolayers))

    def _steady(self, rate_per_ns: Any) -> Occupancy:
        return steady_occupancy(rate_per_ns, self.exciton_lifetime_ns, self.biexciton_lifetime_ns)

    def _rate_per_ns(self, gain_fraction: ArrayLike) -> Any:
        return steady_rate_per_ns(gain_fraction, self.exciton_lifetime_ns, self.biexciton_lifetime_ns)


def geometric_cross_section_cm2(radius_nm: float) -> float:
    """sigma_g = pi R^2 [cm^2] of a radius [nm]."""
    return pi * radius_nm**2 / NM2_PER_CM2


def volume_scaled_lifetime_ns(radius_nm: float, auger_ps_per_nm3: float) -> float:
    """Biexciton lifetime [ns] of volume scaling, tau = chi 4/3 pi R^3, of a radius [nm] and chi [ps/nm^3]."""
    return auger_ps_per_nm3 * 4 / 3 * pi * radius_nm**3 / PS_PER_NS
