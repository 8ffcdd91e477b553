"""What sort of mode: plasmonic, bragg or photonic; the first that fits, in this order (PHYSICS section 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.dispersion import Guide, halfspace_kappas
from qdphotonics.planar.fields import u_and_v
from qdphotonics.planar.results import Character, Mode

PER_LAYER = 40  # heights looked at in each layer
FEWEST_CELLS = 3  # equal cells that make a Bragg reflector
PEAK_TOLERANCE = 1.0 + 1e-9  # a flat maximum at an interface still counts as lying there


def character_of(mode: Mode, guide: Guide) -> Character:
    """Character of a mode from its field and its stack."""
    layers = mode.thickness_nm.size
    if layers == 0:
        return "plasmonic" if mode.polarization == "TM" else "photonic"  # the only mode of a single interface
    edges = np.concatenate([[0.0], np.cumsum(mode.thickness_nm)])
    fractions = (np.arange(PER_LAYER) + 0.5) / PER_LAYER
    z = (edges[:-1, None] + mode.thickness_nm[:, None] * fractions).ravel()
    U, V, region = u_and_v(mode, z, edges)
    at_edges = u_and_v(mode, edges, edges)[0]
    if mode.polarization == "TM" and _peaks_at_metal(mode, guide, np.abs(U), np.abs(at_edges)):
        return "plasmonic"
    eps_e = mode.index_extraordinary[region] ** 2
    intensity = np.abs(U) ** 2 if mode.polarization == "TE" else np.abs(V) ** 2 + np.abs(mode.n_eff * U / eps_e) ** 2
    peak = int(region[intensity.argmax()]) - 1
    for first, last, period in periodic_runs(guide.row):
        if not first <= peak <= last and _in_stop_band(guide, first, period, mode.n_eff.real):
            return "bragg"
    return "photonic"


def _peaks_at_metal(mode: Mode, guide: Guide, within: NDArray[np.float64], at_edges: NDArray[np.float64]) -> bool:
    """Whether |H| is largest at an interface of Re eps > 0 with Re eps < 0 and decays to both sides."""
    metal = (mode.index**2).real < 0.0
    interface = int(at_edges.argmax())
    if metal[interface] == metal[interface + 1] or at_edges[interface] * PEAK_TOLERANCE < within.max():
        return False
    for side, last in ((0, 0), (1, at_edges.size - 1)):
        grows = halfspace_kappas(guide, side, np.array([mode.n_eff**2]))[0].imag <= 0.0
        if interface == last and grows:
            return False
    return True


def periodic_runs(row: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """(first layer, last layer, layers a cell) of every run of at least three equal cells of two or more layers."""
    runs = []
    for period in range(2, row.size // FEWEST_CELLS + 1):
        repeats = np.concatenate([[False], row[:-period] == row[period:], [False]])
        starts, ends = np.flatnonzero(~repeats[:-1] & repeats[1:]), np.flatnonzero(repeats[:-1] & ~repeats[1:])
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            if end - start >= (FEWEST_CELLS - 1) * period and np.unique(row[start : start + period]).size > 1:
                runs.append((start, end + period - 1, period))
    return runs


def _in_stop_band(guide: Guide, first: int, period: int, n_eff: float) -> bool:
    """|tr M/2| > 1 of one cell, its loss left out, and a layer in which the wave propagates."""
    M = np.eye(2)
    propagates = False
    for row in guide.row[first : first + period]:
        q, g = guide.q[row].real, (guide.g0[row] - guide.g1[row] * n_eff**2).real
        propagates |= bool(q * g > 0.0)
        kappa = np.sqrt(q * g + 0j)
        phi = kappa * guide.k0d[row]
        sinc = np.sinc(phi / np.pi).real
        M = np.array([[np.cos(phi).real, q * guide.k0d[row] * sinc], [-g * guide.k0d[row] * sinc, np.cos(phi).real]]) @ M
    return propagates and abs(np.trace(M)) > 2.0
