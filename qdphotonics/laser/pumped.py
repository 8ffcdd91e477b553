"""A stack whose gain layers are pumped: its modes as a function of the material gain.

The gain of every layer with ``role: gain`` goes into its index, n -> n - i G lambda/4 pi, and the modes are solved again:

    net modal gain  G_net = -2 k0 Im n_eff, with the gain in the index
    loss            alpha_eff = 2 k0 Im n_eff of the passive stack
    modal gain      G_mod = G_net + alpha_eff
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.errors import ModeSearchError
from qdphotonics.laser.following import FollowedPoint, follow_mode, follow_twins
from qdphotonics.optics import index_response, planar_problem
from qdphotonics.units import extinction, loss_per_cm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.optics import PlanarProblem, StackMode, StackModes
    from qdphotonics.planar.results import Mode, Polarization, Sensitivity
    from qdphotonics.stacks import Stack

GAIN_TOLERANCE_PER_CM = 1e-9  # a threshold is solved to this net gain: a thousandth of the last digit that anyone prints
ITERATIONS = 60  # bisection alone needs 50
JUMP_PER_CM = 1e-3  # a bracket that closes on more than this closed on a jump, not on a root
ASIDE = (0.0, 0.01, -0.01, 0.1, -0.1, 0.5, -0.5)  # of the bracket: where else to try
SAME_MODE = 1e-7  # in n_eff, between a mode found and the same mode followed: what twins leave of double precision
MERGED = 0.05  # in n_eff, how far a mode that merged with another may have gone by saturation


@dataclass(frozen=True, eq=False)
class PumpedStack:
    """A stack with a material gain in its gain layers.

    Parameters
    ----------
    passive : PlanarProblem
        The stack without gain.
    unit_change : complex array [layer + 2]
        Change of each index for a material gain of 1 cm^-1.
    """

    passive: PlanarProblem
    unit_change: NDArray[np.complex128]

    def at(self, material_gain_per_cm: float) -> PlanarProblem:
        """The stack with this gain in its gain layers."""
        return self.passive.with_index_change(self.unit_change * material_gain_per_cm)

    def slope(self, sensitivity: Sensitivity) -> complex:
        """dn_eff/dG [cm] of a mode."""
        return index_response(sensitivity, self.unit_change, self.unit_change)


def pumped_stack(stack: Stack, wavelength_nm: float | None = None) -> PumpedStack:
    """A stack at a wavelength [nm] (its own unless given), ready to be pumped."""
    passive = planar_problem(stack, wavelength_nm)
    unit_change = np.zeros(len(stack.all_names), dtype=complex)
    unit_change[[position + 1 for position in stack.gain_layers]] = -1j * extinction(1.0, passive.wavelength_nm)
    return PumpedStack(passive, unit_change)


@dataclass(frozen=True, eq=False)
class PumpedMode:
    """One mode of a pumped stack, the same mode at every gain.

    Parameters
    ----------
    stack : PumpedStack
    passive : StackMode
        The mode without gain.
    saturated : planar.Mode, optional
        The mode with saturated gain, where it cannot be followed there from the passive stack.
    """

    stack: PumpedStack
    passive: StackMode
    saturated: Mode | None = None
    _reached: dict[float, FollowedPoint] = field(default_factory=dict, repr=False)  # following takes milliseconds; thresholds ask again

    def at(self, material_gain_per_cm: float) -> FollowedPoint:
        """The mode with this gain in the index, followed there from saturation where that is given, else from the passive stack.

        Raises
        ------
        ModeSearchError
            The mode ends on the way, or cannot be told from a neighbour.
        """
        if material_gain_per_cm not in self._reached:
            self._reached[material_gain_per_cm] = self._followed_to(material_gain_per_cm)
        return self._reached[material_gain_per_cm]

    def _followed_to(self, material_gain_per_cm: float) -> FollowedPoint:
        passive = self.passive.solution
        if material_gain_per_cm == 0:
            return FollowedPoint(passive.n_eff, passive.wavelength_nm, passive.confinement.intensity, passive.sensitivity)
        target = self.stack.at(material_gain_per_cm)
        found = None
        if self.saturated is not None and material_gain_per_cm > 0:  # beyond the meeting there is one way, before it the other
            found = follow_mode(self.saturated, target)
        if found is None:
            found = follow_mode(passive, target)
        if found is None and passive.multiplicity > 1:
            found = follow_twins(passive, self.stack.at, material_gain_per_cm)
        if found is None:
            raise ModeSearchError(
                f"mode {self.passive.label} ends, or cannot be told from a neighbour, before the material gain "
                f"reaches {material_gain_per_cm:g} cm^-1"
            )
        return found

    def net_gain_per_cm(self, material_gain_per_cm: float) -> float:
        """G_net = -2 k0 Im n_eff [cm^-1]."""
        return -self.at(material_gain_per_cm).loss_per_cm

    def modal_gain_per_cm(self, material_gain_per_cm: float) -> float:
        """G_mod = G_net + alpha_eff [cm^-1]."""
        return self.net_gain_per_cm(material_gain_per_cm) + self.passive.loss_per_cm

    def net_gain_slope(self, material_gain_per_cm: float) -> float:
        """dG_net/dG, the exact confinement of the gain in all gain layers together."""
        mode = self.at(material_gain_per_cm)
        return -loss_per_cm(self.stack.slope(mode.sensitivity).imag, mode.wavelength_nm)

    def gain_for(self, net_gain_per_cm: float, highest_per_cm: float) -> float | None:
        """Material gain [cm^-1] at which the net gain reaches a value, within -highest … highest; None where it does not.

        Newton steps by the exact slope, kept inside a bracket. Where the mode cannot be followed to a gain in between (it
        passes another too closely there), one beside it is tried.

        Raises
        ------
        ModeSearchError
            The mode cannot be followed to the ends of the bracket, nor near the gain that is sought.
        """
        low, high = 0.0, highest_per_cm
        if -self.passive.loss_per_cm > net_gain_per_cm + GAIN_TOLERANCE_PER_CM:
            low, high = -highest_per_cm, 0.0
        if self.net_gain_per_cm(high) < net_gain_per_cm:
            return None
        if self.net_gain_per_cm(low) > net_gain_per_cm:
            return low
        gain, excess = 0.0, inf
        for _ in range(ITERATIONS):
            gain = self._followable(gain, low, high)
            excess = self.net_gain_per_cm(gain) - net_gain_per_cm
            if abs(excess) < GAIN_TOLERANCE_PER_CM:
                break
            low, high = (low, gain) if excess > 0 else (gain, high)
            slope = self.net_gain_slope(gain)
            step = gain - excess / slope if slope > 0 else high
            gain = step if low < step < high else (low + high) / 2
        if abs(excess) > JUMP_PER_CM:
            raise ModeSearchError(f"mode {self.passive.label} meets another where its net gain would reach {net_gain_per_cm:g} cm^-1")
        return gain

    def _followable(self, gain: float, low: float, high: float) -> float:
        """The gain, or one beside it within the bracket, to which the mode can be followed."""
        for aside in ASIDE:
            beside = gain + aside * ((high if aside > 0 else gain) - (gain if aside > 0 else low))
            try:
                self.at(beside)
            except ModeSearchError:
                continue
            return beside
        raise ModeSearchError(f"mode {self.passive.label} cannot be told from a neighbour around a material gain of {gain:g} cm^-1")


def pumped_modes(stack: Stack, modes: StackModes, saturated_gain_per_cm: float) -> tuple[list[PumpedMode], list[str]]:
    """The modes of a stack ready to be pumped, and remarks on those that gain does not leave alone.

    The saturated stack is searched too: each mode followed there must be one of its modes. Two modes of coupled guides, one
    with gain, can merge on the way at an exceptional point; they are then joined to the modes that are left over at
    saturation, nearest first, and followed from there.

    Parameters
    ----------
    stack : Stack
    modes : StackModes
        Of the passive stack.
    saturated_gain_per_cm : float

    Returns
    -------
    list of PumpedMode
        In the order of ``modes``, two for a mode of multiplicity 2.
    list of str
        What a report must say.
    """
    ready = pumped_stack(stack, modes.wavelength_nm)
    saturated = ready.at(saturated_gain_per_cm)
    most = modes.search.max_loss_per_cm
    left = [mode for which in ("TE", "TM") for mode in saturated.search(which, None, most).modes]
    every = [mode for mode in modes for _ in range(mode.multiplicity)]  # of two that cannot be told apart, gain may choose one
    sure = [_leads_to_one_of(left, mode.solution, saturated, most) for mode in every]
    partners = [None if known else _take(left, mode.polarization, mode.n_eff, MERGED) for mode, known in zip(every, sure, strict=True)]
    merged = dict.fromkeys(mode.label for mode, partner in zip(every, partners, strict=True) if partner is not None)
    remarks = []
    if merged:
        remarks.append(f"{', '.join(merged)} meet another mode before the gain saturates: which is which beyond is a matter of choice")
    amplified = ", ".join(f"{-mode.loss_per_cm:.3g} cm⁻¹ ({mode.polarization})" for mode in left if mode.loss_per_cm < 0)
    if amplified:
        remarks.append(f"saturated gain makes modes that no mode of the passive stack becomes, left out here: net gain {amplified}")
    return [PumpedMode(ready, mode, partner) for mode, partner in zip(every, partners, strict=True)], remarks


def claimed_modes(passive: PlanarProblem, pumped: PlanarProblem, polarization: Polarization, max_loss_per_cm: float) -> list[Mode]:
    """The modes of a pumped stack that modes of the passive stack become, told as :func:`pumped_modes` tells them at saturation."""
    every = list(pumped.search(polarization, None, max_loss_per_cm).modes)
    left = list(every)
    begun = [mode for mode in passive.search(polarization, None, max_loss_per_cm).modes for _ in range(mode.multiplicity)]
    unsure = [mode for mode in begun if not _leads_to_one_of(left, mode, pumped, max_loss_per_cm)]
    for mode in unsure:
        _take(left, polarization, mode.n_eff, MERGED)
    return [mode for mode in every if mode not in left]


def _leads_to_one_of(left: list[Mode], mode: Mode, saturated: PlanarProblem, max_loss_per_cm: float) -> bool:
    """Whether a mode can be followed to one of those left, which is taken, or out of the region that was searched."""
    point = follow_mode(mode, saturated)
    if point is None:
        return False
    return _take(left, mode.polarization, point.n_eff, SAME_MODE) is not None or abs(point.loss_per_cm) > max_loss_per_cm


def _take(modes: list[Mode], polarization: str, n_eff: complex, reach: float) -> Mode | None:
    """The mode of a polarization nearest to ``n_eff``, within reach, taken from the list; None where there is none."""
    distances = [abs(mode.n_eff - n_eff) if mode.polarization == polarization else np.inf for mode in modes]
    if not distances or min(distances) > reach:
        return None
    return modes.pop(distances.index(min(distances)))
