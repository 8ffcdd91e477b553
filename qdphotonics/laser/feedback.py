"""The feedback of a stack's grating for the mode of a report, by coupled waves (:func:`qdphotonics.laser.dfb.dfb`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qdphotonics.errors import QDPhotonicsError
from qdphotonics.laser.cavity import mirror_loss_per_cm

if TYPE_CHECKING:
    from qdphotonics.gain import Medium
    from qdphotonics.stacks import Stack

LEAST_SHARE = 0.05  # of G0: a grating whose wavelength sees less of it is off the band
SMALLEST_LOSS_PER_CM = 1e-9  # a dark edge of an endless grating loses nothing; what rounding makes of that


@dataclass(frozen=True)
class GratingFeedback:
    """The mode of a grating that is first to lase.

    Parameters
    ----------
    wavelength_nm : float
        Where it lases.
    symmetry : {"bright", "dark"} or None
    order : int
    period_nm : float
    period_for_peak_nm : float
        With which it would lase at the medium's gain peak.
    length_um : float or None
        None: the file gives none, and the grating is taken as endless.
    coupling_per_cm : complex
    stop_band_nm : (float, float)
    cavity_loss_per_cm : float
        What its cavity loses: through the ends and, above first order, upwards and downwards.
    threshold_gain_per_cm : float or None
        Material gain at which it lases, the gain in the planar mode and in the grating.
    """

    wavelength_nm: float
    symmetry: str | None
    order: int
    period_nm: float
    period_for_peak_nm: float
    length_um: float | None
    coupling_per_cm: complex
    stop_band_nm: tuple[float, float]
    cavity_loss_per_cm: float
    threshold_gain_per_cm: float | None


def grating_feedback(stack: Stack, medium: Medium, label: str) -> GratingFeedback | str | None:
    """The feedback of a planar mode; a reason where it has none; None without a grating.

    Parameters
    ----------
    stack : Stack
    medium : Medium
    label : str
        Of the planar mode, such as TE0.
    """
    if stack.grating is None:
        return None
    from qdphotonics.laser.dfb import dfb

    length = None if stack.cavity is None else stack.cavity.length_um
    try:
        found = dfb(stack, "coupled-wave", mode=label, length_um=length)
    except QDPhotonicsError as problem:
        return str(problem).removesuffix(".")
    if not found.resonances or found.coupling_per_cm is None or found.stop_band_nm is None:
        return "it has no mode near its Bragg wavelength"
    first, guide = found.resonances[0], found.guide
    loss = first.loss_per_cm - guide.loss_per_cm
    apart = (medium.gain_wavelength_nm - first.wavelength_nm) / first.wavelength_nm
    period = found.period_nm * (1 + apart * guide.mode.group_index / guide.n_eff.real)
    most = float(medium.gain_spectrum_per_cm([first.wavelength_nm], current_density_A_per_cm2=np.inf)[0])
    if most < LEAST_SHARE * medium.material_gain_per_cm:
        band = f"where the dots do not amplify; a period of {period:.1f} nm would put it at their peak, {medium.gain_wavelength_nm:.0f} nm"
        return f"it feeds back at {first.wavelength_nm:.0f} nm, {band}"
    return GratingFeedback(
        wavelength_nm=first.wavelength_nm,
        symmetry=first.symmetry,
        order=found.order,
        period_nm=found.period_nm,
        period_for_peak_nm=period,
        length_um=length,
        coupling_per_cm=found.coupling_per_cm,
        stop_band_nm=found.stop_band_nm,
        cavity_loss_per_cm=loss if loss > SMALLEST_LOSS_PER_CM else 0.0,
        threshold_gain_per_cm=first.threshold_gain_per_cm,
    )


def cavity_loss_per_cm(stack: Stack, feedback: GratingFeedback | str | None) -> float | None:
    """Loss of a stack's cavity: of its grating, where that feeds back, else of its facets [cm^-1]; None without a cavity."""
    if isinstance(feedback, GratingFeedback):
        return feedback.cavity_loss_per_cm
    return None if stack.cavity is None else mirror_loss_per_cm(stack.cavity)
