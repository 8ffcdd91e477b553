"""How far apart the modes are that double precision cannot tell apart, in as many digits as that takes.

Two guides that hardly see each other split their common mode by delta ~ e^{-kappa gap}, and near such a pair
D ~ (n_eff - mean)^2 - delta^2/4: with 16 digits D shows delta > 1e-8, with 40 digits delta > 1e-20.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qdphotonics.planar.results import Mode

DIGITS = (40, 80, 160)  # tried in turn
RADIUS = 1e-6  # of the circle on which D is sampled: wide beside the twins, narrow beside the scale on which D changes
MOST_ROUNDS = 200  # of an iteration that takes some ten
SETTLED = 1e-10  # its last step: the next is its third power
SPARE = 1e6  # by how much the offsets must exceed what rounding alone would give


def twin_offsets(mode: Mode) -> tuple[complex, ...]:
    """Offsets in n_eff of ``mode.multiplicity`` modes from their mean, by falling real part; 0 where below about 1e-80.

    They are zeros of D's Taylor polynomial about ``mode.n_eff``, whose coefficients are Cauchy's integrals over a circle.
    """
    import mpmath

    count = mode.multiplicity
    for digits in DIGITS:
        with mpmath.workdps(digits):
            taylor = _centred(_taylor(mode, digits // 2), count)
            size = max(abs(taylor[count - k] / taylor[count]) ** (mpmath.mpf(1) / k) for k in range(1, count + 1))
            if size > SPARE * mpmath.mpf(10) ** (-mpmath.mpf(digits) / count):
                scaled = [taylor[k] / taylor[count] * size ** (k - count) for k in range(len(taylor))]
                roots = _smallest_roots(scaled, count)
                mean = mpmath.fsum(roots) / count
                offsets = [complex(RADIUS * size * (root - mean)) for root in roots]
                return tuple(sorted(offsets, key=lambda offset: (-offset.real, -offset.imag)))
    return (0j,) * count


def _taylor(mode: Mode, samples: int) -> list[Any]:
    """Coefficients of D(mode.n_eff + RADIUS t) in powers of t."""
    import mpmath

    turns = [mpmath.expjpi(mpmath.mpf(2 * j) / samples) for j in range(samples)]
    values = _dispersion(mode, [mode.n_eff + RADIUS * turn for turn in turns])
    return [
        mpmath.fsum(value / turn**k for value, turn in zip(values, turns, strict=True)) / samples
        for k in range(mode.multiplicity + samples // 2)  # the higher ones hold what has been left out, folded back
    ]


def _centred(taylor: list[Any], count: int) -> list[Any]:
    """The polynomial about the mean of its ``count`` smallest zeros, where the coefficient of t^(count - 1) all but vanishes."""
    for _ in range(4):  # the distance left is squared each time
        shift = -taylor[count - 1] / (count * taylor[count])
        for low in range(len(taylor) - 1):  # Horner's scheme for p(t + shift)
            for k in range(len(taylor) - 2, low - 1, -1):
                taylor[k] += shift * taylor[k + 1]
    return taylor


def _smallest_roots(polynomial: Sequence[Any], count: int) -> list[Any]:
    """The zeros of size 1 and less of a polynomial, ascending coefficients, by Ehrlich-Aberth from places around the unit circle."""
    import mpmath

    roots = [0.9 * mpmath.expjpi(mpmath.mpf(2 * k + 0.6) / count) for k in range(count)]
    settled = False
    for _ in range(MOST_ROUNDS):
        largest = mpmath.mpf(0)
        for i, root in enumerate(roots):
            value = slope = mpmath.mpc(0)
            for coefficient in reversed(polynomial):  # Horner's scheme for p and p'
                slope = slope * root + value
                value = value * root + coefficient
            if value != 0:
                others = mpmath.fsum(1 / (root - other) for j, other in enumerate(roots) if j != i and other != root)
                step = 1 / (slope / value - others)
                roots[i] = root - step
                largest = max(largest, abs(step))
        if settled:
            break
        settled = largest < SETTLED
    return roots


def _dispersion(mode: Mode, places: Sequence[Any]) -> list[Any]:
    """D of :mod:`~qdphotonics.planar.dispersion` at n_eff = ``places``, on the sheet of the root rule at ``mode.n_eff``."""
    import mpmath

    te = mode.polarization == "TE"
    eps = [mpmath.mpc(complex(n)) ** 2 for n in mode.index]
    eps_e = [mpmath.mpc(complex(n)) ** 2 for n in mode.index_extraordinary]
    q = [mpmath.mpf(1)] * len(eps) if te else eps
    k0d = [2 * mpmath.pi * mpmath.mpf(float(d)) / mpmath.mpf(mode.wavelength_nm) for d in mode.thickness_nm]

    def kappas(n_eff: Any) -> list[Any]:
        return [mpmath.sqrt(o - n_eff**2 if te else o * (1 - n_eff**2 / e)) for o, e in zip(eps, eps_e, strict=True)]

    def at(n_eff: Any) -> Any:
        kappa = kappas(n_eff)
        for side in (0, -1):
            if (kappa[side] * sheet[side].conjugate()).real < 0:
                kappa[side] = -kappa[side]
        U, V = mpmath.mpc(1), -1j * kappa[0] / q[0]
        for k, weight, length in zip(kappa[1:-1], q[1:-1], k0d, strict=True):
            y, forth = 1j * k / weight, mpmath.expj(k * length)  # mpmath's exponents have no end: nothing over- or underflows
            a, b = (U + V / y) / 2 * forth, (U - V / y) / 2 / forth
            U, V = a + b, y * (a - b)
        return V - 1j * kappa[-1] / q[-1] * U

    sheet = [k if k.real + k.imag > 0 else -k for k in kappas(mpmath.mpc(mode.n_eff))]
    return [at(n_eff) for n_eff in places]
