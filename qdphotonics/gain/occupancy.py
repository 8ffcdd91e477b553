"""How many electron-hole pairs a dot holds: the three-state model and the Poisson distribution, both ways.

States |0>, |X>, |XX> with occupation probabilities that sum to 1; single excitons neither absorb nor amplify, so that
G/G0 = P_XX - P_0, from -1 (dark) to 1 (saturated)::

              g            g
        |0> ----->  |X> -----> |XX>
            <-----      <-----
            1/tau_X     1/tau_XX

Each forward function has its inverse in closed form. All take arrays; a number in gives a number out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.gain.checks import not_negative, numbers, positive

# exp(-745.2) is 0 in double precision: beyond, a dot is never empty, and inf * 0 is avoided.
_MAX_POISSON_MEAN = 746.0


@dataclass(frozen=True)
class Occupancy:
    """Occupation of the dots, each an array of the shape of the drive.

    Parameters
    ----------
    ground, exciton, biexciton : array of float
        Fraction of the dots with no, one, and two (after a pulse: two or more) excitons; they sum to 1.
    excitons_per_dot : array of float
        Mean number of excitons <N>.
    """

    ground: Any
    exciton: Any
    biexciton: Any
    excitons_per_dot: Any

    @property
    def gain_fraction(self) -> Any:
        """G/G0 = P_XX - P_0."""
        return self.biexciton - self.ground


def steady_occupancy(rate_per_ns: ArrayLike, exciton_lifetime_ns: float, biexciton_lifetime_ns: float) -> Occupancy:
    """Occupation under a steady excitation rate.

    P_X = g tau_X P_0, P_XX = g tau_XX P_X, P_0 + P_X + P_XX = 1.

    Parameters
    ----------
    rate_per_ns : array_like [...]
        Excitations of a dot per ns, g >= 0; infinity is allowed.
    exciton_lifetime_ns, biexciton_lifetime_ns : float
        tau_X and tau_XX, radiative and Auger decay together.

    Returns
    -------
    Occupancy

    Raises
    ------
    ArgumentError
        A negative rate, a lifetime that is not positive, nan.

    References
    ----------
    Ahn et al., Chem. Rev. 2023, 123, 8251, section 2.3.3. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    >>> steady = steady_occupancy(0.5, 8.0, 0.5)  # 1/sqrt(tau_X tau_XX) is 0.5 per ns
    >>> float(steady.gain_fraction), float(steady.excitons_per_dot)
    (0.0, 1.0)
    """
    rate = not_negative("rate_per_ns", rate_per_ns)
    up = rate * positive("exciton_lifetime_ns", exciton_lifetime_ns)  # P_X/P_0
    upper = rate * positive("biexciton_lifetime_ns", biexciton_lifetime_ns)  # P_XX/P_X
    # As reciprocals of sums of positive terms: full relative precision from rate 0 (1/0 = inf, P = 0) to infinity.
    with np.errstate(divide="ignore", over="ignore"):
        ground = 1 / (1 + up * (1 + upper))
        exciton = 1 / (1 / up + 1 + upper)
        biexciton = 1 / ((1 / up + 1) / upper + 1)
    return Occupancy(ground, exciton, biexciton, exciton + 2 * biexciton)


def steady_rate_per_ns(gain_fraction: ArrayLike, exciton_lifetime_ns: float, biexciton_lifetime_ns: float) -> Any:
    """Smallest steady excitation rate [1/ns] at which G/G0 reaches ``gain_fraction``: the inverse of the above.

    With u = g tau_X, b = tau_XX/tau_X, x = G/G0: b (1 - x) u^2 - x u - (1 + x) = 0. x = 0 gives
    g_th = (tau_X tau_XX)^(-1/2), x = 1/2 gives g_1/2 = [1 + sqrt(1 + 12 tau_XX/tau_X)]/(2 tau_XX).

    Parameters
    ----------
    gain_fraction : array_like [...]
        x; at or below -1 the rate is 0, at or above 1 it is infinite.
    exciton_lifetime_ns, biexciton_lifetime_ns : float

    Returns
    -------
    array of float [...], 1/ns

    Raises
    ------
    ArgumentError
        A lifetime that is not positive, nan.
    """
    x = _within(gain_fraction)
    lifetime = positive("exciton_lifetime_ns", exciton_lifetime_ns)
    b = positive("biexciton_lifetime_ns", biexciton_lifetime_ns) / lifetime
    root = np.sqrt(x * x + 4 * b * (1 - x) * (1 + x))
    # The two forms of the positive root; each sign of x takes the one that adds, not subtracts.
    with np.errstate(divide="ignore"):
        scaled = np.where(x > 0, (np.abs(x) + root) / (2 * b * (1 - x)), 2 * (1 + x) / (np.abs(x) + root))
    return (scaled / lifetime)[()]


def pulse_occupancy(excitons_per_dot: ArrayLike) -> Occupancy:
    """Occupation just after a pulse that is short against all decay: Poisson's distribution.

    P_0 = exp(-N), P_X = N exp(-N), P_XX = the rest, so that G/G0 = 1 - (2 + N) exp(-N).

    Parameters
    ----------
    excitons_per_dot : array_like [...]
        Mean number of absorbed photons per dot, <N> >= 0; infinity is allowed.

    Returns
    -------
    Occupancy

    Raises
    ------
    ArgumentError
        A negative number, nan.
    """
    mean = not_negative("excitons_per_dot", excitons_per_dot)
    bounded = np.minimum(mean, _MAX_POISSON_MEAN)
    ground = np.exp(-bounded)
    exciton = bounded * ground
    return Occupancy(ground, exciton, np.maximum(-np.expm1(-bounded) - exciton, 0.0), mean[()])


def pulse_excitons_per_dot(gain_fraction: ArrayLike) -> Any:
    """Smallest mean number of excitons per dot at which a short pulse reaches ``gain_fraction``.

    From 1 - x = (2 + N) exp(-N): N = -2 - W_{-1}[-(1 - x) exp(-2)], W_{-1} the lower branch of Lambert's function.
    x = 0 is transparency, exp(N) = 2 + N, N = 1.1462.

    Parameters
    ----------
    gain_fraction : array_like [...]
        x; at or below -1 the number is 0, at or above 1 it is infinite.

    Returns
    -------
    array of float [...]

    Raises
    ------
    ArgumentError
        nan.
    """
    from scipy.special import lambertw

    x = _within(gain_fraction)
    inner = np.where(x < 1, x, 0.0)
    excitons = -2 - lambertw((inner - 1) * exp(-2), -1).real
    return np.where(x < 1, np.maximum(excitons, 0.0), np.inf)[()]


def _within(gain_fraction: ArrayLike) -> Any:
    """Gain fraction [...] as an array, clipped to where the model has a drive for it."""
    return np.clip(numbers("gain_fraction", gain_fraction), -1.0, 1.0)
