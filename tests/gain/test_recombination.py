"""Recombination rates: volume scaling, statistical scaling, light, charged dots, measured lifetimes."""

from __future__ import annotations

from itertools import product
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from qdphotonics.errors import ArgumentError
from qdphotonics.gain.recombination import (
    VALLEYS_LEVELS,
    Recombination,
    auger_biexciton_ns,
    carriers_per_level,
    scaled_platelet_auger_ns,
)
from tests.oracles.dot_chain import Dot, fill

ROUNDING = 1e-14

lifetime = st.floats(-6, 9).map(lambda power: 10.0**power)  # 1 fs to 1 s
carriers = st.integers(0, 18)


def test_volume_scaling_of_each_family() -> None:
    """tau_A,XX = chi V: 1 ps/nm^3 for most, 0.06 for perovskites (Chem. Rev. 2023, 123, 8251, section 2.3.1).

    Expected: for radii of 1 and 4 nm "from about 4 ps to about 270 ps" (source), 113.1 ps at 3 nm (G5).
    """
    volume = 4 / 3 * np.pi * np.array([1.0, 3.0, 4.0]) ** 3
    np.testing.assert_allclose(auger_biexciton_ns(volume, "II-VI"), [4.1888e-3, 0.1130973, 0.2680826], rtol=1e-5)
    for family in ("III-V", "IV-VI", "Si"):
        np.testing.assert_array_equal(auger_biexciton_ns(volume, family), auger_biexciton_ns(volume, "II-VI"))
    np.testing.assert_allclose(auger_biexciton_ns(volume, "perovskite") / auger_biexciton_ns(volume, "Si"), 0.06, rtol=ROUNDING)


def test_platelets_scale_and_stay() -> None:
    """tau = 2.7 ps/nm^3 V below 100 nm^3, a plateau beyond that stays below 600 ps; continuous where they meet.

    Large platelets of known lifetime scale as A d^7 (Li and Lian 2017): twice the area and the thickness give 2^8.
    """
    found = auger_biexciton_ns([50.0, 100.0, 100.0 + 1e-9, 1000.0], "nanoplatelet")
    np.testing.assert_allclose(found, [0.135, 0.27, 0.27, 0.27], rtol=ROUNDING)
    assert found.max() < 0.6
    assert scaled_platelet_auger_ns(0.3, 2.0, 2.0) == pytest.approx(0.3 * 256, rel=ROUNDING)


@given(carriers=st.integers(0, 30), levels=st.lists(st.integers(1, 10), min_size=1, max_size=4))
def test_levels_fill_from_below(carriers: int, levels: list[int]) -> None:
    """Second method: carriers put in one by one. Exact: small whole numbers."""
    assert carriers_per_level(carriers, levels).tolist() == fill(carriers, levels)


@given(radiative=lifetime, auger=lifetime, electrons=carriers, holes=carriers)
def test_rates_are_those_of_the_formulas(radiative: float, auger: float, electrons: int, holes: int) -> None:
    """R = (g_1S/tau_r) sum N_e,i N_h,i/g_i + N_e N_h (N_e + N_h - 2)/(8 tau_A). Second method: sums over levels by hand."""
    expected = Dot(radiative, auger).lost((electrons, holes))
    assert Recombination(radiative, auger).rate_per_ns(electrons, holes) == pytest.approx(expected, rel=ROUNDING)


def test_exciton_and_biexciton() -> None:
    """tau_r,X is the exciton's lifetime and tau_r,XX = tau_r,X/4, tau_A,XX the biexciton's, whatever the degeneracy."""
    for levels in ((2, 6, 10), VALLEYS_LEVELS, (4,)):
        dot = Recombination(20.0, 0.1, levels, levels)
        np.testing.assert_allclose(dot.radiative_per_ns([1, 2], [1, 2]), [0.05, 0.2], rtol=ROUNDING)
        np.testing.assert_allclose(dot.auger_per_ns([1, 2], [1, 2]), [0.0, 10.0], rtol=ROUNDING)


def test_g8_charged_dots_of_degenerate_levels() -> None:
    """G8, g = 8: tau_A(n_e = 6, N = 1)/tau_A(neutral, N = 4) = 96/42 = 2.286 (exact); neutral tau_A(2)/tau_A(6) = 45 (exact).

    Chem. Rev. 2023, 123, 8251, equation 6. Tolerance: rounding.
    """
    dot = Recombination(2000.0, 0.1, VALLEYS_LEVELS, VALLEYS_LEVELS)
    charged, neutral = dot.auger_per_ns([7, 4], [1, 4])
    assert neutral / charged == pytest.approx(96 / 42, rel=ROUNDING)
    assert round(neutral / charged, 3) == 2.286
    assert dot.auger_per_ns(6, 6) / dot.auger_per_ns(2, 2) == pytest.approx(45, rel=ROUNDING)


def test_charged_excitons_fall_as_statistics_say() -> None:
    """1/tau_A ~ n_e (n_e + 1) of an exciton beside n_e electrons (section 3.3.2, Figure 13c)."""
    n_e = np.arange(1, 7)
    rate = Recombination(20.0, 0.1).auger_per_ns(n_e + 1, 1)
    np.testing.assert_allclose(rate / rate[0], n_e * (n_e + 1) / 2, rtol=ROUNDING)


def test_g9_equal_emission_from_1p_and_1s() -> None:
    """G9: I_1P/I_1S = (N - 2)^2/12 when all dots hold N pairs, 1 at N = 2 + sqrt(12) = 5.464. Tolerance: the root's, 1e-12."""
    dot = Recombination(10.0)

    def difference(pairs: float) -> float:
        first, second, _ = dot.radiative_by_level_per_ns(pairs, pairs)
        assert second / first == pytest.approx((pairs - 2) ** 2 / 12, rel=1e-12)
        return float(second - first)

    equal = brentq(difference, 2.5, 7.9, xtol=1e-14)
    assert equal == pytest.approx(2 + sqrt(12), abs=1e-12)
    assert round(equal, 3) == 5.464


@given(exciton=lifetime, ratio=st.floats(1e-9, 10.0))
def test_from_measured_lifetimes(exciton: float, ratio: float) -> None:
    """1/R(1, 1) = tau_X and 1/R(2, 2) = tau_XX as given, also where tau_XX > tau_X/4 leaves no room for Auger recombination."""
    biexciton = ratio * exciton
    dot = Recombination.from_lifetimes(exciton, biexciton)
    np.testing.assert_allclose(1 / dot.rate_per_ns([1, 2], [1, 2]), [exciton, biexciton], rtol=ROUNDING)
    if ratio < 0.24:  # beyond, the difference of the rates loses digits
        assert 1 / dot.auger_biexciton_ns + 4 / exciton == pytest.approx(1 / biexciton, rel=1e-13)
    if ratio > 0.25:
        assert dot.auger_biexciton_ns == inf


def test_a_measured_lifetime_overrides_its_state_only() -> None:
    """Measured trion and biexciton lifetimes stand; all other states keep the scaling."""
    scaled = Recombination(20.0, 0.1)
    dot = Recombination(20.0, 0.1, measured={(2, 1): 0.7, (2, 2): 0.3})
    plane = np.array(list(product(range(6), repeat=2)))
    found, expected = dot.rate_per_ns(*plane.T), scaled.rate_per_ns(*plane.T)
    changed = (found != expected).nonzero()[0]
    assert {tuple(plane[each]): found[each] for each in changed} == {(2, 1): 1 / 0.7, (2, 2): 1 / 0.3}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Recombination(-1.0), "radiative_lifetime_ns.*> 0"),
        (lambda: Recombination(20.0, 0.0), "auger_biexciton_ns.*> 0"),
        (lambda: Recombination(20.0, electron_levels=()), "electron_levels.*whole numbers"),
        (lambda: Recombination(20.0, electron_levels=(2, 6)), "as many levels"),
        (lambda: Recombination(20.0, measured={(1, 0): 3.0}), "at least one electron"),
        (lambda: Recombination(20.0, measured={(2, 2): -3.0}), r"measured\[\(2, 2\)\].*-3"),
        (lambda: Recombination.from_lifetimes(20.0, -0.1), "biexciton_ns.*-0.1"),
        (lambda: auger_biexciton_ns(-5.0, "Si"), "volume_nm3.*> 0"),
        (lambda: auger_biexciton_ns(5.0, "granite"), "family.*II-VI.*granite"),
    ],
)
def test_what_is_refused(wrong: object, message: str) -> None:
    """One clear error: the argument, the rule, the value."""
    with pytest.raises(ArgumentError, match=message):
        wrong()  # type: ignore[operator]
