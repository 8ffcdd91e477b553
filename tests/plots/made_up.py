"""Results of sweeps with closed forms, as :func:`qdphotonics.sweeps.sweep` gives them: no stack is computed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray

UNITS = {"wavelength": "nm", "drive.current_density_A_per_cm2": "A/cm²"}
Value = Callable[..., Any]

THICKNESS, ITO, DRIVE = "layers.QD.thickness", "layers.L-ITO.thickness", "drive.current_density_A_per_cm2"


def peak(thickness: Any, ito: Any = 250.0, wavelength: Any = 630.0) -> Any:
    """A hill of 150 per cm at 110 nm and 250 nm that sinks by 6 per cm and nm, with negative foothills."""
    return 250.0 * np.exp(-(((thickness - 110.0) / 40.0) ** 2)) * np.cos((ito - 250.0) / 90.0) - 100.0 - 6.0 * (wavelength - 630.0)


def dataset(quantities: dict[str, Value], axes: dict[str, Any], lost: Value | None = None, name: str = "A sweep") -> xarray.Dataset:
    """The product of the axes; an axis of axes (a dict) steps together, its name that of the dimension."""
    coordinates: dict[str, Any] = {}
    grids: dict[str, Any] = {}
    shape = tuple(len(next(iter(each.values()))) if isinstance(each, dict) else len(each) for each in axes.values())
    for position, (dimension, each) in enumerate(axes.items()):
        for path, values in (each if isinstance(each, dict) else {dimension: each}).items():
            along = np.asarray(values)
            unit = UNITS.get(path, "nm" if path.endswith("thickness") else "")
            coordinates[path] = ((dimension,), along, {"units": unit or "1"})
            grids[path] = along.reshape([-1 if place == position else 1 for place in range(len(shape))])
    gone = np.zeros(shape, bool) if lost is None else np.broadcast_to(lost(*grids.values()), shape)
    data: dict[str, Any] = {}
    for quantity, value in quantities.items():
        values = np.array(np.broadcast_to(value(*grids.values()), shape), dtype=float)
        values[gone] = np.nan
        data[quantity] = (tuple(axes), values)
    if gone.any():
        data["error"] = (tuple(axes), np.where(gone, "the mode ended", "").astype(object))
    return xarray.Dataset(data, coordinates, {"title": name, "input": json.dumps({"specification": {"mode": "TE0"}})})
