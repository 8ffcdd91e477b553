"""The three engines behind :func:`qdphotonics.dfb`: coupled waves, Bloch modes, FDTD; each gives the same kind of result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations
from math import inf, isfinite, pi
from typing import TYPE_CHECKING, Any, NamedTuple

from qdphotonics._checks import refuse
from qdphotonics.errors import ModeSearchError
from qdphotonics.laser.dfb_result import DfbResonance, DfbResult, Engine, Parity, Symmetry, loss_of_q, q_of_loss
from qdphotonics.units import NM_PER_CM, NM_PER_UM

if TYPE_CHECKING:
    from qdphotonics.fdtd import FdtdResonances, Progress
    from qdphotonics.gratings import BandEdge, BlochMode, GratingCoupling
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

AROUND = 0.015  # of the wavelength: searched beyond the edges that coupled waves expect
MORE_ORDERS = 1.6  # how many times as many orders tell the uncertainty of a Bloch mode, and by how much slices are thinner
NOTHING_PER_CM = 1e-6  # a loss or a threshold gain below is the rounding of zero
MOST_SHOWN = 8  # resonances of a finite grating
MOST_PERIODS = 400  # of a finite grating by FDTD: minutes


class Asked(NamedTuple):
    """What is asked of an engine, read and checked."""

    stack: Stack
    polarization: Polarization
    number: int  # of the planar mode, by falling n_eff
    length_um: float | None


@dataclass(frozen=True)
class Fdtd:
    """How FDTD is to run."""

    resolutions_per_um: tuple[float, ...]
    timeout_s: float | None
    progress: Callable[[Progress], None] | None

    @property
    def arguments(self) -> dict[str, Any]:
        limit = {} if self.timeout_s is None else {"timeout_s": self.timeout_s}
        return {**limit, "progress": self.progress}


def coupled_waves(question: Asked, guide: GratingCoupling, _: Fdtd) -> DfbResult:
    edges = (_edge(guide, 0), _edge(guide, 1))
    result = DfbResult("coupled-wave", question.stack, guide, by_threshold(edges), edges, guide.coupling_per_cm, None, None, None)
    note = "coupled waves: good to first order in the grating's depth, relative to the leading term; the Bloch engine is rigorous"
    if question.length_um is None:
        return replace(result, notes=(note, *_endless(edges)))
    from qdphotonics.gratings import distributed_feedback

    laser = distributed_feedback(question.stack, question.polarization, question.number, length_um=question.length_um)
    even_order = guide.cell.order % 2 == 0 and guide.cell.is_symmetric
    found = []
    for mode in laser.modes()[:MOST_SHOWN]:
        parity: Parity | None = None if not guide.cell.is_symmetric else "even" if mode.evenness > 0.5 else "odd"
        threshold = _or_zero(laser.threshold_gain_per_cm(mode)) if guide.cell.gain_layers else None
        q = q_of_loss(mode.modal_gain_per_cm, mode.wavelength_nm, guide.mode.group_index)
        symmetry = symmetry_of(parity) if even_order else None
        found.append(DfbResonance(mode.wavelength_nm, q, symmetry, threshold, parity, mode.modal_gain_per_cm))
    return replace(result, resonances=by_threshold(found), length_um=question.length_um, source=laser, notes=(note,))


def _edge(guide: GratingCoupling, which: int) -> DfbResonance:
    from qdphotonics.gratings.coupled_waves_coupling import secant

    edge = guide.edges[which]
    loss = _or_zero(edge.gain_per_cm)
    threshold = None
    if guide.cell.gain_layers:
        lacking = partial(_lacking, guide, which)
        threshold = secant(lacking, loss / guide.gain_confinement, f"the edge at {edge.wavelength_nm:.6g} nm") if loss else 0.0
    even = edge.symmetry in ("bright", "even")
    parity: Parity | None = None if edge.symmetry is None else "even" if even else "odd"
    symmetry: Symmetry | None = edge.symmetry if edge.symmetry in ("bright", "dark") else None
    return DfbResonance(edge.wavelength_nm, edge.q if loss else inf, symmetry, threshold, parity, loss)


def _lacking(guide: GratingCoupling, which: int, gain_per_cm: float) -> float:
    """What an edge still loses under a material gain: that of the same symmetry, without one that on the same side of the stop band."""
    pumped, symmetry = guide.with_gain(gain_per_cm), guide.edges[which].symmetry
    return (pumped.edges[which] if symmetry is None else pumped.edge(symmetry)).gain_per_cm


def bloch(question: Asked, guide: GratingCoupling, _: Fdtd) -> DfbResult:
    from qdphotonics.gratings import bloch_modes

    expected = guide.stop_band_nm
    window = ((1 - AROUND) * min(expected), (1 + AROUND) * max(expected))
    search = bloch_modes(question.stack, question.polarization, None, window)
    found = [_of_bloch(mode, guide) for mode in search.modes]
    warnings = () if search.certified else (f"the search of Bloch modes: {search.note}",)
    notes = (f"Bloch modes: every mode in {window[0]:.4g} to {window[1]:.4g} nm with Q above {search.least_q:g}",)
    edges = _pair(found, guide)
    if edges is None:
        warnings = (*warnings, f"not both edges of the stop band were found; coupled waves expect {_list(expected)} nm")
    result = DfbResult("bloch", question.stack, guide, by_threshold(found), edges, None, None, None, search, warnings)
    return replace(result, coupling_per_cm=_coupling(edges, guide), notes=(*notes, *_endless(edges or ())))


def _of_bloch(mode: BlochMode, guide: GratingCoupling) -> DfbResonance:
    """A Bloch mode, with what it moves by where more orders and thinner slices are taken."""
    from qdphotonics.gratings.bloch_modes import refined
    from qdphotonics.gratings.bloch_threshold import threshold

    gain = None
    if mode.cell.gain_layers:
        try:
            gain = _or_zero(threshold(mode).gain_per_cm)
        except ModeSearchError:  # it has nothing to do with the gain layers
            gain = inf
    upright = mode.cell.profile is None or mode.cell.profile.shape == "rectangle"
    height = None if upright or mode.cell.profile is None else mode.cell.profile.depth_nm / (16 * MORE_ORDERS)
    more = replace(mode.orders, number=round(MORE_ORDERS * mode.orders.number), slice_height_nm=height)
    finer = refined(more, mode.kx_per_nm, mode.k0_per_nm)
    q_error = abs(finer.q - mode.q) if isfinite(mode.q) and isfinite(finer.q) else inf if isfinite(mode.q) else 0.0
    loss = loss_of_q(mode.q, mode.wavelength_nm, guide.mode.group_index)
    return DfbResonance(
        mode.wavelength_nm, mode.q, mode.symmetry, gain, mode.parity, loss, abs(finer.wavelength_nm - mode.wavelength_nm), q_error
    )


def meep(question: Asked, guide: GratingCoupling, how: Fdtd) -> DfbResult:
    from qdphotonics.fdtd import dfb_resonances
    from qdphotonics.gratings import feedback_kx

    if question.length_um is not None:
        return _meep_finite(question, guide, how)
    ring = dfb_resonances(
        question.stack,
        guide.wavelength_nm,
        question.polarization,
        feedback_kx(guide.cell) * NM_PER_UM,
        resolutions_per_um=how.resolutions_per_um,
        **how.arguments,
    )
    found = [
        _of_fdtd(each.wavelength_nm, each.q, each.symmetry, guide, each.uncertainty_nm, each.q_uncertainty) for each in ring.resonances
    ]
    edges = _pair(found, guide)
    warnings = []
    if edges is None:
        warnings.append(f"not both edges of the stop band were heard; coupled waves expect {_list(guide.stop_band_nm)} nm")
    elif _crosses(ring):
        warnings.append("the coarser grid has the edges in the other order: take higher --resolutions")
    pixels = " and ".join(f"{each:.4g}" for each in ring.resolutions_per_um)
    notes = (
        f"Meep {ring.meep_version}: extrapolated from {pixels} pixels per µm; "
        + ("computed before" if ring.cached else f"{ring.seconds:.0f} s"),
        "threshold gains from Q, with Γ and the group index of the planar mode",
    )
    result = DfbResult("meep", question.stack, guide, by_threshold(found), edges, None, None, None, ring, tuple(warnings), notes)
    return replace(result, coupling_per_cm=_coupling(edges, guide))


def _crosses(ring: FdtdResonances) -> bool:
    """Whether two edges change places between the grids; their errors are alike, so the distance is better known than either."""
    known = [each for each in ring.resonances if each.symmetry is not None]
    if len(known) != 2:
        return False
    coarse, fine = (known[1].wavelength_nm_at[at] - known[0].wavelength_nm_at[at] for at in (0, 1))
    return coarse * fine <= 0.0


def _meep_finite(question: Asked, guide: GratingCoupling, how: Fdtd) -> DfbResult:
    from qdphotonics.fdtd import finite_grating

    assert question.length_um is not None
    periods = max(2, round(question.length_um * NM_PER_UM / guide.cell.period_nm))
    if periods > MOST_PERIODS:
        longest = MOST_PERIODS * guide.cell.period_nm / NM_PER_UM
        refuse("length_um", f"be at most {longest:.4g} um ({MOST_PERIODS} periods) for FDTD; coupled waves take any", question.length_um)
    resolution = max(how.resolutions_per_um)
    ring = finite_grating(
        question.stack, periods, guide.wavelength_nm, question.polarization, resolution_per_um=resolution, **how.arguments
    )
    found = [_of_fdtd(each.wavelength_nm, each.q, each.symmetry, guide, None, None) for each in ring.resonances]
    found = [replace(each, symmetry=None) for each in found]  # even or odd about the middle: alternating along either edge's modes
    notes = (
        f"Meep {ring.meep_version}: {ring.periods} periods with absorbing ends on one grid of {ring.resolution_per_um:.4g} pixels per µm; "
        "wavelengths carry its second-order error; even and odd about the middle of the grating",
        "threshold gains from Q, with Γ and the group index of the planar mode",
    )
    length = periods * guide.cell.period_nm / NM_PER_UM
    return DfbResult("meep", question.stack, guide, by_threshold(found)[:MOST_SHOWN], None, None, length, None, ring, (), notes)


def _of_fdtd(
    wavelength_nm: float, q: float, symmetry: Symmetry | None, guide: GratingCoupling, error_nm: float | None, q_error: float | None
) -> DfbResonance:
    loss = _or_zero(loss_of_q(q, wavelength_nm, guide.mode.group_index))
    gain = loss / guide.gain_confinement if guide.cell.gain_layers else None
    parity: Parity | None = None if symmetry is None else "even" if symmetry == "bright" else "odd"
    return DfbResonance(wavelength_nm, q, symmetry, gain, parity, loss, error_nm, q_error)


def by_threshold(found: Sequence[DfbResonance]) -> tuple[DfbResonance, ...]:
    """The first to lase first; without gain layers that of largest Q."""
    return tuple(sorted(found, key=lambda each: (each.loss_per_cm if each.threshold_gain_per_cm is None else each.threshold_gain_per_cm)))


def _pair(found: Sequence[DfbResonance], guide: GratingCoupling) -> tuple[DfbResonance, DfbResonance] | None:
    """The two resonances, of the parities they should have, nearest to the edges that coupled waves expect; the shorter first."""
    expected = [_edge_parity(each) for each in guide.edges]

    def fits(pair: tuple[DfbResonance, ...]) -> bool:
        return all(each.parity in (None, parity) or parity is None for each, (_, parity) in zip(pair, expected, strict=True))

    pairs = [pair for pair in permutations(found, 2) if fits(pair)]
    if not pairs:
        return None
    first, second = min(pairs, key=lambda pair: sum(abs(each.wavelength_nm - at) for each, (at, _) in zip(pair, expected, strict=True)))
    return (first, second) if first.wavelength_nm <= second.wavelength_nm else (second, first)


def _edge_parity(edge: BandEdge) -> tuple[float, Parity | None]:
    return edge.wavelength_nm, None if edge.symmetry is None else "even" if edge.symmetry in ("bright", "even") else "odd"


def _coupling(edges: tuple[DfbResonance, DfbResonance] | None, guide: GratingCoupling) -> complex | None:
    """κ = n_g (k0 of the odd edge − k0 of the even one)/2; None for teeth without a mirror, whose edges tell κ but for its sign."""
    if edges is None or edges[0].parity is None:
        return None
    even, odd = edges[::-1] if edges[0].parity == "odd" else edges
    k_even, k_odd = (2 * pi / each.wavelength_nm * (1 - 0.5j / each.q) for each in (even, odd))
    return complex(0.5 * guide.mode.group_index * (k_odd - k_even) * NM_PER_CM)


def symmetry_of(parity: Parity | None) -> Symmetry | None:
    """Bright is even, of orders that radiate along the normal."""
    return None if parity is None else "bright" if parity == "even" else "dark"


def _endless(edges: Sequence[DfbResonance]) -> tuple[str, ...]:
    if any(each.loss_per_cm == 0.0 for each in edges):
        return ("without end a mode that loses nothing lases at once: what leaves through the ends sets its threshold (--length)",)
    return ()


def _or_zero(value: float) -> float:
    return 0.0 if abs(value) < NOTHING_PER_CM else float(value)


def _list(values: Sequence[float]) -> str:
    return " and ".join(f"{value:.3f}" for value in values)


BY_NAME: dict[Engine, Callable[[Asked, GratingCoupling, Fdtd], DfbResult]] = {
    "coupled-wave": coupled_waves,
    "bloch": bloch,
    "meep": meep,
}
