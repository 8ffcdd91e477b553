"""Where a quantity jumps between neighbouring points, as where one mode takes the place of another: no contour belongs there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

STEEP = 4.0  # times the larger of the steps before and behind: a smooth slope, a kink or a peak has none such
LEAST = 0.04  # of the range of the shades: less is not seen


def jumping_cells(shades: Reals) -> NDArray[np.bool_]:
    """The cells between four points along a side of which a quantity jumps.

    Parameters
    ----------
    shades : float array [x, y]
        The quantity, from 0 to 1 over the range that is shown; nan where it is not known.

    Returns
    -------
    bool array [x - 1, y - 1]

    Examples
    --------
    >>> x, y = np.meshgrid(np.linspace(0, 0.5, 6), np.linspace(0, 0.5, 4), indexing="ij")
    >>> jumping_cells(x * y).any(), np.flatnonzero(jumping_cells(x * y + (x > 0.25)).all(axis=1))
    (np.False_, array([2]))
    """
    along_x, along_y = _jumps(shades), _jumps(shades.T).T
    return np.asarray(along_x[:, 1:] | along_x[:, :-1] | along_y[1:] | along_y[:-1])


def _jumps(shades: Reals) -> NDArray[np.bool_]:
    """Steps along the first axis that are jumps [x - 1, y]."""
    step = np.abs(np.diff(shades, axis=0))
    none = np.full((1, step.shape[1]), np.nan)
    beside = np.fmax(np.concatenate((none, step[:-1])), np.concatenate((step[1:], none)))
    return np.asarray((step > STEEP * beside) & (step > LEAST))


def halved(values: Reals) -> Reals:
    """Values on a grid of half the step, midway those of the straight line between neighbours: what contours follow anyway.

    Examples
    --------
    >>> halved(np.array([[0.0, 2.0], [4.0, 6.0]])).tolist()
    [[0.0, 1.0, 2.0], [2.0, 3.0, 4.0], [4.0, 5.0, 6.0]]
    """
    finer = values
    for axis in range(values.ndim):
        rows = np.moveaxis(finer, axis, 0)
        between = np.empty((2 * len(rows) - 1, *rows.shape[1:]))
        between[::2], between[1::2] = rows, 0.5 * (rows[1:] + rows[:-1])
        finer = np.moveaxis(between, 0, axis)
    return finer
