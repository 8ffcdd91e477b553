"""Sweeps: families of lines, maps with contours, samples; the kind follows from the number and the kind of directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import logarithmic, plain_number
from qdphotonics.plots.style import DOUBLE_COLUMN, SINGLE_COLUMN, headline, legend_columns, line_look, new_figure, styled
from qdphotonics.plots.sweep_maps import draw_map, map_key, map_norm
from qdphotonics.plots.sweep_samples import sample_panels, sample_spread
from qdphotonics.plots.swept import Direction, Swept, swept

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.sweeps.summary import Dataset

MOST_LINES = 6  # of a family; more become a map
MOST_PANELS = 4
MARKED = 16  # points up to which a curve shows each of them
DARK = "the edge that lases first is dark: it does not radiate;\nthe other edge has dfb.bright.q"
MARKERS = ("o", "s", "^", "D", "v", "P")
ROOM = 0.06  # of the values' range, below and above


@styled
def sweep(dataset: Dataset, quantity: str) -> Figure:
    """One quantity of a sweep, over all that was swept.

    One direction: a line. Two: a family of lines where one has few values, else a map with contours. Three: a row of panels
    along the one of fewest values. More: the first value of each of the others, which the title tells. A sampled design:
    points over each variable, or their median and range over another direction.

    Parameters
    ----------
    dataset : xarray.Dataset
        From :func:`qdphotonics.sweeps.sweep`.
    quantity : str
        The name of one of its variables.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = swept(dataset, quantity)
    if shown.known.size == 0:
        return _nothing(shown)
    sampled = next((each for each in shown.directions if each.kind == "samples"), None)
    shown = reduced(shown, 3 if sampled is None else 2)
    if not shown.directions:
        return _one_point(shown)
    if sampled is not None:
        return sample_panels(shown) if len(shown.directions) == 1 else sample_spread(shown)
    return _panels(shown)


def reduced(shown: Swept, most: int) -> Swept:
    """With at most so many directions: of the others the first value, told in the title; samples and long ones stay."""
    while len(shown.directions) > most:
        least = min((each for each in shown.directions if each.kind != "samples"), key=lambda each: len(each.values))
        shown = _with_title(shown.at(least.dimension, 0), f"{least.texts[0]} (first of {len(least.texts)})")
    return shown


def _with_title(shown: Swept, text: str) -> Swept:
    return replace(shown, title=", ".join(part for part in (shown.title, text) if part))


def _nothing(shown: Swept) -> Figure:
    """A page that says that nothing was found."""
    figure = new_figure(SINGLE_COLUMN, 0.5 * SINGLE_COLUMN)
    axes = figure.subplots()
    axes.set_axis_off()
    told = [shown.label, *shown.missing]
    if any(text.startswith("infinite") for text in told):
        told.append(DARK if shown.kind == "dfb.q" else "it does not radiate")
    axes.text(0.5, 0.5, "\n".join(told), transform=axes.transAxes, ha="center", va="center")
    headline(figure, shown.title)
    return figure


def _one_point(shown: Swept) -> Figure:
    """A page with the one value that there is."""
    figure = new_figure(SINGLE_COLUMN, 0.5 * SINGLE_COLUMN)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.text(0.5, 0.5, f"{shown.label}: {float(shown.values):.6g}", transform=axes.transAxes, ha="center", va="center")
    headline(figure, shown.title)
    return figure


def _panels(shown: Swept) -> Figure:
    """One panel, or a row of them along the direction of fewest values."""
    across = min(shown.directions, key=lambda each: (each.kind == "numbers", len(each.values))) if len(shown.directions) == 3 else None
    parts: list[tuple[str, Swept]] = [("", shown)]
    if across is not None:
        chosen = np.unique(np.linspace(0, len(across.values) - 1, min(MOST_PANELS, len(across.values))).round().astype(int))
        parts = [(across.texts[place], shown.at(across.dimension, int(place))) for place in chosen]
        if len(chosen) < len(across.values):
            shown = _with_title(shown.of(across.dimension, chosen), f"{len(chosen)} of {len(across.values)} values of {across.label}")
    mapped = is_map(parts[0][1].directions)
    wide = SINGLE_COLUMN * 1.3 if len(parts) == 1 else min(DOUBLE_COLUMN, 0.42 * DOUBLE_COLUMN * len(parts))
    figure = new_figure(wide, (0.8 if len(parts) == 1 else 0.62) * SINGLE_COLUMN * (1.15 if mapped else 1.0))
    panels = figure.subplots(1, len(parts), sharey=True, squeeze=False)[0]
    draw = _draw_maps if mapped else _draw_families
    draw(figure, panels, [part for _, part in parts], shown)
    for axes, (name, _) in zip(panels, parts, strict=True):
        axes.set_title(name)
    for axes in panels[1:]:
        axes.set_ylabel("")
    headline(figure, shown.title)
    return figure


def is_map(directions: Sequence[Direction]) -> bool:
    """Whether two directions are drawn as a map: both of numbers, and too many of each for a family of lines."""
    return len(directions) == 2 and all(each.kind == "numbers" and len(each.values) > MOST_LINES for each in directions)


def _draw_maps(figure: Figure, panels: Any, parts: Sequence[Swept], whole: Swept) -> None:
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import FuncFormatter

    norm, extend = map_norm(whole)
    image: Any = None
    for axes, part in zip(panels, parts, strict=True):
        image = draw_map(axes, part, norm) or image
    bar = figure.colorbar(image, ax=list(panels), label=whole.label, extend=extend, format=FuncFormatter(plain_number))
    if whole.whether:
        bar.set_ticks([0.25, 0.75], labels=["no", "yes"])
    elif isinstance(norm, LogNorm):
        logarithmic(bar.ax, "y")
    elif whole.flat:
        bar.set_ticks([float(whole.known[0])])
    map_key(figure, parts, whole)


def _draw_families(figure: Figure, panels: Any, parts: Sequence[Swept], whole: Swept) -> None:
    one = parts[0]
    along = abscissa(one.directions)
    family = next((each for each in one.directions if each is not along), None)
    for axes, part in zip(panels, parts, strict=True):
        lines = part.ordered(*(each.dimension for each in (family, along) if each is not None)).values.reshape(-1, len(along.values))
        for order, line in enumerate(lines[: MOST_LINES + 1]):
            name = "" if family is None else family.short[order]
            _draw_line(axes, along, line, name, order)
        axes.set_xlabel(along.label)
        axes.set_ylabel(whole.label)
        _scale(axes, along, whole)
    handles, labels = panels[0].get_legend_handles_labels()
    if family is not None and len(family.values) > MOST_LINES + 1:
        labels[-1] += f" (first {MOST_LINES + 1} of {len(family.values)})"
    for text in whole.missing:
        handles.append(_blank())
        labels.append(text)
    if labels:
        columns = legend_columns(labels, figure.get_figwidth())
        figure.legend(handles, labels, title=None if family is None else family.label, loc="outside lower center", ncols=columns)


def _blank() -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none")


def abscissa(directions: Sequence[Direction]) -> Direction:
    """The direction along which lines run: numbers before names, the one of most values, the last of equals."""
    return max(reversed(directions), key=lambda each: (each.kind == "numbers", len(each.values)))


def _draw_line(axes: Axes, along: Direction, values: NDArray[np.float64], name: str, order: int) -> None:
    marker = MARKERS[order % len(MARKERS)]
    values = np.where(np.isfinite(values), values, np.nan)
    look: dict[str, Any] = line_look(order) | {"label": name or None, "markersize": 3}
    if along.kind == "names":
        axes.plot(along.values, values, marker=marker, **(look | {"linestyle": "none"}))
        return
    axes.plot(along.values, values, marker=marker if len(values) <= MARKED else None, **look)
    if len(values) > MARKED:
        known = np.isfinite(np.concatenate(([np.nan], values, [np.nan])))
        alone = known[1:-1] & ~known[:-2] & ~known[2:]  # between two gaps, where no line is drawn
        if alone.any():
            axes.plot(along.values[alone], values[alone], marker=marker, linestyle="none", color=look["color"], markersize=2)


def _scale(axes: Axes, along: Direction, whole: Swept) -> None:
    """Limits and scales: as wide as what was swept, all that is known within."""
    low, high = float(whole.known.min()), float(whole.known.max())
    if whole.whether:
        axes.set_ylim(-0.2, 1.2)
        axes.set_yticks([0, 1], labels=["no", "yes"])
    elif whole.decades:
        axes.set_ylim(low / (high / low) ** ROOM, high * (high / low) ** ROOM)
        logarithmic(axes, "y")
    else:
        room = ROOM * (high - low) if high - low > 1e-9 * max(abs(low), abs(high)) else 0.01 * abs(low) or 1.0
        axes.set_ylim(low - room, high + room)
        axes.ticklabel_format(axis="y", useOffset=False)
        if low < 0 < high:
            axes.axhline(0.0, color="black", linewidth=0.5, zorder=0)
    if along.kind == "names":
        axes.set_xlim(-0.5, len(along.values) - 0.5)
        many = sum(map(len, along.short)) > 30
        axes.set_xticks(along.values, along.short, rotation=30 if many else 0, ha="right" if many else "center")
        return
    axes.set_xlim(along.values[0], along.values[-1])
    if along.logarithmic:
        logarithmic(axes, "x")
    else:
        axes.ticklabel_format(axis="x", useOffset=False)
