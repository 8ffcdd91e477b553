"""``sweep``, ``optimize`` and ``tolerance``: the numbers of Python, files, progress, Ctrl-C, and what bad input is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
    """9**9**9**9 has 10^369693099 digits as an integer; as a real number it is infinite, at once."""
    code, out, err = command("optimize", written("optimize", maximize='"9**9**9**9 * n_eff"'))
    assert (code, out) == (1, "")
    assert "has no finite value" in err


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
        (("--resume",), "--resume must come with the folder of a sweep, but results holds none"),
    ],
)
def test_wrong_options_of_a_sweep(refused: Callable[..., str], folder: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in refused("sweep", written("sweep"), "--out", "results", *arguments)
    assert not (folder / "results").exists()


def test_a_sweep_needs_a_folder(refused: Callable[..., str], folder: Path) -> None:
    assert "Missing option '--out'" in refused("sweep", written("sweep"))
