"""The search for M3's thicknesses: the shipped stack is what it finds."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import qdphotonics as qdp
from qdphotonics.optics import find_modes
from qdphotonics.stacks import Stack, load_stack


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """examples/brw_search.py as a module."""
    file = Path(__file__).parents[2] / "examples" / "brw_search.py"
    spec = spec_from_file_location("brw_search", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_stack_is_the_best_found(example: ModuleType) -> None:
    """The end of the search, on its 10 nm grid, is ahn2023-brw layer by layer, and keeps its wishes: 23 % and 10 cm^-1 for TM."""
    best = example.search()
    assert best.stack.thickness_nm == pytest.approx(load_stack("ahn2023-brw").thickness_nm, abs=1e-4)
    assert best.feasible
    assert best.verification.agrees
    assert best.quantities["confinement.QD"] >= 0.23
    assert best.quantities["TM.net_gain_per_cm"] <= -10.0


def loss_where_wishes_hold(stack: Stack) -> float:
    """Loss of the TE mode by the search of a whole stack, infinite where a wish is broken: a second way, without the optimiser."""
    report = qdp.analyze(stack)
    tm = [gain.net_gain_per_cm for gain in report.mode_gains if gain.label.startswith("TM") and gain.net_gain_per_cm is not None]
    assert report.mode is not None
    keeps = report.mode.confinement["QD"].intensity >= 0.23 and max(tm) <= -10.0
    return report.mode.loss_per_cm if keeps else float("inf")


def test_no_neighbour_is_better() -> None:
    """10 nm more or less of Nb2O5, SiO2 or ZnO (TFB giving way) loses more or breaks a wish: the search did not stop early."""
    stack = load_stack("ahn2023-brw")
    thickness = {name: float(stack.layer(name).thickness_nm) for name in ("DBR-H", "DBR-L", "ZnO", "TFB")}
    own = loss_where_wishes_hold(stack)
    for name in ("DBR-H", "DBR-L", "ZnO"):
        for step in (-10.0, 10.0):
            moved = {**thickness, name: thickness[name] + step}
            moved["TFB"] -= step if name == "ZnO" else 0.0
            assert loss_where_wishes_hold(stack.changed({f"layers.{each}.thickness": nm for each, nm in moved.items()})) > own


@pytest.mark.parametrize(("what", "usual", "path"), [
    ("loss", 652.0, "layers.ITO.material"), ("thickness", 10.0, "layers.ITO.thickness"),
])
def test_ito_at_which_the_published_loss_is_reached(example: ModuleType, what: str, usual: float, path: str) -> None:
    """With the ITO that is returned the mode loses 16 cm^-1, to the millionth within which a condition is kept."""
    stack = load_stack("ahn2023-brw")
    value = example.ito_that_reaches(16.0, stack, "TE10", what, usual)
    material = {"n": 1.8, "alpha_per_cm": value if what == "loss" else 652}
    changed = stack.changed({"layers.ITO.material": material, **({path: value} if what == "thickness" else {})})
    modes = find_modes(changed, polarization="TE", n_range=(1.6, 1.75)).modes
    assert min(abs(mode.loss_per_cm - 16.0) for mode in modes) < 1e-4
    assert 0 < value < usual


def test_what_is_printed(example: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The run prints the thicknesses, both columns and the reversed reflector with its 50 nm of ITO."""
    example.main()
    text = capsys.readouterr().out
    assert "Nb2O5 130, SiO2 110, ZnO 80, TFB 180" in text
    assert "bragg" in text
    assert "50 nm thick" in text
