"""From the block ``axes`` of a specification to its :class:`~qdphotonics.sweeps.axes.Design`, checked before any work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._yaml import Document, Loc, Number, shown, validate
from qdphotonics.errors import InputError, SweepError
from qdphotonics.sweeps.axes import ANGLE, Axis, Design, Group, count_of_steps, in_steps, samples
from qdphotonics.sweeps.places import Place, blamed, check_apart, in_unit_of, numbers_of_one_unit, numeric_place, place, wider
from qdphotonics.sweeps.schema import MOST_POINTS, MOST_VALUES, IntervalSpec, RangeSpec, SampleSpec

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

ZIP = "zip"
SAMPLE = "sample"  # the dimension of either sampler
SAMPLERS = ("latin_hypercube", "sobol")
MOST_OTHERS = 1000  # values of an axis that are no numbers: each is a stack that is read and checked, some ms
MOST_TRIED = 100  # values of a numeric axis that are all tried; of a longer one the ends, between which its rule has no gaps
MOST_CORNERS = 300
MOST_DIMENSIONS_OF_SOBOL = 21_201  # that scipy has direction numbers for


def read_design(document: Document, stack: Stack, loc: Loc = ("axes",)) -> Design:
    """The points of a sweep.

    Parameters
    ----------
    document : Document
        The specification.
    stack : Stack
        The base, ``set`` done.
    loc : tuple of str and int
        Where the axes stand.

    Returns
    -------
    Design

    Raises
    ------
    SweepError
        Whatever is wrong with a path, a value or the number of points.
    """
    return _Reader(document, stack, loc).design()


class _Reader:
    def __init__(self, document: Document, stack: Stack, loc: Loc) -> None:
        self.document, self.stack, self.loc = document, stack, loc
        self.places: list[tuple[Loc, Place]] = []

    def design(self) -> Design:
        groups = tuple(self.group(key, (*self.loc, key)) for key in self.document.at(self.loc))
        if sum(group.dimension == SAMPLE for group in groups) > 1:
            raise self.document.fault(self.loc, "must not have both latin_hypercube and sobol")
        check_apart(self.document, self.places)
        design = Design(groups)
        if design.size > MOST_POINTS:
            told = " × ".join(str(len(group)) for group in groups)
            got = f"{shown(float(design.size))} = {told}"
            raise self.document.fault(self.loc, f"must not lead to more than {MOST_POINTS} points in all, got {got}")
        self.try_out(design)
        return design

    # One dimension each

    def group(self, key: str, loc: Loc) -> Group:
        if key == ZIP:
            return self.zipped(loc)
        if key in SAMPLERS:
            return self.sampled(key, loc)
        axis = self.axis(key, loc, (ANGLE, ZIP, *SAMPLERS))
        if isinstance(self.document.at(loc), list):
            self.check_once(axis, loc)
        return Group(key, (axis,))

    def zipped(self, loc: Loc) -> Group:
        entries = self.document.at(loc)
        if not isinstance(entries, dict) or len(entries) < 2:
            told = "" if isinstance(entries, dict) else f", got {shown(entries)}"
            raise self.document.fault(loc, f"must be a mapping of two paths or more, whose values step together{told}")
        axes = tuple(self.axis(path, (*loc, path)) for path in entries)
        lengths = [len(axis) for axis in axes]
        if len(set(lengths)) > 1:
            told = ", ".join(f"{axis.path} {length}" for axis, length in zip(axes, lengths, strict=True))
            raise self.document.fault(loc, f"must have as many values of each path, got {told}")
        return Group(ZIP, axes)

    def sampled(self, kind: str, loc: Loc) -> Group:
        spec = validate(self.document, SampleSpec, SweepError, loc)
        over = (*loc, "over")
        if kind == "sobol" and len(spec.over) > MOST_DIMENSIONS_OF_SOBOL:
            raise self.document.fault(over, f"must have at most {MOST_DIMENSIONS_OF_SOBOL} paths")
        places, low, high, units = [], [], [], []
        for path in spec.over:
            here = (*over, path)
            where, rule = self.numeric_place(path, here, "a sample needs one")
            interval = validate(self.document, IntervalSpec, SweepError, here)
            ends, unit = numbers_of_one_unit(self.document, here, {"from": interval.low, "to": interval.to}, rule)
            if not ends["from"] < ends["to"]:
                raise self.document.fault(here, f"must have from < to, got {ends['from']:.12g} and {ends['to']:.12g}")
            places.append((where, rule))
            low.append(ends["from"])
            high.append(ends["to"])
            units.append(unit)
        drawn = samples(kind, spec.count, spec.seed, low, high)
        axes = []
        for (where, rule), unit, column in zip(places, units, drawn.T, strict=True):
            values = np.rint(column) if rule.integer else column
            axes.append(Axis(where.path, tuple(in_unit_of(rule, value, unit) for value in values.tolist()), where.unit))
        return Group(SAMPLE, tuple(axes))

    # One axis

    def axis(self, path: str, loc: Loc, also: tuple[str, ...] = (ANGLE,)) -> Axis:
        given = self.document.at(loc)
        if isinstance(given, dict):
            return self.range(path, loc, also)
        if not isinstance(given, list):
            told = "; a thing that stays as it is stands under set" if given is not None else ""
            raise self.document.fault(loc, f"must be a list of values, {{from, to, step}} or {{from, to, count}}, got {shown(given)}{told}")
        if not given:
            raise self.document.fault(loc, "must have at least one value, got an empty list: an axis of length 0 has no points")
        if len(given) > MOST_VALUES:
            raise self.document.fault(loc, f"must have at most {MOST_VALUES} values, got {len(given)}")
        where = self.place(path, loc, also)
        if where.rule is None or any(value is None or isinstance(value, (dict, list)) for value in given):
            if len(given) > MOST_OTHERS:
                raise self.document.fault(loc, f"must have at most {MOST_OTHERS} values that are no numbers, got {len(given)}")
            return Axis(path, tuple(given), "", numeric=False)
        found, unit = numbers_of_one_unit(self.document, loc, dict(enumerate(given)), where.rule)
        return Axis(path, tuple(in_unit_of(where.rule, value, unit) for value in found.values()), where.unit)

    def range(self, path: str, loc: Loc, also: tuple[str, ...]) -> Axis:
        where, rule = self.numeric_place(path, loc, "from and to need one: write its values as a list", also)
        spec = validate(self.document, RangeSpec, SweepError, loc)
        ends, unit = numbers_of_one_unit(self.document, loc, {"from": spec.low, "to": spec.to, **self.step(spec, rule, loc)}, wider(rule))
        low, high = ends["from"], ends["to"]
        if low > high:
            raise self.document.fault(loc, f"must run upwards, from ≤ to, got from {low:.12g} to {high:.12g}")
        if spec.count is None:
            steps = (high - low) / ends["step"]
            if not steps < MOST_VALUES or count_of_steps(low, high, ends["step"]) + 2 > MOST_VALUES:
                raise self.document.fault(loc, f"must have at most {MOST_VALUES} values, got {shown(steps)}")
            values = in_steps(low, high, ends["step"])
        else:
            if (spec.count == 1) != (low == high):
                raise self.document.fault(loc, f"must have two points or more from {low:.12g} to {high:.12g}, got count {spec.count}")
            values = np.linspace(low, high, spec.count)
        for value in values.tolist() if rule.integer else ():
            self.checked(loc, value, rule)
        self.checked((*loc, "from"), spec.low, rule)
        self.checked((*loc, "to"), spec.to, rule)
        return Axis(path, tuple(in_unit_of(rule, value, unit) for value in values.tolist()), where.unit)

    def step(self, spec: RangeSpec, rule: Number, loc: Loc) -> dict[str, Any]:
        """The step as it is written, where there is one; whatever it is of, it must be > 0."""
        if spec.step is None:
            return {}
        self.checked((*loc, "step"), spec.step, wider(rule, positive=True))
        return {"step": spec.step}

    def checked(self, loc: Loc, value: Any, rule: Number) -> None:
        try:
            rule.check(value)
        except ValueError as problem:
            raise self.document.fault(loc, str(problem)) from None

    def check_once(self, axis: Axis, loc: Loc) -> None:
        """The values of a lone axis name the places along a dimension: each may stand there once."""
        seen: set[str] = set()
        for value in axis.values:
            key = repr(value)
            if key in seen:
                raise self.document.fault(loc, f"must not hold a value twice, got {shown(value)} again")
            seen.add(key)

    # Where paths lead

    def place(self, path: str, loc: Loc, also: tuple[str, ...]) -> Place:
        where = place(self.document, loc, self.stack, path, also)
        self.places.append((loc, where))
        return where

    def numeric_place(self, path: str, loc: Loc, why: str, also: tuple[str, ...] = (ANGLE,)) -> tuple[Place, Number]:
        where, rule = numeric_place(self.document, loc, self.stack, path, why, also)
        self.places.append((loc, where))
        return where, rule

    # Whether the stacks exist

    def try_out(self, design: Design) -> None:
        """Make the stack at every value, the other axes at their first, and at the corners of the design."""
        locs = {where.path: loc for loc, where in self.places}
        try_stacks(self.document, self.loc, self.stack, locs, _tried(design))


def _tried(design: Design) -> Iterable[dict[str, Any]]:
    """The changes of the points that are tried before any work."""
    first = [0] * len(design.groups)
    for position, group in enumerate(design.groups):
        for value in _positions(group):
            yield _changes(design, [*first[:position], value, *first[position + 1 :]])
    extremes = [_extremes(group) for group in design.groups]
    if prod(len(each) for each in extremes) > MOST_CORNERS:
        extremes = [sorted({each[0], each[-1]}) for each in extremes]
    if prod(len(each) for each in extremes) > MOST_CORNERS:
        yield _changes(design, [each[-1] for each in extremes])
    else:
        yield from (_changes(design, corner) for corner in product(*extremes))


def _changes(design: Design, positions: Iterable[int]) -> dict[str, Any]:
    return {axis.path: axis.values[where] for group, where in zip(design.groups, positions, strict=True) for axis in group.axes}


def _positions(group: Group) -> Iterable[int]:
    return range(len(group)) if len(group) <= MOST_TRIED or not all(axis.numeric for axis in group.axes) else _extremes(group)


def _extremes(group: Group) -> list[int]:
    """Where a group's axes have their least and largest values; first and last of what is no number."""
    ends = [
        end for axis in group.axes for end in ((int(axis.array.argmin()), int(axis.array.argmax())) if axis.numeric else (0, len(axis) - 1))
    ]
    return sorted(set(ends))


def try_stacks(
    document: Document, loc: Loc, stack: Stack, locs: Mapping[str, Loc], tried: Iterable[dict[str, Any]], where: str = ""
) -> None:
    """Make changed stacks, only to see that they can be made.

    Parameters
    ----------
    document : Document
        The specification.
    loc : tuple of str and int
        What is to blame where no single path is.
    locs : mapping of path to loc
        Where each path stands in the specification.
    tried : iterable of mapping of path to value
    where : str
        What to say before the message.

    Raises
    ------
    SweepError
        The first that cannot; told of the path to which it is due.
    """
    from qdphotonics.laser import medium_of

    done: set[str] = set()
    for changes in tried:
        made = {path: value for path, value in changes.items() if path != ANGLE}
        key = repr(made)
        if key in done:
            continue
        done.add(key)
        try:
            changed = stack.changed(made)
            if changed.medium is not None and changed.medium != stack.medium:
                medium_of(changed, None)
        except InputError as problem:
            raise blamed(document, loc, stack, made, locs, problem, where) from None
