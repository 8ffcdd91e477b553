"""The two models of a variable-stripe curve: fitted, weighed against each other, and the range of gain that each leaves open.

Internal to :mod:`qdphotonics.laser.vsl`, where the formulas are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.laser.guide import finite_array, refuse_unless

Array = NDArray[np.float64]
Model = Literal["amplified", "linear-plus-exponential"]
Noise = Literal["relative", "absolute"]

STEEPEST = 80.0  # |G| times the longest length among the first guesses: e^80 is beyond any detector
GUESSES = 401
FIRST_STEP = 1e-3  # in G l_max, of the search for an interval's ends
REWEIGHTINGS = 4  # of relative noise by the fitted curve; the third changes nothing that shows
LEAST_SCATTER = 1e-9  # of the light: what rounding leaves of a perfect fit says nothing of a model


@dataclass(frozen=True)
class CurveData:
    """Points by rising length; ``error`` None where it follows from the scatter."""

    length: Array
    intensity: Array
    error: Array | None
    noise: Noise

    @classmethod
    def checked(cls, length_um: ArrayLike, intensity: ArrayLike, error: ArrayLike | None, noise: Noise) -> CurveData:
        length, light = finite_array("length_um", length_um), finite_array("intensity", intensity)
        alike = length.ndim == 1 and length.shape == light.shape
        refuse_unless(alike, "intensity", "have one value for each length", f"of shape {light.shape}")
        real = bool((length >= 0).all()) and length.max(initial=0.0) > 0
        refuse_unless(real, "length_um", "be >= 0, and not 0 throughout", length.min(initial=0.0))
        refuse_unless(light.max(initial=0.0) > 0, "intensity", "be > 0 somewhere", light.max(initial=0.0))
        order = np.argsort(length, kind="stable")
        errors = None
        if error is not None:
            errors = finite_array("error", error)
            refuse_unless(errors.shape == length.shape and bool((errors > 0).all()), "error", "be > 0, one for each length", error)
            errors = errors[order]
        return cls(length[order], light[order], errors, noise)

    def taken(self, used: NDArray[np.bool_]) -> CurveData:
        """Some of the points."""
        return CurveData(self.length[used], self.intensity[used], None if self.error is None else self.error[used], self.noise)


@dataclass(frozen=True)
class Form:
    """A model over x = l/l_max, with gamma = G l_max first among its parameters; the others enter linearly, through ``basis``."""

    basis: Callable[[Array, float], list[Array]]  # each column is of order 1 at x = 1, whatever gamma

    @property
    def parameters(self) -> int:
        return 1 + len(self.basis(np.ones(1), 1.0))

    def value(self, x: Array, *parameters: float) -> Array:
        columns = self.basis(x, parameters[0])
        return np.asarray(sum(factor * column for factor, column in zip(parameters[1:], columns, strict=True)))

    def bent(self, x: Array, bend: float, *parameters: float) -> Array:
        """The model less what saturation takes from it, in the first order: I - bend I^2/I(1)."""
        light, longest = self.value(x, *parameters), self.value(np.ones(1), *parameters)
        return light - bend * light**2 / longest


def mean_growth(exponent: Any) -> Any:
    """(e^z - 1)/z."""
    safe = np.where(exponent == 0, 1.0, exponent)
    return np.where(exponent == 0, 1.0, np.expm1(safe) / safe)


FORMS = {
    # Divided by its value at x = 1 for the steep ones: e^{gamma (x - 1)} (1 - e^{-gamma x})/(1 - e^{-gamma})
    "amplified": Form(lambda x, gamma: [x * mean_growth(gamma * x) / mean_growth(np.asarray(gamma))]),
    "linear-plus-exponential": Form(lambda x, gamma: [x, np.exp(gamma * (x - max(np.sign(gamma), 0.0)))]),
}


def fitted(data: CurveData, model: Model, with_bend: bool = False) -> tuple[Array, Array, Array]:
    """Parameters, covariance and weights of the model over l/l_max and I/I_max, the bend first where it is asked for."""
    from scipy.optimize import OptimizeWarning, curve_fit

    form = FORMS[model]
    x, light = data.length / data.length.max(), data.intensity / data.intensity.max()
    known = None if data.error is None else data.error / data.intensity.max()
    weight = known if known is not None else (np.maximum(np.abs(light), 1e-3) if data.noise == "relative" else np.ones_like(light))
    start = first_guess(form, x, light, weight)
    function, start = (form.bent, np.concatenate([[0.0], start])) if with_bend else (form.value, start)
    found = covariance = np.empty(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)  # the covariance is inf then, and is told as such
        for _ in range(REWEIGHTINGS if known is None and data.noise == "relative" else 1):
            found, covariance = curve_fit(
                function, x, light, start, weight, known is not None, ftol=1e-15, xtol=1e-15, gtol=1e-15, maxfev=20_000
            )
            start = found
            if known is None and data.noise == "relative":  # by the curve: by the data low points would weigh more than high ones
                weight = np.maximum(np.abs(function(x, *found)), 1e-6 * np.abs(light).max())
    return found, covariance, weight


def first_guess(form: Form, x: Array, light: Array, weight: Array) -> Array:
    """The best of many gamma, with the linear parameters solved for each."""
    gammas = np.linspace(-STEEPEST, STEEPEST, GUESSES)
    columns = np.array([form.basis(x, float(gamma)) for gamma in gammas]).swapaxes(1, 2) / weight[:, None]  # [gamma, point, column]
    explained = np.einsum("gpc,p->gc", np.linalg.qr(columns)[0], light / weight)
    best = int((explained**2).sum(axis=1).argmax())
    factors = np.linalg.lstsq(columns[best], light / weight, rcond=None)[0]
    return np.array([gammas[best], *factors])


def open_range(form: Form, data: CurveData, gamma: float, weight: Array, rise: float) -> tuple[float, float]:
    """Range of gamma in which the squares, least over the other parameters, stay within ``rise`` of their minimum at ``gamma``.

    A profile, not a parabola: towards less gain the exponential is ever more like the linear term, and the range longer.
    """
    from scipy.optimize import brentq

    x, light = data.length / data.length.max(), data.intensity / data.intensity.max()

    def beyond(trial: float) -> float:
        columns = np.stack(form.basis(x, trial), axis=1) / weight[:, None]
        left = light / weight - columns @ np.linalg.lstsq(columns, light / weight, rcond=None)[0]
        return float(left @ left) - least - rise

    least = 0.0
    least = beyond(gamma) + rise
    ends = []
    for side in (-1.0, 1.0):
        step = FIRST_STEP
        while step < 4 * STEEPEST and beyond(gamma + side * step) < 0:
            step *= 2
        open_end = step >= 4 * STEEPEST
        ends.append(side * np.inf if open_end else float(brentq(beyond, gamma, gamma + side * step, xtol=1e-12)))
    return ends[0], ends[1]


def information(data: CurveData, model: Model, found: Array, weight: Array) -> tuple[float, float]:
    """Akaike's criterion of a fit [found] with these weights, plain and with its correction for few points; the least is the best.

    References
    ----------
    Hurvich, Tsai, Biometrika 76, 297 (1989), doi:10.1093/biomet/76.2.297.
    """
    points, brightest = data.length.size, data.intensity.max()
    left = (data.intensity / brightest - FORMS[model].value(data.length / data.length.max(), *found)) / weight
    if data.error is not None:
        unlikely, free = float(left @ left), found.size
    else:  # the size of the scatter is one more thing that the data tell
        scatter = max(float(left @ left) / points, LEAST_SCATTER**2)
        unlikely, free = points * np.log(scatter) + 2 * float(np.log(weight).sum()), found.size + 1
    plain = float(unlikely + 2 * free)
    return plain, plain + 2 * free * (free + 1) / max(points - free - 1, 1)
