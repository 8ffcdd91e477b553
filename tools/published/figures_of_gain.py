"""What the publications say of dots: closed forms (G), measured media, heat (H)."""

from __future__ import annotations

from collections.abc import Mapping

from tools.published.claims import Claim, between, digits, exact, said, share

KA, A, KW = "kA/cm²", "A/cm²", "kW/cm²"

CLAIMS: Mapping[str, Mapping[str, Claim]] = {
    "G1": {
        "threshold": Claim("excitons per dot at transparency", "∼ 1.15", 1.15, digits(1.15, 0.01), "[B] § 2.2.2", "", ".4f"),
    },
    "G2": {
        "2, 0": Claim("⟨N⟩ at transparency, g = 2, no charge", "1", 1, exact(1), "[B] eq. 5", "", ".3g"),
        "2, 1": Claim("with one electron", "0.5", 0.5, exact(0.5), "[B] eq. 5", "", ".3g"),
        "2, 2": Claim("with two electrons", "0", 0, exact(0), "[B] eq. 5", "", ".3g"),
        "8, 0": Claim("⟨N⟩ at transparency, g = 8, no charge", "4", 4, exact(4), "[B] § 3.2.2", "", ".3g"),
        "8, 6": Claim("with six electrons", "1", 1, exact(1), "[B] § 3.2.2", "", ".3g"),
        "8, 2.7": Claim("with 2.7 electrons", "2.65", 2.65, exact(2.65), "[B] § 3.3.3", "", ".3g"),
        "8, 4.8": Claim("with 4.8 electrons", "1.6", 1.6, exact(1.6), "[B] § 3.3.3", "", ".3g"),
    },
    "G3": {
        "1S": Claim("⟨N⟩ at transparency of 1S", "1", 1, exact(1), "[B] eq. 7", "", ".3g"),
        "1P": Claim("of 1P", "5", 5, exact(5), "[B] eq. 7", "", ".3g"),
        "1D": Claim("of 1D", "13", 13, exact(13), "[B] eq. 7", "", ".3g"),
    },
    "G4": {
        "transparency": Claim("current density at transparency", "0.36 kA/cm²", 0.36, digits(0.36, 0.01), "[B] eq. 8", KA, ".3f"),
        "half": Claim("current density at half gain", "6.3 kA/cm²", 6.3, digits(6.3, 0.1), "[B] eq. 9", KA, ".2f"),
        "light": Claim("cw intensity at half gain, 3 eV", "2.5 MW/cm²", 2.5, digits(2.5, 0.1), "[B] § 2.3.3", "MW/cm²", ".2f"),
    },
    "G5": {
        "transparency": Claim("current density at transparency", "0.19 kA/cm²", 0.19, digits(0.19, 0.01), "[A] eq. 2", KA, ".3f"),
        "half": Claim("current density at half gain", "2.5 kA/cm²", 2.5, share(2.5, 0.03), "[A] eq. 3", KA, ".3f"),
        "P0": Claim("share of empty dots at 1 A/cm²", "0.93", 0.93, digits(0.93, 0.01), "[A] after eq. 3", "", ".3f"),
        "P1": Claim("of dots with one exciton", "0.07", 0.07, digits(0.07, 0.01), "[A] after eq. 3", "", ".3f"),
        "P2": Claim("of dots with two", "3 × 10⁻⁵", 3e-5, digits(3e-5, 1e-5), "[A] after eq. 3", "", ".1e"),
        "P0 half": Claim("share of empty dots at half gain", "3 × 10⁻³", 3e-3, digits(3e-3, 1e-3), "[A] after eq. 3", "", ".1e"),
        "P1 half": Claim("of dots with one exciton", "0.5", 0.5, digits(0.5, 0.1), "[A] after eq. 3", "", ".3f"),
        "P2 half": Claim("of dots with two", "0.5", 0.5, digits(0.5, 0.1), "[A] after eq. 3", "", ".3f"),
    },
    "G6": {
        "transparency": Claim("current density at transparency", "7 A/cm²", 7, digits(7, 1), "[B] § 5.3, [A] on Fig. 5", A, ".2f"),
        "half": Claim("current density at half gain", "24 A/cm²", 24, share(24, 0.1), "[B] § 5.3", A),
        "yield": Claim("emission yield of the biexciton", "43 %", 43, digits(43, 1), "[B] § 2.4.2", "%"),
    },
    "G7": {
        "short": Claim("cw intensity at half gain, short form hν/(στ)", "≈ 14 kW/cm²", 14, digits(14, 1), "[B] § 2.4.1", KW),
        "exact": Claim("the same, exact form", "≈ 14 kW/cm²", 14, share(14, 0.1), "[B] § 2.4.1", KW),
    },
    "G8": {
        "charged": Claim(
            "τ_A of an exciton with six electrons, over that of four neutral ones", "96/42", 96 / 42, exact(96 / 42), "[B] eq. 6", "", ".3f"
        ),
        "many": Claim("τ_A of two excitons over that of six", "45", 45, exact(45), "[B] § 3.4.1", "", ".3g"),
    },
    "G9": {
        "equal": Claim("N at which 1P emits as much as 1S", "≈ 5.5", 5.5, digits(5.5, 0.1), "[B] § 6.1.6", "", ".3f"),
        "ratio": Claim("I_1P/I_1S at N = 7", "25/12", 25 / 12, exact(25 / 12), "[B] § 6.1.6", "", ".3f"),
        "filled": Claim("⟨N⟩ of cg-QDs at 1,090 A/cm²", "∼ 7", 7, share(7, 0.1), "[A] Fig. 5, [B] § 6.1.6", "", ".1f"),
    },
    "G10": {
        "cg-QD": Claim("`cg-QD`, 1S", "200 cm⁻¹", 200, share(200, 0.05), "[B] § 6.3.1", "cm⁻¹", ".0f"),
        "ccg-QD 1S": Claim("`ccg-QD`, 1S", "780 cm⁻¹", 780, share(780, 0.05), "[B] § 6.3.1", "cm⁻¹", ".0f"),
        "ccg-QD 1P": Claim("`ccg-QD`, 1P", "890 cm⁻¹", 890, share(890, 0.05), "[B] § 6.3.1", "cm⁻¹", ".0f"),
        "platelets": Claim("`CdSe-nanoplatelet`", "up to 6,300 cm⁻¹", 6300, share(6300, 0.05), "[B] Fig. 23", "cm⁻¹", ".0f"),
        "perovskite": Claim("`CsPbBr3`", "450 cm⁻¹", 450, share(450, 0.05), "[B] § 4.2.2", "cm⁻¹", ".0f"),
        "PbS": Claim("`PbS-doped`", "> 2,000 cm⁻¹", 2000, share(2000, 0.05), "[B] § 3.3.3", "cm⁻¹", ".0f"),
    },
    "G11": {
        "charged": Claim(
            "charged over neutral cg-QDs, ⟨N⟩ at which they lase",
            "0.31/1.3 = 0.24",
            0.31 / 1.3,
            between(0.14, 0.34, "± 0.1"),
            "[B] § 3.3.2",
            "",
            ".2f",
        ),
        "fluence": Claim("the same of fluences", "2 over 9 µJ/cm², 0.22", 2 / 9, between(0.12, 0.32, "± 0.1"), "[B] Fig. 14", "", ".2f"),
        "X before XX": said("which amplifies from less light, X or XX, after τ_XX", "X", "[B] § 3.2.1"),
        "XX over X": Claim("threshold of XX over that of X, after 1.25 τ_XX", "6/2 = 3", 3, share(3, 0.3), "[B] Fig. 9", "", ".1f"),
        "PbS": Claim("⟨N⟩ at transparency of doped PbS", "lasing at 0.87", 0.87, share(0.87, 0.1), "[B] § 3.3.3", "", ".2f"),
        "PbS over plain": Claim(
            "the same over that of undoped dots", "0.87/4 = 0.22", 0.87 / 4, share(0.87 / 4, 0.1), "[B] § 3.2.2", "", ".2f"
        ),
        "PbS 2.7": Claim(
            "with 2.7 electrons in place of the medium's 6.5",
            "2.5 measured, 2.65 by eq. 5",
            2.65,
            share(2.65, 0.05),
            "[B] § 3.3.3",
            "",
            ".2f",
        ),
        "PbS 4.8": Claim("with 4.8 electrons", "∼ 1.2 measured, 1.6 by eq. 5", 1.6, share(1.6, 0.05), "[B] § 3.3.3", "", ".2f"),
        "PbS wavelength": Claim(
            "wavelength of PbS dots", "1500 to 1700 nm", None, between(1500, 1700, "within"), "[B] § 3.3.3", "nm", ".0f"
        ),
    },
    "H1": {
        "time": Claim("heat dissipation time C/K", "3.9 µs", 3.9, share(3.9, 0.03), "[B] § 6.1.5", "µs", ".2f"),
        "short": Claim("less heating by 1 µs pulses, linear formula", "∼ 75 %", 75, digits(75, 1), "[B] § 6.1.5, eq. 13", "%"),
        "full": Claim("the same, full formula", "∼ 75 %", 75, between(70, 80, "± 5 points"), "[B] § 6.1.5", "%"),
        "layers": Claim(
            "heating of M2 by 1 µs pulses: K and C of its layers, over those measured", "1", 1, share(1, 0.3), "[B] Fig. 34", "", ".2f"
        ),
    },
    "H2": {
        "CBP": Claim("glass transition of CBP", "62 °C", 62, exact(62), "[B] § 6.1.2", "°C", ".0f"),
        "NPB": Claim("of NPB", "98 °C", 98, exact(98), "[B] § 6.1.2", "°C", ".0f"),
        "Spiro-NPB": Claim("of Spiro-NPB", "126 °C", 126, exact(126), "[B] § 6.1.2", "°C", ".0f"),
        "TCTA": Claim("of TCTA", "151 °C", 151, exact(151), "[B] § 6.1.2", "°C", ".0f"),
        "warned": said("a report warns of each", "only beyond it", "[B] § 6.1.2"),
    },
}
