"""Where the paths of a specification lead in its stack, and which numbers may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from qdphotonics._yaml import Document, Loc, Number, nearest, shown
from qdphotonics.errors import InputError, StackError
from qdphotonics.stacks.fields import number_rule
from qdphotonics.stacks.library_materials import with_library_material
from qdphotonics.stacks.overrides import place_of
from qdphotonics.stacks.quantities import Length
from qdphotonics.stacks.schema import StackSpec
from qdphotonics.sweeps.axes import ANGLE
from qdphotonics.sweeps.schema import AngleRule

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

Key = TypeVar("Key", str, int)

_PER_CM = "_per_cm"  # of a material; its schema has no unit for them


@dataclass(frozen=True)
class Place:
    """Where a path leads.

    Parameters
    ----------
    path : str
    at : tuple of str and int
        In the stack's document.
    rule : Number or None
        Of the number that belongs there; None: no number does.
    unit : str
    """

    path: str
    at: Loc
    rule: Number | None
    unit: str


def place(document: Document, loc: Loc, stack: Stack, path: str, also: tuple[str, ...] = ()) -> Place:
    """Where a path leads in the base stack.

    Parameters
    ----------
    document : Document
        The specification, in which the path stands at ``loc``.
    also : tuple of str
        Other keys that may stand where the path does, for the message on an unknown one.

    Raises
    ------
    SweepError
        It leads nowhere.
    """
    if path == ANGLE and path in also:
        return Place(path, (ANGLE,), AngleRule, AngleRule.unit)
    try:
        at = place_of(stack.document, path)
    except StackError as problem:
        raise document.fault_in(loc, problem.message.removeprefix(f"{path}: ")) from None
    if at[0] not in StackSpec.model_fields:
        known = [*StackSpec.model_fields, *also]
        told = nearest(str(at[0]), known) or f"; paths begin with {', '.join(known)}"
        raise document.fault_in(loc, f"a stack has no {shown(at[0])}{told}")
    if at[0] == "materials" and len(at) > 1:
        _check_material_is_used(document, loc, stack, str(at[1]))
    rule = number_rule(at)
    unit = "" if rule is None else rule.unit or ("cm⁻¹" if str(at[-1]).endswith(_PER_CM) else "")
    return Place(path, at, rule, unit)


def numeric_place(document: Document, loc: Loc, stack: Stack, path: str, why: str, also: tuple[str, ...] = ()) -> tuple[Place, Number]:
    """Where the path of a number leads, and its rule; ``why`` says what needs a number.

    Raises
    ------
    SweepError
        It leads nowhere, or to what is no number.
    """
    where = place(document, loc, stack, path, also)
    if where.rule is not None:
        return where, where.rule
    try:
        stack.changed({path: 1.0})
    except InputError as problem:
        if "unknown key" in problem.message:  # a slip, of which the stack's own check knows the near ones
            raise document.fault_in(loc, problem.message) from None
    try:
        now = f", where {shown(stack.document.at(where.at))} is"
    except (KeyError, IndexError, TypeError):
        now = ""
    raise document.fault_in(loc, f"no number belongs at {path}{now}; {why}")


def wider(rule: Number, positive: bool = False) -> Number:
    """The rule of what is not itself a value of a field, such as a step: of the same units, without its bounds."""
    gt = 0.0 if positive else None
    return Length(gt=gt, wavelength=rule.wavelength) if isinstance(rule, Length) else Number(gt=gt, unit=rule.unit)


def _check_material_is_used(document: Document, loc: Loc, stack: Stack, name: str) -> None:
    """A misspelt material would be a new one, which no layer is made of: a sweep of nothing."""
    used = set(_texts(stack.document.data)) | set(_texts(document.data))
    if name not in used:
        known = dict.fromkeys(material.name for material in stack.materials if material.name in used)
        told = nearest(name, known) or f"; it has {', '.join(known)}"
        raise document.fault_in(loc, f'nothing in "{stack.name}" is made of {shown(name)}{told}')


def _texts(data: Any) -> Iterator[str]:
    """Every text that stands as a value in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for item in data.values():
            yield from _texts(item)
    elif isinstance(data, (list, tuple)):
        for item in data:
            yield from _texts(item)


def overlaps(first: Place, second: Place) -> bool:
    """Whether two paths set the same thing, or one of them what the other is a part of."""
    shorter = min(len(first.at), len(second.at))
    return first.at[:shorter] == second.at[:shorter]


def check_apart(document: Document, places: list[tuple[Loc, Place]]) -> None:
    """See that no two paths set the same thing, however they are written.

    Raises
    ------
    SweepError
        Two do; the place is that of the second.
    """
    for position, (loc, later) in enumerate(places):
        for before, earlier in places[:position]:
            if overlaps(earlier, later):
                line = "" if document.line(before) is None else f" (line {document.line(before)})"
                what = "stands here twice" if earlier.path == later.path else f"sets the same thing as {earlier.path}"
                raise document.fault_in(loc, f"{later.path} {what}{line}; each thing may be set once")


def number(document: Document, loc: Loc, given: Any, rule: Number) -> tuple[float, str]:
    """A number as written with its unit: that of the text behind it, else that of the rule; within the rule.

    Raises
    ------
    SweepError
        No number, or one that may not stand there.
    """
    try:
        rule.check(given)
    except ValueError as problem:
        raise document.fault(loc, str(problem)) from None
    split = rule.split(given) if isinstance(rule, Length) and isinstance(given, str) else None
    return split or (float(given), rule.unit)


def numbers_of_one_unit(document: Document, loc: Loc, given: Mapping[Key, Any], rule: Number) -> tuple[dict[Key, float], str]:
    """Several numbers, which must have one unit.

    Parameters
    ----------
    given : mapping of key or position, below ``loc``, to what is written there

    Returns
    -------
    dict of key or position to float
    str
        The unit in which all are written.

    Raises
    ------
    SweepError
        As :func:`number`, or units that are mixed.
    """
    found = {key: number(document, (*loc, key), value, rule) for key, value in given.items()}
    units = list(dict.fromkeys("um" if unit in ("µm", "μm") else unit for _, unit in found.values()))  # either letter prints as mu
    if len(units) > 1:
        told = " and ".join(units)
        hint = f"; a number without a unit is in {rule.unit}" if any(not isinstance(value, str) for value in given.values()) else ""
        raise document.fault(loc, f"must not mix units, got {told}{hint}")
    return {key: value for key, (value, _) in found.items()}, units[0] if units else rule.unit


def in_unit_of(rule: Number, value: float, unit: str) -> float:
    """A number in the unit of its rule."""
    return float(value if unit == rule.unit else rule.check(f"{value!r} {unit}"))


def own_value(stack: Stack, where: Place) -> float | None:
    """The number that the base stack has at a place, in the unit of its rule; None where there is none."""
    try:
        value = with_library_material(stack.document, where.at, where.path).at(where.at)
    except (KeyError, IndexError, TypeError, StackError):
        return None
    if where.at[-1] == "thickness":  # which may be written in quarter waves
        return next(float(layer.thickness_nm) for layer, at in zip(stack.layers, stack.places[1:-1], strict=True) if at == where.at[:-1])
    try:
        return None if where.rule is None else float(where.rule.check(value))
    except ValueError:
        return None


def blamed(
    document: Document, loc: Loc, stack: Stack, changes: Mapping[str, Any], locs: Mapping[str, Loc], problem: InputError, where: str = ""
) -> InputError:
    """What is wrong with a changed stack, told of the path to which it is due, else of ``loc``.

    Due to a path is what the message says of it, else what its change alone would do, too.
    """
    due = max((path for path in changes if f"{path}=" in problem.message), key=len, default=None)
    for path, value in changes.items() if due is None else ():
        try:
            stack.changed({path: value})
        except InputError:
            due = path
            break
    return document.fault_in(loc if due is None else locs[due], f"{where}{problem.message}")
