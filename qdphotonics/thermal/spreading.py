"""Heat that spreads from a rectangle: closed forms for a half-space, and the rectangle's spectrum of wavenumbers for layers.

A uniform flux over a rectangle W x L, its temperature averaged over the same rectangle:

    dT = P (1/pi^2) int int sinc^2(kx W/2) sinc^2(ky L/2) Z(|k|) dkx dky  over kx, ky > 0,

Z the impedance of the layers. The double integral is done once for a rectangle, as weights of a row of wavenumbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import asinh, pi, sqrt

import numpy as np

from qdphotonics._checks import FloatArray, positive

M_PER_UM = 1e-6
LEAST, MOST = 1e-7, 1e5  # of u = k W/2; the rest of the integral is LEAST below, and is put at MOST above
RESOLVED = 10 * pi  # beyond it sin^2 u is taken as its mean 1/2
POINTS_PER_DECADE = 20  # wavenumbers; cubic between them: 1e-6 of the integral
ORDER = 8  # Gauss-Legendre points in a panel


@dataclass(frozen=True)
class Footprint:
    """The rectangle into which heat is released.

    Parameters
    ----------
    width_um, length_um : float
        > 0.
    """

    width_um: float
    length_um: float

    def __post_init__(self) -> None:
        positive("width_um", self.width_um)
        positive("length_um", self.length_um)

    @property
    def area_m2(self) -> float:
        """W L."""
        return self.width_um * self.length_um * M_PER_UM**2

    def spectrum(self) -> tuple[FloatArray, FloatArray]:
        """Wavenumbers [1/m] and weights [1/m^2] with dT/P = sum of weight times Z; the weights sum to 1/area."""
        return _spectrum(self.width_um, self.length_um)


def spreading_resistance_K_per_W(footprint: Footprint, conductivity_W_per_mK: float) -> float:
    """Mean rise per watt of a rectangle with uniform flux on a half-space, its surface elsewhere insulated [K/W].

    kappa sqrt(A) R = sqrt(e)/pi (asinh(1/e) + asinh(e)/e + e/3 (1 + 1/e^3 - (1 + 1/e^2)^(3/2))), e = L/W; 0.4732 for a square.

    References
    ----------
    Carslaw and Jaeger, Conduction of Heat in Solids (Oxford 1959), section 10.5; Yovanovich and Marotta, in: Bejan and Kraus,
    Heat Transfer Handbook (Wiley 2003), chapter 4.

    Examples
    --------
    >>> round(spreading_resistance_K_per_W(Footprint(2e6, 2e6), 1.0), 4)  # a square of 2 m: Rohsenow's Handbook
    0.2366
    """
    e = footprint.length_um / footprint.width_um
    shape = asinh(1 / e) + asinh(e) / e + e / 3 * (1 + e**-3 - (1 + e**-2) ** 1.5)
    return float(sqrt(e) / pi * shape / (positive("conductivity_W_per_mK", conductivity_W_per_mK) * sqrt(footprint.area_m2)))


@lru_cache(maxsize=64)
def _spectrum(width_um: float, length_um: float) -> tuple[FloatArray, FloatArray]:
    u, weight = _axis()
    kx, ky = u * 2 / (width_um * M_PER_UM), u * 2 / (length_um * M_PER_UM)
    wavenumber = np.hypot(kx[:, None], ky).ravel()
    share = np.outer(weight, weight).ravel() / (pi / 2) ** 2 / (width_um * length_um * M_PER_UM**2)
    low, high = np.log(wavenumber.min()), np.log(wavenumber.max())
    count = int(np.ceil((high - low) / np.log(10) * POINTS_PER_DECADE)) + 4
    grid, step = np.linspace(low, high, count, retstep=True)
    # k Z(k), which varies slowly, is cubic in log k between the wavenumbers: four weights for each point of the integral
    place = np.clip((np.log(wavenumber) - low) / step, 0, count - 1)
    first = np.clip(np.floor(place).astype(int) - 1, 0, count - 4)
    t = place - first
    cubic = (
        -(t - 1) * (t - 2) * (t - 3) / 6,
        t * (t - 2) * (t - 3) / 2,
        -t * (t - 1) * (t - 3) / 2,
        t * (t - 1) * (t - 2) / 6,
    )
    weights = sum(np.bincount(first + offset, share / wavenumber * part, count) for offset, part in enumerate(cubic))
    k = np.exp(grid)
    weights = np.asarray(weights) * k
    k.flags.writeable = weights.flags.writeable = False  # they are kept for the next call
    return k, weights


def _axis() -> tuple[FloatArray, FloatArray]:
    """Points u and weights of the integral of sinc^2(u) over u > 0, which is pi/2."""
    ends = np.concatenate(
        [
            np.geomspace(LEAST, 1, 15)[:-1],
            np.linspace(1, RESOLVED, 20)[:-1],
            np.geomspace(RESOLVED, MOST, 8),
        ]
    )
    nodes, shares = np.polynomial.legendre.leggauss(ORDER)
    low, high = ends[:-1, None], ends[1:, None]
    u = ((low + high) / 2 + (high - low) / 2 * nodes).ravel()
    weight = ((high - low) / 2 * shares).ravel()
    weight *= np.where(u < RESOLVED, (np.sin(u) / u) ** 2, 0.5 / u**2)
    return np.append(u, MOST), np.append(weight, pi / 2 - weight.sum())
