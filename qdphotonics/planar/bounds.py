"""How far up Re n_eff modes can lie: plasmons stand above every index of the stack.

Far up, every field is evanescent, but in hyperbolic layers (Re eps_o and Re eps_e of unlike sign), where it propagates at any
n_eff: these have no bound. Elsewhere a mode needs a round trip between an interface and all that lies below it with
|rho| R >= 1, where R bounds the reflection of the part below: through an interface R -> (|rho| + R)/(1 - |rho| R), through
a layer R -> R e^{-2 Im phi}. Where |rho| R < 1 at every interface, from some n_eff up, there is no mode.
"""

from __future__ import annotations

import math

import numpy as np

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.dispersion import Guide, halfspace_kappa, layer_kappa

HIGHEST = 40.0  # where a metal film of 1 nm or a hyperbolic layer binds modes at any n_eff, the bound is capped, and says so
STRIDES = (1.06, 1.005)  # ratios of neighbouring n_eff at which the bound is tried: down in long steps, on in short ones


@kernel()
def round_trip(guide: Guide, n_eff: complex) -> float:
    """Largest |rho| R of the stack at one n_eff; inf where R itself is unbounded, or a field propagates."""
    u = n_eff * n_eff
    layers = guide.row.size
    below = halfspace_kappa(guide, 0, u, 0j) / guide.outer[0, 0]
    reflection, largest = 0.0, 0.0
    for layer in range(layers + 1):
        if layer < layers:
            row = guide.row[layer]
            kappa = layer_kappa(guide.q[row] * (guide.g0[row] - guide.g1[row] * u))
            if abs(kappa.real) > kappa.imag:
                return math.inf
            above, decay = kappa / guide.q[row], math.exp(-2.0 * kappa.imag * guide.k0d[row])
        else:
            above, decay = halfspace_kappa(guide, 1, u, 0j) / guide.outer[1, 0], 1.0
        rho = abs((above - below) / (above + below))
        product = rho * reflection
        if not product < 1.0:
            return math.inf
        largest = max(largest, product)
        reflection = (rho + reflection) / (1.0 - product) * decay
        below = above
    return largest


@kernel()
def free_above(guide: Guide, start: float, half_width: float) -> float:
    """Least n_eff >= start on a grid from which up the strip |Im n_eff| <= half_width holds no mode (HIGHEST: none)."""
    reached = HIGHEST
    for stride in STRIDES:
        while reached > start:
            n_eff = max(reached / stride, start)
            closed = False
            for part in (-1.0, 0.0, 1.0):
                closed |= not round_trip(guide, complex(n_eff, part * half_width)) < 1.0
            if closed:
                break
            reached = n_eff
    return reached


def largest_n_eff(guide: Guide, half_width: float) -> tuple[float, str]:
    """Upper end of the search in Re n_eff, and in words how it was bounded.

    At least 1.02 times the largest index and 1.05 times the largest plasmon of a single interface.
    """
    eps = np.concatenate([guide.q * guide.g0, guide.outer[:, 0] * guide.outer[:, 1]])  # eps_o
    eps_e = np.concatenate([guide.q * guide.g0 / (guide.q * guide.g1), (guide.outer[:, 1] / guide.outer[:, 2])])
    dielectric = 1.02 * float(np.sqrt(np.concatenate([eps, eps_e])).real.max())
    start, reason = dielectric, "1.02 times the largest index"
    if np.any(guide.outer[:, 0] != 1.0) or np.any(guide.q != 1.0):
        plasmon = 1.05 * _largest_plasmon(guide) + 0.02
        if plasmon > start:
            start, reason = plasmon, "the largest plasmon of one interface"
    bound = free_above(guide, min(start, HIGHEST), half_width)
    if bound >= HIGHEST:
        return HIGHEST, f"capped at {HIGHEST:g}: so thin a metal, or a hyperbolic layer, binds modes at any n_eff"
    return bound, reason if bound == start else "no round trip closes above"


def _largest_plasmon(guide: Guide) -> float:
    """Largest Re n_eff of the plasmons that single interfaces of the stack bind (0: none)."""
    q = np.concatenate([guide.outer[:1, 0], guide.q[guide.row], guide.outer[1:, 0]])
    g1 = np.concatenate([guide.outer[:1, 2], guide.g1[guide.row], guide.outer[1:, 2]])
    # kappa_1/q_1 + kappa_2/q_2 = 0 squared: (1 - g1_1 u)/q_1 = (1 - g1_2 u)/q_2
    with np.errstate(divide="ignore", invalid="ignore"):
        u = (1 / q[:-1] - 1 / q[1:]) / (g1[:-1] / q[:-1] - g1[1:] / q[1:])
        ratio = np.sqrt((1 - g1[:-1] * u) / q[:-1] + 0j), (q[:-1].real * q[1:].real < 0)
    bound = ratio[1] & np.isfinite(u)
    return float(np.sqrt(u[bound]).real.max(initial=0.0))
