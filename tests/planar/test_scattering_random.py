"""R, T and A of random stacks: a second method, `tmm`, 50-digit arithmetic, conservation of energy, reciprocity."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import tmm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qdphotonics.planar.scattering import Polarizations, scatter

# Rounding, 1e-16 a layer, is raised by the resonances of the stack; worst of 3,000 stacks: 5e-14. tmm's own error is larger.
AGREEMENT = 1e-11
# No second method's error in it; worst of 1,500 stacks: 2e-14.
CONSERVATION = 1e-12
# Of each absorptance and transmittance by itself, however small; worst of 400 stacks: 3e-12, median 7e-15.
RELATIVE = 1e-11

METALS = (0.056 + 4.28j, 0.13 + 3.4j, 1.37 + 7.62j, 0.18 + 5.1j, 2.2 + 3.3j)


@dataclass(frozen=True)
class Case:
    """One stack, one wave."""

    index: NDArray[np.complex128]
    index_extraordinary: NDArray[np.complex128]
    thickness_nm: NDArray[np.float64]
    wavelength_nm: float
    angle_deg: float

    @property
    def passive(self) -> bool:
        return bool((self.index.imag >= 0).all() and (self.index_extraordinary.imag >= 0).all())


def random_case(seed: int, layers: int, *, gain: bool = False, uniaxial: bool = False) -> Case:
    """Dielectrics 1-4, k to 0.1, a metal now and then, 1-2000 nm, 400-1600 nm, any angle; entrance and exit lossless."""
    rng = np.random.default_rng(seed)
    index = rng.uniform(1, 4, layers + 2) + 1j * rng.choice([0, 1e-6, 1e-3, 0.1], layers + 2) * rng.random(layers + 2)
    metal = rng.random(layers + 2) < 0.1
    index[metal] = rng.choice(METALS, int(metal.sum()))
    if gain:
        index -= 0.004j * (rng.random(layers + 2) < 0.3)
    thickness = 10 ** rng.uniform(0, 3.3, layers)
    # The gain of a pass must stay moderate, or the stack is next to a laser and no two codes agree.
    thickness[index[1:-1].imag < 0] *= 0.1
    thickness[index[1:-1].imag > 1] *= 0.05
    index[[0, -1]] = rng.uniform(1, 2.5, 2)
    ratio = 1 + 0.2 * rng.uniform(-1, 1, layers + 2) * (rng.random(layers + 2) < 0.5) * uniaxial
    return Case(index, index * ratio, thickness, rng.uniform(400, 1600), rng.uniform(0, 89))


def twin(case: Case, polarization: Polarizations) -> tuple[float, float, NDArray[np.float64]]:
    """R, T, A by another road: Fresnel coefficients and Airy sums upwards, amplitudes downwards, |E|^2 by quadrature."""
    k0 = 2 * np.pi / case.wavelength_nm
    cos, sin = np.cos(np.deg2rad(case.angle_deg)), np.sin(np.deg2rad(case.angle_deg))
    eps_o, eps_e = case.index**2, case.index_extraordinary**2
    tm = polarization == "TM"
    u = (1 / (cos**2 / eps_o[0] + sin**2 / eps_e[0]) if tm else eps_o[0]).real * sin**2
    kz = np.sqrt(eps_o * (1 - u / eps_e) if tm else eps_o - u)
    kz = np.where(kz.imag < 0, -kz, kz)
    admittance = kz / eps_o if tm else kz
    phase = np.exp(1j * k0 * kz[1:-1] * case.thickness_nm)
    fresnel_r = (admittance[:-1] - admittance[1:]) / (admittance[:-1] + admittance[1:])
    fresnel_t = 2 * admittance[:-1] / (admittance[:-1] + admittance[1:])
    below = np.empty(len(case.index) - 1, complex)  # reflection of all that lies behind interface j
    below[-1] = fresnel_r[-1]
    for j in range(len(below) - 2, -1, -1):
        behind = below[j + 1] * phase[j] ** 2
        below[j] = (fresnel_r[j] + behind) / (1 + fresnel_r[j] * behind)
    absorbed = np.zeros(len(case.thickness_nm))
    forward: complex = 1.0
    nodes, weights = np.polynomial.legendre.leggauss(24)
    for j, d in enumerate(case.thickness_nm):
        behind = below[j + 1] * phase[j] ** 2
        forward = forward * fresnel_t[j] / (1 + fresnel_r[j] * behind)
        panels = max(1, int(np.ceil(k0 * abs(kz[j + 1]) * d / 2)))
        z = (np.arange(panels)[:, None] + (nodes + 1) / 2) * d / panels
        up = forward * np.exp(1j * k0 * kz[j + 1] * z)
        down = forward * below[j + 1] * phase[j] * np.exp(1j * k0 * kz[j + 1] * (d - z))
        loss = eps_o[j + 1].imag * abs(up + down) ** 2
        if tm:
            loss = eps_o[j + 1].imag * abs(admittance[j + 1] * (up - down)) ** 2
            loss += eps_e[j + 1].imag * u * abs((up + down) / eps_e[j + 1]) ** 2
        absorbed[j] = k0 * (loss * weights).sum() * d / panels / 2 / admittance[0].real
        forward = forward * phase[j]
    forward = forward * fresnel_t[-1]
    return abs(below[0]) ** 2, abs(forward) ** 2 * admittance[-1].real / admittance[0].real, absorbed


def exact(case: Case, polarization: Polarizations) -> tuple[mpmath.mpf, mpmath.mpf, list[mpmath.mpf]]:
    """R, T, A in 120 digits: tangential fields by transfer matrices, A as the difference of two fluxes."""
    tm = polarization == "TM"
    with mpmath.workdps(120):
        angle = mpmath.mpf(case.angle_deg) * mpmath.pi / 180
        eps_o = [mpmath.mpc(complex(n)) ** 2 for n in case.index]
        eps_e = [mpmath.mpc(complex(n)) ** 2 for n in case.index_extraordinary]
        m2 = 1 / (mpmath.cos(angle) ** 2 / eps_o[0] + mpmath.sin(angle) ** 2 / eps_e[0]) if tm else eps_o[0]
        u = (m2 * mpmath.sin(angle) ** 2).real
        q = eps_o if tm else [mpmath.mpf(1)] * len(eps_o)
        p = [1 - u / e for e in eps_e] if tm else [e - u for e in eps_o]
        k_exit = mpmath.expj(mpmath.pi / 4) * mpmath.sqrt(-1j * p[-1] * q[-1])
        field_u, field_v = mpmath.mpc(1), k_exit / q[-1]
        flux = [(mpmath.conj(field_u) * field_v).real]
        for j in range(len(case.thickness_nm), 0, -1):
            kappa = mpmath.sqrt(p[j] * q[j])
            phi = kappa * 2 * mpmath.pi / mpmath.mpf(case.wavelength_nm) * mpmath.mpf(case.thickness_nm[j - 1])
            cos, sinc = mpmath.cos(phi), mpmath.sin(phi) / kappa
            field_u, field_v = cos * field_u - 1j * q[j] * sinc * field_v, cos * field_v - 1j * p[j] * sinc * field_u
            flux.insert(0, (mpmath.conj(field_u) * field_v).real)
        eta = mpmath.sqrt(m2).real * mpmath.cos(angle) / q[0].real
        incident = abs(field_u + field_v / eta) ** 2 / 4 * eta
        reflected = abs(field_u - field_v / eta) ** 2 / 4 * eta
        losses = [(above - below) / incident for above, below in pairwise(flux)]
        return reflected / incident, flux[-1] / incident, losses


def solve(case: Case, polarization: Polarizations) -> tuple[float, float, NDArray[np.float64]]:
    found = scatter(
        case.index, case.thickness_nm, case.wavelength_nm, case.angle_deg, polarization, index_extraordinary=case.index_extraordinary
    )
    return float(found.reflectance), float(found.transmittance), found.absorptance


seeds = st.integers(0, 2**32 - 1)
stacks = st.integers(1, 60)
polarizations = st.sampled_from(["TE", "TM"])


@settings(max_examples=300, deadline=None)
@given(seeds, stacks, polarizations, st.booleans())
def test_agrees_with_a_second_method(seed: int, layers: int, polarization: Polarizations, gain: bool) -> None:
    """R, T and every A against Airy sums and quadrature of Im(eps) |E|^2, uniaxial layers and half-spaces included."""
    case = random_case(seed, layers, gain=gain, uniaxial=True)
    found, expected = solve(case, polarization), twin(case, polarization)
    scale = max(1.0, expected[0], expected[1])  # amplifying stacks return more than they get
    assert abs(found[0] - expected[0]) < AGREEMENT * scale
    assert abs(found[1] - expected[1]) < AGREEMENT * scale
    np.testing.assert_allclose(found[2], expected[2], rtol=0, atol=AGREEMENT * max(scale, abs(expected[2]).max()))


@settings(max_examples=3000, deadline=None)
@given(seeds, stacks, polarizations, st.booleans())
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_agrees_with_tmm(seed: int, layers: int, polarization: Polarizations, gain: bool) -> None:
    """The established program for coherent multilayers (S. Byrnes, arXiv:1603.02720)."""
    case = random_case(seed, layers, gain=gain)
    found = solve(case, polarization)
    peer = tmm.coh_tmm(
        {"TE": "s", "TM": "p"}[polarization],
        list(case.index),
        [np.inf, *case.thickness_nm, np.inf],
        np.deg2rad(case.angle_deg),
        case.wavelength_nm,
    )
    losses = np.array(tmm.absorp_in_each_layer(peer))[1:-1]
    scale = max(1.0, peer["R"], peer["T"])
    assert abs(found[0] - peer["R"]) < AGREEMENT * scale
    assert abs(found[1] - peer["T"]) < AGREEMENT * scale
    np.testing.assert_allclose(found[2], losses, rtol=0, atol=AGREEMENT * max(scale, abs(losses).max()))


@settings(max_examples=5000, deadline=None)
@given(seeds, stacks, polarizations, st.booleans())
def test_energy_is_conserved(seed: int, layers: int, polarization: Polarizations, uniaxial: bool) -> None:
    """Passive stacks: R + T + sum(A) = 1, which no line of the solver makes so; 0 <= A, R, T <= 1."""
    case = random_case(seed, layers, uniaxial=uniaxial)
    assert case.passive
    reflectance, transmittance, losses = solve(case, polarization)
    assert abs(reflectance + transmittance + losses.sum() - 1) < CONSERVATION
    assert losses.min() >= 0
    assert min(reflectance, transmittance) >= 0
    lossless = (case.index[1:-1].imag == 0) & (case.index_extraordinary[1:-1].imag == 0)
    assert (losses[lossless] == 0).all()


@settings(max_examples=3000, deadline=None)
@given(seeds, stacks, polarizations, st.booleans())
def test_transmission_is_reciprocal(seed: int, layers: int, polarization: Polarizations, gain: bool) -> None:
    """T forward = T backward at the same n_eff, absorbing and amplifying layers included, to rounding of T itself."""
    case = random_case(seed, layers, gain=gain)
    n_eff = case.index[0].real * np.sin(np.deg2rad(case.angle_deg))
    if n_eff >= 0.999 * case.index[-1].real:  # totally reflected: no way back
        n_eff = 0.5 * case.index[-1].real
        if n_eff >= case.index[0].real:
            n_eff = 0.5 * case.index[0].real
    angles = np.rad2deg(np.arcsin(n_eff / case.index[[0, -1]].real))
    forward = scatter(case.index, case.thickness_nm, case.wavelength_nm, angles[0], polarization, absorptance=False)
    backward = scatter(case.index[::-1], case.thickness_nm[::-1], case.wavelength_nm, angles[1], polarization, absorptance=False)
    assert float(forward.transmittance) == pytest.approx(float(backward.transmittance), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("seed", range(40))
def test_every_digit_against_extended_precision(seed: int, polarization: Polarizations) -> None:
    """T and each absorptance to 1e-11 of itself (not of 1), R to 1e-12 of 1, against 120-digit transfer matrices."""
    case = random_case(seed, 1 + seed * 60 // 40, gain=seed % 3 == 0, uniaxial=seed % 2 == 0)
    found, (reflectance, transmittance, losses) = solve(case, polarization), exact(case, polarization)
    assert abs(found[0] - reflectance) < CONSERVATION * max(1, reflectance)
    assert abs(found[1] - transmittance) <= RELATIVE * abs(transmittance) + 1e-60
    for loss, expected in zip(found[2], losses, strict=True):
        assert abs(loss - expected) <= RELATIVE * abs(expected) + 1e-60


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("exponent", [-2, -5, -8, -11, -14])
def test_every_digit_close_to_the_critical_angle_of_a_layer(exponent: int, polarization: Polarizations) -> None:
    """A faintly absorbing layer in which k_z^2 / k0^2 = 10^exponent: A to 1e-11 of itself, where closed forms cancel.

    k_z^2 cannot be had better than to 1e-16 / 10^exponent, but near 0 the field does not depend on it.
    """
    n_eff = 2.0 * np.sin(np.deg2rad(40))
    layer = np.sqrt(n_eff**2 + 10.0**exponent) + 1e-9j
    index = np.array([2.0, 1.8, layer, 1.7, layer, 1.9])
    case = Case(index, index, np.array([120.0, 300.0, 80.0, 1500.0]), 600.0, 40.0)
    found, (_, _, losses) = solve(case, polarization), exact(case, polarization)
    for j in (1, 3):
        assert abs(found[2][j] - losses[j]) <= RELATIVE * abs(losses[j])
