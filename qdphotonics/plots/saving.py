"""Figures and reports into files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qdphotonics._plain import json_text
from qdphotonics.plots.budget import loss_budget
from qdphotonics.plots.gain import net_gain, net_gain_spectrum
from qdphotonics.plots.heat import heating
from qdphotonics.plots.optimum import optimum, pareto
from qdphotonics.plots.profile import index_and_modes
from qdphotonics.plots.style import house_style
from qdphotonics.plots.sweeps import sweep
from qdphotonics.plots.tornado import tornado
from qdphotonics.sweeps.summary import SweepSummary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from qdphotonics.laser import Report
    from qdphotonics.sweeps.optimization.result import Optimum, ParetoFront
    from qdphotonics.sweeps.summary import Dataset
    from qdphotonics.sweeps.tolerance.result import Tolerances

REPORT_KINDS = ("png", "pdf")


def save_figure(figure: Figure, file: Path) -> None:
    """Write a figure; the file's ending names its kind.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    with house_style():
        figure.savefig(file)
    figure.set_layout_engine(None)  # the places found hold for every later kind of file; finding them takes half the time


def save_report(report: Report, folder: str | Path) -> tuple[Path, ...]:
    """Write ``report.json`` and the report's figures, each as PNG and PDF, into a folder that is made where it is missing.

    Index and modes, loss budget, net gain against the drive; where the report has them, net gain over wavelength and heating.

    Parameters
    ----------
    report : laser.Report
    folder : str or Path

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    OSError
        The folder or a file cannot be written.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    document = place / "report.json"
    document.write_text(json_text(report.as_dict(), indent=1) + "\n", encoding="utf-8")
    figures = {
        "index-and-modes": index_and_modes(report.modes, report.mode),
        "loss-budget": loss_budget(report.modes, report.mode),
        "net-gain": net_gain(report),
    }
    if report.spectrum is not None:
        figures["net-gain-spectrum"] = net_gain_spectrum(report.spectrum)
    if report.heat is not None:
        figures["heating"] = heating(report.heat, _currents(report), report.glass_transitions, report.operation.current_density_A_per_cm2)
    return (document, *_save_figures(figures, place))


def save_sweep(dataset: Dataset, folder: str | Path) -> tuple[Path, ...]:
    """Write a figure of each quantity of a sweep, as PNG and PDF, into a folder that is made where it is missing.

    Parameters
    ----------
    dataset : xarray.Dataset
        From :func:`qdphotonics.sweeps.sweep`.
    folder : str or Path

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    OSError
        The folder or a file cannot be written.
    """
    return _save_figures({name: sweep(dataset, name) for name in SweepSummary(dataset).quantities}, Path(folder))


def save_optimization(found: Optimum | ParetoFront, folder: str | Path) -> tuple[Path, ...]:
    """Write the figure of an optimum, or of a front, as PNG and PDF; parameters and errors as of :func:`save_sweep`."""
    from qdphotonics.sweeps.optimization.result import Optimum

    figures = {"optimum": optimum(found)} if isinstance(found, Optimum) else {"pareto": pareto(found)}
    return _save_figures(figures, Path(folder))


def save_tolerances(result: Tolerances, folder: str | Path) -> tuple[Path, ...]:
    """Write a figure of each quantity of a study of tolerances, as PNG and PDF; parameters and errors as of :func:`save_sweep`."""
    return _save_figures({name: tornado(result, name) for name in result.spreads}, Path(folder))


def _file_name(quantity: str) -> str:
    """A quantity's name as that of a file, on any system."""
    return re.sub(r"[^\w.+-]+", "-", quantity).strip("-")


def _save_figures(figures: Mapping[str, Figure], place: Path) -> tuple[Path, ...]:
    """Each figure in each kind of a report; two names that are one as a file's are numbered."""
    place.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for name, figure in figures.items():
        stem = _file_name(name)
        stem = stem if place / f"{stem}.{REPORT_KINDS[0]}" not in files else f"{stem}-{len(files)}"
        for kind in REPORT_KINDS:
            files.append(place / f"{stem}.{kind}")
            save_figure(figure, files[-1])
    return tuple(files)


def _currents(report: Report) -> dict[str, float]:
    """Current densities [A/cm^2] to mark in the figure of the heating."""
    named = {
        "transparency": report.thresholds.transparency.current_density_A_per_cm2,
        "net gain": report.thresholds.net_gain.current_density_A_per_cm2,
        "lasing": report.thresholds.lasing.current_density_A_per_cm2,
        "the drive": report.operation.current_density_A_per_cm2,
    }
    return {name: current for name, current in named.items() if current is not None}
