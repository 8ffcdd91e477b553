"""A mode followed through a stack that changes by a transfer matrix and Newton's method, in steps as small as it takes.

Shares nothing with :mod:`qdphotonics.planar`: the tangential fields (u, u'/(i q k0)) are carried through the layers,
q = 1 (TE) or ε (TM), the roots of the half-spaces are kept continuous, and a step stands if Newton hardly moves the extrapolation.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Sequence

Stack = tuple[Sequence[complex], Sequence[float], float]  # indices from substrate to superstrate, thicknesses [nm], k0 [1/nm]
Roots = tuple[complex, complex]
SETTLED = 1e-12
SLOPE_STEP = 1e-7 * (1 + 1j)


def follow(n_eff: complex, stack_at: Callable[[float], Stack], *, tm: bool, steps: int = 400, smallest: float = 1e-7) -> complex | None:
    """n_eff at the end of a way from 0 to 1; None where the mode ends on the way, or is beyond a cut at its end."""
    _, roots = _mismatch(n_eff, stack_at(0.0), tm, None)
    way, step = 0.0, 1.0 / steps
    slope = 0j
    while way < 1.0 - 1e-15:
        part = min(step, 1.0 - way)
        stack = stack_at(way + part)
        guess = n_eff + slope * part
        found = _zero(guess, stack, tm, roots)
        if found is not None and abs(found - guess) < 0.2 * abs(guess - n_eff) + 2e-6:
            slope, n_eff, way = (found - n_eff) / part, found, way + part
            _, roots = _mismatch(n_eff, stack, tm, roots)
            step = min(1.5 * part, 1.0 / steps)
        elif part < smallest:
            return None
        else:
            step = 0.5 * part
    return n_eff if all(root.real + root.imag > 0.0 for root in roots) else None


def _mismatch(n_eff: complex, stack: Stack, tm: bool, last: Roots | None) -> tuple[complex, Roots]:
    """What is left of the outgoing wave's condition at the superstrate, and the roots of both half-spaces."""
    index, thickness, k0 = stack
    eps = [each * each for each in index]
    roots = [cmath.sqrt(eps[side] - n_eff * n_eff) for side in (0, -1)]
    for side in (0, 1):
        other = roots[side].real + roots[side].imag < 0.0 if last is None else (roots[side] * last[side].conjugate()).real < 0.0
        roots[side] = -roots[side] if other else roots[side]
    u, w = 1 + 0j, -roots[0] / (eps[0] if tm else 1.0)
    for each, nm in zip(eps[1:-1], thickness, strict=True):
        kappa, q = cmath.sqrt(each - n_eff * n_eff), each if tm else 1.0
        cosine, sine = cmath.cos(kappa * k0 * nm), cmath.sin(kappa * k0 * nm)
        u, w = cosine * u + 1j * q / kappa * sine * w, cosine * w + 1j * kappa / q * sine * u
    return w - roots[1] / (eps[-1] if tm else 1.0) * u, (roots[0], roots[1])


def _zero(n_eff: complex, stack: Stack, tm: bool, roots: Roots) -> complex | None:
    """Newton's method with a central difference."""
    for _ in range(30):
        value = _mismatch(n_eff, stack, tm, roots)[0]
        above, below = (_mismatch(n_eff + h, stack, tm, roots)[0] for h in (SLOPE_STEP, -SLOPE_STEP))
        move = value / ((above - below) / (2 * SLOPE_STEP))
        if not abs(move) < 0.5:
            return None
        n_eff -= move
        if abs(move) < SETTLED:
            return n_eff
    return n_eff if abs(move) < 1e-9 else None
