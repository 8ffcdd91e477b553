"""Optical constants of a material."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdphotonics.plots.style import DOUBLE_COLUMN, line_look, new_figure, styled

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.materials import Material

DECADES_FOR_LOG = 100.0  # largest over smallest k beyond which a linear axis hides the small values


@styled
def material_index(material: Material, wavelength_nm: NDArray[np.float64]) -> Figure:
    """n and k over wavelength.

    Parameters
    ----------
    material : Material
    wavelength_nm : float array [wavelength]

    Returns
    -------
    matplotlib.figure.Figure
    """
    curves = {"ordinary" if material.is_uniaxial else material.name: material.index(wavelength_nm)}
    if material.is_uniaxial:
        curves["extraordinary"] = material.index_extraordinary(wavelength_nm)
    figure = new_figure(DOUBLE_COLUMN, 0.4 * DOUBLE_COLUMN)
    left, right = figure.subplots(1, 2)
    for order, (label, index) in enumerate(curves.items()):
        left.plot(wavelength_nm, index.real, label=label, **line_look(order))
        right.plot(wavelength_nm, index.imag, label=label, **line_look(order))
        if index.imag.min() > 0 and index.imag.max() > DECADES_FOR_LOG * index.imag.min():
            right.set_yscale("log")
    left.set_ylabel("n")
    right.set_ylabel("k")
    for axes in (left, right):
        axes.set_xlabel("wavelength (nm)")
        axes.margins(y=0.1)
    if len(curves) > 1:
        left.legend()
    figure.suptitle(material.name, fontsize="medium")
    return figure
