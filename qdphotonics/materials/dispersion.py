"""Forms of n(lambda) with their exact derivative: constant, Cauchy, Sellmeier, Drude-Lorentz, absorption in cm^-1.

Time factor exp(-i omega t): Im n > 0 absorbs. A form maps wavelengths [nm] to the pair (n, dn/dlambda [1/nm]); it
neither checks the wavelength nor knows a name: :class:`qdphotonics.materials.Material` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, pi
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qdphotonics import units

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
Range = tuple[float, float]

EVERYWHERE: Range = (0.0, inf)


class Dispersion(Protocol):
    """Complex index as a function of wavelength."""

    @property
    def range_nm(self) -> Range:
        """Wavelengths [nm] that the form itself covers."""

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        """Index and its derivative [1/nm], each of the shape of ``wavelength_nm``."""


def common_range(parts: Sequence[Dispersion]) -> Range:
    """Wavelengths [nm] that all parts cover; lower end above the upper one where there are none."""
    return max(part.range_nm[0] for part in parts), min(part.range_nm[1] for part in parts)


@dataclass(frozen=True)
class Constant:
    """The same value at every wavelength."""

    value: complex
    range_nm: Range = EVERYWHERE

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        return np.full(wavelength_nm.shape, self.value, dtype=complex), np.zeros(wavelength_nm.shape, dtype=complex)


@dataclass(frozen=True)
class Loss:
    """Extinction k = alpha lambda / 4 pi of a constant intensity loss alpha [cm^-1]; negative amplifies."""

    loss_per_cm: float
    range_nm: Range = EVERYWHERE

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        slope = self.loss_per_cm / (4 * pi * units.NM_PER_CM)
        return (slope * wavelength_nm).astype(complex), np.full(wavelength_nm.shape, slope, dtype=complex)


@dataclass(frozen=True)
class Joined:
    """Re n from one form, k from another, each given as the real part of that form."""

    refraction: Dispersion
    extinction: Dispersion

    @property
    def range_nm(self) -> Range:
        return common_range((self.refraction, self.extinction))

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        n, dn = self.refraction.evaluate(wavelength_nm)
        k, dk = self.extinction.evaluate(wavelength_nm)
        return n.real + 1j * k.real, dn.real + 1j * dk.real


@dataclass(frozen=True)
class Shifted:
    """Another form with the same number added at every wavelength: an index that came out other than designed."""

    form: Dispersion
    by: complex

    @property
    def range_nm(self) -> Range:
        return self.form.range_nm

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        index, slope = self.form.evaluate(wavelength_nm)
        return index + self.by, slope


@dataclass(frozen=True)
class Cauchy:
    """n = A + B/lambda^2 + C/lambda^4, lambda in um as in the literature."""

    A: float
    B_um2: float = 0.0
    C_um4: float = 0.0
    range_nm: Range = EVERYWHERE

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        um = wavelength_nm / units.NM_PER_UM
        n = self.A + self.B_um2 / um**2 + self.C_um4 / um**4
        slope = (-2 * self.B_um2 / um**3 - 4 * self.C_um4 / um**5) / units.NM_PER_UM
        return n.astype(complex), slope.astype(complex)


@dataclass(frozen=True)
class Sellmeier:
    """n^2 = constant + sum_j B_j lambda^2 / (lambda^2 - lambda_j^2).

    Parameters
    ----------
    terms : tuple of (strength B_j, wavelength lambda_j [nm])
    constant : float
        1 in the original form.
    """

    terms: tuple[tuple[float, float], ...]
    constant: float = 1.0
    range_nm: Range = EVERYWHERE

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        square = np.full(wavelength_nm.shape, self.constant)
        slope = np.zeros(wavelength_nm.shape)
        for strength, resonance_nm in self.terms:
            distance = wavelength_nm**2 - resonance_nm**2
            square = square + strength * wavelength_nm**2 / distance
            slope = slope - 2 * strength * wavelength_nm * resonance_nm**2 / distance**2
        n = np.sqrt(square)  # nan in a stop band, n^2 < 0, where the formula says nothing: Material refuses it
        return n.astype(complex), (slope / (2 * n)).astype(complex)


@dataclass(frozen=True)
class DrudeLorentz:
    """eps = eps_inf - sum Ep^2/(E^2 + i E g) + sum S_j E_j^2/(E_j^2 - E^2 - i E g_j), E the photon energy [eV].

    Parameters
    ----------
    epsilon_infinity : float
    drude : tuple of (plasma energy Ep [eV], damping g [eV])
    lorentz : tuple of (strength S_j, energy E_j [eV], damping g_j [eV])
        S_j is what the oscillator adds to the static permittivity. In the notation of Rakic et al., Appl. Opt. 37,
        5271 (1998), f_j omega_p^2/(...), it is S_j = f_j Ep^2/E_j^2.
    """

    epsilon_infinity: float
    drude: tuple[tuple[float, float], ...] = ()
    lorentz: tuple[tuple[float, float, float], ...] = ()
    range_nm: Range = EVERYWHERE

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        energy = units.photon_energy_eV(wavelength_nm)
        epsilon = np.full(energy.shape, self.epsilon_infinity, dtype=complex)
        slope = np.zeros(energy.shape, dtype=complex)  # d eps / d E
        for plasma_eV, damping_eV in self.drude:
            below = energy**2 + 1j * energy * damping_eV
            epsilon -= plasma_eV**2 / below
            slope += plasma_eV**2 * (2 * energy + 1j * damping_eV) / below**2
        for strength, energy_eV, damping_eV in self.lorentz:
            below = energy_eV**2 - energy**2 - 1j * energy * damping_eV
            epsilon += strength * energy_eV**2 / below
            slope += strength * energy_eV**2 * (2 * energy + 1j * damping_eV) / below**2
        return _from_permittivity(epsilon, (-slope * energy / wavelength_nm).astype(complex))  # dE/dlambda = -E/lambda


def _from_permittivity(epsilon: ComplexArray, slope: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
    n = root(epsilon)
    return n, slope / (2 * n)


def root(epsilon: ComplexArray) -> ComplexArray:
    """n = sqrt(eps) with Re n >= 0; a lossless metal (eps < 0) gets Im n > 0, the limit of vanishing absorption."""
    return np.sqrt(epsilon + 0.0)  # -0.0 + 0.0 is +0.0: the cut's upper side, whatever the zero's sign was
