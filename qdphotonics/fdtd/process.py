"""One worker as a process session of its own: started, watched, and ended whatever happens.

A session holds the worker and all that it starts (under MPI: the launcher and its ranks), and nothing else does; so
ending it leaves nothing behind. The worker tells its progress through a file, since Meep prints on stdout.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qdphotonics.errors import EngineError
from qdphotonics.fdtd import worker
from qdphotonics.fdtd.interpreter import Meep

POLL_S = 0.05
GRACE_S = 2.0  # between the request to end and the end: a launcher passes it on to its ranks
LAST_GRACE_S = 10.0  # for the system to end what was killed
MOST_READ = 1 << 16  # bytes at a time, of progress and of what was printed
SHOWN_LINES = 3  # of what a crashed worker printed last
UNFLUSHED = 120  # Python's exit code where the last of what was printed could not be written
DISK_CURE = "free some space, or set TMPDIR to a folder with more"


@dataclass(frozen=True)
class Progress:
    """How far a job is: ``share`` from 0 to 1, and the run that is on."""

    share: float
    run: str
    seconds: float


Reporter = Callable[[Progress], None]


def command(meep: Meep, folder: Path, processes: int | None = None) -> list[str]:
    """The command line of a worker; through ``mpirun`` where Meep is a build for MPI and there is one."""
    alone = [meep.interpreter, "-I", worker.__file__, str(folder)]
    launcher = _launcher(meep) if meep.mpi else None
    if launcher is None:
        return alone
    return [launcher, "-np", str(processes or len(os.sched_getaffinity(0))), *alone]


def _launcher(meep: Meep) -> str | None:
    """The ``mpirun`` beside the interpreter (that of its conda environment), else the one on the path."""
    beside = shutil.which("mpirun", path=str(Path(meep.interpreter).parent))
    return beside or shutil.which("mpirun")


def run(line: list[str], folder: Path, timeout_s: float, progress: Reporter | None) -> None:
    """Run a worker in its folder until it is done; the result is there when this returns.

    Raises
    ------
    EngineError
        It could not be started, took longer than the timeout, was killed, crashed, or says why it failed.
    """
    began = time.monotonic()
    try:
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                line,
                cwd=folder,
                start_new_session=True,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder) from None
        raise EngineError(f"FDTD: {line[0]} could not be started: {problem.strerror}") from None
    try:
        watched = _Progress(folder / "progress", began, progress)
        while process.poll() is None:
            if time.monotonic() - began > timeout_s:
                raise EngineError(f"FDTD: not done after {timeout_s:g} s ({watched.told()}); allow more time or lower the resolution")
            watched.look()
            time.sleep(POLL_S)
        watched.look()
    finally:  # Ctrl-C, too
        end_session(process)
    _judge(process.returncode, folder)


def end_session(process: subprocess.Popen[bytes]) -> None:
    """End whatever of a worker's session still runs; quick where nothing does."""
    deadline = time.monotonic() + GRACE_S
    if process.poll() is None:
        _signal(process.pid, signal.SIGTERM)
    while (left := _members(process)) and time.monotonic() < deadline:
        _signal(process.pid, signal.SIGTERM)
        time.sleep(POLL_S)
    deadline = time.monotonic() + LAST_GRACE_S
    while left and time.monotonic() < deadline:
        for member in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        time.sleep(POLL_S)
        left = _members(process)
    process.wait()


def _signal(session: int, number: signal.Signals) -> None:
    """A signal to the worker's process group; ranks with groups of their own get it from their launcher."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(session, number)


def _members(process: subprocess.Popen[bytes]) -> list[int]:
    """Process ids of the session that are still running."""
    process.poll()  # takes the worker off the list once it is done
    members = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = entry.read_text("utf-8", "replace").rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(session) == process.pid and state not in "ZX":
            members.append(int(entry.parent.name))
    return members


def _environment() -> dict[str, str]:
    """One thread a process (MPI is for more); an MPI launcher that runs as root, as in a container, wants to be told twice."""
    settings = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    if os.geteuid() == 0:
        settings |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return {**os.environ, **settings}


class _Progress:
    """Reads the worker's progress lines as they come."""

    def __init__(self, file: Path, began: float, report: Reporter | None) -> None:
        self.file, self.began, self.report = file, began, report
        self.position, self.last = 0, Progress(0.0, "start", 0.0)

    def look(self) -> None:
        """Report what is new, the last of several lines."""
        try:
            with self.file.open("rb") as file:
                file.seek(self.position)
                new = file.read(MOST_READ)
        except OSError:
            return
        whole = new[: new.rfind(b"\n") + 1]
        if not whole:
            return
        self.position += len(whole)
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a line cut short by a full disk
            told = json.loads(whole.splitlines()[-1])
            self.last = Progress(float(told["share"]), str(told["run"]), time.monotonic() - self.began)
            if self.report is not None:
                self.report(self.last)

    def told(self) -> str:
        """How far it came, for a message."""
        return f"{100 * self.last.share:.0f} %, in run {self.last.run}"


def _judge(code: int, folder: Path) -> None:
    """An EngineError unless the worker left a result."""
    if code in (0, UNFLUSHED) and (folder / "result.npz").is_file():
        return
    if code in (worker.DISK_FULL, UNFLUSHED):
        raise disk_full(folder)
    said = _said(folder)
    if code == worker.JOB_FAILED and said:
        raise EngineError(f"FDTD: {said}")
    if code < 0 or code > 128:
        number = -code if code < 0 else code - 128
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        cure = "; was there enough memory? a lower resolution needs less" if number == signal.SIGKILL else ""
        raise EngineError(f"FDTD: Meep was killed by {name}{cure}{_last_words(folder)}")
    raise EngineError(f"FDTD: Meep stopped with exit code {code} and without a result{_last_words(folder)}")


def disk_full(folder: Path) -> EngineError:
    """The error of a disk without room for a job or its result."""
    return EngineError(f"FDTD: no space left in {folder.parent}; {DISK_CURE}")


def _said(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / "error.json").read_text("utf-8"))["message"])
    except (OSError, ValueError, KeyError):
        return None


def _last_words(folder: Path) -> str:
    try:
        with (folder / "output").open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - MOST_READ))
            lines = [text for text in file.read(MOST_READ).decode("utf-8", "replace").splitlines() if text.strip()]
    except OSError:
        return ""
    words = [text for text in lines if not text.startswith("Elapsed run time")][-SHOWN_LINES:]
    return f". It said: {' | '.join(words)}" if words else ""
