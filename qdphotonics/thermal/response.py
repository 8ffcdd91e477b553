"""How a device answers heat: a sum of exponentials, exact for any power that is constant step by step.

A step of 1 W raises the temperature by Theta(t) = sum_i R_i (1 - exp(-t/tau_i)) (a Foster network). One term is the lumped
model C d(dT)/dt = P - K dT with R = 1/K, tau = C/K; a device of layers has many (:mod:`qdphotonics.thermal.device`).
Every term obeys tau dx/dt = R P - x, so that pulses, trains and their periodic steady state have closed forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import FloatArray, not_negative, positive, pulse_and_period, real_array, refuse
from qdphotonics.errors import ArgumentError
from qdphotonics.thermal.drives import PowerSteps
from qdphotonics.thermal.heating import heat_time_ns
from qdphotonics.units import NS_PER_S

POINTS_PER_STEP = 50


@dataclass(frozen=True, eq=False)
class HeatTrace:
    """Temperature rise over time.

    Parameters
    ----------
    time_ns : array [time]
    rise_K : array [..., time]
    power_W : array [..., time]
        Of the step that ends at each time; 0 at the start.
    """

    time_ns: FloatArray
    rise_K: FloatArray
    power_W: FloatArray

    @property
    def peak_K(self) -> Any:
        """Highest rise [...]."""
        return self.rise_K.max(axis=-1)


@dataclass(frozen=True)
class Heating:
    """The thermal answer of a device.

    Parameters
    ----------
    resistance_K_per_W : tuple of float [term]
        R_i > 0.
    time_ns : tuple of float [term]
        tau_i > 0.
    origin : str
        Where K and C come from, as a sentence for a report.

    Examples
    --------
    >>> device = Heating.lumped(4.8e-3, 1.9e-8)
    >>> round(float(device.peak_K(0.048, pulse_ns=1000)), 3)
    2.232
    >>> round(device.heat_time_ns)
    3958
    """

    resistance_K_per_W: tuple[float, ...]
    time_ns: tuple[float, ...]
    origin: str = ""

    def __post_init__(self) -> None:
        if not self.time_ns or len(self.time_ns) != len(self.resistance_K_per_W):
            refuse("time_ns", "have one time for each resistance", self.time_ns)
        for resistance, time in zip(self.resistance_K_per_W, self.time_ns, strict=True):
            positive("resistance_K_per_W", resistance)
            positive("time_ns", time)

    @classmethod
    def lumped(cls, conductance_W_per_K: float, capacity_J_per_K: float, origin: str = "K and C as given") -> Heating:
        """One heat capacity C and one conductance K."""
        time = heat_time_ns(conductance_W_per_K, capacity_J_per_K)
        return cls((1 / conductance_W_per_K,), (time,), origin)

    @property
    def conductance_W_per_K(self) -> float:
        """K = P/dT under d.c."""
        return 1 / sum(self.resistance_K_per_W)

    @property
    def heat_time_ns(self) -> float:
        """The time after which a step of power has reached 1 - 1/e of its final rise; C/K of the lumped model."""
        if len(self.time_ns) == 1:
            return self.time_ns[0]
        from scipy.optimize import brentq

        goal = (1 - exp(-1)) / self.conductance_W_per_K

        def missing(log_time: float) -> float:
            return float(self.step_K_per_W(np.exp(log_time))) - goal

        ends = np.log(min(self.time_ns)) - 1, np.log(max(self.time_ns)) + 1
        return float(np.exp(brentq(missing, *ends, xtol=1e-12)))

    @property
    def capacity_J_per_K(self) -> float:
        """C = K times :attr:`heat_time_ns`: what the lumped model with this K needs to pass through that point."""
        return self.conductance_W_per_K * self.heat_time_ns / NS_PER_S

    def step_K_per_W(self, time_ns: ArrayLike) -> Any:
        """Theta(t): rise of a step of 1 W that started ``time_ns`` [...] ago [K/W]."""
        return self._sum(-np.expm1(-not_negative("time_ns", time_ns)[..., None] / self._times))

    def peak_K(self, power_W: ArrayLike, pulse_ns: float | None = None, period_ns: float | None = None) -> Any:
        """Rise at the end of a pulse; of a train in its periodic steady state; without ``pulse_ns``, under d.c.

        Parameters
        ----------
        power_W : array_like [...]
            During the pulse, >= 0.
        pulse_ns, period_ns : float, optional
            Without a period there is one pulse.

        Returns
        -------
        array of float [...], K

        Raises
        ------
        ArgumentError
            A pulse longer than its period, values that are not positive.
        """
        return not_negative("power_W", power_W)[()] * self._at_the_end(pulse_ns, period_ns)

    def accumulated_K(self, power_W: ArrayLike, pulse_ns: float, period_ns: float) -> Any:
        """What earlier pulses have left just before a pulse of a train in its periodic steady state [...], K."""
        pulse_and_period(pulse_ns, period_ns)
        return not_negative("power_W", power_W)[()] * self._sum(self._left(pulse_ns, period_ns))

    def mean_K(self, power_W: ArrayLike, pulse_ns: float | None = None, period_ns: float | None = None) -> Any:
        """Rise averaged over the pulse, as a spectrum gathered during it shows; parameters as for :meth:`peak_K`.

        (The quantity that Chem. Rev. 2023, section 6.1.5, compares with the model.)
        """
        pulse_and_period(pulse_ns, period_ns)
        power = not_negative("power_W", power_W)[()]
        if pulse_ns is None:
            return power / self.conductance_W_per_K
        x = pulse_ns / self._times
        memory = -np.expm1(-x) / x  # mean of exp(-t/tau) over the pulse
        left = 0.0 if period_ns is None else self._left(pulse_ns, period_ns)
        # 1 - memory cancels for short pulses; its series x/2 - x^2/6 + x^3/24 there
        warmed = np.where(x < 1e-3, x / 2 - x**2 / 6 + x**3 / 24, 1 - memory)
        return power * self._sum(warmed + left * memory)

    def trace(
        self, drive: PowerSteps, start: Literal["cold", "periodic"] | float = "cold", points_per_step: int = POINTS_PER_STEP
    ) -> HeatTrace:
        """Temperature rise over time, exact at every point.

        Parameters
        ----------
        drive : PowerSteps
        start : "cold", "periodic" or float
            From the temperature of the surroundings; from that which repeats after the steps; or from a uniform rise [K],
            which each term then loses in its own time.
        points_per_step : int
            Equally spaced in each step, the last at its end.

        Returns
        -------
        HeatTrace
            ``points_per_step`` points a step, and one at time 0.
        """
        if points_per_step < 1:
            refuse("points_per_step", "be >= 1", points_per_step)
        parts = self._start(drive, start)
        rises, times, now = [parts.sum(axis=-1)[..., None]], [np.zeros(1)], 0.0
        for position, step in enumerate(drive.steps):
            within = step * np.arange(1, points_per_step + 1) / points_per_step
            final = drive.powers[..., position, None, None] * self._resistances
            decay = np.exp(-within[:, None] / self._times)
            course = final + (parts[..., None, :] - final) * decay
            parts = course[..., -1, :]
            rises.append(course.sum(axis=-1))
            times.append(now + within)
            now += float(step)
        power = np.repeat(drive.powers, points_per_step, axis=-1)
        return HeatTrace(
            time_ns=np.concatenate(times),
            rise_K=np.concatenate(rises, axis=-1),
            power_W=np.concatenate([np.zeros_like(power[..., :1]), power], axis=-1),
        )

    def lumped_equivalent(self, pulse_ns: ArrayLike) -> Heating:
        """The one K and C that come closest to :meth:`mean_K` of single pulses of the lengths ``pulse_ns`` [pulse].

        How K and C of a device are measured (Chem. Rev. 2023, Fig. 34: 1 to 30 us): they hold for such pulses, and K is
        not that of d.c. unless the longest pulse reaches the steady state. Least squares of the relative difference.
        """
        from scipy.optimize import least_squares

        pulses = not_negative("pulse_ns", pulse_ns)
        if pulses.ndim != 1 or pulses.size < 2 or not (pulses > 0).all():
            refuse("pulse_ns", "be two or more lengths > 0", f"{pulse_ns!r}")
        goal = np.array([self.mean_K(1.0, float(pulse)) for pulse in pulses])

        def difference(logs: FloatArray) -> FloatArray:
            model = Heating((float(np.exp(logs[0])),), (float(np.exp(logs[1])),))
            return np.asarray([model.mean_K(1.0, float(pulse)) for pulse in pulses] / goal - 1)

        best = least_squares(difference, [np.log(goal.max()), np.log(pulses.mean())]).x
        told = f"K and C that answer pulses of {pulses.min():g} to {pulses.max():g} ns as the device does; {self.origin}"
        return Heating((float(np.exp(best[0])),), (float(np.exp(best[1])),), told)

    def behind(self, resistance_K_per_W: float, capacity_J_per_K: float, what: str = "the surroundings") -> Heating:
        """The same device on something that warms as a whole and leads the heat on: one more term, R with tau = R C.

        A plate of area A in still air, for instance: R = 1/(h A) with h some 10 W/m^2 K a face, C its heat capacity.
        """
        time = NS_PER_S * positive("resistance_K_per_W", resistance_K_per_W) * positive("capacity_J_per_K", capacity_J_per_K)
        told = f"{self.origin}; then {resistance_K_per_W:.4g} K/W of {what}"
        return Heating((*self.resistance_K_per_W, float(resistance_K_per_W)), (*self.time_ns, time), told)

    @property
    def _resistances(self) -> FloatArray:
        return np.array(self.resistance_K_per_W)

    @property
    def _times(self) -> FloatArray:
        return np.array(self.time_ns)

    def _sum(self, shares: FloatArray) -> Any:
        return (shares @ self._resistances)[()]

    def _at_the_end(self, pulse_ns: float | None, period_ns: float | None) -> Any:
        pulse_and_period(pulse_ns, period_ns)
        if pulse_ns is None:
            return 1 / self.conductance_W_per_K
        warmed = -np.expm1(-pulse_ns / self._times)
        return self._sum(warmed if period_ns is None else warmed / -np.expm1(-period_ns / self._times))

    def _left(self, pulse_ns: float, period_ns: float) -> FloatArray:
        """Share of R_i P that is left of a train when the next pulse begins [term]."""
        warmed = -np.expm1(-pulse_ns / self._times) / -np.expm1(-period_ns / self._times)
        return np.asarray(warmed * np.exp(-(period_ns - pulse_ns) / self._times))

    def _start(self, drive: PowerSteps, start: str | float) -> FloatArray:
        """Rise of each term at time 0 [..., term]."""
        shape = (*drive.powers.shape[:-1], len(self.time_ns))
        if not isinstance(start, str):
            uniform = float(real_array("start", start))
            return np.broadcast_to(uniform * self.conductance_W_per_K * np.array(self.resistance_K_per_W, dtype=np.float64), shape)
        if start == "cold":
            return np.zeros(shape)
        if start != "periodic":
            raise ArgumentError(f'Argument `start` must be "cold", "periodic" or a rise in K, but it is {start!r}')
        parts = np.zeros(shape)
        for position, step in enumerate(drive.steps):
            decay = np.exp(-step / self._times)
            warmed = -np.expm1(-step / self._times)
            parts = parts * decay + drive.powers[..., position, None] * self._resistances * warmed
        return np.asarray(parts / -np.expm1(-drive.duration_ns / self._times))
