"""Heating over time: the lumped model as its one-term limit, trains, energy, and K and C as they are measured."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.thermal import Heating, PowerSteps, heating_K, linear_heating_K, pulse_train, sampled_power

CONDUCTANCE, CAPACITY = 4.8e-3, 1.9e-8  # W/K, J/K of H1
LUMPED = Heating.lumped(CONDUCTANCE, CAPACITY)
DEVICE = Heating((100.0, 50.0, 30.0), (300.0, 5e3, 2e5), "three terms, as a device of layers has")


def test_h1_linear_beside_full() -> None:
    """H1: a 1-us pulse heats 74.7 % less than d.c. by eq 13 (source: about 75 %), 77.7 % less by eq 12. Tolerance: the digits."""
    steady = LUMPED.peak_K(1.0)
    assert 100 * (1 - linear_heating_K(1.0, CAPACITY, 1000.0) / steady) == pytest.approx(74.7, abs=0.05)
    assert 100 * (1 - LUMPED.peak_K(1.0, 1000.0) / steady) == pytest.approx(77.7, abs=0.05)
    assert LUMPED.heat_time_ns / 1e3 == pytest.approx(3.96, abs=0.005)


@given(pulse=st.floats(1, 1e6), pause=st.floats(0, 1e7), power=st.floats(0, 10))
def test_one_term_is_the_lumped_model(pulse: float, pause: float, power: float) -> None:
    """peak_K of one term = the closed forms of heating_K, alone and in a train. Tolerance: rounding."""
    assert LUMPED.peak_K(power, pulse) == pytest.approx(heating_K(power, CONDUCTANCE, CAPACITY, pulse), rel=1e-13, abs=0)
    train = heating_K(power, CONDUCTANCE, CAPACITY, pulse, pulse + pause)
    assert LUMPED.peak_K(power, pulse, pulse + pause) == pytest.approx(train, rel=1e-13, abs=0)
    assert LUMPED.conductance_W_per_K == pytest.approx(CONDUCTANCE, rel=1e-15, abs=0)
    assert LUMPED.capacity_J_per_K == pytest.approx(CAPACITY, rel=1e-15, abs=0)


@pytest.mark.parametrize("device", [LUMPED, DEVICE])
def test_many_pulses_lead_to_the_periodic_state(device: Heating) -> None:
    """Second way: 2,000 pulses from cold, step by step. The last peak is that of the periodic state, the rise before it what has
    accumulated, and its mean over the pulse (trapezoids on 400 points: 1e-6) mean_K. Pulses before heat less: it accumulates."""
    trace = device.trace(pulse_train(0.3, 700.0, 3000.0, count=2000), points_per_step=400)
    last = slice(-801, -400)
    assert trace.rise_K[-401] == pytest.approx(device.peak_K(0.3, 700.0, 3000.0), rel=1e-9, abs=0)
    assert trace.rise_K[-801] == pytest.approx(device.accumulated_K(0.3, 700.0, 3000.0), rel=1e-9, abs=0)
    assert np.trapezoid(trace.rise_K[last], trace.time_ns[last]) / 700 == pytest.approx(device.mean_K(0.3, 700.0, 3000.0), rel=1e-5, abs=0)
    peaks = trace.rise_K[400::800]
    assert (np.diff(peaks) >= -1e-12).all()
    assert peaks[0] == pytest.approx(device.peak_K(0.3, 700.0), rel=1e-12, abs=0)


def test_periodic_start_repeats() -> None:
    """Started from the periodic state of an odd burst, the trace ends where it began; its mean is mean power x sum R (all heat of
    a period leaves). Tolerance: 1e-12, and 1e-4 of the trapezoids."""
    burst = PowerSteps([1.0, 0.0, 2.0, 0.3], [100.0, 250.0, 40.0, 900.0])
    trace = DEVICE.trace(burst, "periodic", points_per_step=500)
    assert trace.rise_K[0] == pytest.approx(trace.rise_K[-1], rel=1e-12, abs=0)
    mean = np.trapezoid(trace.rise_K, trace.time_ns) / burst.duration_ns
    assert mean == pytest.approx(float(burst.energy_J) / (burst.duration_ns * 1e-9) / DEVICE.conductance_W_per_K, rel=1e-4, abs=0)


def test_energy_is_conserved() -> None:
    """Lumped: heat put in = C dT(end) + K int dT dt, for a burst and the cooling after it. Tolerance 1e-5: trapezoids."""
    burst = PowerSteps([1.0, 0.0, 2.0, 0.0], [100.0, 2500.0, 4000.0, 9000.0])
    trace = LUMPED.trace(burst, points_per_step=2000)
    left = CONDUCTANCE * np.trapezoid(trace.rise_K, trace.time_ns) * 1e-9
    assert CAPACITY * trace.rise_K[-1] + left == pytest.approx(float(burst.energy_J), rel=1e-5, abs=0)


def test_trace_is_the_differential_equation() -> None:
    """C d(dT)/dt = P - K dT integrated numerically through three steps, from a device 5 K warm. Tolerance: the integrator's 1e-8."""
    from scipy.integrate import solve_ivp

    steps = PowerSteps([0.5, 0.0, 1.0], [1000.0, 500.0, 3000.0])
    rise = 5.0
    ends = []
    for power, step in zip(steps.powers, steps.steps, strict=True):

        def slope(t: float, y: np.ndarray, power: float = float(power)) -> list[float]:
            return [1e-9 * (power - CONDUCTANCE * y[0]) / CAPACITY]

        solved = solve_ivp(slope, (0, step), [rise], rtol=1e-10, atol=1e-12)
        rise = float(solved.y[0, -1])
        ends.append(rise)
    trace = LUMPED.trace(steps, 5.0, points_per_step=3)
    np.testing.assert_allclose(trace.rise_K[[3, 6, 9]], ends, rtol=1e-8)
    assert trace.time_ns[-1] == pytest.approx(4500.0, rel=1e-15, abs=0)
    assert trace.power_W.tolist() == [0.0, *[0.5] * 3, *[0.0] * 3, *[1.0] * 3]


def test_sampled_pulses_converge_with_the_square_of_the_step() -> None:
    """A Gaussian pulse of 1 us FWHM, peak against that of 8 times finer samples: halving the step divides the error by 4
    (observed order 2 within 0.1)."""

    def peak(points: int) -> float:
        time = np.linspace(0, 4000, points)
        return float(LUMPED.trace(sampled_power(time, np.exp(-4 * np.log(2) * ((time - 2000) / 1000) ** 2)), points_per_step=1).rise_K[-1])

    exact = peak(6401)
    errors = [abs(peak(points) / exact - 1) for points in (21, 41)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.1)


def test_arrays_of_drives_at_once() -> None:
    """Traces and peaks of many powers are those of each, and linear in the power."""
    powers = np.array([[0.1, 0.2], [0.4, 0.0]])
    trace = DEVICE.trace(PowerSteps(powers[..., None] * [1.0, 0.0], [100.0, 300.0]), "periodic")
    assert trace.rise_K.shape == (2, 2, 101)
    np.testing.assert_allclose(trace.peak_K, DEVICE.peak_K(powers, 100.0, 400.0), rtol=1e-13)
    np.testing.assert_allclose(DEVICE.peak_K(powers), powers * 180.0, rtol=1e-15)


@pytest.mark.parametrize("share", [1.7e-8, 3e-7, 5.3e-6])
def test_short_pulses_keep_their_digits(share: float) -> None:
    """mean_K of one pulse of ``share`` tau: P t_p/(2C) (1 - t_p/(3 tau)). Tolerance 1e-11, of which the next term is 2e-12:
    without the series the difference of nearly equal numbers would leave 1e-16/share."""
    pulse = share * LUMPED.heat_time_ns
    expected = linear_heating_K(1.0, CAPACITY, pulse) / 2 * (1 - share / 3)
    assert LUMPED.mean_K(1.0, pulse) == pytest.approx(expected, rel=1e-11, abs=0)


def test_measured_k_and_c_come_back() -> None:
    """lumped_equivalent of a lumped device, from the pulses of Chem. Rev. 2023, Fig. 34 (1, 3, 10, 30 us), is the device."""
    back = LUMPED.lumped_equivalent([1e3, 3e3, 1e4, 3e4])
    assert back.conductance_W_per_K == pytest.approx(CONDUCTANCE, rel=1e-6, abs=0)
    assert back.capacity_J_per_K == pytest.approx(CAPACITY, rel=1e-6, abs=0)


def test_heat_time_of_many_terms() -> None:
    """Theta(heat time) = (1 - 1/e) Theta(infinity); behind a plate, K falls by its resistance and the time grows."""
    assert float(DEVICE.step_K_per_W(DEVICE.heat_time_ns)) == pytest.approx((1 - np.exp(-1)) * 180.0, rel=1e-9, abs=0)
    on_a_plate = DEVICE.behind(20.0, 1.0, "a plate in air")
    assert 1 / on_a_plate.conductance_W_per_K == pytest.approx(200.0, rel=1e-14, abs=0)
    assert on_a_plate.time_ns[-1] == pytest.approx(20e9, rel=1e-14, abs=0)
    assert "20 K/W of a plate in air" in on_a_plate.origin


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: DEVICE.peak_K(1.0, 5.0, 4.0), "Argument `period_ns` must be >= `pulse_ns` (5.0), but it is 4.0"),
        (lambda: DEVICE.peak_K(1.0, period_ns=4.0), "Argument `pulse_ns` must be given with `period_ns`, which is 4.0"),
        (lambda: DEVICE.mean_K(-1.0, 5.0), "Argument `power_W` must be >= 0, but it is -1.0"),
        (lambda: DEVICE.accumulated_K(1.0, -5.0, 4.0), "Argument `pulse_ns` must be > 0 and finite, but it is -5.0"),
        (lambda: Heating((1.0,), (0.0,)), "Argument `time_ns` must be > 0 and finite, but it is 0.0"),
        (lambda: Heating((-1.0,), (2.0,)), "Argument `resistance_K_per_W` must be > 0 and finite, but it is -1.0"),
        (lambda: Heating((), ()), "Argument `time_ns` must have one time for each resistance, but it is ()"),
        (
            lambda: DEVICE.trace(pulse_train(1.0, 1.0, 2.0), "warm"),  # type: ignore[arg-type]
            'Argument `start` must be "cold", "periodic" or a rise in K, but it is \'warm\'',
        ),
        (lambda: DEVICE.trace(pulse_train(1.0, 1.0, 2.0), points_per_step=0), "Argument `points_per_step` must be >= 1, but it is 0"),
        (lambda: LUMPED.lumped_equivalent([1.0]), "Argument `pulse_ns` must be two or more lengths > 0, but it is [1.0]"),
        (lambda: linear_heating_K(1.0, 0.0, 5.0), "Argument `capacity_J_per_K` must be > 0 and finite, but it is 0.0"),
        (lambda: LUMPED.behind(-2.0, 1.0), "Argument `resistance_K_per_W` must be > 0 and finite, but it is -2.0"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
