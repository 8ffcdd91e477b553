"""A stack as an optimiser's model: its modes followed from design to design, quantities with their exact gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import InputError, ModeSearchError
from qdphotonics.laser.following import FollowedPoint, follow_mode
from qdphotonics.laser.strongest import StrongMode, strongest_modes
from qdphotonics.optics.problem import PlanarProblem
from qdphotonics.sweeps.axes import Axis, Design, Group
from qdphotonics.sweeps.bases import main_mode
from qdphotonics.sweeps.follower import FollowedDesign, Follower, found_again
from qdphotonics.sweeps.gradients import DIFFERENTIABLE, quantity_gradients
from qdphotonics.sweeps.optimization.curvature import curvatures
from qdphotonics.sweeps.optimization.problem import RIVALS, DesignFailed, Reals, Sample
from qdphotonics.sweeps.optimization.tasks import Anchor, Counts, continuous, is_count
from qdphotonics.sweeps.quantities import BEST, POLARIZATIONS, Quantity
from qdphotonics.sweeps.space import DesignSpace
from qdphotonics.sweeps.specs import SweepSpec

if TYPE_CHECKING:
    from qdphotonics.planar.results import Mode, Polarization
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.space import PointArrays
    from qdphotonics.sweeps.specs import OptimizationSpec

KEPT = 1000  # designs, so that none is solved again when it is asked about again
DIFFERENCE = 1e-4  # of the way between the bounds: the step of a quantity without an analytic gradient
NET_GAIN = "net_gain_per_cm"


def stack_model(spec: OptimizationSpec, counts: Counts, anchor: Anchor) -> StackModel:
    """The model of a specification with some counts, its modes found at an anchor.

    Raises
    ------
    DesignFailed
        A mode cannot be followed from the base stack to the anchor, or is not there.
    """
    try:
        return StackModel(spec, counted(spec, counts), anchor)
    except (InputError, ModeSearchError) as problem:
        raise DesignFailed(str(problem)) from None


def counted(spec: OptimizationSpec, counts: Counts) -> Stack:
    """The base stack with some counts of its repeats."""
    paths = [variable.path for variable in spec.variables if is_count(variable)]
    return spec.stack.changed(dict(zip(paths, counts, strict=True))) if paths else spec.stack


def wanted_of(spec: OptimizationSpec) -> tuple[Quantity, ...]:
    """Every quantity of the goals and conditions, each once, in the order written."""
    asked = [quantity for goal in spec.goals for quantity in goal.expression.quantities]
    asked += [quantity for constraint in spec.constraints for quantity in constraint.quantities]
    return tuple(dict.fromkeys(asked))


class StackModel:
    """Follows the modes that a specification asks for.

    The mode of a label is followed from the base stack. A specification's mode ``TE``, ``TM`` or ``best`` is chosen once, at
    the anchor, and followed from there. A quantity's own selector (``TM.net_gain_per_cm``) is sought anew at every design by
    :func:`~qdphotonics.laser.strongest.strongest_modes`, and the next best modes are reported with it.
    """

    def __init__(self, spec: OptimizationSpec, stack: Stack, anchor: Anchor) -> None:
        self.spec, self.stack = spec, stack
        self.space = DesignSpace.of(stack, [variable.path for variable in continuous(spec)])
        self.main = main_mode(stack, spec.mode)
        self.followed: dict[str, list[Quantity]] = {self.main: []}
        self.sought: dict[str, list[Quantity]] = {}
        self.differenced: list[Quantity] = []
        for quantity in wanted_of(spec):
            if quantity.family == "geometry":
                self.followed[self.main].append(quantity)
            elif quantity.kind.name not in DIFFERENTIABLE:
                self.differenced.append(quantity)
                if quantity.selector is not None and quantity.selector not in BEST:
                    self.followed.setdefault(quantity.selector, [])
            else:
                group = self.sought if quantity.selector in BEST else self.followed
                group.setdefault(quantity.selector or self.main, []).append(quantity)
        self.followers = {label: self._begun(label, anchor) for label in self.followed}
        self._been = {(label, anchor.x.tobytes()): follower.here for label, follower in self.followers.items()}

    def _begun(self, label: str, anchor: Anchor) -> Follower:
        """A follower that stands at the anchor."""
        arrays = self._arrays(anchor.x)
        if label == self.main and anchor.n_eff is not None:
            which: tuple[Polarization, ...] = ("TM",) if label.startswith("TM") else ("TE",) if label.startswith("TE") else ("TE", "TM")
            found = [mode for each in which if (mode := found_again(_problem(arrays), each, anchor.n_eff)) is not None]
        elif label in BEST:
            found = self._chosen(label, arrays)
        else:
            found = self._from_base(label, arrays)
        if not found:
            raise ModeSearchError(f"mode {label} is not there, or cannot be followed there, at {self._told(anchor.x)}")
        return Follower(self.space, found[0], label, anchor.x, arrays)

    def _from_base(self, label: str, arrays: PointArrays) -> list[Mode]:
        """The mode of a label on the base stack, followed to another."""
        from qdphotonics.optics import find_modes

        polarization: Polarization = "TM" if label.startswith("TM") else "TE"
        base = find_modes(self.stack, polarization=polarization)[label].solution
        reached = follow_mode(base, _problem(arrays))
        mode = None if reached is None else found_again(_problem(arrays), polarization, reached.n_eff)
        return [] if mode is None else [mode]

    def _chosen(self, selector: str, arrays: PointArrays) -> list[Mode]:
        """The mode without gain that the best of a polarization becomes with gain, best first, within ``n_range``."""
        low, high = self.spec.n_range or (0.0, np.inf)
        for strong in _strongest(selector, arrays, None):
            if strong.passive is not None and low <= strong.passive.n_eff.real <= high:
                mode = found_again(_problem(arrays), strong.pumped.polarization, strong.passive.n_eff)
                if mode is not None:
                    return [mode]
        return []

    def sample(self, x: Reals) -> Sample:
        """See :class:`~qdphotonics.sweeps.optimization.problem.Model`."""
        values: dict[str, float] = {}
        gradients: dict[str, Reals] = {}
        rivals: dict[str, tuple[tuple[float, Reals], ...]] = {}
        calls = 0
        try:
            for label, quantities in self.followed.items():
                design = self._at(label, x)
                self._fill(values, gradients, quantities, design)
                calls += 1
            for selector, quantities in self.sought.items():
                rivals |= self._fill_sought(values, gradients, selector, quantities, x)
                calls += 1
            if self.differenced:
                calls += self._fill_differenced(values, gradients, x)
            main = self._at(self.main, x)
        except (InputError, ModeSearchError) as problem:
            raise DesignFailed(str(problem)) from None
        return Sample(values, gradients, rivals, calls, main.passive.n_eff)

    def curvatures(self, x: Reals) -> dict[str, Reals]:
        """See :class:`~qdphotonics.sweeps.optimization.problem.Model`: of the modes that are followed."""
        along = self.space.directions(x)
        found: dict[str, Reals] = {}
        for label, quantities in self.followed.items():
            found |= curvatures(quantities, along, self._at(label, x))
        return found

    def _at(self, label: str, x: Reals) -> FollowedDesign:
        """The mode at a design; followed there once."""
        key = label, x.tobytes()
        if key not in self._been:
            if len(self._been) >= KEPT:
                self._been.clear()
            self._been[key] = self.followers[label].to(x)
        return self._been[key]

    def _fill(
        self, values: dict[str, float], gradients: dict[str, Reals], quantities: Sequence[Quantity], design: FollowedDesign
    ) -> None:
        if quantities:
            found, slopes = quantity_gradients(quantities, self.space, design)
            values |= {quantity.name: float(value) for quantity, value in zip(quantities, found, strict=True)}
            gradients |= {quantity.name: slope for quantity, slope in zip(quantities, slopes, strict=True)}

    def _fill_sought(
        self, values: dict[str, float], gradients: dict[str, Reals], selector: str, quantities: Sequence[Quantity], x: Reals
    ) -> dict[str, tuple[tuple[float, Reals], ...]]:
        """Quantities of the best mode, and the net gains of the next ones."""
        arrays = self._arrays(x)
        ranked = _strongest(selector, arrays, RIVALS + 1)
        if not ranked:
            raise ModeSearchError(f"the stack has no {selector} mode at {self._told(x)}")
        lone = [quantity for quantity in quantities if quantity.kind.name == NET_GAIN]
        net = [quantity_gradients(lone, self.space, _design(x, arrays, strong.pumped, None)) for strong in ranked] if lone else []
        others = [quantity for quantity in quantities if quantity not in lone]
        if others:
            if ranked[0].passive is None:
                raise ModeSearchError(f"the best {selector} mode cannot be followed to the stack without gain at {self._told(x)}")
            self._fill(values, gradients, others, _design(x, arrays, ranked[0].pumped, ranked[0].passive))
        for quantity in lone:
            values[quantity.name], gradients[quantity.name] = float(net[0][0][0]), net[0][1][0]
        return {quantity.name: tuple((float(value[0]), slope[0]) for value, slope in net[1:]) for quantity in lone}

    def _fill_differenced(self, values: dict[str, float], gradients: dict[str, Reals], x: Reals) -> int:
        """Quantities without an analytic gradient: central differences; the number of stacks solved."""
        here = self._fresh(x)
        values |= here
        width = len(self.space.paths)
        slopes = {name: np.zeros(width) for name in here}
        variables = continuous(self.spec)
        for at, variable in enumerate(variables):
            step = DIFFERENCE * (variable.high - variable.low)
            ends = [np.clip(x[at] + side * step, variable.low, variable.high) for side in (1.0, -1.0)]
            found = []
            for end in ends:
                beside = x.copy()
                beside[at] = end
                found.append(self._fresh(beside))
            for name in here:
                slopes[name][at] = (found[0][name] - found[1][name]) / (ends[0] - ends[1])
        gradients |= slopes
        return 1 + 2 * width

    def _fresh(self, x: Reals) -> Mapping[str, float]:
        """Quantities without an analytic gradient, as a sweep computes them; labels are those of the stack there."""
        stack = changed(self.space, x)
        labels = {label: label if label in BEST else label_on(stack, label, self._at(label, x).passive.n_eff) for label in self.followed}
        there = {replace(each, selector=labels.get(each.selector or "", each.selector)): each.name for each in self.differenced}
        found = fresh_values(self.spec, stack, labels[self.main], list(there))
        return {name: found[quantity.name] for quantity, name in there.items()}

    def _arrays(self, x: Reals) -> PointArrays:
        arrays = self.space.arrays(x[None, :])
        if arrays.errors:
            raise arrays.errors[0]
        return arrays

    def _told(self, x: Reals) -> str:
        return ", ".join(f"{path} = {value:.6g}" for path, value in zip(self.space.paths, x, strict=True)) or "the base stack"


def changed(space: DesignSpace, x: Reals) -> Stack:
    """The stack of a design."""
    return space.stack.changed(dict(zip(space.paths, map(float, x), strict=True))) if space.paths else space.stack


def label_on(stack: Stack, label: str, n_eff: complex) -> str:
    """What ``modes`` calls the mode at a place on a stack."""
    from qdphotonics.optics import find_modes

    modes = find_modes(stack, polarization="TM" if label.startswith("TM") else "TE").modes
    return min(modes, key=lambda mode: abs(mode.n_eff - n_eff)).label


def fresh_values(spec: OptimizationSpec, stack: Stack, label: str, quantities: Sequence[Quantity]) -> dict[str, float]:
    """Quantities of one stack as a sweep of that one point computes them: nothing of the way there is known.

    Raises
    ------
    ModeSearchError
        Something could not be computed.
    """
    from qdphotonics.sweeps.planar_points import SweepPoints

    if not quantities:
        return {}
    shared = {name: getattr(spec, name) for name in ("name", "engine", "angle_deg", "from_side", "document")}
    here = Axis("wavelength", (stack.wavelength_nm,), "nm")
    alone = SweepSpec(**shared, stack=stack, mode=label, design=Design((Group(here.path, (here,)),)), quantities=tuple(quantities))
    block = SweepPoints.of(alone).block(np.array([0]))
    if block.errors:
        raise ModeSearchError(block.errors[0])
    return {name: float(found[0]) for name, found in block.values.items()}


def _strongest(selector: str, arrays: PointArrays, most: int | None) -> list[StrongMode]:
    """What a selector stands for at a design, and the next ones."""
    passive = _problem(arrays)
    return strongest_modes(passive, passive.with_index_change(arrays.gain_change[0]), POLARIZATIONS[selector], most)


def _design(x: Reals, arrays: PointArrays, mode: Mode, passive: FollowedPoint | None) -> FollowedDesign:
    """A mode that was found with the gain of the drive."""
    pumped = FollowedPoint(mode.n_eff, mode.wavelength_nm, mode.confinement.intensity, mode.sensitivity)
    return FollowedDesign(x, arrays, mode.polarization, pumped if passive is None else passive, pumped)


def _problem(arrays: PointArrays) -> PlanarProblem:
    """The one stack of these arrays, for a search that is not asked for group indices."""
    still: NDArray[np.complex128] = np.zeros(arrays.index.shape[1], np.complex128)
    wavelength = float(arrays.wavelength_nm[0])
    return PlanarProblem(wavelength, arrays.index[0], arrays.index_extraordinary[0], still, still, arrays.thickness_nm[0])
