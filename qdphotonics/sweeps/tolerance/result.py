"""What a study of tolerances found: how far each quantity spreads, which errors make it spread, and how many devices are good."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite, nan, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics._plain import json_text, plain
from qdphotonics._tables import html_table, number, text_table
from qdphotonics.sweeps.cautions import gain_cautions
from qdphotonics.sweeps.folders import INPUT
from qdphotonics.sweeps.labels import path_label

if TYPE_CHECKING:
    from qdphotonics.sweeps.expressions import Constraint
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.specs import ToleranceSpec

Reals = NDArray[np.float64]
Table = tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]

LINEAR = 0.05  # of the standard deviation: within which first order and Monte Carlo agree
FEWEST = 30  # devices from which that can be told: both are taken of the same ones, so that their scatter is common
PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
LEAST_BINS, MOST_BINS = 10, 60
CONFIDENCE = 0.95  # of the yield's interval
MOST_TOLD = 3  # contributions and error texts that a table names
FADED = 1e-9  # of the nominal value: a spread that is rounding


@dataclass(frozen=True)
class Contribution:
    """What one error does to one quantity.

    Parameters
    ----------
    path : str
    slope : float
        ∂quantity/∂path [unit of the quantity per unit of the path], all repeats of a layer together.
    standard_deviation : float
        Of the quantity, due to this error alone and to first order.
    share : float
        Of the first-order variance.
    below, above : float
        The quantity with this error at −1 and at +1 standard deviation, solved anew. Where the repeats of a layer err by
        themselves: nominal value and root of the sum of squares of what each does.
    bend : float
        Standard deviation of what this error by itself does in second order, over that of first order: above 0.3 the way
        is no straight line any more.
    """

    path: str
    slope: float
    standard_deviation: float
    share: float
    below: float
    above: float
    bend: float


@dataclass(frozen=True, eq=False)
class Spread:
    """The distribution of one quantity.

    Parameters
    ----------
    quantity : Quantity
    nominal : float
        As designed.
    samples : float array [sample]
        nan where a device was lost, or has no such value.
    predicted : float array [sample]
        To first order, of the same devices.
    contributions : tuple of Contribution
        The largest first.
    """

    quantity: Quantity
    nominal: float
    samples: Reals
    predicted: Reals
    contributions: tuple[Contribution, ...]

    @property
    def unit(self) -> str:
        """Of the quantity; empty for pure numbers."""
        return self.quantity.unit

    @property
    def without_value(self) -> int:
        """Devices that have none."""
        return int(self.samples.size - self.known.size)

    @cached_property
    def known(self) -> Reals:
        """The samples that have a value."""
        return self.samples[np.isfinite(self.samples)]

    @cached_property
    def mean(self) -> float:
        """Of the samples."""
        return float(self.known.mean()) if self.known.size else nan

    @cached_property
    def standard_deviation(self) -> float:
        """Of the samples, unbiased."""
        return float(self.known.std(ddof=1)) if self.known.size > 1 else nan

    @cached_property
    def standard_deviation_error(self) -> float:
        """Statistical standard error of that, from the fourth moment: σ/√(2N) of a normal distribution."""
        count, variance = self.known.size, self.standard_deviation**2
        if count < 2 or not variance > 0:
            return nan
        fourth = float(np.mean((self.known - self.mean) ** 4))
        return sqrt(max(fourth - variance**2, 0.0) / count) / (2 * self.standard_deviation)

    @cached_property
    def first_order_standard_deviation(self) -> float:
        """√Σ(∂q/∂p σ_p)²."""
        return sqrt(sum(each.standard_deviation**2 for each in self.contributions))

    @cached_property
    def linearity(self) -> float:
        """Standard deviation of the samples over that which first order predicts for the same devices: 1 on a straight line."""
        both = np.isfinite(self.samples) & np.isfinite(self.predicted)
        if np.count_nonzero(both) < FEWEST:
            return nan
        drawn, linear = float(self.samples[both].std()), float(self.predicted[both].std())
        if max(drawn, linear) <= FADED * abs(self.nominal):
            return 1.0
        return drawn / linear if linear > 0 else inf

    @property
    def linear(self) -> bool | None:
        """Whether first order and Monte Carlo agree within 5 %; None where there are too few samples to tell."""
        return None if np.isnan(self.linearity) else abs(self.linearity - 1.0) <= LINEAR

    @property
    def percentiles(self) -> dict[str, float]:
        """Values below which 1, 5, 25 … 99 % of the samples lie, by ``"5"``."""
        values = np.percentile(self.known, PERCENTILES) if self.known.size else np.full(len(PERCENTILES), nan)
        return {str(percent): float(value) for percent, value in zip(PERCENTILES, values, strict=True)}

    @property
    def histogram(self) -> dict[str, Reals]:
        """``count`` [bin] and ``edges`` [bin + 1]."""
        bins = int(np.clip(sqrt(self.known.size), LEAST_BINS, MOST_BINS))
        count, edges = np.histogram(self.known, bins)
        return {"count": count, "edges": edges}

    def as_dict(self) -> dict[str, Any]:
        """A plain document."""
        keys = "unit nominal mean standard_deviation standard_deviation_error first_order_standard_deviation linearity linear"
        more = "percentiles histogram without_value contributions"
        return {key: plain(getattr(self, key)) for key in (*keys.split(), *more.split())}


@dataclass(frozen=True, eq=False)
class Tolerances:
    """A study of tolerances.

    Parameters
    ----------
    spec : ToleranceSpec
    mode : str
        Label on the stack as designed of the mode that was followed.
    deviations : mapping of name to float array [sample]
        From the nominal value, in the units of the specification's paths; ``PATH[0]``, ``PATH[1]`` … where the repeats of a
        layer err by themselves.
    spreads : mapping of quantity to Spread
        In the order of the specification.
    required : mapping of condition to bool array [sample]
        Whether each device keeps it.
    errors : mapping of sample to text
        Why devices were lost. They count as bad.
    seconds : float
        How long it took.
    """

    spec: ToleranceSpec
    mode: str
    deviations: Mapping[str, Reals]
    spreads: Mapping[str, Spread]
    required: Mapping[str, NDArray[np.bool_]]
    errors: Mapping[int, str]
    seconds: float

    @property
    def name(self) -> str:
        """Of the study."""
        return self.spec.name

    @property
    def seed(self) -> int:
        """Which set of devices was drawn."""
        return self.spec.seed

    @property
    def quantities(self) -> Mapping[str, Spread]:
        """``spreads``, as documents call them."""
        return self.spreads

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The first devices that were lost, and why."""
        return [{"sample": sample, "error": text} for sample, text in sorted(self.errors.items())[:MOST_TOLD]]

    @property
    def samples(self) -> int:
        """How many devices were drawn."""
        return self.spec.samples

    @property
    def lost(self) -> int:
        """How many of them could not be computed."""
        return len(self.errors)

    @cached_property
    def good(self) -> NDArray[np.bool_]:
        """Whether each device keeps all that is required [sample]; a lost one does not."""
        good = np.ones(self.samples, dtype=bool)
        good[list(self.errors)] = False
        for kept in self.required.values():
            good &= kept
        return good

    @property
    def yield_fraction(self) -> float | None:
        """Share of good devices; None where nothing is required."""
        return float(self.good.mean()) if self.required else None

    @property
    def yield_interval(self) -> tuple[float, float] | None:
        """Where that share lies with 95 % confidence (Clopper and Pearson, Biometrika 26, 404 (1934), doi 10.1093/biomet/26.4.404)."""
        from scipy.stats import binomtest

        if not self.required:
            return None
        interval = binomtest(int(self.good.sum()), self.samples).proportion_ci(CONFIDENCE, "exact")
        return float(interval.low), float(interval.high)

    def __getitem__(self, quantity: str) -> Spread:
        return self.spreads[quantity]

    def as_dict(self) -> dict[str, Any]:
        """A plain document."""
        keys = ("name", "mode", "samples", "seed", "lost", "seconds", "yield_fraction", "yield_interval")
        return {key: plain(getattr(self, key)) for key in keys} | {
            "required": {text: float(kept.mean()) for text, kept in self.required.items()},
            "quantities": {name: spread.as_dict() for name, spread in self.spreads.items()},
            "failures": self.failures,
        }

    def table(self) -> Table:
        """Title, columns, rows (one a quantity) and notes."""
        columns = ("quantity", "unit", "designed", "mean", "σ", "σ first order", "5 %", "95 %", "straight", "most due to")
        rows = []
        for name, spread in self.spreads.items():
            numbers = (spread.nominal, spread.mean, spread.standard_deviation, spread.first_order_standard_deviation)
            ends = (spread.percentiles["5"], spread.percentiles["95"])
            shown = [_digits(value, spread.standard_deviation) for value in (numbers[0], numbers[1])]
            shown += [_or_dash(value) for value in numbers[2:]] + [_digits(value, spread.standard_deviation) for value in ends]
            rows.append((name, spread.quantity.unit, *shown, _straight(spread), self._most_due(spread)))
        title = f"{self.name}: {self.samples} devices, mode {self.mode}"
        return title, columns, rows, [*self._notes(), *(f"warning: {text}" for text in self.warnings)]

    def _most_due(self, spread: Spread) -> str:
        told = (f"{path_label(each.path)} {100 * each.share:.0f} %" for each in spread.contributions[:MOST_TOLD] if each.share >= 0.005)
        return ", ".join(told)

    def _notes(self) -> list[str]:
        notes = []
        if self.yield_fraction is not None and self.yield_interval is not None:
            low, high = (100 * end for end in self.yield_interval)
            notes.append(f"yield {100 * self.yield_fraction:.1f} % (95 % confidence: {low:.1f} to {high:.1f} %)")
            notes += [f"{100 * float(kept.mean()):.1f} % keep {text}" for text, kept in self.required.items()]
        same = "straight: how much larger σ is than to first order on the very same devices, yes within ±5 %"
        notes.append(f"σ: of the samples; first order: √Σ(∂q/∂p σ_p)², of endlessly many devices; {same}")
        return notes

    @property
    def warnings(self) -> list[str]:
        """What a reader must not miss."""
        found = list(gain_cautions(self.spec, [spread.quantity for spread in self.spreads.values()]))
        bent = [name for name, spread in self.spreads.items() if spread.linear is False]
        if bent:
            found.append(f"no straight line over these errors, trust the samples: {', '.join(bent)}")
        if self.errors:
            share = 100 * self.lost / self.samples
            sample, text = self.failures[0].values()
            counted = ", counted as bad" if self.required else ""
            found.append(
                f"{self.lost} of {self.samples} devices ({share:.2g} %) could not be computed{counted}; the first, {sample}: {text}"
            )
        return found

    def save(self, folder: str | Path) -> None:
        """Write ``tolerance.json`` (with the full input) and ``samples.csv`` (every device) into a folder, made if need be."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        document = self.as_dict() | {INPUT: self.spec.as_dict()}
        (place / "tolerance.json").write_text(json_text(document, indent=1) + "\n", encoding="utf-8")
        with (place / "samples.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(self._lines())

    def _lines(self) -> Iterator[list[object]]:
        values = {name: spread.samples for name, spread in self.spreads.items()}
        units = [next(each.unit for each in self.spec.errors if name.startswith(each.path)) for name in self.deviations]
        heads = [(f"Δ {name}", unit) for name, unit in zip(self.deviations, units, strict=True)]
        heads += [(name, spread.quantity.unit) for name, spread in self.spreads.items()]
        named = [f"{name} [{unit}]" if unit else name for name, unit in heads]
        yield ["sample", *named, *(["good"] if self.required else []), "error"]
        for sample in range(self.samples):
            row = [repr(float(column[sample])) for column in (*self.deviations.values(), *values.values())]
            row = ["" if text == "nan" else text for text in row]
            good = [int(self.good[sample])] if self.required else []
            yield [sample, *row, *good, self.errors.get(sample, "")]

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def kept_by(constraint: Constraint, values: Mapping[str, Reals]) -> NDArray[np.bool_]:
    """Whether each device keeps a condition [sample]; False where a quantity of it is nan."""
    return np.asarray(constraint.holds(values), dtype=bool)


def _straight(spread: Spread) -> str:
    """Whether a quantity is a straight line over the errors, with the figure that says so: the two σ of a table are of unlike devices."""
    if spread.linear is None:
        return "–"
    away = f"{100 * (spread.linearity - 1):+.1f} %" if isfinite(spread.linearity) else "no slope"
    return f"{'yes' if spread.linear else 'no'}, {away}"


def _or_dash(value: float) -> str:
    return number(value) if isfinite(value) else "–"


def _digits(value: float, spread: float) -> str:
    """A value to a hundredth of what it spreads by."""
    if not isfinite(value):
        return "–"
    if not (isfinite(spread) and spread > 0):
        return f"{value:.6g}"
    places = int(np.clip(2 - np.floor(np.log10(spread)), 0, 9))
    return f"{value:.{places}f}"
