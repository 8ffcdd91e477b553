"""Figures of light from an edge, of a stripe-length curve, of heat, and of a mode's gain over wavelength."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics.laser import EdgeEmission, Report
from qdphotonics.laser.heat import DeviceHeat, glass_transitions
from qdphotonics.thermal import GlassTransitions, Heating
from tests.plots.reading import axes_with_too_few_numbers, check_page, drawn, empty_axes, overlapping, texts


def check(figure: Figure) -> None:
    """Nothing beyond the page, numbers on every axis, something on every panel, no text on another."""
    check_page(figure)
    assert axes_with_too_few_numbers(figure) == []
    assert empty_axes(figure) == []
    renderer = drawn(figure)
    assert overlapping([text for text in named(figure) if text.get_text() and text.get_visible()], renderer) == []


def named(figure: Figure) -> Iterator[Text]:
    for axes in figure.axes:
        legend = axes.get_legend()
        yield from (axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts, *(legend.get_texts() if legend else ()))


@pytest.fixture(scope="module")
def edge() -> EdgeEmission:
    return qdp.ase("ahn2023-brw", current_density_A_per_cm2=np.geomspace(1.0, 1900.0, 9), wavelengths_nm=np.arange(520.0, 681.0, 2.0))


@pytest.fixture(scope="module")
def report() -> Report:
    return qdp.analyze("jung2022-lito-ag", current_density_A_per_cm2=100.0)


def test_the_edge_figure_holds_spectra_widths_and_powers(edge: EdgeEmission) -> None:
    figure = plots.edge_emission(edge)
    check(figure)
    spectra, widths, powers = figure.axes
    curves = {str(line.get_label()): line for line in spectra.get_lines()}
    assert curves["1900"].get_ydata() == pytest.approx(1e6 * edge.spectrum_W_per_nm[-1])
    assert {str(line.get_linestyle()) for line in spectra.get_lines()} >= {"-", "--"}
    lines = {str(line.get_label()): line for line in widths.get_lines()}
    assert np.asarray(lines["1S"].get_ydata()) == pytest.approx(edge.figures["1S"].fwhm_meV)
    lines = {str(line.get_label()): line for line in powers.get_lines()}
    assert lines["1P"].get_ydata() == pytest.approx(1e6 * edge.figures["1P"].power_W)
    assert lines["net gain"].get_xdata()[0] == pytest.approx(edge.onset.net_gain)  # type: ignore[index]
    labels = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel()) if label]
    assert labels == ["wavelength (nm)", "power from the edge (µW/nm)", "FWHM (meV)", "current density (A/cm²)", "power (µW)"]


def test_one_current_is_drawn_along_the_stripe() -> None:
    one = qdp.ase("ahn2023-brw", current_density_A_per_cm2=[200.0], wavelengths_nm=np.arange(600.0, 681.0, 2.0))
    figure = plots.edge_emission(one)
    check(figure)
    along = figure.axes[1].get_lines()[0]
    assert along.get_ydata() == pytest.approx(one.fwhm_along_meV(one.bands[0])[0])
    assert figure.axes[1].get_xlabel() == "place along the stripe (µm)"


@pytest.mark.parametrize("name", ["jung2022-lito-ag", "roh2020-lito", "qd-led"])
def test_every_kind_of_stripe_can_be_drawn(name: str) -> None:
    """Also one that never amplifies, and one whose bands run into each other."""
    check(plots.edge_emission(qdp.ase(name, current_density_A_per_cm2=np.geomspace(0.1, 100.0, 8))))


@pytest.mark.parametrize("header", ["length_um,intensity", "length_um,intensity (counts),error"])
def test_a_fit_is_drawn_with_what_it_left_out(tmp_path: Path, header: str) -> None:
    length = np.arange(25.0, 401.0, 25.0)
    growth = np.expm1(150e-4 * length)
    light = growth / (1 + growth / 60)
    error = ",{:.3g}" if "error" in header else ""
    rows = "\n".join(f"{x:g},{y:.6g}" + error.format(0.02 * y) for x, y in zip(length, light, strict=True))
    (tmp_path / "a.csv").write_text(f"{header}\n{rows}\n", encoding="utf-8")
    found = qdp.fit_vsl(tmp_path / "a.csv", "amplified")
    figure = plots.stripe_lengths(found)
    check(figure)
    assert f"net gain {found.told_gain} cm⁻¹" in figure.axes[0].get_title()
    assert "measured, left out" in texts(figure)
    assert figure.axes[0].get_ylabel() == ("intensity (counts)" if "error" in header else "intensity (as measured)")


def test_heat_is_drawn_over_current_and_time(report: Report) -> None:
    """Rises at the drive: d.c. A j V/K and pulsed, read from the curves (log-log straight lines: 1e-3)."""
    heat = report.heat
    assert heat is not None
    marks = {"transparency": report.thresholds.transparency.current_density_A_per_cm2 or 0.0, "never": np.inf}
    figure = plots.heating(heat, marks, glass_transitions(report.stack), 100.0)
    check(figure)
    rises = {str(line.get_label()): line for line in figure.axes[0].get_lines()}
    for name, expected in (("d.c.", heat.dc_rise_K(100.0)), ("pulses of 1 µs, every 1 ms", heat.rise_K(100.0))):
        line = rises[name]
        at = np.interp(np.log(100.0), np.log(np.asarray(line.get_xdata())), np.log(np.asarray(line.get_ydata())))
        assert np.exp(at) == pytest.approx(expected, rel=1e-3)
    course = np.asarray(figure.axes[1].get_lines()[0].get_ydata())
    assert course.max() == pytest.approx(heat.heating.peak_K(100.0 * heat.power_W_per_A_per_cm2, heat.pulse_ns), rel=1e-6)
    assert "Spiro-2NPB softens" in texts(figure)
    assert "transparency" in texts(figure)
    assert "never" not in texts(figure)


def layered() -> DeviceHeat:
    """A device that cools over seven decades of time, as one on glass does, driven by 1 us every 100 us."""
    resistance, time = np.geomspace(1.0, 400.0, 8), np.geomspace(10.0, 1e8, 8)
    return DeviceHeat(Heating(tuple(resistance.tolist()), tuple(time.tolist())), 1e-2, 1000.0, 1e5)


def test_a_first_pulse_is_never_hotter_than_a_later_one() -> None:
    """Heat of earlier pulses only adds. Both curves at the same times, dense from a thousandth of the pulse on; peak at the pulse's end."""
    heat = layered()
    figure = plots.heating(heat, {"transparency": 10.0}, None, 20.0)
    check(figure)
    panel = figure.axes[1]
    assert panel.get_xscale() == "log"
    first, later = panel.get_lines()[:2]
    assert np.asarray(first.get_xdata()) == pytest.approx(np.asarray(later.get_xdata()))
    assert (np.asarray(first.get_ydata()) <= np.asarray(later.get_ydata()) + 1e-9).all()
    time, rise = np.asarray(first.get_xdata()), np.asarray(first.get_ydata())
    assert (time < 1.0).sum() >= 30  # us: within the pulse
    assert rise.max() == pytest.approx(heat.heating.peak_K(20.0 * 1e-2, 1000.0), rel=1e-6)
    assert time[rise.argmax()] == pytest.approx(1.0)


@pytest.mark.parametrize("softens_at", [30.0, 90.0, 126.0, 400.0])
def test_names_of_levels_and_of_marks_do_not_meet(softens_at: float) -> None:
    """Thresholds over four decades, a layer that softens at any height of the axis."""
    glass = GlassTransitions({"Spiro-2NPB": softens_at, "a hole transport layer": softens_at - 1}, {}, 300.0)
    check(plots.heating(layered(), {"transparency": 0.3, "net gain": 30.0, "lasing": 3000.0}, glass, 10.0))


@pytest.mark.parametrize("power", [1e-5, 1.0, 100.0])
def test_a_direct_current_is_on_the_page_however_hot(power: float) -> None:
    """A K times higher or lower: each curve of the left panel has a part within the axes."""
    heat = layered()
    axes = plots.heating(DeviceHeat(heat.heating, power, 1000.0, 1e5), {"transparency": 10.0}).axes[0]
    low, high = axes.get_ylim()
    for line in axes.get_lines()[:2]:
        rise = np.asarray(line.get_ydata())
        assert ((rise > low) & (rise < high)).sum() > 10


@pytest.mark.parametrize(("pulse", "period"), [(None, None), (50.0, None), (1000.0, 1000.0), (1e6, 1e9)])
def test_every_kind_of_drive_can_be_drawn(pulse: float | None, period: float | None) -> None:
    check(plots.heating(DeviceHeat(Heating.lumped(4.8e-3, 1.9e-8), 1e-3, pulse, period)))


def test_net_gain_is_drawn_over_wavelength(report: Report) -> None:
    spectrum = report.spectrum
    assert spectrum is not None
    figure = plots.net_gain_spectrum(spectrum, "TE0")
    check(figure)
    curves = {str(line.get_label()): line for line in figure.axes[0].get_lines()}
    for name, expected in zip(spectrum.drives, spectrum.net_gain_per_cm, strict=True):
        assert curves[name].get_ydata() == pytest.approx(expected, nan_ok=True)
    loss, share = figure.axes[1].get_lines()[0], figure.axes[2].get_lines()[0]
    assert loss.get_ydata() == pytest.approx(spectrum.loss_per_cm, nan_ok=True)
    assert share.get_ydata() == pytest.approx(100 * spectrum.confinement, nan_ok=True)
