"""``ase`` and ``vsl-fit``: the numbers of Python, files, and what bad input is told."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import qdphotonics as qdp

Command = Callable[..., tuple[int, str, str]]
LED = "jung2022-lito-ag"
GRID = ("--wavelengths", "600:680:4")


@pytest.fixture
def curve(tmp_path: Path) -> Path:
    length = np.arange(50.0, 501.0, 50.0)
    rows = "\n".join(f"{one:g};{light:.6g}" for one, light in zip(length, np.expm1(80e-4 * length), strict=True))
    file = tmp_path / "curve.csv"
    file.write_text(f"length (µm);intensity (counts)\n{rows}\n", encoding="utf-8")
    return file


def test_ase_prints_the_numbers_of_python(command: Command) -> None:
    arguments = ("--currents", "1:1000:4", "--length", "200", "--width", "20", "--mode", "TE0", "--monolayers", "2", *GRID)
    printed = json.loads(command("ase", LED, *arguments, "--set", "layers.QD.thickness=110", "--json")[1])
    stack = qdp.load_stack(LED).changed({"layers.QD.thickness": 110})
    found = qdp.ase(
        stack,
        current_density_A_per_cm2=[1.0, 10.0, 100.0, 1000.0],
        length_um=200.0,
        width_um=20.0,
        mode="TE0",
        monolayers=2.0,
        wavelengths_nm=np.arange(600.0, 681.0, 4.0),
    )
    assert printed["power_W"] == pytest.approx(found.power_W.tolist(), rel=1e-9)
    assert printed["threshold"]["net_gain_A_per_cm2"] == pytest.approx(found.onset.net_gain, rel=1e-9)
    assert (printed["length_um"], printed["width_um"], printed["monolayers"]) == (200, 20, 2)


def test_ase_tells_thresholds_and_modes(command: Command) -> None:
    code, out, err = command("ase", LED, *GRID)
    assert (code, err) == (0, "")
    for words in ("a stripe of 300 × 50 µm", "1S band: net gain from", "line half narrowed at", "in none of TM0", "--monolayers 9.31"):
        assert words in out


@pytest.mark.parametrize("drive", [("--current-density", "100"), ("--currents", "1:100:3")])
def test_ase_writes_a_figure_and_a_table(command: Command, tmp_path: Path, drive: tuple[str, str]) -> None:
    figure, table = tmp_path / "ase.png", tmp_path / "ase.csv"
    code, _, err = command("ase", LED, *drive, *GRID, "--plot", str(figure), "--csv", str(table))
    assert code == 0
    assert err == f"the table is in {table}\nthe figure is in {figure}\n"
    assert figure.stat().st_size > 5000
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 21 * (1 if drive[0] == "--current-density" else 3)
    assert all(float(row["spectrum_W_per_nm"]) > 0 for row in rows)


def test_vsl_fit_prints_the_numbers_of_python(command: Command, curve: Path, tmp_path: Path) -> None:
    """G 80 per cm went into the data; figure and table beside."""
    figure, table = tmp_path / "fit.pdf", tmp_path / "fit.csv"
    code, out, err = command("vsl-fit", str(curve), "--model", "amplified", "--plot", str(figure), "--csv", str(table), "--json")
    assert code == 0
    printed = json.loads(out)
    assert printed["net_gain_per_cm"] == qdp.fit_vsl(curve, "amplified").net_gain_per_cm
    assert printed["net_gain_per_cm"] == pytest.approx(80, rel=1e-3)
    assert err.startswith(f"the table is in {table}\nthe figure is in {figure}\n")
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["fit"]) for row in rows] == pytest.approx([float(row["intensity"]) for row in rows], rel=1e-3)
    assert "net gain 80 ±" in command("vsl-fit", str(curve), "--model", "amplified")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ase",), "Missing argument"),
        (("ase", LED, "--current-density", "-1"), "--current-density must be finite and rise from > 0, but it is -1"),
        (("ase", LED, "--current-density", "1", "--currents", "1:9:3"), "--current-density and --currents must not both be given"),
        (("ase", LED, "--currents", "9:1:3"), "--currents must run upwards"),
        (("ase", LED, "--currents", "1:9:1000", "--wavelengths", "600:680:0.1"), "currents times wavelengths must be at most"),
        (("ase", LED, "--length", "0"), "--length must be > 0"),
        (("ase", LED, "--width", "-1"), "--width must be > 0"),
        (("ase", LED, "--mode", "TE7"), 'there is no mode "TE7"'),
        (("ase", LED, "--monolayers", "0.5"), "--monolayers must be >= 1"),
        (("ase", LED, "--medium", "neon"), "neon"),
        (("ase", LED, "--medium", "PbS"), "its materials are not known where PbS emits"),
        (("ase", LED, "--wavelengths", "640"), "--wavelengths must be three or more that rise"),
        (("ase", LED, "--plot", "ase.gif"), "--plot must end in"),
        (("ase", "glass-dielectric-ag"), "role: gain"),
        (("vsl-fit",), "Missing argument"),
        (("vsl-fit", "nothing.csv"), "nothing.csv: cannot be read"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(refused: Callable[..., str], arguments: tuple[str, ...], message: str) -> None:
    assert message in refused(*arguments)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("length,intensity\n1,2\n", "the unit of length is missing"),
        ("width_um,intensity\n1,2\n", ":1: has no column of length"),
        ("length_um,intensity\n100,1\n200\n", ":3: the header has 2 columns, but this line 1"),
        ("length_um,intensity\n100,1\n-200,2\n", ":3: a length must be >= 0"),
        ("length_um;intensity\n100;1,5\n", 'decimal point'),
        ("length_um,intensity\n" + "".join(f"{n}00,{n}\n" for n in range(1, 6)).replace("500,5", "400,5"), "needs 5 different lengths"),
    ],
)
def test_a_malformed_table_is_told_with_file_and_line(refused: Callable[..., str], tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    assert message in refused("vsl-fit", str(file))
    assert message in refused("vsl-fit", str(file), "--json")
