"""A measured variable-stripe curve: read, fitted by both models, told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.laser.vsl import GainFit, ModelChoice, fit_gain
from qdphotonics.laser.vsl_file import StripeTable, read_stripe_table
from qdphotonics.laser.vsl_models import Noise
from qdphotonics.optics import html_table, number, plain, text_table

FORMULAS = {"linear-plus-exponential": "A·l + B·exp(G·l)", "amplified": "(A/G)·(exp(G·l) − 1)"}
CURVE_POINTS = 101
LOPSIDED = 1.25  # one side of an interval over the other, beyond which both ends are told
SMALLEST_PER_CM = 0.01  # of what any such measurement can tell


@dataclass(frozen=True, eq=False)
class StripeFit:
    """Net gain of a measured curve.

    Parameters
    ----------
    measured : StripeTable
        What was measured.
    fit : GainFit
        By the model that was asked for, else by the one that the data speak for.
    """

    measured: StripeTable
    fit: GainFit

    @property
    def other(self) -> GainFit | None:
        """By the other model from the same points; None where there are too few lengths for it."""
        return self.fit.other

    @property
    def net_gain_per_cm(self) -> float:
        """G, the mode's gain less its loss."""
        return self.fit.gain_per_cm

    @property
    def interval_per_cm(self) -> tuple[float, float]:
        """Within which G lies with the probability ``confidence``; what a model says that is not excluded lies within too."""
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
    def told_gain(self) -> str:
        """The gain with its interval in words, per cm."""
        return told_interval(self.fit)

    @property
    def file(self) -> str:
        """Where the data are from."""
        return str(self.measured.file)

    @property
    def saturated(self) -> bool:
        """Long stripes were left out for their saturation."""
        return self.fit.saturated

    @property
    def used_range_um(self) -> tuple[float, float]:
        """Shortest and longest stripe that the fit is made from."""
        return self.fit.used_range_um

    @property
    def parameters(self) -> dict[str, float]:
        """A (``linear``, per um) and B (``exponential``) of the model, in the unit of the intensity."""
        return {"linear": self.fit.linear, "exponential": self.fit.exponential}

    @property
    def other_model(self) -> dict[str, Any] | None:
        """What the other model says of the same points, and whether they exclude it."""
        if self.other is None:
            return None
        found = {"model": self.other.model, "net_gain_per_cm": self.other.gain_per_cm, "interval_per_cm": self.other.interval_per_cm}
        return found | {"excluded": self.fit.excludes_other}

    @property
    def data(self) -> dict[str, NDArray[Any]]:
        """All the points by rising length: ``length_um``, ``intensity``, ``used``."""
        return {"length_um": self.fit.length_um, "intensity": self.fit.intensity, "used": self.fit.used}

    @property
    def curve(self) -> dict[str, NDArray[np.float64]]:
        """The fit from 0 to the longest stripe measured: ``length_um`` and, in the unit of the data, ``intensity`` [point]."""
        length = np.linspace(0.0, float(self.fit.length_um.max()), CURVE_POINTS)
        return {"length_um": length, "intensity": np.asarray(self.fit.curve(length))}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to mind, one sentence each."""
        found = list(self.fit.notes)
        if self.other is not None and not self.fit.excludes_other and not self.fit.is_excluded:
            (low, high), (least, most) = self.fit.own_interval_per_cm, self.other.own_interval_per_cm
            if not np.isfinite([least, most]).all():
                found.append(f"{self.other.model!r}, not excluded by the data, leaves the gain open")
            elif high < least or most < low:
                found.append(f"{self.other.model!r}, not excluded by the data, gives {told_interval(self.other)} cm⁻¹: the models disagree")
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics vsl-fit``."""
        keys = "file net_gain_per_cm interval_per_cm confidence model saturated used_range_um parameters other_model data curve warnings"
        return {key: plain(getattr(self, key)) for key in keys.split()}

    def table_rows(self) -> list[tuple[str, ...]]:
        """Rows of the table: one a model."""
        rows: list[tuple[str, ...]] = []
        for fit in (self.fit, *(() if self.other is None else (self.other,))):
            ends = (number(end) if np.isfinite(end) else "–" for end in fit.own_interval_per_cm)
            says = "excluded" if fit.is_excluded or (fit is self.other and self.fit.excludes_other) else "possible"
            first, last = fit.used_range_um
            rows.append((fit.model, FORMULAS[fit.model], number(fit.gain_per_cm), *ends, f"{first:g} to {last:g}", says))
        return rows

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows and notes."""
        share = f"{100 * self.confidence:g} %"
        columns = ("model", "I(l)", "net gain cm⁻¹", f"{share} from", "to", "lengths µm", "by the data")
        used, all_of_them = int(self.fit.used.sum()), self.fit.used.size
        notes = [f"net gain {self.told_gain} cm⁻¹ ({share}), from {used} of {all_of_them} points"]
        return f"Net gain in {self.measured.file.name}", columns, self.table_rows(), notes + [f"warning: {text}" for text in self.warnings]

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def told_interval(fit: GainFit) -> str:
    """A gain with its interval: 80 ± 2, or 140 (111 … 198) where that is lopsided.

    Examples
    --------
    >>> fit = fit_gain(np.arange(50.0, 350.0, 25.0), np.expm1(164e-4 * np.arange(50.0, 350.0, 25.0)))
    >>> told_interval(fit)[:5]
    '164 ±'
    """
    low, high = fit.interval_per_cm
    if not np.isfinite(high - low):
        return "undetermined"
    below, above = fit.gain_per_cm - low, high - fit.gain_per_cm
    if max(below, above) > LOPSIDED * min(below, above) + SMALLEST_PER_CM:
        return f"{number(fit.gain_per_cm)} ({number(low)} … {number(high)})"
    half = (high - low) / 2
    return f"{number(fit.gain_per_cm)} ± {number(half) if half > SMALLEST_PER_CM else f'less than {SMALLEST_PER_CM:g}'}"


def fit_vsl(
    file: str | Path,
    model: ModelChoice = "best",
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
    return StripeFit(table, fit_gain(table.length_um, table.intensity, model=model, **options))
