"""What a sweep, an optimisation or a study of tolerances is about, once its file has been read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from qdphotonics._yaml import Document
from qdphotonics.sweeps.axes import Axis, Design
from qdphotonics.sweeps.quantities import Quantity

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.expressions import Constraint, Expression

StudyKind = Literal["sweep", "optimization", "tolerance"]
Engine = Literal["planar", "coupled-wave", "bloch", "meep"]
Side = Literal["substrate", "superstrate"]
Method = Literal["slsqp", "trust-constr"]
Distribution = Literal["normal", "uniform"]


@dataclass(frozen=True)
class Study:
    """What a sweep, an optimisation and a study of tolerances have in common.

    Parameters
    ----------
    name : str
    stack : Stack
        The base, ``set`` done: modes are labelled on it and followed from it.
    mode : str or None
        Label on the base stack, or TE, TM, best; None: the mode that ``analyze`` reports for it, TE0 without gain.
    engine : str
        Of the ``dfb`` quantities, or "meep" of n_eff and loss too; "planar" where there is nothing but planar ones.
    angle_deg : float
        Angle of incidence of a spectrum, where it is no axis.
    from_side : {"substrate", "superstrate"}
        Where the light of a spectrum enters.
    document : Document
        The specification as written, for messages and for the record.
    """

    kind: ClassVar[StudyKind]

    name: str
    stack: Stack
    mode: str | None
    engine: Engine
    angle_deg: float
    from_side: Side
    document: Document

    @property
    def swept(self) -> tuple[Axis, ...]:
        """The axes of a sweep."""
        return ()

    def as_dict(self) -> dict[str, Any]:
        """The full input, as plain values: what tells one study from another, on whatever machine."""
        from qdphotonics.sweeps.record import full_input

        return full_input(self)


@dataclass(frozen=True)
class SweepSpec(Study):
    """A sweep.

    Parameters
    ----------
    design : Design
        The points.
    quantities : tuple of Quantity
        What is wanted of every point.
    """

    kind = "sweep"

    design: Design
    quantities: tuple[Quantity, ...]

    @property
    def swept(self) -> tuple[Axis, ...]:
        """Every axis of the design."""
        return self.design.axes


@dataclass(frozen=True)
class Variable:
    """One thing that an optimisation may change.

    Parameters
    ----------
    path : str
    low, high : float
        Bounds [unit].
    step : float or None
        Of the fabrication grid, from ``low`` on; None: any value.
    start : float
        Where the first search starts; the base stack's own value unless given.
    integer : bool
        Whether only whole numbers make sense (pairs of a mirror).
    unit : str
    """

    path: str
    low: float
    high: float
    step: float | None
    start: float
    integer: bool
    unit: str


@dataclass(frozen=True)
class Goal:
    """An expression to make large or small."""

    expression: Expression
    maximize: bool


@dataclass(frozen=True)
class OptimizationSpec(Study):
    """An optimisation.

    Parameters
    ----------
    n_range : tuple of float or None
        Re n_eff between which the mode must stay.
    goals : tuple of Goal
        One, or two for a Pareto front.
    variables : tuple of Variable
    constraints : tuple of Constraint
    points : int
        Of a Pareto front.
    starts : int
        Local searches from different places.
    seed : int
    method : {"slsqp", "trust-constr"}
    """

    kind = "optimization"

    n_range: tuple[float, float] | None
    goals: tuple[Goal, ...]
    variables: tuple[Variable, ...]
    constraints: tuple[Constraint, ...]
    points: int
    starts: int
    seed: int
    method: Method


@dataclass(frozen=True)
class ErrorSource:
    """One thing that does not come out as designed.

    Parameters
    ----------
    path : str
        As of ``--set``; or ``materials.NAME.n``, added to Re n of all layers of a material at every wavelength; or
        ``layers.NAME.index``, the same for the layers of one name.
    nominal : float
        As designed [unit]; of an index at the base stack's wavelength.
    standard_deviation : float
        [unit], whether it was given so or as a fraction of ``nominal``.
    distribution : {"normal", "uniform"}
        Uniform: within √3 standard deviations of the nominal value.
    independent : bool
        Whether every layer of a repeat errs by itself; else all of them together.
    unit : str
    """

    path: str
    nominal: float
    standard_deviation: float
    distribution: Distribution
    independent: bool
    unit: str


@dataclass(frozen=True)
class ToleranceSpec(Study):
    """A study of tolerances.

    Parameters
    ----------
    errors : tuple of ErrorSource
    quantities : tuple of Quantity
        Whose distributions are wanted.
    require : tuple of Constraint
        What a device must keep to count for the yield.
    samples : int
        Of the Monte Carlo method.
    seed : int
    """

    kind = "tolerance"

    errors: tuple[ErrorSource, ...]
    quantities: tuple[Quantity, ...]
    require: tuple[Constraint, ...]
    samples: int
    seed: int
