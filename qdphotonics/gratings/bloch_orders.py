"""Diffraction orders of a cell: which are kept, how the mirror sorts them, and what the slices are in them.

U = Σ_m U_m e^{i K_m x}, K_m = k_x + m G, G = 2π/Λ: E_y (TE) or H_y (TM), as in ``planar.dispersion``:

    U' = k0 Q V,  V' = -k0 G U        TE: Q = 1,             G = [ε] − K²/k0²
                                      TM: Q = [1/ε_o]^-1,    G = 1 − K [ε_e]^-1 K / k0²

with [f] the Toeplitz matrix f_{m-n}. E_x jumps at upright walls while ε E_x does not: its product is taken by the inverse
of [1/ε], that of the continuous E_z by [ε] (Li's factorisation; the other way round TM converges as 1/order or worse).

In metals of little loss TM has, besides, spurious modes of a slice with huge κ, which the truncated [1/ε] makes: they carry next to
nothing, but a resonance in them would move from one number of orders to the next; a mode that counts stays.

At k_x = 0 and G/2 a cell that is its own mirror image splits into waves even and odd in x, each of half the size.

Reference: L. Li, J. Opt. Soc. Am. A 13, 1870 (1996), doi:10.1364/JOSAA.13.001870.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qdphotonics.gratings.cell import Complexes, Reals, Slice, UnitCell

Parity = Literal["even", "odd"]
Polarization = Literal["TE", "TM"]

AT_SYMMETRY = 1e-12  # k_x this close to 0 or G/2, relative to G, is there

Medium: TypeAlias = tuple[Complexes, Complexes, Complexes]  # q, g0, g1 with g = g0 - g1 K²/k0²


@dataclass(frozen=True, eq=False)
class Orders:
    """The orders of one polarization, all of them or those of one parity.

    Parameters
    ----------
    cell : UnitCell
    polarization : {"TE", "TM"}
    number : int
        Orders −number … number (at k_x = G/2, if sorted by parity, from −number − 1).
    parity : {"even", "odd"}, optional
        Of U under x -> −x.
    at_edge : bool
        Of parities: those at k_x = G/2 rather than 0.
    slice_height_nm : float, optional
        As for :meth:`UnitCell.slices`.
    """

    cell: UnitCell
    polarization: Polarization
    number: int
    parity: Parity | None = None
    at_edge: bool = False
    slice_height_nm: float | None = None

    @property
    def wavenumber_per_nm(self) -> float:
        """G = 2π/Λ [1/nm]."""
        return 2 * np.pi / self.cell.period_nm

    @cached_property
    def m(self) -> NDArray[np.int64]:
        """The orders [order]."""
        first = -self.number - 1 if self.parity is not None and self.at_edge else -self.number
        return np.arange(first, self.number + 1)

    @cached_property
    def basis(self) -> Reals | None:
        """Orthonormal waves of the parity [order, wave]; None: every order is a wave of its own."""
        if self.parity is None:
            return None
        size, sign = self.m.size, 1.0 if self.parity == "even" else -1.0
        columns = []
        for i in range(size // 2, size):  # the mirror takes the order at i to that at size - 1 - i
            column = np.zeros(size)
            column[i] += 1.0
            column[size - 1 - i] += sign
            length = np.linalg.norm(column)
            if length > 0:
                columns.append(column / length)
        return np.array(columns).T

    @cached_property
    def wave_m(self) -> NDArray[np.int64]:
        """The order of each wave [wave]; of a pair that of larger K."""
        return self.m if self.basis is None else self.m[np.array([int(np.flatnonzero(column)[-1]) for column in self.basis.T])]

    @cached_property
    def wave_of(self) -> NDArray[np.int64]:
        """The wave that each order belongs to [order]; −1: none (order 0 among odd waves)."""
        if self.basis is None:
            return np.arange(self.m.size)
        return np.where(self.basis.any(axis=1), np.abs(self.basis).argmax(axis=1), -1)

    @cached_property
    def slices(self) -> tuple[Slice, ...]:
        return self.cell.slices(self.slice_height_nm)

    @cached_property
    def shares(self) -> tuple[dict[int, Complexes], ...]:
        """Of each slice, for each layer in it: the matrix [order, order] of its indicator function."""
        apart = self.m[:, None] - self.m[None, :]
        indicator = np.eye(len(self.cell.names), dtype=complex)

        def matrix(one: Slice, layer: int) -> Complexes:
            return one.fourier(indicator[layer], apart.ravel(), self.cell.period_nm).reshape(apart.shape)

        return tuple({int(layer): matrix(each, int(layer)) for layer in np.unique(each.layer)} for each in self.slices)

    def kx(self, kx_per_nm: Complexes) -> Complexes:
        """K of each wave [point, wave] at k_x [point]."""
        return np.asarray(kx_per_nm)[:, None] + self.wavenumber_per_nm * self.wave_m

    def project(self, matrix: Complexes) -> Complexes:
        """A matrix of orders as one of waves."""
        return matrix if self.basis is None else self.basis.T @ matrix @ self.basis

    def unfold(self, waves: Complexes) -> Complexes:
        """Amplitudes of waves [..., wave] as those of the orders [..., order]."""
        return waves if self.basis is None else waves @ self.basis.T

    def medium(self, layer: int, index: Complexes, index_extraordinary: Complexes) -> Medium:
        """q, g0, g1 [point, 1] of a layer."""
        epsilon, epsilon_z = index[:, layer, None] ** 2, index_extraordinary[:, layer, None] ** 2
        one = np.ones_like(epsilon)
        return (one, epsilon, one) if self.polarization == "TE" else (epsilon, one, 1.0 / epsilon_z)

    def matrices(
        self, position: int, index: Complexes, index_extraordinary: Complexes, kx_per_nm: Complexes, k0: Complexes
    ) -> tuple[Complexes | None, Complexes]:
        """Q (None: the unit matrix) and G [point, wave, wave] of a slice that is not uniform."""
        shares = self.shares[position]
        layers = list(shares)
        stack = np.array([shares[layer] for layer in layers])
        epsilon = index[:, layers] ** 2
        if self.polarization == "TE":
            toeplitz = self.project(np.tensordot(epsilon, stack, axes=1))
            K = self.kx(kx_per_nm)
            diagonal: Complexes = (K**2 / k0[:, None] ** 2)[:, :, None] * np.eye(K.shape[1])
            return None, toeplitz - diagonal
        Q = self.project(inverted(np.tensordot(1.0 / epsilon, stack, axes=1)))
        inverse = inverted(np.tensordot(index_extraordinary[:, layers] ** 2, stack, axes=1))
        K = np.asarray(kx_per_nm)[:, None] + self.wavenumber_per_nm * self.m
        turned = self.project(K[:, :, None] * inverse * K[:, None, :])
        return Q, np.eye(turned.shape[-1]) - turned / k0[:, None, None] ** 2


def inverted(matrix: Complexes) -> Complexes:
    """Inverse of each matrix [..., row, column]."""
    return np.asarray(np.linalg.inv(matrix), dtype=complex)


def symmetric_point(cell: UnitCell, kx_per_nm: complex) -> bool | None:
    """False at k_x = 0, True at the zone's edge G/2 (either one modulo G), None elsewhere or where the cell has no mirror."""
    if not cell.is_symmetric:
        return None
    halves = 2.0 * kx_per_nm * cell.period_nm / (2 * np.pi)
    nearest = round(halves.real)
    return None if abs(halves - nearest) > AT_SYMMETRY else bool(nearest % 2)
