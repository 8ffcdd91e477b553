"""Tolerances: which error moves a quantity by how much, and how the quantity is distributed over the devices drawn."""

from __future__ import annotations

from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._tables import number
from qdphotonics.plots.style import DOUBLE_COLUMN, LINE_COLOURS, N_EFF, headline, line_look, literal, new_figure, styled
from qdphotonics.sweeps.labels import path_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.sweeps.tolerance.result import Spread, Tolerances

MOST_BARS = 12
BELOW, ABOVE, GOOD, BAD = "#0072B2", "#E69F00", "#8FBBDB", "#FFFFFF"
REACH = 3.5  # standard deviations of first order over which its curve is drawn
LEAST_SHARE = 5e-4  # of the variance that a bar is named with


@styled
def tornado(result: Tolerances, quantity: str) -> Figure:
    """What each error does to a quantity, the largest at the top, and the distribution over the devices drawn.

    Left: the quantity with one error at −1 and at +1 standard deviation, and the share of the first-order variance. Right:
    how many devices have which value, those that keep what is required filled, with the distribution of first order.

    Parameters
    ----------
    result : sweeps.Tolerances
    quantity : str
        The name of one of its quantities.

    Returns
    -------
    matplotlib.figure.Figure
    """
    spread = result[quantity]
    bars = min(len(spread.contributions), MOST_BARS)
    figure = new_figure(DOUBLE_COLUMN, (0.3 + 0.016 * bars) * DOUBLE_COLUMN)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    _draw_bars(left, spread)
    _draw_devices(right, result, spread)
    for axes in (left, right):
        axes.set_xlabel(literal(spread.quantity.label).replace("n_eff", N_EFF))
        axes.ticklabel_format(axis="x", useOffset=False)
    handles, labels = [], []
    for axes in (left, right):
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.append(handle)
            labels.append(label)
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    headline(figure, _title(result))
    return figure


def _title(result: Tolerances) -> str:
    name = literal(result.spec.name)
    share, ends = result.yield_fraction, result.yield_interval
    if share is None or ends is None:
        return name
    low, high = (100 * end for end in ends)
    return f"{name}: yield {100 * share:.1f} % ({low:.1f} to {high:.1f} %)"


def _draw_bars(axes: Axes, spread: Spread) -> None:
    shown = spread.contributions[:MOST_BARS]
    for row, each in enumerate(shown):
        lengths = each.below - spread.nominal, each.above - spread.nominal
        hidden = lengths[0] * lengths[1] > 0  # both to one side: the thinner bar before the other
        for length, colour, hatch, name in zip(lengths, (BELOW, ABOVE), ("", "///"), ("error at −1 σ", "error at +1 σ"), strict=True):
            height = 0.35 if hidden and abs(length) == min(map(abs, lengths)) else 0.7
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "black", "linewidth": 0.5, "zorder": 3 - height}
            axes.barh(row, length, height, left=spread.nominal, label=None if row else name, **look)
    axes.axvline(spread.nominal, color="black", linewidth=0.8)
    axes.set_yticks(range(len(shown)), [_bar_name(each.path, each.share) for each in shown])
    axes.tick_params(axis="y", length=0)
    axes.set_ylabel("error, share of the variance")
    axes.set_ylim(len(shown) - 0.4, -0.6)
    rest = len(spread.contributions) - len(shown)
    told = f"the {len(shown)} largest of {len(shown) + rest} errors" if rest else "each error by itself"
    axes.set_title(f"{told}, designed {number(spread.nominal)}".replace("-", "−"))
    axes.margins(x=0.08)


def _bar_name(path: str, share: float) -> str:
    percent = f"{100 * share:.2g} %" if share >= LEAST_SHARE else "0 %"
    return f"{literal(path_label(path))}\n{percent}" if isfinite(share) else literal(path_label(path))


def _draw_devices(axes: Axes, result: Tolerances, spread: Spread) -> None:
    known = np.isfinite(spread.samples)
    if not known.any():
        axes.text(0.5, 0.5, "no device has a value", transform=axes.transAxes, ha="center")
        axes.set_xlim(spread.nominal - 1, spread.nominal + 1)
        return
    edges = spread.histogram["edges"].tolist()
    look: dict[str, Any] = {"edgecolor": "black", "linewidth": 0.4, "stacked": True}
    groups = [spread.samples[known & result.good], spread.samples[known & ~result.good]]
    if result.required:
        labels = ["keeps all that is required", "does not"]
        axes.hist(groups, edges, color=[GOOD, BAD], hatch=["", "xxxx"], label=labels, **look)
    else:
        axes.hist(spread.samples[known], edges, color=GOOD, label="devices drawn", **look)
    linear = spread.first_order_standard_deviation
    if linear > 0 and isfinite(linear):
        x = np.linspace(spread.nominal - REACH * linear, spread.nominal + REACH * linear, 201)
        density = np.exp(-0.5 * ((x - spread.nominal) / linear) ** 2) / (linear * sqrt(2 * np.pi))
        axes.plot(x, density * known.sum() * (edges[1] - edges[0]), label="first order", **(line_look(1) | {"linewidth": 1.0}))
    axes.axvline(spread.nominal, color="black", linewidth=0.8, label="as designed")
    axes.axvline(spread.mean, color=LINE_COLOURS[2], linewidth=1.0, linestyle=(0, (1, 1.2)), label="mean")
    axes.set_ylim(0.0, 1.1 * axes.get_ylim()[1])
    axes.set_ylabel("devices")
    lost = result.samples - int(known.sum())
    told = f"{result.samples} devices, σ {number(spread.standard_deviation)}"
    axes.set_title(f"{told}, {lost} without a value" if lost else told)
