"""Changes to a stack by path: ``--set layers.QD.thickness=110``, sweeps, :meth:`Stack.changed`.

A path is written as messages name a place: keys joined by dots, positions in brackets (``layers[2].repeat``); a listed
thing with a name is reached by its name instead (``layers.QD``), inside repeats as well, by the name as written there
(``layers.DBR-H``, not ``DBR-H[0]``). A key with a dot, a space or a bracket stands in quotes (``materials."my film".k``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qdphotonics._yaml import Document, Loc, nearest, printable, quoted, read_text, shown
from qdphotonics.errors import StackError
from qdphotonics.stacks.library_materials import with_library_material

_STEP = re.compile(r"""(?P<dot>\.?)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\[(?P<position>[0-9]{1,9})\]|(?P<bare>[^."'\[\]=]+))""")


@dataclass(frozen=True)
class Override:
    """One change: where, to what, and how it was written, for messages."""

    steps: Loc
    value: Any
    text: str


def parse_override(text: str) -> Override:
    """Read ``PATH=VALUE``, the value as in a YAML file.

    Raises
    ------
    StackError
        No such form, or the value is not YAML.

    Examples
    --------
    >>> parse_override('materials."my film".k=1e-3').steps
    ('materials', 'my film', 'k')
    >>> parse_override("cavity.facet_reflectivity=[0.3, 1]").value
    [0.3, 1]
    """
    steps, end = _steps(text)
    if end == len(text) or text[end] != "=":
        raise StackError(f"a change must be PATH=VALUE such as layers.QD.thickness=110, got {shown(text)}")
    written = text[end + 1 :]
    try:
        value = read_text(written, StackError).data if written.strip() else None
    except StackError as problem:
        raise StackError(printable(f"{text[:end]}: the value {problem.message}, got {shown(written)}")) from None
    return Override(steps, value, text)


def as_overrides(changes: Mapping[str, object] | Sequence[str]) -> tuple[Override, ...]:
    """Changes as :func:`load_stack` takes them: a mapping of paths to values, or texts ``PATH=VALUE``."""
    if isinstance(changes, str):
        raise StackError(f'must be a list of changes such as ["layers.QD.thickness=110"], got the text {shown(changes)}')
    if not isinstance(changes, Mapping):
        return tuple(parse_override(text) for text in changes)
    made = []
    for path, value in changes.items():
        plain = plain_value(value)
        made.append(Override(path_steps(path), plain, f"{path}={plain if isinstance(plain, str) else shown(plain)}"))
    return tuple(made)


def plain_value(value: Any) -> Any:
    """A value from Python as a file would give it: NumPy's scalars and arrays become numbers and lists."""
    if isinstance(value, Mapping):
        return {key: plain_value(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return value.tolist()
    return [plain_value(item) for item in value] if isinstance(value, (list, tuple)) else value


def path_steps(text: str) -> Loc:
    """The steps of a text that is a path and nothing more.

    Examples
    --------
    >>> path_steps("materials.ccg-QD film.n")
    ('materials', 'ccg-QD film', 'n')
    """
    steps, end = _steps(text)
    if end != len(text):
        raise StackError(f"the path of a change must be such as layers.QD.thickness, got {shown(text)}")
    return steps


def _steps(text: str) -> tuple[Loc, int]:
    """The steps of a path and where it ends."""
    steps: list[str | int] = []
    end = 0
    while (match := _STEP.match(text, end)) is not None:
        position = match["position"]
        if bool(match["dot"]) != bool(steps and position is None):
            break
        key = next((match[kind] for kind in ("double", "single") if match[kind] is not None), None)
        steps.append(int(position) if position is not None else key if key is not None else match["bare"].strip())
        end = match.end()
    if not steps or isinstance(steps[0], int) or "" in steps:
        raise StackError(f"the path of a change must be such as layers.QD.thickness, got {shown(text)}")
    return tuple(steps), end


def applied(document: Document, overrides: Sequence[Override]) -> Document:
    """The document with every change made to its raw values; nothing is checked yet but that each place exists.

    A path into a material of the library brings the material along; see :mod:`~qdphotonics.stacks.library_materials`.
    """
    for override in overrides:
        document = with_library_material(document, override.steps, override.text)
        document = document.replaced(_place(document, override), override.value, override.text)
    return document


def place_of(document: Document, path: str) -> Loc:
    """Where in a stack's document a path leads, as far as that is there already.

    Raises
    ------
    StackError
        No path, or none that leads anywhere.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> place_of(qdp.load_stack("jung2022-lito-ag").document, "layers.QD.thickness")
    ('layers', 1, 'thickness')
    """
    return _place(document, Override(path_steps(path), None, path))


def _place(document: Document, override: Override) -> Loc:
    """Where in the document a path leads; keys that are not there yet may be made, things in lists may not."""
    loc: Loc = ()
    value: Any = document.data
    for step in override.steps:
        if isinstance(value, list):
            inner = _in_list(document, loc, value, step, override)
        elif isinstance(value, dict) or value is None:
            if isinstance(step, int):
                raise _fault(document, loc, override, f"has no positions, so [{step}] cannot follow; layers in a repeat go by their name")
            inner = (step,)
        else:
            told = f"is {shown(value)} and holds nothing, so {shown(step)} cannot follow{_in_place(override, value, step)}"
            raise _fault(document, loc, override, told)
        loc += inner
        for key in inner:
            value = _within(value, key)
    return loc


def _in_place(override: Override, value: Any, step: str | int) -> str:
    """How to change one number of a material that goes by its name."""
    if not isinstance(value, str) or step not in ("n", "k", "alpha_per_cm", "gain_per_cm") or override.steps[-1] != step:
        return ""
    before, _, given = override.text.rpartition(f".{step}")
    whole = f"; write a material in place, as in {before}={{n: 1.9, k: 0}}"
    return whole + f", or change the material wherever it is, as in materials.{quoted(value)}.{step}{given}"


def _within(value: Any, key: Any) -> Any:
    return value[key] if isinstance(value, list) else (value or {}).get(key)


def _in_list(document: Document, loc: Loc, items: list[Any], step: str | int, override: Override) -> Loc:
    if isinstance(step, int):
        if step >= len(items):
            raise _fault(document, loc, override, f"has no position [{step}], the last is [{len(items) - 1}]")
        return (step,)
    named: dict[str, Loc] = {}
    for name, place in _named(items):
        named.setdefault(name, place)  # the first of two of one name; that there are two is told later
    if step not in named:
        known = nearest(step, named) or ("; it has " + ", ".join(named) if named else "")
        raise _fault(document, loc, override, f"has nothing of the name {shown(step)}{known}")
    return named[step]


def _named(items: list[Any]) -> Iterator[tuple[str, Loc]]:
    for position, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        if isinstance(item.get("name"), str):
            yield item["name"], (position,)
        if isinstance(item.get("layers"), list):
            for name, inner in _named(item["layers"]):
                yield name, (position, "layers", *inner)


def _fault(document: Document, loc: Loc, override: Override, text: str) -> StackError:
    place, name = document.described(loc)
    where = ": ".join(part for part in (place, name) if part) or "the stack"
    return StackError(printable(f"{override.text}: {where} {text}"), file=document.file, line=document.line(loc))
