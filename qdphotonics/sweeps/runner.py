"""Runs the chunks of a sweep that are missing: in this process, or on the workers of a dask cluster.

The runner alone writes: workers give their chunks back through the scheduler, so that they need no folder in common. Each
worker computes one chunk at a time. A worker that dies costs the chunk that it was at, which another computes again; what
kills every worker that it is given to is recorded as failed.
"""

from __future__ import annotations

import contextlib
import math
import pickle
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from qdphotonics._version import __version__
from qdphotonics.errors import SweepError
from qdphotonics.sweeps.chunks import Chunk, Work, evaluated, failed
from qdphotonics.sweeps.store import RESUME, Keeper, Memory, opened

if TYPE_CHECKING:
    from distributed import Client, Future

TELL_EVERY_S = 0.25  # what an eye can follow
RATE_OVER_S = 30.0  # time over which the rate is taken: it follows chunks that grow dearer, and does not jump with each
LOOK_EVERY_S = 0.2  # whether a cluster has workers, while nothing ends
AHEAD = 2  # chunks that wait at the scheduler for each one that is computed
DEADLY = "every worker that computed this chunk died; was there enough memory?"
LEAST_AHEAD = 4  # so that a cluster that starts workers on demand sees a demand


@dataclass(frozen=True)
class Progress:
    """How far a sweep is.

    Parameters
    ----------
    done, total, failed : int
        Points, those of earlier runs included.
    rate_per_s : float
        Points a second in the last half minute; nan before the first chunk of this run.
    seconds_left : float
        At that rate.
    workers : int
        Processes of a cluster that compute at present.
    damaged : int
        Chunks of earlier runs that were not as they had been written, and are computed again.
    waiting : bool
        Whether a cluster has no worker at present.
    """

    done: int
    total: int
    failed: int
    rate_per_s: float
    seconds_left: float
    workers: int
    damaged: int = 0
    waiting: bool = False


Reporter = Callable[[Progress], None]


class SweepStopped(KeyboardInterrupt):
    """Ctrl-C during a sweep; its text says what is kept and how to go on."""


class _Lost(SweepError):
    """The scheduler is gone."""


class Meter:
    """Counts points and tells of them at a human pace."""

    def __init__(self, total: int, report: Reporter | None) -> None:
        self.total, self.report = total, report
        self.done = self.failed = self.damaged = 0
        self.waiting = self._told_waiting = False
        self._seen: deque[tuple[float, int]] = deque()  # (time, points of this run until then)
        self._last = -math.inf

    def begin(self, done: int, failed_points: int, damaged: int = 0) -> None:
        """Tell what earlier runs have done."""
        self.done, self.failed, self.damaged = done, failed_points, damaged
        self.start()
        self.tell(0)

    def start(self) -> None:
        """Start the clock."""
        self._seen = deque([(time.monotonic(), 0)])

    def look(self, workers: int) -> None:
        """See whether anybody computes; time in which nobody does says nothing of the pace."""
        if self.waiting:
            self._seen = deque([(time.monotonic(), self._seen[-1][1])])
        if self.waiting != (workers == 0):
            self.waiting = workers == 0
            self.tell(workers)

    def add(self, chunk: Chunk, workers: int) -> None:
        """Count a chunk."""
        self.done += len(chunk.status)
        self.failed += chunk.failed
        self._seen.append((time.monotonic(), self._seen[-1][1] + len(chunk.status)))
        while len(self._seen) > 2 and self._seen[-1][0] - self._seen[1][0] > RATE_OVER_S:
            self._seen.popleft()
        self.tell(workers)

    def tell(self, workers: int) -> None:
        """Tell, unless it was told a moment ago and there is more to come."""
        clock = time.monotonic()
        often = clock - self._last < TELL_EVERY_S and self.waiting == self._told_waiting
        if self.report is None or (often and self.done < self.total):
            return
        self._told_waiting = self.waiting
        self._last = clock
        (begun, before), (ended, after) = self._seen[0], self._seen[-1]
        rate = (after - before) / (ended - begun) if ended > begun else math.nan
        left = 0.0 if self.done == self.total else (self.total - self.done) / rate if rate > 0 else math.nan
        self.report(Progress(self.done, self.total, self.failed, rate, left, workers, self.damaged, self.waiting))


@contextlib.contextmanager
def completed(
    work: Work,
    *,
    out: Path | None = None,
    workers: int = 0,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Reporter | None = None,
) -> Iterator[Keeper]:
    """Every chunk of some work, computed as far as it is not in a store; the store is this process's meanwhile.

    Parameters
    ----------
    work : Work
    out : Path, optional
        Folder of the store; without it chunks are kept in memory.
    workers, progress
        As of :func:`run`.
    scheduler : str, optional
        Address of a dask scheduler whose workers to use instead.
    resume : bool
        Whether there may be a store already.

    Raises
    ------
    SweepError
        The scheduler does not answer; as of :func:`run` and :func:`qdphotonics.sweeps.store.opened`.
    SweepStopped
        Ctrl-C, where there is a store.
    """
    with contextlib.ExitStack() as ends:
        client = None
        if scheduler is not None:  # first of all: one that does not answer leaves no store behind
            from qdphotonics.sweeps.cluster import existing

            client = ends.enter_context(existing(scheduler))
        if out is None:
            memory = Memory(work)
            run(work, memory, workers=workers, client=client, progress=progress)
            yield memory
            return
        store = ends.enter_context(opened(out, work, resume=resume))
        try:
            run(work, store, workers=workers, client=client, progress=progress)
        except (KeyboardInterrupt, _Lost) as end:
            kept = f"{store.count()} of {work.cut.count} chunks are in {out}; go on with {RESUME}"
            raise (SweepError(f"{end}; {kept}") if isinstance(end, _Lost) else SweepStopped(f"stopped; {kept}")) from None
        yield store


def run(work: Work, keeper: Keeper, *, workers: int = 0, client: Client | None = None, progress: Reporter | None = None) -> None:
    """Compute the chunks that a keeper misses and hand them to it.

    Parameters
    ----------
    work : Work
    keeper : Keeper
    workers : int
        Processes on this machine, as far as there are chunks for them; 0, or for one chunk: this process alone.
    client : distributed.Client, optional
        Of a cluster whose workers to use instead.
    progress : callable, optional
        Called with a :class:`Progress` now and then.

    Raises
    ------
    SweepError
        The scheduler is lost, a worker has another version, the disk is full. What was stored stays.
    """
    missing, failed_points, damaged = keeper.survey()
    meter = Meter(work.cut.points, progress)
    left = sum(last - first for first, last in map(work.cut.bounds, missing))
    meter.begin(meter.total - left, failed_points, damaged)
    if not missing:
        return
    if client is None and (workers == 0 or len(missing) == 1):
        for number in missing:
            began = time.monotonic()
            chunk = evaluated(work, number)
            keeper.put(chunk, time.monotonic() - began)
            meter.add(chunk, 0)
        return
    from qdphotonics.sweeps.cluster import cluster

    with contextlib.nullcontext(client) if client is not None else cluster(min(workers, len(missing))) as crew:
        meter.start()  # what it takes to start workers says nothing of their pace
        _Crew(crew, work, keeper, meter).run(missing)


class _Crew:
    """Keeps the workers of a cluster busy until every chunk is stored."""

    def __init__(self, client: Client, work: Work, keeper: Keeper, meter: Meter) -> None:
        self.client, self.work, self.keeper, self.meter = client, work, keeper, meter
        self.payload = pickle.dumps(work)
        self.ended: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self.running: dict[Future[Any], int] = {}

    def run(self, missing: list[int]) -> None:
        """All of them; those in whose company workers died come last, each alone, so that none answers for another."""
        try:
            suspects = self._batch(deque(missing), together=True)
            for number in self._batch(deque(suspects), together=False):
                self._keep(failed(self.work, number, DEADLY), 0.0)
        except SweepError:
            raise
        except Exception as problem:  # evaluated() leaves none of a chunk's own: this is the cluster's
            raise self._explained(problem) from None

    def _batch(self, waiting: deque[int], *, together: bool) -> list[int]:
        """Compute chunks; the numbers of those that the scheduler gave up, since workers died with them."""
        from distributed import KilledWorker

        given_up = []
        while waiting or self.running:
            while waiting and len(self.running) < (max(LEAST_AHEAD, AHEAD * self._workers()) if together else 1):
                self._submit(waiting.popleft())
            future = self._next()
            number = self.running.pop(future)
            try:
                chunk, seconds = future.result()
            except KilledWorker:
                given_up.append(number)
            else:
                self._keep(chunk, seconds)
        return given_up

    def _next(self) -> Future[Any]:
        """The next task that ends; a lost connection ends, as cancelled, every task that was given."""
        while True:
            try:
                return self.ended.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                self.meter.look(self._workers())

    def _submit(self, number: int) -> None:
        order = pickle.dumps(_Order(__version__, self.payload, number))
        future = self.client.submit(pickle.loads, order, key=f"sweep-chunk-{uuid4().hex}")
        self.running[future] = number
        future.add_done_callback(self.ended.put)

    def _keep(self, chunk: Chunk, seconds: float) -> None:
        self.keeper.put(chunk, seconds)
        self.meter.add(chunk, self._workers())

    def _workers(self) -> int:
        return len(self.client.scheduler_info(n_workers=-1)["workers"])

    def _explained(self, problem: Exception) -> SweepError:
        """What went wrong that no chunk is to blame for."""
        from distributed import CancelledError

        if isinstance(problem, (OSError, CancelledError)):
            return _Lost("the connection to the dask scheduler is lost")
        told = f"{type(problem).__name__}: {problem}"
        return SweepError(f"a worker cannot take work: {told}; each needs qdphotonics {__version__} and the same Python")


_ONE_AT_A_TIME = threading.Lock()  # also where a worker has more threads: a chunk takes the whole memory of a process, or Meep


@lru_cache(maxsize=1)
def _unpickled(payload: bytes) -> Any:
    """The work of a payload, which keeps what it has prepared from one chunk to the next."""
    return pickle.loads(payload)


@dataclass(frozen=True)
class _Order:
    """A task as bytes: to unpickle it is to do it.

    A worker unpickles it inside a task, where whatever fails, a missing package first of all, is the task's own error; a
    function of ours, which dask would unpickle on arrival, takes a worker without the package down with it.
    """

    version: str
    payload: bytes
    number: int

    def __reduce__(self) -> tuple[Callable[..., tuple[Chunk, float]], tuple[str, bytes, int]]:
        return _task, (self.version, self.payload, self.number)


def _task(version: str, payload: bytes, number: int) -> tuple[Chunk, float]:
    """What a worker does: a chunk, and how long it took."""
    if __version__ != version:
        import socket

        here = f"the worker on {socket.gethostname()} has qdphotonics {__version__}"
        raise SweepError(f"{here}, the sweep was started by {version}: install one version everywhere")
    with _ONE_AT_A_TIME:
        began = time.monotonic()
        return evaluated(_unpickled(payload), number), time.monotonic() - began
