"""Modes of a planar stack by spectral finite elements: the independent second method of the tests.

Nothing here is shared with ``qdphotonics.planar``: the field is a vector of nodal values, not a product of layer
matrices. With x = k0·z and s_h² = e_h − n_eff² in the half-spaces h, the weak form of PHYSICS.md §1 reads, for all v,

    ∫ u'v'/q − ∫ (ε/q)·u·v + n_eff² ∫ g·u·v − i·(r·s·u·v/q at the bottom + r·s·u·v/q at the top) = 0

TE: u = E_y, q = g = r = 1, e = n_o²; TM: u = Z0·H_y, q = n_o², g = 1/n_e², r = n_o/n_e, e = n_e². The bracket is the
exact transparent boundary, k_z = k0·r·s. It alone is no polynomial in n_eff, but becomes one on the uniformised surface
s_s + s_c = Δ·w, s_s − s_c = Δ/w (equal half-spaces: in s itself), so that one eigenproblem holds the zeros of all sheets.
Those with Re k_z + Im k_z > 0 are kept and polished on the form itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csc_array, diags_array
from scipy.sparse.linalg import splu

Polarization = Literal["TE", "TM"]
Complexes = NDArray[np.complex128]
Reals = NDArray[np.float64]

# Largest |n|·k0·h of an element and its degree: the Legendre coefficients of exp(i·1.5·t) fall below 1e-13 at degree 14,
# and an eigenvalue errs as their square. Thin elements take fewer, for rounding grows as degree²/h.
ELEMENT_PHASE, DEGREE, THIN_PHASE, THIN_DEGREE = 3.0, 14, 0.1, 6
SAME_HALF_SPACES = 1e-12  # |e_s − e_c| below which w has no meaning
KRYLOV_DIMENSION = 60  # some twenty of its Ritz values, those next to the shift, are good starts
POLISH_STEPS, POLISHED = 12, 1e-12  # Newton: the step after one of 1e-12 is rounding
BESIDE = 1e-13  # of n_eff, away from where the matrix has no inverse at all
DISTINCT, SURELY_SAME = 1e-9, 1e-8  # modes closer than this count as one; starts this close to a mode are not polished again


@dataclass(frozen=True)
class OracleMode:
    """One mode: n_eff and its shares in [substrate, layers…, superstrate], in the window of PHYSICS.md §1."""

    n_eff: complex
    intensity: Reals  # of ∫|E|²
    energy: Reals
    open: tuple[bool, bool]


@cache
def reference_element(degree: int) -> tuple[Reals, Reals, Reals]:
    """Gauss weights on [−1, 1]; value and slope at the Gauss points of the Lagrange basis on the Lobatto nodes."""
    nodes = np.concatenate([[-1.0], np.sort(legendre.Legendre.basis(degree).deriv().roots().real), [1.0]])
    points, weights = legendre.leggauss(degree + 2)
    to_modal = np.linalg.inv(legendre.legvander(nodes, degree))
    slopes = np.stack([legendre.legval(points, legendre.legder(row)) for row in np.eye(degree + 1)], axis=1)
    return weights, legendre.legvander(points, degree) @ to_modal, slopes @ to_modal


class WeakForm:
    """The matrices of one stack and one polarization."""

    def __init__(self, index: ArrayLike, thickness_nm: ArrayLike, wavelength_nm: float, polarization: Polarization,
                 index_extraordinary: ArrayLike | None = None) -> None:
        n_o = np.asarray(index, complex)
        n_e = n_o if index_extraordinary is None else np.asarray(index_extraordinary, complex)
        ones = np.ones_like(n_o)
        self.tm, self.eps_o, self.eps_e = polarization == "TM", n_o**2, n_e**2
        self.q: Complexes = self.eps_o if self.tm else ones
        self.g: Complexes = self.eps_e**-1 if self.tm else ones
        self.e_outer = (self.eps_e if self.tm else self.eps_o)[[0, -1]]
        self.ratio = (n_o / n_e if self.tm else ones)[[0, -1]]
        self.equal = abs(self.e_outer[0] - self.e_outer[1]) < SAME_HALF_SPACES
        self.delta = np.sqrt(self.e_outer[0] - self.e_outer[1] + 0j)
        self.elements: list[tuple[int, float, int, int]] = []  # layer, width in x, degree, first node
        node = 0
        for layer, width in enumerate(2 * np.pi / wavelength_nm * np.asarray(thickness_nm, float), start=1):
            phase = max(abs(n_o[layer]), abs(n_e[layer]), 1.0) * width
            pieces, degree = int(np.ceil(phase / ELEMENT_PHASE)), THIN_DEGREE if phase < THIN_PHASE else DEGREE
            for _ in range(pieces):
                self.elements.append((layer, width / pieces, degree, node))
                node += degree
        self.size = node + 1
        self.stiffness, self.mass = self._assemble()

    def _assemble(self) -> tuple[csc_array, csc_array]:
        """∫ u'v'/q − (ε/q)·u·v and ∫ g·u·v."""
        rows, columns, stiffness, mass = [], [], [], []
        for layer, width, degree, first in self.elements:
            weights, value, slope = reference_element(degree)
            row, column = np.meshgrid(*2 * [np.arange(first, first + degree + 1)], indexing="ij")
            overlap = value.T @ (weights[:, None] * value) * width / 2
            bending = slope.T @ (weights[:, None] * slope) * 2 / width
            rows.append(row.ravel())
            columns.append(column.ravel())
            stiffness.append(((bending - self.eps_o[layer] * overlap) / self.q[layer]).ravel())
            mass.append((self.g[layer] * overlap).ravel())
        place = np.concatenate(rows), np.concatenate(columns)
        shape = self.size, self.size
        return csc_array(coo_array((np.concatenate(stiffness), place), shape)), csc_array(coo_array((np.concatenate(mass), place), shape))

    def roots(self, n_eff: complex) -> Complexes:
        """s of both half-spaces on the physical sheet, Re k_z + Im k_z > 0."""
        root = np.sqrt(self.e_outer - n_eff**2 + 0j)
        kz = self.ratio * root
        return np.where(kz.real + kz.imag > 0, root, -root)

    def boundary(self, s: ArrayLike) -> csc_array:
        """The transparent boundary with root values s [2], in which it is linear."""
        values = np.zeros(self.size, complex)
        values[[0, -1]] = -1j * np.asarray(s) * self.ratio / self.q[[0, -1]]
        return csc_array(diags_array(values))

    def matrix(self, n_eff: complex) -> csc_array:
        """The form at one n_eff: singular at a mode."""
        return csc_array(self.stiffness + n_eff**2 * self.mass + self.boundary(self.roots(n_eff)))

    def polynomial(self) -> list[csc_array]:
        """Coefficients of the form in s (equal half-spaces), else of w²·form in w; lowest first."""
        if self.equal:
            return [self.stiffness + self.e_outer[0] * self.mass, self.boundary([1, 1]), -self.mass]
        half, quarter = self.delta / 2, -(self.delta**2) / 4 * self.mass
        middle = self.stiffness + self.e_outer.mean() * self.mass
        return [quarter, self.boundary([half, -half]), middle, self.boundary([half, half]), quarter]

    def starts(self, near: complex) -> Complexes:
        """Approximate n_eff on the physical sheet, best near ``near``: Ritz values of the shifted and inverted polynomial."""
        s = self.roots(near)
        shift = complex(s[0] if self.equal else (s[0] + s[1]) / self.delta)
        variable = shift + 1 / ritz_values(self.polynomial(), shift, min(KRYLOV_DIMENSION, self.size))
        s_s, s_c = (variable, variable) if self.equal else (self.delta / 2 * (variable + k / variable) for k in (1, -1))
        kz = self.ratio[:, None] * np.stack([s_s, s_c])
        n_eff = np.sqrt(self.e_outer[0] - s_s**2 + 0j)
        return np.asarray(n_eff[(kz.real + kz.imag > -DISTINCT).all(axis=0)])  # principal root: Re n_eff ≥ 0

    def polish(self, n_eff: complex) -> tuple[complex, Complexes] | None:
        """Inverse iteration with Newton's step for the Rayleigh functional uᵀ·A(n_eff)·u = 0; None: no mode near."""
        field = np.cos(np.arange(self.size)) + 0j
        for _ in range(POLISH_STEPS):
            try:
                factor = splu(self.matrix(n_eff))
            except RuntimeError:  # exactly singular: n_eff is the mode to the last bit; beside it the iteration goes on as well
                factor = splu(self.matrix(n_eff * (1 + BESIDE)))
            field = np.asarray(factor.solve(field), complex)
            field /= np.abs(field).max()
            slope = n_eff * (2 * self.mass - self.boundary(1 / self.roots(n_eff)))  # ds/dn_eff = −n_eff/s
            step = quadratic(field, self.matrix(n_eff)) / quadratic(field, csc_array(slope))
            n_eff -= step
            if abs(step) < POLISHED:
                return n_eff, field
        return None


def quadratic(field: Complexes, matrix: csc_array) -> complex:
    """uᵀ·A·u, not conjugated."""
    return complex(np.sum(field * np.asarray(matrix @ field)))


def ritz_values(polynomial: list[csc_array], shift: complex, dimension: int) -> Complexes:
    """Approximate values of 1/(λ − shift), where Σ_i λ^i·C_i is singular: Arnoldi on (A − shift·B)⁻¹·B of the companion form.

    Its vector stacks u, λu, λ²u …, and the inverse needs one factorisation of the polynomial at the shift.
    """
    degree, size = len(polynomial) - 1, polynomial[0].shape[0]
    factor = splu(csc_array(sum((shift**i * part for i, part in enumerate(polynomial[1:], start=1)), polynomial[0])))

    def apply(stacked: Complexes) -> Complexes:
        parts = stacked.reshape(degree, size)
        rest = np.zeros_like(parts)  # y_i = shift^i·y_0 + rest_i
        for i in range(degree - 1):
            rest[i + 1] = shift * rest[i] + parts[i]
        right = polynomial[-1] @ (parts[-1] + shift * rest[-1])
        for part, known in zip(polynomial[:-1], rest, strict=True):
            right = right + part @ known
        first = -np.asarray(factor.solve(right), complex)
        return np.concatenate([shift**i * first + known for i, known in enumerate(rest)])

    basis, projected = np.zeros((dimension + 1, degree * size), complex), np.zeros((dimension + 1, dimension), complex)
    basis[0] = np.cos(np.arange(degree * size))
    basis[0] /= np.linalg.norm(basis[0])
    for step in range(dimension):
        vector = apply(basis[step])
        for _ in range(2):  # twice, against rounding
            overlap = basis[: step + 1].conj() @ vector
            vector = vector - overlap @ basis[: step + 1]
            projected[: step + 1, step] += overlap
        projected[step + 1, step] = np.linalg.norm(vector)
        basis[step + 1] = vector / projected[step + 1, step]
    return np.asarray(np.linalg.eigvals(projected[:dimension]), complex)


def shares(form: WeakForm, n_eff: complex, field: Complexes, dispersive: Complexes) -> OracleMode:
    """Integrate |E|² and the energy density by Gauss's rule, the tails of closed half-spaces included.

    ``dispersive`` [2, layer + 2]: ε − λ·∂ε/∂λ along and across the layers.
    """
    intensity, energy = np.zeros(len(form.eps_o)), np.zeros(len(form.eps_o))

    def add(layer: int, weights: Reals, u: Complexes, slope: Complexes) -> None:
        along, across = np.abs(slope) ** 2, np.abs(n_eff * u) ** 2
        if form.tm:
            in_plane, normal, magnetic = along / abs(form.eps_o[layer]) ** 2, across / abs(form.eps_e[layer]) ** 2, np.abs(u) ** 2
        else:
            in_plane, normal, magnetic = np.abs(u) ** 2, np.zeros(len(u)), along + across
        intensity[layer] += weights @ (in_plane + normal)
        energy[layer] += weights @ (dispersive[0, layer].real * in_plane + dispersive[1, layer].real * normal + magnetic)

    for layer, width, degree, first in form.elements:
        weights, value, slope = reference_element(degree)
        u = field[first : first + degree + 1]
        add(layer, weights * width / 2, value @ u, slope @ u * 2 / width)
    kz = form.ratio * form.roots(n_eff)
    is_open = (kz**2).real > 0
    for edge in (0, -1):
        if not is_open[edge]:
            tail = 1 / (2 * kz[edge].imag)  # ∫|exp(i·k_z·x)|²
            add(edge, np.array([tail]), field[[edge]], 1j * kz[edge] * field[[edge]])
    return OracleMode(n_eff, intensity / intensity.sum(), energy / energy.sum(), (bool(is_open[0]), bool(is_open[1])))


def modes(
    index: ArrayLike, thickness_nm: ArrayLike, wavelength_nm: float, polarization: Polarization, *,
    near: ArrayLike = (), max_loss_per_cm: float = 1e4, index_extraordinary: ArrayLike | None = None,
    dindex_dwavelength: ArrayLike = 0.0,
) -> list[OracleMode]:
    """Modes of |loss| ≤ the bound by falling Re n_eff, sought around the points ``near`` (default: nine up to 1.15·max Re n).

    ``dindex_dwavelength`` holds for both indices of a uniaxial layer.
    """
    form = WeakForm(index, thickness_nm, wavelength_nm, polarization, index_extraordinary)
    points = np.atleast_1d(near) if np.size(near) else np.linspace(0.05, 1.15 * np.asarray(index).real.max(), 9)
    ceiling = max_loss_per_cm * wavelength_nm / (4e7 * np.pi)
    found: dict[complex, Complexes] = {}
    for start in np.concatenate([form.starts(complex(point, 1e-3)) for point in points]):
        if abs(start.imag) > 2 * ceiling or any(abs(start - n) < SURELY_SAME for n in found):
            continue
        polished = form.polish(start)
        if polished and polished[0].real > 0 and abs(polished[0].imag) <= ceiling and all(abs(polished[0] - n) > DISTINCT for n in found):
            found[polished[0]] = polished[1]
    squared = np.stack([form.eps_o, form.eps_e])
    dispersive = squared - wavelength_nm * 2 * np.sqrt(squared) * np.asarray(dindex_dwavelength)
    finish = partial(shares, form, dispersive=dispersive)
    return [finish(n_eff, found[n_eff]) for n_eff in sorted(found, key=lambda value: -value.real)]
