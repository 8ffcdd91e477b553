"""Nanoplatelets: gap from the thickness in monolayers, the exciton's area, state filling, space filling and plasma.

The platelet is a slab of d = N a/2 (N monolayers of a cubic lattice a) between walls of finite height. Confinement is too
strong for parabolic bands, so the electron takes Kane's energy-dependent mass, m(E) = m (1 + E/E_g); the hole is parabolic.
Electron and hole attract each other in the plane by Rytova's and Keldysh's potential of a polarisable sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, exp, inf, log, pi, sqrt

import numpy as np

from qdphotonics._checks import positive, refuse
from qdphotonics.gain.states.compound import Compound
from qdphotonics.gain.states.profile import LIGAND_DIELECTRIC
from qdphotonics.units import BOLTZMANN_EV_PER_K, COULOMB_EV_NM, HBAR2_PER_ELECTRON_MASS_EV_NM2

# Barrier of organic ligands for electrons and for holes. No measurement for these interfaces: assumed, 2 to 5 eV, between the
# gaps of the ligands and the electron affinity; 2 and 5 eV move the exciton of 4 monolayers of CdSe by -0.07 and +0.10 eV.
LIGAND_BARRIER_EV = 3.0


@dataclass(frozen=True)
class Platelet:
    """A platelet's band-edge exciton and what fills it.

    Parameters
    ----------
    compound : Compound
    monolayers : float
    area_nm2 : float
    thickness_nm : float
    gap_eV : float
        Between the confined electron and heavy-hole subbands, without interaction.
    light_hole_splitting_eV : float or None
        Light-hole less heavy-hole subband, where the compound names a light hole.
    self_energy_eV : float
        Of electron and hole with their own images.
    binding_eV : float
        Binding energy of the heavy-hole exciton.
    radius_nm : float
        a_2D of the exciton, phi ~ exp(-rho/a_2D).
    temperature_K : float
        Of the plasma.
    """

    compound: Compound
    monolayers: float
    area_nm2: float
    thickness_nm: float
    gap_eV: float
    light_hole_splitting_eV: float | None
    self_energy_eV: float
    binding_eV: float
    radius_nm: float
    temperature_K: float

    @property
    def exciton_eV(self) -> float:
        """Subband gap with self-energies, less the binding."""
        return self.gap_eV + self.self_energy_eV - self.binding_eV

    @property
    def volume_nm3(self) -> float:
        """Area times thickness."""
        return self.area_nm2 * self.thickness_nm

    @property
    def excitons_that_fit(self) -> float:
        """A/(pi a_2D^2), at least 1: where space filling ends and excitons overlap (Mott)."""
        return max(1.0, self.area_nm2 / (pi * self.radius_nm**2))

    @property
    def filling(self) -> str:
        """"state" where the platelet is smaller than an exciton (as in a dot), else "space"."""
        return "state" if self.area_nm2 <= pi * self.radius_nm**2 else "space"

    @property
    def mott_per_nm2(self) -> float:
        """Sheet density of the Mott transition, about 1/(pi a_2D^2)."""
        return 1 / (pi * self.radius_nm**2)

    @property
    def degenerate_per_nm2(self) -> float:
        """Sheet density of pairs at which free carriers are inverted at the band edge: f_e + f_h = 1.

        With n_i = m_i k T/(pi hbar^2): [exp(n/n_e) - 1][exp(n/n_h) - 1] = 1.
        """
        from scipy.optimize import brentq

        thermal = BOLTZMANN_EV_PER_K * self.temperature_K / (pi * HBAR2_PER_ELECTRON_MASS_EV_NM2)
        electron, hole = (thermal * mass for mass in (self.compound.electron_mass, self.compound.hole_mass))
        # As a sum of logarithms ln(e^x - 1) = x + ln(1 - e^-x), which grows from -inf without overflow.
        def excess(n: float) -> float:
            return sum(n / each + log(1 - exp(-n / each)) for each in (electron, hole))

        return float(brentq(excess, 1e-9 * min(electron, hole), 50 * (hole + electron)))

    @property
    def plasma_excitons(self) -> float:
        """Pairs in the platelet at which a plasma amplifies: dissociated (Mott) and degenerate."""
        return self.area_nm2 * max(self.mott_per_nm2, self.degenerate_per_nm2)

    def __repr__(self) -> str:
        return (
            f"<Platelet {self.compound.name}, {self.monolayers:g} monolayers, {self.area_nm2:g} nm²: exciton {self.exciton_eV:.3f} eV, "
            f"binding {1e3 * self.binding_eV:.0f} meV, a_2D {self.radius_nm:.2f} nm, {self.excitons_that_fit:.3g} excitons fit>"
        )


def platelet(
    compound: Compound,
    monolayers: float,
    area_nm2: float,
    *,
    electron_barrier_eV: float = LIGAND_BARRIER_EV,
    hole_barrier_eV: float = LIGAND_BARRIER_EV,
    outside_dielectric: float = LIGAND_DIELECTRIC,
    temperature_K: float = 300.0,
) -> Platelet:
    """The states of a nanoplatelet.

    Parameters
    ----------
    compound : Compound
    monolayers : float
        N, each of half the cubic lattice constant.
    area_nm2 : float
    electron_barrier_eV, hole_barrier_eV : float
        Height of the walls; inf gives an upper bound of the gap.
    outside_dielectric : float
    temperature_K : float
        Of the plasma.

    Returns
    -------
    Platelet

    References
    ----------
    Ithurria et al., Nat. Mater. 10, 936 (2011), doi:10.1038/nmat3145 (gap, non-parabolic bands); Benchamekh et al., Phys. Rev. B 89,
    035307 (2014), doi:10.1103/PhysRevB.89.035307 (images); Ahn et al., Chem. Rev. 2023, 123, 8251, section 4.1 (filling)

    Examples
    --------
    >>> from qdphotonics.gain.states import load_compound
    >>> platelet(load_compound("CdSe"), 4, 340.0).thickness_nm
    1.216
    """
    thickness = positive("monolayers", monolayers) * compound.lattice_nm / 2
    for name, value in (("area_nm2", area_nm2), ("outside_dielectric", outside_dielectric), ("temperature_K", temperature_K)):
        positive(name, value)
    electron = slab_energy_eV(thickness, compound.electron_mass, electron_barrier_eV, compound.gap_eV)
    hole = slab_energy_eV(thickness, compound.slab_hole_mass or compound.hole_mass, hole_barrier_eV)
    binding, radius = sheet_exciton(compound, thickness, outside_dielectric)
    light = None
    if compound.light_hole_mass is not None:
        light = slab_energy_eV(thickness, compound.light_hole_mass, hole_barrier_eV) - hole
    images = 2 * image_self_energy_eV(thickness, compound.optical_dielectric, outside_dielectric)
    gap = compound.gap_eV + electron + hole
    return Platelet(
        compound, float(monolayers), float(area_nm2), thickness, gap, light, images, binding, radius, temperature_K=float(temperature_K)
    )


def slab_energy_eV(thickness_nm: float, mass: float, barrier_eV: float = inf, band_gap_eV: float = inf) -> float:
    """Lowest energy of a carrier in a slab [eV].

    k tan(k d/2) = (m(E)/1) kappa with hbar^2 k^2/(2 m) = E (1 + E/E_g), m(E) = m (1 + E/E_g) and, outside, a free electron,
    hbar^2 kappa^2/2 = V - E; infinite walls: k d = pi. ``band_gap_eV`` infinite: parabolic.

    Examples
    --------
    >>> round(slab_energy_eV(1.216, 0.13), 3), round(slab_energy_eV(1.216, 0.13, 3.0, 1.74), 3)
    (1.956, 0.404)
    """
    from scipy.optimize import brentq

    d, half = positive("thickness_nm", thickness_nm), HBAR2_PER_ELECTRON_MASS_EV_NM2 / 2
    positive("mass", mass)
    if barrier_eV <= 0 or band_gap_eV <= 0:
        refuse("barrier_eV, band_gap_eV", "be > 0 eV", (barrier_eV, band_gap_eV))
    parabolic = half * (pi / d) ** 2 / mass
    walled = 2 * parabolic / (1 + sqrt(1 + 4 * parabolic / band_gap_eV))  # root of E (1 + E/E_g) = parabolic without a difference
    if barrier_eV == inf:
        return walled

    def mismatch(energy: float) -> float:
        """atan of the matching condition: no poles, from below 0 to above 0 between 0 and the walled level."""
        heavier = mass * (1 + energy / band_gap_eV)
        k = sqrt(heavier * energy / half)
        kappa = sqrt(max(barrier_eV - energy, 0.0) / half)
        return k * d / 2 - atan2(heavier * kappa, k)

    return float(brentq(mismatch, 0.0, min(walled, barrier_eV), xtol=1e-14))


def image_self_energy_eV(thickness_nm: float, inside: float, outside: float) -> float:
    """Energy of a carrier in the lowest subband with its own images in both faces of a slab [eV].

    e^2/(8 pi eps0 eps_in) sum_{n != 0} q^|n| <1/|z - z_n|>, q = (eps_in - eps_out)/(eps_in + eps_out), images at
    z_n = n d + (-1)^n z, averaged over (2/d) cos^2(pi z/d).

    References
    ----------
    Kumagai, Takagahara, Phys. Rev. B 40, 12359 (1989), doi:10.1103/PhysRevB.40.12359

    Examples
    --------
    >>> image_self_energy_eV(1.2, 6.2, 6.2)
    0.0
    """
    d, q = positive("thickness_nm", thickness_nm), (inside - outside) / (inside + outside)
    nodes, weights = np.polynomial.legendre.leggauss(64)
    density = weights * np.cos(pi * nodes / 2) ** 2  # of z = nodes d/2; sums to 1
    odd = np.arange(1, 400, 2)
    # n and -n see z and -z: the same mean over an even density. The pole of n = 1 at the face meets the node of the cosine.
    mean = (density / (odd[:, None] - nodes)).sum(axis=1)
    return COULOMB_EV_NM / (2 * inside * d) * (float(2 * np.sum(np.sign(q) * abs(q) ** odd * mean)) - log(1 - q * q))


def sheet_exciton(compound: Compound, thickness_nm: float, outside_dielectric: float = LIGAND_DIELECTRIC) -> tuple[float, float]:
    """Binding energy [eV] and radius a_2D [nm] of the exciton in a thin sheet, phi ~ exp(-rho/a), by variation of a.

    E(a) = hbar^2/(2 mu a^2) - <V>, V(rho) = (pi/2) e^2/(4 pi eps0 eps_out r_0) [H_0(rho/r_0) - Y_0(rho/r_0)], r_0 = d eps_in/(2 eps_out),
    eps_in the optical constant (the binding is larger than a phonon).

    References
    ----------
    Rytova, Moscow Univ. Phys. Bull. 3, 30 (1967); Keldysh, JETP Lett. 29, 658 (1979); Shornikova et al., Nano Lett. 21, 10525 (2021),
    doi:10.1021/acs.nanolett.1c04159 (applied to CdSe platelets)
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import struve, y0

    length = positive("thickness_nm", thickness_nm) * compound.optical_dielectric / (2 * outside_dielectric)
    depth = pi / 2 * COULOMB_EV_NM / (outside_dielectric * length)
    nodes, weights = np.polynomial.legendre.leggauss(80)
    # rho = a x, density 4 x exp(-2 x) dx on [0, 20]; x = 20 s^2 resolves the logarithm at 0.
    s = (1 + nodes) / 2
    x, measure = 20 * s**2, weights / 2 * 40 * s
    density = 4 * x * np.exp(-2 * x) * measure

    def energy(log_radius: float) -> float:
        a = exp(log_radius)
        attraction = depth * float(np.sum(density * (struve(0, a * x / length) - y0(a * x / length))))
        return HBAR2_PER_ELECTRON_MASS_EV_NM2 / (2 * compound.reduced_mass * a * a) - attraction

    scale = HBAR2_PER_ELECTRON_MASS_EV_NM2 * outside_dielectric / (compound.reduced_mass * COULOMB_EV_NM)  # Bohr radius in the surroundings
    found = minimize_scalar(energy, bounds=(log(scale / 100), log(100 * (scale + length))), method="bounded", options={"xatol": 1e-9})
    return float(-found.fun), float(exp(found.x))
