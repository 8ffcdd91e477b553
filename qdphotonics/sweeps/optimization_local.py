"""One local search: from a design downhill to the nearest optimum, by the exact gradients.

SLSQP (sequential least squares: a quadratic model under the linearised conditions, its curvature learned from the gradients)
or scipy's trust-constr. A design that has no values (the mode was lost on the way to it) counts as worse than any known, so
that the step there is shortened, not taken. Where the conditions cannot be met from a start, the largest violation is made
small first, the goal left aside:

    minimise t   subject to   g_i(u) <= t,   |h_j(u)| <= t,   t >= 0
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.optimization_problem import FEASIBLE, Problem, Reals, Trial
from qdphotonics.sweeps.specs import Method

FIRST_STEP = 0.1  # of the way between the bounds: how far the first step goes, when nothing is known of the curvature
PRECISION = 1e-9  # of the objective's size: where a search stops; n_eff to 1e-13 gives the net gain to 1e-8 cm^-1
WORTH = 1e-8  # of the objective's size: a search that gains less is not begun again
ROUNDS = 4  # of searches, each from the end of the last: the curvature learned far away misleads near the optimum
STEPS = 200  # of one search
MOST_TRIALS = 500  # of one search: far more than a smooth problem of thirty variables takes
REPAIRS = 3  # times that the goal is left aside for the conditions
SPARE = 1e-9  # of a condition's size, kept to spare, so that rounding does not break it


class _Stop(Exception):
    """The search stands on a design without values and cannot step back."""


@dataclass(frozen=True)
class Search:
    """Where a local search ended."""

    best: Trial
    note: str


def local_search(problem: Problem, start: Reals, *, method: Method = "slsqp", free: NDArray[np.bool_] | None = None) -> Search | None:
    """The best design that a search from ``start`` finds.

    Parameters
    ----------
    problem : Problem
    start : float array [variable]
    method : {"slsqp", "trust-constr"}
    free : bool array [variable], optional
        Which variables may change; all of them unless given.

    Returns
    -------
    Search or None
        None where the start itself has no values.
    """
    first = problem.at(start)
    if first.sample is None:
        return None
    moving = (problem.high > problem.low) & (np.ones(start.size, dtype=bool) if free is None else free)
    if not moving.any():
        return Search(first, "nothing to vary")
    walk = _Walk(problem, np.clip(start, problem.low, problem.high), moving, first)
    note = ""
    for _ in range(ROUNDS + REPAIRS):
        if walk.exhausted:
            break
        before = walk.best
        note = walk.descend(method)
        if not walk.best.feasible:
            walk.repair(method)
            if not walk.best.feasible:
                break
        elif before.feasible and problem.sign * (before.objective - walk.best.objective) <= WORTH * abs(walk.best.objective):
            break
    return Search(walk.best, note)


class _Walk:
    """The functions that scipy asks for, in the scaled variables that move, and the best trial so far."""

    def __init__(self, problem: Problem, start: Reals, moving: NDArray[np.bool_], first: Trial) -> None:
        self.problem, self.moving = problem, moving
        self.base, self.trials_before = start.copy(), len(problem.history)
        self.low, self.span = problem.low[moving], (problem.high - problem.low)[moving]
        self.best = self.last = first
        slope = np.linalg.norm(first.slope[moving] * self.span)
        self.scale = max(float(slope) / FIRST_STEP, 1e-3 * abs(first.objective), 1e-300)

    @property
    def exhausted(self) -> bool:
        """Whether the search has tried as much as it may."""
        return len(self.problem.history) - self.trials_before > MOST_TRIALS

    def u(self, trial: Trial) -> Reals:
        """A trial's place between the bounds."""
        return np.asarray((trial.x[self.moving] - self.low) / self.span)

    def trial(self, u: Reals) -> Trial | None:
        """The trial at u; None where it has no values."""
        x = self.base.copy()
        x[self.moving] = self.low + np.clip(u, 0.0, 1.0) * self.span
        found = self.problem.at(x)
        if found.sample is None:
            return None
        self.last = found
        if self.problem.better(found, self.best):
            self.best = found
        return found

    def surely(self, u: Reals) -> Trial:
        found = self.trial(u)
        if found is None or self.exhausted:
            raise _Stop
        return found

    def objective(self, u: Reals) -> float:
        """The goal to be made small, of order one; worse than any known where there are no values."""
        found = self.trial(u)
        if found is None:
            return self.value(self.last) + 10.0 * (1.0 + abs(self.value(self.last)))
        return self.value(found)

    def value(self, trial: Trial) -> float:
        return float(self.problem.sign * trial.objective / self.scale)

    def slope(self, u: Reals) -> Reals:
        return self.problem.sign * self.surely(u).slope[self.moving] * self.span / self.scale

    def conditions(self, u: Reals) -> tuple[Reals, Reals, Reals, Reals]:
        """g + SPARE, its gradient, h, its gradient, by u; those of the last place where there are none."""
        found = self.trial(u) or self.last
        g, dg, h, dh = self.problem.conditions(found)
        return g + SPARE, dg[:, self.moving] * self.span, h, dh[:, self.moving] * self.span

    def descend(self, method: Method) -> str:
        """Search for the goal under the conditions, from the best place so far."""
        u = self.u(self.best)
        precision = PRECISION * max(abs(self.value(self.best)), 1e-6)
        inequalities, equalities = len(self.conditions(u)[0]), len(self.conditions(u)[2])
        if method == "slsqp":
            constraints = []
            if inequalities:
                constraints.append({"type": "ineq", "fun": lambda u: -self.conditions(u)[0], "jac": lambda u: -self.conditions(u)[1]})
            if equalities:
                constraints.append({"type": "eq", "fun": lambda u: self.conditions(u)[2], "jac": lambda u: self.conditions(u)[3]})
            return self.run(self.objective, u, jac=self.slope, method="SLSQP", constraints=constraints, options=_slsqp(precision))
        from scipy.optimize import NonlinearConstraint

        bounds: list[Any] = []
        if inequalities:
            bounds.append(NonlinearConstraint(lambda u: self.conditions(u)[0], -np.inf, 0.0, jac=lambda u: self.conditions(u)[1]))
        if equalities:
            bounds.append(NonlinearConstraint(lambda u: self.conditions(u)[2], 0.0, 0.0, jac=lambda u: self.conditions(u)[3]))
        options = {"gtol": 1e-8, "xtol": 1e-9, "maxiter": 5 * STEPS, "initial_tr_radius": FIRST_STEP}
        return self.run(self.objective, u, jac=self.slope, method="trust-constr", constraints=bounds, options=options)

    def repair(self, method: Method) -> None:
        """Make the largest violation small, from the best place so far; t is the last variable."""
        if self.best.infeasibility <= FEASIBLE:
            return

        def limits(v: Reals) -> Reals:
            g, _, h, _ = self.conditions(v[:-1])
            return np.asarray(v[-1] - np.concatenate([g, h, -h]))

        def slopes(v: Reals) -> Reals:
            _, dg, _, dh = self.conditions(v[:-1])
            rows = np.concatenate([dg, dh, -dh])
            return np.hstack([-rows, np.ones((len(rows), 1))])

        start = np.append(self.u(self.best), self.best.infeasibility)
        away = np.append(np.zeros(start.size - 1), 1.0)
        constraints = [{"type": "ineq", "fun": limits, "jac": slopes}]
        self.run(self.larger_if_lost, start, jac=lambda v: away, method="SLSQP", constraints=constraints, options=_slsqp(1e-10))

    def larger_if_lost(self, v: Reals) -> float:
        return float(v[-1]) if self.trial(v[:-1]) is not None else float(abs(v[-1]) + 10.0)

    def run(self, objective: Callable[[Reals], float], start: Reals, **keywords: Any) -> str:
        """scipy's own message, or why the search was broken off."""
        from scipy.optimize import Bounds, minimize

        size = int(self.moving.sum())
        high = np.append(np.ones(size), np.inf)[: start.size]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a condition that is linear has no curvature to learn, says trust-constr
                found = minimize(objective, start, bounds=Bounds(np.zeros(start.size), high), **keywords)
        except _Stop:
            return "tried as much as it may" if self.exhausted else "ended beside designs in which the mode is lost"
        except (ValueError, np.linalg.LinAlgError) as problem:  # trust-constr, where the conditions contradict one another
            return f"scipy gave up: {problem}"
        return str(found.message)


def _slsqp(precision: float) -> dict[str, Any]:
    return {"ftol": precision, "maxiter": STEPS}
