"""Exciton and biexciton of a dot by Hartree's mean field.

In the lowest S functions e and h, two carriers of one kind with opposite spins (their exchange energy is that of one carrier
with itself, so Hartree's equations are Hartree-Fock's here):

    E_X  = h_e + h_h - J_eh + Sigma_e + Sigma_h
    E_XX = 2 h_e + 2 h_h + J_ee + J_hh - 4 J_eh + 2 Sigma_e + 2 Sigma_h
    Delta_XX = E_XX - 2 E_X                      > 0 repulsive, < 0 attractive

First order keeps the functions of the empty dot: Delta_XX = J_ee + J_hh - 2 J_eh. Self-consistent, each state has its own
functions, which lowers both energies. Correlation is not in it: it binds the biexciton of type-I dots by some 10 meV where the
mean field gives about 0.

Quantum shells: for the sizes of Nazar et al. (Nanoscale 2025, doi:10.1039/d4nr04653f) this gives 0.4 to 1.3 meV, against 57 to 80 meV
of single shells, and no parameter of a spherical model closes that: electron and hole lie on the same shell, a dielectric surface
drops out of neutral pairs, offsets and strain move it by a few meV. An electron held wholly in the core, away from a hole in the
shell, would give 50 to 60 meV, but hardly any light. The review names what is missing, "the photoinduced electric
field of a spatially separated electron-hole pair": see :mod:`.polar`, which puts the two on opposite poles of the shell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qdphotonics.gain.states.coulomb import Electrostatics
from qdphotonics.gain.states.levels import Hamiltonian
from qdphotonics.gain.states.mesh import Array
from qdphotonics.gain.states.mixing import AndersonMixing
from qdphotonics.units import MEV_PER_EV

CONVERGED_EV = 1e-8
MAX_ROUNDS = 60
LOWEST = 30  # functions of the empty dot in a descent


@dataclass(frozen=True, eq=False)
class Pairs:
    """One or two pairs in the lowest S functions.

    Parameters
    ----------
    pairs : int
    electron, hole : array [point]
        u of the electron and the hole.
    electron_eV, hole_eV : float
        Expectation values of the one-carrier energies.
    electron_electron_eV, hole_hole_eV, electron_hole_eV : float
        J of the functions.
    """

    pairs: int
    electron: Array
    hole: Array
    electron_eV: float
    hole_eV: float
    electron_electron_eV: float
    hole_hole_eV: float
    electron_hole_eV: float

    @property
    def energy_eV(self) -> float:
        """Energy of the state above the empty dot, without surface polarisation."""
        count = self.pairs
        repulsion = count * (count - 1) / 2 * (self.electron_electron_eV + self.hole_hole_eV)
        return count * (self.electron_eV + self.hole_eV) + repulsion - count**2 * self.electron_hole_eV

    @property
    def first_order_interaction_meV(self) -> float:
        """J_ee + J_hh - 2 J_eh of these functions [meV]."""
        return MEV_PER_EV * (self.electron_electron_eV + self.hole_hole_eV - 2 * self.electron_hole_eV)


class MeanField:
    """Hartree's equations of a dot.

    Parameters
    ----------
    electron, hole : Hamiltonian
        Of L = 0.
    field : Electrostatics
    """

    def __init__(self, electron: Hamiltonian, hole: Hamiltonian, field: Electrostatics) -> None:
        self._electron = electron
        self._hole = hole
        self._field = field

    def first_order(self, pairs: int) -> Pairs:
        """Pairs in the functions of the empty dot."""
        return self._pairs(pairs, self._electron.solve(1)[1][0], self._hole.solve(1)[1][0])

    def self_consistent(self, start: Pairs, pairs: int) -> Pairs:
        """Pairs in the functions that their own mean field holds.

        By Anderson's mixing of the fields; where they do not settle, which is so for like carriers in two wells with little
        tunnelling between, by going down the energy itself.
        """
        fields = self._fields(self._pairs(pairs, start.electron, start.hole))
        mixing = AndersonMixing(np.sqrt(self._field.weight_nm))
        for _ in range(MAX_ROUNDS):
            state = self._pairs(pairs, self._electron.solve(1, fields[0])[1][0], self._hole.solve(1, fields[1])[1][0])
            miss = self._fields(state) - fields
            # What is wrong with the energy is of second order in this, where the functions have weight.
            size = sum(self._mean(np.abs(part), function) for part, function in zip(miss, (state.electron, state.hole), strict=True))
            if size < CONVERGED_EV:
                return state
            fields = mixing.following(fields, miss)
        return self._lowest(pairs)

    def _lowest(self, pairs: int) -> Pairs:
        """The functions of lowest energy, in the space of the empty dot's lowest: a descent by quasi-Newton steps (BFGS).

        Variables: coefficients over sqrt(1 + excitation/100 meV), so that steps along all of them weigh about the same.
        """
        from scipy.optimize import minimize

        energies, basis = zip(*(carrier.solve(LOWEST) for carrier in (self._electron, self._hole)), strict=True)
        scales = [1 / np.sqrt(1 + (energy - energy[0]) / 0.1) for energy in energies]
        count = len(scales[0])

        def functions(x: Array) -> tuple[list[Array], list[float]]:
            parts = [x[:count] * scales[0], x[count:] * scales[1]]
            norms = [float(np.linalg.norm(part)) for part in parts]
            return [part / norm for part, norm in zip(parts, norms, strict=True)], norms

        def energy(x: Array) -> tuple[float, Array]:
            parts, norms = functions(x)
            state = self._pairs(pairs, parts[0] @ basis[0], parts[1] @ basis[1])
            slopes = []
            for level, part, norm, scale, waves, field in zip(energies, parts, norms, scales, basis, self._fields(state), strict=True):
                force = level * part + (waves * self._field.weight_nm * field) @ (part @ waves)
                slopes.append(2 * pairs * scale / norm * (force - (force @ part) * part))
            return state.energy_eV, np.concatenate(slopes)

        start = np.concatenate([np.eye(1, count)[0], np.eye(1, len(scales[1]))[0] + 0.1])  # the hole over both wells
        found = minimize(energy, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 2000})
        parts, _ = functions(found.x)
        return self._pairs(pairs, parts[0] @ basis[0], parts[1] @ basis[1])

    def _fields(self, state: Pairs) -> Array:
        """What the electron and the hole feel of the others [carrier, point]: N - 1 of their kind, N of the other."""
        electron, hole = self._field.potential_eV(state.electron), self._field.potential_eV(state.hole)
        count = state.pairs
        return np.array([(count - 1) * electron - count * hole, (count - 1) * hole - count * electron])

    def _mean(self, potential_eV: Array, function: Array) -> float:
        return float(np.sum(self._field.weight_nm * potential_eV * function**2))

    def _pairs(self, count: int, electron: Array, hole: Array) -> Pairs:
        energy = self._field.energy_eV
        bare = self._electron.mean_eV(electron), self._hole.mean_eV(hole)
        return Pairs(count, electron, hole, *bare, energy(electron, electron), energy(hole, hole), energy(electron, hole))
