"""Modes followed from one stack to the next: predicted by their exact derivatives, corrected by Newton, checked.

A step is taken by all modes together. It stands when, of each mode, Newton's first correction was nearly the last, the
change of n_eff agrees with the mean of the derivatives at both ends, and the derivatives themselves hardly turned; and
when no two modes turned around each other. Else it is halved, on stacks interpolated between the two. So a mode cannot
slip to a neighbour unseen, as long as the neighbour is followed too: a mode has a room in which all others are, and when its
steps sum up to that, the way is broken off until the others have been sought anew. Near cut-off the variable is zeta, in
which a mode crosses from sheet to sheet smoothly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.dispersion import (
    FROM_ZETA,
    ROTATED,
    ROTATED_BOTH,
    Guide,
    N,
    Workspace,
    dispersion,
    halfspace_kappa,
    n_eff_of,
    workspace,
)
from qdphotonics.planar.measure_kernel import Measures, Regions, measure_mode

STANDS, FAILS, TOO_FAR = range(3)  # what is told of a step
SMALLEST_STEP = 2.0**-14  # of the way between two stacks: a crossing is resolved to about 1e-4 of what n_eff moves
SETTLED = 1e-9  # Newton's step after which the next, its square, would be lost in rounding
MOST_CORRECTIONS = 6
PREDICTED = 0.3  # how far Newton's first step may miss the sum of all
AGREES = 0.05  # misfit of the change of n_eff to the mean of the derivatives, of all that moved it
TURNED = 0.5  # change of the vector dn_eff/dn over a step, of its length
ROUNDING = 1e-10  # misfit that means nothing
NEAR_CUT_OFF = 0.25  # |kappa| of a half-space under which zeta is the variable
KEEPS_ROOT = 0.5  # change of kappa, of its size, up to which the root nearer to the last one is the same one
TOGETHER = 1e-8  # modes closer than double precision resolves: which is which means nothing


class Stacks(NamedTuple):
    """A row of stacks for one polarization."""

    n_o: NDArray[np.complex128]  # [point, layer + 2]
    n_e: NDArray[np.complex128]  # [point, layer + 2]
    k0d: NDArray[np.float64]  # [point, layer]


class Followed(NamedTuple):
    """Modes at one stack."""

    n_eff: NDArray[np.complex128]  # [mode]
    kappa: NDArray[np.complex128]  # [mode, side]
    active: NDArray[np.bool_]  # [mode]
    crossed: NDArray[np.bool_]  # [mode]; passed another closer than a step resolves
    by_index: NDArray[np.complex128]  # [mode, layer + 2]
    by_extraordinary: NDArray[np.complex128]  # [mode, layer + 2]
    by_thickness: NDArray[np.complex128]  # [mode, layer]; dn_eff/d(k0 d)
    intensity: NDArray[np.float64]  # [mode, layer + 2]
    loss: NDArray[np.float64]  # [mode, layer + 4]; scratch for the budget
    room: NDArray[np.float64]  # [mode]; how far in n_eff it may move before others are sought anew; inf: nobody asks
    left: NDArray[np.float64]  # [mode]; of that, since others were last sought


class Scratch(NamedTuple):
    """The stack of a trial, seen from below and from above, and what the kernels need."""

    guide: Guide
    turned: Guide
    regions: Regions
    first: NDArray[np.int64]  # [row]; a layer of each row
    work: Workspace
    n_o: NDArray[np.complex128]  # [layer + 2]
    n_e: NDArray[np.complex128]  # [layer + 2]
    k0d: NDArray[np.float64]  # [layer]
    moved: NDArray[np.complex128]  # [mode]; change of n_eff by the derivatives at the start of the step


@kernel()
def followed(modes: int, layers: int) -> Followed:
    """Room for modes at one stack."""
    return Followed(
        np.empty(modes, np.complex128),
        np.empty((modes, 2), np.complex128),
        np.ones(modes, np.bool_),
        np.zeros(modes, np.bool_),
        np.empty((modes, layers + 2), np.complex128),
        np.empty((modes, layers + 2), np.complex128),
        np.empty((modes, layers), np.complex128),
        np.empty((modes, layers + 2)),
        np.empty((modes, layers + 4)),
        np.full(modes, np.inf),
        np.full(modes, np.inf),
    )


@kernel()
def scratch_for(row: NDArray[np.int64], first: NDArray[np.int64], modes: int) -> Scratch:
    """Room for trial stacks whose layers share rows as ``row`` says."""
    rows, layers = first.size, row.size
    q, g0, g1, k0d = np.empty(rows, np.complex128), np.empty(rows, np.complex128), np.empty(rows, np.complex128), np.empty(rows)
    return Scratch(
        Guide(row, q, g0, g1, k0d, np.empty((2, 3), np.complex128)),
        Guide(row[::-1].copy(), q, g0, g1, k0d, np.empty((2, 3), np.complex128)),
        Regions(np.empty((layers + 2, 2), np.complex128), np.ones((layers + 2, 2))),
        first,
        workspace(rows, layers),
        np.empty(layers + 2, np.complex128),
        np.empty(layers + 2, np.complex128),
        np.empty(layers),
        np.empty(modes, np.complex128),
    )


@kernel()
def set_stack(stacks: Stacks, start: int, end: int, way: float, te: bool, scratch: Scratch) -> None:
    """Put the stack at ``way`` from point start to point end into the scratch."""
    count = scratch.n_o.size
    for at in range(count):
        n_o = stacks.n_o[start, at] + way * (stacks.n_o[end, at] - stacks.n_o[start, at])
        n_e = stacks.n_e[start, at] + way * (stacks.n_e[end, at] - stacks.n_e[start, at])
        scratch.n_o[at], scratch.n_e[at] = n_o, n_e
        scratch.regions.n[at, 0], scratch.regions.n[at, 1] = n_o, n_e
    for layer in range(count - 2):
        scratch.k0d[layer] = stacks.k0d[start, layer] + way * (stacks.k0d[end, layer] - stacks.k0d[start, layer])
    guide = scratch.guide
    for row in range(scratch.first.size):
        at = scratch.first[row] + 1
        eps_o, eps_e = scratch.n_o[at] ** 2, scratch.n_e[at] ** 2
        guide.q[row], guide.g0[row], guide.g1[row] = (1.0 + 0j, eps_o, 1.0 + 0j) if te else (eps_o, 1.0 + 0j, 1.0 / eps_e)
        guide.k0d[row] = scratch.k0d[scratch.first[row]]
    for side in range(2):
        at = side * (count - 1)
        eps_o, eps_e = scratch.n_o[at] ** 2, scratch.n_e[at] ** 2
        medium = (1.0 + 0j, eps_o, 1.0 + 0j) if te else (eps_o, 1.0 + 0j, 1.0 / eps_e)
        for k in range(3):
            guide.outer[side, k] = scratch.turned.outer[1 - side, k] = medium[k]


@kernel()
def predict(modes: Followed, mode: int, stacks: Stacks, start: int, end: int, part: float) -> tuple[complex, float]:
    """(Change of n_eff, sum of the sizes of its parts) over a part of the way from start to end, by the derivatives."""
    moved, size = 0j, 0.0
    for at in range(stacks.n_o.shape[1]):
        ordinary = modes.by_index[mode, at] - modes.by_extraordinary[mode, at]
        by_o = ordinary * (stacks.n_o[end, at] - stacks.n_o[start, at])
        by_e = modes.by_extraordinary[mode, at] * (stacks.n_e[end, at] - stacks.n_e[start, at])
        moved += by_o + by_e
        size += abs(by_o) + abs(by_e)
    for layer in range(stacks.k0d.shape[1]):
        by_d = modes.by_thickness[mode, layer] * (stacks.k0d[end, layer] - stacks.k0d[start, layer])
        moved += by_d
        size += abs(by_d)
    return moved * part, size * part


@kernel()
def correct(guide: Guide, s: complex, variable: int, near_s: complex, near_c: complex, work: Workspace) -> tuple[bool, complex]:
    """Newton's iteration on D from s, and whether its first step was nearly all."""
    start, first = s, 0j
    for correction in range(MOST_CORRECTIONS):
        value, slope, _ = dispersion(guide, s, variable, near_s, near_c, work)
        step = value / slope
        if not abs(step) < 0.5:
            return False, s
        s -= step
        if correction == 0:
            first = -step
        if abs(step) < SETTLED:
            return abs(s - start - first) <= PREDICTED * abs(first) + ROUNDING, s
    return False, s


@kernel()
def follow_one(before: Followed, mode: int, moved: complex, scratch: Scratch, both: bool, after: Followed) -> bool:
    """Predict and correct one mode at the scratch's stack; False where it cannot be trusted."""
    n_eff = before.n_eff[mode]
    kappa_s, kappa_c = before.kappa[mode, 0], before.kappa[mode, 1]
    side = 0 if abs(kappa_s) <= abs(kappa_c) else 1
    guide = scratch.guide if side == 0 else scratch.turned
    kappa, other = (kappa_s, kappa_c) if side == 0 else (kappa_c, kappa_s)
    if abs(kappa) < NEAR_CUT_OFF:
        # zeta^2 = i kappa^2 and kappa^2 = q (g0 - g1 u): linearised about the start of the step
        zeta = kappa / FROM_ZETA
        q, g0, g1 = guide.outer[0, 0], guide.outer[0, 1], guide.outer[0, 2]
        change = q * (g0 - g1 * n_eff * n_eff) - kappa * kappa - 2.0 * q * g1 * n_eff * moved
        sound, s = correct(guide, zeta + 0.5j * change / zeta, ROTATED_BOTH if both else ROTATED, 0j, other, scratch.work)
        n_eff = n_eff_of(guide, s, ROTATED)
        kappa = FROM_ZETA * s
        following = kappa if both else halfspace_kappa(guide, 1, n_eff * n_eff, other)
        sound &= both or abs(following - other) < KEEPS_ROOT * abs(other)
        after.kappa[mode, side], after.kappa[mode, 1 - side] = kappa, following
    else:
        sound, n_eff = correct(scratch.guide, n_eff + moved, N, kappa_s, kappa_c, scratch.work)
        for each in range(2):
            last = kappa_s if each == 0 else kappa_c
            after.kappa[mode, each] = halfspace_kappa(scratch.guide, each, n_eff * n_eff, last)
            sound &= abs(after.kappa[mode, each] - last) < KEEPS_ROOT * abs(last)
    after.n_eff[mode] = n_eff
    return sound and n_eff.real > 0.0


@kernel()
def measure_followed(modes: Followed, mode: int, te: bool, scratch: Scratch) -> None:
    """Field integrals and derivatives of a mode at the scratch's stack."""
    count = scratch.n_o.size
    loss = modes.loss[mode]
    out = Measures(
        modes.intensity[mode],
        loss[:count],  # energy, absorbed and radiated: not kept
        loss[:count],
        loss[count : count + 2],
        modes.by_thickness[mode],
        modes.by_index[mode],
        modes.by_extraordinary[mode],
    )
    measure_mode(scratch.guide, scratch.regions, te, modes.n_eff[mode], modes.kappa[mode, 0], modes.kappa[mode, 1], scratch.work, out)


@kernel()
def agrees(before: Followed, after: Followed, mode: int, moved: complex, stacks: Stacks, start: int, end: int, part: float) -> bool:
    """Whether the change of n_eff and of its derivatives over a step fit together."""
    later, size = predict(after, mode, stacks, start, end, part)
    misfit = abs(after.n_eff[mode] - before.n_eff[mode] - 0.5 * (moved + later))
    turned = length = 0.0
    for at in range(before.by_index.shape[1]):
        turned += abs(after.by_index[mode, at] - before.by_index[mode, at]) ** 2
        length += abs(before.by_index[mode, at]) ** 2
    return misfit <= AGREES * size + ROUNDING and turned <= TURNED**2 * length


@kernel()
def apart(modes: Followed, one: int, other: int) -> bool:
    """Whether two modes can be told apart."""
    return bool(abs(modes.n_eff[one] - modes.n_eff[other]) > TOGETHER)


@kernel()
def turned_around(before: Followed, after: Followed, one: int, other: int) -> bool:
    """Whether two modes passed each other within a step: their difference in n_eff turned by more than 60 degrees."""
    old, new = before.n_eff[one] - before.n_eff[other], after.n_eff[one] - after.n_eff[other]
    return bool((old.conjugate() * new).real < 0.5 * abs(old) * abs(new))


@kernel()
def try_step(
    before: Followed, after: Followed, stacks: Stacks, start: int, end: int, way: float, part: float, te: bool, scratch: Scratch, last: bool
) -> int:
    """One step of all active modes to ``way + part``; ``last``: no smaller step is left, so modes that fail are given up.

    TOO_FAR: others must be sought anew first. A step that is longer than the whole room fails.
    """
    set_stack(stacks, start, end, way + part, te, scratch)
    both = True
    for k in range(3):
        both &= scratch.guide.outer[0, k] == scratch.guide.outer[1, k]
    modes = before.n_eff.size
    for mode in range(modes):
        after.active[mode], after.crossed[mode] = before.active[mode], before.crossed[mode]
        if not before.active[mode]:
            continue
        moved, size = predict(before, mode, stacks, start, end, part)
        after.room[mode], after.left[mode] = before.room[mode], before.left[mode] - size
        if size > before.left[mode] and not last:
            return FAILS if before.left[mode] == before.room[mode] else TOO_FAR
        sound = follow_one(before, mode, moved, scratch, both, after)
        if sound:
            measure_followed(after, mode, te, scratch)
            sound = agrees(before, after, mode, moved, stacks, start, end, part)
        if not sound:
            if not last:
                return FAILS
            after.active[mode] = False
    for one in range(modes):
        for other in range(one):
            if not (after.active[one] and after.active[other]):
                continue
            met = not apart(after, one, other)
            if met or turned_around(before, after, one, other):
                if not last:
                    return FAILS
                after.crossed[one] = after.crossed[other] = True
                if met:
                    after.active[one] = after.active[other] = False
    return STANDS


@kernel()
def copy_modes(source: Followed, target: Followed) -> None:
    """Copy all that the next step needs."""
    target.n_eff[:], target.kappa[:], target.active[:], target.crossed[:] = source.n_eff, source.kappa, source.active, source.crossed
    target.by_index[:], target.by_extraordinary[:] = source.by_index, source.by_extraordinary
    target.by_thickness[:], target.intensity[:] = source.by_thickness, source.intensity
    target.room[:], target.left[:] = source.room, source.left


@kernel()
def alike(stacks: Stacks, one: int, other: int) -> bool:
    """Whether two points have the same stack."""
    same = True
    for at in range(stacks.n_o.shape[1]):
        same &= stacks.n_o[one, at] == stacks.n_o[other, at] and stacks.n_e[one, at] == stacks.n_e[other, at]
    for layer in range(stacks.k0d.shape[1]):
        same &= stacks.k0d[one, layer] == stacks.k0d[other, layer]
    return same


@kernel()
def advance(current: Followed, trial: Followed, stacks: Stacks, start: int, end: int, way: float, te: bool, scratch: Scratch) -> float:
    """Take the modes from ``way`` on to the stack of point end; those given up turn inactive.

    Returns how far they came: less than 1 where others must be sought anew.
    """
    if alike(stacks, start, end):
        return 1.0  # to the last bit: rows that begin at one stack owe nothing to each other
    for one in range(current.n_eff.size):
        for other in range(one):
            if current.active[one] and current.active[other] and not apart(current, one, other):
                current.active[one] = current.active[other] = False  # neither can be followed by itself
    part = 1.0 - way
    while way < 1.0:
        last = part <= SMALLEST_STEP
        outcome = try_step(current, trial, stacks, start, end, way, part, te, scratch, last)
        if outcome == STANDS:
            copy_modes(trial, current)
            way += part
            part = min(2.0 * part, 1.0 - way)
        elif outcome == TOO_FAR:
            return way
        else:
            part *= 0.5
    return 1.0
