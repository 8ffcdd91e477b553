"""Thresholds: the medium transparent, the mode amplified, the cavity lasing."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from qdphotonics.laser.heat import device_heat

if TYPE_CHECKING:
    from qdphotonics.gain import Medium
    from qdphotonics.laser.pumped import PumpedMode
    from qdphotonics.stacks import Stack


@dataclass(frozen=True)
class Threshold:
    """The drives at which a condition is met; None where no drive does, or where it does not apply.

    Parameters
    ----------
    current_density_A_per_cm2 : float or None
        By the papers' formula, every pair recombining in one monolayer of dots.
    fluence_J_per_cm2 : float or None
        Absorbed from a short pulse at the dots.
    heating_K : float or None
        Peak heating at that current density, in the drive's pulses (d.c. without them); None without thermal data.
    heating_dc_K : float or None
        The same under d.c.
    material_gain_per_cm : float or None
        Gain of the medium that the condition takes.
    current_density_film_A_per_cm2 : float or None
        The current density if the pairs spread over all monolayers of the gain layers instead.
    """

    current_density_A_per_cm2: float | None = None
    fluence_J_per_cm2: float | None = None
    heating_K: float | None = None
    heating_dc_K: float | None = None
    material_gain_per_cm: float | None = None
    current_density_film_A_per_cm2: float | None = None


@dataclass(frozen=True)
class Thresholds:
    """Transparency of the medium (G = 0), net gain of the mode (G_net = 0), lasing (G_net = cavity loss)."""

    transparency: Threshold
    net_gain: Threshold
    lasing: Threshold


def thresholds(stack: Stack, medium: Medium, mode: PumpedMode | None, cavity_loss_per_cm: float | None) -> Thresholds:
    """The three thresholds of a mode.

    Parameters
    ----------
    stack : Stack
    medium : Medium
    mode : PumpedMode or None
        None: the stack has no mode.
    cavity_loss_per_cm : float or None
        None: there is no cavity, or none whose loss is known here.
    """
    highest = medium.material_gain_per_cm
    net_gain = None if mode is None else mode.gain_for(0.0, highest)
    lasing = None
    if mode is not None and cavity_loss_per_cm is not None and isfinite(cavity_loss_per_cm):
        lasing = mode.gain_for(cavity_loss_per_cm, highest)
    return Thresholds(*(threshold(stack, medium, gain) for gain in (0.0, net_gain, lasing)))


def threshold(stack: Stack, medium: Medium, material_gain_per_cm: float | None) -> Threshold:
    """The drives at which the medium gives a material gain [cm^-1]."""
    if material_gain_per_cm is None:
        return Threshold()
    fraction = material_gain_per_cm / medium.material_gain_per_cm
    monolayers = medium.monolayers(film_nm(stack))
    current = reachable(medium.current_density_A_per_cm2(fraction))
    heat = device_heat(stack)
    return Threshold(
        current_density_A_per_cm2=current,
        fluence_J_per_cm2=reachable(medium.fluence_J_per_cm2(fraction)),
        heating_K=None if heat is None else heat.rise_K(current),
        heating_dc_K=None if heat is None else heat.dc_rise_K(current),
        material_gain_per_cm=material_gain_per_cm,
        current_density_film_A_per_cm2=reachable(medium.current_density_A_per_cm2(fraction, monolayers)),
    )


def film_nm(stack: Stack) -> float:
    """Thickness of all gain layers together [nm]."""
    return float(sum(stack.layers[position].thickness_nm for position in stack.gain_layers))


def reachable(drive: float) -> float | None:
    """A drive, None where it is infinite."""
    return float(drive) if isfinite(drive) else None
