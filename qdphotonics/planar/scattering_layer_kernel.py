"""What one layer does to a plane wave, for CHUNK points at a time.

With k0 = 1 (lengths as k0 d), TE: U = E_y, q = 1; TM: U = Z0 H_y, q = eps_o. The tangential fields obey
    dU/dz = i q V,    dV/dz = i p U,    kappa^2 = p q,    eta = kappa / q,
p = eps_o - u for TE, 1 - u/eps_e for TM, u = n_eff^2. Going from a layer's exit side to its entrance side over D = k0 d,
and times e^{i kappa D} with Im kappa >= 0, so that no exponential grows:
    c = (eta U - V) G,    U <- U + c,    V <- V - eta c,    G = (e^{2 i kappa D} - 1) / (2 eta).
(eta U - V is the wave that runs towards the entrance.) G is finite at kappa = 0 and precise for thin layers.

What the layer absorbs is q'' int |V|^2 + p'' int |U|^2 (Poynting's theorem; double primes: imaginary parts), a Hermitian
form of the (U, V) at its exit side:  a |U|^2 + b |V|^2 + 2 Re(c U* V). Its coefficients are in closed form, so a layer
that absorbs 1e-12 has all its digits, where the difference of two fluxes would have four.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.elementary_kernel import exp_expm1, half_turn
from qdphotonics.planar.kz import halfspace_kz

Row = NDArray[np.float64]  # [row + point]
Rows = NDArray[np.float64]  # [slot, row + point]

CHUNK = 64  # points worked on together: their rows stay in the fast cache and fill the vector registers

# Rows of a layer, CHUNK numbers each. D is k0 d, N_O and N_E the indices, E_O and E_E their squares, Z is kappa^2.
D, N_O, N_O_IM, N_E, N_E_IM, E_O, E_O_IM, E_E, E_E_IM, Z, Z_IM = (row * CHUNK for row in range(11))
# EXPONENT is -2 Im kappa D, DECAY its exponential, EXPM1 that - 1; SINE and VERSINE are sin and 1 - cos of 2 Re kappa D.
EXPONENT, DECAY, EXPM1, SINE, VERSINE, KAPPA, KAPPA_IM, ETA, ETA_IM, G, G_IM = (row * CHUNK for row in range(11, 22))
# Integrals over the layer of |cos|^2, |sin/kappa|^2, cos* sin/kappa, times e^EXPONENT; then the coefficients of the loss.
COS_COS, SIN_SIN, COS_SIN, COS_SIN_IM, LOSS_U, LOSS_V, LOSS_UV, LOSS_UV_IM = (row * CHUNK for row in range(22, 30))
LAYER_ROWS = 30

# Rows of the light that comes in: entrance indices, k0, cos and sin of the angle; index m of the wave, kappa = m cos,
# u = (m sin)^2 and eta.
IN_O, IN_E, K0, COS, SIN, M, M_COS, N_EFF_SQUARED, ETA_IN = (row * CHUNK for row in range(9))

SMALL_PHASE_SQUARED = 0.09  # of kappa D: below it the integrals are summed as series, their closed forms cancel
NOT_ZERO = 1e-40  # joins kappa^2 and counts only where that is 0: kappa = 1e-20 behaves as 0 and has an inverse


@kernel(inline=True, contract=True)
def square(real: float, imaginary: float) -> tuple[float, float]:
    """(real + i imaginary)^2."""
    return real * real - imaginary * imaginary, 2.0 * real * imaginary


@kernel(inline=True, contract=True)
def shine(table: Rows, light: int, tm: bool) -> None:
    """The light in the entrance half-space; TM in a uniaxial one: 1/m^2 = cos^2/eps_o + sin^2/eps_e."""
    for i in range(CHUNK):
        n_o, n_e, cos, sin = table[light, IN_O + i], table[light, IN_E + i], table[light, COS + i], table[light, SIN + i]
        tilted = 1.0 / math.sqrt((cos / n_o) ** 2 + (sin / n_e) ** 2)
        m = tilted if tm and n_e != n_o else n_o
        table[light, M + i], table[light, M_COS + i], table[light, N_EFF_SQUARED + i] = m, m * cos, (m * sin) ** 2
        table[light, ETA_IN + i] = m * cos / (n_o * n_o) if tm else m * cos


@kernel(inline=True, contract=True)
def ordinary_wave(table: Rows, slot: int, light: int) -> None:
    """eps_o and kappa^2 = eps_o - u, so that an index close to the entrance's keeps its digits at grazing incidence."""
    for i in range(CHUNK):
        real, imaginary, m, m_cos = table[slot, N_O + i], table[slot, N_O_IM + i], table[light, M + i], table[light, M_COS + i]
        table[slot, E_O + i], table[slot, E_O_IM + i] = square(real, imaginary)
        table[slot, Z + i] = (real - m) * (real + m) - imaginary * imaginary + m_cos * m_cos
        table[slot, Z_IM + i] = 2.0 * real * imaginary


@kernel(inline=True, contract=True)
def extraordinary_wave(table: Rows, slot: int, light: int) -> None:
    """eps_o, eps_e and kappa^2 = (eps_o/eps_e) (eps_e - u)."""
    for i in range(CHUNK):
        real, imaginary, m, m_cos = table[slot, N_E + i], table[slot, N_E_IM + i], table[light, M + i], table[light, M_COS + i]
        inner = (real - m) * (real + m) - imaginary * imaginary + m_cos * m_cos
        e_real, e_imaginary = square(real, imaginary)
        o_real, o_imaginary = square(table[slot, N_O + i], table[slot, N_O_IM + i])
        table[slot, E_O + i], table[slot, E_O_IM + i] = o_real, o_imaginary
        table[slot, E_E + i], table[slot, E_E_IM + i] = e_real, e_imaginary
        inverse = 1.0 / (e_real * e_real + e_imaginary * e_imaginary)
        ratio = (o_real * e_real + o_imaginary * e_imaginary) * inverse
        ratio_im = (o_imaginary * e_real - o_real * e_imaginary) * inverse
        table[slot, Z + i] = ratio * inner - ratio_im * e_imaginary
        table[slot, Z_IM + i] = ratio * e_imaginary + ratio_im * inner


@kernel(inline=True, contract=True)
def propagate(table: Rows, slot: int) -> None:
    """kappa, e^{2 i kappa D} - 1 and (e^{2 i kappa D} - 1) / (2 kappa) of kappa^2."""
    for i in range(CHUNK):
        root = halfspace_kz(complex(table[slot, Z + i] + NOT_ZERO, table[slot, Z_IM + i]))
        flip = 1.0 if root.imag >= 0.0 else -1.0  # inside a layer either root will do; this one decays
        real, imaginary, depth = flip * root.real, flip * root.imag, table[slot, D + i]
        exponent = -2.0 * imaginary * depth
        decay, expm1 = exp_expm1(exponent)
        sine, cosine, sign = half_turn(real * depth)
        sine_2 = 2.0 * sign * sine * cosine
        versine_2 = (1.0 - sign) + 2.0 * sign * sine * sine  # either 2 sin^2 or 2 - 2 sin^2
        f_real, f_imaginary = expm1 - decay * versine_2, decay * sine_2
        inverse = 0.5 / (real * real + imaginary * imaginary)
        table[slot, KAPPA + i], table[slot, KAPPA_IM + i] = real, imaginary
        table[slot, EXPONENT + i], table[slot, DECAY + i], table[slot, EXPM1 + i] = exponent, decay, expm1
        table[slot, SINE + i], table[slot, VERSINE + i] = sine_2, versine_2
        table[slot, G + i] = (f_real * real + f_imaginary * imaginary) * inverse
        table[slot, G_IM + i] = (f_imaginary * real - f_real * imaginary) * inverse
        table[slot, ETA + i], table[slot, ETA_IM + i] = real, imaginary


@kernel(inline=True, contract=True)
def admit_tm(table: Rows, slot: int) -> None:
    """eta and G for TM: q = eps_o."""
    for i in range(CHUNK):
        real, imaginary, kappa, kappa_im = table[slot, E_O + i], table[slot, E_O_IM + i], table[slot, KAPPA + i], table[slot, KAPPA_IM + i]
        inverse = 1.0 / (real * real + imaginary * imaginary)
        table[slot, ETA + i] = (kappa * real + kappa_im * imaginary) * inverse
        table[slot, ETA_IM + i] = (kappa_im * real - kappa * imaginary) * inverse
        g, g_im = table[slot, G + i], table[slot, G_IM + i]
        table[slot, G + i] = g * real - g_im * imaginary
        table[slot, G_IM + i] = g * imaginary + g_im * real


@kernel(inline=True, contract=True)
def integrate(table: Rows, slot: int) -> None:
    """int |cos kappa s|^2, |sin(kappa s)/kappa|^2, cos* sin(kappa s)/kappa ds over 0 ... D, times e^{-2 Im kappa D}."""
    small = 0
    for i in range(CHUNK):
        depth, kappa, kappa_im = table[slot, D + i], table[slot, KAPPA + i], table[slot, KAPPA_IM + i]
        decay, expm1, phase = table[slot, DECAY + i], table[slot, EXPM1 + i], 2.0 * kappa * depth
        grow = depth if kappa_im == 0.0 else -0.5 * expm1 / kappa_im
        turn = depth if phase == 0.0 else 0.5 * table[slot, SINE + i] / kappa
        verse = 0.0 if phase == 0.0 else 0.5 * table[slot, VERSINE + i] / kappa
        cosh = 0.5 * grow * (1.0 + decay)  # decay int cosh(2 kappa'' s)
        cos = decay * turn  # decay int cos(2 kappa' s)
        real, imaginary = decay * verse, -0.5 * grow * expm1  # decay int sin(2 kappa' s), sinh(2 kappa'' s)
        modulus = kappa * kappa + kappa_im * kappa_im
        inverse = 0.5 / modulus
        table[slot, COS_COS + i] = 0.5 * (cosh + cos)
        table[slot, SIN_SIN + i] = (cosh - cos) * inverse
        table[slot, COS_SIN + i] = (real * kappa + imaginary * kappa_im) * inverse
        table[slot, COS_SIN_IM + i] = (imaginary * kappa - real * kappa_im) * inverse
        small += 1 if modulus * depth * depth < SMALL_PHASE_SQUARED else 0
    if small > 0:
        integrate_small_phases(table, slot)


@kernel(inline=True, contract=True)
def integrate_small_phases(table: Rows, slot: int) -> None:
    """The same where |kappa D| is small: divided differences of cosh, sinh(t)/t, (cosh t - 1)/t^2 between x and y.

    x = (2 kappa'' D)^2, y = -(2 kappa' D)^2; h_m = sum_{i+j=m} x^i y^j is their complete homogeneous polynomial.
    """
    for i in range(CHUNK):
        depth, kappa, kappa_im = table[slot, D + i], table[slot, KAPPA + i], table[slot, KAPPA_IM + i]
        a, b = 2.0 * kappa * depth, 2.0 * kappa_im * depth
        x, y = b * b, -a * a
        y2 = y * y
        y3, y4 = y2 * y, y2 * y2
        h1 = x + y
        h2 = x * h1 + y2
        h3 = x * h2 + y3
        h4 = x * h3 + y4
        h5 = x * h4 + y4 * y
        h6 = x * h5 + y3 * y3
        h7 = x * h6 + y4 * y3
        cosh = 1 / 2 + h1 / 24 + h2 / 720 + h3 / 40320 + h4 / 3628800 + h5 / 479001600 + h6 / 87178291200 + h7 / 20922789888000
        sinh = 1 / 6 + h1 / 120 + h2 / 5040 + h3 / 362880 + h4 / 39916800 + h5 / 6227020800 + h6 / 1307674368000
        vers = 1 / 24 + h1 / 720 + h2 / 40320 + h3 / 3628800 + h4 / 479001600 + h5 / 87178291200 + h6 / 20922789888000
        decay = table[slot, DECAY + i]
        square_decay = decay * depth * depth
        small = 0.25 * (x - y) < SMALL_PHASE_SQUARED
        table[slot, SIN_SIN + i] = 2.0 * square_decay * depth * sinh if small else table[slot, SIN_SIN + i]
        table[slot, COS_SIN + i] = square_decay * cosh if small else table[slot, COS_SIN + i]
        table[slot, COS_SIN_IM + i] = square_decay * a * b * vers if small else table[slot, COS_SIN_IM + i]


@kernel(inline=True, contract=True)
def lose_te(table: Rows, slot: int) -> None:
    """Coefficients of the loss for TE: q'' = 0, p'' = Im eps_o."""
    for i in range(CHUNK):
        p_im = table[slot, E_O_IM + i]
        table[slot, LOSS_U + i] = p_im * table[slot, COS_COS + i]
        table[slot, LOSS_V + i] = p_im * table[slot, SIN_SIN + i]
        table[slot, LOSS_UV + i] = 2.0 * p_im * table[slot, COS_SIN_IM + i]
        table[slot, LOSS_UV_IM + i] = 2.0 * p_im * table[slot, COS_SIN + i]


@kernel(inline=True, contract=True)
def lose_tm(table: Rows, slot: int, light: int, uniaxial: bool) -> None:
    """Coefficients of the loss for TM: q = eps_o, p = 1 - u/eps_e."""
    if not uniaxial:
        for i in range(CHUNK):
            table[slot, E_E + i], table[slot, E_E_IM + i] = table[slot, E_O + i], table[slot, E_O_IM + i]
    for i in range(CHUNK):
        q, q_im, e_real, e_imaginary = table[slot, E_O + i], table[slot, E_O_IM + i], table[slot, E_E + i], table[slot, E_E_IM + i]
        u = table[light, N_EFF_SQUARED + i] / (e_real * e_real + e_imaginary * e_imaginary)
        p, p_im = 1.0 - u * e_real, u * e_imaginary
        cos_cos, sin_sin = table[slot, COS_COS + i], table[slot, SIN_SIN + i]
        x, x_im = table[slot, COS_SIN + i], table[slot, COS_SIN_IM + i]
        table[slot, LOSS_U + i] = p_im * cos_cos + q_im * (p * p + p_im * p_im) * sin_sin
        table[slot, LOSS_V + i] = q_im * cos_cos + p_im * (q * q + q_im * q_im) * sin_sin
        table[slot, LOSS_UV + i] = 2.0 * (p_im * (q * x_im + q_im * x) + q_im * (p * x_im + p_im * x))
        table[slot, LOSS_UV_IM + i] = 2.0 * (p_im * (q * x - q_im * x_im) - q_im * (p * x - p_im * x_im))
