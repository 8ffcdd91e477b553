"""All that a verdict weighs, as numbers: the mode of largest net gain, the drive, the thresholds and the device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdphotonics.laser.drive import Operation
    from qdphotonics.laser.thresholds import Thresholds

AMBIENT_K = 300.0
ZERO_CELSIUS_K = 273.15


@dataclass(frozen=True)
class Case:
    """What is known of a stack with its mode of largest net gain.

    Parameters
    ----------
    label : str
        Of the mode.
    confinement : float
        Intensity confinement in the gain layers.
    saturated_gain_per_cm : float
        Material gain G0 of the medium.
    saturated_modal_gain_per_cm : float
        G_mod at G0.
    loss_per_cm : float
        alpha_eff of the passive stack.
    budget_per_cm : mapping
        Its parts by written layer name.
    operation : Operation
        The drive.
    net_gain_per_cm : float
        At the drive.
    thresholds : Thresholds
    cavity_loss_per_cm : float or None
        Infinite: facets that reflect nothing; None: no cavity, or one that is not computed.
    cavity_length_um : float or None
    has_grating : bool
    max_current_density_A_per_cm2 : float or None
        What the device stands.
    monolayers : float
        Of dots, in all gain layers.
    glass_transition_C : mapping
        By layer, where the material has one.
    mode_was_named : bool
        By the user, so that another may have more net gain.
    """

    label: str
    confinement: float
    saturated_gain_per_cm: float
    saturated_modal_gain_per_cm: float
    loss_per_cm: float
    budget_per_cm: Mapping[str, float]
    operation: Operation
    net_gain_per_cm: float
    thresholds: Thresholds
    cavity_loss_per_cm: float | None = None
    cavity_length_um: float | None = None
    has_grating: bool = False
    max_current_density_A_per_cm2: float | None = None
    monolayers: float = 1.0
    glass_transition_C: Mapping[str, float] | None = None
    mode_was_named: bool = False

    @property
    def saturated_net_gain_per_cm(self) -> float:
        """The most that any drive can give."""
        return self.saturated_modal_gain_per_cm - self.loss_per_cm

    @property
    def optical_net_gain_per_cm(self) -> float:
        """The most that light can give: at the fluence of the drive, else at saturation."""
        return self.saturated_net_gain_per_cm if self.operation.fluence_J_per_cm2 is None else self.net_gain_per_cm

    @property
    def available_current_density(self) -> float | None:
        """The smaller of the drive and of what the device stands [A/cm^2]; None where neither is known."""
        known = [j for j in (self.operation.current_density_A_per_cm2, self.max_current_density_A_per_cm2) if j is not None]
        return min(known, default=None)

    @property
    def finite_cavity_loss(self) -> float | None:
        """Loss of a cavity that feeds back [cm^-1]."""
        loss = self.cavity_loss_per_cm
        return loss if loss is not None and isfinite(loss) else None

    def worst_place(self) -> tuple[str, float]:
        """Where most of the loss sits, and how much [cm^-1]."""
        return max(self.budget_per_cm.items(), key=lambda item: item[1])

    def softened(self, heating_K: float | None) -> dict[str, float]:
        """Layers that this heating takes past their glass transition, with the temperature of it [degrees Celsius]."""
        if heating_K is None:
            return {}
        hot = temperature_C(heating_K)
        return {layer: limit for layer, limit in (self.glass_transition_C or {}).items() if hot > limit}


def temperature_C(heating_K: float) -> float:
    """Temperature of a device heated above the ambient 300 K [degrees Celsius]."""
    return AMBIENT_K + heating_K - ZERO_CELSIUS_K
