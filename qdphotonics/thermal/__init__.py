"""Self-heating under a steady or pulsed drive.

``electrical_power_W(j, voltage_V, area_um2)`` [W], ``heat_time_ns(conductance, capacity)`` [ns] and
``heating_K(power_W, conductance_W_per_K, capacity_J_per_K=None, pulse_ns=None, period_ns=None)`` [K]: the peak
temperature rise under d.c., one pulse or a periodic train. Power may be an array.
"""

from __future__ import annotations

from qdphotonics.thermal.heating import electrical_power_W, heat_time_ns, heating_K

__all__ = ["electrical_power_W", "heat_time_ns", "heating_K"]
