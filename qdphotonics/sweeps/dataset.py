"""Results of a sweep as an xarray Dataset, in netCDF and in CSV: units, and the full input, in the attributes."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from qdphotonics._plain import plain
from qdphotonics._version import __version__
from qdphotonics.errors import SweepError
from qdphotonics.sweeps.cautions import gain_cautions
from qdphotonics.sweeps.chunks import STATUS
from qdphotonics.sweeps.labels import path_label
from qdphotonics.sweeps.store import UNFINISHED, Keeper, finish, writing

if TYPE_CHECKING:
    import xarray as xr

    from qdphotonics.sweeps.axes import Axis
    from qdphotonics.sweeps.specs import SweepSpec

SLASH = "\N{DIVISION SLASH}"  # for the one character that no name in a netCDF file may have
ROWS = 10_000  # of a CSV file, written at a time


def dataset(spec: SweepSpec, keeper: Keeper) -> xr.Dataset:
    """All chunks put together.

    Parameters
    ----------
    spec : SweepSpec
    keeper : Keeper
        With every chunk.

    Returns
    -------
    xarray.Dataset
        Dimensions and coordinates are those of the design; the axes of ``zip`` and ``sample`` are coordinates without an
        index. One variable a quantity, of float64, nan where it has no value. Where something failed, ``status`` (tracked,
        re-solved, lost) and ``error`` (a text) as well. Attributes: ``title``, ``input`` (the full input as JSON),
        ``qdphotonics_version``, ``date``, ``failed`` (points), ``warnings`` (a line each) where there are any.
    """
    import xarray as xr

    values, status, errors = assembled(keeper, [quantity.name for quantity in spec.quantities])
    design = spec.design
    dimensions, shape = design.dimensions, design.shape
    data: dict[str, Any] = {
        quantity.name: (dimensions, values[quantity.name].reshape(shape), _attributes(quantity.unit, quantity.title, label=quantity.label))
        for quantity in spec.quantities
    }
    if errors or status.any():
        flags = {"flag_values": np.arange(len(STATUS), dtype=np.int8), "flag_meanings": " ".join(STATUS)}
        data["status"] = (dimensions, status.reshape(shape), {"long_name": "how the mode was followed", **flags})
    if errors:
        texts = np.full(design.size, "", dtype=object)  # of one text each, shared by the points that have it
        texts[list(errors)] = list(errors.values())
        data["error"] = (dimensions, texts.reshape(shape), {"long_name": "what went wrong"})
    coordinates = {axis.path: (group.dimension, *_coordinate(axis)) for group in design.groups for axis in group.axes}
    told = gain_cautions(spec, spec.quantities)
    attributes = {
        "title": spec.name,
        "qdphotonics_version": __version__,
        "date": keeper.created,
        "failed": len(errors),
        "input": json.dumps(spec.as_dict(), ensure_ascii=False),
    } | ({"warnings": "\n".join(told)} if told else {})
    return xr.Dataset(data, coordinates, attributes)


def assembled(keeper: Keeper, names: Sequence[str]) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.int8], dict[int, str]]:
    """Each quantity [point], the status [point] and the errors of all chunks."""
    cut = keeper.work.cut
    values = {name: np.empty(cut.points) for name in names}
    status = np.empty(cut.points, dtype=np.int8)
    errors: dict[int, str] = {}
    for number in range(cut.count):
        chunk = keeper.get(number)
        if chunk is None:
            raise SweepError(f"chunk {number} of the sweep was there and is damaged or gone now; go on with --resume")
        first, last = cut.bounds(number)
        for name in names:
            values[name][first:last] = chunk.values[name]
        status[first:last] = chunk.status
        errors.update(chunk.errors)
    return values, status, errors


def _attributes(unit: str, title: str, **more: str) -> dict[str, str]:
    return {"units": unit or "1", "long_name": title, **more}


def _coordinate(axis: Axis) -> tuple[NDArray[Any], dict[str, str]]:
    """Values and attributes of an axis; what is neither a number nor a text is written as JSON."""
    title = path_label(axis.path)
    if axis.numeric:
        whole = all(isinstance(value, int) for value in axis.values)
        return (np.array(axis.values) if whole else axis.array), _attributes(axis.unit, title)
    texts = [value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False) for value in axis.values]
    return np.array(texts, dtype=object), {"long_name": title}


def save_netcdf(results: xr.Dataset, file: Path) -> None:
    """Write results as netCDF 4; ``xarray.open_dataset(file, engine="h5netcdf")`` gives them back.

    A ``/`` in a name, which netCDF does not allow, becomes the division slash ``∕``.

    Raises
    ------
    SweepError
        The disk is full, or cannot be written to.
    """
    allowed = results.rename({str(name): str(name).replace("/", SLASH) for name in [*results.variables, *results.dims] if "/" in str(name)})
    with writing(file.parent):
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=UNFINISHED, suffix=".nc")
        os.close(handle)
        try:
            allowed.to_netcdf(name, engine="h5netcdf", format="NETCDF4")
            _flush(Path(name))
            finish(Path(name), file)
        finally:
            Path(name).unlink(missing_ok=True)


def save_csv(results: xr.Dataset, file: Path) -> None:
    """Write results as CSV: a row a point, the axes first, units in brackets in the head.

    Raises
    ------
    SweepError
        The disk is full, or cannot be written to.
    """
    with writing(file.parent):
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=UNFINISHED, suffix=".csv")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                _write_rows(results, stream)
            _flush(Path(name))
            finish(Path(name), file)
        finally:
            Path(name).unlink(missing_ok=True)


def _flush(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _write_rows(results: xr.Dataset, stream: TextIO) -> None:
    writer = csv.writer(stream)
    axes = list(results.coords.values())
    columns = [*axes, *results.data_vars.values()]
    writer.writerow([_head(str(column.name), column.attrs.get("units", "1")) for column in columns])
    shape = tuple(results.sizes.values())
    size = int(np.prod(shape, dtype=np.int64))
    along = [(np.array(list(_texts(axis.values)), dtype=object), list(results.sizes).index(str(axis.dims[0]))) for axis in axes]
    flat = [results[name].values.reshape(-1) for name in results.data_vars]
    for first in range(0, size, ROWS):
        last = min(first + ROWS, size)
        positions = np.unravel_index(np.arange(first, last), shape)
        written: list[Sequence[str]] = [texts[positions[dimension]].tolist() for texts, dimension in along]
        written += [list(_texts(array[first:last])) for array in flat]
        writer.writerows(zip(*written, strict=True))


def _head(name: str, unit: str) -> str:
    return name if unit == "1" else f"{name} [{unit}]"


def _texts(values: NDArray[Any]) -> Iterator[str]:
    """Numbers with all their digits, nothing for nan."""
    if values.dtype.kind == "f":
        return ("" if text == "nan" else text for text in map(repr, values.tolist()))
    return map(str, values.tolist())
