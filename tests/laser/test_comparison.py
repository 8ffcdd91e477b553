"""Reports side by side."""

from __future__ import annotations

from math import inf

import qdphotonics as qdp
from qdphotonics.laser import analyze, compare
from qdphotonics.stacks import Stack


def test_l_ito_against_ito(low_loss_led: Stack) -> None:
    """M1: the low-loss electrode turns net loss into net gain; both reports stand in the document as analyze gives them."""
    reports = [analyze(qdp.load_stack("roh2020-ito")), analyze(low_loss_led)]
    comparison = compare(reports)
    assert comparison.as_dict() == {"stacks": [report.as_dict() for report in reports]}
    title, columns, rows, notes = comparison.table()
    assert columns[1:] == tuple(report.stack.name for report in reports)
    answers = {row[0]: row[1:] for row in rows}
    assert answers["ASE by light"] == ("no", "yes")
    assert answers["limited by"][0] == "loss:ITO"
    assert all(report.verdict.text in note for report, note in zip(reports, notes[:-1], strict=True))
    assert title in repr(comparison)
    assert "<table>" in comparison._repr_html_()


def test_a_column_says_which_file_and_which_mode_gets_there_first(mirror_led: Stack, low_loss_led: Stack) -> None:
    """"ASE by current: yes" beside a threshold that the current does not reach would contradict itself."""
    _, _, rows, notes = compare([analyze(mirror_led), analyze(low_loss_led)]).table()
    cells = {row[0]: row[1:] for row in rows}
    assert cells["file"] == ("–", "roh2020-lito.yaml")
    assert cells["mode"][0] == "TE10"
    assert cells["ASE by current"][0] == "yes"
    first = min(analyze(mirror_led).mode_gains, key=lambda each: each.net_gain_threshold.current_density_A_per_cm2 or inf)
    assert cells["net gain from"][0].endswith(f"A/cm² ({first.label})")
    assert notes[-1].startswith("–: ")


def test_the_table_of_a_report_has_the_threshold_of_the_first_mode(mirror_led: Stack) -> None:
    report = analyze(mirror_led)
    first = min(report.mode_gains, key=lambda each: each.net_gain_threshold.current_density_A_per_cm2 or inf)
    rows = {row[0] for row in report.table()[2]}
    assert {"threshold, net gain", f"threshold, net gain of {first.label}"} <= rows
