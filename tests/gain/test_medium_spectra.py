"""Spectra, temperatures, pulses of some length and separate carriers of media: limits and second methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError, MediumError
from qdphotonics.gain import Medium, Transition, load_medium
from qdphotonics.units import photon_energy_eV, wavelength_nm

GRADED = load_medium("cg-QD")
COMPACT = load_medium("ccg-QD")


def single_line(medium: Medium) -> Medium:
    """The medium with the first of its lines alone."""
    return replace(medium, lines=(replace(medium.lines[0], share=1.0),), exciton_exciton_meV=0.0)


@pytest.mark.parametrize("drive", ["current_density_A_per_cm2", "intensity_W_per_cm2", "fluence_J_per_cm2"])
def test_a_single_line_has_the_peak_gain_at_its_centre(drive: str) -> None:
    """With one line and Delta_XX = 0 the spectrum at its centre is gain_per_cm of the same drive, for arrays of drives. To rounding."""
    medium = single_line(COMPACT)
    peaks: dict[str, Callable[[Any], Any]] = {
        "current_density_A_per_cm2": medium.gain_per_cm,
        "intensity_W_per_cm2": medium.gain_per_cm_at_intensity,
        "fluence_J_per_cm2": medium.gain_per_cm_at_fluence,
    }
    drives = np.logspace(-8, 4, 25).reshape(5, 5)
    asked: dict[str, Any] = {drive: drives}
    spectrum = medium.gain_spectrum_per_cm([medium.gain_wavelength_nm, 700.0], **asked)
    assert spectrum.shape == (5, 5, 2)
    np.testing.assert_allclose(spectrum[..., 0], peaks[drive](drives), rtol=0, atol=1e-9)
    assert (np.abs(spectrum[..., 1]) < np.abs(spectrum[..., 0]) + 1e-9).all()


def test_heavy_and_light_holes_make_one_band() -> None:
    """cg-QDs: shares 3 : 1 scaled so that the 1S band, without 1P and 1D, peaks at its measured 200 cm^-1; the raw shares would not.

    Tolerance 1e-6 of the peak: the step of the energy grid on which it is sought, squared.
    """
    heavy, light = GRADED.transitions[:2]
    assert heavy.share / light.share == pytest.approx(3.0, rel=1e-12)
    band = replace(GRADED, lines=GRADED.lines[:2])
    grid = wavelength_nm(np.linspace(1.9, 2.1, 20001))
    assert band.gain_spectrum_per_cm(grid, current_density_A_per_cm2=np.inf).max() == pytest.approx(200, rel=1e-6)
    assert GRADED.lines[0].share == 0.75


def test_bands_of_the_graded_dots_rise_one_after_the_other() -> None:
    """G(lambda, j) of cg-QDs: at 30 A/cm^2 only 1S amplifies, at 1 kA/cm^2 1P does too, at 20 kA/cm^2 1D (13 excitons) as well."""
    centres = wavelength_nm(np.array([GRADED.line(name).energy_eV for name in ("1S heavy hole", "1P", "1D")]))
    gain = GRADED.gain_spectrum_per_cm(centres, current_density_A_per_cm2=[30.0, 1000.0])
    assert (gain > 0).tolist() == [[True, False, False], [True, True, False]]
    assert GRADED.gain_per_cm(2e4, transition="1D") > 0


def test_temperature_moves_the_lines() -> None:
    """-0.28 meV/K: 100 K hotter, all lines 28 meV lower, the same heights; gain_wavelength_nm follows. To rounding."""
    hot = COMPACT.at_temperature(400)
    assert hot.gain_energy_eV == pytest.approx(1.93 - 0.028, abs=1e-12)
    energy = np.linspace(1.85, 2.2, 50)
    cold = COMPACT.gain_spectrum_per_cm(wavelength_nm(energy), current_density_A_per_cm2=100.0)
    shifted = hot.gain_spectrum_per_cm(wavelength_nm(energy - 0.028), current_density_A_per_cm2=100.0)
    np.testing.assert_allclose(shifted, cold, rtol=0, atol=1e-8)
    asked = COMPACT.gain_spectrum_per_cm(wavelength_nm(energy - 0.028), current_density_A_per_cm2=100.0, temperature_K=400)
    np.testing.assert_allclose(asked, cold, rtol=0, atol=1e-8)


def test_sub_gap_gain_adds_below_the_gap() -> None:
    """A line 120 meV below 1S that only dots with 1P electrons feed: nothing in the dark, gain at saturation, 30 cm^-1 there."""
    from qdphotonics.gain import AugerAssisted

    medium = single_line(COMPACT)
    helped = replace(medium, sub_gap_gain=AugerAssisted(1.81, 30.0, 0.0, 40.0))
    place = [wavelength_nm(1.81)]
    plain, more = (m.gain_spectrum_per_cm(place, current_density_A_per_cm2=[0.0, 1e9])[:, 0] for m in (medium, helped))
    assert more[0] == plain[0]
    assert more[1] - plain[1] == pytest.approx(30.0 * 1.0, rel=0.02)


def test_photons_saturate_the_gain() -> None:
    """Stimulated emission empties the band edge: gain falls with every photon, to transparency, never below. Steady drives only."""
    rates = np.array([0.0, 0.1, 1.0, 10.0, 1e3])
    stimulated = np.zeros((5, 3))
    stimulated[:, 0] = rates
    medium = single_line(COMPACT)
    gain = medium.gain_spectrum_per_cm([medium.gain_wavelength_nm], current_density_A_per_cm2=100.0, stimulated_per_ns=stimulated)[:, 0]
    assert (np.diff(gain) < 0).all()
    assert 0 < gain[-1] < 2
    with pytest.raises(ArgumentError, match="`stimulated_per_ns` must be 0 beside a pulse"):
        medium.gain_spectrum_per_cm([630.0], fluence_J_per_cm2=1e-5, stimulated_per_ns=1.0)


@settings(max_examples=25, deadline=None)
@given(excitons=st.floats(0.05, 20))
def test_pulses_between_flash_and_steady_light(excitons: float) -> None:
    """A pulse of 1e-6 tau_XX is the flash (Poisson), one of 40 tau_X the steady state of its intensity; exp(-40) and 1e-6 are left."""
    unit = GRADED.threshold(0.0).fluence_J_per_cm2 / GRADED.threshold(0.0).pulse_excitons_per_dot
    flash, short = (GRADED.gain_per_cm_at_fluence(excitons * unit, pulse_ns=length) for length in (0.0, 1.3e-6))
    assert short == pytest.approx(flash, abs=200 * 5e-4)
    length = 40 * 12.0
    intensity = excitons * unit / (length * 1e-9) * 100
    long = GRADED.gain_per_cm_at_fluence(100 * excitons * unit, pulse_ns=length)
    assert long == pytest.approx(GRADED.gain_per_cm_at_intensity(intensity), abs=200 * 1e-10)


def test_fluence_for_a_pulse_of_some_length() -> None:
    """fluence(x, pulse_ns) is the inverse of gain(w, pulse_ns), to 1e-12 of G0, and rises with the length; flash 1.146 photons."""
    lengths = [0.0, 0.1, 1.0, 10.0, 1000.0]
    fluences = [float(GRADED.fluence_J_per_cm2(0.2, pulse_ns=length)) for length in lengths]
    gains = [GRADED.gain_per_cm_at_fluence(w, pulse_ns=length) for w, length in zip(fluences, lengths, strict=True)]
    np.testing.assert_allclose(np.array(gains) / 200, 0.2, rtol=0, atol=1e-12)
    assert (np.diff(fluences) > 0).all()


def test_gain_after_a_pulse_lives_as_long_as_the_biexciton_at_first() -> None:
    """Three states: P_XX falls as exp(-t/tau_XX), P_0 + P_X follow the cascade. Closed form of G(t) to 1e-12."""
    medium = GRADED.three_state
    unit = GRADED.threshold(0.0).fluence_J_per_cm2 / GRADED.threshold(0.0).pulse_excitons_per_dot
    excitons, delay = 3.0, 0.9
    p0, p1 = np.exp(-excitons), excitons * np.exp(-excitons)
    p2 = 1 - p0 - p1
    slow, fast = 1 / 12.0, 1 / 1.3
    two = p2 * np.exp(-fast * delay)
    one = p1 * np.exp(-slow * delay) + p2 * fast / (slow - fast) * (np.exp(-fast * delay) - np.exp(-slow * delay))
    found = medium.occupancy_at_fluence(excitons * unit, delay_ns=delay).pairs
    np.testing.assert_allclose(found, [1 - one - two, one, two], rtol=0, atol=1e-12)


def test_band_edge_pump_cannot_invert_by_itself() -> None:
    """Saturating absorption at the band edge, <N> = 2(1 - exp(-sigma J/2)): full only at infinite fluence; G = 0 at sigma J = 2 ln 2."""
    medium = replace(GRADED, pump_statistics="band-edge")
    assert medium.threshold(0.0).pulse_excitons_per_dot == pytest.approx(2 * np.log(2), rel=1e-12)


def test_separate_carriers_against_a_barrier_are_nearly_pairs() -> None:
    """Electrons and holes one by one, 4 E_c = 200 meV against kT = 26 meV.

    A dot waits with one carrier for its partner, but takes a second of the kind in exp(-200/26) = 4.4e-4 of the cases: fewer than
    1e-3 of the dots, against half and more without the barrier. Gain is then that of pairs within 10 % of G0, without it is not.
    """
    current = np.array([3.0, 10.0, 40.0, 300.0])
    separate = replace(GRADED, injection="separate", charging_energy_meV=50.0)
    free = replace(separate, charging_energy_meV=None)
    for medium, low, high in ((separate, 1e-4, 1e-3), (free, 0.5, 1.0)):
        occupied = medium.occupancy(current)
        charged = occupied.weights @ (np.abs(occupied.electrons - occupied.holes) > 1)
        assert ((low < charged) & (charged < high)).all()
    pairs = GRADED.gain_per_cm(current)
    assert np.abs(separate.gain_per_cm(current) - pairs).max() < 20
    assert np.abs(free.gain_per_cm(current) - pairs).max() > 60
    threshold = separate.threshold(0.3)
    assert separate.gain_per_cm(threshold.current_density_A_per_cm2) == pytest.approx(60.0, abs=1e-9)
    light = separate.gain_per_cm_at_intensity(threshold.intensity_W_per_cm2)
    assert light == pytest.approx(60.0, abs=1e-9)


def test_separate_carriers_without_a_barrier_are_warned_of() -> None:
    """Electrons and holes at one rate, without a charging energy: the charge walks at random, P(q + 1) = P(q), up to the last state.

    Expected: a gain that moves with the number of states by more than 100 cm^-1 of 780, and one warning; with 40 meV neither.
    """
    moved = {}
    for barrier in (None, 40.0):
        dots = replace(load_medium("ccg-QD"), injection="separate", charging_energy_meV=barrier)
        gains = [float(replace(dots, most_pairs=most).gain_per_cm(100.0)) for most in (4, 12)]
        moved[barrier] = abs(gains[0] - gains[1])
        assert len([text for text in dots.warnings() if "charging_energy_meV" in text]) == (barrier is None)
    assert moved[None] > 100 > 1 > moved[40.0]


def test_dots_per_volume() -> None:
    """rho = f_a/(sigma_g h): ccg-QDs 0.5/(1.131e-12 cm^2 10.2 nm) = 4.33e17 per cm^3."""
    assert COMPACT.dots_per_cm3 == pytest.approx(0.5 / (np.pi * 36e-14 * 10.2e-7), rel=1e-12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"areal_fill": 1.2}, 'medium "cg-QD": areal_fill must be > 0 and ≤ 1, got 1.2'),
        ({"areal_fill": -0.1}, 'medium "cg-QD": areal_fill must be > 0 and finite, got -0.1'),
        ({"permanent_charge": -1.0}, 'medium "cg-QD": permanent_charge must be ≥ 0 and finite, got -1.0'),
        ({"exciton_exciton_meV": float("nan")}, 'medium "cg-QD": exciton_exciton_meV must be a number and finite, got nan'),
        ({"lines": ()}, 'medium "cg-QD": lines must hold a transition, got none'),
    ],
)
def test_impossible_media_are_refused(changes: dict[str, object], message: str) -> None:
    """replace() checks what a file would be checked for."""
    with pytest.raises(MediumError) as caught:
        replace(GRADED, **changes)  # type: ignore[arg-type]
    assert str(caught.value).endswith(message)


def test_an_unknown_transition_is_told_the_known_ones() -> None:
    with pytest.raises(ArgumentError) as caught:
        COMPACT.threshold(0.0, transition="2S")
    assert str(caught.value) == 'Argument `transition` must be one of those of medium "ccg-QD", 1S, 1P, 1D, but it is 2S'
    with pytest.raises(ArgumentError, match="must not be given together: a gain has one drive"):
        COMPACT.gain_spectrum_per_cm([630.0], intensity_W_per_cm2=1.0, fluence_J_per_cm2=1.0)


def test_a_longer_biexciton_made_in_python_is_warned_of() -> None:
    """tau_XX > tau_X by replace(): unusual, a warning; gains stay finite and rise."""
    odd = replace(GRADED, biexciton_lifetime_ns=50.0)
    assert len(odd.warnings()) == 1
    gains = odd.gain_per_cm(np.logspace(-4, 4, 50))
    assert np.isfinite(gains).all()
    assert (np.diff(gains) > -1e-9).all()


def test_warnings_tell_each_quantity_once() -> None:
    """Outside in wavelength, temperature and filling: three sentences with value and range; an array of wavelengths gives its ends."""
    found = COMPACT.warnings([500.0, 630.0, 800.0], 500.0, 9.0)
    assert found == (
        "ccg-QD is used at wavelength 500 to 800 nm, outside of what it is known for (516.6 to 681.2 nm)",
        "ccg-QD is used at temperature 500 K, outside of what it is known for (77 to 430 K)",
        "ccg-QD is used at excitons per dot 9, outside of what it is known for (0 to 7)",
    )
    assert COMPACT.valid_nm == pytest.approx((photon_energy_eV(2.4), photon_energy_eV(1.82)), rel=1e-12)
    assert COMPACT.at_temperature(60).warnings() == ("ccg-QD is used at temperature 60 K, outside of what it is known for (77 to 430 K)",)


def test_thresholds_are_quick() -> None:
    """A threshold of a medium that was asked before takes less than 5 ms, so that a report asks as it likes; best of five."""
    GRADED.threshold(0.0)
    times = []
    for fraction in (0.1, 0.2, 0.3, 0.4, 0.6):
        start = perf_counter()
        GRADED.current_density_A_per_cm2(fraction)
        GRADED.fluence_J_per_cm2(fraction)
        times.append((perf_counter() - start) / 2)
    assert min(times) < 5e-3


def test_a_medium_of_one_line_made_in_python() -> None:
    """A student's own dots need a Transition and the numbers of the formula; all else has a value."""
    own = Medium("own", "me", (Transition("1S", 0, 2.0, 300.0, 40.0, 60.0),), 20.0, 0.2, 5e-13, 0.5, 8.0, 3.1, 1e-14)
    assert own.threshold(0.0).pulse_excitons_per_dot == pytest.approx(1.1462, abs=5e-5)
    assert own.warnings([400.0], 10.0, 100.0) == ()
