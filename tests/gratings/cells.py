"""Cells that several tests of the room share."""

from __future__ import annotations

from typing import Any

import numpy as np

from qdphotonics.gratings import GratingProfile, UnitCell

NAMES = ("substrate", "L-ITO", "QD", "superstrate")


def d4(extinction: float = 0.0, duty: float = 0.5, **changes: Any) -> UnitCell:
    """PHYSICS D4: glass 1.52 / L-ITO 1.6, 220 nm / 30 nm grating L-ITO·QD / QD 1.9, 50 nm / air; Λ 400 nm."""
    given: dict[str, Any] = {
        "names": NAMES,
        "index": np.array([1.52, 1.6 + 1j * extinction, 1.9, 1.0]),
        "thickness_nm": np.array([250.0, 50.0]),
        "period_nm": 400.0,
        "wavelength_nm": 620.4,
        "grated": 1,
        "profile": GratingProfile(400.0, 30.0, duty),
        "gain_layers": (2,),
    }
    return UnitCell(**(given | changes))


def first_order() -> UnitCell:
    """The same layers with a period of half as much: the first order feeds back, nothing radiates at the edge of the zone."""
    return d4(period_nm=200.0, profile=GratingProfile(200.0, 30.0, 0.4), order=1)


def unlike() -> UnitCell:
    """No mirror, lossy, conformal, two layers in a slice: nothing that a symmetry would hide."""
    return d4(
        index=np.array([1.45, 1.6 + 0.01j, 1.9 + 0.003j, 1.0]),
        profile=GratingProfile(400.0, 60.0, 0.4, "blazed"),
        over_layers="conformal",
    )


def silver(polarized_depth_nm: float = 40.0) -> UnitCell:
    """A silver grating under a dielectric film."""
    return UnitCell(
        ("substrate", "Ag", "film", "superstrate"),
        np.array([1.52, 0.06 + 4.2j, 1.7, 1.0]),
        np.array([100.0, 120.0]),
        390.0,
        630.0,
        grated=1,
        profile=GratingProfile(390.0, polarized_depth_nm, 0.5),
    )
