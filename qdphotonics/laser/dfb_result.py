"""A distributed-feedback laser as a result: the same words and numbers whichever engine computed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, pi
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from qdphotonics.optics import html_table, number, plain, text_table
from qdphotonics.units import NM_PER_CM

if TYPE_CHECKING:
    from qdphotonics.fdtd import FdtdResonances, FiniteResonances
    from qdphotonics.gratings import BlochSearch, DistributedFeedback, GratingCoupling
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

Engine = Literal["coupled-wave", "bloch", "meep"]
ENGINES: tuple[Engine, ...] = ("coupled-wave", "bloch", "meep")
Symmetry = Literal["bright", "dark"]
Parity = Literal["even", "odd"]
FINEST_NM, FINEST_Q = 1e-3, 0.1  # error bars that are shown as smaller than this
Table: TypeAlias = tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]


@dataclass(frozen=True)
class DfbResonance:
    """One resonance of a grating.

    Parameters
    ----------
    wavelength_nm : float
    q : float
        Without the gain; infinite where nothing is lost.
    symmetry : {"bright", "dark"} or None
        Of even orders: whether it shines along the normal. None: odd orders, and teeth that are not their own mirror images.
    threshold_gain_per_cm : float or None
        Material gain that the gain layers need [1/cm]; None without such a layer.
    parity : {"even", "odd"} or None
        Of E_y (TE) or H_y (TM) about the middle of a tooth; bright is even.
    loss_per_cm : float
        α_eff + α_cavity = 2π n_g/(λ Q): what its modal gain must be to lase [1/cm].
    uncertainty_nm, q_uncertainty : float or None
        None: the engine gives none.
    """

    wavelength_nm: float
    q: float
    symmetry: Symmetry | None
    threshold_gain_per_cm: float | None
    parity: Parity | None
    loss_per_cm: float
    uncertainty_nm: float | None = None
    q_uncertainty: float | None = None

    @property
    def name(self) -> str:
        """How tables and figures call it."""
        return self.symmetry or self.parity or "mode"


def loss_of_q(q: float, wavelength_nm: float, group_index: float) -> float:
    """2π n_g/(λ Q) [1/cm]."""
    return 2 * pi * group_index * NM_PER_CM / (wavelength_nm * q)


def q_of_loss(loss_per_cm: float, wavelength_nm: float, group_index: float) -> float:
    """2π n_g/(λ α); infinite without loss."""
    return inf if loss_per_cm == 0.0 else 2 * pi * group_index * NM_PER_CM / (wavelength_nm * loss_per_cm)


@dataclass(frozen=True, eq=False, repr=False)
class DfbResult:
    """Resonances of a grated stack.

    Parameters
    ----------
    engine : {"coupled-wave", "bloch", "meep"}
    stack : Stack
        With the period and order that were computed.
    guide : GratingCoupling
        The planar mode and its coupling constants, from which every engine starts.
    resonances : tuple of DfbResonance
        The first to lase first.
    edges : (DfbResonance, DfbResonance) or None
        Of the stop band, the shorter wavelength first; None where the engine has not found both.
    coupling_per_cm : complex or None
        κ [1/cm]: coupled waves' own; of the other engines (edges apart)·n_g/2, radiation included.
    length_um : float or None
        None: the grating has no end.
    period_for_nm : float or None
        Wavelength for which the period was chosen.
    source : BlochSearch, FdtdResonances, FiniteResonances, DistributedFeedback or None
        The engine's own result; None: all of it is in ``guide``.
    warnings, notes : sequence of str
    """

    engine: Engine
    stack: Stack
    guide: GratingCoupling
    resonances: tuple[DfbResonance, ...]
    edges: tuple[DfbResonance, DfbResonance] | None
    coupling_per_cm: complex | None
    length_um: float | None
    period_for_nm: float | None
    source: BlochSearch | FdtdResonances | FiniteResonances | DistributedFeedback | None
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def polarization(self) -> Polarization:
        return self.guide.polarization

    @property
    def stop_band_nm(self) -> tuple[float, float] | None:
        """Wavelengths of its edges [nm]."""
        return None if self.edges is None else (self.edges[0].wavelength_nm, self.edges[1].wavelength_nm)

    @property
    def uncertainty_nm(self) -> float | None:
        """The largest of the resonances' [nm]; None where the engine gives none."""
        return max((each.uncertainty_nm for each in self.resonances if each.uncertainty_nm is not None), default=None)

    @property
    def period_nm(self) -> float:
        """Of the grating [nm]."""
        return self.guide.cell.period_nm

    @property
    def order(self) -> int:
        """Diffraction order that feeds back."""
        return self.guide.cell.order

    @property
    def confinement(self) -> float | None:
        """Γ of the gain layers in the planar mode (its derivative: modal gain over material gain); None without such a layer."""
        return self.guide.gain_confinement if self.guide.cell.gain_layers else None

    @property
    def bragg_wavelength_nm(self) -> float:
        """At which the planar mode's order is fed back [nm]."""
        return self.guide.wavelength_nm

    @property
    def n_eff(self) -> complex:
        """Of the planar mode there."""
        return self.guide.n_eff

    @property
    def group_index(self) -> float:
        """Of the planar mode there."""
        return self.guide.mode.group_index

    @property
    def loss_per_cm(self) -> float:
        """Of the planar mode there."""
        return self.guide.loss_per_cm

    def as_dict(self) -> dict[str, Any]:
        """The document of ``dfb --json``."""
        guide = self.guide
        document = {
            "engine": self.engine,
            "resonances": self.resonances,
            "stop_band_nm": self.stop_band_nm,
            "coupling_per_cm": self.coupling_per_cm,
            "uncertainty_nm": self.uncertainty_nm,
            "stack": self.stack.name,
            "polarization": self.polarization,
            "order": self.order,
            "period_nm": self.period_nm,
            "period_for_nm": self.period_for_nm,
            "length_um": self.length_um,
            "bragg_wavelength_nm": guide.wavelength_nm,
            "n_eff": guide.n_eff,
            "group_index": guide.mode.group_index,
            "loss_per_cm": guide.loss_per_cm,
            "confinement": self.confinement,
            "warnings": list(self.warnings),
        }
        return {key: plain(value) for key, value in document.items()}

    def table(self) -> Table:
        """Title, columns, rows (one a resonance) and notes."""
        told = any(each.uncertainty_nm is not None for each in self.resonances)
        columns = ["resonance", "nm", *(["± nm"] if told else []), "Q", *(["± Q"] if told else []), "loss cm⁻¹", "threshold gain cm⁻¹"]
        rows = []
        for each in self.resonances:
            row = [each.name, f"{each.wavelength_nm:.3f}", _count(each.q), number(each.loss_per_cm), _or_dash(each.threshold_gain_per_cm)]
            if told:
                row[2:2] = [_error(each.uncertainty_nm, FINEST_NM)]
                row[4:4] = [_error(each.q_uncertainty, FINEST_Q)]
            rows.append(tuple(row))
        ends = "without end" if self.length_um is None else f"{self.length_um:g} µm long"
        grating = f"order {self.order}, period {self.period_nm:.6g} nm, {ends}"
        title = f"{self.stack.name}: {self.polarization}, {grating}, by {WORDS[self.engine]}"
        return title, tuple(columns), rows, [*self._told(), *self.notes, *(f"warning: {text}" for text in self.warnings)]

    def _told(self) -> list[str]:
        guide, lines = self.guide, []
        share = "" if self.confinement is None else f", Γ of the dots {100 * self.confinement:.3g} %"
        alone = f"planar mode: n_eff {guide.n_eff.real:.5f} at the Bragg wavelength {guide.wavelength_nm:.3f} nm, group index "
        lines.append(f"{alone}{guide.mode.group_index:.4g}, loss {number(guide.loss_per_cm)} cm⁻¹{share}")
        if self.stop_band_nm is not None:
            low, high = self.stop_band_nm
            lines.append(f"stop band {low:.3f} to {high:.3f} nm, {high - low:.3g} nm wide")
        if self.coupling_per_cm is not None:
            im = self.coupling_per_cm.imag
            times = "" if self.length_um is None else f", |κ|L {abs(self.coupling_per_cm) * self.length_um * 1e-4:.3g}"
            lines.append(f"coupling κ {number(self.coupling_per_cm.real)} {'-' if im < 0 else '+'} {number(abs(im))}i cm⁻¹{times}")
        if self.period_for_nm is not None:
            lines.append(f"period {self.period_nm:.6g} nm for {self.period_for_nm:.6g} nm")
        return lines

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


WORDS: dict[Engine, str] = {"coupled-wave": "coupled waves", "bloch": "Bloch modes", "meep": "FDTD (Meep)"}


def _count(q: float) -> str:
    return f"{q:.4g}" if isfinite(q) and abs(q) < 1e4 else number(q) if isfinite(q) else "∞"


def _error(value: float | None, finest: float) -> str:
    """An error bar; far below what the indices are known to it is told as small."""
    return f"<{finest:g}" if value is not None and value < finest else _or_dash(value)


def _or_dash(value: float | None) -> str:
    return "–" if value is None or not isfinite(value) else number(value)
