"""Thick incoherent layers in random stacks: `tmm`, conservation of energy, reciprocity."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pytest
import tmm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qdphotonics.planar.scattering import Polarizations, Scattering, scatter

# Rounding raised by the resonances of the coherent parts; worst of 3,000 stacks: 2e-13 beside tmm, 3e-14 in the balance.
AGREEMENT = 1e-10
CONSERVATION = 1e-12

METALS = (0.056 + 4.28j, 0.13 + 3.4j, 1.37 + 7.62j)


@dataclass(frozen=True)
class Case:
    """One stack, one wave."""

    index: NDArray[np.complex128]
    index_extraordinary: NDArray[np.complex128]
    thickness_nm: NDArray[np.float64]
    coherent: NDArray[np.bool_]
    wavelength_nm: float
    angle_deg: float

    def solve(self, polarization: Polarizations) -> Scattering:
        return scatter(
            self.index,
            self.thickness_nm,
            self.wavelength_nm,
            self.angle_deg,
            polarization,
            index_extraordinary=self.index_extraordinary,
            coherent=self.coherent,
        )

    @property
    def n_eff(self) -> float:
        return float(self.index[0].real * np.sin(np.deg2rad(self.angle_deg)))


def random_case(seed: int, layers: int, *, uniaxial: bool = False) -> Case:
    """Films as in test_scattering_random.py, a metal now and then; thick layers of 0.01-3 mm, some of them opaque."""
    rng = np.random.default_rng(seed)
    index = rng.uniform(1, 4, layers + 2) + 1j * rng.choice([0, 1e-6, 1e-3, 0.1], layers + 2) * rng.random(layers + 2)
    metal = rng.random(layers + 2) < 0.1
    index[metal] = rng.choice(METALS, int(metal.sum()))
    index[[0, -1]] = rng.uniform(1, 2.5, 2)
    coherent = rng.random(layers) < 0.6
    thickness = np.where(coherent, 10 ** rng.uniform(0, 3.3, layers), 10 ** rng.uniform(4, 6.5, layers))
    thickness[(index[1:-1].imag > 1) & coherent] *= 0.05
    ratio = 1 + 0.2 * rng.uniform(-1, 1, layers + 2) * (rng.random(layers + 2) < 0.5) * uniaxial
    return Case(index, index * ratio, thickness, coherent, rng.uniform(400, 1600), rng.uniform(0, 89))


seeds = st.integers(0, 2**32 - 1)
stacks = st.integers(1, 15)
polarizations = st.sampled_from(["TE", "TM"])


@settings(max_examples=300, deadline=None)
@given(seeds, stacks, polarizations)
def test_agrees_with_tmm(seed: int, layers: int, polarization: Polarizations) -> None:
    """R, T and every A of `tmm.inc_tmm` (S. Byrnes, arXiv:1603.02720), which divides by 0 where a thick clear layer guides no wave."""
    case = random_case(seed, layers)
    evanescent = ~case.coherent & (case.n_eff >= case.index[1:-1].real) & (case.index[1:-1].imag < 1)
    while evanescent.any():  # the same stack closer to the normal
        case = random_case(seed := seed + 1, layers)
        evanescent = ~case.coherent & (case.n_eff >= case.index[1:-1].real) & (case.index[1:-1].imag < 1)
    found = case.solve(polarization)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = tmm.inc_tmm(
            {"TE": "s", "TM": "p"}[polarization],
            list(case.index),
            [np.inf, *case.thickness_nm, np.inf],
            ["i", *np.where(case.coherent, "c", "i"), "i"],
            np.deg2rad(case.angle_deg),
            case.wavelength_nm,
        )
        losses = tmm.inc_absorp_in_each_layer(peer)[1:-1]
    assert abs(found.reflectance - peer["R"]) < AGREEMENT
    assert abs(found.transmittance - peer["T"]) < AGREEMENT
    np.testing.assert_allclose(found.absorptance, losses, rtol=0, atol=AGREEMENT)


@settings(max_examples=500, deadline=None)
@given(seeds, stacks, polarizations, st.booleans())
def test_energy_is_conserved(seed: int, layers: int, polarization: Polarizations, uniaxial: bool) -> None:
    """R + T + sum(A) = 1: A of the films is an integral over their field, no line makes the sum 1; nothing is negative."""
    found = random_case(seed, layers, uniaxial=uniaxial).solve(polarization)
    assert abs(found.reflectance + found.transmittance + found.absorptance.sum() - 1) < CONSERVATION
    assert min(found.reflectance, found.transmittance, found.absorptance.min()) >= 0


@settings(max_examples=200, deadline=None)
@given(seeds, stacks, polarizations, st.booleans())
def test_transmission_is_reciprocal(seed: int, layers: int, polarization: Polarizations, uniaxial: bool) -> None:
    """T forward = T backward at one n_eff, to 1e-9 of T itself; below 1e-250, products of small numbers lose their digits."""
    case = random_case(seed, layers, uniaxial=uniaxial)
    ends = case.index[[0, -1]].real
    n_eff = case.n_eff * min(1, 0.99 * ends[1] / ends[0])
    angle = np.rad2deg(np.arcsin(n_eff / ends))
    n_e = np.where(np.isin(np.arange(layers + 2), [0, layers + 1]), case.index, case.index_extraordinary)
    forward = Case(case.index, n_e, case.thickness_nm, case.coherent, case.wavelength_nm, angle[0])
    backward = Case(case.index[::-1], n_e[::-1], case.thickness_nm[::-1], case.coherent[::-1], case.wavelength_nm, angle[1])
    expected = float(backward.solve(polarization).transmittance)
    assert float(forward.solve(polarization).transmittance) == pytest.approx(expected, rel=1e-9, abs=1e-250)
