"""Heat in layers: closed forms of Carslaw and Jaeger, a finite-volume second method, energy, spreading."""

from __future__ import annotations

from math import inf, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import ArgumentError
from qdphotonics.thermal import Footprint, ThermalLayer, spreading_resistance_K_per_W
from qdphotonics.thermal.layers import impedance_m2K_per_W
from qdphotonics.thermal.transient import exponentials, step_response_K_per_W, talbot

GLASS = ThermalLayer("glass", inf, 1.1, 2.15)
FILMS = (ThermalLayer("ITO", 250.0, 4.5, 2.6), ThermalLayer("QD", 50.0, 0.2, 1.6))
ABOVE = (ThermalLayer("HTL", 100.0, 0.24, 1.7), ThermalLayer("Ag", 100.0, 429.0, 2.46))
TIMES_NS = np.geomspace(1.0, 1e9, 19)
TALBOT = 1e-7  # of the inversion with 14 points: 0.6 digits each


def straight(below: tuple[ThermalLayer, ...], above: tuple[ThermalLayer, ...], time_ns: Any, sink: float = inf) -> Any:
    """Step response per area [m^2 K/W] in one dimension, k = 0."""
    return step_response_K_per_W(lambda p: impedance_m2K_per_W(below, above, 0.0, p, sink), np.asarray(time_ns))


def test_half_space_under_constant_flux() -> None:
    """Carslaw and Jaeger section 2.9: dT = 2 q sqrt(t/(pi kappa rho c)). Tolerance: Talbot's."""
    expected = 2 * np.sqrt(TIMES_NS * 1e-9 / (pi * 1.1 * 2.15e6))
    np.testing.assert_allclose(straight((GLASS,), (), TIMES_NS), expected, rtol=TALBOT)


def test_slab_under_constant_flux() -> None:
    """A slab on an ideal sink (Carslaw and Jaeger section 3.8): dT/q = d/kappa (1 - 8/pi^2 sum exp(-(2n+1)^2 pi^2 D t/4d^2)/(2n+1)^2);
    in the end d/kappa. Tolerance: Talbot's, and 1e-6 for a series cut at 2,000 terms."""
    slab = ThermalLayer("slab", 2000.0, 1.1, 2.15)
    odd = 2 * np.arange(2000) + 1
    decay = np.exp(-(odd**2) * pi**2 / 4 * slab.diffusivity_m2_per_s * (TIMES_NS[:, None] * 1e-9) / (2e-6) ** 2)
    series = slab.resistance_m2K_per_W * (1 - 8 / pi**2 * (decay / odd**2).sum(axis=1))
    late = TIMES_NS > 30  # before, the series converges slowly and the slab is a half-space
    np.testing.assert_allclose(straight((slab,), (), TIMES_NS[late]), series[late], rtol=1e-6)
    assert straight((slab,), (), [1e6])[0] == pytest.approx(slab.resistance_m2K_per_W, rel=TALBOT, abs=0)


def test_layers_in_series() -> None:
    """Steady: the resistances of the layers below the source add, d/kappa each, and the sink's 1/h; layers above carry nothing."""
    slab = ThermalLayer("slab", 2000.0, 1.1, 2.15)
    below = (slab, *FILMS)
    expected = sum(layer.resistance_m2K_per_W for layer in below) + 1 / 3000.0
    steady = impedance_m2K_per_W(below, ABOVE, 0.0, 0.0, 3000.0)
    assert steady.real[0] == pytest.approx(expected, rel=1e-12, abs=0)
    assert abs(steady.imag[0]) < 1e-20


@pytest.mark.parametrize("product", [3e-7, 9e-5, 1.1e-4, 5e-3, 1.0])
def test_thin_layers_keep_their_digits(product: float) -> None:
    """One layer on an ideal sink: Z = tanh(k d)/(kappa k), on both sides of where the series takes over. Tolerance 1e-12: below it
    x^4 is 7e-17, above it exp(-2x) leaves 1e-16/1e-4."""
    slab = ThermalLayer("slab", 100.0, 1.1, 2.15)
    wavenumber = product / 100e-9
    computed = impedance_m2K_per_W((slab,), (), wavenumber, 0.0).real[0]
    assert computed == pytest.approx(np.tanh(product) / (1.1 * wavenumber), rel=2e-12, abs=0)


def test_energy_without_a_way_out() -> None:
    """A pile on a sink of 1e-9 W/m^2 K keeps all heat: after it has evened out, dT = q t/sum(C), with an offset of the order of the
    resistances: between 1 and 2 s it rises by q/sum(C). Tolerance: Talbot's, on a difference of two."""
    slab = ThermalLayer("slab", 2000.0, 1.1, 2.15)
    capacity = sum(layer.capacity_J_per_m2K for layer in (slab, *FILMS, *ABOVE))
    one, two = straight((slab, *FILMS), ABOVE, [1e9, 2e9], sink=1e-9)
    assert two - one == pytest.approx(1 / capacity, rel=1e-5, abs=0)


def test_energy_stored_early() -> None:
    """Before heat has left the films their capacity alone counts: a thick film of each side takes q in the ratio of the effusivities
    sqrt(kappa rho c), dT = 2 q sqrt(t/pi)/(e_below + e_above)."""
    thick = (ThermalLayer("a", 1e6, 0.2, 1.6), ThermalLayer("b", 1e6, 0.24, 1.7))
    effusivity = sqrt(0.2 * 1.6e6) + sqrt(0.24 * 1.7e6)
    expected = 2 * np.sqrt(TIMES_NS[:8] * 1e-9 / pi) / effusivity
    np.testing.assert_allclose(straight((GLASS, thick[0]), (thick[1],), TIMES_NS[:8]), expected, rtol=TALBOT)


def finite_volumes(below: tuple[ThermalLayer, ...], above: tuple[ThermalLayer, ...], cells: int, time_s: float) -> float:
    """dT/q at the source by ``cells`` equal cells a layer, exact in time (matrix exponential); the base is held at 0."""
    from scipy.linalg import eigh_tridiagonal

    pile = (*below, *above)
    width = np.repeat([layer.thickness_nm * 1e-9 / cells for layer in pile], cells)
    half = width / 2 / np.repeat([layer.conductivity_W_per_mK for layer in pile], cells)
    capacity = width * np.repeat([layer.heat_capacity_J_per_cm3K * 1e6 for layer in pile], cells)
    link = 1 / (half[1:] + half[:-1])
    diagonal = np.append(link, 0) + np.append(1 / half[0], link)
    root = np.sqrt(capacity)
    rate, vector = eigh_tridiagonal(diagonal / capacity, -link / (root[1:] * root[:-1]))
    # q enters the face between the piles: split over the cells on both sides, whose face temperature is read likewise
    left, right = len(below) * cells - 1, len(below) * cells
    share = half[[right, left]] / half[[left, right]].sum()
    drive = np.zeros(width.size)
    drive[[left, right]] = share / root[[left, right]]
    modes = vector.T @ drive
    face = half[left] * half[right] / (half[left] + half[right])
    return float(modes**2 @ (-np.expm1(-rate * time_s) / rate)) + float(face)


@pytest.mark.parametrize("time_ns", [100.0, 1000.0, 20000.0])
def test_finite_volumes_converge_to_the_quadrupole(time_ns: float) -> None:
    """Second method: finite volumes of five layers. The difference falls with the square of the cells (order 2 within 0.1)
    and is 2e-5 at 160 cells a layer."""
    below, above = (ThermalLayer("slab", 2000.0, 1.1, 2.15), *FILMS), ABOVE
    exact = float(straight(below, above, [time_ns])[0])
    errors = [abs(finite_volumes(below, above, cells, time_ns * 1e-9) / exact - 1) for cells in (20, 40, 160)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.1)
    assert errors[2] < 2e-5


def test_talbot_on_known_pairs() -> None:
    """1/(p+1) -> exp(-t); 1/sqrt(p) -> 1/sqrt(pi t); 1/p^2 -> t."""
    time = np.array([1e-6, 0.01, 1.0, 5.0])
    np.testing.assert_allclose(talbot(lambda p: 1 / (p + 1), time), np.exp(-time), rtol=1e-6)
    np.testing.assert_allclose(talbot(lambda p: p**-0.5, time), 1 / np.sqrt(pi * time), rtol=TALBOT)
    np.testing.assert_allclose(talbot(lambda p: p**-2.0, time), time, rtol=TALBOT)


@pytest.mark.parametrize("length_um", [50.0, 300.0, 5000.0])
def test_spreading_resistance_is_the_spectrums(length_um: float) -> None:
    """Closed form of the rectangle = sum of weights/(kappa k). Tolerance 2e-5: points of the integral cut at k = 1e-7/length.
    Weights sum to 1/area within 5e-6: cubic interpolation at 20 points a decade."""
    footprint = Footprint(50.0, length_um)
    wavenumber, weight = footprint.spectrum()
    assert (weight / (1.1 * wavenumber)).sum() == pytest.approx(spreading_resistance_K_per_W(footprint, 1.1), rel=2e-5, abs=0)
    assert weight.sum() * footprint.area_m2 == pytest.approx(1, abs=5e-6)


def test_spreading_resistance_limits() -> None:
    """Square: 0.4732/(kappa sqrt(A)) (handbooks). Exchange of sides changes nothing. A long strip: R L kappa -> (ln(2 L/W) + 1/2)/pi,
    from the line source (error of order W/L)."""
    square = spreading_resistance_K_per_W(Footprint(10.0, 10.0), 2.0)
    assert square * 2.0 * 10e-6 == pytest.approx(0.4732, abs=5e-5)
    one, other = (spreading_resistance_K_per_W(Footprint(*sides), 1.0) for sides in ((50.0, 300.0), (300.0, 50.0)))
    assert one == pytest.approx(other, rel=1e-12, abs=0)
    long = spreading_resistance_K_per_W(Footprint(1.0, 1e4), 1.0) * 1e-2
    assert long == pytest.approx((np.log(2e4) + 0.5) / pi, rel=1e-4, abs=0)


def test_rectangle_on_a_half_space_in_time() -> None:
    """Second method: Green's functions in time, dT/P = int f(W) f(L)/sqrt(pi D s) ds/(rho c A) with
    f(W) = erf x - (1 - exp(-x^2))/(x sqrt(pi)), x = W/sqrt(4 D s). From 1 ns (still one-dimensional) to 10 s (spread).
    Tolerance 2e-5: the spectrum's."""
    from scipy.integrate import quad
    from scipy.special import erf

    footprint = Footprint(50.0, 300.0)
    wavenumber, weight = footprint.spectrum()
    diffusivity = GLASS.diffusivity_m2_per_s

    def kept(side_m: float, s: float) -> float:
        x = side_m / np.sqrt(4 * diffusivity * s)
        return float(erf(x) - (1 - np.exp(-x * x)) / (x * np.sqrt(pi)))

    def rise(time_s: float) -> float:
        value, _ = quad(lambda v: 2 * kept(50e-6, v * v) * kept(300e-6, v * v), 0, sqrt(time_s), epsrel=1e-10, limit=500)
        return float(value) / sqrt(pi * diffusivity) / (2.15e6 * footprint.area_m2)

    times = np.array([1.0, 1e3, 1e5, 1e7, 1e10])
    computed = step_response_K_per_W(lambda p: impedance_m2K_per_W((GLASS,), (), wavenumber, p[..., None]) @ weight, times)
    np.testing.assert_allclose(computed, [rise(time * 1e-9) for time in times], rtol=2e-5)


def test_a_layer_cut_to_the_area_carries_nothing_along() -> None:
    """kappa_xy = 0: Z(k) of the layer is that of k = 0, whatever k; kappa_xy = kappa is the isotropic layer."""
    cut = ThermalLayer("Ag", 100.0, 429.0, 2.46, in_plane_conductivity_W_per_mK=0.0)
    same = ThermalLayer("Ag", 100.0, 429.0, 2.46, in_plane_conductivity_W_per_mK=429.0)
    k, p = np.array([0.0, 1e5, 1e7]), 1e6
    base = ThermalLayer("base", 1000.0, 1.1, 2.15, 0.0)
    flat = impedance_m2K_per_W((base,), (cut,), k, p)
    np.testing.assert_allclose(flat, flat[0], rtol=1e-12)
    plain = impedance_m2K_per_W((GLASS,), (ABOVE[1],), k, p)
    np.testing.assert_allclose(impedance_m2K_per_W((GLASS,), (same,), k, p), plain, rtol=1e-12)
    assert abs(plain[1]) < abs(impedance_m2K_per_W((GLASS,), (cut,), k, p)[1])


@settings(max_examples=15, deadline=None)
@given(
    conductivity=st.lists(st.floats(0.05, 400), min_size=4, max_size=4),
    thickness=st.lists(st.floats(5, 1000), min_size=4, max_size=4),
)
def test_exponentials_answer_as_the_layers(conductivity: list[float], thickness: list[float]) -> None:
    """The fit of any pile: R_i > 0, sum R_i = Z(0) to 1e-6, the step's answer to 2e-3 at times between those fitted."""
    layers = [ThermalLayer(str(i), d, kappa, 2.0) for i, (kappa, d) in enumerate(zip(conductivity, thickness, strict=True))]
    wavenumber, weight = Footprint(50.0, 300.0).spectrum()

    def impedance(p: Any) -> Any:
        return impedance_m2K_per_W((GLASS, *layers[:2]), layers[2:], wavenumber, np.asarray(p)[..., None]) @ weight

    resistance, time, error = exponentials(impedance)
    assert (resistance > 0).all()
    assert resistance.sum() == pytest.approx(float(impedance(np.zeros(1)).real[0]), rel=1e-6, abs=0)
    assert error < 2e-3
    between = np.geomspace(1.3, 1e12, 37)
    answer = -np.expm1(-between[:, None] / time) @ resistance
    np.testing.assert_allclose(answer, step_response_K_per_W(impedance, between), rtol=2e-3)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0.0, 1.0, 1.0), 'layer "QD": Argument `thickness_nm` must be > 0, but it is 0.0'),
        ((1.0, -1.0, 1.0), 'layer "QD": Argument `conductivity_W_per_mK` must be > 0 and finite, but it is -1.0'),
        ((1.0, 1.0, np.nan), 'layer "QD": Argument `heat_capacity_J_per_cm3K` must be > 0 and finite, but it is nan'),
        ((1.0, 1.0, 1.0, -2.0), 'layer "QD": Argument `in_plane_conductivity_W_per_mK` must be >= 0, but it is -2.0'),
    ],
)
def test_wrong_layers_are_named(values: tuple[float, ...], message: str) -> None:
    """Each refusal names the layer, the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        ThermalLayer("QD", *values)
    assert str(caught.value) == message
