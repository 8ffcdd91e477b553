"""Results in the types of JSON."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from qdphotonics._plain import plain


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
