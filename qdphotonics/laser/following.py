"""One mode followed while gain, thickness or index changes: the re-solved mode is the mode that was meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qdphotonics.optics import Follower, Moving

if TYPE_CHECKING:
    from qdphotonics.optics import PlanarProblem
    from qdphotonics.planar.results import Mode

WINDOW = 0.01  # half-width in Re n_eff of the search for a followed mode, beyond where its slope puts it
LOSS_MARGIN = 3.0  # the search reaches this many times the loss expected …
LOSS_FLOOR_PER_CM = 1e3  # … and at least this far, so that a rival is seen


def follow_mode(
    mode: Mode, problem_at: Callable[[float], PlanarProblem], slope: Callable[[Mode], complex], start: float, end: float
) -> Mode | None:
    """The mode that ``mode`` becomes when a parameter goes from ``start`` to ``end``.

    Parameters
    ----------
    mode : planar.Mode
        At ``start``.
    problem_at : callable
        The stack as arrays, as a function of the parameter.
    slope : callable
        dn_eff/d(parameter) of a mode.
    start, end : float

    Returns
    -------
    planar.Mode or None
        None where the mode ends on the way, or cannot be told from a neighbour.
    """
    if start == end:
        return mode

    def solve(value: float, expected: Sequence[complex]) -> list[Moving]:
        from qdphotonics.units import loss_per_cm

        (centre,) = expected
        reach = WINDOW + 2 * abs(centre.real - mode.n_eff.real)
        loss = LOSS_MARGIN * max(abs(loss_per_cm(n.imag, mode.wavelength_nm)) for n in (centre, mode.n_eff))
        window = (max(0.0, centre.real - reach), max(centre.real, 0.0) + reach)
        search = problem_at(value).search(mode.polarization, window, max(loss, LOSS_FLOOR_PER_CM))
        return [Moving(found, slope(found)) for found in search.modes]

    follower = Follower(solve)
    after = follower.advance(follower.begin([Moving(mode, slope(mode))]), start, end)
    return after[0].mode if after else None
