"""The version, written once: where every room may read it (the front door stands above all rooms)."""

from __future__ import annotations

__version__ = "0.1.0"
