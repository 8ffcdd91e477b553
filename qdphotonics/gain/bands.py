"""Levels and bands of a medium: when a transition is transparent, and how the lines of one band add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qdphotonics.gain.transitions import Transition
from qdphotonics.units import MEV_PER_EV

BAND_POINTS = 2001  # between the outermost centres of a band: its peak is then known to 1e-6


def transparency_excitons(
    electron_levels: Sequence[int], hole_levels: Sequence[int], level: int, hole_level: int, permanent_charge: float = 0.0
) -> float:
    """Excitons N, the same in all dots, at which f_e(N + n_e) + f_h(N) = 1; 0 where the charge alone suffices.

    Below its level a filling is 0, in it (N - N_below)/g: the sum is a line between the corners, on which the root is found.

    Parameters
    ----------
    electron_levels, hole_levels : sequence of int
        Degeneracies from 1S upwards.
    level, hole_level : int
        Of the transition.
    permanent_charge : float, optional
        n_e.

    Returns
    -------
    float

    References
    ----------
    Ahn et al., Chem. Rev. 2023, 123, 8251, equations 5 and 7. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    >>> [transparency_excitons((2, 6, 10), (2, 6, 10), level, level) for level in range(3)]
    [1.0, 5.0, 13.0]
    >>> [round(transparency_excitons((8,), (8,), 0, 0, charge), 12) for charge in (0, 6, 2.7, 4.8)]
    [4.0, 1.0, 2.65, 1.6]
    """
    below_e, below_h = sum(electron_levels[:level]) - permanent_charge, sum(hole_levels[:hole_level])
    g_e, g_h = electron_levels[level], hole_levels[hole_level]
    corners = np.maximum(np.sort([0.0, below_e, below_e + g_e, below_h, below_h + g_h]), 0.0)
    filled = np.clip((corners - below_e) / g_e, 0, 1) + np.clip((corners - below_h) / g_h, 0, 1)
    last = int(np.argmax(filled >= 1))
    if last == 0:
        return 0.0
    rise = (1 - filled[last - 1]) / (filled[last] - filled[last - 1])
    return float(corners[last - 1] + rise * (corners[last] - corners[last - 1]))


def band_shares(lines: Sequence[Transition]) -> list[float]:
    """Shares of lines, scaled where several join the same two levels so that their sum peaks at 1: at the measured gain."""
    return [line.share if len(band) == 1 else line.share / _peak(band) for line, band in ((each, _band(each, lines)) for each in lines)]


def _band(line: Transition, lines: Sequence[Transition]) -> list[Transition]:
    """The lines that join the same two levels as one of them."""
    return [other for other in lines if (other.level, other.hole) == (line.level, line.hole)]


def _peak(band: Sequence[Transition]) -> float:
    """Largest sum of the lines of a band, each with its share."""
    from qdphotonics.gain.lineshape import voigt

    centres = [line.energy_eV for line in band]
    energy = np.linspace(min(centres), max(centres), BAND_POINTS)
    shapes = (
        line.share * voigt(MEV_PER_EV * (energy - line.energy_eV), line.homogeneous_fwhm_meV, line.inhomogeneous_fwhm_meV) for line in band
    )
    return float(np.max(sum(shapes)))
