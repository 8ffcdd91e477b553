"""Spectra, and modes over wavelength."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.plots.style import (
    DOUBLE_COLUMN,
    FONT_POINTS,
    SINGLE_COLUMN,
    line_look,
    new_figure,
    plain_number,
    spread,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.optics import FollowedMode, FollowedModes, PolarizedSpectrum, Spectrum, StackMode

MOST_LINES = 4  # angles that lines can show; more become a map
WORTH_A_LINE = 0.01  # absorptance of a layer that gets its own line
NAME_HEIGHT = 0.8  # of the font size, of the names of modes at the edge


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
    """Re n_eff and loss of each mode over wavelength, one row a polarization.

    Parameters
    ----------
    followed : optics.FollowedModes

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = list(dict.fromkeys(mode.polarization for mode in followed.modes)) or ["TE"]
    figure = new_figure(DOUBLE_COLUMN, 0.42 * DOUBLE_COLUMN * len(rows))
    panels = figure.subplots(len(rows), 2, sharex=True, squeeze=False)
    for (left, right), which in zip(panels, rows, strict=True):
        modes = [mode for mode in followed.modes if mode.polarization == which]
        _draw_followed(left, followed, modes, lambda point: point.n_eff.real)
        right.set_yscale("symlog", linthresh=1.0)
        right.yaxis.set_major_formatter(plain_number)
        _draw_followed(right, followed, modes, lambda point: point.loss_per_cm)
        left.set_ylabel(f"{which}: Re n_eff")
        right.set_ylabel(f"{which}: loss (cm⁻¹)")
    for axes in panels[-1]:
        axes.set_xlabel("wavelength (nm)")
    return figure


def _draw_followed(axes: Axes, followed: FollowedModes, modes: Sequence[FollowedMode], quantity: Callable[[StackMode], float]) -> None:
    """One curve a mode, its name at the right edge with a line to the curve's end."""
    wavelengths = followed.wavelength_nm
    marker = "o" if len(wavelengths) == 1 else None
    curves = [np.array([np.nan if value is None else value for value in mode.over_wavelengths(quantity)]) for mode in modes]
    for order, (mode, curve) in enumerate(zip(modes, curves, strict=True)):
        axes.plot(wavelengths, curve, label=mode.label, marker=marker, **line_look(order))
    if len(wavelengths) > 1:
        axes.set_xlim(wavelengths.min(), wavelengths.max())
    low, high = axes.get_ylim()  # fixes the limits, to which the names' heights refer
    axes.set_ylim(low, high)
    last = [int(np.flatnonzero(np.isfinite(curve))[-1]) for curve in curves]
    ends = [(float(wavelengths[at]), float(curve[at])) for at, curve in zip(last, curves, strict=True)]
    heights = [float(axes.transAxes.inverted().transform(axes.transData.transform(end))[1]) for end in ends]
    rising = sorted(range(len(modes)), key=lambda number: heights[number])
    size = NAME_HEIGHT * FONT_POINTS / (72 * 0.36 * DOUBLE_COLUMN)
    places = spread([heights[number] for number in rising], [size] * len(rising), 0.0, 1.0)
    for number, place in zip(rising, places, strict=True):
        axes.annotate(
            modes[number].label,
            xy=ends[number],
            xytext=(1.05, place),
            textcoords="axes fraction",
            va="center",
            fontsize=NAME_HEIGHT * FONT_POINTS,
            color=line_look(number)["color"],
            arrowprops={"arrowstyle": "-", "linewidth": 0.3, "shrinkA": 0, "shrinkB": 0, "color": "#808080"},
        )
