"""Shapes that are painted one over the other show what the cell holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import Polygon, contains_xy

from qdphotonics.errors import ArgumentError
from qdphotonics.fdtd import extrapolate, geometry
from qdphotonics.fdtd.job import Block, Cylinder, Shape
from qdphotonics.fdtd.media import Medium, dielectric, metal_at
from qdphotonics.gratings import FiniteGrating, GratingProfile, UnitCell
from tests.gratings.cells import d4

FLAT = Medium((2.0, 2.0, 2.0))
METAL = Medium((1.0, 1.0, 1.0), poles=metal_at(0.06 + 4.2j, 630.0).poles)


def seen(shapes: tuple[Shape, ...], x_um: NDArray[np.float64], y_um: NDArray[np.float64]) -> NDArray[np.int64]:
    """The medium that the last shape over a point leaves there."""
    medium = np.zeros(x_um.shape, dtype=np.int64)
    for shape in shapes:
        assert not isinstance(shape, Cylinder)
        if isinstance(shape, Block):
            assert shape.size[0] is None
            assert shape.size[1] is not None
            assert shape.size[2] is None  # endless out of the plane: at 0 Meep averages wrongly
            inside = np.abs(y_um - shape.center[1]) < 0.5 * shape.size[1]
        else:
            inside = contains_xy(Polygon(shape.corners), x_um, y_um)
        medium[inside] = shape.medium
    return medium


def points(period_nm: float, low_nm: float, high_nm: float, count: int = 400) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    random = np.random.default_rng(5)
    return random.uniform(-0.5 * period_nm, 0.5 * period_nm, count), random.uniform(low_nm, high_nm, count)


@settings(max_examples=40)
@given(
    st.sampled_from(["rectangle", "trapezoid", "sinusoid", "blazed"]),
    st.floats(5.0, 100.0),
    st.floats(0.25, 0.75),
    st.sampled_from(["planarising", "conformal"]),
    st.floats(0.0, 1.0),
)
def test_what_is_painted_is_the_cell(shape: Any, depth_nm: float, duty: float, over_layers: Any, offset: float) -> None:
    """At 400 random points of a period the last shape's layer is the cell's own map's; walls of curves are polygons of 64
    pieces there and smooth here, so points within 0.5 nm of another layer do not count."""
    wall = 60.0 if shape == "trapezoid" else None
    assume(shape != "trapezoid" or depth_nm / np.tan(np.radians(60)) < 390.0 * min(duty, 1 - duty))
    duty = 0.5 if shape == "sinusoid" else min(duty, 0.5) if shape == "blazed" else duty  # they have no others
    profile = GratingProfile(400.0, depth_nm, duty, shape, sidewall_deg=wall)
    cell = UnitCell(
        ("substrate", "a", "b", "c", "superstrate"),
        np.array([1.5, 1.6, 1.9, 1.7, 1.0]),
        np.array([150.0, 60.0, 40.0]),
        400.0,
        620.0,
        grated=1,
        profile=profile,
        over_layers=over_layers,
    )
    where = geometry.window(-300.0, 600.0, 100.0, offset=offset)
    x, z = points(400.0, -200.0, 400.0)
    layer = cell.layer_map(x, z)
    clear = np.all([cell.layer_map(x + dx, z + dz) == layer for dx in (-0.5, 0.5) for dz in (-0.5, 0.5)], axis=0)
    found = seen(geometry.cell_shapes(cell, where), x / 1000, z / 1000 + where.shift)
    assert clear.sum() > 300
    assert (found == layer)[clear].all()


@pytest.mark.parametrize("over_layers", ["planarising", "conformal"])
def test_a_finite_grating_ends_in_plain_guides(over_layers: Any) -> None:
    """Within five periods the cell, beyond them the stack without grooves."""
    cell = d4(over_layers=over_layers)
    where = geometry.window(-300.0, 600.0, 100.0)
    shapes = geometry.finite_shapes(FiniteGrating(cell, 5), where)
    x, z = points(4000.0, -100.0, 400.0, 2000)
    flat = np.searchsorted(cell.interfaces_nm, z)
    expected = np.where(np.abs(x) < 1000.0, cell.layer_map(x, z), flat)
    if over_layers == "planarising":  # an odd number of periods: a tooth in the middle, as in the cell
        assert (seen(shapes, x / 1000, z / 1000 + where.shift) == expected).all()
    inside = np.abs(x) < 1000.0
    assert (seen(shapes, x / 1000, z / 1000 + where.shift) == expected)[inside].all()


@given(st.floats(10.0, 400.0), st.floats(-500.0, 500.0), st.sampled_from([0.0, 0.25, 0.75]), st.floats(100.0, 3000.0))
def test_a_window_puts_a_surface_where_it_is_told(resolution: float, reference_nm: float, offset: float, height_nm: float) -> None:
    """Edges of pixels lie at whole multiples of one, since the height is an even number of them; all that is asked for is inside."""
    where = geometry.window(-height_nm, height_nm, resolution, reference_nm, offset)
    pixels = where.height * resolution
    assert pixels == pytest.approx(2 * round(pixels / 2))
    assert (where.y(reference_nm) * resolution - offset) % 1 == pytest.approx(0, abs=1e-6) or (
        where.y(reference_nm) * resolution - offset
    ) % 1 == pytest.approx(1, abs=1e-6)
    assert where.y(-height_nm) > -0.5 * where.height - 1.5 / resolution
    assert where.y(height_nm) < 0.5 * where.height + 1.5 / resolution


def test_metal_asks_for_two_grids_and_no_absorber() -> None:
    heights = np.array([0.0, 100.0, 150.0])
    assert geometry.offsets_of((FLAT, FLAT, FLAT, FLAT)) == (0.0,)
    assert geometry.offsets_of((FLAT, FLAT, METAL, FLAT)) == geometry.DITHER
    assert geometry.offsets_of((FLAT, dielectric(1.6 - 1e-3j, 630.0), FLAT)) == geometry.DITHER
    assert geometry.metal_surface_nm((FLAT, FLAT, METAL, FLAT), heights) == 100.0
    assert [each.side for each in geometry.absorbers((FLAT, METAL), 0.4)] == ["Low"]
    assert geometry.end_absorber((FLAT, METAL), 50.0).gradual
    assert not geometry.end_absorber((FLAT, FLAT), 50.0).gradual


@given(st.floats(0.5, 3.0), st.floats(-100.0, 100.0), st.floats(20.0, 200.0), st.floats(1.5, 3.0))
def test_the_limit_of_a_second_order_error_is_exact(value: float, slope: float, resolution: float, ratio: float) -> None:
    """f(h) = f + c h^2 at two h; and the error bar holds the truth where the order is 1.5."""
    resolutions = (resolution, ratio * resolution)
    found = extrapolate.limit(resolutions, [value + slope / r**2 for r in resolutions])
    assert found.value == pytest.approx(value, abs=1e-9)
    worse = extrapolate.limit(resolutions, [value + slope / r**1.5 for r in resolutions])
    assert abs(worse.value - value) <= worse.uncertainty * (1 + 1e-6) + 1e-12


@pytest.mark.parametrize("wrong", [(100.0,), (100.0, 110.0), (5.0, 100.0), (200.0, 100.0), (100.0, float("nan"))])
def test_resolutions_are_checked(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ArgumentError, match="resolutions_per_um"):
        extrapolate.checked_resolutions(wrong)
