"""The drives at which a medium reaches a gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdphotonics.gain.medium import Medium


@dataclass(frozen=True)
class Threshold:
    """The drives at which a transition of a medium reaches one gain.

    Parameters
    ----------
    transition : str
        Its name.
    gain_fraction : float
        G/G0.
    gain_per_cm : float
        G [cm^-1].
    excitons_per_dot : float
        Mean <N> under the steady current; close to 1 at transparency of a band edge for two.
    current_density_A_per_cm2 : float
        Steady current density for ``monolayers`` layers of dots.
    intensity_W_per_cm2 : float
        Steady pump intensity at the dots.
    fluence_J_per_cm2 : float
        Fluence at the dots of one short pump pulse.
    pulse_excitons_per_dot : float
        Mean number of photons that it makes a dot absorb; 1.1462 at transparency of a neutral band edge for two.
    monolayers : float
        N_ML of the current density.

    Drives are 0 where the dark film has that gain and infinite where no drive is enough.
    """

    transition: str
    gain_fraction: float
    gain_per_cm: float
    excitons_per_dot: float
    current_density_A_per_cm2: float
    intensity_W_per_cm2: float
    fluence_J_per_cm2: float
    pulse_excitons_per_dot: float
    monolayers: float


@dataclass(frozen=True)
class Thresholds:
    """Thresholds of a medium's band edge, G = 0 and G = G0/2, which the papers take for the lasing threshold.

    Parameters
    ----------
    medium : Medium
    transparency, half_gain : Threshold
    by_transition : tuple of Threshold
        Transparency of every transition, the band edge first.
    """

    medium: Medium
    transparency: Threshold
    half_gain: Threshold
    by_transition: tuple[Threshold, ...]
