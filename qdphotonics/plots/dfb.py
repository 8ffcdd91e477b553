"""Gratings as lasers: fields over the geometry, modes of a finite grating, FDTD's convergence, the engines side by side, duty."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, isfinite, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._tables import number
from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, LINE_COLOURS, SINGLE_COLUMN, line_look, literal, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.fdtd import FdtdResonances
    from qdphotonics.gratings import DutyScan, UnitCell
    from qdphotonics.laser.dfb_result import DfbResult

PERIODS = 2  # shown of an endless grating, at least ...
NARROWEST = 0.8  # ... and more of a high stack: width over height
MARGIN_NM = 200.0  # of each half-space
POINTS = 241
MOST_ALONG = 3  # modes whose light is drawn along a grating
SQUARED = {"TE": "$|E_y|^2$ (of its maximum)", "TM": "$|H_y|^2$ (of its maximum)"}
MARKS = {"bright": "o", "dark": "s", "even": "o", "odd": "s", "mode": "D"}
COLOURS = {"bright": LINE_COLOURS[1], "dark": LINE_COLOURS[0], "even": LINE_COLOURS[1], "odd": LINE_COLOURS[0], "mode": LINE_COLOURS[2]}
BEHIND: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.0}
NAMES = {"coupled-wave": "coupled waves", "bloch": "Bloch modes", "meep": "FDTD"}


@styled
def dfb(result: DfbResult) -> Figure:
    """What a calculation of a grating found.

    Without end: the fields of the two edges over the geometry, to scale (coupled waves, Bloch modes), or how wavelengths and Q
    converge with the pixels (FDTD). With a length: the modes' thresholds or Q over wavelength, and the light along the grating.

    Parameters
    ----------
    result : laser.dfb_result.DfbResult

    Returns
    -------
    matplotlib.figure.Figure
    """
    from qdphotonics.fdtd import FdtdResonances

    if result.length_um is not None:
        return _finite(result)
    if isinstance(result.source, FdtdResonances):
        return _convergence(result, result.source)
    return _edges(result)


def _edges(result: DfbResult) -> Figure:
    from matplotlib.ticker import MaxNLocator

    from qdphotonics.laser.dfb_fields import edge_fields

    cell = result.guide.cell
    top = float(cell.interfaces_nm[-1])
    half = 0.5 * cell.period_nm * max(PERIODS, ceil(NARROWEST * (top + 2 * MARGIN_NM) / cell.period_nm))
    x, z = np.linspace(-half, half, POINTS), np.linspace(-MARGIN_NM, top + MARGIN_NM, POINTS)
    shown = edge_fields(result, x, z)
    height = 0.36 * DOUBLE_COLUMN * (top + 2 * MARGIN_NM) / (2 * half) + 0.55
    figure = new_figure(DOUBLE_COLUMN, min(max(height, 0.3 * DOUBLE_COLUMN), 1.2 * DOUBLE_COLUMN))
    if not shown:
        figure.subplots().set_title("not both edges of the stop band were found")
        return figure
    panels = figure.subplots(1, len(shown), sharex=True, sharey=True)
    look: dict[str, Any] = {"cmap": "cividis", "vmin": 0.0, "vmax": 1.0, "shading": "gouraud", "rasterized": True}
    for axes, (edge, values) in zip(panels, shown, strict=True):
        image = axes.pcolormesh(x, z, values, **look)
        _draw_layers(axes, cell, half)
        axes.set_aspect("equal")
        axes.set_title(f"{edge.name}: {edge.wavelength_nm:.3f} nm, Q {_q(edge.q)}")
        axes.set_xlabel("x (nm), along the grating")
        axes.xaxis.set_major_locator(MaxNLocator(5, prune="both"))
    panels[0].set_ylabel("z (nm)")
    _name_layers(panels[-1], cell, half)
    figure.colorbar(image, ax=panels, label=SQUARED[result.polarization], aspect=25)
    return figure


def _draw_layers(axes: Axes, cell: UnitCell, half: float) -> None:
    """Outlines of the layers, repeated over the width, white with a dark rim: seen on any field."""
    looks: list[dict[str, Any]] = [
        {"color": "black", "linewidth": 1.6, "zorder": 2},
        {"color": "white", "linewidth": 0.8, "zorder": 3, "solid_capstyle": "projecting"},
    ]
    for shift in np.arange(-np.ceil(half / cell.period_nm), np.ceil(half / cell.period_nm) + 1) * cell.period_nm:
        for region in cell.regions:
            for polygon in getattr(region.polygon, "geoms", [region.polygon]):
                x, z = np.array(polygon.exterior.coords).T
                at_wall = np.abs(np.abs(x) - cell.period_nm / 2) < 1e-6 * cell.period_nm
                sides = at_wall[1:] & at_wall[:-1] & (x[1:] == x[:-1])  # the cell's own ends are no interfaces
                lid = (region.layer == len(cell.names) - 1) & (z[1:] == z[:-1]) & (z[1:] == z.max())
                inner = ~(sides | lid)
                for i in np.flatnonzero(inner):
                    for look in looks:
                        axes.plot(x[i : i + 2] + shift, z[i : i + 2], **look)
    axes.set_xlim(-half, half)
    axes.set_ylim(-MARGIN_NM, float(cell.interfaces_nm[-1]) + MARGIN_NM)


def _name_layers(axes: Axes, cell: UnitCell, half: float) -> None:
    from qdphotonics.plots.style import FONT_POINTS, spread

    low, high = axes.get_ylim()
    edges = [low, *cell.interfaces_nm.tolist(), high]
    centres = [(first + last) / 2 for first, last in pairwise(edges)]
    line = 1.3 * FONT_POINTS / 72 * 2 * half / (0.36 * DOUBLE_COLUMN)
    places = spread(centres, [line] * len(centres), low, high)
    for name, centre, place in zip(cell.names, centres, places, strict=True):
        axes.annotate(
            literal(name), (half, centre), (1.06 * half, place), va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)},
        )  # fmt: skip


def _q(q: float) -> str:
    return number(q) if isfinite(q) else "∞"


def _finite(result: DfbResult) -> Figure:
    from qdphotonics.gratings import DistributedFeedback

    by_waves = isinstance(result.source, DistributedFeedback)
    figure = new_figure(DOUBLE_COLUMN if by_waves else 1.2 * SINGLE_COLUMN, 0.42 * DOUBLE_COLUMN)
    panels = figure.subplots(1, 2 if by_waves else 1, squeeze=False)[0]
    _draw_modes(panels[0], result, by_waves)
    if by_waves:
        _draw_along(panels[1], result)
    return figure


def _draw_modes(axes: Axes, result: DfbResult, by_waves: bool) -> None:
    """One stem a mode: what it loses (coupled waves), or its Q (FDTD)."""
    if result.stop_band_nm is not None:
        axes.axvspan(*result.stop_band_nm, color="#DDDDDD", zorder=0, label="stop band of the endless grating")
    for name in dict.fromkeys(each.name for each in result.resonances):
        modes = [each for each in result.resonances if each.name == name]
        height = [each.loss_per_cm if by_waves else each.q for each in modes]
        places = [each.wavelength_nm for each in modes]
        axes.vlines(places, 0.0, height, color=COLOURS[name], linewidth=1.0)
        axes.plot(places, height, MARKS[name], color=COLOURS[name], markersize=4, label=f"{name} modes", linestyle="none")
    axes.set_ylim(0.0, 1.12 * axes.get_ylim()[1])
    axes.set_xlabel("wavelength (nm)")
    axes.set_ylabel("modal gain at threshold (cm⁻¹)" if by_waves else "Q")
    axes.ticklabel_format(axis="x", useOffset=False)
    axes.set_title(f"{result.length_um:g} µm, period {result.period_nm:.5g} nm")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=3, columnspacing=1.0)


def _draw_along(axes: Axes, result: DfbResult) -> None:
    from qdphotonics.laser.dfb_fields import modes_along

    length = result.length_um or 1.0
    for order, (mode, along) in enumerate(modes_along(result)[:MOST_ALONG]):
        name = next((each.name for each in result.resonances if each.wavelength_nm == mode.wavelength_nm), "mode")
        look = line_look(order) | {"color": COLOURS[name]}
        axes.plot(length * along.position, along.intensity, label=f"{mode.wavelength_nm:.2f} nm", **look)
    axes.set_xlim(0.0, length)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("x (µm), along the grating")
    axes.set_ylabel(r"$|R|^2 + |S|^2$ (mean 1)")
    axes.set_title("light along the grating, lowest thresholds")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=MOST_ALONG, columnspacing=1.0)


def _convergence(result: DfbResult, found: FdtdResonances) -> Figure:
    """Wavelength and Q over the squared pixel, with the limit and its error bar."""
    figure = new_figure(DOUBLE_COLUMN, 0.4 * DOUBLE_COLUMN)
    left, right = figure.subplots(1, 2)
    pixels = np.array([1e3 / each for each in found.resolutions_per_um]) ** 2
    some = False
    for each in found.resonances:
        name = each.symmetry or "mode"
        look: dict[str, Any] = {"color": COLOURS[name], "marker": MARKS[name], "markersize": 4, "capsize": 3, "linewidth": 1.0}
        for axes, at, value, error in (
            (left, each.wavelength_nm_at, each.wavelength_nm, each.uncertainty_nm),
            (right, each.q_at, each.q, each.q_uncertainty),
        ):
            if isfinite(value) and all(map(isfinite, at)):
                bars = [_bar(error), nan, nan]
                axes.errorbar([0.0, *pixels[::-1]], [value, *at[::-1]], yerr=bars, label=name, **look)
                some = some or axes is right
    for axes, label in ((left, "wavelength (nm)"), (right, "Q")):
        axes.set_xlabel("pixel² (nm²); at 0 the limit")
        axes.set_ylabel(label)
        axes.set_xlim(left=-0.06 * pixels.max())
        axes.margins(y=0.15)
        axes.ticklabel_format(axis="y", useOffset=False)
        if axes.get_legend_handles_labels()[0]:
            axes.legend()
    if not some:
        right.set_axis_off()
        right.text(0.5, 0.5, "no finite Q", transform=right.transAxes, ha="center")
    left.set_title(literal(result.stack.name) if len(result.stack.name) < 55 else "wavelengths")
    right.set_title("modes that lose nothing (Q infinite) are left out" if any(not isfinite(each.q) for each in found.resonances) else "Q")
    return figure


@styled
def engines(results: Sequence[DfbResult]) -> Figure:
    """Wavelengths and Q of the same edges by several engines, with error bars.

    Parameters
    ----------
    results : sequence of laser.dfb_result.DfbResult
        Of one stack, each by another engine, without end.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.4 * DOUBLE_COLUMN)
    panels = figure.subplots(1, 2)
    names = list(dict.fromkeys(edge.name for result in results for edge in result.edges or ()))
    shift = {name: 0.12 * (order - (len(names) - 1) / 2) for order, name in enumerate(names)}
    for name in names:
        told = [(at, edge) for at, result in enumerate(results) for edge in result.edges or () if edge.name == name]
        look: dict[str, Any] = {"color": COLOURS[name], "fmt": MARKS[name], "label": name, "markersize": 4.5, "capsize": 3}
        for axes, value, error in zip(panels, ("wavelength_nm", "q"), ("uncertainty_nm", "q_uncertainty"), strict=True):
            kept = [(at, edge) for at, edge in told if isfinite(getattr(edge, value))]
            if kept:
                bars = [_bar(getattr(edge, error)) for _, edge in kept]
                axes.errorbar([at + shift[name] for at, _ in kept], [getattr(edge, value) for _, edge in kept], yerr=bars, **look)
    for axes, label in zip(panels, ("wavelength (nm)", "Q"), strict=True):
        axes.set_xticks(range(len(results)), [NAMES[result.engine] for result in results])
        axes.set_xlim(-0.5, len(results) - 0.5)
        axes.margins(y=0.25)
        axes.set_ylabel(label)
        axes.tick_params(axis="x", length=0)
        axes.ticklabel_format(axis="y", useOffset=False)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(names))
    if any(not isfinite(edge.q) for result in results for edge in result.edges or ()):
        panels[1].set_title("modes that lose nothing (Q infinite) are left out")
    panels[0].set_title(literal(results[0].stack.name) if len(results[0].stack.name) < 55 else "edges of the stop band")
    return figure


def _bar(value: float | None) -> float:
    """Length of an error bar; nan draws none."""
    return value if value is not None and isfinite(value) else nan


@styled
def duty_thresholds(scan: DutyScan) -> Figure:
    """Threshold gains of the two band edges against the duty, and where the edges lie.

    Parameters
    ----------
    scan : gratings.DutyScan

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.42 * DOUBLE_COLUMN)
    left, right = figure.subplots(1, 2)
    names = ("bright", "dark")
    for name in names:
        scanned = zip(scan.duty, scan.thresholds, strict=True)
        at = [(duty, each) for duty, found in scanned for each in found if each.passive.symmetry == name]
        style = "-" if name == "bright" else "--"
        look: dict[str, Any] = {"color": COLOURS[name], "marker": MARKS[name], "markersize": 3.5, "linestyle": style}
        left.plot([100 * duty for duty, _ in at], [each.gain_per_cm for _, each in at], label=name, **look)
        right.plot([100 * duty for duty, _ in at], [each.wavelength_nm for _, each in at], label=name, **look)
    gains = [each.gain_per_cm for found in scan.thresholds for each in found]
    if min(gains) > 0 and max(gains) > 5 * min(gains):
        logarithmic(left, "y")
    else:
        left.set_ylim(bottom=0.0)
    left.set_ylabel("threshold gain of the dots (cm⁻¹)")
    right.set_ylabel("lasing wavelength (nm)")
    right.ticklabel_format(axis="y", useOffset=False)
    for axes in (left, right):
        axes.set_xlabel("duty (%)")
    for duty, wins in zip(scan.duty, scan.short_edge_wins, strict=True):
        if wins:
            for axes in (left, right):
                axes.axvspan(100 * duty - _half(scan), 100 * duty + _half(scan), color="#E6E6E6", zorder=0, linewidth=0)
    handles, labels = left.get_legend_handles_labels()
    if any(scan.short_edge_wins):
        from matplotlib.patches import Patch

        handles, labels = [*handles, Patch(color="#E6E6E6")], [*labels, "the edge of shorter wavelength lases first"]
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def _half(scan: DutyScan) -> float:
    """Half the step between duties [%]."""
    return 50.0 * float(np.min(np.diff(scan.duty))) if len(scan.duty) > 1 else 1.0
