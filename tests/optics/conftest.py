"""Stacks that the tests of optics share."""

from __future__ import annotations

from typing import Any

import pytest

import qdphotonics as qdp
from qdphotonics.stacks import Stack


def slab_file(core: dict[str, float], thickness: float, **more: Any) -> dict[str, Any]:
    """A symmetric slab of index 1.5 / core / 1.5 at 600 nm, as a file would hold it."""
    return {
        "name": "slab",
        "wavelength": 600,
        "substrate": {"n": 1.5},
        "superstrate": {"n": 1.5},
        "layers": [{"name": "core", "material": core, "thickness": thickness}],
        **more,
    }


@pytest.fixture
def slab() -> Stack:
    return qdp.load_stack(slab_file({"n": 2.0}, 300))


@pytest.fixture(scope="session")
def silver_led() -> Stack:
    """M2: L-ITO / QD / Spiro-2NPB / HAT-CN / Ag on glass, with a plasmon."""
    return qdp.load_stack("jung2022-lito-ag")


@pytest.fixture(scope="session")
def bragg_diode() -> Stack:
    """M3: ten pairs of a reflector below the diode."""
    return qdp.load_stack("ahn2023-brw")
