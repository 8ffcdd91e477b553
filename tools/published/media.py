"""Measured gains, charges and repulsion (G10, G11), from the shipped media."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

import qdphotonics as qdp
from qdphotonics.units import wavelength_nm
from tools.published.sections import Section

if TYPE_CHECKING:
    from qdphotonics.gain import Medium

GAINS: Mapping[str, tuple[str, str]] = {
    "cg-QD": ("cg-QD", "1S heavy hole"),
    "ccg-QD 1S": ("ccg-QD", "1S"),
    "ccg-QD 1P": ("ccg-QD", "1P"),
    "platelets": ("CdSe-nanoplatelet", "heavy hole"),
    "perovskite": ("CsPbBr3", "1S"),
    "PbS": ("PbS-doped", "1S"),
}
AROUND_EV = 0.06  # of a line: its peak, not that of the next
CHARGE = 3.1  # mean electrons per dot at the lowest threshold, [B] Fig. 14
NEUTRAL_EXCITONS = 1.3  # at which the neutral laser starts, [B] section 3.3.2
FLUENCES = np.logspace(-5, -2, 3001)  # J/cm²


def saturated_peak_per_cm(name: str, line: str) -> float:
    """The largest gain of a saturated film near a line."""
    medium = qdp.load_medium(name)
    centre = next(each.energy_eV for each in medium.lines if each.name.startswith(line))
    energies = centre + np.linspace(-AROUND_EV, AROUND_EV, 241)
    return float(medium.gain_spectrum_per_cm(wavelength_nm(energies), current_density_A_per_cm2=np.inf).max())


def g10() -> Section:
    computed = {key: saturated_peak_per_cm(*of) for key, of in GAINS.items()}
    lead = "Peaks of the saturated spectra of the media; the measured gain is an input, line shapes and the tails of other lines are not."
    return Section("G10", "Saturated material gain", lead, computed)


def first_gain_J_per_cm2(medium: Medium, energy_eV: float, delay_ns: float) -> float:
    """Smallest fluence from which a film amplifies at a photon energy, a time after the pulse."""
    gain = medium.gain_spectrum_per_cm([wavelength_nm(energy_eV)], fluence_J_per_cm2=FLUENCES, delay_ns=delay_ns)[:, 0]
    return float(FLUENCES[gain > 0][0]) if (gain > 0).any() else float("inf")


def g11() -> Section:
    graded = qdp.load_medium("cg-QD")
    transparent = graded.threshold(0.0)
    fluence = NEUTRAL_EXCITONS * transparent.fluence_J_per_cm2 / transparent.pulse_excitons_per_dot
    cavity = float(graded.gain_per_cm_at_fluence(fluence)) / graded.material_gain_per_cm
    neutral, charged = graded.threshold(cavity), graded.charged(CHARGE).threshold(cavity)

    repelling = qdp.load_medium("CdS-ZnSe")
    exciton, biexciton = repelling.gain_energy_eV, repelling.gain_energy_eV + repelling.exciton_exciton_meV / 1e3
    delays = {key: factor * repelling.biexciton_lifetime_ns for key, factor in (("at once", 0.0), ("1", 1.0), ("1.25", 1.25))}
    of_x = {key: first_gain_J_per_cm2(repelling, exciton, delay) for key, delay in delays.items()}
    of_xx = {key: first_gain_J_per_cm2(repelling, biexciton, delay) for key, delay in delays.items()}
    later = 5 * repelling.biexciton_lifetime_ns
    alone = first_gain_J_per_cm2(repelling, exciton, later) < first_gain_J_per_cm2(repelling, biexciton, later)

    doped, plain = qdp.load_medium("PbS-doped"), qdp.load_medium("PbS")
    computed: dict[str, float | str] = {
        "charged": charged.pulse_excitons_per_dot / neutral.pulse_excitons_per_dot,
        "fluence": charged.fluence_J_per_cm2 / neutral.fluence_J_per_cm2,
        "X before XX": "X" if of_x["1"] < of_xx["1"] and alone else "XX",
        "XX over X": of_xx["1.25"] / of_x["1.25"],
        "PbS": doped.threshold(0.0).pulse_excitons_per_dot,
        "PbS over plain": doped.threshold(0.0).pulse_excitons_per_dot / plain.threshold(0.0).pulse_excitons_per_dot,
        "PbS 2.7": doped.charged(2.7).threshold(0.0).pulse_excitons_per_dot,
        "PbS 4.8": doped.charged(4.8).threshold(0.0).pulse_excitons_per_dot,
        "PbS wavelength": doped.gain_wavelength_nm,
    }
    below = (
        f"cg-QDs on a grating: the neutral laser starts at {NEUTRAL_EXCITONS} excitons per dot, which sets the gain that its cavity takes; "
        f"the same gain of dots with ⟨n_e⟩ = {CHARGE}, distributed by chance, takes {charged.pulse_excitons_per_dot:.2f}. Fluences are "
        "those at the dots; the published ones fall on a device.",
        f"CdS/ZnSe: just after the pulse the biexciton's band needs less light than the exciton's ({1e3 * of_xx['at once']:.2f} against "
        f"{1e3 * of_x['at once']:.2f} mJ/cm²), but Auger decay ends its gain while that of the exciton lasts. The rows take the time that "
        f"light needs to build up as 1 and 1.25 τ_XX (τ_XX = {1e3 * repelling.biexciton_lifetime_ns:.0f} ps). Only order and ratio are "
        f"compared: the exciton's threshold after 1.25 τ_XX is {1e3 * of_x['1.25']:.2f} mJ/cm² at the dots for an absorption "
        "cross-section that no source gives, against 2 mJ/cm² on the sample with all its losses.",
    )
    return Section("G11", "Charged dots, repelling excitons, lead sulphide", "`cg-QD`, `CdS-ZnSe`, `PbS-doped`, `PbS`.", computed, below)


SECTIONS: Mapping[str, Callable[[], Section]] = {"G10": g10, "G11": g11}
