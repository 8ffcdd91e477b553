"""Reports side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qdphotonics.laser.wording import current, fluence
from qdphotonics.optics import html_table, number, text_table, written_budget

if TYPE_CHECKING:
    from qdphotonics.laser.report import Report

ANSWERS = {True: "yes", False: "no", None: "–"}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Several reports."""

    reports: tuple[Report, ...]

    @property
    def stacks(self) -> tuple[Report, ...]:
        """The reports, by the name that they have in JSON."""
        return self.reports

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics compare``."""
        return {"stacks": [report.as_dict() for report in self.reports]}

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns (one a stack), rows and notes."""
        columns = [dict(_cells(report)) for report in self.reports]
        rows = [(name, *(column[name] for column in columns)) for name in columns[0]]
        notes = [f"{report.stack.name}: {report.verdict.text}" for report in self.reports]
        notes.append("–: no drive reaches it, or it is not known (no cavity, no current that the device stands)")
        return "Comparison", ("", *(report.stack.name for report in self.reports)), rows, notes

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def compare(reports: Sequence[Report]) -> Comparison:
    """Put reports side by side."""
    return Comparison(tuple(reports))


def _cells(report: Report) -> list[tuple[str, str]]:
    mode, verdict = report.mode, report.verdict
    first, threshold = report.first_to_amplify
    by = "" if mode is None or first == mode.label else f" ({first})"
    worst = "–"
    if mode is not None:
        place, loss = max(written_budget(report.stack, mode).items(), key=lambda item: item[1])
        worst = f"{place} {number(loss)}"
    return [
        ("file", "–" if report.stack.file is None else report.stack.file.name),
        ("wavelength nm", f"{report.wavelength_nm:g}"),
        ("medium", report.medium.name),
        ("drive", str(report.operation)),
        ("mode", "none" if mode is None else mode.label),
        ("n_eff", "–" if mode is None else f"{mode.n_eff.real:.5f}"),
        ("Γ in the dots %", _text(report.confinement, 100)),
        ("loss cm⁻¹", _text(report.loss_per_cm)),
        ("most loss in, cm⁻¹", worst),
        ("modal gain cm⁻¹", _text(report.modal_gain_per_cm)),
        ("Γ·G cm⁻¹", _text(report.confinement_gain_per_cm)),
        ("net gain cm⁻¹", _text(report.net_gain_per_cm)),
        ("net gain from", _drive(threshold.current_density_A_per_cm2, current, by)),
        ("or in a pulse from", _drive(threshold.fluence_J_per_cm2, fluence, by)),
        ("ASE by light", ANSWERS[verdict.optical.ase]),
        ("ASE by current", ANSWERS[verdict.electrical.ase]),
        ("lasing by light", ANSWERS[verdict.optical.lasing]),
        ("lasing by current", ANSWERS[verdict.electrical.lasing]),
        ("limited by", verdict.limited_by or "–"),
    ]


def _text(value: float | None, factor: float = 1.0) -> str:
    return "–" if value is None else number(value * factor)


def _drive(value: float | None, form: Any, by: str) -> str:
    return "–" if value is None else f"{form(value)}{by}"
