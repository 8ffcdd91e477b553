"""The verdict: can this stack amplify, can it lase, and what stands in the way; the words come from ``wording``.

Obstacles are looked for in the order in which they bind: the loss against the saturated gain, the pump's fluence, the
current, the heat, then the same for the cavity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qdphotonics.laser.wording import verdict_text

if TYPE_CHECKING:
    from qdphotonics.laser.case import Case
    from qdphotonics.laser.thresholds import Threshold


@dataclass(frozen=True)
class Ability:
    """Whether one kind of pumping gives amplified spontaneous emission, and lasing; None: not known from what was given."""

    ase: bool | None
    lasing: bool | None


@dataclass(frozen=True)
class Verdict:
    """``limited_by`` is ``loss:<layer>``, ``gain``, ``current``, ``heat`` or None; ``text`` says it in words."""

    optical: Ability
    electrical: Ability
    limited_by: str | None
    text: str


def judge(case: Case) -> Verdict:
    """Weigh a case.

    Returns
    -------
    Verdict
        ``optical`` for the pump light (saturated unless the drive is a fluence), ``electrical`` for the current that is
        available: the drive's, but no more than ``max_current_density``. Each is yes if any mode gets there.
    """
    most = case.optical_net_gain_per_cm
    optical = Ability(ase=most > 0, lasing=_lasing(case, most > (case.cavity_loss_per_cm or 0.0)))
    electrical = Ability(
        ase=_current_suffices(case, case.first_to("net_gain")[1]),
        lasing=_lasing(case, _current_suffices(case, case.first_to("lasing")[1])),
    )
    limited_by = _limited_by(case, optical, electrical)
    return Verdict(optical, electrical, limited_by, verdict_text(case, optical, electrical, limited_by))


def _lasing(case: Case, by_the_facets: bool | None) -> bool | None:
    """Lasing, left open without feedback; where the facets do not suffice, a grating whose feedback is not known may."""
    if case.finite_cavity_loss is None or (isinstance(case.feedback, str) and not by_the_facets):
        return None
    return by_the_facets


def _current_suffices(case: Case, threshold: Threshold) -> bool | None:
    """Whether the available current reaches a threshold, with no layer past its glass transition there."""
    needed, available = threshold.current_density_A_per_cm2, case.available_current_density
    if needed is None:
        return False
    if available is None:
        return None
    return needed <= available and not case.softened(threshold.heating_K)


def _limited_by(case: Case, optical: Ability, electrical: Ability) -> str | None:
    if case.largest_net_gain_per_cm <= 0:
        return _loss_or_gain(case)
    if not optical.ase:
        return "gain"  # this fluence leaves the medium short of what saturation would give
    if electrical.ase is False:
        return _current_or_heat(case, case.first_to("net_gain")[1])
    if optical.lasing is False:
        return "gain"
    if electrical.lasing is False:
        return _current_or_heat(case, case.first_to("lasing")[1])
    return None


def _loss_or_gain(case: Case) -> str:
    """Which of the two is to blame where saturated gain does not cover the loss.

    One place is to blame if its loss alone exceeds the modal gain, or if without it the rest would be covered.
    """
    place, worst = case.worst_place()
    gain = case.saturated_modal_gain_per_cm
    if gain > 0 and (worst >= gain or gain > case.loss_per_cm - worst):
        return f"loss:{place}"
    return "gain"


def _current_or_heat(case: Case, threshold: Threshold) -> str:
    needed, available = threshold.current_density_A_per_cm2, case.available_current_density
    return "current" if needed is None or available is None or needed > available else "heat"
