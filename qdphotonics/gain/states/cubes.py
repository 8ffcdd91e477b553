"""Cubes of perovskites: an exciton in a box from strong to weak confinement, by one variational parameter.

psi = product of cos(pi x/l) over the six coordinates times exp(-beta r_eh), l the edge. Because the cosines solve the free
problem in the box, the kinetic energy is exactly 3 hbar^2 pi^2/(2 mu l^2) + hbar^2 beta^2/(2 mu), and only <1/r_eh> remains: an
integral over the distances |x|, |y|, |z|, each with the overlap of cos^2 with itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, pi
from typing import Literal

import numpy as np

from qdphotonics._checks import positive
from qdphotonics.gain.states.compound import Compound
from qdphotonics.gain.states.mesh import Array
from qdphotonics.units import COULOMB_EV_NM, HBAR2_PER_ELECTRON_MASS_EV_NM2

Regime = Literal["strong", "intermediate", "weak"]
# Half the edge against the exciton's radius (Kayanuma's R < 2 a_B and R > 4 a_B for spheres).
STRONG_BELOW, WEAK_ABOVE = 2.0, 4.0
_NODES = 48


@dataclass(frozen=True)
class Cube:
    """The lowest exciton of a cube.

    Parameters
    ----------
    compound : Compound
    edge_nm : float
    screening : str
    confinement_eV : float
        3 hbar^2 pi^2/(2 mu l^2).
    exciton_eV : float
        E_X by variation.
    correlation_per_nm : float
        beta; 1/a_B in a large cube.
    """

    compound: Compound
    edge_nm: float
    screening: str
    confinement_eV: float
    exciton_eV: float
    correlation_per_nm: float

    @property
    def gap_eV(self) -> float:
        """Electron and hole in the box without interaction."""
        return self.compound.gap_eV + self.confinement_eV

    @property
    def binding_eV(self) -> float:
        """Gap less exciton."""
        return self.gap_eV - self.exciton_eV

    @property
    def volume_nm3(self) -> float:
        """l^3."""
        return self.edge_nm**3

    @property
    def regime(self) -> Regime:
        """Strong, intermediate or weak confinement, by l/2 over the Bohr radius."""
        ratio = self.edge_nm / 2 / self.compound.bohr_radius_nm("static" if self.screening == "static" else "optical")
        return "strong" if ratio < STRONG_BELOW else "weak" if ratio > WEAK_ABOVE else "intermediate"


def cube(compound: Compound, edge_nm: float, screening: Literal["static", "optical"] = "static") -> Cube:
    """The lowest exciton of a cube with infinite walls.

    Parameters
    ----------
    compound : Compound
    edge_nm : float
    screening : {"static", "optical"}

    Returns
    -------
    Cube

    References
    ----------
    Romestain, Fishman, Phys. Rev. B 49, 1774 (1994), doi:10.1103/PhysRevB.49.1774 (the function); Kayanuma, Phys. Rev. B 38, 9797
    (1988), doi:10.1103/PhysRevB.38.9797 (regimes)

    Examples
    --------
    >>> from qdphotonics.gain.states import load_compound
    >>> box = cube(load_compound("CsPbBr3"), 10.0)
    >>> box.regime, round(box.confinement_eV, 4)
    ('strong', 0.0895)
    """
    from scipy.optimize import minimize_scalar

    edge = positive("edge_nm", edge_nm)
    kinetic = HBAR2_PER_ELECTRON_MASS_EV_NM2 / (2 * compound.reduced_mass)
    strength = COULOMB_EV_NM / compound.dielectric(screening)

    def energy(log_beta: float) -> float:
        beta = exp(log_beta)
        return kinetic * beta**2 - strength * inverse_distance(beta * edge) / edge

    bohr = compound.bohr_radius_nm(screening)
    # beta lies between that of a free exciton and one that the walls leave little of.
    found = minimize_scalar(energy, bounds=(log(0.01 / bohr), log(2 / bohr)), method="bounded", options={"xatol": 1e-8})
    confinement = 3 * kinetic * (pi / edge) ** 2
    return Cube(compound, edge, screening, confinement, compound.gap_eV + confinement + float(found.fun), exp(found.x))


def inverse_distance(decay: float) -> float:
    """<l/r_eh> for the decay beta l of the function exp(-beta r).

    The distances (x, y, z) of the octant fall into three equal parts by the largest of them, x: with y = x v, z = x w the
    volume x^2 dx dv dw takes the pole of 1/r away.

    Examples
    --------
    >>> round(inverse_distance(0.0), 4)  # electron and hole without correlation
    3.0478
    """
    x, weight = _spread()
    v, share = (1 + np.polynomial.legendre.leggauss(16)[0]) / 2, np.polynomial.legendre.leggauss(16)[1] / 2
    along = np.sqrt(1 + v[:, None] ** 2 + v[None, :] ** 2)  # r/x [v, w]
    distance = x[:, None, None] * along
    density = _overlap(x)[:, None, None] * _overlap(x[:, None] * v)[:, :, None] * _overlap(x[:, None] * v)[:, None, :]
    common = weight[:, None, None] * x[:, None, None] ** 2 * share[:, None] * share[None, :] * density * np.exp(-2 * decay * distance)
    return float(np.sum(common / distance) / np.sum(common))


@lru_cache(maxsize=1)
def _spread() -> tuple[Array, Array]:
    """Nodes and weights on [0, 1], dense at 0, where a strong decay leaves its weight."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    s = (1 + nodes) / 2
    return s**3, weights / 2 * 3 * s**2


def _overlap(distance: Array) -> Array:
    """Density of |x_e - x_h| in units of the edge: twice the overlap of 2 cos^2 with itself, shifted.

    P(d) = 2 int 2 cos^2(pi x) 2 cos^2(pi (x + d)) dx = (1 - d)(2 + cos 2 pi d) + 3 sin(2 pi d)/(2 pi).
    """
    turn = 2 * pi * distance
    result: Array = (1 - distance) * (2 + np.cos(turn)) + 3 * np.sin(turn) / (2 * pi)
    return result
