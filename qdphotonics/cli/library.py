"""``qdphotonics materials`` and ``qdphotonics stacks``: what is shipped, shown, drawn and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qdphotonics.cli import options, output
from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qdphotonics.materials import Material, ThermalProperties

SHOWN_AT_NM = 630.0  # where most of the dots emit; the nearest end of a material's range if it is not known there
LONGEST_SOURCE = 70  # of a line in a list

materials = typer.Typer(name="materials", help="The library of optical constants.", invoke_without_command=True)
stacks = typer.Typer(name="stacks", help="The shipped stacks, and the form of a stack file.", invoke_without_command=True)
materials.callback()(options.help_without_command)
stacks.callback()(options.help_without_command)


@materials.command("list")
def list_materials(
    database: Annotated[
        str | None, typer.Option("--database", metavar="WORD", help="Pages of refractiveindex.info with this word instead.")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Names, ranges and sources of the shipped materials, and the gain media; or pages of the database."""
    if database is not None:
        _list_pages(database, as_json)
        return
    from qdphotonics.materials import list_materials as names
    from qdphotonics.materials import load_material

    loaded = [load_material(name) for name in names()]
    rows = [(m.name, m.form, _range_text(m), "yes" if m.assumed else "", _shortened(m.source)) for m in loaded]
    media = _media()
    document = {"materials": [_described(material) for material in loaded], "media": media}
    notes = ("Any page of refractiveindex.info is a material too: `materials list --database WORD` finds it.",)
    output.show(document, (f"{len(rows)} materials", ("name", "form", "nm", "assumed", "source"), rows, notes), as_json)
    if not as_json:
        gains = [(m["medium"], f"{m['material_gain_per_cm']:g}", f"{m['gain_wavelength_nm']:.0f}", _shortened(m["source"])) for m in media]
        output.show({}, (f"{len(gains)} gain media", ("name", "gain cm⁻¹", "nm", "source"), gains, ()), as_json)


def _media() -> list[dict[str, Any]]:
    from qdphotonics.gain import list_media, load_medium

    keys = ("material_gain_per_cm", "gain_wavelength_nm", "source")
    loaded = [load_medium(name) for name in list_media()]
    return [{"medium": medium.name, **{key: getattr(medium, key) for key in keys}} for medium in loaded]


def _list_pages(word: str, as_json: bool) -> None:
    from qdphotonics.materials.database import pages

    found = pages(*word.split())
    notes = ["in a stack: material: {database: shelf/book/page}"] if found else [f"no page has {word!r} in its shelf, book or page"]
    if len(found) > output.MOST_ROWS:
        notes.append(f"and {len(found) - output.MOST_ROWS} more: add a word, as in --database 'Ag Johnson', or --json")
    rows = [(page,) for page in found[: output.MOST_ROWS]]
    table = (f"{len(found)} page{'' if len(found) == 1 else 's'} of refractiveindex.info", ("shelf/book/page",), rows, notes)
    output.show({"pages": list(found)}, table, as_json)


@materials.command("show")
def show_material(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Or the path of a material file.")],
    wavelength: Annotated[
        str | None, typer.Option("--wavelength", metavar="NM", help="630 unless given; nm, or with a suffix: 630nm, 0.63um, 1.97eV.")
    ] = None,
    wavelengths: options.WavelengthsOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """One material: its index, where it comes from, and what in it is assumed."""
    options.at_most_one(wavelength=wavelength, wavelengths=wavelengths)
    from qdphotonics.materials import load_material
    from qdphotonics.optics import plain
    from qdphotonics.units import loss_per_cm

    material = load_material(name)
    grid = _grid(material, options.wavelength(wavelength), wavelengths)
    index, normal = material.index(grid), material.index_extraordinary(grid)
    losses = loss_per_cm(index.imag, grid)
    columns = {"wavelength_nm": grid, "index": index, "index_extraordinary": normal, "loss_per_cm": losses}
    document = _described(material) | {key: plain(values) for key, values in columns.items()}
    rows = [
        (f"{nm:g}", f"{n.real:.5f}", f"{n.imag:.4g}", f"{loss:.4g}", f"{e.real:.5f}{e.imag:+.3g}i" if material.is_uniaxial else "")
        for nm, n, loss, e in zip(grid, index, losses, normal, strict=True)
    ]
    notes = [f"source: {material.source}" if material.source else "", material.note, _assumed_text(material)]
    if material.glass_transition_C is not None:
        notes.append(f"glass transition at {material.glass_transition_C:g} °C")
    if material.thermal is not None:
        heat = material.thermal
        values = f"{heat.conductivity_W_per_mK:g} W/mK, {heat.heat_capacity_J_per_cm3K:g} J/cm³K"
        notes += [f"heat: {values}; {heat.source}", _assumed_text(heat)]
    table = (f"{material.name} ({material.form}, {_range_text(material)})", ("nm", "n", "k", "cm⁻¹", "n_e"), rows, [n for n in notes if n])
    output.show(document, table, as_json)


@materials.command("plot")
def plot_material(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help=".png, .pdf or .svg; NAME.png unless given.")] = None,
    wavelengths: options.WavelengthsOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """A figure of n and k over wavelength."""
    from qdphotonics.materials import load_material

    material = load_material(name)
    grid = None if wavelengths is None else options.points(wavelengths, "--wavelengths")
    target = output.write_figure(file or f"{name.replace('/', '-')}.png", "FILE", lambda plots: plots.material_index(material, grid))
    _done({"material": name, "file": str(target)}, as_json)


@stacks.command("list")
def list_stacks(as_json: options.JsonOption = False) -> None:
    """Names and references of the shipped stacks."""
    from qdphotonics.stacks import list_stacks as names
    from qdphotonics.stacks import load_stack

    loaded = {name: load_stack(name) for name in names()}
    document = {"stacks": [{"stack": name, "name": each.name, "reference": each.reference} for name, each in loaded.items()]}
    rows = [(name, each.name, _shortened(each.reference)) for name, each in loaded.items()]
    output.show(document, (f"{len(rows)} stacks", ("stack", "name", "reference"), rows, ()), as_json)


@stacks.command("show")
def show_stack(stack: options.StackArgument, changes: options.SetOption = [], as_json: options.JsonOption = False) -> None:  # noqa: B006
    """The layers of a stack, top first, with thickness and index."""
    loaded = options.load(stack, changes)
    output.show(loaded.as_dict(), loaded.table(), as_json)


@stacks.command("plot")
def plot_stack(
    stack: options.StackArgument,
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help=".png, .pdf or .svg; named after the stack unless given.")] = None,
    changes: options.SetOption = [],  # noqa: B006 - typer copies it
    as_json: options.JsonOption = False,
) -> None:
    """A picture of a stack, to scale."""
    from pathlib import Path

    loaded = options.load(stack, changes)
    target = output.write_figure(file or f"{Path(stack).stem}.png", "FILE", lambda plots: plots.stack_picture(loaded))
    _done({"stack": loaded.name, "file": str(target)}, as_json)


@stacks.command("copy")
def copy_stack(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a shipped stack.", autocompletion=options.stack_names)],
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="NAME.yaml in this folder unless given.")] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Copy a shipped stack here, as a start for one's own."""
    from pathlib import Path

    from qdphotonics.stacks import stack_file

    text = stack_file(name).read_text(encoding="utf-8")
    path = file or f"{Path(name).stem}.yaml"
    if Path(path).exists():
        raise ArgumentError(f"FILE must not exist yet, but {path} does: give another name")
    target = output.written(path, "FILE", lambda place: _write_text(place, text))
    _done({"stack": name, "file": str(target)}, as_json)


@stacks.command("schema")
def schema(as_json: options.JsonOption = False) -> None:
    """The JSON Schema of stack files, for editors; with --json inside a numbered document."""
    import json

    from qdphotonics.stacks import json_schema

    if as_json:
        output.show({"json_schema": json_schema()}, None, as_json)
    else:
        typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _write_text(place: Any, text: str) -> None:
    place.write_text(text, encoding="utf-8")


def _done(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        output.show(document, None, as_json)
    else:
        typer.echo(document["file"])


def _described(material: Material) -> dict[str, Any]:
    from qdphotonics.optics import plain

    keys = ["source", "note", "form", "valid_nm", "assumed", "glass_transition_C", "is_uniaxial"]
    return {"material": material.name, **{key: plain(getattr(material, key)) for key in keys}}


def _grid(material: Material, wavelength: float | None, wavelengths: str | None) -> NDArray[np.float64]:
    """The wavelengths asked for, else one where the material is known."""
    import numpy as np

    if wavelengths is not None:
        return options.points(wavelengths, "--wavelengths")
    if wavelength is not None:
        return np.array([wavelength])
    low, high = material.valid_nm or (0.0, np.inf)
    return np.array([min(max(SHOWN_AT_NM, low), high)])


def _range_text(material: Material) -> str:
    return "any" if material.valid_nm is None else f"{material.valid_nm[0]:.5g}–{material.valid_nm[1]:.5g}"


def _assumed_text(material: Material | ThermalProperties) -> str:
    ranges = ", ".join(f"{quantity} between {low:g} and {high:g}" for quantity, (low, high) in material.assumed.items())
    return f"assumed, for no source gives it: {ranges}" if ranges else ""


def _shortened(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_SOURCE else one_line[: LONGEST_SOURCE - 1] + "…"
