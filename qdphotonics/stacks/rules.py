"""Checks of a stack file that need two places of it: names, totals, what the gain block and the grating refer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qdphotonics._yaml import Document, Loc, nearest, shown
from qdphotonics.stacks.schema import LayerSpec, RepeatSpec, StackSpec

MAX_LAYERS = 10_000  # repeats written out; a thousand-pair mirror has 2,000


def check(spec: StackSpec, document: Document) -> None:
    """Raise the document's error for the first rule broken."""
    _check_total(spec.layers, document)
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


def _check_total(items: Sequence[LayerSpec | RepeatSpec], document: Document, loc: Loc = ("layers",), times: int = 1) -> int:
    """Count the layers before any repeat is written out."""
    total = 0
    for position, item in enumerate(items):
        here = (*loc, position)
        if isinstance(item, LayerSpec):
            total += 1
            continue
        inner = _check_total(item.layers, document, (*here, "layers"), times * item.repeat)
        total += item.repeat * inner
        if times * total > MAX_LAYERS:
            raise document.fault((*here, "repeat"), f"must not lead to more than {MAX_LAYERS} layers in all, got {item.repeat} × {inner}")
    if times * total > MAX_LAYERS:
        raise document.fault(loc, f"must not lead to more than {MAX_LAYERS} layers in all, got {times * total}")
    return total


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
