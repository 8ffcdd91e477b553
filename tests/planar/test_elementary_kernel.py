"""The exp and sin of loops that vectorise, against mpmath."""

from __future__ import annotations

import mpmath
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qdphotonics.planar.elementary_kernel import exp_expm1, half_turn

# 1.5 units in the last place: polynomial and final sum round once each.
RELATIVE = 3.4e-16


@example(0.0)
@example(-1e-300)
@example(-0.34657359027997264)  # where the multiple of ln 2 changes
@example(-707.9)
@given(st.one_of(st.floats(-708, 0), st.floats(-1, 0)))
def test_exponentials(x: float) -> None:
    """e^x and e^x - 1 for x <= 0, each to 1.5 units in the last place."""
    power, less_one = exp_expm1(x)
    with mpmath.workdps(40):
        assert power == pytest.approx(float(mpmath.exp(x)), rel=RELATIVE, abs=0)
        assert less_one == pytest.approx(float(mpmath.expm1(x)), rel=RELATIVE, abs=5e-324)


@pytest.mark.parametrize("x", [-708.0, -1e3, -1e300])
def test_exponential_bottoms_out(x: float) -> None:
    """Below -708 the value there, 3.3e-308: no underflow, no nan, and nothing that a sum with 1 would notice."""
    power, less_one = exp_expm1(x)
    assert 0 < power < 4e-308
    assert less_one == -1.0


@example(0.0)
@example(1e-300)
@example(0.7853981633974483)
@example(1e6)
@given(st.one_of(st.floats(-1e6, 1e6), st.floats(-4, 4)))
def test_half_turn(x: float) -> None:
    """exp(2ix) = sign (cos r + i sin r)^2, to rounding of x itself (2^-52 |x|) and 4 units in the last place."""
    sine, cosine, sign = half_turn(x)
    with mpmath.workdps(40):
        exact = mpmath.expj(2 * mpmath.mpf(x))
        error = abs(sign * mpmath.mpc(cosine, sine) ** 2 - exact)
    assert error < 2.3e-16 * abs(x) + 1e-15
    assert abs(sine) < 0.7071068
    assert abs(sign) == 1


@given(st.floats(-0.78, 0.78).filter(lambda x: abs(x) > 1e-290))
def test_small_sines_keep_their_digits(x: float) -> None:
    """sin r to 2 units in the last place, however small: thin layers depend on it."""
    sine, cosine, sign = half_turn(x)
    assert sign == 1
    assert sine == pytest.approx(float(mpmath.sin(x)), rel=4.5e-16, abs=0)
    assert cosine == pytest.approx(float(mpmath.cos(x)), rel=4.5e-16)
