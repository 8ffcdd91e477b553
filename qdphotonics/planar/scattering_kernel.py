"""R, T and absorption of many stacks: the recursion from the exit half-space to the entrance, CHUNK points at a time.

The points form a grid of rows and columns, the columns being its longest axis. Nothing is expanded to the full grid: each
quantity keeps its own values and says which of them a point uses (Operand). Layers that are equal in every point (the
pairs of a Bragg mirror) are worked out once: `slots` are the distinct layers, `order` the stack in terms of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import qdphotonics.planar.scattering_layer_kernel as layer
from qdphotonics.planar._jit import kernel
from qdphotonics.planar.elementary_kernel import exp_expm1
from qdphotonics.planar.kz import halfspace_kz
from qdphotonics.planar.scattering_layer_kernel import CHUNK, ETA_IN, Row, Rows

Points = NDArray[np.float64]  # [polarization, row, column(, layer)]

RESCALE_EVERY = 16  # layers; one multiplies the field by 1e9 at the very most, so squares stay finite

# Rows of the state: the fields; RESCALE and exp(DAMPING), which |U|^2 has been multiplied by; what a loss is multiplied
# by to be a share of the incident flux; the results.
U, U_IM, V, V_IM, RESCALE, DAMPING, SHARE, REFLECTED, TRANSMITTED = (row * CHUNK for row in range(9))
STATE_ROWS = 9


class Operand(NamedTuple):
    """One quantity: the point in row r and column c of the grid uses ``values[row[r], item, c * step]``."""

    values: NDArray[np.float64]  # [own row, item, own column]; the columns filled up to whole blocks
    row: NDArray[np.int64]  # [grid row]
    step: int  # 1; 0 where one column serves all


class Problem(NamedTuple):
    """What to compute. Items of the two indices: real parts of entrance, layers, exit, then the imaginary parts."""

    ordinary: Operand
    extraordinary: Operand
    thickness: Operand
    wavenumber: Operand
    direction: Operand  # items: cos and sin of the angle
    columns: int
    slots: NDArray[np.int64]  # [slot]: place in the index of a layer that stands for it; the exit half-space last
    order: NDArray[np.int64]  # [layer]: its slot
    uniaxial: NDArray[np.bool_]  # [slot]: TM waves differ from TE waves


@kernel()
def scatter_blocks(
    problem: Problem,
    with_te: bool,
    with_tm: bool,
    first: int,
    last: int,
    reflectance: Points,
    transmittance: Points,
    absorptance: Points,
    front: Points,
) -> None:
    """Fill the outputs [polarization, row, column(, item)] of blocks ``first`` ... ``last`` - 1 (a block: CHUNK columns).

    An ``absorptance`` of size 0 is left out, which takes half the time; so is ``front``, whose items are U, V (real and
    imaginary parts) where the stack begins, in units of the U of the incident wave.
    """
    absorbing = absorptance.size > 0
    order, uniaxial, exit_slot = problem.order, problem.uniaxial, problem.slots.size - 1
    light = exit_slot + 1  # where the light that comes in has its rows
    table = np.empty((light + 1, layer.LAYER_ROWS * CHUNK))
    state = np.empty(STATE_ROWS * CHUNK)
    losses = np.empty((order.size if absorbing else 0, CHUNK))
    rescales = np.empty((order.size // RESCALE_EVERY + 1, CHUNK))
    blocks_per_row = (problem.columns + CHUNK - 1) // CHUNK
    for block in range(first, last):
        row, start = block // blocks_per_row, (block % blocks_per_row) * CHUNK
        width = min(CHUNK, problem.columns - start)
        load(problem, row, start, table, light)
        for polarization in range(2):
            tm = polarization == 1
            if not (with_tm if tm else with_te):
                continue
            layer.shine(table, light, tm)
            for slot in range(exit_slot + 1):
                prepare(table, slot, light, tm, tm and with_te, uniaxial[slot], absorbing, slot == exit_slot)
            leave(order, table, exit_slot, tm, state)
            climb(order, table, state, absorbing, losses, rescales)
            out = 1 if tm and with_te else 0
            if absorbing:
                share_losses(order, table, light, state, losses, rescales)
                write_losses(losses, absorptance, out, row, start, width)
            write(table, light, state, reflectance, transmittance, out, row, start, width)
            if front.size > 0:
                write_front(table, light, state, front, out, row, start, width)


@kernel(inline=True)
def load(problem: Problem, row: int, start: int, table: Rows, light: int) -> None:
    """Copy the inputs of CHUNK points to the rows where they are used."""
    ordinary, extraordinary, thickness, wavenumber, direction = problem[:5]
    copy(ordinary, row, 0, start, table, light, layer.IN_O)
    copy(extraordinary, row, 0, start, table, light, layer.IN_E)
    copy(wavenumber, row, 0, start, table, light, layer.K0)
    copy(direction, row, 0, start, table, light, layer.COS)
    copy(direction, row, 1, start, table, light, layer.SIN)
    imaginary = problem.order.size + 2
    for slot in range(problem.slots.size):
        j = problem.slots[slot]
        copy(ordinary, row, j, start, table, slot, layer.N_O)
        copy(ordinary, row, imaginary + j, start, table, slot, layer.N_O_IM)
        if problem.uniaxial[slot]:
            copy(extraordinary, row, j, start, table, slot, layer.N_E)
            copy(extraordinary, row, imaginary + j, start, table, slot, layer.N_E_IM)
        if slot < problem.slots.size - 1:
            copy(thickness, row, j - 1, start, table, slot, layer.D)
            for i in range(CHUNK):
                table[slot, layer.D + i] *= table[light, layer.K0 + i]


@kernel(inline=True)
def copy(operand: Operand, row: int, item: int, start: int, out: Rows, slot: int, at: int) -> None:
    """One item of an operand at CHUNK points."""
    own_row = operand.row[row]
    for i in range(CHUNK):
        out[slot, at + i] = operand.values[own_row, item, (start + i) * operand.step]


@kernel(inline=True)
def prepare(table: Rows, slot: int, light: int, tm: bool, after_te: bool, uniaxial: bool, absorbing: bool, halfspace: bool) -> None:
    """Work out one layer; for TM all that TE has left in the table is used again, unless the layer is uniaxial."""
    own_wave = uniaxial or not after_te
    if tm and uniaxial:
        layer.extraordinary_wave(table, slot, light)
    elif own_wave:
        layer.ordinary_wave(table, slot, light)
    if halfspace:
        return
    if own_wave:
        layer.propagate(table, slot)
        if absorbing:
            layer.integrate(table, slot)
    if tm:
        layer.admit_tm(table, slot)
    if absorbing and tm:
        layer.lose_tm(table, slot, light, uniaxial)
    elif absorbing:
        layer.lose_te(table, slot)


@kernel(inline=True, contract=True)
def leave(order: NDArray[np.int64], table: Rows, slot: int, tm: bool, state: Row) -> None:
    """The outgoing wave behind the stack, U = 1 and V = eta, and the damping of the whole stack."""
    for i in range(CHUNK):
        root = halfspace_kz(complex(table[slot, layer.Z + i], table[slot, layer.Z_IM + i]))
        real, imaginary = (table[slot, layer.E_O + i], table[slot, layer.E_O_IM + i]) if tm else (1.0, 0.0)
        inverse = 1.0 / (real * real + imaginary * imaginary)
        table[slot, layer.ETA + i] = (root.real * real + root.imag * imaginary) * inverse
        table[slot, layer.ETA_IM + i] = (root.imag * real - root.real * imaginary) * inverse
        state[U + i], state[U_IM + i], state[V + i], state[V_IM + i] = 1.0, 0.0, table[slot, layer.ETA + i], table[slot, layer.ETA_IM + i]
        state[RESCALE + i], state[DAMPING + i] = 1.0, 0.0
    for own in order:
        for i in range(CHUNK):
            state[DAMPING + i] += table[own, layer.EXPONENT + i]


@kernel(inline=True)
def climb(order: NDArray[np.int64], table: Rows, state: Row, absorbing: bool, losses: Rows, rescales: Rows) -> None:
    """From the exit through all layers to the entrance; ``losses`` in units of the field where each is computed."""
    for j in range(order.size - 1, -1, -1):
        if absorbing:
            absorb(table, order[j], state, losses, j)
        cross(table, order[j], state)
        if j % RESCALE_EVERY == 0:
            rescale(state, rescales, j // RESCALE_EVERY)


@kernel(inline=True, contract=True)
def cross(table: Rows, slot: int, state: Row) -> None:
    """c = (eta U - V) G; U <- U + c; V <- V - eta c."""
    for i in range(CHUNK):
        eta, eta_im = table[slot, layer.ETA + i], table[slot, layer.ETA_IM + i]
        g, g_im = table[slot, layer.G + i], table[slot, layer.G_IM + i]
        u, u_im, v, v_im = state[U + i], state[U_IM + i], state[V + i], state[V_IM + i]
        back, back_im = eta * u - eta_im * u_im - v, eta * u_im + eta_im * u - v_im
        c, c_im = back * g - back_im * g_im, back * g_im + back_im * g
        state[U + i], state[U_IM + i] = u + c, u_im + c_im
        state[V + i], state[V_IM + i] = v - (eta * c - eta_im * c_im), v_im - (eta * c_im + eta_im * c)


@kernel(inline=True, contract=True)
def absorb(table: Rows, slot: int, state: Row, losses: Rows, j: int) -> None:
    """a |U|^2 + b |V|^2 + 2 Re(c U* V), the 2 being in the coefficients."""
    for i in range(CHUNK):
        u, u_im, v, v_im = state[U + i], state[U_IM + i], state[V + i], state[V_IM + i]
        squares = table[slot, layer.LOSS_U + i] * (u * u + u_im * u_im) + table[slot, layer.LOSS_V + i] * (v * v + v_im * v_im)
        product, product_im = u * v + u_im * v_im, u * v_im - u_im * v
        losses[j, i] = squares + table[slot, layer.LOSS_UV + i] * product + table[slot, layer.LOSS_UV_IM + i] * product_im


@kernel(inline=True, contract=True)
def rescale(state: Row, rescales: Rows, k: int) -> None:
    """Bring the field back to about 1."""
    for i in range(CHUNK):
        factor = 1.0 / (abs(state[U + i]) + abs(state[U_IM + i]) + abs(state[V + i]) + abs(state[V_IM + i]))
        state[U + i] *= factor
        state[U_IM + i] *= factor
        state[V + i] *= factor
        state[V_IM + i] *= factor
        rescales[k, i] = factor * factor
        state[RESCALE + i] *= factor * factor


@kernel(inline=True, contract=True)
def write(
    table: Rows, light: int, state: Row, reflectance: Points, transmittance: Points, out: int, row: int, start: int, width: int
) -> None:
    """R = |b/a|^2 and T from a = eta U + V, b = eta U - V (twice eta times the amplitudes in the entrance half-space)."""
    slot = light - 1
    for i in range(CHUNK):
        eta = table[light, ETA_IN + i]
        u, u_im, v, v_im = state[U + i], state[U_IM + i], state[V + i], state[V_IM + i]
        inverse = 1.0 / ((eta * u + v) ** 2 + (eta * u_im + v_im) ** 2)
        decay, _ = exp_expm1(state[DAMPING + i])
        state[REFLECTED + i] = ((eta * u - v) ** 2 + (eta * u_im - v_im) ** 2) * inverse
        state[TRANSMITTED + i] = 4.0 * eta * table[slot, layer.ETA + i] * state[RESCALE + i] * decay * inverse
    for i in range(width):
        reflectance[out, row, start + i], transmittance[out, row, start + i] = state[REFLECTED + i], state[TRANSMITTED + i]


@kernel(inline=True)
def write_front(table: Rows, light: int, state: Row, front: Points, out: int, row: int, start: int, width: int) -> None:
    """U and V at the entrance, the incident amplitude being (eta U + V) / (2 eta)."""
    for i in range(width):
        eta, u, v = table[light, ETA_IN + i], complex(state[U + i], state[U_IM + i]), complex(state[V + i], state[V_IM + i])
        scale = 2.0 * eta / (eta * u + v)
        u, v = scale * u, scale * v
        front[out, row, start + i, 0], front[out, row, start + i, 1] = u.real, u.imag
        front[out, row, start + i, 2], front[out, row, start + i, 3] = v.real, v.imag


@kernel(inline=True, contract=True)
def share_losses(order: NDArray[np.int64], table: Rows, light: int, state: Row, losses: Rows, rescales: Rows) -> None:
    """Losses per incident flux: each was computed with the field divided by the damping of the layers above it."""
    for i in range(CHUNK):
        eta = table[light, ETA_IN + i]
        a, a_im = eta * state[U + i] + state[V + i], eta * state[U_IM + i] + state[V_IM + i]
        state[SHARE + i] = 4.0 * eta / (a * a + a_im * a_im)
    for j in range(order.size):
        slot, k = order[j], j // RESCALE_EVERY
        if j % RESCALE_EVERY == 0:
            for i in range(CHUNK):
                state[SHARE + i] *= rescales[k, i]
        for i in range(CHUNK):
            losses[j, i] *= state[SHARE + i]
            state[SHARE + i] *= table[slot, layer.DECAY + i]


@kernel(inline=True)
def write_losses(losses: Rows, absorptance: Points, out: int, row: int, start: int, width: int) -> None:
    """Turn [layer, point] into [point, layer]."""
    for i in range(width):
        for j in range(losses.shape[0]):
            absorptance[out, row, start + i, j] = losses[j, i]


@kernel()
def equal_layers(ordinary: Points, extraordinary: Points, thickness: Points) -> NDArray[np.int64]:
    """For each layer the first one that equals it everywhere; arguments: the values of the operands of these names."""
    layers = thickness.shape[1]
    first = np.arange(layers)
    for j in range(layers):
        for k in range(j):
            if first[k] == k and (
                equal_items(thickness, j, k)
                and equal_items(ordinary, j + 1, k + 1)
                and equal_items(ordinary, j + layers + 3, k + layers + 3)
                and equal_items(extraordinary, j + 1, k + 1)
                and equal_items(extraordinary, j + layers + 3, k + layers + 3)
            ):
                first[j] = k
                break
    return first


@kernel()
def equal_items(values: Points, j: int, k: int) -> bool:
    """Whether two items of an operand are equal in every row and column; different ones mostly are in the first."""
    for row in range(values.shape[0]):
        for column in range(values.shape[2]):
            if values[row, j, column] != values[row, k, column]:
                return False
    return True
