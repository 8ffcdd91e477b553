"""Transitions of a dot, and where they stand in the spectrum when other excitons look on.

Electrons and holes fill the levels 1S, 1P, 1D … from below. A transition joins an electron level, filled to f_e, with a hole
level, filled to f_h (0 to 1). It emits with the strength min(f_e, f_h) and absorbs with min(1 - f_e, 1 - f_h), in units of
the full level's; the difference is f_e + f_h - 1, exactly. With levels for two carriers::

                   empty     one pair     two pairs
    electrons      - -         x -          x x
    holes          - -         o -          o o
    emission        0          1/2           1
    absorption      1          1/2           0

Excitons that meet in the 1S level add E_XX - 2 E_X = Delta_XX per couple (> 0: they repel, < 0: they attract), so that n of
them hold n E_X + n (n - 1)/2 Delta_XX and the step from n to n + 1, up or down, is a photon of E_X + n Delta_XX::

      2 E_X + Delta_XX  ---------  n = 2  |XX>
                          ^   |
          absorbs 1/2     |   |  emits 1     both at  E_X + Delta_XX
                          |   v
                   E_X  ---------  n = 1  |X>
                          ^   |
            absorbs 1     |   |  emits 1/2   both at  E_X
                          |   v
                     0  ---------  n = 0  |0>

A 1S transition is shifted by its *spectators*: the 1S excitons before an absorption, those after an emission. Transitions of
higher levels see all 1S excitons, before and after. n counts the carriers of the fewer kind in the 1S level: excess charges
shift nothing here, nor do pairs in 1P and above (their shifts are not in our sources).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics._checks import positive, refuse
from qdphotonics.gain.lineshape import check_widths
from qdphotonics.gain.occupation import Levels, level_filling

# Gap of CdSe-based dots against temperature: Jung et al., Nat. Photonics 15, 643 (2021), Fig. 5. doi:10.1038/s41566-021-00827-6
GAP_SHIFT_MEV_PER_K = -0.28
REFERENCE_TEMPERATURE_K = 300.0


@dataclass(frozen=True)
class Transition:
    """One interband transition of the dots of a film.

    Parameters
    ----------
    name : str
        1S, 1P … or 1S heavy hole, 1S light hole …
    level : int
        Index of its electron level, 0 for 1S.
    energy_eV : float
        Photon energy of the line's centre at 300 K, no other exciton about.
    gain_per_cm : float
        Saturated gain G0 [cm^-1] of the level: the film's gain there when every dot has the level full, and the dark film's
        absorption, as measured.
    homogeneous_fwhm_meV, inhomogeneous_fwhm_meV : float
        Full widths at half maximum of the single dot's Lorentzian (phonons) and of the ensemble's Gaussian (sizes).
    share : float, optional
        Part of ``gain_per_cm`` in this line, 0 < share <= 1, where a level's band is a multiplet whose lines share the
        carriers (light and heavy holes closer than kT).
    hole_level : int, optional
        Index of the hole level; as ``level`` unless given. Light holes far above the heavy ones (more than kT) are a hole
        level of their own: hole levels (2, 2, 6), and the lines (0, 0), (0, 1), (1, 2).

    Raises
    ------
    ArgumentError
        A number outside its range.

    Examples
    --------
    >>> band_edge = Transition("1S", 0, 1.93, 780.0, 60.0, 40.0)
    >>> band_edge.peak_gain_per_cm, band_edge.hole
    (780.0, 0)
    """

    name: str
    level: int
    energy_eV: float
    gain_per_cm: float
    homogeneous_fwhm_meV: float
    inhomogeneous_fwhm_meV: float
    share: float = 1.0
    hole_level: int | None = None

    def __post_init__(self) -> None:
        positive("energy_eV", self.energy_eV)
        positive("gain_per_cm", self.gain_per_cm)
        check_widths(self.homogeneous_fwhm_meV, self.inhomogeneous_fwhm_meV)
        if not 0 < self.share <= 1:
            refuse("share", "be > 0 and <= 1", self.share)
        for name, index in (("level", self.level), ("hole_level", self.hole)):
            if index < 0:
                refuse(name, "be 0 (1S) or higher", index)

    @property
    def hole(self) -> int:
        """Index of the hole level."""
        return self.level if self.hole_level is None else self.hole_level

    @property
    def peak_gain_per_cm(self) -> float:
        """Saturated gain at the line's centre [cm^-1]."""
        return self.gain_per_cm * self.share


@dataclass(frozen=True)
class AugerAssisted:
    """Gain below the gap: a 1S pair emits a photon and lifts a 1P electron with the rest of its energy.

    Livache et al. saw it in continuously graded dots above <N> = 2, where the 1P electron level begins to fill, and ascribe it
    *tentatively* to this process (Chem. Rev. 2023, 123, 8251, section 3.4.2); no rate is published. Taken here, an assumption:
    the strength is that of the 1S pair's emission times the filling of the 1P electron level (proportional to the number of
    1P electrons, each of which can take the energy); the reverse, which needs an electron in the upper, empty level, does not
    occur, so that this line never absorbs.

    Parameters
    ----------
    energy_eV : float
        Photon energy of the line's centre: the 1S photon's less what lifts the 1P electron.
    gain_per_cm : float
        Gain when 1S and the 1P electron level are full [cm^-1].
    homogeneous_fwhm_meV, inhomogeneous_fwhm_meV : float
        As in :class:`Transition`.

    Raises
    ------
    ArgumentError
        A number outside its range.
    """

    energy_eV: float
    gain_per_cm: float
    homogeneous_fwhm_meV: float
    inhomogeneous_fwhm_meV: float

    def __post_init__(self) -> None:
        positive("energy_eV", self.energy_eV)
        positive("gain_per_cm", self.gain_per_cm)
        check_widths(self.homogeneous_fwhm_meV, self.inhomogeneous_fwhm_meV)

    @property
    def peak_gain_per_cm(self) -> float:
        """Saturated gain at the line's centre [cm^-1]."""
        return self.gain_per_cm


@dataclass(frozen=True)
class Strengths:
    """Strengths of one line in each state of a dot, sorted by the number k of excitons that shift it.

    Parameters
    ----------
    emission, absorption : array of float [k, state]
        In units of the full (the empty) level's; 0 except at the k of the state.
    """

    emission: NDArray[np.float64]
    absorption: NDArray[np.float64]


def strengths(
    line: Transition | AugerAssisted, electrons: NDArray[np.intp], holes: NDArray[np.intp], electron_levels: Levels, hole_levels: Levels
) -> Strengths:
    """Emission and absorption strength of a line in each of a list of states, see the module's diagram.

    Parameters
    ----------
    line : Transition or AugerAssisted
    electrons, holes : array of int [state]
        N_e and N_h.
    electron_levels, hole_levels : sequence of int
        Degeneracies from 1S upwards.

    Returns
    -------
    Strengths

    Raises
    ------
    ArgumentError
        A line whose level is not among the levels.
    """
    level, hole, needed = (0, 0, 2) if isinstance(line, AugerAssisted) else (line.level, line.hole, line.level + 1)
    if len(electron_levels) < needed or len(hole_levels) <= hole:
        refuse("electron_levels, hole_levels", f"hold the levels of {line}", (tuple(electron_levels), tuple(hole_levels)))
    filling = level_filling(electrons, electron_levels)
    electron, hole_filling = filling[:, level], level_filling(holes, hole_levels)[:, hole]
    emission, absorption = np.minimum(electron, hole_filling), np.minimum(1 - electron, 1 - hole_filling)
    if isinstance(line, AugerAssisted):
        emission, absorption = emission * filling[:, 1], np.zeros_like(emission)
    # Spectators: the 1S excitons before an absorption; after an emission, one fewer if it is a 1S exciton that emits.
    pairs = np.minimum(np.minimum(electrons, holes), electron_levels[0])
    left = np.maximum(pairs - 1, 0) if level == 0 else pairs
    k = np.arange(electron_levels[0] + 1)[:, None]
    return Strengths(emission * (k == left), absorption * (k == pairs))
