"""Reading a measured curve I(l): a table as spreadsheets and instruments write it, with the units in its header."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import DataError

Array = NDArray[np.float64]
UM_PER_UNIT = {"nm": 1e-3, "um": 1.0, "micron": 1.0, "microns": 1.0, "mm": 1e3, "cm": 1e4, "m": 1e6}
LENGTH_NAMES = ("length", "stripe length", "l")
INTENSITY_NAMES = ("intensity", "signal", "power", "counts", "i")
# One of these words in the name of a column of errors, or the whole name.
ERROR_WORDS = {"err", "error", "errors", "std", "stdev", "sd", "se", "sem", "stderr", "sigma", "σ", "unc", "uncertainty", "deviation"}
ERROR_NAMES = ("di", "d i", "δi", "delta i", "+-", "±")
PASSED_OVER = ("", "number", "no", "nr", "#", "index", "comment", "note", "date", "time", "file")
LARGEST_BYTES = 5_000_000
FEWEST_ROWS = 5
# "length (um)", "length [um]", "length/um", "length, um", "length_um", "length"
TITLE = re.compile(r"^(?P<name>.*?)\s*(?:[\(\[](?P<bracketed>[^)\]]*)[\)\]]|[/,](?P<after>[^/,]*))?$")
CURE = 'the header names the columns and their units, as in "length_um,intensity" or "length (mm);intensity (counts)"'


@dataclass(frozen=True)
class StripeTable:
    """A measured curve.

    Parameters
    ----------
    length_um, intensity : array [row]
    intensity_unit : str
        As in the header, "" where it has none.
    error : array [row] or None
        Standard errors, where the file has a column of them.
    file : Path
    """

    length_um: Array
    intensity: Array
    intensity_unit: str
    error: Array | None
    file: Path


def read_stripe_table(file: str | Path) -> StripeTable:
    """A curve I(l) from a CSV file.

    One header, then a row for each length; commas, semicolons or tabs between the columns; lines that begin with ``#`` and empty
    ones do not count. Columns: length (with its unit), intensity, and if wanted its standard error in the same unit, named
    ``err``, ``error``, ``std``, ``sd``, ``sigma``, ``uncertainty`` (also with more words, as ``intensity_err``) or ``dI``. Columns that
    number or comment the rows are passed over, any other is a fault: it might be meant.

    Raises
    ------
    DataError
        With the file, and the line where there is one.
    """
    path = Path(file)
    numbered = enumerate(_text(path).splitlines(), 1)
    lines = [(number, line) for number, line in numbered if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise DataError(f"is empty: {CURE}", file=path)
    header_line, header = lines[0]
    delimiter = next((each for each in "\t;," if each in header), ",")
    titles = _cells(header, delimiter, path, header_line)
    length, factor = _length_column(titles, path, header_line)
    intensity, unit = _column(titles, INTENSITY_NAMES, "intensity", path, header_line)
    error = _error_column(titles, unit, path, header_line)
    for place, title in enumerate(titles):
        if place not in (length, intensity, error) and _parsed(title)[0] not in PASSED_OVER:
            rule = "is not known: a length, an intensity and its standard error (err, error, std, sd, sigma, uncertainty, dI) are"
            raise DataError(f'column "{title}" {rule}; rename or remove it', file=path, line=header_line)
    rows = []
    for number, line in lines[1:]:
        cells = _cells(line, delimiter, path, number)
        if len(cells) != len(titles):
            raise DataError(f"the header has {len(titles)} columns, but this line {len(cells)}", file=path, line=number)
        rows.append(_row(cells, titles, (length, intensity, error), path, number))
    if len(rows) < FEWEST_ROWS:
        raise DataError(f"holds {len(rows)} rows below its header, but a fit needs {FEWEST_ROWS} or more", file=path)
    table = np.array(rows)
    return StripeTable(factor * table[:, 0], table[:, 1], unit, None if error is None else table[:, 2], path)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise DataError(f"is larger than {LARGEST_BYTES / 1e6:g} MB: no curve of stripe lengths", file=path)
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DataError("is not text in UTF-8: save it as CSV in UTF-8", file=path) from fault
    except OSError as fault:
        raise DataError(f"cannot be read: {fault.strerror}", file=path) from fault


def _cells(line: str, delimiter: str, path: Path, number: int) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True))]
    except csv.Error as fault:
        raise DataError(f"is no line of a table: {fault}", file=path, line=number) from fault


def _parsed(title: str) -> tuple[str, str]:
    """Name and unit of a column's title, in lower case, micro written u; the unit after _ too if it is one of length."""
    plain = title.strip().lower().replace("µ", "u").replace("μ", "u")
    match = TITLE.match(plain)
    name, unit = (match["name"], match["bracketed"] or match["after"] or "") if match else (plain, "")
    name, unit = name.replace("_", " ").strip(), unit.strip()
    head, _, tail = name.rpartition(" ")
    return (head, tail) if not unit and head and tail in UM_PER_UNIT else (name, unit)


def _found(titles: list[str], names: tuple[str, ...]) -> list[int]:
    return [place for place, title in enumerate(titles) if _parsed(title)[0] in names]


def _column(titles: list[str], names: tuple[str, ...], what: str, path: Path, number: int) -> tuple[int, str]:
    """Place and unit of the one column with such a name."""
    places = _found(titles, names)
    if len(places) != 1:
        many = f"{len(places)} columns" if places else "no column"
        raise DataError(f"has {many} of {what} ({', '.join(titles)}): {CURE}", file=path, line=number)
    return places[0], _parsed(titles[places[0]])[1]


def _length_column(titles: list[str], path: Path, number: int) -> tuple[int, float]:
    """Place of the lengths, and um per unit."""
    place, unit = _column(titles, LENGTH_NAMES, "length", path, number)
    if unit not in UM_PER_UNIT:
        told = f'"{unit}" is no unit of length known here' if unit else "the unit of length is missing"
        raise DataError(f'column "{titles[place]}": {told} ({", ".join(UM_PER_UNIT)}); {CURE}', file=path, line=number)
    return place, UM_PER_UNIT[unit]


def _error_column(titles: list[str], unit: str, path: Path, number: int) -> int | None:
    """Place of the standard errors of the intensity, in its unit; None: there are none."""
    names = [_parsed(title)[0] for title in titles]
    places = [
        place
        for place, name in enumerate(names)
        if name in ERROR_NAMES or (ERROR_WORDS.intersection(name.split()) and not set(LENGTH_NAMES).intersection(name.split()))
    ]
    if len(places) > 1:
        raise DataError(f"has {len(places)} columns of error ({', '.join(titles)}): {CURE}", file=path, line=number)
    for place in places:
        own = _parsed(titles[place])[1]
        if own == "%" or (own and unit and own != unit):
            rule = f'must have the unit of the intensity, "{unit}"' if unit else "must have the unit of the intensity"
            raise DataError(f'column "{titles[place]}" {rule}, got "{own}"', file=path, line=number)
    return places[0] if places else None


def _row(cells: list[str], titles: list[str], places: tuple[int, int, int | None], path: Path, number: int) -> list[float]:
    """Length, intensity and error of a line."""
    values = []
    for place in places:
        if place is None:
            continue
        text, title = cells[place], titles[place]
        try:
            value = float(text)
        except ValueError:
            hint = "; write a decimal point" if re.fullmatch(r"[-+]?\d+,\d+([eE][-+]?\d+)?", text) else ""
            raise DataError(f'column "{title}": "{text}" is not a number{hint}', file=path, line=number) from None
        if not isfinite(value):
            raise DataError(f'column "{title}": must be finite, got {text}', file=path, line=number)
        values.append(value)
    if values[0] < 0:
        raise DataError(f"a length must be >= 0, got {cells[places[0]]}", file=path, line=number)
    if len(values) == 3 and values[2] <= 0:
        raise DataError(f"a standard error must be > 0, got {values[2]:g}", file=path, line=number)
    return values
