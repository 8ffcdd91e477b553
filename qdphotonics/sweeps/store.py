"""Where the chunks of a sweep are kept: a folder that survives a crash at any moment.

::

    FOLDER/spec.json            what is computed, written before anything else
    FOLDER/chunks/000042.npz    one file a chunk, never changed once it is there
    FOLDER/completed.log        one line of JSON a chunk, in the order of completion, for people
    FOLDER/lock                 held by the one runner that may write

A file appears under its name only when all of it is on the disk: it is written under another name, flushed to the disk
and renamed, and the folder is flushed, too. What is damaged all the same (a file ends with a hash of all of it) counts as
missing and is computed again.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import io
import json
import os
import struct
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

import numpy as np

from qdphotonics._version import __version__
from qdphotonics._yaml import shown
from qdphotonics.errors import SweepError
from qdphotonics.sweeps.chunks import Chunk, Work

FORMAT = 1
UNFINISHED = ".unfinished-"
MOST_CHANGES = 4  # of a specification, that a message lists
NO_NUMBER = ("name", "quantities")  # of a specification: what it is called, and the order of what is wanted, change no number
DERIVED = "index"  # numbers that follow from what was written: told only where nothing else differs
HASH_BYTES = 64  # of a SHA-256 in hexadecimal digits
RESUME = "--resume (in Python: resume=True)"


class Survey(NamedTuple):
    """What a keeper has, and has not.

    Parameters
    ----------
    missing : list of int
        Numbers of the chunks that are still to be computed, those that are damaged included.
    failed : int
        Points of the other chunks that failed.
    damaged : int
        Chunks that are there and are not what was written.
    """

    missing: list[int]
    failed: int
    damaged: int


class Keeper(Protocol):
    """What chunks are handed to and come back from."""

    work: Work
    created: str

    def survey(self) -> Survey:
        """What is still to be computed."""
        ...

    def put(self, chunk: Chunk, seconds: float) -> None:
        """Keep a chunk that took some time."""
        ...

    def get(self, number: int) -> Chunk | None:
        """A chunk; None where it is missing."""
        ...


class Memory:
    """Keeps chunks as long as the program runs."""

    def __init__(self, work: Work) -> None:
        self.work, self.created, self._chunks = work, now(), dict[int, Chunk]()

    def survey(self) -> Survey:
        """What is still to be computed."""
        missing = [number for number in range(self.work.cut.count) if number not in self._chunks]
        return Survey(missing, sum(chunk.failed for chunk in self._chunks.values()), 0)

    def put(self, chunk: Chunk, seconds: float) -> None:
        """Keep a chunk."""
        self._chunks[chunk.number] = chunk

    def get(self, number: int) -> Chunk | None:
        """A chunk; None where it is missing."""
        return self._chunks.get(number)


class Store:
    """Keeps chunks in a folder; made by :func:`opened`."""

    def __init__(self, folder: Path, work: Work, header: dict[str, Any]) -> None:
        self.folder, self.work = folder, work
        self.created: str = header["created"]
        self.fingerprint: str = header["fingerprint"]

    def survey(self) -> Survey:
        """What is still to be computed; reads all files."""
        missing, failed, damaged = [], 0, 0
        for number in range(self.work.cut.count):
            chunk = self.get(number)
            if chunk is None:
                missing.append(number)
                damaged += self._file(number).exists()
            else:
                failed += chunk.failed
        return Survey(missing, failed, damaged)

    def put(self, chunk: Chunk, seconds: float) -> None:
        """Keep a chunk; it is on the disk when this returns.

        Raises
        ------
        SweepError
            The disk is full, or cannot be written to.
        """
        with writing(self.folder, f"; {RESUME} goes on from what is stored there"):
            write(self._file(chunk.number), _packed(chunk, self.fingerprint))
            told = {"chunk": chunk.number, "points": len(chunk.status), "failed": chunk.failed, "seconds": round(seconds, 3), "at": now()}
            with (self.folder / "completed.log").open("a", encoding="utf-8") as file:
                file.write(json.dumps(told) + "\n")

    def get(self, number: int) -> Chunk | None:
        """A chunk; None where it is missing, damaged or of another sweep."""
        try:
            return _unpacked(self._file(number).read_bytes(), number, self.work, self.fingerprint)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise SweepError(f"{problem.filename or self._file(number)}: {problem.strerror}") from None

    def count(self) -> int:
        """How many chunks there are, whether or not a file is damaged."""
        return len(_files(self.folder))

    def _file(self, number: int) -> Path:
        return self.folder / "chunks" / f"{number:06d}.npz"


@contextlib.contextmanager
def opened(folder: Path, work: Work, *, resume: bool) -> Iterator[Store]:
    """The store of some work, new or to be gone on with, for this process alone.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    work : Work
    resume : bool
        Whether there may be a store already.

    Raises
    ------
    SweepError
        There is a store with chunks and ``resume`` is False; it is of another specification or another version of qdphotonics, or
        another process works on it; the folder cannot be written to.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+", encoding="utf-8")
    with lock:
        _take(lock, folder)
        header = _header(work)
        kept = _kept_header(folder)
        if kept is not None and not _files(folder):
            kept = None  # it failed before a chunk was stored: the scheduler was not there, Meep was missing
        if kept is not None:
            _compare(folder, header, kept, resume=resume)
        with writing(folder):
            (folder / "chunks").mkdir(exist_ok=True)
            for place in (folder, folder / "chunks"):  # what a crash left
                for file in place.glob(f"{UNFINISHED}*"):
                    file.unlink()
            if kept is not None:
                header["created"] = kept["created"]
            if kept != header:
                write(folder / "spec.json", json.dumps(header, indent=1, ensure_ascii=False).encode())
        yield Store(folder, work, header)


def write(file: Path, content: bytes) -> None:
    """Write a file so that it is there as a whole or not at all, and still there after the power fails."""
    handle, unfinished = tempfile.mkstemp(dir=file.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        finish(Path(unfinished), file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def finish(unfinished: Path, file: Path) -> None:
    """Give a file that is on the disk its name, readable as any other, and put the name on the disk, too."""
    mask = os.umask(0o022)
    os.umask(mask)
    unfinished.chmod(0o666 & ~mask)  # mkstemp makes files for their owner alone
    os.replace(unfinished, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def now() -> str:
    """Date and time, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextlib.contextmanager
def writing(folder: Path, cure: str = "") -> Iterator[None]:
    """What the system refuses while something is written, in words."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SweepError(f"no space left for {folder}; free some{cure}") from None
        raise SweepError(f"cannot write to {problem.filename or folder}: {problem.strerror}{cure}") from None


def _take(lock: IO[str], folder: Path) -> None:
    """Take the lock, which the system gives back when this process ends, however it ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        who = lock.read(200).strip()
        raise SweepError(f"another sweep is writing to {folder}{f' ({who})' if who else ''}; wait for it or stop it") from None
    except OSError as problem:
        raise SweepError(f"cannot lock {folder}: {problem.strerror}; choose a folder on another file system") from None
    with writing(folder):
        lock.truncate(0)
        lock.write(f"process {os.getpid()} on {os.uname().nodename}\n")
        lock.flush()


def _header(work: Work) -> dict[str, Any]:
    """What ``spec.json`` holds."""
    cut = work.cut
    header = {"input": work.as_dict(), "quantities": list(work.names), "shape": list(cut.shape), "points_of_a_chunk": cut.target}
    text = json.dumps(_identity(header), sort_keys=True, ensure_ascii=False)
    told: dict[str, Any] = json.loads(json.dumps(header))
    return {
        "format": FORMAT,
        "qdphotonics": __version__,
        "created": now(),
        "fingerprint": hashlib.sha256(text.encode()).hexdigest(),
        "points": cut.points,
        "chunks": cut.count,
        **told,
    }


def _identity(header: dict[str, Any]) -> dict[str, Any]:
    """What the numbers follow from, of a header; what was written comes first, what follows from it last."""
    given = dict(header["input"])
    index = {"index": given.pop("index")} if "index" in given else {}
    if "specification" in given:
        written = {key: value for key, value in given["specification"].items() if key not in NO_NUMBER}
        given = {"specification": written, **{key: value for key, value in given.items() if key != "specification"}}
    return {
        "input": {**given, "quantities": sorted(header["quantities"]), **index},
        "shape": header["shape"],
        "points_of_a_chunk": header["points_of_a_chunk"],
    }


def _kept_header(folder: Path) -> dict[str, Any] | None:
    """The header of the store in a folder; None where there is no store."""
    file = folder / "spec.json"
    try:
        header = json.loads(file.read_text("utf-8"))
        header["format"], header["fingerprint"], header["created"], header["qdphotonics"]
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise SweepError(f"{file}: {problem.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise SweepError(f"{file} is not the head of a sweep's store, or damaged; choose another folder") from None
    return dict(header)


def _files(folder: Path) -> list[Path]:
    return list((folder / "chunks").glob("[0-9]*.npz"))


def _compare(folder: Path, header: dict[str, Any], kept: dict[str, Any], *, resume: bool) -> None:
    """Refuse a store that this work cannot go on with."""
    elsewhere = "choose another folder"
    what = "study" if "tolerance" in (kept["input"].get("kind"), header["input"].get("kind")) else "sweep"
    if (kept["format"], kept["qdphotonics"]) != (header["format"], header["qdphotonics"]):
        versions = f"qdphotonics {kept['qdphotonics']}, and this is {header['qdphotonics']}"
        raise SweepError(f"the sweep in {folder} was begun by {versions}: its numbers may differ; {elsewhere}, or install that version")
    if kept["fingerprint"] != header["fingerprint"]:
        old, new = _identity(kept), _identity(header)
        changes = list(_changes(old["input"], new["input"])) or list(_changes(old, new))  # the shape follows from the input
        written = [each for each in changes if not each.startswith(DERIVED)]
        changes = written or changes
        more = f" and {len(changes) - MOST_CHANGES} more" if len(changes) > MOST_CHANGES else ""
        raise SweepError(f"{folder} holds another {what}: {'; '.join(changes[:MOST_CHANGES])}{more}; {elsewhere}")
    if not resume:
        raise SweepError(f"{folder} holds this {what} already, begun {kept['created']}; go on with {RESUME}, or {elsewhere}")


def _changes(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """What differs between two headers, in words."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _changes(old.get(key), new.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and any(isinstance(each, dict) for each in old):
        for position, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _changes(before, after, f"{place}[{position}]")
    elif old != new:
        yield f"{place} was {shown(old)}, now {shown(new)}"


def _packed(chunk: Chunk, fingerprint: str) -> bytes:
    """A chunk as a file; the same chunk gives the same bytes."""
    texts = list(dict.fromkeys(chunk.errors.values()))
    place = {text: position for position, text in enumerate(texts)}
    document = {"format": FORMAT, "fingerprint": fingerprint, "number": chunk.number, "names": list(chunk.values), "texts": texts}
    points = np.fromiter(chunk.errors, dtype=np.int64, count=len(chunk.errors))
    said = np.array([place[text] for text in chunk.errors.values()], dtype=np.int64)
    values = np.array(list(chunk.values.values()), dtype=np.float64).reshape(len(chunk.values), len(chunk.status))
    content = io.BytesIO()
    written = np.frombuffer(json.dumps(document, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez(content, document=written, values=values, status=chunk.status, error_points=points, error_texts=said)
    body = content.getvalue()[:-2] + struct.pack("<H", HASH_BYTES)  # the hash is the comment that a zip archive may end with
    return body + _hash(body)


def _hash(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _unpacked(content: bytes, number: int, work: Work, fingerprint: str) -> Chunk | None:
    """The chunk in a file; None where it is damaged or another's."""
    body, written = content[:-HASH_BYTES], content[-HASH_BYTES:]
    if _hash(body) != written:  # before anything reads it, which could fail in any way, or believe it
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        document = json.loads(bytes(file["document"]))
        values, status = dict(zip(document["names"], file["values"], strict=True)), file["status"]
        points, said = file["error_points"].tolist(), file["error_texts"].tolist()
    if (document["format"], document["fingerprint"], document["number"]) != (FORMAT, fingerprint, number):
        return None
    errors = {point: document["texts"][position] for point, position in zip(points, said, strict=True)}
    return Chunk(number, {name: values[name] for name in work.names}, status, errors)
