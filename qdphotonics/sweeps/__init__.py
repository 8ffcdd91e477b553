"""Sweeps, optimisation and tolerances: many stacks at once, restartable, from a laptop to a cluster.

Each name is imported when it is first used: a worker of a cluster, the shell's completion and ``import qdphotonics`` load
only what they need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdphotonics.sweeps.axes import Axis, Design, Group
    from qdphotonics.sweeps.dataset import save_csv, save_netcdf
    from qdphotonics.sweeps.loading import load_optimization, load_sweep, load_tolerance
    from qdphotonics.sweeps.optimization.optimize import OptimizationProgress
    from qdphotonics.sweeps.optimization.result import Optimum, ParetoFront
    from qdphotonics.sweeps.quantities import KINDS, Quantity, check_quantity, parse_quantity
    from qdphotonics.sweeps.runner import Progress, SweepStopped
    from qdphotonics.sweeps.specs import ErrorSource, Goal, OptimizationSpec, SweepSpec, ToleranceSpec, Variable
    from qdphotonics.sweeps.tolerance.result import Contribution, Spread, Tolerances

__all__ = [
    "KINDS",
    "Axis",
    "Contribution",
    "Design",
    "ErrorSource",
    "Goal",
    "Group",
    "OptimizationProgress",
    "OptimizationSpec",
    "Optimum",
    "ParetoFront",
    "Progress",
    "Quantity",
    "Spread",
    "SweepSpec",
    "SweepStopped",
    "ToleranceSpec",
    "Tolerances",
    "Variable",
    "check_quantity",
    "load_optimization",
    "load_sweep",
    "load_tolerance",
    "parse_quantity",
    "save_csv",
    "save_netcdf",
]

_MODULE_OF = {
    "KINDS": "quantities",
    "Axis": "axes",
    "Contribution": "tolerance.result",
    "Design": "axes",
    "ErrorSource": "specs",
    "Goal": "specs",
    "Group": "axes",
    "OptimizationProgress": "optimization.optimize",
    "OptimizationSpec": "specs",
    "Optimum": "optimization.result",
    "ParetoFront": "optimization.result",
    "Progress": "runner",
    "Quantity": "quantities",
    "Spread": "tolerance.result",
    "SweepSpec": "specs",
    "SweepStopped": "runner",
    "ToleranceSpec": "specs",
    "Tolerances": "tolerance.result",
    "Variable": "specs",
    "check_quantity": "quantities",
    "load_optimization": "loading",
    "load_sweep": "loading",
    "load_tolerance": "loading",
    "parse_quantity": "quantities",
    "save_csv": "dataset",
    "save_netcdf": "dataset",
}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value  # found without this function from now on
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
