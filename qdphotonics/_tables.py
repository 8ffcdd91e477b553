"""Small tables as text and as HTML: how results show themselves at a prompt and in a notebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

NUMBER = re.compile(r"[-+<]?[0-9.]|[–∞]?$")  # a cell that belongs in a column of numbers
NOTHING = 1e-6  # in any unit that results are shown in: the rounding of a loss that is zero


def number(value: float) -> str:
    """A value in three digits, without an exponent where it can do without.

    Examples
    --------
    >>> [number(value) for value in (0.0123, 39.64, 1234.5, 8.4e5, 1e-12)]
    ['0.0123', '39.6', '1234', '8.4e+05', '0']
    """
    if abs(value) < NOTHING:
        return "0"
    return f"{value:.0f}" if 100 <= abs(value) < 1e5 else f"{value:.3g}"


def numeric_columns(rows: Sequence[Sequence[str]]) -> list[bool]:
    """Which columns hold numbers, to be aligned at their right ends; never the first, which names the row."""
    return [position > 0 and all(NUMBER.match(row[position]) for row in rows) for position in range(len(rows[0]))] if rows else []


def text_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """A table in plain text: columns of numbers right aligned, the others left.

    Examples
    --------
    >>> print(text_table("Modes", ("mode", "n_eff"), [("TE0", "1.62")]))
    Modes
    mode  n_eff
    TE0    1.62
    """
    widths = [max(len(row[column]) for row in (columns, *rows)) for column in range(len(columns))]
    numeric = numeric_columns(rows) or [False] * len(columns)
    lines = [title]
    for row in (columns, *rows):
        cells = [cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(row, widths, numeric, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, *notes])


def html_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The same table for a notebook; every text is escaped."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(line(row, "td") for row in rows)
    after = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<table><caption>{escape(title)}</caption><thead>{line(columns, 'th')}</thead><tbody>{body}</tbody></table>{after}"
