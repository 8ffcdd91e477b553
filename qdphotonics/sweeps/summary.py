"""What a sweep found, in a few lines: the ends of every quantity and where they lie, and what could not be computed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._plain import plain
from qdphotonics._tables import number
from qdphotonics.sweeps.labels import path_label
from qdphotonics.sweeps.quantities import parse_quantity

if TYPE_CHECKING:
    from xarray import Dataset as Dataset

Table = tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]

DIGITS = 5  # of a value: enough for an effective index, or a wavelength
NO_LIGHT = "that edge does not radiate"
DARK = "the edge that lases first is dark, it does not radiate; the other one has dfb.bright.q"
MOST_FAILURES = 20  # that a document lists; result.csv has all of them


@dataclass(frozen=True)
class End:
    """The smallest or the largest value of a quantity, and the point that has it."""

    value: float
    at: dict[str, Any]


@dataclass(frozen=True, eq=False)
class SweepSummary:
    """A sweep in a few lines.

    Parameters
    ----------
    dataset : xarray.Dataset
        From :func:`qdphotonics.sweeps.sweep`.
    seconds : float or None
        How long it took.
    computed : int or None
        Points that were computed in that time; all unless told.
    """

    dataset: Dataset
    seconds: float | None = None
    computed: int | None = None

    @property
    def name(self) -> str:
        """Of the specification."""
        return str(self.dataset.attrs["title"])

    @property
    def quantities(self) -> tuple[str, ...]:
        """Those that were wanted."""
        return tuple(str(name) for name in self.dataset.data_vars if name not in ("status", "error"))

    @property
    def points(self) -> int:
        """How many there are."""
        return int(np.prod(self._shape, dtype=np.int64))

    @property
    def _shape(self) -> tuple[int, ...]:
        return tuple(self.dataset.sizes.values())

    @cached_property
    def lost(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Flat indices of the points at which something failed."""
        return np.flatnonzero(self.dataset["error"].values != "") if "error" in self.dataset else np.array([], dtype=np.intp)

    @property
    def failed(self) -> int:
        """How many those are."""
        return len(self.lost)

    @property
    def dimensions(self) -> dict[str, int]:
        """Lengths by name, the last varies fastest."""
        return {str(name): size for name, size in self.dataset.sizes.items()}

    @property
    def axes(self) -> dict[str, dict[str, Any]]:
        """Unit and dimension of each path."""
        return {str(path): {"unit": _unit(along), "dimension": along.dims[0]} for path, along in self._axes.items()}

    @property
    def points_per_second(self) -> float | None:
        """Rate of this run; None where nothing was computed."""
        count = self.points if self.computed is None else self.computed
        return count / self.seconds if self.seconds and count else None

    def at(self, flat: int) -> dict[str, Any]:
        """The values of every axis at a point, by path."""
        positions = dict(zip(self.dataset.sizes, np.unravel_index(flat, self._shape), strict=True))
        return {str(path): plain(along.values[positions[along.dims[0]]]) for path, along in self._axes.items()}

    @property
    def _axes(self) -> dict[Any, Any]:
        return {path: along for path, along in self.dataset.coords.items() if along.ndim == 1}

    def ends(self, quantity: str) -> tuple[End, End] | None:
        """The smallest and the largest value; None without any."""
        values = np.asarray(self.dataset[quantity].values, dtype=float).ravel()
        known = np.flatnonzero(np.isfinite(values))
        if not known.size:
            return None
        low, high = known[values[known].argmin()], known[values[known].argmax()]
        return End(float(values[low]), self.at(int(low))), End(float(values[high]), self.at(int(high)))

    def without_value(self, quantity: str) -> int:
        """Points that have none, or an infinite one, though nothing failed there."""
        missing = np.count_nonzero(~np.isfinite(self.dataset[quantity].values))
        return int(missing - np.count_nonzero(lost_points(self.dataset, quantity)))

    def endless(self, quantity: str) -> int:
        """Points at which a quality factor is infinite; of other quantities infinite is: never reached."""
        return int(np.count_nonzero(np.isinf(self.dataset[quantity].values))) if quantity.endswith(".q") else 0

    @property
    def failures(self) -> list[tuple[dict[str, Any], str]]:
        """The first points that could not be computed, and why."""
        if not len(self.lost):
            return []
        errors = self.dataset["error"].values.ravel()
        return [(self.at(int(place)), str(errors[place])) for place in self.lost[:MOST_FAILURES]]

    @property
    def warnings(self) -> list[str]:
        """What a reader must not miss."""
        told = str(self.dataset.attrs.get("warnings", "")).splitlines()
        if not len(self.lost):
            return told
        at, error = self.failures[0]
        share = 100 * len(self.lost) / self.points
        lost = f"{len(self.lost)} of {self.points} points ({share:.3g} %) could not be computed; the first, at {self._told(at)}: {error}"
        return [lost, *told]

    def as_dict(self) -> dict[str, Any]:
        """A plain document."""
        quantities = {}
        for name in self.quantities:
            ends = self.ends(name)
            low, high = ({"value": None, "at": None},) * 2 if ends is None else ({"value": end.value, "at": end.at} for end in ends)
            quantities[name] = {
                "unit": parse_quantity(name).unit,
                "smallest": low,
                "largest": high,
                "without_value": self.without_value(name),
            }
        return {
            "name": self.name,
            "points": self.points,
            "failed": self.failed,
            "seconds": self.seconds,
            "points_per_second": self.points_per_second,
            "dimensions": self.dimensions,
            "axes": self.axes,
            "quantities": quantities,
            "failures": [{"at": at, "error": error} for at, error in self.failures],
        }

    def table(self) -> Table:
        """Title, columns, rows and notes."""
        rows: list[tuple[str, ...]] = []
        for name in self.quantities:
            unit, ends = parse_quantity(name).unit, self.ends(name)
            for word, end in zip(("smallest", "largest"), ends or (), strict=bool(ends)):
                rows.append((name, word, f"{end.value:.{DIGITS}g}", unit, self._told(end.at)))
            if ends is None:
                rows.append((name, "infinite" if self.endless(name) == self.points else "no value", "", unit, ""))
        sizes = " × ".join(str(size) for size in self._shape)
        title = f"{self.name}: {self.points} points" + (f" ({sizes})" if len(self._shape) > 1 else "")
        return title, ("quantity", "", "value", "unit", "at"), rows, [*self._notes(), *(f"warning: {text}" for text in self.warnings)]

    def _notes(self) -> list[str]:
        notes = []
        if self.seconds is not None:
            computed = self.points if self.computed is None else self.computed
            told = "" if computed == self.points else f"{computed} points computed now, {self.points - computed} before; "
            rate = "" if self.points_per_second is None else f", {number(self.points_per_second)} points a second"
            notes.append(f"{told}{number(self.seconds)} s{rate}" if computed else "every point was there already; none was computed now")
        for name in self.quantities:
            endless = self.endless(name)
            if endless:
                notes.append(f"{name} is infinite at {endless} of {self.points} points: {DARK if name == 'dfb.q' else NO_LIGHT}")
            count = self.without_value(name) - endless
            if count:
                notes.append(f"{name} has no value at {count} of {self.points} points")
        return notes

    def _told(self, at: dict[str, Any]) -> str:
        parts = []
        for path, value in at.items():
            shown = f" {value:.6g} {_unit(self._axes[path])}".rstrip() if isinstance(value, (int, float)) else f": {value}"
            parts.append(path_label(path) + shown)
        return ", ".join(parts) or "the base stack"


def _unit(along: Any) -> str:
    unit = str(along.attrs.get("units", "1"))
    return "" if unit == "1" else unit


def lost_points(dataset: Dataset, quantity: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where a quantity is missing because something failed, bool [dimensions]; elsewhere it may have no value by its nature."""
    values = dataset[quantity].values
    failed = dataset["error"].values != "" if "error" in dataset else np.zeros(values.shape, dtype=bool)
    return np.asarray(failed & ~np.isfinite(values))
