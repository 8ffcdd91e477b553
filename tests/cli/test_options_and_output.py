"""Ranges, pairs, tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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


def test_a_table_without_rows_is_no_fault(command: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    """A stack without a mode: the table is empty, and what was searched is told all the same."""
    assert "note" in output.drawn(("Title", ("a", "b"), [], ["note"]))
    file = tmp_path / "none.yaml"
    file.write_text("name: x\nwavelength: 630\nsubstrate: air\nsuperstrate: air\nlayers:\n  - {name: A, material: air, thickness: 5}\n")
    code, out, err = command("modes", str(file))
    assert (code, err) == (0, "")
    assert "0 in 0 < Re n_eff" in out


def test_brackets_in_names_are_not_markup() -> None:
    """DBR-H[0] and [red] are names, not Rich's colours."""
    text = output.drawn(("[bold]T", ("layer",), [("DBR-H[0]",), ("[red]x",)], ["[i]note"]))
    for words in ("[bold]T", "DBR-H[0]", "[red]x", "[i]note"):
        assert words in text


def test_where_numbers_do_not_fit_side_by_side_each_row_is_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a narrow screen no number is broken: n_eff in two halves is read as two numbers."""
    table = qdp.find_modes("jung2022-lito-ag").table()
    assert output.needed_width(table[1], table[2]) > 80
    monkeypatch.setattr(output, "FULL_WIDTH", 80)
    text = output.drawn(table)
    assert "TE0: kind guided, character photonic, n_eff 1.63611+7.01e-04i" in text
    assert max(len(line) for line in text.splitlines()) <= 80
    for row in table[2]:
        assert all(cell in text for cell in row[3:6])
    monkeypatch.setattr(output, "FULL_WIDTH", 160)
    assert "┃ mode ┃" in output.drawn(table)


def test_messages_about_arguments_name_the_option() -> None:
    assert options.as_options("Argument `max_loss_per_cm` must be > 0") == "--max-loss must be > 0"
    both = "Arguments `current_density_A_per_cm2` and `fluence_J_per_cm2` must not both be given"
    assert options.as_options(both) == "--current-density and --fluence must not both be given"
    assert options.as_options("mark one with `role: gain`") == "mark one with `role: gain`"
