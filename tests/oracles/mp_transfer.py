"""The dispersion function of a planar stack in 40-digit arithmetic: what float64 results are held against.

The plain transfer matrix of the textbooks, for 40 digits forgive its cancellations: (u, u'/q) continuous, with x = k0·z,
κ² = ε_o − n_eff² (TE, q = 1) or ε_o·(1 − n_eff²/ε_e) (TM, q = ε_o), outgoing root Re κ + Im κ > 0 in the half-spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import mpmath as mp

DIGITS = 40
STEPS = 40
CONVERGED = mp.mpf(10) ** -32
DIFFERENCE = mp.mpf(10) ** -14  # of the central difference: errs as its square, 1e-28, beside 1e-26 of rounding


def decimal(value: complex) -> mp.mpc:
    """The number that is meant: the shortest decimal that prints as ``value``, 1.82 and not the nearest binary fraction."""
    return mp.mpc(repr(float(value.real)), repr(float(value.imag)))


@dataclass(frozen=True)
class PreciseStack:
    """A stack whose floats are read as the decimals that they print as."""

    index: Sequence[complex]
    thickness_nm: Sequence[float]
    wavelength_nm: float
    polarization: Literal["TE", "TM"]
    index_extraordinary: Sequence[complex] | None = None

    def dispersion(self, n_eff: mp.mpc) -> mp.mpc:
        """Zero at a mode; on the sheet Re κ + Im κ > 0 of both half-spaces."""
        eps = [decimal(n) ** 2 for n in self.index]
        eps_e = eps if self.index_extraordinary is None else [decimal(n) ** 2 for n in self.index_extraordinary]
        tm = self.polarization == "TM"
        kappa = [mp.sqrt(o * (1 - n_eff**2 / e) if tm else o - n_eff**2) for o, e in zip(eps, eps_e, strict=True)]
        for outer in (0, -1):
            if kappa[outer].real + kappa[outer].imag < 0:
                kappa[outer] = -kappa[outer]
        q = eps if tm else [mp.mpc(1)] * len(eps)
        u, v = mp.mpc(1), -1j * kappa[0] / q[0]
        for k, weight, thickness in zip(kappa[1:-1], q[1:-1], self.thickness_nm, strict=True):
            phase = 2 * mp.pi / decimal(self.wavelength_nm) * decimal(thickness) * k
            cosine, sine = mp.cos(phase), mp.sin(phase)
            u, v = u * cosine + v * sine * weight / k, v * cosine - u * sine * k / weight
        return v - 1j * kappa[-1] / q[-1] * u

    def polish(self, start: complex) -> mp.mpc | None:
        """The zero to which Newton's method leads from ``start``, to 30 digits; None if it does not settle."""
        with mp.workdps(DIGITS):
            n_eff = mp.mpc(start)
            for _ in range(STEPS):
                ahead, behind = self.dispersion(n_eff + DIFFERENCE), self.dispersion(n_eff - DIFFERENCE)
                slope = (ahead - behind) / (2 * DIFFERENCE)
                if slope == 0:
                    return None
                step = self.dispersion(n_eff) / slope
                n_eff -= step
                if abs(step) < CONVERGED:
                    return n_eff
        return None
