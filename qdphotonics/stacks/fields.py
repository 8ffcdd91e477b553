"""Which rule and unit a number at a place of a stack file has, as the schema declares them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from qdphotonics._yaml import Loc, Number
from qdphotonics.stacks.schema import StackSpec


def number_rule(loc: Loc) -> Number | None:
    """The rule of the number that stands at a place; None where no number belongs, or no such key is known.

    Examples
    --------
    >>> number_rule(("layers", 1, "thickness")).unit, number_rule(("drive", "voltage_V")).rule
    ('nm', 'must be > 0 V')
    >>> number_rule(("layers", 1, "name")) is None
    True
    """
    here: list[Any] = [StackSpec]  # what may stand there, metadata of fields included
    for step in loc:
        parts = [part for each in here for part in _parts(each)]
        if isinstance(step, str):
            models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
            fields = [model.model_fields[step] for model in models if step in model.model_fields]
            here = [inner for field in fields for inner in (field.annotation, *field.metadata)]
            # a key of a mapping that names what it likes, as those of ``materials``
            here += [part for part in parts if not fields and not isinstance(part, type)]
        else:
            here = parts
    return next((part for each in here for part in _parts(each) if isinstance(part, Number)), None)


def _parts(annotation: Any) -> Iterator[Any]:
    """An annotation and all that it is made of: ``Annotated[float, Number()] | None`` holds a Number."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
