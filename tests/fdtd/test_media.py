"""Media in FDTD: metals by passive poles, loss and gain by conductivities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdphotonics as qdp
from qdphotonics.errors import ArgumentError, EngineError, MaterialError
from qdphotonics.fdtd import media
from tests.fdtd.conftest import small_run

EVERYWHERE = np.geomspace(0.05, 50.0, 400)  # c/um: 20 nm to 20 um


@pytest.mark.parametrize("name", ["Ag", "Al", "Au"])
@pytest.mark.parametrize("wavelength_nm", [560.0, 630.0, 700.0])
def test_poles_follow_the_tables_and_are_passive(name: str, wavelength_nm: float) -> None:
    """Two poles over +-6 % of tables with three to seven points there: 1.5 % of |epsilon|, and 1 % of the loss at the centre.

    Passive: Im epsilon >= 0 at every frequency. Stable at Meep's Courant factor: epsilon_inf >= 1.
    """
    fit = media.fitted_metal(qdp.load_material(name), wavelength_nm)
    assert fit.error < 0.015
    assert fit.loss_error < 0.01
    assert fit.medium.is_metal
    assert (fit.medium.permittivity(EVERYWHERE).imag >= 0).all()
    assert min(fit.medium.epsilon) >= 1
    assert "error" in repr(fit)


def test_a_metal_of_one_drude_pole_is_found_again() -> None:
    """epsilon = 4 - f_p^2/(f^2 + i f gamma), f_p 7.3, gamma 0.05: the fit's family holds it, so only the search can miss: 1e-4."""
    f = 1.6 * (1.0 + media.BAND * np.linspace(-1, 1, media.POINTS))
    epsilon = (4.0 - 7.3**2 / (f**2 + 0.05j * f)).astype(np.complex128)
    fit = media.fitted_permittivity(1000.0 / f, epsilon, 625.0)
    assert fit.error < 1e-4
    assert fit.loss_error < 1e-4


@given(st.floats(1.0, 4.0), st.floats(-0.05, 0.05), st.floats(400.0, 2000.0))
def test_a_conductivity_has_the_index_at_its_wavelength(n: float, k: float, wavelength_nm: float) -> None:
    """epsilon(f) = Re epsilon (1 + i sigma/(2 pi f)) is (n + i k)^2 there, gain (k < 0) included."""
    medium = media.dielectric(complex(n, k), wavelength_nm, complex(n + 0.1, 2 * k))
    at = np.array([1000.0 / wavelength_nm])
    assert medium.permittivity(at)[0] == pytest.approx(complex(n, k) ** 2, rel=1e-12)
    assert medium.epsilon[1] == pytest.approx((complex(n + 0.1, 2 * k) ** 2).real)
    assert (medium.growth_rate > 0) == (k < 0)


def test_a_metal_at_one_wavelength_has_that_index() -> None:
    medium = media.metal_at(0.06 + 4.2j, 630.0)
    assert medium.permittivity(np.array([1000.0 / 630.0]))[0] == pytest.approx((0.06 + 4.2j) ** 2, rel=1e-12)
    assert (medium.permittivity(EVERYWHERE).imag > 0).all()


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(EngineError, match="needs poles"):
        media.dielectric(0.06 + 4.2j, 630.0)
    with pytest.raises(ArgumentError, match="Re epsilon < 0 < Im epsilon"):
        media.metal_at(1.5, 630.0)
    f = np.linspace(1.5, 1.7, 25)
    with pytest.raises(MaterialError, match="must absorb"):
        media.fitted_permittivity(1000 / f, np.full(25, -16.0 - 1j, dtype=np.complex128), 625.0)
    with pytest.raises(EngineError, match="best passive poles are"):  # falls with frequency faster than causality allows
        media.fitted_permittivity(1000 / f, (-10 - 400 * (f - 1.6) + 0.5j).astype(np.complex128), 625.0)
    with pytest.raises(MaterialError, match="is known for"):
        media.fitted_metal(qdp.load_material("Ag"), 30.0)


def test_too_much_gain_for_the_time_is_refused() -> None:
    """A static field in a conductivity sigma < 0 grows as e^{|sigma| t}: 0.5 for 100 um/c would be e^50."""
    gain = media.Medium((4.0, 4.0, 4.0), (-0.5, -0.5, -0.5))
    with pytest.raises(ArgumentError, match=r"would not stay stable.*shorter `duration`"):
        small_run(duration=100.0, media=(media.Medium((1.0, 1.0, 1.0)), gain))
    assert replace(small_run(), duration=5.0).growth == 0.0
