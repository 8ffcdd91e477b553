"""Vertical cavities: closed forms, energy balance, the planar solver's reflectance, exact layered gratings, case D5."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qdphotonics import planar
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings import VerticalCavity, VerticalMode, vertical_modes
from qdphotonics.optics import spectrum
from qdphotonics.stacks import load_stack
from qdphotonics.units import LIGHT_NM_PER_S, extinction

FILE = Path(__file__).parent.parent / "reference" / "dfb_thresholds.json"
LAYERED: list[dict[str, Any]] = [
    case for case in json.loads(FILE.read_text(encoding="utf-8"))["cases"] if case["id"].startswith("exact-layers")
]


def made(*given: Any, **changes: Any) -> VerticalCavity:
    """A cavity from lists."""
    return VerticalCavity(*given, **changes)


def slab(index: complex, outside: complex, thickness_nm: float = 1000.0, slope: complex = 0.0) -> VerticalCavity:
    """One layer between equal half-spaces: a Fabry-Perot with ideal mirrors of r = (n − n_out)/(n + n_out)."""
    return made(
        ("substrate", "spacer", "superstrate"), [outside, index, outside], [thickness_nm], 600.0, [0.0, slope, 0.0], gain_layers=(1,)
    )


def microcavity(pairs: int = 6, loss: float = 0.0) -> VerticalCavity:
    """A λ cavity with 20 nm of gain in its middle between Bragg mirrors for 600 nm, on glass."""
    high, low = 600.0 / 4 / 2.3, 600.0 / 4 / 1.46
    index = [1.52, *([2.3, 1.46] * pairs), 1.6, 1.7 + 1j * loss, 1.6, *([1.46, 2.3] * pairs), 1.0]
    core = (600.0 - 1.7 * 20.0) / 1.6 / 2
    thickness = [*([high, low] * pairs), core, 20.0, core, *([low, high] * pairs)]
    names = ("substrate", *(f"layer {k}" for k in range(len(thickness))), "superstrate")
    return made(names, index, thickness, 600.0, gain_layers=(2 * pairs + 2,))


def nearest(cavity: VerticalCavity, wavelength_nm: float = 600.0) -> VerticalMode:
    found = vertical_modes(cavity, (wavelength_nm - 15, wavelength_nm + 15)).modes
    return min(found, key=lambda mode: abs(mode.wavelength_nm - wavelength_nm))


@pytest.mark.parametrize("outside", [4.0, 1.0, 0.2])
def test_fabry_perot_with_ideal_mirrors(outside: float) -> None:
    """r² e^{2i n k0 d} = 1: k0 = (mπ + i ln|r|)/(n d), every m of the window; Q = −mπ/(2 ln|r|)."""
    modes = vertical_modes(slab(1.5, outside), (400.0, 900.0), 2.0).modes
    log_r = np.log(abs((1.5 - outside) / (1.5 + outside)))
    orders = [m for m in range(1, 20) if 400 <= 3000.0 / m <= 900]
    orders = [m for m in orders if -m * np.pi / 2 / log_r >= 2]
    assert [mode.k0_per_nm for mode in modes] == pytest.approx([(m * np.pi + 1j * log_r) / 1500.0 for m in orders])
    assert [mode.q for mode in modes] == pytest.approx([-m * np.pi / (2 * log_r) for m in orders])


def test_quality_lifetime_and_width_belong_together() -> None:
    """Q = ω τ = λ/Δλ = E/ΔE."""
    mode = nearest(microcavity())
    omega_per_ns = mode.k0_per_nm.real * LIGHT_NM_PER_S * 1e-9
    assert mode.q == pytest.approx(omega_per_ns * mode.lifetime_ns)
    assert mode.q == pytest.approx(mode.wavelength_nm / mode.width_nm)
    assert mode.q == pytest.approx(1e3 * mode.energy_eV / mode.width_meV)


@pytest.mark.parametrize("loss", [0.0, 0.01])
def test_the_transmitted_line_is_the_resonance(loss: float) -> None:
    """The transmittance of the planar solver, of which this module knows nothing, peaks at Re k0 and is half of it Im k0 away.

    Background from the other modes: a part in Q of the peak, so 2 % at Q of some hundreds.
    """
    cavity = microcavity(5, loss)
    mode = nearest(cavity)
    k0 = mode.k0_per_nm
    wavelengths = 2 * np.pi / (k0.real + np.array([0.0, 1.0, -1.0]) * k0.imag)
    passed = planar.scatter(cavity.index, cavity.thickness_nm, wavelengths, 0.0, "TE").transmittance
    assert passed[1:] / passed[0] == pytest.approx([0.5, 0.5], rel=0.02)


@pytest.mark.parametrize("loss", [0.0, 0.02])
def test_energy_leaves_at_the_rate_of_the_decay(loss: float) -> None:
    """Poynting: 1/Q = (n_s|E_0|² + n_c|E_L|² + k0'∫Im ε|E|²)/(k0'∫Re ε|E|²), the integral by Gauss' rule on `field`; exact but for
    ε'' of a complex frequency, (1/Q)²."""
    cavity = microcavity(4, loss)
    mode = nearest(cavity)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    stored = absorbed = 0.0
    for layer, (low, high) in enumerate(zip(cavity.interfaces_nm[:-1], cavity.interfaces_nm[1:], strict=True), start=1):
        square = np.abs(mode.field(0.5 * (low + high) + 0.5 * (high - low) * nodes)) ** 2
        integral = float(np.sum(square * weights) * 0.5 * (high - low))
        stored += (cavity.index[layer] ** 2).real * integral
        absorbed += (cavity.index[layer] ** 2).imag * integral
    ends = np.abs(mode.field([0.0, cavity.interfaces_nm[-1]])) ** 2
    k = mode.k0_per_nm.real
    rates = np.array([1.52 * ends[0] / k, absorbed, 1.0 * ends[1] / k]) / stored
    assert rates.sum() == pytest.approx(1 / mode.q, rel=1e-3)
    told = mode.loss_rates
    assert told["substrate"] == pytest.approx(rates[0], rel=1e-3)
    assert sum(told[name] for name in cavity.names[1:-1]) == pytest.approx(rates[1], rel=1e-3, abs=1e-12)
    assert told["superstrate"] == pytest.approx(rates[2], rel=1e-3)


def test_index_response_is_the_derivative_of_the_frequency() -> None:
    """−∂ln k0/∂n by central differences of found resonances, with dispersion; error ~ step² = 1e-8."""
    cavity = microcavity(3, 0.01)
    slope = np.zeros(len(cavity.names), complex)
    slope[7], slope[3] = -2e-4, -1e-4 + 1e-5j
    cavity = made(cavity.names, cavity.index, cavity.thickness_nm, 600.0, slope, cavity.gain_layers)
    mode = nearest(cavity)
    for layer in (0, 3, 7, 8, len(cavity.names) - 1):
        moved = []
        for step in (1e-4, -1e-4):
            index = mode.cavity.index.copy()
            index[layer] += step
            other = made(cavity.names, index, cavity.thickness_nm, mode.wavelength_nm, slope)
            moved.append(np.log(nearest(other, mode.wavelength_nm).k0_per_nm))
        assert mode.index_response[layer] == pytest.approx(-(moved[0] - moved[1]) / 2e-4, abs=1e-6)


@pytest.mark.parametrize("cavity", [microcavity(5), slab(1.5, 30.0, slope=-1e-4)])
def test_at_its_threshold_gain_a_cavity_has_a_real_frequency(cavity: VerticalCavity) -> None:
    """The gain put into the index at the threshold's wavelength: Im k0 = 0; twice the gain: net gain."""
    mode = nearest(cavity)
    threshold = mode.threshold
    for factor, sign in ((1.0, 0), (2.0, 1), (0.5, -1)):
        index = mode.cavity.index.copy()
        index[list(cavity.gain_layers)] -= 1j * extinction(factor * threshold.gain_per_cm, threshold.wavelength_nm)
        other = made(cavity.names, index, cavity.thickness_nm, mode.wavelength_nm, cavity.dindex_dwavelength)
        k0 = nearest(other, mode.wavelength_nm).k0_per_nm
        if sign == 0:
            assert abs(k0.imag) < 1e-11 * k0.real
            assert 2 * np.pi / k0.real == pytest.approx(threshold.wavelength_nm, rel=1e-12)
        else:
            assert np.sign(k0.imag) == sign


def test_threshold_gain_of_a_fabry_perot() -> None:
    """g = −ln(r⁴)/(2 d)·… = ln(1/|r|²)/d as r hardly changes with the gain: mirrors of 0.999, error (Im n/n)² and that of r, 1e-5."""
    mode = nearest(slab(1.5, 3000.0))
    r = (3000.0 - 1.5) / (3000.0 + 1.5)
    assert mode.threshold.gain_per_cm == pytest.approx(1e7 * np.log(1 / r**2) / 1000.0, rel=1e-5)


def test_standing_wave_factors() -> None:
    """A thin layer at distance z from a perfect mirror: 2 sin²(nkz), from 0 on a node to 2 on an antinode; 1 over whole half waves."""
    n, mirror = 1.5, 1e6
    for place, wanted in ((50.0, 0.5), (100.0, 1.5), (150.0, 1.5), (200.0, 0.0)):
        cavity = made(("s", "below", "thin", "above", "c"), [mirror, n, n, n, mirror], [place - 0.5, 1.0, 799.5 - place], 600.0)
        mode = nearest(cavity)  # n d = 2 λ: nodes every 200 nm
        assert mode.standing_wave_factors[1] == pytest.approx(2 * np.sin(2 * np.pi * n * place / 600.0) ** 2, abs=1e-3)
        if place != 100.0 and place != 150.0:
            assert mode.standing_wave_factors[1] == pytest.approx(wanted, abs=0.51)
    assert nearest(slab(n, mirror, 800.0)).standing_wave_factors[0] == pytest.approx(1.0, abs=1e-3)


def test_confinement_is_a_share() -> None:
    mode = nearest(microcavity())
    assert sum(mode.confinement[name] for name in mode.cavity.names[1:-1]) == pytest.approx(1.0)
    thin = mode.cavity.gain_layers[0] - 1
    assert 1.5 < mode.standing_wave_factors[thin] <= 2.0


@pytest.mark.parametrize("case", LAYERED, ids=lambda case: case["id"])
def test_exact_layered_gratings(case: dict[str, Any]) -> None:
    """200 × (1.76 − ik | 90 nm, 1.74 − ik | 90 nm) between 1.75: wavelength and k at threshold, from 40-digit matrices; to 1e-10."""
    cavity = made(
        tuple(str(k) for k in range(402)), [1.75, *([1.76, 1.74] * 200), 1.75], [90.0] * 400, 630.0, gain_layers=tuple(range(1, 401))
    )
    threshold = nearest(cavity, float(case["lambda_nm"])).threshold
    assert threshold.wavelength_nm == pytest.approx(float(case["lambda_nm"]), rel=1e-12)
    assert extinction(threshold.gain_per_cm, threshold.wavelength_nm) == pytest.approx(float(case["k_threshold"]), abs=1e-10)


def test_every_resonance_of_a_long_cavity() -> None:
    """100 µm: 2nd/λ orders; all 42 of 20 nm are there, spaced c/(2 n_g d) with the dispersion n_g = n − λ dn/dλ."""
    found = vertical_modes(slab(1.5, 6.0, 1e5, slope=-2e-4), (590.0, 610.0))
    index = np.array([1.5 - 2e-4 * (mode.wavelength_nm - 600.0) for mode in found.modes])
    orders = np.array([2 * n * 1e5 / mode.wavelength_nm for n, mode in zip(index, found.modes, strict=True)])
    assert orders == pytest.approx(np.round(orders), abs=2e-3)  # Im λ times the slope
    assert (np.diff(np.round(orders)) == 1).all()
    first, last = 2e5 * (1.5 - 2e-4 * 10) / 610, 2e5 * (1.5 + 2e-4 * 10) / 590
    assert len(found.modes) == int(np.floor(last) - np.ceil(first)) + 1
    assert found.spacings_meV == pytest.approx(1e3 * 1239.84198 / (2 * (1.5 + 0.12) * 1e5), rel=2e-3)


def test_a_metal_mirror_absorbs() -> None:
    """Silver on one side: the loss splits into what the silver takes and what passes the Bragg mirror; the reflectance dips there."""
    high, low = {"name": "H", "material": "TiO2", "thickness": 67}, {"name": "L", "material": "SiO2", "thickness": 108}
    stack = load_stack(
        {
            "name": "metal and layers",
            "wavelength": 630,
            "substrate": "glass",
            "superstrate": "air",
            "layers": [
                {"repeat": 6, "layers": [high, low]},
                {"name": "QD", "material": "cg-QD film", "thickness": 400, "role": "gain"},
                {"name": "Ag", "material": "Ag", "thickness": 100},
            ],
            "gain": {"medium": "cg-QD"},
        }
    )
    found = vertical_modes(stack, (560.0, 720.0)).modes
    best = max(found, key=lambda mode: mode.q)
    rates = best.loss_rates
    assert rates["Ag"] > 10 * rates["superstrate"]
    assert rates["Ag"] + rates["substrate"] == pytest.approx(1 / best.q, rel=0.02)
    near = best.wavelength_nm + best.width_nm * np.linspace(-2.0, 2.0, 401)
    assert near[np.argmin(spectrum(stack, near).TE.reflectance[0])] == pytest.approx(best.wavelength_nm, abs=0.05 * best.width_nm)
    # each mode holds the indices of its own wavelength
    assert best.cavity.index == pytest.approx(stack.index(best.wavelength_nm), rel=1e-6)


def test_d5_two_photon_pumped_cavity() -> None:
    """[D] Fig. 7: a line at 1.80 eV, 0.77 meV (0.3 nm) wide, further modes within the gain band; the file states the geometry.

    Width 0.793 meV (0.303 nm). Spacing 61 and 65 meV: hc/(2 Σ n d) less what the mirrors' depth takes, 10 to 20 %.
    """
    stack = load_stack("quantum-shell-cavity")
    found = vertical_modes(stack, (650.0, 730.0))
    line = min(found.modes, key=lambda mode: abs(mode.energy_eV - 1.80))
    assert line.energy_eV == pytest.approx(1.80, abs=1e-3)
    assert line.width_meV == pytest.approx(0.77, rel=0.05)
    assert line.width_nm == pytest.approx(0.3, rel=0.05)
    optical = 840 * 1.95 + 4921 * 1.488
    alone = 1e3 * 1239.84198 / (2 * optical)
    assert (found.spacings_meV < alone).all()
    assert (found.spacings_meV > 0.8 * alone).all()
    # lasing needs what films of such dots give (450 1/cm, assumed 150 to 1000), and the pump at 800 nm passes the front mirror at 45°
    assert line.threshold.gain_per_cm < 500
    pump = planar.scatter(stack.index(800.0).real, stack.thickness_nm, 800.0, 45.0, "TM").transmittance
    assert pump > 0.8


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: made(("s", "c"), [1.5], [], 600.0), "index"),
        (lambda: made(("s", "a", "c"), [1.5, 2, 1], [-1.0], 600.0), "thickness_nm"),
        (lambda: made(("s", "a", "c"), [1.5, 2, 1], [1.0], 600.0, gain_layers=(5,)), "gain_layers"),
        (lambda: vertical_modes(slab(1.5, 4.0), (700.0, 600.0)), "wavelengths_nm"),
        (lambda: vertical_modes(slab(1.5, 4.0), (600.0, 700.0), 0.5), "least_q"),
        (lambda: VerticalMode(0.01 - 1e-5j, made(("s", "a", "c"), [4, 1.5, 4], [1000.0], 600.0)).threshold, "cavity"),
    ],
)
def test_impossible_cavities_are_refused(call: Any, name: str) -> None:
    with pytest.raises(ArgumentError, match=f"`{name}`"):
        call()
