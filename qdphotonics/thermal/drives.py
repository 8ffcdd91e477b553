"""Heat over time: power that is constant step by step, which covers single pulses, bursts, trains and sampled shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import FloatArray, not_negative, positive, pulse_and_period, refuse
from qdphotonics.errors import ArgumentError


@dataclass(frozen=True, eq=False)
class PowerSteps:
    """A power that is constant during each of a row of steps.

    Parameters
    ----------
    power_W : array [..., step]
        Heat released during each step, >= 0; leading axes are independent drives.
    step_ns : array [step]
        How long each lasts, > 0.

    Raises
    ------
    ArgumentError
        A negative power, a step that is not > 0 and finite, or unequal numbers of them.

    Examples
    --------
    >>> burst = PowerSteps([1.0, 0.0, 2.0], [100.0, 50.0, 100.0])
    >>> round(float(burst.energy_J), 12), burst.duration_ns
    (3e-07, 250.0)
    """

    power_W: ArrayLike
    step_ns: ArrayLike

    def __post_init__(self) -> None:
        power, steps = not_negative("power_W", self.power_W), not_negative("step_ns", self.step_ns)
        if steps.ndim != 1 or steps.size == 0 or not (np.isfinite(steps) & (steps > 0)).all():
            refuse("step_ns", "be a row of times > 0 and finite", f"{self.step_ns!r}")
        if power.shape[-1:] != steps.shape or not np.isfinite(power).all():
            refuse("power_W", f"be finite and have as many steps as `step_ns` ({steps.size})", f"{self.power_W!r}")
        object.__setattr__(self, "power_W", power)
        object.__setattr__(self, "step_ns", steps)

    @property
    def powers(self) -> FloatArray:
        """``power_W`` as the array [..., step] that it became."""
        return np.asarray(self.power_W)

    @property
    def steps(self) -> FloatArray:
        """``step_ns`` as the array [step] that it became."""
        return np.asarray(self.step_ns)

    @property
    def duration_ns(self) -> float:
        """Of all steps together; the period, where they repeat."""
        return float(self.steps.sum())

    @property
    def energy_J(self) -> FloatArray:
        """Heat of all steps together [...]."""
        return np.asarray((self.powers * self.steps).sum(axis=-1) * 1e-9)

    def repeated(self, count: int) -> PowerSteps:
        """The same steps ``count`` times over."""
        if count < 1:
            refuse("count", "be >= 1", count)
        return PowerSteps(np.tile(self.powers, count), np.tile(self.steps, count))


def pulse_train(power_W: ArrayLike, pulse_ns: float, period_ns: float, count: int = 1) -> PowerSteps:
    """``count`` rectangular pulses, each with the pause after it.

    Parameters
    ----------
    power_W : array_like [...]
        During a pulse.
    pulse_ns, period_ns : float
    count : int

    Raises
    ------
    ArgumentError
        A pulse longer than its period, or values that are not positive.
    """
    pulse_and_period(pulse_ns, period_ns)
    power = not_negative("power_W", power_W)
    if pulse_ns == period_ns:
        return PowerSteps(power[..., None], [period_ns]).repeated(count)
    return PowerSteps(np.stack([power, np.zeros_like(power)], axis=-1), [pulse_ns, period_ns - pulse_ns]).repeated(count)


def pulse_list(start_ns: Sequence[float], pulse_ns: Sequence[float], power_W: Sequence[float], duration_ns: float) -> PowerSteps:
    """Rectangular pulses at given times, without overlap, within ``duration_ns``.

    Parameters
    ----------
    start_ns, pulse_ns, power_W : sequence [pulse]
        When each starts (rising), how long it lasts, its power.
    duration_ns : float
        End of the last pause.

    Raises
    ------
    ArgumentError
        Pulses that overlap or end after ``duration_ns``, lists of unequal length.

    Examples
    --------
    >>> pulse_list([10.0, 40.0], [5.0, 5.0], [1.0, 2.0], 100.0).steps
    array([10.,  5., 25.,  5., 55.])
    """
    if not len(start_ns) == len(pulse_ns) == len(power_W):
        raise ArgumentError("Arguments `start_ns`, `pulse_ns` and `power_W` must be equally long")
    end, powers, steps = 0.0, [], []
    for start, length, power in zip(start_ns, pulse_ns, power_W, strict=True):
        if start < end:
            refuse("start_ns", f"not lie before the end of the pulse before ({end:g})", start)
        powers += [0.0, power] if start > end else [power]
        steps += [start - end, positive("pulse_ns", length)] if start > end else [positive("pulse_ns", length)]
        end = start + length
    if positive("duration_ns", duration_ns) < end:
        refuse("duration_ns", f"not be shorter than the pulses, which end at {end:g}", duration_ns)
    pause = duration_ns - end
    return PowerSteps([*powers, 0.0], [*steps, pause]) if pause > 0 else PowerSteps(powers, steps)


def sampled_power(time_ns: ArrayLike, power_W: ArrayLike) -> PowerSteps:
    """A pulse of any shape, from its power at a row of times: the mean of both ends in each interval.

    The energy is that of the trapezoidal rule, so the heating converges with the square of the interval.

    Parameters
    ----------
    time_ns : array_like [time]
        Rising.
    power_W : array_like [..., time]
    """
    times, power = np.asarray(time_ns, dtype=float), not_negative("power_W", power_W)
    if times.ndim != 1 or times.size < 2 or power.shape[-1] != times.size or not (np.diff(times) > 0).all():
        refuse("time_ns", "be two or more rising times, one for each power", f"{time_ns!r}")
    return PowerSteps((power[..., 1:] + power[..., :-1]) / 2, np.diff(times))
