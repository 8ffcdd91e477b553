"""Modes over wavelength."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import loss_scale
from qdphotonics.plots.style import DOUBLE_COLUMN, FONT_POINTS, N_EFF, line_look, new_figure, spread, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.optics import FollowedMode, FollowedModes, StackMode

ROW_HEIGHT = 0.42 * DOUBLE_COLUMN
AXES_SHARE = 0.85  # of a row's height, about what labels leave to the axes
INSIDE = 0.88  # of the axes' width: a curve that ends before has its name beside its end
NAME_POINTS = 0.8 * FONT_POINTS


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
    rows = list(dict.fromkeys(mode.polarization for mode in followed.modes))
    figure = new_figure(DOUBLE_COLUMN, ROW_HEIGHT * max(len(rows), 1))
    if not rows:
        figure.subplots().set_title("no mode")
        return figure
    panels = figure.subplots(len(rows), 2, sharex=True, squeeze=False)
    for (left, right), which in zip(panels, rows, strict=True):
        modes = [mode for mode in followed.modes if mode.polarization == which]
        _draw_modes(left, followed, modes, lambda point: point.n_eff.real)
        loss_scale(right, _draw_modes(right, followed, modes, lambda point: point.loss_per_cm))
        left.set_ylabel(f"{which}: Re {N_EFF}")
        right.set_ylabel(f"{which}: loss (cm⁻¹)")
    for axes in panels[-1]:
        axes.set_xlabel("wavelength (nm)")
    for axes in panels.flat:
        _name_curves(axes)
    figure.align_ylabels(panels)
    return figure


def _draw_modes(
    axes: Axes, followed: FollowedModes, modes: Sequence[FollowedMode], quantity: Callable[[StackMode], float]
) -> list[NDArray[np.float64]]:
    """One curve a mode; a dot where it exists at one wavelength only."""
    wavelengths = followed.wavelength_nm
    curves = [np.array([np.nan if value is None else value for value in mode.over_wavelengths(quantity)], dtype=float) for mode in modes]
    for order, (mode, curve) in enumerate(zip(modes, curves, strict=True)):
        alone = np.count_nonzero(np.isfinite(curve)) == 1
        axes.plot(wavelengths, curve, label=mode.label, marker="o" if alone else None, markersize=3, clip_on=not alone, **line_look(order))
    if len(wavelengths) > 1:
        axes.set_xlim(wavelengths.min(), wavelengths.max())
    return curves


def _name_curves(axes: Axes) -> None:
    """Each curve's name: beside its end within the axes, or at the right edge with a line to the curve's end."""
    axes.set_ylim(axes.get_ylim())  # fixes the limits, to which the names' heights refer
    first, last = axes.get_xlim()
    outside: list[tuple[float, tuple[float, float], Any]] = []
    for line in axes.get_lines():
        x, y = np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float)
        at = int(np.flatnonzero(np.isfinite(y))[-1])
        end = (float(x[at]), float(y[at]))
        if len(x) > 1 and end[0] - first < INSIDE * (last - first):
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5}
            look: dict[str, Any] = {"fontsize": NAME_POINTS, "bbox": box}
            axes.annotate(str(line.get_label()), end, (3, 0), textcoords="offset points", va="center", **look)
        else:
            height = float(axes.transAxes.inverted().transform(axes.transData.transform(end))[1])
            outside.append((height, end, line))
    outside.sort(key=lambda each: each[0])
    size = NAME_POINTS / (72 * AXES_SHARE * ROW_HEIGHT)
    places = spread([height for height, _, _ in outside], [size] * len(outside), 0.0, 1.0)
    for (_, end, line), place in zip(outside, places, strict=True):
        axes.annotate(
            str(line.get_label()),
            xy=end,
            xytext=(1.05, place),
            textcoords="axes fraction",
            va="center",
            fontsize=NAME_POINTS,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0, "color": line.get_color(), "relpos": (0, 0.5)},
        )
