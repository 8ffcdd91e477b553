"""Reflectance of a distributed Bragg reflector: ten pairs of quarter waves, SiO2 and Nb2O5, on glass (dbr.yaml).

At the centre of its stop band N pairs of indices L and H on a substrate s reflect light that comes from a medium a by
R = [(1 - q)/(1 + q)]^2, q = (s/a) (H/L)^(2N): from pair to pair (H/L)^2 less gets through (Born and Wolf, Principles of
Optics, section 1.6). The stop band has the width 4/pi asin[(H - L)/(H + L)] of its centre, in frequency.

    python examples/dbr_reflectance.py [FOLDER FOR THE FIGURE]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from math import asin, pi
from pathlib import Path

import numpy as np

import qdphotonics as qdp

ANGLES_DEG = np.arange(0.0, 81.0, 1.0)
BRIGHT = 0.9  # what counts as inside the stop band


@dataclass(frozen=True)
class Reflector:
    """What the spectrum shows at normal incidence, and what the formulas say."""

    spectrum: qdp.optics.Spectrum
    centre: float  # reflectance at the design wavelength
    centre_formula: float
    band_nm: tuple[float, float]
    band_formula_nm: tuple[float, float]


def band_nm(wavelengths: np.ndarray, reflectance: np.ndarray) -> tuple[float, float]:
    """Ends of the bright range around the brightest wavelength."""
    dark, peak = np.flatnonzero(reflectance < BRIGHT), reflectance.argmax()
    return float(wavelengths[dark[dark < peak].max()]), float(wavelengths[dark[dark > peak].min()])


def main(folder: Path | None = None) -> Reflector:
    """The spectrum over the angle, its centre and width at normal incidence beside the formulas."""
    stack = qdp.load_stack(Path(__file__).with_name("dbr.yaml"))
    wavelengths = np.arange(400.0, 901.0, 1.0)
    spectrum = qdp.spectrum(stack, wavelengths, ANGLES_DEG, from_="superstrate")
    reflectance = spectrum.TE.reflectance[0]

    glass, low, high, *_ = stack.index().real
    q = glass * (high / low) ** 20
    half_width = 2 / pi * asin((high - low) / (high + low))
    found = Reflector(
        spectrum,
        centre=float(reflectance[wavelengths == stack.wavelength_nm][0]),
        centre_formula=((1 - q) / (1 + q)) ** 2,
        band_nm=band_nm(wavelengths, reflectance),
        band_formula_nm=(stack.wavelength_nm / (1 + half_width), stack.wavelength_nm / (1 - half_width)),
    )
    print(f"At {stack.wavelength_nm:g} nm R = {found.centre:.6f}; the formula for quarter waves gives {found.centre_formula:.6f}.")
    print("The stop band reaches from {:.0f} to {:.0f} nm;".format(*found.band_nm), end=" ")
    print("the formula for many pairs without dispersion gives {:.0f} to {:.0f} nm.".format(*found.band_formula_nm))
    for angle in (30.0, 60.0):
        row = ANGLES_DEG.tolist().index(angle)
        for name, polarized in (("TE", spectrum.TE), ("TM", spectrum.TM)):
            low_end, high_end = band_nm(wavelengths, polarized.reflectance[row])
            print(f"At {angle:.0f} degrees, {name}: {low_end:.0f} to {high_end:.0f} nm")

    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        qdp.plots.save_figure(qdp.plots.spectrum(spectrum), folder / "dbr_reflectance.png")
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
