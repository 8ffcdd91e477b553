"""Light that falls on a grated stack: reflectance, transmittance, absorptance by layer, and by reciprocity what shines back.

By reciprocity a dipole layer sends into a direction as much as |E|² that a wave from there makes in it: the angle–wavelength
map of emission is that of ∫|E|² over the gain layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import one_of, whole
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings.bloch_dispersion import Points, points
from qdphotonics.gratings.bloch_fields import Scattered, scattered
from qdphotonics.gratings.bloch_measures import measure
from qdphotonics.gratings.bloch_modes import ORDERS
from qdphotonics.gratings.bloch_orders import Orders, Polarization
from qdphotonics.gratings.cell import Reals, UnitCell, unit_cell

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

Side = Literal["substrate", "superstrate"]

AT_ONCE = 64  # points whose matrices are held in memory together


@dataclass(frozen=True, eq=False)
class BlochSpectrum:
    """What becomes of a plane wave of unit flux; all arrays begin with [angle, wavelength]."""

    wavelength_nm: Reals  # [wavelength]
    angle_deg: Reals  # [angle], in the half-space that the light comes from
    polarization: Polarization
    side: Side
    names: tuple[str, ...]
    orders: tuple[int, ...]
    reflected: Reals  # [angle, wavelength, order]
    transmitted: Reals  # [angle, wavelength, order]
    absorptance: Reals | None  # [angle, wavelength, layer + 2]
    intensity: Reals | None  # [angle, wavelength, layer + 2]; mean |E|² in each layer over that of the incident wave; 0 in the half-spaces

    @property
    def reflectance(self) -> Reals:
        """Of all orders [angle, wavelength]."""
        return np.asarray(self.reflected.sum(axis=-1))

    @property
    def transmittance(self) -> Reals:
        """Of all orders [angle, wavelength]."""
        return np.asarray(self.transmitted.sum(axis=-1))


def bloch_spectrum(
    cell: UnitCell | Stack,
    wavelengths_nm: ArrayLike,
    angles_deg: ArrayLike = 0.0,
    polarization: Polarization = "TE",
    side: Side = "superstrate",
    *,
    orders: int = ORDERS,
    fields: bool = True,
    slice_height_nm: float | None = None,
) -> BlochSpectrum:
    """Reflectance, transmittance, absorptance and field intensity of a grated stack, lines across the plane of incidence.

    Parameters
    ----------
    cell : UnitCell or Stack
        A stack's indices are taken at every wavelength; a cell's are extended by their slope.
    wavelengths_nm : float or array [wavelength]
    angles_deg : float or array [angle]
        From the normal, in the half-space that the light comes from, −90 … 90 exclusively.
    polarization : {"TE", "TM"}
    side : {"substrate", "superstrate"}
        Where the light comes from; lossless.
    orders, slice_height_nm
        As for :func:`bloch_modes`.
    fields : bool
        Whether to integrate |E|² and the absorption (about 1 ms a point and slice more).

    Returns
    -------
    BlochSpectrum

    Raises
    ------
    ArgumentError
        An argument is out of its range, or the light comes from an absorbing half-space.
    """
    one_of("polarization", polarization, ("TE", "TM"))
    one_of("side", side, ("substrate", "superstrate"))
    whole("orders", orders, 0)
    wavelength, angle = (np.atleast_1d(np.asarray(each, dtype=float)) for each in (wavelengths_nm, angles_deg))
    if not (wavelength > 0).all() or not (np.abs(angle) < 90).all():
        raise ArgumentError("Arguments `wavelengths_nm` must be > 0 and `angles_deg` between -90 and 90")
    plain = cell if isinstance(cell, UnitCell) else unit_cell(cell)
    kept = Orders(plain, polarization, orders, slice_height_nm=slice_height_nm)
    near, layers = 0 if side == "substrate" else 1, len(plain.names)
    shape = (wavelength.size, angle.size)
    reflected, transmitted = (np.zeros((*shape, kept.m.size)) for _ in range(2))
    absorptance, intensity = ((np.zeros((*shape, layers)) for _ in range(2)) if fields else (None, None))
    for i, each in enumerate(wavelength):
        local = plain if isinstance(cell, UnitCell) else unit_cell(cell, float(each), profile=plain.profile, over_layers=plain.over_layers)
        index = _incident_index(local, each, near)
        for first in range(0, angle.size, AT_ONCE):
            part = slice(first, min(first + AT_ONCE, angle.size))
            kx = 2 * np.pi / each * index * np.sin(np.radians(angle[part]))
            at = points(local, np.full(kx.shape, 2 * np.pi / each, dtype=complex), kx.astype(complex))
            waves = scattered(kept, at, near)
            flux = _flux(waves) / _incident_flux(kept, at, near)[:, None]
            reflected[i, part], transmitted[i, part] = flux[near], flux[1 - near]
            if absorptance is not None and intensity is not None:
                for k in range(kx.size):
                    absorptance[i, first + k], intensity[i, first + k] = _inside(waves, k, near)

    def turned(array: Reals | None) -> Reals | None:
        return None if array is None else np.swapaxes(array, 0, 1)

    return BlochSpectrum(
        wavelength, angle, polarization, side, plain.names, tuple(kept.m.tolist()), np.swapaxes(reflected, 0, 1),
        np.swapaxes(transmitted, 0, 1), turned(absorptance), turned(intensity),
    )  # fmt: skip


def _incident_index(cell: UnitCell, wavelength_nm: float, near: int) -> float:
    index = complex(cell.index[-near] + cell.dindex_dwavelength[-near] * (wavelength_nm - cell.wavelength_nm))
    if index.imag != 0.0 or cell.index_extraordinary[-near] != cell.index[-near]:
        raise ArgumentError(f"Argument `side` must be a lossless isotropic half-space, but the {cell.names[-near]} has n = {index:.6g}")
    return index.real


def _flux(waves: Scattered) -> Reals:
    """Flux of every wave that leaves [side, point, wave]."""
    q = [waves.orders.medium(layer, waves.at.index, waves.at.index_extraordinary)[0] for layer in (0, len(waves.orders.cell.names) - 1)]
    kappa = waves.kz_per_nm / waves.at.k0[:, None]
    is_open = (waves.kz_per_nm**2).real > 0.0
    return np.where(is_open, (kappa / np.array(q)).real * np.abs(waves.edges) ** 2, 0.0)


def _incident_flux(orders: Orders, at: Points, near: int) -> Reals:
    q, g0, g1 = orders.medium(0 if near == 0 else len(orders.cell.names) - 1, at.index, at.index_extraordinary)
    squared = q * (g0 - g1 * (at.kx / at.k0)[:, None] ** 2)
    return np.asarray((np.sqrt(squared) / q).real[:, 0])


def _inside(waves: Scattered, k: int, near: int) -> tuple[Reals, Reals]:
    """Absorptance and mean intensity by layer at one point."""
    found = waves.waves(k)
    integrals = measure(found)
    incoming = float(_incident_flux(waves.orders, found.at, near)[0])
    absorbed = found.k0.real * integrals.absorbed / incoming
    areas = np.zeros(integrals.intensity.size)
    for one in waves.orders.slices:
        np.add.at(areas, one.layer, one.thickness_nm * np.diff(one.boundaries_nm) / waves.orders.cell.period_nm)
    unit = 1.0 if waves.orders.polarization == "TE" else 1.0 / abs(found.at.index[0, -near]) ** 2  # |E|² of the incident wave
    mean = np.where(areas > 0.0, integrals.intensity / np.where(areas > 0.0, areas, 1.0), 0.0) / unit
    mean[[0, -1]] = 0.0
    return absorbed, mean
