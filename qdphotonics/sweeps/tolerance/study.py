"""How well a device must be made: errors of thicknesses and indices propagated into its quantities, and the yield."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.sweeps.loading import load_tolerance
from qdphotonics.sweeps.store import writing
from qdphotonics.sweeps.tolerance.errors import Errors
from qdphotonics.sweeps.tolerance.result import Spread, Tolerances, kept_by
from qdphotonics.sweeps.tolerance.samples import Devices
from qdphotonics.sweeps.tolerance.slopes import FirstOrder

if TYPE_CHECKING:
    from qdphotonics.sweeps.runner import Progress
    from qdphotonics.sweeps.specs import ToleranceSpec

BATCH, BATCH_OF_CALLS = 5000, 20  # devices between two words on progress, in batches and called one by one


def tolerance(
    spec: ToleranceSpec | str | Path | Mapping[str, Any],
    *,
    out: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Tolerances:
    """Distributions of a device's quantities under errors of its making, what they are due to, and the yield.

    Monte Carlo: every device is drawn, and solved by itself, its mode followed from the stack as designed. First order: the
    slope of each quantity by each error, times that error's standard deviation. Where the two disagree by more than 5 % the
    quantity is no straight line over the errors (``linear``): then trust the samples.

    Parameters
    ----------
    spec : ToleranceSpec, file, or mapping as a file would hold
    out : path, optional
        Folder for ``tolerance.json`` and ``samples.csv``.
    progress : callable, optional
        Told now and then how many devices are done.

    Returns
    -------
    Tolerances

    Raises
    ------
    SweepError
        A malformed study, one of a mode that the stack as designed does not have, or a folder that cannot be written to.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> result = qdp.tolerance({
    ...     "stack": "jung2022-lito-ag",
    ...     "errors": {"layers.QD.thickness": "1%", "layers.L-ITO.thickness": "1%"},
    ...     "quantities": ["confinement.QD"],
    ...     "require": ["net_gain_per_cm >= 245"],
    ...     "samples": 500,
    ... })
    >>> result["confinement.QD"].linear, result["confinement.QD"].contributions[0].path
    (True, 'layers.QD.thickness')
    >>> round(result.yield_fraction, 1)
    0.8
    """
    began = time.monotonic()
    study = load_tolerance(spec)
    if out is not None:
        with writing(Path(out)):  # before any work, so that a long study does not end at a mistyped path
            Path(out).mkdir(parents=True, exist_ok=True)
    errors = Errors.of(study.stack, study.errors)
    wanted = tuple(dict.fromkeys((*study.quantities, *(each for constraint in study.require for each in constraint.quantities))))
    devices = Devices.of(study, errors, wanted)
    first_order = FirstOrder.of(devices)
    deviations = errors.draw(study.samples, study.seed)
    values, failures = _solved(devices, deviations, progress)
    spreads = {
        quantity.name: Spread(
            quantity,
            first_order.nominal[quantity.name],
            values[quantity.name],
            first_order.predicted(quantity, deviations),
            first_order.contributions(quantity),
        )
        for quantity in wanted
    }
    required = {constraint.text: kept_by(constraint, values) for constraint in study.require}
    named = dict(zip(errors.paths, deviations.T, strict=True))
    result = Tolerances(study, devices.main, named, spreads, required, failures, time.monotonic() - began)
    if out is not None:
        result.save(out)
    return result


def _solved(
    devices: Devices, deviations: NDArray[np.float64], progress: Callable[[Progress], None] | None
) -> tuple[dict[str, NDArray[np.float64]], dict[int, str]]:
    """Every quantity of all devices, and why some are lost."""
    count, step = len(deviations), BATCH_OF_CALLS if devices.calls_each else BATCH
    values = {quantity.name: np.full(count, np.nan) for quantity in devices.quantities}
    failures: dict[int, str] = {}
    began = time.monotonic()
    for first in range(0, count, step):
        found, errors = devices.evaluate(deviations[first : first + step])
        for name, column in found.items():
            values[name][first : first + step] = column
        failures |= {first + device: text for device, text in errors.items()}
        if progress is not None:
            from qdphotonics.sweeps.runner import Progress

            done = min(first + step, count)
            rate = done / max(time.monotonic() - began, 1e-9)
            progress(Progress(done, count, len(failures), rate, (count - done) / rate, 1))
    return values, failures
