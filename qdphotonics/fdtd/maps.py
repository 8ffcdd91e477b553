"""Pictures of fields: a mode that runs along a stack and fades, and a resonance of a periodic cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.fdtd.dfb import Problem, Symmetry, rings_of, whole_pixels
from qdphotonics.fdtd.engine import TIMEOUT_S, RunResult, run
from qdphotonics.fdtd.geometry import (
    Window,
    absorbers,
    end_absorber,
    flat_shapes,
    metal_surface_nm,
    offsets_of,
    pads_nm,
    stack_media,
    window,
)
from qdphotonics.fdtd.job import Absorber, FieldMap, Job, Run, Source
from qdphotonics.fdtd.media import Medium, frequency_of
from qdphotonics.fdtd.planar import interfaces_of
from qdphotonics.fdtd.process import Reporter
from qdphotonics.units import NM_PER_CM, NM_PER_UM

if TYPE_CHECKING:
    from pathlib import Path

    from qdphotonics.gratings import UnitCell
    from qdphotonics.optics import StackMode
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

ABSORBER_UM = 0.5
PROFILE_POINTS = 2001
PULSE = 0.15  # relative width
CLEAR_UM = 0.5  # between the source and what is shown, and between that and the absorber
TRANSITS = 2.0  # of light along the map at the mode's group velocity, until the field is summed up
EDGE = 0.15  # of the map at either end that the fit of its decay leaves out


@dataclass(frozen=True, eq=False)
class FieldPicture:
    """Fields in the x, z plane at one frequency.

    Parameters
    ----------
    x_nm, z_nm : float array [x], [z]
        z = 0 on the substrate.
    fields : mapping of str to complex array [x, z]
        ``Ey``, ``Hx`` … in the axes of DESIGN.md section 3, in one arbitrary unit.
    wavelength_nm : float
    twin : FieldPicture, optional
        The same with a metal's surface half a pixel elsewhere on the grid.
    """

    x_nm: NDArray[np.float64]
    z_nm: NDArray[np.float64]
    fields: Mapping[str, NDArray[np.complex128]]
    wavelength_nm: float
    meep_version: str
    seconds: float
    cached: bool
    twin: FieldPicture | None = None

    @property
    def intensity(self) -> NDArray[np.float64]:
        """|E|^2 [x, z]."""
        return np.asarray(sum(np.abs(field) ** 2 for name, field in self.fields.items() if name.startswith("E")))

    @property
    def loss_per_cm(self) -> float:
        """Loss [1/cm] with which the intensity, summed over z, falls along x, the ends left out; the mean of the twins."""
        if self.twin is not None:
            return 0.5 * (replace(self, twin=None).loss_per_cm + self.twin.loss_per_cm)
        total = self.intensity.sum(axis=1)
        cut = int(EDGE * total.size)
        slope = np.polyfit(self.x_nm[cut : total.size - cut], np.log(total[cut : total.size - cut]), 1)[0]
        return float(-slope * NM_PER_CM)


# Meep's axes in a 2-D cell: x along the stack, y up, z out of the plane. (x, y, z) of Meep = (x, z, -y) here; in
# what is shown, only the relative phases of E and H would tell.
_NAMES = {"Ex": "Ex", "Ey": "Ez", "Ez": "Ey", "Hx": "Hx", "Hy": "Hz", "Hz": "Hy"}
_SIGN = {"Ey": -1.0, "Hy": -1.0}


def _components(polarization: Polarization) -> tuple[str, ...]:
    return ("Ez", "Hx", "Hy") if polarization == "TE" else ("Hz", "Ex", "Ey")


def _picture(
    found: RunResult, components: tuple[str, ...], where: Window, wavelength: float, told: tuple[str, float, bool]
) -> FieldPicture:
    values = found.maps["field"]
    x, y = (found.maps[f"field:{axis}"] for axis in "xy")
    fields = {_NAMES[name]: _SIGN.get(_NAMES[name], 1.0) * array for name, array in zip(components, values, strict=True)}
    z = NM_PER_UM * (y[: values.shape[2]] - where.shift)
    return FieldPicture(NM_PER_UM * x[: values.shape[1]], z, fields, wavelength, *told)


def propagation(
    stack: Stack | str | Path,
    label: str = "TE0",
    wavelength_nm: float | None = None,
    *,
    length_um: float = 5.0,
    resolution_per_um: float = 100.0,
    timeout_s: float = TIMEOUT_S,
    progress: Reporter | None = None,
) -> FieldPicture:
    """A guided mode sent along a stack: how far it goes.

    A sheet of current with the mode's own profile starts it; the map begins half a micrometre behind the sheet.

    Parameters
    ----------
    stack : Stack, or the name or file of one
    label : str
        Of a guided mode, as the mode solver names it.
    wavelength_nm : float, optional
        [nm]; the stack's own unless given.
    length_um : float
        Of the map.
    resolution_per_um : float
    timeout_s, progress
        As for :func:`qdphotonics.fdtd.run`.

    Returns
    -------
    FieldPicture
    """
    from qdphotonics import optics
    from qdphotonics.stacks import as_stack

    if not (length_um > 0 and resolution_per_um >= 10):
        given = f"{length_um} and {resolution_per_um}"
        raise ArgumentError(f"Arguments `length_um` and `resolution_per_um` must be > 0 and >= 10, but are {given}")
    stack = as_stack(stack)
    modes = optics.find_modes(stack, wavelength_nm)
    mode = modes[label]
    media, interfaces = stack_media(stack, mode.wavelength_nm), interfaces_of(stack)
    below, above = pads_nm(mode.n_eff.real, mode.solution.index, mode.wavelength_nm)
    room = NM_PER_UM * ABSORBER_UM
    surface = metal_surface_nm(media, interfaces)
    ends = end_absorber(media, resolution_per_um)
    runs, windows = [], []
    for offset in offsets_of(media):
        where = window(-below - room, float(interfaces[-1]) + above + room, resolution_per_um, surface or 0.0, offset)
        runs.append(_sent(mode, f"{label}, grid {offset:g}", where, media, interfaces, length_um, resolution_per_um, ends))
        windows.append(where)
    result = run(Job(f"{label} of {stack.name}", tuple(runs)), timeout_s, progress)
    told = (result.meep_version, result.seconds, result.cached)
    pictures = [
        _picture(found, _components(mode.polarization), where, mode.wavelength_nm, told)
        for found, where in zip(result.runs, windows, strict=True)
    ]
    return replace(pictures[0], twin=pictures[1]) if len(pictures) > 1 else pictures[0]


def _sent(
    mode: StackMode,
    name: str,
    where: Window,
    media: tuple[Medium, ...],
    interfaces: NDArray[np.float64],
    length_um: float,
    resolution: float,
    ends: Absorber,
) -> Run:
    """A mode sent along a stack by a sheet of current with its profile."""
    from qdphotonics import optics

    width = 2.0 * round(0.5 * (length_um + 3.0 * CLEAR_UM + 2.0 * ends.thickness) * resolution) / resolution
    start = -0.5 * width + ends.thickness + CLEAR_UM
    frequency = frequency_of(mode.wavelength_nm)
    component = "Ez" if mode.polarization == "TE" else "Hz"
    inner = where.height - 2.0 * ABSORBER_UM
    y = np.linspace(-0.5 * inner, 0.5 * inner, PROFILE_POINTS)
    profile = optics.fields(mode, NM_PER_UM * (y - where.shift))
    strength = profile.electric[1] if mode.polarization == "TE" else profile.magnetic[1]
    strength = strength / np.abs(strength).max()
    sheet = Source(component, frequency, PULSE * frequency, (start, 0.0, 0.0), (0.0, inner, 0.0), profile=np.array([y, strength]))
    box = ((start + CLEAR_UM + 0.5 * length_um, 0.0, 0.0), (length_um, inner, 0.0))
    return Run(
        name=name,
        cell=(width, where.height, 0.0),
        resolution=resolution,
        media=media,
        shapes=flat_shapes(interfaces, where),
        sources=(sheet,),
        component=component,
        probes=((start, float(y[np.argmax(np.abs(strength))]), 0.0),),
        frequency=frequency,
        bandwidth=PULSE * frequency,
        duration=TRANSITS * mode.group_index * length_um,
        absorbers=(*absorbers(media, ABSORBER_UM), ends),
        listen=False,
        maps={"field": FieldMap(_components(mode.polarization), frequency, *box)},
    )


def resonance_fields(
    cell: UnitCell | Stack | str | Path,
    symmetry: Symmetry | None = "bright",
    wavelength_nm: float | None = None,
    polarization: Polarization = "TE",
    k_x_per_um: float = 0.0,
    *,
    resolution_per_um: float = 100.0,
    timeout_s: float = TIMEOUT_S,
    progress: Reporter | None = None,
) -> FieldPicture:
    """Fields of a resonance of one period, at the frequency at which it rings on the grid.

    Parameters
    ----------
    cell, wavelength_nm, polarization, k_x_per_um
        As for :func:`qdphotonics.fdtd.dfb_resonances`.
    symmetry : {"bright", "dark"} or None
        None: the strongest of all, away from k_x = 0.
    resolution_per_um : float
    timeout_s, progress
        As for :func:`qdphotonics.fdtd.run`, for each of two runs: one to find the frequency, one to draw.

    Returns
    -------
    FieldPicture
    """
    problem = Problem.of(cell, wavelength_nm, polarization, k_x_per_um)
    if symmetry not in problem.symmetries:
        raise ArgumentError(f"Argument `symmetry` must be one of {problem.symmetries} for this cell and k_x, but is {symmetry!r}")
    resolution, offset = whole_pixels(resolution_per_um, problem.cell.period_nm), problem.offsets[0]
    name = problem.name(resolution, offset, symmetry)
    heard = run(Job("the frequency of a resonance", (problem.run(resolution, offset, symmetry),)), timeout_s, progress)
    ring = rings_of(heard, name, problem.media)[0]
    found = replace(problem, wavelength_nm=NM_PER_UM / ring.frequency)
    result = run(Job("the fields of a resonance", (found.run(resolution, offset, symmetry, maps=True),)), timeout_s, progress)
    told = (result.meep_version, heard.seconds + result.seconds, heard.cached and result.cached)
    return _picture(result.runs[0], _components(polarization), found.window(resolution, offset), found.wavelength_nm, told)
