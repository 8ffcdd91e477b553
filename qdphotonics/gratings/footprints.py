"""Electrodes and slits seen from above, and the area in which they overlap: where current is injected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qdphotonics._checks import positive
from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    from shapely import Geometry


@dataclass(frozen=True)
class Footprint:
    """An electrode, a slit in an insulator, a mesa: its outline from above.

    Parameters
    ----------
    name : str
    outline : shapely.Geometry
        x, y [µm]; a polygon or several.

    Raises
    ------
    ArgumentError
        The outline has no area, or crosses itself.
    """

    name: str
    outline: Geometry

    def __post_init__(self) -> None:
        if not self.outline.is_valid or not self.outline.area > 0:
            told = "must be a valid polygon with an area, but it is empty or crosses itself"
            raise ArgumentError(f'Argument `outline` of "{self.name}" {told}')

    @property
    def area_um2(self) -> float:
        return float(self.outline.area)

    def rotated(self, angle_deg: float) -> Footprint:
        """The same turned about its middle, counter-clockwise."""
        from shapely.affinity import rotate

        return Footprint(self.name, rotate(self.outline, angle_deg, origin="centroid"))


def stripe(name: str, width_um: float, length_um: float, centre_um: tuple[float, float] = (0.0, 0.0)) -> Footprint:
    """A rectangle, its width along x and its length along y [µm].

    Examples
    --------
    >>> anode, slit = stripe("anode", 300.0, 2000.0), stripe("slit", 2000.0, 30.0)
    >>> overlap_area_um2(anode, slit)
    9000.0
    """
    from shapely import box

    x, y = centre_um
    w, h = 0.5 * positive("width_um", width_um, "µm"), 0.5 * positive("length_um", length_um, "µm")
    return Footprint(name, box(x - w, y - h, x + w, y + h))


def disc(name: str, diameter_um: float, centre_um: tuple[float, float] = (0.0, 0.0)) -> Footprint:
    """A circle [µm], as a polygon of 256 corners: its area is right to 1e-4."""
    from shapely import Point

    return Footprint(name, Point(centre_um).buffer(0.5 * positive("diameter_um", diameter_um, "µm"), quad_segs=64))


def overlap(*parts: Footprint) -> Geometry:
    """Where all parts lie above one another, as a shapely geometry [µm]; empty where they do not.

    Raises
    ------
    ArgumentError
        No part is given.
    """
    if not parts:
        raise ArgumentError("Argument `parts` must hold at least one footprint")
    common = parts[0].outline
    for part in parts[1:]:
        common = common.intersection(part.outline)
    return common


def overlap_area_um2(*parts: Footprint) -> float:
    """Area in which all parts overlap [µm²]: the ``area_um2`` of a stack's ``drive:``."""
    return float(overlap(*parts).area)
