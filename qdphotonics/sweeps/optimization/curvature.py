"""How quantities curve along the paths of a design: what tells a local search how far to go in which direction.

The Hessian of n_eff by thicknesses and indices is known in closed form from the field at hand
(:func:`~qdphotonics.planar.confinement_slopes`), so it costs no further solution:

    d²n_eff/dx dy = sum of d²n_eff/dp dq · dp/dx · dq/dy,   p, q: thicknesses and indices,

and with it the curvature of the loss and of the net gain. What bends the paths themselves (a thickness written in quarter
waves of a varied index) is left out: it sets the length of a first step, and no answer rests on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.sweeps.gradients import slopes_of, thickness_along
from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from qdphotonics.laser.following import FollowedPoint
    from qdphotonics.planar.results import Sensitivity
    from qdphotonics.sweeps.follower import FollowedDesign
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.space import Directions

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]

OF_N_EFF = ("n_eff", "loss_per_cm", "net_gain_per_cm", "modal_gain_per_cm")  # quantities that are linear in n_eff


def curvatures(quantities: Sequence[Quantity], along: Directions, design: FollowedDesign) -> dict[str, Reals]:
    """Second derivatives of those quantities that are linear in n_eff.

    Parameters
    ----------
    quantities : sequence of Quantity
        Of the mode of ``design``.
    along : Directions
        Of the paths, at the design.
    design : FollowedDesign

    Returns
    -------
    dict of quantity name to float array [path, path]
        Of those in OF_N_EFF; none where the field is no single mode's (twins).
    """
    names = {quantity.kind.name for quantity in quantities}
    gain = design.arrays.gain_change[0]
    found: dict[str, Reals] = {}
    try:
        if names & {"n_eff", "loss_per_cm", "modal_gain_per_cm"}:
            passive = _second(design, design.passive, np.zeros_like(gain), along)
            found["n_eff"] = passive.real
            found["loss_per_cm"] = loss_per_cm(passive.imag, design.passive.wavelength_nm)
        if names & {"net_gain_per_cm", "modal_gain_per_cm"} and design.pumped is not None:
            pumped = _second(design, design.pumped, gain, along)
            found["net_gain_per_cm"] = -loss_per_cm(pumped.imag, design.pumped.wavelength_nm)
            found["modal_gain_per_cm"] = found["net_gain_per_cm"] + found.get("loss_per_cm", 0.0)
    except ArgumentError:
        return {}
    return {quantity.name: found[quantity.kind.name] for quantity in quantities if quantity.kind.name in found}


def _second(design: FollowedDesign, mode: FollowedPoint, gain: Complexes, along: Directions) -> Complexes:
    """d²n_eff [path, path]; ``gain`` [layer + 2]: what the medium adds to the indices."""
    slopes, thickness = slopes_of(design, mode, gain), thickness_along(along, design)

    def response(rates: Sensitivity) -> Complexes:
        """[of what, path]"""
        ordinary = (rates.index - rates.index_extraordinary) @ along.index.T
        return rates.thickness_per_nm @ thickness.T + ordinary + rates.index_extraordinary @ along.index_extraordinary.T

    by_index, by_extraordinary = response(slopes.by_index), response(slopes.by_index_extraordinary)
    ordinary = along.index @ (by_index - by_extraordinary)
    return np.asarray(thickness @ response(slopes.by_thickness_per_nm) + ordinary + along.index_extraordinary @ by_extraordinary)
