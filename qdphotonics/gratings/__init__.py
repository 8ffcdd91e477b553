"""Gratings and lattices: one geometry for coupled waves, Bloch modes and FDTD.

The chain: ``profile`` (a tooth) - ``cell`` (one period of a stack) - ``finite`` (many periods) - ``lattices`` and
``footprints`` (seen from above). Bloch modes: ``bloch_orders`` (Fourier factorisation) - ``bloch_dispersion`` (D and its
determinant) - ``bloch_fields`` and ``bloch_measures`` (waves, integrals) - ``bloch_mode`` and ``bloch_modes`` (results, search)
- ``bloch_threshold``, ``bloch_bands``, ``bloch_spectrum`` (what is asked of them).
"""

from __future__ import annotations

from qdphotonics.gratings.baseline import averaged
from qdphotonics.gratings.bloch_bands import BandStructure, BlochWavenumbers, band_structure, bloch_wavenumbers
from qdphotonics.gratings.bloch_mode import BlochMode, RadiatedOrder
from qdphotonics.gratings.bloch_modes import BlochSearch, bloch_mode, bloch_modes, feedback_kx, folded_wavelengths
from qdphotonics.gratings.bloch_spectrum import BlochSpectrum, bloch_spectrum
from qdphotonics.gratings.bloch_threshold import BlochThreshold, DutyScan, scan_duty, threshold, thresholds
from qdphotonics.gratings.cell import Region, Slice, UnitCell, unit_cell
from qdphotonics.gratings.finite import FiniteGrating, depth_factor, finite_grating
from qdphotonics.gratings.footprints import Footprint, disc, overlap, overlap_area_um2, stripe
from qdphotonics.gratings.lattices import Lattice
from qdphotonics.gratings.profile import GratingProfile

__all__ = [
    "BandStructure",
    "BlochMode",
    "BlochSearch",
    "BlochSpectrum",
    "BlochThreshold",
    "BlochWavenumbers",
    "DutyScan",
    "FiniteGrating",
    "Footprint",
    "GratingProfile",
    "Lattice",
    "RadiatedOrder",
    "Region",
    "Slice",
    "UnitCell",
    "averaged",
    "band_structure",
    "bloch_mode",
    "bloch_modes",
    "bloch_spectrum",
    "bloch_wavenumbers",
    "depth_factor",
    "disc",
    "feedback_kx",
    "finite_grating",
    "folded_wavelengths",
    "overlap",
    "overlap_area_um2",
    "scan_duty",
    "stripe",
    "threshold",
    "thresholds",
    "unit_cell",
]
