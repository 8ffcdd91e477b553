"""Writing YAML: whatever is written is read back, the same in value and in kind."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics._yaml import read_text, yaml_text
from qdphotonics.errors import InputError

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts.filter(bool), inner, max_size=4), max_leaves=20
)


def read(text: str) -> Any:
    return read_text(text, InputError).data


def kinds(value: Any) -> Any:
    """A value with the type of every part, in which 1, 1.0 and true differ; a whole float may come back as an integer."""
    if isinstance(value, dict):
        return {key: kinds(item) for key, item in value.items()}
    if isinstance(value, list):
        return [kinds(item) for item in value]
    return (bool, value) if isinstance(value, bool) else (float, float(value)) if isinstance(value, (int, float)) else value


@given(values)
def test_what_is_written_is_read_back(data: Any) -> None:
    """Numbers to the last bit (repr), texts to the last sign, whatever they look like."""
    assert kinds(read(yaml_text(data))) == kinds(data)


@pytest.mark.parametrize(
    "text",
    [
        "1e-3",
        "010",
        "true",
        "~",
        "null",
        "",
        " a",
        "a ",
        "a: b",
        "a #b",
        "- a",
        "a, b",
        "[a",
        "{",
        "on",
        ".inf",
        "0x1f",
        "é\u2028x",
        "\ufeff",
        "*a",
        "&a",
    ],
)
def test_a_text_stays_a_text(text: str) -> None:
    """Texts that look like something else, alone, as an entry in one line, and as a key."""
    for data in (text, [text], {"k": text}, [{text or "k": text}]):
        assert read(yaml_text(data)) == data


def test_what_is_no_number_too() -> None:
    found = read(yaml_text([inf, -inf, nan]))
    assert found[:2] == [inf, -inf]
    assert found[2] != found[2]


def test_long_entries_get_lines_of_their_own() -> None:
    """Each layer on a line; what is longer than a line is divided."""
    layer = {"name": "QD", "thickness": 95}
    assert yaml_text({"layers": [layer, {"repeat": 2, "layers": [layer]}]}).splitlines() == [
        "layers:",
        "  - {name: QD, thickness: 95}",
        "  - repeat: 2",
        "    layers:",
        "      - {name: QD, thickness: 95}",
    ]
    assert max(map(len, yaml_text({"drive": {f"key_{count}": count for count in range(40)}}).splitlines())) < 20
