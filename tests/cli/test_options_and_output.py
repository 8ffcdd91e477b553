"""Ranges, pairs, tables."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.cli import options, output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("400:800:100", [400, 500, 600, 700, 800]),
        ("400:410:4", [400, 404, 408, 410]),
        ("0.1:0.3:0.1", [0.1, 0.2, 0.3]),
        ("630", [630]),
        ("630:630:1", [630]),
        ("600:601:5", [600, 601]),
    ],
)
def test_ranges_hold_both_ends(text: str, expected: list[float]) -> None:
    found = options.points(text, "--wavelengths")
    assert found == pytest.approx(expected, rel=1e-12)
    assert found[-1] == expected[-1]


def test_a_long_range_does_not_drift() -> None:
    """400:800:0.1 has 4001 points, the last of them 800 exactly."""
    found = options.points("400:800:0.1", "--wavelengths")
    assert len(found) == 4001
    assert found[-1] == 800.0
    assert np.all(np.diff(found) > 0.0999)


@pytest.mark.parametrize("text", ["", "a:b:c", "1:2", "1:2:3:4", "1:2:0", "1:2:-1", "2:1:1", "nan:2:1", "1:inf:1", "0:1:1e-300"])
def test_ranges_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(qdp.ArgumentError, match="--angles must"):
        options.points(text, "--angles")


def test_pairs() -> None:
    assert options.pair(None, "--n-range") is None
    assert options.pair("1.5:2", "--n-range") == (1.5, 2.0)
    with pytest.raises(qdp.ArgumentError, match="--n-range must be LO:HI"):
        options.pair("1.5", "--n-range")


def test_a_long_table_is_thinned_and_says_so() -> None:
    rows = [(str(number), "x") for number in range(400)]
    text = output.drawn(("Title", ("a", "b"), rows, ["note"]))
    assert "400 rows, every 7th shown" in text
    assert text.rstrip().endswith("note")
    assert text.count("\n") < 80


def test_brackets_in_names_are_not_markup() -> None:
    """DBR-H[0] and [red] are names, not Rich's colours."""
    text = output.drawn(("[bold]T", ("layer",), [("DBR-H[0]",), ("[red]x",)], ["[i]note"]))
    for words in ("[bold]T", "DBR-H[0]", "[red]x", "[i]note"):
        assert words in text
