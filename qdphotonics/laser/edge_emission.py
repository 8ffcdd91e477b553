"""What leaves the edge of a pumped stripe, as a result: spectra, power, line widths, thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qdphotonics.gain.medium_thresholds import by_levels
from qdphotonics.gain.varied import told
from qdphotonics.laser.bands import Band, BandFigures, OnsetDrives, band_figures, bands_of, onset_drives, width_along_meV
from qdphotonics.optics import html_table, number, plain, text_table
from qdphotonics.units import HC_EV_NM, MEV_PER_EV, photon_energy_eV, wavelength_nm

if TYPE_CHECKING:
    from qdphotonics.gain import Medium, Transition
    from qdphotonics.laser.stripe import StripeEmission
    from qdphotonics.stacks import Stack

FEWEST_POINTS = 3  # of a band
FEWEST_DRIVES = 8  # among which a line narrows and a power bends
MICRO = 1e6


@dataclass(frozen=True)
class StripeMode:
    """One mode of the stripe.

    Parameters
    ----------
    label : str
    confinement, loss_per_cm : array [wavelength]
        By how much its gain grows with the film's; its loss without the dots.
    edge_transmission : array [wavelength]
        Share that leaves the edge into air of what comes straight at it.
    net_gain_per_cm : array [drive]
        The largest over the wavelengths, of dots that light has not yet emptied; below the threshold, that at the band's peak.
    threshold_A_per_cm2 : float
        Current density at which that is 0; inf where none of those tried reaches it.
    """

    label: str
    confinement: NDArray[np.float64]
    loss_per_cm: NDArray[np.float64]
    edge_transmission: NDArray[np.float64]
    net_gain_per_cm: NDArray[np.float64]
    threshold_A_per_cm2: float


@dataclass(frozen=True, eq=False)
class EdgeEmission:
    """Amplified spontaneous emission from the edge of a stripe of a stack.

    Parameters
    ----------
    stack : Stack
    dots : Medium
    current_density_A_per_cm2 : array [drive]
        Rising, > 0.
    light : StripeEmission
        The calculation, with the light at each place, as if all monolayers were fed: see :attr:`fed_share`.
    modes : tuple of StripeMode
    monolayers : float
        N_ML that share the current.
    film_monolayers : float
        N_ML of the whole film.
    warnings : tuple of str
    """

    stack: Stack
    dots: Medium
    current_density_A_per_cm2: NDArray[np.float64]
    light: StripeEmission
    modes: tuple[StripeMode, ...]
    monolayers: float
    film_monolayers: float
    warnings: tuple[str, ...]

    @property
    def medium(self) -> str:
        """Name of the medium."""
        return self.dots.name

    @property
    def length_um(self) -> float:
        """Length of the stripe."""
        return self.light.stripe.length_um

    @property
    def width_um(self) -> float:
        """Its width."""
        return self.light.stripe.width_um

    @property
    def wavelength_nm(self) -> NDArray[np.float64]:
        """[wavelength]"""
        return np.asarray(self.light.guide.wavelength_nm)

    @property
    def spectrum_W_per_nm(self) -> NDArray[np.float64]:
        """Out of one end, all modes together [drive, wavelength]."""
        return np.asarray(self.fed_share * self.light.edge_spectrum_W_per_eV * photon_energy_eV(self.wavelength_nm) ** 2 / HC_EV_NM)

    @property
    def power_W(self) -> NDArray[np.float64]:
        """Out of one end into air [drive]."""
        return np.asarray(self.fed_share * self.light.edge_power_W)

    @property
    def fed_share(self) -> float:
        """Of the film's monolayers, those that share the current: N_ML/N, by which the light of a film all fed is too much."""
        return min(1.0, self.monolayers / self.film_monolayers)

    @cached_property
    def lines(self) -> tuple[Transition, ...]:
        """The transitions that the wavelengths hold, one for each pair of levels, by rising energy."""
        energy = self.light.photon_energy_eV
        named = (replace(line, name=name) for name, line in by_levels(self.dots.transitions).items())
        return tuple(sorted((line for line in named if energy.min() < line.energy_eV < energy.max()), key=lambda line: line.energy_eV))

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """Around each of them, half-way to its neighbours."""
        energy = self.light.photon_energy_eV
        around = bands_of(self.lines) if self.lines else ()
        held = {band: np.count_nonzero((energy >= band.low_eV) & (energy < band.high_eV)) for band in around}
        return tuple(band for band, points in held.items() if points >= FEWEST_POINTS)

    @cached_property
    def figures(self) -> dict[str, BandFigures]:
        """Power, peak and width of each band [drive]."""
        spectra = self.fed_share * self.light.edge_spectrum_W_per_eV
        found = {band.name: band_figures(self.light.photon_energy_eV, spectra, band) for band in self.bands}
        return {name: replace(each, fwhm_meV=self._own(each.fwhm_meV)) for name, each in found.items()}

    @cached_property
    def onset(self) -> OnsetDrives:
        """Where the first band, that of lowest energy, narrows and bends [A/cm^2], inf for few drives; ``net_gain`` from the modes."""
        net_gain = min((mode.threshold_A_per_cm2 for mode in self.modes), default=inf)
        if len(self.current_density_A_per_cm2) < FEWEST_DRIVES:
            return OnsetDrives(net_gain, inf, inf)
        by_light = onset_drives(self.light, self.bands[0], self.current_density_A_per_cm2)
        return OnsetDrives(net_gain, by_light.narrowing, by_light.kink)

    @property
    def threshold(self) -> dict[str, float]:
        """The onsets by the names of the JSON: ``net_gain_A_per_cm2``, ``narrowing_A_per_cm2``, ``kink_A_per_cm2``."""
        return {f"{key}_A_per_cm2": getattr(self.onset, key) for key in ("net_gain", "narrowing", "kink")}

    @property
    def excitons_per_dot(self) -> NDArray[np.float64]:
        """Mean <N> of dots that light has not yet emptied [drive]."""
        return np.asarray(self.light.dark.excitons_per_dot[:, 0])

    @property
    def position_um(self) -> NDArray[np.float64]:
        """Places along the stripe [position], without its dark end."""
        return np.asarray(self.light.position_um[1:])

    def fwhm_along_meV(self, band: Band) -> NDArray[np.float64]:
        """Width of a band of the light that runs towards the edge [drive, position]."""
        return self._own(width_along_meV(self.light, band))

    def _own(self, fwhm_meV: Any) -> NDArray[np.float64]:
        """Widths less than the distance of two bands; beyond it both together fall to half, which is no width of one: nan."""
        apart = np.diff([line.energy_eV for line in self.lines])
        return np.where(np.asarray(fwhm_meV) < MEV_PER_EV * apart.min(initial=inf), fwhm_meV, np.nan)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics ase``."""
        return {
            "stack": self.stack.name,
            "medium": self.medium,
            "length_um": self.length_um,
            "width_um": self.width_um,
            "monolayers": self.monolayers,
            "current_density_A_per_cm2": plain(self.current_density_A_per_cm2),
            "wavelength_nm": plain(self.wavelength_nm),
            "spectrum_W_per_nm": plain(self.spectrum_W_per_nm),
            "power_W": plain(self.power_W),
            "excitons_per_dot": plain(self.excitons_per_dot),
            "threshold": plain(self.threshold),
            "bands": [self._band_document(band) for band in self.bands],
            "position_um": plain(self.position_um),
            "modes": [plain(mode) for mode in self.modes],
            "warnings": list(self.warnings),
        }

    def _band_document(self, band: Band) -> dict[str, Any]:
        figures = self.figures[band.name]
        document = {
            "band": band.name,
            "energy_eV": (band.low_eV, band.high_eV),
            "power_W": figures.power_W,
            "peak_nm": wavelength_nm(figures.peak_eV),
            "fwhm_meV": figures.fwhm_meV,
            "fwhm_along_meV": self.fwhm_along_meV(band),
        }
        return {key: plain(value) for key, value in document.items()}

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows (one a current density) and notes."""
        first = self.bands[0]
        columns = ["A/cm²", "⟨N⟩", "net gain cm⁻¹", "edge µW", "peak nm", "FWHM meV"]
        if len(self.bands) > 1:
            columns += [f"{band.name} µW" for band in self.bands]
        rows = []
        peaks = np.max([mode.net_gain_per_cm for mode in self.modes], axis=0)
        for at, drive in enumerate(self.current_density_A_per_cm2):
            figures = self.figures[first.name]
            width = float(figures.fwhm_meV[at])
            row = [number(float(drive)), number(float(self.excitons_per_dot[at])), number(float(peaks[at]))]
            row += [_exponent(MICRO * float(self.power_W[at])), f"{wavelength_nm(float(figures.peak_eV[at])):.1f}"]
            row.append("–" if np.isnan(width) else f"{width:.1f}")
            if len(self.bands) > 1:
                row += [_exponent(MICRO * float(self.figures[band.name].power_W[at])) for band in self.bands]
            rows.append(tuple(row))
        title = f"{self.stack.name}: edge of a stripe of {self.length_um:g} × {self.width_um:g} µm, {told(self.dots, self.monolayers)}"
        return title, tuple(columns), rows, self._notes(first)

    def _notes(self, first: Band) -> list[str]:
        onset = self.onset
        signs = {"net gain from": onset.net_gain, "line half narrowed at": onset.narrowing, "power bends at": onset.kink}
        known = [f"{words} {number(value)} A/cm²" for words, value in signs.items() if np.isfinite(value)]
        notes = [f"{first.name} band: {', '.join(known)}" if known else "no net gain at any of these currents"]
        if len(self.current_density_A_per_cm2) < FEWEST_DRIVES:
            notes.append(f"too few currents to tell where the line narrows and the power bends: {FEWEST_DRIVES} do, as in --currents A:B:N")
        amplified = [mode for mode in self.modes if mode.threshold_A_per_cm2 < inf]
        reached = ", ".join(f"{mode.label} from {number(mode.threshold_A_per_cm2)}" for mode in amplified)
        rest = [mode.label for mode in self.modes if mode.threshold_A_per_cm2 == inf]
        notes.append(
            (f"net gain in {reached} A/cm²" if reached else "no mode has net gain")
            + (f"; in none of {', '.join(rest)} at whatever current" if rest else "")
        )
        if self.film_monolayers > self.monolayers:
            share = f"all pairs recombine in {self.monolayers:g} of the film's {self.film_monolayers:.1f} monolayers"
            notes.append(f"{share}; if they spread over all, --monolayers {self.film_monolayers:.3g}")
        return notes + [f"warning: {text}" for text in self.warnings]

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def _exponent(value: float) -> str:
    """A power in three digits, however small."""
    return "0" if value == 0 else f"{value:.3g}"


def thresholds_of(currents: NDArray[np.float64], net_gain_per_cm: NDArray[np.float64]) -> Sequence[float]:
    """Where each row of a net gain [mode, current] first comes to 0, between currents by a straight line over their logarithm."""
    found = []
    for row in net_gain_per_cm:
        above = np.flatnonzero(row > 0)
        if above.size == 0:
            found.append(inf)
        elif above[0] == 0:
            found.append(float(currents[0]))
        else:
            pair = slice(above[0] - 1, above[0] + 1)
            found.append(float(np.exp(np.interp(0.0, row[pair], np.log(currents[pair])))))
    return found
