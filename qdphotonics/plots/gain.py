"""Net modal gain against the drive, and over wavelength."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import ROUNDING_PER_CM, logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, LINE_COLOURS, SINGLE_COLUMN, line_look, literal, new_figure, styled, wavelength_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.laser import GainSpectrum, Report

ROOM = 1.2  # of the largest value that an axis holds
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


@styled
def net_gain_spectrum(spectrum: GainSpectrum, title: str = "") -> Figure:
    """Net gain of a mode over wavelength under each drive; below it the mode's loss and confinement.

    Parameters
    ----------
    spectrum : laser.GainSpectrum
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(1.35 * SINGLE_COLUMN, 1.15 * SINGLE_COLUMN)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1))
    names = spectrum.drives or tuple(f"drive {order + 1}" for order in range(len(spectrum.net_gain_per_cm)))
    above.axhline(0.0, color="black", linewidth=0.6)
    for order, (name, curve) in enumerate(zip(names, spectrum.net_gain_per_cm, strict=True)):
        above.plot(spectrum.wavelength_nm, curve, label=literal(name), **line_look(order))
    above.set_ylabel("net modal gain (cm⁻¹)")
    above.set_title(literal(title) if title else literal(spectrum.label))
    above.legend(loc="best")
    below.plot(spectrum.wavelength_nm, spectrum.loss_per_cm, label="loss", **line_look(0))
    below.set_ylabel("loss (cm⁻¹)")
    below.set_ylim(0.0, ROOM * float(np.nanmax(spectrum.loss_per_cm, initial=ROUNDING_PER_CM)))
    right = below.twinx()
    right.plot(spectrum.wavelength_nm, 100 * spectrum.confinement, label="Γ in the dots, right", **line_look(1))
    right.set_ylabel("Γ (%)")
    right.set_ylim(0.0, ROOM * float(np.nanmax(100 * spectrum.confinement, initial=ROUNDING_PER_CM)))
    below.tick_params(right=False)
    below.set_xlabel("wavelength (nm)")
    above.set_xlim(spectrum.wavelength_nm[0], spectrum.wavelength_nm[-1])
    handles = [*below.get_lines(), *right.get_lines()]
    below.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.42), ncols=2)
    figure.align_ylabels([above, below])
    return figure
