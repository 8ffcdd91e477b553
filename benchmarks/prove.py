"""``make prove``: what is too long for CI. Writes docs/proofs.md; exit code 1 where a promise is not kept.

1. 10,000 random stacks, both polarizations: certified, and at what cost.
2. 1,000 hard stacks: near-equal, amplifying, metallic or low-index half-spaces, a substrate's index on a mode, 80 um.
3. 300 random stacks searched again by spectral finite elements: the same modes, one by one, none more and none less.
4. 1,000,000 stacks followed in blocks, in bounded memory.
5. 1,000,000 points of a sweep by 1, 2 and 4 workers: the same numbers, bit for bit, and two workers nearly twice as fast as one.

``python -m benchmarks.prove --share 0.01`` does a hundredth of it, and leaves the page alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from time import process_time
from typing import TypeVar

import numpy as np

from benchmarks import bench_sweeps
from benchmarks.blocks import BLOCK, high_water_mib, track_in_blocks
from benchmarks.environment import ONE_THREAD, TOP
from benchmarks.peers import coh_tmm
from benchmarks.report import Floor, Part, Table, all_met, duration, floors_table, number
from benchmarks.timing import machine
from qdphotonics import planar
from qdphotonics.planar.results import Polarization
from tests.planar.agreement import Agreement, compared
from tests.planar.stacks_at_random import HARD, RandomStack, hard_stack, random_stack

PAGE = TOP / "docs" / "proofs.md"
STACKS, HARD_STACKS, SAMPLE, POINTS = 10_000, 1000, 300, 1_000_000
PIECE = 25  # stacks that a worker takes at a time
LEAD = """# Proofs too long for CI

Made by `make prove` with fixed seeds; the tests repeat a sample of it (`tests/planar/test_proof_sample.py`). Costs are CPU time,
in units of one call of `tmm.coh_tmm` on the same stack.

Machine: {machine}.
"""
RANDOM_LEAD = """
10,000 stacks, TE and TM: 1 to 60 layers of 1 to 2,000 nm, n from 1 to 4, k to 0.1, gain to −0.02, a metal in four of ten, lossless
half-spaces of n from 1 to 2, wavelengths from 400 to 1,600 nm. The search is the default one: Re n_eff from 0 to where no mode
can be, |loss| up to 10,000 per cm; certified is a search whose count of zeros, by the argument principle, equals what it returns.
""".strip().replace("\n", " ")
HARD_LEAD = """
1,000 stacks that counting may stumble over, up to 39 layers, TE and TM by turns.
""".strip()
AGREEMENT_LEAD = """
300 of the random stacks, TE and TM by turns, searched again by spectral finite elements (`tests/oracles/spectral.py`): an
eigenproblem of the field's nodal values, which shares nothing with layer matrices and is told nothing of their result. A mode
that its blind search lacks is sought by it once more at the place given here.
""".strip().replace("\n", " ")
MILLION_LEAD = """
Glass / L-ITO / dots / two organic layers / silver, TM with its plasmon; all five thicknesses swing at once. The family is taken in
blocks of 10,000 stacks, each started by a certified search, whose modes must be those that the block before ended with.
""".strip().replace("\n", " ")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Search:
    """One certified search, or one that is not."""

    seed: int
    kind: str
    polarization: Polarization
    layers: int
    modes: int
    certified: bool
    note: str
    seconds: float
    unit: float  # seconds of tmm.coh_tmm on the same stack

    @property
    def name(self) -> str:
        return f"{self.kind} {self.seed}, {self.polarization}, {self.layers} layers"


def search(seed: int, kind: str, polarization: Polarization, stack: RandomStack) -> Search:
    """Search a stack and time the unit beside it."""
    start = process_time()
    found = planar.find_modes(stack.index, stack.thickness_nm, stack.wavelength_nm, polarization)
    middle = process_time()
    coh_tmm(stack.index, stack.thickness_nm, stack.wavelength_nm)
    end = process_time()
    modes = sum(mode.multiplicity for mode in found.modes)
    return Search(seed, kind, polarization, stack.thickness_nm.size, modes, found.certified, found.note, middle - start, end - middle)


def random_searches(seeds: Sequence[int]) -> list[Search]:
    """Both polarizations of random stacks."""
    both: tuple[Polarization, ...] = ("TE", "TM")
    return [search(seed, "random", each, random_stack(seed)) for seed in seeds for each in both]


def hard_searches(seeds: Sequence[int]) -> list[Search]:
    """One polarization of each hard stack; each kind gets both by turns."""
    found = []
    for seed in seeds:
        polarization = hard_polarization(seed)
        kind, stack = hard_stack(seed, polarization)
        found.append(search(seed, kind, polarization, stack))
    return found


def hard_polarization(seed: int) -> Polarization:
    """TE and TM by turns of all kinds."""
    return "TM" if seed // len(HARD) % 2 else "TE"


def comparisons(seeds: Sequence[int]) -> list[Agreement]:
    """Random stacks by both methods; TE and TM by turns."""
    return [compared(random_stack(seed), "TM" if seed % 2 else "TE") for seed in seeds]


def shared(pool: ProcessPoolExecutor, work: Callable[[Sequence[int]], list[Found]], seeds: Sequence[int], piece: int) -> list[Found]:
    """The work on all seeds, in pieces, by the pool's processes."""
    pieces = [seeds[start : start + piece] for start in range(0, len(seeds), piece)]
    return list(chain.from_iterable(pool.map(work, pieces)))


def certified_part(title: str, lead: str, found: Sequence[Search], share: float, most_units: float | None) -> Part:
    """A chapter of searches: how many were certified, and what they cost."""
    seconds = np.array([each.seconds for each in found])
    mean_units = seconds.sum() / sum(each.unit for each in found)
    doubtful = [each for each in found if not each.certified]
    rows = [
        ("searches", number(len(found))),
        ("certified", number(len(found) - len(doubtful))),
        ("modes returned", number(sum(each.modes for each in found))),
        ("mean cost", f"{duration(seconds.mean())}, {number(mean_units)} tmm.coh_tmm"),
        ("median; 99 % cost at most", f"{duration(np.median(seconds))}; {duration(np.percentile(seconds, 99))}"),
        ("largest cost", duration(seconds.max())),
    ]
    floors = [Floor(f"{title}: share certified", 1 - len(doubtful) / len(found), share)]
    if most_units is not None:
        floors.append(Floor(f"{title}: mean cost in calls of tmm.coh_tmm", mean_units, most_units, least=False))
    closing = [f"Not certified: {each.name}: {each.note}" for each in doubtful]
    return Part(title, lead, [("", Table(("", "found"), rows))], floors, closing)


def kinds_part(found: Sequence[Search]) -> Part:
    """The hard stacks, kind by kind."""
    part = certified_part("Hard stacks", HARD_LEAD, found, 0.999, None)
    rows = []
    for kind in HARD:
        own = [each for each in found if each.kind == kind]
        seconds = np.array([each.seconds for each in own])
        certified = f"{sum(each.certified for each in own)} of {len(own)}"
        rows.append((kind, certified, number(sum(each.modes for each in own)), duration(seconds.mean()), duration(seconds.max())))
    table = Table(("kind", "certified", "modes", "mean", "largest"), rows)
    return Part(part.title, part.lead, [*part.tables, ("", table)], part.floors, part.closing)


def agreement_part(found: Sequence[Agreement]) -> Part:
    """The second method."""
    missing, spurious = sum(len(each.missing) for each in found), sum(len(each.spurious) for each in found)
    rows = [
        ("searches compared", number(len(found))),
        ("agree mode by mode", number(sum(each.whole for each in found))),
        ("modes", number(sum(each.modes for each in found))),
        ("missing here, found there", number(missing)),
        ("found here, denied there", number(spurious)),
        ("found here; there only after a hint", number(sum(each.hinted for each in found))),
        ("largest difference of n_eff", f"{max(each.difference for each in found):.1e}"),
    ]
    floors = [Floor("Second method: searches that agree mode by mode", sum(each.whole for each in found), len(found))]
    return Part("The same modes by a second method", AGREEMENT_LEAD, [("", Table(("", "found"), rows))], floors)


def million_part(points: int) -> Part:
    """Tracking in bounded memory: the peak after a twentieth of the family must be the peak at its end."""
    start = process_time()
    solutions, tracked, mismatch, early, done = 0, 0.0, 0.0, 0.0, 0
    certified = True
    for block in track_in_blocks(points):
        done += block.points
        solutions += block.points * block.modes
        tracked += block.points * block.modes * block.tracked
        mismatch, certified = max(mismatch, block.mismatch), certified and block.certified
        if done <= max(points // 20, 2 * BLOCK):
            early = high_water_mib()
    seconds, peak = process_time() - start, high_water_mib()
    rows = [
        ("stacks", number(done + 1)),
        ("solutions with Γ, loss and derivatives", number(solutions)),
        ("time, searches at the blocks' starts included", f"{duration(seconds)}, {number(solutions / seconds)} solutions/s"),
        ("largest mismatch between a block's end and the next search", f"{mismatch:.1e}"),
        ("peak memory of the process", f"{peak:.0f} MiB; {early:.0f} MiB after the first twentieth"),
    ]
    floors = [
        Floor("A million stacks: share followed without a question", tracked / solutions, 1.0),
        Floor("A million stacks: blocks' searches certified", float(certified), 1.0),
        Floor("A million stacks: largest mismatch in n_eff", mismatch, 1e-11, least=False),
        Floor("A million stacks: peak memory over that of the first twentieth", peak / early, 1.1, least=False),
    ]
    return Part("A million stacks followed", MILLION_LEAD, [("", Table(("", "found"), rows))], floors)


def parts(share: float) -> list[Part]:
    """All chapters; ``share`` of the full numbers."""
    # The million first: nothing else may have raised this process's memory.
    million = million_part(max(2 * BLOCK, round(share * POINTS)))
    print(million.text(), flush=True)
    swept = bench_sweeps.part(workers=(1, 2, 4))
    print(swept.text(), flush=True)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        found = shared(pool, random_searches, range(round(share * STACKS)), PIECE)
        chapters = [certified_part("Random stacks", RANDOM_LEAD, found, 0.9999, 75)]
        print(chapters[-1].text(), flush=True)
        chapters.append(kinds_part(shared(pool, hard_searches, range(round(share * HARD_STACKS)), PIECE)))
        print(chapters[-1].text(), flush=True)
        seeds = range(0, STACKS, STACKS // SAMPLE)[: max(1, round(share * SAMPLE))]
        chapters.append(agreement_part(shared(pool, comparisons, seeds, 1)))
        print(chapters[-1].text(), flush=True)
    return [*chapters, million, swept]


def main() -> int:
    """Prove, print, write, judge."""
    parser = argparse.ArgumentParser(description="Proofs too long for CI.")
    parser.add_argument("--share", type=float, default=1.0, help="of the full numbers; the page is written for 1 only")
    share = parser.parse_args().share
    chapters = parts(share)
    promises = floors_table(chapters)
    print("== Promises", promises.text(), sep="\n")
    if share == 1.0:
        head = LEAD.format(machine=machine())
        pieces = [head.strip(), *(chapter.markdown() for chapter in chapters), "## Promises", promises.markdown()]
        PAGE.write_text("\n\n".join(pieces) + "\n", "utf-8")
    return 0 if all_met(chapters) else 1


if __name__ == "__main__":
    os.environ.update(ONE_THREAD)
    sys.exit(main())
