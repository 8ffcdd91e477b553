"""The front door of the optimiser: a specification in, the best design out, or the front of two goals."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.errors import ArgumentError, ModeSearchError, QDPhotonicsError
from qdphotonics.sweeps.cautions import gain_cautions
from qdphotonics.sweeps.expressions import Constraint, Expression
from qdphotonics.sweeps.folders import check_folder
from qdphotonics.sweeps.loading import load_optimization
from qdphotonics.sweeps.optimization.front import front
from qdphotonics.sweeps.optimization.model import stack_model, wanted_of
from qdphotonics.sweeps.optimization.problem import FEASIBLE, NO_VALUE, DesignFailed, Sample, sizes_of
from qdphotonics.sweeps.optimization.result import Condition, Optimum, ParetoFront, Reached, Searched
from qdphotonics.sweeps.optimization.search import Campaign
from qdphotonics.sweeps.optimization.tasks import Anchor, Finding, SearchStopped, continuous, is_count
from qdphotonics.sweeps.optimization.verification import solved_anew
from qdphotonics.sweeps.store import write, writing

if TYPE_CHECKING:
    from distributed import Client

    from qdphotonics.sweeps.specs import Goal, OptimizationSpec

NEXT_BEST = 5  # designs that are solved anew, one after another, until one stands
BINDS = 1e-3  # of a condition's size: met with less to spare, it is what stands in the way


class OptimizationStopped(KeyboardInterrupt):
    """Ctrl-C during an optimisation; its text says what is kept."""


@dataclass(frozen=True)
class OptimizationProgress:
    """How far an optimisation is.

    Parameters
    ----------
    searches : int
        Done so far; how many there will be is not known beforehand.
    designs, calls : int
        Tried, and calls of the mode solver, so far.
    name : str
        The search that has just ended.
    objective : float
        Of the design where it ended; nan where it found none.
    feasible : bool
        Whether that design keeps every condition.
    """

    searches: int
    designs: int
    calls: int
    name: str
    objective: float
    feasible: bool


def optimize(
    spec: OptimizationSpec | Path | str | Mapping[str, Any],
    *,
    out: Path | str | None = None,
    workers: int | None = None,
    progress: Callable[[OptimizationProgress], None] | None = None,
) -> Optimum | ParetoFront:
    """The best design of a stack between bounds and under conditions.

    Parameters
    ----------
    spec : OptimizationSpec, path of a YAML file, or mapping of the same form
        Goals, variables and conditions; docs/sweeps.md.
    out : path, optional
        Folder for ``best.yaml`` (a stack, ready for ``analyze``; of a front ``best-01.yaml`` …), ``history.csv`` (every design
        that was tried) and ``optimum.json``; without it nothing is written.
    workers : int, optional
        Processes on this machine that share the searches; 0, the default: this process alone. The answer is the same.
    progress : callable, optional
        Called with an :class:`OptimizationProgress` as each search ends.

    Returns
    -------
    Optimum
        For one goal; where no design keeps every condition, the one that comes nearest, with ``feasible`` False.
    ParetoFront
        For two goals.

    Raises
    ------
    SweepError, StackError, MediumError
        The specification is wrong, or the folder cannot be written to.
    ModeSearchError
        The mode could not be followed to any place where a search was to begin.
    OptimizationStopped
        Ctrl-C: a ``KeyboardInterrupt``; every design tried is in ``history.csv`` of ``out``.

    Notes
    -----
    Each search walks downhill by exact gradients (SLSQP or trust-constr) with the mode followed from design to design; many
    begin at places that fill the box evenly. A fabrication grid is kept exactly, counts of repeats are enumerated or stepped
    through. The design found is solved anew, its modes sought and not followed, before it is reported.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> found = qdp.optimize({
    ...     "stack": "jung2022-lito-ag",
    ...     "mode": "TE0",
    ...     "maximize": "net_gain_per_cm",
    ...     "variables": {"layers.QD.thickness": {"from": 50, "to": 150}, "layers.L-ITO.thickness": {"from": 100, "to": 350}},
    ...     "subject_to": ["total_thickness_nm <= 500"],
    ...     "starts": 1,
    ... })
    >>> found.feasible, found.verification.agrees
    (True, True)
    """
    began = time.perf_counter()
    loaded = _with_window(load_optimization(spec))
    if workers is not None and workers < 0:
        raise ArgumentError(f"Argument `workers` must be at least 0, but is {workers}")
    folder = None if out is None else _folder(out, loaded)
    first = _first_sample(loaded)
    sizes = sizes_of(loaded.constraints, {} if first is None else first.values)
    done: list[Finding] = []
    try:
        with _crew(workers or 0) as client:
            campaign = Campaign(loaded, stack_model, sizes, client, _teller(progress, done))
            found = front(campaign) if len(loaded.goals) == 2 else campaign.optima(loaded.goals[0], NEXT_BEST)
    except KeyboardInterrupt as stop:
        raise _stopped(loaded, folder, [*done, *([stop.finding] if isinstance(stop, SearchStopped) else [])]) from None
    if not found:
        raise _without_a_search(loaded, campaign.findings)
    if len(loaded.goals) == 1:
        points: tuple[Optimum, ...] = (_best_verified(campaign, found, first),)
    else:
        points = tuple(_optimum(campaign, finding, first) for finding in found)
    result = _result(campaign, points, time.perf_counter() - began)
    if folder is not None:
        from qdphotonics.sweeps.optimization.files import save_optimization

        save_optimization(result, folder)
    return result


def _folder(out: Path | str, spec: OptimizationSpec) -> Path:
    """The folder, made before any work so that a night's search does not end at a mistyped path."""
    folder = Path(out)
    check_folder(folder, spec)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _with_window(spec: OptimizationSpec) -> OptimizationSpec:
    """The specification with ``n_range`` as two conditions."""
    if spec.n_range is None:
        return spec
    low, high = spec.n_range
    n_eff = Expression.parse("n_eff")
    window = (Constraint.between(n_eff, ">=", low), Constraint.between(n_eff, "<=", high))
    return replace(spec, constraints=(*spec.constraints, *(each for each, end in zip(window, (low, high), strict=True) if 0 < end < inf)))


def _first_sample(spec: OptimizationSpec) -> Sample | None:
    """The quantities at the specification's own start; None where its mode is not there."""
    counts = tuple(round(variable.start) for variable in spec.variables if is_count(variable))
    x = np.array([variable.start for variable in continuous(spec)])
    try:
        return stack_model(spec, counts, Anchor(x)).sample(x)
    except DesignFailed:
        return None


def _stopped(spec: OptimizationSpec, folder: Path | None, findings: Sequence[Finding]) -> OptimizationStopped:
    """What is told on Ctrl-C, the designs tried kept where there is a folder."""
    count = sum(len(finding.history) for finding in findings)
    if folder is None:
        return OptimizationStopped("stopped; nothing is kept without a folder (--out)")
    if not count:
        return OptimizationStopped("stopped before any design was tried")
    from qdphotonics.sweeps.optimization.files import history

    with writing(folder):
        write(folder / "history.csv", history(spec, findings).encode())
    return OptimizationStopped(f"stopped; the {count} designs tried so far are in {folder / 'history.csv'}, no best one was chosen")


def _without_a_search(spec: OptimizationSpec, findings: Sequence[Finding]) -> QDPhotonicsError:
    """Why no search could begin: the goal's own fault where every design that has its quantities has no finite goal."""
    trials = [trial for finding in findings for trial in finding.history]
    for goal in spec.goals:
        if trials and all(trial.failure.startswith(f"{goal.expression.text} {NO_VALUE}") for trial in trials):
            told = f"{goal.expression.text} has no finite value at any of the {len(trials)} designs tried"
            told += "; does it divide by 0, or take the log of what is not above 0?"
            return spec.document.fault_in(("maximize" if goal.maximize else "minimize",), told)
    notes = dict.fromkeys(finding.note for finding in findings)
    return ModeSearchError(f"no search could begin; {next(iter(notes))}; try another mode, start, or narrower bounds")


@contextlib.contextmanager
def _crew(workers: int) -> Iterator[Client | None]:
    if workers == 0:
        yield None
        return
    from qdphotonics.sweeps.cluster import cluster

    with cluster(workers) as client:
        yield client


def _teller(progress: Callable[[OptimizationProgress], None] | None, done: list[Finding]) -> Callable[[Finding], None]:
    def tell(finding: Finding) -> None:
        done.append(finding)
        if progress is not None:
            value, feasible = (nan, False) if finding.best is None else (finding.best.objective, finding.best.feasible)
            designs, calls = (sum(counts) for counts in zip(*((len(each.history), each.calls) for each in done), strict=True))
            progress(OptimizationProgress(len(done), designs, calls, finding.task.name, value, feasible))

    return tell


def _best_verified(campaign: Campaign, found: Sequence[Finding], first: Sample | None) -> Optimum:
    """The best that stands when it is solved anew; the very best, and what is wrong with it, where none does."""
    best = _optimum(campaign, found[0], first)
    if best.verification.agrees or not (found[0].best and found[0].best.feasible):
        return best
    for finding in found[1:]:
        if finding.best is not None and finding.best.feasible:
            other = _optimum(campaign, finding, first)
            if other.verification.agrees and other.feasible:
                told = f"a design that seemed better was left out; {best.verification.text}"
                return replace(other, warnings=(told, *other.warnings))
    return best


def _optimum(campaign: Campaign, finding: Finding, first: Sample | None) -> Optimum:
    """What is told of one design that was found."""
    spec = campaign.spec
    values = _variables(campaign, finding)
    anew = solved_anew(spec, finding)
    keeps = first is not None and all(
        constraint.holds(first.values, FEASIBLE * size) for constraint, size in zip(spec.constraints, campaign.sizes, strict=True)
    )
    goals = tuple(_reached(goal, anew.quantities, first, keeps=keeps) for goal in spec.goals)
    conditions = tuple(
        _condition(constraint, size, anew.quantities) for constraint, size in zip(spec.constraints, campaign.sizes, strict=True)
    )
    return Optimum(
        spec=spec,
        stack=anew.stack,
        variables=values,
        quantities=anew.quantities,
        goals=goals,
        conditions=conditions,
        verification=anew.verification,
        searches=searched(campaign.findings),
        findings=tuple(campaign.findings),
        seconds=nan,
        warnings=(*anew.warnings, *gain_cautions(replace(spec, stack=anew.stack), wanted_of(spec))),
    )


def _variables(campaign: Campaign, finding: Finding) -> dict[str, float]:
    assert finding.best is not None
    numbers = dict(zip((each.path for each in continuous(campaign.spec)), finding.best.x.tolist(), strict=True))
    numbers |= dict(zip((each.path for each in campaign.counts), finding.task.counts, strict=True))
    return {variable.path: numbers[variable.path] for variable in campaign.spec.variables}


def _reached(goal: Goal, quantities: Mapping[str, float], first: Sample | None, *, keeps: bool) -> Reached:
    expression = goal.expression
    alone = expression.quantities[0] if len(expression.steps) == 1 else None
    start = nan if first is None else expression.evaluate(first.values)
    return Reached(expression.text, goal.maximize, expression.evaluate(quantities), start, "" if alone is None else alone.unit, keeps)


def _condition(constraint: Constraint, size: float, quantities: Mapping[str, float]) -> Condition:
    excess = constraint.excess.evaluate(quantities)
    sides = constraint.left.evaluate(quantities), constraint.right.evaluate(quantities)
    holds = constraint.holds(quantities, FEASIBLE * size)
    return Condition(constraint.text, *sides, constraint.violation(quantities), holds, bool(excess >= -BINDS * size))


def searched(findings: Sequence[Finding]) -> tuple[Searched, ...]:
    """The searches in brief."""
    return tuple(
        Searched(
            finding.task.name,
            nan if finding.best is None else finding.best.objective,
            finding.best is not None and finding.best.feasible,
            len(finding.history),
            finding.calls,
            finding.note,
        )
        for finding in findings
    )


def _result(campaign: Campaign, points: tuple[Optimum, ...], seconds: float) -> Optimum | ParetoFront:
    if len(campaign.spec.goals) == 1:
        return replace(points[0], seconds=seconds)
    warnings = tuple(dict.fromkeys(text for point in points for text in point.warnings))
    return ParetoFront(campaign.spec, points, searched(campaign.findings), tuple(campaign.findings), seconds, warnings)
