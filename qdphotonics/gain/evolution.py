"""Probabilities in time: exact exponentials of rate matrices, of nonnegative terms only.

Uniformisation: with the largest rate L of leaving a state, Q = L (B - 1) and B >= 0 is stochastic, so that
exp(Q t) = exp(-L t) sum_k (L t)^k B^k/k! has no cancellation. For long times exp(Q t) = exp(Q t/2^s)^(2^s), where after each
squaring the rows are scaled to sum to 1: what leaves a group of states keeps its relative accuracy, and what stays follows from
it, so that rates of femtoseconds and seconds go together (Xue and Ye, Math. Comp. 2013, 82, 1577,
doi:10.1090/S0025-5718-2013-02677-4).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import not_negative, refuse
from qdphotonics.gain.excitation import Statistics, pulsed
from qdphotonics.gain.space import Drive, Space
from qdphotonics.gain.steady import dense

Array = NDArray[np.float64]

_TERMS = 20  # with L t <= 1/2 the first term left out is 1e-26, and 1e-14 of an entry twelve moves away
_LONGEST_STEP = 0.5
_MATRIX_ITEMS = 2_000_000  # of the matrices that are worked on together: 16 MB


def exponential(rates: Array, time: Array) -> Array:
    """Transition probabilities [drive, from, to] after ``time`` [drive] under ``rates`` [drive, from, to]; diagonal ignored."""
    states = rates.shape[-1]
    diagonal = np.arange(states)
    moved = rates * time[:, None, None]
    moved[:, diagonal, diagonal] = 0.0
    leaving = moved.sum(axis=-1)
    longest = leaving.max(initial=0.0)
    squarings = max(0, int(np.ceil(np.log2(longest / _LONGEST_STEP)))) if longest > 0 else 0
    moved = np.ldexp(moved, -squarings)
    leaving = np.ldexp(leaving, -squarings)
    # L t is the same for all drives of the batch: B = 1 - leaving/(L t) + moved/(L t) needs L t >= leaving only.
    moved[:, diagonal, diagonal] = leaving.max(initial=0.0) - leaving
    unit = np.eye(states)
    found: Array = np.broadcast_to(unit, moved.shape)
    for term in range(_TERMS, 0, -1):
        found = unit + moved @ found / term
    found = found / found.sum(axis=-1, keepdims=True)  # exp(-L t), among others
    for _ in range(squarings):
        found = found @ found
        found /= found.sum(axis=-1, keepdims=True)
    return found


def step_lengths(step_ns: ArrayLike) -> Array:
    """Checked lengths [step] of steps."""
    steps = not_negative("step_ns", step_ns)
    if steps.ndim != 1 or not steps.size or not (np.isfinite(steps) & (steps > 0)).all():
        refuse("step_ns", "be a list of steps > 0 and finite", step_ns)
    return steps


def _step_matrices(space: Space, drive: Drive, steps: Array) -> Iterator[Array]:
    """Transition probabilities [drive, from, to] of each step in turn; ``drive`` has its steps last."""
    before, matrix = None, np.empty(0)
    for step, length in enumerate(steps.tolist()):
        part = drive.part(slice(step, None, len(steps)))
        key = np.vstack([part.pair, part.electron, part.hole, part.stimulated, np.full(part.size, length)])
        if before is None or not np.array_equal(before, key):  # steps of a trace are often alike
            different, place = np.unique(key, axis=1, return_inverse=True)
            pair, electron, hole, *photons, time = different
            rates = space.rates(Drive(pair.shape, pair, electron, hole, np.array(photons)))
            before, matrix = key, exponential(rates, time)[place]
        yield matrix


def _chunks(space: Space, drive: Drive, steps: Array) -> Iterator[tuple[slice, Drive]]:
    """Parts of the drives, steps and all, whose matrices fit into little memory."""
    count = drive.size // len(steps)
    width = max(1, _MATRIX_ITEMS // len(space.electrons) ** 2)
    for first in range(0, count, width):
        yield slice(first, first + width), drive.part(slice(first * len(steps), (first + width) * len(steps)))


def trace(space: Space, drive: Drive, steps: Array, start: Array) -> Array:
    """Probabilities [state, drive, step + 1] from ``start`` [state, drive] on."""
    found = np.empty((*start.shape, len(steps) + 1))
    found[..., 0] = start
    for here, part in _chunks(space, drive, steps):
        now = start[:, here]
        share = now.sum(axis=0)
        for step, matrix in enumerate(_step_matrices(space, part, steps)):
            now = np.einsum("id,dij->jd", now, matrix)
            now *= share / now.sum(axis=0)  # roundings of many steps must not add up
            found[:, here, step + 1] = now
    return found


def repeated(space: Space, drive: Drive, steps: Array, excitons: Array, statistics: Statistics) -> Array:
    """Probabilities [state, drive] at the start of a period, just after its short pulse, when it has been repeated for ever."""
    states = len(space.electrons)
    found = np.empty((states, drive.size // len(steps)))
    for here, part in _chunks(space, drive, steps):
        total: Array = np.eye(states)[None]
        for matrix in _step_matrices(space, part, steps):
            total = total @ matrix
            total /= total.sum(axis=-1, keepdims=True)
        if excitons[here].any():
            after = pulsed(space, np.moveaxis(total, -1, 0), excitons[here, None], statistics)
            total = np.moveaxis(after, 0, -1)
        alone = (part.electron + part.hole).reshape(-1, len(steps)).max(axis=-1) > 0
        found[:, here] = dense(total, space.roots(alone))
    return found
