"""Optical modes, gain and lasing feasibility of colloidal-quantum-dot LEDs and laser diodes.

Nothing heavy is loaded by ``import qdphotonics``: each public name and each room is imported when it is first used
(PEP 562), so that a command line answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from qdphotonics._version import __version__
from qdphotonics.errors import (
    ArgumentError,
    DataError,
    EngineError,
    InputError,
    MaterialError,
    MediumError,
    ModeSearchError,
    QDPhotonicsError,
    StackError,
    SweepError,
)

if TYPE_CHECKING:
    from qdphotonics import fdtd, gain, gratings, laser, materials, optics, planar, plots, stacks, sweeps, thermal, units
    from qdphotonics.gain import list_media, load_medium, medium_gain, thresholds
    from qdphotonics.laser import analyze, ase, fit_vsl
    from qdphotonics.laser.band_map import bands
    from qdphotonics.laser.dfb import dfb
    from qdphotonics.laser.vertical import cavity
    from qdphotonics.materials import list_materials, load_material
    from qdphotonics.optics import find_modes, spectrum
    from qdphotonics.stacks import list_stacks, load_stack
    from qdphotonics.sweeps.optimization.optimize import optimize
    from qdphotonics.sweeps.sweep import sweep
    from qdphotonics.sweeps.tolerance.study import tolerance

__all__ = [
    "ArgumentError",
    "DataError",
    "EngineError",
    "InputError",
    "MaterialError",
    "MediumError",
    "ModeSearchError",
    "QDPhotonicsError",
    "StackError",
    "SweepError",
    "__version__",
    "analyze",
    "ase",
    "bands",
    "cavity",
    "dfb",
    "fdtd",
    "find_modes",
    "fit_vsl",
    "gain",
    "gratings",
    "laser",
    "list_materials",
    "list_media",
    "list_stacks",
    "load_material",
    "load_medium",
    "load_stack",
    "materials",
    "medium_gain",
    "optics",
    "optimize",
    "planar",
    "plots",
    "spectrum",
    "stacks",
    "sweep",
    "sweeps",
    "thermal",
    "thresholds",
    "tolerance",
    "units",
]

_ROOMS = ("fdtd", "gain", "gratings", "laser", "materials", "optics", "planar", "plots", "stacks", "sweeps", "thermal", "units")

_ROOM_OF = {
    "analyze": "laser",
    "ase": "laser",
    "bands": "laser.band_map",
    "cavity": "laser.vertical",
    "dfb": "laser.dfb",
    "find_modes": "optics",
    "fit_vsl": "laser",
    "list_materials": "materials",
    "list_media": "gain",
    "list_stacks": "stacks",
    "load_material": "materials",
    "load_medium": "gain",
    "load_stack": "stacks",
    "medium_gain": "gain",
    "optimize": "sweeps.optimization.optimize",
    "spectrum": "optics",
    "sweep": "sweeps.sweep",
    "thresholds": "gain",
    "tolerance": "sweeps.tolerance.study",
}


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    globals()[name] = value  # found without this function from now on
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
