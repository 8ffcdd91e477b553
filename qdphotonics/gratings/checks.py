"""Checks of arguments. Each message names the argument, the rule and the value."""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import NoReturn

from qdphotonics.errors import ArgumentError


def refuse(name: str, rule: str, value: object) -> NoReturn:
    """Raise ArgumentError: Argument `name` must ``rule``, but it is ``value``."""
    raise ArgumentError(f"Argument `{name}` must {rule}, but it is {value}")


def positive(name: str, value: float, unit: str = "") -> float:
    """A finite number > 0, or ArgumentError."""
    if not isinstance(value, Real) or not (isfinite(value) and value > 0):
        refuse(name, f"be > 0{f' {unit}' if unit else ''} and finite", value)
    return float(value)


def within(name: str, value: float, low: float, high: float) -> float:
    """A number from ``low`` to ``high``, or ArgumentError."""
    if not isinstance(value, Real) or not low <= value <= high:
        refuse(name, f"be from {low:g} to {high:g}", value)
    return float(value)


def whole(name: str, value: int, least: int) -> int:
    """An integer not below ``least``, or ArgumentError."""
    if isinstance(value, bool) or not isinstance(value, Real) or value != int(value) or value < least:
        refuse(name, f"be an integer >= {least}", value)
    return int(value)


def one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a word that is not among the choices."""
    if value not in choices:
        refuse(name, f"be one of {', '.join(map(repr, choices))}", repr(value))
