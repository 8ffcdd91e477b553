"""``qdphotonics dfb``, ``bands`` and ``cavity``: lasers whose mirrors are gratings, or lie above and below the dots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qdphotonics.cli import options, output
from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    from qdphotonics.fdtd import Progress
    from qdphotonics.laser.band_map import BandMap

REPORT_EVERY_S = 5.0

PolarizationOption = Annotated[
    Literal["TE", "TM"] | None, typer.Option("--polarization", help="TE (E along the layers) unless given; TM: H along them.")
]
ModeOption = Annotated[
    str | None, typer.Option("--mode", metavar="LABEL", help="Planar mode that is coupled, as TE1; that of largest n_eff unless given.")
]
OrderOption = Annotated[int | None, typer.Option("--order", metavar="N", help="Diffraction order that feeds back, other than the file's.")]


def dfb(
    stack: options.StackArgument,
    engine: Annotated[
        Literal["coupled-wave", "bloch", "meep"], typer.Option("--engine", help="Coupled waves, rigorous Bloch modes, or FDTD.")
    ] = "coupled-wave",
    wavelength: options.WavelengthOption = None,
    polarization: PolarizationOption = None,
    mode: ModeOption = None,
    order: OrderOption = None,
    length: Annotated[
        float | None, typer.Option("--length", metavar="UM", help="A grating that ends; without end unless given (not for bloch).")
    ] = None,
    period_for: Annotated[
        str | None, typer.Option("--period-for", metavar="NM", help="Find the period with which the first edge to lase lies there.")
    ] = None,
    resolutions: Annotated[
        str | None, typer.Option("--resolutions", metavar="LO:HI", help="Of meep: pixels per µm of its two grids, 100:200 unless given.")
    ] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", metavar="S", help="Of meep: at most so long; an hour unless given.")] = None,
    plot: options.PlotOption = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Resonances of a stack with a grating: wavelengths, Q, stop band, coupling, threshold gains, by one of three engines."""
    grids = options.pair(resolutions, "--resolutions")
    if grids is not None and engine != "meep":
        raise ArgumentError(f"--resolutions is for the meep engine, got --engine {engine}")
    loaded = options.load(stack, changes)
    from qdphotonics.laser import dfb as room

    result = room.dfb(
        loaded,
        engine,
        wavelength_nm=options.wavelength(wavelength),
        polarization=polarization,
        mode=mode,
        order=order,
        length_um=length,
        period_for_nm=options.wavelength(period_for, "--period-for"),
        resolutions_per_um=room.RESOLUTIONS_PER_UM if grids is None else grids,
        timeout_s=timeout,
        progress=_reporter(),
    )
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.dfb(result))}")
    output.show_with_warnings(result, as_json)


def _reporter() -> Callable[[Progress], None]:
    """Tells on stderr how far FDTD is, every few seconds."""
    told = [0.0]

    def report(progress: Progress) -> None:
        if progress.seconds >= told[0] + REPORT_EVERY_S:
            told[0] = progress.seconds
            output.remark(f"meep: {100 * progress.share:.0f} % after {progress.seconds:.0f} s, {progress.run}")

    return report


def bands(
    stack: options.StackArgument,
    wavelength: options.WavelengthOption = None,
    polarization: PolarizationOption = None,
    mode: ModeOption = None,
    order: OrderOption = None,
    span: Annotated[float, typer.Option("--span", metavar="SHARE", help="Largest k_x from the middle, in 2π/period.")] = 0.03,
    points: Annotated[int, typer.Option("--points", metavar="N", help="k_x from the middle to that.")] = 31,
    angles: Annotated[
        str | None, typer.Option("--angles", metavar="A:B:C", help="Adds a map over angle and wavelength, from A to B in steps of C.")
    ] = None,
    wavelengths: Annotated[str | None, typer.Option("--wavelengths", metavar="A:B:C", help="Of the map; the bands' unless given.")] = None,
    side: Annotated[Literal["substrate", "superstrate"], typer.Option("--from", help="Half-space of the map's angles.")] = "superstrate",
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE", help="The bands as a table; with --angles the map.")] = None,
    plot: options.PlotOption = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Bands of a stack with a grating through its stop band, by Bloch modes; light over angle and wavelength where angles are given."""
    directions = None if angles is None else options.points(angles, "--angles")
    grid = None if wavelengths is None else options.points(wavelengths, "--wavelengths")
    loaded = options.load(stack, changes)
    from qdphotonics.laser import band_map

    result = band_map.bands(
        loaded,
        wavelength_nm=options.wavelength(wavelength),
        polarization=polarization,
        mode=mode,
        order=order,
        span=span,
        points=points,
        angles_deg=directions,
        wavelengths_nm=grid,
        side=side,
    )
    if csv is not None:
        columns = ("band", "kx_per_nm", "wavelength_nm", "q", "angle_deg")
        if directions is not None:
            columns = ("angle_deg", "wavelength_nm", "reflectance", "transmittance", "emission")
        rows = _band_rows(result) if directions is None else _map_rows(result)
        output.remark(f"the table is in {output.write_csv(csv, '--csv', columns, rows)}")
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.bands(result))}")
    output.show(result.as_dict(), result.table(), as_json, "--json or --csv")


def _band_rows(result: BandMap) -> Iterator[tuple[object, ...]]:
    for number, (nm, q, angle) in enumerate(zip(result.wavelength_nm, result.q, result.angle_deg, strict=True), start=1):
        for each in zip(result.kx_per_nm.tolist(), nm.tolist(), q.tolist(), angle.tolist(), strict=True):
            yield (number, *each)


def _map_rows(result: BandMap) -> Iterator[tuple[object, ...]]:
    spectrum, emission = result.spectrum, result.emission
    if spectrum is None:
        return
    for i, angle in enumerate(spectrum.angle_deg.tolist()):
        for j, nm in enumerate(spectrum.wavelength_nm.tolist()):
            values = (float(spectrum.reflectance[i, j]), float(spectrum.transmittance[i, j]))
            yield (angle, nm, *values, "" if emission is None else float(emission[i, j]))


def cavity(
    stack: options.StackArgument,
    wavelengths: Annotated[
        str | None, typer.Option("--wavelengths", metavar="LO:HI", help="Range, nm; 5 % around the stack's wavelength unless given.")
    ] = None,
    least_q: Annotated[float, typer.Option("--least-q", metavar="Q", help="Resonances with Q from this on.")] = 20.0,
    plot: options.PlotOption = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """Resonances of a stack along its normal, between mirrors below and above: Q, standing-wave factor, threshold gain."""
    window = options.pair(wavelengths, "--wavelengths")
    loaded = options.load(stack, changes)
    from qdphotonics.laser import vertical

    result = vertical.cavity(loaded, window, least_q=least_q)
    if plot is not None:
        output.remark(f"the figure is in {output.write_figure(plot, '--plot', lambda plots: plots.cavity(result))}")
    output.show(result.as_dict(), result.table(), as_json)
