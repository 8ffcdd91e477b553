"""Whose an output folder is: no study writes into another's, where stale files would pass for its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from qdphotonics.errors import SweepError

if TYPE_CHECKING:
    from qdphotonics.sweeps.specs import Study, StudyKind

MARKS: dict[StudyKind, str] = {"sweep": "spec.json", "optimization": "optimum.json", "tolerance": "tolerance.json"}
WORDS: dict[StudyKind, str] = {"sweep": "a sweep", "optimization": "an optimisation", "tolerance": "a study of tolerances"}
INPUT = "input"  # key of a document under which the full input of its study stands


def check_folder(folder: Path, study: Study) -> None:
    """See that a folder is not another study's.

    Raises
    ------
    SweepError
        It holds the results of another kind of study, or of another optimisation. (Of two sweeps, and of two studies of
        tolerances, the store tells what differs.)
    """
    cure = "choose another folder, or remove this one"
    for kind, mark in MARKS.items():
        if kind != study.kind and (folder / mark).is_file() and _kind(folder / mark) in (kind, None):
            raise SweepError(f"{folder} holds {WORDS[kind]} ({mark}) and must not be that of {WORDS[study.kind]} too; {cure}")
    own = folder / MARKS[study.kind]
    if study.kind == "optimization" and own.is_file() and _input(own) != json.loads(json.dumps(study.as_dict())):
        raise SweepError(f"{folder} holds another {WORDS[study.kind].partition(' ')[2]} ({own.name}); {cure}")


def _kind(file: Path) -> object:
    """What study a document is of: sweeps and studies of tolerances have a ``spec.json``, both."""
    found = _input(file)
    return found.get("kind") if isinstance(found, dict) else None


def _input(file: Path) -> object:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document.get(INPUT) if isinstance(document, dict) else None
