"""Light on a grating: planar stacks, energy, reciprocity, mirror images, and the resonances that the poles foretell."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from qdphotonics import planar
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings import UnitCell, bloch_mode, bloch_spectrum
from qdphotonics.gratings.bloch_dispersion import points
from qdphotonics.gratings.bloch_fields import scattered
from qdphotonics.gratings.bloch_orders import Orders
from tests.gratings.cells import d4, silver, unlike

TO_ROUNDING = 1e-12  # a hundred matrix products and Gauss's 16 nodes in 60 nm


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("side", ["substrate", "superstrate"])
def test_without_grating_it_is_the_planar_stack(polarization: Literal["TE", "TM"], side: Literal["substrate", "superstrate"]) -> None:
    """R, T and A by layer of `planar.scatter`, an independent recursion; lossy and uniaxial layers, angles beyond total reflection."""
    index = np.array([1.52, 1.6 + 0.02j, 0.06 + 4.2j, 1.9 - 0.001j, 1.0])
    extraordinary = np.array([1.52, 1.7 + 0.01j, 0.06 + 4.2j, 1.8, 1.0])
    thickness = np.array([250.0, 15.0, 50.0])
    cell = UnitCell(("substrate", "a", "b", "c", "superstrate"), index, thickness, 400.0, 600.0, index_extraordinary=extraordinary)
    angles = np.array([0.0, 30.0, 70.0])
    found = bloch_spectrum(cell, [500.0, 640.0], angles, polarization, side, orders=2)
    turn = slice(None, None, -1) if side == "superstrate" else slice(None)
    for i, wavelength in enumerate((500.0, 640.0)):
        known = planar.scatter(index[turn], thickness[turn], wavelength, angles, polarization, index_extraordinary=extraordinary[turn])
        np.testing.assert_allclose(found.reflectance[:, i], known.reflectance, atol=TO_ROUNDING)
        np.testing.assert_allclose(found.transmittance[:, i], known.transmittance, atol=TO_ROUNDING)
        assert found.absorptance is not None
        np.testing.assert_allclose(found.absorptance[:, i, 1:-1], known.absorptance[:, turn], atol=1e-10)


@pytest.mark.parametrize("cell", [d4(0.01), unlike(), silver()], ids=["lossy", "blazed conformal", "silver"])
@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("side", ["substrate", "superstrate"])
def test_energy(cell: UnitCell, polarization: Literal["TE", "TM"], side: Literal["substrate", "superstrate"]) -> None:
    """R + T + A = 1: fluxes at the half-spaces against ∫Im ε|E|² by layer."""
    found = bloch_spectrum(cell, [450.0, 615.0], [-50.0, 0.0, 12.0], polarization, side, orders=6)
    assert found.absorptance is not None
    assert (found.absorptance[..., 1] > 1e-3).all()
    np.testing.assert_allclose(found.reflectance + found.transmittance + found.absorptance.sum(axis=-1), 1.0, atol=1e-11)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("cell", [unlike(), silver()], ids=["blazed conformal", "silver"])
def test_reciprocity(cell: UnitCell, polarization: Literal["TE", "TM"]) -> None:
    """What goes from order 0 above at k_x to order m below is what goes from there back, for any losses and without a mirror."""
    wavelength, angle, m, number = 560.0, 20.0, -1, 15
    there = bloch_spectrum(cell, wavelength, angle, polarization, "superstrate", orders=number, fields=False).transmitted[0, 0]
    for order, tolerance in ((m, 1e-2), (0, 1e-10)):  # the orders kept there and back are the same for order 0 only
        kx = 2 * np.pi / wavelength * np.sin(np.radians(angle)) + order * 2 * np.pi / cell.period_nm
        back_deg = float(np.degrees(np.arcsin(-kx * wavelength / (2 * np.pi) / cell.index[0].real)))
        back = bloch_spectrum(cell, wavelength, back_deg, polarization, "substrate", orders=number, fields=False).transmitted[0, 0]
        assert there[number + order] > 1e-7
        assert back[number + order] == pytest.approx(there[number + order], rel=tolerance)


def test_a_mirror_image_is_the_same_at_the_opposite_angle() -> None:
    """A symmetric cell: R(θ) = R(−θ) with orders exchanged; a blazed one differs."""
    for cell, same in ((d4(0.01), True), (unlike(), False)):
        found = bloch_spectrum(cell, 450.0, [-25.0, 25.0], "TM", orders=5, fields=False)
        assert np.allclose(found.transmitted[0], found.transmitted[1, :, ::-1], rtol=1e-10) == same


def test_resonance_in_the_spectrum() -> None:
    """The bright mode of D4: ∫|E|² in the QD is a Lorentzian about its wavelength with the width λ/Q (to 2 %: a background adds);
    the dark mode does not show at 0° and does at 1°."""
    cell = d4(0.001)
    bright, dark = bloch_mode(cell, 620.4, "TE", "bright"), bloch_mode(cell, 620.4, "TE", "dark")
    wavelengths = bright.wavelength_nm + np.linspace(-2.0, 2.0, 81)
    found = bloch_spectrum(cell, wavelengths, 0.0, "TE")
    assert found.intensity is not None
    peak = found.intensity[0, :, 2]
    assert wavelengths[peak.argmax()] == pytest.approx(bright.wavelength_nm, abs=0.06)
    above = wavelengths[peak > 0.5 * (peak.max() + peak.min())]
    assert above[-1] - above[0] == pytest.approx(bright.wavelength_nm / bright.q, abs=0.06)
    tilted = bloch_spectrum(cell, dark.wavelength_nm + np.linspace(2.0, 9.0, 141), 1.0, "TE", fields=False)
    assert np.ptp(tilted.reflectance) > 0.1  # the long-wave band, dark at its edge


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("side", ["substrate", "superstrate"])
def test_the_intensity_is_that_of_the_incident_wave_where_nothing_reflects(
    polarization: Literal["TE", "TM"], side: Literal["substrate", "superstrate"]
) -> None:
    """All of one index: mean |E|² is 1 in every layer, at any angle."""
    cell = d4(index=np.full(4, 1.5))
    found = bloch_spectrum(cell, 600.0, [0.0, 40.0], polarization, side, orders=3)
    assert found.intensity is not None
    np.testing.assert_allclose(found.intensity[..., 1:-1], 1.0, atol=1e-12)
    np.testing.assert_allclose(found.transmittance, 1.0, atol=1e-12)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_scattered_fields_are_continuous(polarization: Literal["TE", "TM"], side: int) -> None:
    """At the interfaces between slices, and at the far half-space; the near one has the incident wave besides."""
    cell = unlike()
    waves = scattered(Orders(cell, polarization, 6), points(cell, 2 * np.pi / 600.0, 2e-3), side).waves(0)
    tops = [one.top_nm for one in waves.orders.slices]
    x = np.linspace(-200.0, 200.0, 7)
    for z in [0.0, *tops]:
        below, above = waves.field(x, [z - 1e-8, z + 1e-8])
        near = z == (0.0 if side == 0 else tops[-1])
        incident = np.exp(2e-3j * x) if near else 0.0
        if side == 0:
            below = below + incident
        else:
            above = above + incident
        np.testing.assert_allclose(below, above, atol=1e-8)


def test_refusals() -> None:
    with pytest.raises(ArgumentError, match="`side` must be a lossless isotropic half-space, but the substrate has n"):
        bloch_spectrum(d4(index=np.array([1.5 + 0.1j, 1.6, 1.9, 1.0])), 600.0, side="substrate")
    with pytest.raises(ArgumentError, match="`angles_deg` between -90 and 90"):
        bloch_spectrum(d4(), 600.0, 95.0)
