"""The birth-death chain of a dot over its electrons and holes: what a drive makes of a film of dots.

::

              g + s A(0)      g + s A(1)               g_e, g_h: electrons and holes one by one (current)
        |0> ----------> |X> ----------> |XX> ...       g: pairs (light, or a current that keeps dots neutral)
            <----------     <----------                s_i: photons resonant with transition i, with the strengths of
            R(1) + s E(1)   R(2) + s E(2)                  absorption A_i and emission E_i of gain/occupation.py

R is the dot's recombination, of which each takes a pair. Cut at two pairs it is the three-state model of the papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.gain.charging import CoulombLadder, charge_distribution
from qdphotonics.gain.checks import refuse
from qdphotonics.gain.occupation import Occupation
from qdphotonics.gain.recombination import Recombination
from qdphotonics.gain.space import Drive, Space
from qdphotonics.gain.steady import banded, birth_death

MOST_PAIRS = 12
TRUNCATION = 1e-12  # probability of charges beyond those that are kept, at most
_CHUNK = 512  # drives worked on together: what is worked on stays in the second cache


@dataclass(frozen=True)
class Chain:
    """The states of the dots of one kind, and their occupation under drives of all sorts.

    Parameters
    ----------
    recombination : Recombination
        Lifetimes, and the degeneracies of the levels.
    most_pairs : int, optional
        Excitons that a dot takes at most; 2 is the three-state model.
    charge : float or sequence of float, optional
        Permanent electrons: a number, of which the fractional part is shared by two neighbouring charges, or the shares of the dots
        with 0, 1, 2 ... of them, as of :func:`poisson_charges`.
    ladder : CoulombLadder, optional
        How much slower a charged dot takes another carrier of its sign; None: no slower.

    Raises
    ------
    ArgumentError
        Fewer than one pair, a negative charge, shares that do not sum to 1.

    Examples
    --------
    >>> from qdphotonics.gain.recombination import Recombination
    >>> three_states = Chain(Recombination.from_lifetimes(8.0, 0.5), most_pairs=2)
    >>> steady = three_states.steady([0.0, 0.5])  # 1/sqrt(tau_X tau_XX) is 0.5 per ns
    >>> print(steady.gain_fraction.round(12), steady.excitons_per_dot.round(12))
    [-1.  0.] [0. 1.]
    """

    recombination: Recombination
    most_pairs: int = MOST_PAIRS
    charge: float | Sequence[float] = 0.0
    ladder: CoulombLadder | None = None
    charges: dict[int, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.most_pairs != int(self.most_pairs) or self.most_pairs < 1:
            refuse("most_pairs", "be a whole number >= 1", self.most_pairs)
        object.__setattr__(self, "charges", charge_distribution(self.charge))

    def steady(
        self,
        pair_rate_per_ns: ArrayLike = 0.0,
        *,
        electron_rate_per_ns: ArrayLike = 0.0,
        hole_rate_per_ns: ArrayLike = 0.0,
        stimulated_per_ns: ArrayLike = 0.0,
    ) -> Occupation:
        """Occupation under steady drives.

        Without single carriers the chain of each charge has one dimension and a product form; with them it is solved by an
        elimination without subtractions, over the charges that matter: for q extra electrons
        P(q + 1)/P(q) = (g_e/g_h) factor(q), exactly, which bounds what is left out by 1e-12.

        Parameters
        ----------
        pair_rate_per_ns : array_like [...], optional
            Electron-hole pairs that each dot receives per ns; infinity is allowed where there are no other drives.
        electron_rate_per_ns, hole_rate_per_ns : array_like [...], optional
            Single electrons and holes that a neutral dot receives per ns; neither or both.
        stimulated_per_ns : array_like [..., level], optional
            sigma_i Phi: photons per ns that a dot emits (absorbs) on each transition where that is saturated (dark).

        Returns
        -------
        Occupation
            With the broadcast shape [...] of the drives.

        Raises
        ------
        ArgumentError
            A negative rate, electrons without holes or the reverse (nothing would limit the charge), an infinite rate
            of single carriers or photons.
        """
        levels = len(self.recombination.electron_levels)
        drive = Drive.of(levels, pair_rate_per_ns, electron_rate_per_ns, hole_rate_per_ns, stimulated_per_ns)
        if (np.equal(drive.electron, 0) != np.equal(drive.hole, 0)).any():
            refuse("hole_rate_per_ns", "be > 0 exactly where `electron_rate_per_ns` is: else the dots charge without end", drive.hole)
        spaces = self.spaces(drive)
        places, union = self.places(spaces)
        weights = np.zeros((drive.size, len(union)))
        for first in range(0, drive.size, _CHUNK):
            part = drive.part(first, first + _CHUNK)
            here = weights[first : first + _CHUNK]
            for space, place, share in zip(spaces, places, self.charges.values(), strict=True):
                here[:, place] += share * _stationary(space, part).T
        return self.occupation(spaces, weights.reshape(*drive.shape, -1))

    def spaces(self, drive: Drive) -> list[Space]:
        """The states that a drive can reach from dots without excitons, for each permanent charge."""
        low, high = drive.charge_range(self.ladder, self.most_pairs, TRUNCATION)
        return [Space(self.recombination, self.most_pairs, n_e, low, high, self.ladder) for n_e in self.charges]

    def places(self, spaces: Sequence[Space]) -> tuple[list[slice | NDArray[np.intp]], NDArray[np.intp]]:
        """Where the states of each charge stand in the list of all; and that list, (N_e, N_h) [state, 2]."""
        states = [np.stack([space.electrons, space.holes], axis=-1) for space in spaces]
        ends = np.cumsum([len(each) for each in states])
        if all(space.is_line for space in spaces):  # N_e - N_h tells them apart
            return [slice(end - len(each), end) for each, end in zip(states, ends, strict=True)], np.concatenate(states)
        union, place = np.unique(np.concatenate(states), axis=0, return_inverse=True)
        return list(np.split(place, ends[:-1])), union

    def occupation(self, spaces: Sequence[Space], weights: NDArray[np.float64]) -> Occupation:
        """Occupation of ``weights`` [..., state] of the states of all charges together."""
        union = self.places(spaces)[1]
        return Occupation(
            electrons=union[:, 0],
            holes=union[:, 1],
            weights=weights,
            electron_levels=self.recombination.electron_levels,
            hole_levels=self.recombination.hole_levels,
            truncation=TRUNCATION if any(space.is_cut for space in spaces) else 0.0,
        )

    @cached_property
    def ground(self) -> Occupation:
        """Dots without excitons."""
        return self.steady()


def _stationary(space: Space, drive: Drive) -> NDArray[np.float64]:
    """Stationary probabilities [state, drive] of dots of one permanent charge."""
    if space.is_line:
        up, down = space.pair_rates(drive)
        return birth_death(up[:-1] / down[1:])
    return banded(space.band(drive), space.roots(drive))[space.kept]
