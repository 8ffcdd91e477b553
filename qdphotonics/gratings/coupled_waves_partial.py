"""What a grating does to a planar mode: scattering of its two waves into each other, into partial waves, and back.

The grating feeds back in order p: G = 2π/Λ, K_j = (j − p/2) G; the mode travels in orders 0 (S) and p (R), all the others are
partial waves (W. Streifer): radiating where a half-space is open to them, else evanescent. With U, V, Q, G as in
``bloch_orders``, the slices' means as baseline and

    δG_ab = ε_{a−b} (TE), −K_a K_b (1/ε_z)_{a−b}/k0² (TM);   δQ_ab = 0 (TE), ε_{a−b} (TM)

a partial wave c driven by the mode's wave b obeys

    U_c' = k0 (Q V_c + δQ_cb V_b),  V_c' = −k0 (G_c U_c + δG_cb U_b),   outgoing in both half-spaces.

In a slice it is (x U_b, y V_b) with constant x, y, plus waves of the stack that start where x and y jump: the stack's Green
function, in closed form. The matrix elements

    M_ab = ∫ (δG_ab U² + δQ_ab V²) dz + Σ_c ∫ (δG_ac U U_c + δQ_ac V V_c) dz

shift the mode's n_eff as a layer's change does: 2 n_eff δn ∫ U² (TM: ∫ U²⟨1/ε_z⟩) = M. First order and second in the grating.
At high orders the terms of TE fall as c^-4, those of TM as c^-2 only, for the fields at a tooth's corners: of TM the rest of the
sum is taken to be as much as its outer half, which it is for c^-2.

References: R. F. Kazarinov, C. H. Henry, IEEE J. Quantum Electron. 21, 144 (1985), doi:10.1109/JQE.1985.1072627; W. Streifer,
D. R. Scifres, R. D. Burnham, ibid. 13, 134 (1977), doi:10.1109/JQE.1977.1069328.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.gratings.cell import Complexes, Reals, Slice, UnitCell
from qdphotonics.planar.results import Mode

BACKWARD, FORWARD = 0, 1  # position of S and R along an axis "wave"


@dataclass(frozen=True, eq=False)
class Baseline:
    """The planar stack of a cell's slices, each with its mean: the unperturbed guide.

    TE sees ⟨ε⟩; TM ⟨ε⟩ along x and 1/⟨1/ε⟩ along z, what a shallow grating is to fields that are smooth above and below it.
    """

    cell: UnitCell
    polarization: Literal["TE", "TM"]
    max_height_nm: float | None = None

    @cached_property
    def slices(self) -> tuple[Slice, ...]:
        """From the substrate up."""
        return self.cell.slices(self.max_height_nm)

    @cached_property
    def thickness_nm(self) -> Reals:
        return np.array([each.thickness_nm for each in self.slices])

    @property
    def rough(self) -> list[int]:
        """Positions of the slices that depend on x."""
        return [k for k, each in enumerate(self.slices) if not each.is_uniform]

    def coefficients(self, values: Complexes, orders: ArrayLike) -> Complexes:
        """Fourier coefficients [slice, order] of what takes ``values`` [layer + 2] in the layers."""
        return np.array([each.fourier(values, orders, self.cell.period_nm) for each in self.slices])

    def _mean(self, values: Complexes) -> Complexes:
        """Means [slice + 2], half-spaces included."""
        return np.concatenate([values[:1], self.coefficients(values, [0])[:, 0], values[-1:]])

    @cached_property
    def index(self) -> Complexes:
        """√⟨ε⟩ [slice + 2]."""
        result: Complexes = np.sqrt(self._mean(self.cell.index**2))
        return result

    @cached_property
    def index_extraordinary(self) -> Complexes:
        """⟨1/ε_z⟩^-½ [slice + 2]; of TE the same as ``index``."""
        result: Complexes = self.index if self.polarization == "TE" else self._mean(self.cell.index_extraordinary**-2) ** -0.5
        return result

    def modes(self) -> tuple[Mode, ...]:
        """All planar modes of the polarization."""
        from qdphotonics import planar

        cell = self.cell
        slope = self._mean(cell.index * cell.dindex_dwavelength) / self.index
        slope_z = slope
        if self.polarization == "TM":
            slope_z = self._mean(cell.index_extraordinary**-3 * cell.dindex_extraordinary_dwavelength) * self.index_extraordinary**3
        search = planar.find_modes(
            self.index,
            self.thickness_nm,
            cell.wavelength_nm,
            self.polarization,
            index_extraordinary=self.index_extraordinary,
            dindex_dwavelength=slope,
            dindex_extraordinary_dwavelength=slope_z,
        )
        return search.modes


@dataclass(frozen=True, eq=False)
class MatrixElements:
    """M_ab/(2 n_eff N) as shifts of n_eff, and where the partial waves go. Axes "wave": S, R."""

    first: Complexes  # [wave into, wave from]; first order in the grating
    partial: Complexes  # [wave into, wave from, partial wave]
    orders: Reals  # [partial wave]; K/G
    beyond: Complexes  # [wave into, wave from]; estimate of the partial waves left out
    radiated: Complexes  # [side, partial wave, wave from]; U at the half-space for unit U of the mode
    flux: Reals  # [side, partial wave]; Re(κ/q) of the open half-spaces, 0 of closed ones
    norm: complex  # N = ∫ U² or ∫ U²⟨1/ε_z⟩ in units of 1/k0
    power: float  # n_eff ∫ |U|² or n_eff ∫ |U|² Re⟨1/ε_z⟩, likewise

    @property
    def total(self) -> Complexes:
        """[wave into, wave from]."""
        result: Complexes = self.first + self.partial.sum(axis=2) + self.beyond
        return result


@dataclass(frozen=True, eq=False)
class ModeOnSlices:
    """A planar mode of the baseline: fields at the interfaces, integrals in the layers."""

    n_eff: complex
    k0: float
    q: Complexes  # [slice + 2]
    g0: Complexes
    g1: Complexes
    phase: Reals  # k0 d [slice]
    U: Complexes  # [slice + 1] at the interfaces
    V: Complexes
    products: Complexes  # [slice + 2, 2] ∫ U², ∫ V² in units of 1/k0, half-spaces continued
    squares: Reals  # [slice + 2, 2] ∫ |U|², ∫ |V|²; 0 in open half-spaces


def mode_on_slices(mode: Mode) -> ModeOnSlices:
    """The fields of a planar mode as the matrix elements need them."""
    from qdphotonics.planar.dispersion import halfspace_kappas, pack, workspace
    from qdphotonics.planar.profile import interface_fields, layer_integrals

    guide = pack(mode.index, mode.index_extraordinary, mode.thickness_nm, mode.wavelength_nm, mode.polarization)
    u = np.array([mode.n_eff**2])
    kappas = complex(halfspace_kappas(guide, 0, u)[0]), complex(halfspace_kappas(guide, 1, u)[0])
    work = workspace(guide.q.size, guide.row.size)
    interface_fields(guide, mode.n_eff, *kappas, work)
    layer_integrals(guide, mode.n_eff, *kappas, work)
    media = np.vstack([guide.outer[:1], np.stack([guide.q, guide.g0, guide.g1], axis=1)[guide.row], guide.outer[1:]])
    k0 = 2 * np.pi / mode.wavelength_nm
    fields, products, squares = work.fields.copy(), work.products.copy(), work.squares.copy()
    q, g0, g1 = media.T
    return ModeOnSlices(mode.n_eff, k0, q, g0, g1, k0 * mode.thickness_nm, fields[:, 0], fields[:, 1], products, squares)


def matrix_elements(baseline: Baseline, mode: Mode, number: int) -> MatrixElements:
    """First and second order of the grating between the two waves of a mode.

    Parameters
    ----------
    baseline : Baseline
    mode : planar.Mode
        Of that baseline, near its Bragg wavelength.
    number : int
        Partial waves on either side of the two orders of the mode.
    """
    guided, p = mode_on_slices(mode), baseline.cell.order
    orders = np.array([j for j in range(-number, p + number + 1) if j not in (0, p)])
    period = 2 * np.pi / (baseline.cell.period_nm * guided.k0)  # G/k0
    own, K = np.array([-0.5 * p, 0.5 * p]) * period, (orders - 0.5 * p) * period
    grating = _Grating(baseline, guided)
    integrals = guided.products[1:-1]
    norm = np.sum(guided.products[:, 0] * (guided.g1 if mode.polarization == "TM" else 1.0))
    power = mode.n_eff.real * np.sum(guided.squares[:, 0] * (guided.g1.real if mode.polarization == "TM" else 1.0))
    first = np.zeros((2, 2), complex)
    partial = np.zeros((2, 2, orders.size), complex)
    radiated = np.zeros((2, orders.size, 2), complex)
    for wave, at in ((BACKWARD, 0), (FORWARD, p)):
        other = 1 - wave
        dG, dQ = grating.coupling(own[other], own[wave], np.array([(p - at) - at]))
        first[other, wave] = np.sum(dG[:, 0] * integrals[:, 0] + dQ[:, 0] * integrals[:, 1])
        into_G, into_Q = grating.coupling(K, own[wave], orders - at)
        driven = _driven(guided, K, into_G, into_Q)
        radiated[:, :, wave] = driven.outside
        for back, to in ((BACKWARD, 0), (FORWARD, p)):
            dG, dQ = grating.coupling(own[back], K, to - orders)
            partial[back, wave] = np.sum(dG * driven.with_U + dQ * driven.with_V, axis=0)
    scale = 2 * mode.n_eff * norm
    sides = np.array([_outgoing(guided, side, K) for side in (0, -1)])
    flux = np.where(np.array([_squared(guided, side, K).real > 0 for side in (0, -1)]), (sides / guided.q[[0, -1], None]).real, 0.0)
    centred = orders - 0.5 * p
    beyond = partial[:, :, np.abs(centred) > 0.5 * number].sum(axis=2) if mode.polarization == "TM" else np.zeros((2, 2))
    return MatrixElements(first / scale, partial / scale, centred, beyond / scale, radiated, flux, complex(norm), float(power))


@dataclass(frozen=True, eq=False)
class _Grating:
    baseline: Baseline
    guided: ModeOnSlices

    def coupling(self, K_to: Reals | float, K_from: Reals | float, steps: Reals) -> tuple[Complexes, Complexes]:
        """δG and δQ [slice, order] where the orders differ by ``steps``; K in units of k0."""
        cell = self.baseline.cell
        if self.baseline.polarization == "TE":
            dG = self.baseline.coefficients(cell.index**2, steps)
            dQ = np.zeros_like(dG)
        else:
            dQ = self.baseline.coefficients(cell.index**2, steps)
            dG = -np.asarray(K_to) * np.asarray(K_from) * self.baseline.coefficients(cell.index_extraordinary**-2, steps)
        uniform = np.array([each.is_uniform for each in self.baseline.slices])
        return np.where(uniform[:, None], 0.0, dG), np.where(uniform[:, None], 0.0, dQ)  # not the rounding of sin(mπ)


@dataclass(frozen=True, eq=False)
class _Driven:
    """Partial waves driven by one wave of the mode."""

    with_U: Complexes  # [slice, order] ∫ U U_c in units of 1/k0
    with_V: Complexes
    outside: Complexes  # [side, order] U_c at the half-spaces


def _squared(guided: ModeOnSlices, layer: int, K: Reals) -> Complexes:
    result: Complexes = guided.q[layer] * (guided.g0[layer] - guided.g1[layer] * K**2)
    return result


def _outgoing(guided: ModeOnSlices, layer: int, K: Reals) -> Complexes:
    """κ [order] of a half-space, by the root rule of planar.kz (exp(iπ/4) √(−iκ²))."""
    from qdphotonics.planar.kz import halfspace_kz

    return np.array([halfspace_kz(complex(each)) for each in _squared(guided, layer, K)])


def _driven(guided: ModeOnSlices, K: Reals, dG: Complexes, dQ: Complexes) -> _Driven:
    """Solve for partial waves [order] with sources dG U, dQ V [slice, order] in the slices."""
    inside = slice(1, -1)
    q = guided.q[inside, None]
    own = (guided.g0 - guided.g1 * guided.n_eff**2)[inside, None]
    G = guided.g0[inside, None] - guided.g1[inside, None] * K**2
    x = (q * dG + dQ * own) / (q * (own - G))
    y = x - dQ / q
    nothing = np.zeros((1, K.size))
    jump_U = -np.diff(np.concatenate([nothing, x, nothing]), axis=0) * guided.U[:, None]  # [interface, order]
    jump_V = -np.diff(np.concatenate([nothing, y, nothing]), axis=0) * guided.V[:, None]
    below, above = _shots(guided, K)
    U, V = _from_jumps(below, above, jump_U, jump_V)  # [side, interface, order], of the free waves just below and just above it
    bottom_U, bottom_V, top_U, top_V = U[1, :-1], V[1, :-1], U[0, 1:], V[0, 1:]
    mode_U, mode_V = guided.U[:, None], guided.V[:, None]
    crossed = (mode_U[1:] * top_V - mode_V[1:] * top_U) - (mode_U[:-1] * bottom_V - mode_V[:-1] * bottom_U)
    free_U = crossed / (own - G)
    free_V = (mode_U[1:] * top_V - mode_U[:-1] * bottom_V + G * free_U) / q
    integrals = guided.products[inside]
    return _Driven(free_U + x * integrals[:, :1], free_V + y * integrals[:, 1:], np.array([U[0, 0], U[1, -1]]))


@dataclass(frozen=True, eq=False)
class _Shot:
    """A solution of the stack without sources, [interface, order], less the factor e^{log}."""

    U: Complexes
    V: Complexes
    log: Reals


def _shots(guided: ModeOnSlices, K: Reals) -> tuple[_Shot, _Shot]:
    """The solutions that are outgoing below, and above."""
    count = guided.phase.size
    made = []
    for side, sign in ((0, -1.0), (-1, 1.0)):
        U, V = np.ones(K.size, complex), sign * 1j * _outgoing(guided, side, K) / guided.q[side]
        log = np.zeros(K.size)
        rows = []
        for step in range(count + 1):
            if step > 0:
                layer = step if side == 0 else count + 1 - step
                q, G = guided.q[layer], guided.g0[layer] - guided.g1[layer] * K**2
                U, V, grown = _through(q, G, -sign * guided.phase[layer - 1], U, V)
                log = log + grown
            size = np.abs(U) + np.abs(V)
            U, V, log = U / size, V / size, log + np.log(size)
            rows.append((U, V, log))
        ordered = rows if side == 0 else rows[::-1]
        made.append(_Shot(*(np.array([row[part] for row in ordered]) for part in range(3))))
    return made[0], made[1]


def _through(q: complex, G: Complexes, k0d: float, U: Complexes, V: Complexes) -> tuple[Complexes, Complexes, Reals]:
    """(U, V) carried over k0 d (negative: downwards), less e^{log}, and log."""
    phi = np.sqrt(q * G + 0j) * abs(k0d)
    phi = np.where(phi.imag < 0.0, -phi, phi)
    ahead, back = np.exp(1j * phi - phi.imag), np.exp(-1j * phi - phi.imag)
    cos = 0.5 * (ahead + back)
    small = np.abs(phi) < 1e-7
    sinc = np.where(small, 1.0, (ahead - back) / (2j * np.where(small, 1.0, phi)))
    return cos * U + q * k0d * sinc * V, cos * V - G * k0d * sinc * U, phi.imag


def _from_jumps(below: _Shot, above: _Shot, jump_U: Complexes, jump_V: Complexes) -> tuple[Complexes, Complexes]:
    """Outgoing waves that jump upwards by so much at the interfaces: (U, V) [just below or above, interface, order]."""
    wronskian = below.U * above.V - below.V * above.U
    # at source i: `rising` times the solution of above on top of it, `falling` times that of below underneath
    rising = (below.U * jump_V - below.V * jump_U) / wronskian
    falling = (above.U * jump_V - above.V * jump_U) / wronskian
    count = jump_U.shape[0]
    U, V = np.zeros((2, *jump_U.shape), complex), np.zeros((2, *jump_U.shape), complex)
    for i in np.flatnonzero((jump_U != 0).any(axis=1) | (jump_V != 0).any(axis=1)):
        up = rising[i] * np.exp(above.log[i:] - above.log[i])
        down = falling[i] * np.exp(below.log[: i + 1] - below.log[i])
        U[1, i:] += up * above.U[i:]
        V[1, i:] += up * above.V[i:]
        U[0, : i + 1] += down * below.U[: i + 1]
        V[0, : i + 1] += down * below.V[: i + 1]
        if i + 1 < count:
            U[0, i + 1 :] += up[1:] * above.U[i + 1 :]
            V[0, i + 1 :] += up[1:] * above.V[i + 1 :]
        U[1, :i] += down[:-1] * below.U[:i]
        V[1, :i] += down[:-1] * below.V[:i]
    return U, V
