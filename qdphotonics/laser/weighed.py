"""Every mode of a stack in short: its net gain at the drive and at saturation, and where its net gain and lasing begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Literal

from qdphotonics.errors import ModeSearchError
from qdphotonics.laser.assumed import gain_confinement
from qdphotonics.laser.thresholds import Threshold, thresholds

if TYPE_CHECKING:
    from qdphotonics.gain import Medium
    from qdphotonics.laser.pumped import PumpedMode
    from qdphotonics.stacks import Stack


NOTICEABLE = 1.01  # ratio of two threshold currents below which they are one, as far as anyone can tell


@dataclass(frozen=True)
class ModeGain:
    """One of the stack's modes in short.

    Parameters
    ----------
    label : str
    n_eff : complex
    character : str
    confinement : float
        Of the intensity, in the gain layers.
    loss_per_cm : float
        Of the passive mode.
    net_gain_per_cm : float or None
        At the drive; None where the mode ends before the drive's gain is reached.
    saturated_net_gain_per_cm : float or None
        The same at saturation.
    net_gain_threshold, lasing_threshold : Threshold
    """

    label: str
    n_eff: complex
    character: str
    confinement: float
    loss_per_cm: float
    net_gain_per_cm: float | None
    saturated_net_gain_per_cm: float | None
    net_gain_threshold: Threshold
    lasing_threshold: Threshold


def first_to(what: Literal["net_gain", "lasing"], label: str, own: Threshold, rivals: Sequence[ModeGain]) -> tuple[str, Threshold]:
    """The mode that reaches a threshold at the lowest drive, and that threshold; ``label`` unless another is clearly before it."""
    found = [(label, own), *((each.label, getattr(each, f"{what}_threshold")) for each in rivals)]
    return min(found, key=lambda entry: _current(entry[1]) * (1.0 if entry[1] is own else NOTICEABLE))


def _current(threshold: Threshold) -> float:
    return inf if threshold.current_density_A_per_cm2 is None else threshold.current_density_A_per_cm2


def mode_gain(stack: Stack, medium: Medium, mode: PumpedMode, material_gain_per_cm: float, cavity_loss_per_cm: float | None) -> ModeGain:
    """A mode in short, at a material gain and in a cavity (None: none whose loss is known)."""
    passive = mode.passive
    try:
        reached = thresholds(stack, medium, mode, cavity_loss_per_cm)
    except ModeSearchError:  # it ends before saturation: where on the way it amplifies is not known
        reached = thresholds(stack, medium, None, None)
    return ModeGain(
        label=passive.label,
        n_eff=passive.n_eff,
        character=passive.character,
        confinement=gain_confinement(stack, passive.solution.confinement.intensity),
        loss_per_cm=passive.loss_per_cm,
        net_gain_per_cm=net_gain_per_cm(mode, material_gain_per_cm),
        saturated_net_gain_per_cm=net_gain_per_cm(mode, medium.material_gain_per_cm),
        net_gain_threshold=reached.net_gain,
        lasing_threshold=reached.lasing,
    )


def net_gain_per_cm(mode: PumpedMode, material_gain_per_cm: float) -> float | None:
    """Net gain of a mode at a material gain [cm^-1]; None where the mode ends before."""
    try:
        return mode.net_gain_per_cm(material_gain_per_cm)
    except ModeSearchError:
        return None
