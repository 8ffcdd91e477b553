"""A family of a million stacks followed in blocks: each starts with a certified search, so memory and doubt stay bounded."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qdphotonics import planar
from qdphotonics.planar.results import Polarization

BLOCK = 10_000
SILVER = np.array([1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0])
THICKNESS_NM = np.array([250.0, 95.0, 50.0, 10.0, 100.0])
SWING_NM = np.array([20.0, 10.0, 10.0, 2.0, 5.0])  # each layer swings by this much around its thickness ...
TURNS = np.array([1.0, 7.0, 41.0, 241.0, 1201.0])  # ... so many times over the family: it fills the box of thicknesses
NEAR = 1e-11  # the search at a block's start must find what the block before ended with


@dataclass(frozen=True)
class Block:
    """What is kept of a block."""

    points: int
    modes: int
    tracked: float  # share of the solutions followed without a question
    mismatch: float  # of the next search to the end of this block, in n_eff
    certified: bool


def silver_family(points: int, first: int = 0, count: int | None = None) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Index, and thicknesses [point, layer] of ``count`` stacks from ``first`` on, of a family of ``points``."""
    way = np.arange(first, first + (points if count is None else count)) / max(points - 1, 1)
    return SILVER, THICKNESS_NM + SWING_NM * np.sin(2 * np.pi * TURNS * way[:, None])


def track_in_blocks(points: int, polarization: Polarization = "TM") -> Iterator[Block]:
    """Follow the family; neighbouring blocks share a stack, at which the next search is held against the last block."""
    last: NDArray[np.complex128] | None = None
    for first in range(0, points - 1, BLOCK):
        count = min(BLOCK + 1, points - first)
        index, thickness = silver_family(points, first, count)
        start = planar.find_modes(index, thickness[0], 640.0, polarization)
        tracks = planar.track_modes(index, thickness, 640.0, polarization, start)
        mismatch = 0.0
        if last is not None:
            now = np.array([mode.n_eff for mode in start.modes])
            mismatch = float(np.abs(last[:, None] - now).min(axis=1).max()) if now.size else np.inf
        last = tracks.n_eff[:, -1][tracks.on_sheet[:, -1]]
        yield Block(count - 1, len(start.modes), float((tracks.status == "tracked").mean()), mismatch, start.certified)


def high_water_mib() -> float:
    """The most memory that this process has held so far [MiB], what it inherited from its parent not counted."""
    status = Path("/proc/self/status")
    if status.is_file():
        peak = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return float(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
