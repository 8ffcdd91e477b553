"""Light from the edge of a stripe: spectra, line width and power against the current; a measured curve with its fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._tables import number
from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, LINE_COLOURS, SINGLE_COLUMN, line_look, literal, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.laser import EdgeEmission, StripeFit

MOST_SPECTRA = 7
DECADES = 4.5  # of the spectra that are shown ...
DECADES_ALONE = 3.0
FAINTEST = 30.0  # ... and how far below its peak the weakest is
LIGHTEST = 0.82  # of the colour map, dark enough for a line on white
MICRO = 1e6
CURVES = {"linear-plus-exponential": r"$A\,l + B\,e^{G l}$", "amplified": r"$(A/G)\,(e^{G l} - 1)$"}
MARKERS = ("o", "s", "^", "D", "v")


@styled
def edge_emission(result: EdgeEmission) -> Figure:
    """Spectra from the edge at several currents; beside them the line widths and the power of each band against the current.

    Parameters
    ----------
    result : laser.EdgeEmission

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.5 * DOUBLE_COLUMN)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.35, 1))
    spectra = figure.add_subplot(grid[:, 0])
    _draw_spectra(spectra, result)
    if len(result.current_density_A_per_cm2) > 1:
        width, power = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        _draw_widths(width, result)
        _draw_powers(power, result)
        width.sharex(power)
        width.tick_params(labelbottom=False)
        figure.align_ylabels([width, power])
    else:
        _draw_along(figure.add_subplot(grid[:, 1]), result)
    return figure


def _draw_spectra(axes: Axes, result: EdgeEmission) -> None:
    from matplotlib import colormaps

    currents = result.current_density_A_per_cm2
    chosen = np.unique(np.linspace(0, len(currents) - 1, min(len(currents), MOST_SPECTRA)).round().astype(int))
    spectra = MICRO * result.spectrum_W_per_nm
    for order, place in enumerate(chosen[::-1]):
        colour = colormaps["cividis"](LIGHTEST * order / max(len(chosen) - 1, 1))
        look: dict[str, Any] = line_look(order) | {"color": colour}
        axes.plot(result.wavelength_nm, spectra[place], label=number(float(currents[place])), **look)
    axes.set_yscale("log")
    top = float(spectra[chosen].max())
    low = max(float(spectra[chosen].max(axis=1).min()) / FAINTEST, top / 10**DECADES) if len(chosen) > 1 else top / 10**DECADES_ALONE
    axes.set_ylim(low, 3 * top)
    logarithmic(axes, "y")
    axes.set_xlim(result.wavelength_nm[0], result.wavelength_nm[-1])
    axes.set_xlabel("wavelength (nm)")
    axes.set_ylabel("power from the edge (µW/nm)")
    axes.set_title(f"{literal(result.medium)}, stripe of {result.length_um:g} × {result.width_um:.4g} µm")
    if len(chosen) > 1:
        of = "" if len(chosen) == len(currents) else f", {len(chosen)} of {len(currents)}"
        axes.legend(title=f"current density (A/cm²){of}", loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=4)


def _draw_widths(axes: Axes, result: EdgeEmission) -> None:
    currents = result.current_density_A_per_cm2
    for order, (name, figures) in enumerate(result.figures.items()):
        if np.isfinite(figures.fwhm_meV).any():
            marked: dict[str, Any] = {"marker": MARKERS[order % len(MARKERS)], "markersize": 2.5}
            axes.plot(currents, figures.fwhm_meV, label=literal(name), **marked, **line_look(order))
    axes.set_xscale("log")
    axes.set_ylabel("FWHM (meV)")
    if axes.get_lines():
        axes.set_ylim(0.0, 1.08 * axes.get_ylim()[1])
    else:
        axes.text(0.5, 0.5, "no band with a width of its own", transform=axes.transAxes, ha="center")
    axes.set_title(f"bands of {literal(result.stack.name)}" if len(result.stack.name) < 40 else "bands")
    _mark_threshold(axes, result)


def _draw_powers(axes: Axes, result: EdgeEmission) -> None:
    currents = result.current_density_A_per_cm2
    for order, (name, figures) in enumerate(result.figures.items()):
        marked: dict[str, Any] = {"marker": MARKERS[order % len(MARKERS)], "markersize": 2.5}
        axes.plot(currents, MICRO * figures.power_W, label=literal(name), **marked, **line_look(order))
    logarithmic(axes, "y")
    logarithmic(axes, "x")
    axes.set_xlabel("current density (A/cm²)")
    axes.set_ylabel("power (µW)")
    _mark_threshold(axes, result)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.3), ncols=4)


def _mark_threshold(axes: Axes, result: EdgeEmission) -> None:
    at = result.onset.net_gain
    low, high = result.current_density_A_per_cm2[[0, -1]]
    axes.set_xlim(low, high)
    if low < at < high:
        axes.axvline(at, color="black", linewidth=0.6, linestyle=(0, (2, 2)), label="net gain", zorder=1)


def _draw_along(axes: Axes, result: EdgeEmission) -> None:
    """Width of the light on its way along the stripe, for a single current."""
    for order, band in enumerate(result.bands):
        width = result.fwhm_along_meV(band)[0]
        if np.isfinite(width).any():
            axes.plot(result.position_um, width, label=literal(band.name), **line_look(order))
    axes.set_xlabel("place along the stripe (µm)")
    axes.set_ylabel("FWHM (meV)")
    axes.set_xlim(0, result.length_um)
    axes.set_title(f"along the stripe, {number(float(result.current_density_A_per_cm2[0]))} A/cm²")
    if axes.get_lines():
        axes.set_ylim(0.0, 1.08 * axes.get_ylim()[1])
        axes.legend(loc="lower left")
    else:
        axes.text(0.5, 0.5, "no band with a width of its own", transform=axes.transAxes, ha="center")


@styled
def stripe_lengths(result: StripeFit) -> Figure:
    """Measured intensity against the stripe's length, with the fit and its net gain; points left out are open.

    Parameters
    ----------
    result : laser.StripeFit

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(1.2 * SINGLE_COLUMN, SINGLE_COLUMN)
    axes = figure.subplots()
    fit = result.fit
    length, curve = result.curve["length_um"], result.curve["intensity"]
    inside = length <= fit.used_range_um[1]
    axes.plot(length[inside], curve[inside], label=f"fit, {CURVES[fit.model]}", **line_look(0))
    if not inside.all():
        beyond = length >= length[inside][-1]
        axes.plot(length[beyond], curve[beyond], color=LINE_COLOURS[0], linestyle=(0, (1, 1.2)), label="fit, continued")
    error = result.measured.error
    for used, face, name in ((fit.used, "black", "measured"), (~fit.used, "white", "measured, left out")):
        if used.any():
            bars = None if error is None else error[np.argsort(result.measured.length_um, kind="stable")][used]
            look: dict[str, Any] = {"markersize": 3.5, "color": "black", "markerfacecolor": face, "linewidth": 0.7}
            axes.errorbar(fit.length_um[used], fit.intensity[used], yerr=bars, fmt="o", label=name, **look)
    largest = 1.1 * float(np.nanmax([fit.intensity.max(), curve[inside].max()]))
    axes.set_ylim(min(0.0, 1.1 * float(fit.intensity.min())), largest)
    axes.set_xlim(0.0, 1.04 * float(fit.length_um.max()))
    unit = result.measured.intensity_unit
    axes.set_xlabel("length of the stripe (µm)")
    axes.set_ylabel(f"intensity ({literal(unit)})" if unit else "intensity (as measured)")
    axes.set_title(f"net gain {result.told_gain} cm⁻¹ ({100 * result.confidence:g} %)")
    axes.legend(loc="upper left")
    return figure
