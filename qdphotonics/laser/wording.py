"""The verdict in plain English, for a physicist: each sentence names the numbers that it rests on."""

from __future__ import annotations

from math import exp, inf
from typing import TYPE_CHECKING

from qdphotonics.laser.case import Case, temperature_C
from qdphotonics.optics import number
from qdphotonics.units import NM_PER_CM, NM_PER_UM

if TYPE_CHECKING:
    from qdphotonics.laser.thresholds import Threshold
    from qdphotonics.laser.verdict import Ability

SMALL_PART = 0.1  # of the loss: smaller parts are not named
TOO_WEAK = ": the pulse is too weak, saturation would do"
TOO_SMALL_FOR_THE_CAVITY = ", too small for the loss of the cavity"


def verdict_text(case: Case, optical: Ability, electrical: Ability, limited_by: str | None) -> str:
    """The sentences of a verdict."""
    parts = [_gain_against_loss(case), _by_light(case, optical), _by_current(case, electrical), _first(case)]
    parts += [_cavity(case, optical, electrical), _off_peak(case), _too_hot(case)]
    return " ".join([part for part in parts if part] + [_limit(case, optical, limited_by)])


def signed(value: float) -> str:
    """The same with its sign."""
    return number(value) if value < 0 else f"+{number(value)}"


def current(value: float) -> str:
    """A current density with its unit, in kA/cm2 from a thousand A/cm2."""
    return f"{number(value / 1e3)} kA/cm²" if value >= 1e3 else f"{number(value)} A/cm²"


def fluence(value: float) -> str:
    """A fluence with its unit, in J, mJ, µJ or nJ per cm2."""
    for factor, prefix in ((1.0, ""), (1e3, "m"), (1e6, "µ")):
        if value * factor >= 1:
            return f"{number(value * factor)} {prefix}J/cm²"
    return f"{number(value * 1e9)} nJ/cm²"


def _gain_against_loss(case: Case) -> str:
    net = case.saturated_net_gain_per_cm
    named = [f"{number(part)} in {place}" for place, part in _large_parts(case)]
    largest = "the mode of largest net gain" if net > 0 else "of the modes that the dots reach the one of largest net gain"
    chosen = "the mode asked for" if case.mode_was_named else largest
    parts = f" ({', '.join(named)})" if named else ""
    return (
        f"{case.label}, {chosen}, holds {100 * case.confinement:.0f} % of its intensity in the dots. At the saturated material gain of "
        f"{number(case.saturated_gain_per_cm)} cm⁻¹ its modal gain is {number(case.saturated_modal_gain_per_cm)} cm⁻¹, against a loss of "
        f"{number(case.loss_per_cm)} cm⁻¹{parts}: net {signed(net)} cm⁻¹."
    )


def _large_parts(case: Case) -> list[tuple[str, float]]:
    parts = sorted(case.budget_per_cm.items(), key=lambda item: -item[1])
    return [(place, part) for place, part in parts if part > SMALL_PART * abs(case.loss_per_cm)][:3]


def _by_light(case: Case, optical: Ability) -> str:
    needed = case.thresholds.net_gain.fluence_J_per_cm2
    if needed is None:
        return "No pump, light or current, makes it amplify."
    begins = f"Pumped by short pulses, net gain begins at {fluence(needed)} (at the dots)"
    given = case.operation.fluence_J_per_cm2
    if given is None:
        return f"{begins}: amplified spontaneous emission under light."
    reached = "reaches" if optical.ase else "does not reach"
    return f"{begins}; the drive of {fluence(given)} {reached} it, net {signed(case.net_gain_per_cm)} cm⁻¹."


def _by_current(case: Case, electrical: Ability) -> str:
    threshold = case.thresholds.net_gain
    needed, available = threshold.current_density_A_per_cm2, case.available_current_density
    if needed is None:
        return ""
    spread = threshold.current_density_film_A_per_cm2
    several = "" if spread is None or case.monolayers <= 1 else f", {current(spread)} if over all {case.monolayers:.1f}"
    text = f"By current, net gain begins at {current(needed)} (all pairs recombining in one monolayer of dots{several})"
    if available is None:
        return f"{text}; whether the device stands that is not known, for its file gives no max_current_density_A_per_cm2."
    text += _against(case, needed, available, threshold)
    if needed <= available and case.operation.current_density_A_per_cm2 is not None:
        text += f" At the drive the net gain is {signed(case.net_gain_per_cm)} cm⁻¹."
    return text


def _first(case: Case) -> str:
    """Another mode that amplifies from less, and decides what pumps suffice."""
    label, threshold = case.first_to("net_gain")
    needed, pulse = threshold.current_density_A_per_cm2, threshold.fluence_J_per_cm2
    if label == case.label or needed is None or pulse is None:
        return ""
    spread, available = threshold.current_density_film_A_per_cm2, case.available_current_density
    several = "" if spread is None or case.monolayers <= 1 else f" ({current(spread)} if over all {case.monolayers:.1f})"
    text = f"{label} gets there first: its net gain begins at {fluence(pulse)}, or by current at {current(needed)}{several}"
    if available is None:
        return f"{text}."
    return text + _against(case, needed, available, threshold)


def _against(case: Case, needed: float, available: float, threshold: Threshold) -> str:
    """How a current that is needed compares with what there is."""
    return f", {'within' if needed <= available else 'beyond'} the {current(available)} {_available_is(case)}{_heat(case, threshold)}."


def _available_is(case: Case) -> str:
    most, drive = case.max_current_density_A_per_cm2, case.operation.current_density_A_per_cm2
    return "of the drive" if most is None or (drive is not None and drive <= most) else "that the device stands"


def _heat(case: Case, threshold: Threshold) -> str:
    if threshold.heating_K is None:
        return ""
    text = f", and heats the device by {number(threshold.heating_K)} K to {number(temperature_C(threshold.heating_K))} °C"
    soft = [f"{layer} ({limit:g} °C)" for layer, limit in case.softened(threshold.heating_K).items()]
    return text + (f", past the glass transition of {' and '.join(soft)}" if soft else "")


def _cavity(case: Case, optical: Ability, electrical: Ability) -> str:
    margin = case.optical_net_gain_per_cm
    if margin <= 0:
        return ""
    cavity, feedback = case.finite_cavity_loss, case.feedback
    unknown = f" Its grating gives no feedback: {feedback}." if isinstance(feedback, str) else ""
    if cavity is not None and optical.lasing:
        return _lasing(case, cavity, electrical) + unknown
    if unknown:
        return _margin(case, margin, f"{unknown.strip().removesuffix('.')}, so lasing is left open")
    if case.cavity_loss_per_cm is None:
        return _margin(case, margin, "No cavity is described, so lasing is left open")
    if cavity is None:
        nothing = "A facet of its cavity reflects nothing (0 unless the file gives facet_reflectivity)"
        return _margin(case, margin, f"{nothing}: without feedback there is no lasing")
    where = "The cavity loses" if feedback is None else f"The mode of its grating at {_feedback_wavelength(case)} nm loses"
    through = "its ends" if feedback is None else "its ends and surfaces"
    return f"{where} {number(cavity)} cm⁻¹ through {through}, more than the net gain: no lasing."


def _feedback_wavelength(case: Case) -> str:
    assert not isinstance(case.feedback, str)
    return "" if case.feedback is None else f"{case.feedback.wavelength_nm:.2f}"


def _where_it_lases(case: Case, cavity: float) -> str:
    feedback = case.feedback
    if feedback is None:
        return f"In its cavity, which loses {number(cavity)} cm⁻¹ through its ends,"
    if isinstance(feedback, str):
        return "By its facets alone"
    kind = "" if feedback.symmetry is None else f", the {feedback.symmetry} edge of the stop band"
    size = "taken as endless" if feedback.length_um is None else f"{feedback.length_um:g} µm long"
    return (
        f"With its grating ({size}, κ {number(abs(feedback.coupling_per_cm))} cm⁻¹), which lets {number(cavity)} cm⁻¹ out at "
        f"{feedback.wavelength_nm:.2f} nm{kind},"
    )


def _lasing(case: Case, cavity: float, electrical: Ability) -> str:
    label, needed = case.first_to("lasing")
    at = [] if needed.fluence_J_per_cm2 is None else [fluence(needed.fluence_J_per_cm2)]
    at += [] if needed.current_density_A_per_cm2 is None else [current(needed.current_density_A_per_cm2)]
    by = "" if label == case.label else f" (by {label})"
    text = f"{_where_it_lases(case, cavity)} it lases from {' or '.join(at)}{by}"
    enough = case.available_current_density
    if electrical.lasing is False or (enough is not None and (needed.current_density_A_per_cm2 or inf) > enough):
        text += "; the current does not get there" + _heat(case, needed)
    return text + "."


def _off_peak(case: Case) -> str:
    if not case.is_off_peak:
        return ""
    return (
        f"All this takes the gain of the peak; {case.wavelength_nm:g} nm lies {case.gain_offset_meV:+.0f} meV from the gain peak, "
        "where the dots give less, or only absorb."
    )


def _in_one_monolayer(case: Case) -> str:
    """The condition that goes with "nothing stands in the way": the current suffices for one monolayer, not for the film."""
    spread, available = case.first_to("net_gain")[1].current_density_film_A_per_cm2, case.available_current_density
    if available is None or spread is None or spread <= available:
        return ""
    return ", as long as the pairs recombine in one monolayer; spread over the film they need more current than there is"


def _margin(case: Case, margin: float, text: str) -> str:
    """What a cavity may lose for lasing, and the facets that lose so little."""
    text += f"; it would lase in one that loses less than {number(margin)} cm⁻¹"
    if case.cavity_length_um is None:
        return text + "."
    reflectivity = exp(-margin * case.cavity_length_um * NM_PER_UM / NM_PER_CM)
    return f"{text}, as two facets of more than {100 * reflectivity:.2g} % at its length of {case.cavity_length_um:g} µm."


def _too_hot(case: Case) -> str:
    """What the heat of the drive itself does, where it is more than a threshold takes."""
    rise = case.rise_K
    soft = [f"{layer} ({limit:g} °C)" for layer, limit in case.softened(rise).items()]
    if rise is None or not soft:
        return ""
    return f"At the drive the device would reach {number(temperature_C(rise))} °C, past the glass transition of {' and '.join(soft)}."


def _limit(case: Case, optical: Ability, limited_by: str | None) -> str:
    place, worst = case.worst_place()
    if limited_by is None:
        remarked = case.is_off_peak or bool(_too_hot(case))
        nothing = "Nothing else that is known" if remarked else "Nothing that is known"
        of_what = "" if optical.lasing else " of amplification"
        return f"{nothing} of this stack stands in the way{of_what}{_in_one_monolayer(case)}."
    if limited_by.startswith("loss:"):
        return f"The limit is the loss in {place}, {number(worst)} cm⁻¹."
    if limited_by == "gain" and case.largest_net_gain_per_cm > 0:
        return f"The limit is the gain{TOO_SMALL_FOR_THE_CAVITY if optical.ase else TOO_WEAK}."
    return {
        "gain": "The limit is the gain, too small for the loss.",
        "current": "The limit is the current.",
        "heat": "The limit is the heat.",
    }[limited_by]
