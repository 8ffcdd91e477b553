"""A grating of finite length as a laser: wavelengths, thresholds, what leaves it and where.

Of a mode with the field gain α (``coupled_waves``), Γ g_th = α_eff + 2α: α_eff the planar mode's own loss, 2α what the cavity
loses through its ends and, of orders above the first, upwards and downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.errors import ModeSearchError
from qdphotonics.gratings import zeros
from qdphotonics.gratings.cell import Complexes, Reals, UnitCell
from qdphotonics.gratings.checks import one_of, positive, refuse
from qdphotonics.gratings.coupled_waves import OFFSET, CoupledWaves, ThresholdMode, WavesAlong
from qdphotonics.gratings.coupled_waves_coupling import MOST_STEPS, PARTIAL_WAVES, Baseline, GratingCoupling, cell_at, coupling_at, secant
from qdphotonics.planar.results import Polarization
from qdphotonics.units import NM_PER_CM, NM_PER_UM

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

Side = Literal["substrate", "superstrate"]
SETTLED = 1e-12  # relative step of a period after which it stands
PER_POINT = 0.05  # of a wave of e^{i k x}: steps of the integral over x in a far field
STEPS = 4001  # along the grating, at least


@dataclass(frozen=True)
class DistributedFeedbackMode:
    """One mode of a finite grating at its threshold."""

    wavelength_nm: float
    cavity_loss_per_cm: float  # 2α: through the ends and by radiation
    modal_gain_per_cm: float  # Γ g_th = α_eff + 2α
    ends_per_cm: float  # part of 2α that leaves through the ends
    radiated_per_cm: tuple[float, float]  # part of 2α that leaves into substrate and superstrate
    evenness: float  # ∫|R + S|²/2∫(|R|² + |S|²): 1 even in x as a bright edge, 0 odd as a dark one
    threshold: ThresholdMode


@dataclass(frozen=True, eq=False)
class FarField:
    """Intensity over the angle, its largest value 1."""

    angle_deg: Reals  # in the half-space of index ``index``
    intensity: Reals
    index: float

    @property
    def divergence_deg(self) -> float:
        """Angle between the outermost directions of half the largest intensity."""
        bright = self.angle_deg[self.intensity >= 0.5]
        return float(bright[-1] - bright[0])


@dataclass(frozen=True)
class DistributedFeedback:
    """A grating of a length.

    Parameters
    ----------
    coupling : GratingCoupling
    length_um : float
    facets : (complex, complex)
        Amplitude reflectivities at x = 0 and L, phases included.
    phase_shifts : sequence of (float, float)
        (x/L, θ [radians]); π/2 in the middle: a λ/4 shift.
    strength : sequence of float
        Relative coupling of as many equal sections.

    Examples
    --------
    >>> from qdphotonics.gratings import GratingProfile, UnitCell
    >>> cell = UnitCell(("substrate", "L-ITO", "QD", "superstrate"), [1.52, 1.6, 1.9, 1.0], [250.0, 50.0], 400.0, 620.0,
    ...                 grated=1, profile=GratingProfile(400.0, 30.0, 0.3))
    >>> from qdphotonics.gratings.coupled_waves_coupling import grating_coupling
    >>> best = DistributedFeedback(grating_coupling(cell), 500.0).modes()[0]
    >>> round(best.wavelength_nm, 1), best.evenness < 0.1  # the dark edge, on the long-wave side here
    (621.9, True)
    """

    coupling: GratingCoupling
    length_um: float
    facets: tuple[complex, complex] = (0.0, 0.0)
    phase_shifts: Sequence[tuple[float, float]] = ()
    strength: Sequence[float] = (1.0,)

    def __post_init__(self) -> None:
        positive("length_um", self.length_um, "um")

    @cached_property
    def waves(self) -> CoupledWaves:
        """The same in units of the length."""
        return self._waves(self.coupling)

    def _waves(self, coupling: GratingCoupling) -> CoupledWaves:
        shifts = coupling.shifts_per_nm * self.length_um * NM_PER_UM
        return CoupledWaves(
            complex(shifts[1, 0]), complex(shifts[0, 1]), 0.5 * complex(np.trace(shifts)), self.facets, self.phase_shifts, self.strength
        )

    def modes(
        self, detuning_range: tuple[float, float] | None = None, gain_range: tuple[float, float] | None = None
    ) -> tuple[DistributedFeedbackMode, ...]:
        """Every mode in a window, the lowest threshold first; the ranges are those of :meth:`CoupledWaves.modes`."""
        if detuning_range is None:  # around the stop band, which ζ shifts
            widest = self.waves.largest_coupling + 4 * np.pi
            detuning_range = (-widest - self.waves.self_coupling.real, widest - self.waves.self_coupling.real)
        return tuple(self._mode(each) for each in self.waves.modes(detuning_range, gain_range).modes)

    def _mode(self, mode: ThresholdMode) -> DistributedFeedbackMode:
        coupling, per_cm = self.coupling, 1e4 / self.length_um
        k0 = coupling.k0_per_nm + (mode.detuning / (self.length_um * NM_PER_UM) - coupling.detuning_per_nm) / coupling.mode.group_index
        along = self.along(mode)
        R, S, weight = along.forward, along.backward, _simpson(along.position)
        power = np.sum(weight * along.intensity)
        ends = abs(R[-1]) ** 2 * (1 - abs(self.facets[1]) ** 2) + abs(S[0]) ** 2 * (1 - abs(self.facets[0]) ** 2)
        amplitudes = np.tensordot(coupling.elements.radiated, np.array([S, R]), axes=1)  # [side, partial wave, x]
        leaving = np.sum(np.abs(amplitudes) ** 2 * weight, axis=2) * coupling.elements.flux
        sides = coupling.k0_per_nm * NM_PER_CM * leaving.sum(axis=1) / (coupling.elements.power * power)
        loss = mode.power_gain * per_cm
        return DistributedFeedbackMode(
            wavelength_nm=2 * np.pi / k0,
            cavity_loss_per_cm=loss,
            modal_gain_per_cm=loss + coupling.loss_per_cm,
            ends_per_cm=float(ends / power) * per_cm,
            radiated_per_cm=(float(sides[0]), float(sides[1])),
            evenness=float(0.5 * np.sum(weight * np.abs(R + S) ** 2) / power),
            threshold=mode,
        )

    def along(self, mode: ThresholdMode) -> WavesAlong:
        """R and S at enough points for integrals along the grating, x/L."""
        steps = STEPS + 2 * int(20 * (abs(mode.detuning) + self.waves.largest_coupling + abs(self.waves.self_coupling)))
        return self.waves.waves(mode, np.linspace(0.0, 1.0, steps))

    def threshold_gain_per_cm(self, mode: DistributedFeedbackMode) -> float:
        """Material gain [1/cm] in the gain layers at which a mode stands, the gain in the planar mode and in the grating."""
        cell = self.coupling.cell
        if not cell.gain_layers:
            refuse("coupling", "be of a cell with a layer of `role: gain`", "of one without")
        last = [complex(mode.threshold.field_gain, mode.threshold.detuning)]

        def lacking(gain: float) -> float:
            coupling = self.coupling.with_gain(gain) if gain else self.coupling
            waves = self._waves(coupling)
            moved = 1j * waves.self_coupling + OFFSET
            found, step = zeros.refine(lambda w: waves.log_threshold(w - OFFSET), np.array([last[0] + moved]))
            if step > 1e-8:
                raise ModeSearchError(f"The mode at {mode.wavelength_nm:.6g} nm was lost on the way to its threshold gain")
            last[0] = complex(found[0] - moved)
            return 2 * last[0].real * 1e4 / self.length_um + coupling.loss_per_cm

        return secant(lacking, mode.modal_gain_per_cm / self.coupling.gain_confinement, f"the mode at {mode.wavelength_nm:.6g} nm")

    def near_field(self, mode: DistributedFeedbackMode, side: Side = "superstrate", order: float = 0.0) -> tuple[Reals, Complexes]:
        """Amplitude (E_y, of TM H_y) of a radiated order on a half-space.

        Parameters
        ----------
        mode : DistributedFeedbackMode
        side : {"substrate", "superstrate"}
        order : float
            K/G of the partial wave: 0 leaves along the normal; half-integers where the grating's order is odd.

        Returns
        -------
        float array [x], complex array [x]
            x/L; the field of the wave less e^{iKx}.
        """
        one_of("side", side, ("substrate", "superstrate"))
        orders = self.coupling.elements.orders
        if order not in orders:
            refuse("order", "be that of a partial wave (K/G)", order)
        along = self.along(mode.threshold)
        amplitude = self.coupling.elements.radiated[("substrate", "superstrate").index(side), int(np.flatnonzero(orders == order)[0])]
        return along.position, amplitude[0] * along.backward + amplitude[1] * along.forward

    def far_field(
        self, mode: DistributedFeedbackMode, side: Side = "superstrate", order: float = 0.0, angle_deg: ArrayLike | None = None
    ) -> FarField:
        """Surface emission over the angle from the normal, in the plane of propagation.

        Parameters
        ----------
        mode, side, order
            As for :meth:`near_field`.
        angle_deg : float array [angle], optional
            Within the half-space; around the order's direction unless given.

        Notes
        -----
        |cos θ ∫ a(x) e^{i(K − k0 n sin θ)x} dx|², a the near field (Rayleigh and Sommerfeld's first integral in the plane).
        """
        x, near = self.near_field(mode, side, order)
        index = float(self.coupling.cell.index[0 if side == "substrate" else -1].real)
        k = 2 * np.pi / mode.wavelength_nm * index
        K = 2 * np.pi / self.coupling.cell.period_nm * order
        length = self.length_um * NM_PER_UM
        if abs(K) >= k:
            refuse("order", f"radiate into the {side}: |K| below {k:.6g} 1/nm", f"one of K = {K:.6g} 1/nm")
        if angle_deg is None:
            spread = min(20 * np.pi / length, k - abs(K))
            angle = np.degrees(np.arcsin((K + np.linspace(-spread, spread, 801)) / k))
        else:
            angle = np.asarray(angle_deg, dtype=float)
        kx = k * np.sin(np.radians(angle)) - K
        if np.abs(kx).max() * length / x.size > PER_POINT * 2 * np.pi:  # the envelope is smooth: finer by interpolation
            fine = np.linspace(0.0, 1.0, 1 + int(np.abs(kx).max() * length / (PER_POINT * 2 * np.pi)))
            x, near = fine, np.interp(fine, x, near.real) + 1j * np.interp(fine, x, near.imag)
        weighted = near * _simpson(x)
        amplitude = np.array([np.sum(weighted * np.exp(-1j * each * length * x)) for each in kx]) * np.cos(np.radians(angle))
        return _far(angle, amplitude, index)

    def edge_far_field(self, angle_deg: ArrayLike | None = None, index: float = 1.0) -> FarField:
        """Edge emission over the angle from the plane of the layers, into a medium in front of the facet.

        Parameters
        ----------
        angle_deg : float array [angle], optional
            −80 … 80° unless given.
        index : float
            Of that medium.

        Notes
        -----
        |cos θ ∫ U(z) e^{−i k0 n sin θ z} dz|², U = E_y (TE) or H_y (TM) of the planar mode; that the facet reflects steep waves
        otherwise than others is left out. An open half-space counts as if it ended at its interface.
        """
        from qdphotonics import planar

        mode = self.coupling.mode
        angle = np.linspace(-80.0, 80.0, 641) if angle_deg is None else np.asarray(angle_deg, dtype=float)
        z, weight = self._heights()
        field = planar.mode_field(mode, z)
        U = (field.E if mode.polarization == "TE" else field.H)[1]
        kz = self.coupling.k0_per_nm * index * np.sin(np.radians(angle))
        amplitude = np.exp(-1j * np.multiply.outer(kz, z)) @ (weight * U) * np.cos(np.radians(angle))
        return _far(angle, amplitude, index)

    def _heights(self) -> tuple[Reals, Reals]:
        """Gauss points over the layers and the tails of closed half-spaces, with weights [nm]."""
        from qdphotonics.planar.kz import halfspace_kz

        mode, k0 = self.coupling.mode, self.coupling.k0_per_nm
        edges = np.concatenate([[0.0], np.cumsum(mode.thickness_nm)])
        tails = [0.0, 0.0]
        for side in (0, 1):
            kz = halfspace_kz(complex(mode.index[-side] ** 2 - mode.n_eff**2))
            if not mode.open[side]:
                tails[side] = 35.0 / (k0 * kz.imag)
        edges = np.concatenate([[edges[0] - tails[0]], edges, [edges[-1] + tails[1]]])
        nodes, weights = np.polynomial.legendre.leggauss(16)
        z, weight = [], []
        for low, high in zip(edges[:-1], edges[1:], strict=True):
            panels = max(1, int(np.ceil((high - low) / (0.5 * mode.wavelength_nm / max(abs(mode.index).max(), 1.0)))))
            width = (high - low) / panels
            z.append((low + width * (np.arange(panels)[:, None] + 0.5 * (nodes + 1.0))).ravel())
            weight.append(np.tile(0.5 * width * weights, panels))
        return np.concatenate(z), np.concatenate(weight)

    def profile(self, mode: DistributedFeedbackMode, x: ArrayLike, z_nm: ArrayLike) -> Reals:
        """|U(z)|² (|R(x)|² + |S(x)|²) [z, x], largest value 1: the mode along the grating and across the layers, without its standing wave.

        Parameters
        ----------
        mode : DistributedFeedbackMode
        x : float array [x]
            x/L, rising.
        z_nm : float array [z]
            Height [nm], 0 on the substrate.
        """
        from qdphotonics import planar

        field = planar.mode_field(self.coupling.mode, z_nm)
        U = (field.E if self.coupling.polarization == "TE" else field.H)[1]
        result: Reals = np.multiply.outer(np.abs(U) ** 2, self.waves.waves(mode.threshold, x).intensity)
        return result / result.max()


def _simpson(x: Reals) -> Reals:
    """Weights of Simpson's rule on an odd number of equal steps' ends, of the trapezium's on an even one."""
    h = (x[-1] - x[0]) / (x.size - 1)
    weight = np.full(x.size, h)
    if x.size % 2:
        weight[1:-1:2], weight[2:-1:2] = 4 * h / 3, 2 * h / 3
        weight[[0, -1]] = h / 3
    else:
        weight[[0, -1]] = 0.5 * h
    return weight


def _far(angle: Reals, amplitude: Complexes, index: float) -> FarField:
    intensity = np.abs(amplitude) ** 2
    return FarField(angle, intensity / intensity.max(), index)


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
        found = coupling_at(cell, polarization, near, PARTIAL_WAVES[polarization])
        step = (wavelength_nm - found.edge(edge).wavelength_nm) / wavelength_nm * found.mode.group_index / near.real
        period *= 1 + step
        if abs(step) < SETTLED:
            return period
    raise ModeSearchError(f"No period puts the {edge} edge at {wavelength_nm:.6g} nm: the search ended at {period:.6g} nm")
