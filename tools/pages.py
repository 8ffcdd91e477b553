"""Pages of docs/ that hold computed numbers: how a committed one is compared with one made now."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
NUMBER = re.compile(r"[+−-]?\d+(?:\.\d+)?")
LAST_DIGITS = 1.01  # a number may differ by one unit of its last printed digit: another machine rounds otherwise
SPACE = re.compile(r"[\s─-╿]+")  # and the rules of drawn tables, whose columns are as wide as their longest number


def difference(committed: str, made: str) -> str:
    """The first difference between two texts, "" without one.

    Words must be the same; numbers may differ by a unit of the last digit that was committed, and spaces and the rules of
    tables at all.

    Examples
    --------
    >>> difference("net gain 22.5 cm⁻¹", "net gain  22.6 cm⁻¹")
    ''
    >>> difference("net gain 22.5 cm⁻¹", "net gain 22.7 cm⁻¹")
    '22.5 is now 22.7'
    """
    before, now = (SPACE.sub(" ", NUMBER.sub("#", text)) for text in (committed, made))
    if before != now:
        place = next((i for i, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now)))
        return f"{before[max(0, place - 60) : place + 60]!r} is now {now[max(0, place - 60) : place + 60]!r}"
    for old, new in zip(NUMBER.findall(committed), NUMBER.findall(made), strict=True):
        unit = 10.0 ** -len(old.partition(".")[2])
        if abs(_value(old) - _value(new)) > LAST_DIGITS * unit:
            return f"{old} is now {new}"
    return ""


def _value(text: str) -> float:
    return float(text.replace("−", "-"))


def write(page: Path, text: str) -> None:
    """Write a page, unless the committed one says the same to its last digits."""
    same = page.is_file() and difference(page.read_text(encoding="utf-8"), text) == ""
    if not same:
        page.write_text(text, encoding="utf-8")
    print(f"{page.relative_to(DOCS.parent)}: {'as it was' if same else 'written'}")
