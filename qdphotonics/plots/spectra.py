"""Spectra, and modes over wavelength."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.plots.style import DOUBLE_COLUMN, SINGLE_COLUMN, line_look, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.optics import FollowedModes, PolarizedSpectrum, Spectrum

MOST_LINES = 4  # angles that lines can show; more become a map
WORTH_A_LINE = 0.01  # absorptance of a layer that gets its own line
MOST_NAMED = 14  # modes in a legend


@styled
def spectrum(result: Spectrum) -> Figure:
    """Reflectance, transmittance and absorptance over wavelength; a map where there are many angles.

    Parameters
    ----------
    result : optics.Spectrum

    Returns
    -------
    matplotlib.figure.Figure
    """
    if len(result.angle_deg) > MOST_LINES:
        return _maps(result)
    count = len(result.polarized)
    figure = new_figure(DOUBLE_COLUMN if count > 1 else SINGLE_COLUMN * 1.3, 0.45 * DOUBLE_COLUMN)
    panels = figure.subplots(1, count, sharey=True, squeeze=False)[0]
    for axes, (which, values) in zip(panels, result.polarized.items(), strict=True):
        _draw_lines(axes, result, values)
        axes.set_title(f"{which}, light from the {result.from_}")
        axes.set_xlabel("wavelength (nm)")
    panels[0].set_ylabel("fraction of the light")
    handles = {text: handle for axes in panels for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=3)
    return figure


def _absorbed(values: PolarizedSpectrum) -> NDArray[np.float64]:
    return np.asarray(sum(values.absorptance.values()))


def _draw_lines(axes: Axes, result: Spectrum, values: PolarizedSpectrum) -> None:
    several = len(result.angle_deg) > 1
    marker = "o" if len(result.wavelength_nm) == 1 else None
    curves = {"R": values.reflectance, "T": values.transmittance, "A": _absorbed(values)}
    for order, (letter, curve) in enumerate(curves.items()):
        for row, angle in enumerate(result.angle_deg):
            look = line_look(order) if not several else line_look(order) | {"linestyle": line_look(row)["linestyle"]}
            axes.plot(result.wavelength_nm, curve[row], marker=marker, label=f"{letter}, {angle:g}°" if several else letter, **look)
    if not several:
        names = list(dict.fromkeys(layer.written_name for layer in result.stack.layers))
        large = [name for name in names if float(values.absorptance[name].max()) > WORTH_A_LINE]
        for order, name in enumerate(large if len(large) > 1 else []):
            look = line_look(order + 3)
            axes.plot(result.wavelength_nm, values.absorptance[name][0], marker=marker, linewidth=0.8, label=f"A in {name}", **look)
    axes.set_ylim(-0.02, 1.02)
    if len(result.wavelength_nm) > 1:
        axes.set_xlim(result.wavelength_nm[0], result.wavelength_nm[-1])


def _maps(result: Spectrum) -> Figure:
    count = len(result.polarized)
    figure = new_figure(DOUBLE_COLUMN, 0.33 * DOUBLE_COLUMN * count)
    panels = figure.subplots(count, 3, sharex=True, sharey=True, squeeze=False)
    for row, (which, values) in enumerate(result.polarized.items()):
        for column, (name, data) in enumerate(
            {"reflectance": values.reflectance, "transmittance": values.transmittance, "absorptance": _absorbed(values)}.items()
        ):
            axes = panels[row, column]
            image = axes.pcolormesh(
                result.wavelength_nm, result.angle_deg, data, cmap="cividis", vmin=0, vmax=1, shading="nearest", rasterized=True
            )
            axes.set_title(f"{which} {name}")
            axes.set_xlabel("wavelength (nm)")
            axes.set_ylabel(f"angle in the {result.from_} (°)")
            axes.label_outer()
    figure.colorbar(image, ax=panels, label="fraction of the light")
    return figure


@styled
def dispersion(followed: FollowedModes) -> Figure:
    """Re n_eff and loss of each mode over wavelength.

    Parameters
    ----------
    followed : optics.FollowedModes

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.5 * DOUBLE_COLUMN)
    upper, lower = figure.subplots(1, 2)
    wavelengths = followed.wavelength_nm
    for order, mode in enumerate(followed.modes):
        index = _with_gaps(mode.over_wavelengths(lambda point: point.n_eff.real))
        loss = _with_gaps(mode.over_wavelengths(lambda point: point.loss_per_cm))
        look = line_look(order) | {"marker": "o" if len(wavelengths) == 1 else None}
        label = mode.label if order < MOST_NAMED else None
        upper.plot(wavelengths, index, label=label, **look)
        lower.plot(wavelengths, loss, **look)
    upper.set_ylabel("Re n_eff")
    lower.set_ylabel("loss (cm⁻¹)")
    lower.set_yscale("symlog", linthresh=1.0)
    for axes in (upper, lower):
        axes.set_xlabel("wavelength (nm)")
    if followed.modes:
        figure.legend(loc="outside lower center", ncols=7)
    return figure


def _with_gaps(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values])
