"""How hot a device gets: over the current density, and in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.plots.scales import logarithmic
from qdphotonics.plots.style import DOUBLE_COLUMN, LINE_COLOURS, line_look, literal, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.laser.heat import DeviceHeat
    from qdphotonics.thermal import GlassTransitions

RISES_K = (0.1, 1000.0)  # that the axis spans at least a part of
CURRENT_POINTS = 101
DECAYS = 5.0  # times of cooling that are shown after a pulse
NS_PER_US = 1e3
ZERO_CELSIUS_K = 273.15
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
    least, most = axes.get_ylim()
    axes.set_ylim(max(least, RISES_K[0]) if most > RISES_K[0] else least, min(most, RISES_K[1]) if least < RISES_K[1] else most)
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


def _draw_glass(axes: Axes, glass: GlassTransitions | None) -> None:
    """Levels at which layers soften, named at the right end; of equal ones one line with all names."""
    levels: dict[float, list[str]] = {}
    for layer, celsius in ({} if glass is None else glass.transition_C).items():
        levels.setdefault(celsius, []).append(layer)
    low, high = axes.get_ylim()
    for celsius, layers in levels.items():
        rise = celsius + ZERO_CELSIUS_K - (glass.ambient_K if glass is not None else 0.0)
        if low < rise < high:
            axes.axhline(rise, color=LINE_COLOURS[1], linewidth=0.6, linestyle=(0, (8, 2, 1, 2)))
            place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "fontsize": LABEL_POINTS}
            axes.annotate(f"{literal(', '.join(layers))} softens", (0.02, rise), (0, 0), ha="left", va="center", bbox=BEHIND, **place)


def _draw_time(axes: Axes, heat: DeviceHeat, current: float) -> None:
    """The rise over a pulse and its cooling, first and periodic; without pulses, from switching on."""
    from qdphotonics.thermal import PowerSteps

    power, time = current * heat.power_W_per_A_per_cm2, heat.heating.heat_time_ns
    pulse = DECAYS * time if heat.pulse_ns is None else heat.pulse_ns
    end = pulse if heat.pulse_ns is None else min(heat.period_ns or np.inf, pulse + DECAYS * time)
    steps = PowerSteps([power, 0.0], [pulse, end - pulse]) if end > pulse else PowerSteps([power], [pulse])
    cold = heat.heating.trace(steps)
    axes.plot(cold.time_ns / NS_PER_US, cold.rise_K, label="first pulse" if heat.pulse_ns is not None else "switched on", **line_look(0))
    if heat.pulse_ns is not None and heat.period_ns is not None:
        whole = PowerSteps([power, 0.0], [pulse, heat.period_ns - pulse]) if heat.period_ns > pulse else PowerSteps([power], [pulse])
        settled = heat.heating.trace(whole, "periodic", 2000)
        within = settled.time_ns <= end
        axes.plot(settled.time_ns[within] / NS_PER_US, settled.rise_K[within], label="after many pulses", **line_look(1))
    axes.axvspan(0, pulse / NS_PER_US, facecolor="#EDEDED", zorder=0, label="the drive is on")
    axes.set_xlim(0, cold.time_ns[-1] / NS_PER_US)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("time (µs)")
    axes.set_ylabel("temperature rise (K)")
    axes.set_title(f"at {current:.3g} A/cm²")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, LEGEND_BELOW), ncols=2)


def _duration(time_ns: float) -> str:
    """A time in the unit that suits it.

    Examples
    --------
    >>> [_duration(value) for value in (5.0, 1000.0, 1e6)]
    ['5 ns', '1 µs', '1 ms']
    """
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if time_ns >= size:
            return f"{time_ns / size:.3g} {unit}"
    return f"{time_ns:.3g} ns"
