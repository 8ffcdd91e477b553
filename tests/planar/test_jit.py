"""The cache of compiled kernels: never stale, never in the way."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qdphotonics.planar import _jit

ROOM = Path(_jit.__file__).parent
FROM_OUTSIDE = {"__future__", "math", "cmath", "typing", "numpy", "numpy.typing"}

CALLEE = """
from qdphotonics.planar._jit import kernel

@kernel(inline={inline})
def callee(x: float) -> float:
    return x * {factor}
"""
CALLER = """
from qdphotonics.planar._jit import kernel
from qdphotonics.planar.callee import callee

@kernel()
def caller(x: float) -> float:
    return callee(x) + 1.0
"""
RUN = """
from qdphotonics.planar import _jit
from qdphotonics.planar.caller import caller
print(caller(10.0), sum(caller.stats.cache_hits.values()) if hasattr(caller, "stats") else 0, _jit.cache_folder())
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A package with our `_jit.py` and two kernel files, one of which calls the other."""
    room = tmp_path / "source" / "qdphotonics" / "planar"
    room.mkdir(parents=True)
    for folder in (room, room.parent):
        (folder / "__init__.py").touch()
    shutil.copy(ROOM / "_jit.py", room)
    write_callee(room, 2)
    (room / "caller.py").write_text(CALLER)
    return room


def write_callee(room: Path, factor: int, inline: bool = True) -> None:
    (room / "callee.py").write_text(CALLEE.format(factor=factor, inline=inline))


def run(room: Path, **environment: str) -> tuple[float, int, str]:
    """Result of the toy kernel in a fresh process, how often its code came from the cache, and the cache's folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "XDG_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN],
        cwd=room.parent.parent,  # which "-c" puts before this checkout
        env=kept | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    value, hits, folder = done.stdout.split(maxsplit=2)
    return float(value), int(hits), folder.strip()


@pytest.mark.parametrize("inline", [True, False])
def test_a_kernel_changed_in_another_file_is_never_stale(toy: Path, tmp_path: Path, inline: bool) -> None:
    """caller(10) = 10*factor + 1, factor in another file: 21 twice, the second time from the cache; then 31."""
    cache = str(tmp_path / "cache")
    write_callee(toy, 2, inline)
    first = run(toy, NUMBA_CACHE_DIR=cache)
    again = run(toy, NUMBA_CACHE_DIR=cache)
    write_callee(toy, 3, inline)
    changed = run(toy, NUMBA_CACHE_DIR=cache)
    assert first[:2] == (21.0, 0)
    assert again == (21.0, 1, first[2])
    assert changed[:2] == (31.0, 0)
    assert changed[2] != first[2]
    assert {Path(first[2]).parent, Path(changed[2]).parent} == {tmp_path / "cache"}
    assert not list(toy.rglob("*.nbi")), "nothing is written beside the source"


def test_users_cache_folder_is_used_where_numba_has_none(toy: Path, tmp_path: Path) -> None:
    """XDG_CACHE_HOME/qdphotonics, else ~/.cache/qdphotonics; an empty XDG_CACHE_HOME is as none (XDG specification)."""
    xdg, home = tmp_path / "xdg", tmp_path / "home"
    assert Path(run(toy, XDG_CACHE_HOME=str(xdg), HOME=str(home))[2]).parent == xdg / "qdphotonics"
    assert Path(run(toy, XDG_CACHE_HOME="", HOME=str(home))[2]).parent == home / ".cache" / "qdphotonics"


def test_nowhere_to_write_compiles_without_a_cache(toy: Path) -> None:
    """/dev/null is no folder, for root neither."""
    nowhere = "/dev/null/none"
    assert run(toy, NUMBA_CACHE_DIR=nowhere, XDG_CACHE_HOME=nowhere, HOME=nowhere) == (21.0, 0, "None")


def test_place_that_numba_cannot_write_is_passed_over(toy: Path, tmp_path: Path) -> None:
    value, _, folder = run(toy, NUMBA_CACHE_DIR="/dev/null/none", XDG_CACHE_HOME=str(tmp_path))
    assert value == 21.0
    assert Path(folder).parent == tmp_path / "qdphotonics"


def test_damaged_cache_costs_a_compilation_only(toy: Path, tmp_path: Path) -> None:
    """Every file cut to nothing, as after a power failure: compiled again, and repaired for the next process."""
    cache = str(tmp_path / "cache")
    run(toy, NUMBA_CACHE_DIR=cache)
    files = list((tmp_path / "cache").rglob("*.nb?"))
    assert files
    for file in files:
        file.write_bytes(b"")
    assert run(toy, NUMBA_CACHE_DIR=cache)[:2] == (21.0, 0)
    assert run(toy, NUMBA_CACHE_DIR=cache)[:2] == (21.0, 1)


def test_cache_that_vanishes_costs_nothing(toy: Path, tmp_path: Path) -> None:
    """The place turns into a plain file between the import and the first call: the result still comes."""
    script = f"""
import shutil
from pathlib import Path
from qdphotonics.planar.caller import caller
shutil.rmtree({str(tmp_path / "cache")!r})
Path({str(tmp_path / "cache")!r}).touch()
print(caller(10.0))
"""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    source = toy.parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "21.0", done.stderr


def test_without_the_compiler_kernels_are_plain_python(toy: Path) -> None:
    assert run(toy, NUMBA_DISABLE_JIT="1")[0] == 21.0


def test_hash_sees_every_kernel_file_and_no_other(toy: Path) -> None:
    """Content, name and number of the kernel files count; a file without kernels does not."""
    seen = {_jit.kernel_hash(toy)}
    (toy / "results.py").write_text("x = 1\n")
    assert _jit.kernel_hash(toy) in seen
    write_callee(toy, 3)
    seen.add(_jit.kernel_hash(toy))
    (toy / "callee.py").rename(toy / "called.py")
    seen.add(_jit.kernel_hash(toy))
    (toy / "more.py").write_text("from qdphotonics.planar._jit import kernel\n")
    seen.add(_jit.kernel_hash(toy))
    assert len(seen) == 4


def test_kernel_files_take_nothing_that_the_hash_does_not_see() -> None:
    """Imports of a kernel file: types, the standard library's and NumPy's mathematics, and kernel files."""
    kernels = _jit.kernel_files()
    modules = {f"qdphotonics.planar.{file.stem}" for file in kernels}
    assert len(kernels) >= 2
    for file in kernels:
        if file.name == "_jit.py":
            continue
        assert imports(file) <= FROM_OUTSIDE | modules, file.name


def test_every_use_of_numba_goes_through_the_decorator() -> None:
    """A file that imports numba itself would compile outside this cache."""
    package = ROOM.parent
    users = [file for file in package.rglob("*.py") if any(name.split(".")[0] == "numba" for name in imports(file))]
    assert users == [ROOM / "_jit.py"]


def imports(file: Path) -> set[str]:
    """Modules that a file imports from, anywhere in it."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return whole | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
