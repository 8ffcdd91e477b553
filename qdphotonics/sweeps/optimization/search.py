"""The search for the best of all designs: many starts, counts of repeats, the fabrication grid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.sweeps.optimization.grid import Grid
from qdphotonics.sweeps.optimization.local import STALLED
from qdphotonics.sweeps.optimization.problem import Reals
from qdphotonics.sweeps.optimization.tasks import (
    Anchor,
    Counts,
    Finding,
    Maker,
    Task,
    Way,
    continuous,
    distinct,
    is_count,
    perform_all,
    starting_places,
)

if TYPE_CHECKING:
    from distributed import Client

    from qdphotonics.sweeps.specs import Goal, OptimizationSpec, Variable

MOST_COMBINATIONS = 12  # of counts, up to which each gets all the starts; of more, the best is sought step by step
ROUNDED = 3  # optima that are taken to the grid: the best between its lines need not be the best on them


@dataclass(eq=False)
class Campaign:
    """Everything that searches have in common, and all that they found.

    Parameters
    ----------
    spec : OptimizationSpec
    make : callable
        See :data:`~qdphotonics.sweeps.optimization.tasks.Maker`.
    sizes : float array [constraint]
        What violations of the specification's conditions are measured in.
    client : distributed.Client or None
    tell : callable
        Called with each finding as it comes.
    """

    spec: OptimizationSpec
    make: Maker
    sizes: Reals
    client: Client | None = None
    tell: Callable[[Finding], None] = lambda finding: None
    findings: list[Finding] = field(default_factory=list)

    @property
    def has_grid(self) -> bool:
        """Whether any variable has a fabrication grid."""
        return bool(Grid.of(continuous(self.spec)).on.any())

    @property
    def usual_way(self) -> Way:
        """Of a search whose end must be a design that can be made."""
        return "to the grid" if self.has_grid else "walk"

    @property
    def counts(self) -> tuple[Variable, ...]:
        """The variables that are counts of repeats."""
        return tuple(variable for variable in self.spec.variables if is_count(variable))

    def task(self, goal: Goal, counts: Counts, anchor: Anchor, name: str, way: Way = "walk") -> Task:
        """A task under the specification's own conditions."""
        return Task(self.spec, self.make, counts, goal, self.spec.constraints, self.sizes, anchor, way, name)

    def perform(self, tasks: Sequence[Task]) -> list[Finding]:
        """Do some tasks and keep what they found."""
        found = perform_all(tasks, self.client, self.tell)
        self.findings.extend(found)
        return found

    def best(self, goal: Goal) -> Finding | None:
        """The best design for a goal, on the grid where there is one; None where no search could begin."""
        return next(iter(self.optima(goal, 1)), None)

    def optima(self, goal: Goal, count: int) -> list[Finding]:
        """The best designs for a goal that are not one and the same, best first; none is worse than a start that keeps the conditions."""
        found = self._between_lines(goal)
        if self.has_grid:
            found = self._on_lines(goal, found, count)
        best = distinct(found, count)
        if not best or not (self.has_grid or any(finding.note == STALLED for finding in found)):
            return best
        far = self.perform([replace(best[0].task, anchor=best[0].anchor, way="far steps", name=f"{best[0].task.name}, farther")])
        return distinct([*far, *found], count)

    def _on_lines(self, goal: Goal, found: Sequence[Finding], count: int) -> list[Finding]:
        """From the ends of searches to the grid; and from the specification's start, which lies on it or next to it."""
        ends = distinct(found, max(ROUNDED, count))
        ends = [end for end in ends if end.best is not None and end.best.feasible] or ends[:1]
        tasks = [replace(end.task, anchor=end.anchor, way="to the grid", name=f"{end.task.name}, grid") for end in ends]
        start = Grid.of(continuous(self.spec)).rounded(starting_places(self.spec)[0])
        tasks.append(self.task(goal, self.first_counts, Anchor(start), "the start, grid", "as it is"))
        return self.perform(tasks)

    @property
    def first_counts(self) -> Counts:
        """The counts nearest to those of the specification's start."""
        return tuple(_nearest(count_values(variable), variable.start) for variable in self.counts)

    def _between_lines(self, goal: Goal) -> list[Finding]:
        """Searches from every start, with every count or step by step from the first ones; the grid is left aside."""
        every = list(product(*(count_values(variable) for variable in self.counts)))
        if len(every) <= MOST_COMBINATIONS:
            return self.perform([task for counts in every for task in self._from_every_start(goal, counts)])
        return self._step_by_step(goal)

    def _from_every_start(self, goal: Goal, counts: Counts) -> list[Task]:
        told = ", ".join(f"{variable.path} = {count}" for variable, count in zip(self.counts, counts, strict=True))
        places = enumerate(starting_places(self.spec), start=1)
        return [self.task(goal, counts, Anchor(x), f"start {number}" + (f", {told}" if told else "")) for number, x in places]

    def _step_by_step(self, goal: Goal) -> list[Finding]:
        """From the first counts to the best neighbours, one count more or less each time, until none is better.

        A neighbour is searched from the best place known: where the layers stay as they are, a pair more hardly moves it.
        """
        allowed, first = [count_values(variable) for variable in self.counts], self.first_counts
        found = self.perform(self._from_every_start(goal, first))
        tried = {first}
        while best := distinct(found, 1):
            here, x = best[0].task.counts, best[0].anchor.x
            tasks = []
            for counts in _neighbours(here, allowed):
                if counts not in tried:
                    tried.add(counts)
                    told = ", ".join(f"{variable.path} = {count}" for variable, count in zip(self.counts, counts, strict=True))
                    tasks.append(self.task(goal, counts, Anchor(x), f"step to {told}"))
            if not tasks:
                break
            found.extend(self.perform(tasks))
            if distinct(found, 1)[0] is best[0]:
                break
        return found


def _nearest(counts: Sequence[int], value: float) -> int:
    return min(counts, key=lambda count: abs(count - value))


def count_values(variable: Variable) -> list[int]:
    """The counts that a variable may have."""
    return list(range(int(np.ceil(variable.low)), int(np.floor(variable.high)) + 1, max(round(variable.step or 1), 1)))


def _neighbours(counts: Counts, allowed: Sequence[list[int]]) -> list[Counts]:
    """One place up or down the list of one count."""
    found = []
    for at, values in enumerate(allowed):
        place = values.index(counts[at])
        found += [(*counts[:at], values[near], *counts[at + 1 :]) for near in (place - 1, place + 1) if 0 <= near < len(values)]
    return found
