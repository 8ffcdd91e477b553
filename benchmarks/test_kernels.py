"""The kernels one by one under pytest-benchmark: ``make bench`` runs them, ``make test`` does not.

One row a kernel, on the 26-layer stack unless the name says otherwise; watch them when a kernel file changes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.bench_scattering import INDEX, THICKNESS_NM, Row, rows
from benchmarks.cases import Case, issue_cases, tabulated_cases
from benchmarks.tracking import family, follow
from qdphotonics import planar
from qdphotonics.planar import dispersion as d
from qdphotonics.planar._jit import kernel
from qdphotonics.planar.bounds import largest_n_eff
from qdphotonics.planar.counting import count_zeros, zeros_inside
from qdphotonics.units import extinction

POINTS = 1000
CASES = pytest.mark.parametrize("case", issue_cases(), ids=lambda case: case.name)
BOTH = pytest.mark.parametrize("case", issue_cases()[:2], ids=lambda case: case.polarization)


@kernel()
def sum_of_dispersion(guide: d.Guide, start: complex, points: int) -> complex:
    """D and D' at many points, from compiled code."""
    work = d.workspace(guide.q.size, 0)
    total = 0j
    for point in range(points):
        total += d.dispersion(guide, start + 1e-6 * point, d.N, 0j, 0j, work)[0]
    return total


@cache
def started(polarization: str) -> tuple[Case, planar.ModeSearch]:
    """The certified search that tracking starts from."""
    case = next(case for case in issue_cases() if case.polarization == polarization)
    return case, case.search()


def guide_of(case: Case) -> d.Guide:
    return d.pack(case.index, case.index, case.thickness_nm, case.wavelength_nm, case.polarization)


def half_width(case: Case) -> float:
    return float(extinction(case.max_loss_per_cm, case.wavelength_nm))


@BOTH
def test_dispersion_and_its_derivative(benchmark: BenchmarkFixture, case: Case) -> None:
    """1,000 points of the n_eff plane."""
    total = benchmark(sum_of_dispersion, guide_of(case), 1.6 + 0.01j, POINTS)
    assert np.isfinite(total)


@BOTH
def test_pack(benchmark: BenchmarkFixture, case: Case) -> None:
    """Arrays made ready for the kernels."""
    assert benchmark(guide_of, case).row.size == 26


@BOTH
def test_upper_bound(benchmark: BenchmarkFixture, case: Case) -> None:
    """Where no mode can be."""
    bound, _ = benchmark(largest_n_eff, guide_of(case), half_width(case))
    assert bound > 1.941


@BOTH
def test_count_zeros(benchmark: BenchmarkFixture, case: Case) -> None:
    """One contour: 1.55 to 1.7 in Re n_eff."""
    count, _ = benchmark(count_zeros, guide_of(case), d.N, 1.55 - 0.05j, 1.7 + 0.05j)
    assert count in (2, 4)


@BOTH
def test_zeros_inside(benchmark: BenchmarkFixture, case: Case) -> None:
    """The same, zeros found as well."""
    _, found, _ = benchmark(zeros_inside, guide_of(case), d.N, 1.55 - 0.05j, 1.7 + 0.05j)
    assert found


@CASES
def test_find_modes(benchmark: BenchmarkFixture, case: Case) -> None:
    """A certified search with all that a mode carries."""
    assert benchmark(case.search).certified


@pytest.mark.parametrize("name", ["MQW30-TE", "thick-20um-TE"])
def test_find_modes_of_a_large_guide(benchmark: BenchmarkFixture, name: str) -> None:
    """The tabulated guide of most layers, 61, and that of most modes, 100."""
    case = next(case for case, _ in tabulated_cases() if case.name == name)
    assert benchmark(case.search).certified


@BOTH
def test_track_modes(benchmark: BenchmarkFixture, case: Case) -> None:
    """All modes through 4,000 stacks."""
    case, start = started(case.polarization)
    tracks = benchmark(follow, case, start, family())
    assert (tracks.status == "tracked").all()


@BOTH
def test_mode_field(benchmark: BenchmarkFixture, case: Case) -> None:
    """The field of one mode at 1,000 heights."""
    mode = started(case.polarization)[1].modes[0]
    field = benchmark(planar.mode_field, mode, np.linspace(-200.0, 2400.0, POINTS))
    assert np.abs(field.E).max() == pytest.approx(1.0, rel=0.1)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_scatter(benchmark: BenchmarkFixture, row: Row) -> None:
    """R, T and A: the rows of bench_scattering.py."""
    found = benchmark(row.run)
    assert (found.reflectance <= 1).all()


def test_scatter_one_layer(benchmark: BenchmarkFixture) -> None:
    """What a call costs whatever the stack."""
    found = benchmark(planar.scatter, INDEX[[0, 1, -1]], THICKNESS_NM[:1], 640.0, 30.0, "TE")
    assert found.reflectance < 1
