"""The feedback of a grating in a report: coupled waves, thresholds at its own wavelength, and what it says when there is none."""

from __future__ import annotations

import pytest

import qdphotonics as qdp
from qdphotonics.gratings import distributed_feedback
from qdphotonics.laser import analyze
from qdphotonics.laser.feedback import GratingFeedback, grating_feedback
from qdphotonics.stacks import Stack

GRATING = {"layer": "QD", "period": 187, "depth": 2, "duty": 0.5, "order": 1}


def test_the_cavity_loss_is_that_of_coupled_waves(plain_slab: Stack) -> None:
    """alpha_cavity = 2 alpha of the lowest mode of a 500 um grating: Gamma g_th = alpha_eff + alpha_cavity, to 1e-9."""
    stack = plain_slab.changed({"grating": GRATING, "cavity": {"length_um": 500}})
    lowest = distributed_feedback(stack).modes()[0]  # on either side of the stop band: both lose alike
    report = analyze(stack)
    assert report.feedback is not None
    assert report.cavity_loss_per_cm == pytest.approx(lowest.cavity_loss_per_cm, rel=1e-9)
    assert min(abs(report.feedback.wavelength_nm - edge) for edge in report.feedback.stop_band_nm) < 2.0
    assert report.verdict.optical.lasing is True
    assert "With its grating (500 µm long, κ" in report.verdict.text
    assert report.as_dict()["feedback"]["cavity_loss_per_cm"] == report.cavity_loss_per_cm


def test_at_its_lasing_threshold_the_dots_give_what_the_grating_needs(plain_slab: Stack) -> None:
    """By the whole spectrum at the grating's own wavelength: G(lambda, j) = g_th, to 1 %."""
    report = analyze(plain_slab.changed({"grating": GRATING, "cavity": {"length_um": 400}}))
    assert report.feedback is not None
    assert report.band_thresholds is not None
    lasing = report.band_thresholds.lasing
    gain = report.medium.gain_spectrum_per_cm([report.feedback.wavelength_nm], current_density_A_per_cm2=lasing.current_density_A_per_cm2)
    assert float(gain[0]) == pytest.approx(report.feedback.threshold_gain_per_cm, rel=0.01)
    assert lasing.wavelength_nm == report.feedback.wavelength_nm


def test_a_short_shallow_grating_loses_too_much(plain_slab: Stack) -> None:
    """20 um of a grating hardly reflect: the verdict is no, and says at which wavelength how much is lost."""
    report = analyze(plain_slab.changed({"grating": GRATING, "cavity": {"length_um": 20}}))
    assert report.verdict.optical.lasing is False
    assert "more than the net gain: no lasing" in report.verdict.text
    assert "The mode of its grating at" in report.verdict.text


def test_a_period_for_the_gain_peak(plain_slab: Stack) -> None:
    """The period it advises puts the mode within 1 nm of the peak: one step along the mode's dispersion."""
    medium = qdp.load_medium("cg-QD")
    first = grating_feedback(plain_slab.changed({"grating": {**GRATING, "period": 190}}), medium, "TE0")
    assert isinstance(first, GratingFeedback)
    again = grating_feedback(plain_slab.changed({"grating": {**GRATING, "period": first.period_for_peak_nm}}), medium, "TE0")
    assert isinstance(again, GratingFeedback)
    assert abs(first.wavelength_nm - medium.gain_wavelength_nm) > 5
    assert again.wavelength_nm == pytest.approx(medium.gain_wavelength_nm, abs=1.0)


def test_without_a_grating_there_is_none(plain_slab: Stack) -> None:
    """And where materials end before the Bragg wavelength, the reason is told."""
    medium = qdp.load_medium("cg-QD")
    assert grating_feedback(plain_slab, medium, "TE0") is None
    reason = grating_feedback(qdp.load_stack("cg-qd-dfb").changed({"grating.period": 250.0}), medium, "TE0")
    assert isinstance(reason, str)
    assert "feeds back far from" in reason
