"""Modes followed through a family of stacks: solutions per second, with everything that a solution carries."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import partial

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import Case, issue_cases
from benchmarks.peers import coh_tmm, pymoosh_stack
from benchmarks.report import Floor, Part, Table, duration, number
from benchmarks.timing import Contender, median_of, ratio, take_turns
from qdphotonics import planar
from tests.oracles.mp_transfer import PreciseStack

POINTS = 4000
ROUNDS = 7
LAYER, BY_NM = 22, 60.0  # the dots of the 26-layer stack, 50 nm thick, grow by this much
CHECKED = (1, POINTS // 2, POINTS - 1)  # points held against 40 digits
STEP = 2.0**-20  # of the central differences [nm, or of an index]: they err as its square, some 1e-13
PEER_WAVELENGTHS = 3
LEAD = """
Each solution: n_eff, loss, Γ of every layer by intensity, and the exact derivatives by every thickness and index. The family:
the 26-layer stack, its layer of dots growing from 50 to 110 nm in 4,000 steps, all modes of a certified search followed.
The error is that of the worst value at three points, derivatives against central differences in 40 digits.
""".strip().replace("\n", " ")


def family() -> NDArray[np.float64]:
    """Thicknesses [point, layer]."""
    thickness = np.repeat(issue_cases()[0].thickness_nm[None], POINTS, axis=0)
    thickness[:, LAYER] += np.linspace(0.0, BY_NM, POINTS)
    return thickness


def follow(case: Case, start: planar.ModeSearch, thickness_nm: NDArray[np.float64]) -> planar.TrackedModes:
    """All of a search's modes through the family; the loss is a property, so it is asked for."""
    tracks = planar.track_modes(case.index, thickness_nm, case.wavelength_nm, case.polarization, start)
    _ = tracks.loss_per_cm
    return tracks


def worst_errors(case: Case, tracks: planar.TrackedModes, thickness_nm: NDArray[np.float64]) -> tuple[float, float]:
    """Of n_eff; and of its derivatives by the dots' thickness [1/nm] and index."""
    of_n_eff, of_slope = 0.0, 0.0
    for point in CHECKED:
        thickness, index = thickness_nm[point], case.index
        grown, denser = np.zeros(thickness.size), np.zeros(index.size)
        grown[LAYER], denser[LAYER + 1] = STEP, STEP
        for mode in np.flatnonzero(tracks.on_sheet[:, point]):  # the 40 digits know the sheet of the root rule only
            n_eff = complex(tracks.n_eff[mode, point])
            of_n_eff = max(of_n_eff, abs(complex(exact(case, index, thickness, n_eff)) - n_eff))
            by_thickness = exact(case, index, thickness + grown, n_eff) - exact(case, index, thickness - grown, n_eff)
            by_index = exact(case, index + denser, thickness, n_eff) - exact(case, index - denser, thickness, n_eff)
            found = tracks.sensitivity.thickness_per_nm[mode, point, LAYER], tracks.sensitivity.index[mode, point, LAYER + 1]
            for difference, own in zip((by_thickness, by_index), found, strict=True):
                of_slope = max(of_slope, abs(complex(difference / (2 * STEP)) - own))
    return of_n_eff, of_slope


def exact(case: Case, index: NDArray[np.complex128], thickness_nm: NDArray[np.float64], near: complex) -> mp.mpc:
    """The mode in 40 digits (nan where Newton's method finds none)."""
    zero = PreciseStack(index.tolist(), thickness_nm.tolist(), case.wavelength_nm, case.polarization).polish(near)
    return mp.mpc(mp.nan) if zero is None else zero


def followed_by_pymoosh(case: Case) -> tuple[float, int]:
    """CPU seconds a solution of PyMoosh.modes.follow_guided_modes, n_eff alone, and how many modes it follows."""
    from PyMoosh.modes import follow_guided_modes

    wavelengths = case.wavelength_nm + np.arange(PEER_WAVELENGTHS)
    top = float(case.index[case.index.real > np.abs(case.index.imag)].real.max())
    modes: list[NDArray[np.complex128]] = []

    def follow(count: int) -> None:
        with redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            found, _ = follow_guided_modes(
                pymoosh_stack(case), wavelengths[:count], int(case.polarization == "TM"), case.lowest, top, plot=False
            )
        modes[:] = found

    first, all_of_them = Contender("first", partial(follow, 1)).turn(), Contender("all", partial(follow, PEER_WAVELENGTHS)).turn()
    solutions = sum(len(at) for at in modes[1:])
    return (all_of_them - first) / solutions, len(modes[-1])


def part() -> Part:
    """The chapter."""
    rows: list[Sequence[str]] = []
    floors: list[Floor] = []
    thickness = family()
    for case in issue_cases()[:2]:
        start = case.search()
        modes = len(start.modes)
        own = Contender("own", partial(follow, case, start, thickness))
        unit = Contender("unit", partial(coh_tmm, case.index, case.thickness_nm, case.wavelength_nm), calls=200)
        turns = take_turns([own, unit], ROUNDS)
        tracks = follow(case, start, thickness)
        of_n_eff, of_slope = worst_errors(case, tracks, thickness)
        rate, per_unit = modes * POINTS / median_of(turns, "own"), modes * POINTS / ratio(turns, "own", "unit")
        tracked = float((tracks.status == "tracked").mean())
        errors = f"{of_n_eff:.1e}", f"{of_slope:.1e}"
        rows.append((f"qdphotonics, {case.polarization}, {modes} modes", duration(1 / rate), number(rate), number(per_unit), *errors))
        seconds, followed = followed_by_pymoosh(case)
        peer = f"PyMoosh, {case.polarization}, {followed} values, n_eff alone"
        rows.append((peer, duration(seconds), number(1 / seconds), number(median_of(turns, "unit") / seconds), "—", "—"))
        floors += [
            Floor(f"tracking, {case.polarization}: solutions per call of tmm.coh_tmm", per_unit, 16),
            Floor(f"tracking, {case.polarization}: share followed without a question", tracked, 1.0),
            Floor(f"tracking, {case.polarization}: largest error of n_eff", of_n_eff, 1e-13, least=False),
            Floor(f"tracking, {case.polarization}: largest error of a derivative", of_slope, 1e-10, least=False),
        ]
    columns = ("polarization", "a solution", "solutions/s", "per tmm.coh_tmm", "error of n_eff", "of derivatives")
    return Part("Modes followed through a family of stacks", LEAD, [("", Table(columns, rows))], floors)


if __name__ == "__main__":
    chapter = part()
    print(chapter.text())
    for floor in chapter.floors:
        print(*floor.row())
