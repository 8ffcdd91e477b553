"""Values by layer name."""

from __future__ import annotations

import pytest

from qdphotonics.optics import ByLayer, LayerConfinement
from qdphotonics.optics.by_layer import common


def test_a_bare_name_sums_the_repeats_of_a_layer_nested_ones_too() -> None:
    values = ByLayer(("A[0][0]", "A[0][1]", "A[1][0]", "AB[0]", "C"), (1.0, 2.0, 4.0, 8.0, 16.0))
    assert values["A[0][1]"] == 2.0
    assert values["A[0]"] == 3.0
    assert values["A"] == 7.0  # not AB
    assert "A" in values
    assert list(values) == ["A[0][0]", "A[0][1]", "A[1][0]", "AB[0]", "C"]
    assert len(values) == 5


def test_an_unknown_layer_is_told_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r'no layer "B"; the layers are A, C'):
        ByLayer(("A", "C"), (1.0, 2.0))["B"]


def test_confinements_add_each_kind_by_itself() -> None:
    values = ByLayer(("H[0]", "H[1]"), (LayerConfinement(0.1, 0.2, 0.3), LayerConfinement(0.5, 0.25, 0.125)))
    assert values["H"] == LayerConfinement(0.6, 0.45, 0.425)


def test_angles_of_repeats_are_shared_or_refused() -> None:
    """An angle is no sum: the bare name gives the common value, and nothing where the repeats differ."""
    shared: ByLayer[float | None] = ByLayer(("H[0]", "H[1]"), (30.0, 30.0), combine=common)
    assert shared["H"] == 30.0
    with pytest.raises(KeyError, match="differ"):
        ByLayer(("H[0]", "H[1]"), (30.0, 31.0), combine=common)["H"]
