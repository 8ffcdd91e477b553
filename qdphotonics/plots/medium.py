"""A gain medium by itself: gain over wavelength and drive, and how the dots are occupied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, SINGLE_COLUMN, line_look, literal, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.gain import MediumGain

HEIGHT = 0.46 * DOUBLE_COLUMN
STATE_NAMES = {"P_0": "$P_0$", "P_X": "$P_\\mathrm{X}$", "P_XX": "$P_\\mathrm{XX}$", "P_more": "three or more"}
STEPS = 8  # contours of the map, about
SMALLEST_SHARE = 1e-3  # of dots that is drawn
WHOLE_EXCITONS = 5.0  # beyond which numbers without a fraction are enough, and narrower
LEGEND_BELOW = -0.17  # of the axes' height, under the label of the x axis


@styled
def gain_map(result: MediumGain) -> Figure:
    """Material gain over wavelength and drive, the line of transparency drawn; a curve where there is one drive.

    Parameters
    ----------
    result : gain.MediumGain

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(1.3 * SINGLE_COLUMN, HEIGHT)
    _draw_gain(figure, figure.subplots(), result)
    return figure


@styled
def occupancies(result: MediumGain) -> Figure:
    """Shares of the dots that hold no exciton, one, two and more, and the mean, against the drive; bars for one drive.

    Parameters
    ----------
    result : gain.MediumGain

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(1.3 * SINGLE_COLUMN, HEIGHT)
    _draw_occupation(figure.subplots(), result)
    return figure


@styled
def medium_gain(result: MediumGain) -> Figure:
    """Gain and occupation side by side: what ``qdphotonics gain --plot`` draws.

    Parameters
    ----------
    result : gain.MediumGain

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, HEIGHT)
    left, right = figure.subplots(1, 2)
    _draw_gain(figure, left, result)
    _draw_occupation(right, result)
    return figure


def _title(result: MediumGain) -> str:
    dots = result.dots
    charge = f", {dots.permanent_charge:g} permanent electrons" if dots.permanent_charge else ""
    return f"{literal(dots.name)}, {dots.temperature_K:g} K{charge}"


def _drive_label(result: MediumGain) -> str:
    words, unit, _ = result.unit
    share = "" if result.monolayers == 1 or result.drive_key != "current_density_A_per_cm2" else f", {result.monolayers:g} monolayers"
    return f"{words} ({unit}{share})"


def _is_one(result: MediumGain) -> bool:
    return np.size(result.drive) == 1


def _draw_gain(figure: Figure, axes: Axes, result: MediumGain) -> None:
    axes.set_title(_title(result))
    axes.set_xlabel("wavelength (nm)")
    if _is_one(result) or len(result.wavelength_nm) == 1:
        _draw_curve(axes, result)
    else:
        figure.colorbar(_draw_map(axes, result), ax=axes, label="material gain (cm⁻¹)", aspect=30)


def _draw_curve(axes: Axes, result: MediumGain) -> None:
    """Gain over wavelength at one drive, or over the drive at one wavelength."""
    axes.axhline(0.0, color="black", linewidth=0.6)
    axes.set_ylabel("material gain (cm⁻¹)")
    if not _is_one(result):
        axes.plot(result.unit.factor * result.drive, result.gain_per_cm[:, 0], **line_look(0))
        logarithmic(axes, "x")
        axes.set_xlabel(_drive_label(result))
        axes.set_title(f"{_title(result)}, {result.wavelength_nm[0]:g} nm")
        return
    _, unit, factor = result.unit
    spectrum = np.atleast_2d(result.gain_per_cm)[0]
    alone = len(result.wavelength_nm) == 1
    axes.plot(result.wavelength_nm, spectrum, marker="o" if alone else None, **line_look(0))
    if not alone:
        axes.set_xlim(result.wavelength_nm.min(), result.wavelength_nm.max())
    axes.set_title(f"{_title(result)}, {factor * float(np.ravel(result.drive)[0]):.3g} {unit}")


def _draw_map(axes: Axes, result: MediumGain) -> Any:
    """Blue absorbs, red amplifies; in grey the lines tell: thick between them, dashed where the film absorbs."""
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MaxNLocator

    gain = result.gain_per_cm
    low, high = min(float(gain.min()), -1.0), max(float(gain.max()), 1.0)
    drive = result.unit.factor * result.drive
    look: dict[str, Any] = {"cmap": "RdBu_r", "norm": TwoSlopeNorm(0.0, low, high), "shading": "gouraud", "rasterized": True}
    image = axes.pcolormesh(result.wavelength_nm, drive, gain, **look)
    axes.set_yscale("log")
    levels = np.asarray(MaxNLocator(STEPS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    lines: Any
    for chosen, style, width in (
        (levels[levels > 0], "solid", 0.5),
        (levels[levels < 0], "dashed", 0.5),
        (np.zeros(1), "solid", 1.4),
    ):
        inside = chosen[(chosen > gain.min()) & (chosen < gain.max())]
        if inside.size:
            lines = axes.contour(result.wavelength_nm, drive, gain, levels=inside, colors="black", linewidths=width, linestyles=style)
            if chosen[0] > 0:
                axes.clabel(lines, fmt="%g", fontsize=5.5)
    named: dict[str, tuple[Any, float]] = {"transparent": ("solid", 1.4), "gain": ("solid", 0.5), "absorption": ("dashed", 0.5)}
    handles = [Line2D([], [], color="black", linestyle=style, linewidth=width, label=name) for name, (style, width) in named.items()]
    _legend_below(axes, handles)
    logarithmic(axes, "y")
    axes.set_ylabel(_drive_label(result))
    return image


def _draw_occupation(axes: Axes, result: MediumGain) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(f"occupation of the dots, {literal(result.dots.name)}")
    if _is_one(result):
        _draw_bars(axes, result)
        return
    drive = result.unit.factor * result.drive
    for order, (name, share) in enumerate(result.shown_pairs.items()):
        axes.plot(drive, share, label=STATE_NAMES[name], **line_look(order))
    axes.set_ylim(-0.02, 1.02)
    axes.set_ylabel("share of the dots")
    axes.set_xlabel(_drive_label(result))
    logarithmic(axes, "x")
    axes.set_xlim(drive[0], drive[-1])
    right = axes.twinx()
    right.plot(drive, result.excitons_per_dot, color="#707070", linewidth=0.8, label="⟨N⟩, right")
    most = float(np.max(result.excitons_per_dot))
    right.set_ylim(-0.02 * most, 1.02 * most)
    if most > WHOLE_EXCITONS:
        right.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    right.set_ylabel("excitons per dot ⟨N⟩")
    axes.tick_params(right=False)
    clear = result.unit.factor * getattr(result.transparency, result.drive_key)
    if drive[0] < clear < drive[-1]:
        axes.axvline(clear, color="black", linewidth=0.5, linestyle=(0, (2, 2)), label="transparency")
    handles = [*axes.get_legend_handles_labels()[0], *right.get_legend_handles_labels()[0]]
    _legend_below(axes, handles)


def _legend_below(axes: Axes, handles: Sequence[Any]) -> None:
    """Under the axes, where no curve runs."""
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, LEGEND_BELOW), ncols=3)


def _draw_bars(axes: Axes, result: MediumGain) -> None:
    shares = np.atleast_2d(result.pairs)[0]
    last = max(int(np.flatnonzero(shares >= SMALLEST_SHARE)[-1]) + 1, 3)
    axes.bar(np.arange(last), shares[:last], width=0.7, color="#56B4E9", edgecolor="black", linewidth=0.5)
    mean = float(np.ravel(result.excitons_per_dot)[0])
    axes.axvline(mean, color="black", linewidth=0.8, linestyle=(0, (2, 2)), label=f"mean ⟨N⟩ = {mean:.3g}")
    axes.set_xlabel("excitons in a dot")
    axes.set_ylabel("share of the dots")
    axes.set_xticks(np.arange(last))
    axes.legend(loc="upper right")
