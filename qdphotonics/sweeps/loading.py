"""From a file, or a mapping, to a checked sweep, optimisation or study of tolerances: everything is told before any work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from qdphotonics._yaml import Document, Loc, read_yaml, shown, validate
from qdphotonics.errors import InputError, StackError, SweepError
from qdphotonics.stacks import Stack, list_stacks, load_stack, stack_file
from qdphotonics.stacks.loading import stack_of
from qdphotonics.stacks.overrides import plain_value
from qdphotonics.sweeps.axes import ANGLE
from qdphotonics.sweeps.designing import read_design
from qdphotonics.sweeps.expressions import Constraint, Expression
from qdphotonics.sweeps.margins import read_errors, read_variables
from qdphotonics.sweeps.places import blamed
from qdphotonics.sweeps.quantities import BEST, LABEL, Quantity, check_quantity, parse_quantity
from qdphotonics.sweeps.schema import OptimizationFile, StudyFile, SweepFile, ToleranceFile
from qdphotonics.sweeps.specs import Engine, Goal, OptimizationSpec, StudyKind, SweepSpec, ToleranceSpec

BY_MEEP = ("n_eff", "loss_per_cm")  # besides those of a grating

KINDS: dict[StudyKind, tuple[str, tuple[str, ...]]] = {
    "sweep": ("the specification of a sweep (qdphotonics sweep), with axes and quantities", ("axes",)),
    "optimization": (
        "the specification of an optimisation (qdphotonics optimize), with variables and maximize or minimize",
        ("maximize", "minimize", "variables"),
    ),
    "tolerance": ("the specification of a study of tolerances (qdphotonics tolerance), with errors and quantities", ("errors",)),
}  # what each is, and the keys by which it is known
A_STACK = ("a stack (qdphotonics analyze), which a specification names under stack", ("layers",))

Source = str | Path | Mapping[str, Any]


def load_sweep(spec: Source | SweepSpec) -> SweepSpec:
    """Read and check a sweep.

    Parameters
    ----------
    spec : str, Path or mapping
        A YAML file, or what one would hold, as a mapping, whose ``stack`` may also be a :class:`~qdphotonics.stacks.Stack`
        and whose values may be NumPy arrays. A checked sweep is given back as it is.

    Returns
    -------
    SweepSpec

    Raises
    ------
    SweepError, StackError, MaterialError, MediumError
        One message with file, line, field, rule and value.

    Examples
    --------
    >>> spec = load_sweep({
    ...     "stack": "jung2022-lito-ag",
    ...     "axes": {"layers.QD.thickness": {"from": 50, "to": 150, "step": 1}, "wavelength": ["620 nm", "0.63 um"][:1]},
    ...     "quantities": ["n_eff", "confinement.QD"],
    ... })
    >>> spec.design.shape
    (101, 1)
    """
    if isinstance(spec, SweepSpec):
        return spec
    document, file, stack = _read(spec, "sweep", SweepFile)
    design = read_design(document, stack)
    for path in file.set:
        if path in design.paths:
            raise document.fault(("set", path), "must not be set: it is an axis, whose values replace this one")
    first = {path: value for path, value in design.changes_at(0).items() if path != ANGLE}
    quantities = _quantities(document, stack.changed(first), file.quantities)  # an axis may bring what a quantity needs
    common = _common(document, stack, file, quantities, swept_angle=ANGLE in design.paths)
    if file.mode is not None and all(quantity.family in ("spectrum", "geometry") for quantity in quantities):
        raise document.fault(("mode",), "must not be given: nothing that is wanted is one of a mode")
    return SweepSpec(**common, design=design, quantities=quantities)


def load_optimization(spec: Source | OptimizationSpec) -> OptimizationSpec:
    """Read and check an optimisation; parameters and errors as of :func:`load_sweep`.

    Examples
    --------
    >>> spec = load_optimization({
    ...     "stack": "jung2022-lito-ag",
    ...     "maximize": "net_gain_per_cm",
    ...     "variables": {"layers.QD.thickness": {"from": 50, "to": 150}},
    ...     "subject_to": ["total_thickness_nm <= 600"],
    ... })
    >>> spec.variables[0].start, spec.goals[0].maximize
    (95.0, True)
    """
    if isinstance(spec, OptimizationSpec):
        return spec
    document, file, stack = _read(spec, "optimization", OptimizationFile)
    variables = read_variables(document, stack, file.variables)
    goals = (*_goals(document, stack, "maximize", file.maximize), *_goals(document, stack, "minimize", file.minimize))
    if len(goals) == 1 and "points" in document.data:
        raise document.fault(("points",), "must not be given: they are those of a Pareto front, which takes two goals")
    constraints = _constraints(document, stack, "subject_to", file.subject_to)
    wanted = [quantity for goal in goals for quantity in goal.expression.quantities]
    wanted += [quantity for each in constraints for quantity in each.quantities]
    return OptimizationSpec(
        **_common(document, stack, file, wanted),
        n_range=file.n_range,
        goals=goals,
        variables=variables,
        constraints=constraints,
        points=file.points,
        starts=file.starts,
        seed=file.seed,
        method=file.method,
    )


def load_tolerance(spec: Source | ToleranceSpec) -> ToleranceSpec:
    """Read and check a study of tolerances; parameters and errors as of :func:`load_sweep`.

    Examples
    --------
    >>> spec = load_tolerance({
    ...     "stack": "jung2022-lito-ag",
    ...     "errors": {"layers.QD.thickness": "1%", "materials.L-ITO.n": {"standard_deviation": 0.01}},
    ...     "quantities": ["net_gain_per_cm"],
    ...     "require": ["net_gain_per_cm >= 0"],
    ... })
    >>> [(error.nominal, round(error.standard_deviation, 12)) for error in spec.errors]
    [(95.0, 0.95), (1.6, 0.01)]
    """
    if isinstance(spec, ToleranceSpec):
        return spec
    document, file, stack = _read(spec, "tolerance", ToleranceFile)
    errors = read_errors(document, stack, file.errors)
    quantities = _quantities(document, stack, file.quantities)
    require = _constraints(document, stack, "require", file.require)
    wanted = [*quantities, *(quantity for each in require for quantity in each.quantities)]
    return ToleranceSpec(
        **_common(document, stack, file, wanted),
        errors=errors,
        quantities=quantities,
        require=require,
        samples=file.samples,
        seed=file.seed,
    )


Parsed = TypeVar("Parsed")
File = TypeVar("File", bound=StudyFile)


def _read(spec: Source, kind: StudyKind, model: type[File]) -> tuple[Document, File, Stack]:
    """A specification, its checked values, and the base stack."""
    document = _document(spec)
    _check_kind(document, kind)
    file = validate(document, model, SweepError)
    return document, file, _base(document, file)


def _document(spec: Source) -> Document:
    if isinstance(spec, Mapping):
        return Document({key: value if isinstance(value, Stack) else plain_value(value) for key, value in spec.items()}, SweepError)
    if isinstance(spec, (str, Path)):
        return read_yaml(spec, SweepError)
    raise SweepError(f"a specification must be a file or a mapping, got {type(spec).__name__}")


def _check_kind(document: Document, wanted: StudyKind) -> None:
    """Tell of a file that is for another command."""
    if not isinstance(document.data, dict) or any(key in document.data for key in KINDS[wanted][1]):
        return
    for words, keys in (*KINDS.values(), A_STACK):
        key = next((key for key in keys if key in document.data), None)
        if key is not None:
            raise document.fault_in((), f'"{key}" belongs to {words}; this must be {KINDS[wanted][0]}', key=key)


# The base stack


def _base(document: Document, file: StudyFile) -> Stack:
    stack = _named(document, file.stack)
    changes = dict(file.set)
    locs = {path: ("set", path) for path in changes}
    try:
        return stack.changed(changes) if changes else stack
    except InputError as problem:
        raise blamed(document, ("set",), stack, changes, locs, problem) from None


def _named(document: Document, given: Any) -> Stack:
    """The stack named, described in place, or given."""
    if isinstance(given, Stack):
        return given
    if isinstance(given, dict):
        try:
            return stack_of(document.part(("stack",), StackError))
        except StackError as problem:
            raise SweepError(f"stack: {problem.message}", file=problem.file, line=problem.line) from None
    if not isinstance(given, (str, Path)) or not str(given):
        raise document.fault(("stack",), f"must be the name of a shipped stack, a file, or a whole stack in place, got {shown(given)}")
    beside = (Path() if document.file is None else document.file.parent) / given
    if beside.is_file():
        return load_stack(beside)
    if str(given) in list_stacks():
        return load_stack(str(given))
    try:
        stack_file(given)
    except StackError as problem:
        raise document.fault_in(("stack",), problem.message) from None
    raise document.fault(("stack",), f"must be a file beside this one, or the name of a shipped stack, got {shown(str(given))}")


# What is wanted


def _quantities(document: Document, stack: Stack, texts: Sequence[str]) -> tuple[Quantity, ...]:
    found: dict[Quantity, Loc] = {}
    for loc, text in _each(document, "quantities", texts):
        quantity = _parsed(document, loc, text, parse_quantity)
        if quantity in found:
            raise document.fault(loc, f"must not ask for {quantity.name} twice")
        _check(document, loc, stack, [quantity])
        found[quantity] = loc
    return tuple(found)


def _goals(document: Document, stack: Stack, key: str, texts: Sequence[str]) -> tuple[Goal, ...]:
    found = []
    for loc, text in _each(document, key, texts):
        expression = _parsed(document, loc, text, Expression.parse)
        if not expression.quantities:
            raise document.fault(loc, f"must be about a quantity such as net_gain_per_cm, got {shown(text)}")
        _check(document, loc, stack, expression.quantities)
        found.append(Goal(expression, maximize=key == "maximize"))
    return tuple(found)


def _constraints(document: Document, stack: Stack, key: str, texts: Sequence[str]) -> tuple[Constraint, ...]:
    found = []
    for loc, text in _each(document, key, texts):
        constraint = _parsed(document, loc, text, Constraint.parse)
        _check(document, loc, stack, constraint.quantities)
        found.append(constraint)
    return tuple(found)


def _each(document: Document, key: str, texts: Sequence[str]) -> list[tuple[Loc, str]]:
    """The texts of a key, each with its place: that of the key where it holds one text instead of a list."""
    is_list = isinstance(document.data.get(key), list)
    return [((key, position) if is_list else (key,), text) for position, text in enumerate(texts)]


def _parsed(document: Document, loc: Loc, text: str, parse: Callable[[str], Parsed]) -> Parsed:
    try:
        return parse(text)
    except SweepError as problem:
        raise document.fault_in(loc, problem.message) from None


def _check(document: Document, loc: Loc, stack: Stack, quantities: Iterable[Quantity]) -> None:
    for quantity in quantities:
        try:
            check_quantity(quantity, stack)
        except SweepError as problem:
            raise document.fault_in(loc, problem.message) from None


# What the three have in common


def _common(
    document: Document, stack: Stack, file: StudyFile, quantities: Sequence[Quantity], *, swept_angle: bool = False
) -> dict[str, Any]:
    """The fields of :class:`Study`, checked against what is wanted."""
    _check_mode(document, stack, file.mode)
    _check_medium(stack, file.mode, quantities)
    spectra = [quantity for quantity in quantities if quantity.family == "spectrum"]
    for key, used in (("angle_deg", file.angle_deg is not None), ("from", file.from_side is not None)):
        if used and not spectra:
            raise document.fault(
                (key,), "must not be given: it belongs to reflectance, transmittance or absorptance, none of which is wanted"
            )
    if swept_angle and not spectra:
        told = "must not be an axis: it belongs to reflectance, transmittance or absorptance, none of which is wanted"
        raise document.fault(("axes", ANGLE), told)
    if swept_angle and file.angle_deg is not None:
        raise document.fault(("angle_deg",), "must not be given beside an axis of the same name")
    return {
        "name": file.name or stack.name,
        "stack": stack,
        "mode": file.mode,
        "engine": _engine(document, file.engine, quantities),
        "angle_deg": file.angle_deg or 0.0,
        "from_side": file.from_side or "substrate",
        "document": document,
    }


def _check_mode(document: Document, stack: Stack, mode: str | None) -> None:
    if mode is None:
        return
    if not (LABEL.fullmatch(mode) or mode in BEST):
        told = f"must be a mode's label such as TE0, or {', '.join(BEST[:-1])} or {BEST[-1]}, got {shown(mode)}"
        tried = (mode.upper().replace("O", "0"), mode.upper(), mode.lower())
        meant = next((each for each in tried if each in BEST or LABEL.fullmatch(each)), "")
        raise document.fault(("mode",), told + (f"; did you mean {meant}?" if meant else ""))
    _check(document, ("mode",), stack, [parse_quantity(f"{mode}.n_eff")])


def _check_medium(stack: Stack, mode: str | None, quantities: Sequence[Quantity]) -> None:
    """The base stack's medium is read now where it will be needed: an unknown one is told before any work."""
    from qdphotonics.laser import medium_of

    if mode in BEST or any(quantity.family in ("pumped", "laser") or quantity.selector in BEST for quantity in quantities):
        medium_of(stack, None)


def _engine(document: Document, engine: Engine | None, quantities: Sequence[Quantity]) -> Engine:
    """The engine asked for, where what is wanted is something that it gives."""
    gratings = [quantity for quantity in quantities if quantity.family == "dfb"]
    if engine is None:
        return "coupled-wave" if gratings else "planar"
    if engine == "planar" and gratings:
        raise document.fault(("engine",), f"must be coupled-wave, bloch or meep for {gratings[0].name}, got planar")
    if engine in ("coupled-wave", "bloch") and not gratings:
        raise document.fault(("engine",), f"must be planar or meep where no dfb quantity is wanted, got {engine}")
    others = [quantity.name for quantity in quantities if quantity.family != "dfb" and quantity.kind.name not in BY_MEEP]
    if engine == "meep" and others:
        raise document.fault(("engine",), f"gives dfb quantities, {' and '.join(BY_MEEP)}; {others[0]} needs another, got meep")
    return engine
