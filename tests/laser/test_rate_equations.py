"""The steady laser: closed forms of two-level dots, clamping, threshold, slope, and the laser without a threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.gain import load_medium
from qdphotonics.laser.film import DotFilm
from qdphotonics.laser.rate_equations import LaserCavity, laser_curve, threshold_per_ns
from qdphotonics.units import ELEMENTARY_CHARGE_C, photon_energy_eV
from tests.laser.amplifiers import TwoLevelFilm

FILM = TwoLevelFilm(np.array([640.0]), 500.0, lifetime_ns=2.0)
GROUP_INDEX = 2.0


def cavity(internal: float = 10.0, out: float = 20.0, beta: float = 0.0) -> LaserCavity:
    return LaserCavity(640.0, 0.2, internal, out, beta, GROUP_INDEX)


def threshold_filling(of: LaserCavity) -> float:
    """P at which Gamma G0 (2 P - 1) = alpha_i + alpha_c."""
    return (1 + of.total_loss_per_cm / (0.2 * 500.0)) / 2


def test_threshold_of_two_level_dots() -> None:
    """P_th = (1 + alpha/(Gamma G0))/2 and g_th = P_th/((1 - P_th) tau): alpha 30, Gamma G0 100: P 0.65, 0.929 per ns. To rounding."""
    assert threshold_per_ns(FILM, cavity()) == pytest.approx(0.65 / 0.35 / 2.0, rel=1e-12)
    assert threshold_per_ns(FILM, cavity(out=95.0)) == np.inf  # 105 > 100


def test_above_threshold_the_gain_clamps_and_the_output_is_a_straight_line() -> None:
    """beta = 0: no light below threshold; above, G = alpha/Gamma and, per dot, alpha_c/(alpha_i + alpha_c) [g (1 - P_th) - P_th/tau]."""
    of = cavity()
    threshold, filled = threshold_per_ns(FILM, of), threshold_filling(of)
    rate = np.array([0.0, 0.5, 0.999, 1.001, 2.0, 10.0, 1000.0]) * threshold
    found = laser_curve(FILM, of, rate)
    assert found.flux_per_cm2_ns[:3].tolist() == [0.0, 0.0, 0.0]
    assert found.gain_per_cm[3:] == pytest.approx(np.full(4, 150.0), rel=1e-12)
    photons = 20 / 30 * (rate * (1 - filled) - filled / 2.0)[3:] * found.dots_per_cm2
    power = photons * 1e9 * ELEMENTARY_CHARGE_C * float(photon_energy_eV(640.0))
    assert found.output_W_per_cm2[3:] == pytest.approx(power, rel=1e-9)  # near threshold the difference of near numbers
    assert found.output_W(2000.0)[-1] == pytest.approx(power[-1] * 2e-5, rel=1e-9)


def test_slope_is_the_share_of_the_mirrors_times_that_of_the_pairs_taken() -> None:
    """Photons per pair: alpha_c/(alpha_i + alpha_c) (1 - P_th), since full dots take no pair; twice the mirror loss, another slope."""
    for out in (20.0, 40.0):
        of = cavity(out=out)
        found = laser_curve(FILM, of, np.linspace(2, 4, 5) * threshold_per_ns(FILM, of))
        assert found.slope_efficiency == pytest.approx(np.full(5, out / (10 + out) * (1 - threshold_filling(of))), rel=1e-9)


@pytest.mark.parametrize("beta", [1e-6, 1e-3, 0.1, 1.0])
def test_every_photon_balances(beta: float) -> None:
    """alpha_tot Phi d/Gamma = rho d (g (1 - P) - (1 - beta) P/tau): pairs taken, less those that go elsewhere, leave as photons of the
    mode, by P of the response: not the equation that was solved."""
    of = cavity(beta=beta)
    rate = np.geomspace(1e-3, 1e3, 25)
    found = laser_curve(FILM, of, rate)
    excited = found.response.excitons_per_dot
    made = found.dots_per_cm2 * (rate * (1 - excited) - (1 - beta) * excited / 2.0)
    lost = of.total_loss_per_cm * found.flux_per_cm2_ns * 50e-7 / 0.2
    assert lost == pytest.approx(made, rel=1e-7, abs=1e-12 * found.dots_per_cm2 * 1e-3)  # beta 1e-6 below threshold: made is a difference


def test_with_all_light_in_the_mode_there_is_no_threshold() -> None:
    """beta = 1, every pair one photon of the mode: alpha_c/(alpha_i + alpha_c) per pair taken below and above what was the threshold; far
    below it every pair is taken. With beta = 1e-4 the output jumps by more than a hundred around it."""
    of = cavity(beta=1.0)
    threshold = threshold_per_ns(FILM, of)
    rate = threshold * np.geomspace(1e-4, 1e-1, 7)
    assert laser_curve(FILM, of, rate[:1]).photons_out_per_pair == pytest.approx([20 / 30], rel=1e-3)
    whole = laser_curve(FILM, of, threshold * np.array([0.5, 2.0])).output_W_per_cm2
    usual = laser_curve(FILM, cavity(beta=1e-4), threshold * np.array([0.5, 2.0])).output_W_per_cm2
    assert whole[1] / whole[0] < 5
    assert usual[1] / usual[0] > 1000


@settings(max_examples=30, deadline=None)
@given(beta=st.floats(0, 1), internal=st.floats(0, 90), out=st.floats(0.1, 90))
def test_output_never_falls_and_pairs_are_enough(beta: float, internal: float, out: float) -> None:
    """More pairs, more light; at most alpha_c/(alpha_i + alpha_c) photons a pair; gain never above the loss."""
    of = cavity(internal, out, beta)
    found = laser_curve(FILM, of, np.geomspace(1e-3, 1e3, 12))
    assert (np.diff(found.output_W_per_cm2) >= 0).all()
    assert (found.photons_out_per_pair <= out / (internal + out) * (1 + 1e-9)).all()
    assert (0.2 * found.gain_per_cm <= of.total_loss_per_cm * (1 + 1e-9)).all()


def test_photons_in_the_cavity_live_their_lifetime() -> None:
    """n alpha_c c/n_g = photons out: 1/(alpha c/n_g) = 2.22 ps at 30 per cm and n_g 2."""
    of = cavity(beta=1e-3)
    found = laser_curve(FILM, of, [5.0])
    assert of.photon_lifetime_ps == pytest.approx(2.2238, abs=1e-4)
    out_per_ns = found.photons_out_per_pair * 5.0 * found.dots_per_cm2
    assert found.photons_per_cm2 / (of.photon_lifetime_ps * 1e-3) * 20 / 30 == pytest.approx(out_per_ns, rel=1e-12)


@pytest.mark.parametrize("repulsion", [0.0, 30.0])
def test_dots_of_a_medium_clamp_too(repulsion: float) -> None:
    """ccg-QDs in a cavity of 50 per cm: threshold where Gamma G of the chain without light is the loss; above it G stays at alpha/Gamma;
    with Delta_XX = 30 meV as well, where the cross-section moves with the occupation."""
    from dataclasses import replace

    film = replace(DotFilm.of_medium(load_medium("ccg-QD"), [640.0], 1.9, 3.0), exciton_exciton_meV=repulsion)
    of = LaserCavity(640.0, 0.23, 16.0, 34.0, 1e-4, GROUP_INDEX)
    threshold = threshold_per_ns(film, of)
    dark: Any = film.respond([threshold], np.zeros((1, 3)))
    assert 0.23 * dark.gain_per_cm[0, 0] == pytest.approx(50.0, rel=1e-9)
    found = laser_curve(film, of, threshold * np.array([0.5, 3.0, 5.0]))
    assert found.gain_per_cm[0] < 0.9 * 50 / 0.23
    assert found.gain_per_cm[1:] == pytest.approx([50 / 0.23] * 2, rel=1e-2)
    assert found.output_W_per_cm2[1] > 50 * found.output_W_per_cm2[0]


def test_slips_are_told() -> None:
    """One message each, with the name of the argument."""
    for key, value in (("confinement", 0.0), ("cavity_loss_per_cm", -1.0), ("internal_loss_per_cm", -1.0), ("spontaneous_factor", 1.5)):
        arguments = {"confinement": 0.2, "internal_loss_per_cm": 1.0, "cavity_loss_per_cm": 1.0, "spontaneous_factor": 0.1} | {key: value}
        with pytest.raises(ArgumentError, match=key):
            LaserCavity(640.0, group_index=2.0, **arguments)
    with pytest.raises(ArgumentError, match="pair_rate_per_ns"):
        laser_curve(FILM, cavity(), [-1.0])
    with pytest.raises(ArgumentError, match="prepared for the cavity's wavelength"):
        laser_curve(TwoLevelFilm(np.array([630.0])), cavity(), [1.0])
