"""Materials: complex refractive index n(lambda) with sources; Im n > 0 absorbs (time factor exp(-i omega t))."""

from __future__ import annotations

from qdphotonics.materials.library import list_materials, load_material, material_from_spec
from qdphotonics.materials.material import Material, ThermalProperties
from qdphotonics.materials.schema import MaterialReference, MaterialSpec

__all__ = [
    "Material",
    "MaterialReference",
    "MaterialSpec",
    "ThermalProperties",
    "list_materials",
    "load_material",
    "material_from_spec",
]
