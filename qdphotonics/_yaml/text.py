"""How keys, values and near misses are told in messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any


def shown(value: Any) -> str:
    """A value as it would stand in a YAML file, shortened, for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = f'"{printable(value)}"'
    elif isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key}: {shown(item)}" for key, item in list(value.items())[:8]) + "}"
    elif isinstance(value, Sequence):
        text = "[" + ", ".join(shown(item) for item in value[:8]) + "]"
    elif isinstance(value, float):
        text = f"{value:.12g}" if isfinite(value) else ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    else:
        text = str(value)
    return text if len(text) <= 80 else text[:76] + " …" + text[-1]


def printable(text: str) -> str:
    """A text in one line, without what a terminal would obey: ``\\n`` for a line's end."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def quoted(key: str) -> str:
    """A key as it stands in a path: in quotes where it holds anything but letters, digits, ``_`` and ``-``."""
    return key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'


def nearest(name: str, known: Iterable[str], *, count: int = 3) -> str:
    """``'; did you mean "ZnO"?'``, or an empty text where no known name is near; beginnings come first, case is ignored."""
    from difflib import get_close_matches

    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(candidate.casefold(), candidate)
    wanted = name.casefold()
    begun = [candidate for candidate in by_folded if wanted and candidate.startswith(wanted)]
    near = dict.fromkeys([*begun, *get_close_matches(wanted, by_folded, n=count, cutoff=0.6)])
    found = [by_folded[match] for match in near][:count]
    return "; did you mean " + " or ".join(shown(match) for match in found) + "?" if found else ""
