"""Occupation of dots under 100,000 drives at once, beside LAPACK on the same rate equations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Floor, Part, Table, duration, number
from benchmarks.timing import Contender, median_of, take_turns
from qdphotonics.gain.chain import Chain
from qdphotonics.gain.charging import CoulombLadder, poisson_charges
from qdphotonics.gain.occupation import Occupation
from qdphotonics.gain.recombination import Recombination
from tests.oracles.dot_chain import Dot

DRIVES = np.geomspace(1e-6, 1e3, 100_000)  # pairs per ns
ROUNDS = 5
LIFETIMES_NS = 12.0, 1.5  # cg-QDs: tau_r,X, tau_A,XX
SOME = (0, 50_000, 99_999)  # drives at which errors are looked up
LAPACK = "13 states: numpy.linalg.solve"
LEAD = """
Dots of up to 12 pairs under 100,000 drives, 1e-6 to 1e3 pairs per ns. Single carriers: electrons and holes one by one on a Coulomb
ladder of 4 E_c = 200 meV, the charges that matter to 1e-12 kept. The error is the largest of any probability, however small, relative
to itself, against 60 digits; LAPACK solves the 13 equations of each drive in one batched call, to rounding of the largest one.
""".strip().replace("\n", " ")


@dataclass(frozen=True)
class Row:
    """A case: what runs, how many states each drive has, and the dot of one drive by hand (None: no look-up)."""

    name: str
    run: Callable[[], Occupation]
    by_hand: Callable[[float], Dot] | None = None

    def error(self) -> float:
        """Largest relative error of a probability."""
        if self.by_hand is None:
            return np.nan
        found, worst = self.run(), 0.0
        for place in SOME:
            exact = self.by_hand(float(DRIVES[place])).stationary()
            states = zip(found.electrons.tolist(), found.holes.tolist(), found.weights[place].tolist(), strict=True)
            worst = max(worst, *(abs(value / float(exact[e, h]) - 1) for e, h, value in states))
        return worst


def lapack() -> NDArray[np.float64]:
    """P Q = 0, sum P = 1, by LU factors."""
    dark, lit = (Dot(*LIFETIMES_NS, most=12, pair=rate).matrix().T for rate in (0.0, 1.0))
    matrix = dark + DRIVES[:, None, None] * (lit - dark)
    matrix[:, 0] = 1.0
    right = np.zeros((len(DRIVES), 13, 1))
    right[:, 0] = 1.0
    return np.asarray(np.linalg.solve(matrix, right)[..., 0])


def lapack_error() -> tuple[float, int]:
    """Largest relative error of a probability, and how many are negative."""
    found, worst = lapack(), 0.0
    for place in SOME:
        exact = Dot(*LIFETIMES_NS, most=12, pair=float(DRIVES[place])).stationary()
        worst = max(worst, *(abs(value / float(true) - 1) for value, true in zip(found[place], exact.values(), strict=True)))
    return worst, int((found < 0).sum())


def rows() -> list[Row]:
    """The cases."""
    dots = Recombination(*LIFETIMES_NS)
    pairs, charged = Chain(dots), Chain(dots, charge=1)
    many, ladder = Chain(dots, charge=poisson_charges(1.0)), Chain(dots, ladder=CoulombLadder(50.0))
    photons = np.stack([DRIVES, 0 * DRIVES, 0 * DRIVES], axis=-1)
    return [
        Row("13 states: pairs", lambda: pairs.steady(DRIVES), lambda rate: Dot(*LIFETIMES_NS, most=12, pair=rate)),
        Row("13 states: pairs, one permanent electron", lambda: charged.steady(DRIVES), lambda rate: Dot(*LIFETIMES_NS, 12, 1, pair=rate)),
        Row(
            "13 states: pairs and stimulated emission",
            lambda: pairs.steady(DRIVES, stimulated_per_ns=photons),
            lambda rate: Dot(*LIFETIMES_NS, most=12, pair=rate, photons=(rate, 0, 0)),
        ),
        Row(f"{13 * len(many.charges)} states: pairs, permanent electrons by Poisson", lambda: many.steady(DRIVES)),
        Row("79 states: electrons and holes", lambda: ladder.steady(electron_rate_per_ns=DRIVES, hole_rate_per_ns=DRIVES)),
    ]


def part() -> Part:
    """The chapter."""
    cases = rows()
    turns = take_turns([*(Contender(row.name, row.run, calls=2) for row in cases), Contender(LAPACK, lapack, calls=2)], ROUNDS)
    error_of_lapack, negative = lapack_error()
    cells, floors = [], []
    for row in cases:
        seconds, error = median_of(turns, row.name), row.error()
        cells.append((row.name, duration(seconds), number(len(DRIVES) / seconds), "" if np.isnan(error) else f"{error:.1e}"))
        if not np.isnan(error):
            floors.append(Floor(f"occupation: largest relative error, {row.name}", error, 1e-12, least=False))
    seconds = median_of(turns, LAPACK)
    cells.append((LAPACK, duration(seconds), number(len(DRIVES) / seconds), f"{error_of_lapack:.1e}, {negative:,} negative"))
    floors += [Floor(f"occupation: seconds for 100,000 drives, {row.name}", median_of(turns, row.name), 1.0, least=False) for row in cases]
    return Part("Occupation of dots", LEAD, [("", Table(("100,000 drives", "time", "drives/s", "largest error"), cells))], floors)


if __name__ == "__main__":
    chapter = part()
    print(chapter.text())
    for floor in chapter.floors:
        print(*floor.row())
