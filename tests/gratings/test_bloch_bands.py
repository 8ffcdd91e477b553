"""Bands: even in k_x, planar far from the stop band; complex k_x is the inverse of complex frequency."""

from __future__ import annotations

import numpy as np
import pytest

from qdphotonics import planar
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings import averaged, band_structure, bloch_modes, bloch_wavenumbers
from qdphotonics.gratings.bloch_bands import followed
from tests.gratings.cells import d4, first_order


def test_bands_cross_the_stop_band_like_an_x() -> None:
    """Two bands, dark or bright at Γ, mirror-symmetric in k_x (1e-9: Newton), linear far out with the planar mode's group index."""
    cell = d4(duty=0.3)
    kx = np.linspace(-1.5e-3, 1.5e-3, 7)
    bands = band_structure(cell, kx, orders=6)
    assert bands.certified
    assert bands.wavelength_nm.shape == (2, 7)
    assert np.isfinite(bands.wavelength_nm).all()
    by_size = np.sort(bands.wavelength_nm, axis=0)
    np.testing.assert_allclose(by_size, by_size[:, ::-1], rtol=1e-9)
    middle = bloch_modes(cell, orders=6)
    assert by_size[:, 3] == pytest.approx([mode.wavelength_nm for mode in middle.modes])
    k0 = 2 * np.pi / by_size[0]
    mean = averaged(cell, "TE")
    guide = planar.find_modes(mean.index, mean.thickness_nm, by_size[0, 5], "TE").modes[0]
    assert (kx[6] - kx[5]) / (k0[6] - k0[5]) == pytest.approx(guide.group_index, rel=0.02)
    assert bands.angle_deg()[0, 5] == pytest.approx(np.degrees(np.arcsin(kx[5] / (2 * np.pi / bands.wavelength_nm[0, 5]))))
    assert np.isposinf(bands.q).sum() == 1


def test_crossing_bands_are_followed() -> None:
    """Two straight lines that cross stay two lines; one that ends leaves nan."""
    kx = np.arange(5.0)
    up, down = 1.0 + 0.1 * kx, 1.25 - 0.1 * kx
    found = [np.array(sorted([a, b]), dtype=complex) for a, b in zip(up, down, strict=True)]
    bands = followed(kx, [*found[:4], found[4][:1]])
    assert bands[0].real == pytest.approx([*up[:4], np.nan], nan_ok=True)
    assert bands[1].real == pytest.approx(down)


def test_wavenumbers_invert_the_bands() -> None:
    """First order, lossless: k_x at the wavelength of a band is real and that band's (1e-9); within the stop band it is π/Λ + iκ, with
    κ at its middle π n_g Δ(1/λ), to 2 %: two coupled waves, whose theory is right to O(depth)."""
    cell = first_order()
    edge = np.pi / 200.0
    band = band_structure(cell, [edge - 3e-5], wavelengths_nm=(610.0, 630.0)).searches[0]
    assert [mode.q for mode in band.modes] == [np.inf] * 2
    for mode in band.modes:
        found = bloch_wavenumbers(cell, mode.wavelength_nm, around=0.02)
        assert found.certified, found.note
        nearest = found.kx_per_nm[np.abs(found.kx_per_nm - mode.kx_per_nm).argmin()]
        assert nearest == pytest.approx(mode.kx_per_nm, rel=1e-9)
    edges = [mode.wavelength_nm for mode in bloch_modes(cell).modes]
    middle = 2 / sum(1 / each for each in edges)
    inside = bloch_wavenumbers(cell, middle, around=0.02)
    assert inside.kx_per_nm.real == pytest.approx([edge, edge], rel=1e-6)
    mean = averaged(cell, "TE")
    group = planar.find_modes(mean.index, mean.thickness_nm, middle, "TE").modes[0].group_index
    assert inside.kx_per_nm[0].imag == pytest.approx(np.pi * group * (1 / edges[0] - 1 / edges[1]), rel=0.02)
    assert inside.loss_per_cm[0] == pytest.approx(2e7 * inside.kx_per_nm[0].imag)


def test_leaky_wavenumbers() -> None:
    """Second order, away from the stop band: k_x is the planar β − G with a small loss by radiation, the same to ±."""
    cell = d4(duty=0.3)
    found = bloch_wavenumbers(cell, 618.0)
    assert found.certified
    assert found.kx_per_nm.sum() == pytest.approx(0.0, abs=1e-12)
    mode = min(bloch_modes(cell, "TE", abs(found.kx_per_nm[0].real)).modes, key=lambda each: abs(each.wavelength_nm - 618.0))
    mean = averaged(cell, "TE")
    group = planar.find_modes(mean.index, mean.thickness_nm, 618.0, "TE").modes[0].group_index
    assert mode.wavelength_nm == pytest.approx(618.0, abs=1e-3)
    # k0/Q = v_g α: near the stop band the wave is slower than the planar one by a few per cent
    assert 2 * found.kx_per_nm[0].imag == pytest.approx(mode.k0_per_nm.real / mode.q * group, rel=0.1)


def test_refusals() -> None:
    with pytest.raises(ArgumentError, match="`kx_per_nm` must rise"):
        band_structure(d4(), [1e-4, 0.0])
    with pytest.raises(ArgumentError, match="`around` must be > 0"):
        bloch_wavenumbers(d4(), 620.0, around=0.0)
