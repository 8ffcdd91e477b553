"""What a cavity loses through its ends."""

from __future__ import annotations

from math import inf, log
from typing import TYPE_CHECKING

from qdphotonics.units import NM_PER_CM, NM_PER_UM

if TYPE_CHECKING:
    from qdphotonics.stacks import Cavity


def mirror_loss_per_cm(cavity: Cavity) -> float:
    """Distributed loss of a Fabry-Perot cavity, alpha_m = -ln(R1 R2)/(2 L) [cm^-1]; infinite where a facet reflects nothing.

    Examples
    --------
    >>> from qdphotonics.stacks import Cavity
    >>> round(mirror_loss_per_cm(Cavity(length_um=500, facet_reflectivity=(0.3, 0.3))), 2)
    24.08
    """
    product = cavity.facet_reflectivity[0] * cavity.facet_reflectivity[1]
    return -log(product) / (2 * length_cm(cavity)) if product > 0 else inf


def length_cm(cavity: Cavity) -> float:
    """Length of a cavity [cm]."""
    return cavity.length_um * NM_PER_UM / NM_PER_CM
