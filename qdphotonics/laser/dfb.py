"""A stack with a grating as a distributed-feedback laser: one question, three engines.

Coupled waves come first whichever engine is asked: they name the planar mode, its Bragg wavelength and where the edges of the
stop band are to be expected. Bloch modes and FDTD then find those edges by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from qdphotonics._checks import one_of, positive, refuse
from qdphotonics.errors import ArgumentError, ModeSearchError, StackError
from qdphotonics.laser.dfb_engines import BY_NAME, Asked, Fdtd, bloch, coupled_waves
from qdphotonics.laser.dfb_result import ENGINES, DfbResult, Engine
from qdphotonics.planar.results import Polarization

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qdphotonics.fdtd import Progress
    from qdphotonics.gratings import GratingCoupling
    from qdphotonics.stacks import Stack

    Stacked = Stack | str | Path | Mapping[str, Any]

RESOLUTIONS_PER_UM = (100.0, 200.0)
LABEL = re.compile(r"(TE|TM)(\d{1,3})")
MOST_STEPS, SETTLED = 20, 1e-9  # relative step of a period after which it stands


def asked(
    stack: Stacked, wavelength_nm: float | None, polarization: str | None, mode: str | None, order: int | None, length_um: float | None
) -> Asked:
    """The stack with what is to differ from its file, and the planar mode meant."""
    from qdphotonics.stacks import as_stack

    found = as_stack(stack)
    if found.grating is None:
        cure = "give the file a block such as grating: {layer: L-ITO, period: 390, depth: 30, duty: 0.5, order: 2}"
        raise ArgumentError(f'Argument `stack` must have a grating, but "{found.name}" has none; {cure}')
    changes: dict[str, object] = {}
    if wavelength_nm is not None:
        changes["wavelength"] = positive("wavelength_nm", wavelength_nm, "nm")
    if order is not None:
        if isinstance(order, bool) or int(order) != order or order < 1:
            refuse("order", "be an integer >= 1", order)
        changes["grating.order"] = int(order)
    if polarization is not None:
        one_of("polarization", polarization, get_args(Polarization))
    which = LABEL.fullmatch(f"{polarization or 'TE'}0" if mode is None else mode)
    if which is None or (mode is not None and polarization not in (None, which[1])):
        refuse("mode", "be a polarization's own label such as TE0" if which is None else f"be a {polarization} mode", repr(mode))
    chosen: Polarization = "TE" if which[1] == "TE" else "TM"
    length = None if length_um is None else positive("length_um", length_um, "um")
    return Asked(found.changed(changes) if changes else found, chosen, int(which[2]), length)


def coupling_of(question: Asked) -> GratingCoupling:
    """The planar mode and its coupling constants; where its Bragg wavelength cannot be reached, an error that says so."""
    from qdphotonics.gratings import grating_coupling

    try:
        return grating_coupling(question.stack, question.polarization, question.number)
    except ArgumentError as problem:
        label = f"{question.polarization}{question.number}"
        if "`mode`" not in problem.message:  # the search for the Bragg wavelength left all wavelengths
            raise ModeSearchError(f"No {label} mode meets the Bragg condition of {_feedback(question.stack)}") from None
        told = f'there is no mode "{label}" at {question.stack.wavelength_nm:.6g} nm that a grating could couple'
        raise ArgumentError(f"Argument `mode`: {told}; `qdphotonics modes` lists those of the stack") from None
    except StackError as problem:
        told = f"{_feedback(question.stack)} feeds back far from {question.stack.wavelength_nm:.6g} nm"
        raise StackError(f"{told}: {problem.message}", file=problem.file, line=problem.line) from None


def _feedback(stack: Stack) -> str:
    grating = stack.grating
    assert grating is not None  # `asked` saw to it
    return f"order {grating.order} at a period of {grating.period_nm:.6g} nm"


def dfb(
    stack: Stacked,
    engine: Engine = "coupled-wave",
    *,
    wavelength_nm: float | None = None,
    polarization: Polarization | None = None,
    mode: str | None = None,
    order: int | None = None,
    length_um: float | None = None,
    period_for_nm: float | None = None,
    resolutions_per_um: Sequence[float] = RESOLUTIONS_PER_UM,
    timeout_s: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> DfbResult:
    """Resonances of a stack with a grating: wavelengths, Q, stop band, coupling, threshold gains.

    Parameters
    ----------
    stack : Stack, its name, its file or a mapping
        With a ``grating:``.
    engine : {"coupled-wave", "bloch", "meep"}
        Coupled waves (instant; to first order in the depth), Bloch modes (rigorous), FDTD (the independent witness; minutes).
    wavelength_nm : float, optional
        Near which the Bragg wavelength is looked for; the stack's own unless given.
    polarization : {"TE", "TM"}, optional
        TE unless given.
    mode : str, optional
        Planar mode that the grating couples, such as "TE1"; the one of largest n_eff unless given.
    order : int, optional
        Diffraction order that feeds back, other than the file's.
    length_um : float, optional
        A grating that ends, its facets those of ``cavity:``; without end unless given. Not for Bloch modes.
    period_for_nm : float, optional
        Choose the period so that the edge of lower threshold (without gain layers the middle of the stop band) lies here.
    resolutions_per_um, timeout_s, progress : optional
        Of FDTD, see :func:`qdphotonics.fdtd.dfb_resonances`.

    Returns
    -------
    DfbResult

    Raises
    ------
    ArgumentError
        There is no grating, or an argument is out of its range.
    ModeSearchError
        The stack has no such mode, or none that meets the Bragg condition.
    EngineError
        Meep is missing or fails.

    Examples
    --------
    >>> result = dfb("dfb-test-cell", "bloch")
    >>> [(each.symmetry, round(each.wavelength_nm, 2), each.q) for each in result.resonances][0]
    ('dark', 620.51, inf)
    """
    one_of("engine", engine, ENGINES)
    if timeout_s is not None:
        positive("timeout_s", timeout_s, "s")
    if engine == "bloch" and length_um is not None:
        refuse("length_um", "not be given to Bloch modes, whose grating has no end; take coupled waves", f"{length_um:g}")
    question = asked(stack, wavelength_nm, polarization, mode, order, length_um)
    if period_for_nm is not None:
        question = _with_period(question, engine, positive("period_for_nm", period_for_nm, "nm"))
    solved = BY_NAME[engine](question, coupling_of(question), Fdtd(tuple(resolutions_per_um), timeout_s, progress))
    return replace(solved, period_for_nm=period_for_nm)


def _with_period(question: Asked, engine: Engine, wanted_nm: float) -> Asked:
    """The stack with the period that puts its first edge to lase at a wavelength, by the engine itself (for FDTD by Bloch modes)."""
    stack = question.stack.changed({"wavelength": wanted_nm})
    first = coupling_of(question)
    period = first.cell.period_nm * wanted_nm / first.wavelength_nm
    solve = coupled_waves if engine == "coupled-wave" else bloch
    for _ in range(MOST_STEPS):
        question = question._replace(stack=stack.changed({"grating.period": period}))
        guide = coupling_of(question)
        found = solve(question, guide, Fdtd((), None, None))
        if found.resonances[0].threshold_gain_per_cm is None and found.stop_band_nm is not None:
            reached = sum(found.stop_band_nm) / 2
        else:
            reached = found.resonances[0].wavelength_nm
        step = (wanted_nm - reached) / wanted_nm * guide.mode.group_index / guide.n_eff.real
        if abs(step) < SETTLED:
            return question
        period *= 1 + step
    raise ModeSearchError(f"No period was found that lases at {wanted_nm:.6g} nm: the search ended at {period:.6g} nm")
