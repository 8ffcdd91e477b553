"""What of a mode leaves the edge of a stack into air: a narrow mode is turned back more than Fresnel's formula for n_eff says.

At the edge the mode's field phi(z) has to be continued by plane waves of the air, k_z = k0 q; those of q^2 + s^2 > 1 carry nothing
away, s = n_eff sin(angle) being the index along the edge, which the light keeps. With the field at the edge taken as that of the
mode alone, and the other continuous field (H_z of TE, E_z of TM) continued in the mean over it::

    T = 4 beta Re g/|beta + g|^2      g = <sqrt(1 - s^2 - q^2)> over |phi~(q)|^2, upper root
                                      beta = sqrt(n_eff^2 - s^2), for TM times <Re 1/n^2> over |phi|^2

So a wide mode has Fresnel's T, one of half a wavelength less (TE), and none leaves beyond total reflection. The rest runs back and is
not followed. With all modes of guide and air T is 3 to 6 points lower, 10 for a Bragg mode, by what goes into other modes. Fields
across the edge are treated as scalar at an angle.

References
----------
Ikegami, IEEE J. Quantum Electron. 8, 470 (1972), doi:10.1109/JQE.1972.1077091
"""

from __future__ import annotations

from math import ceil, log2
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.optics import fields

if TYPE_CHECKING:
    from qdphotonics.optics import StackMode

Array = NDArray[np.float64]

ANGLES_RAD = np.linspace(0.0, np.pi / 2, 31)  # in the plane, from the normal of the edge; T is interpolated
STEP_WAVELENGTHS = 1 / 40  # of the field along z
BESIDE_WAVELENGTHS = 12.0  # of nothing, on each side of the stack: resolves q to 1/25
LARGEST_Q = 5.0  # what a field that is smooth but for kinks holds beyond is below 1e-4


def edge_transmission(mode: StackMode) -> Array:
    """Share of a mode's power that leaves an edge normal to the layers into air, by its angle in the plane.

    Parameters
    ----------
    mode : StackMode
        Its field in open half-spaces is left out.

    Returns
    -------
    array [angle]
        At :data:`ANGLES_RAD` in the film.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> mode = qdp.find_modes("jung2022-lito-ag", polarization="TE")["TE0"]
    >>> edge_transmission(mode)[[0, 20]].round(2).tolist()  # Fresnel: 0.94; total reflection begins at 38 degrees
    [0.87, 0.0]
    """
    q, share, inverse = _spectrum(mode)
    index = float(mode.n_eff.real)
    along = index * np.sin(ANGLES_RAD)
    outside = np.sqrt(1 - along[:, None] ** 2 - q**2 + 0j) @ share
    inside = np.sqrt(np.maximum(index**2 - along**2, 0.0)) * inverse
    sum_squared = np.maximum(np.abs(inside + outside) ** 2, np.finfo(np.float64).tiny)
    return np.asarray(np.clip(4 * inside * outside.real / sum_squared, 0.0, 1.0))


def _spectrum(mode: StackMode) -> tuple[Array, Array, float]:
    """q and |phi~|^2, of sum 1; for TM the mean of Re 1/n^2, else 1."""
    nm = mode.wavelength_nm
    thickness = float(mode.solution.thickness_nm.sum())
    step = STEP_WAVELENGTHS * nm
    points = 2 ** ceil(log2((thickness + 2 * BESIDE_WAVELENGTHS * nm) / step))
    z = (np.arange(points) - points // 2) * step + thickness / 2
    profile = fields(mode, z)
    field = (profile.electric if mode.polarization == "TE" else profile.magnetic)[1]
    field = np.where(((z < 0) & mode.open["substrate"]) | ((z > thickness) & mode.open["superstrate"]), 0.0, field)
    q = nm * np.fft.fftfreq(points, step)
    power = np.abs(np.fft.fft(field)) ** 2
    kept = np.abs(q) <= LARGEST_Q
    weight = np.abs(field) ** 2
    inverse = 1.0 if mode.polarization == "TE" else float((weight @ (1 / profile.index**2)).real / weight.sum())
    return q[kept], power[kept] / power[kept].sum(), inverse
