"""What may stand in a stack file (DESIGN.md section 5): shapes and ranges, not yet the physics.

Checks that need two places of the file (names, totals, the gain layer) are in :mod:`qdphotonics.stacks.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, StrictBool, Tag, field_validator, model_validator

from qdphotonics._yaml import FileModel, Number, Text
from qdphotonics.materials import MaterialReference, MaterialSpec  # noqa: F401 - a reference names its type, which must be found from here
from qdphotonics.stacks.grating_rules import Apodisation, OverLayers, Shape
from qdphotonics.stacks.quantities import Length

MAX_LAYERS = 10_000  # repeats written out; a thousand-pair mirror has 2,000
RESERVED_NAMES = ("substrate", "superstrate")  # the half-spaces, in every result

Thickness = Annotated[float, Length(gt=0)]
Wavelength = Annotated[float, Length(gt=0, wavelength=True)]
NonNegative = Annotated[float, Number(ge=0)]


class QuarterWavesSpec(FileModel):
    """A thickness in quarter waves: quarter_waves · λ / (4·√(n² − n_eff²)), n the layer's index at λ = ``at``."""

    quarter_waves: Annotated[float, Number(gt=0)] = Field(description="How many quarter waves thick the layer is")
    at: Wavelength = Field(description="Vacuum wavelength λ (nm; suffixes nm, um, µm, mm, eV)")
    n_eff: NonNegative = Field(0.0, description="Effective index of the mode (0: light normal to the layers); less than the layer's n")


def _thickness_kind(value: Any) -> str:
    return "<quarter waves>" if isinstance(value, (Mapping, QuarterWavesSpec)) else "<length>"


class LayerSpec(FileModel):
    """One layer."""

    name: Text = Field(description="Name in every result and in --set paths; unique; not substrate or superstrate")
    material: MaterialReference = Field(description="A material's name, or a material written in place")
    thickness: Annotated[
        Annotated[Thickness, Tag("<length>")] | Annotated[QuarterWavesSpec, Tag("<quarter waves>")], Discriminator(_thickness_kind)
    ] = Field(description="Thickness > 0 (nm; suffixes nm, um, µm, mm), or quarter waves")
    role: Literal["gain"] | None = Field(None, description="gain: the medium of the gain block is in this layer")
    coherent: StrictBool = Field(True, description="false: a thick layer in which waves do not interfere")

    @field_validator("name")
    @classmethod
    def _name_is_usable(cls, name: str) -> str:
        if not name or name != name.strip() or any(sign in name for sign in "[]\"'\n"):
            raise ValueError("must be a text without [ ] \" or ', and without spaces around it")
        if name in RESERVED_NAMES:
            raise ValueError(f"must not be {' or '.join(RESERVED_NAMES)}, which name the half-spaces")
        return name


class RepeatSpec(FileModel):
    """A group of layers, several times over; its layers are called NAME[0], NAME[1] …"""

    repeat: Annotated[int, Number(ge=1, le=MAX_LAYERS, integer=True)] = Field(description="How many times")
    layers: list[Item] = Field(min_length=1, description="The layers of one period, bottom to top")


def _item_kind(value: Any) -> str:
    repeats = isinstance(value, RepeatSpec) or (isinstance(value, Mapping) and ("repeat" in value or "layers" in value))
    return "<repeat>" if repeats else "<layer>"


Item: TypeAlias = Annotated[Annotated[LayerSpec, Tag("<layer>")] | Annotated[RepeatSpec, Tag("<repeat>")], Discriminator(_item_kind)]


RepeatSpec.model_rebuild()  # Item, which it holds, did not exist yet


class GainSpec(FileModel):
    """What amplifies in the layers with ``role: gain``."""

    medium: Text = Field(description="Name of a gain medium (qdphotonics gain)")


class GratingSpec(FileModel):
    """A grating etched into the top of a layer, filled by the layer above."""

    layer: Text = Field(description="Name of the layer; its thickness includes the grating")
    period: Annotated[float, Length(gt=0)] = Field(description="Period (nm)")
    depth: Annotated[float, Length(gt=0)] = Field(description="Etch depth (nm), at most the layer's thickness")
    duty: Annotated[float, Number(gt=0, lt=1)] = Field(description="Fraction of a period that is kept")
    order: Annotated[int, Number(ge=1, integer=True)] = Field(description="Diffraction order that feeds back; 2 emits upwards in the first")
    shape: Shape = Field("rectangle", description="Cross-section of a tooth; duty is the fraction kept at half the depth")
    sidewall_deg: Annotated[float, Number(gt=0, le=90, unit="degrees")] | None = Field(
        None, description="Angle of a trapezoid's walls from the layers (degrees); 90: upright"
    )
    over_layers: OverLayers = Field(
        "planarising", description="planarising: the layer above fills the grooves and is flat; conformal: every layer above follows them"
    )
    apodisation: Apodisation = Field("none", description="How the depth falls off from the middle of a finite grating to its ends")
    phase_shift: Annotated[float, Number(ge=0, le=0.5)] = Field(
        0.0, description="Extra length in the middle of a finite grating, in wavelengths in the guide; 0.25: a quarter-wave shift"
    )


Reflectivity = Annotated[float, Number(ge=0, le=1)]


class CavitySpec(FileModel):
    """The resonator along the layers."""

    length_um: Annotated[float, Number(gt=0, unit="µm")] = Field(description="Length (µm)")
    facet_reflectivity: tuple[Reflectivity, Reflectivity] = Field((0.0, 0.0), description="Power reflectivity of the two facets, 0 to 1")


class DriveSpec(FileModel):
    """What the device is driven with and what it stands; every key is optional."""

    current_density_A_per_cm2: Annotated[float, Number(ge=0, unit="A/cm²")] | None = Field(None, description="Current density (A/cm²)")
    max_current_density_A_per_cm2: Annotated[float, Number(gt=0, unit="A/cm²")] | None = Field(
        None, description="Current density at which the device breaks down (A/cm²)"
    )
    fluence_J_per_cm2: Annotated[float, Number(ge=0, unit="J/cm²")] | None = Field(None, description="Fluence of a pump pulse (J/cm²)")
    pump_pulse_ns: Annotated[float, Number(gt=0, unit="ns")] | None = Field(
        None, description="Length of the pump pulse (ns); without it short against all decay of the dots"
    )
    voltage_V: Annotated[float, Number(gt=0, unit="V")] | None = Field(None, description="Voltage at the drive (V)")
    pulse_ns: Annotated[float, Number(gt=0, unit="ns")] | None = Field(None, description="Length of a current pulse (ns); without it d.c.")
    period_ns: Annotated[float, Number(gt=0, unit="ns")] | None = Field(None, description="From pulse to pulse (ns)")
    area_um2: Annotated[float, Number(gt=0, unit="µm²")] | None = Field(None, description="Driven area (µm²)")
    conductance_W_per_K: Annotated[float, Number(gt=0, unit="W/K")] | None = Field(None, description="Heat conductance K (W/K)")
    capacity_J_per_K: Annotated[float, Number(gt=0, unit="J/K")] | None = Field(None, description="Heat capacity C (J/K)")

    @model_validator(mode="after")
    def _keys_agree(self) -> DriveSpec:
        if self.current_density_A_per_cm2 is not None and self.fluence_J_per_cm2 is not None:
            raise ValueError("must not have both current_density_A_per_cm2 and fluence_J_per_cm2")
        if self.period_ns is not None and (self.pulse_ns is None or self.period_ns < self.pulse_ns):
            given = "no pulse_ns" if self.pulse_ns is None else f"{self.pulse_ns:.12g} ns"
            raise ValueError(f"must have a pulse_ns not longer than its period_ns {self.period_ns:.12g} ns, got {given}")
        return self


class StackSpec(FileModel):
    """A stack of planar layers between two half-spaces."""

    name: Text = Field(min_length=1, description="What to call the stack in results")
    reference: Text = Field("", description="Who published it, DOI")
    note: Text = Field("", description="What a reader of the results should know; every report repeats it")
    wavelength: Wavelength = Field(description="Vacuum wavelength (nm; suffixes nm, um, µm, mm, eV)")
    substrate: MaterialReference = Field(description="Material of the half-space below")
    superstrate: MaterialReference = Field(description="Material of the half-space above")
    layers: list[Item] = Field(min_length=1, description="Layers and groups of layers, bottom (substrate side) to top")
    materials: dict[str, MaterialReference] = Field(default_factory=dict, description="Materials by local names")
    gain: GainSpec | None = Field(None, description="Needs a layer with role: gain")
    grating: GratingSpec | None = Field(None, description="A grating etched into the top of a layer")
    cavity: CavitySpec | None = Field(None, description="Length and end mirrors")
    drive: DriveSpec | None = Field(None, description="Current or pump light, and what the device stands")

    @field_validator("materials", mode="before")
    @classmethod
    def _none_is_empty(cls, value: Any) -> Any:
        return {} if value is None else value
