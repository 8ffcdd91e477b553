"""Low-index ITO against plain ITO: why an electrode of lower index makes a laser of an LED.

The electrode draws the light to itself, the more the higher its index, and absorbs it there. A mixture of ITO and SiO2
(L-ITO) has a lower index and a quarter of the absorption: Roh et al., Nat. Commun. 11, 271 (2020).

    python examples/lito_versus_ito.py [FOLDER FOR THE FIGURES]
"""

from __future__ import annotations

import sys
from pathlib import Path

import qdphotonics as qdp


def main(folder: Path | None = None) -> tuple[qdp.laser.Report, qdp.laser.Report]:
    """Both stacks side by side, at saturated gain."""
    ito, low_index = (qdp.analyze(qdp.load_stack(name)) for name in ("roh2020-ito", "roh2020-lito"))
    print(qdp.laser.compare([ito, low_index]))

    for report, electrode in ((ito, "ITO"), (low_index, "L-ITO")):
        shares = report.modes["TE0"].confinement
        print(f"\n{electrode}: {shares[electrode].intensity:.0%} of the light in the electrode, {shares['QD'].intensity:.0%} in the dots.")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            figure = qdp.plots.index_and_modes(report.modes, report.mode)
            qdp.plots.save_figure(figure, folder / f"mode_with_{electrode}.png")
    return ito, low_index


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
