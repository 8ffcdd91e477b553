"""How the cost grows: with layers, modes and points; memory with points. Writes docs/figures/cost-*.png."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.blocks import high_water_mib, silver_family, track_in_blocks
from benchmarks.environment import TOP
from benchmarks.peers import coh_tmm
from benchmarks.report import Floor, Part
from benchmarks.timing import Contender, take_turns
from qdphotonics import planar
from qdphotonics.plots.style import SINGLE_COLUMN, house_style, line_look, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIGURES = TOP / "docs" / "figures"
LAYERS = (3, 10, 30, 100, 300, 1000)
FILM_NM = 1500.0  # thickness that the layers share: the modes stay the same few
SLAB_UM = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
POINTS = (1, 10, 100, 1000, 10_000, 100_000, 1_000_000)
MEMORY_POINTS = (1000, 10_000, 100_000, 1_000_000)
AT_ONCE_UP_TO = 100_000  # points of a family that is followed in one piece
ROUNDS = 5
MARKERS = "osD^v"
DOTS_PER_INCH = 200
LEAST_MIB = 0.1  # a page or two: what a short family adds cannot be told from nothing
LINEAR = 1.15  # the exponent at most: arrays of 1,000 layers overflow the first caches, which costs tracking up to 0.1
NEARLY_LINEAR = 1.25  # bisecting until a cell holds few enough modes adds a logarithm
LEAD = """
Certified searches, modes followed and R and T, each in seconds of CPU time. Against layers the film keeps its thickness of 1.5 µm,
so that it keeps its few modes, and all layers are unlike. Against modes a slab gets thicker. Memory is what following
adds to a fresh process: a family in one piece holds all its results; one that is taken in blocks of 10,000 stacks holds a block.
""".strip().replace("\n", " ")


@dataclass(frozen=True)
class Curve:
    """One line of a figure."""

    name: str
    x: Sequence[float]
    y: Sequence[float]

    def slope(self, above: float) -> float:
        """Exponent of the growth beyond ``above``, from a straight line through the logarithms."""
        x, y = np.log(self.x), np.log(self.y)
        far = x >= np.log(above) - 1e-9
        return float(np.polyfit(x[far], y[far], 1)[0])


def film(layers: int) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Layers all unlike, of indices around 1.9, faintly lossy, on glass under air; together FILM_NM."""
    rng = np.random.default_rng(layers)
    index = rng.uniform(1.7, 2.1, layers + 2) + 1e-4j
    index[0], index[-1] = 1.52, 1.0
    share = rng.uniform(0.5, 1.5, layers)
    thickness: NDArray[np.float64] = FILM_NM * share / share.sum()
    return index.astype(np.complex128), thickness


def against_layers() -> list[Curve]:
    """Seconds of a search (few modes whatever the layers), of a tracked mode, of R and T, of tmm."""
    seconds: dict[str, list[float]] = {}
    for layers in LAYERS:
        index, thickness = film(layers)
        start = planar.find_modes(index, thickness, 640.0, "TE", n_range=(1.53, 2.2))
        points = max(20, 20_000 // layers)
        family = thickness * (1 + np.linspace(0, 0.02, points)[:, None])
        wavelengths = np.linspace(600.0, 680.0, max(2000, 200_000 // layers))
        works: dict[str, tuple[Callable[[], object], float]] = {
            "certified search, TE": (partial(planar.find_modes, index, thickness, 640.0, "TE"), 1),
            "one mode at one point, followed": (partial(planar.track_modes, index, family, 640.0, "TE", start), points * len(start.modes)),
            "R and T at one point, of many": (
                partial(planar.scatter, index, thickness, wavelengths, 30.0, "TE", absorptance=False),
                wavelengths.size,
            ),
            "tmm.coh_tmm": (partial(coh_tmm, index, thickness, 640.0), 1),
        }
        turns = take_turns([Contender(name, work) for name, (work, _) in works.items()], ROUNDS)
        for name, (_, count) in works.items():
            seconds.setdefault(name, []).append(float(np.median(turns[name])) / count)
    return [Curve(name, LAYERS, times) for name, times in seconds.items()]


def against_modes() -> list[Curve]:
    """Seconds of a certified search of a slab of n = 2 in air that gets thicker."""
    curves = []
    for polarization in ("TE", "TM"):
        found, seconds = [], []
        for thickness in SLAB_UM:
            work = partial(planar.find_modes, [1.0, 2.0, 1.0], [1e3 * thickness], 640.0, polarization)
            found.append(float(len(work().modes)))
            seconds.append(float(np.median(take_turns([Contender("search", work)], ROUNDS)["search"])))
        curves.append(Curve(f"certified search, {polarization}", found, seconds))
    return curves


def against_points() -> list[Curve]:
    """Seconds of a call for so many points: a family of stacks followed, R and T of many stacks or at many wavelengths."""
    seconds: dict[str, list[float]] = {}
    index, thickness = silver_family(2)
    start = planar.find_modes(index, thickness[0], 640.0, "TM")
    for points in POINTS:
        _, family = silver_family(max(points, 2))
        family = family[:points]
        wavelengths = np.linspace(600.0, 680.0, points)
        works: dict[str, Callable[[], object]] = {
            "R and T, a spectrum": partial(planar.scatter, index, thickness[0], wavelengths, 30.0, "both", absorptance=False),
            "R and T, unlike stacks": partial(planar.scatter, index, family, 640.0, 30.0, "both", absorptance=False),
        }
        if points <= AT_ONCE_UP_TO:
            works[f"{len(start.modes)} modes followed"] = partial(planar.track_modes, index, family, 640.0, "TM", start)
        turns = take_turns([Contender(name, work, calls=max(1, 100 // points)) for name, work in works.items()], ROUNDS)
        for name in works:
            seconds.setdefault(name, []).append(float(np.median(turns[name])))
    return [Curve(name, POINTS[: len(times)], times) for name, times in seconds.items()]


def peak_memory(points: int, in_blocks: bool) -> None:
    """Print the peak memory [MiB] that following so many stacks adds to a fresh process."""
    for _ in track_in_blocks(10):  # the kernels are loaded
        pass
    before = high_water_mib()
    if in_blocks:
        for _ in track_in_blocks(points):
            pass
    else:
        index, family = silver_family(points)
        planar.track_modes(index, family, 640.0, "TM", planar.find_modes(index, family[0], 640.0, "TM"))
    print(high_water_mib() - before)


def memory_against_points() -> list[Curve]:
    """Peak memory [MiB] of families followed in one piece and in blocks, each in a process of its own."""

    def measured(points: int, in_blocks: bool) -> float:
        code = f"from benchmarks.costs import peak_memory; peak_memory({points}, {in_blocks})"
        return float(subprocess.run([sys.executable, "-c", code], cwd=TOP, check=True, capture_output=True, text=True).stdout)

    whole = [points for points in MEMORY_POINTS if points <= AT_ONCE_UP_TO]
    return [
        Curve("in one piece", whole, [max(measured(points, False), LEAST_MIB) for points in whole]),
        Curve("in blocks", MEMORY_POINTS, [max(measured(points, True), LEAST_MIB) for points in MEMORY_POINTS]),
    ]


def draw(name: str, curves: Sequence[Curve], x_label: str, y_label: str, proportional: tuple[float, float] | None) -> None:
    """One small figure on logarithmic axes; ``proportional``: a point of the thin line y ~ x that guides the eye."""
    with house_style():
        figure = new_figure(SINGLE_COLUMN, 0.8 * SINGLE_COLUMN)
        axes = figure.add_subplot()
        for order, curve in enumerate(curves):
            axes.loglog(curve.x, curve.y, marker=MARKERS[order], markersize=3.5, label=curve.name, **line_look(order))
        if proportional:
            _guide(axes, curves, proportional)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.grid(True, which="major", color="0.88", linewidth=0.5)
        low, high = axes.get_ylim()
        axes.set_ylim(low, high * 10 ** (0.11 * (len(curves) + 1)))
        axes.legend(loc="upper left", handlelength=3.2)
        FIGURES.mkdir(exist_ok=True)
        figure.savefig(FIGURES / f"{name}.png", dpi=DOTS_PER_INCH)


def _guide(axes: Axes, curves: Sequence[Curve], point: tuple[float, float]) -> None:
    x = np.array([point[0], max(max(curve.x) for curve in curves)])
    y = point[1] * x / x[0]
    axes.loglog(x, y, color="0.35", linestyle="-", linewidth=0.6)
    middle = float(np.sqrt(x[0] * x[-1]))
    axes.annotate("slope 1", (middle, point[1] * middle / x[0]), textcoords="offset points", xytext=(5, -9), color="0.35")


def part() -> Part:
    """Measure, draw, judge."""
    layers, modes, points, memory = against_layers(), against_modes(), against_points(), memory_against_points()
    draw("cost-layers", layers, "layers", "CPU time (s)", (30, 2e-6))
    draw("cost-modes", modes, "modes found", "CPU time of the search (s)", (10, 3e-4))
    draw("cost-points", points, "points", "CPU time of the call (s)", (1000, 1.2e-3))
    draw("memory-points", memory, "points", "peak memory added (MiB)", None)
    floors = [Floor(f"exponent in layers, from 30 on: {curve.name}", curve.slope(30), LINEAR, least=False) for curve in layers[:3]]
    floors += [Floor(f"exponent in modes, from 10 on: {curve.name}", curve.slope(10), NEARLY_LINEAR, least=False) for curve in modes]
    floors += [Floor(f"exponent in points, from 1,000 on: {curve.name}", curve.slope(1000), LINEAR, least=False) for curve in points]
    blocks = dict(zip(memory[1].x, memory[1].y, strict=True))
    floors.append(Floor("memory in blocks: 1,000,000 points over 100,000", blocks[1_000_000] / blocks[100_000], 1.5, least=False))
    figures = [
        ("cost-layers.png", "Time against layers; thin line: proportional."),
        ("cost-modes.png", "Time of a search against the modes that it finds; thin line: proportional."),
        ("cost-points.png", "Time of a call against its points; thin line: proportional."),
        ("memory-points.png", "Peak memory against points followed."),
    ]
    return Part("How the cost grows", LEAD, (), floors, [f"![{caption}](figures/{file})\n\n{caption}" for file, caption in figures])


if __name__ == "__main__":
    for floor in part().floors:
        print(*floor.row())
