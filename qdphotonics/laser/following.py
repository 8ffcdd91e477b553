"""One mode followed to a nearby stack: with gain, another thickness, index or wavelength. What comes out is the mode that was meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from qdphotonics.optics import PlanarProblem
    from qdphotonics.planar.results import Mode, Sensitivity


RUNGS = 16  # of a ladder: a rung moves n_eff by some 1e-4, far less than modes of unlike order differ
WINDOW = 0.01  # half-width in Re n_eff of the search on a rung
LEAST_LOSS_PER_CM = 1e3  # up to which a rung's search reaches at least, so that a rival is seen
NEARER = 0.2  # share of the next one's distance within which a place is beyond doubt


@dataclass(frozen=True, eq=False)
class FollowedPoint:
    """Where a mode that was followed has come to.

    Parameters
    ----------
    n_eff : complex
    wavelength_nm : float
    confinement_intensity : float array [layer + 2]
    sensitivity : planar.Sensitivity
    """

    n_eff: complex
    wavelength_nm: float
    confinement_intensity: NDArray[np.float64]
    sensitivity: Sensitivity

    @property
    def loss_per_cm(self) -> float:
        """alpha = 2 k0 Im n_eff [cm^-1]; negative: net modal gain."""
        return loss_per_cm(self.n_eff.imag, self.wavelength_nm)


def follow_twins(mode: Mode, problem_at: Callable[[float], PlanarProblem], end: float) -> FollowedPoint | None:
    """Two modes too close to be told apart, followed together from 0 to ``end`` of a parameter, as long as they stay so.

    Searched for on a ladder of rungs: on each, one zero of multiplicity two must lie much nearer to the last place than any
    other. What happens to a pair that stays together happens to both.

    Parameters
    ----------
    mode : planar.Mode
        Of multiplicity two, at 0.
    problem_at : callable
        The stack as a function of the parameter.
    end : float

    Returns
    -------
    FollowedPoint or None
        None where the pair parts.
    """
    place, found = mode.n_eff, mode
    for rung in np.linspace(0.0, end, RUNGS + 1)[1:]:
        window = (max(place.real - WINDOW, 0.0), place.real + WINDOW)
        most = 2.0 * abs(loss_per_cm(place.imag, mode.wavelength_nm)) + LEAST_LOSS_PER_CM
        near = sorted(problem_at(float(rung)).search(mode.polarization, window, most).modes, key=lambda each: abs(each.n_eff - place))
        if not near or near[0].multiplicity < 2:
            return None
        if len(near) > 1 and abs(near[0].n_eff - place) > NEARER * abs(near[1].n_eff - place):
            return None
        place, found = near[0].n_eff, near[0]
    return FollowedPoint(found.n_eff, found.wavelength_nm, found.confinement.intensity, found.sensitivity)


def follow_mode(mode: Mode, target: PlanarProblem) -> FollowedPoint | None:
    """The mode that ``mode`` becomes when its stack turns into ``target``, by :func:`qdphotonics.planar.track_modes`.

    Parameters
    ----------
    mode : planar.Mode
    target : PlanarProblem
        Of the same layers.

    Returns
    -------
    FollowedPoint or None
        None where the mode ends on the way, or meets a neighbour so closely that which is which is a matter of choice.
    """
    return followed_or_cut_off(mode, target)[0]


def followed_or_cut_off(mode: Mode, target: PlanarProblem) -> tuple[FollowedPoint | None, bool]:
    """As :func:`follow_mode`, and whether there is none because the mode is beyond its cut-off: surely followed, but off the sheet."""
    from qdphotonics import planar
    from qdphotonics.planar.results import Sensitivity

    tracks = planar.track_modes(
        np.stack([mode.index, target.index]),
        np.stack([mode.thickness_nm, target.thickness_nm]),
        np.array([mode.wavelength_nm, target.wavelength_nm]),
        mode.polarization,
        [mode],
        index_extraordinary=np.stack([mode.index_extraordinary, target.index_extraordinary]),
    )
    if tracks.status[0, 1] != "tracked" or not tracks.on_sheet[0, 1]:
        return None, bool(tracks.status[0, 1] == "tracked")
    rates = tracks.sensitivity
    point = FollowedPoint(
        complex(tracks.n_eff[0, 1]),
        target.wavelength_nm,
        tracks.confinement_intensity[0, 1],
        Sensitivity(rates.thickness_per_nm[0, 1], rates.index[0, 1], rates.index_extraordinary[0, 1]),
    )
    return point, False
