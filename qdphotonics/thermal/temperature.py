"""What a rise of temperature does to the dots and to the metals, and which layers it softens.

Each formula is told with the range within which the sources support it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import FloatArray, not_negative, positive, real_array
from qdphotonics.errors import ArgumentError
from qdphotonics.units import BOLTZMANN_MEV_PER_K, ZERO_CELSIUS_K

AMBIENT_K = 300.0
PHONON_MEV = 26.0  # longitudinal optical phonon of CdSe
_GAUSS_X, _GAUSS_W = np.polynomial.legendre.leggauss(40)  # of a smooth integrand: all digits


def gap_shift_meV(rise_K: ArrayLike, shift_meV_per_K: float) -> Any:
    """Shift of the dots' gap, and so of emission and gain, by a rise of temperature [...].

    Linear, as measured above room temperature (CdSe: −0.28 meV/K to 210 K of rise, doi:10.1038/s41566-021-00827-6, Fig. 5); below some
    100 K the gap of a semiconductor stops moving.

    Examples
    --------
    >>> round(float(gap_shift_meV(100.0, -0.28)), 2)
    -28.0
    """
    return real_array("rise_K", rise_K)[()] * float(real_array("shift_meV_per_K", shift_meV_per_K))


def line_width_ratio(temperature_K: ArrayLike, reference_K: float = AMBIENT_K, phonon_meV: float = PHONON_MEV) -> Any:
    """Homogeneous line width over that at ``reference_K`` [...]: sqrt(coth(E/2kT) / coth(E/2kT0)).

    The width that phonons of energy E give (Huang and Rhys): its square follows their mean energy, as single CdSe/ZnS dots show
    above room temperature (Podshivaylov et al., J. Chem. Phys. 151, 174710 (2019), arXiv:1812.09925). E from 26 meV (optical) to
    0 (acoustic, sqrt(T/T0)) changes the ratio at 400 K from 1.135 to 1.155 only. Spread of sizes does not move. The peak gain of a
    line falls as its whole width grows.

    Examples
    --------
    >>> round(float(line_width_ratio(400.0)), 3)
    1.135
    """
    energy = positive("phonon_meV", phonon_meV) / (2 * BOLTZMANN_MEV_PER_K)
    temperature = _temperature("temperature_K", temperature_K)
    return np.sqrt(np.tanh(energy / positive("reference_K", reference_K)) / np.tanh(energy / temperature))[()]


@dataclass(frozen=True)
class FreeElectrons:
    """What moves with temperature in a metal.

    Parameters
    ----------
    plasma_eV, damping_eV : float
        Drude model at 300 K.
    debye_K : float
    source : str
    """

    plasma_eV: float
    damping_eV: float
    debye_K: float
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("plasma_eV", "damping_eV", "debye_K"):
            positive(name, getattr(self, name))

    def permittivity(self, permittivity: ArrayLike, photon_energy_eV: ArrayLike, temperature_K: ArrayLike) -> Any:
        """The permittivity [...] of a metal, known at 300 K, at another temperature.

        eps(T) = eps(300 K) + D(T) - D(300 K), D = -E_p^2/(E^2 + i E gamma(T)), gamma as :func:`damping_ratio`: what bound electrons
        absorb stays. Time factor exp(-i omega t).

        Parameters
        ----------
        permittivity, photon_energy_eV, temperature_K : array_like
            Broadcast together.

        Returns
        -------
        complex array [...]

        Examples
        --------
        >>> hot = METALS["Ag"].permittivity(-18.3 + 0.48j, 1.96, 400.0)
        >>> round(float(hot.imag), 2)
        0.55
        """
        energy = not_negative("photon_energy_eV", photon_energy_eV)
        if not (energy > 0).all():
            raise ArgumentError(f"Argument `photon_energy_eV` must be > 0, but it is {photon_energy_eV!r}")
        hot = self.damping_eV * damping_ratio(temperature_K, self.debye_K)
        change = self._drude(energy, hot) - self._drude(energy, np.asarray(self.damping_eV))
        return (np.asarray(permittivity, dtype=complex) + change)[()]

    def _drude(self, energy: FloatArray, damping: FloatArray) -> Any:
        return -(self.plasma_eV**2) / (energy**2 + 1j * energy * damping)


METALS: Mapping[str, FreeElectrons] = {
    "Ag": FreeElectrons(9.17, 0.0212, 225.0, "Johnson and Christy 1972 (m* 0.96, tau 31 fs); Debye temperature: Kittel"),
    "Au": FreeElectrons(9.06, 0.0708, 165.0, "Johnson and Christy 1972 (m* 0.99, tau 9.3 fs); Debye temperature: Kittel"),
    "Al": FreeElectrons(14.75, 0.0818, 428.0, "Ordal et al., Appl. Opt. 22, 1099 (1983); Debye temperature: Kittel"),
}


def damping_ratio(temperature_K: ArrayLike, debye_K: float, reference_K: float = AMBIENT_K) -> Any:
    """Collision rate of a metal's free electrons with phonons over that at ``reference_K``, at optical frequencies [...].

    gamma(T) ~ 2/5 + 4 (T/theta)^5 int_0^(theta/T) z^4/(e^z - 1) dz (Holstein, Phys. Rev. 96, 535 (1954),
    doi:10.1103/PhysRev.96.535). Collisions with grains, surfaces and other electrons, and bound electrons, do not follow it:
    a film's loss rises by a factor between 1 and this one. (Gold films of 200 nm: about 2 at 773 K, where this gives 2.5; thinner
    ones vary: Reddy et al., Opt. Mater. Express 6, 2776 (2016), doi:10.1364/OME.6.002776.)

    Examples
    --------
    >>> [round(float(damping_ratio(temperature, 225.0)), 2) for temperature in (77.0, 300.0, 400.0)]
    [0.36, 1.0, 1.32]
    """
    positive("debye_K", debye_K)
    temperature = _temperature("temperature_K", temperature_K)
    return (_collisions(temperature / debye_K) / _collisions(np.asarray(positive("reference_K", reference_K) / debye_K)))[()]


def _collisions(relative: FloatArray) -> Any:
    """2/5 + 4 x^5 int_0^(1/x) z^4/(e^z - 1) dz, x = T/theta."""
    top = np.minimum(1 / relative, 60.0)[..., None]  # beyond z = 60 nothing is left of the integrand
    z = top / 2 * (1 + _GAUSS_X)
    integral = (top / 2 * _GAUSS_W * z**4 / np.expm1(z)).sum(axis=-1)
    return 0.4 + 4 * relative**5 * integral


@dataclass(frozen=True)
class Softening:
    """A layer that may pass its glass transition.

    Parameters
    ----------
    layer : str
    transition_C : float
    reached_C : float
    lowest_C, highest_C : float
        Range of a transition that is assumed, else ``transition_C`` twice.
    """

    layer: str
    transition_C: float
    reached_C: float
    lowest_C: float
    highest_C: float

    @property
    def is_certain(self) -> bool:
        """Whether the layer softens wherever in its range the transition lies."""
        return self.reached_C > self.highest_C

    def __str__(self) -> str:
        """A sentence for a report."""
        if self.lowest_C == self.highest_C:
            return f"{self.layer} passes its glass transition at {self.transition_C:g} °C: it would reach {self.reached_C:.0f} °C"
        verb = "passes" if self.is_certain else "may pass"
        return (
            f"{self.layer} {verb} its glass transition, assumed at {self.transition_C:g} °C "
            f"({self.lowest_C:g} to {self.highest_C:g}): it would reach {self.reached_C:.0f} °C"
        )


@dataclass(frozen=True)
class GlassTransitions:
    """Glass transitions of a device's layers.

    Parameters
    ----------
    transition_C : mapping of layer name to degrees Celsius
    assumed_C : mapping of layer name to (lowest, highest)
        For those that no source gives.
    ambient_K : float
        Temperature of the device at rest.

    Examples
    --------
    >>> device = GlassTransitions({"CBP": 62.0, "TCTA": 151.0})
    >>> [softening.layer for softening in device.softened(50.0)]
    ['CBP']
    >>> round(device.largest_rise_K(), 2)
    35.15
    """

    transition_C: Mapping[str, float]
    assumed_C: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    ambient_K: float = AMBIENT_K

    def __post_init__(self) -> None:
        positive("ambient_K", self.ambient_K)
        for layer, value in self.transition_C.items():
            if not self._range(layer)[0] <= float(real_array(f"transition_C[{layer}]", value)) <= self._range(layer)[1]:
                raise ArgumentError(f"Argument `assumed_C` of {layer} must hold {value:g} °C, but it is {self._range(layer)}")

    def softened(self, rise_K: float) -> tuple[Softening, ...]:
        """The layers that a rise takes past their transition, or past the lowest end of its assumed range; lowest first.

        Each layer is taken as hot as the one in which heat is released: an upper bound, near the truth for its neighbours after
        some 100 ns.
        """
        reached = self.ambient_K + float(not_negative("rise_K", rise_K)) - ZERO_CELSIUS_K
        told = [Softening(layer, value, reached, *self._range(layer)) for layer, value in self.transition_C.items()]
        return tuple(sorted((each for each in told if reached > each.lowest_C), key=lambda each: each.transition_C))

    def largest_rise_K(self) -> float:
        """The rise at which the first layer reaches its transition (the lowest end of its range); infinite without layers."""
        lowest = min((self._range(layer)[0] for layer in self.transition_C), default=inf)
        return max(0.0, lowest + ZERO_CELSIUS_K - self.ambient_K)

    def _range(self, layer: str) -> tuple[float, float]:
        return self.assumed_C.get(layer, (self.transition_C[layer], self.transition_C[layer]))


def _temperature(name: str, value: ArrayLike) -> FloatArray:
    array = real_array(name, value)
    if not (array > 0).all():
        raise ArgumentError(f"Argument `{name}` must be > 0 K, but it is {value!r}")
    return array
