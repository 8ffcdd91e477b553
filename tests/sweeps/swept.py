"""Sweeps of a few points for the tests, all points in one block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from qdphotonics.stacks import Stack
from qdphotonics.sweeps import load_sweep
from qdphotonics.sweeps.planar_points import Block, SweepPoints

M2 = "jung2022-lito-ag"
MODAL = ("n_eff", "loss_per_cm", "confinement.QD", "confinement_gain.QD", "net_gain_per_cm", "modal_gain_per_cm", "material_gain_per_cm")
SLAB: dict[str, Any] = {
    "name": "film",
    "wavelength": 633,
    "substrate": {"n": 1.45},
    "superstrate": {"n": 1.0},
    "layers": [{"name": "F", "material": {"n": 2.0}, "thickness": 300}],
}


def swept(stack: Any, axes: Mapping[str, Any], quantities: Any = ("n_eff",), **rest: Any) -> tuple[SweepPoints, Block]:
    """A sweep's points, all of them in one block."""
    points = SweepPoints.of(load_sweep({"stack": stack, "axes": axes, "quantities": list(quantities), **rest}))
    return points, points.block(np.arange(points.spec.design.size))


def changed_at(points: SweepPoints, flat: int) -> Stack:
    return points.spec.stack.changed(points.spec.design.changes_at(flat))
