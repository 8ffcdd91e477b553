"""Reflectance, transmittance and absorptance of planar stacks, of coherent and of thick incoherent layers.

   exit half-space       index[-1]    ^ T
------------------------------------  |
   layer L               index[L]     |          z points from the entrance half-space to the exit one.
   ...                                |          The light enters from index[0], at `angle_deg` from
   layer 1               index[1]     |          the normal z; the plane of incidence is xz.
------------------------------------ / \\         TE: E along y. TM: H along y.
   entrance half-space   index[0]   /   v R
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import complex_array, every, one_of, real_array, refuse, refuse_since
from qdphotonics.planar.results import Complexes, Reals
from qdphotonics.units import wavenumber_per_nm

Polarizations = Literal["TE", "TM", "both"]


@dataclass(frozen=True, eq=False)
class Scattering:
    """What becomes of a plane wave of unit flux. A leading axis (TE, TM) where ``polarization`` is "both"."""

    reflectance: Reals  # [...]
    transmittance: Reals  # [...]; into the exit half-space, 0 where that is lossless and reflects totally
    absorptance: Reals  # [..., layer]; negative: amplified; no layers where it was not asked for
    polarization: Polarizations
    wavelength_nm: Reals  # as given, as the angle
    angle_deg: Reals


def scatter(
    index: ArrayLike,
    thickness_nm: ArrayLike,
    wavelength_nm: ArrayLike,
    angle_deg: ArrayLike,
    polarization: Polarizations,
    *,
    index_extraordinary: ArrayLike | None = None,
    coherent: ArrayLike | None = None,
    absorptance: bool = True,
    threads: int = 1,
) -> Scattering:
    """Reflectance, transmittance and absorptance per layer of a batch of stacks.

    The leading axes of all arguments broadcast together: index [W, 1, layer + 2], wavelengths [W, 1] and angles [A] give
    results [W, A].

    Parameters
    ----------
    index : complex [..., layer + 2]
        Entrance half-space, layers, exit half-space; Im > 0 absorbs, Im < 0 amplifies. Real in the entrance half-space.
    thickness_nm : float [..., layer]
        Layer thicknesses, at least 0.
    wavelength_nm : float [...]
        Vacuum wavelength.
    angle_deg : float [...]
        Angle between the incident wave's normal and z, from 0 to less than 90.
    polarization : "TE", "TM" or "both"
        "both" puts an axis (TE, TM) before the others.
    index_extraordinary : complex [..., layer + 2], optional
        Index for fields along z, where it differs from ``index`` (uniaxial, axis normal to the layers).
    coherent : bool [layer], optional
        False: a layer so thick that the waves reflected at its faces do not interfere, a pane of glass for one. Beyond
        its critical angle, and in a metal, where the wave does not travel, it is treated as coherent.
    absorptance : bool
        False leaves the absorptance out, which takes half the time.
    threads : int
        How many threads may share the work.

    Returns
    -------
    Scattering
        ``reflectance``, ``transmittance`` [...] and ``absorptance`` [..., layer]. The latter is the closed form of the
        integral of Im(eps) |E|^2 over each layer, precise also where next to nothing is absorbed; so R + T + sum(A) = 1
        is a check, not a construction.

    Raises
    ------
    ArgumentError
        A value outside its range, shapes that do not fit, an entrance half-space that absorbs, a thick layer that
        amplifies light more than a round trip loses.

    Equations: scattering_layer_kernel.py; they are Abeles' matrices (Born and Wolf, Principles of Optics, section 1.6)
    times exp(i k_z d), so that nothing grows: any thickness of metal, any number of layers. In the exit half-space the
    root of k_z is that of :func:`qdphotonics.planar.kz.halfspace_kz`. Thick layers: scattering_thick.py.

    Examples
    --------
    A quarter wave of index sqrt(1.5) takes the reflection off glass:

    >>> coated = scatter([1.0, 1.5**0.5, 1.5], [550 / 4 / 1.5**0.5], 550, 0, "TE")
    >>> bool(coated.reflectance < 1e-30)
    True

    Both faces of a pane reflect (1/5)^2, and what goes to and fro between them adds up to 2/26:

    >>> pane = scatter([1.0, 1.5, 1.0], [1e6], 550, 0, "TE", coherent=[False])
    >>> round(float(pane.reflectance) * 26, 12)
    2.0
    """
    from qdphotonics.planar.scattering_grid import Inputs, scatter_grid  # with numba, which takes its time

    one_of("polarization", polarization, ("TE", "TM", "both"))
    if not isinstance(threads, int) or threads < 1:
        refuse("threads", "be a whole number of at least 1", repr(threads))
    n, d = complex_array("index", index), real_array("thickness_nm", thickness_nm)
    n_e = n if index_extraordinary is None else complex_array("index_extraordinary", index_extraordinary)
    wavelength, angle = real_array("wavelength_nm", wavelength_nm), real_array("angle_deg", angle_deg)
    _check_index("index", n)
    if n_e is not n:
        _check_index("index_extraordinary", n_e)
        if n_e.shape[-1] != n.shape[-1]:
            refuse_since("index_extraordinary", f"have {n.shape[-1]} entries, as `index` has", f"it has {n_e.shape[-1]}")
    if d.ndim == 0 or d.shape[-1] != n.shape[-1] - 2:
        refuse_since("thickness_nm", f"have a last axis of {n.shape[-1] - 2} layers, two fewer than `index`", f"its shape is {d.shape}")
    every("thickness_nm", "be at least 0", d, d >= 0)
    every("wavelength_nm", "be positive", wavelength, wavelength > 0)
    every("angle_deg", "be at least 0 and less than 90", angle, (angle >= 0) & (angle < 90))
    try:
        batch = np.broadcast_shapes(n.shape[:-1], n_e.shape[:-1], d.shape[:-1], wavelength.shape, angle.shape)
    except ValueError:
        others = f"thickness_nm {d.shape[:-1]}, wavelength_nm {wavelength.shape}, angle_deg {angle.shape}"
        refuse_since("index", "broadcast with the other arguments", f"the leading shapes are index {n.shape[:-1]}, {others}")
    inputs = Inputs(n, n_e, d, wavenumber_per_nm(wavelength), angle, batch)
    te, tm = polarization != "TM", polarization != "TE"
    flags = None if coherent is None else _checked_flags(coherent, d.shape[-1])
    if flags is None or flags.all():
        results = scatter_grid(inputs, te, tm, absorptance, threads)[:3]
    else:
        from qdphotonics.planar.scattering_thick import scatter_thick

        results = scatter_thick(inputs, flags, te, tm, absorptance, threads)
    return Scattering(*results, polarization, wavelength, angle)


def _check_index(name: str, array: Complexes) -> None:
    if array.ndim == 0 or array.shape[-1] < 2:
        refuse_since(name, "have a last axis of entrance half-space, layers and exit half-space", f"its shape is {array.shape}")
    every(name, "have a real part of at least 0 and not be 0", array, (array.real >= 0) & (array != 0))
    rule = "be real in the entrance half-space (reflectance has no meaning where the incident wave decays)"
    every(name, rule, array[..., 0], array[..., 0].imag == 0)


def _checked_flags(coherent: ArrayLike, layers: int) -> NDArray[np.bool_]:
    flags = np.asarray(coherent)
    if flags.shape != (layers,) or (layers > 0 and flags.dtype != np.bool_):
        refuse("coherent", f"be true or false for each of the {layers} layers", repr(coherent))
    return flags.astype(np.bool_)
