"""What an optimisation tried and found: the way to the optimum with where it lies between the bounds, and the front of two goals."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._tables import number
from qdphotonics.plots.style import (
    DOUBLE_COLUMN,
    LINE_COLOURS,
    N_EFF,
    SINGLE_COLUMN,
    headline,
    legend_columns,
    line_look,
    literal,
    new_figure,
    styled,
)
from qdphotonics.sweeps.labels import path_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.sweeps.optimization.result import Optimum, ParetoFront, Reached
    from qdphotonics.sweeps.optimization.tasks import Finding
    from qdphotonics.sweeps.specs import Goal, Variable

MOST_VARIABLES = 30
MOST_LINES = 7
FAINT, PALE = "#8C8C8C", "#EFEFEF"
ROOM = 0.08
LEAST_CHANGE = 1e-3  # of the way between the bounds: a variable that moves less along a front is not drawn


@styled
def optimum(found: Optimum) -> Figure:
    """Every design that was tried, search by search, with the best so far; and the best between its bounds.

    Parameters
    ----------
    found : sweeps.Optimum

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = min(len(found.spec.variables), MOST_VARIABLES)
    figure = new_figure(DOUBLE_COLUMN, max(0.36, 0.14 + 0.022 * rows) * DOUBLE_COLUMN)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    _draw_history(left, found)
    _draw_bounds(right, found)
    handles = {label: handle for axes in (left, right) for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    columns = legend_columns(list(handles), figure.get_figwidth())
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=columns)
    headline(figure, literal(f"{found.name}: {found.text}"))
    return figure


def _label(goal: Goal) -> str:
    """A goal as an axis names it."""
    return literal(goal.expression.label).replace("n_eff", N_EFF)


def _draw_history(axes: Axes, found: Optimum) -> None:
    goal = found.goals[0]
    done = 0
    best = -np.inf if goal.maximize else np.inf
    steps: list[tuple[int, float]] = []
    kept: list[tuple[int, float]] = []
    broken: list[tuple[int, float]] = []
    for order, finding in enumerate(found.findings):
        for place, trial in enumerate(finding.history, start=done + 1):
            (kept if trial.feasible else broken).append((place, trial.objective))
            if trial.feasible and isfinite(trial.objective):
                best = max(best, trial.objective) if goal.maximize else min(best, trial.objective)
            steps.append((place, best if isfinite(best) else np.nan))
        if order % 2:
            axes.axvspan(done + 0.5, done + len(finding.history) + 0.5, color=PALE, linewidth=0, zorder=0)
        done += len(finding.history)
    if broken:
        axes.plot(*zip(*broken, strict=True), "x", color=FAINT, markersize=2.5, label="breaks a condition")
    if kept:
        axes.plot(*zip(*kept, strict=True), "o", color=LINE_COLOURS[0], markersize=2.5, label="keeps every condition")
        axes.step(*zip(*steps, strict=True), where="post", color="black", linewidth=1.0, label="best so far")
    axes.set_xlim(0.5, max(done, 1) + 0.5)
    axes.set_xlabel(f"design tried, {len(found.findings)} searches in turn")
    axes.set_ylabel(_label(found.spec.goals[0]))
    axes.set_ylim(*_limits([value for _, value in kept], [value for _, value in broken], goal))
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.set_title(f"{found.calls} calls of the mode solver")


def _limits(kept: Sequence[float], broken: Sequence[float], goal: Reached) -> tuple[float, float]:
    """Heights within which all good designs lie, and the bad ones that are not far from them."""
    values = np.array([value for value in (*(kept or broken), goal.value, goal.start) if isfinite(value)])
    if not values.size:
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    room = ROOM * (high - low) if high > low else max(0.01 * abs(high), 1e-6)
    return low - room, high + room


def _draw_bounds(axes: Axes, found: Optimum) -> None:
    shown = found.spec.variables[:MOST_VARIABLES]
    for row, each in enumerate(shown):
        axes.plot([0, 1], [row, row], color=FAINT, linewidth=0.8, zorder=1)
        look: dict[str, Any] = {"linestyle": "none", "color": "black", "clip_on": False}
        axes.plot(_share(each, each.start), row, "o", **look, markerfacecolor="white", markersize=4, label=None if row else "start")
        value = found.variables[each.path]
        axes.plot(_share(each, value), row, "D", **look, markersize=4, label=None if row else "found")
        axes.annotate(f"{value:.5g} {each.unit}".strip(), (1.06, row), va="center", annotation_clip=False, fontsize="small")
    axes.set_yticks(range(len(shown)), [f"{literal(path_label(each.path))}" for each in shown])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xticks([0, 0.5, 1], labels=["lower bound", "middle", "upper bound"])
    rest = len(found.spec.variables) - len(shown)
    axes.set_title(f"the first {len(shown)} of {len(shown) + rest} variables" if rest else "variables between their bounds")


def _share(variable: Variable, value: float) -> float:
    return (value - variable.low) / (variable.high - variable.low) if variable.high > variable.low else 0.5


@styled
def pareto(front: ParetoFront) -> Figure:
    """The designs of which none is better in both goals, with the others that keep every condition; and what changes along the front.

    Parameters
    ----------
    front : sweeps.ParetoFront

    Returns
    -------
    matplotlib.figure.Figure
    """
    moving = _moving(front)
    figure = new_figure(DOUBLE_COLUMN if moving else 1.3 * SINGLE_COLUMN, 0.42 * DOUBLE_COLUMN)
    panels = figure.subplots(1, 2 if moving else 1, squeeze=False)[0]
    _draw_front(panels[0], front)
    if moving:
        _draw_moving(panels[1], front, moving)
    handles = {label: handle for axes in panels for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    columns = legend_columns(list(handles), figure.get_figwidth())
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=columns)
    headline(figure, literal(f"{front.name}: {front.text}"))
    return figure


def _draw_front(axes: Axes, front: ParetoFront) -> None:
    first, second = ([point.goals[which].value for point in front.points] for which in (0, 1))
    others = np.array(list(_others(front)))
    if others.size:
        axes.plot(others[:, 0], others[:, 1], ".", color=FAINT, markersize=2, label="tried, keeps every condition", zorder=1)
    axes.plot(first, second, marker="o", markersize=3.5, label="none is better in both", **line_look(0))
    goals = front.points[0].goals
    if all(isfinite(goal.start) for goal in goals):
        axes.plot(goals[0].start, goals[1].start, "s", color="black", markerfacecolor="white", markersize=5, label="start")
    axes.set_xlabel(_label(front.spec.goals[0]))
    axes.set_ylabel(_label(front.spec.goals[1]))
    axes.ticklabel_format(useOffset=False)
    across, up = ("right" if goals[0].maximize else "left"), ("up" if goals[1].maximize else "down")
    axes.set_title(f"better: to the {across}, and {up}wards")


def _others(front: ParetoFront) -> Any:
    """Both goals of every design tried that keeps every condition."""
    goals = [goal.expression for goal in front.spec.goals]
    for finding in front.findings:
        yield from _feasible(finding, goals)


def _feasible(finding: Finding, goals: Sequence[Any]) -> Any:
    own = len(finding.task.spec.constraints)  # a search along the front has one more: not to fall behind in the other goal
    for trial in finding.history:
        if trial.sample is not None and (trial.violations[:own] <= 0).all():
            yield tuple(goal.evaluate(trial.sample.values) for goal in goals)


def _moving(front: ParetoFront) -> list[Variable]:
    """The variables that change most along the front."""
    if len(front.points) < 2:
        return []
    reach = {
        variable: float(np.ptp([_share(variable, point.variables[variable.path]) for point in front.points]))
        for variable in front.spec.variables
    }
    return [each for each in sorted(reach, key=lambda each: -reach[each])[:MOST_LINES] if reach[each] > LEAST_CHANGE]


def _draw_moving(axes: Axes, front: ParetoFront, moving: Sequence[Variable]) -> None:
    along = [point.goals[0].value for point in front.points]
    for order, each in enumerate(moving):
        shares = [_share(each, point.variables[each.path]) for point in front.points]
        label = f"{literal(path_label(each.path))}, {number(each.low)} to {number(each.high)} {each.unit}".strip()
        axes.plot(along, shares, marker="o", markersize=2, label=label, **line_look(order + 1))
    axes.set_ylim(-0.04, 1.04)
    axes.set_yticks([0, 0.5, 1], labels=["lower\nbound", "middle", "upper\nbound"])
    axes.set_xlabel(_label(front.spec.goals[0]))
    axes.ticklabel_format(axis="x", useOffset=False)
    rest = len(front.spec.variables) - len(moving)
    axes.set_title(f"variables along the front, {rest} more stay" if rest else "variables along the front")
