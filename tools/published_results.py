"""Writes docs/published-results.md: computed beside published; nothing on that page is typed.

    python -m tools.published_results

What was published stands in tools/published/figures_of_*.py, what computes it in the files beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from textwrap import fill

from tools.pages import DOCS, write
from tools.published import (
    devices,
    dots,
    figures_of_devices,
    figures_of_gain,
    figures_of_gratings,
    figures_of_states,
    gratings,
    heat,
    level_models,
    media,
    states,
    stripe,
)
from tools.published.claims import SOURCES, Claim
from tools.published.sections import Section, shown, table

PAGE = DOCS / "published-results.md"
WIDTH = 130
LIMIT_DIGITS = ".9g"  # the tests hold the limits of the chain to 1e-8

CLAIMS: Mapping[str, Mapping[str, Claim]] = {
    **figures_of_devices.CLAIMS,
    **figures_of_gain.CLAIMS,
    **figures_of_states.CLAIMS,
    **figures_of_gratings.CLAIMS,
}
SECTIONS: Mapping[str, Callable[[], Section]] = {
    **devices.SECTIONS,
    **stripe.SECTIONS,
    **dots.SECTIONS,
    **media.SECTIONS,
    **level_models.SECTIONS,
    **states.SECTIONS,
    **heat.SECTIONS,
    **gratings.SECTIONS,
}


def difference(claim: Claim, computed: float | str) -> str:
    """Computed less published: in points for what is in per cent, else as a share."""
    if isinstance(computed, str) or not claim.value:
        return "–"
    if claim.unit == "%":
        return f"{shown(computed - claim.value, '+.1f')} points"
    return f"{shown(100 * (computed / claim.value - 1), '+.1f')} %"


def claims_table(section: Section) -> str:
    """Computed beside published, a row for each claim of a section; a column for limits where it has any."""
    rows = []
    for key, claim in CLAIMS[section.case].items():
        value = section.computed[key]
        text = value if isinstance(value, str) else f"{shown(value, claim.form)} {claim.unit}".strip()
        limit = section.limits.get(key)
        chain = ("" if limit is None else shown(limit.chain, LIMIT_DIGITS),) if section.limits else ()
        met = "yes" if claim.asked.accepts(value) else "**no**"
        rows.append((claim.quantity, text, *chain, claim.published, difference(claim, value), claim.asked.text, met, claim.source))
    limits = (section.limits_are,) if section.limits else ()
    return table(("quantity", "computed", *limits, "published", "difference", "asked", "met", "source"), rows)


@cache
def sections() -> Mapping[str, Section]:
    """Every section, computed."""
    return {case: compute() for case, compute in SECTIONS.items()}


def missed() -> list[str]:
    """A line for each row that is not met, with its reason."""
    return [
        f"- {case}, {claim.quantity}: {claim.missed}"
        for case, claims in CLAIMS.items()
        for key, claim in claims.items()
        if not claim.asked.accepts(sections()[case].computed[key])
    ]


def summary() -> list[str]:
    """How many rows there are, how many are met, and the others."""
    rows, lines = sum(len(claims) for claims in CLAIMS.values()), missed()
    counts = f"{rows} rows, {rows - len(lines)} met, {len(lines)} not:" if lines else f"{rows} rows, all met."
    return [counts, *(["\n".join(fill(line, WIDTH, subsequent_indent="  ") for line in lines)] if lines else [])]


def page() -> str:
    """The page in Markdown."""
    parts = [HEAD, *summary()]
    for section in sections().values():
        parts += [f"## {section.case}: {section.title}", section.lead]
        if section.computed:
            parts.append(claims_table(section))
        parts += section.below
    parts += ["## One library", LIBRARY, devices.library_table()]
    return "\n\n".join(part if part.startswith(("|", "#", "- ")) else fill(part, WIDTH) for part in parts) + "\n"


HEAD = f"""\
# Published results, reproduced

Made by `python -m tools.published_results`; the tests make it again and compare. Published figures are as printed in their source;
computed ones come from the shipped stacks and media and one library of materials, none fitted to one device. Γ is the share of |E|²
(`confinement.intensity`), α the loss 2k₀ Im n_eff, Γ·G the modal gain as the sources reckon it. "Asked" is the agreement that the tests
hold: 2 percentage points for Γ, 15 % for losses and gains, and what the sources print elsewhere. "As a limit of the chain" is what the
full chain of up to twelve excitons gives where it should come to the closed form, nine digits; the tests hold it to 10⁻⁸.

{SOURCES}"""

LIBRARY = (
    "All devices but M1b take their materials from these files. Where no source gives a value, its range stands beside it. Thicknesses "
    "that the sources leave out are marked in the stack files."
)


def main() -> None:
    """Write the page."""
    write(PAGE, page())


if __name__ == "__main__":
    main()
