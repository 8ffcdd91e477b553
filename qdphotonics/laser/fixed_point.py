"""Many fixed points u = F(u) at once, by Anderson's acceleration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import EngineError

Array = NDArray[np.float64]
Mapping = Callable[[Array, NDArray[np.intp]], Array]

MEMORY = 6  # former steps that a new one is mixed from
LARGEST_STEP = 3.0  # in u: what a first guess far from the solution may ask for beyond says nothing


@dataclass
class _Past:
    """Differences of the latest iterates and residuals of one problem."""

    iterates: list[Array]
    residuals: list[Array]
    damping: float = 1.0
    least: float = np.inf


def fixed_points(mapping: Mapping, start: Array, tolerance: float, most_steps: int) -> Array:
    """Solutions [problem, unknown] of u = F(u) with u >= 0.

    Parameters
    ----------
    mapping : function
        F of iterates [some, unknown] of the problems with the indices [some].
    start : array [problem, unknown]
    tolerance : float
        Largest change that is left in any unknown.
    most_steps : int

    Raises
    ------
    EngineError
        A problem that does not settle.

    References
    ----------
    Walker and Ni, SIAM J. Numer. Anal. 49, 1715 (2011). doi:10.1137/10078356X
    """
    found = start.copy()
    pasts = [_Past([], []) for _ in start]
    open_ones = np.arange(len(start))
    for _ in range(most_steps):
        residual = mapping(found[open_ones], open_ones) - found[open_ones]
        going = np.abs(residual).max(axis=1) > tolerance
        found[open_ones[~going]] += residual[~going]
        open_ones, residual = open_ones[going], residual[going]
        if not open_ones.size:
            return found
        residual = np.clip(residual, -LARGEST_STEP, LARGEST_STEP)
        for place, left in zip(open_ones.tolist(), residual, strict=True):
            found[place] = np.maximum(_next(pasts[place], found[place], left), 0.0)
    raise EngineError(f"light and dots did not settle in {most_steps} steps, drives {open_ones.tolist()}")


def _next(past: _Past, iterate: Array, residual: Array) -> Array:
    """The next iterate: the mixture of former ones whose residual would be least, were F linear."""
    size = float(np.abs(residual).max())
    if size > 2 * past.least:  # the mixture led astray: start again from here, more carefully
        past.iterates.clear()
        past.residuals.clear()
        past.damping, past.least = max(past.damping / 2, 0.02), size
    else:
        past.damping, past.least = min(1.2 * past.damping, 1.0), min(size, past.least)
    past.iterates.append(iterate.copy())
    past.residuals.append(residual.copy())
    del past.iterates[: -MEMORY - 1], past.residuals[: -MEMORY - 1]
    step = past.damping * residual
    if len(past.iterates) == 1:
        return iterate + step
    of_iterates, of_residuals = np.diff(past.iterates, axis=0), np.diff(past.residuals, axis=0)
    share = np.linalg.lstsq(of_residuals.T, residual, rcond=1e-10)[0]
    mixture: Array = step - share @ (of_iterates + past.damping * of_residuals)
    if mixture @ residual < 0:  # F rises faster than u here, and the line through the iterates crosses u = F behind them
        past.iterates.clear()
        past.residuals.clear()
        return iterate + residual
    return iterate + np.clip(mixture, -LARGEST_STEP, LARGEST_STEP)
