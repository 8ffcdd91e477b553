"""The one YAML reader, and the one way from a file's values to a checked model with one clear message."""

from __future__ import annotations

from qdphotonics._yaml.checks import FileModel, Number, Text, fault_at, validate
from qdphotonics._yaml.reader import Document, Loc, plain_scalar, read_text, read_yaml
from qdphotonics._yaml.text import nearest, printable, quoted, shown
from qdphotonics._yaml.writer import yaml_text

__all__ = [
    "Document",
    "FileModel",
    "Loc",
    "Number",
    "Text",
    "fault_at",
    "nearest",
    "plain_scalar",
    "printable",
    "quoted",
    "read_text",
    "read_yaml",
    "shown",
    "validate",
    "yaml_text",
]
