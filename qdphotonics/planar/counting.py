"""Zeros of the dispersion function inside a rectangle: counted by the argument principle, then found.

The contour is walked with steps that the logarithmic derivative L = D'/D sets; the *complex* logarithm is followed, its
modulus too: a count by phase alone misses pairs that a step jumps over. Power sums of the zeros come with the count and
give seeds for Ehrlich-Aberth iteration on D itself.

Reference: L. M. Delves, J. N. Lyness, Math. Comp. 21, 543 (1967); O. Aberth, Math. Comp. 27, 339 (1973).
"""

from __future__ import annotations

import cmath
import math

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar._jit import kernel
from qdphotonics.planar.dispersion import Guide, Workspace, dispersion, workspace

# A step h of the contour stands where |L| h <= LONGEST at both ends and the change of log D is within SURPRISE of the
# trapezium h (L1 + L2)/2: looser limits (3, 1.5) gave the first false count among thousands of random stacks.
LONGEST = 1.6
SURPRISE = 0.3
MOST_STEPS = 400_000  # of one contour: beyond, the stack is so thick that bisecting would not help
SHORTEST = 1e-12  # step, relative to the rectangle's size: the contour runs through a zero
AT_ONCE = 10  # zeros found together: of ten power sums the seeds are still good, and bisecting costs more
MOST_ITERATIONS = 60
SETTLED = 1e-11  # step of Aberth's iteration, relative to the variable, after which one more is exact to rounding
CLUSTERED = 1e-6  # where a close pair stalls: the noise of D over its second derivative allows no more than ~1e-8


@kernel()
def walk_edge(
    guide: Guide,
    variable: int,
    start: complex,
    end: complex,
    first: tuple[complex, complex, float],
    centre: complex,
    radius: float,
    sums: NDArray[np.complex128],
    work: Workspace,
) -> tuple[bool, int, tuple[complex, complex, float]]:
    """Add to ``sums[p]`` the integral of ((s - centre)/radius)^p dlog D from start to end; also the steps taken."""
    length = abs(end - start)
    along = (end - start) / length
    value = first
    done, steps, trial = 0.0, 0, length
    while done < length:
        log_slope = value[1] / value[0] * along
        step = min(trial, length - done, 0.9 * LONGEST / (abs(log_slope) + 1e-300))
        while True:
            steps += 1
            if step < SHORTEST * radius or steps > MOST_STEPS:
                return False, steps, value
            position = end if step >= length - done else start + along * (done + step)
            following = dispersion(guide, position, variable, 0j, 0j, work)
            if following[0] == 0.0:
                return False, steps, value
            next_slope = following[1] / following[0] * along
            expected = 0.5 * step * (log_slope + next_slope)
            change = cmath.log(following[0] / value[0]) + (following[2] - value[2])
            turns = round((expected.imag - change.imag) / (2.0 * math.pi))
            change += 2j * math.pi * turns
            if abs(next_slope) * step <= LONGEST and abs(change - expected) < SURPRISE:
                break
            step *= 0.5
        # Simpson's rule with the midpoint slope that makes sums[0] the exact change of the logarithm.
        middle_slope = 1.5 * change / step - 0.25 * (log_slope + next_slope)
        t1 = (start + along * done - centre) / radius
        t3 = (position - centre) / radius
        t2 = 0.5 * (t1 + t3)
        w1, w2, w3 = log_slope * (step / 6.0), middle_slope * (step / 1.5), next_slope * (step / 6.0)
        for p in range(sums.size):
            sums[p] += w1 + w2 + w3
            w1, w2, w3 = w1 * t1, w2 * t2, w3 * t3
        done = length if step >= length - done else done + step
        trial = 2.0 * step
        value = following
    return True, steps, value


@kernel()
def count_zeros(guide: Guide, variable: int, low: complex, high: complex) -> tuple[int, NDArray[np.complex128]]:
    """Number of zeros inside the rectangle low … high, with multiplicity, and their power sums.

    Returns -1 where the contour runs through a zero or does not close.
    """
    work = workspace(guide.q.size, 0)
    sums = np.zeros(AT_ONCE + 1, np.complex128)
    centre, radius = 0.5 * (low + high), 0.5 * abs(high - low)
    corners = (low, complex(high.real, low.imag), high, complex(low.real, high.imag), low)
    value = dispersion(guide, low, variable, 0j, 0j, work)
    if value[0] == 0.0:
        return -1, sums
    for edge in range(4):
        sound, _, value = walk_edge(guide, variable, corners[edge], corners[edge + 1], value, centre, radius, sums, work)
        if not sound:
            return -1, sums
    sums /= 2j * math.pi
    count = round(sums[0].real)
    if abs(sums[0] - count) > 1e-6:  # steps telescope: a closed walk leaves rounding only
        return -1, sums
    return count, sums


@kernel()
def seeds(sums: NDArray[np.complex128], count: int) -> NDArray[np.complex128]:
    """Zeros (relative to centre and radius) of the polynomial with these power sums, by Newton's identities."""
    coefficient = np.zeros(count + 1, np.complex128)  # of t^(count - k)
    coefficient[0] = 1.0
    for k in range(1, count + 1):
        total = 0j
        for p in range(1, k + 1):
            total -= coefficient[k - p] * sums[p]
        coefficient[k] = total / k
    zeros = np.empty(count, np.complex128)
    for k in range(count):
        zeros[k] = -coefficient[1] / count + 0.6 * cmath.exp(2j * math.pi * (k + 0.3) / count)
    for _ in range(60):  # Durand-Kerner; a few digits are enough
        for k in range(count):
            value, others = 1.0 + 0j, 1.0 + 0j
            for p in range(1, count + 1):
                value = value * zeros[k] + coefficient[p]
            for other in range(count):
                if other != k:
                    others *= zeros[k] - zeros[other]
            if others != 0.0:
                zeros[k] -= value / others
    return zeros


@kernel()
def refine(guide: Guide, variable: int, near_c: complex, zeros: NDArray[np.complex128]) -> float:
    """Ehrlich-Aberth iteration on D (``near_c`` as there), in place; returns the last step's size relative to the variable's."""
    work = workspace(guide.q.size, 0)
    last = False
    largest = math.inf
    for _ in range(MOST_ITERATIONS):
        largest = 0.0
        for k in range(zeros.size):
            value, slope, _ = dispersion(guide, zeros[k], variable, 0j, near_c, work)
            if value == 0.0:
                continue
            log_slope = slope / value
            for other in range(zeros.size):
                if other != k and zeros[other] != zeros[k]:
                    log_slope -= 1.0 / (zeros[k] - zeros[other])
            if log_slope == 0.0:
                return math.inf
            step = 1.0 / log_slope
            if not abs(step) < 1e3:
                return math.inf
            zeros[k] -= step
            largest = max(largest, abs(step) / (0.01 + abs(zeros[k])))
        if last:
            break
        last = largest < SETTLED
    return largest


@kernel()
def zeros_inside(guide: Guide, variable: int, low: complex, high: complex) -> tuple[int, bool, NDArray[np.complex128]]:
    """(count, whether all of them were found, the zeros) of the rectangle low … high; count -1: no sound contour."""
    count, sums = count_zeros(guide, variable, low, high)
    if count <= 0 or count > AT_ONCE:
        return count, count == 0, np.empty(0, np.complex128)
    zeros = 0.5 * (low + high) + 0.5 * abs(high - low) * seeds(sums, count)
    step = refine(guide, variable, 0j, zeros)
    found = step < CLUSTERED
    for zero in zeros:
        found &= low.real < zero.real < high.real and low.imag < zero.imag < high.imag
    return count, found, zeros
