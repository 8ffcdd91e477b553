"""A section of docs/published-results.md, and how its numbers and tables are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import qdphotonics as qdp

if TYPE_CHECKING:
    from qdphotonics.laser import Report

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

Computed = Mapping[str, float | str]


@dataclass(frozen=True)
class Limit:
    """A closed form of a publication, and what the full chain of states gives in the limit that it stands for."""

    closed: float
    chain: float


@dataclass(frozen=True)
class Section:
    """One part of the page.

    Parameters
    ----------
    case, title, lead : str
    computed : mapping
        Numbers or answers by the keys of the claims.
    below : sequence of str
        Paragraphs or tables below them.
    limits : mapping
        Closed forms by the keys of the claims that have one.
    limits_are : str
        Heading of their column.
    """

    case: str
    title: str
    lead: str
    computed: Computed
    below: Sequence[str] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    limits_are: str = "as a limit of the chain"


@cache
def report(stack: str) -> Report:
    """A shipped stack at saturated gain."""
    return qdp.analyze(qdp.load_stack(stack))


def shown(value: float, form: str) -> str:
    """A number as people write it: 1.3 × 10⁶, a minus sign that is one, and none before zero."""
    text = f"{value:{form}}"
    mantissa, separator, power = text.partition("e")
    if float(mantissa) == 0:
        return mantissa.lstrip("+-")
    exponent = f" × 10{str(int(power)).translate(SUPERSCRIPTS)}" if separator else ""
    return mantissa.replace("-", "−") + exponent


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
