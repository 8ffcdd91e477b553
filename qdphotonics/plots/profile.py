"""Index profile and mode intensities across the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.optics import fields, number
from qdphotonics.optics.profiles import tail_nm
from qdphotonics.plots.layers import groups, mark_layers
from qdphotonics.plots.style import DOUBLE_COLUMN, FONT_POINTS, N_EFF, line_look, new_figure, spread, styled, wavelength_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdphotonics.optics import ModeProfile, StackMode, StackModes
    from qdphotonics.stacks import Stack

MOST_MODES = 4  # in one panel; more cannot be told apart
# Where there are more, those are drawn that matter for amplification:
NOMINAL_GAIN_PER_CM = 500.0  # of a film of dots, which saturates at some 200 to 1000; it sets the order of the modes only
NO_SHARE = 0.01  # of the largest confinement in the gain layers; a mode with less has nothing to do with them
LEAST_SHARE, MOST_LOSS = 0.1, 10.0  # of the first mode's confinement and loss, what others must reach and may not exceed
OTHERS_WIDTH = 1.0  # of the lines of all modes but the first
POINTS = 1001  # across the figure
LETTER_WIDTH = 0.62  # of the font size: a layer's name needs this for each letter …
LINE_HEIGHT = 1.3  # … and this across
LONGEST_UPRIGHT = 14  # letters of an upright name; longer ones are broken
FARTHEST_NAME = 0.06  # of the axes' width, from its layer; else the names of thin layers stand upright


@styled
def index_and_modes(modes: StackModes, first: StackMode | None = None) -> Figure:
    """Refractive index and |E|² of up to four modes along z, layers in colour.

    Parameters
    ----------
    modes : StackModes
    first : StackMode, optional
        Drawn first; the one of largest net gain unless given, of least loss where no layer amplifies.

    Returns
    -------
    matplotlib.figure.Figure
    """
    stack = modes.stack
    shown = _chosen(modes, first)
    low, high = _ends(stack, shown)
    z = np.unique(np.concatenate([np.linspace(low, high, POINTS), stack.interfaces_nm]))
    profiles = [fields(mode, z) for mode in shown]
    figure = new_figure(DOUBLE_COLUMN, 0.62 * DOUBLE_COLUMN)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.5))
    for axes in (upper, lower):
        mark_layers(axes, stack, low, high)
    _draw_index(upper, modes, shown, low, high)
    _draw_intensity(lower, modes, profiles)
    lower.set_xlim(low, high)
    name_layers(upper, stack, low, high)
    figure.align_ylabels()
    return figure


def _chosen(modes: StackModes, first: StackMode | None) -> list[StackMode]:
    """The modes to draw, by falling net gain, those without light in the gain layers last; its rivals only where there are many."""
    names = [modes.stack.layer_names[position] for position in modes.stack.gain_layers]
    shares = {mode.label: sum(mode.confinement[name].gain for name in names) for mode in modes}
    largest = max(shares.values(), default=0.0)

    def rank(mode: StackMode) -> tuple[bool, float]:
        share = shares[mode.label]
        return share < NO_SHARE * largest, mode.loss_per_cm - share * NOMINAL_GAIN_PER_CM

    ranked = sorted(modes, key=rank)
    if first is not None:
        ranked = [first, *(mode for mode in ranked if mode is not first)]
    if len(ranked) <= MOST_MODES:
        return ranked
    share, loss = shares[ranked[0].label], abs(ranked[0].loss_per_cm)
    rivals = [m for m in ranked[1:] if shares[m.label] >= LEAST_SHARE * share and abs(m.loss_per_cm) <= MOST_LOSS * loss]
    return ranked[:1] + rivals[: MOST_MODES - 1]


def _ends(stack: Stack, shown: list[StackMode]) -> tuple[float, float]:
    """Lower and upper end of z [nm]: the stack with the longest tails."""
    top = float(stack.interfaces_nm[-1])
    if not shown:
        return -0.2 * top, 1.2 * top
    indices = [(complex(mode.solution.index[0]), complex(mode.solution.index[-1])) for mode in shown]
    tails = [[tail_nm(mode.n_eff, n, mode.wavelength_nm) for n in sides] for mode, sides in zip(shown, indices, strict=True)]
    below, above = np.max(tails, axis=0).tolist()
    return -below, top + above


def _draw_index(axes: Axes, modes: StackModes, shown: list[StackMode], low: float, high: float) -> None:
    edges = modes.stack.interfaces_nm
    index = modes.stack.index(modes.wavelength_nm).real
    axes.stairs(index, [low, *edges, high], baseline=None, color="black", linewidth=1.0)
    for order, mode in enumerate(shown):
        axes.axhline(mode.n_eff.real, linewidth=0.8, **line_look(order))
    axes.set_ylabel(f"Re n, and Re {N_EFF}\nof the modes")
    axes.set_ylim(0, 1.08 * max(*index, *(mode.n_eff.real for mode in shown)))


def _draw_intensity(axes: Axes, modes: StackModes, profiles: list[ModeProfile]) -> None:
    for order, profile in enumerate(profiles):
        mode = profile.mode
        character = mode.character.replace("bragg", "Bragg")
        label = f"{mode.label} ({character}): {N_EFF} {mode.n_eff.real:.4f}, {number(mode.loss_per_cm)} cm⁻¹"
        axes.plot(profile.z_nm, profile.intensity, label=label, **line_look(order) | ({"linewidth": OTHERS_WIDTH} if order else {}))
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("z (nm), from the top of the substrate")
    axes.set_ylabel("|E|² (of its maximum)")
    if profiles:
        drawn, found = len(profiles), len(modes)
        count = "all modes" if drawn == found else f"{drawn} of {found} modes"
        axes.get_figure().legend(loc="outside lower center", ncols=2, title=f"{count} at {wavelength_text(modes.wavelength_nm)}")  # type: ignore[union-attr]
    else:
        axes.text(0.5, 0.5, f"no mode at {wavelength_text(modes.wavelength_nm)}", transform=axes.transAxes, ha="center")


def name_layers(axes: Axes, stack: Stack, low: float, high: float) -> None:
    """Names above the axes, moved apart where layers are thin, each with a line to its layer."""
    layers = [(group.name, group.low_nm, group.high_nm) for group in groups(stack)]
    named = [("substrate", low, 0.0), *layers, ("superstrate", float(stack.interfaces_nm[-1]), high)]
    per_point = (high - low) / (DOUBLE_COLUMN * 72 * 0.9)  # nm on a point of the axes' width
    line, letter = LINE_HEIGHT * FONT_POINTS * per_point, LETTER_WIDTH * FONT_POINTS * per_point
    centres = [(start + end) / 2 for _, start, end in named]
    lying = [(len(name) + 1) * letter for name, _, _ in named]
    upright = [False] * len(named)
    places = spread(centres, lying, low, high)
    if sum(lying) > high - low or max(map(abs, np.subtract(places, centres))) > FARTHEST_NAME * (high - low):
        upright = [len(name) * letter > end - start for name, start, end in named]
        named = [(_broken(name) if turned else name, start, end) for turned, (name, start, end) in zip(upright, named, strict=True)]
        sizes = [
            line * (1 + name.count("\n")) if turned else size for turned, size, (name, _, _) in zip(upright, lying, named, strict=True)
        ]
        places = spread(centres, sizes, low, high)
    for (name, _, _), centre, place, turned in zip(named, centres, places, upright, strict=True):
        axes.annotate(
            name,
            xy=(centre, 1.0),
            xytext=(place, 1.12),
            xycoords=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            rotation=90 if turned else 0,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "shrinkA": 0, "shrinkB": 0, "relpos": (0.5, 0)},
        )


def _broken(name: str) -> str:
    """A long name in two lines, broken at the blank nearest to its middle."""
    blanks = [position for position, letter in enumerate(name) if letter == " "]
    if len(name) <= LONGEST_UPRIGHT or not blanks:
        return name
    at = min(blanks, key=lambda position: abs(position - len(name) / 2))
    return f"{name[:at]}\n{name[at + 1 :]}"
