"""The front door: a specification in, an xarray Dataset out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdphotonics.errors import ArgumentError, SweepError
from qdphotonics.sweeps.chunks import SweepJob
from qdphotonics.sweeps.dataset import dataset, save_csv, save_netcdf
from qdphotonics.sweeps.folders import check_folder
from qdphotonics.sweeps.loading import load_sweep
from qdphotonics.sweeps.runner import Reporter, completed
from qdphotonics.sweeps.specs import SweepSpec

if TYPE_CHECKING:
    import xarray as xr


def sweep(
    spec: SweepSpec | Path | str | Mapping[str, Any],
    *,
    out: Path | str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Reporter | None = None,
) -> xr.Dataset:
    """Compute every point of a sweep.

    Parameters
    ----------
    spec : SweepSpec, path of a YAML file, or mapping of the same form
    out : path, optional
        Folder for what is computed, chunk by chunk, and for ``result.nc`` and ``result.csv``; without it nothing is written.
    workers : int, optional
        Processes on this machine; 0, the default: this process alone, which is the quickest for less than some thousand points.
    scheduler : str, optional
        Address such as ``tcp://HOST:8786`` of a running dask scheduler, whose workers compute instead.
    resume : bool
        Go on with what is in ``out``; begin where nothing is.
    progress : callable, optional
        Called with a :class:`qdphotonics.sweeps.Progress` a few times a second at most.

    Returns
    -------
    xarray.Dataset
        Dimensions and coordinates are the axes, variables the quantities, with units; the full input is in ``attrs``. The
        same numbers, bit for bit, for any number of workers. A point that failed is nan, and ``error`` says why.

    Raises
    ------
    SweepError
        The specification is wrong; ``out`` holds another sweep, or this one and ``resume`` is False; the disk is full; the
        scheduler does not answer. What is stored by then stays.
    SweepStopped
        Ctrl-C: a ``KeyboardInterrupt`` whose text says how to go on.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> results = qdp.sweep({"name": "Confinement", "stack": "jung2022-lito-ag", "quantities": ["confinement.QD"],
    ...                      "axes": {"layers.QD.thickness": {"from": 80, "to": 120, "step": 20}}})
    >>> results["confinement.QD"].dims, results["layers.QD.thickness"].values.tolist()
    (('layers.QD.thickness',), [80.0, 100.0, 120.0])
    >>> [round(value, 3) for value in results["confinement.QD"].values.tolist()]
    [0.31, 0.441, 0.551]
    """
    if workers is not None and scheduler is not None:
        raise ArgumentError("Argument `workers` must not be given with `scheduler`, which has workers of its own")
    if workers is not None and workers < 0:
        raise ArgumentError(f"Argument `workers` must be at least 0, but is {workers}")
    if resume and out is None:
        raise ArgumentError("Argument `resume` must come with `out`, the folder of the sweep to go on with")
    loaded = spec if isinstance(spec, SweepSpec) else load_sweep(spec)
    folder = None if out is None else Path(out)
    if folder is not None:
        check_folder(folder, loaded)
    job = SweepJob(loaded)
    try:
        job.check()
    except SweepError as problem:  # a mode that the base stack does not have
        place = "mode" if loaded.mode is not None and loaded.mode in problem.message.split() else "quantities"
        raise loaded.document.fault_in((place,), problem.message) from None
    with completed(job, out=folder, workers=workers or 0, scheduler=scheduler, resume=resume, progress=progress) as keeper:
        results = dataset(loaded, keeper)
        if folder is not None:
            save_netcdf(results, folder / "result.nc")
            save_csv(results, folder / "result.csv")
    return results
