"""Points of a sweep against the same stacks one by one: their modes searched for, and followed by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.laser import PumpedMode, pumped_stack
from qdphotonics.laser.analysis import medium_of, reported_mode
from qdphotonics.optics import planar_problem
from qdphotonics.planar import track_modes
from qdphotonics.sweeps import load_sweep
from qdphotonics.sweeps.axes import Design
from qdphotonics.sweeps.planar_points import Block, SweepPoints
from qdphotonics.sweeps.rows import LOST, RESOLVED, TRACKED, follow_rows
from qdphotonics.sweeps.space import DesignSpace
from tests.sweeps.swept import M2, MODAL, SLAB, changed_at, swept

AXES = {
    "layers.QD.thickness": {"from": 50, "to": 150, "count": 6},
    "layers.L-ITO.thickness": {"from": 150, "to": 350, "count": 5},
    "wavelength": {"from": 600, "to": 660, "count": 7},
}


@pytest.fixture(scope="module")
def cube() -> tuple[SweepPoints, Block]:
    return swept(M2, AXES, MODAL)


def test_points_are_what_searching_each_stack_gives(cube: tuple[SweepPoints, Block]) -> None:
    """M2 by thickness × thickness × wavelength, 12 random points: n_eff, loss, confinement as of ``modes`` on the changed stack.

    It has one TE mode throughout. Newton's steps end below 1e-9 and converge quadratically: 1e-12 in n_eff; the net gain is
    that of :class:`PumpedMode`, 4π/λ times as much: 1e-6 cm⁻¹.
    """
    points, block = cube
    assert points.main == "TE0"
    assert not block.errors
    assert (block.status == TRACKED).all()
    for flat in np.random.default_rng(3).integers(0, 210, 12).tolist():
        stack = changed_at(points, flat)
        mode = qdp.find_modes(stack, polarization="TE")["TE0"]
        gain = medium_of(stack, None).material_gain_per_cm
        net_gain = PumpedMode(pumped_stack(stack), mode).net_gain_per_cm(gain)
        assert block.places["TE0"][flat] == pytest.approx(mode.n_eff, abs=1e-12)
        expected = (
            mode.n_eff.real,
            mode.loss_per_cm,
            mode.confinement["QD"].intensity,
            mode.confinement["QD"].gain,
            net_gain,
            net_gain + mode.loss_per_cm,
            gain,
        )
        assert [block.values[name][flat] for name in MODAL] == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_row_does_not_know_what_else_is_computed(cube: tuple[SweepPoints, Block]) -> None:
    """Blocks of other cuts, one row alone, the last rows first: the same numbers to the last bit, from fresh objects too."""
    points, block = cube
    fresh = SweepPoints.of(points.spec)
    for flat in (np.arange(105, 210), np.arange(0, 105), np.arange(77, 84), np.arange(35)[::-1].copy()):
        part = fresh.block(flat)
        for name in MODAL:
            assert np.array_equal(part.values[name], block.values[name][flat])
        assert np.array_equal(part.status, block.status[flat])


def test_gain_from_each_passive_mode_agrees_with_gain_followed_along_the_row() -> None:
    """Two ways to the pumped mode of 60 thicknesses: from the passive mode of each, and from pumped mode to pumped mode.

    Nothing meets on either way, so both must come to the same zero: 1e-12, as every followed mode.
    """
    axes = {"layers.QD.thickness": {"from": 40, "to": 200, "count": 60}}
    points, block = swept(M2, axes, ["net_gain_per_cm"])
    arrays = DesignSpace.of(points.spec.stack, ["layers.QD.thickness"]).arrays(points.spec.design.axes[0].array[:, None])
    stack = changed_at(points, 0)
    mode, gain = reported_mode(stack)
    pumped = pumped_stack(stack).at(gain).search("TE", None, 1e4).modes[0]
    along = track_modes(arrays.index + arrays.gain_change, arrays.thickness_nm, 630.0, "TE", [pumped])
    assert mode.passive.label == "TE0"
    assert (along.status == "tracked").all()
    assert block.values["net_gain_per_cm"] == pytest.approx(-along.loss_per_cm[0], abs=1e-12 * 4 * np.pi / 630e-7)


@pytest.mark.parametrize("mode", ["TE0", "TE1", "TM0", "TM1"])
def test_through_cut_off(mode: str) -> None:
    """A film from 20 to 500 nm: a mode stands where the closed form has it, and nowhere else.

    Cut-off of order m: k0 d √(n_f² − n_s²) = mπ + atan(w √((n_s² − n_c²)/(n_f² − n_s²))), w = 1 (TE) or (n_f/n_c)² (TM). Points
    below are lost, the next of them because the mode is cut off there (further on it may end, where it meets another that is no
    mode either); those above are the mode of that label, to 1e-12.
    """
    thickness = np.linspace(20.0, 500.0, 97)
    base = {**SLAB, "layers": [{**SLAB["layers"][0], "thickness": 450}]}
    points, block = swept(base, {"layers.F.thickness": thickness.tolist()}, mode=mode)
    n_f, n_s, n_c = 2.0, 1.45, 1.0
    weight = 1.0 if mode.startswith("TE") else (n_f / n_c) ** 2
    phase = int(mode[2]) * np.pi + np.arctan(weight * np.sqrt((n_s**2 - n_c**2) / (n_f**2 - n_s**2)))
    cut_off = phase / (2 * np.pi / 633 * np.sqrt(n_f**2 - n_s**2))
    guided = thickness > cut_off
    assert 0 < guided.sum() < 97
    assert np.array_equal(block.status == TRACKED, guided)
    assert np.array_equal(np.isnan(block.values["n_eff"]), ~guided)
    assert sorted(block.errors) == np.flatnonzero(~guided).tolist()
    assert "is cut off" in block.errors[int(np.flatnonzero(~guided)[-1])]
    for flat in np.flatnonzero(guided)[::7].tolist():
        found = qdp.find_modes(changed_at(points, flat), polarization=mode[:2])  # type: ignore[arg-type]
        assert block.values["n_eff"][flat] == pytest.approx(found[mode].n_eff.real, abs=1e-12)


GUIDES: dict[str, Any] = {
    "name": "two guides",
    "wavelength": 600,
    "substrate": {"n": 1.45},
    "superstrate": {"n": 1.45},
    "layers": [
        {"name": "A", "material": {"n": 2.1}, "thickness": 180},
        {"name": "gap", "material": {"n": 1.45}, "thickness": 400},
        {"name": "B", "material": {"n": 2.1}, "thickness": 220},
    ],
}


@pytest.mark.parametrize("mode", ["TE0", "TE1"])
@pytest.mark.parametrize("gap", [250.0, 400.0, 700.0])
def test_through_an_avoided_crossing(mode: str, gap: float) -> None:
    """Two guides, one thickened past the other at three gaps and two wavelengths: the modes repel, so the upper stays the upper.

    Gaps in n_eff down to 1e-4 in steps that are a hundred times that. Every point that is not marked is the mode of that label.
    """
    axes = {"wavelength": [590, 610], "layers.A.thickness": {"from": 150, "to": 290, "count": 15}}
    base = {**GUIDES, "layers": [{**each, "thickness": gap} if each["name"] == "gap" else each for each in GUIDES["layers"]]}
    points, block = swept(base, axes, mode=mode)
    assert (block.status != LOST).all()
    assert (block.status == TRACKED).all()
    for flat in range(30):
        mine = qdp.find_modes(changed_at(points, flat), polarization="TE")[mode]
        assert block.values["n_eff"][flat] == pytest.approx(mine.n_eff.real, abs=1e-11)


def test_a_lost_mode_costs_no_more_than_where_it_is_lost() -> None:
    """A film's index steps down to where only lower modes are left and up again: TE3 is lost there, not TE0 in its place.

    Beyond, it is found again from the base, and marked: which is which was a matter of choice on the way. Every value is the
    mode of that label of its stack; the next row is as good as the first.
    """
    index = [2.0, 1.9, 1.5, 1.6, 1.91, 2.01]
    film = {**SLAB, "superstrate": {"n": 1.45}, "layers": [{"name": "F", "material": {"n": 2.0}, "thickness": 900}]}
    points, block = swept(film, {"layers.F.thickness": [900, 910], "layers.F.material.n": index}, mode="TE3")
    assert block.status.reshape(2, 6).tolist() == [[TRACKED, TRACKED, LOST, LOST, RESOLVED, RESOLVED]] * 2
    for flat in np.flatnonzero(block.status != LOST).tolist():
        assert block.values["n_eff"][flat] == pytest.approx(qdp.find_modes(changed_at(points, flat))["TE3"].n_eff.real, abs=1e-12)
    assert sorted(block.errors) == [2, 3, 8, 9]
    assert all("mode TE3 of the base stack" in text for text in block.errors.values())


def test_points_that_are_no_stacks_do_not_break_their_row() -> None:
    """A wavelength outside a material's table, in the middle of a row: its own error there, the mode followed past it."""
    stack = {**SLAB, "substrate": {"table": {"wavelength_nm": [600, 700], "n": [1.45, 1.45], "k": 0}}}
    spec = load_sweep({"stack": stack, "axes": {"layers.F.thickness": [300, 310], "wavelength": [633, 650]}, "quantities": ["n_eff"]})
    film, waves = spec.design.groups  # a specification with such wavelengths is refused: here they come as the corners of a plan may
    waves = replace(waves, axes=(replace(waves.axes[0], values=(633.0, 650.0, 720.0, 660.0, 590.0)),))
    points = SweepPoints.of(replace(spec, design=Design((film, waves))))
    block = points.block(np.arange(10))
    assert block.status.reshape(2, 5).tolist() == [[TRACKED, TRACKED, LOST, TRACKED, LOST]] * 2
    assert sorted(block.errors) == [2, 4, 7, 9]
    assert "is known for 600 to 700 nm, got 720 nm" in block.errors[2]
    for flat in (3, 8):
        assert block.values["n_eff"][flat] == pytest.approx(qdp.find_modes(changed_at(points, flat))["TE0"].n_eff.real, abs=1e-12)


COUPLED: dict[str, Any] = {
    "name": "coupled",
    "wavelength": 633,
    "substrate": {"n": 1.5},
    "superstrate": {"n": 1.5},
    "layers": [
        {"name": "A", "material": {"n": 1.75}, "thickness": 400},
        {"name": "gap", "material": {"n": 1.5}, "thickness": 800},
        {"name": "B", "material": {"n": 1.75, "k": 0}, "thickness": 400, "role": "gain"},
    ],
    "gain": {"medium": "ccg-QD"},
}


def test_modes_of_coupled_guides_under_gain() -> None:
    """Two guides alike, gain in one, at gaps on both sides of where it outgrows the coupling, between which lies an exceptional point.

    At small gaps both modes share the gain, at large ones one has it all. A point that is called tracked has the net gain of the
    mode that was followed in 2,000 small steps of gain, itself without a doubt: 1e-8 cm⁻¹, what rounding leaves beside a meeting.
    """
    gaps, names = [200, 400, 418, 420, 422, 450, 900], ["TE0.net_gain_per_cm", "TE1.net_gain_per_cm"]
    points, block = swept(COUPLED, {"layers.gap.thickness": gaps}, names)
    for flat in np.flatnonzero(block.status == TRACKED).tolist():
        stack = changed_at(points, flat)
        start, pumped = planar_problem(stack).search("TE", None, 1e4).modes[:2], pumped_stack(stack)
        gain = np.linspace(0.0, medium_of(stack, None).material_gain_per_cm, 2001)
        index = start[0].index + pumped.unit_change * gain[:, None]
        fine = track_modes(index, start[0].thickness_nm, 633.0, "TE", start)
        assert (fine.status == "tracked").all()
        assert [block.values[name][flat] for name in names] == pytest.approx(-fine.loss_per_cm[:, -1], abs=1e-8)
    assert (block.status == TRACKED).sum() >= 5
    assert abs(block.values[names[0]][0] - block.values[names[1]][0]) < 50
    assert block.values[names[1]][6] > 700


def test_gain_that_parts_twins_is_marked() -> None:
    """Two guides alike, 9 µm apart, gain in one: the two modes are one to double precision, until the gain tells them apart.

    Which of the two TE0 becomes is a matter of choice at every point, be it the base itself: re-solved; without gain nothing is
    to be chosen at the base. The net gain is that of one of the two: all of a lone guide's (4π/λ·1e-7 for twins), or none.
    """
    guides = {**COUPLED, "layers": [{**each, "thickness": 9000} if each["name"] == "gap" else each for each in COUPLED["layers"]]}
    axes = {"layers.A.thickness": [400], "wavelength": [633, 634]}
    _, block = swept(guides, axes, ["TE0.n_eff", "TE0.net_gain_per_cm"])
    assert block.status.tolist() == [RESOLVED, RESOLVED]
    alone = qdp.load_stack({**guides, "layers": guides["layers"][2:]})
    mode, gain = reported_mode(alone)
    each = [0.0, mode.net_gain_per_cm(gain)]
    assert min(abs(block.values["TE0.net_gain_per_cm"][0] - one) for one in each) < 4 * np.pi / 633e-7 * 1e-7
    _, passive = swept(guides, axes, ["TE0.n_eff"])
    assert passive.status.tolist() == [TRACKED, RESOLVED]


def test_beyond_a_meeting_the_whole_row_is_marked() -> None:
    """Loss in one of two guides alike and as much gain in the other: the modes merge at an exceptional point, exactly.

    Points before it are tracked. From the first beyond it on, which of the two is which is a matter of choice, in all that
    follows too: re-solved. Each is one of the two modes of its stack.
    """
    k = [0.0, 2e-5, 5e-5, 1e-3, 2e-3, 3e-3]
    axes = {"zip": {"layers.A.material.k": k, "layers.B.material.k": [-each for each in k]}}
    points, block = swept(COUPLED, axes, ["loss_per_cm"], mode="TE0")
    assert block.status.tolist() == [TRACKED, TRACKED, TRACKED, RESOLVED, RESOLVED, RESOLVED]
    for flat in range(6):
        losses = [mode.loss_per_cm for mode in qdp.find_modes(changed_at(points, flat), polarization="TE")]
        assert min(abs(loss - block.values["loss_per_cm"][flat]) for loss in losses[:2]) < 1e-5


def test_several_modes_and_both_polarizations_at_once() -> None:
    """TE0, TM0 and TM1 of M2 by thickness: each is what it is when it is followed alone, to 1e-12."""
    axes = {"layers.QD.thickness": {"from": 80, "to": 140, "count": 9}}
    names = ["TE0.net_gain_per_cm", "TM0.n_eff", "TM1.n_eff", "TM1.loss_per_cm", "TM0.net_gain_per_cm"]
    _, together = swept(M2, axes, names)
    for name in names:
        _, alone = swept(M2, axes, [name])
        assert together.values[name] == pytest.approx(alone.values[name], rel=1e-10)
        assert set(alone.places) == {name[:3]}


def test_spectra_and_calls_for_each_point_stand_beside_followed_modes() -> None:
    """A block that asks for everything at once: each number is its own (a reflectance is none of the mode's)."""
    names = ["n_eff", "reflectance.TE", "group_index", "thickness_nm.QD", "best.net_gain_per_cm"]
    points, block = swept(M2, {"layers.QD.thickness": [80, 100], "angle_deg": [0, 30]}, names)
    for flat in range(4):
        changes = points.spec.design.changes_at(flat)
        angle = changes.pop("angle_deg")
        stack = points.spec.stack.changed(changes)
        mode, gain = reported_mode(stack)
        spectrum = qdp.spectrum(stack, [630.0], angles_deg=[angle])
        expected = [
            mode.passive.n_eff.real,
            spectrum.TE.reflectance[0, 0],
            mode.passive.group_index,
            changes["layers.QD.thickness"],
            mode.net_gain_per_cm(gain),
        ]
        assert [block.values[name][flat] for name in names] == pytest.approx(expected, rel=1e-9)


def test_a_layer_too_thick_for_a_mode_is_told() -> None:
    """A wafer as a layer: its points have the sentence of ``modes``, the others their modes."""
    _, block = swept(SLAB, {"layers.F.thickness": [300, 1e6, 310]})
    assert np.isfinite(block.values["n_eff"]).tolist() == [True, False, True]
    assert "must be ≤ 200000 nm in a search for modes, got 1e+06" in block.errors[1]


def test_following_alone_reports_no_gain_where_none_was_asked() -> None:
    """``follow_rows`` without gain leaves the pumped modes unknown, and takes no step for them."""
    points, _ = swept(M2, {"layers.QD.thickness": [95]})
    space = DesignSpace.of(points.spec.stack, ["layers.QD.thickness"])
    start = planar_problem(points.spec.stack).search("TE", None, 1e4).modes[:1]
    found = follow_rows(start, space.arrays([[90.0], [100.0]]), [np.array([[0, 1]])], gain=False)
    assert np.isfinite(found.n_eff).all()
    assert np.isnan(found.pumped_n_eff).all()
    assert (found.pumped_status == LOST).all()


def test_ways_on_either_side_of_an_exceptional_point() -> None:
    """Guide A from thinner to thicker than B, loss in A and gain in B: two modes are one at equal thickness and k = 1.1e-4.

    Rows run along the thickness, the base is at their thin end without loss. At 0.5 of that k the modes repel, the upper stays
    the upper; at 3 times they cross, so that it ends as the lower: tracked, both. At 1.5 times it crosses too, but the straight
    way from the base to the row's end passes the point on its other side and leads to the upper mode: marked, but for the first.
    """
    k = [0.5e-4, 1.6e-4, 3.3e-4]
    base = {**COUPLED, "layers": [{**COUPLED["layers"][0], "material": {"n": 1.75, "k": 0}, "thickness": 370}, *COUPLED["layers"][1:]]}
    axes = {
        "zip": {"layers.A.material.k": k, "layers.B.material.k": [-each for each in k]},
        "layers.A.thickness": {"from": 370, "to": 430, "count": 21},
    }
    upper = qdp.find_modes(qdp.load_stack(base), polarization="TE")["TE0"]
    assert upper.confinement["B"].intensity > 0.8  # the rest is beside the guide
    points, block = swept(base, axes, ["n_eff", "confinement.B"], mode="TE0")
    assert block.status.reshape(3, 21).tolist() == [[TRACKED] * 21, [TRACKED] + [RESOLVED] * 20, [TRACKED] * 21]
    for flat, label in ((20, "TE0"), (41, "TE1"), (62, "TE1")):
        assert block.values["n_eff"][flat] == pytest.approx(qdp.find_modes(changed_at(points, flat))[label].n_eff.real, abs=1e-11)
    assert block.values["confinement.B"][20] < 0.1
    assert block.values["confinement.B"][62] > 0.8


def test_a_lost_mode_has_no_number_at_all() -> None:
    """A complex nan whose imaginary part is 0 would be a loss and a net gain of 0 per cm: where TE0 is cut off (dots of 11.6 nm)
    every quantity of the mode is nan; the medium's own gain is not the mode's."""
    changes = {
        "layers.QD.thickness": [11.5663, 95.0],
        "layers.L-ITO.thickness": [174.0666, 250.0],
        "layers.Spiro-2NPB.thickness": [48.8646, 60.0],
        "layers.HAT-CN.thickness": [15.9015, 20.0],
    }
    wanted = ["n_eff", "loss_per_cm", "confinement.QD", "confinement_gain.QD", "net_gain_per_cm", "modal_gain_per_cm"]
    quantities = [*wanted, "material_gain_per_cm"]
    found = qdp.sweep({"stack": "jung2022-lito-ag", "mode": "TE0", "axes": {"zip": changes}, "quantities": quantities})
    assert [found[name].isnull().values.tolist() for name in wanted] == [[True, False]] * len(wanted)
    assert found["material_gain_per_cm"].values.tolist() == [780.0, 780.0]
