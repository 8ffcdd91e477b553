"""A film of a gain medium's dots as the amplifier of a stripe or a laser.

Its spontaneous light comes from the radiative rates R_i of the chain, as many photons as pairs that are lost to light. Einstein's
relation turns them into the gain G_sp that they stand for: with L the line (1 at its peak, area a [eV]), rho dots per volume, n the
film's index and 8 pi n^2 E^2/(h^3 c^2) modes per volume, energy and second::

    rho R_i L(E)/a_i = 8 pi n^2 E^2/(h^3 c^2) G_sp,i(E)

The stimulated emission is that of the measured gain G0_i. Where lifetime and gain agree, G_sp is that emission, and an inverted
film has the noise of an ideal amplifier; what they differ by is :attr:`DotFilm.einstein_ratio` (about 3 with the published 780 per
cm, 12 ns and packing of ccg-QDs). The lifetime is taken for the light, not the gain: else the dots would emit more
photons than they receive pairs. A dot's lifetime is that in bulk of index n: how mirrors change it is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log, pi, sqrt
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import not_negative, positive, refuse
from qdphotonics.gain.chain import Chain
from qdphotonics.gain.occupation import Occupation
from qdphotonics.gain.spectrum import GainSpectrum, gain_spectrum
from qdphotonics.gain.transitions import GAP_SHIFT_MEV_PER_K, REFERENCE_TEMPERATURE_K, Transition
from qdphotonics.laser.active import Response
from qdphotonics.units import ELEMENTARY_CHARGE_C, LIGHT_NM_PER_S, MEV_PER_EV, NM_PER_CM, NS_PER_S, PLANCK_EV_S, photon_energy_eV

Array = NDArray[np.float64]


class DotMedium(Protocol):
    """What a film takes from a gain medium."""

    @property
    def chain(self) -> Chain: ...
    @property
    def transitions(self) -> Sequence[Transition]: ...
    @property
    def exciton_exciton_meV(self) -> float: ...
    @property
    def gap_shift_meV_per_K(self) -> float: ...
    @property
    def temperature_K(self) -> float: ...
    @property
    def dots_per_cm3(self) -> float: ...
    @property
    def injection(self) -> str: ...
    @property
    def monolayer_thickness_nm(self) -> float: ...


@dataclass(frozen=True)
class DotFilm:
    """Dots of one kind in a film, at the wavelengths of a calculation: an :class:`~qdphotonics.laser.active.Amplifier`.

    Light that passes drives transition i of a dot up and down with the rate s_i of the photons times one cross-section,
    sigma_i = (emission + absorption)/rho over (emission + absorption) strength. Without Delta_XX both sides have the same
    line, so that the photons which light gains are those which the dots lose, exactly; with it, up to how much the two
    lines differ.

    Parameters
    ----------
    chain : Chain
        Its levels are the transitions' levels.
    transitions : tuple of Transition
    wavelength_nm : array_like [wavelength]
    thickness_nm : float
    dots_per_cm3 : float
    index : float
        Refractive index of the film.
    exciton_exciton_meV : float, optional
        Delta_XX.
    temperature_K, gap_shift_meV_per_K : float, optional
        Of the lines.
    separate_carriers : bool, optional
        Electrons and holes arrive one by one, each at the pair rate.

    Raises
    ------
    ArgumentError
        A line whose level is not the chain's, a number outside its range.
    """

    chain: Chain
    transitions: tuple[Transition, ...]
    wavelength_nm: Any
    thickness_nm: float
    dots_per_cm3: float
    index: float
    exciton_exciton_meV: float = 0.0
    temperature_K: float = REFERENCE_TEMPERATURE_K
    gap_shift_meV_per_K: float = GAP_SHIFT_MEV_PER_K
    separate_carriers: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "wavelength_nm", np.atleast_1d(np.asarray(self.wavelength_nm, dtype=np.float64)))
        positive("thickness_nm", self.thickness_nm)
        positive("dots_per_cm3", self.dots_per_cm3)
        positive("index", self.index)
        levels = len(self.chain.recombination.electron_levels)
        for line in self.transitions:
            if max(line.level, line.hole) >= levels:
                refuse("transitions", f"join levels of the chain, which has {levels}", line)

    @classmethod
    def of_medium(
        cls,
        medium: DotMedium,
        wavelength_nm: ArrayLike,
        index: float,
        monolayers: float = 1.0,
        temperature_K: float | None = None,
    ) -> DotFilm:
        """So many monolayers of a gain medium, of this refractive index: of a whole film, ``medium.monolayers(thickness_nm)``."""
        if not positive("monolayers", monolayers) >= 1:
            refuse("monolayers", "be >= 1", monolayers)
        return cls(
            chain=medium.chain,
            transitions=tuple(medium.transitions),
            wavelength_nm=wavelength_nm,
            thickness_nm=monolayers * medium.monolayer_thickness_nm,
            dots_per_cm3=medium.dots_per_cm3,
            index=index,
            exciton_exciton_meV=medium.exciton_exciton_meV,
            temperature_K=medium.temperature_K if temperature_K is None else temperature_K,
            gap_shift_meV_per_K=medium.gap_shift_meV_per_K,
            separate_carriers=medium.injection == "separate",
        )

    def at(self, wavelength_nm: ArrayLike) -> DotFilm:
        """The same film at other wavelengths."""
        return replace(self, wavelength_nm=wavelength_nm)

    @property
    def levels(self) -> int:
        """Levels of the dots."""
        return len(self.chain.recombination.electron_levels)

    @property
    def dots_per_cm2(self) -> float:
        """Per area of the film."""
        return self.dots_per_cm3 * self.thickness_nm / NM_PER_CM

    def pair_rate_per_ns(self, current_density_A_per_cm2: ArrayLike) -> Array:
        """Pairs per dot and ns when each injected pair recombines in one dot of the film, j/(e dots per area) [...]."""
        current = not_negative("current_density_A_per_cm2", current_density_A_per_cm2)
        return np.asarray(current / (ELEMENTARY_CHARGE_C * self.dots_per_cm2 * NS_PER_S))

    @property
    def einstein_ratio(self) -> Array:
        """Gain G0 over the gain that the radiative lifetime stands for, of each full level [level]; nan for a level without a line."""
        recombination = self.chain.recombination
        electrons, holes = np.cumsum(recombination.electron_levels), np.cumsum(recombination.hole_levels)
        full = recombination.radiative_by_level_per_ns(electrons, holes)
        per_level = np.array([full[level, level] for level in range(self.levels)])
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(1 / (per_level * self._gain_of_photons))

    def respond(self, pair_rate_per_ns: ArrayLike, stimulated_per_ns: ArrayLike) -> Response:
        """See :class:`~qdphotonics.laser.active.Amplifier`."""
        rate = pair_rate_per_ns
        alone = {"electron_rate_per_ns": rate, "hole_rate_per_ns": rate} if self.separate_carriers else {"pair_rate_per_ns": rate}
        occupation = self.chain.steady(**alone, stimulated_per_ns=stimulated_per_ns)
        weights = occupation.weights
        of_states = self._of_states(occupation)
        emission, absorption = (np.stack([weights @ part for part in parts], axis=-2) for parts in of_states[:2])
        strength = occupation.emission() + occupation.absorption()
        # Where every dot is so charged that it answers to no light, no light is taken: any cross-section will do.
        cross_section = (emission + absorption) / (np.where(strength > 0, strength, 1.0)[..., None] * self.dots_per_cm3)
        radiative = self.chain.recombination.radiative_per_ns(occupation.electrons, occupation.holes)
        mean_radiative, excitons = occupation.mean(radiative), occupation.excitons_per_dot
        return Response(emission, absorption, weights @ of_states[2], cross_section, mean_radiative, excitons)

    @property
    def _gain_of_photons(self) -> Array:
        """G_sp over G0 per photon of a dot and ns [level], rho h^3 c^2/(8 pi n^2 sum_lines G0 E^2 a); nan without a line."""
        speed_cm_per_ns = LIGHT_NM_PER_S / (NM_PER_CM * NS_PER_S)
        planck_eV_ns = PLANCK_EV_S * NS_PER_S
        factors = []
        for level in range(self.levels):
            lines = [line for line in self.transitions if line.level == level]
            area = sum(line.peak_gain_per_cm * line.energy_eV**2 * line_area_eV(line) for line in lines)
            factors.append(self.dots_per_cm3 * planck_eV_ns**3 * speed_cm_per_ns**2 / (8 * pi * self.index**2 * area) if lines else np.nan)
        return np.array(factors)

    @cached_property
    def _known(self) -> dict[bytes, tuple[list[Array], list[Array], Array]]:
        """Spectra of lists of states that came up."""
        return {}

    def _of_states(self, occupation: Occupation) -> tuple[list[Array], list[Array], Array]:
        """Emission and absorption [state, wavelength] of dots all in one state, for each level; G_sp of all levels."""
        key = occupation.electrons.tobytes() + occupation.holes.tobytes()
        if key not in self._known:
            self._known[key] = self._spectra_of(replace(occupation, weights=np.eye(len(occupation.electrons))))
        return self._known[key]

    def _spectra_of(self, each: Occupation) -> tuple[list[Array], list[Array], Array]:
        """The spectra of each state, from the occupation in which every ``drive`` fills one state."""
        recombination = self.chain.recombination
        photons = recombination.radiative_by_level_per_ns(each.electrons, each.holes)  # [state, level]
        strength = each.emission()
        emission, absorption, source = [], [], np.zeros((len(photons), self.wavelength_nm.size))
        for level in range(self.levels):
            lines = [line for line in self.transitions if line.level == level]
            spectrum = self._spectrum(lines, each) if lines else None
            nothing = np.zeros_like(source)
            emission.append(nothing if spectrum is None else spectrum.emission_per_cm)
            absorption.append(nothing if spectrum is None else spectrum.absorption_per_cm)
            if spectrum is not None:
                # The emission's shape, whatever its strength: that of stimulated emission is not that of the lifetime.
                share = np.divide(photons[:, level], strength[:, level], out=np.zeros(len(photons)), where=strength[:, level] > 0)
                source += self._gain_of_photons[level] * share[:, None] * spectrum.emission_per_cm
        return emission, absorption, source

    def _spectrum(self, lines: list[Transition], occupation: Occupation) -> GainSpectrum:
        recombination = self.chain.recombination
        return gain_spectrum(
            lines,
            occupation,
            photon_energy_eV(self.wavelength_nm),
            self.exciton_exciton_meV,
            recombination.electron_levels,
            recombination.hole_levels,
            temperature_K=self.temperature_K,
            gap_shift_meV_per_K=self.gap_shift_meV_per_K,
        )


def line_area_eV(line: Transition) -> float:
    """Area of a line whose peak is 1 [eV].

    Examples
    --------
    >>> round(1e3 * line_area_eV(Transition("1S", 0, 1.93, 780.0, 0.0, 80.0)), 3)  # 80 meV sqrt(pi/ln 2)/2
    85.157
    """
    from scipy.special import voigt_profile

    sigma = line.inhomogeneous_fwhm_meV / (2 * sqrt(2 * log(2)))
    return float(1 / (MEV_PER_EV * voigt_profile(0.0, sigma, line.homogeneous_fwhm_meV / 2)))
