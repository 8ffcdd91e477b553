"""Many changed copies of a stack as the arrays that the planar solver takes, without a call for each.

What :meth:`Stack.changed` gives at every point, to the last bit, from as few calls as it takes:

- a thickness in nm is written into its column, the wavelength taken through each material once for each distinct value;
- everything else (an index, a fraction of a mixture, the n_eff of quarter waves, the drive …) goes through
  :meth:`Stack.changed` once for each distinct value, or for each distinct combination of those that touch one layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError, InputError
from qdphotonics.sweeps.touches import Touched, is_structural, place_of, touched
from qdphotonics.units import extinction

if TYPE_CHECKING:
    from qdphotonics._yaml import Loc
    from qdphotonics.stacks import Stack

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Kept = TypeVar("Kept")

KEPT_REGIONS = 140_000  # of changed stacks, and of their indices at a wavelength, that are kept for the next block: some 100 MB


@dataclass(frozen=True, eq=False)
class PointArrays:
    """Stacks as arrays; nan at a point that has an error.

    Parameters
    ----------
    wavelength_nm : float array [point]
    index, index_extraordinary : complex array [point, layer + 2]
        Without gain, half-spaces first and last.
    thickness_nm : float array [point, layer]
    unit_change : complex array [point, layer + 2]
        Change of each index for a material gain of 1 cm^-1: -i lambda/4 pi in the gain layers.
    material_gain_per_cm : float array [point]
        Of the medium at the drive, saturated without one; nan without a medium.
    errors : mapping of point to exception
        Why a point is no stack, or has no gain.
    """

    wavelength_nm: Reals
    index: Complexes
    index_extraordinary: Complexes
    thickness_nm: Reals
    unit_change: Complexes
    material_gain_per_cm: Reals
    errors: Mapping[int, InputError]

    def __len__(self) -> int:
        return len(self.wavelength_nm)

    @property
    def gain_change(self) -> Complexes:
        """Change of both indices by the gain of the drive [point, layer + 2]."""
        return self.unit_change * self.material_gain_per_cm[:, None]


@dataclass(frozen=True, eq=False)
class Directions:
    """How the arrays of one stack change along each path, per unit of the path's value.

    Parameters
    ----------
    thickness_nm : float array [path, layer]
    index, index_extraordinary : complex array [path, layer + 2]
        Material dispersion included where the path is the wavelength.
    wavelength_nm : float array [path]
        1 for the wavelength, else 0.
    unit_change : complex array [path, layer + 2]
        Of ``PointArrays.unit_change``.
    material_gain_per_cm : float array [path]
        nan without a medium.
    """

    thickness_nm: Reals
    index: Complexes
    index_extraordinary: Complexes
    wavelength_nm: Reals
    unit_change: Complexes
    material_gain_per_cm: Reals


@dataclass(frozen=True, eq=False)
class _Group:
    """Paths that touch something in common, by their columns, and what all of them touch."""

    columns: tuple[int, ...]
    touched: Touched

    @property
    def regions(self) -> tuple[int, ...]:
        return tuple(sorted(each for each in self.touched if isinstance(each, int)))


@dataclass(frozen=True, eq=False)
class DesignSpace:
    """A stack and the paths along which numbers of it are changed; made by :meth:`of`.

    Parameters
    ----------
    stack : Stack
    paths : tuple of str
        As of ``--set``.
    locs : tuple of loc
        Where in the document each leads.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> space = DesignSpace.of(qdp.load_stack("jung2022-lito-ag"), ["layers.QD.thickness", "wavelength"])
    >>> arrays = space.arrays([[95, 630], [100, 620]])
    >>> arrays.thickness_nm[:, 1], arrays.index.shape
    (array([ 95., 100.]), (2, 7))
    """

    stack: Stack
    paths: tuple[str, ...]
    locs: tuple[Loc, ...]
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, stack: Stack, paths: Iterable[str]) -> DesignSpace:
        """The space of a stack along some paths.

        Raises
        ------
        ArgumentError
            A path that changes what layers there are, such as the count of a repeat: each such stack is a base of its own.
        StackError
            No such place.
        """
        names = tuple(paths)
        locs = tuple(place_of(stack, path) for path in names)
        for path, loc in zip(names, locs, strict=True):
            if is_structural(stack, loc):
                raise ArgumentError(f"{path} changes what layers there are: apply it to the stack before its numbers are varied")
        return cls(stack, names, locs)

    def arrays(self, values: ArrayLike, *, gain: bool = True) -> PointArrays:
        """The stacks at some points.

        Parameters
        ----------
        values : float array [point, path]
        gain : bool
            False: the medium is not asked for its gain, which is nan.

        Returns
        -------
        PointArrays
            What :meth:`Stack.changed` gives for each point, bit for bit; what it raises is kept in ``errors``.
        """
        table = self._table(values)
        points, regions = len(table), len(self.stack.all_names)
        wavelength = np.full(points, self.stack.wavelength_nm) if self.wavelength is None else table[:, self.wavelength].copy()
        index, extraordinary = np.empty((points, regions), np.complex128), np.empty((points, regions), np.complex128)
        thickness, gains = np.empty((points, regions - 2)), np.full(points, np.nan)
        errors: dict[int, InputError] = {}
        waves, of_wave = np.unique(wavelength, return_inverse=True)
        for group in self._groups(table):
            rows, of_row = _distinct(table[:, group.columns])
            pairs, of_pair = np.unique(of_row * len(waves) + of_wave, return_inverse=True)
            made = [self._made(group, rows[pair // len(waves)], float(waves[pair % len(waves)]), gain) for pair in pairs.tolist()]
            columns = list(group.regions)
            index[:, columns] = np.array([each.index for each in made])[of_pair]
            extraordinary[:, columns] = np.array([each.index_extraordinary for each in made])[of_pair]
            layers = [at - 1 for at in columns if 0 < at < regions - 1]
            thickness[:, layers] = np.array([each.thickness_nm for each in made])[of_pair]
            if "gain" in group.touched:
                gains = np.array([each.gain_per_cm for each in made])[of_pair]
            _note(errors, of_pair, [each.error for each in made])
        for column, layers in self.plain.items():
            thickness[:, layers] = table[:, column, None]
            few, of_few = np.unique(table[:, column], return_inverse=True)
            _note(errors, of_few, [self._fault_of(column, float(value)) for value in few])
        wrong = list(errors)
        for array in (wavelength, index, extraordinary, thickness, gains):
            array[wrong] = np.nan
        unit_change = np.zeros((points, regions), np.complex128)
        unit_change[:, [layer + 1 for layer in self.stack.gain_layers]] = (-1j * extinction(1.0, wavelength))[:, None]
        return PointArrays(wavelength, index, extraordinary, thickness, unit_change, gains, errors)

    def directions(self, values: ArrayLike) -> Directions:
        """Derivatives of the arrays by each path's value, at one point; see :mod:`qdphotonics.sweeps.directions`.

        Parameters
        ----------
        values : float array [path]
        """
        from qdphotonics.sweeps.directions import directions

        return directions(self, self._table(values)[0])

    def changed(self, values: ArrayLike) -> Stack:
        """The stack at one point, ``values`` [path]; errors as of :meth:`Stack.changed`."""
        return self._changed(tuple(range(len(self.paths))), self._table(values)[0])

    @cached_property
    def plain(self) -> dict[int, list[int]]:
        """Columns of plain thicknesses, and the positions of the layers that have each."""
        layers = {at: [each - 1 for each in self.touched[at] if isinstance(each, int)] for at in range(len(self.paths))}
        return {at: sorted(layers[at]) for at, loc in enumerate(self.locs) if self._is_plain(loc)}

    @cached_property
    def wavelength(self) -> int | None:
        """The column of the wavelength."""
        return self.locs.index(("wavelength",)) if ("wavelength",) in self.locs else None

    @cached_property
    def touched(self) -> tuple[Touched, ...]:
        """What each path touches."""
        return tuple(touched(self.stack, loc) for loc in self.locs)

    def _table(self, values: ArrayLike) -> Reals:
        table = np.atleast_2d(np.asarray(values, dtype=np.float64))
        if table.ndim != 2 or table.shape[1] != len(self.paths):
            raise ArgumentError(f"Argument `values` must have the shape [point, path] with {len(self.paths)} paths, but has {table.shape}")
        return table

    def _groups(self, table: Reals) -> list[_Group]:
        """All that is not plain: paths that touch something in common together, and what no path touches.

        All in one group where that takes fewer calls: at samples no combination of values comes twice.
        """
        groups: list[_Group] = []
        for column in self._general:
            joined = [group for group in groups if group.touched & self.touched[column]]
            columns = sorted([*(each for group in joined for each in group.columns), column])
            touches = self.touched[column].union(*(group.touched for group in joined))
            groups = [group for group in groups if group not in joined] + [_Group(tuple(columns), touches)]
        apart = sum(len(_distinct(table[:, group.columns])[0]) for group in groups)
        if len(groups) > 1 and len(_distinct(table[:, self._general])[0]) <= apart:
            groups = [_Group(self._general, frozenset[int | str]().union(*(group.touched for group in groups)))]
        rest = {"gain", *range(len(self.stack.all_names))}.difference(*(group.touched for group in groups))
        return [*groups, _Group((), frozenset(rest))]

    @cached_property
    def _general(self) -> tuple[int, ...]:
        """Columns of neither the wavelength nor a plain thickness."""
        return tuple(at for at in range(len(self.paths)) if at not in self.plain and at != self.wavelength)

    def _is_plain(self, loc: Loc) -> bool:
        """Whether a path is a thickness that no other path has a say in, nor a grating that might be deeper than its layer."""
        if loc[0] != "layers" or loc[-1] != "thickness":
            return False
        within = any(other != loc and other[: len(loc)] == loc for other in self.locs)
        etched = self.stack.grating is not None and any(other[0] == "grating" for other in self.locs)
        return not within and not (etched and self._grating_layer + 1 in touched(self.stack, loc))

    @cached_property
    def _grating_layer(self) -> int:
        return -2 if self.stack.grating is None else self.stack.layer_names.index(self.stack.grating.layer)

    def _changed(self, columns: tuple[int, ...], row: Reals) -> Stack:
        changes = {self.paths[column]: float(value) for column, value in zip(columns, row, strict=True)}
        return self.stack.changed(changes) if changes else self.stack

    def _once(self, key: Any, compute: Callable[[], Kept]) -> Kept:
        """What was computed before, else what is computed now."""
        if key not in self._kept:
            value = compute()
            if len(self._kept) * len(self.stack.all_names) >= KEPT_REGIONS:
                self._kept.clear()
            self._kept[key] = value
        found: Kept = self._kept[key]
        return found

    def _made(self, group: _Group, row: Reals, wavelength_nm: float, gain: bool) -> _Made:
        """What the paths of a group make of the regions that they touch, at one wavelength."""
        which = (group.columns, group.regions, row.tobytes())
        return self._once((*which, wavelength_nm, gain), lambda: self._worked_out(group, row, wavelength_nm, gain))

    def _worked_out(self, group: _Group, row: Reals, wavelength_nm: float, gain: bool) -> _Made:
        count = len(group.regions)
        layers = [at - 1 for at in group.regions if 0 < at <= len(self.stack.layers)]
        pumped = gain and "gain" in group.touched
        try:
            stack, material_gain = self._changed_once(group.columns, row, pumped)
            index, normal = _indices(stack, group.regions, wavelength_nm)
        except InputError as problem:
            nothing = np.full(count, np.nan, np.complex128)
            told = self._told(group.columns, row, wavelength_nm) or problem
            return _Made(np.full(len(layers), np.nan), nothing, nothing, np.nan, told)
        return _Made(np.array([stack.layers[at].thickness_nm for at in layers]), index, normal, material_gain, None)

    def _changed_once(self, columns: tuple[int, ...], row: Reals, pumped: bool) -> tuple[Stack, float]:
        """The stack with the values of some columns, and its gain where it is asked for."""

        def compute() -> tuple[Stack, float]:
            stack = self._changed(columns, row)
            return stack, gain_of(stack) if pumped else np.nan

        return self._once(("stack", columns, row.tobytes(), pumped), compute)

    def _told(self, columns: tuple[int, ...], row: Reals, wavelength_nm: float) -> InputError | None:
        """What :meth:`Stack.changed` itself has to say of such values, None where nothing."""
        if self.wavelength is not None:
            columns, row = (*columns, self.wavelength), np.append(row, wavelength_nm)
        try:
            self._changed(columns, row)
        except InputError as problem:
            return problem
        return None

    def _fault_of(self, column: int, value: float) -> InputError | None:
        """Why a plain thickness cannot be, or None."""
        depth = self.stack.grating.depth_nm if self.stack.grating is not None and self._grating_layer in self.plain[column] else 0.0
        if 0.0 < value < np.inf and value >= depth:
            return None
        return self._once(("fault", column, value), lambda: self._told((column,), np.array([value]), self.stack.wavelength_nm))


@dataclass(frozen=True, eq=False)
class _Made:
    """Some regions of a stack at one wavelength, or why there is no such stack."""

    thickness_nm: Reals  # of those that are layers
    index: Complexes
    index_extraordinary: Complexes
    gain_per_cm: float
    error: InputError | None


def gain_of(stack: Stack) -> float:
    """Gain of a stack's medium at its own drive [1/cm], saturated without one; nan without a medium."""
    from qdphotonics.laser.analysis import medium_of
    from qdphotonics.laser.drive import operation

    if stack.medium is None:
        return np.nan
    return operation(stack, None, None).material_gain_per_cm(medium_of(stack, None))


def _indices(stack: Stack, regions: tuple[int, ...], wavelength_nm: float) -> tuple[Complexes, Complexes]:
    """Both indices of some regions at a wavelength.

    One wavelength after another: NumPy may round sums and products of a lone number and of an array differently.
    """
    found: dict[int, tuple[complex, complex]] = {}
    materials = stack.materials
    for material in {id(materials[at]): materials[at] for at in regions}.values():
        ordinary = complex(material.index(wavelength_nm))
        found[id(material)] = ordinary, complex(material.index_extraordinary(wavelength_nm)) if material.is_uniaxial else ordinary
    both = np.array([found[id(materials[at])] for at in regions], np.complex128).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _distinct(table: Reals) -> tuple[Reals, NDArray[np.intp]]:
    """The distinct rows of a table, and which of them each row is."""
    if not table.shape[1]:
        return table[:1], np.zeros(len(table), np.intp)
    rows, inverse = np.unique(table, axis=0, return_inverse=True)
    return rows, inverse.reshape(-1)


def _note(errors: dict[int, InputError], of_which: NDArray[np.intp], found: list[InputError | None]) -> None:
    """Write errors down at every point that has them, where none stands yet."""
    for number, problem in enumerate(found):
        if problem is not None:
            for point in np.flatnonzero(of_which == number).tolist():
                errors.setdefault(point, problem)
