"""How every figure looks: journal columns, colours that the colour-blind tell apart, line styles and hatches that grey keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, cast

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.stacks import Stack

INCHES_PER_MM = 1 / 25.4
SINGLE_COLUMN = 88 * INCHES_PER_MM
DOUBLE_COLUMN = 180 * INCHES_PER_MM
FONT_POINTS = 7.5
PNG_DOTS_PER_INCH = 300

# Okabe and Ito's palette (jfly.uni-koeln.de/color), dark enough for a line first; yellow left out
LINE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
LINE_STYLES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1.2)), (0, (5, 1.2, 1, 1.2)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (2, 2)))
GAIN_FILL, GAIN_HATCH = "#E69F00", ""
METAL_FILL, METAL_HATCH = "#A8A8A8", ""
FILLS = ("#A6D4EE", "#B9E3D3", "#EBC9DC", "#F3EFB4", "#C9CBEA", "#E8D5BF", "#D3EBA8", "#DADADA")
HATCHES = ("//", "..", "\\\\", "xx", "--", "++", "oo", "||")
HALF_SPACE_FILL = "#F4F4F4"

STYLE: dict[str, Any] = {
    "font.size": FONT_POINTS,
    "axes.titlesize": FONT_POINTS,
    "axes.labelsize": FONT_POINTS,
    "legend.fontsize": FONT_POINTS - 0.5,
    "xtick.labelsize": FONT_POINTS - 0.5,
    "ytick.labelsize": FONT_POINTS - 0.5,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "hatch.linewidth": 0.4,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "savefig.dpi": PNG_DOTS_PER_INCH,
    "figure.dpi": 150,
}

Parameters = ParamSpec("Parameters")


def house_style() -> AbstractContextManager[None]:
    """Matplotlib's settings while a figure is drawn or saved; nobody else's figures change."""
    from matplotlib import rc_context

    return rc_context(cast(Any, STYLE))


def styled(draw: Callable[Parameters, Figure]) -> Callable[Parameters, Figure]:
    """Draw in the house's style."""

    @wraps(draw)
    def drawn(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Figure:
        with house_style():
            return draw(*args, **kwargs)

    return drawn


def new_figure(width: float, height: float) -> Figure:
    """An empty figure [inches] that places its parts without overlap."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def fills(stack: Stack) -> dict[str, tuple[str, str]]:
    """Colour and hatch of each layer by its written name; gain layers and metals look the same in every figure."""
    looks = {}
    others = 0
    index = stack.index()
    for position, layer in enumerate(stack.layers):
        if layer.written_name in looks:
            continue
        if layer.role == "gain":
            looks[layer.written_name] = (GAIN_FILL, GAIN_HATCH)
        elif (complex(index[position + 1]) ** 2).real < 0:
            looks[layer.written_name] = (METAL_FILL, METAL_HATCH)
        else:
            looks[layer.written_name] = (FILLS[others % len(FILLS)], HATCHES[others % len(HATCHES)])
            others += 1
    return looks | dict.fromkeys(("substrate", "superstrate"), (HALF_SPACE_FILL, ""))


def line_look(order: int) -> dict[str, Any]:
    """Colour and line style of the curve of this order in a figure."""
    return {"color": LINE_COLOURS[order % len(LINE_COLOURS)], "linestyle": LINE_STYLES[order % len(LINE_STYLES)]}


def plain_number(value: float, _: float = 0.0) -> str:
    """Tick label of a logarithmic axis without mathematical typesetting, which takes longer than the rest of a figure."""
    return f"{value:g}"


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres nearest to ``wanted`` (rising) for labels of these sizes that must not overlap.

    Labels that are too close move as one block around their mean; all sizes shrink where low … high is too short.

    Examples
    --------
    >>> spread([1.0, 1.0, 5.0], [1.0, 1.0, 1.0], 0.0, 10.0)
    [0.5, 1.5, 5.0]
    """
    shrink = min(1.0, (high - low) / max(sum(sizes), 1e-300))
    blocks: list[tuple[float, float, list[float]]] = []  # lower end, wanted lower end summed over the labels, sizes
    for centre, size in zip(wanted, (shrink * each for each in sizes), strict=True):
        start, total, members = centre - size / 2, centre - size / 2, [size]
        while blocks and blocks[-1][0] + sum(blocks[-1][2]) > start:
            _, before, earlier = blocks.pop()
            length = sum(earlier)
            total = before + total - len(members) * length  # where the block's lower end would have to be for each label
            members = earlier + members
            start = total / len(members)
        start = min(max(start, low), high - sum(members))
        blocks.append((start, total, members))
    centres = []
    for start, _, members in blocks:
        for size in members:
            centres.append(start + size / 2)
            start += size
    return centres


def groups(stack: Stack) -> list[tuple[str, float, float]]:
    """What to label, bottom to top: name, lower and upper end [nm]; the layers of a repeat are one group."""
    edges = stack.interfaces_nm.tolist()
    found: list[tuple[str, float, float]] = []
    names: list[set[str]] = []
    for position, layer in enumerate(stack.layers):
        low, high = edges[position], edges[position + 1]
        repeated = layer.name != layer.written_name
        if repeated and names and names[-1]:
            names[-1].add(layer.written_name)
            found[-1] = (found[-1][0], found[-1][1], high)
        else:
            found.append((layer.written_name, low, high))
            names.append({layer.written_name} if repeated else set())
    return [
        (name if not members else f"{_count(stack, members)} × ({' / '.join(_ordered(stack, members))})", low, high)
        for (name, low, high), members in zip(found, names, strict=True)
    ]


def _ordered(stack: Stack, members: set[str]) -> list[str]:
    return list(dict.fromkeys(layer.written_name for layer in stack.layers if layer.written_name in members))


def _count(stack: Stack, members: set[str]) -> int:
    first = _ordered(stack, members)[0]
    return sum(layer.written_name == first for layer in stack.layers)


def mark_layers(axes: Axes, stack: Stack, low: float, high: float) -> None:
    """Colour the layers behind a plot over z, from ``low`` to ``high`` [nm]."""
    looks = fills(stack)
    edges = stack.interfaces_nm.tolist()
    axes.axvspan(low, 0.0, color=HALF_SPACE_FILL, zorder=0, linewidth=0)
    axes.axvspan(edges[-1], high, color=HALF_SPACE_FILL, zorder=0, linewidth=0)
    for layer, start, end in zip(stack.layers, edges[:-1], edges[1:], strict=True):
        colour, hatch = looks[layer.written_name]
        axes.axvspan(start, end, facecolor=colour, hatch=hatch, edgecolor="#8C8C8C", alpha=0.6, linewidth=0.3, zorder=0)
