"""The papers' three states |0>, |X>, |XX> in closed form, both ways, and the Poisson distribution after a short pulse.

P_X = g tau_X P_0, P_XX = g tau_XX P_X, sum 1 and G/G0 = P_XX - P_0 (Chem. Rev. 2023, 123, 8251, section 2.3.3).
"""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def steady(rate_per_ns: ArrayLike, exciton_ns: float, biexciton_ns: float) -> tuple[Any, Any, Any]:
    """P_0, P_X, P_XX."""
    up = np.asarray(rate_per_ns, dtype=float) * exciton_ns
    upper = np.asarray(rate_per_ns, dtype=float) * biexciton_ns
    ground = 1 / (1 + up * (1 + upper))
    return ground, up * ground, up * upper * ground


def rate_per_ns(gain_fraction: ArrayLike, exciton_ns: float, biexciton_ns: float) -> Any:
    """g of a gain: b (1 - x) u^2 - x u - (1 + x) = 0 with u = g tau_X, b = tau_XX/tau_X, x = G/G0; the form without cancellation."""
    x, b = np.asarray(gain_fraction, dtype=float), biexciton_ns / exciton_ns
    root = np.sqrt(x * x + 4 * b * (1 - x) * (1 + x))
    return np.where(x > 0, (np.abs(x) + root) / (2 * b * (1 - x)), 2 * (1 + x) / (np.abs(x) + root)) / exciton_ns


def pulse_gain_fraction(excitons: ArrayLike) -> Any:
    """G/G0 = 1 - (2 + N) exp(-N)."""
    mean = np.asarray(excitons, dtype=float)
    return 1 - (2 + mean) * np.exp(-mean)


def pulse_excitons(gain_fraction: ArrayLike) -> Any:
    """N = -2 - W_{-1}[-(1 - x) exp(-2)], W_{-1} the lower branch of Lambert's function."""
    from scipy.special import lambertw

    return -2 - lambertw((np.asarray(gain_fraction, dtype=float) - 1) * exp(-2), -1).real
