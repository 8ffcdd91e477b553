"""Results as the plain values that JSON can hold: the one place that knows how a complex number is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

import numpy as np

from qdphotonics._version import __version__

SCHEMA = 1  # of the JSON documents, DESIGN.md section 6


def plain(value: Any) -> Any:
    """``value`` in JSON's types: a complex number is ``[re, im]``, what is not finite is ``None`` (DESIGN.md section 6).

    Parameters
    ----------
    value : scalar, array, dataclass, mapping or sequence, nested at will

    Examples
    --------
    >>> plain({"n_eff": 1.5 + 0.25j, "q": float("nan"), "angles": (0, 45)})
    {'n_eff': [1.5, 0.25], 'q': None, 'angles': [0, 45]}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def json_text(document: Mapping[str, Any], indent: int | None = None) -> str:
    """A result's document as JSON text, with ``schema`` and the ``version`` of qdphotonics first.

    Parameters
    ----------
    document : mapping
        From a result's ``as_dict()``.
    indent : int, optional
        Spaces by level; everything on one line unless given.
    """
    import json

    return json.dumps({"schema": SCHEMA, "version": __version__, **document}, allow_nan=False, ensure_ascii=False, indent=indent)
