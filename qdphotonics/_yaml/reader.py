"""Reading: safe, YAML 1.2 numbers, line numbers kept, everything bounded.

A file becomes plain Python values (dict with text keys, list, str, int, float, bool, None) plus the line of every
place in it. Nothing in a file is evaluated: tags are refused, aliases may not expand past a bound. A *place* is a
``loc``, a tuple of keys and positions such as ``("layers", 2, "thickness")``, as in pydantic.

PyYAML supplies the events only; its own resolver follows YAML 1.1 (``010`` is 8, ``on`` is true, ``1e-3`` is text).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from math import inf, nan
from pathlib import Path
from typing import Any

import yaml

from qdphotonics._yaml.text import printable, quoted, shown
from qdphotonics.errors import InputError

MAX_BYTES = 1_000_000  # the largest shipped table has some 10 kB
MAX_NODES = 100_000  # values in a file, aliases counted as often as they are used
MAX_DEPTH = 40  # nested lists and mappings; a mixture in a layer in two repeats needs 12

Loc = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_WORDS |= {sign + word: (-inf if sign == "-" else inf) for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
_WORDS |= dict.fromkeys((".nan", ".NaN", ".NAN"), nan)


def plain_scalar(text: str) -> Any:
    """Value of an unquoted YAML scalar by the core schema of YAML 1.2 (section 10.3.2).

    Examples
    --------
    >>> [plain_scalar(text) for text in ("1e-3", "010", "true", "on", "10:50", "~")]
    [0.001, 10, True, 'on', '10:50', None]
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < 20 else float(text)  # Python refuses to convert thousands of digits
    if _FLOAT.fullmatch(text):
        return float(text)
    if text.startswith(("0x", "0o")):
        try:
            return int(text, 0)
        except ValueError:
            return text
    return text


@dataclass(slots=True)
class _Node:
    """A value with its place in the file; ``children`` hold the line of their key and the node."""

    value: Any
    line: int
    size: int = 1
    height: int = 1
    children: dict[str | int, tuple[int, _Node]] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A file's plain values and where each stands.

    Parameters
    ----------
    data : dict or list or scalar
        Plain Python values; not to be changed in place (aliases share them), see :meth:`replaced`.
    error : type of InputError
        What :meth:`fault` makes.
    file : Path, optional
        None for values that were given in Python.
    """

    data: Any
    error: type[InputError] = InputError
    file: Path | None = None
    root: _Node | None = None
    changes: tuple[tuple[Loc, str], ...] = ()

    def at(self, loc: Loc) -> Any:
        """The value at a place."""
        value = self.data
        for step in loc:
            value = value[step]
        return value

    def line(self, loc: Loc = ()) -> int | None:
        """Line, counted from 1, of a place or of the deepest part of it that is in the file."""
        if self.root is None:
            return None
        line, node = self.root.line, self.root
        for step in loc:
            if step not in node.children:
                break
            line, node = node.children[step]
        return line

    def part(self, loc: Loc, error: type[InputError]) -> Document:
        """What stands at a place as a document of its own, of the same file and lines."""
        node = self.root
        for step in loc:
            node = None if node is None else node.children[step][1]
        return Document(self.at(loc), error, self.file, node)

    def replaced(self, loc: Loc, value: Any, because: str) -> Document:
        """A copy with another value at ``loc`` (mappings on the way are made); ``because`` is told in faults there."""
        return replace(self, data=_replaced(self.data, loc, value), changes=(*self.changes, (loc, because)))

    def fault(self, loc: Loc, text: str, *, key: str | None = None) -> InputError:
        """The error ``FILE:LINE: layers[2] "QD": thickness TEXT``; ``text`` starts with a verb; the line may be a key's."""
        place, name = self.described(loc)
        where = f"{place}: {name}" if place and name else place or name or "the file"
        return self._error(loc if key is None else (*loc, key), f"{where} {text}")

    def fault_in(self, loc: Loc, text: str, *, key: str | None = None) -> InputError:
        """The error ``FILE:LINE: layers[2] "QD": TEXT``, for a text with a subject of its own; the line may be a key's."""
        where = ": ".join(part for part in self.described(loc) if part)
        return self._error(loc if key is None else (*loc, key), f"{where}: {text}" if where else text)

    def _error(self, loc: Loc, message: str) -> InputError:
        for changed, because in reversed(self.changes):
            if loc[: len(changed)] == changed or (loc and changed[:-1] == loc):
                message += f" (changed by {because})"
                break
        return self.error(printable(message), file=self.file, line=self.line(loc))

    def described(self, loc: Loc) -> tuple[str, str]:
        """(``layers[2] "QD"``, ``thickness.quarter_waves``): the innermost listed thing, and the field within it."""
        place = text = ""
        value: Any = self.data
        for step in loc:
            if isinstance(step, int):
                text += f"[{step}]"
                value = value[step] if isinstance(value, list) and step < len(value) else None
                if isinstance(value, dict):
                    name = value.get("name")
                    text += f" {shown(name)}" if isinstance(name, str) else ""
                    place, text = (f"{place}.{text}" if place else text), ""
            else:
                text += f".{quoted(step)}" if text else quoted(step)
                value = value.get(step) if isinstance(value, dict) else None
        return place, text


def _replaced(data: Any, loc: Loc, value: Any) -> Any:
    if not loc:
        return value
    step, rest = loc[0], loc[1:]
    if isinstance(step, int):
        return [_replaced(item, rest, value) if position == step else item for position, item in enumerate(data)]
    mapping = data if isinstance(data, dict) else {}
    return {**mapping, step: _replaced(mapping.get(step), rest, value)}


def read_yaml(path: Path | str, error: type[InputError]) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    path : Path or str
        The file; UTF-8, at most ``MAX_BYTES``.
    error : type of InputError
        Raised for whatever is wrong, with file and line.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        Of the type ``error``: no such file, not UTF-8, not YAML, a repeated key, a tag, an alias within itself,
        or more bytes, values or nesting than the bounds at the top of this module.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror or problem}", file=file) from None
    if len(content) > MAX_BYTES:
        raise error(f"must not be larger than {MAX_BYTES} bytes", file=file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise error(f"must be UTF-8 text, got the byte 0x{content[problem.start]:02x}", file=file, line=line) from None
    return read_text(text, error, file)


def read_text(text: str, error: type[InputError], file: Path | None = None) -> Document:
    """What :func:`read_yaml` does, for a text that is at hand, such as the value of a command-line option."""
    root = _Builder(file, error).build(text)
    return Document(root.value, error, file, root)


def _explained(told: str, at: list[str]) -> str:
    """The parser's complaint with its cure, where the slip is a common one; ``at`` holds the line where it gave up."""
    if "cannot start any token" in told and at and "\t" in at[0]:
        return "a tab stands where only spaces may: indent with spaces"
    if "mapping values are not allowed" in told and at and at[0].count(": ") > 1:
        return f'{told}; a text with ": " in it must stand in quotes'
    return told


class _Builder:
    """Turns YAML events into nodes, without recursion, refusing what could grow or run."""

    def __init__(self, file: Path | None, error: type[InputError]) -> None:
        self.file, self.error = file, error
        self.open: list[_Node] = []  # lists and mappings under construction, outermost first
        self.keys: list[tuple[str, int] | None] = []  # for each of them the key that waits for its value
        self.anchors: dict[str, _Node | None] = {}  # None: still under construction
        self.anchored: list[str | None] = []
        self.root: _Node | None = None

    def build(self, text: str) -> _Node:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser where PyYAML has it, ten times faster
        try:
            for event in yaml.parse(text, Loader=loader):
                self._take(event)
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            line = mark.line + 1 if mark else 1
            told = ", ".join(part for part in (problem.context, problem.problem) if part)
            raise self._error(f"is not valid YAML: {_explained(told, text.splitlines()[line - 1 : line])}", line) from None
        except yaml.YAMLError as problem:  # the reader's: a character that YAML does not allow
            told = getattr(problem, "reason", str(problem))
            raise self._error(f"is not valid YAML: {told}", text.count("\n", 0, getattr(problem, "position", 0)) + 1) from None
        if self.root is None:
            raise self._error("is empty", 1)
        return self.root

    def _error(self, message: str, line: int) -> InputError:
        return self.error(printable(message), file=self.file, line=line)

    def _take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if getattr(event, "tag", None) is not None:
            raise self._error(f"tags are not allowed, got {event.tag}", line)
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._error("must hold one document, got a second one", line)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "") and event.implicit[0]
            if self._waits_for_key():
                self._key(event.value, line)
            else:
                node = _Node(plain_scalar(event.value) if plain else event.value, line)
                self._anchor(event.anchor, node)
                self._place(node, line)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if self._waits_for_key():
                raise self._error("a key must be text, got a list or a mapping", line)
            self._anchor(event.anchor, None)
            self.anchored.append(event.anchor)
            self.open.append(_Node({} if isinstance(event, yaml.MappingStartEvent) else [], line))
            self.keys.append(None)
            self._check_depth(0, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            node = self.open.pop()
            self.keys.pop()
            self._anchor(self.anchored.pop(), node)
            self._place(node, node.line)

    def _waits_for_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.keys[-1] is None

    def _key(self, key: str, line: int) -> None:
        if key in self.open[-1].children:
            raise self._error(f"the key {shown(key)} is repeated (first on line {self.open[-1].children[key][0]})", line)
        self.keys[-1] = (key, line)

    def _anchor(self, name: str | None, node: _Node | None) -> None:
        if name is not None:
            self.anchors[name] = node

    def _alias(self, name: Any, line: int) -> None:
        if self._waits_for_key():
            raise self._error(f"a key must be text, got the alias *{name}", line)
        if name not in self.anchors:
            raise self._error(f"the alias *{name} has no anchor &{name} before it", line)
        node = self.anchors[name]
        if node is None:
            raise self._error(f"the alias *{name} stands inside the value that it names", line)
        self._place(node, line)

    def _check_depth(self, further: int, line: int) -> None:
        if len(self.open) + further > MAX_DEPTH:
            raise self._error(f"lists and mappings must not be nested deeper than {MAX_DEPTH}", line)

    def _place(self, node: _Node, line: int) -> None:
        """Put a finished value where it belongs, counting what aliases bring along."""
        if not self.open:
            self.root = node
            return
        self._check_depth(node.height - 1, line)
        parent = self.open[-1]
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        if parent.size > MAX_NODES:
            raise self._error(f"must not hold more than {MAX_NODES} values, those that aliases repeat included", line)
        waiting = self.keys[-1]
        if waiting is None:
            parent.children[len(parent.value)] = (line, node)
            parent.value.append(node.value)
        else:
            parent.children[waiting[0]] = (waiting[1], node)
            parent.value[waiting[0]] = node.value
            self.keys[-1] = None
