"""Gain spectra: the sum over states against a plain count, exact limits, single-exciton gain, saturation by light."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from qdphotonics.errors import ArgumentError
from qdphotonics.gain.chain import Chain
from qdphotonics.gain.lineshape import voigt
from qdphotonics.gain.occupation import Occupation
from qdphotonics.gain.recombination import Recombination
from qdphotonics.gain.spectrum import (
    gain_cross_section_cm2,
    gain_spectrum,
    gain_spectrum_per_cm,
    single_exciton_threshold,
    stimulated_per_ns,
)
from qdphotonics.gain.transitions import AugerAssisted, Transition

EXACT = 1e-12  # of G0: rounding of a sum over some hundred states
LEVELS = (2, 6, 10)
S, P, D = (
    Transition("1S", 0, 1.93, 780.0, 60.0, 40.0),
    Transition("1P", 1, 2.11, 890.0, 70.0, 40.0),
    Transition("1D", 2, 2.3, 900.0, 80.0, 40.0),
)
ENERGY = np.linspace(1.7, 2.5, 81)


def occupied(weights: ArrayLike, electrons: ArrayLike, holes: ArrayLike | None = None) -> Occupation:
    """Dots in a list of states with these weights [..., state]."""
    return Occupation(np.asarray(electrons), np.asarray(electrons if holes is None else holes), np.asarray(weights, float), LEVELS, LEVELS)


def exactly(pairs: int) -> Occupation:
    """Every dot with so many pairs."""
    return occupied([1.0], [pairs])


def random_occupation(seed: int, most: int = 20) -> Occupation:
    """Random weights on every state of up to ``most`` electrons and holes, charged ones included."""
    electrons, holes = (a.ravel() for a in np.meshgrid(np.arange(most + 1), np.arange(most + 1)))
    weights = np.random.default_rng(seed).exponential(size=electrons.size)
    return occupied(weights / weights.sum(), electrons, holes)


def filled(carriers: int, level: int) -> float:
    """Filling of a level, counted one carrier at a time."""
    slots = [i for i, g in enumerate(LEVELS) for _ in range(g)]
    return slots[:carriers].count(level) / LEVELS[level]


@given(seed=st.integers(0, 2**32))
def test_without_interaction_the_gain_is_the_inversion(seed: int) -> None:
    """Delta_XX = 0: G(E) = sum_i G0_i L_i(E) (<f_e,i> + <f_h,i> - 1), to 1e-12 of G0, for any occupation."""
    occupation = random_occupation(seed)
    expected = np.zeros(ENERGY.size)
    for line in (S, P, D):
        fill = [[filled(int(n), line.level) for n in numbers] for numbers in (occupation.electrons, occupation.holes)]
        inversion = float(occupation.weights @ (np.sum(fill, axis=0) - 1))
        expected += (
            line.gain_per_cm * inversion * voigt(1e3 * (ENERGY - line.energy_eV), line.homogeneous_fwhm_meV, line.inhomogeneous_fwhm_meV)
        )
    found = gain_spectrum_per_cm([S, P, D], occupation, ENERGY)
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT * 900)


def exciton_energy(pairs: int, energy: float, shift_meV: float) -> float:
    """n excitons in the 1S level: n E_X + n (n - 1)/2 Delta_XX [eV]."""
    return pairs * energy + pairs * (pairs - 1) / 2 * shift_meV / 1e3


@given(seed=st.integers(0, 2**32), shift=st.floats(-100, 100))
def test_lines_stand_at_differences_of_total_energies(seed: int, shift: float) -> None:
    """Second method: neutral dots of 0, 1, 2 pairs; each photon is a difference of E(n) = n E_X + n (n-1)/2 Delta_XX.

    |0> absorbs 1 to |X>; |X> absorbs 1/2 to |XX> and emits 1/2 to |0>; |XX> emits 1 to |X>. Tolerance: 1e-12 of G0 but for
    the rounding of E - E_X (4e-16 eV against a width of 40 meV, a relative 1e-14 times the slope).
    """
    weights = np.random.default_rng(seed).dirichlet([1, 1, 1])
    steps = [exciton_energy(n + 1, S.energy_eV, shift) - exciton_energy(n, S.energy_eV, shift) for n in (0, 1)]
    lower, upper = (voigt(1e3 * (ENERGY - step), 60.0, 40.0) for step in steps)
    ground, one, two = weights
    expected = S.gain_per_cm * (-ground * lower + one / 2 * (lower - upper) + two * upper)
    found = gain_spectrum_per_cm([S], occupied(weights, [0, 1, 2]), ENERGY, shift)
    np.testing.assert_allclose(found, expected, rtol=0, atol=10 * EXACT * S.gain_per_cm)


@pytest.mark.parametrize("shift", [0.0, -20.0, 60.0])
def test_dark_and_full_dots(shift: float) -> None:
    """Dark: -G0 at E_i, whatever Delta_XX. Full 1S: G0 at E_1S + Delta_XX; full 1P, two 1S excitons on: G0 at E_1P + 2 Delta_XX."""
    dark, full = exactly(0), exactly(18)
    for line, spectators in ((S, 1), (P, 2)):
        assert gain_spectrum_per_cm([line], dark, line.energy_eV, shift) == pytest.approx(-line.gain_per_cm, rel=EXACT)
        centre = line.energy_eV + spectators * shift / 1e3
        assert gain_spectrum_per_cm([line], full, centre, shift) == pytest.approx(line.gain_per_cm, rel=EXACT)


def test_g3_thresholds_of_the_levels() -> None:
    """G3: dots of N pairs each are transparent at 1S, 1P and 1D for N = 1, 5, 13, absorb below and amplify above (exact)."""
    for line, threshold in ((S, 1), (P, 5), (D, 13)):
        found = [float(gain_spectrum_per_cm([line], exactly(n), line.energy_eV)) for n in (threshold - 1, threshold, threshold + 1)]
        assert found[0] < 0
        assert found[1] == pytest.approx(0, abs=EXACT * line.gain_per_cm)
        assert found[2] > 0


@given(seed=st.integers(0, 2**32), shift=st.floats(-150, 150))
def test_emission_and_absorption_are_what_the_gain_is_made_of(seed: int, shift: float) -> None:
    """Both >= 0, their difference the gain; at Delta_XX = 0 their sums are those of the occupation's mean strengths."""
    occupation = random_occupation(seed)
    parts = gain_spectrum([S, P], occupation, ENERGY, shift)
    assert (parts.emission_per_cm >= 0).all()
    assert (parts.absorption_per_cm >= 0).all()
    np.testing.assert_array_equal(parts.gain_per_cm, gain_spectrum_per_cm([S, P], occupation, ENERGY, shift))
    peak = gain_spectrum([P], occupation, P.energy_eV)
    assert peak.emission_per_cm == pytest.approx(890 * occupation.emission()[1], rel=EXACT)
    assert peak.absorption_per_cm == pytest.approx(890 * occupation.absorption()[1], rel=EXACT)


@given(shift=st.floats(-300, 300), homogeneous=st.floats(0, 100), inhomogeneous=st.floats(1, 100))
def test_single_exciton_threshold_is_where_the_spectrum_crosses(shift: float, homogeneous: float, inhomogeneous: float) -> None:
    """Second method: the root in <N> of G(E_X) of dots with at most one exciton; 2/(3 - L), to 1e-10 (bisection)."""
    line = Transition("1S", 0, 1.93, 780.0, homogeneous, inhomogeneous)

    def gain(n: float) -> float:
        return float(gain_spectrum_per_cm([line], occupied([1 - n, n], [0, 1]), 1.93, shift))

    found = float(single_exciton_threshold(shift, homogeneous, inhomogeneous))
    assert gain(0.999 * found) < 0
    assert brentq(gain, 0.5, 1.001, xtol=1e-13) == pytest.approx(found, abs=1e-10)


def test_complete_separation_makes_the_threshold_two_thirds() -> None:
    """Delta_XX far beyond the width: 2/3 exciton per dot; none: 1 (exact); type-II CdS/ZnSe, 100 meV and a Gaussian of 50 meV:
    2/3 within 1e-4 (L = 2^-16)."""
    assert single_exciton_threshold(1e4, 0.0, 50.0) == 2 / 3
    assert single_exciton_threshold(0.0, 60.0, 50.0) == 1
    assert single_exciton_threshold(100.0, 0.0, 50.0) == pytest.approx(2 / 3, abs=1e-4)


@pytest.mark.parametrize("ratio", [0.002, 0.01, 0.05])
def test_g11_single_exciton_gain_takes_less_steady_pump_than_biexciton_gain(ratio: float) -> None:
    """G11's trend (type-II: ASE of X at 2, of XX at 6 mJ/cm^2): under a steady pump X amplifies at E_X from P_X = 2 P_0,
    XX at E_X + Delta_XX from P_XX = P_X/2, so that the pump rates stand as 2/tau_X : 1/(2 tau_XX) for Auger decay fast
    against radiation (tau_XX = ratio tau_X < 1/4). Set-up: three states, Delta_XX 400 meV, Gaussian of 50 meV: separate
    lines. Tolerance: bisection.

    Just after a short pulse it is the other way round (e^N = 1 + 3N/2, N = 0.76, against 2): it is Auger decay that
    makes the biexciton's band the harder one, and the measured ratio of fluences, 3, is not one of occupation alone.
    """
    chain = Chain(Recombination.from_lifetimes(20.0, 20.0 * ratio, (2,), (2,)), most_pairs=2)
    line = Transition("1S", 0, 2.3, 100.0, 0.0, 50.0)

    def threshold(energy: float) -> float:
        def gain(log_rate: float) -> float:
            return float(gain_spectrum_per_cm([line], chain.steady(np.exp(log_rate)), energy, 400.0))

        return float(np.exp(brentq(gain, np.log(1e-3), np.log(0.2 / ratio), xtol=1e-12)))

    x, xx = threshold(2.3), threshold(2.7)
    assert x == pytest.approx(2 / 20.0, rel=1e-9)
    assert xx == pytest.approx(0.5 / (20.0 * ratio), rel=1e-9)
    assert x < xx


def test_temperature_moves_every_line() -> None:
    """-0.28 meV/K: the spectrum at 400 K is that at 300 K, 28 meV lower; to the rounding of the shifted energies."""
    hot = gain_spectrum_per_cm([S, P], exactly(3), ENERGY, 30.0, temperature_K=400.0)
    np.testing.assert_allclose(hot, gain_spectrum_per_cm([S, P], exactly(3), ENERGY + 0.028, 30.0), rtol=0, atol=1e-9)
    still = gain_spectrum_per_cm([S], exactly(3), ENERGY, temperature_K=77.0, gap_shift_meV_per_K=0.0)
    np.testing.assert_array_equal(still, gain_spectrum_per_cm([S], exactly(3), ENERGY))


def test_auger_assisted_gain_needs_a_1p_electron_and_never_absorbs() -> None:
    """[B] section 3.4.2: emerges above <N> = 2. The strength 1S emission x filling of 1P_e: 0 to two electrons, 1/6 with a third,
    1 from eight on; nothing is absorbed there by dark dots. Exact but for the 1S line's tail, which is left out."""
    assisted = AugerAssisted(1.8, 100.0, 0.0, 50.0)
    far = Transition("1S", 0, 5.0, 780.0, 0.0, 40.0)  # its Gaussian is 0 at 1.8 eV
    found = [float(gain_spectrum_per_cm([far], exactly(n), 1.8, auger_assisted=assisted)) for n in (0, 1, 2, 3, 8, 12)]
    assert found == pytest.approx([0, 0, 0, 100 / 6, 100, 100], abs=EXACT)
    charged = occupied([1.0], [3], [1])  # a hole and three electrons: a 1S pair at half strength and a 1P electron
    assert gain_spectrum_per_cm([far], charged, 1.8, auger_assisted=assisted) == pytest.approx(100 / 12, rel=EXACT)


def test_light_holes_as_a_level_of_their_own() -> None:
    """Hole levels (2 heavy, 2 light, 6): two pairs saturate the heavy-hole line and bleach the light-hole line, four saturate both.

    Lines that share the carriers instead (``share``) split the level's gain. Exact.
    """
    heavy = Transition("1S heavy", 0, 2.0, 300.0, 0.0, 30.0)
    light = Transition("1S light", 0, 2.1, 100.0, 0.0, 30.0, hole_level=1)
    for line, expected in ((heavy, [-300, 0, 300, 300]), (light, [-100, -50, 0, 100])):
        found = [
            float(gain_spectrum_per_cm([line], exactly(n), line.energy_eV, electron_levels=(2, 6), hole_levels=(2, 2, 6)))
            for n in (0, 1, 2, 4)
        ]
        assert found == pytest.approx(expected, abs=EXACT * 300)
    shared = Transition("1S light", 0, 2.0, 400.0, 0.0, 30.0, share=0.25)
    assert gain_spectrum_per_cm([shared], exactly(2), 2.0) == pytest.approx(100, rel=EXACT)


@given(seed=st.integers(0, 2**32), energy=st.floats(1.7, 2.5), intensity=st.floats(1e-6, 1e9))
def test_photons_gained_are_photons_emitted(seed: int, energy: float, intensity: float) -> None:
    """Conservation: G I/(h nu) = rho sum_i s_i (emission_i - absorption_i), per volume and time; to rounding (Delta_XX = 0)."""
    occupation, density = random_occupation(seed), 1.3e18
    gain = float(gain_spectrum_per_cm([S, P, D], occupation, energy))
    rates = stimulated_per_ns([S, P, D], energy, intensity, density, 3)
    made = density * float(rates @ (occupation.emission() - occupation.absorption()))
    photons_per_ns = intensity / (energy * 1.602176634e-19) / 1e9
    assert made == pytest.approx(gain * photons_per_ns, rel=1e-9, abs=EXACT * 900 * photons_per_ns)


@given(pump=st.floats(1e-3, 1e3), intensity=st.floats(0, 1e9))
def test_two_levels_saturate_as_one_over_one_plus_s(pump: float, intensity: float) -> None:
    """One pair at most in a level for one: G = G_small/(1 + s/s_sat), s_sat = (g + 1/tau)/2, exact (to 1e-12)."""
    chain = Chain(Recombination(5.0, electron_levels=(1,), hole_levels=(1,)), most_pairs=1)
    decay = float(chain.recombination.rate_per_ns(1, 1))
    rate = stimulated_per_ns([S], 1.95, intensity, 1e18, 1)
    small, saturated = (float(gain_spectrum_per_cm([S], chain.steady(pump, stimulated_per_ns=s), 1.95)) for s in (0.0, rate))
    scale = abs(small) + EXACT * 780
    assert saturated == pytest.approx(small / (1 + 2 * float(rate[0]) / (pump + decay)), abs=EXACT * 780 + EXACT * scale)


@given(pump=st.floats(1e-3, 1e2), stimulated=st.floats(0, 1e3), ratio=st.floats(1e-3, 1))
def test_three_states_saturate_by_their_rates(pump: float, stimulated: float, ratio: float) -> None:
    """Closed form: P_X/P_0 = (g + s)/(a + s/2), P_XX/P_X = (g + s/2)/(b + s), a = 1/tau_X, b = 1/tau_XX, so that
    G/G0 = [g^2 - ab + s (3g/2 - a - b/2)]/[(a + s/2)(b + s) + (g + s)(b + s) + (g + s)(g + s/2)].

    For s -> 0 it falls as 1 - s/s_sat; for s -> infinity it is transparent as 1/s. Tolerance: 1e-12 of G0.
    """
    a, b, g, s = 1 / 20.0, 1 / (20.0 * ratio), pump, stimulated
    chain = Chain(Recombination.from_lifetimes(20.0, 20.0 * ratio, (2,), (2,)), most_pairs=2)
    found = float(gain_spectrum_per_cm([S], chain.steady(g, stimulated_per_ns=np.array([s])), S.energy_eV))
    total = (a + s / 2) * (b + s) + (g + s) * (b + s) + (g + s) * (g + s / 2)
    assert found == pytest.approx(780 * (g * g - a * b + s * (1.5 * g - a - b / 2)) / total, abs=EXACT * 780 * 10)


def test_cross_section_and_rate_of_a_known_case() -> None:
    """G0 780 per cm of 1e18 dots per cm^3: 7.8e-16 cm^2; 1 MW/cm^2 of 1.93 eV photons are I/(h nu)."""
    assert gain_cross_section_cm2(780.0, 1e18) == pytest.approx(7.8e-16, rel=1e-15)
    found = stimulated_per_ns([S], 1.93, 1e6, 1e18, 3)
    assert found == pytest.approx([7.8e-16 * 1e6 / (1.93 * 1.602176634e-19 * 1e9), 0, 0], rel=1e-14)


def test_drives_and_energies_broadcast() -> None:
    """Weights [2, 3, state] and 5 energies give [2, 3, 5]; one energy [2, 3]; one drive and one energy a number."""
    weights = np.full((2, 3, 2), 0.5)
    occupation = occupied(weights, [0, 2])
    assert gain_spectrum_per_cm([S], occupation, ENERGY[:5]).shape == (2, 3, 5)
    assert gain_spectrum_per_cm([S], occupation, 1.93).shape == (2, 3)
    assert isinstance(gain_spectrum_per_cm([S], exactly(1), 1.93), float)
    assert stimulated_per_ns([S], 1.93, np.zeros((2, 3)), 1e18, 3).shape == (2, 3, 3)


def test_a_map_of_33_drives_and_400_wavelengths_is_quick() -> None:
    """33 x 400, 169 states, three lines with Delta_XX: below 0.1 s, the best of three (a few ms on two cores of 2023)."""
    states = random_occupation(1, 12)
    occupation = Occupation(states.electrons, states.holes, np.tile(states.weights, (33, 1)), LEVELS, LEVELS)
    energy = np.linspace(1.6, 2.6, 400)
    times = []
    for _ in range(3):
        start = perf_counter()
        gain_spectrum_per_cm([S, P, D], occupation, energy, 20.0)
        times.append(perf_counter() - start)
    assert min(times) < 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gain_spectrum([], exactly(0), 2.0), "Argument `transitions` must hold one transition or more, but it is []"),
        (lambda: gain_spectrum([S], exactly(0), [2.0, -1.0]), "Argument `photon_energy_eV` must be a row of energies > 0"),
        (lambda: gain_spectrum([S], exactly(0), 2.0, np.inf), "Argument `exciton_exciton_meV` must be finite, but it is inf"),
        (lambda: gain_spectrum([S], exactly(0), 2.0, temperature_K=0.0), "Argument `temperature_K` must be > 0 and finite, but it is 0.0"),
        (
            lambda: gain_spectrum([P], exactly(0), 2.0, electron_levels=(2,)),
            "Argument `electron_levels, hole_levels` must hold",
        ),
        (lambda: stimulated_per_ns([P], 2.0, 1.0, 1e18, 1), 'Argument `levels` must be > 1, the level of transition "1P", but it is 1'),
        (lambda: stimulated_per_ns([S], 2.0, -1.0, 1e18, 1), "Argument `intensity_W_per_cm2` must be >= 0, but it is -1.0"),
        (lambda: stimulated_per_ns([S], 2.0, 1.0, 0.0, 1), "Argument `dots_per_cm3` must be > 0 and finite, but it is 0.0"),
        (lambda: Transition("1S", 0, -1.0, 780.0, 60.0, 40.0), "Argument `energy_eV` must be > 0 and finite, but it is -1.0"),
        (lambda: Transition("1S", -1, 1.0, 780.0, 60.0, 40.0), "Argument `level` must be 0 (1S) or higher, but it is -1"),
        (lambda: Transition("1S", 0, 1.0, 780.0, 60.0, 40.0, share=0.0), "Argument `share` must be > 0 and <= 1, but it is 0.0"),
        (lambda: AugerAssisted(1.8, 0.0, 60.0, 40.0), "Argument `gain_per_cm` must be > 0 and finite, but it is 0.0"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value).startswith(message)
