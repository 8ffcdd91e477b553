"""Coulomb energies, exciton and biexciton of radial profiles, and the numbers of the papers beside them."""

from __future__ import annotations

from dataclasses import replace
from math import pi, sin
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from qdphotonics.gain.states import Compound, RadialProfile, RadialStates, exciton, load_compound, solve_radial
from qdphotonics.gain.states.coulomb import Electrostatics, polarization_energy_eV
from qdphotonics.gain.states.mesh import make_mesh
from qdphotonics.gain.states.sphere import BRUS_COULOMB
from qdphotonics.units import COULOMB_EV_NM

MESH = make_mesh([0.0, 1.5, 3.0], 16, 1.0)
FIRST_S = np.sqrt(2 / 3.0) * np.sin(np.pi * MESH.point_radius_nm / 3.0)
SECOND_S = np.sqrt(2 / 3.0) * np.sin(2 * np.pi * MESH.point_radius_nm / 3.0)


def dielectric(inner: float, outer: float) -> np.ndarray:
    """Two constants, the step at 1.5 nm."""
    return np.broadcast_to(np.where(MESH.shell == 0, inner, outer)[:, None], MESH.radius_nm.shape)


def test_brus() -> None:
    """Two 1S clouds in one dielectric: 1.786 e^2/(eps R), to 1e-12 (spectral quadrature)."""
    energy = Electrostatics(MESH, dielectric(8.0, 8.0)).energy_eV(FIRST_S, FIRST_S)
    assert energy == pytest.approx(BRUS_COULOMB * COULOMB_EV_NM / (8.0 * 3.0), rel=1e-12)


def test_a_step_of_the_dielectric() -> None:
    """Gauss's law with a step of epsilon at 1.5 nm, against adaptive quadrature of Q^2/(eps r^2): 1e-10."""

    def inside(r: float) -> float:
        return r / 3.0 - sin(2 * pi * r / 3.0) / (2 * pi)

    parts = [quad(lambda r: inside(r) ** 2 / r**2, a, b, epsabs=1e-13)[0] for a, b in ((0.0, 1.5), (1.5, 3.0))]
    expected = COULOMB_EV_NM * (parts[0] / 4.0 + parts[1] / 9.0 + 1 / (9.0 * 3.0))
    assert Electrostatics(MESH, dielectric(4.0, 9.0)).energy_eV(FIRST_S, FIRST_S) == pytest.approx(expected, rel=1e-10)


def test_potential_and_energy_agree() -> None:
    """int phi_a u_b^2 = int phi_b u_a^2 = J_ab; outside, phi = e^2/(eps R): reciprocity, 1e-11."""
    field = Electrostatics(MESH, dielectric(4.0, 9.0))
    energy = field.energy_eV(FIRST_S, SECOND_S)
    for cloud, probe in ((FIRST_S, SECOND_S), (SECOND_S, FIRST_S)):
        assert np.sum(MESH.point_weight_nm * field.potential_eV(cloud) * probe**2) == pytest.approx(energy, rel=1e-11)
    assert field.potential_eV(FIRST_S)[-1] == pytest.approx(COULOMB_EV_NM / (9.0 * 3.0), rel=1e-12)


def test_surface_polarisation() -> None:
    """None without contrast; with it, the multipoles of the 1S density by adaptive quadrature: 1e-6 (high powers of r on this mesh)."""
    assert polarization_energy_eV(MESH, FIRST_S, 3.0, 5.0, 5.0) == 0

    def term(order: int) -> float:
        moment: float = quad(lambda x: 2 * np.sin(np.pi * x) ** 2 * x ** (2 * order), 0, 1, epsabs=1e-14)[0]
        return (order + 1) * (6.0 - 2.0) / (order * 6.0 + (order + 1) * 2.0) * moment

    expected = COULOMB_EV_NM / (2 * 6.0 * 3.0) * sum(term(order) for order in range(1, 201))
    assert polarization_energy_eV(MESH, FIRST_S, 3.0, 6.0, 2.0) == pytest.approx(expected, rel=1e-6)


LAYER = st.sampled_from(["CdS", "CdSe", "ZnSe", "ZnS", "CdTe"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(LAYER, st.floats(0.3, 3.0)), min_size=1, max_size=3), st.sampled_from(["static", "optical"]))
def test_any_dot(layers: list[tuple[str, float]], screening: Literal["static", "optical"]) -> None:
    """Any core/shell/shell dot: the mean field lowers both energies, first order never attracts, overlap within 0 and 1."""
    radii = np.cumsum([thickness for _, thickness in layers])
    profile = RadialProfile.of(*((name, float(radius)) for (name, _), radius in zip(layers, radii, strict=True)))
    states = solve_radial(profile, screening=screening, angular_momenta=1, levels=1)
    first = solve_radial(profile, screening=screening, angular_momenta=1, levels=1, self_consistent=False)
    assert states.exciton.energy_eV <= first.exciton.energy_eV + 1e-9
    assert states.biexciton.energy_eV <= first.biexciton.energy_eV + 1e-9
    assert first.exciton_exciton_meV >= -1e-9
    assert first.exciton_exciton_meV == pytest.approx(first.exciton.first_order_interaction_meV, abs=1e-6)
    assert 0 <= states.overlap_squared <= 1 + 1e-9
    assert sum(states.electron_in_shells) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("layers", [[("CdS", 1.6), ("ZnSe", 3.6)], [("CdSe", 1.5), ("CdS", 5.0)]])
def test_two_ways_to_the_mean_field(layers: list[tuple[str, float]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Mixing the fields and going down the energy end at the same functions: energies to 1e-9 eV (where both stop)."""
    profile = RadialProfile.of(*layers)
    mixed = solve_radial(profile)
    monkeypatch.setattr(exciton, "MAX_ROUNDS", 0)
    descended = solve_radial(profile)
    for one, other in ((mixed.exciton, descended.exciton), (mixed.biexciton, descended.biexciton)):
        assert one.energy_eV == pytest.approx(other.energy_eV, abs=1e-9)
    assert mixed.overlap_squared == pytest.approx(descended.overlap_squared, abs=1e-5)


@pytest.mark.parametrize("screening", ["static", "optical"])
def test_two_wells(screening: Literal["static", "optical"]) -> None:
    """CdTe/CdS/CdTe: two holes between a core and a shell of even energy, where mixing swings: lower than first order all the same."""
    profile = RadialProfile.of(("CdTe", 1.0), ("CdS", 3.0), ("CdTe", 4.0))
    states = solve_radial(profile, screening=screening)
    assert states.biexciton.energy_eV < solve_radial(profile, screening=screening, self_consistent=False).biexciton.energy_eV - 0.01
    # Two excitons repel each other, and less than two that kept the exciton's functions.
    assert 0 < states.exciton_exciton_meV < states.exciton.first_order_interaction_meV


def test_weak_interaction_is_first_order() -> None:
    """Constants 1000 times larger: what the mean field adds to first order falls with the square of 1/eps, the first order with 1/eps."""

    def shift(scale: float) -> float:
        core, shell = (
            replace(load_compound(name), static_dielectric=9.0 * scale, optical_dielectric=5.0 * scale) for name in ("CdS", "ZnSe")
        )
        profile = RadialProfile.of((core, 1.6), (shell, 3.6))
        return solve_radial(profile, self_consistent=False).exciton.energy_eV - solve_radial(profile).exciton.energy_eV

    assert shift(10.0) / shift(30.0) == pytest.approx(9.0, rel=0.05)


def test_type_one_neither_attracts_nor_repels() -> None:
    """CdSe and CdSe/ZnS: equal clouds, |Delta_XX| < 4 meV in the mean field; what correlation adds is the parameter's."""
    for layers in ([("CdSe", 2.5)], [("CdSe", 2.0), ("ZnS", 3.0)]):
        states = solve_radial(RadialProfile.of(*layers))
        assert states.classification == "type I"
        assert abs(states.exciton_exciton_meV) < 4
    bound = solve_radial(RadialProfile.of(("CdSe", 2.5)), correlation_meV=-20.0)
    assert bound.exciton_exciton_meV == pytest.approx(solve_radial(RadialProfile.of(("CdSe", 2.5))).exciton_exciton_meV - 20.0)


def test_quasi_type_two() -> None:
    """CdSe/CdS: hole in the core, electron everywhere; the repulsion grows with the shell and stays below 40 meV."""
    repulsion = []
    for shell in (1.0, 2.0, 4.0):
        states = solve_radial(RadialProfile.of(("CdSe", 1.5), ("CdS", 1.5 + shell)))
        assert states.classification == "quasi-type II"
        assert states.hole_in_shells[0] > 0.85
        repulsion.append(states.exciton_exciton_meV)
    assert 0 < repulsion[0] < repulsion[1] < repulsion[2] < 40


def test_type_two() -> None:
    """CdS/ZnSe (core radius 1.6 nm, shell 2 nm): electron in the core, hole in the shell; Delta_XX of the order of 100 meV.

    Published: about 100 meV (Chem. Rev. 2023, section 3.2.1). Computed: 46 meV with static constants, 70 (mean field) and 81
    meV (first order) with optical ones. The bounds, a third of it and the whole, say no more than that; nothing is fitted.
    """
    profile = RadialProfile.of(("CdS", 1.6), ("ZnSe", 3.6))
    static, optical = solve_radial(profile, screening="static"), solve_radial(profile)
    assert static.classification == "type II"
    assert static.electron_in_shells[0] > 0.6
    assert static.hole_in_shells[1] > 0.9
    assert 100 / 3 < static.exciton_exciton_meV < optical.exciton_exciton_meV < 100
    first = solve_radial(profile, self_consistent=False)
    assert optical.exciton_exciton_meV < first.exciton_exciton_meV < 100


@pytest.mark.parametrize(("core_diameter", "thickness"), [(7.2, 1.75), (8.7, 1.75), (14.0, 1.5)])
def test_quantum_shells(core_diameter: float, thickness: float) -> None:
    """CdS/CdSe/CdS of Nazar et al. (2025): exciton at 600-695 nm, as measured; Delta_XX is NOT: below 2 meV, 57-80 measured.

    The sizes are the review's: core 7.2 nm, the CdSe adds 3.5 nm to the diameter; core 8.7 nm; core 14 nm with a CdSe layer at 17 nm.
    The limit of 2 meV is not a target but what a spherical mean field gives: test_polar.py has the rest.
    """
    core = core_diameter / 2
    states = solve_radial(RadialProfile.of(("CdS", core), ("CdSe", core + thickness), ("CdS", core + thickness + 3.0)))
    assert states.quantum_shell
    assert states.hole_in_shells[1] > 0.8
    assert 600 < 1239.84 / states.exciton_eV < 695
    assert 0 < states.exciton_exciton_meV < 2


def test_the_surface_drops_out_of_two_excitons() -> None:
    """Piryatinski et al., Nano Lett. 7, 108 (2007): images e^2/(eps_in) k_l (r r')^l/R^(2l+1) P_l(cos), k_l = (l + 1)(eps_in - eps_out)/
    (l eps_in + (l + 1) eps_out), summed over l and averaged over the angle of two S clouds by quadrature: 0.1 eV for each pair, nothing
    for two excitons (rounding); so Delta_XX is the same in vacuum."""
    inside, outside, radius = 5.5, 2.25, 3.6
    states = solve_radial(RadialProfile.of(("CdS", 1.6), ("ZnSe", radius)), self_consistent=False)
    cosine, weight = np.polynomial.legendre.leggauss(40)
    order = np.arange(31)[:, None]
    strength = (order + 1) * (inside - outside) / (order * inside + (order + 1) * outside)
    legendre = np.array([np.polynomial.legendre.Legendre.basis(number)(cosine) for number in order[:, 0]]) @ weight / 2
    powers = (states.radius_nm / radius) ** order
    clouds = [states.weight_nm * function**2 for function in (states.exciton.electron, states.exciton.hole)]
    moments = np.array([powers @ cloud for cloud in clouds])
    images = COULOMB_EV_NM / (inside * radius) * np.einsum("al,bl,l->ab", moments, moments, strength[:, 0] * legendre)
    assert (images > 0.1).all()
    assert images[0, 0] + images[1, 1] - 2 * images[0, 1] == pytest.approx(0.0, abs=1e-9)
    bare = solve_radial(RadialProfile.of(("CdS", 1.6), ("ZnSe", radius), outside_dielectric=1.0), self_consistent=False)
    assert bare.exciton_exciton_meV == pytest.approx(states.exciton_exciton_meV, rel=1e-12)


@pytest.mark.parametrize("diameter", [7.2, 8.7])
def test_no_separation_along_the_radius_makes_a_quantum_shell_repulsive_enough(diameter: float) -> None:
    """CdS/CdSe/CdS with the conduction edge of CdSe moved from a well of 0.3 eV to a wall of 2 eV: the electron is left in the core,
    the hole in the shell. Repulsion grows all the way and |<e|h>|^2 falls, but the measured 57 to 80 meV need the latter below 0.01."""
    core, outer = diameter / 2, load_compound("CdS")
    found = []
    for above in (0.3, 0.0, -0.1, -2.0):
        shell = replace(load_compound("CdSe"), electron_affinity_eV=outer.electron_affinity_eV + above)
        profile = RadialProfile.of((outer, core), (shell, core + 1.75), (outer, core + 2.75))
        states = solve_radial(profile, angular_momenta=1, self_consistent=False)
        found.append((states.exciton_exciton_meV, states.overlap_squared))
    repulsion, overlap = np.array(found).T
    assert (np.diff(repulsion) > 0).all()
    assert (np.diff(overlap) < 0).all()
    assert repulsion[:-1].max() < 30
    assert repulsion[-1] < 65
    assert overlap[-1] < 0.01


def test_graded_dot_is_type_one() -> None:
    """cg-QD of Lim et al. (2018): CdSe 2 nm, graded to ZnSe over 7 nm: type I, overlap above 0.95."""
    states = solve_radial(RadialProfile.of(("CdSe", 2.0), ("CdSe", "ZnSe", 9.0), ("ZnS", 9.4)))
    assert states.classification == "type I"
    assert states.overlap_squared > 0.95
    assert not states.quantum_shell


def test_table(states: RadialStates) -> None:
    """The table says what it is of, its class and Delta_XX."""
    shown = repr(states)
    assert shown.startswith("RadialStates of CdS 1.6/ZnSe 2 nm\n")
    for part in ("type II", "Δ_XX [meV]", "electron 1S", "hole 1P"):
        assert part in shown
    assert states.transition_eV("1S") == pytest.approx(states.exciton_eV)
    assert states.transition_eV("1P") > states.transition_eV("1S")
    assert states.overlap("1S", "1P") == 0
    assert states.overlap("1S", "1S") ** 2 < states.overlap_squared  # the attraction draws them together


@pytest.fixture(scope="module")
def states() -> RadialStates:
    return solve_radial(RadialProfile.of(("CdS", 1.6), ("ZnSe", 3.6)))


def test_hydrogen_like_limit() -> None:
    """A hole too heavy to move, held at the centre: E_X -> that of a donor, -Ry m_e/eps^2 below the edge, 1 % (finite core)."""
    core = Compound("core", 5.0, 0.2, 50.0, 10.0, 6.0, 4.0, 0.6)
    well = replace(core, gap_eV=2.0)
    states = solve_radial(RadialProfile.of((well, 0.3), (core, 40.0)), angular_momenta=1, levels=1, screening="static")
    donor = 13.6057 * 0.2 / 10.0**2
    assert states.exciton.electron_eV - states.exciton.electron_hole_eV - core.conduction_edge_eV == pytest.approx(-donor, rel=0.01)
