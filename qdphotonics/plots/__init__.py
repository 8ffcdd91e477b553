"""Every figure: results in, a Matplotlib figure out; nothing is computed here, and pyplot is left alone."""

from __future__ import annotations

from qdphotonics.plots.bands import bands
from qdphotonics.plots.budget import loss_budget
from qdphotonics.plots.cavity import cavity
from qdphotonics.plots.dfb import dfb, duty_thresholds, engines
from qdphotonics.plots.dispersion import dispersion
from qdphotonics.plots.gain import net_gain, net_gain_spectrum
from qdphotonics.plots.heat import heating
from qdphotonics.plots.materials import material_index
from qdphotonics.plots.medium import gain_map, medium_gain, occupancies
from qdphotonics.plots.optimum import optimum, pareto
from qdphotonics.plots.picture import stack_picture
from qdphotonics.plots.profile import index_and_modes
from qdphotonics.plots.saving import save_figure, save_optimization, save_report, save_sweep, save_tolerances
from qdphotonics.plots.spectra import spectrum
from qdphotonics.plots.stripe import edge_emission, stripe_lengths
from qdphotonics.plots.sweeps import sweep
from qdphotonics.plots.tornado import tornado

__all__ = [
    "bands",
    "cavity",
    "dfb",
    "dispersion",
    "duty_thresholds",
    "edge_emission",
    "engines",
    "gain_map",
    "heating",
    "index_and_modes",
    "loss_budget",
    "material_index",
    "medium_gain",
    "net_gain",
    "net_gain_spectrum",
    "occupancies",
    "optimum",
    "pareto",
    "save_figure",
    "save_optimization",
    "save_report",
    "save_sweep",
    "save_tolerances",
    "spectrum",
    "stack_picture",
    "stripe_lengths",
    "sweep",
    "tornado",
]
