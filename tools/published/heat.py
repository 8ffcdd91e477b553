"""Heating in pulses, and the layers that it softens (H1, H2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import qdphotonics as qdp
from tools.published.sections import Section

if TYPE_CHECKING:
    from qdphotonics.laser.heat import DeviceHeat
    from qdphotonics.stacks import Stack

CONDUCTANCE_W_PER_K, CAPACITY_J_PER_K, PULSE_NS = 4.8e-3, 1.9e-8, 1000.0  # [B] Fig. 34
LAYERS = ("CBP", "NPB", "Spiro-NPB", "TCTA")
DEVICE, TRANSPORT = "jung2022-lito-ag", "Spiro-2NPB"
UNKNOWN = {"drive.conductance_W_per_K": None, "drive.capacity_J_per_K": None}
TYPICAL = 45.0  # A/cm²
MARGIN = 0.02  # current below and above that which softens the layer


def h1() -> Section:
    heating = qdp.thermal.Heating.lumped(CONDUCTANCE_W_PER_K, CAPACITY_J_PER_K, "[B] Fig. 34")
    steady, pulsed = float(heating.peak_K(1.0)), float(heating.peak_K(1.0, pulse_ns=PULSE_NS))
    linear = float(qdp.thermal.linear_heating_K(1.0, CAPACITY_J_PER_K, PULSE_NS))
    computed = {
        "time": qdp.thermal.heat_time_ns(CONDUCTANCE_W_PER_K, CAPACITY_J_PER_K) / 1e3,
        "short": 100 * (1 - linear / steady),
        "full": 100 * (1 - pulsed / steady),
    }
    of_file, of_layers = (device_heat(stack) for stack in (qdp.load_stack(DEVICE), qdp.load_stack(DEVICE).changed(UNKNOWN)))
    computed["layers"] = of_layers.rise_K(TYPICAL) / of_file.rise_K(TYPICAL)  # type: ignore[operator]
    steady_ratio = of_layers.dc_rise_K(TYPICAL) / of_file.dc_rise_K(TYPICAL)  # type: ignore[operator]
    below = (
        f"Where a stack file gives no K and C, they come from its layers on their substrate. For `{DEVICE}` that explains the pulses, "
        f"after which the heat is still in the layers and the uppermost glass; under d.c. it gives {steady_ratio:.0f} times the rise of "
        "the measured K, which was found with pulses of 1 to 30 µs on a device whose contacts spread heat as well.",
    )
    return Section("H1", "Heating in pulses", "K = 4.8 mW/K, C = 19 nJ/K.", computed, below)


def device_heat(stack: Stack) -> DeviceHeat:
    found = qdp.analyze(stack).heat
    if found is None:
        raise ValueError(f"{stack.name} does not say enough to compute its heating")
    return found


def warned(current_density_A_per_cm2: float, material: str) -> bool:
    """Whether the report of a device with this transport layer warns of it."""
    stack = qdp.load_stack(DEVICE).changed({f"layers.{TRANSPORT}.material": material})
    report = qdp.analyze(stack, current_density_A_per_cm2=current_density_A_per_cm2)
    return any("glass transition" in text and TRANSPORT in text for text in report.warnings)


def h2() -> Section:
    computed: dict[str, float | str] = {}
    stack = qdp.load_stack(DEVICE)
    heat = device_heat(stack)
    seen = []
    for name in LAYERS:
        limit = qdp.load_material(name).glass_transition_C or float("nan")
        computed[name] = limit
        current = heat.current_for(limit + 273.15 - 300)
        seen.append((warned((1 - MARGIN) * current, name), warned((1 + MARGIN) * current, name)))
    computed["warned"] = "only beyond it" if all(pair == (False, True) for pair in seen) else "otherwise"
    lead = f"`{DEVICE}` with each of them in place of {TRANSPORT}, its current 2 % below and above what heats it to the transition."
    return Section("H2", "Glass transitions", lead, computed)


SECTIONS: Mapping[str, Callable[[], Section]] = {"H1": h1, "H2": h2}
