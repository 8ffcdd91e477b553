"""Expressions of quantities: what is maximised, and what it is subject to.

    net_gain_per_cm - 0.02*total_thickness_nm              Expression
    confinement."L-ITO" + confinement.ITO <= 0.03           Constraint

Numbers, quantities (:mod:`~qdphotonics.sweeps.quantities`), ``+ - * / **``, parentheses, ``abs min max sqrt exp log log10``.
Nothing is ever handed to Python's ``eval``: Python's parser makes a tree of the text, a walk over it refuses every kind of
node that is not listed here and leaves a short list of steps in postfix order, and those are run on numbers, on arrays, or
on dual numbers (value and gradient) by the rules of differentiation.

Names in quotes (``."L-ITO"`` or ``["L-ITO"]``) are replaced by as many underscores before Python's parser sees the text, so
that every position it tells is a position in the text as written.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._yaml import printable, shown
from qdphotonics.errors import SweepError
from qdphotonics.sweeps.dual import FUNCTIONS, OPERATORS, Dual
from qdphotonics.sweeps.quantities import Quantity, parse_quantity

MOST_CHARACTERS = 1000  # some thirty quantities
MOST_DEPTH = 60  # levels of parentheses and of terms that follow one another; far below where Python's parser gives up
AROUND = 50  # characters to either side of a fault that a message repeats
HOW = '; names with other signs than letters, digits and _ stand in quotes, as in confinement."L-ITO"'

_QUOTED = re.compile(r"""\.\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)')|\[\s*(?:"(?P<c>[^"]*)"|'(?P<d>[^']*)')\s*\]""")
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_RELATION = re.compile(r"<=|>=|==|≤|≥|<|>|=")

Relation = Literal["<=", ">=", "=="]
_RELATIONS: dict[str, Relation] = {"<=": "<=", "≤": "<=", ">=": ">=", "≥": ">=", "==": "=="}
Step = tuple[Literal["number", "quantity", "operator", "function"], Any, int]  # what, which, how many values it takes


@dataclass(frozen=True)
class Expression:
    """An expression of quantities, checked; made by :meth:`parse`.

    Parameters
    ----------
    text : str
        As written.
    quantities : tuple of Quantity
        In the order in which they first occur, each once.

    Examples
    --------
    >>> wish = Expression.parse('net_gain_per_cm - 100*max(0, confinement."L-ITO" - 0.02)')
    >>> [quantity.name for quantity in wish.quantities]
    ['net_gain_per_cm', 'confinement.L-ITO']
    >>> wish.evaluate({"net_gain_per_cm": 120.0, "confinement.L-ITO": 0.03})
    119.0
    """

    text: str
    quantities: tuple[Quantity, ...]
    steps: tuple[Step, ...] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Read an expression.

        Raises
        ------
        SweepError
            Too long, not an expression, something that is not allowed, or an unknown quantity; the message has the position.
        """
        found = _parsed(text, 0, text)
        if not found.quantities:
            raise _fault(text, 0, "an expression must hold a quantity such as net_gain_per_cm")
        return found

    @property
    def label(self) -> str:
        """For an axis of a figure: that of a quantity that stands alone, else the text."""
        return self.quantities[0].label if len(self.steps) == 1 and self.quantities else self.text

    def evaluate(self, values: Mapping[str, ArrayLike]) -> Any:
        """The value at the quantities' values, by name; arrays are taken element by element.

        Where mathematics has no value (``log(-1)``, ``1/0``) it is nan or infinite.

        Parameters
        ----------
        values : mapping of name to float or float array [...]

        Returns
        -------
        float or float array [...]
        """
        with np.errstate(all="ignore"):
            found = _run(self.steps, {name: np.asarray(value, dtype=float) for name, value in values.items()}, plain=True)
        return float(found) if np.ndim(found) == 0 else found

    def with_gradient(self, values: Mapping[str, float], gradients: Mapping[str, NDArray[np.float64]]) -> tuple[float, NDArray[np.float64]]:
        """The value and its gradient, from those of the quantities, exactly (dual numbers).

        At the kink of ``abs`` the gradient is 0, at that of ``min`` and ``max`` that of the first of the equal arguments.

        Parameters
        ----------
        values : mapping of name to float
        gradients : mapping of name to float array [variable]

        Returns
        -------
        float
        float array [variable]

        Examples
        --------
        >>> square = Expression.parse("n_eff**2")
        >>> value, slope = square.with_gradient({"n_eff": 3.0}, {"n_eff": np.array([1.0, 0.5])})
        >>> value, slope.tolist()
        (9.0, [6.0, 3.0])
        """
        empty = np.zeros_like(next(iter(gradients.values()))) if gradients else np.zeros(0)
        with np.errstate(all="ignore"):
            duals = {quantity.name: Dual(float(values[quantity.name]), gradients[quantity.name]) for quantity in self.quantities}
            found = _run(self.steps, duals, plain=False)
        return (float(found.value), np.asarray(found.gradient, dtype=float) + empty) if isinstance(found, Dual) else (float(found), empty)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Constraint:
    """Two expressions and how they must compare; made by :meth:`parse`.

    Parameters
    ----------
    text : str
        As written.
    left, right : Expression
    relation : {"<=", ">=", "=="}

    Examples
    --------
    >>> thin = Constraint.parse("total_thickness_nm <= 2500")
    >>> thin.excess.evaluate({"total_thickness_nm": 2600.0}), thin.violation({"total_thickness_nm": 2600.0})
    (100.0, 100.0)
    """

    text: str
    left: Expression
    relation: Relation
    right: Expression

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read ``EXPRESSION <= EXPRESSION``, ``>=`` or ``==``.

        Raises
        ------
        SweepError
            As :meth:`Expression.parse`, or not exactly one of the three signs.
        """
        _check_text(text)
        found = list(_RELATION.finditer(_without_quotes(text)[0]))
        if not found:
            raise _fault(text, len(text), "a condition must compare two expressions by <=, >= or ==, as in total_thickness_nm <= 2500")
        if len(found) > 1:
            raise _fault(text, found[1].start(), "a condition must hold one of <=, >=, ==; write two conditions")
        sign = found[0][0]
        if sign not in _RELATIONS:
            raise _fault(text, found[0].start(), f'the sign must be <=, >= or ==, got "{sign}"')
        left = _parsed(text[: found[0].start()], 0, text)
        right = _parsed(text[found[0].end() :], found[0].end(), text)
        if not (left.quantities or right.quantities):
            raise _fault(text, 0, "a condition must be about a quantity such as total_thickness_nm")
        return cls(text, left, _RELATIONS[sign], right)

    @classmethod
    def between(cls, expression: Expression, relation: Relation, value: float) -> Constraint:
        """An expression and a number.

        Examples
        --------
        >>> str(Constraint.between(Expression.parse("n_eff"), ">=", 1.5))
        'n_eff >= 1.5'
        """
        number = Expression(f"{value:.9g}", (), (("number", float(value), 0),))
        return cls(f"{expression.text} {relation} {number.text}", expression, relation, number)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Of both sides, each once."""
        return tuple(dict.fromkeys((*self.left.quantities, *self.right.quantities)))

    @cached_property
    def excess(self) -> Expression:
        """What must be ≤ 0, or = 0 for ``==``: left − right, or right − left for ``>=``."""
        first, second = (self.right, self.left) if self.relation == ">=" else (self.left, self.right)
        return Expression(self.text, self.quantities, (*first.steps, *second.steps, ("operator", "-", 2)))

    def violation(self, values: Mapping[str, ArrayLike]) -> Any:
        """By how much it is broken, in the units of its sides; 0 where it holds, nan where a side is."""
        excess = self.excess.evaluate(values)
        broken = np.abs(excess) if self.relation == "==" else np.maximum(excess, 0.0)
        return float(broken) if np.ndim(broken) == 0 else broken

    def holds(self, values: Mapping[str, ArrayLike], tolerance: float = 0.0) -> Any:
        """Whether it holds, within a tolerance in the units of its sides; False where a side is nan.

        Examples
        --------
        >>> Constraint.parse("n_eff >= 1.5").holds({"n_eff": np.array([1.4, 1.6, np.nan])}).tolist()
        [False, True, False]
        """
        found = np.asarray(self.violation(values)) <= tolerance
        return bool(found) if found.ndim == 0 else found

    def __str__(self) -> str:
        return self.text


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise SweepError(f'must be an expression such as net_gain_per_cm, or "2*confinement.QD - 0.1", got {shown(text)}')
    if len(text) > MOST_CHARACTERS:
        raise SweepError(f"an expression must have at most {MOST_CHARACTERS} characters, got {len(text)}")


def _fault(text: str, position: int, told: str) -> SweepError:
    place = "at the end" if position >= len(text.rstrip()) else f"at character {position + 1}"
    if len(text) > 2 * AROUND:
        begin = max(min(position, len(text)) - AROUND, 0)
        text = ("…" if begin else "") + text[begin : begin + 2 * AROUND] + ("…" if begin + 2 * AROUND < len(text) else "")
    return SweepError(printable(f'"{text}", {place}: {told}'))


def _without_quotes(text: str) -> tuple[str, dict[int, str]]:
    """The text with underscores for every quoted name, and those names by where they end."""
    names = {match.end(): next(name for name in match.groups() if name is not None) for match in _QUOTED.finditer(text)}
    return _QUOTED.sub(lambda match: "." + "_" * (len(match[0]) - 1), text), names


def _parsed(part: str, offset: int, whole: str) -> Expression:
    """The expression in a part of a text that begins at ``offset`` in the whole, for messages."""
    _check_text(part)
    bare, names = _without_quotes(part)
    for position, sign in enumerate(bare):
        if sign in "\"'\\#;`" or not (sign.isprintable() and sign.isascii()):
            what = "a quote" if sign in "\"'" else shown(sign)
            raise _fault(whole, offset + position, f"{what} may not stand here{HOW}")
    if not bare.strip():
        raise _fault(whole, offset, "an expression such as net_gain_per_cm must stand here")
    indent = len(bare) - len(bare.lstrip())  # Python's parser takes a space in front for a block
    tree = _tree(bare[indent:], offset + indent, whole)
    walk = _Walk({end - indent: name for end, name in names.items()}, offset + indent, whole)
    steps = tuple(walk.steps(tree, 0))
    return Expression(part.strip(), tuple(dict.fromkeys(walk.quantities)), steps)


def _tree(bare: str, offset: int, whole: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Python only warns of "2max(…)"
            return ast.parse(bare, mode="eval").body
    except (SyntaxError, SyntaxWarning, DeprecationWarning) as problem:
        column = getattr(problem, "offset", None) or 1
        raise _fault(whole, offset + max(column - 1, 0), "is not an expression such as 2*confinement.QD - 0.1") from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise _fault(whole, offset, "an expression must not be nested so deeply, nor hold numbers so long") from None


@dataclass(frozen=True)
class _Walk:
    """From Python's tree to steps; refuses whatever is not listed."""

    names: dict[int, str]
    offset: int
    whole: str
    quantities: list[Quantity] = field(default_factory=list)

    def steps(self, node: ast.expr, depth: int) -> Iterator[Step]:
        if depth > MOST_DEPTH:
            raise self.fault(node, f"an expression must have at most {MOST_DEPTH} levels")
        if isinstance(node, ast.Constant):
            yield ("number", self.number(node), 0)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield ("quantity", self.quantity(node), 0)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
            yield from self.steps(node.operand, depth + 1)
            if isinstance(node.op, ast.USub):
                yield ("operator", "neg", 1)
        elif isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            yield from self.steps(node.left, depth + 1)
            yield from self.steps(node.right, depth + 1)
            yield ("operator", _SIGNS[type(node.op)], 2)
        elif isinstance(node, ast.Call):
            yield from self.call(node, depth)
        else:
            raise self.fault(node, self.why_not(node))

    def call(self, node: ast.Call, depth: int) -> Iterator[Step]:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            raise self.fault(node, f"the functions are {', '.join(FUNCTIONS)}")
        several = name in ("min", "max")
        starred = any(isinstance(argument, ast.Starred) for argument in node.args)
        if node.keywords or starred or not (len(node.args) >= 2 if several else len(node.args) == 1):
            raise self.fault(node, f"{name} must have {'two arguments or more' if several else 'one argument'}")
        for argument in node.args:
            yield from self.steps(argument, depth + 1)
        yield ("function", name, len(node.args))

    def number(self, node: ast.Constant) -> float:
        written = node.value
        if isinstance(written, bool) or not isinstance(written, int | float):
            raise self.fault(node, f"only numbers, quantities and functions may stand here, got {shown(str(written))}")
        try:
            value = float(written)
        except OverflowError:
            value = np.inf
        if not isfinite(value):
            raise self.fault(node, "a number must be finite")
        return value

    def quantity(self, node: ast.Name | ast.Attribute) -> str:
        """The name in results of the quantity that a chain of names with dots writes."""
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            name = self.names.get(inner.end_col_offset or 0)
            parts.append(inner.attr if name is None else f'"{name}"' if '"' not in name else f"'{name}'")
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self.fault(node, "a name with a dot must be a quantity such as confinement.QD")
        try:
            found = parse_quantity(".".join([inner.id, *reversed(parts)]))
        except SweepError as problem:
            told = problem.message.removeprefix(f"{shown('.'.join([inner.id, *reversed(parts)]))}: ")
            raise self.fault(node, told + (HOW if "-" in self.whole else "")) from None
        self.quantities.append(found)
        return found.name

    def why_not(self, node: ast.expr) -> str:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
            return "a power is written **, not ^"
        if isinstance(node, ast.Compare):
            return "an expression must be a number, not a comparison"
        return f"only numbers, quantities, + - * / ** and {', '.join(FUNCTIONS)} are allowed"

    def fault(self, node: ast.expr, told: str) -> SweepError:
        # The node of an operator begins with its left side; what is wrong stands behind that.
        position = node.left.end_col_offset or 0 if isinstance(node, ast.BinOp | ast.Compare) else node.col_offset
        return _fault(self.whole, self.offset + position, told)


def _run(steps: tuple[Step, ...], values: Mapping[str, Any], *, plain: bool) -> Any:
    """Run steps in postfix order."""
    stack: list[Any] = []
    for what, which, count in steps:
        if what == "number":
            stack.append(np.float64(which))
        elif what == "quantity":
            stack.append(values[which])
        else:
            rules = OPERATORS if what == "operator" else FUNCTIONS
            arguments = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(rules[which].value(*arguments) if plain else rules[which].dual(*arguments))
    return stack[0]
