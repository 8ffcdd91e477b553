"""A medium by name or as it is, with what a question changes about its dots."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qdphotonics._checks import not_negative, refuse
from qdphotonics.gain.library import load_medium
from qdphotonics.gain.medium import Medium

FEWEST_PAIRS = 2  # |0>, |X>, |XX>: fewer cannot amplify
MOST_PAIRS = 100  # far beyond the levels of any dot


def varied(
    medium: str | Path | Medium,
    charge: float | None = None,
    radius_nm: float | None = None,
    temperature_K: float | None = None,
    max_pairs: int | None = None,
) -> Medium:
    """The dots of a medium, other in what is given.

    Parameters
    ----------
    medium : str, Path or Medium
        A name, a file, or the medium itself.
    charge : float, optional
        Permanent electrons of a dot on average.
    radius_nm : float, optional
        Of media whose Auger lifetime follows the volume.
    temperature_K : float, optional
    max_pairs : int, optional
        Excitons that a dot takes at most; 2 is the three-state model of the papers. As many as the medium's or its lines'
        levels hold, whichever is more, unless given.

    Returns
    -------
    Medium

    Raises
    ------
    ArgumentError
        A negative charge or more electrons than the levels hold, a radius or a temperature that is not positive, pairs outside
        of 2 to 100.
    MediumError
        No such medium, or one that cannot be resized.

    Examples
    --------
    >>> varied("CdSe", radius_nm=3.0).biexciton_lifetime_ns.__round__(4)
    0.1131
    """
    dots = medium if isinstance(medium, Medium) else load_medium(medium)
    if radius_nm is not None:
        dots = dots.resized(radius_nm)
    if charge is not None:
        room = sum(dots.electron_levels)
        if not_negative("charge", charge) > room:
            refuse("charge", f"be <= {room}, the electrons that the levels of {dots.name} hold", charge)
        dots = dots.charged(charge)
    if temperature_K is not None:
        dots = dots.at_temperature(temperature_K)
    if max_pairs is None:
        dots = replace(dots, most_pairs=max(dots.most_pairs, *(dots.pairs_of(line) for line in dots.transitions)))
    else:
        if max_pairs != int(max_pairs) or not FEWEST_PAIRS <= max_pairs <= MOST_PAIRS:
            refuse("max_pairs", f"be a whole number from {FEWEST_PAIRS} to {MOST_PAIRS}", max_pairs)
        dots = replace(dots, most_pairs=int(max_pairs))
    return dots


def told(dots: Medium, monolayers: float | None = None) -> str:
    """The dots in a title: name, and what is not as in a plain question."""
    parts = [dots.name, f"R {dots.radius_nm:.3g} nm"]
    if dots.permanent_charge:
        parts.append(f"{dots.permanent_charge:g} permanent electrons")
    parts.append(f"{dots.temperature_K:g} K")
    if monolayers is not None:
        parts.append(f"{monolayers:g} monolayer{'' if monolayers == 1 else 's'}")
    return ", ".join(parts)
