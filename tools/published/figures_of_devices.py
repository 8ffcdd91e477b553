"""What the publications say of modes and devices."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from tools.published.claims import FALLING, RISING, Claim, about, between, digits, points, said, share

EDGE_POWER = (
    "the light grows exponentially up to the edge, so that a tenth of the net gain moves the power by 40 % (figures in that section); all "
    "light that leaves the edge into air counts, at 300 K. What the measurement collected, and how much film without current lay before "
    "the edge, is not published"
)
SPONTANEOUS = (
    "this is guided light, which the dots on its way absorb most in the middle of their line; the measured band is not polarised ([B] Fig. "
    "46c), as guided light would be. The dots' own line is 83 meV wide"
)

CLAIMS: Mapping[str, Mapping[str, Claim]] = {
    "M1": {
        "electrode ITO": Claim("Γ in the electrode of ITO", "34 %", 34, points(34), "[B] § 6.2.1", "%"),
        "electrode L-ITO": Claim("Γ in the electrode of L-ITO", "22 %", 22, points(22), "[B] § 6.2.1", "%"),
        "dots ITO": Claim("Γ in the dots, ITO", "18 %", 18, points(18), "[B] § 6.2.1", "%"),
        "dots L-ITO": Claim("Γ in the dots, L-ITO", "23 %", 23, points(23), "[A] Fig. 6c, [B] § 6.2.1", "%"),
        "loss": Claim("loss α, L-ITO", "≈ 35 cm⁻¹", 35, share(35), "[A] on Fig. 6", "cm⁻¹"),
        "modal gain": Claim("modal gain Γ·G at G = 200 cm⁻¹, L-ITO", "≈ 46 cm⁻¹", 46, share(46), "[A] on Fig. 6", "cm⁻¹"),
        "net gain": Claim("net gain Γ·G − α, L-ITO", "46 − 35 = 11 cm⁻¹", 11, RISING, "[A] on Fig. 6", "cm⁻¹"),
        "net gain ITO": Claim("net gain Γ·G − α, ITO", "none given", None, FALLING, "", "cm⁻¹", ".0f"),
        "lases": said("L-ITO in a cavity lases", "by light, not by current", "[A] Fig. 6d, f"),
        "limit": said("what stands in the way of the current", "current", "[A] on Fig. 6"),
        "cavity": said("lases by light in a cavity of less than the margin, of more", "yes, no", "[A] Fig. 6d"),
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
        "net gain": Claim("net gain Γ·G − α at 750 cm⁻¹", "300 − 143 = 157 cm⁻¹", 157, RISING, "[B] § 6.3.2", "cm⁻¹", ".0f"),
        "character": said("character of TM0", "plasmonic", "[B] § 6.2.2, Fig. 38"),
        "ratio": Claim("loss of TM0 over that of TE0", "much greater", None, between(5, inf, "≥ 5"), "[B] § 6.2.2", "", ".1f"),
        "optical": said("amplified spontaneous emission under light", "yes", "[B] § 6.3.2, Fig. 42"),
        "note": said("what the report says of temperature", "77 K only", "[B] § 6.3.2"),
    },
    "M3": {
        "polarization": said("polarization of the mode of largest net gain", "TE", "[B] § 6.4.2, Fig. 46c"),
        "character": said("its character", "bragg", "[B] § 6.4.1"),
        "peak": said("layer of its main peak", "QD", "[B] § 6.4.2"),
        "dots": Claim("its Γ in the dots", "23 %", 23, between(20, 26, "20 … 26 %"), "[B] § 6.4.2", "%"),
        "loss": Claim("its loss α, ITO of 652 cm⁻¹", "≈ 16 cm⁻¹", 16, between(0, 35, "≤ 35"), "[B] § 6.4.2", "cm⁻¹"),
        "modal gain": Claim("its modal gain Γ·G at G = 780 cm⁻¹", "≈ 180 cm⁻¹", 180, share(180), "[B] § 6.4.2", "cm⁻¹", ".0f"),
        "net gain": Claim("its net gain Γ·G − α", "≈ 164 cm⁻¹", 164, share(164), "[B] § 6.4.2", "cm⁻¹", ".0f"),
        "best TM": Claim("largest net gain of a TM mode at saturation", "quenched", None, FALLING, "[B] § 6.4.2", "cm⁻¹"),
        "ratio": Claim(
            "loss of the TM mode of largest Γ in the dots, over that of the TE mode",
            "strong quenching",
            None,
            between(5, inf, "≥ 5"),
            "[B] § 6.4.2",
            "",
            ".0f",
        ),
        "threshold": Claim(
            "current density at which net gain begins (ASE)",
            "13 (best), ≈ 30 ± 50 % (mean) A/cm²",
            30,
            between(10, 40, "10 … 40"),
            "[B] § 6.4.2",
            "A/cm²",
        ),
        "electrical": said("amplified spontaneous emission by current", "yes", "[B] § 6.4.2"),
        "TM": said("modes of TM that amplify at any drive", "none", "[B] § 6.4.2, Fig. 46c"),
    },
    "M3 stripe": {
        "threshold": Claim(
            "net gain begins at, N_ML = 1", "13 (best), ≈ 30 ± 50 % (mean) A/cm²", 30, between(10, 40, "10 … 40"), "[B] § 6.4.2", "A/cm²"
        ),
        "TM": said("modes of TM that amplify at any current", "none", "[B] Fig. 46c"),
        "weak": Claim("width of 1S at the edge, 3 A/cm²", "82 meV", 82, share(82), "[B] § 6.4.2", "meV", ".0f", missed=SPONTANEOUS),
        "wide": Claim("width of 1S 7.5 µm from the dark end, 1,933 A/cm²", "≈ 80 meV", 80, share(80), "[B] § 6.4.2", "meV", ".0f"),
        "narrow": Claim("the same at the edge, after 300 µm", "∼ 40 meV", 40, share(40), "[B] § 6.4.2", "meV", ".0f"),
        "1S": Claim("peak of the 1S band", "1.93 eV", 1.93, about(1.93, 0.02), "[B] § 6.4.2", "eV", ".2f"),
        "1P": Claim("peak of the 1P band", "2.11 eV", 2.11, about(2.11, 0.02), "[B] § 6.4.2", "eV", ".2f"),
        "power": Claim(
            "power from one edge into air, 1,933 A/cm²",
            "0.17 mW",
            0.17,
            between(0.03, 0.3, "0.03 … 0.3 (order of 0.1)"),
            "[B] § 6.4.2, Fig. 45",
            "mW",
            ".2f",
            missed=EDGE_POWER,
        ),
    },
    "M4": {
        "net gain": Claim("net gain Γ·G − α at G = 200 cm⁻¹", "lasing quenched", None, FALLING, "[A], [B] § 6.2.1", "cm⁻¹", ".0f"),
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
}
