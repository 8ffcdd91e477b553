"""Stationary probabilities of chains of states, without a subtraction, so that each keeps its relative accuracy.

One-dimensional chains by conditional probabilities, banded ones by the elimination of Grassmann, Taksar and Heyman
(Oper. Res. 1985, 33, 1107, doi:10.1287/opre.33.5.1107): rates may differ by any factor, no probability comes out negative.
Arrays hold the drives last, [state, drive], so that each step works on rows in a row of memory.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Array = NDArray[np.float64]

_AS_GOOD_AS_INFINITE = 1e300  # leaves 1e-300 for the state below
_RESCALE_ABOVE = 1e150  # a weight may grow by this much from one state to the next without overflow


def birth_death(ratio: Array) -> Array:
    """Probabilities [state, drive] of a chain in which P_N/P_{N-1} = ratio_N; ``ratio`` [state - 1, drive], inf allowed.

    With c_N = P(N | at most N), c_N = r c/(1 + r c) where r c = ratio_N c_{N-1}, and P_N = c_N prod_{k>N} (1 - c_k):
    sums of positive terms only.
    """
    top = np.ones((len(ratio) + 1, *ratio.shape[1:]))
    empty = np.empty_like(ratio)  # 1 - c_N
    for state in range(1, len(top)):
        odds = np.minimum(ratio[state - 1], _AS_GOOD_AS_INFINITE) * top[state - 1]
        np.divide(1.0, 1.0 + odds, out=empty[state - 1])
        np.multiply(odds, empty[state - 1], out=top[state])
    weight = np.ones(ratio.shape[1:])
    for state in range(len(top) - 1, 0, -1):
        top[state] *= weight
        weight *= empty[state - 1]
    top[0] = weight
    return top


def banded(band: Array, root: NDArray[np.intp]) -> Array:
    """Stationary probabilities [state, drive] of rates ``band`` [state, 2 width + 1, drive], overwritten.

    ``band[i, width + j - i]`` is the rate from state i to state j; entries of state i to itself are ignored. ``root``
    [drive] is a state of each chain that every state of it leads to, with no other state of the chain below it.
    """
    states, breadth, drives = band.shape
    width = breadth // 2
    row, entry, item = band.strides
    # rate[i, j] is band[i, width + j - i]; only |i - j| <= width is meant
    rate = as_strided(band[0, width:], (states, states, drives), (row - entry, entry, item))
    product = np.empty((width, width, drives))
    for last in range(states - 1, 0, -1):
        first = max(0, last - width)
        leaving = rate[last, first:last]
        total = leaving.sum(axis=0)
        entering = rate[first:last, last]
        np.divide(1.0, total, out=total, where=total > 0)  # without an exit: not in the chain, or its root
        leaving *= total
        part = product[: last - first, : last - first]
        np.multiply(entering[:, None], leaving[None], out=part)
        rate[first:last, first:last] += part
        entering *= total
    return _back_substituted(rate, width, root)


def _back_substituted(rate: Array, width: int, root: NDArray[np.intp]) -> Array:
    """Probabilities [state, drive] after elimination, P_j = sum_{i<j} P_i rate[i, j]; ``rate`` [state, state, drive]."""
    states, _, drives = rate.shape
    weight = np.zeros((states, drives))
    weight[root, np.arange(drives)] = 1.0
    for state in range(1, states):
        first = max(0, state - width)
        weight[state] += np.einsum("id,id->d", weight[first:state], rate[first:state, state])
        if weight[state].max() > _RESCALE_ABOVE:
            weight[: state + 1] /= np.maximum(weight[state], 1.0)
    weight /= weight.sum(axis=0)
    return weight


def dense(matrix: Array, root: NDArray[np.intp]) -> Array:
    """Stationary probabilities [state, drive] of rates or probabilities ``matrix`` [drive, from, to]; diagonal ignored."""
    rate = np.ascontiguousarray(np.moveaxis(matrix, 0, -1))
    states = len(rate)
    for last in range(states - 1, 0, -1):
        total = rate[last, :last].sum(axis=0)
        np.divide(1.0, total, out=total, where=total > 0)
        rate[last, :last] *= total
        rate[:last, :last] += rate[:last, last, None] * rate[last, None, :last]
        rate[:last, last] *= total
    return _back_substituted(rate, states, root)
