"""Writes the table of quantities in docs/sweeps.md from the one list of them.

    python -m tools.sweep_quantities
"""

from __future__ import annotations

import re
from itertools import groupby

from qdphotonics.sweeps.quantities import KINDS, Kind
from tools.pages import DOCS, write

PAGE = DOCS / "sweeps.md"
TABLE = re.compile(r"(?<=<!-- quantities -->\n).*?(?=<!-- end -->)", re.DOTALL)
OF = {
    "mode": "a mode, materials as they are",
    "pumped": "a mode, with the drive's gain",
    "laser": "the device",
    "geometry": "the layers",
    "spectrum": "a spectrum",
    "dfb": "a grating",
}


def table() -> str:
    """Every quantity with its unit and what it is, in Markdown."""
    lines = ["| of | quantity | unit | |", "| --- | --- | --- | --- |"]
    for family, kinds in groupby(KINDS.values(), lambda kind: kind.family):
        for place, kind in enumerate(kinds):
            lines.append(f"| {'' if place else OF[family]} | `{written(kind)}` | {kind.unit} | {kind.title} |")
    return "\n".join(lines) + "\n"


def written(kind: Kind) -> str:
    """As a specification writes it."""
    return f"{kind.name}.LAYER" if kind.of_layer else kind.name


def refreshed(text: str) -> str:
    """The page with the table as the list has it now."""
    return TABLE.sub(lambda _: table(), text)


def main() -> None:
    """Bring the page up to date."""
    write(PAGE, refreshed(PAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
