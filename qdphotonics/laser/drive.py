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
    """What drives the device; both None: the gain is taken as saturated."""

    current_density_A_per_cm2: float | None = None
    fluence_J_per_cm2: float | None = None

    def material_gain_per_cm(self, medium: Medium) -> float:
        """Material gain of a medium under this drive [cm^-1], by the papers' formula with one monolayer."""
        if self.current_density_A_per_cm2 is not None:
            return float(medium.gain_per_cm(self.current_density_A_per_cm2))
        if self.fluence_J_per_cm2 is not None:
            return float(medium.gain_per_cm_at_fluence(self.fluence_J_per_cm2))
        return medium.material_gain_per_cm

    def __str__(self) -> str:
        if self.current_density_A_per_cm2 is not None:
            return f"{self.current_density_A_per_cm2:.4g} A/cm²"
        if self.fluence_J_per_cm2 is not None:
            return f"{self.fluence_J_per_cm2 * 1e6:.4g} µJ/cm²"
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
        return Operation(current_density_A_per_cm2, fluence_J_per_cm2)
    if stack.drive.current_density_A_per_cm2 is not None:
        return Operation(current_density_A_per_cm2=stack.drive.current_density_A_per_cm2)
    return Operation(fluence_J_per_cm2=stack.drive.fluence_J_per_cm2)
