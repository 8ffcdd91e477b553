"""The modes of largest net gain of a pumped stack: what ``TE``, ``TM`` and ``best`` stand for in sweeps, optimisations and tolerances.

Counted are the modes that a certified search of the stack with its gain lists, of those that the stack has without gain too,
as ``modes`` and ``analyze`` list them. A mode beyond its cut-off, which the gain alone pulls back onto the sheet of outgoing
waves, is none of them; ``analyze`` leaves it out as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qdphotonics.laser.following import FollowedPoint, followed_or_cut_off
from qdphotonics.laser.pumped import claimed_modes

if TYPE_CHECKING:
    from qdphotonics.optics import PlanarProblem
    from qdphotonics.optics.problem import Polarizations
    from qdphotonics.planar.results import Mode

MAX_LOSS_PER_CM = 1e4  # of the search, as optics.find_modes has it


@dataclass(frozen=True, eq=False)
class StrongMode:
    """A mode of a pumped stack.

    Parameters
    ----------
    pumped : planar.Mode
        With the gain in the index.
    passive : FollowedPoint or None
        The same mode without gain; None where which mode it becomes is a matter of choice.
    """

    pumped: Mode
    passive: FollowedPoint | None

    @property
    def net_gain_per_cm(self) -> float:
        """G_net = -2 k0 Im n_eff [cm^-1]."""
        return -self.pumped.loss_per_cm


def strongest_modes(passive: PlanarProblem, pumped: PlanarProblem, polarization: Polarizations, most: int | None = 1) -> list[StrongMode]:
    """The modes of largest net gain, the largest first.

    Parameters
    ----------
    passive, pumped : PlanarProblem
        The stack without gain and with it.
    polarization : {"TE", "TM", "both"}
    most : int or None
        How many are wanted; None: all.

    Returns
    -------
    list of StrongMode
        Empty where the stack has no such mode.
    """
    from qdphotonics.optics.problem import polarizations

    found = [mode for which in polarizations(polarization) for mode in pumped.search(which, None, MAX_LOSS_PER_CM).modes]
    counted: list[StrongMode] = []
    claimed: dict[str, list[Mode]] = {}
    for mode in sorted(found, key=lambda each: each.loss_per_cm):
        if most is not None and len(counted) >= most:
            break
        origin, cut_off = followed_or_cut_off(mode, passive)
        if origin is None and not cut_off:  # which mode it becomes cannot be told from this end: from the other, all together
            which = mode.polarization
            if which not in claimed:
                claimed[which] = claimed_modes(passive, pumped, which, MAX_LOSS_PER_CM)
            cut_off = all(abs(each.n_eff - mode.n_eff) > 0 for each in claimed[which])
        if not cut_off:
            counted.append(StrongMode(mode, origin))
    return counted
