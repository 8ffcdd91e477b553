"""The dots of a gain medium: what a medium file says of them, and what follows without a drive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import isfinite, pi, sqrt
from pathlib import Path
from typing import Any, Literal, Self

from numpy.typing import ArrayLike

from qdphotonics._checks import not_negative, positive, refuse
from qdphotonics.errors import MediumError
from qdphotonics.gain.bands import band_shares, transparency_excitons
from qdphotonics.gain.chain import MOST_PAIRS, Chain
from qdphotonics.gain.charging import CoulombLadder, poisson_charges
from qdphotonics.gain.recombination import SPHERE_LEVELS, Recombination
from qdphotonics.gain.transitions import GAP_SHIFT_MEV_PER_K, REFERENCE_TEMPERATURE_K, AugerAssisted, Transition
from qdphotonics.gain.validity import Validity
from qdphotonics.units import MEV_PER_EV, NM2_PER_CM2, NM_PER_CM, PS_PER_NS, wavelength_nm

RADII_NM = (0.5, 30.0)  # a few atoms; far beyond any exciton: no confinement
HALF = 0.5  # of a line's peak
_SIGNED = ("exciton_exciton_meV", "gap_shift_meV_per_K")
_FROM_ZERO = ("permanent_charge",)


@dataclass(frozen=True)
class Dots:
    """Quantum dots as they lie in a film.

    Parameters
    ----------
    name : str
    source : str
        Who described it.
    lines : tuple of Transition
        Its transitions as measured, that of the band edge first; of several lines of one level only the ratio of the shares
        counts, see :attr:`transitions`.
    exciton_lifetime_ns, biexciton_lifetime_ns : float
        tau_X, tau_XX, radiative and Auger decay together.
    geometric_cross_section_cm2 : float
        sigma_g = pi R^2, R the radius with the shell.
    areal_fill : float
        f_a, fraction of a monolayer's area that is semiconductor, at most 1.
    monolayer_thickness_nm : float
        What one monolayer adds to a film's thickness.
    pump_energy_eV : float
        Photon energy of the pump light ...
    absorption_cross_section_cm2 : float
        ... and a dot's absorption cross-section for it.
    pump_statistics : {"poisson", "band-edge"}
        Of the excitons that a short pulse makes: random absorption far above the gap, or saturating absorption at the band edge.
    electron_levels, hole_levels : tuple of int
        Degeneracies of 1S, 1P, 1D …
    exciton_exciton_meV : float
        Delta_XX = E_XX - 2 E_X; > 0: excitons repel each other.
    gap_shift_meV_per_K : float
        By how much all photon energies move with temperature.
    temperature_K : float
        Of the dots, see :meth:`at_temperature`.
    permanent_charge : float
        Mean number of electrons that a dot holds without a drive ...
    charge_distribution : {"poisson", "fixed"}
        ... by chance, q(0) = exp(-<n_e>), or as nearly alike as whole numbers allow.
    injection : {"pairs", "separate"}
        Whether a current brings neutral pairs, or electrons and holes one by one against the charging energy.
    charging_energy_meV : float or None
        E_c of the dots, of which the second carrier of a kind takes 4 E_c more than one of the other; None: no such barrier.
    most_pairs : int
        Excitons that a dot takes at most; 2 is the three-state model. Transitions of higher levels take what these hold.
    auger_ps_per_nm3 : float or None
        chi, where the biexciton lifetime is that of volume scaling, tau_XX = chi V; such a sphere can be resized.
    volume_nm3 : float or None
        V, where it is not that of a sphere of ``geometric_cross_section_cm2``.
    compound : str or None
        Bulk compound of the dots, for the gap of another radius.
    measured_lifetimes_ns : mapping of (int, int) to float
        (N_e, N_h) -> lifetime of that state where measured, which overrides the scaling.
    sub_gap_gain : AugerAssisted or None
        Gain below the gap where 1P electrons take part of the energy.
    valid : Validity or None
        Where the description holds.
    assumed : mapping of str to (float, float)
        Quantity -> plausible range, for each value that no source gives; :meth:`quantity` tells the value.
    sources : mapping of str to str
        Quantity -> where its value comes from.
    note : str
    file : Path or None

    Raises
    ------
    MediumError
        A number that is not positive and finite, an areal fill above 1, no line.
    """

    name: str
    source: str
    lines: tuple[Transition, ...]
    exciton_lifetime_ns: float
    biexciton_lifetime_ns: float
    geometric_cross_section_cm2: float
    areal_fill: float
    monolayer_thickness_nm: float
    pump_energy_eV: float
    absorption_cross_section_cm2: float
    pump_statistics: Literal["poisson", "band-edge"] = "poisson"
    electron_levels: tuple[int, ...] = SPHERE_LEVELS
    hole_levels: tuple[int, ...] = SPHERE_LEVELS
    exciton_exciton_meV: float = 0.0
    gap_shift_meV_per_K: float = GAP_SHIFT_MEV_PER_K
    temperature_K: float = REFERENCE_TEMPERATURE_K
    permanent_charge: float = 0.0
    charge_distribution: Literal["poisson", "fixed"] = "poisson"
    injection: Literal["pairs", "separate"] = "pairs"
    charging_energy_meV: float | None = None
    most_pairs: int = MOST_PAIRS
    auger_ps_per_nm3: float | None = None
    volume_nm3: float | None = None
    compound: str | None = None
    measured_lifetimes_ns: Mapping[tuple[int, int], float] = field(default_factory=dict, hash=False)
    sub_gap_gain: AugerAssisted | None = None
    valid: Validity | None = None
    assumed: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    note: str = ""
    file: Path | None = None

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not isinstance(value, (int, float)):
                continue
            rule, kept = "> 0", value > 0
            if item.name in _SIGNED:
                rule, kept = "a number", True
            elif item.name in _FROM_ZERO:
                rule, kept = "≥ 0", value >= 0
            if not (isfinite(value) and kept):
                raise MediumError(f'medium "{self.name}": {item.name} must be {rule} and finite, got {value}', file=self.file)
        if self.areal_fill > 1:
            raise MediumError(f'medium "{self.name}": areal_fill must be > 0 and ≤ 1, got {self.areal_fill}', file=self.file)
        if not self.lines:
            raise MediumError(f'medium "{self.name}": lines must hold a transition, got none', file=self.file)

    # What it is.

    @property
    def material_gain_per_cm(self) -> float:
        """Saturated gain G0 of the band edge [cm^-1] in a thick close-packed film; the dark film absorbs as much."""
        return self.lines[0].gain_per_cm

    @property
    def gain_energy_eV(self) -> float:
        """Photon energy of the band edge's line at the temperature of the dots, no other exciton about."""
        shift = self.gap_shift_meV_per_K * (self.temperature_K - REFERENCE_TEMPERATURE_K)
        return self.lines[0].energy_eV + shift / MEV_PER_EV

    @property
    def gain_wavelength_nm(self) -> float:
        """Vacuum wavelength of ``gain_energy_eV``."""
        return wavelength_nm(self.gain_energy_eV)

    @property
    def homogeneous_fwhm_meV(self) -> float:
        """Width of the band edge's line in a single dot."""
        return self.lines[0].homogeneous_fwhm_meV

    @property
    def inhomogeneous_fwhm_meV(self) -> float:
        """Width that the spread of the dots gives the band edge's line."""
        return self.lines[0].inhomogeneous_fwhm_meV

    @property
    def valid_nm(self) -> tuple[float, float] | None:
        """Wavelengths for which the spectrum holds; None: not told."""
        return None if self.valid is None else self.valid.wavelength_nm

    @property
    def radius_nm(self) -> float:
        """Radius with the shell, from sigma_g = pi R^2."""
        return sqrt(self.geometric_cross_section_cm2 / pi) * NM_PER_CM

    @property
    def dots_per_cm3(self) -> float:
        """Dots in a volume of the film, f_a/(sigma_g h) with h the thickness of a monolayer."""
        return self.areal_fill / self.geometric_cross_section_cm2 / (self.monolayer_thickness_nm / NM_PER_CM)

    @property
    def biexciton_yield(self) -> float:
        """Emission quantum yield of the biexciton, tau_XX/tau_r,XX with tau_r,XX = tau_X/4 (excitons decay by light alone)."""
        return 4 * self.biexciton_lifetime_ns / self.exciton_lifetime_ns

    @property
    def auger_lifetime_ns(self) -> float:
        """tau_A,XX, what the biexciton's lifetime leaves to Auger recombination beside light; inf: nothing."""
        return self.recombination.auger_biexciton_ns

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """The lines, with the shares of those that have both levels in common scaled so that their band peaks at its measured gain."""
        return tuple(replace(line, share=share) for line, share in zip(self.lines, band_shares(self.lines), strict=True))

    @cached_property
    def recombination(self) -> Recombination:
        """Rates of radiative and Auger recombination of every state."""
        rates = Recombination.from_lifetimes(
            self.exciton_lifetime_ns, self.biexciton_lifetime_ns, tuple(self.electron_levels), tuple(self.hole_levels)
        )
        return replace(rates, measured={**rates.measured, **self.measured_lifetimes_ns})

    @cached_property
    def chain(self) -> Chain:
        """The states of the dots and what leads from one to another."""
        return self._chain(self.most_pairs)

    def _chain(self, most_pairs: int) -> Chain:
        ladder = None if self.charging_energy_meV is None else CoulombLadder(self.charging_energy_meV, self.temperature_K)
        charge = poisson_charges(self.permanent_charge) if self.charge_distribution == "poisson" else self.permanent_charge
        return Chain(self.recombination, most_pairs, charge, ladder)

    def _pairs_up_to(self, level: int) -> int:
        return sum(max(pair) for pair in zip(self.electron_levels[: level + 1], self.hole_levels[: level + 1], strict=True))

    def pairs_of(self, line: Transition) -> int:
        """Pairs that fill the levels of a line and all below them."""
        return self._pairs_up_to(max(line.level, line.hole))

    def quantity(self, name: str) -> float:
        """A number by the name that ``assumed`` and ``sources`` give it, such as ``areal_fill`` or ``1P gain_per_cm``.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> load_medium("ccg-QD").quantity("1P gain_per_cm")
        890.0
        """
        part, _, key = name.rpartition(" ")
        if key == "lifetime_ns":
            electrons, holes = part.strip("()").split(",")
            return self.measured_lifetimes_ns[int(electrons), int(holes)]
        named: dict[str, Any] = {line.name: line for line in self.lines} | {"": self, "sub-gap": self.sub_gap_gain}
        return float(getattr(named[part], key))

    def monolayers(self, film_thickness_nm: float) -> float:
        """N_ML of a film [nm]: thickness over that of one monolayer, a whole number only by chance, at least 1."""
        return max(1.0, positive("film_thickness_nm", film_thickness_nm) / self.monolayer_thickness_nm)

    def transparency_excitons(self, transition: str | None = None) -> float:
        """Excitons at which dots that all hold as many neither absorb nor amplify on a transition: f_e + f_h = 1.

        1, 5, 13 for 1S, 1P, 1D of a sphere; g_h (g_e - n_e)/(g_e + g_h) at the band edge of charged dots (Chem. Rev. 2023, 123,
        8251, equations 5 and 7).

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> graded = load_medium("cg-QD")
        >>> graded.transparency_excitons(), graded.transparency_excitons("1P"), graded.charged(1).transparency_excitons()
        (1.0, 5.0, 0.5)
        """
        line = self.line(transition)
        return transparency_excitons(self.electron_levels, self.hole_levels, line.level, line.hole, self.permanent_charge)

    def line(self, transition: str | None = None) -> Transition:
        """A transition by its name, as measured; the band edge unless given.

        Raises
        ------
        ArgumentError
            The medium has no transition of that name.
        """
        if transition is None:
            return self.lines[0]
        for line in self.lines:
            if line.name == transition:
                return line
        refuse("transition", f'be one of those of medium "{self.name}", {", ".join(line.name for line in self.lines)}', transition)

    def warnings(
        self, wavelengths_nm: ArrayLike | None = None, temperature_K: float | None = None, excitons_per_dot: float | None = None
    ) -> tuple[str, ...]:
        """What a report should warn of: a use outside the range of validity, lifetimes that are unusual. One sentence each."""
        found = []
        if self.biexciton_lifetime_ns > self.exciton_lifetime_ns:
            longer = f"{self.biexciton_lifetime_ns:g} ns, outlives the exciton, {self.exciton_lifetime_ns:g} ns"
            found.append(f"the biexciton of {self.name}, {longer}: unusual, and no unit is ps here")
        if self.injection == "separate" and self.charging_energy_meV is None:
            limit = f"only the limit of {self.most_pairs} carriers of a kind, a number of the model, keeps {self.name} from charging"
            found.append(f"{limit}: carriers that come one by one need charging_energy_meV")
        if self.gain_energy_eV > self.pump_energy_eV:
            pump = f"pump light of {self.pump_energy_eV:g} eV"
            found.append(f"{pump} is not absorbed by {self.name}, which emits at {self.gain_energy_eV:.3g} eV")
        if self.valid is not None:
            temperature = self.temperature_K if temperature_K is None else temperature_K
            found.extend(self.valid.warnings(self.name, wavelengths_nm, temperature, excitons_per_dot))
        return tuple(found)

    def split_line_warnings(self) -> tuple[str, ...]:
        """What to say where gain or thresholds are those of one line, but Delta_XX takes further excitons out of it; else nothing."""
        from qdphotonics.gain.lineshape import voigt

        shift = self.exciton_exciton_meV
        if voigt(shift, self.homogeneous_fwhm_meV, self.inhomogeneous_fwhm_meV) >= HALF:
            return ()
        others = wavelength_nm(self.gain_energy_eV + shift / MEV_PER_EV)
        how = f"{'repel' if shift > 0 else 'attract'} each other by {abs(shift):g} meV, out of their line"
        where = f"single ones amplify at {self.gain_wavelength_nm:.0f} nm, others at {others:.0f} nm"
        return (f"excitons of {self.name} {how} ({where}): gain and thresholds of one line leave that out, the gain spectrum does not",)

    # The same dots otherwise.

    @cached_property
    def three_state(self) -> Self:
        """The papers' model of the same dots: at most two excitons, |0>, |X>, |XX>."""
        return replace(self, most_pairs=2)

    def charged(self, electrons: float) -> Self:
        """The same dots with so many permanent electrons on average, distributed as ``charge_distribution`` says."""
        return replace(self, permanent_charge=float(not_negative("electrons", electrons)))

    def at_temperature(self, temperature_K: float) -> Self:
        """The same dots at another temperature: photon energies move, and the Coulomb ladder; lifetimes, widths and G0 are kept."""
        return replace(self, temperature_K=positive("temperature_K", temperature_K))

    def with_material_gain(self, material_gain_per_cm: float) -> Self:
        """The same dots with another saturated gain of the band edge [cm^-1], all lines in proportion."""
        ratio = positive("material_gain_per_cm", material_gain_per_cm) / self.material_gain_per_cm
        return replace(self, lines=tuple(replace(line, gain_per_cm=line.gain_per_cm * ratio) for line in self.lines))

    def resized(self, radius_nm: float) -> Self:
        """The same dots with another radius.

        tau_XX = chi V; absorption cross-section ~ V and G0 ~ 1/V at equal packing (Chem. Rev. 2023, 123, 8251, sections 4.2
        and 6.3.1); sigma_g = pi R^2; a monolayer's thickness ~ R. The photon energies, and the range for which they hold, move
        with the gap of a sphere of the ``compound`` (infinite walls, non-parabolic bands, electron and hole attracting each
        other), of which only the difference counts; without a compound they stay.

        Raises
        ------
        MediumError
            The medium's biexciton lifetime does not follow the volume (a shell or a graded interface decides), or it is no sphere.
        ArgumentError
            A radius outside of 0.5 to 30 nm.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> round(load_medium("CdSe").resized(3.0).biexciton_lifetime_ns, 4)
        0.1131
        """
        if self.auger_ps_per_nm3 is None or self.volume_nm3 is not None:
            raise MediumError(
                f'medium "{self.name}" has no auger_ps_per_nm3 with radius_nm: its biexciton lifetime is not known for another radius'
            )
        low, high = RADII_NM
        if not low <= positive("radius_nm", radius_nm) <= high:
            refuse("radius_nm", f"be from {low:g} to {high:g} nm, where dots have effective masses and confine", radius_nm)
        ratio = radius_nm / self.radius_nm
        shift = self._gap_eV(radius_nm) - self._gap_eV(self.radius_nm)
        gain = self.with_material_gain(self.material_gain_per_cm / ratio**3)
        return replace(
            gain,
            lines=tuple(replace(line, energy_eV=line.energy_eV + shift) for line in gain.lines),
            valid=None if self.valid is None else self.valid.moved(shift),
            biexciton_lifetime_ns=volume_scaled_lifetime_ns(radius_nm, self.auger_ps_per_nm3),
            geometric_cross_section_cm2=geometric_cross_section_cm2(radius_nm),
            monolayer_thickness_nm=self.monolayer_thickness_nm * ratio,
            absorption_cross_section_cm2=self.absorption_cross_section_cm2 * ratio**3,
        )

    def _gap_eV(self, radius_nm: float) -> float:
        """Gap of a sphere of the compound; 0 where that is not told."""
        from qdphotonics.gain.states import gap_eV, load_compound

        if self.compound is None:
            return 0.0
        return float(gap_eV(load_compound(self.compound), radius_nm, coulomb="optical", bands="hyperbolic"))


def geometric_cross_section_cm2(radius_nm: float) -> float:
    """sigma_g = pi R^2 [cm^2] of a radius [nm]."""
    return pi * radius_nm**2 / NM2_PER_CM2


def volume_scaled_lifetime_ns(radius_nm: float, auger_ps_per_nm3: float) -> float:
    """Biexciton lifetime [ns] of volume scaling, tau = chi 4/3 pi R^3, of a radius [nm] and chi [ps/nm^3]."""
    return auger_ps_per_nm3 * 4 / 3 * pi * radius_nm**3 / PS_PER_NS
