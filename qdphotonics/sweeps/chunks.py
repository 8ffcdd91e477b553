"""A sweep cut into chunks: what is computed at once, stored at once, and computed again after a crash.

The cut follows from the specification alone, never from how many workers there are, and a chunk knows nothing of the
others: so the numbers are the same, bit for bit, however the work was shared out and however often it was interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.each_point import BY_MEEP, error_text, needs_each_point

if TYPE_CHECKING:
    from qdphotonics.sweeps.planar_points import SweepPoints
    from qdphotonics.sweeps.specs import SweepSpec

STATUS = ("tracked", "re-solved", "lost")  # what the numbers of ``Chunk.status`` mean, as in planar.tracking
LOST = STATUS.index("lost")

# Points of a chunk: enough that what a chunk costs by itself (a search of the base stack, a file) does not count beside a
# second or so of work, few enough that a crash loses little of it.
FOLLOWED = 20_000
SPECTRAL = 2_000
EACH = 50  # what takes a search, or a hundred solutions, at each point
GRATING = 5
SIMULATED = 1  # one job of Meep


@dataclass(frozen=True, eq=False)
class Chunk:
    """The numbers of some points that follow each other.

    Parameters
    ----------
    number : int
    values : mapping of quantity to float64 array [point]
    status : int8 array [point]
        Position in ``STATUS``.
    errors : mapping of flat index to text
        Of points at which something failed.
    """

    number: int
    values: Mapping[str, NDArray[np.float64]]
    status: NDArray[np.int8]
    errors: Mapping[int, str]

    @property
    def failed(self) -> int:
        """How many points lack numbers for which there is a reason."""
        return len(self.errors)


@dataclass(frozen=True)
class Cut:
    """The chunks of a design: boxes of whole rows (whole planes where they are small), of about the same size.

    Parameters
    ----------
    shape : tuple of int
        Length of each dimension; the last varies fastest.
    target : int
        Points that a chunk should have.

    Examples
    --------
    >>> cut = Cut((101, 101, 98), 20_000)
    >>> cut.count, cut.bounds(0), cut.bounds(49)
    (50, (0, 19796), (970004, 999698))
    >>> Cut((3, 50_000), 20_000).bounds(1)
    (25000, 50000)
    """

    shape: tuple[int, ...]
    target: int

    @cached_property
    def _box(self) -> tuple[int, int, int, int]:
        """How many boxes of all of an axis; its length; into how many parts it is cut; points of one step along it."""
        axis, inner = len(self.shape), 1
        while axis > 0 and inner * self.shape[axis - 1] <= self.target:
            axis -= 1
            inner *= self.shape[axis]
        if axis == 0:
            return 1, 1, 1, inner
        length = self.shape[axis - 1]
        return prod(self.shape[: axis - 1]), length, max(1, round(length * inner / self.target)), inner

    @property
    def points(self) -> int:
        """Of all chunks together."""
        return prod(self.shape)

    @property
    def count(self) -> int:
        """How many chunks."""
        outer, _, parts, _ = self._box
        return outer * parts

    def bounds(self, number: int) -> tuple[int, int]:
        """Flat index of the first point of a chunk, and of the first beyond it."""
        _, length, parts, inner = self._box
        box, part = divmod(number, parts)
        first, last = length * part // parts, length * (part + 1) // parts
        return (box * length + first) * inner, (box * length + last) * inner

    def flat(self, number: int) -> NDArray[np.int64]:
        """Flat indices of the points of a chunk [point]."""
        return np.arange(*self.bounds(number), dtype=np.int64)


class Work(Protocol):
    """What the runner runs and the store keeps: numbered chunks, each of which can be computed by itself.

    It must survive pickling, since it travels to the workers of a cluster.
    """

    @property
    def names(self) -> Sequence[str]:
        """Of the quantities."""
        ...

    @property
    def cut(self) -> Cut:
        """Its chunks."""
        ...

    def evaluate(self, number: int) -> Chunk:
        """Compute a chunk; an exception fails all of its points."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """The full input, as plain values: what tells this work from another."""
        ...


@dataclass(frozen=True)
class SweepJob:
    """The work of a sweep."""

    spec: SweepSpec

    def __reduce__(self) -> tuple[type[SweepJob], tuple[SweepSpec]]:
        """Travels without what it has prepared, which each worker prepares for itself."""
        return SweepJob, (self.spec,)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of the quantities."""
        return tuple(quantity.name for quantity in self.spec.quantities)

    @cached_property
    def points(self) -> SweepPoints:
        """What evaluates them."""
        from qdphotonics.sweeps.planar_points import SweepPoints

        return SweepPoints.of(self.spec)

    @cached_property
    def cut(self) -> Cut:
        """Its chunks: smaller ones where a point takes longer."""
        return Cut(self.spec.design.shape, points_of_a_chunk(self.spec))

    def check(self) -> None:
        """See that the base stack has the modes that are asked for; :meth:`SweepPoints.check` has the errors."""
        self.points.check()

    def evaluate(self, number: int) -> Chunk:
        """Compute a chunk."""
        block = self.points.block(self.cut.flat(number))
        return Chunk(number, block.values, block.status, block.errors)

    def as_dict(self) -> dict[str, Any]:
        """The full input, as plain values."""
        return self.spec.as_dict()


def points_of_a_chunk(spec: SweepSpec) -> int:
    """How many points a chunk of a sweep should have, by what takes longest."""
    each = [quantity for quantity in spec.quantities if needs_each_point(quantity, spec.mode or "", spec.engine)]
    if spec.engine == "meep" and any(quantity.family == "dfb" or quantity.kind.name in BY_MEEP for quantity in each):
        return SIMULATED
    if any(quantity.family == "dfb" for quantity in each):
        return GRATING
    if any(quantity.family != "spectrum" for quantity in each):
        return EACH
    return SPECTRAL if each else FOLLOWED


def evaluated(work: Work, number: int) -> Chunk:
    """A chunk of some work, whatever happens: an exception becomes the error of all its points."""
    try:
        return work.evaluate(number)
    except Exception as problem:  # a night's work must not stop for one chunk, were it for a bug of ours
        return failed(work, number, error_text(problem))


def failed(work: Work, number: int, why: str) -> Chunk:
    """A chunk without numbers."""
    flat = work.cut.flat(number)
    values = {name: np.full(len(flat), np.nan) for name in work.names}
    return Chunk(number, values, np.full(len(flat), LOST, dtype=np.int8), dict.fromkeys(flat.tolist(), why))
