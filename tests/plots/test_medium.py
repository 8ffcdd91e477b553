"""Figures of a gain medium: the numbers of the result, axes with units, nothing outside the page or on top of other text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure

from qdphotonics import plots
from qdphotonics.gain import MediumGain, list_media, medium_gain
from tests.plots.reading import axes_with_too_few_numbers, check_page, drawn, empty_axes, overlapping, texts

RESULTS: dict[str, Callable[[], MediumGain]] = {
    "ladder": lambda: medium_gain("ccg-QD"),
    "one drive": lambda: medium_gain("ccg-QD", current_density_A_per_cm2=100.0),
    "dark": lambda: medium_gain("ccg-QD", current_density_A_per_cm2=0.0),
    "one wavelength": lambda: medium_gain("cg-QD", [630.0], fluence_J_per_cm2=np.geomspace(1e-7, 1e-4, 9)),
    "never gain": lambda: medium_gain("CdSe", intensity_W_per_cm2=np.geomspace(1.0, 10.0, 5)),
    "charged": lambda: medium_gain("ccg-QD", charge=2.0, monolayers=3.0),
}


@pytest.mark.parametrize("name", RESULTS)
def test_figures_of_a_medium_fit_their_page(name: str) -> None:
    result = RESULTS[name]()
    for figure in (plots.medium_gain(result), plots.gain_map(result), plots.occupancies(result)):
        check_page(figure)
        assert axes_with_too_few_numbers(figure) == []
        assert empty_axes(figure) == []


@pytest.mark.parametrize("name", list_media())
def test_no_text_stands_on_another(name: str) -> None:
    """Titles, labels of axes and legends of every shipped medium."""
    figure = plots.medium_gain(medium_gain(name))
    renderer = drawn(figure)
    shown = []
    for axes in figure.axes:
        legend = axes.get_legend()
        shown += [axes.title, axes.xaxis.label, axes.yaxis.label, *(legend.get_texts() if legend else ())]
    assert overlapping([text for text in shown if text.get_text()], renderer) == []


def test_axes_of_a_ladder_carry_units_and_its_numbers() -> None:
    result = RESULTS["ladder"]()
    figure = plots.medium_gain(result)
    labels = {label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel()) if label}
    assert labels >= {"wavelength (nm)", "current density (A/cm²)", "material gain (cm⁻¹)", "share of the dots", "excitons per dot ⟨N⟩"}
    curves = {str(line.get_label()): line for axes in figure.axes for line in axes.get_lines()}
    assert curves["$P_0$"].get_ydata() == pytest.approx(result.pairs[:, 0])
    assert curves["$P_0$"].get_xdata() == pytest.approx(result.drive)
    assert curves["three or more"].get_ydata() == pytest.approx(1 - result.pairs[:, :3].sum(axis=1), abs=1e-12)
    assert curves["⟨N⟩, right"].get_ydata() == pytest.approx(result.excitons_per_dot)
    assert curves["transparency"].get_xdata()[0] == pytest.approx(result.transparency.current_density_A_per_cm2)  # type: ignore[index]


def test_a_fluence_is_drawn_in_microjoules() -> None:
    figure = plots.gain_map(RESULTS["one wavelength"]())
    assert figure.axes[0].get_xlabel() == "pulse fluence at the dots (µJ/cm²)"
    assert figure.axes[0].get_lines()[1].get_xdata() == pytest.approx(1e6 * np.geomspace(1e-7, 1e-4, 9))


def test_shares_stand_over_microjoules_too() -> None:
    """P_0 of short pulses falls to 1/e where the fluence brings one exciton, 1/sigma of photons: read at the drawn points."""
    result = RESULTS["one wavelength"]()
    axes = plots.occupancies(result).axes[0]
    assert axes.get_lines()[0].get_xdata() == pytest.approx(1e6 * np.geomspace(1e-7, 1e-4, 9))
    assert axes.get_lines()[0].get_ydata() == pytest.approx(np.exp(-result.excitons_per_dot), abs=1e-3)


def test_what_was_changed_is_told() -> None:
    figure = plots.medium_gain(RESULTS["charged"]())
    assert "ccg-QD, 300 K, 2 permanent electrons" in texts(figure)
    assert "current density (A/cm², 3 monolayers)" in texts(figure)


def test_in_grey_the_lines_tell_gain_from_absorption() -> None:
    """Blue and red of one luminance: contours of absorption are dashed, the one at zero is the thickest."""
    figure: Figure = plots.gain_map(RESULTS["ladder"]())
    legend = figure.axes[0].get_legend()
    assert legend is not None
    looks = {str(line.get_label()): (line.get_linestyle(), line.get_linewidth()) for line in legend.get_lines()}
    assert looks == {"transparent": ("-", 1.4), "gain": ("-", 0.5), "absorption": ("--", 0.5)}
