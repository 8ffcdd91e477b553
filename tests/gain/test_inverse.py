"""The drive of a value: against closed forms, plateaus, functions that fall again, and the cost in calls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.gain.inverse import Inverse

Array = np.ndarray


@settings(max_examples=60, deadline=None)
@given(power=st.floats(0.3, 4), scale=st.floats(-6, 6).map(lambda decade: 10.0**decade), value=st.floats(1e-6, 1 - 1e-6))
def test_hill_functions(power: float, scale: float, value: float) -> None:
    """f = u^p/(1 + u^p), u = drive/unit: the drive is unit (x/(1 - x))^(1/p). Tolerance 1e-9: f is rounded at 1e-16, its slope is x p."""

    def hill(drive: Array) -> Array:
        return np.asarray(1 / (1 + (scale / drive) ** power))

    found = Inverse(hill, 3 * scale, (-30.0, 30.0))(value)
    assert found == pytest.approx(scale * (value / (1 - value)) ** (1 / power), rel=1e-9)


def test_ends_and_shapes() -> None:
    """Reached in the dark: 0; never: inf; an array keeps its shape, a number stays one; nan is refused."""
    inverse = Inverse(lambda drive: np.tanh(drive) - 0.25, 1.0)
    found = inverse([[-1.0, -0.25, 0.0], [0.5, 0.75, 2.0]])
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found[0], [0.0, 0.0, np.arctanh(0.25)], rtol=1e-12)
    np.testing.assert_allclose(found[1, 0], np.arctanh(0.75), rtol=1e-12)
    assert found[1, 2] == np.inf
    assert inverse(0.0).shape == ()
    with pytest.raises(ArgumentError, match="`gain_fraction` must be numbers"):
        inverse(np.nan)


def test_the_smallest_drive_is_told() -> None:
    """A gain that rises, falls and rises again (single excitons, then more): the first drive of each value that is reached."""
    inverse = Inverse(lambda drive: np.sin(np.log(drive)) * (np.log(drive) < 8) * (np.log(drive) > -1.5), 1.0, (-2.0, 4.0))
    assert inverse(0.5) == pytest.approx(np.exp(np.arcsin(0.5)), rel=1e-12)


def test_a_step_is_found_to_rounding() -> None:
    """A jump from 0 to 1 at 2: any value between is reached there, by bisection, within 1e-14."""
    assert Inverse(lambda drive: np.where(drive < 2, 0.0, 1.0), 1.0)(0.5) == pytest.approx(2.0, rel=1e-14)


def test_few_calls_are_needed() -> None:
    """After the table, 15 calls for a thousand values of a smooth function: the steps are those of an inverse parabola."""
    calls = 0

    def counted(drive: Array) -> Array:
        nonlocal calls
        calls += 1
        return np.asarray(1 / (1 + 1 / drive))

    inverse = Inverse(counted, 1.0)
    inverse(0.5)
    calls = 0
    inverse(np.linspace(0.001, 0.999, 1000))
    assert calls <= 15
