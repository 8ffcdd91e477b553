"""The chain under steady drives: second methods in many digits, conservation laws, limits, any lifetime from 1 fs to 1 s."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.gain.chain import TRUNCATION, Chain
from qdphotonics.gain.charging import CoulombLadder, poisson_charges
from qdphotonics.gain.occupation import Occupation, level_filling
from qdphotonics.gain.recombination import Recombination
from tests.oracles.dot_chain import Dot

SUM = 1e-12  # promised; a few roundings for each of the states
RELATIVE = 1e-12  # of each probability: products of some dozen factors
BANDED = 1e-10  # of each probability after the elimination, whose roundings add up over states x width^2 positive terms
LIMIT = 1e-8

power = st.floats(-6, 9)  # 1 fs to 1 s, in ns
lifetime = power.map(lambda x: 10.0**x)
rate = st.one_of(st.just(0.0), st.floats(-9, 9).map(lambda x: 10.0**x))
present = st.floats(-9, 9).map(lambda x: 10.0**x)


def by_state(occupation: Occupation) -> dict[tuple[int, int], float]:
    """(N_e, N_h) -> probability, of one drive."""
    plane = occupation.probability
    return {(int(e), int(h)): float(plane[e, h]) for e, h in zip(occupation.electrons, occupation.holes, strict=True)}


def assert_same(found: Occupation, expected: dict[tuple[int, int], object], tolerance: float) -> None:
    """Each probability to this relative tolerance, down to where doubles end."""
    mine = by_state(found)
    assert set(expected) == set(mine)
    for state, value in expected.items():
        wanted = float(value)  # type: ignore[arg-type]
        assert mine[state] == pytest.approx(wanted, rel=tolerance, abs=1e-290), state


@given(radiative=lifetime, auger=lifetime, pair=present, photons=st.lists(rate, min_size=3, max_size=3), n_e=st.integers(0, 3))
@settings(max_examples=50)
def test_pairs_are_the_null_space_of_the_rate_matrix(
    radiative: float, auger: float, pair: float, photons: list[float], n_e: int
) -> None:
    """Second method: P Q = 0, sum P = 1, solved in 60 digits from rates written down state by state.

    Set-up: any lifetimes and drives over 15 decades, up to 5 pairs, permanent charge. Expected: every probability, however
    small, to 1e-12 of itself.
    """
    chain = Chain(Recombination(radiative, auger), most_pairs=5, charge=n_e)
    expected = Dot(radiative, auger, most=5, n_e=n_e, pair=pair, photons=photons).stationary(200)
    assert_same(chain.steady(pair, stimulated_per_ns=photons), expected, RELATIVE)


@given(radiative=lifetime, auger=lifetime, pair=rate, electron=present, hole=present, photons=rate, n_e=st.integers(0, 2))
@settings(max_examples=15, deadline=None)
def test_single_carriers_are_the_null_space_of_the_rate_matrix(
    radiative: float, auger: float, pair: float, electron: float, hole: float, photons: float, n_e: int
) -> None:
    """Second method as above, in two dimensions: up to 2 pairs, no ladder."""
    chain = Chain(Recombination(radiative, auger), most_pairs=2, charge=n_e)
    dot = Dot(radiative, auger, most=2, n_e=n_e, pair=pair, electron=electron, hole=hole, photons=[photons, 0, 0])
    found = chain.steady(pair, electron_rate_per_ns=electron, hole_rate_per_ns=hole, stimulated_per_ns=[photons, 0, 0])
    expected, mine = dot.stationary(300), by_state(found)
    if set(mine) == set(expected):
        assert_same(found, expected, BANDED)
    else:  # so many more of one kind that the charge of the other does not occur
        assert found.truncation == TRUNCATION
        for state, value in expected.items():
            assert mine.get(state, 0.0) == pytest.approx(float(value), abs=2 * TRUNCATION)


@pytest.mark.parametrize("n_e", [0, 2])
def test_the_ladder_leaves_out_less_than_it_says(n_e: int) -> None:
    """Charges that the chain leaves out hold less than `truncation`; second method: all charges, 60 digits.

    Set-up: 4 E_c = 200 meV at 300 K and twice as many electrons as holes.
    """
    chain = Chain(Recombination(12.0, 2.0), most_pairs=5, charge=n_e, ladder=CoulombLadder(50.0))
    found = chain.steady(0.1, electron_rate_per_ns=0.8, hole_rate_per_ns=0.4)
    expected = Dot(12.0, 2.0, most=5, n_e=n_e, charging_meV=50.0, pair=0.1, electron=0.8, hole=0.4).stationary()
    mine = by_state(found)
    assert 0 < found.truncation <= TRUNCATION
    assert sum(float(value) for state, value in expected.items() if state not in mine) < found.truncation
    for state, value in mine.items():
        assert value == pytest.approx(float(expected[state]), abs=2 * TRUNCATION)


@given(radiative=lifetime, auger=lifetime, drives=st.lists(rate, min_size=1, max_size=4), photons=rate)
def test_probabilities_of_pairs(radiative: float, auger: float, drives: list[float], photons: float) -> None:
    """None is negative and they sum to 1 to 1e-12, for any lifetime from 1 fs to 1 s."""
    found = Chain(Recombination(radiative, auger)).steady(drives, stimulated_per_ns=photons)
    assert (found.weights >= 0).all()
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1, rtol=0, atol=SUM)


@given(
    radiative=lifetime, auger=lifetime, pair=rate, electron=present, hole=present, charging=st.floats(0.1, 500), n_e=st.integers(0, 2)
)
@settings(max_examples=25, deadline=None)
def test_probabilities_with_single_carriers(
    radiative: float, auger: float, pair: float, electron: float, hole: float, charging: float, n_e: int
) -> None:
    """The same in two dimensions with 12 pairs, whatever the ladder; a drive without single carriers beside one with them."""
    chain = Chain(Recombination(radiative, auger), charge=n_e, ladder=CoulombLadder(charging))
    found = chain.steady(pair, electron_rate_per_ns=[electron, 0.0], hole_rate_per_ns=[hole, 0.0])
    assert (found.weights >= 0).all()
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1, rtol=0, atol=SUM)
    np.testing.assert_allclose(found.pairs[1], chain.steady(pair).pairs, rtol=0, atol=SUM)


@given(radiative=lifetime, auger=lifetime, low=present, factor=st.floats(1.001, 1e3), photons=rate)
def test_more_drive_more_excitons(radiative: float, auger: float, low: float, factor: float, photons: float) -> None:
    """<N> and the filling of every level rise with the pair rate, whatever photons do (stochastic order of such chains)."""
    found = Chain(Recombination(radiative, auger)).steady([low, low * factor], stimulated_per_ns=[photons, 0.0, 0.0])
    assert found.excitons_per_dot[1] >= found.excitons_per_dot[0] * (1 - SUM)
    filling = found.filling_electrons()
    assert (filling[1] >= filling[0] * (1 - SUM)).all()


@pytest.mark.parametrize("charge", [0.0, 1.0, 2.7, poisson_charges(1.2)])
def test_dark_dots_are_in_the_ground_state(charge: float | tuple[float, ...]) -> None:
    """Without a drive nothing holds an exciton, exactly, and the permanent electrons are there on average."""
    chain = Chain(Recombination(12.0, 1.5), charge=charge, ladder=CoulombLadder(50.0))
    found = chain.steady()
    assert found.excitons_per_dot == 0
    mean = charge if isinstance(charge, float) else sum(n * share for n, share in enumerate(charge))
    assert found.electrons_per_dot == pytest.approx(mean, rel=1e-14)


def test_pairs_balance_in_detail() -> None:
    """up(N) P_N = down(N + 1) P_{N+1} for each N: a chain of one dimension carries no net flux. Tolerance: rounding."""
    recombination = Recombination(12.0, 1.5)
    number = np.arange(13)
    pairs = Chain(recombination).steady(3.0).pairs
    down = recombination.rate_per_ns(number, number)
    np.testing.assert_allclose(3.0 * pairs[:-1], down[1:] * pairs[1:], rtol=1e-13)


def test_what_goes_in_comes_out() -> None:
    """Electrons taken up = holes taken up = pairs lost, summed over all states; 1e-12 of the flux."""
    chain = Chain(Recombination(12.0, 1.5), most_pairs=4, ladder=CoulombLadder(20.0))
    electron, hole = 0.9, 0.3
    found = chain.steady(electron_rate_per_ns=electron, hole_rate_per_ns=hole)
    dot = Dot(12.0, 1.5, most=4, charging_meV=20.0, electron=electron, hole=hole)
    there = set(by_state(found))
    taken = np.zeros(2)
    for (e, h), value in by_state(found).items():
        moves = dot.moves((e, h))
        taken += value * np.array([moves[to] if to in there else 0.0 for to in ((e + 1, h), (e, h + 1))])
    np.testing.assert_allclose(taken, chain.recombination_per_ns(found), rtol=SUM)


@given(ratio=st.floats(0.2, 5), charging=st.floats(5, 60))
@settings(max_examples=20, deadline=None)
def test_charge_follows_the_ladder_alone(ratio: float, charging: float) -> None:
    """Closed form: P(q) ~ (g_e/g_h)^q exp(-2 q (q - 1) E_c/kT) for q >= 0, for recombination keeps the charge.

    Set-up: pairs vanish in a femtosecond, so that no dot is ever full. Tolerance: the 1e-6 of dots with a pair, to the third
    power for the three pairs that a dot with three extra electrons needs to be full.
    """
    chain = Chain(Recombination(1e-6, 1e-6), most_pairs=6, ladder=CoulombLadder(charging))
    found = chain.steady(0.2, electron_rate_per_ns=ratio, hole_rate_per_ns=1.0)
    charge = found.electrons - found.holes
    share = np.array([found.weights[charge == q].sum() for q in range(min(charge.max(), 3) + 1)])
    step = exp(-4 * charging / (0.08617333262145178 * 300))
    expected = [ratio**q * step ** (q * (q - 1) / 2) for q in range(len(share))]
    np.testing.assert_allclose(share / share[0], expected, rtol=1e-11)


def test_electrons_that_wait_make_trions() -> None:
    """Limit: electrons come at once, each hole finds a dot with one to spare: the pair chain of dots with one permanent electron.

    Set-up: g_e = 1e13 g_h and a ladder so steep that no second electron waits (P(q = 2)/P(1) = 1e13 exp(-4000 meV/kT), 1e-54).
    Expected: equality to 1e-8; the dots that are full, a state more, are fewer.
    """
    recombination = Recombination(12.0, 1.5)
    waiting = Chain(recombination, most_pairs=12, ladder=CoulombLadder(1000.0))
    found = waiting.steady(electron_rate_per_ns=1e13, hole_rate_per_ns=1.0)
    expected = Chain(recombination, most_pairs=11, charge=1).steady(1.0)
    charged = {state: value for state, value in by_state(found).items() if state[0] - state[1] == 1}
    for state, value in by_state(expected).items():
        assert charged[state] == pytest.approx(value, abs=LIMIT)


def test_strong_light_brings_transparency() -> None:
    """Limit s -> infinity: A(0) P_0 = E(1) P_X, A(1) P_X = E(2) P_XX, so P = 1/4, 1/2, 1/4 and no inversion; to 1e-8."""
    found = Chain(Recombination(12.0, 1.3), most_pairs=2).steady(0.7, stimulated_per_ns=[1e10, 0.0, 0.0])
    np.testing.assert_allclose(found.weights, [0.25, 0.5, 0.25], atol=LIMIT)
    assert found.gain_fraction == pytest.approx(0, abs=LIMIT)


def test_weak_light_saturates_in_first_order() -> None:
    """Gain falls in proportion to weak stimulated emission: d ln G/ds constant to first order (observed order 1)."""
    chain = Chain(Recombination(12.0, 1.3))
    weak = np.array([1e-4, 1e-5])
    gain = chain.steady(2.0, stimulated_per_ns=np.stack([weak, 0 * weak, 0 * weak], axis=-1)).gain_fraction
    fall = chain.steady(2.0).gain_fraction - gain
    assert (fall > 0).all()
    assert np.log10(fall[0] / fall[1]) == pytest.approx(1, abs=1e-3)


def test_arrays_are_their_items() -> None:
    """Many drives at once, more than are worked on together, give what each gives alone, to rounding."""
    drives = np.geomspace(1e-3, 1e3, 1100).reshape(2, 550)
    for ladder, singles in ((None, 0.0), (CoulombLadder(50.0), 0.3)):
        chain = Chain(Recombination(12.0, 1.3), most_pairs=4, charge=0.4, ladder=ladder)
        many = chain.steady(drives, electron_rate_per_ns=singles, hole_rate_per_ns=singles)
        assert many.weights.shape[:-1] == drives.shape
        for place in ((0, 0), (0, 511), (0, 512), (1, 549)):
            one = chain.steady(drives[place], electron_rate_per_ns=singles, hole_rate_per_ns=singles)
            np.testing.assert_allclose(one.weights, many.weights[place], rtol=1e-13)


def test_an_endless_drive_saturates() -> None:
    """g = infinity: all dots hold as many pairs as they take."""
    found = Chain(Recombination(12.0, 1.3)).steady([np.inf, 1.0])
    assert found.excitons_per_dot[0] == 12
    assert isfinite(found.excitons_per_dot[1])


def test_drives_beyond_all_measure() -> None:
    """Each state is 1e34 times as probable as the one with a pair less: more than a double holds over twelve of them.

    Expected: all dots are full, or one pair short of it, to the 1e-25 that the way up takes.
    """
    chain = Chain(Recombination(1e9, 1e9), ladder=CoulombLadder(50.0))
    found = chain.steady(1e25, electron_rate_per_ns=1e25, hole_rate_per_ns=1e25)
    assert found.weights.sum() == pytest.approx(1, abs=SUM)
    assert found.pairs[-2:].sum() == pytest.approx(1, abs=SUM)


@given(weights=st.lists(st.floats(0, 1), min_size=9, max_size=9), g_e=st.integers(1, 4), g_h=st.integers(1, 4))
def test_emission_less_absorption_is_inversion(weights: list[float], g_e: int, g_h: int) -> None:
    """min(f_e, f_h) - min(1 - f_e, 1 - f_h) = f_e + f_h - 1, for any occupation and degeneracies. Tolerance: rounding."""
    electrons, holes = (axis.ravel() for axis in np.mgrid[0:3, 0:3])
    found = Occupation(electrons, holes, np.array(weights), (g_e, 6), (g_h, 6))
    np.testing.assert_allclose(found.emission() - found.absorption(), found.inversion, atol=1e-14)
    strength = found.mean(level_filling(found.electrons, (g_e, 6)) + level_filling(found.holes, (g_h, 6)) - 1)
    np.testing.assert_allclose(found.inversion, strength, atol=1e-14)


def test_permanent_charges() -> None:
    """A number shares its fraction between two neighbours; Poisson's q(0) = exp(-<n_e>) (section 3.3.2); both keep the mean."""
    assert Chain(Recombination(1.0), charge=2.25).charges == {2: 0.75, 3: 0.25}
    shares = np.array(poisson_charges(3.0))
    assert shares[0] == pytest.approx(exp(-3.0), rel=1e-12)
    assert shares @ np.arange(len(shares)) == pytest.approx(3.0, rel=1e-11)
    found = Chain(Recombination(1.0), charge=poisson_charges(3.0)).steady(5.0)
    assert found.electrons_per_dot - found.holes_per_dot == pytest.approx(3.0, rel=1e-11)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda chain: chain.steady(-1.0), "pair_rate_per_ns.*>= 0.*-1"),
        (lambda chain: chain.steady(float("nan")), "pair_rate_per_ns.*nan"),
        (lambda chain: chain.steady(electron_rate_per_ns=1.0), "hole_rate_per_ns.*without end"),
        (lambda chain: chain.steady(electron_rate_per_ns=1.0, hole_rate_per_ns=np.inf), "hole_rate_per_ns.*finite"),
        (lambda chain: chain.steady(np.inf, electron_rate_per_ns=1.0, hole_rate_per_ns=1.0), "pair_rate_per_ns.*finite"),
        (lambda chain: chain.steady(stimulated_per_ns=[1.0, 2.0]), "stimulated_per_ns.*3 levels"),
        (lambda chain: Chain(chain.recombination, most_pairs=0), "most_pairs.*>= 1"),
        (lambda chain: Chain(chain.recombination, charge=-1.0), "charge.*>= 0"),
        (lambda chain: Chain(chain.recombination, charge=(0.5, 0.4)), "charge.*sum to 1"),
        (lambda chain: CoulombLadder(-5.0), "charging_energy_meV.*> 0"),
    ],
)
def test_what_is_refused(wrong: Callable[[Chain], object], message: str) -> None:
    """One clear error: the argument, the rule, the value."""
    with pytest.raises(ArgumentError, match=message):
        wrong(Chain(Recombination(12.0)))
