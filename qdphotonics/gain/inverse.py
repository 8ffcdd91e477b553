"""From a gain back to the drive: the inverse of a function that a drive raises, for whole arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import numbers

Array = NDArray[np.float64]

POINTS_PER_DECADE = 8  # a gain rises over more than a decade of any drive, so that a root lies where the table says
ITERATIONS = 80  # bisection of an eighth of a decade to the last digit takes 52
CLOSE = 1e-14  # of G0: rounding of a mean over a dozen states


@dataclass(frozen=True, eq=False)
class Inverse:
    """Smallest drive at which a function reaches a value.

    A table over all decades that matter is made once; within its step the drive is found by Chandrupatla's method, which is
    inverse quadratic interpolation that never leaves its bracket (Adv. Eng. Softw. 1997, 28, 145).

    Parameters
    ----------
    function : callable
        Of an array of drives > 0, flat; its values rise with the drive, or do so first.
    scale : float
        A drive around which something happens.
    decades : (float, float)
        Of the drive around ``scale``, outside of which nothing more does.

    Examples
    --------
    >>> saturation = Inverse(lambda drive: (drive - 1) / (drive + 1), scale=1.0, decades=(-17.0, 12.0))
    >>> saturation([-1.0, 0.5, 1.0]).round(12).tolist()
    [0.0, 3.0, inf]
    """

    function: Callable[[Array], Array]
    scale: float
    decades: tuple[float, float] = (-17.0, 17.0)

    @cached_property
    def _table(self) -> tuple[Array, Array, Array]:
        """Logarithms of the drives, the values there, and the largest values so far."""
        low, high = self.decades
        logs = np.log(self.scale) + np.log(10) * np.linspace(low, high, round((high - low) * POINTS_PER_DECADE) + 1)
        values = np.asarray(self.function(np.exp(logs)))
        return logs, values, np.maximum.accumulate(values)

    def __call__(self, value: ArrayLike) -> Any:
        """Smallest drive [...] at which the function reaches ``value`` [...]; 0 where it does in the dark, inf where it never does."""
        wanted = numbers("gain_fraction", value)
        logs, values, risen = self._table
        flat = wanted.reshape(-1)
        place = np.searchsorted(risen, flat)
        drive = np.where(place == 0, 0.0, np.inf)
        inside = np.flatnonzero((place > 0) & (place < len(logs)))
        if inside.size:
            high = place[inside]
            bracket = logs[high - 1], logs[high], values[high - 1] - flat[inside], values[high] - flat[inside]
            drive[inside] = np.exp(self._root(flat[inside], *bracket))
        return drive.reshape(wanted.shape)[()]

    def _root(self, wanted: Array, low: Array, high: Array, at_low: Array, at_high: Array) -> Array:
        """Logarithm of the drive, given a bracket with the function below and not below what is ``wanted``."""
        # Chandrupatla's names: a the latest point, b on the other side of the root, c the one before; t the next step from a to b
        a, b, c, fa, fb, fc = high, low, low, at_high, at_low, at_low
        t = np.full_like(a, 0.5)
        for _ in range(ITERATIONS):
            x = a + t * (b - a)
            fx = np.asarray(self.function(np.exp(x))) - wanted
            same = np.sign(fx) == np.sign(fa)
            c, fc = np.where(same, a, b), np.where(same, fa, fb)
            b, fb = np.where(same, b, a), np.where(same, fb, fa)
            a, fa = x, fx
            nearest, least = np.where(np.abs(fa) < np.abs(fb), a, b), np.minimum(np.abs(fa), np.abs(fb))
            margin = 4 * np.finfo(np.float64).eps * np.maximum(np.abs(nearest), 1.0)
            if ((least <= CLOSE * np.maximum(np.abs(wanted), 1.0)) | (np.abs(b - a) <= margin)).all():
                break
            t = _next_step(a, b, c, fa, fb, fc, margin)
        return np.asarray(nearest)


def _next_step(a: Array, b: Array, c: Array, fa: Array, fb: Array, fc: Array, margin: Array) -> Array:
    """Where to look next between a and b: by the inverse parabola where that is safe, else in the middle."""
    with np.errstate(divide="ignore", invalid="ignore"):
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        safe = (phi * phi < xi) & ((1 - phi) * (1 - phi) < 1 - xi)
        parabola = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        least = np.minimum(margin / np.abs(b - a), 0.5)
    return np.clip(np.where(safe & np.isfinite(parabola), parabola, 0.5), least, 1 - least)
