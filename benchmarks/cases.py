"""The stacks of the mode searches, and the modes that they have, in 40 digits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench_scattering import INDEX, THICKNESS_NM
from qdphotonics import planar
from qdphotonics.units import extinction
from tests.oracles.mp_transfer import PreciseStack
from tests.oracles.reference import reference_cases

Polarization = Literal["TE", "TM"]
MAX_LOSS_PER_CM = 25_000.0
SAME = 0.01  # a value this close to a mode in n_eff counts as that mode found, however bad


@dataclass(frozen=True)
class Case:
    """A search of one polarization: its stack, and the range of Re n_eff and the loss up to which modes are compared."""

    name: str
    index: NDArray[np.complex128]
    thickness_nm: NDArray[np.float64]
    wavelength_nm: float
    polarization: Polarization
    lowest: float
    max_loss_per_cm: float

    def search(self) -> planar.ModeSearch:
        """The whole search: from 0 to where no mode can be."""
        return planar.find_modes(
            self.index, self.thickness_nm, self.wavelength_nm, self.polarization, max_loss_per_cm=self.max_loss_per_cm
        )

    @cached_property
    def modes(self) -> NDArray[np.complex128]:
        """All modes of the region: those of the certified search, each polished to 40 digits and rounded."""
        stack = PreciseStack(self.index.tolist(), self.thickness_nm.tolist(), self.wavelength_nm, self.polarization)
        found = [stack.polish(mode.n_eff) for mode in self.search().modes if mode.n_eff.real > self.lowest]
        return np.array([complex(n_eff) for n_eff in found if n_eff is not None])

    def judge(self, found: NDArray[np.complex128]) -> Verdict:
        """What a solver's values are worth."""
        bound = float(extinction(self.max_loss_per_cm, self.wavelength_nm))
        found = found[(found.real > self.lowest) & (np.abs(found.imag) < bound)]
        return judged(self.modes, found)


@dataclass(frozen=True)
class Verdict:
    """Modes found of those there are, the largest error among them, and how many values are no modes."""

    found: int
    modes: int
    worst: float
    others: int

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.found + other.found, self.modes + other.modes, max(self.worst, other.worst), self.others + other.others
        )


def judged(modes: NDArray[np.complex128], found: NDArray[np.complex128]) -> Verdict:
    """Each mode takes the value nearest to it that no other mode has, if there is one within SAME."""
    distance = np.abs(modes[:, None] - found)
    errors = []
    while distance.size and distance.min() < SAME:
        mode, value = np.unravel_index(distance.argmin(), distance.shape)
        errors.append(float(distance[mode, value]))
        distance[mode, :] = distance[:, value] = np.inf
    return Verdict(len(errors), len(modes), max(errors, default=np.nan), len(found) - len(errors))


def issue_cases() -> list[Case]:
    """The two stacks of the issue: 26 layers with a Bragg mirror, and one in which TM is nearly cut off by silver."""
    silver = np.array([1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0])
    stacks = [("26 layers", INDEX, THICKNESS_NM), ("L-ITO / Ag", silver, np.array([250.0, 95.0, 50.0, 10.0, 100.0]))]
    polarizations: tuple[Polarization, ...] = ("TE", "TM")
    return [
        Case(f"{name}, {each}", index, thickness, 640.0, each, 1.0, MAX_LOSS_PER_CM)
        for name, index, thickness in stacks
        for each in polarizations
    ]


def tabulated_cases() -> list[tuple[Case, NDArray[np.complex128]]]:
    """tests/reference/slab_modes.json: guides and their tabulated modes (not always all that they have)."""
    cases = []
    for each in reference_cases():
        modes = np.array([mode.n_eff for mode in each.modes])
        index, thickness = np.array(each.index), np.array(each.thickness_nm)
        cases.append((Case(each.name, index, thickness, each.wavelength_nm, each.polarization, 0.0, MAX_LOSS_PER_CM), modes))
    return cases
