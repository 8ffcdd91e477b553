"""A study of tolerances shared out among processes."""

from __future__ import annotations

import qdphotonics as qdp


def test_the_same_numbers_from_any_number_of_workers() -> None:
    """60 devices whose group index takes a call each, in three chunks: here, and by two processes, to the last bit."""
    study = {
        "stack": "jung2022-lito-ag",
        "mode": "TE0",
        "errors": {"layers.QD.thickness": "3%", "materials.L-ITO.n": {"standard_deviation": 0.02}},
        "quantities": ["group_index", "confinement.QD"],
        "require": ["net_gain_per_cm >= 240"],
        "samples": 60,
    }
    alone, shared = qdp.tolerance(study), qdp.tolerance(study, workers=2)
    assert alone.as_dict()["yield_fraction"] == shared.as_dict()["yield_fraction"]
    for name, spread in alone.spreads.items():
        assert spread.samples.tobytes() == shared.spreads[name].samples.tobytes()
