"""Index profile and mode intensities across the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.optics import fields, number
from qdphotonics.plots.style import DOUBLE_COLUMN, FONT_POINTS, groups, line_look, mark_layers, new_figure, spread, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.optics import ModeProfile, StackMode, StackModes
    from qdphotonics.stacks import Stack

MOST_MODES = 4  # in one panel; more cannot be told apart
LETTER_WIDTH = 0.62  # of the font size: a layer's name needs this for each letter …
LINE_HEIGHT = 1.3  # … and this across
FARTHEST_NAME = 0.06  # of the axes' width, from its layer; else the names of thin layers stand upright


@styled
def index_and_modes(modes: StackModes, first: StackMode | None = None) -> Figure:
    """Refractive index and |E|² of the modes along z, layers in colour.

    Parameters
    ----------
    modes : StackModes
    first : StackMode, optional
        Drawn first, with the modes that hold most in the gain layers after it.

    Returns
    -------
    matplotlib.figure.Figure
    """
    stack = modes.stack
    shown = _chosen(modes, first)
    profiles = [fields(mode) for mode in shown]
    edges = stack.interfaces_nm
    low = min((float(profile.z_nm[0]) for profile in profiles), default=-0.2 * edges[-1])
    high = max((float(profile.z_nm[-1]) for profile in profiles), default=1.2 * edges[-1])
    figure = new_figure(DOUBLE_COLUMN, 0.62 * DOUBLE_COLUMN)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.5))
    for axes in (upper, lower):
        mark_layers(axes, stack, low, high)
    _draw_index(upper, modes, shown, low, high)
    _draw_intensity(lower, profiles)
    lower.set_xlim(low, high)
    _name_layers(upper, stack, low, high)
    return figure


def _chosen(modes: StackModes, first: StackMode | None) -> list[StackMode]:
    """The modes to draw: ``first``, then those with most intensity in the gain layers, or of least loss without any."""
    names = [modes.stack.layer_names[position] for position in modes.stack.gain_layers]

    def rank(mode: StackMode) -> float:
        return -sum(mode.confinement[name].intensity for name in names) if names else abs(mode.loss_per_cm)

    rest = sorted((mode for mode in modes if mode is not first), key=rank)
    return ([] if first is None else [first]) + rest[: MOST_MODES - (first is not None)]


def _draw_index(axes: Axes, modes: StackModes, shown: list[StackMode], low: float, high: float) -> None:
    edges = modes.stack.interfaces_nm
    index = modes.stack.index(modes.wavelength_nm).real
    axes.stairs(index, [low, *edges, high], baseline=None, color="black", linewidth=1.0)
    for order, mode in enumerate(shown):
        axes.axhline(mode.n_eff.real, linewidth=0.8, **line_look(order))
    axes.set_ylabel("Re n")
    axes.set_ylim(0, 1.08 * max(*index, *(mode.n_eff.real for mode in shown)))


def _draw_intensity(axes: Axes, profiles: list[ModeProfile]) -> None:
    for order, profile in enumerate(profiles):
        mode = profile.mode
        label = f"{mode.label} ({mode.character}): n_eff {mode.n_eff.real:.4f}, {number(mode.loss_per_cm)} cm⁻¹"
        axes.plot(profile.z_nm, profile.intensity, label=label, **line_look(order))
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("z (nm), from the top of the substrate")
    axes.set_ylabel("|E|² (of its maximum)")
    if profiles:
        axes.get_figure().legend(loc="outside lower center", ncols=2)  # type: ignore[union-attr]
    else:
        axes.text(0.5, 0.5, "no mode", transform=axes.transAxes, ha="center")


def _name_layers(axes: Axes, stack: Stack, low: float, high: float) -> None:
    """Names above the axes, moved apart where layers are thin, each with a line to its layer."""
    named = [("substrate", low, 0.0), *groups(stack), ("superstrate", float(stack.interfaces_nm[-1]), high)]
    per_point = (high - low) / (DOUBLE_COLUMN * 72 * 0.9)  # nm on a point of the axes' width
    line, letter = LINE_HEIGHT * FONT_POINTS * per_point, LETTER_WIDTH * FONT_POINTS * per_point
    centres = [(start + end) / 2 for _, start, end in named]
    lying = [(len(name) + 1) * letter for name, _, _ in named]
    upright = [False] * len(named)
    places = spread(centres, lying, low, high)
    if sum(lying) > high - low or max(map(abs, np.subtract(places, centres))) > FARTHEST_NAME * (high - low):
        upright = [len(name) * letter > end - start for name, start, end in named]
        sizes = [line if turned else size for turned, size in zip(upright, lying, strict=True)]
        places = spread(centres, sizes, low, high)
    for (name, _, _), centre, place, turned in zip(named, centres, places, upright, strict=True):
        axes.annotate(
            name,
            xy=(centre, 1.0),
            xytext=(place, 1.12),
            xycoords=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            rotation=90 if turned else 0,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "shrinkA": 0, "shrinkB": 0},
        )
