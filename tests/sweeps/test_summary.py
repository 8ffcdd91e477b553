"""A sweep in a few lines: where the ends of each quantity lie, what failed, what has no value by its nature."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.sweeps.summary import SweepSummary, lost_points
from tests.plots.made_up import ITO, THICKNESS, dataset, peak

GAIN, THRESHOLD = "net_gain_per_cm", "thresholds.net_gain.current_density_A_per_cm2"
NM, WIDE = np.linspace(50.0, 150.0, 11), np.linspace(150.0, 350.0, 5)


def test_ends_lie_where_the_formula_has_them() -> None:
    """The hill's top at 110 and 250 nm is 150 per cm; among equal smallest values, the first."""
    summary = SweepSummary(dataset({GAIN: peak}, {THICKNESS: NM, ITO: WIDE}))
    ends = summary.ends(GAIN)
    assert ends is not None
    assert (ends[1].value, ends[1].at) == (150.0, {THICKNESS: 110.0, ITO: 250.0})
    assert ends[0].at == {THICKNESS: 50.0, ITO: 150.0}
    assert ends[0].value == pytest.approx(peak(50.0, 150.0))


def test_failed_points_and_points_without_a_value_are_told_apart() -> None:
    """A threshold is infinite at 3 of 11 points and 2 more failed; the gain has values at all but these 2."""
    quantities = {GAIN: peak, THRESHOLD: lambda nm: np.where(nm < 75, np.inf, nm)}
    data = dataset(quantities, {THICKNESS: NM}, lambda nm: nm > 135)
    summary = SweepSummary(data, seconds=2.0, computed=4)
    assert (summary.points, len(summary.lost), summary.points_per_second) == (11, 2, 2.0)
    assert (summary.without_value(GAIN), summary.without_value(THRESHOLD)) == (0, 3)
    assert lost_points(data, GAIN).tolist() == [False] * 9 + [True] * 2
    document = summary.as_dict()
    assert document["failures"] == [{"at": {THICKNESS: nm}, "error": "the mode ended"} for nm in (140.0, 150.0)]
    assert document["quantities"][THRESHOLD]["largest"] == {"value": 130.0, "at": {THICKNESS: 130.0}}
    assert document["quantities"][GAIN]["without_value"] == 0
    notes = summary.table()[3]
    assert notes[0] == "4 points computed now, 7 before; 2 s, 2 points a second"
    assert f"{THRESHOLD} has no value at 3 of 11 points" in notes
    assert notes[-1] == "warning: 2 of 11 points (18.2 %) could not be computed; the first, at QD thickness 140 nm: the mode ended"


def test_a_quantity_without_any_value_has_no_ends() -> None:
    summary = SweepSummary(dataset({THRESHOLD: lambda nm: np.inf + nm}, {THICKNESS: NM}))
    assert summary.as_dict()["quantities"][THRESHOLD]["smallest"] == {"value": None, "at": None}
    assert summary.table()[2] == [(THRESHOLD, "no value", "", "A/cm²", "")]


def test_a_quality_factor_without_end_is_no_missing_value() -> None:
    """A dark edge: infinite at 5 of 11 points, or everywhere; the note says why, and where the edge is that radiates."""
    notes = SweepSummary(dataset({"dfb.q": lambda nm: np.where(nm < 95, np.inf, nm)}, {THICKNESS: NM})).table()[3]
    assert len(notes) == 1
    assert notes[0].startswith("dfb.q is infinite at 5 of 11 points: the edge that lases first is dark")
    assert "dfb.bright.q" in notes[0]
    whole = SweepSummary(dataset({"dfb.dark.q": lambda nm: np.inf + nm}, {THICKNESS: NM})).table()
    assert whole[2] == [("dfb.dark.q", "infinite", "", "", "")]
    assert whole[3] == ["dfb.dark.q is infinite at 11 of 11 points: that edge does not radiate"]


def test_places_of_a_real_sweep_are_plain_values() -> None:
    """Numbers, names, and a material in place (as the JSON that names it): the document holds nothing but JSON's types."""
    axes = {"layers.Ag.material": ["Ag", {"n": 0.2, "k": 3.0}], "zip": {THICKNESS: [90, 100], ITO: [250, 240]}}
    found = qdp.sweep({"stack": "jung2022-lito-ag", "axes": axes, "quantities": ["thickness_nm.QD"]})
    ends = SweepSummary(found).ends("thickness_nm.QD")
    assert ends is not None
    assert ends[1].at == {"layers.Ag.material": "Ag", THICKNESS: 100.0, ITO: 240.0}
    assert {type(value) for value in ends[1].at.values()} == {str, float}
