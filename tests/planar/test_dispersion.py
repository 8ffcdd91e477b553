"""The dispersion function against 40-digit arithmetic and its own differences."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from qdphotonics.planar.dispersion import (
    ROTATED,
    ROTATED_BOTH,
    ROTATED_PRODUCT,
    SQUARE,
    Guide,
    N,
    cos_sinc,
    dispersion,
    n_eff_of,
    pack,
    upside_down,
    workspace,
)
from tests.planar.stacks_at_random import RandomStack, random_stack


def at(guide: Guide, s: complex, variable: int) -> tuple[complex, complex, float]:
    return dispersion(guide, s, variable, 0j, 0j, workspace(guide.q.size, 0))


def log_by_matrices(stack: RandomStack, polarization: str, n_eff: complex) -> mpmath.mpc:
    """log D from plain 2 x 2 matrices in 60 digits: U' = k0 q V, V' = -k0 g U, the root of k_z by Re + Im > 0."""
    mp = mpmath.MPContext()
    mp.dps = 60
    index, extraordinary = stack.index, stack.index_extraordinary
    u = mp.mpc(n_eff) ** 2
    k0 = 2 * mp.pi / mp.mpf(stack.wavelength_nm)

    def medium(no: complex, ne: complex) -> tuple[mpmath.mpc, mpmath.mpc]:
        eps_o, eps_e = mp.mpc(no) ** 2, mp.mpc(ne) ** 2
        return (mp.mpf(1), eps_o - u) if polarization == "TE" else (eps_o, 1 - u / eps_e)

    def outside(q: mpmath.mpc, g: mpmath.mpc) -> mpmath.mpc:
        kappa = mp.sqrt(q * g)
        return kappa if kappa.real + kappa.imag > 0 else -kappa

    q, g = medium(index[0], extraordinary[0])
    U, V = mp.mpc(1), -1j * outside(q, g) / q
    for no, ne, d in zip(index[1:-1], extraordinary[1:-1], stack.thickness_nm, strict=True):
        q, g = medium(no, ne)
        kappa = mp.sqrt(q * g)
        phi = kappa * k0 * mp.mpf(d)
        U, V = mp.cos(phi) * U + q * mp.sin(phi) / kappa * V, mp.cos(phi) * V - kappa / q * mp.sin(phi) * U
    q, g = medium(index[-1], extraordinary[-1])
    return mp.log(V - 1j * outside(q, g) * U / q)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("seed", range(25))
def test_matches_matrices_in_60_digits(seed: int, polarization: str) -> None:
    """exp(log D) of the kernel = that of plain matrices, for random stacks (uniaxial too) and points of the strip.

    Tolerance 1e-10 relative: D at a random point is not near a zero, and each of <= 60 layers rounds a few times; the
    phase k0 kappa d reaches some 1e3 radians, each rounded to 1e-16 relative.
    """
    stack = random_stack(seed, uniaxial=seed % 2 == 1)
    rng = np.random.default_rng(1000 + seed)
    guide = pack(stack.index, stack.index_extraordinary, stack.thickness_nm, stack.wavelength_nm, polarization)
    n_eff = complex(rng.uniform(0.2, 4.0), rng.uniform(-0.05, 0.05))
    value, _, scale = at(guide, n_eff, N)
    expected = log_by_matrices(stack, polarization, n_eff)
    ratio = complex(mpmath.exp(mpmath.log(mpmath.mpc(value)) + mpmath.mpf(scale) - expected))
    assert abs(ratio - 1.0) < 1e-10


@pytest.mark.parametrize("variable", [N, SQUARE, ROTATED, ROTATED_PRODUCT, ROTATED_BOTH])
@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_derivative_is_exact(polarization: str, variable: int) -> None:
    """dD/ds = a central difference, for every variable; step 1e-5 leaves 1e-9 relative of truncation and rounding."""
    for seed in range(10):
        stack = random_stack(seed, most_layers=12, uniaxial=True)
        guide = pack(stack.index, stack.index_extraordinary, stack.thickness_nm, stack.wavelength_nm, polarization)
        s, step = complex(0.9, 0.04), 1e-5
        before, here, after = (at(guide, s + h, variable) for h in (-step, 0.0, step))
        change = np.log(after[0] / before[0]) + after[2] - before[2]
        slope = here[1] / here[0]
        assert abs(change / (2 * step) - slope) < 1e-4 * (1 + abs(slope))
        second = np.log(at(guide, s + 2 * step, variable)[0] / at(guide, s - 2 * step, variable)[0])
        second += at(guide, s + 2 * step, variable)[2] - at(guide, s - 2 * step, variable)[2]
        richardson = (4 * change / (2 * step) - second / (4 * step)) / 3
        assert abs(richardson - slope) < 1e-7 * (1 + abs(slope))


def test_no_seam_between_series_and_exponentials() -> None:
    """cos and sinc of x = phi^2 from their series = the functions, on both sides of the switch; 1e-16 each."""
    for x in (0.0, 0.089, -0.089, 0.05 + 0.03j, 1e-9j):
        cos, sinc = cos_sinc(x)
        phi = mpmath.sqrt(mpmath.mpc(x))
        assert abs(cos - complex(mpmath.cos(phi))) < 3e-16
        assert abs(sinc - complex(mpmath.sin(phi) / phi if x else 1)) < 3e-16


def test_rotated_variable_takes_both_sheets() -> None:
    """zeta and -zeta are the same n_eff with opposite kappa_s: D+ D- of the substrate is even in zeta, D is not."""
    stack = random_stack(3, most_layers=6)
    guide = pack(stack.index, stack.index, stack.thickness_nm, stack.wavelength_nm, "TM")
    zeta = complex(0.3, 0.2)
    assert n_eff_of(guide, zeta, ROTATED) == n_eff_of(guide, -zeta, ROTATED)
    up, down = at(guide, zeta, ROTATED), at(guide, -zeta, ROTATED)
    assert abs(np.log(up[0] / down[0]) + up[2] - down[2]) > 1e-3
    direct = at(guide, n_eff_of(guide, zeta, ROTATED), N)
    assert up[0] * np.exp(up[2] - direct[2]) == pytest.approx(direct[0], rel=1e-12)


def test_layers_alike_share_a_row() -> None:
    """Ten Bragg pairs need two rows: the table is the cost of a point."""
    index = np.array([1.52, *[2.3, 1.46] * 10, 1.0], complex)
    guide = pack(index, index, np.array([70.0, 110.0] * 10), 640.0, "TE")
    assert guide.q.size == 2
    assert guide.row.tolist() == [0, 1] * 10
    assert upside_down(guide).row.tolist() == [1, 0] * 10
