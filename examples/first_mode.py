"""First mode: a published LED from its stack file to the mode that its light would travel in.

    python examples/first_mode.py [FOLDER FOR THE FIGURE]
"""

from __future__ import annotations

import sys
from pathlib import Path

import qdphotonics as qdp


def main(folder: Path | None = None) -> qdp.optics.StackMode:
    """Find the modes of glass / L-ITO / dots / Spiro-2NPB / HAT-CN / Ag, and look at the fundamental TE mode."""
    stack = qdp.load_stack("jung2022-lito-ag")  # shipped; a file of your own goes by its path
    modes = qdp.find_modes(stack)
    print(modes)

    mode = modes["TE0"]
    print(f"\n{mode.label}: n_eff {mode.n_eff:.5f}, group index {mode.group_index:.3f}")
    print(f"In the dots: {mode.confinement['QD'].intensity:.1%} of |E|^2, {mode.confinement['QD'].energy:.1%} of the energy;")
    print(f"1 cm^-1 of gain there gives the mode {mode.confinement['QD'].gain:.2f} cm^-1.")
    print(f"It loses {mode.loss_per_cm:.1f} cm^-1, by place:")
    for place, loss in mode.loss_budget_per_cm.items():
        print(f"  {place:12} {loss:6.2f} cm^-1")

    thicker = qdp.find_modes(stack.changed({"layers.QD.thickness": 110}))["TE0"]
    print(f"With 110 nm of dots instead of 95: {thicker.confinement['QD'].intensity:.1%}, {thicker.loss_per_cm:.1f} cm^-1.")

    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        qdp.plots.save_figure(qdp.plots.index_and_modes(modes), folder / "first_mode.png")
    return mode


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
