"""One point of a sweep by itself: its stack, its modes found again where they were followed to, and its numbers.

What one calculation gives serves all the quantities that need it, and nothing is computed that none of them needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from qdphotonics.errors import ModeSearchError, QDPhotonicsError
from qdphotonics.sweeps.quantities import BEST, POLARIZATIONS
from qdphotonics.sweeps.rows import ENDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qdphotonics.laser import Thresholds, Verdict
    from qdphotonics.laser.dfb_result import DfbResonance, DfbResult
    from qdphotonics.laser.strongest import StrongMode
    from qdphotonics.optics import StackMode, StackModes
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.specs import Study

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Point:
    """One stack of a sweep.

    Parameters
    ----------
    spec : Study
    stack : Stack
        The base with this point's changes.
    places : mapping of label to complex
        n_eff without gain, to which each mode was followed from the base stack; nan where it was lost.
    main : str
        Label or selector of the specification's mode.
    """

    spec: Study
    stack: Stack
    places: Mapping[str, complex]
    main: str

    def mode(self, which: str) -> StackMode:
        """The mode of a label on the base stack, or of a selector, without gain.

        Raises
        ------
        ModeSearchError
            It was lost, or is not one of those that a search lists.
        """
        if which in BEST:
            return self._once(("mode", which), lambda: self._without_gain(self.selected(which)[0]))
        return self._once(("mode", which), lambda: self._found_again(which))

    def selected(self, which: str) -> tuple[StrongMode, float]:
        """Of TE, TM or both polarizations the mode of largest net gain, and the drive's gain [1/cm]."""
        from qdphotonics.laser.analysis import strongest_mode

        return self._once(("selected", which), lambda: strongest_mode(self.stack, POLARIZATIONS[which]))

    def _at_saturation(self, which: str) -> StackMode:
        """The same with saturated gain: by this the mode of thresholds and verdicts is chosen, so that the drive does not."""
        from qdphotonics.laser.analysis import strongest_mode

        return self._once(
            ("saturated", which), lambda: self._without_gain(strongest_mode(self.stack, POLARIZATIONS[which], saturated=True)[0])
        )

    def _without_gain(self, mode: StrongMode) -> StackMode:
        """What ``modes`` lists of it, measured in full."""
        from qdphotonics.sweeps.follower import SAME_MODE

        told = f"the {mode.pumped.polarization} mode of largest net gain"
        if mode.passive is None:
            raise ModeSearchError(f"{told} cannot be followed to the stack without gain: which mode it becomes is a matter of choice")
        place = mode.passive.n_eff
        nearest = min(self._search(mode.pumped.polarization).modes, key=lambda each: abs(each.n_eff - place), default=None)
        if nearest is None or abs(nearest.n_eff - place) > SAME_MODE * (1.0 + abs(place)):
            raise ModeSearchError(f"{told} is, without gain, none of those that a search lists")
        return nearest

    def label(self, which: str) -> str:
        """What ``modes`` calls a mode on this stack, where others may lie above it than on the base stack."""
        from qdphotonics.sweeps.follower import SAME_MODE, polarization_of

        if which in BEST:
            return self.mode(which).label
        place = self._place(which)
        nearest = min(self._search(polarization_of(which)).modes, key=lambda mode: abs(mode.n_eff - place), default=None)
        if nearest is None or abs(nearest.n_eff - place) > SAME_MODE * (1.0 + abs(place)):
            raise _cut_off(which, place)
        return nearest.label

    def dfb(self) -> DfbResult:
        """The stack's grating by the specification's engine; its mode counted on this stack, as ``dfb --mode`` does."""
        return self._once(("dfb",), self._dfb)

    def thresholds(self) -> Thresholds:
        """Thresholds of the specification's mode."""
        return self._once(("thresholds",), self._thresholds)

    def verdict(self) -> Verdict:
        """Of the stack as a whole where the specification names no mode, else of its mode, as ``analyze --mode``."""
        from qdphotonics.laser.analysis import verdict_of

        return self._once(("verdict",), lambda: verdict_of(self.stack, None if self.spec.mode is None else self._main_label()))

    def by_meep(self, which: str, names: Sequence[str]) -> list[float]:
        """n_eff and loss of a guided mode by FDTD."""
        from qdphotonics.fdtd import planar_modes

        found = planar_modes(self.stack, [self.label(which)]).modes[0]
        return [float(getattr(found, name).real) for name in names]

    @cached_property
    def _done(self) -> dict[tuple[str, ...], Any]:
        return {}

    def _once(self, key: tuple[str, ...], compute: Callable[[], Value]) -> Value:
        """What is computed for the first quantity that asks; a failure too is told again without another try."""
        if key not in self._done:
            try:
                self._done[key] = compute()
            except QDPhotonicsError as problem:
                self._done[key] = problem
        found: Value | QDPhotonicsError = self._done[key]
        if isinstance(found, QDPhotonicsError):
            raise found
        return found

    def _place(self, label: str) -> complex:
        place = self.places[label]
        if np.isnan(place):
            raise ModeSearchError(ENDS.format(label))
        return place

    def _found_again(self, label: str) -> StackMode:
        """The mode, measured in full, by a search in a narrow window about the place that it was followed to."""
        from qdphotonics.optics import StackMode, planar_problem
        from qdphotonics.sweeps.follower import found_again, polarization_of

        place = self._place(label)
        found = found_again(planar_problem(self.stack), polarization_of(label), place)
        if found is None:
            raise _cut_off(label, place)
        return StackMode(self.stack.all_names, label, found)

    def _search(self, polarization: Polarization) -> StackModes:
        from qdphotonics.optics import find_modes

        return self._once(("search", polarization), lambda: find_modes(self.stack, polarization=polarization))

    def _main_label(self) -> str:
        """What ``modes`` calls the mode of thresholds and verdicts on this stack."""
        return self._at_saturation(self.main).label if self.main in BEST else self.label(self.main)

    def _thresholds(self) -> Thresholds:
        from qdphotonics.laser import PumpedMode, pumped_modes, pumped_stack
        from qdphotonics.laser.analysis import medium_of
        from qdphotonics.laser.feedback import cavity_loss_per_cm, grating_feedback
        from qdphotonics.laser.thresholds import thresholds

        medium = medium_of(self.stack, None)
        feedback = None if self.stack.grating is None else grating_feedback(self.stack, medium, self._main_label())
        loss = cavity_loss_per_cm(self.stack, feedback)
        mode = self._at_saturation(self.main) if self.main in BEST else self.mode(self.main)
        try:
            return thresholds(self.stack, medium, PumpedMode(pumped_stack(self.stack), mode), loss)
        except ModeSearchError:  # it merges with another on the way to saturation, as analyze finds by a search there
            candidates, _ = pumped_modes(self.stack, self._search(mode.polarization), medium.material_gain_per_cm)
            return thresholds(self.stack, medium, min(candidates, key=lambda each: abs(each.passive.n_eff - mode.n_eff)), loss)

    def _dfb(self) -> DfbResult:
        from qdphotonics.laser.dfb import dfb

        mode, engine = self.spec.mode, self.spec.engine
        polarization: Polarization = "TM" if mode == "TM" else "TE"
        which = f"{polarization}0" if mode is None or mode in BEST else mode
        return dfb(self.stack, "coupled-wave" if engine == "planar" else engine, mode=which)


def _cut_off(label: str, place: complex) -> ModeSearchError:
    told = f"it is cut off: what {label} of the base stack became, at n_eff {place.real:.6g}{place.imag:+.3g}i"
    return ModeSearchError(f"{told}, is no mode of this stack any more")


def of_mode(quantity: Quantity, mode: StackMode) -> float:
    """A quantity of the family ``mode``, of a mode measured in full; repeats of a layer summed under its written name."""
    name, layer = quantity.kind.name, quantity.layer
    if layer is None:
        return float(getattr(mode, name).real)
    if name.startswith("confinement"):
        return float(getattr(mode.confinement[layer], name.removeprefix("confinement").removeprefix("_") or "intensity"))
    value: float | None = getattr(mode, name)[layer]
    return number(value)


def of_selected(quantity: Quantity, point: Point, which: str) -> float:
    """A quantity of the families ``mode`` and ``pumped``, of a mode sought anew."""
    if quantity.family == "mode":
        return of_mode(quantity, point.mode(which))
    mode, gain = point.selected(which)
    name = quantity.kind.name
    if name == "material_gain_per_cm":
        return gain
    return mode.net_gain_per_cm + (0.0 if name == "net_gain_per_cm" else point.mode(which).loss_per_cm)


def of_thresholds(quantity: Quantity, found: Thresholds) -> float:
    """A quantity ``thresholds.EVENT.FIGURE``; nan where no drive reaches it."""
    _, event, figure = quantity.kind.name.split(".")
    return number(getattr(getattr(found, event), figure))


def of_verdict(quantity: Quantity, verdict: Verdict) -> float:
    """A quantity ``verdict.WAY.EVENT``: 1, 0, or nan where it is not known."""
    _, way, event = quantity.kind.name.split(".")
    return number(getattr(getattr(verdict, way), event))


def of_dfb(quantity: Quantity, found: DfbResult) -> float:
    """A quantity of the family ``dfb``."""
    name = quantity.kind.name.removeprefix("dfb.")
    if name == "stop_band_nm":
        return nan if found.stop_band_nm is None else found.stop_band_nm[1] - found.stop_band_nm[0]
    if name == "coupling_per_cm":
        return nan if found.coupling_per_cm is None else abs(found.coupling_per_cm)
    which, _, key = name.rpartition(".")
    resonance = _resonance(found, which)
    if resonance is None:
        raise ModeSearchError(f"the grating has no {which or 'resonance'}{' edge' if which else ''} here")
    return number(getattr(resonance, key))


def _resonance(found: DfbResult, symmetry: str) -> DfbResonance | None:
    """The first to lase, or of a symmetry the edge of the stop band, else the first to lase."""
    if not symmetry:
        return next(iter(found.resonances), None)
    among = (*(found.edges or ()), *found.resonances)
    return next((each for each in among if each.symmetry == symmetry), None)


def number(value: float | bool | None) -> float:
    """nan for what does not apply."""
    return nan if value is None else float(value)
