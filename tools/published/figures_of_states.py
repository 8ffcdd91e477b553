"""What the publications say of states and of the level models."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi

from tools.published.claims import Claim, about, between, digits, exact, factor, said, share

MEAN_FIELD = (
    "a mean field with the middle values of the bulk's constants, in which the functions give way to the repulsion, and assumed sizes. "
    "Within the constants' ranges lies the published value too (table in that section); none is chosen for it. The medium holds the "
    "measured value"
)

CLAIMS: Mapping[str, Mapping[str, Claim]] = {
    "S1": {
        "1P": Claim("φ of 1P", "4.49", 4.49, digits(4.49, 0.01), "[B] eq. 1", "", ".4f"),
        "1D": Claim("of 1D", "5.76", 5.76, digits(5.76, 0.01), "[B] eq. 1", "", ".4f"),
        "2S": Claim("of 2S", "2π", 2 * pi, exact(2 * pi), "[B] eq. 1", "", ".4f"),
        "1F": Claim("of 1F", "6.99", 6.99, digits(6.99, 0.01), "[B] eq. 1", "", ".4f"),
        "degeneracies": said("states of 1S, 1P, 1D", "2, 6, 10", "[B] § 3.4.1"),
        "lead": said("states of 1S in PbS", "8", "[B] § 3.2.2"),
    },
    "S2": {
        "class": said("alignment of CdS/ZnSe", "type II", "[B] § 3.2.1"),
        "repulsion": Claim(
            "Δ_XX of CdS/ZnSe, core 1.6 nm, shell 2 nm", "≈ 100 meV", 100, share(100), "[B] § 3.2.1", "meV", ".0f", missed=MEAN_FIELD
        ),
    },
    "S3": {
        "repulsion 7.2": Claim("Δ_XX, core of 7.2 nm", "57 to 80 meV", None, between(57, 80, "57 … 80"), "[D], Fig. 4a", "meV", ".0f"),
        "repulsion 8.7": Claim("Δ_XX, core of 8.7 nm", "57 to 80 meV", None, between(57, 80, "57 … 80"), "[D], Fig. 4a", "meV", ".0f"),
        "X": Claim("exciton's band, core of 7.2 nm", "∼ 670 nm", 670, share(670, 0.02), "[D], Fig. 4b", "nm", ".0f"),
        "XX": Claim("biexciton's band", "∼ 650 nm", 650, share(650, 0.02), "[D], Fig. 4b", "nm", ".0f"),
        "yield 7.2": Claim("QY_XX/QY_X, core of 7.2 nm, from τ_A = 22 ns", "57 %", 57, digits(57, 1), "[D], Fig. 3", "%"),
        "yield 8.7": Claim("core of 8.7 nm, from τ_A = 90 ns", "79 %", 79, digits(79, 1), "[D], Fig. 3", "%"),
        "Auger 7.2": Claim("τ_A, core of 7.2 nm", "22 ns", 22, exact(22), "[D], Fig. 3", "ns", ".0f"),
        "Auger 8.7": Claim("core of 8.7 nm", "90 ns", 90, exact(90), "[D], Fig. 3", "ns", ".0f"),
        "lifetime": said("6 ns after a pulse of 10 µJ/cm², at the exciton's energy", "gain", "[D]: gain lifetime of 6 ns"),
    },
    "S4": {
        "exciton": Claim("exciton of CdSe platelets of 4 monolayers", "512 nm", 512, share(512, 0.05), "[B] Fig. 20b", "nm", ".0f"),
        "light hole": Claim(
            "light hole above the heavy one", "100 to 200 meV", None, between(100, 200, "within"), "[B] § 4.1.1", "meV", ".0f"
        ),
        "plasma": Claim("excitons per platelet of 340 nm² at the plasma's gain", "> 35", 35, share(35, 0.25), "[B] Fig. 24", "", ".0f"),
        "cube": Claim("exciton of CsPbBr₃ cubes of 10 nm", "amplified at 540 nm", 540, share(540, 0.05), "[B] Fig. 27", "nm", ".0f"),
    },
    "C1": {
        "3 without": Claim("threshold of 3 levels without XX", "1.0", 1.0, about(0.97, 0.02), "[C] Fig. 8c", "", ".2f"),
        "3 with": Claim("with XX", "1.5", 1.5, about(1.47, 0.02), "[C] Fig. 8e", "", ".2f"),
        "4 without": Claim("of 4 levels without XX", "0.5", 0.5, about(0.51, 0.02), "[C] Fig. 8d", "", ".2f"),
        "4 with": Claim("with XX", "1.0", 1.0, about(1.00, 0.02), "[C] Fig. 8f", "", ".2f"),
        "cross-section": Claim(
            "cross-section of full dots over σ_A, with XX (1 without)", "0.3", 0.3, about(0.34, 0.02), "[C] § 3.3", "", ".2f"
        ),
        "trend 3 0": Claim("threshold, absorption into XX at the emission", "rises to 2", 2, exact(2), "[C] Fig. 8g", "", ".2f"),
        "trend 3 60": Claim("60 meV away, 3 levels", "falls", None, about(1.09, 0.02), "[C] Fig. 8g", "", ".2f"),
        "trend 4 0": Claim("at the emission, 4 levels", "rises to 2", 2, exact(2), "[C] Fig. 8h", "", ".2f"),
        "trend 4 60": Claim("60 meV away, 4 levels", "falls", None, about(0.60, 0.02), "[C] Fig. 8h", "", ".2f"),
    },
    "C2": {
        "3 without": Claim("threshold of 3 levels without XX", "1.0", 1.0, about(0.98, 0.02), "[C] Fig. 8c", "", ".2f"),
        "3 with": Claim("with XX", "1.5", 1.5, about(1.51, 0.02), "[C] Fig. 8e", "", ".2f"),
        "4 without": Claim("of 4 levels without XX", "0.5", 0.5, about(0.51, 0.02), "[C] Fig. 8d", "", ".2f"),
        "4 with": Claim("with XX", "1.0", 1.0, about(1.00, 0.02), "[C] Fig. 8f", "", ".2f"),
        "cross-section": Claim("cross-section of full dots over σ_A, with XX", "0.3", 0.3, about(0.31, 0.02), "[C] § 3.3", "", ".2f"),
        **{
            f"ASE {levels} {key}": Claim(
                f"ASE from, {levels} levels {key} XX", f"{value} mJ/cm²", value, factor(value, 1.5), "[C] § 3.4", "mJ/cm²", ".2f"
            )
            for levels, key, value in ((3, "without", 0.27), (3, "with", 0.69), (4, "without", 0.06), (4, "with", 0.30))
        },
        "ratio 3": Claim(
            "with XX over without, 3 levels", "0.69/0.27 = 2.6", 0.69 / 0.27, factor(0.69 / 0.27, 1.5), "[C] § 3.4", "", ".1f"
        ),
        "ratio 4": Claim("with XX over without, 4 levels", "0.30/0.06 = 5", 5, factor(5, 1.5), "[C] § 3.4", "", ".1f"),
    },
}
