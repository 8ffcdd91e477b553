"""Modes followed over long ways, past modes that nobody asked for, to lone points: against small steps by another method."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.optics import planar_problem
from qdphotonics.sweeps.follower import Follower
from qdphotonics.sweeps.space import DesignSpace
from tests.oracles.small_steps import Stack, follow

M3 = "ahn2023-brw"
HIGH, LOW = "layers.DBR-H.thickness", "layers.DBR-L.thickness"


@cache
def small_steps(mode: str, changes: tuple[tuple[str, float], ...], begin: tuple[tuple[str, float], ...] = ()) -> complex | None:
    """Where a mode of the Bragg stack comes to on the straight way, by the oracle."""
    stack = qdp.load_stack(M3)
    first, last = (planar_problem(stack.changed(dict(each))) for each in (begin, begin + changes))
    mine = next(each for each in first.search(mode[:2], None, 1e4).modes if each.label == mode)  # type: ignore[arg-type]

    def stack_at(way: float) -> Stack:
        thickness = first.thickness_nm + way * (last.thickness_nm - first.thickness_nm)
        index = first.index + way * (last.index - first.index)
        k0 = (1 - way) / first.wavelength_nm + way / last.wavelength_nm
        return index.tolist(), thickness.tolist(), 2 * np.pi * k0

    return follow(mine.n_eff, stack_at, tm=mode[:2] == "TM")


def swept(mode: str, axes: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """n_eff and status [points]."""
    result = qdp.sweep({"stack": M3, "mode": mode, "axes": axes, "quantities": ["n_eff", "loss_per_cm"]}, workers=0)
    n_eff = result["n_eff"].values
    return n_eff, result["status"].values if "status" in result else np.zeros(n_eff.shape, int)


@pytest.mark.parametrize(("mode", "end"), [("TM7", 185.828), ("TM6", 258.0), ("TM8", 240.0), ("TM9", 205.0)])
def test_a_long_way_past_strangers_does_not_depend_on_the_other_points(mode: str, end: float) -> None:
    """The high layers of M3's mirror at their end in a single step, in two, in 40: the mode that 400 small steps lead to.

    n_eff moves by 0.1 to 0.2 past modes that were not near at first. Not marked, or the value is that of the oracle: 1e-9, its
    Newton's method by differences.
    """
    expected = small_steps(mode, ((HIGH, end),))
    assert expected is not None
    for count in (1, 2, 3, 40):
        axis = [end] if count == 1 else {"from": 130, "to": end, "count": count}
        n_eff, status = swept(mode, {HIGH: axis})
        assert status[-1] == 0
        assert n_eff[-1] == pytest.approx(expected.real, abs=1e-9)


def test_a_follower_takes_a_long_step_to_the_same_mode() -> None:
    """``Follower.to`` in one step of 56 nm: TM7 at n_eff 1.8814, not the mode at 1.9049 that crosses its way."""
    follower = Follower.of(DesignSpace.of(qdp.load_stack(M3), [HIGH]), [130.0], "TM7")
    expected = small_steps("TM7", ((HIGH, 185.828),), ((HIGH, 130.0),))
    assert expected is not None
    assert follower.to([185.828]).passive.n_eff == pytest.approx(expected, abs=1e-9)


def test_what_is_reached_alone_is_reached_in_a_row() -> None:
    """TE10 with thin high layers, cut off beyond 593 nm: every wavelength of a row that small steps reach is found, no other.

    A row that begins where the mode is lost, and whose middle is lost too, still has its first fifth.
    """
    nm = np.arange(560.0, 721.0, 8.0)
    n_eff, status = swept("TE10", {HIGH: [80], "wavelength": nm.tolist()})
    for at, each in enumerate(nm.tolist()):
        expected = small_steps("TE10", ((HIGH, 80.0), ("wavelength", each)))
        if expected is None:
            assert status[0, at] == 2
        else:
            assert n_eff[0, at] == pytest.approx(expected.real, abs=1e-7)  # the way there is straight in k0, not in the wavelength
    assert (status == 2).any()
    assert (status != 2).sum() >= 4


def test_no_point_is_lost_for_its_place_in_a_map() -> None:
    """Thicknesses of both layers of M3's mirror, the axes in either order: what small steps reach on the straight way is found."""
    axes = {HIGH: [60, 65, 70, 75, 90, 120], LOW: [80, 110, 140, 165, 190, 200]}
    one, other = swept("TE10", axes), swept("TE10", dict(reversed(axes.items())))
    found = ~np.isnan(one[0]) & ~np.isnan(other[0].T)
    for row, column in np.argwhere(~found).tolist():
        assert small_steps("TE10", ((HIGH, axes[HIGH][row]), (LOW, axes[LOW][column]))) is None
    assert found.any()
    assert not found.all()
