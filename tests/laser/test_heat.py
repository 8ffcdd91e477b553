"""The heating of a stack's device: K and C as given or from its layers, and what it does to a mode."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.laser import analyze, pumped_modes
from qdphotonics.laser.heat import device_heat, glass_transitions, hot_state, missing_for_heating
from qdphotonics.stacks import Stack
from qdphotonics.thermal import METALS

GIVEN: dict[str, object] = {
    "drive.voltage_V": 10,
    "drive.area_um2": 15_000,
    "drive.conductance_W_per_K": 4.8e-3,
    "drive.capacity_J_per_K": 1.9e-8,
    "drive.pulse_ns": None,
    "drive.period_ns": None,
}


def test_given_k_and_c_are_the_lumped_model(silver_led: Stack) -> None:
    """dT = A j V/K: 15,000 um^2 x 32 A/cm^2 x 10 V / 4.8 mW/K = 10 K under d.c.; a 1 us pulse heats 77.7 % less (H1)."""
    steady = device_heat(silver_led.changed(GIVEN))
    pulsed = device_heat(silver_led.changed({**GIVEN, "drive.pulse_ns": 1000}))
    assert steady is not None
    assert pulsed is not None
    assert steady.rise_K(32.0) == pytest.approx(10.0, rel=1e-9)
    assert steady.rise_K(None) is None
    assert pulsed.rise_K(32.0) == pytest.approx(10.0 * (1 - 0.777), abs=0.01)
    assert pulsed.dc_rise_K(32.0) == pytest.approx(10.0, rel=1e-9)
    assert pulsed.current_for(pulsed.rise_K(32.0) or 0.0) == pytest.approx(32.0, rel=1e-12)


def test_k_and_c_of_the_layers_explain_the_measured_pulses(silver_led: Stack) -> None:
    """K and C measured on a diode (Chem. Rev. 2023, Fig. 34) beside those of the layers on glass, 50 x 300 um, nothing fitted.

    After 1 us heat is still in the layers and the uppermost glass: both give the same rise to 10 % (the layers of the diode that
    was measured differ from these). Under d.c. the layers alone give ten times more: the metal contacts spread heat, which
    the half-space of glass does not know.
    """
    of_file = device_heat(silver_led)
    of_layers = device_heat(silver_led.changed({"drive.conductance_W_per_K": None, "drive.capacity_J_per_K": None}))
    assert of_file is not None
    assert of_layers is not None
    assert of_layers.rise_K(45.0) == pytest.approx(of_file.rise_K(45.0), rel=0.1)
    assert "K and C computed from the layers: heat of QD" in of_layers.heating.origin
    assert "as the stack file gives" in of_file.heating.origin


@pytest.mark.parametrize(("missing", "kept"), [("conductance_W_per_K", "capacity_J_per_K"), ("capacity_J_per_K", "conductance_W_per_K")])
def test_one_of_the_two_alone_is_not_mixed_with_the_layers(silver_led: Stack, missing: str, kept: str) -> None:
    """K of pulses beside the diffusive C of the layers would tell 0.08 K where both tell 8: the layers answer alone, and it is said."""
    half = silver_led.changed({f"drive.{missing}": None})
    of_layers = device_heat(silver_led.changed({"drive.conductance_W_per_K": None, "drive.capacity_J_per_K": None}))
    assert device_heat(half) == of_layers
    assert any(f"drive.{kept} is not used" in text for text in analyze(half).warnings)


def test_a_mode_that_leaks_is_named(silver_led: Stack) -> None:
    """On sapphire, 1.766, TE0 of this stack (n_eff 1.66) is no longer held from below: the report says so, and not of silver alone."""
    warnings = analyze(silver_led.changed({"substrate": "sapphire"})).warnings
    assert any("into the substrate, whose index" in text and "nothing holds it there" in text for text in warnings)
    assert not any("nothing holds it" in text for text in analyze(silver_led).warnings)


def test_what_is_missing_is_named(silver_led: Stack, plain_slab: Stack) -> None:
    """No voltage, no area, a material without thermal data: no heating, and a warning once a voltage is given."""
    assert missing_for_heating(plain_slab)[:2] == ["drive.voltage_V", "drive.area_um2"]
    assert device_heat(plain_slab) is None
    bare = silver_led.changed({"layers.QD.material": {"n": 1.9}, "drive.conductance_W_per_K": None})
    assert missing_for_heating(bare) == ["`thermal:` in the material of QD"]
    assert device_heat(bare) is None
    assert "the heating is not computed, for the stack gives no `thermal:` in the material of QD" in analyze(bare).warnings


def test_glass_transitions_with_their_ranges(silver_led: Stack) -> None:
    """H2: Spiro-2NPB's is assumed, NPB's 98 C is not."""
    assumed = glass_transitions(silver_led)
    known = glass_transitions(silver_led.changed({"layers.Spiro-2NPB.material": "NPB"}))
    low, high = assumed.assumed_C["Spiro-2NPB"]
    assert low < assumed.transition_C["Spiro-2NPB"] < high
    assert dict(known.transition_C) == {"Spiro-2NPB": 98.0}
    assert not known.assumed_C


def test_a_hot_silver_layer_loses_more() -> None:
    """dalpha = 2 k0 Im(dn_eff/dn_Ag dn_Ag) for a rise of 1 K, to 1 %; no rise changes nothing."""
    stack = qdp.load_stack("jung2022-lito-ag")
    mode = pumped_modes(stack, qdp.find_modes(stack), 780.0)[0][0]
    cold, hot = (hot_state(stack, qdp.load_medium("ccg-QD"), mode, rise, 780.0) for rise in (0.0, 1.0))
    assert cold.loss_per_cm == pytest.approx(mode.passive.loss_per_cm, abs=1e-6)
    assert cold.net_gain_per_cm == pytest.approx(mode.net_gain_per_cm(780.0), abs=1e-6)
    place = stack.all_names.index("Ag")
    index = mode.stack.passive.index[place]
    metal = METALS["Ag"]
    change = np.sqrt(metal.permittivity(index**2, 1239.8419843 / mode.passive.wavelength_nm, 301.0)) - index
    rate = mode.passive.solution.sensitivity.index[place]
    expected = 4e7 * np.pi / mode.passive.wavelength_nm * (rate * change).imag
    assert hot.loss_per_cm is not None
    assert hot.loss_per_cm - mode.passive.loss_per_cm == pytest.approx(expected, rel=0.01)
    assert hot.gap_shift_meV == pytest.approx(-0.28)


def test_a_report_tells_heating_without_given_k_and_c(silver_led: Stack) -> None:
    """``heating_K`` is a number at each threshold, d.c. and pulsed, and K, C and their origin are told."""
    changes = {"drive.conductance_W_per_K": None, "drive.capacity_J_per_K": None, "drive.current_density_A_per_cm2": 50}
    document = analyze(silver_led.changed(changes)).as_dict()
    net_gain = document["thresholds"]["net_gain"]
    assert document["heating_K"] > 0
    assert 0 < net_gain["heating_K"] < net_gain["heating_dc_K"]
    assert document["heat"]["origin"].startswith("K and C computed from the layers")
    assert document["heat"]["heat_time_ns"] == pytest.approx(
        1e9 * document["heat"]["capacity_J_per_K"] / document["heat"]["conductance_W_per_K"], rel=1e-9
    )
