"""Closed forms of the papers as limits of the full chain: G1 to G5 and G9 of PHYSICS.md, thresholds with charges, the three-state model."""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from qdphotonics.gain.chain import Chain
from qdphotonics.gain.recombination import VALLEYS_LEVELS, Recombination

EXACT = 1e-12
LIMIT = 1e-8

exciton_ns = st.floats(1.0, 1e3)
lifetime_ratio = st.floats(1e-4, 1.0)  # tau_XX/tau_X: 3e-3 in CdSe, 0.1 in cg-QDs
relative_rate = st.floats(-6, 6).map(lambda power: 10.0**power)  # in units of the transparency rate


def drive_of(inversion: Callable[[float], float], value: float = 0.0) -> float:
    """Drive at which a rising inversion passes a value, by Brent's method in the logarithm."""
    return float(np.exp(brentq(lambda x: inversion(np.exp(x)) - value, log(1e-12), log(1e12), xtol=1e-15, rtol=1e-15)))


def three_states(exciton: float, biexciton: float) -> Chain:
    """The chain cut at two pairs."""
    return Chain(Recombination.from_lifetimes(exciton, biexciton), most_pairs=2)


@given(exciton=exciton_ns, ratio=lifetime_ratio, relative=relative_rate)
def test_the_three_state_model(exciton: float, ratio: float, relative: float) -> None:
    """P_X = g tau_X P_0, P_XX = g tau_XX P_X, sum 1 (Chem. Rev. 2023, 123, 8251, section 2.3.3): to 1e-12 of each."""
    rate, biexciton = relative / (exciton * sqrt(ratio)), ratio * exciton
    weight = np.array([1.0, rate * exciton, rate * exciton * rate * biexciton])
    np.testing.assert_allclose(three_states(exciton, biexciton).steady(rate).pairs, weight / weight.sum(), rtol=EXACT)


@given(exciton=exciton_ns, ratio=lifetime_ratio, relative=relative_rate)
def test_the_full_chain_of_fast_higher_decay_is_the_three_state_model(exciton: float, ratio: float, relative: float) -> None:
    """Limit: three pairs and more decay 1e10 times as fast as they come, G/G0 is that of two pairs at most, to 1e-8."""
    rate, biexciton = relative / (exciton * sqrt(ratio)), ratio * exciton
    scaled = Recombination.from_lifetimes(exciton, biexciton)
    measured = {**scaled.measured, **{(n, n): 1e-10 / rate for n in range(3, 13)}}
    full = Chain(Recombination(scaled.radiative_lifetime_ns, scaled.auger_biexciton_ns, measured=measured)).steady(rate)
    model = three_states(exciton, biexciton).steady(rate)
    assert full.gain_fraction == pytest.approx(model.gain_fraction, abs=LIMIT)
    assert full.excitons_per_dot == pytest.approx(model.excitons_per_dot, abs=LIMIT)


@given(exciton=exciton_ns, ratio=lifetime_ratio)
def test_thresholds_of_the_three_state_model(exciton: float, ratio: float) -> None:
    """g_th = (tau_X tau_XX)^(-1/2), g_1/2 = [1 + sqrt(1 + 12 tau_XX/tau_X)]/(2 tau_XX); G/G0 there is 0 and 1/2 to 1e-12."""
    biexciton = ratio * exciton
    half = (1 + sqrt(1 + 12 * biexciton / exciton)) / (2 * biexciton)
    found = three_states(exciton, biexciton).steady([(exciton * biexciton) ** -0.5, half])
    np.testing.assert_allclose(found.gain_fraction, [0.0, 0.5], rtol=0, atol=EXACT)


def test_g5_occupancies() -> None:
    """G5: CdSe R 3 nm, tau_XX = chi V = 113.1 ps, tau_X 20 ns, 1 A/cm^2, f_a 0.5: P = 0.934, 0.066, 2.6e-5 (printed digits)."""
    radius_cm, charge_C = 3e-7, 1.602176634e-19
    rate = np.pi * radius_cm**2 / 0.5 / charge_C * 1e-9
    found = three_states(20.0, 0.1131).steady(rate).pairs
    assert [f"{value:.2g}" for value in found[1:]] == ["0.066", "2.6e-05"]
    assert round(float(found[0]), 3) == 0.934


@pytest.mark.parametrize("most_pairs", [2, 12, 18])
def test_g1_short_pulses(most_pairs: int) -> None:
    """G1: transparency at exp(N) = 2 + N, N = 1.1462 (exact), however many pairs the chain has: 1S is full with two.

    Expected: the root in 30 digits. Tolerance: that of the search.
    """
    chain = Chain(Recombination(20.0), most_pairs=most_pairs)
    with mpmath.workdps(30):
        exact = float(mpmath.findroot(lambda n: mpmath.exp(n) - 2 - n, 1.1))
    found = brentq(lambda n: float(chain.after_pulse(n).gain_fraction), 0.5, 2, xtol=1e-15)
    assert found == pytest.approx(exact, abs=EXACT)
    assert round(exact, 4) == 1.1462


@pytest.mark.parametrize(
    ("g_e", "g_h", "charge", "expected"),
    [(2, 2, 0.0, 1.0), (2, 2, 1.0, 0.5), (8, 8, 0.0, 4.0), (8, 8, 6.0, 1.0), (8, 8, 2.7, 2.65), (8, 8, 4.8, 1.6), (2, 4, 1.0, 2 / 3)],
)
def test_g2_thresholds_of_charged_dots(g_e: int, g_h: int, charge: float, expected: float) -> None:
    """G2: <N>_th = g_h (g_e - n_e)/(g_e + g_h) (equation 5): 1, 0.5 for g = 2; 4, 1, 2.65, 1.6 for g = 8.

    Set-up: the steady chain up to the pairs that fill the band edge of the dots of highest charge, where filling is linear
    in N and the closed form holds for any lifetimes; exact to 1e-12.
    """
    most = min(g_e - int(np.ceil(charge)), g_h)
    for lifetimes in ((2000.0, 0.05), (20.0, 3.0)):
        dot = Recombination(*lifetimes, electron_levels=(g_e,), hole_levels=(g_h,))
        chain = Chain(dot, most_pairs=most, charge=charge)
        rate = drive_of(lambda g, chain=chain: float(chain.steady(g).gain_fraction))  # type: ignore[misc]
        assert chain.steady(rate).excitons_per_dot == pytest.approx(expected, abs=EXACT)


def test_g2_two_electrons_need_no_threshold() -> None:
    """G2, n_e = 2 = g_e: the dark dot neither absorbs nor emits on 1S, and any pair amplifies: <N>_th = 0."""
    chain = Chain(Recombination(20.0, 0.1), charge=2)
    assert chain.steady().gain_fraction == 0
    assert chain.steady(1e-9).gain_fraction > 0


def test_charges_lower_the_drive_of_transparency() -> None:
    """PbS, g = 8, full chain: the threshold rate falls with n_e, though Auger recombination with six electrons is fast (G8)."""
    rates = []
    for charge in (0.0, 2.7, 4.8, 6.0):
        dot = Recombination(2000.0, 0.05, VALLEYS_LEVELS, VALLEYS_LEVELS)
        chain = Chain(dot, most_pairs=12, charge=charge)
        rates.append(drive_of(lambda g, chain=chain: float(chain.steady(g).gain_fraction)))  # type: ignore[misc]
    assert (np.diff(rates) < 0).all()


@pytest.mark.parametrize(("level", "least", "most", "expected"), [(0, 0, 2, 1.0), (1, 2, 8, 5.0), (2, 8, 18, 13.0)])
def test_g3_thresholds_of_the_levels(level: int, least: int, most: int, expected: float) -> None:
    """G3: 1S, 1P, 1D become transparent at 1, 5, 13 excitons per dot (exact).

    Set-up: dots between an empty and a full level, fewer pairs living 1e8 times as long as they take to come; there filling is linear
    in N. Expected: <N> to 1e-8, the share of the others.
    """
    measured = {(n, n): 1e20 for n in range(1, least + 1)}
    chain = Chain(Recombination(20.0, 1.0, measured=measured), most_pairs=most)
    rate = drive_of(lambda g: float(chain.steady(g).inversion[level]))
    assert chain.steady(rate).excitons_per_dot == pytest.approx(expected, abs=LIMIT)


def test_g9_emission_of_the_chain() -> None:
    """G9 as a limit: dots that all hold N pairs emit I_1P/I_1S = (N - 2)^2/12. Set-up: N is where the chain ends, g large."""
    for most in (3, 5, 8):
        chain = Chain(Recombination(20.0, 1.0), most_pairs=most)
        first, second, _ = chain.emission_per_ns(chain.steady(1e12))
        assert second / first == pytest.approx((most - 2) ** 2 / 12, rel=LIMIT)


def test_higher_states_raise_the_gain() -> None:
    """The full chain beside the three-state model: three pairs and more count as gain too, so that G is larger at any drive."""
    recombination = Recombination.from_lifetimes(12.0, 1.3)
    rate = np.geomspace(1e-3, 1e3, 50)
    full, cut = Chain(recombination).steady(rate), Chain(recombination, most_pairs=2).steady(rate)
    assert (full.gain_fraction >= cut.gain_fraction - EXACT).all()
    assert (full.excitons_per_dot > cut.excitons_per_dot).all()
