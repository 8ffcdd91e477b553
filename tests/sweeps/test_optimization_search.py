"""Many starts, fabrication grids, counts of repeats, fronts: on problems in closed form, beside brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qdphotonics.sweeps.loading import load_optimization
from qdphotonics.sweeps.optimization.front import front, pareto
from qdphotonics.sweeps.optimization.grid import Grid, onto_grid, stepped
from qdphotonics.sweeps.optimization.local import local_search
from qdphotonics.sweeps.optimization.problem import Model, Sample
from qdphotonics.sweeps.optimization.search import Campaign, count_values
from qdphotonics.sweeps.optimization.tasks import Anchor, Counts, Finding, starting_places
from qdphotonics.sweeps.specs import OptimizationSpec, Variable
from tests.sweeps.optimization_toys import Toy, bowl, problem, specification, total, variables

Reals = NDArray[np.float64]


def steep(seed: int, count: int) -> tuple[Reals, Reals]:
    """A bowl at random: matrix of condition some tens, centre within 0 … 20."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(count, count))
    return root @ root.T + np.eye(count), rng.uniform(3.0, 17.0, count)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_grid_of_two_thicknesses_beside_brute_force(seed: int) -> None:
    """Of all 121 designs on the grid that keep the sum, the best: single and double steps of 2 from the rounded optimum reach it."""
    matrix, centre = steep(seed, 2)
    value = bowl(matrix, centre, 1.0)
    toy = problem(Toy({"n_eff": value, "total_thickness_nm": total}), "n_eff", ["total_thickness_nm <= 22"], low=0.0, high=20.0)
    grid = Grid.of(variables(0.0, 20.0, 2, step=2.0))
    start = local_search(toy, np.full(2, 1.0))
    assert start is not None
    found = onto_grid(toy, start.best, grid, "slsqp")
    every = [np.array(x, dtype=float) for x in product(range(0, 21, 2), repeat=2) if sum(x) <= 22]
    assert found.objective == pytest.approx(min(value(x)[0] for x in every), rel=1e-12)
    assert found.feasible
    assert np.array_equal(found.x, 2.0 * np.round(found.x / 2.0))  # exactly


def test_steps_lead_along_a_narrow_valley() -> None:
    """From a design on the grid six steps away: across the valley every single step climbs, so that only pairs of steps lead on."""
    matrix = np.array([[1.0, 0.98], [0.98, 1.0]])
    toy = problem(Toy({"n_eff": bowl(matrix, np.array([14.0, 6.0]), 1.0)}), "n_eff", low=0.0, high=20.0)
    grid = Grid.of(variables(0.0, 20.0, 2, step=2.0))
    stuck = toy.at(np.array([2.0, 18.0]))
    singles = [toy.at(stuck.x + step).objective for step in ([2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [0.0, -2.0])]
    assert min(singles) > stuck.objective
    found = stepped(toy, stuck, grid, "slsqp")
    assert found.x.tolist() == [14.0, 6.0]


def test_what_has_no_grid_follows() -> None:
    """Three on the grid, the fourth makes up a sum of 34: beside brute force over the three."""
    matrix, centre = steep(1, 4)
    value = bowl(matrix, centre, 1.0)
    given_toy = problem(
        Toy({"n_eff": value, "total_thickness_nm": total}), "n_eff", ["total_thickness_nm == 34"], low=0.0, high=20.0, count=4
    )
    grid = Grid(np.zeros(4), np.full(4, 20.0), np.array([2.0, 2.0, 2.0, np.nan]))
    start = local_search(given_toy, np.full(4, 1.0))
    assert start is not None
    found = onto_grid(given_toy, start.best, grid, "slsqp")
    every = [np.array([*x, 34.0 - sum(x)]) for x in product(range(0, 21, 2), repeat=3) if 14 <= sum(x) <= 34]
    assert found.objective == pytest.approx(min(value(x)[0] for x in every), rel=1e-8)
    assert found.x[3] == pytest.approx(34.0 - found.x[:3].sum(), abs=1e-5)


def test_lines_of_a_grid() -> None:
    """From the lower bound on, the last one not above the upper bound; 20 + 2·0.1 is written 20.2."""
    grid = Grid.of((Variable("a", 20.0, 20.35, 0.1, 20.0, False, "nm"), Variable("b", 2.5, 9.0, None, 5.0, True, "")))
    assert [grid.value(0, line) for line in range(-1, 6)] == [20.0, 20.0, 20.1, 20.2, 20.3, 20.3, 20.3]
    assert grid.neighbours(0, 20.26) == (20.3, 20.2)
    assert grid.neighbours(0, 20.200000001) == (20.2,)
    assert grid.rounded(np.array([20.34, 4.4])).tolist() == [20.3, 4.0]  # whole numbers from 3 on


def campaign(spec: OptimizationSpec, make: object, sizes: int = 0) -> Campaign:
    return Campaign(spec, make, np.ones(sizes))  # type: ignore[arg-type]  # a toy's maker


def test_many_starts_find_the_deepest_of_two_valleys() -> None:
    """-exp(-|x-a|²/s) - 2 exp(-|x-b|²/s): from the start at a a search ends there; of eight starts one finds b, twice as deep."""
    shallow, deep, width = np.array([19.0, 19.0]), np.array([27.0, 12.0]), 12.0

    def valley(x: Reals) -> tuple[float, Reals]:
        parts = [(depth * np.exp(-np.sum((x - at) ** 2) / width), at) for depth, at in ((1.0, shallow), (2.0, deep))]
        return float(-sum(part for part, _ in parts)), sum((part * 2.0 * (x - at) / width for part, at in parts), np.zeros(2))

    def make(spec: OptimizationSpec, counts: Counts, anchor: Anchor) -> Model:
        return Toy({"n_eff": valley})

    one = campaign(specification(2, starts=1), make)
    best = one.best(one.spec.goals[0])
    assert best is not None
    assert best.anchor.x == pytest.approx(shallow, abs=0.1)
    many = campaign(specification(2, starts=8, seed=3), make)
    best = many.best(many.spec.goals[0])
    assert best is not None
    assert best.anchor.x == pytest.approx(deep, abs=0.1)


def test_starts_are_those_of_the_seed() -> None:
    """The first is the specification's own; the others are Sobol's, within the bounds, and another seed has others."""
    places = starting_places(specification(3, starts=5, seed=1))
    assert places[0].tolist() == [20.0, 20.0, 20.0]
    assert np.array_equal(places, starting_places(specification(3, starts=5, seed=1)))
    assert not np.array_equal(places[1:], starting_places(specification(3, starts=5, seed=2))[1:])
    assert np.ptp(places[1:], axis=0).min() > 8.0  # of 20: they spread


@pytest.mark.parametrize("most", [14, 40])
def test_counts_of_repeats(most: int) -> None:
    """(x - n)² + (n - 12.3)²/4 with x from 10 nm: the best count is 12, enumerated (5 counts) or stepped to from 10 (31 of them).

    Stepping looks at far fewer counts than there are.
    """
    tried: set[int] = set()

    def make(spec: OptimizationSpec, counts: Counts, anchor: Anchor) -> Model:
        tried.add(counts[0])
        return Toy({"n_eff": bowl(np.eye(1), np.array([float(counts[0])]), 1.0 + (counts[0] - 12.3) ** 2 / 4)})

    spec = load_optimization({
        "stack": "ahn2023-brw",
        "minimize": "n_eff",
        "variables": {
            "layers[0].repeat": {"from": 10, "to": most, "integer": True},
            "layers.QD.thickness": {"from": 10, "to": 30, "start": 20},
        },
        "starts": 2,
    })
    found = campaign(spec, make)
    best = found.best(spec.goals[0])
    assert best is not None
    assert best.task.counts == (12,)
    assert best.anchor.x == pytest.approx([12.0], abs=1e-4)
    assert len(tried) == (5 if most == 14 else 4)
    assert len(count_values(spec.variables[0])) == most - 9


def two_bowls(spec: OptimizationSpec, counts: Counts, anchor: Anchor) -> Model:
    """Two bowls of unlike shape about two places."""
    first, second = np.array([14.0, 14.0]), np.array([25.0, 20.0])
    return Toy({"n_eff": bowl(np.eye(2), first, 1.0), "loss_per_cm": bowl(np.diag([1.0, 3.0]), second, 2.0)})


def test_a_front_beside_its_closed_form() -> None:
    """Where two quadratics pull, the front is x(t) = (A + tB)⁻¹(A a + t B b): every point lies on it, the ends are a and b.

    To 1e-2 nm of 11: the ends give up 1e-7 of the other goal's extent, the root of which is 3e-4 of the way.
    """
    spec = specification(2, minimize=["n_eff", "loss_per_cm"], points=7, starts=2)
    points = front(campaign(spec, two_bowls))
    assert len(points) == 7
    ends = points[0].anchor.x, points[-1].anchor.x
    assert ends[0] == pytest.approx([14.0, 14.0], abs=2e-2)
    assert ends[1] == pytest.approx([25.0, 20.0], abs=2e-2)
    a, b, first, second = np.eye(2), np.diag([1.0, 3.0]), np.array([14.0, 14.0]), np.array([25.0, 20.0])
    for point in points[1:-1]:
        ts = np.geomspace(1e-3, 1e3, 20_001)
        curve = np.array([np.linalg.solve(a + t * b, a @ first + t * b @ second) for t in ts])
        assert np.abs(curve - point.anchor.x).max(axis=1).min() < 1e-2
    held = [_values(point)[1] for point in points]
    assert np.diff(held) == pytest.approx(np.full(6, np.diff(held).mean()), rel=1e-4)  # evenly spaced


def _values(finding: Finding) -> tuple[float, float]:
    assert finding.best is not None
    assert finding.best.sample is not None
    return finding.best.sample.values["n_eff"], finding.best.sample.values["loss_per_cm"]


def test_a_front_on_a_grid_has_no_dominated_point() -> None:
    """On a grid of 4 nm, the points found are the front of all 36 designs, or part of it, by brute force."""
    paths = {name: {"from": 10, "to": 30, "step": 4, "start": 20} for name in ("layers.QD.thickness", "layers.TFB.thickness")}
    spec = specification(2, minimize=["n_eff", "loss_per_cm"], points=9, starts=2, variables=paths)
    found = [_values(point) for point in front(campaign(spec, two_bowls))]
    toy = two_bowls(spec, (), Anchor(np.zeros(2)))
    every = [toy.sample(np.array(x, dtype=float)).values for x in product(range(10, 31, 4), repeat=2)]
    values = np.array([[each["n_eff"], each["loss_per_cm"]] for each in every])
    for first, second in found:
        better = (values[:, 0] <= first) & (values[:, 1] <= second) & ((values[:, 0] < first) | (values[:, 1] < second))
        assert not better.any()
    assert found[0][0] == values[:, 0].min()
    assert found[-1][1] == values[:, 1].min()


def test_one_design_may_be_the_best_in_both() -> None:
    """Goals that do not pull apart have a front of one point."""

    def make(spec: OptimizationSpec, counts: Counts, anchor: Anchor) -> Model:
        return Toy({"n_eff": bowl(np.eye(2), np.full(2, 15.0), 1.0), "loss_per_cm": bowl(np.eye(2), np.full(2, 15.0), 2.0)})

    spec = specification(2, minimize=["n_eff", "loss_per_cm"], starts=1)
    assert len(front(campaign(spec, make))) == 1


def test_dominated_points_go() -> None:
    """Of (1, 5), (2, 4), (2, 6), (3, 4), (4, 1), to be made small: (2, 6) and (3, 4) are beaten.

    The same design once more is no other, though its numbers, solved by another way, differ in a late digit.
    """

    class Fixed:
        """A model of one value, the same everywhere."""

        def __init__(self, first: float, second: float) -> None:
            self.value = {"n_eff": first, "loss_per_cm": second}

        def sample(self, x: Reals) -> Sample:
            return Sample(self.value, {name: np.zeros(2) for name in self.value}, n_eff=1.5 + 0j)

        def curvatures(self, x: Reals) -> dict[str, Reals]:
            return {}

    spec = specification(2, minimize=["n_eff", "loss_per_cm"], starts=1)
    findings = []
    for first, second in ((2, 6), (1, 5), (4, 1), (3, 4), (2, 4)):
        one = campaign(spec, lambda spec, counts, anchor, first=first, second=second: Fixed(first, second))
        finding = one.optima(spec.goals[0], 1)[0]
        assert finding.best is not None
        findings.append(replace(finding, best=replace(finding.best, x=np.array([float(first), float(second)]))))
    goals = (spec.goals[0], spec.goals[1])
    assert [_values(finding) for finding in pareto(findings, goals)] == [(1, 5), (2, 4), (4, 1)]
    twin = findings[1].best
    assert twin is not None
    again = replace(findings[1], best=replace(twin, sample=Sample({"n_eff": 1.0 + 1e-3, "loss_per_cm": 5.0 - 1e-3}, {})))
    assert len(pareto([*findings, again], goals)) == 3
