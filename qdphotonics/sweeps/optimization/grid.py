"""From an optimum between the lines of a fabrication grid to a good design exactly on them.

Rounding alone breaks conditions and costs objective. Here the variables of the grid are set one after another, the one that
lies nearest to a line first, each to the better of its two neighbouring lines with all that are still free optimised again.
Then single steps and pairs of steps are tried (a layer thicker, another thinner), what has no grid following, until none helps.

A condition may jump (a mode is born at its cut-off): along such an edge no slope leads, and the best neighbour may lie a few
steps away in one variable and one in another. So from the best design of all the steps go farther, as many as are allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.optimization.local import local_search
from qdphotonics.sweeps.optimization.problem import Problem, Reals, Trial
from qdphotonics.sweeps.specs import Method, Variable

ON_LINE = 1e-6  # of a step: nearer than this to a line, a value is on it
PAIRS_UP_TO = 8  # variables of the grid: pairs of steps are four times half their number squared, each a solve or a search
FARTHEST = 12  # steps at once, of one variable and of another, where single ones lead no further; fewer of many variables
AROUND = 600  # designs about one that such steps may lead to: 12 steps of two variables, 3 of five, 2 of eight
MOST_FAR = 1200  # designs tried so, from one design on
NET = (1e-2, 1e-3)  # of the way between the bounds: lines laid about a design that has no grid, to step along an edge
GAIN = 1e-9  # of the objective's size: less is no improvement, and steps end
DIGITS = 12  # of a value on a line: 0.1 + 2*0.1 is 0.3


@dataclass(frozen=True)
class Grid:
    """The lines that values must lie on: low, low + step, … up to high.

    Parameters
    ----------
    low, high, step : float array [variable]
        nan as the step of a variable that takes any value.
    """

    low: Reals
    high: Reals
    step: Reals

    @classmethod
    def of(cls, variables: tuple[Variable, ...]) -> Grid:
        """Of some variables; whole numbers are a grid of step 1."""
        low = [np.ceil(each.low) if each.integer else each.low for each in variables]
        step = [(each.step or 1.0) if each.integer else each.step or np.nan for each in variables]
        return cls(np.array(low, dtype=float), np.array([each.high for each in variables], dtype=float), np.array(step, dtype=float))

    @property
    def on(self) -> NDArray[np.bool_]:
        """Which variables have lines [variable]."""
        return np.isfinite(self.step)

    @property
    def farthest(self) -> int:
        """How many steps at once."""
        several = int(self.on.sum())
        pairs = several * (several - 1) / 2 if several <= PAIRS_UP_TO else 0
        return next((far for far in range(FARTHEST, 1, -1) if (2 * far) ** 2 * pairs + 2 * far * several <= AROUND + 2 * FARTHEST), 1)

    def value(self, variable: int, line: int) -> float:
        """The value of a line, kept between the first and the last."""
        last = int(np.floor((self.high[variable] - self.low[variable]) / self.step[variable] + ON_LINE))
        return float(f"{self.low[variable] + min(max(line, 0), last) * self.step[variable]:.{DIGITS}g}")

    def place(self, variable: int, value: float) -> float:
        """Where between the lines a value lies, in steps."""
        return float((value - self.low[variable]) / self.step[variable])

    def neighbours(self, variable: int, value: float) -> tuple[float, ...]:
        """The lines on either side of a value, the nearer first; one where it lies on a line."""
        place = self.place(variable, value)
        lines = sorted({int(np.floor(place + ON_LINE)), int(np.ceil(place - ON_LINE))}, key=lambda line: abs(line - place))
        return tuple(dict.fromkeys(self.value(variable, line) for line in lines))

    def rounded(self, x: Reals) -> Reals:
        """The nearest design on the grid."""
        return np.array([self.neighbours(at, value)[0] if self.on[at] else value for at, value in enumerate(x.tolist())])

    def moves(self, x: Reals, reach: int = 1) -> Iterator[Reals]:
        """Designs up to so many steps away from one on the grid, in one variable, or in two at once where those are few."""
        where = np.flatnonzero(self.on).tolist()
        several = combinations(where, 2) if len(where) <= PAIRS_UP_TO else ()
        for together in [*((at,) for at in where), *several]:
            for steps in product([sign * step for step in range(1, reach + 1) for sign in (1, -1)], repeat=len(together)):
                moved = x.copy()
                for at, by in zip(together, steps, strict=True):
                    moved[at] = self.value(at, round(self.place(at, float(x[at]))) + by)
                if (moved[list(together)] != x[list(together)]).all():
                    yield moved


def onto_grid(problem: Problem, optimum: Trial, grid: Grid, method: Method) -> Trial:
    """A good design on the grid near an optimum that need not lie on it.

    Parameters
    ----------
    problem : Problem
    optimum : Trial
    grid : Grid
    method : {"slsqp", "trust-constr"}

    Returns
    -------
    Trial
        Exactly on the grid.
    """
    return stepped(problem, _set_one_by_one(problem, optimum, grid, method), grid, method)


def stepped(problem: Problem, found: Trial, grid: Grid, method: Method) -> Trial:
    """From a design on the grid to the best neighbour, what has no grid following, until none is better."""
    return _climbed(problem, found, grid, method, set(), 1)


def stepped_far(problem: Problem, found: Trial, grid: Grid, method: Method) -> Trial:
    """The same, and by several steps at once where single ones lead no further, until MOST_FAR designs have been tried."""
    tried: set[bytes] = set()
    before = len(problem.history)
    while True:
        found = _climbed(problem, found, grid, method, tried, 1)
        left = MOST_FAR - (len(problem.history) - before)
        better = problem.best([found, *_around(problem, found, grid, method, tried, grid.farthest, left)])
        if not _gains(problem, better, found):
            return found
        found = better


def along_edges(problem: Problem, found: Trial, method: Method) -> Trial:
    """From a design without a grid along the lines of ever finer nets laid through it, its local search between them done anew."""
    for width in NET:
        step = width * (problem.high - problem.low)
        lines = np.where(step > 0, step, 1.0)
        low = found.x - np.floor((found.x - problem.low) / lines) * lines
        net = Grid(low, problem.high, np.where(step > 0, step, np.nan))
        found = stepped_far(problem, found, net, method)
        search = local_search(problem, found.x, method=method)
        found = found if search is None else problem.best([found, search.best])
    return found


def _climbed(problem: Problem, found: Trial, grid: Grid, method: Method, tried: set[bytes], reach: int) -> Trial:
    """``tried``: on the grid, none is worth a second look, for what is kept is better."""
    while True:
        better = problem.best([found, *_around(problem, found, grid, method, tried, reach)])
        if not _gains(problem, better, found):
            return found
        found = better


def _gains(problem: Problem, better: Trial, found: Trial) -> bool:
    gained = problem.sign * (found.objective - better.objective) > GAIN * abs(found.objective)
    return problem.better(better, found) and (gained or not found.feasible)


def _set_one_by_one(problem: Problem, optimum: Trial, grid: Grid, method: Method) -> Trial:
    found, free = optimum, np.ones(optimum.x.size, dtype=bool)
    while waiting := np.flatnonzero(grid.on & free).tolist():
        away = [abs(grid.place(at, found.x[at]) - round(grid.place(at, found.x[at]))) for at in waiting]
        chosen = waiting[int(np.argmin(away))]
        free[chosen] = False
        ends = []
        for value in grid.neighbours(chosen, float(found.x[chosen])):
            x = found.x.copy()
            x[chosen] = value
            search = local_search(problem, x, method=method, free=free)
            if search is not None:
                ends.append(search.best)
        if not ends:  # the mode is lost on both lines: the plain rounding is as good as anything
            return _rest(problem, grid.rounded(found.x), ~grid.on, method) or problem.at(grid.rounded(found.x))
        found = problem.best(ends)
    return found


def _around(
    problem: Problem, found: Trial, grid: Grid, method: Method, tried: set[bytes], reach: int, most: float = np.inf
) -> Iterator[Trial]:
    """Neighbours that have not been tried, until so many designs were."""
    tried.add(found.x[grid.on].tobytes())
    before = len(problem.history)
    for x in grid.moves(found.x, reach):
        if len(problem.history) - before >= most:
            return
        if x[grid.on].tobytes() in tried or (reach > 1 and grid.on.all() and not _promises(problem, found, x)):
            continue
        tried.add(x[grid.on].tobytes())
        trial = _rest(problem, x, ~grid.on, method)
        if trial is not None:
            yield trial


def _promises(problem: Problem, found: Trial, x: Reals) -> bool:
    """Whether the goal, by its slope, is better there: by a condition that jumps alone is a step far away worth a trial."""
    return not found.feasible or bool(problem.sign * (found.slope @ (x - found.x)) < 0.0)


def _rest(problem: Problem, x: Reals, free: NDArray[np.bool_], method: Method) -> Trial | None:
    """A design with its variables of the grid as they are, the others the best; None where it has no values."""
    search = local_search(problem, x, method=method, free=free)
    return None if search is None else search.best
