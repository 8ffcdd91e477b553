"""Gratings and lattices: one geometry for coupled waves, Bloch modes and FDTD.

The chain: ``profile`` (a tooth) - ``cell`` (one period of a stack) - ``finite`` (many periods) - ``lattices`` and
``footprints`` (seen from above). Bloch modes: ``bloch_orders`` (Fourier factorisation) - ``bloch_dispersion`` (D and its
determinant) - ``bloch_fields`` and ``bloch_measures`` (waves, integrals) - ``bloch_mode`` and ``bloch_modes`` (results, search)
- ``bloch_threshold``, ``bloch_bands``, ``bloch_spectrum`` (what is asked of them). Coupled waves: ``coupled_waves_partial`` (matrix
elements) - ``coupled_waves_coupling`` (κ, band edges) - ``coupled_waves`` (a finite grating's modes) - ``coupled_waves_laser`` and
``coupled_waves_fields``. Cavities along the normal: ``vertical_cavity`` - ``vertical``.
"""

from __future__ import annotations

from qdphotonics.gratings.baseline import averaged
from qdphotonics.gratings.bloch_bands import BandStructure, BlochWavenumbers, band_structure, bloch_wavenumbers
from qdphotonics.gratings.bloch_mode import BlochMode, RadiatedOrder
from qdphotonics.gratings.bloch_modes import BlochSearch, bloch_mode, bloch_modes, feedback_kx, folded_wavelengths
from qdphotonics.gratings.bloch_spectrum import BlochSpectrum, bloch_spectrum
from qdphotonics.gratings.bloch_threshold import BlochThreshold, DutyScan, scan_duty, threshold, thresholds
from qdphotonics.gratings.cell import Region, Slice, UnitCell, unit_cell
from qdphotonics.gratings.coupled_waves import CoupledWaves, ThresholdMode, ThresholdModes, WavesAlong
from qdphotonics.gratings.coupled_waves_coupling import BandEdge, GratingCoupling, grating_coupling, period_for
from qdphotonics.gratings.coupled_waves_fields import FarField, edge_far_field, far_field, mode_profile, near_field
from qdphotonics.gratings.coupled_waves_laser import DistributedFeedback, DistributedFeedbackMode, distributed_feedback
from qdphotonics.gratings.finite import FiniteGrating, depth_factor, finite_grating
from qdphotonics.gratings.footprints import Footprint, disc, overlap, overlap_area_um2, stripe
from qdphotonics.gratings.lattices import Lattice
from qdphotonics.gratings.profile import GratingProfile
from qdphotonics.gratings.vertical import VerticalMode, VerticalModes, VerticalThreshold, vertical_modes
from qdphotonics.gratings.vertical_cavity import VerticalCavity

__all__ = [
    "BandEdge",
    "BandStructure",
    "BlochMode",
    "BlochSearch",
    "BlochSpectrum",
    "BlochThreshold",
    "BlochWavenumbers",
    "CoupledWaves",
    "DistributedFeedback",
    "DistributedFeedbackMode",
    "DutyScan",
    "FarField",
    "FiniteGrating",
    "Footprint",
    "GratingCoupling",
    "GratingProfile",
    "Lattice",
    "RadiatedOrder",
    "Region",
    "Slice",
    "ThresholdMode",
    "ThresholdModes",
    "UnitCell",
    "VerticalCavity",
    "VerticalMode",
    "VerticalModes",
    "VerticalThreshold",
    "WavesAlong",
    "averaged",
    "band_structure",
    "bloch_mode",
    "bloch_modes",
    "bloch_spectrum",
    "bloch_wavenumbers",
    "depth_factor",
    "disc",
    "distributed_feedback",
    "edge_far_field",
    "far_field",
    "feedback_kx",
    "finite_grating",
    "folded_wavelengths",
    "grating_coupling",
    "mode_profile",
    "near_field",
    "overlap",
    "overlap_area_um2",
    "period_for",
    "scan_duty",
    "stripe",
    "threshold",
    "thresholds",
    "unit_cell",
    "vertical_modes",
]
