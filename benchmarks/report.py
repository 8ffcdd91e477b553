"""Tables and floors, on the screen and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """Rows of ready text; the first column reads from the left, the others from the right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """As in the pages."""
        rule = ["---", *["--:"] * (len(self.columns) - 1)]
        return "\n".join(f"| {' | '.join(line)} |" for line in (self.columns, rule, *self.rows))

    def text(self) -> str:
        """As on the screen."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        return "\n".join(
            "  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))])
            for line in lines
        )


@dataclass(frozen=True)
class Floor:
    """A promise: ``found`` must not be below ``limit`` (``least``) or not above it."""

    what: str
    found: float
    limit: float
    least: bool = True

    @property
    def met(self) -> bool:
        return self.found >= self.limit if self.least else self.found <= self.limit

    def row(self) -> tuple[str, str, str, str]:
        """For the table of floors."""
        return self.what, number(self.found), f"{'≥' if self.least else '≤'} {number(self.limit)}", "yes" if self.met else "**NO**"


@dataclass(frozen=True)
class Part:
    """A chapter of the page: a lead, tables with a line before each, what it promises, a figure."""

    title: str
    lead: str
    tables: Sequence[tuple[str, Table]] = ()
    floors: Sequence[Floor] = ()
    closing: Sequence[str] = field(default=())

    def markdown(self) -> str:
        """As in the pages."""
        pieces = [f"## {self.title}", self.lead]
        for heading, table in self.tables:
            pieces += [heading, table.markdown()] if heading else [table.markdown()]
        return "\n\n".join([piece for piece in pieces if piece] + list(self.closing))

    def text(self) -> str:
        """As on the screen."""
        pieces = [f"== {self.title}"]
        for heading, table in self.tables:
            pieces += [heading, table.text()] if heading else [table.text()]
        return "\n".join(pieces)


def floors_table(parts: Sequence[Part]) -> Table:
    """All promises of a page."""
    return Table(("promise", "found", "asked", "met"), [floor.row() for part in parts for floor in part.floors])


def all_met(parts: Sequence[Part]) -> bool:
    """Whether every promise of a page is kept."""
    return all(floor.met for part in parts for floor in part.floors)


def number(value: float) -> str:
    """Three digits or so, and thousands apart."""
    if value == 0:
        return "0"
    if abs(value) < 1e-3:
        return f"{value:.1e}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def duration(seconds: float) -> str:
    """A time with its unit."""
    for factor, unit in ((1.0, "s"), (1e3, "ms"), (1e6, "µs")):
        if seconds * factor >= 0.9995:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
