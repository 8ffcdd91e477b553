"""Light that runs both ways along a stripe of given gain.

The stripe is cut into equal cells of constant net gain g and source p. In a cell each equation is solved exactly, so that
nothing is lost or made by the cutting::

    dP/dx = g P + M p        P(x + h) = P(x) e^(gh) + M p h phi1(gh)        phi1(z) = (e^z - 1)/z
                             mean of P over the cell = P(x) phi1(gh) + M p h phi2(gh)      phi2(z) = (e^z - 1 - z)/z^2
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics.laser.lateral import LateralModes

Array = NDArray[np.float64]
SERIES_BELOW = 0.05  # |z| below which phi2 is taken from its series: there e^z - 1 - z would lose four digits and more
# Exponents along the whole stripe beyond these are cut, so that nothing overflows on the way to the solution: no light stays that
# strong once it saturates the dots, and what has been weakened by e^-700 is nothing.
MOST_GAIN, MOST_LOSS = 600.0, 700.0


@dataclass(frozen=True)
class Waves:
    """Spectral powers [..., mode, wavelength, boundary] that run towards larger and smaller x; their sum's mean in each cell.

    ``leaving`` [..., mode, wavelength] is what passes the last boundary of that which runs towards it.
    """

    forward: Array
    backward: Array
    mean: Array
    leaving: Array


def phi1(z: Array) -> Array:
    """(e^z - 1)/z, 1 at 0."""
    safe = np.where(z == 0, 1.0, z)
    return np.where(z == 0, 1.0, np.expm1(safe) / safe)


def phi2(z: Array) -> Array:
    """(e^z - 1 - z)/z^2, 1/2 at 0."""
    small = np.abs(z) < SERIES_BELOW
    safe = np.where(small, 1.0, z)
    near = np.where(small, z, 0.0)
    series = (1 + near / 3 * (1 + near / 4 * (1 + near / 5 * (1 + near / 6 * (1 + near / 7))))) / 2
    return np.where(small, series, (np.expm1(safe) - safe) / safe**2)


def run(gain_per_cm: Array, source: Array, size_cm: float, lateral: LateralModes, reflectivity: tuple[float, float]) -> Waves:
    """Light of cells with net gain [..., mode, wavelength, cell] and source of one lateral mode (power per cm), likewise."""
    cells = gain_per_cm.shape[-1]
    growth = np.clip(gain_per_cm * size_cm, -MOST_LOSS / cells, MOST_GAIN / cells)
    added = lateral.count[..., None] * source * size_cm
    forward, forward_mean, leaving = _one_way(growth, added, lateral)
    back, back_mean, _ = _one_way(growth[..., ::-1], added[..., ::-1], lateral)
    backward, mean = back[..., ::-1], forward_mean + back_mean[..., ::-1]
    if not any(reflectivity):
        return Waves(forward, backward, mean, leaving)
    through = np.exp(growth.sum(axis=-1))
    loop = reflectivity[0] * reflectivity[1] * through**2  # below 1: light only takes gain away
    from_left = reflectivity[0] * (backward[..., 0] + through * reflectivity[1] * forward[..., -1]) / (1 - loop)
    from_right = reflectivity[1] * (forward[..., -1] + through * reflectivity[0] * backward[..., 0]) / (1 - loop)
    ahead, ahead_mean = _carried(growth, from_left)
    behind, behind_mean = _carried(growth[..., ::-1], from_right)
    leaving = leaving + lateral.leaving[..., 0] * ahead[..., -1]  # facets reflect in given lateral modes only: one angle
    return Waves(forward + ahead, backward + behind[..., ::-1], mean + ahead_mean + behind_mean[..., ::-1], leaving)


def _one_way(growth: Array, added: Array, lateral: LateralModes) -> tuple[Array, Array, Array]:
    """Light towards larger x at the boundaries, its mean in the cells, and what leaves at the end, from the cells' own sources."""
    boundary, start, end = _exponents(growth)
    grown = phi1(growth)
    sent = added * grown * np.exp(-end)
    at_boundaries = np.exp(boundary) * np.matmul(sent, lateral.to_boundaries.swapaxes(-1, -2))
    arriving = np.exp(start) * np.matmul(sent, lateral.between_cells.swapaxes(-1, -2))
    leaving = np.exp(boundary[..., -1]) * (sent * lateral.to_boundaries[:, None, -1] * lateral.leaving).sum(axis=-1)
    return at_boundaries, arriving * grown + lateral.own_cell[:, None, None] * added * phi2(growth), leaving


def _carried(growth: Array, entering: Array) -> tuple[Array, Array]:
    """Light that enters at x = 0, at the boundaries and as a mean in the cells."""
    whole = np.cumsum(growth, axis=-1)
    at_boundaries = entering[..., None] * np.exp(np.concatenate([np.zeros_like(whole[..., :1]), whole], axis=-1))
    return at_boundaries, at_boundaries[..., :-1] * phi1(growth)


def _exponents(growth: Array) -> tuple[Array, Array, Array]:
    """Growth up to each boundary, to each cell's start and to its end, counted from a middle so that no factor overflows."""
    whole = np.cumsum(growth, axis=-1)
    boundary = np.concatenate([np.zeros_like(whole[..., :1]), whole], axis=-1)
    boundary = boundary - (boundary.max(axis=-1, keepdims=True) + boundary.min(axis=-1, keepdims=True)) / 2
    return boundary, boundary[..., :-1], boundary[..., 1:]
