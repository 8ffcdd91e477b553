"""Modes followed along rows of points, as far as that goes without a search."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.tracking_kernel import Followed, Scratch, Stacks, advance

TRACKED, RESOLVED, LOST = range(3)


class Tracks(NamedTuple):
    """What a row of points leaves; axes [mode, point, …]."""

    n_eff: NDArray[np.complex128]
    kappa: NDArray[np.complex128]  # [mode, point, side]
    status: NDArray[np.int8]
    intensity: NDArray[np.float64]  # [mode, point, layer + 2]
    by_index: NDArray[np.complex128]  # [mode, point, layer + 2]
    by_extraordinary: NDArray[np.complex128]  # [mode, point, layer + 2]
    by_thickness: NDArray[np.complex128]  # [mode, point, layer]; dn_eff/d(k0 d)
    room: NDArray[np.float64]  # [mode, point]
    left: NDArray[np.float64]  # [mode, point]


@kernel()
def store(modes: Followed, tracks: Tracks, point: int) -> None:
    """Write the modes into their places at a point."""
    for mode in range(modes.n_eff.size):
        tracks.room[mode, point], tracks.left[mode, point] = modes.room[mode], modes.left[mode]
        if not modes.active[mode]:
            tracks.status[mode, point] = LOST
            tracks.n_eff[mode, point] = complex(np.nan, np.nan)
            tracks.kappa[mode, point] = complex(np.nan, np.nan)
            tracks.intensity[mode, point] = np.nan
            tracks.by_index[mode, point] = complex(np.nan, np.nan)
            tracks.by_extraordinary[mode, point] = complex(np.nan, np.nan)
            tracks.by_thickness[mode, point] = complex(np.nan, np.nan)
            continue
        tracks.status[mode, point] = RESOLVED if modes.crossed[mode] else TRACKED
        tracks.n_eff[mode, point] = modes.n_eff[mode]
        tracks.kappa[mode, point] = modes.kappa[mode]
        tracks.intensity[mode, point] = modes.intensity[mode]
        tracks.by_index[mode, point] = modes.by_index[mode]
        tracks.by_extraordinary[mode, point] = modes.by_extraordinary[mode]
        tracks.by_thickness[mode, point] = modes.by_thickness[mode]


@kernel()
def load(tracks: Tracks, point: int, modes: Followed) -> None:
    """Take the modes from their places at a point: the inverse of ``store``."""
    for mode in range(modes.n_eff.size):
        modes.active[mode] = tracks.status[mode, point] != LOST
        modes.n_eff[mode], modes.kappa[mode] = tracks.n_eff[mode, point], tracks.kappa[mode, point]
        modes.intensity[mode], modes.by_index[mode] = tracks.intensity[mode, point], tracks.by_index[mode, point]
        modes.room[mode], modes.left[mode] = tracks.room[mode, point], tracks.left[mode, point]
        modes.by_extraordinary[mode], modes.by_thickness[mode] = tracks.by_extraordinary[mode, point], tracks.by_thickness[mode, point]


@kernel()
def track_row(
    stacks: Stacks,
    begin: int,
    way: float,
    alive: int,
    end: int,
    current: Followed,
    trial: Followed,
    te: bool,
    scratch: Scratch,
    tracks: Tracks,
) -> tuple[int, float, int]:
    """Follow ``alive`` modes from ``way`` after point ``begin``, where ``current`` holds them, to the last before ``end``.

    Returns (point, way to it, modes alive before it): less than the whole way where others must be sought anew; else the
    point at which a mode was given up, with ``current`` there for the others, or ``end``.
    """
    for point in range(begin + 1, end):
        if way == 0.0:
            current.crossed[:] = False
        way = advance(current, trial, stacks, point - 1, point, way, te, scratch)
        if way < 1.0:
            return point, way, alive
        store(current, tracks, point)
        way = 0.0
        left = current.active.sum()
        if left < alive:
            return point, 1.0, alive
        alive = left
    return end, 1.0, alive


@kernel()
def track_rows(
    stacks: Stacks, row: int, length: int, current: Followed, trial: Followed, te: bool, scratch: Scratch, tracks: Tracks
) -> tuple[int, int, float, int]:
    """Follow the modes along rows of ``length`` points, from ``row`` on, each from its first point, which ``tracks`` hold.

    Returns the row that cannot go on without a search, or the number of rows; and what ``track_row`` says of it.
    """
    rows = stacks.n_o.shape[0] // length
    for each in range(row, rows):
        load(tracks, each * length, current)
        end = (each + 1) * length
        point, way, alive = track_row(stacks, each * length, 0.0, current.active.sum(), end, current, trial, te, scratch, tracks)
        if point < end:
            return each, point, way, alive
    return int(rows), 0, 1.0, 0
