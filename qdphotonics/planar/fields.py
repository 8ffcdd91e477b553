"""The field of a mode at any height, from the exact solution in every layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import real_array
from qdphotonics.planar.results import Complexes, Mode, Reals
from qdphotonics.units import wavenumber_per_nm


@dataclass(frozen=True)
class Field:
    """Complex amplitudes of a mode, E and H in one unit (H times the impedance of vacuum).

    ``E`` and ``H`` are [3, z]: x (along the propagation), y, z (normal to the layers). TE: E_y, H_x, H_z; TM: H_y, E_x, E_z.
    """

    z_nm: Reals  # [z]
    E: Complexes  # [3, z]
    H: Complexes  # [3, z]


def mode_field(mode: Mode, z_nm: ArrayLike) -> Field:
    """Field of a mode at the heights z_nm.

    Parameters
    ----------
    mode : Mode
        From :func:`find_modes`.
    z_nm : array_like of float, shape (z,)
        Height above the interface of substrate and first layer [nm]; may lie in the half-spaces. A height on an
        interface belongs to the layer below.

    Returns
    -------
    Field
        Normalised so that the largest |E|^2 within the layers (of 200 heights a layer) is 1, E_y or H_y real there.

    Raises
    ------
    ArgumentError
        A height is not a finite number.

    Notes
    -----
    U = a e^{i kappa k0 z} + b e^{i kappa k0 (d - z)} in each layer; PHYSICS section 1 for the components.
    """
    heights = np.atleast_1d(real_array("z_nm", z_nm))
    edges = np.concatenate([[0.0], np.cumsum(mode.thickness_nm)])
    inside = (edges[:-1, None] + mode.thickness_nm[:, None] * np.linspace(1e-9, 1.0, 200)).ravel()
    E, H = _components(mode, np.concatenate([inside if inside.size else np.zeros(1), heights]), edges)
    peak = int((np.abs(E[:, : max(inside.size, 1)]) ** 2).sum(axis=0).argmax())
    main = (E if mode.polarization == "TE" else H)[1, peak]
    phase = abs(main) / main if main != 0.0 else 1.0
    scale = phase / np.sqrt((np.abs(E[:, peak]) ** 2).sum())
    wanted = slice(max(inside.size, 1), None)
    return Field(heights, E[:, wanted] * scale, H[:, wanted] * scale)


def _components(mode: Mode, z_nm: NDArray[np.float64], edges: NDArray[np.float64]) -> tuple[Complexes, Complexes]:
    U, V, region = _u_and_v(mode, z_nm, edges)
    zero = np.zeros_like(U)
    if mode.polarization == "TE":
        return np.stack([zero, U, zero]), np.stack([1j * V, zero, mode.n_eff * U])
    E_z = -mode.n_eff * U / mode.index_extraordinary[region] ** 2
    return np.stack([-1j * V, zero, E_z]), np.stack([zero, U, zero])


def _u_and_v(mode: Mode, z_nm: NDArray[np.float64], edges: NDArray[np.float64]) -> tuple[Complexes, Complexes, NDArray[np.intp]]:
    """U, V and the region (0 = substrate) at heights z_nm; ``edges``: heights of the interfaces."""
    from qdphotonics.planar.dispersion import halfspace_kappas, pack, workspace
    from qdphotonics.planar.profile import interface_fields

    guide = pack(mode.index, mode.index_extraordinary, mode.thickness_nm, mode.wavelength_nm, mode.polarization)
    kappas = (halfspace_kappas(guide, 0, np.array([mode.n_eff**2]))[0], halfspace_kappas(guide, 1, np.array([mode.n_eff**2]))[0])
    work = workspace(guide.q.size, guide.row.size)
    interface_fields(guide, mode.n_eff, kappas[0], kappas[1], work)
    fields = work.fields
    k0 = wavenumber_per_nm(mode.wavelength_nm)
    region = np.searchsorted(edges, z_nm, side="left")
    U, V = np.empty(z_nm.size, np.complex128), np.empty(z_nm.size, np.complex128)
    for at in np.unique(region).tolist():
        here = region == at
        if at in (0, edges.size):
            side = 0 if at == 0 else 1
            wave = np.exp(1j * kappas[side] * k0 * np.abs(z_nm[here] - edges[-side]))
            U[here], V[here] = fields[-side, 0] * wave, fields[-side, 1] * wave
            continue
        row = guide.row[at - 1]
        q, g = guide.q[row], guide.g0[row] - guide.g1[row] * mode.n_eff**2
        z, length = k0 * (z_nm[here] - edges[at - 1]), guide.k0d[row]
        U[here], V[here] = _within(q, g, z, length, fields[at - 1], fields[at])
    return U, V, region


def _within(q: complex, g: complex, z: Reals, length: float, bottom: Complexes, top: Complexes) -> tuple[Complexes, Complexes]:
    """(U, V) in a layer from its two interfaces; z from 0 to length in units of 1/k0."""
    kappa = np.sqrt(q * g + 0j)
    kappa = -kappa if kappa.imag < 0.0 else kappa
    if abs(kappa * length) < 1e-3:  # the two exponentials coincide: the power series, to 1e-15
        x = q * g * z**2
        cos, sinc = 1 - x / 2 * (1 - x / 12 * (1 - x / 30)), 1 - x / 6 * (1 - x / 20 * (1 - x / 42))
        return cos * bottom[0] + q * z * sinc * bottom[1], cos * bottom[1] - g * z * sinc * bottom[0]
    y = 1j * kappa / q
    up = 0.5 * (bottom[0] + bottom[1] / y) * np.exp(1j * kappa * z)
    down = 0.5 * (top[0] - top[1] / y) * np.exp(1j * kappa * (length - z))
    return up + down, y * (up - down)
