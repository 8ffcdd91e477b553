"""What a reader sees of a figure: numbers on its axes, texts and where they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

SLACK = 0.015  # inches; half a line width, antialiasing


def drawn(figure: Figure) -> Any:
    """The renderer with which the figure has been laid out."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.get_renderer()


def check_page(figure: Figure) -> None:
    """All that is visible lies within the page [inches]."""
    box: Any = figure.get_tightbbox(drawn(figure))
    assert box.x0 > -SLACK
    assert box.y0 > -SLACK
    assert box.x1 < figure.get_figwidth() + SLACK
    assert box.y1 < figure.get_figheight() + SLACK


def numbers(axes: Axes, which: str) -> list[str]:
    """Texts at the major ticks within the limits of the axis."""
    axis: Any = axes.xaxis if which == "x" else axes.yaxis
    low, high = sorted(axis.get_view_interval())
    places = axis.get_majorticklocs()
    texts = axis.get_major_formatter().format_ticks(places)
    return [text for place, text in zip(places, texts, strict=True) if low <= place <= high and text]


def axes_with_too_few_numbers(figure: Figure) -> list[str]:
    """Axes of numbers with fewer than two of them; one alone gives no scale."""
    found = []
    for position, axes in enumerate(figure.axes):
        for which, label in (("x", axes.get_xlabel()), ("y", axes.get_ylabel())):
            if label and len(numbers(axes, which)) < 2:
                found.append(f"{which} axis {position}: {label}")
    return found


def empty_axes(figure: Figure) -> list[int]:
    """Axes on which no curve, bar or map has a finite value within the limits, and no text says why."""
    return [position for position, axes in enumerate(figure.axes) if not _holds_something(axes)]


def _holds_something(axes: Axes) -> bool:
    for line in axes.get_lines():
        x, y = np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float)
        (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        inside = np.isfinite(x) & np.isfinite(y) & (x >= left) & (x <= right) & (y >= low) & (y <= high)
        if inside.any() and np.ptp(x[inside]) + np.ptp(y[inside]) > 0:
            return True
    return bool(axes.patches or axes.collections or axes.texts)


def texts(figure: Figure) -> list[str]:
    """Every text on the figure."""
    return [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]


def overlapping(shown: list[Text], renderer: Any) -> list[tuple[str, str]]:
    """Pairs of texts that stand on one another."""
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in shown]
    return [
        (first, second)
        for position, (first, box) in enumerate(boxes)
        for second, other in boxes[position + 1 :]
        if min(box.x1, other.x1) - max(box.x0, other.x0) > 1 and min(box.y1, other.y1) - max(box.y0, other.y0) > 1
    ]
