"""The one door to dask: a cluster of this machine's own, or an existing scheduler.

A cluster's workers are processes of one thread, started and, should they die, started again by dask; they end with this
process, however it ends. They do not run the user's script again (as processes of Python's multiprocessing do), need no
``if __name__ == "__main__"``, use one thread for linear algebra, and are deaf to Ctrl-C, which is the runner's to answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import resource_tracker, spawn
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdphotonics.errors import SweepError

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

FOLDERS = "qdphotonics-sweep-"  # how the names of temporary folders begin
OWNER = "owner"  # the file in each that its process holds locked
CONNECT_S = 7.0  # how long an existing scheduler may take to answer
END_S = 0.5  # how long a worker may take to end before it is killed: nothing that it has is needed any more
DEATHS = 3  # of workers that a chunk may see before it is set aside


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[Client]:
    """A cluster on this machine, as long as the context lasts.

    Raises
    ------
    SweepError
        The processes cannot be started.
    """
    import dask
    from distributed import Client, LocalCluster

    with contextlib.ExitStack() as ends:
        folder = ends.enter_context(temporary_folder())
        settings = {
            "temporary-directory": folder,
            "distributed.scheduler.allowed-failures": DEATHS,
            "distributed.worker.profile.enabled": False,
            "distributed.admin.system-monitor.gil.enabled": False,
        }
        ends.enter_context(dask.config.set(settings))
        ends.enter_context(_quiet())
        ends.enter_context(_without_script())
        try:
            with _deaf_to_interrupts():
                local = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",  # any free port; None would try 8787 first, and warn where it is taken
                    memory_limit=0,
                    local_directory=folder,
                    silence_logs=logging.CRITICAL,
                    env=dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
                )
        except (OSError, RuntimeError, TimeoutError) as problem:
            raise SweepError(f"cannot start {workers} workers: {problem}; try fewer") from None
        ends.callback(_close, local)
        yield ends.enter_context(Client(local, set_as_default=False))


@contextlib.contextmanager
def temporary_folder() -> Iterator[str]:
    """A folder for a cluster's files, as long as the context lasts; those that killed processes left are removed.

    Each holds a file that its process has locked, a lock that the system gives back when the process ends, however it ends:
    a folder whose file can be locked has no owner any more.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*/{OWNER}"):
        with contextlib.suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=FOLDERS, ignore_cleanup_errors=True) as folder:
        unlocked = Path(folder, f"{OWNER}.unlocked")  # no name by which it could be found before it is locked
        with unlocked.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            unlocked.rename(Path(folder, OWNER))
            yield folder


@contextlib.contextmanager
def existing(address: str) -> Iterator[Client]:
    """A client of a scheduler that runs elsewhere.

    Raises
    ------
    SweepError
        It does not answer.
    """
    from distributed import Client

    with contextlib.ExitStack() as ends:
        ends.enter_context(_quiet())
        try:
            with ThreadPoolExecutor(1) as pool:  # a notebook's own thread has an event loop already
                kind = pool.submit(lambda: asyncio.run(asyncio.wait_for(_kind(address), CONNECT_S))).result()
            if kind != "Scheduler":
                raise ValueError(f"there is a {kind}")
            client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError, ImportError) as problem:
            told = "" if isinstance(problem, TimeoutError) or not str(problem) else f" ({problem})"
            cure = "is it running, is the address right (tcp://HOST:8786), does a firewall stand between?"
            raise SweepError(f"the scheduler {address} does not answer{told}; {cure}") from None
        yield ends.enter_context(client)


async def _kind(address: str) -> str:
    """What answers at an address; a Client would wait for ever for one that takes the call and says nothing."""
    from distributed import Security
    from distributed.core import rpc

    async with rpc(address, timeout=CONNECT_S, connection_args=Security().get_connection_args("client")) as called:
        return str((await called.identity())["type"])


def _close(local: LocalCluster) -> None:
    """End the workers at once, busy or not, then the rest."""

    async def end() -> None:
        await asyncio.gather(*(worker.close(timeout=END_S) for worker in local.workers.values()))

    local.sync(end)
    local.close()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of the logs of dask and of what it stands on: what matters becomes an error of ours."""
    from distributed.utils import silence_logging_cmgr

    loop = logging.getLogger("asyncio")  # tells of connections to workers that died; it has no handler of its own to be silenced
    before = loop.level
    with silence_logging_cmgr(logging.CRITICAL), silence_logging_cmgr(logging.CRITICAL, root="tornado"):
        loop.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            loop.setLevel(before)


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Threads and processes that start meanwhile never see Ctrl-C, nor do those that they start."""
    resource_tracker.ensure_running()  # it unblocks the signal for itself, and for the thread that starts it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _without_script() -> Iterator[None]:
    """Processes that start meanwhile do not import the program's main script: no worker needs anything from there."""
    prepare = spawn.get_preparation_data

    def bare(name: str) -> dict[str, Any]:
        return {key: value for key, value in prepare(name).items() if not key.startswith("init_main")}

    spawn.get_preparation_data = bare
    try:
        yield
    finally:
        spawn.get_preparation_data = prepare
