"""Stacks and reports that the tests of the laser room share."""

from __future__ import annotations

import pytest

import qdphotonics as qdp
from qdphotonics.laser import Report, analyze
from qdphotonics.stacks import Stack


@pytest.fixture(scope="session")
def silver_led() -> Stack:
    """M2, ccg-QDs under silver: net gain at saturation, a plasmon beside it."""
    return qdp.load_stack("jung2022-lito-ag")


@pytest.fixture(scope="session")
def low_loss_led() -> Stack:
    """M1 with L-ITO: net gain at saturation, but the device stands 0.2 A/cm^2 only; a cavity of 500 um."""
    return qdp.load_stack("roh2020-lito")


@pytest.fixture(scope="session")
def silver_report(silver_led: Stack) -> Report:
    return analyze(silver_led)


def slab(core: float = 1.9, thickness: float = 200.0, background_per_cm: float = 0.0, **more: object) -> Stack:
    """A gain layer on glass under air at 630 nm, with the cg-QD medium (saturated gain 200 cm^-1)."""
    return qdp.load_stack(
        {
            "name": "slab",
            "wavelength": 630,
            "substrate": {"n": 1.5},
            "superstrate": "air",
            "layers": [{"name": "QD", "material": {"n": core, "alpha_per_cm": background_per_cm}, "thickness": thickness, "role": "gain"}],
            "gain": {"medium": "cg-QD"},
            **more,
        }
    )


@pytest.fixture
def plain_slab() -> Stack:
    return slab()


@pytest.fixture(scope="session")
def mirror_led() -> Stack:
    """Ten pairs below ccg-QDs and silver: TE10 grows most at saturation, TE5 amplifies from a 35th of its current."""
    pair = [{"name": "Low", "material": "SiO2 film", "thickness": 110}, {"name": "High", "material": "Nb2O5", "thickness": 70}]
    thicknesses = {"L-ITO": 50, "QD": 60, "TCTA": 40, "HAT-CN": 10, "Ag": 100}
    dots = {"material": "ccg-QD film", "role": "gain"}
    layers = [{"name": name, "material": name, "thickness": nm, **(dots if name == "QD" else {})} for name, nm in thicknesses.items()]
    return qdp.load_stack(
        {
            "name": "mirror",
            "wavelength": 630,
            "substrate": "glass",
            "superstrate": "air",
            "layers": [{"repeat": 10, "layers": pair}, *layers],
            "gain": {"medium": "ccg-QD"},
            "drive": {"max_current_density_A_per_cm2": 300},
        }
    )
