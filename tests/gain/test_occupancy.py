"""The three-state model and the Poisson distribution: closed forms, limits, second methods, inverses."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.gain import pulse_excitons_per_dot, pulse_occupancy, steady_occupancy, steady_rate_per_ns

ROUND_TRIP = 1e-12  # G/G0 is of order 1: some thousand roundings
ROUNDING = 4e-16  # two units in the last place of 1

exciton_ns = st.floats(1.0, 1e3)
lifetime_ratio = st.floats(1e-4, 1.0)  # tau_XX/tau_X: 3e-3 in CdSe, 0.1 in cg-QDs
relative_rate = st.floats(-6, 6).map(lambda power: 10.0**power)  # in units of the transparency rate
fraction = st.floats(-1 + 1e-9, 1 - 1e-9)


def rate_matrix(rate: float, exciton: float, biexciton: float) -> np.ndarray:
    """dP/dt = M P for P = (P_0, P_X, P_XX); the columns sum to 0."""
    down, lower = 1 / biexciton, 1 / exciton
    return np.array([[-rate, lower, 0], [rate, -lower - rate, down], [0, rate, -down]])


@given(exciton=exciton_ns, ratio=lifetime_ratio, relative=st.floats(1e-2, 1e2))
def test_occupation_is_the_null_space_of_the_rate_matrix(exciton: float, ratio: float, relative: float) -> None:
    """Second method: M P = 0 with sum P = 1, solved as linear equations.

    Set-up: random lifetimes and rates around transparency. Expected: the closed form. Tolerance: rounding times the matrix'
    condition, about tau_X/tau_XX = 1e4 at most.
    """
    rate = relative / (exciton * np.sqrt(ratio))
    matrix = rate_matrix(rate, exciton, ratio * exciton) * exciton
    matrix[1] = 1.0  # the rows are dependent: the normalisation replaces one
    expected = np.linalg.solve(matrix, [0.0, 1.0, 0.0])
    found = steady_occupancy(rate, exciton, ratio * exciton)
    np.testing.assert_allclose([found.ground, found.exciton, found.biexciton], expected, rtol=0, atol=1e-11)


def test_occupation_is_where_the_rate_equations_lead() -> None:
    """Second method: dP/dt = M P from dark dots, integrated over 40 exciton lifetimes, ends in the closed form.

    Set-up: cg-QDs (12, 1.3 ns) at twice their transparency rate. Tolerance: 1e-8, the integrator's is 1e-10; exp(-40) is less.
    """
    from scipy.integrate import solve_ivp

    rate, exciton, biexciton = 0.5, 12.0, 1.3
    matrix = rate_matrix(rate, exciton, biexciton)
    ended = solve_ivp(lambda t, p: matrix @ p, (0, 40 * exciton), [1.0, 0.0, 0.0], method="LSODA", rtol=1e-10, atol=1e-12).y[:, -1]
    found = steady_occupancy(rate, exciton, biexciton)
    np.testing.assert_allclose([found.ground, found.exciton, found.biexciton], ended, rtol=0, atol=1e-8)


@given(exciton=exciton_ns, ratio=lifetime_ratio, relative=relative_rate)
def test_probabilities_sum_to_one_and_count_excitons(exciton: float, ratio: float, relative: float) -> None:
    """P_0 + P_X + P_XX = 1, each within [0, 1], and <N> = P_X + 2 P_XX = 1 + G/G0. Tolerance: rounding."""
    found = steady_occupancy(relative / (exciton * np.sqrt(ratio)), exciton, ratio * exciton)
    parts = np.array([found.ground, found.exciton, found.biexciton])
    assert ((parts >= 0) & (parts <= 1)).all()
    assert parts.sum() == pytest.approx(1, abs=ROUNDING)
    assert found.excitons_per_dot == pytest.approx(1 + found.gain_fraction, abs=2 * ROUNDING)


@given(exciton=exciton_ns, ratio=lifetime_ratio, x=fraction)
def test_rate_for_a_gain_gives_that_gain(exciton: float, ratio: float, x: float) -> None:
    """forward(inverse(x)) = x over the whole range -1 < G/G0 < 1, to 1e-12 of G0."""
    rate = steady_rate_per_ns(x, exciton, ratio * exciton)
    assert steady_occupancy(rate, exciton, ratio * exciton).gain_fraction == pytest.approx(x, abs=ROUND_TRIP)


@given(exciton=exciton_ns, ratio=lifetime_ratio, relative=st.floats(0.1, 10))
def test_gain_of_a_rate_gives_that_rate(exciton: float, ratio: float, relative: float) -> None:
    """inverse(forward(g)) = g to 1e-12, within ten times the transparency rate.

    Far from it G/G0 saturates and no longer tells the rate (d ln g = d(G/G0)/(1 - G/G0)): a loss of the question.
    """
    rate = relative / (exciton * np.sqrt(ratio))
    x = steady_occupancy(rate, exciton, ratio * exciton).gain_fraction
    assert steady_rate_per_ns(x, exciton, ratio * exciton) == pytest.approx(rate, rel=ROUND_TRIP)


@given(exciton=exciton_ns, ratio=lifetime_ratio)
def test_closed_forms_of_transparency_and_half_gain(exciton: float, ratio: float) -> None:
    """g_th = (tau_X tau_XX)^(-1/2) and g_1/2 = [1 + sqrt(1 + 12 tau_XX/tau_X)]/(2 tau_XX), to rounding."""
    biexciton = ratio * exciton
    assert steady_rate_per_ns(0.0, exciton, biexciton) == pytest.approx((exciton * biexciton) ** -0.5, rel=1e-14)
    half = (1 + np.sqrt(1 + 12 * biexciton / exciton)) / (2 * biexciton)
    assert steady_rate_per_ns(0.5, exciton, biexciton) == pytest.approx(half, rel=1e-14)


@given(exciton=exciton_ns, ratio=lifetime_ratio, low=fraction, high=fraction)
def test_more_gain_takes_a_higher_rate(exciton: float, ratio: float, low: float, high: float) -> None:
    """Monotonicity of the steady and of the pulsed inverse; equal only where the fractions are within rounding."""
    low, high = sorted((low, high))
    for inverse in (lambda x: steady_rate_per_ns(x, exciton, ratio * exciton), pulse_excitons_per_dot):
        assert inverse(low) <= inverse(high) * (1 + ROUNDING)
        if high - low > 1e-9:
            assert inverse(low) < inverse(high)


def test_low_rate_limit_is_approached_linearly() -> None:
    """G/G0 + 1 -> g tau_X for g -> 0: the error of the limit falls with the first power of the rate (observed order 1)."""
    rates = np.array([1e-4, 1e-5])
    error = np.abs((steady_occupancy(rates, 12.0, 1.3).gain_fraction + 1) / (rates * 12.0) - 1)
    assert np.log10(error[0] / error[1]) == pytest.approx(1, abs=0.01)


def test_high_rate_limit_is_approached_linearly() -> None:
    """1 - G/G0 -> 1/(g tau_XX) for g -> infinity, observed order 1 in 1/g."""
    rates = np.array([1e3, 1e4])
    found = steady_occupancy(rates, 12.0, 1.3)
    error = np.abs((found.exciton + 2 * found.ground) * rates * 1.3 - 1)  # 1 - G/G0 = P_X + 2 P_0, without cancellation
    assert np.log10(error[0] / error[1]) == pytest.approx(1, abs=0.01)


def test_fast_auger_limit() -> None:
    """tau_XX << tau_X: g_1/2 -> 1/tau_XX and g_1/2/g_th -> sqrt(tau_X/tau_XX) (Jung et al. 2021; Chem. Rev. 2023, section 2.3.3).

    The correction is 3 tau_XX/tau_X = 3e-6 here.
    """
    half, transparency = steady_rate_per_ns([0.5, 0.0], 100.0, 1e-4)
    assert half * 1e-4 == pytest.approx(1, abs=4e-6)
    assert half / transparency == pytest.approx(1e3, rel=4e-6)


def test_ends_of_the_range() -> None:
    """No drive: dark; infinite drive: saturated. A gain at or beyond G0 takes an infinite drive, at or below -G0 none."""
    for occupancy in (steady_occupancy([0.0, np.inf], 12.0, 1.3), pulse_occupancy([0.0, np.inf])):
        np.testing.assert_array_equal(occupancy.gain_fraction, [-1.0, 1.0])
        np.testing.assert_array_equal(occupancy.exciton, [0.0, 0.0])
    asked = [-3.0, -1.0, 1.0, 2.5, np.inf]
    np.testing.assert_array_equal(steady_rate_per_ns(asked, 12.0, 1.3), [0, 0, np.inf, np.inf, np.inf])
    np.testing.assert_array_equal(pulse_excitons_per_dot(asked), [0, 0, np.inf, np.inf, np.inf])


def test_g1_transparency_of_poisson_statistics() -> None:
    """G1: exp(N) = 2 + N, N = 1.1462 (exact). Expected: the root by 30-digit arithmetic; tolerance: two roundings."""
    mpmath.mp.dps = 30
    exact = float(mpmath.findroot(lambda n: mpmath.exp(n) - 2 - n, 1.1))
    assert round(exact, 4) == 1.1462
    assert pulse_excitons_per_dot(0.0) == pytest.approx(exact, abs=5e-16)


@given(x=fraction)
def test_pulse_for_a_gain_gives_that_gain(x: float) -> None:
    """forward(inverse(x)) = x: 1 - (2 + N) exp(-N) at N = -2 - W_{-1}[-(1 - x) exp(-2)], to 1e-12 of G0."""
    assert pulse_occupancy(pulse_excitons_per_dot(x)).gain_fraction == pytest.approx(x, abs=ROUND_TRIP)


@given(mean=st.floats(1e-3, 12))
def test_gain_of_a_pulse_gives_that_pulse(mean: float) -> None:
    """inverse(forward(N)) = N. Tolerance: rounding of G/G0 (2e-16) over its slope (1 + N) exp(-N), with a margin of 10."""
    slope = (1 + mean) * np.exp(-mean)
    found = pulse_excitons_per_dot(pulse_occupancy(mean).gain_fraction)
    assert found == pytest.approx(mean, abs=1e-14 + 2e-15 / slope)


@given(mean=st.floats(0, 60))
def test_pulse_occupation_is_the_poisson_distribution(mean: float) -> None:
    """Second method: P(0), P(1) and the sum of P(2), P(3), … of scipy's Poisson distribution. Tolerance: rounding."""
    from scipy.stats import poisson

    found = pulse_occupancy(mean)
    expected = [poisson.pmf(0, mean), poisson.pmf(1, mean), poisson.sf(1, mean)]
    np.testing.assert_allclose([found.ground, found.exciton, found.biexciton], expected, rtol=0, atol=1e-14)
    assert found.ground + found.exciton + found.biexciton == pytest.approx(1, abs=ROUNDING)
    assert found.excitons_per_dot == mean


def test_arrays_keep_their_shape_and_numbers_stay_numbers() -> None:
    """Broadcasting contract: the shape of the drive is the shape of every result; a float gives a float."""
    drive = np.linspace(0, 3, 12).reshape(3, 4)
    for found in (steady_occupancy(drive, 12.0, 1.3), pulse_occupancy(drive)):
        assert {np.shape(part) for part in (found.ground, found.exciton, found.biexciton, found.excitons_per_dot)} == {(3, 4)}
    assert steady_rate_per_ns(drive / 4, 12.0, 1.3).shape == pulse_excitons_per_dot(drive / 4).shape == (3, 4)
    forward = (steady_occupancy(0.1, 12.0, 1.3).ground, pulse_occupancy(1).excitons_per_dot)
    assert all(isinstance(number, float) for number in (*forward, pulse_excitons_per_dot(0), steady_rate_per_ns(0, 1, 1)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: steady_occupancy(-0.5, 12.0, 1.3), "Argument `rate_per_ns` must be >= 0, but it is -0.5"),
        (lambda: steady_occupancy([0.1, np.nan], 12.0, 1.3), "Argument `rate_per_ns` must be numbers, but it is nan"),
        (lambda: steady_occupancy("1", 12.0, 1.3), "Argument `rate_per_ns` must be real numbers, but it is '1'"),
        (lambda: steady_occupancy(0.1, 0.0, 1.3), "Argument `exciton_lifetime_ns` must be > 0 and finite, but it is 0.0"),
        (lambda: steady_rate_per_ns(0.1, 12.0, np.inf), "Argument `biexciton_lifetime_ns` must be > 0 and finite, but it is inf"),
        (lambda: steady_rate_per_ns(np.nan, 12.0, 1.3), "Argument `gain_fraction` must be numbers, but it is nan"),
        (lambda: pulse_occupancy(-1), "Argument `excitons_per_dot` must be >= 0, but it is -1.0"),
        (lambda: pulse_excitons_per_dot(1j), "Argument `gain_fraction` must be real numbers, but it is 1j"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
