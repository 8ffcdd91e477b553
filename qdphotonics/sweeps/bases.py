"""The stacks that a sweep's modes are followed from: the base, changed by what cannot be followed through.

A repeat's count, a material by its name, a medium: such axes are *structural*. Each combination of their values is a base of
its own, on which the modes are sought; from there they are followed through the numbers of the other axes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ModeSearchError, QDPhotonicsError
from qdphotonics.sweeps.axes import ANGLE
from qdphotonics.sweeps.follower import MAX_LOSS_PER_CM, polarization_of
from qdphotonics.sweeps.space import DesignSpace
from qdphotonics.sweeps.touches import is_structural, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qdphotonics.planar.results import Mode, Polarization
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.axes import Axis
    from qdphotonics.sweeps.specs import SweepSpec

SAMPLE = "sample"  # the dimension whose points are in no order


def main_mode(stack: Stack, mode: str | None) -> str:
    """The mode that a specification is about: as written, else the one that ``analyze`` reports, TE0 without gain.

    Raises
    ------
    ModeSearchError
        ``analyze`` has none to report.
    """
    if mode is not None or stack.medium is None:
        return mode or "TE0"
    from qdphotonics.laser.analysis import reported_mode

    return reported_mode(stack)[0].passive.label


@dataclass(frozen=True, eq=False)
class Base:
    """One stack that modes are followed from, and the space of numbers about it.

    Parameters
    ----------
    stack : Stack
    space : DesignSpace
        Along the numeric axes, in the order written.
    reported : str or None
        Label on the specification's stack of a mode that stands for the one that ``analyze`` reports here.
    """

    stack: Stack
    space: DesignSpace
    reported: str | None
    _searches: dict[str, tuple[Mode, ...]] = field(default_factory=dict, repr=False)

    def mode(self, label: str) -> Mode:
        """A mode of this stack by its label.

        Raises
        ------
        ModeSearchError
            There is none.
        """
        polarization = polarization_of(label)
        if label == self.reported:
            from qdphotonics.laser.analysis import reported_mode

            return reported_mode(self.stack, polarization)[0].passive.solution
        found = self._modes(polarization)
        named = next((mode for mode in found if mode.label == label), None)
        if named is None:
            have = ", ".join(mode.label for mode in found) or "none"
            told = f'the base stack "{self.stack.name}" has no mode {label} at {self.stack.wavelength_nm:g} nm'
            raise ModeSearchError(f"{told}; its {polarization} modes are: {have}")
        return named

    def _modes(self, polarization: Polarization) -> tuple[Mode, ...]:
        from qdphotonics.optics import planar_problem

        if polarization not in self._searches:
            self._searches[polarization] = planar_problem(self.stack).search(polarization, None, MAX_LOSS_PER_CM).modes
        return self._searches[polarization]


@dataclass(frozen=True, eq=False)
class Bases:
    """The bases of a sweep, made when they are first needed.

    Parameters
    ----------
    spec : SweepSpec
    main : str
        Label or selector of the specification's mode on the base stack.
    reported : bool
        Whether it is the mode that ``analyze`` reports: then, on a base with other layers, it is the one reported there, whose
        label may be another (a mirror with one more pair has one more mode above those in its gap).
    """

    spec: SweepSpec
    main: str
    reported: bool = False
    _made: dict[tuple[int, ...], Base] = field(default_factory=dict, repr=False)

    def of_points(self, flat: NDArray[np.int64]) -> Iterator[tuple[Base | QDPhotonicsError, NDArray[np.intp]]]:
        """Each base of some points, or why there is none, with the positions in ``flat`` of the points that it is for."""
        positions = np.stack(np.unravel_index(flat, self.spec.design.shape), axis=-1)
        keys, of_key = np.unique(positions[:, self._structural_groups], axis=0, return_inverse=True)
        if not self._structural_groups:
            keys, of_key = np.zeros((1, 0), np.int64), np.zeros(len(flat), np.intp)
        for number, key in enumerate(keys):
            members = np.flatnonzero(of_key.reshape(-1) == number)
            try:
                yield self._base(tuple(key.tolist()), int(flat[members[0]])), members
            except QDPhotonicsError as problem:
                yield problem, members

    def rows(self, flat: NDArray[np.int64]) -> Iterator[NDArray[np.intp]]:
        """Points of one base in rows [row, step] of positions in ``flat``, those of one length together.

        A row runs along the last dimension of numbers; samples, which are in no order, are rows of one point each.
        """
        design = self.spec.design
        groups = [at for at in range(len(design.groups)) if at not in self._structural_groups]
        if not groups or design.groups[groups[-1]].dimension == SAMPLE:
            yield np.arange(len(flat))[:, None]
            return
        positions = np.unravel_index(flat, design.shape)
        *outer, last = (positions[at] for at in groups)
        order = np.lexsort((last, *outer[::-1]))
        breaks = np.diff(last[order]) != 1
        for each in outer:
            breaks |= np.diff(each[order]) != 0
        rows = np.split(order, np.flatnonzero(breaks) + 1)
        lengths = np.array([len(row) for row in rows])
        for length in np.unique(lengths):
            yield np.stack([row for row in rows if len(row) == length])

    @cached_property
    def numeric(self) -> tuple[Axis, ...]:
        """Axes of numbers that the modes are followed through."""
        return tuple(axis for axis in self.spec.design.axes if axis.path != ANGLE and not self._is_structural(axis))

    @cached_property
    def _structural_groups(self) -> list[int]:
        return [at for at, group in enumerate(self.spec.design.groups) if any(map(self._is_structural, group.axes))]

    def _is_structural(self, axis: Axis) -> bool:
        return axis.path != ANGLE and (not axis.numeric or is_structural(self.spec.stack, place_of(self.spec.stack, axis.path)))

    def _base(self, key: tuple[int, ...], flat: int) -> Base:
        if key not in self._made:
            numbers = {axis.path for axis in self.numeric}
            here = self.spec.design.changes_at(flat).items()
            changes: dict[str, Any] = {path: value for path, value in here if path not in numbers and path != ANGLE}
            stack = self.spec.stack.changed(changes) if changes else self.spec.stack
            space = DesignSpace.of(stack, [axis.path for axis in self.numeric])
            self._made[key] = Base(stack, space, self.main if self.reported and changes else None)
        return self._made[key]
