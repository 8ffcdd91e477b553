"""What a file of materials/compounds/ may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qdphotonics._yaml import FileModel, Number, Text
from qdphotonics.gain.schema import NonEmpty, Quantity


class Bowing(Quantity):
    """Bowing of the gap of an alloy, and the band that bends."""

    band: Literal["conduction", "valence"]


class CompoundFile(FileModel):
    """A file of materials/compounds/; masses in free-electron masses, all values at 300 K."""

    name: NonEmpty
    source: NonEmpty
    note: Text = ""
    gap_eV: Quantity
    electron_mass: Quantity
    hole_mass: Quantity
    light_hole_mass: Quantity | None = None
    slab_hole_mass: Quantity | None = None
    static_dielectric: Quantity
    optical_dielectric: Quantity
    electron_affinity_eV: Quantity
    lattice_nm: Quantity
    spontaneous_polarization_C_per_m2: Quantity | None = None
    valleys: Annotated[int, Number(ge=1, le=8, integer=True)] = 1
    bowing_eV: Annotated[dict[str, Bowing], Field(default_factory=dict)]

    @property
    def quantities(self) -> dict[str, Quantity]:
        """The numbers that are given, by key."""
        named = {key: getattr(self, key) for key in type(self).model_fields}
        return {key: value for key, value in named.items() if isinstance(value, Quantity)}
