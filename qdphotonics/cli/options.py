"""Options that several commands share, and how their text becomes numbers."""

from __future__ import annotations

from math import floor, isfinite
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qdphotonics.stacks import Stack

MOST_POINTS = 100_000  # of a range: beyond is a slip of the keyboard
ROUNDING = 1e-9  # of a step: whether the last point of a range falls on its end


def stack_names(incomplete: str) -> list[str]:
    """Shipped stacks for the shell's completion, found without loading the rooms."""
    from qdphotonics._data import data_folder

    return sorted(file.stem for file in data_folder("stacks").glob("*.yaml") if file.stem.startswith(incomplete))


StackArgument = Annotated[
    str, typer.Argument(metavar="STACK", help="A YAML file or the name of a shipped stack.", autocompletion=stack_names)
]
SetOption = Annotated[
    list[str],
    typer.Option("--set", metavar="PATH=VALUE", help="As in layers.QD.thickness=110; may be repeated.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
WavelengthOption = Annotated[float | None, typer.Option("--wavelength", metavar="NM", help="Instead of the stack's own.")]
WavelengthsOption = Annotated[str | None, typer.Option("--wavelengths", metavar="A:B:C", help="From A to B in steps of C, nm.")]
PolarizationOption = Annotated[Literal["TE", "TM", "both"], typer.Option("--polarization")]
MediumOption = Annotated[str | None, typer.Option("--medium", metavar="NAME", help="Gain medium instead of the stack's own.")]
CurrentOption = Annotated[float | None, typer.Option("--current-density", metavar="J", help="Drive [A/cm²].")]
FluenceOption = Annotated[float | None, typer.Option("--fluence", metavar="W", help="Drive: fluence of a short pulse at the dots [J/cm²].")]


def help_without_command(context: typer.Context) -> None:
    """What a group of commands does when none of them is named: show what there is."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), nl=False)


def load(stack: str, changes: list[str]) -> Stack:
    """The stack of a command, with the changes of ``--set``."""
    from qdphotonics.stacks import load_stack

    return load_stack(stack, changes)


def points(text: str, option: str) -> NDArray[np.float64]:
    """``A:B:C`` as numbers from A to B in steps of C, both ends included (the last step is shorter where C does not fit).

    Raises
    ------
    ArgumentError
        Not one or three finite numbers, B below A, a step that is not positive, or too many points.

    Examples
    --------
    >>> points("400:410:4", "--wavelengths").tolist()
    [400.0, 404.0, 408.0, 410.0]
    """
    import numpy as np

    values = _numbers(text, option, (1, 3), "A:B:C, as in 400:800:1")
    if len(values) == 1:
        return np.array(values)
    start, end, step = values
    if not (step > 0 and end >= start):
        raise ArgumentError(f"{option} must run upwards in steps > 0, got {text}")
    whole = floor((end - start) / step + ROUNDING) if (end - start) / step < MOST_POINTS else MOST_POINTS
    if whole >= MOST_POINTS:
        raise ArgumentError(f"{option} must have at most {MOST_POINTS} points, got {text}")
    inner = start + step * np.arange(whole + 1, dtype=np.float64)
    if end - inner[-1] > ROUNDING * step:
        return np.append(inner, end)
    inner[-1] = end
    return inner


def pair(text: str | None, option: str) -> tuple[float, float] | None:
    """``LO:HI`` as two numbers."""
    if text is None:
        return None
    low, high = _numbers(text, option, (2,), "LO:HI, as in 1.5:2")
    return low, high


def _numbers(text: str, option: str, counts: tuple[int, ...], form: str) -> list[float]:
    try:
        values = [float(part) for part in text.split(":")]
    except ValueError:
        values = []
    if len(values) not in counts or not all(isfinite(value) for value in values):
        raise ArgumentError(f"{option} must be {form}, got {text!r}")
    return values


def at_most_one(**options: object) -> None:
    """An ArgumentError where two options that exclude each other are both given."""
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    if len(given) > 1:
        raise ArgumentError(f"{' and '.join(given)} must not both be given")
