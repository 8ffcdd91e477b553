"""``gain`` and ``thresholds``: the numbers of Python, files, and what bad input is told."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import qdphotonics as qdp
from qdphotonics._plain import json_text

Command = Callable[..., tuple[int, str, str]]


def test_gain_prints_the_numbers_of_python(command: Command) -> None:
    arguments = ("--intensity", "5000", "--charge", "1", "--monolayers", "2", "--max-pairs", "6")
    printed = json.loads(command("gain", "g-QD", *arguments, "--json")[1])
    found = qdp.medium_gain("g-QD", intensity_W_per_cm2=5000.0, charge=1.0, monolayers=2.0, max_pairs=6)
    assert printed["gain_per_cm"] == found.gain_per_cm.tolist()
    assert printed["excitons_per_dot"] == float(found.excitons_per_dot)
    assert printed["half_gain"]["current_density_A_per_cm2"] == found.half_gain.current_density_A_per_cm2


def test_thresholds_print_the_numbers_of_python(command: Command) -> None:
    arguments = ("--radius", "3", "--temperature", "310", "--monolayers", "2", "--max-pairs", "2")
    printed = json.loads(command("thresholds", "CdSe", *arguments, "--json")[1])
    found = qdp.thresholds("CdSe", radius_nm=3.0, temperature_K=310.0, monolayers=2.0, max_pairs=2)
    assert printed == json.loads(json_text(found.as_dict()))
    assert printed["radius_nm"] == pytest.approx(3.0)


def test_thresholds_show_the_papers_model_beside_the_chain(command: Command) -> None:
    """G6: 6.76 and 25.8 A/cm2 by three states, 6.42 and 20 by the chain of twelve pairs."""
    code, out, err = command("thresholds", "cg-QD")
    assert (code, err) == (0, "")
    for words in ("|0⟩ |X⟩ |XX⟩ alone", " 6.76 ", " 25.8 ", " 6.42 ", "1P 5, 1D 13", "µJ/cm²"):
        assert words in out


def test_gain_of_one_drive_is_a_spectrum_and_of_many_a_ladder(command: Command) -> None:
    one = command("gain", "ccg-QD", "--current-density", "100", "--wavelengths", "620:660:10")[1]
    assert "excitons per dot: 2.15" in one
    assert "largest gain" in one
    many = command("gain", "ccg-QD", "--currents", "1:1000:4")[1]
    for words in ("P_XX", "G 1P cm⁻¹", "band edge transparent at 17"):
        assert words in many
    assert "61 rows, every 2nd shown; --json or --csv have them all" in command("gain", "ccg-QD")[1]


@pytest.mark.parametrize("drive", [("--current-density", "100"), ("--fluences", "1e-6:1e-4:5")])
@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_gain_writes_a_figure_and_a_table(command: Command, tmp_path: Path, drive: tuple[str, str], ending: str) -> None:
    figure, table = tmp_path / f"gain.{ending}", tmp_path / "gain.csv"
    code, _, err = command("gain", "ccg-QD", *drive, "--wavelengths", "600:660:20", "--plot", str(figure), "--csv", str(table))
    assert code == 0
    assert err == f"the table is in {table}\nthe figure is in {figure}\n"
    assert figure.stat().st_size > 5000
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    drives = 1 if len(drive[1].split(":")) == 1 else 5
    assert len(rows) == 4 * drives
    assert sum(float(value) for key, value in rows[-1].items() if key.startswith("P_")) == pytest.approx(1, abs=1e-12)


def test_a_medium_outside_its_range_is_warned_of_and_computed(command: Command) -> None:
    code, out, err = command("gain", "ccg-QD", "--current-density", "10", "--wavelengths", "640:900:260", "--json")
    assert code == 0
    assert err == "warning: ccg-QD is used at wavelength 900 nm, outside of what it is known for (516.6 to 681.2 nm)\n"
    assert json.loads(out)["warnings"] == [err.removeprefix("warning: ").strip()]
    assert "warning: ccg-QD is used at" in command("gain", "ccg-QD", "--current-density", "10", "--wavelengths", "640:900:260")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gain",), "Missing argument"),
        (("gain", "ccg-QX"), 'unknown gain medium "ccg-QX"; did you mean "ccg-QD"'),
        (("gain", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("gain", "ccg-QD", "--current-density", "-1"), "--current-density must be >= 0, but it is -1"),
        (("gain", "ccg-QD", "--intensity", "-1"), "--intensity must be >= 0, but it is -1"),
        (("gain", "ccg-QD", "--fluence", "nan"), "--fluence must be numbers, but it is nan"),
        (("gain", "ccg-QD", "--current-density", "inf"), "--current-density must be a finite number"),
        (("gain", "ccg-QD", "--current-density", "1", "--fluence", "1"), "--current-density and --fluence must not both be given"),
        (("gain", "ccg-QD", "--current-density", "1", "--currents", "1:9:3"), "--current-density and --currents must not both be given"),
        (("gain", "ccg-QD", "--currents", "1:10"), "--currents must be A:B:N"),
        (("gain", "ccg-QD", "--currents", "0:10:3"), "--currents must run upwards from A > 0"),
        (("gain", "ccg-QD", "--intensities", "1:10:1.5"), "--intensities must have from 2 to 1000 drives"),
        (("gain", "ccg-QD", "--currents", "1:9:1000", "--wavelengths", "400:700:0.01"), "drives times wavelengths must be at most"),
        (("gain", "ccg-QD", "--wavelengths", "-5:5:1"), "--wavelengths must be a row of finite wavelengths > 0, but it is -5"),
        (("gain", "ccg-QD", "--temperature", "0"), "--temperature must be > 0"),
        (("gain", "ccg-QD", "--plot", "gain.doc"), "--plot must end in"),
        (("gain", "ccg-QD", "--csv", "no/such/folder/gain.csv"), "--csv must name a place"),
        (("thresholds", "ccg-QD", "--charge", "-1"), "--charge must be >= 0, but it is -1"),
        (("thresholds", "ccg-QD", "--charge", "19"), "--charge must be <= 18, the electrons that the levels of ccg-QD hold"),
        (("thresholds", "ccg-QD", "--max-pairs", "1"), "--max-pairs must be a whole number from 2 to 100"),
        (("thresholds", "ccg-QD", "--monolayers", "0.5"), "--monolayers must be >= 1"),
        (("thresholds", "ccg-QD", "--radius", "4"), "its biexciton lifetime is not known for another radius"),
        (("thresholds", "CdSe", "--radius", "0"), "--radius must be > 0"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(refused: Callable[..., str], arguments: tuple[str, ...], message: str) -> None:
    assert message in refused(*arguments)
    assert message in refused(*arguments, "--json")


def test_a_malformed_medium_file_is_told_with_file_and_line(refused: Callable[..., str], tmp_path: Path) -> None:
    from qdphotonics._data import data_folder

    file = tmp_path / "mine.yaml"
    text = (data_folder("materials") / "gain" / "g-QD.yaml").read_text(encoding="utf-8").replace("name: g-QD", "name: mine")
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith("areal_fill:"))
    lines = text.splitlines()
    lines[line - 1] = 'areal_fill: {value: 1.5, source: "a slip"}'
    file.write_text("\n".join(lines), encoding="utf-8")
    told = refused("thresholds", str(file))
    assert told.startswith(f"{file}:{line}: areal_fill")
    assert "1.5" in told
