"""What the materials' assumed values leave open: confinement and net gain at both ends of each range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.laser.following import follow_mode
from qdphotonics.laser.thresholds import reachable
from qdphotonics.units import extinction, loss_per_cm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.gain import Medium
    from qdphotonics.laser.pumped import PumpedMode
    from qdphotonics.materials import Material
    from qdphotonics.stacks import Stack

# Fields of a medium that move the drive of a gain. After a short pulse lifetimes do not matter, nor a dot's size beside its absorption.
OF_LIGHT_ALONE = ("absorption_cross_section_cm2", "pump_energy_eV")
OF_THE_DRIVE = ("exciton_lifetime_ns", "biexciton_lifetime_ns", "areal_fill", "geometric_cross_section_cm2", *OF_LIGHT_ALONE)

Pair = tuple[float | None, float | None]


@dataclass(frozen=True)
class Assumption:
    """A value that no source gives, its plausible range, and what that does to the mode.

    Parameters
    ----------
    material : str
        Or medium.
    quantity : str
        ``n``, ``k`` or ``alpha_per_cm``; another name is repeated without consequences.
    value : float or None
        Taken, at the wavelength of the report.
    range : tuple of float
        Plausible.
    confinement : tuple of float or None
        Intensity confinement in the gain layers of the passive mode at both ends of the range.
    net_gain_per_cm : tuple of float or None
        At both ends, with the gain of the report's drive.
    threshold_A_per_cm2, threshold_J_per_cm2 : tuple of float or None
        Of the mode's net gain at both ends, for what moves the medium's drives.
    """

    material: str
    quantity: str
    value: float | None
    range: tuple[float, float]
    confinement: Pair = (None, None)
    net_gain_per_cm: Pair = (None, None)
    threshold_A_per_cm2: Pair = (None, None)
    threshold_J_per_cm2: Pair = (None, None)


def assumptions(
    stack: Stack, medium: Medium, mode: PumpedMode, material_gain_per_cm: float, threshold_gain_per_cm: float | None
) -> tuple[Assumption, ...]:
    """Every assumed value of the stack's materials, with its consequences for one mode, and of the medium.

    Parameters
    ----------
    stack : Stack
    medium : Medium
    mode : PumpedMode
    material_gain_per_cm : float
        Gain of the drive.
    threshold_gain_per_cm : float or None
        That which the mode's net gain takes; None: no gain is enough.
    """
    where: dict[str, tuple[Material, list[int]]] = {}
    for position, material in enumerate(stack.materials):
        where.setdefault(material.name, (material, []))[1].append(position)
    passive = mode.stack.passive
    found = []
    for material, positions in where.values():
        for quantity, limits in material.assumed.items():
            value, ends = _ends(material, quantity, limits, complex(passive.index[positions[0]]), passive.wavelength_nm)
            shares, gains = [], []
            for end in ends:
                change = np.zeros(len(stack.materials), dtype=complex)
                change[positions] = end
                pumped = (mode.stack.at(gain).with_index_change(change) for gain in (0.0, material_gain_per_cm))
                cold, hot = (follow_mode(mode.passive.solution, target) for target in pumped)
                shares.append(None if cold is None else gain_confinement(stack, cold.confinement_intensity))
                gains.append(None if hot is None else -hot.loss_per_cm)
            found.append(Assumption(material.name, quantity, value, limits, _pair(shares), _pair(gains)))
    for quantity, limits in medium.assumed.items():
        each = _of_medium(medium, quantity, limits, threshold_gain_per_cm)
        if quantity in ("gain_per_cm", f"{medium.lines[0].name} gain_per_cm"):
            gains = [_net_gain(mode, material_gain_per_cm * limit / medium.material_gain_per_cm) for limit in limits]
            each = replace(each, net_gain_per_cm=_pair(gains))
        found.append(each)
    return tuple(found)


def _net_gain(mode: PumpedMode, material_gain_per_cm: float) -> float | None:
    point = follow_mode(mode.passive.solution, mode.stack.at(material_gain_per_cm))
    return None if point is None else -point.loss_per_cm


def _of_medium(medium: Medium, quantity: str, limits: tuple[float, float], threshold_gain_per_cm: float | None) -> Assumption:
    """An assumed value of the medium, with the thresholds of the mode's net gain at both ends of its range."""
    taken = medium.quantity(quantity)
    if threshold_gain_per_cm is None or quantity not in OF_THE_DRIVE:
        return Assumption(medium.name, quantity, taken, limits)
    changes: list[dict[str, Any]] = [{quantity: limit} for limit in limits]
    ends = [replace(medium, **change) for change in changes]
    fraction = threshold_gain_per_cm / medium.material_gain_per_cm
    if quantity in OF_LIGHT_ALONE:
        return Assumption(
            medium.name, quantity, taken, limits, threshold_J_per_cm2=_pair([reachable(end.fluence_J_per_cm2(fraction)) for end in ends])
        )
    currents = [reachable(end.current_density_A_per_cm2(fraction)) for end in ends]
    return Assumption(medium.name, quantity, taken, limits, threshold_A_per_cm2=_pair(currents))


def gain_confinement(stack: Stack, shares: NDArray[np.float64]) -> float:
    """Share of a mode in all gain layers together, of its shares in all [layer + 2]."""
    return float(sum(shares[position + 1] for position in stack.gain_layers))


def _pair(values: list[float | None]) -> Pair:
    """Both ends, each None where it is not known."""
    return (values[0], values[1]) if values else (None, None)


def _ends(
    material: Material, quantity: str, limits: tuple[float, float], index: complex, wavelength_nm: float
) -> tuple[float | None, list[complex]]:
    """The value taken, and the change of the complex index at both ends of its range."""
    if quantity == "n":
        return index.real, [complex(limit - index.real) for limit in limits]
    if quantity == "k":
        return index.imag, [1j * (limit - index.imag) for limit in limits]
    if quantity == "alpha_per_cm":
        return loss_per_cm(index.imag, wavelength_nm), [1j * (extinction(limit, wavelength_nm) - index.imag) for limit in limits]
    value = getattr(material, quantity, None)
    return (value if isinstance(value, float) else None), []
