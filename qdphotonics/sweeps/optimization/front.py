"""Two goals that pull apart: the designs of which none is better in both.

The method of the epsilon constraint (Haimes, Lasdon, Wismer, IEEE Trans. Syst. Man Cybern. 1, 296 (1971),
doi 10.1109/TSMC.1971.4308298): the ends are the optima of either goal alone; between them the second goal is held to evenly
spaced values at least, and the first made as good as it can be. Each search begins where its neighbour ended, once from
either end, and the better of the two is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qdphotonics.sweeps.expressions import Constraint
from qdphotonics.sweeps.optimization.problem import Trial, better
from qdphotonics.sweeps.optimization.search import Campaign
from qdphotonics.sweeps.optimization.tasks import Finding, Task
from qdphotonics.sweeps.specs import Goal

LOSS = 1e-7  # of the front's extent in a goal, given up at an end so that the second is as good as it can be there
ALIKE = 1e-5  # of the front's extent in both goals: two points nearer than this are one


def front(campaign: Campaign) -> list[Finding]:
    """The designs of which none is better in both goals, from the best in the first to the best in the second.

    Parameters
    ----------
    campaign : Campaign
        Of a specification with two goals.

    Returns
    -------
    list of Finding
        Empty where no search could begin; one where no design keeps the conditions (the one that breaks them least), or where
        one design is the best in both.
    """
    first, second = campaign.spec.goals
    optima = [best for best in (campaign.best(first), campaign.best(second)) if best is not None]
    if len(optima) < 2 or not all(_trial(best).feasible for best in optima):
        return optima[:1]
    extent = [abs(_value(goal, optima[1]) - _value(goal, optima[0])) for goal in (first, second)]
    if min(extent) == 0.0:
        return optima[:1]
    ends = [_end(campaign, optima[0], second, extent[0]), _end(campaign, optima[1], first, extent[1])]
    return pareto([*ends, *_between(campaign, ends[0], ends[1])], (first, second))


def _trial(finding: Finding) -> Trial:
    assert finding.best is not None
    return finding.best


def _end(campaign: Campaign, best: Finding, other: Goal, extent: float) -> Finding:
    """Of the designs that are as good as the optimum of one goal, the best in the other."""
    goal = best.task.goal
    held = _at_least(goal, _trial(best).objective - (LOSS if goal.maximize else -LOSS) * extent)
    name = f"best {goal.expression.text}, then {other.expression.text}"
    task = _with(campaign.task(other, best.task.counts, best.anchor, name, campaign.usual_way), held, extent)
    found = campaign.perform([task])[0]
    return best if found.best is None or not found.best.feasible else found


def _at_least(goal: Goal, value: float) -> Constraint:
    return Constraint.between(goal.expression, ">=" if goal.maximize else "<=", value)


def _with(task: Task, constraint: Constraint, size: float) -> Task:
    """The task with one condition more."""
    return replace(task, constraints=(*task.constraints, constraint), sizes=np.append(task.sizes, size))


def _between(campaign: Campaign, first: Finding, second: Finding) -> list[Finding]:
    """Points between the two ends, by chains of searches from either end, with the counts of either end."""
    goal, held = campaign.spec.goals
    values = np.linspace(_value(held, first), _value(held, second), campaign.spec.points)[1:-1]
    extent = abs(_value(held, second) - _value(held, first))
    best: dict[int, Finding] = {}
    here = [first, second]
    for step in range(len(values)):  # the two chains side by side, so that two workers share them
        places = [step, len(values) - 1 - step]
        tasks = []
        for begin, place in zip(here, places, strict=True):
            text = f"{held.expression.text} held to {values[place]:.6g}"
            task = campaign.task(goal, begin.task.counts, begin.anchor, text, campaign.usual_way)
            tasks.append(_with(task, _at_least(held, float(values[place])), extent))
        for chain, found in enumerate(campaign.perform(tasks)):
            if found.best is None:
                continue
            here[chain], place = found, places[chain]
            if found.best.feasible and (place not in best or better(found.best, _trial(best[place]), goal)):
                best[place] = found
    return [best[place] for place in sorted(best)]


def _value(goal: Goal, finding: Finding) -> float:
    sample = _trial(finding).sample
    assert sample is not None
    return float(goal.expression.evaluate(sample.values))


def pareto(findings: Sequence[Finding], goals: tuple[Goal, Goal]) -> list[Finding]:
    """Those that no other beats in one goal without losing in the other, by rising quality in the second; of twins, the first.

    A point that another beats in one goal by more than ALIKE of the front's extent must be better in the other by as much.
    """
    rank = np.array([[(1.0 if goal.maximize else -1.0) * _value(goal, finding) for goal in goals] for finding in findings])
    extent = np.ptp(rank, axis=0)
    room = ALIKE * np.where(extent > 0.0, extent, np.abs(rank).max(axis=0))
    kept: list[int] = []
    seen: set[tuple[object, ...]] = set()
    for at in np.lexsort((-rank[:, 1], -rank[:, 0])).tolist():  # the best in the first goal first: a later one must gain in the second
        design = (findings[at].task.counts, *_trial(findings[at]).x.round(9).tolist())
        if design in seen:  # solved twice, by two ways, with a last digit that differs
            continue
        seen.add(design)
        if kept and rank[at, 1] <= rank[kept[-1], 1] + room[1]:
            continue
        if kept and rank[at, 0] >= rank[kept[-1], 0] - room[0]:
            kept.pop()  # as good in the first, worse in the second
        kept.append(at)
    return [findings[at] for at in kept]
