"""Why a metal kills TM: both fundamental modes between glass and silver, and how far they get.

TE is expelled by the metal and travels in the dielectric. TM has a field along the normal, which charges the metal's
surface: it clings there as a plasmon and dies within micrometres. So the laser diodes with a silver contact amplify TE.
After Fig. 38 of Ahn et al., Chem. Rev. 123, 8251 (2023), 10.1021/acs.chemrev.2c00865.

    python examples/why_a_metal_kills_tm.py [FOLDER FOR THE FIGURE]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import qdphotonics as qdp

MAP_UM, DECAY_UM = 12.0, 200.0  # how much of the waveguide is shown
NM_PER_UM, UM_PER_CM = 1e3, 1e4


def main(folder: Path | None = None) -> tuple[qdp.optics.StackMode, qdp.optics.StackMode]:
    """The two modes, their character and their reach."""
    stack = qdp.load_stack("glass-dielectric-ag")
    modes = qdp.find_modes(stack)
    te, tm = modes["TE0"], modes["TM0"]
    for mode in (te, tm):
        profile = qdp.optics.fields(mode)
        peak = profile.z_nm[profile.intensity.argmax()]
        print(
            f"{mode.label} is {mode.character}: n_eff {mode.n_eff.real:.3f}, most intense {stack.interfaces_nm[-1] - peak:.0f} nm "
            f"below the silver; it loses {mode.loss_per_cm:.0f} cm^-1 and falls to 1/e within {UM_PER_CM / mode.loss_per_cm:.1f} um."
        )
    print(f"TM0 loses {tm.loss_per_cm / te.loss_per_cm:.0f} times as much as TE0.")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        qdp.plots.save_figure(propagation(stack, te, tm), folder / "why_a_metal_kills_tm.png")
    return te, tm


def propagation(stack: qdp.stacks.Stack, te: qdp.optics.StackMode, tm: qdp.optics.StackMode) -> Figure:
    """Maps of the field behind the entrance, E_y of TE and H_y of TM, and the decay of the intensity farther on."""
    top = float(stack.interfaces_nm[-1])
    z, x_um = np.linspace(-300.0, top + 60.0, 400), np.linspace(0.0, MAP_UM, 1200)
    figure = Figure(figsize=(7.1, 4.6), layout="constrained")
    panels = figure.subplot_mosaic([["TE0"], ["TM0"], ["decay"]])
    for mode, name in ((te, "E_y"), (tm, "H_y")):
        field = qdp.optics.fields(mode, z)
        across = (field.electric if mode is te else field.magnetic)[1]
        along = np.exp(2j * np.pi * mode.n_eff * x_um * NM_PER_UM / mode.wavelength_nm)
        axes = panels[mode.label]
        shown = np.outer(across / np.abs(across).max(), along).real
        image = axes.pcolormesh(x_um, z, shown, cmap="RdBu_r", vmin=-1, vmax=1, rasterized=True)
        axes.set(title=f"{mode.label}, {mode.character}: ${name}$", xlabel="x (µm)", ylabel="z (nm)")
        for edge in stack.interfaces_nm:
            axes.axhline(edge, color="black", linewidth=0.6)
        for height, text in ((-150.0, "glass"), (top / 2, "dielectric"), (top + 30.0, "Ag")):
            axes.annotate(text, (1.01, height), xycoords=("axes fraction", "data"), va="center")
        far_um = np.linspace(0.0, DECAY_UM, 500)
        intensity = np.exp(-mode.loss_per_cm * far_um / UM_PER_CM)
        panels["decay"].plot(far_um, intensity, "-" if mode is te else "--", label=f"{mode.label}, {mode.loss_per_cm:.0f} cm⁻¹")
    figure.colorbar(image, ax=[panels["TE0"], panels["TM0"]], label="field (of its maximum)", pad=0.01)
    panels["decay"].set(title="along the waveguide", xlabel="x (µm)", ylabel="intensity", xlim=(0, DECAY_UM), ylim=(0, 1))
    panels["decay"].legend(frameon=False)
    return figure


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
