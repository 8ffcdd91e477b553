"""Amplified spontaneous emission along a stripe: what a full run costs, and what its cells leave."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

import qdphotonics as qdp
from benchmarks.report import Floor, Part, Table, duration, number
from benchmarks.timing import Contender, median_of, take_turns
from qdphotonics.gain import load_medium
from qdphotonics.laser.film import DotFilm
from qdphotonics.laser.guide import Guide, Stripe
from qdphotonics.laser.rate_equations import LaserCavity, laser_curve
from qdphotonics.laser.stripe import CELLS, StripeEmission, amplify
from qdphotonics.laser.vsl import fit_gain
from qdphotonics.units import wavelength_nm

ROUNDS = 5
CURRENTS = np.geomspace(1.0, 1933.0, 25)  # A/cm^2
WAVELENGTHS = wavelength_nm(np.linspace(2.25, 1.75, 200))
FINE_CELLS = 320
LONGEST_S = 5.0
LARGEST_ERROR = 5e-3  # of the edge power: far below what any number of a medium is known to
LEAD = """
The diode of Ahn et al. (2023): 300 µm × 30 µm, three monolayers of ccg-QDs, 25 currents up to 1933 A/cm², 200 wavelengths, light both
ways in balance with the dots at each of 40 places. The stack's run follows its modes over the gain band first. The error of the edge
power is its difference from 320 places.
""".strip().replace("\n", " ")


def diode(cells: int = CELLS, growth: float = 1.0) -> StripeEmission:
    """The published numbers, Gamma 0.23 and 16 cm^-1, and a TM mode that dies; the stripe longer by ``growth``."""
    film = DotFilm.of_medium(load_medium("ccg-QD"), WAVELENGTHS, 1.9, monolayers=3.0)
    guide = Guide(WAVELENGTHS, [[0.23], [0.05]], [[16.0], [600.0]], [[1.66], [1.60]], labels=("TE0", "TM0"))
    return amplify(film, guide, Stripe(300.0 * growth, 30.0), 3 * film.pair_rate_per_ns(CURRENTS), cells=cells)


def light_current() -> object:
    """100 drives of a laser of the same dots."""
    film = DotFilm.of_medium(load_medium("ccg-QD"), [642.0], 1.9, monolayers=3.0)
    return laser_curve(film, LaserCavity(642.0, 0.23, 16.0, 20.0, 1e-4, 2.0), 3 * film.pair_rate_per_ns(np.geomspace(1.0, 1933.0, 100)))


def fit() -> object:
    """Twenty lengths with 5 % of noise."""
    length = np.linspace(20.0, 400.0, 20)
    return fit_gain(length, np.expm1(164e-4 * length) * (1 + 0.05 * np.random.default_rng(1).standard_normal(20)), model="amplified")


def part() -> Part:
    """The chapter."""
    stripe, longer, stack = "stripe, TE0 and TM0", "stripe of 3 mm, saturated", "`ase ahn2023-brw`: the stack's modes and its stripe"
    works: dict[str, tuple[Callable[[], object], int]] = {
        stripe: (diode, 3),
        longer: (partial(diode, growth=10.0), 1),
        stack: (partial(qdp.ase, "ahn2023-brw", current_density_A_per_cm2=CURRENTS, wavelengths_nm=np.sort(WAVELENGTHS)), 1),
        "laser, 100 drives": (light_current, 3),
        "fit of 20 stripe lengths": (fit, 10),
    }
    turns = take_turns([Contender(name, work, calls) for name, (work, calls) in works.items()], ROUNDS)
    coarse, fine = diode().edge_power_W, diode(FINE_CELLS).edge_power_W
    error = float(np.abs(coarse / fine - 1).max())
    cells = [(name, duration(median_of(turns, name))) for name in works]
    floors = [Floor(f"stripe: seconds, {name}", median_of(turns, name), LONGEST_S, least=False) for name in (stripe, stack)]
    floors.append(Floor("stripe: relative error of the edge power by its cells", error, LARGEST_ERROR, least=False))
    closing = [f"Largest error of the edge power by its cells: {number(error)}."]
    return Part("Light along a stripe", LEAD, [("", Table(("run", "time"), cells))], floors, closing)


if __name__ == "__main__":
    chapter = part()
    print(chapter.text())
    for floor in chapter.floors:
        print(*floor.row())
