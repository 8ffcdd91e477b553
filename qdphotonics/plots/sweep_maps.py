"""Maps of a quantity over two directions of a sweep: shades with labelled contours, lost points hatched, both ends marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from qdphotonics._tables import number
from qdphotonics.plots.jumps import halved, jumping_cells
from qdphotonics.plots.scales import logarithmic, plain_number
from qdphotonics.plots.swept import Swept, runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

SHADES = "cividis"  # rises in lightness alone: the same in grey, and to the colour-blind
TAIL = 0.02  # of the points, at either end, that may lie beyond the shades where they would take them all
FAR = 2.5  # times the range of the others: what such a tail spans before it is cut off
CONTOURS = 7
DARK = 0.55  # of the shades from 0 to 1: below it a line is white
LOST_FILL, LOST_HATCH, NONE_FILL = "#D9D9D9", "//////", "#FFFFFF"
LABEL_POINTS = 6
ALONE = 2.0  # widths of a label within which no other of the same value stands
FEW_DECADES = 30.0  # ratio of the ends of the shades below which 1, 2, 5 would be too few lines
LARGEST, SMALLEST = "^", "v"


def map_norm(whole: Swept) -> tuple[Any, str]:
    """The scale of the shades of all panels, and at which ends values lie beyond it."""
    from matplotlib.colors import BoundaryNorm, LogNorm, Normalize

    if whole.whether:
        return BoundaryNorm([0.0, 0.5, 1.0], 256), "neither"
    known = whole.known
    low, high = float(known.min()), float(known.max())
    if whole.decades:
        return LogNorm(low, high), "neither"
    inner_low, inner_high = (float(each) for each in np.quantile(known, (TAIL, 1 - TAIL)))
    inner = inner_high - inner_low
    cut_low, cut_high = inner_low - low > FAR * inner > 0, high - inner_high > FAR * inner > 0
    low, high = inner_low if cut_low else low, inner_high if cut_high else high
    if not high > low:
        low, high = low - 0.5, high + 0.5
    return Normalize(low, high), {(True, True): "both", (True, False): "min", (False, True): "max"}.get((cut_low, cut_high), "neither")


def draw_map(axes: Axes, part: Swept, norm: Any) -> Any:
    """One panel: the first direction downwards in the array is the horizontal one."""
    across, up = part.directions
    values = np.ma.masked_invalid(part.values.T)
    image = axes.pcolormesh(across.edges, up.edges, values, norm=norm, cmap=SHADES, rasterized=True)
    axes.set_facecolor(NONE_FILL)
    _hatch_lost(axes, part)
    ways: tuple[Literal["x", "y"], ...] = ("x", "y")
    for direction, which in zip((across, up), ways, strict=True):
        if direction.logarithmic:
            logarithmic(axes, which)
        else:
            axes.ticklabel_format(axis=which, useOffset=False)
    axes.set_xlim(across.edges[0], across.edges[-1])
    axes.set_ylim(up.edges[0], up.edges[-1])
    axes.set_xlabel(across.label)
    axes.set_ylabel(up.label)
    if not part.whether:
        _contours(axes, part, norm)
        _mark_ends(axes, part)
    return image


def _hatch_lost(axes: Axes, part: Swept) -> None:
    from matplotlib.collections import PolyCollection

    across, up = part.directions
    x, y = across.edges, up.edges
    boxes = []
    for column in range(len(across.values)):
        for first, last in runs(part.lost[column]):
            left, right, low, high = x[column], x[column + 1], y[first], y[last]
            boxes.append([(left, low), (right, low), (right, high), (left, high)])
    if boxes:
        axes.add_collection(PolyCollection(boxes, facecolor=LOST_FILL, edgecolor="black", hatch=LOST_HATCH, linewidth=0.0))


def _contours(axes: Axes, part: Swept, norm: Any) -> None:
    """Lines of equal value with their values, none across a jump; where the quantity changes sign, zero is the thick one."""
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import LogLocator, MaxNLocator

    subs = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0) if norm.vmax < FEW_DECADES * norm.vmin else (1.0, 2.0, 5.0)
    locator = LogLocator(subs=subs, numticks=50) if isinstance(norm, LogNorm) else MaxNLocator(CONTOURS)
    levels = np.unique(locator.tick_values(norm.vmin, norm.vmax))
    known = part.known
    if known.size == 0:
        return
    levels = levels[(levels > known.min()) & (levels < known.max())]
    if levels.size == 0:
        return
    across, up = part.directions
    colours = ["white" if shade < DARK else "black" for shade in norm(levels)]
    widths = [1.4 if level == 0 else 0.6 for level in levels]
    look: dict[str, Any] = {"colors": colours, "linewidths": widths, "linestyles": "solid"}
    x, y, values = across.values, up.values, np.where(np.isfinite(part.values), part.values, np.nan)
    jumps = jumping_cells(np.ma.filled(norm(np.ma.masked_invalid(values)).astype(float), np.nan))
    if jumps.any():  # on half the step each cell has a point of its own, without which nothing is drawn in it
        x, y, values = halved(x), halved(y), halved(values)
        values[1::2, 1::2][jumps] = np.nan
        look["corner_mask"] = False
    drawn = axes.contour(x, y, np.ma.masked_invalid(values.T), levels, **look)
    _apart(axes.clabel(drawn, fmt=lambda level: plain_number(float(f"{level:.6g}")), fontsize=LABEL_POINTS))


def _apart(labels: Sequence[Text]) -> None:
    """Take away the labels that stand on another, or beside one of the same line, of which a jump left pieces."""
    kept: list[tuple[str, Any]] = []
    for label in labels:
        text, box = label.get_text(), label.get_window_extent().padded(LABEL_POINTS / 2)
        near = box.padded(ALONE * box.width)
        if any((near if text == said else box).overlaps(other) for said, other in kept):
            label.remove()
        else:
            kept.append((text, box))


def _mark_ends(axes: Axes, part: Swept) -> None:
    """A triangle at the largest and one at the smallest value."""
    across, up = part.directions
    values = np.where(np.isfinite(part.values), part.values, np.nan)
    if part.flat:
        return
    for marker, place in ((LARGEST, np.nanargmax(values)), (SMALLEST, np.nanargmin(values))):
        column, row = np.unravel_index(place, values.shape)
        look: dict[str, Any] = {"color": "white", "markeredgecolor": "black", "markersize": 5, "markeredgewidth": 0.8, "clip_on": False}
        axes.plot(across.values[column], up.values[row], marker, **look, zorder=5)


def map_key(figure: Figure, parts: Sequence[Swept], whole: Swept) -> None:
    """What the marks mean: the ends with their values, and points without a value."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: list[tuple[Any, str]] = []
    if not whole.whether:
        known = [part.known for part in parts if part.known.size]
        if whole.flat:
            entries.append((Patch(alpha=0.0), f"{number(float(whole.known[0]))} everywhere"))
            known = []
        for marker, name, end in ((LARGEST, "largest", np.max), (SMALLEST, "smallest", np.min)) if known else ():
            look: dict[str, Any] = {"color": "white", "markeredgecolor": "black", "markersize": 5, "linestyle": "none"}
            told = ", ".join(number(float(end(each))) for each in known).replace("-", "−")
            entries.append((Line2D([], [], marker=marker, **look), f"{name} {told}"))
    for text in whole.missing:
        lost = text.startswith("lost")
        look = {"facecolor": LOST_FILL if lost else NONE_FILL, "edgecolor": "black", "linewidth": 0.4}
        entries.append((Patch(hatch=LOST_HATCH if lost else None, **look), text))
    if entries:
        figure.legend(*zip(*entries, strict=True), loc="outside lower center", ncols=min(len(entries), 2 if len(parts) == 1 else 4))
