"""A stack at one wavelength as the arrays that the planar solver takes: the joint between stacks and planar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qdphotonics.planar.results import ModeSearch, Polarization, Sensitivity
    from qdphotonics.stacks import Stack

Polarizations = Literal["TE", "TM", "both"]

LARGEST_THICKNESS_NM = 2e5  # 200 um hold some thousand modes of each polarization, told apart by their interference alone
ADVICE = "cannot be part of a mode; make it the substrate or the superstrate (for spectra: `coherent: false`)"
SECONDS_PER_MODE = 1e-3  # to find, measure and describe one, of 5 layers


@dataclass(frozen=True)
class PlanarProblem:
    """One stack at one wavelength, ready for the solver.

    Parameters
    ----------
    wavelength_nm : float
    index, index_extraordinary : complex array [layer + 2]
        Along the layers and along their normal, half-spaces first and last.
    dindex_dwavelength, dindex_extraordinary_dwavelength : complex array [layer + 2]
        [1/nm]
    thickness_nm : float array [layer]
    """

    wavelength_nm: float
    index: NDArray[np.complex128]
    index_extraordinary: NDArray[np.complex128]
    dindex_dwavelength: NDArray[np.complex128]
    dindex_extraordinary_dwavelength: NDArray[np.complex128]
    thickness_nm: NDArray[np.float64]

    def with_index_change(self, change: NDArray[np.complex128]) -> PlanarProblem:
        """The same stack with ``change`` [layer + 2] added to both indices of each layer."""
        return replace(self, index=self.index + change, index_extraordinary=self.index_extraordinary + change)

    def with_thickness_change(self, change_nm: NDArray[np.float64]) -> PlanarProblem:
        """The same stack with ``change_nm`` [layer] added to the thicknesses."""
        return replace(self, thickness_nm=self.thickness_nm + change_nm)

    @property
    def expected_modes(self) -> float:
        """About how many modes the layers hold of both polarizations: two for each half wave across them."""
        return float(4 * np.sum(np.maximum(self.index[1:-1].real, 0.0) * self.thickness_nm) / self.wavelength_nm)

    def search(self, polarization: Polarization, n_range: tuple[float, float] | None, max_loss_per_cm: float) -> ModeSearch:
        """Every mode of one polarization in the region; see :func:`qdphotonics.planar.find_modes`."""
        from qdphotonics import planar

        return planar.find_modes(
            self.index,
            self.thickness_nm,
            self.wavelength_nm,
            polarization,
            n_range=n_range,
            max_loss_per_cm=max_loss_per_cm,
            index_extraordinary=self.index_extraordinary,
            dindex_dwavelength=self.dindex_dwavelength,
            dindex_extraordinary_dwavelength=self.dindex_extraordinary_dwavelength,
        )


def index_response(sensitivity: Sensitivity, change: NDArray[np.complex128], change_extraordinary: NDArray[np.complex128]) -> complex:
    """First-order change of a mode's n_eff where the layers' indices change by ``change`` and ``change_extraordinary`` [layer + 2]."""
    normal = sensitivity.index_extraordinary
    return complex(np.sum((sensitivity.index - normal) * change + normal * change_extraordinary))


def planar_problem(stack: Stack, wavelength_nm: float | None = None) -> PlanarProblem:
    """A stack at a wavelength [nm] (its own unless given) as the solver's arrays.

    Raises
    ------
    StackError
        A layer is incoherent, or too thick to be part of a mode.
    MaterialError
        The wavelength lies outside a material's range.
    """
    for layer, loc in zip(stack.layers, stack.places[1:-1], strict=True):
        if not layer.coherent:
            told = f'layer "{layer.name}" must be coherent, but it is marked `coherent: false`: a thick incoherent layer {ADVICE}'
            raise stack.document.fault_in(loc, told, key="coherent")
        if layer.thickness_nm > LARGEST_THICKNESS_NM:
            told = f"must be ≤ {LARGEST_THICKNESS_NM:g} nm in a search for modes, got {layer.thickness_nm:g}: a layer so thick {ADVICE}"
            raise stack.document.fault((*loc, "thickness"), told)
    wavelength = checked_wavelength(stack.wavelength_nm if wavelength_nm is None else wavelength_nm)
    return PlanarProblem(
        wavelength_nm=wavelength,
        index=stack.index(wavelength),
        index_extraordinary=stack.index_extraordinary(wavelength),
        dindex_dwavelength=stack.dindex_dwavelength(wavelength),
        dindex_extraordinary_dwavelength=stack.dindex_extraordinary_dwavelength(wavelength),
        thickness_nm=stack.thickness_nm,
    )


def search_seconds(stack: Stack, wavelengths: int = 1) -> float:
    """About how long a search for the modes of a stack takes, at so many wavelengths [s]; 0 for one that will be refused."""
    if any(not layer.coherent or layer.thickness_nm > LARGEST_THICKNESS_NM for layer in stack.layers):
        return 0.0
    return SECONDS_PER_MODE * wavelengths * planar_problem(stack).expected_modes


def checked_wavelength(wavelength_nm: float, name: str = "wavelength_nm") -> float:
    """The wavelength as a float; an ArgumentError about the argument of that name unless positive and finite."""
    wavelength = float(wavelength_nm)
    if not (np.isfinite(wavelength) and wavelength > 0):
        raise ArgumentError(f"Argument `{name}` must be positive and finite, but is {wavelength:g}")
    return wavelength


def checked_wavelengths(wavelengths_nm: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Wavelengths [nm] as an array [wavelength]; an ArgumentError if empty or not positive and finite."""
    values = np.atleast_1d(np.asarray(wavelengths_nm, dtype=float))
    if values.ndim != 1 or values.size == 0:
        raise ArgumentError(f"Argument `wavelengths_nm` must be a list of at least one wavelength, but has shape {values.shape}")
    for value in values:
        checked_wavelength(value, "wavelengths_nm")
    return values


def polarizations(which: str) -> tuple[Polarization, ...]:
    """("TE", "TM") for "both", else the one named; an ArgumentError for another name."""
    named: dict[str, tuple[Polarization, ...]] = {"TE": ("TE",), "TM": ("TM",), "both": ("TE", "TM")}
    if which not in named:
        raise ArgumentError(f'Argument `polarization` must be "TE", "TM" or "both", but is "{which}"')
    return named[which]
