"""Coupling constants of a grating from the planar mode and the geometry, and the band edges of an infinite one.

    R' = i (δ + ζ) R + i κ S,  −S' = i (δ + ζ) S + i κ R,   δ = β(ω) − p π/Λ

κ and ζ are k0 times the matrix elements of ``coupled_waves_partial``, taken at the Bragg wavelength, where Re n_eff = pλ/(2Λ).
The edges of the stop band are the ω at which (R, S) stand: δ + ζ ± κ = 0, with δ = n_g (k0 − k0_B) + i Im β. Of a cell that is
its own mirror image they are even (R = S, bright where p is even: it radiates along the normal) and odd (R = −S, dark).

Good to first order in the depth relative to the leading term: the waves are those of the stack with the slices' means, the
second order in the grating leaves out the other planar modes at ±pG/2 and partial waves scattering among themselves (of TM
this too is of second order in the depth: where first-order coupling vanishes, as at 50 % duty, its κ is an estimate).

Reference: R. F. Kazarinov, C. H. Henry, IEEE J. Quantum Electron. 21, 144 (1985), doi:10.1109/JQE.1985.1072627: their h2 + i h1 is κ here
up to the sign that the choice of x = 0 gives, their h1 is Im ζ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from qdphotonics._checks import one_of, positive, refuse, whole
from qdphotonics.errors import ModeSearchError
from qdphotonics.gratings.cell import Complexes, Reals, UnitCell, unit_cell
from qdphotonics.gratings.coupled_waves_partial import BACKWARD, FORWARD, Baseline, MatrixElements, matrix_elements
from qdphotonics.planar.results import Mode, Polarization
from qdphotonics.units import NM_PER_CM

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

PARTIAL_WAVES = {"TE": 40, "TM": 160}  # to either side: κ of D4's cell, all second order, to 1e-4 and 2e-3
SETTLED_NM = 1e-9  # step of the Bragg wavelength, and relative step of the threshold gain, after which neither would move
ROUNDING_PER_CM = 1e-7  # of a gain: a long grating with good facets hardly needs any, and rounding is all that is left of it
SETTLED_PERIOD = 1e-12  # relative step of a period
MOST_STEPS = 40
ROUNDING = 1e-15  # of k0: a decay this slow, without absorption, is none


@dataclass(frozen=True)
class BandEdge:
    """One edge of the stop band of an infinite grating."""

    wavelength_nm: float
    symmetry: Literal["bright", "dark", "even", "odd"] | None  # even, odd: where the order p is odd; None: the cell has no mirror
    radiation_per_cm: float  # power lost along the way to partial waves that radiate
    gain_per_cm: float  # that the mode must gain in power, its gain layers' included, to stand: α_eff + radiation of a passive guide
    q: float  # without that gain
    amplitudes: tuple[complex, complex]  # of S and R, |S|² + |R|² = 1


@dataclass(frozen=True, eq=False)
class GratingCoupling:
    """A planar mode and what a grating does to it.

    Parameters
    ----------
    cell : UnitCell
        At the wavelength at which everything holds.
    mode : planar.Mode
        Of the stack with the slices' means.
    elements : MatrixElements
    """

    cell: UnitCell
    mode: Mode
    elements: MatrixElements
    baseline: Baseline

    @property
    def polarization(self) -> Polarization:
        return self.mode.polarization

    @property
    def wavelength_nm(self) -> float:
        """Vacuum wavelength at which the constants were taken: the Bragg wavelength unless another was asked for [nm]."""
        return self.cell.wavelength_nm

    @property
    def k0_per_nm(self) -> float:
        return 2 * np.pi / self.wavelength_nm

    @property
    def n_eff(self) -> complex:
        return self.mode.n_eff

    @property
    def loss_per_cm(self) -> float:
        """2 k0 Im n_eff of the planar mode [1/cm]."""
        return self.mode.loss_per_cm

    @property
    def detuning_per_nm(self) -> float:
        """Re β − pπ/Λ; 0 at the Bragg wavelength."""
        return float(self.k0_per_nm * self.n_eff.real - self.cell.order * np.pi / self.cell.period_nm)

    @cached_property
    def shifts_per_nm(self) -> Complexes:
        """[[ζ_S, κ_f], [κ_b, ζ_R]] [1/nm], [wave into, wave from] of S, R."""
        return self.k0_per_nm * self.elements.total

    @property
    def coupling_per_cm(self) -> complex:
        """κ of S into R [1/cm]."""
        return complex(self.shifts_per_nm[FORWARD, BACKWARD]) * NM_PER_CM

    @property
    def coupling_back_per_cm(self) -> complex:
        """κ of R into S [1/cm]; the same where the cell is its own mirror image."""
        return complex(self.shifts_per_nm[BACKWARD, FORWARD]) * NM_PER_CM

    @property
    def plain_coupling_per_cm(self) -> complex:
        """κ of S into R without partial waves: the p-th Fourier coefficient's [1/cm]."""
        return complex(self.k0_per_nm * self.elements.first[FORWARD, BACKWARD]) * NM_PER_CM

    @property
    def self_coupling_per_cm(self) -> complex:
        """ζ [1/cm], the mean of both waves'."""
        return complex(0.5 * np.trace(self.shifts_per_nm)) * NM_PER_CM

    @cached_property
    def edges(self) -> tuple[BandEdge, BandEdge]:
        """Edges of the stop band of an infinite grating, the shorter wavelength first."""
        first, second = (self._edge(*each) for each in standing(self.shifts_per_nm))
        return (first, second) if first.wavelength_nm <= second.wavelength_nm else (second, first)

    def _edge(self, shift: complex, amplitudes: Complexes) -> BandEdge:
        loss = self.k0_per_nm * self.n_eff.imag
        k0 = self.k0_per_nm - (shift + self.detuning_per_nm + 1j * loss) / self.mode.group_index
        if abs(k0.imag) < ROUNDING * abs(k0) and not self.cell.index.imag.any() and not self.cell.index_extraordinary.imag.any():
            k0, shift = complex(k0.real), complex(shift.real)
        q = np.inf if k0.imag == 0 else -k0.real / (2 * k0.imag)
        per_cm = 2 * NM_PER_CM
        passive = shift.imag * per_cm
        S, R = (complex(each) for each in amplitudes)
        return BandEdge(2 * np.pi / k0.real, self._symmetry(S, R), passive, passive + loss * per_cm, float(q), (S, R))

    def _symmetry(self, S: complex, R: complex) -> Literal["bright", "dark", "even", "odd"] | None:
        if not self.cell.is_symmetric:
            return None
        even = abs(R + S) > abs(R - S)
        if self.cell.order % 2:
            return "even" if even else "odd"
        return "bright" if even else "dark"

    @property
    def stop_band_nm(self) -> tuple[float, float]:
        """Wavelengths of the two edges [nm]."""
        return self.edges[0].wavelength_nm, self.edges[1].wavelength_nm

    def edge(self, symmetry: str) -> BandEdge:
        """The edge of a symmetry."""
        for each in self.edges:
            if each.symmetry == symmetry:
                return each
        return refuse("symmetry", f"be one of {', '.join(str(each.symmetry) for each in self.edges)}", repr(symmetry))

    def radiated_per_cm(self, S: complex, R: complex) -> Reals:
        """Power that waves S, R lose by radiation, by the flux far away [side, partial wave] [1/cm]: Poynting's way to it.

        Of lossless stacks its sum is 2 Im (shift) of ``edges``, without being used there.
        """
        leaving = np.abs(self.elements.radiated @ np.array([S, R])) ** 2 * self.elements.flux
        result: Reals = self.k0_per_nm * leaving / (self.elements.power * (abs(S) ** 2 + abs(R) ** 2)) * NM_PER_CM
        return result

    @cached_property
    def index_response(self) -> Complexes:
        """∂n_eff/∂n of the cell's layers [layer + 2], their share of the grating included (both indices of a uniaxial one moved)."""
        from qdphotonics.gratings.coupled_waves_partial import mode_on_slices

        guided = mode_on_slices(self.mode)
        one = np.eye(len(self.cell.names), dtype=complex)
        inside = np.array([each.fourier(one, [0], self.cell.period_nm)[:, 0] for each in self.baseline.slices])
        shares = np.concatenate([one[:1], inside, one[-1:]])  # [slice + 2, layer + 2]
        n, n_z = self.cell.index, self.cell.index_extraordinary
        if self.polarization == "TE":
            moved = 2 * n * (shares.T @ guided.products[:, 0])
        else:
            moved = 2 * n * (shares.T @ guided.products[:, 1]) + 2 * n_z**-3 * self.n_eff**2 * (shares.T @ guided.products[:, 0])
        result: Complexes = moved / (2 * self.n_eff * self.elements.norm)
        return result

    @property
    def gain_confinement(self) -> float:
        """Γ of the gain layers: modal gain = Γ · material gain, exactly to first order."""
        return float(self.index_response[list(self.cell.gain_layers)].real.sum())

    def with_gain(self, gain_per_cm: float) -> GratingCoupling:
        """The same with so much material gain [1/cm] in the gain layers: in the planar mode and in the grating."""
        return coupling_at(self.cell.with_gain(gain_per_cm), self.polarization, self.n_eff, self.number)

    @property
    def number(self) -> int:
        """Partial waves to either side."""
        return (self.elements.orders.size - self.cell.order + 1) // 2

    def threshold_gain_per_cm(self, symmetry: str) -> float:
        """Material gain [1/cm] in the gain layers at which an edge of the infinite grating stands: the net loss of the edge vanishes.

        Raises
        ------
        ArgumentError
            The cell has no gain layer, or no such edge.
        ModeSearchError
            No gain does it.
        """
        if not self.cell.gain_layers:
            refuse("cell", "have a layer with `role: gain`", "without one")
        start = self.edge(symmetry).gain_per_cm / self.gain_confinement
        return secant(lambda gain: self.with_gain(gain).edge(symmetry).gain_per_cm, start, f"the {symmetry} edge")


def standing(shifts: Complexes) -> list[tuple[complex, Complexes]]:
    """Shifts of β and amplitudes (S, R) of the two standing waves: eigenvectors of [wave into, wave from]."""
    values, vectors = np.linalg.eig(shifts)
    return [(complex(values[k]), vectors[:, k] / np.linalg.norm(vectors[:, k])) for k in range(2)]


def secant(function: Callable[[float], float], start: float, what: str) -> float:
    """Zero of a nearly linear function of the gain, from 0 and an estimate."""
    x0, x1 = 0.0, start if start != 0.0 else 1.0
    f0, f1 = function(x0), function(x1)
    for _ in range(MOST_STEPS):
        if f1 == 0.0 or f1 == f0:
            break
        x0, x1, f0 = x1, x1 - f1 * (x1 - x0) / (f1 - f0), f1
        if abs(x1 - x0) <= SETTLED_NM * abs(x1) + ROUNDING_PER_CM:
            return x1
        f1 = function(x1)
    if f1 == 0.0:
        return x1
    raise ModeSearchError(f"No material gain makes {what} stand: the last tried was {x1:.6g} 1/cm")


def coupling_at(cell: UnitCell, polarization: Polarization, near_n_eff: complex, number: int) -> GratingCoupling:
    """Constants at the cell's own wavelength, of the planar mode nearest to an effective index."""
    baseline = Baseline(cell, polarization)
    modes = baseline.modes()
    if not modes:
        raise ModeSearchError(f"The stack has no {polarization} mode at {cell.wavelength_nm:.6g} nm for a grating to couple")
    mode = min(modes, key=lambda each: abs(each.n_eff - near_n_eff))
    return GratingCoupling(cell, mode, matrix_elements(baseline, mode, number), baseline)


def cell_at(source: UnitCell | Stack, wavelength_nm: float | None) -> UnitCell:
    """A stack's cell at a wavelength [nm]; a cell's indices are extended by their slope."""
    if not isinstance(source, UnitCell):
        return unit_cell(source, wavelength_nm)
    if wavelength_nm is None or wavelength_nm == source.wavelength_nm:
        return source
    off = wavelength_nm - source.wavelength_nm
    return replace(
        source,
        wavelength_nm=wavelength_nm,
        index=source.index + off * source.dindex_dwavelength,
        index_extraordinary=source.index_extraordinary + off * source.dindex_extraordinary_dwavelength,
    )


def grating_coupling(
    source: UnitCell | Stack,
    polarization: Polarization = "TE",
    mode: int = 0,
    *,
    wavelength_nm: float | None = None,
    partial_waves: int | None = None,
) -> GratingCoupling:
    """Coupling constants of a grated stack at its Bragg wavelength.

    Parameters
    ----------
    source : UnitCell or Stack
        A stack's materials are taken at each wavelength anew, a cell's extended by their slope.
    polarization : {"TE", "TM"}
    mode : int
        Which planar mode, by falling Re n_eff at the cell's wavelength.
    wavelength_nm : float, optional
        Take the constants here instead [nm].
    partial_waves : int
        To either side of the two orders that feed back; 40 for TE, 160 for TM unless given.

    Returns
    -------
    GratingCoupling

    Raises
    ------
    ArgumentError
        No grating, no such mode, or a number out of range.
    ModeSearchError
        No planar mode, or none that meets the Bragg condition in the materials' range.

    Examples
    --------
    >>> from qdphotonics.gratings import GratingProfile, UnitCell
    >>> cell = UnitCell(("substrate", "L-ITO", "QD", "superstrate"), [1.52, 1.6, 1.9, 1.0], [250.0, 50.0], 400.0, 620.0,
    ...                 grated=1, profile=GratingProfile(400.0, 30.0))
    >>> found = grating_coupling(cell)
    >>> [(edge.symmetry, round(edge.wavelength_nm, 1)) for edge in found.edges], abs(found.plain_coupling_per_cm) < 1e-9
    ([('bright', 620.4), ('dark', 620.5)], True)
    """
    one_of("polarization", polarization, ("TE", "TM"))
    number = PARTIAL_WAVES[polarization] if partial_waves is None else whole("partial_waves", partial_waves, 1)
    whole("mode", mode, 0)
    cell = cell_at(source, wavelength_nm)
    if cell.profile is None:
        refuse("source", "have a grating", "planar")
    modes = Baseline(cell, polarization).modes()
    if mode >= len(modes):
        refuse("mode", f"be below {len(modes)}, the number of {polarization} modes at {cell.wavelength_nm:.6g} nm", mode)
    found = modes[mode]
    if wavelength_nm is not None:
        return coupling_at(cell, polarization, found.n_eff, number)
    for _ in range(MOST_STEPS):
        wanted = cell.order * cell.wavelength_nm / (2 * cell.period_nm)
        step = (found.n_eff.real - wanted) * cell.wavelength_nm / found.group_index
        cell = cell_at(source, positive("wavelength_nm", cell.wavelength_nm + step, "nm"))
        near = found.n_eff + (found.n_eff - found.group_index) * step / cell.wavelength_nm
        modes = Baseline(cell, polarization).modes()
        if not modes:
            break
        found = min(modes, key=lambda each: abs(each.n_eff - near))
        if abs(step) < SETTLED_NM:
            return coupling_at(cell, polarization, found.n_eff, number)
    told = f"order {cell.order} at a period of {cell.period_nm:.6g} nm"
    raise ModeSearchError(f"No {polarization} mode meets the Bragg condition of {told}: the search ended at {cell.wavelength_nm:.6g} nm")


def period_for(
    source: UnitCell | Stack,
    wavelength_nm: float,
    polarization: Polarization = "TE",
    mode: int = 0,
    *,
    edge: str | None = None,
) -> float:
    """Period [nm] with which a grated stack stands at a wavelength, duty and depth as they are.

    Parameters
    ----------
    source : UnitCell or Stack
    wavelength_nm : float
        Wanted [nm].
    polarization : {"TE", "TM"}
    mode : int
        Which planar mode, by falling Re n_eff.
    edge : {"bright", "dark", "even", "odd"}, optional
        The edge of the stop band that is to lie there; unless given the middle, p λ/(2 Re n_eff).

    Returns
    -------
    float

    Raises
    ------
    ArgumentError, ModeSearchError
        As :func:`grating_coupling`.
    """
    cell = cell_at(source, positive("wavelength_nm", wavelength_nm, "nm"))
    if cell.profile is None:
        refuse("source", "have a grating", "planar")
    modes = Baseline(cell, polarization).modes()
    if mode >= len(modes):
        refuse("mode", f"be below {len(modes)}, the number of {polarization} modes at {wavelength_nm:.6g} nm", mode)
    near = modes[mode].n_eff
    period = cell.order * wavelength_nm / (2 * near.real)
    if edge is None:
        return period
    for _ in range(MOST_STEPS):
        assert cell.profile is not None
        cell = replace(cell, period_nm=period, profile=replace(cell.profile, period_nm=period))
        found = grating_coupling(cell, polarization, mode)
        step = (wavelength_nm - found.edge(edge).wavelength_nm) / wavelength_nm * found.mode.group_index / near.real
        period *= 1 + step
        if abs(step) < SETTLED_PERIOD:
            return period
    raise ModeSearchError(f"No period puts the {edge} edge at {wavelength_nm:.6g} nm: the search ended at {period:.6g} nm")
