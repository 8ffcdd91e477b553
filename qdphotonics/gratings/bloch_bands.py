"""Bands: complex frequency against real k_x, and complex k_x at a real frequency."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import one_of, positive, whole
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings import zeros
from qdphotonics.gratings.bloch_dispersion import half_space_kappa, log_dispersion, points
from qdphotonics.gratings.bloch_modes import AROUND as FOLDED
from qdphotonics.gratings.bloch_modes import LEAST_Q, ORDERS, BlochSearch, bloch_modes, checked_window, feedback_kx, folded_window
from qdphotonics.gratings.bloch_orders import Orders, Polarization
from qdphotonics.gratings.cell import Complexes, Reals, UnitCell, unit_cell
from qdphotonics.units import NM_PER_CM

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

AROUND = 0.01  # of G: half the width in k_x of a search at fixed frequency
CLEAR = 1e-6  # of G: distance of its outline from the k_x at which an order begins to radiate
OFF_CENTRE = 1e-3  # of the width: its outline is not symmetric, so that no pair ±k_x lies on a seam


@dataclass(frozen=True, eq=False)
class BandStructure:
    """Every Bloch mode of a range at each of many k_x."""

    kx_per_nm: Reals  # [kx]
    searches: tuple[BlochSearch, ...]  # [kx]
    k0_per_nm: Complexes  # [band, kx] followed from one k_x to the next; nan where a band is out of the range

    @property
    def certified(self) -> bool:
        """Whether at every k_x the zeros counted are those found."""
        return all(search.certified for search in self.searches)

    @property
    def wavelength_nm(self) -> Reals:
        """Of each band [band, kx]."""
        return np.asarray(2 * np.pi / self.k0_per_nm.real)

    @property
    def q(self) -> Reals:
        """Of each band [band, kx]; infinite for dark and guided modes."""
        lossless = self.k0_per_nm.imag == 0.0
        return np.where(lossless, np.inf, -self.k0_per_nm.real / np.where(lossless, 1.0, 2 * self.k0_per_nm.imag))

    def angle_deg(self, index: float = 1.0) -> Reals:
        """Angle [band, kx] at which order 0 leaves into a medium of this index [degrees]; nan where it does not."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.degrees(np.arcsin(self.kx_per_nm / (index * self.k0_per_nm.real))))


def band_structure(
    cell: UnitCell | Stack,
    kx_per_nm: ArrayLike,
    polarization: Polarization = "TE",
    wavelengths_nm: tuple[float, float] | None = None,
    *,
    orders: int = ORDERS,
    least_q: float = LEAST_Q,
) -> BandStructure:
    """ω(k_x): the bands of a grated stack through its stop band.

    Parameters
    ----------
    cell : UnitCell or Stack
    kx_per_nm : float array [kx]
        Rising [1/nm]; 0 where the second order feeds back.
    polarization, orders, least_q
        As for :func:`bloch_modes`.
    wavelengths_nm : (float, float), optional
        The same range for every k_x [nm]; the one that holds the folded planar modes of all k_x unless given.

    Returns
    -------
    BandStructure

    Raises
    ------
    ArgumentError
        k_x does not rise.
    """
    kx = np.atleast_1d(np.asarray(kx_per_nm, dtype=float))
    if kx.ndim != 1 or (np.diff(kx) <= 0).any():
        raise ArgumentError("Argument `kx_per_nm` must rise from one value to the next")
    plain = cell if isinstance(cell, UnitCell) else unit_cell(cell)
    if wavelengths_nm is None:
        reach = FOLDED + float(np.abs(kx - feedback_kx(plain)).max()) * plain.period_nm / (2 * np.pi)
        each = [folded_window(plain, polarization, float(edge), least_q, reach) for edge in (kx[0], kx[-1], kx[np.abs(kx).argmin()])]
        wavelengths_nm = min(low for low, _ in each), max(high for _, high in each)
    searches = tuple(bloch_modes(cell, polarization, float(k), wavelengths_nm, orders=orders, least_q=least_q) for k in kx)
    return BandStructure(kx, searches, followed(kx, [np.array([mode.k0_per_nm for mode in s.modes]) for s in searches]))


def followed(kx_per_nm: Reals, found: list[NDArray[np.complex128]]) -> Complexes:
    """Values [kx][mode] sorted into bands [band, kx]: each continues the straight line through its last two."""
    from scipy.optimize import linear_sum_assignment

    bands: list[dict[int, complex]] = []
    for i, values in enumerate(found):
        alive = [band for band in bands if i - 1 in band]
        expected = [_continued(band, kx_per_nm, i) for band in alive]
        distance = np.abs(np.subtract.outer(np.array(expected, dtype=complex), values))
        rows, taken = linear_sum_assignment(distance) if alive and values.size else (np.empty(0, int), np.empty(0, int))
        for row, column in zip(rows.tolist(), taken.tolist(), strict=True):
            alive[row][i] = complex(values[column])
        bands += [{i: complex(values[column])} for column in range(values.size) if column not in set(taken.tolist())]
    table = np.full((len(bands), kx_per_nm.size), complex(np.nan, np.nan))
    for row, band in enumerate(bands):
        for i, value in band.items():
            table[row, i] = value
    return table


def _continued(band: dict[int, complex], kx_per_nm: Reals, i: int) -> complex:
    if i - 2 not in band:
        return band[i - 1]
    slope = (band[i - 1] - band[i - 2]) / (kx_per_nm[i - 1] - kx_per_nm[i - 2])
    return complex(band[i - 1] + slope * (kx_per_nm[i] - kx_per_nm[i - 1]))


@dataclass(frozen=True, eq=False)
class BlochWavenumbers:
    """Complex k_x at one frequency: how waves of that colour run and decay along the grating."""

    kx_per_nm: Complexes  # [mode] by falling Im k_x; with each k_x of a symmetric cell there is −k_x
    wavelength_nm: float
    polarization: Polarization
    certified: bool
    note: str

    @property
    def loss_per_cm(self) -> Reals:
        """2 Im k_x [mode]: intensity is lost along +x, gained where negative [1/cm]."""
        return np.asarray(2 * NM_PER_CM * self.kx_per_nm.imag)


def bloch_wavenumbers(
    cell: UnitCell,
    wavelength_nm: float,
    polarization: Polarization = "TE",
    *,
    around: float = AROUND,
    orders: int = ORDERS,
    slice_height_nm: float | None = None,
) -> BlochWavenumbers:
    """Every complex k_x at a real frequency, around the k_x at which the cell's order feeds back.

    Parameters
    ----------
    cell : UnitCell
    wavelength_nm : float
        Vacuum wavelength [nm].
    polarization : {"TE", "TM"}
    around : float
        Half the width of the searched square in Re and Im k_x, in units of G = 2π/Λ.
    orders, slice_height_nm
        As for :func:`bloch_modes`.

    Returns
    -------
    BlochWavenumbers
        k_x − Re of the symmetric point included: 0 … for even orders, π/Λ … for odd ones.

    Raises
    ------
    ArgumentError
        An argument is out of its range.
    """
    one_of("polarization", polarization, ("TE", "TM"))
    whole("orders", orders, 0)
    positive("around", around)
    k0 = 2 * np.pi / checked_window((wavelength_nm, 2 * wavelength_nm))[0]
    kept = Orders(cell, polarization, orders, slice_height_nm=slice_height_nm)
    G, centre = kept.wavenumber_per_nm, feedback_kx(cell)
    low, high = centre - (1 + OFF_CENTRE) * around * G, centre + (1 + 2 * OFF_CENTRE) * around * G
    cuts = [low, *(each for each in _openings(kept, k0) if low < each < high), high]
    found: list[complex] = []
    complaints = []
    for first, last in pairwise(cuts):
        at = points(cell, np.array([k0]), np.array([0.5 * (first + last)]))
        sheet = np.array([half_space_kappa(kept, at, side)[0] for side in (0, 1)])

        def function(kx: Complexes, sheet: Complexes = sheet) -> Complexes:
            return log_dispersion(kept, points(cell, np.array([k0]), kx, sheet))

        height = 1j * (1 + OFF_CENTRE) * around * G
        search = zeros.find(function, first + CLEAR * G - height, last - CLEAR * G + (1 + OFF_CENTRE) * height)
        if search.complaint:
            complaints.append(search.complaint)
        for kx in search.zeros:
            here = points(cell, np.array([k0]), np.array([kx]))
            if all(((half_space_kappa(kept, here, side)[0] * sheet[side].conj()).real >= 0.0).all() for side in (0, 1)):
                found.append(kx)
    found.sort(key=lambda kx: -kx.imag)
    note = "; ".join([*(f"not certified: {each}" for each in complaints), f"{len(found)} within {around:g} G of {centre:.6g} per nm"])
    return BlochWavenumbers(np.array(found, dtype=complex), float(wavelength_nm), polarization, not complaints, note)


def _openings(orders: Orders, k0: float) -> list[float]:
    """Real k_x at which an order begins to radiate into a half-space, rising."""
    cell = orders.cell
    indices = [(cell.index if orders.polarization == "TE" else cell.index_extraordinary)[side] for side in (0, -1)]
    reach = [abs(index.real) * k0 for index in indices if (index**2).real > 0.0]
    return sorted({float(sign * each - m * orders.wavenumber_per_nm) for each in reach for sign in (-1, 1) for m in orders.m})
