"""R, T and A against closed forms and limits; shapes; refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import qdphotonics.planar.scattering_layer_kernel as layer_kernel
from qdphotonics.errors import ArgumentError
from qdphotonics.planar.scattering import Scattering, scatter
from qdphotonics.planar.scattering_kernel import scatter_blocks

# A few roundings of numbers of order 1.
ROUNDING = 4e-15
SILVER = 0.056 + 4.28j

angles = np.array([0.0, 20.0, 45.0, 70.0, 89.0, 89.999])


def fresnel(n: complex, m: complex, angle_deg: NDArray[np.float64]) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Fresnel's r_s and r_p from n into m (Born and Wolf, section 1.5.2)."""
    cos = np.cos(np.deg2rad(angle_deg))
    cos_m = np.sqrt(1 - (n * np.sin(np.deg2rad(angle_deg)) / m) ** 2 + 0j)
    return (n * cos - m * cos_m) / (n * cos + m * cos_m), (m * cos - n * cos_m) / (m * cos + n * cos_m)


@pytest.mark.parametrize("m", [1.5, 2.4, 3.5 + 0.2j, SILVER, 1.0])
def test_one_interface_is_fresnels(m: complex) -> None:
    """R = |r|^2 from n = 1.2, no layers, exit dielectric or absorbing; T = 1 - R. Rounding; 1e-12 at 89.999 degrees."""
    found = scatter([1.2, m], [], 500, angles, "both")
    for k, r in enumerate(fresnel(1.2, m, angles)):
        np.testing.assert_allclose(found.reflectance[k], abs(r) ** 2, rtol=0, atol=1e-12)
        np.testing.assert_allclose(found.reflectance[k] + found.transmittance[k], 1, rtol=0, atol=ROUNDING)
    assert found.absorptance.shape == (2, len(angles), 0)


def test_brewster() -> None:
    """TM is not reflected at atan(n2/n1): R < 1e-30; TE is, by ((n1^2 - n2^2)/(n1^2 + n2^2))^2."""
    found = scatter([1.0, 1.5], [], 500, np.rad2deg(np.arctan(1.5)), "both")
    assert found.reflectance[1] < 1e-30
    assert found.reflectance[0] == pytest.approx((1.25 / 3.25) ** 2, rel=1e-14)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_total_reflection(polarization: Any) -> None:
    """Beyond the critical angle of glass to air: R = 1 to rounding, T = 0 exactly."""
    found = scatter([1.5, 1.9, 1.0], [150], 500, [42.0, 60.0, 89.0], polarization)
    np.testing.assert_allclose(found.reflectance, 1, rtol=0, atol=ROUNDING)
    assert (found.transmittance == 0).all()


def test_frustrated_total_reflection() -> None:
    """TE through an air gap d between glass, beyond the critical angle, T down to 1e-109, to 1e-12 of itself.

    1/T = 1 + ((k1^2 + kappa^2)/(2 k1 kappa))^2 sinh^2(kappa d), k1 = k0 n cos, kappa^2 = k0^2 (n^2 sin^2 - 1).
    The tolerance: kappa d = 124 is rounded by 1e-14, which the exponential turns into a relative error.
    """
    gap = np.array([1.0, 30.0, 300.0, 3000.0, 18000.0])[:, np.newaxis]
    found = scatter([1.5, 1.0, 1.5], gap, 600, 50, "TE")
    k0, sin = 2 * np.pi / 600, np.sin(np.deg2rad(50))
    k1, kappa = k0 * 1.5 * np.cos(np.deg2rad(50)), k0 * np.sqrt((1.5 * sin) ** 2 - 1)
    expected = 1 / (1 + ((k1**2 + kappa**2) / (2 * k1 * kappa) * np.sinh(kappa * gap[:, 0])) ** 2)
    np.testing.assert_allclose(found.transmittance, expected, rtol=1e-12)


@pytest.mark.parametrize("extinction", [0.0, 1e-3, -1e-3])
def test_fabry_perot_is_airys(extinction: float) -> None:
    """A plate, passive, lossy or amplifying: r = r1 (1 - e^{2i phi})/(1 - r1^2 e^{2i phi}) (Airy), T likewise.

    Both polarizations, 0-70 degrees, 100 wavelengths; tolerance: rounding times the finesse of some tens.
    """
    n = 2.3 + 1j * extinction
    wavelength, angle = np.linspace(400, 800, 100)[:, np.newaxis], np.array([0.0, 30.0, 70.0])
    found = scatter([1.0, n, 1.0], [5000], wavelength, angle, "both")
    kz = 2 * np.pi / wavelength * np.sqrt(n**2 - np.sin(np.deg2rad(angle)) ** 2)
    turn = np.exp(2j * kz * 5000)
    for k, r in enumerate(fresnel(1.0, n, angle)):
        np.testing.assert_allclose(found.reflectance[k], abs(r * (1 - turn) / (1 - r**2 * turn)) ** 2, rtol=0, atol=1e-12)
        np.testing.assert_allclose(found.transmittance[k], abs((1 - r**2) / (1 - r**2 * turn)) ** 2 * abs(turn), rtol=0, atol=1e-12)
    assert np.sign(found.absorptance).min() == np.sign(found.absorptance).max() == np.sign(extinction)


@pytest.mark.parametrize("pairs", [1, 5, 20, 500])
def test_quarter_wave_mirror(pairs: int) -> None:
    """N pairs of quarter waves, normal incidence: T = 4 n0 ns / (n0 (nL/nH)^N + ns (nH/nL)^N)^2 (Macleod, Thin-Film Optical Filters).

    500 pairs of 2.3 and 1.46 transmit 1e-196: to 1e-11 of itself (1,000 layers of rounding).
    """
    high, low = 2.3, 1.46
    index, thickness = [1.0, *[high, low] * pairs, 1.52], [550 / 4 / high, 550 / 4 / low] * pairs
    found = scatter(index, thickness, 550, 0, "both")
    admittance = (high / low) ** pairs
    expected = 4 * 1.52 / (1 / admittance + 1.52 * admittance) ** 2
    np.testing.assert_allclose(found.transmittance, expected, rtol=1e-11)
    np.testing.assert_allclose(found.reflectance, 1 - expected, rtol=ROUNDING)


def test_a_mirror_too_good_for_double_precision() -> None:
    """500 pairs of 4 and 1: T = 1e-602 is below the smallest double: T = 0, R = 1, no nan."""
    found = scatter([1.0, *[4.0, 1.0] * 500, 1.5], [550 / 16, 550 / 4] * 500, 550, 0, "both")
    np.testing.assert_allclose(found.reflectance, 1, rtol=0, atol=ROUNDING)
    assert (found.transmittance == 0).all()
    assert (found.absorptance == 0).all()


def test_20_um_of_silver() -> None:
    """Opaque: R is that of the bulk to rounding, T below the smallest double, A = 1 - R in the silver, nothing behind it."""
    found = scatter([1.5, SILVER, 1.8 + 0.1j, 1.0], [20_000, 100], 640, angles, "both")
    for k, r in enumerate(fresnel(1.5, SILVER, angles)):
        np.testing.assert_allclose(found.reflectance[k], abs(r) ** 2, rtol=0, atol=1e-12)
    assert (abs(found.transmittance) < 1e-300).all()
    np.testing.assert_allclose(found.absorptance[..., 0], 1 - found.reflectance, rtol=0, atol=1e-14)
    assert (abs(found.absorptance[..., 1]) < 1e-300).all()


def test_transmission_of_thick_silver_keeps_its_digits() -> None:
    """Bulk of 3 um, one pass: T = |t12 t23|^2 e^{-2 Im k d} = 1e-109 (double passes count 1e-109 less); to 1e-12 of itself."""
    k0 = 2 * np.pi / 640
    found = scatter([1.5, SILVER, 1.0], [3000], 640, 0, "TE")
    t = 4 * 1.5 * SILVER / (1.5 + SILVER) / (SILVER + 1)
    expected = abs(t) ** 2 * np.exp(-2 * k0 * SILVER.imag * 3000) / 1.5
    assert float(found.transmittance) == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_wave_along_the_layer(polarization: Any) -> None:
    """A layer in which k_z = 0 exactly: U' = U - i q D V, V' = V (its limit), so R and T are rational numbers.

    n = 2 at 30 degrees, layer n = 1, exit n = 2; D = k0 d = 1. cos is rounded, hence the tolerance.
    """
    found = scatter([2.0, 1.0, 2.0], [600 / (2 * np.pi)], 600, 30, polarization)
    eta = np.sqrt(3) if polarization == "TE" else np.sqrt(3) / 4
    a, b = eta * (1 - 1j * eta) + eta, eta * (1 - 1j * eta) - eta
    assert float(found.reflectance) == pytest.approx(abs(b / a) ** 2, rel=1e-14)
    assert float(found.transmittance) == pytest.approx(abs(2 * eta / a) ** 2, rel=1e-14)


def test_kappa_squared_of_exactly_zero() -> None:
    """The table of such a layer: eta = 0 and G = i D for TE (the limit of (e^{2 i kappa D} - 1)/(2 kappa)), nothing nan."""
    table = np.zeros((1, layer_kernel.LAYER_ROWS * layer_kernel.CHUNK))
    table[0, layer_kernel.D : layer_kernel.D + layer_kernel.CHUNK] = 0.7
    layer_kernel.propagate(table, 0)
    layer_kernel.integrate(table, 0)
    assert np.isfinite(table).all()
    row = {name: table[0, getattr(layer_kernel, name)] for name in ("ETA", "G", "G_IM", "COS_COS", "SIN_SIN", "COS_SIN")}
    expected = {"ETA": 0, "G": 0, "G_IM": 0.7, "COS_COS": 0.7, "SIN_SIN": 0.7**3 / 3, "COS_SIN": 0.7**2 / 2}
    assert row == pytest.approx(expected, rel=ROUNDING, abs=1e-15)


@pytest.mark.parametrize("thickness_nm", [3e4, 3e7])
def test_gain_without_end(thickness_nm: float) -> None:
    """A pass that amplifies by e^590 or e^590000: r = (r1 + r2 E)/(1 + r1 r2 E) -> 1/r1, the root's sign being immaterial.

    Normal incidence from n = 1.5 onto n = 2 - i; T (1/E) and the gain of the layer, 1 - R, follow.
    """
    n = 2 - 1j
    found = scatter([1.5, n, 1.0], [thickness_nm], 640, 0, "both")
    expected = abs((1.5 + n) / (1.5 - n)) ** 2
    np.testing.assert_allclose(found.reflectance, expected, rtol=1e-13)
    np.testing.assert_allclose(found.absorptance[:, 0], 1 - expected, rtol=1e-13)
    assert (found.transmittance < 1e-250).all()


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_minute_absorption_keeps_its_digits(polarization: Any) -> None:
    """A is linear in k: A(1e-14)/1e-14 = A(1e-9)/1e-9 to 1e-7 (the next order, k k0 d); a difference of fluxes has one digit."""
    k = np.array([1e-14, 1e-9])
    index = np.broadcast_to(np.array([1.5, 2.0, 1.7, 2.2, 1.0], complex), (2, 5)).copy()
    index[:, 2] += 1j * k
    per_k = scatter(index, [120, 80, 90], 600, 35, polarization).absorptance / k[:, np.newaxis]
    assert per_k[0, 1] == pytest.approx(per_k[1, 1], rel=1e-7)
    assert per_k[0, 1] > 0.1
    assert (per_k[:, [0, 2]] == 0).all()


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_absorption_of_a_sheet(polarization: Any) -> None:
    """Graphene, 0.35 nm of n = 2.6 + 1.3i in air at normal incidence: A -> 2 k0 d n' n'' as d -> 0; error proportional to d."""
    thickness = np.array([[0.35], [0.035], [0.0035]])
    found = scatter([1.0, 2.6 + 1.3j, 1.0], thickness, 550, 0, polarization)
    limit = 2 * np.pi / 550 * thickness * 2 * 2.6 * 1.3
    error = abs(found.absorptance / limit - 1)[:, 0]
    np.testing.assert_allclose(error[:-1] / error[1:], 10, rtol=0.05)


def test_no_layer_is_as_good_as_an_absent_one() -> None:
    """Layers of zero thickness, and layers like their neighbour half-space, change nothing; the empty ones absorb nothing."""
    plain = scatter([1.0, 2.0 + 0.1j, 1.5], [100], 500, angles, "both")
    more = scatter([1.0, 1.0, 3 + 1j, 2.0 + 0.1j, SILVER, 1.5, 1.5], [70, 0, 100, 0, 300], 500, angles, "both")
    np.testing.assert_allclose(more.reflectance, plain.reflectance, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(more.transmittance, plain.transmittance, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(more.absorptance[..., 2], plain.absorptance[..., 0], rtol=0, atol=ROUNDING)
    assert (more.absorptance[..., [0, 1, 3, 4]] == 0).all()


def test_uniaxial_interface() -> None:
    """n = 1.5 into n_o = 1.7, n_e = 1.9: TE as isotropic n_o; TM r = (n_o n_e cos - n s)/(n_o n_e cos + n s), s^2 = n_e^2 - n^2 sin^2.

    (Lekner, J. Phys. Condens. Matter 3, 6121 (1991), eq. for the axis along the normal.)
    """
    found = scatter([1.5, 1.7], [], 500, angles, "both", index_extraordinary=[1.5, 1.9])
    np.testing.assert_array_equal(found.reflectance[0], scatter([1.5, 1.7], [], 500, angles, "TE").reflectance)
    cos, sin = np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))
    root = np.sqrt(1.9**2 - (1.5 * sin) ** 2)
    r = (1.7 * 1.9 * cos - 1.5 * root) / (1.7 * 1.9 * cos + 1.5 * root)
    np.testing.assert_allclose(found.reflectance[1], r**2, rtol=0, atol=1e-12)


def test_light_from_a_uniaxial_half_space() -> None:
    """The same uniaxial medium everywhere reflects nothing, at any angle; a lossless film in it conserves energy.

    Rounding of n_e^2 - n_eff^2, 3e-10 at 89.999 degrees, to 1e-16 leaves R < (1e-7)^2.
    """
    same = scatter([1.7, 1.7, 1.7], [300], 500, angles, "both", index_extraordinary=[1.9, 1.9, 1.9])
    assert same.reflectance.max() < 1e-14
    np.testing.assert_allclose(same.transmittance, 1, rtol=0, atol=1e-12)
    film = scatter([1.7, 2.1, 1.7], [300], 500, angles, "both", index_extraordinary=[1.9, 2.0, 1.9])
    np.testing.assert_allclose(film.reflectance + film.transmittance, 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_fine_lamellae_become_a_uniaxial_film(polarization: Any) -> None:
    """N symmetric cells a/b/a of 300 nm in all -> eps_o = <eps>, 1/eps_e = <1/eps> (Rytov 1956), R and A with error ~ 1/N^2.

    a = 1.4, b = 2.2 + 0.1i in equal parts. The observed rate between N = 32 and 64 must be 4 within 3 %.
    """
    eps = np.array([1.4, 2.2 + 0.1j]) ** 2
    n_o, n_e = np.sqrt(eps.mean()), 1 / np.sqrt((1 / eps).mean())
    film = scatter([1.0, n_o, 1.5], [300], 600, 60, polarization, index_extraordinary=[1.0, n_e, 1.5])
    errors = []
    for cells in (32, 64):
        thickness = [300 / cells / 4, 300 / cells / 2, 300 / cells / 4] * cells
        lamellae = scatter([1.0, *[1.4, 2.2 + 0.1j, 1.4] * cells, 1.5], thickness, 600, 60, polarization)
        difference = lamellae.absorptance.sum() - film.absorptance.sum()
        errors.append([float(lamellae.reflectance - film.reflectance), float(difference)])
    np.testing.assert_allclose(np.divide(errors[0], errors[1]), 4, rtol=0.03)


def random_batch() -> dict[str, Any]:
    """Everything varies, in shapes that broadcast to [3, 70, 2] (70: more than one block of the kernel, not a whole number)."""
    rng = np.random.default_rng(1)
    index = rng.uniform(1, 3, (70, 1, 5)) + 0.1j * rng.random((70, 1, 5))
    index[..., 0] = 1.4
    return {
        "index": index,
        "index_extraordinary": index * np.array([1.07, 1.1, 1, 0.95, 1.05]),
        "thickness_nm": rng.uniform(10, 300, (3, 1, 1, 3)),
        "wavelength_nm": rng.uniform(400, 800, (70, 2)),
        "angle_deg": rng.uniform(0, 89, (3, 1, 2)),
    }


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (0, 2, 1)])
def test_batches_equal_single_points(order: tuple[int, int, int]) -> None:
    """Each point of a batch that broadcasts, its axes in any order, is bit for bit what it is alone."""
    batch = random_batch()
    shape = (3, 70, 2)
    items = {"index": (5,), "index_extraordinary": (5,), "thickness_nm": (3,), "wavelength_nm": (), "angle_deg": ()}
    full: dict[str, Any] = {name: np.broadcast_to(value, shape + items[name]) for name, value in batch.items()}
    turned: dict[str, Any] = {name: np.transpose(value, (*order, 3)[: value.ndim]) for name, value in full.items()}
    found, compact = scatter(polarization="both", **turned), scatter(polarization="both", **batch)
    assert found.reflectance.shape == (2, *(shape[axis] for axis in order))
    assert found.absorptance.shape == (*found.reflectance.shape, 3)
    for name in ("reflectance", "transmittance", "absorptance"):
        back = np.transpose(getattr(compact, name), (0, *(axis + 1 for axis in order), 4)[: getattr(found, name).ndim])
        np.testing.assert_array_equal(getattr(found, name), back)
    for point in [(0, 0, 0), (2, 69, 1), (1, 63, 0), (1, 64, 1)]:
        alone = scatter(polarization="both", **{name: value[point] for name, value in full.items()})
        assert alone.reflectance.shape == (2,)
        np.testing.assert_array_equal(alone.reflectance, compact.reflectance[(slice(None), *point)])
        np.testing.assert_array_equal(alone.absorptance, compact.absorptance[(slice(None), *point)])


def test_both_is_te_and_tm() -> None:
    """Sharing the waves between polarizations changes no bit."""
    batch = random_batch()
    for extraordinary in (batch["index_extraordinary"], None):
        batch["index_extraordinary"] = extraordinary
        both = scatter(polarization="both", **batch)
        for k, one in enumerate((scatter(polarization="TE", **batch), scatter(polarization="TM", **batch))):
            np.testing.assert_array_equal(one.reflectance, both.reflectance[k])
            np.testing.assert_array_equal(one.transmittance, both.transmittance[k])
            np.testing.assert_array_equal(one.absorptance, both.absorptance[k])


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_change_nothing(threads: int) -> None:
    batch = random_batch()
    one, many = scatter(polarization="both", **batch), scatter(polarization="both", threads=threads, **batch)
    np.testing.assert_array_equal(one.reflectance, many.reflectance)
    np.testing.assert_array_equal(one.absorptance, many.absorptance)


def test_repeated_layers_are_recognised_only_where_equal_everywhere() -> None:
    """Layers 1 and 3 agree at the first wavelength and differ at the last, in index, n_e or thickness: as point by point."""
    index = np.tile(np.array([1.5, 2.0, 1.4, 2.0, 1.0], complex), (100, 1))
    stack = {"index": index, "index_extraordinary": index, "thickness_nm": np.tile(np.array([80.0, 90.0, 80.0]), (100, 1))}
    for name, layer in (("index", 3), ("index_extraordinary", 3), ("thickness_nm", 2)):
        changed: dict[str, Any] = {key: value.copy() for key, value in stack.items()}
        changed[name][-1, layer] *= 1.1
        found = scatter(wavelength_nm=550, angle_deg=40, polarization="TM", **changed)
        for point in (0, 99):
            one: dict[str, Any] = {key: value[point] for key, value in changed.items()}
            alone = scatter(wavelength_nm=550, angle_deg=40, polarization="TM", **one)
            assert found.reflectance[point] == alone.reflectance
        assert found.reflectance[0] != found.reflectance[99]


def test_absorptance_can_be_left_out() -> None:
    batch = random_batch()
    full, less = scatter(polarization="TM", **batch), scatter(polarization="TM", absorptance=False, **batch)
    np.testing.assert_array_equal(full.reflectance, less.reflectance)
    np.testing.assert_array_equal(full.transmittance, less.transmittance)
    assert less.absorptance.shape == (*full.reflectance.shape, 0)


def test_empty_batch() -> None:
    found = scatter([1.0, 2.0, 1.5], [100], np.empty((0, 3)), 30, "both")
    assert found.reflectance.shape == (2, 0, 3)
    assert found.absorptance.shape == (2, 0, 3, 1)


def test_arguments_are_left_alone_and_results_carry_them() -> None:
    batch = random_batch()
    copies = {name: value.copy() for name, value in batch.items()}
    found = scatter(polarization="TE", **batch)
    assert isinstance(found, Scattering)
    for name, value in batch.items():
        np.testing.assert_array_equal(value, copies[name])
    np.testing.assert_array_equal(found.wavelength_nm, batch["wavelength_nm"])
    np.testing.assert_array_equal(found.angle_deg, batch["angle_deg"])
    assert found.polarization == "TE"


def test_one_compiled_kernel_serves_every_call() -> None:
    """Layouts, types and shapes of the arguments must not compile the kernel again: that takes seconds."""
    batch = random_batch()
    scatter(polarization="both", **batch)
    scatter([1, 2, 1], [100], 500, 0, "TE")
    scatter([1, 2], [], np.arange(1, 200, dtype=np.float32)[::2], 0, "TM", absorptance=False)
    scatter(np.asfortranarray(batch["index"][:, 0]), [1, 2, 3], 500, 0, "TE", index_extraordinary=[1.4, 1, 2, 3, 1])
    assert len(scatter_blocks.signatures) == 1  # type: ignore[attr-defined]


good: dict[str, Any] = {"index": [1.0, 2.0, 1.5], "thickness_nm": [100], "wavelength_nm": 500, "angle_deg": 10, "polarization": "TE"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"polarization": "s"}, r"`polarization` must be one of 'TE', 'TM', 'both', but it is 's'"),
        ({"angle_deg": 90}, r"`angle_deg` must be at least 0 and less than 90, but it is 90.0"),
        ({"angle_deg": [10, -1]}, r"`angle_deg` must .*, but it is -1.0 at \[1\]"),
        ({"angle_deg": np.nan}, r"`angle_deg` must be finite, but it is nan"),
        ({"angle_deg": 1j}, r"`angle_deg` must be real, but it is complex"),
        ({"angle_deg": "10"}, r"`angle_deg` must be real numbers, but it holds str"),
        ({"wavelength_nm": 0}, r"`wavelength_nm` must be positive, but it is 0.0"),
        ({"thickness_nm": [-1]}, r"`thickness_nm` must be at least 0, but it is -1.0 at \[0\]"),
        ({"thickness_nm": [1, 2]}, r"`thickness_nm` must have a last axis of 1 layers, two fewer than `index`, but its shape is \(2,\)"),
        ({"thickness_nm": [np.inf]}, r"`thickness_nm` must be finite"),
        ({"index": [1.0]}, r"`index` must have a last axis of entrance"),
        ({"index": [1.0, -2.0, 1.5]}, r"`index` must have a real part of at least 0 and not be 0, but it is \(-2\+0j\) at \[1\]"),
        ({"index": [1.0, 0.0, 1.5]}, r"`index` must .* not be 0, but it is 0j at \[1\]"),
        ({"index": [1.5 + 0.1j, 2.0, 1.5]}, r"`index` must be real in the entrance half-space .*, but it is \(1.5\+0.1j\)"),
        ({"index": [[1.0, 2.0, 1.5], [1.0, 2.0]]}, r"`index` must be numbers, but it does not form an array"),
        ({"index_extraordinary": [1.0, 2.0]}, r"`index_extraordinary` must have 3 entries, as `index` has, but it has 2"),
        ({"index_extraordinary": [1.0 + 1j, 2.0, 1.0]}, r"`index_extraordinary` must be real in the entrance"),
        ({"wavelength_nm": [500, 600], "angle_deg": [1, 2, 3]}, r"`index` must broadcast with .* wavelength_nm \(2,\), angle_deg \(3,\)"),
        ({"threads": 0}, r"`threads` must be a whole number of at least 1, but it is 0"),
    ],
)
def test_refusals_name_argument_rule_and_value(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match="Argument " + message):
        scatter(**(good | changes))
