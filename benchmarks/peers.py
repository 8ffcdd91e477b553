"""The other solvers, each called as its own documentation says.

``tmm`` 0.2 (S. J. Byrnes): scattering, one point a call; its call is the unit of every table. ``PyMoosh`` 4: steepest
descent on 1/|r| from 40 starts. ``tidy3d`` 2: the finite-difference mode solver that runs on one's own machine, second
order, on a Yee grid between perfectly matched layers. ``tmm_fast`` 0.3: scattering by tensors of torch.
"""

from __future__ import annotations

import contextlib
import io
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np
import tmm
from numpy.typing import NDArray

from benchmarks.cases import Case, Polarization

STARTS = 40  # PyMoosh's default
STEP_NM, OUTER_STEP_NM = 1.0, 10.0  # grid of the finite differences in the layers and in the half-spaces
PADDING_NM, MATCHED_LAYERS = 1000.0, 40
EIGENVALUES = 100  # of both polarizations: fewer do not reach the leaky modes among the radiation modes


def coh_tmm(index: NDArray[np.complex128], thickness_nm: NDArray[np.float64], wavelength_nm: float) -> object:
    """One call of tmm on a stack, seen from a lossless entrance: the unit of the tables."""
    return tmm.coh_tmm("s", [float(index[0].real), *index[1:].tolist()], [np.inf, *thickness_nm.tolist(), np.inf], 0.3, wavelength_nm)


def pymoosh_stack(case: Case) -> Any:
    """The stack as PyMoosh wants it."""
    from PyMoosh import Structure

    materials = list(dict.fromkeys((case.index**2).tolist()))
    layers = [materials.index(value) for value in (case.index**2).tolist()]
    return Structure(materials, layers, [0.0, *case.thickness_nm.tolist(), 0.0], verbose=False)


def pymoosh_modes(case: Case, low: float, high: float) -> NDArray[np.complex128]:
    """Values of PyMoosh.modes.guided_modes for Re n_eff between low and high."""
    from PyMoosh.modes import guided_modes

    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        found = guided_modes(pymoosh_stack(case), case.wavelength_nm, int(case.polarization == "TM"), low, high, initial_points=STARTS)
    return np.array(found, np.complex128)


def finite_difference_modes(case: Case, near: float) -> dict[Polarization, NDArray[np.complex128]]:
    """The EIGENVALUES of tidy3d's mode solver that are nearest to ``near``, both polarizations at once."""
    import tidy3d
    from tidy3d.components.mode.solver import compute_modes

    edges, eps = _grid(case)
    width = np.diff(edges)
    across = eps.copy()  # E along the layers sits on the cells' edges: the mean of the two cells there
    across[1:] = (eps[1:] * width[1:] + eps[:-1] * width[:-1]) / (width[1:] + width[:-1])
    zero = np.zeros((1, eps.size))
    parallel, normal = across[None], eps[None]
    spec = tidy3d.ModeSpec(num_modes=EIGENVALUES, num_pml=(0, MATCHED_LAYERS), target_neff=near, precision="double")
    fields, n_eff, _ = compute_modes(
        eps_cross=[parallel, zero, zero, zero, normal, zero, zero, zero, parallel],
        coords=[np.array([-0.5, 0.5]), 1e-3 * edges],
        freq=tidy3d.C_0 / (1e-3 * case.wavelength_nm),
        mode_spec=spec,
        precision="double",
    )
    size = np.abs(fields[0]).max(axis=(1, 2, 3))  # of E_x, E_y, E_z of each mode; y is the normal
    te = size[0] > size[1]
    return {"TE": n_eff[te], "TM": n_eff[~te]}


def _grid(case: Case) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    """Cell edges [nm] and permittivities, no cell across an interface."""
    interfaces = np.concatenate([[0.0], np.cumsum(case.thickness_nm)])
    outside = PADDING_NM + MATCHED_LAYERS * OUTER_STEP_NM
    bounds = np.concatenate([[-outside], interfaces, [interfaces[-1] + outside]])
    edges, eps = [bounds[:1]], []
    for place, (low, high) in enumerate(pairwise(bounds)):
        step = OUTER_STEP_NM if place in (0, len(bounds) - 2) else STEP_NM
        cells = max(1, round((high - low) / step))
        edges.append(low + (high - low) * np.arange(1, cells + 1) / cells)
        eps.append(np.full(cells, case.index[place] ** 2))
    return np.concatenate(edges), np.concatenate(eps)


def torch_reason() -> str:
    """Why tmm_fast cannot run here ('' where it can)."""
    missing = [name for name in ("torch", "tmm_fast") if find_spec(name) is None]
    return f"no CPU build of {missing[0]} was to be had" if missing else ""


def tmm_fast_grid(
    index: NDArray[np.complex128], thickness_nm: NDArray[np.float64], wavelength_nm: NDArray[np.float64], angle_deg: NDArray[np.float64]
) -> list[dict[str, NDArray[np.float64]]]:
    """R and T [1, angle, wavelength] of TE and TM for index [wavelength, layer + 2]."""
    import tmm_fast
    import torch

    torch.set_num_threads(1)
    lengths = np.concatenate([[np.inf], thickness_nm, [np.inf]])[None] * 1e-9
    return [
        tmm_fast.coh_tmm(each, index.T[None].copy(), lengths, np.deg2rad(angle_deg), wavelength_nm * 1e-9, device="cpu") for each in "sp"
    ]
