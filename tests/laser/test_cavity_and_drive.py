"""Mirror loss, drives, heating, thresholds."""

from __future__ import annotations

from math import exp, inf, log

import pytest

import qdphotonics as qdp
from qdphotonics.gain import load_medium
from qdphotonics.laser import Operation, analyze, mirror_loss_per_cm
from qdphotonics.laser.drive import operation
from qdphotonics.stacks import Cavity, Stack


def test_mirror_loss_is_the_logarithm_of_the_round_trip() -> None:
    """alpha_m = -ln(R1 R2)/2L: R = 1/e twice and L = 500 um = 0.05 cm give 20 cm^-1; perfect mirrors 0; none: infinite."""
    assert mirror_loss_per_cm(Cavity(500, (exp(-1), exp(-1)))) == pytest.approx(20.0, rel=1e-12)
    assert mirror_loss_per_cm(Cavity(1000, (0.3, 1.0))) == pytest.approx(-log(0.3) / 0.2, rel=1e-12)
    assert mirror_loss_per_cm(Cavity(500, (1.0, 1.0))) == 0.0
    assert mirror_loss_per_cm(Cavity(500, (0.9, 0.0))) == inf


def test_the_drive_is_the_one_given_else_the_stack_s_else_saturation(silver_led: Stack) -> None:
    driven = silver_led.changed({"drive.current_density_A_per_cm2": 10})
    pulsed = silver_led.changed({"drive.fluence_J_per_cm2": 1e-5})
    assert operation(silver_led, None, None) == Operation()
    assert operation(driven, None, None) == Operation(current_density_A_per_cm2=10)
    assert operation(pulsed, None, None) == Operation(fluence_J_per_cm2=1e-5)
    assert operation(driven, 3.0, None) == Operation(current_density_A_per_cm2=3.0)
    assert operation(driven, None, 1e-6) == Operation(fluence_J_per_cm2=1e-6)


def test_a_drive_gives_the_gain_of_the_medium() -> None:
    """Closed forms of the papers' three states: transparency at 6.76 A/cm^2 (G6), half gain at 25.8; G0 without a drive."""
    medium = load_medium("cg-QD").three_state
    assert Operation(current_density_A_per_cm2=6.76).material_gain_per_cm(medium) == pytest.approx(0.0, abs=0.2)
    assert Operation(current_density_A_per_cm2=25.8).material_gain_per_cm(medium) == pytest.approx(100.0, abs=0.3)
    assert Operation().material_gain_per_cm(medium) == 200.0
    assert Operation(fluence_J_per_cm2=0.0).material_gain_per_cm(medium) == -200.0


@pytest.mark.parametrize(
    ("current", "fluence", "message"),
    [
        (1.0, 1e-6, "must not both be given"),
        (-1.0, None, "`current_density_A_per_cm2` must be finite and >= 0, but is -1"),
        (None, float("nan"), "`fluence_J_per_cm2` must be finite and >= 0, but is nan"),
    ],
)
def test_drives_that_cannot_be_are_refused(silver_led: Stack, current: float | None, fluence: float | None, message: str) -> None:
    with pytest.raises(qdp.ArgumentError) as caught:
        analyze(silver_led, current_density_A_per_cm2=current, fluence_J_per_cm2=fluence)
    assert message in str(caught.value)


def test_thresholds_lie_where_the_conditions_are_met(low_loss_led: Stack) -> None:
    """At each threshold's current and at its fluence alike, analyze finds G = 0, G_net = 0, and G_net = the cavity's loss."""
    report = analyze(low_loss_led)
    reached = report.thresholds
    assert reached.transparency.material_gain_per_cm == 0.0
    assert report.cavity_loss_per_cm is not None
    for threshold, expected in ((reached.net_gain, 0.0), (reached.lasing, report.cavity_loss_per_cm)):
        by_current = analyze(low_loss_led, current_density_A_per_cm2=threshold.current_density_A_per_cm2, mode="TE0")
        by_pulse = analyze(low_loss_led, fluence_J_per_cm2=threshold.fluence_J_per_cm2, mode="TE0")
        assert by_current.net_gain_per_cm == pytest.approx(expected, abs=1e-6)
        assert by_pulse.net_gain_per_cm == pytest.approx(expected, abs=1e-6)


def test_thresholds_come_in_their_order(low_loss_led: Stack) -> None:
    reached = analyze(low_loss_led).thresholds
    currents = [each.current_density_A_per_cm2 for each in (reached.transparency, reached.net_gain, reached.lasing)]
    assert None not in currents
    assert currents == sorted(currents, key=float)  # type: ignore[arg-type]


def test_a_film_of_several_monolayers_takes_so_many_times_the_current(silver_report: qdp.laser.Report) -> None:
    """g = sigma_e j/e with sigma_e ~ 1/N_ML: both readings are in the report."""
    threshold = silver_report.thresholds.net_gain
    assert silver_report.monolayers > 5
    assert threshold.current_density_film_A_per_cm2 == pytest.approx(
        silver_report.monolayers * (threshold.current_density_A_per_cm2 or 0.0), rel=1e-9
    )
