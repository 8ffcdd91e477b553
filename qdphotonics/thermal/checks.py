"""Checks of arguments. Each message names the argument, the rule and the value."""

from __future__ import annotations

from math import isfinite, isnan
from numbers import Real
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError

FloatArray = NDArray[np.float64]


def refuse(name: str, rule: str, value: object) -> NoReturn:
    """Raise ArgumentError: Argument `name` must ``rule``, but it is ``value``."""
    raise ArgumentError(f"Argument `{name}` must {rule}, but it is {value}")


def not_negative(name: str, value: ArrayLike) -> FloatArray:
    """A float64 array of numbers >= 0, or ArgumentError."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or not (array >= 0).all():
        refuse(name, "be >= 0", f"{value!r}")
    return array.astype(np.float64)


def positive(name: str, value: float) -> float:
    """A finite number > 0, or ArgumentError."""
    if isinstance(value, bool) or not isinstance(value, Real) or not (isfinite(value) and value > 0):
        refuse(name, "be > 0 and finite", value)
    return float(value)


def positive_or_infinite(name: str, value: float) -> float:
    """A number > 0, infinity included, or ArgumentError."""
    if isinstance(value, bool) or not isinstance(value, Real) or isnan(value) or not value > 0:
        refuse(name, "be > 0", value)
    return float(value)


def finite(name: str, value: ArrayLike) -> FloatArray:
    """A float64 array of finite numbers, or ArgumentError."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        refuse(name, "be finite", f"{value!r}")
    return array.astype(np.float64)


def pulse_and_period(pulse_ns: float | None, period_ns: float | None) -> None:
    """ArgumentError where a pulse is not > 0, a period stands without a pulse, or is shorter than it."""
    if pulse_ns is None:
        if period_ns is not None:
            raise ArgumentError(f"Argument `pulse_ns` must be given with `period_ns`, which is {period_ns}")
        return
    positive("pulse_ns", pulse_ns)
    if period_ns is not None and positive("period_ns", period_ns) < pulse_ns:
        raise ArgumentError(f"Argument `period_ns` must be >= `pulse_ns` ({pulse_ns}), but it is {period_ns}")
