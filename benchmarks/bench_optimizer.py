"""What exact gradients save an optimiser: calls of the mode solver to one optimum, beside scipy's methods without derivatives."""

from __future__ import annotations

import numpy as np

from benchmarks.report import Floor, Part, Table
from qdphotonics.sweeps.optimization_local import local_search
from tests.sweeps.graded import OPTIONS, Effort, derivative_free, graded_problem

PAIRS = (3, 4)  # eight and ten thicknesses
SAME = 1e-6  # of the objective: within this of the best that any method found, it is the same optimum
LEAST_RATIO = 10.0  # the issue's
LEAD = """
Net gain of a Bragg-reflection diode (M3's materials) whose reflector need not be periodic: every layer of it has a thickness of its own,
and so have ZnO and TFB, each within 30 % of the shipped stack's. One call is one design: the mode followed there, with its gain.
Calls to the optimum: until the objective is within 1e-6 of the best; in all: until the method stops by itself.
""".strip().replace("\n", " ")


def by_gradients(pairs: int) -> Effort:
    """qdphotonics' own local search."""
    problem, start = graded_problem(pairs)
    local_search(problem, start)
    values = np.maximum.accumulate([trial.objective for trial in problem.history])
    return Effort(float(values[-1]), problem.calls, values)


def calls_to(effort: Effort, best: float) -> int | None:
    """Calls until an objective is reached; None where it is not."""
    reached = np.flatnonzero(effort.values >= best * (1.0 - SAME))
    return int(reached[0]) + 1 if reached.size else None


def part() -> Part:
    """The chapter."""
    rows, floors = [], []
    for pairs in PAIRS:
        efforts = {"gradients": by_gradients(pairs)} | {method: derivative_free(method, pairs) for method in OPTIONS}
        best = max(effort.best for effort in efforts.values())
        for name, effort in efforts.items():
            reached = calls_to(effort, best)
            cells = (f"{effort.best:.6f}", "not reached" if reached is None else str(reached), str(effort.calls))
            rows.append((f"{2 * pairs + 2} thicknesses, {name}", *cells))
        own, peers = efforts["gradients"], [effort for name, effort in efforts.items() if name != "gradients"]
        fewest = min(effort.calls for effort in peers if calls_to(effort, best) is not None)
        name = f"optimiser: {2 * pairs + 2} thicknesses, calls of the best method without derivatives ÷ calls with gradients"
        floors.append(Floor(name, fewest / own.calls if calls_to(own, best) is not None else 0.0, LEAST_RATIO))
    heads = ("problem, method", "net gain [cm⁻¹]", "calls to the optimum", "calls in all")
    return Part("An optimiser's calls", LEAD, [("", Table(heads, rows))], floors)
