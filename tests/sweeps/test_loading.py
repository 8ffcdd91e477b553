"""Specifications that are well formed: what is read is what was written, and a study carries all of it."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.errors import SweepError
from qdphotonics.sweeps import load_optimization, load_sweep, load_tolerance

LED = "jung2022-lito-ag"
BRW = "ahn2023-brw"
QD = "layers.QD.thickness"

WRITTEN = """\
name: Confinement against two thicknesses
stack: jung2022-lito-ag
set: {drive.current_density_A_per_cm2: 10, layers.HAT-CN.thickness: 12}
axes:
  layers.QD.thickness: {from: 50, to: 150, step: 1}
  layers.L-ITO.thickness: {from: 150, to: 350, count: 101}
  materials.ccg-QD film.n: [1.9, 2]
  zip: {layers.Ag.thickness: [80, 90], wavelength: [620 nm, 630 nm]}
  latin_hypercube: {count: 5, seed: 1, over: {layers.Spiro-2NPB.thickness: {from: 50, to: 60}}}
mode: TE0
quantities: [n_eff, loss_per_cm, confinement.QD, net_gain_per_cm, TM.net_gain_per_cm]
"""


def sweep(**given: Any) -> Any:
    return load_sweep({"stack": LED, "axes": {QD: [50, 60]}, "quantities": ["n_eff"], **given})


def values(axes: dict[str, Any], **given: Any) -> list[tuple[Any, ...]]:
    return [axis.values for axis in sweep(axes=axes, **given).design.axes]


def test_a_file_of_the_issue(tmp_path: Path) -> None:
    """Each form of an axis in one file: dimensions in the order written, the base changed by ``set``."""
    (tmp_path / "s.yaml").write_text(WRITTEN, encoding="utf-8")
    spec = load_sweep(tmp_path / "s.yaml")
    assert spec.name == "Confinement against two thicknesses"
    assert spec.design.dimensions == (QD, "layers.L-ITO.thickness", "materials.ccg-QD film.n", "zip", "sample")
    assert spec.design.shape == (101, 101, 2, 2, 5)
    assert {axis.path: axis.unit for axis in spec.design.axes} == {
        QD: "nm",
        "layers.L-ITO.thickness": "nm",
        "materials.ccg-QD film.n": "",
        "layers.Ag.thickness": "nm",
        "wavelength": "nm",
        "layers.Spiro-2NPB.thickness": "nm",
    }
    assert spec.design.axes[1].values[:2] == (150.0, 152.0)
    assert spec.stack.drive is not None
    assert (spec.stack.drive.current_density_A_per_cm2, spec.stack.layer("HAT-CN").thickness_nm) == (10, 12)
    assert [quantity.name for quantity in spec.quantities][-2:] == ["net_gain_per_cm", "TM.net_gain_per_cm"]
    assert (spec.mode, spec.engine, spec.angle_deg, spec.from_side) == ("TE0", "planar", 0.0, "substrate")
    assert spec.document.line(("axes", "zip")) == 8


def test_values_are_in_the_units_of_their_place() -> None:
    """nm whatever the suffix; ranges in eV are even in eV: λ = hc/E, hc = 1239.84198 eV nm."""
    assert values({QD: ["0.05 um", "0.06 µm"]}) == [pytest.approx((50.0, 60.0), rel=1e-15)]
    assert values({QD: [50, "60 nm"]}) == [(50.0, 60.0)]
    assert values({QD: {"from": "0.05 um", "to": "0.06 um", "step": "0.005 um"}}) == [pytest.approx((50, 55, 60))]
    energies = {"from": "1.9 eV", "to": "2.0 eV", "step": "0.05 eV"}
    assert values({"wavelength": energies}) == [pytest.approx([qdp.units.wavelength_nm(energy) for energy in (1.9, 1.95, 2.0)], rel=1e-12)]


def test_axes_of_other_things_than_numbers() -> None:
    """Materials, media and whole mappings as a stack file has them; counts of a repeat are numbers."""
    spec = sweep(
        axes={"layers.QD.material": ["L-ITO", {"n": 1.9}], "gain.medium": ["ccg-QD", "cg-QD"], QD: [50, {"quarter_waves": 1, "at": 640}]}
    )
    assert [axis.numeric for axis in spec.design.axes] == [False] * 3
    assert spec.design.axes[0].values == ("L-ITO", {"n": 1.9})
    counts = sweep(stack=BRW, axes={"layers[0].repeat": {"from": 5, "to": 7, "step": 1}}).design.axes[0]
    assert (counts.values, counts.numeric, counts.unit) == ((5.0, 6.0, 7.0), True, "")
    assert sweep(axes={"drive.voltage_V": [5]}).design.axes[0].unit == "V"
    assert sweep(axes={"materials.L-ITO.alpha_per_cm": [5]}).design.axes[0].unit == "cm⁻¹"


def test_every_point_of_a_sample_lies_in_its_box_and_counts_are_whole() -> None:
    box = {"layers[0].repeat": {"from": 5, "to": 9}, QD: {"from": 60, "to": 70}}
    spec = sweep(stack=BRW, axes={"sobol": {"count": 20, "seed": 4, "over": box}})
    assert spec.design.dimensions == ("sample",)
    pairs, thickness = (axis.array for axis in spec.design.axes)
    assert set(pairs.tolist()) == {5.0, 6.0, 7.0, 8.0, 9.0}
    assert 60 <= thickness.min() < thickness.max() <= 70
    again = sweep(stack=BRW, axes={"sobol": {"count": 20, "seed": 4, "over": box}})
    assert again.design == spec.design


def test_what_an_axis_brings_counts_as_there() -> None:
    """A grating that every point has but the base has not."""
    grating = {"layer": "L-ITO", "period": 390, "depth": 30, "duty": 0.5, "order": 2}
    spec = sweep(axes={"grating": [grating, {**grating, "period": 400}]}, quantities=["dfb.wavelength_nm", "n_eff"])
    assert spec.engine == "coupled-wave"


def test_from_python(tmp_path: Path) -> None:
    """The same study from a mapping with NumPy values, with the stack itself, a stack in place or a file beside the specification."""
    stack = qdp.load_stack(LED)
    (tmp_path / "mine.yaml").write_text(Path(str(stack.file)).read_text("utf-8"), "utf-8")
    (tmp_path / "s.yaml").write_text("stack: mine.yaml\naxes: {layers.QD.thickness: [50, 60]}\nquantities: [n_eff]\n")
    inputs = [
        sweep(),
        sweep(stack=stack, axes={QD: np.array([50, 60])}, quantities=("n_eff",)),
        sweep(stack=dict(stack.document.data), axes={QD: [np.float64(50), np.int64(60)]}),
        load_sweep(str(tmp_path / "s.yaml")),
    ]
    assert load_sweep(inputs[0]) is inputs[0]
    assert all(spec.as_dict() == inputs[0].as_dict() for spec in inputs)
    assert inputs[3].stack.file == tmp_path / "mine.yaml"


@pytest.mark.parametrize(
    "spec",
    [
        sweep(axes={"layers.QD.material": ["L-ITO", "ccg-QD film"]}),
        load_optimization({"stack": BRW, "maximize": "net_gain_per_cm", "variables": {QD: {"from": 50, "to": 90}}}),
        load_tolerance({"stack": qdp.load_stack(LED), "errors": {QD: "1%"}, "quantities": ["n_eff"]}),
    ],
    ids=["sweep", "optimization", "tolerance"],
)
def test_studies_travel_to_workers(spec: Any) -> None:
    """Through pickle nothing is lost, and not much is carried."""
    sent = pickle.dumps(spec)
    assert len(sent) < 200_000
    back = pickle.loads(sent)
    assert back.as_dict() == spec.as_dict()
    assert np.array_equal(back.stack.index(), spec.stack.index())
    assert json.loads(json.dumps(spec.as_dict())) == spec.as_dict()
    assert spec.as_dict()["version"] == qdp.__version__


def test_the_record_tells_studies_apart(tmp_path: Path) -> None:
    """Whatever a number depends on is in it: a value, the stack, ``set``, a material's file, a medium's file. Where it lies is not."""
    first = sweep().as_dict()
    assert sweep(axes={QD: [50, 61]}).as_dict() != first
    assert sweep(quantities=["n_eff", "loss_per_cm"]).as_dict() != first
    assert sweep(set={"wavelength": 631}).as_dict() != first
    assert sweep(stack="roh2020-lito").as_dict() != first
    assert list(first) == ["kind", "version", "specification", "stack", "index", "materials", "media"]

    def beside(name: str, index: float, lifetime: float) -> dict[str, Any]:
        folder = tmp_path / name
        (folder / "materials" / "gain").mkdir(parents=True)
        said = f"name: film\nsource: s\ntable: {{wavelength_nm: [600, 630, 700], n: [1.6, 1.7, {index}], k: 0}}\n"
        (folder / "materials" / "film.yaml").write_text(said)
        medium = Path(str(qdp.load_medium("ccg-QD").file)).read_text("utf-8").replace("ccg-QD", "mine")
        (folder / "materials" / "gain" / "mine.yaml").write_text(medium + f"# {lifetime}\n", "utf-8")
        text = Path(str(qdp.load_stack(LED).file)).read_text("utf-8").replace("medium: ccg-QD", "medium: mine")
        (folder / "s.yaml").write_text(text.replace("material: Spiro-2NPB", "material: film"), "utf-8")
        return dict(sweep(stack=str(folder / "s.yaml")).as_dict())

    assert beside("a", 1.8, 1)["media"] != first["media"]
    assert "mine" in beside("b", 1.8, 1)["media"]
    here, there, other = (beside(*each) for each in (("c", 1.8, 1), ("d", 1.8, 1), ("e", 1.9, 1)))
    assert [{**each, "specification": None} for each in (here, there)] == [{**here, "specification": None}] * 2
    assert here["index"] == other["index"]  # at 630 nm alike, beyond not
    assert here["materials"] != other["materials"]


def test_an_axis_of_materials_has_its_files_in_the_record() -> None:
    materials = sweep(axes={"layers.QD.material": ["cg-QD film", "TFB"]}).as_dict()["materials"]
    assert {"cg-qd-film", "tfb"} <= set(materials)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quantities": ["reflectance.TE"], "mode": "TE0"}, "mode must not be given: nothing that is wanted is one of a mode"),
        ({"set": {"layers.QD.thickness": 50}}, "layers.QD.thickness\" must not be set: it is an axis"),
    ],
)
def test_what_would_be_ignored_is_refused(changes: dict[str, Any], message: str) -> None:
    """A mode of a spectrum, a fixed value of what is an axis: silence would let a reader believe in them."""
    spec = {"stack": "jung2022-lito-ag", "axes": {"layers.QD.thickness": [90, 100]}, "quantities": ["n_eff"], **changes}
    with pytest.raises(SweepError) as refused:
        load_sweep(spec)
    assert message in str(refused.value)
