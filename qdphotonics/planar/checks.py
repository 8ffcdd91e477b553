"""Checks of arguments. Each message names the argument, the rule and the value."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError


def refuse(name: str, rule: str, found: object) -> NoReturn:
    """Raise ArgumentError: Argument `name` must ``rule``, but ``found``."""
    raise ArgumentError(f"Argument `{name}` must {rule}, but {found}")


def real_array(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """A float64 array of finite real numbers, or ArgumentError."""
    array = _numbers(name, value, "be real numbers")
    if np.iscomplexobj(array):
        refuse(name, "be real", "it is complex")
    return _finite(name, array.astype(np.float64, copy=False))


def complex_array(name: str, value: ArrayLike) -> NDArray[np.complex128]:
    """A complex128 array of finite numbers, or ArgumentError."""
    return _finite(name, _numbers(name, value, "be numbers").astype(np.complex128, copy=False))


def every(name: str, rule: str, array: NDArray[np.generic], holds: NDArray[np.bool_]) -> None:
    """Refuse the first value of ``array`` for which ``holds`` (of the same shape) is false."""
    if not holds.all():
        where = tuple(int(i) for i in np.argwhere(~holds)[0])
        at = f" at {list(where)}" if where else ""
        refuse(name, rule, f"it is {array[where]}{at}")


def one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a word that is not among the choices."""
    if value not in choices:
        refuse(name, f"be one of {', '.join(map(repr, choices))}", f"it is {value!r}")


def _numbers(name: str, value: ArrayLike, rule: str) -> NDArray[np.generic]:
    try:
        array = np.asarray(value)
    except ValueError as error:  # rows of unequal length
        refuse(name, rule, f"it does not form an array ({error})")
    if array.dtype.kind not in "iufc":
        refuse(name, rule, f"it holds {array.dtype.name}")
    return array


def _finite(name: str, array: NDArray) -> NDArray:  # type: ignore[type-arg]
    every(name, "be finite", array, np.isfinite(array))
    return array
