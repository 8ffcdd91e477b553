"""Quantities that take a call for each point: the numbers that the commands print for the same stack, and errors as texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import qdphotonics as qdp
from qdphotonics.cli.main import app
from qdphotonics.sweeps import load_sweep
from qdphotonics.sweeps.each_point import changed_stack
from qdphotonics.sweeps.planar_points import SweepPoints
from qdphotonics.sweeps.point import number
from qdphotonics.sweeps.specs import SweepSpec

SAME = 1e-9  # relative: a search in a narrow window polishes the same zero to 1e-13 or so
SILVER = {"layers.QD.thickness": [60.0, 95.0, 140.0], "wavelength": [620.0, 640.0]}
PAIR = ({"name": "H", "material": "Nb2O5", "thickness": 70}, {"name": "L", "material": "SiO2", "thickness": 106})
GRATING = {"layer": "L-ITO", "period": 386, "depth": 30, "duty": 0.5, "order": 2}


def printed(command: str, stack: str, changes: Mapping[str, Any], *more: str) -> Any:
    """What a command prints as JSON for a stack with some ``--set``."""
    sets = [part for path, value in changes.items() for part in ("--set", f"{path}={json.dumps(value)}")]
    result = CliRunner().invoke(app, [command, stack, *sets, *more, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def swept(stack: Any, axes: Mapping[str, Any], quantities: list[str], **more: Any) -> tuple[SweepSpec, Any, Any]:
    """A sweep, the values of all its points and its errors."""
    spec = load_sweep({"stack": stack, "axes": axes, "quantities": quantities, **more})
    block = SweepPoints.of(spec).block(np.arange(spec.design.size))
    assert set(block.values) == set(quantities)
    return spec, block.values, block.errors


def test_a_mode_in_detail_is_that_of_the_command_modes() -> None:
    """M2's TE0 over thickness and wavelength: group index, angle, loss budget and energy, repeats of a layer summed."""
    names = ["group_index", "angle_deg.QD", "loss_budget_per_cm.Ag", "loss_budget_per_cm.substrate", "confinement_energy.L-ITO"]
    spec, values, errors = swept("jung2022-lito-ag", SILVER, [*names, "angle_deg.HAT-CN"], mode="TE0")
    assert not errors
    for point in range(spec.design.size):
        mode = printed("modes", "jung2022-lito-ag", spec.design.changes_at(point), "--polarization", "TE")["modes"][0]
        expected = [
            mode["group_index"],
            mode["angle_deg"]["QD"],
            mode["loss_budget_per_cm"]["Ag"],
            mode["loss_budget_per_cm"]["substrate"],
            mode["confinement"]["L-ITO"]["energy"],
        ]
        np.testing.assert_allclose([values[name][point] for name in names], expected, rtol=SAME, atol=1e-9)
        known = mode["angle_deg"]["HAT-CN"]
        assert values["angle_deg.HAT-CN"][point] == pytest.approx(np.nan if known is None else known, rel=SAME, nan_ok=True)


def test_the_mode_is_the_one_followed_whatever_it_is_called_there() -> None:
    """TM2 of M2 is called TM1 where L-ITO is half as thick, for one above it is gone: by n_eff and loss it is the same branch."""
    quantities = ["n_eff", "loss_per_cm", "group_index", "thresholds.net_gain.current_density_A_per_cm2", "verdict.optical.ase"]
    spec, values, errors = swept("jung2022-lito-ag", {"layers.L-ITO.thickness": [125.0, 250.0]}, quantities, mode="TM2")
    assert not errors
    labels = []
    for point in range(spec.design.size):
        stack = changed_stack(spec, point)
        modes = qdp.find_modes(stack, polarization="TM")
        mine = next(mode for mode in modes if abs(mode.loss_per_cm - values["loss_per_cm"][point]) < 1e-3)
        labels.append(mine.label)
        report = qdp.analyze(stack, mode=mine.label)
        expected = [mine.n_eff.real, mine.group_index, number(report.thresholds.net_gain.current_density_A_per_cm2)]
        expected.append(number(report.verdict.optical.ase))
        found = [values[name][point] for name in quantities if name != "loss_per_cm"]
        np.testing.assert_allclose(found, expected, rtol=1e-7)
    assert labels == ["TM1", "TM2"]


@pytest.mark.parametrize("name", ["jung2022-lito-ag", "roh2020-lito"])
def test_laser_quantities_are_those_of_analyze(name: str) -> None:
    """Thresholds of the mode, of its gain, of its cavity, and the verdict on the stack as a whole."""
    thresholds = [
        f"thresholds.{event}.{figure}"
        for event in ("transparency", "net_gain", "lasing")
        for figure in ("current_density_A_per_cm2", "fluence_J_per_cm2", "heating_K")
    ]
    verdicts = [f"verdict.{way}.{event}" for way in ("optical", "electrical") for event in ("ase", "lasing")]
    axes = {"layers.QD.thickness": [30.0, 80.0], "cavity": [{"length_um": 500, "facet_reflectivity": [0.5, 0.9]}]}
    spec, values, errors = swept(name, axes, [*thresholds, *verdicts])
    assert not errors
    for point in range(spec.design.size):
        report = printed("analyze", name, spec.design.changes_at(point))
        for quantity in [*thresholds, *verdicts]:
            block, one, two = quantity.split(".")
            expected = report[block][one][two]
            assert values[quantity][point] == pytest.approx(np.nan if expected is None else float(expected), rel=1e-7, nan_ok=True)


def test_the_best_mode_is_that_of_analyze_where_it_amplifies() -> None:
    """M3 against the thickness of its conductor: the largest net gain, of which mode, and of TM alone the largest."""
    axes = {"layers.ITO.thickness": [5.0, 40.0]}
    quantities = ["best.n_eff", "best.net_gain_per_cm", "best.modal_gain_per_cm", "best.confinement.QD", "TM.net_gain_per_cm"]
    spec, values, errors = swept("ahn2023-brw", axes, [*quantities, "TE.net_gain_per_cm"])
    assert not errors
    for point in range(spec.design.size):
        report = printed("analyze", "ahn2023-brw", spec.design.changes_at(point))
        expected = (report["mode"]["n_eff"][0], report["net_gain_per_cm"], report["modal_gain_per_cm"], report["confinement"])
        np.testing.assert_allclose([values[name][point] for name in quantities[:4]], expected, rtol=SAME)
        gains = qdp.analyze(changed_stack(spec, point)).mode_gains
        most = {which: max(each.net_gain_per_cm or -np.inf for each in gains if each.label[:2] == which) for which in ("TE", "TM")}
        assert values["TE.net_gain_per_cm"][point] == pytest.approx(most["TE"], rel=SAME)
        assert values["TM.net_gain_per_cm"][point] == pytest.approx(most["TM"], rel=SAME)


@pytest.mark.parametrize("name", ["ahn2023-brw", "jung2022-lito-ag"])
def test_the_best_mode_is_the_better_of_te_and_tm_at_every_drive(name: str) -> None:
    """Below transparency too, where the mode that analyze reports is the most promising and not the one that loses least."""
    quantities = [f"{which}.net_gain_per_cm" for which in ("best", "TE", "TM")]
    spec, values, errors = swept(name, {"drive.current_density_A_per_cm2": [0, 1, 20, 60]}, quantities)
    assert not errors
    np.testing.assert_array_equal(values[quantities[0]], np.maximum(values[quantities[1]], values[quantities[2]]))
    for point in range(spec.design.size):
        gains = qdp.analyze(changed_stack(spec, point)).mode_gains
        assert values["best.net_gain_per_cm"][point] == pytest.approx(max(each.net_gain_per_cm or -np.inf for each in gains), rel=1e-6)


@pytest.mark.parametrize("mode", ["TE", "best"])
def test_a_threshold_does_not_depend_on_the_drive(mode: str) -> None:
    """At a low drive the least negative TE mode of M3 lies deep in the mirror; its threshold is not that of the device.

    The mode is chosen at saturation: at every drive the threshold is that of the mode that analyze reports at a strong one.
    """
    wanted = ["thresholds.net_gain.current_density_A_per_cm2", "verdict.electrical.ase"]
    _, values, errors = swept("ahn2023-brw", {"drive.current_density_A_per_cm2": [5.0, 500.0]}, wanted, mode=mode)
    assert not errors
    report = qdp.analyze("ahn2023-brw", current_density_A_per_cm2=500.0)
    assert values[wanted[0]] == pytest.approx([report.thresholds.net_gain.current_density_A_per_cm2] * 2, rel=1e-9)
    assert np.isin(values[wanted[1]], [0.0, 1.0]).all()


@pytest.mark.parametrize("side", ["substrate", "superstrate"])
def test_spectra_are_those_of_the_command_spectrum(side: str) -> None:
    """Both polarizations at angles, with glass as a thick layer: R, T and the absorptance of a repeated layer."""
    stack = {
        "name": "mirror on a pane",
        "wavelength": 620,
        "substrate": "air",
        "superstrate": "air",
        "layers": [
            {"name": "pane", "material": {"n": 1.5, "k": 1e-7}, "thickness": 1e6, "coherent": False},
            {
                "repeat": 3,
                "layers": [{"name": "H", "material": "Nb2O5", "thickness": 70}, {"name": "L", "material": "SiO2", "thickness": 106}],
            },
            {"name": "silver", "material": "Ag", "thickness": 20},
        ],
    }
    axes = {"layers.H.thickness": [60.0, 75.0], "wavelength": [550.0, 650.0], "angle_deg": [0.0, 35.0]}
    names = ["reflectance.TE", "transmittance.TM", "absorptance.TE.silver", "absorptance.TM.H"]
    spec, values, errors = swept(stack, axes, names, **{"from": side})
    assert not errors
    for point in range(spec.design.size):
        changes = spec.design.changes_at(point)
        found = qdp.spectrum(changed_stack(spec, point), [changes["wavelength"]], changes["angle_deg"], side)  # type: ignore[arg-type]
        expected = (found.TE.reflectance, found.TM.transmittance, found.TE.absorptance["silver"], found.TM.absorptance["H"])
        np.testing.assert_allclose([values[name][point] for name in names], [each[0, 0] for each in expected], rtol=SAME, atol=1e-15)


@pytest.mark.parametrize("engine", ["coupled-wave", "bloch"])
def test_gratings_are_those_of_the_command_dfb(engine: str) -> None:
    """D4's cell against period and depth: edges, quality factors, thresholds, stop band and coupling, by either engine."""
    names = ["dfb.wavelength_nm", "dfb.bright.q", "dfb.dark.wavelength_nm", "dfb.stop_band_nm", "dfb.coupling_per_cm"]
    names += ["dfb.threshold_gain_per_cm", "dfb.bright.threshold_gain_per_cm"]
    axes = {"grating.depth": [20.0, 30.0]} if engine == "bloch" else {"grating.depth": [20.0, 30.0], "grating.period": [395.0, 400.0]}
    spec, values, errors = swept("dfb-test-cell", axes, names, engine=engine)
    assert not errors
    for point in range(spec.design.size):
        found = printed("dfb", "dfb-test-cell", spec.design.changes_at(point), "--engine", engine)
        first = found["resonances"][0]
        edge = {each["symmetry"]: each for each in reversed(found["resonances"])}
        low, high = found["stop_band_nm"]
        expected = [
            first["wavelength_nm"],
            edge["bright"]["q"],
            edge["dark"]["wavelength_nm"],
            high - low,
            abs(complex(*found["coupling_per_cm"])),
        ]
        expected += [first["threshold_gain_per_cm"], edge["bright"]["threshold_gain_per_cm"]]
        wanted = [np.nan if value is None else value for value in expected]
        np.testing.assert_allclose([values[name][point] for name in names], wanted, rtol=1e-12)


def test_a_point_that_fails_tells_why_and_the_others_go_on() -> None:
    """A wavelength beyond a table, and a grating that feeds back where the mode is cut off: texts, nan, no exception."""
    stack = qdp.load_stack("jung2022-lito-ag").changed({"grating": GRATING})
    names = ["group_index", "dfb.wavelength_nm", "thickness_nm.QD"]
    spec, values, errors = swept(stack, {"wavelength": [630.0, 635.0], "grating.period": [386.0, 5000.0]}, names)
    bad = [point for point in range(4) if spec.design.changes_at(point)["grating.period"] == 5000.0]
    assert sorted(errors) == bad
    assert np.isnan(values["dfb.wavelength_nm"]).nonzero()[0].tolist() == bad
    assert np.isfinite(values["group_index"]).all()  # what does not need the grating
    assert (values["thickness_nm.QD"] == 95).all()
    for text in errors.values():
        assert text.startswith(("ModeSearchError: ", "StackError: "))
        assert "Traceback" not in text
        assert "\n" not in text
        assert ".yaml" not in text  # where the stack's file lies is no business of a result


def test_a_mode_that_ends_is_lost_from_there_on() -> None:
    """The slab's TE0 is cut off as the film thins on its glass (n 1.5 under air): nothing is measured there, and it is said."""
    _, values, errors = swept(
        {"name": "slab", "wavelength": 630, "substrate": {"n": 1.5}, "superstrate": "air",
         "layers": [{"name": "film", "material": {"n": 1.6}, "thickness": 300}]},
        {"layers.film.thickness": [300.0, 200.0, 60.0]},
        ["n_eff", "group_index"],
    )  # fmt: skip
    assert sorted(errors) == [2]
    assert np.isfinite(values["group_index"]).tolist() == [True, True, False]


def test_nothing_is_computed_that_nothing_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep of n_eff alone searches the base stack, and no point of its own."""
    import qdphotonics.sweeps.planar_points as room

    monkeypatch.setattr(room, "evaluate_each", None)
    _, values, errors = swept("jung2022-lito-ag", SILVER, ["n_eff", "net_gain_per_cm"])
    assert not errors
    assert np.isfinite(values["net_gain_per_cm"]).all()


def test_the_verdict_is_on_the_whole_stack_unless_a_mode_is_named() -> None:
    """Behind ten pairs TE10 grows most at saturation, TE5 amplifies first: at a current between the two thresholds the stack as
    a whole amplifies, its main mode by itself does not."""
    pair = [{"name": "Low", "material": "SiO2 film", "thickness": 110}, {"name": "High", "material": "Nb2O5", "thickness": 70}]
    films = [{"name": name, "material": name, "thickness": nm} for name, nm in (("L-ITO", 50), ("TCTA", 40), ("HAT-CN", 10), ("Ag", 100))]
    dots = {"name": "QD", "material": "ccg-QD film", "thickness": 60, "role": "gain"}
    mirror = {
        "name": "mirror",
        "wavelength": 630,
        "substrate": "glass",
        "superstrate": "air",
        "layers": [{"repeat": 10, "layers": pair}, films[0], dots, *films[1:]],
        "gain": {"medium": "ccg-QD"},
    }
    report = qdp.analyze(qdp.load_stack(mirror))
    first = min(each.net_gain_threshold.current_density_A_per_cm2 or np.inf for each in report.mode_gains)
    main = report.thresholds.net_gain.current_density_A_per_cm2
    assert report.mode is not None
    assert main is not None
    assert first < 0.9 * main
    axes = {"drive.max_current_density_A_per_cm2": [0.5 * first, (first * main) ** 0.5, 2 * main]}
    _, values, errors = swept(mirror, axes, ["verdict.electrical.ase"])
    assert values["verdict.electrical.ase"].tolist() == [0, 1, 1]
    _, values, errors = swept(mirror, axes, ["verdict.electrical.ase"], mode=report.mode.label)
    assert values["verdict.electrical.ase"].tolist() == [0, 0, 1]
    assert not errors


def test_modes_by_meep_are_asked_by_the_name_they_have_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """FDTD names modes as the stack at hand does: TM2 of the base is its TM1. A stand-in for Meep tells what it was asked."""
    from qdphotonics import fdtd

    asked = []

    def stand_in(stack: Any, labels: list[str]) -> Any:
        asked.append((float(stack.thickness_nm[0]), labels))
        return SimpleNamespace(modes=(SimpleNamespace(n_eff=1.25 + 1e-3j, loss_per_cm=7.0),))

    monkeypatch.setattr(fdtd, "planar_modes", stand_in)
    axes = {"layers.L-ITO.thickness": [125.0, 250.0]}
    _, values, errors = swept("jung2022-lito-ag", axes, ["n_eff", "loss_per_cm"], mode="TM2", engine="meep")
    assert not errors
    assert asked == [(125.0, ["TM1"]), (250.0, ["TM2"])]
    assert values["n_eff"].tolist() == [1.25, 1.25]
    assert values["loss_per_cm"].tolist() == [7.0, 7.0]


def test_spectra_of_points_that_cannot_be_have_an_error_each() -> None:
    """A pane that amplifies more than a round trip loses, among two that do not; an entrance in which the light decays."""
    pane = {"name": "pane", "material": {"n": 1.5, "k": 0}, "thickness": 1e6, "coherent": False}
    stack = {"name": "pane", "wavelength": 630, "substrate": "air", "superstrate": {"n": 1.5, "k": 1e-3}, "layers": [pane]}
    axes = {"layers.pane.material.k": [0.0, -1e-3, 1e-6]}
    spec, values, errors = swept(stack, axes, ["reflectance.TE", "transmittance.TM"])
    assert list(errors) == [1]
    assert "amplify" in errors[1]
    for point in (0, 2):
        found = qdp.spectrum(changed_stack(spec, point), [630.0])
        assert values["reflectance.TE"][point] == pytest.approx(float(found.TE.reflectance[0, 0]), rel=SAME)
        assert values["transmittance.TM"][point] == pytest.approx(float(found.TM.transmittance[0, 0]), rel=SAME)
    _, values, errors = swept(stack, axes, ["reflectance.TE"], **{"from": "superstrate"})
    assert sorted(errors) == [0, 1, 2]
    assert all(text.startswith("StackError: the superstrate must be transparent") for text in errors.values())
    assert np.isnan(values["reflectance.TE"]).all()
