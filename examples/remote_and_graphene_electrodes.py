"""Electrodes that spare the mode: graphene in place of the metal, or the metal moved aside.

A remote electrode injects from beside the emitting strip and leaves no metal above it: here the stack without the metal.
What of the mode still reaches the metal sideways is ignored, so what it saves is an upper bound. Graphene is taken as
0.35 nm of its measured index: thin, but it absorbs, and it does not push the field away as a metal does. The stacks are
the two published ones with a metal on top, Al behind MoOx and Ag behind HAT-CN.

    python examples/remote_and_graphene_electrodes.py
"""

from __future__ import annotations

import qdphotonics as qdp

GRAPHENE_NM = 0.35
STACKS = {"roh2020-moox-al": "Al", "jung2022-lito-ag": "Ag"}  # and the name of the metal; the other electrode is L-ITO


def electrodes(name: str) -> dict[str, qdp.optics.StackModes]:
    """TE modes of a stack as published, with graphene for its metal, for both electrodes, and with the metal elsewhere."""
    stack = qdp.load_stack(name)
    metal = f"layers.{STACKS[name]}"
    graphene = stack.changed({f"{metal}.material": "graphene", f"{metal}.thickness": GRAPHENE_NM})
    stacks = {
        "metal": stack,
        "graphene": graphene,
        "graphene twice": graphene.changed({"layers.L-ITO.material": "graphene", "layers.L-ITO.thickness": GRAPHENE_NM}),
        "remote": stack.changed({f"{metal}.material": "air"}),
    }
    return {electrode: qdp.find_modes(changed, polarization="TE") for electrode, changed in stacks.items()}


def main() -> dict[str, dict[str, qdp.optics.StackModes]]:
    """Print by how much the loss of TE0 falls, or rises, beside its modal gain at saturation."""
    found = {name: electrodes(name) for name in STACKS}
    for name, cases in found.items():
        stack = qdp.load_stack(name)
        gain = qdp.laser.medium_of(stack, None).material_gain_per_cm
        print(f"{stack.name}: {STACKS[name]} as published")
        print(f"  {'electrode':14} {'loss cm^-1':>11} {'change':>7} {'Γ·G cm^-1':>10}   which sits in")
        for electrode, modes in cases.items():
            mode = modes["TE0"]
            change = mode.loss_per_cm / cases["metal"]["TE0"].loss_per_cm - 1
            materials = {layer.name: layer.material.name for layer in modes.stack.layers}
            parts = sorted(((loss, materials.get(place, place)) for place, loss in mode.loss_budget_per_cm.items()), reverse=True)
            places = ", ".join(f"{material} {loss:.0f}" for loss, material in parts if loss > 0.5)
            print(f"  {electrode:14} {mode.loss_per_cm:11.0f} {change:7.0%} {gain * mode.confinement['QD'].intensity:10.0f}   {places}")
    return found


if __name__ == "__main__":
    main()
