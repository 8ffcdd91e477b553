"""How the arrays of a stack change along the paths of a design: what the derivatives of a mode are multiplied with.

A thickness and the wavelength are exact. Any other path goes through the stack itself, by differences of fourth order about
the value, or beside it where the stack may have no value beyond: exact for what is linear or quadratic in it (an index, an
absorption, a current that is balanced by a rate), else good to some 1e-11 of a value that varies over its own size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.sweeps.space import Directions, PointArrays

if TYPE_CHECKING:
    from qdphotonics.sweeps.space import DesignSpace, Reals

STEP = 1e-3  # of the value: its fourth power is lost in rounding, and rounding is magnified a thousandfold only
STENCILS = (  # places in steps, weights: about the value, and to either side of it
    ((-2, -1, 1, 2), (1 / 12, -8 / 12, 8 / 12, -1 / 12)),
    ((0, 1, 2, 3, 4), (-25 / 12, 4.0, -3.0, 4 / 3, -1 / 4)),
    ((0, -1, -2, -3, -4), (25 / 12, -4.0, 3.0, -4 / 3, 1 / 4)),
)


def directions(space: DesignSpace, values: Reals) -> Directions:
    """Derivatives of the arrays by each path's value, at one point.

    Parameters
    ----------
    space : DesignSpace
    values : float array [path]

    Returns
    -------
    Directions

    Raises
    ------
    InputError
        The stack cannot be at this point, or on neither side of it.
    """
    here = space.arrays(values[None, :], gain=False)
    if here.errors:
        raise here.errors[0]
    stack = space.stack if space.wavelength is None else space.changed(values)  # for its dispersion; it takes longer than a mode
    paths, regions = len(space.paths), len(stack.all_names)
    found = Directions(
        np.zeros((paths, regions - 2)),
        np.zeros((paths, regions), np.complex128),
        np.zeros((paths, regions), np.complex128),
        np.zeros(paths),
        np.zeros((paths, regions), np.complex128),
        np.zeros(paths),
    )
    for path in range(paths):
        if path in space.plain:
            found.thickness_nm[path, space.plain[path]] = 1.0
        elif path == space.wavelength:
            found.wavelength_nm[path] = 1.0
            found.index[path] = stack.dindex_dwavelength()
            found.index_extraordinary[path] = stack.dindex_extraordinary_dwavelength()
            found.unit_change[path] = here.unit_change[0] / here.wavelength_nm[0]  # proportional to the wavelength
        else:
            _by_differences(space, values, path, found)
    if stack.medium is None:
        found.material_gain_per_cm[:] = np.nan
    return found


def _by_differences(space: DesignSpace, values: Reals, path: int, found: Directions) -> None:
    step = STEP * (abs(values[path]) or 1.0)
    problem = None
    for places, weights in STENCILS:
        table = np.repeat(values[None, :], len(places), axis=0)
        table[:, path] += step * np.array(places)
        arrays = space.arrays(table)
        if arrays.errors:
            problem = problem or next(iter(arrays.errors.values()))
            continue
        _write(found, path, arrays, np.array(weights) / step)
        return
    assert problem is not None  # each stencil that was passed over left one
    raise problem


def _write(found: Directions, path: int, arrays: PointArrays, weights: Reals) -> None:
    for name in ("thickness_nm", "index", "index_extraordinary", "material_gain_per_cm"):
        value = getattr(arrays, name)
        getattr(found, name)[path] = weights @ (value - value[0])  # the weights sum to 0: what stays as it is leaves no rounding
