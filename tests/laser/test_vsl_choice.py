"""Which of the two models a stripe-length curve follows: found by the data, told where they cannot tell, and no gain made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qdphotonics.laser.vsl import GainFit, fit_gain

LENGTH_UM = np.arange(50.0, 501.0, 50.0)  # ten lengths, as people measure


def amplified(gain_per_cm: float) -> Any:
    """(A/G)(e^{Gl} - 1), A 0.05 per um."""
    return 0.05 * np.expm1(gain_per_cm * 1e-4 * LENGTH_UM) / (gain_per_cm * 1e-4)


def two_parts(gain_per_cm: float) -> Any:
    """A l + B e^{Gl}."""
    return 0.05 * LENGTH_UM + 5.0 * np.exp(gain_per_cm * 1e-4 * LENGTH_UM)


def noisy(light: Any, relative: float, seed: int) -> Any:
    return light * (1 + relative * np.random.default_rng(seed).standard_normal(light.size))


@pytest.mark.parametrize("gain", [80.0, 200.0, -60.0, -200.0])
def test_a_uniform_stripe_without_noise_is_taken_for_one(gain: float) -> None:
    """I = (A/G)(e^{Gl} - 1): A l + B e^{Gl} does not fit it, and that misfit is no saturation. G to 1e-6, no length left out."""
    fit = fit_gain(LENGTH_UM, amplified(gain))
    assert fit.model == "amplified"
    assert fit.gain_per_cm == pytest.approx(gain, rel=1e-6)
    assert fit.used.all()
    assert not fit.saturated
    assert fit.interval_per_cm[1] - fit.interval_per_cm[0] < 1e-3 * abs(gain)  # the other model is excluded: it does not widen


@pytest.mark.parametrize("gain", [80.0, 200.0])
def test_a_sum_without_noise_is_taken_for_one(gain: float) -> None:
    """I = A l + B e^{Gl}, which is not 0 at length 0: G to 1e-6."""
    fit = fit_gain(LENGTH_UM, two_parts(gain))
    assert fit.model == "linear-plus-exponential"
    assert fit.gain_per_cm == pytest.approx(gain, rel=1e-6)
    assert fit.used.all()


@pytest.mark.parametrize("noise", [0.01, 0.03])
@pytest.mark.parametrize(("made", "gain"), [(amplified, 80.0), (amplified, -60.0), (two_parts, 150.0), (two_parts, 80.0)])
def test_intervals_hold_the_gain_whichever_model_made_the_data(made: Any, gain: float, noise: float) -> None:
    """100 curves each: intervals of 90 % hold the truth at least as often as they say, less three deviations of that count (9 %)."""
    fits = [fit_gain(LENGTH_UM, noisy(made(gain), noise, seed), confidence=0.9) for seed in range(100)]
    held = np.mean([fit.interval_per_cm[0] <= gain <= fit.interval_per_cm[1] for fit in fits])
    assert held > 0.9 - 0.09
    assert np.mean([fit.saturated for fit in fits]) < 0.08


def test_the_first_user_s_curve() -> None:
    """e^{Gl} - 1, G = 80, 1 % noise, 30 curves: never far off, and of the models' disagreement none is hidden."""
    for seed in range(30):
        fit = fit_gain(LENGTH_UM, noisy(np.expm1(80e-4 * LENGTH_UM), 0.01, seed))
        assert fit.interval_per_cm[0] < 85.0
        assert fit.interval_per_cm[1] > 75.0
        assert_covers_what_is_not_excluded(fit)


def assert_covers_what_is_not_excluded(fit: GainFit) -> None:
    other = fit.other
    assert other is not None
    assert np.array_equal(other.used, fit.used)
    if not fit.excludes_other and np.isfinite(other.own_interval_per_cm).all():
        assert fit.interval_per_cm[0] <= other.gain_per_cm <= fit.interval_per_cm[1]


def test_a_loss_is_no_gain() -> None:
    """I = (1 - e^{-60 l})/60, noiseless and with 1 %: the headline is a loss, and the interval lies below 0 in 30 of 30."""
    for seed in range(30):
        fit = fit_gain(LENGTH_UM, noisy(amplified(-60.0), 0.01 if seed else 0.0, seed))
        assert fit.gain_per_cm < 0
        assert fit.interval_per_cm[1] < 0


@pytest.mark.parametrize("gain", [80.0, -60.0])
def test_a_model_that_does_not_fit_is_told_where_it_is_asked_for(gain: float) -> None:
    """A l + B e^{Gl} gives 107 per cm for e^{80 l} - 1: the data exclude it, which is said; its misfit leaves no length out."""
    fit = fit_gain(LENGTH_UM, amplified(gain), model="linear-plus-exponential")
    assert fit.is_excluded
    assert any("exclude the model" in note for note in fit.notes)
    assert fit.used.all()


def test_a_part_that_takes_light_away_is_told() -> None:
    """A l - 0.5 e^{150 l}, noiseless: B < 0, as no stripe emits."""
    fit = fit_gain(LENGTH_UM, 0.05 * LENGTH_UM - 0.005 * np.exp(150e-4 * LENGTH_UM), model="linear-plus-exponential", longest_um=500.0)
    assert fit.exponential < 0
    assert "exponential part comes out negative" in fit.notes[0]


def test_light_that_does_not_grow_shows_no_gain() -> None:
    """A straight line is both models without an exponential: neither gain nor loss, said so. A constant: any loss will do."""
    fit = fit_gain(LENGTH_UM, 0.05 * LENGTH_UM)
    assert abs(fit.gain_per_cm) < 0.01
    assert any("neither gain nor loss" in note for note in fit.notes)
    constant = fit_gain(LENGTH_UM, np.full(10, 5.0))
    assert constant.interval_per_cm[0] == -np.inf
    assert constant.interval_per_cm[1] < 0.01


@pytest.mark.parametrize("seed", range(3))
def test_saturated_ends_are_left_out_by_the_model_that_fits(seed: int) -> None:
    """I/(1 + I/I_s), I_s three times the light at 200 um, G = 150, 1 %: the long ones are left out, and that this leaves a lower bound."""
    light = amplified(150.0)
    fit = fit_gain(LENGTH_UM, noisy(light / (1 + light / (3 * light[3])), 0.01, seed))
    assert fit.saturated
    assert fit.interval_per_cm[0] > 80.0
    assert "makes the gain seem less" in "; ".join(fit.notes)


def test_few_lengths_leave_one_model() -> None:
    """Five lengths bear two parameters, not three: the model with fewer, and that the other was not tried."""
    fit = fit_gain(LENGTH_UM[:5], amplified(80.0)[:5])
    assert (fit.model, fit.other) == ("amplified", None)
    assert "too few lengths" in "; ".join(fit.notes)
