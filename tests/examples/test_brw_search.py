"""The search for M3's thicknesses: the shipped stack is what it finds."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from qdphotonics.optics import find_modes
from qdphotonics.stacks import load_stack


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """examples/brw_search.py as a module."""
    file = Path(__file__).parents[2] / "examples" / "brw_search.py"
    spec = spec_from_file_location("brw_search", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["brw_search"] = module  # where dataclasses look for the module of their fields
    spec.loader.exec_module(module)
    return module


def test_the_shipped_stack_is_the_best_found(example: ModuleType) -> None:
    """The end of the search, on its 5 nm grid, is ahn2023-brw layer by layer, and keeps its wishes: 23 % and 10 cm^-1 for TM."""
    layout = example.Layout()
    trial, best = example.search(layout)
    assert layout.thickness_nm(trial) == pytest.approx(load_stack("ahn2023-brw").thickness_nm)
    assert best.confinement >= example.CONFINEMENT
    assert best.best_tm_net_gain_per_cm <= -example.TM_MARGIN_PER_CM


def test_no_neighbour_is_better(example: ModuleType) -> None:
    """5 nm more or less of Nb2O5, SiO2 or ZnO (TFB giving way) costs more: the search did not stop early."""
    layout, trial = example.Layout(), (130.0, 110.0, 80.0)
    for i in range(3):
        for step in (-5.0, 5.0):
            neighbour = tuple(value + step * (i == j) for j, value in enumerate(trial))
            assert example.outcome(layout, neighbour).cost > example.outcome(layout, trial).cost


@pytest.mark.parametrize(("what", "usual", "path"), [
    ("loss", 652.0, "layers.ITO.material"), ("thickness", 10.0, "layers.ITO.thickness"),
])
def test_ito_at_which_the_published_loss_is_reached(example: ModuleType, what: str, usual: float, path: str) -> None:
    """With the ITO that the bisection returns (to 1e-3 of its usual value) the mode loses 16 cm^-1, to 1e-3 of its span of 13."""
    stack = load_stack("ahn2023-brw")
    value = example.ito_that_reaches(16.0, stack, 1.7135, what, usual)
    changed = stack.changed({path: value if what == "thickness" else {"n": 1.8, "alpha_per_cm": value}})
    modes = find_modes(changed, polarization="TE", n_range=(1.6, 1.75)).modes
    assert min(abs(mode.loss_per_cm - 16.0) for mode in modes) < 0.02
    assert 0 < value < usual


def test_what_is_printed(example: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The run prints the thicknesses, both columns and the reversed reflector with its 50 nm of ITO."""
    example.main()
    text = capsys.readouterr().out
    assert "Nb2O5 130, SiO2 110, ZnO 80, and TFB 180" in text
    assert "bragg" in text
    assert "50 nm thick" in text
