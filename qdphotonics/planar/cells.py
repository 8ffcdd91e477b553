"""The region of a search, divided into cells in which the dispersion function has no branch cut.

           substrate's cut   superstrate's cut          The strip is divided along Re n_eff. Where a half-space's
+b  +------+-|-+------------+-|-+------+------+         branch cut stands in it, the cell is a box in that
    | u    |zeta   N        |zeta  N   |  N   |         half-space's rotated variable zeta, in which the cut is
-b  +------+---+------------+---+------+------+         gone; the first cell, in u = n_eff^2, holds Re n_eff = 0.
    0                                      N_max        Neighbours overlap.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

import numpy as np

from qdphotonics.planar import dispersion as d

WIDTH = 0.3  # of a cell in n_eff; above n_eff = 3, where only plasmons are, a tenth of n_eff
BESIDE_CUT = 0.02  # least distance in n_eff between a cut and the edge of its cell
OVERLAP = 0.004  # of a cell over its neighbours' strips; small against BESIDE_CUT
BEYOND_CUT = 0.08  # depth of a zeta box below the physical side, relative to its size: zeros near the cut lie inside
MARGIN = 0.05  # of a zeta box around what it must cover, relative to its size: the boundary is sampled
SAMPLES = np.linspace(-1.0, 1.0, 65)


@dataclass(frozen=True)
class Cell:
    """A rectangle of a variable's plane that covers the strip lowest <= Re n_eff <= highest."""

    lowest: float
    highest: float
    guide: d.Guide  # upside down where the superstrate's zeta serves
    variable: int
    low: complex
    high: complex


def divide(guide: d.Guide, half_width: float, lowest: float, highest: float) -> list[Cell]:
    """Cells that cover lowest <= Re n_eff <= highest, |Im n_eff| <= half_width, by rising Re n_eff."""
    cuts = sorted(_cut_cells(guide, half_width, lowest, highest), key=lambda cell: cell.lowest)
    cells: list[Cell] = []
    reached = lowest
    for cut in cuts:
        cells += _plain_cells(guide, half_width, reached, cut.lowest)
        cells.append(cut)
        reached = cut.highest
    return cells + _plain_cells(guide, half_width, reached, highest)


def _plain_cells(guide: d.Guide, half_width: float, lowest: float, highest: float) -> list[Cell]:
    """Cells of a range of Re n_eff that no cut touches."""
    cells = []
    tall = half_width + 0.02 * BESIDE_CUT
    while lowest < highest:
        width = max(WIDTH, 0.1 * lowest)
        pieces = math.ceil((highest - lowest) / width)
        end = highest if pieces == 1 else lowest + (highest - lowest) / pieces
        if lowest == 0.0:  # D is even in n_eff: in u, n_eff = 0 is no boundary
            right = (end + OVERLAP) ** 2
            low, high, variable = complex(-(tall**2), -2 * (end + OVERLAP) * tall), complex(right, 2 * (end + OVERLAP) * tall), d.SQUARE
        else:
            low, high, variable = complex(lowest - OVERLAP, -tall), complex(end + OVERLAP, tall), d.N
        cells.append(Cell(lowest, end, guide, variable, low, high))
        lowest = end
    return cells


def _cut_cells(guide: d.Guide, half_width: float, lowest: float, highest: float) -> list[Cell]:
    """A zeta box around each half-space's cut in the strip; one for both where they are neighbours."""
    beside = max(half_width, BESIDE_CUT)
    intervals: list[tuple[float, float] | None] = []
    for side in (0, 1):
        crossed = _crossing(guide, side, half_width + OVERLAP)
        interval = None
        if crossed is not None and crossed[0] - beside < highest and crossed[1] + beside > lowest:
            interval = max(lowest, crossed[0] - beside), min(highest, crossed[1] + beside)
            if interval[0] < 2 * BESIDE_CUT and lowest == 0.0:
                interval = 0.0, interval[1]
        intervals.append(interval)
    substrate, superstrate = intervals
    if substrate and superstrate and substrate[0] <= superstrate[1] + OVERLAP and superstrate[0] <= substrate[1] + OVERLAP:
        variable = d.ROTATED_BOTH if np.array_equal(guide.outer[0], guide.outer[1]) else d.ROTATED_PRODUCT
        low, high = min(substrate[0], superstrate[0]), max(substrate[1], superstrate[1])
        return [_zeta_box(guide, variable, half_width, low, high)]
    cells = [] if substrate is None else [_zeta_box(guide, d.ROTATED, half_width, *substrate)]
    return cells if superstrate is None else [*cells, _zeta_box(d.upside_down(guide), d.ROTATED, half_width, *superstrate)]


def _crossing(guide: d.Guide, side: int, half_width: float) -> tuple[float, float] | None:
    """Range of Re n_eff over which a half-space's cut stands in the strip.

    The cut is kappa^2 = kappa0 - kappa1 u = -i tau, tau >= 0. At Im n_eff = y it lies where Re(kappa1 u) = Re kappa0,
    a quadratic in x = Re n_eff.
    """
    q, g0, g1 = guide.outer[side].tolist()
    kappa0, kappa1 = q * g0, q * g1
    y = SAMPLES * half_width
    middle = kappa1.imag * y
    root = middle**2 + kappa1.real * (kappa1.real * y**2 + kappa0.real)
    real = root >= 0.0
    y, middle, root = y[real], middle[real], np.sqrt(root[real])
    x = np.concatenate([(middle + root) / kappa1.real, (middle - root) / kappa1.real])
    u = (x + 1j * np.concatenate([y, y])) ** 2
    crossed = x[(x >= 0.0) & ((kappa1 * u - kappa0).imag >= 0.0)]
    return (float(crossed.min()), float(crossed.max())) if crossed.size else None


def _zeta_box(guide: d.Guide, variable: int, half_width: float, lowest: float, highest: float) -> Cell:
    """The rectangle of zeta that covers a stretch of the strip on the substrate's physical side."""
    left, right, tall = max(lowest - OVERLAP, 0.0), highest + OVERLAP, half_width + 0.02 * BESIDE_CUT
    across, up = left + (right - left) * 0.5 * (1.0 + SAMPLES), tall * SAMPLES
    n_eff = np.concatenate([across + 1j * tall, across - 1j * tall, left + 1j * up, right + 1j * up])
    q, g0, g1 = guide.outer[0].tolist()
    zeta = cmath.exp(0.25j * math.pi) * d.halfspace_kappas(guide, 0, n_eff**2)
    radius = float(np.abs(zeta).max())
    low = complex(zeta.real.min() - MARGIN * radius, -BEYOND_CUT * radius)
    high = complex(zeta.real.max() + MARGIN * radius, zeta.imag.max() + MARGIN * radius)
    if variable == d.ROTATED:
        # u stays within |zeta|^2 of the substrate's branch point; the other cut is the ray from `start` along `along`.
        reach = max(abs(low), abs(high), abs(complex(low.real, high.imag)), abs(complex(high.real, low.imag))) ** 2 / abs(q * g1)
        q_c, g0_c, g1_c = guide.outer[1].tolist()
        start, along = g0_c / g1_c - g0 / g1, 1j / (q_c * g1_c)
        foot = max(0.0, -(start * along.conjugate()).real / abs(along) ** 2)
        if abs(start + foot * along) <= reach:
            variable = d.ROTATED_PRODUCT
    return Cell(lowest, highest, guide, variable, low, high)
