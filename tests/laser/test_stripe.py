"""Amplified spontaneous emission along a stripe: closed forms, conservation, a second method, convergence, the published diode."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_bvp

from qdphotonics.errors import ArgumentError, EngineError
from qdphotonics.gain import load_medium
from qdphotonics.laser.bands import band_figures, bands_of, onset_drives, width_along_meV
from qdphotonics.laser.film import DotFilm, line_area_eV
from qdphotonics.laser.fixed_point import fixed_points
from qdphotonics.laser.guide import Guide, Stripe
from qdphotonics.laser.lateral import joined_width_nm, lateral_modes
from qdphotonics.laser.stripe import amplify
from qdphotonics.laser.waves import phi1, phi2
from qdphotonics.units import ELEMENTARY_CHARGE_C, PLANCK_EV_S, photon_energy_eV, wavelength_nm
from tests.laser.amplifiers import RigidFilm, TwoLevelFilm

ROUNDING = 1e-12  # sums over forty cells and two hundred wavelengths
RED_NM = np.array([640.0])


def guide(confinement: float = 0.2, loss_per_cm: float = 10.0, wavelengths: Any = RED_NM) -> Guide:
    return Guide(wavelengths, confinement, loss_per_cm, 1.7)


def source_W_per_eV_cm(emission_per_cm: float, confinement: float) -> float:
    """Gamma G_sp E/h, one lateral mode, W per eV and cm."""
    energy = float(photon_energy_eV(640.0))
    return confinement * emission_per_cm * energy * ELEMENTARY_CHARGE_C / PLANCK_EV_S


@pytest.mark.parametrize(("emission", "absorption"), [(900.0, 100.0), (100.0, 900.0), (300.0, 250.0), (300.0, 250.0 - 1e-9)])
def test_without_saturation_uniform_dots_make_the_textbook_exponential(emission: float, absorption: float) -> None:
    """P+(L) = (p/g)(e^{gL} - 1), P-(0) the same, p L at transparency; gain, loss, g = 0 and g of rounding. Exact in each cell."""
    film = RigidFilm(RED_NM, emission, absorption)
    found = amplify(film, guide(), Stripe(300.0, 30.0, lateral_modes=3.0), [1.0], saturates=False)
    net, length_cm = 0.2 * (emission - absorption) - 10.0, 0.03
    expected = 3.0 * source_W_per_eV_cm(emission, 0.2) * length_cm * float(phi1(np.array(net * length_cm)))
    assert found.edge_spectrum_W_per_eV[0, 0] == pytest.approx(expected, rel=ROUNDING)
    assert found.waves.backward[0, 0, 0, 0] == pytest.approx(expected, rel=ROUNDING)


def test_facets_send_light_round() -> None:
    """R1 = 0.3, R2 = 0.1: every round trip summed one by one until nothing is added; (1 - R2) of what arrives at L leaves."""
    film, left, right = RigidFilm(RED_NM, 900.0, 600.0), 0.3, 0.1
    found = amplify(film, guide(), Stripe(200.0, 30.0, (left, right), lateral_modes=1.0), [1.0], saturates=False)
    gain_length = (0.2 * 300 - 10) * 0.02
    single = source_W_per_eV_cm(900.0, 0.2) * 0.02 * np.expm1(gain_length) / gain_length
    forward, backward, arrived = single, single, 0.0
    for _ in range(200):  # each pass meets a facet and is amplified; R1 R2 e^{2 g L} = 0.22
        arrived += forward
        forward, backward = backward * left * np.exp(gain_length), forward * right * np.exp(gain_length)
    assert found.edge_spectrum_W_per_eV[0, 0] == pytest.approx((1 - right) * arrived, rel=1e-11)


@pytest.mark.parametrize("facets", [(0.0, 0.0), (0.3, 0.0)])
def test_light_is_conserved(facets: tuple[float, float]) -> None:
    """Spontaneous + stimulated = absorbed + out of the ends, in strong saturation; cells are solved exactly, so to rounding."""
    lines = np.linspace(610.0, 670.0, 31)
    film = TwoLevelFilm(lines, line=np.exp(-(((lines - 640) / 12) ** 2)))
    found = amplify(film, guide(0.3, 5.0, lines), Stripe(1500.0, 20.0, facets, lateral_modes=5.0), [0.01, 0.7, 5.0, 50.0])
    assert found.stimulated_per_ns.max() > 10  # twenty times 1/tau
    balance = found.balance
    assert (np.abs(balance.sideways) <= ROUNDING * (balance.edges + balance.absorbed)).all()
    assert (balance.stimulated[2:] > 100 * balance.spontaneous[2:]).all()


def test_photons_gained_are_pairs_lost() -> None:
    """What light gains is what dots lose to it: Gamma G P/(h nu) along the stripe = rho d W int sum_i s_i (E_i - A_i); ccg-QDs,
    three transitions, Delta_XX = 0. Within the tolerance of the iteration, 1e-9 of each rate."""
    medium = load_medium("ccg-QD")
    wavelengths = wavelength_nm(np.linspace(1.8, 2.3, 60))
    film = DotFilm.of_medium(medium, wavelengths, 1.9, monolayers=3.0)
    found = amplify(film, guide(0.23, 16.0, wavelengths), Stripe(800.0, 30.0), film.pair_rate_per_ns([100.0, 3000.0]))
    strength = medium.chain.steady(found.pair_rate_per_ns[:, None], stimulated_per_ns=found.stimulated_per_ns)
    lost = (found.stimulated_per_ns * strength.inversion).sum(axis=-1).mean(axis=-1) * 1e9 * film.dots_per_cm2 * 800e-4 * 30e-4
    photons = np.einsum("wm,dmwc->dwc", found.guide.confinement.T, found.waves.mean) * found.response.gain_per_cm.swapaxes(-1, -2)
    energy = found.photon_energy_eV
    gained = photons.mean(axis=-1) @ (found.guide.energy_weights_eV / (energy * ELEMENTARY_CHARGE_C)) * 800e-4
    assert gained == pytest.approx(lost, rel=1e-7)
    assert (np.abs(gained) > 1e15).all()


def gaussian_film(wavelengths: Any, gain_per_cm: float = 300.0) -> TwoLevelFilm:
    """A line 60 meV wide; its dots send a tenth of their spontaneous light into an open stripe's guide of Gamma 0.3."""
    return TwoLevelFilm(wavelengths, gain_per_cm, line=np.exp(-(((photon_energy_eV(wavelengths) - 1.93) / 0.036) ** 2)))


@settings(max_examples=25, deadline=None)
@given(
    rate=st.floats(1e-3, 1e3),
    confinement=st.floats(0.02, 0.3),
    loss=st.floats(0, 200),
    length=st.floats(10, 2000),
    open_stripe=st.booleans(),
)
def test_no_more_photons_than_pairs(rate: float, confinement: float, loss: float, length: float, open_stripe: bool) -> None:
    """At most one photon leaves per pair that arrives, whatever the stripe; no light and no rate is negative."""
    wavelengths = np.linspace(600.0, 690.0, 31)
    stripe = Stripe(length, 30.0, lateral_modes=None if open_stripe else 4.0)
    found = amplify(gaussian_film(wavelengths), guide(confinement, loss, wavelengths), stripe, [rate])
    assert (found.waves.forward >= 0).all()
    assert (found.waves.backward >= 0).all()
    assert (found.stimulated_per_ns >= 0).all()
    photon_J = ELEMENTARY_CHARGE_C * found.photon_energy_eV.min()
    assert found.balance.edges[0] / photon_J <= rate * 1e9 * found.dots_per_cm2 * length * 30e-8
    assert found.guided_fraction[0] < 0.13
    assert found.balance.sideways[0] >= -ROUNDING * found.balance.spontaneous[0]


def test_a_symmetric_stripe_sends_alike_both_ways() -> None:
    """P+(x) = P-(L - x), open stripe, saturated; to the tolerance to which light and dots settle."""
    wavelengths = np.linspace(600.0, 690.0, 31)
    found = amplify(gaussian_film(wavelengths), guide(0.3, 5.0, wavelengths), Stripe(1500.0, 30.0), [5.0])
    assert found.stimulated_per_ns.max() > 0.5  # 1/tau
    assert found.waves.forward == pytest.approx(found.waves.backward[..., ::-1], rel=1e-7)


def test_saturated_stripe_agrees_with_a_boundary_value_solver() -> None:
    """One wavelength, two-level dots, g = 2/ns: dP±/dx = ±[(Gamma G(P) - alpha) P± + p(P)], P+(0) = P-(L) = 0, by collocation
    (scipy), which shares nothing with the cells but the equations. 400 cells leave some 1e-5."""
    film, along = TwoLevelFilm(RED_NM, 800.0), guide(0.3, 10.0)
    length_cm, width_cm, rate, modes = 0.05, 30e-4, 2.0, 10.0
    found = amplify(film, along, Stripe(500.0, 30.0, lateral_modes=modes), [rate], cells=400)
    energy = float(photon_energy_eV(640.0))
    photon_J = energy * ELEMENTARY_CHARGE_C
    per_power = 0.3 * 800.0 / 1e18 / (photon_J * 50e-7 * width_cm) / 1e9  # s [1/ns] per W; the one wavelength counts as 1 eV

    def slopes(_: Any, powers: Any) -> Any:
        light = per_power * powers.sum(axis=0)
        excited = (rate + light) / (rate + 0.5 + 2 * light)
        gain = 0.3 * 800.0 * (2 * excited - 1) - 10.0
        spontaneous = modes * source_W_per_eV_cm(800.0, 0.3) * excited
        return np.array([gain * powers[0] + spontaneous, -gain * powers[1] - spontaneous])

    x = np.linspace(0, length_cm, 201)
    guess = np.array([np.linspace(0, 1e-2, 201), np.linspace(1e-2, 0, 201)])
    second = solve_bvp(slopes, lambda at_0, at_l: np.array([at_0[0], at_l[1]]), x, guess, tol=1e-9, max_nodes=100_000)
    assert second.success
    assert found.stimulated_per_ns.max() > 1
    assert found.edge_power_W[0] == pytest.approx(second.y[0, -1], rel=1e-4)


def test_cells_converge_in_second_order() -> None:
    """Saturated edge power with 10, 20, 40 cells against 320: each halving divides the error by 4 (3.5 to 4.6 is taken)."""
    film, along, stripe = TwoLevelFilm(RED_NM, 800.0), guide(0.3, 10.0), Stripe(500.0, 30.0, lateral_modes=10.0)
    power = {cells: float(amplify(film, along, stripe, [2.0], cells=cells).edge_power_W[0]) for cells in (10, 20, 40, 320)}
    errors = [abs(power[cells] - power[320]) for cells in (10, 20, 40)]
    assert 3.5 < errors[0] / errors[1] < 4.6
    assert 3.5 < errors[1] / errors[2] < 4.6
    assert errors[2] < 3e-3 * power[320]


@pytest.mark.parametrize("distance", [0.0, 1.0, 300.0, 3e4, 3e5, 3e7])
def test_lateral_modes_are_the_angles_under_which_the_width_is_seen(distance: float) -> None:
    """int_0^W dy [atan(y/l) + atan((W - y)/l)] by quadrature, W = 30 um; at l = 0 half a turn everywhere."""
    width = 3e4
    seen = quad(lambda y: np.arctan2(y, distance) + np.arctan2(width - y, distance), 0, width, epsrel=1e-12, limit=200)[0]
    assert float(joined_width_nm(distance, width)) == pytest.approx(seen, rel=1e-9)


def test_light_of_an_open_stripe_without_gain_comes_from_all_that_see_the_end() -> None:
    """g = 0: P+(L) = p int_0^L M(l) dl with M = (n_eff/lambda) times the joined width, by quadrature. l ln l at l = 0 leaves 1e-4."""
    film = RigidFilm(RED_NM, 300.0, 300.0)
    found = amplify(film, guide(0.2, 0.0), Stripe(300.0, 30.0), [1.0], saturates=False)
    area = quad(lambda distance: float(joined_width_nm(distance, 3e4)), 0, 3e5, epsrel=1e-10, limit=200)[0]
    expected = source_W_per_eV_cm(300.0, 0.2) * 1.7 / 640.0 * area * 1e-7
    assert found.edge_spectrum_W_per_eV[0, 0] == pytest.approx(expected, rel=1e-4)


def test_light_within_an_open_stripe_without_gain() -> None:
    """One cell, g = 0: the mean along it of what comes from before, (p/L) int_0^L dx int_0^x M(x - x') dx', twice for both ways: what
    drives the dots. By quadrature over l = x - x', which L - l of the places have behind them."""
    found = amplify(RigidFilm(RED_NM, 300.0, 300.0), guide(0.2, 0.0), Stripe(300.0, 30.0), [1.0], cells=1, saturates=False)
    area = quad(lambda distance: (1 - distance / 3e5) * float(joined_width_nm(distance, 3e4)), 0, 3e5, epsrel=1e-10, limit=200)[0]
    expected = 2 * source_W_per_eV_cm(300.0, 0.2) * 1.7 / 640.0 * area * 1e-7
    assert found.waves.mean[0, 0, 0, 0] == pytest.approx(expected, rel=2e-3)  # one cell: M falls tenfold within it
    fine = amplify(RigidFilm(RED_NM, 300.0, 300.0), guide(0.2, 0.0), Stripe(300.0, 30.0), [1.0], cells=80, saturates=False)
    assert fine.waves.mean.mean() == pytest.approx(expected, rel=1e-5)


def test_a_narrow_stripe_keeps_one_mode() -> None:
    """W = 1 um, L = 1 mm: rays would leave n W^2/(lambda L) = 0.003 of a mode; the gain holds one."""
    modes = lateral_modes(Stripe(1000.0, 1.0), guide(), 40)
    assert modes.count[0, 0] * modes.between_cells[0, -1, 0] == pytest.approx(1.0, rel=ROUNDING)


@pytest.mark.parametrize("z", [-700.0, -1.0, -0.051, -0.049, -1e-9, 0.0, 1e-9, 0.049, 0.051, 1.0, 50.0])
def test_growth_functions_in_all_digits(z: float) -> None:
    """(e^z - 1)/z and (e^z - 1 - z)/z^2 against 40 digits, on both sides of where the series takes over."""
    import mpmath

    with mpmath.workdps(40):
        exact = mpmath.mpf(z)
        one = mpmath.expm1(exact) / exact if z else mpmath.mpf(1)
        two = (mpmath.expm1(exact) - exact) / exact**2 if z else mpmath.mpf("0.5")
    assert float(phi1(np.array(z))) == pytest.approx(float(one), rel=1e-15)
    assert float(phi2(np.array(z))) == pytest.approx(float(two), rel=1e-13)


def consistent_film(wavelengths: Any, **changes: Any) -> DotFilm:
    """ccg-QDs whose 1S gain is made the one that their lifetime stands for."""
    film = DotFilm.of_medium(load_medium("ccg-QD"), wavelengths, 1.9, 3.0)
    lines = tuple(replace(line, gain_per_cm=line.gain_per_cm / film.einstein_ratio[line.level]) for line in film.transitions)
    return replace(film, transitions=lines, **changes)


def test_where_gain_and_lifetime_agree_an_inverted_film_is_an_ideal_amplifier() -> None:
    """Einstein: with G0 from tau_r (einstein_ratio 1) full dots have source = stimulated emission, one photon per mode."""
    film = consistent_film(wavelength_nm(np.linspace(1.8, 2.2, 41)), chain=replace(load_medium("ccg-QD").chain, most_pairs=18))
    assert film.einstein_ratio == pytest.approx(np.ones(3), rel=ROUNDING)
    response = film.respond(1e9, np.zeros(3))
    assert response.source_per_cm == pytest.approx(response.emission_per_cm.sum(axis=-2), rel=1e-6)  # 1e-9 of the dots lack a pair


def test_einstein_ratio_is_that_of_the_strickler_berg_relation() -> None:
    """1/tau = 8 pi n^2 nu^2/c^2 int sigma dnu of the full 1S level of ccg-QDs: sigma = 780/(4.33e17) = 1.80e-15 cm^2, tau_r,XX = 3 ns,
    n = 1.9, line area 0.1007 eV. By hand, with c = 2.9979e10 cm/s: 3.11; the published gain and lifetime do not agree."""
    medium = load_medium("ccg-QD")
    film = DotFilm.of_medium(medium, RED_NM, 1.9)
    frequency, area_Hz = 1.93 / 4.135667e-15, line_area_eV(medium.transitions[0]) / 4.135667e-15
    rate = 8 * np.pi * 1.9**2 * frequency**2 / 2.99792458e10**2 * 780.0 / film.dots_per_cm3 * area_Hz
    assert film.einstein_ratio[0] == pytest.approx(rate * 3e-9, rel=1e-5)
    assert film.einstein_ratio[0] == pytest.approx(3.11, abs=0.01)


def test_guided_fraction_is_a_count_of_modes() -> None:
    """A mode takes Gamma lambda n_eff/(4 n^2 d) of the light: 2 pi n_eff/lambda in the plane over 8 pi n^2/lambda^2 in bulk. A line
    of 1 meV, so that lambda is one number (to 1e-3 of tails beyond the grid); two modes add."""
    wavelengths = wavelength_nm(np.linspace(1.92, 1.94, 801))
    film = consistent_film(wavelengths)
    narrow = replace(film.transitions[0], homogeneous_fwhm_meV=0.0, inhomogeneous_fwhm_meV=1.0)
    film = replace(film, transitions=(narrow,))
    along = Guide(wavelengths, [[0.1], [0.02]], [[0.0], [300.0]], [[1.7], [1.6]], labels=("TE0", "TM0"))
    found = amplify(film, along, Stripe(300.0, 30.0), [1e-3], saturates=False)
    expected = (0.1 * 1.7 + 0.02 * 1.6) * wavelength_nm(1.93) / (4 * 1.9**2 * film.thickness_nm)
    assert found.guided_fraction[0] == pytest.approx(expected, rel=2e-3)


DIODE_CURRENTS = np.geomspace(1.0, 1933.0, 25)


def diode(lateral: float | None = None, monolayers_that_share: float = 1.0) -> Any:
    """[B] Figs. 45, 46 in numbers of the sources: Gamma 0.23, loss 16 cm^-1, 300 um x 30 um, three monolayers of ccg-QDs; n of the
    film 1.9 and n_eff 1.66 as in the shipped stack; the current shared by one monolayer (the papers' formula) or three."""
    wavelengths = wavelength_nm(np.linspace(2.25, 1.75, 200))
    film = DotFilm.of_medium(load_medium("ccg-QD"), wavelengths, 1.9, monolayers=3.0)
    rate = film.pair_rate_per_ns(DIODE_CURRENTS) * 3.0 / monolayers_that_share
    return amplify(film, Guide(wavelengths, 0.23, 16.0, 1.66), Stripe(300.0, 30.0, lateral_modes=lateral), rate)


@pytest.mark.parametrize("lateral", [None, 1.0])
def test_published_diode_narrows_along_its_stripe(lateral: float | None) -> None:
    """Published: 82 meV of spontaneous emission, some 40 meV of amplified (PHYSICS.md section 3). Computed at 1933 A/cm^2, of the
    light that runs to the end: from 80-90 at the start to 35-45 meV, ever narrower on its way. Nothing is fitted to this device."""
    width = width_along_meV(diode(lateral), bands_of(load_medium("ccg-QD").transitions)[0])[-1]
    assert 80 < width[0] < 90
    assert 35 < width[-1] < 45
    assert (np.diff(width) < 0).all()


def test_published_diode_amplifies_above_its_threshold_in_two_bands() -> None:
    """Published: threshold 13 A/cm^2 (best) to 30 (average); bands at 1.93 and 2.11 eV. One monolayer's share: 1S within 10-40 A/cm^2;
    1P needs five pairs a dot and comes before 1933 A/cm^2; both peaks within 5 meV."""
    found, bands = diode(), bands_of(load_medium("ccg-QD").transitions)
    onset = onset_drives(found, bands[0], DIODE_CURRENTS)
    assert 10 < onset.net_gain < 40
    assert 10 < onset.kink < 60
    assert 10 < onset.narrowing < 60
    assert 500 < onset_drives(found, bands[1], DIODE_CURRENTS).net_gain < 1933
    for band, energy in zip(bands[:2], (1.93, 2.11), strict=True):
        figures = band_figures(found.photon_energy_eV, found.edge_spectrum_W_per_eV[-1], band)
        assert figures.peak_eV == pytest.approx(energy, abs=5e-3)
        assert figures.power_W > 0.05 * found.edge_power_W[-1]


def test_published_diode_brings_a_tenth_of_a_milliwatt_per_lateral_mode() -> None:
    """Published: 170 uW at 1933 A/cm^2. Computed 0.1-0.3 mW in one lateral mode; the open stripe, whose end is seen by some ten
    modes, 10-20 times as much: it is cold, and all its light is collected."""
    single, whole = float(diode(1.0).edge_power_W[-1]), float(diode().edge_power_W[-1])
    assert 1e-4 < single < 3e-4
    assert 10 < whole / single < 20


def test_width_of_known_lines() -> None:
    """Gauss' 80 meV line and a Lorentzian of 40 meV on a grid of 1 meV: straight lines between points leave 0.1 %."""
    energy = np.linspace(1.5, 2.4, 901)
    gauss = np.exp(-4 * np.log(2) * ((energy - 1.93) / 0.080) ** 2)
    lorentz = 1 / (1 + (2 * (energy - 1.93) / 0.040) ** 2)
    (line,) = bands_of([load_medium("ccg-QD").transitions[0]])
    figures = band_figures(energy, [gauss, lorentz], line)
    assert figures.fwhm_meV == pytest.approx([80.0, 40.0], rel=1e-3)
    assert figures.peak_eV == pytest.approx([1.93, 1.93], abs=1e-9)
    assert figures.power_W[0] == pytest.approx(0.080 * np.sqrt(np.pi / np.log(2)) / 2, rel=1e-6)
    assert band_figures(energy[::-1], gauss[::-1], line).fwhm_meV == pytest.approx(80.0, rel=1e-3)
    assert np.isnan(band_figures(energy, np.ones_like(energy), line).fwhm_meV)


def test_a_shoulder_is_no_band_of_its_own() -> None:
    """A 1S line alone: in the 1P band the spectrum is largest at its lower edge, so that no width is told there."""
    energy = np.linspace(1.7, 2.3, 601)
    bands = bands_of(load_medium("ccg-QD").transitions)
    assert np.isnan(band_figures(energy, 1 / (1 + ((energy - 1.93) / 0.02) ** 2), bands[1]).fwhm_meV)


def test_mirrors_that_lase_and_slips_are_told() -> None:
    """One clear message each, with the name of the argument."""
    film = RigidFilm(RED_NM, 900.0, 100.0)
    with pytest.raises(ArgumentError, match="laser_curve"):
        amplify(film, guide(), Stripe(300.0, 30.0, (0.3, 0.3), lateral_modes=1.0), [1.0])
    with pytest.raises(ArgumentError, match="lateral_modes"):
        Stripe(300.0, 30.0, (0.3, 0.3))
    with pytest.raises(ArgumentError, match="length_um"):
        Stripe(-1.0, 30.0)
    with pytest.raises(ArgumentError, match="pair_rate_per_ns"):
        amplify(film, guide(), Stripe(300.0, 30.0), [-1.0])
    with pytest.raises(ArgumentError, match="prepared for the guide's wavelengths"):
        amplify(film, guide(wavelengths=np.array([650.0])), Stripe(300.0, 30.0), [1.0])
    with pytest.raises(ArgumentError, match=r"loss_per_cm.*shape"):
        Guide([640.0], 0.2, [1.0, 2.0], 1.7)
    with pytest.raises(ArgumentError, match="rise or fall"):
        Guide([640.0, 650.0, 645.0], 0.2, 1.0, 1.7)
    with pytest.raises(ArgumentError, match="saturates"):
        amplify(film, guide(1.0), Stripe(1e4, 30.0), [1.0], saturates=False)


def test_what_does_not_settle_is_an_error_not_a_number() -> None:
    """u = u + 1 has no solution, and none is made up; u = cos u, the fixed point 0.7390851332 of two drives at once, has."""
    with pytest.raises(EngineError, match=r"did not settle in 50 steps, drives \[0\]"):
        fixed_points(lambda u, _: u + 1, np.zeros((1, 3)), 1e-9, 50)
    cosine = fixed_points(lambda u, _: np.cos(u), np.zeros((2, 3)), 1e-12, 50)
    assert cosine == pytest.approx(np.full((2, 3), 0.7390851332151607), rel=1e-11)


def test_strong_growth_is_come_to_in_stages() -> None:
    """e^70 without saturation, ccg-QDs in a guide of Gamma 0.9: settles, conserves light, and no more photons leave than pairs come."""
    wavelengths = wavelength_nm(np.linspace(2.25, 1.75, 60))
    film = DotFilm.of_medium(load_medium("ccg-QD"), wavelengths, 1.9, monolayers=13.0)
    found = amplify(film, guide(0.9, 16.0, wavelengths), Stripe(1000.0, 30.0, lateral_modes=1.0), film.pair_rate_per_ns([2000.0]) * 13)
    assert found.peak_net_gain_per_cm[0] * 0.1 > 60
    assert abs(found.balance.sideways[0]) < ROUNDING * found.balance.edges[0]
    share = found.balance.edges[0] / (2000.0 * 13 * 1000e-4 * 30e-4 * 1.93)  # of the pairs, in photons
    assert 0.3 < share < 1
