"""optimize on real stacks: gradients along the way, effort beside a derivative-free peer, conditions, files, verdicts."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.errors import ModeSearchError, SweepError
from qdphotonics.laser import pumped_stack
from qdphotonics.sweeps.expressions import Expression
from qdphotonics.sweeps.loading import load_optimization
from qdphotonics.sweeps.optimization.local import local_search
from qdphotonics.sweeps.optimization.model import StackModel, fresh_values, stack_model
from qdphotonics.sweeps.optimization.optimize import OptimizationStopped, optimize
from qdphotonics.sweeps.optimization.problem import Problem
from qdphotonics.sweeps.optimization.result import Optimum, ParetoFront
from qdphotonics.sweeps.optimization.tasks import Anchor
from qdphotonics.sweeps.optimization.verification import SolvedAnew, solved_anew
from qdphotonics.sweeps.summary import SweepSummary
from tests.laser.cutoff import CUT_OFF
from tests.sweeps.graded import by_gradients, derivative_free

LED: dict[str, Any] = {
    "stack": "jung2022-lito-ag",
    "mode": "TE0",
    "maximize": "net_gain_per_cm",
    "variables": {"layers.QD.thickness": {"from": 50, "to": 150}, "layers.L-ITO.thickness": {"from": 100, "to": 350}},
    "starts": 1,
}
BRAGG: dict[str, Any] = {
    "stack": "ahn2023-brw",
    "mode": "TE",
    "n_range": [1.52, 1.95],
    "maximize": "net_gain_per_cm",
    "variables": {f"layers.{name}.thickness": {"from": 40, "to": 250} for name in ("DBR-H", "DBR-L", "ZnO", "TFB")},
    "subject_to": ["total_thickness_nm <= 2900", "TM.net_gain_per_cm <= -10"],
    "starts": 1,
}


def found(spec: Mapping[str, Any], **changes: Any) -> Optimum:
    """The optimum of a specification with changes."""
    result = optimize({**spec, **changes})
    assert isinstance(result, Optimum)
    return result


def test_gradients_along_the_way() -> None:
    """At every third design that a search tries, each quantity's gradient beside central differences of h = 1e-3 nm.

    Their error is h²f'''/6, some 1e-9 of f' here, and rounding of n_eff to 1e-13 over h gives the net gain's slope to 1e-5 of
    its unit: each gradient agrees to 1e-6 of its largest component, or to 1e-5.
    """
    spec = load_optimization({**BRAGG, "subject_to": [*BRAGG["subject_to"], "confinement.QD >= 0.2", "loss_per_cm <= 60"]})
    start = np.array([variable.start for variable in spec.variables])
    model = stack_model(spec, (), Anchor(start))
    problem = Problem(spec.goals[0], spec.constraints, spec.variables, model)
    local_search(problem, start)
    checked = 0
    for trial in problem.history[::3]:
        assert trial.sample is not None
        for at in range(len(start)):
            step = np.zeros(len(start))
            step[at] = 1e-3
            ends = [model.sample(trial.x + sign * step).values for sign in (1.0, -1.0)]
            for name, gradient in trial.sample.gradients.items():
                expected = (ends[0][name] - ends[1][name]) / 2e-3
                rounding = 1e-9 if name.startswith("confinement") else 1e-5
                assert gradient[at] == pytest.approx(expected, abs=1e-6 * float(np.abs(gradient).max()) + rounding)
                checked += 1
    assert checked > 50


def test_ten_times_fewer_calls_than_without_derivatives() -> None:
    """Net gain of a Bragg diode with four pairs, each layer of its own thickness, ZnO and TFB: ten variables.

    The gradient search and COBYQA (of scipy's derivative-free methods the one with the fewest calls here, its radii the best
    of a dozen tried; Powell and Nelder-Mead do not get there in 3,000, see ``make bench``) end at one optimum, within 1e-6.
    Each design is one call of the mode solver. Ten times fewer both until that optimum is reached and until the method stops.
    """
    own, peer = by_gradients(pairs=4), derivative_free("COBYQA", pairs=4)
    best = max(own.best, peer.best)
    assert own.best == pytest.approx(best, rel=1e-6)
    assert peer.best == pytest.approx(best, rel=1e-6)
    assert own.best > 1.05 * own.values[0]  # it had a way to go
    assert own.calls == len(own.values)
    assert 10 * own.calls <= peer.calls
    to_own, to_peer = own.calls_to(best), peer.calls_to(best)
    assert to_own is not None
    assert to_peer is not None
    assert 10 * to_own <= to_peer


def test_the_optimum_of_two_thicknesses_lies_where_a_sweep_has_it() -> None:
    """A second way: a sweep of 41 x 41 designs; its best is not better, and not farther off than a parabola falls in a step."""
    best = found(LED, subject_to=["total_thickness_nm <= 390"])
    axes = {path: {"from": limits["from"], "to": limits["to"], "count": 41} for path, limits in LED["variables"].items()}
    swept = qdp.sweep({"stack": LED["stack"], "mode": "TE0", "axes": axes, "quantities": ["net_gain_per_cm", "total_thickness_nm"]})
    kept = swept["net_gain_per_cm"].where(swept["total_thickness_nm"] <= 390 + 1e-9)
    assert best.feasible
    assert best.objective >= float(kept.max()) - 1e-9
    assert best.objective == pytest.approx(float(kept.max()), rel=1e-2)
    assert best.conditions[0].binds


def test_the_bragg_diode_with_tm_held_below() -> None:
    """More net gain than the shipped stack; by a search of the pumped stack no TM mode has more than -10 cm^-1, one just that."""
    best = found(BRAGG)
    assert best.feasible
    assert best.verification.agrees
    assert best.objective > best.goals[0].start + 15.0
    tm = [-mode.loss_per_cm for mode in pumped_stack(best.stack).at(780.0).search("TM", None, 1e4).modes]
    assert max(tm) == pytest.approx(-10.0, abs=1e-4)
    assert max(tm) <= -10.0 + 1e-5
    report = qdp.analyze(best.stack)
    assert report.net_gain_per_cm == pytest.approx(best.objective, rel=1e-9)


def test_the_mode_stays_within_its_range() -> None:
    """Between 1.75 and 1.85 the best TE mode is one of the reflector's, not the one of largest net gain: n_range chooses it."""
    result = found(BRAGG, n_range=[1.75, 1.85], variables={"layers.ZnO.thickness": {"from": 60, "to": 100}}, subject_to=[])
    assert result.feasible
    assert 1.75 <= result.quantities["n_eff"] <= 1.85
    assert result.objective < 50.0
    assert any("has more net gain" in text for text in result.warnings)


def test_the_answer_is_the_same_on_any_number_of_workers() -> None:
    """To the last bit: every search stands alone."""
    spec = {**LED, "starts": 3, "subject_to": ["total_thickness_nm <= 390"]}
    alone, shared = (optimize(spec, workers=workers) for workers in (0, 2))
    assert isinstance(alone, Optimum)
    assert isinstance(shared, Optimum)
    assert (alone.variables, alone.quantities, alone.searches) == (shared.variables, shared.quantities, shared.searches)


def test_what_is_left_in_the_folder(tmp_path: Path) -> None:
    """best.yaml is a stack that analyze takes and that has the optimum's net gain; the history has every design; JSON is JSON."""
    steps: list[Any] = []
    goal = "net_gain_per_cm - 0.5*(thickness_nm.QD - 101.23456)**2"
    result = optimize({**LED, "maximize": goal, "starts": 2}, out=tmp_path / "new", progress=steps.append)
    assert isinstance(result, Optimum)
    assert result.variables["layers.QD.thickness"] % 1 > 0.01  # no round number
    report = qdp.analyze(tmp_path / "new" / "best.yaml", mode="TE0")
    assert report.net_gain_per_cm == pytest.approx(result.quantities["net_gain_per_cm"], rel=1e-12)
    assert "Found by optimisation" in report.stack.note
    with (tmp_path / "new" / "history.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == sum(search.trials for search in result.searches)
    assert max(float(row[f"maximize {goal}"]) for row in rows) == pytest.approx(result.objective, rel=1e-7)
    document = json.loads((tmp_path / "new" / "optimum.json").read_text())
    assert document["variables"][0]["value"] == result.variables["layers.QD.thickness"]
    assert document["verification"]["agrees"] is True
    assert [step.searches for step in steps] == [1, 2]
    assert steps[-1].calls == result.calls
    assert "TE0" in repr(result)


def test_a_folder_of_another_study_is_refused_and_stale_designs_go(tmp_path: Path) -> None:
    """A front of five, then the same once more: its designs are those there are. Another study, and a sweep, must go elsewhere."""
    short = {**LED, "variables": {"layers.QD.thickness": {"from": 50, "to": 150}}}
    optimize(short, out=tmp_path / "a")
    (tmp_path / "a" / "best-07.yaml").write_text("stale")
    optimize(short, out=tmp_path / "a")
    assert sorted(file.name for file in (tmp_path / "a").iterdir()) == ["best.yaml", "history.csv", "optimum.json"]
    with pytest.raises(SweepError, match=r"holds another optimisation .* choose another folder"):
        optimize({**short, "maximize": "n_eff"}, out=tmp_path / "a")
    swept = {"stack": LED["stack"], "quantities": ["n_eff"], "axes": {"layers.QD.thickness": [90, 100]}}
    with pytest.raises(SweepError, match=r"holds an optimisation .* choose another folder"):
        qdp.sweep(swept, out=tmp_path / "a")
    qdp.sweep(swept, out=tmp_path / "b")
    with pytest.raises(SweepError, match=r"holds a sweep .* choose another folder"):
        optimize(short, out=tmp_path / "b")


def test_what_breaks_its_conditions_is_not_called_best(tmp_path: Path) -> None:
    """Neither the file nor the first words of its note."""
    result = optimize({**LED, "subject_to": ["total_thickness_nm <= 100"]}, out=tmp_path)
    assert not result.feasible
    assert sorted(file.name for file in tmp_path.iterdir()) == ["history.csv", "least-infeasible.yaml", "optimum.json"]
    assert (tmp_path / "least-infeasible.yaml").read_text().startswith("# No design between the bounds was found")


def test_a_goal_without_any_value_is_its_own_fault() -> None:
    """Not the mode's, nor the start's."""
    with pytest.raises(SweepError, match=r"maximize: net_gain_per_cm/0 has no finite value at any of the \d+ designs"):
        optimize({**LED, "maximize": "net_gain_per_cm/0"})


def test_what_was_tried_is_kept_on_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted at the fourth design, of which the first is the start told beside the result: two rows and the head, no best stack."""
    tried: list[Any] = []

    def interrupted(self: Any, x: Any) -> Any:
        tried.append(x)
        if len(tried) > 3:
            raise KeyboardInterrupt
        return sample(self, x)

    sample = StackModel.sample
    monkeypatch.setattr(StackModel, "sample", interrupted)
    with pytest.raises(OptimizationStopped, match="designs tried so far are in"):
        optimize(LED, out=tmp_path)
    rows = (tmp_path / "history.csv").read_text().splitlines()
    assert len(rows) == 1 + 2
    assert [file.name for file in tmp_path.iterdir()] == ["history.csv"]


def test_the_gain_of_the_peak_is_told_where_the_wavelength_is_varied() -> None:
    """At 450 nm the dots, known from 516.6 nm on, give no such gain: optimum, sweep and tolerance say so, as analyze does."""
    result = found(LED, variables={"wavelength": {"from": 450, "to": 700}})
    assert any("is taken at every wavelength from 450 to 700 nm" in text for text in result.warnings)
    assert any("outside of what it is known for" in text for text in result.warnings)
    spec = {"stack": LED["stack"], "mode": "TE0", "quantities": ["net_gain_per_cm"]}
    swept = qdp.sweep({**spec, "axes": {"wavelength": ["2.0 eV", "2.7 eV"]}})
    assert "is taken at every wavelength from 459.2 to 619.9 nm" in swept.attrs["warnings"]
    assert any("459.2" in text for text in SweepSummary(swept).warnings)
    assert "warnings" not in qdp.sweep({**spec, "quantities": ["n_eff"], "axes": {"wavelength": [450, 600]}}).attrs
    study = qdp.tolerance({**spec, "errors": {"wavelength": "5 nm"}, "samples": 50})
    assert any("is taken at every wavelength from 620 to 640 nm" in text for text in study.warnings)


def test_a_folder_that_cannot_be_is_told_before_any_work(tmp_path: Path) -> None:
    """A file of that name is in the way."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(SweepError, match="cannot write"):
        optimize(LED, out=tmp_path / "taken")


def test_what_cannot_be_met_is_said_plainly() -> None:
    """A net gain of 1000 cm^-1 from a medium of 780: the verdict names the condition and by how much it is missed."""
    most = found(LED).objective
    result = found(LED, maximize="confinement.QD", subject_to=["net_gain_per_cm >= 1000"])
    assert not result.feasible
    assert result.conditions[0].violation == pytest.approx(1000.0 - most, rel=1e-4)
    assert '"net_gain_per_cm >= 1000" by' in result.text
    assert "nearest" in result.table()[0]


def test_a_mode_that_is_not_there_is_told() -> None:
    """The first stack has five modes at most."""
    with pytest.raises(ModeSearchError, match="no mode"):
        optimize({**LED, "mode": "TE40"})


def test_a_verification_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the numbers other than those that were followed, the result would say so first."""
    place = "qdphotonics.sweeps.optimization.verification.fresh_values"
    monkeypatch.setattr(place, lambda *all_of: {name: 1.001 * value for name, value in fresh_values(*all_of).items()})
    result = found(LED)
    assert not result.verification.agrees
    assert result.warnings[0].startswith("NOT VERIFIED: net_gain_per_cm")
    assert result.text.startswith("No verified optimum")


def test_an_optimum_that_is_not_verified_gives_way_to_one_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two starts end at two designs; were the better one not what it seemed, the other would be told, and why."""
    best = found(CUT_OFF_LED)
    place = "qdphotonics.sweeps.optimization.optimize.solved_anew"

    def doubtful(spec: Any, finding: Any) -> SolvedAnew:
        anew = solved_anew(spec, finding)
        wrong = replace(anew.verification, agrees=False, text="NOT VERIFIED: made up.")
        there = finding.best.x.tolist() == list(best.variables.values())
        return replace(anew, verification=wrong) if there else anew

    monkeypatch.setattr(place, doubtful)
    result = found(CUT_OFF_LED)
    assert result.verification.agrees
    assert result.feasible
    assert result.objective < best.objective
    assert "made up" in result.warnings[0]


CUT_OFF_LED: dict[str, Any] = {
    "stack": CUT_OFF,
    "mode": "TE0",
    "maximize": "net_gain_per_cm",
    "variables": {
        "layers.QD.thickness": {"from": 100, "to": 125, "step": 1, "start": 106},
        "layers.TFB.thickness": {"from": 20, "to": 45, "step": 1, "start": 39},
    },
    "subject_to": ["total_thickness_nm <= 400", "TM.net_gain_per_cm <= -20"],
    "starts": 1,
}


def test_the_optimum_along_a_cut_off_is_that_of_an_exhaustive_search() -> None:
    """The condition on TM jumps where TM1 is born: the best design lies on that edge, many steps from where gradients end.

    A second way: a sweep of all 676 designs. From the start 106/39 no single step, nor a pair of steps, leads to its best, 116/24.
    """
    best = found(CUT_OFF_LED)
    axes = {path: {key: each[key] for key in ("from", "to", "step")} for path, each in CUT_OFF_LED["variables"].items()}
    wanted = ["net_gain_per_cm", "TM.net_gain_per_cm", "total_thickness_nm"]
    swept = qdp.sweep({"stack": CUT_OFF, "mode": "TE0", "axes": axes, "quantities": wanted})
    kept = swept["net_gain_per_cm"].where((swept["total_thickness_nm"] <= 400 + 1e-9) & (swept["TM.net_gain_per_cm"] <= -20))
    assert best.verification.agrees
    assert best.objective == pytest.approx(float(kept.max()), rel=1e-9)
    assert list(best.variables.values()) == [116.0, 24.0]


def test_the_best_tm_mode_is_that_of_a_sweep() -> None:
    """Beside the cut-off, where the gain pulls TM1 back onto the sheet: the optimiser's -154.2 is the sweep's, the start feasible."""
    spec = load_optimization(CUT_OFF_LED)
    sample = stack_model(spec, (), Anchor(np.array([106.0, 39.0]))).sample(np.array([106.0, 39.0]))
    axes = {"layers.QD.thickness": [106.0]}
    swept = qdp.sweep({"stack": CUT_OFF, "mode": "TE0", "axes": axes, "quantities": ["TM.net_gain_per_cm"]})
    assert sample.values["TM.net_gain_per_cm"] == pytest.approx(float(swept["TM.net_gain_per_cm"][0]), rel=1e-9)
    assert sample.values["TM.net_gain_per_cm"] == pytest.approx(-154.234, abs=1e-3)


@pytest.mark.parametrize(("start", "broken"), [((116, 24), False), ((125, 24), True)])
def test_the_result_is_no_worse_than_a_start_that_keeps_the_conditions(start: tuple[int, int], broken: bool) -> None:
    """The first is the best of all; the second has more net gain, for it is too thick, which is said."""
    variables = {path: {**each, "start": at} for (path, each), at in zip(CUT_OFF_LED["variables"].items(), start, strict=True)}
    best = found(CUT_OFF_LED, variables=variables, subject_to=["total_thickness_nm <= 397", "TM.net_gain_per_cm <= -20"])
    assert best.feasible
    assert ("breaks a condition" in best.text) is broken
    assert broken or best.objective >= best.goals[0].start


def test_the_mode_best_is_the_better_of_both_to_the_end() -> None:
    """Under 15 A/cm^2 nothing amplifies: best.net_gain_per_cm is TE's or TM's, followed, solved anew and told alike."""
    variables = {"layers.Spiro-2NPB.thickness": {"from": 20, "to": 120}}
    changes = {"set": {"drive.current_density_A_per_cm2": 15}, "variables": variables}
    result = found(LED, **changes, maximize="best.net_gain_per_cm")
    assert result.verification.agrees
    assert result.objective >= result.goals[0].start


def test_a_fabrication_grid_on_a_real_stack() -> None:
    """Both thicknesses on their grids, exactly, and no neighbour better: those around it by a sweep."""
    grid = {
        "layers.QD.thickness": {"from": 50, "to": 150, "step": 4},
        "layers.L-ITO.thickness": {"from": 100, "to": 350, "step": 25, "start": 200},
    }
    goal = "net_gain_per_cm - 0.05*(thickness_nm.QD - 101)**2"
    best = found(LED, variables=grid, maximize=goal)
    dots, ito = (best.variables[path] for path in grid)
    assert (dots - 50) % 4 == 0
    assert (ito - 100) % 25 == 0
    axes = {
        "layers.QD.thickness": [value for value in (dots + 4 * step for step in range(-2, 3)) if 50 <= value <= 150],
        "layers.L-ITO.thickness": [value for value in (ito + 25 * step for step in range(-2, 3)) if 100 <= value <= 350],
    }
    swept = qdp.sweep({"stack": LED["stack"], "mode": "TE0", "axes": axes, "quantities": ["net_gain_per_cm", "thickness_nm.QD"]})
    values = Expression.parse(goal).evaluate({str(name): column.values for name, column in swept.data_vars.items()})
    assert best.objective == pytest.approx(float(np.max(values)), rel=1e-9)


def test_a_front_of_net_gain_and_thickness() -> None:
    """Its ends are the optima of either goal alone (1e-5), and along it one goal is bought by the other."""
    both = {key: value for key, value in LED.items() if key != "maximize"}
    result = optimize({**both, "maximize": "net_gain_per_cm", "minimize": "total_thickness_nm", "points": 5})
    assert isinstance(result, ParetoFront)
    gains, thicknesses = ([point.goals[which].value for point in result] for which in (0, 1))
    assert gains[0] == pytest.approx(found(LED).objective, rel=1e-5)
    thinnest = 50.0 + 100.0 + 50.0 + 10.0 + 100.0
    assert thicknesses[-1] == pytest.approx(thinnest, rel=1e-5)
    assert all(np.diff(gains) < 0)
    assert all(np.diff(thicknesses) < 0)
    assert all(point.verification.agrees for point in result)
    assert json.dumps(result.as_dict())
    assert len(result.table()[2]) == len(result)


def test_pairs_of_a_mirror() -> None:
    """Fewer pairs leak: of 3 to 5 pairs with the conductor free the loss is least with 5, each count with its own best ITO."""
    variables = {"layers[0].repeat": {"from": 3, "to": 5, "integer": True}, "layers.ZnO.thickness": {"from": 60, "to": 100}}
    result = found(BRAGG, maximize=[], minimize="loss_per_cm", variables=variables, subject_to=["confinement.QD >= 0.2"])
    assert result.variables["layers[0].repeat"] == 5
    assert len(result.stack.layers) == 16
    assert len({search.name for search in result.searches}) == 3
    losses = [search.objective for search in result.searches]
    assert losses[2] == min(losses)


def test_a_quantity_without_an_analytic_gradient() -> None:
    """The group index by differences: it is largest where a sweep of 101 thicknesses has it, to their step of 1 nm."""
    variables = {"layers.QD.thickness": {"from": 50, "to": 150}}
    best = found(LED, maximize="group_index", variables=variables)
    axes = {"layers.QD.thickness": {"from": 50, "to": 150, "step": 1}}
    swept = qdp.sweep({"stack": LED["stack"], "mode": "TE0", "quantities": ["group_index"], "axes": axes})
    place = int(np.argmax(swept["group_index"].values))
    assert best.variables["layers.QD.thickness"] == pytest.approx(float(swept["layers.QD.thickness"][place]), abs=1.0)
    assert best.objective >= float(swept["group_index"].max()) - 1e-9
