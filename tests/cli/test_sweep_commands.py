"""``sweep``, ``optimize`` and ``tolerance``: the numbers of Python, files, progress, Ctrl-C, and what bad input is told."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xarray

import qdphotonics as qdp
from qdphotonics.cli import sweeps
from qdphotonics.sweeps.optimization.result import Optimum
from qdphotonics.sweeps.runner import Progress

Command = Callable[..., tuple[int, str, str]]
UNSAFE = "__import__('os').system('touch pwned')"
GOOD = {
    "sweep": {"axes": "{layers.QD.thickness: [90, 100]}", "quantities": "[n_eff]"},
    "optimize": {"variables": "{layers.QD.thickness: {from: 50, to: 150}}", "maximize": "n_eff"},
    "tolerance": {"errors": "{layers.QD.thickness: 1%}", "quantities": "[n_eff]"},
}
COUNTED = "{from: 50, to: 150, count: 10000}"
CUBE = f"{{layers.QD.thickness: {COUNTED}, layers.L-ITO.thickness: {COUNTED}, layers.Ag.thickness: {COUNTED}}}"
WRONG = [
    ("sweep", {"axes": "{layers.QDs.thickness: [90]}"}, 'nothing of the name "QDs"; did you mean "QD"'),
    ("sweep", {"axes": "{layers.QD.thickness: []}"}, "an axis of length 0 has no points"),
    ("sweep", {"axes": "{}"}, "axes must"),
    ("sweep", {"axes": CUBE}, "must not lead to more than 100000000 points in all, got 1e+12 = 10000 × 10000 × 10000"),
    ("sweep", {"axes": "{wavelength: [620 nm, 0.63 um]}"}, "must not mix units, got nm and um"),
    ("sweep", {"axes": "{wavelength: {from: 620 nm, to: 0.64 um, count: 3}}"}, "must not mix units"),
    ("sweep", {"axes": "{layers.QD.thickness: [90, -5]}"}, "must be > 0 nm, got -5"),
    ("sweep", {"axes": "{layers.QD.thickness: {from: 50, to: 150, step: 0}}"}, "step"),
    ("sweep", {"quantities": f'["{UNSAFE}"]'}, "a quantity must be written such as n_eff"),
    ("sweep", {"quantities": "[n_ef]"}, 'did you mean "n_eff"'),
    ("sweep", {"quantities": "[confinement.Qd]"}, 'did you mean "QD"'),
    ("sweep", {"quantities": "[dfb.q]"}, "needs a grating"),
    ("sweep", {"mode": "fast"}, "must be a mode's label such as TE0"),
    ("sweep", {"stack": "nowhere"}, "nowhere"),
    ("sweep", {"axis": "{}"}, 'unknown key "axis"; did you mean "axes"'),
    ("optimize", {"variables": "{layers.QDs.thickness: {from: 50, to: 150}}"}, 'did you mean "QD"'),
    ("optimize", {"variables": "{}"}, "variables"),
    ("optimize", {"variables": "{layers.QD.thickness: {from: 150, to: 50}}"}, "150"),
    ("optimize", {"variables": "{wavelength: {from: 620 nm, to: 0.64 um}}"}, "must not mix units"),
    ("optimize", {"maximize": f'"{UNSAFE}"'}, "maximize"),
    ("optimize", {"maximize": '"n_eff.__class__"'}, "maximize"),
    ("optimize", {"maximize": "3"}, "maximize"),
    ("optimize", {"subject_to": f'["{UNSAFE} <= 1"]'}, "subject_to"),
    ("optimize", {"subject_to": "[total_thickness_nm]"}, "subject_to"),
    ("tolerance", {"errors": "{layers.QDs.thickness: 1%}"}, 'did you mean "QD"'),
    ("tolerance", {"errors": "{}"}, "errors"),
    ("tolerance", {"errors": "{layers.QD.thickness: -1%}"}, "errors"),
    ("tolerance", {"errors": "{layers.QD.thickness: {standard_deviation: 2 kg}}"}, "kg"),
    ("tolerance", {"require": f'["{UNSAFE} >= 0"]'}, "require"),
    ("tolerance", {"samples": "0"}, "samples"),
    ("tolerance", {"quantities": "[]"}, "quantities"),
    ("sweep", {"axes": '{layers.QD.thickness: ["60"]}'}, 'got "60"; leave the quotes out'),
    ("sweep", {"axes": "{layers.QD.thickness: {from: 60 furlongs, to: 80, step: 5}}"}, "must be a finite number of nm, or end in nm"),
    ("sweep", {"quantities": "net_gain_per_cm"}, 'quantities must be a list, got "net_gain_per_cm"; write [net_gain_per_cm]'),
    ("optimize", {"subject_to": "n_eff <= 2"}, 'got "n_eff <= 2"; write [n_eff <= 2]'),
    ("tolerance", {"require": "n_eff >= 1"}, "write [n_eff >= 1]"),
    ("sweep", {"mode": "te0"}, 'got "te0"; did you mean TE0?'),
    ("sweep", {"mode": "TEO"}, 'got "TEO"; did you mean TE0?'),
    ("sweep", {"mode": "Best"}, "did you mean best?"),
    ("sweep", {"mode": "0"}, "mode must be a mode's label such as TE0, or TE, TM or best, got 0"),
    ("sweep", {"mode": "TE7"}, "mode: the base stack"),
    ("sweep", {"mode": "TE0", "quantities": "[TM7.n_eff]"}, "quantities: the base stack"),
    ("tolerance", {"errors": "{layers.QD.index: 2 nm}"}, 'must be 1%, {relative: 0.01} or {standard_deviation: 0.01}, got "2 nm"'),
    ("tolerance", {"errors": "{layers.QD.thickness: 200%}"}, "must be > 0 % and < 100 %, got 200 %"),
    ("tolerance", {"errors": "{layers.QD.thickness: -3%}"}, "must be > 0 % and < 100 %, got -3 %"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(command: str, **keys: str) -> str:
    """A specification in the working folder; each key may be replaced."""
    text = "".join(f"{key}: {value}\n" for key, value in ({"stack": "jung2022-lito-ag"} | GOOD[command] | keys).items())
    Path("spec.yaml").write_text(text, encoding="utf-8")
    return "spec.yaml"


@pytest.mark.parametrize(("name", "keys", "message"), WRONG, ids=str)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_wrong_specification_is_one_line_before_any_work(
    refused: Callable[..., str], folder: Path, name: str, keys: dict[str, str], message: str, as_json: bool
) -> None:
    """Exit code 2, one message that names file and line, nothing on stdout, nothing written, nothing run."""
    arguments = (name, written(name, **keys), "--out", "results", *(("--json",) if as_json else ()))
    told = refused(*arguments)
    assert told.startswith("spec.yaml:")
    assert message in told
    assert [file.name for file in folder.iterdir()] == ["spec.yaml"]


def test_a_power_without_end_is_a_number_without_end(command: Command, folder: Path) -> None:
    """9**9**9**9 has 10^369693099 digits as an integer; as a real number it is infinite, at once: the goal's fault."""
    code, out, err = command("optimize", written("optimize", maximize='"9**9**9**9 * n_eff"'))
    assert (code, out) == (2, "")
    assert "has no finite value" in err


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("other", [*GOOD, "analyze"])
def test_a_file_for_another_command_is_told_for_which(refused: Callable[..., str], folder: Path, name: str, other: str) -> None:
    """A specification of one of the others, and a stack: the command that takes it, and what is wanted here."""
    if other == name:
        return
    if other == "analyze":
        Path("spec.yaml").write_text(qdp.load_stack("jung2022-lito-ag").file.read_text())  # type: ignore[union-attr]
    else:
        written(other)
    told = refused(name, "spec.yaml", "--out", "results")
    assert re.match(rf'spec\.yaml:\d+: "\w+" belongs to .*\(qdphotonics {other}\).*; this must be .*\(qdphotonics {name}\)', told)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "spec.yaml: cannot be read"),
        ("", "is empty"),
        ("[1, 2]", "must be a mapping"),
        ("a: [", "spec.yaml:"),
        ("a: !!python/x 1", "tag"),
    ],
)
def test_a_file_that_is_none_is_told(refused: Callable[..., str], folder: Path, name: str, content: str | None, message: str) -> None:
    """Missing, empty, of another form, malformed, with a tag that would run something."""
    if content is not None:
        (folder / "spec.yaml").write_text(content, encoding="utf-8")
    assert message in refused(name, "spec.yaml", "--out", "results")
    assert not (folder / "results").exists()


@pytest.mark.parametrize("name", GOOD)
def test_a_folder_that_cannot_be_written_is_told_before_any_work(refused: Callable[..., str], folder: Path, name: str) -> None:
    """A file stands where the folder would have to be made."""
    told = refused(name, written(name), "--out", "spec.yaml/results")
    assert "spec.yaml" in told
    assert "Not a directory" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--workers", "-1"), "--workers must be at least 0, but is -1"),
        (("--workers", "many"), "Invalid value for '--workers'"),
        (("--workers", "2", "--scheduler", "tcp://127.0.0.1:9"), "--workers must not be given with --scheduler"),
        (("--resume",), "--resume must come with the folder of a run, but results holds none"),
    ],
)
def test_wrong_options_of_a_sweep(refused: Callable[..., str], folder: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in refused("sweep", written("sweep"), "--out", "results", *arguments)
    assert not (folder / "results").exists()


@pytest.mark.parametrize("name", GOOD)
def test_a_folder_that_is_none_is_told(refused: Callable[..., str], folder: Path, name: str) -> None:
    """An empty text, as of a variable that is not set, is not this folder; a file is called one."""
    assert "--out must name a folder, but is empty; is a variable" in refused(name, written(name), "--out", "")
    assert "--out must name a folder, but spec.yaml is a file" in refused(name, written(name), "--out", "spec.yaml")
    assert [file.name for file in folder.iterdir()] == ["spec.yaml"]


def test_a_sweep_needs_a_folder(refused: Callable[..., str], folder: Path) -> None:
    assert "Missing option '--out'" in refused("sweep", written("sweep"))


def spoken(out: str) -> Any:
    """What --json printed: one document with schema and version first."""
    document = json.loads(out)
    assert list(document)[:2] == ["schema", "version"]
    return document


GRID = {"mode": "TE0", "axes": "{layers.QD.thickness: [90, 100, 110], wavelength: [620, 630]}", "quantities": "[n_eff, confinement.QD]"}


def test_a_sweep_prints_and_writes_the_numbers_of_python(command: Command, folder: Path) -> None:
    """Smallest and largest values with their places, as xarray finds them; result.nc, result.csv and two figures a quantity."""
    code, out, err = command("sweep", written("sweep", **GRID), "--out", "new/results", "--json")
    assert code == 0
    assert err.endswith("result.nc, result.csv and the figures are in new/results\n")
    printed, found = spoken(out), qdp.sweep("spec.yaml")
    assert (printed["points"], printed["failed"], printed["failures"]) == (6, 0, [])
    assert printed["dimensions"] == {"layers.QD.thickness": 3, "wavelength": 2}
    assert printed["axes"]["wavelength"] == {"unit": "nm", "dimension": "wavelength"}
    for name in ("n_eff", "confinement.QD"):
        values = found[name]
        for word, place in (("smallest", values.argmin(...)), ("largest", values.argmax(...))):
            end = printed["quantities"][name][word]
            assert end["value"] == float(values.isel(place))
            assert end["at"] == {path: float(values[path].isel({path: at})) for path, at in place.items()}
    results = folder / "new" / "results"
    figures = [f"{name}.{kind}" for name in ("n_eff", "confinement.QD") for kind in ("png", "pdf")]
    assert [Path(file).name for file in printed["files"]] == ["result.nc", "result.csv", *figures]
    assert all((folder / file).stat().st_size > 0 for file in printed["files"])
    with xarray.open_dataset(results / "result.nc", engine="h5netcdf") as kept:
        assert kept["n_eff"].values.tolist() == found["n_eff"].values.tolist()
    with (results / "result.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["layers.QD.thickness [nm]", "wavelength [nm]", "n_eff", "confinement.QD"]
    assert [float(row[2]) for row in rows[1:]] == found["n_eff"].values.ravel().tolist()


def test_a_sweep_is_gone_on_with_and_no_other_is(command: Command, refused: Callable[..., str], folder: Path) -> None:
    """A second time: refused; with --resume: nothing is computed again; of another specification: refused, told what differs."""
    first = command("sweep", written("sweep", **GRID), "--out", "results")
    assert first[0] == 0
    result = (folder / "results" / "result.csv").read_bytes()
    assert "go on with --resume" in refused("sweep", "spec.yaml", "--out", "results")
    code, out, err = command("sweep", "spec.yaml", "--out", "results", "--resume")
    assert code == 0
    assert err.startswith("6 of 6 points are there already\n")
    assert "every point was there already; none was computed now" in out
    assert "a second" not in out
    assert (folder / "results" / "result.csv").read_bytes() == result
    told = refused("sweep", written("sweep", **GRID | {"quantities": "[n_eff]"}), "--out", "results", "--resume")
    assert "holds another sweep" in told
    assert "quantities" in told


def test_points_that_fail_are_told_and_stop_nothing(command: Command, folder: Path) -> None:
    """TE0 of a film of 5 nm between glass and air does not exist, at 200 nm it does; exit code 0 unless nothing was computed."""
    layers = "[{name: film, material: {n: 1.7}, thickness: 300}]"
    film = f"{{name: film, wavelength: 630, substrate: {{n: 1.5}}, superstrate: {{n: 1}}, layers: {layers}}}"
    spec = {"stack": film, "mode": "TE0", "axes": "{layers.film.thickness: [5, 200, 300]}", "quantities": "[n_eff]"}
    code, out, err = command("sweep", written("sweep", **spec), "--out", "results", "--json")
    printed = spoken(out)
    assert (code, printed["failed"], len(printed["failures"])) == (0, 1, 1)
    assert printed["failures"][0]["at"] == {"layers.film.thickness": 5}
    assert "warning: 1 of 3 points (33.3 %) could not be computed; the first, at film thickness 5 nm" in err
    table = command("sweep", "spec.yaml", "--out", "again")[1]
    assert "1 of 3 points" in " ".join(table.split())
    nothing = written("sweep", **spec | {"axes": "{layers.film.thickness: [4, 5]}"})
    code, out, err = command("sweep", nothing, "--out", "none")
    assert (code, out) == (1, "")
    assert "error: no point could be computed; 2 of 2 points (100 %)" in err
    assert (folder / "none" / "result.csv").is_file()


def test_progress_is_one_line_of_a_terminal_and_rare_lines_of_a_log(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """A run of an hour, told every second: on a terminal each time, in a log less than 60 times; both end with a new line."""
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    for terminal in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda terminal=terminal: terminal)
        clock[0] = 0.0
        line = sweeps._Points("points")
        for second in range(3601):
            clock[0] = float(second)
            line(Progress(second * 10, 36000, 2, float("nan") if second == 0 else 10.0, 3600.0 - second, 2))
        line.end()
        told = capsys.readouterr().err
        assert line.computed == 36000
        assert told.endswith("\n")
        assert "2 failed, 10 a second" in told
        if terminal:
            assert told.count("\r") == 3601
            assert told.count("\n") == 1
        else:
            assert "\r" not in told
            assert 20 < told.count("\n") < 60


def test_an_interrupted_sweep_says_how_to_go_on(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while points are computed: exit code 1, one line, nothing on stdout; then --resume computes all of them."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("qdphotonics.sweeps.runner.evaluated", interrupted)
        code, out, err = command("sweep", written("sweep", **GRID), "--out", "results")
    assert (code, out) == (1, "")
    assert err.startswith("error: stopped; 0 of ")
    assert "--resume" in err
    assert command("sweep", "spec.yaml", "--out", "results", "--resume")[0] == 0


TWO = {
    "mode": "TE0",
    "variables": "{layers.QD.thickness: {from: 80, to: 110, step: 1}}",
    "subject_to": "[confinement.QD <= 0.5]",
    "starts": "1",
}


def test_optimize_prints_the_numbers_of_python_and_a_stack_for_analyze(command: Command, folder: Path) -> None:
    code, out, err = command("optimize", written("optimize", **TWO | {"maximize": "net_gain_per_cm"}), "--out", "best", "--json")
    assert code == 0
    assert err.endswith("the stack found, history.csv, optimum.json and the figure are in best\n")
    printed, found = spoken(out), qdp.optimize("spec.yaml")
    assert isinstance(found, Optimum)
    assert printed["variables"][0]["value"] == found.variables["layers.QD.thickness"]
    assert printed["goals"][0]["value"] == pytest.approx(found.objective, rel=1e-12)
    assert sorted(file.name for file in (folder / "best").iterdir()) == [
        "best.yaml", "history.csv", "optimum.json", "optimum.pdf", "optimum.png",
    ]  # fmt: skip
    report = json.loads(command("analyze", "best/best.yaml", "--mode", "TE0", "--json")[1])
    assert report["net_gain_per_cm"] == pytest.approx(found.objective, rel=1e-9)
    table = command("optimize", "spec.yaml")
    assert table[0] == 0
    assert "QD thickness" in table[1]


def test_a_front_is_printed_and_drawn(command: Command, folder: Path) -> None:
    keys = TWO | {"maximize": "net_gain_per_cm", "minimize": "total_thickness_nm", "points": "3"}
    code, out, _ = command("optimize", written("optimize", **keys), "--out", "front", "--json")
    printed = spoken(out)
    assert code == 0
    assert {"best-01.yaml", "pareto.png", "pareto.pdf"} <= {file.name for file in (folder / "front").iterdir()}
    goals = [[goal["value"] for goal in point["goals"]] for point in printed["points"]]
    assert goals == sorted(goals, reverse=True)
    assert [second for _, second in goals] == sorted((second for _, second in goals), reverse=True)


def test_tolerance_prints_the_numbers_of_python(command: Command, folder: Path) -> None:
    keys = {"mode": "TE0", "quantities": "[net_gain_per_cm]", "require": '["net_gain_per_cm >= 250"]', "samples": "200"}
    code, out, err = command("tolerance", written("tolerance", **keys), "--out", "made", "--json")
    assert code == 0
    assert err.endswith("samples.csv, tolerance.json and the figures are in made\n")
    printed, found = spoken(out), qdp.tolerance("spec.yaml")
    assert printed["yield_fraction"] == found.yield_fraction
    spread = printed["quantities"]["net_gain_per_cm"]
    assert spread["standard_deviation"] == found["net_gain_per_cm"].standard_deviation
    assert spread["contributions"][0]["path"] == "layers.QD.thickness"
    files = {file.name for file in (folder / "made").iterdir()}
    store = {"spec.json", "chunks", "completed.log", "lock"}
    assert files - store == {"samples.csv", "tolerance.json", "net_gain_per_cm.png", "net_gain_per_cm.pdf"}
    assert "yield" in command("tolerance", "spec.yaml")[1]
