"""The process that runs Meep: a result, or one clear error and nothing left behind. No test here is skipped without Meep."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qdphotonics.errors import ArgumentError, EngineError
from qdphotonics.fdtd import cache, engine, interpreter, process, run
from qdphotonics.fdtd.interpreter import Meep
from qdphotonics.fdtd.job import Job
from qdphotonics.fdtd.process import Progress
from tests.fdtd.conftest import small_run

ENOUGH_S = 60.0


@pytest.fixture(scope="module")
def own_folder() -> Callable[[], Path | None]:
    """The function itself, taken before the tests' own folder takes its place."""
    return cache.folder


def sessions_with(text: str) -> list[int]:
    """Ids of running processes whose command line holds a text."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            state = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if text in line and state not in "ZX":
            found.append(int(entry.name))
    return found


def nothing_left(places: Path) -> bool:
    """No worker of this test runs, none of its files is there; the end of a process may take a moment to show."""
    deadline = time.monotonic() + 5.0
    while time.monotonic() < deadline:
        if not sessions_with(str(places)) and not list(places.iterdir()):
            return True
        time.sleep(0.05)
    return False


def when_running(action: Callable[[], object]) -> Callable[[Progress], None]:
    """A reporter that does something at the first sign of life."""
    done: list[Progress] = []

    def report(progress: Progress) -> None:
        if not done:
            done.append(progress)
            action()

    return report


def test_a_mode_of_a_slab_rings_where_it_should(own_places: Path) -> None:
    """Slab of index 2, d 0.2 um, in vacuum, TE, beta/2pi = 2.4 per um: its frequency solves tan(k d/2) = g/k with
    k^2 = (2 pi)^2 (4 f^2 - 2.4^2), g^2 = (2 pi)^2 (2.4^2 - f^2). At 20 pixels per um Yee's grid is 1.3 % off,
    at 40 a quarter of that: second order."""
    from scipy.optimize import brentq

    def mismatch(f: float) -> float:
        k, g = 2 * np.pi * np.sqrt(4 * f * f - 2.4**2), 2 * np.pi * np.sqrt(2.4**2 - f * f)
        return float(k * np.sin(0.1 * k) - g * np.cos(0.1 * k))

    exact = brentq(mismatch, 1.21, 2.0)
    finer = replace(small_run("finer"), cell=(0.025, 3.0, 0.0), resolution=40.0)
    result = run(Job("slabs", (small_run(), finer)), timeout_s=ENOUGH_S)
    coarse_off, fine_off = (min(abs(ring.frequency / exact - 1) for ring in each.heard[0]) for each in result.runs)
    assert coarse_off < 0.02
    assert 3.3 < coarse_off / fine_off < 4.7
    assert not result.cached
    assert nothing_left(own_places)


def test_progress_rises_and_comes_from_each_run(own_places: Path) -> None:
    told: list[Progress] = []
    run(Job("two", (small_run("first", 1500.0), small_run("second", 1500.0))), timeout_s=ENOUGH_S, progress=told.append)
    shares = [each.share for each in told]
    assert len(told) >= 2
    assert shares == sorted(shares)
    assert shares[-1] <= 1
    assert {each.run for each in told} <= {"first", "second"}
    assert any(each.share < 0.5 for each in told)


def test_a_job_that_was_run_returns_at_once_and_another_does_not(small_job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """By content: the job, the worker's code and Meep's version. A damaged file in the cache is computed again."""
    first = run(small_job, timeout_s=ENOUGH_S)
    again = run(Job("a slab", (small_run(),)), timeout_s=ENOUGH_S)
    assert again.cached
    assert again.seconds < 0.5
    assert again["slab"].heard == first["slab"].heard
    (kept,) = (cache.folder() or Path()).glob("*.npz")
    assert not run(Job("a slab", (small_run(duration=21.0),)), timeout_s=ENOUGH_S).cached
    kept.write_bytes(kept.read_bytes()[:100])
    assert not run(small_job, timeout_s=ENOUGH_S).cached
    meep = interpreter.required_meep()
    monkeypatch.setattr(engine, "required_meep", lambda: Meep(meep.interpreter, "9.9", meep.mpi))
    assert not run(small_job, timeout_s=ENOUGH_S).cached


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(small_job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "file" / "below")
    assert not run(small_job, timeout_s=ENOUGH_S).cached
    assert not run(small_job, timeout_s=ENOUGH_S).cached


def test_the_cache_is_where_the_user_has_caches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_folder: Callable[[], Path | None]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert own_folder() == tmp_path / "qdphotonics" / "fdtd"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert own_folder() == tmp_path / "home" / ".cache" / "qdphotonics" / "fdtd"


def test_a_timeout_ends_the_job(long_job: Job, own_places: Path) -> None:
    began = time.monotonic()
    with pytest.raises(EngineError, match=r"not done after 4 s .*allow more time or lower the resolution"):
        run(long_job, timeout_s=4.0)
    assert time.monotonic() - began < 4.0 + process.GRACE_S + 5.0
    assert nothing_left(own_places)


@pytest.mark.parametrize(("number", "words"), [(signal.SIGKILL, "killed by SIGKILL; was there enough memory"), (signal.SIGSEGV, "SIGSEGV")])
def test_a_killed_worker_is_one_clear_error(number: signal.Signals, words: str, long_job: Job, own_places: Path) -> None:
    def kill() -> None:
        (worker,) = sessions_with(str(own_places))
        os.kill(worker, number)

    with pytest.raises(EngineError, match=words):
        run(long_job, timeout_s=ENOUGH_S, progress=when_running(kill))
    assert nothing_left(own_places)


def test_ctrl_c_ends_the_worker(long_job: Job, own_places: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(long_job, timeout_s=ENOUGH_S, progress=when_running(lambda: signal.raise_signal(signal.SIGINT)))
    assert nothing_left(own_places)


def test_a_worker_whose_owner_was_killed_ends_and_takes_its_folder_along(own_places: Path) -> None:
    """SIGKILL leaves the owner no time to clean up; the worker looks whether it is still there."""
    program = (
        "import sys, tempfile; sys.path.insert(0, sys.argv[2]); tempfile.tempdir = sys.argv[1]\n"
        "from qdphotonics.fdtd import Job, run\n"
        "from tests.fdtd.conftest import small_run\n"
        "run(Job('x', (small_run(duration=1e9),)), timeout_s=60, progress=lambda p: print('on', flush=True))\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", program, str(own_places), str(root)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "on\n"
        owner.kill()
    assert nothing_left(own_places)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[:-20], "not well formed"),
        (lambda text: text.replace('"resolution"', '"resolutoin"'), "resolution"),
        (lambda text: text.replace('"format": 1', '"format": 7'), "has format 7"),
        (lambda text: text.replace('"kind": "block"', '"kind": "torus"'), "not 'torus'"),
        (lambda text: text.replace('"component": "Ez"', '"component": "Eq"'), "stopped with exit code 1 .*Eq"),
    ],
    ids=["cut", "key", "format", "shape", "component"],
)
def test_a_bad_job_file_is_one_clear_error(
    damage: Callable[[str], str], words: str, small_job: Job, own_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = engine.write_job

    def damaged(folder: Path, document: Any, arrays: Any) -> None:
        written(folder, document, arrays)
        file = folder / "job.json"
        changed = damage(file.read_text())
        assert changed != file.read_text()
        file.write_text(changed)

    monkeypatch.setattr(engine, "write_job", damaged)
    with pytest.raises(EngineError, match=words):
        run(small_job, timeout_s=ENOUGH_S)
    assert nothing_left(own_places)


@pytest.mark.parametrize("names", ["unfinished.npz", "unfinished.npz output", "progress", "arrays.npz", "job.json"])
def test_a_full_disk_is_one_clear_error(names: str, own_places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/dev/full gives ENOSPC at every write: in the worker (result, what Meep prints, progress) and before it (job, arrays)."""
    from tempfile import mkdtemp

    def on_a_full_disk(prefix: str) -> str:
        folder = mkdtemp(prefix=prefix, dir=own_places)
        for name in names.split():
            Path(folder, name).symlink_to("/dev/full")
        return folder

    monkeypatch.setattr("qdphotonics.fdtd.engine.tempfile.mkdtemp", on_a_full_disk)
    with pytest.raises(EngineError, match=r"no space left in .*TMPDIR"):
        run(Job("a slab", (small_run(duration=1500.0),)), timeout_s=ENOUGH_S)
    assert nothing_left(own_places)


def test_a_temporary_folder_that_is_not_there_is_one_clear_error(small_job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with pytest.raises(EngineError, match=r"/nowhere.*No such file"):
        run(small_job, timeout_s=ENOUGH_S)


def test_a_field_that_diverges_is_told_as_such(own_places: Path) -> None:
    """Courant factor 1.5: Yee's scheme is unstable above 1/sqrt(2) in 2-D."""
    with pytest.raises(EngineError, match=r"run slab has diverged at time"):
        run(Job("unstable", (replace(small_run(), courant=1.5, duration=200.0),)), timeout_s=ENOUGH_S)
    assert nothing_left(own_places)


def test_arguments_are_checked(small_job: Job) -> None:
    with pytest.raises(ArgumentError, match="timeout_s"):
        run(small_job, timeout_s=0)
    with pytest.raises(ArgumentError, match="processes"):
        run(small_job, processes=0)
    with pytest.raises(ArgumentError, match="at least one run"):
        Job("empty", ())
    with pytest.raises(ArgumentError, match='no run "slap"'):
        run(small_job, timeout_s=ENOUGH_S)["slap"]


def stand_in(folder: Path, name: str, text: str) -> Path:
    """A program of the test's own."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return program


def test_no_meep_says_how_to_get_one(small_job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = str(tmp_path / "missing")
    monkeypatch.setenv(interpreter.VARIABLE, missing)
    monkeypatch.setattr(sys, "executable", missing)
    monkeypatch.setattr(interpreter, "SYSTEM_PYTHON", missing)
    monkeypatch.setattr(interpreter, "conda_environments", lambda: iter(()))
    with pytest.raises(EngineError, match=r"apt install python3-meep python3-matplotlib.*Asked: .*missing"):
        run(small_job)


def test_a_conda_environment_with_meep_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Environments are looked into before they are asked: only one that holds a meep is started."""
    for name in ("empty", "fdtd"):
        (tmp_path / "envs" / name / "bin").mkdir(parents=True)
        stand_in(tmp_path / "envs" / name / "bin", "python", f"echo asked >> {tmp_path}/{name}; echo meep 1.29.0 False")
    (tmp_path / "envs" / "fdtd" / "lib" / "python3.12" / "site-packages" / "meep").mkdir(parents=True)
    monkeypatch.delenv(interpreter.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setattr(interpreter, "SYSTEM_PYTHON", "")
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path))
    found, _ = interpreter.find_meep()
    assert found == Meep(str(tmp_path / "envs" / "fdtd" / "bin" / "python"), "1.29.0", False)
    assert not (tmp_path / "empty").exists()


def test_the_variable_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = stand_in(tmp_path, "python", "echo meep 1.31.0 False")
    monkeypatch.setenv(interpreter.VARIABLE, str(program))
    assert interpreter.required_meep() == Meep(str(program), "1.31.0", False)


def test_an_mpi_build_is_started_by_mpirun(small_job: Job, tmp_path: Path, own_places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins: a Python that says it has an MPI build, and an mpirun beside it that notes its command line and runs one rank.

    The result is then a real one, from the serial Meep that the stand-in hands over to.
    """
    real = interpreter.required_meep().interpreter
    python = stand_in(tmp_path, "python", f'case "$*" in *worker.py*) exec {real} "$@";; *) echo meep 1.25.0 True;; esac')
    stand_in(tmp_path, "mpirun", f'echo "$@" > {tmp_path}/line; shift 2; exec "$@"')
    monkeypatch.setenv(interpreter.VARIABLE, str(python))
    result = run(small_job, timeout_s=ENOUGH_S, processes=3)
    words = (tmp_path / "line").read_text().split()
    assert words[:4] == ["-np", "3", str(python), "-I"]
    assert words[4].endswith("worker.py")
    assert result["slab"].heard[0]
    assert nothing_left(own_places)


def test_ranks_that_leave_their_group_are_ended_too(
    tmp_path: Path, long_job: Job, own_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open MPI gives each rank a process group of its own: a signal to the launcher's group misses them, the session holds them."""
    python = stand_in(tmp_path, "python", "echo meep 1.25.0 True")
    launcher = (
        f"exec {sys.executable} -c \"import subprocess, signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "subprocess.Popen(['sleep', '987654'], process_group=0).wait()\""
    )
    stand_in(tmp_path, "mpirun", launcher)
    monkeypatch.setenv(interpreter.VARIABLE, str(python))
    with pytest.raises(EngineError, match="not done after 1 s"):
        run(long_job, timeout_s=1.0)
    assert not sessions_with("987654")
    assert nothing_left(own_places)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("echo 'ImportError: libmeep.so.30 is missing' >&2; exit 7", "exit code 7 .*libmeep.so.30 is missing"),
        ("exit 0", "exit code 0 and without a result"),
        ("for last; do :; done; echo nonsense > $last/result.npz", "another form"),
    ],
    ids=["crash", "nothing", "nonsense"],
)
def test_a_wrong_meep_is_one_clear_error(
    program: str, words: str, small_job: Job, tmp_path: Path, own_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = stand_in(tmp_path, "python", f'case "$*" in *worker.py*) {program};; *) echo meep 1.25.0 False;; esac')
    monkeypatch.setenv(interpreter.VARIABLE, str(python))
    with pytest.raises(EngineError, match=words):
        run(small_job, timeout_s=ENOUGH_S)
    assert nothing_left(own_places)


def test_the_worker_needs_nothing_but_meep_and_numpy() -> None:
    """It runs under another Python with NumPy 1 or 2: any other import would fail there."""
    import ast

    from qdphotonics.fdtd import worker

    tree = ast.parse(Path(worker.__file__).read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= {"meep", "numpy", *sys.stdlib_module_names}


def test_a_job_is_json_and_arrays(small_job: Job) -> None:
    document, arrays = small_job.written()
    assert json.loads(json.dumps(document, allow_nan=False))["runs"][0]["name"] == "slab"
    assert arrays == {}
