"""What the mode solver returns. Layer axes run over [substrate, layers ..., superstrate]."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Polarization = Literal["TE", "TM"]
Kind = Literal["guided", "leaky"]
Character = Literal["photonic", "bragg", "plasmonic"]
Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True)
class Confinement:
    """Share of a mode in each layer (half-spaces first and last), three ways; PHYSICS.md section 1.

    ``intensity``: int_i |E|^2 / int |E|^2 and ``energy``: the same with the dispersive energy density, over the
    layers and the tails of closed half-spaces (an open half-space holds 0). ``gain``: Re dn_eff/dn_i, exact.
    """

    intensity: Reals  # [layer + 2]
    energy: Reals  # [layer + 2]
    gain: Reals  # [layer + 2]


@dataclass(frozen=True)
class Sensitivity:
    """Exact first derivatives of n_eff."""

    thickness_per_nm: Complexes  # [layer]
    index: Complexes  # [layer + 2]; of a uniaxial layer: of both its indices moved together
    index_extraordinary: Complexes  # [layer + 2]; of n_e alone (0 for TE)


@dataclass(frozen=True)
class Mode:
    """One mode of a planar stack at one wavelength."""

    n_eff: complex
    polarization: Polarization
    wavelength_nm: float
    label: str  # TE0, TE1, TM0 ... by falling Re n_eff among the modes returned
    kind: Kind
    open: tuple[bool, bool]  # substrate, superstrate
    character: Character
    multiplicity: int  # 2 where two modes lie closer than double precision resolves, see twin_offsets
    group_index: float
    confinement: Confinement
    absorbed_per_cm: Reals  # [layer + 2]; an open half-space holds 0
    radiated_per_cm: Reals  # [2]; into substrate and superstrate; a closed one holds 0
    sensitivity: Sensitivity
    index: Complexes  # [layer + 2], the stack the mode belongs to
    index_extraordinary: Complexes  # [layer + 2]
    thickness_nm: Reals  # [layer]

    @property
    def loss_per_cm(self) -> float:
        """alpha = 2 k0 Im n_eff [cm^-1]; negative: net modal gain."""
        from qdphotonics.units import loss_per_cm

        return loss_per_cm(self.n_eff.imag, self.wavelength_nm)

    @cached_property
    def twin_offsets(self) -> tuple[complex, ...]:
        """Offsets in n_eff of the ``multiplicity`` modes from ``n_eff``, their mean, by falling real part; (0,) of a single one.

        Found with mpmath, in as many digits as they take (0.01 to 0.4 s, once); below about 1e-80 they are 0. The stack is the
        one that its float64 numbers describe: where two guides differ by 1e-16, so do their modes.
        """
        from qdphotonics.planar.twins import twin_offsets

        return twin_offsets(self)

    @property
    def loss_budget_per_cm(self) -> Reals:
        """Loss by place [layer + 2]: absorbed, plus what is radiated into an open half-space."""
        budget = self.absorbed_per_cm.copy()
        budget[[0, -1]] += self.radiated_per_cm
        return budget


@dataclass(frozen=True)
class ModeSearch:
    """Every mode of one polarization in a region of the n_eff plane."""

    modes: tuple[Mode, ...]  # by falling Re n_eff
    certified: bool  # the number of zeros counted in the region equals the number returned
    note: str  # the region, how its upper bound was found, and why not certified
    n_range: tuple[float, float]
    max_loss_per_cm: float
