"""Pictures of stacks: to scale, every layer named with material and thickness beside its fill."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics.plots.layers import fills
from qdphotonics.plots.picture import SWATCH
from qdphotonics.stacks import Stack, list_stacks
from tests.plots.reading import check_page, drawn, overlapping

GLASS = {"name": "Glass", "material": "glass", "thickness": "0.7mm", "coherent": False}
PAIR = [{"name": "L", "material": "SiO2", "thickness": 110}, {"name": "H", "material": {"n": 2.3, "alpha_per_cm": 3}, "thickness": 70}]


def device(*layers: object) -> Stack:
    return qdp.load_stack({"name": "device", "wavelength": 630, "substrate": "air", "superstrate": "Ag", "layers": list(layers)})


def bars(figure: Figure) -> list[Any]:
    """Half-spaces and layers, bottom to top."""
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and patch.get_x() == 0]


def lines(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("name", list_stacks())
def test_the_picture_of_a_stack_is_to_scale(name: str) -> None:
    """Each layer's rectangle is as high as the layer is thick; labels stay on the page and apart."""
    stack = qdp.load_stack(name)
    figure = plots.stack_picture(stack)
    check_page(figure)
    assert [bar.get_height() for bar in bars(figure)[1:-1]] == pytest.approx(stack.thickness_nm.tolist())
    assert [bar.get_y() for bar in bars(figure)[1:]] == pytest.approx(stack.interfaces_nm.tolist())
    assert figure.axes[0].get_ylabel() == "z (nm)"
    assert overlapping(list(figure.axes[0].texts), drawn(figure)) == []
    for layer in stack.layers:
        assert any(line.startswith(layer.written_name) and f"{layer.thickness_nm:g} nm" in line for line in lines(figure))


def test_each_leader_ends_before_its_own_text() -> None:
    """Ten thin layers: the line from a layer ends at the height of its name, left of it, not between two names."""
    figure = plots.stack_picture(qdp.load_stack("ahn2023-brw"))
    leaders = [np.asarray(line.get_xydata()) for line in figure.axes[0].get_lines()]
    ends = [(float(leader[-1, 0]), float(leader[-1, 1])) for leader in leaders]
    for text in figure.axes[0].texts:
        x, y = text.get_position()
        if x > SWATCH + 0.2:  # a member of a repeat, below the leader of the whole
            continue
        assert min(abs(height - y) for end, height in ends if end < x) < 1e-9


def test_a_repeat_names_each_layer_beside_its_fill() -> None:
    stack = device({"repeat": 3, "layers": PAIR})
    figure = plots.stack_picture(stack)
    assert lines(figure) == ["substrate: air", "3 periods of 180 nm:", "H (n 2.3, 3 cm⁻¹), 70 nm", "L (SiO2), 110 nm", "superstrate: Ag"]
    swatches = [patch for patch in figure.axes[0].patches if patch not in bars(figure)]
    looks = fills(stack)
    assert [swatch.get_facecolor() for swatch in swatches] == [to_rgba(looks[name][0]) for name in ("H", "L")]


def test_a_thick_layer_is_cut_short_and_nothing_else() -> None:
    """0.7 mm of glass under 180 nm: named in um, cut, the films to scale among themselves, no z axis."""
    figure = plots.stack_picture(device(GLASS, *PAIR))
    check_page(figure)
    glass, low, high = (float(bar.get_height()) for bar in bars(figure)[1:-1])
    assert (low, high) == pytest.approx((110.0, 70.0))
    assert glass < low + high
    assert "Glass, 700 µm" in lines(figure)
    assert not any("e+" in line for line in lines(figure))
    assert len(figure.axes[0].get_yticks()) == 0
    assert "cut short" in figure.axes[0].get_ylabel()


def test_a_thick_layer_alone_is_to_scale() -> None:
    assert bars(plots.stack_picture(device(GLASS)))[1].get_height() == pytest.approx(7e5)


def test_many_layers_make_a_longer_page() -> None:
    many = device(*({"name": f"film {number}", "material": "SiO2", "thickness": 5 + number} for number in range(40)))
    figure = plots.stack_picture(many)
    check_page(figure)
    assert overlapping(list(figure.axes[0].texts), drawn(figure)) == []
