"""Zeros in a wide rectangle, strip by strip: functions whose phase turns many times along it.

``zeros`` starts an outline with eight steps an edge. A function that turns its phase by 2π between two points looks as if it
stood still, so strips are made narrow enough for the phase that is known beforehand, here a round trip's.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from qdphotonics.errors import ModeSearchError
from qdphotonics.gratings import zeros

TURN = 5.0  # phase along a strip [radians]: less than 1 between two of the first points
TRIES = (1.0, 0.83, 0.91, 0.71, 0.62)  # widths of a strip in parts of the wanted one: the next where its seam runs through a zero


def find_in_strips(
    function: zeros.LogFunction, low: complex, high: complex, along: Literal["real", "imag"], phase_per_unit: float, what: str
) -> tuple[complex, ...]:
    """All zeros in a rectangle, rising along the axis that is cut into strips.

    Parameters
    ----------
    function : callable
        Points [point] to log f.
    low, high : complex
        Corners.
    along : {"real", "imag"}
        Axis along which the phase turns.
    phase_per_unit : float
        How fast, at most, away from zeros [radians].
    what : str
        Of which the zeros are, for the message.

    Raises
    ------
    ModeSearchError
        Zeros were counted that could not be found, or one lies on the outline.
    """
    start, end = (low.real, high.real) if along == "real" else (low.imag, high.imag)
    count = max(1, int(np.ceil((end - start) * phase_per_unit / TURN)))
    width = (end - start) / count
    found: list[complex] = []
    position = start
    while position < end:
        complaint = ""
        for part in TRIES:
            seam = end if end - position <= width * (part + 1e-9) else position + width * part
            corners = (complex(position, low.imag), complex(seam, high.imag))
            if along == "imag":
                corners = (complex(low.real, position), complex(high.real, seam))
            strip = zeros.find(function, *corners)
            if not strip.complaint:
                found += strip.zeros
                break
            complaint = strip.complaint
        else:
            raise ModeSearchError(f"{what}: {complaint}; take another window")
        position = seam
    return tuple(sorted(found, key=lambda zero: zero.real if along == "real" else zero.imag))
