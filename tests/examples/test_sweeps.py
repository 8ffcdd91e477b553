"""The specifications in examples/sweeps run, shortened where they are long, and say what their comments say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics._yaml import read_yaml
from qdphotonics.errors import SweepError
from qdphotonics.sweeps import load_optimization, load_sweep, load_tolerance

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "sweeps"
KINDS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "axes": ("sweep", load_sweep),
    "variables": ("optimize", load_optimization),
    "errors": ("tolerance", load_tolerance),
}


def shortened(name: str, **keys: Any) -> dict[str, Any]:
    """An example with other values of some keys."""
    document: dict[str, Any] = read_yaml(FOLDER / name, SweepError).data
    return document | keys


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.name)
def test_every_example_loads_as_it_is(file: Path) -> None:
    """Each is whole, names the command that runs it, and is told of in the documentation's index."""
    text = file.read_text(encoding="utf-8")
    document = read_yaml(file, SweepError).data
    command, load = next(kind for key, kind in KINDS.items() if key in document)
    load(file)
    assert f"qdphotonics {command} examples/sweeps/{file.name} --out out/" in text
    assert f"examples/sweeps/{file.name}" in (FOLDER.parents[1] / "docs" / "README.md").read_text(encoding="utf-8")


def test_the_map_has_the_published_device_and_thicker_dots_gain_more() -> None:
    """At 95 and 250 nm Γ is the published 40 % (2 points) and every number that of `analyze` (1e-9); Γ and net gain rise with the
    dots' thickness everywhere; net gain falls with the L-ITO's."""
    axes = {"layers.QD.thickness": {"from": 50, "to": 150, "step": 15}, "layers.L-ITO.thickness": {"from": 100, "to": 350, "step": 50}}
    found = qdp.sweep(shortened("confinement_map.yaml", axes=axes))
    designed = found.sel({"layers.QD.thickness": 95, "layers.L-ITO.thickness": 250})
    report = qdp.analyze("jung2022-lito-ag", mode="TE0")
    assert report.mode is not None
    assert float(designed["confinement.QD"]) == pytest.approx(0.40, abs=0.02)
    assert float(designed["confinement.QD"]) == pytest.approx(report.mode.confinement["QD"].intensity, rel=1e-9)
    assert float(designed["net_gain_per_cm"]) == pytest.approx(report.net_gain_per_cm, rel=1e-9)
    assert (np.diff(found["confinement.QD"].values, axis=0) > 0).all()
    assert (np.diff(found["net_gain_per_cm"].values, axis=0) > 0).all()
    assert (np.diff(found["net_gain_per_cm"].values, axis=1) < 0).all()


def test_the_wavelength_follows_the_period() -> None:
    """λ = n_eff Λ (second order): by the shipped grating's 355 nm as `dfb` says; dλ/dΛ = λ/Λ · n_eff/n_group within 2 %, the slope of
    n_eff changing over 6 nm; the bright edge on the short side at every period."""
    found = qdp.sweep(shortened("dfb_period.yaml", axes={"grating.period": [352, 355, 358]}))
    bright, dark = (found[f"dfb.{edge}.wavelength_nm"].values for edge in ("bright", "dark"))
    alone = qdp.dfb("cg-qd-dfb")
    assert dark[1] == pytest.approx(next(each.wavelength_nm for each in alone.resonances if each.symmetry == "dark"), rel=1e-9)
    assert (bright < dark).all()
    mode = alone.guide.mode
    assert (dark[2] - dark[0]) / 6 == pytest.approx(dark[1] / 355 * mode.n_eff.real / mode.group_index, rel=0.02)
    assert found["dfb.stop_band_nm"].values == pytest.approx(dark - bright, abs=1e-9)


def test_the_index_of_the_dots_matters_most() -> None:
    """5000 devices: first order and samples agree within 5 %; the largest part of the variance is due to n of the dots' film (by the
    report's own range: Γ 31 … 41 % for 1.9 … 2), the least to a transport layer; the yield lies between 80 and 95 %."""
    result = qdp.tolerance(FOLDER / "lito_tolerance.yaml")
    for spread in result.spreads.values():
        assert spread.linear
    paths = [each.path for each in result["net_gain_per_cm"].contributions]
    assert paths[0] == 'materials."ccg-QD film".n'
    assert paths[-1] == "layers.HAT-CN.thickness"
    assert sum(each.share for each in result["net_gain_per_cm"].contributions) == pytest.approx(1.0)
    assert 0.80 < (result.yield_fraction or 0) < 0.95
