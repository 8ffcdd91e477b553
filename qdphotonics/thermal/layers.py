"""Heat in a pile of layers: the thermal quadrupole, in the wavenumber k along the layers and the Laplace variable p.

    top, no heat leaves       Y = 0
    ------------------------
    layers above the source   Y <- (Y + kappa g tanh(g d)) / (1 + Y tanh(g d)/(kappa g)),  g^2 = (kappa_xy k^2 + p rho c)/kappa
    ======================== source of heat q(k, p) [W/m^2]:  rise T = q/(Y_above + Y_below)
    layers below it           the same rule, from the substrate up
    ------------------------
    substrate                 half-space: Y = kappa g;  thickness d on a sink h: the rule, from Y = h (infinite: T = 0)

Y [W/m^2 K] is what flows into a pile per unit of rise at its face. k = 0 is flow straight through, in one dimension.
Without contact resistances between the layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np

from qdphotonics._checks import not_negative, positive, positive_or_infinite
from qdphotonics.errors import ArgumentError

ComplexArray = np.ndarray[Any, np.dtype[np.complex128]]

M_PER_NM = 1e-9
J_PER_M3K = 1e6  # of one J/cm^3 K
SMALL = 1e-4  # of g d, below which tanh(g d)/(g d) = 1 - (g d)^2/3 to 1e-16


@dataclass(frozen=True)
class ThermalLayer:
    """One layer as heat sees it.

    Parameters
    ----------
    name : str
    thickness_nm : float
        > 0; infinite for a substrate that is a half-space.
    conductivity_W_per_mK : float
        kappa > 0.
    heat_capacity_J_per_cm3K : float
        rho c > 0, of the volume.
    in_plane_conductivity_W_per_mK : float, optional
        kappa_xy >= 0 along the layer, where it differs. 0: the layer ends at the edge of the heated area, as an electrode
        cut to it does, and carries no heat beyond.

    Raises
    ------
    ArgumentError
        A value that is not positive.

    Examples
    --------
    >>> ThermalLayer("QD", 50.0, 0.2, 1.6).resistance_m2K_per_W
    2.5e-07
    """

    name: str
    thickness_nm: float
    conductivity_W_per_mK: float
    heat_capacity_J_per_cm3K: float
    in_plane_conductivity_W_per_mK: float | None = None

    def __post_init__(self) -> None:
        try:
            positive_or_infinite("thickness_nm", self.thickness_nm)
            positive("conductivity_W_per_mK", self.conductivity_W_per_mK)
            positive("heat_capacity_J_per_cm3K", self.heat_capacity_J_per_cm3K)
            if self.in_plane_conductivity_W_per_mK is not None:
                not_negative("in_plane_conductivity_W_per_mK", self.in_plane_conductivity_W_per_mK)
        except ArgumentError as problem:
            raise ArgumentError(f'layer "{self.name}": {problem.message}') from None

    @property
    def resistance_m2K_per_W(self) -> float:
        """d/kappa: times the flux, the steady difference between its faces."""
        return self.thickness_nm * M_PER_NM / self.conductivity_W_per_mK

    @property
    def capacity_J_per_m2K(self) -> float:
        """d rho c."""
        return self.thickness_nm * M_PER_NM * self.heat_capacity_J_per_cm3K * J_PER_M3K

    @property
    def diffusivity_m2_per_s(self) -> float:
        """kappa/(rho c)."""
        return self.conductivity_W_per_mK / (self.heat_capacity_J_per_cm3K * J_PER_M3K)

    @property
    def anisotropy(self) -> float:
        """kappa_xy/kappa."""
        along = self.in_plane_conductivity_W_per_mK
        return 1.0 if along is None else along / self.conductivity_W_per_mK

    def decay_per_m(self, k_squared: Any, p_per_s: Any) -> Any:
        """g(k, p) of the field exp(-g z), Re g >= 0."""
        return np.sqrt(self.anisotropy * k_squared + p_per_s / self.diffusivity_m2_per_s)


def impedance_m2K_per_W(
    below: Sequence[ThermalLayer], above: Sequence[ThermalLayer], k_per_m: Any, p_per_s: Any, sink_W_per_m2K: float = inf
) -> ComplexArray:
    """Z(k, p) = T/q at the source.

    Parameters
    ----------
    below : sequence of ThermalLayer
        From the substrate up to the source; the substrate's thickness may be infinite.
    above : sequence of ThermalLayer
        From the source up to the top, through which no heat leaves.
    k_per_m, p_per_s : array_like
        Broadcast together.
    sink_W_per_m2K : float
        Heat transfer at the underside of a substrate of finite thickness; infinite: it stays at the ambient temperature.

    Returns
    -------
    complex array

    References
    ----------
    Maillet, André, Batsale, Degiovanni, Moyne, Thermal Quadrupoles (Wiley 2000); Carslaw and Jaeger, Conduction of Heat in
    Solids (Oxford 1959), chapter 15.
    """
    k2, p = np.asarray(k_per_m) ** 2, np.asarray(p_per_s, dtype=complex)
    substrate = below[0]
    if isfinite(substrate.thickness_nm):
        flow = _through(substrate, k2, p, np.asarray(complex(sink_W_per_m2K)) if isfinite(sink_W_per_m2K) else None)
    else:
        flow = substrate.conductivity_W_per_mK * substrate.decay_per_m(k2, p)
    for layer in below[1:]:
        flow = _through(layer, k2, p, flow)
    upward: ComplexArray = np.zeros(1, dtype=complex)
    for layer in reversed(above):
        upward = _through(layer, k2, p, upward)
    return np.asarray(1 / (flow + upward))


def _through(layer: ThermalLayer, k2: Any, p: Any, flow: ComplexArray | None) -> ComplexArray:
    """Admittance at one face of a layer from that at the other; None: that face is held at T = 0."""
    thickness = layer.thickness_nm * M_PER_NM
    x = thickness * layer.decay_per_m(k2, p)
    small = abs(x) < SMALL
    safe = np.where(small, 1, x) if small.any() else x
    decay = np.exp(-2 * safe)  # Re x >= 0, so nothing overflows
    ratio = (1 - decay) / ((1 + decay) * safe)  # tanh(x)/x
    if safe is not x:
        ratio = np.where(small, 1 - x * x / 3, ratio)
    conductance = layer.conductivity_W_per_mK / thickness
    if flow is None:
        return np.asarray(conductance / ratio)
    return np.asarray((flow + conductance * x * x * ratio) / (1 + flow * (ratio / conductance)))
