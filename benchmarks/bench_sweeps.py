"""A million points of a sweep by one worker and by two, and what an optimum costs by gradients and without them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import qdphotonics as qdp
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
TE0 of the LED of Jung et al. (2022) followed through 100 thicknesses of the dots, 100 of the L-ITO and 100 wavelengths, without gain and
with the gain of saturation: n_eff, loss, Γ of the dots, net gain of each point, written to no disk. Wall clock; memory is what this
process and all workers held at the same time, at most. Efficiency: points a second, from the first chunk to the last, of two workers
over twice those of one.
""".strip().replace("\n", " ")


@dataclass(frozen=True)
class Run:
    """One sweep of a million points."""

    workers: int
    seconds: float  # of the whole call, the workers' start included
    points_per_s: float  # from the first chunk to the last
    peak_mib: float
    values: Mapping[str, np.ndarray]


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
    told: list[tuple[float, int]] = []
    peak = _Peak()
    start = time.monotonic()
    with peak.watched():
        results = qdp.sweep(MILLION, workers=workers, progress=lambda progress: told.append((time.monotonic(), progress.done)))
    seconds = time.monotonic() - start
    assert int((results["status"] != "tracked").sum() if "status" in results else 0) == 0  # every point was followed without a question
    computed = [each for each in told if each[1] > 0]
    (first_at, first), (last_at, last) = computed[0], computed[-1]
    values = {name: results[name].values for name in MILLION["quantities"]}
    return Run(workers, seconds, (last - first) / (last_at - first_at), peak.mib, values)


@contextmanager
def all_cores() -> Iterator[int]:
    """The other benchmarks stay on one core; here workers take them all."""
    if not hasattr(os, "sched_setaffinity"):
        yield os.cpu_count() or 1
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield len(os.sched_getaffinity(0))
    finally:
        os.sched_setaffinity(0, before)


def million_part() -> Part:
    """Time, memory, efficiency; and that the numbers are the same."""
    with all_cores():
        runs = [million(1), million(2)]
    one, two = runs
    efficiency = two.points_per_s / (2 * one.points_per_s)
    alike = all(np.array_equal(one.values[name], two.values[name]) for name in one.values)
    rows = [(f"{run.workers}", duration(run.seconds), number(run.points_per_s), f"{run.peak_mib:.0f} MiB") for run in runs]
    floors = [
        Floor("a million points by 2 workers, s", two.seconds, LONGEST_S, least=False),
        Floor("a million points by 2 workers: memory, MiB", two.peak_mib, MOST_MIB, least=False),
        Floor("parallel efficiency from 1 to 2 workers", efficiency, EFFICIENCY),
        Floor("a million points: the same bits by 1 and by 2 workers", float(alike), 1.0),
    ]
    return Part("A million points of a sweep", LEAD, [("", Table(("workers", "time", "points/s", "memory"), rows))], floors)


if __name__ == "__main__":
    part = million_part()
    print(part.text())
    for floor in part.floors:
        print(*floor.row())
