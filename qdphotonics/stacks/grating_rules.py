"""Which profiles of a grating exist: the rules that a file and a Python argument share."""

from __future__ import annotations

from math import radians, tan
from typing import Literal

Shape = Literal["rectangle", "trapezoid", "sinusoid", "blazed"]
OverLayers = Literal["planarising", "conformal"]
Apodisation = Literal["none", "raised-cosine", "gaussian"]


def profile_fault(shape: str, period: float, depth: float, duty: float, sidewall_deg: float | None) -> tuple[str, str] | None:
    """What is wrong with a profile: the key at fault and the rule broken, a text that starts with a verb; None where all is well.

    Parameters
    ----------
    shape : str
        rectangle, trapezoid, sinusoid or blazed.
    period, depth : float
        [nm]
    duty : float
        Fraction of a period that is kept at half the depth.
    sidewall_deg : float or None
        Angle of a trapezoid's walls from the layers [degrees]; 90 is upright.

    Examples
    --------
    >>> profile_fault("trapezoid", 400, 30, 0.5, 60) is None
    True
    >>> profile_fault("sinusoid", 400, 30, 0.4, None)
    ('duty', 'must be 0.5 for a sinusoid')
    """
    if shape == "trapezoid":
        if sidewall_deg is None:
            return "sidewall_deg", "must be given for a trapezoid"
        narrowest = min(duty, 1 - duty) * period
        if depth > narrowest * tan(radians(sidewall_deg)):
            told = f"must be steep enough for walls {depth:.6g} nm high not to meet, with {narrowest:.6g} nm between them at half height"
            return "sidewall_deg", told
    elif sidewall_deg is not None:
        return "sidewall_deg", f"must not be given for a {shape}: only a trapezoid has inclined walls"
    if shape == "sinusoid" and duty != 0.5:
        return "duty", "must be 0.5 for a sinusoid"
    if shape == "blazed" and duty > 0.5:
        return "duty", "must be ≤ 0.5 for a blazed grating, whose teeth are triangles with a base of 2 · duty · period"
    return None
