"""How hot a device gets: over the current density, and in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, line_look, literal, new_figure, styled
from qdphotonics.units import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from qdphotonics.laser.heat import DeviceHeat
    from qdphotonics.thermal import GlassTransitions, PowerSteps

RISES_K = (0.1, 1000.0)  # that the axis spans at least a part of
CURRENT_POINTS = 101
DECAYS = 5.0  # times of cooling that are shown after a pulse
PART = 3.0  # factor of each curve's rise that is on the page at least
EARLIEST = 1e-3  # of the pulse: where the trace in time begins
PULSE_POINTS, COOLING_POINTS = 121, 241
ROUNDING = 1e-9
LABEL_POINTS = 6.5
LEGEND_BELOW = -0.2  # of the axes' height, under the label of the x axis
BEHIND: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}


@styled
def heating(
    heat: DeviceHeat,
    marks: Mapping[str, float] | None = None,
    glass: GlassTransitions | None = None,
    current_density_A_per_cm2: float | None = None,
) -> Figure:
    """Temperature rise against the current density, d.c. and pulsed, and over the time of a pulse.

    Parameters
    ----------
    heat : laser.heat.DeviceHeat
    marks : mapping of str to float, optional
        Names of current densities, such as thresholds [A/cm^2], that are marked.
    glass : thermal.GlassTransitions, optional
        Rises at which layers soften, drawn as levels.
    current_density_A_per_cm2 : float, optional
        Of the right panel; the largest of the marks, else what heats by 10 K, unless given.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(DOUBLE_COLUMN, 0.48 * DOUBLE_COLUMN)
    left, right = figure.subplots(1, 2)
    known = {name: value for name, value in (marks or {}).items() if np.isfinite(value) and value > 0}
    shown = current_density_A_per_cm2 or max(known.values(), default=heat.current_for(10.0))
    _draw_rises(left, heat, known | {"": shown}, glass)
    _draw_time(right, heat, shown)
    return figure


def _draw_rises(axes: Axes, heat: DeviceHeat, marks: Mapping[str, float], glass: GlassTransitions | None) -> None:
    low, high = 0.3 * min(marks.values()), 10 * max(marks.values())
    current = np.geomspace(low, high, CURRENT_POINTS)
    power = current * heat.power_W_per_A_per_cm2
    axes.plot(current, heat.heating.peak_K(power), label="d.c.", **line_look(0))
    if heat.pulse_ns is not None:
        rise = heat.heating.peak_K(power, heat.pulse_ns, heat.period_ns)
        train = "one pulse" if heat.period_ns is None else f"every {_duration(heat.period_ns)}"
        axes.plot(current, rise, label=f"pulses of {_duration(heat.pulse_ns)}, {train}", **line_look(1))
    logarithmic(axes, "x")
    logarithmic(axes, "y")
    axes.set_xlim(low, high)
    axes.set_ylim(*_span([np.asarray(line.get_ydata()) for line in axes.get_lines()]))
    for name, value in marks.items():
        if name:
            axes.axvline(value, color="black", linewidth=0.5, linestyle=(0, (2, 2)))
            place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "fontsize": LABEL_POINTS}
            axes.annotate(literal(name), (value, 0.98), (0, 0), rotation=90, va="top", ha="center", bbox=BEHIND, **place)
    _draw_glass(axes, glass)
    axes.set_xlabel("current density (A/cm²)")
    axes.set_ylabel("temperature rise (K)")
    axes.set_title("rise at the end of a pulse, and under d.c.")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, LEGEND_BELOW), ncols=2)


def _span(curves: list[NDArray[np.float64]]) -> tuple[float, float]:
    """Rises that are of interest, and of every curve a part."""
    least, most = min(curve.min() for curve in curves), max(curve.max() for curve in curves)
    low = min(max(least, RISES_K[0]), *(curve.max() / PART for curve in curves), most)
    high = max(min(most, RISES_K[1]), *(curve.min() * PART for curve in curves), PART * low)
    return float(low), float(high)


def _draw_glass(axes: Axes, glass: GlassTransitions | None) -> None:
    """Levels at which layers soften, named in the legend, where no curve and no other name is in the way; of equal ones one line."""
    levels: dict[float, list[str]] = {}
    for layer, celsius in ({} if glass is None else glass.transition_C).items():
        levels.setdefault(celsius, []).append(layer)
    low, high = axes.get_ylim()
    for order, (celsius, layers) in enumerate(levels.items()):
        rise = celsius + ZERO_CELSIUS_K - (glass.ambient_K if glass is not None else 0.0)
        if low < rise < high:
            look = line_look(2 + order) | {"linewidth": 0.7}
            axes.axhline(rise, label=f"{literal(', '.join(layers))} softens", **look)


def _draw_time(axes: Axes, heat: DeviceHeat, current: float) -> None:
    """The rise over a pulse and its cooling, first and periodic; without pulses, from switching on."""
    power, time = current * heat.power_W_per_A_per_cm2, heat.heating.heat_time_ns
    pulse = DECAYS * time if heat.pulse_ns is None else heat.pulse_ns
    period = heat.period_ns if heat.pulse_ns is not None else None
    end = pulse if heat.pulse_ns is None else min(period or np.inf, pulse + DECAYS * time)
    cold = heat.heating.trace(_fine_steps(power, pulse, max(period or end, end)), points_per_step=1)
    within = (cold.time_ns > 0) & (cold.time_ns <= end * (1 + ROUNDING))
    unit, size = _time_unit(end)
    name = "switched on" if heat.pulse_ns is None else "first pulse"
    axes.plot(cold.time_ns[within] / size, cold.rise_K[within], label=name, **line_look(0))
    if period is not None:
        settled = heat.heating.trace(_fine_steps(power, pulse, period), "periodic", 1)
        axes.plot(settled.time_ns[within] / size, settled.rise_K[within], label="after many pulses", **line_look(1))
    logarithmic(axes, "x")
    axes.set_xlim(EARLIEST * pulse / size, end / size)
    axes.axvspan(EARLIEST * pulse / size, pulse / size, facecolor="#EDEDED", zorder=0, label="the drive is on")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"time ({unit})")
    axes.set_ylabel("temperature rise (K)")
    axes.set_title(f"at {current:.3g} A/cm²")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, LEGEND_BELOW), ncols=2)


def _fine_steps(power_W: float, pulse_ns: float, period_ns: float) -> PowerSteps:
    """A pulse and the time after it up to a period, cut into steps that grow from its start, and from its end, by equal ratios."""
    from qdphotonics.thermal import PowerSteps

    edges = np.geomspace(EARLIEST * pulse_ns, pulse_ns, PULSE_POINTS)
    on = np.diff(edges, prepend=0.0)
    rest = period_ns - pulse_ns
    if rest <= ROUNDING * pulse_ns:
        return PowerSteps(np.full(on.size, power_W), on)
    off = np.diff(np.geomspace(min(EARLIEST * pulse_ns, rest / 2), rest, COOLING_POINTS), prepend=0.0)
    return PowerSteps(np.concatenate([np.full(on.size, power_W), np.zeros(off.size)]), np.concatenate([on, off]))


def _time_unit(time_ns: float) -> tuple[str, float]:
    """The unit that suits a time, and its length [ns]."""
    return next(((unit, size) for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)) if time_ns >= size), ("ns", 1.0))


def _duration(time_ns: float) -> str:
    """A time in the unit that suits it.

    Examples
    --------
    >>> [_duration(value) for value in (5.0, 1000.0, 1e6)]
    ['5 ns', '1 µs', '1 ms']
    """
    unit, size = _time_unit(time_ns)
    return f"{time_ns / size:.3g} {unit}"
