"""What to change in a stack: the exact derivatives of the net gain, checked by solving again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics._yaml import quoted
from qdphotonics.laser.following import FollowedPoint, follow_mode
from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.laser.pumped import PumpedMode
    from qdphotonics.optics import PlanarProblem
    from qdphotonics.planar.results import Mode
    from qdphotonics.stacks import Stack

LARGEST_NM = 10.0
LARGEST_SHARE = 0.1  # of a layer's thickness
HALVINGS = 6  # a layer that needs a step below 1/64 of that is at its best thickness already
AGREEMENT = 0.05  # of the predicted change, between first order and solving again: half of what a report promises
WORTH_PER_CM = 1e-3  # a smaller change is no advice


@dataclass(frozen=True)
class Change:
    """One change of the stack and what it does to the net modal gain, to first order and confirmed by solving again.

    ``path`` is what ``--set`` takes; ``by`` is added to the value there.
    """

    path: str
    by: float
    unit: str
    net_gain_change_per_cm: float


def best_changes(stack: Stack, mode: PumpedMode, material_gain_per_cm: float, count: int = 3) -> tuple[Change, ...]:
    """The changes of a thickness that raise the net gain of a mode most.

    Each is at most 10 nm and 10 % of its layer; all repeats of a layer change together. The step is halved until solving
    again confirms the first-order prediction within 5 %.

    Parameters
    ----------
    stack : Stack
    mode : PumpedMode
    material_gain_per_cm : float
        At the drive.
    count : int

    Returns
    -------
    tuple of Change
        Largest first; fewer than ``count`` where nothing else helps.
    """
    driven = mode.at(material_gain_per_cm)
    pumped = mode.stack.at(material_gain_per_cm)
    found: list[Change] = []
    for name, members in repeated(stack).items():
        change = _thickness_change(name, members, pumped, mode.passive.solution, driven)
        if change is not None:
            found.append(change)
    return tuple(sorted(found, key=lambda change: change.net_gain_change_per_cm, reverse=True)[:count])


def repeated(stack: Stack) -> dict[str, list[int]]:
    """Positions in ``stack.layers`` of each layer of the file, the repeats of one together, by its written name."""
    members: dict[str, list[int]] = {}
    for position, layer in enumerate(stack.layers):
        members.setdefault(layer.written_name, []).append(position)
    return members


def _thickness_change(name: str, members: list[int], pumped: PlanarProblem, passive: Mode, driven: FollowedPoint) -> Change | None:
    direction = np.zeros(len(pumped.thickness_nm))
    direction[members] = 1.0
    slope = net_gain_per_nm(driven, direction)
    by = np.sign(slope) * min(LARGEST_NM, LARGEST_SHARE * float(pumped.thickness_nm[members].min()))
    for _ in range(HALVINGS):
        by = float(f"{by:.2g}")
        predicted = slope * by
        if predicted < WORTH_PER_CM:
            return None
        after = follow_mode(passive, pumped.with_thickness_change(by * direction))
        if after is not None and abs(driven.loss_per_cm - after.loss_per_cm - predicted) <= AGREEMENT * predicted:
            return Change(f"layers.{quoted(name)}.thickness", by, "nm", predicted)
        by /= 2
    return None


def net_gain_per_nm(mode: FollowedPoint, direction: NDArray[np.float64]) -> float:
    """Derivative of the net gain [cm^-1/nm] along a change of the thicknesses, ``direction`` [layer]."""
    change = complex(direction @ mode.sensitivity.thickness_per_nm)
    return -loss_per_cm(change.imag, mode.wavelength_nm)
