"""Scales on which values can be read: every axis shows numbers, whether its values span a percent or six decades."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

MANY_DECADES = 2.5  # beyond which powers of ten are numbers enough
LARGEST_LINEAR_RATIO = 10.0  # of the largest value to the smallest: a linear axis shows both
MOST_SYMLOG_DECADES = 5  # on either side of a zero
NARROWEST_FRACTION = 1e-6  # what an axis of fractions spans at least: less is rounding, drawn large
ROUNDING_PER_CM = 1e-6  # the rounding of a loss that is zero


def plain_number(value: float, _: float = 0.0) -> str:
    """Tick label of a logarithmic axis: 0.01, 1, 1000, without a power of ten."""
    return f"{value:g}".replace("-", "−")


def logarithmic(axes: Axes, which: str) -> None:
    """A logarithmic axis with numbers at 1, 2, 5 where it has few decades, at powers of ten where it has many.

    Parameters
    ----------
    axes : Axes
        With its curves.
    which : "x" or "y"
    """
    from matplotlib.ticker import LogLocator, NullFormatter

    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    axis: Any = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(LogLocator(subs=(1.0,) if log10(high / low) > MANY_DECADES else (1.0, 2.0, 5.0)))
    axis.set_major_formatter(plain_number)
    axis.set_minor_locator(LogLocator(subs=tuple(range(2, 10))))
    axis.set_minor_formatter(NullFormatter())


def loss_scale(axes: Axes, curves: Sequence[NDArray[np.float64]]) -> None:
    """Scale of the y axis for losses [cm^-1], which may be zero or negative, drawn already.

    Linear where the largest is less than ten times the smallest, logarithmic beyond; where some are zero or negative,
    linear around zero.
    """
    values = np.concatenate([np.ravel(curve) for curve in curves]) if curves else np.array([])
    size = np.abs(values[np.isfinite(values)])
    large = size[size > ROUNDING_PER_CM]
    if large.size == 0:
        axes.set_ylim(-0.05, 1.0)  # or rounding would fill the axis
    elif large.max() <= LARGEST_LINEAR_RATIO * large.min():
        return
    elif large.size == size.size and np.nanmin(values) > 0:
        logarithmic(axes, "y")
    else:
        _logarithmic_around_zero(axes, float(large.min()), float(large.max()))


def _logarithmic_around_zero(axes: Axes, smallest: float, largest: float) -> None:
    from matplotlib.ticker import NullFormatter, SymmetricalLogLocator

    decade = max(floor(log10(smallest)), floor(log10(largest)) - MOST_SYMLOG_DECADES)
    linear = 10.0**decade
    axes.set_yscale("symlog", linthresh=linear)
    axes.yaxis.set_major_locator(SymmetricalLogLocator(base=10, linthresh=linear))
    axes.yaxis.set_major_formatter(plain_number)
    axes.yaxis.set_minor_locator(SymmetricalLogLocator(base=10, linthresh=linear, subs=range(2, 10)))
    axes.yaxis.set_minor_formatter(NullFormatter())


def fraction_range(values: Sequence[NDArray[np.float64]]) -> tuple[float, float]:
    """Smallest and largest of some fractions, kept apart so far that rounding is not drawn large.

    Examples
    --------
    >>> fraction_range([np.array([0.2, 0.7]), np.array([0.1])])
    (0.1, 0.7)
    >>> fraction_range([np.array([1e-9, 2e-9])])
    (0.0, 1e-06)
    """
    low, high = min(float(np.min(each)) for each in values), max(float(np.max(each)) for each in values)
    if high - low >= NARROWEST_FRACTION:
        return low, high
    low = min(max((low + high - NARROWEST_FRACTION) / 2, 0.0), 1.0 - NARROWEST_FRACTION)
    return low, low + NARROWEST_FRACTION
