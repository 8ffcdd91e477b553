"""A million points of a sweep, by one worker, by two …

    python -m benchmarks.bench_sweeps 2     # one run by two workers, as JSON
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import qdphotonics as qdp
from benchmarks.environment import TOP
from benchmarks.report import Floor, Part, Table, duration, number

MILLION: Mapping[str, Any] = {
    "name": "A million points of M2",
    "stack": "jung2022-lito-ag",
    "axes": {
        "layers.QD.thickness": {"from": 50, "to": 149, "count": 100},
        "layers.L-ITO.thickness": {"from": 150, "to": 348, "count": 100},
        "wavelength": {"from": 610, "to": 659.5, "count": 100},
    },
    "quantities": ["n_eff", "loss_per_cm", "confinement.QD", "net_gain_per_cm"],
}
LONGEST_S = 60.0
MOST_MIB = 2048.0
EFFICIENCY = 0.8
MIB = 2**20
LOOK_EVERY_S = 0.1
LEAD = """
TE0 of the LED of Jung et al. (2022) followed through 100 thicknesses of the dots, 100 of the L-ITO and 100 wavelengths, without gain
and with the gain of saturation: n_eff, loss, Γ of the dots, net gain of each point, written to no disk. Each run is a process of its
own, on all cores, by the wall clock; memory is what it and its workers held at the same time, at most. Efficiency: points a second,
from the first chunk to the last, of two workers over twice those of one.
""".strip().replace("\n", " ")


@dataclass(frozen=True)
class Run:
    """One sweep of a million points."""

    workers: int
    seconds: float  # of the whole call, the workers' start included
    points_per_s: float  # from the first chunk to the last
    peak_mib: float
    doubtful: int  # points that were not followed without a question
    digest: str  # of all numbers


class _Peak:
    """The most memory that this process and its descendants held at the same time [MiB]."""

    def __init__(self) -> None:
        self.mib = 0.0
        self._done = threading.Event()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look now and then while the context lasts."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._done.set()
            watcher.join()

    def _watch(self) -> None:
        import psutil

        this = psutil.Process()
        while not self._done.wait(LOOK_EVERY_S):
            held = 0
            for process in (this, *this.children(recursive=True)):
                try:
                    held += process.memory_info().rss
                except psutil.NoSuchProcess:  # a worker that ended meanwhile
                    continue
            self.mib = max(self.mib, held / MIB)


def million(workers: int) -> Run:
    """The sweep, by so many workers."""
    if hasattr(os, "sched_setaffinity"):  # the other benchmarks stay on one core
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    told: list[tuple[float, int]] = []
    peak = _Peak()
    start = time.monotonic()
    with peak.watched():
        results = qdp.sweep(MILLION, workers=workers, progress=lambda progress: told.append((time.monotonic(), progress.done)))
    seconds = time.monotonic() - start
    computed = [each for each in told if each[1] > 0]
    (first_at, first), (last_at, last) = computed[0], computed[-1]
    digest = sha256(b"".join(results[name].values.tobytes() for name in MILLION["quantities"])).hexdigest()
    doubtful = int((results["status"].values != "tracked").sum()) if "status" in results else 0
    return Run(workers, seconds, (last - first) / (last_at - first_at), peak.mib, doubtful, digest)


def measured(workers: int) -> Run:
    """The same in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.bench_sweeps", str(workers)]
    return Run(**json.loads(subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout))


def part(workers: Sequence[int] = (1, 2)) -> Part:
    """Time, memory, efficiency; and that the numbers are the same, bit for bit."""
    runs = {count: measured(count) for count in workers}
    efficiency = runs[2].points_per_s / (2 * runs[1].points_per_s)
    rows = [(f"{run.workers}", duration(run.seconds), number(run.points_per_s), f"{run.peak_mib:.0f} MiB") for run in runs.values()]
    counts = ", ".join(map(str, workers))
    floors = [
        Floor("a million points by 2 workers, s", runs[2].seconds, LONGEST_S, least=False),
        Floor("a million points by 2 workers: memory, MiB", runs[2].peak_mib, MOST_MIB, least=False),
        Floor("a million points: parallel efficiency from 1 to 2 workers", efficiency, EFFICIENCY),
        Floor(f"a million points: different results by {counts} workers", len({run.digest for run in runs.values()}), 1, least=False),
        Floor("a million points: points followed with a question", max(run.doubtful for run in runs.values()), 0, least=False),
    ]
    return Part("A million points of a sweep", LEAD, [("", Table(("workers", "time", "points/s", "memory"), rows))], floors)


if __name__ == "__main__":
    print(json.dumps(asdict(million(int(sys.argv[1])))))
