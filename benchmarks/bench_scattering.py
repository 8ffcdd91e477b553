"""R, T and absorptance per layer against `tmm`: ``make bench`` prints the table and exits 1 below a floor.

The stack is a glass / 10 pairs / dots / silver / air diode of 26 layers. One run, one pinned core (matrices of 2 x 2 wake no
BLAS threads), CPU time; every row takes turns with `tmm.coh_tmm`, so that both meet the same machine. Ratios travel,
times do not. Errors are the largest of R, T and A at points of the row, against transfer matrices in 40 digits.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time
from typing import Any

import mpmath
import numpy as np
import tmm
from numpy.typing import NDArray

from qdphotonics import planar

INDEX = np.array([1.52, *[2.30, 1.46] * 10, 1.85 + 0.0035j, 1.8, 1.85, 1.75, 1.75, 0.056 + 4.28j, 1.0])
THICKNESS_NM = np.array([70.0, 110.0] * 10 + [50.0, 40.0, 50.0, 60.0, 10.0, 100.0])
ROUNDS = 12  # turns; the fastest of each side counts
PEER_CALLS = 40  # calls of tmm in a turn
SAMPLES = 12  # points of a row that are checked
ERROR_CEILING = 1e-12


@dataclass(frozen=True)
class Row:
    """One kind of work: the arguments of `scatter`, how many evaluations that is, and the least ratio to `tmm`."""

    name: str
    arguments: dict[str, Any]
    evaluations: int
    floor: float

    def run(self) -> planar.Scattering:
        return planar.scatter(**self.arguments)


def rows() -> list[Row]:
    """A dispersive spectrum at many angles, without and with absorptance; a batch of unlike stacks; a single point."""
    wavelength, angle = np.linspace(500.0, 800.0, 1000), np.linspace(0.0, 85.0, 100)
    index = INDEX * (1 + 4e3 / wavelength[:, np.newaxis] ** 2)  # a Cauchy-like dispersion of every layer
    grid = {"index": index[:, np.newaxis], "thickness_nm": THICKNESS_NM, "wavelength_nm": wavelength[:, np.newaxis], "angle_deg": angle}
    random = np.random.default_rng(1)
    stacks = np.where(INDEX.imag > 1, INDEX, INDEX * random.uniform(0.98, 1.02, (20_000, 28)))
    stacks[:, 0] = 1.52
    batch = {
        "index": stacks,
        "thickness_nm": THICKNESS_NM * random.uniform(0.8, 1.2, (20_000, 26)),
        "wavelength_nm": 640.0,
        "angle_deg": 30.0,
    }
    point = {"index": INDEX, "thickness_nm": THICKNESS_NM, "wavelength_nm": 640.0, "angle_deg": 30.0, "polarization": "TE"}
    return [
        Row("1,000 wavelengths x 100 angles: R, T", {**grid, "polarization": "both", "absorptance": False}, 200_000, 1000),
        Row("the same with A of 26 layers", {**grid, "polarization": "both"}, 200_000, 1000),
        Row("20,000 unlike stacks: R, T", {**batch, "polarization": "both", "absorptance": False}, 40_000, 300),
        Row("one point: R, T, A", point, 1, 0.5),
    ]


def peer() -> None:
    """PEER_CALLS evaluations by tmm."""
    for _ in range(PEER_CALLS):
        tmm.coh_tmm("s", list(INDEX), [np.inf, *THICKNESS_NM, np.inf], 0.5, 640.0)


def seconds(work: Callable[[], object]) -> float:
    """CPU time of this thread."""
    start = thread_time()
    work()
    return thread_time() - start


def worst_error(row: Row) -> float:
    """Largest error of R, T and A among SAMPLES points of the row."""
    found = row.run()
    polarizations = ("TE", "TM") if row.arguments["polarization"] == "both" else (row.arguments["polarization"],)
    reflectance = found.reflectance.reshape(len(polarizations), -1)
    transmittance = found.transmittance.reshape(len(polarizations), -1)
    losses = found.absorptance.reshape(*reflectance.shape, -1)
    shape = found.reflectance.shape[len(polarizations) - 1 :]
    worst = 0.0
    for flat in np.linspace(0, reflectance.shape[1] - 1, SAMPLES if shape else 1).astype(int):
        where = np.unravel_index(flat, shape) if shape else ()
        point = {name: _at(row.arguments[name], where, shape, items) for name, items in _ITEMS.items()}
        for k, polarization in enumerate(polarizations):
            exact = exact_scattering(polarization=polarization, **point)
            own = [reflectance[k, flat], transmittance[k, flat], *losses[k, flat]]
            worst = max(worst, *(float(abs(mine - true)) for mine, true in zip(own, exact, strict=False)))
    return worst


_ITEMS = {"index": (28,), "thickness_nm": (26,), "wavelength_nm": (), "angle_deg": ()}


def _at(value: Any, where: tuple[Any, ...], shape: tuple[int, ...], items: tuple[int, ...]) -> Any:
    return np.broadcast_to(value, shape + items)[where]


def exact_scattering(
    index: NDArray[np.complex128], thickness_nm: NDArray[np.float64], wavelength_nm: float, angle_deg: float, polarization: str
) -> list[mpmath.mpf]:
    """R, T and A of each layer from transfer matrices in 40 digits, A as the difference of two fluxes."""
    with mpmath.workdps(40 + int(thickness_nm[index[1:-1].imag > 1].sum() / 10)):  # growing waves eat digits
        k0, angle = 2 * mpmath.pi / mpmath.mpf(float(wavelength_nm)), mpmath.mpf(float(angle_deg)) * mpmath.pi / 180
        epsilon = [mpmath.mpc(complex(n)) ** 2 for n in index]
        n_eff_squared = epsilon[0] * mpmath.sin(angle) ** 2
        kz = [mpmath.sqrt(e - n_eff_squared) for e in epsilon]
        q = epsilon if polarization == "TM" else [mpmath.mpf(1)] * len(epsilon)
        u, v = mpmath.mpc(1), kz[-1] / q[-1]
        flux = [(mpmath.conj(u) * v).real]
        for j in range(len(thickness_nm), 0, -1):
            phase, admittance = kz[j] * k0 * mpmath.mpf(float(thickness_nm[j - 1])), kz[j] / q[j]
            cos, sin = mpmath.cos(phase), mpmath.sin(phase)
            u, v = cos * u - 1j * sin / admittance * v, cos * v - 1j * sin * admittance * u
            flux.insert(0, (mpmath.conj(u) * v).real)
        eta = (kz[0] / q[0]).real
        incident = abs(u + v / eta) ** 2 / 4 * eta
        absorbed = [(flux[j] - flux[j + 1]) / incident for j in range(len(thickness_nm))]
        return [abs(u - v / eta) ** 2 / 4 * eta / incident, flux[-1] / incident, *absorbed]


def main() -> int:
    """Measure, print, judge."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    peer()
    failed = 0
    print(f"{'26 layers, one core':<40}{'evaluations/s':>15}{'x tmm.coh_tmm':>15}{'floor':>8}{'error':>10}")
    peer_rate = 0.0
    for row in rows():
        row.run()
        own = theirs = np.inf
        for _ in range(ROUNDS):
            own, theirs = min(own, seconds(row.run)), min(theirs, seconds(peer))
        rate, peer_rate = row.evaluations / own, PEER_CALLS / theirs
        error = worst_error(row)
        bad = rate / peer_rate < row.floor or error > ERROR_CEILING
        failed += bad
        verdict = "  FAILED" if bad else ""
        print(f"{row.name:<40}{rate:>15,.0f}{rate / peer_rate:>15,.1f}{row.floor:>8,g}{error:>10.1e}{verdict}", flush=True)
    print(f"{'tmm.coh_tmm':<40}{peer_rate:>15,.0f}{1:>15}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
