"""A stack as a vertical cavity: light that runs along the normal between mirrors of metal or of layers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from qdphotonics.errors import ArgumentError, ModeSearchError
from qdphotonics.laser.dfb_result import Table
from qdphotonics.optics import html_table, number, plain, text_table
from qdphotonics.units import MEV_PER_EV

if TYPE_CHECKING:
    from qdphotonics.gratings import VerticalMode, VerticalThreshold
    from qdphotonics.laser.dfb import Stacked
    from qdphotonics.optics import ByLayer
    from qdphotonics.stacks import Stack

AROUND = 0.05  # of the stack's wavelength: the range unless given
LEAST_Q = 20.0
KEYS = (
    "wavelength_nm",
    "energy_eV",
    "q",
    "width_nm",
    "lifetime_ns",
    "standing_wave_factor",
    "gain_confinement",
    "threshold_gain_per_cm",
    "lasing_wavelength_nm",
    "confinement",
    "loss_rates",
)
LARGEST_RATIO = 4.0  # of the ends of a range: beyond is a slip of the keyboard


@dataclass(frozen=True, eq=False)
class CavityResonance:
    """One resonance, seen from the gain layers.

    Parameters
    ----------
    mode : VerticalMode
    """

    mode: VerticalMode

    @property
    def wavelength_nm(self) -> float:
        return self.mode.wavelength_nm

    @property
    def energy_eV(self) -> float:
        return self.mode.energy_eV

    @property
    def q(self) -> float:
        return self.mode.q

    @property
    def width_nm(self) -> float:
        """Full width at half maximum [nm]."""
        return self.mode.width_nm

    @property
    def lifetime_ns(self) -> float:
        """Of the energy [ns]."""
        return self.mode.lifetime_ns

    @property
    def loss_rates(self) -> ByLayer[float]:
        """1/Q by where the light goes."""
        return self.mode.loss_rates

    @property
    def confinement(self) -> ByLayer[float]:
        """Share of ∫|E|² over the layers."""
        return self.mode.confinement

    @property
    def gain_confinement(self) -> float | None:
        """Share of all gain layers; None without one."""
        layers = self.mode.cavity.gain_layers
        return sum(list(self.confinement.values())[layer - 1] for layer in layers) if layers else None

    @property
    def standing_wave_factor(self) -> float | None:
        """Γ_z of the gain layers together: ∫|E|² over that of the two waves without interference; None without such a layer."""
        layers = [layer - 1 for layer in self.mode.cavity.gain_layers]
        if not layers:
            return None
        share = np.array(list(self.confinement.values()))[layers]
        return float(share.sum() / np.sum(share / self.mode.standing_wave_factors[layers]))

    @cached_property
    def _threshold(self) -> VerticalThreshold | None:
        if not self.mode.cavity.gain_layers:
            return None
        try:
            return self.mode.threshold
        except ModeSearchError:  # it has nothing to do with the gain layers
            return None

    @property
    def threshold_gain_per_cm(self) -> float | None:
        """Material gain of the gain layers at which it lases [1/cm]; None without one, and where no gain does it."""
        return None if self._threshold is None else self._threshold.gain_per_cm

    @property
    def lasing_wavelength_nm(self) -> float | None:
        return None if self._threshold is None else self._threshold.wavelength_nm

    def as_dict(self) -> dict[str, Any]:
        """Of the document of ``cavity --json``."""
        return {key: plain(getattr(self, key)) for key in KEYS}


@dataclass(frozen=True, eq=False, repr=False)
class CavityModes:
    """Resonances of a vertical cavity, the longest wave first."""

    stack: Stack
    wavelengths_nm: tuple[float, float]
    least_q: float
    resonances: tuple[CavityResonance, ...]
    note: str

    @property
    def spacing_meV(self) -> list[float]:
        """Between neighbours [resonance − 1]."""
        energies = [each.energy_eV for each in self.resonances]
        return [float(step) * MEV_PER_EV for step in np.diff(energies)]

    def as_dict(self) -> dict[str, Any]:
        """The document of ``cavity --json``."""
        return {
            "stack": self.stack.name,
            "wavelengths_nm": list(self.wavelengths_nm),
            "resonances": [each.as_dict() for each in self.resonances],
            "spacing_meV": self.spacing_meV,
            "least_q": self.least_q,
            "note": self.note,
        }

    def table(self) -> Table:
        """Title, columns, rows (one a resonance) and notes."""
        columns = ("nm", "eV", "Q", "width nm", "Γ dots", "Γ_z", "threshold gain cm⁻¹", "most loss in")
        rows = [_row(each) for each in self.resonances]
        notes = [self.note]
        if len(self.resonances) > 1:
            notes.append(f"{min(self.spacing_meV):.4g} to {max(self.spacing_meV):.4g} meV between neighbours")
        return f"{self.stack.name}: resonances along the normal", columns, rows, notes

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def _row(each: CavityResonance) -> tuple[str, ...]:
    rates = dict(each.loss_rates.items())
    worst = max(rates, key=lambda name: rates[name])
    share = rates[worst] * each.q
    factor, threshold = each.standing_wave_factor, each.threshold_gain_per_cm
    return (
        f"{each.wavelength_nm:.3f}",
        f"{each.energy_eV:.5f}",
        number(each.q) if isfinite(each.q) else "∞",
        number(each.width_nm),
        "–" if each.gain_confinement is None else f"{100 * each.gain_confinement:.1f} %",
        "–" if factor is None else f"{factor:.3f}",
        "–" if threshold is None else number(threshold),
        f"{worst} {100 * share:.0f} %",
    )


def cavity(stack: Stacked, wavelengths_nm: tuple[float, float] | None = None, *, least_q: float = LEAST_Q) -> CavityModes:
    """Resonances of a stack along its normal: wavelengths, Q, standing-wave factor, threshold gain.

    Parameters
    ----------
    stack : Stack, its name, its file or a mapping
        A grating in it is left out: its layers are taken as if none were etched.
    wavelengths_nm : (float, float), optional
        Range [nm]; 5 % to either side of the stack's wavelength unless given.
    least_q : float
        Resonances with Q from this on are shown.

    Returns
    -------
    CavityModes

    Raises
    ------
    ArgumentError
        An argument is out of its range.
    StackError
        A layer is incoherent, or a material is not known in the range.

    Examples
    --------
    >>> found = cavity("quantum-shell-cavity", (685, 693))
    >>> [round(each.energy_eV, 2) for each in found.resonances][0]
    1.8
    """
    from qdphotonics.gratings import vertical_modes
    from qdphotonics.stacks import as_stack

    loaded = as_stack(stack)
    centre = loaded.wavelength_nm
    low, high = ((1 - AROUND) * centre, (1 + AROUND) * centre) if wavelengths_nm is None else wavelengths_nm
    if not 0 < low < high < np.inf or high > LARGEST_RATIO * low:
        told = f"be (low, high) with 0 < low < high <= {LARGEST_RATIO:g} low"
        raise ArgumentError(f"Argument `wavelengths_nm` must {told}, but it is ({low:g}, {high:g})")
    found = vertical_modes(loaded, (float(low), float(high)), least_q)
    note = found.note if loaded.grating is None else f"{found.note}; the grating is left out"
    return CavityModes(loaded, found.wavelengths_nm, least_q, tuple(CavityResonance(mode) for mode in found.modes), note)
