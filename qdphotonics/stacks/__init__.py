"""Layer stacks: read from YAML, checked, changed by path, and turned into arrays of index and thickness."""

from __future__ import annotations

from qdphotonics.stacks.export import json_schema
from qdphotonics.stacks.loading import as_stack, list_stacks, load_stack, stack_file
from qdphotonics.stacks.model import Cavity, Drive, Grating, Layer
from qdphotonics.stacks.overrides import Override, parse_override
from qdphotonics.stacks.schema import RESERVED_NAMES
from qdphotonics.stacks.stack import Stack
from qdphotonics.stacks.writing import written_stack

__all__ = [
    "RESERVED_NAMES",
    "Cavity",
    "Drive",
    "Grating",
    "Layer",
    "Override",
    "Stack",
    "as_stack",
    "json_schema",
    "list_stacks",
    "load_stack",
    "parse_override",
    "stack_file",
    "written_stack",
]
