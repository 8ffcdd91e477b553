"""The dispersion function D of a planar stack, whose zeros are its modes, with its exact derivative.

      z ^   superstrate   q_c, g_c        U = E_y (TE), H_y (TM);  U' = k0 q V,  V' = -k0 g U
        |   layer L-1     q, g, d         TE: q = 1,     g = eps_o - u
        |   ...                           TM: q = eps_o, g = 1 - u/eps_e
        |   layer 0                       u = n_eff^2, kappa^2 = q g (kappa = k_z/k0), phi = kappa k0 d
      --+-- substrate     q_s, g_s        D = V - i kappa_c U/q_c at the top, from (U, V) = (1, -i kappa_s/q_s)

D is analytic in u, kappa_s and kappa_c: the layers' own roots kappa drop out (D is even in each), there are no poles.
It is returned as a number of moderate size and the logarithm of a positive scale.

Reference: PHYSICS section 1; P. Yeh, Optical Waves in Layered Media (Wiley 1988), chapter 11.
"""

from __future__ import annotations

import cmath
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.kz import halfspace_kz

SERIES_BELOW = 0.09  # |phi^2| under which cos and sinc come from their series: 1/kappa would lose digits
FAINTEST = -600.0  # least exponent of e^{-2 Im phi}: where a decaying field is all there is, it must not become 0
LARGE = 1e100  # size of (U, V) at which it is scaled back; far from overflow, so that a layer more does no harm

# Variables in which D can be looked at. N: n_eff. SQUARE: u, for D is even in n_eff. ROTATED: zeta with
# zeta^2 = i kappa_s^2, where the substrate's cut is gone and Im zeta > 0 is the physical side. ROTATED_PRODUCT: zeta
# too, but D+ D- for both roots kappa_c, where the superstrate's cut is gone as well. ROTATED_BOTH: zeta when the
# half-spaces are equal, kappa_c = kappa_s.
N, SQUARE, ROTATED, ROTATED_PRODUCT, ROTATED_BOTH = range(5)
FROM_ZETA = cmath.exp(-0.25j * math.pi)  # kappa_s = FROM_ZETA * zeta


class Guide(NamedTuple):
    """A stack for one polarization. Layers alike share one row of ``q``, ``g0``, ``g1``, ``k0d``; g = g0 - g1 u."""

    row: NDArray[np.int64]  # [layer] row of each layer, bottom to top
    q: NDArray[np.complex128]  # [row]
    g0: NDArray[np.complex128]  # [row]
    g1: NDArray[np.complex128]  # [row]
    k0d: NDArray[np.float64]  # [row] thickness in units of 1/k0
    outer: NDArray[np.complex128]  # [substrate, superstrate; q, g0, g1]


class Workspace(NamedTuple):
    """Scratch arrays of the kernels, so that no point of a search or a batch allocates."""

    table: NDArray[np.complex128]  # [row, 6]
    growth: NDArray[np.float64]  # [row]
    moments: NDArray[np.complex128]  # [row, 4]
    shots: NDArray[np.complex128]  # [side, interface, (U, V)]
    scale: NDArray[np.float64]  # [side, interface]
    fields: NDArray[np.complex128]  # [interface, (U, V)]
    squares: NDArray[np.float64]  # [layer + 2, 2]
    products: NDArray[np.complex128]  # [layer + 2, 2]


@kernel()
def workspace(rows: int, layers: int) -> Workspace:
    """A workspace for stacks of so many rows and layers."""
    return Workspace(
        np.empty((rows, 6), np.complex128),
        np.empty(rows),
        np.empty((rows, 4), np.complex128),
        np.empty((2, layers + 1, 2), np.complex128),
        np.empty((2, layers + 1)),
        np.empty((layers + 1, 2), np.complex128),
        np.empty((layers + 2, 2)),
        np.empty((layers + 2, 2), np.complex128),
    )


@kernel(inline=True)
def halfspace_kappa(guide: Guide, side: int, u: complex, near: complex) -> complex:
    """kappa of the substrate (side 0) or superstrate (1): by the root rule, or the root nearer to ``near`` where that is not 0."""
    kappa = halfspace_kz(guide.outer[side, 0] * (guide.outer[side, 1] - guide.outer[side, 2] * u))
    return -kappa if kappa.real * near.real + kappa.imag * near.imag < 0.0 else kappa


@kernel()
def halfspace_kappas(guide: Guide, side: int, u: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """By the root rule, for many u."""
    kappas = np.empty(u.size, np.complex128)
    for i in range(u.size):
        kappas[i] = halfspace_kappa(guide, side, u[i], 0j)
    return kappas


@kernel(inline=True)
def cos_sinc(x: complex) -> tuple[complex, complex]:
    """cos phi and sin(phi)/phi by their series in x = phi^2, |x| < SERIES_BELOW: what is left out is below 1e-18."""
    cos = sinc = 1.0 + 0j
    for k in range(7, 0, -1):
        cos = 1.0 - cos * x / ((2 * k - 1) * (2 * k))
        sinc = 1.0 - sinc * x / (2 * k * (2 * k + 1))
    return cos, sinc


@kernel(inline=True)
def layer_kappa(kappa_squared: complex) -> complex:
    """Root of kappa^2 in a layer, where either serves: the one with Im kappa >= 0, so that e^{i kappa z} does not grow."""
    real, imaginary = kappa_squared.real, kappa_squared.imag
    larger = math.sqrt(0.5 * (math.sqrt(real * real + imaginary * imaginary) + abs(real)))
    smaller = 0.5 * abs(imaginary) / larger if larger > 0.0 else 0.0
    return complex(math.copysign(larger, imaginary), smaller) if real >= 0.0 else complex(math.copysign(smaller, imaginary), larger)


@kernel()
def tabulate(guide: Guide, u: complex, table: NDArray[np.complex128], growth: NDArray[np.float64]) -> None:
    """Fill ``table[row]`` with what carries (U, V) and d/du of it through a layer, ``growth[row]`` with Im phi.

    growth >= 0: columns e^{2i phi}, e^{-i Re phi}, y = i kappa/q, 1/y, dphi/du, dln(y)/du.
    growth < 0 (a mark): cos phi, s1, s2 with U -> cos U + s1 V, V -> s2 U + cos V, and their d/du.
    """
    for row in range(guide.q.size):
        q, g1, k0d = guide.q[row], guide.g1[row], guide.k0d[row]
        g = guide.g0[row] - g1 * u
        kappa_squared = q * g
        x = kappa_squared * (k0d * k0d)
        if abs(x.real) + abs(x.imag) < SERIES_BELOW:
            cos, sinc = cos_sinc(x)
            # d sinc/dx = (cos - sinc)/(2x), written out: it must hold at x = 0
            dsinc = -1 / 6 + x * (1 / 60 - x * (1 / 1680 - x * (1 / 90720 - x * (1 / 7983360 - x / 1037836800))))
            dx = -k0d * k0d * q * g1
            table[row, 0], table[row, 3] = cos, -0.5 * sinc * dx
            table[row, 1], table[row, 4] = q * k0d * sinc, q * k0d * dsinc * dx
            table[row, 2], table[row, 5] = -g * k0d * sinc, k0d * (g1 * sinc - g * dsinc * dx)
            growth[row] = -1.0
            continue
        kappa = layer_kappa(kappa_squared)
        phi = kappa * k0d
        back = complex(math.cos(phi.real), -math.sin(phi.real))
        over_kappa = kappa.conjugate() * (1.0 / (kappa.real * kappa.real + kappa.imag * kappa.imag))
        table[row, 0] = (back.conjugate() * back.conjugate()) * math.exp(max(-2.0 * phi.imag, FAINTEST))
        table[row, 1] = back
        # kappa/q = g/kappa and g1/g = g1 q/kappa^2: products only, a complex quotient costs as much as an exponential
        table[row, 2], table[row, 3] = 1j * g * over_kappa, -1j * q * over_kappa
        table[row, 5] = -0.5 * g1 * q * over_kappa * over_kappa
        table[row, 4] = phi * table[row, 5]
        growth[row] = phi.imag


@kernel(inline=True)
def through_layer(
    work: Workspace, row: int, du: complex, U: complex, V: complex, dU: complex, dV: complex
) -> tuple[complex, complex, complex, complex]:
    """Carry (U, V) and its derivative upwards through one layer, less the factor e^{Im phi}."""
    table = work.table  # indexed, never sliced: a view costs as much as a layer
    if work.growth[row] < 0.0:
        cos, s1, s2 = table[row, 0], table[row, 1], table[row, 2]
        dcos, ds1, ds2 = table[row, 3] * du, table[row, 4] * du, table[row, 5] * du
        return (
            cos * U + s1 * V,
            s2 * U + cos * V,
            cos * dU + s1 * dV + dcos * U + ds1 * V,
            s2 * dU + cos * dV + ds2 * U + dcos * V,
        )
    # U = a e^{i kappa z} + b e^{-i kappa z}; b is formed before it is multiplied, so that a decaying field stays exact.
    decay, back, y, over_y = table[row, 0], table[row, 1], table[row, 2], table[row, 3]
    dlny = table[row, 5] * du
    idphi = 1j * table[row, 4] * du
    W = V * over_y
    dW = dV * over_y - W * dlny
    a, b = 0.5 * (U + W), 0.5 * (U - W)
    da, db = 0.5 * (dU + dW) + idphi * a, 0.5 * (dU - dW) - idphi * b
    a, da = decay * a, decay * da
    y = back * y
    return back * (b + a), y * (a - b), back * (db + da), y * (da - db + dlny * (a - b))


@kernel(inline=True)
def carry(work: Workspace, row: int, U: complex, V: complex) -> tuple[complex, complex]:
    """The same for (U, V) alone."""
    table = work.table
    if work.growth[row] < 0.0:
        return table[row, 0] * U + table[row, 1] * V, table[row, 2] * U + table[row, 0] * V
    W = V * table[row, 3]
    a, b = 0.5 * table[row, 0] * (U + W), 0.5 * (U - W)
    return table[row, 1] * (b + a), table[row, 1] * table[row, 2] * (a - b)


@kernel()
def shoot(
    guide: Guide, u: complex, du: complex, kappa_s: complex, dkappa_s: complex, work: Workspace
) -> tuple[complex, complex, complex, complex, float]:
    """(U, V, dU, dV, log scale) at the top; d is by whatever variable du and dkappa_s are derivatives by."""
    tabulate(guide, u, work.table, work.growth)
    over_q = 1.0 / guide.outer[0, 0]
    U, V, dU, dV = 1.0 + 0j, -1j * kappa_s * over_q, 0j, -1j * dkappa_s * over_q
    log_scale = 0.0
    for row in guide.row:
        U, V, dU, dV = through_layer(work, row, du, U, V, dU, dV)
        log_scale += max(work.growth[row], 0.0)
        size = abs(U.real) + abs(U.imag) + abs(V.real) + abs(V.imag)
        if size > LARGE or size < 1.0 / LARGE:
            log_scale += math.log(size)
            U, V, dU, dV = U / size, V / size, dU / size, dV / size
    return U, V, dU, dV, log_scale


@kernel()
def dispersion(
    guide: Guide, s: complex, variable: int, near_s: complex, near_c: complex, work: Workspace
) -> tuple[complex, complex, float]:
    """D (or D+ D-) at the point s of a variable, its derivative dD/ds, and the log of the scale of both.

    ``near_s`` and ``near_c`` choose the sheet, where the variable leaves it open: see :func:`halfspace_kappa`.
    """
    outer = guide.outer
    if variable <= SQUARE:
        u, du = (s * s, 2.0 * s) if variable == N else (s, 1.0 + 0j)
        kappa_s = halfspace_kappa(guide, 0, u, near_s)
        dkappa_s = -0.5 * outer[0, 0] * outer[0, 2] * du / kappa_s
    else:  # kappa_s^2 = q (g0 - g1 u) = -i zeta^2
        u = (outer[0, 1] + 1j * s * s / outer[0, 0]) / outer[0, 2]
        du = 2j * s / (outer[0, 0] * outer[0, 2])
        kappa_s, dkappa_s = FROM_ZETA * s, FROM_ZETA
    U, V, dU, dV, log_scale = shoot(guide, u, du, kappa_s, dkappa_s, work)
    q, g, dg = outer[1, 0], outer[1, 1] - outer[1, 2] * u, -outer[1, 2] * du
    if variable == ROTATED_PRODUCT:
        h, dh = g / q, dg / q  # (kappa_c/q_c)^2
        return V * V + h * U * U, 2.0 * (V * dV + h * U * dU) + dh * U * U, 2.0 * log_scale
    if variable == ROTATED_BOTH:
        kappa_c, dkappa_c = kappa_s, dkappa_s
    else:
        kappa_c = halfspace_kappa(guide, 1, u, near_c)
        dkappa_c = 0.5 * q * dg / kappa_c
    return V - 1j * kappa_c * U / q, dV - 1j * (dkappa_c * U + kappa_c * dU) / q, log_scale


@kernel()
def n_eff_of(guide: Guide, s: complex, variable: int) -> complex:
    """n_eff (Re > 0) of a point of a variable."""
    if variable == N:
        return s
    u = s if variable == SQUARE else (guide.outer[0, 1] + 1j * s * s / guide.outer[0, 0]) / guide.outer[0, 2]
    return cmath.sqrt(u)


def pack(
    index: NDArray[np.complex128],
    index_extraordinary: NDArray[np.complex128],
    thickness_nm: NDArray[np.float64],
    wavelength_nm: float,
    polarization: str,
) -> Guide:
    """Pack index[layer + 2] and thickness_nm[layer] for the kernels."""
    eps_o, eps_e = index**2, index_extraordinary**2
    one = np.ones_like(eps_o)
    q, g0, g1 = (one, eps_o, one) if polarization == "TE" else (eps_o, one, 1.0 / eps_e)
    k0d = thickness_nm * (2.0 * math.pi / wavelength_nm)
    media = np.stack((q, g0, g1), axis=1)
    alike: dict[tuple[complex, ...], int] = {}
    layers = zip(media[1:-1].tolist(), k0d.tolist(), strict=True)
    row = np.array([alike.setdefault((*medium, length), len(alike)) for medium, length in layers], np.int64)
    rows = np.array(list(alike), np.complex128).reshape(-1, 4)
    q_row, g0_row, g1_row = (np.ascontiguousarray(rows[:, i]) for i in range(3))
    return Guide(row, q_row, g0_row, g1_row, np.ascontiguousarray(rows[:, 3].real), np.ascontiguousarray(media[[0, -1]]))


def upside_down(guide: Guide) -> Guide:
    """The same stack seen from above: its D has the same zeros."""
    return guide._replace(row=np.ascontiguousarray(guide.row[::-1]), outer=np.ascontiguousarray(guide.outer[::-1]))
