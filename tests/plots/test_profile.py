"""Which modes are drawn over z, and how far."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics.optics import StackModes
from tests.plots.reading import drawn, overlapping

REPEATS = {
    "name": "repeats",
    "wavelength": 630,
    "substrate": "glass",
    "superstrate": "air",
    "layers": [
        {"repeat": 3, "layers": [{"name": "L", "material": "SiO2", "thickness": 110}, {"name": "H", "material": "Nb2O5", "thickness": 70}]},
        {
            "repeat": 2,
            "layers": [
                {"name": "QD", "material": {"n": 1.85, "alpha_per_cm": 3}, "thickness": 30, "role": "gain"},
                {"name": "a long spacer", "material": "ZnO", "thickness": 8},
            ],
        },
        {"name": "Al", "material": "Al", "thickness": 80},
    ],
    "gain": {"medium": "cg-QD"},
}


@pytest.fixture(scope="module")
def modes() -> StackModes:
    return qdp.find_modes(qdp.load_stack("jung2022-lito-ag"))


def labels(figure: Figure) -> list[str]:
    return [str(line.get_label()).split()[0] for line in figure.axes[1].get_lines()]


def title(figure: Figure) -> str:
    return figure.legends[0].get_title().get_text()


def test_the_modes_drawn_begin_with_the_one_reported(modes: StackModes) -> None:
    figure = plots.index_and_modes(modes, modes["TM1"])
    assert labels(figure) == ["TM1", "TE0", "TM0", "TM2"]
    first = figure.axes[1].get_lines()[0]
    assert str(first.get_label()).startswith("TM1 (photonic): ")
    assert "1.52" in str(first.get_label())
    for curve in figure.axes[1].get_lines():
        assert np.max(np.asarray(curve.get_ydata(), dtype=float)) <= 1.0 + 1e-9


def test_the_prominent_line_is_the_mode_that_may_lase(modes: StackModes) -> None:
    """Not the plasmon: TM0 holds 0.35 of the light in the dots but loses 1111 cm^-1; TM2 holds none and comes last."""
    figure = plots.index_and_modes(modes)
    assert labels(figure) == ["TE0", "TM1", "TM0", "TM2"]
    assert title(figure) == "all modes at 630 nm"
    widths = [line.get_linewidth() for line in figure.axes[1].get_lines()]
    assert widths[0] > max(widths[1:])
    led = plots.index_and_modes(qdp.find_modes(qdp.load_stack("qd-led")))
    assert labels(led)[0] == "TE0"  # the plasmon on the far side of the metal loses less, but reaches no dot


def test_of_many_modes_only_rivals_are_drawn() -> None:
    """Bragg waveguide, 28 modes: none of 10 times the loss of TE10, none with a tenth of its light in the dots, and it is said."""
    modes = qdp.find_modes(qdp.load_stack("ahn2023-brw"))
    figure = plots.index_and_modes(modes)
    assert labels(figure)[0] == "TE10"
    assert all(modes[label].loss_per_cm <= 10 * modes["TE10"].loss_per_cm for label in labels(figure))
    assert title(figure) == f"{len(labels(figure))} of {len(modes)} modes at 642.4 nm"


def test_without_gain_the_mode_of_least_loss_is_first() -> None:
    figure = plots.index_and_modes(qdp.find_modes(qdp.load_stack("glass-dielectric-ag")))
    assert labels(figure) == ["TE0", "TM1", "TM0"]


@pytest.mark.parametrize("name", ["qd-led", "jung2022-lito-ag"])
def test_curves_reach_from_edge_to_edge(name: str) -> None:
    """TE0 of the LED once stopped at 2 % of its maximum in mid-figure."""
    axes = plots.index_and_modes(qdp.find_modes(qdp.load_stack(name))).axes[1]
    for line in axes.get_lines():
        z = np.asarray(line.get_xdata(), dtype=float)
        assert (z[0], z[-1]) == pytest.approx(axes.get_xlim())


@pytest.mark.parametrize("stack", ["jung2022-lito-ag", "ahn2023-brw", "qd-led", "roh2020-moox-al", REPEATS])
def test_names_of_layers_do_not_overlap(stack: object) -> None:
    figure = plots.index_and_modes(qdp.find_modes(qdp.load_stack(stack)))  # type: ignore[arg-type]
    renderer = drawn(figure)
    names = [text for text in figure.axes[0].texts if isinstance(text, Annotation)]
    assert {"substrate", "superstrate"} <= {name.get_text() for name in names}
    assert overlapping(list(names), renderer) == []
