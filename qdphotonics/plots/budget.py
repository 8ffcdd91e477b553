"""Where the loss sits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdphotonics.optics import number, written_budget
from qdphotonics.plots.layers import fills
from qdphotonics.plots.scales import ROUNDING_PER_CM
from qdphotonics.plots.style import DOUBLE_COLUMN, literal, new_figure, styled, wavelength_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.optics import StackMode, StackModes

MOST_MODES = 12
FEWEST_ROWS = 4  # a bar is no thicker than with so many
SMALL_SHARE = 1e-3  # of a mode's loss: smaller parts are not drawn


@styled
def loss_budget(modes: StackModes, mode: StackMode | None = None) -> Figure:
    """Loss of one mode by layer [cm^-1], and the shares of every mode's loss.

    Parameters
    ----------
    modes : StackModes
    mode : StackMode, optional
        The one on the left, in bold on the right; that of smallest loss unless given.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.42 * DOUBLE_COLUMN)
    if not modes.modes:
        figure.subplots().set_title("no mode")
        return figure
    chosen = mode or min(modes, key=_loss)
    least = sorted(modes, key=_loss)
    shown = least[:MOST_MODES] if chosen in least[:MOST_MODES] else [*least[: MOST_MODES - 1], chosen]
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.3))
    _draw_parts(left, modes, chosen)
    _draw_shares(right, modes, shown, chosen)
    handles, labels = right.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    if unique:
        figure.legend(unique.values(), unique.keys(), loc="outside lower center", ncols=min(len(unique), 7))
    return figure


def _loss(mode: StackMode) -> float:
    """Modulus of a mode's loss [cm^-1], without the rounding of one that has none."""
    return abs(mode.loss_per_cm) if abs(mode.loss_per_cm) > ROUNDING_PER_CM else 0.0


def _draw_parts(axes: Axes, modes: StackModes, mode: StackMode) -> None:
    budget = written_budget(modes.stack, mode)
    looks = fills(modes.stack)
    floor = max(SMALL_SHARE * sum(map(abs, budget.values())), ROUNDING_PER_CM)
    parts = [(place, part) for place, part in budget.items() if abs(part) > floor]
    for row, (place, part) in enumerate(parts):
        colour, hatch = looks[place]
        axes.barh(row, part, color=colour, hatch=hatch, edgecolor="black", linewidth=0.5)
        axes.annotate(number(part), (max(part, 0.0), row), xytext=(3, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(parts)), [literal(place) for place, _ in parts])
    axes.tick_params(axis="y", length=0)
    _leave_room(axes, len(parts))
    axes.margins(x=0.18)
    if not parts:
        axes.set_xlim(0, 1)
        axes.text(0.5, 0.5, "no loss", transform=axes.transAxes, ha="center", va="center")
    axes.set_xlabel("loss (cm⁻¹)")
    axes.set_title(f"{mode.label} at {wavelength_text(mode.wavelength_nm)}: {number(mode.loss_per_cm)} cm⁻¹ in all")


def _leave_room(axes: Axes, rows: int) -> None:
    margin = 0.7 + max(0, FEWEST_ROWS - rows) / 2
    axes.set_ylim(-margin, rows - 1 + margin)


def _draw_shares(axes: Axes, modes: StackModes, shown: list[StackMode], chosen: StackMode) -> None:
    looks = fills(modes.stack)
    for row, mode in enumerate(shown):
        budget = written_budget(modes.stack, mode)
        total = sum(map(abs, budget.values()))
        start = 0.0
        for place, part in budget.items():
            share = 100 * abs(part) / total if total > ROUNDING_PER_CM else 0.0
            if share > 100 * SMALL_SHARE:
                colour, hatch = looks[place]
                axes.barh(row, share, left=start, color=colour, hatch=hatch, edgecolor="black", linewidth=0.5, label=literal(place))
            start += share
        if total <= ROUNDING_PER_CM:
            axes.text(1, row, "no loss", va="center")
    axes.set_yticks(range(len(shown)), [f"{mode.label}, {number(mode.loss_per_cm)} cm⁻¹" for mode in shown])
    axes.tick_params(axis="y", length=0)
    _leave_room(axes, len(shown))
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of the mode's loss (%)")
    axes.get_yticklabels()[shown.index(chosen)].set_fontweight("bold")
    if len(shown) == len(modes):
        axes.set_title("all modes" if len(modes) > 1 else "the only mode")
    elif shown[-1] is chosen:
        axes.set_title(f"the {len(shown) - 1} modes of least loss of {len(modes)}, and {chosen.label}")
    else:
        axes.set_title(f"the {len(shown)} modes of least loss of {len(modes)}")
