"""Axes on which values can be read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from matplotlib.figure import Figure

from qdphotonics.plots.scales import fraction_range, logarithmic, loss_scale
from tests.plots.reading import numbers


def drawn_losses(values: list[float]) -> tuple[str, list[str]]:
    """Scale and numbers of the axis of these losses."""
    axes = Figure().subplots()
    axes.plot(np.arange(len(values)), values)
    loss_scale(axes, [np.array(values)])
    return axes.get_yscale(), numbers(axes, "y")


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([132.0, 145.0], "linear"),
        ([30.0, 47.0], "linear"),
        ([95.0, 990.0], "log"),
        ([0.02, 7000.0], "log"),
        ([0.0, 5000.0, 3.0], "symlog"),
        ([-300.0, 8.0], "symlog"),
        ([0.0, 0.0], "linear"),
        ([1e-9, 40.0], "linear"),  # rounding is not a decade
        ([np.nan, 40.0], "linear"),
    ],
)
def test_losses_take_the_scale_that_shows_them(values: list[float], scale: str) -> None:
    found, shown = drawn_losses(values)
    assert found == scale
    assert len(shown) >= 2


@given(some.lists(some.floats(-1e4, 1e4, allow_nan=False), min_size=1, max_size=8))
def test_there_are_always_two_numbers(values: list[float]) -> None:
    assert len(drawn_losses(values)[1]) >= 2


@given(some.floats(1e-4, 1e4), some.floats(0.2, 7.0))
def test_a_logarithmic_axis_over_a_fifth_of_a_decade_or_more_has_a_number_and_over_half_has_two(low: float, decades: float) -> None:
    """1, 2, 5 are at most a factor 2.5, 0.4 decades, apart; powers of ten serve from 2.5 decades on."""
    axes = Figure().subplots()
    axes.plot([low, low * 10**decades], [0, 1])
    logarithmic(axes, "x")
    assert len(numbers(axes, "x")) >= (2 if decades >= 0.8 else 0)


def test_the_rounding_of_no_loss_does_not_fill_the_axis() -> None:
    axes = Figure().subplots()
    axes.plot([0, 1], [1e-13, -2e-13])
    loss_scale(axes, [np.array([1e-13, -2e-13])])
    assert axes.get_ylim() == (-0.05, 1.0)


def test_fractions_fill_their_axis_but_rounding_does_not() -> None:
    assert fraction_range([np.array([0.95, 0.97]), np.array([0.99])]) == (0.95, 0.99)
    low, high = fraction_range([np.array([1.0, 1.0 - 1e-15])])
    assert high == 1.0
    assert high - low == pytest.approx(1e-6)
