"""``qdphotonics sweep``, ``optimize`` and ``tolerance``: many stacks at once, each study described in a YAML file."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qdphotonics.cli import options, output
from qdphotonics.errors import ArgumentError, QDPhotonicsError

if TYPE_CHECKING:
    from qdphotonics.sweeps.runner import Progress

FIRST_LINE_S = 5.0  # in a log; the next comes when the run is a tenth older
GROWTH = 1.1
CLEAR = "\x1b[K"  # to the end of a terminal's line

SpecArgument = Annotated[str, typer.Argument(metavar="SPEC.yaml", help="What is varied and what is wanted: docs/sweeps.md.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Processes on this machine; this one alone unless given.", show_default=False)
]


class _Teller:
    """Tells on stderr how far a run is: in one line of a terminal, in ever rarer lines of a log."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.began, self.next = time.monotonic(), FIRST_LINE_S
        self.before = self.done = 0
        self.first = True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def computed(self) -> int:
        """Points of this run."""
        return self.done - self.before

    def __call__(self, progress: Progress) -> None:
        if self.first:
            self.first, self.before = False, progress.done
            if self.before:
                output.remark(f"{self.before} of {progress.total} points are there already")
        self.done = progress.done
        if self.terminal:
            ended = progress.done == progress.total
            typer.echo(f"\r{told(progress)}{CLEAR}", err=True, nl=ended)
        elif self.seconds >= self.next:
            self.next = max(self.seconds + FIRST_LINE_S, GROWTH * self.seconds)
            output.remark(told(progress))


def told(progress: Progress) -> str:
    """How far a run is, in a line.

    Examples
    --------
    >>> from qdphotonics.sweeps.runner import Progress
    >>> told(Progress(25_000, 100_000, 3, 1234.5, 60.75, 2))
    '25000 of 100000 points (25 %), 3 failed, 1.23e+03 a second, 61 s left'
    """
    parts = [f"{progress.done} of {progress.total} points ({100 * progress.done / progress.total:.0f} %)"]
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
    workers: WorkersOption = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="A running dask scheduler, whose workers compute.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder.")] = False,
    as_json: options.JsonOption = False,
) -> None:
    """Every point of a sweep: quantities over thicknesses, indices, wavelengths, drives … into netCDF, CSV and figures."""
    if resume and not (Path(out) / "spec.json").is_file():
        raise ArgumentError(f"--resume must come with the folder of a sweep, but {out} holds none; leave --resume out to begin one")
    from qdphotonics.sweeps.runner import SweepStopped
    from qdphotonics.sweeps.summary import SweepSummary
    from qdphotonics.sweeps.sweep import sweep as computed

    teller = _Teller()
    try:
        results = computed(spec, out=out, workers=workers, scheduler=scheduler, resume=resume, progress=teller)
    except SweepStopped as stop:
        raise QDPhotonicsError(str(stop)) from None
    summary = SweepSummary(results, teller.seconds, teller.computed)
    from qdphotonics import plots

    files = [str(Path(out) / name) for name in ("result.nc", "result.csv")]
    output.written(out, "--out", lambda folder: files.extend(map(str, plots.save_sweep(results, folder))))
    output.remark(f"result.nc, result.csv and the figures are in {out}")
    if summary.points == len(summary.lost) and not any(map(summary.ends, summary.quantities)):
        raise QDPhotonicsError(f"no point could be computed; {summary.warnings[0]}")
    if as_json:
        for text in summary.warnings:
            output.remark(f"warning: {text}")
    output.show({**summary.as_dict(), "files": files}, summary.table(), as_json)
