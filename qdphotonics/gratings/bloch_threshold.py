"""The gain at which a Bloch mode neither decays nor grows: D(k0, g) = 0 with real k0 and real g, both found together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics._checks import refuse
from qdphotonics.errors import ArgumentError, ModeSearchError
from qdphotonics.gratings.bloch_dispersion import log_dispersion, points
from qdphotonics.gratings.bloch_mode import BlochMode
from qdphotonics.gratings.bloch_modes import ORDERS, BlochSearch, bloch_modes
from qdphotonics.gratings.bloch_orders import Polarization
from qdphotonics.gratings.cell import Complexes, UnitCell, unit_cell
from qdphotonics.gratings.profile import GratingProfile
from qdphotonics.units import NM_PER_CM

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

MOST_ITERATIONS = 30
SETTLED = 1e-13  # of k0
NUDGE = 1e-6  # relative step of the differences: errors ~ its square
LEAST_RESPONSE = 1e-6  # of a mode to a gain layer: less, and no gain is a threshold


@dataclass(frozen=True, eq=False)
class BlochThreshold:
    """A Bloch mode at its threshold.

    ``passive`` is the mode without the gain, ``gain_per_cm`` what the gain layers need (on top of their indices) for
    Im ω = 0; ``wavelength_nm`` is then the lasing wavelength.
    """

    passive: BlochMode
    gain_per_cm: float
    wavelength_nm: float
    layers: tuple[int, ...]

    @property
    def at_threshold(self) -> BlochMode:
        """The mode with that gain, its frequency real."""
        passive = self.passive
        index = passive.cell.index + _change(passive.cell, self.layers, 2 * np.pi / self.wavelength_nm, self.gain_per_cm)
        return BlochMode(
            complex(2 * np.pi / self.wavelength_nm), passive.kx_per_nm, replace(passive.orders, cell=passive.cell.with_index(index))
        )


def _change(cell: UnitCell, layers: tuple[int, ...], k0: float, gain_per_cm: float) -> Complexes:
    """Change of every index [layer + 2] by a gain: Im n = −g/(2 k0)."""
    change = np.zeros(len(cell.names), dtype=complex)
    change[list(layers)] = -0.5j * gain_per_cm / (k0 * NM_PER_CM)
    return change


def threshold(mode: BlochMode, layers: tuple[int, ...] | None = None) -> BlochThreshold:
    """Gain in the gain layers at which a Bloch mode lases.

    Parameters
    ----------
    mode : BlochMode
        Without the gain.
    layers : tuple of int, optional
        Positions along the cell's names; its gain layers unless given.

    Returns
    -------
    BlochThreshold

    Raises
    ------
    ArgumentError
        There is no gain layer.
    ModeSearchError
        The mode hardly sees it: no gain is a threshold.

    Notes
    -----
    To first order g = −2 Im k0/Σ Re response_i; here D(k0, g) = 0 is solved with the complex index that the gain makes.
    """
    cell = mode.cell
    layers = cell.gain_layers if layers is None else layers
    if not layers:
        raise ArgumentError("Argument `layers` must name a layer that amplifies: the cell has no gain layer")
    response = sum(list(mode.index_response.values())[layer].real for layer in layers)
    if response < LEAST_RESPONSE:
        raise ModeSearchError(f"{mode!r} has no threshold: the gain layers hold only {response:.2g} of it")
    k0, gain = mode.k0_per_nm.real, -2 * mode.k0_per_nm.imag * NM_PER_CM / response
    for _ in range(MOST_ITERATIONS):
        dk, dg = NUDGE * k0, NUDGE * 1e4
        trials = [(k0, gain), (k0 + dk, gain), (k0 - dk, gain), (k0, gain + dg), (k0, gain - dg)]
        change = np.array([_change(cell, layers, k, g) for k, g in trials])
        at = points(cell, np.array([k for k, _ in trials], dtype=complex), np.array([mode.kx_per_nm]), change=change)
        logs = log_dispersion(mode.orders, at)
        D = np.exp(logs - logs[1])
        by_k0, by_gain = (D[1] - D[2]) / (2 * dk), (D[3] - D[4]) / (2 * dg)
        # D + D_k δk + D_g δg = 0, δk and δg real
        step_k, step_g = np.linalg.solve([[by_k0.real, by_gain.real], [by_k0.imag, by_gain.imag]], [-D[0].real, -D[0].imag])
        k0, gain = k0 + float(step_k), gain + float(step_g)
        if abs(step_k) < SETTLED * k0 and abs(step_g) < 1e-9 * (1.0 + abs(gain)):
            break
    else:
        raise ModeSearchError(f"the threshold of {mode!r} was not found: the iteration did not settle")
    return BlochThreshold(mode, gain, 2 * np.pi / k0, layers)


def thresholds(search: BlochSearch, layers: tuple[int, ...] | None = None) -> tuple[BlochThreshold, ...]:
    """Thresholds of the modes of a search that the gain reaches, the lowest first."""
    found = []
    for mode in search.modes:
        try:
            found.append(threshold(mode, layers))
        except ModeSearchError:
            continue
    return tuple(sorted(found, key=lambda each: each.gain_per_cm))


@dataclass(frozen=True, eq=False)
class DutyScan:
    """Thresholds of the band edges of a grating against its duty."""

    duty: tuple[float, ...]
    thresholds: tuple[tuple[BlochThreshold, ...], ...]  # [duty][mode], the lowest first

    @property
    def short_edge_wins(self) -> tuple[bool, ...]:
        """Whether the first mode to lase is the one of shorter wavelength of the two that share its planar mode (its nearest neighbour)."""
        return tuple(_is_short(each) for each in self.thresholds)


def _is_short(found: Sequence[BlochThreshold]) -> bool:
    first, others = found[0], found[1:]
    partner = min(others, key=lambda each: abs(each.wavelength_nm - first.wavelength_nm))
    return first.wavelength_nm < partner.wavelength_nm


def scan_duty(
    cell: UnitCell | Stack,
    duties: Sequence[float],
    polarization: Polarization = "TE",
    wavelengths_nm: tuple[float, float] | None = None,
    *,
    orders: int = ORDERS,
    layers: tuple[int, ...] | None = None,
) -> DutyScan:
    """Thresholds of every Bloch mode of a range for several duties of the grating; arguments as for :func:`bloch_modes`.

    Raises
    ------
    ArgumentError
        A duty is not between 0 and 1, or there is no gain layer or no grating.
    """
    plain = cell if isinstance(cell, UnitCell) else unit_cell(cell)
    if plain.profile is None:
        raise ArgumentError("Argument `cell` must have a grating, but it is planar")
    found = []
    for duty in duties:
        if not 0 < duty < 1:
            refuse("duties", "be between 0 and 1", duty)
        old = plain.profile
        profile = GratingProfile(old.period_nm, old.depth_nm, duty, old.shape, old.sidewall_deg)
        search = bloch_modes(replace(plain, profile=profile), polarization, None, wavelengths_nm, orders=orders)
        found.append(thresholds(search, layers))
    return DutyScan(tuple(duties), tuple(found))
