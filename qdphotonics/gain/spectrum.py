"""Gain spectra: the sum over the transitions and over the states that the dots are in.

G(E) = sum_i G0_i sum_state P(state) [emission L_i(E - E_i - k_em Delta_XX) - absorption L_i(E - E_i - k_abs Delta_XX)]

with strengths and shifts of :mod:`qdphotonics.gain.transitions`. Limits: Delta_XX = 0, G = sum_i G0_i L_i (f_e + f_h - 1);
every level full, G0_i at its peak; dark dots, -G0_i. Every dot of the ensemble is filled alike: a strong field that burns a
hole into an inhomogeneous line is not in this model. Line widths are those given, at every temperature and filling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import not_negative, numbers, positive, refuse
from qdphotonics.gain.lineshape import voigt
from qdphotonics.gain.occupation import Levels, Occupation
from qdphotonics.gain.transitions import (
    GAP_SHIFT_MEV_PER_K,
    REFERENCE_TEMPERATURE_K,
    AugerAssisted,
    Transition,
    strengths,
)
from qdphotonics.units import MEV_PER_EV, NS_PER_S, energy_J


@dataclass(frozen=True)
class GainSpectrum:
    """Gain of a film of dots against photon energy, and its two parts.

    Parameters
    ----------
    photon_energy_eV : array of float [energy]
    emission_per_cm : array of float [..., energy]
        Stimulated emission, >= 0: the source of spontaneous emission as well.
    absorption_per_cm : array of float [..., energy]
        Interband absorption, >= 0.
    """

    photon_energy_eV: Any
    emission_per_cm: Any
    absorption_per_cm: Any

    @property
    def gain_per_cm(self) -> Any:
        """G [..., energy]: emission less absorption."""
        return self.emission_per_cm - self.absorption_per_cm


def gain_spectrum(
    transitions: Sequence[Transition],
    occupation: Occupation,
    photon_energy_eV: ArrayLike,
    exciton_exciton_meV: float = 0.0,
    electron_levels: Levels | None = None,
    hole_levels: Levels | None = None,
    *,
    temperature_K: float = REFERENCE_TEMPERATURE_K,
    gap_shift_meV_per_K: float = GAP_SHIFT_MEV_PER_K,
    auger_assisted: AugerAssisted | None = None,
) -> GainSpectrum:
    """Emission and absorption of a film of dots against photon energy.

    Parameters
    ----------
    transitions : sequence of Transition
    occupation : Occupation
        Of the dots under each drive [...].
    photon_energy_eV : array_like [energy]
    exciton_exciton_meV : float, optional
        Delta_XX = E_XX - 2 E_X; > 0: the excitons repel, < 0: they attract.
    electron_levels, hole_levels : sequence of int, optional
        Degeneracies from 1S upwards; the occupation's unless given (light holes as a level of their own).
    temperature_K : float, optional
        Temperature of the dots; all lines move by ``gap_shift_meV_per_K`` (T - 300 K).
    gap_shift_meV_per_K : float, optional
    auger_assisted : AugerAssisted, optional
        Adds the gain below the gap.

    Returns
    -------
    GainSpectrum
        Arrays [..., energy].

    Raises
    ------
    ArgumentError
        No transition, a line whose level is missing, a number outside its range.

    References
    ----------
    Ahn et al., Chem. Rev. 2023, 123, 8251, sections 2.2, 3.2.1, 3.4. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    One exciton in every dot: transparent, unless repulsion moves its absorption away.

    >>> import numpy as np
    >>> band_edge = Transition("1S", 0, 2.3, 100.0, 0.0, 50.0)
    >>> singles = Occupation(np.array([1]), np.array([1]), np.array([1.0]), (2,), (2,))
    >>> [round(float(gain_spectrum([band_edge], singles, 2.3, shift).gain_per_cm), 3) for shift in (0.0, 100.0)]
    [0.0, 49.999]
    """
    energy = numbers("photon_energy_eV", photon_energy_eV)
    if energy.ndim > 1 or not (energy > 0).all():
        refuse("photon_energy_eV", "be a row of energies > 0", photon_energy_eV)
    if not isfinite(numbers("exciton_exciton_meV", exciton_exciton_meV)):
        refuse("exciton_exciton_meV", "be finite", exciton_exciton_meV)
    if not transitions:
        refuse("transitions", "hold one transition or more", transitions)
    gap_meV = gap_shift_meV_per_K * (positive("temperature_K", temperature_K) - REFERENCE_TEMPERATURE_K)
    states = (occupation.electrons, occupation.holes, electron_levels or occupation.electron_levels, hole_levels or occupation.hole_levels)
    flat = occupation.weights.reshape(-1, occupation.electrons.size)
    emission = np.zeros((len(flat), energy.size))
    absorption = np.zeros_like(emission)
    for line in (*transitions, *(() if auger_assisted is None else (auger_assisted,))):
        parts = strengths(line, *states)
        shift = gap_meV + exciton_exciton_meV * np.arange(len(parts.emission))[:, None]
        offset = MEV_PER_EV * (energy.reshape(1, -1) - line.energy_eV) - shift
        shape = voigt(offset, line.homogeneous_fwhm_meV, line.inhomogeneous_fwhm_meV)  # [k, energy]
        emission += line.peak_gain_per_cm * (flat @ parts.emission.T @ shape)
        absorption += line.peak_gain_per_cm * (flat @ parts.absorption.T @ shape)
    out = (*occupation.weights.shape[:-1], *energy.shape)
    return GainSpectrum(energy[()], emission.reshape(out)[()], absorption.reshape(out)[()])


def gain_spectrum_per_cm(
    transitions: Sequence[Transition],
    occupation: Occupation,
    photon_energy_eV: ArrayLike,
    exciton_exciton_meV: float = 0.0,
    electron_levels: Levels | None = None,
    hole_levels: Levels | None = None,
    *,
    temperature_K: float = REFERENCE_TEMPERATURE_K,
    gap_shift_meV_per_K: float = GAP_SHIFT_MEV_PER_K,
    auger_assisted: AugerAssisted | None = None,
) -> Any:
    """Gain [..., energy], cm^-1, of a film of dots: :func:`gain_spectrum`, its emission less its absorption."""
    return gain_spectrum(
        transitions,
        occupation,
        photon_energy_eV,
        exciton_exciton_meV,
        electron_levels,
        hole_levels,
        temperature_K=temperature_K,
        gap_shift_meV_per_K=gap_shift_meV_per_K,
        auger_assisted=auger_assisted,
    ).gain_per_cm


def single_exciton_threshold(exciton_exciton_meV: ArrayLike, homogeneous_fwhm_meV: float, inhomogeneous_fwhm_meV: float) -> Any:
    """Excitons per dot [...] at which dots with at most one exciton begin to amplify at E_X.

    One exciton emits 1/2 at E_X and absorbs 1/2 at E_X + Delta_XX, an empty dot absorbs 1 at E_X, so that with P_X = <N>
    and P_0 = 1 - <N>::

        <N> = 2/(3 - L(Delta_XX))        1 without repulsion, 2/3 when the lines are apart

    [B]'s Fig. 2b gives an exciton of random spins half of these rates, which would make that 4/5; 1/2 is an exciton that
    can emit, as after relaxation to the bright state, and the consistent form of the papers' level models.

    Parameters
    ----------
    exciton_exciton_meV : array_like [...]
        Delta_XX.
    homogeneous_fwhm_meV, inhomogeneous_fwhm_meV : float
        Widths of the 1S line.

    Returns
    -------
    array of float [...]

    Raises
    ------
    ArgumentError
        As :func:`~qdphotonics.gain.lineshape.voigt`.

    References
    ----------
    Klimov et al., Nature 447, 441 (2007). doi:10.1038/nature05839

    Examples
    --------
    >>> round(float(single_exciton_threshold(100.0, 0.0, 50.0)), 4), float(single_exciton_threshold(0.0, 0.0, 50.0))
    (0.6667, 1.0)
    """
    return 2 / (3 - voigt(exciton_exciton_meV, homogeneous_fwhm_meV, inhomogeneous_fwhm_meV))


def gain_cross_section_cm2(gain_per_cm: ArrayLike, dots_per_cm3: float) -> Any:
    """Gain cross-section of a dot [...], cm^2, from the film's saturated gain [...], cm^-1: sigma = G0/rho.

    Examples
    --------
    >>> float(gain_cross_section_cm2(780.0, 1e18))
    7.8e-16
    """
    return (numbers("gain_per_cm", gain_per_cm) / positive("dots_per_cm3", dots_per_cm3))[()]


def stimulated_per_ns(
    transitions: Sequence[Transition],
    photon_energy_eV: float,
    intensity_W_per_cm2: ArrayLike,
    dots_per_cm3: float,
    levels: int,
) -> Any:
    """Rates at which light drives each level's transition up and down in one dot, per unit of strength.

    s_i = sigma_i Phi with Phi = I/(h nu) and sigma_i = G0_i L_i(h nu - E_i)/rho, summed over the lines of electron level i:
    what ``Chain.steady(stimulated_per_ns=…)`` takes, which multiplies the absorption strength for the rate up and the
    emission strength for the rate down. Light that gains G I per length makes rho sum_i s_i (emission - absorption)
    photons per volume and time: with Delta_XX = 0 the two are equal. The lines stand where no other exciton shifts them,
    so a Delta_XX beyond the width is not in these rates. A dot that holds one pair at most in a level for one, decay 1/tau,
    pump g, saturates as G = G_small/(1 + s/s_sat), s_sat = (g + 1/tau)/2.

    Parameters
    ----------
    transitions : sequence of Transition
    photon_energy_eV : float
        Of the light, h nu.
    intensity_W_per_cm2 : array_like [...]
        At the dots.
    dots_per_cm3 : float
        rho, dots per volume of the film for which the G0_i hold.
    levels : int
        Number of levels of the chain.

    Returns
    -------
    array of float [..., level], 1/ns

    Raises
    ------
    ArgumentError
        A transition of a level beyond ``levels``, a number outside its range.
    """
    photon_J = energy_J(positive("photon_energy_eV", photon_energy_eV))
    flux_per_ns = not_negative("intensity_W_per_cm2", intensity_W_per_cm2) / (photon_J * NS_PER_S)
    cross_section = np.zeros(levels)
    for line in transitions:
        if line.level >= levels:
            refuse("levels", f'be > {line.level}, the level of transition "{line.name}"', levels)
        shape = voigt(MEV_PER_EV * (photon_energy_eV - line.energy_eV), line.homogeneous_fwhm_meV, line.inhomogeneous_fwhm_meV)
        cross_section[line.level] += gain_cross_section_cm2(line.peak_gain_per_cm * shape, dots_per_cm3)
    return flux_per_ns[..., None] * cross_section
