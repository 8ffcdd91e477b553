"""How many lateral modes join two places of a stripe: a window in an open film does not hold its light.

A film guides across its plane only; in the plane light runs in all directions, and an in-plane direction and a place across
the width make a lateral mode. Counted as dy dk_y/(2 pi), those that lead from one cross-section of the stripe to another at a
distance l, each place there sending alike in all directions, are::

    M(l) = (n_eff/lambda) int_0^W dy [atan(y/l) + atan((W - y)/l)] = (2 n_eff/lambda) [W atan(W/l) - (l/2) ln(1 + W^2/l^2)]

from M(0) = pi W n_eff/lambda, a half-plane, down to n_eff W^2/(lambda l), the Fresnel number of a long stripe. Below 1 rays no
longer tell: the stripe then keeps one mode, held by its gain. The path is counted along the stripe (its 1/cos is 1 where l >> W,
and where l < W there is little gain to make it matter).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.laser.guide import Guide, Stripe

Array = NDArray[np.float64]
ANGLE_POINTS = 20  # of the directions from a cell to the edge, and of the places in it
GAUSS_POINTS = 12  # of a cell's mean of M: it is smooth but for l ln l at l = 0; error below 1e-4 of the first cell's


@dataclass(frozen=True)
class LateralModes:
    """Modes that join cell and cell, and cell and boundary, of a stripe cut into equal cells.

    Parameters
    ----------
    count : array of float [mode, wavelength]
        Common factor ...
    between_cells : array of float [mode, receiver, source]
        ... of the mean over a receiving cell beyond the source; 0 elsewhere ...
    own_cell : array of float [mode]
        ... of the mean over the source cell itself ...
    to_boundaries : array of float [mode, boundary, source]
        ... and at the boundaries 0 … cells that lie beyond the source; 0 elsewhere.
    everywhere : array of float [mode]
        ... of all directions that go forward.
    leaving : array of float [mode, wavelength, source]
        Of the light that comes from a cell to the last boundary, the share that leaves there.
    """

    count: Array
    between_cells: Array
    own_cell: Array
    to_boundaries: Array
    everywhere: Array
    leaving: Array


def joined_width_nm(distance_nm: ArrayLike, width_nm: float) -> Array:
    """M(l) lambda/n_eff [nm] of distances [...]: 2 [W atan(W/l) - (l/2) ln(1 + W^2/l^2)].

    Examples
    --------
    >>> joined_width_nm([0.0, 3e7], 3e4).round(3).tolist()  # pi W, and W^2/l
    [94247.78, 30.0]
    """
    distance = np.asarray(distance_nm, dtype=np.float64)
    apart = np.maximum(distance, np.finfo(np.float64).tiny)
    near = apart < 1e-9 * width_nm  # l ln l is 0 there, and W/l overflows
    slope = width_nm / np.where(near, width_nm, apart)
    return np.where(near, np.pi * width_nm, 2 * width_nm * np.arctan(slope) - apart * np.log1p(slope**2))


def lateral_modes(stripe: Stripe, guide: Guide, cells: int) -> LateralModes:
    """The modes of a stripe, cut into cells."""
    modes = len(guide.labels)
    ones = np.ones((modes, cells))
    if stripe.lateral_modes is not None:
        count = np.full(guide.confinement.shape, stripe.lateral_modes)
        return _arranged(count, ones, ones, np.ones(modes), np.repeat(guide.edge_transmission[..., :1], cells, axis=-1))
    per_nm = guide.effective_index / guide.wavelength_nm
    single_nm = 1 / np.maximum(per_nm.mean(axis=1), np.finfo(np.float64).tiny)  # width of one mode
    between, at_ends = _cell_means(stripe, cells)
    everywhere = np.maximum(np.full(modes, np.pi * stripe.width_nm), single_nm)
    leaving = guide.edge_transmission @ _angles_of_cells(stripe, cells, guide.edge_transmission.shape[-1])
    return _arranged(per_nm, np.maximum(between, single_nm[:, None]), np.maximum(at_ends, single_nm[:, None]), everywhere, leaving)


def _angles_of_cells(stripe: Stripe, cells: int, angles: int) -> Array:
    """At which angles [angle, source] the light of each cell comes to the last boundary, of sum 1.

    The width that joins is 2 int (W - l tan phi) dphi from 0 to atan(W/l), which is M(l) again; each phi belongs to the two
    angles that it lies between, evenly spaced from 0 to 90 degrees, as linear interpolation has it.
    """
    node, weight = np.polynomial.legendre.leggauss(ANGLE_POINTS)
    node, weight = (node + 1) / 2, weight / 2
    distance = (np.arange(cells)[::-1, None] + node) * stripe.length_nm / cells  # [source, place]
    largest = np.arctan2(stripe.width_nm, distance)
    phi = largest[..., None] * node  # [source, place, phi]
    joined = (stripe.width_nm - distance[..., None] * np.tan(phi)) * largest[..., None] * weight[:, None] * weight
    position = phi / (np.pi / 2) * (angles - 1)
    below = np.minimum(position.astype(np.intp), angles - 2)
    shares = np.zeros((angles, cells))
    source = np.broadcast_to(np.arange(cells)[:, None, None], phi.shape)
    np.add.at(shares, (below, source), joined * (below + 1 - position))
    np.add.at(shares, (below + 1, source), joined * (position - below))
    return np.asarray(shares / shares.sum(axis=0))


def _cell_means(stripe: Stripe, cells: int) -> tuple[Array, Array]:
    """Means of the joined width [nm] over pairs of cells n apart (0: forward within the cell), and of a cell and a boundary."""
    size = stripe.length_nm / cells
    node, weight = np.polynomial.legendre.leggauss(GAUSS_POINTS)
    node, weight = (node + 1) / 2, weight / 2  # on 0 to 1
    offset = np.arange(cells)[:, None]
    ends = joined_width_nm((offset + node) * size, stripe.width_nm) @ weight
    # Distances of two evenly filled cells: a triangle about n, of which n = 0 has the upper half.
    beyond = joined_width_nm((offset + node) * size, stripe.width_nm) @ (weight * (1 - node))
    before = joined_width_nm(np.maximum(offset - node, 0.0) * size, stripe.width_nm) @ (weight * (1 - node))
    between = np.where(offset[:, 0] == 0, 2 * beyond, beyond + before)
    return between, ends


def _arranged(count: Array, between: Array, ends: Array, everywhere: Array, leaving: Array) -> LateralModes:
    """Offsets laid out as triangular matrices."""
    cells = between.shape[1]
    apart = np.arange(cells)[:, None] - np.arange(cells)
    cell_matrix = np.where(apart > 0, between[:, np.maximum(apart, 0)], 0.0)
    behind = np.arange(cells + 1)[:, None] - 1 - np.arange(cells)
    end_matrix = np.where(behind >= 0, ends[:, np.maximum(behind, 0)], 0.0)
    return LateralModes(count, cell_matrix, between[:, 0], end_matrix, everywhere, leaving)
