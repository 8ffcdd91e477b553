"""Angles in the layers and the critical angle: asin of index ratios."""

from __future__ import annotations

from math import asin, degrees

import pytest

import qdphotonics as qdp
from qdphotonics.optics import critical_angle_deg, find_modes, propagation_angle_deg
from qdphotonics.stacks import Stack

TOLERANCE_DEG = 1e-9  # rounding of asin far from 90 degrees


def test_a_mode_has_no_angle_where_its_field_is_evanescent() -> None:
    """theta = asin(Re n_eff/Re n): 30 degrees at half the index, 90 at the index, none above."""
    assert propagation_angle_deg(0.8 + 0.1j, 1.6) == pytest.approx(30.0, abs=TOLERANCE_DEG)
    assert propagation_angle_deg(1.6, 1.6 + 0.1j) == pytest.approx(90.0, abs=TOLERANCE_DEG)
    assert propagation_angle_deg(1.7, 1.6) is None


def test_critical_angle_takes_the_denser_half_space(silver_led: Stack) -> None:
    """theta_c = asin(n_clad/n_wg) [Chem. Rev. 123, 8251, eq 14]: glass, not air, under the QD layer; 49.25 degrees."""
    glass, dots = silver_led.index()[0].real, silver_led.index()[2].real
    assert critical_angle_deg(silver_led) == pytest.approx(degrees(asin(glass / dots)), abs=TOLERANCE_DEG)
    assert critical_angle_deg(silver_led, layer="L-ITO") == pytest.approx(degrees(asin(glass / 1.6)), abs=TOLERANCE_DEG)


def test_a_metal_half_space_is_no_cladding(slab: Stack) -> None:
    on_metal = slab.changed({"substrate": {"n": 0.1, "k": 4.0}})
    assert critical_angle_deg(on_metal, layer="core") == pytest.approx(degrees(asin(0.75)), abs=TOLERANCE_DEG)
    both = on_metal.changed({"superstrate": {"n": 0.1, "k": 4.0}})
    assert critical_angle_deg(both, layer="core") is None


def test_there_is_no_critical_angle_without_a_gain_layer_or_above_a_denser_cladding(slab: Stack) -> None:
    assert critical_angle_deg(slab) is None
    assert critical_angle_deg(slab.changed({"substrate": {"n": 2.5}}), layer="core") is None


def test_an_unknown_waveguide_is_told(slab: Stack) -> None:
    with pytest.raises(qdp.ArgumentError, match=r'"QD" is none of core'):
        critical_angle_deg(slab, layer="QD")


def test_every_mode_tells_its_angle_in_each_layer(slab: Stack) -> None:
    mode = find_modes(slab)["TE0"]
    assert mode.angle_deg["core"] == pytest.approx(degrees(asin(mode.n_eff.real / 2.0)), abs=TOLERANCE_DEG)
    assert mode.angle_deg["substrate"] is None
