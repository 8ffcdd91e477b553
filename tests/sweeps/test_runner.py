"""The runner: the same numbers wherever the chunks are computed, errors where they belong, and nothing on the side."""

from __future__ import annotations

import contextlib
import math
import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qdphotonics.errors import SweepError
from qdphotonics.sweeps import cluster, runner
from qdphotonics.sweeps.chunks import Chunk
from qdphotonics.sweeps.runner import Meter, Progress, completed
from tests.sweeps.processes import TOP, Grid, family, kill, start, stored, toy, until
from tests.sweeps.toy import Toy, contents, said

CHUNKS = Toy().cut.count


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path) -> Iterator[None]:
    """Whatever a test that fails leaves running ends with it."""
    yield
    kill(*family(tmp_path))


def run(folder: Path, work: Toy, workers: int = 0) -> dict[str, bytes]:
    """The chunk files of some work."""
    with completed(work, out=folder, workers=workers):
        return contents(folder)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The chunk files of the toy, computed in this process."""
    return run(tmp_path_factory.mktemp("alone"), Toy())


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_same_for_any_number_of_workers(workers: int, alone: dict[str, bytes], tmp_path: Path) -> None:
    """Every chunk file agrees byte for byte with that of this process; each chunk is computed once, by the workers named."""
    log = tmp_path / "log"
    assert run(tmp_path / "out", Toy(log=str(log), seconds=0.02), workers) == alone
    assert said(log, "begin") == said(log, "end") == dict.fromkeys(range(CHUNKS), 1)
    processes = {int(line.split()[2]) for line in log.read_text().splitlines()}
    assert os.getpid() not in processes
    assert 1 <= len(processes) <= workers


@pytest.mark.parametrize("workers", [0, 1])
def test_what_fails_stops_nothing_else(workers: int, tmp_path: Path) -> None:
    """A chunk that raises: its points are nan, lost, with the error; the others are as ever, and each failed point is told."""
    told: list[Progress] = []
    with completed(Toy(broken=(4,)), out=tmp_path, workers=workers, progress=told.append) as keeper:
        chunks = [keeper.get(number) for number in range(CHUNKS)]
    broken = chunks[4]
    assert broken is not None
    assert np.isnan(list(broken.values.values())).all()
    assert (broken.status == 2).all()
    assert set(broken.errors.values()) == {"ZeroDivisionError: a bug"}
    first, last = Toy().cut.bounds(4)
    assert list(broken.errors) == list(range(first, last))
    for number, chunk in enumerate(chunks):
        if number != 4:
            assert chunk is not None
            expected = Toy().evaluate(number)
            assert chunk.errors == expected.errors
            assert all(chunk.values[name].tobytes() == expected.values[name].tobytes() for name in expected.values)
    others = sum(1 for point in range(400) if point % 7 == 3 and not first <= point < last)
    assert (told[-1].done, told[-1].failed) == (400, others + last - first)


def test_a_chunk_that_kills_every_worker_is_recorded(alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers, a chunk that ends its process: in the end it is failed with a cure, and no other chunk is.

    dask gives up what was at a worker when it died, here at once, that which only waited there as well (two of four chunks).
    It is all tried again, one after the other: so the deadly one kills twice, and the others are computed.
    """
    monkeypatch.setattr(cluster, "DEATHS", 0)
    log = tmp_path / "log"
    found = run(tmp_path / "out", Toy(log=str(log), deadly=(0,), seconds=0.1), 2)
    assert {name for name in alone if found[name] != alone[name]} == {"000000.npz"}
    with completed(Toy(deadly=(0,)), out=tmp_path / "out", resume=True) as keeper:
        chunk = keeper.get(0)
    assert chunk is not None
    assert set(chunk.errors.values()) == {runner.DEADLY}
    assert said(log, "begin")[0] == 2


def test_three_deaths_do_not_fail_a_chunk() -> None:
    """What dask allows before it gives a chunk up, and that the runner then tries it once more, alone."""
    assert cluster.DEATHS >= 3


def test_progress_is_told_at_a_human_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """1000 chunks of 10 points in 10 s: at most 4 reports a second, and the last one; rate 1000 a second, time left to match."""
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    told: list[Progress] = []
    meter = Meter(20_000, told.append)
    meter.begin(10_000, 3)
    assert told[0] == pytest.approx(Progress(10_000, 20_000, 3, math.nan, math.nan, 0), nan_ok=True) or told[0].done == 10_000
    for number in range(1000):
        clock[0] += 0.01
        meter.add(Chunk(number, {}, np.zeros(10, dtype=np.int8), {number: "bad"} if number < 5 else {}), 2)
    assert len(told) <= 2 + 10.0 / runner.TELL_EVERY_S
    assert [each.done for each in told] == sorted({each.done for each in told})
    for each in told[1:]:
        assert each.rate_per_s == pytest.approx(1000.0, rel=1e-9)
        assert each.seconds_left == pytest.approx((20_000 - each.done) / 1000.0, rel=1e-9)
    assert (told[-1].done, told[-1].failed, told[-1].workers, told[-1].seconds_left) == (20_000, 8, 2, 0.0)


def test_the_rate_follows_what_is_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    """10 points a second for 100 s, then 1 a second for 40 s: the last half minute counts, so the rate is 1 a second."""
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    told: list[Progress] = []
    meter = Meter(10_000, told.append)
    meter.begin(0, 0)
    for number in range(140):
        clock[0] += 1.0
        meter.add(Chunk(number, {}, np.zeros(10 if number < 100 else 1, dtype=np.int8), {}), 0)
    assert told[-1].rate_per_s == pytest.approx(1.0, rel=1e-9)


SCRIPT = """
import sys, threading
from pathlib import Path
from qdphotonics.sweeps.runner import completed
from tests.sweeps.test_runner import Surroundings
with completed(Surroundings(), workers=2) as keeper:
    print(sorted({text for number in range(4) for text in keeper.get(number).errors.values()}))
"""


class Surroundings(Toy):
    """Four chunks, of which each says what its process is like."""

    def __init__(self) -> None:
        super().__init__(shape=(4,), target=1)

    def evaluate(self, number: int) -> Chunk:
        """The threads of the linear algebra, the script that is loaded, and whether Ctrl-C reaches the process."""
        import signal

        threads = [os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")]
        deaf = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
        script = getattr(sys.modules["__main__"], "__file__", None)
        chunk = super().evaluate(number)
        return Chunk(number, chunk.values, chunk.status, {number: f"{threads} {script} {deaf}"})


def test_a_plain_script_may_use_workers(tmp_path: Path) -> None:
    """No ``if __name__ == "__main__"``: the script runs once, prints once, and writes nothing else anywhere.

    Its folder and the temporary one are as before, stderr is empty although port 8787, dask's own choice for its web page,
    is taken; the workers have one thread for linear algebra, know nothing of the script, and are deaf to Ctrl-C.
    """
    (tmp_path / "script.py").write_text(SCRIPT)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody else has it: taken all the same
            taken.bind(("127.0.0.1", 8787))
            taken.listen()
        process = start("-W", "error", "script.py", cwd=tmp_path, OMP_NUM_THREADS="7")
        told, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")
    assert told == "[\"['1', '1', '1'] None True\"]\n"
    assert {file.name for file in tmp_path.iterdir()} == {"script.py", "temporary"}
    assert list((tmp_path / "temporary").iterdir()) == []
    until(lambda: not family(tmp_path))


@pytest.fixture
def grid(tmp_path: Path) -> Iterator[Grid]:
    """A dask scheduler without workers yet, in a process of its own."""
    grid = Grid(tmp_path / "grid")
    yield grid
    grid.kill()


def test_an_existing_scheduler(grid: Grid, alone: dict[str, bytes], tmp_path: Path) -> None:
    """Scheduler and workers in processes of their own: the same bytes, the work done over there, by both workers.

    One of them is killed in the middle, of which nobody hears: what it was at is done by the other.
    """
    grid.worker()
    grid.worker()
    process = toy(tmp_path, 0.2, 0, grid.address)
    until(lambda: len(stored(tmp_path)) >= 6)
    grid.started[-1].kill()
    assert process.communicate(timeout=60) == ("done\n", "")
    assert contents(tmp_path / "out") == alone
    processes = {int(line.split()[2]) for line in (tmp_path / "log").read_text().splitlines()}
    assert len(processes) == 2
    assert process.pid not in processes


def test_a_scheduler_without_workers_yet(grid: Grid, alone: dict[str, bytes], tmp_path: Path) -> None:
    """That nobody computes is told within seconds; the rate is that since the first worker came, here when it was told."""
    told: list[tuple[float, Progress]] = []

    def see(progress: Progress) -> None:
        told.append((time.monotonic(), progress))
        if progress.waiting and not grid.started[1:]:
            grid.worker()

    with completed(Toy(seconds=0.05), out=tmp_path / "out", scheduler=grid.address, progress=see):
        assert contents(tmp_path / "out") == alone
    assert [progress.waiting for _, progress in told[:2]] == [False, True]
    came, _ = next((when, progress) for when, progress in told[2:] if not progress.waiting)
    end, last = told[-1]
    assert last.rate_per_s == pytest.approx(400 / (end - came), rel=0.5)
    assert last.rate_per_s > 1.2 * 400 / (end - told[0][0])


def test_a_scheduler_that_is_lost(grid: Grid, alone: dict[str, bytes], tmp_path: Path) -> None:
    """A SIGKILL of the scheduler: one line within seconds; what is stored is counted, stays, and the sweep goes on without it."""
    grid.worker()
    process = toy(tmp_path, 0.2, 0, grid.address)
    until(lambda: len(stored(tmp_path)) >= 3)
    grid.kill()
    told, complaints = process.communicate(timeout=60)
    assert (process.returncode, told) == (1, "")
    kept = stored(tmp_path)
    how = f"{len(kept)} of {CHUNKS} chunks are in {tmp_path / 'out'}; go on with --resume (in Python: resume=True)"
    assert complaints == f"the connection to the dask scheduler is lost; {how}\n"
    (tmp_path / "log").unlink()
    assert toy(tmp_path, 0.0, 0).communicate(timeout=60) == ("done\n", "")
    assert set(said(tmp_path / "log", "begin")) == set(range(CHUNKS)) - kept
    assert contents(tmp_path / "out") == alone


HOLDER = """
import sys, time
from qdphotonics.sweeps.cluster import temporary_folder
with temporary_folder() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


def test_folders_of_dead_processes_are_removed_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes with a temporary folder each: one is killed, the other lives; the next removes the first folder alone."""
    processes = [start("-c", HOLDER, cwd=tmp_path) for _ in range(2)]
    folders = [Path(process.stdout.readline().strip()) for process in processes if process.stdout]
    kill(processes[0].pid)
    processes[0].communicate()
    strange = tmp_path / "temporary" / f"{cluster.FOLDERS}of-somebody"
    strange.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    assert all(folder.is_dir() for folder in folders)
    with cluster.temporary_folder() as own:
        assert {folder.name for folder in strange.parent.iterdir()} == {Path(own).name, folders[1].name, strange.name}
    assert not Path(own).exists()
    kill(processes[1].pid)
    processes[1].communicate()


@pytest.mark.parametrize("silent", [False, True])
def test_a_scheduler_that_does_not_answer(silent: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port where nobody listens, and one where somebody does who says nothing: one error when the time is up, of 7 s."""
    assert cluster.CONNECT_S <= 10.0
    monkeypatch.setattr(cluster, "CONNECT_S", 1.0)
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        if silent:
            somebody.listen()
        address = f"tcp://127.0.0.1:{somebody.getsockname()[1]}"
        began = time.monotonic()
        with (
            pytest.raises(SweepError, match=rf"the scheduler {address} does not answer.*is it running"),
            completed(Toy(), out=tmp_path / "sweep", scheduler=address),
        ):
            pass
        assert time.monotonic() - began < 5.0
        assert not (tmp_path / "sweep").exists()  # so that the next try needs no --resume


@pytest.mark.parametrize(
    "address", ["nowhere", "tcp://", "http://127.0.0.1:8786", "tcp://127.0.0.1:port", "tcp://no.such.host.invalid:8786"]
)
def test_an_address_that_is_none(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no scheduler can have for an address: one error with the form that it must have."""
    monkeypatch.setattr(cluster, "CONNECT_S", 1.0)
    with pytest.raises(SweepError, match=r"the scheduler .*tcp://HOST:8786"), completed(Toy(), out=tmp_path, scheduler=address):
        pass


def test_a_worker_of_another_version(grid: Grid, tmp_path: Path) -> None:
    """A worker whose qdphotonics says another version: told, with both, before a number is computed."""
    other = tmp_path / "other" / "qdphotonics"
    other.mkdir(parents=True)
    for file in (TOP / "qdphotonics").iterdir():
        (other / file.name).symlink_to(file)
    (other / "_version.py").unlink()
    (other / "_version.py").write_text('__version__ = "99.0"\n')
    grid.worker(PYTHONPATH=f"{other.parent}:{TOP}")
    process = toy(tmp_path, 0.0, 0, grid.address)
    told, complaints = process.communicate(timeout=60)
    assert (process.returncode, told) == (1, "")
    assert re.fullmatch(
        r"the worker on \S+ has qdphotonics 99.0, the sweep was started by \S+: install one version everywhere\n", complaints
    )
    assert not (tmp_path / "log").exists()


def test_a_worker_without_the_package(grid: Grid, tmp_path: Path) -> None:
    """A worker that cannot import what it is sent: one line with what it needs."""
    other = tmp_path / "other" / "qdphotonics"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    grid.worker(PYTHONPATH=str(other.parent))
    told, complaints = toy(tmp_path, 0.0, 0, grid.address).communicate(timeout=60)
    assert told == ""
    assert re.fullmatch(r"a worker cannot take work: .*; each needs qdphotonics \S+ and the same Python\n", complaints)


def test_options_of_dask_that_the_page_names() -> None:
    """Every ``--option`` of a ``dask scheduler`` or ``dask worker`` in docs/clusters.md is one of the dask that is installed."""
    from distributed.cli import dask_scheduler, dask_worker

    page = (TOP / "docs" / "clusters.md").read_text(encoding="utf-8")
    for command, program in (("scheduler", dask_scheduler.main), ("worker", dask_worker.main)):
        lines = re.findall(rf"dask,? {command}\b.*", page)
        named = {option for line in lines for option in re.findall(r"--[a-z-]+", line.partition("#")[0])}
        known = {option for parameter in program.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert len(lines) >= 3
        assert named <= known
