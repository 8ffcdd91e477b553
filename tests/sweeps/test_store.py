"""The store: what is in it is whole, and nothing that is whole is computed again."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdphotonics
from qdphotonics.errors import SweepError
from qdphotonics.sweeps import store as store_module
from qdphotonics.sweeps.chunks import Cut, evaluated
from qdphotonics.sweeps.runner import run
from qdphotonics.sweeps.store import UNFINISHED, _unpacked, opened
from tests.sweeps.toy import Toy, contents, said

TOP = Path(__file__).resolve().parents[2]


def filled(folder: Path, work: Toy) -> dict[str, bytes]:
    """A store with every chunk."""
    with opened(folder, work, resume=False) as store:
        run(work, store)
    return contents(folder)


@given(shape=st.lists(st.integers(1, 12), min_size=1, max_size=4).map(tuple), target=st.integers(1, 150))
def test_a_cut_covers_every_point_once_in_whole_rows(shape: tuple[int, ...], target: int) -> None:
    """The chunks follow each other without a gap; each is a box: some steps of one axis, whole inner axes, one outer place.

    No chunk has more than 1.5 times the points aimed at (rounding of the number of parts), and one more step.
    """
    cut = Cut(shape, target)
    bounds = [cut.bounds(number) for number in range(cut.count)]
    assert [first for first, _ in bounds] == [0, *(last for _, last in bounds[:-1])]
    assert bounds[-1][1] == cut.points == int(np.prod(shape))
    for number, (first, last) in enumerate(bounds):
        assert last > first
        places = np.array(np.unravel_index(cut.flat(number), shape))
        box = np.prod([len(set(row)) for row in places.tolist()])
        assert box == last - first  # as many points as the box around them has
        inner = next((size for size in np.cumprod(shape[::-1])[::-1].tolist() if size <= target), 1)
        assert last - first <= 1.5 * target + inner


def test_a_chunk_comes_back_as_it_went(tmp_path: Path) -> None:
    """Values with nan, -0 and inf, status and errors survive to the bit; the same chunk gives the same bytes."""
    work = Toy()
    chunk = evaluated(work, 3)
    chunk.values["sine"][:3] = [-0.0, np.inf, -np.inf]
    with opened(tmp_path, work, resume=False) as store:
        store.put(chunk, 0.0)
        [first] = contents(tmp_path).values()
        back = store.get(3)
        store.put(chunk, 1.0)
        assert store.get(4) is None
    assert back is not None
    for name in work.names:
        assert back.values[name].tobytes() == chunk.values[name].tobytes()
    assert back.status.tolist() == chunk.status.tolist()
    assert back.status.dtype == np.int8
    assert back.errors == chunk.errors
    assert contents(tmp_path) == {"000003.npz": first}
    assert [json.loads(line)["chunk"] for line in (tmp_path / "completed.log").read_text().splitlines()] == [3, 3]


def test_damage_of_any_bit_is_noticed(tmp_path: Path) -> None:
    """A file with one bit flipped, cut short or longer by a byte is damaged, whatever NumPy would make of it.

    Of 3000 points, so that the heads of the arrays look as those of a long sweep: NumPy raises tokenize.TokenError, and others,
    at some of the flips, before it looks at a checksum. Every bit of the first 1200 bytes and of the last 700, and one of every
    997th byte between: a hash of the whole file sees each.
    """
    work = Toy(shape=(3000,), target=3000)
    whole = filled(tmp_path, work)["000000.npz"]
    file = tmp_path / "chunks" / "000000.npz"
    ends = [*range(1200), *range(len(whole) - 700, len(whole))]
    flips = [(place, bit) for place in ends for bit in range(8)] + [(place, place % 8) for place in range(1200, len(whole), 997)]
    with opened(tmp_path, work, resume=True) as store:
        for place, bit in flips:
            assert _unpacked(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :], 0, work, store.fingerprint) is None
        for content in (b"", whole[:10], whole[:-1], whole + b"x", bytes(len(whole))):
            assert _unpacked(content, 0, work, store.fingerprint) is None
        file.write_bytes(whole[:452] + bytes([whole[452] ^ 0x40]) + whole[453:])
        assert store.get(0) is None
        assert store.survey() == ([0], 0, 1)
        file.write_bytes(whole)
        assert store.survey() == ([], evaluated(work, 0).failed, 0)


def test_a_chunk_is_a_file_that_numpy_reads(tmp_path: Path) -> None:
    """The hash is the comment of the zip archive: a plain ``numpy.load`` has the numbers, ``zipfile`` finds nothing wrong."""
    filled(tmp_path, Toy(shape=(20,)))
    file = tmp_path / "chunks" / "000000.npz"
    with np.load(file) as arrays:
        assert arrays["values"].tobytes() == np.array(list(evaluated(Toy(shape=(20,)), 0).values.values())).tobytes()
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert len(archive.comment) == 64


def test_only_what_is_missing_or_damaged_is_computed_again(tmp_path: Path) -> None:
    """Of 20 chunks one file is lost, one cut short, one of another sweep and one under a wrong number: those four, once each."""
    log = tmp_path / "log"
    folder, work = tmp_path / "out", Toy(log=str(log))
    before = filled(folder, work)
    other = filled(tmp_path / "other", replace(work, extra="another"))
    log.unlink()
    chunks = folder / "chunks"
    (chunks / "000002.npz").unlink()
    (chunks / "000005.npz").write_bytes(before["000005.npz"][:-40])
    (chunks / "000007.npz").write_bytes(other["000007.npz"])
    (chunks / "000011.npz").write_bytes(before["000012.npz"])
    (chunks / f"{UNFINISHED}abc").write_bytes(b"half")
    with opened(folder, work, resume=True) as store:
        run(work, store)
    assert said(log, "begin") == {2: 1, 5: 1, 7: 1, 11: 1}
    assert contents(folder) == before


def test_a_store_is_not_overwritten(tmp_path: Path) -> None:
    """Without resume: refused with the cure. A store may begin with it, too; one without a chunk may begin again, as another."""
    for work in (Toy(extra="first"), Toy(extra="second"), Toy()):
        with opened(tmp_path, work, resume=False) as store:
            pass
    with opened(tmp_path, Toy(), resume=True) as store:
        store.put(evaluated(Toy(), 0), 0.0)
    with (
        pytest.raises(SweepError, match=r"holds this sweep already, begun .*--resume \(in Python: resume=True\)"),
        opened(tmp_path, Toy(), resume=False),
    ):
        pass
    with opened(tmp_path, Toy(), resume=True) as store:
        assert store.survey().missing == list(range(1, Toy().cut.count))


@pytest.mark.parametrize("resume", [False, True])
def test_another_specification_is_refused_by_name(tmp_path: Path, resume: bool) -> None:
    """What changed is named, with both values, whether or not the sweep was to be resumed."""
    filled(tmp_path, Toy())
    changed = Toy(extra="abc")
    with (
        pytest.raises(SweepError, match=r"another sweep: extra was \"\", now \"abc\"; layers\[0\].thickness was 0, now 3; choose"),
        opened(tmp_path, changed, resume=resume),
    ):
        pass
    with pytest.raises(SweepError, match=r"shape was \[8, 5, 10\], now \[8, 50\]"), opened(tmp_path, Toy(shape=(8, 50)), resume=resume):
        pass


class Described(Toy):
    """A toy whose input looks as a sweep's does: what was written, and numbers that follow from it."""

    def as_dict(self) -> dict[str, Any]:
        """``extra`` is the name, and the length of it the layer's thickness where it begins with a dash."""
        thickness = len(self.extra) if self.extra.startswith("-") else 0
        specification = {"name": self.extra, "quantities": list(self.names), "mode": "TE0"}
        stack = {"layers": [{"name": "QD", "thickness": thickness}]}
        return {"index": [[1.5, thickness]], "specification": specification, "stack": stack}


def test_a_title_and_the_order_of_quantities_may_change(tmp_path: Path) -> None:
    """Neither changes a number: the sweep goes on, nothing is computed again, and ``spec.json`` says what is wanted now."""
    work = Described(extra="one", names=("sine", "root"))
    filled(tmp_path, work)
    again = replace(work, extra="two", names=("root", "sine"))
    with opened(tmp_path, again, resume=True) as store:
        assert store.survey().missing == []
        chunk = store.get(3)
    assert chunk is not None
    assert list(chunk.values) == ["root", "sine"]
    assert chunk.values["root"].tobytes() == evaluated(work, 3).values["root"].tobytes()
    header = json.loads((tmp_path / "spec.json").read_text())
    assert (header["input"]["specification"]["name"], header["quantities"]) == ("two", ["root", "sine"])


def test_what_was_written_is_told_and_not_what_follows_from_it(tmp_path: Path) -> None:
    """A layer and one more quantity: each told once; the indices, the shape and the text of ``quantities`` are not."""
    filled(tmp_path, Described())
    changed = Described(extra="-12", names=("sine", "root", "cosine"))
    layer = r"another sweep: stack\.layers\[0\]\.thickness was 0, now 3; "
    told = layer + r'quantities was \["root", "sine"\], now \["cosine", "root", "sine"\]; choose'
    with pytest.raises(SweepError, match=told), opened(tmp_path, changed, resume=True):
        pass


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of another version of qdphotonics says of which: its numbers may differ."""
    filled(tmp_path, Toy())
    begun = qdphotonics.__version__
    monkeypatch.setattr("qdphotonics.sweeps.store.__version__", "99.0")
    with pytest.raises(SweepError, match=rf"begun by qdphotonics {begun}, and this is 99.0"), opened(tmp_path, Toy(), resume=True):
        pass


def test_a_damaged_head_is_told(tmp_path: Path) -> None:
    """``spec.json`` that is no JSON, or is of something else, is an error and not an empty store."""
    for text in ("{", "[]", '{"name": "mine"}'):
        (tmp_path / "spec.json").write_text(text)
        with (
            pytest.raises(SweepError, match=r"spec\.json is not the head of a sweep's store, or damaged"),
            opened(tmp_path, Toy(), resume=True),
        ):
            pass


def test_one_process_writes(tmp_path: Path) -> None:
    """While another process holds the store, a second is refused and told which; when that is killed, the store is free."""
    code = (
        "import sys, time; from pathlib import Path; from tests.sweeps.toy import Toy\n"
        "from qdphotonics.sweeps.store import opened\n"
        "with opened(Path(sys.argv[1]), Toy(), resume=True): print('here', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=TOP, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with (
            pytest.raises(SweepError, match=rf"another sweep is writing to .* \(process {holder.pid} on "),
            opened(tmp_path, Toy(), resume=True),
        ):
            pass
        holder.kill()
    with opened(tmp_path, Toy(), resume=True):
        pass


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_one_error_and_a_store_that_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The system's "no space left" while the eighth chunk is written: told with the cure, no half file; later all is there."""
    log = tmp_path / "log"
    folder, work = tmp_path / "out", Toy(log=str(log))
    original, calls = getattr(os, step), []

    def full(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) > 15:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(*arguments)

    with opened(folder, work, resume=False) as store:
        monkeypatch.setattr(os, step, full)
        with pytest.raises(SweepError, match=r"no space left for .*; free some; --resume .* goes on"):
            run(work, store)
    monkeypatch.undo()
    stored = contents(folder)
    assert 0 < len(stored) < work.cut.count
    assert all(name.endswith(".npz") for name in stored)
    with opened(folder, work, resume=True) as store:
        missing = store.survey().missing
        assert len(missing) == work.cut.count - len(stored)
        log.unlink()
        run(work, store)
        assert store.survey().missing == []
    assert said(log, "begin") == dict.fromkeys(missing, 1)


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    """A folder whose name a file has: one clear error."""
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(SweepError, match=r"cannot write to .*file"), opened(folder, Toy(), resume=False):
            pass
    assert (tmp_path / "file").read_text() == "mine"


def test_files_are_on_the_disk_before_they_have_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order that a power failure asks for: the content is flushed, then the file renamed, then the folder flushed."""
    done: list[str] = []
    fsync, rename = os.fsync, os.replace

    def flushed(handle: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "content")
        fsync(handle)

    def renamed(old: str, new: str) -> None:
        done.append("name")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    store_module.write(tmp_path / "file", b"content")
    assert done == ["content", "name", "folder"]
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").stat().st_mode & 0o077 == 0o666 & 0o077 & ~_umask()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
