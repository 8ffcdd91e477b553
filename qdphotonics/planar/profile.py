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
from qdphotonics.planar.dispersion import Guide, cos_sinc, halfspace_kappa, tabulate, through_layer

# Gauss-Legendre nodes and weights on 0 … 1 for layers with |phi^2| < SERIES_BELOW: exact for polynomials to degree 15, of
# which |U|^2 has more by less than 1e-16.
_nodes, _weights = np.polynomial.legendre.leggauss(8)
NODES = 0.5 * (1.0 + _nodes)
WEIGHTS = 0.5 * _weights
PER_LAYER = 40  # heights at which a layer is searched for a field's peak


@kernel()
def interface_fields(guide: Guide, n_eff: complex) -> NDArray[np.complex128]:
    """``[interface, (U, V)]`` of a mode, bottom to top, largest |U| + |V| of order one.

    Shot from both ends and joined where the product of the two is largest, at the mode's peak: a field is exact while
    it grows, and drowned in rounding where it decays for long.
    """
    layers = guide.row.size
    u = n_eff * n_eff
    table, growth = np.empty((guide.q.size, 6), np.complex128), np.empty(guide.q.size)
    tabulate(guide, u, table, growth)
    shots = np.empty((2, layers + 1, 2), np.complex128)
    scale = np.empty((2, layers + 1))
    for side in range(2):  # from below, from above (z and V change sign)
        U, V = 1.0 + 0j, -1j * halfspace_kappa(guide, side, u) / guide.outer[side, 0]
        log_scale = 0.0
        for step in range(layers + 1):
            if step > 0:
                row = guide.row[step - 1 if side == 0 else layers - step]
                U, V, _, _ = through_layer(table[row], growth[row], 0j, U, V, 0j, 0j)
                log_scale += max(growth[row], 0.0)
            size = abs(U) + abs(V)
            log_scale += math.log(size)
            U, V = U / size, V / size
            at = step if side == 0 else layers - step
            shots[side, at, 0], shots[side, at, 1] = U, V if side == 0 else -V
            scale[side, at] = log_scale
    meet = np.argmax(scale[0] + scale[1])
    below, above = shots[0, meet], shots[1, meet]
    ratio = (below[0] * above[0].conjugate() + below[1] * above[1].conjugate()) / (abs(above[0]) ** 2 + abs(above[1]) ** 2)
    fields = np.empty((layers + 1, 2), np.complex128)
    top = -math.inf
    for at in range(layers + 1):
        side = 0 if at <= meet else 1
        scale[0, at] = scale[side, at] - scale[side, meet]
        top = max(top, scale[0, at])
    for at in range(layers + 1):
        factor = math.exp(scale[0, at] - top) * (1.0 if at <= meet else ratio)
        for k in range(2):
            fields[at, k] = shots[0 if at <= meet else 1, at, k] * factor
    return fields


@kernel()
def layer_integrals(guide: Guide, n_eff: complex, fields: NDArray[np.complex128]) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    """Integrals over [substrate, layers …, superstrate] in units of 1/k0.

    First ``[layer + 2, (|U|^2, |V|^2)]``, the window's: 0 in an open half-space. Then ``[layer + 2, (U^2, V^2)]``, a
    half-space's continued by int_0^inf e^{2 i kappa z} dz = i/(2 kappa).
    """
    layers = guide.row.size
    u = n_eff * n_eff
    squares, products = np.zeros((layers + 2, 2)), np.zeros((layers + 2, 2), np.complex128)
    for layer in range(layers):
        row = guide.row[layer]
        q, g, length = guide.q[row], guide.g0[row] - guide.g1[row] * u, guide.k0d[row]
        (U0, V0), (U1, V1) = fields[layer], fields[layer + 1]
        kappa = cmath.sqrt(q * g)
        if kappa.imag < 0.0:
            kappa = -kappa
        phi = kappa * length
        at = layer + 1
        if abs(phi) < 0.3:
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
        y = 1j * kappa / q
        a, b = 0.5 * (U0 + V0 / y), 0.5 * (U1 - V1 / y)
        thin = phi.imag < 1e-8
        decayed = 1.0 - phi.imag if thin else -math.expm1(-2.0 * phi.imag) / (2.0 * phi.imag)
        beat = math.exp(-phi.imag) * (math.sin(phi.real) / phi.real if abs(phi.real) > 1e-8 else 1.0)
        own, cross = length * (abs(a) ** 2 + abs(b) ** 2) * decayed, 2.0 * length * (a * b.conjugate()).real * beat
        squares[at, 0], squares[at, 1] = own + cross, (own - cross) * abs(y) ** 2
        turn = cmath.exp(1j * phi)
        both, mixed = (a * a + b * b) * length * (turn * turn - 1.0) / (2j * phi), 2.0 * a * b * turn * length
        products[at, 0], products[at, 1] = both + mixed, (both - mixed) * y * y
    for side in range(2):
        at, q = side * (layers + 1), guide.outer[side, 0]
        U, kappa = fields[side * layers, 0], halfspace_kappa(guide, side, u)
        products[at, 0] = U * U * 0.5j / kappa
        products[at, 1] = -products[at, 0] * (kappa / q) ** 2
        if (kappa * kappa).real <= 0.0:  # closed
            squares[at, 0] = abs(U) ** 2 / (2.0 * kappa.imag)
            squares[at, 1] = squares[at, 0] * abs(kappa / q) ** 2
    return squares, products


@kernel()
def layer_peaks(guide: Guide, n_eff: complex, fields: NDArray[np.complex128], across: NDArray[np.float64]) -> NDArray[np.float64]:
    """``[layer, (|U|^2, |V|^2 + across |U|^2)]``: the largest of PER_LAYER heights within each layer."""
    u = n_eff * n_eff
    peaks = np.zeros((guide.row.size, 2))
    for layer in range(guide.row.size):
        row = guide.row[layer]
        q, g, length = guide.q[row], guide.g0[row] - guide.g1[row] * u, guide.k0d[row]
        (U0, V0), (U1, V1) = fields[layer], fields[layer + 1]
        kappa = cmath.sqrt(q * g)
        if kappa.imag < 0.0:
            kappa = -kappa
        short = abs(kappa) * length < 0.3
        y = 1j * kappa / q
        a, b = 0.5 * (U0 + V0 / y), 0.5 * (U1 - V1 / y)
        step = cmath.exp(1j * kappa * length / PER_LAYER)
        up, down = cmath.exp(0.5j * kappa * length / PER_LAYER), cmath.exp(1j * kappa * length * (1.0 - 0.5 / PER_LAYER))
        for at in range(PER_LAYER):
            if short:
                z = length * (at + 0.5) / PER_LAYER
                cos, sinc = cos_sinc(q * g * z * z)
                U, V = cos * U0 + q * z * sinc * V0, cos * V0 - g * z * sinc * U0
            else:
                U, V = a * up + b * down, y * (a * up - b * down)
                up, down = up * step, down / step
            UU, VV = U.real**2 + U.imag**2, V.real**2 + V.imag**2
            peaks[layer, 0] = max(peaks[layer, 0], UU)
            peaks[layer, 1] = max(peaks[layer, 1], VV + across[layer] * UU)
    return peaks
