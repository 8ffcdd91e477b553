"""Figures of optimisations and of tolerances, from made-up results with closed forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from qdphotonics import plots
from qdphotonics.sweeps.loading import load_optimization, load_tolerance
from qdphotonics.sweeps.optimization.problem import Sample, Trial
from qdphotonics.sweeps.optimization.result import Condition, Optimum, ParetoFront, Reached, Searched, Verification
from qdphotonics.sweeps.optimization.tasks import Anchor, Finding, Task
from qdphotonics.sweeps.specs import OptimizationSpec
from qdphotonics.sweeps.tolerance.result import Contribution, Spread, Tolerances
from tests.plots.reading import axes_with_too_few_numbers, check_page, drawn, empty_axes, overlapping, texts

STACK = "jung2022-lito-ag"
GAIN, LOSS = "net_gain_per_cm", "loss_per_cm"
VARIABLES = {"layers.QD.thickness": {"from": 50, "to": 150}, "layers.L-ITO.thickness": {"from": 150, "to": 350}}


def check(figure: Figure) -> None:
    """Nothing beyond the page, numbers on every axis, something in every panel, no name on another."""
    check_page(figure)
    renderer = drawn(figure)
    assert [name for name in axes_with_too_few_numbers(figure) if "error" not in name] == []
    assert empty_axes(figure) == []
    names = [text for axes in figure.axes for text in (axes.title, axes.xaxis.label, axes.yaxis.label)]
    names += [text for axes in figure.axes for text in axes.get_yticklabels() if seen(axes, text, renderer)]
    names += [text for axes in figure.axes for text in axes.texts]
    names += [text for legend in figure.legends for text in legend.get_texts()]
    names += [figure._suptitle] if figure._suptitle is not None else []  # type: ignore[attr-defined]
    assert overlapping([text for text in names if text.get_text() and text.get_visible()], renderer) == []


def seen(axes: Axes, text: Text, renderer: Any) -> bool:
    """Whether the height of a tick label lies between the ends of its axes; beyond it is not drawn."""
    box, whole = text.get_window_extent(renderer), axes.get_window_extent()
    return bool(whole.y0 <= (box.y0 + box.y1) / 2 <= whole.y1)


# Optimisation: gain 200 − (t/10 − 11)² − (s/50 − 5)², loss 100 + s/5 (larger with more ITO)


def gain(x: Any) -> float:
    return float(200.0 - (x[0] / 10.0 - 11.0) ** 2 - (x[1] / 50.0 - 5.0) ** 2)


def trial(x: tuple[float, ...], feasible: bool = True) -> Trial:
    values = {GAIN: gain(x), LOSS: 100.0 + x[1] / 5.0}
    violations = np.array([0.0 if feasible else 12.0])
    return Trial(np.array(x), Sample(values, {}), "", values[GAIN], np.zeros(2), violations, 0.0 if feasible else 1.0)


def specification(**keys: Any) -> OptimizationSpec:
    return load_optimization(
        {"name": "Best LED", "stack": STACK, "variables": VARIABLES, "subject_to": ["total_thickness_nm <= 600"], **keys}
    )


def finding(spec: OptimizationSpec, *trials: Trial) -> Finding:
    task = Task(spec, lambda *_: None, (), spec.goals[0], spec.constraints, np.ones(1), Anchor(trials[0].x), False, "start 1")  # type: ignore[arg-type]
    return Finding(task, trials[-1], trials, "converged")


def made(spec: OptimizationSpec, x: tuple[float, ...], *findings: Finding, holds: bool = True) -> Optimum:
    values = trial(x).sample.values  # type: ignore[union-attr]
    goals = tuple(
        Reached(each.expression.text, each.maximize, values[each.expression.text], {GAIN: 150.0, LOSS: 150.0}[each.expression.text], "cm⁻¹")
        for each in spec.goals
    )
    condition = Condition("total_thickness_nm <= 600", 590.0 if holds else 650.0, 600.0, 0.0 if holds else 50.0, holds, False)
    searches = tuple(Searched(each.task.name, 0.0, True, len(each.history), 5, each.note) for each in findings)
    paths = [each.path for each in spec.variables]
    verification = Verification("TE0", 1.6 + 0j, True, 0.0, True, "solved anew: the same")
    variables = dict(zip(paths, x, strict=True))
    return Optimum(spec, spec.stack, variables, values, goals, (condition,), verification, searches, findings, 1.0, ())


def test_the_history_has_every_design_and_the_best_so_far() -> None:
    """Five designs of two searches; the third breaks a condition, though its goal is larger: no best."""
    spec = specification(maximize=GAIN)
    one = finding(spec, trial((60, 200)), trial((80, 220)), trial((110, 250), feasible=False))
    other = finding(spec, trial((100, 300)), trial((108, 255)))
    figure = plots.optimum(made(spec, (108, 255), one, other))
    check(figure)
    lines = {str(line.get_label()): line for line in figure.axes[0].get_lines()}
    assert list(np.asarray(lines["keeps every condition"].get_xdata())) == [1, 2, 4, 5]
    assert list(np.asarray(lines["breaks a condition"].get_xdata())) == [3]
    goals = [gain(x) for x in ((60, 200), (80, 220), (80, 220), (100, 300), (108, 255))]
    assert lines["best so far"].get_ydata() == pytest.approx(np.maximum.accumulate(goals))
    assert figure.axes[0].get_ylabel() == "net gain (cm⁻¹)"
    assert "10 calls of the mode solver" in texts(figure)


def test_the_best_design_stands_between_its_bounds() -> None:
    """108 nm of 50 … 150: 58 %; 350 nm of 150 … 350: the upper bound. The start is the stack's own: 95 and 250 nm."""
    spec = specification(maximize=GAIN)
    figure = plots.optimum(made(spec, (108, 350), finding(spec, trial((60, 200)), trial((108, 350)))))
    check(figure)
    places = {str(line.get_label()): float(np.asarray(line.get_xdata())[0]) for line in figure.axes[1].get_lines()}
    assert places["found"] == pytest.approx(0.58)
    assert places["start"] == pytest.approx(0.45)
    assert float(np.asarray(figure.axes[1].get_lines()[-1].get_xdata())[0]) == pytest.approx(1.0)
    assert {"108 nm", "350 nm", "QD thickness", "L-ITO thickness"} <= set(texts(figure))


def test_an_optimisation_that_found_no_feasible_design_says_so() -> None:
    spec = specification(minimize="loss_per_cm")
    tried = finding(spec, trial((110, 300), feasible=False), trial((60, 200), feasible=False))
    figure = plots.optimum(made(spec, (60, 200), tried, holds=False))
    check(figure)
    assert any("No design between the bounds was found" in text for text in texts(figure))
    assert "best so far" not in texts(figure)


def test_a_front_is_drawn_with_the_others_and_what_moves_along_it() -> None:
    spec = specification(maximize=GAIN, minimize=LOSS)
    designs: list[tuple[float, float]] = [(110, 250), (110, 220), (110, 190), (110, 150)]
    findings = tuple(finding(spec, trial((60, 340)), trial((150, 350), feasible=False), trial(x)) for x in designs)
    points = tuple(made(spec, x, each) for x, each in zip(designs, findings, strict=True))
    figure = plots.pareto(ParetoFront(spec, points, (), findings, 1.0, ()))
    check(figure)
    lines = {str(line.get_label()): line for line in figure.axes[0].get_lines()}
    front = lines["none is better in both"]
    assert front.get_xdata() == pytest.approx([gain(x) for x in designs])
    assert front.get_ydata() == pytest.approx([100 + x[1] / 5 for x in designs])
    others = np.asarray(lines["tried, keeps every condition"].get_ydata())
    assert others[::2] == pytest.approx([168.0] * 4)
    assert others.max() == pytest.approx(168.0)  # and not the 170 of that which breaks a condition
    assert (lines["start"].get_xdata()[0], lines["start"].get_ydata()[0]) == (150, 150)  # type: ignore[index]
    assert "better: to the right, and downwards" in texts(figure)
    (moving,) = figure.axes[1].get_lines()
    assert moving.get_ydata() == pytest.approx([0.5, 0.35, 0.2, 0.0])
    assert "variables along the front, 1 more stay" in texts(figure)


def test_the_names_of_many_variables_stand_on_the_page() -> None:
    """Seven that move, of names and bounds as long as they come: nothing of the legend is cut off."""
    layers = ("L-ITO", "QD", "Spiro-2NPB", "HAT-CN", "Ag")
    bounds = {f"layers.{name}.thickness": {"from": 10, "to": 350} for name in layers} | {"wavelength": {"from": 600, "to": 660}}
    spec = specification(maximize=GAIN, minimize=LOSS, variables=bounds)
    ends = (tuple(each.low for each in spec.variables), tuple(each.high for each in spec.variables))
    found = finding(spec, trial((110, 150)))
    points = tuple(made(spec, x, found) for x in ends)
    figure = plots.pareto(ParetoFront(spec, points, (), (found,), 1.0, ()))
    check(figure)
    assert len(figure.axes[1].get_lines()) == 6


def test_a_front_of_one_design_is_a_point() -> None:
    spec = specification(maximize=GAIN, minimize=LOSS)
    one = finding(spec, trial((110, 150)))
    figure = plots.pareto(ParetoFront(spec, (made(spec, (110, 150), one),), (), (one,), 1.0, ()))
    check_page(figure)
    (point,) = [line for line in figure.axes[0].get_lines() if line.get_label() == "none is better in both"]
    assert point.get_marker() == "o"


# Tolerances: q = 251 + 18 z0 − 9 z1 (a normal distribution of σ = 20.1), and bent by −3 z0²


def tolerances(require: list[str], bend: float = 0.0, lost: int = 0) -> Tolerances:
    spec = load_tolerance(
        {
            "name": "LED as made",
            "stack": STACK,
            "errors": {"layers.QD.thickness": "3%", "layers.L-ITO.thickness": "1%"},
            "quantities": [GAIN],
            "require": require,
            "samples": 2000,
        }
    )
    z = np.random.default_rng(1).normal(size=(2000, 2))
    values = 251.0 + z @ np.array([18.0, -9.0]) - bend * z[:, 0] ** 2
    values[:lost] = np.nan
    contributions = tuple(
        Contribution(error.path, 1.0, abs(size), size**2 / 405.0, 251.0 - size - bent, 251.0 + size - bent, 0.0)
        for error, size, bent in zip(spec.errors, (18.0, -9.0), (bend, 0.0), strict=True)
    )
    required = {text: np.nan_to_num(values) >= 230.0 for text in require}
    spread = Spread(spec.quantities[0], 251.0, values, values, contributions)
    return Tolerances(spec, "TE0", {}, {GAIN: spread}, required, dict.fromkeys(range(lost), "lost"), 1.0)


def bars(figure: Figure, panel: int) -> list[Rectangle]:
    return [patch for patch in figure.axes[panel].patches if isinstance(patch, Rectangle)]


def test_a_tornado_has_the_largest_error_at_the_top_and_both_ends() -> None:
    """Bars from the nominal value to those at −1 and +1 σ: 233, 269 of the dots, 260, 242 of the L-ITO; shares 80 and 20 %."""
    figure = plots.tornado(tolerances([]), GAIN)
    check(figure)
    ends = [(bar.get_y() + bar.get_height() / 2, bar.get_x() + bar.get_width()) for bar in bars(figure, 0)]
    assert [end for row, end in ends if row == 0] == pytest.approx([233, 269])
    assert [end for row, end in ends if row == 1] == pytest.approx([260, 242])
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["QD thickness\n80 %", "L-ITO thickness\n20 %"]
    low, high = sorted(figure.axes[0].get_ylim())
    assert figure.axes[0].get_ylim() == (high, low)  # the first at the top


def test_two_bars_to_one_side_are_both_seen() -> None:
    """A bend of 30 takes both ends of the first error below the nominal value: the shorter bar is the thinner one."""
    figure = plots.tornado(tolerances([], bend=30.0), GAIN)
    check(figure)
    first, second = (bar for bar in bars(figure, 0) if abs(bar.get_y() + bar.get_height() / 2) < 0.1)
    assert first.get_width() < second.get_width() < 0
    assert (first.get_height(), second.get_height()) == pytest.approx((0.7, 0.35))
    assert second.get_zorder() > first.get_zorder()


def test_the_distribution_counts_good_and_bad_devices() -> None:
    """Areas of the bars: devices that keep the requirement and those that do not; the curve of first order holds as many."""
    result = tolerances(["net_gain_per_cm >= 230"], lost=7)
    figure = plots.tornado(result, GAIN)
    check(figure)
    heights = np.array([bar.get_height() for bar in bars(figure, 1)]).reshape(2, -1).sum(axis=1)
    assert heights == pytest.approx([result.good.sum(), 2000 - 7 - result.good.sum()])
    lines = {str(line.get_label()): line for line in figure.axes[1].get_lines()}
    x, y = (np.asarray(values, dtype=float) for values in lines["first order"].get_data())
    width = bars(figure, 1)[0].get_width()
    assert np.trapezoid(y, x) / width == pytest.approx(1993, rel=1e-3)  # 3.5 σ to either side
    assert lines["mean"].get_xdata()[0] == pytest.approx(result[GAIN].mean)  # type: ignore[index]
    assert any(f"yield {100 * result.good.mean():.1f} %" in text for text in texts(figure))
    assert any("7 without a value" in text for text in texts(figure))


def test_devices_without_any_value_are_told() -> None:
    result = tolerances([], lost=2000)
    figure = plots.tornado(result, GAIN)
    check_page(figure)
    assert "no device has a value" in texts(figure)


def test_studies_are_saved_as_png_and_pdf(tmp_path: Path) -> None:
    spec = specification(maximize=GAIN)
    found = made(spec, (108, 255), finding(spec, trial((60, 200)), trial((108, 255))))
    assert [file.name for file in plots.save_optimization(found, tmp_path)] == ["optimum.png", "optimum.pdf"]
    two = specification(maximize=GAIN, minimize=LOSS)
    point = made(two, (108, 255), finding(two, trial((108, 255))))
    front = ParetoFront(two, (point,), (), point.findings, 1.0, ())
    assert [file.name for file in plots.save_optimization(front, tmp_path)] == ["pareto.png", "pareto.pdf"]
    assert [file.name for file in plots.save_tolerances(tolerances([]), tmp_path)] == [f"{GAIN}.png", f"{GAIN}.pdf"]
    assert all(file.stat().st_size > 5000 for file in tmp_path.iterdir())
