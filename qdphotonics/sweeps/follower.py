"""One mode followed from stack to stack of a design, as an optimiser walks: passive, and with the gain of the drive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics.errors import ArgumentError, ModeSearchError
from qdphotonics.laser.following import FollowedPoint, follow_mode
from qdphotonics.optics.problem import PlanarProblem
from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from qdphotonics.planar.results import Mode, Polarization
    from qdphotonics.sweeps.space import DesignSpace, PointArrays

WINDOW = 2e-3  # half-width in Re n_eff of the search that finds a followed mode again; it is where it was followed to
LEAST_LOSS_PER_CM = 1e3  # up to which that search reaches at least
SAME_MODE = 1e-7  # in n_eff, between a mode followed and the same mode found: what twins leave of double precision
MAX_LOSS_PER_CM = 1e4  # of the search for the mode at the start, as find_modes has it


@dataclass(frozen=True, eq=False)
class FollowedDesign:
    """One mode at one point of a design.

    Parameters
    ----------
    values : float array [path]
    arrays : PointArrays
        Of this one point.
    polarization : {"TE", "TM"}
    passive : FollowedPoint
        The mode of the materials as they are.
    pumped : FollowedPoint or None
        The same mode with the gain of the drive in the gain layers; None without a medium.
    """

    values: NDArray[np.float64]
    arrays: PointArrays
    polarization: Polarization
    passive: FollowedPoint
    pumped: FollowedPoint | None


class Follower:
    """Follows one mode through a design, from the last point that it was followed to.

    Made by :meth:`of`. The mode is certified at every point: it is one of those that :func:`qdphotonics.find_modes` lists
    for the stack there, within 1e-7.

    Attributes
    ----------
    space : DesignSpace
    label : str
        What the mode is called on the stack that it was first sought on.
    here : FollowedDesign
        The last point.
    calls : int
        How many points it was asked for, the first included.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> from qdphotonics.sweeps.space import DesignSpace
    >>> space = DesignSpace.of(qdp.load_stack("jung2022-lito-ag"), ["layers.QD.thickness"])
    >>> follower = Follower.of(space, [95], "TE0")
    >>> round(follower.to([100]).pumped.loss_per_cm), follower.calls
    (-283, 2)
    """

    def __init__(self, space: DesignSpace, mode: Mode, label: str, values: NDArray[np.float64], arrays: PointArrays) -> None:
        self.space, self.label, self.calls = space, label, 1
        self._mode = self._first = mode
        self.here = FollowedDesign(values, arrays, mode.polarization, _point_of(mode), _pumped(mode, arrays, label))

    @classmethod
    def of(cls, space: DesignSpace, values: ArrayLike, mode: str, n_range: tuple[float, float] | None = None) -> Follower:
        """Seek a mode at a first point.

        Parameters
        ----------
        space : DesignSpace
        values : float array [path]
        mode : str
            Its label there, among the modes of ``n_range``.
        n_range : tuple of two floats, optional
            Bounds on Re n_eff of the search; all unless given.

        Raises
        ------
        ModeSearchError
            No mode of that label, or it ends before the gain of the drive is reached.
        InputError
            The stack cannot be at this point.
        """
        values = np.asarray(values, dtype=np.float64)
        arrays = _arrays_at(space, values)
        polarization = polarization_of(mode)
        found = _problem(arrays).search(polarization, n_range, MAX_LOSS_PER_CM).modes
        named = next((each for each in found if each.label == mode), None)
        if named is None:
            have = ", ".join(each.label for each in found) or "none"
            raise ModeSearchError(f"no mode {mode} at {arrays.wavelength_nm[0]:g} nm; the modes found are: {have}")
        return cls(space, named, mode, values, arrays)

    def to(self, values: ArrayLike) -> FollowedDesign:
        """Follow the mode to another point, from the last one, else from the first.

        Parameters
        ----------
        values : float array [path]

        Raises
        ------
        ModeSearchError
            The mode ends on the way, or cannot be told from a neighbour; the last point stays as it was.
        InputError
            The stack cannot be at this point.
        """
        self.calls += 1
        values = np.asarray(values, dtype=np.float64)
        arrays = _arrays_at(self.space, values)
        target = _problem(arrays)
        for start in (self._mode, self._first):
            reached = follow_mode(start, target)
            mode = None if reached is None else found_again(target, start.polarization, reached.n_eff)
            if mode is not None:
                break
        else:
            raise ModeSearchError(f"mode {self.label} ends, or cannot be told from a neighbour, on the way to {self._told(values)}")
        here = FollowedDesign(values, arrays, mode.polarization, _point_of(mode), _pumped(mode, arrays, self.label))
        self._mode, self.here = mode, here
        return here

    def _told(self, values: NDArray[np.float64]) -> str:
        return ", ".join(f"{path} = {value:.6g}" for path, value in zip(self.space.paths, values, strict=True))


def polarization_of(label: str) -> Polarization:
    """Of a mode's label; an ArgumentError for what is none."""
    if label[:2] not in ("TE", "TM"):
        raise ArgumentError(f'Argument `mode` must be a label such as "TE0" or "TM1", but is "{label}"')
    return "TE" if label.startswith("TE") else "TM"


def found_again(problem: PlanarProblem, polarization: Polarization, n_eff: complex) -> Mode | None:
    """The mode of a stack at a place that one was followed to, measured in full; None where a search lists none there."""
    window = (max(n_eff.real - WINDOW, 0.0), n_eff.real + WINDOW)
    most = 2.0 * abs(loss_per_cm(n_eff.imag, problem.wavelength_nm)) + LEAST_LOSS_PER_CM
    modes = problem.search(polarization, window, most).modes
    nearest = min(modes, key=lambda mode: abs(mode.n_eff - n_eff), default=None)
    return nearest if nearest is not None and abs(nearest.n_eff - n_eff) <= SAME_MODE * (1.0 + abs(n_eff)) else None


def _arrays_at(space: DesignSpace, values: NDArray[np.float64]) -> PointArrays:
    arrays = space.arrays(values[None, :])
    if arrays.errors:
        raise arrays.errors[0]
    return arrays


def _problem(arrays: PointArrays) -> PlanarProblem:
    """The one stack of these arrays, for a search that is not asked for group indices."""
    still = np.zeros(arrays.index.shape[1], np.complex128)
    wavelength = float(arrays.wavelength_nm[0])
    return PlanarProblem(wavelength, arrays.index[0], arrays.index_extraordinary[0], still, still, arrays.thickness_nm[0])


def _point_of(mode: Mode) -> FollowedPoint:
    return FollowedPoint(mode.n_eff, mode.wavelength_nm, mode.confinement.intensity, mode.sensitivity)


def _pumped(mode: Mode, arrays: PointArrays, label: str) -> FollowedPoint | None:
    """The mode with the gain of the drive, as ``analyze`` follows it there."""
    from qdphotonics.laser.pumped import PumpedMode, PumpedStack
    from qdphotonics.optics import StackMode

    gain = float(arrays.material_gain_per_cm[0])
    if np.isnan(gain):
        return None
    names = tuple(map(str, range(arrays.index.shape[1])))
    return PumpedMode(PumpedStack(_problem(arrays), arrays.unit_change[0]), StackMode(names, label, mode)).at(gain)
