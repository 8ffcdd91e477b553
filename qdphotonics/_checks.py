"""Checks of arguments, for every room. Each message names the argument, the rule and the value."""

from __future__ import annotations

from math import isfinite, isnan
from numbers import Real
from typing import NoReturn, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError

FloatArray = NDArray[np.float64]
Numbers = TypeVar("Numbers", FloatArray, NDArray[np.complex128])


def refuse(name: str, rule: str, value: object) -> NoReturn:
    """Raise ArgumentError: Argument `name` must ``rule``, but it is ``value``."""
    refuse_since(name, rule, f"it is {value}")


def refuse_since(name: str, rule: str, found: str) -> NoReturn:
    """Raise ArgumentError: Argument `name` must ``rule``, but ``found``."""
    raise ArgumentError(f"Argument `{name}` must {rule}, but {found}")


def one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a word that is not among the choices."""
    if value not in choices:
        refuse(name, f"be one of {', '.join(map(repr, choices))}", repr(value))


def positive(name: str, value: float, unit: str = "") -> float:
    """A finite number > 0, or ArgumentError."""
    if not _is_number(value) or not (isfinite(value) and value > 0):
        refuse(name, f"be > 0{f' {unit}' if unit else ''} and finite", value)
    return float(value)


def positive_or_infinite(name: str, value: float) -> float:
    """A number > 0, infinity included, or ArgumentError."""
    if not _is_number(value) or isnan(value) or not value > 0:
        refuse(name, "be > 0", value)
    return float(value)


def within(name: str, value: float, low: float, high: float) -> float:
    """A number from ``low`` to ``high``, or ArgumentError."""
    if not _is_number(value) or not low <= value <= high:
        refuse(name, f"be from {low:g} to {high:g}", value)
    return float(value)


def whole(name: str, value: int, least: int) -> int:
    """An integer not below ``least``, or ArgumentError."""
    if not _is_number(value) or not isfinite(value) or value != int(value) or value < least:
        refuse(name, f"be an integer >= {least}", value)
    return int(value)


def numbers(name: str, value: ArrayLike) -> FloatArray:
    """A float64 array without nan, or ArgumentError."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        refuse(name, "be real numbers", f"{value!r}")
    if np.isnan(array).any():
        refuse(name, "be numbers", "nan")
    return array.astype(np.float64)


def not_negative(name: str, value: ArrayLike) -> FloatArray:
    """A float64 array of numbers >= 0, infinity included, or ArgumentError."""
    array = numbers(name, value)
    if (array < 0).any():
        refuse(name, "be >= 0", array[array < 0].flat[0])
    return array


def real_array(name: str, value: ArrayLike) -> FloatArray:
    """A float64 array of finite real numbers, not copied where it is one, or ArgumentError."""
    array = _array(name, value, "be real numbers")
    if np.iscomplexobj(array):
        refuse_since(name, "be real", "it is complex")
    return _all_finite(name, array.astype(np.float64, copy=False))


def complex_array(name: str, value: ArrayLike) -> NDArray[np.complex128]:
    """A complex128 array of finite numbers, not copied where it is one, or ArgumentError."""
    return _all_finite(name, _array(name, value, "be numbers").astype(np.complex128, copy=False))


def every(name: str, rule: str, array: NDArray[np.generic], holds: NDArray[np.bool_]) -> None:
    """Refuse the first value of ``array`` for which ``holds`` (of the same shape) is false."""
    if not holds.all():
        where = tuple(int(i) for i in np.argwhere(~holds)[0])
        at = f" at {list(where)}" if where else ""
        refuse(name, rule, f"{array[where]}{at}")


def pulse_and_period(pulse_ns: float | None, period_ns: float | None) -> None:
    """ArgumentError where a pulse is not > 0, a period stands without a pulse, or is shorter than it."""
    if pulse_ns is None:
        if period_ns is not None:
            raise ArgumentError(f"Argument `pulse_ns` must be given with `period_ns`, which is {period_ns}")
        return
    positive("pulse_ns", pulse_ns)
    if period_ns is not None and positive("period_ns", period_ns) < pulse_ns:
        raise ArgumentError(f"Argument `period_ns` must be >= `pulse_ns` ({pulse_ns}), but it is {period_ns}")


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _array(name: str, value: ArrayLike, rule: str) -> NDArray[np.generic]:
    try:
        array = np.asarray(value)
    except ValueError as error:  # rows of unequal length
        refuse_since(name, rule, f"it does not form an array ({error})")
    if array.dtype.kind not in "iufc":
        refuse_since(name, rule, f"it holds {array.dtype.name}")
    return array


def _all_finite(name: str, array: Numbers) -> Numbers:
    every(name, "be finite", array, np.isfinite(array))
    return array
