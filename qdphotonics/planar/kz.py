"""The normal component of the wavevector in a half-space: the one place that chooses its root."""

from __future__ import annotations

import math

from qdphotonics.planar._jit import kernel


@kernel(inline=True)
def halfspace_kz(k_squared: complex) -> complex:
    """Root k_z of k_z^2 = k0^2 (n^2 - n_eff^2) that leaves the stack: the one with Re k_z + Im k_z > 0.

    The wave exp(i k_z |z|) is outgoing where Re k_z^2 > 0 (the half-space is open) and evanescent elsewhere. One rule
    serves guided, leaky and amplified modes: forcing decay (Im k_z > 0) loses leaky modes, forcing Re k_z > 0 loses
    modes with net gain and modes over an absorbing substrate. Equal to exp(i pi/4) sqrt(-i k_z^2), principal root.

    Parameters
    ----------
    k_squared : complex
        k_z^2, in any unit, 0 or of modulus 1e-150 ... 1e150 (one number; for TM in a uniaxial half-space it is
        k0^2 (n_o^2 - (n_o/n_e)^2 n_eff^2)).

    Returns
    -------
    complex
        k_z, both its parts to full *relative* precision, so that a minute loss is not rounded away. On the cut, the
        negative imaginary axis of k_z^2, where both roots have Re k_z + Im k_z = 0: the evanescent one.

    Reference: PHYSICS section 1; the branch cut rises vertically from the half-space's index in the n_eff plane.

    Examples
    --------
    >>> halfspace_kz(4.0 + 0j), halfspace_kz(-4.0 + 0j), halfspace_kz(-3.0 - 4.0j)
    ((2+0j), 2j, (-1+2j))
    """
    # Not by exp(i pi/4) sqrt(-i k^2), which would mix 1e-16 of the larger part into the smaller. The larger part is
    # positive under the rule: Re for an open, Im for a closed half-space; the smaller one has the sign of Im k^2.
    # No branches and no call of the C library, so that loops over it vectorise.
    real, imaginary = k_squared.real, k_squared.imag
    larger = math.sqrt(0.5 * (math.sqrt(real * real + imaginary * imaginary) + abs(real)))
    smaller = 0.5 * imaginary / larger if larger > 0.0 else 0.0
    return complex(larger if real > 0.0 else smaller, smaller if real > 0.0 else larger)
