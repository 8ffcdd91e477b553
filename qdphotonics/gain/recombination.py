"""How fast a dot that holds N_e electrons and N_h holes loses a pair: by light, by Auger recombination, or as measured.

Carriers fill the levels 1S, 1P, 1D ... from below (they relax in picoseconds); each recombination takes one pair away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import not_negative, numbers, positive, refuse
from qdphotonics.units import PS_PER_NS

SPHERE_LEVELS = (2, 6, 10)  # 1S, 1P, 1D: 2(2L + 1)
VALLEYS_LEVELS = (8, 24, 40)  # ... times the four L valleys of PbS and PbSe

# chi of tau_A,XX = chi V [ps/nm^3]: Ahn et al., Chem. Rev. 2023, 123, 8251, sections 2.3.1 and 4.1.2.
AUGER_PS_PER_NM3: Mapping[str, float] = {"II-VI": 1.0, "III-V": 1.0, "IV-VI": 1.0, "Si": 1.0, "perovskite": 0.06, "nanoplatelet": 2.7}
LARGEST_SCALING_PLATELET_NM3 = 100.0  # beyond, the lifetime stays (section 4.1.2)


def auger_biexciton_ns(volume_nm3: ArrayLike, family: str) -> Any:
    """Auger lifetime of the biexciton by volume scaling, tau_A,XX = chi V.

    Nanoplatelets follow it up to 100 nm^3 and stay at that lifetime, 270 ps, beyond; measured plateaus lie between 200 and
    600 ps. For large platelets of known lifetime see :func:`scaled_platelet_auger_ns`.

    Parameters
    ----------
    volume_nm3 : array_like [...]
        Volume V > 0 of the semiconductor that the carriers fill.
    family : str
        ``II-VI``, ``III-V``, ``IV-VI``, ``Si`` (chi = 1 ps/nm^3), ``perovskite`` (0.06), ``nanoplatelet`` (2.7).

    Returns
    -------
    array of float [...], ns

    Raises
    ------
    ArgumentError
        A volume that is not positive and finite, an unknown family.

    References
    ----------
    Ahn et al., Chem. Rev. 2023, 123, 8251, sections 2.3.1, 4.1.2 and 4.2. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    >>> float(auger_biexciton_ns(113.0, "II-VI"))
    0.113
    """
    if family not in AUGER_PS_PER_NM3:
        refuse("family", f"be one of {', '.join(AUGER_PS_PER_NM3)}", repr(family))
    volume = numbers("volume_nm3", volume_nm3)
    if not (np.isfinite(volume) & (volume > 0)).all():
        refuse("volume_nm3", "be > 0 and finite", volume_nm3)
    if family == "nanoplatelet":
        volume = np.minimum(volume, LARGEST_SCALING_PLATELET_NM3)
    return (AUGER_PS_PER_NM3[family] * volume / PS_PER_NS)[()]


def scaled_platelet_auger_ns(measured_ns: float, area_ratio: float, thickness_ratio: float) -> float:
    """Auger lifetime [ns] of a large platelet from that of another, tau ~ A d^7.

    Parameters
    ----------
    measured_ns : float
        Biexciton Auger lifetime of the platelet that was measured.
    area_ratio, thickness_ratio : float
        Area and thickness over those of the measured one.

    References
    ----------
    Li and Lian, Nano Lett. 2017, 17, 3152. doi:10.1021/acs.nanolett.7b00587
    """
    return positive("measured_ns", measured_ns) * positive("area_ratio", area_ratio) * positive("thickness_ratio", thickness_ratio) ** 7


def carriers_per_level(carriers: ArrayLike, levels: Sequence[int]) -> NDArray[np.float64]:
    """Carriers [..., level] in each level when they fill from below: clip(N - sum_{k<i} g_k, 0, g_i).

    Fractions of a carrier are allowed (a mean). Those beyond the last level are in none of them.
    """
    degeneracy = np.asarray(levels, dtype=np.float64)
    below = np.cumsum(degeneracy) - degeneracy
    return np.clip(np.asarray(carriers, dtype=np.float64)[..., None] - below, 0.0, degeneracy)


@dataclass(frozen=True)
class Recombination:
    """Recombination of the dots of one kind.

    Radiative, (g_1S/tau_r,X) sum_i N_e,i N_h,i/g_i with g_i the larger of the level's two degeneracies, so that an exciton takes
    tau_r,X and a biexciton a quarter of it; Auger, C_A N_e N_h (N_e + N_h - 2) with C_A = 1/(8 tau_A,XX) ("statistical scaling").
    Carriers beyond the last level take part in Auger recombination only.

    Parameters
    ----------
    radiative_lifetime_ns : float
        tau_r,X of the exciton.
    auger_biexciton_ns : float, optional
        tau_A,XX of the biexciton; inf: no Auger recombination.
    electron_levels, hole_levels : tuple of int, optional
        Degeneracies of 1S, 1P, 1D ...; as many of one as of the other.
    measured : mapping of (int, int) to float, optional
        (N_e, N_h) -> measured lifetime [ns] of that state, all decay together, which overrides the two rates.

    Raises
    ------
    ArgumentError
        A lifetime that is not positive, levels that do not match, a measured state without a pair.

    References
    ----------
    Ahn et al., Chem. Rev. 2023, 123, 8251, equation 6 and section 5.5. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    >>> dot = Recombination(20.0, 0.065)
    >>> round(float(1 / dot.rate_per_ns(2, 2)), 4)  # Auger, and light in 5 ns
    0.0642
    """

    radiative_lifetime_ns: float
    auger_biexciton_ns: float = inf
    electron_levels: tuple[int, ...] = SPHERE_LEVELS
    hole_levels: tuple[int, ...] = SPHERE_LEVELS
    measured: Mapping[tuple[int, int], float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        positive("radiative_lifetime_ns", self.radiative_lifetime_ns)
        if self.auger_biexciton_ns != inf:
            positive("auger_biexciton_ns", self.auger_biexciton_ns)
        for name in ("electron_levels", "hole_levels"):
            levels = tuple(getattr(self, name))
            if not levels or any(degeneracy != int(degeneracy) or degeneracy < 1 for degeneracy in levels):
                refuse(name, "be whole numbers >= 1, one for each level", levels)
            object.__setattr__(self, name, levels)
        if len(self.electron_levels) != len(self.hole_levels):
            refuse("hole_levels", f"have as many levels as `electron_levels`, {len(self.electron_levels)}", self.hole_levels)
        for state, lifetime in self.measured.items():
            if min(state) < 1:
                refuse("measured", "name states (N_e, N_h) with at least one electron and one hole", state)
            positive(f"measured[{state}]", lifetime)

    @classmethod
    def from_lifetimes(
        cls,
        exciton_ns: float,
        biexciton_ns: float,
        electron_levels: tuple[int, ...] = SPHERE_LEVELS,
        hole_levels: tuple[int, ...] = SPHERE_LEVELS,
    ) -> Recombination:
        """From the lifetimes tau_X and tau_XX of exciton and biexciton, all decay together, as papers give them.

        The exciton is taken to decay by light alone, tau_r,X = tau_X; what tau_XX lacks beside light is Auger recombination,
        1/tau_A,XX = 1/tau_XX - 4/tau_X. A biexciton that lives longer than tau_X/4 has none, and its lifetime counts as measured.
        """
        radiative = 4 / positive("exciton_ns", exciton_ns)
        auger = 1 / positive("biexciton_ns", biexciton_ns) - radiative
        return cls(
            radiative_lifetime_ns=float(exciton_ns),
            auger_biexciton_ns=1 / auger if auger > 0 else inf,
            electron_levels=electron_levels,
            hole_levels=hole_levels,
            measured={(2, 2): float(biexciton_ns)} if min(electron_levels[0], hole_levels[0]) >= 2 else {},
        )

    def radiative_by_level_per_ns(self, electrons: ArrayLike, holes: ArrayLike) -> NDArray[np.float64]:
        """Photons per ns [..., level] that a dot emits on each transition, (g_1S/tau_r,X) N_e,i N_h,i/g_i.

        Parameters
        ----------
        electrons, holes : array_like [...]
            N_e, N_h >= 0; fractions are allowed (all dots alike, holding a mean).

        Examples
        --------
        >>> from math import sqrt
        >>> dot = Recombination(10.0)
        >>> print(dot.radiative_by_level_per_ns(2 + sqrt(12), 2 + sqrt(12)).round(12))  # I_1P/I_1S = (N - 2)^2/12
        [0.4 0.4 0. ]
        """
        degeneracy = np.maximum(self.electron_levels, self.hole_levels)
        filled = carriers_per_level(not_negative("electrons", electrons), self.electron_levels)
        product = filled * carriers_per_level(not_negative("holes", holes), self.hole_levels)
        return np.asarray(degeneracy[0] / self.radiative_lifetime_ns * product / degeneracy)

    def radiative_per_ns(self, electrons: ArrayLike, holes: ArrayLike) -> Any:
        """Radiative rate [...] of N_e electrons and N_h holes [...], 1/ns."""
        return self.radiative_by_level_per_ns(electrons, holes).sum(axis=-1)[()]

    def auger_per_ns(self, electrons: ArrayLike, holes: ArrayLike) -> Any:
        """Auger rate [...] of N_e electrons and N_h holes [...], 1/ns: C_A N_e N_h (N_e + N_h - 2)."""
        n_e, n_h = not_negative("electrons", electrons), not_negative("holes", holes)
        return (n_e * n_h * np.maximum(n_e + n_h - 2, 0.0) / (8 * self.auger_biexciton_ns))[()]

    def rate_per_ns(self, electrons: ArrayLike, holes: ArrayLike) -> Any:
        """Rate [...] at which N_e electrons and N_h holes [...] lose a pair, 1/ns: the two above, or as measured."""
        n_e, n_h = np.broadcast_arrays(numbers("electrons", electrons), numbers("holes", holes))
        rate = np.array(self.radiative_per_ns(n_e, n_h) + self.auger_per_ns(n_e, n_h))
        for (of_electrons, of_holes), lifetime in self.measured.items():
            rate[(n_e == of_electrons) & (n_h == of_holes)] = 1 / lifetime
        return rate[()]
