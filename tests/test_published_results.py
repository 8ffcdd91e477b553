"""Published results: computed ones agree as far as is asked, and the committed page is the one that the script writes."""

from __future__ import annotations

import pytest

from tools.pages import difference
from tools.published_figures import CLAIMS, Asked
from tools.published_results import PAGE, page, sections

AGREEMENTS = [(case, key) for case, claims in CLAIMS.items() for key in claims]


@pytest.mark.parametrize(("case", "key"), AGREEMENTS, ids=[f"{case} {key}" for case, key in AGREEMENTS])
def test_computed_agrees_with_published(case: str, key: str) -> None:
    """Each published figure within what is asked of it (issue 2): 2 points for Γ, 15 % for losses, the sources' digits else."""
    claim, computed = CLAIMS[case][key], sections()[case].computed[key]
    assert claim.asked.accepts(computed), f"{claim.quantity}: computed {computed}, published {claim.published}, asked {claim.asked.text}"


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


def test_comparison_sees_numbers_and_words() -> None:
    """One unit of the last digit passes, and so do other spaces; two units do not, nor does another word."""
    assert difference("Γ 22.5 %, −3 cm⁻¹", "Γ 22.6 %,\n−2 cm⁻¹") == ""
    assert difference("Γ 22.5 %", "Γ 22.7 %") == "22.5 is now 22.7"
    assert "photonic" in difference("TE0 photonic", "TE0 plasmonic")
