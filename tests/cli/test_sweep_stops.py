"""``sweep`` and ``tolerance`` that are stopped, damaged, waited for, and gone on with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qdphotonics.cli import sweeps
from qdphotonics.sweeps.chunks import evaluated
from qdphotonics.sweeps.runner import Progress
from tests.cli.test_sweep_commands import GRID, written
from tests.sweeps.processes import family, start, until

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_damaged_or_waited_for_is_told(command: Command, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for chunks that are computed again; one each time when no worker is there, none for its own sake after that."""
    assert command("sweep", written("sweep", **GRID), "--out", "results")[0] == 0
    result = (folder / "results" / "result.csv").read_bytes()
    chunk = folder / "results" / "chunks" / "000000.npz"
    chunk.write_bytes(chunk.read_bytes()[:-100])
    code, _, err = command("sweep", "spec.yaml", "--out", "results", "--resume")
    assert (code, err.splitlines()[0]) == (0, "1 stored chunk was damaged or of another sweep, and computed again")
    assert (folder / "results" / "result.csv").read_bytes() == result
    line = sweeps._Points("points")
    for workers in (0, 0, 1, 0):
        line(Progress(0, 10, 0, float("nan"), float("nan"), workers, 0, workers == 0))
    assert capsys.readouterr().err == 2 * "waiting for workers: the scheduler has none at present\n"


def test_sigterm_is_as_ctrl_c(folder: Path) -> None:
    """What a batch system sends when the time is up, to a sweep with workers: exit code 1, one line, how to go on."""
    spec = written("sweep", axes="{layers.QD.thickness: {from: 50, to: 150, count: 2000}}", quantities="[group_index]", mode="TE0")
    process = start("-m", "qdphotonics", "sweep", spec, "--out", "results", "--workers", "2", cwd=folder)
    chunks = folder / "results" / "chunks"
    until(lambda: any(chunks.glob("0*")))
    process.terminate()
    out, err = process.communicate(timeout=60)
    kept = len(list(chunks.glob("0*")))
    assert (process.returncode, out) == (1, "")
    told = f"error: stopped; {kept} of 40 chunks are in results; go on with --resume (in Python: resume=True)"
    assert [line for line in err.splitlines() if " a second" not in line] == [told]
    until(lambda: not family(folder))
    assert list((folder / "temporary").iterdir()) == []


def test_tolerance_goes_on_where_it_was_stopped(
    command: Command, refused: Callable[..., str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C at the third chunk of 20 devices: what is kept and how to go on; then only the others are computed, and all is as ever."""
    spec = written("tolerance", mode="TE0", quantities="[group_index]", samples="100")
    computed: list[int] = []

    def stopped(job: Any, number: int) -> Any:
        if number == 2 and len(computed) == 2:
            raise KeyboardInterrupt
        computed.append(number)
        return evaluated(job, number)

    monkeypatch.setattr("qdphotonics.sweeps.runner.evaluated", stopped)
    code, out, err = command("tolerance", spec, "--out", "made")
    assert (code, out) == (1, "")
    assert err == "error: stopped; 2 of 5 chunks are in made; go on with --resume (in Python: resume=True)\n"
    computed.append(-1)
    assert command("tolerance", spec, "--out", "made", "--resume")[0] == 0
    assert computed == [0, 1, -1, 2, 3, 4]
    assert "holds this study already" in refused("tolerance", spec, "--out", "made")
    assert command("tolerance", spec, "--out", "undisturbed")[0] == 0
    assert (folder / "made" / "samples.csv").read_bytes() == (folder / "undisturbed" / "samples.csv").read_bytes()
    assert "--workers must be at least 0" in refused("tolerance", spec, "--workers", "-1")
