"""All zeros of the dispersion function in a strip of the n_eff plane, on the sheet of the root rule, with a certificate.

In each cell the zeros are counted and found; cells with more than four are bisected, and the halves' counts must sum to
the whole's. The search is certified when every count equals the number of zeros found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar import dispersion as d
from qdphotonics.planar.bounds import largest_n_eff
from qdphotonics.planar.cells import OVERLAP, Cell, divide
from qdphotonics.planar.counting import refine, zeros_inside

TWINS = 1e-8  # zeros closer than this are one of multiplicity two: double precision resolves no finer
SPLITS = (0.5, 0.463, 0.541, 0.417, 0.587)  # where to bisect: the next where the seam runs through a zero
OUTWARD = (0.0, 0.013, 0.029, 0.043)  # by how much of its size a cell's outline moves out when it runs through a zero
SMALLEST = 1e-9  # side of a rectangle at which bisecting gives up
BRANCH_POINT = 1e-8  # |zeta| under which n_eff equals the half-space's index in double precision
SAME_SHEET = 1e-5  # how far a zero of D+ D- may move when polished on one of the two alone
SHEETS = (1.0, -1.0)  # of the superstrate's root: that of the root rule, the other
CIRCLE = 128  # points on which a small circle's zeros are counted
POLISHED = 1e-9  # Newton's last step, relative: the next, its square, is below rounding


@dataclass(frozen=True)
class Zero:
    """A zero of the dispersion function."""

    n_eff: complex
    multiplicity: int
    physical: bool  # on the sheet of the root rule, else beyond a branch cut


@dataclass(frozen=True)
class Findings:
    """The zeros of a region by falling Re n_eff; complaints say where the count is not met."""

    zeros: tuple[Zero, ...]
    n_range: tuple[float, float]
    upper_bound: str  # how the upper end of n_range was found
    complaints: tuple[str, ...]


def find_zeros(guide: d.Guide, half_width: float, n_range: tuple[float, float] | None) -> Findings:
    """Zeros in n_range (None: 0 < Re n_eff up to where no mode can be) and |Im n_eff| <= half_width."""
    reason = "as asked"
    if n_range is None:
        highest, reason = largest_n_eff(guide, half_width)
        n_range = 0.0, highest
    complaints = []
    cells = divide(guide, half_width, *n_range)
    found: list[list[Zero]] = []
    for cell in cells:
        roots = _roots_of(cell)
        own = None if roots is None else _sorted_by_sheet(cell, roots)
        if own is None:
            fault = "counted" if roots is None else "told apart by sheet"
            complaints.append(f"zeros with {cell.lowest:.4f} < Re n_eff < {cell.highest:.4f} could not be {fault}")
        found.append(own or [])
    zeros = []
    for own, low, high in zip(found, *_seams(cells, found, n_range), strict=True):
        zeros += [zero for zero in own if low < zero.n_eff.real <= high and abs(zero.n_eff.imag) <= half_width]
    zeros.sort(key=lambda zero: -zero.n_eff.real)
    return Findings(tuple(zeros), n_range, reason, tuple(complaints))


def _roots_of(cell: Cell) -> list[tuple[complex, int]] | None:
    """Zeros of a cell in its own variable, with multiplicity; None where the count is not met."""
    size = cell.high - cell.low
    for outward in OUTWARD:
        # A zeta box may grow on all sides; the strip's cells must keep clear of the cuts beside them.
        move = complex(outward * size.real if cell.variable >= d.ROTATED else 0.2 * OVERLAP * outward, outward * size.imag)
        roots = _bisected(cell.guide, cell.variable, cell.low - move, cell.high + move)
        if roots is not None:
            return roots
    return None


def _bisected(guide: d.Guide, variable: int, low: complex, high: complex) -> list[tuple[complex, int]] | None:
    """Zeros inside a rectangle, by bisecting until each piece gives up all of its own."""
    count, found, zeros = zeros_inside(guide, variable, low, high)
    if count < 0:
        return None
    pending = [(low, high, count, found, zeros)]
    roots: list[tuple[complex, int]] = []
    while pending:
        low, high, count, found, zeros = pending.pop()
        if found:
            roots += _clustered(guide, variable, zeros)
            continue
        halves = _halves(guide, variable, low, high, count)
        if halves is None:
            return None
        pending += halves
    return roots


Counted = tuple[complex, complex, int, bool, NDArray[np.complex128]]  # a rectangle and what zeros_inside says of it


def _halves(guide: d.Guide, variable: int, low: complex, high: complex, count: int) -> list[Counted] | None:
    """The two halves of a rectangle, by a seam that runs through no zero: their counts sum to the whole's."""
    size = high - low
    if max(size.real, size.imag) < SMALLEST:
        return None
    for split in SPLITS:
        if size.real >= size.imag:
            seam = low.real + split * size.real
            corners = [(low, complex(seam, high.imag)), (complex(seam, low.imag), high)]
        else:
            seam = low.imag + split * size.imag
            corners = [(low, complex(high.real, seam)), (complex(low.real, seam), high)]
        halves = [(*corner, *zeros_inside(guide, variable, *corner)) for corner in corners]
        if all(half[2] >= 0 for half in halves) and sum(half[2] for half in halves) == count:
            return halves
    return None


def _clustered(guide: d.Guide, variable: int, zeros: NDArray[np.complex128], near_c: complex = 0j) -> list[tuple[complex, int]]:
    """Zeros closer than TWINS brought together at their centre (``near_c`` as in :func:`dispersion`)."""
    roots: list[tuple[complex, int]] = []
    left = sorted(zeros.tolist(), key=lambda zero: (zero.real, zero.imag))
    while left:
        group = [zero for zero in left if abs(zero - left[0]) < TWINS * (1.0 + abs(zero))]
        left = [zero for zero in left if zero not in group]
        centre = sum(group) / len(group)
        roots.append((group[0], 1) if len(group) == 1 else (_centre(guide, variable, centre, near_c), len(group)))
    return roots


def _centre(guide: d.Guide, variable: int, near: complex, near_c: complex, step: float = 1e-5) -> complex:
    """Centre of a pair of zeros: where dD/ds = 0, which stays well-conditioned however close they are."""
    work = d.workspace(guide.q.size, 0)
    for _ in range(3):
        before, at, after = (d.dispersion(guide, near + h, variable, 0j, near_c, work) for h in (-step, 0.0, step))
        second = (after[1] * math.exp(after[2] - at[2]) - before[1] * math.exp(before[2] - at[2])) / (2 * step)
        near -= at[1] / second
    return near


def _sorted_by_sheet(cell: Cell, roots: list[tuple[complex, int]]) -> list[Zero] | None:
    """Say of each zero of a cell whether it lies on the sheet of the root rule; None where that cannot be told of all."""
    if cell.variable != d.ROTATED_PRODUCT:
        rotated = cell.variable in (d.ROTATED, d.ROTATED_BOTH)
        return [Zero(d.n_eff_of(cell.guide, s, cell.variable), m, not rotated or _is_physical(s)) for s, m in roots]
    zeros = []
    for group in _neighbours(roots):
        # A zero of D+ D- is one of D+, or of D-, or there is one of each where the superstrate is far away.
        found = [_polished(cell.guide, sheet, group) for sheet in SHEETS]
        counted = sum(multiplicity for _, multiplicity in group)
        if sum(map(len, found)) != counted:
            found = [_recounted(cell.guide, sheet, group) for sheet in SHEETS]
        if sum(m for zeros_of_sheet in found for _, m in zeros_of_sheet) != counted:
            return None
        for sheet, zeros_of_sheet in zip(SHEETS, found, strict=True):
            zeros += [Zero(d.n_eff_of(cell.guide, s, d.ROTATED), m, sheet > 0.0 and _is_physical(s)) for s, m in zeros_of_sheet]
    return zeros


def _neighbours(roots: list[tuple[complex, int]]) -> list[list[tuple[complex, int]]]:
    """Groups of zeros of which each is nearer than SAME_SHEET to another of its group and to none of the other groups."""
    groups: list[list[tuple[complex, int]]] = []
    for root in roots:
        near = [group for group in groups if any(abs(root[0] - other) < SAME_SHEET for other, _ in group)]
        groups = [group for group in groups if group not in near] + [[root, *(other for group in near for other in group)]]
    return groups


def _near_c(guide: d.Guide, sheet: float, s: complex) -> complex:
    """What tells :func:`dispersion` the sheet of the superstrate's root around s."""
    return complex(sheet * d.halfspace_kappas(guide, 1, np.array([d.n_eff_of(guide, s, d.ROTATED) ** 2]))[0])


def _polished(guide: d.Guide, sheet: float, group: list[tuple[complex, int]]) -> list[tuple[complex, int]]:
    """The distinct zeros to which Newton's method on one sheet leads from those of the product."""
    found: list[tuple[complex, int]] = []
    for s, _ in group:
        polished = np.array([s])
        step = refine(guide, d.ROTATED, _near_c(guide, sheet, s), polished)
        at = complex(polished[0])
        if step < POLISHED and abs(at - s) < SAME_SHEET and all(abs(at - other) > TWINS for other, _ in found):
            found.append((at, 1))
    return found


def _recounted(guide: d.Guide, sheet: float, group: list[tuple[complex, int]]) -> list[tuple[complex, int]]:
    """The zeros of one sheet around a group: counted by the contour integral of dD/ds / D on a circle, then found together.

    The trapezoidal rule errs as a power of its points: of a zero's distance from the centre over the radius, or the inverse.
    """
    centre = sum(s for s, _ in group) / len(group)
    extent = max(abs(s - centre) for s, _ in group)
    near_c = _near_c(guide, sheet, centre)
    work = d.workspace(guide.q.size, 0)
    turns = np.exp(2j * math.pi * (np.arange(CIRCLE) + 0.5) / CIRCLE)
    around = [(turn, d.dispersion(guide, centre + turn, d.ROTATED, 0j, near_c, work)) for turn in (extent + 0.5 * SAME_SHEET) * turns]
    count = round(np.mean([turn * slope / value for turn, (value, slope, _) in around]).real)
    if count < 1:
        return []
    zeros = centre + (0.5 * extent + TWINS) * np.exp(2j * math.pi * (np.arange(count) + 0.3) / count)
    refine(guide, d.ROTATED, near_c, zeros)
    if np.abs(zeros - centre).max() > extent + 0.5 * SAME_SHEET:
        return []
    return _clustered(guide, d.ROTATED, zeros, near_c)


def _is_physical(zeta: complex) -> bool:
    """Side of the root rule; at the branch point itself there is a plane wave (as of a stack without contrast), no mode."""
    return zeta.imag > 0.0 and abs(zeta) > BRANCH_POINT


def _seams(cells: list[Cell], found: list[list[Zero]], n_range: tuple[float, float]) -> tuple[list[float], list[float]]:
    """Lower and upper end of the Re n_eff that each cell owns: seams lie where cells overlap, as far as can be from any zero."""
    seams = [n_range[0]]
    for i in range(1, len(cells)):
        places = cells[i].lowest + OVERLAP * np.linspace(-0.9, 0.9, 31)
        near = np.array([zero.n_eff.real for zero in found[i - 1] + found[i]])
        distance = np.abs(places[:, None] - near).min(axis=1, initial=math.inf)
        seams.append(float(places[15] if distance[15] > 0.1 * OVERLAP else places[distance.argmax()]))
    seams.append(n_range[1])
    return seams[:-1], seams[1:]
