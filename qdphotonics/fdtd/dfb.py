"""Resonances of a periodic stack by FDTD: one period, a Bloch wavevector, and what rings.

At k_x = 0 a cell that is its own mirror image has modes of two symmetries. The fields of each are simulated alone: the
pair of a second-order grating may lie closer than Harminv tells apart. The *bright* one has E along the layers even in
x, which radiates along the normal; the *dark* one has it odd.

Below some 100 pixels per um the pair of a shallow grating may come out in the wrong order; two resolutions and their
limit put it right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, pi
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError, EngineError
from qdphotonics.fdtd.engine import TIMEOUT_S, JobResult, Ring, run
from qdphotonics.fdtd.extrapolate import checked_resolutions, limit
from qdphotonics.fdtd.geometry import Window, absorbers, cell_media, cell_shapes, metal_surface_nm, offsets_of, pads_nm, stack_media, window
from qdphotonics.fdtd.job import FieldMap, Job, Mirror, Run, Source
from qdphotonics.fdtd.media import Medium, frequency_of
from qdphotonics.fdtd.process import Reporter
from qdphotonics.units import NM_PER_UM

if TYPE_CHECKING:
    from pathlib import Path

    from qdphotonics.gratings import UnitCell
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

Symmetry = Literal["bright", "dark"]

PULSE = 0.10  # relative width of the pulse
BANDWIDTH = 0.08  # relative, of Harminv
QUIET = 40.0  # um/c: waves along the light line of a half-space leave slowly
DURATION = 160.0  # um/c: shorter, and what is left of them shows in a Q of 2,500 (at 100: 3 %)
ABSORBER_UM = 0.6
FASTEST_DECAY = 0.02  # of Im f/Re f: Q > 25
LARGEST_ERROR = 1e-3
FAINT = 1e-2  # of the strongest ring; fainter ones are other modes than the guided
SLOWEST_DECAY = 4e-6  # of Im f/Re f: the noise of Harminv here; what decays slower is said not to decay
GROWTH_NOISE = 5e-5  # likewise, of what seems to grow without gain
SAME_MODE = 0.02  # relative distance of a mode's frequencies at the two resolutions
SOURCE_AT = 0.17  # of a period from the symmetry plane, where no harmonic of low order vanishes
PROBES_AT = (0.21, 0.07)


@dataclass(frozen=True)
class FdtdResonance:
    """A resonance of a periodic stack, extrapolated to vanishing pixels.

    Parameters
    ----------
    wavelength_nm : float
    q : float
        omega/(2 |Im omega|); infinite where nothing is lost, negative where it is amplified.
    symmetry : {"bright", "dark"} or None
        At k_x = 0 of a symmetric cell.
    uncertainty_nm, q_uncertainty : float
    wavelength_nm_at, q_at : tuple of float
        At each resolution.
    """

    wavelength_nm: float
    q: float
    symmetry: Symmetry | None
    uncertainty_nm: float
    q_uncertainty: float
    wavelength_nm_at: tuple[float, float]
    q_at: tuple[float, float]


@dataclass(frozen=True)
class FdtdResonances:
    """Resonances by rising wavelength, with the job's own figures."""

    resonances: tuple[FdtdResonance, ...]
    polarization: Polarization
    k_x_per_um: float
    resolutions_per_um: tuple[float, float]
    meep_version: str
    seconds: float
    cached: bool

    def __getitem__(self, symmetry: Symmetry) -> FdtdResonance:
        """The resonance of a symmetry."""
        for each in self.resonances:
            if each.symmetry == symmetry:
                return each
        raise ArgumentError(f'no resonance is "{symmetry}"; at k_x = 0 a symmetric cell has a bright and a dark one')


def dfb_resonances(
    cell: UnitCell | Stack | str | Path,
    wavelength_nm: float | None = None,
    polarization: Polarization = "TE",
    k_x_per_um: float = 0.0,
    *,
    resolutions_per_um: Sequence[float] = (100.0, 200.0),
    timeout_s: float = TIMEOUT_S,
    progress: Reporter | None = None,
) -> FdtdResonances:
    """Resonances of one period at a Bloch wavevector.

    Parameters
    ----------
    cell : UnitCell, or a Stack with a grating, or its name or file
        Of a stack the metals are fitted to their tables; a cell knows its indices at one wavelength only.
    wavelength_nm : float, optional
        Where to listen, 4 % to either side [nm]; the cell's own unless given.
    polarization : {"TE", "TM"}
    k_x_per_um : float
        Bloch wavevector [rad/um]; at 0 the modes of a symmetric cell are told apart by their symmetry.
    resolutions_per_um : two floats
        Pixels per um, rounded to an even number a period.
    timeout_s, progress
        As for :func:`qdphotonics.fdtd.run`.

    Returns
    -------
    FdtdResonances

    Raises
    ------
    EngineError
        Meep fails, or nothing rings there.
    """
    if polarization not in ("TE", "TM"):
        raise ArgumentError(f'Argument `polarization` must be "TE" or "TM", but is "{polarization}"')
    problem = Problem.of(cell, wavelength_nm, polarization, k_x_per_um)
    wanted = checked_resolutions(resolutions_per_um)
    resolutions = checked_resolutions([whole_pixels(each, problem.cell.period_nm) for each in wanted])
    runs = tuple(problem.run(resolution, offset, symmetry) for resolution, offset, symmetry in problem.cases(resolutions))
    result = run(Job(f"{polarization} resonances at k_x = {k_x_per_um:g} rad/um", runs), timeout_s, progress)
    found = [each for symmetry in problem.symmetries for each in _resonances(result, problem, resolutions, symmetry)]
    return FdtdResonances(
        tuple(sorted(found, key=lambda each: each.wavelength_nm)),
        polarization,
        k_x_per_um,
        resolutions,
        result.meep_version,
        result.seconds,
        result.cached,
    )


def whole_pixels(resolution: float, period_nm: float) -> float:
    """The nearest resolution with an even number of pixels a period: Meep would round the period instead."""
    period = period_nm / NM_PER_UM
    return 2.0 * max(1, round(0.5 * resolution * period)) / period


@dataclass(frozen=True, eq=False)
class Problem:
    """A cell with its media, and in which symmetries and grid positions it is to be run."""

    cell: UnitCell
    media: tuple[Medium, ...]
    wavelength_nm: float
    polarization: Polarization
    k_x_per_um: float

    @classmethod
    def of(cls, cell: UnitCell | Stack | str | Path, wavelength_nm: float | None, polarization: Polarization, k_x: float) -> Problem:
        """From whatever describes the cell."""
        from qdphotonics.gratings import UnitCell, unit_cell
        from qdphotonics.stacks import as_stack

        if isinstance(cell, UnitCell):
            return cls(cell, cell_media(cell), wavelength_nm or cell.wavelength_nm, polarization, k_x)
        stack = as_stack(cell)
        made = unit_cell(stack, wavelength_nm)
        return cls(made, stack_media(stack, made.wavelength_nm), made.wavelength_nm, polarization, k_x)

    @property
    def symmetries(self) -> tuple[Symmetry | None, ...]:
        """Those that are simulated alone."""
        return ("bright", "dark") if self.k_x_per_um == 0.0 and self.cell.is_symmetric else (None,)

    @property
    def offsets(self) -> tuple[float, ...]:
        """Shares of a pixel by which the stack is moved on the grid."""
        return offsets_of(self.media)

    @property
    def component(self) -> str:
        """The field across the plane of the cell, in Meep's axes."""
        return "Ez" if self.polarization == "TE" else "Hz"

    def cases(self, resolutions: Sequence[float]) -> list[tuple[float, float, Symmetry | None]]:
        """All runs: resolution, grid offset, symmetry."""
        return [(resolution, offset, symmetry) for resolution in resolutions for offset in self.offsets for symmetry in self.symmetries]

    def name(self, resolution: float, offset: float, symmetry: Symmetry | None) -> str:
        """Of a run."""
        return f"{symmetry or 'all'}, {resolution:g} per um, grid {offset:g}"

    def mirrors(self, symmetry: Symmetry | None) -> tuple[Mirror, ...]:
        """E_y even is bright for TE; for TM it is E_x even, so H_y even, and H turns its sign in a mirror."""
        if symmetry is None:
            return ()
        return (Mirror("X", 1 if (symmetry == "bright") == (self.polarization == "TE") else -1),)

    def window(self, resolution: float, offset: float) -> Window:
        """From absorber to absorber."""
        cell = self.cell
        below, above = pads_nm(cell.order * self.wavelength_nm / (2.0 * cell.period_nm), cell.index, self.wavelength_nm)
        room = NM_PER_UM * ABSORBER_UM
        surface = metal_surface_nm(self.media, cell.interfaces_nm) or 0.0
        return window(-below - room, float(cell.interfaces_nm[-1]) + above + room, resolution, surface, offset)

    def core_nm(self) -> float:
        """Middle of the layer of largest index: there the mode is, there it is excited."""
        index = np.where([medium.is_metal for medium in self.media[1:-1]], 0.0, self.cell.index[1:-1].real)
        position = int(np.argmax(index))
        return float(0.5 * (self.cell.interfaces_nm[position] + self.cell.interfaces_nm[position + 1]))

    def run(self, resolution: float, offset: float, symmetry: Symmetry | None, maps: bool = False) -> Run:
        """One simulation."""
        where = self.window(resolution, offset)
        frequency, period = frequency_of(self.wavelength_nm), self.cell.period_nm / NM_PER_UM
        y = where.y(self.core_nm())
        size = (period, where.height - 2.0 * ABSORBER_UM, 0.0)
        fields = ("Ez", "Hx", "Hy") if self.polarization == "TE" else ("Hz", "Ex", "Ey")
        shown = FieldMap(fields, frequency, (0.0, 0.0, 0.0), size)
        return Run(
            name=self.name(resolution, offset, symmetry),
            cell=(period, where.height, 0.0),
            resolution=resolution,
            media=self.media,
            shapes=cell_shapes(self.cell, where),
            sources=(Source(self.component, frequency, PULSE * frequency, (SOURCE_AT * period, y, 0.0)),),
            component=self.component,
            probes=tuple((at * period, y, 0.0) for at in PROBES_AT),
            frequency=frequency,
            bandwidth=BANDWIDTH * frequency,
            quiet=QUIET,
            duration=DURATION,
            k=(self.k_x_per_um / (2.0 * pi), 0.0, 0.0),
            absorbers=absorbers(self.media, ABSORBER_UM),
            mirrors=self.mirrors(symmetry),
            maps={"field": shown} if maps else {},
            epsilon_map=shown if maps else None,
        )


def rings_of(result: JobResult, name: str, media: Sequence[Medium]) -> list[Ring]:
    """As :func:`trusted_rings`; an EngineError where there is none."""
    rings = trusted_rings(result, name, media)
    if not rings:
        raise EngineError(f"FDTD: nothing rings in run {name}; look at another wavelength, or take a higher resolution")
    return rings


def trusted_rings(result: JobResult, name: str, media: Sequence[Medium]) -> list[Ring]:
    """The rings to be trusted of a run, each once, the strongest first; without gain none grows."""
    heard = sorted(
        (ring for probe in result[name].heard for ring in probe if _is_trusted(ring, media)),
        key=lambda ring: -ring.amplitude,
    )
    apart: list[Ring] = []
    for ring in heard:
        if ring.amplitude > FAINT * heard[0].amplitude and all(abs(ring.frequency / other.frequency - 1) > 1e-4 for other in apart):
            apart.append(ring)
    return apart


def _is_trusted(ring: Ring, media: Sequence[Medium]) -> bool:
    grows = ring.decay > GROWTH_NOISE * ring.frequency and not any(medium.growth_rate for medium in media)
    return abs(ring.decay) < FASTEST_DECAY * ring.frequency and ring.error < LARGEST_ERROR and not grows


def _resonances(
    result: JobResult, problem: Problem, resolutions: tuple[float, float], symmetry: Symmetry | None
) -> list[FdtdResonance]:
    """The strongest ring of a symmetry, or all rings, each followed through resolutions and grid positions.

    A coarse grid moves all of them alike and by more than they may lie apart, so they are told by their order.
    """
    heard = {
        (resolution, offset): rings_of(result, problem.name(resolution, offset, symmetry), problem.media)
        for resolution in resolutions
        for offset in problem.offsets
    }
    count = 1 if symmetry is not None else min(len(rings) for rings in heard.values())
    ordered = {case: sorted(rings[:count], key=lambda ring: -ring.frequency) for case, rings in heard.items()}
    found = []
    for position in range(count):
        rings = {case: rings[position] for case, rings in ordered.items()}
        values = np.array(  # [resolution, grid position, 2]
            [[(ring.frequency, ring.decay) for case, ring in rings.items() if case[0] == resolution] for resolution in resolutions]
        )
        spread = values[:, :, 0]
        if spread.max() > spread.min() * (1.0 + SAME_MODE):
            raise EngineError("FDTD: the resonances of the two resolutions are too far apart to be the same; take higher ones")
        found.append(_limit(resolutions, values.mean(axis=1), symmetry))
    return found


def _limit(resolutions: tuple[float, float], values: NDArray[np.float64], symmetry: Symmetry | None) -> FdtdResonance:
    frequency, decay = limit(resolutions, values[:, 0].tolist()), limit(resolutions, values[:, 1].tolist())
    wavelengths = NM_PER_UM / values[:, 0]
    q = quality(frequency.value, decay.value)
    return FdtdResonance(
        wavelength_nm=NM_PER_UM / frequency.value,
        q=q,
        symmetry=symmetry,
        uncertainty_nm=NM_PER_UM / frequency.value**2 * frequency.uncertainty,
        q_uncertainty=inf if q == inf else abs(q * decay.uncertainty / decay.value),
        wavelength_nm_at=(float(wavelengths[0]), float(wavelengths[1])),
        q_at=(quality(*values[0]), quality(*values[1])),
    )


def quality(frequency: float, decay: float, slowest: float = SLOWEST_DECAY) -> float:
    """Q = -Re f/(2 Im f); infinite below ``slowest`` Im f/Re f, what Harminv resolves."""
    if abs(decay) < slowest * frequency:
        return inf
    return float(-frequency / (2.0 * decay))
