"""The points of a design: their order, their values, and how ranges and samples are filled."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics.cli import options
from qdphotonics.sweeps import Axis, Design, Group
from qdphotonics.sweeps.axes import in_steps, samples

shapes = st.lists(st.lists(st.integers(1, 4), min_size=2, max_size=2), min_size=1, max_size=4)


def design_of(lengths: list[list[int]]) -> Design:
    """A group for each pair (length, number of axes), whose values tell group, axis and position."""
    return Design(
        tuple(
            Group(
                f"g{number}",
                tuple(Axis(f"p{number}.{axis}", tuple(100.0 * number + 10 * axis + at for at in range(length))) for axis in range(axes)),
            )
            for number, (length, axes) in enumerate(lengths)
        )
    )


@given(shapes)
def test_points_stand_in_c_order_and_axes_of_a_group_step_together(lengths: list[list[int]]) -> None:
    """Against ``itertools.product`` over the groups, the last fastest: exact, nothing is computed."""
    design = design_of(lengths)
    assert design.shape == tuple(length for length, _ in lengths)
    expected = list(product(*(range(length) for length, _ in lengths)))
    assert design.size == len(expected)
    values = design.values_at(np.arange(design.size))
    assert tuple(values) == design.paths
    for point, positions in enumerate(expected):
        wanted = {axis.path: axis.values[at] for group, at in zip(design.groups, positions, strict=True) for axis in group.axes}
        assert {path: column[point] for path, column in values.items()} == wanted == design.changes_at(point)


def test_values_that_are_no_numbers_stay_what_they_are() -> None:
    """Mappings and lists are neither copied into arrays of their parts nor made into text."""
    materials = ("glass", {"n": 1.5}, [1, 2])
    design = Design((Group("a", (Axis("a", (1.0, 2.0)),)), Group("b", (Axis("b", materials, numeric=False),))))
    found = design.values_at(np.array([[0, 1], [2, 5]]))
    assert found["b"].tolist() == [["glass", {"n": 1.5}], [[1, 2], [1, 2]]]
    assert found["a"].dtype == np.float64
    assert design.changes_at(4) == {"a": 2.0, "b": {"n": 1.5}}


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.integers(0, 200), st.floats(0, 0.999))
def test_steps_hold_both_ends(start: float, step: float, whole: int, rest: float) -> None:
    """``whole`` steps and a part of one: as many points and one more, equally far apart, the last step the shorter one."""
    end = start + (whole + rest) * step
    values = in_steps(start, end, step)
    assert (values[0], values[-1]) == (start, end)
    gaps = np.diff(values)
    if (whole + rest) > 1e-3 and 1e-3 < rest < 0.999 - 1e-3:
        assert len(values) == whole + 2
    assert np.allclose(gaps[:-1], step, rtol=0, atol=1e-9 * max(1, abs(start), abs(end)))
    assert not len(gaps) or gaps[-1] <= step * (1 + 1e-6) + 1e-9 * max(abs(start), abs(end))


@pytest.mark.parametrize("written", ["400:410:4", "0:0.3:0.1", "50:150:1", "1.93:1.93:1"])
def test_ranges_are_those_of_the_command_line(written: str) -> None:
    """The same numbers as ``--wavelengths A:B:C``, to the last bit."""
    start, end, step = map(float, written.split(":"))
    assert in_steps(start, end, step).tolist() == options.points(written, "--wavelengths").tolist()


def test_a_latin_hypercube_has_one_point_in_each_slice() -> None:
    """What defines it: of N points, each of the N equal slices of every axis holds one."""
    count, low, high = 37, np.array([50.0, -1.0, 0.0]), np.array([150.0, 1.0, 1e-3])
    values = samples("latin_hypercube", count, 3, low, high)
    slices = np.floor((values - low) / (high - low) * count).astype(int)
    assert np.array_equal(np.sort(slices, axis=0), np.repeat(np.arange(count)[:, None], 3, axis=1))


def test_a_sobol_sequence_fills_every_half_and_quarter_alike() -> None:
    """A (0, m, 2) net: 2^m scrambled points, one in each of the 2^m boxes of area 2^-m, of whatever shape (Owen 1998)."""
    values = samples("sobol", 64, 5, [0, 0], [1, 1])
    for columns in (1, 2, 4, 8, 16, 32, 64):
        boxes = np.floor(values * [columns, 64 // columns]).astype(int)
        assert len({tuple(box) for box in boxes.tolist()}) == 64


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_a_seed_names_the_sample(kind: str) -> None:
    """The same for the same seed, another for another; a Sobol sequence begins alike however long it is."""
    first, again, other = (samples(kind, 11, seed, [0.0, 5.0], [1.0, 6.0]) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.any(first == other)
    assert np.all((first >= [0, 5]) & (first <= [1, 6]))
    if kind == "sobol":
        assert np.array_equal(samples(kind, 5, 1, [0.0, 5.0], [1.0, 6.0]), first[:5])
