"""The stripe of the Bragg-reflection diode, as far as it was measured: line widths, bands, power at the edge (M3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING

import qdphotonics as qdp
from qdphotonics.laser.film import DotFilm
from qdphotonics.laser.guide import Stripe
from qdphotonics.laser.stripe import amplify
from tools.published.sections import Section

if TYPE_CHECKING:
    from qdphotonics.laser import EdgeEmission

STACK = "ahn2023-brw"
CURRENTS = (3.0, 13.0, 30.0, 100.0, 650.0, 1933.0)  # A/cm²; [B] § 6.4.2 and Fig. 46
LENGTH_UM = 300.0


def single_mode_mW(edge: EdgeEmission) -> float:
    """Power at the highest current if the stripe held one lateral mode only."""
    stack, light = edge.stack, edge.light
    index = float(stack.index()[stack.gain_layers[0] + 1].real)
    film = DotFilm.of_medium(edge.dots, edge.wavelength_nm, index, edge.film_monolayers)
    stripe = Stripe(edge.length_um, edge.width_um, lateral_modes=1.0)
    return 1e3 * edge.fed_share * float(amplify(film, light.guide, stripe, light.pair_rate_per_ns[-1:]).edge_power_W[0])


def m3_stripe() -> Section:
    one, three = (qdp.laser.ase(STACK, current_density_A_per_cm2=CURRENTS, length_um=LENGTH_UM, monolayers=n) for n in (1.0, 3.0))
    first, second = one.bands[:2]
    along = one.fwhm_along_meV(first)
    figures = one.figures[first.name]
    single, power = single_mode_mW(one), 1e3 * float(one.power_W[-1])
    computed: dict[str, float | str] = {
        "threshold": one.onset.net_gain,
        "TM": ", ".join(mode.label for mode in one.modes if mode.label.startswith("TM") and mode.threshold_A_per_cm2 < inf) or "none",
        "wide": float(along[-1, 0]),
        "narrow": float(along[-1, -1]),
        "weak": float(figures.fwhm_meV[0]),
        "1S": float(figures.peak_eV[-1]),
        "1P": float(one.figures[second.name].peak_eV[-1]),
        "power": power,
    }
    widths = ", ".join(f"{width:.0f}" for width in figures.fwhm_meV)
    powers = ", ".join(f"{1e3 * power:.2g}" for power in one.power_W)
    currents = ", ".join(f"{current:g}" for current in CURRENTS)
    below = (
        f"At {currents} A/cm² (N_ML = 1) the 1S line at the edge is {widths} meV wide and the edge gives {powers} mW. With N_ML = 3 net "
        f"gain begins at {three.onset.net_gain:.0f} A/cm² and the edge gives {1e3 * three.power_W[-1]:.2g} mW at the highest current. The "
        "threshold differs from that of `analyze` in that the whole spectrum of the dots is taken, not the peak gain of 1S.",
        f"The power is the light of the fed monolayer, {one.fed_share:.2f} of the film's. An open stripe sends light in many lateral "
        f"modes; in a single one the edge would give {single:.2g} mW.",
    )
    return Section("M3 stripe", "Edge of the diode, 300 µm × 30 µm", f"`{STACK}`, `qdphotonics ase`; all modes.", computed, below)


SECTIONS: Mapping[str, Callable[[], Section]] = {"M3 stripe": m3_stripe}
