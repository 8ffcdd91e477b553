"""A light-emitting diode of which TM1 lies just beyond its cut-off: the gain of its dots pulls it back onto the sheet."""

from __future__ import annotations

from typing import Any

CUT_OFF: dict[str, Any] = {
    "name": "QD-LED at a cut-off",
    "wavelength": 635,
    "substrate": "glass",
    "superstrate": "air",
    "layers": [
        {"name": "ITO", "material": "L-ITO", "thickness": 120},
        {"name": "ZnO", "material": "ZnO", "thickness": 25},
        {"name": "QD", "material": "ccg-QD film", "thickness": 106, "role": "gain"},
        {"name": "TFB", "material": "TFB", "thickness": 39},
        {"name": "HTL 2", "material": "HAT-CN", "thickness": 10},
        {"name": "Ag", "material": "Ag", "thickness": 100},
    ],
    "gain": {"medium": "ccg-QD"},
}
