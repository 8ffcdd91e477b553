"""Bloch modes of a grating: what a pole, a certified search, a threshold and a point of a map cost, and how far the orders carry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.report import Floor, Part, Table, duration, number
from benchmarks.timing import Contender, median_of, take_turns
from qdphotonics.gratings import GratingProfile, UnitCell, bloch_mode, bloch_modes, bloch_spectrum, bloch_wavenumbers, threshold

ROUNDS = 5
LONGEST_S = 0.03  # a pole, the limit
FINE_ORDERS = 60
LARGEST_ERROR_NM = 5e-3  # of the wavelengths by the orders, the limit
LEAD = """
PHYSICS D4: glass 1.52 / L-ITO 1.6 (k 0.001) / 30 nm grating, 50 % / QD 1.9 / air, period 400 nm. A pole is found from 620.4 nm with 10
orders to each side; its error is the difference from 60 orders.
""".strip().replace("\n", " ")


def cell() -> UnitCell:
    """D4 with absorption."""
    names, index = ("substrate", "L-ITO", "QD", "superstrate"), np.array([1.52, 1.6 + 1e-3j, 1.9, 1.0])
    profile = GratingProfile(400.0, 30.0)
    return UnitCell(names, index, np.array([250.0, 50.0]), 400.0, 620.4, grated=1, profile=profile, gain_layers=(2,))


def part() -> Part:
    """The chapter."""
    d4 = cell()
    a_map = partial(bloch_spectrum, d4, np.linspace(600.0, 640.0, 25), np.linspace(-10.0, 10.0, 40), fields=False)
    bright, dark, mode = "a pole, bright", "a pole, dark", bloch_mode(d4, 620.4, "TE", "bright")
    works: dict[str, tuple[Callable[[], object], int]] = {
        bright: (partial(bloch_mode, d4, 620.4, "TE", "bright"), 20),
        dark: (partial(bloch_mode, d4, 620.4, "TE", "dark"), 20),
        "both and no others, certified": (partial(bloch_modes, d4, "TE"), 5),
        "a threshold": (partial(threshold, mode), 20),
        "k_x at one wavelength, certified": (partial(bloch_wavenumbers, d4, 620.0), 2),
        "1,000 reflectances of an angle-wavelength map": (a_map, 1),
    }
    turns = take_turns([Contender(name, work, calls) for name, (work, calls) in works.items()], ROUNDS)
    errors = [
        abs(bloch_mode(d4, 620.4, "TE", which).wavelength_nm - bloch_mode(d4, 620.4, "TE", which, orders=FINE_ORDERS).wavelength_nm)
        for which in ("bright", "dark")
    ]
    cells = [(name, duration(median_of(turns, name))) for name in works]
    floors = [Floor(f"Bloch modes: seconds, {name}", median_of(turns, name), LONGEST_S, least=False) for name in (bright, dark)]
    floors.append(Floor("Bloch modes: nm by which 10 orders miss D4's wavelengths", max(errors), LARGEST_ERROR_NM, least=False))
    closing = [f"Error of the wavelengths by the orders: {number(max(errors))} nm."]
    return Part("Bloch modes of a grating", LEAD, [("", Table(("run", "time"), cells))], floors, closing)
