"""Effective-medium mixtures: linear, Maxwell Garnett, Bruggeman; any number of constituents, metals too.

All are written for the permittivity eps = n^2 of spherical grains much smaller than the wavelength.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Literal

import numpy as np

from qdphotonics.errors import MaterialError
from qdphotonics.materials.dispersion import ComplexArray, Dispersion, FloatArray, Range, common_range, root

Rule = Literal["linear", "maxwell_garnett", "bruggeman"]

POLISHING_STEPS = 3  # Newton steps after the companion matrix, whose roots are good to 1e-12 or so; one suffices
WIDEST_CONE = pi - 1e-9  # angle between constituents [rad] beyond which Bruggeman's root is not determined


@dataclass(frozen=True)
class Mixture:
    """Index of a mixture of ``parts`` with volume ``fractions``.

    ``linear``: eps = sum f_i eps_i, the upper Wiener bound (field along the boundaries).
    ``maxwell_garnett``: grains of the later parts in a host, the first part:
    (eps - eps_h)/(eps + 2 eps_h) = sum f_i (eps_i - eps_h)/(eps_i + 2 eps_h).
    ``bruggeman``: no host: sum f_i (eps_i - eps)/(eps_i + 2 eps) = 0; see :func:`bruggeman`.
    """

    parts: tuple[Dispersion, ...]
    fractions: tuple[float, ...]
    rule: Rule

    @property
    def range_nm(self) -> Range:
        return common_range(self.parts)

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        indices, slopes = zip(*(part.evaluate(wavelength_nm) for part in self.parts), strict=True)
        n = np.stack(indices, axis=-1)  # [..., part]
        epsilon, slope = n**2, 2 * n * np.stack(slopes, axis=-1)
        fractions = np.asarray(self.fractions)
        if self.rule == "linear":
            mixed, by_part = epsilon @ fractions, np.broadcast_to(fractions, epsilon.shape)
        elif self.rule == "maxwell_garnett":
            mixed, by_part = maxwell_garnett(epsilon, fractions)
        else:
            mixed, by_part = bruggeman(epsilon, fractions)
        index = root(mixed)
        return index, np.sum(by_part * slope, axis=-1) / (2 * index)


def maxwell_garnett(epsilon: ComplexArray, fractions: FloatArray) -> tuple[ComplexArray, ComplexArray]:
    """Permittivity of grains in a host, and its derivative with respect to each constituent's.

    Parameters
    ----------
    epsilon : complex array [..., part]
        The host first.
    fractions : array [part]

    Returns
    -------
    complex array [...], complex array [..., part]
    """
    # Short names: h host, x = sum f_i (eps_i - h)/(eps_i + 2h), eps = h (1 + 2x)/(1 - x)
    h = epsilon[..., :1]
    x = np.sum(fractions * (epsilon - h) / (epsilon + 2 * h), axis=-1, keepdims=True)
    by_x = 3 * h / (1 - x) ** 2
    by_part = by_x * fractions * 3 * h / (epsilon + 2 * h) ** 2
    dx_dh = -np.sum(fractions[1:] * 3 * epsilon[..., 1:] / (epsilon[..., 1:] + 2 * h) ** 2, axis=-1)
    by_part[..., 0] = ((1 + 2 * x) / (1 - x))[..., 0] + by_x[..., 0] * dx_dh
    return (h * (1 + 2 * x) / (1 - x))[..., 0], by_part


def bruggeman(epsilon: ComplexArray, fractions: FloatArray) -> tuple[ComplexArray, ComplexArray]:
    """Permittivity of a mixture without a host, and its derivative with respect to each constituent's.

    The equation has as many roots as constituents. Exactly one lies in the cone that the constituents span in the
    complex plane, if the cone is narrower than pi: on its edges sum f_i/(1 + 2 eps/eps_i) has an imaginary part of
    one sign and cannot be 1/3, so no root enters or leaves while the constituents move, and there is one when they
    are equal. That root is the mixture; it absorbs if the constituents do, whether dielectric or metal.

    Parameters and returns as for :func:`maxwell_garnett`, without a host.

    Raises
    ------
    MaterialError
        A cone of pi or wider: a metal without absorption, or an absorbing metal with an amplifying dielectric.

    References
    ----------
    Bruggeman, Ann. Phys. 416, 636 (1935), doi 10.1002/andp.19354160705; on the choice of the root Jansson and Arwin,
    Opt. Commun. 106, 133 (1994), doi 10.1016/0030-4018(94)90309-3.
    """
    angles = np.angle(epsilon + 0.0)
    lowest, highest = angles.min(axis=-1), angles.max(axis=-1)
    if np.any(highest - lowest > WIDEST_CONE):
        raise MaterialError("cannot be mixed by Bruggeman's rule: a metal without absorption, or beside gain, leaves the root open")
    middle = np.exp(-0.5j * (lowest + highest))
    mixed = np.empty(epsilon.shape[:-1], dtype=complex)
    for place in np.ndindex(mixed.shape):
        # scaled to the largest constituent and turned so that the cone lies around the positive real axis
        scale = np.abs(epsilon[place]).max()
        parts = epsilon[place] * middle[place] / scale
        candidates = _bruggeman_roots(parts, fractions)
        chosen = candidates[np.argmin(np.abs(np.angle(candidates)))]
        for _ in range(POLISHING_STEPS):
            below = parts + 2 * chosen
            chosen += np.sum(fractions * (parts - chosen) / below) / np.sum(fractions * 3 * parts / below**2)
        mixed[place] = chosen * scale / middle[place]
    # implicit derivative: d eps/d eps_i = -(dF/d eps_i)/(dF/d eps)
    below = (epsilon + 2 * mixed[..., None]) ** 2
    return mixed, fractions * mixed[..., None] / below / np.sum(fractions * epsilon / below, axis=-1, keepdims=True)


def _bruggeman_roots(parts: ComplexArray, fractions: FloatArray) -> ComplexArray:
    """Roots of sum_i f_i (eps_i - eps) prod_{j != i} (eps_j + 2 eps) = 0, spurious ones (0, poles) included."""
    polynomial = np.zeros(len(parts) + 1, dtype=complex)
    for position, (part, fraction) in enumerate(zip(parts, fractions, strict=True)):
        term = fraction * np.array([-1, part])
        for other in np.delete(parts, position):
            term = np.convolve(term, [2, other])
        polynomial += term
    return np.roots(polynomial).astype(complex)
