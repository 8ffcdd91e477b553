"""Energies of dots from their compounds: spheres, core/shell dots, quantum shells, platelets, cubes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import pi

import qdphotonics as qdp
from qdphotonics.gain.states import (
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


def type_two() -> Section:
    profile = RadialProfile.of(("CdS", 1.6), ("ZnSe", 3.6))
    static, optical = solve_radial(profile, screening="static"), solve_radial(profile, screening="optical")
    first = solve_radial(profile, screening="optical", self_consistent=False)
    computed: dict[str, float | str] = {
        "class": static.classification,
        "repulsion": optical.exciton_exciton_meV,
    }
    below = (
        f"[B] gives no sizes: these are assumed. Mean field with optical constants; static ones give {static.exciton_exciton_meV:.0f} meV, "
        f"first order {first.exciton_exciton_meV:.0f} meV.",
    )
    return Section("S2", "Type-II dots of CdS/ZnSe", "Radial solver.", computed, below)


def shells() -> Section:
    computed: dict[str, float | str] = {}
    spherical, softer = [], []
    for key, diameter in CORES_NM.items():
        core = diameter / 2
        profile = RadialProfile.of(("CdS", core), ("CdSe", core + SHELL_NM), ("CdS", core + SHELL_NM + OUTER_SHELL_NM))
        polar, radial = solve_polar(profile), solve_radial(profile, screening="optical")
        computed[f"repulsion {key}"] = polar.exciton_exciton_meV
        if key == "7.2":
            shift = polar.exciton_exciton_meV / MEV_PER_EV
            computed["X"], computed["XX"] = wavelength_nm(polar.exciton_eV), wavelength_nm(polar.exciton_eV + shift)
        spherical.append(f"{radial.exciton_exciton_meV:.1f}")
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
        f"{' and '.join(spherical)} meV. The polar axis of wurtzite draws them to opposite poles (`solve_polar`), which gives the rows "
        f"above with optical constants, {' and '.join(softer)} meV with static ones; the polarisation of CdS is known to some 30 %, strain "
        "is not in it, and nothing is fitted. CdSe of 1.75 nm ([D]) under 3 nm of CdS (chosen).",
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
