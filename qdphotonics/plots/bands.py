"""Bands of a grating: wavelength and Q over k_x with the stop band and the light lines, and the map over angle and wavelength."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, line_look, literal, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, FigureBase

    from qdphotonics.laser.band_map import BandMap

FAINT = "#8C8C8C"
CLOSE = 4.0  # widths of the stop band that are shown to either side of it
MOST_TIMES = 100.0  # of the median Q: what a dark mode's grows beyond is not shown


@styled
def bands(result: BandMap) -> Figure:
    """Bands with the light lines, the same close to the stop band, their Q; where it was computed the map over angle and wavelength.

    Parameters
    ----------
    result : laser.band_map.BandMap

    Returns
    -------
    matplotlib.figure.Figure
    """
    mapped = result.spectrum is not None
    figure = new_figure(DOUBLE_COLUMN, (0.82 if mapped else 0.42) * DOUBLE_COLUMN)
    rows = figure.subfigures(2 if mapped else 1, 1, squeeze=False)[:, 0]
    far, close, q = rows[0].subplots(1, 3)
    _draw_bands(far, result)
    _draw_close(close, result)
    _draw_q(q, result)
    if mapped:
        for axes, which in zip(rows[1].subplots(1, 2), ("reflectance", "emission"), strict=True):
            _draw_map(rows[1], axes, result, which)
    rows[0].legend(*far.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    name = result.stack.name if len(result.stack.name) < 90 else "bands"
    figure.suptitle(f"{literal(name)}: {result.polarization}, order {result.edges.order}", fontsize="medium")
    return figure


def _shares(result: BandMap) -> tuple[Any, Any]:
    """k_x in units of 2π/Λ, to both sides of the middle."""
    share = result.kx_per_nm * result.edges.period_nm / (2 * pi)
    return share, 2 * share[0] - share


def _draw_lines(axes: Axes, result: BandMap, values: Any) -> None:
    """One curve a band, and its mirror image."""
    from matplotlib.ticker import MaxNLocator

    for order, band in enumerate(values):
        for name, share in zip((f"band {order + 1}", None), _shares(result), strict=True):
            axes.plot(share, band, label=name, **line_look(order))
    share, mirrored = _shares(result)
    axes.set_xlim(mirrored[-1], share[-1])
    axes.xaxis.set_major_locator(MaxNLocator(4, prune="both"))
    axes.set_xlabel(r"$k_x\,\Lambda/2\pi$")


def _draw_bands(axes: Axes, result: BandMap) -> None:
    _draw_lines(axes, result, result.wavelength_nm)
    low, high = float(np.nanmin(result.wavelength_nm)), float(np.nanmax(result.wavelength_nm))
    axes.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    named: set[str] = set()
    for side, _, line in result.light_lines():
        style: dict[str, Any] = {"color": FAINT, "linewidth": 0.8, "linestyle": "-." if side == "substrate" else ":"}
        for share in _shares(result):
            axes.plot(share, line, label=None if side in named else f"light line of the {side}", **style)
            named.add(side)
    _mark_stop_band(axes, result)
    axes.set_ylabel("wavelength (nm)")
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.set_title("bands")


def _mark_stop_band(axes: Axes, result: BandMap) -> None:
    if result.stop_band_nm is not None:
        low, high = result.stop_band_nm
        axes.axhspan(low, high, color="#D0D0D0", zorder=0, label=f"stop band, {high - low:.3g} nm")


def _draw_close(axes: Axes, result: BandMap) -> None:
    """The bands where they bend: some widths of the stop band to either side."""
    _draw_lines(axes, result, result.wavelength_nm)
    axes.ticklabel_format(axis="both", useOffset=False)
    axes.set_title("close to the stop band")
    if result.stop_band_nm is None:
        return
    low, high = result.stop_band_nm
    room = CLOSE * (high - low)
    share, _ = _shares(result)
    guide = result.edges.guide
    reach = (room + 0.5 * (high - low)) / guide.wavelength_nm**2 * guide.mode.group_index * result.edges.period_nm
    axes.set_ylim(low - room, high + room)
    if 0 < reach < share[-1] - share[0]:
        axes.set_xlim(share[0] - reach, share[0] + reach)
    _mark_stop_band(axes, result)


def _draw_q(axes: Axes, result: BandMap) -> None:
    q = np.where(np.isfinite(result.q) & (result.q > 0), result.q, np.nan)
    _draw_lines(axes, result, q)
    axes.set_title("Q")
    if not np.isfinite(q).any():
        axes.set_yticks([])
        axes.text(0.5, 0.5, "nothing is lost: Q is infinite", transform=axes.transAxes, ha="center")
        return
    axes.set_ylabel("Q")
    axes.set_ylim(0.6 * np.nanmin(q), min(1.6 * np.nanmax(q), MOST_TIMES * float(np.nanmedian(q))))
    if np.nanmax(q) > 5 * np.nanmin(q):
        logarithmic(axes, "y")


def _draw_map(figure: FigureBase, axes: Axes, result: BandMap, which: str) -> None:
    spectrum = result.spectrum
    assert spectrum is not None
    values = spectrum.reflectance if which == "reflectance" else result.emission
    side = spectrum.side
    axes.set_xlabel(f"angle in the {side} (°)")
    axes.set_ylabel("wavelength (nm)")
    if values is None:
        axes.text(0.5, 0.5, "no gain layer", transform=axes.transAxes, ha="center")
        return
    look: dict[str, Any] = {"cmap": "cividis", "shading": "nearest", "rasterized": True}
    if which == "emission":
        from matplotlib.colors import LogNorm

        look["norm"] = LogNorm(float(values.min()), float(values.max()))
    image = axes.pcolormesh(spectrum.angle_deg, spectrum.wavelength_nm, values.T, **look)
    axes.ticklabel_format(axis="y", useOffset=False)
    label = "reflectance" if which == "reflectance" else r"$|E|^2$ in the dots (incident: 1)"
    axes.set_title(f"{which}, {result.polarization}" if which == "reflectance" else f"emission by reciprocity, {result.polarization}")
    figure.colorbar(image, ax=axes, label=label)
