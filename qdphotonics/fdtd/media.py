"""Media as FDTD takes them: a permittivity with a conductivity, or a metal's with poles.

In time, a medium must answer to all frequencies and answer after its cause. A loss or a gain that is given at one
wavelength becomes the conductivity that has it there; a metal, whose permittivity is negative, becomes

    epsilon(f) = epsilon_inf - f_p^2/(f^2 + i f gamma_D) + sum_j sigma_j f_j^2/(f_j^2 - f^2 - i f gamma_j)

(Drude and Lorentz, time factor exp(-i omega t)) with epsilon_inf >= 1 and f_p, sigma_j, gamma >= 0: passive and causal
whatever the fit. Frequencies are in c/um.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError, EngineError, MaterialError
from qdphotonics.units import NM_PER_UM

if TYPE_CHECKING:
    from qdphotonics.materials import Material

Complexes = NDArray[np.complex128]
Reals = NDArray[np.float64]

BAND = 0.06  # half-width of the band of a fit, relative: runs listen within 5 % of their frequency
POINTS = 25  # in that band
CENTRE_WEIGHT = 10.0  # the centre must be right; the slope decides the rest
LORENTZ_STARTS = (0.5, 1.5, 2.5)  # resonances of the first guesses, in units of the centre frequency
LARGEST_ERROR = 0.05  # of a fit, relative to |epsilon|: beyond it another medium would be simulated
SLIGHT = 1e-12  # poles need a width and a strength > 0


@dataclass(frozen=True)
class Pole:
    """A term of the permittivity; of a Drude term ``sigma`` is 1 and ``frequency`` the plasma frequency [c/um]."""

    kind: Literal["drude", "lorentz"]
    frequency: float
    gamma: float
    sigma: float

    def permittivity(self, frequency: Reals) -> Complexes:
        """What the term adds [frequency]."""
        own = 0.0 if self.kind == "drude" else self.frequency**2
        return np.asarray(self.sigma * self.frequency**2 / (own - frequency**2 - 1j * frequency * self.gamma))


@dataclass(frozen=True)
class Medium:
    """A medium in Meep's terms, along Meep's x, y and z.

    Parameters
    ----------
    epsilon : tuple of three floats
        Permittivity at infinite frequency.
    conductivity : tuple of three floats
        sigma_D = omega Im epsilon/Re epsilon [c/um]; negative: gain.
    poles : tuple of Pole
    """

    epsilon: tuple[float, float, float]
    conductivity: tuple[float, float, float] = (0.0, 0.0, 0.0)
    poles: tuple[Pole, ...] = ()

    @property
    def growth_rate(self) -> float:
        """Rate at which a field at rest grows in it [c/um]; 0 without gain."""
        return max(0.0, -min(self.conductivity))

    @property
    def is_metal(self) -> bool:
        """Whether it has poles, which Meep does not average across an interface."""
        return bool(self.poles)

    def permittivity(self, frequency: Reals) -> Complexes:
        """Permittivity along x [frequency]."""
        omega = 2.0 * pi * np.asarray(frequency, dtype=float)
        response = self.epsilon[0] + sum((pole.permittivity(np.asarray(frequency)) for pole in self.poles), np.zeros(omega.shape, complex))
        return np.asarray(response * (1.0 + 1j * self.conductivity[0] / omega))


@dataclass(frozen=True, eq=False)
class MetalFit:
    """A metal's permittivity by poles.

    Parameters
    ----------
    medium : Medium
    wavelength_nm : float array [wavelength]
    measured, fitted : complex array [wavelength]
        Permittivity.
    centre_nm : float
    """

    medium: Medium
    wavelength_nm: Reals
    measured: Complexes
    fitted: Complexes
    centre_nm: float

    @property
    def error(self) -> float:
        """Largest |fitted - measured|/|measured| in the band."""
        return float(np.max(np.abs(self.fitted - self.measured) / np.abs(self.measured)))

    @property
    def loss_error(self) -> float:
        """Relative error of Im epsilon at the centre."""
        middle = int(np.argmin(np.abs(self.wavelength_nm - self.centre_nm)))
        return float(abs(self.fitted[middle].imag / self.measured[middle].imag - 1.0))

    def __repr__(self) -> str:
        off = f"error {self.error:.2g} of |epsilon|, {self.loss_error:.2g} of its loss at {self.centre_nm:g} nm"
        return f"<{len(self.medium.poles)} poles, {off}>"


def frequency_of(wavelength_nm: float) -> float:
    """c/wavelength in Meep's unit, c/um."""
    return NM_PER_UM / wavelength_nm


def dielectric(index: complex, wavelength_nm: float, index_normal: complex | None = None, normal: Literal["y", "z"] = "y") -> Medium:
    """A medium of a complex index at a wavelength; loss and gain as the conductivity that has them there.

    Parameters
    ----------
    index : complex
        Along the layers.
    wavelength_nm : float
    index_normal : complex, optional
        Along their normal, ``normal`` in Meep's axes.

    Raises
    ------
    EngineError
        Re epsilon <= 0: a metal needs poles, :func:`fitted_metal`.
    """
    along = complex(index) ** 2
    across = along if index_normal is None else complex(index_normal) ** 2
    if min(along.real, across.real) <= 0:
        raise EngineError(f"an index {index:.4g} (Re epsilon < 0) needs poles in FDTD: give its material, not its index")
    values = [along, across, along] if normal == "y" else [along, along, across]
    omega = 2.0 * pi * frequency_of(wavelength_nm)
    epsilon = tuple(value.real for value in values)
    conductivity = tuple(omega * value.imag / value.real for value in values)
    return Medium((epsilon[0], epsilon[1], epsilon[2]), (conductivity[0], conductivity[1], conductivity[2]))


def metal_at(index: complex, wavelength_nm: float) -> Medium:
    """The Drude metal, epsilon_inf 1, that has an index at one wavelength; elsewhere it is a guess."""
    epsilon = complex(index) ** 2
    if not (epsilon.real < 0 and epsilon.imag > 0):
        raise ArgumentError(f"Argument `index` must be a lossy metal's, Re epsilon < 0 < Im epsilon, but is {index:.4g}")
    frequency = frequency_of(wavelength_nm)
    drop = 1.0 - epsilon  # f_p^2/(f^2 + i f gamma)
    gamma = -drop.imag * frequency / drop.real
    plasma = float(np.sqrt((drop * (frequency**2 + 1j * frequency * gamma)).real))
    return Medium((1.0, 1.0, 1.0), poles=(Pole("drude", plasma, gamma, 1.0),))


def fitted_metal(material: Material, wavelength_nm: float, band: float = BAND) -> MetalFit:
    """Drude and Lorentz poles for a material's tabulated n and k around a wavelength.

    Parameters
    ----------
    material : Material
    wavelength_nm : float
        Centre of the band [nm].
    band : float
        Its relative half-width in frequency, cut at the ends of the material's range.

    Returns
    -------
    MetalFit

    Raises
    ------
    EngineError
        No passive poles come within 5 % of the data.
    MaterialError
        The wavelength lies outside the material's range.
    """
    material.index(wavelength_nm)  # its own error where the wavelength is out of range
    centre = frequency_of(wavelength_nm)
    wavelengths = NM_PER_UM / (centre * (1.0 + band * np.linspace(-1.0, 1.0, POINTS)))
    if material.valid_nm is not None:
        wavelengths = np.clip(wavelengths, *material.valid_nm)
    return fitted_permittivity(wavelengths, np.asarray(material.index(wavelengths)) ** 2, wavelength_nm, material.name)


def fitted_permittivity(wavelength_nm: Reals, epsilon: Complexes, centre_nm: float, name: str = "metal") -> MetalFit:
    """As :func:`fitted_metal`, of permittivities [wavelength] themselves."""
    from scipy.optimize import least_squares

    if not (np.asarray(epsilon).imag > 0).all():
        raise MaterialError(f'material "{name}" must absorb over the band of the fit to be a metal in FDTD')
    frequency, centre = NM_PER_UM / wavelength_nm, frequency_of(centre_nm)
    weight = 1.0 + (CENTRE_WEIGHT - 1.0) * (np.abs(frequency / centre - 1.0) < 1e-9)
    start = metal_at(complex(np.sqrt(epsilon[epsilon.size // 2])), float(wavelength_nm[epsilon.size // 2])).poles[0]

    def residuals(logs: Reals) -> Reals:
        off = _medium(logs).permittivity(frequency) - epsilon
        return np.concatenate([weight * off.real / np.abs(epsilon), weight * off.imag / epsilon.imag])

    best = None
    for at in LORENTZ_STARTS:
        guess = np.log([2.0, start.frequency, max(start.gamma, SLIGHT), 1.0, at * centre, 0.3 * centre])
        found = least_squares(residuals, guess, bounds=(_LOWEST + np.log(_scale(centre)), _HIGHEST + np.log(_scale(centre))), max_nfev=2000)
        if best is None or found.cost < best.cost:
            best = found
    assert best is not None  # there is at least one start
    medium = _medium(best.x)
    fit = MetalFit(medium, wavelength_nm, np.asarray(epsilon), medium.permittivity(frequency), centre_nm)
    if fit.error > LARGEST_ERROR:
        off = f"{100 * fit.error:.2g} % off around {centre_nm:g} nm, at most {100 * LARGEST_ERROR:g} % will do"
        raise EngineError(f'material "{name}": the best passive poles are {off}')
    return fit


# Logarithms of epsilon_inf, f_p, gamma_D, sigma, f_L, gamma_L; frequencies relative to the centre. epsilon_inf >= 1, so
# that the Courant factor of a vacuum is enough; the resonance stays where the time step resolves it.
_LOWEST = np.log([1.0, 1e-2, 1e-9, 1e-9, 0.05, 1e-3])
_HIGHEST = np.log([20.0, 1e2, 10.0, 1e3, 5.0, 10.0])


def _scale(centre: float) -> Reals:
    return np.array([1.0, centre, centre, 1.0, centre, centre])


def _medium(logs: Reals) -> Medium:
    infinite, plasma, damping, strength, resonance, width = (float(value) for value in np.exp(logs))
    poles = (Pole("drude", plasma, damping, 1.0), Pole("lorentz", resonance, width, strength))
    return Medium((infinite, infinite, infinite), poles=poles)
