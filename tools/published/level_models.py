"""The 2-, 3- and 4-level models of [C]: its figures from the inputs found for them, and what its two forms differ by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log
from typing import Literal

import numpy as np

from qdphotonics.gain.level_models import LevelModel, band_edge_fluence_J_per_cm2, published_model
from tools.published.sections import Limit, Section

Set = Literal[1, 2]
FWHM_MEV = 80.0
STOKES_MEV: Mapping[str, float] = {"3": 12.0, "4": 50.0}  # of Set 1
AVOGADRO = 6.02214076e23
# CdSe dots of 5 nm, of the size that emits in [C]'s range (assumed 4 to 6 nm): molar absorption of the band edge 5857 D^2.65 by Yu, Qu,
# Guo, Peng, Chem. Mater. 15, 2854 (2003), [C]'s reference 108; [C] gives no cross-section.
CROSS_SECTION_CM2 = log(10) * 1e3 / AVOGADRO * 5857 * 5.0**2.65
PUMP_EV = 2.0


def gaussian(offset_meV: float) -> float:
    """2^(-(2 E/FWHM)²), a line of Set 1."""
    return float(2 ** (-((2 * offset_meV / FWHM_MEV) ** 2)))


def one_set(number: Set) -> tuple[dict[str, float | str], dict[str, Limit]]:
    """Thresholds and cross-section of a set, each where [C] is read: at E_E, or at the emission maximum of full dots."""
    computed: dict[str, float | str] = {}
    limits = {}
    for levels in (3, 4):
        for biexciton in (False, True):
            model = published_model(number, levels, biexciton=biexciton)
            probe = 0.0 if number == 1 else model.emission_maximum_meV
            key = f"{levels} {'with' if biexciton else 'without'}"
            computed[key] = float(model.threshold(probe))
            if number == 1:
                a, e = gaussian(model.stokes_shift_meV), gaussian(model.biexciton_absorption_meV) if biexciton else 0.0
                limits[key] = Limit(2 * a / (a + 1 - e), float(model.threshold(probe)))
            if biexciton and levels == 3:
                computed["cross-section"] = float(model.cross_section(probe))
    return computed, limits


def set_1() -> Section:
    computed, limits = one_set(1)
    for levels, stokes in STOKES_MEV.items():
        there, away = (LevelModel(FWHM_MEV, stokes, -x, biexciton_absorption_strength=1.0) for x in (0.0, 60.0))
        computed[f"trend {levels} 0"], computed[f"trend {levels} 60"] = float(there.threshold(0.0)), float(away.threshold(0.0))
        limits[f"trend {levels} 60"] = Limit(2 * gaussian(stokes) / (gaussian(stokes) + 1 - gaussian(60.0)), float(away.threshold(0.0)))
    below = (
        "[C] prints thresholds but neither its formulas nor its inputs; those taken here reproduce its figures in the literal form (width "
        "80 meV, S 12 or 50 meV, absorption into XX 31 meV from the emission). Closed forms: 2a/(1 + a) and "
        "2a/(1 + a − e), a = g_A(E_E), e = g_A2(E_E), to 10⁻¹².",
        consistent(),
    )
    return Section("C1", "Level models, Set 1 of [C]", "Literal form, read at the emission of X.", computed, below, limits, "closed form")


def set_2() -> Section:
    computed, _ = one_set(2)
    fluences = {}
    for levels in (3, 4):
        for biexciton in (False, True):
            excitons = published_model(2, levels, biexciton=biexciton).ase_threshold()
            fluence = 1e3 * float(band_edge_fluence_J_per_cm2(excitons, CROSS_SECTION_CM2, PUMP_EV))
            fluences[f"ASE {levels} {'with' if biexciton else 'without'}"] = fluence
    computed |= fluences
    for levels in (3, 4):
        computed[f"ratio {levels}"] = fluences[f"ASE {levels} with"] / fluences[f"ASE {levels} without"]
    below = (
        "Fluences of amplified spontaneous emission: where the gain somewhere in the spectrum reaches 5 % of σ_A, the least that [C] calls "
        f"usual, with σ_A = {1e15 * CROSS_SECTION_CM2:.1f} × 10⁻¹⁵ cm² (CdSe dots of 5 nm) and band-edge filling, ⟨N⟩ = 2(1 − e^(−σJ/2)). "
        "[C] prints neither its cross-section nor its criterion, so that order and ratio are what is compared.",
    )
    return Section("C2", "Level models, Set 2 of [C]", "Literal form, read at the emission maximum of full dots.", computed, below)


def consistent() -> str:
    """The best that the form which counts the states can do, by least squares over its four shifts."""
    from scipy.optimize import least_squares

    def thresholds(shifts: np.ndarray) -> list[float]:
        found = []
        for stokes in shifts[:2]:
            full = LevelModel(FWHM_MEV, stokes, shifts[2], shifts[3], biexciton_absorption_strength=1.0, form="consistent")
            found += [float(LevelModel(FWHM_MEV, stokes, form="consistent").threshold(0.0)), float(full.threshold(0.0))]
        return found

    def miss(shifts: np.ndarray) -> np.ndarray:
        return np.asarray(np.array(thresholds(shifts)) - [1.0, 1.5, 0.5, 1.0])

    fit = least_squares(miss, [10.0, 50.0, 10.0, 40.0], bounds=([0] * 4, [80, 80, 60, 60]))
    best = thresholds(fit.x)
    model = LevelModel(FWHM_MEV, fit.x[0], fit.x[2], fit.x[3], biexciton_absorption_strength=1.0, form="consistent")
    return (
        "The consistent form, which counts the states as the chain does, gives at best (shifts fitted, emission of XX within 60 meV of "
        f"that of X) {best[0]:.2f} → {best[1]:.2f} and {best[2]:.2f} → {best[3]:.2f}, with a cross-section of "
        f"{model.cross_section(model.emission_maximum_meV):.2f}: [C]'s 0.3 needs absorption that survives in full dots."
    )


SECTIONS: Mapping[str, Callable[[], Section]] = {"C1": set_1, "C2": set_2}
