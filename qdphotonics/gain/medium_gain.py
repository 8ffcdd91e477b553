"""The gain of a medium over wavelength under one drive or many, and how its dots are occupied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import not_negative, numbers, refuse
from qdphotonics._plain import plain
from qdphotonics._tables import html_table, number, text_table
from qdphotonics.errors import ArgumentError
from qdphotonics.gain.medium_thresholds import MediumThresholds, by_levels, thresholds
from qdphotonics.gain.of_dots import OfDots
from qdphotonics.gain.varied import told, varied
from qdphotonics.units import MEV_PER_EV, photon_energy_eV, wavelength_nm

if TYPE_CHECKING:
    from qdphotonics.gain.medium import Medium
    from qdphotonics.gain.occupation import Occupation
    from qdphotonics.gain.threshold import Threshold

LADDER_DRIVES = 61
LADDER = (0.03, 30.0)  # from below transparency to above half gain, as factors
WITHIN = 0.99  # of the filling up to which a medium is described: what the interpolation may miss
STEP_NM = 1.0
MOST_WAVELENGTHS = 2001
WIDTHS_BEYOND = 2.0  # of a line that the range reaches beyond it where the medium does not tell its range
LARGEST_FLUENCE_J_PER_CM2 = 0.05  # ten times what breaks films down
SHOWN_PAIRS = 3  # P_0, P_X, P_XX by themselves, more together


class DriveUnit(NamedTuple):
    """How a drive is told: words, its unit, and how many of these make one of the key's."""

    words: str
    unit: str
    factor: float


DRIVE_UNITS = {
    "current_density_A_per_cm2": DriveUnit("current density", "A/cm²", 1.0),
    "intensity_W_per_cm2": DriveUnit("pump intensity at the dots", "W/cm²", 1.0),
    "fluence_J_per_cm2": DriveUnit("pulse fluence at the dots", "µJ/cm²", 1e6),
}


@dataclass(frozen=True, eq=False)
class MediumGain(OfDots):
    """Gain spectra and occupation of a medium; [...] is the shape of the drives, () for one.

    Parameters
    ----------
    dots : Medium
    drive_key : str
        ``current_density_A_per_cm2``, ``intensity_W_per_cm2`` or ``fluence_J_per_cm2``.
    drive : array [...]
        In the key's unit.
    wavelength_nm : array [wavelength]
    gain_per_cm : array [..., wavelength]
        Material gain.
    pairs : array [..., N]
        Probability of N excitons in a dot.
    excitons_per_dot : array [...]
        Mean <N>.
    peak_gain_per_cm : mapping of str to array [...]
        G0 (f_e + f_h - 1) of each transition by itself, of dots that hold at most ``max_pairs``, as in the spectrum.
    monolayers : float
        N_ML of the current density.
    """

    dots: Medium
    drive_key: str
    drive: Any
    wavelength_nm: NDArray[np.float64]
    gain_per_cm: NDArray[np.float64]
    pairs: NDArray[np.float64]
    excitons_per_dot: Any
    peak_gain_per_cm: Mapping[str, Any]
    monolayers: float

    def _driven(self, key: str) -> Any:
        return self.drive if key == self.drive_key else None

    @property
    def current_density_A_per_cm2(self) -> Any:
        """The drive [...]; None where it is light."""
        return self._driven("current_density_A_per_cm2")

    @property
    def intensity_W_per_cm2(self) -> Any:
        """The drive [...]; None where it is another."""
        return self._driven("intensity_W_per_cm2")

    @property
    def fluence_J_per_cm2(self) -> Any:
        """The drive [...]; None where it is another."""
        return self._driven("fluence_J_per_cm2")

    @cached_property
    def thresholds(self) -> MediumThresholds:
        """The drives that make the same dots transparent."""
        return thresholds(self.dots, monolayers=self.monolayers)

    @property
    def transparency(self) -> Threshold:
        """Drives at which the band edge is transparent."""
        return self.thresholds.transparency

    @property
    def half_gain(self) -> Threshold:
        """Drives at which the band edge has half its saturated gain."""
        return self.thresholds.half_gain

    @property
    def unit(self) -> DriveUnit:
        """How the drive is told."""
        return DRIVE_UNITS[self.drive_key]

    @property
    def shown_pairs(self) -> dict[str, Any]:
        """P_0, P_X, P_XX and the rest together [...]."""
        names = ("P_0", "P_X", "P_XX")
        found = {name: self.pairs[..., place] for place, name in enumerate(names) if place < self.pairs.shape[-1]}
        more = self.pairs[..., SHOWN_PAIRS:]
        return found | ({"P_more": more.sum(axis=-1)} if more.shape[-1] else {})

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is unusual or outside of what the medium is known for, one sentence each."""
        found = self.dots.warnings(self.wavelength_nm, self.dots.temperature_K, float(np.max(self.excitons_per_dot)))
        most = float(np.max(self.drive))
        if self.drive_key == "fluence_J_per_cm2" and most > LARGEST_FLUENCE_J_PER_CM2:
            found += (f"a fluence of {most:g} J/cm² is far beyond what films stand; given in J/cm², {most:g} µJ/cm² is {1e-6 * most:g}",)
        return found

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics gain``."""
        edge = self.thresholds.as_dict()
        return {
            "medium": self.medium,
            "excitons_per_dot": plain(self.excitons_per_dot),
            "transparency": edge["transparency"],
            "half_gain": edge["half_gain"],
            **self.described(),
            self.drive_key: plain(self.drive),
            "wavelength_nm": plain(self.wavelength_nm),
            "gain_per_cm": plain(self.gain_per_cm),
            "peak_gain_per_cm": plain(self.peak_gain_per_cm),
            "pairs": plain(self.pairs),
            "warnings": list(self.warnings),
        }

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows and notes: one row a drive, or one row a wavelength where there is one drive."""
        return self._of_one() if np.ndim(self.drive) == 0 else self._of_many()

    def _of_one(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        words, unit, factor = self.unit
        drive = number(factor * float(self.drive))
        columns = ("nm", "eV", "gain cm⁻¹")
        spectrum = zip(self.wavelength_nm, photon_energy_eV(self.wavelength_nm), self.gain_per_cm, strict=True)
        rows: list[tuple[str, ...]] = [(f"{nm:g}", f"{energy:.4f}", number(gain)) for nm, energy, gain in spectrum]
        pairs = ", ".join(f"{name} {number(value)}" for name, value in self.shown_pairs.items())
        peaks = ", ".join(f"{name} {number(value)}" for name, value in self.peak_gain_per_cm.items())
        place = int(self.gain_per_cm.argmax())
        notes = [
            f"excitons per dot: {number(float(self.excitons_per_dot))}; {pairs}",
            f"largest gain {number(self.gain_per_cm[place])} cm⁻¹ at {self.wavelength_nm[place]:.4g} nm; of each transition alone: {peaks}",
            *self._closing(),
        ]
        return f"Gain of {told(self.dots, self.monolayers)}, {words} {drive} {unit}", columns, rows, notes

    def _of_many(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        words, unit, factor = self.unit
        pairs = self.shown_pairs
        columns = (unit, "⟨N⟩", *pairs, *(f"G {name} cm⁻¹" for name in self.peak_gain_per_cm), "largest G cm⁻¹", "at nm")
        rows = []
        for at, drive in enumerate(self.drive):
            place = int(self.gain_per_cm[at].argmax())
            values = [self.excitons_per_dot[at], *(each[at] for each in (*pairs.values(), *self.peak_gain_per_cm.values()))]
            gain = self.gain_per_cm[at, place]
            largest = (number(gain), f"{self.wavelength_nm[place]:.4g}") if gain > 0 else ("–", "–")
            rows.append((number(factor * float(drive)), *(number(float(value)) for value in values), *largest))
        return f"Gain of {told(self.dots, self.monolayers)}, by {words}", columns, rows, self._closing()

    def _closing(self) -> list[str]:
        words, unit, factor = self.unit
        clear, half = (getattr(each, self.drive_key) for each in (self.transparency, self.half_gain))
        notes = [f"band edge transparent at {number(factor * clear)}, half saturated at {number(factor * half)} {unit} ({words})"]
        return notes + [f"warning: {text}" for text in self.warnings]

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def medium_gain(
    medium: str | Path | Medium,
    wavelengths_nm: ArrayLike | None = None,
    *,
    current_density_A_per_cm2: ArrayLike | None = None,
    intensity_W_per_cm2: ArrayLike | None = None,
    fluence_J_per_cm2: ArrayLike | None = None,
    charge: float | None = None,
    radius_nm: float | None = None,
    temperature_K: float | None = None,
    monolayers: float = 1.0,
    max_pairs: int | None = None,
) -> MediumGain:
    """Gain over wavelength and occupation of a medium under a drive [...].

    Parameters
    ----------
    medium : str, Path or Medium
    wavelengths_nm : array_like [wavelength], optional
        The range for which the medium is described, in steps of 1 nm, unless given.
    current_density_A_per_cm2, intensity_W_per_cm2, fluence_J_per_cm2 : array_like [...], optional
        At most one, a number or a row of numbers; the light at the dots. Current densities from below transparency to
        saturation unless one is given.
    charge, radius_nm, temperature_K, max_pairs : optional
        Of the dots, see :func:`~qdphotonics.gain.varied.varied`.
    monolayers : float, optional
        N_ML >= 1 that share the current.

    Returns
    -------
    MediumGain

    Raises
    ------
    ArgumentError
        Two drives, a drive that is negative or infinite, a wavelength that is not positive.
    MediumError
        No such medium, or one that cannot be resized.

    Examples
    --------
    >>> found = medium_gain("ccg-QD", [642.4], current_density_A_per_cm2=100.0)
    >>> print(found.gain_per_cm.round(-1), found.excitons_per_dot.round(1))
    [560.] 2.2
    """
    dots = varied(medium, charge, radius_nm, temperature_K, max_pairs)
    drives = {
        "current_density_A_per_cm2": current_density_A_per_cm2,
        "intensity_W_per_cm2": intensity_W_per_cm2,
        "fluence_J_per_cm2": fluence_J_per_cm2,
    }
    given = {key: value for key, value in drives.items() if value is not None}
    if len(given) > 1:
        refuse(" and ".join(given), "not be given together: a gain has one drive", list(given.values()))
    key, value = next(iter(given.items()), ("current_density_A_per_cm2", None))
    drive = ladder_of_currents(dots, monolayers) if value is None else _finite(key, value)
    wavelengths = _range(dots) if wavelengths_nm is None else np.atleast_1d(numbers("wavelengths_nm", wavelengths_nm))
    usable = (wavelengths > 0) & np.isfinite(wavelengths)
    if wavelengths.ndim != 1 or not usable.all():
        refuse("wavelengths_nm", "be a row of finite wavelengths > 0", wavelengths[~usable].flat[0] if not usable.all() else wavelengths_nm)
    by_current = key == "current_density_A_per_cm2"
    more: dict[str, Any] = {"monolayers": monolayers} if by_current else {}
    way = {"current_density_A_per_cm2": "", "intensity_W_per_cm2": "_at_intensity", "fluence_J_per_cm2": "_at_fluence"}[key]
    occupied: Occupation = getattr(dots, f"occupancy{way}")(drive, **more)
    spectrum: dict[str, Any] = {key: drive, **more}
    return MediumGain(
        dots=dots,
        drive_key=key,
        drive=drive,
        wavelength_nm=wavelengths,
        gain_per_cm=dots.gain_spectrum_per_cm(wavelengths, **spectrum),
        pairs=occupied.pairs,
        excitons_per_dot=occupied.excitons_per_dot,
        peak_gain_per_cm={
            name: line.gain_per_cm * dots.inversion_of(line, occupied) for name, line in by_levels(dots.transitions).items()
        },
        monolayers=float(monolayers),
    )


def _finite(key: str, value: ArrayLike) -> Any:
    drive = not_negative(key, value)
    if not np.isfinite(drive).all() or drive.ndim > 1 or drive.size == 0:
        refuse(key, "be a finite number or a row of them", value)
    return drive[()]


def ladder_of_currents(
    dots: Medium, monolayers: float = 1.0, count: int = LADDER_DRIVES, top_A_per_cm2: float = 0.0
) -> NDArray[np.float64]:
    """Current densities [drive] in equal ratios, from below transparency to above half gain, up to where the medium is described.

    Parameters
    ----------
    dots : Medium
    monolayers : float, optional
    count : int, optional
    top_A_per_cm2 : float, optional
        What the largest is to reach at least.

    Raises
    ------
    ArgumentError
        No current half saturates the medium.
    """
    low, high = (float(dots.current_density_A_per_cm2(fraction, monolayers)) for fraction in (0.0, 0.5))
    if not np.isfinite(high):
        raise ArgumentError(f"Argument `current_density_A_per_cm2` must be given: no current half saturates {dots.name}")
    first, last = LADDER[0] * (low or high), LADDER[1] * high
    if dots.valid is not None:
        tried = np.geomspace(first, last, LADDER_DRIVES)
        filled = dots.occupancy(tried, monolayers).excitons_per_dot
        last = min(float(np.exp(np.interp(WITHIN * dots.valid.excitons_per_dot, filled, np.log(tried)))), last)
    return np.geomspace(first, max(last, top_A_per_cm2), count)


def _range(dots: Medium) -> NDArray[np.float64]:
    """The wavelengths of a medium, in whole nm."""
    if dots.valid_nm is not None:
        low, high = dots.valid_nm
    else:
        widths = [WIDTHS_BEYOND * (line.homogeneous_fwhm_meV + line.inhomogeneous_fwhm_meV) / MEV_PER_EV for line in dots.transitions]
        low = wavelength_nm(max(line.energy_eV + width for line, width in zip(dots.transitions, widths, strict=True)))
        high = wavelength_nm(min(line.energy_eV - width for line, width in zip(dots.transitions, widths, strict=True)))
    first, last = np.ceil(low), np.floor(high)
    step = max(STEP_NM, np.ceil((last - first) / MOST_WAVELENGTHS))
    return np.arange(first, last + step / 2, step)
