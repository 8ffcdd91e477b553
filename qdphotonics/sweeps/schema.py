"""What may stand in the file of a sweep, an optimisation or a study of tolerances: keys, types and ranges.

The paths and their values are checked against the stack in :mod:`~qdphotonics.sweeps.designing` and
:mod:`~qdphotonics.sweeps.loading`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StrictBool, field_validator, model_validator

from qdphotonics._yaml import FileModel, Number, Text, shown
from qdphotonics.sweeps.specs import Distribution, Engine, Method, Side

MOST_POINTS = 100_000_000  # of a sweep: a day of a cluster
MOST_VALUES = 1_000_000  # of one axis
MOST_SAMPLES = 10_000_000  # of a Monte Carlo study: a relative error of 3e-4 of a standard deviation
MOST_STARTS = 10_000

Seed = Annotated[int, Number(ge=0, le=2**32 - 1, integer=True)]
AngleRule = Number(ge=0, lt=90, unit="°")


class StudyFile(FileModel):
    """What the three have in common."""

    name: Text = Field("", description="What to call it in results; the stack's name unless given")
    stack: Any = Field(description="Name of a shipped stack, a file (relative to this one), or a whole stack in place")
    set: dict[str, Any] = Field(default_factory=dict, description="Fixed changes to the stack, paths as of --set")
    mode: Text | None = Field(
        None, description="Label on the base stack (TE0), or TE, TM, best; unless given, the mode that analyze reports for the base stack"
    )
    engine: Engine | None = Field(None, description="coupled-wave, bloch or meep for dfb quantities; meep also for n_eff and loss_per_cm")
    angle_deg: Annotated[float, AngleRule] | None = Field(None, description="Angle of incidence of a spectrum (degrees); 0 unless given")
    from_side: Side | None = Field(None, alias="from", description="Where the light of a spectrum enters; the substrate unless given")

    @field_validator("mode", mode="before")
    @classmethod
    def _label(cls, value: Any) -> Any:
        if value is not None and not isinstance(value, str):
            raise ValueError(f"must be a mode's label such as TE0, or TE, TM or best, got {shown(value)}")
        return value

    @field_validator("set", mode="before")
    @classmethod
    def _none_is_empty(cls, value: Any) -> Any:
        return {} if value is None else value


class SweepFile(StudyFile):
    """A sweep."""

    axes: dict[str, Any] = Field(min_length=1, description="Path: list, {from, to, step} or {from, to, count}; zip, latin_hypercube, sobol")
    quantities: list[Text] = Field(min_length=1, description="What is wanted of every point")


class RangeSpec(FileModel):
    """``{from: 50, to: 150, step: 1}`` or ``{from: 50, to: 150, count: 101}``."""

    low: Any = Field(alias="from")
    to: Any
    step: Any = None
    count: Annotated[int, Number(ge=1, le=MOST_VALUES, integer=True)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> RangeSpec:
        if (self.step is None) == (self.count is None):
            raise ValueError("must have step or count, one of the two")
        return self


class IntervalSpec(FileModel):
    """``{from: 50, to: 150}``."""

    low: Any = Field(alias="from")
    to: Any


class SampleSpec(FileModel):
    """``latin_hypercube: {count: 500, seed: 1, over: {PATH: {from: 50, to: 150}}}``, or ``sobol``."""

    count: Annotated[int, Number(ge=1, le=MOST_VALUES, integer=True)]
    seed: Seed = 0
    over: dict[str, Any] = Field(min_length=1)


Goals = list[Text]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class OptimizationFile(StudyFile):
    """An optimisation."""

    maximize: Goals = Field(default_factory=list, description="Expression of quantities; two for a Pareto front")
    minimize: Goals = Field(default_factory=list, description="Likewise; one here and one in maximize make a Pareto front too")
    variables: dict[str, Any] = Field(min_length=1, description="Path: {from, to} with step, start, integer")
    subject_to: list[Text] = Field(default_factory=list, description="Conditions such as total_thickness_nm <= 2500")
    n_range: tuple[float, float] | None = Field(None, description="Re n_eff between which the mode must stay: [low, high]")
    points: Annotated[int, Number(ge=2, le=1000, integer=True)] = Field(15, description="Points of a Pareto front")
    starts: Annotated[int, Number(ge=1, le=MOST_STARTS, integer=True)] = Field(8, description="Local searches from different places")
    seed: Seed = Field(0, description="Of the places where the searches start")
    method: Method = Field("slsqp", description="Local search")

    @field_validator("maximize", "minimize", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        return _as_list(value)

    @field_validator("n_range", mode="before")
    @classmethod
    def _two_numbers_that_rise(cls, value: Any) -> Any:
        rule = Number(ge=0)
        try:
            low, high = (rule.check(each) for each in value)
        except (TypeError, ValueError):
            raise ValueError(f"must be two numbers [low, high], got {shown(value)}") from None
        if not low < high:
            raise ValueError(f"must rise, as in [1.5, 1.7], got {shown(value)}")
        return low, high

    @model_validator(mode="after")
    def _one_goal_or_two(self) -> OptimizationFile:
        goals = len(self.maximize) + len(self.minimize)
        if not 1 <= goals <= 2:
            raise ValueError(f"must have one goal under maximize or minimize, or two for a Pareto front, got {goals}")
        return self


class VariableSpec(IntervalSpec):
    """``{from: 50, to: 150, step: 5, start: 95}``."""

    step: Any = None
    start: Any = None
    integer: StrictBool = False


class ToleranceFile(StudyFile):
    """A study of tolerances."""

    errors: dict[str, Any] = Field(min_length=1, description="Path: 1%, 2 nm, {relative: 0.01} or {standard_deviation: 2 nm}")
    quantities: list[Text] = Field(min_length=1, description="Whose distributions are wanted")
    require: list[Text] = Field(default_factory=list, description="What a device must keep to count for the yield")
    samples: Annotated[int, Number(ge=2, le=MOST_SAMPLES, integer=True)] = Field(2000, description="Of the Monte Carlo method")
    seed: Seed = Field(0, description="Of the samples")


class ErrorSpec(FileModel):
    """``{standard_deviation: 2 nm, distribution: uniform, independent: true}``."""

    relative: Any = None
    standard_deviation: Any = None
    distribution: Distribution = "normal"
    independent: StrictBool = False

    @model_validator(mode="after")
    def _one_way(self) -> ErrorSpec:
        if (self.relative is None) == (self.standard_deviation is None):
            raise ValueError("must have relative or standard_deviation, one of the two")
        return self
