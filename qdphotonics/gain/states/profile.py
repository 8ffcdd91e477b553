"""Core/shell/shell profiles: which compound, how far out, graded or not, and what lies outside."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf, isnan

import numpy as np

from qdphotonics._checks import positive, refuse
from qdphotonics.gain.states.compound import Compound, alloy
from qdphotonics.gain.states.library import load_compound
from qdphotonics.gain.states.mesh import Array, Mesh, make_mesh

# Order 12 on elements of 1.25 nm: levels of shells of II-VI compounds are converged to 1e-12 eV (tests/gain/states/test_levels.py).
ORDER = 12
LARGEST_ELEMENT_NM = 1.25
# Outside a finite barrier of 1 eV or more a free electron decays by exp(-40) in density within 4 nm; the first elements are short
# because behind a high barrier it does so within some hundredths of a nanometre.
MATRIX_EDGES_NM = (0.1, 0.5, 1.5, 4.0)
# Organic ligands and solvents: n about 1.5.
LIGAND_DIELECTRIC = 2.25


@dataclass(frozen=True)
class Shell:
    """One shell (the core is the first), uniform or graded.

    Parameters
    ----------
    compound : Compound
        At the inner radius.
    outer_radius_nm : float
    graded_to : Compound, optional
        At the outer radius: the alloy's fraction is ((r - r_in)/(r_out - r_in))^exponent.
    exponent : float
    """

    compound: Compound
    outer_radius_nm: float
    graded_to: Compound | None = None
    exponent: float = 1.0

    def __post_init__(self) -> None:
        positive("outer_radius_nm", self.outer_radius_nm)
        positive("exponent", self.exponent)

    def at(self, share: float) -> Compound:
        """Compound at a share of the way from the inner (0) to the outer radius (1)."""
        if self.graded_to is None:
            return self.compound
        return alloy(self.compound, self.graded_to, min(max(share, 0.0), 1.0) ** self.exponent)

    @property
    def name(self) -> str:
        """``CdS``, or ``CdSe→ZnSe`` where graded."""
        return self.compound.name if self.graded_to is None else f"{self.compound.name}→{self.graded_to.name}"


Layer = tuple[Compound | str, float] | tuple[Compound | str, Compound | str, float]


@dataclass(frozen=True)
class RadialProfile:
    """A spherical dot from the centre out.

    Parameters
    ----------
    shells : tuple of Shell
        With growing outer radii; the first is the core.
    electron_barrier_eV, hole_barrier_eV : float
        Height of the surroundings above the conduction edge, and below the valence edge, of the last shell at its surface;
        infinite by default.
    outside_mass : float
        Mass in the surroundings, where the barrier is finite.
    outside_dielectric : float
        Dielectric constant of the surroundings.

    Raises
    ------
    ArgumentError
        No shell, radii that do not grow, a barrier that is not positive.

    Examples
    --------
    >>> RadialProfile.of(("CdS", 3.6), ("CdSe", 5.35), ("CdS", 8.5)).name
    'CdS 3.6/CdSe 1.75/CdS 3.15 nm'
    """

    shells: tuple[Shell, ...]
    electron_barrier_eV: float = inf
    hole_barrier_eV: float = inf
    outside_mass: float = 1.0
    outside_dielectric: float = LIGAND_DIELECTRIC

    def __post_init__(self) -> None:
        if not self.shells:
            refuse("shells", "hold at least one shell", "empty")
        radii = [0.0, *(shell.outer_radius_nm for shell in self.shells)]
        for number, (inner, outer) in enumerate(pairwise(radii)):
            if outer <= inner:
                refuse(f"shells[{number}].outer_radius_nm", f"be > {inner:g} nm, the radius that the shell starts at", outer)
        for name in ("electron_barrier_eV", "hole_barrier_eV"):
            barrier = getattr(self, name)
            if isnan(barrier) or barrier <= 0:
                refuse(name, "be > 0 eV (inf for a wall)", barrier)
        positive("outside_mass", self.outside_mass)
        positive("outside_dielectric", self.outside_dielectric)

    @classmethod
    def of(cls, *layers: Layer, **outside: float) -> RadialProfile:
        """A profile from (compound, outer radius) or, graded, (compound, compound, outer radius), compounds by name or themselves."""
        shells = []
        for layer in layers:
            ends = [load_compound(item) if isinstance(item, str) else item for item in layer[:-1] if not isinstance(item, (int, float))]
            if len(ends) not in (1, 2) or not isinstance(layer[-1], (int, float)):
                refuse("layers", "be (compound, outer radius) or (compound, compound, outer radius)", layer)
            shells.append(Shell(ends[0], float(layer[-1]), ends[1] if len(ends) == 2 else None))
        return cls(tuple(shells), **outside)

    @property
    def inner_radii_nm(self) -> tuple[float, ...]:
        """Where each shell starts."""
        return (0.0, *(shell.outer_radius_nm for shell in self.shells[:-1]))

    @property
    def radius_nm(self) -> float:
        """Outer radius."""
        return self.shells[-1].outer_radius_nm

    @property
    def volume_nm3(self) -> float:
        """Volume of the whole dot."""
        return float(4 / 3 * np.pi * self.radius_nm**3)

    @property
    def valleys(self) -> int:
        """Valleys of the core's compound."""
        return self.shells[0].compound.valleys

    @property
    def name(self) -> str:
        """Compounds with the core's radius and the shells' thicknesses."""
        parts = [
            f"{shell.name} {shell.outer_radius_nm - inner:.12g}" for shell, inner in zip(self.shells, self.inner_radii_nm, strict=True)
        ]
        return "/".join(parts) + " nm"

    def mesh(self, order: int = ORDER) -> Mesh:
        """Spectral elements of the dot, and of a piece of the surroundings where a barrier is finite."""
        edges = [0.0, *(shell.outer_radius_nm for shell in self.shells)]
        if min(self.electron_barrier_eV, self.hole_barrier_eV) < inf:
            edges += [self.radius_nm + further for further in MATRIX_EDGES_NM]
        return make_mesh(edges, order, LARGEST_ELEMENT_NM)

    def compounds(self, mesh: Mesh) -> list[list[Compound]]:
        """Compound at each node of the dot's own elements."""
        found: list[list[Compound]] = []
        for element, number in enumerate(mesh.shell):
            if number >= len(self.shells):
                break
            shell, inner = self.shells[number], self.inner_radii_nm[number]
            if shell.graded_to is None:
                found.append([shell.compound] * mesh.radius_nm.shape[1])
                continue
            share = (mesh.radius_nm[element] - inner) / (shell.outer_radius_nm - inner)
            found.append([shell.at(float(part)) for part in share])
        return found


@dataclass(frozen=True, eq=False)
class Band:
    """What one carrier sees on a mesh.

    Parameters
    ----------
    inverse_mass : array [element, node]
    edge_eV : array [element, node]
        Electrons: conduction edge; holes: the valence edge upside down, so that both carriers sink.
    wall : int
        Number of the point at which the function is held at 0.
    top_eV : float
        Levels above this are not bound.
    """

    inverse_mass: Array
    edge_eV: Array
    wall: int
    top_eV: float


def bands(profile: RadialProfile, mesh: Mesh, screening: str) -> tuple[Band, Band, Array]:
    """Electron's and hole's band and the dielectric constant [element, node] of a profile on its mesh."""
    rows = profile.compounds(mesh)
    inside = len(rows)
    dielectric = np.full(mesh.radius_nm.shape, profile.outside_dielectric)
    dielectric[:inside] = [[compound.dielectric(screening) for compound in row] for row in rows]
    found = []
    for mass, edge, sign, barrier in (
        ("electron_mass", "conduction_edge_eV", 1, profile.electron_barrier_eV),
        ("hole_mass", "valence_edge_eV", -1, profile.hole_barrier_eV),
    ):
        inverse = np.full(mesh.radius_nm.shape, 1 / profile.outside_mass)
        inverse[:inside] = [[1 / getattr(compound, mass) for compound in row] for row in rows]
        heights = np.array([[sign * getattr(compound, edge) for compound in row] for row in rows])
        top = float(heights[-1, -1] + barrier)
        potential = np.full(mesh.radius_nm.shape, top if barrier < inf else 0.0)
        potential[:inside] = heights
        wall = int(mesh.index[inside - 1, -1]) if barrier == inf else mesh.points - 1
        found.append(Band(inverse, potential, wall, top))
    return found[0], found[1], dielectric
