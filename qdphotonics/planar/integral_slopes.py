"""How the integrals of a mode's field over the regions change with the stack, in closed form.

Wanted are J_U = int dU P and J_V = int dV R over every region, (P, R) being the partners of (U, V): their conjugates, for
d|U|^2 = 2 Re dU U*, or U and V themselves, for dU^2 = 2 U dU. As in profile.py, with y = i kappa/q,

    U = a e^{i kappa z} + b e^{i kappa (D - z)},    V = y (a e^{i kappa z} - b e^{i kappa (D - z)})

and the partners alike, with A, B, mu (-kappa* or kappa) and Y. Where a layer grows, half of the strip dD it gains is added:
that is what 2 Re J and 2 J then want. Layers with small |phi| are integrated by quadrature, as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.field_slopes import SERIES_BELOW, Rates, Regions, cos_sinc_bend
from qdphotonics.planar.results import Complexes, Reals

TERMS = 20  # of the series below |x| < 1: what is left out is below 1e-19
_nodes, _weights = np.polynomial.legendre.leggauss(8)  # as in profile.py
NODES, WEIGHTS = 0.5 * (1.0 + _nodes), 0.5 * _weights


@dataclass(frozen=True)
class Changes:
    """Integrals of the field, and of its changes, times its partner."""

    UU: Complexes  # [layer + 2]; int U P
    VV: Complexes  # [layer + 2]; int V R
    dUU: Complexes  # [parameter, layer + 2]; J_U
    dVV: Complexes  # [parameter, layer + 2]; J_V


def integral_slopes(regions: Regions, rates: Rates, dU: Complexes, dV: Complexes, conjugate: bool) -> Changes:
    """The integrals of a field that changes at the interfaces by dU, dV [parameter, interface].

    Parameters
    ----------
    regions, rates : Regions, Rates
    dU, dV : complex array [parameter, interface]
    conjugate : bool
        The partner is the conjugate, and an open half-space holds nothing; else the field itself, half-spaces continued.
    """
    shape = rates.q.shape
    room = Changes(*(np.zeros(size, np.complex128) for size in (shape[1], shape[1], shape, shape)))
    thin = np.abs(regions.q * regions.g)[1:-1] * regions.length**2 < SERIES_BELOW
    for layers, within in ((np.flatnonzero(~thin), _thick), (np.flatnonzero(thin), _thin)):
        if layers.size:
            within(regions, rates, dU, dV, conjugate, layers, room)
    for side in (0, -1):
        _outside(regions, rates, dU, side, conjugate, room)
    top_U, top_V = regions.U[1:], regions.V[1:]
    strip = 0.5 * rates.length
    room.dUU[:, 1:-1] += strip * top_U * (top_U.conj() if conjugate else top_U)
    room.dVV[:, 1:-1] += strip * top_V * (top_V.conj() if conjugate else top_V)
    return room


def _thick(regions: Regions, rates: Rates, dU: Complexes, dV: Complexes, conjugate: bool, at: NDArray[np.intp], room: Changes) -> None:
    """Layers ``at`` by the closed form."""
    q, g, D = regions.q[at + 1], regions.g[at + 1], regions.length[at]
    kappa = np.sqrt(q * g)
    kappa = np.where(kappa.imag < 0.0, -kappa, kappa)
    y = 1j * kappa / q
    W0, W1 = regions.V[at] / y, regions.V[at + 1] / y
    a, b = 0.5 * (regions.U[at] + W0), 0.5 * (regions.U[at + 1] - W1)
    if conjugate:
        A, B, mu, yY = a.conj(), b.conj(), -kappa.conj(), y * y.conj()
    else:
        A, B, mu, yY = a, b, kappa, y * y
    # int of e^{i kappa z} times e^{i mu z} and times e^{i mu (D - z)}; the same with a factor z
    far = np.exp(1j * mu * D)
    same, same_z = moments((kappa + mu) * D)
    cross, cross_z = moments((kappa - mu) * D)
    same, cross, same_z, cross_z = D * same, D * far * cross, D**2 * same_z, D**2 * far * cross_z
    dlnkappa = 0.5 * (rates.q[:, at + 1] / q + rates.g[:, at + 1] / g)
    dlny = dlnkappa - rates.q[:, at + 1] / q
    dkappa = 1j * kappa * dlnkappa
    da = 0.5 * (dU[:, at] + dV[:, at] / y - W0 * dlny)
    db = 0.5 * (dU[:, at + 1] - dV[:, at + 1] / y + W1 * dlny) + 1j * kappa * rates.length[:, at] * b
    own, mixed = a * A + b * B, a * B + b * A
    room.UU[at + 1] = own * same + mixed * cross
    room.VV[at + 1] = yY * (own * same - mixed * cross)
    by_a, by_b = da * A + db * B, da * B + db * A
    room.dUU[:, at + 1] = by_a * same + by_b * cross + dkappa * (own * same_z + mixed * cross_z)
    room.dVV[:, at + 1] = yY * (by_a * same - by_b * cross + dkappa * (own * same_z - mixed * cross_z)) + dlny * room.VV[at + 1]


def _thin(regions: Regions, rates: Rates, dU: Complexes, dV: Complexes, conjugate: bool, at: NDArray[np.intp], room: Changes) -> None:
    """Layers ``at`` by quadrature over heights z; U(z) = c U0 + q z s V0, V(z) = c V0 - g z s U0."""
    q, g, D = regions.q[at + 1], regions.g[at + 1], regions.length[at]
    U0, V0 = regions.U[at], regions.V[at]
    z = NODES[:, None] * D
    cos, sinc, bend, _ = cos_sinc_bend(q * g * z**2)
    U, V = cos * U0 + q * z * sinc * V0, cos * V0 - g * z * sinc * U0
    P, R = (U.conj(), V.conj()) if conjugate else (U, V)
    weight = WEIGHTS[:, None] * D

    def integral(wave: Complexes) -> Complexes:
        return np.asarray((weight * wave).sum(axis=0))

    room.UU[at + 1], room.VV[at + 1] = integral(U * P), integral(V * R)
    forth, back = integral(cos * P), integral(cos * R)
    by_q = 0.5 * integral(z * (V + sinc * V0) * P), -0.5 * integral(z**2 * g * (g * z * bend * U0 + sinc * V0) * R)
    by_g = 0.5 * integral(z**2 * q * (q * z * bend * V0 - sinc * U0) * P), -0.5 * integral(z * (U + sinc * U0) * R)
    dq, dg = rates.q[:, at + 1], rates.g[:, at + 1]
    room.dUU[:, at + 1] = forth * dU[:, at] + integral(q * z * sinc * P) * dV[:, at] + by_q[0] * dq + by_g[0] * dg
    room.dVV[:, at + 1] = back * dV[:, at] - integral(g * z * sinc * R) * dU[:, at] + by_q[1] * dq + by_g[1] * dg


def _outside(regions: Regions, rates: Rates, dU: Complexes, side: int, conjugate: bool, room: Changes) -> None:
    """The half-space ``side`` (0 or -1): U e^{i kappa |z|}, V = +-(i kappa/q) U."""
    kappa, q, U = regions.kappa[side], regions.q[side], regions.U[side]
    if conjugate and not ((kappa * kappa).real <= 0.0 and kappa.imag > 0.0):
        return  # open
    P = U.conj() if conjugate else U
    length = 0.5 / kappa.imag if conjugate else 0.5j / kappa  # int of the two exponentials; of z times them, its square
    yY = (kappa / q) * ((kappa / q).conj() if conjugate else -kappa / q)
    dkappa = 0.5 * (q * rates.g[:, side] + regions.g[side] * rates.q[:, side]) / kappa
    room.UU[side] = U * P * length
    room.VV[side] = yY * room.UU[side]
    room.dUU[:, side] = dU[:, side] * P * length + 1j * dkappa * U * P * length**2
    room.dVV[:, side] = yY * (room.dUU[:, side] + (dkappa / kappa - rates.q[:, side] / q) * room.UU[side])


FIRST: Reals = np.array([1.0 / factorial(k + 1) for k in range(TERMS)])
SECOND: Reals = np.array([1.0 / (factorial(k) * (k + 2)) for k in range(TERMS)])


def moments(x: Complexes | Reals) -> tuple[Complexes, Complexes]:
    """int_0^1 e^{ixt} dt and int_0^1 t e^{ixt} dt, Im x >= 0.

    Examples
    --------
    >>> [round(float(moment[0].real), 12) for moment in moments(np.array([0.0]))]
    [1.0, 0.5]
    >>> [round(float(moment[0].real), 12) for moment in moments(np.array([2j]))]
    [0.432332358382, 0.148498537573]
    """
    small = np.abs(x) < 1.0
    ix = 1j * np.where(small, 1.0, x)
    end = np.exp(ix)
    first = (end - 1.0) / ix
    second = (end - first) / ix
    if small.any():
        ix = 1j * np.where(small, x, 0.0)
        powers = ix[..., None] ** np.arange(TERMS)
        first = np.where(small, powers @ FIRST, first)
        second = np.where(small, powers @ SECOND, second)
    return first, second
