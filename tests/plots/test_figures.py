"""Figures: axes named with units, curves that hold the results' numbers, nothing outside the page, pyplot untouched."""

from __future__ import annotations

import sys
from collections.abc import Callable

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics.laser import Report, analyze
from qdphotonics.optics import follow_modes
from qdphotonics.plots.style import DOUBLE_COLUMN, INCHES_PER_MM, N_EFF
from qdphotonics.stacks import Stack, list_stacks
from tests.plots.reading import axes_with_too_few_numbers, check_page, empty_axes, texts

ANALYSABLE = [name for name in list_stacks() if qdp.load_stack(name).gain_layers]


@pytest.fixture(scope="module")
def stack() -> Stack:
    return qdp.load_stack("jung2022-lito-ag")


@pytest.fixture(scope="module")
def report(stack: Stack) -> Report:
    return analyze(stack)


def axis_labels(figure: Figure) -> list[str]:
    return [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel()) if label]


@pytest.mark.parametrize("name", ANALYSABLE)
def test_the_figures_of_a_report_fit_their_page(name: str) -> None:
    """All shipped stacks: one film, many thin layers, a ten-pair reflector."""
    found = analyze(qdp.load_stack(name))
    for figure in (plots.index_and_modes(found.modes, found.mode), plots.loss_budget(found.modes, found.mode), plots.net_gain(found)):
        check_page(figure)
        assert axes_with_too_few_numbers(figure) == []
        assert empty_axes(figure) == []
        assert figure.get_figwidth() == pytest.approx(DOUBLE_COLUMN)
        assert DOUBLE_COLUMN / INCHES_PER_MM <= 180


def test_axes_carry_units(stack: Stack, report: Report) -> None:
    figures: dict[str, Callable[[], Figure]] = {
        "modes": lambda: plots.index_and_modes(report.modes),
        "budget": lambda: plots.loss_budget(report.modes),
        "gain": lambda: plots.net_gain(report),
        "dispersion": lambda: plots.dispersion(follow_modes(stack, [620.0, 630.0])),
        "material": lambda: plots.material_index(qdp.load_material("Ag")),
    }
    labels = {name: axis_labels(draw()) for name, draw in figures.items()}
    assert labels["modes"] == [f"Re n, and Re {N_EFF}\nof the modes", "z (nm), from the top of the substrate", "|E|² (of its maximum)"]
    assert labels["budget"] == ["loss (cm⁻¹)", "share of the mode's loss (%)"]
    assert labels["gain"] == ["current density (A/cm²)", "net modal gain (cm⁻¹)", "pulse fluence at the dots (µJ/cm²)"]
    below = ["wavelength (nm)", f"TM: Re {N_EFF}", "wavelength (nm)", "TM: loss (cm⁻¹)"]
    assert labels["dispersion"] == [f"TE: Re {N_EFF}", "TE: loss (cm⁻¹)", *below]
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


@pytest.mark.parametrize("name", ["jung2022-lito-ag", "ahn2023-brw"])
def test_every_figure_of_a_report_names_the_wavelength(name: str) -> None:
    """Also one given in eV, whose 642.405… nm are named in four digits."""
    found = analyze(qdp.load_stack(name))
    wavelength = {"jung2022-lito-ag": "at 630 nm", "ahn2023-brw": "at 642.4 nm"}[name]
    for figure in (plots.index_and_modes(found.modes, found.mode), plots.loss_budget(found.modes, found.mode), plots.net_gain(found)):
        assert any(wavelength in text for text in texts(figure))


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


def test_losses_stand_in_order_under_a_title_that_is_true() -> None:
    """The Bragg waveguide: TE10, 26 cm^-1, is the 13th by its loss, so eleven others and itself are drawn, itself in bold."""
    found = analyze(qdp.load_stack("ahn2023-brw"))
    right = plots.loss_budget(found.modes, found.mode).axes[1]
    labels = right.get_yticklabels()
    losses = [found.modes[label.get_text().split(",")[0]].loss_per_cm for label in labels]
    assert losses == sorted(losses)
    assert [label.get_text() for label in labels if label.get_fontweight() == "bold"] == ["TE10, 26.4 cm⁻¹"]
    assert right.get_title() == f"the 11 modes of least loss of {len(found.modes)}, and TE10"


def test_the_rounding_of_no_loss_is_not_drawn() -> None:
    """Transparent materials: some 1e-13 cm^-1 of rounding once were bars of shares, on an axis from -0.06 to 0.06 cm^-1."""
    found = analyze(qdp.load_stack("roh2020-dfb-typea"))
    left, right = plots.loss_budget(found.modes, found.mode).axes
    assert len(left.patches) == len(right.patches) == 0
    assert left.get_xlim() == (0, 1)
    assert [text.get_text() for text in (*left.texts, *right.texts)] == ["no loss"] * (1 + len(found.modes))
    assert [label.get_text() for label in right.get_yticklabels()] == ["TE0, 0 cm⁻¹", "TM0, 0 cm⁻¹"]


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
        assert "no mode" in " ".join(texts(figure))


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
    assert axes_with_too_few_numbers(figure) == []
    te1 = figure.axes[0].get_lines()[1]
    assert te1.get_marker() == "o"  # a line through one point would not be seen
    assert np.isnan(np.asarray(te1.get_ydata(), dtype=float)).tolist() == [False, True]


@pytest.mark.parametrize("name", ["jung2022-lito-ag", "roh2020-lito", "qd-led", "ahn2023-brw"])
def test_losses_over_wavelength_can_be_read(name: str) -> None:
    """132 to 145 cm^-1 and 30 to 47 cm^-1 left a logarithmic axis without a number; labels of one column stand in line."""
    figure = plots.dispersion(follow_modes(qdp.load_stack(name), [620.0, 640.0, 660.0]))
    check_page(figure)
    assert axes_with_too_few_numbers(figure) == []
    assert empty_axes(figure) == []
    for column in (figure.axes[0::2], figure.axes[1::2]):
        places = {round(float(axes.yaxis.label.get_window_extent().x0)) for axes in column}
        assert len(places) == 1


def test_names_from_a_file_are_no_formulas() -> None:
    """Dollar signs in names once ended in a parser's traceback."""
    layer = {"name": "$\\spam$", "material": "a$b$", "thickness": 200, "role": "gain"}
    odd = qdp.load_stack(
        {
            "name": "for $5 or $\\frac$",
            "wavelength": 630,
            "substrate": "SiO2",
            "superstrate": "air",
            "materials": {"a$b$": {"n": 1.9}},
            "layers": [layer, {"name": "$_^$", "material": "ITO", "thickness": 60}],
            "gain": {"medium": "cg-QD"},
        }
    )
    found = analyze(odd)
    for figure in (plots.index_and_modes(found.modes), plots.loss_budget(found.modes), plots.stack_picture(odd)):
        check_page(figure)


def test_drawing_leaves_matplotlib_as_it_was(report: Report) -> None:
    """No pyplot state, no changed settings: a notebook's own figures look as before."""
    before = dict(matplotlib.rcParams)
    plots.net_gain(report)
    assert dict(matplotlib.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules
