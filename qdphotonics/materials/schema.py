"""What may stand after ``material:`` in a stack, and in a material file: keys, types, rules (pydantic).

A value enters once: either n with its absorption, or one named form (table, cauchy, …). Absorption is k, or
``alpha_per_cm`` / ``gain_per_cm`` in cm^-1 of intensity; where it is left out of a formula or a constant it is 0, but
a table and a database page must have it, or say ``k: 0``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, WrapValidator, model_validator

from qdphotonics._yaml import FileModel, Number, Text, fault_at, shown
from qdphotonics.materials.dispersion import Range
from qdphotonics.materials.interpolation import Interpolation
from qdphotonics.materials.mixing import Rule

ABSORPTIONS = ("k", "alpha_per_cm", "gain_per_cm")
FRACTION_TOLERANCE = 1e-6  # of the sum of a mixture's fractions: as many digits as one types

# None is no number: it marks a key that was left out, and the rule refuses it where the key is there
Optional = Annotated[float | None, Number()]
Index = Annotated[float, Number(gt=0)]
Energy = Annotated[float, Number(gt=0, unit="eV")]
Damping = Annotated[float, Number(ge=0, unit="eV")]
Assumable = Literal["n", "k", "alpha_per_cm", "n_o", "n_e", "k_o", "k_e", "glass_transition_C"]
Wavelength = Annotated[float, Number(gt=0, unit="nm")]


def _checked_range(value: Any) -> Range:
    return _checked_interval(value, Number())


def _checked_wavelengths(value: Any) -> Range:
    return _checked_interval(value, Number(gt=0, unit="nm"))


def _checked_interval(value: Any, rule: Number) -> Range:
    pair = value if isinstance(value, (list, tuple)) and len(value) == 2 else ()
    try:
        ends = [float(rule.check(end)) for end in pair]
    except ValueError:
        ends = []
    if not ends or not ends[0] < ends[1]:
        each = f", each {rule.bounds} {rule.unit}" if rule.bounds else ""
        raise ValueError(f"must be [low, high] with low < high{each}, got {shown(value)}")
    return ends[0], ends[1]


Interval = Annotated[Range, BeforeValidator(_checked_range)]
WavelengthInterval = Annotated[Range, BeforeValidator(_checked_wavelengths)]


class Absorbing(FileModel):
    """The three ways to say how much is absorbed."""

    k: Optional = None
    alpha_per_cm: Optional = None
    gain_per_cm: Optional = None

    @model_validator(mode="after")
    def _absorption_once(self) -> Absorbing:
        if len(self.absorption_given) > 1:
            raise ValueError(f"must have one of k, alpha_per_cm and gain_per_cm, not {' and '.join(self.absorption_given)}")
        return self

    @property
    def absorption_given(self) -> tuple[str, ...]:
        """The keys among the three that have a value."""
        return tuple(key for key in ABSORPTIONS if getattr(self, key) is not None)


class ConstantSpec(Absorbing):
    """``constant: {n: 1.6, alpha_per_cm: 161}``."""

    n: Index


class CauchySpec(Absorbing):
    """``cauchy: {A: 1.5, B_um2: 0.004}``: n = A + B/lambda^2 + C/lambda^4."""

    A: Annotated[float, Number()]
    B_um2: Annotated[float, Number(unit="µm²")] = 0.0
    C_um4: Annotated[float, Number(unit="µm⁴")] = 0.0


class SellmeierTerm(FileModel):
    """One resonance: strength * lambda^2 / (lambda^2 - wavelength_nm^2)."""

    strength: Annotated[float, Number()]
    wavelength_nm: Annotated[float, Number(ge=0, unit="nm")]


class SellmeierSpec(Absorbing):
    """``sellmeier: {terms: [{strength: 0.7, wavelength_nm: 68.4}, …]}``: n^2 = constant + sum of the terms."""

    constant: Annotated[float, Number()] = 1.0
    terms: Annotated[list[SellmeierTerm], Field(min_length=1)]


class DrudeTerm(FileModel):
    """Free carriers."""

    plasma_eV: Energy
    damping_eV: Damping


class LorentzTerm(FileModel):
    """A bound resonance; ``strength`` is what it adds to the static permittivity."""

    strength: Annotated[float, Number()]
    energy_eV: Energy
    damping_eV: Damping


class DrudeLorentzSpec(FileModel):
    """``drude_lorentz: {epsilon_infinity: 4, drude: [{plasma_eV: 9, damping_eV: 0.02}], lorentz: [...]}``."""

    epsilon_infinity: Annotated[float, Number()]
    drude: list[DrudeTerm] = Field(default_factory=list)
    lorentz: list[LorentzTerm] = Field(default_factory=list)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Column = Annotated[
    list[Annotated[float, Number()]] | None, BeforeValidator(_as_list, json_schema_input_type=list[float] | float)
]  # a list, or one number for all wavelengths


class TableSpec(FileModel):
    """``table: {wavelength_nm: [...], n: [...], k: [...]}``; absorption may be one number for all wavelengths."""

    wavelength_nm: Annotated[list[Wavelength], Field(min_length=1)]
    n: list[Index]
    k: Column = None
    alpha_per_cm: Column = None
    interpolation: Interpolation = "linear"

    @model_validator(mode="after")
    def _columns_fit(self) -> TableSpec:
        points = len(self.wavelength_nm)
        for low, high in zip(self.wavelength_nm, self.wavelength_nm[1:], strict=False):
            if not low < high:
                raise fault_at("wavelength_nm", f"must have increasing wavelengths, got {low:.12g} before {high:.12g} nm")
        if (self.k is None) == (self.alpha_per_cm is None):
            raise ValueError("must have k or alpha_per_cm (k: 0 for a transparent material), one of the two")
        for key, column in (("n", self.n), ("k", self.k), ("alpha_per_cm", self.alpha_per_cm)):
            if column is not None and len(column) != points and (key == "n" or len(column) != 1):
                raise fault_at(key, f"must have as many values of {key} as wavelengths, {points}, got {len(column)}")
        return self


def _name_or_spec(value: Any, as_spec: Any) -> Any:
    if isinstance(value, (MaterialSpec, str)):
        if value == "":
            raise ValueError("must not be an empty name")
        return value
    if not isinstance(value, Mapping):
        raise ValueError("must be a material's name or a mapping such as {n: 1.6, k: 0.001}")
    return as_spec(value)


if TYPE_CHECKING:
    MaterialReference: TypeAlias = "str | MaterialSpec"
else:  # a union would make pydantic report the faults of both branches
    MaterialReference = Annotated["MaterialSpec", WrapValidator(_name_or_spec, json_schema_input_type="str | MaterialSpec")]


class MixPart(FileModel):
    """A constituent and its share of the volume."""

    material: MaterialReference
    fraction: Annotated[float, Number(ge=0, le=1)]


def _fractions_sum_to_one(parts: list[MixPart] | None) -> list[MixPart] | None:
    if parts is None:
        return None
    if len(parts) < 2:
        raise ValueError("must have two or more constituents")
    total = sum(part.fraction for part in parts)
    if abs(total - 1) > FRACTION_TOLERANCE:
        raise ValueError(f"must have fractions that sum to 1, got {total:.9g}")
    return parts


def _page(value: str | None) -> str | None:
    if value is not None and (value.count("/") != 2 or not all(value.split("/"))):
        raise ValueError("must be shelf/book/page of refractiveindex.info, such as main/Ag/Johnson")
    return value


class ThermalSpec(FileModel):
    """``thermal: {conductivity_W_per_mK: 1.1, heat_capacity_J_per_cm3K: 2.15, source: …}``: what the heating of a device takes."""

    conductivity_W_per_mK: Annotated[float, Number(gt=0, unit="W/mK")]
    in_plane_conductivity_W_per_mK: Annotated[float | None, Number(ge=0, unit="W/mK")] = None
    heat_capacity_J_per_cm3K: Annotated[float, Number(gt=0, unit="J/cm³K")]
    source: Annotated[Text, Field(min_length=1)]
    assumed: dict[Literal["conductivity_W_per_mK", "in_plane_conductivity_W_per_mK", "heat_capacity_J_per_cm3K"], Interval] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _assumed_ranges_hold_the_values(self) -> ThermalSpec:
        for key, (low, high) in self.assumed.items():
            value = getattr(self, key)
            if value is None or not low <= value <= high:
                raise fault_at(key, f"must have its {key} within the assumed range [{low:g}, {high:g}], got {shown(value)}")
        return self


class UniaxialSpec(FileModel):
    """``uniaxial: {ordinary: …, extraordinary: …}``: two materials, axis normal to the layers."""

    ordinary: MaterialReference
    extraordinary: MaterialReference


FORMS: dict[str, tuple[str, ...]] = {  # and the keys that each may, or must, have beside it
    "n": ABSORPTIONS,
    "n_o": ("n_e", "k_o", "k_e"),
    "constant": (),
    "table": (),
    "cauchy": (),
    "sellmeier": (),
    "drude_lorentz": (),
    "database": (*ABSORPTIONS, "interpolation"),
    "mix": ("rule",),
    "uniaxial": (),
}


class Described(Absorbing):
    """What a material in a stack and a material file share."""

    table: TableSpec | None = None
    cauchy: CauchySpec | None = None
    sellmeier: SellmeierSpec | None = None
    drude_lorentz: DrudeLorentzSpec | None = None
    database: Annotated[str | None, AfterValidator(_page)] = None
    interpolation: Interpolation | None = None
    mix: Annotated[list[MixPart] | None, AfterValidator(_fractions_sum_to_one)] = None
    rule: Rule | None = None
    uniaxial: UniaxialSpec | None = None
    source: Text = ""
    note: Text = ""
    valid_nm: WavelengthInterval | None = None
    assumed: dict[Assumable, Interval] = Field(default_factory=dict)
    glass_transition_C: Optional = None
    thermal: ThermalSpec | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Described:
        forms = [key for key in FORMS if getattr(self, key, None) is not None]
        possible = [key for key in FORMS if key in type(self).model_fields]
        if len(forms) != 1:
            raise ValueError(f"must have one of {', '.join(possible)}, got {' and '.join(forms) or 'none of them'}")
        for companion in sorted({key for keys in FORMS.values() for key in keys}):
            if getattr(self, companion, None) is not None and companion not in FORMS[forms[0]]:
                owners = " or ".join(key for key in possible if companion in FORMS[key])
                raise ValueError(f"must not have {companion} beside {forms[0]}" + (f": it belongs to {owners}" if owners else ""))
        for key, needed in (("mix", "rule"), ("n_o", "n_e")):
            if forms[0] == key and getattr(self, needed) is None:
                raise ValueError(f"must have {needed} beside {key}")
        return self

    @model_validator(mode="after")
    def _assumed_ranges_hold_the_values(self) -> Described:
        values = getattr(self, "constant", None) or self
        for key, (low, high) in self.assumed.items():
            value = getattr(self if key == "glass_transition_C" else values, key, None)
            if value is not None and not low <= value <= high:
                raise ValueError(f"must have its {key} within the assumed range [{low:g}, {high:g}], got {value:g}")
        return self

    @property
    def form(self) -> str:
        """The key that says how n is given."""
        return next(key for key in FORMS if getattr(self, key, None) is not None)


class MaterialSpec(Described):
    """A material in place, in a stack: what may stand after ``material:`` other than a name (DESIGN.md section 5)."""

    n: Annotated[float | None, Number(gt=0)] = None
    n_o: Annotated[float | None, Number(gt=0)] = None
    n_e: Annotated[float | None, Number(gt=0)] = None
    k_o: Optional = None
    k_e: Optional = None


class MaterialFile(Described):
    """A material file: the same, with a name and a source, and ``constant: {n: …}`` for the bare number."""

    name: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    constant: ConstantSpec | None = None

    @model_validator(mode="after")
    def _range_is_said(self) -> MaterialFile:
        if self.valid_nm is None and self.form in ("constant", "cauchy", "sellmeier", "drude_lorentz"):
            raise ValueError(f"must have valid_nm: [low, high], the wavelengths at which its {self.form} holds")
        return self


MixPart.model_rebuild()
UniaxialSpec.model_rebuild()
