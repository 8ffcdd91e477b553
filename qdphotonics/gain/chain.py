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
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import not_negative, refuse
from qdphotonics.gain.charging import CoulombLadder, charge_distribution
from qdphotonics.gain.evolution import repeated, step_lengths, trace
from qdphotonics.gain.excitation import Statistics, pulsed
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
        drive = self._drive(pair_rate_per_ns, electron_rate_per_ns, hole_rate_per_ns, stimulated_per_ns)
        drive.require_both_carriers(drive.shape)
        spaces = self._spaces(*self._charge_range(drive))
        weights = np.empty((sum(len(space.electrons) for space in spaces), drive.size))  # written row by row
        rows = np.split(weights, np.cumsum([len(space.electrons) for space in spaces])[:-1])
        for first in range(0, drive.size, _CHUNK):
            here = slice(first, first + _CHUNK)
            part = drive.part(here)
            for space, row, share in zip(spaces, rows, self.charges.values(), strict=True):
                np.multiply(share, _stationary(space, part), out=row[:, here])
        return self._occupation(spaces, weights, drive.shape)

    def after_pulse(
        self, excitons_per_dot: ArrayLike, statistics: Statistics = "poisson", start: Occupation | None = None
    ) -> Occupation:
        """Occupation just after a pulse that is short against all decay.

        Parameters
        ----------
        excitons_per_dot : array_like [...]
            sigma J, what the pulse would bring a dark dot on average if nothing saturated; infinity is allowed.
        statistics : {"poisson", "band-edge"}, optional
            Poisson: light above the gap, <N> = sigma J until the chain ends; dots with more pairs than it has count as its last
            state. Band-edge: light that fills each of the g band-edge pairs once, <N> = g (1 - exp(-sigma J/g)), binomial.
        start : Occupation, optional
            Of this chain before the pulse, broadcast with the pulses; dots without excitons.

        Returns
        -------
        Occupation [...]

        Raises
        ------
        ArgumentError
            A negative number, unknown statistics, a start that is no occupation of this chain.

        Examples
        --------
        >>> from qdphotonics.gain.recombination import Recombination
        >>> dots = Chain(Recombination(20.0), most_pairs=2)
        >>> bool(abs(dots.after_pulse(1.1461932206205825).gain_fraction) < 1e-12)  # exp(N) = 2 + N
        True
        >>> float(dots.after_pulse(1.0, "band-edge").excitons_per_dot.round(4))
        0.7869
        """
        excitons = not_negative("excitons_per_dot", excitons_per_dot)
        spaces = self._spaces(*self._charge_range(start=start))
        before = self._start(spaces, start)
        shape = np.broadcast_shapes(excitons.shape, before[0].shape[1:])
        weights = [pulsed(space, weight, excitons, statistics) for space, weight in zip(spaces, before, strict=True)]
        return self._occupation(spaces, np.concatenate([_spread(weight, shape) for weight in weights]), shape)

    def evolve(
        self,
        step_ns: ArrayLike,
        pair_rate_per_ns: ArrayLike = 0.0,
        *,
        electron_rate_per_ns: ArrayLike = 0.0,
        hole_rate_per_ns: ArrayLike = 0.0,
        stimulated_per_ns: ArrayLike = 0.0,
        start: Occupation | None = None,
    ) -> Occupation:
        """Occupation in time under drives that are constant in each of many steps; exact whatever the steps.

        Parameters
        ----------
        step_ns : array_like [step]
            Length of each step.
        pair_rate_per_ns, electron_rate_per_ns, hole_rate_per_ns : array_like [..., step], optional
            As of :meth:`steady`, in each step; finite.
        stimulated_per_ns : array_like [..., step, level], optional
        start : Occupation [...], optional
            Of this chain at time 0; dots without excitons.

        Returns
        -------
        Occupation [..., step + 1]
            At time 0 and at the end of each step.

        Raises
        ------
        ArgumentError
            A negative or infinite rate, a step that is not positive, a start that is no occupation of this chain.

        Examples
        --------
        >>> from qdphotonics.gain.recombination import Recombination
        >>> dots = Chain(Recombination(10.0), most_pairs=1)
        >>> print(dots.evolve([10.0, 10.0], start=dots.after_pulse(float("inf"))).excitons_per_dot.round(4))  # exp(-t/tau)
        [1.     0.3679 0.1353]
        """
        steps = step_lengths(step_ns)
        drive = self._drive(pair_rate_per_ns, electron_rate_per_ns, hole_rate_per_ns, stimulated_per_ns, steps)
        spaces = self._spaces(*self._charge_range(drive, start))
        before = self._start(spaces, start)
        shape = np.broadcast_shapes(drive.shape[:-1], before[0].shape[1:])
        drive = drive.broadcast((*shape, len(steps)))
        flat = [_spread(weight, shape).reshape(len(weight), -1) for weight in before]
        weights = [trace(space, drive, steps, weight) for space, weight in zip(spaces, flat, strict=True)]
        return self._occupation(spaces, np.concatenate(weights), (*shape, len(steps) + 1))

    def periodic(
        self,
        step_ns: ArrayLike,
        pair_rate_per_ns: ArrayLike = 0.0,
        *,
        electron_rate_per_ns: ArrayLike = 0.0,
        hole_rate_per_ns: ArrayLike = 0.0,
        stimulated_per_ns: ArrayLike = 0.0,
        excitons_per_pulse: ArrayLike = 0.0,
        statistics: Statistics = "poisson",
    ) -> Occupation:
        """Occupation over one period of a drive that has been repeated for ever: a train of pulses of any shape.

        Parameters
        ----------
        step_ns, pair_rate_per_ns, electron_rate_per_ns, hole_rate_per_ns, stimulated_per_ns
            One period, as of :meth:`evolve`.
        excitons_per_pulse : array_like [...], optional
            sigma J of a short pulse at the start of each period ...
        statistics : {"poisson", "band-edge"}, optional
            ... and what it does, as of :meth:`after_pulse`.

        Returns
        -------
        Occupation [..., step + 1]
            Just after the short pulse (if any), at the end of each step; the last is just before the next short pulse.

        Raises
        ------
        ArgumentError
            As of :meth:`evolve`; electrons without holes over the period, or the reverse.
        """
        steps = step_lengths(step_ns)
        drive = self._drive(pair_rate_per_ns, electron_rate_per_ns, hole_rate_per_ns, stimulated_per_ns, steps)
        drive.require_both_carriers(drive.shape[:-1])
        excitons = not_negative("excitons_per_pulse", excitons_per_pulse)
        shape = np.broadcast_shapes(drive.shape[:-1], excitons.shape)
        drive = drive.broadcast((*shape, len(steps)))
        excitons = np.broadcast_to(excitons, shape).reshape(-1)
        spaces = self._spaces(*self._charge_range(drive))
        weights = []
        for space, share in zip(spaces, self.charges.values(), strict=True):
            settled = repeated(space, drive, steps, excitons, statistics)
            weights.append(trace(space, drive, steps, share * settled))
        return self._occupation(spaces, np.concatenate(weights), (*shape, len(steps) + 1))

    def emission_per_ns(self, occupation: Occupation) -> NDArray[np.float64]:
        """Photons per ns [..., level] that a dot emits spontaneously on each transition."""
        return np.asarray(occupation.mean(self.recombination.radiative_by_level_per_ns(occupation.electrons, occupation.holes)))

    def recombination_per_ns(self, occupation: Occupation) -> Any:
        """Pairs per ns [...] that a dot loses by itself: under steady drives without photons, those that it takes up."""
        return occupation.mean(self.recombination.rate_per_ns(occupation.electrons, occupation.holes))

    def _drive(
        self, pair: ArrayLike, electron: ArrayLike, hole: ArrayLike, stimulated: ArrayLike, steps: NDArray[np.float64] | None = None
    ) -> Drive:
        """Checked rates; with ``steps`` finite ones, the steps last."""
        shape = () if steps is None else steps.shape
        drive = Drive.of(len(self.recombination.electron_levels), pair, electron, hole, stimulated, shape)
        if steps is not None:
            if drive.shape[-1] != len(steps):
                refuse("step_ns", f"have as many steps as the rates, {drive.shape[-1]}", len(steps))
            if np.isinf(drive.pair).any():
                refuse("pair_rate_per_ns", "be finite in time (a short pulse is `after_pulse`)", np.inf)
        return drive

    def _charge_range(self, drive: Drive | None = None, start: Occupation | None = None) -> tuple[int, int]:
        """Lowest and highest charge, beyond the permanent one, that matter under a drive, or with which dots start."""
        low, high = drive.charge_range(self.ladder, self.most_pairs, TRUNCATION) if drive else (0, 0)
        if start is not None:
            extra = start.electrons - start.holes - (0 if start.permanent is None else start.permanent)
            low, high = min(low, int(extra.min())), max(high, int(extra.max()))
        return low, high

    def _spaces(self, low: int, high: int) -> list[Space]:
        """The states of each permanent charge."""
        return [Space(self.recombination, self.most_pairs, n_e, low, high, self.ladder) for n_e in self.charges]

    def _start(self, spaces: Sequence[Space], start: Occupation | None) -> list[NDArray[np.float64]]:
        """Probabilities [state, ...] of the states of each permanent charge at the start."""
        if start is None:
            return [share * (space.holes + np.abs(space.charge) == 0) for space, share in zip(spaces, self.charges.values(), strict=True)]
        permanent = np.zeros_like(start.electrons) if start.permanent is None else start.permanent
        given = np.moveaxis(start.weights, -1, 0)
        place = {key: at for at, key in enumerate(zip(permanent.tolist(), start.electrons.tolist(), start.holes.tolist(), strict=True))}
        found, used = [], 0
        for space in spaces:
            weight = np.zeros((len(space.electrons), *given.shape[1:]))
            for state, (electrons, holes) in enumerate(zip(space.electrons.tolist(), space.holes.tolist(), strict=True)):
                at = place.get((space.n_e, electrons, holes))
                if at is not None:
                    weight[state] = given[at]
                    used += 1
            found.append(weight)
        if used < len(place):
            refuse("start", "be an occupation of this chain", "one with other states (charge, most_pairs)")
        return found

    def _occupation(self, spaces: Sequence[Space], weights: NDArray[np.float64], shape: tuple[int, ...]) -> Occupation:
        """The states of all permanent charges in one list, with their ``weights`` [state, drive]."""
        return Occupation(
            electrons=np.concatenate([space.electrons for space in spaces]),
            holes=np.concatenate([space.holes for space in spaces]),
            weights=np.moveaxis(weights.reshape(-1, *shape), 0, -1),
            electron_levels=self.recombination.electron_levels,
            hole_levels=self.recombination.hole_levels,
            truncation=TRUNCATION if any(space.is_cut for space in spaces) else 0.0,
            permanent=np.concatenate([np.full_like(space.holes, space.n_e) for space in spaces]),
        )


def _spread(weight: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Weights [state, ...] broadcast to [state, *shape]: the drives' axes stand at the end."""
    own = (len(weight), *(1,) * (len(shape) - weight.ndim + 1), *weight.shape[1:])
    return np.broadcast_to(weight.reshape(own), (len(weight), *shape))


def _stationary(space: Space, drive: Drive) -> NDArray[np.float64]:
    """Stationary probabilities [state, drive] of dots of one permanent charge."""
    if space.is_line:
        up, down = space.pair_rates(drive)
        return birth_death(up[:-1] / down[1:])
    root = space.kept[space.roots(drive.electron > 0)]
    return banded(space.band(drive), root)[space.kept]
