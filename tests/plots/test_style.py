"""Looks: labels that do not overlap, layers that grey keeps apart."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

import qdphotonics as qdp
from qdphotonics.plots.layers import FILLS, GAIN_FILL, METAL_FILL, fills, groups, thickness_text
from qdphotonics.plots.style import LINE_COLOURS, line_look, spread

ROUNDING = 1e-9


@given(some.lists(some.floats(0, 100), min_size=1, max_size=30), some.floats(0.1, 30))
def test_labels_never_overlap_and_stay_inside(wanted: list[float], size: float) -> None:
    """Centres in the order wanted, no nearer than their size (shrunk where all together are longer than the axis)."""
    centres = sorted(wanted)
    found = spread(centres, [size] * len(centres), -10.0, 110.0)
    room = min(size, 120.0 / len(centres))
    assert all(after - before >= room - ROUNDING for before, after in pairwise(found))
    assert found[0] >= -10.0 + room / 2 - ROUNDING
    assert found[-1] <= 110.0 - room / 2 + ROUNDING


def test_labels_with_room_stay_where_they_are_wanted() -> None:
    assert spread([1.0, 5.0, 9.0], [2.0, 2.0, 2.0], 0.0, 10.0) == [1.0, 5.0, 9.0]
    assert spread([5.0, 5.0], [1.0, 3.0], 0.0, 10.0) == [4.0, 6.0]  # least squares with the centres 2 apart


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_grey_cannot_tell_apart_differs_by_line_or_hatch() -> None:
    """Layers of one luminance differ in hatch; curves of one figure in line style; gain and metal differ from all by luminance."""
    stack = qdp.load_stack("qd-led")
    looks = fills(stack)
    plain = [(colour, hatch) for name, (colour, hatch) in looks.items() if name not in ("substrate", "superstrate", "QD", "Al")]
    assert len({hatch for _, hatch in plain}) == len(plain)
    assert looks["QD"] == (GAIN_FILL, "")
    assert looks["Al"] == (METAL_FILL, "")
    assert len({str(line_look(order)["linestyle"]) for order in range(len(LINE_COLOURS))}) == len(LINE_COLOURS)
    assert min(map(luminance, FILLS)) > luminance(GAIN_FILL) + 0.05
    assert luminance(GAIN_FILL) > luminance(METAL_FILL) + 0.15  # neither has a hatch


def test_sixteen_layers_look_different() -> None:
    layers = [{"name": f"film {number}", "material": "SiO2", "thickness": 20} for number in range(16)]
    many = qdp.load_stack({"name": "many", "wavelength": 630, "substrate": "air", "superstrate": "air", "layers": layers})
    assert len(set(fills(many).values())) == 17  # and the half-spaces


def test_a_repeat_is_one_group() -> None:
    found = groups(qdp.load_stack("ahn2023-brw"))
    assert found[0].name == "10 × (DBR-H / DBR-L)"
    assert found[0].low_nm == 0.0
    assert [group.name for group in found[1:]] == ["ITO", "ZnO", "QD", "TFB", "HAT-CN", "Ag"]
    assert all(before.high_nm == after.low_nm for before, after in pairwise(found))


def test_repeats_that_touch_or_nest_are_counted_right() -> None:
    """Two after each other are two groups, also of one count; a nested one is counted by the outer; a repeat of one is none."""

    def film(name: str) -> dict[str, object]:
        return {"name": name, "material": "SiO2", "thickness": 20}

    layers = [
        {"repeat": 2, "layers": [film("A"), film("B")]},
        {"repeat": 2, "layers": [film("C")]},
        {"repeat": 3, "layers": [{"repeat": 4, "layers": [film("D")]}, film("E")]},
        {"repeat": 1, "layers": [film("F"), film("G")]},
        film("H"),
    ]
    stack = qdp.load_stack({"name": "repeats", "wavelength": 630, "substrate": "air", "superstrate": "air", "layers": layers})
    assert [group.name for group in groups(stack)] == ["2 × (A / B)", "2 × C", "3 × (4 × D / E)", "F", "G", "H"]


def test_thicknesses_have_no_exponent() -> None:
    assert [thickness_text(value) for value in (95.0, 9999.0, 7e5, 1e6, 1.23456e7)] == ["95 nm", "9999 nm", "700 µm", "1 mm", "12.346 mm"]
