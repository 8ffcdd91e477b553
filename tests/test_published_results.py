"""Published results: computed ones agree as far as is asked, and the committed page is the one that the script writes."""

from __future__ import annotations

import pytest

from tools.pages import DOCS, difference
from tools.published.claims import Asked
from tools.published.gratings import MEEP, MEEP_FILE, SLAB_FILE
from tools.published.sections import shown
from tools.published_results import CLAIMS, PAGE, page, sections

AGREEMENTS = [(case, key) for case, claims in CLAIMS.items() for key in claims]
LIMIT = 1e-8

# PHYSICS.md sections 3 and 4: what the stated inputs give, to its digits (the sources' own figures are coarser).
EXPECTED = {
    ("G1", "threshold"): "1.1462",
    ("G2", "2, 0"): "1",
    ("G2", "2, 1"): "0.5",
    ("G2", "2, 2"): "0",
    ("G2", "8, 0"): "4",
    ("G2", "8, 6"): "1",
    ("G2", "8, 2.7"): "2.65",
    ("G2", "8, 4.8"): "1.6",
    ("G3", "1S"): "1",
    ("G3", "1P"): "5",
    ("G3", "1D"): "13",
    ("G4", "transparency"): "0.358",
    ("G4", "half"): "6.34",
    ("G4", "light"): "2.49",
    ("G5", "transparency"): "0.188",
    ("G5", "half"): "2.55",
    ("G5", "P0"): "0.934",
    ("G5", "P1"): "0.066",
    ("G5", "P2"): "2.6e-05",
    ("G5", "P0 half"): "0.003",
    ("G5", "P1 half"): "0.5",
    ("G5", "P2 half"): "0.5",
    ("G6", "transparency"): "6.76",
    ("G6", "half"): "25.8",
    ("G6", "yield"): "43",
    ("G7", "short"): "13.6",
    ("G7", "exact"): "14.7",
    ("G8", "charged"): "2.286",
    ("G8", "many"): "45",
    ("G9", "equal"): "5.464",
    ("H1", "time"): "3.96",
    ("H1", "short"): "74.7",
    ("H1", "full"): "77.7",
}


@pytest.mark.parametrize(("case", "key"), AGREEMENTS, ids=[f"{case} {key}" for case, key in AGREEMENTS])
def test_computed_agrees_with_published(case: str, key: str) -> None:
    """Each published figure within what is asked of it, but for those whose miss is told with its reason, and which do miss it."""
    claim, computed = CLAIMS[case][key], sections()[case].computed[key]
    told = f"{claim.quantity}: computed {computed}, published {claim.published}, asked {claim.asked.text}, told {claim.missed!r}"
    assert claim.asked.accepts(computed) == (claim.missed == ""), told


@pytest.mark.parametrize(("case", "key"), EXPECTED, ids=[f"{case} {key}" for case, key in EXPECTED])
def test_closed_forms_to_their_digits(case: str, key: str) -> None:
    """G1 to G9 and H1: what the inputs give in as many digits as PHYSICS.md has, rounded alike."""
    expected, computed = EXPECTED[case, key], sections()[case].computed[key]
    assert isinstance(computed, float)
    decimals = len(expected.split("e")[0].partition(".")[2])
    assert f"{computed:.{decimals}{'e' if 'e' in expected else 'f'}}" == expected


def test_closed_forms_are_limits_of_the_chain() -> None:
    """Every closed form is what the full chain gives in its limit, to 1e-8 (issue 4), and what the page shows as computed.

    The closed forms are written in tools/published/ as the papers print them. No closed form of G1 to G9 is left out but the
    yield, which has no state in it, G9's crossing, at no whole number of pairs, and its measured occupation.
    """
    without = {("G6", "yield"), ("G9", "equal"), ("G9", "filled")}
    for case, section in sections().items():
        for key, limit in section.limits.items():
            assert limit.chain == pytest.approx(limit.closed, rel=LIMIT, abs=LIMIT if limit.closed == 0 else 0), (case, key)
            assert section.computed[key] == pytest.approx(limit.closed, rel=LIMIT, abs=LIMIT if limit.closed == 0 else 0), (case, key)
        if case in {f"G{number}" for number in range(1, 10)}:
            assert {(case, key) for key in section.computed} - {(case, key) for key in section.limits} <= without


def test_every_case_and_claim_is_computed() -> None:
    """No case is left out, no computed number lacks its published one; M6 has none to compare with."""
    assert set(sections()) == {*CLAIMS, "M6"}
    assert {case: set(section.computed) for case, section in sections().items() if case != "M6"} == {
        case: set(claims) for case, claims in CLAIMS.items()
    }


def test_claims_can_fail() -> None:
    """Bounds refuse what lies outside, not a number, and another answer."""
    asked = Asked(32.0, 36.0, "± 2 points")
    assert [asked.accepts(value) for value in (31.9, 32.0, 36.1, float("nan"))] == [False, True, False, False]
    assert not Asked(0.0, 0.0, "the same", "photonic").accepts("plasmonic")


def test_a_claim_without_bounds_has_words() -> None:
    """What is published in words is compared in words; numbers have two finite ends, or one and a reason not to have the other."""
    for case, key in AGREEMENTS:
        asked = CLAIMS[case][key].asked
        assert (asked.answer is not None) == isinstance(sections()[case].computed[key], str)
        assert asked.answer is not None or asked.low > float("-inf") or asked.high < float("inf")


def test_page_is_up_to_date() -> None:
    """docs/published-results.md is what ``python -m tools.published_results`` writes now: the words, and the numbers as printed."""
    assert difference(PAGE.read_text(encoding="utf-8"), page()) == ""


def test_what_is_missed_is_told() -> None:
    """The page counts its rows and repeats the reason of each that is not met."""
    text = " ".join(page().split())
    reasons = [claim.missed for claims in CLAIMS.values() for claim in claims.values() if claim.missed]
    assert f"{len(AGREEMENTS)} rows, {len(AGREEMENTS) - len(reasons)} met" in text
    assert all(" ".join(reason.split()) in text for reason in reasons)


def test_what_meep_runs_is_a_test() -> None:
    """The page sends its reader to tests that exist."""
    code = "".join((DOCS.parent / file).read_text(encoding="utf-8") for file in (MEEP_FILE, SLAB_FILE))
    assert [name for name in MEEP.values() if f"def {name}(" not in code] == []


def test_numbers_as_people_write_them() -> None:
    """A power of ten, a minus sign, and none before zero."""
    assert [shown(1.3e6, ".1e"), shown(-3.04, ".1f"), shown(-0.01, ".1f")] == ["1.3 × 10⁶", "−3.0", "0.0"]


def test_comparison_sees_numbers_and_words() -> None:
    """One unit of the last digit passes, and so do other spaces; two units do not, nor does another word."""
    assert difference("Γ 22.5 %, −3 cm⁻¹", "Γ 22.6 %,\n−2 cm⁻¹") == ""
    assert difference("Γ 22.5 %", "Γ 22.7 %") == "22.5 is now 22.7"
    assert "photonic" in difference("TE0 photonic", "TE0 plasmonic")
