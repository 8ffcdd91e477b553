"""From a file to a :class:`Stack`: read, change, check, resolve materials and thicknesses, write repeats out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

from qdphotonics._data import data_folder
from qdphotonics._yaml import Document, Loc, nearest, read_yaml, shown, validate
from qdphotonics.errors import ArgumentError, MaterialError, StackError
from qdphotonics.materials import Material, material_from_spec
from qdphotonics.stacks import rules
from qdphotonics.stacks.grating_rules import profile_fault
from qdphotonics.stacks.library_materials import folders_beside
from qdphotonics.stacks.model import Cavity, Drive, Grating, Layer
from qdphotonics.stacks.overrides import Override, applied, as_overrides
from qdphotonics.stacks.schema import GratingSpec, LayerSpec, QuarterWavesSpec, RepeatSpec, StackSpec
from qdphotonics.stacks.stack import Stack


def list_stacks() -> tuple[str, ...]:
    """Names of the shipped stacks.

    Examples
    --------
    >>> "jung2022-lito-ag" in list_stacks()
    True
    """
    return tuple(sorted(file.stem for file in data_folder("stacks").glob("*.yaml")))


def stack_file(name_or_path: str | Path) -> Path:
    """The file of a stack: the path itself, or that of the shipped stack of this name.

    Raises
    ------
    StackError
        Neither exists; the message has the nearest names.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    name = str(name_or_path)
    if name in list_stacks():
        return data_folder("stacks") / f"{name}.yaml"
    if path.exists() and not path.is_dir():
        return path  # a pipe, such as a shell's <(…)
    raise StackError(f"no stack file and no shipped stack is called {shown(name)}{nearest(name, list_stacks())}")


def load_stack(name_or_path: str | Path | Mapping[str, Any], overrides: Mapping[str, object] | Sequence[str] = ()) -> Stack:
    """Read and check a stack.

    Parameters
    ----------
    name_or_path : str, Path or mapping
        A YAML file, the name of a shipped stack, or what a file would hold, as a mapping.
    overrides : mapping of path to value, or sequence of "PATH=VALUE"
        Changes to what the file says, made before it is checked; see :meth:`Stack.changed`.

    Returns
    -------
    Stack

    Raises
    ------
    StackError, MaterialError
        One message with file, line, field, rule and value.

    Examples
    --------
    >>> load_stack("jung2022-lito-ag", ["wavelength=1.95 eV"]).wavelength_nm.__round__()
    636
    """
    if isinstance(name_or_path, Mapping):
        return stack_of(Document(dict(name_or_path), StackError), overrides)
    return stack_of(read_yaml(stack_file(name_or_path), StackError), overrides)


def stack_of(document: Document, overrides: Mapping[str, object] | Sequence[str] = ()) -> Stack:
    """The stack of a document that is at hand, such as a part of a larger file; otherwise as :func:`load_stack`."""
    return _stack(document, as_overrides(overrides))


def as_stack(stack: Stack | str | Path | Mapping[str, Any]) -> Stack:
    """The stack itself, or what :func:`load_stack` makes of a name, a file or a mapping.

    Raises
    ------
    ArgumentError
        Something else.
    """
    if isinstance(stack, Stack):
        return stack
    if isinstance(stack, (str, Path, Mapping)):
        return load_stack(stack)
    raise ArgumentError(f"Argument `stack` must be a Stack, a name or a file, as for qdphotonics.load_stack, but is {type(stack).__name__}")


def changed_stack(stack: Stack, changes: Mapping[str, object] | Sequence[str]) -> Stack:
    """What :meth:`Stack.changed` returns."""
    return stack_of(stack.document, changes)


def _stack(document: Document, overrides: Sequence[Override] = ()) -> Stack:
    try:
        document = applied(document, overrides)
    except StackError:
        validate(document, StackSpec, StackError)  # if the file itself is at fault, that is the thing to say
        raise
    spec = validate(document, StackSpec, StackError)
    rules.check(spec, document)
    return _Resolver(spec, document).stack()


class _Resolver:
    """Turns checked values into materials and thicknesses; a material named twice is looked up once."""

    def __init__(self, spec: StackSpec, document: Document) -> None:
        self.spec, self.document = spec, document
        self.folders = folders_beside(document)
        self.local: Mapping[str, Any] = document.data.get("materials") or {}
        self.known: dict[str, Material] = {}
        self.written: dict[Loc, tuple[Material, float]] = {}  # a layer in a repeat is worked out once

    def stack(self) -> Stack:
        spec, document = self.spec, self.document
        for name in self.local:
            self._material(("materials", name))  # a fault in one that no layer uses is a fault all the same
        expanded = list(self._layers(spec.layers, ("layers",), ""))
        grating = None if spec.grating is None else self._grating(spec.grating, [layer for layer, _ in expanded])
        stack = Stack(
            name=spec.name,
            reference=spec.reference,
            note=spec.note,
            wavelength_nm=spec.wavelength,
            substrate=self._material(("substrate",)),
            superstrate=self._material(("superstrate",)),
            layers=tuple(layer for layer, _ in expanded),
            medium=None if spec.gain is None else spec.gain.medium,
            grating=grating,
            cavity=None if spec.cavity is None else Cavity(**spec.cavity.model_dump()),
            drive=None if spec.drive is None else Drive(**spec.drive.model_dump()),
            file=document.file,
            document=document,
            places=(("substrate",), *(loc for _, loc in expanded), ("superstrate",)),
        )
        stack.index()  # its own wavelength must be one at which every material is known
        return stack

    def _layers(self, items: Sequence[LayerSpec | RepeatSpec], loc: Loc, count: str) -> Iterator[tuple[Layer, Loc]]:
        for position, item in enumerate(items):
            here = (*loc, position)
            if isinstance(item, RepeatSpec):
                for number in range(item.repeat):
                    yield from self._layers(item.layers, (*here, "layers"), f"{count}[{number}]")
            else:
                if here not in self.written:
                    material = self._material((*here, "material"))
                    self.written[here] = material, self._thickness(item, material, here)
                material, thickness_nm = self.written[here]
                yield Layer(item.name + count, material, thickness_nm, item.role, item.coherent), here

    def _material(self, loc: Loc) -> Material:
        spec = self.document.at(loc)
        key = repr(spec)
        if key not in self.known:
            self.known[key] = material_from_spec(spec, local=self.local, folders=self.folders, document=self.document, loc=loc)
        return self.known[key]

    def _thickness(self, item: LayerSpec, material: Material, loc: Loc) -> float:
        """Thickness [nm]; λ / (4 √(n² − n_eff²)) for each quarter wave, n the real part of the layer's index."""
        waves = item.thickness
        if not isinstance(waves, QuarterWavesSpec):
            return waves
        try:
            n = float(material.index(waves.at).real)
        except MaterialError as problem:
            raise self.document.fault_in((*loc, "thickness", "at"), problem.message) from None
        if not waves.n_eff < n:
            raise self.document.fault((*loc, "thickness", "n_eff"), f"must be < {n:.6g}, the layer's index, got {waves.n_eff:.12g}")
        return waves.quarter_waves * waves.at / (4 * sqrt(n**2 - waves.n_eff**2))

    def _grating(self, spec: GratingSpec, layers: Sequence[Layer]) -> Grating:
        thickness = next(layer.thickness_nm for layer in layers if layer.name == spec.layer)
        if spec.depth > thickness:
            told = f"must be ≤ {thickness:.6g} nm, the thickness of {spec.layer}, got {spec.depth:.12g}"
            raise self.document.fault(("grating", "depth"), told)
        fault = profile_fault(spec.shape, spec.period, spec.depth, spec.duty, spec.sidewall_deg)
        if fault is not None:
            key, rule = fault
            given = getattr(spec, key)
            raise self.document.fault(("grating", key), rule if given is None else f"{rule}, got {given:.12g}")
        return Grating(
            layer=spec.layer,
            period_nm=spec.period,
            depth_nm=spec.depth,
            duty=spec.duty,
            order=spec.order,
            shape=spec.shape,
            sidewall_deg=spec.sidewall_deg,
            over_layers=spec.over_layers,
            apodisation=spec.apodisation,
            phase_shift=spec.phase_shift,
        )
