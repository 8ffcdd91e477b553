"""Optical constants drawn where they are known, with the points of tables and the source."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics.materials import list_materials, load_material
from tests.plots.reading import axes_with_too_few_numbers, check_page, empty_axes, numbers, texts


@pytest.mark.parametrize("name", list_materials())
def test_every_shipped_material_is_drawn_where_it_is_known(name: str) -> None:
    """PbS is known from 3500 nm on only: its figure was empty."""
    material = load_material(name)
    figure = plots.material_index(material)
    assert empty_axes(figure) == []
    left, right = figure.axes
    curve = left.get_lines()[0]
    wavelengths = np.asarray(curve.get_xdata(), dtype=float)
    low, high = material.valid_nm or (0.0, np.inf)
    assert low <= wavelengths.min() < wavelengths.max() <= high
    assert np.asarray(curve.get_ydata()) == pytest.approx(material.index(wavelengths).real)
    flat = not material.index(wavelengths).imag.any()
    assert [each for each in axes_with_too_few_numbers(figure) if not (flat and each.endswith("k"))] == []
    assert not any(text.startswith(("-", "−")) for text in numbers(right, "y"))  # k of a passive material
    assert " ".join(material.source.split())[:40] in " ".join(texts(figure))


def test_the_small_print_fits_the_page() -> None:
    """ITO has the longest source: two lines."""
    figure = plots.material_index(load_material("ITO"))
    check_page(figure)
    assert any(text.startswith("Source: Jung") and "\n" in text for text in texts(figure))


def test_no_absorption_is_said() -> None:
    figure = plots.material_index(load_material("ccg-QD film"))
    assert numbers(figure.axes[1], "y") == ["0"]
    assert "no absorption: k = 0 throughout" in texts(figure)


def test_a_table_shows_its_points() -> None:
    """Johnson and Christy's silver between 500 and 700 nm: seven photon energies, the straight lines between are ours."""
    figure = plots.material_index(load_material("Ag"), np.linspace(500.0, 700.0, 201))
    energies_eV = np.array([2.38, 2.26, 2.13, 2.01, 1.88])
    for axes, part in zip(figure.axes, ("real", "imag"), strict=True):
        points = axes.get_lines()[1]
        at = np.asarray(points.get_xdata(), dtype=float)
        assert np.sort(1239.84 / at)[::-1] == pytest.approx(energies_eV, abs=0.005)
        assert np.asarray(points.get_ydata()) == pytest.approx(getattr(load_material("Ag").index(at), part), abs=5e-3)
        assert points.get_marker() == "o"


def test_a_formula_has_no_points() -> None:
    assert len(np.asarray(plots.material_index(load_material("SiO2")).axes[0].get_lines()[1].get_xdata())) == 0


def test_a_uniaxial_material_has_two_curves() -> None:
    changed = qdp.load_stack("jung2022-lito-ag").changed({"layers.HAT-CN.material": {"n_o": 1.7, "n_e": 1.9}})
    figure = plots.material_index(changed.layers[3].material, np.array([600.0, 650.0]))
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["ordinary", "extraordinary"]
