"""What the stripe and the laser ask of the dots: how they answer to pairs that arrive and to light that passes.

Only an interface: :class:`Amplifier` is any object that does it. :mod:`qdphotonics.laser.film` makes one of a gain medium; a
test makes one of a formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Response:
    """Dots of a film under a drive and under light, at the wavelengths of their amplifier.

    Parameters
    ----------
    emission_per_cm, absorption_per_cm : array of float [..., level, wavelength]
        What each transition adds to and takes from light per length of pure film [cm^-1], both >= 0; the material gain is
        their difference.
    source_per_cm : array of float [..., wavelength]
        Spontaneous emission, as the stimulated emission [cm^-1] that one photon in each mode would bring about (Einstein's
        relation). It is ``emission_per_cm``, summed, where gain and lifetime of the dots agree by that relation.
    cross_section_cm2 : array of float [..., level, wavelength]
        Stimulated transitions of a dot at full strength per photon and cm^2 that pass.
    radiative_per_ns : array of float [...]
        Spontaneous photons of a dot per ns, in whatever direction.
    excitons_per_dot : array of float [...]
        Mean number of pairs.
    """

    emission_per_cm: Any
    absorption_per_cm: Any
    source_per_cm: Any
    cross_section_cm2: Any
    radiative_per_ns: Any
    excitons_per_dot: Any

    @property
    def gain_per_cm(self) -> Any:
        """Material gain [..., wavelength], negative where the film absorbs."""
        return (self.emission_per_cm - self.absorption_per_cm).sum(axis=-2)


class Amplifier(Protocol):
    """A film of dots, prepared for the wavelengths of a calculation."""

    @property
    def wavelength_nm(self) -> Any:
        """Wavelengths [wavelength] of all spectra."""

    @property
    def levels(self) -> int:
        """How many transitions answer to light."""

    @property
    def thickness_nm(self) -> float:
        """Of the film."""

    @property
    def dots_per_cm3(self) -> float:
        """In the film."""

    def respond(self, pair_rate_per_ns: ArrayLike, stimulated_per_ns: ArrayLike) -> Response:
        """The dots in balance with a drive [...] and with stimulated transitions at full strength [..., level], both per ns."""
