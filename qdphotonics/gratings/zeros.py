"""Zeros of an analytic function in a rectangle: counted by the argument principle, seeded by power sums, then refined together.

As in ``planar.counting``, for functions that NumPy evaluates at many points at once and that are known by their logarithm.

Reference: L. M. Delves, J. N. Lyness, Math. Comp. 21, 543 (1967); O. Aberth, Math. Comp. 27, 339 (1973).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from qdphotonics.gratings.cell import Complexes

LogFunction: TypeAlias = Callable[[Complexes], Complexes]  # points -> log f, its imaginary part modulo 2π

PER_EDGE = 8  # steps of an edge to begin with
LONGEST = 1.0  # change of log f across a step that is taken as it is, modulus and phase
SURPRISE = 0.3  # by which a step's change may differ from the sum over its halves
MOST_POINTS = 20_000
AT_ONCE = 6  # zeros found together; more are told apart by bisecting
SPLITS = (0.5, 0.463, 0.541, 0.417, 0.587)  # where to bisect: the next where the seam runs through a zero
SMALLEST = 1e-9  # of the first rectangle: bisecting gives up
MOST_ITERATIONS = 40
SETTLED = 1e-13  # step relative to the zero after which one more would change nothing but rounding
NUDGE = 1e-7  # of a zero: step of the difference quotient f'/f; its error only slows the iteration down


@dataclass(frozen=True)
class Found:
    """Zeros in a rectangle, and what stands against their being all."""

    zeros: tuple[complex, ...]
    complaint: str


def turned(change: Complexes) -> Complexes:
    """A change of log f with its phase brought into −π … π."""
    return change.real + 1j * (np.mod(change.imag + np.pi, 2 * np.pi) - np.pi)


def walk(function: LogFunction, corners: list[complex]) -> tuple[Complexes, Complexes] | None:
    """Points [point + 1] along a closed polygon and log f followed from one to the next [point]; None where that fails."""
    ends = [*corners, corners[0]]
    pieces = [start + (end - start) * np.arange(PER_EDGE) / PER_EDGE for start, end in pairwise(ends)]
    z = np.concatenate([*pieces, [corners[0]]])
    log = function(z[:-1])
    if not np.isfinite(log).all():
        return None
    log = np.append(log, log[0])
    sure = np.zeros(z.size - 1, dtype=bool)
    while not sure.all():
        if z.size > MOST_POINTS:
            return None
        doubtful = np.flatnonzero(~sure)
        middle = 0.5 * (z[doubtful] + z[doubtful + 1])
        log_middle = function(middle)
        if not np.isfinite(log_middle).all():
            return None
        first, second = turned(log_middle - log[doubtful]), turned(log[doubtful + 1] - log_middle)
        whole = turned(log[doubtful + 1] - log[doubtful])
        small = np.maximum(np.abs(first), np.abs(second)) < LONGEST
        good = small & (np.abs(first + second - whole) < SURPRISE)
        sure[doubtful] = good
        z, log = np.insert(z, doubtful + 1, middle), np.insert(log, doubtful + 1, log_middle)
        sure = np.insert(sure, doubtful + 1, good)
    return z, turned(np.diff(log))


def count(function: LogFunction, low: complex, high: complex) -> tuple[int, Complexes]:
    """Number of zeros in the rectangle low … high, −1 where its outline runs through one, and their power sums about its centre."""
    corners = [low, complex(high.real, low.imag), high, complex(low.real, high.imag)]
    walked = walk(function, corners)
    if walked is None:
        return -1, np.zeros(0, complex)
    z, change = walked
    total = change.sum() / (2j * np.pi)
    number = round(total.real)
    if abs(total - number) > 1e-6:
        return -1, np.zeros(0, complex)
    s = (z - 0.5 * (low + high)) / (0.5 * abs(high - low))
    sums = [np.sum(0.5 * (s[1:] ** p + s[:-1] ** p) * change) / (2j * np.pi) for p in range(1, AT_ONCE + 1)]
    return number, np.array(sums)


def seeds(sums: Complexes, number: int) -> Complexes:
    """The numbers with these power sums, by Newton's identities."""
    coefficient = [1.0 + 0j]
    for k in range(1, number + 1):
        coefficient.append(-sum(coefficient[k - p] * sums[p - 1] for p in range(1, k + 1)) / k)
    return np.asarray(np.roots(coefficient), dtype=complex)


def refine(function: LogFunction, zeros: Complexes) -> tuple[Complexes, float]:
    """Ehrlich–Aberth iteration from seeds near the zeros; the zeros and the last step relative to them."""
    z = np.array(zeros, dtype=complex)
    last = np.inf
    for _ in range(MOST_ITERATIONS):
        nudge = NUDGE * np.abs(z)
        logs = function(np.concatenate([z, z + nudge]))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            slope = (np.exp(logs[z.size :] - logs[: z.size]) - 1.0) / nudge
            apart = z[:, None] - z[None, :]
            slope = slope - np.where(apart == 0.0, 0.0, 1.0 / np.where(apart == 0.0, 1.0, apart)).sum(axis=1)
            step = np.where(np.isfinite(logs[: z.size]) & (slope != 0.0), 1.0 / slope, 0.0)
        step = np.where(np.isfinite(step), step, 0.0)
        z = z - step
        largest = float(np.max(np.abs(step) / np.abs(z)))
        if largest < SETTLED or (largest < 1e-11 and largest >= last):
            return z, largest
        last = largest
    return z, last


def find(function: LogFunction, low: complex, high: complex) -> Found:
    """All zeros in a rectangle, each counted and found."""
    whole, sums = count(function, low, high)
    if whole < 0:
        return Found((), f"the outline of {_told(low, high)} runs through a zero or around a pole")
    pending = [(low, high, whole, sums)]
    zeros: list[complex] = []
    while pending:
        low_, high_, number, sums = pending.pop()
        if number == 0:
            continue
        roots = _roots(function, low_, high_, number, sums)
        if roots is not None:
            zeros += roots
            continue
        halves = _halves(function, low_, high_, number)
        if halves is None or abs(high_ - low_) < SMALLEST * abs(high - low):
            return Found(tuple(zeros), f"{number} zeros are counted in {_told(low_, high_)} and could not be told apart")
        pending += halves
    return Found(tuple(sorted(zeros, key=lambda zero: zero.real)), "")


Counted = tuple[complex, complex, int, Complexes]


def _told(low: complex, high: complex) -> str:
    return f"Re {low.real:.6g} … {high.real:.6g}, Im {low.imag:.3g} … {high.imag:.3g}"


def _roots(function: LogFunction, low: complex, high: complex, number: int, sums: Complexes) -> list[complex] | None:
    """The zeros, where as many as counted are reached from the seeds and lie inside."""
    if number > AT_ONCE:
        return None
    start = 0.5 * (low + high) + 0.5 * abs(high - low) * seeds(sums, number)
    zeros, step = refine(function, start)
    inside = (zeros.real > low.real) & (zeros.real < high.real) & (zeros.imag > low.imag) & (zeros.imag < high.imag)
    return [complex(zero) for zero in zeros] if inside.all() and step < 1e-8 else None


def _halves(function: LogFunction, low: complex, high: complex, number: int) -> list[Counted] | None:
    """The two halves of a rectangle, by a seam that runs through no zero."""
    size = high - low
    for split in SPLITS:
        if size.real >= size.imag:
            seam = low.real + split * size.real
            corners = [(low, complex(seam, high.imag)), (complex(seam, low.imag), high)]
        else:
            seam = low.imag + split * size.imag
            corners = [(low, complex(high.real, seam)), (complex(low.real, seam), high)]
        halves = [(*corner, *count(function, *corner)) for corner in corners]
        if all(half[2] >= 0 for half in halves) and sum(half[2] for half in halves) == number:
            return halves
    return None
