"""One Bloch mode: frequency, Q, symmetry, confinement, what it loses where, and how it answers to the indices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.gratings.bloch_dispersion import Points, log_dispersion, points
from qdphotonics.gratings.bloch_fields import CellWaves, resonance
from qdphotonics.gratings.bloch_measures import Integrals, measure
from qdphotonics.gratings.bloch_orders import Orders, Parity, Polarization
from qdphotonics.gratings.cell import Complexes, Reals, UnitCell
from qdphotonics.optics import ByLayer


@dataclass(frozen=True)
class RadiatedOrder:
    """One diffraction order that leaves the cell."""

    side: Literal["substrate", "superstrate"]
    order: int
    angle_deg: float  # from the normal, in that half-space
    share: float  # of all that the mode loses
    amplitude: complex  # of U on the half-space


@dataclass(frozen=True, eq=False)
class BlochMode:
    """One Bloch mode: its fields are e^{i k_x x} times a period's, and decay in time as e^{2 c Im k0 t}.

    Parameters
    ----------
    k0_per_nm : complex
        ω/c [1/nm]; Im < 0: it decays.
    kx_per_nm : float
        Bloch wavenumber [1/nm].
    orders : Orders
        Cell, polarization, parity and truncation it was found with.
    """

    k0_per_nm: complex
    kx_per_nm: float
    orders: Orders

    @property
    def cell(self) -> UnitCell:
        return self.orders.cell

    @property
    def polarization(self) -> Polarization:
        return self.orders.polarization

    @property
    def parity(self) -> Parity | None:
        """Of E_y (TE) or H_y (TM) under x -> −x, a tooth's middle at 0; None away from the symmetric points."""
        return self.orders.parity

    @property
    def wavelength_nm(self) -> float:
        """Vacuum wavelength 2π/Re k0 [nm]."""
        return 2 * np.pi / self.k0_per_nm.real

    @property
    def q(self) -> float:
        """Q = −Re k0/(2 Im k0); infinite where nothing absorbs and symmetry or total reflection forbids all radiation; < 0: net gain."""
        return np.inf if self.k0_per_nm.imag == 0.0 else -self.k0_per_nm.real / (2 * self.k0_per_nm.imag)

    @property
    def symmetry(self) -> Literal["bright", "dark"] | None:
        """Whether symmetry lets the mode shine along the normal; None where k_x = 0 or the mirror is missing."""
        if self.parity is None or self.orders.at_edge:
            return None
        return "bright" if 0 in self.orders.wave_m else "dark"

    @cached_property
    def waves(self) -> CellWaves:
        """The fields, as amplitudes."""
        return resonance(self.orders, points(self.cell, np.array([self.k0_per_nm]), np.array([self.kx_per_nm])))

    def field(self, x_nm: ArrayLike, z_nm: ArrayLike) -> Complexes:
        """E_y (TE) or Z0 H_y (TM) at heights z and places x [z, x], its largest modulus on this grid 1."""
        grid = self.waves.field(x_nm, z_nm)
        return np.asarray(grid / grid.flat[np.abs(grid).argmax()])

    @cached_property
    def integrals(self) -> Integrals:
        return measure(self.waves)

    @cached_property
    def confinement(self) -> ByLayer[float]:
        """∫_i |E|² / ∫ |E|² by layer: the papers' Γ; the window is that of planar modes (open half-spaces hold none)."""
        return ByLayer(self.cell.names, (self.integrals.intensity / self.integrals.intensity.sum()).tolist())

    @cached_property
    def energy_confinement(self) -> ByLayer[float]:
        """Share of the energy by layer, dispersion included; the same window."""
        return ByLayer(self.cell.names, (self.integrals.energy / self.integrals.energy.sum()).tolist())

    @cached_property
    def loss_rates(self) -> ByLayer[float]:
        """1/Q by what causes it: absorption in each layer, and what radiates into each half-space is counted there.

        Poynting's theorem; the sum is 1/Q (to first order in 1/Q where materials are dispersive).
        """
        absorbed = self.integrals.absorbed / self.integrals.energy.sum()
        absorbed[[0, -1]] += self.radiated_rates
        return ByLayer(self.cell.names, absorbed.tolist())

    @property
    def radiated_rates(self) -> Reals:
        """1/Q by radiation into [substrate, superstrate]; exactly 0 where no order is open."""
        return np.asarray(self.integrals.flux.sum(axis=1) / (self.k0_per_nm.real * self.integrals.energy.sum()))

    @property
    def q_radiation(self) -> float:
        """Q by radiation alone; infinite where no order is open."""
        rate = float(self.radiated_rates.sum())
        return np.inf if rate == 0.0 else 1.0 / rate

    @cached_property
    def radiated(self) -> tuple[RadiatedOrder, ...]:
        """The orders that leave, from substrate to superstrate, by rising order: the far field of an endless grating."""
        return tuple(order for side in (0, 1) for order in self._radiated(side))

    def _radiated(self, side: int) -> Iterator[RadiatedOrder]:
        orders, waves, integrals = self.orders, self.waves, self.integrals
        lost = float(integrals.flux.sum() + self.k0_per_nm.real * integrals.absorbed.sum())
        index = waves.at.index[0, -side].real
        for m, wave, amplitude in zip(orders.m.tolist(), orders.wave_of.tolist(), orders.unfold(waves.edges[side]), strict=True):
            if wave < 0 or not integrals.open[side, wave]:
                continue
            sine = (self.kx_per_nm + m * orders.wavenumber_per_nm) / (self.k0_per_nm.real * index)
            share = integrals.flux[side, wave] / lost / int((orders.wave_of == wave).sum())
            angle = float(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))
            yield RadiatedOrder("superstrate" if side else "substrate", m, angle, float(share), complex(amplitude))

    @cached_property
    def index_response(self) -> ByLayer[complex]:
        """−∂ln k0/∂n by layer, k_x fixed: gain g in layer i changes Im k0 by Re response_i · g/2."""
        return ByLayer(self.cell.names, index_response(self).tolist())

    def __repr__(self) -> str:
        named = f" {self.symmetry}" if self.symmetry else ""
        return f"<{self.polarization}{named} {self.wavelength_nm:.6g} nm, Q {self.q:.6g}, k_x {self.kx_per_nm:.6g} per nm>"


def index_response(mode: BlochMode, step: float = 1e-6) -> Complexes:
    """−∂ln k0/∂n [layer + 2]: by the quotient of D's derivatives, both central differences (errors ~ step², 1e-10)."""
    k0, layers = mode.k0_per_nm, len(mode.cell.names)
    nudges = np.concatenate([np.diag(np.full(layers, step)), -np.diag(np.full(layers, step)), np.zeros((2, layers))]).astype(complex)
    where = np.full(2 * layers + 2, k0)
    off = step * abs(k0)  # D itself vanishes at k0: its differences there are taken from one side's value to the other's
    where[-2:] += np.array([off, -off])
    at: Points = points(mode.cell, where, np.array([mode.kx_per_nm]), change=nudges)
    logs = log_dispersion(mode.orders, at)
    D = np.exp(logs - logs[-1])
    by_index = (D[:layers] - D[layers : 2 * layers]) / (2 * step)
    by_k0 = (D[-2] - D[-1]) / (2 * off)
    response: Complexes = by_index / by_k0 / k0
    return response
