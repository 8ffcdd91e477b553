"""What temperature does: the dots' gap and width, the metals' loss, the glass transitions of H2."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics import load_material
from qdphotonics.errors import ArgumentError
from qdphotonics.thermal import METALS, FreeElectrons, GlassTransitions, damping_ratio, gap_shift_meV, line_width_ratio


def test_gap_shift() -> None:
    """-0.28 meV/K: 100 K shift by -28 meV, and the 210 K of the planar LED by -58.8 meV (Nat. Photonics 2021, Fig. 5)."""
    np.testing.assert_allclose(gap_shift_meV([0.0, 100.0, 210.0], -0.28), [0.0, -28.0, -58.8], rtol=1e-13)
    assert float(gap_shift_meV(10.0, -0.5)) == pytest.approx(-5.0, rel=1e-14)


def test_line_width_limits() -> None:
    """1 at 300 K; acoustic phonons (E -> 0) sqrt(T/T0); frozen phonons (E >> kT) 1. Between: told in the docstring, 1.135 to 1.155."""
    assert float(line_width_ratio(300.0)) == pytest.approx(1.0, rel=1e-15)
    assert float(line_width_ratio(400.0, phonon_meV=1e-3)) == pytest.approx(np.sqrt(4 / 3), rel=1e-8)
    assert float(line_width_ratio(20.0, 10.0, phonon_meV=200.0)) == pytest.approx(1.0, rel=1e-12)
    assert float(line_width_ratio(400.0)) == pytest.approx(1.135, abs=5e-4)


@given(relative=st.floats(0.01, 20))
def test_damping_against_the_integral(relative: float) -> None:
    """2/5 + 4 x^5 int_0^(1/x) z^4/(e^z - 1) dz by adaptive quadrature, x = T/theta, over its value at x = 1. Tolerance 1e-9: Gauss's."""
    from scipy.integrate import quad

    def rate(x: float) -> float:
        return 0.4 + 4 * x**5 * float(quad(lambda z: z**4 / np.expm1(z) if z else 0.0, 0, min(1 / x, 60), epsabs=0, epsrel=1e-12)[0])

    assert float(damping_ratio(relative * 200.0, 200.0, 200.0)) == pytest.approx(rate(relative) / rate(1.0), rel=1e-9)


def test_damping_limits() -> None:
    """Hot: x + 1/(18 x) - 1/(1440 x^3) with x = T/theta, nearly proportional to T. At T -> 0 the 2/5 remains, which only light
    sees: a phonon can always be emitted. Tolerance: the next term of the series."""
    hot = {x: x + 1 / (18 * x) - 1 / (1440 * x**3) for x in (10.0, 20.0)}
    assert float(damping_ratio(4000.0, 200.0, 2000.0)) == pytest.approx(hot[20.0] / hot[10.0], rel=1e-8)
    assert float(damping_ratio(1e-3, 200.0, 4000.0)) == pytest.approx(0.4 / hot[20.0], rel=1e-8)


def test_silver_is_less_lossy_in_the_cold() -> None:
    """At 1.96 eV silver's Im eps (0.48 at 300 K) falls at 77 K and rises when hot, by E_p^2 dgamma/E^3 within 1e-3 (gamma << E);
    nothing changes at 300 K. Gold at 773 K: a factor between 1 and 2.6; 'nearly twice' is measured (Reddy 2016)."""
    silver = METALS["Ag"]
    cold, same, hot = silver.permittivity(-18.3 + 0.48j, 1.96, [77.0, 300.0, 400.0])
    assert cold.imag < same.imag < hot.imag
    assert same == pytest.approx(-18.3 + 0.48j, rel=1e-14)
    change = silver.plasma_eV**2 * silver.damping_eV * (float(damping_ratio(400.0, 225.0)) - 1) / 1.96**3
    assert hot.imag - 0.48 == pytest.approx(change, rel=1e-3)
    gold = METALS["Au"].permittivity(-13.0 + 1.0j, 1.96, 773.0).imag
    assert 1.0 < gold < 2.6


def h2() -> GlassTransitions:
    names = ("CBP", "NPB", "Spiro-NPB", "TCTA", "Spiro-2NPB", "TFB")
    materials = [load_material(name) for name in names]
    return GlassTransitions(
        {each.name: each.glass_transition_C for each in materials if each.glass_transition_C is not None},
        {each.name: each.assumed["glass_transition_C"] for each in materials if "glass_transition_C" in each.assumed},
    )


def test_h2_the_layers_soften_in_turn() -> None:
    """H2: CBP 62, NPB 98, Spiro-NPB 126, TCTA 151 C from 26.85 C: at 35.1 K none, at 35.2 K CBP; assumed ones from the lowest end
    of their range, and certainly only above the highest."""
    device = h2()
    assert device.transition_C == {"CBP": 62, "NPB": 98, "Spiro-NPB": 126, "TCTA": 151, "Spiro-2NPB": 126, "TFB": 150}
    assert device.largest_rise_K() == pytest.approx(62 + 273.15 - 300, rel=1e-12)
    assert device.softened(35.1) == ()
    assert [each.layer for each in device.softened(35.2)] == ["CBP"]
    assert str(device.softened(40.0)[0]) == "CBP passes its glass transition at 62 °C: it would reach 67 °C"
    assert [each.layer for each in device.softened(96.5)] == ["CBP", "NPB", "Spiro-2NPB"]  # 123.35 C: within its range, below 126
    warm = device.softened(100.0)  # 126.85 C
    assert [each.layer for each in warm] == ["CBP", "NPB", "Spiro-NPB", "Spiro-2NPB"]
    assert [each.is_certain for each in warm] == [True, True, True, False]
    assert str(warm[-1]) == "Spiro-2NPB may pass its glass transition, assumed at 126 °C (120 to 150): it would reach 127 °C"
    assert len(device.softened(200.0)) == 6
    assert all(each.is_certain for each in device.softened(200.0))


def test_a_device_without_organics_has_no_limit() -> None:
    """No layer, no limit; a device already too hot has none left."""
    assert GlassTransitions({}).largest_rise_K() == float("inf")
    assert GlassTransitions({"CBP": 62.0}, ambient_K=350.0).largest_rise_K() == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gap_shift_meV(np.nan, -0.28), "Argument `rise_K` must be finite, but it is nan"),
        (lambda: line_width_ratio(0.0), "Argument `temperature_K` must be > 0 K, but it is 0.0"),
        (lambda: line_width_ratio(300.0, phonon_meV=0.0), "Argument `phonon_meV` must be > 0 and finite, but it is 0.0"),
        (lambda: damping_ratio(300.0, -1.0), "Argument `debye_K` must be > 0 and finite, but it is -1.0"),
        (lambda: FreeElectrons(9.0, -0.02, 200.0), "Argument `damping_eV` must be > 0 and finite, but it is -0.02"),
        (lambda: METALS["Ag"].permittivity(1.0, 0.0, 300.0), "Argument `photon_energy_eV` must be > 0, but it is 0.0"),
        (lambda: GlassTransitions({"CBP": 62.0}).softened(-5.0), "Argument `rise_K` must be >= 0, but it is -5.0"),
        (
            lambda: GlassTransitions({"TFB": 62.0}, {"TFB": (100.0, 120.0)}),
            "Argument `assumed_C` of TFB must hold 62 °C, but it is (100.0, 120.0)",
        ),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
