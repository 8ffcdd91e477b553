"""The root of k_z^2 in a half-space."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics.planar.kz import halfspace_kz

# Two roundings of a square root of a sum: a few units in the last place, of each part by itself.
RELATIVE = 1e-15
SHEETS = {1: "proper", -1: "improper"}

reference = json.loads((Path(__file__).parents[1] / "reference" / "slab_modes.json").read_text())
half_spaces = [(case, mode, side) for case in reference for mode in case["modes"] for side in ("substrate", "superstrate")]


def k_squared(case: dict[str, Any], mode: dict[str, Any], side: str) -> mpmath.mpc:
    """n^2 - n_eff^2, from all 22 digits."""
    with mpmath.workdps(30):
        return mpmath.mpc(*case[side]) ** 2 - mpmath.mpc(*mode["n_eff"]) ** 2


def test_reference_half_spaces_are_on_the_published_sheet() -> None:
    """Sign of Im k_z of all 178 half-spaces of the reference: `proper` decays outwards, `improper` grows."""
    assert len(half_spaces) == 178
    for case, mode, side in half_spaces:
        root = halfspace_kz(complex(k_squared(case, mode, side)))
        sheet = SHEETS[1 if root.imag > 0 else -1]
        assert sheet == mode["outgoing_sheet"][side], (case["id"], mode["label"], side, root)


def test_reference_tells_the_rule_from_the_common_wrong_ones() -> None:
    """PHYSICS section 1: `Re k_z > 0` alone fails on 23 of the 178; forced decay fails wherever a mode leaks."""
    outgoing, decaying = 0, 0
    for case, mode, side in half_spaces:
        square = complex(k_squared(case, mode, side))
        principal = np.sqrt(square)
        outgoing += SHEETS[1 if principal.imag > 0 else -1] != mode["outgoing_sheet"][side]
        decaying += mode["outgoing_sheet"][side] == "improper"
    assert outgoing == 23
    assert decaying > 0


@pytest.mark.parametrize(
    ("square", "root"),
    [
        (3 + 4j, 2 + 1j),  # 1st quadrant: open, absorbing
        (-3 + 4j, 1 + 2j),  # 2nd: evanescent, absorbing
        (-3 - 4j, -1 + 2j),  # 3rd: evanescent, amplifying: Re k_z < 0, decays
        (3 - 4j, 2 - 1j),  # 4th: open, amplifying or leaky: grows outwards
        (4 + 0j, 2 + 0j),
        (-4 + 0j, 2j),
        (8j, 2 + 2j),
        (0j, 0j),
    ],
)
def test_quadrants_and_axes(square: complex, root: complex) -> None:
    """Squares of Gaussian integers are exact; so must be the roots."""
    assert halfspace_kz(square) == root
    assert math.copysign(1, halfspace_kz(square).imag) == 1 or root.imag < 0


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_sign_of_zero_does_not_matter(zero: float) -> None:
    """Lossless half-spaces give Im k_z^2 = +0 or -0 by chance; neither may flip an evanescent wave."""
    assert halfspace_kz(complex(-4.0, zero)) == 2j
    assert halfspace_kz(complex(4.0, zero)) == 2
    assert halfspace_kz(complex(zero, -8.0)) == -2 + 2j


def test_cut_is_the_negative_imaginary_axis() -> None:
    """k_z^2 = -i t: both roots have Re + Im = 0; the cut belongs to the evanescent side, the open side jumps."""
    on, left, right = (halfspace_kz(complex(real, -8.0)) for real in (0.0, -1e-14, 1e-14))
    assert on == -2 + 2j
    assert abs(left - on) < 1e-13
    assert abs(right + on) < 1e-13
    across = [halfspace_kz(complex(real, 8.0)) for real in (-1e-14, 1e-14)]
    assert abs(across[0] - across[1]) < 1e-13, "no other cut"


parts = st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-30)


@given(parts, parts)
def test_root_rule_everywhere(real: float, imaginary: float) -> None:
    """Against exp(i pi/4) sqrt(-i k_z^2) in 60 digits: each part to 1e-15 of itself, so minute losses survive."""
    root = halfspace_kz(complex(real, imaginary))
    with mpmath.workdps(60):
        exact = mpmath.expj(mpmath.pi / 4) * mpmath.sqrt(mpmath.mpc(imaginary, -real))
        if real == 0 and imaginary < 0:
            exact = mpmath.mpc(-abs(exact.real), abs(exact.imag))  # rounding of pi/4 must not choose the side
    assert root.real + root.imag >= 0
    assert root.real == pytest.approx(float(exact.real), rel=RELATIVE, abs=1e-50 * abs(root))
    assert root.imag == pytest.approx(float(exact.imag), rel=RELATIVE, abs=1e-50 * abs(root))


def test_plain_python_and_numpy_numbers() -> None:
    """The same function uncompiled, and for NumPy's numbers."""
    plain = halfspace_kz.py_func  # type: ignore[attr-defined]
    for square in (3 + 4j, -3 - 4j, 2.0 - 1e-20j):
        assert plain(square) == pytest.approx(halfspace_kz(square), rel=RELATIVE)
        assert halfspace_kz(np.complex128(square)) == halfspace_kz(square)
