"""A vertical cavity: its resonances over wavelength, and the standing waves over the layers."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._tables import number
from qdphotonics.plots.layers import mark_layers
from qdphotonics.plots.profile import name_layers
from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, line_look, literal, new_figure, styled, wavelength_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.laser.vertical import CavityModes, CavityResonance

MARGIN = 0.06  # of the stack's height, shown of each half-space
POINTS_A_WAVE = 40
MOST_POINTS = 20_000


@styled
def cavity(result: CavityModes) -> Figure:
    """Index and |E|² of the resonance of lowest threshold (else of largest Q) along z; below, Q and threshold of all.

    Parameters
    ----------
    result : laser.vertical.CavityModes

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.62 * DOUBLE_COLUMN)
    if not result.resonances:
        low, high = result.wavelengths_nm
        figure.subplots().set_title(f"no resonance with Q above {result.least_q:g} from {wavelength_text(low)} to {wavelength_text(high)}")
        return figure
    grid = figure.add_gridspec(2, 2, height_ratios=(1.3, 1))
    _draw_field(figure.add_subplot(grid[0, :]), result)
    _draw_points(figure.add_subplot(grid[1, 0]), result, "q", "Q")
    _draw_points(figure.add_subplot(grid[1, 1]), result, "threshold_gain_per_cm", "threshold gain (cm⁻¹)")
    return figure


def first_to_lase(result: CavityModes) -> CavityResonance:
    """The resonance of lowest threshold; of largest Q where none has one."""
    known = [each for each in result.resonances if each.threshold_gain_per_cm is not None]
    return min(known, key=lambda each: each.threshold_gain_per_cm or 0.0) if known else max(result.resonances, key=lambda each: each.q)


def _draw_field(axes: Axes, result: CavityModes) -> None:
    shown = first_to_lase(result)
    top = float(result.stack.interfaces_nm[-1])
    low, high = -MARGIN * top, (1 + MARGIN) * top
    index = result.stack.index(shown.wavelength_nm).real
    count = min(MOST_POINTS, int(POINTS_A_WAVE * (high - low) * index.max() / shown.wavelength_nm) + 201)
    z = np.linspace(low, high, count)
    mark_layers(axes, result.stack, low, high)
    intensity = np.abs(shown.mode.field(z)) ** 2
    axes.plot(z, intensity / intensity.max(), **(line_look(0) | {"linewidth": 0.8}))
    axes.set_xlim(low, high)
    axes.set_ylim(0.0, 1.08)
    axes.set_xlabel("z (nm), from the top of the substrate")
    axes.set_ylabel("|E|² (of its maximum)")
    right = axes.twinx()
    right.stairs(index, [low, *result.stack.interfaces_nm, high], baseline=None, color="black", linewidth=0.8, linestyle=(0, (4, 1.5)))
    right.set_ylim(0.0, 1.35 * index.max())
    right.set_ylabel("Re n (dashed)")
    q = number(shown.q) if isfinite(shown.q) else "∞"
    factor = "" if shown.standing_wave_factor is None else rf", $\Gamma_z$ {shown.standing_wave_factor:.3f}"
    name_layers(axes, result.stack, low, high)
    axes.get_figure().suptitle(f"{literal(result.stack.name)}: {shown.wavelength_nm:.2f} nm, Q {q}{factor}", fontsize="medium")  # type: ignore[union-attr]


def _draw_points(axes: Axes, result: CavityModes, key: str, label: str) -> None:
    values = [(each.wavelength_nm, getattr(each, key)) for each in result.resonances]
    known = [(nm, float(value)) for nm, value in values if value is not None and isfinite(value)]
    axes.set_xlabel("wavelength (nm)")
    axes.set_ylabel(label)
    low, high = result.wavelengths_nm
    axes.set_xlim(low, high)
    if not known:
        axes.text(0.5, 0.5, "none", transform=axes.transAxes, ha="center")
        axes.set_ylim(0.0, 1.0)
        return
    look: dict[str, Any] = {"color": line_look(0)["color"]}
    sizes = [value for _, value in known]
    if min(sizes) > 0 and max(sizes) > 10 * min(sizes):
        axes.plot(*zip(*known, strict=True), "o", markersize=4, **look)
        logarithmic(axes, "y")
        return
    axes.vlines([nm for nm, _ in known], 0.0, sizes, linewidth=1.0, **look)
    axes.plot(*zip(*known, strict=True), "o", markersize=4, **look)
    axes.set_ylim(min(0.0, 1.15 * min(sizes)), 1.15 * max(sizes))
