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

ANGLES_DEG = [0.0, 30.0, 60.0]


@dataclass(frozen=True)
class Reflector:
    """What the spectrum shows, and what the formulas say."""

    spectrum: qdp.optics.Spectrum
    centre: float  # reflectance at the design wavelength
    centre_formula: float
    band_nm: tuple[float, float]  # where more than half is reflected
    band_formula_nm: tuple[float, float]


def main(folder: Path | None = None) -> Reflector:
    """The spectrum at three angles, and its centre and width beside the formulas."""
    stack = qdp.load_stack(Path(__file__).with_name("dbr.yaml"))
    wavelengths = np.arange(450.0, 851.0, 1.0)
    spectrum = qdp.spectrum(stack, wavelengths, ANGLES_DEG, from_="superstrate")
    reflectance = spectrum.TE.reflectance[0]
    high = wavelengths[reflectance > 0.5]

    glass, low, nb2o5, *_ = stack.index().real
    q = glass * (nb2o5 / low) ** 20
    half_width = 2 / pi * asin((nb2o5 - low) / (nb2o5 + low))
    found = Reflector(
        spectrum,
        centre=float(reflectance[wavelengths == stack.wavelength_nm][0]),
        centre_formula=((1 - q) / (1 + q)) ** 2,
        band_nm=(float(high[0]), float(high[-1])),
        band_formula_nm=(stack.wavelength_nm / (1 + half_width), stack.wavelength_nm / (1 - half_width)),
    )
    print(f"At {stack.wavelength_nm:g} nm R = {found.centre:.6f}; the formula for quarter waves gives {found.centre_formula:.6f}.")
    print("More than half is reflected from {:.0f} to {:.0f} nm;".format(*found.band_nm), end=" ")
    print("the formula for many pairs gives {:.0f} to {:.0f} nm.".format(*found.band_formula_nm))
    for row, angle in enumerate(ANGLES_DEG):
        seen = wavelengths[spectrum.TE.reflectance[row] > 0.5]
        print(f"TE at {angle:2.0f} degrees: {seen.min():.0f} to {seen.max():.0f} nm")

    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        qdp.plots.save_figure(qdp.plots.spectrum(spectrum), folder / "dbr_reflectance.png")
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
