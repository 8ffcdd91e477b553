"""Fields, confinement, loss budget, derivatives and group index: conservation laws, differences, a second integral."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.planar import Mode, find_modes, mode_field
from qdphotonics.planar.results import Polarization
from qdphotonics.units import loss_per_cm
from tests.planar.stacks_at_random import RandomStack, random_stack
from tests.planar.test_modes import BRAGG_INDEX, BRAGG_THICKNESS

POLARIZATIONS: tuple[Polarization, ...] = ("TE", "TM")


def search(stack: RandomStack, polarization: Polarization, **options: Any) -> tuple[Mode, ...]:
    return find_modes(
        stack.index, stack.thickness_nm, stack.wavelength_nm, polarization, index_extraordinary=stack.index_extraordinary, **options
    ).modes


def moved(stack: RandomStack, mode: Mode) -> complex:
    """n_eff of the mode nearest to a given one."""
    width = 1e-3 + 10 * abs(mode.n_eff.imag)
    close = search(stack, mode.polarization, n_range=(max(mode.n_eff.real - width, 1e-6), mode.n_eff.real + width), max_loss_per_cm=2e4)
    return min((other.n_eff for other in close), key=lambda n_eff: abs(n_eff - mode.n_eff))


def picked(stack: RandomStack, polarization: Polarization, rng: np.random.Generator) -> list[Mode]:
    """Three modes of a stack, told apart from their neighbours well enough for differences to make sense."""
    modes = search(stack, polarization)
    lonely = [m for m in modes if all(abs(m.n_eff - other.n_eff) > 3e-3 for other in modes if other is not m)]
    return [lonely[i] for i in rng.permutation(len(lonely))[:3]]


@settings(max_examples=1000)
@given(seed=st.integers(0, 10**9), polarization=st.sampled_from(POLARIZATIONS), uniaxial=st.booleans())
def test_loss_budget_closes(seed: int, polarization: Polarization, uniaxial: bool) -> None:
    """Poynting: absorbed + radiated = 2 k0 Im n_eff, to 1e-9 of the largest part; the shares of |E|^2 sum to 1.

    The parts come from integrals of the field, the sum from the zero of D: nothing is normalised to fit. Where all parts
    vanish, what is left is the rounding of n_eff itself: a few 1e-16 of it, in cm^-1.
    """
    stack = random_stack(seed, most_layers=40, uniaxial=uniaxial)
    for mode in search(stack, polarization)[:12]:
        if mode.multiplicity > 1:
            continue  # the field of a pair that cannot be told apart is any mixture of the two
        parts = np.concatenate([mode.absorbed_per_cm, mode.radiated_per_cm])
        rounding = loss_per_cm(8 * np.finfo(float).eps * abs(mode.n_eff), mode.wavelength_nm)
        assert abs(parts.sum() - mode.loss_per_cm) < 1e-9 * np.abs(parts).max() + rounding
        assert mode.confinement.intensity.sum() == pytest.approx(1.0, abs=1e-12)
        assert mode.confinement.energy.sum() == pytest.approx(1.0, abs=1e-12)
        assert np.all(mode.confinement.intensity >= 0.0)
        for side, is_open in zip((0, -1), mode.open, strict=True):
            assert not is_open or mode.confinement.intensity[side] == 0.0


@pytest.mark.parametrize("polarization", POLARIZATIONS)
@pytest.mark.parametrize("seed", range(10))
def test_derivatives_are_differences(seed: int, polarization: Polarization) -> None:
    """dn_eff/dn of every region (n_o and n_e together, n_e alone) and dn_eff/dd against central differences.

    Steps 1e-5 (index) and 1e-3 nm leave h^2 n''' and 1e-15/h of rounding: 1e-6 of the largest derivative.
    """
    rng = np.random.default_rng(seed)
    stack = random_stack(seed, most_layers=8, uniaxial=True)
    for mode in picked(stack, polarization, rng):
        scale = np.abs(mode.sensitivity.index).max()
        for region in range(stack.index.size):
            step = 1e-5 * (np.arange(stack.index.size) == region)
            both = [
                moved(replace(stack, index=stack.index + h * step, index_extraordinary=stack.index_extraordinary + h * step), mode)
                for h in (-1, 1)
            ]
            assert abs((both[1] - both[0]) / 2e-5 - mode.sensitivity.index[region]) < 1e-6 * scale
            alone = [moved(replace(stack, index_extraordinary=stack.index_extraordinary + h * step), mode) for h in (-1, 1)]
            assert abs((alone[1] - alone[0]) / 2e-5 - mode.sensitivity.index_extraordinary[region]) < 1e-6 * scale
        steepest = np.abs(mode.sensitivity.thickness_per_nm).max()
        for layer in range(stack.thickness_nm.size):
            step = 1e-3 * (np.arange(stack.thickness_nm.size) == layer)
            thicker = [moved(replace(stack, thickness_nm=stack.thickness_nm + h * step), mode) for h in (-1, 1)]
            assert abs((thicker[1] - thicker[0]) / 2e-3 - mode.sensitivity.thickness_per_nm[layer]) < 1e-6 * max(steepest, 1e-6)


@pytest.mark.parametrize("polarization", POLARIZATIONS)
def test_gain_confinement_is_the_change_of_loss(polarization: Polarization) -> None:
    """confinement.gain = d alpha_mode/d alpha_layer, Re n of the layer fixed: a difference of 0.01 cm^-1, to 1e-6.

    For the silver stack it is far from the share of intensity, and exceeds it by up to a third.
    """
    index = np.array([1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0])
    thickness = [250.0, 95.0, 50.0, 10.0, 100.0]
    k_per_cm = 640e-7 / (4 * math.pi)  # extinction of 1 cm^-1
    mode = find_modes(index, thickness, 640.0, polarization).modes[0]
    for region in range(index.size):
        change = 0.01j * k_per_cm * (np.arange(index.size) == region)
        low, high = (find_modes(index + h * change, thickness, 640.0, polarization).modes[0].loss_per_cm for h in (-1, 1))
        assert (high - low) / 0.02 == pytest.approx(mode.confinement.gain[region], abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_scaling_identity(seed: int) -> None:
    """TE: sum_j (dn_eff/dn_j) n_eff/n_j = 1 (int (n_eff^2 E)E over all of space), half-spaces continued; to 1e-10."""
    for mode in search(random_stack(seed, most_layers=30), "TE")[:10]:
        if mode.multiplicity == 1:
            assert abs((mode.sensitivity.index * mode.n_eff / mode.index).sum() - 1.0) < 1e-10 * (1 + np.abs(mode.sensitivity.index).max())


@settings(max_examples=300)
@given(seed=st.integers(0, 10**9), polarization=st.sampled_from(POLARIZATIONS))
def test_fields_satisfy_maxwell(seed: int, polarization: Polarization) -> None:
    """curl E = i k0 H and curl H = -i k0 eps E inside every region, by central differences of 1e-4 of a wavelength in it.

    The truncation is (2 pi 1e-4)^2/6 = 7e-8 of a field's size, rounding 1e-12: 1e-5 of the largest is far above both
    and far below any wrong factor. At interfaces E_x, E_y, H_x, H_y, eps E_z and H_z are continuous to 1e-9.
    """
    stack = random_stack(seed, most_layers=8, uniaxial=True)
    edges = np.concatenate([[0.0], np.cumsum(stack.thickness_nm)])
    k0 = 2 * math.pi / stack.wavelength_nm
    for mode in search(stack, polarization)[:4]:
        places = np.concatenate([[-37.0], edges[:-1] + 0.41 * stack.thickness_nm, [edges[-1] + 29.0]])
        n_largest = np.maximum(np.abs(stack.index), np.abs(stack.index_extraordinary))
        step = np.minimum(1e-4 * stack.wavelength_nm / n_largest, np.concatenate([[1.0], 0.1 * stack.thickness_nm, [1.0]]))
        at, up, down = (mode_field(mode, places + h * step) for h in (0.0, 1.0, -1.0))
        dE, dH = (up.E - down.E) / (2 * step * k0), (up.H - down.H) / (2 * step * k0)
        E, H, N = at.E, at.H, mode.n_eff
        eps_o, eps_e = stack.index**2, stack.index_extraordinary**2
        size = (np.abs(E).sum(axis=0) + np.abs(H).sum(axis=0)) * n_largest**2
        curl_E = np.stack([-dE[1], dE[0] - 1j * N * E[2], 1j * N * E[1]])
        curl_H = np.stack([-dH[1], dH[0] - 1j * N * H[2], 1j * N * H[1]])
        assert np.all(np.abs(curl_E - 1j * H) < 1e-5 * size)
        assert np.all(np.abs(curl_H + 1j * np.stack([eps_o, eps_o, eps_e]) * E) < 1e-5 * size)
        # An interface's own height belongs to the layer below; the float above it to the layer above.
        below, above = mode_field(mode, edges), mode_field(mode, np.nextafter(edges, np.inf))
        for one, other in ((below.E[:2], above.E[:2]), (below.H, above.H), (eps_e[:-1] * below.E[2], eps_e[1:] * above.E[2])):
            assert np.abs(one - other).max() < 1e-9 * np.abs(n_largest).max() ** 2


def test_confinement_by_quadrature() -> None:
    """Shares of |E|^2 by the trapezium rule over 20,000 heights of the exact field, to 1e-6, TE and TM, leaky and not."""
    for polarization in POLARIZATIONS:
        for mode in find_modes(BRAGG_INDEX, BRAGG_THICKNESS, 640.0, polarization).modes:
            edges = np.concatenate([[0.0], np.cumsum(mode.thickness_nm)])
            integrals = []
            for low, high in itertools.pairwise(edges):
                z = np.linspace(low, high, 801)
                intensity = (np.abs(mode_field(mode, np.clip(z, np.nextafter(low, high), high)).E) ** 2).sum(axis=0)
                integrals.append(np.trapezoid(intensity, z))
            layers = mode.confinement.intensity[1:-1]
            assert np.array(integrals) / sum(integrals) == pytest.approx(layers / layers.sum(), abs=1e-5)


@pytest.mark.parametrize("polarization", POLARIZATIONS)
def test_group_index_is_the_slope(polarization: Polarization) -> None:
    """n_g = n_eff - lambda dn_eff/dlambda with dispersive indices: a difference of +-0.01 nm, to 1e-6."""
    index = np.array([1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0])
    slope = np.array([-5e-5, -2e-4 + 1e-6j, -4e-4, -1e-4, -1e-4, 1e-5 + 7e-3j, 0.0])
    thickness = [250.0, 95.0, 50.0, 10.0, 100.0]
    modes = find_modes(index, thickness, 640.0, polarization, dindex_dwavelength=slope).modes
    low, high = (find_modes(index + h * slope, thickness, 640.0 + h, polarization).modes for h in (-0.01, 0.01))
    for mode, before, after in zip(modes, low, high, strict=True):
        difference = (mode.n_eff - 640.0 * (after.n_eff - before.n_eff) / 0.02).real
        assert mode.group_index == pytest.approx(difference, abs=1e-6)


@pytest.mark.parametrize("polarization", POLARIZATIONS)
def test_energy_travels_at_the_group_velocity(polarization: Polarization) -> None:
    """Lossless and guided: n_g = int w dz/int S_x dz, the energy's dispersive density and Poynting's vector; to 1e-8.

    A second way to the group index that shares nothing with the derivatives: w = 1/4 [Re d(omega eps)/d omega |E|^2 + |H|^2].
    """
    index, thickness, slope = np.array([1.45, 2.0, 1.7, 2.2, 1.0]), [300.0, 150.0, 200.0], np.array([-2e-5, -3e-4, -1e-4, -5e-4, 0.0])
    for mode in find_modes(index, thickness, 640.0, polarization, dindex_dwavelength=slope, n_range=(1.45, 2.3)).modes:
        edges = np.concatenate([[0.0], np.cumsum(thickness)])
        depth = 12 / (2 * math.pi / 640.0 * math.sqrt(mode.n_eff.real**2 - 1.45**2))
        nodes, weights = np.polynomial.legendre.leggauss(60)
        energy = power = 0.0
        for region, (low, high) in enumerate([(-depth, 0.0), *itertools.pairwise(edges), (edges[-1], edges[-1] + depth)]):
            for part in range(8):  # eight panels of 60 Gauss points each
                left, right = low + (high - low) * part / 8, low + (high - low) * (part + 1) / 8
                field = mode_field(mode, left + (right - left) * (nodes + 1) / 2)
                density = index[region] ** 2 - 640.0 * 2 * index[region] * slope[region]
                w = 0.25 * (density * (np.abs(field.E) ** 2).sum(axis=0) + (np.abs(field.H) ** 2).sum(axis=0))
                S_x = 0.5 * (field.E[1] * field.H[2].conj() - field.E[2] * field.H[1].conj()).real
                energy += (right - left) / 2 * (weights * w).sum()
                power += (right - left) / 2 * (weights * S_x).sum()
        assert mode.group_index == pytest.approx(energy / power, rel=1e-8)


def test_character() -> None:
    """The silver stack's TM0 sits on the metal; a core between mirrors with n_eff in their stop band is a Bragg mode; else photonic."""
    silver = ([1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0], [250.0, 95.0, 50.0, 10.0, 100.0])
    assert [mode.character for mode in find_modes(*silver, 640.0, "TM").modes][:2] == ["plasmonic", "photonic"]
    assert [mode.character for mode in find_modes(*silver, 640.0, "TE").modes] == ["photonic"]
    # Quarter waves at n_eff = 1.3 around a low-index core of half a transverse wave: n_eff lies in the gap.
    high, low, core = (640.0 / 4 / math.sqrt(n**2 - 1.3**2) for n in (2.3, 1.6, 1.45))
    index = [1.0, *[1.6, 2.3] * 6, 1.45, *[2.3, 1.6] * 6, 1.0]
    thickness = [*[low, high] * 6, 2 * core, *[high, low] * 6]
    modes = find_modes(index, thickness, 640.0, "TE", n_range=(1.25, 1.35)).modes
    assert [mode.character for mode in modes] == ["bragg"]
    assert modes[0].n_eff.real == pytest.approx(1.3, abs=0.02)
    guided_in_mirror = find_modes(index, thickness, 640.0, "TE", n_range=(1.6, 2.3)).modes
    assert {mode.character for mode in guided_in_mirror} == {"photonic"}


def test_metal_without_dispersion_has_negative_energy() -> None:
    """A Drude-free metal (dn/dlambda left out) has a negative energy share: physics says so, and it must not be hidden."""
    mode = find_modes([1.75, 0.056 + 4.28j], [], 640.0, "TM").modes[0]
    assert mode.confinement.energy[1] < 0.0
    drude = find_modes([1.75, 0.056 + 4.28j], [], 640.0, "TM", dindex_dwavelength=[0.0, 4.38j / 640.0]).modes[0]
    assert drude.confinement.energy[1] > 0.0
