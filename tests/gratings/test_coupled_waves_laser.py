"""Finite gratings as lasers: power balance, limits of long and apodised gratings, thresholds, near and far fields."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from qdphotonics import planar
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings import (
    DistributedFeedback,
    GratingCoupling,
    GratingProfile,
    UnitCell,
    distributed_feedback,
    edge_far_field,
    far_field,
    grating_coupling,
    mode_profile,
    near_field,
)
from qdphotonics.stacks import load_stack
from tests.gratings.cells import d4, first_order


@cache
def coupling(duty: float = 0.3, extinction: float = 0.0) -> GratingCoupling:
    return grating_coupling(d4(extinction, duty))


FACETS = (0.3 + 0.2j, -0.5)


@pytest.mark.parametrize("length_um", [100.0, 400.0])
@pytest.mark.parametrize("facets", [(0.0, 0.0), FACETS])
@pytest.mark.parametrize("shifts", [(), ((0.5, np.pi / 2),)])
def test_power_that_leaves_is_what_the_gain_adds(length_um: float, facets: tuple[complex, complex], shifts: Any) -> None:
    """Lossless second order: 2α = what passes the ends + what radiates up and down, these from the flux of the partial waves."""
    for mode in DistributedFeedback(coupling(), length_um, facets, shifts).modes()[:4]:
        assert mode.ends_per_cm + sum(mode.radiated_per_cm) == pytest.approx(mode.cavity_loss_per_cm, rel=1e-9)
        assert min(mode.radiated_per_cm) > 0
        assert 0 < mode.evenness < 1


def test_a_long_grating_has_the_edges_of_an_infinite_one() -> None:
    """L -> ∞: the lowest mode goes to the dark edge, its loss to 0 as L^-3 and its detuning from the edge as L^-2."""
    dark = coupling().edge("dark")
    lasers = [DistributedFeedback(coupling(), length).modes()[0] for length in (500.0, 1000.0, 2000.0)]
    away = np.array([mode.wavelength_nm - dark.wavelength_nm for mode in lasers])
    assert away[:-1] / away[1:] == pytest.approx(4.0, rel=0.25)
    losses = np.array([mode.ends_per_cm for mode in lasers])
    assert losses[:-1] / losses[1:] == pytest.approx(8.0, rel=0.35)
    assert lasers[-1].evenness < 0.01


def test_a_quarter_wave_shift_lases_in_the_stop_band() -> None:
    """First order, λ/4 in the middle: the lowest mode lies in the middle of the stop band and is alone there."""
    found = grating_coupling(first_order())
    modes = DistributedFeedback(found, 20.0, phase_shifts=((0.5, np.pi / 2),)).modes()
    low, high = found.stop_band_nm
    assert modes[0].wavelength_nm == pytest.approx(0.5 * (low + high), abs=0.02 * (high - low))
    assert sum(low < mode.wavelength_nm < high for mode in modes) == 1
    assert modes[0].radiated_per_cm == (0.0, 0.0)


def test_threshold_is_loss_and_cavity() -> None:
    """Γ g_th = α_eff + 2α: to first order in the gain; the exact one, gain in the grating too, lies within its κ''/κ of it."""
    laser = DistributedFeedback(coupling(0.3, 1e-4), 400.0)
    mode = laser.modes()[0]
    assert mode.modal_gain_per_cm == pytest.approx(mode.cavity_loss_per_cm + laser.coupling.loss_per_cm)
    linear = mode.modal_gain_per_cm / laser.coupling.gain_confinement
    exact = laser.threshold_gain_per_cm(mode)
    assert exact == pytest.approx(linear, rel=0.25)
    # with the exact gain in the cell a mode of this wavelength has its threshold without further gain
    pumped = DistributedFeedback(laser.coupling.with_gain(exact), 400.0)
    again = min(pumped.modes(), key=lambda each: abs(each.wavelength_nm - mode.wavelength_nm))
    assert again.modal_gain_per_cm == pytest.approx(0.0, abs=1e-4)


def test_gain_outside_the_grating_needs_the_linear_threshold_only() -> None:
    """Gain in a layer that the grating does not reach leaves κ as it is, but for the mode's shape: linear to 1 %."""
    cell = UnitCell(
        ("substrate", "gain", "guide", "cap", "superstrate"),
        np.array([1.52, 1.8, 1.6, 1.7, 1.0]),
        np.array([80.0, 200.0, 60.0]),
        390.0,
        630.0,
        grated=2,
        profile=GratingProfile(390.0, 30.0, 0.35),
        gain_layers=(1,),
    )
    laser = DistributedFeedback(grating_coupling(cell), 600.0)
    mode = laser.modes()[0]
    assert laser.threshold_gain_per_cm(mode) == pytest.approx(mode.modal_gain_per_cm / laser.coupling.gain_confinement, rel=0.01)


@pytest.mark.parametrize("apodisation", ["gaussian", "raised-cosine"])
def test_an_apodised_grating_follows_its_depth(apodisation: Any) -> None:
    """The sections' κ and β are those of gratings of that depth; the ends of a raised cosine do not couple; losses balance to 2 %."""
    laser = DistributedFeedback(coupling(), 200.0, apodisation=apodisation)
    waves = laser.waves
    places = (np.arange(len(waves.strength)) + 0.5) / len(waves.strength)
    middle = int(np.argmin(np.abs(laser.depth_factors(places) - 0.6)))
    depth = 30.0 * float(laser.depth_factors(places[middle]))
    shallow = grating_coupling(d4(profile=GratingProfile(400.0, depth, 0.3)), wavelength_nm=coupling().wavelength_nm)
    length = 200.0 * 1e-4  # cm
    assert waves.strength[middle] * waves.coupling == pytest.approx(shallow.coupling_per_cm * length, rel=1e-4)
    moved = (shallow.n_eff - coupling().n_eff) * coupling().k0_per_nm * 2e5
    moved += (shallow.self_coupling_per_cm - coupling().self_coupling_per_cm) * length
    assert waves.chirp[middle] == pytest.approx(moved, rel=1e-4)
    if apodisation == "raised-cosine":
        assert abs(waves.strength[0]) < 2e-3
    mode = laser.modes()[0]
    assert mode.ends_per_cm + sum(mode.radiated_per_cm) == pytest.approx(mode.cavity_loss_per_cm, rel=0.02)


def test_surface_emission_of_dark_and_bright_modes() -> None:
    """Antisymmetric: two lobes, none along the normal; symmetric: one lobe along it; both mirror images of themselves."""
    laser = DistributedFeedback(coupling(), 400.0)
    modes = laser.modes()
    dark, bright = (min(modes, key=lambda mode: abs(mode.evenness - wanted)) for wanted in (0.0, 1.0))
    two, one = far_field(laser, dark), far_field(laser, bright)
    assert two.intensity[two.angle_deg.size // 2] < 1e-6
    assert one.intensity[one.angle_deg.size // 2] == pytest.approx(1.0, abs=1e-6)
    assert two.intensity == pytest.approx(two.intensity[::-1], abs=1e-6)
    assert two.angle_deg == pytest.approx(-two.angle_deg[::-1], abs=1e-9)


def test_far_field_is_the_transform_of_the_near_field() -> None:
    """Parseval: ∫|F|² dk_x over the lobes = 2π∫|a|² dx: 10 lobes to either side hold all but some 2 %. Narrower with length: λ/(n L)."""
    for length, side in ((200.0, "superstrate"), (400.0, "substrate")):
        laser = DistributedFeedback(coupling(), length)
        mode = laser.modes()[0]
        x, near = near_field(laser, mode, side)  # type: ignore[arg-type]
        far = far_field(laser, mode, side)  # type: ignore[arg-type]
        k = 2 * np.pi / mode.wavelength_nm * far.index
        kx = k * np.sin(np.radians(far.angle_deg))
        transform = np.array([np.trapezoid(near * np.exp(-1j * each * length * 1e3 * x), x) for each in kx]) * length * 1e3
        assert far.intensity == pytest.approx(np.abs(transform) ** 2 / np.abs(transform).max() ** 2, abs=1e-4)
        power = np.trapezoid(np.abs(transform) ** 2, kx) / (2 * np.pi)
        assert power == pytest.approx(np.trapezoid(np.abs(near) ** 2, x) * length * 1e3, rel=0.03)
        lobes = 2 * np.degrees(mode.wavelength_nm / (far.index * length * 1e3))
        assert 0.4 * lobes < far.divergence_deg < 2 * lobes


def test_higher_orders_leave_at_their_angles() -> None:
    """Third order: partial waves of K = ±G/2; seen around sin θ = K/(k0 n)."""
    found = grating_coupling(d4(profile=GratingProfile(600.0, 30.0, 0.4), period_nm=600.0, order=3))
    laser = DistributedFeedback(found, 300.0)
    mode = laser.modes()[0]
    far = far_field(laser, mode, "substrate", 0.5)
    wanted = np.degrees(np.arcsin(np.pi / 600.0 / (2 * np.pi / mode.wavelength_nm * 1.52)))
    assert far.angle_deg[np.argmax(far.intensity)] == pytest.approx(wanted, abs=0.3)
    with pytest.raises(ArgumentError, match="`order`"):
        far_field(laser, mode, "superstrate", 2.5)
    with pytest.raises(ArgumentError, match="`order`"):
        near_field(laser, mode, order=0.0)


def test_edge_far_field_is_the_transform_of_the_mode() -> None:
    """|cos θ ∫E_y e^{−ik0 sin θ z}dz|² by the trapezium rule on 40,000 heights."""
    laser = DistributedFeedback(coupling(), 300.0)
    far = edge_far_field(laser, np.linspace(-70.0, 70.0, 29))
    z = np.linspace(-8000.0, 3300.0, 40001)
    E = planar.mode_field(laser.coupling.mode, z).E[1]
    kz = laser.coupling.k0_per_nm * np.sin(np.radians(far.angle_deg))
    amplitude = np.array([np.trapezoid(E * np.exp(-1j * each * z), z) for each in kz]) * np.cos(np.radians(far.angle_deg))
    assert far.intensity == pytest.approx(np.abs(amplitude) ** 2 / np.abs(amplitude).max() ** 2, abs=1e-5)


def test_profile_along_and_across() -> None:
    """A product of |U|² and |R|² + |S|²; symmetric along a grating without facets, largest where the mode is."""
    laser = DistributedFeedback(coupling(), 300.0)
    map_ = mode_profile(laser, laser.modes()[0], np.linspace(0, 1, 21), np.linspace(-100, 500, 13))
    assert map_.shape == (13, 21)
    assert map_.max() == 1.0
    assert map_ == pytest.approx(map_[:, ::-1], abs=1e-6)
    assert np.linalg.matrix_rank(map_, tol=1e-10) == 1
    assert np.argmax(map_[6]) == 10  # the dark edge is brightest in the middle


def test_a_stack_gives_length_facets_shift_and_apodisation() -> None:
    stack = load_stack("cg-qd-dfb").changed(
        {"grating.phase_shift": 0.25, "grating.apodisation": "gaussian", "cavity.facet_reflectivity": [0.04, 0.0]}
    )
    laser = distributed_feedback(stack)
    assert laser.length_um == 300.0
    assert list(laser.facets) == pytest.approx([0.2, 0.0])
    assert list(laser.phase_shifts[0]) == pytest.approx([0.5, np.pi / 2])
    assert laser.apodisation == "gaussian"
    assert distributed_feedback(stack, length_um=100.0, facets=(0.0, 0.1j)).facets == (0.0, 0.1j)
    with pytest.raises(ArgumentError, match="`length_um`"):
        distributed_feedback(d4())
    with pytest.raises(ArgumentError, match="`apodisation`"):
        DistributedFeedback(coupling(), 100.0, apodisation="hann")  # type: ignore[arg-type]
