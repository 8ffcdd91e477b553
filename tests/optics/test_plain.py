"""Results in the types of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest

import qdphotonics
from qdphotonics.optics import json_text, plain


@dataclass(frozen=True)
class Point:
    where: complex
    values: object


def test_complex_numbers_are_pairs_and_what_is_not_finite_is_null() -> None:
    assert plain(1.5 - 0.25j) == [1.5, -0.25]
    assert plain(complex(np.nan, 1.0)) == [None, 1.0]
    assert plain([np.float64(np.inf), -np.inf, np.nan, 2.0]) == [None, None, None, 2.0]


def test_arrays_dataclasses_and_mappings_become_lists_and_objects() -> None:
    point = Point(1j, {"a": np.array([[1 + 2j], [3j]]), "b": (np.int64(4), True, None)})
    assert plain(point) == {"where": [0.0, 1.0], "values": {"a": [[[1.0, 2.0]], [[0.0, 3.0]]], "b": [4, True, None]}}


def test_what_has_no_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no form in JSON"):
        plain(object())


def test_a_document_begins_with_schema_and_version() -> None:
    document = json.loads(json_text({"stack": "Γ"}))
    assert list(document) == ["schema", "version", "stack"]
    assert document["schema"] == 1
    assert document["version"] == qdphotonics.__version__
