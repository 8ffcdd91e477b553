"""The design that an optimiser found, solved anew: its modes sought in full and not followed, its quantities as a sweep has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qdphotonics._tables import number
from qdphotonics.errors import InputError, ModeSearchError
from qdphotonics.sweeps.bases import main_mode
from qdphotonics.sweeps.optimization.model import counted, fresh_values, wanted_of
from qdphotonics.sweeps.optimization.result import Verification
from qdphotonics.sweeps.optimization.tasks import Finding, continuous
from qdphotonics.sweeps.quantities import BEST, POLARIZATIONS

if TYPE_CHECKING:
    from qdphotonics.optics import StackMode, StackModes
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.specs import OptimizationSpec

SAME_MODE = 1e-7  # in n_eff, between followed and sought: what twins leave of double precision
AGREEMENT = 1e-6  # of a quantity's size, or of 1 in its unit where it is smaller: six digits


@dataclass(frozen=True, eq=False)
class SolvedAnew:
    """A design, its quantities and whether they are what the search had."""

    stack: Stack
    quantities: Mapping[str, float]
    verification: Verification
    warnings: tuple[str, ...]


def solved_anew(spec: OptimizationSpec, finding: Finding) -> SolvedAnew:
    """Solve the end of a search anew.

    Where that fails, the quantities are those of the search, and the verification says that they stand alone.
    """
    assert finding.best is not None
    assert finding.best.sample is not None
    sample = finding.best.sample
    base = counted(spec, finding.task.counts)
    changes = dict(zip((variable.path for variable in continuous(spec)), finding.best.x.tolist(), strict=True))
    stack = base.changed(changes) if changes else base
    main = main_mode(base, spec.mode)
    modes, mode = _sought(stack, main, sample.n_eff)
    if mode is None:
        text = "NOT VERIFIED: the mode that was followed to this design is none of those that a search finds there."
        return SolvedAnew(stack, sample.values, Verification("", None, modes.search.certified, float("inf"), False, text), (text,))
    try:
        anew = _quantities(spec, stack, main, mode.label)
    except (InputError, ModeSearchError) as problem:
        text = f"NOT VERIFIED: {problem}"
        failed = Verification(mode.label, mode.n_eff, modes.search.certified, float("inf"), False, text)
        return SolvedAnew(stack, sample.values, failed, (text,))
    verification = _compared(mode, modes.search.certified, sample.values, anew)
    warnings = [] if verification.agrees else [verification.text]
    if (rival := _better_mode(stack, main, mode)) is not None:
        warnings.append(rival)
    return SolvedAnew(stack, anew, verification, tuple(warnings))


def _sought(stack: Stack, main: str, n_eff: complex | None) -> tuple[StackModes, StackMode | None]:
    """Every mode of the stack, and the one that was followed there."""
    from qdphotonics.optics import find_modes

    modes = find_modes(stack, polarization="TM" if main.startswith("TM") else "TE" if main.startswith("TE") else "both")
    if n_eff is None:
        return modes, None
    nearest = min(modes.modes, key=lambda mode: abs(mode.n_eff - n_eff), default=None)
    return modes, nearest if nearest is not None and abs(nearest.n_eff - n_eff) <= SAME_MODE * (1.0 + abs(n_eff)) else None


def _quantities(spec: OptimizationSpec, stack: Stack, main: str, label: str) -> dict[str, float]:
    """Every quantity of the specification on the stack; the mode by its label there, but where a selector chooses another."""
    wanted = wanted_of(spec)
    chosen = [quantity for quantity in wanted if main in BEST and quantity.family == "laser"]
    found = fresh_values(spec, stack, label, [quantity for quantity in wanted if quantity not in chosen])
    return found | fresh_values(spec, stack, main, chosen)


def _compared(mode: StackMode, certified: bool, followed: Mapping[str, float], anew: Mapping[str, float]) -> Verification:
    away = {name: abs(anew[name] - followed[name]) / max(abs(anew[name]), 1.0) for name in anew}
    worst = max(away, key=lambda name: away[name])
    agrees = certified and all(value <= AGREEMENT for value in away.values())
    if agrees:
        text = f"Verified: solved anew, {mode.label} of a certified search gives the same to {max(away[worst], 1e-15):.0e}."
    elif not certified:
        text = "NOT VERIFIED: the search for modes at this design did not find as many as it counted."
    else:
        was, now = number(followed[worst]), number(anew[worst])
        text = f"NOT VERIFIED: {worst} is {now} solved anew, but was {was} where the mode was followed."
    return Verification(mode.label, mode.n_eff, certified, away[worst], agrees, text)


def _better_mode(stack: Stack, main: str, mode: StackMode) -> str | None:
    """A remark where the specification's best mode is another one at the end than at the start of the search."""
    if main not in BEST:
        return None
    from qdphotonics.laser.analysis import strongest_mode

    best, _ = strongest_mode(stack, POLARIZATIONS[main])
    if best.passive is None or abs(best.passive.n_eff - mode.n_eff) <= SAME_MODE * (1.0 + abs(mode.n_eff)):
        return None
    told = f"the {best.pumped.polarization} mode of n_eff {best.passive.n_eff.real:.5g} has more net gain"
    return f"{told} ({number(best.net_gain_per_cm)} cm⁻¹) than {mode.label}, which was followed here; begin another search from this design"
