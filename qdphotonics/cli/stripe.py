"""``qdphotonics ase`` and ``qdphotonics vsl-fit``: light from the edge of a stripe, computed and measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qdphotonics.cli import options, output
from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    from qdphotonics.laser import EdgeEmission, StripeFit

MOST_VALUES = 200_000  # currents times wavelengths


def ase(
    stack: options.StackArgument,
    medium: options.MediumOption = None,
    current_density: options.CurrentOption = None,
    currents: options.CurrentsOption = None,
    length: Annotated[float, typer.Option("--length", metavar="UM", help="Of the stripe.")] = 300.0,
    width: Annotated[
        float | None, typer.Option("--width", metavar="UM", help="Of the stripe; the drive's area over the length, or 30, unless given.")
    ] = None,
    mode: Annotated[str | None, typer.Option("--mode", metavar="LABEL", help="One mode; all that reach the dots unless given.")] = None,
    monolayers: options.MonolayersOption = 1.0,
    wavelengths: options.WavelengthsOption = None,
    csv: options.CsvOption = None,
    plot: options.PlotOption = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Amplified spontaneous emission from the edge of a stripe: spectra, line width and power against the current."""
    options.at_most_one(current_density=current_density, currents=currents)
    several = options.ladder(currents, "--currents")
    grid = None if wavelengths is None else options.points(wavelengths, "--wavelengths")
    values = (1 if grid is None else grid.size) * (1 if several is None else several.size)
    if values > MOST_VALUES:
        raise ArgumentError(f"currents times wavelengths must be at most {MOST_VALUES}, got {values}")
    loaded = options.load(stack, changes, gain_is_used=True)
    from qdphotonics import laser

    result = laser.ase(
        loaded,
        medium,
        current_density if several is None else several,
        length_um=length,
        width_um=width,
        mode=mode,
        monolayers=monolayers,
        wavelengths_nm=grid,
    )
    if csv is not None:
        columns = ("current_density_A_per_cm2", "wavelength_nm", "spectrum_W_per_nm")
        output.remark(f"the table is in {output.write_csv(csv, '--csv', columns, _spectra(result))}")
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.edge_emission(result))}")
    output.show_with_warnings(result, as_json, "--json or --csv")


def _spectra(result: EdgeEmission) -> Iterator[tuple[object, ...]]:
    for current, spectrum in zip(result.current_density_A_per_cm2.tolist(), result.spectrum_W_per_nm.tolist(), strict=True):
        for nm, power in zip(result.wavelength_nm.tolist(), spectrum, strict=True):
            yield (current, nm, power)


def vsl_fit(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help='Columns with a header, as in "length_um,intensity".')],
    model: Annotated[
        Literal["best", "linear-plus-exponential", "amplified"],
        typer.Option("--model", help="A·l + B·exp(G·l), (A/G)·(exp(G·l) − 1), or the one that fits better."),
    ] = "best",
    noise: Annotated[
        Literal["relative", "absolute"], typer.Option("--noise", help="Scatter in proportion to the signal, or the same everywhere.")
    ] = "relative",
    confidence: Annotated[float, typer.Option("--confidence", metavar="P", help="Of the interval.")] = 0.95,
    longest: Annotated[
        float | None, typer.Option("--longest", metavar="UM", help="Fit up to this length; saturation is looked for unless given.")
    ] = None,
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE", help="Data beside the fit, as a table.")] = None,
    plot: options.PlotOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Net gain in intensities measured at many stripe lengths, with its confidence interval."""
    from qdphotonics import laser

    result = laser.fit_vsl(file, model, noise=noise, confidence=confidence, longest_um=longest)
    if csv is not None:
        columns = ("length_um", "intensity", "fit", "used")
        output.remark(f"the table is in {output.write_csv(csv, '--csv', columns, _points(result))}")
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.stripe_lengths(result))}")
    output.show_with_warnings(result, as_json)


def _points(result: StripeFit) -> Iterator[tuple[object, ...]]:
    fit = result.fit
    yield from zip(fit.length_um.tolist(), fit.intensity.tolist(), fit.curve(fit.length_um).tolist(), fit.used.tolist(), strict=True)
