"""``make bench``: everything timed beside the peers, in an environment of its own, in one run, on one core.

    python -m benchmarks            # make .bench-venv where it is missing or old, then measure with it

The page docs/performance.md and its figures are written anew; the exit code is 1 where a promise is not kept.
Only the standard library is used here: the measuring happens in ``benchmarks.performance``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from benchmarks.environment import ONE_THREAD, ROOM, TOP

ENVIRONMENT = TOP / ".bench-venv"
CONSTRAINTS = ROOM / "constraints.txt"
PEERS = ("tmm", "PyMoosh", "tidy3d", "mpmath", "numpy", "scipy", "pytest", "pytest-benchmark")
# The +cpu builds only: on most machines the plain version would bring gigabytes of CUDA. Without one, tmm_fast sits out.
WITH_TORCH = ("torch", "tmm_fast")


def pip(*arguments: str) -> int:
    """Exit code of pip in the environment, versions pinned."""
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input", *arguments]
    settings = {"PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.run(command, env=os.environ | settings, cwd=TOP, check=False).returncode


def install() -> None:
    """The peers and this checkout; nothing to do where the stamp is newer than what it was made from."""
    stamp = ENVIRONMENT / ".peers"
    sources = (CONSTRAINTS, TOP / "pyproject.toml", Path(__file__))
    if stamp.is_file() and stamp.stat().st_mtime > max(source.stat().st_mtime for source in sources):
        return
    print("Installing the peers (once) ...", flush=True)
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    if pip("--editable", ".", *PEERS) != 0:
        raise SystemExit("The peers could not be installed.")
    if pip(*WITH_TORCH) != 0:
        print("No CPU build of torch is to be had here: tmm_fast is left out.", flush=True)
    stamp.touch()


def main() -> int:
    """Install, then measure."""
    install()
    with tempfile.TemporaryDirectory() as settings:  # tidy3d writes its settings somewhere
        environment = os.environ | ONE_THREAD | {"MPLBACKEND": "Agg", "XDG_CONFIG_HOME": settings, "PYTHONPATH": str(TOP)}
        command = [str(ENVIRONMENT / "bin" / "python"), "-m", "benchmarks.performance", *sys.argv[1:]]
        return subprocess.run(command, env=environment, cwd=TOP, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
