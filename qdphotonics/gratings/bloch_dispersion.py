"""The dispersion function D(k0, k_x) of a grated stack, whose zeros are its Bloch modes, and the fields at a zero.

::

    superstrate                     (U, V) ~ (1, -i κ_c/q_c), carried down order by order through the flat layers above
    =============== z of matching   D = det(Ṽ U + Ũ V): what comes from below meets what comes from above
    slices          (U, V) matrices [wave, wave], carried up
    flat layers     (U, V) order by order
    substrate       (U, V) = (1, -i κ_s/q_s)

In a slice Q G W = W κ², T = i Q^-1 W κ, X = e^{iκ k0 d}: U = W (e^{iκ k0 z} a + e^{iκ k0 (d-z)} b), V = T (… a − … b). No
exponential grows: a = R X b; what is divided out of the columns is counted in log D, so that D is the determinant of the
plain transfer matrix, without poles, analytic but for the roots κ of the two half-spaces.

Reference: M. G. Moharam et al., J. Opt. Soc. Am. A 12, 1077 (1995), doi:10.1364/JOSAA.12.001077 (the enhanced transmittance matrix).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.gratings.bloch_orders import Medium, Orders, inverted
from qdphotonics.gratings.cell import Complexes, Reals, UnitCell

LEVEL = 1e-7  # φ below which sin(φ)/φ is 1 to rounding
GRAZING = 1e-6  # least κ where waves are split into rising and falling ones, which are one and the same at 0: costs 1e-10 there


@dataclass(frozen=True, eq=False)
class Points:
    """Where D is evaluated; every array has the points as its first axis.

    Parameters
    ----------
    k0, kx : complex array [point]
        [1/nm]; complex frequency as k0 = ω/c.
    index, index_extraordinary : complex array [point, layer + 2]
    sheet : complex array [side, wave], optional
        Of each half-space the root κ on the side of this number; by the root rule of ``planar.kz`` unless given.
    """

    k0: Complexes
    kx: Complexes
    index: Complexes
    index_extraordinary: Complexes
    sheet: Complexes | None = None


def points(cell: UnitCell, k0: ArrayLike, kx: ArrayLike, sheet: Complexes | None = None, change: Complexes | None = None) -> Points:
    """Points with the cell's indices, extended to complex wavelengths by their slope; ``change`` [point, layer + 2] is added to them."""
    frequency, along = (np.array(each, dtype=complex) for each in np.broadcast_arrays(np.atleast_1d(k0), np.atleast_1d(kx)))
    off = 2 * np.pi / frequency - cell.wavelength_nm
    extra = np.zeros((1, 1)) if change is None else change
    index = cell.index + cell.dindex_dwavelength * off[:, None] + extra
    index_e = cell.index_extraordinary + cell.dindex_extraordinary_dwavelength * off[:, None] + extra
    return Points(frequency, along, index, index_e, sheet)


@dataclass(frozen=True, eq=False)
class Waves:
    """(U, V) [point, wave] or [point, wave, column] at a height, and the log of what was divided out of it."""

    U: Complexes
    V: Complexes
    log_scale: Complexes  # [point]; of the determinant
    wave_log: Reals  # [point, wave]; of each wave, while they are apart


@dataclass(frozen=True, eq=False)
class Passed:
    """What carries the amplitudes through one slice; matrices [point, wave, wave], None where W is 1."""

    kappa: Complexes  # [point, wave]
    W: Complexes | None
    T: Complexes  # [point, wave] where W is None
    X: Complexes  # [point, wave]
    R: Complexes  # a = R b at the bottom
    inverse: Complexes  # columns at the bottom = inverse @ b


def half_space_kappa(orders: Orders, at: Points, side: int) -> Complexes:
    """κ = k_z/k0-like root [point, wave] in the substrate (side 0) or superstrate (1), times k0 [1/nm]."""
    from qdphotonics.planar.dispersion import Guide, halfspace_kappas

    layer = 0 if side == 0 else len(orders.cell.names) - 1
    q, g0, g1 = orders.medium(layer, at.index, at.index_extraordinary)
    squared = q * (g0 * at.k0[:, None] ** 2 - g1 * orders.kx(at.kx) ** 2)
    none = np.empty(0, complex)
    plain = Guide(np.empty(0, np.int64), none, none, none, np.empty(0), np.array([[1.0, 0.0, -1.0]] * 2, dtype=complex))
    kz = halfspace_kappas(plain, 0, squared.ravel()).reshape(squared.shape)
    if at.sheet is not None:
        kz = np.where((kz * at.sheet[side].conj()).real < 0.0, -kz, kz)
    return kz


def start(orders: Orders, at: Points, side: int) -> Waves:
    """The outgoing wave of each order at a half-space; seen from it, z points into the stack."""
    layer = 0 if side == 0 else len(orders.cell.names) - 1
    q, _, _ = orders.medium(layer, at.index, at.index_extraordinary)
    V = -1j * half_space_kappa(orders, at, side) / (at.k0[:, None] * q)
    size = np.maximum(1.0, np.abs(V))
    return Waves((1.0 / size).astype(complex), V / size, np.log(size).sum(axis=1).astype(complex), np.log(size))


def layer_kappa(squared: Complexes) -> Complexes:
    """Root with Im κ >= 0."""
    kappa = np.sqrt(squared)
    return np.where(kappa.imag < 0.0, -kappa, kappa)


def through_flat(orders: Orders, at: Points, medium: Medium, thickness_nm: float, waves: Waves) -> Waves:
    """Carry the waves, apart from one another, through a uniform layer."""
    q, g0, g1 = medium
    k0 = at.k0[:, None]
    g = g0 - g1 * orders.kx(at.kx) ** 2 / k0**2
    phi = layer_kappa(q * g * k0**2) * thickness_nm
    back, ahead = np.exp(-1j * phi.real), np.exp(2j * phi)
    cos = 0.5 * back * (1.0 + ahead)  # both less e^{Im φ}
    small = np.abs(phi) < LEVEL
    sinc = np.where(small, 1.0, 0.5j * back * (1.0 - ahead) / np.where(small, 1.0, phi))
    s = k0 * thickness_nm * sinc
    U, V = cos * waves.U + q * s * waves.V, cos * waves.V - g * s * waves.U
    size = np.abs(U) + np.abs(V)
    log = np.log(size) + phi.imag
    return Waves(U / size, V / size, waves.log_scale + log.sum(axis=1), waves.wave_log + log)


def grazing(kappa: Complexes) -> Complexes:
    """κ kept off 0: a wave along a slice, as for λ = n Λ at normal incidence, where round numbers meet."""
    return np.where(np.abs(kappa) < GRAZING, GRAZING, kappa)


def enter(orders: Orders, at: Points, position: int) -> tuple[Complexes, Complexes | None, Complexes, Complexes, Complexes]:
    """κ, W, T, W^-1, T^-1 of a slice (W None, T [point, wave] where it is uniform)."""
    one = orders.slices[position]
    if one.is_uniform:
        q, g0, g1 = orders.medium(int(one.layer[0]), at.index, at.index_extraordinary)
        kappa = grazing(layer_kappa(q * (g0 - g1 * orders.kx(at.kx) ** 2 / at.k0[:, None] ** 2)))
        T = 1j * kappa / q
        return kappa, None, T, np.ones_like(T), 1.0 / T
    Q, G = orders.matrices(position, at.index, at.index_extraordinary, at.kx, at.k0)
    squared, W = np.linalg.eig(G if Q is None else Q @ G)
    kappa = grazing(layer_kappa(squared))
    W, over = W.astype(complex), inverted(W)
    if Q is None:
        return kappa, W, 1j * W * kappa[:, None, :], over, -1j / kappa[:, :, None] * over
    slope: Complexes = 1j * np.asarray(np.linalg.solve(Q, W * kappa[:, None, :]))
    return kappa, W, slope, over, -1j / kappa[:, :, None] * (over @ Q)


def columns(waves: Waves) -> tuple[Complexes, Complexes]:
    """U and V as matrices [point, wave, column]."""
    if waves.U.ndim == 3:
        return waves.U, waves.V
    unit = np.eye(waves.U.shape[1])
    return waves.U[:, :, None] * unit, waves.V[:, :, None] * unit


def through(orders: Orders, at: Points, position: int, waves: Waves) -> tuple[Waves, Passed]:
    """Carry the waves as matrices through a slice, of whatever kind."""
    kappa, W, T, over_W, over_T = enter(orders, at, position)
    U, V = columns(waves)
    if W is None:
        first, second = over_W[:, :, None] * U, over_T[:, :, None] * V
    else:
        first, second = over_W @ U, over_T @ V
    inverse = inverted(0.5 * (first - second))
    R: Complexes = 0.5 * (first + second) @ inverse
    phi = kappa * (at.k0[:, None] * orders.slices[position].thickness_nm)
    X = np.exp(1j * phi)
    S = X[:, :, None] * R * X[:, None, :]
    unit = np.eye(S.shape[1])
    if W is None:
        U, V = unit + S, T[:, :, None] * (S - unit)
    else:
        U, V = W @ (unit + S), T @ (S - unit)
    sign, log = np.linalg.slogdet(inverse)
    log_scale = waves.log_scale - log - np.log(sign) - 1j * phi.sum(axis=1)
    return Waves(U, V, log_scale, waves.wave_log), Passed(kappa, W, T, X, R, inverse)


def halves(orders: Orders) -> tuple[list[int], list[int], list[int]]:
    """Positions of the flat slices below the grating, of those from its first to its last slice, and of the flat ones above."""
    rough = [k for k, each in enumerate(orders.slices) if not each.is_uniform]
    count = len(orders.slices)
    if not rough:
        return list(range(count)), [], []
    return list(range(rough[0])), list(range(rough[0], rough[-1] + 1)), list(range(rough[-1] + 1, count))


def flat_medium(orders: Orders, at: Points, position: int) -> tuple[Medium, float]:
    one = orders.slices[position]
    return orders.medium(int(one.layer[0]), at.index, at.index_extraordinary), one.thickness_nm


def meeting(orders: Orders, at: Points) -> tuple[Complexes, Complexes]:
    """The matrix (or its diagonal [point, wave]) whose determinant is D, and the log of D's scale [point]."""
    below, rough, above = halves(orders)
    up, down = start(orders, at, 0), start(orders, at, 1)
    for position in below:
        up = through_flat(orders, at, *flat_medium(orders, at, position), up)
    for position in above[::-1]:
        down = through_flat(orders, at, *flat_medium(orders, at, position), down)
    for position in rough:
        up, _ = through(orders, at, position, up)
    if up.U.ndim == 3:
        return down.V[:, :, None] * up.U + down.U[:, :, None] * up.V, up.log_scale + down.log_scale
    return down.V * up.U + down.U * up.V, up.log_scale + down.log_scale


def log_dispersion(orders: Orders, at: Points) -> Complexes:
    """log D [point], its imaginary part modulo 2π; −inf at a zero."""
    matrix, log_scale = meeting(orders, at)
    with np.errstate(divide="ignore"):
        if matrix.ndim == 2:
            return np.asarray(np.log(matrix).sum(axis=1) + log_scale)
        sign, log = np.linalg.slogdet(matrix)
        return np.asarray(log + np.log(sign) + log_scale)
