"""Formulas of n(lambda) and the table's interpolants against closed forms, SciPy and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from qdphotonics import units
from qdphotonics.materials.dispersion import Cauchy, Constant, Dispersion, DrudeLorentz, Joined, Loss, Sellmeier, Shifted, root
from qdphotonics.materials.interpolation import Table

WAVELENGTH = np.linspace(420.0, 780.0, 73)
STEP_NM = 1e-2  # of the central difference: truncation ~ n'''·h²/6 ~ 1e-11, rounding ~ 1e-16·n/h ~ 1e-13 per nm
SLOPE_TOLERANCE = 1e-9  # 1/nm; slopes are 1e-5 to 1e-2 per nm
ROUNDING = 1e-13  # a few operations in double precision on numbers of order 1 to 10

# Rakic et al., Appl. Opt. 37, 5271 (1998), silver: plasma energy, strengths f, dampings, energies
RAKIC_PLASMA_EV = 9.01
RAKIC_SILVER = [
    (0.845, 0.048, 0.0),
    (0.065, 3.886, 0.816),
    (0.124, 0.452, 4.481),
    (0.011, 0.065, 8.185),
    (0.840, 0.916, 9.083),
    (5.646, 2.419, 20.29),
]


def rakic_silver() -> DrudeLorentz:
    (drude, damping, _), *bound = RAKIC_SILVER
    lorentz = tuple((f * RAKIC_PLASMA_EV**2 / energy**2, energy, width) for f, width, energy in bound)
    return DrudeLorentz(1.0, ((RAKIC_PLASMA_EV * drude**0.5, damping),), lorentz)


def slope_error(form: Dispersion, wavelength: np.ndarray) -> float:
    """Largest distance of the derivative from a central difference [1/nm]."""
    higher, lower = (form.evaluate(wavelength + sign * STEP_NM)[0] for sign in (1, -1))
    return float(np.abs(form.evaluate(wavelength)[1] - (higher - lower) / (2 * STEP_NM)).max())


def test_constant_is_the_same_everywhere() -> None:
    index, slope = Constant(1.6 + 0.001j).evaluate(WAVELENGTH)
    np.testing.assert_array_equal(index, 1.6 + 0.001j)
    np.testing.assert_array_equal(slope, 0)


def test_loss_in_per_cm_gives_the_extinction_of_its_definition() -> None:
    """k = alpha lambda/4 pi: 161 cm^-1 at 630 nm is 161·630e-7/(4π) = 8.07154e-4; at 600 nm 652 cm^-1 is 0.0031131,
    the k of the ITO page that the reviews round (PHYSICS M1). Tolerance: the digits written here."""
    assert Loss(161).evaluate(np.array(630.0))[0] == pytest.approx(8.07154e-4, rel=1e-5)
    assert Loss(652).evaluate(np.array(600.0))[0] == pytest.approx(0.0031131, rel=1e-4)
    assert Loss(-780).evaluate(np.array(630.0))[0].real < 0, "gain amplifies: Im n < 0 with exp(-i omega t)"
    index, _ = Loss(161).evaluate(WAVELENGTH)
    np.testing.assert_allclose(units.loss_per_cm(index.real, WAVELENGTH), 161, rtol=ROUNDING)


def test_cauchy_closed_form() -> None:
    """n = A + B/lambda^2 + C/lambda^4 with lambda in um: 1.5 + 0.004/0.25 + 0.0001/0.0625 = 1.5176 at 500 nm."""
    assert Cauchy(1.5, 0.004, 0.0001).evaluate(np.array(500.0))[0] == pytest.approx(1.5176, abs=ROUNDING)


def test_sellmeier_gives_malitsons_table() -> None:
    """Fused silica, Malitson (1965), Table 1: n(D, 589.29 nm) = 1.458404, n(F, 486.1327 nm) = 1.463126,
    n(C, 656.2725 nm) = 1.456367. Tolerance: half a unit of the last printed digit, and the wavelengths' rounding."""
    silica = Sellmeier(((0.6961663, 68.4043), (0.4079426, 116.2414), (0.8974794, 9896.161)))
    index, _ = silica.evaluate(np.array([589.29, 486.1327, 656.2725]))
    np.testing.assert_allclose(index.real, [1.458404, 1.463126, 1.456367], atol=1e-6)
    np.testing.assert_array_equal(index.imag, 0)


def test_drude_closed_form() -> None:
    """eps = 1 - Ep^2/(E^2 + i g E): at E = g = 1 eV, Ep = 2 eV it is 1 - 4/(1 + i) = -1 + 2i, so n^2 = -1 + 2i."""
    wavelength = np.array(units.wavelength_nm(1.0))
    index, _ = DrudeLorentz(1.0, ((2.0, 1.0),)).evaluate(wavelength)
    assert complex(index) ** 2 == pytest.approx(-1 + 2j, abs=ROUNDING)
    assert complex(index).imag > 0, "free carriers absorb"


def test_lorentz_closed_form() -> None:
    """At resonance eps = eps_inf + S E_j^2/(-i E_j g) = 2 + i S E_j/g: 2 + 3i for S 0.6, E_j 2 eV, g 0.4 eV;
    far below it, at a millionth of E_j, eps = eps_inf + S to the square of that ratio."""
    form = DrudeLorentz(2.0, (), ((0.6, 2.0, 0.4),))
    assert complex(form.evaluate(np.array(units.wavelength_nm(2.0)))[0]) ** 2 == pytest.approx(2 + 3j, abs=ROUNDING)
    assert complex(form.evaluate(np.array(units.wavelength_nm(2e-6)))[0]) ** 2 == pytest.approx(2.6, abs=1e-6)


def test_lossless_metal_is_the_limit_of_an_absorbing_one() -> None:
    """eps = 1 - 4/E^2 = -3 at 1 eV: n = i sqrt(3), not -i sqrt(3), whatever the sign of the zero in Im eps."""
    index, _ = DrudeLorentz(1.0, ((2.0, 0.0),)).evaluate(np.array(units.wavelength_nm(1.0)))
    assert complex(index) == pytest.approx(1j * 3**0.5, abs=ROUNDING)
    assert root(np.array(complex(-3.0, -0.0))).imag > 0


def test_silver_model_agrees_with_the_database_page() -> None:
    """Rakic's Lorentz-Drude silver as written in the paper against the table that refractiveindex.info computed from
    it (main/Ag/Rakic-LD). Tolerance: the table's five digits and its interpolation between points 3 nm apart or so."""
    from qdphotonics.materials.database import read_page

    page = read_page("main/Ag/Rakic-LD")
    assert page.refraction is not None
    assert page.extinction is not None
    points = np.array([500.0, 600.0, 700.0])
    tabulated = Joined(page.refraction, page.extinction).evaluate(points)[0]
    np.testing.assert_allclose(rakic_silver().evaluate(points)[0], tabulated, rtol=2e-4)


FORMS: dict[str, Dispersion] = {
    "loss": Loss(161),
    "cauchy": Cauchy(1.6, 0.01, 0.0004),
    "sellmeier": Sellmeier(((1.1, 150.0), (0.3, 250.0), (0.9, 9000.0)), constant=1.3),
    "drude_lorentz": rakic_silver(),
    "joined": Joined(Cauchy(1.6, 0.01), Loss(40)),
    "shifted": Shifted(Cauchy(1.6, 0.01), 0.02),
    "pchip": Table(np.array([400.0, 450.0, 470.0, 700.0, 800.0]), np.array([2 + 1j, 1.9, 1.9, 1.4 + 0.1j, 1.5 + 0.3j]), "pchip"),
    "two points": Table(np.array([400.0, 800.0]), np.array([2 + 1j, 1.5 + 0.3j]), "pchip"),
}


@pytest.mark.parametrize("name", FORMS)
def test_derivative_is_exact(name: str) -> None:
    """dn/dlambda against a central difference; tolerance and step as named above."""
    away = WAVELENGTH[np.min(np.abs(WAVELENGTH[:, None] - np.array([400, 450, 470, 700, 800])), axis=1) > 2 * STEP_NM]
    assert slope_error(FORMS[name], away) < SLOPE_TOLERANCE


def test_pchip_is_scipys() -> None:
    """The same monotone cubic as scipy.interpolate.PchipInterpolator, value and derivative, on 50 random tables."""
    random = np.random.default_rng(7)
    for points in (3, 4, 7, 20, 61):
        for _ in range(10):
            x = 400 + np.cumsum(random.uniform(0.1, 30, points))
            y = np.round(random.normal(size=points), random.integers(0, 4))  # rounding makes equal neighbours and extrema
            at = np.linspace(x[0], x[-1], 211)
            ours, theirs = Table(x, y.astype(complex), "pchip").evaluate(at), PchipInterpolator(x, y)
            np.testing.assert_allclose(ours[0].real, theirs(at), atol=1e-12)
            np.testing.assert_allclose(ours[1].real, theirs.derivative()(at), atol=1e-11)


def test_linear_table_passes_through_its_points_with_the_mean_slope_there() -> None:
    """Where a derivative jumps neither side is right: at a point of the table it is the mean, at an end the one there is."""
    table = Table(np.array([500.0, 600.0, 800.0]), np.array([2.0, 1.8 + 0.2j, 1.4 + 0.2j]), "linear")
    index, slope = table.evaluate(np.array([500.0, 550.0, 600.0, 700.0, 800.0]))
    np.testing.assert_allclose(index, [2.0, 1.9 + 0.1j, 1.8 + 0.2j, 1.6 + 0.2j, 1.4 + 0.2j], atol=ROUNDING)
    right = -0.2 / 100 + 0.2j / 100
    np.testing.assert_allclose(slope, [right, right, (right - 0.002) / 2, -0.002, -0.002], atol=ROUNDING)


def test_a_point_is_met_whatever_the_rounding_of_its_wavelength() -> None:
    """0.63 um in a page is 630.0000000000001 nm or the like; a step of 1e-13 must not choose a side."""
    at = np.array([600.0, np.nextafter(600.0, 0), np.nextafter(600.0, 700)])
    slope = Table(np.array([500.0, 600.0, 800.0]), np.array([2.0, 1.8, 1.0]) + 0j).evaluate(at)[1]
    np.testing.assert_allclose(slope, -0.003, atol=ROUNDING)


def test_table_of_one_point_is_a_constant() -> None:
    index, slope = Table(np.array([589.3]), np.array([1.5 + 0j])).evaluate(np.array([589.3]))
    assert (index[0], slope[0]) == (1.5, 0)


@given(st.lists(st.floats(0, 5), min_size=3, max_size=12))
def test_pchip_never_leaves_the_range_of_its_neighbours(values: list[float]) -> None:
    """Monotone between points: an extinction that is >= 0 at all points is >= 0 between them. Tolerance: rounding."""
    x = np.linspace(400.0, 500.0, len(values))
    at = np.linspace(x[0], x[-1], 40 * len(values))
    k = Table(x, 1 + 1j * np.array(values), "pchip").evaluate(at)[0].imag
    left = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    y = np.array(values)
    assert np.all(k >= np.minimum(y[left], y[left + 1]) - 1e-12)
    assert np.all(k <= np.maximum(y[left], y[left + 1]) + 1e-12)
