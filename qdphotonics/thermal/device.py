"""K, C and the answer in time of a device from its layers, where no one has measured them.

Heat released in one layer over a rectangle goes up and down through the layers (:mod:`qdphotonics.thermal.layers`), spreads
along them and into the substrate (:mod:`qdphotonics.thermal.spreading`), and leaves through the substrate alone. The layers
and the substrate reach far beyond the rectangle, unless a layer says that it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf, isfinite, sqrt
from typing import Any

import numpy as np

from qdphotonics._checks import positive, positive_or_infinite
from qdphotonics.errors import ArgumentError
from qdphotonics.thermal.layers import ThermalLayer, impedance_m2K_per_W
from qdphotonics.thermal.response import Heating
from qdphotonics.thermal.spreading import Footprint
from qdphotonics.thermal.transient import exponentials

NM_PER_MM = 1e6


def device_heating(
    layers: Sequence[ThermalLayer],
    substrate: ThermalLayer,
    area_um2: float,
    *,
    source: str,
    length_um: float | None = None,
    sink_W_per_m2K: float = inf,
) -> Heating:
    """The thermal answer of a device, averaged over the heated area, in the middle of the layer where heat is released.

    That layer is the hottest: the others stay below the answer. Heat spread over several layers, contact resistances and the
    air above (some 10 W/m^2 K, against 10^5 into glass) are left out.

    Parameters
    ----------
    layers : sequence of ThermalLayer
        Bottom to top, each with a name of its own and a finite thickness.
    substrate : ThermalLayer
        Infinitely thick: a half-space.
    area_um2 : float
        Heated area.
    source : str
        Name of the layer in which heat is released.
    length_um : float, optional
        Of the heated rectangle, its width is area/length; without it a square, which is hotter than a stripe
        of the same area (under d.c. by a fifth at 6:1).
    sink_W_per_m2K : float
        From the underside of a substrate of finite thickness to the surroundings; infinite: an ideal heat sink.

    Returns
    -------
    Heating
        ``origin`` says what K and C rest on. K is that of d.c.; C is what reaches 1 - 1/e of it in the right time; pulses are
        answered by the layers themselves, not by this K and C.

    Raises
    ------
    ArgumentError
        Values that are not positive, an unknown ``source``, a layer of infinite thickness, no layer.

    Examples
    --------
    >>> glass = ThermalLayer("glass", float("inf"), 1.1, 2.15)
    >>> film = ThermalLayer("QD", 50.0, 0.2, 1.6)
    >>> device = device_heating([film], glass, 50 * 300, source="QD", length_um=300)
    >>> round(1e3 * device.conductance_W_per_K, 3), round(float(device.peak_K(0.1, pulse_ns=1000)), 1)
    (0.34, 5.4)
    """
    names = [layer.name for layer in layers]
    if names.count(source) != 1:
        raise ArgumentError(f'Argument `source` must name one of the layers {", ".join(names) or "(there are none)"}, but it is "{source}"')
    for layer in layers:
        if not isfinite(layer.thickness_nm):
            raise ArgumentError(f'layer "{layer.name}": Argument `thickness_nm` must be finite (only a substrate may be infinite)')
    positive("area_um2", area_um2)
    length = sqrt(area_um2) if length_um is None else positive("length_um", length_um)
    positive_or_infinite("sink_W_per_m2K", sink_W_per_m2K)
    return _solved(tuple(layers), substrate, Footprint(area_um2 / length, length), names.index(source), sink_W_per_m2K, length_um is None)


@lru_cache(maxsize=64)
def _solved(
    layers: tuple[ThermalLayer, ...], substrate: ThermalLayer, footprint: Footprint, position: int, sink: float, is_square: bool
) -> Heating:
    half = replace(layers[position], thickness_nm=layers[position].thickness_nm / 2)
    below, above = (substrate, *layers[:position], half), (half, *layers[position + 1 :])
    wavenumber, weight = footprint.spectrum()

    def impedance(p: Any) -> Any:
        return impedance_m2K_per_W(below, above, wavenumber, np.asarray(p)[..., None], sink) @ weight

    resistance, time, error = exponentials(impedance)
    told = _origin(substrate, footprint, layers[position].name, sink, is_square)
    return Heating(tuple(map(float, resistance)), tuple(map(float, time)), f"{told}; its course in time within {100 * error:.1g} %")


def _origin(substrate: ThermalLayer, footprint: Footprint, source: str, sink: float, is_square: bool) -> str:
    rectangle = f"{footprint.width_um:.4g} x {footprint.length_um:.4g} um" + (" (taken as a square)" if is_square else "")
    if not isfinite(substrate.thickness_nm):
        below = f"a half-space of {substrate.name}"
    else:
        kept = "an ideal heat sink" if not isfinite(sink) else f"{sink:.4g} W/m2K"
        below = f"{substrate.thickness_nm / NM_PER_MM:.4g} mm of {substrate.name} on {kept}"
    return f"K and C computed from the layers: heat of {source} over {rectangle}, through the layers into {below}"
