"""Integrals over the waves of a cell: |E|², energy, absorption by layer, and what leaves by each order.

E_x of TM is taken as D_x/ε in each layer: then the absorption by layers adds up to the difference of the fluxes at any number
of orders, as it does for TE and for E_z, so that energy is conserved to the quadrature's 1e-12.

Units: a wave of amplitude 1 has E_y = 1 (TE), Z0 H_y = 1 (TM); lengths in nm; integrals over a period are divided by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from qdphotonics.gratings.bloch_fields import CellWaves
from qdphotonics.gratings.cell import Complexes, Reals

NODES = 16  # of Gauss and Legendre in a piece of a slice
PIECE_NM = 60.0  # longest piece; the tenth order of a 400 nm period decays by e^-9 across it


@dataclass(frozen=True, eq=False)
class Integrals:
    """Integrals over each layer [layer + 2], half-spaces as far as the waves there are closed; [nm] times amplitude squared."""

    intensity: Reals  # ∫ |E|²
    energy: Reals  # ∫ ½ (Re d(ωε)/dω |E|² + |Z0 H|²)
    absorbed: Reals  # ∫ Im ε |E|², ε at the real part of the frequency; times k0 it compares with the fluxes
    flux: Reals  # [side, wave] Re(κ/q) |U|², of the waves that are open
    open: np.ndarray[tuple[int, int], np.dtype[np.bool_]]  # [side, wave]


@cache
def _nodes() -> tuple[Reals, Reals]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return 0.5 * (nodes + 1.0), 0.5 * weights


def heights(thickness_nm: float) -> tuple[Reals, Reals]:
    """Nodes and weights [nm] across a slice."""
    nodes, weights = _nodes()
    pieces = int(np.ceil(thickness_nm / PIECE_NM))
    step = thickness_nm / pieces
    return (np.arange(pieces)[:, None] * step + nodes * step).ravel(), np.tile(weights * step, pieces)


def measure(waves: CellWaves) -> Integrals:
    """Every integral of one solution."""
    orders, at = waves.orders, waves.at
    layers = len(orders.cell.names)
    sums = np.zeros((3, layers))
    material = _Material(waves)
    for position, (one, inside) in enumerate(zip(orders.slices, waves.slices, strict=True)):
        z, weight = heights(one.thickness_nm)
        U, V = inside.at(z, one.thickness_nm, waves.k0)
        if one.is_uniform:
            layer = int(one.layer[0])
            sums[:, layer] += material.sums(layer, _fields(waves, position, U, V), weight, None)
        else:
            fields = _fields(waves, position, U, V)
            for layer, share in orders.shares[position].items():
                sums[:, layer] += material.sums(layer, fields, weight, share)
    kz_squared = waves.kz_per_nm**2
    is_open = kz_squared.real > 0.0
    flux = np.zeros(is_open.shape)
    for side, layer in ((0, 0), (1, layers - 1)):
        q, _, _ = orders.medium(layer, at.index, at.index_extraordinary)
        kappa = waves.kz_per_nm[side] / waves.k0
        power = np.abs(waves.edges[side]) ** 2
        flux[side] = np.where(is_open[side], (kappa / q[0]).real * power, 0.0)
        tail = np.where(is_open[side], 0.0, 1.0 / (2.0 * np.where(is_open[side], 1.0, waves.kz_per_nm[side].imag)))
        U = waves.edges[side] * np.sqrt(tail)
        sums[:, layer] += material.sums(layer, _flat_fields(waves, layer, U, 1j * kappa / q[0] * U), np.ones(1), None)
    return Integrals(sums[0], sums[1], sums[2], flux, is_open)


class Fields(NamedTuple):
    """Amplitudes [height, order]; of H the two components, without their phases."""

    Ey: Complexes
    Dx: Complexes
    Ez: Complexes
    H_along: Complexes
    H_normal: Complexes


class _Material:
    """Weights of |E|² in each layer at one point."""

    def __init__(self, waves: CellWaves) -> None:
        cell, at = waves.orders.cell, waves.at
        self.te = waves.orders.polarization == "TE"
        self.epsilon, self.epsilon_z = at.index[0] ** 2, at.index_extraordinary[0] ** 2
        wavelength = 2 * np.pi / waves.k0
        # Im ε(ω) at complex ω holds Im ω dε/dω besides, which belongs to the energy: with it Poynting's balance closes to (1/Q)²
        back = 2 * np.pi / waves.k0.real - wavelength
        self.absorbing = ((at.index[0] + cell.dindex_dwavelength * back) ** 2).imag
        self.absorbing_z = ((at.index_extraordinary[0] + cell.dindex_extraordinary_dwavelength * back) ** 2).imag
        # d(ωε)/dω = ε − λ dε/dλ
        self.dispersive = (self.epsilon - wavelength * 2 * at.index[0] * cell.dindex_dwavelength).real
        self.dispersive_z = (self.epsilon_z - wavelength * 2 * at.index_extraordinary[0] * cell.dindex_extraordinary_dwavelength).real

    def sums(self, layer: int, fields: Fields, weight: Reals, share: Complexes | None) -> Reals:
        """∫|E|², energy, absorption in a layer that has a ``share`` of a slice."""

        def over(field: Complexes) -> float:
            if share is None:
                return float(weight @ (np.abs(field) ** 2).sum(axis=-1))
            return float(weight @ np.einsum("zm,mn,zn->z", field.conj(), share, field).real)

        magnetic = over(fields.H_along) + over(fields.H_normal)
        along = over(fields.Ey) if self.te else over(fields.Dx) / abs(self.epsilon[layer]) ** 2
        normal = 0.0 if self.te else over(fields.Ez)
        return np.array(
            [
                along + normal,
                0.5 * (self.dispersive[layer] * along + self.dispersive_z[layer] * normal + magnetic),
                self.absorbing[layer] * along + self.absorbing_z[layer] * normal,
            ]
        )


def _fields(waves: CellWaves, position: int, U: Complexes, V: Complexes) -> Fields:
    """Of one slice."""
    orders, at = waves.orders, waves.at
    one = orders.slices[position]
    if one.is_uniform:
        return _flat_fields(waves, int(one.layer[0]), U, V)
    K = (at.kx[0] + orders.wavenumber_per_nm * orders.m) / waves.k0
    full = orders.unfold(U)
    nothing = np.zeros_like(full)
    if orders.polarization == "TE":
        return Fields(full, nothing, nothing, orders.unfold(V), K * full)
    Q, _ = orders.matrices(position, at.index, at.index_extraordinary, at.kx, at.k0)
    assert Q is not None  # TM
    shares = orders.shares[position]
    toeplitz = np.tensordot(np.array([at.index_extraordinary[0, layer] ** 2 for layer in shares]), np.array(list(shares.values())), axes=1)
    Ez = np.linalg.solve(toeplitz, (K * full).T).T
    return Fields(nothing, orders.unfold(V @ Q[0].T), Ez, full, nothing)


def _flat_fields(waves: CellWaves, layer: int, U: Complexes, V: Complexes) -> Fields:
    """The same in a uniform layer, wave by wave: [height, wave]."""
    orders, at = waves.orders, waves.at
    U, V = np.atleast_2d(U), np.atleast_2d(V)
    K = orders.kx(at.kx)[0] / waves.k0
    nothing = np.zeros_like(U)
    if orders.polarization == "TE":
        return Fields(U, nothing, nothing, V, K * U)
    return Fields(nothing, at.index[0, layer] ** 2 * V, K * U / at.index_extraordinary[0, layer] ** 2, U, nothing)
