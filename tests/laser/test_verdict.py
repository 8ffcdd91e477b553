"""Verdicts: each value of limited_by is reached, by whole stacks; booleans and words agree with the numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from math import exp, inf

import pytest

import qdphotonics as qdp
from qdphotonics.laser import Case, Operation, Threshold, Thresholds, analyze, judge
from qdphotonics.stacks import Stack
from qdphotonics.thermal import GlassTransitions

HEAT = {
    "drive.voltage_V": 10,
    "drive.area_um2": 15_000,
    "drive.conductance_W_per_K": 4e-4,
    "drive.max_current_density_A_per_cm2": 1000,
    "drive.pulse_ns": None,
    "drive.period_ns": None,
    "drive.capacity_J_per_K": None,
}
GRATING = {"layer": "QD", "period": 200, "depth": 10, "duty": 0.5, "order": 1}


def test_limited_by_the_loss_of_a_layer() -> None:
    """M4: MoOx/Al on M1. The aluminium alone loses more than the modal gain; no drive amplifies."""
    report = analyze(qdp.load_stack("roh2020-moox-al"))
    assert report.verdict.limited_by == "loss:Al"
    assert (report.verdict.optical.ase, report.verdict.electrical.ase) == (False, False)
    assert report.thresholds.net_gain == Threshold()
    assert "The limit is the loss in Al" in report.verdict.text


def test_limited_by_the_gain_of_a_weak_pulse(silver_led: Stack) -> None:
    """A fluence between transparency and the threshold of net gain: the medium gives too little, saturation would do."""
    reached = analyze(silver_led).thresholds
    assert reached.net_gain.fluence_J_per_cm2 is not None
    report = analyze(silver_led, fluence_J_per_cm2=0.9 * reached.net_gain.fluence_J_per_cm2)
    assert report.verdict.limited_by == "gain"
    assert report.verdict.optical.ase is False
    assert "does not reach it" in report.verdict.text
    enough = analyze(silver_led, fluence_J_per_cm2=1.1 * reached.net_gain.fluence_J_per_cm2)
    assert enough.verdict.optical.ase is True


def test_limited_by_the_gain_where_many_small_losses_exceed_it() -> None:
    """Modal gain below the loss, with no layer that would be to blame alone: six equal absorbers around the dots."""
    absorber = {"material": {"n": 1.7, "alpha_per_cm": 60}, "thickness": 40}
    names = ["a", "b", "c", "QD", "d", "e", "f"]
    dots = {"material": {"n": 1.7}, "thickness": 25, "role": "gain"}
    stack = qdp.load_stack(
        {
            "name": "many",
            "wavelength": 630,
            "substrate": {"n": 1.5},
            "superstrate": {"n": 1.5},
            "layers": [{"name": name, **(dots if name == "QD" else absorber)} for name in names],
            "gain": {"medium": "cg-QD"},
        }
    )
    report = analyze(stack)
    assert (report.saturated_net_gain_per_cm or 0.0) < 0
    assert report.verdict.limited_by == "gain"


def test_limited_by_the_current(low_loss_led: Stack) -> None:
    """M1: net gain at saturation and lasing by light, but 0.2 A/cm^2 lie far below the threshold (PHYSICS.md section 5)."""
    report = analyze(low_loss_led)
    assert report.verdict.limited_by == "current"
    assert (report.verdict.optical.ase, report.verdict.electrical.ase) == (True, False)
    assert (report.verdict.optical.lasing, report.verdict.electrical.lasing) == (True, False)
    assert "beyond the 0.2 A/cm² that the device stands" in report.verdict.text


def test_limited_by_the_heat(silver_led: Stack) -> None:
    """NPB in place of Spiro-2NPB softens at 98 C; at the threshold a device with 0.4 mW/K would be far hotter."""
    report = analyze(silver_led.changed({**HEAT, "layers.Spiro-2NPB.material": "NPB"}))
    assert report.verdict.limited_by == "heat"
    assert (report.verdict.optical.ase, report.verdict.electrical.ase) == (True, False)
    assert "past the glass transition of Spiro-2NPB (98 °C)" in report.verdict.text
    cooled = analyze(silver_led.changed({**HEAT, "layers.Spiro-2NPB.material": "NPB", "drive.conductance_W_per_K": 4e-2}))
    assert cooled.verdict.limited_by is None
    assert cooled.verdict.electrical.ase is True


def test_limited_by_nothing_that_is_known(silver_led: Stack) -> None:
    """M2: amplifies by light, and within the 360 A/cm^2 of its drive (reached at 77 K)."""
    report = analyze(silver_led)
    assert report.verdict.limited_by is None
    assert (report.verdict.optical.ase, report.verdict.electrical.ase) == (True, True)


def test_without_a_current_limit_the_electrical_verdict_is_open(plain_slab: Stack) -> None:
    report = analyze(plain_slab)
    assert report.verdict.electrical.ase is None
    assert "max_current_density_A_per_cm2" in report.verdict.text
    driven = analyze(plain_slab, current_density_A_per_cm2=1000.0)
    assert driven.verdict.electrical.ase is True
    assert "of the drive" in driven.verdict.text
    weak = analyze(plain_slab, current_density_A_per_cm2=1.0)
    assert (weak.verdict.electrical.ase, weak.verdict.limited_by) == (False, "current")


def test_the_verdict_is_of_any_mode_that_gets_there(mirror_led: Stack) -> None:
    """TE10 has most net gain at saturation, but begins at 384 A/cm^2; TE5 begins within the 300 A/cm^2 that the device stands."""
    report = analyze(mirror_led)
    assert report.mode is not None
    assert report.mode.label == "TE10"
    assert (report.thresholds.net_gain.current_density_A_per_cm2 or 0.0) > 300
    first = min(report.mode_gains, key=lambda each: each.net_gain_threshold.current_density_A_per_cm2 or inf)
    alone = analyze(mirror_led, mode=first.label)
    assert first.net_gain_threshold == alone.thresholds.net_gain
    assert first.saturated_net_gain_per_cm == pytest.approx(alone.saturated_net_gain_per_cm, abs=1e-6)
    assert (report.verdict.optical.ase, report.verdict.electrical.ase, report.verdict.limited_by) == (True, True, None)
    assert f"{first.label} gets there first" in report.verdict.text
    assert "gets there first" not in alone.verdict.text
    named = analyze(mirror_led, mode="TE10")
    assert (named.verdict.electrical.ase, named.verdict.limited_by) == (False, "current")
    assert "gets there first" not in named.verdict.text
    written = report.as_dict()["mode_gains"][0]
    assert {"net_gain_threshold", "lasing_threshold"} <= set(written)


def test_lasing_too_is_of_any_mode(mirror_led: Stack) -> None:
    """A cavity of 2 cm^-1: TE10 needs kA/cm^2 in it, another mode far less; light at saturation reaches it by either."""
    report = analyze(mirror_led.changed({"cavity": {"length_um": 500, "facet_reflectivity": [exp(-0.1), exp(-0.1)]}}))
    first = min(report.mode_gains, key=lambda each: each.lasing_threshold.current_density_A_per_cm2 or inf)
    assert report.mode is not None
    assert first.label != report.mode.label
    assert (report.verdict.optical.lasing, report.verdict.electrical.lasing) == (True, True)
    assert f"(by {first.label})" in report.verdict.text


def test_a_weak_pulse_is_named_as_the_limit(low_loss_led: Stack) -> None:
    """Where saturation would do, the words blame the pulse; where the cavity costs too much, the cavity."""
    weak = analyze(low_loss_led, fluence_J_per_cm2=5e-6).verdict
    assert weak.limited_by == "gain"
    assert "too small for the loss" not in weak.text
    assert "the pulse is too weak" in weak.text
    changes = {"cavity.facet_reflectivity": [0.3, 0.3], "drive.max_current_density_A_per_cm2": 1000}
    lossy = analyze(low_loss_led.changed(changes)).verdict
    assert lossy.limited_by == "gain"
    assert "too small for the loss of the cavity" in lossy.text


def test_without_feedback_lasing_is_left_open(plain_slab: Stack) -> None:
    """No cavity, a facet without reflection, a grating off the band: null, the margin is told, and not that nothing is in the way."""
    bare = analyze(plain_slab)
    blind = analyze(plain_slab.changed({"cavity": {"length_um": 500, "facet_reflectivity": [0, 1]}}))
    silent = analyze(plain_slab.changed({"cavity": {"length_um": 500}}))
    off_band = analyze(plain_slab.changed({"grating": {**GRATING, "period": 390}}))
    told = (
        (bare, "No cavity"),
        (blind, "without feedback"),
        (silent, "0 unless the file gives"),
        (off_band, "it feeds back at 1201 nm, where the dots do not amplify; a period of 181.6 nm would put it at their peak"),
    )
    for report, words in told:
        assert (report.verdict.optical.lasing, report.verdict.electrical.lasing) == (None, None)
        assert report.thresholds.lasing == Threshold()
        assert words in report.verdict.text
        assert "would lase in one that loses less than" in report.verdict.text
        assert "stands in the way of amplification" in report.verdict.text
    assert blind.as_dict()["cavity_loss_per_cm"] is None


def test_a_grating_off_the_band_does_not_take_away_what_the_facets_do(plain_slab: Stack) -> None:
    """Lasing by the facets alone is told with its threshold; where they do not suffice it is open, not "no"."""
    facets = {"cavity": {"length_um": 5000, "facet_reflectivity": [0.9, 0.9]}}
    far: dict[str, object] = {"grating": {**GRATING, "period": 390}}
    alone, grated = analyze(plain_slab.changed(facets)), analyze(plain_slab.changed({**far, **facets}))
    assert grated.thresholds.lasing == alone.thresholds.lasing
    assert (grated.verdict.optical, grated.verdict.electrical) == (alone.verdict.optical, alone.verdict.electrical)
    assert grated.verdict.optical.lasing is True
    assert grated.feedback is None
    assert "By its facets alone it lases from" in grated.verdict.text
    assert "Its grating gives no feedback: it feeds back at 1201 nm" in grated.verdict.text
    assert grated.as_dict()["grating"].items() >= {"layer": "QD", "period_nm": 390, "depth_nm": 10, "duty": 0.5, "order": 1}.items()
    assert grated.as_dict()["cavity"] == {"length_um": 5000, "facet_reflectivity": [0.9, 0.9]}
    poor = {"cavity": {"length_um": 50, "facet_reflectivity": [0.05, 0.05]}}
    open_yet = analyze(plain_slab.changed({**far, **poor}))
    assert (open_yet.verdict.optical.lasing, open_yet.verdict.electrical.lasing) == (None, None)


@pytest.mark.parametrize("wavelength", [532, 700])
def test_a_verdict_far_from_the_gain_peak_says_so(silver_led: Stack, wavelength: float) -> None:
    """The gain that is taken is that of the medium's peak: the verdict's own words must not call that no obstacle."""
    text = analyze(silver_led.changed({"wavelength": wavelength})).verdict.text
    assert "from the gain peak" in text
    assert "Nothing that is known" not in text
    assert "gain peak" not in analyze(silver_led).verdict.text


def test_a_cavity_that_loses_more_than_the_net_gain_does_not_lase(plain_slab: Stack) -> None:
    lossy = analyze(plain_slab.changed({"cavity": {"length_um": 50, "facet_reflectivity": [0.05, 0.05]}}))
    assert (lossy.verdict.optical.ase, lossy.verdict.optical.lasing) == (True, False)
    assert lossy.verdict.limited_by == "gain"
    closed = analyze(plain_slab.changed({"cavity": {"length_um": 5000, "facet_reflectivity": [0.9, 0.9]}}))
    assert closed.verdict.optical.lasing is True


def test_the_facets_told_are_those_of_the_margin(plain_slab: Stack) -> None:
    """alpha_m = -ln(R)/L with both facets alike: R = exp(-margin L) is where the cavity's loss equals the net gain."""
    cavity = {"length_um": 200, "facet_reflectivity": [0, 0]}
    text = analyze(plain_slab.changed({"cavity": cavity})).verdict.text
    found = re.search(r"facets of more than ([0-9.]+) %", text)
    assert found is not None
    share = float(found[1]) / 100
    just_above = plain_slab.changed({"cavity": {**cavity, "facet_reflectivity": [share * 1.06, share * 1.06]}})
    just_below = plain_slab.changed({"cavity": {**cavity, "facet_reflectivity": [share * 0.94, share * 0.94]}})
    assert analyze(just_above).verdict.optical.lasing is True
    assert analyze(just_below).verdict.optical.lasing is False


NEVER = Thresholds(Threshold(), Threshold(), Threshold())


def case() -> Case:
    """A mode with 10 cm^-1 to spare, lasing at 30 A/cm^2 in a cavity of 5 cm^-1."""
    net_gain = Threshold(current_density_A_per_cm2=20.0, fluence_J_per_cm2=2e-6, heating_K=50.0)
    lasing = Threshold(current_density_A_per_cm2=30.0, fluence_J_per_cm2=3e-6, heating_K=75.0)
    return Case(
        label="TE0",
        confinement=0.25,
        saturated_gain_per_cm=200.0,
        saturated_modal_gain_per_cm=50.0,
        loss_per_cm=40.0,
        budget_per_cm={"ITO": 35.0, "ZnO": 5.0},
        operation=Operation(),
        net_gain_per_cm=10.0,
        thresholds=Thresholds(Threshold(current_density_A_per_cm2=7.0, fluence_J_per_cm2=1e-6, heating_K=17.0), net_gain, lasing),
        cavity_loss_per_cm=5.0,
        cavity_length_um=500.0,
        max_current_density_A_per_cm2=40.0,
    )


@pytest.mark.parametrize(
    ("changes", "limited_by", "electrical"),
    [
        ({}, None, (True, True)),
        ({"max_current_density_A_per_cm2": 25.0}, "current", (True, False)),
        ({"max_current_density_A_per_cm2": 15.0}, "current", (False, False)),
        ({"operation": Operation(current_density_A_per_cm2=25.0)}, "current", (True, False)),
        ({"operation": Operation(current_density_A_per_cm2=100.0)}, None, (True, True)),  # the device stands 40
        ({"transitions": GlassTransitions({"CBP": 90.0})}, "heat", (True, False)),  # 26.85 + 75 C at lasing, 76.85 C before
        ({"transitions": GlassTransitions({"CBP": 62.0})}, "heat", (False, False)),
        ({"cavity_loss_per_cm": 12.0, "thresholds": replace(case().thresholds, lasing=Threshold())}, "gain", (True, False)),
        ({"saturated_modal_gain_per_cm": 39.0, "thresholds": NEVER}, "loss:ITO", (False, False)),
        ({"saturated_modal_gain_per_cm": -1.0, "thresholds": NEVER}, "gain", (False, False)),
    ],
)
def test_obstacles_bind_in_their_order(changes: dict[str, object], limited_by: str | None, electrical: tuple[bool, bool]) -> None:
    verdict = judge(replace(case(), **changes))  # type: ignore[arg-type]
    assert verdict.limited_by == limited_by
    assert (verdict.electrical.ase, verdict.electrical.lasing) == electrical
    assert verdict.text
