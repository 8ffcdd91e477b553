"""A grating of so many periods between plain guides: its modes, with what they lose at the ends.

Absorbers end the guides. The cell is mirrored in its middle, so the modes even and odd there are found apart; a
second-order grating's band edges show as those of largest Q.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qdphotonics.errors import ArgumentError, EngineError
from qdphotonics.fdtd.dfb import Problem, Symmetry, quality, trusted_rings, whole_pixels
from qdphotonics.fdtd.engine import TIMEOUT_S, run
from qdphotonics.fdtd.geometry import end_absorber, finite_shapes
from qdphotonics.fdtd.job import Job, Run
from qdphotonics.fdtd.process import Reporter
from qdphotonics.units import NM_PER_UM

if TYPE_CHECKING:
    from pathlib import Path

    from qdphotonics.gratings import UnitCell
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

QUIET = 5.0  # um/c: a few periods hold light for no longer than that
DURATION = 120.0
GUIDE_UM = 1.0  # of plain guide between the grating and an absorber


@dataclass(frozen=True)
class FiniteResonance:
    """A resonance of a finite grating, on one grid.

    Parameters
    ----------
    wavelength_nm, q : float
    symmetry : {"bright", "dark"}
        E along the layers even or odd about the middle.
    amplitude : float
        With which it was excited, relative to the strongest.
    """

    wavelength_nm: float
    q: float
    symmetry: Symmetry
    amplitude: float


@dataclass(frozen=True)
class FiniteResonances:
    """Resonances by falling Q, with the job's own figures."""

    resonances: tuple[FiniteResonance, ...]
    periods: int
    resolution_per_um: float
    meep_version: str
    seconds: float
    cached: bool


def finite_grating(
    cell: UnitCell | Stack | str | Path,
    periods: int,
    wavelength_nm: float | None = None,
    polarization: Polarization = "TE",
    *,
    resolution_per_um: float = 50.0,
    timeout_s: float = TIMEOUT_S,
    progress: Reporter | None = None,
) -> FiniteResonances:
    """Resonances of a grating of so many periods with absorbing ends.

    Parameters
    ----------
    cell, wavelength_nm, polarization
        As for :func:`qdphotonics.fdtd.dfb_resonances`; the cell must be its own mirror image. Its apodisation and phase
        shift hold along the grating.
    periods : int
        At least 2.
    resolution_per_um : float
        Of the one grid: wavelengths are off by its second-order error (0.3 nm at 100 for shallow gratings).
    timeout_s, progress
        As for :func:`qdphotonics.fdtd.run`.

    Returns
    -------
    FiniteResonances
    """
    if isinstance(periods, bool) or int(periods) != periods or periods < 2:
        raise ArgumentError(f"Argument `periods` must be an integer >= 2, but is {periods}")
    problem = Problem.of(cell, wavelength_nm, polarization, 0.0)
    if not problem.cell.is_symmetric:
        raise ArgumentError("Argument `cell` must be its own mirror image for a finite grating, but its tooth is not symmetric")
    resolution = whole_pixels(resolution_per_um, problem.cell.period_nm)
    both: tuple[Symmetry, ...] = ("bright", "dark")
    runs = tuple(_run(problem, resolution, int(periods), symmetry) for symmetry in both)
    result = run(Job(f"{periods} periods", runs), timeout_s, progress)
    names = {symmetry: problem.name(resolution, problem.offsets[0], symmetry) for symmetry in both}
    found = [(ring, symmetry) for symmetry in both for ring in trusted_rings(result, names[symmetry], problem.media)]
    if not found:
        raise EngineError(f"FDTD: nothing rings in {periods} periods; look at another wavelength, or take more periods")
    strongest = max(ring.amplitude for ring, _ in found)
    resonances = [
        FiniteResonance(NM_PER_UM / ring.frequency, quality(ring.frequency, ring.decay), symmetry, ring.amplitude / strongest)
        for ring, symmetry in found
    ]
    resonances.sort(key=lambda each: -each.q)
    return FiniteResonances(tuple(resonances), int(periods), resolution, result.meep_version, result.seconds, result.cached)


def _run(problem: Problem, resolution: float, periods: int, symmetry: Symmetry) -> Run:
    from qdphotonics.gratings import FiniteGrating

    grating = FiniteGrating(problem.cell, periods)
    offset = problem.offsets[0]
    where = problem.window(resolution, offset)
    one = problem.run(resolution, offset, symmetry)
    ends = end_absorber(problem.media, resolution)
    half = 0.5 * grating.length_nm / NM_PER_UM + GUIDE_UM + ends.thickness
    # Off the middle, where a mode that is odd there has nothing to be excited by.
    period = problem.cell.period_nm / NM_PER_UM
    middle = (0.5 if periods % 2 == 0 else 0.0) * period + (periods // 4) * period
    return replace(
        one,
        cell=(2.0 * round(half * resolution) / resolution, where.height, 0.0),
        shapes=finite_shapes(grating, where),
        sources=tuple(replace(each, center=(each.center[0] + middle, *each.center[1:])) for each in one.sources),
        probes=tuple((x + middle, y, z) for x, y, z in one.probes),
        k=None,
        quiet=QUIET,
        duration=DURATION,
        absorbers=(*one.absorbers, ends),
    )
