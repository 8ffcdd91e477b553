"""The chain in time: closed forms of decay, second methods (expm, Radau, many digits), composition, trains, stiff rates."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, exp, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.gain.chain import Chain
from qdphotonics.gain.charging import CoulombLadder, poisson_charges
from qdphotonics.gain.recombination import Recombination
from tests.oracles.dot_chain import Dot

SUM = 1e-12  # promised
ROUNDING = 1e-13
STIFF = 1e-11  # of each probability: sixty squarings of a dozen states

lifetime = st.floats(-6, 9).map(lambda x: 10.0**x)  # 1 fs to 1 s
rate = st.one_of(st.just(0.0), st.floats(-9, 9).map(lambda x: 10.0**x))
length = st.floats(-6, 9).map(lambda x: 10.0**x)
excitons = st.floats(0, 20)


def test_an_exciton_decays_exponentially() -> None:
    """P_X = exp(-t/tau), whatever the steps. Tolerance: rounding."""
    chain = Chain(Recombination(10.0), most_pairs=1)
    steps = np.array([1e-6, 0.3, 7.0, 150.0])
    found = chain.evolve(steps, start=chain.after_pulse(np.inf)).excitons_per_dot
    np.testing.assert_allclose(found, np.exp(-np.concatenate([[0.0], np.cumsum(steps)]) / 10.0), rtol=ROUNDING)


def test_a_biexciton_decays_through_the_exciton() -> None:
    """Bateman: P_XX = e^{-at}, P_X = a/(a - b) (e^{-bt} - e^{-at}), a = 1/tau_XX, b = 1/tau_X."""
    a, b, time = 1 / 1.3, 1 / 12.0, np.arange(9) * 0.7
    chain = Chain(Recombination.from_lifetimes(12.0, 1.3), most_pairs=2)
    found = chain.evolve(np.full(8, 0.7), start=chain.after_pulse(np.inf)).pairs
    np.testing.assert_allclose(found[:, 2], np.exp(-a * time), rtol=ROUNDING)
    np.testing.assert_allclose(found[:, 1], a / (a - b) * (np.exp(-b * time) - np.exp(-a * time)), atol=ROUNDING)


def test_steps_are_exponentials_of_the_rate_matrix() -> None:
    """Second method: scipy's expm (Pade) of rates written down by hand, two charges, single carriers, three drives in turn."""
    from scipy.linalg import expm

    ladder = CoulombLadder(20.0)
    drives = [(0.5, 0.3, 0.2, 0.0), (0.0, 0.0, 0.4, 2.0), (0.1, 0.7, 0.0, 0.5)]
    steps = [0.8, 2.0, 5.0]
    pair, electron, hole, photons = np.array(drives).T
    strengths = np.stack([photons, 0 * photons, 0 * photons], axis=-1)
    for n_e in (0, 1):
        chain = Chain(Recombination(12.0, 1.5), most_pairs=3, charge=n_e, ladder=ladder)
        found = chain.evolve(steps, pair, electron_rate_per_ns=electron, hole_rate_per_ns=hole, stimulated_per_ns=strengths)
        dot = Dot(12.0, 1.5, most=3, n_e=n_e, charging_meV=20.0, electron=1.0, hole=1.0)
        states = dot.states()
        now = np.array([float(state == (n_e, 0)) for state in states])
        for step, (g, e, h, s) in enumerate(drives):
            # tiny rates stand for none, which would drop the charged states from the list
            part = Dot(12.0, 1.5, 3, n_e, charging_meV=20.0, pair=g, electron=e or 1e-30, hole=h or 1e-30, photons=(s, 0, 0))
            now = now @ expm(part.matrix() * steps[step])
            plane = found.probability[step + 1]
            np.testing.assert_allclose([plane[state] for state in states], now, rtol=0, atol=1e-13)


def test_steps_follow_the_rate_equations() -> None:
    """Second method: dP/dt = P Q by Radau's implicit method, rtol 1e-10, from a Poisson pulse under a drive."""
    from scipy.integrate import solve_ivp

    chain = Chain(Recombination.from_lifetimes(20.0, 0.065))
    found = chain.evolve([0.1, 5.0], 0.3, start=chain.after_pulse(2.5)).pairs
    matrix = Dot(20.0, 1 / (1 / 0.065 - 0.2), most=12, pair=0.3).matrix()
    solved = solve_ivp(lambda t, p: p @ matrix, (0, 5.1), found[0], "Radau", t_eval=[0.1, 5.1], jac=matrix.T, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(found[1:], solved.y.T, rtol=0, atol=1e-9)


@pytest.mark.parametrize("time", [1e-7, 1e-3, 1.0, 1e6, 3e9])
def test_femtoseconds_and_seconds_together(time: float) -> None:
    """Auger recombination in 1 fs, light in 1 s, a pair every 0.1 s: every probability to 1e-11 of itself.

    Second method: Taylor's series in 120 digits.
    """
    dot = Dot(1e9, 1e-6, most=3, pair=1e-8)
    chain = Chain(Recombination(1e9, 1e-6), most_pairs=3)
    start = chain.after_pulse(1.5)
    found = chain.evolve([time], 1e-8, start=start).pairs
    np.testing.assert_allclose(found[1], dot.after(time, start.pairs.tolist(), 120), rtol=STIFF)


@given(radiative=lifetime, auger=lifetime, drives=st.lists(st.tuples(length, rate, rate), min_size=1, max_size=4), pulse=excitons)
@settings(max_examples=40, deadline=None)
def test_probabilities_in_time(radiative: float, auger: float, drives: list[tuple[float, float, float]], pulse: float) -> None:
    """None is negative and they sum to 1 to 1e-12 at all times, for any lifetimes, steps and rates."""
    steps, pair, photons = np.array(drives).T
    chain = Chain(Recombination(radiative, auger), most_pairs=6, charge=0.3)
    found = chain.evolve(steps, pair, stimulated_per_ns=photons[:, None] * [1.0, 0.5, 0.0], start=chain.after_pulse(pulse))
    train = chain.periodic(steps, pair, excitons_per_pulse=pulse)
    for occupation in (found, train):
        assert (occupation.weights >= 0).all()
        np.testing.assert_allclose(occupation.weights.sum(axis=-1), 1, rtol=0, atol=SUM)


@given(radiative=lifetime, auger=lifetime, pair=rate, first=length, second=length)
@settings(max_examples=40, deadline=None)
def test_two_steps_are_one(radiative: float, auger: float, pair: float, first: float, second: float) -> None:
    """exp(Q(s + t)) = exp(Qs) exp(Qt), also when the second starts from the first's end."""
    chain = Chain(Recombination(radiative, auger), most_pairs=4)
    halves = chain.evolve([first, second], pair)
    whole = chain.evolve([first + second], pair)
    again = chain.evolve([second], pair, start=chain.evolve([first], pair)[-1])
    np.testing.assert_allclose(halves.weights[-1], whole.weights[-1], rtol=0, atol=SUM)
    np.testing.assert_allclose(again.weights[-1], halves.weights[-1], rtol=0, atol=SUM)


def test_long_drives_become_steady() -> None:
    """After 60 lifetimes of the exciton: the steady occupation, to 1e-12, for pairs and for single carriers."""
    for ladder, singles in ((None, 0.0), (CoulombLadder(50.0), 0.5)):
        chain = Chain(Recombination(12.0, 1.5), most_pairs=5, charge=poisson_charges(0.5), ladder=ladder)
        found = chain.evolve([720.0], [0.4], electron_rate_per_ns=singles, hole_rate_per_ns=singles)
        steady = chain.steady(0.4, electron_rate_per_ns=singles, hole_rate_per_ns=singles)
        np.testing.assert_allclose(found.weights[-1], steady.weights, rtol=0, atol=SUM)


def test_a_train_of_constant_drive_is_steady() -> None:
    """A period in which nothing changes: the steady occupation at all its times."""
    chain = Chain(Recombination(12.0, 1.5))
    found = chain.periodic([0.1, 2.0, 30.0], [[0.4], [3.0]])
    expected = chain.steady([0.4, 3.0]).weights
    np.testing.assert_allclose(found.weights, np.broadcast_to(expected[:, None], found.weights.shape), rtol=0, atol=SUM)


def test_a_train_is_where_repetition_leads() -> None:
    """Periods one after another, 200 of them, end in the periodic solution; long and short pulses, unequal steps."""
    chain = Chain(Recombination(12.0, 1.5), most_pairs=4, charge=0.5, ladder=CoulombLadder(50.0))
    steps, electron, hole = np.array([1.0, 2.0, 4.0]), np.array([2.0, 0.0, 0.1]), np.array([0.0, 3.0, 0.2])
    found = chain.periodic(steps, electron_rate_per_ns=electron, hole_rate_per_ns=hole)
    often = [np.tile(each, 200) for each in (steps, electron, hole)]
    after = chain.evolve(often[0], electron_rate_per_ns=often[1], hole_rate_per_ns=often[2])
    np.testing.assert_allclose(found.weights, after.weights[-4:], rtol=0, atol=SUM)
    train = chain.periodic(steps, 0.2, excitons_per_pulse=1.7)
    now = chain.after_pulse(1.7)
    for _ in range(200):
        end = chain.evolve(steps, 0.2, start=now)
        now = chain.after_pulse(1.7, start=end[-1])
    np.testing.assert_allclose(train.weights[0], now.weights, rtol=0, atol=SUM)


def test_a_train_of_short_pulses() -> None:
    """Closed form with one pair at most: after the pulse p = f/(1 - d (1 - f)), f = 1 - e^{-J}, d = e^{-T/tau}."""
    filled, left = 1 - np.exp(-np.array([0.0, 0.5, 3.0])), exp(-8.0 / 10.0)
    found = Chain(Recombination(10.0), most_pairs=1).periodic([3.0, 5.0], excitons_per_pulse=[0.0, 0.5, 3.0]).excitons_per_dot
    np.testing.assert_allclose(found[:, 0], filled / (1 - left * (1 - filled)), rtol=ROUNDING)
    np.testing.assert_allclose(found[:, 2], found[:, 0] * left, rtol=ROUNDING)


@given(mean=excitons)
def test_light_above_the_gap_is_poissonian(mean: float) -> None:
    """p_N = <N>^N e^{-<N>}/N! below the last state, which takes the rest; charged dots alike."""
    found = Chain(Recombination(10.0), most_pairs=4, charge=2).after_pulse(mean).pairs
    expected = [mean**n * exp(-mean) / factorial(n) for n in range(4)]
    np.testing.assert_allclose(found[:4], expected, rtol=ROUNDING, atol=1e-300)
    assert found.sum() == pytest.approx(1, abs=SUM)


@given(absorbed=excitons, g=st.sampled_from([2, 8]))
def test_light_at_the_band_edge_saturates(absorbed: float, g: int) -> None:
    """<N> = g (1 - exp(-sigma J/g)), binomially distributed. Tolerance: rounding."""
    levels = (g, 3 * g, 5 * g)
    found = Chain(Recombination(10.0, electron_levels=levels, hole_levels=levels)).after_pulse(absorbed, "band-edge")
    filled = -np.expm1(-absorbed / g)
    assert found.excitons_per_dot == pytest.approx(g * filled, rel=ROUNDING)
    expected = [comb(g, n) * filled**n * exp(-absorbed / g) ** (g - n) for n in range(g + 1)]
    np.testing.assert_allclose(found.pairs[: g + 1], expected, rtol=1e-12, atol=1e-300)
    assert not found.pairs[g + 1 :].any()


def test_permanent_electrons_leave_less_room_at_the_band_edge() -> None:
    """Of two 1S states one is taken: at most one pair more, with probability 1 - exp(-sigma J/2)."""
    found = Chain(Recombination(10.0), charge=1).after_pulse([1.0, np.inf], "band-edge")
    np.testing.assert_allclose(found.excitons_per_dot, [1 - exp(-0.5), 1.0], rtol=ROUNDING)


def test_pulses_add_up() -> None:
    """Two Poisson pulses are one of the sum; two at the band edge likewise, for each place is filled by the sum of the fluences."""
    chain = Chain(Recombination(10.0))
    for statistics in ("poisson", "band-edge"):
        once = chain.after_pulse(2.0, statistics)
        twice = chain.after_pulse(1.3, statistics, start=chain.after_pulse(0.7, statistics))
        np.testing.assert_allclose(twice.weights, once.weights, rtol=0, atol=SUM)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda chain: chain.after_pulse(-1.0), "excitons_per_dot.*>= 0.*-1"),
        (lambda chain: chain.after_pulse(1.0, "bose"), "statistics.*poisson.*bose"),
        (lambda chain: chain.evolve([0.0]), "step_ns.*> 0"),
        (lambda chain: chain.evolve([1.0, 1.0], [1.0, 2.0, 3.0]), "goes with.*3"),
        (lambda chain: chain.evolve([1.0], [1.0, 2.0, 3.0]), "as many steps as the rates, 3"),
        (lambda chain: chain.evolve([1.0], np.inf), "pair_rate_per_ns.*after_pulse"),
        (lambda chain: chain.evolve([1.0], start=Chain(chain.recombination, charge=3).steady(1.0)), "start.*this chain"),
        (lambda chain: chain.periodic([1.0], electron_rate_per_ns=1.0), "hole_rate_per_ns.*without end"),
        (lambda chain: chain.periodic([1.0], excitons_per_pulse=-1.0), "excitons_per_pulse.*>= 0"),
    ],
)
def test_what_is_refused(wrong: Callable[[Chain], object], message: str) -> None:
    """One clear error: the argument, the rule, the value."""
    with pytest.raises(ArgumentError, match=message):
        wrong(Chain(Recombination(12.0)))
