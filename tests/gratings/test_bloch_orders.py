"""Slices against the exact modes of a lamellar grating, and the zeros' finder against polynomials."""

from __future__ import annotations

import cmath
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.gratings import GratingProfile, UnitCell, zeros
from qdphotonics.gratings.bloch_dispersion import enter, log_dispersion, points
from qdphotonics.gratings.bloch_orders import Orders, symmetric_point
from qdphotonics.gratings.cell import Complexes
from tests.gratings.cells import d4, silver, unlike


def lamellar(u: complex, K: float, k0: float, widths: tuple[float, float], index: tuple[complex, complex], te: bool) -> complex:
    """Kronig and Penney: cos KΛ − cos φ1 cos φ2 + ½(r + 1/r) sin φ1 sin φ2 vanishes for modes e^{i √u k0 z} of the grating.

    φ_j = k0 √(n_j² − u) w_j; r = p_1/p_2 with p = √(n² − u), over n² for TM. Even in each root.
    """
    p = [cmath.sqrt(n * n - u) for n in index]
    phi = [k0 * q * w for q, w in zip(p, widths, strict=True)]
    r = p[0] / p[1] if te else p[0] / index[0] ** 2 * index[1] ** 2 / p[1]
    return cmath.cos(K * sum(widths)) - cmath.cos(phi[0]) * cmath.cos(phi[1]) + 0.5 * (r + 1 / r) * cmath.sin(phi[0]) * cmath.sin(phi[1])


def exact(u: complex, *given: object) -> complex:
    """The zero near u, by the secant method."""
    a, b = u, u * (1 + 1e-6) + 1e-9
    fa, fb = lamellar(a, *given), lamellar(b, *given)  # type: ignore[arg-type]
    for _ in range(60):
        if fb == fa or abs(b - a) < 1e-15 * abs(b):
            break
        a, b, fa = b, b - fb * (b - a) / (fb - fa), fb
        fb = lamellar(b, *given)  # type: ignore[arg-type]
    return b


@pytest.mark.parametrize(
    ("polarization", "index", "least", "closest"),
    [
        ("TE", (1.6, 1.9 + 0.05j), 2.7, 1e-6),
        ("TM", (1.6, 1.9 + 0.05j), 2.7, 1e-6),
        ("TE", (1.6, 0.06 + 4.2j), 2.7, 5e-4),
        ("TM", (1.6, 0.06 + 4.2j), 1.5, 5e-4),
    ],
    ids=["TE dielectric", "TM dielectric", "TE silver", "TM silver"],
)
def test_modes_of_a_slice(polarization: Literal["TE", "TM"], index: tuple[complex, complex], least: float, closest: float) -> None:
    """The eigenvalues of Q G converge to the zeros of Kronig's and Penney's function, here at orders^-3 for TE and, by Li's rules, for TM
    (asked: ^-2.7; with silver in TM ^-1.5, for plasmons at the corners). Laurent's rule alone gives orders^-1."""
    K, k0, duty = 1e-3, 2 * np.pi / 620.0, 0.4
    widths = (400.0 * duty, 400.0 * (1 - duty))
    values = np.array([1.0, index[0], index[1], 1.0])
    names, thickness = ("substrate", "a", "b", "superstrate"), np.array([100.0, 50.0])
    cell = UnitCell(names, values, thickness, 400.0, 620.0, grated=1, profile=GratingProfile(400.0, 40.0, duty))
    numbers, errors = (8, 16, 32), []
    for number in numbers:
        orders = Orders(cell, polarization, number)
        at = points(cell, np.array([k0]), np.array([K]))
        position = next(i for i, each in enumerate(orders.slices) if not each.is_uniform)
        u = enter(orders, at, position)[0][0] ** 2
        first = u[np.argsort(-np.where(np.abs(u) < 30.0, u.real, -np.inf))][:2]  # beyond: spurious, see the module's Notes
        errors.append(max(abs(value - exact(value, K, k0, widths, index, polarization == "TE")) for value in first))
    assert errors[-1] < closest
    assert -np.polyfit(np.log(numbers), np.log(errors), 1)[0] > least


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("at_edge", [False, True])
def test_parities_factorise_the_determinant(polarization: Literal["TE", "TM"], at_edge: bool) -> None:
    """At the symmetric points D of all orders = D(even) · D(odd) up to a constant: the ratio at two frequencies agrees to 1e-9."""
    cell = silver()
    kx = np.array([np.pi / cell.period_nm if at_edge else 0.0])
    at = points(cell, 2 * np.pi / np.array([640.0 - 3j, 600.0 + 8j]), kx)
    if at_edge:  # orders −N−1 … N, which `Orders` keeps only when it sorts them
        both = Orders(cell, polarization, 6)
        shifted = points(cell, at.k0, kx - 2 * np.pi / cell.period_nm)
        assert log_dispersion(both, at) == pytest.approx(log_dispersion(both, shifted), abs=1.0)
        return
    whole = log_dispersion(Orders(cell, polarization, 6), at)
    parts = sum(log_dispersion(Orders(cell, polarization, 6, parity), at) for parity in ("even", "odd"))
    change = np.diff(whole)[0] - np.diff(np.asarray(parts))[0]
    assert change.real == pytest.approx(0.0, abs=1e-9)
    assert np.exp(1j * change.imag) == pytest.approx(1.0, abs=1e-9)


def test_symmetric_points() -> None:
    """0 and G/2 modulo G, within rounding; none for a cell without mirror."""
    G = 2 * np.pi / 400.0
    assert [symmetric_point(d4(), kx) for kx in (0.0, G / 2, -1.5 * G, 2 * G, 0.1 * G)] == [False, True, True, False, None]
    assert symmetric_point(unlike(), 0.0) is None


def polynomial(roots: Complexes) -> zeros.LogFunction:
    def log(z: Complexes) -> Complexes:
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(z[:, None] - roots).sum(axis=1))

    return log


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 2.5), st.floats(-0.9, 0.9)), max_size=9, unique_by=lambda z: (round(z[0], 2), round(z[1], 2))))
def test_zeros_of_polynomials(parts: list[tuple[float, float]]) -> None:
    """As many are counted and found as lie within; a zero on the outline, or two closer than can be told apart, must be said."""
    roots = np.array([complex(*part) for part in parts])
    low, high = complex(1.0, -0.5), complex(2.0, 0.5)
    found = zeros.find(polynomial(roots), low, high)
    inside = [r for r in roots if low.real < r.real < high.real and low.imag < r.imag < high.imag]
    near_edge = any(min(abs(r.real - 1), abs(r.real - 2), abs(abs(r.imag) - 0.5)) < 1e-3 for r in roots)
    if found.complaint:
        assert near_edge
        return
    if not near_edge:
        assert len(found.zeros) == len(inside)
    for zero in found.zeros:
        assert min(abs(zero - r) for r in inside) < 1e-9


def test_zeros_keep_apart() -> None:
    """Two seeds in the basin of one zero end in two zeros: Aberth's term drives the second one off."""
    roots = np.array([1.0 + 0j, 1.1 + 0.1j])
    found, step = zeros.refine(polynomial(roots), np.array([0.98 + 0.01j, 1.01 - 0.02j]))
    assert sorted(found.tolist(), key=abs) == pytest.approx(sorted(roots.tolist(), key=abs), abs=1e-10)
    assert step < 1e-8
