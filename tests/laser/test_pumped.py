"""Modes with gain in the index: the same mode at every gain, its slope the exact confinement."""

from __future__ import annotations

from math import atan

import pytest

import qdphotonics as qdp
from qdphotonics.laser import PumpedMode, pumped_stack
from qdphotonics.optics import find_modes
from qdphotonics.stacks import Stack

SLOPE_TOLERANCE = 1e-7  # relative, of a central difference over 2 cm^-1 of a function that is nearly a straight line


def pumped_mode(stack: Stack, label: str) -> PumpedMode:
    return PumpedMode(pumped_stack(stack), find_modes(stack)[label])


def test_gain_in_a_homogeneous_medium_is_its_material_gain() -> None:
    """A gain layer of 60 um in a cladding of nearly its index holds all of TE0, so that G_mod = G n/n_eff -> G: within 0.1 %."""
    stack = qdp.load_stack(
        {
            "name": "thick",
            "wavelength": 630,
            "substrate": {"n": 1.84},
            "superstrate": {"n": 1.84},
            "layers": [{"name": "QD", "material": {"n": 1.85}, "thickness": 60_000, "role": "gain"}],
            "gain": {"medium": "cg-QD"},
        }
    )
    mode = pumped_mode(stack, "TE0")
    assert mode.modal_gain_per_cm(200.0) == pytest.approx(200.0, rel=1e-3)
    assert mode.net_gain_per_cm(200.0) == pytest.approx(mode.modal_gain_per_cm(200.0), abs=1e-6)  # nothing absorbs


@pytest.mark.parametrize("label", ["TE0", "TM0", "TM1"])
def test_net_gain_rises_by_the_exact_confinement(silver_led: Stack, label: str) -> None:
    """dG_net/dG at G = 0 is Re dn_eff/dn_QD = confinement["QD"].gain (PHYSICS.md section 1), and so says a difference."""
    mode = pumped_mode(silver_led, label)
    exact = mode.net_gain_slope(0.0)
    assert exact == pytest.approx(mode.passive.confinement["QD"].gain, rel=1e-12)
    difference = (mode.net_gain_per_cm(1.0) - mode.net_gain_per_cm(-1.0)) / 2
    assert difference == pytest.approx(exact, rel=SLOPE_TOLERANCE, abs=1e-9)


def test_gain_in_a_uniaxial_layer_goes_into_both_its_indices(silver_led: Stack) -> None:
    """The slope of TM, which feels n_e as well, against a central difference."""
    mode = pumped_mode(silver_led.changed({"layers.QD.material": {"n_o": 1.95, "n_e": 1.7}}), "TM0")
    difference = (mode.net_gain_per_cm(1.0) - mode.net_gain_per_cm(-1.0)) / 2
    assert mode.net_gain_slope(0.0) == pytest.approx(difference, rel=SLOPE_TOLERANCE)
    assert difference > 0.01


def test_the_mode_with_gain_is_a_mode_of_the_stack_with_that_index(silver_led: Stack) -> None:
    """A second way: k = -G lambda/4 pi written into the stack file gives the same n_eff."""
    gain = 500.0
    changed = silver_led.changed({"layers.QD.material": {"n": float(silver_led.index()[2].real), "gain_per_cm": gain}})
    fresh = find_modes(changed)["TE0"]
    assert pumped_mode(silver_led, "TE0").at(gain).n_eff == pytest.approx(fresh.n_eff, abs=1e-12)


def test_a_mode_is_followed_past_another_not_swapped_with_it(silver_led: Stack) -> None:
    """From -780 to 780 cm^-1 the losses of TM1 and TM2 exchange their order; the confinement in the dots stays each mode's own."""
    for label in ("TM0", "TM1", "TM2"):
        mode = pumped_mode(silver_led, label)
        share = mode.passive.confinement["QD"].intensity
        for gain in (-780.0, 780.0):
            assert mode.at(gain).confinement_intensity[2] == pytest.approx(share, abs=0.02)
            assert abs(mode.at(gain).n_eff.real - mode.passive.n_eff.real) < 0.01


def test_a_gain_of_nothing_changes_nothing(silver_led: Stack) -> None:
    mode = pumped_mode(silver_led, "TE0")
    assert mode.at(0.0).n_eff == pytest.approx(mode.passive.n_eff, abs=1e-13)
    assert mode.modal_gain_per_cm(0.0) == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("target", [-300.0, -50.0, 0.0, 100.0])
def test_the_gain_for_a_net_gain_gives_that_net_gain(silver_led: Stack, target: float) -> None:
    mode = pumped_mode(silver_led, "TE0")
    gain = mode.gain_for(target, 780.0)
    assert gain is not None
    assert mode.net_gain_per_cm(gain) == pytest.approx(target, abs=1e-8)


def test_a_net_gain_out_of_reach_has_no_gain(silver_led: Stack) -> None:
    mode = pumped_mode(silver_led, "TM0")
    assert mode.gain_for(0.0, 780.0) is None
    assert mode.gain_for(-1e5, 780.0) == -780.0  # met by the dark film already


def test_a_mode_that_ends_on_the_way_is_told() -> None:
    """A guide at cut-off in the dark (n 1.52, 150 nm, on 1.5 under 1.5): absorption of 20,000 cm^-1 removes its mode."""
    stack = qdp.load_stack(
        {
            "name": "weak",
            "wavelength": 630,
            "substrate": {"n": 1.5},
            "superstrate": {"n": 1.49},
            "layers": [{"name": "QD", "material": {"n": 1.515}, "thickness": 1000, "role": "gain"}],
            "gain": {"medium": "cg-QD"},
        }
    )
    mode = pumped_mode(stack, "TE0")
    with pytest.raises(qdp.ModeSearchError, match="mode TE0 ends, or cannot be told from a neighbour"):
        mode.at(-2e4)


def coupled_guides(gap_nm: float) -> Stack:
    """Two guides alike, the upper one of dots: without gain their modes are even and odd, each half in the dots."""
    guide = {"material": {"n": 1.75}, "thickness": 300}
    return qdp.load_stack(
        {
            "name": "coupled",
            "wavelength": 630,
            "substrate": {"n": 1.5},
            "superstrate": {"n": 1.5},
            "layers": [
                {"name": "plain", **guide},
                {"name": "between", "material": {"n": 1.5}, "thickness": gap_nm},
                {"name": "QD", **guide, "role": "gain"},
            ],
            "gain": {"medium": "ccg-QD"},
        }
    )


def test_modes_that_merge_on_the_way_are_not_guessed() -> None:
    """1.1 um apart the splitting 6e-5 is passed by the gain at an exceptional point: which mode is which is lost there."""
    mode = pumped_mode(coupled_guides(1100), "TE0")
    with pytest.raises(qdp.ModeSearchError, match="mode TE0 ends, or cannot be told from a neighbour"):
        mode.at(780.0)
    strong = pumped_mode(coupled_guides(600), "TE0")  # coupled strongly enough to stay what it is
    assert strong.at(100.0).n_eff.imag < 0


@pytest.mark.parametrize("gap_nm", [700.0, 1000.0, 1100.0, 1500.0, 4000.0])
def test_the_amplified_one_of_two_merged_modes_is_reported(gap_nm: float) -> None:
    """Far apart, one mode of the pair is that of the pumped guide alone, and it must not be missed, whatever its label.

    Net gain at saturation and threshold against the lone guide: the other guide is 700 nm or more away, 5 %.
    """
    alone = qdp.analyze(
        qdp.load_stack(
            {
                "name": "alone",
                "wavelength": 630,
                "substrate": {"n": 1.5},
                "superstrate": {"n": 1.5},
                "layers": [{"name": "QD", "material": {"n": 1.75}, "thickness": 300, "role": "gain"}],
                "gain": {"medium": "ccg-QD"},
            }
        )
    )
    report = qdp.analyze(coupled_guides(gap_nm))
    assert report.net_gain_per_cm == pytest.approx(alone.net_gain_per_cm, rel=0.05)
    assert report.thresholds.net_gain.material_gain_per_cm == pytest.approx(0.0, abs=1e-6)  # nothing absorbs but the dots
    said = any("which is which beyond is a matter of choice" in text for text in report.warnings)
    assert said == (gap_nm >= 1000)


class Step(PumpedMode):
    """A net gain that rises in a step as no real mode's does: Newton's method alone jumps to and fro over it."""

    def net_gain_per_cm(self, material_gain_per_cm: float) -> float:
        return 100 * atan((material_gain_per_cm - 500) / 5)

    def net_gain_slope(self, material_gain_per_cm: float) -> float:
        return 20 / (1 + ((material_gain_per_cm - 500) / 5) ** 2)


def test_a_step_is_solved_inside_its_bracket(silver_led: Stack) -> None:
    """100 atan((G - 500)/5) = 0 at G = 500, from G = 0 where the slope is 1/500 of that at the root."""
    mode = pumped_mode(silver_led, "TE0")
    assert Step(mode.stack, mode.passive).gain_for(0.0, 780.0) == pytest.approx(500.0, rel=1e-9)


def tandem(*, spacer_nm: float, second_role: str | None, thickness_nm: float = 200.0) -> Stack:
    """Two guides of dots alike in a cladding; ``second_role`` None: the upper one has background loss only."""
    guide = {"material": {"n": 1.95, "k": 1e-3}, "thickness": thickness_nm}
    return qdp.load_stack(
        {
            "name": "tandem",
            "wavelength": 642.4,
            "substrate": {"n": 1.46},
            "superstrate": {"n": 1.46},
            "layers": [
                {"name": "lower", **guide, "role": "gain"},
                {"name": "between", "material": {"n": 1.46}, "thickness": spacer_nm},
                {"name": "upper", **guide} | ({"role": second_role} if second_role else {}),
            ],
            "gain": {"medium": "ccg-QD"},
        }
    )


@pytest.mark.parametrize(
    ("spacer_nm", "second_role", "thickness_nm"),
    [(2000.0, "gain", 200.0), (2000.0, None, 200.0), (2600.0, "gain", 170.0), (886.0891, None, 692.5454)],
)
def test_twin_guides_amplify_as_one_of_them_does(spacer_nm: float, second_role: str | None, thickness_nm: float) -> None:
    """Passive twins, closer than 1e-8 or merging at an exceptional point: net gain and threshold are those of the lone guide.

    The background k = 1e-3 costs 195.6 cm^-1 of the dots' gain: that is the threshold wherever the modes live in one guide;
    what leaks to the other guide is below 0.1 %.
    """
    report = qdp.analyze(tandem(spacer_nm=spacer_nm, second_role=second_role, thickness_nm=thickness_nm))
    assert report.verdict.optical.ase
    assert report.thresholds.net_gain.material_gain_per_cm == pytest.approx(195.62, rel=1e-3)
    solved = max(
        -mode.loss_per_cm
        for mode in find_modes(
            tandem(spacer_nm=spacer_nm, second_role=second_role, thickness_nm=thickness_nm).changed(
                {
                    f"layers.{name}.material": {"n": 1.95, "alpha_per_cm": 195.616 - 780.0}
                    for name in (["lower", "upper"] if second_role else ["lower"])
                }
            )
        )
    )
    assert report.net_gain_per_cm == pytest.approx(solved, rel=1e-3)


def test_a_film_too_dark_for_any_mode_is_a_no_not_a_failure() -> None:
    """At 2 A/cm2 the dots absorb 558 cm^-1 and push the only mode beyond cut-off: a report without a mode, in words."""
    dots = {"material": {"n": 1.95, "k": 1e-3}, "role": "gain"}
    report = qdp.analyze(
        qdp.load_stack(
            {
                "name": "dark",
                "wavelength": 642.4,
                "substrate": {"n": 1.9},
                "superstrate": {"n": 1.52},
                "layers": [
                    {"name": "QD", "thickness": 248.4599, **dots},
                    {"name": "top", "material": {"n": 1.758516, "k": 5.431064e-04}, "thickness": 292.1848},
                ],
                "gain": {"medium": "ccg-QD"},
                "drive": {"current_density_A_per_cm2": 2.1419},
            }
        )
    )
    assert report.mode is None
    assert report.verdict.optical.ase is False
    assert "no mode of the stack can be followed there" in report.verdict.text
