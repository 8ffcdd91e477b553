"""From the impedance of layers to their answer in time: Talbot's inversion, then a sum of exponentials.

Theta(t) = L^-1[Z(p)/p] by the fixed Talbot method; the exponentials of :class:`Heating` are fitted to it with R_i >= 0, so
that the answer never falls during a step of power. The fit's own error is measured and told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from qdphotonics._checks import FloatArray
from qdphotonics.units import NS_PER_S

TALBOT_POINTS = 14  # 0.6 digits a point (Abate and Valkó), of which rounding leaves them all
FIRST_NS, LAST_NS = 0.1, 1e15  # from heat that stays within a nanometre to eleven days
TIMES_PER_DECADE = 5
TERMS_PER_DECADE = 3  # a power law by exponentials a factor 10^(1/3) apart: exp(-pi^2/ln(10^(1/3))) = 3e-6
STEADY_WEIGHT = 10.0  # of the sum of all R_i in the fit: kept to 1e-7
ITERATIONS_PER_TERM = 100  # of the fit, whose default of 3 some piles exceed


def talbot(transform: Callable[[Any], Any], time_s: FloatArray) -> FloatArray:
    """Inverse Laplace transform of F(p) at times > 0 [time].

    Parameters
    ----------
    transform : callable
        F of complex p [time, point], of the same shape; its singularities on the negative real axis.
    time_s : array [time]

    References
    ----------
    Abate and Valkó, Int. J. Numer. Meth. Engng 60, 979 (2004), doi:10.1002/nme.995: p = r theta (cot theta + i), r = 2 M/(5 t).

    Examples
    --------
    >>> [round(float(value), 7) for value in talbot(lambda p: 1 / (p + 1), np.array([0.1, 1.0]))]
    [0.9048374, 0.3678794]
    """
    theta = np.arange(1, TALBOT_POINTS) * np.pi / TALBOT_POINTS
    cot = 1 / np.tan(theta)
    shape = np.append(1 + 0j, theta * (cot + 1j))  # p / r
    slope = np.append(0.5 + 0j, 1 + 1j * (theta + (theta * cot - 1) * cot))
    r = 2 * TALBOT_POINTS / (5 * time_s)
    p = r[:, None] * shape
    return np.asarray((np.exp(time_s[:, None] * p) * slope * transform(p)).real.sum(axis=1) * r / TALBOT_POINTS)


def step_response_K_per_W(impedance: Callable[[Any], Any], time_ns: FloatArray) -> FloatArray:
    """Theta(t) of an impedance Z(p) [K/W] at times [time]."""
    return talbot(lambda p: impedance(p) / p, np.asarray(time_ns) / NS_PER_S)


def exponentials(impedance: Callable[[Any], Any]) -> tuple[FloatArray, FloatArray, float]:
    """R_i > 0 [K/W] and tau_i [ns] whose sum answers as an impedance does.

    Returns
    -------
    resistance_K_per_W, time_ns : array [term]
    error : float
        Largest relative difference of the step's answer from 0.1 ns on.
    """
    from scipy.optimize import nnls

    decades = np.log10(LAST_NS / FIRST_NS)
    time = np.geomspace(FIRST_NS, LAST_NS, round(decades * TIMES_PER_DECADE) + 1)
    answer = step_response_K_per_W(impedance, time)
    final = float(np.real(impedance(np.zeros(1))[0]))
    terms = np.geomspace(FIRST_NS / 10, LAST_NS, round((decades + 1) * TERMS_PER_DECADE) + 1)
    shares = -np.expm1(-time[:, None] / terms)
    matrix = np.vstack([shares / answer[:, None], np.full((1, terms.size), STEADY_WEIGHT / final)])
    goal = np.append(np.ones(time.size), STEADY_WEIGHT)
    resistance, _ = nnls(matrix, goal, maxiter=ITERATIONS_PER_TERM * terms.size)
    kept = resistance > 0
    error = float(abs(shares @ resistance / answer - 1).max())
    return resistance[kept], terms[kept], error
