"""Where the description of a medium holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import numbers
from qdphotonics.units import wavelength_nm


@dataclass(frozen=True)
class Validity:
    """Ranges in which a medium was compared with measurements, or in which its model has a meaning.

    Parameters
    ----------
    energy_eV, temperature_K : (float, float)
        Photon energies of the spectrum, temperatures of the dots.
    excitons_per_dot : float
        Mean <N> up to which the dots may be filled.
    source : str
    """

    energy_eV: tuple[float, float]
    temperature_K: tuple[float, float]
    excitons_per_dot: float
    source: str

    @property
    def wavelength_nm(self) -> tuple[float, float]:
        """Vacuum wavelengths of ``energy_eV``, rising."""
        low, high = self.energy_eV
        return wavelength_nm(high), wavelength_nm(low)

    def moved(self, energy_eV: float) -> Validity:
        """The same ranges for dots whose lines lie higher by so much."""
        return replace(self, energy_eV=(self.energy_eV[0] + energy_eV, self.energy_eV[1] + energy_eV))

    def warnings(
        self, name: str, wavelengths_nm: ArrayLike | None, temperature_K: float | None, excitons_per_dot: float | None
    ) -> tuple[str, ...]:
        """One sentence for each quantity that lies outside; None: not asked for."""
        used = (
            ("wavelength", "nm", wavelengths_nm, self.wavelength_nm),
            ("temperature", "K", temperature_K, self.temperature_K),
            ("excitons per dot", "", excitons_per_dot, (0.0, self.excitons_per_dot)),
        )
        found = []
        for what, unit, value, (low, high) in used:
            values = numbers(what, np.atleast_1d([] if value is None else value))
            outside = values[(values < low) | (values > high)]
            if outside.size:
                at = " to ".join(dict.fromkeys(f"{end:.4g}" for end in (outside.min(), outside.max())))
                within = f"{low:.4g} to {high:.4g} {unit}".strip()
                found.append(f"{name} is used at {what} {at} {unit}".rstrip() + f", outside of what it is known for ({within})")
        return tuple(found)
