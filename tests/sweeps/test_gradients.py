"""Gradients of quantities: against differences of the quantities that the other rooms compute from changed stacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.laser import PumpedMode, pumped_stack
from qdphotonics.optics import find_modes
from qdphotonics.stacks import Stack, load_stack
from qdphotonics.sweeps.follower import Follower, polarization_of
from qdphotonics.sweeps.gradients import quantity_gradients
from qdphotonics.sweeps.quantities import Quantity, parse_quantity
from qdphotonics.sweeps.space import DesignSpace, gain_of

STEP = 1e-4  # of a value: its fourth power, and rounding of 1e-13 over it, are below 1e-8

SIMPLE = ("n_eff", "loss_per_cm", "material_gain_per_cm", "modal_gain_per_cm", "net_gain_per_cm", "total_thickness_nm")

LITO: dict[str, float] = {
    "layers.QD.thickness": 95.0,
    "layers.L-ITO.thickness": 250.0,
    "layers.Ag.thickness": 40.0,
    "wavelength": 633.0,
    "materials.L-ITO.n": 1.6,
    "materials.L-ITO.alpha_per_cm": 161.0,
    "drive.current_density_A_per_cm2": 20.0,
}
BRAGG: dict[str, float] = {
    "layers.DBR-H.thickness": 71.0,
    "layers.DBR-L.thickness": 113.0,
    "layers.QD.thickness": 52.0,
    "wavelength": 641.3,
}
UNIAXIAL: dict[str, Any] = {
    "name": "uniaxial film",
    "wavelength": 630,
    "substrate": "glass",
    "superstrate": "air",
    "layers": [
        {"name": "A", "material": "film", "thickness": 200},
        {"name": "QD", "material": "ccg-QD film", "thickness": 90, "role": "gain"},
        {"name": "B", "material": "L-ITO", "thickness": 60},
    ],
    "materials": {"film": {"n_o": 1.7, "n_e": 1.8}},
    "gain": {"medium": "ccg-QD"},
}


def measured(stack: Stack, label: str, quantity: Quantity) -> float:
    """A quantity as ``modes`` and ``analyze`` have it, the mode sought anew on this very stack."""
    name, layer = quantity.kind.name, quantity.layer
    if name == "total_thickness_nm":
        return float(stack.thickness_nm.sum())
    if name == "thickness_nm":
        return float(sum(each.thickness_nm for each in stack.layers if each.written_name == layer))
    if name == "material_gain_per_cm":
        return gain_of(stack)
    mode = find_modes(stack, polarization=polarization_of(label))[label]
    if layer is not None:
        share = mode.confinement[layer]
        return share.gain if name == "confinement_gain" else share.intensity
    if name in ("modal_gain_per_cm", "net_gain_per_cm"):
        return float(getattr(PumpedMode(pumped_stack(stack), mode), name)(gain_of(stack)))
    return float(getattr(mode, name).real)


def differences(space: DesignSpace, values: NDArray[np.float64], label: str, quantities: Sequence[Quantity]) -> NDArray[np.float64]:
    """Central differences of fourth order [quantity, path]."""
    found = np.empty((len(quantities), values.size))
    for path, value in enumerate(values):
        h = STEP * value
        stacks = [space.changed(values + k * h * (np.arange(values.size) == path)) for k in (-2, -1, 1, 2)]
        for row, quantity in enumerate(quantities):
            f = [measured(stack, label, quantity) for stack in stacks]
            found[row, path] = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h)
    return found


@pytest.mark.parametrize(
    ("stack", "point", "label", "layers"),
    [
        (load_stack("jung2022-lito-ag"), LITO, "TE0", ("QD", "L-ITO", "substrate")),
        (load_stack("jung2022-lito-ag"), LITO, "TM0", ("QD", "Ag")),
        (load_stack("ahn2023-brw"), BRAGG, "TE4", ("QD", "DBR-H")),
        (load_stack(UNIAXIAL), {"layers.A.thickness": 200.0, "materials.film.n_e": 1.8, "materials.film.n_o": 1.7}, "TM0", ("A", "QD")),
    ],
    ids=["silver TE0", "silver TM0", "Bragg TE4", "uniaxial TM0"],
)
def test_gradients_are_differences(stack: Stack, point: dict[str, float], label: str, layers: tuple[str, ...]) -> None:
    """Every quantity by every path, thickness, wavelength (dispersive silver), index, absorption and drive, to 1e-6.

    Central differences of fourth order of what modes and analyze give for the changed stacks: nothing is shared but the
    mode solver. A relative bound, with what rounding leaves of a quantity that does not move at all. The wavelengths lie
    between the points of the materials' tables: at one the second derivative of an index jumps, and a difference errs as h.
    """
    space = DesignSpace.of(stack, point)
    values = np.array(list(point.values()))
    names = [*SIMPLE, *(f"{kind}.{layer}" for kind in ("confinement", "confinement_gain") for layer in layers), f"thickness_nm.{layers[0]}"]
    quantities = [parse_quantity(name) for name in names]
    found, gradients = quantity_gradients(quantities, space, Follower.of(space, values, label).here)
    here = space.changed(values)
    assert found == pytest.approx([measured(here, label, quantity) for quantity in quantities], rel=1e-9)
    expected = differences(space, values, label, quantities)
    rounding = 1e-8 * np.maximum(np.abs(found), 1.0)[:, None] / values
    assert (np.abs(gradients - expected) < 1e-6 * np.abs(expected) + rounding).all()


def test_what_has_no_gradient_is_told() -> None:
    """An ArgumentError with the quantities that have one; and no gain without a medium."""
    space = DesignSpace.of(load_stack({**UNIAXIAL, "layers": [UNIAXIAL["layers"][0]], "gain": None}), ["layers.A.thickness"])
    design = Follower.of(space, [200.0], "TE0").here
    with pytest.raises(ArgumentError, match=re.escape("group_index has none; these have: n_eff, loss_per_cm, confinement.LAYER")):
        quantity_gradients([parse_quantity("group_index")], space, design)
    with pytest.raises(ArgumentError, match='must not ask for gain, but "uniaxial film" has no medium'):
        quantity_gradients([parse_quantity("net_gain_per_cm")], space, design)


def test_no_quantities_and_no_paths() -> None:
    """Empty in, empty out, with the shapes promised."""
    space = DesignSpace.of(load_stack("jung2022-lito-ag"), ["layers.QD.thickness"])
    design = Follower.of(space, [95.0], "TE0").here
    values, gradients = quantity_gradients([], space, design)
    assert values.shape == (0,)
    assert gradients.shape == (0, 1)
