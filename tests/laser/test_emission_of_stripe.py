"""A stripe of a stack: the modes it takes, the thresholds and widths that follow, and the books of its light."""

from __future__ import annotations

import json
from math import inf, isfinite
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics._plain import json_text
from qdphotonics.errors import ArgumentError, StackError
from qdphotonics.laser import EdgeEmission, emission_of_stripe
from qdphotonics.laser.facet import edge_transmission
from qdphotonics.laser.heat import device_heat
from qdphotonics.units import CM2_PER_UM2

LED, BRAGG = "jung2022-lito-ag", "ahn2023-brw"


@pytest.fixture(scope="module")
def bragg() -> EdgeEmission:
    """The electrically pumped device of Ahn et al. 2023, its 300 um stripe, nothing told but the stack."""
    return qdp.ase(BRAGG)


@pytest.fixture(scope="module")
def led() -> EdgeEmission:
    return qdp.ase(LED, current_density_A_per_cm2=np.geomspace(1.0, 1000.0, 9))


def test_the_modes_are_those_of_the_search(led: EdgeEmission) -> None:
    """At a wavelength between those followed, 637 nm: confinement.gain and loss of find_modes there, to the interpolation (1e-3)."""
    stack = qdp.load_stack(LED)
    found = qdp.find_modes(stack, 637.0)
    at = int(np.flatnonzero(led.wavelength_nm == 637.0)[0])
    assert [mode.label for mode in led.modes] == ["TE0", "TM0", "TM1"]  # TM2 holds nothing of the dots
    for mode in led.modes:
        assert mode.confinement[at] == pytest.approx(found[mode.label].confinement["QD"].gain, rel=1e-3)
        assert mode.loss_per_cm[at] == pytest.approx(found[mode.label].loss_per_cm, rel=1e-3)


def test_a_threshold_is_where_modal_gain_meets_loss(led: EdgeEmission) -> None:
    """max over 615 to 680 nm of Gamma G(j) - alpha is 0 at TE0's threshold, with Gamma and alpha of searches and G of the medium itself."""
    stack, medium = qdp.load_stack(LED), qdp.load_medium("ccg-QD")
    threshold = led.modes[0].threshold_A_per_cm2
    net = []
    for nm in np.arange(615.0, 680.0, 1.0):
        mode = qdp.find_modes(stack, nm, "TE")["TE0"]
        gain = medium.gain_spectrum_per_cm([nm], current_density_A_per_cm2=threshold)[0]
        net.append(mode.confinement["QD"].gain * gain - mode.loss_per_cm)
    assert max(net) == pytest.approx(0.0, abs=0.3)  # of a loss of 136 per cm
    assert led.onset.net_gain == threshold
    assert [mode.threshold_A_per_cm2 for mode in led.modes[1:]] == [inf, inf]


@pytest.mark.parametrize("monolayers", [1.0, 3.0, 9.3])
def test_no_more_photons_leave_than_pairs_come(monolayers: float) -> None:
    """Both edges together, at every current: fewer photons than j A/e, of which the quantum yield of X and XX takes its part."""
    found = qdp.ase(LED, current_density_A_per_cm2=np.geomspace(0.1, 3000.0, 9), monolayers=monolayers)
    photons = 2 * np.trapezoid(found.spectrum_W_per_nm * found.wavelength_nm / 1239.8419843, found.wavelength_nm, axis=1)
    pairs = found.current_density_A_per_cm2 * found.length_um * found.width_um * CM2_PER_UM2
    assert (photons < pairs).all()  # both as A: photons per eV of energy, pairs times e
    assert (photons > 1e-3 * pairs).all()


def test_what_is_spread_over_more_monolayers_takes_more_current() -> None:
    """Thresholds are in proportion to N_ML; below them edge power at one current hardly depends on it: pairs, not dots, are counted."""
    one, three = (qdp.ase(LED, current_density_A_per_cm2=[0.1], monolayers=number) for number in (1.0, 3.0))
    assert three.onset.net_gain == pytest.approx(3 * one.onset.net_gain, rel=1e-3)
    assert three.power_W[0] == pytest.approx(one.power_W[0], rel=0.05)
    assert one.fed_share == pytest.approx(1 / one.film_monolayers)


def test_the_spectrum_holds_the_power(led: EdgeEmission) -> None:
    """Integral over nm = power from the integral over eV (trapezoidal rules of 165 points: 1e-3); bands add up to it."""
    assert np.trapezoid(led.spectrum_W_per_nm, led.wavelength_nm, axis=1) == pytest.approx(led.power_W, rel=1e-3)
    assert sum(figures.power_W for figures in led.figures.values()) == pytest.approx(led.power_W, rel=0.02)
    assert list(led.figures) == ["1S", "1P", "1D"]


def test_finer_steps_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modes every 2.5 instead of 5 nm: spectra at 1 % where the light is amplified 100 times."""
    coarse = qdp.ase(LED, current_density_A_per_cm2=[300.0])
    monkeypatch.setattr(emission_of_stripe, "MODE_STEP_NM", 2.5)
    fine = qdp.ase(LED, current_density_A_per_cm2=[300.0])
    strong = fine.spectrum_W_per_nm[0] > 0.1 * fine.spectrum_W_per_nm.max()
    assert coarse.spectrum_W_per_nm[0, strong] == pytest.approx(fine.spectrum_W_per_nm[0, strong], rel=0.01)


def test_the_bragg_diode_amplifies_as_published(bragg: EdgeEmission) -> None:
    """Ahn et al., Nature 617, 79 (2023): ASE from 13 to 30 A/cm2, line 80 -> 40 meV along 300 um, 1S and 1P bands; TM never."""
    te10 = next(mode for mode in bragg.modes if mode.label == "TE10")
    assert 10 < te10.threshold_A_per_cm2 < 40
    assert bragg.onset.net_gain == te10.threshold_A_per_cm2
    assert {mode.threshold_A_per_cm2 for mode in bragg.modes if mode.label.startswith("TM")} == {inf}
    assert 10 < bragg.onset.narrowing < 100
    at = int(np.argmin(np.abs(bragg.current_density_A_per_cm2 - 180)))
    along = bragg.fwhm_along_meV(bragg.bands[0])[at]
    assert along[0] == pytest.approx(80, abs=8)
    assert along[-1] == pytest.approx(40, abs=4)
    assert (np.diff(along) < 0).all()
    second = bragg.figures["1P"]
    assert isfinite(second.fwhm_meV[-1])  # a peak of its own at the largest current
    assert 1e-4 < bragg.power_W[-1] < 1e-3  # 170 uW were measured at 1,933 A/cm2
    assert bragg.current_density_A_per_cm2[-1] == pytest.approx(1933)


def test_a_width_belongs_to_one_band(bragg: EdgeEmission) -> None:
    """1P on the flank of a stronger 1S falls to half of its peak only beyond that: no width is told until it stands alone."""
    lines = [line.energy_eV for line in bragg.lines]
    width = bragg.figures["1P"].fwhm_meV
    assert np.isnan(width[0])
    assert np.nanmax(width) < 1e3 * np.diff(lines).min()
    assert np.isfinite(bragg.figures["1S"].fwhm_meV).all()


def test_one_mode_alone(bragg: EdgeEmission) -> None:
    alone = qdp.ase(BRAGG, current_density_A_per_cm2=[100.0], mode="TE10")
    assert [mode.label for mode in alone.modes] == ["TE10"]
    assert alone.onset.net_gain == pytest.approx(bragg.onset.net_gain, rel=1e-9)
    assert (alone.onset.narrowing, alone.onset.kink) == (inf, inf)  # of one current nothing is told


def test_a_longer_stripe_is_brighter_and_narrower() -> None:
    """Above threshold, at one current: the peak gains more of a longer stripe than the whole band does, so the line is narrower."""
    short, long = (qdp.ase(BRAGG, current_density_A_per_cm2=[60.0], length_um=length, width_um=30.0) for length in (100.0, 300.0))
    grown = long.power_W[0] / short.power_W[0]
    assert grown > 1.3  # of three times the length: what walks off sideways is lost
    assert long.spectrum_W_per_nm.max() / short.spectrum_W_per_nm.max() > 1.2 * grown
    assert long.figures["1S"].fwhm_meV[0] < short.figures["1S"].fwhm_meV[0]


def test_a_result_shows_itself(led: EdgeEmission) -> None:
    document = json.loads(json_text(led.as_dict()))
    assert document["threshold"]["net_gain_A_per_cm2"] == led.onset.net_gain
    assert [band["band"] for band in document["bands"]] == ["1S", "1P", "1D"]
    assert document["bands"][0]["energy_eV"][0] == 0
    assert document["modes"][1]["threshold_A_per_cm2"] is None
    assert np.shape(document["spectrum_W_per_nm"]) == (9, len(led.wavelength_nm))
    for words in ("net gain in TE0 from", "in none of TM0, TM1 at whatever current", "1 of the film's 9.3 monolayers"):
        assert words in repr(led)
    assert "<table>" in led._repr_html_()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"current_density_A_per_cm2": [2.0, 1.0]}, "rise from > 0"),
    ({"current_density_A_per_cm2": 0.0}, "rise from > 0"),
    ({"length_um": 0.0}, "length_um"),
    ({"width_um": -1.0}, "width_um"),
    ({"mode": "TE7"}, 'no mode "TE7"'),
    ({"monolayers": 0.5}, "monolayers"),
    ({"wavelengths_nm": [300.0, 400.0, 500.0]}, "where all materials are known"),
    ({"wavelengths_nm": [700.0, 710.0, 720.0], "current_density_A_per_cm2": 1.0}, "around a line of ccg-QD"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_cannot_be_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        qdp.ase(LED, **arguments)


def test_a_stack_that_cannot_emit_is_refused() -> None:
    with pytest.raises(StackError, match="role: gain"):
        qdp.ase("glass-dielectric-ag")
    with pytest.raises(StackError, match="not known where PbS emits"):
        qdp.ase(LED, "PbS")


def test_below_threshold_the_net_gain_is_that_of_the_band(led: EdgeEmission) -> None:
    """At 1 A/cm2 the dots absorb: TE0's net gain there is Gamma G - alpha at the band's peak, some -250 per cm, not of light unfelt."""
    mode = led.modes[0]
    near = np.abs(led.wavelength_nm - 642.4) < 8
    dark = mode.confinement * qdp.load_medium("ccg-QD").gain_spectrum_per_cm(led.wavelength_nm, current_density_A_per_cm2=1.0)
    assert (dark - mode.loss_per_cm)[near].min() <= mode.net_gain_per_cm[0] <= (dark - mode.loss_per_cm)[near].max()
    assert mode.net_gain_per_cm[0] < -mode.loss_per_cm[near].min() - 100
    crossing = np.interp(0.0, mode.net_gain_per_cm, np.log(led.current_density_A_per_cm2))
    assert np.exp(crossing) == pytest.approx(mode.threshold_A_per_cm2, rel=0.2)  # no jump there; a line between two currents


def test_too_few_currents_are_told() -> None:
    few = qdp.ase(LED, current_density_A_per_cm2=[10.0, 100.0], wavelengths_nm=np.arange(600.0, 681.0, 4.0))
    assert any("too few currents" in note for note in few.table()[3])


def test_heat_is_warned_of() -> None:
    """The drive's own heating at the largest current, as `analyze` reckons it (PHYSICS section 4); 10 A/cm2 hardly warm the device."""
    heat = device_heat(qdp.load_stack(BRAGG))
    assert heat is not None
    rise = heat.rise_K(1000.0)
    assert rise is not None
    hot, cool = (qdp.ase(BRAGG, current_density_A_per_cm2=[1.0, current], mode="TE10").warnings for current in (1000.0, 10.0))
    assert any(text.startswith(f"1000 A/cm² heat the device by up to {rise:.0f} K") for text in hot)
    assert not any("heat" in text for text in cool)


def test_what_leaves_is_told_by_mode(bragg: EdgeEmission) -> None:
    """At the dots' wavelength, of light straight at the edge: the Bragg mode is turned back more than Fresnel's 7 %, by its own field."""
    te10 = next(mode for mode in bragg.modes if mode.label == "TE10")
    at = int(np.flatnonzero(bragg.wavelength_nm == 642.0)[0])
    point = qdp.find_modes(qdp.load_stack(BRAGG), 642.0, "TE")["TE10"]
    assert te10.edge_transmission[at] == pytest.approx(edge_transmission(point)[0], abs=0.01)  # a line between wavelengths
    assert 0.6 < te10.edge_transmission[at] < 0.8
    light = bragg.light
    assert (light.edge_power_W < light.balance.edges / 2).all()


def test_lines_between_different_levels_are_warned_of() -> None:
    """Light holes of platelets lie in another level than their electrons."""
    found = qdp.ase(LED, "CdSe-nanoplatelet", [100.0], wavelengths_nm=np.arange(480.0, 540.0, 4.0))
    assert any("light hole of CdSe-nanoplatelet joins" in text for text in found.warnings)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"monolayers": 30.0}, "`monolayers` must be at most 9.31, those of the film, but it is 30"),
        ({"length_um": 1e9}, "`length_um` must be at most 100000 um"),
        ({"width_um": 1e9}, "`width_um` must be at most 100000 um"),
    ],
)
def test_absurd_sizes_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        qdp.ase(LED, current_density_A_per_cm2=[10.0], **options)
