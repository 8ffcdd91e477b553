"""Bases of a sweep: stacks with other layers, on which the modes are sought anew, and points in no order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.errors import SweepError
from qdphotonics.laser.analysis import reported_mode
from qdphotonics.sweeps import parse_quantity
from qdphotonics.sweeps.planar_points import SweepPoints
from qdphotonics.sweeps.rows import TRACKED
from tests.sweeps.swept import M2, MODAL, SLAB, changed_at, swept


def test_structural_axes_are_bases_of_their_own() -> None:
    """Counts of a repeat × materials by name × thickness: each combination's mode is sought on its own base and followed from there.

    Every point is the mode of that label of its own stack, also where the axis that changes the layers is the last one.
    """
    mirror = {
        "name": "mirror",
        "wavelength": 630,
        "substrate": {"n": 1.5},
        "superstrate": "air",
        "layers": [
            {
                "repeat": 3,
                "layers": [
                    {"name": "H", "material": {"n": 2.2}, "thickness": 75},
                    {"name": "L", "material": {"n": 1.46}, "thickness": 110},
                ],
            },
            {"name": "C", "material": "SiO2", "thickness": 300},
        ],
    }
    axes = {"layers.C.thickness": [250, 300, 350], "layers.C.material": ["SiO2", {"n": 1.9, "k": 1e-4}], "layers[0].repeat": [1, 4]}
    points, block = swept(mirror, axes, ["TE1.n_eff", "TM0.n_eff", "thickness_nm.H", "total_thickness_nm", "TM0.confinement.H"])
    assert not block.errors
    for flat in range(12):
        stack = changed_at(points, flat)
        modes = qdp.find_modes(stack)
        values = {name: column[flat] for name, column in block.values.items()}
        assert values["TE1.n_eff"] == pytest.approx(modes["TE1"].n_eff.real, abs=1e-11)
        assert values["TM0.n_eff"] == pytest.approx(modes["TM0"].n_eff.real, abs=1e-11)
        assert values["TM0.confinement.H"] == pytest.approx(modes["TM0"].confinement["H"].intensity, abs=1e-9)
        assert values["thickness_nm.H"] == pytest.approx(75 * len(stack.layers[:-1]) / 2, abs=1e-9)
        assert values["total_thickness_nm"] == pytest.approx(stack.thickness_nm.sum(), abs=1e-9)


def test_the_reported_mode_is_sought_on_each_base() -> None:
    """A mirror of more and more pairs under a gain layer, no mode named: at each count it is the mode that ``analyze`` reports.

    Its label is another at each count, since each pair adds a mode; a mode that is named keeps its label.
    """
    brw = qdp.load_stack("ahn2023-brw")
    place = next(at for at, item in enumerate(brw.document.data["layers"]) if "repeat" in item)
    pairs = brw.document.data["layers"][place]["repeat"]
    axes = {f"layers[{place}].repeat": [pairs - 1, pairs, pairs + 1]}
    points, block = swept(brw, axes, ["n_eff", "net_gain_per_cm"])
    labels = set()
    for flat in range(3):
        mode, gain = reported_mode(changed_at(points, flat), "TE" if points.main.startswith("TE") else "TM")
        labels.add(mode.passive.label)
        assert block.values["n_eff"][flat] == pytest.approx(mode.passive.n_eff.real, abs=1e-12)
        assert block.values["net_gain_per_cm"][flat] == pytest.approx(mode.net_gain_per_cm(gain), abs=1e-6)
    _, named = swept(brw, axes, [f"{points.main}.n_eff"])
    assert named.values[f"{points.main}.n_eff"][1] == pytest.approx(block.values["n_eff"][1], abs=1e-12)
    for flat in (0, 2):
        same_label = qdp.find_modes(changed_at(points, flat))[points.main]
        assert named.values[f"{points.main}.n_eff"][flat] == pytest.approx(same_label.n_eff.real, abs=1e-12)
    assert len(labels) > 1


def test_a_base_without_the_mode_fails_its_own_points() -> None:
    """A film of a material that guides no TE1: those points say which modes their base has; the others go on."""
    _, block = swept(
        {**SLAB, "layers": [{"name": "F", "material": {"n": 2.0}, "thickness": 400}]},
        {"layers.F.thickness": [400, 410], "layers.F.material": [{"n": 2.0}, {"n": 1.6}]},
        mode="TE1",
    )
    assert np.isfinite(block.values["n_eff"]).tolist() == [True, False, True, False]
    assert "has no mode TE1 at 633 nm; its TE modes are: TE0" in block.errors[1]
    assert sorted(block.errors) == [1, 3]


def test_a_mode_that_is_not_there_is_told_before_any_work() -> None:
    points, _ = swept(M2, {"layers.QD.thickness": [95]})
    wrong = replace(points.spec, quantities=(parse_quantity("TM7.n_eff"),))
    with pytest.raises(SweepError, match="has no mode TM7 at 630 nm; its TM modes are: TM0, TM1, TM2"):
        SweepPoints.of(wrong).check()


def test_samples_are_followed_from_the_base_each() -> None:
    """Sixteen random points of five numbers: in any order and company the same, to the last bit, and modes of their stacks."""
    over = {
        "layers.QD.thickness": {"from": 60, "to": 140},
        "layers.L-ITO.thickness": {"from": 180, "to": 320},
        "layers.HAT-CN.thickness": {"from": 5, "to": 20},
        "wavelength": {"from": 600, "to": 660},
        "drive.current_density_A_per_cm2": {"from": 1, "to": 100},
    }
    points, block = swept(M2, {"sobol": {"count": 16, "seed": 5, "over": over}}, MODAL, mode="TE0")
    assert (block.status == TRACKED).all()
    order = np.random.default_rng(2).permutation(16)[:9]
    part = SweepPoints.of(points.spec).block(order)
    for name in MODAL:
        assert np.array_equal(part.values[name], block.values[name][order])
    for flat in (0, 7, 15):
        stack = changed_at(points, flat)
        mode, gain = reported_mode(stack, "TE")
        assert block.values["net_gain_per_cm"][flat] == pytest.approx(mode.net_gain_per_cm(gain), abs=1e-6)
        assert block.values["material_gain_per_cm"][flat] == gain
