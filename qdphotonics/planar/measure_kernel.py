"""What a mode's field tells: confinement, the loss budget by Poynting's theorem, exact derivatives.

Short names: U, V as in dispersion.py; TE: E_y = U, H = (iV, 0, N U); TM: H_y = U, E = (-iV, 0, -N U/eps_e), H times Z0.
Reference: PHYSICS section 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.dispersion import Guide, Workspace, halfspace_kappa
from qdphotonics.planar.profile import interface_fields, layer_integrals, layer_peaks


class Regions(NamedTuple):
    """The stack by region [substrate, layers …, superstrate]: ordinary and extraordinary values side by side."""

    n: NDArray[np.complex128]  # [layer + 2, 2]
    density: NDArray[np.float64]  # [layer + 2, 2]; Re(eps - lambda deps/dlambda)


class Measures(NamedTuple):
    """What the kernel fills. Lengths in units of 1/k0; losses as fractions of 2 k0, so that they sum to Im n_eff."""

    intensity: NDArray[np.float64]  # [layer + 2]
    energy: NDArray[np.float64]  # [layer + 2]
    absorbed: NDArray[np.float64]  # [layer + 2]
    radiated: NDArray[np.float64]  # [2]
    by_thickness: NDArray[np.complex128]  # [layer]; dn_eff/d(k0 d)
    by_index: NDArray[np.complex128]  # [layer + 2]; n_o and n_e moved together
    by_extraordinary: NDArray[np.complex128]  # [layer + 2]; n_e alone


@kernel()
def measure_mode(
    guide: Guide, regions: Regions, te: bool, n_eff: complex, kappa_s: complex, kappa_c: complex, work: Workspace, out: Measures
) -> None:
    """Solve for the field of the mode at n_eff on the sheet of kappa_s, kappa_c, and fill ``out``; the field stays in ``work``."""
    interface_fields(guide, n_eff, kappa_s, kappa_c, work)
    layer_integrals(guide, n_eff, kappa_s, kappa_c, work)
    _shares(regions, te, n_eff, kappa_s, kappa_c, work, out)
    _derivatives(guide, regions, te, n_eff, work, out)


class Looks(NamedTuple):
    """What tells the character of modes; all but ``kappa`` is filled only where it is asked for."""

    kappa: NDArray[np.complex128]  # [mode, side]
    edges: NDArray[np.float64]  # [mode, interface]; |U|^2
    peaks: NDArray[np.float64]  # [mode, layer, 2]; see layer_peaks


@kernel()
def measure_modes(
    guide: Guide, regions: Regions, te: bool, n_eff: NDArray[np.complex128], look: bool, work: Workspace, out: Measures, looks: Looks
) -> None:
    """measure_mode for modes on the sheet of the root rule, every array with the axis [mode] first; ``look``: fill ``looks``."""
    layers = guide.row.size
    across = np.zeros(layers)
    for mode in range(n_eff.size):
        u = n_eff[mode] * n_eff[mode]
        for side in range(2):
            looks.kappa[mode, side] = halfspace_kappa(guide, side, u, 0j)
        single = Measures(
            out.intensity[mode],
            out.energy[mode],
            out.absorbed[mode],
            out.radiated[mode],
            out.by_thickness[mode],
            out.by_index[mode],
            out.by_extraordinary[mode],
        )
        measure_mode(guide, regions, te, n_eff[mode], looks.kappa[mode, 0], looks.kappa[mode, 1], work, single)
        if look:
            for at in range(layers + 1):
                looks.edges[mode, at] = work.fields[at, 0].real ** 2 + work.fields[at, 0].imag ** 2
            if not te:
                for layer in range(layers):
                    across[layer] = abs(n_eff[mode]) ** 2 / abs(regions.n[layer + 1, 1]) ** 4
            layer_peaks(guide, n_eff[mode], across, work, looks.peaks[mode])


@kernel(inline=True)
def _shares(regions: Regions, te: bool, n_eff: complex, kappa_s: complex, kappa_c: complex, work: Workspace, out: Measures) -> None:
    """Confinement by intensity and energy, and Poynting's budget: what is absorbed and radiated over twice int S_x."""
    count = out.intensity.size
    N_squared = n_eff.real**2 + n_eff.imag**2
    intensity_sum = energy_sum = power = 0.0
    for at in range(count):
        UU, VV = work.squares[at, 0], work.squares[at, 1]
        n_o, n_e = regions.n[at, 0], regions.n[at, 1]
        eps_o, eps_e = n_o * n_o, n_e * n_e
        if te:
            in_plane, normal, magnetic = UU, 0.0, VV + N_squared * UU
            power += n_eff.real * UU
        else:
            in_plane, normal, magnetic = VV, N_squared / (eps_e.real**2 + eps_e.imag**2) * UU, UU
            power += (n_eff / eps_e).real * UU
        out.intensity[at] = in_plane + normal
        out.energy[at] = regions.density[at, 0] * in_plane + regions.density[at, 1] * normal + magnetic
        out.absorbed[at] = 0.5 * (eps_o.imag * in_plane + eps_e.imag * normal)
        intensity_sum += out.intensity[at]
        energy_sum += out.energy[at]
    for at in range(count):
        out.intensity[at] /= intensity_sum
        out.energy[at] /= energy_sum
        out.absorbed[at] /= power
    for side in range(2):
        kappa = kappa_s if side == 0 else kappa_c
        U, V = work.fields[side * (count - 2), 0], work.fields[side * (count - 2), 1]
        upwards = (U.conjugate() * V).imag  # 2 S_z
        out.radiated[side] = 0.5 * (upwards if side == 1 else -upwards) / power if (kappa * kappa).real > 0.0 else 0.0


@kernel(inline=True)
def _derivatives(guide: Guide, regions: Regions, te: bool, n_eff: complex, work: Workspace, out: Measures) -> None:
    """First-order perturbation of D = 0: du int g1 U^2 = sum of int (dg U^2 + dq V^2) + (q V^2 + g U^2) d(k0 d)."""
    count = out.intensity.size
    u = n_eff * n_eff
    norm = 0j
    for at in range(count):
        g1 = guide.outer[0, 2] if at == 0 else guide.outer[1, 2] if at == count - 1 else guide.g1[guide.row[at - 1]]
        norm += g1 * work.products[at, 0]
    scale = 1.0 / (n_eff * norm)
    for at in range(count):
        n_o, n_e = regions.n[at, 0], regions.n[at, 1]
        if te:
            out.by_extraordinary[at] = 0j
            out.by_index[at] = n_o * work.products[at, 0] * scale
        else:
            out.by_extraordinary[at] = u * work.products[at, 0] * scale / (n_e * n_e * n_e)
            out.by_index[at] = n_o * work.products[at, 1] * scale + out.by_extraordinary[at]
    for layer in range(count - 2):
        row = guide.row[layer]
        U, V = work.fields[layer, 0], work.fields[layer, 1]
        out.by_thickness[layer] = 0.5 * scale * (guide.q[row] * V * V + (guide.g0[row] - guide.g1[row] * u) * U * U)
