"""Reflectance, transmittance and absorptance over wavelength and angle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import fraction_range
from qdphotonics.plots.style import DOUBLE_COLUMN, SINGLE_COLUMN, line_look, literal, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.optics import PolarizedSpectrum, Spectrum

MOST_LINES = 4  # angles that lines can show; more become a map
WORTH_A_LINE = 0.01  # absorptance of a layer that gets its own line
MARGIN = 0.06  # of the range of the values, below and above them


@styled
def spectrum(result: Spectrum) -> Figure:
    """Reflectance, transmittance and absorptance over wavelength.

    One angle: all in one panel a polarization, with the layers that absorb. A few: a panel each, a line an angle. Many: a
    map each. Panels of one quantity have one scale, of its own range.

    Parameters
    ----------
    result : optics.Spectrum

    Returns
    -------
    matplotlib.figure.Figure
    """
    if len(result.angle_deg) == 1:
        return _one_angle(result)
    return _lines(result) if len(result.angle_deg) <= MOST_LINES else _maps(result)


def _quantities(values: PolarizedSpectrum) -> dict[str, NDArray[np.float64]]:
    absorbed = np.asarray(sum(values.absorptance.values()))
    return {"reflectance": values.reflectance, "transmittance": values.transmittance, "absorptance": absorbed}


def _one_angle(result: Spectrum) -> Figure:
    angle = float(result.angle_deg[0])
    polarized: dict[str, PolarizedSpectrum] = {str(which): values for which, values in result.polarized.items()}
    if angle == 0 and len(polarized) > 1:  # nothing tells them apart
        polarized = {"TE and TM": result.TE}
    figure = new_figure(DOUBLE_COLUMN if len(polarized) > 1 else SINGLE_COLUMN * 1.3, 0.45 * DOUBLE_COLUMN)
    panels = figure.subplots(1, len(polarized), sharey=True, squeeze=False)[0]
    for axes, (which, values) in zip(panels, polarized.items(), strict=True):
        _draw_balance(axes, result, values)
        axes.set_title(f"{which}, light from the {result.from_} at {angle:g}°")
        axes.set_xlabel("wavelength (nm)")
    panels[0].set_ylabel("fraction of the light")
    _legend(figure, panels, columns=3)
    return figure


def _draw_balance(axes: Axes, result: Spectrum, values: PolarizedSpectrum) -> None:
    marker = "o" if len(result.wavelength_nm) == 1 else None
    for order, (name, curve) in enumerate(_quantities(values).items()):
        axes.plot(result.wavelength_nm, curve[0], marker=marker, label=name, **line_look(order))
    names = dict.fromkeys(layer.written_name for layer in result.stack.layers)
    large = [name for name in names if float(values.absorptance[name].max()) > WORTH_A_LINE]
    for order, name in enumerate(large if len(large) > 1 else [], 3):
        label = f"absorptance of {literal(name)}"
        axes.plot(result.wavelength_nm, values.absorptance[name][0], marker=marker, linewidth=0.8, label=label, **line_look(order))
    axes.set_ylim(-0.02, 1.02)
    _whole_width(axes, result)


def _whole_width(axes: Axes, result: Spectrum) -> None:
    if len(result.wavelength_nm) > 1:
        axes.set_xlim(result.wavelength_nm[0], result.wavelength_nm[-1])


def _legend(figure: Figure, panels: Any, columns: int, title: str = "") -> None:
    handles = {text: handle for axes in panels for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=columns, title=title or None)


def _grid(result: Spectrum, height: float) -> tuple[Figure, Any, list[list[NDArray[np.float64]]]]:
    """A figure with a row a polarization and a column a quantity, its axes and their values [row][column][angle, wavelength]."""
    values = [_quantities(each) for each in result.polarized.values()]
    figure = new_figure(DOUBLE_COLUMN, (height * len(values) + 0.12) * DOUBLE_COLUMN)
    panels = figure.subplots(len(values), 3, sharex=True, sharey="col", squeeze=False)
    for row, (which, named) in enumerate(zip(result.polarized, values, strict=True)):
        for axes, name in zip(panels[row], named, strict=True):
            axes.set_title(f"{which} {name}")
    for axes in panels[-1]:
        axes.set_xlabel("wavelength (nm)")
    return figure, panels, [list(named.values()) for named in values]


def _lines(result: Spectrum) -> Figure:
    figure, panels, values = _grid(result, 0.26)
    marker = "o" if len(result.wavelength_nm) == 1 else None
    for row, column in np.ndindex(panels.shape):
        axes = panels[row, column]
        for order, (angle, curve) in enumerate(zip(result.angle_deg, values[row][column], strict=True)):
            axes.plot(result.wavelength_nm, curve, marker=marker, label=f"{angle:g}°", **line_look(order))
        low, high = fraction_range([each[column] for each in values])
        axes.set_ylim(low - MARGIN * (high - low), high + MARGIN * (high - low))
        axes.ticklabel_format(axis="y", useOffset=False)
        _whole_width(axes, result)
    for axes in panels[:, 0]:
        axes.set_ylabel("fraction of the light")
    _legend(figure, [panels[0, 0]], columns=MOST_LINES, title=f"angle in the {result.from_}")
    return figure


def _maps(result: Spectrum) -> Figure:
    figure, panels, values = _grid(result, 0.28)
    for column in range(3):
        low, high = fraction_range([each[column] for each in values])
        look: dict[str, Any] = {"cmap": "cividis", "vmin": low, "vmax": high, "shading": "nearest", "rasterized": True}
        for row, axes in enumerate(panels[:, column]):
            image = axes.pcolormesh(result.wavelength_nm, result.angle_deg, values[row][column], **look)
        bar = figure.colorbar(image, ax=panels[:, column], location="bottom", label="fraction of the light", aspect=30)
        bar.locator = _few_ticks()
        bar.formatter.set_useOffset(False)  # type: ignore[attr-defined]
        bar.update_ticks()
    for axes in panels[:, 0]:
        axes.set_ylabel(f"angle in the {result.from_} (°)")
    return figure


def _few_ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(5)
