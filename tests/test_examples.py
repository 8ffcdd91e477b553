"""The examples run, print and draw, and what they return is right (the search for M3 has its own file, examples/test_brw_search.py)."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

import qdphotonics as qdp
from examples import (
    dbr_reflectance,
    first_mode,
    lito_versus_ito,
    remote_and_graphene_electrodes,
    second_order_grating,
    why_a_metal_kills_tm,
)

FOLDER = Path(__file__).resolve().parents[1] / "examples"
FIGURES = {
    "dbr_reflectance": ["dbr_reflectance.png"],
    "first_mode": ["first_mode.png"],
    "lito_versus_ito": ["mode_with_ITO.png", "mode_with_L-ITO.png"],
    "second_order_grating": ["grating-duty.png", "grating-engines.png", "grating-fields.png"],
    "why_a_metal_kills_tm": ["why_a_metal_kills_tm.png"],
}
PNG = b"\x89PNG"


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_runs_as_a_script_and_draws(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``python examples/NAME.py FOLDER`` prints something and leaves its figures in the folder, which it makes."""
    monkeypatch.setattr("sys.argv", [name, str(tmp_path / "figures")])
    runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    assert capsys.readouterr().out.strip()
    drawn = sorted((tmp_path / "figures").iterdir())
    assert [file.name for file in drawn] == FIGURES[name]
    assert all(file.read_bytes()[:4] == PNG for file in drawn)


def test_electrodes_run_as_a_script(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["remote_and_graphene_electrodes"])
    runpy.run_path(str(FOLDER / "remote_and_graphene_electrodes.py"), run_name="__main__")
    assert "graphene twice" in capsys.readouterr().out


def test_every_example_is_tested_and_listed() -> None:
    """Each script has a test and a line in the documentation's index."""
    scripts = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    assert scripts == {*FIGURES, "remote_and_graphene_electrodes", "brw_search"}
    index = (FOLDER.parent / "docs" / "README.md").read_text(encoding="utf-8")
    assert [script for script in scripts if f"examples/{script}.py" not in index] == []


def test_first_mode() -> None:
    """TE0 of M2: 41 % of the intensity in the dots (published 40 %, within 2 points), and a budget that adds up to the loss (1e-9)."""
    mode = first_mode.main()
    assert mode.label == "TE0"
    assert mode.confinement["QD"].intensity == pytest.approx(0.40, abs=0.02)
    assert sum(mode.loss_budget_per_cm.values()) == pytest.approx(mode.loss_per_cm, rel=1e-9)


def test_second_order_grating() -> None:
    """D4: FDTD's error bars hold the Bloch modes' wavelengths (coarse grids: Q to 6 %), and D2's duties decide between the edges."""
    (_, bloch, meep), scan = second_order_grating.main()
    assert bloch.edges is not None
    assert meep.edges is not None
    for one, other in zip(bloch.edges, meep.edges, strict=True):
        assert one.symmetry == other.symmetry
        assert other.uncertainty_nm is not None
        assert abs(one.wavelength_nm - other.wavelength_nm) < other.uncertainty_nm < 0.5
        assert other.q == pytest.approx(one.q, rel=0.06)
    winners = [round(100 * duty) for duty, wins in zip(scan.duty, scan.short_edge_wins, strict=True) if wins]
    assert winners == [55, 60, 65]


def test_lito_versus_ito(capsys: pytest.CaptureFixture[str]) -> None:
    """M1: the electrode's share falls, the dots' rises, and net gain turns positive: only L-ITO can lase, under light."""
    ito, low_index = lito_versus_ito.main()
    before, after = (report.modes["TE0"].confinement for report in (ito, low_index))
    assert after["L-ITO"].intensity < before["ITO"].intensity
    assert after["QD"].intensity > before["QD"].intensity
    assert [report.verdict.optical.lasing for report in (ito, low_index)] == [False, True]
    assert "23% of the light in the electrode, 23% in the dots" in capsys.readouterr().out


def test_why_a_metal_kills_tm() -> None:
    """M5: TE0 photonic with its peak inside the dielectric, TM0 plasmonic with its peak at the silver and at least 5 times the loss."""
    te, tm = why_a_metal_kills_tm.main()
    assert (te.character, tm.character) == ("photonic", "plasmonic")
    assert tm.loss_per_cm >= 5 * te.loss_per_cm
    assert te.confinement["superstrate"].intensity < tm.confinement["superstrate"].intensity


def test_propagation_map_decays_as_the_loss_says() -> None:
    """|field|^2 of the TM0 map at its interface, over whole periods, falls by exp(-alpha x): 1 % for the sampling of the waves."""
    stack = qdp.load_stack("glass-dielectric-ag")
    modes = qdp.find_modes(stack)
    figure = why_a_metal_kills_tm.propagation(stack, modes["TE0"], modes["TM0"])
    axes = next(each for each in figure.axes if each.get_title().startswith("TM0"))
    mesh = axes.collections[0]
    values = np.asarray(mesh.get_array())
    x_um = np.linspace(0.0, why_a_metal_kills_tm.MAP_UM, values.shape[1])
    row = values[np.abs(values).max(axis=1).argmax()]
    period_um = modes["TM0"].wavelength_nm / modes["TM0"].n_eff.real / 1e3
    first, later = (np.mean(row[(x_um >= start) & (x_um < start + 10 * period_um)] ** 2) for start in (0.0, 20 * period_um))
    assert later / first == pytest.approx(np.exp(-modes["TM0"].loss_per_cm * 20 * period_um / 1e4), rel=0.01)


def test_remote_and_graphene_electrodes() -> None:
    """M6. Behind MoOx/Al graphene halves the loss (within a tenth) and distance saves most of it; in place of silver graphene adds loss."""
    found = remote_and_graphene_electrodes.main()
    aluminium, silver = ({electrode: modes["TE0"].loss_per_cm for electrode, modes in cases.items()} for cases in found.values())
    assert aluminium["graphene"] == pytest.approx(aluminium["metal"] / 2, rel=0.1)
    assert aluminium["remote"] < 0.25 * aluminium["metal"]
    assert silver["remote"] < silver["metal"] < silver["graphene"] < silver["graphene twice"]


def test_dbr_reflectance() -> None:
    """At the design wavelength the closed form of quarter waves, to the 1e-9 that absorption and rounding leave; nothing is lost or made.

    The ends of the stop band agree with the formula for infinitely many pairs within 5 nm: ten pairs and Nb2O5's dispersion.
    """
    found = dbr_reflectance.main()
    assert found.centre == pytest.approx(found.centre_formula, abs=1e-9)
    assert found.band_nm == pytest.approx(found.band_formula_nm, abs=5)
    for values in found.spectrum.polarized.values():
        absorbed = np.sum(list(values.absorptance.values()), axis=0)
        assert values.reflectance + values.transmittance + absorbed == pytest.approx(1.0, abs=1e-12)
