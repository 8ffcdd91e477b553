"""How things are timed: one pinned core, contenders in turns, medians.

Times are CPU time of the whole process, which on a quiet machine is wall-clock time; other people's programs do not
count. Contenders take turns, so that all of them meet the same clock frequency and the same full caches, and a ratio is
the median of the turns' ratios.
"""

from __future__ import annotations

import gc
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

Turns = Mapping[str, NDArray[np.float64]]  # name -> seconds of one call, [round]


@dataclass(frozen=True)
class Contender:
    """Work to be timed; ``calls`` in a row make a turn, so that a turn is long against the clock's tick."""

    name: str
    work: Callable[[], object]
    calls: int = 1

    def turn(self) -> float:
        """CPU seconds of one call; garbage is collected between turns, as timeit does it: the peers fill the heap.

        Before calls in a row one more is made that does not count: a virtual machine takes free memory back within seconds,
        and the first to touch it again waits for the host (0.2 s for 40 MB), whoever that is.
        """
        gc.collect()
        gc.disable()
        if self.calls > 1:
            self.work()
        try:
            start = process_time()
            for _ in range(self.calls):
                self.work()
            return (process_time() - start) / self.calls
        finally:
            gc.enable()


def take_turns(contenders: Sequence[Contender], rounds: int, *, warm: bool = True) -> Turns:
    """Seconds of a call of each contender in each round, after a first call that does not count."""
    if warm:
        for contender in contenders:
            contender.work()
    seconds = np.array([[contender.turn() for contender in contenders] for _ in range(rounds)])
    return {contender.name: seconds[:, place] for place, contender in enumerate(contenders)}


def median_of(turns: Turns, name: str) -> float:
    """Median seconds of a call."""
    return float(np.median(turns[name]))


def ratio(turns: Turns, name: str, unit: str) -> float:
    """How many calls of ``unit`` a call of ``name`` costs."""
    return float(np.median(turns[name] / turns[unit]))


def pin_to_one_core() -> None:
    """This process and those that it starts stay on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def machine() -> str:
    """Processor, cores, Python and the libraries that matter, without the machine's name."""
    import numba
    import scipy

    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = [line.split(":", 1) for line in cpuinfo.read_text("utf-8").splitlines() if ":" in line]
        facts = {name.strip(): value.strip() for name, value in lines}
        flags = facts.get("flags", "").split()
        vectors = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), "no AVX2")
        generation = ", ".join(f"{name} {facts[key]}" for name, key in (("family", "cpu family"), ("model", "model")) if key in facts)
        model = f"{facts.get('model name', model)} ({generation}; {vectors})"
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, numba {numba.__version__}"
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; {versions}"
