"""The JSON Schema of stack files, with which editors complete keys and mark faults."""

from __future__ import annotations

from typing import Any

from qdphotonics.materials import list_materials
from qdphotonics.stacks.schema import StackSpec

_MATERIAL = {"$ref": "#/$defs/MaterialSpec"}
_NAME = {"$ref": "#/$defs/MaterialName"}


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a stack file.

    What it cannot say (unique names, known materials, totals) is checked when the file is loaded.

    Examples
    --------
    >>> json_schema()["properties"]["wavelength"]["unit"]
    'nm'
    """
    schema = _with_names(StackSpec.model_json_schema())
    schema["$defs"]["MaterialName"] = {
        "type": "string",
        "minLength": 1,
        "examples": list(list_materials()),
        "description": "A name under materials:, in a folder materials/ beside the file, or of a shipped material",
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "qdphotonics stack"}


def _with_names(schema: Any) -> Any:
    """The schema with a material's name told apart from other texts, so that an editor offers the known ones."""
    if isinstance(schema, list):
        return [_with_names(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _with_names(entry) for key, entry in schema.items()}
    if changed.get("anyOf") == [{"type": "string"}, _MATERIAL]:
        changed["anyOf"] = [_NAME, _MATERIAL]
    return changed
