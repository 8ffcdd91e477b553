"""Results by content: a job that was run before returns at once.

The key of a job holds all that its result depends on: the job, the worker's code and Meep's version. Nothing to write
to, or a full disk, costs the run and never the result.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path


def folder() -> Path | None:
    """``qdphotonics/fdtd`` in ``XDG_CACHE_HOME`` (unset or empty: in ``~/.cache``); None for a user without a home."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "qdphotonics", "fdtd")
    return place if place.is_absolute() else None


def key_of(*parts: str | bytes) -> str:
    """Hash of texts, each with its length so that no two lists of texts agree."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d\0" % len(data))
        digest.update(data)
    return digest.hexdigest()


def get(key: str, suffix: str = ".npz") -> bytes | None:
    """What was kept under a key; None where nothing is."""
    place = folder()
    if place is None:
        return None
    try:
        return (place / f"{key}{suffix}").read_bytes()
    except OSError:
        return None


def put(key: str, content: bytes, suffix: str = ".npz") -> None:
    """Keep a result; another process that reads meanwhile sees all of it or nothing."""
    place = folder()
    if place is None:
        return
    unfinished: str | None = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=place, prefix=".unfinished-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, place / f"{key}{suffix}")
    except OSError:
        if unfinished is not None:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)


def get_text(key: str) -> str | None:
    """As :func:`get`, of a short text."""
    kept = get(key, ".txt")
    return None if kept is None else kept.decode("utf-8", "replace")


def put_text(key: str, text: str) -> None:
    """As :func:`put`, of a short text."""
    put(key, text.encode(), ".txt")
