"""How well a device must be made: errors of thicknesses and indices propagated into its quantities, and the yield."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.sweeps.chunks import LOST, Chunk, Cut
from qdphotonics.sweeps.dataset import assembled
from qdphotonics.sweeps.folders import check_folder
from qdphotonics.sweeps.loading import load_tolerance
from qdphotonics.sweeps.runner import completed
from qdphotonics.sweeps.tolerance.errors import Errors
from qdphotonics.sweeps.tolerance.result import Spread, Tolerances, kept_by
from qdphotonics.sweeps.tolerance.samples import Devices
from qdphotonics.sweeps.tolerance.slopes import FirstOrder

if TYPE_CHECKING:
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.runner import Progress
    from qdphotonics.sweeps.specs import ToleranceSpec

CHUNK, CHUNK_OF_CALLS = 5000, 20  # devices of a chunk, solved together and called one by one


def tolerance(
    spec: ToleranceSpec | str | Path | Mapping[str, Any],
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    resume: bool = False,
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
        Folder for the devices, chunk by chunk, and for ``tolerance.json`` and ``samples.csv``.
    workers : int, optional
        Processes on this machine; 0, the default: this one alone. The numbers are the same for any number of them.
    resume : bool
        Go on with what is in ``out``; begin where nothing is.
    progress : callable, optional
        Told now and then how many devices are done.

    Returns
    -------
    Tolerances

    Raises
    ------
    SweepError
        A malformed study, one of a mode that the stack as designed does not have, or a folder that cannot be written to, or
        that holds another study, or this one and ``resume`` is False.
    SweepStopped
        Ctrl-C, where there is a folder: a ``KeyboardInterrupt`` whose text says how to go on.

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
    if workers is not None and workers < 0:
        raise ArgumentError(f"Argument `workers` must be at least 0, but is {workers}")
    if resume and out is None:
        raise ArgumentError("Argument `resume` must come with `out`, the folder of the study to go on with")
    began = time.monotonic()
    study = load_tolerance(spec)
    folder = None if out is None else Path(out)
    if folder is not None:
        check_folder(folder, study)
    job = ToleranceJob(study)
    first_order = FirstOrder.of(job.devices)
    with completed(job, out=folder, workers=workers or 0, resume=resume, progress=progress) as keeper:
        values, _, failures = assembled(keeper, job.names)
        result = _result(job, first_order, values, failures, began)
        if folder is not None:
            result.save(folder)
    return result


def _result(
    job: ToleranceJob, first_order: FirstOrder, values: dict[str, NDArray[np.float64]], failures: dict[int, str], began: float
) -> Tolerances:
    study, devices, deviations = job.spec, job.devices, job.deviations
    spreads = {
        quantity.name: Spread(
            quantity,
            first_order.nominal[quantity.name],
            values[quantity.name],
            first_order.predicted(quantity, deviations),
            first_order.contributions(quantity),
        )
        for quantity in job.wanted
    }
    required = {constraint.text: kept_by(constraint, values) for constraint in study.require}
    named = dict(zip(devices.errors.paths, deviations.T, strict=True))
    return Tolerances(study, devices.main, named, spreads, required, failures, time.monotonic() - began)


@dataclass(frozen=True)
class ToleranceJob:
    """The work of a study of tolerances: devices in chunks, each device solved by itself."""

    spec: ToleranceSpec

    def __reduce__(self) -> tuple[type[ToleranceJob], tuple[ToleranceSpec]]:
        """Travels without what it has prepared, which each worker prepares for itself."""
        return ToleranceJob, (self.spec,)

    @cached_property
    def wanted(self) -> tuple[Quantity, ...]:
        """The quantities whose distributions are wanted, and those that conditions are about."""
        required = (quantity for constraint in self.spec.require for quantity in constraint.quantities)
        return tuple(dict.fromkeys((*self.spec.quantities, *required)))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the quantities."""
        return tuple(quantity.name for quantity in self.wanted)

    @cached_property
    def devices(self) -> Devices:
        """What solves them; :meth:`Devices.of` has the errors."""
        return Devices.of(self.spec, Errors.of(self.spec.stack, self.spec.errors), self.wanted)

    @cached_property
    def deviations(self) -> NDArray[np.float64]:
        """All that are drawn [device, variate]: they follow from the seed."""
        return self.devices.errors.draw(self.spec.samples, self.spec.seed)

    @cached_property
    def cut(self) -> Cut:
        """Its chunks: smaller ones where a device takes longer."""
        return Cut((self.spec.samples,), CHUNK_OF_CALLS if self.devices.calls_each else CHUNK)

    def evaluate(self, number: int) -> Chunk:
        """Solve the devices of a chunk."""
        first, last = self.cut.bounds(number)
        values, errors = self.devices.evaluate(self.deviations[first:last])
        status = np.zeros(last - first, dtype=np.int8)
        status[list(errors)] = LOST
        return Chunk(number, values, status, {first + device: text for device, text in errors.items()})

    def as_dict(self) -> dict[str, Any]:
        """The full input, as plain values."""
        return self.spec.as_dict()
