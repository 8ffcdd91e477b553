"""The modes of largest net gain of a pumped stack: those that analyze follows there, and none that the gain alone makes."""

from __future__ import annotations

from math import inf

import pytest

import qdphotonics as qdp
from qdphotonics.laser import pumped_modes, pumped_stack
from qdphotonics.laser.analysis import strongest_mode
from qdphotonics.laser.strongest import strongest_modes
from qdphotonics.laser.weighed import net_gain_per_cm
from qdphotonics.optics import find_modes
from tests.laser.cutoff import CUT_OFF


@pytest.mark.parametrize("gain", [780.0, 300.0, 0.0, -300.0])
@pytest.mark.parametrize("name", ["jung2022-lito-ag", "ahn2023-brw", "roh2020-lito", "cut off"])
def test_they_are_the_modes_that_analyze_follows(name: str, gain: float) -> None:
    """The other way: every mode of the passive stack followed to the gain, as analyze does. To 1e-5 cm^-1, two ways to one zero."""
    stack = qdp.load_stack(CUT_OFF if name == "cut off" else name)
    ready = pumped_stack(stack)
    for which in ("TE", "TM"):
        followed, _ = pumped_modes(stack, find_modes(stack, polarization=which), 780.0)
        largest = max(-inf if (net := net_gain_per_cm(mode, gain)) is None else net for mode in followed)
        found = strongest_modes(ready.passive, ready.at(gain), which, None)
        assert found[0].net_gain_per_cm == pytest.approx(largest, abs=1e-5)
        assert found == sorted(found, key=lambda mode: -mode.net_gain_per_cm)


def test_a_mode_beyond_its_cut_off_does_not_count() -> None:
    """With its gain the stack has a TM mode at 1.515015, above the glass by 1e-6; without, it lies on the other sheet.

    modes says "1 more left out", analyze has TM1 at -154.2: that is the largest, and not the -1.92 of the one left out.
    """
    stack = qdp.load_stack(CUT_OFF)
    pulled = max(-mode.loss_per_cm for mode in pumped_stack(stack).at(780.0).search("TM", None, 1e4).modes)
    assert pulled == pytest.approx(-1.922, abs=1e-3)
    mode, gain = strongest_mode(stack, "TM")
    analysed = {each.label: each.net_gain_per_cm for each in qdp.analyze(stack).mode_gains}
    assert gain == 780.0
    assert mode.net_gain_per_cm == pytest.approx(analysed["TM1"], abs=1e-6)
    assert mode.net_gain_per_cm == pytest.approx(-154.234, abs=1e-3)


@pytest.mark.parametrize("drive", [0, 1, 20, 100])
@pytest.mark.parametrize("name", ["ahn2023-brw", "jung2022-lito-ag"])
def test_the_best_of_both_is_the_larger(name: str, drive: float) -> None:
    """max(TE, TM), whether anything amplifies or not."""
    stack = qdp.load_stack(name).changed({"drive.current_density_A_per_cm2": drive})
    te, tm, both = (strongest_mode(stack, which)[0].net_gain_per_cm for which in ("TE", "TM", "both"))
    assert both == max(te, tm)
