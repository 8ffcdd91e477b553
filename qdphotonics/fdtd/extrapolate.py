"""From two resolutions to none: values that err with the square of the pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qdphotonics.errors import ArgumentError

ORDER = 2.0
DOUBTED_ORDER = 1.5  # the error bar is how far this order would lead elsewhere


@dataclass(frozen=True)
class Limit:
    """A value at vanishing pixels, and how far it may be off."""

    value: float
    uncertainty: float


def checked_resolutions(resolutions: Sequence[float]) -> tuple[float, float]:
    """Two resolutions [pixels per um], the second finer by a fifth at least; an ArgumentError otherwise."""
    values = tuple(float(each) for each in resolutions)
    if len(values) != 2 or not all(np.isfinite(values)) or not (values[0] >= 10 and values[1] >= 1.2 * values[0]):
        rule = "be two numbers of pixels per um, at least 10, the second at least 1.2 times the first"
        raise ArgumentError(f"Argument `resolutions_per_um` must {rule}, but is {tuple(resolutions)}")
    return values[0], values[1]


def limit(resolutions: Sequence[float], values: Sequence[float]) -> Limit:
    """Richardson's extrapolation f = f(h) + c h^2 of two values, h the pixel.

    Examples
    --------
    >>> limit((100, 200), (1.04, 1.01)).value
    1.0
    """
    coarse, fine = values
    ratio = resolutions[1] / resolutions[0]
    step = fine - coarse
    usual, doubted = step / (ratio**ORDER - 1.0), step / (ratio**DOUBTED_ORDER - 1.0)
    return Limit(float(fine + usual), float(abs(doubted - usual)))
