"""Spectra: one panel a quantity where there are several angles, scales of their own range."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import QuadMesh

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics.optics import spectrum
from qdphotonics.plots.style import line_look
from qdphotonics.stacks import Stack
from tests.plots.reading import axes_with_too_few_numbers, check_page, empty_axes

WAVELENGTHS = np.linspace(600.0, 660.0, 13)


@pytest.fixture(scope="module")
def stack() -> Stack:
    return qdp.load_stack("jung2022-lito-ag")


@pytest.mark.parametrize(("angles", "panels"), [([0.0], 1), ([30.0], 2), ([0.0, 30.0], 6), (list(range(0, 60, 10)), 9)])
def test_spectra_are_lines_for_few_angles_and_maps_for_many(stack: Stack, angles: list[float], panels: int) -> None:
    """One panel where TE and TM are one; a panel for R, T and A each where there are angles; maps have a colour bar a column."""
    figure = plots.spectrum(spectrum(stack, WAVELENGTHS, angles))
    check_page(figure)
    assert len(figure.axes) == panels
    assert axes_with_too_few_numbers(figure) == []
    assert empty_axes(figure) == []
    assert "wavelength (nm)" in [axes.get_xlabel() for axes in figure.axes]


def test_one_polarization_is_one_panel(stack: Stack) -> None:
    figure = plots.spectrum(spectrum(stack, [600.0, 610.0], 30.0, polarization="TE"))
    check_page(figure)
    assert [axes.get_title() for axes in figure.axes] == ["TE, light from the substrate at 30°"]


def test_grey_tells_angles_and_quantities_apart(stack: Stack) -> None:
    """Four angles: a dash each, one entry each in the legend; reflectance, transmittance and absorptance in panels of their own."""
    result = spectrum(stack, WAVELENGTHS, [0.0, 20.0, 40.0, 60.0])
    figure = plots.spectrum(result)
    assert [axes.get_title() for axes in figure.axes[:3]] == ["TE reflectance", "TE transmittance", "TE absorptance"]
    dashes = {str(line_look(order)["linestyle"]) for order in range(4)}
    assert len(dashes) == 4
    for axes in figure.axes:
        assert [line.get_color() for line in axes.get_lines()] == [line_look(order)["color"] for order in range(4)]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["0°", "20°", "40°", "60°"]
    transmitted = figure.axes[1].get_lines()[1]
    assert np.asarray(transmitted.get_ydata()) == pytest.approx(result.TE.transmittance[1])


def test_each_quantity_of_a_map_has_its_own_scale(stack: Stack) -> None:
    """Behind silver some 1e-4 get through: on a scale from 0 to 1 that is a black panel. TE and TM share the scale."""
    result = spectrum(stack, WAVELENGTHS, np.arange(0.0, 60.0, 10.0))
    figure = plots.spectrum(result)
    for column, name in enumerate(("reflectance", "transmittance")):
        values = [getattr(result.TE, name), getattr(result.TM, name)]
        for axes in (figure.axes[column], figure.axes[3 + column]):
            (image,) = [each for each in axes.collections if isinstance(each, QuadMesh)]
            assert image.get_clim() == pytest.approx((np.min(values), np.max(values)))
