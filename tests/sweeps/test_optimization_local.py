"""One local search on problems in closed form: optima, conditions, lost modes, kinks, what cannot be met."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from qdphotonics.sweeps.optimization.local import local_search
from qdphotonics.sweeps.optimization.problem import FEASIBLE, Problem
from qdphotonics.sweeps.specs import Method
from tests.sweeps.optimization_toys import Toy, bowl, plane, problem, rosenbrock, total

METHODS: tuple[Method, ...] = ("slsqp", "trust-constr")


Reals = NDArray[np.float64]


def searched(given: Problem, start: float | Reals, method: Method = "slsqp", free: NDArray[np.bool_] | None = None) -> Reals:
    """Where a search from a start ends."""
    found = local_search(given, np.full(len(given.variables), start, dtype=float), method=method, free=free)
    assert found is not None
    return found.best.x


@pytest.mark.parametrize("method", METHODS)
def test_a_curved_valley(method: Method) -> None:
    """Rosenbrock's valley in eight dimensions: the optimum is at 1, reached to 1e-2 where the goal is flat to 1e-5 of its start, 2806."""
    given = problem(Toy({"n_eff": rosenbrock}), "n_eff", count=8)
    assert searched(given, -1.0, method) == pytest.approx(np.ones(8), abs=1e-2)
    assert min(trial.objective for trial in given.history) < 1e-4


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("maximize", [False, True])
def test_a_bowl_under_a_sum(method: Method, maximize: bool) -> None:
    """Nearest point of a plane: x = c - A⁻¹1 (1·c - s)/(1·A⁻¹1), by Lagrange's multiplier; to 1e-4 of the range of 4."""
    matrix = np.array([[2.0, 0.5, 0.0], [0.5, 1.0, 0.2], [0.0, 0.2, 3.0]])
    centre = np.array([1.0, 0.8, 0.6])
    sign = -1.0 if maximize else 1.0
    toy = Toy({"n_eff": bowl(sign * matrix, centre, 5.0), "total_thickness_nm": total})
    given = problem(toy, "n_eff", ["total_thickness_nm <= 1"], count=3, maximize=maximize)
    away = np.linalg.solve(matrix, np.ones(3))
    expected = centre - away * (centre.sum() - 1.0) / away.sum()
    assert searched(given, -1.0, method) == pytest.approx(expected, abs=4e-4)
    best = given.best(given.history)
    assert best.feasible
    assert best.infeasibility <= FEASIBLE


def test_an_equation_is_kept() -> None:
    """x + y = 1 on the unit bowl: the point (½, ½), to the 1e-6 of the range that a search's last step leaves."""
    given = problem(Toy({"n_eff": bowl(np.eye(2), np.zeros(2)), "total_thickness_nm": total}), "n_eff + 1", ["total_thickness_nm == 1"])
    assert searched(given, -1.5) == pytest.approx([0.5, 0.5], abs=4e-6)


@pytest.mark.parametrize("told", [False, True])
def test_curvature_that_is_told_makes_the_first_step_newtons(told: bool) -> None:
    """A bowl of condition 1e3: with its Hessian told the second design is the optimum; without, curvature takes trials to learn."""
    matrix = np.diag([1.0, 30.0, 1000.0])
    centre = np.array([0.4, -0.3, 0.7])
    toy = Toy({"n_eff": bowl(matrix, centre, 5.0)}, hessians={"n_eff": 2.0 * matrix} if told else {})
    given = problem(toy, "n_eff", count=3)
    assert searched(given, -1.0) == pytest.approx(centre, abs=2e-3)
    assert (len(given.history) <= 3) is told
    if told:
        assert given.history[1].x == pytest.approx(centre, abs=1e-9)


def test_a_step_that_loses_the_mode_is_taken_back() -> None:
    """No values beyond x = 0.5, right on the way to the optimum at (1, 1): the search ends at the edge, where y = 1, and does not crash."""
    toy = Toy({"n_eff": bowl(np.diag([1.0, 50.0]), np.ones(2), 3.0)}, lost=lambda x: bool(x[0] > 0.5))
    given = problem(toy, "n_eff")
    end = searched(given, -1.0)
    assert any(trial.sample is None for trial in given.history)  # it did try
    assert end[0] <= 0.5
    assert end == pytest.approx([0.5, 1.0], abs=0.05)


def test_a_start_without_a_mode_is_told() -> None:
    """Nothing to begin with."""
    given = problem(Toy({"n_eff": rosenbrock}, lost=lambda x: True), "n_eff")
    assert local_search(given, np.zeros(2)) is None
    assert "ends on the way" in given.history[0].failure


def test_the_best_of_two_modes_where_they_cross() -> None:
    """max(x, -x) ≤ 1 - y as two smooth conditions: the highest y is at (0, 1), where both bind and neither slope alone leads."""
    toy = Toy({"TM.net_gain_per_cm": [plane(1.0, 0.0), plane(-1.0, 0.0)], "n_eff": plane(0.0, 1.0)})
    given = problem(toy, "n_eff", ["TM.net_gain_per_cm <= 1 - n_eff"], maximize=True)
    end = local_search(given, np.array([0.9, -1.0]))
    assert end is not None
    assert end.best.x == pytest.approx([0.0, 1.0], abs=1e-6)
    assert len(given.history) < 12  # with the best mode alone it would zigzag


def test_at_least_asks_one_mode_only() -> None:
    """"TM.net_gain_per_cm >= 0.5" is kept where one mode has it, whatever the others do."""
    toy = Toy({"TM.net_gain_per_cm": [plane(1.0, 0.0), plane(0.0, 1.0, at_zero=-5.0)], "n_eff": bowl(np.eye(2), np.zeros(2), 1.0)})
    given = problem(toy, "n_eff", ["TM.net_gain_per_cm >= 0.5"])
    assert searched(given, 1.5) == pytest.approx([0.5, 0.0], abs=1e-5)


@pytest.mark.parametrize("subject_to", [
    ["total_thickness_nm >= 10"], ["total_thickness_nm == 10"], ["total_thickness_nm >= 3.9", "n_eff <= 1"],
])
def test_what_cannot_be_met_is_met_as_far_as_can_be(subject_to: list[str]) -> None:
    """Two thicknesses of at most 2: a sum of 10 is missed by 6; against the bowl, the two relative violations are made equal.

    With s = x + y on the diagonal, (3.9 - s)/3.9 = (1 + s²/2 - 1)/size: the end breaks both by the same share, to 1e-4.
    """
    toy = Toy({"n_eff": bowl(np.eye(2), np.zeros(2), 1.0), "total_thickness_nm": total})
    given = problem(toy, "n_eff", subject_to)
    found = local_search(given, np.array([0.5, 1.0]))
    assert found is not None
    assert not found.best.feasible
    if len(subject_to) == 1:
        assert found.best.violations[0] == pytest.approx(6.0, abs=1e-5)
    else:
        assert given.sizes is not None
        shares = found.best.violations / given.sizes
        assert shares[0] == pytest.approx(shares[1], abs=1e-4)


def test_variables_that_are_fixed_stay() -> None:
    """Only the second is free: the bowl's bottom along it."""
    given = problem(Toy({"n_eff": bowl(np.array([[1.0, 0.5], [0.5, 1.0]]), np.zeros(2), 1.0)}), "n_eff")
    end = searched(given, np.array([1.0, 1.0]), free=np.array([False, True]))
    assert end == pytest.approx([1.0, -0.5], abs=1e-5)


def test_bounds_are_kept_exactly() -> None:
    """The bowl's bottom lies outside: the end is on the bound, and no design was ever beyond."""
    given = problem(Toy({"n_eff": bowl(np.eye(2), np.array([5.0, 0.5]), 1.0)}, hessians={"n_eff": 2 * np.eye(2)}), "n_eff")
    assert searched(given, -1.0) == pytest.approx([2.0, 0.5], abs=1e-7)
    assert all((trial.x <= 2.0).all() and (trial.x >= -2.0).all() for trial in given.history)


def test_a_goal_that_hardly_curves() -> None:
    """A goal linear but for rounding, its tiny Hessian told: Newton's step would lead anywhere; the condition is met in a few trials."""
    toy = Toy({"n_eff": plane(1.0, 0.5, at_zero=5.0), "total_thickness_nm": total}, hessians={"n_eff": -1e-13 * np.eye(2)})
    given = problem(toy, "n_eff", ["total_thickness_nm <= 1"], maximize=True)
    assert searched(given, 2.0) == pytest.approx([2.0, -1.0], abs=1e-6)
    assert len(given.history) < 10


def test_a_condition_that_jumps_does_not_hold_a_search_for_ever() -> None:
    """Beyond x + y = 1 a TM mode begins, with gain at once: the search ends before that line, feasible, in far fewer trials than it may."""

    def begins(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        return (5.0 if x.sum() > 1.0 else -5.0) + 0.01 * float(x[0]), np.array([0.01, 0.0])

    toy = Toy({"TM.net_gain_per_cm": begins, "n_eff": bowl(np.eye(2), np.array([1.5, 1.0]), 1.0)})
    given = problem(toy, "n_eff", ["TM.net_gain_per_cm <= 0"])
    end = searched(given, -1.0)
    assert 0.5 < end.sum() <= 1.0
    assert given.best(given.history).feasible
    assert len(given.history) < 250
