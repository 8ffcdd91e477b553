"""Derivatives of confinement and second derivatives of n_eff: 80 digits, closed forms, sum rules, symmetry, differences."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.planar import ConfinementSlopes, Mode, Slopes, confinement_slopes, find_modes
from qdphotonics.planar.results import Complexes, Polarization, Reals, Sensitivity
from qdphotonics.units import wavenumber_per_nm
from tests.oracles.mp_confinement import intensity_slope
from tests.planar.stacks_at_random import RandomStack, hard_stack, random_stack
from tests.planar.test_modes import BRAGG_INDEX, BRAGG_THICKNESS

POLARIZATIONS: tuple[Polarization, ...] = ("TE", "TM")
SILVER = [1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0]
SILVER_THICKNESS = [250.0, 95.0, 50.0, 10.0, 100.0]


def modes_of(seed: int, polarization: Polarization, hard: bool) -> list[Mode]:
    """Up to four single modes of a random stack."""
    stack = hard_stack(seed, polarization)[1] if hard else random_stack(seed, most_layers=40, uniaxial=True)
    modes = find_modes(
        stack.index, stack.thickness_nm, stack.wavelength_nm, polarization, index_extraordinary=stack.index_extraordinary
    ).modes
    single = [mode for mode in modes if mode.multiplicity == 1]
    return [single[i] for i in np.random.default_rng(seed).permutation(len(single))[:4]]


def amplification(mode: Mode, slopes: ConfinementSlopes) -> float:
    """How strongly the mode answers to its stack [per relative change], at least 1: what multiplies the rounding of n_eff."""
    by_length = np.abs(slopes.by_thickness_per_nm.thickness_per_nm).max(initial=0.0) / wavenumber_per_nm(mode.wavelength_nm) ** 2
    return 1.0 + float(max(by_length, np.abs(slopes.by_index.index).max(), np.abs(slopes.intensity.index).max()))


PRECISE = {
    "silver": (SILVER, None, SILVER_THICKNESS, 640.0),
    "uniaxial": ([1.52, 1.6 + 1e-3j, 1.9 - 5e-3j, 1.3], [1.5, 1.62 + 2e-3j, 1.7 - 5e-3j, 1.28], [250.0, 95.0], 640.0),
    "thin": ([1.52, 2.1, 1.9 + 0.02j, 2.2 + 0.1j, 1.0], [1.52, 2.0, 1.9 + 0.02j, 2.2, 1.0], [150.0, 2.0, 0.35], 600.0),
    "thick": ([1.5, 1.7 + 1e-4j, 1.4 + 0.01j, 2.0, 1.5 + 0.1j], None, [9000.0, 900.0, 300.0], 600.0),
    "metal below": ([0.06 + 4.0j, 1.7, 2.0, 1.6], None, [80.0, 120.0], 620.0),
    "gain": ([1.5, 1.8 - 0.004j, 1.6, 1.0], None, [400.0, 200.0], 620.0),
}


@pytest.mark.parametrize("polarization", POLARIZATIONS)
@pytest.mark.parametrize("name", PRECISE)
def test_intensity_slopes_against_eighty_digits(name: str, polarization: Polarization) -> None:
    """Every derivative of Γ of the first and the last modes listed against differences in 80-digit arithmetic, to 1e-12 of the largest.

    The float64 mode errs by some 1e-15 in n_eff, which the derivatives of a leaky mode amplify a hundredfold or more.
    """
    index, extraordinary, thickness, wavelength = PRECISE[name]
    modes = find_modes(index, thickness, wavelength, polarization, index_extraordinary=extraordinary).modes
    k0 = wavenumber_per_nm(wavelength)
    for mode in {modes[0].label: modes[0], modes[-1].label: modes[-1]}.values():
        slopes = confinement_slopes(mode).intensity
        scale = np.abs(slopes.index).max()
        for layer in range(len(thickness)):
            exact = np.array(intensity_slope(mode, "k0d", layer)) * k0
            assert np.abs(slopes.thickness_per_nm[:, layer] - exact).max() < 1e-12 * scale * k0
        for region in range(len(index)):
            for direction in (1, 1j):
                by_o = np.array(intensity_slope(mode, "index", region, direction))
                by_e = np.array(intensity_slope(mode, "extraordinary", region, direction))
                assert np.abs((slopes.index[:, region] * direction).real - by_o - by_e).max() < 1e-12 * scale
                assert np.abs((slopes.index_extraordinary[:, region] * direction).real - by_e).max() < 1e-12 * scale


@pytest.mark.parametrize(("polarization", "order"), [("TE", 0), ("TE", 4), ("TM", 0), ("TM", 5)])
def test_bragg_stack_against_eighty_digits(polarization: Polarization, order: int) -> None:
    """The diode on 10 pairs of Nb2O5 and SiO2 (26 layers, silver on top): three thicknesses, two complex indices, to 1e-12."""
    mode = find_modes(BRAGG_INDEX, BRAGG_THICKNESS, 640.0, polarization).modes[order]
    slopes = confinement_slopes(mode).intensity
    scale = np.abs(slopes.index).max()
    for layer in (0, 20, 22):
        exact = np.array(intensity_slope(mode, "k0d", layer)) * wavenumber_per_nm(640.0)
        assert np.abs(slopes.thickness_per_nm[:, layer] - exact).max() < 1e-12 * scale * wavenumber_per_nm(640.0)
    for region in (2, 23):
        for direction in (1, 1j):
            exact = np.array(intensity_slope(mode, "index", region, direction)) + intensity_slope(mode, "extraordinary", region, direction)
            assert np.abs((slopes.index[:, region] * direction).real - exact).max() < 1e-12 * scale


@pytest.mark.parametrize("thickness", [120.0, 300.0, 2000.0])
def test_symmetric_slab(thickness: float) -> None:
    """TE0 of a symmetric slab in closed form, to 1e-13.

    h tan(hd/2) = p, h² + p² = K²: dh/dd = −h/(d + 2/p), and the cladding holds c = (h/K)²/(1 + pd/2), so that
    dc/dd = c [2h'/h − (p + p'd)/(2 + pd)], p' = −h h'/p.
    """
    mode = find_modes([1.5, 2.0, 1.5], [thickness], 633.0, "TE").modes[0]
    k0 = wavenumber_per_nm(633.0)
    h, p = k0 * math.sqrt(4.0 - mode.n_eff.real**2), k0 * math.sqrt(mode.n_eff.real**2 - 2.25)
    dh = -h / (thickness + 2.0 / p)
    cladding = (h / k0) ** 2 / (4.0 - 2.25) / (1.0 + 0.5 * p * thickness)
    slope = cladding * (2.0 * dh / h - (p - h * dh / p * thickness) / (2.0 + p * thickness))
    assert mode.confinement.intensity[1] == pytest.approx(1.0 - cladding, abs=1e-12)
    found = confinement_slopes(mode).intensity.thickness_per_nm[:, 0]
    assert found == pytest.approx([0.5 * slope, -slope, 0.5 * slope], rel=1e-11, abs=1e-16)


@pytest.mark.parametrize("polarization", POLARIZATIONS)
def test_layer_without_curvature(polarization: Polarization) -> None:
    """A layer whose index equals n_eff, k_z = 0 to rounding: 80 digits, to 1e-11. The field in it is a straight line."""
    bare = find_modes([1.5, 2.0, 1.0], [300.0], 633.0, polarization).modes[0]
    index = [1.5, 2.0, bare.n_eff.real, 1.0]
    for _ in range(40):  # the layer moves n_eff: settle on its fixed point
        mode = find_modes(index, [300.0, 90.0], 633.0, polarization).modes[0]
        index[2] = mode.n_eff.real
    assert abs(index[2] - mode.n_eff.real) < 1e-14
    slopes = confinement_slopes(mode).intensity
    for layer in (0, 1):
        exact = np.array(intensity_slope(mode, "k0d", layer)) * wavenumber_per_nm(633.0)
        assert slopes.thickness_per_nm[:, layer] == pytest.approx(exact, rel=1e-11, abs=1e-14)


@settings(max_examples=50)
@given(seed=st.integers(0, 10**9), polarization=st.sampled_from(POLARIZATIONS), hard=st.booleans())
def test_sum_rules(seed: int, polarization: Polarization, hard: bool) -> None:
    """Of random stacks, guided and leaky: all the light stays 1, and no unit matters.

    Σ_i ∂Γ_i = 0. n → s n, d → d/s leaves Γ and multiplies n_eff by s: Σ n ∂Γ/∂n − Σ d ∂Γ/∂d = 0, and for n_eff's gradient
    Σ n N_n − Σ d N_d = N, differentiated once more. To 1e-10 of what the mode's own sensitivity makes of rounding: modes that
    all but meet another answer a thousandfold.
    """
    for mode in modes_of(seed, polarization, hard):
        slopes = confinement_slopes(mode)
        bound = 1e-10 * amplification(mode, slopes)
        k0, rates = wavenumber_per_nm(mode.wavelength_nm), slopes.intensity
        assert np.abs(rates.thickness_per_nm.sum(axis=0)).max() / k0 < bound
        assert np.abs(rates.index.sum(axis=0)).max() < bound
        scaled = rates.along(-mode.thickness_nm[None], mode.index[None], mode.index_extraordinary[None])
        lengths = 1.0 + k0 * mode.thickness_nm.sum()
        assert np.abs(scaled).max() < bound * lengths
        assert np.abs(_scaled(mode, slopes.by_index)).max() < bound * lengths
        by_length = _scaled(mode, slopes.by_thickness_per_nm)
        assert np.abs(by_length - 2.0 * mode.sensitivity.thickness_per_nm).max() / k0 < bound * lengths


def _scaled(mode: Mode, second: Sensitivity) -> Complexes:
    """Sum n d/dn - sum d d/dd of n_eff's first derivatives: 0 times that by an index, 2 times that by a thickness."""
    ordinary = (second.index - second.index_extraordinary) @ mode.index
    return ordinary + second.index_extraordinary @ mode.index_extraordinary - second.thickness_per_nm @ mode.thickness_nm


@settings(max_examples=50)
@given(seed=st.integers(0, 10**9), polarization=st.sampled_from(POLARIZATIONS), hard=st.booleans())
def test_hessian_is_symmetric(seed: int, polarization: Polarization, hard: bool) -> None:
    """d2 n_eff/dp dq = d2 n_eff/dq dp, of which each is computed by itself, to 1e-10 of what rounding is amplified by."""
    for mode in modes_of(seed, polarization, hard):
        slopes = confinement_slopes(mode)
        k0, bound = wavenumber_per_nm(mode.wavelength_nm), 1e-10 * amplification(mode, slopes)
        d, n, e = slopes.by_thickness_per_nm, slopes.by_index, slopes.by_index_extraordinary
        assert np.abs(d.thickness_per_nm - d.thickness_per_nm.T).max() / k0**2 < bound
        assert np.abs(n.index - n.index.T).max() < bound
        assert np.abs(e.index_extraordinary - e.index_extraordinary.T).max() < bound
        assert np.abs(d.index - n.thickness_per_nm.T).max() / k0 < bound
        assert np.abs(d.index_extraordinary - e.thickness_per_nm.T).max() / k0 < bound
        assert np.abs(n.index_extraordinary - e.index.T).max() < bound


@dataclass(frozen=True)
class Way:
    """A direction in which all of a stack moves at once."""

    mode: Mode
    thickness_nm: Reals
    index: Complexes
    index_extraordinary: Complexes

    def to(self, h: float) -> Mode | None:
        """The mode at h of the way; None where it is not found, or a half-space opens."""
        mode = self.mode
        width = 1e-3 + 10 * abs(mode.n_eff.imag)
        near = find_modes(
            mode.index + h * self.index,
            mode.thickness_nm + h * self.thickness_nm,
            mode.wavelength_nm,
            mode.polarization,
            index_extraordinary=mode.index_extraordinary + h * self.index_extraordinary,
            n_range=(max(mode.n_eff.real - width, 1e-6), mode.n_eff.real + width),
            max_loss_per_cm=3e4,
        ).modes
        return min((m for m in near if m.open == mode.open), key=lambda m: abs(m.n_eff - mode.n_eff), default=None)

    def along(self, slopes: Slopes) -> Reals:
        return slopes.along(self.thickness_nm[None], self.index[None], self.index_extraordinary[None])[..., 0]

    def second(self, rates: Sensitivity) -> Complexes:
        ordinary = (rates.index - rates.index_extraordinary) @ self.index
        return rates.thickness_per_nm @ self.thickness_nm + ordinary + rates.index_extraordinary @ self.index_extraordinary


@pytest.mark.parametrize("polarization", POLARIZATIONS)
@pytest.mark.parametrize("seed", range(8))
def test_slopes_are_differences(seed: int, polarization: Polarization) -> None:
    """Γ, Γ_gain and the whole gradient of n_eff along random directions of all thicknesses and complex indices at once.

    Central differences of find_modes at steps h and h/2, extrapolated (error h^4), and 1e-15/h of rounding: to 1e-7 of the
    largest.
    """
    stack = random_stack(seed, most_layers=12, uniaxial=True)
    rng = np.random.default_rng(seed)
    compared, h = 0, 2e-5
    for mode in modes_alone(stack, polarization):
        parts = rng.normal(size=(4, mode.index.size))
        way = Way(mode, 50.0 * rng.normal(size=mode.thickness_nm.size), parts[0] + 1j * parts[1], parts[2] + 1j * parts[3])
        ends = [end for end in map(way.to, (h, -h, h / 2, -h / 2)) if end is not None]
        if len(ends) < 4:
            continue
        compared += 1
        slopes = confinement_slopes(mode)
        for found, values in (
            (way.along(slopes.intensity), [end.confinement.intensity for end in ends]),
            (way.along(slopes.gain), [end.confinement.gain for end in ends]),
            (way.second(slopes.by_thickness_per_nm), [end.sensitivity.thickness_per_nm for end in ends]),
            (way.second(slopes.by_index), [end.sensitivity.index for end in ends]),
            (way.second(slopes.by_index_extraordinary), [end.sensitivity.index_extraordinary for end in ends]),
        ):
            expected = (4.0 * (values[2] - values[3]) / h - (values[0] - values[1]) / (2 * h)) / 3.0
            assert np.abs(found - expected).max() < 1e-7 * np.abs(expected).max() + 1e-9
    assert compared > 0


def modes_alone(stack: RandomStack, polarization: Polarization) -> list[Mode]:
    """Three modes of a stack, told apart from their neighbours well enough for differences to make sense."""
    modes = find_modes(
        stack.index, stack.thickness_nm, stack.wavelength_nm, polarization, index_extraordinary=stack.index_extraordinary
    ).modes
    return [mode for mode in modes if all(abs(mode.n_eff - other.n_eff) > 3e-3 for other in modes if other is not mode)][:3]


@pytest.mark.parametrize("polarization", POLARIZATIONS)
def test_wavelength_at_fixed_indices(polarization: Polarization) -> None:
    """λ ∂Γ/∂λ = −Σ d ∂Γ/∂d: the right side against extrapolated differences by the wavelength, to 1e-9 of the largest."""
    mode = find_modes(SILVER, SILVER_THICKNESS, 640.0, polarization).modes[0]
    found = -(confinement_slopes(mode).intensity.thickness_per_nm @ mode.thickness_nm) / 640.0

    def difference(h: float) -> Reals:
        ends = [find_modes(SILVER, SILVER_THICKNESS, 640.0 + sign * h, polarization).modes[0] for sign in (1, -1)]
        return (ends[0].confinement.intensity - ends[1].confinement.intensity) / (2 * h)

    expected = (4.0 * difference(0.05) - difference(0.1)) / 3.0
    assert np.abs(found - expected).max() < 1e-9 * np.abs(expected).max()


@pytest.mark.parametrize("polarization", POLARIZATIONS)
@pytest.mark.parametrize("upwards", [True, False])
def test_the_faint_end_of_a_field(upwards: bool, polarization: Polarization) -> None:
    """A slab, 8 x 500 nm of a buffer, and far out a layer that holds some 1e-35 of it: ITS share moves as 80 digits say.

    To 1e-10 of each share's own largest derivative, though the slab's rounding is 1e19 times the faintest: what is faint must
    be summed from its own end.
    """
    index, thickness = [1.5, 2.0, *[1.5] * 8, 1.7 + 0.01j, 1.0], [200.0, *[500.0] * 8, 60.0]
    if not upwards:
        index, thickness = index[::-1], thickness[::-1]
    mode = find_modes(index, thickness, 633.0, polarization, n_range=(1.7, 2.0)).modes[0]
    assert mode.confinement.intensity[10 if upwards else 1] < 1e-30
    slopes = confinement_slopes(mode).intensity
    largest = np.abs(slopes.index).max(axis=1)
    for region in (0, 1, 5, 9, 10) if upwards else (11, 10, 6, 2, 1):
        exact = np.array(intensity_slope(mode, "index", region)) + intensity_slope(mode, "extraordinary", region)
        assert (np.abs(slopes.index[:, region].real - exact) < 1e-10 * largest).all()


@pytest.mark.parametrize("polarization", POLARIZATIONS)
@pytest.mark.parametrize("buffer", [4.3e4, 2e5])
def test_where_a_field_dies_out(buffer: float, polarization: Polarization) -> None:
    """A slab under a buffer in which the field falls by e^-460 or e^-2000, and another guide beyond.

    All is finite, what lies beyond moves nothing (0 to 1e-30), and the slab moves as it does without: to 1e-11.
    """
    alone = find_modes([1.5, 2.0, 1.5], [200.0], 633.0, polarization).modes[0]
    far = find_modes([1.5, 2.0, 1.5, 1.7, 1.0], [200.0, buffer, 300.0], 633.0, polarization, n_range=(1.7, 2.0)).modes[0]
    expected, found = confinement_slopes(alone), confinement_slopes(far)
    for which in ("thickness_per_nm", "index"):
        every, reference = getattr(found.intensity, which), getattr(expected.intensity, which)
        assert np.abs(every[:3, 0] - reference[:, 0]).max() < 1e-11 * np.abs(reference).max()
        assert np.abs(every[3:]).max() < 1e-30
    assert np.abs(found.intensity.thickness_per_nm[:, 1:]).max() < 1e-30
    assert np.abs(found.intensity.index[:, 3:]).max() < 1e-30
    assert np.abs(found.by_index.index[:2, :2] - expected.by_index.index[:2, :2]).max() < 1e-11 * np.abs(expected.by_index.index).max()


def test_nearly_twins() -> None:
    """Two like guides 1.2 µm apart, split by 1e-6: the antisymmetric change moves Γ by 1/splitting, symmetric ones hardly.

    Coupled modes: guides detuned by 2D and split by S at D = 0 hold (1 ± D/√(D² + S²/4))/2 each, so dΓ/dD = 1/S, where a
    change of the guide's index moves the detuning 2D by the index sensitivity of one guide alone. To 1 %: the model's own error.
    """
    index, thickness = [1.5, 2.0, 1.5, 2.0, 1.5], [200.0, 1200.0, 200.0]
    upper, lower = find_modes(index, thickness, 633.0, "TE").modes[:2]
    splitting = (upper.n_eff - lower.n_eff).real
    assert 1e-8 < splitting < 1e-4
    alone = find_modes([1.5, 2.0, 1.5], [200.0], 633.0, "TE").modes[0]
    slope = confinement_slopes(upper).intensity.index[1, 1].real
    holds = alone.confinement.intensity[1]
    assert slope == pytest.approx(holds * 0.5 * alone.sensitivity.index[1].real / splitting, rel=0.01)


def test_refuses_what_is_no_mode() -> None:
    """Another n_eff, or two modes that cannot be told apart: an ArgumentError that says so."""
    mode = find_modes([1.5, 2.0, 1.5], [200.0], 633.0, "TE").modes[0]
    with pytest.raises(ArgumentError, match="`mode` must be one of its stack, on the sheet of the root rule"):
        confinement_slopes(replace(mode, n_eff=mode.n_eff + 1e-3))
    twins = find_modes([1.5, 2.0, 1.5, 2.0, 1.5], [200.0, 4000.0, 200.0], 633.0, "TE").modes[0]
    assert twins.multiplicity == 2
    with pytest.raises(ArgumentError, match=r"n_eff = 1\.8.* is two of them, closer than double precision resolves"):
        confinement_slopes(twins)
