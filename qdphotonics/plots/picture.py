"""A picture of a stack, to scale."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.plots.layers import Group, fills, groups, material_text, thickness_text
from qdphotonics.plots.style import FONT_POINTS, SINGLE_COLUMN, literal, new_figure, spread, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.stacks import Layer, Stack

HALF_SPACE_SHARE = 0.12  # of the stack's height, drawn of each half-space
LINE_INCHES = 1.4 * FONT_POINTS / 72  # from line to line of the text
TEXT_SHARE = 0.85  # of the figure's height, about what the title leaves
# Across, in units of the layers' width: where leaders bend, where swatches of layers and of members of a repeat begin
BEND, TURN, SWATCH, MEMBER, SWATCH_WIDTH, GAP = 1.05, 1.2, 1.24, 1.32, 0.1, 0.04
RIGHT_EDGE = 2.9
THICK_NM = 5e3  # what may be shortened …
TOO_THICK = 2.0  # … if it is so many times as thick as all the thinner layers together …
SHORTENED = 0.4  # … to this share of them
BREAK = 0.05  # half the height of the mark on a shortened layer, as a share of its drawn height

Label = tuple[float, float, list[tuple[str, str]]]  # lower and upper end, as drawn; lines from the top: name of the fill, or "", and text


@styled
def stack_picture(stack: Stack) -> Figure:
    """The layers to scale, each with name, material and thickness; a layer far thicker than the others is shortened.

    Parameters
    ----------
    stack : Stack

    Returns
    -------
    matplotlib.figure.Figure
    """
    drawn_nm = _drawn_nm(stack)
    edges = [0.0, *np.cumsum(drawn_nm).tolist()]
    margin = HALF_SPACE_SHARE * edges[-1]
    labels = _labels(stack, edges, margin)
    lines = [len(text) for _, _, text in labels]
    height = max(1.15 * SINGLE_COLUMN, sum(lines) * LINE_INCHES / TEXT_SHARE)
    figure = new_figure(1.25 * SINGLE_COLUMN, height)
    axes = figure.subplots()
    _draw_layers(axes, stack, edges, margin)
    line = LINE_INCHES / (TEXT_SHARE * height) * (edges[-1] + 2 * margin)
    wanted = [(low + high) / 2 for low, high, _ in labels]
    places = spread(wanted, [line * count for count in lines], -margin, edges[-1] + margin)
    for label, place in zip(labels, places, strict=True):
        _draw_label(axes, stack, label, place, line)
    axes.set_xlim(0, RIGHT_EDGE)
    axes.set_ylim(-margin, edges[-1] + margin)
    axes.set_xticks([])
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(right=False, direction="out")
    axes.set_ylabel("z (nm)")
    if edges[-1] < stack.interfaces_nm[-1]:
        _mark_shortened(axes, stack, edges)
    figure.suptitle(literal(stack.name), fontsize="medium", wrap=True)
    return figure


def _drawn_nm(stack: Stack) -> list[float]:
    """Thickness as drawn: some glass of a millimetre would leave a line of everything else."""
    thin = sum(layer.thickness_nm for layer in stack.layers if layer.thickness_nm <= THICK_NM)

    def drawn(layer: Layer) -> float:
        too_thick = thin > 0 and layer.thickness_nm > max(THICK_NM, TOO_THICK * thin)
        return SHORTENED * thin if too_thick else layer.thickness_nm

    return [drawn(layer) for layer in stack.layers]


def _draw_layers(axes: Axes, stack: Stack, edges: list[float], margin: float) -> None:
    looks = fills(stack)
    names = ["substrate", *(layer.written_name for layer in stack.layers), "superstrate"]
    bounds = [-margin, *edges, edges[-1] + margin]
    for name, low, high in zip(names, bounds[:-1], bounds[1:], strict=True):
        colour, hatch = looks[name]
        half_space = name in ("substrate", "superstrate")
        edge = {"edgecolor": "none"} if half_space else {"edgecolor": "black", "linewidth": 0.4}
        axes.bar(0.0, high - low, width=1.0, bottom=low, align="edge", color=colour, hatch=hatch, **edge)


def _mark_shortened(axes: Axes, stack: Stack, edges: list[float]) -> None:
    """A cut across each shortened layer, and no z axis, which would be wrong."""
    for layer, (low, high) in zip(stack.layers, pairwise(edges), strict=True):
        if high - low < layer.thickness_nm * (1 - 1e-9):
            middle, half = (low + high) / 2, BREAK * (high - low)
            axes.fill_between([0.0, 1.0], [middle - 2 * half, middle], [middle, middle + 2 * half], color="white", zorder=2)
            for shift in (-2 * half, 0.0):
                axes.plot([0.0, 1.0], [middle + shift, middle + shift + 2 * half], color="black", linewidth=0.6, zorder=3)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylabel("to scale, but for the layer cut short")


def _labels(stack: Stack, edges: list[float], margin: float) -> list[Label]:
    """What stands beside the picture, bottom to top; a repeat has a line for each of its layers."""
    at = dict(zip(stack.interfaces_nm.tolist(), edges, strict=True))
    found: list[Label] = [(-margin, 0.0, [("", f"substrate: {material_text(stack.substrate, stack.wavelength_nm)}")])]
    for group in groups(stack):
        lines = [(layer.written_name, _line(stack, name, layer)) for name, layer in zip(group.member_names, group.members, strict=True)]
        if group.periods:
            lines.append(("", _heading(group)))
        found.append((at[group.low_nm], at[group.high_nm], lines[::-1]))
    return [*found, (edges[-1], edges[-1] + margin, [("", f"superstrate: {material_text(stack.superstrate, stack.wavelength_nm)}")])]


def _line(stack: Stack, name: str, layer: Layer) -> str:
    material = material_text(layer.material, stack.wavelength_nm)
    inside = "" if layer.material.name.lower() == layer.written_name.lower() else f" ({material})"
    gain = ", gain" if layer.role == "gain" else ""
    return f"{name}{inside}{gain}, {thickness_text(layer.thickness_nm)}"


def _heading(group: Group) -> str:
    return f"{group.periods} periods of {thickness_text((group.high_nm - group.low_nm) / group.periods)}:"


def _draw_label(axes: Axes, stack: Stack, label: Label, place: float, line: float) -> None:
    """Lines of text around a height, the fill of each layer before its name, and a leader; a bracket for more than one layer."""
    from matplotlib.patches import Rectangle

    low, high, lines = label
    middle = (low + high) / 2
    heading = place + (len(lines) - 1) / 2 * line
    if len(lines) > 1:
        axes.plot([BEND - 0.03, BEND, BEND, BEND - 0.03], [low, low, high, high], color="black", linewidth=0.5)
    axes.plot([1.0 if len(lines) == 1 else BEND, BEND, TURN, TURN + 0.03], [middle, middle, heading, heading], color="black", linewidth=0.5)
    looks = fills(stack)
    for row, (name, text) in enumerate(lines):
        height, start = heading - row * line, SWATCH if len(lines) == 1 else MEMBER
        if name:
            colour, hatch = looks[name]
            corner = (start, height - 0.32 * line)
            swatch = Rectangle(
                corner, SWATCH_WIDTH, 0.64 * line, facecolor=colour, hatch=2 * hatch, edgecolor="black", linewidth=0.4, clip_on=False
            )
            axes.add_patch(swatch)
        axes.text(start + SWATCH_WIDTH + GAP if name else SWATCH, height, text, va="center_baseline")
