"""Crystal slabs by 3-D FDTD: lattices of faint holes against planar modes folded at the Gamma point, and case D3."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from qdphotonics import fdtd, planar
from qdphotonics.gratings import Lattice

TIMEOUT_S = 600.0


def folded_nm(lattice: Lattice, polarization: str) -> float:
    """Wavelength at which the planar mode of 170 nm of mean index on silica has beta = |G|, the shortest reciprocal vector."""

    def off(wavelength: float) -> float:
        index = np.array([1.46, 2.0 - 0.02 * lattice.fill, 1.0])
        mode = planar.find_modes(index, np.array([170.0]), wavelength, polarization).modes[0]  # type: ignore[arg-type]
        return float(mode.n_eff.real - wavelength / (lattice.resonant_index_period * lattice.period_nm))

    return float(brentq(off, 500.0, 690.0))


@pytest.mark.parametrize(
    ("lattice", "resolution", "tolerance"),
    [(Lattice("square", 360.0, "hole", 200.0), 28.0, 0.015), (Lattice("triangular", 400.0, "hole", 200.0), 55.0, 0.003)],
)
def test_a_slab_with_faint_holes_is_a_folded_planar_guide(lattice: Lattice, resolution: float, tolerance: float) -> None:
    """170 nm of index 2 with holes of 1.98: the bright modes at the Gamma point are the planar TE0 of beta = |G| (PHYSICS D3), within
    1.5 % at 28 pixels per um, 0.3 % at 55. Of the triangular lattice no mode of the M point, lambda = n_eff period (632 nm), is heard.
    """
    slab = fdtd.CrystalSlab(lattice, 170.0, 2.0, 1.98, 1.46, 1.0)
    expected = folded_nm(lattice, "TE")
    found = fdtd.slab_resonances(slab, 1.01 * expected, symmetries=("bright",), resolution_per_um=resolution, timeout_s=TIMEOUT_S)
    wavelengths = np.array([each.wavelength_nm for each in found.resonances])
    assert np.abs(wavelengths / expected - 1).min() < tolerance
    assert np.abs(wavelengths / expected - 1).max() < 0.03
    assert {each.symmetry for each in found.resonances} == {"bright"}


def test_quantum_shells_in_a_square_lattice() -> None:
    """D3: holes in 170 nm of silicon nitride on silica, filled with quantum shells; bright modes lie at n_eff = lambda/period of 1.59 to
    1.79, as published, and move with the period: for 60 nm of it, 80 to 110 nm.
    """
    first = {}
    for period in (340.0, 400.0):
        slab = fdtd.CrystalSlab(Lattice("square", period, "hole", 0.6 * period), 170.0, 2.02, 1.9, 1.457, 1.0)
        found = fdtd.slab_resonances(slab, 1.68 * period, symmetries=("bright",), resolution_per_um=30.0, timeout_s=TIMEOUT_S)
        assert all(1.59 < each.wavelength_nm / period < 1.79 for each in found.resonances)
        first[period] = max(each.wavelength_nm for each in found.resonances)
    assert 80 < first[400.0] - first[340.0] < 110
