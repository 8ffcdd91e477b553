"""The nine dispersion formulas of refractiveindex.info with their derivatives; wavelengths in um as on its pages.

They are described in the database's own "Dispersion formulas" document. C[0] is the page's C1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qdphotonics import units
from qdphotonics.materials.dispersion import ComplexArray, FloatArray, Range

Pair = tuple[FloatArray, FloatArray]  # a quantity and its derivative with respect to the wavelength [um]
Coefficients = tuple[float, ...]


@dataclass(frozen=True)
class DatabaseFormula:
    """Re n by formula ``number`` (1 to 9) of refractiveindex.info."""

    number: int
    coefficients: Coefficients
    range_nm: Range

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        is_square, formula = FORMULAS[self.number]
        value, slope = formula((*self.coefficients, *[0.0] * 9), wavelength_nm / units.NM_PER_UM)
        n, dn = value, slope
        if is_square:  # a negative square becomes nan, which Material refuses
            n = np.sqrt(value)
            dn = slope / (2 * n)
        return n.astype(complex), (dn / units.NM_PER_UM).astype(complex)


def _powers(C: Coefficients, start: int, um: FloatArray) -> Pair:
    """sum C_i um^(C_i+1) over the pairs from ``start`` on."""
    value, slope = np.zeros_like(um), np.zeros_like(um)
    for factor, power in _pairs(C, start):
        value, slope = value + factor * um**power, slope + factor * power * um ** (power - 1)
    return value, slope


def _pairs(C: Coefficients, start: int) -> list[tuple[float, float]]:
    return [(C[i], C[i + 1]) for i in range(start, len(C) - 1, 2) if C[i] != 0]


def _resonances(pairs: list[tuple[float, float]], um: FloatArray) -> Pair:
    """sum B um^2/(um^2 - R), R a squared wavelength."""
    value, slope = np.zeros_like(um), np.zeros_like(um)
    for strength, square in pairs:
        distance = um**2 - square
        value, slope = value + strength * um**2 / distance, slope - 2 * strength * square * um / distance**2
    return value, slope


def sellmeier(C: Coefficients, um: FloatArray) -> Pair:
    """1: n^2 - 1 = C1 + sum C2 um^2/(um^2 - C3^2)."""
    value, slope = _resonances([(B, L**2) for B, L in _pairs(C, 1)], um)
    return 1 + C[0] + value, slope


def sellmeier_2(C: Coefficients, um: FloatArray) -> Pair:
    """2: n^2 - 1 = C1 + sum C2 um^2/(um^2 - C3)."""
    value, slope = _resonances(_pairs(C, 1), um)
    return 1 + C[0] + value, slope


def polynomial(C: Coefficients, um: FloatArray) -> Pair:
    """3 (of n^2) and 5 (Cauchy, of n): C1 + sum C2 um^C3."""
    value, slope = _powers(C, 1, um)
    return C[0] + value, slope


def general(C: Coefficients, um: FloatArray) -> Pair:
    """4: n^2 = C1 + C2 um^C3/(um^2 - C4^C5) + C6 um^C7/(um^2 - C8^C9) + sum C10 um^C11."""
    value, slope = _powers(C, 9, um)
    for B, power, L, exponent in (C[1:5], C[5:9]):
        if B != 0:
            distance = um**2 - L**exponent
            value = value + B * um**power / distance
            slope = slope + B * (power * um ** (power - 1) / distance - 2 * um ** (power + 1) / distance**2)
    return C[0] + value, slope


def gases(C: Coefficients, um: FloatArray) -> Pair:
    """6: n - 1 = C1 + sum C2/(C3 - um^-2)."""
    value, slope = np.full_like(um, 1 + C[0]), np.zeros_like(um)
    for B, pole in _pairs(C, 1):
        distance = pole - um**-2
        value, slope = value + B / distance, slope - 2 * B * um**-3 / distance**2
    return value, slope


def herzberger(C: Coefficients, um: FloatArray) -> Pair:
    """7: n = C1 + C2/(um^2 - 0.028) + C3/(um^2 - 0.028)^2 + C4 um^2 + C5 um^4 + C6 um^6."""
    distance = um**2 - 0.028
    value = C[0] + C[1] / distance + C[2] / distance**2
    slope = -2 * um * (C[1] / distance**2 + 2 * C[2] / distance**3)
    for power, factor in zip((2, 4, 6), C[3:6], strict=True):
        value, slope = value + factor * um**power, slope + factor * power * um ** (power - 1)
    return value, slope


def retro(C: Coefficients, um: FloatArray) -> Pair:
    """8: (n^2 - 1)/(n^2 + 2) = C1 + C2 um^2/(um^2 - C3) + C4 um^2."""
    value, slope = _resonances([(C[1], C[2])], um)
    x, dx = C[0] + value + C[3] * um**2, slope + 2 * C[3] * um
    return (1 + 2 * x) / (1 - x), 3 * dx / (1 - x) ** 2


def exotic(C: Coefficients, um: FloatArray) -> Pair:
    """9: n^2 = C1 + C2/(um^2 - C3) + C4 (um - C5)/((um - C5)^2 + C6)."""
    distance, offset = um**2 - C[2], um - C[4]
    below = offset**2 + C[5]
    value = C[0] + C[1] / distance + C[3] * offset / below
    return value, -2 * C[1] * um / distance**2 + C[3] * (C[5] - offset**2) / below**2


FORMULAS: dict[int, tuple[bool, Callable[[Coefficients, FloatArray], Pair]]] = {
    # number: whether it gives n^2, and the formula
    1: (True, sellmeier),
    2: (True, sellmeier_2),
    3: (True, polynomial),
    4: (True, general),
    5: (False, polynomial),
    6: (False, gases),
    7: (False, herzberger),
    8: (True, retro),
    9: (True, exotic),
}

PAIRED = (1, 2, 3, 5, 6)
"""Formulas of one coefficient followed by pairs."""
