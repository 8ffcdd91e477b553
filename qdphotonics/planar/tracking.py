"""Modes followed through a batch of nearby stacks or wavelengths: n_eff, confinement, loss and derivatives as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import complex_array, every, one_of, real_array, refuse, refuse_since
from qdphotonics.planar.results import Complexes, Mode, ModeSearch, Polarization, Reals, Sensitivity
from qdphotonics.planar.tracking_places import TooManyOthers, place, room, sought_again, watch_anew, watched
from qdphotonics.units import loss_per_cm, wavenumber_per_nm

if TYPE_CHECKING:
    from qdphotonics.planar.tracking_kernel import Followed, Scratch, Stacks
    from qdphotonics.planar.tracking_rows import Tracks

STATUS = np.array(["tracked", "re-solved", "lost"])
TOGETHER_POINTS = 4096  # that are handed to the kernel at once: some megabytes
SPARE = 2  # places for modes to be followed along that come near later on, where any are near at first
BESIDE = 1e-5  # modes nearer than this to one that was given up share the doubt which is which


@dataclass(frozen=True)
class TrackedModes:
    """Modes followed through a batch; axes [mode, …batch], layers last, half-spaces first and last among regions.

    ``status``: "tracked"; "re-solved" where a mode met another closer than a step resolves, or was found again by a
    search, so that which is which is a matter of choice; "lost" where it ended (all else is nan from there on).
    """

    polarization: Polarization
    wavelength_nm: Reals  # […batch]
    n_eff: Complexes  # [mode, …batch]
    status_code: NDArray[np.int8]  # [mode, …batch]; place in STATUS
    open: NDArray[np.bool_]  # [mode, …batch, (substrate, superstrate)]
    on_sheet: NDArray[np.bool_]  # [mode, …batch]; False: followed beyond a branch cut, where find_modes does not list it
    confinement_intensity: Reals  # [mode, …batch, layer + 2]
    sensitivity: Sensitivity  # thickness_per_nm [mode, …batch, layer], index [mode, …batch, layer + 2], …

    @property
    def status(self) -> NDArray[np.str_]:
        """[mode, …batch]: tracked | re-solved | lost."""
        return STATUS[self.status_code]

    @property
    def kind(self) -> NDArray[np.str_]:
        """[mode, …batch]: guided | leaky."""
        return np.where(self.open.any(axis=-1), "leaky", "guided")

    @property
    def loss_per_cm(self) -> Reals:
        """[mode, …batch]: 2 k0 Im n_eff [1/cm]; negative: net modal gain."""
        return loss_per_cm(self.n_eff.imag, self.wavelength_nm)

    @property
    def confinement_gain(self) -> Reals:
        """[mode, …batch, layer + 2]: Re dn_eff/dn_i, exact."""
        return self.sensitivity.index.real


@dataclass(frozen=True)
class _Batch:
    """Arrays broadcast to […batch, layer + 2], […batch, layer] and […batch]; which layers are alike throughout."""

    n_o: Complexes
    n_e: Complexes
    thickness_nm: Reals
    wavelength_nm: Reals
    te: bool
    row: NDArray[np.int64]
    first: NDArray[np.int64]

    def at(self, place: Any) -> _Batch:
        """A part of the batch."""
        return _Batch(self.n_o[place], self.n_e[place], self.thickness_nm[place], self.wavelength_nm[place], self.te, self.row, self.first)

    def stacks(self) -> Stacks:
        """A batch of one axis for the kernel."""
        from qdphotonics.planar.tracking_kernel import Stacks

        k0d = self.thickness_nm * wavenumber_per_nm(self.wavelength_nm)[:, None]
        return Stacks(np.ascontiguousarray(self.n_o), np.ascontiguousarray(self.n_e), np.ascontiguousarray(k0d))


@dataclass(frozen=True)
class _Arrays:
    """What the kernel fills; axes [mode, …batch, …]."""

    n_eff: Complexes
    kappa: Complexes
    status: NDArray[np.int8]
    intensity: Reals
    by_index: Complexes
    by_extraordinary: Complexes
    by_thickness: Complexes
    room: Reals
    left: Reals

    @classmethod
    def empty(cls, shape: tuple[int, ...], batch: _Batch) -> _Arrays:
        """For (mode, …batch)."""
        regions, layers = batch.n_o.shape[-1], batch.thickness_nm.shape[-1]
        return cls(
            np.empty(shape, np.complex128),
            np.empty((*shape, 2), np.complex128),
            np.empty(shape, np.int8),
            np.empty((*shape, regions)),
            np.empty((*shape, regions), np.complex128),
            np.empty((*shape, regions), np.complex128),
            np.empty((*shape, layers), np.complex128),
            np.empty(shape),
            np.empty(shape),
        )

    def at(self, place: tuple[Any, ...]) -> _Arrays:
        """Views of a part of the batch."""
        return _Arrays(*(getattr(self, each.name)[(slice(None), *place)] for each in fields(self)))


def track_modes(
    index: ArrayLike,
    thickness_nm: ArrayLike,
    wavelength_nm: ArrayLike,
    polarization: Polarization,
    start: ModeSearch | Sequence[Mode],
    *,
    index_extraordinary: ArrayLike | None = None,
    threads: int = 1,
) -> TrackedModes:
    """Follow modes through a batch of nearby stacks, in its order: along the last axis, each row from the first column.

    Parameters
    ----------
    index : array_like of complex, shape (…batch, layer + 2)
        Refractive indices from substrate to superstrate; broadcasts with the other arguments.
    thickness_nm : array_like of float, shape (…batch, layer)
        Thicknesses [nm], > 0.
    wavelength_nm : array_like of float, shape (…batch)
        Vacuum wavelengths [nm].
    polarization : {"TE", "TM"}
    start : ModeSearch or sequence of Mode
        The modes to follow, at the first point of the batch.
    index_extraordinary : array_like of complex, shape (…batch, layer + 2), optional
        Of uniaxial layers; by default ``index``.
    threads : int
        Rows that are followed at the same time, for batches of two axes or more.

    Returns
    -------
    TrackedModes

    Raises
    ------
    ArgumentError
        Shapes that do not broadcast, values out of range, or modes of another stack or polarization.

    Notes
    -----
    Each step is predicted by the exact derivatives and corrected by Newton's method; it is halved until the corrections,
    the derivatives at both ends and the order of the modes agree (tracking_kernel.py says how). Modes within 0.05 in n_eff
    of those to follow are followed along unseen, so that none changes places with a stranger; they are sought at the first
    point, and anew, by a search of the stack there, whenever a mode has come half as far as the nearest that was left out.
    A mode keeps to its sheet: beyond cut-off it goes on, with ``kind`` changed, or with ``on_sheet`` False.

    Examples
    --------
    >>> from qdphotonics.planar import find_modes, track_modes
    >>> search = find_modes([1.45, 2.0, 1.0], [300.0], 633.0, "TE", n_range=(1.45, 2.1))
    >>> tracks = track_modes([1.45, 2.0, 1.0], [[300.0], [305.0], [310.0]], 633.0, "TE", search)
    >>> tracks.n_eff.shape, [str(status) for status in tracks.status[0]]
    ((2, 3), ['tracked', 'tracked', 'tracked'])
    """
    one_of("polarization", polarization, ("TE", "TM"))
    if threads < 1:
        refuse("threads", "be at least 1", threads)
    modes = start.modes if isinstance(start, ModeSearch) else tuple(start)
    batch = _broadcast(index, thickness_nm, wavelength_nm, index_extraordinary, polarization)
    _check_start(modes, batch, polarization)
    if not (modes and batch.wavelength_nm.size):
        return _result(_Arrays.empty((len(modes), *batch.wavelength_nm.shape), batch), batch, polarization)
    arrays = _followed(np.array([mode.n_eff for mode in modes]), batch, threads)
    return _result(_Arrays(*(getattr(arrays, each.name)[: len(modes)] for each in fields(arrays))), batch, polarization)


def _result(arrays: _Arrays, batch: _Batch, polarization: Polarization) -> TrackedModes:
    k0 = wavenumber_per_nm(batch.wavelength_nm)[..., None]
    return TrackedModes(
        polarization=polarization,
        wavelength_nm=batch.wavelength_nm,
        n_eff=arrays.n_eff,
        status_code=arrays.status,
        open=(arrays.kappa**2).real > 0.0,
        on_sheet=np.asarray((arrays.kappa.real + arrays.kappa.imag > 0.0).all(axis=-1)),
        confinement_intensity=arrays.intensity,
        sensitivity=Sensitivity(arrays.by_thickness * k0, arrays.by_index, arrays.by_extraordinary),
    )


def _broadcast(
    index: ArrayLike, thickness_nm: ArrayLike, wavelength_nm: ArrayLike, index_extraordinary: ArrayLike | None, polarization: Polarization
) -> _Batch:
    n_o = np.atleast_1d(complex_array("index", index))
    n_e = n_o if index_extraordinary is None else np.atleast_1d(complex_array("index_extraordinary", index_extraordinary))
    thickness, wavelength = np.atleast_1d(real_array("thickness_nm", thickness_nm)), real_array("wavelength_nm", wavelength_nm)
    every("index", "have Re n > 0", n_o, n_o.real > 0.0)
    every("index_extraordinary", "have Re n > 0", n_e, n_e.real > 0.0)
    every("thickness_nm", "be > 0", thickness, thickness > 0.0)
    every("wavelength_nm", "be > 0", wavelength, wavelength > 0.0)
    layers = thickness.shape[-1]
    for name, array in (("index", n_o), ("index_extraordinary", n_e)):
        if array.shape[-1] != layers + 2:
            refuse_since(name, f"have layer + 2 = {layers + 2} entries on its last axis", f"it has {array.shape[-1]}")
    try:
        shape = np.broadcast_shapes(n_o.shape[:-1], n_e.shape[:-1], thickness.shape[:-1], wavelength.shape)
    except ValueError:
        found = f"batches of shape {n_o.shape[:-1]}, {thickness.shape[:-1]} and {wavelength.shape} do not"
        refuse_since("index", "broadcast with thickness_nm and wavelength_nm", found)
    alike: dict[tuple[bytes, ...], int] = {}
    columns = ((n_o[..., at + 1].tobytes(), n_e[..., at + 1].tobytes(), thickness[..., at].tobytes()) for at in range(layers))
    row = np.array([alike.setdefault(column, len(alike)) for column in columns], np.int64)
    first = np.array([int(np.flatnonzero(row == each)[0]) for each in range(len(alike))], np.int64)
    return _Batch(
        np.broadcast_to(n_o, (*shape, layers + 2)),
        np.broadcast_to(n_e, (*shape, layers + 2)),
        np.broadcast_to(thickness, (*shape, layers)),
        np.broadcast_to(wavelength, shape),
        polarization == "TE",
        row,
        first,
    )


def _check_start(modes: tuple[Mode, ...], batch: _Batch, polarization: Polarization) -> None:
    if not batch.wavelength_nm.size:
        return
    origin = (0,) * batch.wavelength_nm.ndim
    for mode in modes:
        same = (
            mode.polarization == polarization
            and np.array_equal(mode.index, batch.n_o[origin])
            and np.array_equal(mode.index_extraordinary, batch.n_e[origin])
            and np.array_equal(mode.thickness_nm, batch.thickness_nm[origin])
            and mode.wavelength_nm == batch.wavelength_nm[origin]
        )
        if not same:
            refuse_since("start", f"hold {polarization} modes of the batch's first stack", f"{mode.label} belongs to another")


def _first_stack(batch: _Batch) -> _Batch:
    """The batch's first point, as a batch of one."""
    return batch.at((0,) * batch.wavelength_nm.ndim).at(np.newaxis)


def _followed(asked: Complexes, batch: _Batch, threads: int) -> _Arrays:
    """The modes that are asked for, then those that were followed along with them."""
    from qdphotonics.planar.tracking_kernel import set_stack

    _, scratch = room(batch.row, batch.first, 1)
    set_stack(_first_stack(batch).stacks(), 0, 0, 0.0, batch.te, scratch)
    near, rooms = watched(asked, asked, scratch)
    spare = SPARE if near else 0
    while True:
        arrays = _Arrays.empty((len(asked) + len(near) + spare, *batch.wavelength_nm.shape), batch)
        _begin([*asked.tolist(), *near], rooms, batch, arrays)
        try:
            _follow(batch, arrays, len(asked), threads)
        except TooManyOthers as lacking:
            spare += lacking.args[0] + SPARE
        else:
            return arrays


def _begin(places: list[complex], rooms: Reals, batch: _Batch, arrays: _Arrays) -> None:
    """Write the starting modes into the first point."""
    from qdphotonics.planar.tracking_kernel import set_stack
    from qdphotonics.planar.tracking_rows import Tracks, store

    count = arrays.n_eff.shape[0]
    current, scratch = room(batch.row, batch.first, count)
    set_stack(_first_stack(batch).stacks(), 0, 0, 0.0, batch.te, scratch)
    current.active[:] = False
    place(current, range(len(places)), places, batch.te, scratch)
    current.room[: rooms.size] = current.left[: rooms.size] = rooms
    origin = (0,) * batch.wavelength_nm.ndim
    first = _Arrays.empty((count, 1), batch)
    store(current, Tracks(*(getattr(first, each.name) for each in fields(first))), 0)
    for each in fields(arrays):
        getattr(arrays, each.name)[(slice(None), *origin)] = getattr(first, each.name)[:, 0]


def _follow(batch: _Batch, arrays: _Arrays, asked: int, threads: int) -> None:
    """Fill the batch from its first point: the first column, then the rows from there."""
    if batch.wavelength_nm.ndim == 0:
        return
    if batch.wavelength_nm.ndim == 1:
        _follow_rows(batch.at(np.newaxis), arrays.at((np.newaxis,)), (slice(None),), asked)
        return
    column = (*(slice(None),) * (batch.wavelength_nm.ndim - 1), 0)
    _follow(batch.at(column), arrays.at(column), asked, threads)
    *outer, length = batch.wavelength_nm.shape
    rows = np.unravel_index(np.arange(np.prod(outer, dtype=int)), tuple(outer))
    step = max(TOGETHER_POINTS // length, 1)
    slabs = [tuple(axis[first : first + step] for axis in rows) for first in range(0, len(rows[0]), step)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda slab: _follow_rows(batch.at(slab), arrays, slab, asked), slabs))


def _follow_rows(batch: _Batch, arrays: _Arrays, slab: tuple[Any, ...], asked: int) -> None:
    """Fill some rows, each from its first point."""
    from qdphotonics.planar.tracking_kernel import set_stack
    from qdphotonics.planar.tracking_rows import Tracks, track_row, track_rows

    rows, length = batch.wavelength_nm.shape
    count, layers = arrays.n_eff.shape[0], batch.thickness_nm.shape[-1]
    (current, scratch), (trial, _) = room(batch.row, batch.first, count), room(batch.row, batch.first, count)
    filled = _Arrays.empty((count, rows * length), batch)
    for each in fields(arrays):
        getattr(filled, each.name)[:, ::length] = getattr(arrays, each.name)[(slice(None), *slab, 0)]
    tracks = Tracks(*(getattr(filled, each.name) for each in fields(filled)))
    n_o, n_e = (array.reshape(-1, layers + 2) for array in (batch.n_o, batch.n_e))
    stacks = _Batch(
        n_o, n_e, batch.thickness_nm.reshape(-1, layers), batch.wavelength_nm.reshape(-1), batch.te, batch.row, batch.first
    ).stacks()
    row, point, way, alive = track_rows(stacks, 0, length, current, trial, batch.te, scratch, tracks)
    while row < rows:
        while point < (row + 1) * length:  # a row that cannot go on without a search
            if way < 1.0:
                set_stack(stacks, point - 1, point, way, batch.te, scratch)
                alive += watch_anew(current, asked, batch.te, scratch)
                begin = point - 1
            else:
                _seek_lost(current, asked, stacks, point, batch.te, scratch, tracks)
                begin, way, alive = point, 0.0, int(current.active.sum())
            point, way, alive = track_row(stacks, begin, way, alive, (row + 1) * length, current, trial, batch.te, scratch, tracks)
        row, point, way, alive = track_rows(stacks, row + 1, length, current, trial, batch.te, scratch, tracks)
    for each in fields(arrays):
        found = getattr(filled, each.name)
        getattr(arrays, each.name)[(slice(None), *slab)] = found.reshape(count, rows, length, *found.shape[2:])


def _seek_lost(current: Followed, asked: int, stacks: Stacks, point: int, te: bool, scratch: Scratch, tracks: Tracks) -> None:
    """Seek modes that were given up on the way to a point by a search of its stack, and say of which it is a matter of choice."""
    from qdphotonics.planar.tracking_kernel import set_stack
    from qdphotonics.planar.tracking_rows import RESOLVED, store

    set_stack(stacks, point, point, 0.0, te, scratch)
    last_known = tracks.n_eff[:, point - 1].copy()
    sought = [mode for mode in range(last_known.size) if not current.active[mode] and np.isfinite(last_known[mode])]
    left = sought_again(last_known[sought], current.n_eff[current.active], stacks, point, te, scratch)
    again = [(mode, n_eff) for mode, n_eff in zip(sought, left, strict=True) if n_eff is not None]
    place(current, [mode for mode, _ in again], [n_eff for _, n_eff in again], te, scratch)
    current.left[:asked] = np.minimum(current.left[:asked], 0.0)  # others are sought before the next step
    store(current, tracks, point)
    places = np.concatenate([last_known[sought], [n_eff for _, n_eff in again]])
    for mode in np.flatnonzero(current.active):  # those that were beside one that is sought again may have changed places with it
        beside = np.abs(places[:, None] - tracks.n_eff[mode, point - 1 : point + 1]).min(initial=np.inf)
        if mode in sought or beside < BESIDE:
            tracks.status[mode, point] = RESOLVED
