"""exp and sin that LLVM can vectorise: a loop that calls the C library runs one number at a time.

No branches, no tables, no integers but one shift of the exponent's bits. Errors are below one unit in the last place
of the exact result (tests/planar/test_elementary_kernel.py).
"""

from __future__ import annotations

import numpy as np

from qdphotonics.planar._jit import kernel

# Adding 1.5 * 2^52 rounds to the nearest integer, which then sits in the lowest bits; subtracting it gives the integer back.
_ROUND = 6755399441055744.0
_PER_LN2 = 1.4426950408889634
_PER_HALF_PI = 0.6366197723675814
# ln 2 and pi/2 in parts whose product with a small integer is exact (Cody and Waite; the digits are fdlibm's).
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_HALF_PI_HIGH, _HALF_PI_MIDDLE, _HALF_PI_LOW = 1.57079632673412561417, 6.07710050630396597660e-11, 2.02226624879595063154e-21
_SMALLEST_EXPONENT = -708.0  # e^-708 = 3e-308: below it the double exponent runs out


@kernel(inline=True, contract=True)
def exp_expm1(x: float) -> tuple[float, float]:
    """(e^x, e^x - 1) for x <= 0, each to full relative precision; below -708 as at -708, where e^x is 3e-308."""
    x = max(x, _SMALLEST_EXPONENT)
    shifted = x * _PER_LN2 + _ROUND
    k = shifted - _ROUND
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW  # |r| <= ln2 / 2
    # Taylor's series to r^13, the first term left out being 5e-18, summed in three short chains
    r2 = r * r
    r4 = r2 * r2
    low = (1 / 2 + r * (1 / 6)) + r2 * (1 / 24 + r * (1 / 120))
    middle = (1 / 720 + r * (1 / 5040)) + r2 * (1 / 40320 + r * (1 / 362880))
    high = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800))
    expm1_r = r + r2 * (low + r4 * (middle + r4 * high))
    two_to_k = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    return two_to_k + two_to_k * expm1_r, (two_to_k - 1.0) + two_to_k * expm1_r


@kernel(inline=True, contract=True)
def half_turn(x: float) -> tuple[float, float, float]:
    """(sin r, cos r, sign) with x = r + k pi/2, |r| <= pi/4, sign = (-1)^k.

    For exp(2 i x) = sign (cos r + i sin r)^2. The error of r is 2^-53 |x| at most, that of x itself.
    """
    shifted = x * _PER_HALF_PI + _ROUND
    k = shifted - _ROUND
    r = ((x - k * _HALF_PI_HIGH) - k * _HALF_PI_MIDDLE) - k * _HALF_PI_LOW
    half = 0.5 * k
    sign = 1.0 - 4.0 * abs(half - ((half + _ROUND) - _ROUND))
    # fdlibm's minimax polynomials of sin and cos on [-pi/4, pi/4]; a square root of 1 - sin^2 would take longer
    q = r * r
    q2 = q * q
    low = -1.66666666666666324348e-01 + q * 8.33333333332248946124e-03
    middle = -1.98412698298579493134e-04 + q * 2.75573137070700676789e-06
    high = -2.50507602534068634195e-08 + q * 1.58969099521155010221e-10
    sine = r + r * q * (low + q2 * (middle + q2 * high))
    low = 4.16666666666666019037e-02 + q * -1.38888888888741095749e-03
    middle = 2.48015872894767294178e-05 + q * -2.75573143513906633035e-07
    high = 2.08757232129817482790e-09 + q * -1.13596475577881948265e-11
    cosine = 1.0 - q * (0.5 - q * (low + q2 * (middle + q2 * high)))
    return sine, cosine, sign
