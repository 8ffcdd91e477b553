"""How the dots of a film are occupied: the probability of each state (N_e, N_h), and what follows for light.

Levels 1S, 1P, 1D ... fill from below, f_e,i = clip((N_e - sum_{k<i} g_k)/g_i, 0, 1). A dot emits on transition i with
the strength min(f_e,i, f_h,i) and absorbs with min(1 - f_e,i, 1 - f_h,i), both of the saturated one; the difference is
f_e,i + f_h,i - 1 exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.gain.recombination import carriers_per_level

Levels = Sequence[int]


def level_filling(carriers: ArrayLike, levels: Levels) -> NDArray[np.float64]:
    """Filling f_i [..., level], 0 to 1, of levels with these degeneracies by so many carriers [...]."""
    return np.asarray(carriers_per_level(carriers, levels) / np.asarray(levels, dtype=np.float64))


def emission_strength(electrons: ArrayLike, holes: ArrayLike, electron_levels: Levels, hole_levels: Levels) -> NDArray[np.float64]:
    """Strength [..., level] with which dots of N_e electrons and N_h holes [...] emit: min(f_e,i, f_h,i)."""
    return np.minimum(level_filling(electrons, electron_levels), level_filling(holes, hole_levels))


def absorption_strength(electrons: ArrayLike, holes: ArrayLike, electron_levels: Levels, hole_levels: Levels) -> NDArray[np.float64]:
    """Strength [..., level] with which they absorb: min(1 - f_e,i, 1 - f_h,i)."""
    return 1 - np.maximum(level_filling(electrons, electron_levels), level_filling(holes, hole_levels))


@dataclass(frozen=True)
class Occupation:
    """Probabilities of the states of a dot, under each of many drives at once.

    Only the states that a chain can reach are kept, in a list, each permanent charge's after the other's;
    :attr:`probability` lays them out on the plane of N_e and N_h.

    Parameters
    ----------
    electrons, holes : array of int [state]
        N_e and N_h of each state.
    weights : array of float [..., state]
        Probability of each state; they sum to 1.
    electron_levels, hole_levels : tuple of int
        Degeneracies of 1S, 1P, 1D ...
    truncation : float, optional
        Bound of the probability of states that the list leaves out.
    permanent : array of int [state], optional
        How many of the electrons are permanent; without it none.

    Examples
    --------
    >>> import numpy as np
    >>> pair = Occupation(np.arange(3), np.arange(3), np.array([0.25, 0.5, 0.25]), (2,), (2,))
    >>> float(pair.excitons_per_dot), float(pair.gain_fraction), pair.emission().tolist(), pair.absorption().tolist()
    (1.0, 0.0, [0.5], [0.5])
    """

    electrons: NDArray[np.intp]
    holes: NDArray[np.intp]
    weights: NDArray[np.float64]
    electron_levels: tuple[int, ...]
    hole_levels: tuple[int, ...]
    truncation: float = 0.0
    permanent: NDArray[np.intp] | None = None

    def __getitem__(self, key: Any) -> Occupation:
        """The occupation under some of the drives: ``occupation[-1]`` is that at the end of a trace."""
        keys = key if isinstance(key, tuple) else (key,)
        return replace(self, weights=self.weights[(*keys, ..., slice(None))])

    @property
    def probability(self) -> NDArray[np.float64]:
        """P [..., N_e, N_h], from no carriers to the most there are; large where there are many drives."""
        plane = np.zeros((*self.weights.shape[:-1], self.electrons.max() + 1, self.holes.max() + 1))
        for state, place in enumerate(zip(self.electrons.tolist(), self.holes.tolist(), strict=True)):
            plane[(..., *place)] += self.weights[..., state]
        return plane

    @property
    def pairs(self) -> NDArray[np.float64]:
        """Probability [..., N] of N excitons in a dot, N = min(N_e, N_h)."""
        number = np.minimum(self.electrons, self.holes)
        return np.asarray(self.weights @ (number[:, None] == np.arange(number.max() + 1)).astype(np.float64))

    @property
    def electrons_per_dot(self) -> Any:
        """Mean number of electrons [...], permanent ones included."""
        return self.mean(self.electrons)

    @property
    def holes_per_dot(self) -> Any:
        """Mean number of holes [...]."""
        return self.mean(self.holes)

    @property
    def excitons_per_dot(self) -> Any:
        """Mean number of excitons <N> [...], N = min(N_e, N_h)."""
        return self.mean(np.minimum(self.electrons, self.holes))

    def mean(self, value: ArrayLike) -> Any:
        """Mean [...] of a value [state] over the dots; of values [state, k] their means [..., k]."""
        return (self.weights @ np.asarray(value, dtype=np.float64))[()]

    def filling_electrons(self, levels: Levels | None = None) -> NDArray[np.float64]:
        """Mean filling [..., level] of the electron levels; ``levels`` other than its own on request."""
        return np.asarray(self.mean(level_filling(self.electrons, levels or self.electron_levels)))

    def filling_holes(self, levels: Levels | None = None) -> NDArray[np.float64]:
        """Mean filling [..., level] of the hole levels."""
        return np.asarray(self.mean(level_filling(self.holes, levels or self.hole_levels)))

    def emission(self, electron_levels: Levels | None = None, hole_levels: Levels | None = None) -> NDArray[np.float64]:
        """Mean emission strength [..., level], 0 to 1."""
        strength = emission_strength(self.electrons, self.holes, electron_levels or self.electron_levels, hole_levels or self.hole_levels)
        return np.asarray(self.mean(strength))

    def absorption(self, electron_levels: Levels | None = None, hole_levels: Levels | None = None) -> NDArray[np.float64]:
        """Mean absorption strength [..., level], 0 to 1."""
        strength = absorption_strength(self.electrons, self.holes, electron_levels or self.electron_levels, hole_levels or self.hole_levels)
        return np.asarray(self.mean(strength))

    @property
    def inversion(self) -> NDArray[np.float64]:
        """Mean inversion [..., level] = emission - absorption = <f_e,i> + <f_h,i> - 1, from -1 (dark) to 1 (saturated)."""
        filling = level_filling(self.electrons, self.electron_levels) + level_filling(self.holes, self.hole_levels)
        return np.asarray(self.mean(filling - 1))

    @property
    def gain_fraction(self) -> Any:
        """G/G0 [...] of the band edge: the inversion of 1S; P_XX - P_0 where there are at most two pairs."""
        return self.inversion[..., 0][()]
