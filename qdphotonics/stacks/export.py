"""The JSON Schema of stack files, with which editors complete keys and mark faults."""

from __future__ import annotations

from typing import Any

from qdphotonics.stacks.schema import StackSpec


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a stack file.

    What it cannot say (unique names, known materials, totals) is checked when the file is loaded.

    Examples
    --------
    >>> json_schema()["properties"]["wavelength"]["unit"]
    'nm'
    """
    schema = StackSpec.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "qdphotonics stack"}
