"""Resonances of a grated stack: complex frequencies at a given k_x, with a certificate that none is missing.

The k0 plane is cut at the Rayleigh wavelengths, where an order begins to radiate into a half-space; between two of them D is
analytic with fixed roots κ, its zeros are counted by the argument principle, and those are kept whose roots obey the rule
of ``planar.kz``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from qdphotonics._checks import one_of, positive, refuse, whole
from qdphotonics.errors import ArgumentError, ModeSearchError
from qdphotonics.gratings import zeros
from qdphotonics.gratings.baseline import averaged
from qdphotonics.gratings.bloch_dispersion import half_space_kappa, log_dispersion, points
from qdphotonics.gratings.bloch_mode import BlochMode
from qdphotonics.gratings.bloch_orders import Orders, Parity, Polarization, symmetric_point
from qdphotonics.gratings.cell import Complexes, UnitCell, unit_cell

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack

ORDERS = 10  # of each sign: D4's wavelengths to 2e-4 nm
LEAST_Q = 50.0
AROUND = 0.1  # of the wavelength: how far from the cell's folded modes are looked for
MARGIN = 0.03  # of the wavelength: searched beyond the outermost folded mode
CLEAR = 1e-6  # of k0: distance of the search's outline from a Rayleigh wavelength, where D has a branch point
PERSISTENT = 2e-3  # of k0: by how much two more orders may move a mode at a corrugated metal in TM; spurious ones move by per cents
FAR = 0.02  # step of an iteration, relative to k0, that left the neighbourhood it was meant for


CORRUGATED = "a corrugated metal in TM makes spurious modes, which the count holds too"


@dataclass(frozen=True, eq=False)
class BlochSearch:
    """Every Bloch mode in a range of wavelengths at one k_x."""

    modes: tuple[BlochMode, ...]  # by rising wavelength
    certified: bool
    note: str
    wavelengths_nm: tuple[float, float]
    least_q: float


def parities(cell: UnitCell, kx_per_nm: float) -> tuple[tuple[Parity | None, ...], bool]:
    """The parities that sort the waves at k_x, and whether it is the zone's edge."""
    edge = symmetric_point(cell, kx_per_nm)
    return ((None,), False) if edge is None else (("even", "odd"), edge)


def feedback_kx(cell: UnitCell) -> float:
    """The k_x at which the cell's order feeds back: 0 for even orders, π/Λ for odd ones [1/nm]."""
    return np.pi / cell.period_nm if cell.order % 2 else 0.0


def _function(orders: Orders, kx_per_nm: complex, sheet: Complexes | None = None) -> zeros.LogFunction:
    return lambda k0: log_dispersion(orders, points(orders.cell, k0, np.array([kx_per_nm]), sheet))


def bloch_modes(
    cell: UnitCell | Stack,
    polarization: Polarization = "TE",
    kx_per_nm: float | None = None,
    wavelengths_nm: tuple[float, float] | None = None,
    *,
    orders: int = ORDERS,
    least_q: float = LEAST_Q,
    slice_height_nm: float | None = None,
) -> BlochSearch:
    """Every Bloch mode of a grated stack at one k_x in a range of wavelengths.

    Parameters
    ----------
    cell : UnitCell or Stack
        Of a stack each mode is computed again with the indices at its own wavelength; a cell's are extended by their slope.
    polarization : {"TE", "TM"}
    kx_per_nm : float, optional
        Bloch wavenumber [1/nm]; where the grating's order feeds back unless given (0 for even orders, π/Λ for odd ones).
    wavelengths_nm : (float, float), optional
        Range [nm]; unless given, 3 % around the planar modes that fold into it, as far as within 10 % of the cell's wavelength.
    orders : int
        Diffraction orders −orders … orders.
    least_q : float
        Modes with |Q| down to this are sought.
    slice_height_nm : float, optional
        Thickest slice through inclined walls [nm].

    Returns
    -------
    BlochSearch

    Raises
    ------
    ArgumentError
        An argument is out of its range.

    Notes
    -----
    Zeros of D on the sheets that the root rule of k_z gives (docs/physics.md); counted by the argument principle. The certificate
    leaves out a millionth of k0 to either side of each Rayleigh wavelength, where D has a branch point.

    Examples
    --------
    >>> from qdphotonics.gratings import GratingProfile
    >>> cell = UnitCell(("substrate", "L-ITO", "QD", "superstrate"), [1.52, 1.6, 1.9, 1.0], [250.0, 50.0], 400.0, 620.0,
    ...                 grated=1, profile=GratingProfile(400.0, 30.0))
    >>> [(mode.symmetry, round(mode.wavelength_nm, 2), round(mode.q)) for mode in bloch_modes(cell).modes if mode.symmetry == "bright"]
    [('bright', 620.38, 2515)]
    """
    one_of("polarization", polarization, ("TE", "TM"))
    whole("orders", orders, 0)
    if not least_q > 1:
        refuse("least_q", "be > 1", least_q)
    stack = None if isinstance(cell, UnitCell) else cell
    cell = cell if isinstance(cell, UnitCell) else unit_cell(cell)
    kx = feedback_kx(cell) if kx_per_nm is None else float(kx_per_nm)
    window = folded_window(cell, polarization, kx, least_q) if wavelengths_nm is None else checked_window(wavelengths_nm)
    sectors, edge = parities(cell, kx) if orders > 0 else ((None,), False)
    found: list[BlochMode] = []
    notes: list[str] = []
    for parity in sectors:
        sector = Orders(cell, polarization, orders, parity, edge, slice_height_nm)
        modes, complaints = _in_window(sector, kx, window, least_q)
        if is_corrugated_metal(sector):
            kept = [mode for mode in modes if _persists(mode)]
            complaints.append(f"{CORRUGATED}; {len(modes) - len(kept)} left out that two more orders displace")
            modes = kept
        found += modes
        notes += [f"{parity}: {complaint}" if parity else complaint for complaint in complaints]
    if stack is not None:
        found = [_at_own_wavelength(stack, mode) for mode in found]
    told = f"{len(found)} in {window[0]:.6g} … {window[1]:.6g} nm, |Q| >= {least_q:g}"
    note = "; ".join([*(f"not certified: {each}" for each in notes), told])
    return BlochSearch(tuple(sorted(found, key=lambda mode: mode.wavelength_nm)), not notes, note, window, least_q)


def bloch_mode(
    cell: UnitCell,
    near_wavelength_nm: float,
    polarization: Polarization = "TE",
    symmetry: Literal["bright", "dark"] | None = None,
    kx_per_nm: float | None = None,
    *,
    near_q: float = np.inf,
    orders: int = ORDERS,
    slice_height_nm: float | None = None,
) -> BlochMode:
    """The Bloch mode near a wavelength: one pole, fast, without a certificate.

    Parameters
    ----------
    cell : UnitCell
    near_wavelength_nm, near_q : float
        Where the iteration starts.
    polarization : {"TE", "TM"}
    symmetry : {"bright", "dark"}, optional
        At k_x = 0 of a cell with a mirror: even or odd in x (there one of them must be named).
    kx_per_nm, orders, slice_height_nm
        As for :func:`bloch_modes`.

    Raises
    ------
    ModeSearchError
        The iteration led away: there is no mode near.
    """
    kx = feedback_kx(cell) if kx_per_nm is None else float(kx_per_nm)
    sectors, edge = parities(cell, kx)
    if sectors == (None,) or symmetry is None:
        parity: Parity | None = None
    else:
        parity = "even" if symmetry == "bright" else "odd"
    k0 = 2 * np.pi / positive("near_wavelength_nm", near_wavelength_nm, "nm") * (1.0 - 0.5j / near_q)
    return refined(Orders(cell, polarization, orders, parity, edge, slice_height_nm), kx, k0)


def refined(orders: Orders, kx_per_nm: float, near_k0: complex, sheet: Complexes | None = None) -> BlochMode:
    """The mode to which Newton's iteration leads from near it, on the sheets of the root rule, or on one that is given."""
    roots, step = zeros.refine(_function(orders, kx_per_nm, sheet), np.array([near_k0]))
    k0 = complex(roots[0])
    if step > 1e-8 or abs(k0 - near_k0) > FAR * abs(near_k0):
        told = f"no Bloch mode near {2 * np.pi / near_k0.real:.6g} nm: the iteration led to {2 * np.pi / k0.real:.6g} nm"
        raise ModeSearchError(f"{told}; `bloch_modes` finds all of a range")
    return _mode(orders, kx_per_nm, k0)


def _mode(orders: Orders, kx_per_nm: float, k0: complex) -> BlochMode:
    """A mode; where neither absorption nor radiation is possible its frequency is real, and is made so."""
    cell = orders.cell
    passive = not any(each.imag.any() for each in (cell.index, cell.index_extraordinary))
    if passive and abs(k0.imag) < 1e-9 * k0.real:
        at = points(cell, np.array([k0.real]), np.array([kx_per_nm]))
        if all((half_space_kappa(orders, at, side).real == 0.0).all() for side in (0, 1)):
            k0 = complex(k0.real, 0.0)
    return BlochMode(k0, kx_per_nm, orders)


def _at_own_wavelength(stack: Stack, mode: BlochMode) -> BlochMode:
    """The same mode with the indices at its wavelength, where the materials are dispersive."""
    if not mode.cell.dindex_dwavelength.any():
        return mode
    for _ in range(2):  # what is left is third order in the way from the stack's wavelength
        fresh = unit_cell(stack, mode.wavelength_nm, profile=mode.cell.profile, over_layers=mode.cell.over_layers)
        mode = refined(replace(mode.orders, cell=fresh), mode.kx_per_nm, mode.k0_per_nm)
    return mode


def checked_window(wavelengths_nm: tuple[float, float]) -> tuple[float, float]:
    """A range of wavelengths, or ArgumentError."""
    low, high = wavelengths_nm
    if not (0 < low < high < np.inf):
        raise ArgumentError(f"Argument `wavelengths_nm` must be (low, high) with 0 < low < high, but it is ({low:g}, {high:g})")
    return float(low), float(high)


def folded_window(
    cell: UnitCell, polarization: Polarization, kx_per_nm: float, least_q: float = LEAST_Q, around: float = AROUND
) -> tuple[float, float]:
    """Wavelengths [nm] around the planar modes that the cell's order folds to k_x; 3 % around the cell's own where there are none."""
    folded = folded_wavelengths(cell, polarization, kx_per_nm, around=around, least_q=least_q)
    if not folded:
        return (1 - MARGIN) * cell.wavelength_nm, (1 + MARGIN) * cell.wavelength_nm
    return (1 - MARGIN) * min(folded), (1 + MARGIN) * max(folded)


def folded_wavelengths(
    cell: UnitCell, polarization: Polarization, kx_per_nm: float | None = None, *, around: float = AROUND, least_q: float = LEAST_Q
) -> tuple[float, ...]:
    """Wavelengths [nm] at which planar modes of the averaged stack fold to k_x: n_eff(λ)·2Λ/order = λ at the symmetric points.

    Parameters
    ----------
    cell : UnitCell
    polarization : {"TE", "TM"}
    kx_per_nm : float, optional
        As for :func:`bloch_modes`.
    around : float
        Searched range: this part of the cell's wavelength to either side.
    least_q : float

    Returns
    -------
    tuple of float
        Rising.
    """
    kx = feedback_kx(cell) if kx_per_nm is None else kx_per_nm
    mean = averaged(cell, polarization)
    G = 2 * np.pi / cell.period_nm
    ways = {round(way / G, 12) * G for way in (cell.order // 2 * G + kx, (cell.order + 1) // 2 * G - kx)}  # one at the symmetric points
    window = ((1 - around) * cell.wavelength_nm, (1 + around) * cell.wavelength_nm)
    modes = [mode for way in ways for mode in _in_window(Orders(mean, polarization, 0), way, window, least_q)[0]]
    return tuple(sorted(mode.wavelength_nm for mode in modes))


def is_corrugated_metal(orders: Orders) -> bool:
    """Whether TM meets a metal beside a dielectric in a slice: the truncated [ε] is then nearly singular and makes spurious modes."""
    signs = [{bool((orders.cell.index[layer] ** 2).real > 0.0) for layer in one.layer} for one in orders.slices]
    return orders.polarization == "TM" and any(len(each) == 2 for each in signs)


def _persists(mode: BlochMode) -> bool:
    try:
        finer = refined(replace(mode.orders, number=mode.orders.number + 2), mode.kx_per_nm, mode.k0_per_nm)
    except ModeSearchError:
        return False
    return abs(finer.k0_per_nm - mode.k0_per_nm) < PERSISTENT * abs(mode.k0_per_nm)


def _in_window(orders: Orders, kx_per_nm: float, window: tuple[float, float], least_q: float) -> tuple[list[BlochMode], list[str]]:
    """The modes of one sector, and what stands against the certificate."""
    low, high = 2 * np.pi / window[1], 2 * np.pi / window[0]
    cuts = [low, *(each for each in rayleigh_k0(orders, kx_per_nm) if low < each < high), high]
    modes, complaints = [], []
    for first, last in pairwise(cuts):
        middle = 0.5 * (first + last)
        height = 1j * middle / (2 * least_q)
        if last - first < 4 * CLEAR * middle:
            continue  # two Rayleigh wavelengths, of ±m close to Γ, as close as what is left out at each of them
        sheet = _sheet(orders, kx_per_nm, middle)
        found = zeros.find(_function(orders, kx_per_nm, sheet), first + CLEAR * middle - height, last - CLEAR * middle + height)
        if found.complaint:
            complaints.append(found.complaint)
        modes += [_mode(orders, kx_per_nm, k0) for k0 in found.zeros if _on_sheet(orders, kx_per_nm, k0, sheet)]
    return modes, complaints


def rayleigh_k0(orders: Orders, kx_per_nm: float) -> tuple[float, ...]:
    """k0 [1/nm] at which an order begins to radiate into a half-space, rising: Re K/n, above or below which lies D's branch point K/n."""
    cell = orders.cell
    K = np.abs(orders.kx(np.array([kx_per_nm]))[0])
    # TM in a uniaxial half-space: k_z² = (n_o/n_e)² (n_e² k0² − K²)
    indices = [(cell.index if orders.polarization == "TE" else cell.index_extraordinary)[side] for side in (0, -1)]
    found = {float((each / index).real) for each in K.tolist() for index in indices if each > 0 and (index**2).real > 0.0}
    return tuple(sorted(found))


def _sheet(orders: Orders, kx_per_nm: float, k0: float) -> Complexes:
    """The roots κ that the rule gives on the real axis at k0 [side, wave]."""
    at = points(orders.cell, np.array([k0]), np.array([kx_per_nm]))
    return np.array([half_space_kappa(orders, at, side)[0] for side in (0, 1)])


def _on_sheet(orders: Orders, kx_per_nm: float, k0: complex, sheet: Complexes) -> bool:
    """Whether the root rule gives at k0 the roots of this sheet."""
    at = points(orders.cell, np.array([k0]), np.array([kx_per_nm]))
    return all(((half_space_kappa(orders, at, side)[0] * sheet[side].conj()).real >= 0.0).all() for side in (0, 1))
