"""Bloch modes at places that are easily missed: side orders, branch cuts, order 0 alone, cells drawn at random."""

from __future__ import annotations

import numpy as np
import pytest

from qdphotonics import planar
from qdphotonics.gratings import (
    GratingProfile,
    UnitCell,
    averaged,
    bloch_modes,
    folded_wavelengths,
)
from qdphotonics.gratings.bloch_modes import _on_sheet, _sheet, rayleigh_k0, refined
from qdphotonics.gratings.bloch_orders import Orders, Polarization
from tests.gratings.cells import d4

EXACT = 1e-10  # where two ways differ by rounding only


def test_orders_that_leave_sideways() -> None:
    """Fourth order, Λ 800 nm: orders −1, 0, 1 (and ±2 into the glass) leave; angles by K = n k0 sin θ, shares ± alike, their sum and
    absorption's 1; the odd mode is dark only along the normal."""
    cell = d4(0.001, period_nm=800.0, profile=GratingProfile(800.0, 30.0, 0.4), order=4)
    search = bloch_modes(cell, wavelengths_nm=(610.0, 630.0))
    assert {mode.symmetry for mode in search.modes} == {"bright", "dark"}
    for mode in search.modes:
        air = {order.order: order for order in mode.radiated if order.side == "superstrate"}
        assert set(air) == ({-1, 0, 1} if mode.symmetry == "bright" else {-1, 1})
        assert air[1].angle_deg == pytest.approx(np.degrees(np.arcsin(mode.wavelength_nm / 800.0)), abs=1e-9)
        assert air[1].angle_deg == -air[-1].angle_deg
        assert air[1].share == pytest.approx(air[-1].share, rel=1e-12)
        radiated = sum(order.share for order in mode.radiated)
        assert radiated + mode.loss_rates["L-ITO"] * mode.q == pytest.approx(1.0, rel=1e-9)
        assert mode.q_radiation == pytest.approx(mode.q / radiated, rel=1e-9)


def test_folding_off_the_symmetric_point() -> None:
    """At k_x the planar modes with β = G ± k_x fold: n_eff(λ) k0 of planar.find_modes is that, to 1e-10."""
    cell, kx, G = d4(duty=0.3), 5e-4, 2 * np.pi / 400.0
    folded = folded_wavelengths(cell, "TE", kx)
    mean = averaged(cell, "TE")
    assert len(folded) == 2
    for wavelength, beta in zip(folded, (G + kx, G - kx), strict=True):
        n_eff = planar.find_modes(mean.index, mean.thickness_nm, wavelength, "TE").modes[0].n_eff
        assert n_eff.real * 2 * np.pi / wavelength == pytest.approx(beta, rel=EXACT)


def test_beyond_a_branch_cut_there_is_no_mode() -> None:
    """The rule's cut leaves the Rayleigh point K/n downwards: Re k0² = (K/n)². Left of it (closed) and right of it (open)."""
    orders = Orders(d4(), "TE", 2)
    rayleigh = 2 * np.pi / 400.0 / 1.52
    assert rayleigh in [pytest.approx(each) for each in rayleigh_k0(orders, 0.0)]
    opened = _sheet(orders, 0.0, 1.001 * rayleigh)
    assert _on_sheet(orders, 0.0, complex(1.001, -0.02) * rayleigh, opened)
    assert not _on_sheet(orders, 0.0, complex(1.001, -0.09) * rayleigh, opened)


def test_zeros_beyond_a_cut_are_left_out() -> None:
    """Over an amplifying substrate the cut leans into the searched strip: D continued across it has a zero at 600.47 nm, Q 33, to which
    no outgoing wave belongs."""
    index = np.array([1.5 - 0.15j, 1.577, 1.0])
    cell = UnitCell(("substrate", "film", "superstrate"), index, np.array([652.2]), 410.0, 600.0)
    kx, window = 2 * np.pi / 600.0 * 1.5, (500.0, 605.0)
    orders = Orders(cell, "TM", 0)
    sheet = _sheet(orders, kx, 2 * np.pi / 550.0)
    continued = refined(orders, kx, 2 * np.pi / 600.47 * (1 - 0.5j / 33.0), sheet)
    assert continued.q == pytest.approx(32.9, abs=0.1)
    found = bloch_modes(cell, "TM", kx, window, orders=0, least_q=5)
    assert all(abs(mode.wavelength_nm - continued.wavelength_nm) > 1.0 for mode in found.modes)


def test_zeroth_order_alone() -> None:
    """A stack at normal incidence: the modes of a vertical cavity; a wave of order 0 has no parity to be sorted by."""
    index = np.array([1.0, 3.0, 1.0])
    cell = UnitCell(("substrate", "film", "superstrate"), index, np.array([500.0]), 400.0, 600.0)
    found = bloch_modes(cell, wavelengths_nm=(550.0, 800.0), orders=0, least_q=2)
    # r² e^{2i n k0 d} = 1: λ = 2 n d/m, Q = π m/(2 ln 1/R) with R = ¼
    assert [mode.wavelength_nm for mode in found.modes] == pytest.approx([600.0, 750.0], rel=EXACT)
    assert [mode.q for mode in found.modes] == pytest.approx([m * np.pi / (2 * np.log(2.0)) for m in (5, 4)], rel=EXACT)


@pytest.mark.parametrize("seed", range(12))
def test_random_cells_sorted_and_unsorted(seed: int) -> None:
    """Random lossy and amplifying cells: modes counted by parity at Γ are those counted without it a hair off, at 1e-9 per nm; both
    certified. (120 cells with 144 modes were tried.) 1e-8: what that hair moves a mode by."""
    random = np.random.default_rng(seed)
    layers = int(random.integers(1, 4))
    index = np.array([random.uniform(1.3, 1.6), *random.uniform(1.4, 2.3, layers), random.uniform(1.0, 1.5)], dtype=complex)
    index[1:-1] += 1j * random.choice([0.0, 1e-3, -1e-3, 1e-2], layers)
    thickness, period = random.uniform(40.0, 300.0, layers), random.uniform(300.0, 450.0)
    grated = int(random.integers(1, layers + 1))
    profile = GratingProfile(period, random.uniform(5.0, min(80.0, thickness[grated - 1])), random.uniform(0.25, 0.75))
    names = ("substrate", *(f"layer {k}" for k in range(layers)), "superstrate")
    cell = UnitCell(names, index, thickness, period, 1.65 * period, grated=grated, profile=profile)
    window = (1.55 * period, 1.75 * period)
    both: tuple[Polarization, ...] = ("TE", "TM")
    for polarization in both:
        at, off = (bloch_modes(cell, polarization, kx, window, orders=5) for kx in (0.0, 1e-9))
        assert at.certified, at.note
        assert off.certified, off.note
        assert len(at.modes) == len(off.modes)
        for mode in at.modes:
            assert min(abs(mode.k0_per_nm - other.k0_per_nm) for other in off.modes) < 1e-8 * abs(mode.k0_per_nm)
