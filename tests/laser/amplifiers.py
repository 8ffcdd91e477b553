"""Amplifiers made of formulas: what the stripe and the laser are tested with beside real media."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.laser.active import Response


@dataclass(frozen=True)
class RigidFilm:
    """Dots that no light changes: given emission and absorption [wavelength]."""

    wavelength_nm: Any
    emission_per_cm: Any
    absorption_per_cm: Any
    levels: int = 1
    thickness_nm: float = 50.0
    dots_per_cm3: float = 1e18

    def respond(self, pair_rate_per_ns: ArrayLike, stimulated_per_ns: ArrayLike) -> Response:
        shape = np.broadcast_shapes(np.shape(pair_rate_per_ns), np.shape(stimulated_per_ns)[:-1])
        out = (*shape, 1, np.size(self.wavelength_nm))
        emission, absorption = np.broadcast_to(self.emission_per_cm, out), np.broadcast_to(self.absorption_per_cm, out)
        one = np.ones(shape)
        return Response(emission, absorption, emission[..., 0, :], (emission + absorption) / self.dots_per_cm3, one, one)


@dataclass(frozen=True)
class TwoLevelFilm:
    """Dots of one pair at most, P = (g + s)/(g + 1/tau + 2 s), emission G0 L P, absorption G0 L (1 - P)."""

    wavelength_nm: Any
    gain_per_cm: float = 500.0
    lifetime_ns: float = 2.0
    line: Any = field(default_factory=lambda: np.ones(1))
    levels: int = 1
    thickness_nm: float = 50.0
    dots_per_cm3: float = 1e18

    def respond(self, pair_rate_per_ns: ArrayLike, stimulated_per_ns: ArrayLike) -> Response:
        rate, light = np.asarray(pair_rate_per_ns, dtype=float), np.asarray(stimulated_per_ns, dtype=float)[..., 0]
        excited = (rate + light) / (rate + 1 / self.lifetime_ns + 2 * light)
        peak = self.gain_per_cm * np.asarray(self.line)
        emission, absorption = peak * excited[..., None], peak * (1 - excited[..., None])
        cross_section = np.broadcast_to(peak / self.dots_per_cm3, emission.shape)[..., None, :]
        return Response(emission[..., None, :], absorption[..., None, :], emission, cross_section, excited / self.lifetime_ns, excited)
