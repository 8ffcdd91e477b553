"""A stack's modes, fields and spectrum by layer name: joins stacks and planar."""

from __future__ import annotations

from qdphotonics._plain import plain
from qdphotonics._tables import html_table, number, text_table
from qdphotonics.optics.angles import critical_angle_deg, propagation_angle_deg, waveguide_position
from qdphotonics.optics.by_layer import ByLayer, LayerConfinement
from qdphotonics.optics.dispersion import FollowedMode, FollowedModes, follow_modes
from qdphotonics.optics.modes import Search, StackMode, StackModes, find_modes, written_budget
from qdphotonics.optics.problem import PlanarProblem, Polarizations, index_response, planar_problem, polarizations, search_seconds
from qdphotonics.optics.profiles import ModeProfile, fields
from qdphotonics.optics.spectra import PolarizedSpectrum, Side, Spectrum, spectrum

__all__ = [
    "ByLayer",
    "FollowedMode",
    "FollowedModes",
    "LayerConfinement",
    "ModeProfile",
    "PlanarProblem",
    "Polarizations",
    "PolarizedSpectrum",
    "Search",
    "Side",
    "Spectrum",
    "StackMode",
    "StackModes",
    "critical_angle_deg",
    "fields",
    "find_modes",
    "follow_modes",
    "html_table",
    "index_response",
    "number",
    "plain",
    "planar_problem",
    "polarizations",
    "propagation_angle_deg",
    "search_seconds",
    "spectrum",
    "text_table",
    "waveguide_position",
    "written_budget",
]
