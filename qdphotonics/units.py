"""Conversions between the units of DESIGN.md section 3: the only place that knows a factor.

Lengths nm, energies eV, loss and gain of *intensity* in cm^-1, alpha = 2 k0 Im n = 4 pi Im n / lambda.
"""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, TypeAlias, TypeVar, overload

if TYPE_CHECKING:  # the ground floor loads nothing
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

NM_PER_CM = 1e7
NM_PER_UM = 1e3
HC_EV_NM = 1239.8419843320026  # h c / e, exact since the SI of 2019 (16 digits)
LIGHT_NM_PER_S = 2.99792458e17  # exact
PLANCK_EV_S = HC_EV_NM / LIGHT_NM_PER_S
ELEMENTARY_CHARGE_C = 1.602176634e-19
NS_PER_S = 1e9
NM2_PER_CM2 = NM_PER_CM**2
CM2_PER_UM2 = 1e-8
MEV_PER_EV = 1e3
PS_PER_NS = 1e3
ZERO_CELSIUS_K = 273.15
# CODATA 2022, in the units of a quantum dot.
HBAR2_PER_ELECTRON_MASS_EV_NM2 = 0.07619964221937  # hbar^2/m_e
COULOMB_EV_NM = 1.4399645468668  # e^2/(4 pi epsilon_0)
BOLTZMANN_EV_PER_K = 8.617333262145179e-05
BOLTZMANN_MEV_PER_K = MEV_PER_EV * BOLTZMANN_EV_PER_K

Number = TypeVar("Number", float, "Array")


def photon_energy_eV(wavelength_nm: Number) -> Number:
    """Photon energy [eV] of a vacuum wavelength [nm]."""
    return HC_EV_NM / wavelength_nm


def wavelength_nm(energy_eV: Number) -> Number:
    """Vacuum wavelength [nm] of a photon energy [eV]."""
    return HC_EV_NM / energy_eV


def wavenumber_per_nm(wavelength_nm: Number) -> Number:
    """k0 = 2 pi / lambda [1/nm]."""
    return 2 * pi / wavelength_nm


@overload
def loss_per_cm(extinction: float, wavelength_nm: float) -> float: ...
@overload
def loss_per_cm(extinction: Array, wavelength_nm: Array | float) -> Array: ...
@overload
def loss_per_cm(extinction: float, wavelength_nm: Array) -> Array: ...
def loss_per_cm(extinction: Array | float, wavelength_nm: Array | float) -> Array | float:
    """Intensity loss [cm^-1] of Im n: alpha = 4 pi Im n / lambda; negative is gain. Arrays broadcast."""
    return 4 * pi * NM_PER_CM * extinction / wavelength_nm


@overload
def extinction(loss_per_cm: float, wavelength_nm: float) -> float: ...
@overload
def extinction(loss_per_cm: Array, wavelength_nm: Array | float) -> Array: ...
@overload
def extinction(loss_per_cm: float, wavelength_nm: Array) -> Array: ...
def extinction(loss_per_cm: Array | float, wavelength_nm: Array | float) -> Array | float:
    """Im n of an intensity loss [cm^-1]: the inverse of :func:`loss_per_cm`."""
    return loss_per_cm * wavelength_nm / (4 * pi * NM_PER_CM)


def energy_J(energy_eV: Number) -> Number:
    """Energy [J] of an energy [eV]."""
    return ELEMENTARY_CHARGE_C * energy_eV
