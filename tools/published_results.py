"""Writes docs/published-results.md: computed beside published; nothing on that page is typed.

    python -m tools.published_results

The published figures stand in published_figures.py, the computed ones come from published_cases.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from textwrap import fill

from tools.pages import DOCS, write
from tools.published_cases import SECTIONS, Computed, Section, library_table, shown, table
from tools.published_figures import CLAIMS, SOURCES, Claim

PAGE = DOCS / "published-results.md"
WIDTH = 130


def difference(claim: Claim, computed: float | str) -> str:
    """Computed less published: in points for what is in per cent, else as a share."""
    if isinstance(computed, str) or claim.value is None:
        return "–"
    if claim.unit == "%":
        return f"{shown(computed - claim.value, '+.1f')} points"
    return f"{shown(100 * (computed / claim.value - 1), '+.1f')} %"


def claims_table(case: str, computed: Computed) -> str:
    """Computed beside published, a row for each claim of a case."""
    rows = []
    for key, claim in CLAIMS[case].items():
        value = computed[key]
        text = value if isinstance(value, str) else f"{shown(value, claim.form)} {claim.unit}".strip()
        rows.append((claim.quantity, text, claim.published, difference(claim, value), claim.asked.text, claim.source))
    return table(("quantity", "computed", "published", "difference", "asked", "source"), rows)


@cache
def sections() -> Mapping[str, Section]:
    """Every section, computed."""
    return {case: compute() for case, compute in SECTIONS.items()}


def page() -> str:
    """The page in Markdown."""
    parts = [HEAD]
    for section in sections().values():
        parts += [f"## {section.case}: {section.title}", section.lead]
        if section.computed:
            parts.append(claims_table(section.case, section.computed))
        parts += section.below
    parts += ["## One library", LIBRARY, library_table()]
    return "\n\n".join(part if part.startswith(("|", "#")) else fill(part, WIDTH) for part in parts) + "\n"


HEAD = f"""\
# Published results, reproduced

Made by `python -m tools.published_results`; the tests make it again and compare. Published figures are as printed in their source;
computed ones come from the shipped stacks and one library of materials. Γ is the share of |E|² (`confinement.intensity`), α the loss
2k₀ Im n_eff, Γ·G the modal gain as the sources reckon it. "Asked" is the agreement that the tests hold: 2 percentage points for Γ, 15 %
for losses and gains, and what the sources print elsewhere.

{SOURCES}"""

LIBRARY = (
    "All devices but M1b take their materials from these files; none is fitted to one device. Where no source gives a value, its range "
    "stands beside it. Thicknesses that the sources leave out are marked in the stack files."
)


def main() -> None:
    """Write the page."""
    write(PAGE, page())


if __name__ == "__main__":
    main()
