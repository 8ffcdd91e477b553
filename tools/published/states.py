"""Energies of dots from their compounds: spheres, core/shell dots, quantum shells, platelets, cubes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import pi

import qdphotonics as qdp
from qdphotonics.gain.states import (
    Compound,
    RadialProfile,
    bessel_zero,
    cube,
    degeneracy,
    gap_eV,
    level_energy_eV,
    load_compound,
    platelet,
    solve_polar,
    solve_radial,
)
from qdphotonics.units import MEV_PER_EV, wavelength_nm
from tools.published.sections import Section, table

COMPOUNDS = ("CdS", "CdSe", "CdTe", "InP", "PbS", "PbSe", "ZnSe")
RADII_NM = (2.0, 2.5, 3.0, 4.0)
OUTER_SHELL_NM = 3.0  # of CdS around the shell of CdSe; [D] gives none
SHELL_NM = 1.75  # [D]: the particles grow by 3.5 nm with the CdSe
CORES_NM: Mapping[str, float] = {"7.2": 7.2, "8.7": 8.7}  # diameters
PLATELET_NM2 = 340.0  # [B] Fig. 24
CORE_NM, RADIUS_NM = 1.6, 3.6  # of CdS/ZnSe, assumed
MOVED = {
    "electron_affinity_eV": "affinity (eV)",
    "gap_eV": "gap (eV)",
    "electron_mass": "electron mass",
    "hole_mass": "hole mass",
    "optical_dielectric": "optical ε",
}
APART_EV = -2.0  # CdSe so far above CdS that no electron is in it


def spheres() -> Section:
    computed: dict[str, float | str] = {name: bessel_zero(n, L) for name, (n, L) in LEVELS.items()}
    computed |= {"degeneracies": ", ".join(str(degeneracy(L)) for L in range(3)), "lead": str(degeneracy(0, load_compound("PbS").valleys))}
    rows = []
    for name in COMPOUNDS:
        compound = load_compound(name)
        bands = "hyperbolic" if name.startswith("Pb") else "parabolic"
        gaps = gap_eV(compound, RADII_NM, bands=bands)  # type: ignore[arg-type]
        rows.append((name, f"{compound.gap_eV:.2f}", *(f"{gap:.2f}" for gap in gaps), bands))
    finite = solve_radial(RadialProfile.of(("CdSe", 2.5))).gap_eV
    infinite = float(gap_eV(load_compound("CdSe"), 2.5))
    closed = load_compound("CdSe").gap_eV + sum(
        float(level_energy_eV(1, 0, 2.5, mass)) for mass in (load_compound("CdSe").electron_mass, load_compound("CdSe").hole_mass)
    )
    below = (
        "Gap (eV) by E_g0 + E_e,1S + E_h,1S against the radius, infinite walls, for the compounds of [B] Fig. 1, which draws curves and "
        "prints no numbers; lead salts with two bands that repel each other:",
        table(("compound", "bulk", *(f"{radius:g} nm" for radius in RADII_NM), "bands"), rows),
        f"Infinite walls put small dots too high, CdSe of 2.5 nm at {infinite:.2f} eV where 2.0 eV is measured. The radial solver gives "
        f"{finite:.4f} eV for the same sphere, the closed form {closed:.4f}.",
    )
    return Section("S1", "Levels of a sphere", "E = ħ²φ²/(2mR²), φ the zeros of the spherical Bessel functions.", computed, below)


LEVELS: Mapping[str, tuple[int, int]] = {"1P": (1, 1), "1D": (1, 2), "2S": (2, 0), "1F": (1, 3)}


def repulsion_meV(compounds: Mapping[str, Compound], radius_nm: float = RADIUS_NM) -> tuple[float, float]:
    """Delta_XX of CdS/ZnSe, self-consistent and of first order, optical constants."""
    profile = RadialProfile.of((compounds["CdS"], CORE_NM), (compounds["ZnSe"], radius_nm))
    found = [solve_radial(profile, angular_momenta=1, self_consistent=each).exciton_exciton_meV for each in (True, False)]
    return found[0], found[1]


def within_the_ranges() -> str:
    """How Delta_XX of CdS/ZnSe moves within what the compounds' and the medium's files allow; each to its ends, then all."""
    taken: dict[str, Compound] = {name: load_compound(name) for name in ("CdS", "ZnSe")}
    rows, most, least = [], dict(taken), dict(taken)
    for name, quantity in ((name, quantity) for name in taken for quantity in MOVED):
        ends = [_changed(taken[name], quantity, end) for end in taken[name].assumed[quantity]]
        found = [repulsion_meV(taken | {name: compound}) for compound in ends]
        low, high = sorted((0, 1), key=lambda end: found[end][0])
        least[name] = _changed(least[name], quantity, getattr(ends[low], quantity))
        most[name] = _changed(most[name], quantity, getattr(ends[high], quantity))
        value, (first, last) = getattr(taken[name], quantity), taken[name].assumed[quantity]
        rows.append((f"{name}, {MOVED[quantity]}", f"{value:g}", f"{first:g} … {last:g}", *_spans(found)))
    smallest, largest = qdp.load_medium("CdS-ZnSe").assumed["radius_nm"]
    found = [repulsion_meV(taken, radius) for radius in (smallest, largest)]
    rows.append(("outer radius (nm)", f"{RADIUS_NM:g}", f"{smallest:g} … {largest:g}", *_spans(found)))
    found = [repulsion_meV(compounds) for compounds in (least, most)]
    rows.append(("all constants at once", "", "", *_spans(found)))
    return table(("input", "taken", "range", "Δ_XX (meV)", "first order"), rows)


def _changed(compound: Compound, quantity: str, value: float) -> Compound:
    return replace(compound, **{quantity: value})  # type: ignore[arg-type]  # quantities that are floats


def _spans(found: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """Both ends of each quantity."""
    return tuple(f"{first:.0f} … {last:.0f}" for first, last in zip(*found, strict=True))


def type_two() -> Section:
    profile = RadialProfile.of(("CdS", CORE_NM), ("ZnSe", RADIUS_NM))
    static, optical = solve_radial(profile, screening="static"), solve_radial(profile, screening="optical")
    first = solve_radial(profile, screening="optical", self_consistent=False)
    computed: dict[str, float | str] = {
        "class": static.classification,
        "repulsion": optical.exciton_exciton_meV,
    }
    below = (
        f"[B] gives no sizes: these are assumed. Mean field with optical constants; static ones give {static.exciton_exciton_meV:.0f} meV, "
        f"first order, as Piryatinski et al. (Nano Lett. 7, 108 (2007)) reckon, {first.exciton_exciton_meV:.0f} meV. The constants outside "
        "the dot drop out: its charges are spherical and their sum is 0. Within the ranges that the files of compounds and medium give:",
        within_the_ranges(),
        "The mean field comes to the published value with all constants near the ends that separate the carriers most; none is chosen for "
        "it.",
    )
    return Section("S2", "Type-II dots of CdS/ZnSe", "Radial solver.", computed, below)


def _spherical(core_nm: float, above_eV: float) -> tuple[float, float]:
    """First-order Delta_XX (meV) and squared overlap of a shell of CdSe whose conduction edge lies so far below that of CdS."""
    outer = load_compound("CdS")
    inner = replace(load_compound("CdSe"), electron_affinity_eV=outer.electron_affinity_eV + above_eV)
    profile = RadialProfile.of((outer, core_nm), (inner, core_nm + SHELL_NM), (outer, core_nm + SHELL_NM + OUTER_SHELL_NM))
    states = solve_radial(profile, angular_momenta=1, self_consistent=False)
    return states.exciton_exciton_meV, states.overlap_squared


def shells() -> Section:
    computed: dict[str, float | str] = {}
    spherical, softer, offsets, apart = [], [], [], []
    inner, outer = (load_compound(name).assumed["electron_affinity_eV"] for name in ("CdSe", "CdS"))
    depth = inner[0] - outer[1], inner[1] - outer[0]
    for key, diameter in CORES_NM.items():
        core = diameter / 2
        profile = RadialProfile.of(("CdS", core), ("CdSe", core + SHELL_NM), ("CdS", core + SHELL_NM + OUTER_SHELL_NM))
        polar, radial = solve_polar(profile), solve_radial(profile, screening="optical")
        computed[f"repulsion {key}"] = polar.exciton_exciton_meV
        if key == "7.2":
            shift = polar.exciton_exciton_meV / MEV_PER_EV
            computed["X"], computed["XX"] = wavelength_nm(polar.exciton_eV), wavelength_nm(polar.exciton_eV + shift)
        spherical.append(f"{radial.exciton_exciton_meV:.1f}")
        offsets.append(f"{' … '.join(f'{_spherical(core, offset)[0]:.1f}' for offset in depth[::-1])}")
        apart.append(_spherical(core, APART_EV))
        softer.append(f"{solve_polar(profile, screening='static').exciton_exciton_meV:.0f}")
    for key, name in (("7.2", "quantum-shell"), ("8.7", "quantum-shell-large")):
        medium = qdp.load_medium(name)
        computed[f"yield {key}"] = 100 * medium.biexciton_yield
        computed[f"Auger {key}"] = medium.auger_lifetime_ns
    shell = qdp.load_medium("quantum-shell")
    lasting = float(shell.gain_spectrum_per_cm([shell.gain_wavelength_nm], fluence_J_per_cm2=1e-5, delay_ns=6.0)[0])
    computed["lifetime"] = "gain" if lasting > 0 else "absorption"
    below = (
        f"A spherical dot has no such repulsion: electron and hole lie on the same shell, and the radial mean field gives "
        f"{' and '.join(spherical)} meV. Within the affinities' ranges, the electron's well {depth[0]:.2f} … {depth[1]:.2f} eV deep, it is "
        f"{' and '.join(offsets)} meV (first order). Even an electron held wholly in the core, the hole in the shell "
        f"(|⟨e|h⟩|² of {' and '.join(f'{overlap:.3f}' for _, overlap in apart)}: type II, which [D]'s shells are not), would have "
        f"{' and '.join(f'{repulsion:.0f}' for repulsion, _ in apart)} meV: separation along the radius cannot be it.",
        "The polar axis of wurtzite draws electron and hole to opposite poles (`solve_polar`), which gives the rows above with optical "
        f"constants, {' and '.join(softer)} meV with static ones; the polarisation of CdS is known to some 30 %, strain is not in it, and "
        "nothing is fitted. CdSe of 1.75 nm ([D]) under 3 nm of CdS (chosen).",
        "The media hold the exciton's lifetimes that the published pairs of yield and Auger lifetime imply (radiative rate of two "
        "excitons four times that of one); the yields follow from them.",
    )
    return Section("S3", "Quantum shells CdS/CdSe/CdS", "Cores of 7.2 and 8.7 nm; `quantum-shell`, `quantum-shell-large`.", computed, below)


def slabs_and_cubes() -> Section:
    plate = platelet(load_compound("CdSe"), 4, PLATELET_NM2)
    block = cube(load_compound("CsPbBr3"), 10.0)
    computed: dict[str, float | str] = {
        "exciton": wavelength_nm(plate.exciton_eV),
        "light hole": 1e3 * (plate.light_hole_splitting_eV or float("nan")),
        "plasma": plate.plasma_excitons,
        "cube": wavelength_nm(block.exciton_eV),
    }
    below = (
        f"Platelets of 4 monolayers, {PLATELET_NM2:g} nm²: the exciton is bound by {1e3 * plate.binding_eV:.0f} meV, its radius is "
        f"{plate.radius_nm:.2f} nm, so that {PLATELET_NM2 / (pi * plate.radius_nm**2):.0f} have room.",
    )
    return Section("S4", "Platelets and cubes", "CdSe platelets; CsPbBr₃ cubes of 10 nm.", computed, below)


SECTIONS: Mapping[str, Callable[[], Section]] = {"S1": spheres, "S2": type_two, "S3": shells, "S4": slabs_and_cubes}
