"""The guide and the stripe: what the light of a calculation runs along."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.units import NM_PER_UM, photon_energy_eV

Array = NDArray[np.float64]


def refuse_unless(holds: bool, name: str, rule: str, value: object) -> None:
    """ArgumentError: Argument `name` must ``rule``, but it is ``value``."""
    if not holds:
        raise ArgumentError(f"Argument `{name}` must {rule}, but it is {value}")


def finite_array(name: str, value: ArrayLike) -> Array:
    """A float64 array without nan and infinity, or ArgumentError."""
    array = np.asarray(value)
    refuse_unless(array.dtype.kind in "iuf" and bool(np.isfinite(array).all()), name, "be finite real numbers", f"{value!r}"[:80])
    return array.astype(np.float64)


@dataclass(frozen=True)
class Guide:
    """Modes of a planar guide at the wavelengths of a calculation, of either polarization.

    Parameters
    ----------
    wavelength_nm : array_like [wavelength]
        At least one; several either rise or fall.
    confinement : array_like, broadcast to [mode, wavelength]
        By how much the modal gain grows with the film's: Gamma.
    loss_per_cm : array_like, broadcast to [mode, wavelength]
        Modal loss without the dots [cm^-1], >= 0.
    effective_index : array_like, broadcast to [mode, wavelength]
        Re n_eff; it says how many lateral modes a width holds.
    labels : tuple of str
        A name for each mode.
    edge_transmission : array_like, broadcast to [mode, wavelength, angle], optional
        Share of the light that leaves the end at x = L, by its angle in the plane, evenly from 0 to 90 degrees; all of it unless
        given. The rest is lost.

    Raises
    ------
    ArgumentError
        Shapes that do not fit, numbers outside their range.

    Examples
    --------
    >>> guide = Guide([640.0, 645.0], [[0.23], [0.02]], [[16.0], [600.0]], effective_index=1.65, labels=("TE0", "TM0"))
    >>> guide.loss_per_cm.tolist()
    [[16.0, 16.0], [600.0, 600.0]]
    """

    wavelength_nm: Any
    confinement: Any
    loss_per_cm: Any
    effective_index: Any
    labels: tuple[str, ...] = ("TE0",)
    edge_transmission: Any = 1.0

    def __post_init__(self) -> None:
        wavelength = finite_array("wavelength_nm", self.wavelength_nm)
        steps = np.diff(wavelength)
        one_way = bool((steps > 0).all() or (steps < 0).all())
        well_ordered = wavelength.ndim == 1 and wavelength.size > 0 and one_way and bool((wavelength > 0).all())
        refuse_unless(well_ordered, "wavelength_nm", "be a row of wavelengths > 0 that rise or fall", wavelength)
        object.__setattr__(self, "wavelength_nm", wavelength)
        shape = (len(self.labels), wavelength.size)
        for name, least in (("confinement", -np.inf), ("loss_per_cm", 0.0), ("effective_index", 0.0)):
            array = finite_array(name, getattr(self, name))
            refuse_unless(bool((array >= least).all()), name, f"be >= {least:g}", array.min() if array.size else array)
            try:
                object.__setattr__(self, name, np.broadcast_to(array, shape))
            except ValueError:
                message = f"Argument `{name}` must fit [mode, wavelength] = {list(shape)}, but its shape is {list(array.shape)}"
                raise ArgumentError(message) from None
        share = finite_array("edge_transmission", self.edge_transmission)
        share = share if share.ndim else np.full((*shape, 2), share)
        fits = share.ndim == 3 and share.shape[:2] == shape and share.shape[2] >= 2
        refuse_unless(fits, "edge_transmission", "be a number or [mode, wavelength, two angles or more]", f"of shape {list(share.shape)}")
        refuse_unless(bool(((share >= 0) & (share <= 1)).all()), "edge_transmission", "be from 0 to 1", [share.min(), share.max()])
        object.__setattr__(self, "edge_transmission", share)

    @property
    def photon_energy_eV(self) -> Array:
        """Photon energies [wavelength]."""
        energy: Array = photon_energy_eV(self.wavelength_nm)
        return energy

    @property
    def energy_weights_eV(self) -> Array:
        """Weights [wavelength] of the trapezoidal rule over the photon energy; 1 for a single wavelength."""
        energy = self.photon_energy_eV
        if energy.size == 1:
            return np.ones(1)
        steps = np.abs(np.diff(energy)) / 2
        weights = np.zeros(energy.size)
        weights[:-1] += steps
        weights[1:] += steps
        return weights


@dataclass(frozen=True)
class Stripe:
    """The part of a film that is pumped, from x = 0 to its length.

    Parameters
    ----------
    length_um, width_um : float
    facet_reflectivity : (float, float), optional
        Of the ends at x = 0 and at the length, 0 to below 1.
    lateral_modes : float, optional
        How many lateral modes carry the light all along, as in a ridge. Without it the stripe is a window in an open film,
        and light that walks off sideways is lost (:mod:`qdphotonics.laser.lateral`).

    Raises
    ------
    ArgumentError
        A length that is not positive, a reflectivity outside 0 to 1, reflecting facets without ``lateral_modes``.
    """

    length_um: float
    width_um: float
    facet_reflectivity: tuple[float, float] = (0.0, 0.0)
    lateral_modes: float | None = None

    def __post_init__(self) -> None:
        for name in ("length_um", "width_um", "lateral_modes"):
            value = getattr(self, name)
            if value is not None:
                refuse_unless(isfinite(value) and value > 0, name, "be > 0 and finite", value)
        inside = all(0 <= each < 1 for each in self.facet_reflectivity)
        refuse_unless(inside, "facet_reflectivity", "be from 0 to below 1", self.facet_reflectivity)
        guided = self.lateral_modes is not None or not any(self.facet_reflectivity)
        refuse_unless(guided, "lateral_modes", "be given where a facet reflects (an open stripe loses what comes back)", self.lateral_modes)

    @property
    def length_nm(self) -> float:
        """Length [nm]."""
        return self.length_um * NM_PER_UM

    @property
    def width_nm(self) -> float:
        """Width [nm]."""
        return self.width_um * NM_PER_UM
