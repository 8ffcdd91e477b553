"""What the materials' assumed values leave open: confinement and net gain at both ends of each range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.laser.following import follow_mode
from qdphotonics.optics import index_response
from qdphotonics.units import extinction, loss_per_cm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.laser.pumped import PumpedStack
    from qdphotonics.materials import Material
    from qdphotonics.planar.results import Mode
    from qdphotonics.stacks import Stack

Pair = tuple[float | None, float | None]


@dataclass(frozen=True)
class Assumption:
    """A value that no source gives, its plausible range, and what that does to the mode.

    Parameters
    ----------
    material : str
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
    """

    material: str
    quantity: str
    value: float | None
    range: tuple[float, float]
    confinement: Pair
    net_gain_per_cm: Pair


def assumptions(stack: Stack, pumped: PumpedStack, passive: Mode, driven: Mode, material_gain_per_cm: float) -> tuple[Assumption, ...]:
    """Every assumed value among the stack's materials, with its consequences for one mode.

    Parameters
    ----------
    stack : Stack
    pumped : PumpedStack
    passive, driven : planar.Mode
        The mode without gain, and with that of the drive.
    material_gain_per_cm : float
        Gain of the drive.
    """
    where: dict[str, tuple[Material, list[int]]] = {}
    for position, material in enumerate(stack.materials):
        where.setdefault(material.name, (material, []))[1].append(position)
    found = []
    for material, positions in where.values():
        for quantity, limits in material.assumed.items():
            value, ends = _ends(material, quantity, limits, complex(pumped.passive.index[positions[0]]), pumped.passive.wavelength_nm)
            shares, gains = [], []
            for end in ends:
                change = np.zeros(len(stack.materials), dtype=complex)
                change[positions] = end
                cold = _changed(passive, pumped, 0.0, change)
                hot = _changed(driven, pumped, material_gain_per_cm, change)
                shares.append(None if cold is None else gain_confinement(stack, cold))
                gains.append(None if hot is None else -hot.loss_per_cm)
            found.append(Assumption(material.name, quantity, value, limits, _pair(shares), _pair(gains)))
    return tuple(found)


def gain_confinement(stack: Stack, mode: Mode) -> float:
    """Intensity confinement of a mode in all gain layers together."""
    return float(sum(mode.confinement.intensity[position + 1] for position in stack.gain_layers))


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


def _changed(mode: Mode, pumped: PumpedStack, material_gain_per_cm: float, change: NDArray[np.complex128]) -> Mode | None:
    """The mode after a change of the indices [layer + 2], followed there."""
    start = pumped.at(material_gain_per_cm)
    return follow_mode(
        mode,
        lambda share: start.with_index_change(share * change),
        lambda found: index_response(found, change, change),
        0.0,
        1.0,
    )
