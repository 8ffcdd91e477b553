"""The modes of a stack over wavelengths, each followed from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics._plain import plain
from qdphotonics._tables import html_table, number, text_table
from qdphotonics.optics.modes import Search, StackMode, check_region, joined
from qdphotonics.optics.problem import PlanarProblem, Polarizations, checked_wavelengths, planar_problem, polarizations
from qdphotonics.stacks import as_stack

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from qdphotonics.optics.by_layer import ByLayer, LayerConfinement
    from qdphotonics.optics.modes import NamedSensitivity
    from qdphotonics.planar import TrackedModes
    from qdphotonics.planar.results import Mode, ModeSearch, Polarization
    from qdphotonics.stacks import Stack

LOST = "no mode is found where it should be"
CUT_OFF = "it is cut off"
OUT_OF_REGION = "it leaves the region that is searched"
MET = "meets another mode so closely, or moves so fast, that which is which is a matter of choice"
SAME_MODE = 1e-7  # in n_eff, between a mode found and the same mode tracked: what twins leave of double precision


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

    @property
    def kind(self) -> list[str | None]:
        """As of a single mode, at each wavelength; so are the next ones."""
        return self.over_wavelengths(lambda point: point.kind)

    @property
    def character(self) -> list[str | None]:
        return self.over_wavelengths(lambda point: point.character)

    @property
    def n_eff(self) -> list[complex | None]:
        return self.over_wavelengths(lambda point: point.n_eff)

    @property
    def loss_per_cm(self) -> list[float | None]:
        return self.over_wavelengths(lambda point: point.loss_per_cm)

    @property
    def group_index(self) -> list[float | None]:
        return self.over_wavelengths(lambda point: point.group_index)

    @property
    def angle_deg(self) -> list[ByLayer[float | None] | None]:
        return self.over_wavelengths(lambda point: point.angle_deg)

    @property
    def confinement(self) -> list[ByLayer[LayerConfinement] | None]:
        return self.over_wavelengths(lambda point: point.confinement)

    @property
    def loss_budget_per_cm(self) -> list[ByLayer[float] | None]:
        return self.over_wavelengths(lambda point: point.loss_budget_per_cm)

    @property
    def sensitivity(self) -> list[NamedSensitivity | None]:
        return self.over_wavelengths(lambda point: point.sensitivity)

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
    stack: Stack | str | Path,
    wavelengths_nm: Sequence[float] | NDArray[np.float64],
    polarization: Polarizations = "both",
    n_range: tuple[float, float] | None = None,
    max_loss_per_cm: float = 1e4,
) -> FollowedModes:
    """Every mode of a stack over wavelengths: a search at each, joined by following every mode from one to the next.

    Parameters
    ----------
    stack : Stack, or the name or file of one
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
    stack = as_stack(stack)
    wavelengths = checked_wavelengths(wavelengths_nm)
    problems = [planar_problem(stack, wavelength) for wavelength in wavelengths.tolist()]
    modes: list[FollowedMode] = []
    widest: dict[Polarization, ModeSearch] = {}
    for which in polarizations(polarization):
        searches = [each.search(which, n_range, max_loss_per_cm) for each in problems]
        paths = _paths(problems, which, [search.modes for search in searches])
        for order, path in enumerate(paths):
            label = f"{which}{order}"
            points = tuple(None if point is None else StackMode(stack.all_names, label, point) for point in path.points)
            modes.append(FollowedMode(label, which, points, _note(wavelengths.tolist(), path)))
        widest[which] = _widest(searches)
    return FollowedModes(stack, wavelengths, tuple(modes), joined(widest))


@dataclass(frozen=True)
class _Path:
    """A mode at each wavelength, why it ends where it does, and at which wavelengths it had just met another."""

    points: list[Mode | None]
    why_ends: str
    met: list[int]


def _paths(problems: Sequence[PlanarProblem], polarization: Polarization, found: Sequence[Sequence[Mode]]) -> list[_Path]:
    """The modes found at each wavelength, joined to paths: those of the first wavelength, then those that appear.

    A mode belongs to the path whose tracked n_eff it has; a mode that no path leads to begins one.
    """
    paths: list[_Path] = []
    left = [list(modes) for modes in found]
    for start in range(len(problems)):
        if not left[start]:
            continue
        begun, left[start] = left[start], []
        tracks = _tracked(problems[start:], polarization, begun)
        status = tracks.status
        for row, first in enumerate(begun):
            onward = [_taken(modes, value) for modes, value in zip(left[start + 1 :], tracks.n_eff[row, 1:], strict=True)]
            there = [0, *(position for position, mode in enumerate(onward, 1) if mode is not None)]
            why, after = "", there[-1] + 1
            if after <= len(onward):
                why = LOST if status[row, after] == "lost" else OUT_OF_REGION if tracks.on_sheet[row, after] else CUT_OFF
            met = [start + position for position in there if status[row, position] == "re-solved"]
            paths.append(_Path([*[None] * start, first, *onward], why, met))
    return paths


def _tracked(problems: Sequence[PlanarProblem], polarization: Polarization, start: Sequence[Mode]) -> TrackedModes:
    """Modes of the first problem followed through the others."""
    from qdphotonics import planar

    return planar.track_modes(
        np.array([each.index for each in problems]),
        problems[0].thickness_nm,
        np.array([each.wavelength_nm for each in problems]),
        polarization,
        start,
        index_extraordinary=np.array([each.index_extraordinary for each in problems]),
    )


def _taken(modes: list[Mode], n_eff: complex) -> Mode | None:
    """The mode that lies at ``n_eff``, taken from the list; None where there is none."""
    distances = [abs(mode.n_eff - n_eff) for mode in modes]
    if not distances or not min(distances) < SAME_MODE:
        return None
    return modes.pop(distances.index(min(distances)))


def _note(wavelengths: Sequence[float], path: _Path) -> str:
    """Where a mode appears and ends, where its kind changes, and where it cannot be told from another."""
    there = [(position, point) for position, point in enumerate(path.points) if point is not None]
    first, last = there[0][0], there[-1][0]

    def between(position: int) -> str:
        return f"between {wavelengths[position - 1]:g} and {wavelengths[position]:g} nm"

    parts = [f"appears {between(first)}"] if first > 0 else []
    kinds = [(position, point.kind) for position, point in there]
    parts += [f"{before} becomes {after} {between(position)}" for (_, before), (position, after) in pairwise(kinds) if before != after]
    parts += [f"{MET} {between(position)}" for position in path.met]
    if last < len(path.points) - 1:
        parts.append(f"ends {between(last + 1)}: {path.why_ends}")
    return "; ".join(parts)


def _widest(searches: Sequence[ModeSearch]) -> ModeSearch:
    """The search that stands for all wavelengths: the widest, not certified where any was not."""
    doubtful = [search for search in searches if not search.certified]
    return max(doubtful or searches, key=lambda search: search.n_range[1])
