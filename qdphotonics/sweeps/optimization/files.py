"""What ``optimize --out`` leaves behind: stacks ready for ``analyze``, every design that was tried, and the result as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qdphotonics._plain import json_text
from qdphotonics.sweeps.folders import INPUT
from qdphotonics.sweeps.optimization.model import wanted_of
from qdphotonics.sweeps.optimization.result import Optimum, ParetoFront
from qdphotonics.sweeps.optimization.tasks import continuous, is_count
from qdphotonics.sweeps.store import write, writing

if TYPE_CHECKING:
    from qdphotonics.sweeps.optimization.tasks import Finding
    from qdphotonics.sweeps.specs import OptimizationSpec

INFEASIBLE = "least-infeasible.yaml"


def save_optimization(found: Optimum | ParetoFront, folder: Path) -> list[Path]:
    """Write ``best.yaml`` (of a front ``best-01.yaml`` …), ``history.csv`` and ``optimum.json``.

    Where no design keeps the conditions, the one that comes nearest is called ``least-infeasible.yaml``.

    Returns
    -------
    list of Path

    Raises
    ------
    SweepError
        The folder cannot be written to.
    """
    document = found.as_dict() | {INPUT: found.spec.as_dict()}
    texts = {"optimum.json": json_text(document, indent=1) + "\n", "history.csv": history(found.spec, found.findings)}
    if not found.feasible:
        texts[INFEASIBLE] = stack_text(found if isinstance(found, Optimum) else found.points[0])
    elif isinstance(found, Optimum):
        texts["best.yaml"] = stack_text(found)
    else:
        texts |= {f"best-{place:02d}.yaml": stack_text(point) for place, point in enumerate(found.points, start=1)}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in (*folder.glob("best*.yaml"), folder / INFEASIBLE):  # of the same study, which may have found fewer designs now
            stale.unlink(missing_ok=True)
        for name, text in texts.items():
            write(folder / name, text.encode())
    return [folder / name for name in sorted(texts)]


def stack_text(found: Optimum) -> str:
    """The design as a stack file of its own, its numbers as they were verified."""
    from qdphotonics.stacks import written_stack

    changes = [f"{path}={value!r}" for path, value in found.variables.items()]
    text = written_stack(found.spec.stack, changes, f"Found by optimisation ({found.name}): {found.text}")
    return text if found.feasible else f"# {found.text}\n{text}"


def history(spec: OptimizationSpec, findings: Sequence[Finding]) -> str:
    """Every design that was tried, as CSV: a row each, in the order of the searches.

    Columns: ``search``, the variables, the quantities, the goals, by how much each condition is broken, ``feasible``, and
    why a design has no values.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    units = {variable.path: variable.unit for variable in spec.variables}
    quantities = wanted_of(spec)
    writer.writerow([
        "search",
        *(f"{path} [{unit}]" if unit else path for path, unit in units.items()),
        *(f"{each.name} [{each.unit}]" if each.unit else each.name for each in quantities),
        *(f"{'maximize' if goal.maximize else 'minimize'} {goal.expression.text}" for goal in spec.goals),
        *(f"violation of {constraint.text}" for constraint in spec.constraints),
        "feasible",
        "failure",
    ])
    writer.writerows(_rows(findings, spec))
    return stream.getvalue()


def _rows(findings: Sequence[Finding], spec: OptimizationSpec) -> Iterator[list[str]]:
    numbers = [variable.path for variable in continuous(spec)]
    counts = [variable.path for variable in spec.variables if is_count(variable)]
    names = [quantity.name for quantity in wanted_of(spec)]
    for finding in findings:
        fixed = dict(zip(counts, finding.task.counts, strict=True))
        for trial in finding.history:
            values = {**dict(zip(numbers, trial.x.tolist(), strict=True)), **fixed}
            row = [finding.task.name, *(repr(values[variable.path]) for variable in spec.variables)]
            if trial.sample is None:
                yield [*row, *[""] * (len(names) + len(spec.goals) + len(spec.constraints)), "no", trial.failure]
                continue
            sample = trial.sample.values
            row += [repr(sample[name]) for name in names]
            row += [repr(goal.expression.evaluate(sample)) for goal in spec.goals]
            row += [repr(float(violation)) for violation in trial.violations[: len(spec.constraints)]]
            yield [*row, "yes" if trial.feasible else "no", ""]
