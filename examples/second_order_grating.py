"""A second-order grating three ways: its two edges by coupled waves, Bloch modes and FDTD, and which of them lases at which duty.

At half the period the second Fourier coefficient of the teeth vanishes: only waves that radiate and come back couple. The edge
whose field is odd about the teeth cannot shine along the normal; it is dark and, but for absorption, loses nothing. Whether
it has the longer or the shorter wave depends on the duty, and so does the colour of the laser.

    python examples/second_order_grating.py [FOLDER FOR THE FIGURES]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import qdphotonics as qdp
from qdphotonics.gratings import DutyScan, scan_duty
from qdphotonics.laser.dfb_result import DfbResult

LOSS = {"layers.L-ITO.material.k": 0.001}  # of the electrode: both edges have a threshold
PIXELS_PER_UM = (50.0, 100.0)  # coarser than FDTD's own choice, for some seconds instead of a minute
DUTIES = np.arange(0.2, 0.81, 0.05)


def main(folder: Path | None = None) -> tuple[list[DfbResult], DutyScan]:
    """The same edges by every engine that is there, and their thresholds against the duty."""
    stack = qdp.load_stack("dfb-test-cell").changed(LOSS)
    results = [qdp.dfb(stack, "coupled-wave"), qdp.dfb(stack, "bloch")]
    if qdp.fdtd.find_meep()[0] is None:
        print("Meep was not found (see `qdphotonics doctor`): two engines only.")
    else:
        results.append(qdp.dfb(stack, "meep", resolutions_per_um=PIXELS_PER_UM))
    for result in results:
        for edge in result.edges or ():
            error = "" if edge.uncertainty_nm is None else f" ± {edge.uncertainty_nm:.3f}"
            gain = edge.threshold_gain_per_cm or 0.0
            print(f"{result.engine:12s} {edge.name:6s} {edge.wavelength_nm:.3f}{error} nm, Q {edge.q:.0f}, threshold {gain:.0f} per cm")
    scan = scan_duty(stack, DUTIES.tolist())
    short = [f"{100 * duty:.0f}" for duty, wins in zip(scan.duty, scan.short_edge_wins, strict=True) if wins]
    print(f"The edge of shorter wavelength lases first at a duty of {', '.join(short)} %.")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        figures = {"fields": qdp.plots.dfb(results[1]), "engines": qdp.plots.engines(results), "duty": qdp.plots.duty_thresholds(scan)}
        for name, figure in figures.items():
            qdp.plots.save_figure(figure, folder / f"grating-{name}.png")
    return results, scan


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
