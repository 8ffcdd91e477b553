"""Results: dimensions, units, the full input, failures; and the way through netCDF and CSV."""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import qdphotonics as qdp
from qdphotonics.errors import ArgumentError, SweepError
from qdphotonics.sweeps import SweepSpec, load_sweep
from qdphotonics.sweeps.chunks import Chunk, SweepJob
from qdphotonics.sweeps.dataset import SLASH, dataset, save_csv, save_netcdf
from qdphotonics.sweeps.runner import Progress
from qdphotonics.sweeps.store import Memory

TOP = Path(__file__).resolve().parents[2]
MIXED: dict[str, Any] = {
    "name": "Of every kind",
    "stack": "jung2022-lito-ag",
    "axes": {
        "wavelength": ["620 nm", "630 nm"],
        "zip": {"layers.QD.thickness": [90, 95, 100], "layers.L-ITO.thickness": [240, 250, 260]},
        "layers.HAT-CN.material": ["HAT-CN", {"n": 1.8, "k": 1e-3}],
    },
    "mode": "TE0",
    "quantities": ["n_eff", "confinement.QD", "TM0.loss_per_cm", "confinement.Spiro-2NPB"],
}


class Given(Memory):
    """Numbers that a test made up, in place of those that would be computed."""

    def __init__(self, spec: SweepSpec, errors: Mapping[int, str], status: Mapping[int, int]) -> None:
        super().__init__(SweepJob(spec))
        cut = self.work.cut
        for number in range(cut.count):
            flat = cut.flat(number)
            values = {name: np.asarray(flat + 1000.0 * place + 1.0 / 3.0, dtype=np.float64) for place, name in enumerate(self.work.names)}
            for column in values.values():
                column[[at for at, point in enumerate(flat.tolist()) if point in errors]] = math.nan
            told = np.array([status.get(point, 0) for point in flat.tolist()], dtype=np.int8)
            self.put(Chunk(number, values, told, {point: errors[point] for point in flat.tolist() if point in errors}), 0.0)


def given(document: Mapping[str, Any], errors: Mapping[int, str] | None = None, status: Mapping[int, int] | None = None) -> xr.Dataset:
    """The dataset of made-up numbers."""
    spec = load_sweep(document)
    return dataset(spec, Given(spec, errors or {}, status or {}))


def test_dimensions_and_coordinates_are_those_of_the_design() -> None:
    """Dimensions in the order written; a zip's axes are coordinates along it without an index; numbers in nm, materials as text."""
    results = given(MIXED)
    assert dict(results.sizes) == {"wavelength": 2, "zip": 3, "layers.HAT-CN.material": 2}
    assert results["wavelength"].values.tolist() == [620.0, 630.0]
    assert (results["wavelength"].attrs["units"], results["wavelength"].attrs["long_name"]) == ("nm", "wavelength")
    assert results["layers.QD.thickness"].dims == ("zip",)
    assert results["layers.L-ITO.thickness"].values.tolist() == [240.0, 250.0, 260.0]
    assert set(results.indexes) == {"wavelength", "layers.HAT-CN.material"}
    assert results["layers.HAT-CN.material"].values.tolist() == ["HAT-CN", '{"n": 1.8, "k": 0.001}']


def test_numbers_stand_where_their_point_is() -> None:
    """Point 7 in C order is (wavelength 1, zip 0, material 1) of the shape (2, 3, 2); each quantity has its own numbers."""
    results = given(MIXED)
    for place, name in enumerate(MIXED["quantities"]):
        assert results[name].values[1, 0, 1] == 7 + 1000.0 * place + 1.0 / 3.0
        assert results[name].values.ravel().tolist() == [point + 1000.0 * place + 1.0 / 3.0 for point in range(12)]


def test_units_and_names() -> None:
    """Of every quantity those of the one list; pure numbers have the unit 1, as the CF conventions write it."""
    results = given(MIXED)
    assert results["TM0.loss_per_cm"].attrs["units"] == "cm⁻¹"
    assert results["n_eff"].attrs["units"] == "1"
    for quantity in load_sweep(MIXED).quantities:
        assert results[quantity.name].attrs["long_name"] == quantity.title
        assert results[quantity.name].attrs["label"] == quantity.label


def test_the_full_input_is_in_the_attributes() -> None:
    """The JSON there is that of the specification; the sweep can be made again from it, stack in place."""
    results = given(MIXED)
    kept = json.loads(results.attrs["input"])
    assert kept == json.loads(json.dumps(load_sweep(MIXED).as_dict()))
    again = load_sweep({**kept["specification"], "stack": kept["stack"]})
    assert again.design == load_sweep(MIXED).design
    assert again.stack.index().tolist() == load_sweep(MIXED).stack.index().tolist()
    assert (results.attrs["title"], results.attrs["qdphotonics_version"]) == ("Of every kind", qdp.__version__)
    assert results.attrs["date"].endswith("+00:00")


def test_failures_are_variables_where_there_are_any() -> None:
    """None: neither ``status`` nor ``error``. A mode found again: ``status``. A failure: its text at its point, none elsewhere."""
    assert not {"status", "error"} & set(given(MIXED).data_vars)
    again = given(MIXED, status={3: 1})
    assert again["status"].values.ravel().tolist() == [0, 0, 0, 1, *[0] * 8]
    assert again["status"].attrs["flag_meanings"].split()[1] == "re-solved"
    assert "error" not in again
    failed = given(MIXED, {5: "it broke", 9: "it broke, too"}, {5: 2, 9: 2})
    texts = failed["error"].values.ravel().tolist()
    assert {point: text for point, text in enumerate(texts) if text} == {5: "it broke", 9: "it broke, too"}
    assert np.isnan(failed["n_eff"].values.ravel()).nonzero()[0].tolist() == [5, 9]
    assert failed.attrs["failed"] == 2


@pytest.mark.parametrize("errors", [{}, {5: "it broke: α < 0", 9: 'with "quotes", and\nlines'}])
def test_netcdf_gives_back_what_went_in(errors: dict[int, str], tmp_path: Path) -> None:
    """Every variable, coordinate and attribute, units and letters beyond ASCII included; nothing else is left in the folder."""
    results = given(MIXED, errors, dict.fromkeys(errors, 2))
    save_netcdf(results, tmp_path / "result.nc")
    assert [file.name for file in tmp_path.iterdir()] == ["result.nc"]
    back = xr.load_dataset(tmp_path / "result.nc", engine="h5netcdf")
    xr.testing.assert_identical(back, results)
    assert back["n_eff"].values.tobytes() == results["n_eff"].values.tobytes()


def test_a_name_with_a_slash_survives_netcdf(tmp_path: Path) -> None:
    """netCDF forbids it: a sign that looks alike takes its place, in the file only."""
    stack = {
        "name": "a film",
        "substrate": "SiO2",
        "superstrate": "air",
        "wavelength": 630,
        "layers": [{"name": "a/b", "material": {"n": 2.0}, "thickness": 300}],
    }
    results = given({"stack": stack, "axes": {"layers.a/b.thickness": [300, 310]}, "quantities": ["confinement.a/b"], "mode": "TE0"})
    assert set(results.variables) == {"layers.a/b.thickness", 'confinement."a/b"'}
    save_netcdf(results, tmp_path / "result.nc")
    back = xr.load_dataset(tmp_path / "result.nc", engine="h5netcdf")
    assert back[f'confinement."a{SLASH}b"'].values.tolist() == results['confinement."a/b"'].values.tolist()


def test_csv_has_a_row_a_point(tmp_path: Path) -> None:
    """Axes first, units in brackets; numbers to the last digit, nothing for nan; texts with commas, quotes and lines come back."""
    nasty = 'with "quotes", commas, and\nlines'
    results = given(MIXED, {5: nasty}, {5: 2})
    save_csv(results, tmp_path / "result.csv")
    with (tmp_path / "result.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[:5] == ["wavelength [nm]", "layers.QD.thickness [nm]", "layers.L-ITO.thickness [nm]", "layers.HAT-CN.material", "n_eff"]
    assert head[6:] == ["TM0.loss_per_cm [cm⁻¹]", "confinement.Spiro-2NPB", "status", "error"]
    assert len(rows) == 12
    assert rows[7][:5] == ["630.0", "90.0", "240.0", '{"n": 1.8, "k": 0.001}', repr(7 + 1.0 / 3.0)]
    assert rows[5][4:] == ["", "", "", "", "2", nasty]
    assert {row[-1] for row in rows} == {"", nasty}


def test_csv_in_several_blocks_is_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written seven rows at a time, the file is the same."""
    results = given(MIXED)
    save_csv(results, tmp_path / "whole.csv")
    monkeypatch.setattr("qdphotonics.sweeps.dataset.ROWS", 7)
    save_csv(results, tmp_path / "parts.csv")
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


SMALL: dict[str, Any] = {
    "name": "small",
    "stack": "jung2022-lito-ag",
    "axes": {"layers.QD.thickness": {"from": 80, "to": 110, "step": 10}, "wavelength": {"from": 620, "to": 640, "count": 25}},
    "mode": "TE0",
    "quantities": ["n_eff", "confinement.QD", "net_gain_per_cm", "total_thickness_nm"],
}


def test_a_sweep_is_what_its_points_are(tmp_path: Path) -> None:
    """A hundred points of M2: at three of them n_eff, Γ and loss are those of ``find_modes`` on the changed stack, to 1e-9.

    The same call with workers, chunks of 10 points and a store gives the same numbers to the last bit; the files hold them.
    """
    results = qdp.sweep(SMALL)
    stack = qdp.load_stack("jung2022-lito-ag")
    for thickness, wavelength in ((80.0, 620.0), (100.0, 630.0), (110.0, 640.0)):
        mode = qdp.find_modes(stack.changed({"layers.QD.thickness": thickness, "wavelength": wavelength}), polarization="TE")["TE0"]
        point = results.sel({"layers.QD.thickness": thickness, "wavelength": wavelength})
        assert float(point["n_eff"]) == pytest.approx(mode.n_eff.real, abs=1e-9)
        assert float(point["confinement.QD"]) == pytest.approx(mode.confinement["QD"].intensity, abs=1e-8)
        assert float(point["total_thickness_nm"]) == 250 + thickness + 50 + 10 + 100
    told: list[Progress] = []
    stored = qdp.sweep(SMALL, out=tmp_path / "out", progress=told.append)
    assert told[-1].done == 100
    for name in SMALL["quantities"]:
        assert stored[name].values.tobytes() == results[name].values.tobytes()
    xr.testing.assert_identical(xr.load_dataset(tmp_path / "out" / "result.nc", engine="h5netcdf"), stored)
    xr.testing.assert_identical(qdp.sweep(SMALL, out=tmp_path / "out", resume=True), stored)


def test_a_sweep_with_workers_is_the_same() -> None:
    """M2 with a quantity that makes for small chunks: two workers give the numbers of this process bit for bit."""
    document = {**SMALL, "quantities": [*SMALL["quantities"], "group_index"]}
    assert SweepJob(load_sweep(document)).cut.count >= 2
    here, there = qdp.sweep(document), qdp.sweep(document, workers=2)
    assert np.isfinite(here["group_index"].values).all()
    for name in document["quantities"]:
        assert there[name].values.tobytes() == here[name].values.tobytes()


def test_chunks_are_smaller_where_points_are_dear() -> None:
    """20,000 followed points a chunk; less of spectra, searches and gratings; one simulation."""
    sizes = []
    for quantities, engine in (
        (["n_eff"], "planar"),
        (["reflectance.TE"], "planar"),
        (["n_eff", "group_index"], "planar"),
        (["dfb.wavelength_nm"], "coupled-wave"),
        (["n_eff"], "meep"),
    ):
        stack = "cg-qd-dfb" if engine == "coupled-wave" else "jung2022-lito-ag"
        layer = next(layer.name for layer in qdp.load_stack(stack).layers if layer.role == "gain")
        axes = {f"layers.{layer}.thickness": {"from": 60, "to": 100, "count": 40_000}}
        mode = {} if quantities == ["reflectance.TE"] else {"mode": "TE0"}
        spec = load_sweep({"stack": stack, "axes": axes, "quantities": quantities, "engine": engine, **mode})
        first, last = SweepJob(spec).cut.bounds(0)
        sizes.append(last - first)
    assert sizes == [20_000, 2_000, 50, 5, 1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"workers": -1}, "`workers` must be at least 0, but is -1"),
        ({"workers": 2, "scheduler": "tcp://127.0.0.1:8786"}, "`workers` must not be given with `scheduler`"),
        ({"resume": True}, "`resume` must come with `out`"),
    ],
)
def test_arguments_that_do_not_go_together(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        qdp.sweep(SMALL, **arguments)


def test_a_result_that_cannot_be_written_is_one_error(tmp_path: Path) -> None:
    """A folder that is not there: told, and nothing half-written."""
    for save in (save_netcdf, save_csv):
        with pytest.raises(SweepError, match="cannot write to"):
            save(given(MIXED), tmp_path / "gone" / "result")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["nc", "csv"])
def test_a_disk_that_fills_up_leaves_the_old_result(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left when the file is flushed: told, the unfinished file is gone, and the one that was there is as it was."""
    save, file = (save_netcdf, tmp_path / "result.nc") if kind == "nc" else (save_csv, tmp_path / "result.csv")
    file.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SweepError, match=r"no space left for .*; free some"):
        save(given(MIXED), file)
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_bytes() == b"old"


def test_a_million_points_of_ten_quantities_fit_into_memory(tmp_path: Path) -> None:
    """The dataset, its netCDF and its CSV from chunks on the disk: below 1 GB in all, of which 80 MB are the numbers.

    The bound asked for is 2 GB; this process starts with about 0.2.
    """
    code = """
import resource, sys
from pathlib import Path
import numpy as np
from qdphotonics.sweeps import load_sweep
from qdphotonics.sweeps.chunks import Chunk, SweepJob
from qdphotonics.sweeps.dataset import dataset, save_csv, save_netcdf
layers = ["QD", "L-ITO", "Ag", "HAT-CN", "Spiro-2NPB"]
quantities = [f"{kind}.{layer}" for kind in ("confinement", "confinement_gain") for layer in layers]
spec = load_sweep({"stack": "jung2022-lito-ag", "mode": "TE0", "quantities": quantities,
    "axes": {"layers.QD.thickness": {"from": 50, "to": 150, "count": 1000}, "wavelength": {"from": 600, "to": 660, "count": 1000}}})
class Made:
    work, created = SweepJob(spec), "now"
    def get(self, number):
        flat = self.work.cut.flat(number)
        errors = {int(point): f"point {point} failed" for point in flat[::100]}
        return Chunk(number, {name: np.sin(flat + 0.1) for name in self.work.names}, np.zeros(len(flat), np.int8), errors)
results = dataset(spec, Made())
save_netcdf(results, Path(sys.argv[1]) / "result.nc")
save_csv(results.isel({"wavelength": slice(0, 50)}), Path(sys.argv[1]) / "result.csv")
print(results.sizes["wavelength"], len(results.data_vars), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=TOP, capture_output=True, text=True, check=True)
    points, variables, megabytes = done.stdout.split()
    assert (points, variables) == ("1000", "12")
    assert float(megabytes) < 1024
