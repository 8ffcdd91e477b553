"""``dfb``, ``bands`` and ``cavity``: the numbers of Python, files, the engines' agreement, and what bad input is told."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.fdtd import interpreter

Command = Callable[..., tuple[int, str, str]]
CELL, FILM, LED, VERTICAL = "dfb-test-cell", "cg-qd-dfb", "jung2022-lito-ag", "quantum-shell-cavity"
FAR = "{layer: L-ITO, period: 900, depth: 30, duty: 0.5, order: 2}"
LOSSY = ("--set", "layers.L-ITO.material.k=0.001")


def by_symmetry(printed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["symmetry"]: each for each in printed["resonances"]}


@pytest.mark.parametrize("engine", ["coupled-wave", "bloch"])
def test_dfb_prints_the_numbers_of_python(command: Command, engine: Any) -> None:
    arguments = ("--engine", engine, "--set", "grating.duty=0.3", "--period-for", "640", *LOSSY)
    printed = json.loads(command("dfb", CELL, *arguments, "--json")[1])
    stack = qdp.load_stack(CELL).changed({"grating.duty": 0.3, "layers.L-ITO.material.k": 0.001})
    found = qdp.dfb(stack, engine, period_for_nm=640.0)
    assert [each["q"] for each in printed["resonances"]] == pytest.approx([each.q for each in found.resonances], rel=1e-12)
    assert complex(*printed["coupling_per_cm"]) == pytest.approx(found.coupling_per_cm, rel=1e-12)
    assert (printed["period_nm"], printed["period_for_nm"]) == (pytest.approx(found.period_nm), 640)
    assert printed["resonances"][0]["wavelength_nm"] == pytest.approx(640.0, abs=1e-5)  # the first to lase lies where it was wanted


def test_the_test_cell_is_that_of_physics(command: Command) -> None:
    """D4 of PHYSICS.md: 620.375 nm with Q 2514, dark 620.508; with k = 0.001 Q 905 and 1419, 1211 and 756 per cm (0.005 nm, 1 %)."""
    lossless = by_symmetry(json.loads(command("dfb", CELL, "--engine", "bloch", "--json")[1]))
    assert lossless["bright"]["wavelength_nm"] == pytest.approx(620.375, abs=0.005)
    assert lossless["bright"]["q"] == pytest.approx(2514, rel=0.01)
    assert lossless["dark"]["wavelength_nm"] == pytest.approx(620.508, abs=0.005)
    assert (lossless["dark"]["q"], lossless["dark"]["threshold_gain_per_cm"]) == (None, 0)  # infinite is null
    lossy = by_symmetry(json.loads(command("dfb", CELL, "--engine", "bloch", *LOSSY, "--json")[1]))
    for symmetry, q, gain in (("bright", 905, 1211), ("dark", 1419, 756)):
        assert lossy[symmetry]["q"] == pytest.approx(q, rel=0.01)
        assert lossy[symmetry]["threshold_gain_per_cm"] == pytest.approx(gain, rel=0.01)


def differences(changes: tuple[str, ...], depth_nm: float) -> tuple[float, float, float]:
    """Coupled waves less Bloch modes, the larger of both edges: wavelengths [nm], thresholds and |κ| relative to themselves."""
    stack = qdp.load_stack(CELL).changed(["layers.L-ITO.material.k=0.001", f"grating.depth={depth_nm:g}", *changes])
    waves, modes = qdp.dfb(stack), qdp.dfb(stack, "bloch")
    assert waves.edges is not None
    assert modes.edges is not None
    assert modes.coupling_per_cm is not None
    shifts, gains = [], []
    for one, other in zip(waves.edges, modes.edges, strict=True):
        assert (one.symmetry, one.parity) == (other.symmetry, other.parity)
        assert one.q == pytest.approx(other.q, rel=0.05)
        shifts.append(abs(one.wavelength_nm - other.wavelength_nm))
        gains.append(abs((one.threshold_gain_per_cm or 0.0) / (other.threshold_gain_per_cm or 1.0) - 1.0))
    assert waves.coupling_per_cm is not None
    return max(shifts), max(gains), abs(waves.coupling_per_cm / modes.coupling_per_cm - 1.0)


@pytest.mark.parametrize("changes", [("grating.duty=0.3",), ("grating.order=1", "grating.period=200")])
def test_two_engines_agree_the_better_the_shallower(changes: tuple[str, ...]) -> None:
    """Coupled waves leave out what is of higher order in the depth: half of it quarters the shift of both edges (second order)
    and at least halves what thresholds differ by relative to themselves; 1.6 and 3 leave room for the orders after those."""
    deep, shallow = differences(changes, 30.0), differences(changes, 15.0)
    assert deep[0] > 3.0 * shallow[0]
    assert deep[1] > 1.6 * shallow[1]
    assert deep[0] < 0.3
    assert deep[1] < 0.08
    assert deep[2] < 0.01


def test_two_engines_agree_where_only_partial_waves_couple() -> None:
    """At 50 % duty everything is of second order: 0.2 % of κ and 0.0003 nm seen, the Bloch modes' own error being 2e-4 nm."""
    shift, gain, coupling = differences((), 30.0)
    assert shift < 1e-3
    assert gain < 3e-3
    assert coupling < 3e-3


def test_the_coupling_of_bloch_modes_is_what_separates_their_edges() -> None:
    """κ = n_g (k_odd − k_even)/2 with complex k: real part from the wavelengths, imaginary part from the losses 2π n_g/(λ Q)."""
    found = qdp.dfb(CELL, "bloch")
    bright, dark = (next(each for each in found.resonances if each.symmetry == name) for name in ("bright", "dark"))
    group = found.guide.mode.group_index
    apart = 2 * np.pi * group / 2 * (1 / dark.wavelength_nm - 1 / bright.wavelength_nm) * 1e7
    assert found.coupling_per_cm is not None
    assert found.coupling_per_cm.real == pytest.approx(apart, rel=1e-9)
    assert found.coupling_per_cm.imag == pytest.approx((bright.loss_per_cm - dark.loss_per_cm) / 4, rel=1e-9)  # field, not power


def test_teeth_without_a_mirror_have_no_symmetry_and_no_sign_of_the_coupling() -> None:
    stack = qdp.load_stack(CELL).changed(["grating.shape=blazed", "grating.duty=0.3", "layers.L-ITO.material.k=0.001"])
    waves, modes = qdp.dfb(stack), qdp.dfb(stack, "bloch")
    for found in (waves, modes):
        assert {(each.symmetry, each.parity) for each in found.resonances} == {(None, None)}
    assert modes.coupling_per_cm is None
    assert [each.threshold_gain_per_cm for each in waves.resonances] == pytest.approx(
        [each.threshold_gain_per_cm for each in modes.resonances], rel=0.03
    )


def test_a_grating_with_ends_needs_more_gain_the_shorter_it_is(command: Command) -> None:
    """2α falls with the length; without end the dark edge of a lossless film has the threshold 0."""
    gains = []
    for length in ("100", "300", "3000"):
        printed = json.loads(command("dfb", FILM, "--length", length, "--json")[1])
        assert printed["length_um"] == float(length)
        assert printed["resonances"][0]["symmetry"] == "dark"
        gains.append(printed["resonances"][0]["threshold_gain_per_cm"])
        low, high = printed["stop_band_nm"]  # each side has the modes of its edge
        sides = {(each["symmetry"], each["wavelength_nm"] > 0.5 * (low + high)) for each in printed["resonances"]}
        assert sides <= {("dark", True), ("bright", False)}
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] < 1.0
    assert json.loads(command("dfb", FILM, "--json")[1])["resonances"][0]["threshold_gain_per_cm"] == 0


def test_options_change_mode_order_and_polarization(command: Command) -> None:
    first = json.loads(command("dfb", CELL, "--order", "1", "--set", "grating.period=200", "--json")[1])
    assert (first["order"], {each["symmetry"] for each in first["resonances"]}) == (1, {None})
    assert {each["parity"] for each in first["resonances"]} == {"even", "odd"}
    magnetic = json.loads(command("dfb", CELL, "--polarization", "TM", "--json")[1])
    assert magnetic["polarization"] == "TM"
    assert magnetic == json.loads(command("dfb", CELL, "--mode", "TM0", "--json")[1])
    near = json.loads(command("dfb", CELL, "--wavelength", "0.64um", "--json")[1])  # where the search starts makes no difference
    assert near["bragg_wavelength_nm"] == pytest.approx(620.42, abs=0.01)


def test_bands_print_the_numbers_of_python(command: Command, tmp_path: Path) -> None:
    figure, table = tmp_path / "bands.png", tmp_path / "bands.csv"
    code, out, err = command("bands", FILM, "--points", "5", "--span", "0.02", "--plot", str(figure), "--csv", str(table), "--json")
    assert (code, err) == (0, f"the table is in {table}\nthe figure is in {figure}\n")
    printed, found = json.loads(out), qdp.bands(FILM, points=5, span=0.02)
    assert printed["kx_per_nm"] == pytest.approx(found.kx_per_nm.tolist())
    assert printed["kx_per_nm"][-1] == pytest.approx(0.02 * 2 * np.pi / 355)
    assert [band["wavelength_nm"] for band in printed["bands"]] == [pytest.approx(band) for band in found.wavelength_nm.tolist()]
    assert printed["stop_band_nm"] == [pytest.approx(band["wavelength_nm"][0]) for band in printed["bands"]]
    assert printed["certified"] is True
    assert figure.stat().st_size > 5000
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["wavelength_nm"]) for row in rows] == [nm for band in printed["bands"] for nm in band["wavelength_nm"]]


def test_the_map_lies_on_the_bands(command: Command, tmp_path: Path) -> None:
    """At every angle the dots' light is strongest where a band has that angle (but for the dark mode at 0)."""
    table = tmp_path / "map.csv"
    grid = ("--angles", "1:2:0.5", "--wavelengths", "590:625:0.1")
    printed = json.loads(command("bands", FILM, "--points", "21", *grid, "--csv", str(table), "--json")[1])
    shown = printed["map"]
    for angle, line in zip(shown["angle_deg"], shown["emission"], strict=True):
        peak = shown["wavelength_nm"][int(np.argmax(line))]
        expected = [float(np.interp(angle, band["angle_deg"], band["wavelength_nm"])) for band in printed["bands"]]
        assert min(abs(peak - each) for each in expected) < 0.3  # of half a line's width, 0.25 nm, and the grid
    with table.open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 3 * 351


def test_cavity_prints_the_numbers_of_python(command: Command, tmp_path: Path) -> None:
    figure = tmp_path / "cavity.pdf"
    code, out, err = command("cavity", VERTICAL, "--wavelengths", "660:715", "--least-q", "100", "--plot", str(figure), "--json")
    assert (code, err) == (0, f"the figure is in {figure}\n")
    printed, found = json.loads(out), qdp.cavity(VERTICAL, (660.0, 715.0), least_q=100.0)
    assert [each["q"] for each in printed["resonances"]] == [each.q for each in found.resonances]
    assert printed["spacing_meV"] == found.spacing_meV
    for each in printed["resonances"]:
        assert sum(each["loss_rates"].values()) == pytest.approx(1 / each["q"], rel=1e-6)
        assert sum(each["confinement"].values()) == pytest.approx(1.0)
        assert min(each["loss_rates"].values()) >= 0  # no layer amplifies: dispersion alone is no gain
        assert 0 < each["standing_wave_factor"] < 2
        assert each["threshold_gain_per_cm"] > 0
    assert "1.80" in command("cavity", VERTICAL)[1]


def test_the_standing_wave_factor_is_that_of_the_field() -> None:
    """∫|E|² over what two waves without interference had: of a lossless layer the mean of |E|²'s maximum and minimum there."""
    stack = qdp.load_stack(VERTICAL)
    low, high = (float(stack.interfaces_nm[stack.layer_names.index("QD") + at]) for at in (0, 1))
    for each in qdp.cavity(stack).resonances:
        intensity = np.abs(each.mode.field(np.linspace(low, high, 20_001)[1:-1])) ** 2
        assert each.standing_wave_factor == pytest.approx(intensity.mean() / (0.5 * (intensity.max() + intensity.min())), rel=1e-3)
        assert each.gain_confinement == each.confinement["QD"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dfb",), "Missing argument"),
        (("dfb", LED), "STACK must have a grating"),
        (("bands", LED), "STACK must have a grating"),
        (("dfb", CELL, "--engine", "bloc"), "'bloc' is not one of 'coupled-wave', 'bloch', 'meep'"),
        (("dfb", CELL, "--length", "-3"), "--length must be > 0 um and finite, but it is -3"),
        (("dfb", CELL, "--engine", "bloch", "--length", "300"), "--length must not be given to Bloch modes"),
        (("dfb", CELL, "--engine", "meep", "--length", "1000"), "--length must be at most 160 um (400 periods) for FDTD"),
        (("dfb", CELL, "--timeout", "0"), "--timeout must be > 0 s"),
        (("dfb", CELL, "--order", "0"), "--order must be an integer >= 1"),
        (("dfb", CELL, "--mode", "fast"), "--mode must be a polarization's own label such as TE0"),
        (("dfb", CELL, "--mode", "TM0", "--polarization", "TE"), "--mode must be a TE mode"),
        (("dfb", CELL, "--mode", "TE9"), 'there is no mode "TE9"'),
        (("dfb", CELL, "--wavelength", "-5"), "--wavelength"),
        (("dfb", CELL, "--period-for", "red"), "--period-for"),
        (("dfb", CELL, "--resolutions", "20:40"), "--resolutions is for the meep engine"),
        (("dfb", CELL, "--engine", "meep", "--resolutions", "40:20"), "--resolutions must be two numbers of pixels per um"),
        (("dfb", CELL, "--plot", "dfb.gif"), "--plot must end in"),
        (("dfb", LED, "--set", f"grating={FAR}"), "order 2 at a period of 900 nm feeds back far from 630 nm"),
        (("bands", CELL, "--span", "0.7"), "--span must be below 0.5"),
        (("bands", CELL, "--points", "1"), "--points must be an integer >= 2"),
        (("bands", CELL, "--wavelengths", "600:640:1"), "--wavelengths must come with angles"),
        (("bands", CELL, "--angles", "-90:90:1"), "between -90 and 90"),
        (("cavity", VERTICAL, "--wavelengths", "700:600"), "--wavelengths must be (low, high)"),
        (("cavity", VERTICAL, "--wavelengths", "500:5000"), "--wavelengths must be (low, high)"),
        (("cavity", VERTICAL, "--least-q", "0"), "--least-q must be > 1"),
        (("cavity", "nowhere"), "nowhere"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(refused: Callable[..., str], arguments: tuple[str, ...], message: str) -> None:
    assert message in refused(*arguments)


def failed(outcome: tuple[int, str, str]) -> str:
    """The message of an engine's failure: exit code 1, nothing on stdout, one line beside progress."""
    code, out, err = outcome
    assert (code, out) == (1, "")
    lines = [line for line in err.splitlines() if not line.startswith("meep: ")]
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    return lines[0]


def test_without_meep_the_engine_says_how_to_get_it(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nonsense = str(tmp_path / "no-such-python")
    monkeypatch.setenv(interpreter.VARIABLE, nonsense)
    monkeypatch.setattr(sys, "executable", nonsense)
    monkeypatch.setattr(interpreter, "SYSTEM_PYTHON", nonsense)
    monkeypatch.setattr(interpreter, "conda_environments", lambda: iter(()))
    told = failed(command("dfb", CELL, "--engine", "meep", "--json"))
    assert "apt install python3-meep" in told
    assert nonsense in told


def test_meep_is_ended_after_its_timeout(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell needs some 40 s; a cache of its own, or what another test computed would come at once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    told = failed(command("dfb", CELL, "--engine", "meep", "--timeout", "0.3", "--json"))
    assert "not done after 0.3 s" in told


@pytest.mark.parametrize("period", ["100", "2000"])
def test_a_period_that_no_mode_feels_is_told(command: Command, period: str) -> None:
    """The file is well formed, the stack has no guided mode at the wavelength at which it would feed back."""
    assert "mode meets the Bragg condition of order 2" in failed(command("dfb", CELL, "--set", f"grating.period={period}", "--json"))


def test_meep_from_the_command_line(command: Command, tmp_path: Path) -> None:
    """Two coarse grids: wavelengths within their error bars of the Bloch modes', and a Q that is right to 15 %."""
    figure = tmp_path / "meep.png"
    code, out, err = command("dfb", CELL, "--engine", "meep", "--resolutions", "30:60", "--plot", str(figure), "--json")
    assert code == 0
    assert err.endswith(f"the figure is in {figure}\n")
    printed, rigorous = by_symmetry(json.loads(out)), by_symmetry(json.loads(command("dfb", CELL, "--engine", "bloch", "--json")[1]))
    for symmetry in ("bright", "dark"):
        error = printed[symmetry]["uncertainty_nm"]
        assert abs(printed[symmetry]["wavelength_nm"] - rigorous[symmetry]["wavelength_nm"]) < error < 1.5
    assert printed["bright"]["q"] == pytest.approx(rigorous["bright"]["q"], rel=0.15)
    assert printed["bright"]["threshold_gain_per_cm"] == pytest.approx(rigorous["bright"]["threshold_gain_per_cm"], rel=0.15)
    assert json.loads(out)["uncertainty_nm"] == max(each["uncertainty_nm"] for each in printed.values())
