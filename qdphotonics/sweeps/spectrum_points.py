"""Reflectance, transmittance and absorptance of many stacks at once: what ``spectrum`` prints, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError, StackError
from qdphotonics.optics.spectra import FAINT_EXTINCTION, Side
from qdphotonics.sweeps.each_point import error_text

if TYPE_CHECKING:
    from qdphotonics.planar import Scattering
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.space import PointArrays

Reals = NDArray[np.float64]
POLARIZATIONS: tuple[Polarization, ...] = ("TE", "TM")


def evaluate_spectra(
    stack: Stack, arrays: PointArrays, angle_deg: Reals, from_side: Side, quantities: Sequence[Quantity]
) -> tuple[dict[str, Reals], dict[int, str]]:
    """Quantities of the family ``spectrum`` at some points.

    Parameters
    ----------
    stack : Stack
        Whose layers all points have, in name and coherence.
    arrays : PointArrays
    angle_deg : float array [point]
        In the half-space that the light comes from.
    from_side : {"substrate", "superstrate"}
    quantities : sequence of Quantity

    Returns
    -------
    values : dict of name to float array [point]
        nan where there is an error.
    errors : dict of position to text
    """
    errors = {at: error_text(problem) for at, problem in arrays.errors.items()}
    entrance = arrays.index[:, 0 if from_side == "substrate" else -1]
    for at in np.flatnonzero(np.abs(entrance.imag) > FAINT_EXTINCTION).tolist():
        told = f"the {from_side} must be transparent for light to come from it, but its k is {entrance[at].imag:.3g}"
        errors.setdefault(at, error_text(StackError(f"{told}; take the other side, or another {from_side}")))
    values = {quantity.name: np.full(len(arrays), np.nan) for quantity in quantities}
    sound = np.setdiff1d(np.arange(len(arrays)), list(errors))
    for polarization in POLARIZATIONS:
        wanted = [quantity for quantity in quantities if quantity.kind.name.endswith(polarization)]
        if wanted:
            _fill(stack, arrays, angle_deg, from_side, polarization, wanted, sound, values, errors)
    return values, errors


def _fill(
    stack: Stack,
    arrays: PointArrays,
    angle_deg: Reals,
    from_side: Side,
    polarization: Polarization,
    wanted: Sequence[Quantity],
    points: NDArray[np.intp],
    values: dict[str, Reals],
    errors: dict[int, str],
) -> None:
    """One polarization, all points at once; one after another where one of them is refused."""
    absorptance = any(quantity.layer is not None for quantity in wanted)
    try:
        found = _scattered(stack, arrays, angle_deg, from_side, polarization, points, absorptance)
    except ArgumentError as problem:
        if len(points) == 1:
            errors[int(points[0])] = error_text(problem)
            return
        for point in points:
            _fill(stack, arrays, angle_deg, from_side, polarization, wanted, np.array([point]), values, errors)
        return
    shares = found.absorptance[:, _order(from_side)]
    for quantity in wanted:
        if quantity.layer is not None:
            layers = [at for at, layer in enumerate(stack.layers) if quantity.layer in (layer.name, layer.written_name)]
            values[quantity.name][points] = shares[:, layers].sum(axis=1)
        else:
            values[quantity.name][points] = getattr(found, quantity.kind.name.split(".")[0])


def _scattered(
    stack: Stack,
    arrays: PointArrays,
    angle_deg: Reals,
    from_side: Side,
    polarization: Polarization,
    points: NDArray[np.intp],
    absorptance: bool,
) -> Scattering:
    from qdphotonics import planar

    order = _order(from_side)
    index, normal = arrays.index[points][:, order], arrays.index_extraordinary[points][:, order]
    for each in (index, normal):
        each[:, 0] = each[:, 0].real  # the faint absorption of a glass, as `spectrum` leaves it out
    return planar.scatter(
        index,
        arrays.thickness_nm[points][:, order],
        arrays.wavelength_nm[points],
        angle_deg[points],
        polarization,
        index_extraordinary=normal,
        coherent=np.array([layer.coherent for layer in stack.layers], dtype=bool)[order],
        absorptance=absorptance,
    )


def _order(from_side: Side) -> slice:
    """Of the layers, as the light meets them."""
    return slice(None) if from_side == "substrate" else slice(None, None, -1)
