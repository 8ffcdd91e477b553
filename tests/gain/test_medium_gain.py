"""A medium's gain and thresholds as results: what the command line prints, and what follows from the medium's own methods."""

from __future__ import annotations

import json
from math import exp, inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from qdphotonics._plain import json_text
from qdphotonics.errors import ArgumentError, MediumError
from qdphotonics.gain import list_media, medium_gain, thresholds, varied
from qdphotonics.units import ELEMENTARY_CHARGE_C

PRINTED = 0.01  # of the papers' numbers of two or three digits


def test_the_three_state_numbers_of_the_papers_stand_beside_the_chain() -> None:
    """PHYSICS.md G4 to G6: g_th = (tau_X tau_XX)^-1/2 and the half-gain formula, j = e g/sigma_e; to the digits printed there."""
    small = thresholds("CdSe", radius_nm=3.0).three_state
    assert small is not None
    assert 1e-3 * small.transparency.current_density_A_per_cm2 == pytest.approx(0.188, rel=PRINTED)
    assert 1e-3 * small.half_gain.current_density_A_per_cm2 == pytest.approx(2.55, rel=PRINTED)
    graded = thresholds("cg-QD")
    assert graded.three_state is not None
    assert graded.three_state.transparency.current_density_A_per_cm2 == pytest.approx(6.76, rel=PRINTED)
    assert graded.three_state.half_gain.current_density_A_per_cm2 == pytest.approx(25.8, rel=PRINTED)
    dots = graded.dots
    rate = (dots.exciton_lifetime_ns * dots.biexciton_lifetime_ns) ** -0.5 * 1e9
    closed = ELEMENTARY_CHARGE_C * rate * dots.areal_fill / dots.geometric_cross_section_cm2
    assert graded.three_state.transparency.current_density_A_per_cm2 == pytest.approx(closed, rel=1e-9)
    assert graded.transparency.current_density_A_per_cm2 < closed  # beyond |XX> there is more to amplify with


def test_two_pairs_at_most_make_the_chain_the_three_states() -> None:
    """max_pairs 2: the band edge's thresholds are those of the three-state row, to rounding."""
    found = thresholds("ccg-QD", max_pairs=2)
    assert found.three_state is not None
    for one, other in ((found.transparency, found.three_state.transparency), (found.half_gain, found.three_state.half_gain)):
        assert one.current_density_A_per_cm2 == pytest.approx(other.current_density_A_per_cm2, rel=1e-12)
        assert one.fluence_J_per_cm2 == pytest.approx(other.fluence_J_per_cm2, rel=1e-12)


def test_a_pulse_makes_the_band_edge_transparent_at_the_poisson_threshold() -> None:
    """G1: e^N = 2 + N, solved here by its own iteration N = ln(2 + N)."""
    number = 1.0
    for _ in range(60):
        number = np.log(2 + number)
    assert exp(number) == pytest.approx(2 + number)
    found = thresholds("cg-QD", max_pairs=2)
    assert found.transparency.pulse_excitons_per_dot == pytest.approx(number, rel=1e-9)


CHARGED = [("cg-QD", 0, 1), ("cg-QD", 1, 0.5), ("cg-QD", 2, 0), ("PbS", 6, 1), ("PbS", 2.7, 2.65)]


@pytest.mark.parametrize(("medium", "charge", "expected"), CHARGED)
def test_excitons_per_dot_at_transparency_of_charged_dots(medium: str, charge: float, expected: float) -> None:
    """G2, Chem. Rev. 2023 eq. 5: g_h (g_e - n_e)/(g_e + g_h), exact."""
    assert thresholds(medium, charge=charge).excitons_per_dot == pytest.approx(expected, abs=1e-12)


def test_each_transition_has_its_thresholds() -> None:
    """G3: 1, 5, 13 excitons for 1S, 1P, 1D; heavy and light hole of one level are one row; a fourfold band edge has no three states."""
    found = thresholds("cg-QD")
    assert [(each.transition, each.excitons_per_dot) for each in found.transitions] == [("1S", 1), ("1P", 5), ("1D", 13)]
    currents = [each.transparency.current_density_A_per_cm2 for each in found.transitions]
    assert currents == sorted(currents)
    assert [each.transition for each in thresholds("CdSe-nanoplatelet").transitions] == ["heavy hole", "light hole"]
    assert thresholds("PbS").three_state is None


def test_thresholds_are_where_the_gain_is() -> None:
    """medium_gain at the drives of thresholds: peak gain 0 and G0/2 by each of the three drives (roots to 1e-9 of G0)."""
    found = thresholds("ccg-QD", monolayers=3.0)
    for at, wanted in ((found.transparency, 0.0), (found.half_gain, 390.0)):
        for key in ("current_density_A_per_cm2", "intensity_W_per_cm2", "fluence_J_per_cm2"):
            drive: dict[str, Any] = {key: getattr(at, key)}
            result = medium_gain("ccg-QD", [640.0], monolayers=3.0, **drive)
            assert result.peak_gain_per_cm["1S"] == pytest.approx(wanted, abs=1e-6)
            assert result.drive_key == key


@pytest.mark.parametrize("pairs", [2, 3, 6, None])
def test_spectrum_and_peaks_are_of_the_same_dots(pairs: int | None) -> None:
    """G0 (<f_e> + <f_h> - 1) by the probabilities that are told, for each line and drive (12 digits).

    With three pairs at most 1P holds one of six, 1D none, whatever the drive: 890 (2/6 - 1) and -890.
    """
    found = medium_gain("ccg-QD", [540.0, 590.0, 640.0], current_density_A_per_cm2=[10.0, 1e3, 1e7], max_pairs=pairs)
    number = np.arange(found.pairs.shape[-1])
    for name, below, room in (("1S", 0, 2), ("1P", 2, 6), ("1D", 8, 10)):
        inversion = found.pairs @ (2 * np.clip((number - below) / room, 0, 1) - 1)
        assert found.peak_gain_per_cm[name] == pytest.approx(inversion * found.dots.line(name).gain_per_cm, rel=1e-12)
    if pairs is None:
        assert found.peak_gain_per_cm["1D"][-1] == pytest.approx(890, rel=1e-2)
    if pairs == 3:
        assert found.peak_gain_per_cm["1P"][-1] == pytest.approx(-890 * 2 / 3, rel=1e-3)
        assert found.peak_gain_per_cm["1D"][-1] == pytest.approx(-890)


def test_thresholds_tell_of_the_pairs_that_they_take() -> None:
    """1P takes 8 pairs, 1D 18, more than the 3 asked for: the table says so. Unless asked for fewer all dots take 18."""
    assert not any("counts up to" in note for note in thresholds("ccg-QD").table()[3])
    assert (thresholds("ccg-QD").max_pairs, medium_gain("ccg-QD", [640.0]).max_pairs, thresholds("PbS").max_pairs) == (18, 18, 12)
    assert any("1P counts up to 8 pairs, 1D up to 18" in note for note in thresholds("ccg-QD", max_pairs=3).table()[3])


def test_thresholds_beyond_what_is_known_warn() -> None:
    """ccg-QD is known up to 7 excitons per dot: 1D takes 13 and more, 1S not; one sentence, with the numbers."""
    (text,) = [each for each in thresholds("ccg-QD").warnings if "known" in each]
    assert "1D" in text
    assert "1S" not in text
    assert "(0 to 7)" in text
    assert not any("known" in each for each in thresholds("PbS").warnings)


@settings(max_examples=25, deadline=None)
@given(some.sampled_from(list_media()), some.floats(1e-3, 1e7), some.sampled_from(["current_density_A_per_cm2", "intensity_W_per_cm2"]))
def test_probabilities_sum_to_one_and_gain_stays_within_saturation(medium: str, drive: float, key: str) -> None:
    """Any medium and drive: sum P_N = 1 (1e-12), <N> = sum N P_N for neutral dots, |G| at most the sum of all G0."""
    driven: dict[str, Any] = {key: drive}
    result = medium_gain(medium, **driven)
    assert result.pairs.sum() == pytest.approx(1, abs=1e-12)
    assert result.pairs @ np.arange(result.pairs.size) == pytest.approx(float(result.excitons_per_dot), rel=1e-9)
    most = sum(line.gain_per_cm for line in result.dots.transitions)
    assert np.abs(result.gain_per_cm).max() <= most * (1 + 1e-9)


def test_a_ladder_is_its_drives_one_by_one() -> None:
    ladder = medium_gain("g-QD", [600.0, 640.0], fluence_J_per_cm2=[1e-6, 1e-5, 1e-4])
    for at, fluence in enumerate((1e-6, 1e-5, 1e-4)):
        one = medium_gain("g-QD", [600.0, 640.0], fluence_J_per_cm2=fluence)
        assert ladder.gain_per_cm[at] == pytest.approx(one.gain_per_cm, rel=1e-12)
        assert ladder.excitons_per_dot[at] == pytest.approx(float(one.excitons_per_dot), rel=1e-12)


@pytest.mark.parametrize("name", list_media())
def test_every_medium_can_be_asked_without_telling_more(name: str) -> None:
    """The ladder and the wavelengths that are taken lie within what the medium is described for: nothing to warn of."""
    result = medium_gain(name)
    assert result.gain_per_cm.shape == (len(result.drive), len(result.wavelength_nm))
    assert result.warnings == ()
    assert result.gain_per_cm.min() < 0 < result.gain_per_cm.max()
    assert json.loads(json_text(result.as_dict()))["medium"] == name
    assert name in repr(result)
    assert "<table>" in result._repr_html_()


def test_a_use_outside_of_what_is_known_is_a_warning() -> None:
    found = medium_gain("ccg-QD", [640.0, 900.0], current_density_A_per_cm2=1e6, temperature_K=500.0)
    assert [words in " ".join(found.warnings) for words in ("900 nm", "500 K", "excitons per dot")] == [True] * 3
    assert thresholds("ccg-QD", temperature_K=500.0).warnings


def test_temperature_moves_the_spectrum_by_the_gap() -> None:
    """-0.28 meV/K, so that 100 K more lower the peak by 28 meV: 8.8 to 9.5 nm beside 642.4 nm, by hc/E; grid 0.05 nm."""
    grid = np.arange(635.0, 665.0, 0.05)
    found = [medium_gain("ccg-QD", grid, current_density_A_per_cm2=300.0, temperature_K=kelvin) for kelvin in (300.0, 400.0)]
    peaks = [grid[each.gain_per_cm.argmax()] for each in found]
    assert 1239841.984 / peaks[0] - 1239841.984 / peaks[1] == pytest.approx(28.0, abs=0.25)


def test_joules_for_microjoules_are_noticed() -> None:
    assert any("J/cm², 20 µJ/cm² is 2e-05" in text for text in medium_gain("ccg-QD", [640.0], fluence_J_per_cm2=20.0).warnings)
    assert not any("fluence" in text for text in medium_gain("ccg-QD", [640.0], fluence_J_per_cm2=2e-5).warnings)


def test_a_radius_far_from_any_dot_is_refused() -> None:
    """Effective masses and volume scaling from 0.5 to 30 nm; a gap above the pump light is a warning."""
    for radius in (0.1, 0.4, 31.0, 2500.0):
        with pytest.raises(ArgumentError, match=r"radius_nm.*0\.5 to 30"):
            medium_gain("CdSe", radius_nm=radius)
    assert any("pump light" in text for text in thresholds("CdSe", radius_nm=0.9).warnings)
    assert not any("pump light" in text for text in thresholds("CdSe", radius_nm=3.0).warnings)


WRONG_DOTS: list[dict[str, Any]] = [{"charge": -1.0}, {"charge": 19.0}, {"max_pairs": 1}, {"max_pairs": 101}, {"temperature_K": 0.0}]
WRONG_DRIVES: list[dict[str, Any]] = [
    {"monolayers": 0.5},
    {"current_density_A_per_cm2": inf},
    {"current_density_A_per_cm2": 1.0, "fluence_J_per_cm2": 1.0},
    {"wavelengths_nm": [640.0, -1.0]},
]


def test_what_cannot_be_is_refused() -> None:
    for wrong in WRONG_DOTS:
        with pytest.raises(ArgumentError):
            varied("ccg-QD", **wrong)
    for wrong in WRONG_DRIVES:
        with pytest.raises(ArgumentError):
            medium_gain("ccg-QD", **wrong)
    with pytest.raises(MediumError, match="not known for another radius"):
        thresholds("cg-QD", radius_nm=4.0)
