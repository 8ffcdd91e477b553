"""Checks of a stack file that need two places of it: names, totals, what the gain block and the grating refer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qdphotonics._yaml import Document, Loc, nearest, shown
from qdphotonics.stacks.schema import MAX_LAYERS, LayerSpec, RepeatSpec, StackSpec


def check(spec: StackSpec, document: Document) -> None:
    """Raise the document's error for the first rule broken."""
    _check_total(spec, document)
    _check_names(spec, document)
    _check_gain(spec, document)
    _check_grating(spec, document)


def written_layers(items: Sequence[LayerSpec | RepeatSpec], loc: Loc = ("layers",)) -> Iterator[tuple[Loc, LayerSpec, bool]]:
    """Each layer as written, with its place and whether it stands in a repeat."""
    for position, item in enumerate(items):
        here = (*loc, position)
        if isinstance(item, LayerSpec):
            yield here, item, len(here) > 2
        else:
            yield from written_layers(item.layers, (*here, "layers"))


def _check_total(spec: StackSpec, document: Document) -> None:
    """Count the layers before any repeat is written out; the largest group is to blame."""
    counts = [_count(item) for item in spec.layers]
    if sum(counts) <= MAX_LAYERS:
        return
    largest = counts.index(max(counts))
    place: Loc = ("layers", largest, "repeat") if isinstance(spec.layers[largest], RepeatSpec) else ("layers",)
    raise document.fault(place, f"must not lead to more than {MAX_LAYERS} layers in all, got {shown(float(sum(counts)))}")


def _count(item: LayerSpec | RepeatSpec) -> int:
    return 1 if isinstance(item, LayerSpec) else item.repeat * sum(_count(inner) for inner in item.layers)


def _check_names(spec: StackSpec, document: Document) -> None:
    first: dict[str, Loc] = {}
    for loc, layer, _ in written_layers(spec.layers):
        if layer.name in first:
            before = first[layer.name]
            line = "" if document.line(before) is None else f" on line {document.line(before)}"
            told = f"must be unique, got {shown(layer.name)}, the name of {document.described(before)[0]}{line} too"
            raise document.fault((*loc, "name"), told)
        first[layer.name] = loc


def _check_gain(spec: StackSpec, document: Document) -> None:
    gain = next((loc for loc, layer, _ in written_layers(spec.layers) if layer.role == "gain"), None)
    if spec.gain is not None and gain is None:
        raise document.fault(("gain",), "must have a layer to be in: mark one with role: gain")
    if spec.gain is None and gain is not None:
        raise document.fault((*gain, "role"), "must not be gain without a gain block such as gain: {medium: ccg-QD}")


def _check_grating(spec: StackSpec, document: Document) -> None:
    if spec.grating is None:
        return
    wanted = spec.grating.layer
    found = [(layer, repeated) for _, layer, repeated in written_layers(spec.layers) if layer.name == wanted]
    if not found:
        names = [layer.name for _, layer, repeated in written_layers(spec.layers) if not repeated]
        told = nearest(wanted, names) or f"; the layers are {', '.join(names)}"
        raise document.fault(("grating", "layer"), f"must be the name of a layer, got {shown(wanted)}{told}")
    if found[0][1]:
        raise document.fault(("grating", "layer"), f"must not be in a repeat, got {shown(wanted)}")
