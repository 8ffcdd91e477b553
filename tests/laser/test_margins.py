"""Margins of a device and what assumed values of its medium do to its thresholds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.laser import analyze
from qdphotonics.stacks import Stack


def test_margins_are_ratios_to_the_thresholds(silver_led: Stack) -> None:
    """Available over needed current; the current at which the first glass transition is reached heats by just so much."""
    report = analyze(silver_led, current_density_A_per_cm2=100.0)
    margins, threshold = report.margins, report.thresholds.net_gain
    assert margins is not None
    assert report.heat is not None
    assert margins.current_ratio == pytest.approx(100.0 / (threshold.current_density_A_per_cm2 or 0.0))
    softens = report.heat.rise_K(margins.largest_current_density_A_per_cm2) or 0.0
    assert softens == pytest.approx(120.0 - (300.0 - 273.15), abs=1e-9)  # Spiro-2NPB's transition is assumed, 120 C at the least
    assert margins.heating_K == pytest.approx(softens - (threshold.heating_K or 0.0), abs=1e-9)
    assert margins.beyond_cavity_per_cm is None
    assert margins.lasing_current_ratio is None


def test_margins_in_a_cavity(silver_led: Stack) -> None:
    """1 cm of two mirrors of exp(-1): 2 ln(e)/(2 cm) = 1 cm^-1 of loss, to spare is the rest."""
    mirror = float(np.exp(-1.0))
    report = analyze(silver_led.changed({"cavity": {"length_um": 10_000, "facet_reflectivity": [mirror, mirror]}}))
    assert report.margins is not None
    assert report.margins.beyond_cavity_per_cm == pytest.approx(report.margins.net_gain_per_cm - 1.0, abs=1e-9)
    assert 0 < (report.margins.lasing_current_ratio or 0) <= (report.margins.current_ratio or 0)


def test_no_current_is_enough_for_a_lossy_stack() -> None:
    """M4 amplifies in no mode: margins 0 and negative, no heat told."""
    margins = analyze("roh2020-moox-al").margins
    assert margins is not None
    assert margins.current_ratio == 0.0
    assert margins.net_gain_per_cm < 0
    assert margins.heating_K is None


def test_assumed_values_of_the_medium_move_the_threshold(silver_led: Stack) -> None:
    """Each end of a range: the threshold of an analysis with a medium of that value, to 1e-6."""
    medium = qdp.load_medium("ccg-QD")
    found = {each.quantity: each for each in analyze(silver_led).assumed if each.material == "ccg-QD"}
    for quantity, low in (("biexciton_lifetime_ns", 1.0), ("areal_fill", 0.5)):
        again = analyze(silver_led, replace(medium, **{quantity: low}))  # type: ignore[arg-type]
        assert found[quantity].range[0] == low
        assert found[quantity].threshold_A_per_cm2[0] == pytest.approx(again.thresholds.net_gain.current_density_A_per_cm2, rel=1e-6)
    light = found["absorption_cross_section_cm2"].threshold_J_per_cm2
    assert (light[0] or 0) / (light[1] or 1) == pytest.approx(3.0, rel=1e-6)  # 2e-14 and 6e-14 cm^2


def test_the_spectrum_of_a_report(silver_led: Stack) -> None:
    """At the drive, and at each threshold; more current, more gain; the best wavelength lies in the 1S band, near 642 nm."""
    spectrum = analyze(silver_led, current_density_A_per_cm2=100.0).spectrum
    assert spectrum is not None
    assert spectrum.drives == ("the drive", "transparency of 1S", "net gain by 1S alone")
    drive, transparency, net_gain = (spectrum.peak(row) or (0.0, 0.0) for row in range(3))
    assert transparency[1] < net_gain[1] < drive[1]
    assert 630 < drive[0] < 655
    # The report takes the peak gain of 1S alone; its neighbours' absorption takes up to a tenth of the loss.
    assert -0.15 * 140 < net_gain[1] < 5
    by_light = analyze(silver_led, fluence_J_per_cm2=40e-6).spectrum
    assert by_light is not None
    assert (by_light.peak() or (0.0, 0.0))[1] > 0
