"""Modes followed from a base stack along rows of points, and at each point from the passive to the pumped stack.

::

    base ── p[k] ── p[k+1] ── … ── p[n-1]        a row: each point from the one before it; k is the point nearest to the base
       └─── p[k] ── p[k-1] ── … ── p[0]
              │       │              │
            gain    gain           gain          at each point: from the passive mode, as ``analyze`` goes

Every row begins at the base stack, and every gain at its own point. So a mode that is lost costs the rest of one row at
most, and that is sought once more from the base; and what a row gives does not depend on what else is computed with it.

In a stack with loss two modes can be one at a single point of the plane of two parameters (an exceptional point), and a way
around it leads from one to the other: there what a mode becomes depends on the way. So the end of every row is reached straight
from the base as well. Where that leads to another mode the row is marked: beyond the point a map has a cut, across which the
mode is another, each side followed without a doubt, and the marked rows lie along it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.follower import SAME_MODE
from qdphotonics.units import wavenumber_per_nm

if TYPE_CHECKING:
    from qdphotonics.planar.results import Mode
    from qdphotonics.planar.tracking import TrackedModes
    from qdphotonics.sweeps.space import Complexes, PointArrays, Reals

NOWHERE = complex(np.nan, np.nan)  # where a mode that is lost is: nan alone has the imaginary part 0, a loss of 0 per cm
TRACKED, RESOLVED, LOST = range(3)  # as in planar.tracking.STATUS
REGIONS_AT_ONCE = 300_000  # points times regions: some 300 MB of inputs, derivatives and fields
ENDS = "mode {} of the base stack ends, or cannot be told from a neighbour, on every way that was tried to this point"
HALVINGS = 3  # of a stretch of lost points, before each that is left is tried by itself


@dataclass(frozen=True, eq=False)
class FollowedModes:
    """Modes of one polarization at some points; nan where a mode is lost or cut off.

    Parameters
    ----------
    n_eff : complex array [mode, point]
        Of the passive stacks.
    status : int8 array [mode, point]
        TRACKED, LOST, or RESOLVED, where which is which is a matter of choice: another came too near, there or before in the
        row; the mode was lost on the way and found once more from the base; or another way leads to another mode.
    cut_off : bool array [mode, point]
        Lost because it lies beyond a half-space's branch cut, where it is no mode of the stack.
    intensity, gain_share : float array [mode, point, layer + 2]
        ``confinement.intensity`` and ``confinement.gain``.
    pumped_n_eff : complex array [mode, point]
        With the gain of the drive; nan throughout where it was not asked for.
    pumped_status : int8 array [mode, point]
        The same for the way from the passive to the pumped stack.
    """

    n_eff: Complexes
    status: NDArray[np.int8]
    cut_off: NDArray[np.bool_]
    intensity: Reals
    gain_share: Reals
    pumped_n_eff: Complexes
    pumped_status: NDArray[np.int8]

    @classmethod
    def lost(cls, modes: int, points: int, regions: int) -> FollowedModes:
        """Nothing is known yet."""
        shape = (modes, points)
        return cls(
            np.full(shape, NOWHERE, np.complex128),
            np.full(shape, LOST, np.int8),
            np.zeros(shape, np.bool_),
            np.full((*shape, regions), np.nan),
            np.full((*shape, regions), np.nan),
            np.full(shape, NOWHERE, np.complex128),
            np.full(shape, LOST, np.int8),
        )


def distances_to(start: Mode, arrays: PointArrays) -> Reals:
    """How much each point's stack differs from that of a mode: in the optical thickness of its layers and in its indices."""
    k0 = wavenumber_per_nm(arrays.wavelength_nm)[:, None]
    phase = k0 * arrays.thickness_nm * arrays.index[:, 1:-1].real
    base = wavenumber_per_nm(start.wavelength_nm) * start.thickness_nm * start.index[1:-1].real
    distance = np.abs(phase - base).sum(axis=1) + np.abs(arrays.index - start.index).sum(axis=1)
    return np.where(np.isnan(distance), np.inf, distance)


def follow_rows(starts: Sequence[Mode], arrays: PointArrays, rows: Iterable[NDArray[np.intp]], *, gain: bool) -> FollowedModes:
    """Follow modes from their stack to points, along rows.

    Parameters
    ----------
    starts : sequence of Mode
        Of one polarization and one stack, the base.
    arrays : PointArrays
        Stacks of the same layers; at points with an error the modes are lost.
    rows : iterable of int array [row, step]
        Points, each once, rows of one length together; each is begun at the step that is nearest to the base.
    gain : bool
        Whether the pumped modes are wanted.

    Returns
    -------
    FollowedModes
    """
    found = FollowedModes.lost(len(starts), len(arrays), arrays.index.shape[1])
    sound = np.ones(len(arrays), np.bool_)
    sound[list(arrays.errors)] = False
    walk = _Walk(starts, arrays, sound, gain, found)
    distance = distances_to(starts[0], arrays)
    for together in rows:
        nearest = distance[together].argmin(axis=1)
        for first in np.unique(nearest).tolist():
            some = together[nearest == first]
            walk.take(some[:, first:])
            if first:
                walk.take(some[:, first::-1])
            walk.doubt_detours(some[:, first:])
            walk.doubt_detours(some[:, first::-1])
        walk.seek_again(together)
    return found


def _stretches(rows: Iterable[NDArray[np.intp]], sound: NDArray[np.bool_], lost: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    """Unbroken parts of rows at which some mode is lost, points with errors left out."""
    for row in rows:
        points = row[sound[row]]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], lost[points].astype(np.int8), [0]])))
        for begin, end in edges.reshape(-1, 2):
            yield points[begin:end]


def _level(rows: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    """Rows of unlike lengths as an array [row, step]: at the end of the shorter ones one stands still."""
    longest = max(map(len, rows))
    return np.array([np.pad(row, (0, longest - len(row)), mode="edge") for row in rows])


@dataclass(frozen=True, eq=False)
class _Walk:
    """Takes the modes along rows and writes down what it finds."""

    starts: Sequence[Mode]
    arrays: PointArrays
    sound: NDArray[np.bool_]
    gain: bool
    found: FollowedModes

    def take(self, rows: NDArray[np.intp], *, again: bool = False) -> None:
        """Along each row from the base; ``again``: only what was lost is written."""
        regions = self.arrays.index.shape[1]
        step = max(REGIONS_AT_ONCE // ((rows.shape[1] + 1) * regions * (2 if self.gain else 1)), 1)
        for begin in range(0, len(rows), step):
            part = rows[begin : begin + step]
            self._write(part, self._tracked(part, gain=self.gain), again)

    def seek_again(self, rows: NDArray[np.intp]) -> None:
        """From the base into the middle of every stretch at which a mode was lost, and on from there; then to each lost point.

        A stretch is halved there whether or not its middle was reached. So a point is lost only if the mode cannot be followed
        to it straight from the base either, whatever the row it is in.
        """
        pieces = list(rows[self._lost()[rows].any(axis=1)])
        for _ in range(HALVINGS):
            again = list(_stretches(pieces, self.sound, self._lost()))
            if not again:
                return
            self.take(_level([stretch[len(stretch) // 2 :] for stretch in again]), again=True)
            self.take(_level([stretch[len(stretch) // 2 :: -1] for stretch in again]), again=True)
            pieces = [half for stretch in again for half in (stretch[: len(stretch) // 2], stretch[len(stretch) // 2 + 1 :])]
        lost = self._lost()
        alone = [point for piece in pieces for point in piece.tolist() if lost[point]]
        if alone:
            self.take(np.array(alone)[:, None], again=True)

    def _lost(self) -> NDArray[np.bool_]:
        """Points at which some mode is lost, and not because it is cut off."""
        return np.asarray(self.sound & ((self.found.status == LOST) & ~self.found.cut_off).any(axis=0))

    def doubt_detours(self, rows: NDArray[np.intp]) -> None:
        """Mark the modes of rows that are others at the row's end if one goes there straight from the base."""
        alive = (self.found.status[:, rows] != LOST).all(axis=0)
        last = rows.shape[1] - 1 - alive[:, ::-1].argmax(axis=1)
        known = alive.any(axis=1) & (last > 0)
        if not known.any():
            return
        rows, ends = rows[known], np.take_along_axis(rows, last[:, None], axis=1)[known]
        straight = self._tracked(ends, gain=False)
        sure = (straight.status_code[:, :, 1] == TRACKED) & straight.on_sheet[:, :, 1]
        here = self.found.n_eff[:, ends[:, 0]]
        other = sure & (np.abs(straight.n_eff[:, :, 1] - here) > SAME_MODE * (1.0 + np.abs(here)))
        mode, row = np.nonzero(other)
        place = (mode[:, None], rows[row, 1:])  # the first point of a row is reached straight
        for status in (self.found.status, self.found.pumped_status):
            status[place] = np.maximum(status[place], RESOLVED)

    def _tracked(self, rows: NDArray[np.intp], *, gain: bool) -> TrackedModes:
        """The base, then the points of each row; where there is no stack, the one before it stands in."""
        from qdphotonics import planar

        base, arrays = self.starts[0], self.arrays
        steps = np.where(self.sound[rows], np.arange(rows.shape[1]), -1)
        last = np.maximum.accumulate(steps, axis=1)
        ids = np.where(last < 0, len(arrays), np.take_along_axis(rows, np.maximum(last, 0), axis=1))
        ids = np.concatenate([np.full((len(rows), 1), len(arrays)), ids], axis=1)
        index = np.concatenate([arrays.index, base.index[None, :]])[ids]
        normal = np.concatenate([arrays.index_extraordinary, base.index_extraordinary[None, :]])[ids]
        thickness = np.concatenate([arrays.thickness_nm, base.thickness_nm[None, :]])[ids]
        wavelength = np.append(arrays.wavelength_nm, base.wavelength_nm)[ids]
        if gain:
            change = np.concatenate([arrays.gain_change, np.zeros((1, index.shape[-1]))])[ids]
            index, normal = np.stack([index, index + change], axis=2), np.stack([normal, normal + change], axis=2)
            thickness, wavelength = thickness[:, :, None], wavelength[:, :, None]
        return planar.track_modes(index, thickness, wavelength, base.polarization, self.starts, index_extraordinary=normal)

    def _write(self, rows: NDArray[np.intp], tracks: TrackedModes, again: bool) -> None:
        passive = (slice(None), slice(None), slice(1, None), *((0,) if self.gain else ()))
        code = tracks.status_code[passive]
        doubtful = np.logical_or.accumulate(code == RESOLVED, axis=2)  # once it was a matter of choice, it stays one
        status = np.where(doubtful & (code != LOST), RESOLVED, code).astype(np.int8)
        cut_off = (status != LOST) & ~tracks.on_sheet[passive]
        status[~np.broadcast_to(self.sound[rows], status.shape) | cut_off] = LOST
        wanted = status != LOST
        if again:
            wanted &= self.found.status[:, rows] == LOST
            status[wanted] = RESOLVED
        mode, row, step = np.nonzero(wanted)
        place = (mode, rows[row, step])
        taken = tuple(each[passive][wanted] for each in (tracks.n_eff, tracks.confinement_intensity, tracks.confinement_gain))
        self.found.n_eff[place], self.found.intensity[place], self.found.gain_share[place] = taken
        self.found.status[place] = status[wanted]
        self.found.cut_off[:, rows] = np.where(wanted, False, self.found.cut_off[:, rows] | cut_off)
        if self.gain:
            pumped = (*passive[:-1], 1)
            kept = tracks.status_code[pumped][wanted]
            kept = np.where(tracks.on_sheet[pumped][wanted], kept, LOST)
            self.found.pumped_n_eff[place] = np.where(kept == LOST, NOWHERE, tracks.n_eff[pumped][wanted])
            self.found.pumped_status[place] = np.maximum(kept, status[wanted])
