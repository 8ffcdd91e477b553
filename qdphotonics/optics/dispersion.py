"""The modes of a stack over wavelengths, each followed from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.optics.following import Follower, Moving
from qdphotonics.optics.modes import Search, StackMode, check_region, joined
from qdphotonics.optics.plain import plain
from qdphotonics.optics.problem import Polarizations, checked_wavelengths, planar_problem, polarizations
from qdphotonics.optics.tables import html_table, number, text_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.planar.results import ModeSearch, Polarization
    from qdphotonics.stacks import Stack


@dataclass(frozen=True, eq=False)
class FollowedMode:
    """One mode over wavelengths: ``points`` holds it at each, None where it does not exist.

    ``label`` counts the modes of the first wavelength by falling Re n_eff, then those that appear later. ``note`` says
    where the mode appears or ends within the range.
    """

    label: str
    polarization: Polarization
    points: tuple[StackMode | None, ...]
    note: str

    def over_wavelengths(self, quantity: Callable[[StackMode], Any]) -> list[Any]:
        """A quantity at each wavelength, None where the mode does not exist."""
        return [None if point is None else quantity(point) for point in self.points]

    def as_dict(self) -> dict[str, Any]:
        """Keys as for one mode; whatever depends on the wavelength is a list over the wavelengths, null outside the mode's range."""
        documents = [None if point is None else point.as_dict() for point in self.points]
        sample = next(document for document in documents if document is not None)
        arrays = {key: _transposed(sample[key], [d and d[key] for d in documents]) for key in sample}
        return arrays | {"label": self.label, "polarization": self.polarization, "note": self.note}


def _transposed(sample: Any, values: Sequence[Any]) -> Any:
    """From one mapping for each wavelength to a mapping of lists over the wavelengths."""
    if isinstance(sample, dict):
        return {key: _transposed(sample[key], [None if v is None else v[key] for v in values]) for key in sample}
    return list(values)


@dataclass(frozen=True, eq=False)
class FollowedModes:
    """The modes of a stack over wavelengths."""

    stack: Stack
    wavelength_nm: NDArray[np.float64]
    modes: tuple[FollowedMode, ...]
    search: Search

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics modes --wavelengths``."""
        return {
            "stack": self.stack.name,
            "wavelength_nm": plain(self.wavelength_nm),
            "modes": [mode.as_dict() for mode in self.modes],
            "search": plain(self.search),
        }

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows (one a mode, at both ends of its range) and notes."""
        columns = ("mode", "from nm", "to nm", "n_eff from", "to", "loss from cm⁻¹", "to", "kind", "character")
        rows = []
        for mode in self.modes:
            there = [point for point in mode.points if point is not None]
            ends = (there[0], there[-1])
            rows.append(
                (
                    mode.label,
                    *(f"{end.wavelength_nm:g}" for end in ends),
                    *(f"{end.n_eff.real:.5f}" for end in ends),
                    *(number(end.loss_per_cm) for end in ends),
                    *(" → ".join(dict.fromkeys(getattr(point, key) for point in there)) for key in ("kind", "character")),
                )
            )
        notes = [f"{mode.label}: {mode.note}" for mode in self.modes if mode.note] + [self.search.note]
        first, last = self.wavelength_nm[[0, -1]]
        return f"{self.stack.name}: modes followed from {first:g} to {last:g} nm", columns, rows, notes

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def follow_modes(
    stack: Stack,
    wavelengths_nm: Sequence[float] | NDArray[np.float64],
    polarization: Polarizations = "both",
    n_range: tuple[float, float] | None = None,
    max_loss_per_cm: float = 1e4,
) -> FollowedModes:
    """Every mode of a stack over wavelengths, each followed by its exact slope dn_eff/d(wavelength).

    Parameters
    ----------
    stack : Stack
    wavelengths_nm : sequence of float [wavelength]
        In the order in which the modes are followed.
    polarization, n_range, max_loss_per_cm
        As for :func:`find_modes`.

    Returns
    -------
    FollowedModes

    Raises
    ------
    ArgumentError, StackError, MaterialError
        As for :func:`find_modes`.
    """
    check_region(n_range, max_loss_per_cm)
    wavelengths = checked_wavelengths(wavelengths_nm)
    tracks: list[FollowedMode] = []
    searches: dict[Polarization, ModeSearch] = {}
    for which in polarizations(polarization):
        found: dict[float, ModeSearch] = {}

        def solve(
            wavelength: float, _: Sequence[complex], which: Polarization = which, found: dict[float, ModeSearch] = found
        ) -> list[Moving]:
            arrays = planar_problem(stack, wavelength)
            found[wavelength] = arrays.search(which, n_range, max_loss_per_cm)
            return [Moving(mode, arrays.slope_per_nm(mode)) for mode in found[wavelength].modes]

        tracks += _tracks(stack, which, wavelengths, solve)
        searches[which] = _widest([found[wavelength] for wavelength in wavelengths.tolist()])
    return FollowedModes(stack, wavelengths, tuple(tracks), joined(searches))


def _tracks(
    stack: Stack,
    polarization: Polarization,
    wavelengths: NDArray[np.float64],
    solve: Callable[[float, Sequence[complex]], list[Moving]],
) -> list[FollowedMode]:
    """The modes of one polarization, each with its points at all wavelengths."""
    follower = Follower(solve, adopt=True)
    values: list[float] = wavelengths.tolist()
    states = [follower.begin(solve(values[0], ()))]
    for start, end in pairwise(values):
        states.append(follower.advance(states[-1], start, end))
    seen = [track for track in range(follower.tracks) if any(track in state for state in states)]
    tracks = []
    for order, track in enumerate(seen):  # tracks that live between two wavelengths only are not seen
        label = f"{polarization}{order}"
        points = [StackMode(stack.all_names, label, state[track].mode) if track in state else None for state in states]
        tracks.append(FollowedMode(label, polarization, tuple(points), _note(values, points)))
    return tracks


def _note(wavelengths: Sequence[float], points: Sequence[StackMode | None]) -> str:
    """Where a mode appears and ends, and where its kind changes."""
    there = [position for position, point in enumerate(points) if point is not None]
    first, last = there[0], there[-1]
    parts = []
    if first > 0:
        parts.append(f"appears between {wavelengths[first - 1]:g} and {wavelengths[first]:g} nm")
    for before, after in pairwise(there):
        kinds = [point.kind for point in (points[before], points[after]) if point is not None]
        if kinds[0] != kinds[1]:
            parts.append(f"{kinds[0]} becomes {kinds[1]} between {wavelengths[before]:g} and {wavelengths[after]:g} nm")
    if last < len(points) - 1:
        parts.append(f"ends, or cannot be told from a neighbour, between {wavelengths[last]:g} and {wavelengths[last + 1]:g} nm")
    return "; ".join(parts)


def _widest(searches: Sequence[ModeSearch]) -> ModeSearch:
    """The search that stands for all wavelengths: the widest, not certified where any was not."""
    doubtful = [search for search in searches if not search.certified]
    return max(doubtful or searches, key=lambda search: search.n_range[1])
