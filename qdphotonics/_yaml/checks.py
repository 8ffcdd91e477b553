"""Checking: pydantic models of a file's parts, and their errors as one message in the house's form.

A model of a file derives from :class:`FileModel` (unknown keys refused with the nearest known ones, frozen). A number
is declared with its rule and unit, which its message repeats::

    class LayerSpec(FileModel):
        thickness: Annotated[float, Number(gt=0, unit="nm")]

    validate(document, LayerSpec, StackError, ("layers", 2))
    # stack.yaml:9: layers[2] "QD": thickness must be > 0 nm, got -5

A validator of one's own raises ``ValueError("must be …")``: a text that starts with a verb, the field is put before it
and a bare value behind. Unions want a ``Discriminator``, else pydantic reports every branch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, StrictStr, ValidationError, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from qdphotonics._yaml.reader import Document, Loc
from qdphotonics._yaml.text import nearest, shown
from qdphotonics.errors import InputError

_UNKNOWN_KEY = "unknown_key"
_AT_KEY = "at_key"

Text = Annotated[StrictStr, "text"]  # a number is not taken for a name


@dataclass(frozen=True)
class Number:
    """Metadata of a numeric field: its bounds and unit; always finite, never a boolean or text.

    Examples
    --------
    >>> Number(gt=0, le=1).rule
    'must be > 0 and ≤ 1'
    """

    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None
    unit: str = ""
    integer: bool = False

    @property
    def bounds(self) -> str:
        """``> 0 and ≤ 1``."""
        named = ((">", self.gt), ("≥", self.ge), ("<", self.lt), ("≤", self.le))
        return " and ".join(f"{sign} {bound:.12g}" for sign, bound in named if bound is not None)

    @property
    def rule(self) -> str:
        """What a message says of a number that breaks the bounds."""
        kind = "" if self.bounds and not self.integer else "an integer" if self.integer else "a number"
        return self._ruled(kind)

    @property
    def kind_rule(self) -> str:
        """What a message says of something that is no finite number."""
        return self._ruled("an integer" if self.integer else "a finite number")

    def _ruled(self, kind: str) -> str:
        of = "of" if self.unit and not self.bounds else ""
        return "must be " + " ".join(part for part in (kind, self.bounds, of, self.unit) if part)

    def check(self, value: Any) -> float | int:
        """The value itself where it keeps the rule, else ``ValueError``."""
        return self.checked(value, value)

    def checked(self, value: Any, given: Any) -> float | int:
        """As :meth:`check`, for a value that was given in another form, which the message shows."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            raise ValueError(f"{self.kind_rule}, got {shown(given)}{point_for_comma(given)}{_without_quotes(given)}")
        if self.integer and value != int(value):
            raise ValueError(f"{self.kind_rule}, got {shown(given)}")
        kept = (
            (self.gt is None or value > self.gt)
            and (self.ge is None or value >= self.ge)
            and (self.lt is None or value < self.lt)
            and (self.le is None or value <= self.le)
        )
        if not kept:
            raise ValueError(f"{self.rule}, got {shown(given)}")
        return int(value) if self.integer else float(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        named = {"exclusiveMinimum": self.gt, "minimum": self.ge, "exclusiveMaximum": self.lt, "maximum": self.le}
        entry: dict[str, Any] = {"type": "integer" if self.integer else "number"}
        entry |= {key: bound for key, bound in named.items() if bound is not None}
        return entry | ({"unit": self.unit} if self.unit else {})


class FileModel(BaseModel):
    """Base of every model of a part of a file: frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _keys_are_known(cls, data: Any) -> Any:
        known = [info.alias or name for name, info in cls.model_fields.items()]
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            raise ValueError(f"must be a mapping with the keys {', '.join(known)}, got {shown(data)}")
        for key in data:
            if key not in known:
                raise PydanticCustomError(_UNKNOWN_KEY, "{text}", {"key": key, "text": unknown_key(key, known)})
        return data


def unknown_key(key: str, known: list[str]) -> str:
    """The message for a key that a mapping may not have."""
    return f"unknown key {shown(key)}{_slip(key) or nearest(key, known) or '; known keys: ' + ', '.join(known)}"


def _slip(key: str) -> str:
    """What was meant by a key that no one would write on purpose."""
    name, colon, value = key.partition(":")
    if key.isdecimal():
        return f": the decimal sign is a point, as in 1.{key}; a comma separates keys"
    return f": a space must follow the colon, as in {name}: {value}" if colon and name and value else ""


def point_for_comma(given: Any) -> str:
    """A hint, where a text is a number with a decimal comma."""
    is_comma = isinstance(given, str) and re.match(r"\s*[-+]?[0-9]*,[0-9]+([^,]*)$", given) is not None
    return "; the decimal sign is a point" if is_comma else ""


def _without_quotes(given: Any) -> str:
    """A hint, where a text is a number in quotes."""
    is_number = isinstance(given, str) and re.fullmatch(r"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*", given) is not None
    return "; leave the quotes out" if is_number else ""


def _in_brackets(given: Any) -> str:
    """A hint, where one value stands for a list of one."""
    return f"; write [{given}]" if isinstance(given, str) else ""


def fault_at(key: str, text: str) -> PydanticCustomError:
    """What a validator of a whole mapping raises where one key is at fault, whose line is told; ``text`` starts with a verb."""
    return PydanticCustomError(_AT_KEY, "{text}", {"key": key, "text": text})


Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model], error: type[InputError], loc: Loc = ()) -> Model:
    """Check the values at a place of a document.

    Parameters
    ----------
    document : Document
        What :func:`read_yaml` returned.
    model : type of pydantic model
        Best a :class:`FileModel`.
    error : type of InputError
        Raised if the values do not fit.
    loc : tuple of str and int
        The place to check; the whole document by default.

    Returns
    -------
    model
        The checked values.

    Raises
    ------
    InputError
        Of the type ``error``: ONE message with file, line, place, field, rule and value, for the first fault.
    """
    try:
        return model.model_validate(document.at(loc))
    except ValidationError as problem:
        faults = problem.errors(include_url=False)
        first = min(faults, key=lambda fault: document.line(_place(document, loc, dict(fault))) or 0)
        raise _fault(document, loc, dict(first), error) from None


def _place(document: Document, loc: Loc, fault: dict[str, Any]) -> Loc:
    """Where a fault is, without the union branches that pydantic puts into a place; what is missing stands last."""
    data, steps = document.at(loc), fault["loc"]
    kept: list[str | int] = []
    for position, step in enumerate(steps):
        present = step in data if isinstance(data, dict) else isinstance(step, int) and isinstance(data, list) and step < len(data)
        if present:
            kept.append(step)
            data = data[step]
        elif position == len(steps) - 1 and fault["type"] == "missing":
            kept.append(step)
    return loc + tuple(kept)


def _fault(document: Document, loc: Loc, fault: dict[str, Any], error: type[InputError]) -> InputError:
    context, given = fault.get("ctx", {}), fault["input"]
    place = _place(document, loc, fault)
    told = replace(document, error=error)
    if fault["type"] == _UNKNOWN_KEY:
        return told.fault_in(place, context["text"], key=context["key"])
    if fault["type"] == _AT_KEY:
        return told.fault(place, context["text"], key=context["key"])
    if fault["type"] == "missing":
        return told.fault(place, "must be given")
    if fault["type"] == "value_error":
        text = str(context["error"])
    else:
        text = _RULES.get(fault["type"], "").format(**context) or _JARGON.sub("must be ", fault["msg"])
    if ", got" not in text and not (fault["type"] == "value_error" and isinstance(given, (dict, list))):
        text += f", got {shown(given)}" + (_in_brackets(given) if fault["type"] == "list_type" else "")
    return told.fault(place, text)


_JARGON = re.compile(r"^(Value error, |Assertion failed, )?(Input should be (a valid |an? )?)?")
_RULES = {
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "too_short": "must have at least {min_length} entries, got {actual_length}",
    "too_long": "must have at most {max_length} entries, got {actual_length}",
    "string_too_short": "must not be empty",
    "greater_than": "must be > {gt}",
    "greater_than_equal": "must be ≥ {ge}",
    "less_than": "must be < {lt}",
    "less_than_equal": "must be ≤ {le}",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be an integer",
}
"""House wording of pydantic's own rules; numbers should use :class:`Number`, which knows its unit."""
