"""Quantum-dot gain: media, their gain under a drive, and the drive for a gain.

``load_medium(name, folders=())`` reads a medium (materials/gain/*.yaml) into a frozen :class:`Medium`; ``list_media()``
names the shipped ones. Of a medium ``m`` (all vectorised, a number in gives a number out)::

    m.gain_per_cm(j, monolayers=1.0)                  G [cm^-1] under a steady current density [A/cm^2]
    m.gain_per_cm_at_intensity(I)                     ... a steady pump intensity at the dots [W/cm^2]
    m.gain_per_cm_at_fluence(w)                       ... just after a short pump pulse, fluence at the dots [J/cm^2]
    m.occupancy(j, monolayers=1.0), m.occupancy_at_intensity(I), m.occupancy_at_fluence(w)      -> Occupancy
    m.current_density_A_per_cm2(x, monolayers=1.0)    drive at which G/G0 reaches x; inf for x >= 1, 0 for x <= -1
    m.intensity_W_per_cm2(x), m.fluence_J_per_cm2(x)
    m.threshold(x, monolayers=1.0) -> Threshold       all drives for one G/G0 = x
    m.thresholds(monolayers=1.0) -> Thresholds        .transparency (x = 0), .half_gain (x = 1/2)
    m.monolayers(film_thickness_nm) -> float          N_ML of a film (>= 1)
    m.resized(radius_nm) -> Medium                    only where tau_XX = chi V (CdSe); m.radius_nm, m.biexciton_yield
    m.material_gain_per_cm (G0), m.gain_wavelength_nm, m.assumed {field: (low, high)}, m.sources {field: text}, m.note
"""

from __future__ import annotations

from qdphotonics.gain.library import list_media, load_medium
from qdphotonics.gain.medium import Medium, Threshold, Thresholds
from qdphotonics.gain.occupancy import (
    Occupancy,
    pulse_excitons_per_dot,
    pulse_occupancy,
    steady_occupancy,
    steady_rate_per_ns,
)

__all__ = [
    "Medium",
    "Occupancy",
    "Threshold",
    "Thresholds",
    "list_media",
    "load_medium",
    "pulse_excitons_per_dot",
    "pulse_occupancy",
    "steady_occupancy",
    "steady_rate_per_ns",
]
