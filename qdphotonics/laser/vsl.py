"""Gain from variable stripe lengths: what a stripe of growing length emits, and the net gain in a measured curve.

Two models are in use, I the intensity from the edge, l the length, A, B and G constants::

    "amplified"                  I(l) = (A/G)(e^{Gl} - 1)       a uniform stripe whose emission all goes the same way
    "linear plus exponential"    I(l) = A l + B e^{Gl}          Chem. Rev. 2023, 123, 8251, Fig. 8

They are not the same: data of one give another G in the other. G is the *net* gain of the mode, Gamma G_mat - alpha. What a
long stripe emits empties its dots, so that the curve bends down and every model gives too little gain: the longest stripes are
left out until no such bend is left to see.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.laser.active import Amplifier
from qdphotonics.laser.guide import Guide, Stripe, finite_array, refuse_unless
from qdphotonics.laser.stripe import amplify
from qdphotonics.units import NM_PER_CM, NM_PER_UM

Array = NDArray[np.float64]
Model = Literal["amplified", "linear plus exponential"]
Noise = Literal["relative", "absolute"]

UM_PER_CM = NM_PER_CM / NM_PER_UM
STEEPEST = 80.0  # |G| times the longest length among the first guesses: e^80 is beyond any detector
GUESSES = 401
FIRST_STEP = 1e-3  # in G l_max, of the search for an interval's ends
REWEIGHTINGS = 4  # of relative noise by the fitted curve; the third changes nothing that shows
CERTAINTY = 0.99  # with which a bend must be there to count, one-sided ...
LEAST_BEND = 0.02  # ... and how much it must take from the longest stripe's light: noiseless data would show any bend at all
SPARE_POINTS = 3  # lengths beyond the parameters that a range must keep


@dataclass(frozen=True)
class GainFit:
    """A curve I(l) fitted, and what it says about gain.

    Parameters
    ----------
    model : str
    gain_per_cm : float
        Net gain G.
    interval_per_cm : (float, float)
        Within which G lies with the probability ``confidence``, if the model holds and the noise is as told.
    confidence : float
    linear, exponential : float
        A and B (0 in the model without B), in units of the intensity per um and of the intensity.
    length_um, intensity : array [point]
        All the data, by rising length.
    used : array of bool [point]
        Points that the fit is made from.
    bend : float
        Share of its light that the longest stripe *of the used* seems to lose by saturation, with ...
    bend_error : float
        ... its standard error; nan where there are too few lengths to tell.
    saturated : bool
        Long stripes were left out for their saturation.
    note : str
        What to mind, empty where nothing.
    """

    model: Model
    gain_per_cm: float
    interval_per_cm: tuple[float, float]
    confidence: float
    linear: float
    exponential: float
    length_um: Array
    intensity: Array
    used: NDArray[np.bool_]
    bend: float
    bend_error: float
    saturated: bool
    note: str = ""

    @property
    def used_range_um(self) -> tuple[float, float]:
        """Shortest and longest stripe that the fit is made from."""
        lengths = self.length_um[self.used]
        return float(lengths.min()), float(lengths.max())

    def curve(self, length_um: ArrayLike) -> Any:
        """The fitted intensity [...] at lengths [...], um."""
        length = np.asarray(length_um, dtype=np.float64)
        exponent = self.gain_per_cm * length / UM_PER_CM
        if self.model == "amplified":
            return self.linear * length * _mean_growth(exponent)
        return self.linear * length + self.exponential * np.exp(exponent)


def variable_stripe(
    film: Amplifier, guide: Guide, stripe: Stripe, length_um: ArrayLike, pair_rate_per_ns: float, *, saturates: bool = True
) -> Array:
    """Edge spectra [length, wavelength], W/eV, of stripes of many lengths [length] that differ in nothing else.

    ``stripe`` gives their width, facets and lateral modes. A detector behind a monochromator sees one wavelength of these; the
    power of a whole band is no exponential, since the band narrows as it grows.
    """
    lengths = np.atleast_1d(finite_array("length_um", length_um))
    spectra = [
        amplify(film, guide, replace(stripe, length_um=float(length)), pair_rate_per_ns, saturates=saturates).edge_spectrum_W_per_eV[0]
        for length in lengths
    ]
    return np.array(spectra)


def fit_gain(
    length_um: ArrayLike,
    intensity: ArrayLike,
    *,
    model: Model = "linear plus exponential",
    noise: Noise = "relative",
    error: ArrayLike | None = None,
    confidence: float = 0.95,
    longest_um: float | None = None,
) -> GainFit:
    """Net gain from intensities measured at many stripe lengths.

    Parameters
    ----------
    length_um, intensity : array_like [point]
        In any order; intensities in any unit, their background taken off.
    model : str, optional
        ``"linear plus exponential"`` or ``"amplified"``, see the module.
    noise : str, optional
        How the scatter depends on the signal: ``"relative"`` (in proportion) or ``"absolute"`` (the same everywhere); its size
        follows from the data.
    error : array_like [point], optional
        Standard errors > 0 of the intensities, where they are known; then ``noise`` does not matter.
    confidence : float, optional
        Of the interval.
    longest_um : float, optional
        Use lengths up to here, whatever the curve looks like; without it, saturation is looked for.

    Returns
    -------
    GainFit

    Raises
    ------
    ArgumentError
        Fewer than six different lengths, negative lengths, no light, an unknown model.

    References
    ----------
    Shaklee, Nahory, Leheny, J. Lumin. 7, 284 (1973), doi:10.1016/0022-2313(73)90072-0; Ahn et al., Chem. Rev. 2023, 123, 8251,
    section 3.1.3, doi:10.1021/acs.chemrev.2c00865.

    Examples
    --------
    >>> length = np.arange(50.0, 350.0, 25.0)
    >>> fit = fit_gain(length, np.expm1(164e-4 * length), model="amplified")
    >>> round(fit.gain_per_cm, 6), fit.saturated
    (164.0, False)
    """
    refuse_unless(model in _FORMS, "model", f"be one of {', '.join(_FORMS)}", repr(model))
    refuse_unless(noise in ("relative", "absolute"), "noise", "be relative or absolute", repr(noise))
    refuse_unless(0 < confidence < 1, "confidence", "be between 0 and 1", confidence)
    data = _Data.checked(length_um, intensity, error, noise)
    least = _FORMS[model].parameters + SPARE_POINTS
    limit = data.length.max() if longest_um is None else longest_um
    used = data.length <= limit
    if np.unique(data.length[used]).size < least:
        there = np.unique(data.length[used]).size
        raise ArgumentError(f"the model {model!r} needs {least} different lengths or more, but there are {there} in range")
    bend, bend_error = _bend(data.taken(used), model)
    while longest_um is None and _counts(bend, bend_error, used.sum() - least) and np.unique(data.length[used]).size > least:
        used = data.length < data.length[used].max()
        bend, bend_error = _bend(data.taken(used), model)
    return _result(data, used, model, confidence, bend, bend_error, longest_um is None)


@dataclass(frozen=True)
class _Data:
    """Points by rising length; ``error`` None where it follows from the scatter."""

    length: Array
    intensity: Array
    error: Array | None
    noise: Noise

    @classmethod
    def checked(cls, length_um: ArrayLike, intensity: ArrayLike, error: ArrayLike | None, noise: Noise) -> _Data:
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

    def taken(self, used: NDArray[np.bool_]) -> _Data:
        """Some of the points."""
        return _Data(self.length[used], self.intensity[used], None if self.error is None else self.error[used], self.noise)


@dataclass(frozen=True)
class _Form:
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


def _mean_growth(exponent: Any) -> Any:
    """(e^z - 1)/z."""
    safe = np.where(exponent == 0, 1.0, exponent)
    return np.where(exponent == 0, 1.0, np.expm1(safe) / safe)


_FORMS = {
    # Divided by its value at x = 1 for the steep ones: e^{gamma (x - 1)} (1 - e^{-gamma x})/(1 - e^{-gamma})
    "amplified": _Form(lambda x, gamma: [x * _mean_growth(gamma * x) / _mean_growth(np.asarray(gamma))]),
    "linear plus exponential": _Form(lambda x, gamma: [x, np.exp(gamma * (x - max(np.sign(gamma), 0.0)))]),
}


def _fitted(data: _Data, model: Model, with_bend: bool = False) -> tuple[Array, Array, Array]:
    """Parameters, covariance and weights of the model over l/l_max and I/I_max, the bend first where it is asked for."""
    from scipy.optimize import OptimizeWarning, curve_fit

    form = _FORMS[model]
    x, light = data.length / data.length.max(), data.intensity / data.intensity.max()
    known = None if data.error is None else data.error / data.intensity.max()
    weight = known if known is not None else (np.maximum(np.abs(light), 1e-3) if data.noise == "relative" else np.ones_like(light))
    start = _first_guess(form, x, light, weight)
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


def _first_guess(form: _Form, x: Array, light: Array, weight: Array) -> Array:
    """The best of many gamma, with the linear parameters solved for each."""
    gammas = np.linspace(-STEEPEST, STEEPEST, GUESSES)
    columns = np.array([form.basis(x, float(gamma)) for gamma in gammas]).swapaxes(1, 2) / weight[:, None]  # [gamma, point, column]
    explained = np.einsum("gpc,p->gc", np.linalg.qr(columns)[0], light / weight)
    best = int((explained**2).sum(axis=1).argmax())
    factors = np.linalg.lstsq(columns[best], light / weight, rcond=None)[0]
    return np.array([gammas[best], *factors])


def _interval(form: _Form, data: _Data, gamma: float, weight: Array, rise: float) -> tuple[float, float]:
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


def _bend(data: _Data, model: Model) -> tuple[float, float]:
    """Share of its light that the longest stripe seems to lose, and its standard error; nan where nothing can be said."""
    try:
        found, covariance, _ = _fitted(data, model, with_bend=True)
    except RuntimeError:  # no minimum: the data do not tell a bend from less gain
        return float("nan"), float("nan")
    return float(found[0]), float(np.sqrt(covariance[0, 0]))


def _counts(bend: float, error: float, spare: int) -> bool:
    """Whether a bend is there: large enough, and not by chance."""
    from scipy.stats import t

    return bool(np.isfinite(error) and bend > LEAST_BEND and bend > error * t.ppf(CERTAINTY, max(spare, 1)))


def _result(data: _Data, used: NDArray[np.bool_], model: Model, confidence: float, bend: float, bend_error: float, sought: bool) -> GainFit:
    """The fit of the points that are left."""
    from scipy.stats import norm, t

    taken = data.taken(used)
    found, _, weight = _fitted(taken, model)
    longest, brightest = float(taken.length.max()), float(taken.intensity.max())
    per_cm = UM_PER_CM / longest
    spare = int(used.sum()) - found.size
    gamma = float(found[0])
    if data.error is not None:
        rise = float(norm.ppf((1 + confidence) / 2) ** 2)
    else:
        left = (taken.intensity / brightest - _FORMS[model].value(taken.length / longest, *found)) / weight
        rise = float(t.ppf((1 + confidence) / 2, spare) ** 2 * (left @ left) / spare)
    low, high = _interval(_FORMS[model], taken, gamma, weight, rise)
    if model == "amplified":
        linear, exponential = brightest * found[1] / (longest * float(_mean_growth(np.asarray(gamma)))), 0.0
    else:
        linear, exponential = brightest * found[1] / longest, brightest * found[2] * np.exp(-max(gamma, 0.0))
    notes = []
    if not np.isfinite([low, high]).all():
        notes.append("the data do not bound the gain")
    elif low < 0 < high:
        notes.append("the interval holds 0: these data show neither gain nor loss")
    if sought and _counts(bend, bend_error, spare):
        notes.append("even the shortest stripes bend as if saturated: what the interval says is too good")
    return GainFit(
        model=model,
        gain_per_cm=gamma * per_cm,
        interval_per_cm=(low * per_cm, high * per_cm),
        confidence=confidence,
        linear=float(linear),
        exponential=float(exponential),
        length_um=data.length,
        intensity=data.intensity,
        used=used,
        bend=bend,
        bend_error=bend_error,
        saturated=bool(sought and not used.all()),
        note="; ".join(notes),
    )
