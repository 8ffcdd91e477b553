"""By how much a device meets, or misses, what amplification and lasing take."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdphotonics.laser.case import Case
    from qdphotonics.laser.heat import DeviceHeat
    from qdphotonics.laser.thresholds import Threshold


@dataclass(frozen=True)
class Margins:
    """Positive (ratios: above 1) where the device has something to spare; None where something is not known.

    Parameters
    ----------
    net_gain_per_cm : float
        The most that light can give beyond the loss of the passive stack: what a cavity may lose.
    beyond_cavity_per_cm : float or None
        The same beyond the loss of the cavity; None without one.
    current_ratio, lasing_current_ratio : float or None
        Current available over the threshold of net gain, of lasing; 0 where no current is enough.
    largest_current_density_A_per_cm2 : float or None
        At which the first layer reaches its glass transition (the lowest end of its range).
    heating_K : float or None
        What is left to that transition at the threshold of net gain.
    """

    net_gain_per_cm: float
    beyond_cavity_per_cm: float | None
    current_ratio: float | None
    lasing_current_ratio: float | None
    largest_current_density_A_per_cm2: float | None
    heating_K: float | None


def margins(case: Case, heat: DeviceHeat | None) -> Margins:
    """The margins of a case, each of the mode that gets there first."""
    net_gain, lasing = case.first_to("net_gain")[1], case.first_to("lasing")[1]
    limit_K = case.transitions.largest_rise_K()
    cavity = case.finite_cavity_loss
    return Margins(
        net_gain_per_cm=case.optical_net_gain_per_cm,
        beyond_cavity_per_cm=None if cavity is None else case.optical_net_gain_per_cm - cavity,
        current_ratio=_ratio(case, net_gain),
        lasing_current_ratio=None if cavity is None else _ratio(case, lasing),
        largest_current_density_A_per_cm2=None if heat is None or not isfinite(limit_K) else heat.current_for(limit_K),
        heating_K=None if net_gain.heating_K is None or not isfinite(limit_K) else limit_K - net_gain.heating_K,
    )


def _ratio(case: Case, threshold: Threshold) -> float | None:
    available, needed = case.available_current_density, threshold.current_density_A_per_cm2
    if available is None:
        return None
    return 0.0 if needed is None else available / needed
