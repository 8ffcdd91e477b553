"""Bands of an emission spectrum: power, peak and width of each, and the drive at which amplification sets in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.laser.guide import finite_array, refuse_unless
from qdphotonics.laser.stripe import StripeEmission
from qdphotonics.units import MEV_PER_EV

Array = NDArray[np.float64]


class Line(Protocol):
    """What a band takes from a transition."""

    @property
    def name(self) -> str: ...
    @property
    def energy_eV(self) -> float: ...


@dataclass(frozen=True)
class Band:
    """A range of photon energies, low <= E < high."""

    name: str
    low_eV: float
    high_eV: float


@dataclass(frozen=True)
class BandFigures:
    """Figures of one band of spectra [...].

    Parameters
    ----------
    power_W : array [...]
        Integral over the band.
    peak_eV, peak_W_per_eV : array [...]
        Where the spectrum is largest in the band, and how large.
    fwhm_meV : array [...]
        Full width at half of that, from the two places next to the peak where the spectrum falls below it; nan where it does
        not, or where the largest value lies at the band's edge, so that the peak belongs to a neighbour.
    """

    power_W: Any
    peak_eV: Any
    peak_W_per_eV: Any
    fwhm_meV: Any


@dataclass(frozen=True)
class OnsetDrives:
    """Drives at which amplification sets in; inf where it does not among those computed, in the unit of the drives given.

    Parameters
    ----------
    net_gain : float
        Modal gain exceeds the loss at some wavelength, in dots not yet emptied by light. This is the threshold meant in reports.
    narrowing : float
        The band's width has come half-way down from its widest to its narrowest.
    kink : float
        Power against drive, on logarithmic axes, bends upwards the most.
    """

    net_gain: float
    narrowing: float
    kink: float


def bands_of(lines: Sequence[Line]) -> tuple[Band, ...]:
    """A band around each transition, divided half-way between neighbours.

    Examples
    --------
    >>> from qdphotonics.gain.transitions import Transition
    >>> [band.high_eV for band in bands_of([Transition("1S", 0, 1.9, 780.0, 40.0, 60.0), Transition("1P", 1, 2.1, 890.0, 40.0, 60.0)])]
    [2.0, inf]
    """
    ordered = sorted(lines, key=lambda line: line.energy_eV)
    middles = [(one.energy_eV + other.energy_eV) / 2 for one, other in pairwise(ordered)]
    return tuple(Band(line.name, low, high) for line, low, high in zip(ordered, (0.0, *middles), (*middles, np.inf), strict=True))


def band_figures(photon_energy_eV: ArrayLike, spectrum_W_per_eV: ArrayLike, band: Band) -> BandFigures:
    """Power, peak and width of a band of spectra.

    Parameters
    ----------
    photon_energy_eV : array_like [energy]
        At least three, rising or falling.
    spectrum_W_per_eV : array_like [..., energy]
    band : Band

    Returns
    -------
    BandFigures

    Raises
    ------
    ArgumentError
        Fewer than three energies in the band.
    """
    energy, spectrum = finite_array("photon_energy_eV", photon_energy_eV), np.asarray(spectrum_W_per_eV, dtype=np.float64)
    order = np.argsort(energy)
    energy, spectrum = energy[order], spectrum[..., order]
    inside = np.flatnonzero((energy >= band.low_eV) & (energy < band.high_eV))
    refuse_unless(inside.size >= 3, "photon_energy_eV", f"hold three energies or more in the band {band.name}", inside.size)
    power = np.asarray(np.trapezoid(spectrum[..., inside], energy[inside], axis=-1))
    place = inside[0] + spectrum[..., inside].argmax(axis=-1)
    peak = np.take_along_axis(spectrum, place[..., None], axis=-1)[..., 0]
    upper = _crossing(energy, spectrum, place, peak / 2)
    lower = -_crossing(-energy[::-1], spectrum[..., ::-1], energy.size - 1 - place, peak / 2)
    at_edge = ((place == inside[0]) & (inside[0] > 0)) | ((place == inside[-1]) & (inside[-1] < energy.size - 1))
    width = np.where(at_edge, np.nan, MEV_PER_EV * (upper - lower))
    return BandFigures(power[()], energy[place][()], peak[()], width[()])


def _crossing(energy: Array, spectrum: Array, place: NDArray[np.intp], half: Array) -> Array:
    """Energy [...] beyond the peak's ``place`` where the spectrum first falls to ``half``, by straight lines; nan: nowhere."""
    below = (spectrum < half[..., None]) & (np.arange(energy.size) > place[..., None])
    after = np.where(below.any(axis=-1), below.argmax(axis=-1), 0)
    before = np.maximum(after - 1, 0)
    high, low = (np.take_along_axis(spectrum, at[..., None], axis=-1)[..., 0] for at in (before, after))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (high - half) / (high - low)
        return np.asarray(np.where(after > 0, energy[before] + share * (energy[after] - energy[before]), np.nan))


def width_along_meV(emission: StripeEmission, band: Band) -> Array:
    """Width of a band of the light that runs towards x = L, at the stripe's boundaries beyond x = 0 [drive, boundary - 1]."""
    along = emission.waves.forward.sum(axis=1)[..., 1:].swapaxes(-1, -2)
    width: Array = band_figures(emission.photon_energy_eV, along, band).fwhm_meV
    return width


def onset_drives(emission: StripeEmission, band: Band, drive: ArrayLike | None = None) -> OnsetDrives:
    """Where amplification sets in, for the light of one band.

    Parameters
    ----------
    emission : StripeEmission
    band : Band
    drive : array_like [drive], optional
        The drives in another unit, rising, > 0 (say A/cm^2); else pairs per dot and ns. Values between them are interpolated
        in their logarithm.

    Returns
    -------
    OnsetDrives

    Raises
    ------
    ArgumentError
        Drives that do not rise, or as many as there are not.
    """
    given = finite_array("drive", emission.pair_rate_per_ns if drive is None else drive)
    rising = given.shape == emission.pair_rate_per_ns.shape and bool((given > 0).all() and (np.diff(given) > 0).all())
    refuse_unless(rising, "drive", "rise from > 0, one for each drive of the emission", given)
    energy = emission.photon_energy_eV
    inside = (energy >= band.low_eV) & (energy < band.high_eV)
    net_gain = emission.net_gain_per_cm[..., inside].max(axis=(1, 2), initial=-np.inf)
    figures = band_figures(energy, emission.edge_spectrum_W_per_eV, band)
    logarithm = np.log(given)
    return OnsetDrives(
        net_gain=_first_rise(logarithm, net_gain),
        narrowing=_half_way(logarithm, figures.fwhm_meV),
        kink=_sharpest_bend(logarithm, np.log(figures.power_W)),
    )


def _first_rise(logarithm: Array, value: Array) -> float:
    """exp of where a value first comes to 0 from below; inf: never; the first drive where it is above already."""
    above = np.flatnonzero(value > 0)
    if not above.size:
        return float(np.inf)
    after = above[0]
    if after == 0:
        return float(np.exp(logarithm[0]))
    share = value[after - 1] / (value[after - 1] - value[after])
    return float(np.exp(logarithm[after - 1] + share * (logarithm[after] - logarithm[after - 1])))


def _half_way(logarithm: Array, width: Array) -> float:
    """exp of where a width falls through the middle between its largest and its least value after that; inf: it only grows."""
    known = np.flatnonzero(np.isfinite(width))
    if known.size < 2:
        return float(np.inf)
    start = known[width[known].argmax()]
    later = known[known >= start]
    middle = (width[start] + width[later].min()) / 2
    return _first_rise(logarithm[later], middle - width[later]) if width[later].min() < width[start] else float(np.inf)


def _sharpest_bend(logarithm: Array, power: Array) -> float:
    """exp of the drive where the slope grows the most; inf for fewer than three drives or where it only falls."""
    if logarithm.size < 3:
        return float(np.inf)
    slope = np.diff(power) / np.diff(logarithm)
    bend = np.diff(slope) / ((logarithm[2:] - logarithm[:-2]) / 2)
    place = int(bend.argmax())
    return float(np.exp(logarithm[place + 1])) if bend[place] > 0 else float(np.inf)
