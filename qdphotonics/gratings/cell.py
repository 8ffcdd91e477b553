"""One period of a grated stack: the description that coupled waves, Bloch modes and FDTD share.

::

    superstrate      z -> +infinity          index[-1]
    ---------------  z = sum of thicknesses
    layers above     flat (planarising), or each following the grooves (conformal: shifted down with them)
    --__--__--__--   z = top of the grated layer, teeth kept, grooves `depth` deep
    grated layer
    ...
    ---------------  z = 0
    substrate        z -> -infinity          index[0]
         x = -period/2 ... period/2          a tooth is centred on x = 0
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import one_of, positive, refuse
from qdphotonics.errors import ArgumentError
from qdphotonics.gratings.profile import SLIVER, GratingProfile
from qdphotonics.stacks.grating_rules import Apodisation, OverLayers

if TYPE_CHECKING:
    from shapely import Geometry

    from qdphotonics.stacks import Stack

Complexes = NDArray[np.complex128]
Reals = NDArray[np.float64]


def not_given() -> Complexes:
    """An empty array: one that is made from the others."""
    return np.empty(0, dtype=complex)


@dataclass(frozen=True)
class Region:
    """All of one layer within a period."""

    layer: int  # position along `UnitCell.names`
    name: str
    polygon: Geometry  # x, z [nm]
    index: complex


@dataclass(frozen=True, eq=False)
class Slice:
    """A part of a cell in which the layers depend on x alone."""

    bottom_nm: float
    top_nm: float
    boundaries_nm: Reals  # [piece + 1] from -period/2 to period/2
    layer: NDArray[np.int64]  # [piece] position along `UnitCell.names`

    @property
    def thickness_nm(self) -> float:
        """Height of the slice [nm]."""
        return self.top_nm - self.bottom_nm

    @property
    def is_uniform(self) -> bool:
        """Whether one layer fills it."""
        return bool((self.layer == self.layer[0]).all())

    def fourier(self, values: Complexes, orders: ArrayLike, period_nm: float) -> Complexes:
        """Coefficients f_m of f(x) = Σ f_m e^{2πi m x/Λ}, where f takes ``values`` [..., layer] in the layers.

        Returns
        -------
        complex array [..., order]
        """
        m = np.asarray(orders, dtype=float)
        x = self.boundaries_nm / period_nm
        middle, width = 0.5 * (x[1:] + x[:-1]), np.diff(x)
        weights = width * np.sinc(np.multiply.outer(m, width)) * np.exp(-2j * np.pi * np.multiply.outer(m, middle))
        coefficients: Complexes = np.asarray(values)[..., self.layer] @ weights.T
        return coefficients


@dataclass(frozen=True, eq=False)
class UnitCell:
    """One period of a stack with a grating, at one wavelength; arrays only.

    Parameters
    ----------
    names : tuple of str [layer + 2]
        substrate, layers from bottom to top, superstrate.
    index, index_extraordinary : complex array [layer + 2]
        Along x and y, and along z.
    thickness_nm : float array [layer]
        Of the layers without the grating.
    period_nm : float
    wavelength_nm : float
        At which the indices hold.
    grated : int, optional
        Position of the grated layer along ``names``; none: the stack is planar and the period an empty lattice.
    profile : GratingProfile, optional
    over_layers : {"planarising", "conformal"}
    order : int
        Diffraction order that is meant to feed back.
    gain_layers : tuple of int
        Positions along ``names``.
    dindex_dwavelength, dindex_extraordinary_dwavelength : complex array [layer + 2], optional
        [1/nm]; 0 unless given: materials without dispersion.
    apodisation, phase_shift
        Of the finite grating, see :class:`qdphotonics.gratings.FiniteGrating`.
    """

    names: tuple[str, ...]
    index: Complexes
    thickness_nm: Reals
    period_nm: float
    wavelength_nm: float
    grated: int | None = None
    profile: GratingProfile | None = None
    over_layers: OverLayers = "planarising"
    order: int = 2
    gain_layers: tuple[int, ...] = ()
    index_extraordinary: Complexes = field(default_factory=not_given)
    dindex_dwavelength: Complexes = field(default_factory=not_given)
    dindex_extraordinary_dwavelength: Complexes = field(default_factory=not_given)
    apodisation: Apodisation = "none"
    phase_shift: float = 0.0

    def __post_init__(self) -> None:
        positive("period_nm", self.period_nm, "nm")
        positive("wavelength_nm", self.wavelength_nm, "nm")
        one_of("over_layers", self.over_layers, ("planarising", "conformal"))
        object.__setattr__(self, "thickness_nm", np.asarray(self.thickness_nm, dtype=float))
        if not (self.thickness_nm > 0).all():
            refuse("thickness_nm", "be > 0 nm in every layer", self.thickness_nm.min())
        for name in ("index", "index_extraordinary", "dindex_dwavelength", "dindex_extraordinary_dwavelength"):
            given = getattr(self, name)
            if np.size(given) == 0:
                given = self._default(name)
            array = np.asarray(given, dtype=complex)
            if array.shape != (len(self.names),) or len(self.names) != self.thickness_nm.size + 2:
                refuse(name, f"have one entry for each of {self.thickness_nm.size} layers and two half-spaces", f"of shape {array.shape}")
            object.__setattr__(self, name, array)
        if (self.grated is None) != (self.profile is None):
            raise ArgumentError("Arguments `grated` and `profile` must be given together, or neither")
        if self.profile is not None and self.grated is not None:
            self._check_grating(self.grated, self.profile)

    def _default(self, name: str) -> Complexes:
        """What an array is where it is not given: isotropic, without dispersion."""
        if name == "index_extraordinary":
            return self.index
        if name == "dindex_extraordinary_dwavelength":
            return self.dindex_dwavelength
        return np.zeros(len(self.names), dtype=complex)

    def _check_grating(self, grated: int, profile: GratingProfile) -> None:
        if not 1 <= grated <= self.thickness_nm.size:
            refuse("grated", f"be the position of a layer, 1 … {self.thickness_nm.size}", grated)
        if abs(profile.period_nm - self.period_nm) > SLIVER * self.period_nm:
            refuse("profile", f"have the cell's period {self.period_nm:g} nm", f"one of {profile.period_nm:g} nm")
        if profile.depth_nm > self.thickness_nm[grated - 1] * (1 + SLIVER):
            rule = f"be at most {self.thickness_nm[grated - 1]:.6g} nm deep, the thickness of {self.names[grated]}"
            refuse("profile", rule, f"{profile.depth_nm:.6g} nm deep")

    @property
    def interfaces_nm(self) -> Reals:
        """Height of each interface [layer + 1] of the stack without the grating [nm]; 0 on the substrate."""
        return np.concatenate([[0.0], np.cumsum(self.thickness_nm)])

    @property
    def is_symmetric(self) -> bool:
        """Whether x -> -x leaves the cell as it is."""
        return self.profile is None or self.profile.is_symmetric

    def with_index(self, index: ArrayLike) -> UnitCell:
        """The same geometry with other indices [layer + 2], those along z moved by as much."""
        change = np.asarray(index, dtype=complex) - self.index
        return replace(self, index=self.index + change, index_extraordinary=self.index_extraordinary + change)

    def with_gain(self, gain_per_cm: float, layers: tuple[int, ...] | None = None) -> UnitCell:
        """The same with so much gain [1/cm] added in the gain layers, or in ``layers``, at the cell's wavelength."""
        from qdphotonics.units import extinction

        change = np.zeros(len(self.names), dtype=complex)
        change[list(self.gain_layers if layers is None else layers)] = -1j * extinction(gain_per_cm, self.wavelength_nm)
        return self.with_index(self.index + change)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The layers, and the half-spaces as far as they fill grooves, as polygons: what FDTD draws and figures show."""
        from shapely import box

        half, tops = 0.5 * self.period_nm, self.interfaces_nm
        solids = [self._solid(interface) for interface in range(tops.size)]  # all that lies below an interface, above z = 0
        parts = [solids[i + 1].difference(solids[i]) for i in range(tops.size - 1)]
        parts.append(box(-half, 0.0, half, tops[-1]).difference(solids[-1]))
        return tuple(
            Region(layer, self.names[layer], part, complex(self.index[layer]))
            for layer, part in enumerate(parts, start=1)
            if part.area > SLIVER * self.period_nm
        )

    def _follows(self, interface: int) -> bool:
        """Whether an interface (0: on the substrate) has the grooves."""
        if self.grated is None:
            return False
        return interface == self.grated or (self.over_layers == "conformal" and interface > self.grated)

    def _solid(self, interface: int) -> Geometry:
        from shapely import box
        from shapely.affinity import translate

        half, top = 0.5 * self.period_nm, self.interfaces_nm[interface]
        if self.profile is None or not self._follows(interface):
            return box(-half, 0.0, half, top)
        bottom = top - self.profile.depth_nm
        return box(-half, 0.0, half, bottom).union(translate(self.profile.tooth, 0.0, bottom))

    def slices(self, max_height_nm: float | None = None) -> tuple[Slice, ...]:
        """The layers of the cell, cut where anything changes with z; walls are upright within a slice.

        Parameters
        ----------
        max_height_nm : float, optional
            Of slices through inclined walls; a sixteenth of the depth unless given.

        Returns
        -------
        tuple of Slice
            From the substrate up; neighbours that are alike are one.
        """
        tops = self.interfaces_nm
        cuts = [tops]
        if self.profile is not None:
            heights = self.profile.heights(max_height_nm)
            cuts += [tops[i] - self.profile.depth_nm + heights for i in range(tops.size) if self._follows(i)]
        levels = np.unique(np.concatenate(cuts))
        levels = levels[np.concatenate([[True], np.diff(levels) > SLIVER * self.period_nm])]
        made: list[Slice] = []
        for low, high in pairwise(levels):
            boundaries, layer = self._across(0.5 * (low + high))
            if made and boundaries.size == made[-1].boundaries_nm.size == 2 and layer[0] == made[-1].layer[0]:
                made[-1] = replace(made[-1], top_nm=float(high))
            else:
                made.append(Slice(float(low), float(high), boundaries, layer))
        return tuple(made)

    def _across(self, height_nm: float) -> tuple[Reals, NDArray[np.int64]]:
        """Boundaries in x and the layers between them at one height."""
        tops, half = self.interfaces_nm, 0.5 * self.period_nm
        if self.profile is None:
            return np.array([-half, half]), np.array([int(np.searchsorted(tops, height_nm))])
        kept = []  # of each interface: where what lies below it still is
        for interface, top in enumerate(tops):
            above_groove = height_nm - top + self.profile.depth_nm
            if height_nm < top and self._follows(interface) and above_groove > 0.0:
                kept.append(self.profile.kept(above_groove))
            else:
                kept.append(np.array([[-half, half]] if height_nm < top else []).reshape(-1, 2))
        edges = np.unique(np.clip(np.concatenate([[-half, half], *(pieces.ravel() for pieces in kept)]), -half, half))
        edges = edges[np.concatenate([[True], np.diff(edges) > SLIVER * self.period_nm])]
        edges[-1] = half
        middles = 0.5 * (edges[1:] + edges[:-1])
        layer = np.zeros(middles.size, dtype=np.int64)
        for pieces in kept:  # one interface above the other: the layer is the number of interfaces below
            covered = ((middles[:, None] > pieces[:, 0]) & (middles[:, None] < pieces[:, 1])).any(axis=1)
            layer += ~covered
        same = np.concatenate([[True], np.diff(layer) != 0])
        return np.concatenate([edges[:-1][same], edges[-1:]]), layer[same]

    def layer_map(self, x_nm: ArrayLike, z_nm: ArrayLike) -> NDArray[np.int64]:
        """Position along ``names`` of the layer at points; x is taken modulo the period. x, z and the result broadcast."""
        x, z = np.broadcast_arrays(np.asarray(x_nm, dtype=float), np.asarray(z_nm, dtype=float))
        inside = (x + 0.5 * self.period_nm) % self.period_nm - 0.5 * self.period_nm
        found = np.where(z < 0, 0, len(self.names) - 1)
        for height in np.unique(z[(z >= 0) & (z < self.interfaces_nm[-1])]):
            boundaries, layer = self._across(float(height))
            at = z == height
            found[at] = layer[np.clip(np.searchsorted(boundaries, inside[at], side="right") - 1, 0, layer.size - 1)]
        return found

    def index_map(self, x_nm: ArrayLike, z_nm: ArrayLike) -> Complexes:
        """Index at points x, z [nm], which broadcast; x is taken modulo the period."""
        return self.index[self.layer_map(x_nm, z_nm)]

    def fourier_epsilon(self, orders: ArrayLike, max_height_nm: float | None = None) -> tuple[tuple[Slice, ...], Complexes]:
        """Fourier coefficients ε_m of ε(x) = Σ ε_m e^{2πi m x/Λ} in each slice.

        Parameters
        ----------
        orders : int array [order]
        max_height_nm : float, optional
            As for :meth:`slices`.

        Returns
        -------
        tuple of Slice, complex array [slice, order]

        Examples
        --------
        >>> cell = UnitCell(("substrate", "a", "b", "superstrate"), [1.5, 1.6, 1.9, 1.0], [250.0, 50.0], 400.0, 620.0,
        ...                 grated=1, profile=GratingProfile(400.0, 30.0))
        >>> slices, epsilon = cell.fourier_epsilon([0, 1, 2])
        >>> [round(float(s.thickness_nm)) for s in slices], epsilon[1].real.round(4)
        ([220, 30, 50], array([ 3.085 , -0.3342, -0.    ]))
        """
        slices = self.slices(max_height_nm)
        return slices, np.array([each.fourier(self.index**2, orders, self.period_nm) for each in slices])


def unit_cell(
    stack: Stack,
    wavelength_nm: float | None = None,
    *,
    profile: GratingProfile | None = None,
    over_layers: OverLayers | None = None,
) -> UnitCell:
    """One period of a stack with its ``grating:``.

    Parameters
    ----------
    stack : Stack
    wavelength_nm : float, optional
        Vacuum wavelength [nm]; the stack's own unless given.
    profile : GratingProfile, optional
        In place of what the block says of shape, period, depth and duty.
    over_layers : {"planarising", "conformal"}, optional
        In place of what the block says.

    Returns
    -------
    UnitCell

    Raises
    ------
    ArgumentError
        The stack has no grating, or the profile does not fit it.
    StackError
        A layer is incoherent, or the wavelength lies outside a material's range.
    """
    from qdphotonics.optics import planar_problem

    grating = stack.grating
    if grating is None:
        cure = 'give the file a block such as grating: {layer: L-ITO, period: 390, depth: 30, duty: 0.5, order: 2}'
        raise ArgumentError(f'Argument `stack` must have a grating, but "{stack.name}" has none; {cure}')
    problem = planar_problem(stack, wavelength_nm)
    profile = GratingProfile.of(grating) if profile is None else profile
    return UnitCell(
        names=stack.all_names,
        index=problem.index,
        thickness_nm=problem.thickness_nm,
        period_nm=profile.period_nm,
        wavelength_nm=problem.wavelength_nm,
        grated=stack.all_names.index(grating.layer),
        profile=profile,
        over_layers=grating.over_layers if over_layers is None else over_layers,
        order=grating.order,
        gain_layers=tuple(position + 1 for position in stack.gain_layers),
        index_extraordinary=problem.index_extraordinary,
        dindex_dwavelength=problem.dindex_dwavelength,
        dindex_extraordinary_dwavelength=problem.dindex_extraordinary_dwavelength,
        apodisation=grating.apodisation,
        phase_shift=grating.phase_shift,
    )
