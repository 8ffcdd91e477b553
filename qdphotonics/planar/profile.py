"""The field of a mode: (U, V) at every interface, and its integrals over every layer in closed form.

In a layer U = a e^{i kappa z} + b e^{i kappa (D - z)} with z from 0 to D in units of 1/k0, a taken at the bottom and b at
the top, so that neither exponential grows. Symbols as in dispersion.py.
"""

from __future__ import annotations

import cmath
import math

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.dispersion import Guide, Workspace, carry, cos_sinc, layer_kappa, tabulate

# Gauss-Legendre nodes and weights on 0 … 1 for layers with |phi^2| < SERIES_BELOW: exact for polynomials to degree 15, of
# which |U|^2 has more by less than 1e-16.
_nodes, _weights = np.polynomial.legendre.leggauss(8)
NODES = 0.5 * (1.0 + _nodes)
WEIGHTS = 0.5 * _weights
PER_LAYER = 40  # heights at which a layer is searched for a field's peak
HARDLY = 1e-8  # Im phi or Re phi so small that the quotients of exponentials below are their limits


@kernel()
def interface_fields(guide: Guide, n_eff: complex, kappa_s: complex, kappa_c: complex, work: Workspace) -> None:
    """Fill ``work.fields``, the mode's (U, V) bottom to top, largest |U| + |V| of order one; ``work.table`` on the way.

    Shot from both ends and joined where the product of the two is largest, at the mode's peak: a field is exact while
    it grows, and drowned in rounding where it decays for long.
    """
    layers = guide.row.size
    tabulate(guide, n_eff * n_eff, work.table, work.growth)
    shots, scale = work.shots, work.scale
    for side in range(2):  # from below, from above (z and V change sign)
        U, V = 1.0 + 0j, -1j * (kappa_s if side == 0 else kappa_c) / guide.outer[side, 0]
        log_scale = 0.0
        for step in range(layers + 1):
            if step > 0:
                row = guide.row[step - 1 if side == 0 else layers - step]
                U, V = carry(work, row, U, V)
                log_scale += max(work.growth[row], 0.0)
            size = abs(U.real) + abs(U.imag) + abs(V.real) + abs(V.imag)
            log_scale += math.log(size)
            U, V = U / size, V / size
            at = step if side == 0 else layers - step
            shots[side, at, 0], shots[side, at, 1] = U, V if side == 0 else -V
            scale[side, at] = log_scale
    meet = 0
    for at in range(layers + 1):
        if scale[0, at] + scale[1, at] > scale[0, meet] + scale[1, meet]:
            meet = at
    U, V = shots[1, meet, 0], shots[1, meet, 1]
    ratio = (shots[0, meet, 0] * U.conjugate() + shots[0, meet, 1] * V.conjugate()) / (abs(U) ** 2 + abs(V) ** 2)
    top = -math.inf
    for at in range(layers + 1):
        side = 0 if at <= meet else 1
        top = max(top, scale[side, at] - scale[side, meet])
    for at in range(layers + 1):
        side = 0 if at <= meet else 1
        factor = math.exp(scale[side, at] - scale[side, meet] - top) * (1.0 + 0j if at <= meet else ratio)
        work.fields[at, 0], work.fields[at, 1] = shots[side, at, 0] * factor, shots[side, at, 1] * factor


@kernel()
def tabulate_moments(guide: Guide, work: Workspace) -> None:
    """Fill ``work.moments[row]`` from the table: integrals over z of the exponentials of a layer, 0 … D.

    Columns: |e^{i kappa z}|^2; e^{i kappa z} times the conjugate of e^{i kappa (D - z)}; e^{2 i kappa z}; e^{i kappa D}.
    """
    for row in range(guide.q.size):
        decay = work.growth[row]
        if decay < 0.0:
            continue  # a thin layer: quadrature
        length = guide.k0d[row]
        kappa = work.table[row, 2] * guide.q[row] * -1j
        turns = kappa.real * length
        turn = work.table[row, 1].conjugate() * math.exp(-decay)
        work.moments[row, 0] = length * (1.0 - decay if decay < HARDLY else -math.expm1(-2.0 * decay) / (2.0 * decay))
        work.moments[row, 1] = length * math.exp(-decay) * (math.sin(turns) / turns if abs(turns) > HARDLY else 1.0)
        work.moments[row, 2] = (turn * turn - 1.0) / (2j * kappa)
        work.moments[row, 3] = turn * length


@kernel()
def layer_integrals(guide: Guide, n_eff: complex, kappa_s: complex, kappa_c: complex, work: Workspace) -> None:
    """Fill ``work.squares`` and ``work.products``, integrals over [substrate, layers …, superstrate] in units of 1/k0.

    Squares: (|U|^2, |V|^2) over the window, 0 in an open half-space. Products: (U^2, V^2), a half-space's continued by
    int_0^inf e^{2 i kappa z} dz = i/(2 kappa).
    """
    layers = guide.row.size
    u = n_eff * n_eff
    fields, squares, products = work.fields, work.squares, work.products
    tabulate_moments(guide, work)
    for layer in range(layers):
        row, at = guide.row[layer], layer + 1
        U0, V0, U1, V1 = fields[layer, 0], fields[layer, 1], fields[at, 0], fields[at, 1]
        if work.growth[row] < 0.0:
            q, g, length = guide.q[row], guide.g0[row] - guide.g1[row] * u, guide.k0d[row]
            squares[at, 0] = squares[at, 1] = 0.0
            products[at, 0] = products[at, 1] = 0.0
            for node in range(NODES.size):
                z = NODES[node] * length
                cos, sinc = cos_sinc(q * g * z * z)
                U, V = cos * U0 + q * z * sinc * V0, cos * V0 - g * z * sinc * U0
                weight = WEIGHTS[node] * length
                squares[at, 0] += weight * (U.real**2 + U.imag**2)
                squares[at, 1] += weight * (V.real**2 + V.imag**2)
                products[at, 0] += weight * U * U
                products[at, 1] += weight * V * V
            continue
        y, over_y = work.table[row, 2], work.table[row, 3]
        a, b = 0.5 * (U0 + V0 * over_y), 0.5 * (U1 - V1 * over_y)
        own = (a.real**2 + a.imag**2 + b.real**2 + b.imag**2) * work.moments[row, 0].real
        cross = 2.0 * (a.real * b.real + a.imag * b.imag) * work.moments[row, 1].real
        squares[at, 0], squares[at, 1] = own + cross, (own - cross) * (y.real**2 + y.imag**2)
        both, mixed = (a * a + b * b) * work.moments[row, 2], 2.0 * a * b * work.moments[row, 3]
        products[at, 0], products[at, 1] = both + mixed, (both - mixed) * y * y
    for side in range(2):
        at, U, kappa = side * (layers + 1), fields[side * layers, 0], kappa_s if side == 0 else kappa_c
        ratio = kappa / guide.outer[side, 0]
        products[at, 0] = U * U * 0.5j / kappa
        products[at, 1] = -products[at, 0] * ratio * ratio
        squares[at, 0] = squares[at, 1] = 0.0
        if (kappa * kappa).real <= 0.0 and kappa.imag > 0.0:  # closed
            squares[at, 0] = (U.real**2 + U.imag**2) / (2.0 * kappa.imag)
            squares[at, 1] = squares[at, 0] * (ratio.real**2 + ratio.imag**2)


@kernel()
def layer_peaks(guide: Guide, n_eff: complex, across: NDArray[np.float64], work: Workspace, peaks: NDArray[np.float64]) -> None:
    """Fill ``peaks[layer, (|U|^2, |V|^2 + across[layer] |U|^2)]`` from ``work``: the largest of PER_LAYER heights in each layer."""
    u = n_eff * n_eff
    for layer in range(guide.row.size):
        row = guide.row[layer]
        q, g, length = guide.q[row], guide.g0[row] - guide.g1[row] * u, guide.k0d[row]
        U0, V0, U1, V1 = work.fields[layer, 0], work.fields[layer, 1], work.fields[layer + 1, 0], work.fields[layer + 1, 1]
        kappa = layer_kappa(q * g)
        short = abs(kappa) * length < 0.3
        y = 1j * kappa / q
        a, b = 0.5 * (U0 + V0 / y), 0.5 * (U1 - V1 / y)
        step = cmath.exp(1j * kappa * length / PER_LAYER)
        up, down = cmath.exp(0.5j * kappa * length / PER_LAYER), cmath.exp(1j * kappa * length * (1.0 - 0.5 / PER_LAYER))
        back = 1.0 / step
        largest, brightest = 0.0, 0.0
        for at in range(PER_LAYER):
            if short:
                z = length * (at + 0.5) / PER_LAYER
                cos, sinc = cos_sinc(q * g * z * z)
                U, V = cos * U0 + q * z * sinc * V0, cos * V0 - g * z * sinc * U0
            else:
                U, V = a * up + b * down, y * (a * up - b * down)
                up, down = up * step, down * back
            UU, VV = U.real**2 + U.imag**2, V.real**2 + V.imag**2
            largest = max(largest, UU)
            brightest = max(brightest, VV + across[layer] * UU)
        peaks[layer, 0], peaks[layer, 1] = largest, brightest
