"""Vertical cavities: resonances of a stack along its normal, between mirrors of metal or of layers.

The zeros of ``vertical_cavity``'s D are complex frequencies k0 = ω/c, Im k0 < 0 where the cavity loses; Q = −Re k0/(2 Im k0) = ω τ,
τ the lifetime of the energy. The indices follow the wavelength; near a resonance by their slope, into the complex plane too. At
the threshold gain, put into the index as −i g/(2 k0), the frequency is real.

Reference: L. A. Coldren, S. W. Corzine, M. L. Mašanović, Diode Lasers and Photonic Integrated Circuits (Wiley 2012), section 3.3 and
appendix 5 (standing-wave factor).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import refuse
from qdphotonics.errors import ModeSearchError
from qdphotonics.gratings import zeros
from qdphotonics.gratings.cell import Complexes, Reals
from qdphotonics.gratings.coupled_waves_coupling import secant
from qdphotonics.gratings.strips import find_in_strips
from qdphotonics.gratings.vertical_cavity import VerticalCavity, cavity_at
from qdphotonics.optics import ByLayer
from qdphotonics.units import LIGHT_NM_PER_S, MEV_PER_EV, NM_PER_CM, NS_PER_S, photon_energy_eV

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

LEAST_Q = 20.0
PIECE = 0.02  # of the wavelength: as far as materials' indices are extended by their slope in a search
OVERLAP = 0.25  # of a piece: what two pieces differ by in their slopes does not lose a mode at their seam
LEVEL = 1e-8  # phase across a layer below which quotients by it are their limits
SAME = 1e-7  # of k0: modes this close are one
OUTLINES = (0.0, 1.7e-3, -1.3e-3, 4.1e-3)  # widenings of a search's outline, of its width: the next where it runs through a zero


@dataclass(frozen=True)
class VerticalThreshold:
    """Where a vertical cavity begins to lase."""

    gain_per_cm: float  # material gain of the gain layers
    wavelength_nm: float


@dataclass(frozen=True, eq=False)
class VerticalMode:
    """One resonance of a vertical cavity.

    Parameters
    ----------
    k0_per_nm : complex
    cavity : VerticalCavity
        With the indices at the mode's own wavelength.
    """

    k0_per_nm: complex
    cavity: VerticalCavity

    @property
    def wavelength_nm(self) -> float:
        """2π/Re k0 [nm]."""
        return 2 * np.pi / self.k0_per_nm.real

    @property
    def energy_eV(self) -> float:
        """Photon energy [eV]."""
        return photon_energy_eV(self.wavelength_nm)

    @property
    def q(self) -> float:
        """−Re k0/(2 Im k0); < 0: net gain."""
        return np.inf if self.k0_per_nm.imag == 0 else -self.k0_per_nm.real / (2 * self.k0_per_nm.imag)

    @property
    def lifetime_ns(self) -> float:
        """τ = Q/ω of the energy [ns]."""
        return self.q / (self.k0_per_nm.real * LIGHT_NM_PER_S) * NS_PER_S

    @property
    def width_nm(self) -> float:
        """Full width at half maximum λ/Q [nm]."""
        return self.wavelength_nm / self.q

    @property
    def width_meV(self) -> float:
        """Full width at half maximum E/Q [meV]."""
        return self.energy_eV / self.q * MEV_PER_EV

    @cached_property
    def _waves(self) -> tuple[Complexes, Complexes, Complexes]:
        """Index [layer], and of each layer the waves a e^{i n k0 z} from its bottom, b e^{i n k0 (d − z)} from its top."""
        U, V = self.cavity.fields_at_interfaces(self.k0_per_nm)
        n = self.cavity.index_at(np.array([self.k0_per_nm]))[0, 1:-1]
        return n, 0.5 * (U[:-1] - 1j * V[:-1] / n), 0.5 * (U[1:] + 1j * V[1:] / n)

    @cached_property
    def _squares(self) -> tuple[Reals, Reals]:
        """∫ |a …|² + |b …|² and ∫ |E|² in the layers [nm]."""
        n, a, b = self._waves
        phase = n * self.k0_per_nm * self.cavity.thickness_nm
        decay, turn = 2 * phase.imag, phase.real
        own = self.cavity.thickness_nm * _quotient(-np.expm1(-decay), decay) * (np.abs(a) ** 2 + np.abs(b) ** 2)
        cross = 2 * (a * b.conj()).real * self.cavity.thickness_nm * np.exp(-phase.imag) * _quotient(np.sin(turn), turn)
        return own, own + cross

    @cached_property
    def _products(self) -> Complexes:
        """∫ E² [layer + 2], those of the half-spaces continued."""
        n, a, b = self._waves
        phase = n * self.k0_per_nm * self.cavity.thickness_nm
        U, _ = self.cavity.fields_at_interfaces(self.k0_per_nm)
        outer = self.cavity.index_at(np.array([self.k0_per_nm]))[0, [0, -1]]
        crossed = 2 * a * b * self.cavity.thickness_nm * np.exp(1j * phase)
        inside = (a**2 + b**2) * np.expm1(2j * phase) / (2j * n * self.k0_per_nm) + crossed
        tails = 0.5j * U[[0, -1]] ** 2 / (outer * self.k0_per_nm)
        return np.concatenate([tails[:1], inside, tails[1:]])

    @cached_property
    def confinement(self) -> ByLayer[float]:
        """∫_i |E|²/∫ |E|² over the layers."""
        _, squares = self._squares
        return ByLayer(self.cavity.names[1:-1], (squares / squares.sum()).tolist())

    @cached_property
    def standing_wave_factors(self) -> Reals:
        """Γ_z [layer]: ∫ |E|² over that of the two waves without interference.

        1 over many antinodes, 2 in a thin layer on one between good mirrors, 0 on a node.
        """
        own, squares = self._squares
        return squares / own

    @cached_property
    def index_response(self) -> Complexes:
        """−∂ln k0/∂n [layer + 2]: n_i ∫_i E²/∫ n n_g E², exact to first order, dispersion included."""
        index = self.cavity.index_at(np.array([self.k0_per_nm]))[0]
        group = index - 2 * np.pi / self.k0_per_nm * self.cavity.dindex_dwavelength
        result: Complexes = index * self._products / np.sum(index * group * self._products)
        return result

    @cached_property
    def loss_rates(self) -> ByLayer[float]:
        """1/Q by where it goes: absorbed in each layer, transmitted into substrate and superstrate; by Poynting's theorem."""
        # Im ε at the real frequency: at the complex one dispersion alone makes it negative, which is energy stored and not lost
        n = self.cavity.index_at(np.array([self.k0_per_nm.real]))[0, 1:-1]
        U, _ = self.cavity.fields_at_interfaces(self.k0_per_nm)
        outer = self.cavity.index_at(np.array([self.k0_per_nm]))[0, [0, -1]]
        leaving = (self.k0_per_nm * outer).real * np.abs(U[[0, -1]]) ** 2 / self.k0_per_nm.real
        absorbed = self.k0_per_nm.real * (n**2).imag * self._squares[1]
        parts = np.concatenate([leaving[:1], absorbed, leaving[1:]])
        return ByLayer(self.cavity.names, (parts / parts.sum() / self.q).tolist())

    def field(self, z_nm: ArrayLike) -> Complexes:
        """E [point] at heights z [nm], 0 on the substrate; at the interface where it is largest 1."""
        z = np.atleast_1d(np.asarray(z_nm, dtype=float))
        n, a, b = self._waves
        U, _ = self.cavity.fields_at_interfaces(self.k0_per_nm)
        tops, k0 = self.cavity.interfaces_nm, self.k0_per_nm
        outer = self.cavity.index_at(np.array([k0]))[0, [0, -1]]
        layer = np.clip(np.searchsorted(tops, z, side="left") - 1, 0, n.size - 1)
        inside = a[layer] * np.exp(1j * n[layer] * k0 * (z - tops[layer])) + b[layer] * np.exp(1j * n[layer] * k0 * (tops[layer + 1] - z))
        below, above = U[0] * np.exp(1j * outer[0] * k0 * np.abs(z)), U[-1] * np.exp(1j * outer[1] * k0 * np.abs(z - tops[-1]))
        result: Complexes = np.where(z < 0, below, np.where(z > tops[-1], above, inside))
        return result

    @cached_property
    def threshold(self) -> VerticalThreshold:
        """Material gain of the gain layers, and wavelength, at which the frequency is real.

        Raises
        ------
        ArgumentError
            There is no gain layer.
        ModeSearchError
            No gain does it.
        """
        if not self.cavity.gain_layers:
            refuse("cavity", "have a layer with `role: gain`", "without one")
        last = [self.k0_per_nm]

        def lacking(gain: float) -> float:
            last[0] = settled(self.cavity.with_gain(gain), last[0])
            return -last[0].imag

        response = self.index_response[list(self.cavity.gain_layers)].sum().real
        start = -2 * self.k0_per_nm.imag / response * NM_PER_CM
        gain = secant(lacking, start, f"the cavity's mode at {self.wavelength_nm:.6g} nm")
        wavelength = 2 * np.pi / last[0].real
        # the same extinction at the wavelength at which it lases
        return VerticalThreshold(float(gain) * self.wavelength_nm / wavelength, wavelength)


@dataclass(frozen=True)
class VerticalModes:
    """Every resonance of a range of wavelengths, the longest wave first."""

    modes: tuple[VerticalMode, ...]
    wavelengths_nm: tuple[float, float]
    least_q: float
    note: str

    @property
    def spacings_meV(self) -> Reals:
        """Between neighbours [mode − 1]."""
        return np.diff([mode.energy_eV for mode in self.modes]) * MEV_PER_EV


def _quotient(over: Reals, under: Reals) -> Reals:
    small = np.abs(under) < LEVEL
    return np.where(small, 1.0, over / np.where(small, 1.0, under))


def settled(cavity: VerticalCavity, near_k0: complex) -> complex:
    """The resonance to which Newton's iteration leads."""
    found, step = zeros.refine(cavity.log_round_trip, np.array([near_k0]))
    if step > 1e-8:
        raise ModeSearchError(f"No resonance of the vertical cavity near {2 * np.pi / near_k0.real:.6g} nm")
    return complex(found[0])


def vertical_modes(source: VerticalCavity | Stack, wavelengths_nm: tuple[float, float], least_q: float = LEAST_Q) -> VerticalModes:
    """Every resonance of a stack along its normal in a range of wavelengths.

    Parameters
    ----------
    source : VerticalCavity or Stack
        Of a stack with dispersion the range is searched in pieces that overlap, each mode with the indices at its own wavelength.
    wavelengths_nm : (float, float)
        Range [nm], of Re k0.
    least_q : float
        Resonances with |Q| down to this are returned.

    Raises
    ------
    ArgumentError
        An argument is out of its range.
    ModeSearchError
        Resonances were counted that could not be found.

    Notes
    -----
    The zeros of D are counted by the argument principle: none is missing in a piece.

    Examples
    --------
    >>> cavity = VerticalCavity(("substrate", "spacer", "superstrate"), [4.0, 1.5, 4.0], [1000.0], 600.0)
    >>> [round(mode.wavelength_nm, 3) for mode in vertical_modes(cavity, (500, 700), 5).modes]  # 2 n d/m with r² < 0 … m
    [600.0, 500.0]
    """
    low, high = wavelengths_nm
    if not (0 < low < high < np.inf):
        refuse("wavelengths_nm", "be (low, high) with 0 < low < high", wavelengths_nm)
    if not least_q > 1:
        refuse("least_q", "be > 1", least_q)
    first = cavity_at(source, None if isinstance(source, VerticalCavity) else 0.5 * (low + high))
    dispersive = not isinstance(source, VerticalCavity) and bool(first.dindex_dwavelength.any())
    pieces = int(np.ceil(np.log(high / low) / PIECE)) if dispersive else 1
    edges = np.geomspace(low, high, pieces + 1)
    found: list[VerticalMode] = []
    for shorter, longer in pairwise(edges):
        room = OVERLAP * (longer - shorter) if dispersive else 1e-6 * longer
        cavity = cavity_at(source, 0.5 * (shorter + longer)) if dispersive else first
        for k0 in _resonances(cavity, shorter - room, longer + room, least_q):
            mode = _at_own_wavelength(source, cavity, k0, dispersive)
            known = any(abs(mode.k0_per_nm - each.k0_per_nm) < SAME * abs(mode.k0_per_nm) for each in found)
            inside = low * (1 - 1e-9) <= mode.wavelength_nm <= high * (1 + 1e-9)
            if inside and abs(mode.q) >= least_q and not known:
                found.append(mode)
    told = f"all {len(found)} resonances in {low:.6g} … {high:.6g} nm with |Q| >= {least_q:g}"
    return VerticalModes(tuple(sorted(found, key=lambda mode: -mode.wavelength_nm)), (low, high), least_q, told)


def _resonances(cavity: VerticalCavity, shortest_nm: float, longest_nm: float, least_q: float) -> tuple[complex, ...]:
    least, most = 2 * np.pi / longest_nm, 2 * np.pi / shortest_nm
    depth = most / (2 * least_q)
    optical = float(np.sum(np.abs(cavity.index[1:-1].real) * cavity.thickness_nm))  # phase of one passage by k0
    what, complaint = f"Vertical cavity at {shortest_nm:.6g} … {longest_nm:.6g} nm", ""
    for wider in OUTLINES:
        more = wider * (most - least)
        corners = complex(least - more, -1.03 * depth), complex(most + more, 0.97 * depth)
        try:
            return find_in_strips(cavity.log_round_trip, *corners, "real", optical, what)
        except ModeSearchError as error:
            complaint = str(error)
    raise ModeSearchError(complaint)


def _at_own_wavelength(source: VerticalCavity | Stack, cavity: VerticalCavity, k0: complex, dispersive: bool) -> VerticalMode:
    """A mode with the indices at its wavelength."""
    if not dispersive:
        return VerticalMode(k0, cavity_at(cavity, 2 * np.pi / k0.real))
    for _ in range(3):  # each time the way left is smaller by the second derivative of the indices
        cavity = cavity_at(source, 2 * np.pi / k0.real)
        k0 = settled(cavity, k0)
    return VerticalMode(k0, cavity)
