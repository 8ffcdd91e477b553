"""Every figure: results in, a Matplotlib figure out; nothing is computed here, and pyplot is left alone."""

from __future__ import annotations

from qdphotonics.plots.budget import loss_budget
from qdphotonics.plots.dispersion import dispersion
from qdphotonics.plots.gain import net_gain
from qdphotonics.plots.materials import material_index
from qdphotonics.plots.medium import gain_map, medium_gain, occupancies
from qdphotonics.plots.picture import stack_picture
from qdphotonics.plots.profile import index_and_modes
from qdphotonics.plots.saving import json_text, save_figure, save_report
from qdphotonics.plots.spectra import spectrum

__all__ = [
    "dispersion",
    "gain_map",
    "index_and_modes",
    "json_text",
    "loss_budget",
    "material_index",
    "medium_gain",
    "net_gain",
    "occupancies",
    "save_figure",
    "save_report",
    "spectrum",
    "stack_picture",
]
