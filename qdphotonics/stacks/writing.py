"""A changed stack as the text of a file of its own: what an optimiser hands to ``analyze``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
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
    found = [name for name in names if _file_of(name, folders).parent in folders]
    own = {*local, *found}  # names that mean something else in the file that is written than in a folder's or a shipped one
    return {name: _as_in_the_stack(name, folders, own) for name in found}


def _file_of(name: str, folders: Sequence[Path]) -> Path:
    """Where a material that is not the stack's own is described: a name that is found is found in a file."""
    return Path(str(material_from_spec(name, folders=folders).file))


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


def _as_in_the_stack(reference: Any, folders: Sequence[Path], own: Set[str]) -> Any:
    """A reference that stands in a material's file as it may stand in the stack, whose ``own`` materials the file never saw.

    A name of a folder's file, or of a shipped one that the stack has too, becomes what that file says; another stays.
    """
    if isinstance(reference, str):
        file = _file_of(reference, folders)
        beside = file.parent in folders
        return _as_in_the_stack(as_written(file), folders if beside else (), own) if beside or reference in own else reference
    spec = dict(reference)
    if spec.get("mix"):
        spec["mix"] = [{**part, "material": _as_in_the_stack(part["material"], folders, own)} for part in spec["mix"]]
    if spec.get("uniaxial"):
        spec["uniaxial"] = {key: _as_in_the_stack(part, folders, own) for key, part in spec["uniaxial"].items()}
    return spec
