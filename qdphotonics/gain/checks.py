"""Checks of arguments. Each message names the argument, the rule and the value."""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError


def refuse(name: str, rule: str, value: object) -> NoReturn:
    """Raise ArgumentError: Argument `name` must ``rule``, but it is ``value``."""
    raise ArgumentError(f"Argument `{name}` must {rule}, but it is {value}")


def numbers(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """A float64 array without nan, or ArgumentError."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        refuse(name, "be real numbers", f"{value!r}")
    if np.isnan(array).any():
        refuse(name, "be numbers", "nan")
    return array.astype(np.float64)


def not_negative(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """A float64 array of numbers >= 0, infinity included, or ArgumentError."""
    array = numbers(name, value)
    if (array < 0).any():
        refuse(name, "be >= 0", array[array < 0].flat[0])
    return array


def positive(name: str, value: float) -> float:
    """A finite number > 0, or ArgumentError."""
    if not isinstance(value, Real) or not (isfinite(value) and value > 0):
        refuse(name, "be > 0 and finite", value)
    return float(value)
