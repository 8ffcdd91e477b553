"""What exact gradients save an optimiser: calls of the mode solver to one optimum, beside scipy's methods without derivatives."""

from __future__ import annotations

from benchmarks.report import Floor, Part, Table
from tests.sweeps.graded import OPTIONS, by_gradients, derivative_free

PAIRS = (3, 4, 5)  # eight, ten and twelve thicknesses
PROMISED = (4, 5)
LEAST_RATIO = 10.0  # the issue's
LEAD = """
Net gain of a Bragg-reflection diode (M3's materials) whose reflector need not be periodic: every layer of it has a thickness of its own,
and so have ZnO and TFB, each within 30 % of the shipped stack's. One call is one design: the mode followed there, with its gain.
Calls to the optimum: until the objective is within 1e-6 of the best that any method found; in all: until the method stops by itself, or
after 3,000.
""".strip().replace("\n", " ")


def part() -> Part:
    """The chapter."""
    rows, floors = [], []
    for pairs in PAIRS:
        own, peers = by_gradients(pairs), {method: derivative_free(method, pairs) for method in OPTIONS}
        best = max(effort.best for effort in (own, *peers.values()))
        for name, effort in {"gradients": own, **peers}.items():
            reached = effort.calls_to(best)
            cells = (f"{effort.best:.6f}", "not reached" if reached is None else str(reached), str(effort.calls))
            rows.append((f"{2 * pairs + 2} thicknesses, {name}", *cells))
        if pairs in PROMISED:
            to_own, to_peers = own.calls_to(best), [reached for peer in peers.values() if (reached := peer.calls_to(best)) is not None]
            name = f"optimiser, {2 * pairs + 2} thicknesses: calls without derivatives, at best, ÷ with gradients"
            floors.append(Floor(name, min(to_peers) / to_own if to_own is not None else 0.0, LEAST_RATIO))
    heads = ("problem, method", "net gain [cm⁻¹]", "calls to the optimum", "calls in all")
    return Part("An optimiser's calls", LEAD, [("", Table(heads, rows))], floors)
