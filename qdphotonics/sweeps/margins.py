"""From the blocks ``variables`` of an optimisation and ``errors`` of a study of tolerances to numbers with bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING, Any

from qdphotonics._yaml import Document, Loc, Number, nearest, plain_scalar, shown, validate
from qdphotonics.errors import StackError, SweepError
from qdphotonics.stacks.overrides import path_steps, place_of
from qdphotonics.stacks.quantities import Length
from qdphotonics.sweeps.designing import try_stacks
from qdphotonics.sweeps.places import Place, check_apart, in_unit_of, number, numbers_of_one_unit, numeric_place, own_value, wider
from qdphotonics.sweeps.schema import ErrorSpec, VariableSpec
from qdphotonics.sweeps.specs import ErrorSource, Variable

if TYPE_CHECKING:
    from qdphotonics.materials import Material
    from qdphotonics.stacks import Stack

FARTHEST = {"normal": 3.0, "uniform": sqrt(3.0)}  # standard deviations from the nominal value at which a stack must still exist
INDEX = Number(gt=0)
FORMS = "1%, 2 nm, {relative: 0.01} or {standard_deviation: 2 nm}"
FORMS_OF_NUMBERS = "1%, {relative: 0.01} or {standard_deviation: 0.01}"  # of what has no unit of length


def read_variables(document: Document, stack: Stack, entries: Mapping[str, Any]) -> tuple[Variable, ...]:
    """What an optimisation may change.

    Parameters
    ----------
    document : Document
        The specification; the entries stand under ``variables``.
    stack : Stack
        The base, ``set`` done.
    entries : mapping of path to plain values

    Raises
    ------
    SweepError
        A path that leads to no number, bounds that do not rise, a stack that cannot be made at them …
    """
    places: list[tuple[Loc, Place]] = []
    variables = []
    for path in entries:
        loc: Loc = ("variables", path)
        where, rule = numeric_place(document, loc, stack, path, "a variable must be one")
        places.append((loc, where))
        variables.append(_variable(document, loc, stack, where, _without_energies(rule)))
    check_apart(document, places)
    start = {variable.path: variable.start for variable in variables}
    tried = [start, *({**start, each.path: end} for each in variables for end in (each.low, each.high))]
    tried += [{each.path: each.low for each in variables}, {each.path: each.high for each in variables}]
    try_stacks(document, ("variables",), stack, {where.path: loc for loc, where in places}, tried)
    return tuple(variables)


def _variable(document: Document, loc: Loc, stack: Stack, where: Place, rule: Number) -> Variable:
    spec = validate(document, VariableSpec, SweepError, loc)
    given = {"from": spec.low, "to": spec.to} | ({} if spec.start is None else {"start": spec.start})
    for key, value in given.items():
        number(document, (*loc, key), value, rule)
    if spec.step is not None:
        number(document, (*loc, "step"), spec.step, wider(rule, positive=True))
        given["step"] = spec.step
    written, unit = numbers_of_one_unit(document, loc, given, wider(rule))
    value = {key: in_unit_of(wider(rule), each, unit) for key, each in written.items()}
    low, high, step = value["from"], value["to"], value.get("step")
    integer = spec.integer or rule.integer
    if not low < high:
        raise document.fault(loc, f"must have from < to, got from {low:.12g} to {high:.12g}")
    if step is not None and step > high - low:
        raise document.fault((*loc, "step"), f"must be at most to − from = {high - low:.12g}, got {step:.12g}")
    for key, each in value.items() if integer else ():
        if each != int(each):
            raise document.fault((*loc, key), f"must be an integer, got {each:.12g}")
    if "start" in value and not low <= value["start"] <= high:
        raise document.fault((*loc, "start"), f"must lie within {low:.12g} to {high:.12g}, got {value['start']:.12g}")
    own = own_value(stack, where)
    start = value.get("start", (low + high) / 2 if own is None else min(max(own, low), high))
    return Variable(where.path, low, high, step, float(round(start)) if integer else start, integer, where.unit)


def _without_energies(rule: Number) -> Number:
    """Bounds and errors of a wavelength are lengths: 0.01 eV are not so many nm wherever it is."""
    return replace(rule, wavelength=False) if isinstance(rule, Length) else rule


def read_errors(document: Document, stack: Stack, entries: Mapping[str, Any]) -> tuple[ErrorSource, ...]:
    """What does not come out as designed.

    Parameters
    ----------
    document : Document
        The specification; the entries stand under ``errors``.
    stack : Stack
        As designed.
    entries : mapping of path to plain values

    Raises
    ------
    SweepError
        A path that leads to no number, an error that is none, or so large that no such stack could be made.
    """
    places: list[tuple[Loc, Place]] = []
    errors = []
    for path in entries:
        loc: Loc = ("errors", path)
        where, rule, nominal = _erring(document, loc, stack, path)
        places.append((loc, where))
        errors.append(_error(document, loc, where, rule, nominal))
    check_apart(document, places)
    locs = {where.path: loc for loc, where in places}
    for error in errors:
        ends = list(_farthest(error))
        if is_index(error.path):
            if not min(ends) > 0:
                told = f"must be so small that n stays > 0, got {error.standard_deviation:.6g} about {error.nominal:.6g}"
                raise document.fault(locs[error.path], told)
        else:
            told = f"{FARTHEST[error.distribution]:.3g} standard deviations from {error.nominal:.6g}: "
            try_stacks(document, ("errors",), stack, locs, ({error.path: end} for end in ends), told)
    return tuple(errors)


def is_index(path: str) -> bool:
    """Whether an error is added to Re n: ``materials.NAME.n`` or ``layers.NAME.index``.

    Examples
    --------
    >>> [is_index(path) for path in ("materials.ccg-QD film.n", "layers.QD.index", "layers.QD.thickness")]
    [True, True, False]
    """
    steps = path_steps(path)
    return len(steps) == 3 and (steps[0], steps[2]) in (("materials", "n"), ("layers", "index"))


def materials_of(stack: Stack, path: str) -> list[tuple[int, Material]]:
    """The layers that an error of an index is about: positions along ``all_names``, and what stands there.

    Parameters
    ----------
    stack : Stack
    path : str
        One for which :func:`is_index` holds.
    """
    kind, name, _ = path_steps(path)
    whole = enumerate(zip((None, *stack.layers, None), stack.materials, strict=True))
    if kind == "materials":
        return [(position, material) for position, (_, material) in whole if material.name == name]
    return [(position, material) for position, (layer, material) in whole if layer is not None and layer.written_name == name]


def _erring(document: Document, loc: Loc, stack: Stack, path: str) -> tuple[Place, Number, float]:
    """Where an error is, the rule of the number there, and that number as designed."""
    try:
        index = is_index(path)
    except StackError as problem:
        raise document.fault_in(loc, problem.message) from None
    if index:
        steps = path_steps(path)
        found = materials_of(stack, path)
        if not found:
            known = (
                [material.name for material in stack.materials] if steps[0] == "materials" else [each.written_name for each in stack.layers]
            )
            told = nearest(str(steps[1]), known) or "; it has " + ", ".join(dict.fromkeys(known))
            what = "is made of" if steps[0] == "materials" else "is called"
            raise document.fault_in(loc, f'nothing in "{stack.name}" {what} {shown(steps[1])}{told}')
        at = steps if steps[0] == "materials" else (*place_of(stack.document, f"layers.{_in_quotes(str(steps[1]))}"), "index")
        return Place(path, at, INDEX, ""), INDEX, float(found[0][1].index(stack.wavelength_nm).real)
    where, rule = numeric_place(document, loc, stack, path, "an error must be of one")
    nominal = own_value(stack, where)
    if rule.integer:
        raise document.fault_in(loc, f"{path} is a count, which has no error")
    if nominal is None:
        raise document.fault_in(loc, f'"{stack.name}" has no number at {path} that could err; give it one under set')
    return where, _without_energies(rule), nominal


def _in_quotes(name: str) -> str:
    return f"'{name}'" if '"' in name else f'"{name}"'


def _error(document: Document, loc: Loc, where: Place, rule: Number, nominal: float) -> ErrorSource:
    given = document.at(loc)
    fraction = _percent(given)
    if isinstance(given, dict):
        spec = validate(document, ErrorSpec, SweepError, loc)
    elif fraction is not None:
        spec = ErrorSpec(relative=given)
    elif isinstance(given, str) and isinstance(rule, Length) and rule.split(given) is not None:
        spec = ErrorSpec(standard_deviation=given)
    else:
        raise document.fault(loc, f"must be {FORMS if isinstance(rule, Length) else FORMS_OF_NUMBERS}, got {shown(given)}")
    if spec.relative is None:
        at = (*loc, "standard_deviation") if isinstance(given, dict) else loc
        positive = wider(rule, positive=True)
        deviation = in_unit_of(positive, *number(document, at, spec.standard_deviation, positive))
    else:
        at = (*loc, "relative") if isinstance(given, dict) else loc
        of_text = _percent(spec.relative)
        if of_text is not None and not 0 < of_text < 1:
            raise document.fault(at, f"must be > 0 % and < 100 %, got {100 * of_text:.12g} %")
        relative, _ = number(document, at, spec.relative if of_text is None else of_text, Number(gt=0, lt=1))
        deviation = relative * abs(nominal)
        if deviation == 0:
            raise document.fault(at, f"must be a standard_deviation: {where.path} is 0, and any fraction of it too")
    if spec.independent and not _is_of_layers(where.path):
        raise document.fault((*loc, "independent"), "must not be true but for layers.NAME.thickness and layers.NAME.index")
    return ErrorSource(where.path, nominal, deviation, spec.distribution, spec.independent, where.unit)


def _percent(given: Any) -> float | None:
    """``1%`` as 0.01; None where it is no such text."""
    if not isinstance(given, str) or not given.rstrip().endswith("%"):
        return None
    value = plain_scalar(given.rstrip()[:-1].strip())
    return value / 100 if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _is_of_layers(path: str) -> bool:
    steps = path_steps(path)
    return len(steps) == 3 and steps[0] == "layers" and steps[2] in ("thickness", "index")


def _farthest(error: ErrorSource) -> Iterator[float]:
    reach = FARTHEST[error.distribution] * error.standard_deviation
    yield error.nominal - reach
    yield error.nominal + reach
