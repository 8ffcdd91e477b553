"""Particle in a spherical box with infinite walls: levels, degeneracies, gap against radius.

E_{n,L} = hbar^2 phi_{n,L}^2/(2 m R^2), phi_{n,L} the n-th zero of the spherical Bessel function j_L: 1S pi, 1P 4.493, 1D 5.763,
2S 2 pi, 1F 6.988. Every function is vectorised over the radius.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import pi
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import numbers, positive, refuse
from qdphotonics.gain.states.compound import Compound
from qdphotonics.units import COULOMB_EV_NM, HBAR2_PER_ELECTRON_MASS_EV_NM2

LETTERS = "SPDFGHIKLMNOQRTUV"  # of L = 0, 1, 2 ...; J is left out, as in atoms
# <R/|r_e - r_h|> of two 1S functions: Brus's 1.786, in closed form 2 - Si(2 pi)/pi + Si(4 pi)/(2 pi).
BRUS_COULOMB = 1.7860731681516873


def label(n: int, L: int) -> str:
    """``1S``, ``2P`` ... of the radial number n (1, 2 ...) and the angular momentum L (0, 1 ...)."""
    if n < 1 or not 0 <= L < len(LETTERS):
        refuse("n, L", f"be n ≥ 1 and 0 ≤ L < {len(LETTERS)}", (n, L))
    return f"{n}{LETTERS[L]}"


def quantum_numbers(name: str) -> tuple[int, int]:
    """(n, L) of a label such as ``1P``.

    Examples
    --------
    >>> quantum_numbers("1P")
    (1, 1)
    """
    found = re.fullmatch(rf"([1-9][0-9]*)([{LETTERS}])", name)
    if found is None:
        refuse("name", "be a level such as 1S, 1P, 2S", f'"{name}"')
    return int(found[1]), LETTERS.index(found[2])


def degeneracy(L: int, valleys: int = 1) -> int:
    """2(2L + 1) states of a level, times the equivalent valleys of the band.

    Examples
    --------
    >>> [degeneracy(L) for L in (0, 1, 2)], degeneracy(0, valleys=4)
    ([2, 6, 10], 8)
    """
    if L < 0 or valleys < 1:
        refuse("L, valleys", "be ≥ 0 and ≥ 1", (L, valleys))
    return 2 * (2 * L + 1) * valleys


@lru_cache(maxsize=1024)
def bessel_zero(n: int, L: int) -> float:
    """phi_{n,L}, the n-th positive zero of the spherical Bessel function j_L.

    Between two neighbouring zeros of j_{L-1} lies just one of j_L, so the brackets follow from the order below.

    Examples
    --------
    >>> [round(bessel_zero(n, L), 4) for n, L in ((1, 0), (1, 1), (1, 2), (2, 0), (1, 3))]
    [3.1416, 4.4934, 5.7635, 6.2832, 6.9879]
    """
    label(n, L)  # refuses what is no level
    if L == 0:
        return n * pi
    from scipy.optimize import brentq
    from scipy.special import spherical_jn

    low, high = bessel_zero(n, L - 1), bessel_zero(n + 1, L - 1)
    return float(brentq(lambda x: spherical_jn(L, x), low, high, xtol=1e-14, rtol=1e-15))


def level_energy_eV(n: int, L: int, radius_nm: ArrayLike, mass: float) -> Any:
    """Confinement energy of a level [eV].

    Parameters
    ----------
    n, L : int
        Radial number from 1, angular momentum from 0.
    radius_nm : array_like [...]
    mass : float
        Effective mass [free-electron masses].

    Returns
    -------
    array of float [...], eV

    Raises
    ------
    ArgumentError
        A radius or mass that is not positive, n < 1, L < 0.

    References
    ----------
    Efros, Efros, Sov. Phys. Semicond. 16, 772 (1982); Ahn et al., Chem. Rev. 2023, 123, 8251, section 2.1. doi:10.1021/acs.chemrev.2c00865

    Examples
    --------
    >>> round(float(level_energy_eV(1, 0, 2.5, 0.13)), 4)
    0.4628
    """
    radius = _radii(radius_nm)
    return (HBAR2_PER_ELECTRON_MASS_EV_NM2 * bessel_zero(n, L) ** 2 / (2 * positive("mass", mass) * radius**2))[()]


def gap_eV(
    compound: Compound,
    radius_nm: ArrayLike,
    *,
    coulomb: Literal["static", "optical"] | None = None,
    bands: Literal["parabolic", "hyperbolic"] = "parabolic",
) -> Any:
    """Gap between the 1S levels of a sphere with infinite walls [eV].

    Parabolic bands: E_g0 + hbar^2 pi^2/(2 mu R^2). Hyperbolic bands (two bands that repel each other, as in the lead salts):
    sqrt(E_g0^2 + 2 E_g0 hbar^2 pi^2/(2 mu R^2)), the same for large spheres. With ``coulomb`` the first-order attraction,
    -1.786 e^2/(epsilon R), is added.

    Parameters
    ----------
    compound : Compound
    radius_nm : array_like [...]
    coulomb : {"static", "optical"}, optional
        Dielectric constant of the attraction; by default it is left out.
    bands : {"parabolic", "hyperbolic"}

    Returns
    -------
    array of float [...], eV
        Infinite walls and one band overestimate the confinement of small dots: by 0.2 to 0.3 eV for CdSe of 2.5 nm.

    References
    ----------
    Brus, J. Chem. Phys. 80, 4403 (1984), doi:10.1063/1.447218; Wang et al., J. Chem. Phys. 87, 7315 (1987), doi:10.1063/1.453325

    Examples
    --------
    >>> from qdphotonics.gain.states import load_compound
    >>> [round(float(gap_eV(load_compound("PbS"), 2.5, bands=bands)), 2) for bands in ("parabolic", "hyperbolic")]
    [1.83, 1.15]
    """
    radius = _radii(radius_nm)
    confinement = level_energy_eV(1, 0, radius, compound.reduced_mass)
    if bands == "parabolic":
        gap = compound.gap_eV + confinement
    elif bands == "hyperbolic":
        gap = np.sqrt(compound.gap_eV**2 + 2 * compound.gap_eV * confinement)
    else:
        refuse("bands", 'be "parabolic" or "hyperbolic"', f'"{bands}"')
    if coulomb is not None:
        gap = gap - BRUS_COULOMB * COULOMB_EV_NM / (compound.dielectric(coulomb) * radius)
    return gap[()]


def charging_energy_eV(radius_nm: ArrayLike, outside_dielectric: float = 2.25) -> Any:
    """Electrostatic energy of a sphere with one elementary charge, E_c = e^2/(8 pi epsilon_0 epsilon_out R) [eV].

    N charges of one sign take N^2 E_c. The energy of the field inside the sphere is left out: it is smaller by a factor of
    about epsilon_out/epsilon_in.

    References
    ----------
    Park, Roh, Diroll, Schaller, Klimov, Nat. Rev. Mater. 6, 382 (2021), doi:10.1038/s41578-020-00274-9 (model of a charged sphere)

    Examples
    --------
    >>> round(float(charging_energy_eV(5.0)), 4)
    0.064
    """
    return (COULOMB_EV_NM / (2 * positive("outside_dielectric", outside_dielectric) * _radii(radius_nm)))[()]


def _radii(radius_nm: ArrayLike) -> Any:
    radius = numbers("radius_nm", radius_nm)
    if (radius <= 0).any():
        refuse("radius_nm", "be > 0 nm", radius[radius <= 0].flat[0])
    return radius
