"""What a report warns of: things that do not change its numbers, but what they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdphotonics.laser.heat import device_heat, missing_for_heating
from qdphotonics.optics import number, propagation_angle_deg, waveguide_position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qdphotonics.gain import Medium
    from qdphotonics.laser.band import BandThresholds
    from qdphotonics.laser.case import Case
    from qdphotonics.laser.gain_spectrum import GainSpectrum
    from qdphotonics.laser.weighed import ModeGain
    from qdphotonics.optics import StackModes
    from qdphotonics.stacks import Stack

LARGEST_FLUENCE_J_PER_CM2 = 0.1  # of a short pulse: films are destroyed before
STEEPEST_DEG = 20.0  # from the normal, in the dots: 1/sin = 2.9 passes the dots so much longer than a beam along them
LARGEST_DIFFERENCE = 0.1  # of G0, between the peak gain and that of the spectrum: the tails of the neighbours give some 0.05
LARGEST_GAIN_RATIO = 2.0  # exact modal gain to Gamma G: a thin film of high index reaches 1.6


def cautions(stack: Stack, medium: Medium, modes: StackModes, gains: tuple[ModeGain, ...], case: Case) -> tuple[str, ...]:
    """The warnings of a report, one sentence each.

    Parameters
    ----------
    stack : Stack
    medium : Medium
    modes : StackModes
        Of the passive stack.
    gains : tuple of ModeGain
        Every mode.
    case : Case
        What the verdict weighs.
    """
    return (
        *_of_the_search(modes, gains),
        *_of_resonances(stack, gains, case),
        *_of_the_gain(stack, medium, modes, case),
        *_of_the_heat(stack, case),
        *_of_leaks(modes, case),
    )


def _of_leaks(modes: StackModes, case: Case) -> Iterator[str]:
    """The mode that the dots hold best, where most of its loss is light that leaves through an open half-space."""
    if case.largest_net_gain_per_cm > 0 or not modes.modes:
        return
    dots = [position + 1 for position in modes.stack.gain_layers]
    best = max(modes, key=lambda mode: float(mode.solution.confinement.intensity[dots].sum()))
    for side, place in (("substrate", 0), ("superstrate", -1)):
        lost = float(best.solution.radiated_per_cm[place])
        index = float(best.solution.index[place].real)
        if lost > 0.5 * abs(best.loss_per_cm):
            yield (
                f"{best.label} leaks {number(lost)} cm⁻¹ into the {side}, whose index {index:.4g} is above its n_eff "
                f"{best.n_eff.real:.4g}: nothing holds it there"
            )


def _of_the_search(modes: StackModes, gains: tuple[ModeGain, ...]) -> Iterator[str]:
    if not modes.search.certified:
        yield f"the search for modes is not certified complete: {modes.search.note}"
    left_out = [each.label for each in gains if each.net_gain_per_cm is None]
    if left_out:
        yield f"{', '.join(left_out)} could not be followed to the gain of the drive (cut off, or too close to another mode): left out"


def _of_resonances(stack: Stack, gains: tuple[ModeGain, ...], case: Case) -> Iterator[str]:
    """Modes of the verdict that cross the film steeply: per cm along it they pass the dots many times."""
    position = waveguide_position(stack)
    index = complex(stack.index(case.wavelength_nm)[position]) if position is not None else 1 + 0j
    of_the_verdict = {case.label, case.first_to("net_gain")[0], case.first_to("lasing")[0]}
    for each in gains:
        angle = propagation_angle_deg(each.n_eff, index)
        product = each.confinement * case.saturated_gain_per_cm
        if each.label not in of_the_verdict or angle is None or each.saturated_net_gain_per_cm is None or product <= 0:
            continue
        ratio = (each.saturated_net_gain_per_cm + each.loss_per_cm) / product
        if angle < STEEPEST_DEG and ratio > LARGEST_GAIN_RATIO:
            yield (
                f"{each.label} crosses the dots at {angle:.1f}° from the normal, more a resonance across the film than a beam along it: "
                f"its saturated modal gain, per length along the film, is {ratio:.1f} times Γ·G"
            )


def _of_the_gain(stack: Stack, medium: Medium, modes: StackModes, case: Case) -> Iterator[str]:
    heat = device_heat(stack)
    rise = None if heat is None else heat.rise_K(case.operation.current_density_A_per_cm2)
    yield from medium.warnings(modes.wavelength_nm, medium.temperature_K + (rise or 0.0), case.operation.excitons_per_dot(medium))
    yield from medium.split_line_warnings()
    fluence = case.operation.fluence_J_per_cm2
    if fluence is not None and fluence > LARGEST_FLUENCE_J_PER_CM2:
        yield f"a pulse of {fluence:g} J/cm² destroys any film: a fluence is given in J/cm², not µJ/cm² (20 µJ/cm² is 20e-6)"


def of_the_spectrum(
    case: Case, medium: Medium, material_gain_per_cm: float, spectrum: GainSpectrum | None, band: BandThresholds | None
) -> Iterator[str]:
    """Where the dots' whole spectrum tells otherwise than the peak gain of the band edge, which the report takes."""
    place = f"{case.gain_offset_meV:+.0f} meV from the gain peak of {medium.name} at {medium.gain_wavelength_nm:.0f} nm"
    if spectrum is None or band is None or not spectrum.wavelength_nm[0] <= case.wavelength_nm <= spectrum.wavelength_nm[-1]:
        if case.is_off_peak:
            yield f"the modes are those at {case.wavelength_nm:g} nm, {place}, whose peak gain is taken"
        return
    if case.thresholds.net_gain.current_density_A_per_cm2 is not None and band.net_gain.current_density_A_per_cm2 is None:
        yield f"by the dots' whole spectrum no current makes {case.label} amplify: the verdict takes the peak gain of the band edge alone"
    gain, net = spectrum.at(case.wavelength_nm)
    if abs(gain - material_gain_per_cm) > LARGEST_DIFFERENCE * medium.material_gain_per_cm:
        yield (
            f"at {case.wavelength_nm:.4g} nm, {place}, the dots' whole spectrum gives {number(gain)} cm⁻¹ where the peak's "
            f"{number(material_gain_per_cm)} cm⁻¹ are taken: net gain there {number(net)} cm⁻¹"
        )


def _of_the_heat(stack: Stack, case: Case) -> Iterator[str]:
    heat, missing = device_heat(stack), missing_for_heating(stack)
    drive = stack.drive
    if drive is not None and heat is not None and heat.heating.origin.startswith("K and C computed"):
        unused = [key for key in ("conductance_W_per_K", "capacity_J_per_K") if getattr(drive, key) is not None]
        if unused:
            yield f"drive.{unused[0]} is not used: pulses take both K and C, so the heating is computed from the layers"
    if drive is not None and drive.area_um2 is not None and drive.voltage_V is None:
        yield "the heating is not computed, for the stack gives no drive.voltage_V"
    elif drive is not None and drive.voltage_V is not None and missing:
        yield f"the heating is not computed, for the stack gives no {', no '.join(missing)}"
    places = {
        "the drive": None if heat is None else heat.rise_K(case.operation.current_density_A_per_cm2),
        "the threshold of net gain": case.thresholds.net_gain.heating_K,
        "the threshold of lasing": case.thresholds.lasing.heating_K,
    }
    for where, heating in places.items():
        for softening in () if heating is None else case.transitions.softened(heating):
            yield f"at {where} {softening}"
