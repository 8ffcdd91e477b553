"""Quantum-dot gain: media, their gain under a drive, and the drive for a gain.

``load_medium(name, folders=())`` reads a medium (materials/gain/*.yaml) into a frozen :class:`Medium`; ``list_media()``
names the shipped ones. Of a medium ``m`` (all vectorised, a number in gives a number out)::

    m.gain_per_cm(j, monolayers=1.0)                  peak gain [cm^-1] under a steady current density [A/cm^2]
    m.gain_per_cm_at_intensity(I)                     ... a steady pump intensity at the dots [W/cm^2]
    m.gain_per_cm_at_fluence(w, pulse_ns=0.0)         ... after a pump pulse, fluence at the dots [J/cm^2]
    m.gain_spectrum_per_cm(nm, current_density_A_per_cm2=j)     G(wavelength) under one of these drives [..., wavelength]
    m.occupancy(j, monolayers=1.0), m.occupancy_at_intensity(I), m.occupancy_at_fluence(w)      -> Occupation
    m.current_density_A_per_cm2(x, monolayers=1.0)    drive at which G/G0 reaches x; inf where none does
    m.intensity_W_per_cm2(x), m.fluence_J_per_cm2(x)
    m.threshold(x, monolayers=1.0) -> Threshold       all drives for one G/G0 = x
    m.thresholds(monolayers=1.0) -> Thresholds        .transparency (x = 0), .half_gain (x = 1/2), .by_transition
    ... each with transition="1P" for another transition than the band edge
    m.three_state, m.charged(n_e), m.at_temperature(K), m.resized(radius_nm), m.with_material_gain(G0) -> Medium
    m.chain, m.recombination, m.transitions           what the above is computed from (Chain, Recombination, Transition)
    m.monolayers(film_thickness_nm) -> float          N_ML of a film (>= 1)
    m.warnings(nm, kelvin, excitons_per_dot)          what a report should say of a use outside m.valid (m.valid_nm)
    m.material_gain_per_cm (G0), m.gain_wavelength_nm, m.radius_nm, m.biexciton_yield, m.dots_per_cm3
    medium_gain(name, nm, current_density_A_per_cm2=j), thresholds(name, charge=0)      what the command line prints of a medium
    m.assumed {name: (low, high)}, m.quantity(name), m.sources {name: text}, m.note
"""

from __future__ import annotations

from qdphotonics.gain.chain import Chain
from qdphotonics.gain.charging import CoulombLadder, poisson_charges
from qdphotonics.gain.library import list_media, load_medium
from qdphotonics.gain.medium import Medium
from qdphotonics.gain.medium_gain import MediumGain, medium_gain
from qdphotonics.gain.medium_thresholds import MediumThresholds, TransitionThresholds, thresholds
from qdphotonics.gain.occupation import Occupation
from qdphotonics.gain.recombination import Recombination, auger_biexciton_ns
from qdphotonics.gain.spectrum import GainSpectrum, gain_spectrum, gain_spectrum_per_cm
from qdphotonics.gain.threshold import Threshold, Thresholds
from qdphotonics.gain.transitions import AugerAssisted, Transition
from qdphotonics.gain.validity import Validity
from qdphotonics.gain.varied import varied

__all__ = [
    "AugerAssisted",
    "Chain",
    "CoulombLadder",
    "GainSpectrum",
    "Medium",
    "MediumGain",
    "MediumThresholds",
    "Occupation",
    "Recombination",
    "Threshold",
    "Thresholds",
    "Transition",
    "TransitionThresholds",
    "Validity",
    "auger_biexciton_ns",
    "gain_spectrum",
    "gain_spectrum_per_cm",
    "list_media",
    "load_medium",
    "medium_gain",
    "poisson_charges",
    "thresholds",
    "varied",
]
