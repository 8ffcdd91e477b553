"""From a stack, a medium and a drive to a report: the order of the calculation (docs/physics.md, the verdict)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.errors import MediumError, ModeSearchError, StackError
from qdphotonics.laser.assumed import assumptions, gain_confinement
from qdphotonics.laser.band import band_thresholds
from qdphotonics.laser.case import Case
from qdphotonics.laser.cautions import cautions, of_the_spectrum
from qdphotonics.laser.changes import best_changes
from qdphotonics.laser.drive import Operation, operation
from qdphotonics.laser.feedback import GratingFeedback, cavity_loss_per_cm, grating_feedback
from qdphotonics.laser.gain_spectrum import Family, band_nm, spectrum_of_drives
from qdphotonics.laser.heat import device_heat, glass_transitions, hot_state
from qdphotonics.laser.margins import margins
from qdphotonics.laser.pumped import PumpedMode, pumped_modes, pumped_stack
from qdphotonics.laser.report import GainCurve, Report
from qdphotonics.laser.strongest import StrongMode, strongest_modes
from qdphotonics.laser.thresholds import film_nm, thresholds
from qdphotonics.laser.verdict import Ability, Verdict, judge
from qdphotonics.laser.weighed import ModeGain, mode_gain, net_gain_per_cm
from qdphotonics.optics import find_modes, search_seconds, waveguide_position, written_budget
from qdphotonics.stacks import as_stack
from qdphotonics.units import photon_energy_eV

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qdphotonics.gain import Medium
    from qdphotonics.optics import StackModes
    from qdphotonics.optics.problem import Polarizations
    from qdphotonics.stacks import Stack

CURVE_POINTS = 33  # net gain is nearly a straight line in G, and smooth in log j
FOLLOWING_PER_SEARCH = 60.0  # [1/s] of the square of the search's time: 386 modes take 9 s, 766 take 35 s
CURVE_DECADES = (-1.5, 2.5)  # of the current density around transparency: from the dark film to within 1 % of saturation
LEAST_CONFINEMENT = 0.01  # of the gain: a mode with less does not feel the dots


def analyze(
    stack: Stack | str | Path,
    medium: str | Medium | None = None,
    current_density_A_per_cm2: float | None = None,
    fluence_J_per_cm2: float | None = None,
    mode: str | None = None,
) -> Report:
    """Whether a stack can amplify and lase, and what stands in the way.

    Parameters
    ----------
    stack : Stack, or the name or file of one
        With at least one layer of ``role: gain``.
    medium : str or Medium, optional
        The stack's own unless given.
    current_density_A_per_cm2, fluence_J_per_cm2 : float, optional
        The drive; the stack's own unless one is given; saturated gain if there is none.
    mode : str, optional
        Label of a mode of the passive stack, such as "TE0"; the mode of largest net gain at the drive unless given (where
        none amplifies at the drive: at saturation; where none does at all: of those that the dots reach).

    Returns
    -------
    Report

    Raises
    ------
    StackError
        No gain layer, no medium, or an incoherent layer.
    ArgumentError
        Two drives, a negative drive, or no mode of that label.
    MediumError
        No medium of that name.
    ModeSearchError
        The mode that was asked for cannot be followed to the gain of the drive.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> report = qdp.analyze(qdp.load_stack("jung2022-lito-ag"))
    >>> report.verdict.optical.ase
    True
    """
    stack = as_stack(stack)
    weighed = _weighed(stack, medium, operation(stack, current_density_A_per_cm2, fluence_J_per_cm2), mode)
    return _report_without_mode(stack, weighed) if weighed.case is None else _report(stack, weighed, weighed.case)


def verdict_of(stack: Stack, mode: str | None = None) -> Verdict:
    """The verdict of :func:`analyze` at the stack's own drive, without the rest of the report: a sixth of the time.

    Parameters
    ----------
    stack : Stack
    mode : str, optional
        As for :func:`analyze`, which lists the errors.
    """
    weighed = _weighed(stack, None, operation(stack, None, None), mode)
    return _no_mode(weighed) if weighed.case is None else judge(weighed.case)


def reported_mode(stack: Stack, polarization: Polarizations = "both") -> tuple[PumpedMode, float]:
    """The mode that :func:`analyze` reports at the stack's own drive, or would if only one polarization existed, and the drive's gain.

    Parameters
    ----------
    stack : Stack
    polarization : {"TE", "TM", "both"}

    Returns
    -------
    PumpedMode
    float
        Material gain [cm^-1].

    Raises
    ------
    ModeSearchError
        The stack has no such mode.
    StackError
        As for :func:`analyze`.
    """
    candidates, gain, saturated_gain = _pumped(stack, polarization)
    return best_mode(candidates, gain, saturated_gain), gain


def strongest_mode(stack: Stack, polarization: Polarizations, *, saturated: bool = False) -> tuple[StrongMode, float]:
    """The mode of largest net gain at the stack's own drive, or at saturation, and the gain there; errors as above.

    However little the dots have to do with it: what holds for it holds for every mode. Where none amplifies it is the one that
    loses least, not, as in :func:`reported_mode`, the most promising.
    """
    medium = medium_of(stack, None)
    gain = medium.material_gain_per_cm if saturated else operation(stack, None, None).material_gain_per_cm(medium)
    ready = pumped_stack(stack)
    found = strongest_modes(ready.passive, ready.at(gain), polarization)
    if not found:
        which = "" if polarization == "both" else f"{polarization} "
        raise ModeSearchError(f"the stack has no {which}mode at {stack.wavelength_nm:g} nm, with gain and without")
    return found[0], gain


def _pumped(stack: Stack, polarization: Polarizations) -> tuple[list[PumpedMode], float, float]:
    """Every mode ready to be pumped, at least one, and the gain at the drive and at saturation."""
    medium = medium_of(stack, None)
    gain = operation(stack, None, None).material_gain_per_cm(medium)
    modes = find_modes(stack, polarization=polarization)
    candidates, _ = pumped_modes(stack, modes, medium.material_gain_per_cm)
    if not candidates:
        which = "" if polarization == "both" else f"{polarization} "
        raise ModeSearchError(f"the stack has no {which}mode at {modes.wavelength_nm:g} nm without gain; searched: {modes.search.note}")
    return candidates, gain, medium.material_gain_per_cm


@dataclass(frozen=True, eq=False)
class _Weighed:
    """What was found of a stack before a report is made of it; ``case`` None: it has no mode to amplify, ``text`` says why."""

    medium: Medium
    drive: Operation
    gain: float
    modes: StackModes
    remarks: list[str]
    mode: PumpedMode | None = None
    gains: tuple[ModeGain, ...] = ()
    case: Case | None = None
    text: str = ""


def _weighed(stack: Stack, medium: str | Medium | None, drive: Operation, mode: str | None) -> _Weighed:
    chosen = medium_of(stack, medium)
    gain = drive.material_gain_per_cm(chosen)
    modes = find_modes(stack)
    candidates, remarks = pumped_modes(stack, modes, chosen.material_gain_per_cm)
    found = _Weighed(chosen, drive, gain, modes, remarks)
    if not candidates:
        text = f"The stack has no mode at {modes.wavelength_nm:g} nm without gain; searched: {modes.search.note}."
        return replace(found, text=text)
    gains = [mode_gain(stack, chosen, candidate, gain, cavity_loss_per_cm(stack, None)) for candidate in candidates]
    eligible = candidates if mode is None else [each for each in candidates if each.passive.label == modes[mode].label]
    best = best_mode(eligible, gain, chosen.material_gain_per_cm)
    if mode is None and net_gain_per_cm(best, gain) is None:
        verb = "absorb" if gain < 0 else "amplify"
        text = f"At the drive of {drive} the dots {verb} so much that no mode of the stack can be followed there."
        return replace(found, text=text)
    rivals = None if mode is not None else [each for one, each in zip(candidates, gains, strict=True) if one is not best]
    return replace(found, mode=best, gains=tuple(gains), case=_case(stack, chosen, drive, gain, best, rivals))


def analysis_seconds(stack: Stack) -> float:
    """About how long :func:`analyze` takes for a stack of many modes [s]: each is followed, and all others are watched meanwhile."""
    return search_seconds(stack) ** 2 * FOLLOWING_PER_SEARCH


def best_mode(candidates: Sequence[PumpedMode], gain: float, saturated_gain: float) -> PumpedMode:
    """The mode of largest net gain at the drive; where none amplifies there, the one of largest net gain at saturation.

    Below transparency the dots absorb, so that the least negative mode is one that keeps away from them: it says nothing
    of what the stack can do. Nor does such a mode where none amplifies at all: then one that the dots reach is preferred.

    Parameters
    ----------
    candidates : sequence of PumpedMode
        At least one.
    gain, saturated_gain : float
        Material gain at the drive and at saturation [cm^-1].
    """
    best = max(candidates, key=lambda mode: _rank(mode, gain))
    if _rank(best, gain) > 0:
        return best
    reached = [mode for mode in candidates if _rank(mode, gain) > -inf] or list(candidates)
    best = max(reached, key=lambda mode: _rank(mode, saturated_gain))
    if _rank(best, saturated_gain) > 0:
        return best
    held = [mode for mode in reached if mode.net_gain_slope(0.0) > LEAST_CONFINEMENT] or reached
    return max(held, key=lambda mode: _rank(mode, saturated_gain))


def _rank(mode: PumpedMode, material_gain: float) -> float:
    """Net gain [cm^-1], minus infinity where the mode cannot be followed to that gain."""
    reached = net_gain_per_cm(mode, material_gain)
    return -inf if reached is None else reached


def medium_of(stack: Stack, medium: str | Medium | None) -> Medium:
    """The medium named, else the stack's own.

    A name is sought in ``materials/gain/`` beside the stack's file, then among the shipped media. A file that the stack names is
    sought from the stack's folder, then from the working folder; one that is asked for, from the working folder.

    Raises
    ------
    StackError
        The stack has no gain layer, or no medium is named anywhere.
    """
    from qdphotonics.gain import load_medium

    if not stack.gain_layers:
        raise StackError(f'stack "{stack.name}" must have a layer with `role: gain` to be analysed, but has none', file=stack.file)
    name = stack.medium if medium is None else medium
    if name is None:
        raise StackError(f'stack "{stack.name}" must name its medium, as in `gain: {{medium: ccg-QD}}`, but does not', file=stack.file)
    if not isinstance(name, str):
        return name
    beside = None if stack.file is None else stack.file.parent
    own = medium is None and beside is not None and (beside / name).is_file()
    try:
        return load_medium(beside / name if own and beside else name, () if beside is None else (beside / "materials" / "gain",))
    except MediumError as problem:
        if medium is not None or problem.file is not None:
            raise
        raise stack.document.fault_in(("gain", "medium"), problem.message) from None


def _case(stack: Stack, medium: Medium, drive: Operation, gain: float, mode: PumpedMode, rivals: list[ModeGain] | None) -> Case:
    """What the verdict weighs; ``rivals`` None: the mode was named."""
    passive, heat = mode.passive, device_heat(stack)
    feedback = grating_feedback(stack, medium, passive.label)
    cavity_loss = cavity_loss_per_cm(stack, feedback)
    return Case(
        label=passive.label,
        confinement=gain_confinement(stack, passive.solution.confinement.intensity),
        saturated_gain_per_cm=medium.material_gain_per_cm,
        saturated_modal_gain_per_cm=mode.modal_gain_per_cm(medium.material_gain_per_cm),
        loss_per_cm=passive.loss_per_cm,
        budget_per_cm=written_budget(stack, passive),
        operation=drive,
        net_gain_per_cm=mode.net_gain_per_cm(gain),
        thresholds=thresholds(stack, medium, mode, cavity_loss),
        cavity_loss_per_cm=cavity_loss,
        cavity_length_um=None if stack.cavity is None else stack.cavity.length_um,
        feedback=feedback,
        max_current_density_A_per_cm2=None if stack.drive is None else stack.drive.max_current_density_A_per_cm2,
        monolayers=medium.monolayers(film_nm(stack)),
        rise_K=None if heat is None else heat.rise_K(drive.current_density_A_per_cm2),
        transitions=glass_transitions(stack),
        mode_was_named=rivals is None,
        rivals=tuple(rivals or ()),
        wavelength_nm=passive.wavelength_nm,
        gain_offset_meV=1e3 * (photon_energy_eV(passive.wavelength_nm) - medium.gain_energy_eV),
    )


def _report(stack: Stack, weighed: _Weighed, case: Case) -> Report:
    medium, gain, modes, mode, gains = weighed.medium, weighed.gain, weighed.modes, weighed.mode, weighed.gains
    assert mode is not None  # a case is one of a mode
    position, heat = waveguide_position(stack), device_heat(stack)
    rise = None if heat is None else heat.rise_K(case.operation.current_density_A_per_cm2)
    band = band_nm(stack, medium)
    family = None if band is None else Family(stack, mode, band)
    spectrum = None if family is None else spectrum_of_drives(family, medium, case.operation, case.thresholds)
    in_band = None if family is None else band_thresholds(family, medium, case.cavity_loss_per_cm, case.feedback)
    return Report(
        stack=stack,
        wavelength_nm=modes.wavelength_nm,
        modes=modes,
        mode=mode.passive,
        medium=medium,
        operation=case.operation,
        confinement=case.confinement,
        material_gain_per_cm=gain,
        modal_gain_per_cm=mode.modal_gain_per_cm(gain),
        loss_per_cm=case.loss_per_cm,
        net_gain_per_cm=case.net_gain_per_cm,
        confinement_gain_per_cm=case.confinement * gain,
        saturated_net_gain_per_cm=case.saturated_net_gain_per_cm,
        thresholds=case.thresholds,
        cavity_loss_per_cm=case.cavity_loss_per_cm,
        heating_K=rise,
        heat=heat,
        monolayers=case.monolayers,
        critical_angle_deg=modes.critical_angle_deg,
        mode_angle_deg=None if position is None else mode.passive.angle_deg[stack.all_names[position]],
        verdict=judge(case),
        feedback=case.feedback if isinstance(case.feedback, GratingFeedback) else None,
        margins=margins(case, heat),
        hot=None if rise is None else hot_state(stack, medium, mode, rise, gain),
        spectrum=spectrum,
        band_thresholds=in_band,
        changes=best_changes(stack, mode, gain),
        mode_gains=gains,
        curve=gain_curve(medium, mode),
        assumed=assumptions(stack, medium, mode, gain, case.thresholds.net_gain.material_gain_per_cm),
        warnings=(*weighed.remarks, *cautions(stack, medium, modes, gains, case), *of_the_spectrum(case, medium, gain, spectrum, in_band)),
    )


def _no_mode(weighed: _Weighed) -> Verdict:
    nothing = Ability(ase=False, lasing=None)
    return Verdict(nothing, nothing, None, weighed.text)


def _report_without_mode(stack: Stack, weighed: _Weighed) -> Report:
    """A "no" verdict: there is no mode to amplify."""
    medium, modes, heat = weighed.medium, weighed.modes, device_heat(stack)
    return Report(
        stack=stack,
        wavelength_nm=modes.wavelength_nm,
        modes=modes,
        mode=None,
        medium=medium,
        operation=weighed.drive,
        confinement=None,
        material_gain_per_cm=weighed.gain,
        modal_gain_per_cm=None,
        loss_per_cm=None,
        net_gain_per_cm=None,
        confinement_gain_per_cm=None,
        saturated_net_gain_per_cm=None,
        thresholds=thresholds(stack, medium, None, None),
        cavity_loss_per_cm=cavity_loss_per_cm(stack, None),
        heating_K=None if heat is None else heat.rise_K(weighed.drive.current_density_A_per_cm2),
        heat=heat,
        monolayers=medium.monolayers(film_nm(stack)),
        critical_angle_deg=modes.critical_angle_deg,
        mode_angle_deg=None,
        verdict=_no_mode(weighed),
        feedback=None,
        margins=None,
        hot=None,
        spectrum=None,
        band_thresholds=None,
        changes=(),
        mode_gains=(),
        curve=None,
        assumed=(),
        warnings=tuple(weighed.remarks),
    )


def gain_curve(medium: Medium, mode: PumpedMode) -> GainCurve:
    """Net and modal gain from the dark film to near saturation; a mode that ends on the way ends the curve there."""
    transparency = float(medium.current_density_A_per_cm2(0.0))
    currents = transparency * np.logspace(*CURVE_DECADES, CURVE_POINTS)
    rows = []
    for current, gain in zip(currents.tolist(), medium.gain_per_cm(currents).tolist(), strict=True):
        net_gain = net_gain_per_cm(mode, gain)
        if net_gain is None:
            continue
        pulse = float(medium.fluence_J_per_cm2(gain / medium.material_gain_per_cm))
        rows.append((gain, net_gain + mode.passive.loss_per_cm, net_gain, current, pulse))
    return GainCurve(*np.array(rows).reshape(-1, 5).T)
