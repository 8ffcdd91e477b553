"""Self-heating under a steady or pulsed drive; numbers in, numbers out.

``electrical_power_W(j, voltage_V, area_um2)`` [W] is the heat; :class:`Heating` is how a device answers it, ``.peak_K(power_W,
pulse_ns=None, period_ns=None)``, ``.mean_K``, ``.trace(PowerSteps)``: ``Heating.lumped(K, C)`` where K and C are known,
``device_heating(layers, substrate, area_um2, source="QD")`` from the layers where they are not. ``heating_K`` and
``linear_heating_K`` are the papers' formulas. ``gap_shift_meV``, ``line_width_ratio``, ``METALS`` and ``GlassTransitions``: what
the heat does.
"""

from __future__ import annotations

from qdphotonics.thermal.device import device_heating
from qdphotonics.thermal.drives import PowerSteps, pulse_list, pulse_train, sampled_power
from qdphotonics.thermal.heating import electrical_power_W, heat_time_ns, heating_K, linear_heating_K
from qdphotonics.thermal.layers import ThermalLayer
from qdphotonics.thermal.response import Heating, HeatTrace
from qdphotonics.thermal.spreading import Footprint, spreading_resistance_K_per_W
from qdphotonics.thermal.temperature import (
    AMBIENT_K,
    METALS,
    FreeElectrons,
    GlassTransitions,
    Softening,
    damping_ratio,
    gap_shift_meV,
    line_width_ratio,
)

__all__ = [
    "AMBIENT_K",
    "METALS",
    "Footprint",
    "FreeElectrons",
    "GlassTransitions",
    "HeatTrace",
    "Heating",
    "PowerSteps",
    "Softening",
    "ThermalLayer",
    "damping_ratio",
    "device_heating",
    "electrical_power_W",
    "gap_shift_meV",
    "heat_time_ns",
    "heating_K",
    "line_width_ratio",
    "linear_heating_K",
    "pulse_list",
    "pulse_train",
    "sampled_power",
    "spreading_resistance_K_per_W",
]
