"""Writing: plain values as YAML that :mod:`~qdphotonics._yaml.reader` reads back to the same values.

PyYAML's own writer follows YAML 1.1: it would leave the text ``1e-3`` without quotes, which is a number here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from qdphotonics._yaml.reader import plain_scalar

WIDTH = 120  # beyond it a list or a mapping gets a line for each entry

_PLAIN = re.compile(r"[A-Za-zµΓ0-9_](?:[\w /.()+-]*[\w)])?")


def yaml_text(data: Any) -> str:
    """A YAML document of plain values: dict with text keys, list, str, int, float, bool, None.

    Examples
    --------
    >>> print(yaml_text({"name": "a film", "layers": [{"name": "QD", "thickness": 95.0, "note": "1e-3"}], "k": 1e-07}), end="")
    name: a film
    layers:
      - {name: QD, thickness: 95, note: "1e-3"}
    k: 1e-07
    """
    return "\n".join(_lines(data, 0)) + "\n"


def _lines(data: Any, indent: int) -> Iterator[str]:
    """The lines of a value that begins on a line of its own."""
    space = " " * indent
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _entry(f"{space}{_scalar(key)}:", value, indent)
    elif isinstance(data, list) and data:
        for value in data:
            yield from _entry(f"{space}-", value, indent)
    else:
        yield space + _flow(data)


def _entry(head: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of a key or a dash and what belongs to it."""
    line = f"{head} {_flow(value)}"
    if not (isinstance(value, (dict, list)) and value) or (len(line) <= WIDTH and not _lists_mappings(value)):
        yield line
    elif head.endswith("-"):
        first, *others = _lines(value, indent + 2)
        yield f"{head} {first.lstrip(' ')}"
        yield from others
    else:
        yield head
        yield from _lines(value, indent + 2)


def _lists_mappings(value: Any) -> bool:
    """Whether a list of mappings is in it: layers, which have a line each however short they are."""
    if isinstance(value, dict):
        return any(_lists_mappings(item) for item in value.values())
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _flow(data: Any) -> str:
    """A value in one line."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(_flow, data)) + "]"
    return _scalar(data)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and plain_scalar(text) == text:
        return text
    return '"' + "".join(_escaped(sign) for sign in text) + '"'


def _number(value: float) -> str:
    if isinstance(value, float) and not isfinite(value):
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    return repr(value).removesuffix(".0")


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign.isprintable():
        return sign
    return f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}" if ord(sign) < 65536 else f"\\U{ord(sign):08x}"
