"""Two-dimensional lattices seen from above: holes or pillars on a square or triangular lattice.

::

    square                      triangular (60 degrees)          G = 2π/Λ (square), 4π/(√3 Λ) (triangular): the shortest
    o   o   o                     o   o   o                      reciprocal vectors, 4 and 6 of them. At Γ light of
    o   o   o                   o   o   o                        n_eff = λ |G|/2π is diffracted along the plane and
    o   o   o                     o   o   o                      upwards: the second order of a lattice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import one_of, positive, refuse
from qdphotonics.gratings.cell import Complexes, Reals

if TYPE_CHECKING:
    from shapely import Polygon

CIRCLE_POINTS = 256  # of a circle as a polygon of the same area


@dataclass(frozen=True)
class Lattice:
    """A two-dimensional lattice of round holes or pillars.

    Parameters
    ----------
    kind : {"square", "triangular"}
    period_nm : float
        Distance of nearest neighbours Λ.
    element : {"hole", "pillar"}
    diameter_nm : float
        At most the period: neighbours may touch, not overlap.

    Examples
    --------
    >>> lattice = Lattice("square", 400.0, "hole", 200.0)
    >>> round(lattice.fill, 4)
    0.1963
    """

    kind: Literal["square", "triangular"]
    period_nm: float
    element: Literal["hole", "pillar"]
    diameter_nm: float

    def __post_init__(self) -> None:
        one_of("kind", self.kind, ("square", "triangular"))
        one_of("element", self.element, ("hole", "pillar"))
        positive("period_nm", self.period_nm, "nm")
        positive("diameter_nm", self.diameter_nm, "nm")
        if self.diameter_nm > self.period_nm:
            refuse("diameter_nm", f"be at most the period {self.period_nm:g} nm", self.diameter_nm)

    @property
    def vectors_nm(self) -> Reals:
        """Primitive vectors [vector, (x, y)] in nm."""
        angle = np.pi / 2 if self.kind == "square" else np.pi / 3
        return self.period_nm * np.array([[1.0, 0.0], [np.cos(angle), np.sin(angle)]])

    @property
    def reciprocal_per_nm(self) -> Reals:
        """Primitive reciprocal vectors [vector, (x, y)] in 1/nm: a_i · b_j = 2π δ_ij."""
        return np.asarray(2 * np.pi * np.linalg.inv(self.vectors_nm).T)

    @property
    def cell_area_nm2(self) -> float:
        return float(abs(np.linalg.det(self.vectors_nm)))

    @property
    def fill(self) -> float:
        """Fraction of the plane inside the holes or pillars."""
        return np.pi * self.diameter_nm**2 / 4 / self.cell_area_nm2

    @property
    def resonant_index_period(self) -> float:
        """λ/(n_eff Λ) at Γ, where the shortest reciprocal vectors feed back: 1 (square), √3/2 (triangular)."""
        return float(2 * np.pi / np.linalg.norm(self.reciprocal_per_nm[0]) / self.period_nm)

    @cached_property
    def outline(self) -> Polygon:
        """The hole or pillar about the origin as a shapely polygon of the circle's area [nm]."""
        from shapely import Polygon

        turn = 2 * np.pi * np.arange(CIRCLE_POINTS) / CIRCLE_POINTS
        radius = 0.5 * self.diameter_nm * np.sqrt(2 * np.pi / CIRCLE_POINTS / np.sin(2 * np.pi / CIRCLE_POINTS))
        return Polygon(np.stack((radius * np.cos(turn), radius * np.sin(turn)), axis=1))

    def fourier_epsilon(self, inside: complex, outside: complex, orders: ArrayLike) -> Complexes:
        """Coefficients ε_G of ε = Σ ε_G e^{iG·r} for reciprocal vectors G = p b_1 + q b_2.

        Parameters
        ----------
        inside, outside : complex
            ε in the holes or pillars, and around them.
        orders : int array [..., 2]
            p and q.

        Returns
        -------
        complex array [...]
            ε_0 the mean; else (ε_in − ε_out)·fill·2 J_1(Gr)/(Gr).
        """
        from scipy.special import j1

        pq = np.asarray(orders, dtype=float)
        reach = np.linalg.norm(pq @ self.reciprocal_per_nm, axis=-1) * 0.5 * self.diameter_nm
        shape = np.where(reach == 0.0, 1.0, 2.0 * j1(reach) / np.where(reach == 0.0, 1.0, reach))
        mean = np.where(reach == 0.0, outside, 0.0)
        return np.asarray(mean + (inside - outside) * self.fill * shape, dtype=complex)
