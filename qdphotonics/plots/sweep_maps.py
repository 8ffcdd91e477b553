"""Maps of a quantity over two directions of a sweep: shades with labelled contours, lost points hatched, both ends marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._tables import number
from qdphotonics.plots.scales import logarithmic, plain_number
from qdphotonics.plots.swept import Swept, runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

SHADES = "cividis"  # rises in lightness alone: the same in grey, and to the colour-blind
TAIL = 0.02  # of the points, at either end, that may lie beyond the shades where they would take them all
FAR = 2.5  # times the range of the others: what such a tail spans before it is cut off
LOGARITHMIC_RATIO = 100.0
CONTOURS = 7
DARK = 0.55  # of the shades from 0 to 1: below it a line is white
LOST_FILL, LOST_HATCH, NONE_FILL = "#D9D9D9", "//////", "#FFFFFF"
LABEL_POINTS = 6
LARGEST, SMALLEST = "^", "v"


def map_norm(whole: Swept) -> tuple[Any, str]:
    """The scale of the shades of all panels, and at which ends values lie beyond it."""
    from matplotlib.colors import BoundaryNorm, LogNorm, Normalize

    if whole.whether:
        return BoundaryNorm([0.0, 0.5, 1.0], 256), "neither"
    known = whole.known
    low, high = float(known.min()), float(known.max())
    if low > 0 and high > LOGARITHMIC_RATIO * low:
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
    for direction, which in ((across, "x"), (up, "y")):
        if direction.logarithmic:
            logarithmic(axes, which)
        else:
            axes.ticklabel_format(axis=which, useOffset=False)  # type: ignore[arg-type]
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
    """Lines of equal value with their values; where the quantity changes sign, zero is the thick one."""
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import LogLocator, MaxNLocator

    locator = LogLocator(subs=(1.0, 2.0, 5.0), numticks=50) if isinstance(norm, LogNorm) else MaxNLocator(CONTOURS)
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
    drawn = axes.contour(across.values, up.values, np.ma.masked_invalid(part.values.T), levels, **look)
    _apart(axes.clabel(drawn, fmt=lambda level: plain_number(float(f"{level:.6g}")), fontsize=LABEL_POINTS))


def _apart(labels: Sequence[Text]) -> None:
    """Take away the labels that stand on another, as where a quantity jumps and its contours lie on top of each other."""
    kept: list[Any] = []
    for label in labels:
        box = label.get_window_extent().padded(LABEL_POINTS / 2)
        if any(box.overlaps(other) for other in kept):
            label.remove()
        else:
            kept.append(box)


def _mark_ends(axes: Axes, part: Swept) -> None:
    """A triangle at the largest and one at the smallest value."""
    across, up = part.directions
    values = np.where(np.isfinite(part.values), part.values, np.nan)
    if len(np.unique(part.known)) < 2:
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
        if len(np.unique(whole.known)) < 2:
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
