"""The command line: reads what was typed, calls the rooms, prints; it computes nothing."""

from __future__ import annotations

from qdphotonics.cli.main import main

__all__ = ["main"]
