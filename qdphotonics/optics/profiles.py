"""The field of a mode along the normal of the stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qdphotonics.optics.modes import StackMode

POINTS = 1001  # across the stack and its tails: some 3 nm apart in a typical stack
TAIL_DECAYS = 4.0  # a tail is drawn to e^-4 of its intensity …
LONGEST_TAIL_WAVELENGTHS = 1.0  # … but no farther than this


@dataclass(frozen=True, eq=False)
class ModeProfile:
    """The field of one mode.

    Parameters
    ----------
    mode : StackMode
    z_nm : float array [z]
        From the interface between the substrate and the first layer.
    layer : tuple of str [z]
    index : complex array [z]
    electric, magnetic : complex array [3, z]
        x, y, z components in one unit (H times the vacuum impedance), scaled so that the largest |E|^2 in the layers and
        in closed half-spaces is 1; into an open half-space a leaky mode may grow beyond.
    """

    mode: StackMode
    z_nm: NDArray[np.float64]
    layer: tuple[str, ...]
    index: NDArray[np.complex128]
    electric: NDArray[np.complex128]
    magnetic: NDArray[np.complex128]

    @property
    def intensity(self) -> NDArray[np.float64]:
        """|E|^2 [z]."""
        return np.asarray(np.sum(np.abs(self.electric) ** 2, axis=0))


def fields(mode: StackMode, z_nm: NDArray[np.float64] | None = None) -> ModeProfile:
    """Field of a mode along z.

    Parameters
    ----------
    mode : StackMode
    z_nm : float array [z], optional
        [nm], 0 at the top of the substrate; the stack and its tails unless given.

    Returns
    -------
    ModeProfile
    """
    from qdphotonics import planar

    solution = mode.solution
    z = default_z_nm(mode) if z_nm is None else np.asarray(z_nm, dtype=float)
    field = planar.mode_field(solution, z)
    scale = _largest(mode, default_z_nm(mode)) ** -0.5
    interfaces = np.concatenate([[0.0], np.cumsum(solution.thickness_nm)])
    where = np.searchsorted(interfaces, z, side="right")
    names = tuple(mode.names[position] for position in where)
    return ModeProfile(mode, z, names, solution.index[where], scale * field.E, scale * field.H)


def _largest(mode: StackMode, z: NDArray[np.float64]) -> float:
    """Largest |E|^2 in the layers and in closed half-spaces, in the solver's scale."""
    from qdphotonics import planar

    top = float(np.sum(mode.solution.thickness_nm))
    below, above = mode.solution.open
    counted = z[~(((z < 0) & below) | ((z > top) & above))]
    return float(np.sum(np.abs(planar.mode_field(mode.solution, counted).E) ** 2, axis=0).max())


def default_z_nm(mode: StackMode) -> NDArray[np.float64]:
    """z through the stack and its tails [z], denser points than a figure can show; interfaces are among them."""
    solution = mode.solution
    interfaces = np.concatenate([[0.0], np.cumsum(solution.thickness_nm)])
    below, above = (tail_nm(solution.n_eff, complex(solution.index[side]), solution.wavelength_nm) for side in (0, -1))
    even = np.linspace(-below, interfaces[-1] + above, POINTS)
    return np.unique(np.concatenate([even, interfaces]))


def tail_nm(n_eff: complex, index: complex, wavelength_nm: float) -> float:
    """How far a mode's tail is drawn into a half-space [nm]: a few decay lengths, at most a wavelength."""
    decay_per_nm = 4 * np.pi / wavelength_nm * np.sqrt(max((n_eff * n_eff - index * index).real, 0.0))
    longest = LONGEST_TAIL_WAVELENGTHS * wavelength_nm
    return float(longest if decay_per_nm * longest < TAIL_DECAYS else max(TAIL_DECAYS / decay_per_nm, 0.1 * wavelength_nm))
