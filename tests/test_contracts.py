"""The JSON documents of DESIGN.md section 6, key by key as they stand there: other people's scripts rely on them to the letter."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

import qdphotonics
from qdphotonics.cli.main import run

MODES = ["stack", "wavelength_nm", "modes", "search"]
MODE = [
    "label",
    "polarization",
    "kind",
    "character",
    "n_eff",
    "loss_per_cm",
    "group_index",
    "angle_deg",
    "confinement",
    "loss_budget_per_cm",
    "sensitivity",
]
CONFINEMENT = {"energy", "intensity", "gain"}
SENSITIVITY = {"thickness_per_nm", "index"}
SEARCH = {"n_range", "max_loss_per_cm", "certified", "note"}
SPECTRUM = ["wavelength_nm", "angle_deg", "TE", "TM"]
POLARIZED = ["reflectance", "transmittance", "absorptance"]
GAINS = ["material_gain_per_cm", "modal_gain_per_cm", "loss_per_cm", "net_gain_per_cm"]
ANALYZE = ["mode", "medium", *GAINS, "thresholds", "verdict", "changes"]
THRESHOLDS = ["transparency", "net_gain", "lasing"]
THRESHOLD = {"current_density_A_per_cm2", "fluence_J_per_cm2", "heating_K"}
VERDICT = ["optical", "electrical", "limited_by", "text"]
OF_A_MEDIUM = ["medium", "excitons_per_dot", "transparency", "half_gain"]
DRIVES = ["current_density_A_per_cm2", "intensity_W_per_cm2", "fluence_J_per_cm2"]
DFB = ["engine", "resonances", "stop_band_nm", "coupling_per_cm", "uncertainty_nm"]
RESONANCE = ["wavelength_nm", "q", "symmetry", "threshold_gain_per_cm"]
CHANGE = ["path", "by", "unit", "net_gain_change_per_cm"]

LED = "jung2022-lito-ag"
LAYERS = ["L-ITO", "QD", "Spiro-2NPB", "HAT-CN", "Ag"]
EVERYWHERE = ["substrate", *LAYERS, "superstrate"]


@pytest.fixture
def document(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command with --json and gives what it printed, which must be one JSON document and nothing else."""

    def run_command(*arguments: str) -> dict[str, Any]:
        assert run([*arguments, "--json"]) == 0
        printed = capsys.readouterr().out
        assert printed.count("\n") == 1
        found: dict[str, Any] = json.loads(printed, parse_constant=refuse)
        assert list(found)[:2] == ["schema", "version"]
        assert found.pop("schema") == 1
        assert found.pop("version") == qdphotonics.__version__
        return found

    return run_command


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def is_complex(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, float) and isfinite(part) for part in value)


def check_mode(mode: dict[str, Any], names: list[str]) -> None:
    assert list(mode) == MODE
    assert mode["polarization"] in ("TE", "TM")
    assert mode["label"].startswith(mode["polarization"])
    assert mode["kind"] in ("guided", "leaky")
    assert mode["character"] in ("photonic", "bragg", "plasmonic")
    assert is_complex(mode["n_eff"])
    for key in ("angle_deg", "confinement", "loss_budget_per_cm"):
        assert list(mode[key]) == names
    assert all(set(share) == CONFINEMENT for share in mode["confinement"].values())
    assert set(mode["sensitivity"]) == SENSITIVITY
    assert list(mode["sensitivity"]["thickness_per_nm"]) == names[1:-1]
    assert list(mode["sensitivity"]["index"]) == names
    assert all(is_complex(value) for part in mode["sensitivity"].values() for value in part.values())


def test_modes(document: Any) -> None:
    found = document("modes", LED)
    assert list(found) == MODES
    assert found["wavelength_nm"] == 630
    assert [mode["label"] for mode in found["modes"]] == ["TE0", "TM0", "TM1", "TM2"]
    for mode in found["modes"]:
        check_mode(mode, EVERYWHERE)
    assert set(found["search"]) == SEARCH
    assert len(found["search"]["n_range"]) == 2
    assert found["search"]["certified"] is True


def test_modes_of_a_stack_with_repeats(document: Any) -> None:
    found = document("modes", "ahn2023-brw", "--polarization", "TE", "--n-range", "1.6:1.8")
    check_mode(found["modes"][0], list(qdphotonics.load_stack("ahn2023-brw").all_names))
    assert "DBR-H[9]" in found["modes"][0]["confinement"]
    assert "DBR-H" not in found["modes"][0]["confinement"]


def test_modes_over_wavelengths(document: Any) -> None:
    """The same keys; a quantity that depends on the wavelength is a list over "wavelength_nm"."""
    found = document("modes", LED, "--wavelengths", "620:640:10", "--polarization", "TE")
    assert list(found) == MODES
    assert found["wavelength_nm"] == [620, 630, 640]
    mode = found["modes"][0]
    assert set(mode) == {*MODE, "note"}
    assert (mode["label"], mode["polarization"]) == ("TE0", "TE")
    assert [is_complex(value) for value in mode["n_eff"]] == [True] * 3
    for key in ("kind", "character", "loss_per_cm", "group_index"):
        assert len(mode[key]) == 3
    assert len(mode["confinement"]["QD"]["intensity"]) == 3
    assert len(mode["sensitivity"]["index"]["QD"]) == 3


def test_spectrum(document: Any) -> None:
    found = document("spectrum", LED, "--wavelengths", "600:640:20", "--angles", "0:30:30")
    assert list(found) == SPECTRUM
    assert found["wavelength_nm"] == [600, 620, 640]
    assert found["angle_deg"] == [0, 30]
    for which in ("TE", "TM"):
        assert list(found[which]) == POLARIZED
        assert list(found[which]["absorptance"]) == LAYERS
        for values in (found[which]["reflectance"], found[which]["transmittance"], found[which]["absorptance"]["Ag"]):
            assert [len(row) for row in values] == [3, 3]


def check_report(found: dict[str, Any]) -> None:
    assert list(found)[: len(ANALYZE)] == ANALYZE
    assert list(found["thresholds"]) == THRESHOLDS
    assert all(set(threshold) >= THRESHOLD for threshold in found["thresholds"].values())
    assert list(found["verdict"]) == VERDICT
    for kind in ("optical", "electrical"):
        assert list(found["verdict"][kind]) == ["ase", "lasing"]
        assert all(answer in (True, False, None) for answer in found["verdict"][kind].values())
    assert isinstance(found["verdict"]["text"], str)
    assert all(list(change) == CHANGE for change in found["changes"])


def test_analyze(document: Any) -> None:
    found = document("analyze", LED)
    check_report(found)
    check_mode(found["mode"], EVERYWHERE)
    assert found["medium"] == "ccg-QD"
    assert found["material_gain_per_cm"] == 780
    assert found["modal_gain_per_cm"] == pytest.approx(found["net_gain_per_cm"] + found["loss_per_cm"], abs=1e-9)
    assert found["verdict"]["optical"] == {"ase": True, "lasing": None}
    assert found["changes"][0]["path"] == "layers.QD.thickness"
    assert found["changes"][0]["unit"] == "nm"
    assert {entry["material"] for entry in found["assumed"]} >= {"Spiro-2NPB", "HAT-CN"}


def test_compare(document: Any) -> None:
    found = document("compare", "roh2020-ito", "roh2020-lito")
    assert list(found) == ["stacks"]
    assert len(found["stacks"]) == 2
    for report in found["stacks"]:
        check_report(report)
    assert found["stacks"][0]["verdict"]["limited_by"] == "loss:ITO"


def check_medium(found: dict[str, Any]) -> None:
    assert list(found)[: len(OF_A_MEDIUM)] == OF_A_MEDIUM
    for key in ("transparency", "half_gain"):
        assert list(found[key])[: len(DRIVES)] == DRIVES
        assert all(isfinite(found[key][drive]) for drive in DRIVES)


def test_thresholds(document: Any) -> None:
    found = document("thresholds", "cg-QD")
    check_medium(found)
    assert (found["medium"], found["excitons_per_dot"]) == ("cg-QD", 1)
    assert found["three_state"]["transparency"]["current_density_A_per_cm2"] == pytest.approx(6.76, abs=0.005)
    assert [each["transition"] for each in found["transitions"]] == ["1S", "1P", "1D"]
    charged = document("thresholds", "cg-QD", "--charge", "1")
    check_medium(charged)
    assert charged["excitons_per_dot"] == 0.5


def test_gain(document: Any) -> None:
    """One drive: numbers and [wavelength]; many: lists over the drives, named by their key."""
    found = document("gain", "ccg-QD", "--current-density", "100", "--wavelengths", "630:650:10")
    check_medium(found)
    assert found["wavelength_nm"] == [630, 640, 650]
    assert found["current_density_A_per_cm2"] == 100
    assert isinstance(found["excitons_per_dot"], float)
    assert len(found["gain_per_cm"]) == 3
    assert sum(found["pairs"]) == pytest.approx(1, abs=1e-12)
    many = document("gain", "ccg-QD", "--fluences", "1e-6:1e-4:3", "--wavelengths", "640:650:10")
    check_medium(many)
    assert list(many) == [key if key != "current_density_A_per_cm2" else "fluence_J_per_cm2" for key in found]
    assert many["fluence_J_per_cm2"] == pytest.approx([1e-6, 1e-5, 1e-4])
    assert [len(row) for row in many["gain_per_cm"]] == [2, 2, 2]
    assert len(many["excitons_per_dot"]) == 3


@pytest.mark.parametrize(
    "arguments", [(), ("--engine", "bloch"), ("--length", "300"), ("--engine", "meep", "--resolutions", "30:60")], ids=str
)
def test_dfb(document: Any, arguments: tuple[str, ...]) -> None:
    """Every engine the same keys; what loses nothing has no finite Q, so null; an engine without error bars says null."""
    found = document("dfb", "dfb-test-cell", *arguments)
    assert list(found)[: len(DFB)] == DFB
    assert found["engine"] == (arguments[1] if "--engine" in arguments else "coupled-wave")
    for each in found["resonances"]:
        assert list(each)[: len(RESONANCE)] == RESONANCE
        assert each["symmetry"] in ("bright", "dark")
        assert isfinite(each["wavelength_nm"])
        assert isfinite(each["threshold_gain_per_cm"])
        assert each["q"] is None or isfinite(each["q"])
    low, high = found["stop_band_nm"]
    assert 600 < low < high < 640
    assert is_complex(found["coupling_per_cm"])
    assert (found["uncertainty_nm"] is None) == (found["engine"] == "coupled-wave")
    gains = [each["threshold_gain_per_cm"] for each in found["resonances"]]
    assert gains == sorted(gains)


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (
            ("ase", LED, "--currents", "1:100:3", "--wavelengths", "620:660:10"),
            {"stack", "medium", "current_density_A_per_cm2", "wavelength_nm", "spectrum_W_per_nm", "power_W", "threshold", "bands"},
        ),
        (
            ("bands", "dfb-test-cell", "--points", "3", "--angles", "0:1:1", "--wavelengths", "620:621:1"),
            {"stack", "polarization", "kx_per_nm", "bands", "stop_band_nm", "edges", "light_lines", "certified", "map"},
        ),
        (("cavity", "quantum-shell-cavity"), {"stack", "wavelengths_nm", "resonances", "spacing_meV", "note"}),
        (("stacks", "list"), {"stacks"}),
        (("stacks", "show", LED), {"stack", "layers", "substrate", "superstrate", "wavelength_nm"}),
        (("stacks", "schema"), {"json_schema"}),
        (("materials", "list"), {"materials"}),
        (("materials", "show", "Ag"), {"material", "source", "valid_nm", "assumed", "wavelength_nm", "index", "loss_per_cm"}),
        (("doctor",), {"python", "packages", "meep"}),
    ],
)
def test_every_other_command_has_a_document_too(document: Any, arguments: tuple[str, ...], keys: set[str]) -> None:
    assert set(document(*arguments)) >= keys


@pytest.mark.parametrize(
    ("command", "specification", "keys"),
    [
        (
            "sweep",
            "{axes: {layers.QD.thickness: [90, 100]}, quantities: [n_eff], stack: jung2022-lito-ag, mode: TE0}",
            ["name", "points", "failed", "seconds", "points_per_second", "dimensions", "axes", "quantities", "failures", "files"],
        ),
        (
            "optimize",
            "{variables: {layers.QD.thickness: {from: 90, to: 100}}, maximize: n_eff, starts: 1, stack: jung2022-lito-ag, mode: TE0}",
            ["name", "stack", "feasible", "text", "goals", "variables", "quantities", "conditions", "verification", "searches"],
        ),
        (
            "tolerance",
            "{errors: {layers.QD.thickness: 1%}, quantities: [n_eff], samples: 20, stack: jung2022-lito-ag, mode: TE0}",
            ["name", "mode", "samples", "seed", "lost", "seconds", "yield_fraction", "yield_interval", "required", "quantities"],
        ),
    ],
)
def test_studies(document: Any, tmp_path: Path, command: str, specification: str, keys: list[str]) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(specification, encoding="utf-8")
    found = document(command, str(file), "--out", str(tmp_path / "out"))
    assert list(found)[: len(keys)] == keys


def test_python_results_have_the_same_names(document: Any) -> None:
    """DESIGN.md section 6: Python results have the JSON's key names as attributes, with the same values."""
    stack = qdphotonics.load_stack(LED)
    report, modes = qdphotonics.analyze(stack), qdphotonics.find_modes(stack)
    printed = document("analyze", LED)
    for key in ANALYZE:
        assert hasattr(report, key)
    for key in GAINS:
        assert getattr(report, key) == printed[key]
    for key in THRESHOLDS:
        assert getattr(report.thresholds, key).fluence_J_per_cm2 == printed["thresholds"][key]["fluence_J_per_cm2"]
    of_medium, same = document("thresholds", "ccg-QD"), qdphotonics.thresholds("ccg-QD")
    for key in OF_A_MEDIUM:
        assert hasattr(same, key)
    for key in DRIVES:
        assert getattr(same.half_gain, key) == of_medium["half_gain"][key]
        assert hasattr(qdphotonics.medium_gain("ccg-QD", current_density_A_per_cm2=10.0).transparency, key)
    grating, alike = document("dfb", "dfb-test-cell", "--engine", "bloch"), qdphotonics.dfb("dfb-test-cell", "bloch")
    for key in DFB:
        assert hasattr(alike, key)
    for key in RESONANCE[2:]:
        assert [getattr(each, key) for each in alike.resonances] == [each[key] for each in grating["resonances"]]
    assert list(alike.stop_band_nm or ()) == grating["stop_band_nm"]
    assert report.verdict.optical.ase == printed["verdict"]["optical"]["ase"]
    assert all(hasattr(modes, key) for key in MODES)
    assert all(hasattr(modes["TE0"], key) for key in MODE)
    assert modes["TE0"].confinement["QD"].intensity == printed["mode"]["confinement"]["QD"]["intensity"]
