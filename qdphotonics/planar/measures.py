"""The measures of modes as arrays, in the units of the results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.dispersion import Guide, workspace
from qdphotonics.planar.measure_kernel import Looks, Measures, Regions, measure_modes
from qdphotonics.planar.results import Confinement, Polarization, Sensitivity
from qdphotonics.units import loss_per_cm, wavenumber_per_nm


@dataclass(frozen=True)
class Planar:
    """A stack at one wavelength, as arrays: axes [layer + 2] but thickness_nm[layer]."""

    index: NDArray[np.complex128]
    index_extraordinary: NDArray[np.complex128]
    thickness_nm: NDArray[np.float64]
    wavelength_nm: float
    dindex_dwavelength: NDArray[np.complex128]
    dindex_extraordinary_dwavelength: NDArray[np.complex128]

    def regions(self) -> Regions:
        """Index and Re(eps - lambda deps/dlambda) for the kernel."""
        index = np.stack([self.index, self.index_extraordinary], axis=-1)
        slope = np.stack([self.dindex_dwavelength, self.dindex_extraordinary_dwavelength], axis=-1)
        return Regions(index, np.ascontiguousarray((index**2 - 2 * self.wavelength_nm * index * slope).real))


@dataclass(frozen=True)
class Measured:
    """What the fields of modes yield, every array with the axis [mode] first."""

    open: NDArray[np.bool_]  # [mode, side]
    intensity: NDArray[np.float64]
    energy: NDArray[np.float64]
    absorbed_per_cm: NDArray[np.float64]
    radiated_per_cm: NDArray[np.float64]
    by_thickness_per_nm: NDArray[np.complex128]
    by_index: NDArray[np.complex128]
    by_extraordinary: NDArray[np.complex128]
    group_index: NDArray[np.float64]  # [mode]
    looks: Looks

    def confinement(self, mode: int) -> Confinement:
        """Confinement of one mode."""
        return Confinement(self.intensity[mode], self.energy[mode], self.by_index[mode].real.copy())

    def sensitivity(self, mode: int) -> Sensitivity:
        """Derivatives of one mode."""
        return Sensitivity(self.by_thickness_per_nm[mode], self.by_index[mode], self.by_extraordinary[mode])


def measure(guide: Guide, planar: Planar, n_eff: NDArray[np.complex128], polarization: Polarization, look: bool) -> Measured:
    """Field integrals of the modes n_eff[mode], and what follows from them; ``look``: what tells their character, too."""
    modes, layers = n_eff.size, planar.thickness_nm.size
    out = Measures(
        intensity=np.empty((modes, layers + 2)),
        energy=np.empty((modes, layers + 2)),
        absorbed=np.empty((modes, layers + 2)),
        radiated=np.empty((modes, 2)),
        by_thickness=np.empty((modes, layers), np.complex128),
        by_index=np.empty((modes, layers + 2), np.complex128),
        by_extraordinary=np.empty((modes, layers + 2), np.complex128),
    )
    looks = Looks(np.empty((modes, 2), np.complex128), np.empty((modes, layers + 1)), np.empty((modes, layers, 2)))
    measure_modes(guide, planar.regions(), polarization == "TE", n_eff, look, workspace(guide.q.size, layers), out, looks)
    by_thickness = out.by_thickness * wavenumber_per_nm(planar.wavelength_nm)
    return Measured(
        open=(looks.kappa**2).real > 0.0,
        intensity=out.intensity,
        energy=out.energy,
        absorbed_per_cm=loss_per_cm(out.absorbed, planar.wavelength_nm),
        radiated_per_cm=loss_per_cm(out.radiated, planar.wavelength_nm),
        by_thickness_per_nm=by_thickness,
        by_index=out.by_index,
        by_extraordinary=out.by_extraordinary,
        group_index=_group_index(planar, n_eff, by_thickness, out),
        looks=looks,
    )


def _group_index(planar: Planar, n_eff: NDArray[np.complex128], by_thickness: NDArray[np.complex128], out: Measures) -> NDArray[np.float64]:
    """n_g = Re[n_eff - lambda dn_eff/dlambda], material dispersion included; n_eff depends on lambda through d/lambda and n."""
    geometric = by_thickness @ planar.thickness_nm
    ordinary = (out.by_index - out.by_extraordinary) @ planar.dindex_dwavelength
    material = ordinary + out.by_extraordinary @ planar.dindex_extraordinary_dwavelength
    group_index = (n_eff + geometric - planar.wavelength_nm * material).real
    return np.where(np.isfinite(group_index), group_index, np.nan)
