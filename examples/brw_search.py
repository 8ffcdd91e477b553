"""Thicknesses for the Bragg-reflection diode of Ahn et al., Nature 617, 79 (2023): where the shipped ahn2023-brw comes from.

The sources give the sequence glass / 10 x (Nb2O5 / SiO2) / ITO / ZnO / ccg-QDs / TFB / HAT-CN / Ag, three monolayers of
dots, some 300 nm above the reflector, and what the authors computed: a TE mode with its main peak in the dots, 23 % of it
there, a loss of 16 cm^-1. They give the thickness of no layer, so thicknesses are searched here.

Assumed: ITO of 652 cm^-1 (the authors' value for it), 10 nm thin; 50 nm of dots, 10 nm of HAT-CN, 100 nm of silver; indices
of the shipped materials at 642 nm (the 1S amplified emission); 330 nm between reflector and silver, of which TFB takes what
the other layers leave.
Searched, in steps of 10 nm: both layers of the reflector, and ZnO. Wanted: the least loss of the TE mode with at least 23 % in
the dots, while every TM mode loses at least 10 cm^-1 although the dots amplify at saturation (780 cm^-1).
In steps of 5 nm there is a design with 0.3 % less loss (130, 105, 75 and 185 nm), far within what these assumptions are good for.

    python examples/brw_search.py
"""

from __future__ import annotations

from functools import cache
from typing import Any

import qdphotonics as qdp
from qdphotonics.optics import critical_angle_deg
from qdphotonics.sweeps import Optimum

GAIN_PER_CM = 780.0  # of ccg-QDs at saturation, which analyze takes where a stack has no drive
PUBLISHED_LOSS_PER_CM = 16.0
ABOVE = 'thickness_nm.ITO + thickness_nm.ZnO + thickness_nm.QD + thickness_nm.TFB + thickness_nm."HAT-CN"'
WISHES: dict[str, Any] = {
    "name": "Thicknesses of the Bragg-reflection diode",
    "stack": "ahn2023-brw",
    "mode": "TE",
    "n_range": [1.52, 1.95],  # not leaving through the glass, not held by one Nb2O5 layer alone
    "minimize": "loss_per_cm",
    "variables": {
        "layers.DBR-H.thickness": {"from": 20, "to": 250, "step": 10, "start": 120},
        "layers.DBR-L.thickness": {"from": 20, "to": 250, "step": 10, "start": 100},
        "layers.ZnO.thickness": {"from": 20, "to": 240, "step": 10, "start": 50},
        "layers.TFB.thickness": {"from": 20, "to": 240, "start": 200},
    },
    "subject_to": ["confinement.QD >= 0.23", "TM.net_gain_per_cm <= -10", f"{ABOVE} == 330"],
    "starts": 2,
}
HIGH_LAST = [{"name": "DBR-L", "material": "SiO2 film", "thickness": 110}, {"name": "DBR-H", "material": "Nb2O5", "thickness": 130}]


def optimum(spec: dict[str, Any]) -> Optimum:
    """The best design of a specification with one goal."""
    found = qdp.optimize(spec)
    assert isinstance(found, Optimum)
    return found


@cache
def search() -> Optimum:
    """The best thicknesses."""
    return optimum(WISHES)


def search_with_high_index_last() -> Optimum:
    """The same with Nb2O5, not SiO2, next to the ITO, which is 50 nm thick."""
    return optimum({**WISHES, "set": {"layers[0].layers": HIGH_LAST, "layers.ITO.thickness": 50}})


def ito_that_reaches(wanted_per_cm: float, stack: qdp.stacks.Stack, mode: str, what: str, usual: float) -> float:
    """Loss [cm^-1] or thickness [nm] of the ITO, from next to nothing to ``usual``, at which a mode loses ``wanted_per_cm``."""
    path = {"loss": "layers.ITO.material.alpha_per_cm", "thickness": "layers.ITO.thickness"}[what]
    found = optimum({
        "stack": stack.changed({"layers.ITO.material": {"n": 1.8, "alpha_per_cm": 652}}),
        "mode": mode,
        "maximize": "loss_per_cm",
        "subject_to": [f"loss_per_cm <= {wanted_per_cm}"],
        "variables": {path: {"from": 1e-3 * usual, "to": usual, "start": usual}},
        "starts": 1,
    })
    return found.variables[path]


def show(stack: qdp.stacks.Stack, label: str) -> None:
    """Print the chosen mode beside the published figures, and the TM modes."""
    modes = qdp.find_modes(stack)
    chosen, share = modes[label], modes[label].confinement["QD"].intensity
    rows = [
        ("confinement in the dots", f"{share:.1%}", "23 %"),
        ("loss", f"{chosen.loss_per_cm:.1f} cm^-1", "16 cm^-1"),
        ("modal gain at 780 cm^-1", f"{GAIN_PER_CM * share:.0f} cm^-1", "180 cm^-1"),
        ("net gain", f"{GAIN_PER_CM * share - chosen.loss_per_cm:.0f} cm^-1", "164 cm^-1"),
    ]
    print(f"{chosen.label}, {chosen.character}, n_eff {chosen.n_eff.real:.4f}")
    print(f"{'':26}{'computed':>12}{'published':>12}")
    for name, computed, published in rows:
        print(f"{name:26}{computed:>12}{published:>12}")
    print(f"Angle in the dots {chosen.angle_deg['QD']:.1f} degrees, critical angle towards the glass {critical_angle_deg(stack):.1f}.")
    strongest = max((mode for mode in modes if mode.polarization == "TM"), key=lambda mode: mode.confinement["QD"].intensity)
    print(f"{strongest.label} has most in the dots of all TM modes, {strongest.confinement['QD'].intensity:.1%}, and loses "
          f"{strongest.loss_per_cm:.0f} cm^-1, {strongest.loss_per_cm / chosen.loss_per_cm:.0f} times as much.")


def thicknesses(found: Optimum) -> str:
    """The four that were searched."""
    names = {"Nb2O5": "DBR-H", "SiO2": "DBR-L", "ZnO": "ZnO", "TFB": "TFB"}
    return ", ".join(f"{name} {found.variables[f'layers.{layer}.thickness']:.0f}" for name, layer in names.items())


def main() -> None:
    """Search, and print what was found."""
    best = search()
    label = best.verification.label
    print(f"Found [nm]: {thicknesses(best)}, by {best.calls} calls of the mode solver")
    show(best.stack, label)
    print(f"With the gain on, every TM mode loses at least {-best.quantities['TM.net_gain_per_cm']:.0f} cm^-1.")
    loss, thickness = (
        ito_that_reaches(PUBLISHED_LOSS_PER_CM, best.stack, label, what, usual) for what, usual in (("loss", 652.0), ("thickness", 10.0))
    )
    print(f"The published 16 cm^-1 is reached with an ITO of {loss:.0f} cm^-1 (L-ITO has 161), or {thickness:.1f} nm thin at 652.")
    thick = search_with_high_index_last()
    print("With Nb2O5, not SiO2, next to the ITO the field is small there, and the ITO may be 50 nm thick: "
          f"{thick.quantities['confinement.QD']:.1%}, {thick.objective:.0f} cm^-1 ({thicknesses(thick)} nm).")


if __name__ == "__main__":
    main()
