"""What a medium file may hold: each number with its source and, where no source gives it, its plausible range."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from qdphotonics._yaml import FileModel, Number, Text, shown

Positive = Annotated[float, Number(gt=0)]
NonEmpty = Annotated[Text, Field(min_length=1)]


class Quantity(FileModel):
    """``{value: 12, source: "..."}`` or ``{value: 12, assumed: [10, 15], source: "why"}``; the unit is in the key."""

    value: Positive
    source: NonEmpty
    assumed: tuple[Positive, Positive] | None = None

    @model_validator(mode="after")
    def _lies_within(self) -> Quantity:
        if self.assumed is not None:
            low, high = self.assumed
            if not low < high:
                raise ValueError(f"must have an assumed range [low, high] with low < high, got {shown([low, high])}")
            if not low <= self.value <= high:
                raise ValueError(f"must lie within its assumed range {shown([low, high])}, got {shown(self.value)}")
        return self


class MediumFile(FileModel):
    """A file of materials/gain/."""

    name: NonEmpty
    source: NonEmpty
    note: Text = ""
    material_gain_per_cm: Quantity
    gain_energy_eV: Quantity
    exciton_lifetime_ns: Quantity
    biexciton_lifetime_ns: Quantity | None = None  # this or the next
    auger_ps_per_nm3: Quantity | None = None
    geometric_cross_section_cm2: Quantity | None = None  # this or the next
    radius_nm: Quantity | None = None
    areal_fill: Quantity
    monolayer_thickness_nm: Quantity
    pump_energy_eV: Quantity
    absorption_cross_section_cm2: Quantity

    @property
    def quantities(self) -> dict[str, Quantity]:
        """The numbers that are given, by key."""
        named = {key: getattr(self, key) for key in type(self).model_fields}
        return {key: value for key, value in named.items() if isinstance(value, Quantity)}
