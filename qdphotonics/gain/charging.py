"""Charges on a dot: permanent electrons and their distribution, and the Coulomb ladder that electric injection climbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from qdphotonics._checks import not_negative, positive, refuse
from qdphotonics.units import BOLTZMANN_MEV_PER_K, COULOMB_EV_NM, MEV_PER_EV

POISSON_TAIL = 1e-13  # share of the dots with more charges than are kept, about


@dataclass(frozen=True)
class CoulombLadder:
    """A dot as a charged sphere: E(q) = E_c q^2, so that injection which neutralises it wins over one which charges it more.

    With q the charge in electrons beyond the permanent ones (those are balanced by ions on the surface), the states that the
    next electron and the next hole lead to differ by E(|q| + 1) - E(|q| - 1) = 4 |q| E_c. The rates asked for are those of a
    neutral dot; they hold for the carrier that neutralises as well, which the supply limits, and the other one is slower by
    Boltzmann's factor of that difference::

        factor(|q| -> |q| + 1) = exp(-4 |q| E_c/kT),        factor(|q| -> |q| - 1) = 1

    Parameters
    ----------
    charging_energy_meV : float
        E_c of one electron; 4 E_c exceeds 200 meV even for radii of 4 to 5 nm.
    temperature_K : float, optional

    References
    ----------
    Jung, Ahn and Klimov, Nat. Photon. 2021, 15, 643 (correlated injection). doi:10.1038/s41566-021-00827-6

    Examples
    --------
    >>> ladder = CoulombLadder.of_sphere(radius_nm=4.5, dielectric_constant=3.0)
    >>> round(4 * ladder.charging_energy_meV)  # the source: more than 200 meV
    213
    >>> round(ladder.factor(1, 1), 4)  # the second electron
    0.0003
    """

    charging_energy_meV: float
    temperature_K: float = 300.0

    def __post_init__(self) -> None:
        positive("charging_energy_meV", self.charging_energy_meV)
        positive("temperature_K", self.temperature_K)

    @classmethod
    def of_sphere(cls, radius_nm: float, dielectric_constant: float, temperature_K: float = 300.0) -> CoulombLadder:
        """E_c = e^2/(2 C) of a sphere, C = 4 pi epsilon_0 epsilon R, epsilon being that of what surrounds it."""
        capacity = positive("dielectric_constant", dielectric_constant) * positive("radius_nm", radius_nm)
        return cls(MEV_PER_EV * COULOMB_EV_NM / (2 * capacity), temperature_K)

    def factor(self, charge: int, carrier: int) -> float:
        """By how much slower a dot of ``charge`` takes a ``carrier`` (1 an electron, -1 a hole; charge in electrons)."""
        if charge * carrier <= 0:
            return 1.0
        return exp(-4 * abs(charge) * self.charging_energy_meV / (BOLTZMANN_MEV_PER_K * self.temperature_K))


def poisson_charges(mean: float) -> tuple[float, ...]:
    """Distribution q(n_e) of permanent electrons with this mean, q(0) = exp(-<n_e>), for :class:`Chain`.

    References
    ----------
    Ahn et al., Chem. Rev. 2023, 123, 8251, section 3.3.2. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    >>> round(poisson_charges(2.0)[0], 4)
    0.1353
    """
    average = float(not_negative("mean", mean))
    if average > 100:
        refuse("mean", "be <= 100", mean)
    weights, weight = [exp(-average)], exp(-average)
    while len(weights) <= average or weight > POISSON_TAIL:
        weight *= average / len(weights)
        weights.append(weight)
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def charge_distribution(charge: float | Sequence[float]) -> dict[int, float]:
    """{n_e: share of the dots}: a whole number is that of every dot, another number is shared by its two neighbours.

    Of a sequence the n-th entry is the share of dots with n permanent electrons.
    """
    if isinstance(charge, (int, float)):
        low = int(not_negative("charge", charge))
        return {n_e: share for n_e, share in ((low, 1 - (charge - low)), (low + 1, charge - low)) if share > 0}
    shares: NDArray[np.float64] = not_negative("charge", np.asarray(charge, dtype=np.float64))
    if shares.ndim != 1 or abs(shares.sum() - 1) > 1e-9:
        refuse("charge", "be a number of electrons, or shares of dots with 0, 1, 2 ... electrons that sum to 1", charge)
    return {n_e: float(share / shares.sum()) for n_e, share in enumerate(shares) if share > 0}
