"""The points of a sweep: axes, those that step together, and the product of all of them.

::

    axes:                                        Design
      layers.QD.thickness: {from: 50, to: 150, step: 1}      Group "layers.QD.thickness"   101
      zip: {layers.DBR-H.thickness: [80, 90],                Group "zip"                     2
            layers.DBR-L.thickness: [110, 120]}
      wavelength: [620, 630, 640]                            Group "wavelength"              3

The dimensions stand in the order written; the last varies fastest (C order), so that a *flat index* names a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import floor, prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

ANGLE = "angle_deg"  # the one axis that changes no stack: the angle of incidence of a spectrum
ROUNDING = 1e-9  # of a step: whether the last point of a range falls on its end


@dataclass(frozen=True)
class Axis:
    """One thing that is changed, and to what.

    Parameters
    ----------
    path : str
        As of ``--set``, or ``angle_deg``.
    values : tuple
        Numbers in ``unit``, or what a stack file may hold there (a material's name, a medium …).
    unit : str
        Empty for pure numbers and for what is no number.
    numeric : bool
        Whether all values are numbers.
    """

    path: str
    values: tuple[Any, ...]
    unit: str = ""
    numeric: bool = True

    @cached_property
    def array(self) -> NDArray[Any]:
        """The values [position]: of float64 where they are numbers, else of objects."""
        if self.numeric:
            return np.array(self.values, dtype=np.float64)
        array = np.empty(len(self.values), dtype=object)
        array[:] = self.values
        return array

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Group:
    """Axes that step together: one dimension.

    Parameters
    ----------
    dimension : str
        The path of a lone axis, ``zip``, or ``sample``.
    axes : tuple of Axis
        All of one length.
    """

    dimension: str
    axes: tuple[Axis, ...]

    def __len__(self) -> int:
        return len(self.axes[0])


@dataclass(frozen=True)
class Design:
    """The product of groups of axes.

    Parameters
    ----------
    groups : tuple of Group
        In the order of the dimensions.

    Examples
    --------
    >>> design = Design((Group("wavelength", (Axis("wavelength", (620.0, 630.0), "nm"),)),
    ...                  Group("layers.QD.thickness", (Axis("layers.QD.thickness", (50.0, 60.0, 70.0), "nm"),))))
    >>> design.shape, design.size
    ((2, 3), 6)
    >>> design.values_at(np.array([1, 5]))["layers.QD.thickness"]
    array([60., 70.])
    >>> design.changes_at(4)
    {'wavelength': 630.0, 'layers.QD.thickness': 60.0}
    """

    groups: tuple[Group, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each dimension."""
        return tuple(len(group) for group in self.groups)

    @property
    def size(self) -> int:
        """How many points."""
        return prod(self.shape)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Name of each dimension."""
        return tuple(group.dimension for group in self.groups)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Every axis, in the order written."""
        return tuple(axis for group in self.groups for axis in group.axes)

    @property
    def paths(self) -> tuple[str, ...]:
        """Path of every axis."""
        return tuple(axis.path for axis in self.axes)

    def values_at(self, flat: ArrayLike) -> dict[str, NDArray[Any]]:
        """The values of every axis at some points.

        Parameters
        ----------
        flat : int array [...]
            Flat indices of the points, C order.

        Returns
        -------
        dict of path to array [...]
            Of float64, or of objects where the values of an axis are no numbers.
        """
        positions = np.unravel_index(np.asarray(flat, dtype=np.int64), self.shape)
        return {axis.path: axis.array[where] for group, where in zip(self.groups, positions, strict=True) for axis in group.axes}

    def changes_at(self, flat: int) -> dict[str, Any]:
        """The values of every axis at one point, plain, as :meth:`Stack.changed` takes them (but for ``angle_deg``)."""
        positions = np.unravel_index(flat, self.shape)
        return {axis.path: axis.values[where] for group, where in zip(self.groups, positions, strict=True) for axis in group.axes}


def count_of_steps(start: float, end: float, step: float) -> int:
    """How many whole steps lie between two ends; the rest of a step, were it longer than a rounding error, is one more point."""
    return floor((end - start) / step + ROUNDING)


def in_steps(start: float, end: float, step: float) -> NDArray[np.float64]:
    """Numbers from one end to the other, both included; the last step is shorter where it does not fit.

    Examples
    --------
    >>> in_steps(400, 410, 4).tolist()
    [400.0, 404.0, 408.0, 410.0]
    >>> in_steps(0, 0.3, 0.1).tolist()[-1]
    0.3
    """
    inner = start + step * np.arange(count_of_steps(start, end, step) + 1, dtype=np.float64)
    if end - inner[-1] > ROUNDING * step:
        return np.append(inner, end)
    inner[-1] = end
    return inner


def samples(kind: str, count: int, seed: int, low: ArrayLike, high: ArrayLike) -> NDArray[np.float64]:
    """Points that fill a box evenly, the same for the same seed.

    A Latin hypercube has one point in each of ``count`` equal slices of every axis (McKay, Beckman, Conover, Technometrics
    21, 239 (1979), doi 10.1080/00401706.1979.10489755); a scrambled Sobol sequence has low discrepancy in all axes together
    (Owen, J. Complexity 14, 466 (1998), doi 10.1006/jcom.1998.0487), best for a power of two.

    Parameters
    ----------
    kind : {"latin_hypercube", "sobol"}
    count, seed : int
    low, high : float array [axis]
        Corners of the box.

    Returns
    -------
    float array [count, axis]

    Examples
    --------
    >>> sorted(samples("latin_hypercube", 4, 1, [0], [4]).ravel().astype(int).tolist())
    [0, 1, 2, 3]
    """
    from scipy.stats import qmc

    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if kind == "latin_hypercube":
        unit = qmc.LatinHypercube(len(low), seed=seed).random(count)
    else:  # whole powers of two, of which the first are taken: the sequence warns of any other number
        unit = qmc.Sobol(len(low), seed=seed).random_base2((count - 1).bit_length())[:count]
    values: NDArray[np.float64] = low + (high - low) * unit
    return values
