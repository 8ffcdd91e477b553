"""From a checked description to the form that computes n(lambda)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qdphotonics import units
from qdphotonics._yaml import Loc
from qdphotonics.errors import InputError, MaterialError
from qdphotonics.materials import database
from qdphotonics.materials.dispersion import (
    EVERYWHERE,
    Cauchy,
    Constant,
    Dispersion,
    DrudeLorentz,
    Joined,
    Loss,
    Range,
    Sellmeier,
    common_range,
)
from qdphotonics.materials.interpolation import Table
from qdphotonics.materials.material import RANGE_TOLERANCE, Material
from qdphotonics.materials.mixing import Mixture
from qdphotonics.materials.schema import Absorbing, Described, MaterialFile, MaterialReference, MaterialSpec, TableSpec

PartOf = Callable[[MaterialReference, Loc], Material]
Fault = Callable[[Loc, str], InputError]


@dataclass(frozen=True)
class Built:
    """What a description came to."""

    ordinary: Dispersion
    extraordinary: Dispersion | None = None
    range_nm: Range = EVERYWHERE
    source: str = ""


def build(spec: Described, part_of: PartOf, fault: Fault) -> Built:
    """The form of a material, and the wavelengths [nm] that it covers.

    Parameters
    ----------
    spec : MaterialSpec or MaterialFile
    part_of : function of a reference and its place within the description
        Gives the material of a constituent.
    fault : function of a place within the description and a text
        Makes the error for something that only the database can tell.

    Raises
    ------
    InputError
        As ``fault`` and ``part_of`` make it.
    """
    if spec.mix is not None or spec.uniaxial is not None:
        return _composed(spec, part_of, fault)
    if isinstance(spec, MaterialSpec) and spec.n_o is not None and spec.n_e is not None:
        return Built(Constant(complex(spec.n_o, spec.k_o or 0.0)), Constant(complex(spec.n_e, spec.k_e or 0.0)))
    form = _simple(spec, fault)
    source = f"refractiveindex.info {spec.database}: {database.read_page(spec.database).references}" if spec.database else ""
    return Built(form, None, form.range_nm, source)


def _simple(spec: Described, fault: Fault) -> Dispersion:
    if isinstance(spec, MaterialSpec) and spec.n is not None:
        return Joined(Constant(spec.n), _absorption(spec))
    if isinstance(spec, MaterialFile) and spec.constant is not None:
        return Joined(Constant(spec.constant.n), _absorption(spec.constant))
    if spec.table is not None:
        return _table(spec.table)
    if spec.cauchy is not None:
        return Joined(Cauchy(spec.cauchy.A, spec.cauchy.B_um2, spec.cauchy.C_um4), _absorption(spec.cauchy))
    if spec.sellmeier is not None:
        terms = tuple((term.strength, term.wavelength_nm) for term in spec.sellmeier.terms)
        return Joined(Sellmeier(terms, spec.sellmeier.constant), _absorption(spec.sellmeier))
    if spec.drude_lorentz is not None:
        drude = tuple((term.plasma_eV, term.damping_eV) for term in spec.drude_lorentz.drude)
        lorentz = tuple((term.strength, term.energy_eV, term.damping_eV) for term in spec.drude_lorentz.lorentz)
        return DrudeLorentz(spec.drude_lorentz.epsilon_infinity, drude, lorentz)
    return _database(spec, fault)


def _absorption(given: Absorbing) -> Dispersion:
    if given.alpha_per_cm is not None:
        return Loss(given.alpha_per_cm)
    if given.gain_per_cm is not None:
        return Loss(-given.gain_per_cm)
    return Constant(given.k or 0.0)


def _table(table: TableSpec) -> Dispersion:
    """Losses in cm^-1 become k at the table's points; between them k is interpolated."""
    wavelength = np.array(table.wavelength_nm)
    refraction = Table(wavelength, np.array(table.n, dtype=complex), table.interpolation)
    if table.alpha_per_cm is not None and len(table.alpha_per_cm) == 1:
        return Joined(refraction, Loss(table.alpha_per_cm[0]))
    if table.alpha_per_cm is not None:
        k = units.extinction(np.array(table.alpha_per_cm), wavelength)
    else:
        k = np.broadcast_to(np.array(table.k), wavelength.shape)
    return Table(wavelength, np.array(table.n) + 1j * k, table.interpolation)


def _database(spec: Described, fault: Fault) -> Dispersion:
    name = spec.database or ""
    if name not in database.catalog():
        raise fault(
            ("database",),
            f'must be a page of refractiveindex.info, got "{name}"{database.suggested(name)}',
        )
    try:
        page = database.read_page(name, spec.interpolation or "linear")
    except MaterialError as problem:
        raise fault(("database",), f'{problem.message}, got "{name}"') from None
    if page.refraction is None:
        raise fault(("database",), f'must be a page with n; "{name}" has k only')
    if spec.absorption_given:
        return Joined(database.Passive(page.refraction), _absorption(spec))
    if page.extinction is None:
        raise fault(("database",), f'must be a page with k, or k be given beside it (k: 0 for a transparent material); "{name}" has n only')
    low, high = common_range((page.refraction, page.extinction))
    if low > high:
        raise fault(("database",), f'must be a page whose n and k overlap, or k be given beside it; those of "{name}" do not')
    return database.Passive(Joined(page.refraction, page.extinction))


def _composed(spec: Described, part_of: PartOf, fault: Fault) -> Built:
    references: list[tuple[Loc, MaterialReference]]
    if spec.uniaxial is not None:
        references = [(("uniaxial", "ordinary"), spec.uniaxial.ordinary), (("uniaxial", "extraordinary"), spec.uniaxial.extraordinary)]
    else:
        references = [(("mix", position, "material"), part.material) for position, part in enumerate(spec.mix or ())]
    places = [(place, part_of(reference, place)) for place, reference in references]
    for place, part in places:
        if part.is_uniaxial:
            raise fault(place, f'must be isotropic to be combined; "{part.name}" is uniaxial')
    parts = [part for _, part in places]
    low = max((part.valid_nm or EVERYWHERE)[0] for part in parts)
    high = min((part.valid_nm or EVERYWHERE)[1] for part in parts)
    if low > high:
        raise fault(places[0][0][:1], "must combine materials that are known at common wavelengths; these have none")
    if spec.mix is None or spec.rule is None:
        return Built(parts[0].ordinary, parts[1].ordinary, (low, high))
    fractions = tuple(part.fraction for part in spec.mix)
    return Built(Mixture(tuple(part.ordinary for part in parts), fractions, spec.rule), None, (low, high))


def valid_range(spec: Described, covered: Range, fault: Fault) -> Range | None:
    """Wavelengths [nm] for which the material may be used: those stated, which its data must cover, else the data's."""
    if spec.valid_nm is None:
        return None if covered == EVERYWHERE else covered
    low, high = spec.valid_nm
    if low < covered[0] * (1 - RANGE_TOLERANCE) or high > covered[1] * (1 + RANGE_TOLERANCE):
        raise fault(
            ("valid_nm",), f"must lie within {covered[0]:.6g} to {covered[1]:.6g} nm, the range of its {spec.form}, got [{low:g}, {high:g}]"
        )
    return spec.valid_nm
