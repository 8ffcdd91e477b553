"""Results of an optimisation as tables, for a prompt, a notebook and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdphotonics._tables import number
from qdphotonics.sweeps.labels import path_label

if TYPE_CHECKING:
    from qdphotonics.sweeps.optimization.result import Condition, Optimum, ParetoFront, Table
    from qdphotonics.sweeps.specs import Variable

AT_BOUND = 1e-6  # of the way between the bounds


def optimum_table(found: Optimum) -> Table:
    """A row for each variable, then one for each condition."""
    rows: list[tuple[str, ...]] = [_variable_row(variable, found.variables[variable.path]) for variable in found.spec.variables]
    rows += [_condition_row(condition) for condition in found.conditions]
    title = f"{found.name}: {'best design' if found.feasible else 'the design nearest to the conditions'}"
    notes = [found.text, found.verification.text, effort(found), *(f"warning: {text}" for text in found.warnings)]
    return title, ("", "value", "unit", "allowed", ""), rows, notes


def front_table(front: ParetoFront) -> Table:
    """A row for each point."""
    goals = [f"{goal.text} {goal.unit}".strip() for goal in front.points[0].goals]
    variables = front.spec.variables
    rows: list[tuple[str, ...]] = [
        (str(place), *(number(goal.value) for goal in point.goals), *(exact(point.variables[each.path]) for each in variables))
        for place, point in enumerate(front.points, start=1)
    ]
    notes = [front.text, effort(front), *(f"warning: {text}" for text in front.warnings)]
    return front.name, ("point", *goals, *(f"{path_label(each.path)} {each.unit}".strip() for each in variables)), rows, notes


def effort(found: Optimum | ParetoFront) -> str:
    """What it took."""
    designs = sum(search.trials for search in found.searches)
    return f"{len(found.searches)} searches, {designs} designs, {found.calls} calls of the mode solver, {number(found.seconds)} s"


def exact(value: float) -> str:
    """A thickness in more digits than anyone can make.

    Examples
    --------
    >>> exact(184.123456), exact(10)
    ('184.123', '10')
    """
    return f"{value:.6g}"


def _variable_row(variable: Variable, value: float) -> tuple[str, ...]:
    room = AT_BOUND * (variable.high - variable.low)
    bound = "at its lower bound" if value <= variable.low + room else "at its upper bound" if value >= variable.high - room else ""
    return path_label(variable.path), exact(value), variable.unit, f"{exact(variable.low)} to {exact(variable.high)}", bound


def _condition_row(condition: Condition) -> tuple[str, ...]:
    state = f"broken by {number(condition.violation)}" if not condition.holds else "binds" if condition.binds else "holds"
    return condition.text, number(condition.left), "", "", state
