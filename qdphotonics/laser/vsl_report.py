"""A measured variable-stripe curve: read, fitted by both models, told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.laser.vsl import GainFit, Model, Noise, fit_gain
from qdphotonics.laser.vsl_file import StripeTable, read_stripe_table
from qdphotonics.optics import html_table, number, plain, text_table

MODELS: tuple[Model, ...] = ("linear plus exponential", "amplified")
FORMULAS = {"linear plus exponential": "A·l + B·exp(G·l)", "amplified": "(A/G)·(exp(G·l) − 1)"}
CURVE_POINTS = 101


@dataclass(frozen=True, eq=False)
class StripeFit:
    """Net gain of a measured curve.

    Parameters
    ----------
    measured : StripeTable
        What was measured.
    fit : GainFit
        By the model that was asked for.
    other : GainFit or None
        By the other model, beside it; None where there are too few lengths for it.
    """

    measured: StripeTable
    fit: GainFit
    other: GainFit | None

    @property
    def net_gain_per_cm(self) -> float:
        """G, the mode's gain less its loss."""
        return self.fit.gain_per_cm

    @property
    def interval_per_cm(self) -> tuple[float, float]:
        """Within which G lies with the probability ``confidence``."""
        return self.fit.interval_per_cm

    @property
    def confidence(self) -> float:
        """Probability of the interval."""
        return self.fit.confidence

    @property
    def model(self) -> str:
        """The model that was fitted."""
        return self.fit.model

    @property
    def curve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The fit [point], um and in the unit of the data: from 0 to the longest stripe measured."""
        length = np.linspace(0.0, float(self.fit.length_um.max()), CURVE_POINTS)
        return length, np.asarray(self.fit.curve(length))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to mind, one sentence each."""
        found = [self.fit.note] if self.fit.note else []
        if self.other is not None:
            (low, high), (least, most) = self.fit.interval_per_cm, self.other.interval_per_cm
            if high < least or most < low:
                found.append(f"the model {self.other.model!r} gives {_with_interval(self.other)} cm⁻¹: the models disagree")
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics vsl-fit``."""
        length, intensity = self.curve
        return {
            "file": str(self.measured.file),
            "net_gain_per_cm": plain(self.net_gain_per_cm),
            "interval_per_cm": plain(self.interval_per_cm),
            "confidence": self.confidence,
            "model": self.model,
            "saturated": self.fit.saturated,
            "used_range_um": plain(self.fit.used_range_um),
            "parameters": plain({"linear": self.fit.linear, "exponential": self.fit.exponential}),
            "other_model": None if self.other is None else _other_document(self.other),
            "data": plain({"length_um": self.fit.length_um, "intensity": self.fit.intensity, "used": self.fit.used}),
            "curve": plain({"length_um": length, "intensity": intensity}),
            "warnings": list(self.warnings),
        }

    def table_rows(self) -> list[tuple[str, ...]]:
        """Rows of the table: one a model."""
        rows: list[tuple[str, ...]] = []
        for fit in (self.fit, *(() if self.other is None else (self.other,))):
            low, high = fit.interval_per_cm
            first, last = fit.used_range_um
            ends = (number(end) if np.isfinite(end) else "–" for end in (low, high))
            rows.append((fit.model, FORMULAS[fit.model], number(fit.gain_per_cm), *ends, f"{first:g} to {last:g}"))
        return rows

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows and notes."""
        share = f"{100 * self.confidence:g} %"
        columns = ("model", "I(l)", "net gain cm⁻¹", f"{share} from", "to", "lengths µm")
        used, all_of_them = int(self.fit.used.sum()), self.fit.used.size
        notes = [f"net gain {_with_interval(self.fit)} cm⁻¹ ({share}), from {used} of {all_of_them} points"]
        if self.fit.saturated:
            notes.append("longer stripes saturate and were left out: what they emit empties the dots")
        return f"Net gain in {self.measured.file.name}", columns, self.table_rows(), notes + [f"warning: {text}" for text in self.warnings]

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def _with_interval(fit: GainFit) -> str:
    low, high = fit.interval_per_cm
    return f"{number(fit.gain_per_cm)} ± {number((high - low) / 2)}" if np.isfinite(high - low) else "undetermined"


def _other_document(fit: GainFit) -> dict[str, Any]:
    return plain({"model": fit.model, "net_gain_per_cm": fit.gain_per_cm, "interval_per_cm": fit.interval_per_cm})  # type: ignore[no-any-return]


def fit_vsl(
    file: str | Path,
    model: Model = "linear plus exponential",
    *,
    noise: Noise = "relative",
    confidence: float = 0.95,
    longest_um: float | None = None,
) -> StripeFit:
    """Net gain from a file of intensities measured at many stripe lengths.

    Parameters
    ----------
    file : str or Path
        CSV, see :func:`~qdphotonics.laser.vsl_file.read_stripe_table`.
    model, noise, confidence, longest_um : optional
        As of :func:`~qdphotonics.laser.vsl.fit_gain`.

    Returns
    -------
    StripeFit

    Raises
    ------
    DataError
        A malformed file: one message with file and line.
    ArgumentError
        Too few lengths, an unknown model, a confidence outside 0 to 1.

    References
    ----------
    Shaklee, Nahory, Leheny, J. Lumin. 7, 284 (1973), doi:10.1016/0022-2313(73)90072-0.
    """
    table = read_stripe_table(file)
    options: dict[str, Any] = {"noise": noise, "error": table.error, "confidence": confidence, "longest_um": longest_um}
    fit = fit_gain(table.length_um, table.intensity, model=model, **options)
    others: Sequence[Model] = [each for each in MODELS if each != model]
    try:
        other = fit_gain(table.length_um, table.intensity, model=others[0], **options)
    except ArgumentError:  # too few lengths for its parameters
        other = None
    return StripeFit(table, fit, other)
