"""How hot the drive makes the device, and what that does to its gain and loss.

K and C are the stack's own (``drive.conductance_W_per_K``, ``capacity_J_per_K``) where it gives both, or K alone under d.c.; else the
answer is that of the layers on their substrate (:func:`qdphotonics.thermal.device_heating`), with all heat released in the gain
layer. One of the two without the other is not mixed with what the layers give: a K measured with pulses is no d.c. K.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, log, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics import thermal
from qdphotonics.errors import ModeSearchError
from qdphotonics.thermal import AMBIENT_K
from qdphotonics.units import photon_energy_eV

if TYPE_CHECKING:
    from qdphotonics.gain import Medium
    from qdphotonics.laser.pumped import PumpedMode
    from qdphotonics.stacks import Drive, Stack

NO_GAIN_PER_CM = 1e-12
FWHM_PER_SIGMA = 2 * sqrt(2 * log(2))


@dataclass(frozen=True)
class DeviceHeat:
    """The heating of a stack's device by a current.

    Parameters
    ----------
    heating : thermal.Heating
        Its thermal answer; ``heating.origin`` says where K and C come from.
    power_W_per_A_per_cm2 : float
        A_d V: electrical power, the upper bound of the heat, for 1 A/cm^2.
    pulse_ns, period_ns : float or None
        Of the drive; None: d.c., one pulse.
    """

    heating: thermal.Heating
    power_W_per_A_per_cm2: float
    pulse_ns: float | None
    period_ns: float | None

    @property
    def conductance_W_per_K(self) -> float:
        """K, of d.c."""
        return self.heating.conductance_W_per_K

    @property
    def capacity_J_per_K(self) -> float:
        """C."""
        return self.heating.capacity_J_per_K

    @property
    def heat_time_ns(self) -> float:
        """C/K."""
        return self.heating.heat_time_ns

    @property
    def origin(self) -> str:
        """Where K and C come from."""
        return self.heating.origin

    def rise_K(self, current_density_A_per_cm2: float | None) -> float | None:
        """At the end of the drive's pulses (of d.c. where it has none); None without a current."""
        return self._peak_K(current_density_A_per_cm2, self.pulse_ns, self.period_ns)

    def dc_rise_K(self, current_density_A_per_cm2: float | None) -> float | None:
        """Under d.c., whatever the drive's pulses."""
        return self._peak_K(current_density_A_per_cm2, None, None)

    def current_for(self, rise_K: float) -> float:
        """Current density [A/cm^2] of the drive's pulses that heats by so much; infinite for an infinite rise."""
        return rise_K / float(self.heating.peak_K(self.power_W_per_A_per_cm2, self.pulse_ns, self.period_ns))

    def _peak_K(self, current: float | None, pulse_ns: float | None, period_ns: float | None) -> float | None:
        return None if current is None else float(self.heating.peak_K(current * self.power_W_per_A_per_cm2, pulse_ns, period_ns))

    def as_dict(self) -> dict[str, Any]:
        """For the JSON of a report."""
        keys = ("conductance_W_per_K", "capacity_J_per_K", "heat_time_ns", "pulse_ns", "period_ns", "origin")
        return {key: getattr(self, key) for key in keys}


def missing_for_heating(stack: Stack) -> list[str]:
    """What the stack lacks for its heating to be told, as keys of ``drive`` or layers; empty where it can be."""
    missing = [f"drive.{key}" for key in ("voltage_V", "area_um2") if stack.drive is None or getattr(stack.drive, key) is None]
    if stack.drive is None or not _given(stack.drive):
        regions = [("substrate", stack.substrate), *((layer.written_name, layer.material) for layer in stack.layers)]
        missing += dict.fromkeys(f"`thermal:` in the material of {name}" for name, material in regions if material.thermal is None)
    return missing


def device_heat(stack: Stack) -> DeviceHeat | None:
    """The heating of the stack's device; None where :func:`missing_for_heating` names something."""
    drive = stack.drive
    if drive is None or drive.voltage_V is None or drive.area_um2 is None or missing_for_heating(stack):
        return None
    power_W = float(thermal.electrical_power_W(1.0, drive.voltage_V, drive.area_um2))
    return DeviceHeat(_heating(stack, drive, drive.area_um2), power_W, drive.pulse_ns, drive.period_ns)


def glass_transitions(stack: Stack) -> thermal.GlassTransitions:
    """Of all layers that have one, by name."""
    materials = {layer.written_name: layer.material for layer in stack.layers if layer.material.glass_transition_C is not None}
    return thermal.GlassTransitions(
        {name: material.glass_transition_C or inf for name, material in materials.items()},
        {name: material.assumed["glass_transition_C"] for name, material in materials.items() if "glass_transition_C" in material.assumed},
        AMBIENT_K,
    )


@dataclass(frozen=True)
class HotState:
    """What a rise of temperature does to a mode, at the material gain of the drive.

    Parameters
    ----------
    rise_K : float
    gap_shift_meV : float
        Of the dots, and with them of the gain band.
    peak_gain_ratio : float
        Peak gain over that at 300 K, from the broadening of the homogeneous line.
    loss_per_cm : float or None
        alpha_eff with metals as hot as the dots: an upper bound. None where the mode cannot be followed there.
    net_gain_per_cm : float or None
        With that loss and gain, at the same place of the gain band.
    """

    rise_K: float
    gap_shift_meV: float
    peak_gain_ratio: float
    loss_per_cm: float | None
    net_gain_per_cm: float | None


def hot_state(stack: Stack, medium: Medium, mode: PumpedMode, rise_K: float, material_gain_per_cm: float) -> HotState:
    """A mode in the device heated by ``rise_K``: metals collide more, the dots' line is broader and stands elsewhere."""
    ratio = peak_gain_ratio(medium, rise_K)
    hot = replace(mode, stack=replace(mode.stack, passive=mode.stack.passive.with_index_change(_hotter(stack, mode, rise_K))), _reached={})
    shift = float(thermal.gap_shift_meV(rise_K, medium.gap_shift_meV_per_K))
    try:
        # never at a gain of exactly 0, where a pumped mode is taken to be the one that was searched for, which is the cold one
        loss = -hot.net_gain_per_cm(NO_GAIN_PER_CM)
        net = hot.net_gain_per_cm(material_gain_per_cm * ratio or NO_GAIN_PER_CM)
    except ModeSearchError:
        return HotState(rise_K, shift, ratio, None, None)
    return HotState(rise_K, shift, ratio, loss, net)


def peak_gain_ratio(medium: Medium, rise_K: float) -> float:
    """Peak of the band edge's line over that at the medium's temperature: phonons broaden it, its area stays.

    A Voigt line of area 1 has the peak Re w(i gamma/(sqrt(2) sigma))/(sigma sqrt(2 pi)).
    """
    from scipy.special import voigt_profile

    sigma = medium.inhomogeneous_fwhm_meV / FWHM_PER_SIGMA
    half = medium.homogeneous_fwhm_meV / 2
    hot = half * float(thermal.line_width_ratio(medium.temperature_K + rise_K, medium.temperature_K))
    return float(voigt_profile(0.0, sigma, hot) / voigt_profile(0.0, sigma, half))


def _hotter(stack: Stack, mode: PumpedMode, rise_K: float) -> Any:
    """Change of each index [layer + 2]: free electrons of the metals that :data:`thermal.METALS` knows."""
    index = mode.stack.passive.index
    energy = photon_energy_eV(mode.passive.wavelength_nm)
    materials = [stack.substrate, *(layer.material for layer in stack.layers), stack.superstrate]
    change = np.zeros_like(index)
    for place, material in enumerate(materials):
        metal = thermal.METALS.get(material.name)
        if metal is not None:
            change[place] = np.sqrt(metal.permittivity(index[place] ** 2, energy, AMBIENT_K + rise_K)) - index[place]
    return change


def _given(drive: Drive) -> bool:
    """Whether the file gives all that its pulses take: K, and C where there are pulses."""
    return drive.conductance_W_per_K is not None and (drive.capacity_J_per_K is not None or drive.pulse_ns is None)


def _heating(stack: Stack, drive: Drive, area_um2: float) -> thermal.Heating:
    conductance, capacity = drive.conductance_W_per_K, drive.capacity_J_per_K
    if conductance is not None and capacity is not None:
        return thermal.Heating.lumped(conductance, capacity, "K and C as the stack file gives them")
    if conductance is not None and drive.pulse_ns is None:
        return thermal.Heating.lumped(conductance, 1.0, "K as the stack file gives it")
    source = stack.gain_layers[0] if stack.gain_layers else len(stack.layers) // 2
    layers = [_thermal(layer.name, layer.thickness_nm, layer.material.thermal) for layer in stack.layers]
    substrate = _thermal("the substrate", inf, stack.substrate.thermal)
    length = None if stack.cavity is None else stack.cavity.length_um
    return thermal.device_heating(layers, substrate, area_um2, source=layers[source].name, length_um=length)


def _thermal(name: str, thickness_nm: float, properties: Any) -> thermal.ThermalLayer:
    return thermal.ThermalLayer(
        name,
        thickness_nm,
        properties.conductivity_W_per_mK,
        properties.heat_capacity_J_per_cm3K,
        properties.in_plane_conductivity_W_per_mK,
    )
