"""The functions of a local search, in coordinates in which the goal is round.

    x = low + (high - low)·u,   u = origin + spread v

u runs from 0 to 1 between the bounds; spread = |H|^(-1/2) of the goal's Hessian H at the origin where that is known, so that
the first step in v, straight downhill, is Newton's (as far as the bounds let it go); else it is the identity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.optimization.problem import Problem, Reals, Trial

FIRST_STEP = 0.3  # of the way between the bounds: of a search that knows no curvature
LONGEST = 50.0  # of the way between the bounds: a longer step to the bottom means that the goal is all but linear
SOFTEST = 1e-4  # of the largest curvature: a direction that is softer is not trusted to be so
SPARE = 1e-9  # of a condition's size, kept to spare, so that rounding does not break it
WORSE = 10.0  # by how much a design without values counts as worse than the last with some, and that many times worse
MOST_TRIALS = 500  # of one search: far more than a smooth problem of thirty variables takes
PATIENCE = 40  # trials without a gain after which a search stands before a jump: a condition's mode begins or ends there
GAIN = 1e-7  # of the objective's size: less is none
CLOSER = 0.9  # of the largest violation: more than this is no step towards keeping the conditions


class Stopped(Exception):
    """The search stands on a design without values and cannot step back, or has tried as much as it may."""


class Walk:
    """A search under way: the functions that scipy asks for, and the best trial so far.

    Parameters
    ----------
    problem : Problem
    start : float array [variable]
    moving : bool array [variable]
        Which of them may change.
    """

    def __init__(self, problem: Problem, start: Reals, moving: NDArray[np.bool_]) -> None:
        self.problem, self.moving = problem, moving
        self.before = len(problem.history)
        self.base = np.clip(start, problem.low, problem.high)
        self.low, self.span = problem.low[moving], (problem.high - problem.low)[moving]
        self.best = self.last = problem.at(start)
        self.steepness = 0.0
        self.fruitless, self.milestone = 0, self.best
        self.plainly()

    @property
    def exhausted(self) -> bool:
        """Whether the search has tried as much as it may."""
        return len(self.problem.history) - self.before > MOST_TRIALS

    @property
    def stalled(self) -> bool:
        """Whether it has gained nothing for long."""
        return self.fruitless > PATIENCE

    @property
    def origin(self) -> Reals:
        """v of the place where the coordinates were chosen."""
        return np.zeros(self.span.size)

    @property
    def is_plain(self) -> bool:
        """Whether v is u but for the origin: bounds are bounds."""
        return bool((self.spread == np.eye(self.span.size)).all())

    def plainly(self) -> None:
        """Plain coordinates from the best place so far."""
        self.u = np.asarray((self.best.x[self.moving] - self.low) / self.span)
        self.spread = np.eye(self.span.size)
        self.scale = 1.0
        self.fruitless = 0

    def roundly(self) -> None:
        """Coordinates from the best place so far in which the goal is round; else plain ones, the goal scaled for a short first step."""
        self.plainly()
        slope = self.problem.sign * self.best.slope[self.moving] * self.span
        hessian = self.problem.curvature(self.best)[np.ix_(self.moving, self.moving)] * np.outer(self.span, self.span)
        values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
        stiffest = float(np.abs(values).max(initial=0.0))
        if stiffest > 0.0:
            stiffness, along = np.maximum(np.abs(values), SOFTEST * stiffest), vectors.T @ slope
            while np.linalg.norm(along / stiffness) > LONGEST:  # a goal that hardly curves: Newton's step says nothing
                stiffness = 2.0 * stiffness
            self.spread = vectors @ np.diag(stiffness**-0.5) @ vectors.T
        else:  # as at the first place: at an optimum the slope says nothing of the curvature
            self.steepness = self.steepness or float(np.linalg.norm(slope))
            self.scale = max(self.steepness / FIRST_STEP, 1e-3 * abs(self.best.objective), 1e-300)

    def trial(self, v: Reals) -> Trial | None:
        """The trial at v; None where it has no values."""
        x = self.base.copy()
        x[self.moving] = self.low + np.clip(self.u + self.spread @ v, 0.0, 1.0) * self.span
        before = len(self.problem.history)
        found = self.problem.at(x)
        self.fruitless += len(self.problem.history) - before
        if found.sample is None:
            return None
        self.last = found
        if self._is_a_gain(found):
            self.fruitless, self.milestone = 0, found
        if self.problem.better(found, self.best):
            self.best = found
        return found

    def _is_a_gain(self, trial: Trial) -> bool:
        """Whether a trial is better than the last that was, by as much as is worth another."""
        if not (trial.feasible and self.milestone.feasible):
            return trial.feasible or (not self.milestone.feasible and trial.infeasibility < CLOSER * self.milestone.infeasibility)
        return self.problem.sign * (self.milestone.objective - trial.objective) > GAIN * abs(trial.objective)

    def value(self, trial: Trial) -> float:
        """The goal to be made small, scaled."""
        return float(self.problem.sign * trial.objective / self.scale)

    def objective(self, v: Reals) -> float:
        """The goal at v; worse than at the last place where there are no values."""
        found = self.trial(v)
        return self.value(self.last) + WORSE * (1.0 + abs(self.value(self.last))) if found is None else self.value(found)

    def slope(self, v: Reals) -> Reals:
        """Of the goal by v.

        Raises
        ------
        Stopped
        """
        found = self.trial(v)
        if found is None or self.exhausted or self.stalled:
            raise Stopped
        return self.problem.sign * (found.slope[self.moving] * self.span) @ self.spread / self.scale

    def conditions(self, v: Reals) -> tuple[Reals, Reals, Reals, Reals]:
        """g + SPARE, its gradient by v, h, its gradient by v; those of the last place where there are no values."""
        g, dg, h, dh = self.problem.conditions(self.trial(v) or self.last)
        return g + SPARE, (dg[:, self.moving] * self.span) @ self.spread, h, (dh[:, self.moving] * self.span) @ self.spread
