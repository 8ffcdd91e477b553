"""Amplified spontaneous emission along a pumped stripe, resolved in wavelength, in balance with the dots at each place.

::

      x = 0                                         x = L
        |== cell 1 ==|== cell 2 ==| ...  |== cell N ==|
        P-(0) <---- backward            forward ----> P+(L)

    dP±/dx = ± [(Gamma G - alpha) P±] + M (E/h) Gamma G_sp        per photon energy E, mode and direction

G = emission less absorption of the dots at x, which the light there empties and fills again (``stimulated_per_ns``), all
wavelengths and modes together. Spontaneous light follows from the dots' radiative lifetime by Einstein's relation: a lateral
mode takes dE/h photons per s and direction in an energy interval dE if one photon brings about the stimulated emission G_sp
that this lifetime stands for (:mod:`qdphotonics.laser.film`). No constant is fitted: how much of the spontaneous light is
guided follows from the count of modes (:attr:`StripeEmission.guided_fraction`).

With fixed M, no saturation and uniform pumping P+(L) = (p/g)(e^{gL} - 1). Steady state: pumping that lasts longer than the
dots' lifetimes and the passage of light (picoseconds).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from math import exp, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import EngineError
from qdphotonics.laser.active import Amplifier, Response
from qdphotonics.laser.fixed_point import fixed_points
from qdphotonics.laser.guide import Guide, Stripe, finite_array, refuse_unless
from qdphotonics.laser.lateral import LateralModes, lateral_modes
from qdphotonics.laser.waves import MOST_GAIN, Waves, run
from qdphotonics.units import NM_PER_CM, NS_PER_S, PLANCK_EV_S, energy_J

Array = NDArray[np.float64]

CELLS = 40  # error of the published diode's edge power 0.3 %, falling in second order (benchmarks, tests)
TOLERANCE = 1e-9  # of ln(1 + s/ns): relative precision of the rates, far below what the cells leave
UNIT_RATE_PER_NS = 1.0
MOST_STEPS = 100  # 5 to 15 are usual
# Light that would grow by more than e^GENTLE without saturation is come to in stages: all growth is first scaled down to that,
# then raised STEEPER at a time (less where a stage fails), each solution (to ROUGHLY) being the start of the next.
GENTLE, STEEPER, LEAST_STEEPER, ROUGHLY = 6.0, 1.3, 1.02, 1e-2


@dataclass(frozen=True)
class Balance:
    """Where the light of a stripe comes from and goes to, W, each [drive]; sums of all modes, wavelengths and both directions.

    Parameters
    ----------
    spontaneous : array
        Emitted into the guide's modes, in all in-plane directions that count.
    stimulated : array
        Gained from the dots less what they absorb.
    absorbed : array
        In everything else: the modal loss.
    edges : array
        Out of the stripe at both ends, whether it then leaves the film or not.
    """

    spontaneous: Any
    stimulated: Any
    absorbed: Any
    edges: Any

    @property
    def sideways(self) -> Any:
        """What is left: light that walks off across the width; 0 but for rounding where the lateral modes are held."""
        return self.spontaneous + self.stimulated - self.absorbed - self.edges


@dataclass(frozen=True)
class StripeEmission:
    """Light of a pumped stripe under each drive.

    Parameters
    ----------
    pair_rate_per_ns : array [drive]
    guide, stripe : Guide, Stripe
    waves : Waves
        Spectral powers per photon energy, W/eV, [drive, mode, wavelength, boundary or cell].
    response : Response
        Of the dots in the light [drive, cell, …]; in [drive, 1, …] where saturation is left out.
    dark : Response
        Of the dots without light [drive, 1, …].
    stimulated_per_ns : array [drive, cell, level]
        sigma Phi of each transition in the light.
    lateral : LateralModes
    dots_per_cm2 : float
        Per area of the film.
    """

    pair_rate_per_ns: Array
    guide: Guide
    stripe: Stripe
    waves: Waves
    response: Response
    dark: Response
    stimulated_per_ns: Array
    lateral: LateralModes
    dots_per_cm2: float

    @property
    def photon_energy_eV(self) -> Array:
        """Photon energies [wavelength]."""
        return self.guide.photon_energy_eV

    @property
    def position_um(self) -> Array:
        """Boundaries of the cells, from 0 to the length."""
        return np.linspace(0.0, self.stripe.length_um, self.waves.forward.shape[-1])

    @property
    def edge_spectra_W_per_eV(self) -> Array:
        """What leaves the end at x = L [drive, mode, wavelength]."""
        return (1 - self.stripe.facet_reflectivity[1]) * self.waves.leaving

    @property
    def edge_spectrum_W_per_eV(self) -> Array:
        """The same, all modes together [drive, wavelength]."""
        spectrum: Array = self.edge_spectra_W_per_eV.sum(axis=1)
        return spectrum

    @property
    def edge_power_W(self) -> Array:
        """Power out of the end at x = L [drive]."""
        return self.edge_spectrum_W_per_eV @ self.guide.energy_weights_eV

    @property
    def net_gain_per_cm(self) -> Array:
        """Gamma G - alpha of the dots without light [drive, mode, wavelength]."""
        return _net_gain(self.guide, self.dark)[..., 0]

    @property
    def peak_net_gain_per_cm(self) -> Array:
        """Its largest value over modes and wavelengths [drive]."""
        peak: Array = self.net_gain_per_cm.max(axis=(1, 2))
        return peak

    @cached_property
    def balance(self) -> Balance:
        """Sources and sinks of the light."""
        cell_cm = self.stripe.length_nm / NM_PER_CM / self.waves.mean.shape[-1]
        material = self.response.gain_per_cm.swapaxes(-1, -2)[:, None]
        reflectivity = np.array(self.stripe.facet_reflectivity)
        ends = (1 - reflectivity[1]) * self.waves.forward[..., -1] + (1 - reflectivity[0]) * self.waves.backward[..., 0]
        everywhere = 2 * (self.lateral.count * self.lateral.everywhere[:, None])[..., None]
        source = np.broadcast_to(everywhere * _source(self.guide, self.response), self.waves.mean.shape)
        return Balance(
            spontaneous=self._power_W(source.sum(axis=-1)) * cell_cm,
            stimulated=self._power_W((self.guide.confinement[..., None] * material * self.waves.mean).sum(axis=-1)) * cell_cm,
            absorbed=self._power_W((self.guide.loss_per_cm[..., None] * self.waves.mean).sum(axis=-1)) * cell_cm,
            edges=self._power_W(ends),
        )

    @property
    def guided_fraction(self) -> Array:
        """Share of the dots' spontaneous photons that the guide's modes take [drive].

        For an open stripe, Gamma lambda n_eff/(4 n^2 d) of each mode in a film of thickness d and index n. Above 1 the
        confinement is more than so thin a film can have.
        """
        everywhere = 2 * (self.lateral.count * self.lateral.everywhere[:, None])[..., None]
        source = everywhere * _source(self.guide, self.response) / energy_J(self.photon_energy_eV)[:, None]
        guided = np.einsum("dmwc,w->dc", source, self.guide.energy_weights_eV)  # photons per s and cm
        all_around = self.response.radiative_per_ns * NS_PER_S * self.dots_per_cm2 * self.stripe.width_nm / NM_PER_CM
        with np.errstate(invalid="ignore"):
            return np.asarray(guided.mean(axis=1) / all_around.mean(axis=1))

    def _power_W(self, spectra: Array) -> Array:
        """Integral of spectra [drive, mode, wavelength] over the photon energy, all modes together [drive]."""
        return np.asarray(spectra.sum(axis=1) @ self.guide.energy_weights_eV)


def amplify(
    film: Amplifier,
    guide: Guide,
    stripe: Stripe,
    pair_rate_per_ns: ArrayLike,
    *,
    cells: int = CELLS,
    saturates: bool = True,
) -> StripeEmission:
    """Spontaneous emission amplified along a stripe, in balance with its dots.

    Parameters
    ----------
    film : Amplifier
        The dots, prepared for the guide's wavelengths.
    guide : Guide
    stripe : Stripe
    pair_rate_per_ns : array_like [drive]
        Pairs that each dot of the stripe receives per ns.
    cells : int, optional
        Pieces that the stripe is cut into.
    saturates : bool, optional
        False: the light leaves the dots as they are.

    Returns
    -------
    StripeEmission

    Raises
    ------
    ArgumentError
        Wavelengths of film and guide that differ, a drive that is negative or not finite, fewer than one cell, facets between
        which the stripe would lase.
    EngineError
        Light and dots that do not settle.

    References
    ----------
    Shank, Dienes, Silfvast, Appl. Phys. Lett. 17, 307 (1970), doi:10.1063/1.1653407; Dal Negro et al., Opt. Commun. 229, 337
    (2004), doi:10.1016/j.optcom.2003.10.051.

    Examples
    --------
    >>> from qdphotonics.gain import load_medium
    >>> from qdphotonics.laser import DotFilm
    >>> wavelengths = np.linspace(600.0, 680.0, 41)
    >>> film = DotFilm.of_medium(load_medium("ccg-QD"), wavelengths, index=1.9, monolayers=3)
    >>> guide = Guide(wavelengths, confinement=0.23, loss_per_cm=16.0, effective_index=1.66)
    >>> found = amplify(film, guide, Stripe(300.0, 30.0), film.pair_rate_per_ns([30.0, 300.0]))
    >>> (found.peak_net_gain_per_cm > 0).tolist(), bool(found.edge_power_W[1] > 5 * found.edge_power_W[0])
    ([False, True], True)
    """
    rate = np.atleast_1d(finite_array("pair_rate_per_ns", pair_rate_per_ns))
    refuse_unless(rate.ndim == 1 and bool((rate >= 0).all()), "pair_rate_per_ns", "be a row of rates >= 0", pair_rate_per_ns)
    refuse_unless(cells == int(cells) and cells >= 1, "cells", "be a whole number >= 1", cells)
    prepared = np.asarray(film.wavelength_nm)
    alike = prepared.shape == guide.wavelength_nm.shape and np.allclose(prepared, guide.wavelength_nm, rtol=1e-12, atol=0)
    refuse_unless(alike, "film", "be prepared for the guide's wavelengths", film.wavelength_nm)
    lateral = lateral_modes(stripe, guide, int(cells))
    calculation = _Calculation(film, guide, stripe, lateral, int(cells))
    dark = film.respond(rate[:, None], np.zeros((rate.size, 1, film.levels)))
    stimulated = np.zeros((rate.size, int(cells), film.levels))
    strongest = calculation.strongest(dark)
    finite = saturates or strongest < MOST_GAIN
    refuse_unless(finite, "saturates", f"be True where light would grow by more than e^{MOST_GAIN:g}", saturates)
    returned = sqrt(stripe.facet_reflectivity[0] * stripe.facet_reflectivity[1]) * exp(min(strongest, MOST_GAIN))
    refuse_unless(returned < 1, "stripe", "not lase (laser_curve is for that): R1 R2 e^(2 g L) must be < 1", stripe)
    if saturates:
        stimulated = UNIT_RATE_PER_NS * np.expm1(calculation.settled(rate, dark)).reshape(stimulated.shape)
    response = film.respond(rate[:, None], stimulated) if saturates else dark
    dots_per_cm2 = film.dots_per_cm3 * film.thickness_nm / NM_PER_CM
    return StripeEmission(rate, guide, stripe, calculation.light(response), response, dark, stimulated, lateral, dots_per_cm2)


@dataclass(frozen=True)
class _Calculation:
    """What stays the same while light and dots settle."""

    film: Amplifier
    guide: Guide
    stripe: Stripe
    lateral: LateralModes
    cells: int

    def strongest(self, dark: Response) -> float:
        """Largest exponent by which light would grow along dots without light."""
        return float(_net_gain(self.guide, dark).max()) * self.stripe.length_nm / NM_PER_CM

    def settled(self, rate: Array, dark: Response) -> Array:
        """ln(1 + s) [drive, cell x level] of light and dots in balance."""
        strongest = self.strongest(dark)
        found = np.zeros((rate.size, self.cells * self.film.levels))
        done, factor = 0.0, STEEPER
        while done < 1:
            scale = min(1.0, done * factor if done else GENTLE / max(strongest, GENTLE))
            mapping = partial(self.again, rate, scale)
            try:
                found = fixed_points(mapping, found, TOLERANCE if scale == 1 else ROUGHLY, MOST_STEPS)
            except EngineError as fault:
                factor = sqrt(factor)
                if factor < LEAST_STEEPER or not done:
                    cure = "take a shorter stripe, a weaker drive or more cells"
                    raise EngineError(f"{fault}; without saturation the light would grow e^{strongest:.0f}-fold: {cure}") from fault
                continue
            done = scale
        return found

    def light(self, response: Response, scale: float = 1.0) -> Waves:
        """The light of dots in given states [drive, cell or 1, …]."""
        shape = (len(response.excitons_per_dot), *self.guide.confinement.shape, self.cells)
        gain = np.broadcast_to(_net_gain(self.guide, response), shape)
        source = np.broadcast_to(_source(self.guide, response), shape)
        return run(scale * gain, source, self.stripe.length_nm / NM_PER_CM / self.cells, self.lateral, self.stripe.facet_reflectivity)

    def again(self, rate: Array, scale: float, logarithms: Array, drives: NDArray[np.intp]) -> Array:
        """ln(1 + s) [drive, cell x level] of the light that dots under light of given ln(1 + s) make."""
        stimulated = UNIT_RATE_PER_NS * np.expm1(logarithms).reshape(len(drives), self.cells, -1)
        response = self.film.respond(rate[drives, None], stimulated)
        made = stimulated_per_ns(self.film, self.guide, self.stripe, response, self.light(response, scale).mean)
        return np.log1p(made / UNIT_RATE_PER_NS).reshape(logarithms.shape)


def stimulated_per_ns(film: Amplifier, guide: Guide, stripe: Stripe, response: Response, mean: Array) -> Array:
    """sigma Phi [drive, cell, level] of spectral powers [drive, mode, wavelength, cell], W/eV.

    The film takes Gamma P of a mode's power per its thickness and the stripe's width, so that Gamma G P leaves the light where
    G comes from dots.
    """
    area_cm2 = film.thickness_nm * stripe.width_nm / NM_PER_CM**2
    per_photon = guide.energy_weights_eV / energy_J(guide.photon_energy_eV) / area_cm2
    flux = np.einsum("mw,w,dmwc->dcw", guide.confinement, per_photon, mean)  # photons per s and cm^2, by wavelength
    cross_section = np.broadcast_to(response.cross_section_cm2, (*flux.shape[:2], film.levels, flux.shape[2]))
    return np.asarray(np.maximum(np.einsum("dcw,dclw->dcl", flux, cross_section), 0.0) / NS_PER_S)


def _net_gain(guide: Guide, response: Response) -> Array:
    """Gamma G - alpha [drive, mode, wavelength, cell]."""
    material = response.gain_per_cm.swapaxes(-1, -2)[:, None]
    gain: Array = guide.confinement[..., None] * material - guide.loss_per_cm[..., None]
    return gain


def _source(guide: Guide, response: Response) -> Array:
    """Spontaneous power of one lateral mode and direction, W per eV and cm, [drive, mode, wavelength, cell]: E Gamma G_sp/h."""
    emission = np.asarray(response.source_per_cm).swapaxes(-1, -2)[:, None]
    per_mode = guide.confinement * energy_J(guide.photon_energy_eV) / PLANCK_EV_S
    source: Array = per_mode[..., None] * emission
    return source
