"""Work that the runner can run without any physics: numbers from a formula, and mishaps on demand."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qdphotonics.errors import SweepError
from qdphotonics.sweeps.chunks import Chunk, Cut
from qdphotonics.sweeps.runner import SweepStopped, completed


@dataclass(frozen=True)
class Toy:
    """Two quantities of a grid of points; every seventh point fails.

    Parameters
    ----------
    log : str
        File to which a line is added when the computation of a chunk begins, and one when it has ended.
    seconds : float
        A chunk takes.
    deadly, broken : tuple of int
        Chunks that kill their process, and those that raise.
    simulated : tuple of int
        Chunks that Meep is at for hours.
    """

    log: str = ""
    shape: tuple[int, ...] = (8, 5, 10)
    target: int = 20
    seconds: float = 0.0
    deadly: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()
    names: tuple[str, ...] = ("sine", "root")
    extra: str = ""
    simulated: tuple[int, ...] = ()

    @property
    def cut(self) -> Cut:
        """Sixteen chunks of 20 and 30 points, unless told otherwise."""
        return Cut(self.shape, self.target)

    def evaluate(self, number: int) -> Chunk:
        """sin and square root of the flat index."""
        self._say("begin", number)
        if number in self.deadly:
            os.kill(os.getpid(), 9)
        time.sleep(self.seconds)
        if number in self.simulated:
            from qdphotonics.fdtd import Job, run
            from tests.fdtd.conftest import small_run

            run(Job("a slab for hours", (small_run(duration=1e9),)), progress=lambda _: self._say("simulated", number))
        if number in self.broken:
            raise ZeroDivisionError("a bug")
        flat = self.cut.flat(number)
        values = {"sine": np.sin(flat), "root": np.sqrt(flat)}
        status = np.zeros(len(flat), dtype=np.int8)
        bad = flat % 7 == 3
        status[bad] = 2
        for array in values.values():
            array[bad] = np.nan
        self._say("end", number)
        return Chunk(number, values, status, {int(point): f"point {point} is bad" for point in flat[bad]})

    def as_dict(self) -> dict[str, Any]:
        """Without the things that do not change the numbers."""
        return {"shape": list(self.shape), "extra": self.extra, "layers": [{"name": "QD", "thickness": len(self.extra)}]}

    def _say(self, what: str, number: int) -> None:
        if self.log:
            with Path(self.log).open("a") as file:
                file.write(f"{what} {number} {os.getpid()}\n")


def said(log: Path, what: str) -> Counter[int]:
    """How often the computation of each chunk began, or ended."""
    lines = log.read_text().splitlines() if log.exists() else []
    return Counter(int(line.split()[1]) for line in lines if line.startswith(what))


def contents(folder: Path) -> dict[str, bytes]:
    """Every chunk file of a store."""
    return {file.name: file.read_bytes() for file in sorted((folder / "chunks").iterdir())}


def main() -> None:
    """``OUT LOG SECONDS WORKERS SIMULATED_FROM [SCHEDULER]``: run a toy in a store, going on with what is there."""
    out, log, seconds, workers, simulated, *scheduler = sys.argv[1:]
    work = Toy(log=log, seconds=float(seconds), simulated=tuple(range(int(simulated), 100)))
    try:
        with completed(work, out=Path(out), workers=int(workers), scheduler=scheduler[0] if scheduler else None, resume=True):
            print("done")
    except (SweepError, SweepStopped) as problem:
        sys.exit(str(problem))
