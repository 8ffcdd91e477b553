"""What an optimiser sees of a device: a goal, conditions and variables; every design tried is kept.

    minimise  ±f(x)   subject to   g_i(x) <= 0,   h_j(x) = 0,   low <= x <= high

f, g and h are expressions of quantities; a :class:`Model` gives the quantities and their gradients at x. The search runs in
u = (x - low)/(high - low), so that a nanometre of one layer and ten of another count alike, and with conditions in units of
their own size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import QDPhotonicsError
from qdphotonics.sweeps.expressions import Constraint
from qdphotonics.sweeps.specs import Goal, Variable

Reals = NDArray[np.float64]

FEASIBLE = 1e-6  # of a condition's own size: what the digits of a written stack, and a search's last step, leave
NO_VALUE = "has no finite value or slope there"
RIVALS = 3  # further modes that a condition on the best of all modes watches: two may cross where it binds, hardly four


class DesignFailed(QDPhotonicsError):
    """A model has no values for a design: its mode is lost, or it is no device."""


@dataclass(frozen=True)
class Sample:
    """What a model says of a design.

    Parameters
    ----------
    values : mapping of quantity name to float
    gradients : mapping of quantity name to float array [variable]
    rivals : mapping of quantity name to tuple of (float, float array [variable])
        Of a quantity that is the largest of several smooth ones (``TM.net_gain_per_cm``: of all TM modes), the next ones, by
        falling value: where two cross, a condition must see both.
    calls : int
        Of the mode solver.
    n_eff : complex, optional
        Of the mode that was followed, without gain: by it the mode is found again at this design.
    """

    values: Mapping[str, float]
    gradients: Mapping[str, Reals]
    rivals: Mapping[str, tuple[tuple[float, Reals], ...]] = field(default_factory=dict)
    calls: int = 1
    n_eff: complex | None = None


class Model(Protocol):
    """Gives the quantities of designs; keeps track of the mode from one design to the next."""

    def sample(self, x: Reals) -> Sample:
        """The quantities at x [variable], in the variables' units.

        Raises
        ------
        DesignFailed
            There are none.
        """
        ...

    def curvatures(self, x: Reals) -> Mapping[str, Reals]:
        """Second derivatives [variable, variable] of what quantities have them at hand, at a design that has been sampled.

        They set how far a search steps in which direction; where a model has none, it learns them from the gradients.
        """
        ...


@dataclass(frozen=True, eq=False)
class Trial:
    """A design that was tried.

    Parameters
    ----------
    x : float array [variable]
    sample : Sample or None
        None where the model had no values; ``failure`` says why.
    objective : float
        The goal's expression, as asked for (not negated); nan without values.
    slope : float array [variable]
        Of the objective.
    violations : float array [constraint]
        By how much each condition is broken, in its units; nan without values.
    infeasibility : float
        The largest violation in units of its condition's size; infinite without values.
    """

    x: Reals
    sample: Sample | None
    failure: str
    objective: float
    slope: Reals
    violations: Reals
    infeasibility: float

    @property
    def feasible(self) -> bool:
        """Whether every condition holds, within FEASIBLE of its size."""
        return self.infeasibility <= FEASIBLE


@dataclass(eq=False)
class Problem:
    """A goal, conditions and variables joined to a model; remembers every trial.

    Parameters
    ----------
    goal : Goal
    constraints : sequence of Constraint
    variables : sequence of Variable
    model : Model
    sizes : float array [constraint], optional
        What a violation of each condition is measured in; those of the first trial with values unless given.
    """

    goal: Goal
    constraints: Sequence[Constraint]
    variables: Sequence[Variable]
    model: Model
    sizes: Reals | None = None
    history: list[Trial] = field(default_factory=list)
    _known: dict[bytes, Trial] = field(default_factory=dict, repr=False)

    @property
    def low(self) -> Reals:
        return np.array([variable.low for variable in self.variables])

    @property
    def high(self) -> Reals:
        return np.array([variable.high for variable in self.variables])

    @property
    def sign(self) -> float:
        """Of the objective in what is minimised."""
        return -1.0 if self.goal.maximize else 1.0

    @property
    def calls(self) -> int:
        """Of the mode solver, so far."""
        return sum(0 if trial.sample is None else trial.sample.calls for trial in self.history)

    def at(self, x: Reals) -> Trial:
        """The trial of a design, computed once."""
        x = np.clip(np.asarray(x, dtype=float), self.low, self.high)
        key = x.tobytes()
        if key not in self._known:
            self._known[key] = self._tried(x)
            self.history.append(self._known[key])
        return self._known[key]

    def _tried(self, x: Reals) -> Trial:
        try:
            sample = self.model.sample(x)
        except DesignFailed as problem:
            return self._without_values(x, str(problem))
        value, slope = self.goal.expression.with_gradient(sample.values, sample.gradients)
        if not (np.isfinite(value) and np.isfinite(slope).all()):
            return self._without_values(x, f"{self.goal.expression.text} {NO_VALUE}")
        if self.sizes is None:
            self.sizes = sizes_of(self.constraints, sample.values)
        violations = np.array([constraint.violation(sample.values) for constraint in self.constraints])
        infeasibility = float(np.max(violations / self.sizes, initial=0.0))
        if not np.isfinite(infeasibility):
            return self._without_values(x, "a condition has no finite value there")
        return Trial(x, sample, "", value, slope, violations, infeasibility)

    def _without_values(self, x: Reals, why: str) -> Trial:
        return Trial(x, None, why, np.nan, np.full(x.shape, np.nan), np.full(len(self.constraints), np.nan), np.inf)

    def curvature(self, trial: Trial) -> Reals:
        """Second derivatives of what is minimised [variable, variable], as far as the model has them; else 0."""
        assert trial.sample is not None
        known = self.model.curvatures(trial.x)
        names = [quantity.name for quantity in self.goal.expression.quantities]
        rates = self.goal.expression.with_gradient(trial.sample.values, dict(zip(names, np.eye(len(names)), strict=True)))[1]
        found = np.zeros((trial.x.size, trial.x.size))
        for name, rate in zip(names, rates, strict=True):
            if name in known:
                found += self.sign * rate * known[name]
        return found

    def conditions(self, trial: Trial) -> tuple[Reals, Reals, Reals, Reals]:
        """Conditions of a trial with values, each in units of its size.

        Returns
        -------
        float array [inequality], float array [inequality, variable]
            g and its gradient; g <= 0 is wanted. A condition on the best of all modes has a row for each of its rivals too,
            of 1 + RIVALS in all whatever their number, by falling value.
        float array [equality], float array [equality, variable]
            h and its gradient; h = 0 is wanted.
        """
        assert trial.sample is not None
        assert self.sizes is not None
        rows: list[tuple[float, Reals]] = []
        equal: list[tuple[float, Reals]] = []
        for constraint, size in zip(self.constraints, self.sizes, strict=True):
            found = [(value / size, slope / size) for value, slope in _all_excesses(constraint, trial.sample)]
            (equal if constraint.relation == "==" else rows).extend(found)
        width = len(self.variables)
        return (*_arrays(rows, width), *_arrays(equal, width))

    def better(self, one: Trial, other: Trial) -> bool:
        """Whether a trial is better than another: fewer broken conditions first, then the goal."""
        return better(one, other, self.goal)

    def best(self, trials: Sequence[Trial]) -> Trial:
        """The best of some trials; the first of equals."""
        found = trials[0]
        for trial in trials[1:]:
            if self.better(trial, found):
                found = trial
        return found


def better(one: Trial, other: Trial, goal: Goal) -> bool:
    """Whether a trial is better than another: keeping the conditions first, then the goal; of two that break some, by how much."""
    if not (one.feasible and other.feasible):
        return one.feasible or (not other.feasible and one.infeasibility < other.infeasibility)
    return one.objective > other.objective if goal.maximize else one.objective < other.objective


def _arrays(rows: list[tuple[float, Reals]], width: int) -> tuple[Reals, Reals]:
    return np.array([value for value, _ in rows]), np.array([slope for _, slope in rows]).reshape(-1, width)


def sizes_of(constraints: Sequence[Constraint], values: Mapping[str, float]) -> Reals:
    """What violations are measured in [constraint]: the larger of the two sides; 1 where both are 0 or have no value."""
    sizes = []
    for constraint in constraints:
        known = [side for side in (constraint.left, constraint.right) if all(quantity.name in values for quantity in side.quantities)]
        sides = [abs(float(side.evaluate(values))) for side in known]
        largest = max((side for side in sides if np.isfinite(side)), default=0.0)
        sizes.append(largest if largest > 0.0 else 1.0)
    return np.array(sizes)


def _all_excesses(constraint: Constraint, sample: Sample) -> list[tuple[float, Reals]]:
    """The excess of a condition and its slope, and the same with each rival in the place of the best mode.

    A rival counts only where a larger value breaks the condition more: "at most" must hold for every mode, "at least" for one.
    """
    best = constraint.excess.with_gradient(sample.values, sample.gradients)
    rows = [best]
    for quantity in constraint.quantities:
        rivals = sample.rivals.get(quantity.name)
        if rivals is None or constraint.relation == "==":
            continue
        unit = {other.name: np.array([float(other.name == quantity.name)]) for other in constraint.quantities}
        rises = constraint.excess.with_gradient(sample.values, unit)[1][0] > 0.0
        for place in range(RIVALS):
            if rises and place < len(rivals):
                value, slope = rivals[place]
                changed = {**sample.values, quantity.name: value}, {**sample.gradients, quantity.name: slope}
                rows.append(constraint.excess.with_gradient(*changed))
            else:
                rows.append((best[0] - abs(best[0]) - 1.0, np.zeros_like(best[1])))  # a row that never binds: their number stays
    return rows
