"""What a stack is made of, once a file has been read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qdphotonics.materials import Material
from qdphotonics.stacks.grating_rules import Apodisation, OverLayers, Shape


@dataclass(frozen=True)
class Layer:
    """One planar layer.

    Parameters
    ----------
    name : str
        Unique in the stack; layers of a repeat are called ``DBR-H[0]``, ``DBR-H[1]`` …, in nested ones ``A[0][1]``.
    material : Material
        Of a gain layer: its background only, the medium's absorption and gain are added by ``analyze``.
    thickness_nm : float
    role : "gain" or None
    coherent : bool
        False: so thick that waves reflected inside do not interfere.
    """

    name: str
    material: Material
    thickness_nm: float
    role: Literal["gain"] | None = None
    coherent: bool = True

    @property
    def written_name(self) -> str:
        """The name in the file, without the counts of repeats."""
        return self.name.split("[")[0]


@dataclass(frozen=True)
class Cavity:
    """The resonator along the layers."""

    length_um: float
    facet_reflectivity: tuple[float, float] = (0.0, 0.0)  # of power


@dataclass(frozen=True)
class Drive:
    """What the device is driven with and what it stands; None where the file says nothing."""

    current_density_A_per_cm2: float | None = None
    max_current_density_A_per_cm2: float | None = None
    fluence_J_per_cm2: float | None = None
    voltage_V: float | None = None
    pulse_ns: float | None = None
    period_ns: float | None = None
    area_um2: float | None = None
    conductance_W_per_K: float | None = None
    capacity_J_per_K: float | None = None
    pump_pulse_ns: float | None = None


@dataclass(frozen=True)
class Grating:
    """Etched into the top of ``layer``, whose thickness includes it; by default filled by the layer above, flat beyond."""

    layer: str
    period_nm: float
    depth_nm: float
    duty: float  # fraction of a period that is kept, at half the depth
    order: int
    shape: Shape = "rectangle"
    sidewall_deg: float | None = None  # of a trapezoid, from the layers
    over_layers: OverLayers = "planarising"
    apodisation: Apodisation = "none"
    phase_shift: float = 0.0  # in wavelengths in the guide
