"""Results carry the keys of their JSON as attributes (DESIGN.md section 6), with the same values where both are plain."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics._plain import plain
from qdphotonics.laser import StripeFit, compare, fit_gain
from qdphotonics.laser.vsl_file import StripeTable
from qdphotonics.optics import follow_modes
from qdphotonics.sweeps.summary import SweepSummary

LED = "jung2022-lito-ag"
PARTS = {"DeviceHeat", "Told"}  # a part of a report; what the command line takes for a result
NOT_RESULTS = {"Stack", "Study", "Work", "SweepJob", "ToleranceJob"}  # what was asked


@cache
def reported() -> Any:
    return qdp.analyze(LED)


def fitted() -> Any:
    length = np.arange(50.0, 501.0, 50.0)
    light = np.expm1(80e-4 * length)
    return StripeFit(StripeTable(length, light, "counts", None, Path("stripe.csv")), fit_gain(length, light))


@cache
def made() -> Any:
    errors = {"layers.QD.thickness": "1%"}
    return qdp.tolerance({"stack": LED, "errors": errors, "quantities": ["n_eff"], "require": ["n_eff >= 1.6"], "samples": 40})


def summarised() -> Any:
    axes = {"layers.QD.thickness": [90, 100], "wavelength": [625, 630, 635]}
    return SweepSummary(qdp.sweep({"stack": LED, "axes": axes, "quantities": ["n_eff", "confinement.QD"]}), 1.0)


def best(goals: dict[str, str]) -> Any:
    variables = {"layers.QD.thickness": {"from": 90, "to": 100}}
    points = {"points": 2} if len(goals) > 1 else {}
    return qdp.optimize({"stack": LED, "mode": "TE0", "variables": variables, "starts": 1, **points, **goals})


MAKERS: dict[str, Callable[[], Any]] = {
    "Report": reported,
    "Comparison": lambda: compare([reported()]),
    "EdgeEmission": lambda: qdp.ase(LED, current_density_A_per_cm2=[10.0, 100.0], wavelengths_nm=np.arange(600.0, 681.0, 4.0)),
    "StripeFit": fitted,
    "MediumGain": lambda: qdp.medium_gain("ccg-QD", current_density_A_per_cm2=[1.0, 100.0]),
    "MediumThresholds": lambda: qdp.thresholds("ccg-QD"),
    "TransitionThresholds": lambda: qdp.thresholds("ccg-QD").transitions[0],
    "StackModes": lambda: qdp.find_modes(LED),
    "StackMode": lambda: qdp.find_modes(LED)["TE0"],
    "Spectrum": lambda: qdp.spectrum(LED, [600.0, 650.0]),
    "FollowedModes": lambda: follow_modes(qdp.load_stack(LED), [620.0, 630.0]),
    "DfbResult": lambda: qdp.dfb("dfb-test-cell"),
    "BandMap": lambda: qdp.bands("dfb-test-cell", points=5),
    "CavityModes": lambda: qdp.cavity("quantum-shell-cavity"),
    "CavityResonance": lambda: qdp.cavity("quantum-shell-cavity").resonances[0],
    "Optimum": lambda: best({"maximize": "net_gain_per_cm"}),
    "ParetoFront": lambda: best({"maximize": "net_gain_per_cm", "minimize": "total_thickness_nm"}),
    "SweepSummary": summarised,
    "Tolerances": made,
    "Spread": lambda: made()["n_eff"],
    "FollowedMode": lambda: follow_modes(qdp.load_stack(LED), [620.0, 630.0]).modes[0],
}


def types_with_documents() -> set[str]:
    """Names of the package's classes that have a method ``as_dict``."""
    found = set()
    for file in Path(qdp.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any(getattr(part, "name", "") == "as_dict" for part in node.body):
                found.add(node.name)
    return found


def test_every_result_is_walked() -> None:
    """A new type with a JSON of its own is added above."""
    assert types_with_documents() - PARTS - NOT_RESULTS - set(MAKERS) == set()


@pytest.mark.parametrize("name", MAKERS)
def test_the_keys_of_the_document_are_attributes(name: str) -> None:
    """Every key; where the attribute is plain already (numbers, arrays, text), of the same value."""
    result = MAKERS[name]()
    assert type(result).__name__ == name
    document = result.as_dict()
    assert [key for key in document if not hasattr(result, key)] == []
    for key, value in document.items():
        own = getattr(result, key)
        if isinstance(own, str | float | int | np.ndarray):
            assert plain(own) == value, key
