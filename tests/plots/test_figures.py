"""Figures: axes named with units, curves that hold the results' numbers, nothing outside the page, pyplot untouched."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics.laser import Report, analyze
from qdphotonics.optics import follow_modes, spectrum
from qdphotonics.plots.style import DOUBLE_COLUMN, INCHES_PER_MM
from qdphotonics.stacks import Stack, list_stacks

ANALYSABLE = [name for name in list_stacks() if qdp.load_stack(name).gain_layers]
SLACK = 0.015  # inches; half a line width, antialiasing


@pytest.fixture(scope="module")
def stack() -> Stack:
    return qdp.load_stack("jung2022-lito-ag")


@pytest.fixture(scope="module")
def report(stack: Stack) -> Report:
    return analyze(stack)


def check_page(figure: Figure) -> None:
    """All that is visible lies within the page [inches]."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    box: Any = figure.get_tightbbox(canvas.get_renderer())
    assert box.x0 > -SLACK
    assert box.y0 > -SLACK
    assert box.x1 < figure.get_figwidth() + SLACK
    assert box.y1 < figure.get_figheight() + SLACK


def axis_labels(figure: Figure) -> list[str]:
    return [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel()) if label]


@pytest.mark.parametrize("name", ANALYSABLE)
def test_the_figures_of_a_report_fit_their_page(name: str) -> None:
    """All shipped stacks: one film, many thin layers, a ten-pair reflector."""
    found = analyze(qdp.load_stack(name))
    for figure in (plots.index_and_modes(found.modes, found.mode), plots.loss_budget(found.modes, found.mode), plots.net_gain(found)):
        check_page(figure)
        assert figure.get_figwidth() == pytest.approx(DOUBLE_COLUMN)
        assert DOUBLE_COLUMN / INCHES_PER_MM <= 180


@pytest.mark.parametrize("name", list_stacks())
def test_the_picture_of_a_stack_is_to_scale(name: str) -> None:
    """Each layer's rectangle is as high as the layer is thick; labels stay on the page."""
    stack = qdp.load_stack(name)
    figure = plots.stack_picture(stack)
    check_page(figure)
    bars = [patch for patch in figure.axes[0].patches if patch.get_facecolor()[:3] != (0.0, 0.0, 0.0)]
    heights = [float(bar.get_height()) for bar in bars]  # type: ignore[attr-defined]
    bottoms = [float(bar.get_y()) for bar in bars]  # type: ignore[attr-defined]
    assert heights[1:-1] == pytest.approx(stack.thickness_nm.tolist())
    assert bottoms[1:] == pytest.approx(stack.interfaces_nm.tolist())
    assert figure.axes[0].get_ylabel() == "z (nm)"
    texts = " ".join(text.get_text() for text in figure.axes[0].texts)
    for layer in stack.layers:
        assert layer.written_name in texts


def test_axes_carry_units(stack: Stack, report: Report) -> None:
    figures: dict[str, Callable[[], Figure]] = {
        "modes": lambda: plots.index_and_modes(report.modes),
        "budget": lambda: plots.loss_budget(report.modes),
        "gain": lambda: plots.net_gain(report),
        "dispersion": lambda: plots.dispersion(follow_modes(stack, [620.0, 630.0])),
        "material": lambda: plots.material_index(qdp.load_material("Ag"), np.linspace(500.0, 700.0, 11)),
    }
    labels = {name: axis_labels(draw()) for name, draw in figures.items()}
    assert labels["modes"] == ["Re n", "z (nm), from the top of the substrate", "|E|² (of its maximum)"]
    assert labels["budget"] == ["loss (cm⁻¹)", "share of the mode's loss (%)"]
    assert labels["gain"] == ["current density (A/cm²)", "net modal gain (cm⁻¹)", "pulse fluence at the dots (µJ/cm²)"]
    below = ["wavelength (nm)", "TM: Re n_eff", "wavelength (nm)", "TM: loss (cm⁻¹)"]
    assert labels["dispersion"] == ["TE: Re n_eff", "TE: loss (cm⁻¹)", *below]
    assert labels["material"] == ["wavelength (nm)", "n", "wavelength (nm)", "k"]


def test_the_gain_figure_holds_the_report_s_curve_and_thresholds(report: Report) -> None:
    """The curve's points and the thresholds' markers are the report's numbers, the fluence in uJ/cm^2."""
    by_current, by_pulse = plots.net_gain(report).axes
    curve = report.curve
    assert curve is not None
    lines = {str(line.get_label()): line for line in by_current.get_lines()}
    assert lines["net modal gain"].get_xdata() == pytest.approx(curve.current_density_A_per_cm2)
    assert lines["net modal gain"].get_ydata() == pytest.approx(curve.net_gain_per_cm)
    marker = lines["net gain begins"]
    assert list(marker.get_xdata()) == [report.thresholds.net_gain.current_density_A_per_cm2]  # type: ignore[arg-type]
    pulses = {str(line.get_label()): line for line in by_pulse.get_lines()}
    assert pulses["net modal gain"].get_xdata() == pytest.approx(1e6 * curve.fluence_J_per_cm2)
    assert "lasing begins" not in lines


def test_a_drive_is_marked(stack: Stack) -> None:
    found = analyze(stack, current_density_A_per_cm2=100.0)
    labels = [str(line.get_label()) for line in plots.net_gain(found).axes[0].get_lines()]
    assert "the drive" in labels


def test_the_loss_figure_holds_the_budget(report: Report) -> None:
    left, right = plots.loss_budget(report.modes, report.mode).axes
    assert report.mode is not None
    widths = sorted(float(bar.get_width()) for bar in left.patches)  # type: ignore[attr-defined]
    assert widths == pytest.approx(sorted([report.mode.loss_budget_per_cm["L-ITO"], report.mode.loss_budget_per_cm["Ag"]]))
    assert len(right.get_yticks()) == len(report.modes)


def test_the_modes_drawn_begin_with_the_one_reported(report: Report) -> None:
    figure = plots.index_and_modes(report.modes, report.modes["TM1"])
    curves = figure.axes[1].get_lines()
    assert str(curves[0].get_label()).startswith("TM1 (photonic): n_eff 1.52")
    assert len(curves) == 4
    for curve in curves:
        assert np.max(np.asarray(curve.get_ydata(), dtype=float)) <= 1.0 + 1e-9


def test_a_report_without_a_mode_is_drawn_too() -> None:
    nothing = qdp.load_stack(
        {
            "name": "nothing",
            "wavelength": 630,
            "substrate": {"n": 1.5},
            "superstrate": {"n": 1.5},
            "layers": [{"name": "QD", "material": {"n": 1.5}, "thickness": 20, "role": "gain"}],
            "gain": {"medium": "cg-QD"},
        }
    )
    found = analyze(nothing)
    for figure in (plots.index_and_modes(found.modes, found.mode), plots.loss_budget(found.modes, found.mode), plots.net_gain(found)):
        check_page(figure)
        texts = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
        assert "no mode" in " ".join(texts)


@pytest.mark.parametrize(("angles", "panels"), [([0.0], 2), ([0.0, 30.0], 2), (list(range(0, 60, 10)), 7)])
def test_spectra_are_lines_for_few_angles_and_maps_for_many(stack: Stack, angles: list[float], panels: int) -> None:
    figure = plots.spectrum(spectrum(stack, np.linspace(600.0, 660.0, 13), angles))
    check_page(figure)
    assert len(figure.axes) == panels  # the maps have six panels and a colour bar
    assert "wavelength (nm)" in axis_labels(figure)


def test_one_polarization_is_one_panel(stack: Stack) -> None:
    figure = plots.spectrum(spectrum(stack, [600.0, 610.0], 0.0, polarization="TE"))
    check_page(figure)
    assert len(figure.axes) == 1


def test_modes_that_end_leave_a_gap() -> None:
    slab = {
        "name": "slab",
        "wavelength": 700,
        "substrate": {"n": 1.5},
        "superstrate": {"n": 1.5},
        "layers": [{"name": "core", "material": {"n": 2.0}, "thickness": 300}],
    }
    followed = follow_modes(qdp.load_stack(slab), [780.0, 800.0], "TE", (1.5001, 2.0))
    figure = plots.dispersion(followed)
    check_page(figure)
    te1 = figure.axes[0].get_lines()[1]
    assert np.isnan(np.asarray(te1.get_ydata(), dtype=float)).tolist() == [False, True]


def test_a_uniaxial_material_has_two_curves(stack: Stack) -> None:
    changed = stack.changed({"layers.HAT-CN.material": {"n_o": 1.7, "n_e": 1.9}})
    figure = plots.material_index(changed.layers[3].material, np.array([600.0, 650.0]))
    assert [line.get_label() for line in figure.axes[0].get_lines()] == ["ordinary", "extraordinary"]


def test_drawing_leaves_matplotlib_as_it_was(report: Report) -> None:
    """No pyplot state, no changed settings: a notebook's own figures look as before."""
    before = dict(matplotlib.rcParams)
    plots.net_gain(report)
    assert dict(matplotlib.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules
