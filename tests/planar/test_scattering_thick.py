"""Thick incoherent layers against closed forms, limits and the mean of coherent results over the phase; batches; refusals."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.planar.scattering import Polarizations, Scattering, scatter

# A few roundings of numbers of order 1, through a recursion.
ROUNDING = 2e-14
# Of the balance: rounding raised by the resonances of the coherent parts.
CONSERVATION = 1e-12

MILLIMETRE = 1e6
SILVER = 0.056 + 4.28j
polarizations: tuple[Polarizations, Polarizations] = ("TE", "TM")
angles = np.array([0.0, 20.0, 45.0, 70.0, 85.0])


def fresnel(n_1: complex, n_2: complex, n_eff: NDArray[np.float64], tm: bool) -> NDArray[np.complex128]:
    """r from medium 1 into medium 2, of E_y or H_y (Born and Wolf, section 1.5.2)."""
    kz_1, kz_2 = (np.sqrt(complex(n) ** 2 - n_eff**2 + 0j) for n in (n_1, n_2))
    a, b = (kz_1 / n_1**2, kz_2 / n_2**2) if tm else (kz_1, kz_2)
    return np.asarray((a - b) / (a + b))


def slab(n_1: complex, n: complex, n_2: complex, passed: Any, n_eff: NDArray[np.float64], tm: bool) -> tuple[Any, Any]:
    """R and T of a slab with P = ``passed``, r complex: R = |r_1|^2 + |(1 - r_1^2) r_2|^2 P^2 S,
    T = |(1 + r_1)(1 + r_2)|^2 P S eta_2/eta_1,
    S = 1/(1 - |r_1 r_2|^2 P^2), the sum over all round trips.
    """
    r_1, r_2 = fresnel(n_1, n, n_eff, tm), fresnel(n, n_2, n_eff, tm)
    eta_1, eta_2 = (np.sqrt(m**2 - n_eff**2 + 0j).real / (m**2 if tm else 1) for m in (n_1, n_2))
    rounds = 1 / (1 - np.abs(r_1 * r_2 * passed) ** 2)
    reflected = np.abs(r_1) ** 2 + np.abs((1 - r_1**2) * r_2 * passed) ** 2 * rounds
    return reflected, np.abs((1 + r_1) * (1 + r_2)) ** 2 * passed * rounds * eta_2 / eta_1


def assert_balanced(found: Scattering, tolerance: float = CONSERVATION) -> None:
    """R + T + sum(A) = 1."""
    total = found.reflectance + found.transmittance + found.absorptance.sum(axis=-1)
    np.testing.assert_allclose(total, 1, rtol=0, atol=tolerance)


@pytest.mark.parametrize("extinction", [0.0, 1e-7, 3e-6])
def test_a_pane_of_glass(extinction: float) -> None:
    """1 mm of n = 1.52 in air: R = rho + rho (1 - rho)^2 tau^2/(1 - rho^2 tau^2), T = (1 - rho)^2 tau/(1 - rho^2 tau^2).

    tau = exp(-alpha d/cos(theta)), rho Fresnel's of n' (Im r adds k^2 = 1e-11). TE and TM, 0-85 degrees.
    """
    found = scatter([1.0, 1.52 + 1j * extinction, 1.0], [MILLIMETRE], 600, angles, "both", coherent=[False])
    n_eff = np.sin(np.deg2rad(angles))
    tau = np.exp(-4 * np.pi / 600 * extinction * MILLIMETRE / np.sqrt(1 - (n_eff / 1.52) ** 2))
    for k in range(2):
        rho = np.abs(fresnel(1.0, 1.52, n_eff, k == 1)) ** 2
        rounds = 1 / (1 - rho**2 * tau**2)
        np.testing.assert_allclose(found.reflectance[k], rho + rho * (1 - rho) ** 2 * tau**2 * rounds, rtol=0, atol=1e-10)
        np.testing.assert_allclose(found.transmittance[k], (1 - rho) ** 2 * tau * rounds, rtol=0, atol=1e-10)
    assert_balanced(found)
    assert (found.absorptance > 0).all() == (extinction > 0)


def test_minute_absorption_keeps_its_digits() -> None:
    """A of a pane is linear in k: A(1e-16)/1e-16 = A(1e-12)/1e-12 to the next order, k k0 d = 1e-8."""
    index = np.array([[1.0, 1.52 + 1e-16j, 1.0], [1.0, 1.52 + 1e-12j, 1.0]])
    found = scatter(index, [MILLIMETRE], 600, 40, "both", coherent=[False]).absorptance[..., 0] / [1e-16, 1e-12]
    np.testing.assert_allclose(found[:, 0], found[:, 1], rtol=1e-7)
    assert found.min() > 1e4


@pytest.mark.parametrize("plates", [1, 2, 7])
def test_stokes_pile_of_plates(plates: int) -> None:
    """m plates, air between, nothing coherent: T = (1 - rho)/(1 + (2m - 1) rho) (Stokes, Proc. R. Soc. Lond. 11, 545 (1862))."""
    index = [1.0, *([1.5, 1.0] * plates)]
    found = scatter(index, [MILLIMETRE] * (2 * plates - 1), 600, angles, "both", coherent=[False] * (2 * plates - 1))
    for k in range(2):
        rho = np.abs(fresnel(1.0, 1.5, np.sin(np.deg2rad(angles)), k == 1)) ** 2
        np.testing.assert_allclose(found.transmittance[k], (1 - rho) / (1 + (2 * plates - 1) * rho), rtol=0, atol=ROUNDING)
    assert_balanced(found, ROUNDING)


@pytest.mark.parametrize("extinction", [0.0, 1e-3, 0.3])
@pytest.mark.parametrize("tm", [False, True])
def test_absorbing_slab_is_the_mean_over_its_phase(extinction: float, tm: bool) -> None:
    """Airy's R and T of 1.4 / n + ik / 1.7, d = 2 um, averaged over the phase phi that e^{2i phi} P holds, and A = 1 - R - T.

    1,024 phases: exact to (r1 r2)^1024. At k = 0.3 the interference at the faces, which a sum of fluxes would miss, counts
    1e-3 of A; it has the other sign in TM.
    """
    n, n_eff = 2.0 + 1j * extinction, 1.4 * np.sin(np.deg2rad(angles))
    found = scatter([1.4, n, 1.7], [2000], 600, angles, "TM" if tm else "TE", coherent=[False])
    single_pass = np.exp(-2 * np.pi / 600 * 2000 * np.sqrt(n**2 - n_eff**2).imag)  # of the amplitude
    turn = single_pass * np.exp(2j * np.pi * np.arange(1024) / 1024)[:, np.newaxis] * single_pass
    r_1, r_2 = fresnel(1.4, n, n_eff, tm), fresnel(n, 1.7, n_eff, tm)
    kz_in, kz_out = (np.sqrt(m**2 - n_eff**2) / (m**2 if tm else 1) for m in (1.4, 1.7))
    reflected = np.mean(np.abs((r_1 + r_2 * turn) / (1 + r_1 * r_2 * turn)) ** 2, axis=0)
    passed = np.mean(np.abs((1 + r_1) * (1 + r_2) / (1 + r_1 * r_2 * turn)) ** 2, axis=0) * single_pass**2 * kz_out / kz_in
    np.testing.assert_allclose(found.reflectance, reflected, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(found.transmittance, passed, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(found.absorptance[:, 0], 1 - reflected - passed, rtol=0, atol=ROUNDING)


def coated(slab: complex) -> NDArray[np.complex128]:
    """Entrance, a lossy pair, the slab, a lossy pair with a semi-transparent metal, exit."""
    return np.array([1.3, 2.1 + 0.02j, 1.5, slab, 1.9 + 0.1j, 0.13 + 3.4j, 1.0])


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("angle", [0.0, 40.0, 60.0])
def test_coated_slab_is_the_mean_over_its_thickness(polarization: Polarizations, angle: float) -> None:
    """R, T and every A of a lossless slab between absorbing films = mean of the coherent ones over half a wave of thickness.

    512 thicknesses: exact to (r1 r2)^512 < 1e-13. 60 degrees: total reflection at the exit, behind the metal.
    """
    films = [80.0, 120.0, 5e4, 60.0, 20.0]
    period = 600 / 2 / np.sqrt(1.52**2 - (1.3 * np.sin(np.deg2rad(angle))) ** 2)
    thickness = np.tile(films, (512, 1))
    thickness[:, 2] += period * np.arange(512) / 512
    mean = scatter(coated(1.52), thickness, 600, angle, polarization)
    found = scatter(coated(1.52), films, 600, angle, polarization, coherent=[True, True, False, True, True])
    # k0 d = 500 in the phase of each sample costs 1e-13.
    np.testing.assert_allclose(found.reflectance, mean.reflectance.mean(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.transmittance, mean.transmittance.mean(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.absorptance, mean.absorptance.mean(axis=0), rtol=0, atol=1e-12)
    assert (found.absorptance[[0, 3, 4]] > 0.01).all()
    assert (found.absorptance[[1, 2]] == 0).all()


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_coated_glass_is_the_mean_over_a_narrow_line(polarization: Polarizations) -> None:
    """1 mm of faintly absorbing glass: mean of the coherent R, T and A over a line 1.9 nm wide at its foot (16 fringes).

    What a spectrometer sees. The films change by 1e-3 over the line, symmetrically, and little of a fringe is left: 1e-6.
    """
    films = [80.0, 120.0, MILLIMETRE, 60.0, 20.0]
    fringe = 1 / (2 * MILLIMETRE * np.sqrt(1.52**2 - (1.3 * np.sin(np.deg2rad(40))) ** 2))  # in 1/lambda
    position = (np.arange(1024) + 0.5) / 1024
    line = 2 * np.sin(np.pi * position) ** 2
    mean = scatter(coated(1.52 + 1e-5j), films, 1 / (1 / 600 + 16 * fringe * (position - 0.5)), 40, polarization)
    found = scatter(coated(1.52 + 1e-5j), films, 600, 40, polarization, coherent=[True, True, False, True, True])
    np.testing.assert_allclose(np.mean(line * mean.reflectance), found.reflectance, rtol=0, atol=1e-6)
    np.testing.assert_allclose(np.mean(line * mean.transmittance), found.transmittance, rtol=0, atol=1e-6)
    np.testing.assert_allclose(np.mean(line[:, np.newaxis] * mean.absorptance, axis=0), found.absorptance, rtol=0, atol=1e-6)
    assert 0.05 < found.absorptance[2] < 0.5


def test_a_thick_layer_may_be_cut_in_two() -> None:
    """Between two parts of one material nothing reflects: R, T as of the whole, its absorptance shared."""
    glass = 1.5 + 2e-6j
    index, extraordinary = [1.2, 2.0 + 0.1j, glass, glass, 1.0], [1.2, 2.0 + 0.1j, glass * 1.1, glass * 1.1, 1.0]
    one, one_extraordinary = [*index[:3], 1.0], [*extraordinary[:3], 1.0]
    whole = scatter(one, [90, 8e5], 600, angles, "both", index_extraordinary=one_extraordinary, coherent=[True, False])
    cut = scatter(index, [90, 3e5, 5e5], 600, angles, "both", index_extraordinary=extraordinary, coherent=[True, False, False])
    np.testing.assert_allclose(cut.reflectance, whole.reflectance, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(cut.transmittance, whole.transmittance, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(cut.absorptance[..., 0], whole.absorptance[..., 0], rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(cut.absorptance[..., 1:].sum(axis=-1), whole.absorptance[..., 1], rtol=0, atol=ROUNDING)


def test_uniaxial_pane() -> None:
    """n_o = 1.6 + 1e-6i, n_e = 1.8 + 2e-6i in air, TM: k_z = (n_o/n_e) sqrt(n_e^2 - n_eff^2), admittance k_z/n_o^2; TE as isotropic."""
    n_o, n_e, n_eff = 1.6 + 1e-6j, 1.8 + 2e-6j, np.sin(np.deg2rad(angles))
    found = scatter([1.0, n_o, 1.0], [MILLIMETRE], 600, angles, "both", index_extraordinary=[1.0, n_e, 1.0], coherent=[False])
    plain = scatter([1.0, n_o, 1.0], [MILLIMETRE], 600, angles, "TE", coherent=[False])
    np.testing.assert_array_equal(found.transmittance[0], plain.transmittance)
    kz = n_o / n_e * np.sqrt(n_e**2 - n_eff**2)
    cos, admittance = np.cos(np.deg2rad(angles)), kz / n_o**2
    rho, tau = np.abs((cos - admittance) / (cos + admittance)) ** 2, np.exp(-4 * np.pi / 600 * MILLIMETRE * kz.imag)
    np.testing.assert_allclose(found.transmittance[1], (1 - rho) ** 2 * tau / (1 - rho**2 * tau**2), rtol=0, atol=1e-10)
    assert_balanced(found)


@pytest.mark.parametrize(("extraordinary", "tolerance"), [(1.7, 1e-14), (1.9, 1e-10)])
def test_a_pane_of_the_entrance_itself(extraordinary: float, tolerance: float) -> None:
    """It is not there: R as of the interface behind it, at grazing incidence, too.

    Uniaxial: n_e^2 - n_eff^2 = 3e-10 is rounded by 1e-16 at 89.999 degrees in TM, and 1 - R = 1e-5 follows.
    """
    options: dict[str, Any] = {"wavelength_nm": 600, "angle_deg": np.append(angles, 89.999), "polarization": "both"}
    found = scatter([1.7, 1.7, 2.0], [MILLIMETRE], index_extraordinary=[extraordinary, extraordinary, 2.0], coherent=[False], **options)
    bare = scatter([1.7, 2.0], [], index_extraordinary=[extraordinary, 2.0], **options)
    np.testing.assert_allclose(found.reflectance, bare.reflectance, rtol=0, atol=tolerance)


@pytest.mark.parametrize("thickness_nm", [1e7, 1e12])
def test_opaque_slab(thickness_nm: float) -> None:
    """10 mm, or a kilometre, of k = 1e-2 (P = e^-2000 and 0): R and A of the coating as on a half-space, no light behind."""
    coating, thick = [1.2, 2.0 + 0.1j, 1.3], 1.6 + 0.01j
    found = scatter([*coating, thick, SILVER, 1.0], [90, 70, thickness_nm, 30], 600, angles, "both", coherent=[True, True, False, True])
    front = scatter([*coating, thick], [90, 70], 600, angles, "both")
    np.testing.assert_allclose(found.reflectance, front.reflectance, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(found.absorptance[..., :2], front.absorptance, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(found.absorptance[..., 2], front.transmittance, rtol=0, atol=ROUNDING)
    assert (found.absorptance[..., 3] < 1e-300).all()
    assert (found.transmittance < 1e-300).all()


def test_total_reflection_inside_a_slab() -> None:
    """60 degrees in 1.5, a slab of 1.8 + 1e-6i, air: R = rho + (1 - rho)^2 P^2/(1 - rho P^2), A = 1 - R, T = 0 exactly.

    So within lambda/d: light also absorbs where it turns round (Goos and Haenchen), as |r_2|^2 = 1 - O(k) has it.
    """
    found = scatter([1.5, 1.8 + 1e-6j, 1.0], [MILLIMETRE], 600, 60, "both", coherent=[False])
    n_eff = 1.5 * np.sin(np.deg2rad(60))
    twice = np.exp(-8 * np.pi / 600 * MILLIMETRE * 1e-6 / np.sqrt(1 - (n_eff / 1.8) ** 2))
    for k in range(2):
        rho = np.abs(fresnel(1.5, 1.8, np.array(n_eff), k == 1)) ** 2
        assert found.reflectance[k] == pytest.approx(rho + (1 - rho) ** 2 * twice / (1 - rho * twice), rel=1e-5)
        exact, _ = slab(1.5, 1.8 + 1e-6j, 1.0, np.sqrt(twice), np.array(n_eff), k == 1)
        assert found.reflectance[k] == pytest.approx(exact, rel=1e-10)  # to k^2 in P
    assert (found.transmittance == 0).all()
    assert_balanced(found)


def test_beyond_the_critical_angle_of_the_thick_layer() -> None:
    """No phase is lost where nothing oscillates: frustrated total reflection as in a coherent layer; no light through 1 mm."""
    inputs: dict[str, Any] = {"index": [1.9, 2.1 + 0.01j, 1.5, 1.9], "wavelength_nm": 600, "polarization": "both"}
    angle = np.array([52.2, 60.0, 80.0])  # critical: 52.14 degrees
    thin = scatter(thickness_nm=[100, 700], angle_deg=angle, coherent=[True, False], **inputs)
    coherent = scatter(thickness_nm=[100, 700], angle_deg=angle, **inputs)
    np.testing.assert_allclose(thin.transmittance, coherent.transmittance, rtol=ROUNDING)
    np.testing.assert_allclose(thin.absorptance, coherent.absorptance, rtol=ROUNDING)
    assert (thin.transmittance > 1e-7).all()
    thick = scatter(thickness_nm=[100, MILLIMETRE], angle_deg=angle, coherent=[True, False], **inputs)
    assert (thick.transmittance < 1e-100).all()
    assert_balanced(thick)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_through_the_critical_angle(polarization: Polarizations) -> None:
    """T of 1.9 / 1 mm of 1.5 / 1.9 falls to 0 as sqrt(critical - angle) and stays there, in one call; nothing is nan.

    T -> 2 eta/eta_0 with eta -> 0, the limit of (1 - rho)/(1 + rho) with rho = ((eta_0 - eta)/(eta_0 + eta))^2.
    """
    critical = np.rad2deg(np.arcsin(1.5 / 1.9))
    angle = critical + np.array([-1e-4, -1e-6, -1e-8, 0, 1e-8, 1e-4, 10])
    found = scatter([1.9, 1.5, 1.9], [MILLIMETRE], 600, angle, polarization, coherent=[False])
    assert_balanced(found)
    np.testing.assert_allclose(found.transmittance[:2] / found.transmittance[1:3], 10, rtol=1e-3)
    assert found.transmittance[2] < 1e-3
    assert (found.transmittance[5:] < 1e-9).all()


@pytest.mark.parametrize("slabs", [1, 3])
@pytest.mark.parametrize("gap_nm", [300.0, 3000.0, 20_000.0])
def test_light_caught_in_slabs_keeps_its_digits(gap_nm: float, slabs: int) -> None:
    """Through air gaps that pass t = 1e-3, 1e-31 or 1e-210 into clear slabs, behind them a film that absorbs l = 1e-7 a round trip.

    What a slab absorbs with all behind it: 1/l' = 1/t + 1/l - 1, and so on down to A = 1 - R, to 1e-11 of itself;
    1 - (1 - t)(1 - l) taken at its word would leave 9 digits of l.
    """
    film = 2.0 + 1e-8j
    index, thickness = [2.0, *[1.0, 2.0] * slabs, film, 1.0], [*[gap_nm, MILLIMETRE] * slabs, 100]
    found = scatter(index, thickness, 600, 50, "TE", coherent=[*[True, False] * slabs, True])
    t = scatter([2.0, 1.0, 2.0], [gap_nm], 600, 50, "TE").transmittance
    expected = scatter([2.0, film, 1.0], [100], 600, 50, "TE").absorptance[0]
    for _ in range(slabs):
        expected = 1 / (1 / t + 1 / expected - 1)
    assert found.absorptance[-1] == pytest.approx(expected, rel=1e-11, abs=0)
    assert found.reflectance == pytest.approx(1 - expected, rel=ROUNDING)
    assert found.transmittance == 0


def test_between_mirrors_too_good_for_double_precision() -> None:
    """500 pairs of 4 and 1 on both sides let T = 1e-602 < the smallest double into a pane and out: R = 1, the rest 0, no nan."""
    mirror, quarters = [4.0, 1.0] * 500, [550 / 16, 550 / 4] * 500
    flags = [True] * 1000 + [False] + [True] * 1000
    found = scatter([1.0, *mirror, 1.5, *mirror, 1.0], [*quarters, MILLIMETRE, *quarters], 550, 0, "both", coherent=flags)
    np.testing.assert_allclose(found.reflectance, 1, rtol=0, atol=ROUNDING)
    assert (found.transmittance == 0).all()
    assert (found.absorptance == 0).all()


def test_amplifying_pane() -> None:
    """A pane of gain 10 and 30 per cm: as a lossy one, with P = e and e^3; a negative absorptance."""
    k = -np.array([10.0, 30.0]) * 600e-7 / (4 * np.pi)
    for extinction, passed in zip(k, np.exp([1.0, 3.0]), strict=True):
        n = 1.5 + 1j * extinction
        found = scatter([1.0, n, 1.0], [MILLIMETRE], 600, 0, "TE", coherent=[False])
        reflected, transmitted = slab(1.0, n, 1.0, passed, np.array(0.0), False)
        assert found.reflectance == pytest.approx(reflected, rel=1e-12)
        assert found.transmittance == pytest.approx(transmitted, rel=1e-12)
        assert found.absorptance[0] < -1
        assert_balanced(found, 1e-11)


@pytest.mark.parametrize("gain_per_cm", [33.0, 1e4])
def test_pane_beyond_threshold_is_refused(gain_per_cm: float) -> None:
    """rho e^{gain d} > 1 (gain > 32.2 per cm for 1 mm of n = 1.5): no steady state; e^1000, too."""
    n = 1.5 - 1j * gain_per_cm * 600e-7 / (4 * np.pi)
    with pytest.raises(ArgumentError, match=r"`index` must amplify less in thick layer 1 than a round trip of light loses, but such light"):
        scatter([1.0, 1.4, n, 1.0], [0, MILLIMETRE], 600, 0, "TE", coherent=[True, False])


def batch() -> dict[str, Any]:
    """[3, 70, 2] points; two thick layers, which the wave travels in or not, point by point."""
    rng = np.random.default_rng(1)
    index = rng.uniform(1, 2.2, (70, 1, 6)) + 0.01j * rng.random((70, 1, 6))
    index[..., 0] = 1.7
    index[..., [2, 4]] = index[..., [2, 4]].real + 1e-7j
    return {
        "index": index,
        "index_extraordinary": index * np.array([1.07, 1.1, 1.02, 0.95, 1, 1.05]),
        "thickness_nm": rng.uniform(10, 300, (3, 1, 1, 4)) * [1, 1000, 1, 1000],
        "wavelength_nm": rng.uniform(400, 800, (70, 2)),
        "angle_deg": rng.uniform(0, 89, (3, 1, 2)),
        "coherent": [True, False, True, False],
    }


def test_batches_equal_single_points() -> None:
    """Each point of a batch, whatever its neighbours do, is what it is alone, to the rounding of NumPy's vectors."""
    arguments = batch()
    found = scatter(polarization="both", **arguments)
    assert found.absorptance.shape == (2, 3, 70, 2, 4)
    items = {"index": (6,), "index_extraordinary": (6,), "thickness_nm": (4,), "wavelength_nm": (), "angle_deg": ()}
    evanescent = arguments["index"].real[..., [2, 4]] < 1.7 * np.sin(np.deg2rad(arguments["angle_deg"]))[..., np.newaxis]
    assert len(np.unique(evanescent.reshape(-1, 2), axis=0)) == 4
    for point in [(0, 0, 0), (2, 69, 1), (1, 63, 0), (1, 64, 1), (0, 30, 1), (2, 10, 0)]:
        own: dict[str, Any] = {name: np.broadcast_to(arguments[name], (3, 70, 2, *item))[point] for name, item in items.items()}
        for k, which in enumerate(polarizations):
            alone = scatter(polarization=which, coherent=arguments["coherent"], **own)
            np.testing.assert_allclose(found.reflectance[(k, *point)], alone.reflectance, rtol=1e-12)
            np.testing.assert_allclose(found.transmittance[(k, *point)], alone.transmittance, rtol=1e-12)
            np.testing.assert_allclose(found.absorptance[(k, *point)], alone.absorptance, rtol=1e-12)


def test_options() -> None:
    """Threads change nothing; absorptance may be left out; a batch may be empty."""
    arguments = batch()
    found, threads = scatter(polarization="TM", **arguments), scatter(polarization="TM", threads=2, **arguments)
    np.testing.assert_array_equal(found.absorptance, threads.absorptance)
    less = scatter(polarization="TM", absorptance=False, **arguments)
    np.testing.assert_array_equal(found.reflectance, less.reflectance)
    assert less.absorptance.shape == (3, 70, 2, 0)
    nothing = scatter([1.0, 2.0, 1.5], [100], np.empty((0, 3)), 30, "both", coherent=[False])
    assert (nothing.reflectance.shape, nothing.absorptance.shape) == ((2, 0, 3), (2, 0, 3, 1))


def test_coherent_layers_only() -> None:
    """All flags true, or no layer at all: bit for bit as without the argument."""
    arguments = batch()
    plain = scatter(polarization="both", **{name: value for name, value in arguments.items() if name != "coherent"})
    flagged = scatter(polarization="both", **(arguments | {"coherent": np.ones(4, bool)}))
    np.testing.assert_array_equal(plain.absorptance, flagged.absorptance)
    np.testing.assert_array_equal(scatter([1, 2], [], 500, 0, "TE", coherent=[]).reflectance, scatter([1, 2], [], 500, 0, "TE").reflectance)


@pytest.mark.parametrize("flags", [[False, True], False, [0], ["no"]])
def test_flags_are_one_truth_a_layer(flags: Any) -> None:
    with pytest.raises(ArgumentError, match="Argument `coherent` must be true or false for each of the 1 layers, but it is"):
        scatter([1.0, 2.0, 1.5], [100], 500, 10, "TE", coherent=flags)


def test_the_room_opens_without_numba() -> None:
    """numba takes a quarter of a second to import: not before something is computed."""
    code = "import sys, qdphotonics.planar; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip() == "False"
