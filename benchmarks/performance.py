"""All measurements of ``make bench`` in one process on one core; writes docs/performance.md (``__main__.py`` starts it)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    bench_bloch,
    bench_gain,
    bench_optimizer,
    bench_stripe,
    bench_sweeps,
    costs,
    mode_search,
    scattering,
    start_up,
    tracking,
)
from benchmarks.environment import ROOM, TOP
from benchmarks.report import Floor, Part, Table, all_met, duration, floors_table
from benchmarks.timing import machine, pin_to_one_core

PAGE = TOP / "docs" / "performance.md"
LEAD = """# What a search for modes and a spectrum cost

Measured by `make bench`, which installs the peers, runs all of this in one go on one core with one thread a library, writes this
page and fails where a promise is not kept. Times are CPU time of the process, medians of {rounds} turns (5 in the figures) that
all contenders take one after the other; ratios are medians of the turns' ratios: they travel from machine to machine, times do
not. Errors are against 40-digit arithmetic. The unit of the tables is one call of `tmm.coh_tmm` on the same stack.

Machine: {machine}.
Peers: {peers}.
"""
PEERS = ("tmm", "PyMoosh", "tidy3d", "tmm_fast", "torch")


def fresh_processes() -> Part:
    """What a user waits for: whole processes by the wall clock."""
    rows, floors = [], []
    with tempfile.TemporaryDirectory() as folder:
        for case in start_up.cases(Path(folder)):
            seconds = case.seconds(dict(os.environ))
            rows.append((f"`{case.name}`" if case.name.startswith(("qdphotonics", "import")) else case.name, duration(seconds)))
            floors.append(Floor(f"fresh process, seconds: {case.name}", seconds, case.ceiling_s, least=False))
    lead = "Whole processes by the wall clock, the start of Python included, compiled kernels being cached; medians of 7."
    return Part("A fresh process", lead, [("", Table(("process", "time"), rows))], floors)


def kernels() -> Part:
    """pytest-benchmark over test_kernels.py."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "kernels.json"
        options = ["--benchmark-timer=time.process_time", "--benchmark-max-time=0.5", "--benchmark-columns=median,iqr,rounds"]
        files = [str(ROOM / "test_kernels.py"), f"--benchmark-json={result}", "-p", "no:cacheprovider", "-q"]
        subprocess.run([sys.executable, "-m", "pytest", *files, *options], cwd=TOP, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(result.read_text("utf-8"))["benchmarks"]
    rows = []
    for each in found:
        name = each["name"].removeprefix("test_").replace("_", " ").replace("[", ": ").replace("]", "")
        rows.append((name, duration(each["stats"]["median"]), duration(each["stats"]["iqr"])))
    lead = "The kernels one by one, by pytest-benchmark (`benchmarks/test_kernels.py`); spread: between the quartiles."
    return Part("Kernels", lead, [("", Table(("kernel", "median", "spread"), rows))])


def versions() -> str:
    """The peers' versions, as far as they are installed."""
    from importlib.metadata import PackageNotFoundError, version

    named = []
    for peer in PEERS:
        try:
            named.append(f"{peer} {version(peer)}")
        except PackageNotFoundError:
            named.append(f"{peer} (not to be had here)")
    return ", ".join(named)


CHAPTERS: tuple[Callable[[], Part], ...] = (
    mode_search.part,
    tracking.part,
    scattering.part,
    bench_gain.part,
    bench_stripe.part,
    bench_bloch.part,
    bench_sweeps.part,
    bench_optimizer.part,
    fresh_processes,
    costs.part,
    kernels,
)


def main() -> int:
    """Measure, print, write, judge."""
    pin_to_one_core()
    parts = []
    for chapter in CHAPTERS:
        parts.append(chapter())
        print(parts[-1].text(), flush=True)
    promises = floors_table(parts)
    print("== Promises", promises.text(), sep="\n")
    head = LEAD.format(rounds=mode_search.ROUNDS, machine=machine(), peers=versions())
    pieces = [head.strip(), *(part.markdown() for part in parts), "## Promises", promises.markdown()]
    PAGE.write_text("\n\n".join(pieces) + "\n", "utf-8")
    return 0 if all_met(parts) else 1


if __name__ == "__main__":
    sys.exit(main())
