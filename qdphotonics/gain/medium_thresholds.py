"""The drives at which the transitions of a medium turn transparent and half saturated, by the whole chain and by three states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdphotonics._plain import plain
from qdphotonics._tables import html_table, number, text_table
from qdphotonics.gain.of_dots import OfDots
from qdphotonics.gain.varied import told, varied

if TYPE_CHECKING:
    from qdphotonics.gain.medium import Medium
    from qdphotonics.gain.threshold import Threshold
    from qdphotonics.gain.transitions import Transition

DRIVE_KEYS = ("current_density_A_per_cm2", "intensity_W_per_cm2", "fluence_J_per_cm2")
MORE_KEYS = ("excitons_per_dot", "pulse_excitons_per_dot", "gain_per_cm")
OF_DRIVES = (  # quantities that a threshold depends on
    "material_gain_per_cm",
    "exciton_lifetime_ns",
    "biexciton_lifetime_ns",
    "auger_lifetime_ns",
    "auger_ps_per_nm3",
    "radius_nm",
    "volume_nm3",
    "geometric_cross_section_cm2",
    "areal_fill",
    "absorption_cross_section_cm2",
    "pump_energy_eV",
    "permanent_charge",
    "charging_energy_meV",
)
HALF = 0.5
TWOFOLD = 2  # degeneracy of the band edge that |0>, |X>, |XX> fill


@dataclass(frozen=True, eq=False)
class TransitionThresholds:
    """Thresholds of one transition.

    Parameters
    ----------
    transition : str
        Names of the lines that join the same two levels.
    excitons_per_dot : float
        <N> at which dots that all hold as many are transparent there: 1, 5, 13 for 1S, 1P, 1D of a sphere.
    transparency, half_gain : Threshold
        G = 0 and G = G0/2, of the film as it is, in which not all dots hold as many.
    """

    transition: str
    excitons_per_dot: float
    transparency: Threshold
    half_gain: Threshold

    def as_dict(self) -> dict[str, Any]:
        """As one of the JSON's ``transitions``."""
        return {
            "transition": self.transition,
            "excitons_per_dot": plain(self.excitons_per_dot),
            "transparency": _document(self.transparency),
            "half_gain": _document(self.half_gain),
        }


def _document(threshold: Threshold) -> dict[str, Any]:
    return {key: plain(getattr(threshold, key)) for key in (*DRIVE_KEYS, *MORE_KEYS)}


@dataclass(frozen=True, eq=False)
class MediumThresholds(OfDots):
    """What it takes to make a medium transparent, and to half saturate it, which the papers take for lasing.

    Parameters
    ----------
    dots : Medium
    transitions : tuple of TransitionThresholds
        The band edge first.
    three_state : TransitionThresholds or None
        The band edge with at most two excitons in a dot, the papers' model; None where its levels hold more than two.
    monolayers : float
        N_ML of the current densities.
    """

    dots: Medium
    transitions: tuple[TransitionThresholds, ...]
    three_state: TransitionThresholds | None
    monolayers: float

    @property
    def excitons_per_dot(self) -> float:
        """<N>_th of the band edge where all dots hold as many, g_h (g_e - n_e)/(g_e + g_h)."""
        return self.transitions[0].excitons_per_dot

    @property
    def transparency(self) -> Threshold:
        """Drives at which the band edge is transparent."""
        return self.transitions[0].transparency

    @property
    def half_gain(self) -> Threshold:
        """Drives at which the band edge has half its saturated gain."""
        return self.transitions[0].half_gain

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is unusual or outside of what the medium is known for, one sentence each."""
        return (
            *self.dots.warnings(temperature_K=self.dots.temperature_K),
            *self._beyond_what_is_known(),
            *self.dots.split_line_warnings(),
        )

    def _beyond_what_is_known(self) -> list[str]:
        """Thresholds that fill the dots further than the medium is described for."""
        most = inf if self.dots.valid is None else self.dots.valid.excitons_per_dot
        beyond: dict[str, float] = {}
        for each in self.transitions:
            for words, at in (("transparency", each.transparency), ("half gain", each.half_gain)):
                driven = (at.current_density_A_per_cm2, at.excitons_per_dot), (at.fluence_J_per_cm2, at.pulse_excitons_per_dot)
                filled = max((number for drive, number in driven if drive < inf and number < inf), default=0.0)
                if filled > most:
                    beyond[f"{words} of {each.transition}"] = filled
        told = ", ".join(f"{words} {number(filled)}" for words, filled in beyond.items())
        known = f"outside of what {self.dots.name} is known for (0 to {most:g})"
        return [f"excitons per dot at {told}, {known}"] if beyond else []

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics thresholds``."""
        edge = self.transitions[0].as_dict()
        return {
            "medium": self.medium,
            **{key: edge[key] for key in ("excitons_per_dot", "transparency", "half_gain")},
            **self.described(),
            "transitions": [each.as_dict() for each in self.transitions],
            "three_state": None if self.three_state is None else self.three_state.as_dict(),
            "warnings": list(self.warnings),
        }

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows and notes."""
        columns = ("transition", "reached", "gain cm⁻¹", "⟨N⟩ held", "current A/cm²", "light W/cm²", "pulse µJ/cm²", "⟨N⟩ pulsed")
        named = [(each.transition, each) for each in self.transitions]
        if self.three_state is not None:
            named.insert(1, (f"{self.three_state.transition}, |0⟩ |X⟩ |XX⟩ alone", self.three_state))
        rows = [row for name, each in named for row in _rows(name, each)]
        level = ", ".join(f"{each.transition} {number(each.excitons_per_dot)}" for each in self.transitions)
        notes = [f"excitons per dot at transparency if every dot held as many: {level}"]
        notes.append(f"light of {self.dots.pump_energy_eV:g} eV at the dots, a pulse short against all decay; – no drive is enough")
        if more := self._pairs_beyond():
            notes.append(f"{more}, beyond the {self.dots.most_pairs} of the other rows and of `gain --max-pairs {self.dots.most_pairs}`")
        notes += ranges_assumed(self.dots, OF_DRIVES)
        return f"Thresholds of {told(self.dots, self.monolayers)}", columns, rows, notes + [f"warning: {text}" for text in self.warnings]

    def _pairs_beyond(self) -> str:
        """Transitions whose levels hold more pairs than the dots are allowed, and those that are counted for them."""
        found: list[str] = []
        for name, line in by_levels(self.dots.transitions).items():
            needed = self.dots.pairs_of(line)
            if needed > self.dots.most_pairs:
                found.append(f"{name} up to {needed}" if found else f"{name} counts up to {needed} pairs")
        return ", ".join(found)

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def _rows(name: str, each: TransitionThresholds) -> list[tuple[str, ...]]:
    rows = []
    for words, at in (("transparency", each.transparency), ("half gain", each.half_gain)):
        drives = (at.current_density_A_per_cm2, at.intensity_W_per_cm2, 1e6 * at.fluence_J_per_cm2, at.pulse_excitons_per_dot)
        held = number(at.excitons_per_dot) if at.current_density_A_per_cm2 < float("inf") else "–"
        rows.append((name, words, number(at.gain_per_cm), held, *(number(value) if value < float("inf") else "–" for value in drives)))
    return rows


def ranges_assumed(dots: Medium, names: Sequence[str] | None = None) -> list[str]:
    """A note on the values that no source gives, of these names if told; none where all are known."""
    listed = {name: dots.assumed[name] for name in dots.assumed if names is None or name in names}
    ranges = [f"{name} {dots.quantity(name):.4g} of {low:g} … {high:g}" for name, (low, high) in listed.items()]
    return [f"assumed, for no source gives it: {', '.join(ranges)}"] if ranges else []


def by_levels(lines: Sequence[Transition]) -> dict[str, Transition]:
    """The first line of each pair of levels, under the name that all of them share: 1S of a heavy and a light hole's."""
    bands: dict[tuple[int, int], list[Transition]] = {}
    for line in lines:
        bands.setdefault((line.level, line.hole), []).append(line)
    return {_shared_name([line.name for line in band]): band[0] for band in bands.values()}


def _shared_name(names: Sequence[str]) -> str:
    """The words with which all names begin; all of them where there are none."""
    first = takewhile(lambda words: len(set(words)) == 1, zip(*(name.split() for name in names), strict=False))
    return " ".join(words[0] for words in first) or " + ".join(names)


def thresholds(
    medium: str | Path | Medium,
    *,
    charge: float | None = None,
    radius_nm: float | None = None,
    temperature_K: float | None = None,
    monolayers: float = 1.0,
    max_pairs: int | None = None,
) -> MediumThresholds:
    """The drives at which a medium turns transparent, and half saturated.

    Parameters
    ----------
    medium : str, Path or Medium
    charge, radius_nm, temperature_K, max_pairs : optional
        Of the dots, see :func:`~qdphotonics.gain.varied.varied`. A transition that takes more pairs than ``max_pairs`` is given
        those.
    monolayers : float, optional
        N_ML >= 1 that share the current.

    Returns
    -------
    MediumThresholds

    Raises
    ------
    ArgumentError, MediumError
        As of :func:`~qdphotonics.gain.varied.varied`; fewer than one monolayer.

    Examples
    --------
    >>> graded = thresholds("cg-QD")
    >>> round(graded.three_state.transparency.current_density_A_per_cm2, 2), graded.transitions[1].excitons_per_dot
    (6.76, 5.0)
    """
    dots = varied(medium, charge, radius_nm, temperature_K, max_pairs)
    bands = by_levels(dots.transitions)
    found = tuple(_of_line(dots, name, line.name, monolayers) for name, line in bands.items())
    edge = next(iter(bands.values()))
    twofold = dots.electron_levels[edge.level] == dots.hole_levels[edge.hole] == TWOFOLD
    three = _of_line(dots.three_state, found[0].transition, edge.name, monolayers) if twofold else None
    return MediumThresholds(dots, found, three, float(monolayers))


def _of_line(dots: Medium, name: str, line: str, monolayers: float) -> TransitionThresholds:
    reached = [dots.threshold(fraction, monolayers, line) for fraction in (0.0, HALF)]
    return TransitionThresholds(name, dots.transparency_excitons(line), *reached)
