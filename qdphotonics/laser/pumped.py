"""A stack whose gain layers are pumped: its modes as a function of the material gain.

The gain of every layer with ``role: gain`` goes into its index, n -> n - i G lambda/4 pi, and the modes are solved again:

    net modal gain  G_net = -2 k0 Im n_eff, with the gain in the index
    loss            alpha_eff = 2 k0 Im n_eff of the passive stack
    modal gain      G_mod = G_net + alpha_eff
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.errors import ModeSearchError
from qdphotonics.laser.following import FollowedPoint, follow_mode
from qdphotonics.optics import index_response, planar_problem
from qdphotonics.units import extinction, loss_per_cm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.optics import PlanarProblem, StackMode
    from qdphotonics.planar.results import Sensitivity
    from qdphotonics.stacks import Stack

GAIN_TOLERANCE_PER_CM = 1e-9  # a threshold is solved to this net gain: a thousandth of the last digit that anyone prints
ITERATIONS = 60  # bisection alone needs 50


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
    """

    stack: PumpedStack
    passive: StackMode

    def at(self, material_gain_per_cm: float) -> FollowedPoint:
        """The mode with this gain in the index, followed there from the passive stack.

        Raises
        ------
        ModeSearchError
            The mode ends on the way, or cannot be told from a neighbour.
        """
        found = follow_mode(self.passive.solution, self.stack.at(material_gain_per_cm))
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

        Newton steps by the exact slope, kept inside a bracket.
        """
        low, high = -highest_per_cm, highest_per_cm
        if self.net_gain_per_cm(high) < net_gain_per_cm:
            return None
        if self.net_gain_per_cm(low) > net_gain_per_cm:
            return low
        gain = 0.0
        for _ in range(ITERATIONS):
            excess = self.net_gain_per_cm(gain) - net_gain_per_cm
            if abs(excess) < GAIN_TOLERANCE_PER_CM:
                break
            low, high = (low, gain) if excess > 0 else (gain, high)
            slope = self.net_gain_slope(gain)
            step = gain - excess / slope if slope > 0 else high
            gain = step if low < step < high else (low + high) / 2
        return gain
