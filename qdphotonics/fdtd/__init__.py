"""FDTD by Meep, the independent witness of the other engines, as a process of its own.

The chain: ``interpreter`` (who has Meep) - ``media``, ``geometry`` (what is simulated) - ``job`` (in Meep's terms) -
``worker`` (the program under Meep's Python) - ``process``, ``cache``, ``engine`` (run it) - ``planar``, ``dfb``, … (what
is asked of it).
"""

from __future__ import annotations

from qdphotonics.fdtd.dfb import FdtdResonance, FdtdResonances, dfb_resonances
from qdphotonics.fdtd.engine import JobResult, Ring, RunResult, run
from qdphotonics.fdtd.finite import FiniteResonance, FiniteResonances, finite_grating
from qdphotonics.fdtd.interpreter import Meep, find_meep
from qdphotonics.fdtd.job import Job, Run
from qdphotonics.fdtd.maps import FieldPicture, propagation, resonance_fields
from qdphotonics.fdtd.media import Medium, MetalFit, fitted_metal
from qdphotonics.fdtd.planar import PlanarFdtdMode, PlanarFdtdModes, planar_modes
from qdphotonics.fdtd.process import Progress
from qdphotonics.fdtd.slab import CrystalSlab, SlabResonance, SlabResonances, slab_resonances

__all__ = [
    "CrystalSlab",
    "FdtdResonance",
    "FdtdResonances",
    "FieldPicture",
    "FiniteResonance",
    "FiniteResonances",
    "Job",
    "JobResult",
    "Medium",
    "Meep",
    "MetalFit",
    "PlanarFdtdMode",
    "PlanarFdtdModes",
    "Progress",
    "Ring",
    "Run",
    "RunResult",
    "SlabResonance",
    "SlabResonances",
    "dfb_resonances",
    "find_meep",
    "finite_grating",
    "fitted_metal",
    "planar_modes",
    "propagation",
    "resonance_fields",
    "run",
    "slab_resonances",
]
