"""Which Python, if any, can start Meep.

Meep comes built for one Python and one NumPy (Debian's for the system's), seldom those of qdphotonics: the engine runs
it as a process of its own. The package called ``meep`` on PyPI is an unrelated task runner and has no ``with_mpi``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from qdphotonics.errors import EngineError
from qdphotonics.fdtd import cache

VARIABLE = "QDPHOTONICS_MEEP_PYTHON"
SYSTEM_PYTHON = "/usr/bin/python3"
TIMEOUT_S = 60.0  # a cold import of Meep with its Matplotlib takes some 3 s, on a busy machine more
ASKED = "import meep; print('meep', meep.__version__, meep.with_mpi())"
# Whose files these are, told in 30 ms, where the import takes a second: an answer given before holds while they stay the same.
PLACE = (
    "import importlib.util, os; s = importlib.util.find_spec('meep'); d = s and s.origin and os.path.dirname(s.origin); "
    "print('at', d, sum(os.stat(os.path.join(d, f)).st_mtime_ns for f in os.listdir(d))) if d else print('none')"
)
ADVICE = (
    "Meep was not found: everything but FDTD works. On Debian or Ubuntu: apt install python3-meep python3-matplotlib; with conda: "
    f"conda install -c conda-forge pymeep, and set {VARIABLE} to that environment's python. "
    "The package called meep on PyPI is an unrelated task runner."
)


@dataclass(frozen=True)
class Meep:
    """A Meep that can be started.

    Parameters
    ----------
    interpreter : str
        The Python that imports it.
    version : str
    mpi : bool
        Whether it is a build for MPI.
    """

    interpreter: str
    version: str
    mpi: bool


def find_meep() -> tuple[Meep | None, tuple[str, ...]]:
    """The first Python that can import Meep, and which were asked until then.

    ``QDPHOTONICS_MEEP_PYTHON``, this one, the system's, then those of conda environments that hold a Meep.
    """
    asked: list[str] = []
    for python in candidates():
        if python in asked:
            continue
        asked.append(python)
        found = ask(python)
        if found is not None:
            return found, tuple(asked)
    return None, tuple(asked)


def required_meep() -> Meep:
    """The Meep that runs jobs; an EngineError with the cure where there is none."""
    found, asked = find_meep()
    if found is None:
        raise EngineError(f"{ADVICE} Asked: {', '.join(asked)}")
    return found


def candidates() -> Iterator[str]:
    """Interpreters to ask, in order; a conda environment only where it has a package of that name."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
    yield from filter(None, (sys.executable, SYSTEM_PYTHON))
    for environment in conda_environments():
        if any(environment.glob("lib/python3*/site-packages/meep")):
            yield str(environment / "bin" / "python")


def conda_environments() -> Iterator[Path]:
    """Folders of conda's environments: the active one, those beside the programs, those that conda has noted down."""
    roots = [os.environ.get(name) for name in ("CONDA_PREFIX", "MAMBA_ROOT_PREFIX")]
    program = os.environ.get("CONDA_EXE")
    roots.append(str(Path(program).parent.parent) if program else None)
    for root in filter(None, roots):
        yield Path(root)
        yield from sorted(Path(root).glob("envs/*"))
    noted = Path(os.path.expanduser("~"), ".conda", "environments.txt")
    try:
        yield from (Path(line.strip()) for line in noted.read_text("utf-8").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError):
        return


def ask(python: str) -> Meep | None:
    """The Meep that an interpreter imports; None where it has none, or the task runner of that name."""
    place = _answer(python, PLACE, "at ")
    if place is None:  # not there, or it does not find a package of that name; a stand-in may still answer
        return _import(python)
    return _known(python, place)


@lru_cache(maxsize=32)
def _known(python: str, place: str) -> Meep | None:
    key = cache.key_of("interpreter", python, place, ASKED)
    kept = cache.get_text(key)
    words = [] if kept is None else kept.split()
    if len(words) == 2:
        return Meep(python, words[0], words[1] == "True")
    found = _import(python)
    if found is not None:
        cache.put_text(key, f"{found.version} {found.mpi}")
    return found


def _import(python: str) -> Meep | None:
    line = _answer(python, ASKED, "meep ")
    words = line.split() if line is not None else []
    return Meep(python, words[1], words[2] == "True") if len(words) == 3 else None


def _answer(python: str, program: str, beginning: str) -> str | None:
    """The line that begins so in what a program prints; Meep itself prints on stdout, before and after."""
    try:
        line = [python, "-I", "-c", program]
        done = subprocess.run(line, capture_output=True, errors="replace", timeout=TIMEOUT_S, check=False, stdin=subprocess.DEVNULL)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return next((line for line in done.stdout.splitlines() if line.startswith(beginning)), None)
