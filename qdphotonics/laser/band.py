"""Thresholds by the dots' whole spectrum: the drive at which the mode first amplifies, or lases, anywhere in the gain band.

The other thresholds take the peak gain of the band edge alone, as the papers do. Here each wavelength has the mode of the
stack there and the gain of all lines: tails of the levels above absorb, lines that excitons shift come apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.laser.gain_spectrum import peak_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.gain import Medium
    from qdphotonics.laser.feedback import GratingFeedback
    from qdphotonics.laser.gain_spectrum import Family

DECADES = (-4.0, 3.5)  # around half gain of the band edge: single-exciton gain begins far below it, all levels are full at the top
STEPS = 12  # of a ladder, each of which divides one of the last: the third leaves 1 % of the drive, interpolation far less
LADDERS = 3


@dataclass(frozen=True)
class BandThreshold:
    """Where the mode of a report begins to amplify, or to lase, in its whole band; None where no drive is enough.

    Parameters
    ----------
    current_density_A_per_cm2 : float or None
        All pairs recombining in one monolayer.
    wavelength_nm : float or None
        Where it does so first, under that current.
    fluence_J_per_cm2 : float or None
        Of a short pulse at the dots.
    """

    current_density_A_per_cm2: float | None = None
    wavelength_nm: float | None = None
    fluence_J_per_cm2: float | None = None


@dataclass(frozen=True)
class BandThresholds:
    """Net gain, and lasing in the cavity (None of it without one)."""

    net_gain: BandThreshold
    lasing: BandThreshold


def band_thresholds(
    family: Family, medium: Medium, cavity_loss_per_cm: float | None, feedback: GratingFeedback | str | None = None
) -> BandThresholds:
    """The thresholds of a mode by the whole spectrum of the dots; lasing at a grating's wavelength alone, where it feeds back."""
    lasing = BandThreshold()
    if feedback is not None and not isinstance(feedback, str):
        lasing = _at_one_wavelength(medium, feedback)
    elif cavity_loss_per_cm is not None and isfinite(cavity_loss_per_cm):
        lasing = _threshold(family, medium, cavity_loss_per_cm)
    return BandThresholds(net_gain=_threshold(family, medium, 0.0), lasing=lasing)


def _at_one_wavelength(medium: Medium, feedback: GratingFeedback) -> BandThreshold:
    """Drives at which the dots give the threshold gain of a grating's mode at its wavelength."""
    if feedback.threshold_gain_per_cm is None:
        return BandThreshold()
    wavelength, needed = np.array([feedback.wavelength_nm]), feedback.threshold_gain_per_cm

    def peaks(drives: NDArray[np.float64], light: bool) -> NDArray[np.float64]:
        return np.column_stack([np.full(drives.size, feedback.wavelength_nm), _gains(medium, wavelength, drives, light)[:, 0]])

    current, place = _drive(medium, needed, False, peaks)
    fluence, _ = _drive(medium, needed, True, peaks)
    return BandThreshold(current, place, fluence)


def _threshold(family: Family, medium: Medium, net_gain_per_cm: float) -> BandThreshold:
    def peaks(drives: NDArray[np.float64], light: bool) -> NDArray[np.float64]:
        rows = family.spectrum(_gains(medium, family.wavelength_nm, drives, light)).net_gain_per_cm
        return np.array([peak_of(family.wavelength_nm, row) or (np.nan, np.nan) for row in rows])

    current, wavelength = _drive(medium, net_gain_per_cm, False, peaks)
    fluence, _ = _drive(medium, net_gain_per_cm, True, peaks)
    return BandThreshold(current, wavelength, fluence)


Peaks = Callable[[Any, bool], Any]  # wavelength and height [drive, 2] of the largest gain under currents or fluences


def _drive(medium: Medium, gain_per_cm: float, light: bool, peaks_of: Peaks) -> tuple[float | None, float | None]:
    """Least drive at which the largest gain reaches a value, and the wavelength of it."""
    half = float(medium.fluence_J_per_cm2(0.5) if light else medium.current_density_A_per_cm2(0.5))
    logs = np.linspace(*DECADES, STEPS + 1)
    for _ in range(LADDERS):
        drives = half * 10.0**logs
        peaks = peaks_of(drives, light)
        excess = peaks[:, 1] - gain_per_cm
        reached = np.flatnonzero(excess >= 0)
        if reached.size == 0:
            return None, None
        first = max(int(reached[0]), 1)  # where the least drive of the ladder is enough, its first step stands for it
        if not np.isfinite(excess[first - 1]):
            return float(drives[first]), float(peaks[first, 0])
        share = np.clip(-excess[first - 1] / (excess[first] - excess[first - 1]), 0.0, 1.0)
        log = logs[first - 1] + share * (logs[first] - logs[first - 1])
        logs = np.linspace(logs[first - 1], logs[first], STEPS + 1)
    return float(half * 10.0**log), float(peaks[first, 0])


def _gains(medium: Medium, wavelength_nm: NDArray[np.float64], drives: NDArray[np.float64], light: bool) -> Any:
    """Material gain [drive, wavelength] under currents or fluences [drive]."""
    if light:
        return medium.gain_spectrum_per_cm(wavelength_nm, fluence_J_per_cm2=drives)
    return medium.gain_spectrum_per_cm(wavelength_nm, current_density_A_per_cm2=drives)
