"""The stripe of the Bragg-reflection diode, as far as it was measured: line widths, bands, power at the edge (M3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import exp, inf, log
from typing import TYPE_CHECKING, Any

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


def otherwise(edge: EdgeEmission, *, saturates: bool = True, single: bool = False, **changes: Any) -> tuple[float, float]:
    """Power (mW) and largest net gain (per cm) at the highest current, of light that empties no dot, one lateral mode, another guide."""
    stack, light = edge.stack, edge.light
    index = float(stack.index()[stack.gain_layers[0] + 1].real)
    film = DotFilm.of_medium(edge.dots, edge.wavelength_nm, index, edge.film_monolayers)
    stripe = Stripe(edge.length_um, edge.width_um, lateral_modes=1.0 if single else None)
    found = amplify(film, replace(light.guide, **changes), stripe, light.pair_rate_per_ns[-1:], saturates=saturates)
    return 1e3 * edge.fed_share * float(found.edge_power_W[0]), float(found.peak_net_gain_per_cm[0])


def how_the_power_moves(edge: EdgeEmission) -> str:
    """What the power at the highest current hangs on."""
    best = max(edge.modes, key=lambda mode: mode.net_gain_per_cm[-1])
    point = qdp.find_modes(edge.stack)[best.label]
    layers = [edge.stack.layers[position].name for position in edge.stack.gain_layers]
    counted = sum(point.confinement[name].intensity for name in layers) / sum(point.confinement[name].gain for name in layers)
    power, net = otherwise(edge)
    papers, papers_net = otherwise(edge, confinement=counted * edge.light.guide.confinement)
    before = otherwise(edge, edge_transmission=1.0)[0]
    at = int(abs(edge.wavelength_nm - edge.stack.wavelength_nm).argmin())
    fresnel = 4 * point.n_eff.real / (1 + point.n_eff.real) ** 2
    return (
        f"Light that emptied no dot would give {otherwise(edge, saturates=False)[0]:.2g} mW: it grows exponentially up to the edge. With Γ "
        f"counted as intensity, as the reviews do, the net gain is {papers_net:.0f} instead of {net:.0f} cm⁻¹ (published: ≈ 164 by that "
        f"count) and the power {papers:.2g} instead of {power:.2g} mW; 30 cm⁻¹ more or less, as far as it is asked, are a factor of "
        f"{exp(30 * log(power / papers) / (net - papers_net)):.1f}. Before the edge the power is {before:.2g} mW: of {best.label}, a Bragg "
        f"mode, {100 * best.edge_transmission[at]:.0f} % of what comes straight at the edge leaves (Fresnel for its n_eff: "
        f"{100 * fresnel:.0f} %), and nothing beyond total reflection. One lateral mode instead of the many of an open stripe would give "
        f"{otherwise(edge, single=True)[0]:.2g} mW."
    )


def m3_stripe() -> Section:
    one, three = (qdp.laser.ase(STACK, current_density_A_per_cm2=CURRENTS, length_um=LENGTH_UM, monolayers=n) for n in (1.0, 3.0))
    first, second = one.bands[:2]
    along = one.fwhm_along_meV(first)
    figures = one.figures[first.name]
    computed: dict[str, float | str] = {
        "threshold": one.onset.net_gain,
        "TM": ", ".join(mode.label for mode in one.modes if mode.label.startswith("TM") and mode.threshold_A_per_cm2 < inf) or "none",
        "wide": float(along[-1, 0]),
        "narrow": float(along[-1, -1]),
        "weak": float(figures.fwhm_meV[0]),
        "1S": float(figures.peak_eV[-1]),
        "1P": float(one.figures[second.name].peak_eV[-1]),
        "power": 1e3 * float(one.power_W[-1]),
    }
    widths = ", ".join(f"{width:.0f}" for width in figures.fwhm_meV)
    powers = ", ".join(f"{1e3 * power:.2g}" for power in one.power_W)
    currents = ", ".join(f"{current:g}" for current in CURRENTS)
    below = (
        f"At {currents} A/cm² (N_ML = 1) the 1S line at the edge is {widths} meV wide and the edge gives {powers} mW. With N_ML = 3 net "
        f"gain begins at {three.onset.net_gain:.0f} A/cm² and the edge gives {1e3 * three.power_W[-1]:.2g} mW at the highest current. The "
        "threshold differs from that of `analyze` in that the whole spectrum of the dots is taken, not the peak gain of 1S.",
        f"The power is the light of the fed monolayer, {one.fed_share:.2f} of the film's. " + how_the_power_moves(one),
    )
    return Section("M3 stripe", "Edge of the diode, 300 µm × 30 µm", f"`{STACK}`, `qdphotonics ase`; all modes.", computed, below)


SECTIONS: Mapping[str, Callable[[], Section]] = {"M3 stripe": m3_stripe}
