"""One carrier in a radial profile: energies and radial functions.

BenDaniel-Duke: -(hbar^2/2) (1/r^2) d/dr[(r^2/m) dR/dr] + [hbar^2 L(L+1)/(2 m r^2) + V] R = E R, with R and R'/m continuous.
In the weak form for u = r R,

    (hbar^2/2) int (1/m) [(u' - u/r)(v' - v/r) + L(L+1) (u/r)(v/r)] dr + int V u v dr = E int u v dr,

the jump of the mass needs no term of its own: R'/m is continuous because no other function makes the form stationary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qdphotonics.gain.states.mesh import Array, Mesh
from qdphotonics.gain.states.profile import Band
from qdphotonics.gain.states.sphere import degeneracy, label
from qdphotonics.units import HBAR2_PER_ELECTRON_MASS_EV_NM2


@dataclass(frozen=True, eq=False)
class Level:
    """A level of one carrier.

    Parameters
    ----------
    n, L : int
        Radial number from 1, angular momentum from 0.
    energy_eV : float
        Electron: from the vacuum level (negative); hole: the same, upside down (positive). Their sum is a transition's energy.
    valleys : int
        Equivalent valleys, which multiply the degeneracy.
    function : array [point]
        u = r R with int u^2 dr = 1, at the points of :attr:`RadialStates.radius_nm`, the first lobe positive.
    mean_radius_nm : float
        <r>.
    """

    n: int
    L: int
    energy_eV: float
    valleys: int
    function: Array
    mean_radius_nm: float

    @property
    def label(self) -> str:
        """1S, 1P, ..."""
        return label(self.n, self.L)

    @property
    def degeneracy(self) -> int:
        """2(2L + 1) times the valleys."""
        return degeneracy(self.L, self.valleys)

    @property
    def row(self) -> str:
        """Energy, degeneracy and mean radius, for tables."""
        return f"{self.energy_eV:.4f} eV, ×{self.degeneracy}, <r> {self.mean_radius_nm:.2f} nm"

    def __repr__(self) -> str:
        return f"<{self.label} {self.row}>"


class Hamiltonian:
    """The matrix of one carrier for one L, made standard by the diagonal mass matrix: H = w^-1/2 K w^-1/2 + V.

    Parameters
    ----------
    mesh : Mesh
    band : Band
    L : int
    """

    def __init__(self, mesh: Mesh, band: Band, L: int) -> None:
        self._mesh = mesh
        self._kept = slice(1, band.wall)  # u = 0 at r = 0 and at the wall
        weight = mesh.point_weight_nm
        stiffness = np.zeros((mesh.points, mesh.points))
        nodes = mesh.radius_nm.shape[1]
        identity = np.broadcast_to(np.eye(nodes)[:, None, :], (nodes, *mesh.radius_nm.shape))  # [which, element, node]
        quotient = mesh.per_radius(np.ascontiguousarray(identity)).transpose(1, 2, 0)  # u/r: [element, at, which]
        slope = mesh.derivative_per_nm - quotient
        factor = HBAR2_PER_ELECTRON_MASS_EV_NM2 / 2 * mesh.weight_nm * band.inverse_mass
        blocks = np.einsum("eq,eqi,eqj->eij", factor, slope, slope)
        if L:
            blocks += L * (L + 1) * np.einsum("eq,eqi,eqj->eij", factor, quotient, quotient)
        blocks[:, range(nodes), range(nodes)] += mesh.weight_nm * band.edge_eV
        for block, index in zip(blocks, mesh.index, strict=True):
            stiffness[index[0] : index[-1] + 1, index[0] : index[-1] + 1] += block
        self._root = np.sqrt(weight[self._kept])
        self._matrix = stiffness[self._kept, self._kept] / (self._root[:, None] * self._root[None, :])

    def solve(self, count: int, extra_eV: Array | None = None) -> tuple[Array, Array]:
        """The lowest energies [level] and functions [level, point], with an additional potential [point]."""
        from scipy.linalg import eigh

        matrix = self._matrix
        if extra_eV is not None:
            matrix = matrix + np.diag(extra_eV[self._kept])
        last = min(count, len(matrix)) - 1
        energies, vectors = eigh(matrix, subset_by_index=[0, last], check_finite=False)
        functions = np.zeros((len(energies), self._mesh.points))
        functions[:, self._kept] = (vectors / self._root[:, None]).T
        # The first lobe that matters is positive: its sign is that of the first value above a hundredth of the largest.
        first = np.argmax(np.abs(functions) > 0.01 * np.abs(functions).max(axis=1, keepdims=True), axis=1)
        functions *= np.sign(functions[np.arange(len(functions)), first])[:, None]
        return energies, functions

    def mean_eV(self, function: Array) -> float:
        """Expectation value [eV] of a normalised function [point]."""
        scaled = self._root * function[self._kept]
        return float(scaled @ self._matrix @ scaled)


def solve_levels(mesh: Mesh, band: Band, angular_momenta: int, count: int, valleys: int) -> tuple[Level, ...]:
    """Levels below the barrier outside, ``count`` for each L < ``angular_momenta``, from the lowest; the lowest S is always there."""
    radius, weight = mesh.point_radius_nm, mesh.point_weight_nm
    found = []
    for L in range(angular_momenta):
        energies, functions = Hamiltonian(mesh, band, L).solve(count)
        for n, (energy, function) in enumerate(zip(energies, functions, strict=True), start=1):
            if energy < band.top_eV or (n == 1 and L == 0):
                found.append(Level(n, L, float(energy), valleys, function, float(np.sum(weight * radius * function**2))))
    return tuple(sorted(found, key=lambda level: level.energy_eV))
