"""Modes of a planar stack by FDTD: one column of pixels, a real propagation constant, and what rings.

At a real beta a lossy mode has a complex frequency: n_eff = beta/f at the frequency that rings, and the loss along x
follows from that in time through the group velocity,

    alpha = 2 k0 Im n_eff = -2 Im omega/v_g,   v_g = d omega/d beta,

to first order in the loss. Two runs at neighbouring beta give v_g and lead to the stack's own wavelength.
Stacks with metal, loss or gain are run twice, see :func:`qdphotonics.fdtd.geometry.offsets_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError, EngineError
from qdphotonics.fdtd.engine import TIMEOUT_S, JobResult, Ring, RunResult, run
from qdphotonics.fdtd.extrapolate import Limit, checked_resolutions, limit
from qdphotonics.fdtd.geometry import absorbers, flat_shapes, metal_surface_nm, offsets_of, pads_nm, stack_media, window
from qdphotonics.fdtd.job import Job, Run, Source
from qdphotonics.fdtd.media import Medium, frequency_of
from qdphotonics.fdtd.process import Reporter
from qdphotonics.units import NM_PER_CM, NM_PER_UM

if TYPE_CHECKING:
    from pathlib import Path

    from qdphotonics.optics import StackMode
    from qdphotonics.stacks import Stack

BETA_STEP = 0.01  # relative; f(beta) is a straight line over it to some 1e-5
BANDWIDTH = 0.16  # relative, of Harminv: a plasmon is several per cent off at 100 pixels per um
PULSE = 0.20
DURATION = 40.0  # um/c: some 65 periods tell modes a few per cent apart
QUIET = 5.0  # um/c, for what leaves at once
ABSORBER_UM = 0.4
FASTEST_DECAY = 0.05  # of Im f/Re f; what rings shorter is the continuum
LARGEST_ERROR = 1e-3  # Harminv's own, of a ring to be trusted
FAINT = 0.2  # of the strongest ring, which is excited and heard where the mode is strongest
OFF_SURFACE_NM = 15.0  # source and probe keep off the interfaces


@dataclass(frozen=True)
class PlanarFdtdMode:
    """A mode of a stack as FDTD finds it.

    Parameters
    ----------
    label, polarization : str
    wavelength_nm : float
    n_eff : complex
        At that wavelength, extrapolated to vanishing pixels.
    n_eff_uncertainty : float
        Of the real part.
    loss_per_cm, loss_uncertainty_per_cm : float
    group_index : float
        Of the finest run; of materials' dispersion it holds the metals' alone.
    resolutions_per_um : tuple of float
    n_eff_at, loss_per_cm_at : tuple of float
        At each resolution.
    """

    label: str
    polarization: str
    wavelength_nm: float
    n_eff: complex
    n_eff_uncertainty: float
    loss_per_cm: float
    loss_uncertainty_per_cm: float
    group_index: float
    resolutions_per_um: tuple[float, float]
    n_eff_at: tuple[float, float]
    loss_per_cm_at: tuple[float, float]


@dataclass(frozen=True)
class PlanarFdtdModes:
    """Modes of a stack by FDTD, with the job's own figures."""

    stack: str
    modes: tuple[PlanarFdtdMode, ...]
    meep_version: str
    seconds: float
    cached: bool

    def __getitem__(self, label: str) -> PlanarFdtdMode:
        """The mode of a label."""
        for mode in self.modes:
            if mode.label == label:
                return mode
        raise ArgumentError(f'no mode "{label}" was asked for; those are: {", ".join(mode.label for mode in self.modes)}')


def planar_modes(
    stack: Stack | str | Path,
    labels: Sequence[str] = ("TE0",),
    wavelength_nm: float | None = None,
    *,
    resolutions_per_um: Sequence[float] = (100.0, 200.0),
    timeout_s: float = TIMEOUT_S,
    progress: Reporter | None = None,
) -> PlanarFdtdModes:
    """Effective index and loss of guided modes by FDTD.

    The mode solver says near which propagation constant to look, and what FDTD finds there is its own: a mode that is
    not there does not ring.

    Parameters
    ----------
    stack : Stack, or the name or file of one
    labels : sequence of str
        As the mode solver names them.
    wavelength_nm : float, optional
        [nm]; the stack's own unless given.
    resolutions_per_um : two floats
        Pixels per um.
    timeout_s, progress
        As for :func:`qdphotonics.fdtd.run`.

    Returns
    -------
    PlanarFdtdModes

    Raises
    ------
    EngineError
        Meep fails, or no mode rings there.
    ArgumentError
        There is no guided mode of such a label.
    """
    from qdphotonics import optics
    from qdphotonics.stacks import as_stack

    resolutions = checked_resolutions(resolutions_per_um)
    stack = as_stack(stack)
    found = optics.find_modes(stack, wavelength_nm)
    modes = [found[label] for label in labels]
    if not modes:
        raise ArgumentError("Argument `labels` must name at least one mode, but is empty")
    media = stack_media(stack, found.wavelength_nm)
    runs = [each for mode in modes for each in _runs(stack, mode, media, resolutions)]
    result = run(Job(f"modes of {stack.name}", tuple(runs)), timeout_s, progress)
    offsets = offsets_of(media)
    return PlanarFdtdModes(
        stack.name,
        tuple(_mode(result, mode, resolutions, offsets) for mode in modes),
        result.meep_version,
        result.seconds,
        result.cached,
    )


def interfaces_of(stack: Stack) -> NDArray[np.float64]:
    """Heights of the interfaces [layer + 1], 0 on the substrate [nm]."""
    return np.concatenate([[0.0], np.cumsum(stack.thickness_nm)])


def _name(label: str, resolution: float, offset: float, step: float) -> str:
    return f"{label}, {resolution:g} per um, grid {offset:g}, beta {1 + step:g}"


def _runs(stack: Stack, mode: StackMode, media: tuple[Medium, ...], resolutions: tuple[float, float]) -> list[Run]:
    if mode.kind != "guided":
        raise ArgumentError(f"{mode.label} is leaky: at a real propagation constant it does not ring; FDTD takes guided modes here")
    interfaces = interfaces_of(stack)
    surface = metal_surface_nm(media, interfaces)
    below, above = pads_nm(mode.n_eff.real, mode.solution.index, mode.wavelength_nm)
    room = NM_PER_UM * ABSORBER_UM
    frequency = frequency_of(mode.wavelength_nm)
    component = "Ez" if mode.polarization == "TE" else "Hz"
    at, listen = _places(mode, media, interfaces)
    cases = [(resolution, offset) for resolution in resolutions for offset in offsets_of(media)]
    windows = [window(-below - room, float(interfaces[-1]) + above + room, res, surface or 0.0, offset) for res, offset in cases]
    return [
        Run(
            name=_name(mode.label, resolution, offset, step),
            cell=(1.0 / resolution, where.height, 0.0),
            resolution=resolution,
            media=media,
            shapes=flat_shapes(interfaces, where),
            sources=(Source(component, frequency, PULSE * frequency, (0.0, where.y(at), 0.0)),),
            component=component,
            probes=((0.0, where.y(listen), 0.0),),
            frequency=frequency,
            bandwidth=BANDWIDTH * frequency,
            quiet=QUIET,
            duration=DURATION,
            k=(mode.n_eff.real * frequency * (1.0 + step), 0.0, 0.0),
            absorbers=absorbers(media, ABSORBER_UM),
        )
        for (resolution, offset), where in zip(cases, windows, strict=True)
        for step in (-BETA_STEP, BETA_STEP)
    ]


def _places(mode: StackMode, media: Sequence[Medium], interfaces: NDArray[np.float64]) -> tuple[float, float]:
    """Heights [nm] of the source and the probe: where the mode's field is strongest outside metals, and nearby."""
    from qdphotonics import optics

    profile = optics.fields(mode)
    field = profile.electric[1] if mode.polarization == "TE" else profile.magnetic[1]
    layer = np.searchsorted(interfaces, profile.z_nm, side="right")
    metal = np.array([medium.is_metal for medium in media])[layer]
    near = np.min(np.abs(profile.z_nm[:, None] - interfaces), axis=1) < OFF_SURFACE_NM
    strength = np.where(metal | near, 0.0, np.abs(field))
    if not strength.any():
        raise EngineError(f"FDTD: no layer of {mode.label} is thick enough for a source; at least {2 * OFF_SURFACE_NM:g} nm are needed")
    order = np.argsort(strength)[::-1]
    return float(profile.z_nm[order[0]]), float(profile.z_nm[order[min(5, order.size - 1)]])


def _ring(heard: RunResult, frequency: float) -> Ring:
    """The ring nearest to a frequency among those to be trusted that are not faint: waves along a half-space ring faintly."""
    rings = [r for probe in heard.heard for r in probe if abs(r.decay) < FASTEST_DECAY * r.frequency and r.error < LARGEST_ERROR]
    if not rings:
        raise EngineError(f"FDTD: nothing rings in run {heard.name}; take a higher resolution, or a mode farther from cut-off")
    loud = [ring for ring in rings if ring.amplitude > FAINT * max(other.amplitude for other in rings)]
    return min(loud, key=lambda ring: abs(ring.frequency - frequency))


def _mode(result: JobResult, mode: StackMode, resolutions: tuple[float, float], offsets: Sequence[float]) -> PlanarFdtdMode:
    points = np.array([[_at_wavelength(result, mode, resolution, offset) for offset in offsets] for resolution in resolutions])
    index, loss, group_index = points.mean(axis=1).T  # each [resolution]
    n: Limit = limit(resolutions, index.tolist())
    alpha: Limit = limit(resolutions, loss.tolist())
    extinction = alpha.value * mode.wavelength_nm / (4.0 * pi * NM_PER_CM)
    return PlanarFdtdMode(
        label=mode.label,
        polarization=mode.polarization,
        wavelength_nm=mode.wavelength_nm,
        n_eff=complex(n.value, extinction),
        n_eff_uncertainty=n.uncertainty,
        loss_per_cm=alpha.value,
        loss_uncertainty_per_cm=alpha.uncertainty,
        group_index=float(group_index[-1]),
        resolutions_per_um=resolutions,
        n_eff_at=(float(index[0]), float(index[1])),
        loss_per_cm_at=(float(loss[0]), float(loss[1])),
    )


def _at_wavelength(result: JobResult, mode: StackMode, resolution: float, offset: float) -> tuple[float, float, float]:
    """n_eff, loss [1/cm] and group index at the mode's wavelength, on the line through two neighbouring beta."""
    frequency = frequency_of(mode.wavelength_nm)
    beta = [mode.n_eff.real * frequency * (1.0 + step) for step in (-BETA_STEP, BETA_STEP)]
    rings = [_ring(result[_name(mode.label, resolution, offset, step)], frequency) for step in (-BETA_STEP, BETA_STEP)]
    velocity = (rings[1].frequency - rings[0].frequency) / (beta[1] - beta[0])
    there = (frequency - rings[0].frequency) / (rings[1].frequency - rings[0].frequency)
    decay = rings[0].decay + there * (rings[1].decay - rings[0].decay)
    n_eff = (beta[0] + there * (beta[1] - beta[0])) / frequency
    loss_per_um = -2.0 * (2.0 * pi * decay) / velocity
    return n_eff, loss_per_um * NM_PER_CM / NM_PER_UM, 1.0 / velocity
