"""A picture of a stack, to scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdphotonics.plots.style import FONT_POINTS, SINGLE_COLUMN, fills, groups, new_figure, spread, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.stacks import Stack

HALF_SPACE_SHARE = 0.12  # of the stack's height, drawn of each half-space
LINE_SPACING = 1.35  # of the font size, between labels
WIDTH = 1.0  # of the layers, in units of which labels stand at 1.25


@styled
def stack_picture(stack: Stack) -> Figure:
    """The layers to scale, each with name, material and thickness.

    Parameters
    ----------
    stack : Stack

    Returns
    -------
    matplotlib.figure.Figure
    """
    height = 1.15 * SINGLE_COLUMN
    figure = new_figure(1.25 * SINGLE_COLUMN, height)
    axes = figure.subplots()
    edges = stack.interfaces_nm.tolist()
    margin = HALF_SPACE_SHARE * edges[-1]
    _draw_layers(axes, stack, edges, margin)
    labels = _labels(stack, edges, margin)
    gap = LINE_SPACING * FONT_POINTS / 72 / (0.85 * height) * (edges[-1] + 2 * margin)
    places = spread([centre for centre, _ in labels], [gap] * len(labels), -margin, edges[-1] + margin)
    for (centre, text), place in zip(labels, places, strict=True):
        axes.annotate(
            text,
            xy=(WIDTH, centre),
            xytext=(1.2 * WIDTH, place),
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0},
        )
    axes.set_xlim(0, 2.9 * WIDTH)
    axes.set_ylim(-margin, edges[-1] + margin)
    axes.set_ylabel("z (nm)")
    axes.set_xticks([])
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(right=False, direction="out")
    figure.suptitle(stack.name, fontsize="medium", wrap=True)
    return figure


def _draw_layers(axes: Axes, stack: Stack, edges: list[float], margin: float) -> None:
    looks = fills(stack)
    names = ["substrate", *(layer.written_name for layer in stack.layers), "superstrate"]
    bounds = [-margin, *edges, edges[-1] + margin]
    for name, low, high in zip(names, bounds[:-1], bounds[1:], strict=True):
        colour, hatch = looks[name]
        half_space = name in ("substrate", "superstrate")
        edge = {"edgecolor": "none"} if half_space else {"edgecolor": "black", "linewidth": 0.4}
        axes.bar(0.0, high - low, width=WIDTH, bottom=low, align="edge", color=colour, hatch=hatch, **edge)


def _labels(stack: Stack, edges: list[float], margin: float) -> list[tuple[float, str]]:
    """Height and text of each label, bottom to top."""
    by_name = {layer.written_name: layer for layer in stack.layers}
    found = [(-margin / 2, f"substrate: {stack.substrate.name}")]
    for name, low, high in groups(stack):
        layer = by_name.get(name)
        inside = "" if layer is None else "" if layer.material.name == name else f" ({layer.material.name})"
        gain = ", gain" if layer is not None and layer.role == "gain" else ""
        found.append(((low + high) / 2, f"{name}{inside}{gain}, {high - low:.4g} nm"))
    return [*found, (edges[-1] + margin / 2, f"superstrate: {stack.superstrate.name}")]
