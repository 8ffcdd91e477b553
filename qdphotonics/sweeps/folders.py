"""Whose an output folder is: no study writes into another's, where stale files would pass for its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from qdphotonics.errors import SweepError

if TYPE_CHECKING:
    from qdphotonics.sweeps.specs import Study

OPTIMUM = "optimum.json"
MARKS = {"spec.json": "a sweep or a study of tolerances", "tolerance.json": "a study of tolerances", OPTIMUM: "an optimisation"}
INPUT = "input"  # key of a document under which the full input of its study stands
CURE = "choose another folder, or remove this one"
NO_NUMBER = ("name", "version")  # of an input: changes of these are no other study


def check_folder(folder: Path, study: Study) -> None:
    """See that a folder is not another study's.

    Raises
    ------
    SweepError
        It holds another optimisation, or an optimisation where this is none, or the reverse. (Of two sweeps or studies of
        tolerances the store tells what differs.)
    """
    is_optimization = study.kind == "optimization"
    for mark, words in MARKS.items():
        foreign = (mark != OPTIMUM) if is_optimization else (mark == OPTIMUM)
        if foreign and (folder / mark).is_file():
            raise SweepError(f"{folder} holds {words} ({mark}); {CURE}")
    own = folder / OPTIMUM
    if is_optimization and own.is_file() and _compared(_input(own)) != _compared(json.loads(json.dumps(study.as_dict()))):
        raise SweepError(f"{folder} holds another optimisation ({OPTIMUM}); {CURE}")


def _compared(document: object) -> object:
    """What must be the same: all but what changes no number."""
    if not isinstance(document, dict):
        return document
    kept = {key: value for key, value in document.items() if key not in NO_NUMBER}
    written = kept.get("specification")
    if isinstance(written, dict):
        kept["specification"] = {key: value for key, value in written.items() if key not in NO_NUMBER}
    return kept


def _input(file: Path) -> object:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document.get(INPUT) if isinstance(document, dict) else None
