"""Values by layer name, in which one name may stand for a repeated layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class ByLayer(Mapping[str, Value], Generic[Value]):
    """Values in the order of the stack, by layer name.

    A repeated layer stands under each of its names, ``DBR-H[0]``, ``DBR-H[1]`` …; the bare name ``DBR-H`` gives their
    sum (or, for an angle, the value they share).

    Parameters
    ----------
    names : sequence of str
        Bottom to top.
    values : sequence
        As long as ``names``.
    combine : callable, optional
        How two values of a repeated layer become one; their sum unless given.

    Raises
    ------
    KeyError
        On look-up of a name that is no layer; the message lists the names.

    Examples
    --------
    >>> loss = ByLayer(("H[0]", "L[0]", "H[1]"), (1.0, 2.0, 4.0))
    >>> loss["H[1]"], loss["H"], list(loss)
    (4.0, 5.0, ['H[0]', 'L[0]', 'H[1]'])
    """

    def __init__(self, names: Sequence[str], values: Sequence[Value], combine: Callable[[Any, Any], Value] = add) -> None:
        self._values = dict(zip(names, values, strict=True))
        self._combine = combine

    def __getitem__(self, name: str) -> Value:
        if name in self._values:
            return self._values[name]
        repeats = [value for key, value in self._values.items() if key.startswith(f"{name}[")]
        if not repeats:
            raise KeyError(f'no layer "{name}"; the layers are {", ".join(self._values)}')
        return reduce(self._combine, repeats)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"ByLayer({self._values!r})"


def common(first: Value, second: Value) -> Value:
    """The value that the repeats of a layer share; a KeyError where they differ."""
    if first != second:
        raise KeyError("the repeats of this layer differ here; name one, as in DBR-H[0]")
    return first


@dataclass(frozen=True)
class LayerConfinement:
    """Share of a mode in one layer, or in all the repeats of one (docs/physics.md)."""

    intensity: float
    energy: float
    gain: float

    def __add__(self, other: LayerConfinement) -> LayerConfinement:
        return LayerConfinement(self.intensity + other.intensity, self.energy + other.energy, self.gain + other.gain)
