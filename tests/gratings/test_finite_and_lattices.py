"""Finite gratings, lattices and footprints: areas, places and Fourier coefficients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from shapely import Point, Polygon

from qdphotonics._checks import positive
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings import (
    FiniteGrating,
    Footprint,
    GratingProfile,
    Lattice,
    depth_factor,
    disc,
    finite_grating,
    overlap_area_um2,
    stripe,
)
from tests.gratings.cells import d4


def test_a_finite_grating_repeats_the_cell() -> None:
    """Area of every layer: periods times the cell's, plus the margins of the unetched stack."""
    cell = d4(duty=0.4)
    grating = FiniteGrating(cell, 5)
    assert grating.length_nm == 2000.0
    assert grating.centres_nm == pytest.approx([-800, -400, 0, 400, 800])
    ungrooved = {1: 250.0, 2: 50.0}
    for region, whole in zip(cell.regions, grating.regions(margin_nm=300.0), strict=True):
        assert whole.polygon.area == pytest.approx(5 * region.polygon.area + 600.0 * ungrooved[region.layer])
    assert finite_grating(cell, length_um=500.0).periods == 1250


@pytest.mark.parametrize(("order", "shift"), [(1, 200.0), (2, 100.0)])
def test_quarter_wave_shift(order: int, shift: float) -> None:
    """λ/4 in the guide is Λ/2 of a first-order grating and Λ/4 of a second-order one: half a period of β's beat with the grating."""
    grating = FiniteGrating(d4(order=order, phase_shift=0.25), 4)
    assert np.diff(grating.centres_nm) == pytest.approx([400, 400 + shift, 400])
    assert grating.length_nm == pytest.approx(1600 + shift)
    assert grating.centres_nm.sum() == pytest.approx(0.0)
    etched = sum(groove.area for groove in grating.grooves)
    assert etched == pytest.approx(4 * 200.0 * 30.0 + shift * 30.0)  # the middle groove goes on through the shift
    assert grating.regions()[1].polygon.area == pytest.approx(grating.length_nm * 50.0 + etched)


def test_apodisation() -> None:
    """Deepest in the middle, symmetric, nothing (raised cosine) or 1/e (Gaussian) at the ends; grooves hang from the top."""
    assert depth_factor("none", [-1.0, 0.3]).tolist() == [1.0, 1.0]
    assert depth_factor("gaussian", [1.0]) == pytest.approx(math.exp(-1))
    assert depth_factor("raised-cosine", [0.0, 1.0]) == pytest.approx([1.0, 0.0], abs=1e-15)
    grating = FiniteGrating(d4(apodisation="raised-cosine"), 6)
    assert grating.depth_factors == pytest.approx(grating.depth_factors[::-1])
    assert grating.depth_factors.argmax() in (2, 3)
    for groove, factor in zip(grating.grooves, grating.depth_factors, strict=True):
        _, low, _, high = groove.bounds
        assert (low, high) == pytest.approx((250.0 - 30.0 * factor, 250.0))


def test_conformal_layers_follow_a_finite_grating() -> None:
    finite = FiniteGrating(d4(duty=0.4, over_layers="conformal"), 2)
    areas = [region.polygon.area for region in finite.regions()]
    assert areas == pytest.approx([800 * 250 - 480 * 30, 800 * 50, 480 * 30])


def test_fill_of_lattices() -> None:
    """Circle over cell: π d²/4Λ² (square), twice that over √3 (triangular)."""
    assert Lattice("square", 400, "hole", 200).fill == pytest.approx(math.pi / 16)
    assert Lattice("triangular", 400, "pillar", 200).fill == pytest.approx(math.pi / 8 / math.sqrt(3))
    assert Lattice("square", 400, "hole", 200).outline.area == pytest.approx(math.pi * 100**2, rel=1e-12)
    assert Lattice("square", 400, "hole", 200).resonant_index_period == pytest.approx(1.0)
    assert Lattice("triangular", 400, "hole", 200).resonant_index_period == pytest.approx(math.sqrt(3) / 2)


@pytest.mark.parametrize("kind", ["square", "triangular"])
def test_fourier_coefficients_of_a_lattice(kind: Any) -> None:
    """Jinc against the sum over 400² points of the cell, to 2e-3 (the edge's staircase); b_i · a_j = 2π δ_ij."""
    lattice = Lattice(kind, 400.0, "hole", 240.0)
    np.testing.assert_allclose(lattice.vectors_nm @ lattice.reciprocal_per_nm.T, 2 * np.pi * np.eye(2), atol=1e-12)
    orders = np.array([[0, 0], [1, 0], [0, 1], [1, -1], [2, 1]])
    found = lattice.fourier_epsilon(1.0, 4.0, orders)
    share = (np.arange(400) + 0.5) / 400 - 0.5
    r = share[:, None, None] * lattice.vectors_nm[0] + share[None, :, None] * lattice.vectors_nm[1]
    shifts = [i * lattice.vectors_nm[0] + j * lattice.vectors_nm[1] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    inside = np.any([np.linalg.norm(r - shift, axis=-1) < 120.0 for shift in shifts], axis=0)
    epsilon = np.where(inside, 1.0, 4.0)
    for pq, value in zip(orders, found, strict=True):
        phase = np.exp(-1j * r @ (pq @ lattice.reciprocal_per_nm))
        assert value == pytest.approx(np.mean(epsilon * phase), abs=2e-3)


def test_footprints() -> None:
    """Crossed stripes overlap in a rectangle; turned by 45° in a parallelogram w₁w₂/sin 45°; apart not at all."""
    anode, slit = stripe("anode", 30.0, 2000.0), stripe("slit", 2000.0, 300.0)
    assert overlap_area_um2(anode, slit) == pytest.approx(9000.0)
    assert overlap_area_um2(anode, slit.rotated(45.0)) == pytest.approx(30.0 * 300.0 / math.sin(math.pi / 4))
    assert overlap_area_um2(anode, slit, stripe("mesa", 10.0, 10.0, (0.0, 150.0))) == pytest.approx(10.0 * 5.0)
    assert overlap_area_um2(stripe("a", 1, 1), stripe("b", 1, 1, (5.0, 0.0))) == 0.0
    assert disc("dot", 10.0).area_um2 == pytest.approx(25 * math.pi, rel=2e-4)


def test_refusals() -> None:
    with pytest.raises(ArgumentError, match="`diameter_nm` must be at most the period 300 nm"):
        Lattice("square", 300.0, "hole", 310.0)
    with pytest.raises(ArgumentError, match="`kind` must be one of 'square', 'triangular'"):
        Lattice("hexagonal", 300.0, "hole", 100.0)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match='`outline` of "cross" must be a valid polygon'):
        Footprint("cross", Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))
    with pytest.raises(ArgumentError, match='`outline` of "dot" must be'):
        Footprint("dot", Point(0, 0))
    with pytest.raises(ArgumentError, match="exactly one of them"):
        finite_grating(d4())
    with pytest.raises(ArgumentError, match="must have a grating, but it is planar"):
        FiniteGrating(d4(grated=None, profile=None), 3)
    with pytest.raises(ArgumentError, match="`periods` must be an integer >= 1"):
        FiniteGrating(d4(), 0)
    with pytest.raises(ArgumentError, match="`depth_nm` must be > 0 nm and finite, but it is nan"):
        GratingProfile(400.0, float("nan"))
    assert positive("x", 3) == 3.0
