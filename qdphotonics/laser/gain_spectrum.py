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
from qdphotonics.units import extinction, photon_energy_eV

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.laser.pumped import PumpedMode
    from qdphotonics.planar import TrackedModes
    from qdphotonics.stacks import Stack


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
    """

    label: str
    wavelength_nm: NDArray[np.float64]
    confinement: NDArray[np.float64]
    loss_per_cm: NDArray[np.float64]
    material_gain_per_cm: NDArray[np.float64]
    net_gain_per_cm: NDArray[np.float64]

    @property
    def photon_energy_eV(self) -> NDArray[np.float64]:
        """[wavelength]"""
        return photon_energy_eV(self.wavelength_nm)

    @property
    def modal_gain_per_cm(self) -> NDArray[np.float64]:
        """G_mod = G_net + alpha_eff [drive, wavelength]."""
        return self.net_gain_per_cm + self.loss_per_cm


def gain_spectrum(
    stack: Stack, mode: PumpedMode, wavelength_nm: NDArray[np.float64], material_gain_per_cm: NDArray[np.float64]
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

    Returns
    -------
    GainSpectrum

    Raises
    ------
    MaterialError
        A wavelength outside a material's range.
    """
    start = mode.passive.wavelength_nm
    gains = np.vstack([np.zeros(wavelength_nm.size), np.atleast_2d(material_gain_per_cm)])
    losses = np.empty(gains.shape)
    confinement = np.empty(wavelength_nm.size)
    at_start = np.array([np.interp(start, wavelength_nm, row) for row in gains])
    layers = [position + 1 for position in stack.gain_layers]
    for outward in (np.flatnonzero(wavelength_nm >= start), np.flatnonzero(wavelength_nm < start)[::-1]):
        if outward.size == 0:
            continue
        path = np.append(start, wavelength_nm[outward])
        tracks = _followed(stack, mode, path, np.column_stack([at_start, gains[:, outward]]))
        sound = (tracks.status[0] == "tracked") & tracks.on_sheet[0]
        losses[:, outward] = np.where(sound, tracks.loss_per_cm[0], np.nan)[:, 1:]
        confinement[outward] = np.where(sound[0], tracks.confinement_intensity[0, 0][:, layers].sum(axis=-1), np.nan)[1:]
    return GainSpectrum(
        label=mode.passive.label,
        wavelength_nm=wavelength_nm,
        confinement=confinement,
        loss_per_cm=losses[0],
        material_gain_per_cm=gains[1:],
        net_gain_per_cm=-losses[1:],
    )


def _followed(stack: Stack, mode: PumpedMode, wavelengths: NDArray[np.float64], gains: NDArray[np.float64]) -> TrackedModes:
    """The mode at gains [drive, wavelength]; the first drive is none, the first wavelength the mode's own."""
    from qdphotonics import planar

    problems = [planar_problem(stack, float(wavelength)) for wavelength in wavelengths]
    change = np.zeros((*gains.shape, len(stack.all_names)), complex)
    change[..., [position + 1 for position in stack.gain_layers]] = -1j * extinction(gains, wavelengths)[..., None]
    return planar.track_modes(
        np.array([problem.index for problem in problems]) + change,
        stack.thickness_nm,
        np.broadcast_to(wavelengths, gains.shape),
        mode.passive.polarization,
        [mode.passive.solution],
        index_extraordinary=np.array([problem.index_extraordinary for problem in problems]) + change,
    )


def common_range_nm(stack: Stack) -> tuple[float, float]:
    """Wavelengths for which every material of a stack has an index [nm]."""
    materials = [stack.substrate, stack.superstrate, *(layer.material for layer in stack.layers)]
    ranges = [material.valid_nm for material in materials if material.valid_nm is not None]
    return max([low for low, _ in ranges], default=0.0), min([high for _, high in ranges], default=np.inf)
