"""The waves inside a cell: of a Bloch mode from the zero of D, of light that falls on it, as amplitudes in every slice.

In a slice of thickness d, z from its bottom:

    U = W (e^{iκ k0 z} a + e^{iκ k0 (d - z)} b),   V = T (e^{iκ k0 z} a − e^{iκ k0 (d - z)} b)

Both exponentials decay from the face at which their amplitude is given, so no field is lost to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.gratings.bloch_dispersion import (
    Passed,
    Points,
    Waves,
    enter,
    flat_medium,
    half_space_kappa,
    halves,
    start,
    through,
    through_flat,
)
from qdphotonics.gratings.bloch_orders import Orders
from qdphotonics.gratings.cell import Complexes, Reals


@dataclass(frozen=True, eq=False)
class SliceWaves:
    """What runs up and down in one slice."""

    kappa: Complexes  # [wave]
    W: Complexes | None  # None: the unit matrix
    T: Complexes  # [wave] where W is None, else [wave, wave]
    up: Complexes  # [wave] at the bottom
    down: Complexes  # [wave] at the top

    def at(self, height_nm: Reals, thickness_nm: float, k0: complex) -> tuple[Complexes, Complexes]:
        """U and V [height, wave] at heights above the slice's bottom [nm]."""
        up = np.exp(1j * k0 * np.multiply.outer(height_nm, self.kappa)) * self.up
        down = np.exp(1j * k0 * np.multiply.outer(thickness_nm - height_nm, self.kappa)) * self.down
        if self.W is None:
            return up + down, self.T * (up - down)
        return (up + down) @ self.W.T, (up - down) @ self.T.T


@dataclass(frozen=True, eq=False)
class CellWaves:
    """The waves of one solution everywhere in a cell."""

    orders: Orders
    at: Points  # one point
    slices: tuple[SliceWaves, ...]
    edges: Complexes  # [side, wave] U on the two half-spaces, of the waves that leave
    kz_per_nm: Complexes  # [side, wave]

    @property
    def k0(self) -> complex:
        return complex(self.at.k0[0])

    def field(self, x_nm: ArrayLike, z_nm: ArrayLike) -> Complexes:
        """E_y (TE) or Z0 H_y (TM) on a grid, of arbitrary size for a mode.

        Parameters
        ----------
        x_nm : float array [x]
            Any number of periods; k_x is in the phase.
        z_nm : float array [z]
            From below the substrate's surface, z = 0, to above the stack; in the half-spaces only the waves that leave are counted.

        Returns
        -------
        complex array [z, x]
        """
        x, z = np.atleast_1d(np.asarray(x_nm, dtype=float)), np.atleast_1d(np.asarray(z_nm, dtype=float))
        slices = self.orders.slices
        bottoms = np.array([each.bottom_nm for each in slices])
        top = slices[-1].top_nm
        U = np.empty((z.size, self.kz_per_nm.shape[1]), dtype=complex)
        place = np.where(z < 0.0, -1, np.where(z > top, len(slices), np.searchsorted(bottoms, z, side="right") - 1))
        for position in np.unique(place):
            here = place == position
            if 0 <= position < len(slices):
                U[here], _ = self.slices[position].at(z[here] - bottoms[position], slices[position].thickness_nm, self.k0)
            else:
                side, away = (0, -z[here]) if position < 0 else (1, z[here] - top)
                U[here] = self.edges[side] * np.exp(1j * np.multiply.outer(away, self.kz_per_nm[side]))
        K = self.at.kx[0] + self.orders.wavenumber_per_nm * self.orders.m
        grid: Complexes = self.orders.unfold(U) @ np.exp(1j * np.multiply.outer(K, x))
        return grid


def resonance(orders: Orders, at: Points) -> CellWaves:
    """The waves of the Bloch mode whose D vanishes at the one point given, of arbitrary size."""
    below, rough, above = halves(orders)
    rising, falling = _flat_runs(orders, at, below, 0), _flat_runs(orders, at, above[::-1], 1)
    up, down = rising[-1], falling[-1]
    passed: list[Passed] = []
    for position in rough:
        up, one = through(orders, at, position, up)
        passed.append(one)
    waves: dict[int, SliceWaves] = {}
    if rough:
        matrix = (down.V[:, :, None] * up.U + down.U[:, :, None] * up.V)[0]
        c = np.linalg.svd(matrix)[2][-1].conj()
        U, V = up.U[0] @ c, up.V[0] @ c
    else:
        c = np.zeros(up.U.shape[1], dtype=complex)
        c[np.argmin(np.abs(down.V * up.U + down.U * up.V)[0])] = 1.0
        U, V = up.U[0] * c, up.V[0] * c
    for position, one in zip(rough[::-1], passed[::-1], strict=True):
        waves[position], c = _inside(one, c)
    over = (down.U[0].conj() * U - down.V[0].conj() * V) / (np.abs(down.U[0]) ** 2 + np.abs(down.V[0]) ** 2)
    bottom = _unrolled(orders, at, below, rising, c, waves, upwards=True)
    top = _unrolled(orders, at, above[::-1], falling, over, waves, upwards=False)
    return _cell_waves(orders, at, waves, bottom, top)


def _flat_runs(orders: Orders, at: Points, positions: list[int], side: int) -> list[Waves]:
    """The waves at each face of the flat slices, from a half-space inwards."""
    runs = [start(orders, at, side)]
    for position in positions:
        runs.append(through_flat(orders, at, *flat_medium(orders, at, position), runs[-1]))
    return runs


def _inside(one: Passed, c: Complexes) -> tuple[SliceWaves, Complexes]:
    """Waves of a slice from the column amplitudes at its top, and those at its bottom."""
    below = one.X[0] * c
    W = None if one.W is None else one.W[0]
    return SliceWaves(one.kappa[0], W, one.T[0], one.R[0] @ below, c), one.inverse[0] @ below


def _unrolled(
    orders: Orders, at: Points, positions: list[int], runs: list[Waves], c: Complexes, waves: dict[int, SliceWaves], *, upwards: bool
) -> Complexes:
    """Fill ``waves`` for flat slices, whose waves are c times the runs; U on the half-space they began at."""
    inner = runs[-1].wave_log[0]
    size = [c * np.exp(run.wave_log[0] - inner) for run in runs]
    for k, position in enumerate(positions):
        kappa, _, T, _, _ = enter(orders, at, position)
        first, second = (size[k], runs[k]), (size[k + 1], runs[k + 1])
        (at_bottom, low), (at_top, high) = (first, second) if upwards else (second, first)
        sign = 1.0 if upwards else -1.0  # a run downwards counts V the other way
        up = 0.5 * at_bottom * (low.U[0] + sign * low.V[0] / T[0])
        down = 0.5 * at_top * (high.U[0] - sign * high.V[0] / T[0])
        waves[position] = SliceWaves(kappa[0], None, T[0], up, down)
    outer: Complexes = size[0] * runs[0].U[0]
    return outer


def _cell_waves(orders: Orders, at: Points, waves: dict[int, SliceWaves], bottom: Complexes, top: Complexes) -> CellWaves:
    kz = np.array([half_space_kappa(orders, at, side)[0] for side in (0, 1)])
    return CellWaves(orders, at, tuple(waves[k] for k in range(len(orders.slices))), np.array([bottom, top]), kz)


@dataclass(frozen=True, eq=False)
class Scattered:
    """What order 0 of unit amplitude, falling on a cell, makes at many points."""

    orders: Orders
    at: Points
    side: int  # it falls from: 0 substrate, 1 superstrate
    edges: Complexes  # [side, point, wave] U on the two half-spaces, of the waves that leave
    kz_per_nm: Complexes  # [side, point, wave]
    passed: tuple[Passed, ...]  # in the order of the slices
    inner: tuple[tuple[Complexes, Complexes], ...]  # [slice] amplitudes (a, b) as seen from the far side [point, wave]

    def waves(self, i: int) -> CellWaves:
        """The fields of one point."""
        one = slice(i, i + 1)
        at = Points(self.at.k0[one], self.at.kx[one], self.at.index[one], self.at.index_extraordinary[one], self.at.sheet)
        inside = []
        for passed, (a, b) in zip(self.passed, self.inner, strict=True):
            up, down = (a, b) if self.side == 1 else (b, a)
            inside.append(SliceWaves(passed.kappa[i], None if passed.W is None else passed.W[i], passed.T[i], up[i], down[i]))
        return CellWaves(self.orders, at, tuple(inside), self.edges[:, i], self.kz_per_nm[:, i])


def scattered(orders: Orders, at: Points, side: int = 1) -> Scattered:
    """Order 0 of unit amplitude falls from the superstrate (side 1) or the substrate (0).

    The waves are carried from the far side, each slice by its reflection matrix, and unrolled from the near one: no
    exponential grows either way, as with scattering matrices.
    """
    far, layer = 1 - side, 0 if side == 0 else len(orders.cell.names) - 1
    positions = range(len(orders.slices)) if side == 1 else range(len(orders.slices) - 1, -1, -1)
    first = start(orders, at, far)
    waves, passed = first, []
    for position in positions:
        waves, one = through(orders, at, position, waves)
        passed.append(one)
    q, _, _ = orders.medium(layer, at.index, at.index_extraordinary)
    kz = [half_space_kappa(orders, at, each) for each in (0, 1)]
    t = 1j * kz[side] / (at.k0[:, None] * q)
    incident = np.zeros(t.shape, dtype=complex)
    incident[:, np.flatnonzero(orders.wave_m == 0)[0]] = 1.0
    c: Complexes = np.asarray(np.linalg.solve(t[:, :, None] * waves.U - waves.V, (2.0 * t * incident)[:, :, None])[:, :, 0])
    edges: list[Complexes] = [incident, incident]
    edges[side] = (waves.U @ c[:, :, None])[:, :, 0] - incident
    inner = []
    for one in passed[::-1]:
        below = one.X * c
        inner.append(((one.R @ below[:, :, None])[:, :, 0], c))
        c = (one.inverse @ below[:, :, None])[:, :, 0]
    edges[far] = c * first.U
    if side == 1:
        inner = inner[::-1]
    else:
        passed = passed[::-1]
    return Scattered(orders, at, side, np.array(edges), np.array(kz), tuple(passed), tuple(inner))
