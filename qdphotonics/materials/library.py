"""Names to materials: a stack's own, those of a folder beside it, the shipped ones.

A name is sought from where it is written: in a stack, among its ``materials:``, then in the folders given, then among
the shipped files; in a file of a folder, in the folders, then among the shipped files; in a shipped file, among those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from qdphotonics._data import data_folder
from qdphotonics._yaml import Document, Loc, nearest, read_yaml, shown, validate
from qdphotonics.errors import InputError, MaterialError
from qdphotonics.materials.forms import build, valid_range
from qdphotonics.materials.material import Material, ThermalProperties
from qdphotonics.materials.schema import Described, MaterialFile, MaterialSpec

Spec = str | Mapping[str, Any] | MaterialSpec

# A file's name without parsing it: the look-up reads the head of every file in the folder
_NAME_LINE = re.compile(r"^name:[ \t]+(\"[^\"\n]*\"|'[^'\n]*'|[^\s#\"'][^\n#]*?)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_HEAD_BYTES = 4000


@dataclass(frozen=True)
class Scope:
    """Where a description stands, and so where its names are sought.

    Parameters
    ----------
    document : Document
        For messages.
    local : mapping of name to spec
        Names of the document itself, which stand under its key ``materials``.
    folders : tuple of Path
        Sought in order.
    trail : tuple of (file or None for the document's own, name)
        Materials under construction, each part of the one before: a mixture that meets one of them would never end.
    """

    document: Document
    local: Mapping[str, Spec]
    folders: tuple[Path, ...]
    trail: tuple[tuple[Path | None, str], ...] = ()

    def material(self, spec: Spec, loc: Loc) -> Material:
        """The material that is named or described at ``loc``."""
        if isinstance(spec, str):
            return self._named(spec, loc)
        # a part that goes by a name has one, and is no mapping as its declared type says: no reason for a warning on the terminal
        name = shown(spec.model_dump(exclude_unset=True, warnings=False) if isinstance(spec, MaterialSpec) else spec)
        checked = spec if isinstance(spec, MaterialSpec) else validate(self.document, MaterialSpec, self.document.error, loc)
        return self.described(checked, name, loc)

    def described(self, spec: Described, name: str, loc: Loc, file: Path | None = None) -> Material:
        """The material of a checked description that stands at ``loc``."""

        def fault(step: Loc, text: str) -> InputError:
            return self.document.fault(loc + step, text)

        built = build(spec, lambda part, step: self.material(part, loc + step), fault)
        return Material(
            name=name,
            ordinary=built.ordinary,
            extraordinary=built.extraordinary,
            form={"n": "constant", "n_o": "uniaxial"}.get(spec.form, spec.form),
            source=spec.source or built.source,
            note=spec.note,
            valid_nm=valid_range(spec, built.range_nm, fault),
            assumed={str(key): limits for key, limits in spec.assumed.items()},
            glass_transition_C=spec.glass_transition_C,
            thermal=None if spec.thermal is None else ThermalProperties(**spec.thermal.model_dump()),
            file=file,
        )

    def _named(self, name: str, loc: Loc) -> Material:
        if name in self.local:
            inner = self._entered(None, name, loc)
            return replace(inner.material(self.local[name], ("materials", name)), name=name)
        for position, folder in enumerate(self.folders):
            files = [file for file, found in _files(folder) if found == name]
            if len(files) > 1:
                raise self.document.fault(loc, f'names "{name}", which two files have: {files[0]} and {files[1]}')
            if files:
                shipped_from = position if position == len(self.folders) - 1 else 0
                inner = replace(self._entered(files[0], name, loc), local={}, folders=self.folders[shipped_from:])
                return _from_file(files[0], inner, name)
        known = [*self.local, *(found for folder in self.folders for _, found in _files(folder))]
        if loc:
            raise self.document.fault(loc, f'must be a known material, got "{name}"{nearest(name, known)}')
        hint = nearest(name, known) or "; a file of your own goes by its path, as in materials/my-film.yaml"
        raise self.document.error(f'there is no material "{name}"{hint}')

    def _entered(self, file: Path | None, name: str, loc: Loc) -> Scope:
        if (file, name) in self.trail:
            circle = (*self.trail[self.trail.index((file, name)) :], (file, name))
            raise self.document.fault(loc, "must not lead back to the material itself: " + " → ".join(f'"{told}"' for _, told in circle))
        return replace(self, trail=(*self.trail, (file, name)))


_known: dict[tuple[Path, int, int], Material] = {}


def _from_file(file: Path, scope: Scope, name: str | None = None) -> Material:
    """The material of a file; those without constituents are kept until the file changes."""
    try:
        state = file.stat()
    except OSError as problem:
        raise MaterialError(f"cannot be read: {problem.strerror or problem}", file=file) from None
    key = (file, state.st_mtime_ns, state.st_size)
    if key in _known:
        return _known[key]
    document = read_yaml(file, MaterialError)
    content = validate(document, MaterialFile, MaterialError)
    if name is not None and content.name != name:
        raise document.fault(("name",), f'must be written as plain or quoted text on a line of its own, was taken for "{name}"')
    material = replace(scope, document=document).described(content, content.name, (), file)
    if content.form not in ("mix", "uniaxial"):
        _known[key] = material
    return material


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """The material files of a folder with the name in each (the file's own name where it cannot be seen at a glance)."""
    if not folder.is_dir():
        return
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        state = file.stat()
        yield file, _name_at_a_glance(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _name_at_a_glance(file: Path, _modified: int, _size: int) -> str:
    with file.open("rb") as stream:
        found = _NAME_LINE.search(stream.read(_HEAD_BYTES).decode("utf-8", errors="replace"))
    return found[1].strip("\"'") if found else file.stem


def load_material(name: str, folders: Sequence[Path | str] = ()) -> Material:
    """Load a material by its name, or from a file.

    Parameters
    ----------
    name : str
        Name in the library, or the path of a file that ends in ``.yaml`` or ``.yml``.
    folders : sequence of Path, optional
        Folders of material files that are sought before the shipped ones.

    Returns
    -------
    Material

    Raises
    ------
    MaterialError
        No such name (the nearest are told), or a file that breaks a rule (file, line, field, rule, value are told).

    Examples
    --------
    >>> from qdphotonics.materials import load_material
    >>> load_material("L-ITO").index(630).real
    np.float64(1.6)
    """
    scope = Scope(Document(name, MaterialError), {}, _with_shipped(folders))
    if name.endswith((".yaml", ".yml")):
        file = Path(name)
        return _from_file(file, replace(scope, folders=_with_shipped((*folders, file.parent))))
    return scope.material(name, ())


def material_from_spec(
    spec: Spec,
    *,
    local: Mapping[str, Spec] | None = None,
    folders: Sequence[Path | str] = (),
    document: Document | None = None,
    loc: Loc = (),
) -> Material:
    """The material that a stack names or describes in place.

    Parameters
    ----------
    spec : str or mapping or MaterialSpec
        What stands after ``material:`` (DESIGN.md section 5): a name, ``{n: 1.6, alpha_per_cm: 161}``,
        ``{database: main/Ag/Johnson}``, ``{n_o: 1.7, n_e: 1.9}``, ``{mix: […], rule: bruggeman}`` or a form of the
        material files.
    local : mapping of name to spec, optional
        The stack's own ``materials:``.
    folders : sequence of Path, optional
        Folders of material files that are sought before the shipped ones.
    document : Document, optional
        The file that ``spec`` stands in, at ``loc``; errors are of its type and tell its lines.
    loc : tuple of str and int, optional

    Returns
    -------
    Material

    Raises
    ------
    InputError
        The document's type of error (MaterialError without a document).

    Examples
    --------
    >>> from qdphotonics.materials import material_from_spec
    >>> material_from_spec({"n": 1.6, "k": 0.001}).index(630)
    np.complex128(1.6+0.001j)
    """
    if document is None:
        document, loc = Document({"material": spec, "materials": dict(local or {})}, MaterialError), ("material",)
    return Scope(document, local or {}, _with_shipped(folders)).material(spec, loc)


def list_materials(folders: Sequence[Path | str] = ()) -> tuple[str, ...]:
    """Names of the shipped materials, and of those in ``folders``, in alphabetical order."""
    return tuple(sorted({name for folder in _with_shipped(folders) for _, name in _files(folder)}, key=str.casefold))


def _with_shipped(folders: Sequence[Path | str]) -> tuple[Path, ...]:
    return (*(Path(folder) for folder in folders), data_folder("materials"))
