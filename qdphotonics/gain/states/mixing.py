"""Anderson's mixing: the next guess of a self-consistent field from those tried before."""

from __future__ import annotations

import numpy as np

from qdphotonics.gain.states.mesh import Array

# Guesses remembered, and the part of what is left that is taken over: dots with two wells, between which carriers swing, need both.
MEMORY = 8
TAKEN = 0.5


class AndersonMixing:
    """Guesses and by how much each missed.

    Parameters
    ----------
    scale : array [point]
        Factor that makes the squares of misses add up to an integral; fields are arrays [..., point].

    References
    ----------
    Anderson, J. ACM 12, 547 (1965), doi:10.1145/321296.321305
    """

    def __init__(self, scale: Array) -> None:
        self._scale = scale
        self._tried: list[Array] = []
        self._misses: list[Array] = []

    def following(self, guess: Array, miss: Array) -> Array:
        """The combination of the guesses whose misses cancel best, and a part of what is left of them."""
        steps = np.array([miss - earlier for earlier in self._misses])
        moves = np.array([guess - earlier for earlier in self._tried])
        self._tried, self._misses = [*self._tried[-MEMORY:], guess], [*self._misses[-MEMORY:], miss]
        if not len(steps):
            return guess + miss
        share = np.linalg.lstsq((steps * self._scale).reshape(len(steps), -1).T, (miss * self._scale).ravel(), rcond=1e-10)[0]
        mixed: Array = guess - np.tensordot(share, moves, 1) + TAKEN * (miss - np.tensordot(share, steps, 1))
        return mixed
