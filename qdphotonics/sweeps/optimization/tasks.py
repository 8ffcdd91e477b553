"""The parts of an optimisation that stand alone: each can be done anywhere, and gives the same wherever it is done.

A task begins from its own place with a model of its own and knows nothing of the others, so that the answer does not depend
on how many workers share them, nor on which ends first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qdphotonics.errors import SweepError
from qdphotonics.sweeps.optimization.grid import Grid, along_edges, onto_grid, stepped_far
from qdphotonics.sweeps.optimization.local import local_search
from qdphotonics.sweeps.optimization.problem import DesignFailed, Model, Problem, Reals, Trial, better

if TYPE_CHECKING:
    from distributed import Client

    from qdphotonics.sweeps.expressions import Constraint
    from qdphotonics.sweeps.specs import Goal, OptimizationSpec, Variable

SAME_PLACE = 0.01  # of the way between the bounds: two searches that end nearer than this have found one optimum

Way = Literal["walk", "to the grid", "as it is", "far steps"]

DIGITS = 8  # of a value: a hundred-thousandth of a nm

Counts = tuple[int, ...]  # of repeats: how many pairs each mirror has


@dataclass(frozen=True, eq=False)
class Anchor:
    """A design and the mode that was followed to it, so that another search can begin with that very mode.

    ``n_eff`` None: the mode is whichever the specification names at that design.
    """

    x: Reals
    n_eff: complex | None = None


Maker = Callable[["OptimizationSpec", Counts, Anchor], Model]


@dataclass(frozen=True, eq=False)
class Task:
    """A search from one place.

    Parameters
    ----------
    spec : OptimizationSpec
    make : callable
        From specification, counts and anchor to a model; raises DesignFailed where the mode cannot be found there.
    counts : tuple of int
        Of the repeats that are varied.
    goal : Goal
    constraints : tuple of Constraint
        Those of the specification, and what else must hold.
    sizes : float array [constraint]
    anchor : Anchor
        Where to begin.
    way : {"walk", "to the grid", "as it is", "far steps"}
        Downhill by the gradients; then onto the fabrication grid; the design alone; or from one on the grid by steps, also
        farther ones (without a grid: along the lines of nets laid about the design).
    name : str
        What tells of it in histories: ``start 3``.
    """

    spec: OptimizationSpec
    make: Maker
    counts: Counts
    goal: Goal
    constraints: tuple[Constraint, ...]
    sizes: Reals
    anchor: Anchor
    way: Way
    name: str


class SearchStopped(KeyboardInterrupt):
    """Ctrl-C during a search in this process; ``finding`` is what had been tried."""

    def __init__(self, finding: Finding) -> None:
        super().__init__("stopped")
        self.finding = finding


@dataclass(frozen=True, eq=False)
class Finding:
    """What came of a task; ``best`` None: there was no mode at its beginning."""

    task: Task
    best: Trial | None
    history: tuple[Trial, ...]
    note: str

    @property
    def anchor(self) -> Anchor:
        """Where it ended."""
        assert self.best is not None
        assert self.best.sample is not None
        return Anchor(self.best.x, self.best.sample.n_eff)

    @property
    def calls(self) -> int:
        """Of the mode solver."""
        return sum(0 if trial.sample is None else trial.sample.calls for trial in self.history)


def continuous(spec: OptimizationSpec) -> tuple[Variable, ...]:
    """The variables that are not counts of repeats, in their order."""
    return tuple(variable for variable in spec.variables if not is_count(variable))


def is_count(variable: Variable) -> bool:
    """Whether a variable is the count of a repeat, which changes what layers there are."""
    return variable.integer and variable.path.endswith("repeat")


def perform(task: Task) -> Finding:
    """Search."""
    variables = continuous(task.spec)
    try:
        model = task.make(task.spec, task.counts, task.anchor)
    except DesignFailed as failure:
        return Finding(task, None, (), str(failure))
    problem = Problem(task.goal, task.constraints, variables, model, task.sizes)
    try:
        return _performed(task, problem)
    except KeyboardInterrupt:
        raise SearchStopped(Finding(task, None, tuple(problem.history), "stopped")) from None


def _performed(task: Task, problem: Problem) -> Finding:
    note = "tried alone"
    if task.way in ("walk", "to the grid"):
        found = local_search(problem, task.anchor.x, method=task.spec.method)
        first, note = (None, "") if found is None else (found.best, found.note)
    else:
        first = problem.at(task.anchor.x)
    if first is None or first.sample is None:
        return Finding(task, None, tuple(problem.history), problem.history[0].failure)
    best, note = _gone(task, problem, first, note)
    return Finding(task, _in_few_digits(problem, best), tuple(problem.history), note)


def _gone(task: Task, problem: Problem, first: Trial, note: str) -> tuple[Trial, str]:
    """The rest of the way, and what ended it."""
    grid, method = Grid.of(continuous(task.spec)), task.spec.method
    if task.way in ("walk", "as it is"):
        return first, note
    if task.way == "far steps" and not grid.on.any():
        return along_edges(problem, first, method), "no neighbour is better"
    if not grid.on.any():
        return first, note
    if task.way == "to the grid":
        return onto_grid(problem, first, grid, method), note
    return stepped_far(problem, first, grid, method), "no neighbour is better"


def _in_few_digits(problem: Problem, best: Trial) -> Trial:
    """The design with values such as a file holds them, unless that breaks a condition."""
    written = problem.at(np.array([float(f"{value:.{DIGITS}g}") for value in best.x.tolist()]))
    return written if written.sample is not None and (written.feasible or not best.feasible) else best


def perform_all(tasks: Sequence[Task], client: Client | None, tell: Callable[[Finding], None]) -> list[Finding]:
    """Every task, in this process or on a cluster's workers; the findings in the order of the tasks.

    Parameters
    ----------
    tasks : sequence of Task
    client : distributed.Client or None
    tell : callable
        Called with each finding as it comes.

    Raises
    ------
    SweepError
        The workers were lost.
    """
    if client is None:
        return [_told(perform(task), tell) for task in tasks]
    from distributed import as_completed

    futures = [client.submit(perform, task, pure=False) for task in tasks]
    try:
        for future in as_completed(futures, loop=client.loop):
            _told(future.result(), tell)
        return [future.result() for future in futures]
    except OSError as problem:
        raise SweepError(f"the workers were lost: {problem}") from None


def _told(finding: Finding, tell: Callable[[Finding], None]) -> Finding:
    tell(finding)
    return finding


def starting_places(spec: OptimizationSpec) -> list[Reals]:
    """Where the searches begin: at the specification's own start, and at points that fill the box evenly (Sobol's, by its seed).

    Returns
    -------
    list of float array [variable]
        As many as ``spec.starts``; one where nothing but counts is varied.
    """
    from qdphotonics.sweeps.axes import samples

    variables = continuous(spec)
    first = np.array([variable.start for variable in variables])
    if not variables or spec.starts == 1:
        return [first]
    low, high = ([getattr(variable, end) for variable in variables] for end in ("low", "high"))
    return [first, *samples("sobol", spec.starts - 1, spec.seed, low, high)]


def distinct(findings: Sequence[Finding], count: int) -> list[Finding]:
    """The best of some findings of one goal, best first, at most ``count``, none twice: within 1 % of the box is the same place."""
    kept: list[Finding] = []
    left = [finding for finding in findings if finding.best is not None]
    while left and len(kept) < count:
        best = left[0]
        for finding in left[1:]:
            if _better(finding, best):
                best = finding
        left.remove(best)
        if all(best.task.counts != other.task.counts or _apart(best, other) for other in kept):
            kept.append(best)
    return kept


def _better(one: Finding, other: Finding) -> bool:
    assert one.best is not None
    assert other.best is not None
    return better(one.best, other.best, one.task.goal)


def _apart(one: Finding, other: Finding) -> bool:
    assert one.best is not None
    assert other.best is not None
    variables = continuous(one.task.spec)
    spans = np.array([variable.high - variable.low for variable in variables])
    away = np.abs(one.best.x - other.best.x) / np.where(spans > 0, spans, 1.0)
    return bool(away.max(initial=0.0) > SAME_PLACE)
