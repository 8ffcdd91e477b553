"""Modes and devices computed: each function is one section of docs/published-results.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import exp
from typing import TYPE_CHECKING

import qdphotonics as qdp
from examples.brw_search import ito_that_reaches
from examples.remote_and_graphene_electrodes import STACKS as METAL_CONTACTS
from examples.remote_and_graphene_electrodes import electrodes
from qdphotonics.optics import number
from qdphotonics.units import loss_per_cm
from tools.published.sections import Section, report, shown, table

if TYPE_CHECKING:
    from qdphotonics.laser import Report
    from qdphotonics.optics import StackMode
    from qdphotonics.stacks import Stack

DEVICES = ("roh2020-ito", "roh2020-lito", "roh2020-moox-al", "jung2022-lito-ag", "ahn2023-brw", "glass-dielectric-ag")


def te0(stack: Stack | str) -> StackMode:
    return report(stack).modes["TE0"] if isinstance(stack, str) else qdp.find_modes(stack, polarization="TE")["TE0"]


def percent(mode: StackMode, layer: str) -> float:
    return 100 * mode.confinement[layer].intensity


def yes(answer: bool | None) -> str:
    return {True: "yes", False: "no", None: "open"}[answer]


def three_ways(mode: StackMode) -> str:
    """The three confinements in the dots."""
    share = mode.confinement["QD"]
    return (
        f"{100 * share.intensity:.1f} % of the intensity, {100 * share.energy:.1f} % of the energy, {share.gain:.3f} cm⁻¹ per cm⁻¹ of gain"
    )


def assumed_table(stacks: Iterable[str]) -> str:
    """How Γ and the net gain move within the ranges of what the materials assume."""
    rows = []
    for stack in stacks:
        for each in report(stack).assumed:
            if None in (each.value, *each.confinement, *each.net_gain_per_cm) or each.quantity != "n":
                continue
            shares = " … ".join(f"{100 * (share or 0):.1f}" for share in each.confinement)
            gains = " … ".join(number(gain or 0).replace("-", "−") for gain in each.net_gain_per_cm)
            rows.append((stack, each.material, f"{each.value:g}", " … ".join(f"{end:g}" for end in each.range), shares, gains))
    return table(("stack", "material", "n taken", "range", "Γ in the dots (%)", "net gain (cm⁻¹)"), rows)


def m1() -> Section:
    ito, low = report("roh2020-ito"), report("roh2020-lito")
    electrode, mode = te0("roh2020-ito"), te0("roh2020-lito")
    gain = low.medium.material_gain_per_cm / 100
    verdict = low.verdict
    computed: dict[str, float | str] = {
        "electrode ITO": percent(electrode, "ITO"),
        "electrode L-ITO": percent(mode, "L-ITO"),
        "dots ITO": percent(electrode, "QD"),
        "dots L-ITO": percent(mode, "QD"),
        "loss": mode.loss_per_cm,
        "modal gain": gain * percent(mode, "QD"),
        "net gain": gain * percent(mode, "QD") - mode.loss_per_cm,
        "net gain ITO": gain * percent(electrode, "QD") - electrode.loss_per_cm,
        "lases": f"{'' if verdict.optical.lasing else 'not '}by light, {'' if verdict.electrical.lasing else 'not '}by current",
        "limit": verdict.limited_by or "nothing",
        "cavity": cavities(low.margins.net_gain_per_cm if low.margins else 0.0),
    }
    needed = low.thresholds.net_gain.current_density_A_per_cm2
    below = (
        f"In the dots of the L-ITO stack: {three_ways(mode)}. Γ·G is how the sources reckon; solved with the gain in the index, the "
        f"modal gain is {low.modal_gain_per_cm:.1f} and the net gain {low.net_gain_per_cm:.1f} cm⁻¹ (plain ITO: "
        f"{ito.net_gain_per_cm:.0f}).",
        f"The cavity is chosen; it costs {low.cavity_loss_per_cm:.1f} cm⁻¹. Net gain takes {needed:.0f} A/cm² "
        f"({thresholds_by_monolayers(low)}), and the device broke down at 0.2 A/cm² ([A]). Of the thicknesses ZnO and dots are published; "
        "135 nm of electrode and 110 nm of TCTA are chosen, the same in both stacks.",
        "How the result moves within the ranges of the indices that no source gives:",
        assumed_table(("roh2020-ito", "roh2020-lito")),
    )
    return Section("M1", "ITO against low-index ITO, 630 nm", "`roh2020-ito`, `roh2020-lito`; TE0.", computed, below)


def cavities(margin_per_cm: float) -> str:
    """Whether M1 lases by light in cavities that lose 20 % less and 20 % more than its margin."""
    stack = qdp.load_stack("roh2020-lito")
    length_cm = stack.cavity.length_um / 1e4 if stack.cavity else 0.0
    answers = []
    for part in (0.8, 1.2):
        facets = [exp(-part * margin_per_cm * length_cm)] * 2
        lasing = qdp.analyze(stack.changed({"cavity.facet_reflectivity": facets})).verdict.optical.lasing
        answers.append("yes" if lasing else "no")
    return ", ".join(answers)


def thresholds_by_monolayers(full: Report) -> str:
    """Current of net gain where the pairs share one, three and all monolayers, and with at most two excitons in a dot."""
    reached = full.thresholds.net_gain
    if reached.material_gain_per_cm is None:
        return "none"
    fraction = reached.material_gain_per_cm / full.medium.material_gain_per_cm
    one, three, film = (float(full.medium.current_density_A_per_cm2(fraction, layers)) for layers in (1.0, 3.0, full.monolayers))
    papers = float(full.medium.three_state.current_density_A_per_cm2(fraction))
    return (
        f"N_ML = 1: {one:.1f}; N_ML = 3: {three:.0f}; all {full.monolayers:.1f} monolayers: {film:.0f} A/cm²; by three states and "
        f"N_ML = 1: {papers:.1f} A/cm²"
    )


LIBRARY_OF_M1B = {"L-ITO of Fig. 3": "L-ITO", "ZnO of Fig. 3": "ZnO", "cg-QD film of Fig. 3": "cg-QD film", "TCTA of Fig. 3": "TCTA"}
THICK = {"layers.QD.thickness": 100, "layers.TCTA.thickness": 500}
BARE: Mapping[str, Mapping[str, object]] = {
    "on ZnO": {"layers.TCTA.material": "air"},
    "on L-ITO": {"layers.TCTA.material": "air", "layers.ZnO.material": "L-ITO of Fig. 3"},
}


def guided_te(stack: Stack) -> int:
    return sum(mode.kind == "guided" for mode in qdp.find_modes(stack, polarization="TE"))


def m1b() -> Section:
    own = qdp.load_stack("roh2020-dfb-typea")
    needed = {material.name: float(material.index(own.wavelength_nm).real) for material in own.materials}
    library = {name: float(qdp.load_material(usual).index(own.wavelength_nm).real) for name, usual in LIBRARY_OF_M1B.items()}
    rows = [(LIBRARY_OF_M1B[n], f"{needed[n]:.2f}", f"{library[n]:.2f}", shown(needed[n] - library[n], "+.2f")) for n in library]
    usual = own.changed({f'materials."{name}".n': index for name, index in library.items()})
    thin, thick, usual_thin, usual_thick = (te0(stack) for stack in (own, own.changed(THICK), usual, usual.changed(THICK)))
    bare = {place: guided_te(own.changed(change)) for place, change in BARE.items()}
    usual_bare = {place: guided_te(usual.changed(change)) for place, change in BARE.items()}
    guided = ", ".join(f"{count or 'none'} {place}" for place, count in usual_bare.items())
    dots, zno = {"n": needed["cg-QD film of Fig. 3"]}, {"n": needed["ZnO of Fig. 3"]}
    m1_ito = qdp.load_stack("roh2020-ito").changed({"layers.ZnO.material": zno, "layers.QD.material": dots})
    electrode = {"n": needed["L-ITO of Fig. 3"], "alpha_per_cm": 161}
    m1_lito = qdp.load_stack("roh2020-lito").changed(
        {"layers.L-ITO.material": electrode, "layers.ZnO.material": zno, "layers.QD.material": dots}
    )
    m1_shares = (percent(te0(stack), layer) for stack, layer in ((m1_ito, "ITO"), (m1_lito, "L-ITO"), (m1_ito, "QD"), (m1_lito, "QD")))
    below = (
        "These indices are not M1's. To reproduce both confinements they have to be lower:",
        table(("layer", "n that M1b needs", "n of the library", "difference"), rows),
        f"With the library's indices the same thicknesses give {percent(usual_thin, 'QD'):.1f} and {percent(usual_thick, 'QD'):.1f} %. "
        f"The thin stack would pass; in the thick one TE0 would be held by ZnO and dots (n_eff {usual_thick.n_eff.real:.3f}) and not by "
        f"the 500 nm of TCTA (n_eff {thick.n_eff.real:.3f}), so that this stack tells the two sets apart. A bare film would guide "
        f"{guided}.",
        "With M1b's indices in turn, M1's stacks hold {:.1f} % in ITO, {:.1f} % in L-ITO, and {:.1f} and {:.1f} % in the dots "
        "(published 34, 22, 18 and 23 %).".format(*m1_shares),
    )
    computed: dict[str, float | str] = {
        "dots thin": percent(thin, "QD"),
        "dots thick": percent(thick, "QD"),
        "bare": "none" if not any(bare.values()) else str(bare),
    }
    return Section("M1b", "Waveguide on an L-ITO half-space, 625 nm", "`roh2020-dfb-typea`; TE0.", computed, below)


def m2() -> Section:
    name = "jung2022-lito-ag"
    full, mode, tm = report(name), te0(name), report(name).modes["TM0"]
    budget = mode.loss_budget_per_cm
    at_750 = qdp.analyze(qdp.load_stack(name), full.medium.with_material_gain(750.0))
    modal = 7.5 * percent(mode, "QD")
    computed = {
        "dots": percent(mode, "QD"),
        "loss": mode.loss_per_cm,
        "modal gain": modal,
        "net gain": modal - mode.loss_per_cm,
        "character": tm.character,
        "ratio": tm.loss_per_cm / mode.loss_per_cm,
        "optical": yes(full.verdict.optical.ase),
        "note": "77 K only" if "(77" in full.stack.note and "K)" in full.stack.note else "nothing",
    }
    below = (
        f"In the dots: {three_ways(mode)}. So the modal gain at 750 cm⁻¹, solved with the gain in the index, is "
        f"{at_750.modal_gain_per_cm:.0f} and not {modal:.0f} cm⁻¹. At the library's 780 cm⁻¹: Γ·G {full.confinement_gain_per_cm:.0f}, "
        f"solved {full.modal_gain_per_cm:.0f}, net {full.net_gain_per_cm:.0f} cm⁻¹. The loss sits in L-ITO ({budget['L-ITO']:.0f} cm⁻¹) "
        f"and Ag ({budget['Ag']:.0f} cm⁻¹).",
        "Net gain is predicted, in the source and here, with silver at 300 K; the device amplified at liquid-nitrogen temperature only "
        "([B] § 6.3.2), where silver is less lossy. The stack's note says so in every report.",
        f"Net gain begins at {thresholds_by_monolayers(full)}.",
        "All thicknesses are published. How the result moves within the ranges of the indices that no source gives:",
        assumed_table((name,)),
    )
    return Section("M2", "Low-loss LED with a silver electrode, 630 nm", f"`{name}`; TE0.", computed, below)


def m3() -> Section:
    name = "ahn2023-brw"
    full = report(name)
    mode, stack, modes = full.mode, full.stack, full.modes
    if mode is None:
        raise ValueError("the Bragg-reflection diode has lost its mode")
    gain = full.medium.material_gain_per_cm / 100
    tm_gains = [each.net_gain_per_cm for each in full.mode_gains if each.label.startswith("TM")]
    if None in tm_gains:
        raise ValueError("a TM mode could not be followed to saturation")
    tm = max((each for each in modes if each.polarization == "TM"), key=lambda each: each.confinement["QD"].intensity)
    amplified = [each.label for each in full.mode_gains if each.label.startswith("TM") and each.net_gain_threshold.material_gain_per_cm]
    profile = qdp.optics.fields(mode)
    loss = ito_that_reaches(16.0, stack, mode.label, "loss", usual=652.0)
    thickness = ito_that_reaches(16.0, stack, mode.label, "thickness", usual=10.0)
    net_gain = full.thresholds.net_gain
    computed = {
        "polarization": mode.polarization,
        "character": mode.character,
        "peak": profile.layer[int(profile.intensity.argmax())],
        "dots": percent(mode, "QD"),
        "loss": mode.loss_per_cm,
        "modal gain": gain * percent(mode, "QD"),
        "net gain": gain * percent(mode, "QD") - mode.loss_per_cm,
        "best TM": max(each for each in tm_gains if each is not None),
        "ratio": tm.loss_per_cm / mode.loss_per_cm,
        "threshold": net_gain.current_density_A_per_cm2 or float("nan"),
        "electrical": yes(full.verdict.electrical.ase),
        "TM": ", ".join(amplified) or "none",
    }
    below = (
        f"The mode is {mode.label}, n_eff {mode.n_eff.real:.4f}: modes of higher index are guided in the reflector and hardly touch the "
        f"dots, so it is the one of largest net gain. θ_BRW = {full.mode_angle_deg:.1f}° in the dots, θ_c = "
        f"{full.critical_angle_deg:.1f}° towards the glass ([B] eqs. 15, 14): the glass would reflect this mode totally as well, while "
        f"[B] has steeper modes in mind. Solved with the gain in the index, the modal gain is {full.modal_gain_per_cm:.0f} and "
        f"the net gain {full.net_gain_per_cm:.0f} cm⁻¹.",
        f"The published 16 cm⁻¹ is reached with an ITO of {loss:.0f} cm⁻¹ (L-ITO has 161), or with {thickness:.1f} nm of ITO at 652 cm⁻¹ "
        "in place of 10 nm. No thickness is published: they come from `examples/brw_search.py`, where its assumptions stand.",
        "The threshold takes every pair to recombine in one monolayer, as the papers do. It depends on how many share them: "
        f"{thresholds_by_monolayers(full)}. {tm.label} is the TM mode of largest Γ in the "
        f"dots, {percent(tm, 'QD'):.1f} %; it loses {tm.loss_per_cm:.0f} cm⁻¹.",
        "How the result moves within the ranges of the indices that no source gives:",
        assumed_table((name,)),
    )
    return Section("M3", "Bragg-reflection waveguide diode, 1.93 eV", f"`{name}`; the mode of largest net gain.", computed, below)


def m4() -> Section:
    name = "roh2020-moox-al"
    full, mode = report(name), te0(name)
    computed: dict[str, float | str] = {
        metal: loss_per_cm(float(qdp.load_material(metal).index(at).imag), at)
        for metal, at in (("MoOx", 600.0), ("Al", 600.0), ("Ag", 600.0), ("Au", 600.0), ("ZnO", 610.0))
    }
    computed["net gain"] = full.medium.material_gain_per_cm * percent(mode, "QD") / 100 - mode.loss_per_cm
    budget = ", ".join(f"{place} {mode.loss_budget_per_cm[place]:.0f}" for place in ("Al", "L-ITO", "MoOx"))
    below = (f"TE0 loses {mode.loss_per_cm:.0f} cm⁻¹ ({budget}). M1's stack under 10 nm of MoOx and 100 nm of Al, both chosen.",)
    return Section("M4", "Top contact of MoOx and Al, 630 nm", f"`{name}`; TE0.", computed, below)


def m5() -> Section:
    stack = qdp.load_stack("glass-dielectric-ag")
    ratios = []
    for thickness in (200, 300):
        for index in (1.7, 1.8):
            modes = qdp.find_modes(stack.changed({"layers.dielectric.thickness": thickness, "layers.dielectric.material": {"n": index}}))
            ratios.append(modes["TM0"].loss_per_cm / modes["TE0"].loss_per_cm)
    modes = qdp.find_modes(stack)
    te, tm = modes["TE0"], modes["TM0"]
    computed = {"TE": te.character, "TM": tm.character, "ratio": tm.loss_per_cm / te.loss_per_cm}
    below = (
        f"TE0 loses {te.loss_per_cm:.0f} cm⁻¹ and falls to 1/e within {1e4 / te.loss_per_cm:.0f} µm, TM0 loses {tm.loss_per_cm:.0f} "
        f"cm⁻¹ and falls within {1e4 / tm.loss_per_cm:.1f} µm. The dielectric is not published: 1.75 and 300 nm are chosen; with 1.7 to "
        f"1.8 and 200 or 300 nm the ratio is {min(ratios):.0f} to {max(ratios):.0f}. Maps of both: `python "
        "examples/why_a_metal_kills_tm.py FOLDER`.",
    )
    return Section("M5", "Glass, dielectric, silver, 600 nm", "`glass-dielectric-ag`.", computed, below)


def m6() -> Section:
    rows = []
    for name, metal in METAL_CONTACTS.items():
        found = {electrode: modes["TE0"] for electrode, modes in electrodes(name).items()}
        gain = report(name).medium.material_gain_per_cm
        for electrode, mode in found.items():
            change = 100 * (mode.loss_per_cm / found["metal"].loss_per_cm - 1)
            share = mode.confinement["QD"].intensity
            label = metal if electrode == "metal" else electrode
            rows.append((f"{name}, {label}", f"{mode.loss_per_cm:.0f}", shown(change, "+.0f"), f"{gain * share:.0f}"))
    below = (
        table(("stack, electrode", "loss of TE0 (cm⁻¹)", "change (%)", "Γ·G at saturation (cm⁻¹)"), rows),
        "Graphene: 0.35 nm of the measured index in place of the metal (twice: of L-ITO too). Remote: the stack without the metal; the "
        "field that still reaches the metal sideways is ignored, so what it saves is an upper bound. Graphene halves the loss behind "
        "aluminium. In place of silver it raises the loss: silver expels the field and graphene does not, while its own absorption, small "
        "for a ray that crosses it once, is not small for a mode that travels along it. [B] § 6.2.2 describes both electrodes and gives no "
        "figure to compare with.",
    )
    return Section("M6", "Graphene and remote electrodes, 630 nm", "`examples/remote_and_graphene_electrodes.py`; TE0.", {}, below)


def library_table() -> str:
    """The materials that the devices above share, at 630 nm."""
    materials = {material.name: material for name in DEVICES for material in qdp.load_stack(name).materials}
    rows = []
    for name in sorted(materials, key=str.lower):
        if name.startswith("{"):
            continue  # given in place: M5's dielectric
        material = materials[name]
        index = complex(material.index(630.0))
        ranges = ", ".join(f"{quantity} {low:g} … {high:g}" for quantity, (low, high) in material.assumed.items() if quantity == "n")
        rows.append((name, f"{index.real:.3f}", number(loss_per_cm(index.imag, 630.0)), ranges))
    return table(("material", "n at 630 nm", "absorption (cm⁻¹)", "assumed, within"), rows)


SECTIONS: Mapping[str, Callable[[], Section]] = {"M1": m1, "M1b": m1b, "M2": m2, "M3": m3, "M4": m4, "M5": m5, "M6": m6}
