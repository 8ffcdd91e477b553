"""Fields of the edges of a stop band over one period and more, and of a finite grating's modes along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import refuse

if TYPE_CHECKING:
    from qdphotonics.gratings import DistributedFeedbackMode, WavesAlong
    from qdphotonics.laser.dfb_result import DfbResonance, DfbResult


def edge_fields(result: DfbResult, x_nm: ArrayLike, z_nm: ArrayLike) -> list[tuple[DfbResonance, NDArray[np.float64]]]:
    """|E_y|² (TE) or |H_y|² (TM) of each edge of the stop band at heights z and places x [z, x], its largest value here 1.

    Of coupled waves the planar mode times its standing wave; of Bloch modes all orders.

    Parameters
    ----------
    result : DfbResult
        By coupled waves or Bloch modes, without end.
    x_nm, z_nm : float array [x], [z]
        x = 0 is the middle of a tooth, z = 0 the top of the substrate.
    """
    from qdphotonics.gratings import BlochSearch

    x, z = np.asarray(x_nm, dtype=float), np.asarray(z_nm, dtype=float)
    if result.edges is None:
        return []
    if isinstance(result.source, BlochSearch):
        modes = {mode.wavelength_nm: mode for mode in result.source.modes}
        return [(edge, np.abs(modes[edge.wavelength_nm].field(x, z)) ** 2) for edge in result.edges]
    if result.source is not None:
        refuse("result", "be that of coupled waves or Bloch modes without end", f"one of {result.engine}")
    from qdphotonics import planar

    guide = result.guide
    field = planar.mode_field(guide.mode, z)
    across = np.abs((field.E if result.polarization == "TE" else field.H)[1]) ** 2
    wavenumber = guide.cell.order * np.pi / guide.cell.period_nm
    found = []
    for edge, (S, R) in zip(result.edges, (each.amplitudes for each in guide.edges), strict=True):
        along = np.abs(R * np.exp(1j * wavenumber * x) + S * np.exp(-1j * wavenumber * x)) ** 2
        shown = np.multiply.outer(across, along)
        found.append((edge, np.asarray(shown / shown.max())))
    return found


def modes_along(result: DfbResult) -> list[tuple[DistributedFeedbackMode, WavesAlong]]:
    """The modes of a finite grating by coupled waves, the lowest threshold first, with R and S along it."""
    from qdphotonics.gratings import DistributedFeedback

    laser = result.source
    if not isinstance(laser, DistributedFeedback):
        refuse("result", "be that of coupled waves with a length", f"one of {result.engine}")
    return [(mode, laser.along(mode.threshold)) for mode in laser.modes()[: len(result.resonances)]]
