"""Optical constants of a material."""

from __future__ import annotations

from math import isfinite
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.materials.database import Passive
from qdphotonics.materials.dispersion import Dispersion, Joined
from qdphotonics.materials.interpolation import Table
from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, FONT_POINTS, line_look, literal, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.materials import Material

VISIBLE_NM = (400.0, 800.0)  # what is drawn, where the material is known there
POINTS = 401
DECADES_FOR_LOG = 100.0  # largest over smallest k beyond which a linear axis hides the small values
MANY_POINTS = 40  # of a table, beyond which its markers are small
LETTERS = 130  # on a line of small print


@styled
def material_index(material: Material, wavelength_nm: NDArray[np.float64] | None = None) -> Figure:
    """n and k over wavelength, with the points of a table and the source.

    Parameters
    ----------
    material : Material
    wavelength_nm : float array [wavelength], optional
        From 400 to 800 nm unless given, or the part of it where the material is known, or else its whole range.

    Returns
    -------
    matplotlib.figure.Figure
    """
    grid = _wavelengths(material) if wavelength_nm is None else wavelength_nm
    rays: dict[str, tuple[Dispersion, NDArray[np.complex128]]] = {"ordinary": (material.ordinary, material.index(grid))}
    if material.extraordinary is not None:
        rays["extraordinary"] = material.extraordinary, material.index_extraordinary(grid)
    figure = new_figure(DOUBLE_COLUMN, 0.42 * DOUBLE_COLUMN)
    left, right = figure.subplots(1, 2)
    for order, (label, (form, index)) in enumerate(rays.items()):
        _draw(left, grid, index.real, _points(form, "refraction"), label=label, **line_look(order))
        _draw(right, grid, index.imag, _points(form, "extinction"), label=label, **line_look(order))
    left.set_ylabel("n")
    right.set_ylabel("k")
    for axes in (left, right):
        axes.set_xlabel("wavelength (nm)")
        axes.margins(y=0.1)
    _scale_extinction(right, np.concatenate([index.imag for _, index in rays.values()]))
    if len(rays) > 1:
        left.legend()
    figure.suptitle(literal(material.name), fontsize="medium")
    if material.source:
        source = fill(literal(f"Source: {material.source}"), LETTERS)
        figure.supxlabel(source, x=0.01, ha="left", fontsize=0.8 * FONT_POINTS)
    return figure


def _wavelengths(material: Material) -> NDArray[np.float64]:
    low, high = material.valid_nm or VISIBLE_NM
    first, last = max(low, VISIBLE_NM[0]), min(high, VISIBLE_NM[1])
    if first >= last:
        first, last = low, high if isfinite(high) else 2 * low
    return np.linspace(first, last, POINTS) if first < last else np.array([first])


def _points(form: Dispersion, part: str) -> NDArray[np.float64]:
    """Wavelengths [nm] of the table that n ("refraction") or k ("extinction") is read from; none without a table."""
    if isinstance(form, Passive):
        return _points(form.form, part)
    if isinstance(form, Joined):
        return _points(getattr(form, part), part)
    return form.wavelength_nm if isinstance(form, Table) else np.array([])


def _draw(axes: Axes, grid: NDArray[np.float64], values: NDArray[np.float64], points: NDArray[np.float64], **look: Any) -> None:
    """The curve, with the table's points that lie on it."""
    axes.plot(grid, values, marker="o" if len(grid) == 1 else None, **look)
    given = points[(points >= grid.min()) & (points <= grid.max())]
    heights = np.interp(given, grid, values)
    axes.plot(
        given,
        heights,
        "o",
        color=look["color"],
        markersize=3 if len(given) <= MANY_POINTS else 1.5,
        markerfacecolor="white",
        label="_points of the table",
    )


def _scale_extinction(axes: Axes, extinction: NDArray[np.float64]) -> None:
    """A logarithmic axis over decades; zero alone at the foot of an axis on which nothing else is marked."""
    if not extinction.any():
        axes.set_ylim(-0.05, 1.0)
        axes.set_yticks([0.0])
        axes.text(0.5, 0.5, "no absorption: k = 0 throughout", transform=axes.transAxes, ha="center")
    elif extinction.min() > 0 and extinction.max() > DECADES_FOR_LOG * extinction.min():
        logarithmic(axes, "y")
