"""Exact derivatives of a mode's confinement, and second derivatives of its n_eff, by every thickness and index.

The field changes with the stack (``field_slopes``), its integrals with the field (``integral_slopes``); here they become the
derivatives of what measure_kernel.py makes of the integrals.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qdphotonics._checks import one_of, refuse_since
from qdphotonics.planar.results import Complexes, Polarization, Reals, Sensitivity
from qdphotonics.units import wavenumber_per_nm

if TYPE_CHECKING:
    from qdphotonics.planar.field_slopes import Rates, Regions
    from qdphotonics.planar.integral_slopes import Changes

MISSES = 1e-6  # in n_eff: Newton's step from there that no rounding explains
NEARBY = 1e-6  # in n_eff
PAIRED = 5e-3  # of D' NEARBY: below it D' is what two zeros 1e-8 apart, and rounding, leave of it between them


class ModePlace(Protocol):
    """A stack and the n_eff of one of its modes: a :class:`Mode`, or a point to which one has been followed."""

    @property
    def n_eff(self) -> complex: ...
    @property
    def polarization(self) -> Polarization: ...
    @property
    def wavelength_nm(self) -> float: ...
    @property
    def index(self) -> Complexes: ...
    @property
    def index_extraordinary(self) -> Complexes: ...
    @property
    def thickness_nm(self) -> Reals: ...


@dataclass(frozen=True)
class Slopes:
    """Exact first derivatives of real quantities, on the axes before the last: what the mode itself does is in them.

    ``index`` holds df/dRe n - i df/dIm n, so that a complex change dn changes a quantity by Re(index dn).
    """

    thickness_per_nm: Reals  # [..., layer]
    index: Complexes  # [..., layer + 2]; of a uniaxial layer: of both its indices moved together
    index_extraordinary: Complexes  # [..., layer + 2]; of n_e alone

    def along(self, thickness_nm: Reals, index: Complexes, index_extraordinary: Complexes) -> Reals:
        """Derivatives [..., path] along paths on which thickness [path, layer] and indices [path, layer + 2] change so."""
        ordinary = (self.index - self.index_extraordinary) @ index.T
        return self.thickness_per_nm @ thickness_nm.T + (ordinary + self.index_extraordinary @ index_extraordinary.T).real


@dataclass(frozen=True)
class ConfinementSlopes:
    """How a mode's confinement and sensitivity change with its stack; axes [of what, by what].

    ``by_thickness_per_nm``, ``by_index`` and ``by_index_extraordinary`` hold the derivatives of the three arrays of
    :class:`Sensitivity`, the mode's own: together the Hessian of n_eff, which is analytic in all its arguments.
    """

    intensity: Slopes  # [layer + 2, ...]; of confinement.intensity
    by_thickness_per_nm: Sensitivity  # [layer, ...]; of dn_eff/dd
    by_index: Sensitivity  # [layer + 2, ...]; of dn_eff/dn
    by_index_extraordinary: Sensitivity  # [layer + 2, ...]; of dn_eff/dn_e

    @property
    def gain(self) -> Slopes:
        """[layer + 2, ...]; of confinement.gain = Re dn_eff/dn."""
        second = self.by_index
        return Slopes(second.thickness_per_nm.real, second.index, second.index_extraordinary)


def confinement_slopes(mode: ModePlace) -> ConfinementSlopes:
    """Derivatives of ``confinement.intensity`` and ``confinement.gain`` by every thickness and complex index.

    Parameters
    ----------
    mode : Mode, or anything with its stack, ``polarization`` and ``n_eff``
        On the sheet of the root rule, Re k_z + Im k_z > 0 in both half-spaces.

    Returns
    -------
    ConfinementSlopes

    Raises
    ------
    ArgumentError
        ``n_eff`` is no mode of the stack on that sheet, or two modes that double precision cannot tell apart, whose field
        is any mixture of the two.

    Notes
    -----
    Gamma_i = T_i / sum T, T_i = int_i |E|^2 over the layers and the tails of closed half-spaces, is a function of the
    interface fields, the indices, the thicknesses and n_eff, all of which move:

        dGamma_i = (dT_i - Gamma_i sum dT) / sum T
        TE: dT = 2 Re int dU U*;  TM: dT = 2 Re (int dV V* + w int dU U*) + dw int |U|^2,  w = |n_eff/eps_e|^2

    and likewise of dn_eff/dp = K_p/(2 n_eff B) with B = int g1 U^2 and K_p the integral of measure_kernel.py,

        d2 n_eff/dp dq = dK_p/dq / (2 n_eff B) - dn_eff/dp (dn_eff/dq / n_eff + dB/dq / B).

    All integrals are closed forms: no difference is taken anywhere. Gamma does not change when all lengths and the
    wavelength grow together, so its derivative by the wavelength at fixed indices is -sum_j d_j dGamma/dd_j / lambda.
    Where a half-space opens (cut-off) the intensity jumps, for its tail leaves the window.

    Examples
    --------
    A symmetric slab draws its field in as it grows, and loses none of what it holds in all:

    >>> from qdphotonics.planar import confinement_slopes, find_modes
    >>> mode = find_modes([1.5, 2.0, 1.5], [200.0], 633.0, "TE").modes[0]
    >>> slopes = confinement_slopes(mode)
    >>> slopes.intensity.thickness_per_nm.round(6).ravel().tolist()
    [-0.000901, 0.001801, -0.000901]
    """
    from qdphotonics.planar.field_slopes import field_slopes, with_mode
    from qdphotonics.planar.integral_slopes import integral_slopes

    one_of("mode.polarization", mode.polarization, ("TE", "TM"))
    regions = _regions(mode)
    rates = with_mode(regions, *_explicit(mode))
    dU, dV = field_slopes(regions, rates)
    intensity = _intensity_slopes(mode, rates, integral_slopes(regions, rates, dU, dV, conjugate=True))
    second = _second(mode, regions, rates, (dU, dV), integral_slopes(regions, rates, dU, dV, conjugate=False))
    k0, layers = wavenumber_per_nm(mode.wavelength_nm), mode.thickness_nm.size
    by_thickness, by_index, by_extraordinary = _split(second, layers)
    thickness, index, extraordinary = _split(np.ascontiguousarray(intensity.T), layers)
    return ConfinementSlopes(
        Slopes(thickness.T.real * k0, index.T, extraordinary.T),
        _sensitivity(by_thickness * k0, layers, k0),
        _sensitivity(by_index, layers, k0),
        _sensitivity(by_extraordinary, layers, k0),
    )


def _regions(mode: ModePlace) -> Regions:
    """The stack in units of 1/k0, with the mode's field."""
    from qdphotonics.planar.dispersion import N, dispersion, halfspace_kappas, pack, workspace
    from qdphotonics.planar.field_slopes import Regions
    from qdphotonics.planar.profile import interface_fields, layer_integrals

    guide = pack(mode.index, mode.index_extraordinary, mode.thickness_nm, mode.wavelength_nm, mode.polarization)
    work, n_eff = workspace(guide.q.size, guide.row.size), complex(mode.n_eff)
    _check_place(mode.polarization, n_eff, *(dispersion(guide, place, N, 0j, 0j, work) for place in (n_eff, n_eff + NEARBY)))
    kappa = np.array([halfspace_kappas(guide, side, np.array([n_eff * n_eff]))[0] for side in (0, 1)])
    interface_fields(guide, n_eff, kappa[0], kappa[1], work)
    layer_integrals(guide, n_eff, kappa[0], kappa[1], work)
    q, g0, g1 = (
        np.concatenate([guide.outer[:1, column], inner[guide.row], guide.outer[1:, column]])
        for column, inner in enumerate((guide.q, guide.g0, guide.g1))
    )
    U, V = work.fields.T
    return Regions(q, g0 - g1 * n_eff**2, g1, guide.k0d[guide.row], kappa, U, V, *work.products.T)


def _check_place(polarization: str, n_eff: complex, here: tuple[complex, complex, float], beside: tuple[complex, complex, float]) -> None:
    """Refuse what is no mode, and a pair: D, D' and the log of their scale at n_eff and NEARBY tell them."""
    value, slope, scale = here
    if abs(slope) * exp(min(scale - beside[2], 1.0)) < PAIRED * abs(beside[1]):
        told = "is two of them, closer than double precision resolves, with no field of their own"
        refuse_since("mode", "be a single mode", f"{polarization} n_eff = {n_eff:.9g} {told}")
    if not abs(value) <= MISSES * abs(slope):
        refuse_since("mode", "be one of its stack, on the sheet of the root rule", f"{polarization} n_eff = {n_eff:.9g} is none")


def _explicit(mode: ModePlace) -> tuple[Complexes, Complexes, Reals]:
    """(dq, dg, dlength) at fixed n_eff by the parameters: length of each layer, n_o of each region, for TM n_e of each."""
    layers, regions = mode.thickness_nm.size, mode.index.size
    te = mode.polarization == "TE"
    count = layers + regions if te else layers + 2 * regions
    dq, dg, dlength = np.zeros((count, regions), np.complex128), np.zeros((count, regions), np.complex128), np.zeros((count, layers))
    dlength[:layers] = np.eye(layers)
    own = np.arange(regions)
    (dg if te else dq)[layers + own, own] = 2.0 * mode.index
    if not te:
        dg[layers + regions + own, own] = 2.0 * mode.n_eff**2 / mode.index_extraordinary**3
    return dq, dg, dlength


def _intensity_slopes(mode: ModePlace, rates: Rates, changes: Changes) -> Complexes:
    """dGamma [layer + 2, parameter], a change of it being the real part."""
    total, slope = changes.UU.real, 2.0 * changes.dUU
    if mode.polarization == "TM":
        share = np.abs(mode.n_eff / mode.index_extraordinary**2) ** 2
        slope = 2.0 * (changes.dVV + share * changes.dUU + share * (0.5 * rates.u[:, None] / mode.n_eff**2) * total)
        own = np.arange(mode.index.size)
        slope[own - mode.index.size, own] -= 4.0 * share * total / mode.index_extraordinary
        total = changes.VV.real + share * total
    share_of_all = total / total.sum()
    return np.asarray((slope - share_of_all * slope.sum(axis=1, keepdims=True)).T / total.sum())


def _second(mode: ModePlace, regions: Regions, rates: Rates, field: tuple[Complexes, Complexes], changes: Changes) -> Complexes:
    """d2 n_eff [parameter, parameter]."""
    layers, count, own = mode.thickness_nm.size, mode.index.size, np.arange(mode.index.size)
    u, n_o, n_e = mode.n_eff**2, mode.index, mode.index_extraordinary
    dUU, dVV = 2.0 * changes.dUU, 2.0 * changes.dVV
    norm, dnorm = (regions.g1 * regions.UU).sum(), dUU @ regions.g1
    kicks, dkicks = [regions.growth], [_growth_slopes(regions, rates, *field)]
    if mode.polarization == "TE":
        kicks.append(2.0 * n_o * regions.UU)
        dkicks.append(2.0 * n_o * dUU)
        dkicks[1][layers + own, own] += 2.0 * regions.UU
    else:
        weight = 2.0 * u / n_e**3
        kicks += [2.0 * n_o * regions.VV, weight * regions.UU]
        dkicks += [2.0 * n_o * dVV, weight * dUU + (rates.u[:, None] / u) * kicks[2]]
        dkicks[1][layers + own, own] += 2.0 * regions.VV
        dkicks[2][layers + count + own, own] -= 3.0 * kicks[2] / n_e
        dnorm[layers + count :] -= 2.0 * regions.UU / n_e**3
    scale = 0.5 / (mode.n_eff * norm)
    first = np.concatenate(kicks) * scale
    relative = first / mode.n_eff + dnorm / norm
    return np.asarray(np.concatenate(dkicks, axis=1).T * scale - first[:, None] * relative)


def _growth_slopes(regions: Regions, rates: Rates, dU: Complexes, dV: Complexes) -> Complexes:
    """d(g U^2 + q V^2) [parameter, layer], taken at the same height as ``Regions.growth``."""
    at, inner = regions.weaker, slice(1, -1)
    U, V = regions.U[at], regions.V[at]
    explicit = rates.g[:, inner] * U**2 + rates.q[:, inner] * V**2
    return explicit + 2.0 * (regions.g[inner] * U * dU[:, at] + regions.q[inner] * V * dV[:, at])


def _split(by_parameter: Complexes, layers: int) -> tuple[Complexes, Complexes, Complexes]:
    """By parameter [parameter, ...] as by thickness, by both indices together, and by n_e alone."""
    thickness, index, extraordinary = by_parameter[:layers], by_parameter[layers : 2 * layers + 2], by_parameter[2 * layers + 2 :]
    if not extraordinary.size:
        extraordinary = np.zeros_like(index)
    return thickness, index + extraordinary, extraordinary


def _sensitivity(by_parameter: Complexes, layers: int, k0: float) -> Sensitivity:
    """Rows [of what, parameter] with the parameters told apart."""
    thickness, index, extraordinary = _split(np.ascontiguousarray(by_parameter.T), layers)
    return Sensitivity(thickness.T * k0, index.T, extraordinary.T)
