"""A gain medium: the gain that a drive makes of its dots, and the drive that a gain takes.

Electrical: g = sigma_e j/e with sigma_e = sigma_g/(f_a N_ML), so that every injected pair recombines in one dot of the
column; N_ML = 1 is the formula of the papers. Light: g = I sigma_abs/(h nu), or <N> = w sigma_abs/(h nu) of a pulse. I and w
are those *at the dots*: what the stack absorbs or reflects before is not in them. g drives the chain of states of
:mod:`qdphotonics.gain.chain`; with ``most_pairs`` 2 (``medium.three_state``) that is the model of the papers.

The *peak* gain of a transition is G0 (f_e + f_h - 1), by its levels' mean filling; the spectrum has in addition the line
shapes, the tails of the other transitions, and the shift that excitons give each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import not_negative, numbers, positive, refuse
from qdphotonics.gain.chain import Chain
from qdphotonics.gain.dots import Dots
from qdphotonics.gain.inverse import Inverse
from qdphotonics.gain.occupation import Occupation
from qdphotonics.gain.threshold import Threshold, Thresholds
from qdphotonics.gain.transitions import Transition
from qdphotonics.units import ELEMENTARY_CHARGE_C, NS_PER_S, energy_J, photon_energy_eV

Kind = Literal["current", "light", "pulse"]
PULSE_DECADES = (-17.0, 3.0)  # excitons per dot: a thousand fill every dot


@dataclass(frozen=True)
class Medium(Dots):
    """Quantum dots as a gain medium: :class:`~qdphotonics.gain.dots.Dots`, whose parameters it has, under a drive.

    Examples
    --------
    >>> from qdphotonics.gain import load_medium
    >>> dots = load_medium("ccg-QD")
    >>> round(dots.threshold(0.0).current_density_A_per_cm2, 1)
    17.0
    """

    # Unit drives: what brings each dot one excitation per ns, or one excitation.

    def _current_density_of_rate(self, monolayers: float) -> float:
        if positive("monolayers", monolayers) < 1:
            refuse("monolayers", "be >= 1", monolayers)
        return NS_PER_S * ELEMENTARY_CHARGE_C * self.areal_fill * monolayers / self.geometric_cross_section_cm2

    @property
    def _fluence_of_exciton(self) -> float:
        return energy_J(self.pump_energy_eV) / self.absorption_cross_section_cm2

    # Occupation and gain of a drive.

    def occupancy(self, current_density_A_per_cm2: ArrayLike, monolayers: float = 1.0) -> Occupation:
        """Occupation of the dots under a steady current density [...], A/cm^2."""
        current = not_negative("current_density_A_per_cm2", current_density_A_per_cm2)
        return self._occupied("current", current / self._current_density_of_rate(monolayers))

    def occupancy_at_intensity(self, intensity_W_per_cm2: ArrayLike) -> Occupation:
        """Occupation of the dots under a steady pump intensity [...] at the dots, W/cm^2."""
        intensity = not_negative("intensity_W_per_cm2", intensity_W_per_cm2)
        return self._occupied("light", intensity / (NS_PER_S * self._fluence_of_exciton))

    def occupancy_at_fluence(self, fluence_J_per_cm2: ArrayLike, pulse_ns: float = 0.0, delay_ns: float = 0.0) -> Occupation:
        """Occupation of the dots after one pulse of a fluence [...] at the dots, J/cm^2.

        Parameters
        ----------
        fluence_J_per_cm2 : array_like [...]
        pulse_ns : float, optional
            Length of the pulse, of even intensity; 0: short against all decay.
        delay_ns : float, optional
            Time since its end.
        """
        excitons = not_negative("fluence_J_per_cm2", fluence_J_per_cm2) / self._fluence_of_exciton
        return self._occupied("pulse", excitons, pulse_ns=pulse_ns, delay_ns=delay_ns)

    def _occupied(
        self,
        kind: Kind,
        drive: ArrayLike,
        level: int = 0,
        *,
        stimulated_per_ns: ArrayLike = 0.0,
        pulse_ns: float = 0.0,
        delay_ns: float = 0.0,
    ) -> Occupation:
        """Occupation under pairs per ns (or per pulse) [...], with room for at least the pairs that the level takes."""
        needed = self._pairs_up_to(level)
        chain = self.chain if needed <= self.most_pairs else self._chain(needed)
        if kind == "pulse":
            return self._pulsed(chain, drive, pulse_ns, delay_ns)
        if kind == "current" and self.injection == "separate":
            return chain.steady(electron_rate_per_ns=drive, hole_rate_per_ns=drive, stimulated_per_ns=stimulated_per_ns)
        return chain.steady(drive, stimulated_per_ns=stimulated_per_ns)

    def _pulsed(self, chain: Chain, excitons: ArrayLike, pulse_ns: float, delay_ns: float) -> Occupation:
        """Occupation a time after a pulse of some length that would bring a dark dot so many pairs [...] if nothing decayed."""
        if not_negative("pulse_ns", pulse_ns) > 0:
            rate = np.asarray(excitons)[..., None] / pulse_ns
            occupied = _last(chain.evolve([pulse_ns], rate))
        else:
            occupied = chain.after_pulse(excitons, self.pump_statistics)
        return _last(chain.evolve([delay_ns], start=occupied)) if not_negative("delay_ns", delay_ns) > 0 else occupied

    def gain_per_cm(self, current_density_A_per_cm2: ArrayLike, monolayers: float = 1.0, transition: str | None = None) -> Any:
        """Peak gain G [...] of a transition under a steady current density.

        Parameters
        ----------
        current_density_A_per_cm2 : array_like [...]
            j >= 0.
        monolayers : float, optional
            N_ML >= 1, see :meth:`monolayers`.
        transition : str, optional
            Its name; the band edge unless given.

        Returns
        -------
        array of float [...], cm^-1
            From -G0 (absorption) to G0.

        Raises
        ------
        ArgumentError
            A negative current density, fewer than one monolayer, no such transition.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> load_medium("cg-QD").gain_per_cm([0.0, float("inf")]).tolist()
        [-200.0, 200.0]
        """
        current = not_negative("current_density_A_per_cm2", current_density_A_per_cm2)
        return self._peak_gain("current", current / self._current_density_of_rate(monolayers), self.line(transition))

    def gain_per_cm_at_intensity(self, intensity_W_per_cm2: ArrayLike, transition: str | None = None) -> Any:
        """Peak gain [...], cm^-1, of a transition under a steady pump intensity [...] at the dots, W/cm^2."""
        intensity = not_negative("intensity_W_per_cm2", intensity_W_per_cm2)
        return self._peak_gain("light", intensity / (NS_PER_S * self._fluence_of_exciton), self.line(transition))

    def gain_per_cm_at_fluence(self, fluence_J_per_cm2: ArrayLike, transition: str | None = None, pulse_ns: float = 0.0) -> Any:
        """Peak gain [...], cm^-1, of a transition at the end of a pulse of a fluence [...] at the dots, J/cm^2, short unless told."""
        excitons = not_negative("fluence_J_per_cm2", fluence_J_per_cm2) / self._fluence_of_exciton
        return self._peak_gain("pulse", excitons, self.line(transition), pulse_ns)

    def _peak_gain(self, kind: Kind, drive: ArrayLike, line: Transition, pulse_ns: float = 0.0) -> Any:
        return line.gain_per_cm * self._inversion(kind, drive, line, pulse_ns)

    def _inversion(self, kind: Kind, drive: ArrayLike, line: Transition, pulse_ns: float = 0.0) -> Any:
        """f_e + f_h - 1 [...] of a line's levels."""
        return self.inversion_of(line, self._occupied(kind, drive, max(line.level, line.hole), pulse_ns=pulse_ns))

    def inversion_of(self, line: Transition, occupied: Occupation) -> Any:
        """f_e + f_h - 1 [...] of a line's levels in dots so occupied [...]."""
        if line.hole == line.level:
            return occupied.inversion[..., line.level]
        return occupied.filling_electrons()[..., line.level] + occupied.filling_holes()[..., line.hole] - 1

    def gain_spectrum_per_cm(
        self,
        wavelength_nm: ArrayLike,
        *,
        current_density_A_per_cm2: ArrayLike | None = None,
        intensity_W_per_cm2: ArrayLike | None = None,
        fluence_J_per_cm2: ArrayLike | None = None,
        monolayers: float = 1.0,
        pulse_ns: float = 0.0,
        delay_ns: float = 0.0,
        stimulated_per_ns: ArrayLike = 0.0,
        temperature_K: float | None = None,
    ) -> Any:
        """Material gain [..., wavelength] under a drive [...] of one of three kinds; the dark film unless one is given.

        Parameters
        ----------
        wavelength_nm : array_like [wavelength]
            In vacuum.
        current_density_A_per_cm2, intensity_W_per_cm2, fluence_J_per_cm2 : array_like [...], optional
            At most one; the light at the dots.
        monolayers : float, optional
            N_ML >= 1 of the current density.
        pulse_ns, delay_ns : float, optional
            Of the fluence, see :meth:`occupancy_at_fluence`.
        stimulated_per_ns : array_like [..., level], optional
            Photons that drive each transition, see :func:`~qdphotonics.gain.spectrum.stimulated_per_ns`; of steady drives only.
        temperature_K : float, optional
            Of the dots; the medium's own unless given.

        Returns
        -------
        array of float [..., wavelength], cm^-1

        Raises
        ------
        ArgumentError
            Two drives, photons beside a pulse, a number outside its range.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> print(load_medium("ccg-QD").gain_spectrum_per_cm([642.4, 587.6], current_density_A_per_cm2=[0.0, 1e4]).round(-1))
        [[-810. -930.]
         [ 800.  880.]]
        """
        from qdphotonics.gain.spectrum import gain_spectrum_per_cm

        drives = (current_density_A_per_cm2, intensity_W_per_cm2, fluence_J_per_cm2)
        if sum(drive is not None for drive in drives) > 1:
            given = "current_density_A_per_cm2, intensity_W_per_cm2 and fluence_J_per_cm2"
            refuse(given, "not be given together: a gain has one drive", drives)
        if fluence_J_per_cm2 is not None:
            if np.any(not_negative("stimulated_per_ns", stimulated_per_ns)):
                refuse("stimulated_per_ns", "be 0 beside a pulse", stimulated_per_ns)
            occupied = self.occupancy_at_fluence(fluence_J_per_cm2, pulse_ns, delay_ns)
        elif intensity_W_per_cm2 is not None:
            rate = not_negative("intensity_W_per_cm2", intensity_W_per_cm2) / (NS_PER_S * self._fluence_of_exciton)
            occupied = self._occupied("light", rate, stimulated_per_ns=stimulated_per_ns)
        else:
            current = 0.0 if current_density_A_per_cm2 is None else current_density_A_per_cm2
            rate = not_negative("current_density_A_per_cm2", current) / self._current_density_of_rate(monolayers)
            occupied = self._occupied("current", rate, stimulated_per_ns=stimulated_per_ns)
        return gain_spectrum_per_cm(
            self.transitions,
            occupied,
            photon_energy_eV(numbers("wavelength_nm", wavelength_nm)),
            self.exciton_exciton_meV,
            self.electron_levels,
            self.hole_levels,
            temperature_K=self.temperature_K if temperature_K is None else temperature_K,
            gap_shift_meV_per_K=self.gap_shift_meV_per_K,
            auger_assisted=self.sub_gap_gain,
        )

    # The drive of a gain: inverses of the above.

    def current_density_A_per_cm2(self, gain_fraction: ArrayLike, monolayers: float = 1.0, transition: str | None = None) -> Any:
        """Smallest steady current density [...], A/cm^2, at which G/G0 reaches ``gain_fraction`` [...]; infinite where none does."""
        return self._drive("current", gain_fraction, transition) * self._current_density_of_rate(monolayers)

    def intensity_W_per_cm2(self, gain_fraction: ArrayLike, transition: str | None = None) -> Any:
        """Smallest steady pump intensity [...] at the dots, W/cm^2, at which G/G0 reaches ``gain_fraction`` [...]."""
        return self._drive("light", gain_fraction, transition) * (NS_PER_S * self._fluence_of_exciton)

    def fluence_J_per_cm2(self, gain_fraction: ArrayLike, transition: str | None = None, pulse_ns: float = 0.0) -> Any:
        """Smallest fluence [...] at the dots of one pulse, J/cm^2, at which G/G0 reaches ``gain_fraction`` [...]; short unless told."""
        return self._drive("pulse", gain_fraction, transition, pulse_ns) * self._fluence_of_exciton

    def threshold(self, gain_fraction: float, monolayers: float = 1.0, transition: str | None = None) -> Threshold:
        """All drives at which G/G0 of a transition reaches ``gain_fraction``.

        Parameters
        ----------
        gain_fraction : float
            G/G0; a gain over that of the transition.
        monolayers : float, optional
            N_ML >= 1 of the current density.
        transition : str, optional
            Its name; the band edge unless given.

        Returns
        -------
        Threshold

        Raises
        ------
        ArgumentError
            nan, fewer than one monolayer, no such transition.

        Examples
        --------
        >>> from qdphotonics.gain import load_medium
        >>> graded = load_medium("cg-QD")
        >>> round(graded.threshold(0.0).current_density_A_per_cm2, 2), round(graded.three_state.threshold(0.0).current_density_A_per_cm2, 2)
        (6.42, 6.76)
        """
        line = self.line(transition)
        rate, pulse = (float(self._drive(kind, gain_fraction, transition)) for kind in ("current", "pulse"))
        return Threshold(
            transition=line.name,
            gain_fraction=float(gain_fraction),
            gain_per_cm=float(gain_fraction * line.gain_per_cm),
            excitons_per_dot=self._filled(rate, line),
            current_density_A_per_cm2=rate * self._current_density_of_rate(monolayers),
            intensity_W_per_cm2=float(self.intensity_W_per_cm2(gain_fraction, transition)),
            fluence_J_per_cm2=pulse * self._fluence_of_exciton,
            pulse_excitons_per_dot=pulse,
            monolayers=float(monolayers),
        )

    def thresholds(self, monolayers: float = 1.0) -> Thresholds:
        """Drives of transparency (G = 0) and of half gain (G = G0/2) of the band edge, and of transparency of every transition."""
        every = tuple(self.threshold(0.0, monolayers, line.name) for line in self.transitions)
        return Thresholds(self, every[0], self.threshold(0.5, monolayers), every)

    def _filled(self, rate_per_ns: float, line: Transition) -> float:
        """Mean <N> under a current; where none is enough, that of the last that makes a difference."""
        most = 1e17 / self.exciton_lifetime_ns
        return float(self._occupied("current", min(rate_per_ns, most), max(line.level, line.hole)).excitons_per_dot)

    def _drive(self, kind: Kind, gain_fraction: ArrayLike, transition: str | None, pulse_ns: float = 0.0) -> Any:
        """Pairs per ns (or per pulse) and dot [...] at which G/G0 reaches a value [...]."""
        line = self.line(transition)
        same = "light" if kind == "current" and self.injection == "pairs" else kind
        key = (same, line.level, line.hole, pulse_ns)
        if key not in self._inverses:
            self._inverses[key] = self._inverse(kind, line, pulse_ns)
        return self._inverses[key](gain_fraction)

    def _inverse(self, kind: Kind, line: Transition, pulse_ns: float) -> Inverse:
        function: Callable[[Any], Any] = lambda drive: self._inversion(kind, drive, line, pulse_ns)  # noqa: E731
        of_state = (self.exciton_lifetime_ns * self.biexciton_lifetime_ns) ** 0.5
        if kind == "pulse":
            return Inverse(function, max(1.0, pulse_ns / of_state), PULSE_DECADES)
        return Inverse(function, 1 / of_state)

    @cached_property
    def _inverses(self) -> dict[tuple[str, int, int, float], Inverse]:
        return {}  # each with its table: thresholds ask again


def _last(occupied: Occupation) -> Occupation:
    """The last of the times [..., time] of an occupation."""
    return replace(occupied, weights=occupied.weights[..., -1, :])
