"""What a sweep, an optimisation or a study of tolerances must say of its gain: it is that of the peak at every wavelength."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qdphotonics.sweeps.quantities import BEST
from qdphotonics.sweeps.specs import OptimizationSpec, ToleranceSpec
from qdphotonics.units import photon_energy_eV

if TYPE_CHECKING:
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.specs import Study

WAVELENGTH = "wavelength"
NEAR_MEV = 10.0  # from the peak: over which the gain of a line of 80 meV hardly falls
SPREAD = 2.0  # standard deviations of an error of the wavelength that are told


def gain_cautions(study: Study, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """The warnings that ``analyze`` has of a stack's wavelength, of all wavelengths of a study at once.

    Parameters
    ----------
    study : Study
    quantities : sequence of Quantity
        What is wanted; none that depends on the gain needs no warning.
    """
    with_gain = any(quantity.family in ("pumped", "laser") or quantity.selector in BEST for quantity in quantities)
    if study.stack.medium is None or not (with_gain or study.mode in BEST):
        return ()
    return tuple(_of_wavelengths(study))


def _of_wavelengths(study: Study) -> Iterator[str]:
    from qdphotonics.laser import medium_of
    from qdphotonics.laser.case import GAIN_HALF_WIDTH_MEV

    medium = medium_of(study.stack, None)
    low, high = _extent_nm(study)
    peak = f"the gain of the peak of {medium.name}, {medium.gain_wavelength_nm:.0f} nm,"
    away = max(1e3 * abs(photon_energy_eV(end) - medium.gain_energy_eV) for end in (low, high))
    if high > low and away > NEAR_MEV:
        yield f"{peak} is taken at every wavelength from {low:.4g} to {high:.4g} nm: away from it the dots give less, or only absorb"
    elif away > GAIN_HALF_WIDTH_MEV:
        yield f"{peak} is taken at {low:.4g} nm, {away:.0f} meV away, where the dots give less, or only absorb"
    if medium.valid is not None:
        yield from dict.fromkeys(medium.valid.warnings(medium.name, [low, high], medium.temperature_K, None))


def _extent_nm(study: Study) -> tuple[float, float]:
    """The smallest and the largest wavelength of a study."""
    own = study.stack.wavelength_nm
    for axis in study.swept:
        if axis.path == WAVELENGTH:
            return float(axis.array.min()), float(axis.array.max())  # energies were read as nm
    if isinstance(study, OptimizationSpec):
        return next(((each.low, each.high) for each in study.variables if each.path == WAVELENGTH), (own, own))
    if isinstance(study, ToleranceSpec):
        away = next((SPREAD * each.standard_deviation for each in study.errors if each.path == WAVELENGTH), 0.0)
        return own - away, own + away
    return own, own
