"""Gratings and lattices: one geometry for coupled waves, Bloch modes and FDTD.

The chain: ``profile`` (a tooth) - ``cell`` (one period of a stack) - ``finite`` (many periods) - ``lattices`` and
``footprints`` (seen from above).
"""

from __future__ import annotations

from qdphotonics.gratings.cell import Region, Slice, UnitCell, unit_cell
from qdphotonics.gratings.profile import GratingProfile

__all__ = ["GratingProfile", "Region", "Slice", "UnitCell", "unit_cell"]
