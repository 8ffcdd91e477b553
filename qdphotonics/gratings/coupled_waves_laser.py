"""A grating of finite length as a laser: wavelengths, thresholds, what leaves it and where.

Of a mode with the field gain α (``coupled_waves``), Γ g_th = α_eff + 2α: α_eff the planar mode's own loss, 2α what the cavity
loses through its ends and, of orders above the first, upwards and downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import one_of, positive, refuse
from qdphotonics.errors import ModeSearchError
from qdphotonics.gratings import zeros
from qdphotonics.gratings.cell import Complexes, Reals, UnitCell
from qdphotonics.gratings.coupled_waves import BEYOND, OFFSET, CoupledWaves, ThresholdMode, WavesAlong
from qdphotonics.gratings.coupled_waves_coupling import GratingCoupling, coupling_at, grating_coupling, secant
from qdphotonics.gratings.finite import depth_factor
from qdphotonics.planar.results import Polarization
from qdphotonics.stacks.grating_rules import Apodisation
from qdphotonics.units import NM_PER_CM, NM_PER_UM

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

STEPS = 4001  # along the grating, at least; odd, for Simpson's rule
SECTIONS = 48  # of an apodised grating: thresholds to 1e-3
DEPTHS = 7  # at which an apodised grating's κ and β are computed: polynomials between them
NO_DEPTH = 1e-6  # of the depth: no grating


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
    apodisation : {"none", "raised-cosine", "gaussian"}
        How the depth falls towards the ends (``gratings.finite``); κ, ζ and β are those of the depth at each place.

    Examples
    --------
    >>> from qdphotonics.gratings import GratingProfile, UnitCell, grating_coupling
    >>> cell = UnitCell(("substrate", "L-ITO", "QD", "superstrate"), [1.52, 1.6, 1.9, 1.0], [250.0, 50.0], 400.0, 620.0,
    ...                 grated=1, profile=GratingProfile(400.0, 30.0, 0.3))
    >>> best = DistributedFeedback(grating_coupling(cell), 500.0).modes()[0]
    >>> round(best.wavelength_nm, 1), best.evenness < 0.1  # the dark edge, on the long-wave side here
    (624.0, True)
    """

    coupling: GratingCoupling
    length_um: float
    facets: tuple[complex, complex] = (0.0, 0.0)
    phase_shifts: Sequence[tuple[float, float]] = ()
    apodisation: Apodisation = "none"

    def __post_init__(self) -> None:
        positive("length_um", self.length_um, "um")
        one_of("apodisation", self.apodisation, get_args(Apodisation))

    @cached_property
    def waves(self) -> CoupledWaves:
        """The same in units of the length."""
        return self._waves(self.coupling)

    def _waves(self, coupling: GratingCoupling) -> CoupledWaves:
        length = self.length_um * NM_PER_UM
        shifts = coupling.shifts_per_nm * length
        own = complex(shifts[1, 0]), complex(shifts[0, 1]), 0.5 * complex(np.trace(shifts))
        if self.apodisation == "none":
            return CoupledWaves(*own, self.facets, self.phase_shifts)
        factors = depth_factor(self.apodisation, 2.0 * (np.arange(SECTIONS) + 0.5) / SECTIONS - 1.0)
        depths = np.linspace(0.0, 1.0, DEPTHS)
        found = [shallower(coupling, float(depth)) for depth in depths[1:-1]]
        strength = [0.0, *(complex(each.shifts_per_nm[1, 0] * length / own[0]) for each in found), 1.0]
        moved = [each.k0_per_nm * each.n_eff * length + 0.5 * complex(np.trace(each.shifts_per_nm)) * length for each in found]
        bare = shallower(coupling, NO_DEPTH)
        moved = [bare.k0_per_nm * bare.n_eff * length, *moved, coupling.k0_per_nm * coupling.n_eff * length + own[2]]
        along = [_interpolated(factors, depths, np.array(each)) for each in (strength, np.array(moved) - moved[-1])]
        return CoupledWaves(*own, self.facets, self.phase_shifts, tuple(along[0].tolist()), tuple(along[1].tolist()))

    def depth_factors(self, position: ArrayLike) -> Reals:
        """Depth relative to the middle's at x/L."""
        return depth_factor(self.apodisation, 2.0 * np.asarray(position, dtype=float) - 1.0)

    def modes(
        self, detuning_range: tuple[float, float] | None = None, gain_range: tuple[float, float] | None = None
    ) -> tuple[DistributedFeedbackMode, ...]:
        """Every mode in a window, the lowest threshold first; the ranges are those of :meth:`CoupledWaves.modes`."""
        if detuning_range is None:  # around the stop band, which ζ and the depth along the grating shift
            widest = self.waves.largest_coupling + BEYOND
            places = [-self.waves.self_coupling.real - complex(each).real for each in (*self.waves.chirp, 0.0)]
            detuning_range = (min(places) - widest, max(places) + widest)
        return tuple(self._mode(each) for each in self.waves.modes(detuning_range, gain_range).modes)

    def _mode(self, mode: ThresholdMode) -> DistributedFeedbackMode:
        coupling, per_cm = self.coupling, 1e4 / self.length_um
        k0 = coupling.k0_per_nm + (mode.detuning / (self.length_um * NM_PER_UM) - coupling.detuning_per_nm) / coupling.mode.group_index
        position, weight = self.waves.quadrature(mode)
        along = self.waves.waves(mode, np.concatenate([[0.0], position, [1.0]]))
        R, S = along.forward[1:-1], along.backward[1:-1]
        leave = 1.0 - np.abs(self.facets) ** 2
        ends = abs(along.backward[0]) ** 2 * leave[0] + abs(along.forward[-1]) ** 2 * leave[1]
        amplitudes = np.tensordot(coupling.elements.radiated, np.array([S, R]), axes=1)  # [side, partial wave, x]
        leaving = np.sum(np.abs(amplitudes * self.depth_factors(position)) ** 2 * weight, axis=2) * coupling.elements.flux
        sides = coupling.k0_per_nm * NM_PER_CM * leaving.sum(axis=1) / coupling.elements.power
        loss = mode.power_gain * per_cm
        return DistributedFeedbackMode(
            wavelength_nm=2 * np.pi / k0,
            cavity_loss_per_cm=loss,
            modal_gain_per_cm=loss + coupling.loss_per_cm,
            ends_per_cm=float(ends) * per_cm,
            radiated_per_cm=(float(sides[0]), float(sides[1])),
            evenness=float(0.5 * np.sum(weight * np.abs(R + S) ** 2)),
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




def simpson(x: Reals) -> Reals:
    """Weights of Simpson's rule at equal steps, an even number of them."""
    step = (x[-1] - x[0]) / (x.size - 1)
    weight = np.full(x.size, step)
    weight[1:-1:2], weight[2:-1:2] = 4 * step / 3, 2 * step / 3
    weight[[0, -1]] = step / 3
    return weight


def _interpolated(at: Reals, depths: Reals, values: Complexes) -> Complexes:
    """By the polynomial through all the values: κ and β are smooth in the depth."""
    from scipy.interpolate import BarycentricInterpolator

    result: Complexes = np.asarray(BarycentricInterpolator(depths, values)(at), dtype=complex)
    return result


def shallower(coupling: GratingCoupling, factor: float) -> GratingCoupling:
    """The same grating etched less deep, at the same wavelength."""
    from shapely.affinity import scale

    cell = coupling.cell
    profile, grated = cell.profile, cell.grated
    assert profile is not None  # a coupling has a grating
    assert grated is not None
    polygon = None if profile.polygon is None else scale(profile.polygon, 1.0, factor, origin=(0.0, 0.0))
    less = replace(profile, depth_nm=profile.depth_nm * factor, polygon=polygon)
    return coupling_at(replace(cell, profile=less), coupling.polarization, coupling.n_eff, coupling.number)


def distributed_feedback(
    source: UnitCell | Stack,
    polarization: Polarization = "TE",
    mode: int = 0,
    *,
    length_um: float | None = None,
    facets: tuple[complex, complex] | None = None,
) -> DistributedFeedback:
    """A grated stack as a laser of a length, with the shift and the apodisation of its grating.

    Parameters
    ----------
    source : UnitCell or Stack
    polarization, mode
        As for :func:`grating_coupling`.
    length_um : float, optional
        The stack's ``cavity: length_um`` unless given.
    facets : (complex, complex), optional
        Amplitude reflectivities; the roots of the stack's ``facet_reflectivity`` unless given, with phase 0.

    Raises
    ------
    ArgumentError
        Neither the argument nor the stack gives a length.
    """
    cavity = None if isinstance(source, UnitCell) else source.cavity
    if length_um is None:
        if cavity is None:
            refuse("length_um", "be given where the stack has no `cavity:`", None)
        length_um = cavity.length_um
    if facets is None:
        facets = (0.0, 0.0) if cavity is None else (cavity.facet_reflectivity[0] ** 0.5, cavity.facet_reflectivity[1] ** 0.5)
    coupling = grating_coupling(source, polarization, mode)
    shift = coupling.cell.phase_shift
    shifts = ((0.5, 2 * np.pi * shift),) if shift else ()  # a wavelength in the guide is 2π of each wave
    return DistributedFeedback(coupling, length_um, facets, shifts, coupling.cell.apodisation)
