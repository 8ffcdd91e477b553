"""Voigt's line: its ends, the convolution that it stands for, its bounds."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.gain.lineshape import voigt

ROUNDING = 1e-12  # scipy's wofz claims 1e-13

width = st.floats(0.1, 300)
offset = st.floats(-2000, 2000)


@pytest.mark.parametrize(("homogeneous", "inhomogeneous"), [(60.0, 40.0), (10.0, 80.0), (80.0, 10.0), (1.0, 1.0), (100.0, 0.5)])
def test_the_line_is_the_lorentzian_averaged_over_the_gaussian(homogeneous: float, inhomogeneous: float) -> None:
    """Second method: sum over dots of 1/(1 + (x - c)^2/gamma^2) exp(-c^2/2 sigma^2), by the trapezoidal rule.

    Expected: the line, once both are 1 at the centre. Tolerance: the rule is exact to rounding for steps far below the
    widths (1/200 of the narrower) over 9 standard deviations.
    """
    sigma = inhomogeneous / np.sqrt(8 * log(2))
    centres = np.arange(-9 * sigma, 9 * sigma, min(homogeneous, inhomogeneous) / 200)
    x = np.linspace(-200, 200, 41)[:, None]
    averaged = (np.exp(-(centres**2) / (2 * sigma**2)) / (1 + ((x - centres) / (homogeneous / 2)) ** 2)).sum(axis=1)
    np.testing.assert_allclose(voigt(x[:, 0], homogeneous, inhomogeneous), averaged / averaged[20], rtol=1e-10)


@given(x=offset, fwhm=width)
def test_ends_are_lorentz_and_gauss(x: float, fwhm: float) -> None:
    """One width 0: 1/(1 + (2x/FWHM)^2) and exp(-4 ln2 (x/FWHM)^2), to rounding (of an exponent up to 1e9 in the second)."""
    assert voigt(x, fwhm, 0.0) == pytest.approx(1 / (1 + (2 * x / fwhm) ** 2), rel=ROUNDING)
    exponent = 4 * log(2) * (x / fwhm) ** 2
    assert voigt(x, 0.0, fwhm) == pytest.approx(np.exp(-exponent), rel=1e-15 * (2 + 2 * exponent), abs=1e-300)


@given(x=offset, fwhm=width, ratio=st.floats(-12, -7))
def test_nothing_jumps_where_the_lorentzian_takes_over(x: float, fwhm: float, ratio: float) -> None:
    """A Gaussian of 1e-12 to 1e-7 of the Lorentzian's width: the correction is of order ratio^2 = 1e-14 at most."""
    assert voigt(x, fwhm, fwhm * 10**ratio) == pytest.approx(voigt(x, fwhm, 0.0), rel=ROUNDING)


@given(x=offset, y=offset, homogeneous=width, inhomogeneous=width)
def test_the_line_is_even_and_falls_from_one(x: float, y: float, homogeneous: float, inhomogeneous: float) -> None:
    """L(0) = 1, L(-x) = L(x), L falls with |x|, and stays above 0."""
    assume(abs(x) < 0.999 * abs(y))
    near, far = voigt([x, y], homogeneous, inhomogeneous)
    assert voigt(0.0, homogeneous, inhomogeneous) == pytest.approx(1, rel=ROUNDING)
    assert voigt(-x, homogeneous, inhomogeneous) == pytest.approx(near, rel=ROUNDING)
    assert 0 < far <= near * (1 + ROUNDING)
    assert near <= 1 + ROUNDING


def test_shapes() -> None:
    """The shape of the offsets; a number gives a number."""
    assert voigt(np.zeros((2, 3)), 1.0, 1.0).shape == (2, 3)
    assert all(isinstance(voigt(1.0, *widths), float) for widths in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: voigt(0.0, -1.0, 5.0), "Argument `homogeneous_fwhm_meV` must be >= 0, but it is -1.0"),
        (lambda: voigt(0.0, 1.0, np.inf), "Argument `inhomogeneous_fwhm_meV` must be finite, but it is inf"),
        (
            lambda: voigt(0.0, 0.0, 0.0),
            "Argument `inhomogeneous_fwhm_meV` must be > 0 where homogeneous_fwhm_meV is 0 (a line needs a width), but it is 0.0",
        ),
        (lambda: voigt(np.nan, 1.0, 1.0), "Argument `offset_meV` must be numbers, but it is nan"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
