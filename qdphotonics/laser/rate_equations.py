"""A laser in steady state: photons in one mode of a cavity in balance with the dots, from below threshold to far above.

Per area of the film, n photons that travel at v_g, rho d dots::

    dn/dt = v_g (Gamma G - alpha_i - alpha_c) n + beta rho d R = 0        G, R: gain and spontaneous photons of the dots in the light

with Phi = v_g n Gamma/d the photons that pass the dots, by which they are driven, s_i = sigma_i Phi. alpha_c Phi d/Gamma
photons leave through the mirrors (or as a grating radiates), the rest is lost to alpha_i. As Phi grows G falls and the loss
alpha_i + alpha_c - Gamma G rises, so that there is one solution for every drive. Above threshold G clamps at
(alpha_i + alpha_c)/Gamma and the output grows by alpha_c/(alpha_i + alpha_c) photons per pair that the dots take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import EngineError
from qdphotonics.laser.active import Amplifier, Response
from qdphotonics.laser.guide import finite_array, refuse_unless
from qdphotonics.units import CM2_PER_UM2, LIGHT_NM_PER_S, NM_PER_CM, NS_PER_S, energy_J, photon_energy_eV

Array = NDArray[np.float64]

HALVINGS = 64  # of ln Phi or of ln(pair rate), from the widths below to 1e-17
LEAST_SHARE, LARGEST_SHARE = 1e-30, 10.0  # of the photons that all pairs could make: where the solution is sought
LEAST_PAIRS_PER_NS, MOST_PAIRS_PER_NS = 1e-12, 1e6  # where thresholds are sought
SETTLED = 1e-13  # relative change of sigma from one occupation to the next
MOST_ROUNDS = 100


@dataclass(frozen=True)
class LaserCavity:
    """One mode of a cavity, at one wavelength.

    Parameters
    ----------
    wavelength_nm : float
    confinement : float
        Gamma, > 0.
    internal_loss_per_cm : float
        alpha_i >= 0 of the mode: light that is absorbed.
    cavity_loss_per_cm : float
        alpha_c > 0: light that leaves as output, distributed over the length (mirrors: :func:`qdphotonics.laser.mirror_loss_per_cm`).
    spontaneous_factor : float
        beta, 0 to 1: share of the dots' spontaneous photons that goes into this mode.
    group_index : float
        Only says how many photons the light is.

    Raises
    ------
    ArgumentError
        A number outside its range.

    Examples
    --------
    >>> cavity = LaserCavity(640.0, 0.2, 16.0, 10.0, 1e-4, 2.0)
    >>> cavity.total_loss_per_cm, round(cavity.photon_lifetime_ps, 3)
    (26.0, 2.566)
    """

    wavelength_nm: float
    confinement: float
    internal_loss_per_cm: float
    cavity_loss_per_cm: float
    spontaneous_factor: float
    group_index: float

    def __post_init__(self) -> None:
        for name in ("wavelength_nm", "confinement", "cavity_loss_per_cm", "group_index"):
            value = getattr(self, name)
            refuse_unless(isfinite(value) and value > 0, name, "be > 0 and finite", value)
        internal = self.internal_loss_per_cm
        refuse_unless(isfinite(internal) and internal >= 0, "internal_loss_per_cm", "be >= 0 and finite", internal)
        refuse_unless(0 <= self.spontaneous_factor <= 1, "spontaneous_factor", "be from 0 to 1", self.spontaneous_factor)

    @property
    def total_loss_per_cm(self) -> float:
        """alpha_i + alpha_c."""
        return self.internal_loss_per_cm + self.cavity_loss_per_cm

    @property
    def photon_lifetime_ps(self) -> float:
        """n_g/(c (alpha_i + alpha_c))."""
        return 1e12 * NM_PER_CM * self.group_index / (LIGHT_NM_PER_S * self.total_loss_per_cm)


@dataclass(frozen=True)
class LaserCurve:
    """Steady states of a laser under many drives.

    Parameters
    ----------
    pair_rate_per_ns : array [drive]
    cavity : LaserCavity
    flux_per_cm2_ns : array [drive]
        Phi, photons that pass the dots.
    response : Response
        Of the dots in the light, at the one wavelength.
    threshold_per_ns : float
        Pair rate at which the gain without light reaches the loss, Gamma G = alpha_i + alpha_c; inf where no drive does it.
    dots_per_cm2, thickness_nm : float
        Of the film.
    """

    pair_rate_per_ns: Array
    cavity: LaserCavity
    flux_per_cm2_ns: Array
    response: Response
    threshold_per_ns: float
    dots_per_cm2: float
    thickness_nm: float

    @property
    def photons_per_cm2(self) -> Array:
        """In the mode, per area of the film [drive]."""
        speed_cm_per_ns = LIGHT_NM_PER_S / (NM_PER_CM * NS_PER_S * self.cavity.group_index)
        return self._travelling / speed_cm_per_ns

    @property
    def photons_out_per_pair(self) -> Array:
        """Output photons per pair that arrives at the dots [drive]; nan without a drive."""
        arriving = self.pair_rate_per_ns * self.dots_per_cm2
        with np.errstate(invalid="ignore"):
            return self.cavity.cavity_loss_per_cm * self._travelling / arriving

    @property
    def slope_efficiency(self) -> Array:
        """Additional output photons per additional pair [drive]: differential quantum efficiency, from neighbouring drives."""
        out = self.cavity.cavity_loss_per_cm * self._travelling
        return np.asarray(np.gradient(out, self.pair_rate_per_ns * self.dots_per_cm2))

    @property
    def output_W_per_cm2(self) -> Array:
        """Output power per area of the film, all ends together [drive]."""
        photon_J = energy_J(photon_energy_eV(self.cavity.wavelength_nm))
        return photon_J * NS_PER_S * self.cavity.cavity_loss_per_cm * self._travelling

    def output_W(self, area_um2: float) -> Array:
        """Output power of a device [drive]."""
        return self.output_W_per_cm2 * area_um2 * CM2_PER_UM2

    @property
    def gain_per_cm(self) -> Array:
        """Material gain in the light [drive]."""
        gain: Array = self.response.gain_per_cm[..., 0]
        return gain

    @property
    def _travelling(self) -> Array:
        """v_g n: photons of the mode that pass a line across the film, per cm of it and ns [drive]."""
        return self.flux_per_cm2_ns * self.thickness_nm / (NM_PER_CM * self.cavity.confinement)


def laser_curve(film: Amplifier, cavity: LaserCavity, pair_rate_per_ns: ArrayLike) -> LaserCurve:
    """Output against drive of a laser in steady state.

    Parameters
    ----------
    film : Amplifier
        The dots, prepared for the one wavelength of the cavity.
    cavity : LaserCavity
    pair_rate_per_ns : array_like [drive]
        Pairs that each dot receives per ns, by current or by light; a pulse much longer than the dots' lifetimes is steady too.

    Returns
    -------
    LaserCurve

    Raises
    ------
    ArgumentError
        Another wavelength, a negative drive.

    References
    ----------
    Bjork and Yamamoto, IEEE J. Quantum Electron. 27, 2386 (1991). doi:10.1109/3.100877

    Examples
    --------
    >>> from qdphotonics.gain import load_medium
    >>> from qdphotonics.laser import DotFilm
    >>> film = DotFilm.of_medium(load_medium("ccg-QD"), [642.0], index=1.9, monolayers=3)
    >>> cavity = LaserCavity(642.0, 0.23, 16.0, 24.0, spontaneous_factor=1e-4, group_index=2.0)
    >>> curve = laser_curve(film, cavity, film.pair_rate_per_ns([50.0, 500.0]))
    >>> (curve.pair_rate_per_ns > curve.threshold_per_ns).tolist(), round(float(curve.gain_per_cm[1] * 0.23), 1)
    ([False, True], 40.0)
    """
    rate = np.atleast_1d(finite_array("pair_rate_per_ns", pair_rate_per_ns))
    refuse_unless(rate.ndim == 1 and bool((rate >= 0).all()), "pair_rate_per_ns", "be a row of rates >= 0", pair_rate_per_ns)
    wavelength = np.asarray(film.wavelength_nm, dtype=np.float64)
    alike = wavelength.size == 1 and abs(float(wavelength[0]) / cavity.wavelength_nm - 1) < 1e-12
    refuse_unless(alike, "film", f"be prepared for the cavity's wavelength alone, {cavity.wavelength_nm} nm", wavelength)
    per_flux = film.thickness_nm / (NM_PER_CM * cavity.confinement)
    dots = film.dots_per_cm3 * film.thickness_nm / NM_PER_CM
    most = rate * dots / (per_flux * cavity.total_loss_per_cm)  # every pair one photon

    def excess(logarithm: Array) -> Array:
        """Photons lost less photons made, per area and ns; it rises with the flux wherever it is above zero."""
        flux = most * np.exp(logarithm)
        response = _in_light(film, rate, flux)
        lost = (cavity.total_loss_per_cm - cavity.confinement * response.gain_per_cm[..., 0]) * flux * per_flux
        return np.asarray(lost - cavity.spontaneous_factor * dots * response.radiative_per_ns)

    low, high = np.log(LEAST_SHARE), np.log(LARGEST_SHARE)
    logarithm = _rising_root(excess, np.full(rate.shape, low), np.full(rate.shape, high))
    flux = np.where(logarithm <= low + 1e-9, 0.0, most * np.exp(logarithm))  # without beta there is no light below threshold
    return LaserCurve(rate, cavity, flux, _in_light(film, rate, flux), threshold_per_ns(film, cavity), dots, film.thickness_nm)


def threshold_per_ns(film: Amplifier, cavity: LaserCavity) -> float:
    """Pair rate at which the gain without light reaches the loss; inf where none does."""

    def excess(logarithm: Array) -> Array:
        response = film.respond(np.exp(logarithm), np.zeros((1, film.levels)))
        return np.asarray(cavity.confinement * response.gain_per_cm[..., 0] - cavity.total_loss_per_cm)

    low, high = np.log([LEAST_PAIRS_PER_NS]), np.log([MOST_PAIRS_PER_NS])
    return float(np.exp(_rising_root(excess, low, high)[0])) if excess(high)[0] > 0 else float(np.inf)


def _rising_root(function: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Where a function [drive] changes from below to above zero, by halving; its ends where it does not."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = function(middle) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)


def _in_light(film: Amplifier, rate: Array, flux_per_cm2_ns: Array) -> Response:
    """Dots under a drive [drive] and a flux of photons [drive], with the cross-sections of the states that they are then in."""
    stimulated: Any = np.zeros((*rate.shape, film.levels))
    for _ in range(MOST_ROUNDS):
        response = film.respond(rate, stimulated)
        wanted = np.broadcast_to(response.cross_section_cm2[..., 0] * flux_per_cm2_ns[..., None], stimulated.shape)
        if bool((np.abs(wanted - stimulated) <= SETTLED * wanted).all()):
            return response
        stimulated = wanted
    raise EngineError(f"the dots' cross-sections did not settle in {MOST_ROUNDS} rounds, drives {rate.tolist()[:5]}")
