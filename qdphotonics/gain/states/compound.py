"""A bulk semiconductor as the effective-mass models see it, and alloys of two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from pathlib import Path

from qdphotonics._checks import refuse
from qdphotonics.errors import MaterialError
from qdphotonics.units import COULOMB_EV_NM, HBAR2_PER_ELECTRON_MASS_EV_NM2

# Vegard's law for these; the gap is theirs too, less the bowing.
_LINEAR = ("electron_mass", "hole_mass", "static_dielectric", "optical_dielectric", "lattice_nm")


@dataclass(frozen=True)
class Compound:
    """A bulk semiconductor at 300 K.

    Parameters
    ----------
    name : str
    gap_eV : float
        Bulk gap.
    electron_mass, hole_mass : float
        Effective masses of the conduction band and of the (heavy) hole, in free-electron masses.
    static_dielectric, optical_dielectric : float
        Dielectric constants below and above the optical phonons.
    electron_affinity_eV : float
        Vacuum level less conduction-band edge: differences between compounds are the (unstrained) offsets.
    lattice_nm : float
        Lattice constant of the cubic phase; half of it is a monolayer.
    light_hole_mass : float or None
    slab_hole_mass : float or None
        Mass of the heavy hole along the normal of a platelet, where it differs from ``hole_mass``.
    spontaneous_polarization_C_per_m2 : float or None
        Of wurtzite along its axis, magnitude.
    valleys : int
        Equivalent minima of the Brillouin zone (4 in the lead salts); they multiply every degeneracy.
    bowing_eV : mapping of str to (float, str)
        Other compound -> (bowing of the gap, the band that bends, "conduction" or "valence").
    assumed, sources : mapping
        Field -> plausible range, and field -> where the value comes from.

    Raises
    ------
    MaterialError
        A number that is not positive and finite.
    """

    name: str
    gap_eV: float
    electron_mass: float
    hole_mass: float
    static_dielectric: float
    optical_dielectric: float
    electron_affinity_eV: float
    lattice_nm: float
    light_hole_mass: float | None = None
    slab_hole_mass: float | None = None
    spontaneous_polarization_C_per_m2: float | None = None
    valleys: int = 1
    bowing_eV: Mapping[str, tuple[float, str]] = field(default_factory=dict, hash=False, repr=False)
    assumed: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False, repr=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    source: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    file: Path | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, (int, float)) and not (isfinite(value) and value > 0):
                raise MaterialError(f'compound "{self.name}": {item.name} must be > 0 and finite, got {value}', file=self.file)

    @property
    def conduction_edge_eV(self) -> float:
        """Conduction-band edge below the vacuum level (negative)."""
        return -self.electron_affinity_eV

    @property
    def valence_edge_eV(self) -> float:
        """Valence-band edge below the vacuum level (negative)."""
        return -self.electron_affinity_eV - self.gap_eV

    @property
    def reduced_mass(self) -> float:
        """1/(1/m_e + 1/m_h) [free-electron masses]."""
        return 1 / (1 / self.electron_mass + 1 / self.hole_mass)

    def dielectric(self, screening: str) -> float:
        """The constant of a screening, "static" or "optical"."""
        if screening not in ("static", "optical"):
            refuse("screening", 'be "static" or "optical"', f'"{screening}"')
        return self.static_dielectric if screening == "static" else self.optical_dielectric

    def bohr_radius_nm(self, screening: str = "static") -> float:
        """Radius of the bulk exciton, a_B = epsilon hbar^2/(mu e^2).

        Examples
        --------
        >>> from qdphotonics.gain.states import load_compound
        >>> round(load_compound("CsPbBr3").bohr_radius_nm(), 2)
        3.07
        """
        return self.dielectric(screening) * HBAR2_PER_ELECTRON_MASS_EV_NM2 / (self.reduced_mass * COULOMB_EV_NM)

    def binding_energy_eV(self, screening: str = "static") -> float:
        """Binding energy of the bulk exciton, e^2/(2 epsilon a_B) in Gaussian units."""
        return COULOMB_EV_NM / (2 * self.dielectric(screening) * self.bohr_radius_nm(screening))


def alloy(first: Compound, second: Compound, fraction: float) -> Compound:
    """An alloy by interpolation: ``fraction`` of ``second`` in ``first``.

    E_g = (1 - x) E_1 + x E_2 - b x (1 - x), b from either compound's file (0 where neither has it); the bowing bends the
    band named there, the other edge and everything else follows Vegard's law.

    Parameters
    ----------
    first, second : Compound
    fraction : float
        x, from 0 (``first``) to 1 (``second``).

    Returns
    -------
    Compound

    Raises
    ------
    ArgumentError
        A fraction outside 0 to 1.

    Examples
    --------
    >>> from qdphotonics.gain.states import load_compound
    >>> half = alloy(load_compound("CdSe"), load_compound("ZnSe"), 0.5)
    >>> half.name, round(half.gap_eV, 3)
    ('CdSe(0.5)ZnSe(0.5)', 2.118)
    """
    x = fraction
    if not 0 <= x <= 1:
        refuse("fraction", "lie within 0 and 1", x)
    if x in (0, 1):
        return second if x else first
    bowing, band = first.bowing_eV.get(second.name) or second.bowing_eV.get(first.name) or (0.0, "conduction")
    bend = bowing * x * (1 - x)
    affinity = (1 - x) * first.electron_affinity_eV + x * second.electron_affinity_eV
    linear = {key: (1 - x) * getattr(first, key) + x * getattr(second, key) for key in _LINEAR}
    light = (first.light_hole_mass, second.light_hole_mass)
    polar = (first.spontaneous_polarization_C_per_m2, second.spontaneous_polarization_C_per_m2)
    return Compound(
        name=f"{first.name}({1 - x:.12g}){second.name}({x:.12g})",
        gap_eV=(1 - x) * first.gap_eV + x * second.gap_eV - bend,
        electron_affinity_eV=affinity + (bend if band == "conduction" else 0.0),
        light_hole_mass=(1 - x) * light[0] + x * light[1] if light[0] and light[1] else None,
        spontaneous_polarization_C_per_m2=(1 - x) * polar[0] + x * polar[1] if polar[0] and polar[1] else None,
        valleys=max(first.valleys, second.valleys),
        source=f"interpolated between {first.name} and {second.name}, bowing {bowing:g} eV of the {band} band",
        **linear,
    )
