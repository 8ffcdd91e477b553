"""From arrays that broadcast to the kernel's grid, and back; threads."""

from __future__ import annotations

import itertools
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qdphotonics.planar.results import Complexes, Reals
from qdphotonics.planar.scattering_kernel import Operand, Problem, equal_layers, scatter_blocks
from qdphotonics.planar.scattering_layer_kernel import CHUNK

PIECES_PER_THREAD = 4  # so that a thread that is held up does not hold up the rest


@dataclass(frozen=True, eq=False)
class Inputs:
    """Checked arguments, and how they form the grid: its columns are the longest axis of the batch, its rows all others."""

    index: Complexes  # [..., layer + 2]
    extraordinary: Complexes  # [..., layer + 2]; the same object where nothing is uniaxial
    thickness: Reals  # [..., layer]
    wavenumber: Reals  # [...]
    angle_deg: Reals  # [...]
    batch: tuple[int, ...]  # the leading axes of all, broadcast


class Response(NamedTuple):
    """What a stack does to light, [(2,) ...batch(, item)]."""

    reflectance: Reals
    transmittance: Reals
    absorptance: Reals  # no layers where it was not wanted
    front: Reals  # U, V where the stack begins (scattering_kernel.py); no items where it was not wanted


def scatter_grid(inputs: Inputs, with_te: bool, with_tm: bool, with_absorptance: bool, threads: int, with_front: bool = False) -> Response:
    """Run the kernel over the grid; both polarizations make a leading axis (TE, TM)."""
    batch = inputs.batch or (1,)
    axis = int(np.argmax(batch))
    rows = batch[:axis] + batch[axis + 1 :]
    problem = _problem(inputs, batch, axis)
    shape = (with_te + with_tm, math.prod(rows), problem.columns)
    items = ((), (), (problem.order.size if with_absorptance else 0,), (4 if with_front else 0,))
    results = tuple(np.empty(shape + each) for each in items)
    blocks = shape[1] * -(-problem.columns // CHUNK)
    pieces = 1 if threads == 1 else max(1, min(blocks, threads * PIECES_PER_THREAD))
    bounds = [blocks * piece // pieces for piece in range(pieces + 1)]

    def work(piece: tuple[int, int]) -> None:
        scatter_blocks(problem, with_te, with_tm, *piece, *results)

    if pieces == 1:
        work((0, blocks))
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, itertools.pairwise(bounds)))

    def unfold(result: Reals, item: tuple[int, ...]) -> Reals:
        if rows and result.size:
            result = np.moveaxis(result.reshape(shape[0], *rows, problem.columns, *item), 1 + len(rows), 1 + axis)
        whole = result.reshape(shape[0], *inputs.batch, *item)
        return whole if with_te and with_tm else whole[0]

    return Response(*map(unfold, results, items))


def _problem(inputs: Inputs, batch: tuple[int, ...], axis: int) -> Problem:
    # The cosine from the complement of the angle: all its digits at grazing incidence.
    direction = np.stack([np.sin(np.deg2rad(90.0 - inputs.angle_deg)), np.sin(np.deg2rad(inputs.angle_deg))], axis=-1)
    ordinary = _operand(inputs.index, batch, axis)
    isotropic = inputs.extraordinary is inputs.index
    extraordinary = ordinary if isotropic else _operand(inputs.extraordinary, batch, axis)
    thickness = _operand(inputs.thickness, batch, axis)
    distinct, order = np.unique(equal_layers(ordinary.values, extraordinary.values, thickness.values), return_inverse=True)
    slots = np.append(distinct + 1, order.size + 1)
    uniaxial = np.zeros(slots.size, np.bool_)
    if not isotropic:
        differs = (inputs.index != inputs.extraordinary).reshape(-1, slots[-1] + 1).any(axis=0)
        uniaxial = differs[slots] | differs[0]  # light from a uniaxial half-space has two n_eff at one angle
    wavenumber, sides = _operand(inputs.wavenumber[..., np.newaxis], batch, axis), _operand(direction, batch, axis)
    return Problem(ordinary, extraordinary, thickness, wavenumber, sides, batch[axis], slots, order, uniaxial)


def _operand(quantity: Complexes | Reals, batch: tuple[int, ...], axis: int) -> Operand:
    """[...own, item] as [own row, item, own column] and which of them each row and column of the grid uses."""
    own = (1,) * (len(batch) + 1 - quantity.ndim) + quantity.shape[:-1]
    columns, own_rows, rows = own[axis], own[:axis] + own[axis + 1 :], batch[:axis] + batch[axis + 1 :]
    count, items = math.prod(own_rows), quantity.shape[-1]
    parts = (quantity.real, quantity.imag) if np.iscomplexobj(quantity) else (quantity,)
    filled = -(-columns // CHUNK) * CHUNK if columns > 1 else columns
    values = np.empty((count, len(parts) * items, filled))
    for k, part in enumerate(parts):
        values[:, k * items : (k + 1) * items, :columns] = np.moveaxis(part.reshape(*own, items), axis, -1).reshape(count, items, columns)
    values[..., columns:] = values[..., columns - 1 : columns]
    row = np.array(np.broadcast_to(np.arange(count).reshape(own_rows), rows)).reshape(-1)
    return Operand(values, row, 1 if columns > 1 else 0)
