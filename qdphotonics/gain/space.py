"""The states of dots of one permanent charge, what leads from one to another, and the drives that do it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import not_negative, refuse
from qdphotonics.gain.charging import CoulombLadder
from qdphotonics.gain.occupation import absorption_strength, emission_strength
from qdphotonics.gain.recombination import Recombination

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Drive:
    """Rates [drive] per ns, flattened from the broadcast ``shape``; ``stimulated`` is [level, drive]."""

    shape: tuple[int, ...]
    pair: Array
    electron: Array
    hole: Array
    stimulated: Array

    @classmethod
    def of(
        cls,
        levels: int,
        pair: ArrayLike,
        electron: ArrayLike,
        hole: ArrayLike,
        stimulated: ArrayLike,
        shape: tuple[int, ...] = (),
    ) -> Drive:
        """Checked and broadcast, with ``shape`` too; the last axis of ``stimulated`` are the levels, a number holds for all."""
        rates = [
            not_negative(f"{name}_rate_per_ns", value) for name, value in (("pair", pair), ("electron", electron), ("hole", hole))
        ]
        photons = not_negative("stimulated_per_ns", stimulated)
        if photons.ndim and photons.shape[-1] != levels:
            refuse("stimulated_per_ns", f"have the {levels} levels of the dot as its last axis", f"of shape {photons.shape}")
        for name, value in (("electron_rate_per_ns", rates[1]), ("hole_rate_per_ns", rates[2]), ("stimulated_per_ns", photons)):
            if np.isinf(value).any():
                refuse(name, "be finite", inf)
        if (rates[1].any() or rates[2].any()) and np.isinf(rates[0]).any():
            refuse("pair_rate_per_ns", "be finite beside single carriers", inf)
        shapes = [*(rate.shape for rate in rates), photons.shape[:-1]]
        try:
            shape = np.broadcast_shapes(shape, *shapes)
        except ValueError:
            refuse("pair_rate_per_ns", "have a shape that goes with those of the other drives", shapes)
        flat = [np.broadcast_to(rate, shape).reshape(-1) for rate in rates]
        return cls(shape, flat[0], flat[1], flat[2], np.broadcast_to(photons, (*shape, levels)).reshape(-1, levels).T)

    def require_both_carriers(self, shape: tuple[int, ...]) -> None:
        """Refuse electrons without holes, or holes without electrons, in the steps of any of the drives of ``shape``."""
        electron, hole = ((rate.reshape(*shape, -1) > 0).any(axis=-1) for rate in (self.electron, self.hole))
        if (electron != hole).any():
            refuse("hole_rate_per_ns", "be > 0 where `electron_rate_per_ns` is, and nowhere else (dots would charge without end)", "not")

    def broadcast(self, shape: tuple[int, ...]) -> Drive:
        """The same drives for a larger shape."""
        rates = self.pair, self.electron, self.hole
        pair, electron, hole = (np.broadcast_to(rate.reshape(self.shape), shape).reshape(-1) for rate in rates)
        levels = len(self.stimulated)
        own = (levels, *(1,) * (len(shape) - len(self.shape)), *self.shape)  # the drives' axes stand at the end
        photons = np.broadcast_to(self.stimulated.reshape(own), (levels, *shape)).reshape(levels, -1)
        return Drive(shape, pair, electron, hole, photons)

    @property
    def size(self) -> int:
        """Number of drives."""
        return len(self.pair)

    @property
    def single_carriers(self) -> bool:
        """Whether electrons or holes come alone under any drive."""
        return bool(self.electron.any() or self.hole.any())

    def part(self, here: slice) -> Drive:
        """Some of the drives."""
        pair = self.pair[here]
        return Drive((len(pair),), pair, self.electron[here], self.hole[here], self.stimulated[:, here])

    def charge_range(self, ladder: CoulombLadder | None, most: int, truncation: float) -> tuple[int, int]:
        """Charges, in electrons beyond the permanent ones, outside of which a dot is found with less than ``truncation``.

        Recombination keeps the charge, so that its distribution is P(q + 1)/P(q) = (g_e/g_h) factor(q) under a steady drive,
        and never exceeds P(q)/P(0) of it when dots start at q = 0 (a reversible chain). The hole side likewise. The largest
        ratio of the rates counts for all drives.
        """
        if not self.single_carriers:
            return 0, 0
        with np.errstate(divide="ignore", invalid="ignore"):
            excess = [float(np.nan_to_num(ratio, posinf=inf).max()) for ratio in (self.electron / self.hole, self.hole / self.electron)]
        high, low = (_last_charge(ratio, ladder, most, truncation / 2) for ratio in excess)
        return -low, high


def _last_charge(ratio: float, ladder: CoulombLadder | None, most: int, truncation: float) -> int:
    """Smallest Q >= 1 for which sum_{q>Q} P(q)/P(0) <= truncation, ``most`` where there is none below."""
    factors = [ladder.factor(charge, 1) if ladder else 1.0 for charge in range(most + 1)]
    weights = [prod(ratio * factor for factor in factors[:charge]) for charge in range(most + 1)]
    for charge in range(1, most):
        # beyond `most` the ratios fall further, so that a geometric series bounds the rest
        last = ratio * factors[most]
        rest = sum(weights[charge + 1 :]) + (weights[most] * last / (1 - last) if last < 1 else inf)
        if rest <= truncation:
            return charge
    return most


@dataclass(frozen=True)
class Space:
    """States of dots with ``n_e`` permanent electrons: up to ``most`` pairs, and from ``low`` to ``high`` extra electrons.

    On a grid, N_h outer and the extra electrons q inner, so that a pair leads ``width`` places on, an electron one place and a
    hole one place fewer than ``width``; ``kept`` are the places of real states (0 <= N_e <= n_e + most).
    """

    recombination: Recombination
    most: int
    n_e: int
    low: int
    high: int
    ladder: CoulombLadder | None

    @property
    def width(self) -> int:
        """Number of different charges."""
        return self.high - self.low + 1

    @property
    def is_line(self) -> bool:
        """Whether only pairs come and go."""
        return self.width == 1

    @property
    def is_cut(self) -> bool:
        """Whether charges that the drive could reach are left out."""
        return not self.is_line and (self.high < self.most or -self.low < self.most)

    @cached_property
    def _grid(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Holes, charge and electrons at each place."""
        place = np.arange((self.most + 1) * self.width)
        holes, charge = place // self.width, place % self.width + self.low
        return holes, charge, holes + charge + self.n_e

    @cached_property
    def kept(self) -> NDArray[np.intp]:
        """Places of real states; the ground state is first among those of its charge."""
        electrons = self._grid[2]
        return np.flatnonzero((electrons >= 0) & (electrons <= self.n_e + self.most))

    @cached_property
    def electrons(self) -> NDArray[np.intp]:
        """N_e [state], permanent ones included."""
        return self._grid[2][self.kept]

    @cached_property
    def holes(self) -> NDArray[np.intp]:
        """N_h [state]."""
        return self._grid[0][self.kept]

    @cached_property
    def charge(self) -> NDArray[np.intp]:
        """Extra electrons q [state]."""
        return self._grid[1][self.kept]

    def reached(self, electrons: int, holes: int) -> NDArray[np.intp]:
        """State [state] that one leads to by so many more electrons and holes; -1: there is none."""
        of_state = {(e, h): state for state, (e, h) in enumerate(zip(self.electrons.tolist(), self.holes.tolist(), strict=True))}
        pairs = zip(self.electrons.tolist(), self.holes.tolist(), strict=True)
        return np.array([of_state.get((e + electrons, h + holes), -1) for e, h in pairs])

    @cached_property
    def recombined(self) -> Array:
        """Rate [state] at which each state loses a pair by itself."""
        return np.asarray(self.recombination.rate_per_ns(self.electrons, self.holes))

    def pair_rates(self, drive: Drive) -> tuple[Array, Array]:
        """Rates [state, drive] at which each state gains and loses a pair."""
        levels = self.recombination.electron_levels, self.recombination.hole_levels
        down: Array = self.recombined[:, None]
        up: Array = np.broadcast_to(drive.pair, (len(self.electrons), drive.size))
        if drive.stimulated.any():
            down = down + emission_strength(self.electrons, self.holes, *levels) @ drive.stimulated
            up = up + absorption_strength(self.electrons, self.holes, *levels) @ drive.stimulated
        return up, np.broadcast_to(down, up.shape)

    def single_rates(self, drive: Drive) -> tuple[Array, Array]:
        """Rates [state, drive] at which each state gains an electron, and a hole."""
        electron, hole = ([self.ladder.factor(q, sign) if self.ladder else 1.0 for q in self.charge.tolist()] for sign in (1, -1))
        return np.multiply.outer(electron, drive.electron), np.multiply.outer(hole, drive.hole)

    def moves(self, drive: Drive) -> list[tuple[NDArray[np.intp], NDArray[np.intp], Array]]:
        """All moves between states: (from [move], to [move], rate [move, drive])."""
        up, down = self.pair_rates(drive)
        rates = [((1, 1), up), ((-1, -1), down)]
        if not self.is_line:
            electron, hole = self.single_rates(drive)
            rates += [((1, 0), electron), ((0, 1), hole)]
        found = []
        for step, rate in rates:
            to = self.reached(*step)
            start = np.flatnonzero(to >= 0)
            found.append((start, to[start], rate[start]))
        return found

    def band(self, drive: Drive) -> Array:
        """All rates [place, 2 width + 1, drive] as :func:`qdphotonics.gain.steady.banded` takes them."""
        band = np.zeros(((self.most + 1) * self.width, 2 * self.width + 1, drive.size))
        for start, to, rate in self.moves(drive):
            place = self.kept[start]
            band[place, self.width + self.kept[to] - place] = rate
        return band

    def roots(self, alone: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Lowest state [drive] that is reached: only where carriers come ``alone`` [drive] another than the ground state."""
        ground = np.flatnonzero((self.charge == 0) & (self.holes == 0))[0]
        return np.where(alone, 0, ground)

    def rates(self, drive: Drive) -> Array:
        """All rates [drive, from, to]; the diagonal is zero."""
        states = len(self.electrons)
        matrix = np.zeros((drive.size, states, states))
        for start, to, rate in self.moves(drive):
            matrix[:, start, to] = rate.T
        return matrix
