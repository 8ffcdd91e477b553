"""How the field of a mode changes with the stack: d(U, V) at every interface, exact, in closed form.

Symbols as in dispersion.py: U' = q V, V' = -g U, lengths in units of 1/k0. Of a parameter p, with the mode moving along,

    dU' = q dV + dq V,    dV' = -g dU - dg U                           (dg holds -g1 du, u = n_eff^2)

The Wronskian C = U dV - V dU obeys C' = -(dg U^2 + dq V^2), jumps by -(g U^2 + q V^2) dD at the end of a layer that grows,
and is 0 at both infinities: which gives du, and C at every interface as a sum of integrals of the field, from whichever end
is nearer in size. With |X|^2 = |U|^2 + |V|^2 and X_perp = (-V*, U*)/|X|^2,

    dX = lambda X + C X_perp,    lambda_end - lambda_start = X_end^+ (C_start M X_perp,start + dM X_start)/|X_end|^2

M carries X through a layer, from the interface of the smaller field to that of the larger one: what it amplifies is then
the field itself, so that rounding never is. lambda is 0 at the peak: the scale of a mode is free.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.results import Complexes, Reals

DEAD = 1e-100  # of the peak: where a field is fainter, it and its changes count as 0
SERIES_BELOW = 0.09  # |phi^2|, as in dispersion.py
STEEPEST = 600.0  # largest exponent: two guides so far apart are twins


@dataclass(frozen=True)
class Regions:
    """A stack and the field of one of its modes; regions are [substrate, layers ..., superstrate]."""

    q: Complexes  # [layer + 2]
    g: Complexes  # [layer + 2]
    g1: Complexes  # [layer + 2]; -dg/du
    length: Reals  # [layer]; k0 d
    kappa: Complexes  # [2]; of the half-spaces
    U: Complexes  # [interface]
    V: Complexes  # [interface]
    UU: Complexes  # [layer + 2]; int U^2, half-spaces continued
    VV: Complexes  # [layer + 2]; int V^2

    @property
    def size(self) -> Reals:
        """|X| [interface]."""
        return np.hypot(np.abs(self.U), np.abs(self.V))

    @property
    def growth(self) -> Complexes:
        """g U^2 + q V^2 [layer], the same at every height of a layer; taken where the field is weaker and cancels least."""
        return self.q[1:-1] * self.V[self.weaker] ** 2 + self.g[1:-1] * self.U[self.weaker] ** 2

    @property
    def weaker(self) -> NDArray[np.intp]:
        """The interface of each layer [layer] where the field is weaker."""
        return np.arange(self.length.size) + (self.size[:-1] > self.size[1:])


@dataclass(frozen=True)
class Rates:
    """d(q, g, length) by every parameter, n_eff moving along."""

    u: Complexes  # [parameter]
    q: Complexes  # [parameter, layer + 2]
    g: Complexes  # [parameter, layer + 2]
    length: Reals  # [parameter, layer]


def with_mode(regions: Regions, dq: Complexes, dg: Complexes, dlength: Reals) -> Rates:
    """The rates with the mode moving along, from those at fixed n_eff: the kicks of all regions must sum to 0."""
    norm = (regions.g1 * regions.UU).sum()
    du = (dg @ regions.UU + dq @ regions.VV + dlength @ regions.growth) / norm
    return Rates(du, dq, dg - du[:, None] * regions.g1, dlength)


def field_slopes(regions: Regions, rates: Rates) -> tuple[Complexes, Complexes]:
    """(dU, dV) [parameter, interface]."""
    wronskian = _wronskians(regions, rates)
    size = regions.size
    meet = int(size.argmax())
    gained = _gained(regions, rates, wronskian, size)  # [parameter, layer]: lambda above less lambda below
    above = np.cumsum(gained[:, meet:], axis=1)
    below = -np.cumsum(gained[:, :meet][:, ::-1], axis=1)[:, ::-1]
    scale = np.concatenate([below, np.zeros((gained.shape[0], 1)), above], axis=1)
    alive = size > DEAD
    across = np.where(alive, wronskian, 0.0) / np.where(alive, size, 1.0) ** 2
    U, V = np.where(alive, regions.U, 0.0), np.where(alive, regions.V, 0.0)
    return scale * U - across * V.conj(), scale * V + across * U.conj()


def _wronskians(regions: Regions, rates: Rates) -> Complexes:
    """C [parameter, interface], summed from the end whose parts are the smaller ones."""
    kicks = rates.g * regions.UU + rates.q * regions.VV
    kicks[:, 1:-1] += rates.length * regions.growth
    parts = np.abs(kicks)
    below, above = np.cumsum(kicks, axis=1)[:, :-1], np.cumsum(kicks[:, ::-1], axis=1)[:, ::-1][:, 1:]
    parts_below, parts_above = np.cumsum(parts, axis=1)[:, :-1], np.cumsum(parts[:, ::-1], axis=1)[:, ::-1][:, 1:]
    return np.where(parts_below <= parts_above, -below, above)


def _gained(regions: Regions, rates: Rates, wronskian: Complexes, size: Reals) -> Complexes:
    """lambda at the top of each layer less lambda at its bottom [parameter, layer]; 0 where either field is dead.

    Downwards everything is as upwards, with the signs of V, dV and C turned.
    """
    upwards = size[1:] >= size[:-1]
    sign = np.where(upwards, 1.0, -1.0)
    start, end = np.where(upwards, size[:-1], size[1:]), np.where(upwards, size[1:], size[:-1])
    alive = start > DEAD
    start, end = np.where(alive, start, 1.0), np.where(alive, end, 1.0)
    U0, V0 = np.where(upwards, regions.U[:-1], regions.U[1:]) / start, sign * np.where(upwards, regions.V[:-1], regions.V[1:]) / start
    U1, V1 = np.where(upwards, regions.U[1:], regions.U[:-1]) / end, sign * np.where(upwards, regions.V[1:], regions.V[:-1]) / end
    kick = sign * np.where(upwards, wronskian[:, :-1], wronskian[:, 1:]) / start**2
    q, g, D = regions.q[1:-1], regions.g[1:-1], regions.length
    cos, sinc, bend, exponent = cos_sinc_bend(q * g * D**2)
    grown = np.exp(np.minimum(exponent + np.log(start / end), STEEPEST))
    cos, sinc, bend = cos * grown, sinc * grown, bend * grown
    dq, dg, dD = rates.q[:, 1:-1], rates.g[:, 1:-1], rates.length
    # dM X written without a division by kappa: s = sin(phi)/phi, h = (cos(phi) - s)/phi^2
    dU = q * V1 * dD + 0.5 * D * (dq * (V1 + sinc * V0) + dg * (q * (q * D**2 * bend * V0 - D * sinc * U0)))
    dV = -g * U1 * dD - 0.5 * D * (dg * (U1 + sinc * U0) + dq * (g * (g * D**2 * bend * U0 + D * sinc * V0)))
    dU += kick * (-cos * V0.conj() + q * D * sinc * U0.conj())
    dV += kick * (cos * U0.conj() + g * D * sinc * V0.conj())
    return np.where(alive, sign * (U1.conj() * dU + V1.conj() * dV), 0.0)


def cos_sinc_bend(x: Complexes | Reals) -> tuple[Complexes, Complexes, Complexes, Reals]:
    """(cos phi, sin(phi)/phi, (cos phi - sin(phi)/phi)/phi^2) of x = phi^2, less the factor e^E, and E = |Im phi|.

    Examples
    --------
    >>> cos, sinc, bend, exponent = cos_sinc_bend(np.array([0.0, np.pi**2, -4.0]))
    >>> np.round(cos * np.exp(exponent), 12).real.tolist(), float(np.round(bend[0].real, 12))
    ([1.0, -1.0, 3.762195691084], -0.333333333333)
    """
    thin = np.abs(x) < SERIES_BELOW
    phi = np.sqrt(np.where(thin, 1.0, x) + 0j)
    phi = np.where(phi.imag < 0.0, -phi, phi)
    back: Complexes = np.exp(-1j * phi.real)
    turned: Complexes = np.exp(2j * phi)
    cos: Complexes = 0.5 * back * (1.0 + turned)
    sinc: Complexes = 0.5j * back * (1.0 - turned) / phi
    bend: Complexes = (cos - sinc) / phi**2
    if thin.any():
        small = np.where(thin, x, 0j)
        c = s = h = np.ones_like(small)
        for k in range(7, 0, -1):  # terms of the alternating series over those before
            c = 1.0 - c * small / ((2 * k - 1) * (2 * k))
            s = 1.0 - s * small / (2 * k * (2 * k + 1))
            h = 1.0 - h * small * (k + 1) / (k * (2 * k + 2) * (2 * k + 3))
        cos, sinc, bend = np.where(thin, c, cos), np.where(thin, s, sinc), np.where(thin, -h / 3, bend)
    exponent: Reals = np.where(thin, 0.0, phi.imag)
    return cos, sinc, bend, exponent
