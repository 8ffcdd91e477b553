"""One tooth of a grating in cross-section.

::

    z = depth   ........ ______ ........       rectangle, trapezoid, sinusoid, blazed (a right-angled triangle), or any
                        |      |               polygon; x runs over one period, z over the depth; a tooth that is its own
    z = 0       ________|      |________       mirror image is centred on x = 0
             x = -period/2     x = period/2

`duty` is the fraction of a period that is kept at half the depth, whatever the shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import radians, tan
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from qdphotonics._checks import one_of, positive, refuse
from qdphotonics.errors import ArgumentError
from qdphotonics.stacks.grating_rules import Shape, profile_fault

if TYPE_CHECKING:
    from shapely import Geometry, Polygon

    from qdphotonics.stacks import Grating

CURVE_POINTS = 64  # of a sinusoid's flank as a polygon: its area is right to 1e-4
SLIVER = 1e-9  # of a period: pieces narrower than this are rounding


@dataclass(frozen=True)
class GratingProfile:
    """Cross-section of one period of a grating: which part of it is kept.

    Parameters
    ----------
    period_nm, depth_nm : float
    duty : float
        Fraction of a period that is kept at half the depth; of a ``polygon`` it is computed.
    shape : {"rectangle", "trapezoid", "sinusoid", "blazed"}
        A blazed tooth rises from the left and falls upright.
    sidewall_deg : float, optional
        Angle of a trapezoid's walls from the layers [degrees].
    polygon : shapely.Polygon, optional
        The tooth itself in x, z [nm], within −period/2 … period/2 and 0 … depth, in place of a shape.

    Raises
    ------
    ArgumentError
        There is no such profile.

    Examples
    --------
    >>> profile = GratingProfile(400.0, 30.0, 0.5, "trapezoid", sidewall_deg=60.0)
    >>> profile.kept(15.0)  # at half the depth
    array([[-100.,  100.]])
    >>> round(profile.tooth.area / (400.0 * 30.0), 6)
    0.5
    """

    period_nm: float
    depth_nm: float
    duty: float = 0.5
    shape: Shape = "rectangle"
    sidewall_deg: float | None = None
    polygon: Polygon | None = None

    def __post_init__(self) -> None:
        positive("period_nm", self.period_nm, "nm")
        positive("depth_nm", self.depth_nm, "nm")
        if self.polygon is not None:
            self._check_polygon(self.polygon)
            return
        one_of("shape", self.shape, get_args(Shape))
        if not 0 < self.duty < 1:
            refuse("duty", "be > 0 and < 1", self.duty)
        if self.sidewall_deg is not None and not 0 < self.sidewall_deg <= 90:
            refuse("sidewall_deg", "be > 0 and <= 90 degrees", self.sidewall_deg)
        fault = profile_fault(self.shape, self.period_nm, self.depth_nm, self.duty, self.sidewall_deg)
        if fault is not None:
            key, rule = fault
            refuse(key, rule.removeprefix("must "), getattr(self, key))

    def _check_polygon(self, polygon: Polygon) -> None:
        from shapely import box

        half = 0.5 * self.period_nm
        if polygon.is_empty or not polygon.is_valid:
            raise ArgumentError("Argument `polygon` must be a valid polygon, but it is empty or crosses itself")
        if not box(-half, 0.0, half, self.depth_nm).buffer(SLIVER * self.period_nm).covers(polygon):
            rule = f"lie within -{half:g} … {half:g} nm and 0 … {self.depth_nm:g} nm"
            refuse("polygon", rule, f"within {tuple(round(edge, 6) for edge in polygon.bounds)}")

    @classmethod
    def of(cls, grating: Grating) -> GratingProfile:
        """The profile that a stack's ``grating:`` block describes."""
        return cls(grating.period_nm, grating.depth_nm, grating.duty, grating.shape, grating.sidewall_deg)

    @property
    def is_upright(self) -> bool:
        """Whether every wall is upright, so that one slice describes the grating exactly."""
        return self.polygon is None and (self.shape == "rectangle" or self.sidewall_deg == 90)

    @cached_property
    def is_symmetric(self) -> bool:
        """Whether the tooth is its own mirror image in x = 0."""
        if self.polygon is None:
            return self.shape != "blazed"
        from shapely.affinity import scale

        mirrored = scale(self.polygon, -1.0, 1.0, origin=(0.0, 0.0))
        return bool(mirrored.symmetric_difference(self.polygon).area <= SLIVER * self.period_nm * self.depth_nm)

    @cached_property
    def tooth(self) -> Geometry:
        """The kept part as a shapely polygon in x, z [nm]; curves have straight pieces."""
        from shapely import Polygon

        if self.polygon is not None:
            return self.polygon
        heights = self.depth_nm * np.linspace(0.0, 1.0, 2 if self.shape != "sinusoid" else CURVE_POINTS)
        if self.shape == "sinusoid":  # closer together where the flank is level
            heights = self.depth_nm * 0.5 * (1.0 - np.cos(np.pi * heights / self.depth_nm))
        left, right = np.array([self._edges(height) for height in heights]).T
        corners = [*zip(left, heights, strict=True), *zip(right[::-1], heights[::-1], strict=True)]
        return Polygon(corners)

    def kept(self, height_nm: float) -> NDArray[np.float64]:
        """Where the layer is left at a height above the bottom of the grooves.

        Parameters
        ----------
        height_nm : float
            0 … depth [nm].

        Returns
        -------
        float array [piece, (from, to)]
            In x [nm], from left to right; none in an empty height.
        """
        if self.polygon is None:
            left, right = self._edges(height_nm)
            return np.array([[left, right]]) if right - left > SLIVER * self.period_nm else np.empty((0, 2))
        from shapely import LineString, get_parts

        line = LineString([(-self.period_nm, height_nm), (self.period_nm, height_nm)])
        pieces = [piece.bounds for piece in get_parts(self.polygon.intersection(line)) if piece.length > SLIVER * self.period_nm]
        return np.array(sorted((piece[0], piece[2]) for piece in pieces)).reshape(-1, 2)

    def _edges(self, height_nm: float) -> tuple[float, float]:
        """Left and right wall at a height, of the named shapes."""
        share = height_nm / self.depth_nm
        half = 0.5 * self.duty * self.period_nm
        if self.shape == "trapezoid":
            assert self.sidewall_deg is not None  # __post_init__ saw to it
            half += (0.5 - share) * self.depth_nm / tan(radians(self.sidewall_deg))
        elif self.shape == "sinusoid":  # depth/2 (1 + cos(2 pi x/period)) = height
            half = self.period_nm / (2 * np.pi) * float(np.arccos(np.clip(2.0 * share - 1.0, -1.0, 1.0)))
        elif self.shape == "blazed":
            return 2.0 * half * (2.0 * share - 1.0), 2.0 * half
        return -half, half

    def heights(self, most_nm: float | None = None) -> NDArray[np.float64]:
        """Heights [nm] from 0 to the depth between which the walls are taken for upright.

        Parameters
        ----------
        most_nm : float, optional
            No two are further apart [nm]; a sixteenth of the depth unless given. Upright walls need no more than two.
        """
        if self.is_upright:
            return np.array([0.0, self.depth_nm])
        step = self.depth_nm / 16 if most_nm is None else positive("most_nm", most_nm, "nm")
        corners = np.array([0.0, self.depth_nm])
        if self.polygon is not None:
            corners = np.unique([*corners, *(z for ring in (self.polygon.exterior, *self.polygon.interiors) for _, z in ring.coords)])
        counts = [int(np.ceil((high - low) / step - SLIVER)) for low, high in pairwise(corners)]
        pieces = [np.linspace(low, high, 1 + count) for (low, high), count in zip(pairwise(corners), counts, strict=True)]
        return np.unique(np.concatenate(pieces))
