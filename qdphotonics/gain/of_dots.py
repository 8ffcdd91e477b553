"""Numbers of the dots that a result is about, by the names of its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qdphotonics._plain import plain

if TYPE_CHECKING:
    from qdphotonics.gain.medium import Medium

KEYS = (
    "radius_nm",
    "charge",
    "temperature_K",
    "exciton_lifetime_ns",
    "biexciton_lifetime_ns",
    "biexciton_yield",
    "material_gain_per_cm",
    "monolayers",
    "max_pairs",
    "assumed",
)


class OfDots:
    """What every result of a medium tells of its dots; the result has ``dots`` and ``monolayers``."""

    dots: Medium
    monolayers: float

    @property
    def medium(self) -> str:
        """Name of the medium."""
        return self.dots.name

    @property
    def radius_nm(self) -> float:
        """Of a dot."""
        return self.dots.radius_nm

    @property
    def charge(self) -> float:
        """Permanent electrons of a dot on average."""
        return self.dots.permanent_charge

    @property
    def temperature_K(self) -> float:
        """Of the dots."""
        return self.dots.temperature_K

    @property
    def exciton_lifetime_ns(self) -> float:
        """tau_X."""
        return self.dots.exciton_lifetime_ns

    @property
    def biexciton_lifetime_ns(self) -> float:
        """tau_XX."""
        return self.dots.biexciton_lifetime_ns

    @property
    def biexciton_yield(self) -> float:
        """Share of biexcitons that decay by light."""
        return float(self.dots.biexciton_yield)

    @property
    def material_gain_per_cm(self) -> float:
        """Saturated gain of the band edge."""
        return self.dots.material_gain_per_cm

    @property
    def max_pairs(self) -> int:
        """Excitons that a dot takes at most."""
        return self.dots.most_pairs

    @property
    def assumed(self) -> Mapping[str, tuple[float, float]]:
        """Ranges of the numbers that no source gives."""
        return self.dots.assumed

    def described(self) -> dict[str, Any]:
        """These numbers in a document."""
        return {key: plain(getattr(self, key)) for key in KEYS}
