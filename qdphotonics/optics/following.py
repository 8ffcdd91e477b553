"""Following modes while one parameter changes: by their exact derivatives, so that no mode silently becomes another.

Between two values t0 and t1 of the parameter a mode must move by the mean of its slopes at both ends, up to terms of
third order in the step (trapezoidal rule):

    n_eff(t1) - n_eff(t0) = (t1 - t0) * (n_eff'(t0) + n_eff'(t1)) / 2

A pair of modes that obeys this, while every other pairing of either obeys it far worse, is one mode. Where some mode
finds no such partner the step is halved; a mode that still has none has ended, or cannot be told from a neighbour.
An avoided crossing that is far narrower than the step is passed as a crossing: the mode keeps its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qdphotonics.planar.results import Mode

FIT = 0.1  # largest departure from the trapezoidal rule, in units of the step's own length: third-order terms are smaller
FLOOR = 1e-9  # departure allowed to a mode that does not move: a hundred times the solver's error away from twins
CLEARANCE = 4.0  # the second-best partner must fit this many times worse
HALVINGS = 6  # a step is cut to 1/64 before a mode is given up


@dataclass(frozen=True)
class Moving:
    """A mode and its slope dn_eff/dt."""

    mode: Mode
    slope: complex


State = Mapping[int, Moving]  # the modes being followed, by the number of their track
Solver = Callable[[float, Sequence[complex]], Sequence[Moving]]  # (t, n_eff expected there) -> every mode there


@dataclass
class Follower:
    """Follows modes through values of a parameter.

    Parameters
    ----------
    solve : callable
        ``solve(t, expected)`` gives every mode at ``t`` with its slope; ``expected`` holds the n_eff that the followed
        modes should have there, for a solver that searches near them only.
    adopt : bool
        Whether modes that appear on the way are followed from then on.
    """

    solve: Solver
    adopt: bool = False
    tracks: int = 0
    _solved: dict[float, Sequence[Moving]] = field(default_factory=dict)

    def begin(self, modes: Sequence[Moving]) -> dict[int, Moving]:
        """Start one track for each mode."""
        state = {self.tracks + number: mode for number, mode in enumerate(modes)}
        self.tracks += len(modes)
        return state

    def advance(self, state: State, start: float, end: float) -> dict[int, Moving]:
        """The followed modes at ``end``; a track that is missing there has ended between ``start`` and ``end``."""
        return self._advance(state, start, end, HALVINGS)

    def _advance(self, state: State, start: float, end: float, halvings: int) -> dict[int, Moving]:
        if not state and not self.adopt:
            return {}
        expected = [moving.mode.n_eff + (end - start) * moving.slope for moving in state.values()]
        found = self._at(end, expected)
        partner = matched(list(state.values()), found, end - start)
        if len(partner) < len(state) and halvings > 0:
            middle = (start + end) / 2
            half = self._advance(state, start, middle, halvings - 1)
            return self._advance(half, middle, end, halvings - 1)
        numbers = list(state)
        after = {numbers[old]: found[new] for old, new in partner.items()}
        if self.adopt:
            taken = set(partner.values())
            after |= self.begin([moving for position, moving in enumerate(found) if position not in taken])
        return after

    def _at(self, value: float, expected: Sequence[complex]) -> Sequence[Moving]:
        if not self.adopt:  # the solver may search near the expected modes only: what it found serves no other step
            return self.solve(value, expected)
        if value not in self._solved:
            self._solved[value] = self.solve(value, expected)
        return self._solved[value]


def matched(before: Sequence[Moving], after: Sequence[Moving], step: float) -> dict[int, int]:
    """Pairs (position before: position after) that are one mode beyond doubt, by the trapezoidal rule.

    Parameters
    ----------
    before, after : sequence of Moving
        Every mode at both ends of the step.
    step : float
        t(after) - t(before)
    """
    if not before or not after:
        return {}
    misfit = np.full((len(before), len(after)), np.inf)
    allowed = np.zeros_like(misfit)
    for row, old in enumerate(before):
        for column, new in enumerate(after):
            if old.mode.polarization == new.mode.polarization:
                travel = step * (old.slope + new.slope) / 2
                misfit[row, column] = abs(new.mode.n_eff - old.mode.n_eff - travel)
                allowed[row, column] = FIT * abs(step) * (abs(old.slope) + abs(new.slope)) / 2 + FLOOR
    pairs = {}
    for row in range(len(before)):
        column = int(np.argmin(misfit[row]))
        best = misfit[row, column]
        rivals = np.concatenate([np.delete(misfit[row], column), np.delete(misfit[:, column], row)])
        if best <= allowed[row, column] and np.all(rivals >= CLEARANCE * max(best, FLOOR)):
            pairs[row] = column
    return pairs
