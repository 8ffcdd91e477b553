"""The rate equations of a dot, written down state by state: nothing of qdphotonics, no arrays, no tricks.

A state is (N_e, N_h); permanent electrons are among the N_e. Rates per ns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, inf
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

State = tuple[int, int]
KT_PER_K = 0.08617333262145178  # meV


def fill(carriers: int, levels: Sequence[int]) -> list[int]:
    """Carriers in each level, put in one by one from below."""
    inside = [0] * len(levels)
    for _ in range(carriers):
        for level, degeneracy in enumerate(levels):
            if inside[level] < degeneracy:
                inside[level] += 1
                break
    return inside


@dataclass(frozen=True)
class Dot:
    """A dot and its drives."""

    radiative_ns: float
    auger_ns: float = inf
    most: int = 3
    n_e: int = 0
    levels_e: Sequence[int] = (2, 6, 10)
    levels_h: Sequence[int] = (2, 6, 10)
    charging_meV: float = 0.0
    kelvin: float = 300.0
    pair: float = 0.0
    electron: float = 0.0
    hole: float = 0.0
    photons: Sequence[float] = (0.0, 0.0, 0.0)
    measured: Mapping[State, float] = field(default_factory=dict)

    def states(self) -> list[State]:
        """All with at most n_e + most electrons and most holes; without single carriers those of the permanent charge only."""
        every = [(e, h) for h in range(self.most + 1) for e in range(self.n_e + self.most + 1)]
        if self.electron or self.hole:
            return [(e, h) for e, h in every if abs(e - h - self.n_e) <= self.most]
        return [(e, h) for e, h in every if e - h == self.n_e]

    def strengths(self, state: State) -> tuple[list[float], list[float]]:
        """Emission and absorption of each transition."""
        f_e = [n / g for n, g in zip(fill(state[0], self.levels_e), self.levels_e, strict=True)]
        f_h = [n / g for n, g in zip(fill(state[1], self.levels_h), self.levels_h, strict=True)]
        pairs = list(zip(f_e, f_h, strict=True))
        return [min(e, h) for e, h in pairs], [min(1 - e, 1 - h) for e, h in pairs]

    def lost(self, state: State) -> float:
        """Recombination."""
        e, h = state
        if e == 0 or h == 0:
            return 0.0
        if state in self.measured:
            return 1 / self.measured[state]
        larger = [max(g) for g in zip(self.levels_e, self.levels_h, strict=True)]
        light = sum(n * p / g for n, p, g in zip(fill(e, self.levels_e), fill(h, self.levels_h), larger, strict=True))
        return larger[0] / self.radiative_ns * light + e * h * (e + h - 2) / (8 * self.auger_ns)

    def slower(self, charge: int, sign: int) -> float:
        """The Coulomb ladder."""
        return exp(-4 * abs(charge) * self.charging_meV / (KT_PER_K * self.kelvin)) if charge * sign > 0 else 1.0

    def moves(self, state: State) -> dict[State, float]:
        """Where a state leads, and how fast."""
        e, h = state
        charge = e - h - self.n_e
        emitted, absorbed = self.strengths(state)
        return {
            (e + 1, h + 1): self.pair + sum(s * a for s, a in zip(self.photons, absorbed, strict=True)),
            (e - 1, h - 1): (self.lost(state) + sum(s * a for s, a in zip(self.photons, emitted, strict=True))) if min(state) else 0.0,
            (e + 1, h): self.electron * self.slower(charge, 1),
            (e, h + 1): self.hole * self.slower(charge, -1),
        }

    def matrix(self) -> NDArray[np.float64]:
        """dP/dt = P Q, Q [from, to], rows summing to 0."""
        states = self.states()
        found = np.zeros((len(states), len(states)))
        for row, state in enumerate(states):
            for to, rate in self.moves(state).items():
                if to in states:
                    found[row, states.index(to)] += rate
                    found[row, row] -= rate
        return found

    def stationary(self, digits: int = 60) -> dict[State, Any]:
        """P Q = 0 with sum P = 1, by Gaussian elimination in so many digits."""
        states = self.states()
        with mpmath.workdps(digits):
            matrix = mpmath.matrix(self.matrix().tolist())
            for row in range(len(states)):  # the diagonal anew, in all digits
                matrix[row, row] = -mpmath.fsum(matrix[row, to] for to in range(len(states)) if to != row)
            equations = matrix.T
            equations[0, :] = mpmath.ones(1, len(states))
            right = mpmath.zeros(len(states), 1)
            right[0] = 1
            solved = mpmath.lu_solve(equations, right)
            return dict(zip(states, solved, strict=True))

    def after(self, time_ns: float, start: Sequence[float], digits: int = 60) -> list[float]:
        """P exp(Q t), the exponential by Taylor's series of t/2^s in so many digits."""
        with mpmath.workdps(digits):
            matrix = mpmath.matrix(self.matrix().tolist())
            for row in range(matrix.rows):
                matrix[row, row] = -mpmath.fsum(matrix[row, to] for to in range(matrix.rows) if to != row)
            exponential = mpmath.expm(matrix * mpmath.mpf(time_ns), method="taylor")
            return [float(value) for value in mpmath.matrix([list(start)]) * exponential]
