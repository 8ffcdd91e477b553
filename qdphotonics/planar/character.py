"""What sort of mode: plasmonic, bragg or photonic; the first that fits, in this order (PHYSICS section 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.dispersion import Guide
from qdphotonics.planar.measure_kernel import Looks
from qdphotonics.planar.results import Character

FEWEST_CELLS = 3  # equal cells that make a Bragg reflector
FLAT = 1.0 + 1e-9  # a maximum at an interface may be this much lower than one beside it: rounding of a flat field

Run = tuple[int, int, int]  # first layer, last layer, layers a cell


def metallic(guide: Guide) -> NDArray[np.bool_]:
    """Re eps < 0 by region [layer + 2], of a TM guide (q = eps); of a TE guide nowhere (q = 1)."""
    return np.concatenate([guide.outer[:1, 0], guide.q[guide.row], guide.outer[1:, 0]]).real < 0.0


def character_of(guide: Guide, te: bool, n_eff: complex, metal: NDArray[np.bool_], runs: list[Run], looks: Looks, mode: int) -> Character:
    """Character of a mode; ``metal`` of :func:`metallic`, ``runs`` of :func:`periodic_runs`, ``looks`` filled where there is either."""
    if metal.any() and _peaks_at_metal(metal, looks.kappa[mode], looks.peaks[mode, :, 0], looks.edges[mode]):
        return "plasmonic"
    if runs:
        main = int(looks.peaks[mode, :, 0 if te else 1].argmax())  # of |E|^2
        for first, last, period in runs:
            if not first <= main <= last and _in_stop_band(guide, first, period, n_eff.real):
                return "bragg"
    return "photonic"


def _peaks_at_metal(
    metal: NDArray[np.bool_], kappa: NDArray[np.complex128], within: NDArray[np.float64], at_edges: NDArray[np.float64]
) -> bool:
    """Whether |H|^2 is largest at an interface of Re eps > 0 with Re eps < 0 and decays to both sides."""
    interface = int(at_edges.argmax())
    if metal[interface] == metal[interface + 1] or at_edges[interface] * FLAT < within.max(initial=0.0):
        return False
    outermost = ((0, 0), (1, at_edges.size - 1))
    return all(interface != last or kappa[side].imag > 0.0 for side, last in outermost)


def periodic_runs(row: NDArray[np.int64]) -> list[Run]:
    """Every run of at least three equal cells of two or more layers; ``row`` names equal layers."""
    runs = []
    for period in range(2, row.size // FEWEST_CELLS + 1):
        repeats = np.concatenate([[False], row[:-period] == row[period:], [False]])
        turns = np.flatnonzero(repeats[1:] != repeats[:-1])
        for start, end in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True):
            if end - start >= (FEWEST_CELLS - 1) * period and len(set(row[start : start + period].tolist())) > 1:
                runs.append((start, end + period - 1, period))
    return runs


def _in_stop_band(guide: Guide, first: int, period: int, n_eff: float) -> bool:
    """|tr M/2| > 1 of one cell, its loss left out, and a layer in which the wave propagates."""
    M = np.eye(2)
    propagates = False
    for row in guide.row[first : first + period]:
        q, g, k0d = guide.q[row].real, (guide.g0[row] - guide.g1[row] * n_eff**2).real, guide.k0d[row]
        propagates |= bool(q * g > 0.0)
        phi = np.sqrt(q * g + 0j) * k0d
        cos, sinc = np.cos(phi).real, np.sinc(phi / np.pi).real
        M = np.array([[cos, q * k0d * sinc], [-g * k0d * sinc, cos]]) @ M
    return propagates and bool(abs(np.trace(M)) > 2.0)
