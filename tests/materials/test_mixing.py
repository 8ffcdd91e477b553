"""Effective-medium rules: limits, bounds, symmetry, the right complex root for metals, derivatives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qdphotonics.errors import MaterialError
from qdphotonics.materials.dispersion import Cauchy, ComplexArray, Constant, DrudeLorentz, FloatArray, Sellmeier
from qdphotonics.materials.mixing import Mixture, Rule, bruggeman, maxwell_garnett

RULES: tuple[Rule, ...] = ("linear", "maxwell_garnett", "bruggeman")
ROUNDING = 1e-12  # relative; a polynomial's root polished by Newton, a dozen operations
WAVELENGTH = np.linspace(420.0, 780.0, 19)
SILVER = DrudeLorentz(3.7, ((9.1, 0.05),))
GLASS = Sellmeier(((1.1, 100.0),))
ORGANIC = Cauchy(1.7, 0.012)

dielectric = st.floats(1, 12)
fraction = st.floats(0.001, 0.999)


def absorbing(least: float = -30, most: float = 12) -> st.SearchStrategy[complex]:
    """Permittivity of something passive, metal or dielectric, with some absorption."""
    return st.builds(complex, st.floats(least, most), st.floats(1e-3, 10))


def mixed(rule: Rule, epsilon: list[complex], fractions: list[float]) -> complex:
    parts = tuple(Constant(complex(np.sqrt(complex(value)))) for value in epsilon)
    index, _ = Mixture(parts, tuple(fractions), rule).evaluate(np.array(600.0))
    return complex(index) ** 2


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("epsilon", [(2.1, 4.0), (2.1, -16 + 0.5j), (3 + 0.1j, 9 + 2j)])
def test_pure_constituents_are_themselves(rule: Rule, epsilon: tuple[complex, complex]) -> None:
    assert mixed(rule, list(epsilon), [1, 0]) == pytest.approx(epsilon[0], rel=ROUNDING)
    assert mixed(rule, list(epsilon), [0, 1]) == pytest.approx(epsilon[1], rel=ROUNDING)


@pytest.mark.parametrize("rule", RULES)
def test_a_mixture_of_equals_is_the_same(rule: Rule) -> None:
    """Three equal constituents, a metal: the Bruggeman polynomial then has a double root at -eps/2, which is no mixture."""
    assert mixed(rule, [-16 + 0.5j] * 3, [0.2, 0.3, 0.5]) == pytest.approx(-16 + 0.5j, rel=ROUNDING)


def test_bruggeman_of_two_is_the_closed_form() -> None:
    """eps = (b + sqrt(b^2 + 8 eps1 eps2))/4, b = (3 f1 - 1) eps1 + (3 f2 - 1) eps2: for 1 and 4 half and half b = 2.5
    and eps = (2.5 + sqrt(38.25))/4 = 2.1711658."""
    assert mixed("bruggeman", [1, 4], [0.5, 0.5]) == pytest.approx((2.5 + 38.25**0.5) / 4, rel=ROUNDING)


def test_maxwell_garnett_closed_form() -> None:
    """eps = eps_h (1 + 2x)/(1 - x), x = f (eps_i - eps_h)/(eps_i + 2 eps_h): host 1, grains 4, f 0.3: x = 0.15,
    eps = 1.3/0.85."""
    assert mixed("maxwell_garnett", [1, 4], [0.7, 0.3]) == pytest.approx(1.3 / 0.85, rel=ROUNDING)


def test_linear_is_the_mean_permittivity() -> None:
    assert mixed("linear", [2, 4 + 1j], [0.25, 0.75]) == pytest.approx(3.5 + 0.75j, rel=ROUNDING)


@given(dielectric, dielectric, fraction)
def test_dielectrics_stay_within_the_bounds(first: float, second: float, share: float) -> None:
    """Wiener: harmonic mean <= eps <= arithmetic mean for every rule; Hashin-Shtrikman: Bruggeman's lies between the two
    Maxwell Garnett values (either constituent as host), which are those bounds in three dimensions."""
    fractions = [share, 1 - share]
    results = [mixed(rule, [first, second], fractions).real for rule in RULES]
    swapped = mixed("maxwell_garnett", [second, first], fractions[::-1]).real
    arithmetic = share * first + (1 - share) * second
    harmonic = 1 / (share / first + (1 - share) / second)
    for value in (*results, swapped):
        assert harmonic * (1 - 1e-9) <= value <= arithmetic * (1 + 1e-9)
    lower, upper = sorted([results[1], swapped])
    assert lower * (1 - 1e-9) <= results[2] <= upper * (1 + 1e-9)


@given(st.lists(st.tuples(absorbing(), fraction), min_size=2, max_size=5))
def test_bruggeman_has_no_host(parts: list[tuple[complex, float]]) -> None:
    """Any order of the constituents gives the same; the result absorbs and solves sum f (e - eps)/(e + 2 eps) = 0.
    Two to five constituents, metals among them. Tolerance: the conditioning of roots that lie close, 1e-7 at worst."""
    total = sum(share for _, share in parts)
    epsilon = np.array([value for value, _ in parts])
    fractions = np.array([share / total for _, share in parts])
    value, _ = bruggeman(epsilon, fractions)
    backward, _ = bruggeman(epsilon[::-1], fractions[::-1])
    assert abs(value - backward) < 1e-7 * abs(value)
    assert value.imag > 0
    terms = fractions * (epsilon - value) / (epsilon + 2 * value)
    assert abs(terms.sum()) <= 1e-8 * np.abs(terms).max() + 1e-12


@settings(max_examples=30)
@given(absorbing(), absorbing(), fraction)
def test_bruggeman_root_is_reached_from_a_pure_constituent(first: complex, second: complex, share: float) -> None:
    """A second way to the root, without the cone: start with the first constituent alone, where eps = eps_1 is known, and
    follow the root in 200 steps of the fraction by Newton's method. Tolerance: Newton's, 1e-6 relative."""
    assume(abs(np.angle(first) - np.angle(second)) < 3.0)  # at pi the two roots meet on the way
    epsilon = np.array([first, second])
    followed = complex(first)
    for step in np.linspace(0, 1, 201)[1:]:
        fractions = np.array([1 - step * (1 - share), step * (1 - share)])
        for _ in range(6):
            below = epsilon + 2 * followed
            followed += complex(np.sum(fractions * (epsilon - followed) / below) / np.sum(3 * fractions * epsilon / below**2))
    assert abs(complex(bruggeman(epsilon, np.array([share, 1 - share]))[0]) - followed) < 1e-6 * abs(followed)


def test_bruggeman_of_silver_and_glass_percolates_at_a_third() -> None:
    """A good conductor, eps_m = 1e6 i, in glass, eps_d = 2.25: a dielectric below f = 1/3, eps = eps_d/(1 - 3f), and a
    conductor above, eps = eps_m (3f - 1)/2. Tolerance: corrections of relative order eps_d/|eps_m| away from 1/3."""
    assert mixed("bruggeman", [1e6j, 2.25], [0.2, 0.8]) == pytest.approx(2.25 / 0.4, rel=1e-3)
    assert mixed("bruggeman", [1e6j, 2.25], [0.6, 0.4]) == pytest.approx(0.4e6j, rel=1e-3)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("fractions", [(0.5, 0.2, 0.3), (0.05, 0.15, 0.8), (1 / 3, 1 / 3, 1 / 3)])
def test_derivative_is_exact(rule: Rule, fractions: tuple[float, ...]) -> None:
    """dn/dlambda of glass, organic and silver against a central difference, step 0.01 nm: truncation and rounding stay
    below 1e-8 per nm, slopes are 1e-4 to 1e-1 per nm."""
    mixture = Mixture((GLASS, ORGANIC, SILVER), fractions, rule)
    higher, lower = (mixture.evaluate(WAVELENGTH + sign * 0.01)[0] for sign in (1, -1))
    slope = mixture.evaluate(WAVELENGTH)[1]
    np.testing.assert_allclose(slope, (higher - lower) / 0.02, atol=1e-8, rtol=1e-5)


@pytest.mark.parametrize("rule", [maxwell_garnett, bruggeman])
def test_derivative_by_constituent(rule: Callable[[ComplexArray, FloatArray], tuple[ComplexArray, ComplexArray]]) -> None:
    """d eps/d eps_i against a central difference of 1e-6: good to 1e-9."""
    epsilon: ComplexArray = np.array([2.2 + 0.01j, 3.5 + 0.2j, -15 + 1j])
    fractions: FloatArray = np.array([0.5, 0.3, 0.2])
    _, by_part = rule(epsilon, fractions)
    for position in range(3):
        shift = np.zeros(3, dtype=complex)
        shift[position] = 1e-6
        difference = (rule(epsilon + shift, fractions)[0] - rule(epsilon - shift, fractions)[0]) / 2e-6
        assert by_part[position] == pytest.approx(complex(difference), abs=1e-8)


def test_undetermined_bruggeman_is_refused() -> None:
    """A metal without absorption and a dielectric span a half-plane: both roots then lie on its edge or are equal."""
    with pytest.raises(MaterialError, match="metal without absorption"):
        mixed("bruggeman", [-16, 2.25], [0.5, 0.5])
    with pytest.raises(MaterialError, match="beside gain"):
        mixed("bruggeman", [-16 + 0.001j, 2.25 - 0.1j], [0.5, 0.5])
