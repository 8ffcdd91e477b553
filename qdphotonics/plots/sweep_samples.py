"""A sampled design: each sample as a point over what was varied, or all of them as a range over another direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.style import DOUBLE_COLUMN, LINE_COLOURS, SINGLE_COLUMN, headline, new_figure
from qdphotonics.plots.sweep_maps import SHADES
from qdphotonics.plots.swept import Swept

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_VARIABLES = 6
COLUMNS = 3
QUANTILES = ((0.0, 1.0, "#D4E4F0", "all samples"), (0.1, 0.9, "#8FBBDB", "8 of 10 samples"))


def sample_panels(shown: Swept) -> Figure:
    """The quantity over each variable, a panel each; of two variables a third panel has one over the other, shaded."""
    variables = shown.directions[0].beside
    names = list(variables)[:MOST_VARIABLES]
    pair = len(variables) == 2
    count = 3 if pair else len(names)
    rows = -(-count // COLUMNS)
    width = SINGLE_COLUMN * 1.1 if count == 1 else DOUBLE_COLUMN
    figure = new_figure(width, (0.34 * rows + 0.06) * DOUBLE_COLUMN)
    panels = figure.subplots(rows, min(count, COLUMNS), squeeze=False).ravel()
    look: dict[str, Any] = {"s": 6, "linewidths": 0, "rasterized": True}
    values = np.where(np.isfinite(shown.values), shown.values, np.nan)
    for axes, name in zip(panels, names, strict=False):
        axes.scatter(variables[name], values, color=LINE_COLOURS[0], alpha=0.7, **look)
        axes.set_xlabel(name)
        axes.set_ylabel(shown.label)
        axes.ticklabel_format(useOffset=False)
        if shown.whether:
            axes.set_ylim(-0.2, 1.2)
            axes.set_yticks([0, 1], labels=["no", "yes"])
    if pair:
        first, second = names
        look |= {"s": 10, "linewidths": 0.2, "edgecolors": "black"}
        points = panels[2].scatter(variables[first], variables[second], c=values, cmap=SHADES, **look)
        panels[2].plot(variables[first][shown.lost], variables[second][shown.lost], "x", color="black", markersize=3)
        panels[2].set_xlabel(first)
        panels[2].set_ylabel(second)
        panels[2].ticklabel_format(useOffset=False)
        figure.colorbar(points, ax=panels[2], label=shown.label)
    for axes in panels[count:]:
        axes.set_visible(False)
    told = [f"{len(values)} samples", *(f"{text} (×)" if pair and text.startswith("lost") else text for text in shown.missing)]
    if len(variables) > MOST_VARIABLES:
        told.append(f"the first {MOST_VARIABLES} of {len(variables)} variables")
    headline(figure, ", ".join((shown.title, *told)))
    return figure


def sample_spread(shown: Swept) -> Figure:
    """Median and range of the samples over another direction."""
    sampled, along = sorted(shown.directions, key=lambda each: each.kind != "samples")
    values = shown.ordered(sampled.dimension, along.dimension).values
    values = np.where(np.isfinite(values), values, np.nan)
    figure = new_figure(SINGLE_COLUMN * 1.3, 0.85 * SINGLE_COLUMN)
    axes = figure.subplots()
    kept = np.isfinite(values).any(axis=0)
    x = along.values[kept]
    for low, high, colour, name in QUANTILES:
        bounds = np.nanquantile(values[:, kept], (low, high), axis=0)
        if along.kind == "numbers":
            axes.fill_between(x, *bounds, color=colour, linewidth=0, label=name)
        else:
            axes.vlines(x, *bounds, color=colour, linewidth=6, label=name)
    style: dict[str, Any] = {"linestyle": "none", "marker": "o"} if along.kind == "names" else {}
    axes.plot(x, np.nanmedian(values[:, kept], axis=0), color="black", label="median", **style)
    axes.set_xlabel(along.label)
    axes.set_ylabel(shown.label)
    axes.ticklabel_format(axis="y", useOffset=False)
    if along.kind == "names":
        axes.set_xticks(along.values, along.short)
    else:
        axes.set_xlim(along.values[0], along.values[-1])
        axes.ticklabel_format(axis="x", useOffset=False)
    figure.legend(loc="outside lower center", ncols=3)
    headline(figure, ", ".join((shown.title, f"{len(values)} samples", *shown.missing)))
    return figure
