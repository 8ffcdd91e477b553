"""The one door to Meep: a job in, a result out."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError, EngineError
from qdphotonics.fdtd import cache, process, worker
from qdphotonics.fdtd.interpreter import Meep, required_meep
from qdphotonics.fdtd.job import FORMAT, Job
from qdphotonics.fdtd.process import Reporter

TIMEOUT_S = 3600.0


@dataclass(frozen=True)
class Ring:
    """A damped oscillation that Harminv heard.

    Parameters
    ----------
    frequency : float
        Re f [c/um].
    decay : float
        Im f [c/um]; negative where it decays.
    amplitude, error : float
    """

    frequency: float
    decay: float
    amplitude: float
    error: float

    @property
    def omega(self) -> complex:
        """Complex angular frequency [c/um]."""
        return 2.0 * pi * complex(self.frequency, self.decay)


@dataclass(frozen=True, eq=False)
class RunResult:
    """What one run gave: the rings heard at each probe, and the maps asked for."""

    name: str
    steps: int
    heard: tuple[tuple[Ring, ...], ...]
    maps: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class JobResult:
    """What a job gave.

    Parameters
    ----------
    title : str
    runs : tuple of RunResult
    meep_version : str
    processes : int
        Of MPI.
    seconds : float
        Waited for it now.
    cached : bool
        Whether it had been computed before.
    """

    title: str
    runs: tuple[RunResult, ...]
    meep_version: str
    processes: int
    seconds: float
    cached: bool

    def __getitem__(self, name: str) -> RunResult:
        """The run of a name."""
        for each in self.runs:
            if each.name == name:
                return each
        raise ArgumentError(f'no run "{name}" in job "{self.title}"; its runs are: {", ".join(each.name for each in self.runs)}')


def run(job: Job, timeout_s: float = TIMEOUT_S, progress: Reporter | None = None, processes: int | None = None) -> JobResult:
    """Run a job in Meep; one that was run before returns at once.

    Parameters
    ----------
    job : Job
    timeout_s : float
        The job is ended after so many seconds.
    progress : callable, optional
        Called with a Progress (share of the whole, name of the run, seconds) a few times a second.
    processes : int, optional
        Of MPI, where Meep is a build for it; one a core unless given.

    Returns
    -------
    JobResult

    Raises
    ------
    EngineError
        Meep is missing, was killed, crashed, took too long, or refused the job; the disk is full.
    """
    if not timeout_s > 0:
        raise ArgumentError(f"Argument `timeout_s` must be > 0 s, but is {timeout_s}")
    if processes is not None and processes < 1:
        raise ArgumentError(f"Argument `processes` must be at least 1, but is {processes}")
    began = time.monotonic()
    document, arrays = job.written()
    meep = required_meep()
    key = cache.key_of(json.dumps(document, sort_keys=True), _digest(arrays), Path(worker.__file__).read_bytes(), meep.version)
    kept = cache.get(key)
    if kept is not None:
        result = _read(job, kept, began, cached=True)
        if result is not None:
            return result
    content = _computed(document, arrays, meep, timeout_s, progress, processes)
    result = _read(job, content, began, cached=False)
    if result is None:
        raise EngineError(f"FDTD: {meep.interpreter} gave a result of another form than this version of qdphotonics reads")
    cache.put(key, content)
    return result


def _digest(arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _computed(
    document: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    meep: Meep,
    timeout_s: float,
    progress: Reporter | None,
    processes: int | None,
) -> bytes:
    """The result file of a worker that is run for it in a temporary folder, which is gone afterwards."""
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix="qdphotonics-fdtd-"))
        write_job(folder, document, arrays)
        process.run(process.command(meep, folder, processes), folder, timeout_s, progress)
        return (folder / "result.npz").read_bytes()
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise process.disk_full(folder or Path(tempfile.gettempdir(), "job")) from None
        raise EngineError(f"FDTD: {problem.filename or tempfile.gettempdir()}: {problem.strerror}") from None
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def write_job(folder: Path, document: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """The worker's input, with the process that waits for its result."""
    with (folder / "arrays.npz").open("wb") as file:
        named: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
        np.savez(file, **named)
    (folder / "job.json").write_text(json.dumps({**document, "owner": os.getpid()}), "utf-8")


def _read(job: Job, content: bytes, began: float, *, cached: bool) -> JobResult | None:
    """The result in a worker's file; None where it is damaged or of another form."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            document = json.loads(str(file["document"]))
            fields = {name: file[name] for name in file.files if name != "document"}
        if document["format"] != FORMAT or len(document["runs"]) != len(job.runs):
            return None
        runs = tuple(
            RunResult(
                name=told["name"],
                steps=int(told["steps"]),
                heard=tuple(tuple(Ring(*map(float, ring)) for ring in probe) for probe in told["heard"]),
                maps={name.split("/", 1)[1]: array for name, array in fields.items() if name.startswith(f"{position}/")},
            )
            for position, told in enumerate(document["runs"])
        )
        seconds = time.monotonic() - began
        return JobResult(job.title, runs, str(document["meep"]), int(document["processes"]), seconds, cached)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
