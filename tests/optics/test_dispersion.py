"""Modes over wavelengths."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.optics import find_modes, follow_modes
from qdphotonics.stacks import Stack


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


def test_a_lossy_mode_that_is_cut_off_is_not_the_leaky_mode_beside_it(bragg_diode: Stack) -> None:
    """M3's TM10 passes behind the branch cut of the glass near 632 nm, where its loss on its own sheet turns negative.

    One nanometre on, a leaky TM mode of 270 cm^-1 stands at nearly the same Re n_eff: another zero, so another path.
    """
    followed = follow_modes(bragg_diode, np.arange(629.0, 639.0, 1.0), polarization="TM", n_range=(1.48, 1.56))
    first, second = followed.modes
    assert first.note == "ends between 632 and 633 nm: it is cut off"
    assert {point.kind for point in first.points if point is not None} == {"guided"}
    assert second.note == "appears between 633 and 634 nm"
    assert {point.kind for point in second.points if point is not None} == {"leaky"}


def test_a_mode_that_leaves_the_region_says_so(slab: Stack) -> None:
    te0 = follow_modes(slab, [600.0, 700.0], polarization="TE", n_range=(find_modes(slab)["TE0"].n_eff.real - 1e-3, 2.0))
    assert te0.modes[0].note == "ends between 600 and 700 nm: it leaves the region that is searched"


def test_a_crossing_of_polarizations_or_guides_is_no_exchange() -> None:
    """Two guides 6 um apart, of different dispersion, cross near 606 nm: each path stays in its own guide, and says where they met."""
    stack = qdp.load_stack(
        {
            "name": "two guides",
            "wavelength": 640,
            "substrate": {"n": 1.45},
            "superstrate": {"n": 1.45},
            "layers": [
                {"name": "thin", "material": {"n": 2.0}, "thickness": 80},
                {"name": "between", "material": {"n": 1.45}, "thickness": 6000},
                {"name": "thick", "material": {"n": 1.66}, "thickness": 400},
            ],
        }
    )
    followed = follow_modes(stack, np.arange(560.0, 721.0, 8.0), polarization="TE", n_range=(1.46, 2.0))
    whole = [mode for mode in followed.modes if None not in mode.points]
    assert len(whole) == 2
    for mode in whole:
        shares = [point.confinement["thin"].intensity for point in mode.points if point is not None]
        assert max(shares) - min(shares) < 0.3  # a swap would exchange 0.5 for 0
    order = [whole[0].points[i].n_eff.real > whole[1].points[i].n_eff.real for i in (0, -1)]  # type: ignore[union-attr]
    assert order[0] != order[1]
    assert all(mode.note.startswith("meets another mode so closely") for mode in whole)
    assert all(mode.note.endswith("between 600 and 608 nm") for mode in whole)


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
