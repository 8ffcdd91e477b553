"""Self-heating: H1, limits, and the differential equation itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.thermal import electrical_power_W, heat_time_ns, heating_K

CONDUCTANCE, CAPACITY = 4.8e-3, 1.9e-8  # W/K, J/K of H1: 50 x 300 um, Chem. Rev. 2023, section 6.1.5


def test_h1_time_constant_and_pulsed_heating() -> None:
    """H1: tau_T = C/K = 3.96 us (source 3.9); a 1-us pulse heats 77.7 % less than d.c. by the full formula.

    The linear formula t_p/tau_T gives 74.7 % (source: about 75 %): it overestimates the heating. Tolerance: the last digit.
    """
    tau = heat_time_ns(CONDUCTANCE, CAPACITY)
    assert tau / 1e3 == pytest.approx(3.96, abs=0.005)
    full = 1 - heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns=1e3) / heating_K(1.0, CONDUCTANCE)
    assert 100 * full == pytest.approx(77.7, abs=0.05)
    assert 100 * (1 - 1e3 / tau) == pytest.approx(74.7, abs=0.05)


def test_power_is_area_times_current_times_voltage() -> None:
    """A j V: 50 x 300 um at 1,000 A/cm^2 and 60 V are 9 W; an array of currents gives an array."""
    np.testing.assert_allclose(electrical_power_W([0.0, 1000.0], 60.0, 50 * 300), [0.0, 9.0], rtol=1e-15)


def test_direct_current_heating() -> None:
    """d.c.: P/K, linear in the power. 0.48 W over 4.8 mW/K are 100 K."""
    np.testing.assert_allclose(heating_K([0.0, 0.48, 0.96], CONDUCTANCE), [0.0, 100.0, 200.0], rtol=1e-15)


def test_short_pulse_limit_is_approached_linearly() -> None:
    """t_p << tau_T: P t_p/C, with an error of t_p/(2 tau_T), so observed order 1."""
    pulses = (1.0, 0.1)
    error = [abs(heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns=pulse) / (pulse * 1e-9 / CAPACITY) - 1) for pulse in pulses]
    assert np.log10(error[0] / error[1]) == pytest.approx(1, abs=0.01)


def test_limits_of_pulse_and_period() -> None:
    """Long pulse: d.c. Pulse = period: d.c. Long period: one pulse. Period << tau_T: mean power, duty P/K."""
    steady = heating_K(1.0, CONDUCTANCE)
    tau = heat_time_ns(CONDUCTANCE, CAPACITY)
    assert heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns=50 * tau) == pytest.approx(steady, rel=1e-15)
    assert heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns=123.0, period_ns=123.0) == pytest.approx(steady, rel=1e-15)
    single = heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns=1e3)
    assert heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns=1e3, period_ns=50 * tau) == pytest.approx(single, rel=1e-15)
    # peak over mean is 1 + (T - t_p)/(2 tau_T) to first order, 1 + 1e-6 here
    fast = heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns=1e-6 * tau, period_ns=3e-6 * tau)
    assert fast == pytest.approx(steady / 3, rel=1.1e-6)


@pytest.mark.parametrize(("pulse_ns", "period_ns"), [(1e3, 4e3), (3e3, 1e4), (1e4, 1.2e4)])
def test_train_is_where_the_differential_equation_leads(pulse_ns: float, period_ns: float) -> None:
    """Second method: C d(dT)/dt = P - K dT integrated pulse by pulse over 12 tau_T from a cold device.

    Expected: the temperature at the end of the last pulse is the closed form; over a period the mean rise is duty P/K
    (all heat leaves through K). Tolerance: 2e-5, of which exp(-12) = 6e-6 is the memory of the cold start.
    """
    from scipy.integrate import solve_ivp

    power, tau = 0.3, heat_time_ns(CONDUCTANCE, CAPACITY)
    rise, peak, mean = 0.0, 0.0, 0.0
    for _ in range(int(np.ceil(12 * tau / period_ns)) + 1):
        area = 0.0
        for heat, duration in ((power, pulse_ns), (0.0, period_ns - pulse_ns)):

            def slope(t: float, y: np.ndarray, heat: float = heat) -> list[float]:
                return [(heat - CONDUCTANCE * y[0]) / CAPACITY * 1e-9, y[0]]  # the second is the integral of the first

            rise, part = solve_ivp(slope, (0, duration), [rise, 0.0], rtol=1e-9, atol=1e-12).y[:, -1]
            area += part
            peak = rise if heat else peak
        mean = area / period_ns
    assert heating_K(power, CONDUCTANCE, CAPACITY, pulse_ns, period_ns) == pytest.approx(peak, rel=2e-5)
    assert mean == pytest.approx(power / CONDUCTANCE * pulse_ns / period_ns, rel=2e-5)


@given(pulse=st.floats(1, 1e5), pause=st.floats(0, 1e6), longer=st.floats(1, 1e5))
def test_heating_between_single_pulse_and_direct_current(pulse: float, pause: float, longer: float) -> None:
    """One pulse <= train <= d.c.; a longer pulse at the same pause heats more, a longer pause less. Tolerance: rounding."""

    def train(pulse_ns: float, pause_ns: float) -> float:
        return float(heating_K(1.0, CONDUCTANCE, CAPACITY, pulse_ns, pulse_ns + pause_ns))

    single, steady = heating_K(1.0, CONDUCTANCE, CAPACITY, pulse), heating_K(1.0, CONDUCTANCE)
    assert single <= train(pulse, pause) * (1 + 1e-14)
    assert train(pulse, pause) <= steady * (1 + 1e-14)
    assert train(pulse, pause) <= train(pulse + longer, pause) * (1 + 1e-14)
    assert train(pulse, pause + longer) <= train(pulse, pause) * (1 + 1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: heating_K(-1.0, CONDUCTANCE), "Argument `power_W` must be >= 0, but it is -1.0"),
        (lambda: heating_K([1.0, np.nan], CONDUCTANCE), "Argument `power_W` must be numbers, but it is nan"),
        (lambda: heating_K(1.0, 0.0), "Argument `conductance_W_per_K` must be > 0 and finite, but it is 0.0"),
        (lambda: heating_K(1.0, 1.0, pulse_ns=5.0), "Argument `capacity_J_per_K` must be given with `pulse_ns`, which is 5.0"),
        (lambda: heating_K(1.0, 1.0, 1.0, period_ns=5.0), "Argument `pulse_ns` must be given with `period_ns`, which is 5.0"),
        (lambda: heating_K(1.0, 1.0, 1.0, 5.0, 4.0), "Argument `period_ns` must be >= `pulse_ns` (5.0), but it is 4.0"),
        (lambda: heating_K(1.0, 1.0, -1.0, 5.0), "Argument `capacity_J_per_K` must be > 0 and finite, but it is -1.0"),
        (lambda: electrical_power_W(1.0, np.nan, 1.0), "Argument `voltage_V` must be > 0 and finite, but it is nan"),
        (lambda: electrical_power_W(1.0, 8.0, -4.0), "Argument `area_um2` must be > 0 and finite, but it is -4.0"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
