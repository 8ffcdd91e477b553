"""Short pulses: how many pairs a dot gains while nothing decays.

Above the band gap each absorbed photon is independent of the others (they relax to the band edge at once): Poisson's distribution.
At the band edge each of the g band-edge pairs of a dot can be filled once, with probability 1 - exp(-sigma J/g) for a pulse
that would bring a dark dot sigma J pairs: binomial, <N> = g (1 - exp(-sigma J/g)).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qdphotonics._checks import refuse
from qdphotonics.gain.space import Space

Array = NDArray[np.float64]
Statistics = Literal["poisson", "band-edge"]

# Beyond, a dot of 100 pairs is full: exp(-N) N^100/100! < 1e-300; and inf * 0 is avoided.
_MOST_EXCITONS = 2000.0


def poisson(mean: Array, most: int) -> Array:
    """Probabilities [N, ...] of N = 0 ... most absorbed photons of this mean [...]; the last entry is that of most or more."""
    from scipy.special import gammainc, gammaln, xlogy

    bounded = np.minimum(mean, _MOST_EXCITONS)
    number = np.arange(float(most)).reshape(-1, *(1,) * bounded.ndim)
    found = np.exp(xlogy(number, bounded) - bounded - gammaln(number + 1))
    rest = gammainc(most, bounded) if most else np.ones_like(bounded)
    return np.concatenate([found, rest[None]])


def binomial(filled: Array, empty: Array, places: int, most: int) -> Array:
    """Probabilities [N, ...] of filling N of ``places``, each with probability ``filled`` [...] = 1 - ``empty``; at most ``most``."""
    from math import comb

    found = np.stack([comb(places, number) * filled**number * empty ** (places - number) for number in range(places + 1)])
    most = min(most, places)
    return np.concatenate([found[:most], found[most:].sum(axis=0, keepdims=True)])


def _gained(space: Space, excitons: Array, statistics: Statistics) -> Callable[[int, int], Array]:
    """(state, how many pairs more it can take) -> probabilities [N, drive] of N more pairs."""
    if statistics == "poisson":
        return lambda state, room: poisson(excitons, room)
    if statistics == "band-edge":
        g_e, g_h = space.recombination.electron_levels[0], space.recombination.hole_levels[0]
        filled, empty = -np.expm1(-excitons / min(g_e, g_h)), np.exp(-excitons / min(g_e, g_h))
        free = np.minimum(np.maximum(g_e - space.electrons, 0), np.maximum(g_h - space.holes, 0))
        return lambda state, room: binomial(filled, empty, int(free[state]), room)
    refuse("statistics", 'be "poisson" or "band-edge"', repr(statistics))


def pulsed(space: Space, weights: Array, excitons: Array, statistics: Statistics) -> Array:
    """Probabilities [state, ...] after a pulse that would bring a dark dot so many pairs [...], from ``weights`` [state, ...]."""
    gained = _gained(space, excitons, statistics)
    next_state = space.reached(1, 1).tolist()
    found = np.zeros((len(weights), *np.broadcast_shapes(weights.shape[1:], excitons.shape)))
    for start in np.flatnonzero(weights.reshape(len(weights), -1).any(axis=1)).tolist():
        path = [start]
        while next_state[path[-1]] >= 0:
            path.append(next_state[path[-1]])
        # a dot whose band edge is full gains no more: then the path is the longer one
        for to, share in zip(path, gained(start, len(path) - 1), strict=False):
            found[to] += weights[start] * share
    return found
