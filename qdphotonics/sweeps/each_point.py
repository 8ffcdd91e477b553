"""Quantities that take a call for each point: modes measured in full, sought anew or by FDTD, thresholds, verdicts, gratings.

Each number is what ``modes``, ``analyze`` or ``dfb`` prints for the same stack with the same ``--set``; the mode is the one
that was followed from the base stack. What fails at a point becomes a text; other points, and other calculations there, go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import InputError
from qdphotonics.sweeps.axes import ANGLE
from qdphotonics.sweeps.point import Point, of_dfb, of_mode, of_selected, of_thresholds, of_verdict
from qdphotonics.sweeps.quantities import BEST

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.specs import Study, SweepSpec

MEASURED = ("confinement_energy", "loss_budget_per_cm", "angle_deg", "group_index")  # what following a mode does not give
BY_MEEP = ("n_eff", "loss_per_cm")

Calculation: TypeAlias = "tuple[list[Quantity], Callable[[Point], list[float]]]"


def needs_each_point(quantity: Quantity, main: str, engine: str) -> bool:
    """Whether a quantity takes a call for each point, here or of a spectrum; else modes followed in batches give it.

    Parameters
    ----------
    quantity : Quantity
    main : str
        Label or selector of the specification's mode.
    engine : str
    """
    if quantity.family in ("laser", "spectrum", "dfb"):
        return True
    if quantity.family == "geometry":
        return False
    if (quantity.selector or main) in BEST:
        return True
    return quantity.kind.name in MEASURED or (engine == "meep" and quantity.kind.name in BY_MEEP)


def labels_followed(quantities: Sequence[Quantity], main: str) -> tuple[str, ...]:
    """Labels of the modes whose places these quantities need, each once."""
    which = (main if quantity.family == "laser" else quantity.selector or main for quantity in quantities if _of_a_mode(quantity))
    return tuple(label for label in dict.fromkeys(which) if label not in BEST)


def _of_a_mode(quantity: Quantity) -> bool:
    return quantity.family in ("mode", "pumped", "laser")


def evaluate_each(
    spec: SweepSpec,
    flat: NDArray[np.int64],
    quantities: Sequence[Quantity],
    places: Mapping[str, NDArray[np.complex128]],
    main: str,
) -> tuple[dict[str, NDArray[np.float64]], dict[int, str]]:
    """Quantities of some points of a sweep, one point after another.

    Parameters
    ----------
    spec : SweepSpec
    flat : int array [point]
        Flat indices.
    quantities, places, main
        As of :func:`evaluate_stacks`.

    Returns
    -------
    values : dict of name to float array [point]
        nan where a calculation failed, or where the quantity does not apply.
    errors : dict of flat index to text
    """
    points = flat.tolist()
    values, errors = evaluate_stacks(spec, [partial(changed_stack, spec, point) for point in points], quantities, places, main)
    return values, {points[row]: text for row, text in errors.items()}


def evaluate_stacks(
    study: Study,
    stacks: Sequence[Callable[[], Stack]],
    quantities: Sequence[Quantity],
    places: Mapping[str, NDArray[np.complex128]],
    main: str,
) -> tuple[dict[str, NDArray[np.float64]], dict[int, str]]:
    """Quantities of some stacks, one after another.

    Parameters
    ----------
    study : Study
    stacks : sequence of callable [point]
        Each makes one stack.
    quantities : sequence of Quantity
        Of those that :func:`needs_each_point`, but for spectra.
    places : mapping of label to complex array [point]
        n_eff without gain of each of :func:`labels_followed`; nan where the mode was lost.
    main : str
        Label or selector of the study's mode.

    Returns
    -------
    values : dict of name to float array [point]
        nan where a calculation failed, or where the quantity does not apply.
    errors : dict of position to text
    """
    calculations = _calculations(quantities, main, study.engine)
    values = {quantity.name: np.full(len(stacks), np.nan) for quantity in quantities}
    errors: dict[int, str] = {}
    for row, make in enumerate(stacks):
        here = {label: complex(n_eff[row]) for label, n_eff in places.items()}
        told: dict[str, None] = {}  # each text once, in order
        try:
            told = _fill(Point(study, make(), here, main), calculations, values, row)
        except Exception as problem:  # whatever fails at one of a million points, the others go on
            told[error_text(problem)] = None
        if told:
            errors[row] = "; ".join(told)
    return values, errors


def changed_stack(spec: SweepSpec, point_index: int) -> Stack:
    """The stack of a point."""
    changes = {path: value for path, value in spec.design.changes_at(point_index).items() if path != ANGLE}
    return spec.stack.changed(changes) if changes else spec.stack


def _fill(point: Point, calculations: Sequence[Calculation], values: Mapping[str, NDArray[np.float64]], row: int) -> dict[str, None]:
    """Fill in one point; what went wrong there, in words."""
    told: dict[str, None] = {}
    for wanted, calculate in calculations:
        try:
            found = calculate(point)
        except Exception as problem:  # the other calculations go on
            told[error_text(problem)] = None
            continue
        for quantity, value in zip(wanted, found, strict=True):
            values[quantity.name][row] = value
    return told


def error_text(problem: Exception) -> str:
    """What is kept of an exception: its type and its message, without the place of a file, which differs from machine to machine."""
    message = problem.message if isinstance(problem, InputError) else str(problem)
    return f"{type(problem).__name__}: {' '.join(message.split())}"


def _calculations(quantities: Sequence[Quantity], main: str, engine: str) -> list[Calculation]:
    """The quantities, those together that fail together, and what gives them at a point."""
    groups: dict[tuple[str, ...], list[Quantity]] = {}
    for quantity in quantities:
        groups.setdefault(_group(quantity, main, engine), []).append(quantity)
    return [(wanted, _calculate(key, wanted)) for key, wanted in groups.items()]


def _group(quantity: Quantity, main: str, engine: str) -> tuple[str, ...]:
    if quantity.family == "laser":
        return (quantity.kind.name.split(".")[0],)
    if quantity.family == "dfb":
        return ("dfb", quantity.kind.name.rpartition(".")[0])  # one edge may be missing where the other is not
    which = quantity.selector or main
    if which in BEST:
        return ("selected", which)
    return ("meep" if engine == "meep" and quantity.kind.name in BY_MEEP else "measured", which)


def _calculate(key: tuple[str, ...], wanted: Sequence[Quantity]) -> Callable[[Point], list[float]]:
    what = key[0]
    if what == "thresholds":
        return lambda point: [of_thresholds(quantity, point.thresholds()) for quantity in wanted]
    if what == "verdict":
        return lambda point: [of_verdict(quantity, point.verdict()) for quantity in wanted]
    if what == "dfb":
        return lambda point: [of_dfb(quantity, point.dfb()) for quantity in wanted]
    which = key[1]
    if what == "selected":
        return lambda point: [of_selected(quantity, point, which) for quantity in wanted]
    if what == "meep":
        return lambda point: point.by_meep(which, [quantity.kind.name for quantity in wanted])
    return lambda point: [of_mode(quantity, point.mode(which)) for quantity in wanted]
