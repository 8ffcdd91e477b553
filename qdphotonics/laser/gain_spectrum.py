"""The net gain of a mode over the gain band: the mode solved at each wavelength with the gain that the medium has there.

    G_net(lambda) = -2 k0 Im n_eff,  n(lambda) -> n - i G(lambda) lambda/4 pi in the gain layers

One family of stacks is followed: its first row is the passive stack, each further row one drive; along a row the wavelength
goes from that of the report outwards, to the red and to the blue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.optics import planar_problem
from qdphotonics.units import MEV_PER_EV, extinction, photon_energy_eV
from qdphotonics.units import wavelength_nm as to_wavelength_nm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.gain import Medium
    from qdphotonics.laser.drive import Operation
    from qdphotonics.laser.pumped import PumpedMode
    from qdphotonics.laser.thresholds import Thresholds
    from qdphotonics.planar import TrackedModes
    from qdphotonics.stacks import Stack


POINTS = 61  # of a band of some 150 nm: lines are 15 nm wide and more
LEAST_SHARE = 0.5  # of the lowest line's energy: lines as wide as the gap itself are no lines


@dataclass(frozen=True, eq=False)
class GainSpectrum:
    """A mode's gain and loss over wavelength; nan where the mode has ended, or is not the one that was meant.

    Parameters
    ----------
    label : str
    wavelength_nm : float array [wavelength], rising
    confinement : float array [wavelength]
        Intensity confinement in the gain layers, without gain.
    loss_per_cm : float array [wavelength]
        alpha_eff, without gain.
    material_gain_per_cm : float array [drive, wavelength]
    net_gain_per_cm : float array [drive, wavelength]
    drives : tuple of str [drive]
        In words: "the drive" or "saturation", "transparency of 1S", "net gain by 1S alone", "lasing by 1S alone".
    """

    label: str
    wavelength_nm: NDArray[np.float64]
    confinement: NDArray[np.float64]
    loss_per_cm: NDArray[np.float64]
    material_gain_per_cm: NDArray[np.float64]
    net_gain_per_cm: NDArray[np.float64]
    drives: tuple[str, ...] = ()

    @property
    def photon_energy_eV(self) -> NDArray[np.float64]:
        """[wavelength]"""
        return photon_energy_eV(self.wavelength_nm)

    def peak(self, drive: int = 0) -> tuple[float, float] | None:
        """Wavelength [nm] of the largest net gain under a drive, and that net gain [cm^-1]; None where the mode is nowhere."""
        return peak_of(self.wavelength_nm, self.net_gain_per_cm[drive])

    def at(self, wavelength_nm: float, drive: int = 0) -> tuple[float, float]:
        """Material gain and net gain [cm^-1] at a wavelength under a drive, between the nearest two of the spectrum."""
        curves = self.material_gain_per_cm[drive], self.net_gain_per_cm[drive]
        gain, net = (float(np.interp(wavelength_nm, self.wavelength_nm, curve)) for curve in curves)
        return gain, net

    @property
    def modal_gain_per_cm(self) -> NDArray[np.float64]:
        """G_mod = G_net + alpha_eff [drive, wavelength]."""
        return self.net_gain_per_cm + self.loss_per_cm


def gain_spectrum(
    stack: Stack,
    mode: PumpedMode,
    wavelength_nm: NDArray[np.float64],
    material_gain_per_cm: NDArray[np.float64],
    drives: tuple[str, ...] = (),
) -> GainSpectrum:
    """The gain spectrum of a mode under several drives.

    Parameters
    ----------
    stack : Stack
    mode : PumpedMode
        At the wavelength from which it is followed.
    wavelength_nm : float array [wavelength]
        Rising, within the range of all materials of the stack.
    material_gain_per_cm : float array [drive, wavelength]
        Of the medium.
    drives : tuple of str [drive], optional
        What to call them.

    Returns
    -------
    GainSpectrum

    Raises
    ------
    MaterialError
        A wavelength outside a material's range.
    """
    return Family(stack, mode, wavelength_nm).spectrum(material_gain_per_cm, drives)


def peak_of(wavelength_nm: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[float, float] | None:
    """Place and height of the largest value [wavelength], by the parabola through it and its neighbours; None where all are nan."""
    if np.isnan(values).all():
        return None
    best = int(np.nanargmax(values))
    around = values[max(best - 1, 0) : best + 2]
    if around.size < 3 or np.isnan(around).any() or around[0] + around[2] == 2 * around[1]:
        return float(wavelength_nm[best]), float(values[best])
    slope, bend = (around[2] - around[0]) / 2, around[0] + around[2] - 2 * around[1]
    step = wavelength_nm[1] - wavelength_nm[0]
    return float(wavelength_nm[best] - slope / bend * step), float(around[1] - slope**2 / (2 * bend))


class Family:
    """One mode of a stack at many wavelengths, to be solved with any gains.

    Parameters
    ----------
    stack : Stack
    mode : PumpedMode
    wavelength_nm : float array [wavelength], rising
    """

    def __init__(self, stack: Stack, mode: PumpedMode, wavelength_nm: NDArray[np.float64]) -> None:
        self.wavelength_nm = wavelength_nm
        self.mode = mode
        self.layers = [position + 1 for position in stack.gain_layers]
        self.problems = [planar_problem(stack, float(wavelength)) for wavelength in wavelength_nm]

    def spectrum(self, material_gain_per_cm: NDArray[np.float64], drives: tuple[str, ...] = ()) -> GainSpectrum:
        """The spectrum with a material gain [drive, wavelength]."""
        start = self.mode.passive.wavelength_nm
        gains = np.vstack([np.zeros(self.wavelength_nm.size), np.atleast_2d(material_gain_per_cm)])
        losses = np.empty(gains.shape)
        confinement = np.empty(self.wavelength_nm.size)
        at_start = np.array([np.interp(start, self.wavelength_nm, row) for row in gains])
        rising = self.wavelength_nm >= start
        for outward in (np.flatnonzero(rising), np.flatnonzero(~rising)[::-1]):
            if outward.size == 0:
                continue
            tracks = self._followed(outward, np.column_stack([at_start, gains[:, outward]]))
            sound = (tracks.status[0] == "tracked") & tracks.on_sheet[0]
            losses[:, outward] = np.where(sound, tracks.loss_per_cm[0], np.nan)[:, 1:]
            inside = tracks.confinement_intensity[0, 0][:, self.layers].sum(axis=-1)
            confinement[outward] = np.where(sound[0], inside, np.nan)[1:]
        return GainSpectrum(self.mode.passive.label, self.wavelength_nm, confinement, losses[0], gains[1:], -losses[1:], drives)

    def _followed(self, outward: NDArray[np.intp], gains: NDArray[np.float64]) -> TrackedModes:
        """The mode at gains [drive, wavelength]; the first drive is none, the first wavelength the mode's own, then those outward."""
        from qdphotonics import planar

        problems = [self.mode.stack.passive, *(self.problems[place] for place in outward)]
        wavelengths = np.array([problem.wavelength_nm for problem in problems])
        change = np.zeros((*gains.shape, problems[0].index.size), complex)
        change[..., self.layers] = -1j * extinction(gains, wavelengths)[..., None]
        return planar.track_modes(
            np.array([problem.index for problem in problems]) + change,
            problems[0].thickness_nm,
            np.broadcast_to(wavelengths, gains.shape),
            self.mode.passive.polarization,
            [self.mode.passive.solution],
            index_extraordinary=np.array([problem.index_extraordinary for problem in problems]) + change,
        )


def spectrum_of_drives(family: Family, medium: Medium, operation: Operation, reached: Thresholds) -> GainSpectrum:
    """The gain spectrum of a mode at the drive of a report and at its thresholds."""
    by_light = operation.fluence_J_per_cm2 is not None
    key = "fluence_J_per_cm2" if by_light else "current_density_A_per_cm2"
    given: float | None = getattr(operation, key)
    drives = {"the drive" if given is not None else "saturation": np.inf if given is None else given}
    line = medium.transitions[0].name  # the thresholds take its peak alone, the spectrum also the tails of the others
    texts = {"transparency": f"transparency of {line}", "net_gain": f"net gain by {line} alone", "lasing": f"lasing by {line} alone"}
    for name, text in texts.items():
        level = getattr(getattr(reached, name), key)
        if level is not None:
            drives[text] = level
    levels = list(drives.values())
    gains = medium.gain_spectrum_per_cm(
        family.wavelength_nm, fluence_J_per_cm2=levels if by_light else None, current_density_A_per_cm2=None if by_light else levels
    )
    return family.spectrum(gains, tuple(drives))


def band_nm(stack: Stack, medium: Medium) -> NDArray[np.float64] | None:
    """Wavelengths [wavelength] that cover the band of a medium as far as it and all materials of a stack are known, rising."""
    lines = [line.energy_eV for line in medium.transitions]
    reach = (medium.homogeneous_fwhm_meV + medium.inhomogeneous_fwhm_meV) / MEV_PER_EV
    band = to_wavelength_nm(max(lines) + reach), to_wavelength_nm(max(min(lines) - reach, LEAST_SHARE * min(lines)))
    ranges = [band, common_range_nm(stack), medium.valid_nm or band]
    low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
    return np.linspace(low, high, POINTS) if high > low else None


def common_range_nm(stack: Stack) -> tuple[float, float]:
    """Wavelengths for which every material of a stack has an index [nm]."""
    materials = [stack.substrate, stack.superstrate, *(layer.material for layer in stack.layers)]
    ranges = [material.valid_nm for material in materials if material.valid_nm is not None]
    return max([low for low, _ in ranges], default=0.0), min([high for _, high in ranges], default=np.inf)
