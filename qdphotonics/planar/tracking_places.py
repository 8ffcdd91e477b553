"""Modes put into their places at a stack, others sought around them, and those that were given up sought again: by searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.results import Complexes, Reals

if TYPE_CHECKING:
    from qdphotonics.planar.tracking_kernel import Followed, Scratch, Stacks

REACH = 0.05  # in n_eff, how far from its last place a mode that was given up is sought, and up to where others are watched
SEEN = 0.3  # in Re n_eff, up to where it is known which others there are
PARTED = 2.0 * REACH  # beyond which another is not watched any longer
SAME_PLACE = 1e-7  # in n_eff, of a mode that was followed back to where it may have come from: what twins leave


def room(row: NDArray[np.int64], first: NDArray[np.int64], modes: int) -> tuple[Followed, Scratch]:
    """Room for modes of stacks whose layers share rows as ``row`` and ``first`` say."""
    from qdphotonics.planar.tracking_kernel import followed, scratch_for

    return followed(modes, row.size), scratch_for(row, first, modes)


class TooManyOthers(Exception):
    """More modes have to be followed along than there is room for; ``args``: so many more."""


def place(modes: Followed, which: Sequence[int], n_eff: Sequence[complex], te: bool, scratch: Scratch) -> None:
    """Put zeros of the scratch's stack, on the sheet of the root rule, into their places."""
    from qdphotonics.planar.dispersion import halfspace_kappas
    from qdphotonics.planar.tracking_kernel import measure_followed

    for mode, value in zip(which, n_eff, strict=True):
        modes.n_eff[mode] = value
        for side in (0, 1):
            modes.kappa[mode, side] = halfspace_kappas(scratch.guide, side, np.array([value**2]))[0]
        measure_followed(modes, mode, te, scratch)
        modes.active[mode] = True


def others(around: Complexes, taken: Complexes, scratch: Scratch, reach: float = REACH) -> list[complex]:
    """Zeros of the scratch's stack within ``reach`` of some places, less those that are taken; none far beyond in Im n_eff.

    Modes go by each other along Re n_eff, so REACH is room enough there; four times that takes ten times as long to search.
    """
    from qdphotonics.planar.search import TWINS, find_zeros

    half_width = float(np.abs(around.imag).max()) + REACH
    low, high = max(float(around.real.min()) - reach, 0.0), float(around.real.max()) + reach
    physical = [zero for zero in find_zeros(scratch.guide, half_width, (low, high)).zeros if zero.physical]
    zeros = [zero.n_eff for zero in physical for _ in range(zero.multiplicity)]
    for n_eff in taken.tolist():
        near = min(zeros, key=lambda zero: abs(zero - n_eff), default=None)
        if near is not None and abs(near - n_eff) < TWINS * (1.0 + abs(near)):
            zeros.remove(near)
    return [zero for zero in zeros if np.abs(around - zero).min() < reach]


def watched(around: Complexes, taken: Complexes, scratch: Scratch) -> tuple[list[complex], Reals]:
    """Zeros near some places that must be followed along, and how far the mode at each place may go before the next search.

    One that nobody watched could change places with a mode. The nearest of those is at least REACH away, and it may come as
    far towards the mode as the mode towards it: the mode has half the way.
    """
    seen = others(around, taken, scratch, SEEN)
    far = [zero for zero in seen if np.abs(around - zero).min() >= REACH]
    room = [0.5 * min((abs(zero - n_eff) for zero in far), default=SEEN) for n_eff in around.tolist()]
    return [zero for zero in seen if zero not in far], np.array(room)


def watch_anew(modes: Followed, asked: int, te: bool, scratch: Scratch) -> int:
    """Seek others around the first ``asked`` modes at the scratch's stack, follow those along, and those left behind no longer.

    Returns by how many more modes are followed.

    Raises
    ------
    TooManyOthers
    """
    mine = np.flatnonzero(modes.active[:asked])
    around = modes.n_eff[mine]
    before = int(modes.active.sum())
    for mode in range(asked, modes.n_eff.size):
        modes.active[mode] &= np.abs(around - modes.n_eff[mode]).min() < PARTED
    strangers, modes.room[mine] = watched(around, modes.n_eff[modes.active], scratch)
    modes.left[mine] = modes.room[mine]
    free = asked + np.flatnonzero(~modes.active[asked:])
    if len(strangers) > free.size:
        raise TooManyOthers(len(strangers) - free.size)
    taken = free[: len(strangers)].tolist()
    place(modes, taken, strangers, te, scratch)
    modes.crossed[taken] = False
    return int(modes.active.sum()) - before


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
    from qdphotonics.planar.tracking_kernel import advance, set_stack

    if not zeros:
        return []
    (modes, own), (trial, _) = (room(scratch.guide.row, scratch.first, len(zeros)) for _ in range(2))
    set_stack(stacks, point, point, 0.0, te, own)
    place(modes, range(len(zeros)), zeros, te, own)
    advance(modes, trial, stacks, point, point - 1, 0.0, te, own)
    kept = modes.active & ~modes.crossed
    return [complex(n_eff) if sure else None for n_eff, sure in zip(modes.n_eff, kept, strict=True)]
