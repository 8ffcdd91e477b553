"""Where the light of a finite grating is: near field and far field of its surface, far field of its edge, the mode along and across it.

Rayleigh and Sommerfeld's first integral in the plane: intensity |cos θ ∫ a e^{−ik·r} dr|² over an aperture with the field a.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import one_of, refuse
from qdphotonics.gratings.cell import Complexes, Reals
from qdphotonics.gratings.coupled_waves_laser import DistributedFeedback, DistributedFeedbackMode, simpson
from qdphotonics.units import NM_PER_UM

Side = Literal["substrate", "superstrate"]

PER_WAVE = 40  # points to a wave of e^{ikx} in the integral along the grating
FAINT = 35.0  # tails of closed half-spaces are followed to e^-35
WIDE = 20 * np.pi  # default range of kx L: some ten lobes of a uniform aperture to either side


@dataclass(frozen=True, eq=False)
class FarField:
    """Intensity over the angle, its largest value 1."""

    angle_deg: Reals  # in the half-space of index ``index``
    intensity: Reals
    index: float

    @property
    def divergence_deg(self) -> float:
        """Angle between the outermost directions of half the largest intensity."""
        bright = self.angle_deg[self.intensity >= 0.5]
        return float(bright[-1] - bright[0])


def near_field(
    laser: DistributedFeedback, mode: DistributedFeedbackMode, side: Side = "superstrate", order: float = 0.0
) -> tuple[Reals, Complexes]:
    """Amplitude (E_y, of TM H_y) of a radiated order on a half-space.

    Parameters
    ----------
    laser : DistributedFeedback
    mode : DistributedFeedbackMode
    side : {"substrate", "superstrate"}
    order : float
        K/G of the partial wave: 0 leaves along the normal; half-integers where the grating's order is odd.

    Returns
    -------
    float array [x], complex array [x]
        x/L; the field of the wave less e^{iKx}.
    """
    one_of("side", side, ("substrate", "superstrate"))
    orders = laser.coupling.elements.orders
    if order not in orders:
        refuse("order", "be that of a partial wave (K/G)", order)
    along = laser.along(mode.threshold)
    amplitude = laser.coupling.elements.radiated[("substrate", "superstrate").index(side), int(np.flatnonzero(orders == order)[0])]
    field = (amplitude[0] * along.backward + amplitude[1] * along.forward) * laser.depth_factors(along.position)
    return along.position, field


def far_field(
    laser: DistributedFeedback,
    mode: DistributedFeedbackMode,
    side: Side = "superstrate",
    order: float = 0.0,
    angle_deg: ArrayLike | None = None,
) -> FarField:
    """Surface emission over the angle from the normal, in the plane of propagation.

    Parameters
    ----------
    laser, mode, side, order
        As for :func:`near_field`.
    angle_deg : float array [angle], optional
        Within the half-space; around the order's direction unless given.

    Notes
    -----
    |cos θ ∫ a(x) e^{i(K − k0 n sin θ)x} dx|², a the near field (Rayleigh and Sommerfeld's first integral in the plane).
    """
    x, near = near_field(laser, mode, side, order)
    index = float(laser.coupling.cell.index[0 if side == "substrate" else -1].real)
    k = 2 * np.pi / mode.wavelength_nm * index
    K = 2 * np.pi / laser.coupling.cell.period_nm * order
    length = laser.length_um * NM_PER_UM
    if abs(K) >= k:
        refuse("order", f"radiate into the {side}: |K| below {k:.6g} 1/nm", f"one of K = {K:.6g} 1/nm")
    if angle_deg is None:
        spread = min(WIDE / length, k - abs(K))
        angle = np.degrees(np.arcsin((K + np.linspace(-spread, spread, 801)) / k))
    else:
        angle = np.asarray(angle_deg, dtype=float)
    kx = k * np.sin(np.radians(angle)) - K
    steps = 2 * int(PER_WAVE * np.abs(kx).max() * length / (4 * np.pi))
    if steps >= x.size:  # the envelope is smooth: finer by interpolation
        fine = np.linspace(0.0, 1.0, 1 + steps)
        x, near = fine, np.interp(fine, x, near.real) + 1j * np.interp(fine, x, near.imag)
    weighted = near * simpson(x)
    amplitude = np.array([np.sum(weighted * np.exp(-1j * each * length * x)) for each in kx]) * np.cos(np.radians(angle))
    return _far(angle, amplitude, index)


def edge_far_field(laser: DistributedFeedback, angle_deg: ArrayLike | None = None, index: float = 1.0) -> FarField:
    """Edge emission over the angle from the plane of the layers, into a medium in front of the facet.

    Parameters
    ----------
    angle_deg : float array [angle], optional
        −80 … 80° unless given.
    index : float
        Of that medium.

    Notes
    -----
    |cos θ ∫ U(z) e^{−i k0 n sin θ z} dz|², U = E_y (TE) or H_y (TM) of the planar mode; that the facet reflects steep waves
    otherwise than others is left out. An open half-space counts as if it ended at its interface.
    """
    from qdphotonics import planar

    mode = laser.coupling.mode
    angle = np.linspace(-80.0, 80.0, 641) if angle_deg is None else np.asarray(angle_deg, dtype=float)
    z, weight = _heights(laser)
    field = planar.mode_field(mode, z)
    U = (field.E if mode.polarization == "TE" else field.H)[1]
    kz = laser.coupling.k0_per_nm * index * np.sin(np.radians(angle))
    amplitude = np.exp(-1j * np.multiply.outer(kz, z)) @ (weight * U) * np.cos(np.radians(angle))
    return _far(angle, amplitude, index)


def _heights(laser: DistributedFeedback) -> tuple[Reals, Reals]:
    """Gauss points over the layers and the tails of closed half-spaces, with weights [nm]."""
    from qdphotonics.planar.kz import halfspace_kz

    mode, k0 = laser.coupling.mode, laser.coupling.k0_per_nm
    edges = np.concatenate([[0.0], np.cumsum(mode.thickness_nm)])
    tails = [0.0, 0.0]
    for side in (0, 1):
        kz = halfspace_kz(complex(mode.index[-side] ** 2 - mode.n_eff**2))
        if not mode.open[side]:
            tails[side] = FAINT / (k0 * kz.imag)
    edges = np.concatenate([[edges[0] - tails[0]], edges, [edges[-1] + tails[1]]])
    nodes, weights = np.polynomial.legendre.leggauss(16)
    z, weight = [], []
    for low, high in pairwise(edges):
        panels = max(1, int(np.ceil((high - low) / (0.5 * mode.wavelength_nm / max(abs(mode.index).max(), 1.0)))))
        width = (high - low) / panels
        z.append((low + width * (np.arange(panels)[:, None] + 0.5 * (nodes + 1.0))).ravel())
        weight.append(np.tile(0.5 * width * weights, panels))
    return np.concatenate(z), np.concatenate(weight)


def mode_profile(laser: DistributedFeedback, mode: DistributedFeedbackMode, x: ArrayLike, z_nm: ArrayLike) -> Reals:
    """|U(z)|² (|R(x)|² + |S(x)|²) [z, x], largest value 1: the mode along the grating and across the layers, without its standing wave.

    Parameters
    ----------
    laser : DistributedFeedback
    mode : DistributedFeedbackMode
    x : float array [x]
        x/L, rising.
    z_nm : float array [z]
        Height [nm], 0 on the substrate.
    """
    from qdphotonics import planar

    field = planar.mode_field(laser.coupling.mode, z_nm)
    U = (field.E if laser.coupling.polarization == "TE" else field.H)[1]
    result: Reals = np.multiply.outer(np.abs(U) ** 2, laser.waves.waves(mode.threshold, x).intensity)
    result /= result.max()
    return result


def _far(angle: Reals, amplitude: Complexes, index: float) -> FarField:
    intensity = np.abs(amplitude) ** 2
    return FarField(angle, intensity / intensity.max(), index)
