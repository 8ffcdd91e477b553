"""Where things are, and the setting that keeps every library to one thread."""

from __future__ import annotations

from pathlib import Path

ROOM = Path(__file__).resolve().parent
TOP = ROOM.parent
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
