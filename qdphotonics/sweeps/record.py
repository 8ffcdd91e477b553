"""The full input of a study as plain values: what a result carries, and what tells one study from another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdphotonics._plain import plain
from qdphotonics._version import __version__
from qdphotonics._yaml import read_yaml
from qdphotonics.errors import InputError

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.specs import Study


def full_input(study: Study) -> dict[str, Any]:
    """Everything that a study's numbers follow from, whatever machine it lies on: no path of a file, no time.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict
        In JSON's types: ``kind``, ``version``, ``specification`` (as written), ``stack`` (the base as written, ``set`` done),
        ``index`` [layer][re, im] of the base at its wavelength, ``materials`` and ``media`` (the content of each file that
        the base, or a value of an axis that is no number, refers to).
    """
    stacks = list(_stacks(study))
    materials = {material.file for stack in stacks for material in stack.materials if material.file is not None}
    media = {file for file in map(_medium_file, stacks) if file is not None}
    written = {key: value for key, value in study.document.data.items() if key != "stack"}
    return {
        "kind": study.kind,
        "version": __version__,
        "specification": plain(written),
        "stack": plain(study.stack.document.data),
        "index": plain(study.stack.index()),
        "materials": _contents(materials),
        "media": _contents(media),
    }


def _stacks(study: Study) -> Iterator[Stack]:
    """The base, and the base with every material and medium that an axis brings in."""
    yield study.stack
    for axis in study.swept:
        if not axis.numeric:
            for value in axis.values:
                try:
                    yield study.stack.changed({axis.path: value})
                except InputError:  # one that needs another axis to be changed with it
                    continue


def _medium_file(stack: Stack) -> Path | None:
    from qdphotonics.laser import medium_of

    if stack.medium is None:
        return None
    try:
        return medium_of(stack, None).file
    except InputError:  # a study of modes alone, which does not need it
        return None


def _contents(files: set[Path]) -> dict[str, Any]:
    """What the files hold, by their names; two of one name go by their contents."""
    found = sorted(((file.stem, plain(read_yaml(file, InputError).data)) for file in files), key=repr)
    counted: dict[str, Any] = {}
    for stem, content in found:
        counted[stem if stem not in counted else f"{stem} {len(counted)}"] = content
    return counted
