"""Arithmetic with dual numbers: a value and its gradient, carried together by the rules of differentiation.

    f(u, v):  value f(u, v),  gradient ∂f/∂u ∇u + ∂f/∂v ∇v

so that the gradient of an expression is exact, whatever is in it. Each rule stands beside the plain function that it
belongs to, of numbers or arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Dual:
    """A number and its gradient [variable]."""

    value: float
    gradient: NDArray[np.float64]


@dataclass(frozen=True)
class Rule:
    """A function of one number or more, and its partial derivatives.

    ``slopes(result, *arguments)`` gives ∂f/∂argument for each; where it is not finite and the argument is constant, the
    product with its gradient of 0 is 0, as for the exponent in u**2 at u < 0.
    """

    value: Callable[..., Any]
    slopes: Callable[..., tuple[Any, ...]]

    def dual(self, *arguments: Any) -> Any:
        """The function of numbers, duals, or both."""
        plain = [each.value if isinstance(each, Dual) else each for each in arguments]
        result = self.value(*(np.float64(each) for each in plain))
        if not any(isinstance(each, Dual) for each in arguments):
            return result
        gradient: Any = 0.0
        for argument, slope in zip(arguments, self.slopes(result, *(np.float64(each) for each in plain)), strict=True):
            if isinstance(argument, Dual):
                gradient = gradient + np.where(argument.gradient == 0.0, 0.0, slope * argument.gradient)
        return Dual(float(result), gradient)


def _first_of(extreme: Callable[[Any], Any]) -> Callable[..., tuple[Any, ...]]:
    """Slopes of min or max: 1 for the first argument that is the extreme one."""

    def slopes(result: Any, *arguments: Any) -> tuple[Any, ...]:
        first = int(extreme(np.array(arguments)))
        return tuple(np.float64(position == first) for position in range(len(arguments)))

    return slopes


def _extreme(pick: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """min or max of arguments that broadcast; nan where one is nan."""

    def value(*arguments: Any) -> Any:
        found = arguments[0]
        for other in arguments[1:]:
            found = pick(found, other)
        return found

    return value


def _power_slopes(result: Any, base: Any, exponent: Any) -> tuple[Any, ...]:
    by_base = np.float64(0.0) if exponent == 0 else exponent * base ** (exponent - 1)
    by_exponent = np.float64(0.0) if base == 0 and exponent > 0 else result * np.log(base)
    return by_base, by_exponent


OPERATORS: dict[str, Rule] = {
    "neg": Rule(lambda u: -u, lambda f, u: (-1.0,)),
    "+": Rule(lambda u, v: u + v, lambda f, u, v: (1.0, 1.0)),
    "-": Rule(lambda u, v: u - v, lambda f, u, v: (1.0, -1.0)),
    "*": Rule(lambda u, v: u * v, lambda f, u, v: (v, u)),
    "/": Rule(lambda u, v: u / v, lambda f, u, v: (1.0 / v, -f / v)),
    "**": Rule(lambda u, v: u**v, _power_slopes),
}

FUNCTIONS: dict[str, Rule] = {
    "abs": Rule(np.abs, lambda f, u: (np.sign(u),)),
    "min": Rule(_extreme(np.minimum), _first_of(np.argmin)),
    "max": Rule(_extreme(np.maximum), _first_of(np.argmax)),
    "sqrt": Rule(np.sqrt, lambda f, u: (0.5 / f,)),
    "exp": Rule(np.exp, lambda f, u: (f,)),
    "log": Rule(np.log, lambda f, u: (1.0 / u,)),
    "log10": Rule(np.log10, lambda f, u: (1.0 / (u * np.log(10.0)),)),
}
