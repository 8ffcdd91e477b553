"""κ, ζ and band edges: textbook integrals, Poynting's theorem, the Bloch solver with the depth halved, D1, D4."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from qdphotonics import planar
from qdphotonics.errors import ArgumentError, ModeSearchError
from qdphotonics.gratings import GratingProfile, UnitCell, bloch_mode, distributed_feedback, grating_coupling, period_for
from qdphotonics.gratings.coupled_waves_coupling import GratingCoupling, coupling_at
from qdphotonics.stacks import load_stack
from qdphotonics.units import NM_PER_CM, photon_energy_eV
from tests.gratings.cells import d4, first_order, unlike

DEPTHS = (16.0, 8.0, 4.0)


def etched(depth_nm: float, duty: float, **changes: Any) -> UnitCell:
    """D4's cell with another depth (and period); the grating's top stays where it is."""
    return d4(profile=GratingProfile(changes.get("period_nm", 400.0), depth_nm, duty), **changes)


def heights(coupling: GratingCoupling) -> tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.float64]]]:
    """Gauss points and weights over the mean stack and so much of its half-spaces that the rest is below 1e-9 [nm]."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    below = [-60000.0, -20000.0, -7000.0, -2500.0, -800.0, 0.0]
    edges = np.concatenate([below, np.cumsum(coupling.mode.thickness_nm), [sum(coupling.mode.thickness_nm) + 1500.0]])
    z = [0.5 * (a + b) + 0.5 * (b - a) * nodes for a, b in pairwise(edges)]
    w = [0.5 * (b - a) * weights for a, b in pairwise(edges)]
    return np.concatenate(z), np.concatenate(w)


@pytest.mark.parametrize("duty", [0.3, 0.7])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_plain_coupling_of_te_is_the_overlap_integral(order: int, duty: float) -> None:
    """κ = k0/(2 n_eff)·(Δε sin(pπ·duty)/(pπ))·∫_grating E²/∫E², E sampled by the planar solver; quadrature to 1e-9."""
    cell = etched(30.0, duty, order=order, period_nm=200.0 * order)
    found = grating_coupling(cell)
    z, weight = heights(found)
    square = planar.mode_field(found.mode, z).E[1] ** 2 * weight
    share = square[(z > 220) & (z < 250)].sum() / square.sum()
    fourier = (1.6**2 - 1.9**2) * np.sin(order * np.pi * duty) / (order * np.pi)
    wanted = found.k0_per_nm / (2 * found.n_eff) * fourier * share * NM_PER_CM
    assert found.plain_coupling_per_cm == pytest.approx(complex(wanted), rel=1e-7)


def test_plain_coupling_of_tm_has_two_parts() -> None:
    """κ = k0/(2 n_eff)·∫(ε_p V² + n_eff² (1/ε)_p H²)/∫ H²⟨1/ε⟩, V = iE_x and H sampled by the planar solver."""
    found = grating_coupling(etched(30.0, 0.3), "TM")
    z, weight = heights(found)
    field = planar.mode_field(found.mode, z)
    inside = (z > 220) & (z < 250)
    step = np.sin(2 * np.pi * 0.3) / (2 * np.pi)
    V, H = 1j * field.E[0], field.H[1]
    mean = np.select([z < 0, z < 220, z < 250, z < 300], [1 / 1.52**2, 1 / 1.6**2, 0.3 / 1.6**2 + 0.7 / 1.9**2, 1 / 1.9**2], 1.0)
    over = np.sum((1.6**2 - 1.9**2) * step * (V**2 * weight)[inside])
    over += np.sum(found.n_eff**2 * (1.6**-2 - 1.9**-2) * step * (H**2 * weight)[inside])
    wanted = found.k0_per_nm / (2 * found.n_eff) * over / np.sum(H**2 * mean * weight) * NM_PER_CM
    assert found.plain_coupling_per_cm == pytest.approx(complex(wanted), rel=1e-6)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize(
    "profile",
    [
        GratingProfile(400.0, 30.0, 0.5),
        GratingProfile(400.0, 60.0, 0.3),
        GratingProfile(400.0, 40.0, 0.5, "sinusoid"),
        GratingProfile(400.0, 50.0, 0.4, "blazed"),
    ],
    ids=lambda profile: f"{profile.shape} {profile.duty}",
)
@pytest.mark.parametrize("over_layers", ["planarising", "conformal"])
def test_what_radiates_is_what_the_waves_lose(profile: GratingProfile, polarization: Any, over_layers: Any) -> None:
    """Poynting: flux of the partial waves far away = 2 Im of the shift's expectation, for R, S, and both edges of lossless stacks.

    One side comes from the amplitudes at the half-spaces, the other from overlap integrals within the grating; to rounding.
    """
    found = grating_coupling(d4(profile=profile, over_layers=over_layers), polarization)
    shifts = found.shifts_per_nm
    for S, R in ((1.0, 0.0), (0.0, 1.0), (0.6, 0.8j), (1.0, 1.0), (1.0, -1.0)):
        state = np.array([S, R])
        lost = 2 * (state.conj() @ shifts @ state).imag / (np.abs(state) ** 2).sum() * NM_PER_CM
        flux = found.radiated_per_cm(S, R).sum()
        assert flux == pytest.approx(lost, rel=1e-8, abs=1e-10 * np.abs(shifts).max() * NM_PER_CM)
    assert sum(edge.radiation_per_cm for edge in found.edges) > 0.1


def test_the_first_order_does_not_radiate() -> None:
    """All partial waves of a first-order grating are evanescent: κ and ζ real, both edges without loss."""
    found = grating_coupling(first_order())
    assert found.radiated_per_cm(0.3, 1.0).sum() == 0.0
    assert [edge.radiation_per_cm for edge in found.edges] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert {edge.symmetry for edge in found.edges} == {"even", "odd"}


def off(cell: UnitCell, polarization: Any, orders: int) -> tuple[float, float]:
    """Relative errors against the Bloch solver: of the splitting, and of the bright edge's radiation loss."""
    found = grating_coupling(cell, polarization)
    modes = [
        bloch_mode(cell, edge.wavelength_nm, polarization, edge.symmetry, near_q=edge.q, orders=orders)  # type: ignore[arg-type]
        for edge in found.edges
    ]
    assert [mode.symmetry for mode in modes] == [edge.symmetry for edge in found.edges]
    splitting = found.edges[1].wavelength_nm - found.edges[0].wavelength_nm
    bright = 0 if found.edges[0].symmetry == "bright" else 1
    return (
        splitting / (modes[1].wavelength_nm - modes[0].wavelength_nm) - 1,
        modes[bright].q / found.edges[bright].q - 1,
    )


@pytest.mark.parametrize(("polarization", "orders"), [("TE", 15), ("TM", 60)])
def test_bloch_modes_at_30_percent_as_the_depth_is_halved(polarization: str, orders: int) -> None:
    """Splitting/depth and radiation loss/depth² agree to O(depth) relative, with the grating layer's mean as baseline.

    Radiation: the error falls to 0.5–0.65 at each halving. Splitting: below 2.5e-5 per nm of TE, 6e-5 of TM (its second order is
    small), where the truncated Bloch solver still moves by 1e-5.
    """
    errors = np.array([off(etched(depth, 0.3), polarization, orders) for depth in DEPTHS])
    ratios = errors[1:, 1] / errors[:-1, 1]
    assert ((ratios > 0.45) & (ratios < 0.66)).all(), ratios
    assert (np.abs(errors[:, 1]) < 0.008 * np.array(DEPTHS)).all()
    most = 2.5e-5 if polarization == "TE" else 1e-4
    assert (np.abs(errors[:, 0]) < most * np.array(DEPTHS)).all(), errors[:, 0]


@pytest.mark.parametrize(("polarization", "orders", "within"), [("TE", 40, 2e-3), ("TM", 60, 0.02)])
def test_bloch_modes_at_50_percent_by_partial_waves_alone(polarization: str, orders: int, within: float) -> None:
    """The plain second coefficient vanishes, the splitting is ∝ depth² (halved at half the depth per depth) and partial waves give it.

    TM: partial waves scatter among themselves too, and Bloch modes converge as 1/orders: 2 %.
    """
    for depth in (16.0, 8.0):
        found = grating_coupling(etched(depth, 0.5), polarization)  # type: ignore[arg-type]
        assert abs(found.plain_coupling_per_cm) < 1e-9
        splitting, radiation = off(etched(depth, 0.5), polarization, orders)
        assert abs(splitting) < within
        assert abs(radiation) < 4e-3


def test_first_order_stop_band_of_bloch_modes() -> None:
    """At k_x = π/Λ, period 200 nm, duty 40 %: both edges within 4 % of the splitting (O(depth), 30 nm)."""
    cell = first_order()
    found = grating_coupling(cell)
    width = found.stop_band_nm[1] - found.stop_band_nm[0]
    for edge in found.edges:
        near = [bloch_mode(cell, edge.wavelength_nm, "TE", symmetry) for symmetry in ("bright", "dark")]
        assert min(abs(mode.wavelength_nm - edge.wavelength_nm) for mode in near) < 0.04 * width


def test_d4() -> None:
    """PHYSICS D4, computed there: bright 620.375 nm, Q 2514; dark 620.508 nm, Q ∞; with k 0.001 Q 905 and 1419, thresholds 1211 and 756.

    Second order in a depth of 30 nm: wavelengths within 2e-3 nm (met: 1e-3), Q within 0.4 %, thresholds within 1 1/cm.
    """
    lossless, lossy = grating_coupling(d4()), grating_coupling(d4(0.001))
    assert lossless.edge("bright").wavelength_nm == pytest.approx(620.375, abs=2e-3)
    assert lossless.edge("bright").q == pytest.approx(2514, rel=4e-3)
    assert lossless.edge("dark").wavelength_nm == pytest.approx(620.508, abs=2e-3)
    assert lossless.edge("dark").q == np.inf
    assert lossy.edge("bright").q == pytest.approx(905, rel=2e-3)
    assert lossy.edge("dark").q == pytest.approx(1419, rel=2e-3)
    assert lossy.threshold_gain_per_cm("bright") == pytest.approx(1211, abs=1.0)
    assert lossy.threshold_gain_per_cm("dark") == pytest.approx(756, abs=1.0)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_index_response_is_the_derivative_of_n_eff(polarization: Any) -> None:
    """∂n_eff/∂n of each layer, its part of the grating included, by central differences (step² = 1e-8); lossy, conformal, no mirror."""
    found = grating_coupling(unlike(), polarization)
    for layer in range(4):
        ends = []
        for step in (1e-4, -1e-4):
            index = found.cell.index.copy()
            index[layer] += step
            ends.append(coupling_at(found.cell.with_index(index), polarization, found.n_eff, 1).n_eff)
        assert found.index_response[layer] == pytest.approx((ends[0] - ends[1]) / 2e-4, abs=1e-6)


def test_at_the_threshold_gain_an_edge_neither_grows_nor_decays() -> None:
    """Put into the cell, the threshold gain makes the edge's frequency real; the Bloch solver agrees to a few parts in 1e-3 of its Q."""
    lossy = grating_coupling(d4(0.001, 0.35))
    for symmetry in ("bright", "dark"):
        gain = lossy.threshold_gain_per_cm(symmetry)
        edge = lossy.with_gain(gain).edge(symmetry)
        assert abs(1 / edge.q) < 1e-9
        mode = bloch_mode(lossy.cell.with_gain(gain), edge.wavelength_nm, "TE", symmetry)
        assert abs(1 / mode.q) < 0.08 / abs(lossy.edge(symmetry).q)


def test_a_grating_without_mirror() -> None:
    """Blazed and lossless: first order has κ_f = κ_b*, of different phase; no edge is called bright or dark."""
    cell = d4(profile=GratingProfile(400.0, 30.0, 0.4, "blazed"))
    found = grating_coupling(cell)
    back, forth = found.elements.first[1, 0], found.elements.first[0, 1]
    assert back == pytest.approx(forth.conjugate(), rel=1e-9)
    assert abs(back.imag) > 0.1 * abs(back)
    assert [edge.symmetry for edge in found.edges] == [None, None]
    assert found.coupling_per_cm != pytest.approx(found.coupling_back_per_cm, rel=1e-3)


def test_partial_waves_converge() -> None:
    """TE: terms fall as c^-4, the sum's rest as c^-3: a factor of 8 at twice the number. TM: what is left beyond 160 is below 1e-3 of κ."""
    values = [grating_coupling(d4(), partial_waves=number).coupling_per_cm for number in (10, 20, 40, 160)]
    rest = [abs(value - values[-1]) for value in values[:-1]]
    assert rest[0] / rest[1] > 6
    assert rest[1] / rest[2] > 6
    one, other = (grating_coupling(d4(), "TM", partial_waves=number).coupling_per_cm for number in (160, 320))
    assert abs(one - other) < 1e-3 * abs(other)


@pytest.mark.parametrize("edge", [None, "bright", "dark"])
def test_period_for_a_wavelength(edge: str | None) -> None:
    """With that period the edge, or the Bragg wavelength, lies where it was wanted."""
    cell = d4(0.001, 0.3)
    period = period_for(cell, 633.0, edge=edge)
    assert cell.profile is not None
    found = grating_coupling(replace(cell, period_nm=period, profile=replace(cell.profile, period_nm=period)))
    reached = found.wavelength_nm if edge is None else found.edge(edge).wavelength_nm
    assert reached == pytest.approx(633.0, abs=1e-6)


def test_d1_cg_qd_film_on_second_order_gratings() -> None:
    """[B] Fig. 19: Λ 355 → 320 nm lase at 2.041 … 2.274 eV, n_eff ≈ 1.71 … 1.70, within 2 % over the range (met: 0.3 and 1.2 %)."""
    for period, energy, n_eff in ((355.0, 2.041, 1.711), (320.0, 2.274, 1.704)):
        stack = load_stack("cg-qd-dfb").changed({"grating.period": period})
        laser = distributed_feedback(stack)
        best = laser.modes()[0]
        assert photon_energy_eV(best.wavelength_nm) == pytest.approx(energy, rel=0.02)
        assert laser.coupling.n_eff.real == pytest.approx(n_eff, rel=0.02)
    between = [period_for(load_stack("cg-qd-dfb"), 1239.84198 / energy) for energy in (2.041, 2.065, 2.082, 2.099, 2.274)]
    assert (np.diff(between) < 0).all()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: grating_coupling(d4(), "TE", 3), "mode"),
        (lambda: grating_coupling(d4(), "TX"), "polarization"),  # type: ignore[arg-type]
        (lambda: grating_coupling(d4(), partial_waves=0), "partial_waves"),
        (lambda: grating_coupling(d4(grated=None, profile=None)), "source"),
        (lambda: grating_coupling(d4()).edge("odd"), "symmetry"),
        (lambda: grating_coupling(d4(gain_layers=())).threshold_gain_per_cm("dark"), "cell"),
        (lambda: period_for(d4(), -1.0), "wavelength_nm"),
    ],
)
def test_impossible_requests_are_refused(call: Any, name: str) -> None:
    with pytest.raises(ArgumentError, match=f"`{name}`"):
        call()


def test_a_stack_that_guides_nothing_is_told() -> None:
    with pytest.raises((ModeSearchError, ArgumentError), match="mode"):
        grating_coupling(d4(index=np.array([1.9, 1.6, 1.6, 1.9]), profile=GratingProfile(400.0, 30.0, 0.5)))
