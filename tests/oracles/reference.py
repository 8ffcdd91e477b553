"""tests/reference/slab_modes.json as objects; its README says how the digits were computed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parents[1] / "reference" / "slab_modes.json"


@dataclass(frozen=True)
class ReferenceMode:
    """One tabulated mode: n_eff as [re, im] strings of 22 digits, and ∂n_eff/∂n [layer + 2] where the table gives it."""

    label: str
    digits: tuple[str, str]
    dneff_dn: NDArray[np.complex128] | None

    @property
    def n_eff(self) -> complex:
        return complex(float(self.digits[0]), float(self.digits[1]))

    def precise(self) -> mp.mpc:
        """n_eff with all its digits, inside mpmath.workdps."""
        return mp.mpc(*self.digits)


@dataclass(frozen=True)
class ReferenceCase:
    """One guide of the table and its tabulated modes (not always all that it has)."""

    name: str
    wavelength_nm: float
    polarization: Literal["TE", "TM"]
    index: tuple[complex, ...]
    thickness_nm: tuple[float, ...]
    modes: tuple[ReferenceMode, ...]


@cache
def reference_cases() -> tuple[ReferenceCase, ...]:
    """All cases of the file, in its order."""
    return tuple(
        ReferenceCase(
            name=case["id"],
            wavelength_nm=case["wavelength_nm"],
            polarization=case["polarization"],
            index=tuple(complex(*n) for n in (case["substrate"], *(layer["n"] for layer in case["layers"]), case["superstrate"])),
            thickness_nm=tuple(layer["thickness_nm"] for layer in case["layers"]),
            modes=tuple(
                ReferenceMode(
                    mode["label"],
                    (mode["n_eff"][0], mode["n_eff"][1]),
                    np.array([complex(*value) for value in mode["dneff_dn"]]) if "dneff_dn" in mode else None,
                )
                for mode in case["modes"]
            ),
        )
        for case in json.loads(FILE.read_text(encoding="utf-8"))
    )
