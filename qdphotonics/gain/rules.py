"""Rules of a medium file that join several fields; each broken one is one error with file and line."""

from __future__ import annotations

from collections.abc import Iterator

from qdphotonics._yaml import Document, Loc, nearest, shown
from qdphotonics.gain.dots import geometric_cross_section_cm2
from qdphotonics.gain.schema import LEVELS, MediumFile
from qdphotonics.gain.states.library import list_compounds

# One of each group and no more; of the last the second form is the list of transitions.
_ONE_OF: tuple[tuple[str, ...], ...] = (
    ("biexciton_lifetime_ns", "auger_ps_per_nm3", "auger_lifetime_ns", "auger_family"),
    ("geometric_cross_section_cm2", "radius_nm"),
    ("material_gain_per_cm", "transitions"),
    ("gain_energy_eV", "transitions"),
)
LARGEST_EV = 6.0  # of dots' light; a wavelength in its place is a slip
LIGAND_NM = 3.0  # the longest that are in use, around a dot
_WIDTHS = ("homogeneous_fwhm_meV", "inhomogeneous_fwhm_meV")


def check(document: Document, spec: MediumFile, stem: str) -> None:
    """Raise the first fault of a medium file named ``stem``, if there is one.

    Raises
    ------
    MediumError
    """
    if spec.name != stem:
        raise document.fault(("name",), f'must be the name of its file, "{stem}", got "{spec.name}"')
    for faults in (_choices, _lines, _order, _lifetimes, _numbers):
        for fault in faults(document, spec):
            raise fault


def _given(spec: MediumFile, key: str) -> bool:
    return getattr(spec, key) is not None


def _choices(document: Document, spec: MediumFile) -> Iterator[Exception]:
    """Fields of which one is wanted, and fields that need another."""
    for group in _ONE_OF:
        found = [key for key in group if _given(spec, key)]
        if len(found) > 1:
            yield document.fault((found[1],), f"must not be given beside {found[0]}: one follows from the other")
        if not found:
            yield document.fault_in((), f"{' or '.join(group)} must be given, got {'neither' if len(group) == 2 else 'none'}")
    if spec.transitions:
        for key in _WIDTHS:
            if _given(spec, key):
                yield document.fault((key,), "must not be given beside transitions: each of them has its own")
    for key in ("auger_ps_per_nm3", "auger_family"):
        if _given(spec, key) and not (_given(spec, "radius_nm") or _given(spec, "volume_nm3")):
            yield document.fault((key,), "needs radius_nm or volume_nm3 (tau_XX = chi V), got geometric_cross_section_cm2")
    if spec.compound is not None:
        known = list_compounds()
        if spec.compound not in known:
            hint = nearest(spec.compound, known) or f"; known compounds: {', '.join(known)}"
            yield document.fault(("compound",), f"must be one of materials/compounds/, got {shown(spec.compound)}{hint}")
        if not _given(spec, "radius_nm"):
            yield document.fault(("compound",), "needs radius_nm: it tells how the gap of a sphere moves with its radius")
    if _given(spec, "charging_energy_meV") and spec.injection != "separate":
        yield document.fault(("charging_energy_meV",), "needs `injection: separate`: pairs do not charge a dot")


def _lines(document: Document, spec: MediumFile) -> Iterator[Exception]:
    """Levels of equal number, lines of different names between levels that there are, each line with a width."""
    electrons = (2, 6, 10) if spec.electron_levels is None else spec.electron_levels.value
    holes = (2, 6, 10) if spec.hole_levels is None else spec.hole_levels.value
    if len(electrons) != len(holes):
        key = "electron_levels" if spec.hole_levels is None else "hole_levels"
        lists = f"{list(electrons)} and {list(holes)}"
        yield document.fault((key, "value"), f"must hold as many electron as hole levels, got {lists}")
    names: set[str] = set()
    for number, line in enumerate(spec.transitions or ()):
        place: Loc = ("transitions", number)
        if line.name in names:
            yield document.fault((*place, "name"), f'must be a name of its own, got "{line.name}" twice')
        names.add(line.name)
        for key, level in (("level", line.level), ("hole_level", line.hole_level)):
            if level is not None and LEVELS.index(level) >= len(electrons):
                known = ", ".join(LEVELS[: len(electrons)])
                yield document.fault((*place, key), f"must be one of the {len(electrons)} levels with a degeneracy, {known}, got {level}")
    sub_gap = () if spec.sub_gap_gain is None else ((("sub_gap_gain",), spec.sub_gap_gain),)
    for at, part in (*((("transitions", number), line) for number, line in enumerate(spec.transitions or ())), *sub_gap, ((), spec)):
        widths = [getattr(part, key) for key in _WIDTHS]
        if all(width is not None and width.value == 0 for width in widths):
            yield document.fault((*at, _WIDTHS[1], "value"), "must be > 0 where homogeneous_fwhm_meV is 0: a line needs a width, got 0")
    if spec.sub_gap_gain is not None and len(electrons) < 2:
        yield document.fault_in(("sub_gap_gain",), "a 1P electron level must be given, got 1S alone")


def _order(document: Document, spec: MediumFile) -> Iterator[Exception]:
    """The band edge comes first, since reports take the first line for it; no line lies below one of a lower level."""
    lines = spec.transitions or []
    places: list[tuple[Loc, float]] = []
    places += [(("transitions", number, "energy_eV", "value"), line.energy_eV.value) for number, line in enumerate(lines)]
    for at, energy in places or [spec.gain_energy()]:
        if energy > LARGEST_EV:
            yield document.fault(at, f"must be ≤ {LARGEST_EV:g}, a photon energy in eV, got {energy:g}")
    if lines and lines[0].level != LEVELS[0]:
        yield document.fault(("transitions", 0, "level"), f"must be {LEVELS[0]}: the band edge comes first, got {lines[0].level}")
    for number, line in enumerate(lines):
        energy = line.energy_eV.value
        place: Loc = ("transitions", number, "energy_eV", "value")
        if energy < lines[0].energy_eV.value:
            first = f'that of the first, "{lines[0].name}" ({lines[0].energy_eV.value:g} eV)'
            yield document.fault(place, f"must be ≥ {first}: the band edge comes first, got {energy:g}")
        for other in lines:
            if LEVELS.index(other.level) < LEVELS.index(line.level) and other.energy_eV.value > energy:
                below = f'that of "{other.name}" ({other.energy_eV.value:g} eV), whose level {other.level} is lower'
                yield document.fault(place, f"must be ≥ {below}, got {energy:g}")


def _lifetimes(document: Document, spec: MediumFile) -> Iterator[Exception]:
    """A biexciton that outlives the exciton is a slip of the unit unless the file says that it is meant."""
    exciton = spec.exciton_lifetime_ns.value
    for key in ("biexciton_lifetime_ns",):
        quantity = getattr(spec, key)
        if quantity is not None and quantity.value > exciton and not spec.allow_longer_biexciton:
            cure = "in ns, not ps; allow_longer_biexciton: true if it is meant"
            yield document.fault((key, "value"), f"must be ≤ exciton_lifetime_ns ({exciton:g} ns; {cure}), got {quantity.value:g}")
    states: set[tuple[int, int]] = set()
    for number, state in enumerate(spec.measured_lifetimes):
        pair = (state.electrons, state.holes)
        if pair in {(1, 1), (2, 2)} | states:
            rule = "must differ from the exciton (1, 1), the biexciton (2, 2) and those before"
            yield document.fault(("measured_lifetimes", number), f"{rule}, got {pair}")
        states.add(pair)


def _numbers(document: Document, spec: MediumFile) -> Iterator[Exception]:
    """Numbers that bound each other."""
    fill = spec.areal_fill.value
    if fill > 1:
        yield document.fault(("areal_fill", "value"), f"must be > 0 and ≤ 1, got {fill:g}")
    pump, (_, gain) = spec.pump_energy_eV.value, spec.gain_energy()
    if pump < gain:
        edge = "the band edge, energy_eV of transitions[0]" if spec.transitions else "gain_energy_eV"
        yield document.fault(("pump_energy_eV", "value"), f"must be ≥ {edge} ({gain:g} eV), got {pump:g}")
    most = sum((2, 6, 10) if spec.electron_levels is None else spec.electron_levels.value)
    if spec.permanent_charge is not None and spec.permanent_charge.value > most:
        rule = f"must be ≤ {most}, the room in the electron levels"
        yield document.fault(("permanent_charge", "value"), f"{rule}, got {spec.permanent_charge.value:g}")
    yield from _sizes(document, spec)


def _sizes(document: Document, spec: MediumFile) -> Iterator[Exception]:
    """Sizes that belong to one dot: no dot takes more light than falls on it, and a layer of spheres is about as thick as they are."""
    absorbing, layer = spec.absorption_cross_section_cm2.value, spec.monolayer_thickness_nm.value
    if spec.radius_nm is not None:
        radius = spec.radius_nm.value
        geometric = geometric_cross_section_cm2(radius)
        most = 2 * (radius + LIGAND_NM)
        if not radius <= layer <= most:
            rule = f"must be from {radius:g} to {most:g} nm, for dots of radius {radius:g} nm"
            yield document.fault(("monolayer_thickness_nm", "value"), f"{rule}, got {layer:g}")
    else:
        geometric = 0.0 if spec.geometric_cross_section_cm2 is None else spec.geometric_cross_section_cm2.value
    if absorbing > geometric:
        rule = f"must be ≤ the geometric one of a dot ({geometric:.3g} cm²)"
        yield document.fault(("absorption_cross_section_cm2", "value"), f"{rule}, got {absorbing:g}")
