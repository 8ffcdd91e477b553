"""One carrier in a radial profile against closed forms, a shooting method, and its own convergence."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import spherical_in, spherical_jn, spherical_kn

from qdphotonics.errors import ArgumentError
from qdphotonics.gain.states import Compound, RadialProfile, Shell, alloy, level_energy_eV, load_compound, quantum_numbers, solve_radial
from qdphotonics.gain.states.mesh import lobatto, make_mesh, running_integral

HALF = 0.07619964221937 / 2  # hbar^2/(2 m_0), eV nm^2

WELL = Compound("well", 1.0, 0.1, 0.4, 10.0, 6.0, 4.0, 0.6)
BARRIER = Compound("barrier", 2.0, 0.3, 0.8, 10.0, 6.0, 3.4, 0.6)  # conduction edge 0.6 eV up, valence edge 0.4 eV down


def test_quadrature_and_running_integral() -> None:
    """Lobatto's rule is exact to degree 2p - 1, the derivative and the running integral to degree p; rounding 1e-12."""
    nodes, weights, derivative = lobatto(13)
    for degree in range(24):
        assert weights @ nodes**degree == pytest.approx((1 - (-1) ** (degree + 1)) / (degree + 1), abs=1e-13)
    for degree in range(1, 13):
        assert derivative @ nodes**degree == pytest.approx(degree * nodes ** (degree - 1), abs=1e-11)
        assert running_integral(13) @ nodes ** (degree - 1) == pytest.approx((nodes**degree - (-1.0) ** degree) / degree, abs=1e-13)


def test_mesh_meets_the_interfaces() -> None:
    """Nodes at 0, at every interface and at the end; elements no longer than asked for; weights sum to the length."""
    mesh = make_mesh([0.0, 1.6, 3.6, 3.7], 6, 0.5)
    for edge in (0.0, 1.6, 3.6, 3.7):
        assert np.isclose(mesh.point_radius_nm, edge, rtol=0, atol=1e-14).any()
    assert (mesh.radius_nm[:, -1] - mesh.radius_nm[:, 0]).max() <= 0.5 + 1e-12
    assert mesh.point_weight_nm.sum() == pytest.approx(3.7, rel=1e-14)
    assert mesh.points == len(mesh.point_radius_nm)


def test_infinite_well() -> None:
    """One compound, infinite wall: E = edge + hbar^2 phi^2/(2 m R^2), 16 levels; 1e-10 eV (spectral elements: rounding)."""
    states = solve_radial(RadialProfile.of((WELL, 4.0)), angular_momenta=6, levels=3)
    assert len(states.electrons) == len(states.holes) == 18
    for level in states.electrons:
        assert level.energy_eV == pytest.approx(-4.0 + level_energy_eV(level.n, level.L, 4.0, 0.1), abs=1e-10)
        assert level.degeneracy == 2 * (2 * level.L + 1)
    for level in states.holes:
        assert level.energy_eV == pytest.approx(5.0 + level_energy_eV(level.n, level.L, 4.0, 0.4), abs=1e-10)
    assert [level.label for level in states.electrons[:5]] == ["1S", "1P", "1D", "2S", "1F"]
    assert states.gap_eV == pytest.approx(1.0 + level_energy_eV(1, 0, 4.0, 0.1) + level_energy_eV(1, 0, 4.0, 0.4), abs=1e-10)


def finite_well(L: int, radius: float, inner: float, outer: float, height: float) -> list[float]:
    """Energies of a spherical well with two masses: zeros of (1/m_i) k j_L'(kR)/j_L(kR) = (1/m_o) kappa k_L'(kappa R)/k_L(kappa R)."""

    def mismatch(energy: float) -> float:
        k, kappa = np.sqrt(energy * inner / HALF), np.sqrt((height - energy) * outer / HALF)
        left = k / inner * spherical_jn(L, k * radius, True) * spherical_kn(L, kappa * radius)
        return float(left - kappa / outer * spherical_kn(L, kappa * radius, True) * spherical_jn(L, k * radius))

    grid = np.linspace(1e-6, height * (1 - 1e-9), 4000)
    values = [mismatch(energy) for energy in grid]
    changes = (pair for pair, (x, y) in zip(pairwise(grid), pairwise(values), strict=True) if x * y < 0)
    return [float(brentq(mismatch, a, b, xtol=1e-15)) for a, b in changes]


@pytest.mark.parametrize("L", [0, 1, 2])
def test_finite_well(L: int) -> None:
    """A finite spherical well, mass 0.1 inside and 0.3 outside (BenDaniel-Duke), 0.6 eV: the closed form, to 1e-10 eV.

    The wall of the calculation stands 20 nm further out, so that the tail there is below 1e-20 of the density.
    """
    states = solve_radial(RadialProfile.of((WELL, 4.0), (BARRIER, 24.0)), angular_momenta=4, levels=1)
    expected = finite_well(L, 4.0, 0.1, 0.3, 0.6)[0]
    assert states.electron(f"1{'SPD'[L]}").energy_eV + 4.0 == pytest.approx(expected, abs=1e-10)


def test_finite_barrier_of_the_surroundings() -> None:
    """Ligands 2 eV high with free electrons: closed form to 1e-10 eV; just the levels of the closed form are there."""
    profile = RadialProfile.of((WELL, 2.0), electron_barrier_eV=2.0, hole_barrier_eV=2.0)
    states = solve_radial(profile, angular_momenta=4, levels=4)
    for L, letter in enumerate("SPDF"):
        expected = finite_well(L, 2.0, 0.1, 1.0, 2.0)
        found = [level for level in states.electrons if level.L == L]
        assert len(found) == len(expected)
        for level, energy in zip(found, expected, strict=True):
            # A level near the top leaks as far as the wall of the calculation, 4 nm out: exp(-2 kappa 4 nm) of it.
            leak = np.exp(-2 * np.sqrt((2.0 - energy) / HALF) * 4.0)
            assert level.energy_eV + 4.0 == pytest.approx(energy, abs=1e-10 + 4 * leak), f"{level.n}{letter}"


def test_high_barrier_is_a_wall() -> None:
    """100 eV: the closed form to 1e-7 eV (a decay within 0.02 nm); below the wall's by 2/(m_i kappa R - 1 + m_i) to first order, 30 %."""
    wall = solve_radial(RadialProfile.of((WELL, 2.0))).electron("1S").energy_eV + 4.0
    high = solve_radial(RadialProfile.of((WELL, 2.0), electron_barrier_eV=100.0)).electron("1S").energy_eV + 4.0
    assert high == pytest.approx(finite_well(0, 2.0, 0.1, 1.0, 100.0)[0], abs=1e-7)
    assert (wall - high) / wall == pytest.approx(2 / (0.1 * np.sqrt(100.0 / HALF) * 2.0 - 1.0 + 0.1), rel=0.3)


def test_convergence_is_exponential() -> None:
    """Error of the tenth D level of a core/shell dot against the order p: at least a factor of 50 for each two orders until rounding."""
    profile = RadialProfile.of((WELL, 2.0), (BARRIER, 5.0))

    def tenth(order: int) -> float:
        states = solve_radial(profile, order=order, levels=10, self_consistent=False)
        return states.electron("10D").energy_eV

    errors = [abs(tenth(order) - tenth(24)) for order in (7, 9, 11)]
    assert all(later < earlier / 50 for earlier, later in pairwise(errors)), errors
    assert abs(solve_radial(profile).electron("1D").energy_eV - solve_radial(profile, order=20).electron("1D").energy_eV) < 1e-10


def test_functions() -> None:
    """Orthonormal for one L, (R)' /m continuous at the interface, first lobe positive, <r> within the dot."""
    profile = RadialProfile.of((WELL, 2.0), (BARRIER, 5.0))
    states = solve_radial(profile, levels=3)
    for L in range(4):
        functions = np.array([level.function for level in sorted(states.electrons, key=lambda level: level.n) if level.L == L])
        assert (functions * states.weight_nm) @ functions.T == pytest.approx(np.eye(len(functions)), abs=1e-10)
        assert (functions[:, 1:8].sum(axis=1) > 0).all()
    mesh = profile.mesh()
    u = states.electron("1S").function[mesh.index]
    slope = np.einsum("eij,ej->ei", mesh.derivative_per_nm, u) - mesh.per_radius(u)
    inside, outside = int(np.nonzero(mesh.shell == 0)[0][-1]), int(np.nonzero(mesh.shell == 1)[0][0])
    assert slope[inside, -1] / WELL.electron_mass == pytest.approx(slope[outside, 0] / BARRIER.electron_mass, rel=1e-7)
    assert 0 < states.electron("1S").mean_radius_nm < 2.0


def test_graded_shell_by_shooting() -> None:
    """A graded shell, mass and edge changing together, against integrating (u, r^2 R'/m) outwards: 1e-9 eV (its tolerance)."""
    profile = RadialProfile.of((WELL, 1.5), (WELL, BARRIER, 4.5))
    states = solve_radial(profile, angular_momenta=2, levels=1)

    def at(r: float) -> tuple[float, float]:
        x = min(max((r - 1.5) / 3.0, 0.0), 1.0)
        return 0.1 * (1 - x) + 0.3 * x, 0.6 * x

    def end(energy: float, L: int) -> float:
        def slope(r: float, y: np.ndarray) -> list[float]:
            mass, edge = at(r)
            return [y[1] * mass / r**2, ((edge - energy) / HALF + L * (L + 1) / (mass * r**2)) * r**2 * y[0]]

        r0 = 1e-3
        y = [r0**L, L * r0 ** (L + 1) / 0.1]
        for a, b in ((r0, 1.5), (1.5, 4.5)):
            y = list(solve_ivp(slope, (a, b), y, rtol=1e-12, atol=1e-14, method="DOP853").y[:, -1])
        return y[0]

    for L, name in enumerate(("1S", "1P")):
        found = states.electron(name).energy_eV + 4.0
        exact = brentq(lambda energy, L=L: end(energy, L), found - 0.02, found + 0.02, xtol=1e-12)
        assert found == pytest.approx(exact, abs=2e-6 if L == 0 else 1e-9)


def test_many_steps_are_a_graded_shell() -> None:
    """Twenty thin shells at the mean composition of each come to the graded shell: 2e-4 eV, second order in their thickness."""
    graded = solve_radial(RadialProfile.of((WELL, 1.5), (WELL, BARRIER, 4.5))).electron("1S").energy_eV
    errors = []
    for count in (10, 20):
        steps = tuple(Shell(alloy(WELL, BARRIER, (k + 0.5) / count), 1.5 + 3.0 * (k + 1) / count) for k in range(count))
        errors.append(abs(solve_radial(RadialProfile((Shell(WELL, 1.5), *steps))).electron("1S").energy_eV - graded))
    assert errors[1] < 2e-4
    assert errors[1] < errors[0] / 3.5


def test_one_compound_in_shells_is_a_sphere() -> None:
    """Cutting a sphere into shells of the same compound changes nothing: 1e-11 eV, and the exciton's mean field to where it stops."""
    whole = solve_radial(RadialProfile.of(("CdSe", 3.0)))
    cut = solve_radial(RadialProfile.of(("CdSe", 0.7), ("CdSe", "CdSe", 1.9), ("CdSe", 3.0)))
    assert cut.exciton.energy_eV == pytest.approx(whole.exciton.energy_eV, abs=1e-8)  # where the mean field stops
    for level, other in zip(whole.electrons, cut.electrons, strict=True):
        assert level.energy_eV == pytest.approx(other.energy_eV, abs=1e-11)


def test_lead_salts_count_their_valleys() -> None:
    """PbS: four valleys, 1S eightfold."""
    assert solve_radial(RadialProfile.of(("PbS", 2.5))).electron("1S").degeneracy == 8


def test_refusals() -> None:
    """Each message names the argument, the rule and the value."""
    with pytest.raises(ArgumentError, match=r"`shells\[1\].outer_radius_nm` must be > 3 nm, .* but it is 2"):
        RadialProfile.of(("CdSe", 3.0), ("CdS", 2.0))
    with pytest.raises(ArgumentError, match="hold at least one shell"):
        RadialProfile(())
    with pytest.raises(ArgumentError, match="electron_barrier_eV` must be > 0 eV"):
        RadialProfile.of(("CdSe", 3.0), electron_barrier_eV=-1.0)
    with pytest.raises(ArgumentError, match="layers"):
        RadialProfile.of((3.0, "CdSe"))  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="`levels` must lie within 1 and 50, but it is 0"):
        solve_radial(RadialProfile.of(("CdSe", 3.0)), levels=0)
    with pytest.raises(ArgumentError, match="be one of the levels found, 1S"):
        solve_radial(RadialProfile.of(("CdSe", 3.0)), angular_momenta=1).electron("1P")
    assert quantum_numbers("2S") == (2, 0)
    assert replace(Shell(load_compound("CdSe"), 2.0), exponent=2.0).at(0.5).name == "CdSe"


def test_confined_in_a_shell() -> None:
    """A thin shell far out is a slab: E = hbar^2 pi^2/(2 m d^2) and the angular part hbar^2 L(L+1)/(2 m r^2), to (d/r)^2."""
    thick = Compound("thick", 40.0, 0.1, 0.4, 10.0, 6.0, -20.0 + 24.0, 0.6)
    wall = replace(thick, name="wall", gap_eV=2000.0, electron_affinity_eV=0.5)
    wall = replace(wall, electron_affinity_eV=1e-6, gap_eV=1e4)
    inner = replace(thick, electron_affinity_eV=3e3)
    states = solve_radial(RadialProfile.of((wall, 20.0), (inner, 22.0)), angular_momenta=2, levels=1, self_consistent=False, order=20)
    split = states.electron("1P").energy_eV - states.electron("1S").energy_eV
    assert split == pytest.approx(2 * HALF / (0.1 * 21.0**2), rel=5e-3)


def test_spherical_bessel_inside_a_barrier() -> None:
    """A core too high for the carrier: tunnelling i_L inside, j_L and y_L in the shell; by the closed matching condition, 1e-10 eV."""
    states = solve_radial(RadialProfile.of((BARRIER, 1.0), (WELL, 3.0)), angular_momenta=1, levels=1)

    def mismatch(energy: float) -> float:
        kappa, k = np.sqrt((0.6 - energy) * 0.3 / HALF), np.sqrt(energy * 0.1 / HALF)
        inner = kappa * spherical_in(0, kappa, True) / spherical_in(0, kappa) / 0.3
        # sin(k (3 - r))/r in the shell
        outer = (-k / np.tan(k * 2.0) - 1.0) / 0.1
        return float(inner - outer)

    found = states.electron("1S").energy_eV + 4.0
    assert found == pytest.approx(brentq(mismatch, found - 0.01, found + 0.01, xtol=1e-15), abs=1e-10)
