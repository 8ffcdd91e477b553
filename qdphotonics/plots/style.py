"""How every figure looks: journal columns, colours that the colour-blind tell apart, line styles that grey keeps."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, cast

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INCHES_PER_MM = 1 / 25.4
SINGLE_COLUMN = 88 * INCHES_PER_MM
DOUBLE_COLUMN = 180 * INCHES_PER_MM
FONT_POINTS = 7.5
PNG_DOTS_PER_INCH = 300
LETTER, HANDLE = 0.055, 0.45  # inches, of a legend's text and of what stands before it
LETTERS_PER_INCH = 15  # of a title: a line of so many fits, also of wide ones
N_EFF = r"$n_\mathrm{eff}$"

# Okabe and Ito's palette (jfly.uni-koeln.de/color), dark enough for a line first; yellow left out
LINE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
LINE_STYLES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1.2)), (0, (5, 1.2, 1, 1.2)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (2, 2)))

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


def line_look(order: int) -> dict[str, Any]:
    """Colour and line style of the curve of this order in a figure."""
    return {"color": LINE_COLOURS[order % len(LINE_COLOURS)], "linestyle": LINE_STYLES[order % len(LINE_STYLES)]}


def literal(text: str) -> str:
    """A name from a user's file, in which a dollar sign is a dollar sign and begins no formula."""
    return text.replace("$", r"\$")


def headline(figure: Figure, text: str) -> None:
    """A title over all panels, in as many lines as the page's width asks for."""
    signed = re.sub(r"(?<![\w.-])-(?=[\d.])", "−", text)
    figure.suptitle("\n".join(textwrap.wrap(signed, int(figure.get_figwidth() * LETTERS_PER_INCH))), fontsize="medium")


def legend_columns(labels: Sequence[str], inches: float) -> int:
    """Columns of a legend that fit a page of this width.

    Examples
    --------
    >>> legend_columns(["TE0", "TM0"], SINGLE_COLUMN), legend_columns(["Spiro-2NPB thickness, 20 to 120 nm"] * 7, DOUBLE_COLUMN)
    (2, 3)
    """
    longest = max((len(label) for label in labels), default=1)
    return max(1, min(len(labels), int(inches / (LETTER * longest + HANDLE))))


def wavelength_text(wavelength_nm: float) -> str:
    """A wavelength as figures name it; one given in eV has endless digits.

    Examples
    --------
    >>> [wavelength_text(value) for value in (630.0, 642.4052)]
    ['630 nm', '642.4 nm']
    """
    return f"{round(wavelength_nm, 1):g} nm"


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
