"""Points of a sweep, many at a time: modes followed from the base, their confinement, loss and gain, and what else is wanted.

What needs a call for each point is left to :mod:`qdphotonics.sweeps.each_point`, spectra to
:mod:`qdphotonics.sweeps.spectrum_points`; a block of points is put together here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import InputError, ModeSearchError, QDPhotonicsError, StackError, SweepError
from qdphotonics.optics.problem import ADVICE, LARGEST_THICKNESS_NM
from qdphotonics.sweeps.axes import ANGLE
from qdphotonics.sweeps.bases import Base, Bases, main_mode
from qdphotonics.sweeps.each_point import error_text, evaluate_each, labels_followed, needs_each_point
from qdphotonics.sweeps.follower import polarization_of
from qdphotonics.sweeps.rows import ENDS, LOST, NOWHERE, TRACKED, FollowedModes, follow_rows
from qdphotonics.sweeps.space import DesignSpace
from qdphotonics.sweeps.spectrum_points import evaluate_spectra
from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from qdphotonics.planar.results import Mode
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.space import Complexes, PointArrays, Reals
    from qdphotonics.sweeps.specs import SweepSpec

CUT_OFF = "mode {} of the base stack is cut off: what became of it is no mode of the stack at this point"


@dataclass(eq=False)
class Block:
    """The numbers of some points, as they come in.

    Parameters
    ----------
    flat : int array [point]
        Flat indices.
    values : dict of name to float array [point]
        nan where a quantity could not be computed, or does not apply.
    places : dict of label to complex array [point]
        n_eff without gain of every mode that was followed; nan where it is lost.
    status : int8 array [point]
        TRACKED, RESOLVED or LOST, of the mode that fared worst.
    errors : dict of flat index to text
    """

    flat: NDArray[np.int64]
    values: dict[str, Reals]
    places: dict[str, Complexes]
    status: NDArray[np.int8]
    errors: dict[int, str]

    @classmethod
    def of(cls, flat: NDArray[np.int64], quantities: Iterable[Quantity], labels: Iterable[str]) -> Block:
        """Nothing is known yet."""
        return cls(
            flat,
            {quantity.name: np.full(len(flat), np.nan) for quantity in quantities},
            {label: np.full(len(flat), NOWHERE, np.complex128) for label in labels},
            np.full(len(flat), TRACKED, np.int8),
            {},
        )

    def fail(self, points: Iterable[int], text: str) -> None:
        """Note an error at some positions, beside those that are there."""
        for point in points:
            flat = int(self.flat[point])
            known = self.errors.get(flat)
            if known is None or text not in known:
                self.errors[flat] = text if known is None else f"{known}; {text}"
            self.status[point] = LOST


@dataclass(frozen=True, eq=False)
class SweepPoints:
    """Evaluates the points of a sweep; keeps its bases and changed stacks from one block to the next.

    Made by :meth:`of`. What a block gives follows from the specification and the block alone.

    Parameters
    ----------
    spec : SweepSpec
    bases : Bases

    Examples
    --------
    >>> import numpy as np
    >>> from qdphotonics.sweeps import load_sweep
    >>> points = SweepPoints.of(load_sweep({"stack": "jung2022-lito-ag", "axes": {"layers.QD.thickness": [80, 95, 110]},
    ...                                     "quantities": ["confinement.QD", "net_gain_per_cm"]}))
    >>> block = points.block(np.arange(3))
    >>> [round(value, 3) for value in block.values["confinement.QD"].tolist()], block.status.tolist()
    ([0.31, 0.41, 0.499], [0, 0, 0])
    """

    spec: SweepSpec
    bases: Bases

    @classmethod
    def of(cls, spec: SweepSpec) -> SweepPoints:
        """Ready to evaluate.

        Raises
        ------
        ModeSearchError
            The specification names no mode, and the base stack has none that ``analyze`` would report.
        """
        of_modes = [quantity for quantity in spec.quantities if quantity.family in ("mode", "pumped", "laser")]
        if all(quantity.selector is not None for quantity in of_modes):
            return cls(spec, Bases(spec, spec.mode or "TE0"))
        main = main_mode(spec.stack, spec.mode)
        unnamed = spec.mode is None and spec.stack.medium is not None and main not in {quantity.selector for quantity in of_modes}
        return cls(spec, Bases(spec, main, reported=unnamed))

    def check(self) -> None:
        """See that the base stack has every mode that is to be followed.

        Raises
        ------
        SweepError
            It has no mode of that label.
        InputError
            It cannot have modes.
        """
        base = Base(self.spec.stack, DesignSpace.of(self.spec.stack, ()), None)
        try:
            for label in self.labels:
                base.mode(label)
        except ModeSearchError as problem:
            raise SweepError(str(problem)) from None

    @property
    def main(self) -> str:
        """Label or selector of the specification's mode."""
        return self.bases.main

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Of the modes that are followed."""
        return labels_followed(self.spec.quantities, self.main)

    @cached_property
    def _each(self) -> list[Quantity]:
        return [
            quantity
            for quantity in self.spec.quantities
            if quantity.family != "spectrum" and needs_each_point(quantity, self.main, self.spec.engine)
        ]

    @cached_property
    def _batched(self) -> list[Quantity]:
        return [quantity for quantity in self.spec.quantities if quantity not in self._each]

    def block(self, flat: NDArray[np.int64]) -> Block:
        """Everything that is wanted of some points.

        Parameters
        ----------
        flat : int array [point]
            Flat indices, each once.
        """
        block = Block.of(flat, self.spec.quantities, self.labels)
        if self._batched or self.labels:
            for base, members in self.bases.of_points(flat):
                if isinstance(base, QDPhotonicsError):
                    block.fail(members, error_text(base))
                else:
                    self._of_one_base(block, base, members)
        if self._each:
            self._call_each(block)
        return block

    def _of_one_base(self, block: Block, base: Base, members: NDArray[np.intp]) -> None:
        values = self.spec.design.values_at(block.flat[members])
        table = np.array([values[path] for path in base.space.paths], np.float64).reshape(-1, len(members)).T
        arrays = base.space.arrays(table, gain=any(quantity.family == "pumped" for quantity in self._batched))
        for point, problem in arrays.errors.items():
            block.fail([int(members[point])], error_text(problem))
        for quantity in self._batched:
            if quantity.family == "geometry":
                block.values[quantity.name][members] = thickness_of(base.stack, arrays, quantity.layer)
        spectra = [quantity for quantity in self._batched if quantity.family == "spectrum"]
        if spectra:
            angle = values.get(ANGLE, np.full(len(members), self.spec.angle_deg))
            found, errors = evaluate_spectra(base.stack, arrays, angle, self.spec.from_side, spectra)
            for name, column in found.items():
                block.values[name][members] = column
            for point, text in errors.items():
                block.fail([int(members[point])], text)
        for polarization in ("TE", "TM"):
            self._follow(block, base, members, arrays, [label for label in self.labels if polarization_of(label) == polarization])

    def _follow(self, block: Block, base: Base, members: NDArray[np.intp], arrays: PointArrays, labels: Sequence[str]) -> None:
        """The modes of some labels of one polarization, all at once: those that meet are told apart."""
        starts: dict[str, Mode] = {}
        for label in labels:
            try:
                starts[label] = base.mode(label)
            except (InputError, ModeSearchError) as problem:
                block.fail(members, error_text(problem))
        if not starts:
            return
        too_thick = _too_thick(base.stack, arrays)
        for point, fault in too_thick.items():
            block.fail([int(members[point])], error_text(fault))
        arrays = replace(arrays, errors={**too_thick, **arrays.errors})
        of_modes = [quantity for quantity in self._batched if quantity.family in ("mode", "pumped")]
        wanted = {label: [each for each in of_modes if (each.selector or self.main) == label] for label in starts}
        gain = any(quantity.family == "pumped" for quantities in wanted.values() for quantity in quantities)
        found = follow_rows(list(starts.values()), arrays, self.bases.rows(block.flat[members]), gain=gain)
        for mode, label in enumerate(starts):
            one = OneMode(label, base.stack, arrays, found, mode)
            block.places[label][members] = found.n_eff[mode]
            pumped = any(quantity.family == "pumped" for quantity in wanted[label])
            status = found.pumped_status if pumped else found.status  # the way to the gain goes on from that to the passive mode
            block.status[members] = np.maximum(block.status[members], status[mode])
            for quantity in wanted[label]:
                block.values[quantity.name][members] = one.quantity(quantity)
            for point, text in one.errors(pumped):
                block.fail([int(members[point])], text)

    def _call_each(self, block: Block) -> None:
        """What takes a call for each point, at those that are stacks at all."""
        sound = np.array([at for at, flat in enumerate(block.flat.tolist()) if flat not in block.errors], np.intp)
        places = {label: found[sound] for label, found in block.places.items()}
        values, errors = evaluate_each(self.spec, block.flat[sound], self._each, places, self.main)
        for name, column in values.items():
            block.values[name][sound] = column
        at = dict(zip(block.flat[sound].tolist(), sound.tolist(), strict=True))
        for flat, text in errors.items():
            block.fail([at[flat]], text)


@dataclass(frozen=True, eq=False)
class OneMode:
    """One of the modes that were followed, at the points of one base."""

    label: str
    stack: Stack
    arrays: PointArrays
    found: FollowedModes
    mode: int

    def quantity(self, quantity: Quantity) -> Reals:
        """A quantity at every point."""
        found, name = self.found, quantity.kind.name
        if name == "n_eff":
            return np.asarray(found.n_eff[self.mode].real)
        if name in ("confinement", "confinement_gain"):
            shares = found.intensity if name == "confinement" else found.gain_share
            return np.asarray(shares[self.mode][:, _regions(self.stack, quantity.layer)].sum(axis=1))
        if name == "material_gain_per_cm":
            return self.arrays.material_gain_per_cm
        loss = loss_per_cm(found.n_eff[self.mode].imag, self.arrays.wavelength_nm)
        if name == "loss_per_cm":
            return loss
        net_gain = -loss_per_cm(found.pumped_n_eff[self.mode].imag, self.arrays.wavelength_nm)
        return net_gain if name == "net_gain_per_cm" else net_gain + loss

    def errors(self, pumped: bool) -> Iterator[tuple[int, str]]:
        """Where the mode is lost, and why."""
        found, mode, label = self.found, self.mode, self.label
        for point in np.flatnonzero(found.status[mode] == LOST).tolist():
            if point in self.arrays.errors:
                continue
            cut_off = found.cut_off[mode, point]
            yield point, error_text(ModeSearchError(CUT_OFF.format(label) if cut_off else ENDS.format(label)))
        if pumped:
            for point in np.flatnonzero((found.pumped_status[mode] == LOST) & (found.status[mode] != LOST)).tolist():
                gain = self.arrays.material_gain_per_cm[point]
                told = f"mode {label} ends, or cannot be told from a neighbour, before the material gain reaches {gain:g} cm^-1"
                yield point, error_text(ModeSearchError(told))


def _regions(stack: Stack, layer: str | None) -> list[int]:
    """Positions along the layer axis of a layer by its full or written name, or of a half-space."""
    layers = [at + 1 for at, each in enumerate(stack.layers) if layer in (each.name, each.written_name)]
    return layers or [0 if layer == "substrate" else len(stack.layers) + 1]


def thickness_of(stack: Stack, arrays: PointArrays, layer: str | None) -> Reals:
    """Of a layer, its repeats together, or of all layers [nm]."""
    if layer is None:
        return np.asarray(arrays.thickness_nm.sum(axis=1))
    return np.asarray(arrays.thickness_nm[:, [at - 1 for at in _regions(stack, layer)]].sum(axis=1))


def _too_thick(stack: Stack, arrays: PointArrays) -> dict[int, InputError]:
    """Points with a layer that cannot be part of a mode, and what is told of the first such layer."""
    found: dict[int, InputError] = {}
    for point, layer in np.argwhere(arrays.thickness_nm > LARGEST_THICKNESS_NM).tolist():
        nm = arrays.thickness_nm[point, layer]
        told = f"must be ≤ {LARGEST_THICKNESS_NM:g} nm in a search for modes, got {nm:g}: a layer so thick {ADVICE}"
        found.setdefault(point, StackError(f'layer "{stack.layer_names[layer]}": thickness {told}'))
    return found
