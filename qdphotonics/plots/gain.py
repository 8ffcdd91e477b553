"""Net modal gain against the drive."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, LINE_COLOURS, new_figure, styled, wavelength_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.laser import Report

MARKERS = {"transparency": ("o", "medium transparent"), "net_gain": ("s", "net gain begins"), "lasing": ("D", "lasing begins")}
DRIVES = {  # label, and the factor from the report's unit to the label's
    "current_density_A_per_cm2": ("current density (A/cm²)", 1.0),
    "fluence_J_per_cm2": ("pulse fluence at the dots (µJ/cm²)", 1e6),
}


@styled
def net_gain(report: Report) -> Figure:
    """Net modal gain of the report's mode against current density and fluence, thresholds marked.

    Parameters
    ----------
    report : laser.Report

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.45 * DOUBLE_COLUMN)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, drive in zip(panels, DRIVES, strict=True):
        axes.set_xscale("log")
        _draw_curve(axes, report, drive)
        logarithmic(axes, "x")
        axes.set_xlabel(DRIVES[drive][0])
        axes.label_outer()
    panels[0].set_ylabel("net modal gain (cm⁻¹)")
    mode = "no mode" if report.mode is None else f"{report.mode.label} at {wavelength_text(report.mode.wavelength_nm)}"
    panels[0].set_title(f"{mode}, pumped by current")
    panels[1].set_title(f"{mode}, pumped by short pulses")
    handles = {text: handle for axes in panels for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)}
    if handles:
        figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=3)
    return figure


def _draw_curve(axes: Axes, report: Report, drive: str) -> None:
    curve = report.curve
    axes.axhline(0.0, color="black", linewidth=0.6)
    if curve is None or report.loss_per_cm is None:
        axes.text(0.5, 0.6, "no mode", transform=axes.transAxes, ha="center")
        return
    factor = DRIVES[drive][1]
    axes.plot(factor * getattr(curve, drive), curve.net_gain_per_cm, color=LINE_COLOURS[0], label="net modal gain")
    axes.axhline(-report.loss_per_cm, color="#707070", linewidth=0.8, linestyle=(0, (1, 1.2)), label="minus the loss of the passive stack")
    cavity = report.cavity_loss_per_cm
    if cavity is not None and isfinite(cavity):
        axes.axhline(cavity, color=LINE_COLOURS[2], linewidth=0.8, linestyle=(0, (5, 1.5)), label="loss of the cavity")
    heights = {"transparency": -report.loss_per_cm, "net_gain": 0.0, "lasing": cavity}
    for name, (marker, text) in MARKERS.items():
        at = getattr(getattr(report.thresholds, name), drive)
        height = heights[name]
        if at is not None and at > 0 and height is not None:
            axes.plot(factor * at, height, marker, color=LINE_COLOURS[1], markerfacecolor="white", markersize=5, label=text, zorder=3)
            axes.axvline(factor * at, color=LINE_COLOURS[1], linewidth=0.5, linestyle=(0, (2, 2)), zorder=1)
    _draw_limits(axes, report, drive)


def _draw_limits(axes: Axes, report: Report, drive: str) -> None:
    """The drive of the report, and what the device stands, where the curve reaches so far."""
    given = getattr(report.operation, drive)
    if given is not None and given > 0 and report.net_gain_per_cm is not None:
        axes.plot(DRIVES[drive][1] * given, report.net_gain_per_cm, "*", color="black", markersize=8, label="the drive", zorder=4)
    most = report.stack.drive and report.stack.drive.max_current_density_A_per_cm2
    if drive == "current_density_A_per_cm2" and most:
        low, high = axes.get_xlim()
        hatched: dict[str, Any] = {"facecolor": "#F2F2F2", "edgecolor": "#C4C4C4", "hatch": "//", "linewidth": 0, "zorder": 0}
        axes.axvspan(most, max(high, 2 * most), label="beyond what the device stands", **hatched)
        axes.set_xlim(min(low, 0.7 * most), max(high, 2 * most))
