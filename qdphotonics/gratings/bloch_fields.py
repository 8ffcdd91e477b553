"""The waves inside a cell: of a Bloch mode from the zero of D, of light that falls on it, as amplitudes in every slice.

In a slice of thickness d, z from its bottom:

    U = W (e^{iκ k0 z} a + e^{iκ k0 (d - z)} b),   V = T (e^{iκ k0 z} a − e^{iκ k0 (d - z)} b)

Both exponentials decay from the face at which their amplitude is given, so no field is lost to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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


def scattered(orders: Orders, at: Points) -> list[CellWaves]:
    """The waves that order 0 of unit amplitude, falling from the superstrate, makes at each point.

    ``edges`` holds what leaves: reflected into the superstrate, transmitted into the substrate.
    """
    first = start(orders, at, 0)
    waves, passed = first, []
    for position in range(len(orders.slices)):
        waves, one = through(orders, at, position, waves)
        passed.append(one)
    layer = len(orders.cell.names) - 1
    q, _, _ = orders.medium(layer, at.index, at.index_extraordinary)
    t = 1j * half_space_kappa(orders, at, 1) / (at.k0[:, None] * q)
    incident = np.zeros(t.shape, dtype=complex)
    incident[:, np.flatnonzero(orders.wave_m == 0)[0]] = 1.0
    c = np.linalg.solve(t[:, :, None] * waves.U - waves.V, (2.0 * t * incident)[:, :, None])[:, :, 0]
    reflected = (waves.U @ c[:, :, None])[:, :, 0] - incident
    inside: list[list[SliceWaves]] = []
    for one in passed[::-1]:
        below = one.X * c
        up = (one.R @ below[:, :, None])[:, :, 0]
        count = c.shape[0]
        inside.append([SliceWaves(one.kappa[i], None if one.W is None else one.W[i], one.T[i], up[i], c[i]) for i in range(count)])
        c = (one.inverse @ below[:, :, None])[:, :, 0]
    transmitted = c * first.U
    kz = [half_space_kappa(orders, at, side) for side in (0, 1)]
    return [
        CellWaves(
            orders,
            Points(at.k0[i : i + 1], at.kx[i : i + 1], at.index[i : i + 1], at.index_extraordinary[i : i + 1], at.sheet),
            tuple(each[i] for each in inside[::-1]),
            np.array([transmitted[i], reflected[i]]),
            np.array([kz[0][i], kz[1][i]]),
        )
        for i in range(at.k0.size)
    ]
