"""What a command writes: one JSON document, a table, or files; nothing reaches stdout before all of it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import typer

from qdphotonics._tables import numeric_columns
from qdphotonics.errors import ArgumentError

FULL_WIDTH = 160  # of a table that goes into a file or a pipe
MOST_ROWS = 60  # of a table on the screen
FIGURE_KINDS = (".png", ".pdf", ".svg")

Table = tuple[str, Sequence[str], Sequence[Sequence[str]], Sequence[str]]


def show(document: Mapping[str, Any], table: Table | None, as_json: bool, all_of_it: str = "--json") -> None:
    """Print a result: as JSON, or as a table with its notes; a long table is thinned and says which options hold all of it."""
    if as_json:
        from qdphotonics._plain import json_text

        typer.echo(json_text(document))
    elif table is not None:
        typer.echo(drawn(table, all_of_it), nl=False)


class Told(Protocol):
    """A result that shows itself, and what there is to warn of."""

    @property
    def warnings(self) -> Sequence[str]: ...
    def as_dict(self) -> dict[str, Any]: ...
    def table(self) -> Table: ...


def show_with_warnings(result: Told, as_json: bool, all_of_it: str = "--json") -> None:
    """Print a result whose table has its warnings among the notes; beside JSON they go to stderr."""
    if as_json:
        for text in result.warnings:
            remark(f"warning: {text}")
    show(result.as_dict(), result.table(), as_json, all_of_it)


def drawn(table: Table, all_of_it: str = "--json") -> str:
    """A table as text for this terminal, colour included where it has any; row by row where numbers would not fit side by side."""
    import sys
    from io import StringIO

    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    title, columns, rows, notes = table
    screen = sys.stdout.isatty()
    every = 1 + max(len(rows) - 1, 0) // MOST_ROWS
    out = RichTable()
    numeric = numeric_columns(rows) or [False] * len(columns)
    for position, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if numeric[position] else "left"
        out.add_column(Text(column), justify=justify, overflow="fold", no_wrap=numeric[position])
    for row in rows[::every]:
        out.add_row(*(Text(cell) for cell in row))
    if every > 1:
        which = {2: "2nd", 3: "3rd"}.get(every, f"{every}th")
        notes = [f"{len(rows)} rows, every {which} shown; {all_of_it} {'have' if ' or ' in all_of_it else 'has'} them all", *notes]
    text = StringIO()
    console = Console(file=text, force_terminal=screen, width=None if screen else FULL_WIDTH, highlight=False)
    console.print(Text(title, style="bold"))
    if needed_width(columns, rows[::every]) > console.width:
        for row in rows[::every]:
            console.print(Text(_in_words(columns, row)))
    else:
        console.print(out)
    for note in notes:
        console.print(Text(note))
    return text.getvalue()


def needed_width(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Characters of a table in which no number and no word is broken."""
    numeric = numeric_columns(rows) or [False] * len(columns)
    width = 1 + 3 * len(columns)
    for position, column in enumerate(columns):
        cells = [row[position] if numeric[position] else max(row[position].split() or [""], key=len) for row in rows]
        width += max(len(cell) for cell in [*column.split(), *cells])
    return width


def _in_words(columns: Sequence[str], row: Sequence[str]) -> str:
    """A row as a line of text: its name, then each value behind its column's name."""
    return f"{row[0]}: " + ", ".join(f"{column} {cell}" for column, cell in zip(columns[1:], row[1:], strict=True) if cell)


def remark(text: str) -> None:
    """Progress or a warning, on stderr."""
    typer.echo(text, err=True)


def written(path: str, option: str, write: Callable[[Path], object]) -> Path:
    """Write a file, or tell which option named a place where none can be written.

    Raises
    ------
    ArgumentError
        The folder does not exist, is none, or may not be written to.
    """
    target = Path(path)
    try:
        write(target)
    except (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError) as problem:
        raise ArgumentError(f"{option} must name a place that can be written, but {target}: {problem.strerror}") from None
    return target


def write_figure(path: str, option: str, figure: Callable[[Any], Any]) -> Path:
    """Draw a figure into a file of a kind that its ending names; ``figure`` is given the room of plots.

    Raises
    ------
    ArgumentError
        An ending that is not .png, .pdf or .svg, or a place that cannot be written.
    """
    if Path(path).suffix.lower() not in FIGURE_KINDS:
        raise ArgumentError(f"{option} must end in {', '.join(FIGURE_KINDS)}, got {path}")
    from qdphotonics import plots

    return written(path, option, lambda target: plots.save_figure(figure(plots), target))


def write_csv(path: str, option: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write rows as comma-separated values, numbers in full precision."""
    import csv

    def write(target: Path) -> None:
        with target.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)

    return written(path, option, write)
