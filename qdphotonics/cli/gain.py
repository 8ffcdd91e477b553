"""``qdphotonics gain`` and ``qdphotonics thresholds``: a gain medium by itself, without a stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from qdphotonics.cli import options, output
from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    from qdphotonics.gain import MediumGain

MOST_VALUES = 2_000_000  # drives times wavelengths: beyond is a slip of the keyboard

IntensityOption = Annotated[
    float | None, typer.Option("--intensity", metavar="I", help="Drive: steady intensity of the pump light at the dots [W/cm²].")
]


def gain(
    medium: options.MediumArgument,
    current_density: options.CurrentOption = None,
    intensity: IntensityOption = None,
    fluence: options.FluenceOption = None,
    currents: options.CurrentsOption = None,
    intensities: Annotated[
        str | None, typer.Option("--intensities", metavar="A:B:N", help="N intensities from A to B in equal ratios [W/cm²].")
    ] = None,
    fluences: Annotated[
        str | None, typer.Option("--fluences", metavar="A:B:N", help="N fluences from A to B in equal ratios [J/cm²].")
    ] = None,
    wavelengths: options.WavelengthsOption = None,
    charge: options.ChargeOption = None,
    radius: options.RadiusOption = None,
    temperature: options.TemperatureOption = None,
    monolayers: options.MonolayersOption = 1.0,
    max_pairs: options.PairsOption = None,
    csv: options.CsvOption = None,
    plot: options.PlotOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Gain of a medium over wavelength under a drive, or under many, and how its dots are occupied."""
    options.at_most_one(
        current_density=current_density, intensity=intensity, fluence=fluence, currents=currents, intensities=intensities, fluences=fluences
    )
    ladders = {"--currents": currents, "--intensities": intensities, "--fluences": fluences}
    several = [options.ladder(text, option) for option, text in ladders.items()]
    drives = [one if many is None else many for one, many in zip((current_density, intensity, fluence), several, strict=True)]
    grid = None if wavelengths is None else options.points(wavelengths, "--wavelengths")
    values = (1 if grid is None else grid.size) * max(1 if many is None else many.size for many in several)
    if values > MOST_VALUES:
        raise ArgumentError(f"drives times wavelengths must be at most {MOST_VALUES}, got {values}")
    from qdphotonics.gain import medium_gain

    current, light, pulse = drives
    result = medium_gain(
        medium,
        grid,
        current_density_A_per_cm2=current,
        intensity_W_per_cm2=light,
        fluence_J_per_cm2=pulse,
        charge=charge,
        radius_nm=radius,
        temperature_K=temperature,
        monolayers=monolayers,
        max_pairs=max_pairs,
    )
    if csv is not None:
        columns = (result.drive_key, "wavelength_nm", "gain_per_cm", "excitons_per_dot", *(f"P_{n}" for n in range(result.pairs.shape[-1])))
        output.remark(f"the table is in {output.write_csv(csv, '--csv', columns, _gain_rows(result))}")
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.medium_gain(result))}")
    output.show_with_warnings(result, as_json, "--json or --csv")


def _gain_rows(result: MediumGain) -> Iterator[tuple[object, ...]]:
    import numpy as np

    spectra, pairs = np.atleast_2d(result.gain_per_cm), np.atleast_2d(result.pairs)
    for drive, spectrum, filled, states in zip(
        np.atleast_1d(result.drive).tolist(), spectra, np.atleast_1d(result.excitons_per_dot).tolist(), pairs.tolist(), strict=True
    ):
        for nm, value in zip(result.wavelength_nm.tolist(), spectrum.tolist(), strict=True):
            yield (drive, nm, value, filled, *states)


def thresholds(
    medium: options.MediumArgument,
    charge: options.ChargeOption = None,
    radius: options.RadiusOption = None,
    temperature: options.TemperatureOption = None,
    monolayers: options.MonolayersOption = 1.0,
    max_pairs: options.PairsOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Current, light and pulses that make a medium transparent, and half saturate it, for each of its transitions."""
    from qdphotonics import gain as room

    result = room.thresholds(
        medium, charge=charge, radius_nm=radius, temperature_K=temperature, monolayers=monolayers, max_pairs=max_pairs
    )
    output.show_with_warnings(result, as_json)
