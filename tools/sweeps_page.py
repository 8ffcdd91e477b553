"""Writes what docs/sweeps.md has besides what its commands print: the table of quantities, and the figures of its examples.

python -m tools.sweeps_page
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from matplotlib.figure import Figure

from qdphotonics import plots
from qdphotonics._yaml import read_text
from qdphotonics.errors import SweepError
from qdphotonics.sweeps.optimization.optimize import optimize
from qdphotonics.sweeps.optimization.result import ParetoFront
from qdphotonics.sweeps.quantities import KINDS, Kind
from qdphotonics.sweeps.sweep import sweep
from qdphotonics.sweeps.tolerance.study import tolerance
from tools.console_pages import FILE
from tools.pages import DOCS, write

PAGE = DOCS / "sweeps.md"
TABLE = re.compile(r"(?<=<!-- quantities -->\n).*?(?=<!-- end -->)", re.DOTALL)
SHOWN = "net_gain_per_cm"
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


def figures(text: str) -> Iterator[tuple[str, Figure]]:
    """The figures of the page's examples, by the names of their files."""
    files = {name: read_text(content, SweepError).data for name, content in FILE.findall(text)}
    yield "sweep-map.png", plots.sweep(sweep(files["two-thicknesses.yaml"]), SHOWN)
    front = optimize(files["thin-or-strong.yaml"])
    assert isinstance(front, ParetoFront)
    yield "pareto.png", plots.pareto(front)
    yield "tornado.png", plots.tornado(tolerance(files["as-made.yaml"]), SHOWN)


def main() -> None:
    """Bring the page up to date."""
    text = PAGE.read_text(encoding="utf-8")
    write(PAGE, refreshed(text))
    for name, figure in figures(text):
        plots.save_figure(figure, DOCS / "figures" / name)


if __name__ == "__main__":
    main()
