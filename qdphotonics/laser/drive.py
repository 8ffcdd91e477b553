"""The drive of a report: which, and how much gain it gives."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    from qdphotonics.gain import Medium
    from qdphotonics.stacks import Stack


@dataclass(frozen=True)
class Operation:
    """What drives the device; both None: the gain is taken as saturated.

    Parameters
    ----------
    current_density_A_per_cm2, fluence_J_per_cm2 : float or None
    pump_pulse_ns : float, optional
        Length of the light pulse of that fluence, at whose end the gain is told; 0: short against all decay.
    """

    current_density_A_per_cm2: float | None = None
    fluence_J_per_cm2: float | None = None
    pump_pulse_ns: float = 0.0

    def material_gain_per_cm(self, medium: Medium) -> float:
        """Material gain of a medium under this drive [cm^-1], by the papers' formula with one monolayer."""
        if self.current_density_A_per_cm2 is not None:
            return float(medium.gain_per_cm(self.current_density_A_per_cm2))
        if self.fluence_J_per_cm2 is not None:
            return float(medium.gain_per_cm_at_fluence(self.fluence_J_per_cm2, pulse_ns=self.pump_pulse_ns))
        return medium.material_gain_per_cm

    def excitons_per_dot(self, medium: Medium) -> float | None:
        """Mean number of excitons in a dot under this drive, by the same formula; None for saturation."""
        if self.current_density_A_per_cm2 is not None:
            return float(medium.occupancy(self.current_density_A_per_cm2).excitons_per_dot)
        if self.fluence_J_per_cm2 is not None:
            return float(medium.occupancy_at_fluence(self.fluence_J_per_cm2, self.pump_pulse_ns).excitons_per_dot)
        return None

    def __str__(self) -> str:
        if self.current_density_A_per_cm2 is not None:
            return f"{self.current_density_A_per_cm2:.4g} A/cm²"
        if self.fluence_J_per_cm2 is not None:
            return f"{self.fluence_J_per_cm2 * 1e6:.4g} µJ/cm²" + (f" in {self.pump_pulse_ns:.4g} ns" if self.pump_pulse_ns else "")
        return "saturation"


def operation(stack: Stack, current_density_A_per_cm2: float | None, fluence_J_per_cm2: float | None) -> Operation:
    """The drive that was asked for, else the stack's own, else saturation.

    Raises
    ------
    ArgumentError
        Both drives at once, or one that is not a finite number >= 0.
    """
    if current_density_A_per_cm2 is not None and fluence_J_per_cm2 is not None:
        raise ArgumentError("Arguments `current_density_A_per_cm2` and `fluence_J_per_cm2` must not both be given: a report has one drive")
    for name, value in (("current_density_A_per_cm2", current_density_A_per_cm2), ("fluence_J_per_cm2", fluence_J_per_cm2)):
        if value is not None and not (isfinite(value) and value >= 0):
            raise ArgumentError(f"Argument `{name}` must be finite and >= 0, but is {value:g}")
    if current_density_A_per_cm2 is not None or fluence_J_per_cm2 is not None or stack.drive is None:
        return Operation(current_density_A_per_cm2, fluence_J_per_cm2, 0.0 if fluence_J_per_cm2 is None else _pump_pulse_ns(stack))
    if stack.drive.current_density_A_per_cm2 is not None:
        return Operation(current_density_A_per_cm2=stack.drive.current_density_A_per_cm2)
    return Operation(fluence_J_per_cm2=stack.drive.fluence_J_per_cm2, pump_pulse_ns=_pump_pulse_ns(stack))


def _pump_pulse_ns(stack: Stack) -> float:
    """Length of the stack's pump pulse; 0, short against all decay, where it is not told."""
    return 0.0 if stack.drive is None else stack.drive.pump_pulse_ns or 0.0
