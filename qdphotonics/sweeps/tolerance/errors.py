"""The errors of a study of tolerances: how each moves the arrays of the stack, and random draws of all of them.

A thickness error, and the shift of an index, move arrays along a straight line; other numbers (the wavelength, the drive, a
fraction of a mixture …) go through :class:`~qdphotonics.sweeps.space.DesignSpace`. An error may be one random number, or one
for each layer of a repeat: these numbers are the *variates*, all independent of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.materials import Material
from qdphotonics.sweeps.margins import is_index, materials_of
from qdphotonics.sweeps.space import DesignSpace, Directions, PointArrays

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.specs import ErrorSource

Reals = NDArray[np.float64]
LEAST_NM = 1e-3  # of a layer: what is left of one that an error has eaten up


@dataclass(frozen=True)
class Variate:
    """One random number.

    Parameters
    ----------
    source : int
        Position of its error in the specification.
    layers : tuple of int
        Positions in ``stack.layers`` of those whose thickness it changes.
    regions : tuple of int
        Positions along ``stack.all_names`` of those whose index it shifts.
    """

    source: int
    layers: tuple[int, ...] = ()
    regions: tuple[int, ...] = ()

    @property
    def is_general(self) -> bool:
        """Whether it goes through :meth:`Stack.changed`."""
        return not (self.layers or self.regions)


@dataclass(frozen=True, eq=False)
class Errors:
    """What errs in a stack, and how.

    Parameters
    ----------
    stack : Stack
        As designed.
    sources : tuple of ErrorSource
    variates : tuple of Variate
    """

    stack: Stack
    sources: tuple[ErrorSource, ...]
    variates: tuple[Variate, ...]

    @classmethod
    def of(cls, stack: Stack, sources: Sequence[ErrorSource]) -> Errors:
        """The variates of some errors, each repeat of a layer one of its own where they are ``independent``."""
        variates: list[Variate] = []
        for position, source in enumerate(sources):
            whole = _variate(stack, source.path, position)
            if not source.independent or whole.is_general:
                variates.append(whole)
                continue
            variates += [Variate(position, layers=(layer,)) for layer in whole.layers]
            variates += [Variate(position, regions=(region,)) for region in whole.regions]
        return cls(stack, tuple(sources), tuple(variates))

    @cached_property
    def standard_deviations(self) -> Reals:
        """Of the variates [variate], in the unit of their source."""
        return np.array([self.sources[each.source].standard_deviation for each in self.variates])

    @cached_property
    def general(self) -> tuple[int, ...]:
        """Variates that go through :meth:`Stack.changed`."""
        return tuple(at for at, each in enumerate(self.variates) if each.is_general)

    @cached_property
    def space(self) -> DesignSpace:
        """Of the general variates."""
        return DesignSpace.of(self.stack, [self.sources[self.variates[at].source].path for at in self.general])

    @cached_property
    def nominal(self) -> Reals:
        """Values as designed of the general variates' paths."""
        return np.array([self.sources[self.variates[at].source].nominal for at in self.general])

    def draw(self, count: int, seed: int) -> Reals:
        """Random deviations [sample, variate] in the units of the sources.

        Each variate has a stream of its own, so that an error more or less leaves the others' draws as they were.
        """
        drawn = np.empty((count, len(self.variates)))
        for column, variate in enumerate(self.variates):
            generator = np.random.default_rng([seed, variate.source, column - self._first_of(variate.source)])
            source = self.sources[variate.source]
            if source.distribution == "normal":
                drawn[:, column] = generator.standard_normal(count)
            else:
                drawn[:, column] = generator.uniform(-sqrt(3.0), sqrt(3.0), count)
            drawn[:, column] *= source.standard_deviation
        return drawn

    def _first_of(self, source: int) -> int:
        return next(at for at, each in enumerate(self.variates) if each.source == source)

    def arrays(self, deviations: Reals) -> PointArrays:
        """The stacks with some deviations [sample, variate]; what is no stack any more has an error."""
        arrays = self.space.arrays(self.nominal + deviations[:, list(self.general)])
        thickness, shift = (deviations @ each for each in (self._thickness_rates, self._index_rates))
        errors = dict(arrays.errors)
        too_thin = np.any(arrays.thickness_nm + thickness < LEAST_NM, axis=1)
        wrong = np.asarray(too_thin | np.any((arrays.index + shift).real <= 0, axis=1))
        for sample in np.flatnonzero(wrong).tolist():
            errors.setdefault(sample, ArgumentError("an error leaves nothing of a layer, or of its refractive index"))
        return replace(
            arrays,
            thickness_nm=np.where(wrong[:, None], np.nan, arrays.thickness_nm + thickness),
            index=np.where(wrong[:, None], np.nan, arrays.index + shift),
            index_extraordinary=np.where(wrong[:, None], np.nan, arrays.index_extraordinary + shift),
            errors=errors,
        )

    @cached_property
    def _thickness_rates(self) -> Reals:
        """Change of each thickness by a variate [variate, layer]."""
        rates = np.zeros((len(self.variates), len(self.stack.layers)))
        for row, each in enumerate(self.variates):
            rates[row, list(each.layers)] = 1.0
        return rates

    @cached_property
    def _index_rates(self) -> Reals:
        """Change of each index by a variate [variate, layer + 2]."""
        rates = np.zeros((len(self.variates), len(self.stack.layers) + 2))
        for row, each in enumerate(self.variates):
            rates[row, list(each.regions)] = 1.0
        return rates

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """What each variate is an error of [variate]: paths, with ``[0]``, ``[1]`` … where the repeats of a layer err by themselves."""
        names = []
        for at, variate in enumerate(self.variates):
            alone = sum(each.source == variate.source for each in self.variates) == 1
            path = self.sources[variate.source].path
            names.append(path if alone else f"{path}[{at - self._first_of(variate.source)}]")
        return tuple(names)

    def directions(self, values: Reals) -> Directions:
        """Derivatives of the arrays by each variate, at the stack as designed."""
        found = self.space.directions(self.nominal) if self.general else None
        count, layers = self._thickness_rates.shape
        made = Directions(
            thickness_nm=self._thickness_rates.copy(),
            index=self._index_rates.astype(complex),
            index_extraordinary=self._index_rates.astype(complex),
            wavelength_nm=np.zeros(count),
            unit_change=np.zeros((count, layers + 2), dtype=complex),
            material_gain_per_cm=np.zeros(count),
        )
        for row, at in enumerate(self.general):
            for name in vars(made):
                getattr(made, name)[at] = getattr(found, name)[row]
        return made

    def changed(self, deviation: Reals) -> Stack:
        """The stack with one draw [variate], for what takes a whole stack.

        Raises
        ------
        InputError
            It is no stack any more.
        """
        stack = self.stack
        if self.general:
            values = self.nominal + deviation[list(self.general)]
            stack = stack.changed({path: float(value) for path, value in zip(self.space.paths, values, strict=True)})
        thickness, shift = deviation @ self._thickness_rates, deviation @ self._index_rates
        grown = [layer.thickness_nm + by for layer, by in zip(stack.layers, thickness.tolist(), strict=True)]
        if min(grown, default=1.0) < LEAST_NM:
            raise ArgumentError("an error leaves nothing of a layer")
        moved = [_shifted(material, by) for material, by in zip(stack.materials, shift.tolist(), strict=True)]
        layers = tuple(
            replace(layer, thickness_nm=nm, material=material) for layer, nm, material in zip(stack.layers, grown, moved[1:-1], strict=True)
        )
        return replace(stack, substrate=moved[0], superstrate=moved[-1], layers=layers)


def _shifted(material: Material, by: float) -> Material:
    return material if by == 0.0 else material.shifted(by)


def _variate(stack: Stack, path: str, position: int) -> Variate:
    """What an error moves, all the repeats of a layer together."""
    if is_index(path):
        return Variate(position, regions=tuple(at for at, _ in materials_of(stack, path)))
    return Variate(position, layers=tuple(DesignSpace.of(stack, [path]).plain.get(0, ())))
