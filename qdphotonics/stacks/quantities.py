"""Lengths as a stack file writes them: a number of nm, or a text with nm, um, µm, mm and, for wavelengths, eV."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from qdphotonics import units
from qdphotonics._yaml import Number, plain_scalar

_NM = {"nm": 1.0, "um": units.NM_PER_UM, "µm": units.NM_PER_UM, "μm": units.NM_PER_UM, "mm": 1e6}  # both letters that print as mu


@dataclass(frozen=True)
class Length(Number):
    """Metadata of a length field [nm]; with ``wavelength`` a photon energy in eV is read too.

    Examples
    --------
    >>> Length(gt=0).check("0.25 um")
    250.0
    >>> round(Length(gt=0, wavelength=True).check("2 eV"), 4)
    619.921
    """

    unit: str = "nm"
    wavelength: bool = False

    @property
    def kind_rule(self) -> str:
        """As for a number, with the suffixes that a text may have."""
        return f"{super().kind_rule}, or end in {', '.join(self.suffixes[:-1])} or {self.suffixes[-1]}"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What may stand behind the number in a text."""
        return ("nm", "um", "µm", "mm", *(("eV",) if self.wavelength else ()))

    def check(self, value: Any) -> float | int:
        """The length in nm where it keeps the rule, else ``ValueError``."""
        return self.checked(self._in_nm(value) if isinstance(value, str) else value, value)

    def split(self, text: str) -> tuple[float, str] | None:
        """The number and the suffix of a text, or None where it is no such length.

        Examples
        --------
        >>> Length(wavelength=True).split("1.95 eV")
        (1.95, 'eV')
        """
        for suffix in (*_NM, *(("eV",) if self.wavelength else ())):
            number: Any = plain_scalar(text.removesuffix(suffix).strip()) if text.endswith(suffix) else None
            if _is_number(number) and (suffix != "eV" or number > 0):
                return float(number), suffix
        return None

    def _in_nm(self, text: str) -> float | None:
        found = self.split(text)
        if found is None:
            return None
        number, suffix = found
        return float(units.wavelength_nm(number)) if suffix == "eV" else number * _NM[suffix]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = super().__get_pydantic_json_schema__(schema, handler)
        text = {"type": "string", "pattern": rf"^[-+.0-9eE]+\s*({'|'.join((*_NM, *(('eV',) if self.wavelength else ())))})$"}
        return {"anyOf": [number, text], "unit": self.unit}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
