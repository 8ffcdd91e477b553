"""What a mode's field tells: confinement, the loss budget by Poynting's theorem, exact derivatives, group index.

Short names: U, V as in dispersion.py; TE: E_y = U, H = (iV, 0, N U); TM: H_y = U, E = (-iV, 0, -N U/eps_e), H times Z0.
Reference: PHYSICS section 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar.dispersion import Guide, halfspace_kappas
from qdphotonics.planar.profile import interface_fields, layer_integrals
from qdphotonics.planar.results import Confinement, Polarization, Sensitivity
from qdphotonics.units import NM_PER_CM, wavenumber_per_nm


@dataclass(frozen=True)
class Planar:
    """A stack at one wavelength, as arrays: axes [layer + 2] but thickness_nm[layer]."""

    index: NDArray[np.complex128]
    index_extraordinary: NDArray[np.complex128]
    thickness_nm: NDArray[np.float64]
    wavelength_nm: float
    dindex_dwavelength: NDArray[np.complex128]
    dindex_extraordinary_dwavelength: NDArray[np.complex128]


@dataclass(frozen=True)
class Measures:
    """Everything that the field of one mode yields."""

    open: tuple[bool, bool]
    confinement: Confinement
    absorbed_per_cm: NDArray[np.float64]
    radiated_per_cm: NDArray[np.float64]
    sensitivity: Sensitivity
    group_index: float
    fields: NDArray[np.complex128]  # [interface, (U, V)]


def measure(guide: Guide, planar: Planar, n_eff: complex, polarization: Polarization) -> Measures:
    """Field integrals of the mode at n_eff, and what follows from them."""
    fields = interface_fields(guide, n_eff)
    squares, products = layer_integrals(guide, n_eff, fields)
    u = n_eff**2
    kappa = np.array([halfspace_kappas(guide, side, np.array([u]))[0] for side in (0, 1)])
    is_open = (kappa**2).real > 0.0
    k0 = wavenumber_per_nm(planar.wavelength_nm)
    eps_o, eps_e = planar.index**2, planar.index_extraordinary**2
    UU, VV = squares.T
    # Squares of the field's components: in the plane of the layers (E_x or E_y), along z, and of H.
    if polarization == "TE":
        in_plane, normal, magnetic = UU, np.zeros_like(UU), VV + abs(u) * UU
        power = n_eff.real * UU.sum()  # 2 int S_x
    else:
        in_plane, normal, magnetic = VV, abs(u) / np.abs(eps_e) ** 2 * UU, UU
        power = ((n_eff / eps_e).real * UU).sum()
    outward = np.array([-1.0, 1.0]) * (fields[[0, -1], 0].conj() * fields[[0, -1], 1]).imag  # 2 S_z
    per_cm = k0 * NM_PER_CM / power
    sensitivity = _sensitivity(guide, planar, n_eff, polarization, fields, products)
    intensity = in_plane + normal
    slope_o = 2 * planar.index * planar.dindex_dwavelength
    slope_e = 2 * planar.index_extraordinary * planar.dindex_extraordinary_dwavelength
    energy = 0.25 * (
        (eps_o - planar.wavelength_nm * slope_o).real * in_plane + (eps_e - planar.wavelength_nm * slope_e).real * normal + magnetic
    )
    return Measures(
        open=(bool(is_open[0]), bool(is_open[1])),
        confinement=Confinement(intensity / intensity.sum(), energy / energy.sum(), sensitivity.index.real),
        absorbed_per_cm=(eps_o.imag * in_plane + eps_e.imag * normal) * per_cm,
        radiated_per_cm=np.where(is_open, outward, 0.0) * per_cm,
        sensitivity=sensitivity,
        group_index=_group_index(planar, n_eff, sensitivity),
        fields=fields,
    )


def _sensitivity(
    guide: Guide,
    planar: Planar,
    n_eff: complex,
    polarization: Polarization,
    fields: NDArray[np.complex128],
    products: NDArray[np.complex128],
) -> Sensitivity:
    """First-order perturbation of D = 0: du int g1 U^2 = sum of int (dg U^2 + dq V^2) + k0 (q V^2 + g U^2) dd."""
    UU, VV = products.T
    u = n_eff**2
    q = np.concatenate([guide.outer[:1, 0], guide.q[guide.row], guide.outer[1:, 0]])
    g0 = np.concatenate([guide.outer[:1, 1], guide.g0[guide.row], guide.outer[1:, 1]])
    g1 = np.concatenate([guide.outer[:1, 2], guide.g1[guide.row], guide.outer[1:, 2]])
    norm = n_eff * (g1 * UU).sum()
    U, V = fields[:-1].T
    moved = wavenumber_per_nm(planar.wavelength_nm) * (q[1:-1] * V**2 + (g0 - g1 * u)[1:-1] * U**2) / (2 * norm)
    if polarization == "TE":
        ordinary, extraordinary = planar.index * UU / norm, np.zeros_like(UU)
    else:
        ordinary, extraordinary = planar.index * VV / norm, u * UU / (planar.index_extraordinary**3 * norm)
    return Sensitivity(moved, ordinary + extraordinary, extraordinary)


def _group_index(planar: Planar, n_eff: complex, sensitivity: Sensitivity) -> float:
    """n_g = Re[n_eff - lambda dn_eff/dlambda], material dispersion included; n_eff depends on lambda through d/lambda and n."""
    ordinary = sensitivity.index - sensitivity.index_extraordinary
    geometric = (planar.thickness_nm * sensitivity.thickness_per_nm).sum()
    material = (ordinary * planar.dindex_dwavelength + sensitivity.index_extraordinary * planar.dindex_extraordinary_dwavelength).sum()
    group_index = (n_eff + geometric - planar.wavelength_nm * material).real
    return float(group_index) if math.isfinite(group_index) else math.nan
