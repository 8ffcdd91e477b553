"""Figures of gratings as lasers, of their bands and of vertical cavities: what they hold, and that it can be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import qdphotonics as qdp
from qdphotonics import gratings, plots
from qdphotonics.fdtd import FdtdResonance, FdtdResonances
from qdphotonics.laser.dfb_fields import edge_fields, modes_along
from qdphotonics.laser.dfb_result import DfbResult
from tests.plots.reading import axes_with_too_few_numbers, check_page, drawn, empty_axes, overlapping, texts
from tests.plots.test_stripe_and_heat import named

CELL, FILM = "dfb-test-cell", "cg-qd-dfb"


def check(figure: Figure) -> None:
    """Nothing beyond the page, numbers on every axis, something on every panel, no text on another."""
    check_page(figure)
    assert axes_with_too_few_numbers(figure) == []
    assert empty_axes(figure) == []
    renderer = drawn(figure)
    assert overlapping([text for text in named(figure) if text.get_text() and text.get_visible()], renderer) == []


@pytest.fixture(scope="module")
def bloch() -> DfbResult:
    return qdp.dfb(CELL, "bloch")


@pytest.fixture
def meep(bloch: DfbResult) -> DfbResult:
    """As FDTD would return it, made up: what it computes is tested in tests/fdtd."""
    bright = FdtdResonance(620.375, 2517.0, "bright", 0.08, 3.6, (620.875, 620.5), (2537.0, 2522.0))
    dark = FdtdResonance(620.508, np.inf, "dark", 0.08, np.inf, (621.008, 620.633), (np.inf, np.inf))
    found = FdtdResonances((bright, dark), "TE", 0.0, (100.0, 200.0), "1.25.0", 40.0, False)
    assert bloch.edges is not None
    edges = tuple(
        replace(edge, wavelength_nm=each.wavelength_nm, q=each.q, uncertainty_nm=0.08, q_uncertainty=each.q_uncertainty)
        for edge, each in zip(bloch.edges, (bright, dark), strict=True)
    )
    return replace(bloch, engine="meep", source=found, resonances=edges, edges=(edges[0], edges[1]))


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_fields_of_two_engines_are_alike(polarization: Any) -> None:
    """Partial waves are a few percent of the field: both maps agree to 12 % of their maximum at every point."""
    x, z = np.linspace(-200.0, 200.0, 41), np.linspace(-100.0, 350.0, 46)
    waves, modes = (edge_fields(qdp.dfb(CELL, engine, polarization=polarization), x, z) for engine in ("coupled-wave", "bloch"))
    for (one, first), (other, second) in zip(waves, modes, strict=True):
        assert one.symmetry == other.symmetry
        assert first.max() == pytest.approx(1.0)
        assert np.abs(first - second).max() < 0.12
        assert first[:, 20].max() < 1e-9 if one.symmetry == "dark" else first[:, 20].max() > 0.9  # odd: nothing in the middle of a tooth


def test_the_dfb_figure_shows_fields_over_the_geometry_to_scale(bloch: DfbResult) -> None:
    figure = plots.dfb(bloch)
    check(figure)
    bright, dark = figure.axes[:2]
    assert bright.get_title() == "bright: 620.375 nm, Q 2515"
    assert dark.get_title() == "dark: 620.508 nm, Q ∞"
    assert bright.get_aspect() == 1.0
    assert {"substrate", "L-ITO", "QD", "superstrate"} <= set(texts(figure))
    corners = {tuple(np.round(point, 6)) for line in bright.get_lines() for point in np.asarray(line.get_xydata())}
    assert {(-100.0, 250.0), (100.0, 250.0), (100.0, 220.0), (-100.0, 220.0)} <= corners  # a tooth of 200 nm, 30 nm high


@pytest.mark.parametrize(
    "changes",
    [
        ("grating.shape=sinusoid",),
        ("grating.shape=blazed", "grating.duty=0.3"),
        ("grating.over_layers=conformal",),
        ("layers.QD.thickness=2000",),
    ],
)
def test_the_dfb_figure_draws_other_geometries(changes: tuple[str, ...]) -> None:
    check(plots.dfb(qdp.dfb(qdp.load_stack(CELL).changed(changes))))


def test_a_finite_grating_is_drawn_with_its_modes_and_the_light_along_it() -> None:
    result = qdp.dfb(FILM, length_um=300.0)
    figure = plots.dfb(result)
    check(figure)
    modes, along = figure.axes
    points = {(float(x), float(y)) for line in modes.get_lines() for x, y in np.asarray(line.get_xydata())}
    assert points == {(each.wavelength_nm, each.loss_per_cm) for each in result.resonances}
    first = along.get_lines()[0]
    assert np.trapezoid(np.asarray(first.get_ydata()), np.asarray(first.get_xdata())) == pytest.approx(300.0, rel=1e-6)
    assert [mode.wavelength_nm for mode, _ in modes_along(result)] == [each.wavelength_nm for each in result.resonances]


def test_fdtd_is_drawn_with_its_grids_and_the_limit(meep: DfbResult) -> None:
    figure = plots.dfb(meep)
    check(figure)
    left, right = figure.axes
    lines = [np.asarray(line.get_xydata()) for line in left.get_lines() if len(np.asarray(line.get_xdata())) == 3]
    assert any(line.tolist() == [[0.0, 620.375], [25.0, 620.5], [100.0, 620.875]] for line in lines)
    assert right.get_title() == "modes that lose nothing (Q infinite) are left out"


def test_engines_stand_side_by_side_with_error_bars(bloch: DfbResult, meep: DfbResult) -> None:
    figure = plots.engines([qdp.dfb(CELL), bloch, meep])
    check(figure)
    left, right = figure.axes
    assert [text.get_text() for text in left.get_xticklabels()] == ["coupled waves", "Bloch modes", "FDTD"]
    assert [bars.get_label() for bars in left.containers] == ["bright", "dark"]
    assert [bars.get_label() for bars in right.containers] == ["bright"]
    heights = sorted(float(np.ptp(segment[:, 1])) for bars in left.containers for segment in bars[2][0].get_segments() if len(segment))
    assert heights[-1] == pytest.approx(0.16)


def test_thresholds_against_the_duty_say_which_edge_wins() -> None:
    """D2 in D4's cell with k = 0.001: the short edge wins at 55 to 65 %, the long one at 25 to 50 and 75 %."""
    stack = qdp.load_stack(CELL).changed(["layers.L-ITO.material.k=0.001"])
    scan = gratings.scan_duty(stack, (0.25, 0.35, 0.5, 0.55, 0.65, 0.75))
    figure = plots.duty_thresholds(scan)
    check(figure)
    left = figure.axes[0]
    shaded = sorted(round(patch.get_x() + patch.get_width() / 2) for patch in left.patches)  # type: ignore[attr-defined]
    assert shaded == [55, 65]
    curves = {str(line.get_label()): np.asarray(line.get_ydata()) for line in left.get_lines()}
    assert curves["dark"][2] == pytest.approx(756, rel=0.01)


@pytest.mark.parametrize("order", [2, 1])
def test_bands_are_drawn_through_the_stop_band(order: int) -> None:
    stack = qdp.load_stack(CELL).changed({"grating.order": order, "grating.period": 200 * order})
    found = qdp.bands(stack, points=9, span=0.03 if order == 2 else 0.002)
    figure = plots.bands(found)
    check(figure)
    far, close, _ = figure.axes
    assert found.stop_band_nm is not None
    low, high = found.stop_band_nm
    assert close.get_ylim() == pytest.approx((low - 4 * (high - low), high + 4 * (high - low)))
    assert far.get_lines()[0].get_ydata() == pytest.approx(found.wavelength_nm[0])
    assert any(f"stop band, {high - low:.3g} nm" in text for text in texts(figure))
    assert ("nothing is lost: Q is infinite" in texts(figure)) == (order == 1)  # guided, beyond the light lines


def test_a_map_is_drawn_where_there_are_angles() -> None:
    figure = plots.bands(qdp.bands(FILM, points=5, angles_deg=np.linspace(-2, 2, 9), wavelengths_nm=np.linspace(595, 615, 9)))
    check(figure)
    assert {"reflectance, TE", "emission by reciprocity, TE"} <= {axes.get_title() for axes in figure.axes}


def test_a_vertical_cavity_is_drawn_with_its_standing_wave() -> None:
    found = qdp.cavity("quantum-shell-cavity")
    figure = plots.cavity(found)
    check(figure)
    best = min(found.resonances, key=lambda each: each.threshold_gain_per_cm or np.inf)
    assert any(f"{best.wavelength_nm:.2f} nm" in text for text in texts(figure))
    wave = np.asarray(figure.axes[0].get_lines()[0].get_ydata())
    assert wave.max() == 1.0


def test_a_stack_without_resonance_or_dots_is_drawn_too() -> None:
    figure = plots.cavity(qdp.cavity("jung2022-lito-ag", least_q=50.0))
    assert "no resonance with Q above 50" in figure.axes[0].get_title()
    check(plots.cavity(qdp.cavity("glass-dielectric-ag", (400.0, 800.0), least_q=1.5)))
