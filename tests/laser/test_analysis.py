"""Reports: gains as PHYSICS.md section 1 defines them, the right mode, warnings, tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.errors import ModeSearchError
from qdphotonics.gain import load_medium
from qdphotonics.laser import analyze
from qdphotonics.laser.analysis import reported_mode, strongest_mode, verdict_of
from qdphotonics.laser.pumped import pumped_stack
from qdphotonics.optics import find_modes
from qdphotonics.stacks import Stack

GAIN_TOLERANCE_PER_CM = 1e-6  # of re-solved modes: n_eff to 1e-13


def test_the_three_gains_are_those_of_the_definitions(silver_report: qdp.laser.Report, silver_led: Stack) -> None:
    """alpha_eff: the passive stack. G_net: gain in the index, solved from a stack file. G_mod = G_net + alpha_eff."""
    index = float(silver_led.index()[2].real)
    hot = find_modes(silver_led.changed({"layers.QD.material": {"n": index, "gain_per_cm": 780}}))["TE0"]
    cold = find_modes(silver_led)["TE0"]
    assert silver_report.mode is not None
    assert silver_report.mode.label == "TE0"
    assert silver_report.material_gain_per_cm == 780
    assert silver_report.loss_per_cm == pytest.approx(cold.loss_per_cm, abs=GAIN_TOLERANCE_PER_CM)
    assert silver_report.net_gain_per_cm == pytest.approx(-hot.loss_per_cm, abs=GAIN_TOLERANCE_PER_CM)
    assert silver_report.modal_gain_per_cm == pytest.approx(cold.loss_per_cm - hot.loss_per_cm, abs=GAIN_TOLERANCE_PER_CM)
    assert silver_report.confinement_gain_per_cm == pytest.approx(780 * cold.confinement["QD"].intensity, rel=1e-9)
    assert silver_report.wavelength_nm == 630


def test_without_a_drive_the_gain_is_saturated(silver_report: qdp.laser.Report) -> None:
    assert silver_report.net_gain_per_cm == pytest.approx(silver_report.saturated_net_gain_per_cm, abs=GAIN_TOLERANCE_PER_CM)


def test_the_mode_is_that_of_largest_net_gain(silver_report: qdp.laser.Report) -> None:
    net = {each.label: each.net_gain_per_cm for each in silver_report.mode_gains}
    assert set(net) == {mode.label for mode in silver_report.modes}
    assert max(net, key=lambda label: net[label] or -np.inf) == "TE0"
    assert net["TE0"] == silver_report.net_gain_per_cm


def test_below_threshold_the_report_is_of_the_mode_that_can_amplify(silver_led: Stack) -> None:
    """At 1 A/cm^2 the dots absorb and TM1, which avoids them, loses least; the verdict is of TE0, which saturation amplifies."""
    report = analyze(silver_led, current_density_A_per_cm2=1.0)
    net = {each.label: each.net_gain_per_cm or -np.inf for each in report.mode_gains}
    assert max(net.values()) < 0
    assert max(net, key=lambda label: net[label]) == "TM1"
    assert report.mode is not None
    assert report.mode.label == "TE0"
    assert report.net_gain_per_cm == net["TE0"]
    assert report.verdict.optical.ase is True
    assert (report.verdict.electrical.ase, report.verdict.limited_by) == (False, "current")


def test_a_mode_can_be_named(silver_led: Stack) -> None:
    report = analyze(silver_led, mode="TM0")
    assert report.mode is not None
    assert report.mode.character == "plasmonic"
    assert report.verdict.limited_by == "loss:Ag"
    assert "the mode asked for" in report.verdict.text
    with pytest.raises(qdp.ArgumentError, match='no mode "TE7" at 630 nm'):
        analyze(silver_led, mode="TE7")


def test_another_medium_can_be_given(silver_led: Stack) -> None:
    by_name, by_value = analyze(silver_led, "cg-QD"), analyze(silver_led, load_medium("cg-QD"))
    assert by_name.medium.name == "cg-QD"
    assert by_name.material_gain_per_cm == 200
    assert by_value.net_gain_per_cm == by_name.net_gain_per_cm
    with pytest.raises(qdp.MediumError):
        analyze(silver_led, "no such dots")


def test_a_medium_unknown_to_the_file_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(qdp.stacks.stack_file("jung2022-lito-ag").read_text(encoding="utf-8").replace("medium: ccg-QD", "medium: ccg-QX"))
    with pytest.raises(qdp.StackError, match=r'mine\.yaml:\d+: gain\.medium: unknown gain medium "ccg-QX"; did you mean "ccg-QD"'):
        analyze(file)
    with pytest.raises(qdp.MediumError, match=r'^unknown gain medium "neon"'):
        analyze(file, "neon")


def test_a_stack_without_gain_cannot_be_analysed() -> None:
    with pytest.raises(qdp.StackError, match="must have a layer with `role: gain` to be analysed"):
        analyze(qdp.load_stack("glass-dielectric-ag"))


def test_a_stack_without_a_mode_gets_a_verdict_too() -> None:
    """No mode: a film of index 1.4 between glass and glass holds none, within 1.51 … 1.6 least of all; "no", not an error."""
    stack = qdp.load_stack(
        {
            "name": "nothing",
            "wavelength": 630,
            "substrate": {"n": 1.5},
            "superstrate": {"n": 1.5},
            "layers": [{"name": "QD", "material": {"n": 1.5}, "thickness": 20, "role": "gain"}],
            "gain": {"medium": "cg-QD"},
        }
    )
    report = analyze(stack)
    assert report.mode is None
    assert report.verdict.optical.ase is False
    assert report.verdict.limited_by is None
    assert "no mode" in report.verdict.text
    assert report.as_dict()["net_gain_per_cm"] is None
    assert "none" in repr(report)


def test_the_curve_runs_through_the_thresholds(silver_report: qdp.laser.Report) -> None:
    """Net gain against log j, interpolated between the curve's points, is 0 at the threshold: 1 % of the range of gain."""
    curve, needed = silver_report.curve, silver_report.thresholds.net_gain
    assert curve is not None
    assert silver_report.loss_per_cm is not None
    assert np.all(np.diff(curve.net_gain_per_cm) > 0)
    assert np.all(np.diff(curve.fluence_J_per_cm2) > 0)
    at_current = np.interp(np.log(needed.current_density_A_per_cm2 or 1), np.log(curve.current_density_A_per_cm2), curve.net_gain_per_cm)
    at_pulse = np.interp(np.log(needed.fluence_J_per_cm2 or 1), np.log(curve.fluence_J_per_cm2), curve.net_gain_per_cm)
    assert abs(at_current) < 7
    assert abs(at_pulse) < 7
    assert curve.modal_gain_per_cm == pytest.approx(curve.net_gain_per_cm + silver_report.loss_per_cm)


def test_assumed_values_are_repeated_with_what_they_move(silver_report: qdp.laser.Report, silver_led: Stack) -> None:
    """Net gain and confinement at both ends of the range of n, against the stack with that index in its file."""
    entry = next(each for each in silver_report.assumed if (each.material, each.quantity) == ("ccg-QD film", "n"))
    assert entry.range == silver_led.layers[1].material.assumed["n"]
    assert entry.value == silver_led.index()[2].real
    for end, share, net_gain in zip(entry.range, entry.confinement, entry.net_gain_per_cm, strict=True):
        changed = analyze(silver_led.changed({"layers.QD.material": {"n": end}}), mode="TE0")
        assert share == pytest.approx(changed.confinement, abs=1e-9)
        assert net_gain == pytest.approx(changed.net_gain_per_cm, abs=GAIN_TOLERANCE_PER_CM)


def test_what_is_assumed_beside_the_index_is_repeated_too(silver_report: qdp.laser.Report) -> None:
    kinds = {(each.material, each.quantity) for each in silver_report.assumed}
    assert ("Spiro-2NPB", "glass_transition_C") in kinds
    assert ("HAT-CN", "n") in kinds
    medium = silver_report.medium
    assert medium.assumed
    assert {(medium.name, quantity) for quantity in medium.assumed} <= kinds


def test_modes_that_the_drive_removes_are_left_out_with_a_warning() -> None:
    """A film of dots just thick enough to guide holds no mode in the dark, where it absorbs 200 cm^-1; a second guide does."""
    layers = [
        {"name": "QD", "material": {"n": 1.52}, "thickness": 520, "role": "gain"},
        {"name": "between", "material": {"n": 1.3}, "thickness": 3000},
        {"name": "guide", "material": {"n": 1.8}, "thickness": 200},
    ]
    half_spaces = {"substrate": {"n": 1.5}, "superstrate": {"n": 1.3}}
    file = {"name": "weak", "wavelength": 630, **half_spaces, "layers": layers, "gain": {"medium": "cg-QD"}}
    report = analyze(qdp.load_stack(file), current_density_A_per_cm2=0.0)
    lost = [each.label for each in report.mode_gains if each.net_gain_per_cm is None]
    assert "TE1" in lost
    assert f"{', '.join(lost)} could not be followed to the gain of the drive" in " ".join(report.warnings)
    assert report.mode is not None
    assert report.mode.label not in lost


def test_modes_far_from_the_gain_peak_are_warned_of(silver_led: Stack) -> None:
    """The ccg-QD medium peaks near 1.93 eV; 600 nm is 2.07 eV, off by more than half of its 80 meV line."""
    assert not any("gain peak" in text for text in analyze(silver_led.changed({"wavelength": 642})).warnings)
    assert any("meV from the gain peak of ccg-QD" in text for text in analyze(silver_led.changed({"wavelength": 600})).warnings)


def test_heat_past_a_glass_transition_is_warned_of(silver_led: Stack) -> None:
    """H2: NPB softens at 98 C; the device is driven to 300 K + 120 K."""
    changes = {
        "layers.Spiro-2NPB.material": "NPB",
        "drive.voltage_V": 10,
        "drive.area_um2": 15_000,
        "drive.conductance_W_per_K": 1e-3,
        "drive.current_density_A_per_cm2": 80,
        "drive.pulse_ns": None,
        "drive.period_ns": None,
        "drive.capacity_J_per_K": None,
    }
    report = analyze(silver_led.changed(changes))
    assert report.heating_K == pytest.approx(120.0)
    assert "at the drive Spiro-2NPB passes its glass transition at 98 °C: it would reach 147 °C" in report.warnings


def test_the_angles_of_the_bragg_mode_are_reported() -> None:
    """M3: theta_BRW = asin(n_eff/n_QD) beside theta_c (Chem. Rev. 123, 8251, eqs 14, 15)."""
    stack = qdp.load_stack("ahn2023-brw")
    report = analyze(stack)
    assert report.mode is not None
    assert report.mode.character == "bragg"
    n_dots = complex(stack.index()[stack.all_names.index("QD")]).real
    assert np.sin(np.radians(report.mode_angle_deg or 0)) == pytest.approx(report.mode.n_eff.real / n_dots, rel=1e-9)
    assert report.critical_angle_deg is not None


def test_a_report_shows_itself_as_a_table(silver_report: qdp.laser.Report) -> None:
    text = repr(silver_report)
    for words in ("net gain", "threshold, net gain", "change layers.QD.thickness", "assumed: n of ccg-QD film"):
        assert words in text
    assert silver_report.verdict.text in text
    assert "<table>" in silver_report._repr_html_()


def test_without_any_gain_the_report_is_of_a_mode_that_the_dots_reach() -> None:
    """A plain LED: the least lossy mode is the outer aluminium's plasmon, which never meets the dots and says nothing of them."""
    report = analyze(qdp.load_stack("qd-led"))
    assert report.mode is not None
    assert report.mode.label == "TE0"
    assert (report.confinement or 0) > 0.01
    best = max(each.net_gain_per_cm for each in report.mode_gains if each.net_gain_per_cm is not None)
    assert best > (report.net_gain_per_cm or 0)  # the plasmon
    assert "of the modes that the dots reach" in report.verdict.text


def test_the_verdict_says_when_one_monolayer_is_what_it_rests_on(silver_led: Stack) -> None:
    """M2: 38 A/cm2 if all pairs recombine in one monolayer, 357 if they spread over 9.3; a device may stand 300 or 500."""
    spread = "as long as the pairs recombine in one monolayer"
    assert spread in analyze(silver_led.changed({"drive.max_current_density_A_per_cm2": 300})).verdict.text
    assert spread not in analyze(silver_led.changed({"drive.max_current_density_A_per_cm2": 500})).verdict.text


@pytest.mark.parametrize(("more", "expected"), [({"mode": "TM1"}, "TE0"), ({"current_density_A_per_cm2": 5.0}, "TM1"), ({}, "TM1")])
def test_the_other_modes_are_all_but_the_one_reported(silver_led: Stack, more: dict[str, object], expected: str) -> None:
    report = analyze(silver_led, **more)  # type: ignore[arg-type]
    assert report.mode is not None
    row = next(row for row in report.table()[2] if row[0] == "net gain")
    others = {each.label for each in report.mode_gains} - {report.mode.label}
    assert {word for word in row[3].replace(",", "").split() if word[:2] in ("TE", "TM")} == others
    assert expected in others


def test_a_resonance_across_the_film_is_no_beam_along_it(mirror_led: Stack) -> None:
    """TE10 crosses the dots at 19 degrees: modal gain 751 cm^-1 of Gamma G = 242. TE5 and M2's TE0 run along the film."""
    words = "more a resonance across the film than a beam along it"
    assert any(text.startswith("TE10 ") and words in text for text in analyze(mirror_led).warnings)
    assert not any(words in text for text in analyze(mirror_led, mode="TE5").warnings)
    assert not any(words in text for text in analyze(qdp.load_stack("jung2022-lito-ag")).warnings)


def test_a_fluence_that_no_film_survives_is_warned_of(silver_led: Stack) -> None:
    """22.5 given for 22.5 uJ/cm^2: J/cm^2 are a million times more; a drive of the file is held to the same."""
    words = "J/cm², not µJ/cm²"
    assert any(words in text for text in analyze(silver_led, fluence_J_per_cm2=22.5).warnings)
    assert any(words in text for text in analyze(silver_led.changed({"drive.fluence_J_per_cm2": 22.5})).warnings)
    assert not any(words in text for text in analyze(silver_led, fluence_J_per_cm2=22.5e-6).warnings)
    assert "at 22.5 µJ/cm²" in analyze(silver_led, fluence_J_per_cm2=22.5e-6).table()[0]


@pytest.mark.parametrize("name", ["jung2022-lito-ag", "ahn2023-brw"])
def test_the_verdict_alone_is_that_of_the_report(name: str) -> None:
    """Sweeps ask for it, and for the mode, thousands of times; both are those of the whole report, word for word."""
    stack = qdp.load_stack(name)
    report = analyze(stack)
    assert verdict_of(stack) == report.verdict
    mode, gain = reported_mode(stack)
    assert report.mode is not None
    assert (mode.passive.label, gain) == (report.mode.label, report.material_gain_per_cm)
    named = reported_mode(stack, "TM")[0].passive.label
    assert verdict_of(stack, named) == analyze(stack, mode=named).verdict


def test_a_stack_without_such_a_mode_says_so() -> None:
    """A film of air holds nothing."""
    stack = qdp.load_stack("jung2022-lito-ag")
    none = stack.changed({f"layers.{name}.thickness": 1 for name in stack.layer_names} | {"layers.Ag.material": "SiO2"})
    with pytest.raises(ModeSearchError, match="has no TE mode at 630 nm"):
        reported_mode(none, "TE")


def test_the_strongest_mode_of_a_polarization_is_that_of_the_pumped_stack() -> None:
    """No TM mode of the Bragg diode amplifies: the strongest loses least of all that a search with the gain in the dots finds.

    The one that would be reported instead is held by the dots and loses more. To 1e-6 cm^-1, of two ways to one zero.
    """
    stack = qdp.load_stack("ahn2023-brw")
    mode, gain = strongest_mode(stack, "TM")
    every = pumped_stack(stack).at(gain).search("TM", None, 1e4).modes
    assert mode.net_gain_per_cm == pytest.approx(max(-each.loss_per_cm for each in every), abs=1e-6)
    held, _ = reported_mode(stack, "TM")
    assert held.net_gain_per_cm(gain) < mode.net_gain_per_cm < 0
