"""What a medium file may hold: each number with its source and, where no source gives it, its plausible range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from qdphotonics._yaml import FileModel, Loc, Number, Text, shown

Positive = Annotated[float, Number(gt=0)]
NotNegative = Annotated[float, Number(ge=0)]
Real = Annotated[float, Number()]
Fraction = Annotated[float, Number(gt=0, le=1)]
Degeneracy = Annotated[int, Number(ge=1, integer=True)]
Carriers = Annotated[int, Number(ge=1, integer=True)]
NonEmpty = Annotated[Text, Field(min_length=1)]

LevelName = Literal["1S", "1P", "1D", "2S", "1F"]
LEVELS: tuple[LevelName, ...] = ("1S", "1P", "1D", "2S", "1F")  # in the order of a sphere's energies

Family = Literal["II-VI", "III-V", "IV-VI", "Si", "perovskite", "nanoplatelet"]


class _Quantity(FileModel):
    """``{value: 12, source: "..."}`` or ``{value: 12, assumed: [10, 15], source: "why"}``; the unit is in the key."""

    @model_validator(mode="after")
    def _lies_within(self) -> _Quantity:
        value: Any = getattr(self, "value", None)
        assumed: Any = getattr(self, "assumed", None)
        if assumed is not None:
            low, high = assumed
            if not low < high:
                raise ValueError(f"must have an assumed range [low, high] with low < high, got {shown([low, high])}")
            if not low <= value <= high:
                raise ValueError(f"must lie within its assumed range {shown([low, high])}, got {shown(value)}")
        return self


class Quantity(_Quantity):
    """A number > 0."""

    value: Positive
    source: NonEmpty
    assumed: tuple[Positive, Positive] | None = None


class FreeQuantity(_Quantity):
    """A number of either sign."""

    value: Real
    source: NonEmpty
    assumed: tuple[Real, Real] | None = None


class NotNegativeQuantity(_Quantity):
    """A number >= 0."""

    value: NotNegative
    source: NonEmpty
    assumed: tuple[NotNegative, NotNegative] | None = None


class ShareQuantity(_Quantity):
    """A fraction."""

    value: Fraction
    source: NonEmpty
    assumed: tuple[Fraction, Fraction] | None = None


AnyQuantity = Quantity | FreeQuantity | NotNegativeQuantity | ShareQuantity


class LevelList(FileModel):
    """Degeneracies of 1S, 1P, 1D … from below."""

    value: list[Degeneracy] = Field(min_length=1, max_length=len(LEVELS))
    source: NonEmpty


class TransitionSpec(FileModel):
    """One line of the spectrum."""

    name: NonEmpty
    level: LevelName
    hole_level: LevelName | None = None
    share: ShareQuantity | None = None
    energy_eV: Quantity
    gain_per_cm: Quantity
    homogeneous_fwhm_meV: NotNegativeQuantity
    inhomogeneous_fwhm_meV: NotNegativeQuantity


class SubGapSpec(FileModel):
    """Gain below the gap, where a 1P electron takes part of the energy."""

    energy_eV: Quantity
    gain_per_cm: Quantity
    homogeneous_fwhm_meV: NotNegativeQuantity
    inhomogeneous_fwhm_meV: NotNegativeQuantity


class MeasuredLifetime(FileModel):
    """Lifetime of the state with so many electrons and holes, all decay together."""

    electrons: Carriers
    holes: Carriers
    lifetime_ns: Quantity


class ValidSpec(FileModel):
    """Where the description holds: photon energies, temperatures, and how far the dots may be filled."""

    energy_eV: tuple[Positive, Positive]
    temperature_K: tuple[Positive, Positive]
    excitons_per_dot: Positive
    source: NonEmpty

    @model_validator(mode="after")
    def _rises(self) -> ValidSpec:
        for key in ("energy_eV", "temperature_K"):
            low, high = getattr(self, key)
            if not low < high:
                raise ValueError(f"must have {key} [low, high] with low < high, got {shown([low, high])}")
        return self


class MediumFile(FileModel):
    """A file of materials/gain/."""

    name: NonEmpty
    source: NonEmpty
    note: Text = ""
    transitions: list[TransitionSpec] | None = Field(None, min_length=1)  # these, band edge first, or the next four
    material_gain_per_cm: Quantity | None = None
    gain_energy_eV: Quantity | None = None
    homogeneous_fwhm_meV: NotNegativeQuantity | None = None
    inhomogeneous_fwhm_meV: NotNegativeQuantity | None = None
    sub_gap_gain: SubGapSpec | None = None
    exciton_exciton_meV: FreeQuantity | None = None
    gap_shift_meV_per_K: FreeQuantity | None = None
    electron_levels: LevelList | None = None
    hole_levels: LevelList | None = None
    exciton_lifetime_ns: Quantity
    biexciton_lifetime_ns: Quantity | None = None  # this or one of the next three
    auger_lifetime_ns: Quantity | None = None
    auger_ps_per_nm3: Quantity | None = None
    auger_family: Family | None = None
    allow_longer_biexciton: bool = False
    measured_lifetimes: list[MeasuredLifetime] = Field(default_factory=list)
    permanent_charge: NotNegativeQuantity | None = None
    charge_distribution: Literal["poisson", "fixed"] = "poisson"
    injection: Literal["pairs", "separate"] = "pairs"
    charging_energy_meV: Quantity | None = None
    geometric_cross_section_cm2: Quantity | None = None  # this or the next
    radius_nm: Quantity | None = None
    volume_nm3: Quantity | None = None
    compound: NonEmpty | None = None  # of materials/compounds/, for another radius
    areal_fill: Quantity
    monolayer_thickness_nm: Quantity
    pump_energy_eV: Quantity
    pump_statistics: Literal["poisson", "band-edge"] = "poisson"
    absorption_cross_section_cm2: Quantity
    valid: ValidSpec | None = None

    @property
    def quantities(self) -> dict[str, AnyQuantity]:
        """The numbers at the top of the file that are given, by key."""
        named = {key: getattr(self, key) for key in type(self).model_fields}
        return {key: value for key, value in named.items() if isinstance(value, AnyQuantity)}

    def named_quantities(self) -> Iterator[tuple[str, AnyQuantity]]:
        """Every number with the name under which a report tells of it, such as ``1P gain_per_cm``."""
        yield from self.quantities.items()
        parts = [(line.name, line) for line in self.transitions or ()]
        for name, part in (*parts, ("sub-gap", self.sub_gap_gain)):
            for key in () if part is None else type(part).model_fields:
                value = getattr(part, key)
                if isinstance(value, AnyQuantity):
                    yield f"{name} {key}", value
        for state in self.measured_lifetimes:
            yield f"({state.electrons}, {state.holes}) lifetime_ns", state.lifetime_ns

    def gain_energy(self) -> tuple[Loc, float]:
        """Where the photon energy of the band edge stands, and its value."""
        if self.transitions:
            return ("transitions", 0, "energy_eV", "value"), self.transitions[0].energy_eV.value
        return ("gain_energy_eV", "value"), 0.0 if self.gain_energy_eV is None else self.gain_energy_eV.value
