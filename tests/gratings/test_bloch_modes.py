"""Bloch modes against PHYSICS D4 and D2, planar modes folded, exact layered gratings, Poynting, Hellmann–Feynman."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qdphotonics import planar
from qdphotonics.errors import ArgumentError, ModeSearchError
from qdphotonics.gratings import (
    BlochMode,
    GratingProfile,
    UnitCell,
    averaged,
    bloch_mode,
    bloch_modes,
    folded_wavelengths,
    scan_duty,
    threshold,
    thresholds,
    unit_cell,
)
from qdphotonics.gratings.bloch_dispersion import points
from qdphotonics.gratings.bloch_fields import scattered
from qdphotonics.gratings.bloch_modes import refined
from qdphotonics.gratings.bloch_orders import Orders, Polarization
from qdphotonics.stacks import load_stack
from tests.gratings.cells import d4, first_order, silver, unlike

REFERENCE = Path(__file__).parents[1] / "reference" / "dfb_thresholds.json"
EXACT = 1e-10  # where two ways differ by rounding only; Newton's last step and 1e3 operations leave 1e-12


def pair(cell: UnitCell, polarization: Polarization = "TE") -> dict[str, BlochMode]:
    search = bloch_modes(cell, polarization)
    assert search.certified, search.note
    assert len(search.modes) == 2
    return {str(mode.symmetry): mode for mode in search.modes}


def test_d4() -> None:
    """PHYSICS D4: bright 620.375 nm, Q 2514; dark 620.508 nm, Q ∞ (exactly). Tolerance of the issue: 0.005 nm and 1 %."""
    modes = pair(d4())
    assert modes["bright"].wavelength_nm == pytest.approx(620.375, abs=0.005)
    assert modes["bright"].q == pytest.approx(2514, rel=0.01)
    assert modes["dark"].wavelength_nm == pytest.approx(620.508, abs=0.005)
    assert modes["dark"].q == modes["dark"].q_radiation == np.inf
    assert modes["dark"].radiated == ()
    assert modes["bright"].wavelength_nm < modes["dark"].wavelength_nm


def test_d4_with_absorption() -> None:
    """D4 with L-ITO k = 0.001: Q 905 and 1419, thresholds in the QD 1211 (bright) and 756 cm⁻¹ (dark), to 1 %."""
    modes = pair(d4(0.001))
    assert modes["bright"].q == pytest.approx(905, rel=0.01)
    assert modes["dark"].q == pytest.approx(1419, rel=0.01)
    assert modes["dark"].q_radiation == np.inf
    assert threshold(modes["bright"]).gain_per_cm == pytest.approx(1211, rel=0.01)
    assert threshold(modes["dark"]).gain_per_cm == pytest.approx(756, rel=0.01)
    assert [each.passive.symmetry for each in thresholds(bloch_modes(d4(0.001)))] == ["dark", "bright"]


def test_d2_which_edge_lases() -> None:
    """PHYSICS D2: in D4's cell with L-ITO k = 0.001 the short edge wins at duty 55–65 %, the long one at 25–50 and 75 %."""
    duties = (0.25, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.75)
    scan = scan_duty(d4(0.001), duties, orders=8)
    short = dict(zip(duties, scan.short_edge_wins, strict=True))
    assert [duty for duty in duties if short[duty]] == [0.55, 0.6, 0.65]


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_at_threshold_the_frequency_is_real(polarization: Polarization) -> None:
    """With the gain found, the mode found afresh has Im ω = 0 to rounding; half that gain leaves about half of 1/Q."""
    mode = pair(d4(0.001), polarization)["bright"]
    found = threshold(mode)
    again = bloch_mode(found.at_threshold.cell, found.wavelength_nm, polarization, "bright")
    assert again.wavelength_nm == pytest.approx(found.wavelength_nm, abs=1e-9)
    assert abs(1 / again.q) < 1e-11
    half = bloch_mode(mode.cell.with_gain(0.5 * found.gain_per_cm), mode.wavelength_nm, polarization, "bright")
    assert half.q == pytest.approx(2 * mode.q, rel=0.02)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("extinction", [0.0, 0.01])
def test_without_contrast_planar_modes_fold(polarization: Polarization, extinction: float) -> None:
    """An empty lattice: the modes at Γ, even and odd alike, are planar modes of n_eff = λ/Λ; for a lossless stack to 1e-10.

    With loss n_eff(λ) is complex; then k_x² = (n_eff k0)² is real at the complex k0: planar.find_modes at complex frequency does
    not exist, so Im ω is compared with the planar loss, v_g α/2, to first order.
    """
    guide = np.array([1.52, 1.7 + 1j * extinction, 1.7 + 1j * extinction, 1.0])
    cell = d4(index=guide, thickness_nm=np.array([250.0, 80.0]))
    search = bloch_modes(cell, polarization)
    assert search.certified
    assert sorted(str(mode.symmetry) for mode in search.modes) == ["bright", "dark"]
    for mode in search.modes:
        planar_modes = planar.find_modes(guide, [250.0, 80.0], mode.wavelength_nm, polarization).modes
        nearest = min(planar_modes, key=lambda each: abs(each.n_eff.real - mode.wavelength_nm / 400.0))
        if extinction == 0.0:
            assert nearest.n_eff.real == pytest.approx(mode.wavelength_nm / 400.0, rel=EXACT)
            assert abs(1 / mode.q) < 1e-14
        else:
            assert 1 / mode.q == pytest.approx(2 * nearest.n_eff.imag / nearest.group_index, rel=2e-3)
    first, second = search.modes
    assert first.k0_per_nm == pytest.approx(second.k0_per_nm, rel=EXACT)
    assert folded_wavelengths(cell, polarization) == pytest.approx([first.wavelength_nm], rel=EXACT)


def test_exact_layered_gratings() -> None:
    """dfb_thresholds.json: 200 × (1.76 − ik | 1.74 − ik), 90 nm each, between n = 1.75; wavelength and k at threshold to 1e-10.

    A stack along z seen at k_x = 0 with the zeroth order alone: the chain of (U, V) is a transfer matrix.
    """
    cases = [case for case in json.loads(REFERENCE.read_text("utf-8"))["cases"] if case["id"].startswith("exact-layers")]
    assert len(cases) == 2
    layers = 400
    index = np.array([1.75, *([1.76, 1.74] * (layers // 2)), 1.75], dtype=complex)
    names = ("substrate", *(f"L[{i}]" for i in range(layers)), "superstrate")
    for case in cases:
        wavelength, k = float(case["lambda_nm"]), float(case["k_threshold"])
        cell = UnitCell(names, index, np.full(layers, 90.0), 100.0, wavelength, gain_layers=tuple(range(1, layers + 1)))
        passive = bloch_mode(cell, wavelength, near_q=400.0, orders=0)
        found = threshold(passive)
        assert found.wavelength_nm == pytest.approx(wavelength, rel=EXACT)
        assert found.gain_per_cm * found.wavelength_nm / (4e7 * np.pi) == pytest.approx(k, rel=EXACT)


DISPERSIVE = d4(0.001, dindex_dwavelength=np.array([-1e-4, -3e-4 + 1e-6j, -1e-3, 0.0]), wavelength_nm=622.0)


@pytest.mark.parametrize(
    ("cell", "tolerance"),
    [(d4(0.001), 1e-9), (d4(-0.0005), 1e-9), (silver(), 1e-9), (first_order(), 1e-9), (DISPERSIVE, 1e-5)],
    ids=["lossy", "gain", "silver", "first order", "dispersive"],
)
@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_what_a_mode_loses_adds_up_to_its_linewidth(cell: UnitCell, tolerance: float, polarization: Polarization) -> None:
    """Poynting at complex frequency: absorption by layer + radiation = ω W/Q; two ways (integrals, root of D), to 1e-9, with
    dispersion to (1/Q)², as the theorem itself."""
    search = bloch_modes(cell, polarization, least_q=10)
    assert search.certified == (cell.names[1] != "Ag" or polarization == "TE"), search.note
    for mode in search.modes:
        total = 0.0 if mode.q == np.inf else 1 / mode.q
        assert sum(mode.loss_rates.values()) == pytest.approx(total, rel=tolerance, abs=1e-15)
        assert sum(order.share for order in mode.radiated) * total == pytest.approx(mode.radiated_rates.sum(), rel=tolerance, abs=1e-15)
    assert search.modes or cell.order == 1 or polarization == "TE"


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_response_to_the_indices(polarization: Polarization) -> None:
    """Hellmann–Feynman for a real bound mode: −n_i ∂ln k0/∂n_i = ∫_i ε|E|²/∫ε|E|², D's quotient against field integrals; their sum
    is 1, for Maxwell's equations have no length of their own. 1e-7: central differences of step 1e-6."""
    mode = pair(d4(), polarization)["dark"]
    index = mode.cell.index.real
    electric = index**2 * mode.integrals.intensity
    response = np.array(list(mode.index_response.values())) * index
    np.testing.assert_allclose(response.real, electric / electric.sum(), atol=1e-7)
    bright = pair(d4(0.001), polarization)["bright"]
    assert sum(np.array(list(bright.index_response.values())) * bright.cell.index) == pytest.approx(1.0, abs=1e-7)


def test_bright_and_dark_split_as_the_wave_without_parity() -> None:
    """A hair off Γ, where nothing is sorted by parity, both modes are found, at ω(0) + O(k_x²)."""
    modes = pair(d4())
    off = bloch_modes(d4(), "TE", 1e-9, (615.0, 625.0))
    assert off.certified
    assert [mode.symmetry for mode in off.modes] == [None, None]
    found = sorted(mode.k0_per_nm.real for mode in off.modes)
    assert found == pytest.approx(sorted(mode.k0_per_nm.real for mode in modes.values()), rel=1e-9)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_first_order_at_the_zone_edge(polarization: Polarization) -> None:
    """k_x = π/Λ: two lossless modes without radiation, about λ = 2 n_eff Λ; sorted by parity they are those found unsorted."""
    cell = first_order()
    search = bloch_modes(cell, polarization)
    assert search.certified
    assert [(mode.q, mode.symmetry) for mode in search.modes] == [(np.inf, None)] * 2
    assert {mode.parity for mode in search.modes} == {"even", "odd"}
    [folded] = folded_wavelengths(cell, polarization)
    assert search.modes[0].wavelength_nm < folded * 1.001
    assert search.modes[1].wavelength_nm > folded * 0.999
    off = bloch_modes(cell, polarization, np.pi / 200.0 - 1e-9, search.wavelengths_nm, orders=12)
    assert [m.wavelength_nm for m in off.modes] == pytest.approx([m.wavelength_nm for m in search.modes], rel=1e-6)


def test_a_pole_of_d_is_a_pole_of_reflection() -> None:
    """Scattering by another path through the code diverges as 1/(k0 − pole): at distances 1e-7 and 1e-6 of k0 in the ratio 10 ± 1e-3."""
    mode = pair(d4(0.001))["bright"]
    orders = Orders(mode.cell, "TE", mode.orders.number)
    k0 = mode.k0_per_nm * (1 + np.array([1e-7, 1e-6]))
    waves = scattered(orders, points(mode.cell, k0, np.zeros(2, dtype=complex)))
    size = np.abs(waves.edges[1]).max(axis=1)
    assert size[0] > 1e3
    assert size[0] / size[1] == pytest.approx(10.0, rel=1e-3)


@pytest.mark.parametrize(("polarization", "least"), [("TE", 2.5), ("TM", 1.5)])
@pytest.mark.parametrize("name", ["dielectric", "silver"])
def test_convergence_with_the_orders(polarization: Polarization, least: float, name: str) -> None:
    """The error of ω falls at least as orders^-2.5 (TE: fields with a jump in the second derivative give 3) and orders^-1.5 (TM).

    Orders 4, 8, 16, 32 against 64. With the products of TM factorised the other way round the rate is below 1.
    """
    cell = d4(0.001) if name == "dielectric" else silver()
    start = bloch_modes(cell, polarization, orders=16, least_q=8).modes
    if not start:
        assert (name, polarization) == ("silver", "TE")
        return
    mode = start[0]

    def at(number: int) -> complex:
        return bloch_mode_of(mode, number).k0_per_nm

    best = at(64)
    errors = np.array([abs(at(number) - best) / abs(best) for number in (4, 8, 16)])
    assert errors[-1] < 2e-4
    rate = -np.polyfit(np.log([4, 8, 16]), np.log(errors), 1)[0]
    assert rate > least


def bloch_mode_of(mode: BlochMode, number: int) -> BlochMode:
    """The same mode with another number of orders."""
    return refined(replace(mode.orders, number=number), mode.kx_per_nm, mode.k0_per_nm)


def test_spurious_modes_of_a_corrugated_metal_are_left_out() -> None:
    """Silver with inclined walls in TM: every mode returned stays where it is, to 0.5 % of k0, at 10 and 16 orders; it is told that no
    certificate can be given."""
    cell = silver()
    cell = replace(cell, profile=GratingProfile(390.0, 40.0, 0.5, "trapezoid", 60.0))
    search = bloch_modes(cell, "TM", wavelengths_nm=(540.0, 700.0), least_q=8)
    assert not search.certified
    assert "a corrugated metal in TM makes spurious modes" in search.note
    assert search.modes
    for mode in search.modes:
        assert abs(bloch_mode_of(mode, 16).k0_per_nm / mode.k0_per_nm - 1) < 5e-3


def test_dispersion_of_the_materials_counts() -> None:
    """A slope dn/dλ moves the mode as the index at its own wavelength does: n(λ) put in by hand and iterated gives the same."""
    slope = np.array([0.0, -2e-4, -5e-4, 0.0])
    cell = d4(dindex_dwavelength=slope, wavelength_nm=600.0)
    mode = bloch_mode(cell, 614.0, "TE", "dark")
    flat = d4(wavelength_nm=600.0, index=cell.index + slope * (mode.wavelength_nm - 600.0))
    assert bloch_mode(flat, 614.0, "TE", "dark").wavelength_nm == pytest.approx(mode.wavelength_nm, rel=1e-12)
    assert mode.energy_confinement["QD"] != pytest.approx(bloch_mode(flat, 614.0, "TE", "dark").energy_confinement["QD"], rel=1e-3)


def test_a_cell_without_mirror_and_its_reverse() -> None:
    """x -> −x takes k_x to −k_x: a blazed cell at k_x has the modes of its reverse at −k_x, and by reciprocity of itself at −k_x."""
    window = (580.0, 600.0)
    there = bloch_modes(unlike(), "TM", 1e-4, window, least_q=15)
    back = bloch_modes(unlike(), "TM", -1e-4, window, least_q=15)
    assert there.certified
    assert len(there.modes) == 2
    assert [m.symmetry for m in there.modes] == [None] * len(there.modes)
    assert [m.k0_per_nm for m in there.modes] == pytest.approx([m.k0_per_nm for m in back.modes], rel=1e-9)


def test_from_a_stack_with_dispersion() -> None:
    """A file's modes have the indices at their own wavelengths: to 1e-6 nm those of a cell made there (its slope does the rest)."""
    stack = load_stack("jung2022-lito-ag").changed({"grating": {"layer": "L-ITO", "period": 390, "depth": 30, "duty": 0.5, "order": 2}})
    search = bloch_modes(stack, least_q=20)
    assert search.certified
    assert {mode.symmetry for mode in search.modes} == {"bright", "dark"}
    for mode in search.modes:
        own = unit_cell(stack, mode.wavelength_nm)
        assert bloch_mode(own, mode.wavelength_nm, "TE", mode.symmetry, near_q=mode.q).wavelength_nm == pytest.approx(
            mode.wavelength_nm, abs=1e-6
        )
        assert sum(mode.loss_rates.values()) * mode.q == pytest.approx(1.0, abs=1e-3)
    dark, bright = sorted(search.modes, key=lambda mode: -mode.q)
    assert dark.symmetry == "dark"
    assert threshold(dark).gain_per_cm < threshold(bright).gain_per_cm


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_inclined_walls_in_finer_slices(polarization: Polarization) -> None:
    """Sinusoid 40 nm deep, dielectric: the error of ω falls with the slices' height as its square (midpoint rule): 8 to 4 to 2 nm."""
    cell = d4(0.001, profile=GratingProfile(400.0, 40.0, 0.5, "sinusoid"))
    near = bloch_modes(cell, polarization, orders=5).modes[0]

    def at(height: float) -> complex:
        return refined(replace(near.orders, slice_height_nm=height), 0.0, near.k0_per_nm).k0_per_nm

    coarse, middle, fine = at(8.0), at(4.0), at(2.0)
    assert abs(middle - fine) / abs(fine) < 2e-5
    assert 2.5 < abs(coarse - middle) / abs(middle - fine) < 6.0


def test_averaged_stack() -> None:
    """TE ⟨ε⟩, TM 1/⟨1/ε⟩ along x and ⟨ε⟩ along z; half depth halves the distance of the Bloch pair's middle from its planar mode."""
    cell = d4(duty=0.3)
    te, tm = averaged(cell, "TE"), averaged(cell, "TM")
    assert te.index[2] ** 2 == pytest.approx(0.3 * 1.6**2 + 0.7 * 1.9**2)
    assert tm.index[2] ** -2 == pytest.approx(0.3 / 1.6**2 + 0.7 / 1.9**2)
    assert tm.index_extraordinary[2] == pytest.approx(te.index[2])
    off = []
    for depth in (20.0, 10.0):
        shallow = d4(profile=GratingProfile(400.0, depth, 0.3))
        middle = np.mean([mode.wavelength_nm for mode in bloch_modes(shallow).modes])
        off.append(middle - folded_wavelengths(shallow, "TE")[0])
    assert 2.5 < off[0] / off[1] < 6.0  # second order in the depth


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_fields_are_continuous_and_periodic(polarization: Polarization) -> None:
    """U has no jump at any interface, half-spaces included, and gains e^{i k_x Λ} over a period; odd modes vanish at a tooth's middle."""
    cell = d4(0.001)
    search = bloch_modes(cell, polarization, 3e-4)
    for mode in search.modes:
        x = np.linspace(-200.0, 200.0, 9)
        for z in (0.0, 220.0, 250.0, 300.0):
            below, above = mode.waves.field(x, [z - 1e-7, z + 1e-7])
            np.testing.assert_allclose(below, above, atol=1e-7 * np.abs(below).max())
        first, second = mode.field([13.0, 413.0], [240.0])[0]
        assert second / first == pytest.approx(np.exp(1j * 3e-4 * 400.0), abs=1e-12)
    dark = pair(cell, polarization)["dark"].field([-70.0, 0.0, 70.0], [100.0])[0]
    assert dark[1] == pytest.approx(0.0, abs=1e-12)
    assert dark[0] == pytest.approx(-dark[2], abs=1e-12)


def test_refusals() -> None:
    with pytest.raises(ArgumentError, match="`orders` must be an integer >= 0"):
        bloch_modes(d4(), orders=-1)
    with pytest.raises(ArgumentError, match=r"`wavelengths_nm` must be \(low, high\) with 0 < low < high"):
        bloch_modes(d4(), wavelengths_nm=(620.0, 610.0))
    with pytest.raises(ArgumentError, match="`polarization` must be one of 'TE', 'TM'"):
        bloch_modes(d4(), "both")  # type: ignore[arg-type]
    with pytest.raises(ModeSearchError, match="no Bloch mode near 560 nm"):
        bloch_mode(d4(), 560.0, "TE", "dark")
    with pytest.raises(ArgumentError, match="the cell has no gain layer"):
        threshold(bloch_mode(replace(d4(), gain_layers=()), 620.5, "TE", "dark"))
