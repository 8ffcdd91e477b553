"""Dots of wurtzite with their polar axis: electron and hole on different sides, and what that does to Delta_XX.

Wurtzite is polarised along its axis. Where P changes along the radius it leaves charges -dP/dr cos(theta), whose potential is

    V(r, theta) = cos(theta) [ (1/r^2) int_0^r (P - P_last) r'^2 dr' + k_1 (r/R^3) int_0^R (P - P_last) r'^2 dr' ]/(eps0 eps),

the second term by the polarisation of the surface, k_l = (l + 1)(eps - eps_out)/(l eps + (l + 1) eps_out). The charge of the
last shell's own P on the outer surface is taken to be compensated by ligands and adsorbed charges, so that nothing acts on a
dot of one compound. Electron and hole move to opposite poles; Hartree's equations are solved with functions of no angular
momentum about the axis, sum c_nL u_nL(r)/r Y_L0, with all multipoles of the clouds and of their images.

For quantum shells of Nazar et al. (Nanoscale 2025, doi:10.1039/d4nr04653f), cores of 7.2 and 8.7 nm, it gives 62 and 78 meV (with static
constants 35 and 44) where a spherical model has 1 meV; measured are 57 to 80 meV, and 63 meV between the amplified bands of the
former, which lie at 670 and 650 nm (computed 673 and 651 nm). No number is fitted; P of CdS is known to some 30 %.

Not in it: strain, and with it the piezoelectric part, which is as large, has a different angular shape and for a shell of
CdSe in CdS changes Delta_XX by a quarter to a half, either way; and the hexagonal shape of thick-shelled dots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qdphotonics._checks import refuse
from qdphotonics.errors import QDPhotonicsError
from qdphotonics.gain.states.levels import Hamiltonian
from qdphotonics.gain.states.mesh import Array, Mesh
from qdphotonics.gain.states.mixing import AndersonMixing
from qdphotonics.gain.states.profile import ORDER, Band, RadialProfile, bands
from qdphotonics.units import COULOMB_EV_NM, ELEMENTARY_CHARGE_C, MEV_PER_EV

ELEMENTARY_PER_NM2 = 1e-18 / ELEMENTARY_CHARGE_C  # of 1 C/m^2
# Multipoles of the clouds. A cloud at one pole of a shell has a width of a radian: those above 8 add less than 0.1 meV.
MULTIPOLES = 9
# Near the centre u_L ~ r^(L+1) sinks into rounding, which r^-(l+1) of a multipole would blow up.
NOISE = 1e-10
CONVERGED_EV = 1e-7
MAX_ROUNDS = 300


@dataclass(frozen=True, eq=False)
class PolarStates:
    """Exciton and biexciton of a dot with a polar axis.

    Parameters
    ----------
    profile : RadialProfile
    screening : str
    potential_eV : array [point]
        V of a positive charge on the axis, at the points of ``radius_nm``.
    radius_nm : array [point]
    exciton_eV : float
        Without the self-energies of the surface.
    exciton_exciton_meV : float
        Delta_XX = E_XX - 2 E_X, each state in its own mean field.
    first_order_meV : float
        J_ee + J_hh - 2 J_eh of the exciton's functions: what two excitons that kept their shape would have.
    electron_height_nm, hole_height_nm : float
        <z> in the exciton; their difference is its dipole over e.
    """

    profile: RadialProfile
    screening: str
    potential_eV: Array
    radius_nm: Array
    exciton_eV: float
    exciton_exciton_meV: float
    first_order_meV: float
    electron_height_nm: float
    hole_height_nm: float

    def __repr__(self) -> str:
        return (
            f"<PolarStates of {self.profile.name}: exciton {self.exciton_eV:.3f} eV, Δ_XX {self.exciton_exciton_meV:.1f} meV, "
            f"<z> of electron {self.electron_height_nm:.2f}, of hole {self.hole_height_nm:.2f} nm>"
        )


def solve_polar(
    profile: RadialProfile,
    *,
    screening: Literal["static", "optical"] = "optical",
    angular_momenta: int = 10,
    levels: int = 6,
    order: int = ORDER,
) -> PolarStates:
    """Exciton and biexciton of a wurtzite dot with the spontaneous polarisation along its axis.

    Parameters
    ----------
    profile : RadialProfile
        Of compounds with a spontaneous polarisation in their files.
    screening : {"static", "optical"}
        One constant, the mean over the dot, for the polar field and the interactions.
    angular_momenta, levels : int
        L and n of the functions that are mixed.
    order : int
        Of the radial elements.

    Returns
    -------
    PolarStates

    Raises
    ------
    ArgumentError
        A compound without spontaneous polarisation, numbers out of their range.
    QDPhotonicsError
        The mean field does not settle.

    References
    ----------
    Schmidt et al., J. Chem. Phys. 106, 5254 (1997), doi:10.1063/1.473524 (polar dots of CdSe); Christodoulou et al., Nat. Commun. 6, 7905
    (2015), doi:10.1038/ncomms8905 (separation of charges in CdSe/CdS by polar fields)

    Examples
    --------
    >>> states = solve_polar(RadialProfile.of(("CdS", 3.6), ("CdSe", 5.35), ("CdS", 8.5)))
    >>> 57 < states.exciton_exciton_meV < 80  # measured: 57 to 80 meV
    True
    """
    for name, value in (("angular_momenta", angular_momenta), ("levels", levels)):
        if not 2 <= value <= 20:
            refuse(name, "lie within 2 and 20", value)
    mesh = profile.mesh(order)
    electron, hole, dielectric = bands(profile, mesh, screening)
    weight = mesh.weight_nm * np.where(mesh.radius_nm <= profile.radius_nm * (1 + 1e-12), mesh.radius_nm**2, 0.0)
    clouds = Multipoles(mesh, profile.radius_nm, float(np.sum(weight * dielectric) / np.sum(weight)), profile.outside_dielectric)
    potential = clouds.polar_eV(relative_polarization(profile, mesh))
    fields = np.zeros((2, MULTIPOLES, mesh.points))
    fields[:, 1] = -potential, potential
    carriers = tuple(Carrier(mesh, band, angular_momenta, levels, own) for band, own in zip((electron, hole), fields, strict=True))
    single, fields = _mean_field(clouds, carriers, 1, np.zeros_like(fields))
    double, _ = _mean_field(clouds, carriers, 2, fields)
    radius = mesh.point_radius_nm
    heights = [float(np.sum(mesh.point_weight_nm * radius * cloud[1])) for cloud in single.clouds]
    return PolarStates(
        profile=profile,
        screening=screening,
        potential_eV=potential,
        radius_nm=radius,
        exciton_eV=single.energy_eV,
        exciton_exciton_meV=MEV_PER_EV * (double.energy_eV - 2 * single.energy_eV),
        first_order_meV=MEV_PER_EV * (single.repulsion_eV - 2 * single.attraction_eV),
        electron_height_nm=heights[0],
        hole_height_nm=heights[1],
    )


def relative_polarization(profile: RadialProfile, mesh: Mesh) -> Array:
    """P less that of the last shell's surface [element, node], C/m^2; 0 in the surroundings."""
    rows = []
    for row in profile.compounds(mesh):
        for compound in row:
            if compound.spontaneous_polarization_C_per_m2 is None:
                rule = f"be of compounds with a spontaneous_polarization_C_per_m2 in their files (wurtzite), which {compound.name} has not"
                refuse("profile", rule, profile.name)
        rows.append([compound.spontaneous_polarization_C_per_m2 for compound in row])
    inside = np.array(rows, dtype=np.float64)
    result = np.zeros(mesh.radius_nm.shape)
    result[: len(inside)] = inside - inside[-1, -1]
    return result


class Multipoles:
    """Potentials of charge clouds of no angular momentum about the axis, in one dielectric sphere.

    A cloud is given by its moments m_l(r) [l, point] = r^2 int rho P_l dOmega, a potential by phi_l(r) [l, point] with
    phi = sum phi_l P_l(cos theta).
    """

    def __init__(self, mesh: Mesh, surface_nm: float, inside: float, outside: float) -> None:
        self._mesh = mesh
        self._surface = surface_nm
        self._strength = COULOMB_EV_NM / inside
        order = np.arange(MULTIPOLES)
        image = (order + 1) * (inside - outside) / (order * inside + (order + 1) * outside)
        self._image = np.where(order > 0, image, 0.0)  # the monopole's part cancels in a neutral dot

    def potential_eV(self, cloud: Array) -> Array:
        """e^2/(4 pi eps0 eps) [r^-(l+1) int_0^r m r'^l + r^l int_r^R m r'^-(l+1) + k_l r^l/R^(2l+1) int_0^R m r'^l]."""
        mesh, index = self._mesh, self._mesh.index
        radius = mesh.point_radius_nm
        safe = np.maximum(radius, radius[1])
        result = np.empty_like(cloud)
        for order, moment in enumerate(cloud):
            below, above = np.empty_like(radius), np.empty_like(radius)
            below[index] = mesh.cumulative((moment * radius**order)[index])
            above[index] = mesh.cumulative((moment / safe ** (order + 1))[index])
            image = self._image[order] * radius**order / self._surface ** (2 * order + 1) * below[-1]
            result[order] = below / safe ** (order + 1) + radius**order * (above[-1] - above) + image
        return self._strength * result

    def energy_eV(self, cloud: Array, potential_eV: Array) -> float:
        """Energy of a cloud in a potential."""
        return float(np.sum(self._mesh.point_weight_nm * cloud * potential_eV))

    def polar_eV(self, relative_C_per_m2: Array) -> Array:
        """V_1 [point] of a positive charge by the polarisation (P - P_last) [element, node] along the axis."""
        mesh = self._mesh
        radius = mesh.point_radius_nm
        inner = np.empty_like(radius)
        inner[mesh.index] = mesh.cumulative(relative_C_per_m2 * mesh.radius_nm**2)
        safe = np.maximum(radius, radius[1])
        shape = np.where(radius > 0, inner / safe**2, 0.0) + self._image[1] * radius / self._surface**3 * inner[-1]
        result: Array = 4 * np.pi * ELEMENTARY_PER_NM2 * self._strength * shape
        return result

    @property
    def weight_nm(self) -> Array:
        """Quadrature weights of the points."""
        return self._mesh.point_weight_nm


class Carrier:
    """One carrier in the space of its lowest radial functions, with its own part of the polar potential.

    Parameters
    ----------
    mesh : Mesh
    band : Band
    angular_momenta, levels : int
    polar_eV : array [l, point]
    """

    def __init__(self, mesh: Mesh, band: Band, angular_momenta: int, levels: int, polar_eV: Array) -> None:
        self._weight = mesh.point_weight_nm
        energies, functions = zip(*(Hamiltonian(mesh, band, L).solve(levels) for L in range(angular_momenta)), strict=True)
        self._functions = np.concatenate(functions)
        self._functions[np.abs(self._functions) < NOISE * np.abs(self._functions).max(axis=1, keepdims=True)] = 0.0
        self._number = np.repeat(np.arange(angular_momenta), [len(part) for part in energies])
        self._coupling = coupling(angular_momenta)
        self._bare = np.diag(np.concatenate(energies)) + self._matrix(polar_eV)

    def _matrix(self, potential_eV: Array) -> Array:
        """Elements [function, function] of a potential [l, point]."""
        total = np.zeros((len(self._number),) * 2)
        for order, part in enumerate(potential_eV):
            if part.any():
                angular = self._coupling[order][np.ix_(self._number, self._number)]
                total += angular * ((self._functions * self._weight * part) @ self._functions.T)
        return total

    def lowest(self, field_eV: Array) -> tuple[float, Array]:
        """The lowest state in a field [l, point]: the mean of its energy without the field, and its cloud [l, point]."""
        from scipy.linalg import eigh

        _, vectors = eigh(self._bare + self._matrix(field_eV), subset_by_index=[0, 0], check_finite=False)
        state = vectors[:, 0]
        parts = np.zeros((int(self._number[-1]) + 1, self._functions.shape[1]))
        np.add.at(parts, self._number, state[:, None] * self._functions)
        return float(state @ self._bare @ state), np.einsum("lab,ap,bp->lp", self._coupling, parts, parts)


def coupling(angular_momenta: int) -> Array:
    """<Y_L0|P_l|Y_L'0> [l, L, L'] = sqrt((2L+1)(2L'+1))/2 int P_L P_l P_L' dx, by Gauss's rule, which is exact here."""
    nodes, weights = np.polynomial.legendre.leggauss(angular_momenta + MULTIPOLES)
    values = np.polynomial.legendre.legvander(nodes, max(angular_momenta, MULTIPOLES) - 1).T
    own = values[:angular_momenta] * np.sqrt(2 * np.arange(angular_momenta) + 1)[:, None]
    result: Array = np.einsum("q,lq,aq,bq->lab", weights / 2, values[:MULTIPOLES], own, own)
    return result


@dataclass(frozen=True, eq=False)
class _State:
    pairs: int
    bare_eV: float
    repulsion_eV: float
    attraction_eV: float
    clouds: tuple[Array, Array]

    @property
    def energy_eV(self) -> float:
        count = self.pairs
        return count * self.bare_eV + count * (count - 1) / 2 * self.repulsion_eV - count**2 * self.attraction_eV


def _mean_field(clouds: Multipoles, carriers: tuple[Carrier, ...], pairs: int, fields: Array) -> tuple[_State, Array]:
    """Hartree's state of one or two pairs, and the fields [carrier, l, point] that hold it."""
    mixing = AndersonMixing(np.sqrt(clouds.weight_nm))
    for _ in range(MAX_ROUNDS):
        (electron_eV, electron), (hole_eV, hole) = (carrier.lowest(field) for carrier, field in zip(carriers, fields, strict=True))
        of_electron, of_hole = clouds.potential_eV(electron), clouds.potential_eV(hole)
        miss = np.array([(pairs - 1) * of_electron - pairs * of_hole, (pairs - 1) * of_hole - pairs * of_electron]) - fields
        size = sum(clouds.energy_eV(cloud[0], np.abs(part).sum(axis=0)) for cloud, part in zip((electron, hole), miss, strict=True))
        if size < CONVERGED_EV:
            repulsion = clouds.energy_eV(electron, of_electron) + clouds.energy_eV(hole, of_hole)
            return _State(pairs, electron_eV + hole_eV, repulsion, clouds.energy_eV(electron, of_hole), (electron, hole)), fields
        fields = mixing.following(fields, miss)
    raise QDPhotonicsError(f"the mean field of {pairs} pair(s) did not settle in {MAX_ROUNDS} rounds")
