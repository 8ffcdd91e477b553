"""A stack seen along its normal: the round trip's function D of a complex frequency, and the field where it vanishes.

::

    superstrate      V = + i n U         U = E,  V = U'/k0:   U' = k0 V,  V' = −k0 n² U
    mirror, spacer, gain ...             D(k0) = U_b V_a − V_b U_a, what comes from below (b) and from above (a) at one height
    substrate        V = − i n U         D = 0: the round trip r1 r2 e^{2iφ} = 1 at every height

D is entire in k0 where the indices are constant; it is returned by its logarithm, so that nothing overflows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics._checks import positive, refuse
from qdphotonics.gratings.cell import Complexes, Reals, not_given
from qdphotonics.units import extinction

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack


@dataclass(frozen=True, eq=False)
class VerticalCavity:
    """A stack of layers at one wavelength, seen along its normal; arrays only.

    Parameters
    ----------
    names : tuple of str [layer + 2]
        substrate, layers from bottom to top, superstrate.
    index : complex array [layer + 2]
        Along the layers.
    thickness_nm : float array [layer]
    wavelength_nm : float
        At which the indices hold.
    dindex_dwavelength : complex array [layer + 2], optional
        [1/nm]; 0 unless given.
    gain_layers : tuple of int
        Positions along ``names``.
    """

    names: tuple[str, ...]
    index: Complexes
    thickness_nm: Reals
    wavelength_nm: float
    dindex_dwavelength: Complexes = field(default_factory=not_given)
    gain_layers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        positive("wavelength_nm", self.wavelength_nm, "nm")
        object.__setattr__(self, "thickness_nm", np.asarray(self.thickness_nm, dtype=float))
        slope = np.zeros(len(self.names)) if np.size(self.dindex_dwavelength) == 0 else self.dindex_dwavelength
        for name, given in (("index", self.index), ("dindex_dwavelength", slope)):
            array = np.asarray(given, dtype=complex)
            if array.shape != (len(self.names),) or len(self.names) != self.thickness_nm.size + 2:
                refuse(name, f"have one entry for each of {self.thickness_nm.size} layers and two half-spaces", f"of shape {array.shape}")
            object.__setattr__(self, name, array)
        if not (self.thickness_nm > 0).all():
            refuse("thickness_nm", "be > 0 nm in every layer", self.thickness_nm.min())
        if not all(1 <= layer <= self.thickness_nm.size for layer in self.gain_layers):
            refuse("gain_layers", f"be positions of layers, 1 … {self.thickness_nm.size}", self.gain_layers)

    @property
    def interfaces_nm(self) -> Reals:
        """Heights [layer + 1], 0 on the substrate [nm]."""
        return np.concatenate([[0.0], np.cumsum(self.thickness_nm)])

    def index_at(self, k0: Complexes) -> Complexes:
        """Index [point, layer + 2] at complex frequencies [point], by its slope."""
        off = 2 * np.pi / np.atleast_1d(k0) - self.wavelength_nm
        return self.index + self.dindex_dwavelength * off[:, None]

    def with_gain(self, gain_per_cm: float) -> VerticalCavity:
        """The same with so much gain [1/cm] added in the gain layers, at the cavity's wavelength."""
        change = np.zeros(len(self.names), dtype=complex)
        change[list(self.gain_layers)] = -1j * extinction(gain_per_cm, self.wavelength_nm)
        return replace(self, index=self.index + change)

    def log_round_trip(self, k0: ArrayLike) -> Complexes:
        """log D [point] at complex frequencies k0 [1/nm]; −inf at a resonance."""
        points = np.atleast_1d(np.asarray(k0, dtype=complex))
        index = self.index_at(points)
        middle = self.thickness_nm.size // 2
        up, down = self._shot(points, index, 0)[middle], self._shot(points, index, 1)[-1 - middle]
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(up[0] * down[1] - up[1] * down[0]) + up[2] + down[2])

    def _shot(self, k0: Complexes, index: Complexes, side: int) -> list[tuple[Complexes, Complexes, Reals]]:
        """(U, V, log of what was divided out) at the interfaces, from the half-space of a side on."""
        sign = -1.0 if side == 0 else 1.0
        U, V = np.ones(k0.size, complex), sign * 1j * index[:, -side]
        log = np.zeros(k0.size)
        rows = [(U, V, log)]
        layers = range(1, self.thickness_nm.size + 1)
        for layer in layers if side == 0 else layers[::-1]:
            n = index[:, layer]
            phi = -sign * n * k0 * self.thickness_nm[layer - 1]
            grown = np.abs(phi.imag)
            ahead, back = np.exp(1j * phi - grown), np.exp(-1j * phi - grown)
            cos, sin = 0.5 * (ahead + back), -0.5j * (ahead - back)
            U, V = cos * U + sin / n * V, cos * V - n * sin * U
            size = np.abs(U) + np.abs(V)
            U, V, log = U / size, V / size, log + grown + np.log(size)
            rows.append((U, V, log))
        return rows

    def fields_at_interfaces(self, k0: complex) -> tuple[Complexes, Complexes]:
        """U and V [layer + 1] of a resonance, largest |U| 1: from both ends, joined where the two are largest together."""
        points = np.array([k0])
        index = self.index_at(points)
        up, down = self._shot(points, index, 0), self._shot(points, index, 1)[::-1]
        below, above = (np.array([[row[part][0] for row in rows] for part in range(3)]) for rows in (up, down))
        meet = int(np.argmax(below[2].real + above[2].real))
        ratio = (below[0, meet] * above[0, meet].conj() + below[1, meet] * above[1, meet].conj()) / np.sum(np.abs(above[:2, meet]) ** 2)
        lower = below[:2] * np.exp(below[2].real - below[2, meet].real)
        upper = above[:2] * np.exp(above[2].real - above[2, meet].real) * ratio
        joined = np.where(np.arange(lower.shape[1]) <= meet, lower, upper)
        U, V = joined / joined[0, np.argmax(np.abs(joined[0]))]
        return U, V


def cavity_at(source: VerticalCavity | Stack, wavelength_nm: float | None = None) -> VerticalCavity:
    """A stack as a vertical cavity at a wavelength [nm], its own unless given; a cavity's indices are extended by their slope."""
    if isinstance(source, VerticalCavity):
        if wavelength_nm is None:
            return source
        index = source.index_at(np.array([2 * np.pi / wavelength_nm]))[0]
        return replace(source, index=index, wavelength_nm=wavelength_nm)
    from qdphotonics.optics import planar_problem

    problem = planar_problem(source, wavelength_nm)
    return VerticalCavity(
        names=source.all_names,
        index=problem.index,
        thickness_nm=problem.thickness_nm,
        wavelength_nm=problem.wavelength_nm,
        dindex_dwavelength=problem.dindex_dwavelength,
        gain_layers=tuple(position + 1 for position in source.gain_layers),
    )
