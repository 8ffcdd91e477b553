"""Exciton and biexciton of a dot by Hartree's mean field.

In the lowest S functions e and h, two carriers of one kind with opposite spins (their exchange energy is that of one carrier
with itself, so Hartree's equations are Hartree-Fock's here):

    E_X  = h_e + h_h - J_eh + Sigma_e + Sigma_h
    E_XX = 2 h_e + 2 h_h + J_ee + J_hh - 4 J_eh + 2 Sigma_e + 2 Sigma_h
    Delta_XX = E_XX - 2 E_X                      > 0 repulsive, < 0 attractive

First order keeps the functions of the empty dot: Delta_XX = J_ee + J_hh - 2 J_eh. Self-consistent, each state has its own
functions, which lowers both energies. Correlation is not in it: it binds the biexciton of type-I dots by some 10 meV where the
mean field gives about 0.

Quantum shells: for the sizes of Nazar et al. (Nanoscale 2025, doi:10.1039/d4nr04653f) the exciton comes out where it is measured
(CdS 3.6/CdSe 1.75/CdS 3.15 nm: 641 nm, 640 nm measured), but Delta_XX at 0.4 to 0.8 meV, against 57 to 80 meV of single shells.
No parameter of a spherical model closes that: electron and hole lie on the same shell, and even J_hh + J_ee, Delta_XX without
any attraction, is only some 60 meV there. Strain, offsets and the constant of the surroundings drop out or move it by a few meV. The
review names the cause, "the photoinduced electric field of a spatially separated electron-hole pair": electron and hole on
different sides, by the polar axis of wurtzite or by uneven shells, which no radial function has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qdphotonics.errors import QDPhotonicsError
from qdphotonics.gain.states.coulomb import Electrostatics
from qdphotonics.gain.states.levels import Hamiltonian
from qdphotonics.gain.states.mesh import Array
from qdphotonics.units import MEV_PER_EV

CONVERGED_EV = 1e-9
MAX_ROUNDS = 200
SMALLEST_SHARE = 0.05


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
        (electron_eV,), (electron,) = self._electron.solve(1)
        (hole_eV,), (hole,) = self._hole.solve(1)
        return self._pairs(pairs, electron, hole, float(electron_eV), float(hole_eV))

    def self_consistent(self, start: Pairs, pairs: int) -> Pairs:
        """Pairs in the functions that their own mean field holds; raises QDPhotonicsError if that does not settle."""
        state = self._pairs(pairs, start.electron, start.hole, start.electron_eV, start.hole_eV)
        fields, share, before = self._fields(state), 1.0, np.inf
        for _ in range(MAX_ROUNDS):
            following = self._step(pairs, fields)
            change = abs(following.energy_eV - state.energy_eV)
            if change < CONVERGED_EV * share:
                return following
            # Two like carriers that repel each other more than their well holds them swing: then take less of the new field.
            if change > before / 2:
                share = max(share / 2, SMALLEST_SHARE)
            fields = [(1 - share) * old + share * new for old, new in zip(fields, self._fields(following), strict=True)]
            state, before = following, change
        raise QDPhotonicsError(f"the mean field of {pairs} pair(s) did not settle in {MAX_ROUNDS} rounds; use self_consistent=False")

    def _fields(self, state: Pairs) -> list[Array]:
        """What the electron and the hole feel of the others [point]: N - 1 of their kind, N of the other."""
        electron, hole = self._field.potential_eV(state.electron), self._field.potential_eV(state.hole)
        count = state.pairs
        return [(count - 1) * electron - count * hole, (count - 1) * hole - count * electron]

    def _step(self, pairs: int, fields: list[Array]) -> Pairs:
        """Both carriers in given fields."""
        (electron_eV,), (electron,) = self._electron.solve(1, fields[0])
        (hole_eV,), (hole,) = self._hole.solve(1, fields[1])
        bare = electron_eV - self._mean(fields[0], electron), hole_eV - self._mean(fields[1], hole)
        return self._pairs(pairs, electron, hole, float(bare[0]), float(bare[1]))

    def _mean(self, potential_eV: Array, function: Array) -> float:
        return float(np.sum(self._field.weight_nm * potential_eV * function**2))

    def _pairs(self, count: int, electron: Array, hole: Array, electron_eV: float, hole_eV: float) -> Pairs:
        energy = self._field.energy_eV
        return Pairs(count, electron, hole, electron_eV, hole_eV, energy(electron, electron), energy(hole, hole), energy(electron, hole))
