"""Real processes for the tests of the runner: started, watched, killed, and counted."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

TOP = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0  # for what takes a second or two on an idle machine


def start(*arguments: str, cwd: Path, output: IO[str] | int = subprocess.PIPE, **environment: str) -> subprocess.Popen[str]:
    """A Python process in a session of its own, whose temporary files are in its own folder."""
    (cwd / "temporary").mkdir(exist_ok=True)
    here = {**os.environ, "PYTHONPATH": str(TOP), "TMPDIR": str(cwd / "temporary"), **environment}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd,
        env=here,
        start_new_session=True,
        stdout=output,
        stderr=output,
        text=True,
    )


def toy(folder: Path, seconds: float, workers: int, *scheduler: str, simulated_from: int = 100) -> subprocess.Popen[str]:
    """The toy's own command line, on the store ``out`` and the log ``log`` of a folder."""
    arguments = [str(folder / "out"), str(folder / "log"), str(seconds), str(workers), str(simulated_from), *scheduler]
    return start("-c", "from tests.sweeps.toy import main; main()", *arguments, cwd=folder)


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def family(folder: Path) -> list[int]:
    """Processes that have a folder's temporary files as theirs, whoever their parents are by now: a runner, workers, Meep."""
    mark = f"TMPDIR={folder / 'temporary'}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
            if state not in "ZX" and mark in (entry / "environ").read_bytes() + b"\0":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def workers_of(folder: Path) -> list[int]:
    """Of these the processes that compute: those that have loaded a chunk, as the log tells."""
    log = folder / "log"
    told = {int(line.split()[2]) for line in log.read_text().splitlines()} if log.exists() else set()
    return [each for each in family(folder) if each in told]


def kill(*processes: int) -> None:
    """SIGKILL, at once."""
    for each in processes:
        os.kill(each, signal.SIGKILL)


def stored(folder: Path) -> set[int]:
    """Numbers of the chunks in the store of a folder."""
    return {int(file.stem) for file in (folder / "out" / "chunks").glob("[0-9]*.npz")}


def simulations(folder: Path) -> set[int]:
    """Of the processes of a folder those that are Meep."""
    found = set()
    for each in family(folder):
        with contextlib.suppress(OSError):
            if b"/fdtd/worker.py" in Path(f"/proc/{each}/cmdline").read_bytes():
                found.add(each)
    return found


class Grid:
    """A dask scheduler and workers, each a process started by dask's own command, the workers without nannies."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.started = folder, list[subprocess.Popen[str]]()
        note = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(note))
        until(lambda: note.exists() and "tcp://" in note.read_text())
        self.address = re.findall(r"tcp://[0-9.:]+", note.read_text())[0]

    def worker(self, **environment: str) -> None:
        """One more."""
        self._start("worker", self.address, "--nthreads", "1", "--no-nanny", **environment)

    def _start(self, *arguments: str, **environment: str) -> None:
        with (self.folder / f"said-{len(self.started)}").open("w") as said:
            command = ("-m", "dask", *arguments, "--no-dashboard")
            self.started.append(start(*command, cwd=self.folder, output=said, **environment))

    def kill(self) -> None:
        """SIGKILL of all."""
        for process in self.started:
            process.kill()
            process.wait()
