"""``qdphotonics analyze`` and ``qdphotonics compare``."""

from __future__ import annotations

from typing import Annotated

import typer

from qdphotonics.cli import options, output
from qdphotonics.errors import ArgumentError


def analyze(
    stack: options.StackArgument,
    medium: options.MediumOption = None,
    current_density: options.CurrentOption = None,
    fluence: options.FluenceOption = None,
    mode: Annotated[str | None, typer.Option("--mode", metavar="LABEL", help="As TE0; the mode of largest net gain unless given.")] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="DIR", help="Folder for report.json and the figures.")] = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Net modal gain, thresholds, heating and a verdict: can this stack amplify and lase, and what stands in the way."""
    options.at_most_one(current_density=current_density, fluence=fluence)
    loaded = options.load(stack, changes, gain_is_used=True)
    from qdphotonics import laser

    options.announce(laser.analysis_seconds(loaded))
    report = laser.analyze(loaded, medium, current_density, fluence, mode)
    if out is not None:
        from qdphotonics import plots

        output.written(out, "--out", lambda folder: plots.save_report(report, folder))
        output.remark(f"report.json and the figures are in {out}")
    output.show_with_warnings(report, as_json)


def compare(
    stacks: Annotated[list[str], typer.Argument(metavar="STACK STACK...", help="Two or more stacks.")],
    medium: options.MediumOption = None,
    current_density: options.CurrentOption = None,
    fluence: options.FluenceOption = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Several stacks side by side: n_eff, confinement, loss, net gain and verdict."""
    options.at_most_one(current_density=current_density, fluence=fluence)
    if len(stacks) < 2:
        raise ArgumentError("compare must be given at least two stacks")
    loaded = [options.load(stack, changes, gain_is_used=True) for stack in stacks]
    from qdphotonics import laser

    options.announce(sum(laser.analysis_seconds(stack) for stack in loaded))
    comparison = laser.compare([laser.analyze(stack, medium, current_density, fluence) for stack in loaded])
    output.show(comparison.as_dict(), comparison.table(), as_json)
