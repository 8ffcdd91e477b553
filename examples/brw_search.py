"""Thicknesses for the Bragg-reflection diode of Ahn et al., Nature 617, 79 (2023): where the shipped ahn2023-brw comes from.

The sources give the sequence glass / 10 x (Nb2O5 / SiO2) / ITO / ZnO / ccg-QDs / TFB / HAT-CN / Ag, three monolayers of
dots, some 300 nm above the reflector, and what the authors computed: a TE mode with its main peak in the dots, 23 % of it
there, a loss of 16 cm^-1. They give the thickness of no layer, so thicknesses are searched here.

Assumed: ITO of 652 cm^-1 (the authors' value for it), 10 nm thin; 50 nm of dots, 10 nm of HAT-CN, 100 nm of silver; indices
of the shipped materials at 642 nm (the 1S amplified emission); 330 nm between reflector and silver, of which TFB takes what
the other layers leave.
Searched, to 5 nm: both layers of the reflector, and ZnO. Wanted: the least loss of the TE mode with at least 23 % in the
dots, while every TM mode loses at least 10 cm^-1 although the dots amplify at saturation (780 cm^-1).

    python examples/brw_search.py
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

import qdphotonics as qdp
from qdphotonics.optics import critical_angle_deg
from qdphotonics.planar import Mode
from qdphotonics.units import extinction

CONFINEMENT, PUBLISHED_LOSS_PER_CM = 0.23, 16.0
GAIN_PER_CM = 780.0  # of ccg-QDs at saturation
TM_MARGIN_PER_CM = 10.0
QD_NM, HAT_CN_NM, AG_NM = 50.0, 10.0, 100.0
STEPS_NM = (20.0, 10.0, 5.0)
STARTS_NM = ((90.0, 100.0, 50.0), (90.0, 130.0, 80.0), (120.0, 100.0, 50.0), (120.0, 130.0, 80.0))  # Nb2O5, SiO2, ZnO
GUIDED = (1.52, 1.95)  # Re n_eff: not leaving through the glass, not held by one Nb2O5 layer alone
HOPELESS_PER_CM = 45.0  # a TE mode worse than this is not worth a look at TM

Trial = tuple[float, float, float]  # thickness of Nb2O5, SiO2 and ZnO [nm]


@dataclass(frozen=True)
class Layout:
    """What a search leaves alone. ``high_last``: the reflector's Nb2O5, not its SiO2, touches the ITO."""

    ito_nm: float = 10.0
    height_nm: float = 330.0
    high_last: bool = False

    def tfb_nm(self, trial: Trial) -> float:
        return self.height_nm - self.ito_nm - trial[2] - QD_NM - HAT_CN_NM

    def thickness_nm(self, trial: Trial) -> list[float]:
        high, low, zno = trial
        pair = [low, high] if self.high_last else [high, low]
        return [*pair * 10, self.ito_nm, zno, QD_NM, self.tfb_nm(trial), HAT_CN_NM, AG_NM]

    def index(self, gain_per_cm: float) -> np.ndarray:
        """Index [layer + 2] of the shipped stack's materials, with that gain in the dots."""
        stack = qdp.load_stack("ahn2023-brw")
        index = stack.index()
        if self.high_last:
            index[1:21] = np.roll(index[1:21], 1)
        index[stack.gain_layers[0] + 1] -= 1j * extinction(gain_per_cm, stack.wavelength_nm)
        return index


@dataclass(frozen=True)
class Outcome:
    """The chosen TE mode of a trial, and how the TM modes fare with the gain on."""

    confinement: float
    loss_per_cm: float
    n_eff: float
    best_tm_net_gain_per_cm: float  # nan: not looked at
    cost: float  # loss, plus what a broken wish costs [cm^-1]


@cache
def arrays(layout: Layout) -> tuple[float, int, np.ndarray, np.ndarray]:
    """Wavelength [nm], place of the dots in [layer + 2], index without and with gain."""
    stack = qdp.load_stack("ahn2023-brw")
    return stack.wavelength_nm, stack.gain_layers[0] + 1, layout.index(0.0), layout.index(GAIN_PER_CM)


@cache
def outcome(layout: Layout, trial: Trial) -> Outcome:
    """Solve one trial."""
    wavelength, dots, passive, pumped = arrays(layout)
    thickness = layout.thickness_nm(trial)

    def net_gain(mode: Mode) -> float:
        return GAIN_PER_CM * float(mode.confinement.intensity[dots]) - mode.loss_per_cm

    found = qdp.planar.find_modes(passive, thickness, wavelength, "TE", n_range=GUIDED).modes
    if not found:
        return Outcome(0.0, np.inf, np.nan, np.nan, np.inf)
    chosen = max(found, key=net_gain)
    share = float(chosen.confinement.intensity[dots])
    cost = chosen.loss_per_cm + 2000 * max(0.0, CONFINEMENT - share)
    best_tm = np.nan
    if cost < HOPELESS_PER_CM:
        best_tm = max(-mode.loss_per_cm for mode in qdp.planar.find_modes(pumped, thickness, wavelength, "TM").modes)
        cost += 2 * max(0.0, best_tm + TM_MARGIN_PER_CM)
    return Outcome(share, chosen.loss_per_cm, chosen.n_eff.real, best_tm, cost)


def descend(layout: Layout, start: Trial) -> Trial:
    """Step to the best of the six neighbours until none is better, with ever smaller steps."""
    best = start
    for step in STEPS_NM:
        while True:
            high, low, zno = best
            around = [trial for d in (step, -step) for trial in ((high + d, low, zno), (high, low + d, zno), (high, low, zno + d))]
            allowed = [trial for trial in around if min(trial) >= 20 and layout.tfb_nm(trial) >= 20]
            better = min(allowed, key=lambda trial: outcome(layout, trial).cost)
            if outcome(layout, better).cost >= outcome(layout, best).cost:
                break
            best = better
    return best


def search(layout: Layout) -> tuple[Trial, Outcome]:
    """The best end of all descents."""
    best = min((descend(layout, start) for start in STARTS_NM), key=lambda trial: outcome(layout, trial).cost)
    return best, outcome(layout, best)


def found_stack(layout: Layout, trial: Trial) -> qdp.stacks.Stack:
    """The shipped stack with the thicknesses found (the layout must have its order of layers)."""
    high, low, zno = trial
    values = {"DBR-H": high, "DBR-L": low, "ITO": layout.ito_nm, "ZnO": zno, "QD": QD_NM, "TFB": layout.tfb_nm(trial)}
    return qdp.load_stack("ahn2023-brw", {f"layers.{name}.thickness": value for name, value in values.items()})


def ito_that_reaches(wanted_per_cm: float, stack: qdp.stacks.Stack, near: float, what: str, usual: float) -> float:
    """Loss [cm^-1] or thickness [nm] of the ITO at which the TE mode near n_eff ``near`` loses ``wanted_per_cm``, by bisection."""

    def loss(value: float) -> float:
        change = {"layers.ITO.thickness": value} if what == "thickness" else {"layers.ITO.material": {"n": 1.8, "alpha_per_cm": value}}
        modes = qdp.find_modes(stack.changed(change), polarization="TE", n_range=GUIDED).modes
        return min(modes, key=lambda mode: abs(mode.n_eff.real - near)).loss_per_cm

    low, high = 1e-3 * usual, usual
    if not loss(low) < wanted_per_cm < loss(high):
        raise ValueError(f"{wanted_per_cm} cm^-1 is not reached between {low} and {high}")
    while high - low > 1e-3 * usual:
        middle = (low + high) / 2
        low, high = (middle, high) if loss(middle) < wanted_per_cm else (low, middle)
    return (low + high) / 2


def show(stack: qdp.stacks.Stack) -> None:
    """Print the chosen mode beside the published figures, and the TM modes."""
    modes = qdp.find_modes(stack).modes
    te, tm = ([mode for mode in modes if mode.polarization == which] for which in ("TE", "TM"))
    chosen = max(te, key=lambda mode: GAIN_PER_CM * mode.confinement["QD"].intensity - mode.loss_per_cm)
    share = chosen.confinement["QD"].intensity
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
    strongest = max(tm, key=lambda mode: mode.confinement["QD"].intensity)
    print(f"{strongest.label} has most in the dots of all TM modes, {strongest.confinement['QD'].intensity:.1%}, and loses "
          f"{strongest.loss_per_cm:.0f} cm^-1, {strongest.loss_per_cm / chosen.loss_per_cm:.0f} times as much.")


def main() -> None:
    """Search, and print what was found."""
    layout = Layout()
    trial, best = search(layout)
    stack = found_stack(layout, trial)
    print("Found [nm]: Nb2O5 {:.0f}, SiO2 {:.0f}, ZnO {:.0f}, and TFB".format(*trial), f"{layout.tfb_nm(trial):.0f}")
    show(stack)
    print(f"With the gain on, every TM mode loses at least {-best.best_tm_net_gain_per_cm:.0f} cm^-1.")
    loss, thickness = (
        ito_that_reaches(PUBLISHED_LOSS_PER_CM, stack, best.n_eff, what, usual) for what, usual in (("loss", 652.0), ("thickness", 10.0))
    )
    print(f"The published 16 cm^-1 is reached with an ITO of {loss:.0f} cm^-1 (L-ITO has 161), or {thickness:.1f} nm thin at 652.")
    thick = Layout(ito_nm=50.0, high_last=True)
    trial, best = search(thick)
    print("With Nb2O5, not SiO2, next to the ITO the field is small there, and the ITO may be 50 nm thick: "
          f"{best.confinement:.1%}, {best.loss_per_cm:.0f} cm^-1 (Nb2O5 {trial[0]:.0f}, SiO2 {trial[1]:.0f}, ZnO {trial[2]:.0f}, "
          f"TFB {thick.tfb_nm(trial):.0f} nm).")


if __name__ == "__main__":
    main()
