"""The mode search held against spectral finite elements on any stack: the same modes, one by one, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qdphotonics.planar import find_modes
from qdphotonics.units import extinction
from tests.oracles.spectral import WeakForm, modes
from tests.planar.stacks_at_random import RandomStack

MAX_LOSS_PER_CM = 1e4
SAME = 1e-8  # spectral elements err up to 1e-12 here, modes lie 1e-4 apart and more
MODES_A_SHIFT = 5  # each shift of the spectral search finds some twenty modes: fourfold cover
FEWEST_SHIFTS = 6


@dataclass(frozen=True)
class Agreement:
    """What two searches of one region say of each other."""

    certified: bool
    modes: int  # of ours, with multiplicity
    missing: tuple[complex, ...]  # modes of the spectral search that ours lacks
    spurious: tuple[complex, ...]  # ours that the spectral form denies
    hinted: int  # ours that the spectral search lacked, but whose form has them where ours says
    difference: float  # largest, of those that both have

    @property
    def whole(self) -> bool:
        return self.certified and not self.missing and not self.spurious


def compared(stack: RandomStack, polarization: Literal["TE", "TM"]) -> Agreement:
    """All modes of |loss| <= 10,000 per cm by both methods. The spectral search is told nothing of ours.

    A layer of thickness d holds 2 n d/wavelength modes, which lie the denser the nearer n_eff comes to n: shifts are as
    many as that asks for, at equal steps of the angle asin(n_eff/n). One more stands where a plasmon would be.
    """
    search = find_modes(stack.index, stack.thickness_nm, stack.wavelength_nm, polarization, max_loss_per_cm=MAX_LOSS_PER_CM)
    ours = np.array([mode.n_eff for mode in search.modes for _ in range(mode.multiplicity)])
    expected = 2 * float(stack.thickness_nm @ stack.index[1:-1].real) / stack.wavelength_nm
    shifts = FEWEST_SHIFTS + int(expected / MODES_A_SHIFT)
    near = 1.01 * stack.index.real.max() * np.sin(np.linspace(0.02, np.pi / 2, shifts))
    found = modes(stack.index, stack.thickness_nm, stack.wavelength_nm, polarization,
                  near=np.append(near, 1.2 * stack.index.real.max()), max_loss_per_cm=MAX_LOSS_PER_CM)
    theirs = np.array([mode.n_eff for mode in found])
    form = WeakForm(stack.index, stack.thickness_nm, stack.wavelength_nm, polarization)
    distance = np.abs(ours[:, None] - theirs)
    edge = float(extinction(MAX_LOSS_PER_CM, stack.wavelength_nm)) - SAME  # on the region's edge rounding decides
    of_ours, of_theirs = distance.min(axis=1, initial=np.inf), distance.min(axis=0, initial=np.inf)
    alone = ours[(of_ours > SAME) & (np.abs(ours.imag) < edge)].tolist()
    denied = tuple(n_eff for n_eff in alone if not _confirmed(form, n_eff))
    return Agreement(
        search.certified,
        len(ours),
        tuple(theirs[(of_theirs > SAME) & (np.abs(theirs.imag) < edge)].tolist()),
        denied,
        len(alone) - len(denied),
        float(of_ours[of_ours <= SAME].max(initial=0.0)),
    )


def _confirmed(form: WeakForm, n_eff: complex) -> bool:
    """Whether inverse iteration on the spectral form stays at n_eff."""
    polished = form.polish(n_eff)
    return polished is not None and abs(polished[0] - n_eff) < SAME
