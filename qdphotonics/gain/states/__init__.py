"""States of quantum dots, platelets and cubes in the effective-mass approximation: from a bulk compound to Delta_XX.

Bulk: ``load_compound(name)`` (materials/compounds/*.yaml, each number with its source), ``list_compounds()``,
``alloy(first, second, fraction)`` -> :class:`Compound`.

Sphere with infinite walls, closed forms, vectorised over the radius: ``level_energy_eV(n, L, radius_nm, mass)``, ``degeneracy(L)``,
``bessel_zero(n, L)``, ``gap_eV(compound, radius_nm)``, ``charging_energy_eV(radius_nm)``.

Core/shell/shell, graded or not, finite barriers, one mass for each compound::

    profile = RadialProfile.of(("CdSe", 2.0), ("CdSe", "ZnSe", 9.0), ("ZnS", 9.4))       # (compound, [graded to,] outer radius in nm)
    states = solve_radial(profile)                                                          # RadialStates, some 15 ms
    states.electron("1S").energy_eV, states.overlap_squared, states.exciton_eV, states.exciton_exciton_meV, states.classification

``platelet(compound, monolayers, area_nm2)`` and ``cube(compound, edge_nm)`` have models of their own.

What a spherical mean field cannot give: the binding of biexcitons in type-I dots by correlation (``correlation_meV``), and the
exciton-exciton repulsion of 57 to 80 meV measured in quantum shells. ``solve_polar(profile)`` -> :class:`PolarStates` gives that: wurtzite
polarised along its axis, which puts electron and hole on opposite poles.
"""

from __future__ import annotations

from qdphotonics.gain.states.compound import Compound, alloy
from qdphotonics.gain.states.cubes import Cube, cube
from qdphotonics.gain.states.levels import Level
from qdphotonics.gain.states.library import list_compounds, load_compound
from qdphotonics.gain.states.platelets import Platelet, platelet
from qdphotonics.gain.states.polar import PolarStates, solve_polar
from qdphotonics.gain.states.profile import RadialProfile, Shell
from qdphotonics.gain.states.radial import RadialStates, solve_radial
from qdphotonics.gain.states.sphere import bessel_zero, charging_energy_eV, degeneracy, gap_eV, label, level_energy_eV, quantum_numbers

__all__ = [
    "Compound",
    "Cube",
    "Level",
    "Platelet",
    "PolarStates",
    "RadialProfile",
    "RadialStates",
    "Shell",
    "alloy",
    "bessel_zero",
    "charging_energy_eV",
    "cube",
    "degeneracy",
    "gap_eV",
    "label",
    "level_energy_eV",
    "list_compounds",
    "load_compound",
    "platelet",
    "quantum_numbers",
    "solve_polar",
    "solve_radial",
]
