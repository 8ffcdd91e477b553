"""Modes over wavelengths."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.optics import find_modes, follow_modes, planar_problem
from qdphotonics.stacks import Stack

SLOPE_TOLERANCE = 1e-6  # relative, of a central difference over 0.2 nm: its third-order term


def test_the_slope_over_wavelength_is_exact(silver_led: Stack) -> None:
    """dn_eff/dlambda from the derivatives by index and thickness, against a central difference of n_eff over 630 -+ 0.1 nm.

    Holds for the guided TE mode and for the plasmon, absorption included: Re and Im both. 625.3 nm lies within one interval
    of every table, so that the indices are smooth there.
    """
    centre, step = 625.3, 0.1
    arrays = planar_problem(silver_led, centre)
    middle, below, above = (find_modes(silver_led, nm) for nm in (centre, centre - step, centre + step))
    for label in ("TE0", "TM0"):
        difference = (above[label].n_eff - below[label].n_eff) / (2 * step)
        assert abs(arrays.slope_per_nm(middle[label].solution) - difference) < SLOPE_TOLERANCE * abs(difference)


def test_a_slope_gives_the_group_index(silver_led: Stack) -> None:
    """n_g = Re(n_eff - lambda dn_eff/dlambda): the solver's group index, another sum of the same derivatives."""
    arrays = planar_problem(silver_led)
    for mode in find_modes(silver_led):
        slope = arrays.slope_per_nm(mode.solution)
        assert (mode.n_eff - 630.0 * slope).real == pytest.approx(mode.group_index, rel=1e-9)


def test_each_followed_mode_is_the_mode_of_a_search_there(silver_led: Stack) -> None:
    grid = np.arange(600.0, 661.0, 10.0)
    followed = follow_modes(silver_led, grid)
    assert followed.search.certified
    for position, wavelength in enumerate(grid):
        fresh = find_modes(silver_led, wavelength)
        points = [mode.points[position] for mode in followed.modes]
        assert sorted(p.n_eff.real for p in points if p is not None) == pytest.approx(sorted(m.n_eff.real for m in fresh))
    te0 = followed.modes[0]
    assert te0.label == "TE0"
    assert te0.note == ""
    curve = [point.n_eff.real for point in te0.points if point is not None]
    assert np.all(np.diff(curve) < 0)  # normal dispersion of a waveguide


def test_a_mode_that_is_cut_off_is_told_not_replaced(slab: Stack) -> None:
    """A slab 1.5 / 2.0, 300 nm / 1.5 holds TE1 while d > lambda/(2 sqrt(2^2 - 1.5^2)), that is up to 793.7 nm."""
    followed = follow_modes(slab, np.arange(700.0, 901.0, 20.0), polarization="TE", n_range=(1.5001, 2.0))
    te1 = followed.modes[1]
    assert te1.label == "TE1"
    assert "between 780 and 800 nm" in te1.note
    assert [point is None for point in te1.points] == [False] * 5 + [True] * 6
    rising = follow_modes(slab, np.arange(900.0, 699.0, -20.0), polarization="TE", n_range=(1.5001, 2.0))
    assert "appears between 800 and 780 nm" in rising.modes[1].note


def test_the_document_holds_one_list_over_the_wavelengths_for_each_quantity(slab: Stack) -> None:
    grid = [780.0, 800.0]
    followed = follow_modes(slab, grid, polarization="TE", n_range=(1.5001, 2.0))
    document = followed.as_dict()
    assert document["wavelength_nm"] == grid
    te0, te1 = document["modes"]
    assert (te1["label"], te1["polarization"]) == ("TE1", "TE")
    assert te1["n_eff"][0][0] == pytest.approx(1.5, abs=0.01)
    assert te1["n_eff"][1] is None
    assert te1["confinement"]["core"]["intensity"][1] is None
    assert te0["confinement"]["core"]["intensity"] == [followed.modes[0].points[i].confinement["core"].intensity for i in (0, 1)]  # type: ignore[union-attr]
    assert te0["kind"] == ["guided", "guided"]
    assert te0["sensitivity"]["thickness_per_nm"]["core"][0] is not None


def test_wavelengths_must_be_wavelengths(slab: Stack) -> None:
    with pytest.raises(qdp.ArgumentError, match="positive and finite, but is 0"):
        follow_modes(slab, [600.0, 0.0])
    with pytest.raises(qdp.ArgumentError, match="at least one wavelength"):
        follow_modes(slab, [])


def test_a_table_shows_each_mode_at_both_ends_of_its_range(slab: Stack) -> None:
    followed = follow_modes(slab, [760.0, 780.0, 800.0], polarization="TE", n_range=(1.5001, 2.0))
    te0, te1 = (line.split() for line in repr(followed).splitlines()[2:4])
    assert te0[:3] == ["TE0", "760", "800"]
    assert te1[:3] == ["TE1", "760", "780"]
    assert "TE1: ends" in repr(followed)
    assert "<table>" in followed._repr_html_()
