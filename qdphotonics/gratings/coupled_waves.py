"""Coupled waves in a grating of finite length: threshold gains and detunings of all its modes, and their fields along it.

::

    r1 | R ->   sections of constant coupling, phase shifts between them   | r2
       |                                                        <- S       |
     x = 0                                                               x = L

Lengths in units of L, with s = αL + iδL + iζL:

    R' = s R + iκ_b L S,  −S' = s S + iκ_f L R,  R(0) = r1 S(0),  S(L) = r2 R(L);  at a phase shift R -> e^{iθ} R, S -> e^{−iθ} S

α is the gain of the *field* (the power's is 2α), δ = β − β_Bragg (> 0: towards shorter waves), κ_b scatters S into R, ζ is what
the grating does to one wave alone (Im ζ > 0: it radiates). A threshold is a zero of the entire function

    D(s) = M_21 r1 + M_22 − r2 (M_11 r1 + M_12),  M the matrix that takes (R, S) from 0 to L.

Reference: H. Kogelnik, C. V. Shank, J. Appl. Phys. 43, 2327 (1972), doi:10.1063/1.1661499, who write exp(+iωt): their κ and
facets are the complex conjugates of those here. Facets: W. Streifer, R. D. Burnham, D. R. Scifres, IEEE J. Quantum Electron. 11,
154 (1975), doi:10.1109/JQE.1975.1068581. Phase shift: S. L. McCall, P. M. Platzman, ibid. 21, 1899 (1985), doi:10.1109/JQE.1985.1072614.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import positive, refuse
from qdphotonics.gratings.cell import Complexes, Reals
from qdphotonics.gratings.strips import find_in_strips

SMALL = 0.05  # |γ²| below which cosh and sinh come from their series
BEYOND = 4 * np.pi  # default window: detunings this far beyond |κL|, some four modes to either side of the stop band
MOST_GAIN = 10.0  # default window: αL; a grating with κL of 1e-4 has its first mode there
ASIDE = (0.317, 0.471, 0.113)  # rooms around the window, unequal, so that no seam of the search falls on δ = 0
OFFSET = 32.0 + 3.0j  # added to s where zeros are refined relative to their size: none is near −OFFSET
NODES = 24  # of Gauss' rule, on panels across which the waves change by e^PANEL at most: exact to rounding
PANEL = 8.0
ON_EDGE = 1e-9  # of a window: modes so close outside count as inside


@dataclass(frozen=True)
class ThresholdMode:
    """One solution of the coupled-wave equations without incoming light."""

    field_gain: float  # αL
    detuning: float  # δL

    @property
    def power_gain(self) -> float:
        """2αL: what the power must gain in one passage of the grating, net of absorption."""
        return 2 * self.field_gain

    def power_gain_per_cm(self, length_um: float) -> float:
        """2α [1/cm] for a grating of this length: α_cavity of Γ g_th = α_eff + α_cavity."""
        return 1e4 * self.power_gain / positive("length_um", length_um, "um")


@dataclass(frozen=True)
class ThresholdModes:
    """Every mode in a window, the lowest threshold first."""

    modes: tuple[ThresholdMode, ...]
    detuning_range: tuple[float, float]
    gain_range: tuple[float, float]
    certified: bool  # as many found as the argument principle counts
    note: str


@dataclass(frozen=True, eq=False)
class WavesAlong:
    """Amplitudes of the two waves of a mode; ∫ (|R|² + |S|²) dx/L = 1, R(0) or S(0) real and positive."""

    position: Reals  # x/L
    forward: Complexes  # R
    backward: Complexes  # S

    @property
    def intensity(self) -> Reals:
        """|R|² + |S|²."""
        result: Reals = np.abs(self.forward) ** 2 + np.abs(self.backward) ** 2
        return result


@dataclass(frozen=True)
class Section:
    """A piece of a grating in which nothing changes, and the phase shift at its end; lengths in units of the grating's."""

    length: float
    into_R: complex  # iκ_b L
    into_S: complex  # iκ_f L
    offset: complex  # added to s
    phase: float

    @property
    def least_gain(self) -> float:
        """αL below which power decreases along either wave, whatever their phases."""
        return float(-self.offset.real - 0.5 * abs(self.into_R + self.into_S.conjugate()))

    def through(self, s: ArrayLike, R: ArrayLike, S: ArrayLike, length: ArrayLike) -> tuple[Complexes, Complexes, Reals]:
        """(R, S) after a length, less the factor e^{log}, and log; all broadcast. γ² = s² + κ_b κ_f L²."""
        here, into, back = np.asarray(s) + self.offset, np.asarray(R), np.asarray(S)
        long = np.asarray(length, dtype=float)
        x = (here**2 - self.into_R * self.into_S) * long**2
        gamma = np.sqrt(x + 0j)
        log = np.abs(gamma.real)
        up, down = np.exp(gamma - log), np.exp(-gamma - log)
        small = np.abs(x) < SMALL
        series = 1.0 + x / 6 * (1.0 + x / 20 * (1.0 + x / 42 * (1.0 + x / 72 * (1.0 + x / 110 * (1.0 + x / 156)))))
        sinh = long * np.where(small, series * np.exp(-log), 0.5 * (up - down) / np.where(small, 1.0, gamma))
        cosh = 0.5 * (up + down)
        return (
            cosh * into + sinh * (here * into + self.into_R * back),
            cosh * back - sinh * (here * back + self.into_S * into),
            log,
        )


@dataclass(frozen=True)
class CoupledWaves:
    """A finite grating, all lengths in units of its own.

    Parameters
    ----------
    coupling : complex
        κL: S into R. Real: index coupling; imaginary: gain coupling.
    coupling_back : complex, optional
        R into S, where it differs: gratings without mirror symmetry that absorb or amplify.
    self_coupling : complex
        ζL of each wave alone; its imaginary part is the field's loss by radiation, Kazarinov and Henry's h1 L.
    facets : (complex, complex)
        Reflectivities r1, r2 of the *amplitude*, phase of the grating's end included.
    phase_shifts : sequence of (float, float)
        (x/L, θ): each wave gains the phase θ [radians] there; π/2 in the middle is the λ/4 shift.
    strength : sequence of complex
        Coupling relative to ``coupling``, of as many equal sections: apodisation.
    chirp : sequence of complex, optional
        Added to (δ + ζ)L in each section: a depth, period or width that changes along the grating.

    Examples
    --------
    >>> waves = CoupledWaves(3.0, phase_shifts=[(0.5, np.pi / 2)])
    >>> best = waves.modes().modes[0]
    >>> round(best.field_gain, 6), abs(best.detuning) < 1e-12  # κL = 3 with a λ/4 shift lases in the middle of its stop band
    (0.328255, True)
    """

    coupling: complex
    coupling_back: complex | None = None
    self_coupling: complex = 0.0
    facets: tuple[complex, complex] = (0.0, 0.0)
    phase_shifts: Sequence[tuple[float, float]] = ()
    strength: Sequence[complex] = (1.0,)
    chirp: Sequence[complex] = ()

    def __post_init__(self) -> None:
        back = self.coupling if self.coupling_back is None else self.coupling_back
        for name, value in (("coupling", self.coupling), ("coupling_back", back), ("self_coupling", self.self_coupling)):
            if not np.isfinite(value):
                refuse(name, "be finite", value)
        if len(self.facets) != 2 or not all(abs(each) <= 1 for each in self.facets):
            refuse("facets", "be two amplitude reflectivities of modulus 0 … 1", self.facets)
        if not all(0 < place < 1 and np.isfinite(theta) for place, theta in self.phase_shifts):
            refuse("phase_shifts", "be pairs (x/L between 0 and 1, phase in radians)", self.phase_shifts)
        if not len(self.strength) or not np.isfinite(self.strength).all():
            refuse("strength", "have at least one finite value", self.strength)
        if len(self.chirp) not in (0, len(self.strength)) or not np.isfinite(self.chirp).all():
            refuse("chirp", f"have a finite value for each of the {len(self.strength)} sections", self.chirp)

    @property
    def couplings(self) -> tuple[complex, complex]:
        """κ_b L, κ_f L."""
        return complex(self.coupling), complex(self.coupling if self.coupling_back is None else self.coupling_back)

    @property
    def largest_coupling(self) -> float:
        """Of all sections, |κL|."""
        return max(abs(each) for each in self.couplings) * float(np.abs(self.strength).max())

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """From x = 0."""
        count = len(self.strength)
        shifts: dict[float, float] = {}
        for place, theta in self.phase_shifts:
            shifts[place] = shifts.get(place, 0.0) + theta
        edges = sorted({*(k / count for k in range(count + 1)), *shifts})
        made = []
        for low, high in pairwise(edges):
            at = min(int(count * 0.5 * (low + high)), count - 1)
            chirp = complex(self.chirp[at]) if len(self.chirp) else 0j
            into_R, into_S = (1j * each * complex(self.strength[at]) for each in self.couplings)
            made.append(Section(high - low, into_R, into_S, 1j * chirp, shifts.get(high, 0.0)))
        return tuple(made)

    def carried(self, s: Complexes, R: Complexes, S: Complexes) -> tuple[Complexes, Complexes, Reals]:
        """(R, S) at x = L from those at 0, and the log of what they were divided by; arrays [point]."""
        log_scale = np.zeros(np.shape(s))
        for each in self.sections:
            R, S, log = each.through(s, R, S, each.length)
            R, S = R * np.exp(1j * each.phase), S * np.exp(-1j * each.phase)
            size = np.abs(R) + np.abs(S)
            size = np.where(size > 0.0, size, 1.0)
            R, S, log_scale = R / size, S / size, log_scale + log + np.log(size)
        return R, S, log_scale

    def log_threshold(self, s: ArrayLike) -> Complexes:
        """log D at s = αL + iδL + iζL [point]; −inf at a threshold."""
        points = np.atleast_1d(np.asarray(s, dtype=complex))
        R, S, log_scale = self.carried(points, np.full(points.shape, complex(self.facets[0])), np.ones(points.shape, complex))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(S - self.facets[1] * R) + log_scale)

    def modes(self, detuning_range: tuple[float, float] | None = None, gain_range: tuple[float, float] | None = None) -> ThresholdModes:
        """Every mode in a window of αL and δL.

        Parameters
        ----------
        detuning_range : (float, float), optional
            Of δL; ±(|κL| + 4π) unless given.
        gain_range : (float, float), optional
            Of αL; to 10 unless given, and from the least that is possible: with facets of |r| <= 1 power flows out, so that
            somewhere α >= Im ζ − |κ_b − κ_f*|/2.

        Raises
        ------
        ModeSearchError
            Zeros were counted that could not be found.
        """
        widest = self.largest_coupling + BEYOND
        least = complex(self.self_coupling).imag + min(each.least_gain for each in self.sections)
        deltas = checked_range("detuning_range", (-widest, widest) if detuning_range is None else detuning_range)
        gains = checked_range("gain_range", (float(least), MOST_GAIN) if gain_range is None else gain_range)
        moved = 1j * complex(self.self_coupling) + OFFSET
        low = complex(gains[0] - ASIDE[0], deltas[0] - ASIDE[1]) + moved
        high = complex(gains[1] + ASIDE[0], deltas[1] + ASIDE[2]) + moved
        what = f"Coupled waves with κL = {self.couplings[0]:.6g}"
        kept = []
        for zero in find_in_strips(lambda w: self.log_threshold(w - OFFSET), low, high, "imag", 1.0, what):
            mode = ThresholdMode(float((zero - moved).real), float((zero - moved).imag))
            if within(mode.field_gain, gains) and within(mode.detuning, deltas):
                kept.append(mode)
        told = f"all {len(kept)} modes with αL {gains[0]:.4g} … {gains[1]:.4g}, δL {deltas[0]:.4g} … {deltas[1]:.4g}"
        return ThresholdModes(tuple(sorted(kept, key=lambda mode: (mode.field_gain, abs(mode.detuning)))), deltas, gains, True, told)

    def quadrature(self, mode: ThresholdMode) -> tuple[Reals, Reals]:
        """Points x/L and weights for integrals along the grating of what is smooth in every section: Gauss' rule on panels."""
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        s, start = complex(mode.field_gain, mode.detuning) + 1j * complex(self.self_coupling), 0.0
        points, heavy = [], []
        for each in self.sections:
            panels = max(1, int(np.ceil(each.length * (abs(s + each.offset) + self.largest_coupling) / PANEL)))
            width = each.length / panels
            points.append(start + width * (np.arange(panels)[:, None] + 0.5 * (nodes + 1.0)).ravel())
            heavy.append(np.tile(0.5 * width * weights, panels))
            start += each.length
        return np.concatenate(points), np.concatenate(heavy)

    def waves(self, mode: ThresholdMode, position: ArrayLike | None = None) -> WavesAlong:
        """R and S of a mode along the grating.

        Parameters
        ----------
        mode : ThresholdMode
        position : float array [point], optional
            x/L, rising from 0 to 1; 401 equal steps unless given.
        """
        x = np.linspace(0.0, 1.0, 401) if position is None else np.asarray(position, dtype=float)
        if x.ndim != 1 or x.size < 2 or (np.diff(x) <= 0).any() or x[0] < 0 or x[-1] > 1:
            refuse("position", "rise within 0 … 1", position)
        points, weights = self.quadrature(mode)
        forward, backward = self._amplitudes(mode, np.concatenate([x, points]))
        total = np.sqrt(np.sum(weights * (np.abs(forward[x.size :]) ** 2 + np.abs(backward[x.size :]) ** 2)))
        return WavesAlong(x, forward[: x.size] / total, backward[: x.size] / total)

    def _amplitudes(self, mode: ThresholdMode, x: Reals) -> tuple[Complexes, Complexes]:
        """R, S at points x/L, from S(0) = 1."""
        s = complex(mode.field_gain, mode.detuning) + 1j * complex(self.self_coupling)
        R, S = np.array(complex(self.facets[0])), np.array(1.0 + 0j)
        forward, backward, start = np.empty(x.size, complex), np.empty(x.size, complex), 0.0
        for number, each in enumerate(self.sections, start=1):
            last = number == len(self.sections)
            here = (x >= start - ON_EDGE) & ((x < start + each.length - ON_EDGE) | last)
            r, b, log = each.through(s, R, S, np.append(x[here] - start, each.length))
            r, b = r * np.exp(log), b * np.exp(log)
            forward[here], backward[here] = r[:-1], b[:-1]
            R, S = r[-1] * np.exp(1j * each.phase), b[-1] * np.exp(-1j * each.phase)
            start += each.length
        return forward, backward


def checked_range(name: str, value: tuple[float, float]) -> tuple[float, float]:
    """(low, high) with low < high, both finite, or ArgumentError."""
    low, high = value
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        refuse(name, "be (low, high) with low < high", value)
    return float(low), float(high)


def within(value: float, interval: tuple[float, float]) -> bool:
    """Whether a value lies in an interval, its ends included."""
    room = ON_EDGE * (interval[1] - interval[0])
    return interval[0] - room <= value <= interval[1] + room
