"""``qdphotonics modes`` and ``qdphotonics spectrum``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qdphotonics.cli import options, output

if TYPE_CHECKING:
    from qdphotonics.optics import Spectrum, StackModes
    from qdphotonics.stacks import Stack

COMPONENTS = tuple(f"{letter}{axis}_{part}" for letter in "EH" for axis in "xyz" for part in ("re", "im"))
FIELD_COLUMNS = ("mode", "z_nm", "layer", "n_re", "n_im", "intensity", *COMPONENTS)


def modes(
    stack: options.StackArgument,
    wavelength: options.WavelengthOption = None,
    wavelengths: options.WavelengthsOption = None,
    polarization: options.PolarizationOption = "both",
    n_range: Annotated[str | None, typer.Option("--n-range", metavar="LO:HI", help="Bounds on Re n_eff.")] = None,
    max_loss: Annotated[float, typer.Option("--max-loss", metavar="PER_CM", help="Bound on |loss|, cm⁻¹.")] = 1e4,
    plot: Annotated[str | None, typer.Option("--plot", metavar="FILE", help="Figure: .png, .pdf or .svg.")] = None,
    fields: Annotated[str | None, typer.Option("--fields", metavar="FILE.csv", help="Field of each mode along z.")] = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Guided and leaky modes of a stack: n_eff, confinement in every layer, and where the loss sits."""
    options.at_most_one(wavelength=wavelength, wavelengths=wavelengths)
    options.at_most_one(wavelengths=wavelengths, fields=fields)
    bounds = options.pair(n_range, "--n-range")
    loaded = options.load(stack, changes)
    if wavelengths is not None:
        _followed(loaded, wavelengths, polarization, bounds, max_loss, plot, as_json)
        return
    from qdphotonics import optics

    options.announce(optics.search_seconds(loaded))
    found = optics.find_modes(loaded, options.wavelength(wavelength), polarization, bounds, max_loss)
    if fields is not None:
        output.remark(f"the fields are in {output.write_csv(fields, '--fields', FIELD_COLUMNS, _field_rows(found))}")
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.index_and_modes(found))}")
    output.show(found.as_dict(), found.table(), as_json)


def _followed(
    stack: Stack,
    wavelengths: str,
    polarization: Literal["TE", "TM", "both"],
    n_range: tuple[float, float] | None,
    max_loss: float,
    plot: str | None,
    as_json: bool,
) -> None:
    from qdphotonics import optics

    grid = options.points(wavelengths, "--wavelengths")
    options.announce(optics.search_seconds(stack, len(grid)))
    followed = optics.follow_modes(stack, grid, polarization, n_range, max_loss)
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.dispersion(followed))}")
    output.show(followed.as_dict(), followed.table(), as_json)


def _field_rows(found: StackModes) -> Iterator[tuple[object, ...]]:
    from qdphotonics import optics

    for mode in found:
        profile = optics.fields(mode)
        for point in range(len(profile.z_nm)):
            vectors = [*profile.electric[:, point].tolist(), *profile.magnetic[:, point].tolist()]
            parts = [part for value in vectors for part in (value.real, value.imag)]
            n = complex(profile.index[point])
            yield (mode.label, float(profile.z_nm[point]), profile.layer[point], n.real, n.imag, float(profile.intensity[point]), *parts)


def spectrum(
    stack: options.StackArgument,
    wavelengths: Annotated[str, typer.Option("--wavelengths", metavar="A:B:C", help="From A to B in steps of C, nm.")],
    angle: Annotated[float | None, typer.Option("--angle", metavar="DEG", help="From the normal; 0 unless given.")] = None,
    angles: Annotated[str | None, typer.Option("--angles", metavar="A:B:C", help="From A to B in steps of C.")] = None,
    side: Annotated[Literal["substrate", "superstrate"], typer.Option("--from", help="Where the light comes from.")] = "substrate",
    polarization: options.PolarizationOption = "both",
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE", help="All values as a table.")] = None,
    plot: Annotated[str | None, typer.Option("--plot", metavar="FILE", help="Figure: .png, .pdf or .svg.")] = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Reflectance, transmittance and the absorptance of each layer."""
    options.at_most_one(angle=angle, angles=angles)
    grid = options.points(wavelengths, "--wavelengths")
    directions = [angle or 0.0] if angles is None else options.points(angles, "--angles")
    loaded = options.load(stack, changes)
    from qdphotonics import optics

    result = optics.spectrum(loaded, grid, directions, side, polarization)
    if csv is not None:
        layers = (f"absorptance {name}" for name in loaded.layer_names)
        columns = ("polarization", "angle_deg", "wavelength_nm", "reflectance", "transmittance", *layers)
        output.remark(f"the table is in {output.write_csv(csv, '--csv', columns, _spectrum_rows(result))}")
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.spectrum(result))}")
    output.show(result.as_dict(), result.table(), as_json, all_of_it="--json or --csv")


def _spectrum_rows(result: Spectrum) -> Iterator[tuple[object, ...]]:
    for which, values in result.polarized.items():
        for i, angle in enumerate(result.angle_deg.tolist()):
            for j, wavelength in enumerate(result.wavelength_nm.tolist()):
                absorbed = [float(share[i, j]) for share in values.absorptance.values()]
                yield (which, angle, wavelength, float(values.reflectance[i, j]), float(values.transmittance[i, j]), *absorbed)
