"""R, T and A of a dispersive stack over wavelengths and angles: this package beside tmm and tmm_fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tmm
from numpy.typing import NDArray

from benchmarks import bench_scattering as own
from benchmarks.bench_scattering import exact_scattering
from benchmarks.peers import tmm_fast_grid, torch_reason
from benchmarks.report import Floor, Part, Table, duration, number
from benchmarks.timing import Contender, Turns, median_of, ratio, take_turns

UNIT, UNIT_WITH_LAYERS, FAST = "tmm.coh_tmm", "tmm, A of every layer", "tmm_fast"
ROUNDS = 7
CALLS = 60  # points of the grid that tmm evaluates in a turn
LEAD = """
1,000 wavelengths × 100 angles × 2 polarizations, every index dispersive: 200,000 evaluations of the 26-layer stack (and, for
ours, 20,000 unlike stacks and a single point). tmm takes its points from the same grid, both polarizations by turns; tmm_fast
takes the grid in one call a polarization, with one thread of torch. Errors are those of the worst of R, T and A at points
of the grid, against transfer matrices in 40 digits.
""".strip().replace("\n", " ")

Grid = dict[str, Any]


def points(grid: Grid, count: int) -> list[tuple[NDArray[np.complex128], float, float, str]]:
    """Index, wavelength, angle and polarization at points spread over the grid."""
    shape = grid["index"].shape[0], grid["angle_deg"].size
    places = [np.unravel_index(flat, shape) for flat in np.linspace(0, shape[0] * shape[1] - 1, count).astype(int)]
    return [
        (grid["index"][w, 0], float(grid["wavelength_nm"][w, 0]), float(grid["angle_deg"][a]), "sp"[at % 2])
        for at, (w, a) in enumerate(places)
    ]


def by_tmm(grid: Grid, each: Sequence[tuple[NDArray[np.complex128], float, float, str]], layers: bool) -> list[list[float]]:
    """R, T and, where asked for, A of every layer at some points."""
    lengths = [np.inf, *grid["thickness_nm"].tolist(), np.inf]
    found = []
    for index, wavelength, angle, polarization in each:
        data = tmm.coh_tmm(polarization, index.tolist(), lengths, np.deg2rad(angle), wavelength)
        absorbed = tmm.absorp_in_each_layer(data)[1:-1].tolist() if layers else []
        found.append([data["R"], data["T"], *absorbed])
    return found


def error_of_tmm(grid: Grid) -> float:
    """Largest error of R, T and A."""
    each = points(grid, own.SAMPLES)
    worst = 0.0
    for (index, wavelength, angle, polarization), found in zip(each, by_tmm(grid, each, True), strict=True):
        true = exact_scattering(index, grid["thickness_nm"], wavelength, angle, "TE" if polarization == "s" else "TM")
        worst = max(worst, *(float(abs(a - b)) for a, b in zip(found, true, strict=True)))
    return worst


def error_of_tmm_fast(grid: Grid) -> float:
    """Largest error of R and T."""
    found = tmm_fast_grid(grid["index"][:, 0], grid["thickness_nm"], grid["wavelength_nm"][:, 0], grid["angle_deg"])
    worst = 0.0
    for index, wavelength, angle, _ in points(grid, own.SAMPLES):
        w, a = int(np.abs(grid["wavelength_nm"][:, 0] - wavelength).argmin()), int(np.abs(grid["angle_deg"] - angle).argmin())
        for k, polarization in enumerate(("TE", "TM")):
            true = exact_scattering(index, grid["thickness_nm"], wavelength, angle, polarization)
            worst = max(worst, abs(float(found[k]["R"][0, a, w] - true[0])), abs(float(found[k]["T"][0, a, w] - true[1])))
    return worst


def measured(rows: Sequence[own.Row]) -> Turns:
    """All in turns; tmm_fast where it can be had."""
    grid = rows[0].arguments
    some = points(grid, CALLS)
    contenders = [
        Contender(UNIT, lambda: by_tmm(grid, some, False)),
        Contender(UNIT_WITH_LAYERS, lambda: by_tmm(grid, some, True)),
        *(Contender(row.name, row.run, calls=10 if row.evaluations > 1 else 100) for row in rows),
    ]
    if not torch_reason():
        args = grid["index"][:, 0], grid["thickness_nm"], grid["wavelength_nm"][:, 0], grid["angle_deg"]
        contenders.append(Contender(FAST, lambda: tmm_fast_grid(*args), calls=2))
    return take_turns(contenders, ROUNDS)


def part() -> Part:
    """The chapter."""
    rows = own.rows()
    turns = measured(rows)
    evaluations = {UNIT: CALLS, UNIT_WITH_LAYERS: CALLS, FAST: rows[0].evaluations, **{row.name: row.evaluations for row in rows}}
    errors = {row.name: own.worst_error(row) for row in rows}
    errors[UNIT] = errors[UNIT_WITH_LAYERS] = error_of_tmm(rows[0].arguments)

    def times(name: str, peer: str) -> float:
        """How many times the evaluations of the peer in the same time."""
        return ratio(turns, peer, name) * evaluations[name] / evaluations[peer]

    if FAST in turns:
        errors[FAST] = error_of_tmm_fast(rows[0].arguments)
    cells: list[Sequence[str]] = []
    for name in [*(row.name for row in rows), FAST, UNIT_WITH_LAYERS, UNIT]:
        if name not in turns:
            cells.append((name, torch_reason(), "", "", "", "", ""))
            continue
        rate = evaluations[name] / median_of(turns, name)
        ratios = [number(times(name, peer)) if peer in turns else "" for peer in (UNIT, UNIT_WITH_LAYERS, FAST)]
        cells.append((name, duration(1 / rate), number(rate), *ratios, f"{errors[name]:.1e}"))
    columns = ("work", "an evaluation", "evaluations/s", "× tmm", "× tmm with A", "× tmm_fast", "largest error")
    without, with_layers = rows[0].name, rows[1].name
    floors = [
        Floor("scattering: times tmm", times(without, UNIT), 3000),
        Floor("scattering, A of every layer: times tmm (without A)", times(with_layers, UNIT), 2000),
        Floor("scattering: largest error", max(errors[without], errors[with_layers]), 1e-12, least=False),
    ]
    if FAST in turns:
        floors.insert(1, Floor("scattering: times tmm_fast", times(without, FAST), 200))
    return Part("Reflectance, transmittance, absorptance", LEAD, [("", Table(columns, cells))], floors)


if __name__ == "__main__":
    chapter = part()
    print(chapter.text())
    for floor in chapter.floors:
        print(*floor.row())
