"""Gain from variable stripe lengths: what a stripe of growing length emits, and the net gain in a measured curve.

Two models are in use, I the intensity from the edge, l the length, A, B and G constants::

    "amplified"                  I(l) = (A/G)(e^{Gl} - 1)       a uniform stripe whose emission all goes the same way
    "linear-plus-exponential"    I(l) = A l + B e^{Gl}          Chem. Rev. 2023, 123, 8251, Fig. 8

They are not the same: data of one give another G in the other. Unless told which, both are fitted to the same points, and
Akaike's criterion takes the one that explains them with fewer constants; where it does not exclude the other, the interval
holds what that one says too. G is the *net* gain of the mode, Gamma G_mat - alpha. What a long stripe emits empties its dots,
so that the curve bends down and every model gives too little gain: the longest stripes are left out until the model that is
taken shows no such bend. What only the other model does not fit is no reason to leave anything out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.laser.active import Amplifier
from qdphotonics.laser.guide import Guide, Stripe, finite_array, refuse_unless
from qdphotonics.laser.stripe import amplify
from qdphotonics.laser.vsl_models import FORMS, LEAST_SCATTER, CurveData, Model, Noise, fitted, information, mean_growth, open_range
from qdphotonics.units import NM_PER_CM, NM_PER_UM

Array = NDArray[np.float64]
ModelChoice = Literal["best", "amplified", "linear-plus-exponential"]
MODELS: tuple[Model, ...] = get_args(Model)

UM_PER_CM = NM_PER_CM / NM_PER_UM
CERTAINTY = 0.99  # with which a bend must be there to count, one-sided ...
LEAST_BEND = 0.02  # ... and how much it must take from the longest stripe's light: noiseless data would show any bend at all
SURELY = 3.0  # standard errors below 0 of a part that would take light away
ROUNDING = 1e-6  # of the longest stripe's light
SPARE_POINTS = 3  # lengths beyond the parameters that a range must keep
NO_GAIN_PER_CM = 1e-3  # nothing that a stripe shows
EXCLUDED = 10.0  # of Akaike's criterion: a model so much worse has next to no support (Burnham and Anderson 2002, section 2.6)


@dataclass(frozen=True)
class GainFit:
    """A curve I(l) fitted, and what it says about gain.

    Parameters
    ----------
    model : str
    gain_per_cm : float
        Net gain G.
    interval_per_cm : (float, float)
        Within which G lies with the probability ``confidence``, if the noise is as told; where the data chose the model and do
        not exclude the other, what that one says lies within too.
    confidence : float
    linear, exponential : float
        A and B (0 in the model without B), in units of the intensity per um and of the intensity.
    length_um, intensity : array [point]
        All the data, by rising length.
    used : array of bool [point]
        Points that the fit is made from.
    bend : float
        Share of its light that the longest stripe *of the used* seems to lose by saturation, by the model that fits better, with ...
    bend_error : float
        ... its standard error; nan where there are too few lengths to tell, and of the model that was not taken.
    saturated : bool
        Long stripes were left out for their saturation.
    information : (float, float)
        Akaike's criterion, plain and corrected for few points: of two models on the same points the one with less is the better.
    unphysical : bool
        A or B is negative beyond three of its standard errors: no stripe emits so.
    own_interval_per_cm : (float, float)
        As if the model were certain.
    other : GainFit or None
        By the other model, from the same points; None where there are too few lengths for it.
    notes : tuple of str
        What to mind.
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
    information: tuple[float, float]
    unphysical: bool
    own_interval_per_cm: tuple[float, float]
    other: GainFit | None = None
    notes: tuple[str, ...] = ()

    @property
    def used_range_um(self) -> tuple[float, float]:
        """Shortest and longest stripe that the fit is made from."""
        lengths = self.length_um[self.used]
        return float(lengths.min()), float(lengths.max())

    @property
    def excludes_other(self) -> bool:
        """Whether the same points speak so clearly for this model that the other need not be minded.

        By the criterion with its correction and without: for few points the correction by itself exceeds any such limit.
        """
        return self.other is None or _excludes(self, self.other)

    @property
    def is_excluded(self) -> bool:
        """Whether they speak so clearly for the other."""
        return self.other is not None and _excludes(self.other, self)

    def curve(self, length_um: ArrayLike) -> Any:
        """The fitted intensity [...] at lengths [...], um."""
        length = np.asarray(length_um, dtype=np.float64)
        exponent = self.gain_per_cm * length / UM_PER_CM
        if self.model == "amplified":
            return self.linear * length * mean_growth(exponent)
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
    model: ModelChoice = "best",
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
        ``"linear-plus-exponential"`` or ``"amplified"``, see the module; ``"best"``: the one that fits the points better.
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
        Fewer than five different lengths (six for the model of three constants), negative lengths, no light, an unknown model.

    References
    ----------
    Shaklee, Nahory, Leheny, J. Lumin. 7, 284 (1973), doi:10.1016/0022-2313(73)90072-0; Ahn et al., Chem. Rev. 2023, 123, 8251,
    section 3.1.3, doi:10.1021/acs.chemrev.2c00865; Burnham, Anderson, Model Selection and Multimodel Inference (2002).

    Examples
    --------
    >>> length = np.arange(50.0, 350.0, 25.0)
    >>> fit = fit_gain(length, np.expm1(164e-4 * length))
    >>> fit.model, round(fit.gain_per_cm, 6), fit.saturated
    ('amplified', 164.0, False)
    """
    choices = get_args(ModelChoice)
    refuse_unless(model in choices, "model", f"be one of {', '.join(choices)}", repr(model))
    refuse_unless(noise in ("relative", "absolute"), "noise", "be relative or absolute", repr(noise))
    refuse_unless(0 < confidence < 1, "confidence", "be between 0 and 1", confidence)
    data = CurveData.checked(length_um, intensity, error, noise)
    used = data.length <= (data.length.max() if longest_um is None else longest_um)
    while True:
        taken = data.taken(used)
        fits = _fits(taken, model, confidence)
        judge = min(fits, key=_merit).model  # of saturation, also where another model is asked for: its misfit is no bend
        bend, bend_error = _bend(taken, judge)
        bends = longest_um is None and _counts(bend, bend_error, int(used.sum()) - _least_lengths(judge))
        if not bends or np.unique(taken.length).size <= max(_least_lengths(judge), _least_lengths(fits[0].model)):
            break
        used = data.length < taken.length.max()
    fits[0] = replace(fits[0], bend=bend, bend_error=bend_error)
    return _told(data, used, fits, model == "best", longest_um is None, bends)


def _least_lengths(model: Model) -> int:
    return FORMS[model].parameters + SPARE_POINTS


def _fits(taken: CurveData, choice: ModelChoice, confidence: float) -> list[GainFit]:
    """The model asked for, or the better one, and after it the other where there are lengths enough for it."""
    there = np.unique(taken.length).size
    wanted: Model = "amplified" if choice == "best" else choice  # the one of fewer constants must do at least
    if there < _least_lengths(wanted):
        raise ArgumentError(
            f"the model {wanted!r} needs {_least_lengths(wanted)} different lengths or more, but there are {there} in range"
        )
    fits = [_fit(taken, each, confidence) for each in MODELS if there >= _least_lengths(each)]
    return sorted(fits, key=_merit) if choice == "best" else sorted(fits, key=lambda fit: fit.model != choice)


def _merit(fit: GainFit) -> tuple[bool, float]:
    """The less, the more the data speak for it."""
    return fit.unphysical, fit.information[1]


def _excludes(fit: GainFit, other: GainFit) -> bool:
    if other.unphysical != fit.unphysical:
        return other.unphysical
    return all(worse - better > EXCLUDED for better, worse in zip(fit.information, other.information, strict=True))


def _bend(data: CurveData, model: Model) -> tuple[float, float]:
    """Share of its light that the longest stripe seems to lose, and its standard error; nan where nothing can be said."""
    try:
        found, covariance, _ = fitted(data, model, with_bend=True)
    except RuntimeError:  # no minimum: the data do not tell a bend from less gain
        return float("nan"), float("nan")
    return float(found[0]), float(np.sqrt(covariance[0, 0]))


def _counts(bend: float, error: float, spare: int) -> bool:
    """Whether a bend is there: large enough, and not by chance."""
    from scipy.stats import t

    return bool(np.isfinite(error) and bend > LEAST_BEND and bend > error * t.ppf(CERTAINTY, max(spare, 1)))


def _fit(taken: CurveData, model: Model, confidence: float) -> GainFit:
    """One model by all the points that are given."""
    from scipy.stats import norm, t

    found, covariance, weight = fitted(taken, model)
    longest, brightest = float(taken.length.max()), float(taken.intensity.max())
    per_cm = UM_PER_CM / longest
    spare = taken.length.size - found.size
    gamma = float(found[0])
    if taken.error is not None:
        rise = float(norm.ppf((1 + confidence) / 2) ** 2)
    else:
        left = (taken.intensity / brightest - FORMS[model].value(taken.length / longest, *found)) / weight
        rise = float(t.ppf((1 + confidence) / 2, spare) ** 2 * max(float(left @ left), taken.length.size * LEAST_SCATTER**2) / spare)
    low, high = open_range(FORMS[model], taken, gamma, weight, rise)
    if model == "amplified":
        linear, exponential = brightest * found[1] / (longest * float(mean_growth(np.asarray(gamma)))), 0.0
    else:
        linear, exponential = brightest * found[1] / longest, brightest * found[2] * np.exp(-max(gamma, 0.0))
    own = (low * per_cm, high * per_cm)
    return GainFit(
        model=model,
        gain_per_cm=gamma * per_cm,
        interval_per_cm=own,
        confidence=confidence,
        linear=float(linear),
        exponential=float(exponential),
        length_um=taken.length,
        intensity=taken.intensity,
        used=np.ones(taken.length.size, dtype=np.bool_),
        bend=float("nan"),
        bend_error=float("nan"),
        saturated=False,
        information=information(taken, model, found, weight),
        unphysical=bool((found[1:] < -SURELY * np.sqrt(np.diag(covariance)[1:]) - ROUNDING).any()),
        own_interval_per_cm=own,
    )


def _told(data: CurveData, used: NDArray[np.bool_], fits: list[GainFit], chosen: bool, sought: bool, bends: bool) -> GainFit:
    """The first of the fits, over all the data, with its interval as wide as the models' disagreement and its notes."""
    cut = sought and not used.all()
    first, *others = [replace(fit, length_um=data.length, intensity=data.intensity, used=used, saturated=bool(cut)) for fit in fits]
    fit = replace(first, other=others[0] if others else None)
    low, high = fit.own_interval_per_cm
    if chosen and fit.other is not None and not fit.excludes_other and np.isfinite(fit.other.own_interval_per_cm).all():
        low, high = min(low, fit.other.gain_per_cm), max(high, fit.other.gain_per_cm)
    notes = []
    if chosen and fit.other is None:
        least = _least_lengths("linear-plus-exponential")
        notes.append(f"too few lengths to tell {fit.model!r} from a model of more constants: {least} do")
    if fit.unphysical:
        part = "exponential" if fit.exponential < 0 else "linear"
        notes.append(f"its {part} part comes out negative, as no stripe emits: the model does not fit these data")
    if not np.isfinite([low, high]).all():
        notes.append("the data do not bound the gain")
    elif low - NO_GAIN_PER_CM < 0 < high + NO_GAIN_PER_CM:
        notes.append("the interval holds 0: these data show neither gain nor loss")
    if cut:
        notes.append("long stripes were left out for their saturation; what the others have of it makes the gain seem less than it is")
    if fit.is_excluded:
        notes.append(f"these data exclude the model: {fits[1].model!r} describes them far better")
    if sought and bends:
        notes.append("even the shortest stripes bend as if saturated: what the interval says is too good")
    return replace(fit, interval_per_cm=(low, high), notes=tuple(notes))
