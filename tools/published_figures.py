"""What the publications say: every published figure that docs/published-results.md compares, in one table, with its source.

Sources:

[A] Jung, Ahn, Klimov, Nat. Photonics 15, 643 (2021), 10.1038/s41566-021-00827-6
[B] Ahn, Livache, Pinchetti, Klimov, Chem. Rev. 123, 8251 (2023), 10.1021/acs.chemrev.2c00865
[R] Roh, Park, Lim, Klimov, Nat. Commun. 11, 271 (2020), 10.1038/s41467-019-14014-3
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

POINTS, SHARE = 2.0, 0.15  # the agreement asked of confinements [percentage points] and of losses
SOURCES = "\n".join(f"- {line}" for line in (__doc__ or "").splitlines() if line.startswith("["))


@dataclass(frozen=True)
class Asked:
    """What agreement is: bounds on the computed number, or the answer itself, and how to say it."""

    low: float
    high: float
    text: str
    answer: str | None = None

    def accepts(self, computed: float | str) -> bool:
        """Whether a computed number or answer agrees."""
        return computed == self.answer if isinstance(computed, str) else self.low <= computed <= self.high


def points(value: float) -> Asked:
    return Asked(value - POINTS, value + POINTS, f"± {POINTS:g} points")


def share(value: float, part: float = SHARE) -> Asked:
    return Asked(value * (1 - part), value * (1 + part), f"± {part:.0%}".replace("%", " %"))


def digits(value: float, unit_of_last: float) -> Asked:
    return Asked(value - unit_of_last / 2, value + unit_of_last / 2, "digits printed")


def between(low: float, high: float, text: str) -> Asked:
    return Asked(low, high, text)


def answer(text: str) -> Asked:
    return Asked(-inf, inf, "the same", text)


@dataclass(frozen=True)
class Claim:
    """One published figure. ``value`` is None where words were published, and ``form`` prints the computed number."""

    quantity: str
    published: str
    value: float | None
    asked: Asked
    source: str
    unit: str = ""
    form: str = ".1f"


def said(quantity: str, published: str, source: str) -> Claim:
    """A claim in words, to be computed as the same words."""
    return Claim(quantity, published, None, answer(published), source)


_RISING = between(0.0, inf, "> 0")
_FALLING = between(-inf, 0.0, "< 0")

CLAIMS: Mapping[str, Mapping[str, Claim]] = MappingProxyType({
    "M1": {
        "electrode ITO": Claim("Γ in the electrode of ITO", "34 %", 34, points(34), "[B] § 6.2.1", "%"),
        "electrode L-ITO": Claim("Γ in the electrode of L-ITO", "22 %", 22, points(22), "[B] § 6.2.1", "%"),
        "dots ITO": Claim("Γ in the dots, ITO", "18 %", 18, points(18), "[B] § 6.2.1", "%"),
        "dots L-ITO": Claim("Γ in the dots, L-ITO", "23 %", 23, points(23), "[A] Fig. 6c, [B] § 6.2.1", "%"),
        "loss": Claim("loss α, L-ITO", "≈ 35 cm⁻¹", 35, share(35), "[A] on Fig. 6", "cm⁻¹"),
        "modal gain": Claim("modal gain Γ·G at G = 200 cm⁻¹, L-ITO", "≈ 46 cm⁻¹", 46, share(46), "[A] on Fig. 6", "cm⁻¹"),
        "net gain": Claim("net gain Γ·G − α, L-ITO", "46 − 35 = 11 cm⁻¹", 11, _RISING, "[A] on Fig. 6", "cm⁻¹"),
        "net gain ITO": Claim("net gain Γ·G − α, ITO", "none given", None, _FALLING, "", "cm⁻¹", ".0f"),
        "lases": said("L-ITO in a cavity lases", "by light, not by current", "[A] Fig. 6d, f"),
    },
    "M1b": {
        "dots thin": Claim("Γ in the dots, 50 nm of dots, 60 nm of TCTA", "18.5 %", 18.5, points(18.5), "[R] Fig. 3", "%"),
        "dots thick": Claim("Γ in the dots, 100 nm of dots, 500 nm of TCTA", "13.5 %", 13.5, points(13.5), "[R] Fig. 3", "%"),
        "bare": said("TE modes guided by a bare film of 50 nm", "none", "[R] Fig. 3"),
    },
    "M2": {
        "dots": Claim("Γ in the dots", "≈ 40 %", 40, points(40), "[B] § 6.3.2, Fig. 41", "%"),
        "loss": Claim("loss α", "≈ 143 cm⁻¹", 143, share(143), "[B] § 6.3.2", "cm⁻¹"),
        "modal gain": Claim("modal gain Γ·G at G = 750 cm⁻¹", "300 cm⁻¹", 300, share(300), "[B] § 6.3.2", "cm⁻¹", ".0f"),
        "net gain": Claim("net gain Γ·G − α at 750 cm⁻¹", "300 − 143 = 157 cm⁻¹", 157, _RISING, "[B] § 6.3.2", "cm⁻¹", ".0f"),
        "character": said("character of TM0", "plasmonic", "[B] § 6.2.2, Fig. 38"),
        "ratio": Claim("loss of TM0 over that of TE0", "much greater", None, between(5, inf, "≥ 5"), "[B] § 6.2.2", "", ".1f"),
    },
    "M3": {
        "polarization": said("polarization of the mode of largest net gain", "TE", "[B] § 6.4.2, Fig. 46c"),
        "character": said("its character", "bragg", "[B] § 6.4.1"),
        "peak": said("layer of its main peak", "QD", "[B] § 6.4.2"),
        "dots": Claim("its Γ in the dots", "23 %", 23, between(20, 26, "20 … 26 %"), "[B] § 6.4.2", "%"),
        "loss": Claim("its loss α, ITO of 652 cm⁻¹", "≈ 16 cm⁻¹", 16, between(0, 35, "≤ 35"), "[B] § 6.4.2", "cm⁻¹"),
        "modal gain": Claim("its modal gain Γ·G at G = 780 cm⁻¹", "≈ 180 cm⁻¹", 180, share(180), "[B] § 6.4.2", "cm⁻¹", ".0f"),
        "net gain": Claim("its net gain Γ·G − α", "≈ 164 cm⁻¹", 164, share(164), "[B] § 6.4.2", "cm⁻¹", ".0f"),
        "best TM": Claim("largest net gain of a TM mode at saturation", "quenched", None, _FALLING, "[B] § 6.4.2", "cm⁻¹"),
        "ratio": Claim(
            "loss of the TM mode of largest Γ in the dots, over that of the TE mode", "strong quenching", None,
            between(5, inf, "≥ 5"), "[B] § 6.4.2", "", ".0f",
        ),
        "threshold": Claim(
            "current density at which net gain begins (ASE)", "13 (best), ≈ 30 ± 50 % (mean) A/cm²", 30, between(10, 40, "10 … 40"),
            "[B] § 6.4.2", "A/cm²",
        ),
    },
    "M4": {
        "net gain": Claim("net gain Γ·G − α at G = 200 cm⁻¹", "lasing quenched", None, _FALLING, "[A], [B] § 6.2.1", "cm⁻¹", ".0f"),
        "MoOx": Claim("absorption of MoOx at 600 nm", "3153 cm⁻¹", 3153, share(3153, 0.05), "[B] § 6.2.2", "cm⁻¹", ".0f"),
        "Al": Claim("of Al at 600 nm", "1.3 × 10⁶ cm⁻¹", 1.3e6, digits(1.3e6, 1e5), "[B] § 6.2.2", "cm⁻¹", ".2e"),
        "Ag": Claim("of Ag at 600 nm", "8.4 × 10⁵ cm⁻¹", 8.4e5, digits(8.4e5, 1e4), "[B] § 6.2.2", "cm⁻¹", ".2e"),
        "Au": Claim("of Au at 600 nm", "6.8 × 10⁵ cm⁻¹", 6.8e5, digits(6.8e5, 1e4), "[B] § 6.2.2", "cm⁻¹", ".2e"),
        "ZnO": Claim("of ZnO at 610 nm", "4.6 cm⁻¹", 4.6, digits(4.6, 0.1), "[B] § 6.2.2", "cm⁻¹"),
    },
    "M5": {
        "TE": said("character of TE0", "photonic", "[B] § 6.2.2, Fig. 38a"),
        "TM": said("character of TM0", "plasmonic", "[B] § 6.2.2, Fig. 38b"),
        "ratio": Claim("loss of TM0 over that of TE0", "much greater", None, between(5, inf, "≥ 5"), "[B] § 6.2.2, Fig. 38c", "", ".0f"),
    },
    "G1": {
        "threshold": Claim("excitons per dot at transparency", "∼ 1.15", 1.15, digits(1.15, 0.01), "[B] § 2.2.2", "", ".4f"),
    },
    "G4": {
        "transparency": Claim("current density at transparency", "0.36 kA/cm²", 0.36, digits(0.36, 0.01), "[B] eq. 8", "kA/cm²", ".3f"),
        "half": Claim("current density at half gain", "6.3 kA/cm²", 6.3, digits(6.3, 0.1), "[B] eq. 9", "kA/cm²", ".2f"),
        "light": Claim("cw intensity at half gain, 3 eV", "2.5 MW/cm²", 2.5, digits(2.5, 0.1), "[B] § 2.3.3", "MW/cm²", ".2f"),
    },
    "G5": {
        "transparency": Claim("current density at transparency", "0.19 kA/cm²", 0.19, digits(0.19, 0.01), "[A] eq. 2", "kA/cm²", ".3f"),
        "half": Claim("current density at half gain", "2.5 kA/cm²", 2.5, share(2.5, 0.03), "[A] eq. 3", "kA/cm²", ".3f"),
        "P0": Claim("share of empty dots at 1 A/cm²", "0.93", 0.93, digits(0.93, 0.01), "[A] after eq. 3", "", ".3f"),
        "P1": Claim("of dots with one exciton", "0.07", 0.07, digits(0.07, 0.01), "[A] after eq. 3", "", ".3f"),
        "P2": Claim("of dots with two", "3 × 10⁻⁵", 3e-5, digits(3e-5, 1e-5), "[A] after eq. 3", "", ".1e"),
        "P0 half": Claim("share of empty dots at half gain", "3 × 10⁻³", 3e-3, digits(3e-3, 1e-3), "[A] after eq. 3", "", ".1e"),
        "P1 half": Claim("of dots with one exciton", "0.5", 0.5, digits(0.5, 0.1), "[A] after eq. 3", "", ".3f"),
        "P2 half": Claim("of dots with two", "0.5", 0.5, digits(0.5, 0.1), "[A] after eq. 3", "", ".3f"),
    },
    "G6": {
        "transparency": Claim("current density at transparency", "7 A/cm²", 7, digits(7, 1), "[B] § 5.3, [A] on Fig. 5", "A/cm²", ".2f"),
        "half": Claim("current density at half gain", "24 A/cm²", 24, share(24, 0.1), "[B] § 5.3", "A/cm²"),
        "yield": Claim("emission yield of the biexciton", "43 %", 43, digits(43, 1), "[B] § 2.4.2", "%"),
    },
    "G7": {
        "short": Claim("cw intensity at half gain, short form hν/(στ)", "≈ 14 kW/cm²", 14, digits(14, 1), "[B] § 2.4.1", "kW/cm²"),
        "exact": Claim("the same, exact form", "≈ 14 kW/cm²", 14, share(14, 0.1), "[B] § 2.4.1", "kW/cm²"),
    },
    "H1": {
        "time": Claim("heat dissipation time C/K", "3.9 µs", 3.9, share(3.9, 0.03), "[B] § 6.1.5", "µs", ".2f"),
        "short": Claim("less heating by 1 µs pulses, linear formula", "∼ 75 %", 75, digits(75, 1), "[B] § 6.1.5, eq. 13", "%"),
        "full": Claim("the same, full formula", "∼ 75 %", 75, between(70, 80, "± 5 points"), "[B] § 6.1.5", "%"),
    },
})
