"""What an optimisation found: one design, or the front of two goals; ready to print, plot or store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qdphotonics._plain import plain
from qdphotonics._tables import html_table, number, text_table

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.optimization.tasks import Finding
    from qdphotonics.sweeps.specs import OptimizationSpec, Variable

Table = tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]


@dataclass(frozen=True)
class Reached:
    """A goal and how far it was reached.

    Parameters
    ----------
    text : str
        The expression.
    maximize : bool
    value : float
    start : float
        At the specification's start; nan where it has none.
    unit : str
        Of an expression that is a quantity by itself, else empty.
    start_keeps : bool
        Whether the start keeps every condition.
    """

    text: str
    maximize: bool
    value: float
    start: float
    unit: str
    start_keeps: bool = True

    def __str__(self) -> str:
        broken = "" if self.start_keeps else ", which breaks a condition"
        change = "" if self.start != self.start else f" (at the start {number(self.start)}{broken})"
        return f"{'largest' if self.maximize else 'smallest'} {self.text}: {number(self.value)} {self.unit}".rstrip() + change


@dataclass(frozen=True)
class Condition:
    """A condition at the design found.

    Parameters
    ----------
    text : str
    left, right : float
        Its sides.
    violation : float
        By how much it is broken; 0 where it holds.
    holds : bool
        Within a millionth of its size.
    binds : bool
        Whether it is met with less than a thousandth of its size to spare: it is what stands in the way of better.
    """

    text: str
    left: float
    right: float
    violation: float
    holds: bool
    binds: bool


@dataclass(frozen=True)
class Verification:
    """The design solved anew, its modes sought and not followed.

    Parameters
    ----------
    label : str
        What ``modes`` calls the mode on the stack found; empty where it is none of its modes.
    n_eff : complex or None
        There.
    certified : bool
        Whether the search counted as many modes as it returned.
    largest_difference : float
        Of a quantity, between followed and solved anew, relative to its size.
    agrees : bool
    text : str
        In a sentence.
    """

    label: str
    n_eff: complex | None
    certified: bool
    largest_difference: float
    agrees: bool
    text: str


@dataclass(frozen=True)
class Searched:
    """One search.

    Parameters
    ----------
    name : str
        Where it began.
    objective : float
        Where it ended; nan where it could not begin.
    feasible : bool
        Whether its end keeps every condition.
    trials : int
        Designs tried.
    calls : int
        Of the mode solver.
    note : str
        Why it ended.
    """

    name: str
    objective: float
    feasible: bool
    trials: int
    calls: int
    note: str


class _Outcome:
    """What an optimum and a front have in common."""

    spec: OptimizationSpec
    searches: tuple[Searched, ...]

    @property
    def name(self) -> str:
        """Of the specification."""
        return self.spec.name

    @property
    def method(self) -> str:
        """Of the local searches."""
        return self.spec.method

    @property
    def calls(self) -> int:
        """Of the mode solver, in all searches."""
        return sum(search.calls for search in self.searches)

    def table(self) -> Table:
        """Title, columns, rows and notes."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


@dataclass(frozen=True, eq=False, repr=False)
class Optimum(_Outcome):
    """The best design found.

    Parameters
    ----------
    spec : OptimizationSpec
    stack : Stack
        The design.
    variables : mapping of path to float or int
        Its values.
    quantities : mapping of name to float
        Every quantity of the goals and conditions, solved anew.
    goals : tuple of Reached
    conditions : tuple of Condition
    verification : Verification
    searches : tuple of Searched
    findings : tuple of Finding
        The searches with every design that they tried.
    seconds : float
    warnings : tuple of str
    """

    spec: OptimizationSpec
    stack: Stack
    variables: Mapping[str, float]
    quantities: Mapping[str, float]
    goals: tuple[Reached, ...]
    conditions: tuple[Condition, ...]
    verification: Verification
    searches: tuple[Searched, ...]
    findings: tuple[Finding, ...]
    seconds: float
    warnings: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether every condition holds."""
        return all(condition.holds for condition in self.conditions)

    @property
    def objective(self) -> float:
        """Value of the (first) goal."""
        return self.goals[0].value

    @property
    def text(self) -> str:
        """The outcome in a sentence or two."""
        if self.feasible and not self.verification.agrees:
            values = "; ".join(f"{goal.text} {number(goal.value)} {goal.unit}".rstrip() for goal in self.goals)
            return f"No verified optimum: the best design that was found has {values}, but its numbers stand alone."
        if self.feasible:
            return f"{'; '.join(map(str, self.goals))}, of {len(self.searches)} local searches."
        broken = [condition for condition in self.conditions if not condition.holds]
        told = ", ".join(f'"{each.text}" by {number(each.violation)} ({number(each.left)} against {number(each.right)})' for each in broken)
        few = "; more starts or wider bounds may help" if len(self.searches) < 2 * len(self.variables) else ""
        return f"No design between the bounds was found that keeps every condition. The one that comes nearest breaks {told}{few}."

    def as_dict(self) -> dict[str, Any]:
        """A plain document."""
        return {
            "name": self.name,
            "stack": self.stack.name,
            "feasible": self.feasible,
            "text": self.text,
            "goals": plain(self.goals),
            "variables": [self._described(variable) for variable in self.spec.variables],
            "quantities": plain(self.quantities),
            "conditions": plain(self.conditions),
            "verification": plain(self.verification),
            "searches": plain(self.searches),
            "method": self.method,
            "calls": self.calls,
            "seconds": self.seconds,
            "warnings": list(self.warnings),
        }

    def _described(self, variable: Variable) -> dict[str, Any]:
        ends = {"from": variable.low, "to": variable.high, "step": variable.step, "start": variable.start}
        return {"path": variable.path, "value": self.variables[variable.path], "unit": variable.unit, **ends}

    def table(self) -> Table:
        """Title, columns, rows and notes."""
        from qdphotonics.sweeps.optimization.tables import optimum_table

        return optimum_table(self)


@dataclass(frozen=True, eq=False, repr=False)
class ParetoFront(_Outcome):
    """The designs of which none is better in both goals.

    Parameters
    ----------
    spec : OptimizationSpec
    points : tuple of Optimum
        From the best in the first goal to the best in the second; one where a single design is the best in both, or where no
        design keeps the conditions (:attr:`feasible` tells).
    searches : tuple of Searched
    findings : tuple of Finding
    seconds : float
    warnings : tuple of str
    """

    spec: OptimizationSpec
    points: tuple[Optimum, ...]
    searches: tuple[Searched, ...]
    findings: tuple[Finding, ...]
    seconds: float
    warnings: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether every point keeps every condition."""
        return all(point.feasible for point in self.points)

    @property
    def text(self) -> str:
        """The outcome in a sentence."""
        if not self.feasible:
            return self.points[0].text
        if len(self.points) == 1:
            return f"One design is the best in both goals: {self.points[0].text}"
        ends = zip(self.points[0].goals, self.points[-1].goals, strict=True)
        told = (f"{first.text} from {number(first.value)} to {number(last.value)} {first.unit}".rstrip() for first, last in ends)
        return f"{len(self.points)} designs of which none is better in both: {', '.join(told)}."

    def __len__(self) -> int:
        return len(self.points)

    def __iter__(self) -> Iterator[Optimum]:
        return iter(self.points)

    def __getitem__(self, place: int) -> Optimum:
        return self.points[place]

    def as_dict(self) -> dict[str, Any]:
        """A plain document."""
        shared = ("name", "searches", "method", "calls", "seconds")
        return {
            "name": self.name,
            "feasible": self.feasible,
            "text": self.text,
            "points": [{key: value for key, value in point.as_dict().items() if key not in shared} for point in self.points],
            "searches": plain(self.searches),
            "method": self.method,
            "calls": self.calls,
            "seconds": self.seconds,
            "warnings": list(self.warnings),
        }

    def table(self) -> Table:
        """Title, columns, rows and notes: a row a point."""
        from qdphotonics.sweeps.optimization.tables import front_table

        return front_table(self)
