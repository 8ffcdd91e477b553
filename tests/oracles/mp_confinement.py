"""A mode's confinement in 80-digit arithmetic, and its derivatives as differences so narrow that they are exact in float64.

The plain transfer matrix, U = A e^{iκz} + B e^{−iκz} from the bottom of each layer up, whose cancellations 80 digits forgive;
|E|² integrated term by term. x = k0·z, (U, U'/q) continuous, κ² = ε_o − N² (TE, q = 1) or ε_o·(1 − N²/ε_e) (TM, q = ε_o).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import mpmath as mp

from qdphotonics.planar import Mode

DIGITS = 80
STEP = mp.mpf(10) ** -13  # of the central differences: they err as its square, beside far less of rounding
SETTLED = mp.mpf(10) ** -50  # the step after it is a 1e-13th of that


@dataclass(frozen=True)
class Guide:
    """A stack of mpmath numbers for one polarization."""

    index: tuple[Any, ...]
    extraordinary: tuple[Any, ...]
    k0d: tuple[Any, ...]
    tm: bool

    @classmethod
    def of(cls, mode: Mode) -> Guide:
        """The stack of a mode, its float64 numbers taken as they are."""
        with mp.workdps(DIGITS):
            k0 = 2 * mp.pi / mp.mpf(mode.wavelength_nm)
            ordinary, normal = (tuple(mp.mpc(complex(n)) for n in each) for each in (mode.index, mode.index_extraordinary))
            return cls(ordinary, normal, tuple(k0 * mp.mpf(float(d)) for d in mode.thickness_nm), mode.polarization == "TM")

    def _media(self, N: Any) -> tuple[list[Any], list[Any]]:
        """κ (Im κ + Re κ > 0 outside) and q of every region."""
        eps, eps_e = [n**2 for n in self.index], [n**2 for n in self.extraordinary]
        kappa = [mp.sqrt(o * (1 - N**2 / e) if self.tm else o - N**2) for o, e in zip(eps, eps_e, strict=True)]
        for outer in (0, -1):
            if kappa[outer].real + kappa[outer].imag < 0:
                kappa[outer] = -kappa[outer]
        return kappa, eps if self.tm else [mp.mpc(1)] * len(eps)

    def _waves(self, N: Any) -> tuple[Any, list[tuple[Any, Any]], tuple[Any, Any]]:
        """D, (A, B) of every layer, (U, V) at the top."""
        kappa, q = self._media(N)
        U, V, waves = mp.mpc(1), -1j * kappa[0] / q[0], []
        for k, weight, length in zip(kappa[1:-1], q[1:-1], self.k0d, strict=True):
            y, forth = 1j * k / weight, mp.expj(k * length)
            A, B = (U + V / y) / 2, (U - V / y) / 2
            waves.append((A, B))
            U, V = A * forth + B / forth, y * (A * forth - B / forth)
        return V - 1j * kappa[-1] / q[-1] * U, waves, (U, V)

    def mode(self, start: Any) -> Any:
        """The zero of D to which Newton's method leads from ``start``, so near it that one slope serves all steps."""
        N = mp.mpc(start)
        slope = (self._waves(N + STEP)[0] - self._waves(N - STEP)[0]) / (2 * STEP)
        for _ in range(30):
            step = self._waves(N)[0] / slope
            N -= step
            if abs(step) < SETTLED:
                return N
        raise AssertionError(f"no mode near {start}")

    def intensity(self, N: Any) -> list[Any]:
        """Share of |E|² in every region."""
        kappa, q = self._media(N)
        _, waves, top = self._waves(N)
        parts = [self._tail(0, N, mp.mpf(1), kappa, q)]
        for at, ((A, B), length) in enumerate(zip(waves, self.k0d, strict=True), start=1):
            k = kappa[at]
            own = abs(A) ** 2 * _integral(-2 * k.imag, length) + abs(B) ** 2 * _integral(2 * k.imag, length)
            cross = 2 * (A * mp.conj(B) * _integral(2j * k.real, length)).real
            parts.append(self._both(at, N, own + cross, (own - cross) * abs(k / q[at]) ** 2))
        parts.append(self._tail(-1, N, abs(top[0]) ** 2, kappa, q))
        return [part / mp.fsum(parts) for part in parts]

    def _tail(self, side: int, N: Any, UU: Any, kappa: list[Any], q: list[Any]) -> Any:
        if (kappa[side] ** 2).real > 0:
            return mp.mpf(0)
        UU = UU / (2 * kappa[side].imag)
        return self._both(side, N, UU, UU * abs(kappa[side] / q[side]) ** 2)

    def _both(self, at: int, N: Any, UU: Any, VV: Any) -> Any:
        return VV + abs(N / self.extraordinary[at] ** 2) ** 2 * UU if self.tm else UU


def _integral(rate: Any, length: Any) -> Any:
    """∫ e^{rate z} dz from 0 to length."""
    return length if rate == 0 else mp.expm1(rate * length) / rate


@cache
def _precisely(guide: Guide, n_eff: complex) -> Any:
    return guide.mode(n_eff)


def intensity_slope(mode: Mode, what: str, at: int, direction: complex = 1) -> list[float]:
    """∂Γ by one number of the stack, along ``direction`` in its complex plane; by k0·d for a thickness.

    Parameters
    ----------
    mode : Mode
    what : {"k0d", "index", "extraordinary"}
    at : int
        Layer, or region for an index.
    direction : complex
        1 or 1j.
    """
    with mp.workdps(DIGITS):
        guide = Guide.of(mode)
        start = _precisely(guide, mode.n_eff)
        ends = []
        for sign in (1, -1):
            numbers = list(getattr(guide, what))
            numbers[at] += sign * STEP * (1 if what == "k0d" else mp.mpc(direction))
            changes: dict[str, Any] = {what: tuple(numbers)}
            moved = replace(guide, **changes)
            ends.append(moved.intensity(moved.mode(start)))
        return [float((ahead - behind) / (2 * STEP)) for ahead, behind in zip(*ends, strict=True)]
