"""A grating of finite length: where its teeth stand, how deep its grooves are, with a shift and apodisation.

::

        1     2     3  shift   4     5     6            period Λ; the groove in the middle is wider by the shift, and deeper than
      |‾‾|__|‾‾|__|‾‾|______|‾‾|__|‾‾|__|‾‾|            those at the ends when apodised; x = 0 in the middle of the grating
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import positive, whole
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings.cell import Reals, Region, UnitCell
from qdphotonics.units import NM_PER_UM

if TYPE_CHECKING:
    from shapely import Geometry

    from qdphotonics.stacks.grating_rules import Apodisation

GAUSSIAN_EDGE = 0.5  # the Gaussian's width (1/e of the depth) relative to the length


def depth_factor(apodisation: Apodisation, position: ArrayLike) -> Reals:
    """Depth relative to that in the middle, at ``position`` −1 … 1 along the grating.

    raised-cosine: cos²(π s/2), nothing at the ends; gaussian: exp(−(s/2w)²) with w = 0.5, e^-1 at the ends.

    Examples
    --------
    >>> depth_factor("raised-cosine", [-1.0, 0.0, 0.5]).round(3)
    array([0. , 1. , 0.5])
    """
    s = np.asarray(position, dtype=float)
    if apodisation == "raised-cosine":
        return np.asarray(np.cos(0.5 * np.pi * s) ** 2)
    if apodisation == "gaussian":
        return np.asarray(np.exp(-((0.5 * s / GAUSSIAN_EDGE) ** 2)))
    return np.ones(s.shape)


@dataclass(frozen=True, eq=False)
class FiniteGrating:
    """So many periods of a cell.

    Parameters
    ----------
    cell : UnitCell
        Its ``apodisation`` and ``phase_shift`` hold along the grating.
    periods : int
        Whole periods; with a shift it stands after half of them.

    Raises
    ------
    ArgumentError
        The cell has no grating.
    """

    cell: UnitCell
    periods: int

    def __post_init__(self) -> None:
        if self.cell.profile is None:
            raise ArgumentError("Argument `cell` must have a grating, but it is planar")
        whole("periods", self.periods, 1)

    @property
    def shift_nm(self) -> float:
        """Extra length in the middle: ``phase_shift`` wavelengths in the guide, λ/n_eff = 2Λ/order [nm]."""
        return self.cell.phase_shift * 2 * self.cell.period_nm / self.cell.order

    @property
    def length_nm(self) -> float:
        return self.periods * self.cell.period_nm + self.shift_nm

    @cached_property
    def centres_nm(self) -> Reals:
        """Middle of each period [period]; x = 0 is the middle of the grating."""
        place = (np.arange(self.periods) + 0.5) * self.cell.period_nm
        return np.asarray(place + np.where(np.arange(self.periods) >= self.periods // 2, self.shift_nm, 0.0) - 0.5 * self.length_nm)

    @cached_property
    def depth_factors(self) -> Reals:
        """Depth of the grooves in each period relative to the cell's [period]."""
        return depth_factor(self.cell.apodisation, 2.0 * self.centres_nm / self.length_nm)

    @property
    def grooves(self) -> tuple[Geometry, ...]:
        """What is etched away in each period and in the shift, x, z [nm], from the top of the grated layer down."""
        from shapely import box
        from shapely.affinity import scale, translate

        profile, grated = self.cell.profile, self.cell.grated
        assert profile is not None  # __post_init__ saw to it
        assert grated is not None
        half, top = 0.5 * self.cell.period_nm, float(self.cell.interfaces_nm[grated])
        void = box(-half, 0.0, half, profile.depth_nm).difference(profile.tooth)
        hung = translate(void, 0.0, -profile.depth_nm)  # its top at z = 0, where it stays when it is made shallower
        made = [
            translate(scale(hung, 1.0, float(factor), origin=(0.0, 0.0)), float(centre), top)
            for centre, factor in zip(self.centres_nm, self.depth_factors, strict=True)
            if factor > 0.0
        ]
        if self.shift_nm > 0.0:
            start = self.periods // 2 * self.cell.period_nm - 0.5 * self.length_nm
            made.append(box(start, top - profile.depth_nm, start + self.shift_nm, top))
        return tuple(made)

    def regions(self, margin_nm: float = 0.0) -> tuple[Region, ...]:
        """The layers over the whole length and ``margin_nm`` beyond its ends, there without grooves.

        Returns
        -------
        tuple of Region
            As :attr:`UnitCell.regions`.
        """
        from shapely import box, unary_union
        from shapely.affinity import translate

        cell, grated = self.cell, self.cell.grated
        assert grated is not None
        half, tops = 0.5 * self.length_nm + margin_nm, cell.interfaces_nm
        void = unary_union(self.grooves)
        solids = []
        for interface, top in enumerate(tops):
            follows = interface == grated or (cell.over_layers == "conformal" and interface > grated)
            solid = box(-half, 0.0, half, top)
            solids.append(solid.difference(translate(void, 0.0, float(top - tops[grated]))) if follows else solid)
        parts = [above.difference(below) for below, above in pairwise(solids)]
        parts.append(box(-half, 0.0, half, tops[-1]).difference(solids[-1]))
        return tuple(
            Region(layer, cell.names[layer], part, complex(cell.index[layer]))
            for layer, part in enumerate(parts, start=1)
            if part.area > 0.0
        )


def finite_grating(cell: UnitCell, length_um: float | None = None, periods: int | None = None) -> FiniteGrating:
    """A grating of so many periods, or of the whole number of them nearest to a length [µm].

    Raises
    ------
    ArgumentError
        Neither or both are given, or the cell has no grating.

    Examples
    --------
    >>> from qdphotonics.gratings import GratingProfile
    >>> cell = UnitCell(("substrate", "a", "superstrate"), [1.5, 1.8, 1.0], [200.0], 400.0, 620.0,
    ...                 grated=1, profile=GratingProfile(400.0, 30.0))
    >>> finite_grating(cell, length_um=100.0).periods
    250
    """
    if (length_um is None) == (periods is None):
        raise ArgumentError("Arguments `length_um` and `periods`: exactly one of them must be given")
    if periods is not None:
        return FiniteGrating(cell, periods)
    assert length_um is not None
    wanted = positive("length_um", length_um, "µm") * NM_PER_UM
    return FiniteGrating(cell, max(1, round(wanted / cell.period_nm)))
