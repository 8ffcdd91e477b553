"""What each command prints and writes: the same numbers as in Python."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

import qdphotonics as qdp
from qdphotonics.cli import doctor
from qdphotonics.fdtd import interpreter

Command = Callable[..., tuple[int, str, str]]
LED = "jung2022-lito-ag"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_modes_prints_a_table_and_says_what_was_searched(command: Command) -> None:
    code, out, err = command("modes", LED)
    assert (code, err) == (0, "")
    for words in ("TE0", "TM0", "plasmonic", "critical angle in QD", "Re n_eff"):
        assert words in out


def test_modes_writes_the_fields_of_every_mode(command: Command, tmp_path: Path) -> None:
    """The CSV holds |E|^2 with maximum 1 for each mode, and Ey alone for TE."""
    file = tmp_path / "fields.csv"
    assert command("modes", LED, "--fields", str(file))[0] == 0
    table = rows(file)
    assert {row["mode"] for row in table} == {"TE0", "TM0", "TM1", "TM2"}
    te0 = [row for row in table if row["mode"] == "TE0"]
    intensity = np.array([float(row["intensity"]) for row in te0])
    assert intensity.max() == pytest.approx(1.0, abs=1e-9)
    parts = np.array([[float(row["Ey_re"]), float(row["Ey_im"])] for row in te0])
    assert (parts**2).sum(axis=1) == pytest.approx(intensity, rel=1e-12)
    assert {row["Ex_re"] for row in te0} == {"0.0"}
    assert {row["layer"] for row in te0} == {"substrate", "L-ITO", "QD", "Spiro-2NPB", "HAT-CN", "Ag", "superstrate"}


def test_set_changes_the_stack(command: Command) -> None:
    printed = json.loads(command("modes", LED, "--set", "layers.QD.thickness=110", "--set", "wavelength=640", "--json")[1])
    stack = qdp.load_stack(LED).changed({"layers.QD.thickness": 110, "wavelength": 640})
    assert printed["wavelength_nm"] == 640
    assert printed["modes"][0]["n_eff"][0] == qdp.find_modes(stack)["TE0"].n_eff.real


@pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
def test_modes_draws(command: Command, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"modes.{ending}"
    assert command("modes", LED, "--plot", str(file))[0] == 0
    assert file.stat().st_size > 5000


def test_modes_over_wavelengths_are_drawn_and_listed(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "dispersion.png"
    code, out, _ = command("modes", LED, "--wavelengths", "620:640:10", "--plot", str(file))
    assert code == 0
    assert file.stat().st_size > 5000
    for words in ("620", "640", "TE0"):
        assert words in out


def test_spectrum_writes_a_table(command: Command, tmp_path: Path) -> None:
    file, figure = tmp_path / "spectrum.csv", tmp_path / "spectrum.png"
    arguments = ("--wavelengths", "600:620:10", "--angles", "0:40:20", "--from", "superstrate")
    assert command("spectrum", LED, *arguments, "--csv", str(file), "--plot", str(figure))[0] == 0
    table = rows(file)
    assert len(table) == 2 * 3 * 3
    for row in table:
        parts = [float(value) for key, value in row.items() if key.startswith(("reflectance", "transmittance", "absorptance"))]
        assert sum(parts) == pytest.approx(1.0, abs=1e-12)
    assert figure.stat().st_size > 5000


PANE = """
name: film on a pane
wavelength: 600
substrate: air
superstrate: air
layers:
  - {name: pane, material: {n: 1.5}, thickness: 1 mm, coherent: false}
  - {name: film, material: {n: 1.8, k: 0.01}, thickness: 95, role: gain}
gain: {medium: ccg-QD}
"""


def test_spectrum_with_an_incoherent_layer(command: Command, tmp_path: Path) -> None:
    """`coherent: false` changes no key; the fringes, 0.12 nm apart, are gone, and nothing is lost."""
    stack = tmp_path / "pane.yaml"
    stack.write_text(PANE)
    arguments = ("spectrum", str(stack), "--wavelengths", "600:600.05:0.05", "--angle", "30", "--json")
    document = json.loads(command(*arguments)[1])
    fringes = json.loads(command(*arguments, "--set", "layers.pane.coherent=true")[1])
    assert list(fringes) == list(document)
    for which in ("TE", "TM"):
        shares = document[which]
        assert list(shares["absorptance"]) == ["pane", "film"]
        (first, second), (crest, trough) = shares["reflectance"][0], fringes[which]["reflectance"][0]
        assert abs(first - second) < 1e-4 < 1e-2 < abs(crest - trough)
        total = first + shares["transmittance"][0][0] + sum(values[0][0] for values in shares["absorptance"].values())
        assert total == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("name", ["modes", "analyze"])
def test_modes_cannot_have_an_incoherent_layer(command: Command, tmp_path: Path, name: str) -> None:
    stack = tmp_path / "pane.yaml"
    stack.write_text(PANE)
    code, out, err = command(name, str(stack))
    assert (code, out) == (2, "")
    assert 'layer "pane" must be coherent' in err
    assert "make it the substrate or the superstrate" in err


def test_analyze_writes_a_report_with_its_figures(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    code, out, err = command("analyze", LED, "--out", str(folder), "--json")
    assert code == 0
    names = ("index-and-modes", "loss-budget", "net-gain", "net-gain-spectrum", "heating")
    figures = {f"{name}.{kind}" for name in names for kind in ("png", "pdf")}
    assert {file.name for file in folder.iterdir()} == {"report.json"} | figures
    assert json.loads((folder / "report.json").read_text()) == json.loads(out)
    assert str(folder) in err


def test_analyze_takes_medium_drive_and_mode(command: Command) -> None:
    printed = json.loads(command("analyze", LED, "--medium", "cg-QD", "--current-density", "50", "--mode", "TM1", "--json")[1])
    report = qdp.analyze(qdp.load_stack(LED), "cg-QD", current_density_A_per_cm2=50, mode="TM1")
    assert printed["medium"] == "cg-QD"
    assert printed["mode"]["label"] == "TM1"
    assert printed["net_gain_per_cm"] == report.net_gain_per_cm
    pulsed = json.loads(command("analyze", LED, "--fluence", "1e-5", "--json")[1])
    assert pulsed["operation"]["fluence_J_per_cm2"] == 1e-5


def test_warnings_go_to_stderr_beside_json(command: Command) -> None:
    code, out, err = command("analyze", LED, "--set", "wavelength=600", "--json")
    warnings = json.loads(out)["warnings"]
    assert code == 0
    assert len(warnings) == 1
    assert err == f"warning: {warnings[0]}\n"
    assert warnings[0] in " ".join(command("analyze", LED, "--set", "wavelength=600")[1].split())


def test_compare_stands_side_by_side(command: Command) -> None:
    code, out, _ = command("compare", "roh2020-ito", "roh2020-lito", "--set", "wavelength=625")
    assert code == 0
    assert "limited by" in out
    assert "625" in out


def test_materials_are_listed_shown_and_drawn(command: Command, tmp_path: Path) -> None:
    assert " Ag " in command("materials", "list")[1]
    shown = json.loads(command("materials", "show", "Ag", "--wavelengths", "600:640:20", "--json")[1])
    silver = qdp.load_material("Ag")
    assert shown["wavelength_nm"] == [600, 620, 640]
    assert shown["index"][1] == [complex(silver.index(620.0)).real, complex(silver.index(620.0)).imag]
    assert "assumed, for no source gives it" in command("materials", "show", "HAT-CN")[1]
    file = tmp_path / "silver.png"
    assert command("materials", "plot", "Ag", str(file)) == (0, f"{file}\n", "")
    assert file.stat().st_size > 5000


def test_stacks_are_listed_shown_and_drawn(command: Command, tmp_path: Path) -> None:
    assert LED in command("stacks", "list")[1]
    out = command("stacks", "show", LED)[1].split("index", 1)[1]
    assert out.index("superstrate") < out.index("Ag") < out.index("QD") < out.index("substrate")
    file = tmp_path / "stack.pdf"
    assert command("stacks", "plot", LED, str(file))[0] == 0
    assert file.stat().st_size > 3000


def test_a_stack_is_copied_but_nothing_is_overwritten(
    command: Command, refused: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("stacks", "copy", LED) == (0, f"{LED}.yaml\n", "")
    assert yaml.safe_load((tmp_path / f"{LED}.yaml").read_text())["name"] == qdp.load_stack(LED).name
    assert command("modes", f"{LED}.yaml")[0] == 0
    assert "must not exist yet" in refused("stacks", "copy", LED)
    assert command("stacks", "copy", LED, "mine.yaml", "--json")[0] == 0
    assert "--set" not in (tmp_path / "mine.yaml").read_text()


def test_the_schema_is_json_that_editors_take(command: Command) -> None:
    schema = json.loads(command("stacks", "schema")[1])
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "layers" in schema["properties"]
    assert json.loads(command("stacks", "schema", "--json")[1])["json_schema"] == schema


def test_doctor_tells_what_is_installed(command: Command) -> None:
    out = json.loads(command("doctor", "--json")[1])
    assert out["packages"]["numpy"] == np.__version__
    assert set(out["packages"]) == set(doctor.PACKAGES)
    assert out["meep"]["asked"][0] == sys.executable or out["meep"]["asked"][0]
    assert "numpy" in command("doctor")[1]


def stand_in(folder: Path, answer: str) -> str:
    """A program that answers as an interpreter with some package `meep` would."""
    program = folder / "python-with-meep"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    return str(program)


def test_doctor_finds_the_meep_that_the_variable_names(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meep prints on stdout by itself, before and after the line that was asked for."""
    program = stand_in(tmp_path, "echo 'Using MPI version 3.1'; echo 'meep 1.25.0 True'; echo 'Elapsed run time = 0'")
    monkeypatch.setenv(interpreter.VARIABLE, program)
    found = json.loads(command("doctor", "--json")[1])["meep"]
    assert (found["found"], found["interpreter"], found["version"], found["mpi"]) == (True, program, "1.25.0", True)
    assert "1.25.0 (for MPI" in command("doctor")[1]


def test_doctor_says_how_to_get_meep_and_is_not_fooled(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyPI's task runner called meep fails on `with_mpi`; a program that is not there is passed over."""
    runner = stand_in(tmp_path, "echo \"AttributeError: module 'meep' has no attribute 'with_mpi'\" >&2; exit 1")
    for python in (runner, str(tmp_path / "missing")):
        assert interpreter.ask(python) is None
    monkeypatch.setenv(interpreter.VARIABLE, runner)
    monkeypatch.setattr(sys, "executable", runner)
    monkeypatch.setattr(interpreter, "SYSTEM_PYTHON", runner)
    monkeypatch.setattr(interpreter, "conda_environments", lambda: iter(()))
    code, out, _ = command("doctor")
    assert code == 0
    assert "apt install python3-meep python3-matplotlib" in " ".join(out.split())


def test_a_missing_package_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package"))
    assert json.loads(command("doctor", "--json")[1])["packages"]["no-such-package"] is None
    assert "missing" in command("doctor")[1]
    assert shutil.which("no-such-package") is None


@pytest.mark.parametrize("text", ["630nm", "0.63 um", "630"])
def test_a_wavelength_may_have_a_suffix(command: Command, text: str) -> None:
    assert json.loads(command("modes", LED, "--wavelength", text, "--json")[1])["wavelength_nm"] == pytest.approx(630.0)
    assert json.loads(command("materials", "show", "Ag", "--wavelength", text, "--json")[1])["wavelength_nm"] == pytest.approx([630.0])


def test_what_was_written_is_told_on_stderr(command: Command, tmp_path: Path) -> None:
    figure, table = tmp_path / "f.png", tmp_path / "t.csv"
    err = command("modes", LED, "--plot", str(figure), "--fields", str(table))[2]
    assert err == f"the fields are in {table}\nthe figure is in {figure}\n"
    err = command("spectrum", LED, "--wavelengths", "600:700:1", "--csv", str(table))[2]
    assert err == f"the table is in {table}\n"
    assert "--json or --csv have them all" in command("spectrum", LED, "--wavelengths", "600:700:1")[1]


def test_the_media_are_listed_with_the_materials(command: Command) -> None:
    out = command("materials", "list")[1]
    assert f"{len(qdp.list_media())} gain media" in out
    document = json.loads(command("materials", "list", "--json")[1])
    assert [medium["medium"] for medium in document["media"]] == list(qdp.list_media())


def test_pages_of_the_database_are_found_by_a_word(command: Command) -> None:
    found = json.loads(command("materials", "list", "--database", "konig", "--json")[1])["pages"]
    assert "other/In2O3-SnO2/Konig" in found
    assert json.loads(command("materials", "list", "--database", "Ag johnson", "--json")[1])["pages"] == ["main/Ag/Johnson"]
    many = command("materials", "list", "--database", "a")[1]
    assert "more: add a word" in many
    assert "no page has 'unobtainium'" in command("materials", "list", "--database", "unobtainium")[1]


def test_a_medium_that_is_not_known_is_warned_of_where_it_is_not_needed(command: Command) -> None:
    """modes do not need the medium; that analyze will refuse it is better known early."""
    code, out, err = command("modes", LED, "--set", "gain.medium=ccg-QX")
    assert code == 0
    assert "TE0" in out
    assert err.startswith("warning: ")
    assert "gain.medium must be a known medium for analyze, got 'ccg-QX'" in err


def test_a_long_search_is_announced(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from qdphotonics.cli import options

    assert command("modes", LED)[2] == ""
    options.announce(42.0)
    monkeypatch.setattr(options, "PATIENCE_S", 1e-4)
    assert command("modes", LED)[2].startswith("a stack with so many modes takes some 40 s …\n")
    for name in ("modes", "analyze"):
        assert "a stack with so many modes takes some" in command(name, LED)[2]
