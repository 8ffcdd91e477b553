"""Spectral elements on the radius: Gauss-Legendre-Lobatto nodes in each element, one shared node at each interface.

    r = 0            shell 1          shell 2        outer radius     outer matrix
    |---x--x--x---|---x--x--x---|---x--x--x---|---x--x--x---|---x--x--x---|
         element 0     element 1     ...

Values live in arrays [element, node]: at an interface both neighbours keep their own, so masses and dielectric constants may
jump. Quadrature at the nodes makes the mass matrix diagonal; for order p it is exact up to degree 2p - 1 and the error of a
level falls exponentially with p, because the solution is analytic inside each element.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Mesh:
    """Elements and their nodes.

    Parameters
    ----------
    radius_nm : array [element, node]
    weight_nm : array [element, node]
        Quadrature weights.
    derivative_per_nm : array [element, node, node]
        d/dr at the nodes of the polynomial through them.
    shell : array of int [element]
        Interval between the given edges that the element lies in: the shell, or beyond the last a piece of the surroundings.
    """

    radius_nm: Array
    weight_nm: Array
    derivative_per_nm: Array
    shell: NDArray[np.intp]

    @property
    def points(self) -> int:
        """Number of different nodes, r = 0 and the end included."""
        return int(self.index[-1, -1]) + 1

    @property
    def index(self) -> NDArray[np.intp]:
        """Number of the node in the whole mesh [element, node]."""
        elements, nodes = self.radius_nm.shape
        numbers: NDArray[np.intp] = np.arange(elements)[:, None] * (nodes - 1) + np.arange(nodes)
        return numbers

    @property
    def point_radius_nm(self) -> Array:
        """Radius of the different nodes [point]."""
        return np.concatenate([self.radius_nm[:, :-1].ravel(), self.radius_nm[-1:, -1]])

    @property
    def point_weight_nm(self) -> Array:
        """Quadrature weights of the different nodes [point]."""
        summed: Array = np.bincount(self.index.ravel(), self.weight_nm.ravel(), self.points).astype(np.float64)
        return summed

    def per_radius(self, values: Array) -> Array:
        """u/r [..., element, node] of u [..., element, node]; at r = 0, where u = 0, the derivative."""
        safe = np.where(self.radius_nm > 0, self.radius_nm, 1.0)
        quotient = np.where(self.radius_nm > 0, values / safe, 0.0)
        quotient[..., 0, 0] = values[..., 0, :] @ self.derivative_per_nm[0, 0]
        return quotient

    def cumulative(self, values: Array) -> Array:
        """Integral from 0 to each node [element, node] of values [element, node]."""
        half = (self.radius_nm[:, -1:] - self.radius_nm[:, :1]) / 2
        inside = half * (values @ running_integral(self.radius_nm.shape[1]).T)
        before = np.concatenate([[0.0], np.cumsum(inside[:-1, -1])])
        result: Array = inside + before[:, None]
        return result

    def integral(self, values: Array) -> float:
        """Integral over the whole mesh of values [element, node]."""
        return float(np.sum(self.weight_nm * values))


def make_mesh(edges_nm: list[float], order: int, largest_nm: float) -> Mesh:
    """A mesh with an interface at each of the edges (the first is 0), elements no longer than ``largest_nm``."""
    nodes, weights, derivative = lobatto(order + 1)
    bounds: list[tuple[float, float]] = []
    shell: list[int] = []
    for number, (low, high) in enumerate(pairwise(edges_nm)):
        cuts = np.linspace(low, high, max(1, int(np.ceil((high - low) / largest_nm - 1e-9))) + 1)
        bounds += list(pairwise(cuts))
        shell += [number] * (len(cuts) - 1)
    low_high = np.array(bounds)
    half = (low_high[:, 1] - low_high[:, 0])[:, None] / 2
    radius = low_high[:, :1] + half * (1 + nodes)
    radius[1:, 0] = radius[:-1, -1]  # neighbours share the node to the last bit
    return Mesh(radius, half * weights, derivative / half[:, :, None], np.array(shell))


@lru_cache(maxsize=32)
def lobatto(count: int) -> tuple[Array, Array, Array]:
    """Nodes on [-1, 1], weights and differentiation matrix of Gauss-Legendre-Lobatto quadrature.

    The inner nodes are the zeros of P'_{n-1}, the weights 2/(n (n - 1) P_{n-1}^2), D_ij = P(x_i)/(P(x_j) (x_i - x_j)).

    References
    ----------
    Canuto, Hussaini, Quarteroni, Zang, Spectral Methods (Springer 2006), section 2.3. doi:10.1007/978-3-540-30726-6
    """
    degree = count - 1
    legendre = np.polynomial.Legendre.basis(degree)
    nodes = np.concatenate([[-1.0], np.sort(legendre.deriv().roots().real), [1.0]])
    values = legendre(nodes)
    difference = nodes[:, None] - nodes[None, :]
    np.fill_diagonal(difference, 1.0)
    derivative = values[:, None] / values[None, :] / difference
    np.fill_diagonal(derivative, 0.0)
    derivative[0, 0], derivative[-1, -1] = -degree * count / 4, degree * count / 4
    return nodes, 2 / (degree * count * values**2), derivative


@lru_cache(maxsize=32)
def running_integral(count: int) -> Array:
    """Matrix [i, j]: integral from -1 to node i of the j-th Lagrange polynomial of the nodes."""
    nodes = lobatto(count)[0]
    points, weights = np.polynomial.legendre.leggauss(count)
    vandermonde = np.polynomial.legendre.legvander(nodes, count - 1)
    half = (nodes + 1) / 2
    at = -1 + half[:, None] * (1 + points)  # quadrature points between -1 and each node [i, q]
    basis = np.polynomial.legendre.legvander(at, count - 1) @ np.linalg.inv(vandermonde)  # [i, q, j]
    result: Array = half[:, None] * np.einsum("q,iqj->ij", weights, basis)
    return result
