"""The 2-, 3- and 4-level models of gain (Zenatti and Kambhampati), which explain thresholds by where the lines lie.

The excitons that absorb (X_A) and emit (X_E) differ by the Stokes shift S; a dot with a relaxed exciton absorbs into XX_A2
and a biexciton emits from XX_E, each at its own energy::

    ---- X_A                ---- XX_A2               energies here are counted from that of X_E -> 0:
     ^  : 0.5 ps             ^     ---- XX_E         absorption 0 -> X_A         at S
     |  :                    |      |                absorption X_E -> XX_A2     at biexciton_absorption_meV
     | ---- X_E              |      |                emission   X_E -> 0         at 0
     |  |                    |      v                emission   XX_E -> X_E      at biexciton_emission_meV
     |  v                    |
    ------- 0               ----------- X_E          S = 0: 2 levels; S within the width: 3; beyond: 4

[C] prints no formula. With f = <N>/2 and g_c(E) = exp[-(E - c)^2/2s^2], s = FWHM/2.355, two forms are offered; eta switches
the biexciton from none (0, two excitons that ignore each other) to full (1):

literal     alpha/sigma_A = (1 - f) g_A + f (eta g_A2 - g_E) - f^2 r g_XXE
            gives [C]'s figures, but a dot is counted as if f of it absorbed into XX_A2 even at <N> = 2, when it is full.
consistent  alpha/sigma_A = P_0 g_A + P_X/2 [eta g_A2 + (1 - eta) g_A - g_E] - P_XX [eta g_XXE + (1 - eta) g_E],
            P_0 = (1 - f)^2, P_X = 2f (1 - f), P_XX = f^2: counts the states, and is the limit of
            :mod:`qdphotonics.gain.spectrum` for S = 0. It does not give [C]'s figures: with XX_E -> X_E within 60 meV of
            X_E -> 0 it reaches at best thresholds of 1.00 -> 1.36 (3 levels, without -> with the biexciton) and
            0.46 -> 1.06 (4 levels) where [C] has 1.0 -> 1.5 and 0.5 -> 1.0; with XX_E far away it reaches these, but full
            dots then hardly amplify at X_E -> 0, where [C] has 0.3 of sigma_A. At XX_E -> X_E they amplify with 1. [C]'s
            numbers need absorption that survives at <N> = 2. With eta = 0 both forms are (1 - f) g_A - f g_E.

Limits: Gaussian lines make g_A/g_E vanish at the red end, so that the threshold there goes to 0 with a cross-section that
goes to 0 too; no recombination is in it (pulses shorter than all decay); before X_A relaxes, the dots are a 2-level model.

[C]: Zenatti and Kambhampati, "A Path towards Thresholdless Colloidal Quantum Dot Lasers", as given to this project.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log, sqrt
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import not_negative, numbers, positive, refuse
from qdphotonics.units import energy_J

Form = Literal["literal", "consistent"]

_FWHM_PER_SIGMA = sqrt(8 * log(2))
_LARGEST_EXPONENT = 500.0  # exp(500) = 1e217: the square is a float still

# Gain, in units of sigma_A, at which amplified spontaneous emission stands out: "the vast majority of SE measurements of CQD
# gain obtain a ratio of 0.05 - 0.10" ([C] section 3.3), so that no film amplified with less. The lower end: assumed.
ASE_GAIN = 0.05


@dataclass(frozen=True)
class LevelModel:
    """A dot as 2, 3 or 4 levels with or without the biexciton; equations in the module's text.

    Parameters
    ----------
    fwhm_meV : float
        Full width at half maximum of every line.
    stokes_shift_meV : float
        S = E_A - E_E >= 0.
    biexciton_absorption_meV : float, optional
        E_A2 - E_E. The binding energy of [C], Delta_XXA2 = E_A - E_A2, is S less this.
    biexciton_emission_meV : float, optional
        E_XXE - E_E.
    biexciton_absorption_strength : float, optional
        eta, 0 (no biexciton) to 1.
    biexciton_emission_strength : float, optional
        r >= 0, of the literal form only: in the consistent one the states decide.
    form : {"literal", "consistent"}, optional

    Raises
    ------
    ArgumentError
        A number outside its range, an unknown form.

    Examples
    --------
    >>> model = LevelModel(fwhm_meV=80.0, stokes_shift_meV=0.0)  # 2 levels
    >>> float(model.threshold(0.0)), float(model.cross_section(0.0))
    (1.0, 1.0)
    """

    fwhm_meV: float
    stokes_shift_meV: float
    biexciton_absorption_meV: float = 0.0
    biexciton_emission_meV: float = 0.0
    biexciton_absorption_strength: float = 0.0
    biexciton_emission_strength: float = 0.0
    form: Form = "literal"

    def __post_init__(self) -> None:
        positive("fwhm_meV", self.fwhm_meV)
        for name in ("stokes_shift_meV", "biexciton_emission_strength"):
            if not isfinite(not_negative(name, getattr(self, name))):
                refuse(name, "be finite", getattr(self, name))
        for name in ("biexciton_absorption_meV", "biexciton_emission_meV"):
            if not isfinite(numbers(name, getattr(self, name))):
                refuse(name, "be finite", getattr(self, name))
        if not 0 <= self.biexciton_absorption_strength <= 1:
            refuse("biexciton_absorption_strength", "be 0 to 1", self.biexciton_absorption_strength)
        if self.form not in get_args(Form):
            refuse("form", f"be one of {get_args(Form)}", f"{self.form!r}")
        if self.form == "consistent" and self.biexciton_emission_strength:
            refuse("biexciton_emission_strength", "be 0 in the consistent form (P_XX decides)", self.biexciton_emission_strength)

    def absorption(self, energy_meV: ArrayLike, excitons_per_dot: ArrayLike) -> Any:
        """alpha(E)/sigma_A [...], < 0 where the dots amplify.

        Parameters
        ----------
        energy_meV : array_like [...]
            Photon energy less that of X_E -> 0.
        excitons_per_dot : array_like [...]
            <N>, 0 to 2; broadcasts with the energies.

        Returns
        -------
        array of float [...]

        Raises
        ------
        ArgumentError
            <N> outside 0 to 2.
        """
        energy = numbers("energy_meV", energy_meV)
        f = numbers("excitons_per_dot", excitons_per_dot) / 2
        if ((f < 0) | (f > 1)).any():
            refuse("excitons_per_dot", "be 0 to 2 (one 1S level, two excitons)", excitons_per_dot)
        second, first, constant = self._quadratic(*(self._line(energy, centre) for centre in self._centres))
        return ((second * f + first) * f + constant)[()]

    def threshold(self, energy_meV: ArrayLike, gain: float = 0.0) -> Any:
        """Smallest <N> [...] at which -alpha(E)/sigma_A reaches ``gain``; infinite where even <N> = 2 does not.

        Without biexciton 2a/(1 + a) at E = 0, a = exp(-S^2/2s^2); with eta = 1, r = 0 in the literal form
        2a/(1 + a - e), e = g_A2(0).
        """
        energy = numbers("energy_meV", energy_meV)
        # alpha + gain = 0, divided by g_E so that no 0/0 arises far out.
        inverse = np.exp(np.minimum(energy**2 / self._two_variances, _LARGEST_EXPONENT))
        second, first, constant = self._quadratic(*(self._line_over_emission(energy, centre) for centre in self._centres))
        return 2 * _root(second, first, constant + not_negative("gain", gain) * inverse)

    def cross_section(self, energy_meV: ArrayLike) -> Any:
        """Gain of full dots, -alpha(E)/sigma_A at <N> = 2 [...]."""
        return -self.absorption(energy_meV, 2.0)

    @property
    def emission_maximum_meV(self) -> float:
        """Energy at which full dots amplify most."""
        from scipy.optimize import minimize_scalar

        energy = self._range()
        best = energy[np.argmax(self.cross_section(energy))]
        step = energy[1] - energy[0]
        return float(minimize_scalar(lambda e: -self.cross_section(e), bounds=(best - step, best + step), options={"xatol": 1e-9}).x)

    def ase_threshold(self, gain: float = ASE_GAIN) -> float:
        """Smallest <N> at which the gain somewhere in the spectrum reaches ``gain`` (in units of sigma_A).

        [C]: "the ASE spectra are obtained directly from the SE spectra … no material losses": the energy is free, and what
        a film can show as amplified is assumed (``ASE_GAIN``).
        """
        return float(np.min(self.threshold(self._range(), gain)))

    @property
    def _centres(self) -> tuple[float, float, float, float]:
        """E_A, E_E, E_A2, E_XXE."""
        return self.stokes_shift_meV, 0.0, self.biexciton_absorption_meV, self.biexciton_emission_meV

    def _range(self) -> NDArray[np.float64]:
        """Energies from three widths below the lowest line to three above the highest, in steps far below a width."""
        margin = 3 * self.fwhm_meV
        return np.linspace(min(self._centres) - margin, max(self._centres) + margin, 8001)

    @property
    def _two_variances(self) -> float:
        return 2 * (self.fwhm_meV / _FWHM_PER_SIGMA) ** 2

    def _line(self, energy: Any, centre: float) -> Any:
        """g_c(E)."""
        return np.exp(-((energy - centre) ** 2) / self._two_variances)

    def _line_over_emission(self, energy: Any, centre: float) -> Any:
        """g_c(E)/g_E(E), by the factors of the exponents' difference."""
        return np.exp(np.clip(centre * (2 * energy - centre) / self._two_variances, -_LARGEST_EXPONENT, _LARGEST_EXPONENT))

    def _quadratic(self, ground: Any, emission: Any, absorption: Any, biexciton: Any) -> tuple[Any, Any, Any]:
        """Coefficients of f^2, f and 1 in alpha/sigma_A, from g_A, g_E, g_A2 and g_XXE."""
        eta = self.biexciton_absorption_strength
        if self.form == "literal":
            return -self.biexciton_emission_strength * biexciton, eta * absorption - emission - ground, ground
        single = eta * absorption + (1 - eta) * ground - emission
        double = eta * biexciton + (1 - eta) * emission
        return ground - single - double, single - 2 * ground, ground


def _root(second: Any, first: Any, constant: Any) -> Any:
    """The root in [0, 1] of second f^2 + first f + constant, which falls below 0 once there; inf without one.

    The constant (dark absorption) is >= 0, so 0 <= f; the sum at f = 1 tells whether there is a root. Of the two forms of the
    root each sign of ``first`` takes the one that adds.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        root = np.sqrt(np.maximum(first * first - 4 * second * constant, 0.0))
        f = np.where(first < 0, 2 * constant / (root - first), -(first + root) / (2 * second))
        reached = second + first + constant <= 0
    return np.where(reached, np.minimum(f, 1.0), np.inf)[()]


def published_model(number: Literal[1, 2], levels: Literal[3, 4], *, biexciton: bool) -> LevelModel:
    """The inputs that reproduce [C]'s figures in the literal form (PHYSICS.md section 3): Set 1 or Set 2.

    Set 1: FWHM 80 meV, S 12 (3 levels) or 50 (4), E_A2 = E_E - 31 meV, r = 0; read at E = 0. Set 2: S 11 or 49,
    E_A2 = E_XXE = E_E + 6 meV, r 0.28; read at the emission maximum of the full dots. [C] prints none of these: they were
    fitted to its thresholds and cross-section.

    Examples
    --------
    >>> model = published_model(1, 3, biexciton=True)
    >>> round(float(model.threshold(0.0)), 2), round(float(model.cross_section(0.0)), 2)
    (1.47, 0.34)
    """
    if number not in (1, 2) or levels not in (3, 4):
        refuse("number, levels", "be 1 or 2, and 3 or 4", (number, levels))
    shift = {(1, 3): 12.0, (1, 4): 50.0, (2, 3): 11.0, (2, 4): 49.0}[number, levels]
    if not biexciton:
        return LevelModel(80.0, shift)
    if number == 1:
        return LevelModel(80.0, shift, biexciton_absorption_meV=-31.0, biexciton_absorption_strength=1.0)
    return LevelModel(80.0, shift, 6.0, 6.0, biexciton_absorption_strength=1.0, biexciton_emission_strength=0.28)


def band_edge_fluence_J_per_cm2(excitons_per_dot: ArrayLike, cross_section_cm2: float, photon_energy_eV: float) -> Any:
    """Fluence of a short pulse at the band edge that leaves <N> excitons in a dot.

    <N> = 2 [1 - exp(-sigma J/2)], J photons per area: saturates at 2 as [C]'s "Rabi picture" does, whose formula it does not
    print (assumed). w = h nu J.

    Parameters
    ----------
    excitons_per_dot : array_like [...]
        <N>; infinite fluence from 2 on.
    cross_section_cm2 : float
        sigma of the dark dot at the pump.
    photon_energy_eV : float
        Of the pump.

    Returns
    -------
    array of float [...], J/cm^2

    Examples
    --------
    >>> round(float(band_edge_fluence_J_per_cm2(1.0, 1.6e-15, 2.0)) * 1e3, 3)  # mJ/cm^2
    0.278
    """
    f = not_negative("excitons_per_dot", excitons_per_dot) / 2
    with np.errstate(divide="ignore"):
        photons = -2 * np.log1p(-np.minimum(f, 1.0))
    return (photons * energy_J(positive("photon_energy_eV", photon_energy_eV)) / positive("cross_section_cm2", cross_section_cm2))[()]
