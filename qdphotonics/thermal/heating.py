"""Self-heating of a device with one heat capacity and one path to its surroundings: C d(dT)/dt = P - K dT.

tau_T = C/K. K and C belong to a geometry and scale with it; V j is an upper bound of the heat (the light that leaves is
not taken off). Peak temperature rise, that at the end of a pulse:

    d.c.            P/K
    one pulse       P/K (1 - exp(-t_p/tau_T));  linear: P/K t_p/tau_T, for t_p << tau_T
    a train         P/K (1 - exp(-t_p/tau_T)) / (1 - exp(-T/tau_T)), once it repeats
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import not_negative, positive, pulse_and_period
from qdphotonics.errors import ArgumentError
from qdphotonics.units import CM2_PER_UM2, NS_PER_S


def electrical_power_W(current_density_A_per_cm2: ArrayLike, voltage_V: float, area_um2: float) -> Any:
    """Electrical power A j V [W] of a current density [...]: the upper bound of the heat.

    Raises
    ------
    ArgumentError
        A negative current density, a voltage or an area that is not positive.

    Examples
    --------
    >>> round(float(electrical_power_W(1000.0, 10.0, 50 * 300)), 9)
    1.5
    """
    return not_negative("current_density_A_per_cm2", current_density_A_per_cm2)[()] * (
        positive("voltage_V", voltage_V) * positive("area_um2", area_um2) * CM2_PER_UM2
    )


def heat_time_ns(conductance_W_per_K: float, capacity_J_per_K: float) -> float:
    """tau_T = C/K [ns].

    Examples
    --------
    >>> round(heat_time_ns(4.8e-3, 1.9e-8))
    3958
    """
    return NS_PER_S * positive("capacity_J_per_K", capacity_J_per_K) / positive("conductance_W_per_K", conductance_W_per_K)


def heating_K(
    power_W: ArrayLike,
    conductance_W_per_K: float,
    capacity_J_per_K: float | None = None,
    pulse_ns: float | None = None,
    period_ns: float | None = None,
) -> Any:
    """Peak temperature rise of a device that turns the power ``power_W`` into heat while it is on.

    Parameters
    ----------
    power_W : array_like [...]
        Power during the pulse (the constant power under d.c.), >= 0.
    conductance_W_per_K : float
        K.
    capacity_J_per_K : float, optional
        C; needed with ``pulse_ns``.
    pulse_ns : float, optional
        Length of a pulse; without it the drive is d.c.
    period_ns : float, optional
        From the start of a pulse to that of the next; without it there is one pulse.

    Returns
    -------
    array of float [...], K
        At the end of a pulse, of a train in its periodic steady state.

    Raises
    ------
    ArgumentError
        A value that is not positive, a pulse without capacity, a period without pulse or shorter than it.

    References
    ----------
    Ahn et al., Chem. Rev. 2023, 123, 8251, eqs 10-13. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    >>> steady, pulsed = heating_K(0.048, 4.8e-3), heating_K(0.048, 4.8e-3, 1.9e-8, pulse_ns=1000)
    >>> round(float(1 - pulsed / steady), 3)
    0.777
    """
    steady = not_negative("power_W", power_W)[()] / positive("conductance_W_per_K", conductance_W_per_K)
    if pulse_ns is not None and capacity_J_per_K is None:
        raise ArgumentError(f"Argument `capacity_J_per_K` must be given with `pulse_ns`, which is {pulse_ns}")
    pulse_and_period(pulse_ns, period_ns)
    if pulse_ns is None or capacity_J_per_K is None:
        return steady
    tau = heat_time_ns(conductance_W_per_K, capacity_J_per_K)
    warmed = -np.expm1(-pulse_ns / tau)
    return steady * (warmed if period_ns is None else warmed / -np.expm1(-period_ns / tau))


def linear_heating_K(power_W: ArrayLike, capacity_J_per_K: float, pulse_ns: float) -> Any:
    """Temperature rise P t_p/C of a pulse so short that no heat leaves during it: the linear formula of the papers.

    It is the limit t_p << tau_T of :func:`heating_K` (Chem. Rev. 2023, eq 13, in which K cancels), and above it for every
    pulse. Shapes, errors and reference as there.

    Examples
    --------
    >>> round(float(1 - linear_heating_K(0.048, 1.9e-8, 1000) / heating_K(0.048, 4.8e-3)), 3)
    0.747
    """
    energy_J = not_negative("power_W", power_W)[()] * (positive("pulse_ns", pulse_ns) / NS_PER_S)
    return energy_J / positive("capacity_J_per_K", capacity_J_per_K)
