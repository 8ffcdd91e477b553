"""Gratings and lattices: one geometry for coupled waves, Bloch modes and FDTD.

The chain: ``profile`` (a tooth) - ``cell`` (one period of a stack) - ``finite`` (many periods) - ``lattices`` and
``footprints`` (seen from above). Bloch modes: ``bloch_orders`` (Fourier factorisation) - ``bloch_dispersion`` (D and its
determinant) - ``bloch_fields`` and ``bloch_measures`` (waves, integrals) - ``bloch_mode`` and ``bloch_modes`` (results, search).
"""

from __future__ import annotations

from qdphotonics.gratings.baseline import averaged
from qdphotonics.gratings.bloch_mode import BlochMode, RadiatedOrder
from qdphotonics.gratings.bloch_modes import BlochSearch, bloch_mode, bloch_modes, feedback_kx, folded_wavelengths
from qdphotonics.gratings.cell import Region, Slice, UnitCell, unit_cell
from qdphotonics.gratings.profile import GratingProfile

__all__ = [
    "BlochMode",
    "BlochSearch",
    "GratingProfile",
    "RadiatedOrder",
    "Region",
    "Slice",
    "UnitCell",
    "averaged",
    "bloch_mode",
    "bloch_modes",
    "feedback_kx",
    "folded_wavelengths",
    "unit_cell",
]
