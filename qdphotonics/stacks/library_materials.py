"""One key of a library material changed by path: the rest of what the library says goes along into the stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qdphotonics._yaml import Document, Loc, nearest, printable, quoted, read_yaml, shown
from qdphotonics.errors import MaterialError, StackError
from qdphotonics.materials import list_materials, material_from_spec


def folders_beside(document: Document) -> list[Path]:
    """Folders of materials that go before the shipped ones: ``materials/`` beside the file."""
    beside = None if document.file is None else document.file.parent / "materials"
    return [beside] if beside is not None and beside.is_dir() else []


def with_library_material(document: Document, steps: Loc, text: str) -> Document:
    """The document in which a path into ``materials.NAME`` finds the material that it is about.

    A stack's own ``materials:`` go before those of the library, so ``materials.L-ITO.n=1.65`` makes one; were ``n`` all that
    it says, the loss of L-ITO would be gone without a word.

    Parameters
    ----------
    document : Document
    steps : tuple of str and int
        The path of a change.
    text : str
        The change as written, for messages.

    Returns
    -------
    Document
        With ``materials.NAME`` as the library describes it, where the path leads into it and the stack has none of the name.

    Raises
    ------
    StackError
        No material of the name, or one that is more than a number at all wavelengths.
    """
    if len(steps) < 3 or steps[0] != "materials" or not isinstance(document.data, dict):
        return document
    name, own = str(steps[1]), document.data.get("materials") or {}
    if not isinstance(own, dict) or name in own:
        return document
    return document.replaced(("materials", name), _as_in_a_stack(document, name, str(steps[2]), text), text)


def _as_in_a_stack(document: Document, name: str, key: str, text: str) -> dict[str, Any]:
    """What the stack would write for the library's material, but for what is assumed of the key that is about to change."""
    folders = folders_beside(document)
    whole = f"written whole, as in materials.{quoted(name)}={{n: 1.6}}"
    if name not in list_materials(folders):
        told = nearest(name, list_materials(folders)) or f"; a new one is {whole}"
        raise _fault(document, f"{text}: there is no material {shown(name)}{told}")
    try:
        material = material_from_spec(name, folders=folders)
    except MaterialError as problem:
        raise _fault(document, f"{text}: {problem}") from None
    if material.form != "constant" or material.file is None:
        told = f"the material {shown(name)} depends on the wavelength ({material.form}), so one number of it cannot be changed"
        raise _fault(document, f"{text}: {told}; another may be {whole}")
    given = as_written(material.file)
    assumed = {entry: limits for entry, limits in (given.pop("assumed", None) or {}).items() if entry != key}
    return {**given, **({"assumed": assumed} if assumed else {}), "source": f"{given['source']}; {key} changed"}


def as_written(file: Path) -> dict[str, Any]:
    """What a material's file says, as a stack writes it in place."""
    given = read_yaml(file, MaterialError).data
    return {**(given.get("constant") or {}), **{key: value for key, value in given.items() if key not in ("name", "constant")}}


def _fault(document: Document, told: str) -> StackError:
    return StackError(printable(told), file=document.file, line=document.line(("materials",)))
