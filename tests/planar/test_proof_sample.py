"""A fixed-seed sample of ``make prove``: random and hard stacks certified, and the modes of some found by a second method."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.blocks import silver_family, track_in_blocks
from qdphotonics import planar
from qdphotonics.planar.results import Polarization
from tests.planar.agreement import compared
from tests.planar.stacks_at_random import HARD, hard_stack, random_stack

BOTH = pytest.mark.parametrize("polarization", ["TE", "TM"])
RANDOM_STACKS, HARD_STACKS = 100, 70
SMALL = [seed for seed in range(400) if random_stack(seed).thickness_nm.sum() < 3000][:16]  # the second method takes 0.1 s each
DIFFERENCE = 2e-12  # of spectral elements, by rounding of their matrices (tests/oracles)
POINTS = 20_000


@BOTH
def test_random_stacks_are_certified(polarization: Polarization) -> None:
    """100 stacks of 1 to 60 layers, lossy, amplifying and metallic: as many zeros counted as modes returned.

    ``make prove`` does 10,000; one that fails here is a regression, whatever its share.
    """
    for seed in range(RANDOM_STACKS):
        stack = random_stack(seed)
        search = planar.find_modes(stack.index, stack.thickness_nm, stack.wavelength_nm, polarization)
        assert search.certified, f"random {seed}: {search.note}"


@pytest.mark.parametrize("kind", range(len(HARD)), ids=lambda kind: HARD[kind])
def test_hard_stacks_are_certified(kind: int) -> None:
    """Ten stacks of each kind that a count of zeros may stumble over, TE and TM by turns."""
    polarizations: tuple[Polarization, Polarization] = ("TE", "TM")
    for turn, seed in enumerate(range(kind, HARD_STACKS, len(HARD))):
        polarization = polarizations[turn % 2]
        name, stack = hard_stack(seed, polarization)
        assert name == HARD[kind]
        search = planar.find_modes(stack.index, stack.thickness_nm, stack.wavelength_nm, polarization)
        assert search.certified, f"hard {seed}: {search.note}"


@BOTH
def test_a_second_method_finds_the_same_modes(polarization: Polarization) -> None:
    """16 of the smaller stacks by spectral finite elements: none missing, none spurious, n_eff to the elements' rounding.

    No layer matrix, no zero of a dispersion function: an eigenproblem of the field's nodal values.
    """
    assert len(SMALL) == 16
    total = 0
    for seed in SMALL:
        agreement = compared(random_stack(seed), polarization)
        assert agreement.whole, f"random {seed}: {agreement}"
        assert agreement.difference < DIFFERENCE, f"random {seed}"
        total += agreement.modes
    assert total > 100  # the sample is not of empty stacks


def test_a_lost_mode_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above can fail: a mode is taken from the search, another moved, and it names both."""
    stack = random_stack(SMALL[1])
    real = planar.find_modes(stack.index, stack.thickness_nm, stack.wavelength_nm, "TE")
    assert len(real.modes) > 2

    def careless(*_: object, **__: object) -> planar.ModeSearch:
        moved = replace(real.modes[0], n_eff=real.modes[0].n_eff - 1e-3j)
        return replace(real, modes=(moved, *real.modes[2:]))

    monkeypatch.setattr("tests.planar.agreement.find_modes", careless)
    agreement = compared(stack, "TE")
    assert agreement.missing == pytest.approx((real.modes[0].n_eff, real.modes[1].n_eff), abs=DIFFERENCE)
    assert agreement.spurious == (real.modes[0].n_eff - 1e-3j,)
    assert not agreement.whole


def test_a_family_in_blocks_is_one_family() -> None:
    """20,000 stacks in two blocks: nothing lost, the second block's search finds what the first ended with."""
    blocks = list(track_in_blocks(POINTS))
    assert [block.points for block in blocks] == [10_000, 9_999]
    assert all(block.certified and block.tracked == 1.0 for block in blocks)
    assert max(block.mismatch for block in blocks) < 1e-12
    _, whole = silver_family(POINTS)
    assert np.array_equal(whole[10_000:], silver_family(POINTS, 10_000, 10_000)[1])
