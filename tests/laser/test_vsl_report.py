"""A measured stripe-length curve from its file to its net gain."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics._plain import json_text
from qdphotonics.errors import ArgumentError, DataError

LENGTH_UM = np.arange(25.0, 401.0, 25.0)


def written(folder: Path, intensity: np.ndarray, header: str = "length_um,intensity") -> Path:
    file = folder / "stripe.csv"
    rows = "\n".join(f"{length:g},{light:.9g}" for length, light in zip(LENGTH_UM, intensity, strict=True))
    file.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(("model", "other"), [("amplified", "linear-plus-exponential"), ("linear-plus-exponential", "amplified")])
def test_the_gain_that_made_the_data_is_found(tmp_path: Path, model: str, other: str) -> None:
    """Noiseless data of each model's own formula, G 120 per cm: found to the nine digits of the file, the other model beside it."""
    growth = np.exp(120e-4 * LENGTH_UM)
    made = {"amplified": growth - 1, "linear-plus-exponential": 0.3 * LENGTH_UM + growth}
    found = qdp.fit_vsl(written(tmp_path, made[model]), model)  # type: ignore[arg-type]
    assert found.net_gain_per_cm == pytest.approx(120.0, rel=1e-5)
    assert found.model == model
    assert found.other is not None
    assert found.other.model == other
    assert np.interp(LENGTH_UM, found.curve["length_um"], found.curve["intensity"]) == pytest.approx(made[model], rel=2e-3)


def test_the_file_s_unit_of_length_counts(tmp_path: Path) -> None:
    """The same numbers in mm are a thousandth of the gain."""
    data = np.expm1(120e-4 * LENGTH_UM)
    in_um = qdp.fit_vsl(written(tmp_path, data), "amplified").net_gain_per_cm
    in_mm = qdp.fit_vsl(written(tmp_path, data, "length (mm),intensity"), "amplified").net_gain_per_cm
    assert in_mm == pytest.approx(in_um / 1000, rel=1e-6)


def test_the_interval_holds_the_truth_as_often_as_it_says(tmp_path: Path) -> None:
    """60 noisy curves (3 % relative, G 60 per cm), 80 % intervals: 48 hits expected, binomial sd 3.1; within 3 sd."""
    noise = np.random.default_rng(7)
    hits = 0
    for _ in range(60):
        data = np.expm1(60e-4 * LENGTH_UM) * (1 + 0.03 * noise.standard_normal(LENGTH_UM.size))
        low, high = qdp.fit_vsl(written(tmp_path, data), "amplified", confidence=0.8, longest_um=400.0).interval_per_cm
        hits += low < 60 < high
    assert abs(hits - 48) <= 9.3


def test_a_result_shows_itself(tmp_path: Path) -> None:
    """Saturated beyond 250 um: fewer points are used, the rest is told; the models differ, which is a warning."""
    growth = np.expm1(150e-4 * LENGTH_UM)
    found = qdp.fit_vsl(written(tmp_path, growth / (1 + growth / 60)), "amplified")
    document = json.loads(json_text(found.as_dict()))
    assert list(document)[2:5] == ["file", "net_gain_per_cm", "interval_per_cm"]
    assert document["saturated"] is True
    assert document["used_range_um"][1] < 400
    assert sum(document["data"]["used"]) < 16
    assert len(document["curve"]["length_um"]) == len(document["curve"]["intensity"])
    assert "left out for their saturation" in repr(found)
    assert "<table>" in found._repr_html_()


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, np.expm1(0.01 * LENGTH_UM))
    with pytest.raises(ArgumentError, match="confidence"):
        qdp.fit_vsl(file, confidence=1.5)
    with pytest.raises(ArgumentError, match="model"):
        qdp.fit_vsl(file, "linear plus exponential")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="lengths"):
        qdp.fit_vsl(file, longest_um=60.0)
    file.write_text("length_um,intensity\n100,1\n200,x\n", encoding="utf-8")
    with pytest.raises(DataError, match=r'stripe.csv:3: column "intensity": "x" is not a number'):
        qdp.fit_vsl(file)
