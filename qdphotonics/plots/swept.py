"""What figures of a sweep are drawn from: one quantity's values along the directions in which it was swept, with their names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from qdphotonics.plots.scales import plain_number
from qdphotonics.plots.style import N_EFF, literal
from qdphotonics.sweeps.labels import path_label
from qdphotonics.sweeps.quantities import Quantity, parse_quantity
from qdphotonics.sweeps.summary import lost_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.sweeps.summary import Dataset

SAMPLE = "sample"  # the dimension of a sampled design
LEAST_RATIO = 9.0  # of the largest value to the smallest, for a logarithmic axis or logarithmic shades
DECADES = ("loss_per_cm", "loss_budget_per_cm", "thresholds.", "dfb.q", "dfb.bright.q", "dfb.dark.q", "threshold_gain", "coupling")
MOST_UNEVEN = 2.0  # steps of a ladder such as 1, 10, 20: neither
MOST_ALONG = 5000  # points of a lone direction that a figure shows ...
MOST_CELLS = 800  # ... and of each of several: a panel has hardly more dots


@dataclass(frozen=True, eq=False)
class Direction:
    """One dimension of a sweep.

    Parameters
    ----------
    dimension : str
        Its name in the dataset.
    kind : "numbers", "names" or "samples"
    label : str
        Of an axis, with the unit.
    values : float array [n]
        Numbers; positions 0, 1, 2 … of names and samples.
    texts : tuple of str
        Each value as a title names it: ``wavelength 630 nm``.
    short : tuple of str
        The same below the direction's own name, as in a legend: ``630``.
    beside : dict of label to float array [n]
        The coordinates of samples.
    """

    dimension: str
    kind: Literal["numbers", "names", "samples"]
    label: str
    values: NDArray[np.float64]
    texts: tuple[str, ...]
    short: tuple[str, ...]
    beside: dict[str, NDArray[np.float64]]

    @property
    def logarithmic(self) -> bool:
        """Whether its values, over a decade about, stand more evenly in ratios than in differences: 0.1, 0.3, 1, 3, 10."""
        if self.kind != "numbers" or len(self.values) < 3 or self.values.min() <= 0 or self.values.max() < LEAST_RATIO * self.values.min():
            return False
        return _unevenness(np.log(self.values)) < min(_unevenness(self.values), MOST_UNEVEN)

    @property
    def edges(self) -> NDArray[np.float64]:
        """Ends of the cells around the values [n + 1]: midway to the neighbours."""
        if len(self.values) == 1:
            return np.array([self.values[0] - 0.5, self.values[0] + 0.5])
        scale: NDArray[np.float64] = np.log(self.values) if self.logarithmic else self.values
        middle = 0.5 * (scale[1:] + scale[:-1])
        ends: NDArray[np.float64] = np.concatenate(([2 * scale[0] - middle[0]], middle, [2 * scale[-1] - middle[-1]]))
        return np.exp(ends) if self.logarithmic else ends


@dataclass(frozen=True, eq=False)
class Swept:
    """One quantity over what was swept.

    Parameters
    ----------
    label : str
        Of an axis, with the unit.
    title : str
        The sweep's name, and what is fixed.
    values : float array [directions]
        nan or infinite where there is no value.
    lost : bool array [directions]
        Points that could not be computed.
    directions : tuple of Direction
        Those with more than one value, numbers rising.
    kind : str
        Name of the quantity's entry in the list of quantities.
    """

    label: str
    title: str
    values: NDArray[np.float64]
    lost: NDArray[np.bool_]
    directions: tuple[Direction, ...]
    kind: str

    @property
    def whether(self) -> bool:
        """A verdict: 1 for yes, 0 for no."""
        return self.kind.startswith("verdict.")

    @property
    def decades(self) -> bool:
        """Whether it is shown by its logarithm: something that is read in decades, positive, over one about."""
        known = self.known
        return any(each in self.kind for each in DECADES) and bool(known.min() > 0 and known.max() > LEAST_RATIO * known.min())

    @property
    def flat(self) -> bool:
        """Whether it is the same everywhere."""
        return len(np.unique(self.known)) < 2

    @property
    def missing(self) -> tuple[str, ...]:
        """How many of these points have no value, and why, for a legend."""
        endless = np.isinf(self.values) & (self.kind.endswith(".q"))  # else infinite is: never reached
        none = ~np.isfinite(self.values) & ~self.lost & ~endless
        counted = (("lost", self.lost), ("infinite", endless), ("no value", none))
        return tuple(f"{name}: {np.count_nonzero(which)} of {which.size} points" for name, which in counted if which.any())

    def of(self, dimension: str, positions: NDArray[np.intp]) -> Swept:
        """Some of the values along a direction."""
        axis = [each.dimension for each in self.directions].index(dimension)
        return replace(self, values=np.take(self.values, positions, axis), lost=np.take(self.lost, positions, axis))

    def at(self, dimension: str, position: int) -> Swept:
        """Without one direction, of which one value is taken."""
        axis = [each.dimension for each in self.directions].index(dimension)
        rest = tuple(each for each in self.directions if each.dimension != dimension)
        values, lost = np.take(self.values, position, axis), np.take(self.lost, position, axis)
        return replace(self, values=values, lost=lost, directions=rest)

    def ordered(self, *dimensions: str) -> Swept:
        """With its directions in this order."""
        axes = [[each.dimension for each in self.directions].index(name) for name in dimensions]
        directions = tuple(self.directions[axis] for axis in axes)
        return replace(self, values=self.values.transpose(axes), lost=self.lost.transpose(axes), directions=directions)

    @property
    def known(self) -> NDArray[np.float64]:
        """The finite values [n]."""
        return self.values[np.isfinite(self.values)]


def swept(dataset: Dataset, quantity: str) -> Swept:
    """One quantity of a sweep's result.

    Parameters
    ----------
    dataset : xarray.Dataset
        From :func:`qdphotonics.sweeps.sweep`.
    quantity : str
        The name of one of its variables.
    """
    what = parse_quantity(quantity)
    dataset = dataset.isel({name: _order(dataset, str(name)) for name in dataset[quantity].dims})
    values, lost = np.asarray(dataset[quantity].values, dtype=float), lost_points(dataset, quantity)
    directions, fixed = [], []
    for axis, dimension in reversed(list(enumerate(dataset[quantity].dims))):
        found = _direction(dataset, str(dimension))
        if len(found.values) == 1:
            fixed += [] if found.kind == "samples" else [found.texts[0]]
            values, lost = np.take(values, 0, axis), np.take(lost, 0, axis)
        else:
            directions.append(found)
    title = ", ".join(part for part in (literal(str(dataset.attrs["title"])), _mode(dataset, what), *reversed(fixed)) if part)
    label = literal(what.label).replace("n_eff", N_EFF)
    return Swept(label, title, values, lost, tuple(reversed(directions)), what.kind.name)


def _unevenness(values: NDArray[np.float64]) -> float:
    """How far the steps between values scatter, in units of their mean."""
    steps = np.diff(values)
    return float(np.ptp(steps) / steps.mean())


def _mode(dataset: Dataset, quantity: Quantity) -> str:
    """The mode that a specification names, of a quantity that names none itself."""
    if quantity.family not in ("mode", "pumped") or quantity.selector is not None:
        return ""
    return str(json.loads(dataset.attrs["input"])["specification"].get("mode") or "")


def _order(dataset: Dataset, dimension: str) -> NDArray[np.int_]:
    """Positions to be drawn: numbers rising, evenly chosen where there are more than can be seen."""
    numbers = [each for each in _along(dataset, dimension).values() if np.issubdtype(each.dtype, np.number)]
    order: NDArray[np.int_] = np.arange(dataset.sizes[dimension])
    if dimension == SAMPLE:
        return order
    if numbers:
        order = np.argsort(numbers[0].values, kind="stable")
    most = MOST_ALONG if len(dataset.sizes) == 1 else MOST_CELLS
    return np.asarray(order[np.unique(np.linspace(0, len(order) - 1, min(len(order), most)).round().astype(int))])


def _along(dataset: Dataset, dimension: str) -> dict[str, Any]:
    """The coordinates that step together along a dimension, by path."""
    return {str(name): coordinate for name, coordinate in dataset.coords.items() if coordinate.dims == (dimension,)}


def _direction(dataset: Dataset, dimension: str) -> Direction:
    along = _along(dataset, dimension)
    numbers = {name: each for name, each in along.items() if np.issubdtype(each.dtype, np.number)}
    places = range(dataset.sizes[dimension])
    positions = np.arange(len(places), dtype=float)
    texts = tuple(", ".join(_text(name, each, place) for name, each in along.items()) for place in places)
    if dimension == SAMPLE:
        beside = {_label(name, each): np.asarray(each.values, dtype=float) for name, each in numbers.items()}
        return Direction(dimension, "samples", SAMPLE, positions, texts, texts, beside)
    for name, each in numbers.items():
        values = np.asarray(each.values, dtype=float)
        if len(np.unique(values)) == len(places):
            others = [_range(other, coordinate) for other, coordinate in along.items() if other != name]
            short = tuple(_value(each, place) for place in places)
            return Direction(dimension, "numbers", ", with ".join([_label(name, each), *others]), values, texts, short, {})
    label = ", ".join(_label(name, each) for name, each in along.items())
    short = tuple(", ".join(_value(each, place) for each in along.values()) for place in places)
    return Direction(dimension, "names", label, positions, texts, short, {})


def _unit(coordinate: Any) -> str:
    unit = str(coordinate.attrs.get("units", "1"))
    return "" if unit == "1" else unit


def _label(path: str, coordinate: Any) -> str:
    return literal(path_label(path)) + (f" ({_unit(coordinate)})" if _unit(coordinate) else "")


def _value(coordinate: Any, place: int) -> str:
    value = coordinate.values[place]
    return plain_number(float(f"{value:.6g}")) if np.issubdtype(coordinate.dtype, np.number) else literal(str(value))


def _text(path: str, coordinate: Any, place: int) -> str:
    """One value with its name: ``wavelength 630 nm``."""
    between = " " if np.issubdtype(coordinate.dtype, np.number) else ": "
    return f"{literal(path_label(path))}{between}{_value(coordinate, place)} {_unit(coordinate)}".strip()


def _range(path: str, coordinate: Any) -> str:
    """What steps together with the direction drawn: its name, and its ends."""
    name = literal(path_label(path))
    return f"{name} {_value(coordinate, 0)} … {_value(coordinate, -1)} {_unit(coordinate)}".strip()


def runs(marked: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and one-past-last position of each run of true values.

    Examples
    --------
    >>> list(runs(np.array([True, True, False, True])))
    [(0, 2), (3, 4)]
    """
    change = np.flatnonzero(np.diff(np.concatenate(([False], marked, [False])).astype(int)))
    yield from ((int(first), int(last)) for first, last in pairwise(change) if marked[first])
