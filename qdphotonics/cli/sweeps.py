"""``qdphotonics sweep``, ``optimize`` and ``tolerance``: many stacks at once, each study described in a YAML file."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qdphotonics.cli import options, output
from qdphotonics.errors import ArgumentError, QDPhotonicsError

if TYPE_CHECKING:
    from qdphotonics.sweeps.optimization.optimize import OptimizationProgress
    from qdphotonics.sweeps.runner import Progress

FIRST_LINE_S = 5.0  # in a log; the next comes when the run is a tenth older
GROWTH = 1.1
CLEAR = "\x1b[K"  # to the end of a terminal's line

SpecArgument = Annotated[str, typer.Argument(metavar="SPEC.yaml", help="What is varied and what is wanted: docs/sweeps.md.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Processes on this machine; this one alone unless given.", show_default=False)
]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder.")]


class Line:
    """What is told on stderr of a run: one line of a terminal, written over; ever rarer lines of a log."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.began, self.next, self.open = time.monotonic(), FIRST_LINE_S, False

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.began

    def tell(self, text: str) -> None:
        """Tell, in a log only where the last line is old."""
        if self.terminal:
            typer.echo(f"\r{text}{CLEAR}", err=True, nl=False)
            self.open = True
        elif self.seconds >= self.next:
            self.next = max(self.seconds + FIRST_LINE_S, GROWTH * self.seconds)
            output.remark(text)

    def end(self) -> None:
        """What comes next stands on a line of its own."""
        if self.open:
            typer.echo(err=True)
            self.open = False


class _Points(Line):
    """Tells how many points are done."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what, self.before, self.done, self.waiting = what, -1, 0, False

    @property
    def computed(self) -> int:
        """Points of this run."""
        return self.done - max(self.before, 0)

    def __call__(self, progress: Progress) -> None:
        if self.before < 0:
            self.before = 0 if progress.rate_per_s > 0 else progress.done  # told before anything is computed, if it is a sweep
            if self.before:
                output.remark(f"{self.before} of {progress.total} {self.what} are there already")
            if progress.damaged:
                output.remark(f"{progress.damaged} stored {_chunks(progress.damaged)} damaged or of another sweep, and computed again")
        if progress.waiting and not self.waiting:
            self.end()
            output.remark("waiting for workers: the scheduler has none at present")
        self.done, self.waiting = progress.done, progress.waiting
        if self.waiting:
            return
        self.tell(told(progress, self.what))


def _chunks(count: int) -> str:
    return "chunk was" if count == 1 else "chunks were"


def told(progress: Progress, what: str) -> str:
    """How far a run is, in a line.

    Examples
    --------
    >>> from qdphotonics.sweeps.runner import Progress
    >>> told(Progress(25_000, 100_000, 3, 1234.5, 60.75, 2), "points")
    '25000 of 100000 points (25 %), 3 failed, 1.23e+03 a second, 61 s left'
    """
    parts = [f"{progress.done} of {progress.total} {what} ({100 * progress.done / progress.total:.0f} %)"]
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    if progress.rate_per_s > 0:
        parts.append(f"{progress.rate_per_s:.3g} a second")
    if progress.seconds_left >= 0 and progress.done < progress.total:
        parts.append(f"{duration(progress.seconds_left)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """A time as one says it.

    Examples
    --------
    >>> [duration(seconds) for seconds in (0.4, 61, 600, 9000, 2e5)]
    ['0.4 s', '61 s', '10 min', '2 h 30 min', '2 d 8 h']
    """
    if seconds < 100:
        return f"{seconds:.2g} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 1440 else f"{hours // 24} d {hours % 24} h"


def sweep(
    spec: SpecArgument,
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder for the points, result.nc, result.csv and the figures.")],
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes on this machine; one a core unless given; 0: none but this one.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="A running dask scheduler, whose workers compute.")
    ] = None,
    resume: ResumeOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """Every point of a sweep: quantities over thicknesses, indices, wavelengths, drives … into netCDF, CSV and figures."""
    _check_folder(out, resume)
    from qdphotonics.sweeps.runner import SweepStopped
    from qdphotonics.sweeps.summary import SweepSummary
    from qdphotonics.sweeps.sweep import sweep as computed

    if workers is None and scheduler is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    line = _Points("points")
    try:
        results = computed(spec, out=out, workers=workers, scheduler=scheduler, resume=resume, progress=line)
    except SweepStopped as stop:
        raise QDPhotonicsError(str(stop)) from None
    finally:
        line.end()
    summary = SweepSummary(results, line.seconds, line.computed)
    files = [str(Path(out) / name) for name in ("result.nc", "result.csv")]
    files += _drawn(out, lambda plots, folder: plots.save_sweep(results, folder))
    output.remark(f"result.nc, result.csv and the figures are in {out}")
    if summary.points == len(summary.lost) and not any(map(summary.ends, summary.quantities)):
        raise QDPhotonicsError(f"no point could be computed; {summary.warnings[0]}")
    if as_json:
        for text in summary.warnings:
            output.remark(f"warning: {text}")
    output.show({**summary.as_dict(), "files": files}, summary.table(), as_json)


def optimize(
    spec: SpecArgument,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Folder for the stack found, every design tried, JSON and the figure.")
    ] = None,
    workers: WorkersOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """The best design between bounds and under conditions, or the front of two goals; its stack file is ready for analyze."""
    _check_folder(out)
    from qdphotonics.sweeps.optimization.optimize import OptimizationStopped
    from qdphotonics.sweeps.optimization.optimize import optimize as search

    line = Line()
    try:
        found = search(spec, out=out, workers=workers, progress=lambda progress: line.tell(told_of_searches(progress)))
    except OptimizationStopped as stop:
        raise QDPhotonicsError(str(stop)) from None
    finally:
        line.end()
    if out is not None:
        _drawn(out, lambda plots, folder: plots.save_optimization(found, folder))
        nearest = "no design keeps every condition; the one that comes nearest (least-infeasible.yaml)"
        what = "the stack found" if found.feasible else nearest
        output.remark(f"{what}, history.csv, optimum.json and the figure are in {out}")
    output.show_with_warnings(found, as_json)


def told_of_searches(progress: OptimizationProgress) -> str:
    """How far an optimisation is, in a line.

    Examples
    --------
    >>> from qdphotonics.sweeps.optimization.optimize import OptimizationProgress
    >>> told_of_searches(OptimizationProgress(3, 41, 52, "start 2", 163.25, True))
    '3 searches, 41 designs, 52 calls of the mode solver; start 2: 163'
    """
    ended = f"{progress.objective:.3g}" if progress.feasible else "none that keeps every condition"
    return f"{progress.searches} searches, {progress.designs} designs, {progress.calls} calls of the mode solver; {progress.name}: {ended}"


def tolerance(
    spec: SpecArgument,
    out: Annotated[str | None, typer.Option("--out", metavar="DIR", help="Folder for every device drawn, JSON and the figures.")] = None,
    workers: WorkersOption = None,
    resume: ResumeOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """How well a device must be made: distributions under errors of thicknesses and indices, what they are due to, the yield."""
    _check_folder(out, resume)
    from qdphotonics.sweeps.runner import SweepStopped
    from qdphotonics.sweeps.tolerance.study import tolerance as study

    line = _Points("devices")
    try:
        result = study(spec, out=out, workers=workers, resume=resume, progress=line)
    except SweepStopped as stop:
        raise QDPhotonicsError(str(stop)) from None
    finally:
        line.end()
    if out is not None:
        _drawn(out, lambda plots, folder: plots.save_tolerances(result, folder))
        output.remark(f"samples.csv, tolerance.json and the figures are in {out}")
    output.show_with_warnings(result, as_json)


def _check_folder(out: str | None, resume: bool = False) -> None:
    """See that ``--out`` names something that can be a folder, and with ``--resume`` one that was begun."""
    if out is not None and not out.strip():
        raise ArgumentError("--out must name a folder, but is empty; is a variable of the shell not set? (--out . is this folder)")
    if out is not None and Path(out).is_file():
        raise ArgumentError(f"--out must name a folder, but {out} is a file; name another, which is made where it is missing")
    if resume and (out is None or not (Path(out) / "spec.json").is_file()):
        where = f"but {out} holds none" if out is not None else "--out DIR"
        raise ArgumentError(f"--resume must come with the folder of a run, {where}; leave --resume out to begin one")


def _drawn(out: str, save: Callable[[Any, Path], Iterable[Path]]) -> list[str]:
    """Draw the figures into a folder."""
    from qdphotonics import plots

    files: list[str] = []
    output.written(out, "--out", lambda folder: files.extend(map(str, save(plots, folder))))
    return files
