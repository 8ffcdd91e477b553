"""A changed stack as the text of a file of its own: what an optimiser hands to ``analyze``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qdphotonics._yaml import yaml_text
from qdphotonics.materials import material_from_spec
from qdphotonics.stacks.library_materials import as_written, folders_beside
from qdphotonics.stacks.overrides import plain_value
from qdphotonics.stacks.schema import StackSpec
from qdphotonics.stacks.stack import Stack

DIGITS = 6  # of a changed number: a thousandth of a nm in a thickness, a millionth of a resonance's wavelength


def written_stack(stack: Stack, changes: Mapping[str, object] | Sequence[str] = (), note: str = "") -> str:
    """The YAML text of a changed stack, for a file anywhere.

    The layout of the base's own file and its comments are not kept: what they say of values need not hold any more. Materials
    of a folder beside the base are written into the stack, whose file may lie elsewhere; a gain medium that lies beside it is
    named by its whole path.

    Parameters
    ----------
    stack : Stack
        The base.
    changes : mapping of path to value, or sequence of "PATH=VALUE"
        As for :meth:`Stack.changed`; numbers of a mapping are rounded to ``DIGITS`` digits.
    note : str
        Stands behind the base's own note.

    Returns
    -------
    str

    Raises
    ------
    StackError
        As :meth:`Stack.changed`.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> text = written_stack(qdp.load_stack("jung2022-lito-ag"), {"layers.QD.thickness": 101.23456789}, "QD layer by hand.")
    >>> print(text.splitlines()[8])
      - {name: QD, material: ccg-QD film, thickness: 101.235, role: gain}
    """
    made = {path: rounded(value) for path, value in changes.items()} if isinstance(changes, Mapping) else changes
    changed = stack.changed(made) if made else stack
    data = dict(changed.document.data)
    if note:
        data["note"] = f"{changed.note} {note}".lstrip()
    embedded = _of_folders(changed)
    if embedded:
        data["materials"] = {**(data.get("materials") or {}), **embedded}
    if changed.medium is not None:
        data["gain"] = {**data["gain"], "medium": _medium(changed)}
    return yaml_text({key: plain_value(data[key]) for key in StackSpec.model_fields if key in data})


def rounded(value: Any) -> Any:
    """A value with its numbers rounded to ``DIGITS`` digits.

    Examples
    --------
    >>> rounded(95.00000000000001), rounded({"n": 1.9, "k": 1.23456789e-4}), rounded("110 nm")
    (95.0, {'n': 1.9, 'k': 0.000123457}, '110 nm')
    """
    value = plain_value(value)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _medium(stack: Stack) -> str | None:
    """How a file anywhere names the stack's medium."""
    if stack.medium is None or stack.file is None:
        return stack.medium
    beside = stack.file.parent
    places = (beside / stack.medium, *(beside / "materials" / "gain" / f"{stack.medium}{ending}" for ending in (".yaml", ".yml")))
    found = next((place for place in places if place.is_file()), None)
    return stack.medium if found is None else str(found.resolve())


# Materials of a folder beside the base


def _of_folders(stack: Stack) -> dict[str, Any]:
    """The materials of a folder beside the stack that it is made of, each as the stack itself would write it."""
    folders = folders_beside(stack.document)
    data = stack.document.data
    local: Mapping[str, Any] = data.get("materials") or {}
    references = [data["substrate"], data["superstrate"], *_layer_materials(data["layers"]), *local.values()]
    names = dict.fromkeys(name for reference in references for name in _names(reference) if name not in local)
    found = {name: _from_folder(name, folders, local) for name in names}
    return {name: spec for name, spec in found.items() if not isinstance(spec, str)}


def _layer_materials(items: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    for item in items:
        if "layers" in item:
            yield from _layer_materials(item["layers"])
        else:
            yield item["material"]


def _names(reference: Any) -> Iterator[str]:
    """Names in a reference to a material, those of its constituents included."""
    if isinstance(reference, str):
        yield reference
    elif isinstance(reference, Mapping):
        for part in reference.get("mix") or ():
            yield from _names(part["material"])
        for part in (reference.get("uniaxial") or {}).values():
            yield from _names(part)


def _from_folder(reference: Any, folders: Sequence[Path], local: Mapping[str, Any]) -> Any:
    """A reference that stands in a folder's file, or leads to one, as it may stand in the stack.

    A name of another file of the folder becomes what that file says; that of a shipped material stays, unless the stack has a
    material of its own by that name, which the file did not mean.
    """
    if isinstance(reference, str):
        file = material_from_spec(reference, folders=folders).file
        if file is None or (file.parent not in folders and reference not in local):
            return reference
        return _from_folder(as_written(file), folders if file.parent in folders else (), local)
    spec = dict(reference)
    if spec.get("mix"):
        spec["mix"] = [{**part, "material": _from_folder(part["material"], folders, local)} for part in spec["mix"]]
    if spec.get("uniaxial"):
        spec["uniaxial"] = {key: _from_folder(part, folders, local) for key, part in spec["uniaxial"].items()}
    return spec
