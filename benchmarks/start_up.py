"""How long a user waits for a fresh process: ``make bench`` prints the table and exits 1 above a ceiling.

Each command runs in a process of its own, compiled kernels and matplotlib's font list being cached already; the
figure is the median of the whole process's wall-clock time, the start of Python included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

DEVICE = "jung2022-lito-ag"
FIRST_SEARCH = "from qdphotonics.planar import find_modes; assert find_modes([1.52, 1.85, 1.75, 1.0], [300, 50], 640, 'TM').certified"
RUNS = 7  # odd; after one run that fills the caches


@dataclass(frozen=True)
class Case:
    """One command and the longest time it may take."""

    name: str
    command: Sequence[str]
    ceiling_s: float

    def seconds(self, environment: dict[str, str]) -> float:
        """Median wall-clock time of RUNS fresh processes [s]."""
        return median([_run(self.command, environment) for _ in range(RUNS + 1)][1:])


def cases(out: Path) -> list[Case]:
    """The waits that the project promises."""
    program = str(Path(sys.executable).with_name("qdphotonics"))
    return [
        Case("import qdphotonics", (sys.executable, "-c", "import qdphotonics"), 0.1),
        Case("qdphotonics --help", (program, "--help"), 0.3),
        Case("first certified search, import numba included", (sys.executable, "-c", FIRST_SEARCH), 0.8),
        Case(f"qdphotonics modes {DEVICE}", (program, "modes", DEVICE), 1.5),
        # 2.6 s with three figures, 3.1 s with the five that a report has now
        Case(f"qdphotonics analyze {DEVICE} --out", (program, "analyze", DEVICE, "--out", str(out)), 3.5),
    ]


def _run(command: Sequence[str], environment: dict[str, str]) -> float:
    start = perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    elapsed = perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed with exit code {done.returncode}:\n{done.stderr}")
    return elapsed


def main() -> int:
    """Measure, print, judge."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    slow = 0
    print(f"{'fresh process':<48}{'median':>9}{'ceiling':>9}{'share':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for case in cases(Path(folder)):
            seconds = case.seconds(environment)
            slow += seconds > case.ceiling_s
            verdict = "  too slow" if seconds > case.ceiling_s else ""
            print(f"{case.name:<48}{seconds:>7.3f} s{case.ceiling_s:>7.1f} s{seconds / case.ceiling_s:>7.0%}{verdict}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
