"""The modes of a stack, with the stack's layer names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from qdphotonics._plain import plain
from qdphotonics._tables import html_table, text_table
from qdphotonics.errors import ArgumentError
from qdphotonics.optics import angles
from qdphotonics.optics.by_layer import ByLayer, LayerConfinement, common
from qdphotonics.optics.problem import Polarizations, planar_problem, polarizations
from qdphotonics.stacks import as_stack

if TYPE_CHECKING:
    from pathlib import Path

    from qdphotonics.planar.results import Character, Kind, Mode, ModeSearch, Polarization
    from qdphotonics.stacks import Stack


LARGEST_LOSS_PER_CM = 1e7  # a mode that fades within a nanometre is none


@dataclass(frozen=True)
class NamedSensitivity:
    """Exact derivatives of n_eff by layer name: per nm of thickness, and per unit of index."""

    thickness_per_nm: ByLayer[complex]
    index: ByLayer[complex]


@dataclass(frozen=True, eq=False)
class StackMode:
    """One mode of a stack; its quantities are named by layer, half-spaces ``substrate`` and ``superstrate`` included.

    Parameters
    ----------
    names : tuple of str
        ``stack.all_names``.
    label : str
        TE0, TE1, TM0 …
    solution : planar.Mode
        The solver's own result, in arrays.

    Attributes
    ----------
    n_eff : complex
    loss_per_cm : float
        2 k0 Im n_eff [cm^-1]; negative for a mode that the stack amplifies.
    confinement : ByLayer of LayerConfinement
        ``mode.confinement["QD"].intensity`` is the papers' Gamma.
    loss_budget_per_cm : ByLayer of float
        Where the loss sits [cm^-1], radiation into an open half-space under that half-space's name.
    angle_deg : ByLayer of float or None
    sensitivity : NamedSensitivity
    """

    names: tuple[str, ...]
    label: str
    solution: Mode

    @property
    def polarization(self) -> Polarization:
        return self.solution.polarization

    @property
    def kind(self) -> Kind:
        return self.solution.kind

    @property
    def open(self) -> dict[Literal["substrate", "superstrate"], bool]:
        """Which half-spaces the mode radiates into."""
        return {"substrate": self.solution.open[0], "superstrate": self.solution.open[1]}

    @property
    def character(self) -> Character:
        return self.solution.character

    @property
    def multiplicity(self) -> int:
        """2 where two modes lie closer than double precision resolves."""
        return self.solution.multiplicity

    @property
    def twin_offsets(self) -> tuple[complex, ...]:
        """Offsets in n_eff of those modes from ``n_eff``, their mean; (0,) of a single one."""
        return self.solution.twin_offsets

    @property
    def n_eff(self) -> complex:
        return self.solution.n_eff

    @property
    def wavelength_nm(self) -> float:
        return self.solution.wavelength_nm

    @property
    def loss_per_cm(self) -> float:
        return self.solution.loss_per_cm

    @property
    def group_index(self) -> float:
        return self.solution.group_index

    @cached_property
    def angle_deg(self) -> ByLayer[float | None]:
        values = [angles.propagation_angle_deg(self.n_eff, complex(n)) for n in self.solution.index]
        return ByLayer(self.names, values, combine=common)

    @cached_property
    def confinement(self) -> ByLayer[LayerConfinement]:
        shares = self.solution.confinement
        rows = zip(shares.intensity, shares.energy, shares.gain, strict=True)
        return ByLayer(self.names, [LayerConfinement(*map(float, row)) for row in rows])

    @cached_property
    def loss_budget_per_cm(self) -> ByLayer[float]:
        return ByLayer(self.names, self.solution.loss_budget_per_cm.tolist())

    @cached_property
    def sensitivity(self) -> NamedSensitivity:
        derivatives = self.solution.sensitivity
        return NamedSensitivity(
            thickness_per_nm=ByLayer(self.names[1:-1], derivatives.thickness_per_nm.tolist()),
            index=ByLayer(self.names, derivatives.index.tolist()),
        )

    def as_dict(self) -> dict[str, Any]:
        """The mode as in the JSON of ``qdphotonics modes`` (DESIGN.md section 6)."""
        keys = "label polarization kind character n_eff loss_per_cm group_index angle_deg confinement loss_budget_per_cm sensitivity"
        return {key: plain(getattr(self, key)) for key in keys.split()}

    def __repr__(self) -> str:
        return (
            f"<{self.label} {self.kind} {self.character}, n_eff {self.n_eff.real:.6f}{self.n_eff.imag:+.3e}i, "
            f"loss {self.loss_per_cm:.4g} cm^-1 at {self.wavelength_nm:g} nm>"
        )


@dataclass(frozen=True)
class Search:
    """What was searched, and whether the zeros counted there are those returned."""

    n_range: tuple[float, float]
    max_loss_per_cm: float
    certified: bool
    note: str


@dataclass(frozen=True, eq=False)
class StackModes:
    """The modes of a stack at one wavelength, by falling Re n_eff within a polarization, TE first.

    Examples
    --------
    ``modes["TE0"].confinement["QD"].intensity``
    """

    stack: Stack
    wavelength_nm: float
    modes: tuple[StackMode, ...]
    search: Search

    def __getitem__(self, label: str | int) -> StackMode:
        """The mode of a label, ``"TE0"``, or at a position, 0 the first."""
        if isinstance(label, int):
            return self.modes[label]
        for mode in self.modes:
            if mode.label == label:
                return mode
        have = ", ".join(mode.label for mode in self.modes) or "none"
        raise ArgumentError(f'no mode "{label}" at {self.wavelength_nm:g} nm; the modes found are: {have}')

    def __iter__(self) -> Any:
        return iter(self.modes)

    def __len__(self) -> int:
        return len(self.modes)

    @cached_property
    def critical_angle_deg(self) -> float | None:
        """Critical angle theta_c in the first gain layer [degrees]; see :func:`qdphotonics.optics.critical_angle_deg`."""
        return angles.critical_angle_deg(self.stack, self.wavelength_nm)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics modes`` (DESIGN.md section 6)."""
        return {
            "stack": self.stack.name,
            "wavelength_nm": self.wavelength_nm,
            "modes": [mode.as_dict() for mode in self.modes],
            "search": plain(self.search),
        }

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows and notes: what a prompt, a notebook and the command line show."""
        position = angles.waveguide_position(self.stack)
        waveguide = [] if position is None else [self.stack.all_names[position]]
        named = [f"{head} {name}" for name in waveguide for head in ("Γ", "angle in")]
        columns = ("mode", "kind", "character", "n_eff", "loss cm⁻¹", "n_group", *named, "most loss in")
        rows = []
        for mode in self.modes:
            shares = [f"{100 * mode.confinement[name].intensity:.1f} %" for name in waveguide]
            shares += ["–" if (angle := mode.angle_deg[name]) is None else f"{angle:.1f}°" for name in waveguide]
            place, worst = max(mode.loss_budget_per_cm.items(), key=lambda item: item[1])
            n_eff = f"{mode.n_eff.real:.5f}{mode.n_eff.imag:+.2e}i"
            row = (mode.label, mode.kind, mode.character, n_eff, f"{mode.loss_per_cm:.4g}", f"{mode.group_index:.4f}", *shares)
            rows.append((*row, f"{place} {worst:.3g}" if worst > 0 else "–"))
        notes = [self.search.note]
        if self.critical_angle_deg is not None:
            notes.insert(0, f"critical angle in {waveguide[0]}: {self.critical_angle_deg:.2f}° from the normal")
        return f"{self.stack.name}: modes at {self.wavelength_nm:g} nm", columns, rows, notes

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def find_modes(
    stack: Stack | str | Path,
    wavelength_nm: float | None = None,
    polarization: Polarizations = "both",
    n_range: tuple[float, float] | None = None,
    max_loss_per_cm: float = 1e4,
) -> StackModes:
    """Every guided and leaky mode of a stack at one wavelength.

    Parameters
    ----------
    stack : Stack, or the name or file of one
    wavelength_nm : float, optional
        [nm]; the stack's own unless given.
    polarization : {"TE", "TM", "both"}
    n_range : tuple of two floats, optional
        Bounds on Re n_eff; from 0 to a computed upper bound unless given.
    max_loss_per_cm : float
        Bound on the modulus of the modal loss or gain [cm^-1].

    Returns
    -------
    StackModes

    Raises
    ------
    ArgumentError
        An argument is out of its range.
    StackError
        A layer is incoherent.
    MaterialError
        The wavelength lies outside a material's range.

    References
    ----------
    docs/physics.md; :func:`qdphotonics.planar.find_modes` does the work.
    """
    check_region(n_range, max_loss_per_cm)
    stack = as_stack(stack)
    arrays = planar_problem(stack, wavelength_nm)
    searches = {which: arrays.search(which, n_range, max_loss_per_cm) for which in polarizations(polarization)}
    modes = [StackMode(stack.all_names, mode.label, mode) for search in searches.values() for mode in search.modes]
    return StackModes(stack, arrays.wavelength_nm, tuple(modes), joined(searches))


def written_budget(stack: Stack, mode: StackMode) -> dict[str, float]:
    """Loss budget of a mode [cm^-1] by the names written in the file, the repeats of a layer summed."""
    names = ("substrate", *dict.fromkeys(layer.written_name for layer in stack.layers), "superstrate")
    return {name: mode.loss_budget_per_cm[name] for name in names}


def check_region(n_range: tuple[float, float] | None, max_loss_per_cm: float) -> None:
    """An ArgumentError where the region of a mode search is empty or not finite."""
    if n_range is not None:
        low, high = n_range
        if not (np.isfinite(low) and np.isfinite(high) and 0 <= low < high):
            raise ArgumentError(f"Argument `n_range` must be two numbers with 0 <= low < high, but is {low:g}:{high:g}")
    if not 0 < max_loss_per_cm <= LARGEST_LOSS_PER_CM:
        raise ArgumentError(f"Argument `max_loss_per_cm` must be > 0 and <= {LARGEST_LOSS_PER_CM:g}, but is {max_loss_per_cm:g}")


def _common_note(notes: dict[Polarization, str]) -> str:
    """What searches have to say that found the same number of modes in the same region."""
    return f"{'TE and TM each: ' if len(notes) > 1 else ''}{next(iter(notes.values()))}"


def joined(searches: dict[Polarization, ModeSearch]) -> Search:
    """One account of the searches of both polarizations."""
    notes = {which: search.note for which, search in searches.items()}
    same = len(set(notes.values())) == 1
    return Search(
        n_range=(min(s.n_range[0] for s in searches.values()), max(s.n_range[1] for s in searches.values())),
        max_loss_per_cm=max(search.max_loss_per_cm for search in searches.values()),
        certified=all(search.certified for search in searches.values()),
        note=_common_note(notes) if same else "; ".join(f"{which}: {note}" for which, note in notes.items()),
    )
