"""A smooth problem of many thicknesses: a Bragg diode whose reflector need not be periodic, for gradient and derivative-free searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.loading import load_optimization
from qdphotonics.sweeps.optimization.local import local_search
from qdphotonics.sweeps.optimization.model import stack_model
from qdphotonics.sweeps.optimization.problem import Problem
from qdphotonics.sweeps.optimization.tasks import Anchor

ROOM = 0.3  # of each thickness, up and down
OPTIONS: dict[str, dict[str, Any]] = {  # so that each gets the objective to 1e-6, if it can, with the fewest calls
    "COBYQA": {"maxfev": 3000, "initial_tr_radius": 0.1, "final_tr_radius": 1e-4},
    "Powell": {"maxfev": 3000, "xtol": 1e-4, "ftol": 1e-8},
    "Nelder-Mead": {"maxfev": 3000, "adaptive": True, "xatol": 1e-5, "fatol": 1e-6},
}
SAME = 1e-6  # of the objective: within this of the best that any method found, it is the same optimum


def graded_design(pairs: int) -> dict[str, Any]:
    """M3 with so many pairs, each layer by itself: net gain of the TE mode against all of them, ZnO and TFB."""
    reflector: dict[str, tuple[str, float]] = {}
    for pair in range(pairs):
        reflector |= {f"H{pair}": ("Nb2O5", 130.0), f"L{pair}": ("SiO2 film", 110.0)}
    above = {"ITO": 10.0, "ZnO": 80.0, "QD": 50.0, "TFB": 180.0, "HAT-CN": 10.0, "Ag": 100.0}
    layers = [{"name": name, "material": material, "thickness": nm} for name, (material, nm) in reflector.items()]
    for name, nm in above.items():
        layer = {"name": name, "material": "ccg-QD film" if name == "QD" else name, "thickness": nm}
        layers.append({**layer, "role": "gain"} if name == "QD" else layer)
    free = {**{name: nm for name, (_, nm) in reflector.items()}, "ZnO": above["ZnO"], "TFB": above["TFB"]}
    return {
        "stack": {
            "name": f"Bragg diode of {pairs} free pairs", "wavelength": "1.93 eV", "substrate": "glass", "superstrate": "air",
            "layers": layers, "gain": {"medium": "ccg-QD"},
        },
        "mode": "TE",
        "maximize": "net_gain_per_cm",
        "variables": {f"layers.{name}.thickness": {"from": nm * (1 - ROOM), "to": nm * (1 + ROOM)} for name, nm in free.items()},
    }


def graded_problem(pairs: int) -> tuple[Problem, NDArray[np.float64]]:
    """The problem, nothing tried yet, and where searches begin."""
    spec = load_optimization(graded_design(pairs))
    start = np.array([variable.start for variable in spec.variables])
    return Problem(spec.goals[0], spec.constraints, spec.variables, stack_model(spec, (), Anchor(start))), start


@dataclass(frozen=True)
class Effort:
    """What a method reached.

    Parameters
    ----------
    best : float
    calls : int
        Of the mode solver, until the method stopped by itself.
    values : float array [call]
        The best known after each.
    """

    best: float
    calls: int
    values: NDArray[np.float64]

    def calls_to(self, best: float) -> int | None:
        """Calls until an objective is reached within SAME; None where it is not."""
        reached = np.flatnonzero(self.values >= best * (1.0 - SAME))
        return int(reached[0]) + 1 if reached.size else None


def by_gradients(pairs: int) -> Effort:
    """The problem by the local search of this library."""
    problem, start = graded_problem(pairs)
    local_search(problem, start)
    return _effort(problem)


def _effort(problem: Problem) -> Effort:
    values = np.maximum.accumulate([0.0 if trial.sample is None else trial.objective for trial in problem.history])
    return Effort(float(values[-1]), problem.calls, values)


def derivative_free(method: str, pairs: int) -> Effort:
    """The same problem by one of scipy's methods without derivatives, between the same bounds, in the same scaled variables."""
    from scipy.optimize import Bounds, minimize

    problem, start = graded_problem(pairs)
    span = problem.high - problem.low

    def worth(u: NDArray[np.float64]) -> float:
        trial = problem.at(problem.low + u * span)
        return 0.0 if trial.sample is None else -trial.objective

    bounds = Bounds(np.zeros(start.size), np.ones(start.size))
    keywords: dict[str, Any] = {"method": method, "bounds": bounds, "options": OPTIONS[method]}
    minimize(worth, (start - problem.low) / span, **keywords)
    return _effort(problem)
