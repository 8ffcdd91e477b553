"""How the arrays change along paths, against derivatives in closed form."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
import pytest

from qdphotonics.errors import StackError
from qdphotonics.stacks import Stack, load_stack
from qdphotonics.sweeps.directions import STENCILS
from qdphotonics.sweeps.space import DesignSpace, gain_of

STACK: dict[str, Any] = {
    "name": "directions",
    "wavelength": 630,
    "substrate": "glass",
    "superstrate": "air",
    "layers": [
        {"name": "QD", "material": {"n": 1.9, "alpha_per_cm": 20}, "thickness": 95, "role": "gain"},
        {
            "repeat": 2,
            "layers": [
                {"name": "H", "material": {"n": 2.2, "k": 0}, "thickness": {"quarter_waves": 1, "at": 640, "n_eff": 0.0}},
                {"name": "L", "material": "SiO2", "thickness": 110},
            ],
        },
        {"name": "M", "material": "garnet", "thickness": 50},
        {"name": "Ag", "material": "Ag", "thickness": 60},
    ],
    "materials": {
        "host": {"n": 1.5},
        "grain": {"n": 2.0, "k": 0.1},
        "garnet": {"mix": [{"material": "host", "fraction": 0.7}, {"material": "grain", "fraction": 0.3}], "rule": "maxwell_garnett"},
    },
    "gain": {"medium": "ccg-QD"},
    "drive": {"current_density_A_per_cm2": 10},
}


@pytest.fixture(scope="module")
def stack() -> Stack:
    return load_stack(STACK)


def test_thickness_wavelength_and_index(stack: Stack) -> None:
    """∂d = 1 in all repeats; ∂n = 1 and ∂(iαλ/4π)/∂α = iλ/4π exactly linear; λ: the materials' own dn/dλ, and -i/4π per cm⁻¹ of gain.

    Differences of fourth order of something linear leave rounding, a thousandfold: 1e-12 of the value.
    """
    paths = ["layers.L.thickness", "layers.QD.material.n", "layers.QD.material.alpha_per_cm", "layers.H.material.k", "wavelength"]
    found = DesignSpace.of(stack, paths).directions([110.0, 1.9, 20.0, 0.0, 630.0])
    assert found.thickness_nm[0].tolist() == [0, 0, 1, 0, 1, 0, 0]
    for row, region, rate in ((1, [1], 1.0), (2, [1], 630e-7 / (4 * pi) * 1j), (3, [2, 4], 1j)):
        expected = np.zeros(9, np.complex128)
        expected[region] = rate
        assert found.index[row] == pytest.approx(expected, abs=1e-12 * abs(rate))
        assert np.array_equal(found.index[row], found.index_extraordinary[row])
    assert np.array_equal(found.index[4], stack.dindex_dwavelength())
    assert found.wavelength_nm.tolist() == [0, 0, 0, 0, 1]
    assert found.unit_change[4] == pytest.approx(np.array([0, -1e-7j / (4 * pi), *[0] * 7]), rel=1e-15)
    assert not found.material_gain_per_cm.any()


def test_quarter_waves_by_their_index_and_mode(stack: Stack) -> None:
    """d = λ/(4√(n² − N²)): ∂d/∂n = −d n/(n² − N²); ∂d/∂N = d N/(n² − N²) at N = 0.5, and 0 at N = 0, where no smaller N may be.

    Fourth order with steps of 1e-3 of the value: h⁴ d⁽⁵⁾ ~ 1e-10 of the derivative; beside the value some tens of that.
    """
    space = DesignSpace.of(stack, ["layers.H.material.n", "layers.H.thickness.n_eff"])
    n, mode = 2.2, 0.5
    thickness = 640 / (4 * sqrt(n**2 - mode**2))
    found = space.directions([n, mode])
    slopes = np.array([-n, mode]) * thickness / (n**2 - mode**2)
    for layer in (1, 3):
        assert found.thickness_nm[:, layer] == pytest.approx(slopes, rel=1e-9)
    assert found.index[0, [2, 4]] == pytest.approx([1.0, 1.0], rel=1e-11)
    assert not found.thickness_nm[:, [0, 2, 4, 5, 6]].any()
    at_zero = space.directions([n, 0.0])
    assert at_zero.thickness_nm[1, 1] == pytest.approx(0.0, abs=1e-8 * thickness)


def test_constituent_of_a_mixture(stack: Stack) -> None:
    """Maxwell Garnett with one kind of grain: ∂ε/∂ε_grain = 9 f ε_h² / (…)², as :mod:`qdphotonics.materials.mixing` has it.

    ε = h (1 + 2x)/(1 − x), x = f (g − h)/(g + 2h): ∂ε/∂g = 3h/(1 − x)² · 3 f h/(g + 2h)²; ∂n/∂n_g = (n_g/n) ∂ε/∂g.
    """
    found = DesignSpace.of(stack, ["materials.grain.n"]).directions([2.0])
    h, grain, f = 1.5**2 + 0j, (2.0 + 0.1j) ** 2, 0.3
    x = f * (grain - h) / (grain + 2 * h)
    rate = 3 * h / (1 - x) ** 2 * 3 * f * h / (grain + 2 * h) ** 2
    n = np.sqrt(h * (1 + 2 * x) / (1 - x))
    assert found.index[0, 6] == pytest.approx((2.0 + 0.1j) / n * rate, rel=1e-10)


@pytest.mark.parametrize("current", [10.0, 0.0])
def test_gain_by_the_drive(stack: Stack, current: float) -> None:
    """∂G/∂j against a difference of second order with Richardson's extrapolation, ten times finer; at j = 0 to one side only.

    Fourth order on either side; G(j) varies on the scale of the transparency current, some 50 A/cm²: 1e-6 is what is asked of gradients.
    """
    found = DesignSpace.of(stack, ["drive.current_density_A_per_cm2"]).directions([current])
    step = 1e-3

    def gain(places: float) -> float:
        return gain_of(stack.changed({"drive.current_density_A_per_cm2": current + places * step}))

    if current:
        expected = (8 * (gain(1) - gain(-1)) - (gain(2) - gain(-2))) / (12 * step)
    else:
        expected = (-11 * gain(0) + 18 * gain(1) - 9 * gain(2) + 2 * gain(3)) / (6 * step)
    assert found.material_gain_per_cm[0] == pytest.approx(expected, rel=1e-6)
    assert not found.index.any()


def test_stencils_are_exact_to_the_fourth_power() -> None:
    """Σ w pᵏ = 1 for k = 1, else 0, for k = 0 … 4: what makes an error of fourth order, on either side and about the value."""
    for places, weights in STENCILS:
        for power in range(5):
            total = sum(weight * float(place) ** power for place, weight in zip(places, weights, strict=True))
            assert total == pytest.approx(float(power == 1), abs=1e-13 * 4**power)


def test_at_the_end_of_what_a_stack_may_have(stack: Stack) -> None:
    """A grating as deep as its layer can only be made shallower, which changes no index: zeros, and no error."""
    etched = stack.changed({"grating": {"layer": "M", "period": 390, "depth": 50, "duty": 0.5, "order": 2}})
    found = DesignSpace.of(etched, ["grating.depth"]).directions([50.0])
    assert not found.index.any()
    assert not found.thickness_nm.any()


def test_where_the_stack_cannot_be(stack: Stack) -> None:
    """No derivative where there is no stack, nor along a lone fraction, with which a mixture never sums to 1: the stack's error."""
    with pytest.raises(StackError, match="thickness must be > 0"):
        DesignSpace.of(stack, ["layers.L.thickness"]).directions([-1.0])
    with pytest.raises(StackError, match="sum to 1"):
        DesignSpace.of(stack, ["materials.garnet.mix[0].fraction"]).directions([0.7])
