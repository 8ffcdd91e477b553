"""Problems in closed form that stand in for a device: quantities of x with exact gradients, no mode solver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.expressions import Constraint, Expression
from qdphotonics.sweeps.loading import load_optimization
from qdphotonics.sweeps.optimization.problem import DesignFailed, Problem, Sample
from qdphotonics.sweeps.specs import Goal, OptimizationSpec, Variable

Reals = NDArray[np.float64]
Function = Callable[[Reals], tuple[float, Reals]]  # value and gradient

LAYERS = ("DBR-H", "DBR-L", "ITO", "ZnO", "QD", "TFB", "HAT-CN", "Ag")  # of ahn2023-brw: names of paths only


@dataclass
class Toy:
    """Quantities by functions of x; no value where ``lost`` says so.

    Parameters
    ----------
    functions : mapping of quantity name to function
        A list of functions is a quantity that is the largest of them, as that of the best of several modes.
    lost : callable
        Where there are no values.
    hessians : mapping of quantity name to float array [variable, variable]
        Curvatures that are told.
    """

    functions: Mapping[str, Function | Sequence[Function]]
    lost: Callable[[Reals], bool] = lambda x: False
    hessians: Mapping[str, Reals] = field(default_factory=dict)
    visited: list[Reals] = field(default_factory=list)

    def sample(self, x: Reals) -> Sample:
        self.visited.append(x.copy())
        if self.lost(x):
            raise DesignFailed("the mode ends on the way")
        values, gradients, rivals = {}, {}, {}
        for name, given in self.functions.items():
            ranked = sorted([one(x) for one in (given if isinstance(given, Sequence) else [given])], key=lambda found: -found[0])
            values[name], gradients[name] = ranked[0]
            if len(ranked) > 1:
                rivals[name] = tuple(ranked[1:])
        return Sample(values, gradients, rivals, n_eff=1.5 + 0j)

    def curvatures(self, x: Reals) -> Mapping[str, Reals]:
        return self.hessians


def total(x: Reals) -> tuple[float, Reals]:
    return float(x.sum()), np.ones_like(x)


def bowl(matrix: Reals, centre: Reals, bottom: float = 0.0) -> Function:
    """bottom + (x - centre)·matrix·(x - centre)."""

    def value(x: Reals) -> tuple[float, Reals]:
        away = x - centre
        return float(bottom + away @ matrix @ away), 2.0 * matrix @ away

    return value


def plane(*slope: float, at_zero: float = 0.0) -> Function:
    """at_zero + slope·x."""
    return lambda x: (float(at_zero + np.dot(slope, x)), np.array(slope))


def rosenbrock(x: Reals) -> tuple[float, Reals]:
    """Sum of 100 (x[i+1] - x[i]²)² + (1 - x[i])²: a curved valley, 0 at x = 1."""
    from scipy.optimize import rosen, rosen_der

    return float(rosen(x)), np.asarray(rosen_der(x))


def variables(low: float, high: float, count: int, step: float | None = None) -> tuple[Variable, ...]:
    return tuple(Variable(f"layers.{at}.thickness", low, high, step, low, False, "nm") for at in range(count))


def problem(
    toy: Toy, goal: str, subject_to: Sequence[str] = (), *, low: float = -2.0, high: float = 2.0, count: int = 2, maximize: bool = False
) -> Problem:
    """A toy between bounds."""
    constraints = [Constraint.parse(text) for text in subject_to]
    return Problem(Goal(Expression.parse(goal), maximize), constraints, variables(low, high, count), toy)


def specification(count: int, **further: object) -> OptimizationSpec:
    """A specification of so many thicknesses, 10 to 30 nm; the toy's functions take the place of the stack."""
    paths = {f'layers."{name}".thickness': {"from": 10, "to": 30, "start": 20} for name in LAYERS[:count]}
    given = {"stack": "ahn2023-brw", "minimize": "n_eff", "variables": paths, "starts": 4, **further}
    return load_optimization(given)
