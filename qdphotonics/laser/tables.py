"""A report as rows of text."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from qdphotonics.laser.wording import current, fluence, signed
from qdphotonics.optics import number, written_budget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qdphotonics.laser.heat import DeviceHeat
    from qdphotonics.laser.report import Report
    from qdphotonics.laser.thresholds import Threshold
    from qdphotonics.laser.weighed import ModeGain
    from qdphotonics.optics import StackMode
    from qdphotonics.stacks import Stack

LEAST_PART = 1e-3  # of the loss: a smaller part is not listed

Row = tuple[str, ...]


def report_table(report: Report) -> tuple[str, tuple[str, ...], list[Row], list[str]]:
    """Title, columns, rows and notes."""
    rows = [*_mode_rows(report), *_drive_rows(report), *_threshold_rows(report)]
    rows += [*_feedback_rows(report), *_band_rows(report), *_margin_rows(report), *_change_rows(report), *_assumption_rows(report)]
    title = f"{report.stack.name}: {report.medium.name}, {report.wavelength_nm:g} nm, at {report.operation}"
    heat = [] if report.heat is None else [f"heat: {_heat_note(report.heat)}"]
    notes = [
        report.verdict.text,
        *heat,
        *([f"note: {report.stack.note}"] if report.stack.note else []),
        *(f"warning: {text}" for text in report.warnings),
    ]
    return title, ("quantity", "value", "unit", "remark"), rows, notes


def _mode_rows(report: Report) -> list[Row]:
    mode = report.mode
    if mode is None:
        return [("mode", "none", "", "")]
    others = ", ".join(
        f"{each.label} {'–' if each.net_gain_per_cm is None else signed(each.net_gain_per_cm)}"
        for each in _others(report.mode_gains, mode.label)[:4]
    )
    rows: list[Row] = [
        ("mode", mode.label, "", f"{mode.kind}, {mode.character}, n_eff {mode.n_eff.real:.5f}"),
        ("confinement Γ in the dots", _text(report.confinement, 100), "%", "of the intensity"),
        ("material gain G", _text(report.material_gain_per_cm), "cm⁻¹", f"at {report.operation}"),
        ("modal gain", _text(report.modal_gain_per_cm), "cm⁻¹", f"Γ·G would be {_text(report.confinement_gain_per_cm)}"),
        ("loss", _text(report.loss_per_cm), "cm⁻¹", _budget(report.stack, mode)),
        ("net gain", _text(report.net_gain_per_cm), "cm⁻¹", f"other modes: {others}" if others else ""),
    ]
    if report.mode_angle_deg is not None:
        critical = "" if report.critical_angle_deg is None else f"critical angle {report.critical_angle_deg:.1f}°"
        rows.append(("angle in the dots", f"{report.mode_angle_deg:.1f}", "°", critical))
    return rows


def _drive_rows(report: Report) -> list[Row]:
    """Where in the gain band the mode is best, and what the drive's heat leaves of it."""
    rows: list[Row] = []
    peak = None if report.spectrum is None else report.spectrum.peak()
    if peak is not None:
        rows.append(("best wavelength in the band", f"{peak[0]:.0f}", "nm", f"net gain {signed(peak[1])} cm⁻¹ with the dots' spectrum"))
    hot = report.hot
    if hot is not None and hot.net_gain_per_cm is not None:
        changed = f"gain band {hot.gap_shift_meV:+.2g} meV, peak gain × {hot.peak_gain_ratio:.3f}, loss {_text(hot.loss_per_cm)} cm⁻¹"
        rows.append((f"net gain, heated by {number(hot.rise_K)} K", signed(hot.net_gain_per_cm), "cm⁻¹", changed))
    return rows


def _feedback_rows(report: Report) -> list[Row]:
    feedback = report.feedback
    if feedback is None:
        return []
    low, high = sorted(feedback.stop_band_nm)
    size = "endless" if feedback.length_um is None else f"{feedback.length_um:g} µm"
    told = f"order {feedback.order}, period {feedback.period_nm:.5g} nm, {size}, stop band {low:.2f} to {high:.2f} nm"
    rows: list[Row] = [
        ("the grating feeds back at", f"{feedback.wavelength_nm:.2f}", "nm", told),
        ("loss of its cavity", number(feedback.cavity_loss_per_cm), "cm⁻¹", f"κ {number(abs(feedback.coupling_per_cm))} cm⁻¹"),
    ]
    if feedback.threshold_gain_per_cm is not None:
        peak = f"at the gain peak of {report.medium.gain_wavelength_nm:.0f} nm with a period of {feedback.period_for_peak_nm:.1f} nm"
        rows.append(("its threshold gain", number(feedback.threshold_gain_per_cm), "cm⁻¹", f"it would lase {peak}"))
    return rows


def _band_rows(report: Report) -> list[Row]:
    """Thresholds by the dots' whole spectrum."""
    rows: list[Row] = []
    for key, text in (("net_gain", "net gain"), ("lasing", "lasing")):
        found = None if report.band_thresholds is None else getattr(report.band_thresholds, key)
        if found is not None and found.current_density_A_per_cm2 is not None:
            value, unit = current(found.current_density_A_per_cm2).split(" ")
            pulse = "" if found.fluence_J_per_cm2 is None else f", {fluence(found.fluence_J_per_cm2)} in a pulse"
            rows.append((f"{text}, by the whole spectrum", value, unit, f"at {found.wavelength_nm:.0f} nm{pulse}"))
    return rows


def _margin_rows(report: Report) -> list[Row]:
    margins = report.margins
    if margins is None:
        return []
    rows: list[Row] = []
    if margins.current_ratio is not None:
        rows.append(("current available over threshold", number(margins.current_ratio), "", "of net gain"))
    if margins.largest_current_density_A_per_cm2 is not None:
        value, unit = current(margins.largest_current_density_A_per_cm2).split(" ")
        rows.append(("current that softens a layer", value, unit, "first glass transition reached"))
    return rows


def _heat_note(heat: DeviceHeat) -> str:
    """What the rises of temperature rest on."""
    if heat.pulse_ns is None:
        train = "d.c."
    else:
        every = "" if heat.period_ns is None else f" every {number(heat.period_ns / 1e3)} µs"
        train = f"pulses of {number(heat.pulse_ns / 1e3)} µs{every}"
    return f"{train}, {number(heat.power_W_per_A_per_cm2)} W for each A/cm²; {heat.heating.origin}"


def _others(gains: Sequence[ModeGain], label: str) -> list[ModeGain]:
    """All modes but one of that label, by falling net gain."""
    ranked = sorted(gains, key=lambda each: inf if each.net_gain_per_cm is None else -each.net_gain_per_cm)
    ranked.remove(next(each for each in ranked if each.label == label))
    return ranked


def _budget(stack: Stack, mode: StackMode) -> str:
    parts = sorted(written_budget(stack, mode).items(), key=lambda item: -item[1])
    return ", ".join(f"{place} {number(part)}" for place, part in parts[:4] if part > LEAST_PART * abs(mode.loss_per_cm))


def _threshold_rows(report: Report) -> list[Row]:
    names = {"transparency": "medium transparent", "net_gain": "net gain", "lasing": "lasing"}
    rows = [_threshold_row(text, getattr(report.thresholds, key)) for key, text in names.items()]
    first, threshold = report.first_to_amplify
    if report.mode is not None and first != report.mode.label:
        rows.insert(2, _threshold_row(f"net gain of {first}", threshold))
    return rows


def _threshold_row(text: str, threshold: Threshold) -> Row:
    if threshold.current_density_A_per_cm2 is None:
        return (f"threshold, {text}", "–", "", "")
    remarks = [] if threshold.fluence_J_per_cm2 is None else [f"{fluence(threshold.fluence_J_per_cm2)} in a pulse"]
    if threshold.heating_K is not None:
        remarks.append(f"heats by {number(threshold.heating_K)} K")
    value, unit = current(threshold.current_density_A_per_cm2).split(" ")
    return (f"threshold, {text}", value, unit, ", ".join(remarks))


def _change_rows(report: Report) -> list[Row]:
    return [
        (f"change {change.path}", f"{change.by:+g}", change.unit, f"net gain {signed(change.net_gain_change_per_cm)} cm⁻¹")
        for change in report.changes
    ]


def _assumption_rows(report: Report) -> list[Row]:
    rows: list[Row] = []
    for each in report.assumed:
        remark = ""
        if None not in (*each.confinement, *each.net_gain_per_cm):
            shares = " … ".join(_text(value, 100) for value in each.confinement)
            gains = " … ".join(_text(value) for value in each.net_gain_per_cm)
            remark = f"Γ {shares} %, net gain {gains} cm⁻¹"
        elif None not in each.net_gain_per_cm:
            remark = f"net gain {' … '.join(_text(value) for value in each.net_gain_per_cm)} cm⁻¹"
        if None not in each.threshold_A_per_cm2:
            remark = f"net gain from {' … '.join(_text(value) for value in each.threshold_A_per_cm2)} A/cm²"
        if None not in each.threshold_J_per_cm2:
            remark = f"net gain from {' … '.join(fluence(value or 0.0) for value in each.threshold_J_per_cm2)}"
        if not remark and each.material == report.medium.name:
            continue  # a width or a level that moves the spectrum alone: in the JSON
        low, high = each.range
        taken = "–" if each.value is None else f"{each.value:.4g}"  # a cross-section of 4e-14 cm^2 is no rounding error
        rows.append((f"assumed: {each.quantity} of {each.material}", taken, "", f"{low:g} … {high:g}: {remark}".rstrip(": ")))
    return rows


def _text(value: float | None, factor: float = 1.0) -> str:
    return "–" if value is None else number(value * factor)
