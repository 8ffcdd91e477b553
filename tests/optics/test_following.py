"""Modes followed by their slopes: no silent swap where two of them meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from qdphotonics.optics import Follower, Moving

Branch = tuple[Callable[[float], complex], Callable[[float], complex]]


def moving(n_eff: complex, slope: complex) -> Moving:
    mode: Any = SimpleNamespace(n_eff=n_eff, polarization="TE")
    return Moving(mode, slope)


def solver(branches: Sequence[Branch], calls: list[float]) -> Callable[[float, Sequence[complex]], list[Moving]]:
    """Every branch at t, sorted by falling Re n as the mode solver does: positions change where branches cross."""

    def solve(t: float, _: Sequence[complex]) -> list[Moving]:
        calls.append(t)
        return sorted((moving(value(t), slope(t)) for value, slope in branches), key=lambda each: -each.mode.n_eff.real)

    return solve


def test_two_crossing_modes_keep_their_identity() -> None:
    """n_1 = 1.6 - 0.1 t and n_2 = 1.5 + 0.1 t cross at t = 1/2: from t = 0 to 1 the order is exchanged, the tracks are not."""
    branches: list[Branch] = [
        (lambda t: 1.6 - 0.1 * t + 0.001j, lambda _: -0.1),
        (lambda t: 1.5 + 0.1 * t + 0.002j, lambda _: 0.1),
    ]
    calls: list[float] = []
    follower = Follower(solver(branches, calls))
    state = follower.begin(follower.solve(0.0, ()))
    after = follower.advance(state, 0.0, 1.0)
    assert after[0].mode.n_eff == 1.5 + 0.001j
    assert after[1].mode.n_eff == 1.6 + 0.002j
    assert len(calls) == 2  # the slopes tell them apart at once


def test_a_strong_curvature_shortens_the_step() -> None:
    """An avoided crossing, n = 1.5 +- sqrt(t^2 + g^2), g = 0.01, from t = -0.03 to 0.02: each mode turns around, by small steps."""
    gap = 0.01

    def root(t: float) -> float:
        return float(np.hypot(t, gap))

    branches: list[Branch] = [
        (lambda t: 1.5 + root(t), lambda t: t / root(t)),
        (lambda t: 1.5 - root(t), lambda t: -t / root(t)),
    ]
    calls: list[float] = []
    follower = Follower(solver(branches, calls))
    after = follower.advance(follower.begin(follower.solve(-0.03, ())), -0.03, 0.02)
    assert after[0].mode.n_eff.real > 1.5 > after[1].mode.n_eff.real
    assert len(calls) > 3


def test_modes_that_cannot_be_told_apart_are_given_up_not_swapped() -> None:
    """Two modes that coincide at every t with equal slopes: no rule tells which is which, so both tracks end."""
    branches: list[Branch] = [(lambda t: 1.5 + 0.1 * t, lambda _: 0.1)] * 2
    follower = Follower(solver(branches, []))
    assert follower.advance(follower.begin(follower.solve(0.0, ())), 0.0, 1.0) == {}


def test_a_mode_that_ends_is_missing_and_one_that_appears_gets_a_new_number() -> None:
    def solve(t: float, _: Sequence[complex]) -> list[Moving]:
        stays = [moving(1.6 - 0.01 * t, -0.01)]
        ends = [moving(1.5 - 0.02 * t, -0.02)] if t < 0.3 else []
        appears = [moving(1.4 + 0.02 * t, 0.02)] if t > 0.6 else []
        return stays + ends + appears

    follower = Follower(solve, adopt=True)
    after = follower.advance(follower.begin(solve(0.0, ())), 0.0, 1.0)
    assert sorted(after) == [0, 2]
    assert after[0].mode.n_eff == 1.59
    assert after[2].mode.n_eff == 1.42


def test_polarizations_are_not_mixed() -> None:
    te: Any = SimpleNamespace(n_eff=1.5 + 0j, polarization="TE")
    tm: Any = SimpleNamespace(n_eff=1.5 + 0j, polarization="TM")
    follower = Follower(lambda t, _: [Moving(tm, 0j)])
    assert follower.advance(follower.begin([Moving(te, 0j)]), 0.0, 1.0) == {}
