"""The cross-section of a period: areas, slices, Fourier coefficients and polygons agree; impossible profiles are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shapely import Point, Polygon, box
from shapely.ops import unary_union

from qdphotonics.errors import ArgumentError, StackError
from qdphotonics.gratings import GratingProfile, UnitCell, unit_cell
from qdphotonics.stacks import load_stack

PERIOD, DEPTH = 400.0, 60.0
INDEX = np.array([1.5, 1.6, 1.9, 1.7, 1.0])
NAMES = ("substrate", "L-ITO", "QD", "cap", "superstrate")
STACK: dict[str, Any] = {
    "name": "grated",
    "wavelength": 620,
    "substrate": {"n": 1.52},
    "superstrate": "air",
    "layers": [
        {"name": "L-ITO", "material": {"n": 1.6}, "thickness": 250},
        {"name": "QD", "material": {"n": 1.9}, "thickness": 50},
    ],
    "grating": {"layer": "L-ITO", "period": 400, "depth": 30, "duty": 0.4, "order": 2},
}

SHAPES: list[GratingProfile] = [
    GratingProfile(PERIOD, DEPTH, 0.3),
    GratingProfile(PERIOD, DEPTH, 0.3, "trapezoid", sidewall_deg=50.0),
    GratingProfile(PERIOD, DEPTH, 0.5, "sinusoid"),
    GratingProfile(PERIOD, DEPTH, 0.35, "blazed"),
    GratingProfile(PERIOD, DEPTH, polygon=Polygon([(-150, 0), (-150, 60), (-60, 60), (-40, 20), (30, 20), (30, 55), (120, 0)])),
]


def cell(profile: GratingProfile, over_layers: Any = "planarising") -> UnitCell:
    return UnitCell(NAMES, INDEX, np.array([200.0, 80.0, 30.0]), PERIOD, 620.0, grated=1, profile=profile, over_layers=over_layers)


def covered(a_cell: UnitCell, layer: int, most_nm: float | None = None) -> float:
    """Area of one layer between substrate and superstrate's plane, from the slices [nm²]."""
    return float(sum(s.thickness_nm * np.diff(s.boundaries_nm)[s.layer == layer].sum() for s in a_cell.slices(most_nm)))


@pytest.mark.parametrize("profile", SHAPES, ids=lambda p: p.shape if p.polygon is None else "polygon")
def test_a_tooth_holds_its_duty_of_the_period(profile: GratingProfile) -> None:
    """Kept area = duty · period · depth for the named shapes: their walls are odd about half the depth; 1e-3 for the curve's pieces."""
    if profile.polygon is None:
        assert profile.tooth.area == pytest.approx(profile.duty * PERIOD * DEPTH, rel=1e-3)
        [[left, right]] = profile.kept(DEPTH / 2)
        assert right - left == pytest.approx(profile.duty * PERIOD, rel=1e-12)
    assert profile.tooth.is_valid


@pytest.mark.parametrize("over_layers", ["planarising", "conformal"])
@pytest.mark.parametrize("profile", SHAPES, ids=lambda p: p.shape if p.polygon is None else "polygon")
def test_slices_and_polygons_have_the_same_areas(profile: GratingProfile, over_layers: str) -> None:
    """Two ways to the area of each layer: by shapely's polygons, by the slices (midpoint rule, exact for straight walls)."""
    a_cell = cell(profile, over_layers)
    areas = {region.layer: region.polygon.area for region in a_cell.regions}
    assert sum(areas.values()) == pytest.approx(PERIOD * 310.0, rel=1e-12)
    for layer, area in areas.items():
        assert covered(a_cell, layer, 1.0) == pytest.approx(area, rel=1e-3)
    union = unary_union([region.polygon for region in a_cell.regions])
    assert union.symmetric_difference(box(-200, 0, 200, 310)).area == pytest.approx(0.0, abs=1e-6)


def test_planarising_fills_and_conformal_follows() -> None:
    """Planarising: the layer above gains what the grooves lose, the rest is flat. Conformal: every layer above keeps its area."""
    profile = SHAPES[0]
    groove = 0.7 * PERIOD * DEPTH
    flat, following = cell(profile), cell(profile, "conformal")
    assert [covered(flat, k) for k in (1, 2, 3, 4)] == pytest.approx([200 * 400 - groove, 80 * 400 + groove, 30 * 400, 0.0])
    assert [covered(following, k) for k in (1, 2, 3, 4)] == pytest.approx([200 * 400 - groove, 80 * 400, 30 * 400, groove])
    assert [s.thickness_nm for s in flat.slices()] == pytest.approx([140, 60, 80, 30])
    assert flat.layer_map([0.0, 199.0, -199.0, 400.0, 599.0], 170.0).tolist() == [1, 2, 2, 1, 2]
    assert following.layer_map([0.0, 199.0], [[309.0], [251.0], [-1.0]]).tolist() == [[3, 4], [2, 4], [0, 0]]


def test_map_and_polygons_say_the_same() -> None:
    """Random points lie in the polygon of the layer that the map names."""
    a_cell = cell(SHAPES[4], "conformal")
    polygons = {region.layer: region.polygon for region in a_cell.regions}
    random = np.random.default_rng(5)
    x, z = random.uniform(-200, 200, 300), random.uniform(0, 310, 300)
    named = a_cell.layer_map(x, z)
    assert len(set(named.tolist())) == 4
    for point_x, point_z, layer in zip(x, z, named.tolist(), strict=True):
        assert polygons[layer].distance(Point(point_x, point_z)) < 1e-9
    assert np.array_equal(a_cell.index_map(x, z), INDEX[named])


def test_fourier_coefficients_of_a_rectangle() -> None:
    """ε_m = (ε_tooth − ε_groove) sin(πmD)/(πm), ε_0 the mean: exact, so to rounding; the series gives ε(x) back."""
    a_cell = cell(GratingProfile(PERIOD, DEPTH, 0.3))
    orders = np.arange(-3, 4)
    slices, epsilon = a_cell.fourier_epsilon(orders)
    expected = (1.6**2 - 1.9**2) * 0.3 * np.sinc(0.3 * orders) + np.where(orders == 0, 1.9**2, 0.0)
    np.testing.assert_allclose(epsilon[1], expected, atol=1e-14)
    np.testing.assert_allclose(epsilon[0], np.where(orders == 0, 1.6**2, 0.0), atol=1e-14)
    assert [s.is_uniform for s in slices] == [True, False, True, True]


def test_fourier_coefficients_of_a_blazed_tooth_by_quadrature() -> None:
    """Against the sum over 4,000 points of x: the sign of the phase too, which a tooth that is its mirror image would hide."""
    a_cell = cell(SHAPES[3])
    x = (np.arange(4000) + 0.5) * PERIOD / 4000 - PERIOD / 2
    slices, epsilon = a_cell.fourier_epsilon([1, 2])
    middle = next(k for k, s in enumerate(slices) if s.bottom_nm > 165)
    height = 0.5 * (slices[middle].bottom_nm + slices[middle].top_nm)
    for m, found in zip((1, 2), epsilon[middle], strict=True):
        by_points = np.mean(a_cell.index_map(x, height) ** 2 * np.exp(-2j * np.pi * m * x / PERIOD))
        assert found == pytest.approx(by_points, abs=2e-3)
        assert abs(found.imag) > 0.02


def test_a_blazed_tooth_rises_from_the_left() -> None:
    """Its base is 2 · duty · period wide, its wall upright at the right end."""
    base = 2 * 0.35 * PERIOD
    assert SHAPES[3].kept(0.0) == pytest.approx(np.array([[-base / 2, base / 2]]))
    assert SHAPES[3].kept(0.75 * DEPTH) == pytest.approx(np.array([[base / 4, base / 2]]))


def test_symmetry_is_seen() -> None:
    """A blazed tooth and a lopsided polygon have no mirror; the others have."""
    assert [profile.is_symmetric for profile in SHAPES] == [True, True, True, False, False]
    assert GratingProfile(PERIOD, DEPTH, polygon=Polygon([(-50, 0), (50, 0), (0, 60)])).is_symmetric


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"duty": 1.0}, "`duty` must be > 0 and < 1"),
    ({"depth_nm": -1.0}, "`depth_nm` must be > 0 nm"),
    ({"shape": "star"}, "`shape` must be one of"),
    ({"shape": "trapezoid"}, "`sidewall_deg` must be given for a trapezoid"),
    ({"shape": "trapezoid", "sidewall_deg": 5.0}, "steep enough for walls 30 nm high not to meet"),
    ({"sidewall_deg": 60.0}, "must not be given for a rectangle"),
    ({"shape": "sinusoid", "duty": 0.4}, "`duty` must be 0.5 for a sinusoid"),
    ({"shape": "blazed", "duty": 0.6}, "`duty` must be ≤ 0.5 for a blazed"),
    ({"polygon": box(-300, 0, 0, 10)}, "`polygon` must lie within -200"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_impossible_profiles_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        GratingProfile(**{"period_nm": 400.0, "depth_nm": 30.0, **change})


def test_from_a_stack() -> None:
    """DESIGN section 5: depth is etched into the top of the layer, whose thickness includes it, and filled by the layer above."""
    stack = load_stack(STACK)
    a_cell = unit_cell(stack)
    assert [(s.bottom_nm, s.top_nm) for s in a_cell.slices()] == [(0, 220), (220, 250), (250, 300)]
    assert a_cell.slices()[1].layer.tolist() == [2, 1, 2]
    assert a_cell.slices()[1].boundaries_nm == pytest.approx([-200, -80, 80, 200])
    wanted = {"grating.shape": "trapezoid", "grating.sidewall_deg": 60, "grating.over_layers": "conformal", "grating.phase_shift": 0.25}
    changed = unit_cell(stack.changed(wanted), 600.0)
    assert (changed.over_layers, changed.phase_shift, changed.wavelength_nm) == ("conformal", 0.25, 600.0)
    assert changed.profile == GratingProfile(400.0, 30.0, 0.4, "trapezoid", 60)
    with pytest.raises(ArgumentError, match='must have a grating, but "grated" has none; give the file a block such as'):
        unit_cell(load_stack({key: value for key, value in STACK.items() if key != "grating"}))
    with pytest.raises(ArgumentError, match="must be at most 250 nm deep, the thickness of L-ITO"):
        unit_cell(stack, profile=GratingProfile(400.0, 260.0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"grating.sidewall_deg": 60}, "grating.sidewall_deg must not be given for a rectangle"),
        ({"grating.shape": "trapezoid", "grating.sidewall_deg": 4}, "walls 30 nm high not to meet, with 160 nm between them"),
        ({"grating.shape": "sinusoid"}, "grating.duty must be 0.5 for a sinusoid, got 0.4"),
        ({"grating.shape": "trapezoid"}, "grating.sidewall_deg must be given for a trapezoid"),
        ({"grating.over_layers": "conform"}, "grating.over_layers must be 'planarising' or 'conformal', got \"conform\""),
        ({"grating.phase_shift": 2}, "grating.phase_shift must be ≥ 0 and ≤ 0.5, got 2"),
    ],
)
def test_the_file_says_what_is_wrong(change: dict[str, object], message: str) -> None:
    with pytest.raises(StackError, match=message):
        load_stack(STACK).changed(change)
