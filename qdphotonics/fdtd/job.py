"""What the worker is asked: simulations in Meep's own terms, as frozen data that become JSON and arrays.

::

    y (2-D) = z of the stack, up            Lengths in um, frequencies in c/um (1000/wavelength in nm), times in um/c.
    |                                       The cell is centred on the origin; z of a 2-D cell points out of it,
    |____ x = x of the stack                so TE has E_z and TM has H_z in Meep's names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import exp, isfinite, prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.fdtd.media import Medium

Axis = Literal["X", "Y", "Z"]
Triple = tuple[float, float, float]

FORMAT = 1  # of job and result; the worker refuses another
COURANT = 0.5  # Meep's own: stable wherever every index is above 0.5 times the root of the dimensions
LARGEST_FIELD = 1e6  # of a source of strength 1, without gain; beyond it the run has diverged
LARGEST_GROWTH = 30.0  # exponent: a static field that a conductivity < 0 amplifies must not bury the mode (e^30 of 1e-16)


@dataclass(frozen=True)
class Block:
    """A box; an entry None of ``size`` is endless."""

    medium: int
    center: Triple
    size: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, eq=False)
class Prism:
    """A polygon [corner, (x, y)] extruded along z; ``height`` None: endlessly."""

    medium: int
    corners: NDArray[np.float64]
    center: Triple = (0.0, 0.0, 0.0)
    height: float | None = None


@dataclass(frozen=True)
class Cylinder:
    """A cylinder along z."""

    medium: int
    center: Triple
    radius: float
    height: float


Shape = Block | Prism | Cylinder


@dataclass(frozen=True, eq=False)
class Source:
    """A Gaussian pulse of current; ``profile`` [2, point] tabulates position and complex strength along ``profile_axis``."""

    component: str
    frequency: float
    width: float
    center: Triple
    size: Triple = (0.0, 0.0, 0.0)
    amplitude: complex = 1.0
    cutoff: float = 5.0  # the pulse begins and ends so many of its widths from its peak
    profile: NDArray[np.complex128] | None = None
    profile_axis: Literal["x", "y", "z"] = "y"

    @property
    def ends(self) -> float:
        """When the pulse is over [um/c]."""
        return 2.0 * self.cutoff / self.width


@dataclass(frozen=True)
class Absorber:
    """What takes up the field at the ends of an axis.

    A perfectly matched layer; not where there is metal, whose waves it amplifies (seen: e^25 in 60 um/c): there a
    ``gradual`` conductivity, which must be thicker.
    """

    axis: Axis
    thickness: float
    side: Literal["ALL", "Low", "High"] = "ALL"
    gradual: bool = False


@dataclass(frozen=True)
class Mirror:
    """Mirror symmetry of the fields: E parallel to the mirror plane is even for phase +1."""

    axis: Axis
    phase: Literal[1, -1]


@dataclass(frozen=True)
class FieldMap:
    """Fourier components of the field in a box at one frequency."""

    components: tuple[str, ...]
    frequency: float
    center: Triple
    size: Triple


@dataclass(frozen=True, eq=False)
class Run:
    """One simulation.

    Parameters
    ----------
    name : str
        In progress lines and results.
    cell : tuple of float
        Size [um]; 0 along an axis the cell does not have.
    resolution : float
        Pixels per um.
    media : tuple of Medium
    background : int
        The medium where no shape is.
    shapes : tuple of Block, Prism or Cylinder
        Painted in order: a later one covers the earlier.
    sources : tuple of Source
    component : str
        Which field the probes hear.
    probes : tuple of points
    frequency, bandwidth : float
        Of the band in which Harminv looks for resonances.
    quiet, duration : float
        Times [um/c] between the end of the pulse and listening, and of listening.
    k : tuple of float, optional
        Bloch vector/2 pi [1/um]; None: metallic walls.
    """

    name: str
    cell: Triple
    resolution: float
    media: tuple[Medium, ...]
    shapes: tuple[Shape, ...]
    sources: tuple[Source, ...]
    component: str
    probes: tuple[Triple, ...]
    frequency: float
    bandwidth: float
    duration: float
    quiet: float = 0.0
    background: int = 0
    dimensions: Literal[1, 2, 3] = 2
    courant: float = COURANT
    k: Triple | None = None
    complex_fields: bool = False
    absorbers: tuple[Absorber, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    listen: bool = True
    maps: Mapping[str, FieldMap] = field(default_factory=dict)
    epsilon_map: FieldMap | None = None

    def __post_init__(self) -> None:
        numbers = {
            "resolution": self.resolution,
            "frequency": self.frequency,
            "bandwidth": self.bandwidth,
            "duration": self.duration,
            "courant": self.courant,
        }
        for name, value in numbers.items():
            if not (isfinite(value) and value > 0):
                raise ArgumentError(f'Argument `{name}` of run "{self.name}" must be > 0 and finite, but is {value}')
        if not self.sources or not self.probes:
            raise ArgumentError(f'Arguments `sources` and `probes` of run "{self.name}" must hold at least one each')
        growth = self.growth
        if growth > LARGEST_GROWTH:
            told = f"the fields of its most amplifying medium grow by e^{growth:.3g} while it runs, at most e^{LARGEST_GROWTH:g}"
            raise ArgumentError(f'Run "{self.name}" would not stay stable: {told}; take less gain or a shorter `duration`')

    @property
    def source_ends(self) -> float:
        """When the last pulse is over [um/c]."""
        return max(source.ends for source in self.sources)

    @property
    def ends(self) -> float:
        """How long the simulated time is [um/c]."""
        return self.source_ends + self.quiet + self.duration

    @property
    def growth(self) -> float:
        """Exponent by which a field at rest in the most amplifying medium grows during the run."""
        return max((medium.growth_rate for medium in self.media), default=0.0) * self.ends

    @property
    def weight(self) -> float:
        """Pixels times steps: how the time of a job is shared among its runs."""
        pixels = float(prod(max(size * self.resolution, 1.0) for size in self.cell)) / 2.0 ** len(self.mirrors)
        return pixels * self.ends * self.resolution / self.courant


@dataclass(frozen=True, eq=False)
class Job:
    """Simulations that one process runs, one after the other."""

    title: str
    runs: tuple[Run, ...]

    def __post_init__(self) -> None:
        if not self.runs:
            raise ArgumentError(f'Job "{self.title}" must hold at least one run')

    def written(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """The JSON document and the arrays that it refers to by name."""
        arrays: dict[str, NDArray[Any]] = {}
        runs = [_written_run(run, arrays) for run in self.runs]
        return {"format": FORMAT, "title": self.title, "runs": runs}, arrays


def _written_run(run: Run, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    def kept(array: NDArray[Any]) -> str:
        name = f"a{len(arrays)}"
        arrays[name] = array
        return name

    plain = {key: value for key, value in vars(run).items() if key not in ("shapes", "sources", "media", "maps")}
    plain |= {"absorbers": [asdict(each) for each in run.absorbers], "mirrors": [asdict(each) for each in run.mirrors]}
    plain |= {"epsilon_map": None if run.epsilon_map is None else asdict(run.epsilon_map)}
    sources = []
    for source in run.sources:
        profile = None if source.profile is None else {"axis": source.profile_axis, "table": kept(source.profile)}
        told = {key: value for key, value in vars(source).items() if key not in ("profile", "profile_axis", "amplitude")}
        sources.append(told | {"profile": profile, "amplitude": [complex(source.amplitude).real, complex(source.amplitude).imag]})
    shapes = []
    for shape in run.shapes:
        told = {key: value for key, value in vars(shape).items() if key != "corners"} | {"kind": type(shape).__name__.lower()}
        shapes.append(told | ({"vertices": kept(shape.corners)} if isinstance(shape, Prism) else {}))
    return plain | {
        "sources": sources,
        "shapes": shapes,
        "media": [asdict(medium) for medium in run.media],
        "maps": {name: asdict(wanted) for name, wanted in run.maps.items()},
        "source_ends": run.source_ends,
        "weight": run.weight,
        "largest_field": LARGEST_FIELD * exp(run.growth),
        "watch_every": min(1.0, run.ends / 50.0),
    }
