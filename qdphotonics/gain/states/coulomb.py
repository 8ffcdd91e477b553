"""Coulomb energies of S functions: Gauss's law on the radius with a dielectric constant that may change along it.

With Q_a(r) = int_0^r u_a^2 the charge inside r, two spherical clouds a and b share the energy

    J_ab = e^2/(4 pi eps0) int_0^inf Q_a Q_b/(eps(r) r^2) dr,

so that a neutral pair leaves no field outside, and the interaction of two equal excitons is never negative:

    J_ee + J_hh - 2 J_eh = e^2/(4 pi eps0) int (Q_h - Q_e)^2/(eps r^2) dr >= 0.

Outside the dot the constant of the surroundings enters through the polarisation of the surface. Its monopole part cancels in
a neutral dot (attraction against self-energies) and is left out of J: there the last shell is continued. What remains is the
self-energy of the higher multipoles, :func:`polarization_energy_eV`.
"""

from __future__ import annotations

import numpy as np

from qdphotonics.gain.states.mesh import Array, Mesh
from qdphotonics.units import COULOMB_EV_NM

# The terms of the self-energy fall as (r/R)^(2 l); a 1S function has next to no weight near R.
MULTIPOLES = 200


class Electrostatics:
    """Energies and potentials of spherical clouds on a mesh with a dielectric constant [element, node]."""

    def __init__(self, mesh: Mesh, dielectric: Array) -> None:
        self._mesh = mesh
        radius = mesh.radius_nm
        safe = np.where(radius > 0, radius, 1.0)
        self._kernel = np.where(radius > 0, COULOMB_EV_NM / (dielectric * safe**2), 0.0)  # Q^2/r^2 -> 0 at r = 0
        self._outside = float(COULOMB_EV_NM / (dielectric[-1, -1] * radius[-1, -1]))

    @property
    def weight_nm(self) -> Array:
        """Quadrature weights of the points."""
        return self._mesh.point_weight_nm

    def charge_inside(self, function: Array) -> Array:
        """Q(r) [element, node] of u [point]."""
        return self._mesh.cumulative(function[self._mesh.index] ** 2)

    def energy_eV(self, first: Array, second: Array) -> float:
        """J [eV] of two clouds u [point]."""
        charges = self.charge_inside(first) * self.charge_inside(second)
        return self._mesh.integral(self._kernel * charges) + self._outside

    def potential_eV(self, function: Array) -> Array:
        """Energy [point] of a like unit charge in the field of a cloud: its slope is -Q e^2/(eps r^2)."""
        field = self._mesh.cumulative(self._kernel * self.charge_inside(function))
        values = self._outside + field[-1, -1] - field
        result = np.empty(self._mesh.points)
        result[self._mesh.index] = values  # continuous: both neighbours of an interface agree
        return result


def polarization_energy_eV(mesh: Mesh, function: Array, surface_nm: float, inside: float, outside: float) -> float:
    """Self-energy of a cloud by the polarisation of the dot's surface, multipoles l >= 1 [eV].

    Sigma(r) = e^2/(8 pi eps0 eps_in R) sum_l (l + 1)(eps_in - eps_out)/(l eps_in + (l + 1) eps_out) (r/R)^(2 l), one constant inside.

    Parameters
    ----------
    mesh : Mesh
    function : array [point]
        u of the carrier; what lies outside the surface is taken to be at it.
    surface_nm : float
        R.
    inside, outside : float
        Dielectric constants.

    References
    ----------
    Brus, J. Chem. Phys. 79, 5566 (1983), doi:10.1063/1.445676; Lannoo, Delerue, Allan, Phys. Rev. Lett. 74, 3415 (1995),
    doi:10.1103/PhysRevLett.74.3415
    """
    order = np.arange(1, MULTIPOLES + 1)
    strength = (order + 1) * (inside - outside) / (order * inside + (order + 1) * outside)
    share = np.minimum(mesh.point_radius_nm / surface_nm, 1.0)
    moments = (mesh.point_weight_nm * function**2) @ share[:, None] ** (2 * order)
    return float(COULOMB_EV_NM / (2 * inside * surface_nm) * (strength @ moments))
