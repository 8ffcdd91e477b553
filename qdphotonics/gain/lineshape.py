"""Shape of a line in the spectrum: Voigt's, which holds Lorentz' and Gauss' as its ends."""

from __future__ import annotations

from math import isfinite, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import not_negative, numbers, refuse

_SIGMA_PER_FWHM = 1 / sqrt(8 * log(2))  # of a Gaussian, 1/2.3548


def check_widths(homogeneous_fwhm_meV: float, inhomogeneous_fwhm_meV: float) -> None:
    """Refuse widths that are negative or infinite, or both 0."""
    for name, value in (("homogeneous_fwhm_meV", homogeneous_fwhm_meV), ("inhomogeneous_fwhm_meV", inhomogeneous_fwhm_meV)):
        if not isfinite(not_negative(name, value)):
            refuse(name, "be finite", value)
    if homogeneous_fwhm_meV == inhomogeneous_fwhm_meV == 0:
        refuse("inhomogeneous_fwhm_meV", "be > 0 where homogeneous_fwhm_meV is 0 (a line needs a width)", inhomogeneous_fwhm_meV)


def voigt(offset_meV: ArrayLike, homogeneous_fwhm_meV: float, inhomogeneous_fwhm_meV: float) -> Any:
    """Line shape of an ensemble of dots, 1 at its centre.

    The Lorentzian of one dot (full width 2 gamma) averaged over a Gaussian of centres (standard deviation sigma):
    L(x) = Re w[(x + i gamma)/(sigma sqrt 2)]/Re w[i gamma/(sigma sqrt 2)], w the Faddeeva function.

    Parameters
    ----------
    offset_meV : array_like [...]
        Photon energy less that of the line's centre.
    homogeneous_fwhm_meV : float
        Full width at half maximum of the Lorentzian, 2 gamma >= 0.
    inhomogeneous_fwhm_meV : float
        ... of the Gaussian, 2.3548 sigma >= 0; not both 0.

    Returns
    -------
    array of float [...]
        Above 0 and at most 1.

    Raises
    ------
    ArgumentError
        A width that is negative or infinite, both 0, an offset that is nan.

    References
    ----------
    Faddeeva function: DLMF 7.2.3, 7.19. https://dlmf.nist.gov/7.19

    Examples
    --------
    >>> float(voigt(40.0, 80.0, 0.0)), round(float(voigt(40.0, 0.0, 80.0)), 12)
    (0.5, 0.5)
    """
    from scipy.special import wofz

    check_widths(homogeneous_fwhm_meV, inhomogeneous_fwhm_meV)
    offset = numbers("offset_meV", offset_meV)
    half = homogeneous_fwhm_meV / 2
    scale = sqrt(2) * _SIGMA_PER_FWHM * inhomogeneous_fwhm_meV
    if scale < 1e-9 * half:  # Lorentz' shape to rounding (the correction is (scale/half)^2), and 1/scale stays finite
        return (1 / (1 + (offset / half) ** 2))[()]
    if half == 0:
        return np.exp(-((offset / scale) ** 2))[()]
    peak = wofz(1j * half / scale).real
    return (wofz((offset + 1j * half) / scale).real / peak)[()]
