"""Modes closer than double precision resolves: counted, brought to their mean, and told apart in more digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from qdphotonics.planar import find_modes
from qdphotonics.planar.results import Mode
from tests.oracles.mp_transfer import PreciseStack

SILVER = 0.056 + 4.28j


def by_symmetry(gap_nm: float, parity: int, near: float) -> mp.mpf:
    """TE mode of two films (1.75, 400 nm) in 1.5 at 633 nm that is even (+1) or odd (-1) about the middle of the gap.

    With gamma outside and kappa inside, E'/E = gamma tanh(gamma gap/2) (even) or gamma coth (odd) at the inner face must join
    a decaying field at the outer one: one equation per parity, in which nothing cancels.
    """
    k0 = 2 * mp.pi / 633

    def mismatch(n_eff: mp.mpf) -> mp.mpf:
        kappa, gamma = mp.sqrt(mp.mpf(1.75) ** 2 - n_eff**2), mp.sqrt(n_eff**2 - mp.mpf(1.5) ** 2)
        half = gamma * k0 * mp.mpf(gap_nm) / 2
        slope = gamma * (mp.tanh(half) if parity > 0 else mp.coth(half))
        cosine, sine = mp.cos(400 * k0 * kappa), mp.sin(400 * k0 * kappa)
        return slope * cosine - kappa * sine + gamma * (cosine + slope / kappa * sine)

    return mp.re(mp.findroot(mismatch, mp.mpf(near), tol=mp.mpf(10) ** -200, maxsteps=100))


@pytest.mark.parametrize("gap_nm", [2500.0, 3200.0, 4000.0, 8000.0, 20000.0])
def test_splitting_of_two_equal_guides(gap_nm: float) -> None:
    """Splittings of 6e-10 … 1e-66 against the even and the odd mode found each for itself: to 1e-13 of themselves."""
    (mode,) = find_modes([1.5, 1.75, 1.5, 1.75, 1.5], [400.0, gap_nm, 400.0], 633.0, "TE", n_range=(1.6, 1.8)).modes
    with mp.workdps(160):
        even, odd = (by_symmetry(gap_nm, parity, mode.n_eff.real) for parity in (1, -1))
        half, mean = float((even - odd) / 2), float((even + odd) / 2)
    assert mode.multiplicity == 2
    assert mode.n_eff.real == pytest.approx(mean, abs=1e-14)
    assert [offset.real for offset in mode.twin_offsets] == pytest.approx([half, -half], rel=1e-13, abs=0.0)
    assert max(abs(offset.imag) for offset in mode.twin_offsets) < 1e-13 * half


def test_what_cannot_be_split_and_what_need_not_be() -> None:
    """Guides 60 um apart split by e^-600, which is given as 0; a single mode has one offset, 0."""
    (far,) = find_modes([1.5, 1.75, 1.5, 1.75, 1.5], [400.0, 6e4, 400.0], 633.0, "TE", n_range=(1.6, 1.8)).modes
    (single,) = find_modes([1.5, 1.75, 1.5], [400.0], 633.0, "TE", n_range=(1.6, 1.8)).modes
    assert far.twin_offsets == (0j, 0j)
    assert single.twin_offsets == (0j,)


@pytest.mark.parametrize("guides", [3, 4, 6])
def test_a_row_of_guides_splits_as_a_chain(guides: int) -> None:
    """n equal guides coupled to their neighbours: offsets 2 c cos(pi j/(n + 1)), to the square of the coupling beside 1e-4."""
    index = [1.5, *([1.75, 1.5] * guides)]
    (mode,) = find_modes(index, [400.0, *([3500.0, 400.0] * (guides - 1))], 633.0, "TE", n_range=(1.6, 1.8)).modes
    expected = 2 * np.cos(np.pi * np.arange(1, guides + 1) / (guides + 1))
    coupling = mode.twin_offsets[0].real / expected[0]
    assert mode.multiplicity == guides
    assert [offset.real / coupling for offset in mode.twin_offsets] == pytest.approx(expected.tolist(), abs=1e-4)


def told_apart(mode: Mode, stack: PreciseStack) -> complex:
    """Difference of the two zeros to which Newton's method leads in 40 digits from n_eff plus its offsets."""
    one, other = (stack.polish(mode.n_eff + offset) for offset in mode.twin_offsets)
    assert one is not None
    assert other is not None
    return complex(one - other)


@pytest.mark.parametrize("superstrate", [1.5, 1.51])
@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_lossy_twins_between_metal(polarization: str, superstrate: float) -> None:
    """Two equal films between silver walls, the middle one 450 nm: complex splittings as in 40 digits, to 1e-6 of themselves.

    A superstrate of 1.51 beside a substrate of 1.5 puts modes near 1.5 where both half-spaces have their cuts.
    """
    index, thickness = [1.5, SILVER, 1.7, SILVER, 1.7, SILVER, superstrate], [300.0, 360.0, 450.0, 360.0, 300.0]
    search = find_modes(index, thickness, 640.0, polarization, n_range=(1.45, 1.89))  # type: ignore[arg-type]
    stack = PreciseStack(index, thickness, 640.0, polarization)  # type: ignore[arg-type]
    pairs = [mode for mode in search.modes if mode.multiplicity == 2 and abs(mode.twin_offsets[0]) > 1e-13]  # n_eff has 1e-16
    assert search.certified
    assert len(pairs) >= 1
    for mode in pairs:
        one, other = mode.twin_offsets
        assert told_apart(mode, stack) == pytest.approx(one - other, rel=1e-6)


def test_many_twins_beside_two_cuts() -> None:
    """2 to 4 equal guides between walls of silver or of a low index, half-spaces of 1.5 and 1.5 to 1.55: all 60 certified.

    Where both half-spaces have cuts the zeros of D+ D- are counted, and each must be told to be of D+ or of D-, twins of one
    sheet and pairs of both alike. Fixed seed.
    """
    random = np.random.default_rng(5)
    twins = 0
    for _ in range(60):
        guides = int(random.integers(2, 5))
        wall = [SILVER, 1.3, 0.2 + 3j][random.integers(3)]
        core, thickness, gap = random.uniform(1.5, 2.2), random.uniform(150, 600), 10 ** random.uniform(1.8, 3.2)
        index = [1.5, *([wall, core] * guides), wall, 1.5 + random.choice([1e-3, 0.01, 0.05])]
        lengths = [gap / 2, *([thickness, gap] * guides)]
        search = find_modes(index, lengths, 640.0, ["TE", "TM"][random.integers(2)])  # type: ignore[arg-type]
        assert search.certified, (index, lengths)
        twins += sum(mode.multiplicity > 1 for mode in search.modes)
    assert twins > 20
