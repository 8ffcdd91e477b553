"""Solving a radial profile, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qdphotonics._checks import numbers, refuse
from qdphotonics.gain.states.coulomb import Electrostatics, polarization_energy_eV
from qdphotonics.gain.states.exciton import MeanField, Pairs
from qdphotonics.gain.states.levels import Hamiltonian, Level, solve_levels
from qdphotonics.gain.states.mesh import Array, Mesh
from qdphotonics.gain.states.profile import ORDER, RadialProfile, bands
from qdphotonics.gain.states.sphere import LETTERS
from qdphotonics.units import MEV_PER_EV

Alignment = Literal["type I", "quasi-type II", "type II"]


@dataclass(frozen=True, eq=False)
class RadialStates:
    """Levels of a dot, its exciton and its biexciton.

    Parameters
    ----------
    profile : RadialProfile
    screening : str
        "static" or "optical".
    electrons, holes : tuple of Level
        From the lowest.
    radius_nm, weight_nm : array [point]
        Where the functions are given, and the weights that integrate over them.
    exciton, biexciton : Pairs
        In their own mean fields, or in the functions of the empty dot where that was asked for.
    polarization_eV : float
        Self-energy of electron and hole by the polarisation of the surface, multipoles l >= 1.
    correlation_meV : float
        What was given for correlation, added to Delta_XX.
    classification : str
        "type I", "quasi-type II" or "type II".
    """

    profile: RadialProfile
    screening: str
    electrons: tuple[Level, ...]
    holes: tuple[Level, ...]
    radius_nm: Array
    weight_nm: Array
    exciton: Pairs
    biexciton: Pairs
    polarization_eV: float
    correlation_meV: float
    classification: Alignment
    electron_in_shells: tuple[float, ...]
    hole_in_shells: tuple[float, ...]

    @property
    def gap_eV(self) -> float:
        """1S electron and hole without interaction."""
        return self.electron("1S").energy_eV + self.hole("1S").energy_eV

    @property
    def exciton_eV(self) -> float:
        """E_X."""
        return self.exciton.energy_eV + self.polarization_eV

    @property
    def exciton_exciton_meV(self) -> float:
        """Delta_XX = E_XX - 2 E_X, and the correlation that was given; > 0 repulsive."""
        return MEV_PER_EV * (self.biexciton.energy_eV - 2 * self.exciton.energy_eV) + self.correlation_meV

    @property
    def overlap_squared(self) -> float:
        """|<e|h>|^2 of the 1S functions of the exciton."""
        return self._overlap(self.exciton.electron, self.exciton.hole) ** 2

    @property
    def quantum_shell(self) -> bool:
        """The hole lives in a shell, not in the core: a spherical quantum well."""
        return int(np.argmax(self.hole_in_shells)) > 0 and self.profile.shells[0].at(0.0).gap_eV > min(
            shell.at(0.5).gap_eV for shell in self.profile.shells[1:]
        )

    def electron(self, name: str) -> Level:
        """The electron level of a label such as ``1P``; ArgumentError where it is not bound or was not asked for."""
        return _named(self.electrons, name)

    def hole(self, name: str) -> Level:
        """The hole level of a label."""
        return _named(self.holes, name)

    def transition_eV(self, name: str) -> float:
        """Energy between the electron and hole levels of one label, less the binding of the exciton."""
        return self.electron(name).energy_eV + self.hole(name).energy_eV + self.exciton_eV - self.gap_eV

    def overlap(self, electron: str, hole: str) -> float:
        """<e|h> of two levels of the empty dot; 0 for different L."""
        first, second = self.electron(electron), self.hole(hole)
        return self._overlap(first.function, second.function) if first.L == second.L else 0.0

    def _overlap(self, first: Array, second: Array) -> float:
        return float(np.sum(self.weight_nm * first * second))

    @property
    def summary(self) -> Mapping[str, float | str]:
        """The numbers of the table."""
        return {
            "class": self.classification + (", quantum shell" if self.quantum_shell else ""),
            "gap [eV]": self.gap_eV,
            "exciton [eV]": self.exciton_eV,
            "|<e|h>|²": self.overlap_squared,
            "J_ee of X [meV]": MEV_PER_EV * self.exciton.electron_electron_eV,
            "J_hh [meV]": MEV_PER_EV * self.exciton.hole_hole_eV,
            "J_eh [meV]": MEV_PER_EV * self.exciton.electron_hole_eV,
            "Δ_XX [meV]": self.exciton_exciton_meV,
        }

    def __repr__(self) -> str:
        rows = [f"{key:<26}{value if isinstance(value, str) else format(value, '.4g')}" for key, value in self.summary.items()]
        for name, levels in (("electron", self.electrons), ("hole", self.holes)):
            rows += [f"{name + ' ' + level.label:<26}{level.row}" for level in levels]
        return "\n".join([f"RadialStates of {self.profile.name}", *(f"  {row}" for row in rows)])


def solve_radial(
    profile: RadialProfile,
    *,
    angular_momenta: int = 4,
    levels: int = 2,
    screening: Literal["static", "optical"] = "optical",
    self_consistent: bool = True,
    correlation_meV: float = 0.0,
    order: int = ORDER,
) -> RadialStates:
    """Levels, exciton and biexciton of a spherical core/shell profile in the effective-mass approximation.

    Parameters
    ----------
    profile : RadialProfile
    angular_momenta : int
        L from 0 to this, exclusive: 4 for S, P, D, F.
    levels : int
        Levels for each L; those above a finite barrier are left out.
    screening : {"static", "optical"}
        Dielectric constant of the interactions: the bare electronic screening, or with the lattice, which would be right if that
        followed all charges. The two bracket Delta_XX; where it is measured (CdS/ZnSe, quantum shells) it lies at the optical
        end, as for states whose energies are beyond those of the phonons.
    self_consistent : bool
        Hartree's mean field for X and XX; else first order in the functions of the empty dot.
    correlation_meV : float
        Added to Delta_XX: what a mean field leaves out. Type-I dots of CdSe bind their biexcitons by about 10 to 30 meV.
    order : int
        Of the elements' polynomials.

    Returns
    -------
    RadialStates

    Raises
    ------
    ArgumentError
        Numbers out of their range.

    Notes
    -----
    One isotropic band for each carrier, offsets without strain, spherical shells of even thickness. Of the two-pair states
    only the one with all carriers in 1S is computed.

    References
    ----------
    BenDaniel, Duke, Phys. Rev. 152, 683 (1966), doi:10.1103/PhysRev.152.683; Haus et al., Phys. Rev. B 47, 1359 (1993),
    doi:10.1103/PhysRevB.47.1359 (radial profiles); Piryatinski et al., Nano Lett. 7, 108 (2007), doi:10.1021/nl0622404 (Delta_XX)

    Examples
    --------
    >>> states = solve_radial(RadialProfile.of(("CdS", 1.6), ("ZnSe", 3.6)))
    >>> states.classification, [level.label for level in states.electrons[:2]]
    ('type II', ['1S', '1P'])
    """
    for name, value, most in (("angular_momenta", angular_momenta, len(LETTERS)), ("levels", levels, 50), ("order", order, 40)):
        if not 1 <= value <= most:
            refuse(name, f"lie within 1 and {most}", value)
    if order < 3:
        refuse("order", "be at least 3", order)
    mesh = profile.mesh(order)
    electron, hole, dielectric = bands(profile, mesh, screening)
    field = Electrostatics(mesh, dielectric)
    mean_field = MeanField(Hamiltonian(mesh, electron, 0), Hamiltonian(mesh, hole, 0), field)
    empty = mean_field.first_order(1)
    exciton = mean_field.self_consistent(empty, 1) if self_consistent else empty
    biexciton = mean_field.self_consistent(exciton, 2) if self_consistent else mean_field.first_order(2)
    inside = _mean_dielectric(mesh, dielectric, profile.radius_nm)
    electrons = solve_levels(mesh, electron, angular_momenta, levels, profile.valleys)
    holes = solve_levels(mesh, hole, angular_momenta, levels, profile.valleys)
    return RadialStates(
        profile=profile,
        screening=screening,
        electrons=electrons,
        holes=holes,
        radius_nm=mesh.point_radius_nm,
        weight_nm=mesh.point_weight_nm,
        exciton=exciton,
        biexciton=biexciton,
        polarization_eV=sum(
            polarization_energy_eV(mesh, function, profile.radius_nm, inside, profile.outside_dielectric)
            for function in (exciton.electron, exciton.hole)
        ),
        correlation_meV=float(numbers("correlation_meV", correlation_meV)),
        classification=_classify(mesh, profile, (electron.edge_eV, hole.edge_eV), (empty.electron_eV, empty.hole_eV)),
        electron_in_shells=_in_shells(mesh, profile, exciton.electron),
        hole_in_shells=_in_shells(mesh, profile, exciton.hole),
    )


def _named(levels: tuple[Level, ...], name: str) -> Level:
    for level in levels:
        if level.label == name:
            return level
    refuse("name", f"be one of the levels found, {', '.join(level.label for level in levels)}", f'"{name}"')


def _mean_dielectric(mesh: Mesh, dielectric: Array, radius_nm: float) -> float:
    """Mean of the constant over the dot's volume."""
    volume = mesh.weight_nm * np.where(mesh.radius_nm <= radius_nm * (1 + 1e-12), mesh.radius_nm**2, 0.0)
    return float(np.sum(volume * dielectric) / np.sum(volume))


def _in_shells(mesh: Mesh, profile: RadialProfile, function: Array) -> tuple[float, ...]:
    """Probability of finding the carrier in each shell."""
    density = mesh.weight_nm * function[mesh.index] ** 2
    return tuple(float(np.sum(density[mesh.shell == number])) for number in range(len(profile.shells)))


def _classify(mesh: Mesh, profile: RadialProfile, edges: tuple[Array, Array], energies: tuple[float, float]) -> Alignment:
    """Type by edges and 1S levels.

    A carrier's well is the shell of its lowest edge; it is held there if its 1S level lies below the (volume-averaged) edges
    of all other shells. Both held: type I in one well, type II in two. One held and the other spread: quasi-type II. Neither:
    type I, both fill the dot.
    """
    wells, held = [], []
    for edge, energy in zip(edges, energies, strict=True):
        volume = mesh.weight_nm * mesh.radius_nm**2
        shells = [mesh.shell == number for number in range(len(profile.shells))]
        means = [float(np.sum((volume * edge)[shell]) / np.sum(volume[shell])) for shell in shells]
        lowest = int(np.argmin(means))
        wells.append(lowest)
        held.append(all(energy < mean for number, mean in enumerate(means) if number != lowest))
    if all(held):
        return "type I" if wells[0] == wells[1] else "type II"
    return "quasi-type II" if any(held) else "type I"
