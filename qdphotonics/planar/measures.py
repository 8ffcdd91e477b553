"""A mode's measures as arrays of their own, in the units of the results."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.dispersion import Guide, halfspace_kappas, workspace
from qdphotonics.planar.measure_kernel import Measures, Regions, measure_mode
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
    """Everything that the field of one mode yields."""

    open: tuple[bool, bool]
    confinement: Confinement
    absorbed_per_cm: NDArray[np.float64]
    radiated_per_cm: NDArray[np.float64]
    sensitivity: Sensitivity
    group_index: float
    fields: NDArray[np.complex128]  # [interface, (U, V)]


def measure(guide: Guide, planar: Planar, regions: Regions, n_eff: complex, polarization: Polarization) -> Measured:
    """Field integrals of the mode at n_eff, and what follows from them."""
    layers = planar.thickness_nm.size
    kappa_s, kappa_c = (complex(halfspace_kappas(guide, side, np.array([n_eff**2]))[0]) for side in (0, 1))
    out = Measures(
        intensity=np.empty(layers + 2),
        energy=np.empty(layers + 2),
        absorbed=np.empty(layers + 2),
        radiated=np.empty(2),
        by_thickness=np.empty(layers, np.complex128),
        by_index=np.empty(layers + 2, np.complex128),
        by_extraordinary=np.empty(layers + 2, np.complex128),
    )
    work = workspace(guide.q.size, layers)
    measure_mode(guide, regions, polarization == "TE", n_eff, kappa_s, kappa_c, work, out)
    sensitivity = Sensitivity(out.by_thickness * wavenumber_per_nm(planar.wavelength_nm), out.by_index, out.by_extraordinary)
    return Measured(
        open=((kappa_s**2).real > 0.0, (kappa_c**2).real > 0.0),
        confinement=Confinement(out.intensity, out.energy, out.by_index.real.copy()),
        absorbed_per_cm=loss_per_cm(out.absorbed, planar.wavelength_nm),
        radiated_per_cm=loss_per_cm(out.radiated, planar.wavelength_nm),
        sensitivity=sensitivity,
        group_index=_group_index(planar, n_eff, sensitivity),
        fields=work.fields,
    )


def _group_index(planar: Planar, n_eff: complex, sensitivity: Sensitivity) -> float:
    """n_g = Re[n_eff - lambda dn_eff/dlambda], material dispersion included; n_eff depends on lambda through d/lambda and n."""
    ordinary = sensitivity.index - sensitivity.index_extraordinary
    geometric = (planar.thickness_nm * sensitivity.thickness_per_nm).sum()
    material = (ordinary * planar.dindex_dwavelength + sensitivity.index_extraordinary * planar.dindex_extraordinary_dwavelength).sum()
    group_index = (n_eff + geometric - planar.wavelength_nm * material).real
    return float(group_index) if math.isfinite(group_index) else math.nan
