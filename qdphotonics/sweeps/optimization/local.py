"""One local search: from a design downhill to the nearest optimum, by the exact gradients.

SLSQP (sequential least squares: a quadratic model under the linearised conditions, its curvature learned from the gradients;
Kraft, DFVLR-FB 88-28 (1988)) or scipy's trust-constr. A design that has no values (the mode was lost on the way to it) counts
as worse than any known, so that the step there is shortened, not taken. Where the conditions cannot be met from a start, the
largest violation is made small first, the goal left aside:

    minimise t   subject to   g_i(u) <= t,   |h_j(u)| <= t
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.optimization.problem import Problem, Reals, Trial
from qdphotonics.sweeps.optimization.walk import FIRST_STEP, Stopped, Walk

if TYPE_CHECKING:
    from qdphotonics.sweeps.specs import Method

PRECISION = 1e-9  # of the objective's size: where a search stops; n_eff to 1e-13 gives the net gain to 1e-8 cm^-1
WORTH = 1e-8  # of the objective's size: a search that gains less is not begun again
ROUNDS = 6  # of searches, each from the end of the last, with the curvature there
STEPS = 200  # of SLSQP in one search; trust-constr takes shorter ones
LEAST = 1e-10  # of a condition's size: where the search for a design that keeps the conditions stops
STALLED = "gained nothing for long"  # before a jump of a condition, along which no slope leads


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
    walk = Walk(problem, start, moving)
    note = ""
    for _ in range(ROUNDS):
        before = walk.best
        walk.roundly()
        note = _descend(walk, method)
        if not walk.best.feasible:
            _repair(walk)
        if walk.exhausted or not walk.best.feasible:
            break
        if before.feasible and problem.sign * (before.objective - walk.best.objective) <= WORTH * abs(walk.best.objective):
            break
    return Search(walk.best, note)


def _descend(walk: Walk, method: Method) -> str:
    """Search for the goal under the conditions."""
    from scipy.optimize import NonlinearConstraint

    g, _, h, _ = walk.conditions(walk.origin)
    constraints: list[Any] = []
    if g.size:
        constraints.append(NonlinearConstraint(lambda v: walk.conditions(v)[0], -np.inf, 0.0, jac=lambda v: walk.conditions(v)[1]))
    if h.size:
        constraints.append(NonlinearConstraint(lambda v: walk.conditions(v)[2], 0.0, 0.0, jac=lambda v: walk.conditions(v)[3]))
    options: dict[str, Any] = {"ftol": PRECISION * max(abs(walk.value(walk.best)), 1e-6), "maxiter": STEPS}
    if method == "trust-constr":
        options = {"gtol": 1e-8, "xtol": 1e-9, "maxiter": 5 * STEPS, "initial_tr_radius": FIRST_STEP}
    return _run(walk, walk.objective, walk.origin, walk.slope, constraints, method, options)


def _repair(walk: Walk) -> None:
    """Make the largest violation small; t is the last variable."""
    from scipy.optimize import NonlinearConstraint

    walk.plainly()

    def room(w: Reals) -> Reals:
        g, _, h, _ = walk.conditions(w[:-1])
        return np.asarray(w[-1] - np.concatenate([g, h, -h]))

    def slopes(w: Reals) -> Reals:
        _, dg, _, dh = walk.conditions(w[:-1])
        rows = np.concatenate([dg, dh, -dh])
        return np.hstack([-rows, np.ones((len(rows), 1))])

    def larger_if_lost(w: Reals) -> float:
        if walk.exhausted or walk.stalled:
            raise Stopped
        return float(w[-1]) if walk.trial(w[:-1]) is not None else float(abs(w[-1]) + 10.0)

    start = np.append(walk.origin, walk.best.infeasibility)
    downwards = np.append(walk.origin, 1.0)
    keep = [NonlinearConstraint(room, 0.0, np.inf, jac=slopes)]
    _run(walk, larger_if_lost, start, lambda w: downwards, keep, "slsqp", {"ftol": LEAST, "maxiter": STEPS})


def _run(
    walk: Walk,
    objective: Callable[[Reals], float],
    start: Reals,
    slope: Callable[[Reals], Reals],
    constraints: list[Any],
    method: Method,
    options: dict[str, Any],
) -> str:
    """scipy's own message, or why the search was broken off; between 0 and 1 in u, a further variable without bounds."""
    from scipy.optimize import Bounds, LinearConstraint, minimize

    low, high = -walk.u, 1.0 - walk.u
    bounds = None
    if walk.is_plain:
        further = start.size - walk.u.size
        bounds = Bounds(np.append(low, np.full(further, -np.inf)), np.append(high, np.full(further, np.inf)))
    else:
        constraints = [*constraints, LinearConstraint(walk.spread, low, high)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # conditions of both kinds (SLSQP), a condition that is linear (trust-constr)
            keywords: dict[str, Any] = {"jac": slope, "bounds": bounds, "constraints": constraints, "options": options}
            found = minimize(objective, start, method="SLSQP" if method == "slsqp" else "trust-constr", **keywords)
    except Stopped:
        if walk.exhausted:
            return "tried as much as it may"
        return STALLED if walk.stalled else "ended beside designs in which the mode is lost"
    except (ValueError, np.linalg.LinAlgError) as problem:  # trust-constr, where the conditions contradict one another
        return f"scipy gave up: {problem}"
    return str(found.message)
