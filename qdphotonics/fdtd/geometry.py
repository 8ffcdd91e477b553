"""Stacks and unit cells as shapes that Meep averages rightly.

Meep smooths the permittivity of a pixel that one surface crosses. Two shapes that touch leave such a pixel a third
medium, whatever lies behind both, and second-order convergence is gone. So shapes never touch, they cover: first the
substrate everywhere, then *all that lies above* the first interface, then all above the second …

::

    4: above the last interface   ~~~~~~~~~~~~~~~~~     each shape reaches up and sideways beyond the cell;
    3:                            ---__---__---__--     what is seen of it in the end is one layer
    2:                            -----------------
    1: background
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import EngineError
from qdphotonics.fdtd.job import Absorber, Axis, Block, Prism, Shape
from qdphotonics.fdtd.media import Medium, dielectric, fitted_metal, metal_at
from qdphotonics.units import NM_PER_UM

if TYPE_CHECKING:
    from shapely import Geometry

    from qdphotonics.gratings import FiniteGrating, UnitCell
    from qdphotonics.stacks import Stack

FAR_UM = 1e3  # beyond every cell
GRID_NM = 1e-6  # corners closer than this are one
DITHER = (0.25, 0.75)  # of a pixel, see offsets_of
END_UM, END_GRADUAL_UM = 0.6, 1.2  # thickness of absorbers along x, without and with metal
SLIGHT_CONDUCTIVITY = 1e-5  # c/um, some 0.1 cm^-1; half of that off would not show
TAILS = 6.0  # decay lengths of the field between the stack and an absorber, which changes a tail that it meets
LEAST_PAD_WAVELENGTHS = 0.5
MOST_PAD_WAVELENGTHS = 4.0


@dataclass(frozen=True)
class Window:
    """The part of z that is simulated, and where z lies on the grid.

    Parameters
    ----------
    height : float
        Absorbers included [um]; an even number of pixels.
    shift : float
        y = z/1000 + shift [um].
    """

    height: float
    shift: float

    def y(self, z_nm: float) -> float:
        """Meep's y [um] of a height above the substrate [nm]."""
        return z_nm / NM_PER_UM + self.shift


def window(low_nm: float, high_nm: float, resolution: float, reference_nm: float = 0.0, offset: float = 0.0) -> Window:
    """The window from ``low_nm`` to ``high_nm`` at least, with ``reference_nm`` that share of a pixel above a pixel's edge."""
    pixels = 2 * ceil((high_nm - low_nm) / NM_PER_UM * resolution / 2.0 + 0.5)
    middle = 0.5 * (low_nm + high_nm)
    edge = round((reference_nm - middle) / NM_PER_UM * resolution)
    return Window(pixels / resolution, (edge + offset) / resolution - reference_nm / NM_PER_UM)


def pads_nm(n_eff: float, index: NDArray[np.complex128], wavelength_nm: float) -> tuple[float, float]:
    """Distances [nm] below and above the stack at which the tails of a mode have faded, half a wavelength at least."""
    pads = []
    for side in (0, -1):
        decay = 2 * np.pi / wavelength_nm * np.sqrt(max((n_eff**2 - index[side] ** 2).real, 0.0))
        longest, least = MOST_PAD_WAVELENGTHS * wavelength_nm, LEAST_PAD_WAVELENGTHS * wavelength_nm
        # A half-space that the mode radiates into has no tail; a metal's is as short as the least.
        pads.append(float(np.clip(TAILS / decay, least, longest)) if decay * longest > 1.0 else least)
    return pads[0], pads[1]


def stack_media(stack: Stack, wavelength_nm: float) -> tuple[Medium, ...]:
    """A medium for substrate, layers and superstrate; metals by a fit of their tables."""
    along, normal = stack.index(wavelength_nm), stack.index_extraordinary(wavelength_nm)
    return tuple(
        fitted_metal(material, wavelength_nm).medium if (complex(n) ** 2).real < 0 else dielectric(complex(n), wavelength_nm, complex(e))
        for material, n, e in zip(stack.materials, along, normal, strict=True)
    )


def cell_media(cell: UnitCell) -> tuple[Medium, ...]:
    """A medium for each of a cell's ``names``; of metals only the index at the cell's wavelength is known."""
    assert cell.index_extraordinary is not None  # filled in when the cell is made
    pairs = zip(cell.index, cell.index_extraordinary, strict=True)
    return tuple(
        metal_at(complex(n), cell.wavelength_nm) if (complex(n) ** 2).real < 0 else dielectric(complex(n), cell.wavelength_nm, complex(e))
        for n, e in pairs
    )


def metal_surface_nm(media: Sequence[Medium], interfaces_nm: NDArray[np.float64]) -> float | None:
    """Height of the lowest surface of a metal; None without one."""
    for position, height in enumerate(interfaces_nm):
        if media[position].is_metal != media[position + 1].is_metal:
            return float(height)
    return None


def offsets_of(media: Sequence[Medium]) -> tuple[float, ...]:
    """Shares of a pixel by which a stack is moved on the grid, a run for each: two where there is metal, loss or gain.

    Meep averages across an interface what it knows as epsilon, but neither a metal's poles nor a conductivity: E along
    the interface and E across it see those end at places half a pixel apart, an error of first order. Of a stack that is
    moved by half a pixel it has the opposite sign, wherever interfaces lie a whole number of pixels from one another;
    the mean of the two then converges to second order, as that of transparent dielectrics does by itself. Between
    interfaces at other distances a first-order part of the *loss* remains, a quarter of a pixel of layer at most.
    """
    return DITHER if any(medium.is_metal or abs(medium.conductivity[0]) > SLIGHT_CONDUCTIVITY for medium in media) else (0.0,)


def absorbers(media: Sequence[Medium], thickness_um: float, axis: Axis = "Y") -> tuple[Absorber, ...]:
    """Absorbers in the half-spaces that are not metal: in a metal nothing is left to absorb, and there they are unstable."""
    sides: tuple[tuple[Medium, Literal["Low", "High"]], ...] = ((media[0], "Low"), (media[-1], "High"))
    return tuple(Absorber(axis, thickness_um, side) for medium, side in sides if not medium.is_metal)


def end_absorber(media: Sequence[Medium], pixels_per_um: float) -> Absorber:
    """What takes up a guided wave at the ends of a cell along x."""
    gradual = any(medium.is_metal for medium in media)
    thickness = END_GRADUAL_UM if gradual else END_UM
    return Absorber("X", ceil(thickness * pixels_per_um) / pixels_per_um, gradual=gradual)


def flat_shapes(interfaces_nm: NDArray[np.float64], where: Window) -> tuple[Shape, ...]:
    """The layers of a stack over medium 0, the substrate."""
    return tuple(_all_above(where.y(float(z)), medium) for medium, z in enumerate(interfaces_nm, start=1))


def _all_above(y: float, medium: int) -> Block:
    return Block(medium, (0.0, y + 0.5 * FAR_UM, 0.0), (None, FAR_UM, None))


def cell_shapes(cell: UnitCell, where: Window) -> tuple[Shape, ...]:
    """The layers of a unit cell, without end along x, over medium 0, the substrate."""
    from shapely import box, unary_union
    from shapely.affinity import translate

    top, half = float(cell.interfaces_nm[-1]), 1.5 * cell.period_nm
    along = (-cell.period_nm, 0.0, cell.period_nm)  # the neighbours of the one that is simulated: their edges count in its pixels
    shapes: list[Shape] = []
    for medium in range(1, cell.interfaces_nm.size + 1):
        parts = [translate(region.polygon, dx) for region in cell.regions if region.layer >= medium for dx in along]
        sky = box(-half, top - GRID_NM, half, top + NM_PER_UM * FAR_UM)  # overlaps by a hair: rounding leaves no slit
        shapes += _painted(unary_union([*parts, sky]), medium, where)
    return tuple(shapes)


def finite_shapes(grating: FiniteGrating, where: Window) -> tuple[Shape, ...]:
    """The layers of a finite grating between plain guides, over medium 0; apodisation and phase shift included."""
    from shapely import box, unary_union
    from shapely.affinity import translate

    cell, reach = grating.cell, NM_PER_UM * FAR_UM
    assert cell.grated is not None  # a finite grating has one
    shapes: list[Shape] = []
    for interface, top in enumerate(cell.interfaces_nm):
        above = box(-reach, top - GRID_NM, reach, top + reach)
        if interface == cell.grated or (cell.over_layers == "conformal" and interface > cell.grated):
            rise = float(top - cell.interfaces_nm[cell.grated])
            above = unary_union([above, *(translate(groove, 0.0, rise) for groove in grating.grooves)])
        shapes += _painted(above, interface + 1, where)
    return tuple(shapes)


def _painted(above: Geometry, medium: int, where: Window) -> list[Shape]:
    """What lies above an interface, as shapes; a level interface reaches beyond every cell."""
    from shapely import set_precision

    whole = set_precision(above, GRID_NM)
    low_x, low, high_x, high = whole.bounds
    full = (high_x - low_x) * (high - low)
    if full - whole.area < 1e-9 * full:
        return [_all_above(where.y(float(low)), medium)]
    return list(_prisms(whole, medium, where))


def _prisms(above: Geometry, medium: int, where: Window) -> list[Prism]:
    from shapely import get_parts

    prisms = []
    for part in get_parts(above):
        if part.geom_type != "Polygon" or part.area <= GRID_NM:
            continue
        if len(part.interiors):
            raise EngineError("FDTD: a piece of a layer hangs in the middle of the layers above it; such a cell cannot be drawn for Meep")
        corners: NDArray[Any] = np.array(part.exterior.coords)[:-1] / NM_PER_UM
        prisms.append(Prism(medium, corners + np.array([0.0, where.shift])))
    return prisms
