"""Reports side by side."""

from __future__ import annotations

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
    assert all(report.verdict.text in note for report, note in zip(reports, notes, strict=True))
    assert title in repr(comparison)
    assert "<table>" in comparison._repr_html_()
