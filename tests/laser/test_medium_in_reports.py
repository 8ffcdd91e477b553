"""What a report takes from its medium: pulses of light of some length, and warnings of a use outside the range of validity."""

from __future__ import annotations

import pytest

import qdphotonics as qdp
from qdphotonics.gain import load_medium
from qdphotonics.laser.drive import operation
from qdphotonics.stacks import Stack


def test_a_long_pump_pulse_gives_less_gain_than_a_flash(silver_led: Stack) -> None:
    """A fluence, the stack's own or another, comes in a pulse of the stack's pump_pulse_ns.

    20 uJ/cm^2 in 1 ps, 1 ns and 20 ns against tau_XX 1.3, tau_X 12 ns.
    Expected: the medium's own gain for that length; a flash within 0.1 % for 1 ps, less for 1 ns, absorption for 20 ns.
    """
    medium = load_medium("ccg-QD")
    gains = {}
    for length in (None, 1e-3, 1.0, 20.0):
        stack = silver_led.changed({"drive": {"fluence_J_per_cm2": 2e-5, "pump_pulse_ns": length}})
        drive = operation(stack, None, None)
        assert operation(stack, None, 2e-5) == drive
        gains[length] = drive.material_gain_per_cm(medium)
        assert gains[length] == medium.gain_per_cm_at_fluence(2e-5, pulse_ns=length or 0.0)
        assert ("ns" in str(drive)) == (length is not None)
    assert gains[1e-3] == pytest.approx(gains[None], rel=1e-3)
    assert gains[None] > gains[1.0] > 0 > gains[20.0]
    current = silver_led.changed({"drive": {"fluence_J_per_cm2": 2e-5, "pulse_ns": 20.0, "pump_pulse_ns": 1.0}})
    assert operation(current, 1.0, None).pump_pulse_ns == 0.0


@pytest.mark.parametrize(
    ("changes", "drive", "words"),
    [
        ({"wavelength": 700}, {}, "ccg-QD is used at wavelength 700 nm, outside of what it is known for (516.6 to 681.2 nm)"),
        ({"drive": None}, {"current_density_A_per_cm2": 5e3}, "excitons per dot 8.538, outside of what it is known for (0 to 7)"),
        ({"gain": {"medium": "PbS"}}, {}, "PbS is used at wavelength 630 nm, outside"),
    ],
)
def test_a_medium_outside_its_range_is_one_warning(
    silver_led: Stack, changes: dict[str, object], drive: dict[str, float], words: str
) -> None:
    """Wavelength outside valid_nm, dots filled beyond their range: one sentence each in the report; none for M2 as published."""
    ranges = [text for text in qdp.analyze(silver_led).warnings if "known for" in text]
    assert ranges == []
    report = qdp.analyze(silver_led.changed(changes), **drive)  # type: ignore[arg-type]
    found = [text for text in report.warnings if "known for" in text]
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(("medium", "words"), [("quantum-shell", "670 nm, others at 648 nm"), ("CdS-ZnSe", "539 nm, others at 517 nm")])
def test_excitons_that_leave_their_line_are_warned_of(silver_led: Stack, medium: str, words: str) -> None:
    """Delta_XX of 63 and 100 meV against half a line of 37 and 37 meV, 0 and -20 against 42 and 52 in ccg-QD and CdSe.

    Saturated quantum shells have 450 cm^-1 at E_X + Delta_XX and 104 at E_X, of which a report that takes the peak gain knows nothing.
    Expected: one sentence in reports and thresholds of the first two, none in those of the others.
    """
    dots = load_medium(medium)
    spectrum = dots.gain_spectrum_per_cm([dots.gain_wavelength_nm], current_density_A_per_cm2=1e9)
    assert spectrum[0] < 0.3 * dots.material_gain_per_cm
    at_its_line = silver_led.changed({"wavelength": float(dots.gain_wavelength_nm), "gain": {"medium": medium}})
    for found in (qdp.analyze(at_its_line).warnings, qdp.thresholds(medium).warnings):
        (text,) = [each for each in found if "repel" in each]
        assert words in text
    for name in ("ccg-QD", "CdSe"):
        assert not any("repel" in each or "attract" in each for each in qdp.thresholds(name).warnings)
    assert not any("repel" in each for each in qdp.analyze(silver_led).warnings)
