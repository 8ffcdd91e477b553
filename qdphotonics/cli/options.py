"""Options that several commands share, and how their text becomes numbers."""

from __future__ import annotations

import re
from math import floor, isfinite
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qdphotonics.stacks import Stack

MOST_POINTS = 100_000  # of a range: beyond is a slip of the keyboard
MOST_DRIVES = 1000  # of a ladder
PATIENCE_S = 3.0
OPTION_OF = {
    "wavelength_nm": "--wavelength",
    "wavelengths_nm": "--wavelengths",
    "angles_deg": "--angle",
    "n_range": "--n-range",
    "max_loss_per_cm": "--max-loss",
    "current_density_A_per_cm2": "--current-density",
    "fluence_J_per_cm2": "--fluence",
    "intensity_W_per_cm2": "--intensity",
    "length_um": "--length",
    "width_um": "--width",
    "mode": "--mode",
    "confidence": "--confidence",
    "charge": "--charge",
    "radius_nm": "--radius",
    "temperature_K": "--temperature",
    "monolayers": "--monolayers",
    "max_pairs": "--max-pairs",
    "polarization": "--polarization",
    "from_": "--from",
    "stack": "STACK",
    "order": "--order",
    "period_for_nm": "--period-for",
    "resolutions_per_um": "--resolutions",
    "timeout_s": "--timeout",
    "span": "--span",
    "points": "--points",
    "least_q": "--least-q",
    "workers": "--workers",
    "scheduler": "--scheduler",
    "resume": "--resume",
    "out": "--out",
}
ROUNDING = 1e-9  # of a step: whether the last point of a range falls on its end


def stack_names(incomplete: str) -> list[str]:
    """Shipped stacks for the shell's completion, found without loading the rooms."""
    from qdphotonics._data import data_folder

    return sorted(file.stem for file in data_folder("stacks").glob("*.yaml") if file.stem.startswith(incomplete))


def medium_names(incomplete: str) -> list[str]:
    """Shipped gain media for the shell's completion."""
    from qdphotonics._data import data_folder

    return sorted(file.stem for file in (data_folder("materials") / "gain").glob("*.yaml") if file.stem.startswith(incomplete))


StackArgument = Annotated[
    str, typer.Argument(metavar="STACK", help="A YAML file or the name of a shipped stack.", autocompletion=stack_names)
]
SetOption = Annotated[
    list[str],
    typer.Option("--set", metavar="PATH=VALUE", help="As in layers.QD.thickness=110; may be repeated.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
WavelengthOption = Annotated[
    str | None, typer.Option("--wavelength", metavar="NM", help="Instead of the stack's own; nm, or with a suffix: 630nm, 0.63um, 1.97eV.")
]
WavelengthsOption = Annotated[str | None, typer.Option("--wavelengths", metavar="A:B:C", help="From A to B in steps of C, nm.")]
PolarizationOption = Annotated[
    Literal["TE", "TM", "both"], typer.Option("--polarization", help="TE: E along the layers; TM: H along them.")
]
MediumArgument = Annotated[
    str, typer.Argument(metavar="MEDIUM", help="The name of a shipped gain medium, or a YAML file of one.", autocompletion=medium_names)
]
MediumOption = Annotated[str | None, typer.Option("--medium", metavar="NAME", help="Gain medium instead of the stack's own.")]
ChargeOption = Annotated[
    float | None, typer.Option("--charge", metavar="N", help="Permanent electrons of a dot, on average; the medium's own unless given.")
]
RadiusOption = Annotated[
    float | None, typer.Option("--radius", metavar="NM", help="Dots of another size, of media whose Auger lifetime follows the volume.")
]
TemperatureOption = Annotated[float | None, typer.Option("--temperature", metavar="K", help="Of the dots; 300 unless the medium says.")]
MonolayersOption = Annotated[float, typer.Option("--monolayers", metavar="N", help="Monolayers of dots that share the current.")]
PairsOption = Annotated[
    int | None, typer.Option("--max-pairs", metavar="N", help="Excitons that a dot takes at most; 2: the three-state model of the papers.")
]
CsvOption = Annotated[str | None, typer.Option("--csv", metavar="FILE", help="All values as a table.")]
PlotOption = Annotated[str | None, typer.Option("--plot", metavar="FILE", help="Figure: .png, .pdf or .svg.")]
CurrentsOption = Annotated[
    str | None, typer.Option("--currents", metavar="A:B:N", help="N current densities from A to B in equal ratios [A/cm²].")
]
CurrentOption = Annotated[float | None, typer.Option("--current-density", metavar="J", help="Drive [A/cm²].")]
FluenceOption = Annotated[
    float | None,
    typer.Option("--fluence", metavar="W", help="Drive: fluence of a short pulse at the dots [J/cm²]: 20e-6 for 20 µJ/cm²."),
]


def help_without_command(context: typer.Context) -> None:
    """What a group of commands does when none of them is named: show what there is."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), nl=False)


def load(stack: str, changes: list[str], gain_is_used: bool = False) -> Stack:
    """The stack of a command, with the changes of ``--set``; a medium that is not known is warned of where it is not used."""
    from qdphotonics.stacks import load_stack

    loaded = load_stack(stack, changes)
    if loaded.medium is not None and not gain_is_used:
        from qdphotonics import gain

        if not loaded.medium.endswith((".yaml", ".yml")) and loaded.medium not in gain.list_media():
            told = f"must be a known medium for analyze, got {loaded.medium!r}; those known are {', '.join(gain.list_media())}"
            typer.echo(f"warning: {loaded.document.fault(('gain', 'medium'), told)}", err=True)
    return loaded


def announce(seconds: float) -> None:
    """A line on stderr before a calculation that keeps its user waiting."""
    if seconds > PATIENCE_S:
        typer.echo(f"a stack with so many modes takes some {float(f'{seconds:.1g}'):g} s …", err=True)


def wavelength(text: str | None, option: str = "--wavelength") -> float | None:
    """An option such as ``--wavelength`` in nm, with the suffixes of a stack file.

    Raises
    ------
    ArgumentError
        Not a positive number, or another suffix.

    Examples
    --------
    >>> [wavelength("630"), wavelength("0.63 um"), round(wavelength("2eV"), 3)]
    [630.0, 630.0, 619.921]
    """
    if text is None:
        return None
    from qdphotonics._yaml import plain_scalar
    from qdphotonics.stacks.quantities import Length

    try:
        return float(Length(gt=0, wavelength=True).check(plain_scalar(text.strip())))
    except ValueError as problem:
        raise ArgumentError(f"{option} {problem}") from None


def as_options(message: str) -> str:
    """A message about an argument of a Python call, about the option that it came from."""
    named = re.sub(r"Arguments? (?=`)", "", message)
    return re.sub(r"`(\w+)`", lambda match: OPTION_OF.get(match[1], match[0]), named) if named != message else message


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


def ladder(text: str | None, option: str) -> NDArray[np.float64] | None:
    """``A:B:N`` as N numbers from A to B, each the same factor above the one before; both ends included.

    Raises
    ------
    ArgumentError
        Not three finite numbers, A not above 0, B not above A, or N not a whole number from 2 to 1000.

    Examples
    --------
    >>> ladder("1:100:3", "--currents").round(12).tolist()
    [1.0, 10.0, 100.0]
    """
    import numpy as np

    if text is None:
        return None
    first, last, count = _numbers(text, option, (3,), "A:B:N, as in 1:1000:31")
    if not 0 < first < last:
        raise ArgumentError(f"{option} must run upwards from A > 0, got {text}")
    if count != int(count) or not 2 <= count <= MOST_DRIVES:
        raise ArgumentError(f"{option} must have from 2 to {MOST_DRIVES} drives, got {text}")
    return np.geomspace(first, last, int(count))


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
