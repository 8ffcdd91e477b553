"""Stacks of a design as arrays, against :meth:`Stack.changed` one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError, InputError, MediumError, StackError
from qdphotonics.stacks import Stack, load_stack
from qdphotonics.sweeps.space import DesignSpace, PointArrays, gain_of
from qdphotonics.sweeps.touches import place_of, touched
from qdphotonics.units import extinction

# One of everything that a path can lead to: a mixture of a mixture, quarter waves in a repeat, a uniaxial layer under a grating …
EVERYTHING: dict[str, Any] = {
    "name": "everything",
    "wavelength": 630,
    "substrate": {"n": 1.45},
    "superstrate": "air",
    "layers": [
        {"name": "ITO", "material": "blend", "thickness": 200},
        {"name": "QD", "material": "film", "thickness": 95, "role": "gain"},
        {
            "repeat": 2,
            "layers": [
                {"name": "H", "material": {"n": 2.2, "k": 1e-4}, "thickness": {"quarter_waves": 1, "at": 640, "n_eff": 0.5}},
                {"name": "L", "material": "SiO2", "thickness": 110},
            ],
        },
        {"name": "U", "material": {"n_o": 1.7, "n_e": 1.9}, "thickness": 60},
        {"name": "A", "material": {"n": 1.6, "alpha_per_cm": 161}, "thickness": 40},
        {"name": "Ag", "material": "Ag", "thickness": 100},
    ],
    "materials": {
        "film": {"n": 1.9, "k": 0.001},
        "blend": {
            "mix": [{"material": "film", "fraction": 0.4}, {"material": "SiO2", "fraction": 0.3}, {"material": "L-ITO", "fraction": 0.3}],
            "rule": "bruggeman",
        },
    },
    "gain": {"medium": "ccg-QD"},
    "grating": {"layer": "U", "period": 390, "depth": 30, "duty": 0.5, "order": 2},
    "cavity": {"length_um": 500},
    "drive": {"current_density_A_per_cm2": 10},
}
VALUES: dict[str, tuple[float, ...]] = {
    "layers.QD.thickness": (20.0, 95.5, 180.25),
    "layers[1].thickness": (30.0, 44.0),
    "layers.L.thickness": (90.0, 110.0, 131.7),
    "layers.H.thickness": (60.0, 71.1),
    "layers.H.thickness.n_eff": (0.0, 0.7, 2.5),
    "layers.H.thickness.at": (600.0, 655.5),
    "layers.H.thickness.quarter_waves": (1.0, 3.0),
    "layers.H.material.n": (2.1, 2.3),
    "layers.H.material.k": (0.0, -2e-3),
    "layers.U.thickness": (20.0, 60.0, 80.0),
    "layers.U.material.n_e": (1.75, 2.05),
    "layers.A.material.alpha_per_cm": (0.0, 321.0),
    "layers.A.thickness": (1e-3, 12.0, -5.0),
    "materials.film.n": (1.8, 1.95),
    "materials.film.k": (0.0, 0.01),
    "materials.blend.mix[0].fraction": (0.4, 0.5),
    "substrate.n": (1.4, 1.52),
    "wavelength": (450.0, 612.3, 630.0, 90.0),
    "drive.current_density_A_per_cm2": (0.0, 1.5, 300.0),
    "drive.voltage_V": (4.0, 8.0),
    "grating.depth": (5.0, 50.0),
    "grating.duty": (0.3, 0.6),
    "cavity.length_um": (300.0, 1000.0),
}


@pytest.fixture(scope="module")
def everything() -> Stack:
    return load_stack(EVERYTHING)


def one_by_one(stack: Stack, values: Mapping[str, float]) -> tuple[Stack, float] | InputError:
    """The stack with these changes and its gain, or why there is none."""
    try:
        changed = stack.changed(values)
        return changed, gain_of(changed)
    except InputError as problem:
        return problem


def assert_same(arrays: PointArrays, point: int, expected: tuple[Stack, float] | InputError) -> None:
    """One point of the arrays is that stack, to the last bit, or that error."""
    if isinstance(expected, InputError):
        assert type(arrays.errors[point]) is type(expected)
        assert np.isnan(arrays.thickness_nm[point]).all()
        assert np.isnan(arrays.index[point]).all()
        return
    stack, gain = expected
    assert point not in arrays.errors
    assert np.array_equal(arrays.thickness_nm[point], stack.thickness_nm)
    assert np.array_equal(arrays.index[point], stack.index())
    assert np.array_equal(arrays.index_extraordinary[point], stack.index_extraordinary())
    assert arrays.wavelength_nm[point] == stack.wavelength_nm
    assert arrays.material_gain_per_cm[point] == gain
    pumped = np.zeros(len(stack.all_names), np.complex128)
    pumped[[layer + 1 for layer in stack.gain_layers]] = -1j * extinction(1.0, stack.wavelength_nm)
    assert np.array_equal(arrays.unit_change[point], pumped)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_arrays_are_what_changed_gives_to_the_last_bit(everything: Stack, data: st.DataObject) -> None:
    """Random paths, in random order, with values that come again in some points: the arrays are those of ``Stack.changed``.

    Among the pairs are such as touch one layer (its index and its quarter waves, a material and a mixture of it, a grating and
    the thickness of its layer, one thickness by two paths), and values that no stack may have: then the error is of one kind.
    No tolerance: not a bit may differ.
    """
    paths = data.draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=6, unique=True))
    count = data.draw(st.integers(1, 6))
    table = [[data.draw(st.sampled_from(VALUES[path])) for path in paths] for _ in range(count)]
    arrays = DesignSpace.of(everything, paths).arrays(table)
    assert len(arrays) == count
    for point, row in enumerate(table):
        assert_same(arrays, point, one_by_one(everything, dict(zip(paths, row, strict=True))))


@pytest.mark.parametrize(
    "paths",
    [
        ("layers.H.thickness.n_eff", "layers.H.material.n"),
        ("materials.film.n", "layers.QD.thickness"),
        ("materials.film.k", "wavelength"),
        ("layers.U.thickness", "grating.depth"),
        ("layers.A.material.alpha_per_cm", "wavelength"),
        ("layers.H.thickness", "layers.H.material.n"),
        ("layers.H.thickness.at", "layers.H.thickness"),
        ("layers.H.thickness", "layers.H.thickness.at"),
        ("drive.current_density_A_per_cm2", "layers.H.material.k"),
    ],
)
def test_pairs_of_paths_that_touch_one_thing(everything: Stack, paths: tuple[str, str]) -> None:
    """Every pair of values of two paths that have a say in the same layer, drive or grating: as ``Stack.changed``, bit for bit."""
    table = [[one, other] for one in VALUES[paths[0]] for other in VALUES[paths[1]]]
    arrays = DesignSpace.of(everything, paths).arrays(table)
    for point, row in enumerate(table):
        assert_same(arrays, point, one_by_one(everything, dict(zip(paths, row, strict=True))))


def test_errors_are_those_of_the_stack(everything: Stack) -> None:
    """What is told of a point that is no stack is what ``Stack.changed`` tells: its message, word for word."""
    for path, value in (("layers.A.thickness", -5.0), ("wavelength", 90.0), ("layers.H.thickness.n_eff", 2.5), ("substrate.n", -1.0)):
        arrays = DesignSpace.of(everything, [path]).arrays([[value], [VALUES[path][1]]])
        with pytest.raises(StackError) as raised:
            everything.changed({path: value})
        assert str(arrays.errors[0]) == str(raised.value)
        assert list(arrays.errors) == [0]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The changes of every call of ``Stack.changed``."""
    made: list[object] = []
    original = Stack.changed

    def counted(self: Stack, changes: Any) -> Stack:
        made.append(changes)
        return original(self, changes)

    monkeypatch.setattr(Stack, "changed", counted)
    return made


def test_a_million_points_take_few_calls(everything: Stack, calls: list[object]) -> None:
    """20,000 points of thickness × thickness × wavelength × index: ``changed`` once for each index, no call for the others."""
    space = DesignSpace.of(everything, ["layers.QD.thickness", "layers.L.thickness", "wavelength", "layers.A.material.n"])
    axes = np.meshgrid(np.linspace(50, 150, 20), np.linspace(90, 110, 10), np.linspace(600, 660, 20), [1.5, 1.6, 1.7, 1.8, 1.9])
    arrays = space.arrays(np.stack([axis.ravel() for axis in axes], axis=-1))
    assert len(arrays) == 20_000
    assert len(calls) == 5
    space.arrays(np.stack([axis.ravel() for axis in axes], axis=-1)[:100])
    assert len(calls) == 5  # the next block knows them already


def test_samples_take_one_call_each(everything: Stack, calls: list[object]) -> None:
    """Of ten samples of three indices none has a value in common: ten calls, not thirty."""
    space = DesignSpace.of(everything, ["layers.A.material.n", "layers.H.material.n", "substrate.n"])
    space.arrays(np.random.default_rng(1).uniform(1.5, 1.6, (10, 3)))
    assert len(calls) == 10


def test_a_medium_without_such_a_drive_fails_its_own_points(everything: Stack) -> None:
    """No gain is known at a drive, or it is not one: the points with it, and no others, have the medium's own error."""
    arrays = DesignSpace.of(everything, ["drive.current_density_A_per_cm2"]).arrays([[5.0], [-1.0], [7.0]])
    assert list(arrays.errors) == [1]
    assert np.isfinite(arrays.material_gain_per_cm[[0, 2]]).all()
    assert DesignSpace.of(everything, ["cavity.length_um"]).arrays([[500]], gain=False).material_gain_per_cm[0] != 0.0
    lost = everything.changed({"gain.medium": "no such medium"})
    assert isinstance(DesignSpace.of(lost, ["layers.QD.thickness"]).arrays([[95]]).errors[0], (MediumError, StackError))
    assert not DesignSpace.of(lost, ["layers.QD.thickness"]).arrays([[95]], gain=False).errors


def test_what_paths_touch(everything: Stack) -> None:
    """Positions along [substrate, ITO, QD, H, L, H, L, U, A, Ag, superstrate]; a material reaches the mixtures that name it."""
    expected = {
        "materials.film.n": {1, 2},
        "materials.blend.mix[0].fraction": {1},
        "layers.H.material.n": {3, 5},
        "substrate.n": {0},
        "grating.depth": {"grating", 7},
        "drive.pulse_ns": {"gain"},
        "cavity.length_um": {"cavity"},
    }
    for path, places in expected.items():
        assert touched(everything, place_of(everything, path)) == places


def test_what_changes_the_layers_is_refused(everything: Stack) -> None:
    """The count of a repeat makes other layers: its stacks are bases of their own."""
    with pytest.raises(ArgumentError, match=r"layers\[2\].repeat changes what layers there are"):
        DesignSpace.of(everything, ["layers[2].repeat"])
    with pytest.raises(ArgumentError, match="2 paths"):
        DesignSpace.of(everything, ["layers.QD.thickness", "wavelength"]).arrays([[1.0]])
