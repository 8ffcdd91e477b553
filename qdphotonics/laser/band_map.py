"""The bands of a grated stack through its stop band, and its light over angle and wavelength, by Bloch modes."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan, pi
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import positive, refuse, whole
from qdphotonics.laser.dfb import asked, dfb
from qdphotonics.laser.dfb_result import DfbResult, Table
from qdphotonics.optics import html_table, plain, text_table

if TYPE_CHECKING:
    from qdphotonics.gratings import BandStructure, BlochSpectrum
    from qdphotonics.gratings.bloch_spectrum import Side
    from qdphotonics.laser.dfb import Stacked
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

SPAN = 0.03  # of 2π/Λ, to either side of the k_x at which the order feeds back
POINTS = 31  # on one side
MOST_POINTS, MOST_MAP_POINTS = 1000, 100_000
MAP_WAVELENGTHS = 81


@dataclass(frozen=True, eq=False, repr=False)
class BandMap:
    """Bands of a grated stack.

    Parameters
    ----------
    edges : DfbResult
        The Bloch modes at the middle: stop band, Q, thresholds.
    structure : BandStructure
        From the middle to one side; the other side is its mirror image.
    spectrum : BlochSpectrum or None
        Reflectance, and |E|² in the layers, over angle and wavelength.
    """

    edges: DfbResult
    structure: BandStructure
    spectrum: BlochSpectrum | None

    @property
    def stack(self) -> Stack:
        return self.edges.stack

    @property
    def polarization(self) -> Polarization:
        return self.edges.polarization

    @property
    def stop_band_nm(self) -> tuple[float, float] | None:
        return self.edges.stop_band_nm

    @property
    def kx_per_nm(self) -> NDArray[np.float64]:
        """[kx]"""
        return self.structure.kx_per_nm

    @property
    def wavelength_nm(self) -> NDArray[np.float64]:
        """[band, kx]; nan where a band leaves the range."""
        return self.structure.wavelength_nm

    @property
    def q(self) -> NDArray[np.float64]:
        """[band, kx]; infinite for dark and guided modes."""
        return self.structure.q

    @property
    def angle_deg(self) -> NDArray[np.float64]:
        """At which order 0 leaves into the superstrate [band, kx]; nan where it does not."""
        return self.structure.angle_deg(float(self.edges.guide.cell.index[-1].real))

    @property
    def emission(self) -> NDArray[np.float64] | None:
        """Mean |E|² in the gain layers over that of the wave that falls on them [angle, wavelength]: by reciprocity what they send back."""
        spectrum, layers = self.spectrum, list(self.edges.guide.cell.gain_layers)
        if spectrum is None or spectrum.intensity is None or not layers:
            return None
        thickness = self.edges.guide.cell.thickness_nm[np.array(layers) - 1]
        weighted: NDArray[np.float64] = spectrum.intensity[:, :, layers] @ thickness / thickness.sum()
        return weighted

    def light_lines(self) -> list[tuple[str, int, NDArray[np.float64]]]:
        """Half-space, order and wavelength [kx] below which that order radiates there; those that cross the range of the bands."""
        cell, kx = self.edges.guide.cell, self.kx_per_nm
        low, high = np.nanmin(self.wavelength_nm), np.nanmax(self.wavelength_nm)
        found = []
        for name, index in (("substrate", cell.index[0]), ("superstrate", cell.index[-1])):
            for m in range(-cell.order - 1, cell.order + 2):
                with np.errstate(divide="ignore"):
                    line = 2 * pi * index.real / np.abs(kx + 2 * pi * m / cell.period_nm)
                if ((line > low) & (line < high)).any():
                    found.append((name, m, line))
        return found

    @property
    def order(self) -> int:
        """Diffraction order that feeds back."""
        return self.edges.order

    @property
    def period_nm(self) -> float:
        return self.edges.period_nm

    @property
    def certified(self) -> bool:
        """Whether every mode of the range was found."""
        return self.structure.certified

    @property
    def bands(self) -> list[dict[str, Any]]:
        """Each with its ``wavelength_nm``, ``q``, ``k0_per_nm`` and ``angle_deg`` [kx]."""
        rows = zip(self.wavelength_nm, self.q, self.structure.k0_per_nm, self.angle_deg, strict=True)
        return [{"wavelength_nm": nm, "q": q, "k0_per_nm": k0, "angle_deg": angle} for nm, q, k0, angle in rows]

    @property
    def map(self) -> dict[str, Any] | None:
        """``reflectance``, ``transmittance`` and ``emission`` over angle and wavelength, ``from`` a side; None: not asked for."""
        if self.spectrum is None:
            return None
        return {
            "wavelength_nm": self.spectrum.wavelength_nm,
            "angle_deg": self.spectrum.angle_deg,
            "from": self.spectrum.side,
            "reflectance": self.spectrum.reflectance,
            "transmittance": self.spectrum.transmittance,
            "emission": self.emission,
        }

    def as_dict(self) -> dict[str, Any]:
        """The document of ``bands --json``."""
        return {
            "stack": self.stack.name,
            "polarization": self.polarization,
            "order": self.order,
            "period_nm": plain(self.period_nm),
            "kx_per_nm": plain(self.kx_per_nm),
            "bands": plain(self.bands),
            "stop_band_nm": plain(self.stop_band_nm),
            "edges": plain(self.edges.edges),
            "light_lines": plain([{"half_space": side, "order": m, "wavelength_nm": line} for side, m, line in self.light_lines()]),
            "certified": self.certified,
            "map": plain(self.map),
        }

    def table(self) -> Table:
        """Title, columns, rows (one a k_x) and notes."""
        cell, names = self.edges.guide.cell, [f"band {number}" for number in range(1, len(self.wavelength_nm) + 1)]
        columns = ("k_x Λ/2π", *(column for name in names for column in (f"{name} nm", "Q", "angle °")))
        rows = []
        for i, kx in enumerate(self.kx_per_nm.tolist()):
            row = [f"{kx * cell.period_nm / (2 * pi):.5f}"]
            for values in zip(self.wavelength_nm[:, i].tolist(), self.q[:, i].tolist(), self.angle_deg[:, i].tolist(), strict=True):
                row += _cells(*values)
            rows.append(tuple(row))
        band = self.stop_band_nm
        notes = [] if band is None else [f"stop band {band[0]:.3f} to {band[1]:.3f} nm, {band[1] - band[0]:.3g} nm wide"]
        notes += [f"order {m} radiates into the {side} below {line[0]:.3f} nm at the first k_x" for side, m, line in self.light_lines()]
        if not self.structure.certified:
            notes.append("warning: at some k_x not every mode counted was found")
        title = f"{self.stack.name}: bands, {self.polarization}, order {self.edges.order}, period {cell.period_nm:.6g} nm"
        return title, columns, rows, notes

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def _cells(wavelength_nm: float, q: float, angle_deg: float) -> list[str]:
    """A band at one k_x."""
    if isnan(wavelength_nm):
        return ["–", "–", "–"]
    return [f"{wavelength_nm:.3f}", f"{q:.4g}" if isfinite(q) else "∞", "–" if isnan(angle_deg) else f"{angle_deg:.3f}"]


def bands(
    stack: Stacked,
    *,
    wavelength_nm: float | None = None,
    polarization: Polarization | None = None,
    mode: str | None = None,
    order: int | None = None,
    span: float = SPAN,
    points: int = POINTS,
    angles_deg: ArrayLike | None = None,
    wavelengths_nm: ArrayLike | None = None,
    side: Side = "superstrate",
) -> BandMap:
    """ω(k_x) of a stack with a grating through its stop band; where angles are given, its light over angle and wavelength too.

    Parameters
    ----------
    stack, wavelength_nm, polarization, mode, order
        As for :func:`qdphotonics.dfb`.
    span : float
        Largest k_x from that at which the order feeds back, in units of 2π/Λ.
    points : int
        k_x from the middle to that, both included; the closer together the nearer to the middle, where the bands bend.
    angles_deg : array [angle], optional
        From the normal, in the half-space ``side``: adds the map.
    wavelengths_nm : array [wavelength], optional
        Of the map; those of the bands unless given.
    side : {"substrate", "superstrate"}
        Where the map's light comes from, or goes to.

    Returns
    -------
    BandMap

    Raises
    ------
    ArgumentError, ModeSearchError
        As :func:`qdphotonics.dfb`.

    Examples
    --------
    >>> found = bands("dfb-test-cell", points=3)
    >>> [round(value, 2) for value in found.stop_band_nm]
    [620.38, 620.51]
    """
    from qdphotonics.gratings import band_structure, bloch_spectrum, feedback_kx

    if not 0 < positive("span", span) < 0.5:
        refuse("span", "be below 0.5, the edge of the Brillouin zone", f"{span:g}")
    if whole("points", points, 2) > MOST_POINTS:
        refuse("points", f"be at most {MOST_POINTS}", points)
    if wavelengths_nm is not None and angles_deg is None:
        refuse("wavelengths_nm", "come with angles, over which the map is drawn", "alone")
    question = asked(stack, wavelength_nm, polarization, mode, order, None)
    edges = dfb(question.stack, "bloch", polarization=question.polarization, mode=f"{question.polarization}{question.number}")
    guide = edges.guide
    kx = feedback_kx(guide.cell) + 2 * pi / guide.cell.period_nm * span * np.linspace(0.0, 1.0, points) ** 3
    low, high = edges.stop_band_nm or guide.stop_band_nm
    # both bands leave the stop band as k0 = ±k_x/n_g
    reach = 1.05 * span * guide.wavelength_nm / (guide.cell.period_nm * guide.mode.group_index) + 0.002
    structure = band_structure(question.stack, kx, question.polarization, (low * (1 - reach), high * (1 + reach)))
    spectrum = None
    if angles_deg is not None:
        angles = np.atleast_1d(np.asarray(angles_deg, dtype=float))
        grid = structure.wavelength_nm if wavelengths_nm is None else np.atleast_1d(np.asarray(wavelengths_nm, dtype=float))
        if wavelengths_nm is None:
            grid = np.linspace(float(np.nanmin(grid)), float(np.nanmax(grid)), MAP_WAVELENGTHS)
        if angles.size * grid.size > MOST_MAP_POINTS:
            refuse("angles_deg", f"make at most {MOST_MAP_POINTS} points with the wavelengths", angles.size * grid.size)
        spectrum = bloch_spectrum(question.stack, grid, angles, question.polarization, side)
    return BandMap(edges, structure, spectrum)
