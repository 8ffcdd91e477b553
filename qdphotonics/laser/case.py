"""All that a verdict weighs, as numbers: the mode of largest net gain and its rivals, the drive, the thresholds and the device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import TYPE_CHECKING, Literal

from qdphotonics.laser.weighed import first_to
from qdphotonics.thermal import AMBIENT_K, GlassTransitions
from qdphotonics.units import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from qdphotonics.laser.drive import Operation
    from qdphotonics.laser.feedback import GratingFeedback
    from qdphotonics.laser.thresholds import Threshold, Thresholds
    from qdphotonics.laser.weighed import ModeGain

GAIN_HALF_WIDTH_MEV = 40.0  # half of the 80 meV line of a dot at room temperature


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
        Of its grating, else of its facets; infinite where one reflects nothing; None: no cavity.
    cavity_length_um : float or None
    feedback : GratingFeedback, str or None
        Of the stack's grating; in words why it has none; None: there is no grating.
    max_current_density_A_per_cm2 : float or None
        What the device stands.
    monolayers : float
        Of dots, in all gain layers.
    rise_K : float or None
        Of the device at the drive.
    transitions : thermal.GlassTransitions
        Of the layers that have one.
    mode_was_named : bool
        By the user, so that another may have more net gain.
    rivals : tuple of ModeGain
        The other modes that may amplify and lase in its place; none where the mode was named.
    wavelength_nm : float
    gain_offset_meV : float
        Photon energy there, above that of the medium's gain peak.
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
    feedback: GratingFeedback | str | None = None
    max_current_density_A_per_cm2: float | None = None
    monolayers: float = 1.0
    rise_K: float | None = None
    transitions: GlassTransitions = field(default_factory=lambda: GlassTransitions({}))
    mode_was_named: bool = False
    rivals: tuple[ModeGain, ...] = ()
    wavelength_nm: float = 630.0
    gain_offset_meV: float = 0.0

    @property
    def saturated_net_gain_per_cm(self) -> float:
        """The most that any drive can give in this mode."""
        return self.saturated_modal_gain_per_cm - self.loss_per_cm

    @property
    def largest_net_gain_per_cm(self) -> float:
        """The most that any drive can give in any mode."""
        return max([self.saturated_net_gain_per_cm, *(_known(each.saturated_net_gain_per_cm) for each in self.rivals)])

    @property
    def optical_net_gain_per_cm(self) -> float:
        """The most that light can give, in any mode: at the fluence of the drive, else at saturation."""
        if self.operation.fluence_J_per_cm2 is None:
            return self.largest_net_gain_per_cm
        return max([self.net_gain_per_cm, *(_known(each.net_gain_per_cm) for each in self.rivals)])

    def first_to(self, what: Literal["net_gain", "lasing"]) -> tuple[str, Threshold]:
        """The mode that reaches a threshold at the lowest gain, and that threshold; its own mode unless another is clearly before it."""
        return first_to(what, self.label, getattr(self.thresholds, what), self.rivals)

    @property
    def is_off_peak(self) -> bool:
        """Whether the wavelength lies so far from the gain peak that the peak's gain is not that of the dots."""
        return abs(self.gain_offset_meV) > GAIN_HALF_WIDTH_MEV

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
        passed = () if heating_K is None else self.transitions.softened(heating_K)
        return {each.layer: each.transition_C for each in passed if each.reached_C > each.transition_C}


def _known(net_gain_per_cm: float | None) -> float:
    return -inf if net_gain_per_cm is None else net_gain_per_cm


def temperature_C(heating_K: float) -> float:
    """Temperature of a device heated above the ambient 300 K [degrees Celsius]."""
    return AMBIENT_K + heating_K - ZERO_CELSIUS_K
