"""The quantities of many drawn devices: modes followed from the stack as designed to each of them, by itself.

::

    as designed ──> device, without gain ──> device, with the gain of its drive        a row of its own for each device
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ModeSearchError, SweepError
from qdphotonics.sweeps.bases import Base, main_mode
from qdphotonics.sweeps.each_point import error_text, evaluate_stacks, labels_followed, needs_each_point
from qdphotonics.sweeps.follower import polarization_of
from qdphotonics.sweeps.planar_points import OneMode, thickness_of
from qdphotonics.sweeps.rows import follow_rows
from qdphotonics.sweeps.spectrum_points import evaluate_spectra

if TYPE_CHECKING:
    from qdphotonics.planar.results import Mode
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.space import PointArrays
    from qdphotonics.sweeps.specs import ToleranceSpec
    from qdphotonics.sweeps.tolerance.errors import Errors

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Devices:
    """Computes the quantities of devices that differ from one stack by errors.

    Made by :meth:`of`.

    Parameters
    ----------
    spec : ToleranceSpec
    errors : Errors
    quantities : tuple of Quantity
    main : str
        Label, or selector, of the study's mode.
    starts : dict of label to planar.Mode
        The modes that are followed, on the stack as designed.
    """

    spec: ToleranceSpec
    errors: Errors
    quantities: tuple[Quantity, ...]
    main: str
    starts: dict[str, Mode]

    @classmethod
    def of(cls, spec: ToleranceSpec, errors: Errors, quantities: Sequence[Quantity]) -> Devices:
        """Seek the modes on the stack as designed.

        Raises
        ------
        SweepError
            It has no mode of a label that is asked for.
        InputError
            It cannot have modes.
        """
        about = any(quantity.family in ("mode", "pumped", "laser") and quantity.selector is None for quantity in quantities)
        try:
            main = main_mode(spec.stack, spec.mode) if about else spec.mode or "TE0"
            base = Base(spec.stack, errors.space, main if spec.mode is None and spec.stack.medium is not None else None)
            starts = {label: base.mode(label) for label in labels_followed(quantities, main)}
        except ModeSearchError as problem:
            raise SweepError(str(problem)) from None
        return cls(spec, errors, tuple(quantities), main, starts)

    @cached_property
    def _each(self) -> list[Quantity]:
        wanted = (quantity for quantity in self.quantities if quantity.family != "spectrum")
        return [quantity for quantity in wanted if needs_each_point(quantity, self.main, self.spec.engine)]

    @cached_property
    def _batched(self) -> list[Quantity]:
        return [quantity for quantity in self.quantities if quantity not in self._each]

    @property
    def calls_each(self) -> bool:
        """Whether a device takes milliseconds, not microseconds."""
        return bool(self._each)

    def label(self, quantity: Quantity) -> str:
        """Of the mode, or the selector, that a quantity is of."""
        return quantity.selector or self.main

    def evaluate(self, deviations: Reals) -> tuple[dict[str, Reals], dict[int, str]]:
        """Every quantity of some devices.

        Parameters
        ----------
        deviations : float array [device, variate]

        Returns
        -------
        values : dict of name to float array [device]
            nan where it could not be computed, or does not apply.
        errors : dict of device to text
        """
        count = len(deviations)
        values = {quantity.name: np.full(count, np.nan) for quantity in self.quantities}
        told: dict[int, dict[str, None]] = {}
        arrays = self.errors.arrays(deviations)
        for device, problem in arrays.errors.items():
            told.setdefault(device, {})[error_text(problem)] = None
        places = {label: np.full(count, np.nan, np.complex128) for label in self.starts}
        for compute in (self._geometry, self._spectra, partial(self._followed, "TE", places), partial(self._followed, "TM", places)):
            some, failed = compute(arrays)
            values |= some
            _note(told, failed)
        if self._each:  # at devices that have all their modes
            sound = np.array([device for device in range(count) if device not in told], np.intp)
            stacks = [partial(self.errors.changed, deviations[device]) for device in sound]
            there = {label: each[sound] for label, each in places.items()}
            some, failed = evaluate_stacks(self.spec, stacks, self._each, there, self.main)
            for name, column in some.items():
                values[name][sound] = column
            _note(told, {int(sound[row]): text for row, text in failed.items()})
        return values, {device: "; ".join(texts) for device, texts in sorted(told.items())}

    def _geometry(self, arrays: PointArrays) -> tuple[dict[str, Reals], dict[int, str]]:
        stack = self.spec.stack
        wanted = [quantity for quantity in self._batched if quantity.family == "geometry"]
        return {quantity.name: thickness_of(stack, arrays, quantity.layer) for quantity in wanted}, {}

    def _spectra(self, arrays: PointArrays) -> tuple[dict[str, Reals], dict[int, str]]:
        wanted = [quantity for quantity in self._batched if quantity.family == "spectrum"]
        if not wanted:
            return {}, {}
        return evaluate_spectra(self.spec.stack, arrays, np.full(len(arrays), self.spec.angle_deg), self.spec.from_side, wanted)

    def _followed(self, which: str, places: dict[str, Complexes], arrays: PointArrays) -> tuple[dict[str, Reals], dict[int, str]]:
        """The modes of one polarization, all at once: those that meet are told apart."""
        starts = {label: mode for label, mode in self.starts.items() if polarization_of(label) == which}
        if not starts:
            return {}, {}
        wanted = [quantity for quantity in self._batched if quantity.family in ("mode", "pumped") and self.label(quantity) in starts]
        gain = any(quantity.family == "pumped" for quantity in wanted)
        found = follow_rows(list(starts.values()), arrays, [np.arange(len(arrays))[:, None]], gain=gain)
        values: dict[str, Reals] = {}
        errors: dict[int, str] = {}
        for position, label in enumerate(starts):
            mode = OneMode(label, self.spec.stack, arrays, found, position)
            places[label] = found.n_eff[position]
            mine = [quantity for quantity in wanted if self.label(quantity) == label]
            values |= {quantity.name: mode.quantity(quantity) for quantity in mine}
            errors |= dict(mode.errors(any(quantity.family == "pumped" for quantity in mine)))
        return values, errors


def _note(told: dict[int, dict[str, None]], failed: Mapping[int, str]) -> None:
    """Write down why devices failed, each text once."""
    for device, text in failed.items():
        told.setdefault(device, {})[text] = None
