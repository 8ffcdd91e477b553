"""One mode followed to a nearby stack: with gain, another thickness, another index. What comes out is the mode that was meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.optics import PlanarProblem
    from qdphotonics.planar.results import Mode, Sensitivity


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


def follow_mode(mode: Mode, target: PlanarProblem) -> FollowedPoint | None:
    """The mode that ``mode`` becomes when its stack turns into ``target``, by :func:`qdphotonics.planar.track_modes`.

    Parameters
    ----------
    mode : planar.Mode
    target : PlanarProblem
        Of the same layers and wavelength.

    Returns
    -------
    FollowedPoint or None
        None where the mode ends on the way, or meets a neighbour so closely that which is which is a matter of choice.
    """
    from qdphotonics import planar
    from qdphotonics.planar.results import Sensitivity

    tracks = planar.track_modes(
        np.stack([mode.index, target.index]),
        np.stack([mode.thickness_nm, target.thickness_nm]),
        mode.wavelength_nm,
        mode.polarization,
        [mode],
        index_extraordinary=np.stack([mode.index_extraordinary, target.index_extraordinary]),
    )
    if tracks.status[0, 1] != "tracked" or not tracks.on_sheet[0, 1]:
        return None
    rates = tracks.sensitivity
    return FollowedPoint(
        complex(tracks.n_eff[0, 1]),
        mode.wavelength_nm,
        tracks.confinement_intensity[0, 1],
        Sensitivity(rates.thickness_per_nm[0, 1], rates.index[0, 1], rates.index_extraordinary[0, 1]),
    )
