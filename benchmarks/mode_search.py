"""All modes of a stack: this package beside PyMoosh and finite differences, errors against 40 digits beside each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import Case, Verdict, issue_cases, judged, tabulated_cases
from benchmarks.peers import EIGENVALUES, STARTS, coh_tmm, finite_difference_modes, pymoosh_modes
from benchmarks.report import Floor, Part, Table, duration, number
from benchmarks.timing import Contender, Turns, median_of, ratio, take_turns

OURS, PYMOOSH, DIFFERENCES, UNIT = "qdphotonics", "PyMoosh", "finite differences", "tmm.coh_tmm"
ROUNDS = 7
EXPECTED = {"26 layers, TE": 11, "26 layers, TM": 12, "L-ITO / Ag, TE": 1, "L-ITO / Ag, TM": 3}  # the issue's counts
AROUND = 0.02  # in Re n_eff, beyond the tabulated modes: where the peers are told to look
LEAD = """
Every guided and leaky mode of one polarization, with confinement, loss budget and derivatives (the peers return n_eff alone).
PyMoosh looks from 1 to the largest real index from its default of {starts} starts. The finite differences are those of tidy3d
(1 nm grid, {eigenvalues} eigenvalues, both polarizations at once: half its time is charged). A value within 0.01 of a mode
counts as that mode found; *others* are values in the region that are no modes: spurious roots, and radiation modes of the
matched layers.
""".strip().replace("\n", " ")


@dataclass(frozen=True)
class Row:
    """A solver on a case."""

    solver: str
    verdict: Verdict
    seconds: float
    units: float
    times_ours: float

    def cells(self) -> tuple[str, ...]:
        worst = "—" if np.isnan(self.verdict.worst) else f"{self.verdict.worst:.1e}"
        found = f"{self.verdict.found} of {self.verdict.modes}"
        return (self.solver, duration(self.seconds), number(self.units), number(self.times_ours), found, worst, str(self.verdict.others))


COLUMNS = ("solver", "time", "× tmm.coh_tmm", "× ours", "modes", "largest error", "others")


Solver = Callable[[Case], NDArray[np.complex128]]


def found_by_us(case: Case) -> NDArray[np.complex128]:
    """n_eff of all modes."""
    return np.array([mode.n_eff for mode in case.search().modes], np.complex128)


@dataclass(frozen=True)
class Remembered:
    """A solver on some cases that keeps what it found, so that nothing is run again to be judged."""

    solver: Solver
    cases: Sequence[Case]
    found: dict[str, NDArray[np.complex128]] = field(default_factory=dict)

    def __call__(self) -> None:
        self.found.update({case.name: self.solver(case) for case in self.cases})


def one_case(case: Case) -> tuple[list[Row], list[Floor]]:
    """The solvers in turns on one search."""
    top = float(case.index[case.index.real > np.abs(case.index.imag)].real.max())
    solvers = {
        OURS: Remembered(found_by_us, [case]),
        PYMOOSH: Remembered(lambda case: pymoosh_modes(case, case.lowest, top), [case]),
        DIFFERENCES: Remembered(lambda case: finite_difference_modes(case, 1.5)[case.polarization], [case]),
    }
    unit = Contender(UNIT, partial(coh_tmm, case.index, case.thickness_nm, case.wavelength_nm), calls=50)
    contenders = [Contender(name, work, calls=20 if name == OURS else 1) for name, work in solvers.items()]
    turns = take_turns([unit, *contenders], ROUNDS)
    rows = [_row(name, case.judge(work.found[case.name]), turns) for name, work in solvers.items()]
    ours, expected = rows[0].verdict, EXPECTED[case.name]
    right = case.search().certified and ours.found == expected and not ours.others
    floors = [
        Floor(f"{case.name}: certified, {expected} modes and no others", float(right), 1),
        Floor(f"{case.name}: largest error of n_eff", ours.worst, 1e-13, least=False),
        Floor(f"{case.name}: calls of tmm.coh_tmm that a search costs", rows[0].units, 10, least=False),
        Floor(f"{case.name}: times faster than PyMoosh", rows[1].times_ours, 1000),
    ]
    return rows, floors


def _row(name: str, verdict: Verdict, turns: Turns) -> Row:
    share = 0.5 if name == DIFFERENCES else 1.0
    return Row(name, verdict, share * median_of(turns, name), share * ratio(turns, name, UNIT), share * ratio(turns, name, OURS))


def all_tabulated() -> tuple[list[Row], list[Floor]]:
    """The guides of tests/reference/slab_modes.json, all together; the peers look where the tabulated modes are."""
    tabulated = {case.name: modes for case, modes in tabulated_cases()}
    cases = [case for case, _ in tabulated_cases()]
    ends = {name: (max(modes.real.min() - AROUND, 0.01), modes.real.max() + AROUND) for name, modes in tabulated.items()}
    solvers = {
        OURS: Remembered(found_by_us, cases),
        PYMOOSH: Remembered(lambda case: pymoosh_modes(case, *ends[case.name]), cases),
        DIFFERENCES: Remembered(lambda case: finite_difference_modes(case, float(np.mean(ends[case.name])))[case.polarization], cases),
    }

    def units() -> None:
        for case in cases:
            coh_tmm(case.index, case.thickness_nm, case.wavelength_nm)

    contenders = [Contender(UNIT, units, calls=5), *(Contender(name, work) for name, work in solvers.items())]
    fast = take_turns(contenders[:2], ROUNDS)
    turns = {**take_turns(contenders, 1, warm=False), **{name: np.median(seconds, keepdims=True) for name, seconds in fast.items()}}
    rows = []
    for name, work in solvers.items():
        verdict = Verdict(0, 0, 0.0, 0)
        for case in cases:
            low, high = ends[case.name]
            values = work.found[case.name]
            values = values if name == OURS else values[(values.real > low) & (values.real < high)]
            some = judged(tabulated[case.name], values)
            verdict += Verdict(some.found, some.modes, 0.0 if np.isnan(some.worst) else some.worst, case.judge(values).others)
        rows.append(_row(name, verdict, turns))
    floors = [
        Floor("slab_modes.json: guides certified", sum(case.search().certified for case in cases), len(cases)),
        Floor("slab_modes.json: tabulated modes found", rows[0].verdict.found, rows[0].verdict.modes),
        Floor("slab_modes.json: largest error of n_eff", rows[0].verdict.worst, 1e-12, least=False),
    ]
    return rows, floors


def part() -> Part:
    """The chapter."""
    tables: list[tuple[str, Table]] = []
    floors: list[Floor] = []
    for case in issue_cases():
        rows, promises = one_case(case)
        tables.append((f"**{case.name}** ({case.index.size - 2} layers, 640 nm):", Table(COLUMNS, [row.cells() for row in rows])))
        floors += promises
    rows, promises = all_tabulated()
    heading = f"**The {len(tabulated_cases())} guides of `tests/reference/slab_modes.json`**; the peers are told where the modes lie:"
    tables.append((heading, Table(COLUMNS, [row.cells() for row in rows])))
    return Part("All modes of a stack", LEAD.format(starts=STARTS, eigenvalues=EIGENVALUES), tables, floors + promises)


if __name__ == "__main__":
    chapter = part()
    print(chapter.text())
    for floor in chapter.floors:
        print(*floor.row())
