"""A photonic-crystal slab by 3-D FDTD: a square or triangular lattice of holes or pillars, at the Gamma point.

::

        superstrate
    |-------(  )-------|   slab, and in the holes (or as the pillars) another medium
    |        ||        |
        substrate               x, y along the slab, z up; one period along x and y

The cell is a rectangle: one period of a square lattice; two of a triangular one, period x sqrt(3) period, with a site in the
middle and one shared by the corners. Sources alike at equivalent points of the two leave alone the modes that such a cell folds
here from the M point, where the two are opposite. sqrt(3) is taken as the ratio of two even numbers of pixels.

Two mirrors tell the modes by how E_x and E_y change under x -> -x and y -> -y; those that radiate along the normal
(bright) have E along x even in both, or along y: the two are one mode turned by 90 degrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qdphotonics.errors import ArgumentError, EngineError
from qdphotonics.fdtd.dfb import quality, trusted_rings, whole_pixels
from qdphotonics.fdtd.engine import TIMEOUT_S, run
from qdphotonics.fdtd.job import Absorber, Block, Cylinder, Job, Mirror, Run, Source
from qdphotonics.fdtd.media import dielectric, frequency_of
from qdphotonics.fdtd.process import Reporter
from qdphotonics.units import NM_PER_UM

if TYPE_CHECKING:
    from qdphotonics.gratings import Lattice

PULSE = 0.15
QUIET = 15.0
DURATION = 200.0
SLOWEST_DECAY = 5e-5  # of Im f/Re f: modes stand close here, which leaves Harminv more noise than in 2-D
ABSORBER_UM = 0.4
PAD_UM = 0.6
BANDWIDTH = 0.14
# Pixels along and across a cell of a triangular lattice: even, and sqrt(3) to 0.3 % or (52, 90), (30, 52) to 0.1 %.
TRIANGULAR = ((22, 38), (30, 52), (38, 66), (52, 90), (60, 104), (82, 142))
SOURCE_AT = (0.19, 0.11)  # of a period, off every symmetry plane

# Phase of E in the mirrors in x and y; E_x, across the first, is even in x for phase -1.
CLASSES: dict[str, tuple[Literal[1, -1], Literal[1, -1]]] = {
    "bright": (-1, 1),
    "dark, even": (1, 1),
    "dark, odd": (-1, -1),
}


@dataclass(frozen=True)
class CrystalSlab:
    """A slab with a lattice of round holes or pillars.

    Parameters
    ----------
    lattice : gratings.Lattice
    thickness_nm : float
    slab_index, site_index, substrate_index, superstrate_index : complex
        ``site_index`` is in the holes, or of the pillars, which stand in ``slab_index``.
    """

    lattice: Lattice
    thickness_nm: float
    slab_index: complex
    site_index: complex
    substrate_index: complex
    superstrate_index: complex

    def __post_init__(self) -> None:
        if not (np.isfinite(self.thickness_nm) and self.thickness_nm > 0):
            raise ArgumentError(f"Argument `thickness_nm` must be > 0 nm and finite, but is {self.thickness_nm}")


@dataclass(frozen=True)
class SlabResonance:
    """A resonance of a crystal slab on one grid."""

    wavelength_nm: float
    q: float
    symmetry: str


@dataclass(frozen=True)
class SlabResonances:
    """Resonances by rising wavelength, with the job's own figures."""

    resonances: tuple[SlabResonance, ...]
    resolution_per_um: float
    meep_version: str
    seconds: float
    cached: bool


def slab_resonances(
    slab: CrystalSlab,
    wavelength_nm: float,
    *,
    symmetries: Sequence[str] = tuple(CLASSES),
    resolution_per_um: float = 40.0,
    timeout_s: float = TIMEOUT_S,
    progress: Reporter | None = None,
) -> SlabResonances:
    """Resonances at the Gamma point within 7 % of a wavelength.

    Parameters
    ----------
    slab : CrystalSlab
    wavelength_nm : float
    symmetries : sequence of str
        Of "bright", "dark, even", "dark, odd".
    resolution_per_um : float
        3-D: the time grows with its fourth power.
    timeout_s, progress
        As for :func:`qdphotonics.fdtd.run`.

    Returns
    -------
    SlabResonances
    """
    wrong = [each for each in symmetries if each not in CLASSES]
    if wrong or not symmetries:
        raise ArgumentError(f"Argument `symmetries` must be some of {', '.join(CLASSES)}, but holds {', '.join(wrong) or 'none'}")
    resolution = _grid(slab, resolution_per_um)[0]
    runs = tuple(_run(slab, wavelength_nm, resolution, each) for each in symmetries)
    result = run(Job("crystal slab", runs), timeout_s, progress)
    found = [
        SlabResonance(NM_PER_UM / ring.frequency, quality(ring.frequency, ring.decay, SLOWEST_DECAY), each)
        for each in symmetries
        for ring in trusted_rings(result, each, runs[0].media)
    ]
    if not found:
        raise EngineError("FDTD: nothing rings in the crystal slab; look at another wavelength, or take a higher resolution")
    found.sort(key=lambda each: each.wavelength_nm)
    return SlabResonances(tuple(found), resolution, result.meep_version, result.seconds, result.cached)


def _grid(slab: CrystalSlab, resolution_per_um: float) -> tuple[float, float]:
    """Resolution with a whole number of pixels a cell, and the cell's length across [um]."""
    period = slab.lattice.period_nm / NM_PER_UM
    if slab.lattice.kind == "square":
        return whole_pixels(resolution_per_um, slab.lattice.period_nm), period
    along, across = min(TRIANGULAR, key=lambda pixels: abs(pixels[0] / period - resolution_per_um))
    return along / period, across / along * period


def _run(slab: CrystalSlab, wavelength_nm: float, resolution: float, symmetry: str) -> Run:
    period, thickness = slab.lattice.period_nm / NM_PER_UM, slab.thickness_nm / NM_PER_UM
    across = _grid(slab, resolution)[1]
    corners = [] if slab.lattice.kind == "square" else [(a, b) for a in (-1, 1) for b in (-1, 1)]
    sites = [(0.0, 0.0), *((a * 0.5 * period, b * 0.5 * across) for a, b in corners)]
    radius = 0.5 * slab.lattice.diameter_nm / NM_PER_UM
    height = 2.0 * round(0.5 * (thickness + 2.0 * (PAD_UM + ABSORBER_UM)) * resolution) / resolution
    frequency = frequency_of(wavelength_nm)
    indices = (slab.substrate_index, slab.slab_index, slab.site_index, slab.superstrate_index)
    far = 10.0 * height
    x, y = (share * period for share in SOURCE_AT)
    phases = CLASSES[symmetry]
    # The point that the lattice makes equal to (x, y) lies opposite; seen in both mirrors it is in the quarter that Meep keeps.
    places = [((x, y), 1.0), *([((0.5 * period - x, 0.5 * across - y), -1.0 * phases[0] * phases[1])] if corners else [])]
    return Run(
        name=symmetry,
        cell=(period, across, height),
        resolution=resolution,
        dimensions=3,
        media=tuple(dielectric(complex(index), wavelength_nm, normal="z") for index in indices),
        shapes=(  # painted one over the other, see geometry: the site goes down into the substrate's place, which covers it again
            Block(1, (0.0, 0.0, 0.0), (None, None, far)),
            *(Cylinder(2, (*site, 0.0), radius, far) for site in sites),
            Block(0, (0.0, 0.0, -0.5 * (thickness + far)), (None, None, far)),
            Block(3, (0.0, 0.0, 0.5 * (thickness + far)), (None, None, far)),
        ),
        sources=tuple(
            Source(c, frequency, PULSE * frequency, (*place, 0.1 * thickness), amplitude=strength)
            for c in ("Ex", "Ey")
            for place, strength in places
        ),
        component="Ex",
        probes=((0.6 * x, 1.3 * y, 0.1 * thickness), (1.2 * x, 0.7 * y, 0.1 * thickness)),
        frequency=frequency,
        bandwidth=BANDWIDTH * frequency,
        quiet=QUIET,
        duration=DURATION,
        k=(0.0, 0.0, 0.0),
        absorbers=(Absorber("Z", ABSORBER_UM),),
        mirrors=(Mirror("X", phases[0]), Mirror("Y", phases[1])),
    )
