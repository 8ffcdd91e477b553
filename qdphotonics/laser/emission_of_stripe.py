"""A stripe of a stack: its modes over the gain band, its dots under a current, and what leaves its edge.

Joins optics and the amplifying stripe. Every mode that reaches the dots is followed over the medium's wavelengths, all
materials at their own dispersion, with its loss and its confinement (the exact derivative of its gain by that of the film);
the light of all of them shares the dots.

N_ML monolayers of the film's N share the current, one in the papers' formula, which yet gives the whole film their gain G and
the mode Gamma G. Light is counted once for each pair all the same: only their dots emit, N_ML/N of Gamma G_sp, and all light
passes through them. That is a film of N monolayers, all in the state of those N_ML, with every power times N_ML/N: source and
light scale together, and with them the photons that pass a dot.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import numbers, positive
from qdphotonics.errors import ArgumentError, StackError
from qdphotonics.gain.medium_gain import ladder_of_currents
from qdphotonics.laser.analysis import LEAST_CONFINEMENT, medium_of
from qdphotonics.laser.edge_emission import EdgeEmission, StripeMode, thresholds_of
from qdphotonics.laser.facet import edge_transmission
from qdphotonics.laser.film import DotFilm
from qdphotonics.laser.gain_spectrum import common_range_nm
from qdphotonics.laser.guide import Guide, Stripe
from qdphotonics.laser.heat import device_heat
from qdphotonics.laser.stripe import amplify
from qdphotonics.laser.thresholds import film_nm
from qdphotonics.optics import follow_modes, number
from qdphotonics.stacks import as_stack
from qdphotonics.units import wavelength_nm as to_wavelength_nm

if TYPE_CHECKING:
    from qdphotonics.gain import Medium
    from qdphotonics.optics import FollowedModes
    from qdphotonics.stacks import Stack

Array = NDArray[np.float64]

LENGTH_UM, WIDTH_UM = 300.0, 30.0  # of the stripe unless told: that of the first electrically pumped ASE (Ahn et al. 2023)
STEP_NM = 1.0  # of the spectra: a twentieth of the narrowest lines
MODE_STEP_NM = 5.0  # of the modes, which vary slowly and are interpolated
EDGE_POINTS = 5  # wavelengths at which a mode's way out is computed; 9 change the published diode's power by 0.3 %
DRIVES = 25
LARGEST_UM = 1e5
WARM_K = 30.0  # moves lines by 8 meV, a tenth of their width
ROUNDED = 0.01  # of the film's monolayers, as a table tells them
SOUGHT = (1e-3, 1e3)  # of transparency and of half gain: where the thresholds of the modes are sought
SOUGHT_DRIVES = 401  # interpolated: 1e-4 of a threshold


def ase(
    stack: Stack | str | Path,
    medium: str | Medium | None = None,
    current_density_A_per_cm2: ArrayLike | None = None,
    *,
    length_um: float = LENGTH_UM,
    width_um: float | None = None,
    mode: str | None = None,
    monolayers: float = 1.0,
    wavelengths_nm: ArrayLike | None = None,
) -> EdgeEmission:
    """Amplified spontaneous emission from the edge of a stripe of a stack, pumped evenly by a current.

    Parameters
    ----------
    stack : Stack, or the name or file of one
        With at least one layer of ``role: gain``.
    medium : str or Medium, optional
        The stack's own unless given.
    current_density_A_per_cm2 : array_like [drive], optional
        Rising from > 0; from below transparency to saturation unless given.
    length_um : float, optional
    width_um : float, optional
        The area of the stack's ``drive`` over the length where it tells one, else 30 um.
    mode : str, optional
        Label of the only mode that is to count, such as "TE0"; all that hold a percent of the dots' gain unless given.
    monolayers : float, optional
        N_ML that share the current, from 1 to those of the film.
    wavelengths_nm : array_like [wavelength], optional
        Rising; those of medium and materials, in steps of 1 nm, unless given.

    Returns
    -------
    EdgeEmission

    Raises
    ------
    StackError
        No gain layer, no medium, no mode that reaches the dots.
    ArgumentError
        Currents that do not rise from > 0, no mode of that label, wavelengths outside the materials' range.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> edge = qdp.ase("jung2022-lito-ag", current_density_A_per_cm2=[10.0, 1000.0])
    >>> edge.power_W.shape, edge.bands[0].name
    ((2,), '1S')
    """
    stack = as_stack(stack)
    dots = medium_of(stack, medium)
    for name, size in (("length_um", length_um), ("width_um", WIDTH_UM if width_um is None else width_um)):
        if positive(name, size) > LARGEST_UM:
            raise ArgumentError(f"Argument `{name}` must be at most {LARGEST_UM:g} um, 10 cm, but it is {size:g}")
    film_monolayers = dots.monolayers(film_nm(stack))
    if monolayers > film_monolayers * (1 + ROUNDED):
        raise ArgumentError(f"Argument `monolayers` must be at most {film_monolayers:.3g}, those of the film, but it is {monolayers:g}")
    currents = _currents(stack, dots, monolayers, current_density_A_per_cm2)
    wavelengths = _wavelengths(stack, dots, wavelengths_nm)
    guide = _guide(stack, wavelengths, mode)
    index = _film_index(stack)
    fed = DotFilm.of_medium(dots, wavelengths, index, monolayers)
    film = fed if monolayers >= film_monolayers else DotFilm.of_medium(dots, wavelengths, index, film_monolayers)
    stripe = Stripe(length_um, _width(stack, length_um) if width_um is None else width_um)
    light = amplify(film, guide, stripe, fed.pair_rate_per_ns(currents))
    excitons = float(np.max(light.dark.excitons_per_dot))
    result = EdgeEmission(
        stack=stack,
        dots=dots,
        current_density_A_per_cm2=currents,
        light=light,
        modes=_modes(dots, fed, guide, monolayers, light.net_gain_per_cm),
        monolayers=float(monolayers),
        film_monolayers=film_monolayers,
        warnings=(
            *dots.warnings(wavelengths, dots.temperature_K, excitons),
            *_of_levels(dots),
            *_of_heat(stack, dots, currents),
            *_of_modes(guide),
        ),
    )
    if not result.bands:
        lines = ", ".join(f"{to_wavelength_nm(line.energy_eV):.4g} nm" for line in dots.transitions)
        rule = f"hold three or more around a line of {dots.name} ({lines})"
        raise ArgumentError(f"Argument `wavelengths_nm` must {rule}, but it is {_brief(wavelengths)}")
    return result


def _currents(stack: Stack, dots: Medium, monolayers: float, given: ArrayLike | None) -> Array:
    """The drives: those given, else in equal ratios from below transparency to what the device stands."""
    if given is None:
        most = None if stack.drive is None else stack.drive.max_current_density_A_per_cm2
        return ladder_of_currents(dots, monolayers, DRIVES, most or 0.0)
    currents = np.atleast_1d(numbers("current_density_A_per_cm2", given))
    if currents.ndim != 1 or not np.isfinite(currents).all() or not (currents > 0).all() or not (np.diff(currents) > 0).all():
        raise ArgumentError(f"Argument `current_density_A_per_cm2` must be finite and rise from > 0, but it is {_brief(currents)}")
    return currents


def _brief(values: Array) -> str:
    """A number alone, the two ends of many."""
    return f"{values.flat[0]:g}" if values.size == 1 else f"{values.flat[0]:g} to {values.flat[-1]:g}"


def _wavelengths(stack: Stack, dots: Medium, given: ArrayLike | None) -> Array:
    low, high = common_range_nm(stack)
    if given is not None:
        wavelengths = np.atleast_1d(numbers("wavelengths_nm", given))
        fits = wavelengths.ndim == 1 and wavelengths.size >= 3 and bool((np.diff(wavelengths) > 0).all())
        if not fits or wavelengths[0] < low or wavelengths[-1] > high:
            rule = f"be three or more that rise, within {low:g} to {high:g} nm, where all materials are known"
            raise ArgumentError(f"Argument `wavelengths_nm` must {rule}, but it is {_brief(wavelengths)}")
        return wavelengths
    if dots.valid_nm is not None:
        low, high = max(low, dots.valid_nm[0]), min(high, dots.valid_nm[1])
    else:
        centres = [to_wavelength_nm(line.energy_eV) for line in dots.transitions]
        low, high = max(low, 0.9 * min(centres)), min(high, 1.1 * max(centres))
    if high - low < 10 * STEP_NM:
        raise StackError(f'stack "{stack.name}": its materials are not known where {dots.name} emits', file=stack.file)
    return np.arange(np.ceil(low), high, STEP_NM)


def _film_index(stack: Stack) -> float:
    """Re n of the first gain layer at the stack's wavelength."""
    return float(stack.index()[stack.gain_layers[0] + 1].real)


def _width(stack: Stack, length_um: float) -> float:
    drive = stack.drive
    return WIDTH_UM if drive is None or drive.area_um2 is None else drive.area_um2 / length_um


def _guide(stack: Stack, wavelengths: Array, wanted: str | None) -> Guide:
    """Modes by their labels at the stack's wavelength, followed from there to both ends of the range."""
    start = float(np.clip(stack.wavelength_nm, wavelengths[0], wavelengths[-1]))
    ends = [end for end in (float(wavelengths[-1]), float(wavelengths[0])) if end != start]
    followed = [follow_modes(stack, np.linspace(start, end, 2 + int(abs(end - start) / MODE_STEP_NM))) for end in ends]
    curves = {label: parts for label, parts in _curves(stack, followed, wavelengths).items() if wanted in (None, label)}
    if not curves:
        known = ", ".join(each.label for each in followed[0].modes if each.points[0] is not None) or "none"
        raise ArgumentError(f'Argument `mode` must be one of the stack\'s modes ({known}), but there is no mode "{wanted}"')
    kept = {label: parts for label, parts in curves.items() if wanted or parts[0].max() >= LEAST_CONFINEMENT}
    if not kept:
        raise StackError(f'stack "{stack.name}": no mode reaches the dots', file=stack.file)
    confinement, loss, index = (np.array([parts[place] for parts in kept.values()]) for place in range(3))
    edges = np.array([_leaving(followed, label, wavelengths) for label in kept])
    return Guide(wavelengths, confinement, loss, index, tuple(kept), edges)


def _leaving(followed: list[FollowedModes], label: str, wavelengths: Array) -> Array:
    """Share of a mode that leaves the edge [wavelength, angle], from some of its wavelengths."""
    points = [point for part in followed for mode in part.modes if mode.label == label for point in mode.points if point is not None]
    ordered = list({point.wavelength_nm: point for point in sorted(points, key=lambda point: point.wavelength_nm)}.values())
    some = [ordered[at] for at in np.unique(np.linspace(0, len(ordered) - 1, EDGE_POINTS).round().astype(int))]
    at, shares = [point.wavelength_nm for point in some], np.array([edge_transmission(point) for point in some])
    return np.array([np.interp(wavelengths, at, of_angle) for of_angle in shares.T]).T


def _curves(stack: Stack, followed: list[FollowedModes], wavelengths: Array) -> dict[str, tuple[Array, Array, Array]]:
    """Label -> confinement, loss and Re n_eff over the wavelengths; no confinement where the mode has ended."""
    layers = [stack.layers[position].name for position in stack.gain_layers]
    known: dict[str, dict[float, tuple[float, float, float]]] = {}
    for part in followed:
        for each in part.modes:
            if each.points[0] is None:  # begins beyond the stack's wavelength, and has no label there
                continue
            values = known.setdefault(each.label, {})
            for nm, point in zip(part.wavelength_nm.tolist(), each.points, strict=True):
                if point is not None:
                    gain = float(sum(point.confinement[name].gain for name in layers))
                    values[nm] = (gain, max(float(point.loss_per_cm), 0.0), float(point.n_eff.real))
    found = {}
    for label, values in known.items():
        at = np.array(sorted(values))
        confinement, loss, index = (np.interp(wavelengths, at, [values[nm][place] for nm in at]) for place in range(3))
        there = (wavelengths >= at[0]) & (wavelengths <= at[-1])
        found[label] = (np.where(there, confinement, 0.0), np.where(there, loss, 0.0), index)
    return found


def _of_levels(dots: Medium) -> list[str]:
    """Lines whose light the dots do not feel as it is: the film counts photons by the level of the electron."""
    crossed = [line.name for line in dots.transitions if line.hole != line.level]
    told = "joins an electron and a hole of different levels: its light is amplified, but which holes it takes is not reckoned exactly"
    return [f"{' and '.join(crossed)} of {dots.name} {told}"] if crossed else []


def _of_heat(stack: Stack, dots: Medium, currents: Array) -> list[str]:
    """A drive that heats the dots, whose light is yet that of their own temperature."""
    heat, most = device_heat(stack), float(currents[-1])
    rise = None if heat is None else heat.rise_K(most)
    if rise is None or rise < WARM_K:
        return []
    return [
        f"{most:g} A/cm² heat the device by up to {number(rise)} K, all power as heat; its light is reckoned at {dots.temperature_K:g} K"
    ]


def _of_modes(guide: Guide) -> list[str]:
    """Modes that end within the wavelengths: where they do, the spectrum has a step."""
    found = []
    for label, confinement in zip(guide.labels, guide.confinement, strict=True):
        there = np.flatnonzero(confinement > 0)
        low, high = guide.wavelength_nm[there[0]], guide.wavelength_nm[there[-1]]
        if there.size < confinement.size:
            found.append(f"mode {label} is followed from {low:g} to {high:g} nm only: beyond, the spectrum is without its light")
    return found


def _modes(dots: Medium, film: DotFilm, guide: Guide, monolayers: float, net_gain: Array) -> tuple[StripeMode, ...]:
    """The modes with their thresholds, sought beyond the drives, up to where no more is gained.

    Below its threshold a mode's net gain is told at the wavelength where the threshold is reached, the peak of the band; where it never
    is, at that of the most gain. The largest of all wavelengths would be that of the least absorption, far from the dots.
    """
    clear, half = (float(dots.current_density_A_per_cm2(fraction, monolayers)) for fraction in (0.0, 0.5))
    scale = half if np.isfinite(half) else 1.0
    currents = np.geomspace(SOUGHT[0] * (clear or scale), SOUGHT[1] * scale, SOUGHT_DRIVES)
    material = film.respond(film.pair_rate_per_ns(currents), np.zeros(film.levels)).gain_per_cm
    sought, best = [], []
    for position, (gamma, loss) in enumerate(zip(guide.confinement, guide.loss_per_cm, strict=True)):
        there = np.flatnonzero(gamma > 0)
        net = (gamma * material - loss)[:, there]
        above = np.flatnonzero(net.max(axis=-1) > 0)
        peak = there[net[above[0]].argmax()] if above.size else there[(gamma * material)[-1, there].argmax()]
        sought.append(net.max(axis=-1))
        own = net_gain[:, position]
        largest = own[:, there].max(axis=-1)
        best.append(np.where(largest > 0, largest, own[:, peak]))
    reached = thresholds_of(currents, np.array(sought))
    straight = guide.edge_transmission[..., 0]
    return tuple(map(StripeMode, guide.labels, guide.confinement, guide.loss_per_cm, straight, best, reached))
