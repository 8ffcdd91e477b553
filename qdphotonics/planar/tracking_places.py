"""Modes put into their places at a stack, and those that were given up on the way sought again by a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.results import Complexes

if TYPE_CHECKING:
    from qdphotonics.planar.tracking_kernel import Followed, Scratch, Stacks

REACH = 0.05  # in n_eff, how far from its last place a mode that was given up is sought, and up to where others are watched
SAME_PLACE = 1e-7  # in n_eff, of a mode that was followed back to where it may have come from: what twins leave


def room(row: NDArray[np.int64], first: NDArray[np.int64], modes: int) -> tuple[Followed, Scratch]:
    """Room for modes of stacks whose layers share rows as ``row`` and ``first`` say."""
    from qdphotonics.planar.tracking_kernel import followed, scratch_for

    return followed(modes, row.size), scratch_for(row, first, modes)


def place(modes: Followed, which: Sequence[int], n_eff: Sequence[complex], stacks: Stacks, point: int, te: bool, scratch: Scratch) -> None:
    """Put zeros of a point's stack, on the sheet of the root rule, into their places."""
    from qdphotonics.planar.dispersion import halfspace_kappas
    from qdphotonics.planar.tracking_kernel import measure_followed, set_stack

    set_stack(stacks, point, point, 0.0, te, scratch)
    for mode, value in zip(which, n_eff, strict=True):
        modes.n_eff[mode] = value
        for side in (0, 1):
            modes.kappa[mode, side] = halfspace_kappas(scratch.guide, side, np.array([value**2]))[0]
        measure_followed(modes, mode, te, scratch)
        modes.active[mode] = True


def others(around: Complexes, taken: Complexes, scratch: Scratch) -> list[complex]:
    """Zeros of the scratch's stack within REACH of some places, less those that are taken."""
    from qdphotonics.planar.search import TWINS, find_zeros

    half_width = 2.0 * float(np.abs(around.imag).max()) + 0.01
    low, high = max(float(around.real.min()) - REACH, 0.0), float(around.real.max()) + REACH
    physical = [zero for zero in find_zeros(scratch.guide, half_width, (low, high)).zeros if zero.physical]
    zeros = [zero.n_eff for zero in physical for _ in range(zero.multiplicity)]
    for n_eff in taken.tolist():
        near = min(zeros, key=lambda zero: abs(zero - n_eff), default=None)
        if near is not None and abs(near - n_eff) < TWINS * (1.0 + abs(near)):
            zeros.remove(near)
    return [zero for zero in zeros if np.abs(around - zero).min() < REACH]


def sought_again(places: Complexes, taken: Complexes, stacks: Stacks, point: int, te: bool, scratch: Scratch) -> list[complex | None]:
    """Zeros of a point's stack for modes last seen at ``places``, one point before; None for a mode that is not found.

    A mode takes the nearest zero that no other has; but not one that, followed back by a way without doubt, was somewhere else
    at the point before: such a zero is another mode, which merely nobody follows.

    Parameters
    ----------
    places : complex array [mode]
    taken : complex array [other mode]
        Where those are that were not given up.
    stacks : Stacks
    point : int
    te : bool
    scratch : Scratch
        Set to the point's stack.
    """
    zeros = others(places, taken, scratch) if places.size else []
    before = _followed_back(zeros, stacks, point, te, scratch)
    found: list[complex | None] = [None] * places.size
    pairs = [(abs(zero - last), mode, number) for mode, last in enumerate(places.tolist()) for number, zero in enumerate(zeros)]
    used: set[int] = set()
    for distance, mode, number in sorted(pairs):
        origin = before[number]
        elsewhere = origin is not None and abs(origin - places[mode]) > SAME_PLACE * (1.0 + abs(origin))
        if distance < REACH and found[mode] is None and number not in used and not elsewhere:
            found[mode] = zeros[number]
            used.add(number)
    return found


def _followed_back(zeros: Sequence[complex], stacks: Stacks, point: int, te: bool, scratch: Scratch) -> list[complex | None]:
    """Where the modes of a point's stack were at the point before; None for those that met another on the way."""
    from qdphotonics.planar.tracking_kernel import advance

    if not zeros:
        return []
    (modes, own), (trial, _) = (room(scratch.guide.row, scratch.first, len(zeros)) for _ in range(2))
    place(modes, range(len(zeros)), zeros, stacks, point, te, own)
    advance(modes, trial, stacks, point, point - 1, te, own)
    kept = modes.active & ~modes.crossed
    return [complex(n_eff) if sure else None for n_eff, sure in zip(modes.n_eff, kept, strict=True)]
