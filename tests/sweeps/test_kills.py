"""Nothing is lost, repeated or half-written when processes are killed, by real SIGKILLs and SIGINTs at random moments."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from qdphotonics.sweeps.runner import completed
from tests.sweeps.processes import family, kill, simulations, stored, toy, until, workers_of
from tests.sweeps.toy import Toy, contents, said

CHUNKS = Toy().cut.count
CHUNK_S = 0.15  # all of them last some seconds, within which the kills fall


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path) -> Iterator[None]:
    """Whatever a test that fails leaves running ends with it."""
    yield
    kill(*family(tmp_path))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The chunk files of the same work, computed in this process and in peace."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with completed(Toy(), out=folder):
        return contents(folder)


class Watch:
    """Looks at every kill what was stored by then; none of it may be begun again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[tuple[set[int], Counter[int]]] = []

    def look(self) -> None:
        """Between two runners: what is stored, and what was begun."""
        self.seen.append((stored(self.folder), said(self.folder / "log", "begin")))

    def check(self) -> None:
        """What was stored at a look was never begun after it."""
        begun = said(self.folder / "log", "begin")
        for there, before in self.seen:
            assert {number: begun[number] - before[number] for number in there} == dict.fromkeys(there, 0)


def run_until(folder: Path, workers: int, share: float, dice: random.Random) -> subprocess.Popen[str]:
    """Start a runner and come back at a random moment after it stored a share of the chunks."""
    runner = toy(folder, CHUNK_S, workers)
    until(lambda: len(stored(folder)) >= share * CHUNKS or runner.poll() is not None)
    assert runner.poll() is None, runner.communicate()
    time.sleep(dice.uniform(0.0, 2 * CHUNK_S))
    return runner


def end(runner: subprocess.Popen[str], folder: Path) -> None:
    """Let a runner come to its end: done, silent, and without a process left."""
    told, complaints = runner.communicate(timeout=120)
    assert (runner.returncode, told, complaints) == (0, "done\n", "")
    until(lambda: not family(folder))


@pytest.mark.parametrize("seed", [1])
def test_three_kills_in_one_sweep(seed: int, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """SIGKILL of a worker, then of the runner, then of a runner and its workers at once, each at a random moment.

    After each death of a runner no process of its own is left. In the end every chunk is there, byte for byte as without
    kills; what was stored when a runner died was not begun again; within a run only what a dead worker was at is.
    """
    dice, watch = random.Random(seed), Watch(tmp_path)
    runner = run_until(tmp_path, 2, 0.1, dice)
    kill(dice.choice(workers_of(tmp_path)))
    until(lambda: len(stored(tmp_path)) >= 0.35 * CHUNKS)
    time.sleep(dice.uniform(0.0, 2 * CHUNK_S))
    kill(runner.pid)
    runner.communicate()
    until(lambda: not family(tmp_path))  # workers whose runner is gone end by themselves
    watch.look()
    runner = run_until(tmp_path, 2, 0.6, dice)
    kill(runner.pid, *workers_of(tmp_path))
    runner.communicate()
    until(lambda: not family(tmp_path))
    watch.look()
    end(toy(tmp_path, CHUNK_S, 2), tmp_path)
    watch.check()
    assert contents(tmp_path / "out") == undisturbed
    begun = said(tmp_path / "log", "begin")
    assert sum(begun.values()) <= CHUNKS + 2 * 3  # each kill costs at most what its two workers were at


def test_a_runner_without_workers_is_killed_three_times(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """The same in one process: each kill costs at most the chunk that was being computed."""
    dice, watch = random.Random(3), Watch(tmp_path)
    for share in (0.1, 0.4, 0.7):
        runner = run_until(tmp_path, 0, share, dice)
        kill(runner.pid)
        runner.communicate()
        watch.look()
    end(toy(tmp_path, CHUNK_S, 0), tmp_path)
    watch.check()
    assert contents(tmp_path / "out") == undisturbed
    assert sum(said(tmp_path / "log", "begin").values()) <= CHUNKS + 3


@pytest.mark.parametrize(("workers", "whom"), [(0, "runner"), (2, "group")])
def test_ctrl_c(workers: int, whom: str, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """SIGINT, to the runner alone or, as a terminal sends it, to its workers too: one line, no traceback, no process left.

    The line counts what is stored and says how to go on; what it counted is not computed again. The workers are in the
    midst of simulations of hours by then, which end with them, within seconds.
    """
    runner, watch, few = toy(tmp_path, CHUNK_S, workers, simulated_from=6), Watch(tmp_path), max(workers, 1)
    until(lambda: len(simulations(tmp_path)) == few and len(stored(tmp_path)) == 6)
    began = time.monotonic()
    (os.killpg if whom == "group" else os.kill)(runner.pid, signal.SIGINT)
    told, complaints = runner.communicate(timeout=60)
    assert time.monotonic() - began < 10.0
    watch.look()
    out = tmp_path / "out"
    assert complaints == f"stopped; 6 of {CHUNKS} chunks are in {out}; go on with --resume (in Python: resume=True)\n"
    assert (runner.returncode, told) == (1, "")
    until(lambda: not family(tmp_path))
    assert list((tmp_path / "temporary").iterdir()) == []
    end(toy(tmp_path, 0.0, 0), tmp_path)
    watch.check()
    assert contents(out) == undisturbed


def test_no_simulation_outlives_its_worker(tmp_path: Path) -> None:
    """Meep runs as a child of the worker, in a session of its own: it ends with it, whatever ends that.

    Two workers simulate for hours. When one is killed, its simulation ends, and the worker that takes its place begins
    another; when the runner is killed, all ends.
    """
    runner = toy(tmp_path, 0.0, 2, simulated_from=0)
    until(lambda: len(simulations(tmp_path)) == 2)
    before = simulations(tmp_path)
    kill(workers_of(tmp_path)[0])
    until(lambda: len(simulations(tmp_path) & before) == 1)
    until(lambda: len(simulations(tmp_path)) == 2)
    kill(runner.pid)
    runner.communicate(timeout=60)
    until(lambda: not family(tmp_path))
    assert simulations(tmp_path) == set()
