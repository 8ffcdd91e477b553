"""Thresholds by the dots' whole spectrum, and what a report says where they differ from those of the peak gain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.laser import analyze, pumped_modes
from qdphotonics.laser.gain_spectrum import Family, band_nm, peak_of
from qdphotonics.stacks import Stack


@pytest.mark.parametrize("name", ["jung2022-lito-ag", "ahn2023-brw"])
def test_at_the_threshold_the_largest_net_gain_is_that_asked_for(name: str) -> None:
    """Net gain 0 cm^-1 in the whole band under the current and after the pulse found, to 0.02 cm^-1, and the drive is no larger."""
    report = analyze(name)
    assert report.band_thresholds is not None
    assert report.mode is not None
    found = report.band_thresholds.net_gain
    assert found.current_density_A_per_cm2 is not None
    mode = next(each for each in pumped_modes(report.stack, report.modes, 780.0)[0] if each.passive.label == report.mode.label)
    wavelengths = np.linspace(630.0, 655.0, 101)
    family = Family(report.stack, mode, wavelengths)
    for factor, sign in ((1.0, 0.0), (0.99, -1.0), (1.01, 1.0)):
        by_current = report.medium.gain_spectrum_per_cm(wavelengths, current_density_A_per_cm2=factor * found.current_density_A_per_cm2)
        by_light = report.medium.gain_spectrum_per_cm(wavelengths, fluence_J_per_cm2=factor * (found.fluence_J_per_cm2 or 0.0))
        for gains in (by_current, by_light):
            net = float(np.max(family.spectrum(gains).net_gain_per_cm))
            assert net == pytest.approx(0.0, abs=0.05) if sign == 0.0 else net * sign > 0
    assert found.wavelength_nm == pytest.approx(643, abs=2)


def test_thresholds_agree_with_those_of_the_stripe() -> None:
    """`ase` finds net gain of the Bragg mode from the same spectra by a search of its own: 24.4 A/cm^2, to 1 %."""
    report = analyze("ahn2023-brw")
    assert report.band_thresholds is not None
    assert report.band_thresholds.net_gain.current_density_A_per_cm2 == pytest.approx(24.4, rel=0.01)
    alone = report.thresholds.net_gain.current_density_A_per_cm2 or 0.0
    assert 1.0 < (report.band_thresholds.net_gain.current_density_A_per_cm2 or 0.0) / alone < 1.15


def test_lasing_and_what_is_never_reached() -> None:
    """A cavity raises the threshold; MoOx and aluminium leave none."""
    lasing = analyze("roh2020-lito").band_thresholds
    assert lasing is not None
    assert (lasing.lasing.current_density_A_per_cm2 or 0.0) > (lasing.net_gain.current_density_A_per_cm2 or 0.0) > 0
    quenched = analyze("roh2020-moox-al").band_thresholds
    assert quenched is not None
    assert quenched.net_gain.current_density_A_per_cm2 is None
    assert quenched.net_gain.fluence_J_per_cm2 is None


def test_a_report_beside_the_peak_says_so(silver_led: Stack) -> None:
    """At 630 nm a ccg-QD film under 100 A/cm^2 gives half of the peak gain that is taken; at 642 nm nearly all of it."""
    beside = analyze(silver_led, current_density_A_per_cm2=100.0)
    there = [text for text in beside.warnings if "the dots' whole spectrum gives" in text]
    assert there[0].startswith("at 630 nm, +38 meV from the gain peak of ccg-QD at 642 nm, ")
    assert len(there) == 1
    assert beside.spectrum is not None
    gain, net = beside.spectrum.at(630.0)
    direct = beside.medium.gain_spectrum_per_cm([630.0], current_density_A_per_cm2=100.0)
    assert gain == pytest.approx(float(direct[0]), abs=1.0)
    assert f"net gain there {qdp.optics.number(net)} cm⁻¹" in there[0]
    at_the_peak = analyze(silver_led.changed({"wavelength": 642.4}), current_density_A_per_cm2=100.0)
    assert not any("whole spectrum" in text for text in at_the_peak.warnings)


def test_a_mode_that_only_the_peak_gain_amplifies_is_warned_of(silver_led: Stack) -> None:
    """Dots whose pairs attract by 300 meV: the second pair's line leaves the band, its levels keep the film from amplifying there."""
    medium = qdp.load_medium("ccg-QD")
    lines = tuple(line if line.name == "1S" else replace(line, energy_eV=line.energy_eV + 3.0) for line in medium.lines)
    report = analyze(silver_led, replace(medium, exciton_exciton_meV=-300.0, lines=lines))
    assert report.thresholds.net_gain.current_density_A_per_cm2 is not None
    assert report.band_thresholds is not None
    assert report.band_thresholds.net_gain.current_density_A_per_cm2 is None
    assert any(text.startswith("by the dots' whole spectrum no current makes TE0 amplify") for text in report.warnings)


def test_peak_between_points() -> None:
    """The vertex of a parabola sampled beside it, exactly; an end and a gap as they are."""
    place = np.linspace(0.0, 10.0, 11)
    vertex = peak_of(place, 5.0 - (place - 4.3) ** 2)
    assert vertex == pytest.approx((4.3, 5.0), abs=1e-12)
    assert peak_of(place, place) == (10.0, 10.0)
    assert peak_of(place, np.full(11, np.nan)) is None


def test_the_band_stays_where_all_is_known(silver_led: Stack) -> None:
    """Within the ranges of the medium and of every material."""
    medium = qdp.load_medium("ccg-QD")
    band = band_nm(silver_led, medium)
    assert band is not None
    assert medium.valid_nm is not None
    assert medium.valid_nm[0] <= band[0] < band[-1] <= medium.valid_nm[1]


def test_the_heat_of_the_drive_is_in_the_verdict() -> None:
    """M3 driven at 1,933 A/cm^2 with the voltage and K assumed in its file: TFB would melt, and the verdict says so."""
    report = analyze("ahn2023-brw", current_density_A_per_cm2=1933.0)
    assert "At the drive the device would reach" in report.verdict.text
    assert "Nothing else that is known" in report.verdict.text
    assert "At the drive the device would reach" not in analyze("ahn2023-brw", current_density_A_per_cm2=30.0).verdict.text
