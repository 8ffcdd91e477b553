"""Gratings and cavities (D1 to D5), by coupled waves and Bloch modes; Meep runs in tests/fdtd."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import qdphotonics as qdp
from qdphotonics import gratings, planar
from qdphotonics.gratings import CoupledWaves, DutyScan, GratingCoupling, Lattice
from qdphotonics.units import photon_energy_eV, wavelength_nm
from tools.published.sections import Section, shown, table

if TYPE_CHECKING:
    from qdphotonics.gratings import BandEdge, BlochMode
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

REFERENCE = Path(__file__).resolve().parents[2] / "tests" / "reference" / "dfb_thresholds.json"
ROUNDING = 1e-12  # errors below are rounding, which differs from machine to machine
WINDOW = (-24.0, 24.0)  # of δL: holds every mode of the file
DEPTHS_NM = (30.0, 15.0, 7.5)
ORDERS = {0.3: 15, 0.5: 40}  # of the Bloch modes: what is compared falls with the depth

ENERGIES_EV = (2.041, 2.065, 2.082, 2.099, 2.274)  # [B] Fig. 19
PERIODS_NM = {2.041: 355.0, 2.274: 320.0}  # those that the source gives

DUTIES = (0.25, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.75)
LOSSY = {"layers.L-ITO.material.k": 0.001}
ELECTRODE_GRATING = {"layer": "L-ITO", "period": 380, "depth": 30, "duty": 0.5, "order": 2}  # chosen; the period is then set to 630 nm
AWAY_PER_NM = (0.0, 6e-4, 8e-4)  # k_x: the stop band, and two places far from it
BANDS_NM = (605.0, 660.0)

SLAB_NM, BAND_NM = 170.0, (600.0, 670.0)  # [D], Fig. 6
HOLE, PILLAR = 0.3, 0.5  # of the period; SiNx is 70 % of a row ([D]), the pillars are chosen
OVER_HOLES_NM, OVER_PILLARS_NM = (0.0, 30.0, 60.0), 50.0  # of quantum shells; chosen
TAKEN_NM = 30.0  # of them

MEEP = {  # by what is computed: the test that runs it
    "lossless": "test_d4_within_the_issues_bounds",
    "lossy": "test_d4_with_loss",
    "slab": "test_a_slab_with_faint_holes_is_a_folded_planar_guide",
    "shells": "test_quantum_shells_in_a_square_lattice",
}
MEEP_FILE = "tests/fdtd/test_dfb.py"
SLAB_FILE = "tests/fdtd/test_slab.py"


def nm(value: float) -> str:
    return shown(value, ".2f")


def worst_of_reference() -> tuple[float, int, int]:
    """Largest error of (αL, δL) over the reference file, how many modes and gratings that is. It is written with exp(+iωt)."""
    cases: list[dict[str, Any]] = [each for each in json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"] if "modes" in each]
    errors = []
    for case in cases:
        kappa, *facets = (complex(real, -imaginary) for real, imaginary in (case["kappaL"], case["r1"], case["r2"]))
        shift = case["phase_shift_theta"]
        waves = CoupledWaves(
            kappa,
            self_coupling=1j * case["extra_loss_h1L"],
            facets=(facets[0], facets[1]),
            phase_shifts=[] if shift is None else [(0.5, shift)],
        )
        found = np.array([complex(each.field_gain, each.detuning) for each in waves.modes(WINDOW).modes])
        errors += [np.abs(found - complex(mode["alphaL_amplitude"], mode["deltaL"])).min() for mode in case["modes"]]
    return float(max(errors)), len(errors), len(cases)


@cache
def d4_stack(duty: float = 0.5, depth_nm: float = 30.0, lossy: bool = False) -> Stack:
    """The stack of D4."""
    return qdp.load_stack("dfb-test-cell").changed({"grating.duty": duty, "grating.depth": depth_nm, **(LOSSY if lossy else {})})


def bloch_edges(stack: Stack, coupling: GratingCoupling, orders: int) -> list[BlochMode]:
    """The Bloch modes of the edges of the stop band, in their order."""
    cell = gratings.unit_cell(stack)
    edges = coupling.edges
    return [gratings.bloch_mode(cell, edge.wavelength_nm, "TE", side(edge), near_q=edge.q, orders=orders) for edge in edges]


def side(edge: BandEdge) -> Literal["bright", "dark"]:
    """Of an edge of a second-order grating that has a mirror."""
    return "bright" if edge.symmetry == "bright" else "dark"


def against_bloch(duty: float, depth_nm: float) -> tuple[float, float]:
    """Splitting, and radiation loss of the bright edge, of coupled waves over those of Bloch modes."""
    coupling = gratings.grating_coupling(d4_stack(duty, depth_nm))
    first, second = modes = bloch_edges(d4_stack(duty, depth_nm), coupling, ORDERS[duty])
    splitting = coupling.stop_band_nm[1] - coupling.stop_band_nm[0]
    bright = next(mode for mode in modes if mode.symmetry == "bright")
    return splitting / (second.wavelength_nm - first.wavelength_nm), bright.q / coupling.edge("bright").q


def finite() -> Section:
    worst, modes, cases = worst_of_reference()
    found = {duty: [against_bloch(duty, depth) for depth in DEPTHS_NM] for duty in ORDERS}
    falls = {duty: [tuple((b[i] - 1) / (a[i] - 1) for i in (0, 1)) for a, b in pairwise(each)] for duty, each in found.items()}
    computed: dict[str, float | str] = {"worst": max(worst, ROUNDING)}
    computed |= {f"{kappa:g}": CoupledWaves(kappa).modes().modes[0].power_gain_per_cm(500.0) for kappa in (1.0, 3.0, 10.0)}
    computed |= {"splitting 30": found[0.3][0][0], "falls 30": falls[0.3][0][1], "falls more 30": falls[0.3][1][1]}
    computed |= {"splitting 50": found[0.5][0][0], "radiation 50": found[0.5][0][1], "falls 50": falls[0.5][0][0]}
    rows = [
        (f"{100 * duty:.0f} %", f"{depth:g}", *(shown(100 * (each - 1), "+.2f") for each in pair))
        for duty in ORDERS
        for depth, pair in zip(DEPTHS_NM, found[duty], strict=True)
    ]
    below = (
        "Coupled waves less Bloch modes, in per cent of Bloch modes:",
        table(("duty", "depth (nm)", "splitting", "radiation loss of the bright edge"), rows),
        "They part where the second Fourier coefficient is at work (30 %): in the radiation loss, by what the next order in the grating "
        "adds, which is linear in the depth. At 50 % that coefficient vanishes; partial waves alone split the edges, as depth².",
    )
    lead = (
        f"Thresholds of {modes} modes of {cases} finite gratings (`tests/reference/dfb_thresholds.json`: facets, λ/4 shift, gain and index "
        "coupling; errors below 10⁻¹², which are rounding, are shown as that), the cavity loss 2α they amount to, and coupled waves "
        "against Bloch modes in the cell of D4, lossless. Rows of this and the next sections whose source is a computed test case have "
        "no publication behind them. Γ·g_th = α_eff + α_cavity."
    )
    return Section("Gratings and cavities", "Finite gratings; coupled waves against Bloch modes", lead, computed, below)


def film(energy_eV: float, period_nm: float) -> Stack:
    return qdp.load_stack("cg-qd-dfb").changed({"grating.period": period_nm, "wavelength": float(wavelength_nm(energy_eV))})


def dark_by_bloch_eV(stack: Stack) -> float:
    dark = next(mode for mode in gratings.bloch_modes(stack).modes if mode.symmetry == "dark")
    return float(photon_energy_eV(dark.wavelength_nm))


def d1() -> Section:
    computed: dict[str, float | str] = {}
    for energy, period in PERIODS_NM.items():
        stack = film(energy, period)
        dark = gratings.grating_coupling(stack).edge("dark")
        computed[f"{period:g} coupled"] = float(photon_energy_eV(dark.wavelength_nm))
        computed[f"{period:g} Bloch"] = dark_by_bloch_eV(stack)
        computed[f"{period:g} index"] = dark.wavelength_nm / period
    rows = []
    for energy in ENERGIES_EV:
        wavelength = float(wavelength_nm(energy))
        period = gratings.period_for(film(energy, 340.0), wavelength, edge="dark")
        if energy not in PERIODS_NM:
            computed[f"{energy:g}"] = period
        printed = f"{PERIODS_NM[energy]:g}" if energy in PERIODS_NM else "–"
        bloch = dark_by_bloch_eV(film(energy, period))
        rows.append((f"{energy:g}", printed, f"{period:.1f}", f"{wavelength / period:.3f}", f"{bloch:.3f}"))
    below = (
        "Of the five gratings the source prints the first and the last period. Those that put the dark edge at its energies, by coupled "
        "waves, and where the Bloch mode of that period lies:",
        table(("lases at (eV)", "Λ printed (nm)", "Λ (nm)", "n_eff = λ/Λ", "Bloch mode (eV)"), rows),
        "Across the range n_eff rises by 1 % towards short waves, as that of every guide of normal dispersion; the printed figures let it "
        "fall by 0.4 %. A film some 10 % thinner on the finest grating would do that; film and relief are not published.",
    )
    lead = "`cg-qd-dfb`; one film for all periods, its thickness chosen. Without absorption the dark edge has the lowest threshold."
    return Section("D1", "One film of graded dots on five gratings", lead, computed, below)


def duty_table(scan: DutyScan) -> str:
    rows = []
    for duty, found, short in zip(scan.duty, scan.thresholds, scan.short_edge_wins, strict=True):
        edges = sorted(found, key=lambda each: each.wavelength_nm)
        cells = [f"{nm(each.passive.wavelength_nm)} {each.passive.symmetry}, {each.gain_per_cm:.0f}" for each in edges]
        rows.append((f"{100 * duty:.0f} %", *cells, "short" if short else "long"))
    return table(("duty", "short-wave edge (nm), threshold (cm⁻¹)", "long-wave edge (nm), threshold (cm⁻¹)", "lases first"), rows)


def duties(scan: DutyScan, short: bool) -> str:
    found = [f"{100 * duty:.0f}" for duty, wins in zip(scan.duty, scan.short_edge_wins, strict=True) if wins is short]
    return f"{', '.join(found)} %" if found else "none"


def electrode_grating() -> Stack:
    """M2's stack with a second-order grating in its L-ITO, at the stack's wavelength."""
    stack = qdp.load_stack("jung2022-lito-ag").changed({"grating": ELECTRODE_GRATING})
    return stack.changed({"grating.period": round(gratings.period_for(stack, stack.wavelength_nm))})


def d2() -> Section:
    simple = gratings.scan_duty(d4_stack(lossy=True), DUTIES, orders=8)
    stack = electrode_grating()
    device = gratings.scan_duty(stack, DUTIES, orders=8)
    cell = gratings.unit_cell(stack)
    bands = gratings.band_structure(cell, AWAY_PER_NM, wavelengths_nm=BANDS_NM, orders=6)
    group_index = gratings.grating_coupling(stack).mode.group_index
    slopes = np.diff(2 * np.pi / bands.wavelength_nm[:, 1:]).ravel() / np.diff(AWAY_PER_NM[1:]) * group_index
    width = abs(float(np.diff(bands.wavelength_nm[:, 0])[0]))
    computed: dict[str, float | str] = {
        "short": duties(simple, True),
        "long": duties(simple, False),
        "M2": "yes" if any(device.short_edge_wins) else "no",
        "M2 gap": "yes" if bands.certified and bands.wavelength_nm.shape[0] == 2 and width > 0 else "no",
        "up": float(slopes.max()),
        "down": float(slopes.min()),
    }
    period = stack.grating.period_nm if stack.grating else float("nan")
    below = (
        "D4's cell, L-ITO k 0.001; thresholds are material gain in the dots of an endless grating, by Bloch modes:",
        duty_table(simple),
        f"`jung2022-lito-ag` with a grating in its L-ITO (Λ {period:g} nm, 30 nm deep; the published geometry is not in our sources), "
        "silver at 300 K:",
        duty_table(device),
        "The dark edge, which lases first nearly always, changes sides at the duty at which first-order coupling and that by partial waves "
        "cancel: on the short side above it. The angle–wavelength map is `qdphotonics bands`.",
    )
    return Section("D2", "A second-order grating in the L-ITO electrode", "Edges of the stop band against duty; TE.", computed, below)


def slab(over_nm: float) -> Stack:
    """SiNx on silica under a film of quantum shells; the lattice comes in by its mean ε."""
    shells = [{"name": "QD", "material": "quantum-shell film", "thickness": over_nm}] if over_nm else []
    nitride = {"name": "lattice", "material": "Si3N4", "thickness": SLAB_NM}
    return qdp.load_stack({"name": "slab", "wavelength": 640, "substrate": "SiO2", "superstrate": "air", "layers": [nitride, *shells]})


def slab_index(over_nm: float, wavelength: float, lattice: Lattice, polarization: Polarization) -> float:
    """n_eff of the fundamental mode of the slab with its mean ε; shells fill the lattice."""
    stack = slab(over_nm)
    index = stack.index(wavelength).copy()
    shells, nitride = complex(qdp.load_material("quantum-shell film").index(wavelength)), complex(index[1])
    inside, outside = (shells, nitride) if lattice.element == "hole" else (nitride, shells)
    index[1] = np.sqrt(lattice.fourier_epsilon(inside**2, outside**2, [0, 0]))
    return float(planar.find_modes(index, stack.thickness_nm, wavelength, polarization).modes[0].n_eff.real)


def resonant_periods_nm(over_nm: float, polarization: Polarization) -> list[float]:
    """Periods of a square lattice of holes for the ends of the emission band: λ = n_eff Λ."""
    lattice = Lattice("square", 380.0, "hole", HOLE * 380.0)
    factor = lattice.resonant_index_period
    return [wavelength / (factor * slab_index(over_nm, wavelength, lattice, polarization)) for wavelength in BAND_NM]


def pillar_resonance_nm(period_nm: float) -> float:
    """λ at which λ = n_eff(λ) Λ, in nanopillars under shells."""
    from scipy.optimize import brentq

    lattice = Lattice("square", period_nm, "pillar", PILLAR * period_nm)
    factor = lattice.resonant_index_period * period_nm
    return float(brentq(lambda w: slab_index(OVER_PILLARS_NM, w, lattice, "TE") - w / factor, 520.0, 700.0, xtol=1e-3))


def d3() -> Section:
    periods = {(over, of): resonant_periods_nm(over, of) for over in OVER_HOLES_NM for of in ("TE", "TM")}
    taken = [*periods[TAKEN_NM, "TE"], *periods[TAKEN_NM, "TM"]]
    pillars = {f"{period:g}": pillar_resonance_nm(period) for period in (315.0, 335.0, 365.0)}
    computed: dict[str, float | str] = {
        "shortest": min(taken),
        "longest": max(taken),
        "made": "yes" if min(taken) >= 320 and max(taken) <= 460 else "no",
        **pillars,
        "trend": "rises" if pillars["315"] < pillars["335"] < pillars["365"] else "falls",
    }
    rows = [
        (f"{over:g}", of, *(f"{w / p:.3f}" for w, p in zip(BAND_NM, found, strict=True)), f"{found[0]:.0f} … {found[1]:.0f}")
        for (over, of), found in periods.items()
    ]
    below = (
        f"The rows take TE0 and TM0 under {TAKEN_NM:g} nm of shells over the lattice. That thickness is not published but chosen, for both "
        "ends of the range; how it moves them:",
        table(("shells over it (nm)", "mode", "n_eff at 600 nm", "at 670 nm", "Λ for 600 … 670 nm (nm)"), rows),
        "Nanopillars: [D] tells their periods and bands (X near 640 nm, XX 625, more excitons 615 to 565), but neither what they are made "
        f"of nor what is between them and the silicon. They are taken as SiNx of {PILLAR:g} Λ on silica under {OVER_PILLARS_NM:g} nm of "
        "shells, with which 365 nm gives 640 nm; what is compared is the tuning.",
        "Here the lattice is its mean ε, which says where it is resonant and not how it splits. In three dimensions "
        f"`fdtd.slab_resonances` (Meep) does that, not for this page; `{SLAB_FILE}` holds it to planar modes of square and triangular "
        f"lattices (`{MEEP['slab']}`) and finds the bright modes of holes filled with shells at n_eff 1.59 to 1.79 (`{MEEP['shells']}`).",
    )
    lead = (
        f"SiNx of {SLAB_NM:g} nm on silica, holes of {HOLE:g} Λ (a duty of 70 %) filled with quantum shells; λ = n_eff Λ of the slab "
        "with its mean ε. The periods asked are those of n_eff from 1.59 to 1.79; which period lased where is not in our source."
    )
    return Section("D3", "Square lattices filled with quantum shells", lead, computed, below)


def d4_values(lossy: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Wavelength, Q and, with loss, threshold of both edges: by coupled waves, by Bloch modes."""
    stack, mark = d4_stack(lossy=lossy), " lossy" if lossy else ""
    coupling, search = gratings.grating_coupling(stack), gratings.bloch_modes(stack)
    waves: dict[str, float] = {}
    bloch: dict[str, float] = {}
    for mode in search.modes:
        name = str(mode.symmetry)
        edge = coupling.edge(name)
        waves[f"{name} nm{mark}"], bloch[f"{name} nm{mark}"] = edge.wavelength_nm, mode.wavelength_nm
        waves[f"{name} Q{mark}"], bloch[f"{name} Q{mark}"] = edge.q, mode.q
        if lossy:
            waves[f"{name} gain"], bloch[f"{name} gain"] = coupling.threshold_gain_per_cm(name), gratings.threshold(mode).gain_per_cm
    return waves, bloch


D4_ROWS = {
    "bright nm": ("bright edge (nm)", ".3f", "lossless"),
    "dark nm": ("dark edge (nm)", ".3f", "lossless"),
    "bright Q": ("Q, bright", ".0f", "lossless"),
    "dark Q": ("Q, dark", ".0f", "lossless"),
    "bright Q lossy": ("Q, bright, k 0.001", ".0f", "lossy"),
    "dark Q lossy": ("Q, dark, k 0.001", ".0f", "lossy"),
    "bright gain": ("threshold, bright (cm⁻¹)", ".0f", ""),
    "dark gain": ("threshold, dark (cm⁻¹)", ".0f", ""),
}


def d4() -> Section:
    (waves, bloch), (more_waves, more_bloch) = d4_values(False), d4_values(True)
    waves, bloch = waves | more_waves, bloch | more_bloch
    finite_keys = [key for key in D4_ROWS if np.isfinite(bloch[key])]
    wavelengths = [key for key in finite_keys if key.endswith("nm")]
    computed: dict[str, float | str] = {key: bloch[key] if np.isfinite(bloch[key]) else "∞" for key in D4_ROWS}
    computed["apart nm"] = max(abs(waves[key] - bloch[key]) for key in wavelengths)
    computed["apart"] = 100 * max(abs(waves[key] / bloch[key] - 1) for key in finite_keys if key not in wavelengths)

    def text(value: float, form: str) -> str:
        return shown(value, form) if np.isfinite(value) else "∞"

    rows: list[Sequence[str]] = []
    for key, (quantity, form, test) in D4_ROWS.items():
        rows.append((quantity, text(waves[key], form), text(bloch[key], form), f"`{MEEP[test]}`" if test else "not run"))
    below = (
        f"Beside each other. Meep is run by the tests (`{MEEP_FILE}`), not for this page; they hold it to 0.1 nm and 5 %, the edges in "
        "the right order:",
        table(("", "coupled waves", "Bloch modes", "Meep, run by"), rows),
    )
    lead = "`dfb-test-cell`, TE, k_x = 0; the rows are Bloch modes."
    return Section("D4", "One cell, three engines", lead, computed, below)


def d5() -> Section:
    stack = qdp.load_stack("quantum-shell-cavity")
    medium = qdp.load_medium("quantum-shell-large")
    found = gratings.vertical_modes(stack, (650.0, 730.0))
    place = min(range(len(found.modes)), key=lambda k: abs(found.modes[k].energy_eV - 1.80))
    line = found.modes[place]
    names, index = [layer.name for layer in stack.layers], stack.index(line.wavelength_nm)[1:-1].real
    within = [k for k, name in enumerate(names) if name in ("QD", "PMMA")]
    alone = 1e3 * float(photon_energy_eV(2 * float(np.sum(index[within] * np.asarray(stack.thickness_nm)[within]))))
    gains = medium.gain_spectrum_per_cm([mode.wavelength_nm for mode in found.modes], current_density_A_per_cm2=np.inf)
    computed: dict[str, float | str] = {
        "line": line.energy_eV,
        "width": line.width_meV,
        "width nm": line.width_nm,
        "below": float(found.spacings_meV[place - 1]) / alone,
        "above": float(found.spacings_meV[place]) / alone,
        "more": "yes" if int((gains > 0).sum()) > 1 else "no",
        "lases": float(gains[place]) / line.threshold.gain_per_cm,
    }
    rows = [
        (f"{mode.energy_eV:.3f}", f"{mode.width_meV:.2f}", f"{mode.q:.0f}", f"{mode.threshold.gain_per_cm:.0f}", f"{gain:.0f}")
        for mode, gain in zip(found.modes, gains, strict=True)
    ]
    below = (
        "Every mode of 650 … 730 nm, beside the gain of the saturated medium there:",
        table(("mode (eV)", "width (meV)", "Q", "threshold gain (cm⁻¹)", "medium's largest gain (cm⁻¹)"), rows),
        f"The spacing is that of dots and spacer alone, hc/2Σnd = {alone:.0f} meV, less what light takes within the mirrors. No spacing is "
        "published, nor any thickness or mirror: spacer and film are chosen for line and width, so these rows show that one geometry gives "
        "both, and no more. The medium's largest gain is "
        f"{medium.gain_energy_eV + medium.exciton_exciton_meV / 1e3:.2f} eV's, of biexcitons.",
    )
    return Section("D5", "Two-photon-pumped cavity of quantum shells", "`quantum-shell-cavity`.", computed, below)


SECTIONS: Mapping[str, Callable[[], Section]] = {"Gratings and cavities": finite, "D1": d1, "D2": d2, "D3": d3, "D4": d4, "D5": d5}
