"""Closed forms of the reviews (G1 to G9), from the product and as limits of its full chain of states.

Two limits: states of more than two pairs decay at once, which leaves |0>, |X>, |XX>; and states of few pairs do not decay, so that
the dots lie between an empty and a full level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf, log, sqrt

import qdphotonics as qdp
from qdphotonics.gain import Chain, Medium, Recombination
from qdphotonics.units import ELEMENTARY_CHARGE_C, NS_PER_S, energy_J
from tools.published.sections import Limit, Section

AT_ONCE = 1e-12  # of the biexciton's lifetime
FOR_EVER_NS = 1e20
THREE_STATES = "Computed with the papers' three states."


def decaying_at_once(medium: Medium, electrons: tuple[int, ...], room: int) -> Medium:
    """The dots with these permanent electrons, states of more than ``room`` pairs decaying at once."""
    beyond = {(charge + pairs, pairs) for charge in electrons for pairs in range(room + 1, medium.most_pairs + 1)}
    return replace(medium, measured_lifetimes_ns=dict.fromkeys(beyond, AT_ONCE * medium.biexciton_lifetime_ns))


def two_pairs(medium: Medium) -> Medium:
    return decaying_at_once(medium, (0,), 2)


def transparency_per_ns(medium: Medium) -> float:
    """(τ_X τ_XX)^(-1/2), [B] equation 8."""
    return 1 / sqrt(medium.exciton_lifetime_ns * medium.biexciton_lifetime_ns)


def half_gain_per_ns(medium: Medium) -> float:
    """[1 + sqrt(1 + 12 τ_XX/τ_X)]/(2 τ_XX), [B] equation 4."""
    ratio = medium.biexciton_lifetime_ns / medium.exciton_lifetime_ns
    return (1 + sqrt(1 + 12 * ratio)) / (2 * medium.biexciton_lifetime_ns)


def current(medium: Medium, rate_per_ns: float) -> float:
    """e g/σ_e with σ_e = σ_g/f_a, [A] equations 2 and 3."""
    return rate_per_ns * NS_PER_S * ELEMENTARY_CHARGE_C * medium.areal_fill / medium.geometric_cross_section_cm2


def intensity(medium: Medium, rate_per_ns: float) -> float:
    """hν g/σ_abs."""
    return rate_per_ns * NS_PER_S * energy_J(medium.pump_energy_eV) / medium.absorption_cross_section_cm2


def currents(medium: Medium, unit: float) -> tuple[dict[str, float | str], dict[str, Limit]]:
    """Transparency and half gain of three states, and the same as closed forms and as limits of the full chain."""
    computed: dict[str, float | str] = {}
    limits = {}
    for key, part, rate in (("transparency", 0.0, transparency_per_ns(medium)), ("half", 0.5, half_gain_per_ns(medium))):
        computed[key] = unit * medium.three_state.threshold(part).current_density_A_per_cm2
        limits[key] = Limit(unit * current(medium, rate), unit * two_pairs(medium).threshold(part).current_density_A_per_cm2)
    return computed, limits


def full_chain(medium: Medium, unit: str, factor: float) -> str:
    """What the states with more than two excitons change in the two thresholds."""
    transparency, half = (factor * medium.threshold(x).current_density_A_per_cm2 for x in (0.0, 0.5))
    return (
        f"The chain of up to twelve excitons, which `analyze` uses, gives {transparency:.3g} and {half:.3g} {unit}: a dot with three or "
        "more amplifies too."
    )


def g1() -> Section:
    from scipy.optimize import brentq

    medium = qdp.load_medium("cg-QD")
    computed = {"threshold": medium.three_state.threshold(0.0).pulse_excitons_per_dot}
    closed = float(brentq(lambda n: n - log(2 + n), 1.0, 2.0, xtol=1e-15, rtol=1e-15))
    limits = {"threshold": Limit(closed, medium.threshold(0.0).pulse_excitons_per_dot)}
    return Section("G1", "Transparency after a short pulse", "Poisson's distribution, e^⟨N⟩ = 2 + ⟨N⟩.", computed, limits=limits)


def g2() -> Section:
    computed: dict[str, float | str] = {}
    limits = {}
    for name, degeneracy, charges in (("cg-QD", 2, (0.0, 1.0, 2.0)), ("PbS", 8, (0.0, 6.0, 2.7, 4.8))):
        for charge in charges:
            medium = replace(qdp.load_medium(name).charged(charge), charge_distribution="fixed", exciton_exciton_meV=0.0)
            key = f"{degeneracy}, {charge:g}"
            computed[key] = medium.transparency_excitons()
            electrons = tuple(sorted({int(charge), -int(-charge // 1)}))
            limit = decaying_at_once(medium, electrons, degeneracy - max(electrons))
            closed = degeneracy * (degeneracy - charge) / (2 * degeneracy)
            limits[key] = Limit(closed, limit.threshold(0.0).excitons_per_dot)
    lead = (
        "`cg-QD` (g = 2) and `PbS` (g = 8) with permanent electrons. [B] eq. 5: ⟨N⟩ = g_h (g_e − n_e)/(g_e + g_h). In the limit, pairs "
        "beyond the band edge decay at once; a charge between whole numbers is shared by both."
    )
    return Section("G2", "Transparency of charged dots", lead, computed, limits=limits)


def g3() -> Section:
    medium = qdp.load_medium("cg-QD")
    computed: dict[str, float | str] = {}
    limits = {}
    below = 0
    for line, closed, most in (("1S heavy hole", 1.0, 2), ("1P", 5.0, 8), ("1D", 13.0, 18)):
        key = line.split()[0]
        computed[key] = medium.transparency_excitons(line)
        lasting = dict.fromkeys([(pairs, pairs) for pairs in range(1, below + 1)], FOR_EVER_NS)
        filled = replace(medium, most_pairs=most, measured_lifetimes_ns=lasting)
        limits[key] = Limit(closed, filled.threshold(0.0, transition=line).excitons_per_dot)
        below = most
    measured = ", ".join(f"{key} {medium.threshold(0.0, transition=name).excitons_per_dot:.1f}" for key, name in LINES.items())
    text = (
        f"If all dots hold as many. Under a steady current the shipped dots (τ_XX 1.3 ns, full chain) hold {measured} on average when "
        "these levels turn transparent."
    )
    return Section("G3", "Transparency of higher levels", "`cg-QD`; [B] eq. 7, f_e + f_h = 1.", computed, (text,), limits)


LINES: Mapping[str, str] = {"1S": "1S heavy hole", "1P": "1P"}


def g4() -> Section:
    medium = replace(qdp.load_medium("CdSe"), biexciton_lifetime_ns=0.065)
    computed, limits = currents(medium, 1e-3)
    computed["light"] = medium.three_state.threshold(0.5).intensity_W_per_cm2 / 1e6
    limits["light"] = Limit(intensity(medium, half_gain_per_ns(medium)) / 1e6, two_pairs(medium).threshold(0.5).intensity_W_per_cm2 / 1e6)
    lead = f"`CdSe` with the source's rounded τ_XX = 65 ps. {THREE_STATES}"
    return Section("G4", "CdSe dots of 2.5 nm radius", lead, computed, (full_chain(medium, "kA/cm²", 1e-3),), limits)


def g5() -> Section:
    medium = qdp.load_medium("CdSe").resized(3.0)
    computed, limits = currents(medium, 1e-3)
    half = current(medium, half_gain_per_ns(medium))
    for density, suffix in ((1.0, ""), (half, " half")):
        rate = density / current(medium, 1.0)
        weights = [1.0, rate * medium.exciton_lifetime_ns, rate**2 * medium.exciton_lifetime_ns * medium.biexciton_lifetime_ns]
        found, chain = (each.occupancy(density).pairs for each in (medium.three_state, two_pairs(medium)))
        for pairs in range(3):
            computed[f"P{pairs}{suffix}"] = float(found[pairs])
            limits[f"P{pairs}{suffix}"] = Limit(weights[pairs] / sum(weights), float(chain[pairs]))
    lead = f"`CdSe` resized: τ_XX = χV = {1e3 * medium.biexciton_lifetime_ns:.1f} ps. {THREE_STATES}"
    return Section("G5", "CdSe dots of 3 nm radius", lead, computed, (full_chain(medium, "kA/cm²", 1e-3),), limits)


def g6() -> Section:
    medium = qdp.load_medium("cg-QD")
    computed, limits = currents(medium, 1.0)
    computed["yield"] = 100 * medium.biexciton_yield
    below = (
        "Half gain by [B] eq. 9 with the values that the sources state, σ_g 3 × 10⁻¹² cm² ([A]), τ_X 12 ns, τ_XX 1.3 ns and f_a 0.5, is "
        "the number computed here.",
        full_chain(medium, "A/cm²", 1.0),
    )
    return Section("G6", "Continuously graded dots", f"`cg-QD`. {THREE_STATES}", computed, below, limits)


def g7() -> Section:
    medium = qdp.load_medium("g-QD")
    short = intensity(medium, 1 / medium.biexciton_lifetime_ns)
    computed = {"short": short / 1e3, "exact": medium.three_state.threshold(0.5).intensity_W_per_cm2 / 1e3}
    lasting = replace(medium, exciton_lifetime_ns=1e12, charge_distribution="fixed")
    limits = {
        "short": Limit(short / 1e3, two_pairs(lasting).threshold(0.5).intensity_W_per_cm2 / 1e3),
        "exact": Limit(intensity(medium, half_gain_per_ns(medium)) / 1e3, two_pairs(medium).threshold(0.5).intensity_W_per_cm2 / 1e3),
    }
    full = medium.threshold(0.5).intensity_W_per_cm2 / 1e3
    below = (
        "The source takes τ_XX ≪ τ_X (in the limit: τ_X = 1000 s); the exact form here has τ_X = 20 ns. The chain of up to twelve excitons "
        f"gives {full:.1f} kW/cm².",
    )
    lead = f"`g-QD`: 5.5 × 10⁻¹⁴ cm² at 2.8 eV, τ_XX = 600 ps. {THREE_STATES}"
    return Section("G7", "Giant CdSe/CdS dots", lead, computed, below, limits)


def auger_ns(recombination: Recombination, charge: int, pairs: int) -> float:
    """Auger lifetime of a state by the product's rate ..."""
    return 1 / float(recombination.auger_per_ns(charge + pairs, pairs))


def decay_ns(recombination: Recombination, charge: int, pairs: int) -> float:
    """... and by the chain: that of dots which a pulse has filled, where light takes for ever."""
    chain = Chain(replace(recombination, radiative_lifetime_ns=FOR_EVER_NS, measured={}), most_pairs=pairs, charge=charge)
    return 1 / float(chain.recombination_per_ns(chain.after_pulse(inf)))


def g8() -> Section:
    recombination = qdp.load_medium("PbS").recombination
    states = {"charged": ((6, 1), (0, 4), 96 / 42), "many": ((0, 2), (0, 6), 360 / 8)}
    computed, limits = {}, {}
    for key, (one, other, closed) in states.items():
        computed[key] = auger_ns(recombination, *one) / auger_ns(recombination, *other)
        limits[key] = Limit(closed, decay_ns(recombination, *one) / decay_ns(recombination, *other))
    lead = "`PbS`; statistical scaling, 1/τ_A = C_A N_e N_h (N_e + N_h − 2)."
    return Section("G8", "Auger lifetimes of many and of charged excitons", lead, computed, limits=limits)


def g9() -> Section:
    from scipy.optimize import brentq

    medium = qdp.load_medium("cg-QD")
    recombination = medium.recombination

    def ratio(pairs: float) -> float:
        first, second, _ = recombination.radiative_by_level_per_ns(pairs, pairs)
        return float(second / first)

    computed = {
        "equal": float(brentq(lambda n: ratio(n) - 1, 3, 7)),
        "ratio": ratio(7),
        "filled": float(medium.occupancy(1090.0).excitons_per_dot),
    }
    chain = Chain(recombination, most_pairs=7)
    first, second, _ = chain.emission_per_ns(chain.steady(inf))
    limits = {"ratio": Limit((7 - 2) ** 2 / 12, float(second / first))}
    lead = "`cg-QD`, all dots alike: I_1P/I_1S = (N − 2)²/12."
    return Section("G9", "Emission of 1P and 1S", lead, computed, limits=limits)


SECTIONS: Mapping[str, Callable[[], Section]] = {
    "G1": g1,
    "G2": g2,
    "G3": g3,
    "G4": g4,
    "G5": g5,
    "G6": g6,
    "G7": g7,
    "G8": g8,
    "G9": g9,
}
